"""The real files of individual records: all of them read, no row lost, and the counts that are known of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from recount.acquire.files import read_file
from recount.declare.catalog import Catalog
from recount.record.event_parts import CleanedEventFile, EventReader, event_entry
from recount.record.manifest import FileEntry

pytestmark = pytest.mark.needs_shared

FOLDERS = ("foia/**/*.csv.gz", "foia/**/*.xlsx", "detainers/*.xlsx", "deportation-data-project/*.csv")
UW = "redacted UW v. DHS - ICE Productions_LESA-STU_FINAL.xlsx"
CAP = "FOIA 2018-ICFO-36170 Seattle Encounters Arrests and Removals_LESA_STU_Final-redacted.xlsx"
DETAINERS = "ICE_FOIA_15-87693_detainers_FY15YTD.xlsx"
ICFO = "ice-2019-icfo-53623"

ROWS = {
    ("EROArrests_FY2016.csv.gz", ""): 110_104,
    ("EROArrests_FY2018.csv.gz", ""): 158_581,
    ("EROArrests_FY2019.csv.gz", ""): 131_904,
    ("EROEncounters_FY2016.csv.gz", ""): 368_645,
    ("EROEncounters_FY2019.csv.gz", ""): 396_384,
    ("ICERemovals_FY2016.csv.gz", ""): 240_255,
    ("ICERemovals_FY2018.csv.gz", ""): 256_085,
    ("ICERemovals_FY2019.csv.gz", ""): 241_513,
    (UW, "Arrests"): 32_549,
    (UW, "Book Ins"): 36_811,
    (UW, "Expedited Removals"): 6_529,
    (UW, "Other Removals"): 20_384,
    (CAP, "FY2017 Arrests"): 2_656,
    (CAP, "FY2017 Encounters"): 11_712,
    (CAP, "FY2017 Removals"): 1_917,
    (CAP, "FY2018 Arrests"): 1_410,
    (CAP, "FY2018 Encounters"): 7_829,
    (CAP, "FY2018 Removals"): 1_267,
    (DETAINERS, "FOIA 15-06333 Detail"): 79_053,
    ("arrest.csv", ""): 47,
    ("detainer.csv", ""): 47,
    ("detention.csv", ""): 104,
    ("encounter.csv", ""): 79,
}
"""What `../shared/data/README.md` and the files' own last rows say."""
KEPT = {
    *("apprehension_date", "event_date", "departed_date", "detainer_prepare_date", "book_in_date"),
    *("apprehension_aor_code", "removal_aor_code", "citizenship_code", "apprehension_method_code"),
    *("case_threat_level_code", "operation", "redacted_fields", "row_original", "apprehension_landmark"),
    *("arrest_date", "responsible_aor_code"),
}


