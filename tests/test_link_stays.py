"""Stints become stays: their first, longest and last facility, until when they last, and what makes none."""

from __future__ import annotations

import datetime
from typing import Any

import ibis
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recount.declare.catalog import Catalog
from recount.errors import DataError
from recount.link.duplicates_stints import add_seen_bonds
from recount.link.stays import STAY, count_stints_in_stays, merge_stints_into_stays, stints_set_aside
from small_links import at, core_frame, core_rows, day, told

START = "2025-03-01 06:00"
CUT_OFF = at("2025-03-31 23:59:59")


def stint(book_in: str | None, book_out: str | None, code: str | None = "BTV", **more: Any) -> dict[str, Any]:
    return {
        "unique_identifier": "A",
        "stay_book_in_datetime": at(START),
        "book_in_datetime": at(book_in),
        "book_out_datetime": at(book_out),
        "detention_facility_code": code,
        **more,
    }


def stays_of(catalog: Catalog, rows: list[dict[str, Any]], cut_off: Any = CUT_OFF) -> Any:
    return merge_stints_into_stays(core_rows(catalog, "stints", rows), cut_off)


def test_a_stay_has_its_first_longest_and_last_facility_and_its_codes_in_order(catalog: Catalog):
    rows = [
        stint("2025-03-10 08:00", "2025-03-11 08:00", "STR"),
        stint("2025-03-01 06:00", "2025-03-02 06:00", "BTV"),
        stint("2025-03-02 07:00", "2025-03-10 07:00", None, detention_facility="Plymouth"),
    ]
    stays = stays_of(catalog, rows)
    columns = ("stint_count", "facility_codes_in_order", "first_facility_code", "longest_facility")
    assert told(stays, *columns, "last_facility_code", by=STAY) == [
        (3, "BTV; ; STR", "BTV", "Plymouth", "STR")
    ]
    assert told(stays, "longest_book_in_datetime", "longest_book_out_datetime", by=STAY) == [
        (at("2025-03-02 07:00"), at("2025-03-10 07:00"))
    ]


def test_of_stints_equally_long_the_last_is_the_longest(catalog: Catalog):
    rows = [
        stint("2025-03-01 06:00", "2025-03-03 06:00", "BTV"),
        stint("2025-03-05 06:00", "2025-03-07 06:00", "STR"),
        stint("2025-03-03 06:00", "2025-03-05 06:00", "PLY"),
    ]
    assert told(stays_of(catalog, rows), "longest_facility_code", by=STAY) == ["STR"]


def test_an_open_stint_lasts_until_the_cut_off_that_the_caller_gives(catalog: Catalog):
    rows = [
        stint("2025-03-01 06:00", "2025-03-20 06:00", "BTV"),
        stint("2025-03-20 06:00", None, "STR"),
    ]
    seen = {}
    for cut_off in (at("2025-03-25"), at("2025-04-25")):
        (seen[cut_off],) = told(
            stays_of(catalog, rows, cut_off),
            "longest_facility_code",
            "is_open",
            "stay_end_inferred",
            "stay_end_basis",
            "stay_length_seconds",
            by=STAY,
        )
    for cut_off, longest in zip(seen, ("BTV", "STR"), strict=True):
        start = at(START)
        length = int((cut_off - start).total_seconds())
        assert seen[cut_off] == (longest, True, cut_off, "cut_off", length)


def test_a_cut_off_given_as_a_day_counts_to_its_last_second(catalog: Catalog):
    stays = stays_of(catalog, [stint("2025-03-20 06:00", None)], datetime.date(2025, 3, 31))
    assert told(stays, "stay_end_inferred", by=STAY) == [at("2025-03-31 23:59:59")]


