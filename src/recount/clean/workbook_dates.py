"""What dates a workbook: the days its notes name, its fiscal year, and the day of each family of numbers."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from recount.clean.accounts import Conflict
from recount.clean.periods import Reference, read_day, two_or_four
from recount.declare.fiscal_years import fiscal_year_end, fiscal_year_start
from recount.declare.workbooks import DateFamily, PrintedTable, SheetLayout, Workbook
from recount.errors import Worded
from recount.extract.cells import Row, is_number, join_rows
from recount.extract.workbooks import RawSheet, RawWorkbook

_FISCAL_YEAR = re.compile(r"fy ?\d", re.IGNORECASE)
_NEAR_THE_TOP = 40
_TITLE_ROWS = 8
_AFTER_YEAR = datetime.timedelta(days=31)
# The appropriations act that a sheet names is of another year than its numbers.
_ACT = "statistics are made available"
_OWN_PERIOD = ("half_month", "month", "fiscal_year")
_WITH_THE_POPULATION = ("iclos", "semiannual")


@functools.lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class KnownSheet:
    """A sheet with the spaces of its cells joined.

    `layout` knows it by its name, where one does; `fiscal_year` is what its first rows name.
    """

    raw: RawSheet
    rows: Sequence[Row]
    layout: SheetLayout | None
    fiscal_year: int | None

    @property
    def name(self) -> str:
        """The sheet's own name."""
        return self.raw.name

    @property
    def visible(self) -> bool:
        """Whether the sheet is not hidden."""
        return self.raw.visible

    def is_kind(self, kind: str) -> bool:
        """Returns whether it is a visible sheet of the layout called `kind`."""
        return self.visible and self.layout is not None and self.layout.sheet == kind


def know_sheets(raw: RawWorkbook, layouts: Sequence[SheetLayout], workbook: Workbook) -> list[KnownSheet]:
    """Returns a workbook's sheets, each with its layout."""
    sheets = []
    for each in raw.sheets:
        rows = join_rows(each.rows)
        layout = next((one for one in layouts if one.knows(each.name)), None)
        sheets.append(KnownSheet(each, rows, layout, title_fiscal_year(rows, workbook)))
    return sheets


@dataclass(frozen=True)
class NotedDates:
    """The day that each family of numbers counts through, as notes give it, and the last day of a run."""

    families: Mapping[str, datetime.date]
    last_run: datetime.date | None


def read_noted_dates(rows: Sequence[Row], workbook: Workbook) -> NotedDates:
    """Returns the dates in a sheet of notes: a term in the first column, its notes in the second.

    A term stands for the notes below it until the next. Where two notes of a family give days, the first
    one stands: later ones speak of parts.
    """
    families: dict[str, datetime.date] = {}
    runs: list[datetime.date] = []
    named: list[DateFamily] = []
    for row in rows:
        first, second = (*row, None, None)[:2]
        if first is not None:
            named = [each for each in workbook.families if _compiled(each.label).fullmatch(first)]
        for note in (first, second):
            if note is None or "/" not in note:
                continue
            runs += _days(_compiled(workbook.run_dates).findall(note))
            for family in named:
                match = _compiled(family.text).fullmatch(note)
                if match is not None and (days := _days([match["date"]])):
                    families.setdefault(family.family, days[0])
    return NotedDates(families, max(runs, default=None))


def read_sheet_dates(rows: Sequence[Row], families: Sequence[DateFamily]) -> dict[str, datetime.date]:
    """Returns the dates that a sheet gives on itself; the first of each family stands."""
    found: dict[str, datetime.date] = {}
    if not families:
        return found
    for row in rows[:_NEAR_THE_TOP]:
        for text in row:
            if text is None or is_number(text):
                continue
            for family in families:
                match = _compiled(family.text).fullmatch(text)
                if family.family not in found and match is not None and (days := _days([match["date"]])):
                    found[family.family] = days[0]
    return found


def _days(texts: Iterable[str]) -> list[datetime.date]:
    days = []
    for each in texts:
        try:
            days.append(read_day(each))
        except ValueError:
            # A mistyped day, such as 13/45/2022, dates nothing; what lacks a date says so.
            continue
    return days


def fiscal_year_in(text: str, workbook: Workbook) -> int | None:
    """Returns the fiscal year that a title names: "FY2026", "EOFY20"; `None` where it names none."""
    match = _compiled(workbook.fiscal_year).fullmatch(text)
    if match is None:
        return None
    return two_or_four(next(each for each in match.groups() if each is not None))


def years_named(title: str) -> int:
    """Returns how many fiscal years a title names."""
    return len(_FISCAL_YEAR.findall(title))


def name_fiscal_year(name: str, workbook: Workbook) -> int | None:
    """Returns the fiscal year that a file's name gives."""
    match = _compiled(workbook.name_fiscal_year).fullmatch(name)
    return two_or_four(match[1]) if match is not None else None


