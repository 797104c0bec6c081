"""Which figures speak of a claim at a day, and what they say together. Said on 30 November 2011 throughout."""

from __future__ import annotations

import functools
from fractions import Fraction
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from recount.claim.evidence import (
    ABSENT,
    MAY_BE_OUT_AT_MOST,
    Availability,
    Spoken,
    speak_exactly,
    speak_in_release,
    speak_over_releases,
    speak_so_far,
)
from recount.declare.catalog import Catalog
from recount.declare.interval import Interval
from recount.measure.figures import MeasuredFigure
from small_record import (
    BOSTON,
    SAID,
    Row,
    day,
    days,
    figures_of,
    printed,
    released,
    removed,
    small_book,
    without_conviction,
)

TOLD = day(SAID)
WINDOW = 183
MORE_THAN_HALF = Interval(Fraction(1, 2), None, low_open=True)
OVER_140000 = Interval(Fraction(140_000), None, low_open=True)
NAMES = ("a", "b", "c", "d")
RELEASES = [released(each, "2012-12-31") for each in NAMES]


def shares(catalog: Catalog, *prints: list[Row]) -> list[MeasuredFigure]:
    return figures_of(small_book(catalog, RELEASES, *prints), "share_without_conviction")


def counts(catalog: Catalog, *prints: list[Row]) -> list[MeasuredFigure]:
    return figures_of(small_book(catalog, RELEASES, *prints), "people_removed", "US")


def share_said(figures: list[MeasuredFigure], window: int = WINDOW) -> Spoken:
    return speak_so_far(figures, TOLD, window, MORE_THAN_HALF)


def count_said(figures: list[MeasuredFigure], asserted: Interval = OVER_140000) -> Spoken:
    return speak_so_far(figures, TOLD, WINDOW, asserted)


def integers(spoken: Spoken) -> list[tuple[int | None, int | None]]:
    return [(each.numerator, each.denominator) for each in spoken.figures]


# Shares


@pytest.mark.parametrize(
    ("before", "speaks"), [(0, True), (1, True), (183, True), (184, False), (400, False)]
)
def test_a_share_speaks_for_183_days_and_no_more(catalog: Catalog, before: int, speaks: bool):
    found = share_said(shares(catalog, without_conviction("a", TOLD - days(before), 6, 10)))
    assert (found.outcome == "met") == speaks
    assert (found is ABSENT) == (not speaks)


def test_the_declared_window_is_183_days_and_others_are_tried_beside_it(catalog: Catalog):
    assert (catalog.rules.share_window_days, catalog.rules.other_windows_days) == (WINDOW, [92, 365])


def test_the_latest_date_in_the_window_is_the_reference(catalog: Catalog):
    found = share_said(
        shares(
            catalog,
            without_conviction("a", "2011-06-30", 6, 10),
            without_conviction("b", "2011-07-31", 4, 10),
        )
    )
    assert (found.outcome, integers(found)) == ("not_met", [(4, 10)])


def test_a_share_of_a_later_date_does_not_speak(catalog: Catalog):
    assert share_said(shares(catalog, without_conviction("a", TOLD + days(1), 6, 10))) is ABSENT


def test_the_window_is_counted_from_the_day_it_was_said_not_from_the_latest_figure(catalog: Catalog):
    figures = shares(
        catalog, without_conviction("a", "2011-07-31", 4, 10), without_conviction("b", "2012-08-31", 6, 10)
    )
    assert integers(share_said(figures)) == [(4, 10)]


def test_a_bound_on_a_share_speaks_as_a_bound(catalog: Catalog):
    book = small_book(catalog, RELEASES, printed("a", SAID, above={"removed_level1_share_above": "0.25"}))
    quarter = Interval(Fraction(1, 4), None, low_open=True)
    found = speak_so_far(figures_of(book, "share_level_1"), TOLD, WINDOW, quarter)
    assert (found.outcome, found.interval) == ("met", Interval(Fraction(1, 4), Fraction(1), low_open=True))
    found = speak_so_far(figures_of(book, "share_level_1"), TOLD, WINDOW, MORE_THAN_HALF)
    assert found.outcome == "open"


