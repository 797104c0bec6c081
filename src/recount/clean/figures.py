"""Printed tables into rows of core tables, one row a number."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, compress, cycle
from operator import attrgetter
from typing import Any, Literal, NamedTuple

import polars as pl

from recount.clean.accounts import CellSetAside, Conflict
from recount.clean.periods import Reference, span_of
from recount.clean.table_checks import TableChecks
from recount.clean.workbook_dates import Dated
from recount.declare.frames import frame_schema
from recount.declare.tables import PERIOD_DIMENSIONS, Table
from recount.extract.cells import are_digits, cell_address, column_letters
from recount.extract.table_blocks import Block, Unknown, ValueRow
from recount.extract.vocabulary import Said

_DIGITS = 15
_WHOLE = re.compile(r"[0-9]{1,15}(?:\.0+)?")
_NOT_BROKEN_DOWN_BY = ("unit_code",)
# Polars counts days from here; numbers become a column of days ten times as fast as dates do.
_EPOCH = datetime.date(1970, 1, 1).toordinal()
_OF_SPANS = ("period_kind", "fiscal_year", "period_start", "through_date", "through_precision")
_TO_COME = "counts_days_to_come"
_STALE = "date_of_another_year"
_NO_YEAR = "year_label_missing"

Times = tuple[tuple[str, str], ...]
_Named = tuple[str | None, str | None, str | None]
_Likeness = tuple[Times, _Named, tuple[int, ...]]


@dataclass(frozen=True)
class KeptBlock:
    """What became of a table's numbers: how many are kept, those that are not, and what does not fit."""

    kept: int
    set_aside: list[CellSetAside]
    unknown: list[Unknown]
    conflicts: list[Conflict]


class _Dimension(NamedTuple):
    """A column of codes, the dimension it is of, and the code of what says nothing of that."""

    column: str
    dimension: str
    default: str | None


class CoreRows:
    """The rows of one core table, gathered by column, a printed row at a time."""

    def __init__(self, table: Table) -> None:
        self.schema = frame_schema(table)
        self.columns: dict[str, list[Any]] = {name: [] for name in self.schema}
        self.dimensions: list[_Dimension] = []
        for each in table.fields:
            if (
                each.name.endswith("_code")
                and each.name not in _NOT_BROKEN_DOWN_BY
                and each.codes is not None
            ):
                default = None if each.may_be_missing else "total"
                self.dimensions.append(_Dimension(each.name, each.name.removesuffix("_code"), default))
            elif each.name in ("facility_name", "facility_code"):
                self.dimensions.append(_Dimension(each.name, each.name, None))

    def frame(self) -> pl.DataFrame:
        """Returns the rows."""
        return pl.DataFrame([pl.Series(name, self.columns[name], kind) for name, kind in self.schema.items()])


class _Days(NamedTuple):
    """A span as columns hold it: its kind, fiscal year, first and last day by number, and precision."""

    columns: tuple[str, int, int, int, str]
    to_come: bool


class _Place(NamedTuple):
    """What is said of a number by where it stands: in which column, and in a row of which label."""

    letters: str
    figure: str
    unit: str | None
    days: _Days
    flag: str | None
    counted: bool


@dataclass(frozen=True)
class _Line:
    """The places of a row's numbers, and the rows that have their numbers in just these."""

    places: list[_Place]
    codes: Mapping[str, list[str | None]]
    rows: list[ValueRow] = field(default_factory=list)

    @functools.cached_property
    def counted(self) -> list[bool]:
        """Which of the numbers count something."""
        return [each.counted for each in self.places]

    @functools.cached_property
    def counts_only(self) -> bool:
        """Whether all of the numbers do."""
        return all(self.counted)

    @functools.cached_property
    def means_only(self) -> bool:
        """Whether none of the numbers does."""
        return not any(self.counted)

    @functools.cached_property
    def has_days_to_come(self) -> bool:
        """Whether some number is of days that had not come."""
        return any(each.days.to_come for each in self.places)

    def are_whole(self, rows: Sequence[ValueRow]) -> bool:
        """Returns whether every number of some rows that counts something is a whole one."""
        if self.means_only:
            return True
        counts = list(compress(chain.from_iterable(each.texts for each in rows), cycle(self.counted)))
        if are_digits(counts) and max(map(len, counts)) <= _DIGITS:
            return True
        return all(map(_WHOLE.fullmatch, counts))


