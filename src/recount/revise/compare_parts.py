"""The rows and counts of one release's table of individual records, as an engine counts them."""

from __future__ import annotations

import datetime
import functools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recount.declare.cubes import COUNT, MONTH, YEAR
from recount.declare.events import FISCAL_YEAR_STATED, REDACTED, EventTable
from recount.declare.fiscal_years import fiscal_year_of
from recount.measure.event_engine import Engine
from recount.record.store import EventPart
from recount.revise.compare_counts import Month, PeriodRows, months_between, months_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

Values = Mapping[str | None, int]
"""The rows of each value of a column; of `None`, of blanks."""


@dataclass(frozen=True)
class PartsOfTable:
    """The parts of one release's table, rows or counts of them, and how they are read."""

    table: EventTable
    parts: Sequence[EventPart]
    engine: Engine
    groups: Mapping[str, tuple[str, Mapping[str, str | None]]]
    """What a cube groups: the field, and the group of each of its codes, by the name of the groups."""
    dimensions: frozenset[str]
    first_days: int
    """Within how many days of the first of a month the first row says that the month is covered whole."""

    @property
    def rows(self) -> list[EventPart]:
        """The parts that hold rows."""
        return [each for each in self.parts if each.kind == "rows"]

    @property
    def cubes(self) -> list[EventPart]:
        """The parts that hold counts."""
        return [each for each in self.parts if each.kind == "cube"]

    @functools.cached_property
    def total(self) -> int:
        """How many rows the release has, told apart or not."""
        counted = sum(each.rows for each in self.rows)
        for each in self.cubes:
            cells = self.engine.table([each.path])
            found = self.engine.rows(cells.aggregate(n=cells[COUNT].sum().cast("int64")))
            counted += int(found[0][0] or 0)
        return counted

    def tells(self, column: str) -> bool:
        """Returns whether every part says what stands in a column; cubes do only of their dimensions."""
        return column in self.dimensions if self.cubes else True

    def values(self, columns: Sequence[str]) -> dict[str, Values]:
        """Returns, by column, the rows of each value or group of values, `pooled` among them."""
        found: dict[str, Counter[str | None]] = {each: Counter() for each in columns}
        if self.rows and columns:
            events = self.engine.table([each.path for each in self.rows])
            fields = {each: self.groups.get(each, (each, {})) for each in columns}
            counted = _count_values(events, {each: field for each, (field, _) in fields.items()}, None)
            for column, value, count in self.engine.rows(counted):
                groups = fields[column][1]
                found[column][groups.get(value) if groups else value] += int(count)
        for each in self.cubes if columns else ():
            cells = self.engine.table([each.path])
            # What a release does not give is left out of its cube.
            given = {column: column if column in cells.columns else None for column in columns}
            for column, value, count in self.engine.rows(_count_values(cells, given, COUNT)):
                found[column][value] += int(count)
        return {column: dict(values) for column, values in found.items()}

    @functools.cached_property
    def periods(self) -> PeriodRows:
        """The rows by month and fiscal year, and which months the release covers."""
        months: Counter[Month] = Counter()
        years: Counter[int] = Counter()
        of_year: Counter[int] = Counter()
        pooled = undated = 0
        for is_cube, year, month, count in self._dated():
            if month is not None:
                months[month.year, month.month] += count
                years[fiscal_year_of(month)] += count
            elif year is not None:
                of_year[year] += count
                years[year] += count
            elif is_cube:
                pooled += count
            else:
                undated += count
        covered, first, last = self._covered()
        whole = {
            year: all(month in covered for month in months_of(year))
            for year in {fiscal_year_of(datetime.date(*month, 1)) for month in covered}
        }
        return PeriodRows(months, years, covered, whole, first, last, of_year, pooled, undated)

    def _dated(self) -> Iterator[tuple[bool, int | None, datetime.date | None, int]]:
        if self.rows:
            events = self.engine.table([each.path for each in self.rows])
            # A row without a date is of the year that its sheet states.
            date = events[self.table.date]
            keyed = events.group_by(month=date.truncate("M"), stated=events[FISCAL_YEAR_STATED])
            for month, stated, count in self.engine.rows(keyed.aggregate(n=events.count())):
                yield False, stated, _day(month), int(count)
        for each in self.cubes:
            cells = self.engine.table([each.path])
            keyed = cells.group_by(year=cells[YEAR], month=cells[MONTH])
            for year, month, count in self.engine.rows(keyed.aggregate(n=cells[COUNT].sum())):
                yield True, year, _day(month), int(count)

    def _covered(self) -> tuple[frozenset[Month], datetime.date | None, datetime.date | None]:
        """Returns the months of each file's dates; the file that goes furthest covers through the cut-off."""
        spans = [
            (each.first_date, each.last_date)
            for each in self.parts
            if each.first_date is not None and each.last_date is not None
        ]
        if not spans:
            return frozenset(), None, None
        furthest = max(last for _, last in spans)
        cut_off = next((each.cut_off for each in self.parts if each.cut_off is not None), furthest)
        covered: set[Month] = set()
        for first, last in spans:
            through = cut_off if last == furthest else min(last, cut_off)
            covered |= months_between(first, through)
        start = min(first for first, _ in spans)
        if start.day <= self.first_days:
            # A month can begin with days on which nothing was recorded.
            start = start.replace(day=1)
        return frozenset(covered), start, cut_off

    def blanks(self, columns: Sequence[str]) -> dict[str, int]:
        """Returns the rows in which each column holds nothing; of parts that hold rows."""
        if not self.rows:
            return {}
        events = self.engine.table([each.path for each in self.rows])
        counted = events.aggregate(**{name: events[name].isnull().sum().cast("int64") for name in columns})
        return dict(zip(columns, (int(each or 0) for each in self.engine.rows(counted)[0]), strict=True))

    def redactions(self) -> Counter[str]:
        """Returns the rows in which each field is blacked out; of parts that hold rows."""
        found: Counter[str] = Counter()
        if self.rows:
            events = self.engine.table([each.path for each in self.rows])
            keyed = events.group_by(names=events[REDACTED]).aggregate(n=events.count())
            for names, count in self.engine.rows(keyed):
                for name in () if names is None else str(names).split(";"):
                    found[name] += int(count)
        return found


def _count_values(rows: ir.Table, columns: Mapping[str, str | None], counted: str | None) -> ir.Table:
    """Returns name, value and rows for each value of columns, in one expression: an engine is asked once.

    Args:
        rows: of a part.
        columns: the column of each name, `None` for one that is blank throughout.
        counted: the column that counts rows, where one row stands for several.
    """
    import ibis  # noqa: PLC0415  slow to import, and only records need it

    tables = []
    for name, column in columns.items():
        value = ibis.null("string") if column is None else rows[column].cast("string")
        one = rows.select(
            name=ibis.literal(name), value=value, rows=ibis.literal(1) if counted is None else rows[counted]
        )
        tables.append(one.group_by("name", "value").aggregate(n=one.rows.sum().cast("int64")))
    return ibis.union(*tables) if len(tables) > 1 else tables[0]


def _day(value: object) -> datetime.date | None:
    if isinstance(value, datetime.datetime):
        return value.date()
    return value if isinstance(value, datetime.date) else None
