"""The OHSS monthly tables: read as printed or refused, and ICE's workbooks held to them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from recount.clean.monthly_tables import CleanedMonthly, clean_monthly
from recount.declare.catalog import Catalog
from recount.declare.frames import build_frame
from recount.errors import ReleaseFileError
from recount.extract.workbooks import RawSheet, RawWorkbook
from recount.record.manifest import Manifest
from recount.record.store import read_layer
from recount.validate.flags import flag_tables
from small_statistics import TABLE, Row, figure
from tiny_release import source_file

NAME = "2024_1206_ohss_immigration-enforcement-and-legal-processes-tables-november-2023.xlsx"
AGENCY, CRIMINALITY, REMOVALS = (
    "ICE Book-Ins by Arrest Agency",
    "ICE Book-Ins by Criminality",
    "ICE ERO R&R by Arrest Agcy",
)
YEARS = "Fiscal Years 2023 to 2024 YTD (November 2023)"
MONTHS = ("October", "November", "December", "January", "February", "March", "April", "May", "June", "July")
Grid = list[list[str | None]]


def months(*numbers: str) -> Grid:
    """Returns a whole fiscal year 2023, and 2024 to November; every row prints the same numbers."""
    whole = [["2023", "Total", *numbers]]
    whole += [[None, month, *numbers] for month in (*MONTHS, "August", "September")]
    return [*whole, ["2024 YTD", "Total", *numbers], *([None, month, *numbers] for month in MONTHS[:2])]


def sheets() -> dict[str, Grid]:
    by_agency = ["Fiscal Year", "Month", "Total", "CBP", "ICE"]
    kinds = ["Convicted Criminals", None, None, None, None, "Non-Criminal", None, None]
    parts = ["Total", "Aggravated Felons", "Felons", "Misdemeanors", "Other/ Unknown"]
    parts += ["Total", "Pending Criminal Charges", "Other Immigration Violators"]
    return {
        AGENCY: [
            ["Return to Table of Contents.", None, "A remark"],
            [f"Book-Ins to ICE Detention by Initial Arresting Agency: {YEARS}"],
            by_agency,
            *months("30", "20", "10"),
            ["Notes: rounded to the nearest ten."],
        ],
        CRIMINALITY: [
            [f"Book-Ins to ICE Detention by Criminality: {YEARS}"],
            [None, None, None, *kinds],
            ["Fiscal Year", "Month", "Total", *parts],
            *months("60", "10", "NA", "NA", "NA", "NA", "50", "20", "30"),
        ],
        REMOVALS: [
            [f"ICE ERO Removals and Returns by Initial Arresting Agency: {YEARS}"],
            by_agency,
            *months("70", "40", "20"),
        ],
    }


def padded(grid: Grid) -> Grid:
    width = max(map(len, grid))
    return [[*row, *[None] * (width - len(row))] for row in grid]


Clean = Callable[..., CleanedMonthly]


@pytest.fixture
def clean(catalog: Catalog) -> Clean:
    def clean(changed: dict[str, Grid] | None = None, name: str = NAME) -> CleanedMonthly:
        given = sheets() if changed is None else changed
        raw = RawWorkbook(
            source_file(name, b""),
            tuple(
                RawSheet(each, True, padded(grid)) for each, grid in {**given, "TOC": [["Contents"]]}.items()
            ),
        )
        return clean_monthly(raw, catalog.monthly["ohss"], catalog)

    return clean


def cell(cleaned: CleanedMonthly, sheet: str, address: str) -> Row:
    return next(
        row for row in cleaned.rows if (row["sheet_original"], row["cell_original"]) == (sheet, address)
    )


def test_a_number_is_kept_with_its_span_its_rounding_and_its_cell(clean: Clean):
    row = cell(clean(), AGENCY, "D5")
    assert {
        name: row[name] for name in ("statistic_name", "value_count", "rounded_to", "arresting_agency_code")
    } == {
        "statistic_name": "book_ins",
        "value_count": 20,
        "rounded_to": 10,
        "arresting_agency_code": "cbp",
    }
    assert (row["period_kind"], row["fiscal_year"]) == ("month", 2023)
    assert (row["period_start"], row["through_date"]) == (
        datetime.date(2022, 10, 1),
        datetime.date(2022, 10, 31),
    )


def test_a_whole_year_ends_on_30_september_and_the_last_where_the_title_says(clean: Clean):
    cleaned = clean()
    assert cell(cleaned, AGENCY, "C4")["through_date"] == datetime.date(2023, 9, 30)
    assert cell(cleaned, AGENCY, "C17")["through_date"] == datetime.date(2023, 11, 30)
    assert cell(cleaned, AGENCY, "C17")["period_kind"] == "fiscal_year_to_date"


def test_a_column_below_a_group_is_known_by_both(clean: Clean):
    rows = [
        row
        for row in clean().rows
        if row["sheet_original"] == CRIMINALITY and row["cell_original"].endswith("4")
    ]
    assert {row["criminality_code"]: row["value_count"] for row in rows} == {
        "convicted": 10,
        "pending": 20,
        "other": 30,
    }


def test_the_release_is_named_after_the_last_month_and_dated_by_the_files_name(clean: Clean):
    release = clean().release
    assert (release.release, release.covers_through) == (
        "ohss-monthly-tables-2023-11",
        datetime.date(2023, 11, 30),
    )
    assert (release.published_from, release.published_to) == (datetime.date(2024, 12, 6), None)


def test_sheets_that_no_table_stands_on_are_counted(clean: Clean):
    assert clean().other_sheets == 1


def put(sheet: str, row: int, column: int, text: str | None) -> dict[str, Grid]:
    """Returns the sheets with one cell changed; row and column are counted from one."""
    changed = sheets()
    changed[sheet][row - 1][column - 1] = text
    return changed


@pytest.mark.parametrize(
    ("sheet", "row", "column", "text", "told"),
    [
        (AGENCY, 5, 3, "34", f"{AGENCY}!C5: a count rounded to 10 should stand here"),
        (AGENCY, 5, 3, "-30", f"{AGENCY}!C5: a count rounded to 10 should stand here"),
        (AGENCY, 5, 3, None, f"{AGENCY}!C5: a count rounded to 10 should stand here"),
        (AGENCY, 5, 3, "about 30", f"{AGENCY}!C5: a count rounded to 10 should stand here"),
        (AGENCY, 5, 2, "November", f"{AGENCY}!B5: October alone should stand here"),
        (AGENCY, 5, 1, "2023", f"{AGENCY}!B5: October alone should stand here"),
        (AGENCY, 17, 1, None, f"{AGENCY}!B17: a fiscal year and its total should stand here"),
        (AGENCY, 17, 1, "2025 YTD", "the title counts through 2023-11-30"),
        (AGENCY, 3, 4, "Border Patrol", f"{AGENCY}!D3: no column is called 'Border Patrol'"),
        (AGENCY, 3, 4, None, "lacks the column 'CBP'"),
        (AGENCY, 2, 1, "Book-Ins", f"{AGENCY}: the title is another one"),
        (AGENCY, 20, 3, "7", f"{AGENCY}!C20: only notes stand below the last month"),
    ],
)
def test_a_sheet_laid_out_otherwise_is_refused_with_the_cell(
    clean: Clean, sheet: str, row: int, column: int, text: str | None, told: str
):
    changed = sheets()
    changed[sheet] = padded(changed[sheet])
    changed[sheet][row - 1][column - 1] = text
    with pytest.raises(ReleaseFileError) as raised:
        clean(changed)
    assert told in str(raised.value)
    assert NAME in str(raised.value)


def test_a_month_that_the_title_counts_and_no_row_prints_is_refused(clean: Clean):
    changed = sheets()
    changed[REMOVALS].pop()
    with pytest.raises(
        ReleaseFileError, match="the title counts through 2023-11-30, the last row through 2023-10-31"
    ):
        clean(changed)


def test_a_mark_stands_where_no_number_does(clean: Clean):
    changed = put(AGENCY, 5, 3, "X")
    assert ("C5", AGENCY) not in {
        (row["cell_original"], row["sheet_original"]) for row in clean(changed).rows
    }


def test_a_missing_sheet_is_refused(clean: Clean):
    changed = sheets()
    del changed[REMOVALS]
    with pytest.raises(ReleaseFileError, match="lacks the sheet 'ICE ERO R&R by Arrest Agcy'"):
        clean(changed)


def test_a_sheet_of_another_name_is_found_by_its_title(clean: Clean):
    changed = sheets()
    changed["R&R by Agency"] = changed.pop(REMOVALS)
    assert cell(clean(changed), "R&R by Agency", "C3")["value_count"] == 70


def test_a_title_that_names_a_year_alone_counts_through_september(clean: Clean):
    changed = {
        name: [
            [str(cell).replace(YEARS, "Fiscal Years 2023 to 2023") if cell else cell for cell in row]
            for row in grid
            if row[0] != "2024 YTD"
        ]
        for name, grid in sheets().items()
    }
    for grid in changed.values():
        last = max(number for number, row in enumerate(grid) if row[1:2] == ["September"])
        del grid[last + 1 : last + 3]
    assert str(clean(changed).release.covers_through) == "2023-09-30"


@pytest.mark.parametrize("start", ["24-0607", "24_0607", "2024_0607"])
def test_the_day_in_a_files_name_is_written_in_several_ways(clean: Clean, start: str):
    cleaned = clean(name=NAME.replace("2024_1206", start))
    assert str(cleaned.release.published_from) == "2024-06-07"


def test_sheets_that_count_through_different_days_are_refused(clean: Clean):
    changed = sheets()
    changed[REMOVALS][0][0] = str(changed[REMOVALS][0][0]).replace("November", "October")
    changed[REMOVALS].pop()
    with pytest.raises(ReleaseFileError, match="count through different days: 2023-10-31, 2023-11-30"):
        clean(changed)


# ICE's workbooks held to them


def ohss(count: int, release: str = "ohss-monthly-tables-2024-08", agency: str = "ice") -> Row:
    """Returns book-ins of October 2023 as one edition prints them."""
    row = figure(release, "2023-10-31", "book_ins", kind="month", start="2023-10-01", count=count, cell="C5")
    kept = {name: row[name] for name in row if name not in ("through_precision", "value_number", "flags")}
    dropped = ("facility_type_code", "release_reason_code", "disposition_code", "custody_band_code")
    return {name: value for name, value in kept.items() if name not in dropped} | {
        "unit_code": "events",
        "rounded_to": 10,
        "arresting_agency_code": agency,
    }


def flags_of(catalog: Catalog, count: int, *printed: Row, **more: Any) -> tuple[str | None, list[str]]:
    """Returns the flags of one workbook's book-ins of October 2023, and what was found."""
    row = figure(
        "workbook",
        more.pop("through", "2023-10-31"),
        "book_ins",
        kind="month",
        start="2023-10-01",
        count=count,
        cell="I20",
        arresting_agency="ice",
        **more,
    )
    frames = {name: build_frame([], table) for name, table in catalog.tables.items()}
    frames[TABLE] = build_frame([row], catalog.tables[TABLE])
    frames["ohss_figures"] = build_frame(printed, catalog.tables["ohss_figures"])
    flagged, findings = flag_tables(frames, catalog)
    return flagged[TABLE].get_column("flags").item(), [each.text for each in findings]