class BlockKeeper:
    """Turns the numbers of one printed table into rows.

    Args:
        block: the table.
        rows: the rows of its core table so far.
        kinds: whether each figure is a count or a mean.
        fiscal_year: the table's own.
        dated: the day through which it counts.
        constant: what holds of every row: release, file and sheet.
        checks: the checks of the sheet's tables.
    """

    def __init__(
        self,
        block: Block,
        rows: CoreRows,
        kinds: Mapping[str, str | None],
        fiscal_year: int,
        dated: Dated,
        constant: Mapping[str, str],
        checks: TableChecks,
    ) -> None:
        self.block = block
        self.table = block.table
        self.core = rows
        self.kinds = kinds
        self.checks = checks
        self.fiscal_year = fiscal_year
        self.reference = (dated.reference.day, dated.reference.precision)
        self.stale = _STALE if dated.conflict == _STALE else None
        self.constant = {**constant, "printed_table": block.table.table}
        self.restored = _restore_years(block) if block.table.period == "half_month" else frozenset[int]()
        self.times = {column: _times(said.dimensions) for column, said in block.columns.items()}
        said = {name for each in block.columns.values() for name in each.dimensions}
        self.of_headings = [dimension for _, dimension, _ in rows.dimensions if dimension in said]
        self.places: dict[tuple[Times, _Named, int], _Place | None] = {}
        self.lines: dict[_Likeness, _Line | None] = {}
        self.set_aside: list[CellSetAside] = []
        self.unknown: list[Unknown] = []

    def keep(self) -> KeptBlock:
        """Adds the table's numbers to the core rows, and returns the account of them."""
        for row in sorted(self._keep_alike(), key=attrgetter("row")):
            self._keep_fitting(row)
        lines = [each for each in self.lines.values() if each is not None and each.rows]
        said = {name for line in lines for each in line.rows for name in each.said.dimensions}
        said.update(self.of_headings)
        varying = [each for each in self.core.dimensions if each.dimension in said]
        kept = sum(self._add(line, varying) for line in lines)
        for name, value in self._constants(varying):
            self.core.columns[name] += [value] * kept
        conflicts = list(self.checks.find(self.block, self._has_come))
        return KeptBlock(kept, self.set_aside, self.unknown, conflicts)

    def _keep_alike(self) -> list[ValueRow]:
        """Adds rows to their lines where all of their numbers are kept, and returns the other rows."""
        alike: dict[_Likeness, list[ValueRow]] = {}
        for row in self.block.rows:
            if row.columns:
                alike.setdefault(_likeness(row), []).append(row)
        others: list[ValueRow] = []
        for rows in alike.values():
            line = self._line(rows[0])
            if line is None or line.has_days_to_come:
                others += rows
            elif line.are_whole(rows):
                line.rows.extend(rows)
            else:
                for row in rows:
                    (line.rows if line.are_whole([row]) else others).append(row)
        return others

    def _constants(self, varying: Sequence[_Dimension]) -> Iterator[tuple[str, str | None]]:
        """Yields the columns in which all rows of the table say the same, and what they say."""
        yield from self.constant.items()
        for each in self.core.dimensions:
            if each not in varying:
                yield each.column, each.default

    def _has_come(self, row: ValueRow, column: int) -> bool:
        place = self._place(_times(row.said.dimensions), row.said, column)
        return place is not None and not place.days.to_come

    def _keep_fitting(self, row: ValueRow) -> None:
        """Adds those numbers of a row to a line that are kept."""
        own = _times(row.said.dimensions)
        line = self._line(row)
        places = (
            line.places if line is not None else [self._place(own, row.said, each) for each in row.columns]
        )
        pairs = list(self._fitting(row, places))
        if not pairs:
            return
        columns, texts = zip(*pairs, strict=True)
        row = ValueRow(row.row, row.said, columns, texts)
        line = self._line(row)
        if line is not None:
            line.rows.append(row)

    def _fitting(self, row: ValueRow, places: Sequence[_Place | None]) -> Iterator[tuple[int, str]]:
        """Yields the numbers of a row that are kept, with their columns, and accounts for the others."""
        sheet = self.constant["sheet_original"]
        for column, text, place in zip(row.columns, row.texts, places, strict=True):
            if place is not None and place.days.to_come and float(text) == 0:
                where = cell_address(row.row, column)
                self.set_aside.append(CellSetAside(sheet, where, "month_still_to_come", True))
            elif place is None or (place.counted and _WHOLE.fullmatch(text) is None):
                where = cell_address(row.row, column)
                self.unknown.append(Unknown(sheet, where, text, "not_a_number"))
            else:
                yield column, text

    def _place(self, own: Times, said: Said, column: int) -> _Place | None:
        """Returns what is said of a number in a row that says `said`; `None` where its time cannot be told."""
        key = (own, _named(said), column)
        if key not in self.places:
            self.places[key] = self._new_place(own, said, column)
        return self.places[key]

    def _new_place(self, own: Times, said: Said, column: int) -> _Place | None:
        heading, table = self.block.columns[column], self.table
        period = heading.period or said.period or table.period
        days = _days(period, own + self.times[column], self.fiscal_year, *self.reference)
        if days is None:
            return None
        figure = heading.figure or said.figure or table.figure or ""
        flag = _TO_COME if days.to_come else (_NO_YEAR if column in self.restored else self.stale)
        unit = heading.unit or said.unit or table.unit
        return _Place(column_letters(column), figure, unit, days, flag, self.kinds.get(figure) == "count")

    def _line(self, row: ValueRow) -> _Line | None:
        """Returns the line of a row's numbers; `None` where the time of some cannot be told."""
        key = _likeness(row)
        if key not in self.lines:
            own, said = key[0], row.said
            places = [place for each in row.columns if (place := self._place(own, said, each)) is not None]
            headings = [self.block.columns[each].dimensions for each in row.columns]
            codes = {name: [each.get(name) for each in headings] for name in self.of_headings}
            self.lines[key] = _Line(places, codes) if len(places) == len(row.columns) else None
        return self.lines[key]

    def _add(self, line: _Line, varying: Sequence[_Dimension]) -> int:
        """Adds the rows of one line, a column at a time, and returns how many numbers they hold."""
        columns, rows, width = self.core.columns, line.rows, len(line.places)
        columns["statistic_name"] += [each.figure for each in line.places] * len(rows)
        columns["unit_code"] += [each.unit for each in line.places] * len(rows)
        columns["flags"] += [each.flag for each in line.places] * len(rows)
        spans = zip(*(each.days.columns for each in line.places), strict=True)
        for name, values in zip(_OF_SPANS, spans, strict=True):
            columns[name] += values * len(rows)
        for name, dimension, default in varying:
            own = [each.said.dimensions.get(dimension, default) for each in rows]
            if dimension in line.codes:
                codes = [heading or code for code in own for heading in line.codes[dimension]]
            else:
                codes = [code for code in own for _ in range(width)]
            # What counts everything has no code where a code may be missing.
            columns[name] += codes if default else [None if each == "total" else each for each in codes]
        texts = [text for each in rows for text in each.texts]
        if line.counts_only:
            columns["value_count"] += map(_whole, texts)
            columns["value_number"] += [None] * len(texts)
        elif line.means_only:
            columns["value_count"] += [None] * len(texts)
            columns["value_number"] += map(float, texts)
        else:
            pairs = list(zip(texts, line.counted * len(rows), strict=True))
            columns["value_count"] += [_whole(text) if counts else None for text, counts in pairs]
            columns["value_number"] += [None if counts else float(text) for text, counts in pairs]
        letters = [each.letters for each in line.places]
        columns["cell_original"] += [
            each + row for row in [str(one.row + 1) for one in rows] for each in letters
        ]
        return len(texts)


