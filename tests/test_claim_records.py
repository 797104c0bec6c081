"""Claims that rest on individual records: their numbers, readings, releases and bounds, and what they must say."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import recount
from recount.ask.drafting.progress import describe_so_far
from recount.ask.record import OpenRecord
from recount.claim.answer import verdict_as_json
from recount.claim.paragraph import write_paragraph
from recount.claim.record_joint import Kinds, bounds_of_ratio, bounds_of_sum, ways_to_fall
from recount.claim.verdict import Verdict, check_claim
from recount.claim.words import Words
from recount.declare.catalog import Catalog
from recount.declare.claims import Claim
from recount.declare.crosscheck_claims import find_claim_problems
from recount.declare.interval import Interval
from recount.errors import ClaimFileError, UsageError
from recount.measure.cube_book import CubeBook
from recount.measure.event_conditions import Condition
from recount.measure.event_groups import MISSING, NO, YES
from recount.measure.prints import PrintBook
from recount.measure.questions import Question
from recount.report.page import write_page
from small_events import Parts, day

SAID = "2019-12-01"
YEAR = {"fiscal_year": "2018"}
ARRESTS = {"measure": "arrests", "fit": "exact", "why": "It counts arrests."}


def claimed(asserts: Mapping[str, Any], *, said: str = SAID, rests_on: str | None = None) -> Claim:
    return Claim.model_validate(
        {
            "claim": "a-small-claim",
            "title": "A small claim",
            "statement": "so many were arrested",
            "statement_language": "en",
            "said_by": "A speaker",
            "said": {"from": said, "to": said},
            "appeared": {"title": "A text", "publisher": "A publisher", "date": said},
            "rests_on": {"release": rests_on, "basis": "invented"} if rests_on else None,
            "asserts": dict(asserts),
        }
    )


def counted(where: Mapping[str, Any], that: Mapping[str, Any], **measure: Any) -> dict[str, Any]:
    asked = {**ARRESTS, "where": dict(where), **measure}
    return {"type": "quantity", "period": "span", "that": dict(that), "measured_by": [asked]}


def exactly(number: int) -> dict[str, Any]:
    return {"equals": number, "reason": "as said"}


def arrest(
    date: str | None, aor: str | None = "BOS", gender: str | None = "male", **more: Any
) -> dict[str, Any]:
    when = None if date is None else day(date)
    return {"apprehension_date": when, "apprehension_aor_code": aor, "gender_code": gender, **more}


def book_of(parts: Parts, catalog: Catalog) -> PrintBook:
    return PrintBook(parts.record(), catalog)


def check(asserts: Mapping[str, Any], parts: Parts, catalog: Catalog, **claim: Any) -> Verdict:
    return check_claim(claimed(asserts, **claim), book_of(parts, catalog))


def speaking(verdict: Verdict) -> list[tuple[str | None, Mapping[str, str], str, Interval | None]]:
    marks = verdict.columns["now"].marks
    return [
        (each.asked.release, each.asked.reading, each.outcome, each.spoken.interval)
        for each in marks
        if each.outcome != "absent"
    ]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return recount.open().catalog


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> OpenRecord:
    """The embedded record alone."""
    return recount.open(tmp_path_factory.mktemp("no-record"))


@pytest.fixture
def parts(tmp_path: Path, catalog: Catalog) -> Parts:
    return Parts(tmp_path, catalog)


# What the records of one release give


def test_rows_with_a_blank_may_be_of_the_place_or_not(parts: Parts, catalog: Catalog):
    rows = [
        arrest("2018-01-05"),
        arrest("2018-02-05"),
        arrest("2018-03-05", None),
        arrest("2018-03-06", "SEA"),
    ]
    parts.rows("arrests", [*rows, arrest("2017-10-01", "SEA"), arrest("2018-09-30", "SEA")])
    verdict = check(counted({"aor": "BOS", **YEAR}, exactly(2)), parts, catalog)
    assert {(outcome, interval) for _, _, outcome, interval in speaking(verdict)} == {
        ("open", Interval(Fraction(2), Fraction(3)))
    }
    assert verdict.headline == "open"


def test_the_fork_that_decides_is_named(parts: Parts, catalog: Catalog):
    rows = [arrest("2017-10-01"), arrest("2018-01-05"), arrest("2018-01-05"), arrest("2018-09-30", "SEA")]
    parts.rows("arrests", rows)
    verdict = check(counted({"aor": "BOS", **YEAR}, exactly(3)), parts, catalog)
    said = {reading["duplicates"]: outcome for _, reading, outcome, _ in speaking(verdict)}
    assert said == {"as_recorded": "met", "exact": "not_met"}
    assert (verdict.headline, verdict.columns["now"].differ_by) == ("depends", ("duplicates",))


def test_every_release_answers_by_itself_and_the_one_that_decides_is_named(parts: Parts, catalog: Catalog):
    first = [arrest("2017-10-01"), arrest("2018-01-05"), arrest("2018-09-30")]
    parts.rows("arrests", first, release="a-first").rows("arrests", first[::2], release="b-second")
    asserts = counted({"gender": "male", "aor": "BOS", **YEAR}, exactly(3))
    verdict = check(asserts, parts, catalog)
    assert {release for release, *_ in speaking(verdict)} == {"a-first", "b-second"}
    assert (verdict.headline, verdict.columns["now"].differ_by) == ("depends", ("release",))
    alone = check(counted({"aor": "BOS", **YEAR}, exactly(3), release="a-first"), parts, catalog)
    assert {release for release, *_ in speaking(alone)} == {"a-first"}


def test_a_release_of_one_area_says_nothing_of_the_whole_country(parts: Parts, catalog: Catalog):
    whole = [arrest("2017-10-01"), arrest("2018-01-05", "SEA"), arrest("2018-09-30")]
    parts.rows("arrests", whole, release="whole").rows("arrests", [whole[1]] * 2, release="local")
    verdict = check(counted(YEAR, exactly(3)), parts, catalog)
    assert {release for release, *_ in speaking(verdict)} == {"whole"}


def test_a_count_of_part_of_the_days_is_a_lower_bound_and_a_share_says_nothing(
    parts: Parts, catalog: Catalog
):
    rows = [arrest("2017-10-01"), arrest("2018-01-05"), arrest("2018-03-05", "SEA")]
    parts.rows("arrests", rows, cut_off="2018-03-31")
    asked = {"aor": "BOS", **YEAR}
    over = check(counted(asked, {"wording": "at_least", "of": 2}), parts, catalog)
    assert (over.headline, speaking(over)[0][3]) == ("supported", Interval(Fraction(2), None))
    assert check(counted(asked, {"wording": "at_most", "of": 2}), parts, catalog).headline == "open"
    share = {"measure": "share_conviction_named_arrested"}
    rows = [{**each, "has_conviction_inferred": True} for each in rows]
    held = Parts(parts.folder, catalog).rows("arrests", rows, cut_off="2018-03-31", release="share")
    verdict = check(counted(asked, {"wording": "most"}, **share), held, catalog)
    assert (verdict.headline, verdict.columns["now"].marks[0].spoken.note) == ("open", "part_of_span")


def test_a_share_is_bounded_jointly_over_population_and_what_counts(parts: Parts, catalog: Catalog):
    known = [
        arrest("2017-10-01", has_conviction_inferred=True),
        arrest("2018-09-30", has_conviction_inferred=False),
    ]
    blank = [arrest("2018-02-01", None, has_conviction_inferred=True)]
    parts.rows("arrests", [*known, *blank, arrest("2018-02-01", "SEA", has_conviction_inferred=False)])
    share = {"measure": "share_conviction_named_arrested"}
    verdict = check(
        counted({"aor": "BOS", **YEAR}, {"at_least": "1/2", "reason": "as said"}, **share), parts, catalog
    )
    assert {each[3] for each in speaking(verdict)} == {Interval(Fraction(1, 2), Fraction(2, 3))}
    assert verdict.headline == "supported"


def test_as_known_before_a_release_was_out_nothing_speaks(record: OpenRecord):
    early = record.check("press-158581-arrests-2018", "2018-12-31")
    assert (early.headline, early.columns["now"].tested) == ("untestable", 0)
    assert record.check("press-158581-arrests-2018").headline == "supported"


# Several numbers at once


def compared(by: str, that: Mapping[str, Any], a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Any]:
    sides = {"a": {"where": dict(a)}, "b": {"where": dict(b)}}
    return {
        "type": "compare",
        **sides,
        "by": by,
        "that": dict(that),
        "measured_by": [{**ARRESTS, "where": YEAR}],
    }


def test_a_part_of_a_whole_is_never_more_than_the_whole(parts: Parts, catalog: Catalog):
    rows = [arrest("2017-10-01"), arrest("2018-01-01", None), arrest("2018-09-30", "SEA")]
    parts.rows("arrests", rows)
    asserts = compared("ratio", {"wording": "most"}, {"aor": "BOS", "gender": "male"}, {"gender": "male"})
    verdict = check(asserts, parts, catalog)
    assert {each[3] for each in speaking(verdict)} == {Interval(Fraction(1, 3), Fraction(2, 3))}


def test_a_row_is_never_on_both_sides_of_a_comparison(parts: Parts, catalog: Catalog):
    rows = [arrest("2017-10-01"), arrest("2018-01-01", None), arrest("2018-09-30", "SEA")]
    parts.rows("arrests", rows)
    verdict = check(compared("difference", exactly(0), {"aor": "BOS"}, {"aor": "SEA"}), parts, catalog)
    assert {each[3] for each in speaking(verdict)} == {Interval(Fraction(-1), Fraction(1))}


def test_a_contribution_takes_part_and_whole_from_the_same_rows(parts: Parts, catalog: Catalog):
    before = [arrest("2016-10-01"), arrest("2017-09-30", "SEA")]
    after = [
        arrest("2017-10-01"),
        arrest("2018-01-01"),
        arrest("2018-02-01", None),
        arrest("2018-09-30", "SEA"),
    ]
    parts.rows("arrests", [*before, *after])
    asserts = {
        "type": "contribution",
        "part": {"where": {"aor": "BOS"}},
        "start": {"days": {"fiscal_year": 2017}},
        "end": {"days": {"fiscal_year": 2018}},
        "that": {"wording": "at_least", "of": "1/2"},
        "measured_by": [{**ARRESTS, "where": {"gender": "male"}}],
    }
    verdict = check(asserts, parts, catalog)
    assert {each[3] for each in speaking(verdict)} == {Interval(Fraction(1, 2), Fraction(1))}
    assert verdict.headline == "supported"


def test_a_rank_is_held_against_every_other_part_that_the_release_has(parts: Parts, catalog: Catalog):
    rows = [arrest("2017-10-01"), arrest("2018-01-01"), arrest("2018-01-02"), arrest("2018-09-30", "SEA")]
    asserts = {
        "type": "rank",
        "subject": {"where": {"aor": "BOS"}},
        "rivals": {"aor": "others"},
        "measured_by": [{**ARRESTS, "where": YEAR}],
    }
    parts.rows("arrests", rows)
    assert check(asserts, parts, catalog).headline == "supported"
    parts.rows("arrests", [arrest("2018-01-01", None), arrest("2018-01-02", None)])
    assert check(asserts, parts, catalog).headline == "open"


def test_a_series_has_a_point_for_each_month_also_without_a_row(parts: Parts, catalog: Catalog):
    months = ("2018-01-05", "2018-02-05", "2018-02-06", "2018-04-01", "2018-04-02", "2018-04-30")
    parts.rows("arrests", [*map(arrest, months), arrest("2018-03-01", "SEA")])
    over = {"by": "month", "from": "2018-01-01", "through": "2018-02-28"}
    asserts = {
        "type": "series",
        "pattern": "rising",
        "over": over,
        "measured_by": [{**ARRESTS, "where": {"aor": "BOS"}}],
    }
    assert check(asserts, parts, catalog).headline == "supported"
    longer = {**asserts, "over": {**over, "through": "2018-04-30"}}
    assert check(longer, parts, catalog).headline == "contradicted"


def test_parts_of_a_combination_may_rest_on_releases_of_other_tables(record: OpenRecord):
    parts = {
        "arrests": counted(YEAR, exactly(158581)),
        "detainers": counted(
            {"fiscal_year": "2015"}, {"wording": "over", "of": "70,000"}, measure="detainers"
        ),
        "removals": counted(YEAR, exactly(1), measure="removals", readings={"date": ["counted"]}),
    }
    asserts = {
        "type": "combination",
        "holds": {"and": ["arrests", {"or": ["detainers", "removals"]}, {"not": "removals"}]},
        "parts": [{"part": name, "title": name, "asserts": each} for name, each in parts.items()],
    }
    verdict = check_claim(claimed(asserts), record.book)
    (release,) = {each.asked.release for each in verdict.columns["now"].marks if each.outcome != "absent"}
    assert (verdict.headline, release) == ("supported", "ice-15-87693, ice-2019-icfo-53623")


STATES = st.sampled_from([(1, 0), (0, 1), (1, 1), (0, 0)])
KINDS = st.dictionaries(st.frozensets(STATES, min_size=1), st.integers(1, 3), max_size=3)


def worlds(kinds: Kinds) -> set[tuple[int, int]]:
    rows = [sorted(options) for options, count in kinds.items() for _ in range(count)]
    return {
        (sum(each[0] for each in world), sum(each[1] for each in world)) for world in itertools.product(*rows)
    }


@given(KINDS)
def test_joint_bounds_are_the_lowest_and_highest_of_all_worlds(
    kinds: Mapping[frozenset[tuple[int, ...]], int],
):
    found = worlds(kinds)
    sums = [a - b for a, b in found]
    assert bounds_of_sum(kinds, (1, -1)) == Interval(Fraction(min(sums)), Fraction(max(sums)))
    ratio = bounds_of_ratio(kinds, (1, 0), (0, 1))
    if any(b == 0 for _, b in found):
        assert ratio is None
    else:
        ratios = [Fraction(a, b) for a, b in found]
        assert ratio == Interval(min(ratios), max(ratios))


@pytest.mark.parametrize(
    ("states", "ways"),
    [
        ((MISSING, MISSING), {(True, False), (False, True), (False, False)}),
        ((YES, NO), {(True, False)}),
        ((NO, MISSING), {(False, True), (False, False)}),
    ],
)
def test_what_is_not_known_holds_one_code(states: Sequence[int], ways: set[tuple[bool, ...]]):
    limits = [Condition("gender", each, codes=(each,)) for each in ("male", "female")]
    assert set(ways_to_fall(limits, states)) == ways


# Cubes, without an engine


@pytest.mark.parametrize(
    ("measure", "where", "by"),
    [
        ("arrests", {"fiscal_year": "2018", "aor": "BOS"}, ("release", "reading")),
        ("arrests", {"date": "2018-01-15..2018-06-30", "gender": "female"}, ("release", "month")),
        ("arrests", {"fiscal_year": "2018", "method_group": "!=at_large"}, ("release", "aor")),
        ("removals", {"citizenship_group": "mexico,guatemala"}, ("release", "reading", "fiscal_year")),
        ("removals", {"administration": "trump_first"}, ("release", "administration", "quarter")),
        ("share_conviction_named_removed", {"gender": "male"}, ("release", "calendar_year")),
        ("detainers", {"state": "MA"}, ("release", "month")),
    ],
)
def test_cubes_give_the_same_without_an_engine(
    record: OpenRecord, measure: str, where: Mapping[str, str], by: tuple[str, ...]
):
    question = Question(measure, where, by)
    ours, engines = CubeBook(record.record, record.catalog).answer(question), record.events.answer(question)
    assert [each.as_json() for each in ours.rows] == [each.as_json() for each in engines.rows]
    assert (ours.absent, ours.receipt.id) == (engines.absent, engines.receipt.id)


@pytest.mark.parametrize(
    ("claim", "absent"),
    [("over-140000-deported", "recount.measure.event_book"), ("press-158581-arrests-2018", "ibis")],
)
def test_a_check_loads_no_more_than_it_asks(claim: str, absent: str):
    script = f"import recount, sys; recount.open().check({claim!r}); print({absent!r} in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


# What a claim must say


@pytest.mark.parametrize(
    ("asserts", "says"),
    [
        (counted({"aor": "BOS"}, exactly(1)), "say of which days"),
        ({**counted(YEAR, exactly(1)), "period": "so_far"}, "write period: span"),
        (counted({**YEAR, "office": "BOS"}, exactly(1)), "office"),
        (counted(YEAR, exactly(1), measure="length_of_stay_recorded"), "tells a duration"),
        ({**counted({"country": "US"}, exactly(1), measure="people_removed")}, "is printed at dates"),
        (counted({"country": "US"}, exactly(1), measure="people_removed", release="x"), "one release alone"),
        (
            {**compared("ratio", {"wording": "most"}, {}, {}), "a": {"as_of": "2018-01-01"}},
            "of a span of days",
        ),
        (
            {
                "type": "series",
                "pattern": "rising",
                "over": {"by": "print", "from": "2018-01-01"},
                "measured_by": [ARRESTS],
            },
            "by month or fiscal_year",
        ),
    ],
)
def test_what_individual_records_cannot_answer_is_said_at_its_line(
    catalog: Catalog, asserts: Mapping[str, Any], says: str
):
    problems = [text for _, text in find_claim_problems(claimed(asserts), catalog)]
    assert any(says in each for each in problems), problems


def test_an_unknown_code_is_answered_with_the_nearest(record: OpenRecord, tmp_path: Path):
    text = record.draft_claim("x", **DRAFTED).to_yaml().replace("SEA", "SEATLE")
    (tmp_path / "claim.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ClaimFileError, match="Seattle"):
        record.claim(tmp_path / "claim.yml")


# The shipped claims, and their faces


@pytest.mark.parametrize(
    ("claim", "headline", "low", "high"),
    [
        ("press-seattle-25-percent-2017", "open", "615/2761", "39/142"),
        ("press-north-texas-leads-2019", "supported", "15558", "18043"),
        ("press-158581-arrests-2018", "supported", "158581", "158581"),
        ("press-boston-2908-arrests-2018", "open", None, None),
    ],
)
def test_the_shipped_claims_on_records(
    record: OpenRecord, claim: str, headline: str, low: str | None, high: str | None
):
    verdict = record.check(claim)
    (mark,) = [each for each in verdict.columns["now"].marks if each.outcome != "absent"]
    interval = mark.spoken.interval
    assert verdict.headline == headline
    assert (interval and str(interval.low), interval and str(interval.high)) == (low, high)
    (again,) = record.recompute(verdict.receipt.as_json())
    assert again.is_same


def test_the_json_names_release_days_and_what_is_not_known(record: OpenRecord):
    verdict = record.check("press-boston-2908-arrests-2018")
    values = verdict_as_json(verdict, record.catalog)
    mark = next(each for each in values["columns"]["now"]["marks"] if each["outcome"] == "open")
    (figure,) = mark["figures"]
    assert mark["release"] == figure["release"] == "ice-2019-icfo-53623"
    assert (figure["period_start"], figure["through_date"]) == ("2017-10-01", "2018-09-30")
    assert (figure["numerator"], figure["undecided"]) == (2908, {"missing": 873, "suppressed": 63})
    assert (figure["where"], figure["covers_whole_span"]) == ({"aor": "BOS"}, True)


@pytest.mark.parametrize(
    ("language", "phrases"),
    [
        ("en", ("3,376 known, at most 3,439", "in fiscal year 2017", "not answered")),
        ("es", ("3,376 conocidos, como mucho 3,439", "en el año fiscal 2017", "sin respuesta")),
    ],
)
def test_a_report_says_spans_bounds_and_what_is_not_answered(
    record: OpenRecord, language: Any, phrases: tuple[str, ...]
):
    words = Words(record.catalog, language)
    verdict = record.check("press-seattle-25-percent-2017")
    said = write_paragraph(verdict, words) + write_page([verdict], words)
    for each in phrases:
        assert each in said.replace("\N{NO-BREAK SPACE}", " ")


# Drafts

DRAFTED = {
    "said_by": "A speaker", "said": "2018-12-17", "appeared_title": "A text", "publisher": "A publisher",
    "appeared": "2018-12-17", "url": "", "type": "quantity", "measure": "arrests",
    "where": "aor=SEA; fiscal_year=2017", "asserts": "exactly 3,376", "period": "span", "rests_on": "",
    "fit": "exact", "why": "It counts arrests.", "reading": "", "caveat": "", "title": "A claim", "name": "a-claim",
    "statement_language": "en",
}  # fmt: skip


def test_a_sentence_of_arrests_is_offered_the_measure_of_arrests_first(record: OpenRecord):
    draft = record.draft_claim("ICE's Seattle office made 3,376 arrests in fiscal year 2017")
    offered = [each.measure.measure for each in draft.proposals()]
    assert offered[0] == "arrests"
    assert "book_ins" in offered


def test_a_draft_on_records_offers_area_and_year_and_shows_the_answer_so_far(record: OpenRecord):
    given = {"said_by": "A", "said": "2018-12-17", "type": "quantity", "measure": "arrests"}
    draft = record.draft_claim("ICE's Seattle office made 3,376 arrests in fiscal year 2017", **given)
    assert (draft.suggestion("where"), draft.suggestion("period")) == (
        "aor=Seattle; fiscal_year=2017",
        "span",
    )
    draft = draft.answer("where", "aor=Seattle; fiscal_year=2017")
    so_far = describe_so_far(draft)
    assert so_far is not None
    assert "3,376 known, at most 3,439" in so_far


def test_a_draft_on_records_refuses_to_leave_out_the_days(record: OpenRecord):
    given = {key: DRAFTED[key] for key in ("said_by", "said", "type", "measure")}
    with pytest.raises(UsageError, match="counted over days"):
        record.draft_claim("x", **given).answer("where", "aor=SEA")


def test_a_draft_on_records_writes_a_claim_that_checks(record: OpenRecord, tmp_path: Path):
    written = record.draft_claim("x", **DRAFTED).write(tmp_path / "claim.yml")
    verdict = record.check(written)
    assert {each.asked.release for each in verdict.columns["now"].marks} == {
        "ice-2018-icfo-36170",
        "ice-uw-v-dhs-2019-07",
    }
    assert verdict.columns["now"].word == "open"