@pytest.mark.parametrize("count", [6_835, 6_840, 6_845, 6_772, 6_908])
def test_a_count_within_rounding_or_a_hundredth_of_ohss_is_not_flagged(catalog: Catalog, count: int):
    assert flags_of(catalog, count, ohss(6_840)) == (None, [])


def test_a_count_further_off_is_flagged_with_both_numbers(catalog: Catalog):
    assert flags_of(catalog, 6_500, ohss(6_840)) == (
        "differs_from_ohss",
        [
            "Detention!I20, book_ins from 2023-10-01 through 2023-10-31: 6,500; "
            "ohss-monthly-tables-2024-08 prints 6,840, rounded to 10"
        ],
    )


def test_rounding_alone_excuses_a_small_count(catalog: Catalog):
    assert flags_of(catalog, 15, ohss(20))[0] is None
    assert flags_of(catalog, 14, ohss(20))[0] == "differs_from_ohss"


def test_the_latest_edition_decides(catalog: Catalog):
    editions = ohss(6_500, "ohss-monthly-tables-2024-07"), ohss(6_840)
    assert flags_of(catalog, 6_840, *editions)[0] is None
    assert flags_of(catalog, 6_500, *editions)[0] == "differs_from_ohss"


def test_a_month_counted_in_part_is_not_compared(catalog: Catalog):
    assert flags_of(catalog, 100, ohss(6_840), through="2023-10-14") == (None, [])