class Files:
    """The real files, each read once: accounts of all, and of the core rows the columns that tests look at."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        reader = EventReader(catalog)
        paths = sorted({path for pattern in FOLDERS for path in folder.glob(pattern)})
        self.entries: dict[str, FileEntry] = {}
        self.frames: dict[tuple[str, str], pl.DataFrame] = {}
        self.headers: dict[str, set[int]] = {}
        self.releases: dict[str, str] = {}
        self.values: dict[str, list[tuple[str, str, int]]] = {}
        for path in paths:
            self._keep(reader.read(read_file(path, path.name)))

    def _keep(self, cleaned: CleanedEventFile) -> None:
        name = cleaned.file.name
        self.entries[name] = event_entry(cleaned)
        self.releases[name] = cleaned.release.release
        self.headers[name] = {each.header_row for each in cleaned.raw.tables}
        self.values[name] = [
            (each.sheet, one.column, one.rows.height)
            for each in cleaned.tables
            for one in each.values_set_aside
        ]
        for each in cleaned.tables:
            columns = [column for column in each.frame.columns if column in KEPT]
            self.frames[name, each.sheet] = each.frame.select(columns)

    def sheets(self) -> Iterator[tuple[str, str]]:
        for name, entry in self.entries.items():
            for each in entry.event_sheets:
                yield name, each.sheet


@pytest.fixture(scope="session")
def files(shared_data: Path, catalog: Catalog) -> Files:
    return Files(shared_data, catalog)


def test_every_file_is_read_and_every_sheet_is_known_or_left_with_its_reason(files: Files):
    assert set(files.sheets()) == set(ROWS)
    left = {name: [each.sheet for each in entry.sheets_left] for name, entry in files.entries.items()}
    assert {name: sheets for name, sheets in left.items() if sheets} == {UW: ["Summary", "Footnotes"]}


def test_no_row_is_lost_in_any_sheet(files: Files):
    for name, entry in files.entries.items():
        for each in entry.event_sheets:
            aside = sum(one.rows for one in each.set_aside)
            assert each.rows_in == each.rows_kept + aside, (name, each.sheet)
            assert files.frames[name, each.sheet].height == each.rows_kept


def test_every_sheet_has_the_rows_that_are_known_of_it(files: Files):
    kept = {
        (name, each.sheet): each.rows_kept
        for name, entry in files.entries.items()
        for each in entry.event_sheets
    }
    assert kept == ROWS
    assert sum(rows for (name, _), rows in kept.items() if name == CAP) == 26_791


def test_headers_are_found_where_they_stand(files: Files):
    national = {name for name in files.entries if name.endswith(".csv.gz")}
    assert {name: files.headers[name] for name in national} == {name: {6} for name in national}
    assert (files.headers[UW], files.headers[CAP], files.headers["arrest.csv"]) == ({7}, {6}, {1})


def test_rows_have_their_true_numbers(files: Files):
    for name, first in (("EROArrests_FY2016.csv.gz", 7), ("ICERemovals_FY2019.csv.gz", 7)):
        numbers = files.frames[name, ""].get_column("row_original")
        assert (numbers[0], numbers[-1], numbers.n_unique()) == (
            first,
            first + ROWS[name, ""] - 1,
            len(numbers),
        )
    assert files.frames[UW, "Book Ins"].get_column("row_original").to_list() == list(range(8, 8 + 36_811))


def test_releases_are_known_by_their_marks(files: Files):
    assert {files.releases[name] for name in files.entries if name.endswith(".csv.gz")} == {ICFO}
    assert (files.releases[UW], files.releases[CAP]) == ("ice-uw-v-dhs-2019-07", "ice-2018-icfo-36170")
    assert {files.releases[f"{each}.csv"] for each in ("arrest", "detainer", "detention", "encounter")} == {
        "ddp-2025-03-selection"
    }


def test_impossible_days_are_set_aside_by_value(files: Files):
    assert files.values["ICERemovals_FY2019.csv.gz"] == [("", "Apprehension Date", 1)]
    assert sum(count for _, _, count in files.values[CAP]) == 25
    others = {name for name, found in files.values.items() if found}
    assert others == {"ICERemovals_FY2019.csv.gz", CAP}


def test_arrests_after_the_stated_cut_off_are_kept_and_counted(files: Files):
    (sheet,) = files.entries["EROArrests_FY2019.csv.gz"].event_sheets
    assert sheet.after_cut_off == 4
    frame = files.frames["EROArrests_FY2019.csv.gz", ""]
    assert str(frame.get_column("apprehension_date").max()) > "2019-08-31"


def test_blacked_out_and_blank_are_told_apart(files: Files):
    frame = files.frames["EROArrests_FY2016.csv.gz", ""]
    named = frame.filter(pl.col("redacted_fields") == "operation")
    assert named.height == 21_698
    assert named.get_column("operation").null_count() == named.height
    removals = files.frames["ICERemovals_FY2016.csv.gz", ""]
    levels = dict(removals.get_column("case_threat_level_code").value_counts().iter_rows())
    redacted = removals.filter(pl.col("redacted_fields").str.contains("case_threat_level_code"))
    assert levels[None] == redacted.height == 138_669
    assert levels["none"] == 240_255 - 138_669


def test_seattle_arrests_of_the_national_files_are_those_of_the_summary(files: Files):
    for year, expected in ((2016, 2_698), (2018, 3_067)):
        frame = files.frames[f"EROArrests_FY{year}.csv.gz", ""]
        assert frame.filter(pl.col("apprehension_aor_code") == "SEA").height == expected


def test_tabs_within_landmarks_are_spaces(files: Files):
    for year in (2016, 2018, 2019):
        landmarks = files.frames[f"EROArrests_FY{year}.csv.gz", ""].get_column("apprehension_landmark")
        assert not landmarks.str.contains("\t").any()


def test_a_blank_code_is_missing_and_not_blacked_out(files: Files):
    frame = files.frames["EROArrests_FY2016.csv.gz", ""]
    blank = frame.filter(pl.col("apprehension_aor_code").is_null())
    assert blank.height == 272
    assert not blank.get_column("redacted_fields").str.contains("apprehension_aor_code").any()


def test_every_national_arrest_has_its_day(files: Files):
    for year in (2016, 2018, 2019):
        assert (
            files.frames[f"EROArrests_FY{year}.csv.gz", ""].get_column("apprehension_date").null_count() == 0
        )
