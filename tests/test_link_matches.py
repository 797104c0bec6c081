"""Which arrest led to which stay, and which removal ended it: windows, ties, and stays that lose their arrest."""

from __future__ import annotations

import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recount.declare.catalog import Catalog
from recount.declare.linking import Linking, load_linking
from recount.errors import DataError, UnknownNameError
from recount.link.matches import WAYS, Way, count_matches, follow_arrests, match_events_to_stays
from small_links import at, core_rows, day, told

NOON = at("2025-03-10 12:00")
KEYS = ("release", "row_original")


@pytest.fixture(scope="module")
def linking(catalog: Catalog) -> Linking:
    return load_linking(catalog)


def after(hours: float) -> datetime.datetime:
    return NOON + datetime.timedelta(hours=hours)


def arrest(hours: float | None, person: str | None = "A", **more: Any) -> dict[str, Any]:
    moment = None if hours is None else after(hours)
    return {"unique_identifier": person, "apprehension_datetime": moment, **more}


def stays_of(rows: list[tuple[Any, ...]]) -> ir.Table:
    """Stays as (hours of start, hours of end, person, release); what is left out is A of march-2026, and open."""
    filled = []
    for start, *rest in rows:
        end, person, release = (*rest, *(None, "A", "march-2026")[len(rest) :])
        filled.append((release, person, after(start), None if end is None else after(end)))
    times = pl.Datetime("us")
    schema = {
        "release": pl.String,
        "unique_identifier": pl.String,
        "stay_book_in_datetime": times,
        "stay_book_out_datetime": times,
    }
    frame = pl.DataFrame(filled, schema=schema, orient="row")
    return ibis.memtable(
        frame.with_columns(
            stay_book_in_date=pl.col("stay_book_in_datetime").dt.date(),
            stay_book_out_date=pl.col("stay_book_out_datetime").dt.date(),
        )
    )


def found(
    catalog: Catalog, linking: Linking, arrests: list[Any], stays: list[Any], way: Way = "mutual_best"
) -> list[tuple[str, float | None]]:
    """Returns for each arrest its status, and the start of its stay in hours."""
    table = match_events_to_stays(
        core_rows(catalog, "arrests", arrests), stays_of(stays), "arrests_to_stays", linking, way
    )
    return [
        (status, None if start is None else (start - NOON).total_seconds() / 3600)
        for status, start in told(table, "match_status", "stay_book_in_datetime", by=KEYS)
    ]


@pytest.mark.parametrize("way", WAYS)
def test_both_ends_of_the_window_belong_to_it(catalog: Catalog, linking: Linking, way: Way):
    people = {"A": -120, "B": -120.01, "C": 240, "D": 240.01}
    arrests = [arrest(0, each) for each in people]
    stays = [(hours, None, each) for each, hours in people.items()]
    assert found(catalog, linking, arrests, stays, way) == [
        ("matched", -120),
        ("unmatched", None),
        ("matched", 240),
        ("unmatched", None),
    ]


@pytest.mark.parametrize("way", WAYS)
def test_a_stay_that_loses_its_arrest_takes_no_other(catalog: Catalog, linking: Linking, way: Way):
    # Both stays are nearest to the second arrest, which takes the nearer; the other stay has a second choice.
    assert found(catalog, linking, [arrest(0), arrest(10)], [(11,), (15,)], way) == [
        ("unmatched", None),
        ("matched", 11),
    ]


def test_an_arrest_whose_best_stay_went_elsewhere_gets_another_by_the_greedy_way_only(
    catalog: Catalog, linking: Linking
):
    # The second stay takes the first arrest, whose own best is the first stay, taken by the second arrest.
    arrests, stays = [arrest(0), arrest(10)], [(9,), (-20,)]
    assert found(catalog, linking, arrests, stays) == [("unmatched", None), ("matched", 9)]
    assert found(catalog, linking, arrests, stays, "ddp_greedy") == [("matched", -20), ("matched", 9)]


@pytest.mark.parametrize("way", WAYS)
def test_of_two_stays_as_near_the_one_after_the_arrest_is_taken_and_the_match_is_ambiguous(
    catalog: Catalog, linking: Linking, way: Way
):
    assert found(catalog, linking, [arrest(0)], [(-5,), (5,)], way) == [("ambiguous", 5)]


@pytest.mark.parametrize("way", WAYS)
def test_of_two_arrests_as_near_the_one_before_the_stay_is_taken_and_both_are_ambiguous(
    catalog: Catalog, linking: Linking, way: Way
):
    assert found(catalog, linking, [arrest(5), arrest(-5)], [(0,)], way) == [
        ("ambiguous", None),
        ("ambiguous", 0),
    ]


@pytest.mark.parametrize("way", WAYS)
def test_of_two_arrests_of_one_moment_the_first_by_file_sheet_and_row_is_taken(
    catalog: Catalog, linking: Linking, way: Way
):
    arrests = [arrest(0, file_original="b.xlsx"), arrest(0, file_original="a.xlsx", sheet_original=None)]
    assert found(catalog, linking, arrests, [(1,)], way) == [("ambiguous", None), ("ambiguous", 1)]


@pytest.mark.parametrize("way", WAYS)
def test_identifiers_never_join_across_releases(catalog: Catalog, linking: Linking, way: Way):
    arrests = [arrest(0, release="july-2025"), arrest(0, release="march-2026")]
    assert found(catalog, linking, arrests, [(1, None, "A", "march-2026")], way) == [
        ("unmatched", None),
        ("matched", 1),
    ]