def test_a_part_is_not_held_to_the_whole(catalog: Catalog):
    assert flags_of(catalog, 100, ohss(6_840), facility_type="family") == (None, [])
    assert flags_of(catalog, 100, ohss(6_840, agency="cbp")) == (None, [])


def test_without_ohss_nothing_is_compared(catalog: Catalog):
    assert flags_of(catalog, 100) == (None, [])


# The real ones


@pytest.fixture(scope="module")
def frames(real_record: tuple[Path, Manifest]) -> dict[str, pl.DataFrame]:
    layer = read_layer(real_record[0])
    return {name: layer.frames[name] for name in ("ohss_figures", "findings", TABLE)}


@pytest.mark.needs_shared
@pytest.mark.parametrize(
    ("year", "count"), [(2019, 267_260), (2020, 185_880), (2021, 59_010), (2022, 72_180), (2023, 142_580)]
)
def test_removals_of_a_fiscal_year_are_as_both_editions_print_them(
    frames: dict[str, pl.DataFrame], year: int, count: int
):
    rows = frames["ohss_figures"].filter(
        (pl.col("statistic_name") == "removals")
        & (pl.col("fiscal_year") == year)
        & (pl.col("period_kind") == "fiscal_year_to_date")
    )
    assert rows.get_column("value_count").to_list() == [count, count]


@pytest.mark.needs_shared
def test_the_counts_of_early_2022_that_ice_took_back_are_flagged(frames: dict[str, pl.DataFrame]):
    told = frames["findings"].filter(
        (pl.col("check") == "differs_from_ohss") & (pl.col("subject") == "fy22-detentionstats01102022")
    )
    assert any("33,856" in text and "30,420" in text for text in told.get_column("text"))


@pytest.mark.needs_shared
def test_the_final_workbooks_agree_with_ohss(frames: dict[str, pl.DataFrame]):
    final = ("fy19-detentionstats", "2c30cee5-fy20-detentionstats", "fy23-detentionstats10312023")
    told = frames["findings"].filter(pl.col("check") == "differs_from_ohss").get_column("subject")
    assert not set(final) & set(told)
