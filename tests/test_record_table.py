"""A record on a terminal: one line a workbook, nothing skipped in silence, details on demand."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import polars as pl
import pytest
from hypothesis import strategies

from recount.cli.record_table import cover_cells, print_layer, print_set_aside, print_unknown
from recount.declare.catalog import Catalog
from recount.declare.sources import KnownRelease
from recount.extract.cells import cell_address, column_index
from recount.record.add_events import add_event_files
from recount.record.manifest import FileEntry, FileNotRead, Manifest, SetAsideCount, SheetEntry, TableEntry
from recount.record.store import Layer, read_layer
from small_statistics import workbook

UNKNOWN = dict.fromkeys(
    ("release", "file_original", "sheet_original", "cell_original", "what", "text"), pl.String
)
TO_COME = SetAsideCount(rule="month_still_to_come", reason="A zero for a month to come.", rows=7)


@pytest.fixture
def printed(catalog: Catalog, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Prints a record of some files, and returns the lines as one text."""

    def printed(files: list[FileEntry], *, unknown: pl.DataFrame | None = None, **more: Any) -> str:
        manifest = Manifest(
            record_format=2,
            pipeline_version=2,
            recount_version="0",
            polars_version="0",
            fastexcel_version="0",
            files=files,
            releases=[through(name) for each in files for name in each.releases],
            **{"not_read": [], "tables": {}, "findings": {}} | more,
        )
        cells = pl.DataFrame(schema=UNKNOWN) if unknown is None else unknown
        print_layer(Layer(Path("record"), manifest, {"unknown_cells": cells}), catalog)
        return capsys.readouterr().out

    return printed


def through(name: str, day: str = "2026-02-07") -> KnownRelease:
    release = workbook(name, "2026-02-13")
    return release.model_copy(
        update={
            "source": "ice-detention-statistics",
            "covers_through": datetime.date.fromisoformat(day),
            "declared": False,
        }
    )


def entry(name: str, *, missing: int = 0, unknown: int = 0, **more: Any) -> FileEntry:
    """Returns the account of a workbook of one sheet: 100 number cells, of which 7 are set aside."""
    sheet = SheetEntry(
        sheet="Detention",
        layout="detention",
        visible=True,
        numbers=100,
        kept=93,
        set_aside=7,
        unknown=0,
        unknown_cells=unknown,
        tables_found=["removals"],
        tables_missing=["book_ins"] * missing,
    )
    return FileEntry(
        **{
            "file": f"{name}.xlsx",
            "sha256": name,
            "layout": "ice-detention-statistics",
            "rows_in": 100,
            "rows_kept": 93,
            "set_aside": [TO_COME],
            "core_rows": {"detention_figures": 93},
            "releases": [name],
            "counted": "number cells",
            "sheets": [sheet],
            "fiscal_year": 2026,
        }
        | more
    )


def words(line: str) -> list[str]:
    return line.split()


def line_of(printed: str, name: str) -> list[str]:
    return next(words(line) for line in printed.splitlines() if line.startswith(name))


def test_a_workbook_is_one_line_of_cells_in_kept_aside_unknown_flagged_and_tables(printed):
    told = printed([entry("one", flagged=12, unknown=2, missing=1), entry("two")])
    assert line_of(told, "one.xlsx") == ["one.xlsx", "2026-02-07", "100", "93", "7", "2", "12", "1/2"]
    assert line_of(told, "two.xlsx") == ["two.xlsx", "2026-02-07", "100", "93", "7", "0", "0", "1/1"]


def test_workbooks_stand_by_fiscal_year_and_add_up(printed):
    told = printed([entry("later"), entry("earlier", fiscal_year=2025)])
    years = [line.strip() for line in told.splitlines() if line.startswith("FY")]
    assert years == ["FY2025", "FY2026"]
    assert told.index("earlier.xlsx") < told.index("later.xlsx")
    assert line_of(told, "2 workbooks") == ["2", "workbooks", "200", "186", "14", "0", "0", "all"]


def test_what_is_set_aside_is_told_once_a_rule_not_once_a_file(printed):
    told = printed([entry(f"file-{number}") for number in range(30)])
    assert told.count(TO_COME.reason) == 1
    assert "210  A zero for a month to come." in told


def test_releases_of_workbooks_are_not_listed_as_undeclared(printed):
    assert "without a file in the catalog" not in printed([entry("one"), entry("two")])


def test_releases_of_text_files_without_a_declaration_are_listed(printed):
    rows = entry("print-of-2013", layout="published-figures", counted="rows", sheets=[], fiscal_year=None)
    assert "Releases without a file in the catalog: print-of-2013" in printed([rows])