def name_date(name: str, workbook: Workbook) -> datetime.date | None:
    """Returns the day that a file's name gives, by the first pattern that finds one that can be."""
    for pattern in workbook.name_dates:
        match = _compiled(pattern).fullmatch(name)
        if match is None:
            continue
        try:
            return datetime.date(two_or_four(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError:
            continue
    return None


def speaks_of_year(day: datetime.date, fiscal_year: int) -> bool:
    """Returns whether numbers of a fiscal year can count through `day`: in it, or a month after its end."""
    return fiscal_year_start(fiscal_year) <= day <= fiscal_year_end(fiscal_year) + _AFTER_YEAR


@dataclass(frozen=True)
class Dated:
    """The reference of a family for one fiscal year, and what is wrong with the noted day, if anything."""

    reference: Reference
    conflict: str | None


def date_family(
    family: str,
    fiscal_year: int | None,
    noted: Mapping[str, datetime.date],
    fallbacks: Sequence[datetime.date],
) -> Dated | None:
    """Returns the day that a family's numbers count through.

    A noted day outside the fiscal year that the table names is stale, and is not used: the first fallback
    that can be is, and is approximate. So it is where no day is noted. `None` where nothing dates the numbers.
    """
    day = noted.get(family)
    if day is not None and (fiscal_year is None or speaks_of_year(day, fiscal_year)):
        return Dated(Reference(day, "day"), None)
    others = [each for each in noted.values() if fiscal_year is None or speaks_of_year(each, fiscal_year)]
    if day is None and others:
        return Dated(Reference(max(others), "approximate"), "no_date")
    fallback = next(
        (each for each in fallbacks if fiscal_year is None or speaks_of_year(each, fiscal_year)), None
    )
    if fallback is not None:
        return Dated(Reference(fallback, "approximate"), "no_date" if day is None else "date_of_another_year")
    if day is not None and fiscal_year is not None and day > fiscal_year_end(fiscal_year):
        return Dated(Reference(fiscal_year_end(fiscal_year), "approximate"), "date_of_another_year")
    return None


def title_fiscal_year(rows: Sequence[Row], workbook: Workbook) -> int | None:
    """Returns the fiscal year that a sheet's first rows name."""
    for row in rows[:_TITLE_ROWS]:
        for cell in row:
            if cell is not None and _ACT not in cell and not is_number(cell):
                year = fiscal_year_in(cell, workbook)
                if year is not None:
                    return year
    return None


class WorkbookDates:
    """The days that a workbook gives: in its notes, on its sheets, in its name.

    `stale` says that the notes are of another fiscal year than the workbook.
    """

    def __init__(self, name: str, sheets: Sequence[KnownSheet], workbook: Workbook, fiscal_year: int) -> None:
        self.workbook = workbook
        self.noted: dict[str, datetime.date] = {}
        runs = []
        known = [(each, each.layout) for each in sheets if each.visible and each.layout is not None]
        for sheet, layout in known:
            if layout.reads == "dates":
                found = read_noted_dates(sheet.rows, workbook)
                self.noted = {**found.families, **self.noted}
                runs += [found.last_run] if found.last_run is not None else []
        self.last_run = max(runs, default=None)
        # Notes are left standing whole: where one of their days is of another fiscal year, none is to be trusted.
        self.stale = any(not speaks_of_year(each, fiscal_year) for each in self.noted.values())
        self.by_sheet = {sheet.name: read_sheet_dates(sheet.rows, layout.dates) for sheet, layout in known}
        self.named = name_date(name, workbook)
        facilities = [each["facilities"] for each in self.by_sheet.values() if "facilities" in each]
        self.fallbacks = [*([self.named] if self.named is not None else []), *facilities]

    @property
    def trusted(self) -> dict[str, datetime.date]:
        """The days in the notes, none where they are stale."""
        return {} if self.stale else self.noted

    @property
    def last_day(self) -> datetime.date | None:
        """The last day that anything in the workbook names, or its name where that is all."""
        days = [*self.trusted.values(), *(day for each in self.by_sheet.values() for day in each.values())]
        return max([*days, *self.fallbacks[:1]], default=None)

    def of_table(
        self, sheet: str, table: PrintedTable, fiscal_year: int
    ) -> tuple[Dated | None, list[Conflict]]:
        """Returns the day through which a table counts, and what is wrong with the noted one."""
        own = self.by_sheet.get(sheet, {})
        noted = {**self.trusted, **own}
        if table.as_of in ("quarter", "month"):
            day = self.last_day
            return (None if day is None else Dated(Reference(day, "day"), None)), []
        family = "population" if table.as_of in _WITH_THE_POPULATION else table.as_of
        year = None if table.period in _OWN_PERIOD else fiscal_year
        dated = date_family(family, year, noted, self.fallbacks)
        if dated is None or dated.conflict is None:
            return dated, []
        if family not in own and family in self.noted and self.stale:
            dated = Dated(dated.reference, "date_of_another_year")
        day = noted.get(family, self.noted.get(family))
        said = (
            Worded("no note gives its day") if day is None else Worded("the notes say %(day)s", day=str(day))
        )
        return dated, [
            Conflict(
                str(dated.conflict),
                _taken(table.table, fiscal_year, said, dated),
            )
        ]

    def of_facilities(self, sheet: str, fiscal_year: int) -> tuple[Dated | None, list[Conflict]]:
        """Returns the day of a facilities sheet, and what is wrong with the one it gives."""
        own = self.by_sheet.get(sheet, {})
        noted = {"facilities": own["facilities"]} if "facilities" in own else {}
        dated = date_family("facilities", fiscal_year, noted, sorted(self.trusted.values(), reverse=True))
        if dated is None or dated.conflict is None:
            return dated, []
        said = Worded("the sheet says %(day)s", day=str(noted.get("facilities")))
        return dated, [
            Conflict(
                dated.conflict,
                _taken("facilities", fiscal_year, said, dated),
            )
        ]


def _taken(table: str, fiscal_year: int, said: Worded, dated: Dated) -> Worded:
    return Worded(
        "%(table)s of FY%(year)s: %(what)s; %(taken)s is taken, approximately",
        table=table,
        year=str(fiscal_year),
        what=said,
        taken=str(dated.reference.day),
    )
