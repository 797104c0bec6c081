"""The rules of verdicts as laws: intervals and words in, a word out."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.claim.rule import headline_of, judge, judge_print, settle_over_releases, word_of
from recount.declare.interval import Interval

OUTCOMES = ("met", "not_met", "open", "absent")
WORDS = ("supported", "contradicted", "depends", "open", "untestable")
HALF = Fraction(1, 2)
MORE_THAN_HALF = Interval(HALF, None, low_open=True)
OPPOSITE = {"met": "not_met", "not_met": "met", "supported": "contradicted", "contradicted": "supported"}

outcomes = st.lists(st.sampled_from(OUTCOMES), max_size=6)
numbers = st.integers(-6, 6).map(lambda each: Fraction(each, 4))


@st.composite
def intervals(draw: st.DrawFn, *, may_be_endless: bool = True) -> Interval:
    low, high = sorted((draw(numbers), draw(numbers)))
    endless = st.booleans() if may_be_endless else st.just(False)
    open_ends = st.booleans() if low < high else st.just(False)
    return Interval(
        None if draw(endless) else low, None if draw(endless) else high, draw(open_ends), draw(open_ends)
    )


# One reading against what is asserted


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        (Interval.point(Fraction(183, 352)), "met"),
        (Interval.point(Fraction(177, 369)), "not_met"),
        (Interval.point(HALF), "not_met"),
        (Interval(HALF, Fraction(3, 4), low_open=True), "met"),
        (Interval(HALF, Fraction(3, 4)), "open"),
        (Interval(Fraction(1, 4), HALF), "not_met"),
        (Interval(Fraction(1, 4), Fraction(3, 4)), "open"),
        (Interval(None, None), "open"),
    ],
)
def test_more_than_half_is_met_by_what_lies_wholly_above_it(value: Interval, outcome: str):
    assert judge(value, MORE_THAN_HALF) == outcome


@given(intervals(), intervals(), intervals())
def test_widening_what_is_known_never_makes_a_decision(value: Interval, more: Interval, asserted: Interval):
    before, after = judge(value, asserted), judge(value.hull(more), asserted)
    assert after in (before, "open")


@given(intervals(), numbers, st.booleans())
def test_what_meets_a_threshold_fails_its_opposite_and_the_other_way_round(
    value: Interval, threshold: Fraction, is_open: bool
):
    above = Interval(threshold, None, low_open=is_open)
    not_above = Interval(None, threshold, high_open=not is_open)
    outcome = judge(value, above)
    assert judge(value, not_above) == OPPOSITE.get(outcome, outcome)


@given(numbers, numbers, st.booleans())
def test_an_exact_number_is_met_or_not_and_never_open(number: Fraction, threshold: Fraction, is_open: bool):
    above = number > threshold or (number == threshold and not is_open)
    asserted = Interval(threshold, None, low_open=is_open)
    assert judge(Interval.point(number), asserted) == ("met" if above else "not_met")


# Readings to the word of a column


@pytest.mark.parametrize(
    ("readings", "word"),
    [
        (["met"], "supported"),
        (["met", "met"], "supported"),
        (["not_met", "not_met"], "contradicted"),
        (["met", "not_met"], "depends"),
        (["met", "not_met", "open"], "depends"),
        (["met", "open"], "open"),
        (["not_met", "open"], "open"),
        (["met", "absent"], "supported"),
        (["open"], "open"),
        (["absent"], "untestable"),
        ([], "untestable"),
    ],
)
def test_the_word_of_a_column(readings: list[str], word: str):
    assert word_of(readings) == word


@given(outcomes, st.sampled_from(OUTCOMES))
def test_what_depends_still_depends_when_a_reading_is_added(readings: list[str], added: str):
    both = [*readings, "met", "not_met"]
    assert word_of([*both, added]) == "depends"


@given(outcomes, st.sampled_from(OUTCOMES))
def test_an_added_reading_never_turns_contradicted_into_supported_or_back(readings: list[str], added: str):
    before, after = word_of(readings), word_of([*readings, added])
    assert {before, after} != {"supported", "contradicted"}


@given(outcomes, st.sampled_from(("met", "not_met", "absent")))
def test_an_added_reading_decides_nothing_that_an_open_one_left_open(readings: list[str], added: str):
    assert word_of([*readings, "open", added]) in ("open", "depends")


@given(outcomes.flatmap(lambda each: st.tuples(st.just(each), st.permutations(each))))
def test_the_order_of_readings_does_not_matter(pair: tuple[list[str], list[str]]):
    first, second = pair
    assert word_of(first) == word_of(second)


@given(outcomes, st.integers(1, 4))
def test_an_absent_reading_changes_no_word(readings: list[str], absents: int):
    assert word_of([*readings, *["absent"] * absents]) == word_of(readings)


@given(st.integers(0, 5))
def test_absent_readings_alone_are_untestable(absents: int):
    assert word_of(["absent"] * absents) == "untestable"


@given(outcomes)
def test_supported_only_where_a_reading_is_met_and_none_is_otherwise(readings: list[str]):
    speaking = [each for each in readings if each != "absent"]
    assert (word_of(readings) == "supported") == (speaking != [] and all(each == "met" for each in speaking))


@given(outcomes)
def test_supported_and_contradicted_trade_places_when_the_statement_is_denied(readings: list[str]):
    denied = [OPPOSITE.get(each, each) for each in readings]
    word = word_of(readings)
    assert word_of(denied) == OPPOSITE.get(word, word)


@given(st.lists(intervals(), min_size=1, max_size=4), intervals(), intervals(), st.data())
def test_widening_a_reading_turns_no_open_column_into_a_decision(
    values: list[Interval], more: Interval, asserted: Interval, data: st.DataObject
):
    index = data.draw(st.integers(0, len(values) - 1))
    wider = [each.hull(more) if place == index else each for place, each in enumerate(values)]
    before = word_of(judge(each, asserted) for each in values)
    after = word_of(judge(each, asserted) for each in wider)
    assert after in (before, "open")


# Where it is not known which releases were out


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_every_set_of_releases_gives_is_given(outcome: str):
    assert settle_over_releases([outcome, outcome]) == outcome


@pytest.mark.parametrize("pair", list(itertools.combinations(OUTCOMES, 2)))
def test_sets_of_releases_that_differ_leave_a_reading_open(pair: tuple[str, str]):
    assert settle_over_releases(pair) == "open"


# What a release printed


@pytest.mark.parametrize(
    ("printed", "good", "outcome"),
    [
        ([Fraction(52, 100)], True, "met"),
        ([Fraction(48, 100)], True, "not_met"),
        ([Fraction(48, 100), Fraction(52, 100)], True, "met"),
        ([Fraction(52, 100)], False, "open"),
        ([Fraction(48, 100)], False, "open"),
        ([], True, "absent"),
        ([], False, "absent"),
    ],
)
def test_a_release_is_judged_by_what_it_prints_where_the_copy_can_show_it(
    printed: list[Fraction], good: bool, outcome: str
):
    values = [Interval.point(each) for each in printed]
    assert judge_print(values, MORE_THAN_HALF, copy_good_enough=good) == outcome


def test_a_bound_that_reaches_across_leaves_a_print_open():
    across = Interval(Fraction(1, 4), Fraction(1), low_open=True)
    assert judge_print([across], MORE_THAN_HALF, copy_good_enough=True) == "open"
    below = Interval.point(Fraction(1, 4))
    assert judge_print([across, below], MORE_THAN_HALF, copy_good_enough=True) == "open"


# Columns to the headline


def _every_headline() -> dict[tuple[str | None, str, str, bool, bool], str]:
    return {
        (cited, then, now, restated, was_out): headline_of(
            cited, then, now, restated=restated, same_table_was_out=was_out
        )
        for cited, then, now, restated, was_out in itertools.product(
            (None, *WORDS), WORDS, WORDS, (False, True), (False, True)
        )
    }


CHANGED = [(True, False), (False, True), (True, True)]


def test_overtaken_where_what_it_rests_on_supported_it_and_a_restatement_or_a_release_out_then_denies_it():
    resting = [("supported", then) for then in WORDS] + [(None, "supported")]
    assert {key for key, headline in _every_headline().items() if headline == "overtaken"} == {
        (cited, then, "contradicted", restated, was_out)
        for cited, then in resting
        for restated, was_out in CHANGED
    }


def test_borne_out_where_the_record_denied_it_then_and_a_restated_figure_supports_it():
    assert {key for key, headline in _every_headline().items() if headline == "borne_out"} == {
        (cited, "contradicted", "supported", True, was_out)
        for cited in (None, *WORDS)
        for was_out in (False, True)
    }


def test_otherwise_the_headline_is_the_word_of_now():
    others = {
        key: headline
        for key, headline in _every_headline().items()
        if headline not in ("overtaken", "borne_out")
    }
    assert len(others) == 600 - 18 - 12
    assert all(headline == now for (_, _, now, _, _), headline in others.items())