def test_a_stay_with_a_recorded_end_is_closed_and_ends_there(catalog: Catalog):
    rows = [stint("2025-03-01 06:00", "2025-03-02 06:00", stay_book_out_datetime=at("2025-03-02 06:00"))]
    stays = stays_of(catalog, rows)
    columns = ("is_open", "stay_end_inferred", "stay_end_basis", "stay_length_seconds")
    assert told(stays, *columns, by=STAY) == [(False, at("2025-03-02 06:00"), "reported", 86_400)]


def test_an_open_stint_comes_before_a_closed_one_of_the_same_book_in(catalog: Catalog):
    rows = [
        stint("2025-03-01 06:00", "2025-03-02 06:00", "STR"),
        stint("2025-03-01 06:00", None, "BTV"),
    ]
    stays = stays_of(catalog, rows)
    assert told(stays, "first_facility_code", "last_facility_code", by=STAY) == [("BTV", "STR")]


def test_stints_of_one_moment_go_by_file_sheet_and_row(catalog: Catalog):
    rows = [
        stint("2025-03-01 06:00", "2025-03-02 06:00", "BTV", file_original="b.xlsx"),
        stint("2025-03-01 06:00", "2025-03-02 06:00", "STR", file_original="a.xlsx"),
    ]
    stays = stays_of(catalog, rows)
    assert told(stays, "facility_codes_in_order", "longest_facility_code", "file_original", by=STAY) == [
        ("STR; BTV", "BTV", "b.xlsx")
    ]


def test_other_columns_are_those_of_the_last_stint_and_those_of_one_stint_go(catalog: Catalog):
    rows = [
        stint("2025-03-01 06:00", "2025-03-02 06:00", gender_code="male", final_program="first"),
        stint("2025-03-02 06:00", None, gender_code=None, final_program="last", detention_release_reason="x"),
    ]
    stays = stays_of(catalog, rows)
    assert told(stays, "gender_code", "final_program", "row_original", by=STAY) == [(None, "last", 9)]
    assert not {"detention_release_reason", "book_in_site", "detention_facility", "book_in_date"} & {
        *stays.columns
    }


def test_stays_of_a_person_are_numbered_within_the_release(catalog: Catalog):
    rows = [
        stint("2025-05-01 06:00", None, stay_book_in_datetime=at("2025-05-01 06:00")),
        stint("2025-03-01 06:00", None),
        stint("2025-03-01 06:00", None, release="july-2025"),
        stint("2025-03-01 06:00", None, unique_identifier="B"),
    ]
    stays = stays_of(catalog, rows)
    columns = ("release", "unique_identifier", "stay_number", "person_stay_count")
    assert told(stays, *columns, by=STAY) == [
        ("july-2025", "A", 1, 1),
        ("march-2026", "A", 1, 2),
        ("march-2026", "A", 2, 2),
        ("march-2026", "B", 1, 1),
    ]


def test_a_release_that_gives_days_only_starts_its_stays_at_midnight(catalog: Catalog):
    row = {
        "unique_identifier": "A",
        "stay_book_in_date": day("2025-03-01"),
        "book_in_date": day("2025-03-01"),
    }
    stays = stays_of(catalog, [{**row, "book_out_date": day("2025-03-04"), "detention_facility_code": "BTV"}])
    assert told(stays, "stay_book_in_datetime", "first_book_out_datetime", by=STAY) == [
        (at("2025-03-01"), at("2025-03-04"))
    ]


def test_a_start_that_lies_after_a_book_in_is_marked(catalog: Catalog):
    rows = [
        stint("2025-02-20 06:00", "2025-03-01 06:00"),
        stint("2025-03-01 06:00", None, unique_identifier="B"),
        stint(None, None, unique_identifier="C"),
    ]
    assert told(stays_of(catalog, rows), "is_start_after_first_book_in", by=STAY) == [True, False, None]