@pytest.mark.parametrize("way", WAYS)
def test_no_identifier_or_no_time_is_no_match_and_no_row_is_lost(
    catalog: Catalog, linking: Linking, way: Way
):
    assert (
        found(catalog, linking, [arrest(0, None), arrest(None), arrest(0, "B")], [(1,)], way)
        == [("unmatched", None)] * 3
    )


def test_a_removal_belongs_to_the_stay_that_ended_up_to_ten_days_before_or_a_day_after_it(
    catalog: Catalog, linking: Linking
):
    # A day of departure is its midnight, 12 hours before noon.
    ends = {"A": 12, "B": 12.01, "C": -252, "D": -252.01, "E": None}
    removals = [{"unique_identifier": each, "departed_date": day("2025-03-10")} for each in ends]
    stays = stays_of([(-300, end, each) for each, end in ends.items()])
    table = match_events_to_stays(
        core_rows(catalog, "removals", removals), stays, "removals_to_stays", linking
    )
    statuses = ["matched", "unmatched", "matched", "unmatched", "unmatched"]
    assert told(table, "match_status", by=KEYS) == statuses
    assert told(table, "stay_gap_seconds", by=KEYS)[0] == 24 * 3600


def test_matches_are_counted_from_both_sides(catalog: Catalog, linking: Linking):
    arrests = [arrest(0), arrest(0, "B"), arrest(0, "B"), arrest(0, "C"), arrest(0, None)]
    stays = stays_of([(1,), (300,), (1, None, "B"), (1, None, "D")])
    table = match_events_to_stays(core_rows(catalog, "arrests", arrests), stays, "arrests_to_stays", linking)
    assert count_matches(table, stays).to_polars().to_dicts() == [
        {
            "event_count": 5,
            "matched_count": 1,
            "ambiguous_count": 2,
            "unmatched_count": 2,
            "ambiguous_with_stay_count": 1,
            "no_identifier_count": 1,
            "stay_matched_count": 2,
            "stay_count": 4,
        }
    ]


def test_an_arrest_is_followed_through_its_stay_to_the_removal_that_ended_it(
    catalog: Catalog, linking: Linking
):
    arrests = [arrest(0), arrest(500), arrest(0, "B"), arrest(0, None)]
    stays = stays_of([(1, 100), (501,), (1, 100, "B", "july-2025")])
    removals = [
        {"unique_identifier": "A", "departed_date": after(100).date()},
        {"unique_identifier": "A", "departed_date": after(1000).date()},
        {"unique_identifier": "B", "departed_date": after(100).date()},
        {"unique_identifier": None, "departed_date": after(100).date()},
    ]
    followed = follow_arrests(
        core_rows(catalog, "arrests", arrests), stays, core_rows(catalog, "removals", removals), linking
    )
    columns = ("match_status", "removal_match_status", "removal_departed_date", "removal_row_original")
    assert told(followed, *columns, by=KEYS) == [
        ("matched", "matched", after(100).date(), 8),
        ("matched", None, None, None),
        ("unmatched", None, None, None),
        ("unmatched", None, None, None),
    ]


def test_what_cannot_be_matched_is_refused(catalog: Catalog, linking: Linking):
    arrests, stays = core_rows(catalog, "arrests", [arrest(0)]), stays_of([(1,)])
    with pytest.raises(UnknownNameError, match="arrests_to_stays"):
        match_events_to_stays(arrests, stays, "arrests_to_stay", linking)
    with pytest.raises(UnknownNameError, match="mutual_best"):
        match_events_to_stays(arrests, stays, "arrests_to_stays", linking, "mutual")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="stay_book_in_date"):
        match_events_to_stays(arrests, stays.drop("stay_book_in_date"), "arrests_to_stays", linking)
    matched = match_events_to_stays(arrests, stays, "arrests_to_stays", linking)
    with pytest.raises(DataError, match="matched already"):
        match_events_to_stays(matched, stays, "arrests_to_stays", linking)


@settings(max_examples=8)
@given(
    arrests=st.lists(
        st.tuples(st.integers(-10, 10), st.sampled_from(["A", "B", None])), min_size=1, max_size=6
    ),
    starts=st.sets(st.integers(-10, 10), min_size=1, max_size=5),
    way=st.sampled_from(WAYS),
)
def test_laws_of_matches(
    catalog: Catalog, linking: Linking, arrests: list[tuple[int, str | None]], starts: set[int], way: Way
):
    rows = [arrest(*each) for each in arrests]
    told_forwards = found(catalog, linking, rows, [(each,) for each in sorted(starts)], way)
    # As many events out as in, and no stay has two of them.
    assert len(told_forwards) == len(rows)
    taken = [start for _, start in told_forwards if start is not None]
    assert len(taken) == len(set(taken))
    # A match is of one person, and one of them is there wherever a candidate is.
    assert all(
        start is None for (_, person), (_, start) in zip(arrests, told_forwards, strict=True) if person != "A"
    )
    assert bool(taken) == any(person == "A" for _, person in arrests)
    # Mutual best is a part of greedy.
    if way == "mutual_best":
        greedy = found(catalog, linking, rows, [(each,) for each in sorted(starts)], "ddp_greedy")
        pairs = zip(told_forwards, greedy, strict=True)
        assert all(start is None or start == other for (_, start), (_, other) in pairs)
    # The order of the rows in does not matter: rows keep their numbers.
    numbered = [{**each, "row_original": number + 8} for number, each in enumerate(rows)]
    backwards = found(
        catalog, linking, numbered[::-1], [(each,) for each in sorted(starts, reverse=True)], way
    )
    assert backwards == told_forwards
