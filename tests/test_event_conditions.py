"""Conditions of a question about individual records, and what rows that do not say the day still say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from recount.declare.catalog import Catalog
from recount.errors import UnknownNameError, UsageError
from recount.measure.event_conditions import join_conditions, split_condition
from recount.measure.event_engine import DuckDB, Engine
from small_events import Parts, day, shown


@pytest.fixture(scope="module")
def duckdb() -> Engine:
    return DuckDB()


@pytest.fixture
def parts(tmp_path: Path, catalog: Catalog) -> Parts:
    return Parts(tmp_path, catalog)


def removed(date: str | None, aor: str | None = "BOS", **more: Any) -> dict[str, Any]:
    when = None if date is None else day(date)
    return {"removal_date_inferred": when, "departed_date": when, "removal_aor_code": aor, **more}


def counted(parts: Parts, engine: Engine, **where: str) -> tuple[Any, ...]:
    """Returns the rows known to meet conditions, and at most all that may."""
    return shown(parts.ask("removals", engine, where=where))[-1][1:]


ROWS = [
    removed("2016-12-31", "BOS", birth_year=1990),
    removed("2017-01-20", "SEA", birth_year=2000),
    removed("2018-03-05", "NYC", birth_year=1950),
    removed("2018-03-12", None),
]


@pytest.mark.parametrize(
    ("where", "known", "most"),
    [
        ({"aor": "Boston"}, 1, 2),
        ({"aor": "Boston,Seattle"}, 2, 3),
        ({"aor": "Seattle, BOS"}, 2, 3),
        # Who is of an unknown area is perhaps not of Boston.
        ({"aor": "!=Boston"}, 2, 3),
        ({"aor": "!=Boston,Seattle"}, 1, 2),
        ({"age": ">=18"}, 2, 3),
        ({"age": "<18"}, 1, 2),
        ({"age": "<=26"}, 2, 3),
        ({"age": ">26"}, 1, 2),
        ({"age": "17..26"}, 2, 3),
        ({"age": "18-24,65+"}, 1, 2),
        ({"age": "!=26"}, 2, 3),
        ({"birth_year": ">=1990"}, 2, 3),
        ({"age": ">=18 & <60"}, 1, 2),
        ({"date": "2017-01-20"}, 1, 1),
        ({"date": "2016-12-31..2018-03-05"}, 3, 3),
        ({"date": ">2017-01-20"}, 2, 2),
        ({"date": "!=2017-01-20"}, 3, 3),
        ({"fiscal_year": "2016..2017"}, 2, 2),
        ({"calendar_year": "2016,2018"}, 3, 3),
        ({"fiscal_year": ">=2018"}, 2, 2),
        ({"month": "<2018-03"}, 2, 2),
        ({"week": "2018-W10"}, 1, 1),
        ({"administration": "obama"}, 1, 1),
        # The day on which a president takes office is his own.
        ({"administration": "Trump (first term)"}, 3, 3),
    ],
)
def test_a_condition_takes_the_rows_it_says(
    parts: Parts, duckdb: Engine, where: dict[str, str], known: int, most: int
):
    parts.rows("removals", ROWS)
    assert counted(parts, duckdb, **where) == (known, most)


def test_one_question_written_in_two_ways_has_one_receipt(parts: Parts, duckdb: Engine):
    parts.rows("removals", ROWS)
    one, other = (
        parts.ask("removals", duckdb, where={"aor": each}) for each in ("Boston,Seattle", "SEA, bos")
    )
    assert one.receipt.id == other.receipt.id
    assert one.question["where"] == {"aor": "BOS,SEA"}


def test_a_text_that_holds_a_comma_is_a_text_before_it_is_a_list(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01", final_program=each) for each in ("a, b", "a", "c")])
    assert counted(parts, duckdb, program="a, b") == (1, 1)
    assert counted(parts, duckdb, program='"a, b",c') == (2, 2)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"aor": "Bostan"}, "Boston"),
        ({"aor": "Boston,Seatle"}, "Seattle"),
        ({"administration": "truman"}, "trump_first"),
    ],
)
def test_an_unknown_name_in_a_condition_is_answered_with_the_nearest(
    parts: Parts, duckdb: Engine, where: dict[str, str], said: str
):
    parts.rows("removals", ROWS)
    with pytest.raises(UnknownNameError, match=said):
        counted(parts, duckdb, **where)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ({"aor": ">=Boston"}, "aor has no order"),
        ({"aor": "Boston & =Seattle"}, "to ask for both: aor=BOS,SEA"),
        ({"aor": "Boston & !=Boston"}, "No row can meet"),
        ({"age": ">=18 & <18"}, "No row can meet"),
        ({"age": "grown"}, "no number for age"),
        ({"age": "24..18"}, "age=18..24"),
        ({"date": "2018-02-30"}, "There is no date 2018-02-30"),
        ({"date": "2018-03..2018-04"}, "is no date"),
        ({"week": "2018-W53"}, "There is no week 2018-W53"),
        ({"fiscal_year": "2018..2016"}, "fiscal_year=2016..2018"),
        ({"fiscal_year": "2018", "month": "2016-01"}, "No row can meet"),
    ],
)
def test_an_impossible_condition_is_answered_with_what_to_do(
    parts: Parts, duckdb: Engine, where: dict[str, str], said: str
):
    parts.rows("removals", ROWS)
    with pytest.raises(UsageError, match=said):
        counted(parts, duckdb, **where)


def test_conditions_on_a_command_line_keep_their_operator():
    given = ["aor=Boston,Seattle", "age>=18", "age<25", "gender!=male", 'county="Suffolk County, MA"']
    assert join_conditions([split_condition(each) for each in given]) == {
        "aor": "Boston,Seattle",
        "age": ">=18 & <25",
        "gender": "!=male",
        "county": '"Suffolk County, MA"',
    }


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("week", ["2016-W52", "2017-W03", "2018-W10", "2018-W11"]),
        ("administration", ["obama", "trump_first"]),
    ],
)
def test_rows_are_split_by_weeks_and_administrations(
    parts: Parts, duckdb: Engine, kind: str, labels: list[str]
):
    parts.rows("removals", ROWS)
    assert [each[0] for each in shown(parts.ask("removals", duckdb, by=(kind,)))] == [*labels, "Total"]


# A year that a sheet states stands where a row has no day


def test_a_row_without_a_day_counts_in_the_year_that_its_sheet_states(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed(None, fiscal_year_stated=2017), removed("2018-01-01"), removed(None)])
    assert shown(parts.ask("removals", duckdb, by=("fiscal_year",))) == [
        ("2017", 1, 2),
        ("2018", 1, 2),
        (None, 1, None),
        ("Total", 3, 3),
    ]
    assert counted(parts, duckdb, fiscal_year="2017") == (1, 2)


def test_the_stated_year_bounds_the_month_of_a_row(parts: Parts, duckdb: Engine):
    parts.rows(
        "removals", [removed(None, fiscal_year_stated=2017), removed("2017-03-01"), removed("2018-03-01")]
    )
    assert shown(parts.ask("removals", duckdb, by=("month",))) == [
        ("2017-03", 1, 2),
        ("2018-03", 1, 1),
        (None, 1, None),
        ("Total", 3, 3),
    ]
    assert counted(parts, duckdb, date="2017-01-01..2017-12-31") == (1, 2)
    assert counted(parts, duckdb, date="2016-10-01..2017-12-31") == (2, 2)


def test_a_stated_year_says_nothing_of_another_date(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed(None, fiscal_year_stated=2017), removed("2017-03-01")])
    answer = parts.ask("removals", duckdb, by=("fiscal_year",), reading={"date": "departed"})
    assert shown(answer) == [("2017", 1, 2), (None, 1, None), ("Total", 2, 2)]


def test_rows_and_cube_of_a_file_answer_alike_by_fiscal_year(
    parts: Parts, catalog: Catalog, tmp_path: Path, duckdb: Engine
):
    rows = [removed(None, fiscal_year_stated=2017), removed(None, fiscal_year_stated=2018)]
    cells = [
        {"fiscal_year": 2017, "row_count": 1},
        {"fiscal_year": 2018, "row_count": 1},
    ]
    parts.rows("removals", rows)
    folder = tmp_path / "cube"
    folder.mkdir()
    cube = Parts(folder, catalog).cube("removals", cells, cut_off="2018-04-01")
    question: dict[str, Any] = {"by": ("fiscal_year",)}
    assert shown(parts.ask("removals", duckdb, **question)) == shown(cube.ask("removals", duckdb, **question))


# Cubes


def test_what_a_cube_pools_is_a_row_of_its_own_beside_what_is_missing(parts: Parts, duckdb: Engine):
    cells = [
        {"month": day("2018-03-01"), "fiscal_year": 2018, "removal_aor_code": code, "row_count": rows}
        for code, rows in (("BOS", 7), ("pooled", 3), (None, 2))
    ]
    answer = parts.cube("removals", cells).ask("removals", duckdb, by=("aor",))
    assert [(each.cell.kind, each.cell.measured.numerator) for each in answer.rows] == [
        ("part", 7),
        ("missing", 2),
        ("suppressed", 3),
        ("total", 12),
    ]


def test_days_within_a_month_bound_the_cells_of_a_cube(parts: Parts, duckdb: Engine):
    cells = [
        {"month": day(f"2018-0{month}-01"), "fiscal_year": 2018, "row_count": month} for month in (1, 2, 3, 4)
    ]
    parts.cube("removals", cells)
    assert counted(parts, duckdb, date="2018-01-15..2018-03-31") == (5, 6)
    assert counted(parts, duckdb, date="!=2018-02-01..2018-02-28") == (8, 8)


def test_a_month_in_which_the_administration_changed_may_be_of_either(parts: Parts, duckdb: Engine):
    cells = [
        {"month": day(month), "fiscal_year": 2017, "row_count": rows}
        for month, rows in (("2016-12-01", 5), ("2017-01-01", 7), ("2017-02-01", 9))
    ]
    assert shown(parts.cube("removals", cells).ask("removals", duckdb, by=("administration",))) == [
        ("obama", 5, 12),
        ("trump_first", 9, 16),
        (None, 7, None),
        ("Total", 21, 21),
    ]


def test_a_cube_has_no_weeks(parts: Parts, duckdb: Engine):
    parts.cube("removals", [{"month": day("2018-03-01"), "fiscal_year": 2018, "row_count": 9}])
    (absent,) = parts.ask("removals", duckdb, by=("week",)).absent
    assert (absent.because, absent.missing) == ("not_in_cube", ("week",))


# Shares of rows, columns and everything


def shares(answer: Any) -> list[tuple[Any, ...]]:
    return [
        (*each.breakdown.values(), each.cell.part_of.numerator, each.cell.part_of.denominator)
        for each in answer.rows
        if each.cell.part_of is not None
    ]


CROSSED = [
    removed("2017-01-01", "BOS"),
    removed("2017-02-01", "SEA"),
    removed("2018-01-01", "BOS"),
    removed("2018-02-01", None),
]


@pytest.mark.parametrize(("per", "wholes"), [("row", [2, 2, 2]), ("column", [2, 2, 1]), ("total", [4, 4, 4])])
def test_a_part_is_a_share_of_its_row_its_column_or_everything(
    parts: Parts, duckdb: Engine, per: str, wholes: list[int]
):
    answer = parts.rows("removals", CROSSED).ask("removals", duckdb, by=("fiscal_year", "aor"), per=per)
    found = shares(answer)
    assert [each[:3] for each in found] == [("2017", "BOS", 1), ("2017", "SEA", 1), ("2018", "BOS", 1)]
    assert sorted(each[3] for each in found) == sorted(wholes)


def test_a_share_of_a_row_is_highest_where_what_is_missing_falls_into_it(parts: Parts, duckdb: Engine):
    answer = parts.rows("removals", CROSSED).ask("removals", duckdb, by=("fiscal_year", "aor"), per="row")
    bounds = answer.rows[2].cell.part_of.bounds  # type: ignore[union-attr]
    assert bounds is not None
    assert (str(bounds.low), str(bounds.high)) == ("1/2", "1")


@pytest.mark.parametrize(
    ("measure", "question", "said"),
    [
        ("removals", {"per": "row", "by": ("aor",)}, "needs 2 dimensions"),
        ("removals", {"per": "total"}, "needs 1 dimension in"),
        ("share_convicted_removed", {"per": "total", "by": ("aor",)}, "is a share"),
    ],
)
def test_a_share_that_cannot_be_is_refused(
    parts: Parts, duckdb: Engine, measure: str, question: dict[str, Any], said: str
):
    with pytest.raises(UsageError, match=said):
        parts.rows("removals", CROSSED).ask(measure, duckdb, **question)
