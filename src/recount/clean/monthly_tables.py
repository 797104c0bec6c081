"""Tables that give months by fiscal year, rounded, into rows: one row a number, and nothing guessed."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recount.acquire.files import SourceFile
from recount.clean.periods import two_or_four
from recount.declare.catalog import Catalog
from recount.declare.fiscal_years import fiscal_year_end, fiscal_year_start, month_end
from recount.declare.monthly_tables import MonthlyTable, MonthlyTables
from recount.declare.sources import KnownRelease
from recount.declare.text import Text
from recount.errors import LayoutError, ReleaseFileError, ValueInFileError
from recount.extract.cells import Row, cell_address, join_rows
from recount.extract.workbooks import RawSheet, RawWorkbook

_MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
_FIRST_NUMBERS = 2
_TITLE_ROWS = 4
_YEAR = re.compile(r"(\d{4})( YTD)?")
_WHOLE_YEAR = "Total"
_LAST_MONTH = "September"
_IN_ORDER = [_WHOLE_YEAR, *list(_MONTHS)[9:], *list(_MONTHS)[:9]]


@dataclass(frozen=True)
class CleanedMonthly:
    """What one file became: its release, its rows by core column, and how many printed rows were read."""

    file: SourceFile
    source: str
    release: KnownRelease
    rows: list[dict[str, Any]]
    printed_rows: int
    other_sheets: int


def clean_monthly(raw: RawWorkbook, declared: MonthlyTables, catalog: Catalog) -> CleanedMonthly:
    """Returns the numbers of the declared sheets of a file.

    Raises:
        ReleaseFileError: naming sheet, cell and value, where a sheet is not laid out as declared.
    """
    sheets = {each.name.strip(): each for each in raw.sheets if each.visible}
    rows: list[dict[str, Any]] = []
    printed, last_days = 0, set()
    fix = catalog.file_to_edit("monthly", declared.source)
    for table in declared.tables:
        name = table.sheet if table.sheet in sheets else _sheet_titled(table, sheets)
        if name is None:
            raise LayoutError(
                f"{raw.file.relative} lacks the sheet {table.sheet!r}.",
                [("has", ", ".join(map(repr, sheets))), ("fix", f"obtain the file again, or change {fix}")],
            )
        found = _Sheet(raw.file, name, table, declared, join_rows(sheets[name].rows), fix).read()
        rows += found.rows
        printed += found.printed
        last_days.add(found.last_day)
    if len(last_days) > 1:
        days = ", ".join(map(str, sorted(last_days)))
        raise ReleaseFileError(f"The sheets of {raw.file.relative} count through different days: {days}.")
    release = _release(raw.file, declared, max(last_days))
    constant = {"release": release.release, "file_original": raw.file.name}
    return CleanedMonthly(
        file=raw.file,
        source=declared.source,
        release=release,
        rows=[row | constant for row in rows],
        printed_rows=printed,
        other_sheets=len(raw.sheets) - len(declared.tables),
    )


def _sheet_titled(table: MonthlyTable, sheets: Mapping[str, RawSheet]) -> str | None:
    """Returns the name of the first sheet that has a table's title near its top."""
    return next(
        (name for name, each in sheets.items() if _find_title(table, join_rows(each.rows[:_TITLE_ROWS]))),
        None,
    )


def _find_title(table: MonthlyTable, rows: Sequence[Row]) -> tuple[int, re.Match[str]] | None:
    for number, row in enumerate(rows[:_TITLE_ROWS]):
        match = re.fullmatch(table.title, (row[0] if row else None) or "", re.IGNORECASE)
        if match is not None and (match["month"] or _LAST_MONTH) in _MONTHS:
            return number, match
    return None


