"""The next file of a known kind: saved again by a program, republished with columns added, or a later release."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import polars as pl
import pytest

from recount.clean.record_cells import read_times
from recount.declare.catalog import Catalog
from recount.errors import LayoutError, ReleaseFileError, UnknownCodeError
from recount.extract.headers import KnownHeaders
from recount.record.event_parts import CleanedEventFile
from small_event_files import (
    ARREST,
    MARCH,
    MARCH_ARREST,
    NATIONAL,
    arrest,
    cleaned_file,
    commas,
    pipes,
    sheet,
    workbook,
)

JULY = "ddp-2025-07-arrests"
"""A layout as the Deportation Data Project publishes it, which leaves out columns that are blank in the file."""


def processed(
    catalog: Catalog, layout: str, without: Sequence[str] = (), rows: int = 1, **cells: str
) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """Returns the header of a processed layout, and rows that hold nothing but `cells`."""
    columns = [each.name for each in catalog.events.layouts[layout].columns]
    return tuple(each for each in columns if each not in without), [cells] * rows


def arrests(
    catalog: Catalog,
    *,
    header: Sequence[str],
    rows: Sequence[dict[str, str]],
    name: str = "arrests-latest.csv",
) -> CleanedEventFile:
    return cleaned_file(catalog, commas(*rows, header=header), name)


# Columns that a program or a republisher added


@pytest.mark.parametrize("name", ["", "Unnamed: 0", "...1", "X", "X1", "V1", "__index_level_0__"])
@pytest.mark.parametrize("numbers", [("0", "1", "2"), ("7.0", "3.0", "12.0")])
def test_a_column_that_numbers_the_rows_is_left_and_said(
    catalog: Catalog, name: str, numbers: tuple[str, ...]
):
    rows = [{**arrest(), name: number} for number in numbers]
    (table,) = cleaned_file(catalog, pipes(*rows, header=[name, *NATIONAL])).tables
    assert table.frame.height == 3
    assert table.layout.layout == "icfo-53623-arrests"
    assert table.unused["column 1"] == "It has no name, and numbers the rows."


def test_stray_marks_in_a_column_without_name_are_left_and_counted(catalog: Catalog):
    rows = [{**arrest(), "": "x" if number < 2 else ""} for number in range(200)]
    (table,) = cleaned_file(catalog, pipes(*rows, header=[*NATIONAL, ""])).tables
    assert table.frame.height == 200
    assert table.unused["column 10"] == "It has no name, and is filled in 2 of 200 rows."


def test_a_column_without_name_that_is_filled_in_more_rows_is_refused(catalog: Catalog):
    rows = [{**arrest(), "": "x" if number < 3 else ""} for number in range(200)]
    with pytest.raises(LayoutError, match="columns hold values and have no name"):
        cleaned_file(catalog, pipes(*rows, header=[*NATIONAL, ""]))


def test_no_declared_name_is_one_that_programs_give(catalog: Catalog):
    known = KnownHeaders(catalog.events)
    names = {each.name for layout in catalog.events.layouts.values() for each in layout.columns}
    assert not [name for name in names if known.nameless.match(name)]


@pytest.mark.parametrize("added", ["sheet", "file_original", "hashid", "hours_since_last"])
def test_a_column_that_republishers_add_is_known_in_any_table(catalog: Catalog, added: str):
    (table,) = cleaned_file(catalog, pipes({**ARREST, added: "1"}, header=[*NATIONAL, added])).tables
    assert table.frame.height == 1
    assert added in table.unused


# Which release it is


@pytest.mark.parametrize("without", [(), ("apprehension_county",), ("apprehension_county", "file_original")])
def test_a_processed_file_tells_its_release_without_the_columns_that_are_blank(
    catalog: Catalog, without: tuple[str, ...]
):
    header, rows = processed(
        catalog, JULY, without, apprehension_date_time="2025-06-01 13:45:00", unique_identifier="a"
    )
    file = arrests(catalog, header=header, rows=rows)
    assert file.release.release == "ice-2025-07-late"


def test_names_of_two_layouts_of_one_release_tell_it_together(catalog: Catalog):
    renamed = {
        "detainer_prepare_date": "detainer_prepared_date",
        "facility_aor": "aor",
        "facility_city": "city",
        "facility_state": "state",
    }
    columns = catalog.events.layouts["ddp-2026-08-detainers"].columns
    header = [renamed.get(each.name, each.name) for each in columns]
    recognised = KnownHeaders(catalog.events).recognise(header, "made up")
    assert recognised.release == "ice-2026-08"
    places = {each.to: header[place] for place, each in enumerate(recognised.columns) if each is not None}
    assert places["jail_aor_code"] == "aor"
    assert places["detainer_prepare_datetime"] == "detainer_prepared_date"


def test_a_header_that_releases_share_tells_none(catalog: Catalog):
    raw = [each.name for each in catalog.events.layouts["ice-2025-06-arrests"].columns]
    recognised = KnownHeaders(catalog.events).recognise(raw[:-1], "made up")
    assert recognised.release is None


def test_rows_that_go_on_after_the_cut_off_are_of_no_release_that_their_header_alone_tells(catalog: Catalog):
    header, rows = processed(catalog, JULY, rows=49, apprehension_date_time="2025-06-01 13:45:00")
    later = {"apprehension_date_time": "2026-12-31 10:00:00"}
    assert arrests(catalog, header=header, rows=[*rows, later]).release.release == "arrests-latest"
    assert arrests(catalog, header=header, rows=[*rows * 3, later]).release.release == "ice-2025-07-late"


def test_the_files_own_name_and_lines_go_before_the_folder_that_it_lies_in(catalog: Catalog):
    file = cleaned_file(catalog, pipes(arrest()), "2023-ICFO_42034/EROArrests_FY2016.csv")
    assert file.release.release == "ice-2019-icfo-53623"


@pytest.mark.parametrize("end", [".xlsx", " (1).xlsx", "(2).xlsx"])
@pytest.mark.parametrize("space", [" ", "_", "%20", "+"])
def test_a_mark_is_found_in_the_name_of_a_copy_that_a_browser_made(catalog: Catalog, end: str, space: str):
    columns = catalog.events.layouts["ice-2025-06-arrests"].columns
    cells = {each.name: "2025-03-01 10:00:00" if each.name == "Apprehension Date" else "" for each in columns}
    content = workbook({"Admin Arrests": sheet(cells, header=[each.name for each in columns])})
    name = f"2025-ICLI-00019_2024-ICFO-39357_ERO Admin Arrests_LESA-STU_FINAL{end}".replace(" A", f"{space}A")
    assert cleaned_file(catalog, content, name).release.release == "ice-2025-06-early"


@pytest.mark.parametrize(
    ("layout", "name"),
    [
        ("uwchr-arrests-processed", "ice_arrests_fy12-23ytd.csv"),
        ("uwchr-encounters-processed", "ice_encounters_fy12-23ytd.csv"),
        ("uwchr-removals-processed", "ice_removals_fy12-23ytd.csv"),
    ],
)
def test_the_final_files_of_the_center_for_human_rights_are_of_its_release(
    catalog: Catalog, layout: str, name: str
):
    columns = catalog.events.layouts[layout].columns
    header = [each.name for each in columns]
    cells = {each.name: "2016-03-01" for each in columns if each.name.endswith("_date")}
    (table,) = (file := cleaned_file(catalog, commas(cells, header=header), name)).tables
    assert table.layout.layout == layout
    assert file.release.release == "uwchr-fy2012-fy2023"


# Rows, sheets and files that hold something else, or go on


def test_a_total_below_the_rows_is_none_of_them(catalog: Catalog):
    (table,) = cleaned_file(catalog, pipes(arrest(), arrest()) + "Total|2|||||||\n").tables
    assert table.frame.height == 2
    assert table.set_aside.rows() == [(9, "total")]


def test_a_row_that_begins_with_a_total_and_holds_more_is_refused(catalog: Catalog):
    with pytest.raises(UnknownCodeError, match="'Total', 1 times, first in row 8"):
        cleaned_file(catalog, pipes(arrest()) + "Total|2|Located||||||\n")


@pytest.mark.parametrize(("blank", "heights"), [((), [1, 1]), (("Anonymized Identifier",), [1, 1])])
def test_rows_go_on_where_the_last_columns_are_blank(
    catalog: Catalog, blank: tuple[str, ...], heights: list[int]
):
    second = sheet({**MARCH_ARREST, **dict.fromkeys(blank, "")}, header=MARCH)[1:]
    content = workbook({"A": sheet(MARCH_ARREST), "B": [row[: len(MARCH) - len(blank)] for row in second]})
    tables = cleaned_file(catalog, content, "arrests.xlsx").tables
    assert [each.frame.height for each in tables] == heights


def test_a_narrower_sheet_without_a_day_is_notes(catalog: Catalog):
    content = workbook(
        {"A": sheet(MARCH_ARREST), "Pivot": [["Row Labels", "Count", "Share"], ["Boston", 1, 0.5]]}
    )
    file = cleaned_file(catalog, content, "arrests.xlsx")
    assert [each.sheet for each in file.tables] == ["A"]
    assert [each.sheet for each in file.raw.left] == ["Pivot"]


@pytest.mark.parametrize("join", ["", ".", " ", "_"])
def test_a_header_is_known_whatever_stands_between_its_words(catalog: Catalog, join: str):
    names = [name.replace(" ", join) for name in NATIONAL]
    (table,) = cleaned_file(
        catalog, pipes(dict(zip(names, ARREST.values(), strict=True)), header=names)
    ).tables
    assert table.layout.layout == "icfo-53623-arrests"


def test_a_pointer_of_git_lfs_is_told_as_such(catalog: Catalog):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 120000000\n"
    with pytest.raises(ReleaseFileError, match="is a pointer of Git LFS"):
        cleaned_file(catalog, pointer, "arrests-latest.parquet")


def test_an_archive_is_told_with_what_it_holds(catalog: Catalog):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("arrests-latest.csv", pipes(arrest()))
    with pytest.raises(ReleaseFileError) as refused:
        cleaned_file(catalog, buffer.getvalue(), "arrests-latest.zip")
    assert "arrests-latest.csv" in str(refused.value)
    assert "unpack it" in str(refused.value)


# Cells as programs write them


@pytest.mark.parametrize("text", ["2025-06-01T13:45", "2025-06-01 13:45", "6/1/2025 1:45 PM", "45809.572917"])
def test_one_time_is_read_from_each_of_its_forms(text: str):
    assert str(read_times(pl.Series([text]))[0])[:16] == "2025-06-01 13:45"


@pytest.mark.parametrize("blank", ["NA", "<NA>", "NaN", "nan", "NaT", "null", "NULL", ""])
def test_what_programs_write_for_a_blank_cell_is_blank_in_text_as_in_parquet(catalog: Catalog, blank: str):
    header, _ = processed(catalog, "ddp-2026-03-arrests")
    cells = {"apprehension_date_time": "2025-06-01 13:45:00", "case_threat_level": blank}
    (of_text,) = arrests(catalog, header=header, rows=[cells]).tables
    buffer = io.BytesIO()
    columns = {name: [None if name == "case_threat_level" else cells.get(name)] for name in header}
    pl.DataFrame(columns).write_parquet(buffer)
    (of_parquet,) = cleaned_file(catalog, buffer.getvalue(), "arrests-latest.parquet").tables
    values = [each.frame.get_column("case_threat_level_code").to_list() for each in (of_text, of_parquet)]
    assert values == [[None], [None]]


@pytest.mark.parametrize(("level", "code"), [("1", "1"), ("2.0", "2"), ("NA", "none")])
def test_a_threat_level_with_a_point_is_that_level_and_na_as_the_agency_writes_it_is_none(
    catalog: Catalog, level: str, code: str
):
    columns = catalog.events.layouts["icfo-53623-removals"].columns
    cells = {"RC Threat Level": level, "Departed Date": "1/2/2016", "Gender": "Male"}
    (table,) = cleaned_file(catalog, pipes(cells, header=[each.name for each in columns])).tables
    assert table.frame.get_column("case_threat_level_code").to_list() == [code]


@pytest.mark.parametrize(
    ("spelling", "code"),
    [("FOREIGN FUGITIVE", "foreign_fugitive"), ("Arrest (Fugitive Alien Removal)", "fugitive_alien_removal")],
)
def test_methods_of_other_fiscal_years_are_known(catalog: Catalog, spelling: str, code: str):
    (table,) = cleaned_file(catalog, pipes(arrest(Apprehension_Method=spelling))).tables
    assert table.frame.get_column("apprehension_method_code").to_list() == [code]


def test_days_long_after_the_cut_off_are_refused_with_the_last_that_is_possible(catalog: Catalog):
    rows = [arrest(Apprehension_Date=f"6/{day}/2025") for day in range(1, 6)]
    with pytest.raises(LayoutError) as refused:
        cleaned_file(catalog, pipes(*rows))
    assert "from 1900-01-01 on, through 2020-08-31" in str(refused.value)
    assert "cut_off" in str(refused.value)
