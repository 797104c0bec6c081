"""The four statements of November 2011, held to the embedded record, with their integers."""

from __future__ import annotations

import pytest

import recount
from recount.ask import OpenRecord
from recount.claim.columns import Column
from recount.claim.verdict import Verdict

BOSTON = "Suffolk County, MA"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> OpenRecord:
    """The embedded record, and nobody's own over it."""
    return recount.open(tmp_path_factory.mktemp("no-record"))


@pytest.fixture(scope="module")
def verdicts(record: OpenRecord) -> dict[str, Verdict]:
    return {each.claim: record.check(each) for each in record.claims() if each.group is None}


def words(verdict: Verdict) -> dict[str, str]:
    return {name: column.word for name, column in verdict.columns.items()}


def integers(column: Column) -> list[tuple[str, int | None, int | None]]:
    return [
        (one.release.release, one.numerator, one.denominator)
        for mark in column.marks
        for one in mark.spoken.figures
    ]


def context(verdict: Verdict) -> set[tuple[str, int | None, int | None]]:
    spoken = {
        id(one)
        for column in verdict.columns.values()
        for mark in (*column.marks, *column.proxies)
        for one in mark.spoken.figures
    }
    return {
        (one.place_code, one.numerator, one.denominator)
        for each in verdict.asked
        for one in each.figures
        if id(one) not in spoken
    }


def test_the_four_statements_are_shipped_in_the_order_of_the_article(record: OpenRecord):
    assert [each.claim for each in record.claims() if each.group is None] == [
        "boston-no-convictions",
        "over-140000-deported",
        "quarter-serious-records",
        "most-were-criminals",
    ]


# 1. More than half of those picked up in Boston had no criminal convictions


def test_the_release_that_the_first_rests_on_showed_it(verdicts: dict[str, Verdict]):
    cited = verdicts["boston-no-convictions"].columns["cited"]
    assert (cited.word, cited.tested, cited.readings) == ("supported", 1, 2)
    assert integers(cited) == [("boston-globe-2011-07", 183, 352)]


@pytest.mark.parametrize("name", ["then", "now"])
def test_a_release_that_was_already_out_contradicted_it_under_both_readings(
    verdicts: dict[str, Verdict], name: str
):
    column = verdicts["boston-no-convictions"].columns[name]
    assert (column.word, column.tested, column.readings) == ("contradicted", 2, 2)
    assert integers(column) == [("boston-globe-2011-09", 177, 369), ("boston-globe-2011-09", 60, 369)]


def test_so_the_first_is_overtaken_by_a_count_that_fell_and_provisional(verdicts: dict[str, Verdict]):
    verdict = verdicts["boston-no-convictions"]
    assert verdict.headline == "overtaken"
    assert verdict.restatement is not None
    assert (verdict.restatement.how, verdict.restatement.before, verdict.restatement.after) == (
        "fell",
        183,
        177,
    )
    assert verdict.overtaken_by is not None
    assert verdict.overtaken_by.release.release == "boston-globe-2011-09"
    assert verdict.provisional == ("approximate", "quotation")


def test_figures_of_other_dates_and_of_the_state_stand_beside_the_first(verdicts: dict[str, Verdict]):
    assert context(verdicts["boston-no-convictions"]) >= {("25025", 247, 512), ("MA", 281, 560)}


def test_another_window_would_change_the_word_of_the_first(verdicts: dict[str, Verdict]):
    assert verdicts["boston-no-convictions"].other_windows == {92: "untestable", 365: "contradicted"}


def test_on_the_first_of_august_2011_the_record_supported_it(record: OpenRecord):
    verdict = record.check("boston-no-convictions", as_known_on="2011-08-01")
    assert verdict.headline == "supported"
    assert words(verdict) == {"cited": "supported", "then": "supported", "now": "supported"}
    assert integers(verdict.columns["now"]) == [("boston-globe-2011-07", 183, 352)]
    answer = record.measure("share_without_conviction").where(jurisdiction=BOSTON).as_known_on("2011-08-01")
    assert [(each.numerator, each.denominator) for each in answer.result().figures] == [(183, 352)]