class _Sheet:
    """One sheet as it is read."""

    def __init__(
        self,
        file: SourceFile,
        name: str,
        table: MonthlyTable,
        declared: MonthlyTables,
        grid: Sequence[Row],
        fix: str,
    ) -> None:
        self.file = file
        self.name = name
        self.table = table
        self.declared = declared
        self.marks = {each.mark for each in declared.marks}
        self.grid = grid
        self.fix = fix
        self.rows: list[dict[str, Any]] = []
        self.printed = 0
        self.title_row, self.last_day = self._title()

    def read(self) -> _Sheet:
        """Reads headings and rows, to the first row that is of no month."""
        columns = self._columns()
        below = self.title_row + 1 + self.table.heading_rows
        end = next(
            (row for row in range(below, len(self.grid)) if self.grid[row][1] not in _IN_ORDER),
            len(self.grid),
        )
        year, is_partial, expected = 0, False, _WHOLE_YEAR
        for number in range(below, end):
            label, month = self.grid[number][0], str(self.grid[number][1])
            match = _YEAR.fullmatch(label) if label is not None else None
            if month != expected or (match is None) == (month == _WHOLE_YEAR):
                wanted = "a fiscal year and its total" if expected == _WHOLE_YEAR else f"{expected} alone"
                raise self._odd(number, 1, f"{wanted} should stand here")
            if match is not None:
                year, is_partial = int(match[1]), match[2] is not None
            expected = _IN_ORDER[(_IN_ORDER.index(month) + 1) % len(_IN_ORDER)]
            self._read_row(number, columns, self._span(year, month, is_partial))
        months = [row["through_date"] for row in self.rows if row["period_kind"] == "month"]
        last = max(months, default=None)
        if last != self.last_day:
            raise self._odd(
                end - 1, 1, f"the title counts through {self.last_day}, the last row through {last}"
            )
        for number in range(end, len(self.grid)):
            for column, text in enumerate(self.grid[number]):
                if column and text is not None:
                    raise self._odd(number, column, "only notes stand below the last month")
        return self

    def _title(self) -> tuple[int, datetime.date]:
        found = _find_title(self.table, self.grid)
        if found is None:
            raise LayoutError(
                f"{self.file.relative}, {self.name}: the title is another one.",
                [("wanted", self.table.title), ("fix", f"obtain the file again, or change {self.fix}")],
            )
        number, match = found
        month, first = _MONTHS[match["month"] or _LAST_MONTH], fiscal_year_start(int(match["year"]))
        return number, month_end(first.year + (month < first.month), month)

    def _columns(self) -> dict[int, Mapping[str, str]]:
        """Returns the dimensions of each column that is kept."""
        rows = self.grid[self.title_row + 1 : self.title_row + 1 + self.table.heading_rows]
        groups = _spread(rows[0]) if len(rows) > 1 else [None] * len(rows[-1])
        kept = {each.heading: each.sets for each in self.table.columns}
        columns: dict[int, Mapping[str, str]] = {}
        for column, (group, heading) in enumerate(zip(groups, rows[-1], strict=True)):
            if column < _FIRST_NUMBERS or heading is None:
                continue
            name = f"{group} / {heading}" if group is not None else heading
            if name in kept:
                columns[column] = kept.pop(name)
            elif not any(re.fullmatch(each.text, name, re.IGNORECASE) for each in self.table.leaves_out):
                raise self._odd(
                    self.title_row + self.table.heading_rows, column, f"no column is called {name!r}"
                )
        if kept:
            raise LayoutError(
                f"{self.file.relative}, {self.name} lacks the column {', '.join(map(repr, kept))}.",
                [("fix", f"obtain the file again, or change {self.fix}")],
            )
        return columns

    def _span(self, year: int, month: str, is_partial: bool) -> dict[str, Any]:
        start, end = fiscal_year_start(year), fiscal_year_end(year)
        kind = "fiscal_year_to_date"
        if month == _WHOLE_YEAR:
            end = self.last_day if is_partial else end
        else:
            kind, number = "month", _MONTHS[month]
            start = datetime.date(start.year + (number < start.month), number, 1)
            end = month_end(start.year, number)
        return {"period_kind": kind, "fiscal_year": year, "period_start": start, "through_date": end}

    def _read_row(
        self, number: int, columns: Mapping[int, Mapping[str, str]], span: Mapping[str, Any]
    ) -> None:
        self.printed += 1
        for column, dimensions in columns.items():
            text = self.grid[number][column]
            if text in self.marks:
                continue
            if text is None or not text.isdecimal() or int(text) % self.declared.rounded_to:
                raise self._odd(
                    number, column, f"a count rounded to {self.declared.rounded_to} should stand here"
                )
            self.rows.append(
                {
                    "printed_table": self.table.table,
                    "statistic_name": self.table.figure,
                    "unit_code": self.table.unit,
                    **span,
                    **{f"{name}_code": code for name, code in dimensions.items()},
                    "value_count": int(text),
                    "rounded_to": self.declared.rounded_to,
                    "sheet_original": self.name,
                    "cell_original": cell_address(number, column),
                }
            )

    def _odd(self, row: int, column: int, what: str) -> ValueInFileError:
        return ValueInFileError(
            f"{self.file.relative}, {self.name}!{cell_address(row, column)}: {what}.",
            [
                ("holds", repr(self.grid[row][column])),
                ("fix", f"obtain the file again, or change {self.fix}"),
            ],
        )


def _spread(row: Row) -> list[str | None]:
    spread: list[str | None] = []
    for text in row:
        spread.append(text if text is not None or not spread else spread[-1])
    return spread


def _release(file: SourceFile, declared: MonthlyTables, last_day: datetime.date) -> KnownRelease:
    match = re.fullmatch(declared.name_date, file.name, re.IGNORECASE)
    published = (
        datetime.date(two_or_four(match["year"]), int(match["month"]), int(match["day"]))
        if match is not None
        else None
    )
    filled = {"through": f"{last_day:%Y-%m}"}
    template = declared.release
    return KnownRelease(
        release=template.release.format(**filled),
        source=declared.source,
        title=Text(en=template.title.en.format(**filled), es=template.title.es.format(**filled)),
        printed_by=template.printed_by,
        reports=declared.reports,
        url=None,
        published_from=published,
        published_to=None,
        published_basis=template.basis,
        authority=str(template.authority),
        lists=None,
        covers_through=last_day,
        declared=False,
        files=[file.released()],
    )