def test_every_unknown_cell_is_listed_with_sheet_cell_and_text(printed):
    cells = [
        ("one", "one.xlsx", "Facilities FY19", f"{letter}30", "formula_error", "#N/A") for letter in "JKL"
    ]
    cells.append(("one", "one.xlsx", "Detention", "B9", "label", "Of unheard-of status"))
    told = printed([entry("one", unknown=4)], unknown=pl.DataFrame(cells, schema=UNKNOWN, orient="row"))
    assert "4 cells that no layout knows" in told
    assert line_of(told.split("no layout knows")[1], "one.xlsx") == words(
        "one.xlsx Facilities FY19 J30:L30 #N/A formula error"
    )
    assert "Of unheard-of status" in told


def test_many_unknown_cells_are_counted_and_the_command_that_lists_them_is_named(printed):
    cells = [
        ("one", "one.xlsx", "Sheet1", f"A{number}", "text", f"word {number}") for number in range(1, 101)
    ]
    told = printed([entry("one", unknown=100)], unknown=pl.DataFrame(cells, schema=UNKNOWN, orient="row"))
    assert "100 cells that no layout knows" in told
    assert "and 60 more: recount record show --unknown" in told


def test_a_file_that_was_not_read_is_named_with_its_reason_or_the_lack_of_one(printed):
    told = printed(
        [entry("one")],
        not_read=[
            FileNotRead(file="a.csv", reason="Facts for tests."),
            FileNotRead(file="b.csv", reason=None),
        ],
    )
    assert "Facts for tests." in told
    assert "no layout knows it" in told


def test_a_record_of_the_real_size_fits_100_columns(printed):
    names = [f"FY26_detentionStats_0212202{number % 10}-{number}" for number in range(77)]
    tables = {"detention_figures": TableEntry(file="t", sha256="t", rows=53_330, sorted_by=[])}
    told = printed([entry(each) for each in names], tables=tables, findings={"parts_sum_to_total": 84})
    assert max(map(len, told.splitlines())) <= 100
    assert len(told.splitlines()) < 100


def test_cells_set_aside_are_listed_by_rule_file_and_sheet(capsys: pytest.CaptureFixture[str]):
    schema = ["file_original", "sheet_original", "row_original", "cell_original", "rule", "reason"]
    rows = [
        ("a.xlsx", "Detention", None, f"{letter}{row}", "heading", "A heading.")
        for letter in "BC"
        for row in (2, 3)
    ]
    rows += [("b.csv", None, row, None, "no_dates", "No date.") for row in (4, 5, 9)]
    print_set_aside(pl.DataFrame(rows, schema=schema, orient="row"))
    told = capsys.readouterr().out
    assert line_of(told, "a.xlsx") == ["a.xlsx", "Detention", "B2:C3", "4"]
    assert line_of(told, "b.csv") == ["b.csv", "row", "4–5", "row", "9", "3"]


def test_a_record_that_knows_every_cell_says_so(capsys: pytest.CaptureFixture[str]):
    print_unknown(pl.DataFrame(schema=UNKNOWN))
    assert capsys.readouterr().out == "Every filled cell is known.\n"


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ([], []),
        (["B2"], ["B2"]),
        (["B2", "B3", "C2", "C3"], ["B2:C3"]),
        (["B2", "B3", "C2"], ["B2:B3", "C2"]),
        (["Z1", "AA1", "AB1"], ["Z1:AB1"]),
        (["B2", "D2"], ["B2", "D2"]),
    ],
)
def test_cells_are_covered_by_rectangles(cells: list[str], shown: list[str]):
    assert cover_cells(cells) == shown


@hypothesis.given(strategies.sets(strategies.tuples(strategies.integers(0, 6), strategies.integers(0, 30))))
def test_rectangles_hold_every_cell_once_and_no_other(places: set[tuple[int, int]]):
    held = []
    for each in cover_cells(cell_address(row, column) for row, column in places):
        first, _, last = each.partition(":")
        (top, left), (bottom, right) = map(corner, (first, last or first))
        held += [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
    assert sorted(held) == sorted(places)


def corner(address: str) -> tuple[int, int]:
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]) - 1, column_index(letters)


def test_a_record_of_individual_records_alone_is_shown_with_its_files_and_parts(
    tmp_path: Path, catalog: Catalog, capsys: pytest.CaptureFixture[str]
):
    header = '"Area of Responsibility"|"Apprehension Date"|"Apprehension Method"|"Apprehension Landmark"|'
    header += '"Operation"|"Processing Disposition"|"Birth Date"|"Citizenship"|"Gender"'
    row = (
        '"Boston Area of Responsibility"|10/1/2017|"Located"|""|"(b)(7)(E)"|"Other"|"(b)(6)"|"MEXICO"|"Male"'
    )
    path = tmp_path / "arrests 2019-ICFO-53623.csv"
    path.write_text(f"2019-ICFO-53623||||||||\n{header}\n{row}\n", encoding="utf-8")
    add_event_files([path], catalog, folder=tmp_path / "own")
    print_layer(read_layer(tmp_path / "own"), catalog)
    shown = " ".join(capsys.readouterr().out.split())
    assert "arrests 2019-ICFO-53623.csv arrests 1 1 0 0 1" in shown
    assert "arrests ice-2019-icfo-53623 rows 1 1" in shown
