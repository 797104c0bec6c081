"""A workbook of detention statistics into core rows, with every cell of it accounted for."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

import polars as pl

from recount.clean.accounts import CellSetAside, Conflict, SheetAccount
from recount.clean.facilities import clean_facilities
from recount.clean.figures import BlockKeeper, CoreRows
from recount.clean.periods import Reference
from recount.clean.table_checks import BLANK, TableChecks, show_cells, told_of_cells
from recount.clean.workbook_dates import (
    KnownSheet,
    WorkbookDates,
    fiscal_year_in,
    know_sheets,
    name_fiscal_year,
    years_named,
)
from recount.clean.workbook_release import release_name, release_of
from recount.declare.catalog import Catalog
from recount.declare.sources import KnownRelease
from recount.declare.workbooks import SheetLayout, Workbook
from recount.errors import ReleaseFileError, Worded
from recount.extract.cells import cell_address, is_number
from recount.extract.printed_tables import SheetReader
from recount.extract.table_blocks import Block, SheetReading, Unknown
from recount.extract.vocabulary import Vocabulary
from recount.extract.workbooks import RawWorkbook

_FIGURES = "detention_statistics_figures"
_FACILITIES = "detention_facilities"


@dataclass
class CleanedWorkbook:
    """What one workbook became: core frames, its release, and the account of every sheet."""

    file_name: str
    sha256: str
    release: KnownRelease
    frames: dict[str, pl.DataFrame]
    accounts: list[SheetAccount]
    set_aside: list[CellSetAside]
    unknown: list[Unknown]
    conflicts: list[Conflict] = field(default_factory=list)


class WorkbookCleaner:
    """Cleans workbooks of one source. Keeps what it learned of spellings from one to the next."""

    def __init__(self, workbook: Workbook, catalog: Catalog) -> None:
        self.workbook = workbook
        self.catalog = catalog
        self.layouts = [each for each in catalog.sheets.values() if each.source == workbook.source]
        self.vocabulary = Vocabulary(catalog.codes)
        self.missing = frozenset(each.mark.casefold() for each in workbook.missing)
        self.kinds = {each.code: each.kind for each in catalog.codes[_FIGURES].codes}

    def clean(self, raw: RawWorkbook, first_captured: datetime.date | None = None) -> CleanedWorkbook:
        """Returns what a workbook holds.

        Args:
            raw: the workbook.
            first_captured: the day on which a copy was first archived, where that is known.

        Raises:
            ReleaseFileError: with every reason in one list, where it is no workbook of this source, or
                nothing dates it.
        """
        sheets = know_sheets(raw, self.layouts, self.workbook)
        self._refuse_stranger(raw, sheets)
        return _Cleaning(self, raw, sheets).run(first_captured)

    def _refuse_stranger(self, raw: RawWorkbook, sheets: list[KnownSheet]) -> None:
        lacking = [kind for kind in self.workbook.known_by if not any(each.is_kind(kind) for each in sheets)]
        if not lacking:
            return
        have = [f"{each.name!r}" + ("" if each.visible else " (hidden)") for each in raw.sheets]
        raise ReleaseFileError(
            f"{raw.file.relative} is not a workbook of {self.workbook.source}.",
            [
                ("lacks", ", ".join(f"a visible sheet {each!r}" for each in lacking)),
                ("has", ", ".join(have) or "no sheet"),
                (
                    "fix",
                    "obtain the workbook again; or, if the agency renamed a sheet, add the name to\n"
                    + "\n".join(self.catalog.file_to_edit("sheet", each) for each in lacking),
                ),
            ],
        )


class _Cleaning:
    """The cleaning of one workbook."""

    def __init__(self, cleaner: WorkbookCleaner, raw: RawWorkbook, sheets: list[KnownSheet]) -> None:
        self.cleaner = cleaner
        self.raw = raw
        self.sheets = sheets
        self.workbook = cleaner.workbook
        self.catalog = cleaner.catalog
        self.aside: list[CellSetAside] = []
        self.unknown: list[Unknown] = []
        self.conflicts: list[Conflict] = []
        self.accounts: list[SheetAccount] = []
        self.rows: dict[str, CoreRows] = {}
        self.facilities: list[pl.DataFrame] = []
        self.fiscal_year = self._own_fiscal_year()
        self.dates = WorkbookDates(raw.file.name, sheets, cleaner.workbook, self.fiscal_year)
        self.last_day = self._last_day()

    def run(self, first_captured: datetime.date | None) -> CleanedWorkbook:
        """Returns what the workbook holds."""
        for sheet in self.sheets:
            if not sheet.visible:
                self._leave_hidden(sheet)
            elif sheet.layout is None:
                self._leave_unknown(sheet)
            elif sheet.layout.reads == "facilities":
                self._read_facilities(sheet, sheet.layout)
            else:
                self._read_tables(sheet, sheet.layout)
        self._compare_years()
        self._find_missing()
        self._find_repeated()
        frames = {table: each.frame() for table, each in self.rows.items()}
        if self.facilities:
            frames[_FACILITIES] = pl.concat(self.facilities)
        release = release_of(
            self.raw.file, self.fiscal_year, self.dates, self.last_day, first_captured, self.catalog
        )
        return CleanedWorkbook(
            file_name=self.raw.file.name,
            sha256=self.raw.file.sha256,
            release=release,
            frames=frames,
            accounts=self.accounts,
            set_aside=self.aside,
            unknown=self.unknown,
            conflicts=self.conflicts,
        )

    def _own_fiscal_year(self) -> int:
        for sheet in self.sheets:
            if sheet.is_kind(self.workbook.known_by[0]) and sheet.fiscal_year is not None:
                return sheet.fiscal_year
        file = self.catalog.file_to_edit("workbook", self.workbook.source)
        raise ReleaseFileError(
            f"Nothing says which fiscal year {self.raw.file.relative} is of.",
            [
                ("wanted", "a title such as 'ICE DETENTION DATA, FY2026' on the Detention sheet"),
                ("fix", f"obtain the workbook again, or change {file}"),
            ],
        )

    def _last_day(self) -> datetime.date:
        if self.dates.last_day is not None:
            return self.dates.last_day
        raise ReleaseFileError(
            f"Nothing dates {self.raw.file.relative}.",
            [
                ("wanted", "the dates on the Footnotes or Facilities sheet"),
                ("fix", "obtain the workbook again"),
            ],
        )

    def _constant(self, sheet: KnownSheet) -> dict[str, str]:
        file_name = self.raw.file.name
        return {
            "release": release_name(file_name),
            "file_original": file_name,
            "sheet_original": sheet.name,
        }

    def _read_tables(self, sheet: KnownSheet, layout: SheetLayout) -> None:
        reading = SheetReader(
            sheet.raw, sheet.rows, layout, self.cleaner.vocabulary, self.cleaner.missing
        ).read()
        sheet_year = sheet.fiscal_year or self.fiscal_year
        checks = TableChecks(sheet.name, self.catalog.codes)
        kept = sum(self._keep(block, sheet, sheet_year, reading, checks) for block in reading.blocks)
        for each in reading.unnumbered:
            self.aside.append(
                CellSetAside(sheet.name, cell_address(each.row, each.column), "no_number", False)
            )
        for rule, cells in (("heading", reading.headings), ("no_label", reading.unlabelled)):
            self.aside += [CellSetAside(sheet.name, cell_address(*cell), rule, True) for cell in cells]
        if reading.unlabelled:
            where = [cell_address(*each) for each in reading.unlabelled]
            text = Worded(
                "%(sheet)s: numbers without a label: %(cells)s",
                sheet=repr(sheet.name),
                cells=show_cells(where),
            )
            self.conflicts.append(Conflict("no_label", text))
        found = tuple(dict.fromkeys(each.table.table for each in reading.blocks))
        expected = [each.table for each in layout.tables if each.is_expected(self.fiscal_year)]
        missing = tuple(each for each in expected if each not in found)
        self._account(sheet, layout, reading.numbers, kept, reading.unknown, found, missing)

    def _keep(
        self, block: Block, sheet: KnownSheet, sheet_year: int, reading: SheetReading, checks: TableChecks
    ) -> int:
        """Adds a table's numbers to the core rows, and returns how many they are."""
        table = block.table
        years = years_named(block.title)
        year = (fiscal_year_in(block.title, self.workbook) if years == 1 else None) or sheet_year
        dated, conflicts = self.dates.of_table(sheet.name, table, year)
        self.conflicts += conflicts
        if dated is None:
            self.conflicts.append(
                Conflict("table_without_date", Worded("no day dates the table %(table)s", table=table.table))
            )
            reading.unknown += [
                Unknown(reading.sheet, cell_address(each.row, column), text, "number")
                for each in block.rows
                for column, text in zip(each.columns, each.texts, strict=True)
            ]
            return 0
        if table.core not in self.rows:
            self.rows[table.core] = CoreRows(self.catalog.tables[table.core])
        rows = self.rows[table.core]
        constant = self._constant(sheet)
        kept = BlockKeeper(block, rows, self.cleaner.kinds, year, dated, constant, checks).keep()
        self.conflicts += kept.conflicts
        self.aside += kept.set_aside
        reading.unknown += kept.unknown
        return kept.kept

    def _read_facilities(self, sheet: KnownSheet, layout: SheetLayout) -> None:
        year = sheet.fiscal_year or self.fiscal_year
        dated, conflicts = self.dates.of_facilities(sheet.name, year)
        self.conflicts += conflicts
        reference = dated.reference if dated is not None else Reference(self.last_day, "approximate")
        constant = {
            **self._constant(sheet),
            "fiscal_year": year,
            "through_date": reference.day,
            "through_precision": reference.precision,
        }
        cleaned = clean_facilities(sheet.raw, sheet.rows, layout, self.catalog.tables[_FACILITIES], constant)
        self.facilities.append(cleaned.frame)
        if cleaned.blank:
            text = told_of_cells(sheet.name, "facilities", BLANK, cleaned.blank)
            self.conflicts.append(Conflict("blank_cell", text))
        if cleaned.lacking:
            text = Worded(
                "%(sheet)s: no column is headed as %(names)s",
                sheet=repr(sheet.name),
                names=", ".join(cleaned.lacking),
            )
            self.conflicts.append(Conflict("missing_heading", text))
        self.aside += [CellSetAside(sheet.name, cell, "no_number", False) for cell in cleaned.marks]
        self.aside += [
            CellSetAside(sheet.name, cell, "identifies_the_facility", True) for cell in cleaned.identifying
        ]
        name = (layout.sheet,)
        found, missing = ((), name) if cleaned.frame.is_empty() else (name, ())
        self._account(sheet, layout, cleaned.numbers, cleaned.kept, cleaned.unknown, found, missing)

    def _leave_hidden(self, sheet: KnownSheet) -> None:
        self.conflicts.append(
            Conflict(
                "hidden_sheet",
                Worded("the sheet %(sheet)s is hidden and is not read", sheet=repr(sheet.name)),
            )
        )
        self._account(sheet, sheet.layout, 0, 0, [], (), ())

    def _leave_unknown(self, sheet: KnownSheet) -> None:
        self.conflicts.append(
            Conflict("unknown_sheet", Worded("no layout knows the sheet %(sheet)s", sheet=repr(sheet.name)))
        )
        unknown = [
            Unknown(sheet.name, cell_address(row, column), text, "number" if is_number(text) else "text")
            for row, cells in enumerate(sheet.rows)
            for column, text in enumerate(cells)
            if text is not None
        ]
        unknown += [
            Unknown(sheet.name, cell_address(*where), text, "formula_error")
            for where, text in sorted(sheet.raw.errors.items())
        ]
        numbers = sum(1 for each in unknown if each.what == "number")
        self._account(sheet, None, numbers, 0, unknown, (), ())

    def _account(
        self,
        sheet: KnownSheet,
        layout: SheetLayout | None,
        numbers: int,
        kept: int,
        unknown: list[Unknown],
        found: tuple[str, ...],
        missing: tuple[str, ...],
    ) -> None:
        unknown_numbers = sum(1 for each in unknown if is_number(each.text))
        self.unknown += unknown
        self.conflicts += [
            Conflict(
                "missing_table",
                Worded("the sheet %(sheet)s lacks the table %(table)s", sheet=repr(sheet.name), table=each),
            )
            for each in missing
        ]
        self.accounts.append(
            SheetAccount(
                sheet=sheet.name,
                layout=layout.sheet if layout is not None else None,
                visible=sheet.visible,
                numbers=numbers,
                kept=kept,
                set_aside=numbers - kept - unknown_numbers,
                unknown_numbers=unknown_numbers,
                unknown_cells=len(unknown),
                tables_found=found,
                tables_missing=missing,
            )
        )

    def _compare_years(self) -> None:
        year = name_fiscal_year(self.raw.file.name, self.workbook)
        if year is not None and year != self.fiscal_year:
            text = Worded(
                "the file's name says FY%(year)s, its Detention sheet FY%(other)s; the content stands",
                year=str(year),
                other=str(self.fiscal_year),
            )
            self.conflicts.append(Conflict("fiscal_year_differs_from_name", text))

    def _find_missing(self) -> None:
        self.conflicts += [
            Conflict("missing_sheet", Worded("there is no sheet %(sheet)s", sheet=repr(layout.sheet)))
            for layout in self.cleaner.layouts
            if layout.is_expected(self.fiscal_year)
            and not any(each.is_kind(layout.sheet) for each in self.sheets)
        ]

    def _find_repeated(self) -> None:
        seen: dict[tuple[str, int | None], str] = {}
        for sheet in self.sheets:
            if not sheet.visible or sheet.layout is None or sheet.layout.reads == "text":
                continue
            key = (sheet.layout.sheet, sheet.fiscal_year)
            if key in seen:
                text = Worded(
                    "the sheets %(sheet)s and %(other)s are of one kind and fiscal year",
                    sheet=repr(seen[key]),
                    other=repr(sheet.name),
                )
                self.conflicts.append(Conflict("repeated_sheet", text))
            seen.setdefault(key, sheet.name)
