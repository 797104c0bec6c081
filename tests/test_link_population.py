"""How many were held on each day: at any time of it, at the midnight that ends it, as people and as rows."""

from __future__ import annotations

import datetime
from typing import Any

import ibis
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recount.declare.catalog import Catalog
from recount.errors import UnknownNameError, UsageError
from recount.link.population import COUNTINGS, Counting, count_stints_in_population, daily_population
from small_links import core_frame, core_rows, day, told

FIRST, LAST = datetime.date(2025, 3, 1), datetime.date(2025, 3, 5)
KEYS = ("release", "detention_facility_code", "population_date")


def stint(
    book_in: str | None, book_out: str | None, person: str | None = "A", code: str = "BTV", **more: Any
) -> dict[str, Any]:
    return {
        "unique_identifier": person,
        "book_in_date": day(book_in),
        "book_out_date": day(book_out),
        "detention_facility_code": code,
        **more,
    }


def counts(
    catalog: Catalog, rows: list[dict[str, Any]], counting: Counting = "people"
) -> tuple[list[int], list[int]]:
    """Returns present and midnight counts of the days 1 to 5 of March, of the one facility there is."""
    daily = daily_population(core_rows(catalog, "stints", rows), FIRST, LAST, counting=counting)
    found = told(daily, "population_date", "present_count", "midnight_count", by=KEYS)
    assert [each[0] for each in found] == [FIRST + datetime.timedelta(days=each) for each in range(5)]
    return [each[1] for each in found], [each[2] for each in found]


def test_a_person_is_present_through_the_day_of_book_out_and_at_midnight_until_the_day_before(
    catalog: Catalog,
):
    assert counts(catalog, [stint("2025-03-02", "2025-03-04")]) == ([0, 1, 1, 1, 0], [0, 1, 1, 0, 0])


def test_a_stint_within_one_day_is_present_and_at_no_midnight(catalog: Catalog):
    assert counts(catalog, [stint("2025-03-02", "2025-03-02")]) == ([0, 1, 0, 0, 0], [0, 0, 0, 0, 0])


def test_an_open_stint_is_counted_through_the_last_day(catalog: Catalog):
    assert counts(catalog, [stint("2025-03-03", None)]) == ([0, 0, 1, 1, 1], [0, 0, 1, 1, 1])


def test_stints_that_began_before_or_end_after_the_days_asked_for_are_counted_in_them(catalog: Catalog):
    rows = [
        stint("2025-01-01", "2025-03-02", "A"),
        stint("2025-03-05", "2025-06-01", "B"),
        stint("2025-01-01", "2025-02-28", "C"),
        stint("2025-03-06", None, "D"),
    ]
    assert counts(catalog, rows) == ([1, 1, 0, 0, 1], [1, 0, 0, 0, 1])


def test_a_person_with_rows_that_overlap_or_repeat_counts_once_and_their_rows_each(catalog: Catalog):
    rows = [
        stint("2025-03-01", "2025-03-03"),
        stint("2025-03-02", "2025-03-05"),
        stint("2025-03-02", "2025-03-05"),
    ]
    assert counts(catalog, rows) == ([1, 1, 1, 1, 1], [1, 1, 1, 1, 0])
    assert counts(catalog, rows, "rows") == ([1, 3, 3, 2, 2], [1, 3, 2, 2, 0])


def test_rows_without_identifier_are_each_a_person(catalog: Catalog):
    rows = [stint("2025-03-01", "2025-03-02", None), stint("2025-03-01", "2025-03-02", None)]
    assert counts(catalog, rows) == ([2, 2, 0, 0, 0], [2, 0, 0, 0, 0])


def test_one_identifier_in_two_releases_is_counted_in_each(catalog: Catalog):
    rows = [stint("2025-03-01", None, release=each) for each in ("july-2025", "march-2026")]
    daily = daily_population(core_rows(catalog, "stints", rows), FIRST, FIRST)
    assert told(daily, "release", "midnight_count", by=KEYS) == [("july-2025", 1), ("march-2026", 1)]


def test_a_move_within_the_day_counts_at_both_facilities_once_in_all_and_midnights_add_up(catalog: Catalog):
    rows = [stint("2025-03-01", "2025-03-02"), stint("2025-03-02", "2025-03-04", code="STR")]
    stints = core_rows(catalog, "stints", rows)
    by_facility = daily_population(stints, FIRST, LAST)
    assert told(by_facility, "detention_facility_code", "present_count", "midnight_count", by=KEYS) == [
        *[("BTV", 1, 1), ("BTV", 1, 0), ("BTV", 0, 0), ("BTV", 0, 0), ("BTV", 0, 0)],
        *[("STR", 0, 0), ("STR", 1, 1), ("STR", 1, 1), ("STR", 1, 0), ("STR", 0, 0)],
    ]
    all_together = daily_population(stints, FIRST, LAST, by=())
    assert told(all_together, "present_count", "midnight_count", by=KEYS[::2]) == [
        (1, 1),
        (1, 1),
        (1, 1),
        (1, 0),
        (0, 0),
    ]