# 2. Over 140,000 people deported


def test_the_second_was_open_when_it_was_said_and_is_supported_now(verdicts: dict[str, Verdict]):
    verdict = verdicts["over-140000-deported"]
    assert words(verdict) == {"then": "open", "now": "supported"}
    assert verdict.headline == "supported"
    (mark,) = verdict.columns["now"].marks
    assert mark.spoken.interval is not None
    assert (mark.spoken.interval.low, mark.spoken.interval.high) == (142_090, 182_896)
    assert [each.through_date.isoformat() for each in mark.spoken.figures] == ["2011-09-30", "2012-03-31"]


def test_then_it_was_between_a_dated_release_and_an_undated_one(verdicts: dict[str, Verdict]):
    then = verdicts["over-140000-deported"].columns["then"]
    assert {name: count for name, count, _ in integers(then)} == {
        "homeland-security-news-wire-2011-05": 101_741,
        "immigrationwire": 120_684,
    }


def test_the_sum_over_jurisdictions_lacks_places_and_is_only_beside(verdicts: dict[str, Verdict]):
    assert ("US", 220_301, None) in context(verdicts["over-140000-deported"])


# 3. Just over a quarter with serious records


def test_the_third_could_not_be_tested_then_and_is_open_now(verdicts: dict[str, Verdict]):
    verdict = verdicts["quarter-serious-records"]
    assert words(verdict) == {"then": "untestable", "now": "open"}
    assert verdict.headline == "open"
    (mark,) = verdict.columns["now"].marks
    assert mark.spoken.interval is not None
    assert (str(mark.spoken.interval.low), mark.spoken.interval.low_open) == ("1/4", True)
    assert [each.release.release for each in mark.spoken.figures] == ["wicked-local-2012-05"]


def test_level_1_before_and_after_stands_beside_the_third(verdicts: dict[str, Verdict]):
    assert context(verdicts["quarter-serious-records"]) >= {("US", 9_831, 46_929), ("US", 61_345, 220_301)}


# 4. Most were criminals


def test_the_fourth_depends_on_the_measure_the_place_and_when_it_was_said(verdicts: dict[str, Verdict]):
    verdict = verdicts["most-were-criminals"]
    assert words(verdict) == {"then": "depends", "now": "depends"}
    assert verdict.headline == "depends"
    assert verdict.columns["now"].differ_by == ("measure", "place", "said")


def test_what_the_fourth_turns_on_in_integers(verdicts: dict[str, Verdict]):
    now = verdicts["most-were-criminals"].columns["now"]
    found = {
        (mark.asked.measure.measure, mark.asked.place.code, one.numerator, one.denominator, mark.outcome)
        for mark in now.marks
        for one in mark.spoken.figures
    }
    assert found >= {
        ("share_convicted", "25025", 169, 352, "not_met"),
        ("share_convicted", "25025", 192, 369, "met"),
        ("share_convicted", "US", 34_636, 46_929, "met"),
        ("share_convicted", "US", 72_445, 101_741, "met"),
        ("share_level_1", "US", 9_831, 46_929, "not_met"),
    }
    assert (now.tested, now.readings) == (3, 4)


# All of them


def test_every_statement_rests_on_quotations_and_is_provisional(verdicts: dict[str, Verdict]):
    assert all("quotation" in each.provisional for each in verdicts.values())


def test_every_verdict_computed_again_is_the_same(record: OpenRecord, verdicts: dict[str, Verdict]):
    for each in verdicts.values():
        (found,) = record.recompute(each.receipt.as_json())
        assert found.is_same


def test_before_any_release_nothing_can_be_checked(record: OpenRecord):
    assert {record.check(each, as_known_on="2008-01-01").headline for each in record.claims()} == {
        "untestable"
    }