def test_the_lowest_bonds_of_a_stay_are_those_of_its_stints(catalog: Catalog):
    rows = [
        stint("2025-03-01 06:00", "2025-03-02 06:00", initial_bond_set_amount_usd=5000.0),
        stint("2025-03-02 06:00", None, initial_bond_set_amount_usd=1500.0),
        stint("2025-03-03 06:00", None),
    ]
    stays = merge_stints_into_stays(add_seen_bonds(core_rows(catalog, "stints", rows)), CUT_OFF)
    assert told(stays, "initial_bond_lowest_usd", "bond_posted_lowest_usd", by=STAY) == [(1500.0, None)]


def test_stints_that_make_no_stay_are_set_aside_with_a_reason_and_counted(catalog: Catalog):
    rows = [
        stint("2025-03-01 06:00", None),
        stint("2025-03-01 06:00", None, unique_identifier=None),
        stint("2025-03-01 06:00", None, stay_book_in_datetime=None),
        stint("2025-03-01 06:00", None, release="july-2025"),
        stint("2025-03-02 06:00", None),
    ]
    stints = core_rows(catalog, "stints", rows)
    cut_offs = {"march-2026": CUT_OFF}
    aside = stints_set_aside(stints, cut_offs)
    assert aside.columns == (*stints.columns, "set_aside_because")
    assert told(aside, "row_original", "set_aside_because") == [
        (9, "no_identifier"),
        (10, "no_stay_start"),
        (11, "no_cut_off"),
    ]
    counted = count_stints_in_stays(stints, cut_offs).to_polars().to_dicts()
    assert counted == [
        {
            "stint_count": 5,
            "merged_count": 2,
            "no_identifier_count": 1,
            "no_stay_start_count": 1,
            "no_cut_off_count": 1,
        }
    ]
    assert told(merge_stints_into_stays(stints, cut_offs), "stint_count", by=STAY) == [2]
    assert told(merge_stints_into_stays(stints, {}), "stint_count", by=STAY) == []


def test_a_table_that_lacks_a_column_is_refused(catalog: Catalog):
    stints = core_rows(catalog, "stints", [stint(START, None)]).drop("stay_book_out_date")
    with pytest.raises(DataError, match="stay_book_out_date"):
        merge_stints_into_stays(stints, CUT_OFF)


HOURS = st.one_of(st.none(), st.integers(0, 100))


@st.composite
def stints(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = []
    start = at(START)
    for _ in range(draw(st.integers(1, 8))):
        book_in, book_out = draw(HOURS), draw(HOURS)
        rows.append(
            {
                "unique_identifier": draw(st.sampled_from(["A", "B", None])),
                "release": draw(st.sampled_from(["one", "two"])),
                "stay_book_in_datetime": draw(st.sampled_from([start, None])),
                "book_in_datetime": None if book_in is None else start + datetime.timedelta(hours=book_in),
                "book_out_datetime": None if book_out is None else start + datetime.timedelta(hours=book_out),
                "detention_facility_code": draw(st.sampled_from(["BTV", "STR", None])),
            }
        )
    return rows


@settings(max_examples=8)
@given(rows=stints())
def test_laws_of_stays(catalog: Catalog, rows: list[dict[str, Any]]):
    frame = core_frame(catalog, "stints", rows)
    cut_offs = {"one": CUT_OFF}
    stays = merge_stints_into_stays(ibis.memtable(frame), cut_offs).to_polars().sort(STAY)
    aside = stints_set_aside(ibis.memtable(frame), cut_offs).to_polars()
    # Every stint is in one stay or set aside, and the key is unique.
    assert stays["stint_count"].sum() + len(aside) == len(frame)
    assert not stays.select(STAY).is_duplicated().any()
    # A stay names as many codes as it has stints.
    assert [each.count("; ") + 1 for each in stays["facility_codes_in_order"]] == stays[
        "stint_count"
    ].to_list()
    # The order of the rows in does not matter.
    turned = merge_stints_into_stays(ibis.memtable(frame.reverse()), cut_offs).to_polars()
    assert turned.sort(STAY).equals(stays)
    assert stays.select(pl.col("last_book_in_datetime") >= pl.col("first_book_in_datetime")).to_series().all()