def test_stints_of_an_unknown_facility_have_rows_of_their_own(catalog: Catalog):
    rows = [stint("2025-03-01", None, code=None), stint("2025-03-01", None, "B")]  # type: ignore[arg-type]
    daily = daily_population(core_rows(catalog, "stints", rows), FIRST, FIRST).to_polars()
    assert sorted(daily.select("detention_facility_code", "present_count").rows(), key=str) == [
        ("BTV", 1),
        (None, 1),
    ]


def test_stints_without_book_in_or_that_end_before_they_begin_are_not_counted_and_said(catalog: Catalog):
    rows = [
        stint("2025-03-01", None),
        stint(None, "2025-03-02", "B"),
        stint("2025-03-04", "2025-03-02", "C"),
        stint(None, None, "D"),
    ]
    assert counts(catalog, rows)[0] == [1, 1, 1, 1, 1]
    assert count_stints_in_population(core_rows(catalog, "stints", rows)).to_polars().to_dicts() == [
        {"stint_count": 4, "counted_count": 1, "no_book_in_count": 2, "ends_before_it_begins_count": 1}
    ]


def test_a_question_that_cannot_be_asked_is_refused(catalog: Catalog):
    stints = core_rows(catalog, "stints", [stint("2025-03-01", None)])
    with pytest.raises(UsageError, match="first day lies after"):
        daily_population(stints, LAST, FIRST)
    with pytest.raises(UnknownNameError, match="persons"):
        daily_population(stints, FIRST, LAST, counting="persons")  # type: ignore[arg-type]


DAYS = st.integers(0, 8)


@settings(max_examples=8)
@given(
    spans=st.lists(
        st.tuples(
            DAYS,
            st.one_of(st.none(), DAYS),
            st.sampled_from(["A", "B", None]),
            st.sampled_from(["BTV", "STR"]),
        ),
        min_size=1,
        max_size=8,
    ),
    counting=st.sampled_from(COUNTINGS),
)
def test_laws_of_daily_population(
    catalog: Catalog, spans: list[tuple[int, int | None, str | None, str]], counting: Counting
):
    start = datetime.date(2025, 2, 27)
    stretch = [start + datetime.timedelta(days=each) for each in range(9)]
    rows = [
        {
            "unique_identifier": person,
            "book_in_date": stretch[first],
            "book_out_date": None if last is None else stretch[last],
            "detention_facility_code": code,
        }
        for first, last, person, code in spans
    ]
    frame = core_frame(catalog, "stints", rows)
    daily = daily_population(ibis.memtable(frame), FIRST, LAST, counting=counting).to_polars()

    # As counted day by day and row by row.
    for facility, when, present, midnight in daily.select(
        *KEYS[1:], "present_count", "midnight_count"
    ).rows():
        here = [
            (
                row["unique_identifier"] or number,
                row["book_in_date"],
                row["book_out_date"] or datetime.date.max,
            )
            for number, row in enumerate(rows)
            if row["detention_facility_code"] == facility
        ]
        here = [each for each in here if each[1] <= each[2]]
        held = [person for person, begin, end in here if begin <= when <= end]
        stays = [person for person, begin, end in here if begin <= when < end]
        once = set if counting == "people" else list
        assert (present, midnight) == (len(once(held)), len(once(stays)))  # type: ignore[operator]
    # Every day and facility has its row; the sum over days is the sum of the midnights of stints.
    assert len(daily) == 5 * frame["detention_facility_code"].n_unique()
    if counting == "rows":
        nights = sum(
            max(
                0,
                (
                    min(row["book_out_date"] or datetime.date.max, LAST + datetime.timedelta(1))
                    - max(row["book_in_date"], FIRST)
                ).days,
            )
            for row in rows
        )
        assert daily["midnight_count"].sum() == nights
    # The order of the rows in does not matter.
    turned = daily_population(ibis.memtable(frame.reverse()), FIRST, LAST, counting=counting).to_polars()
    assert turned.sort(KEYS).equals(daily.sort(KEYS))
    assert daily.schema["population_date"] == pl.Date