later_prints = st.lists(
    st.tuples(st.integers(1, 700), st.integers(0, 10)), min_size=1, max_size=3, unique_by=lambda each: each[0]
)


@given(later=later_prints, own=st.integers(0, 10))
@hypothesis_settings(max_examples=40)
def test_no_print_of_a_later_date_changes_what_a_share_says(
    catalog: Catalog, later: list[tuple[int, int]], own: int
):
    at_the_time = without_conviction("a", "2011-07-31", own, 10)
    after = [
        without_conviction(name, TOLD + days(far), part, 10)
        for name, (far, part) in zip(NAMES[1:], later, strict=False)
    ]
    alone, together = (
        share_said(shares(catalog, at_the_time)),
        share_said(shares(catalog, at_the_time, *after)),
    )
    assert (alone.outcome, alone.interval) == (together.outcome, together.interval)
    assert integers(together) == [(own, 10)]


# Cumulative counts


def test_a_count_through_an_earlier_date_is_a_lower_bound(catalog: Catalog):
    found = count_said(counts(catalog, removed("a", "2011-09-30", 142_090)))
    assert (found.outcome, found.interval) == ("met", Interval(Fraction(142_090), None))


def test_a_lower_bound_below_the_threshold_leaves_it_open(catalog: Catalog):
    assert count_said(counts(catalog, removed("a", "2011-06-30", 120_684))).outcome == "open"


def test_a_count_through_a_later_date_is_an_upper_bound(catalog: Catalog):
    found = count_said(counts(catalog, removed("a", "2012-03-31", 130_000)))
    assert (found.outcome, found.interval) == ("not_met", Interval(Fraction(0), Fraction(130_000)))


def test_the_nearest_counts_before_and_after_are_the_bounds(catalog: Catalog):
    found = count_said(
        counts(
            catalog,
            removed("a", "2011-06-30", 120_684),
            removed("b", "2011-09-30", 142_090),
            removed("c", "2012-03-31", 182_896),
            removed("d", "2012-08-31", 220_301),
        )
    )
    assert found.interval == Interval(Fraction(142_090), Fraction(182_896))
    assert integers(found) == [(142_090, None), (182_896, None)]


def test_a_count_through_that_day_is_the_number_itself(catalog: Catalog):
    found = count_said(
        counts(catalog, removed("a", SAID, 150_000), removed("b", "2012-03-31", 182_896)),
        Interval.point(150_000),
    )
    assert (found.outcome, integers(found)) == ("met", [(150_000, None)])


def test_a_later_count_that_is_lower_is_no_bound_and_leaves_it_open(catalog: Catalog):
    found = count_said(counts(catalog, removed("a", "2011-09-30", 183), removed("b", "2012-03-31", 177)))
    assert (found.outcome, found.interval, found.note) == ("open", None, "count_falls")
    assert integers(found) == [(183, None), (177, None)]


def test_a_rounded_count_bounds_by_half_its_unit(catalog: Catalog):
    about = printed("a", "2011-09-30", "US", about={"removed_total": (140_000, 1_000)})
    found = count_said(counts(catalog, about), Interval(Fraction(139_500), None))
    assert (found.outcome, found.interval) == ("met", Interval(Fraction(139_500), None))
    assert count_said(counts(catalog, about)).outcome == "open"


def test_nothing_that_speaks_is_absent(catalog: Catalog):
    assert count_said([]) is ABSENT


def summed(catalog: Catalog, through: str, leaves_out: str | None) -> list[MeasuredFigure]:
    listing = released("a", "2012-12-31", lists="jurisdictions", leaves_out=leaves_out)
    return figures_of(
        small_book(catalog, [listing], removed("a", through, 100, BOSTON)), "people_removed", "US"
    )


