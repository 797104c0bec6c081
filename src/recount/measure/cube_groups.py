"""Cubes counted without an engine: they are small counts already, and an engine takes longer to load than to count one.

What every cell says of a condition, and into which part it falls, is what `event_groups` says of it in an engine's
words; a test holds the two to the same groups.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from recount.declare.event_measures import PERIODS
from recount.declare.fiscal_years import fiscal_year_of
from recount.measure.event_bounds import Why
from recount.measure.event_conditions import TIMES, Condition
from recount.measure.event_groups import (
    MISSING,
    NO,
    POOLED,
    SUPPRESSED,
    YES,
    Frame,
    Group,
    Known,
    all_of,
    state_of,
)
from recount.measure.event_periods import ADMINISTRATION, Days, Period, period_number

if TYPE_CHECKING:
    import polars as pl

FISCAL, MONTH, COUNT = "fiscal_year", "month", "row_count"
CellState = Callable[[Any], int]
"""Says of a cell, given as (value of its column) or (month, fiscal year), whether it meets a condition, or why not."""


class Cells:
    """The cells of a cube, as they are read, and added up over the columns that questions look at, each set once."""

    def __init__(self, cells: pl.DataFrame) -> None:
        self._cells = cells
        self._added: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        self.columns: list[str] = cells.columns

    def rows(self, names: Sequence[str]) -> list[tuple[Any, ...]]:
        """Returns some columns and the count, of cells alike in them."""
        import polars as pl  # noqa: PLC0415  printed figures may do without

        key = tuple(names)
        if key not in self._added:
            added = self._cells.group_by(names).agg(pl.col(COUNT).sum())
            self._added[key] = added.sort(names, nulls_last=True).rows()
        return self._added[key]

    def held(self, column: str) -> int:
        """Returns how many cells hold something in a column."""
        return self._cells[column].count()

    def values(self, column: str) -> list[Any]:
        """Returns the values of a column, each once, in order, a missing one last."""
        return [value for value, _ in self.rows([column])]


def group_cube(frame: Frame, cells: Cells) -> list[Group]:
    """Returns the groups of a cube for one reading; those that do not meet its conditions are left out."""
    limits, counted = frame.limits(), frame.counted()
    reader = CellReader(frame, cells)
    states = [reader.state(each) for each in (*limits, *counted)]
    parts = [reader.part(each) for each in frame.asked.by]
    added: dict[tuple[Any, ...], int] = {}
    for row in reader.rows():
        found = [state(row) for state in states]
        if NO in found[: len(limits)]:
            continue
        key = (row[0], tuple(part(row) for part in parts), tuple(found))
        added[key] = added.get(key, 0) + row[-1]
    return [
        Group(
            release=release,
            by=by,
            where=tuple(state_of(each) for each in found[: len(limits)]),
            counted=all_of([state_of(each) for each in found[len(limits) :]]),
            rows=rows,
        )
        for (release, by, found), rows in added.items()
    ]


class CellReader:
    """The cells of a cube as far as a question looks at them, added up, and what each says of it."""

    def __init__(self, frame: Frame, cells: Cells) -> None:
        self.frame = frame
        self._cells = cells
        self._columns = {"release": 0, MONTH: 1, FISCAL: 2}
        asked = [*frame.asked.by, *(each.name for each in (*frame.limits(), *frame.counted()))]
        named = [each for each in asked if each not in TIMES]
        events: Any = cells  # of which no more is asked than its columns
        self._column_of = dict(zip(named, frame.columns_read(events), strict=True))
        for each in dict.fromkeys(self._column_of.values()):
            self._columns[each] = len(self._columns)

    def rows(self) -> list[tuple[Any, ...]]:
        """Returns release, month, fiscal year, the columns asked for, and the count, of cells alike in them."""
        return self._cells.rows(list(self._columns))

    def state(self, limit: Condition) -> CellState:
        """Returns what says of a row whether it meets a condition, or else why that is not known."""
        if limit.spans:
            known: dict[tuple[datetime.date | None, int | None], int] = {}

            def of_time(row: Any) -> int:
                key = row[1], row[2]
                if key not in known:
                    known[key] = _state_of_time(*key, limit.spans)
                return known[key]

            return of_time
        if limit.ranges:
            raise TypeError(f"a cube has no numbers, and {limit.name} is asked for some")
        at, values = self._columns[self._column_of[limit.name]], frozenset(self._values(limit))

        def of_code(row: Any) -> int:
            value = row[at]
            if value is None:
                return MISSING
            if value == POOLED:
                return SUPPRESSED
            return YES if (value in values) != limit.is_not else NO

        return of_code

    def _values(self, limit: Condition) -> Sequence[str]:
        dimension = self.frame.asked.dimension(limit.name, self.frame.reading)
        if dimension.grouped and self._column_of[limit.name] != dimension.column:
            return limit.given.removeprefix("!=").split(",")
        return limit.codes

    def part(self, name: str) -> Callable[[Any], Known]:
        """Returns what says of a row of which part of a dimension it is."""
        if name == FISCAL:
            return lambda row: Known(row[2], None if row[2] is not None else "missing")
        if name in PERIODS:
            return lambda row: self._period(name, row[1], row[2])
        at = self._columns[self._column_of[name]]

        def of_code(row: Any) -> Known:
            value = row[at]
            if value is None:
                return Known(None, "missing")
            return Known(None, "suppressed") if value == POOLED else Known(value, None)

        return of_code

    def _period(self, kind: str, month: datetime.date | None, fiscal_year: int | None) -> Known:
        value: str | int | None = None
        if month is not None and kind == ADMINISTRATION:
            within = [
                each.name
                for each in self.frame.asked.administrations
                if _month_from(each.start) <= month and _is_before(month, each.end.replace(day=1))
            ]
            value = within[0] if within else None
        elif month is not None:
            value = period_number(kind, month)
        why: Why | None = None if value is not None else "missing" if fiscal_year is None else "suppressed"
        return Known(value, why, fiscal_year)


def _state_of_time(month: datetime.date | None, fiscal_year: int | None, spans: Sequence[Days]) -> int:
    if month is not None:
        if any(_month_from(start) <= month and _is_before(month, end.replace(day=1)) for start, end in spans):
            return YES
        touched = any(start.replace(day=1) <= month and _is_before(month, end) for start, end in spans)
        if not touched:
            return NO
    elif fiscal_year is not None:
        first, after = Period(FISCAL, fiscal_year).start, Period(FISCAL, fiscal_year).end
        if any(_starts_by(start, first) and _ends_from(end, after) for start, end in spans):
            return YES
        if not any(_touches(fiscal_year, span) for span in spans):
            return NO
    return MISSING if fiscal_year is None else SUPPRESSED


def _starts_by(start: datetime.date, first: datetime.date) -> bool:
    return start <= first


def _ends_from(end: datetime.date, after: datetime.date) -> bool:
    return end.year == datetime.MAXYEAR or end >= after


def _touches(fiscal_year: int, span: Days) -> bool:
    start, end = span
    return fiscal_year_of(start) <= fiscal_year <= fiscal_year_of(end - datetime.timedelta(days=1))


def _is_before(month: datetime.date, end: datetime.date) -> bool:
    return end.year == datetime.MAXYEAR or month < end


def _month_from(day: datetime.date) -> datetime.date:
    """Returns the first of the first month that begins on or after a day."""
    return day if day.day == 1 else (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