@functools.lru_cache(maxsize=4096)
def _days(
    period: str, said: Times, fiscal_year: int, day: datetime.date, precision: Literal["day", "approximate"]
) -> _Days | None:
    """Returns the span of which `said` tells, or `None` where that is no time. Tables share their months."""
    try:
        span = span_of(period, dict(said), fiscal_year, Reference(day, precision))
    except ValueError:
        return None
    start, through = span.start.toordinal() - _EPOCH, span.through.toordinal() - _EPOCH
    return _Days((span.kind, span.fiscal_year, start, through, span.precision), span.to_come)


def _whole(text: str) -> int:
    """Returns a whole number, which may be printed with a point and zeros."""
    return int(text.partition(".")[0])


def _named(said: Said) -> _Named:
    return said.figure, said.unit, said.period


def _likeness(row: ValueRow) -> _Likeness:
    """Returns what rows have in common whose numbers stand in the same columns and differ only by their codes."""
    return _times(row.said.dimensions), _named(row.said), row.columns


def _times(dimensions: Mapping[str, str]) -> Times:
    if PERIOD_DIMENSIONS.isdisjoint(dimensions):
        return ()
    return tuple((name, code) for name, code in dimensions.items() if name in PERIOD_DIMENSIONS)


def _restore_years(block: Block) -> frozenset[int]:
    """Mends the year of columns over which a new year's label is missing, and returns those columns.

    Months run from left to right. A month before the one to its left, under the same year, can only be of
    the next.
    """
    mended: set[int] = set()
    carried, before, labelled = 0, (0, 0), ""
    for column, heading in sorted(block.columns.items()):
        label, month = heading.dimensions["year"], int(heading.dimensions["calendar_month"])
        if label != labelled:
            labelled, carried = label, 0
        if (int(label) + carried, month) < before:
            carried += 1
        before = (int(label) + carried, month)
        if carried:
            mended.add(column)
            block.columns[column] = heading._replace(
                dimensions={**heading.dimensions, "year": str(before[0])}
            )
    return frozenset(mended)