@pytest.mark.parametrize(("leaves_out", "outcome"), [(None, "not_met"), ("the territories", "absent")])
def test_a_sum_that_lacks_places_is_no_upper_bound(catalog: Catalog, leaves_out: str | None, outcome: str):
    assert count_said(summed(catalog, "2012-03-31", leaves_out)).outcome == outcome


@pytest.mark.parametrize("leaves_out", [None, "the territories"])
def test_a_sum_that_lacks_places_is_still_a_lower_bound(catalog: Catalog, leaves_out: str | None):
    found = count_said(summed(catalog, "2011-09-30", leaves_out), Interval(Fraction(100), None))
    assert (found.outcome, found.interval) == ("met", Interval(Fraction(100), None))


def test_a_sum_that_lacks_places_bounds_that_very_day_from_below_alone(catalog: Catalog):
    found = count_said(summed(catalog, SAID, "the territories"))
    assert found.interval == Interval(Fraction(100), None)


growing = st.lists(st.integers(1, 1000), min_size=1, max_size=4)


@given(steps=growing, truth=st.integers(0, 4))
@hypothesis_settings(max_examples=40)
def test_the_true_count_lies_within_the_bounds_of_any_prints_around_it(
    catalog: Catalog, steps: list[int], truth: int
):
    """A running total is printed now and then; its value on the day lies between the bounds."""
    totals = [sum(steps[: index + 1]) for index in range(len(steps))]
    dates = [TOLD + days(30 * (index - truth)) for index in range(len(steps))]
    prints = [removed(name, date, total) for name, date, total in zip(NAMES, dates, totals, strict=False)]
    own = [total for date, total in zip(dates, totals, strict=True) if date <= TOLD]
    found = count_said(counts(catalog, *prints))
    assert found.interval is not None
    assert Interval.point(own[-1] if own else 0).lies_within(found.interval)


# Exactly one date, and one release


def test_an_exact_period_is_answered_by_that_date_alone(catalog: Catalog):
    figures = shares(
        catalog, without_conviction("a", "2011-06-30", 6, 10), without_conviction("b", "2011-07-31", 4, 10)
    )
    assert integers(speak_exactly(figures, day("2011-06-30"), MORE_THAN_HALF)) == [(6, 10)]
    assert speak_exactly(figures, day("2011-07-01"), MORE_THAN_HALF) is ABSENT


def test_the_cited_release_is_read_alone_through_its_own_latest_date(catalog: Catalog):
    figures = shares(
        catalog,
        without_conviction("a", "2011-05-31", 3, 10),
        without_conviction("a", "2011-06-30", 6, 10),
        without_conviction("b", "2011-07-31", 4, 10),
    )
    assert integers(speak_in_release(figures, "a", None, MORE_THAN_HALF)) == [(6, 10)]
    assert integers(speak_in_release(figures, "a", day("2011-05-31"), MORE_THAN_HALF)) == [(3, 10)]
    assert speak_in_release(figures, "a", day("2011-07-31"), MORE_THAN_HALF) is ABSENT
    assert speak_in_release(figures, "c", None, MORE_THAN_HALF) is ABSENT


# Releases that may have been out

SPEAKER = functools.partial(speak_so_far, said=TOLD, window_days=WINDOW, asserted=MORE_THAN_HALF)


def available(certain: str = "", perhaps: str = "") -> Availability:
    return Availability(frozenset(certain), frozenset(perhaps))


def test_a_release_that_was_not_out_does_not_speak(catalog: Catalog):
    figures = shares(catalog, without_conviction("a", "2011-06-30", 6, 10))
    assert speak_over_releases(figures, available(), SPEAKER) is ABSENT


def test_a_release_perhaps_out_leaves_it_open_where_it_would_decide(catalog: Catalog):
    figures = shares(
        catalog, without_conviction("a", "2011-06-30", 6, 10), without_conviction("b", "2011-07-31", 4, 10)
    )
    found = speak_over_releases(figures, available("a", "b"), SPEAKER)
    assert (found.outcome, found.note) == ("open", "publication_dates")
    assert found.interval == Interval(Fraction(4, 10), Fraction(6, 10))


