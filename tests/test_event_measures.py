"""Measures over individual records: what is counted, in which reading, of which release, and what is warned of."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recount.declare.catalog import Catalog
from recount.declare.event_measures import EventMeasure
from recount.declare.linking import load_linking
from recount.errors import UnknownNameError, UsageError
from recount.measure.event_answer import EventAnswer
from recount.measure.event_engine import DuckDB, Engine, Spark
from recount.measure.event_periods import Period, read_period
from small_events import Parts, day, shown

pytestmark = [
    # Py4J leaves its sockets to the interpreter's end.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def duckdb() -> Engine:
    return DuckDB()


@pytest.fixture(scope="module")
def spark() -> Iterator[Engine]:
    pytest.importorskip("pyspark")
    engine = Spark()
    yield engine
    engine._session.stop()


@pytest.fixture
def parts(tmp_path: Path, catalog: Catalog) -> Parts:
    return Parts(tmp_path, catalog)


def removed(date: str | None, aor: str | None = "BOS", **more: Any) -> dict[str, Any]:
    when = None if date is None else day(date)
    return {"removal_date_inferred": when, "departed_date": when, "removal_aor_code": aor, **more}


def arrested(date: str, aor: str | None = "BOS", **more: Any) -> dict[str, Any]:
    return {"apprehension_date": day(date), "apprehension_aor_code": aor, **more}


def warned(answer: EventAnswer) -> list[str]:
    return [each.warning for each in answer.warnings]


# Counts and spans of time


def test_a_fiscal_year_runs_from_october_to_september(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2017-09-30"), removed("2017-10-01"), removed("2018-09-30")])
    assert shown(parts.ask("removals", duckdb, by=("fiscal_year",))) == [
        ("2017", 1, 1),
        ("2018", 2, 2),
        ("Total", 3, 3),
    ]


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("month", ["2017-12", "2018-01", "2018-04"]),
        ("quarter", ["2017-Q4", "2018-Q1", "2018-Q2"]),
        ("calendar_year", ["2017", "2018"]),
        ("fiscal_year", ["2018"]),
    ],
)
def test_events_are_counted_by_any_span(parts: Parts, duckdb: Engine, kind: str, labels: list[str]):
    parts.rows("removals", [removed("2017-12-31"), removed("2018-01-01"), removed("2018-04-30")])
    answer = parts.ask("removals", duckdb, by=(kind,))
    assert [each.breakdown[kind] for each in answer.rows if each.cell.kind == "part"] == labels


@pytest.mark.parametrize(
    ("kind", "text", "first", "after"),
    [
        ("fiscal_year", "2018", "2017-10-01", "2018-10-01"),
        ("fiscal_year", "FY2018", "2017-10-01", "2018-10-01"),
        ("calendar_year", "2018", "2018-01-01", "2019-01-01"),
        ("quarter", "2018-Q4", "2018-10-01", "2019-01-01"),
        ("month", "2018-12", "2018-12-01", "2019-01-01"),
        ("month", "2017-12..2018-02", "2017-12-01", "2018-03-01"),
    ],
)
def test_a_span_is_read_as_its_days(kind: str, text: str, first: str, after: str):
    assert read_period(kind, text) == (day(first), day(after))


@pytest.mark.parametrize(
    ("kind", "text"),
    [("month", "2018-13"), ("fiscal_year", "0000"), ("quarter", "2018-Q5"), ("month", "2018-03..2018-01")],
)
def test_a_span_that_is_none_cannot_be_asked(kind: str, text: str):
    with pytest.raises(UsageError):
        read_period(kind, text)


def test_spans_of_a_kind_follow_one_another():
    for kind, number in (("month", 24216), ("quarter", 8072), ("calendar_year", 2018), ("fiscal_year", 2018)):
        assert Period(kind, number).end == Period(kind, number + 1).start


def test_a_span_can_be_asked_alone(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2017-12-31"), removed("2018-01-01"), removed("2018-03-31")])
    assert shown(parts.ask("removals", duckdb, where={"month": "2018-01..2018-03"})) == [("Total", 2, 2)]


def test_the_last_span_of_a_release_is_partial_where_it_is_cut_off_within(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2017-10-03"), removed("2019-08-30")], cut_off="2019-08-31")
    answer = parts.ask("removals", duckdb, by=("fiscal_year",))
    assert [(each.breakdown["fiscal_year"], each.is_partial) for each in answer.rows[:-1]] == [
        ("2018", False),
        ("2019", True),
    ]
    assert answer.rows[1].through == day("2019-08-31")


def test_a_span_between_two_files_of_a_release_is_not_covered(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2015-10-02"), removed("2016-09-28")], cut_off="2018-09-30")
    parts.rows(
        "removals",
        [removed("2017-10-02", departed_date=day("2017-09-29")), removed("2018-09-20")],
        cut_off="2018-09-30",
    )
    answer = parts.ask("removals", duckdb, by=("fiscal_year",), reading={"date": "departed"})
    assert [(each.breakdown["fiscal_year"], each.is_partial, each.start) for each in answer.rows[:-1]] == [
        ("2016", False, day("2015-10-01")),
        ("2017", True, None),
        ("2018", False, day("2017-10-01")),
    ]


def test_an_answer_says_which_of_the_days_asked_a_release_covers(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2015-10-02"), removed("2016-09-28")], cut_off="2018-09-30")
    parts.rows("removals", [removed("2017-10-02"), removed("2018-09-20")], cut_off="2018-09-30")
    first, second = (day("2015-10-01"), day("2016-09-30")), (day("2017-10-01"), day("2018-09-30"))

    def covered(**where: str) -> list[tuple[tuple[datetime.date, datetime.date], ...]]:
        return list(parts.ask("removals", duckdb, where=where).covered.values())

    assert covered() == [(first, second)]
    assert covered(fiscal_year="2016..2018") == [(first, second)]
    assert covered(fiscal_year="2017..2018") == [(second,)]
    assert covered(fiscal_year="2017") == [()]
    assert covered(fiscal_year="2018") == []


def test_a_number_of_days_that_no_file_covers_begins_after_it_ends(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2015-10-02"), removed("2016-09-28")], cut_off="2018-09-30")
    parts.rows("removals", [removed("2017-10-02"), removed("2018-09-20")], cut_off="2018-09-30")
    (row,) = parts.ask("removals", duckdb, where={"fiscal_year": "2017"}).rows
    assert (row.start, row.through) == (day("2016-10-01"), day("2016-09-30"))


# Conditions and dimensions


@pytest.mark.parametrize("spelled", ["Boston", "boston", "BOS", "Boston Area of Responsibility"])
def test_a_code_can_be_asked_by_code_label_or_spelling(parts: Parts, duckdb: Engine, spelled: str):
    parts.rows("removals", [removed("2018-01-01"), removed("2018-01-01", "SEA")])
    assert shown(parts.ask("removals", duckdb, where={"aor": spelled})) == [("Total", 1, 1)]


def test_a_text_can_be_asked_whatever_its_case(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01", final_program="Border Patrol"), removed("2018-01-01")])
    answer = parts.ask("removals", duckdb, where={"program": "border patrol"})
    assert shown(answer) == [("Total", 1, 2)]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"where": {"aor": "Bostan"}}, "Boston"),
        ({"where": {"area": "Boston"}}, "aor"),
        ({"by": ("months",)}, "month"),
        ({"where": {"program": "Border Patroll"}}, "Border Patrol"),
        ({"reading": {"duplicate": "exact"}}, "duplicates"),
        ({"reading": {"duplicates": "exakt"}}, "exact"),
        ({"release": "tinny"}, "tiny"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(
    parts: Parts, duckdb: Engine, question: dict[str, Any], said: str
):
    parts.rows("removals", [removed("2018-01-01", final_program="Border Patrol")])
    with pytest.raises(UnknownNameError, match=said):
        parts.ask("removals", duckdb, **question)


def test_codes_gather_in_groups(parts: Parts, duckdb: Engine):
    parts.rows(
        "removals",
        [removed("2018-01-01", citizenship_code=code) for code in ("ABW", "ATG", "MEX")],
    )
    assert shown(parts.ask("removals", duckdb, by=("citizenship_group",))) == [
        ("other_north_america", 2, 2),
        ("mexico", 1, 1),
        ("Total", 3, 3),
    ]
    asked = parts.ask("removals", duckdb, where={"citizenship_group": "other north america"})
    assert shown(asked) == [("Total", 2, 2)]


def test_ages_gather_in_bands_by_the_year_of_the_event(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01", birth_year=year) for year in (2001, 2000, 1940)])
    assert shown(parts.ask("removals", duckdb, by=("age",))) == [
        ("0-17", 1, 1),
        ("18-24", 1, 1),
        ("65+", 1, 1),
        ("Total", 3, 3),
    ]
    assert shown(parts.ask("removals", duckdb, where={"age": "18-24"})) == [("Total", 1, 1)]
    assert shown(parts.ask("removals", duckdb, where={"birth_year": "1940"})) == [("Total", 1, 1)]


def test_yes_and_no_are_parts_too(parts: Parts, duckdb: Engine):
    parts.rows(
        "arrests", [arrested("2018-01-01", has_conviction_inferred=each) for each in (True, False, None)]
    )
    assert shown(parts.ask("arrests", duckdb, by=("conviction",))) == [
        ("false", 1, 2),
        ("true", 1, 2),
        (None, 1, None),
        ("Total", 3, 3),
    ]
    (total,) = parts.ask("share_conviction_named_arrested", duckdb).rows
    assert (total.cell.measured.numerator, total.cell.measured.denominator) == (1, 2)


def test_parts_stand_in_the_order_of_their_code_list(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01", aor) for aor in ("WAS", "ATL", "SEA")])
    answer = parts.ask("removals", duckdb, by=("aor",))
    assert [each.breakdown.get("aor") for each in answer.rows] == ["ATL", "SEA", "WAS", None]


def test_a_measure_that_counts_criminality_cannot_be_split_by_it(parts: Parts, duckdb: Engine):
    parts.rows("arrests", [arrested("2018-01-01", apprehension_criminality_code="convicted")])
    with pytest.raises(UsageError, match="itself says which criminality"):
        parts.ask("share_convicted_arrested", duckdb, by=("criminality",))


# What is missing


def test_a_missing_area_may_be_any_area(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01"), removed("2018-01-01", "SEA"), removed("2018-01-01", None)])
    assert shown(parts.ask("removals", duckdb, by=("aor",))) == [
        ("BOS", 1, 2),
        ("SEA", 1, 2),
        (None, 1, None),
        ("Total", 3, 3),
    ]
    assert shown(parts.ask("removals", duckdb, where={"aor": "Boston"}, by=("fiscal_year", "aor"))) == [
        ("2018", "BOS", 1, 2),
        ("Total", 1, 2),
    ]


def test_a_missing_day_may_lie_in_any_year(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01"), removed(None)])
    assert shown(parts.ask("removals", duckdb, by=("fiscal_year",))) == [
        ("2018", 1, 2),
        (None, 1, None),
        ("Total", 2, 2),
    ]
    assert shown(parts.ask("removals", duckdb, where={"fiscal_year": "2018"})) == [("Total", 1, 2)]


def test_missing_redacted_and_suppressed_are_three_things(parts: Parts, duckdb: Engine):
    parts.rows(
        "removals",
        [
            removed("2018-01-01", gender_code="female"),
            removed("2018-01-01"),
            removed("2018-01-01", redacted_fields="birth_year;gender_code"),
        ],
    )
    parts.cube(
        "removals",
        [
            {"month": day("2018-01-01"), "fiscal_year": 2018, "gender_code": "pooled", "row_count": 4},
            {"month": day("2018-01-01"), "fiscal_year": 2018, "gender_code": "female", "row_count": 9},
        ],
    )
    (total,) = parts.ask("removals", duckdb, where={"gender": "female"}).rows
    assert total.cell.measured.numerator == 10
    assert total.cell.measured.undecided == {"missing": 1, "redacted": 1, "suppressed": 4}
    assert total.cell.measured.bounds is not None
    assert total.cell.measured.bounds.high == 16


def test_two_conditions_are_missing_together(parts: Parts, duckdb: Engine):
    parts.rows(
        "removals",
        [
            removed("2018-01-01", gender_code="female"),
            removed("2018-01-01", None, gender_code="female"),
            removed("2018-01-01", None),
            # Certainly not in Boston, whatever the gender.
            removed("2018-01-01", "SEA"),
        ],
    )
    answer = parts.ask("removals", duckdb, where={"aor": "Boston", "gender": "female"})
    assert shown(answer) == [("Total", 1, 3)]


def test_a_share_is_taken_of_rows_that_say_and_bounded_by_those_that_do_not(parts: Parts, duckdb: Engine):
    crimes = ("convicted", "convicted", "other", None)
    parts.rows("arrests", [arrested("2018-01-01", apprehension_criminality_code=each) for each in crimes])
    (total,) = parts.ask("share_convicted_arrested", duckdb).rows
    measured = total.cell.measured
    assert (measured.numerator, measured.denominator) == (2, 3)
    assert measured.bounds is not None
    assert (str(measured.bounds.low), str(measured.bounds.high)) == ("1/2", "3/4")


def test_a_column_that_a_release_does_not_have_is_absent_and_not_missing(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01"), removed("2018-01-02")])
    answer = parts.ask("removals", duckdb, by=("gender",))
    assert answer.rows == ()
    (absent,) = answer.absent
    assert (absent.because, absent.missing) == ("not_released", ("gender",))


def test_a_column_wholly_blacked_out_is_missing_and_not_absent(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01", redacted_fields="gender_code")])
    assert shown(parts.ask("removals", duckdb, where={"gender": "female"})) == [("Total", 0, 1)]


def test_a_release_of_one_area_says_nothing_of_another(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01", "SEA")], release="seattle")
    answer = parts.ask("removals", duckdb, where={"aor": "Boston"})
    assert answer.rows == ()
    (absent,) = answer.absent
    assert (absent.because, absent.missing, absent.only) == ("of_one_part", ("aor",), "SEA")


# Readings


def test_equal_rows_are_counted_twice_unless_asked_otherwise(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01"), removed("2018-01-01"), removed("2018-01-02")])
    assert shown(parts.ask("removals", duckdb)) == [("Total", 3, 3)]
    assert shown(parts.ask("removals", duckdb, reading={"duplicates": "exact"})) == [("Total", 2, 2)]


def test_by_reading_gives_every_reading_that_the_question_touches(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-10-01", departed_date=day("2018-09-30"))], generation="G3")
    undated = parts.ask("removals", duckdb, by=("reading",))
    assert [each["duplicates"] for each in undated.asked.readings] == ["as_recorded", "exact", "ddp"]
    dated = parts.ask("removals", duckdb, by=("fiscal_year", "reading"))
    assert len(dated.asked.readings) == 6
    years = {(each.reading["date"], each.breakdown.get("fiscal_year")) for each in dated.rows}
    assert {("counted", "2019"), ("departed", "2018")} <= years


def test_a_rule_of_another_generation_is_absent(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01")])
    answer = parts.ask("removals", duckdb, reading={"duplicates": "ddp"})
    assert (answer.rows, answer.absent[0].because) == ((), "no_rule")


def test_a_rule_that_rests_on_identifiers_is_absent_without_them(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01")], generation="G3")
    answer = parts.ask("removals", duckdb, reading={"duplicates": "ddp"})
    assert (answer.rows, answer.absent[0].because) == ((), "no_identifier")


def test_the_rule_of_a_generation_is_applied_to_its_releases(parts: Parts, duckdb: Engine):
    twice = [removed("2025-01-01", unique_identifier="a"), removed("2025-01-01", unique_identifier="a")]
    parts.rows("removals", twice, generation="G3")
    assert shown(parts.ask("removals", duckdb, reading={"duplicates": "ddp"})) == [("Total", 1, 1)]


def test_a_state_can_be_the_recorded_one_or_the_inferred_one(parts: Parts, duckdb: Engine):
    parts.rows(
        "arrests",
        [
            arrested("2025-01-01", apprehension_state_code="MA", apprehension_state_inferred="MA"),
            arrested("2025-01-01", apprehension_state_inferred="MA"),
        ],
    )
    massachusetts = {"where": {"state": "Massachusetts"}}
    assert shown(parts.ask("arrests", duckdb, **massachusetts)) == [("Total", 1, 2)]
    inferred = parts.ask("arrests", duckdb, reading={"state": "inferred"}, **massachusetts)
    assert shown(inferred) == [("Total", 2, 2)]


def test_who_counts_as_criminal_is_a_reading(parts: Parts, duckdb: Engine):
    crimes = ("convicted", "pending", "other", "other")
    parts.rows("arrests", [arrested("2018-01-01", apprehension_criminality_code=each) for each in crimes])
    answer = parts.ask("share_convicted_arrested", duckdb, by=("reading",))
    given = {
        each.reading["criminal"]: each.share
        for each in answer.rows
        if each.reading["duplicates"] == "as_recorded"
    }
    assert {name: str(share) for name, share in given.items()} == {
        "convicted": "1/4",
        "convicted_or_charged": "1/2",
    }


def test_every_default_is_decided_and_has_a_reason(catalog: Catalog):
    linking = load_linking(catalog)
    for measure in catalog.events.measures.values():
        for fork in measure.forks:
            assert fork.decided == datetime.date(2026, 11, 24)
            assert fork.reason
            for option in fork.options:
                for rule in (option.rule, *option.rule_by_generation.values()):
                    assert rule is None or linking.rule(rule)


def test_a_share_says_what_it_counts(catalog: Catalog):
    declared = catalog.events.measures["arrests"].model_dump(by_alias=True)
    with pytest.raises(ValueError, match="a share says what"):
        EventMeasure.model_validate(declared | {"kind": "share"})


# Releases


def test_two_releases_of_one_year_are_never_added(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01", "SEA")] * 2, release="national")
    parts.rows("removals", [removed("2018-01-01", "SEA")] * 3, release="seattle")
    answer = parts.ask("removals", duckdb, by=("fiscal_year",))
    assert [(each.release.release, each.cell.measured.numerator) for each in answer.rows] == [
        ("national", 2),
        ("national", 2),
        ("seattle", 3),
        ("seattle", 3),
    ]


def test_files_of_one_release_are_counted_together(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01")]).rows("removals", [removed("2018-02-01")])
    assert shown(parts.ask("removals", duckdb)) == [("Total", 2, 2)]


def test_a_release_that_was_not_out_is_left_out(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01")])
    assert parts.ask("removals", duckdb, as_known_on=day("2019-06-01")).rows == ()
    perhaps = parts.ask("removals", duckdb, as_known_on=day("2020-01-15"))
    assert (perhaps.rows, perhaps.perhaps_out) == ((), ("tiny",))
    assert shown(parts.ask("removals", duckdb, as_known_on=day("2020-02-01"))) == [("Total", 1, 1)]


def test_what_is_made_up_says_so(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01")], is_synthetic=True)
    assert parts.ask("removals", duckdb).as_json()["rows"][0]["is_synthetic"] is True


# Cubes

CELLS = [
    ("2018-01-01", "BOS", "male", 7),
    ("2018-01-01", "SEA", "female", 5),
    ("2018-02-01", "BOS", "female", 6),
]


def cells(*more: dict[str, Any]) -> list[dict[str, Any]]:
    found = [
        {
            "month": day(month),
            "fiscal_year": 2018,
            "removal_aor_code": aor,
            "gender_code": gender,
            "row_count": count,
        }
        for month, aor, gender, count in CELLS
    ]
    return [*found, *more]


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"by": ("fiscal_year", "aor")},
        {"by": ("month", "gender")},
        {"where": {"aor": "Boston"}, "by": ("month",)},
        {"where": {"month": "2018-01"}},
        {"where": {"quarter": "2018-Q1", "gender": "female"}, "by": ("aor",)},
    ],
)
def test_a_cube_answers_as_its_rows_do_when_nothing_is_pooled(
    tmp_path: Path, catalog: Catalog, duckdb: Engine, question: dict[str, Any]
):
    rows = [
        removed(month, aor, gender_code=gender) for month, aor, gender, count in CELLS for _ in range(count)
    ]
    of_rows = Parts(tmp_path, catalog).rows("removals", rows).ask("removals", duckdb, **question)
    of_cube = Parts(tmp_path, catalog).cube("removals", cells()).ask("removals", duckdb, **question)
    assert shown(of_cube) == shown(of_rows)


def test_a_pooled_cell_may_be_any_code_and_is_counted_apart(parts: Parts, duckdb: Engine):
    pooled = {
        "month": day("2018-01-01"), "fiscal_year": 2018,
        "removal_aor_code": "BOS", "gender_code": "pooled", "row_count": 3,
    }  # fmt: skip
    parts.cube("removals", cells(pooled))
    assert shown(parts.ask("removals", duckdb, where={"gender": "female"})) == [("Total", 11, 14)]
    assert shown(parts.ask("removals", duckdb, where={"gender": "female", "aor": "Seattle"})) == [
        ("Total", 5, 5)
    ]


def test_a_month_that_a_cube_does_not_show_lies_in_its_fiscal_year(parts: Parts, duckdb: Engine):
    yearly = {"fiscal_year": 2018, "removal_aor_code": "BOS", "gender_code": "male", "row_count": 4}
    other = {"fiscal_year": 2019, "removal_aor_code": "BOS", "gender_code": "male", "row_count": 2}
    parts.cube("removals", cells(yearly, other))
    assert shown(parts.ask("removals", duckdb, by=("month",))) == [
        ("2018-01", 12, 16),
        ("2018-02", 6, 10),
        (None, 6, None),
        ("Total", 24, 24),
    ]
    assert shown(parts.ask("removals", duckdb, where={"month": "2018-02"})) == [("Total", 6, 10)]
    assert shown(parts.ask("removals", duckdb, where={"fiscal_year": "2018"})) == [("Total", 22, 22)]
    assert shown(parts.ask("removals", duckdb, where={"calendar_year": "2018"})) == [("Total", 18, 24)]


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ({"by": ("port",)}, ("port",)),
        ({"reading": {"duplicates": "exact"}}, ("exact",)),
        ({"by": ("month",), "reading": {"date": "departed"}}, ("departed_date",)),
    ],
)
def test_what_a_cube_lacks_is_absent_and_names_the_file_to_add(
    parts: Parts, duckdb: Engine, question: dict[str, Any], missing: tuple[str, ...]
):
    answer = parts.cube("removals", cells()).ask("removals", duckdb, **question)
    (absent,) = answer.absent
    assert (answer.rows, absent.because, absent.missing, absent.files) == (
        (),
        "not_in_cube",
        missing,
        ("tiny.csv",),
    )


def test_a_release_may_have_rows_of_one_file_and_a_cube_of_another(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01", gender_code="male")]).cube("removals", cells())
    assert shown(parts.ask("removals", duckdb, by=("gender",))) == [
        ("male", 8, 8),
        ("female", 11, 11),
        ("Total", 19, 19),
    ]


# Warnings


def test_a_question_that_names_an_area_is_told_what_it_covers(parts: Parts, duckdb: Engine):
    answer = parts.rows("removals", [removed("2018-01-01")]).ask("removals", duckdb, where={"aor": "Boston"})
    (warning,) = answer.warnings
    assert warning.warning == "area_is_no_city"
    assert (
        "Boston area of responsibility covers Connecticut, Maine, Massachusetts, New Hampshire, Rhode Island"
        in warning.text.en
    )
    assert "not city" in warning.fix.en
    assert warned(parts.ask("removals", duckdb)) == []


@pytest.mark.parametrize(
    ("where", "expected"),
    [({}, ["methods_change_2025_07"]), ({"month": "2025-05..2025-06"}, []), ({"month": "2025-08"}, [])],
)
def test_methods_are_not_compared_across_july_2025_without_a_warning(
    parts: Parts, duckdb: Engine, where: dict[str, str], expected: list[str]
):
    dates = ("2025-06-01", "2025-08-15")
    parts.rows("arrests", [arrested(each, apprehension_method_code="custodial_arrest") for each in dates])
    assert warned(parts.ask("arrests", duckdb, where=where, by=("method",))) == expected
    assert warned(parts.ask("arrests", duckdb, where=where, by=("month",))) == []


@pytest.mark.parametrize(
    ("cut_off", "expected"), [("2025-06-26", True), ("2025-07-29", False), ("2026-03-10", True)]
)
def test_a_removals_file_known_to_be_wrong_is_told(
    parts: Parts, duckdb: Engine, cut_off: str, expected: bool
):
    answer = parts.rows("removals", [removed("2025-05-01")], cut_off=cut_off).ask("removals", duckdb)
    assert ("removals_known_wrong" in warned(answer)) is expected
    if expected:
        assert answer.warnings[0].releases == ("tiny",)


def test_stints_are_told_not_to_be_people(parts: Parts, duckdb: Engine):
    answer = parts.rows("stints", [{"book_in_date": day("2025-01-01")}]).ask("stints", duckdb)
    assert warned(answer) == ["stints_are_not_people"]


# Receipts and engines


def national(parts: Parts) -> Parts:
    return parts.rows(
        "removals",
        [
            removed("2017-12-31", gender_code="male", birth_year=1990, final_program="A"),
            removed("2017-12-31", gender_code="male", birth_year=1990, final_program="A"),
            removed("2018-10-01", "SEA", departed_date=day("2018-09-30"), birth_year=1950),
            removed(None, None, redacted_fields="removal_aor_code;gender_code"),
            removed("2018-03-01", unique_identifier="a"),
            removed("2018-03-01", unique_identifier="a"),
        ],
        generation="G3",
        cut_off="2019-05-31",
    ).cube("removals", cells(), release="cubed")


@pytest.mark.parametrize(
    "question",
    [
        {"by": ("fiscal_year", "aor"), "where": {"aor": "Boston"}, "reading": {"duplicates": "exact"}},
        {"by": ("month",), "reading": {"date": "departed"}},
        {"by": ("quarter", "gender")},
        {"where": {"age": "25-34", "fiscal_year": "2018"}},
        {"by": ("week", "aor"), "where": {"gender": "!=female", "age": ">=18"}, "per": "row"},
        {
            "by": ("administration", "reading"),
            "where": {"date": "2017-12-15..2018-10-01", "aor": "Boston,Seattle"},
        },
    ],
)
def test_spark_and_duckdb_give_the_same_integers_and_one_receipt(
    parts: Parts, duckdb: Engine, spark: Engine, question: dict[str, Any]
):
    here = national(parts).ask("removals", duckdb, **question)
    there = parts.ask("removals", spark, **question)
    assert here.rows
    assert shown(there) == shown(here)
    assert there.receipt.id == here.receipt.id
    assert (here.receipt.beside["engine"], there.receipt.beside["engine"]) == ("duckdb", "spark")


@pytest.mark.parametrize(
    ("measure", "by"),
    [("length_of_stay_recorded", ()), ("average_daily_population_recorded", ("month",))],
)
def test_times_and_populations_have_one_receipt_on_both_engines(
    parts: Parts, duckdb: Engine, spark: Engine, measure: str, by: tuple[str, ...]
):
    pytest.importorskip("statsmodels")
    days = [("a", 1, 4), ("a", 4, 20), ("b", 2, None)]
    stints = [
        {
            "unique_identifier": person,
            "stay_book_in_date": day(f"2025-01-{1 if person == 'a' else 2:02d}"),
            "book_in_date": day(f"2025-01-{start:02d}"),
            "book_out_date": None if end is None else day(f"2025-01-{end:02d}"),
            "stay_book_out_date": day("2025-01-20") if person == "a" else None,
            "detention_facility_code": f"F{start}",
        }
        for person, start, end in days
    ]
    parts.rows("stints", stints, cut_off="2025-02-10", generation="G3")
    here, there = (parts.ask(measure, engine, by=by) for engine in (duckdb, spark))
    assert here.rows
    assert here.receipt.id == there.receipt.id


def test_a_receipt_holds_the_integers_and_the_files_counted(parts: Parts, duckdb: Engine):
    answer = national(parts).ask("removals", duckdb, by=("fiscal_year",))
    body = json.loads(json.dumps(answer.receipt.body))
    assert body["question"]["readings"] == [{"date": "counted", "duplicates": "as_recorded"}]
    assert [each["release"] for each in body["releases"]] == ["cubed", "tiny"]
    assert len(body["results"]) == len(answer.rows)


def test_another_reading_of_the_same_rows_has_another_receipt(parts: Parts, duckdb: Engine):
    national(parts)
    first, again = (parts.ask("removals", duckdb).receipt.id for _ in range(2))
    assert first == again
    assert parts.ask("removals", duckdb, reading={"duplicates": "exact"}).receipt.id != first


def test_a_record_without_the_table_answers_with_nothing(parts: Parts, duckdb: Engine):
    answer = parts.ask("detainers", duckdb)
    assert (answer.rows, answer.absent) == ((), ())
