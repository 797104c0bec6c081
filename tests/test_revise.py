"""What restates a figure, and what is movement or a discrepancy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from recount.declare.catalog import Catalog
from recount.declare.sources import KnownRelease
from recount.measure.figures import MeasuredFigure
from recount.revise.restatements import Restatement, find_restatement
from small_record import (
    BOSTON,
    CAMBRIDGE,
    day,
    days,
    figures_of,
    printed,
    released,
    removed,
    small_book,
    without_conviction,
)

FIRST = released("first", "2011-07-11", authority="quotation")
SECOND = released("second", "2011-09-04", authority="quotation")


def share(catalog: Catalog, release: KnownRelease, through: str, part: int, whole: int, place: str = BOSTON):
    rows = without_conviction(release.release, through, part, whole, place)
    (figure,) = figures_of(small_book(catalog, [release], rows), "share_without_conviction", place)
    return figure


def count(catalog: Catalog, release: KnownRelease, through: str, total: int) -> MeasuredFigure:
    (figure,) = figures_of(
        small_book(catalog, [release], removed(release.release, through, total, "MA")), "people_removed", "MA"
    )
    return figure


def told(found: Restatement | None) -> tuple[str, str, int, int] | None:
    return found and (found.how, found.count_name, found.before, found.after)


def test_a_cumulative_count_that_falls_was_restated(catalog: Catalog):
    earlier, later = (
        share(catalog, FIRST, "2011-06-30", 183, 352),
        share(catalog, SECOND, "2011-07-31", 177, 369),
    )
    assert told(find_restatement(earlier, later)) == ("fell", "removed_no_conviction", 183, 177)


def test_a_denominator_that_falls_was_restated_too(catalog: Catalog):
    earlier, later = (
        share(catalog, FIRST, "2011-06-30", 100, 352),
        share(catalog, SECOND, "2011-07-31", 110, 340),
    )
    assert told(find_restatement(earlier, later)) == ("fell", "removed_total", 352, 340)


def test_a_share_that_falls_while_both_counts_grow_is_movement(catalog: Catalog):
    earlier, later = (
        share(catalog, FIRST, "2011-06-30", 183, 352),
        share(catalog, SECOND, "2011-07-31", 190, 400),
    )
    assert find_restatement(earlier, later) is None


def test_a_count_of_another_date_that_grew_or_stayed_is_movement(catalog: Catalog):
    assert (
        find_restatement(count(catalog, FIRST, "2011-06-30", 5), count(catalog, SECOND, "2011-07-31", 6))
        is None
    )
    assert (
        find_restatement(count(catalog, FIRST, "2011-06-30", 5), count(catalog, SECOND, "2011-07-31", 5))
        is None
    )


def test_the_same_date_printed_differently_was_restated(catalog: Catalog):
    found = find_restatement(count(catalog, FIRST, "2011-06-30", 5), count(catalog, SECOND, "2011-06-30", 6))
    assert told(found) == ("reprinted", "removed_total", 5, 6)


def test_the_same_date_printed_alike_was_not(catalog: Catalog):
    assert (
        find_restatement(count(catalog, FIRST, "2011-06-30", 5), count(catalog, SECOND, "2011-06-30", 5))
        is None
    )


AUTHORITIES = ["agency_file", "press_table", "quotation", "secondary"]


@pytest.mark.parametrize("earlier", AUTHORITIES)
@pytest.mark.parametrize("later", AUTHORITIES)
def test_a_reprint_restates_one_of_equal_or_lower_authority_and_none_of_higher(
    catalog: Catalog, earlier: str, later: str
):
    found = find_restatement(
        count(catalog, released("first", "2011-07-11", authority=earlier), "2011-06-30", 5),
        count(catalog, released("second", "2011-09-04", authority=later), "2011-06-30", 6),
    )
    assert (found is not None) == (AUTHORITIES.index(later) <= AUTHORITIES.index(earlier))


def test_another_place_restates_nothing(catalog: Catalog):
    boston = share(catalog, FIRST, "2011-06-30", 183, 352)
    cambridge = share(catalog, SECOND, "2011-07-31", 17, 36, CAMBRIDGE)
    assert find_restatement(boston, cambridge) is None


def test_a_release_does_not_restate_itself(catalog: Catalog):
    book = small_book(catalog, [FIRST], removed("first", "2011-05-31", 6), removed("first", "2011-06-30", 5))
    earlier, later = figures_of(book, "people_removed", "US")
    assert find_restatement(earlier, later) is None


def test_an_earlier_date_restates_no_later_one(catalog: Catalog):
    assert (
        find_restatement(count(catalog, FIRST, "2011-07-31", 6), count(catalog, SECOND, "2011-06-30", 5))
        is None
    )


def test_a_sum_that_lacks_places_restates_nothing(catalog: Catalog):
    partial = released("sum", "2012-12-31", lists="jurisdictions", leaves_out="the territories")
    book = small_book(
        catalog, [FIRST, partial], removed("first", "2011-06-30", 50), removed("sum", "2012-08-31", 5, BOSTON)
    )
    earlier, later = figures_of(book, "people_removed", "US")
    assert (later.numerator, later.is_partial) == (5, True)
    assert find_restatement(earlier, later) is None
    assert find_restatement(later, earlier) is None


def test_a_bound_without_counts_restates_nothing(catalog: Catalog):
    book = small_book(
        catalog,
        [FIRST, SECOND],
        printed("first", "2011-06-30", removed_convicted_level1=9, removed_total=10),
        printed("second", "2011-06-30", above={"removed_level1_share_above": "0.25"}),
    )
    first, second = figures_of(book, "share_level_1")
    assert find_restatement(first, second) is None


@given(before=st.integers(0, 50), after=st.integers(0, 50), later=st.integers(0, 60))
@hypothesis_settings(max_examples=50)
def test_a_count_is_restated_where_it_differs_on_one_date_or_falls_to_a_later_one(
    catalog: Catalog, before: int, after: int, later: int
):
    through = (day("2011-06-30") + days(later)).isoformat()
    found = find_restatement(
        count(catalog, FIRST, "2011-06-30", before), count(catalog, SECOND, through, after)
    )
    differs = after != before if later == 0 else after < before
    assert (found is not None) == differs