def test_a_release_perhaps_out_alone_leaves_it_open(catalog: Catalog):
    figures = shares(catalog, without_conviction("a", "2011-06-30", 6, 10))
    found = speak_over_releases(figures, available(perhaps="a"), SPEAKER)
    assert (found.outcome, found.note) == ("open", "publication_dates")


def test_a_release_perhaps_out_decides_where_every_possibility_agrees(catalog: Catalog):
    figures = shares(
        catalog, without_conviction("a", "2011-06-30", 6, 10), without_conviction("b", "2011-07-31", 7, 10)
    )
    found = speak_over_releases(figures, available("a", "b"), SPEAKER)
    assert (found.outcome, found.note) == ("met", None)
    assert found.interval == Interval(Fraction(6, 10), Fraction(7, 10))
    assert integers(found) == [(6, 10), (7, 10)]


def test_a_release_perhaps_out_that_changes_nothing_is_not_among_what_decides(catalog: Catalog):
    figures = shares(
        catalog, without_conviction("a", "2011-07-31", 6, 10), without_conviction("b", "2011-06-30", 1, 10)
    )
    found = speak_over_releases(figures, available("a", "b"), SPEAKER)
    assert (found.outcome, found.note, integers(found)) == ("met", None, [(6, 10)])


def test_more_undated_releases_than_can_be_tried_leave_it_open(catalog: Catalog):
    names = [f"undated-{number}" for number in range(MAY_BE_OUT_AT_MOST + 1)]
    book = small_book(
        catalog,
        [released(each, None) for each in names],
        *(without_conviction(each, "2011-06-30", 6, 10) for each in names),
    )
    figures = figures_of(book, "share_without_conviction")
    found = speak_over_releases(figures, Availability(frozenset(), frozenset(names)), SPEAKER)
    assert (found.outcome, found.note) == ("open", "too_many_undated")
    fewer = frozenset(names[:MAY_BE_OUT_AT_MOST])
    found = speak_over_releases(figures, Availability(frozenset({names[-1]}), fewer), SPEAKER)
    assert found.outcome == "met"


@given(
    prints=st.lists(
        st.tuples(st.integers(0, 200), st.integers(0, 10)),
        min_size=1,
        max_size=4,
        unique_by=lambda each: each[0],
    ),
    doubtful=st.sets(st.sampled_from(NAMES)),
)
@hypothesis_settings(max_examples=60)
def test_what_is_decided_is_decided_by_every_set_of_releases_that_may_have_been_out(
    catalog: Catalog, prints: list[tuple[int, int]], doubtful: set[str]
):
    figures = shares(
        catalog,
        *(
            without_conviction(name, TOLD - days(before), part, 10)
            for name, (before, part) in zip(NAMES, prints, strict=False)
        ),
    )
    certain = set(NAMES) - doubtful
    found = speak_over_releases(figures, available("".join(certain), "".join(doubtful)), SPEAKER)
    names = sorted(doubtful)
    subsets = chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))
    tried = {
        SPEAKER([each for each in figures if each.release.release in certain | set(chosen)]).outcome
        for chosen in subsets
    }
    assert {found.outcome} == (tried if len(tried) == 1 else {"open"})


# Order


@given(order=st.permutations(range(4)))
@hypothesis_settings(max_examples=24)
def test_the_order_of_figures_does_not_matter(catalog: Catalog, order: list[int]):
    figures = counts(
        catalog,
        removed("a", "2011-06-30", 100),
        removed("b", "2011-06-30", 120),
        removed("c", "2012-03-31", 180),
        removed("d", "2012-03-31", 170),
    )
    found = count_said([figures[index] for index in order])
    assert integers(found) == [(120, None), (170, None)]
