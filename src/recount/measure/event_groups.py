"""Individual records counted by the engine: grouped by what splits a question, and by what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recount.declare.event_measures import PERIODS, Dimension
from recount.declare.events import FISCAL_YEAR_STATED, REDACTED, EventTable
from recount.measure.event_bounds import State, Why
from recount.measure.event_conditions import TIMES, Condition, Range
from recount.measure.event_engine import Engine
from recount.measure.event_periods import ADMINISTRATION
from recount.measure.event_question import EventAsked
from recount.measure.event_times import Times

if TYPE_CHECKING:
    import ibis.expr.types as ir

POOLED = "pooled"
_TRUE = "true"
NO, YES, MISSING, REDACTED_OUT, SUPPRESSED = range(5)
_WHY: dict[int, Why] = {MISSING: "missing", REDACTED_OUT: "redacted", SUPPRESSED: "suppressed"}


@dataclass(frozen=True)
class Known:
    """What a row says of one dimension that splits the answer.

    `value` is None where it is not known; `why` then says why not. `fiscal_year` is what a cube still says of a
    month that it does not show.
    """

    value: str | int | None
    why: Why | None
    fiscal_year: int | None = None


@dataclass(frozen=True)
class Group:
    """Rows of one release that are alike in everything a question asks, and in `more` columns."""

    release: str
    by: tuple[Known, ...]
    where: tuple[tuple[State, Why | None], ...]
    counted: tuple[State, Why | None]
    rows: int
    more: tuple[Any, ...] = ()


class LackingError(Exception):
    """A cube lacks dimensions or the date that a question needs; `names` says which."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(", ".join(names))


@dataclass(frozen=True)
class Frame:
    """What a question asks of a table in one reading, and how the columns of the table are called.

    A cube has `row_count`, months and fiscal years instead of dates, and no more dimensions than its columns.
    """

    asked: EventAsked
    reading: Mapping[str, str]
    table: EventTable
    is_cube: bool

    def known(self, events: ir.Table) -> tuple[ir.Table, ir.Table]:
        """Returns the rows known to meet the conditions that name no span, and those that may."""
        met = unknown = events
        for each in self.limits():
            if not each.spans:
                met = met.filter(self.state(met, each) == YES)
                unknown = unknown.filter(self.state(unknown, each) != NO)
        if met is events:
            return events, events.limit(0)
        keys = ["release", "file_original", "sheet_original", "row_original"]
        return met, unknown.anti_join(met, keys)

    def presence(self, events: ir.Table, engine: Engine, name: str) -> dict[str, int]:
        """Returns, by release, the rows in which the column of a dimension, or the date, holds something.

        What the agency blacked out counts: the release has the column.
        """
        held = self._is_held(events, name)
        if not self.is_cube:
            held = held | is_redacted(events, self._names(name))
        found = engine.rows(events.group_by(release=events.release).aggregate(held=held.sum().cast("int64")))
        return {release: count or 0 for release, count in found}

    def _is_held(self, events: ir.Table, name: str) -> ir.Value:
        if name in TIMES:
            held = self._date(events).notnull()
            return (
                held
                if self.is_cube or not self._states_years(events)
                else held | events[FISCAL_YEAR_STATED].notnull()
            )
        return events[self._column(events, name)].notnull()

    def distinct(self, events: ir.Table, name: str) -> ir.Table:
        """Returns up to two values of the column of a dimension, a missing one among them."""
        return events.select(value=events[self._column(events, name)]).distinct().limit(2)

    def codes(self, events: ir.Table, name: str) -> ir.Table:
        """Returns up to two codes of the column of a dimension, none where a cube lacks it."""
        column = self._column(events, name)
        if not column:
            return events.select(value=events.release).limit(0)
        known = events.filter(events[column].notnull())
        if known[column].type().is_string():
            known = known.filter(known[column] != POOLED)
        return known.select(value=known[column]).distinct().limit(2)

    def limits(self) -> list[Condition]:
        """Returns the conditions of the measure, then those of the question."""
        own = [Condition(name, "", codes=tuple(codes)) for name, codes in self.asked.measure.where.items()]
        return [*own, *self.asked.where]

    def counted(self) -> list[Condition]:
        """Returns what of the population a share counts."""
        counted = self.asked.counted(self.reading)
        return [Condition(name, "", codes=tuple(codes)) for name, codes in counted.items()]

    # Columns

    def _dimension(self, name: str) -> Dimension:
        return self.asked.dimension(name, self.reading)

    def _date_name(self) -> str:
        return self.asked.date_column(self.reading, self.table.date)

    def _names(self, name: str) -> list[str]:
        column = self._date_name() if name in TIMES else self._dimension(name).column
        twin = column.removesuffix("_date") + "_datetime"
        return [column, twin] if column.endswith("_date") else [column]

    def _date(self, events: ir.Table) -> ir.Value:
        return events.fiscal_year if self.is_cube else events[self._date_name()]

    def _column(self, events: ir.Table, name: str) -> str:
        """Returns the column that holds a dimension; of a cube, perhaps one made for it."""
        dimension = self._dimension(name)
        if not self.is_cube:
            return dimension.column
        own = [f"{name}_code", name]
        choices = [*own, dimension.column] if dimension.grouped else [dimension.column]
        return next((each for each in choices if each in events.columns), "")

    def refuse_lacking(self, events: ir.Table) -> None:
        """Raises LackingError where a cube lacks a dimension, the date, or days within a month."""
        if not self.is_cube:
            return
        named = [*self.asked.by, *(each.name for each in self.limits()), *self.asked.counted(self.reading)]
        lacking = [
            each
            for each in dict.fromkeys(named)
            if each not in TIMES and (self._dimension(each).ages or not self._column(events, each))
        ]
        if "week" in self.asked.by:
            lacking.append("week")
        dated = any(each in TIMES for each in named)
        if dated and self._date_name() != self.table.date:
            lacking.append(self._date_name())
        if lacking:
            raise LackingError(lacking)

    def columns_read(self, events: ir.Table) -> tuple[str, ...]:
        """Returns the columns of a cube that hold what is asked, one for each dimension in a fixed order."""
        named = [*self.asked.by, *(each.name for each in self.limits()), *self.asked.counted(self.reading)]
        return tuple(self._column(events, each) for each in named if each not in TIMES)

    # Expressions

    def split(self, events: ir.Table, name: str) -> dict[str, ir.Value]:
        """Returns the value of a dimension; of time in a cube also the fiscal year that a cell says."""
        if name in PERIODS:
            return self._times(events).split(name)
        dimension = self._dimension(name)
        column = events[self._column(events, name)]
        return {"value": self._date(events).year().cast("int64") - column if dimension.ages else column}

    def may_lack(self, events: ir.Table, name: str) -> ir.Value:
        """Returns whether rows may not say the value of a dimension that `split` gives; of others it is known."""
        if name == ADMINISTRATION:
            return self.split(events, name)["value"].isnull()
        if name in PERIODS:
            return self._date(events).isnull()
        column = events[self._column(events, name)]
        return (
            column.isnull() | self._date(events).isnull() if self._dimension(name).ages else column.isnull()
        )

    def _times(self, events: ir.Table) -> Times:
        if self.is_cube:
            return Times(events.month, events.fiscal_year, self.asked.administrations, is_cube=True)
        stated = events[FISCAL_YEAR_STATED] if self._states_years(events) else None
        return Times(events[self._date_name()], stated, self.asked.administrations, is_cube=False)

    def _states_years(self, events: ir.Table) -> bool:
        """Returns whether a row without a date may say its fiscal year: only of the table's own date."""
        return self._date_name() == self.table.date and FISCAL_YEAR_STATED in events.columns

    def _why(self, events: ir.Table, name: str, value: ir.Value) -> tuple[list[tuple[ir.Value, int]], int]:
        """Returns why a value may not be known, as cases and what holds in no case; of one that is known, nothing."""
        if not self.is_cube:
            return [(is_redacted(events, self._names(name)), REDACTED_OUT)], MISSING
        pooled = [(value == POOLED, SUPPRESSED)] if value.type().is_string() else []
        return [(value.isnull(), MISSING), *pooled], YES

    def redacted_names(self, name: str) -> tuple[str, ...]:
        """Returns the columns of a dimension, of which one may be blacked out."""
        return tuple(self._names(name))

    def state(self, events: ir.Table, limit: Condition) -> ir.Value:
        """Returns whether rows meet a condition, or else why it is not known."""
        import ibis  # noqa: PLC0415  slow to import, and only events need it

        if limit.spans:
            within, outside = self._times(events).within(limit.spans)
            if self.is_cube:
                cases, left = [(events.fiscal_year.notnull(), SUPPRESSED)], MISSING
            else:
                cases, left = self._why(events, limit.name, self._date(events))
            return ibis.cases((within, YES), (outside, NO), *cases, else_=left)
        number, met = self._met(events, limit)
        cases, left = self._why(events, limit.name, number)
        yes, no = (NO, YES) if limit.is_not else (YES, NO)
        if not self.is_cube:
            return ibis.cases((met, yes), (number.notnull(), no), *cases, else_=left)
        # What is pooled is none of the codes that a condition names.
        return ibis.cases((met, yes), *cases, else_=no)

    def may_meet(self, events: ir.Table, limit: Condition) -> ir.Value:
        """Returns whether rows meet a condition or may: whether `state` is not NO, as an engine reads it fastest."""
        if limit.spans:
            return self._times(events).may_lie(limit.spans)
        number, met = self._met(events, limit)
        if limit.is_not:
            return number.isnull() | ~met
        if self.is_cube and number.type().is_string():
            met = met | (number == POOLED)
        return met | number.isnull()

    def _met(self, events: ir.Table, limit: Condition) -> tuple[ir.Value, ir.Value]:
        """Returns what a condition looks at, and whether it is one of the codes or numbers that it names."""
        column = events[self._column(events, limit.name)]
        if not limit.ranges:
            return column, column.isin(self._values(events, limit))
        is_age = bool(self._dimension(limit.name).ages)
        number = self._date(events).year().cast("int64") - column if is_age else column
        return number, _in_ranges(number, limit.ranges)

    def _values(self, events: ir.Table, limit: Condition) -> list[str | int | bool]:
        dimension = self._dimension(limit.name)
        if self.is_cube and dimension.grouped and self._column(events, limit.name) != dimension.column:
            return list(limit.given.removeprefix("!=").split(","))
        kind = events[self._column(events, limit.name)].type()
        if kind.is_boolean():
            return [each == _TRUE for each in limit.codes]
        return [int(each) for each in limit.codes] if kind.is_integer() else list(limit.codes)


def is_redacted(events: ir.Table, names: Sequence[str]) -> ir.Value:
    """Returns whether one of some columns is blacked out."""
    import ibis  # noqa: PLC0415  as above

    listed = ibis.literal(";") + events[REDACTED] + ";"
    found = listed.contains(f";{names[0]};")
    for each in names[1:]:
        found = found | listed.contains(f";{each};")
    return found.fill_null(False)


def _in_ranges(number: ir.Value, ranges: Sequence[Range]) -> ir.Value:
    import ibis  # noqa: PLC0415  as above

    met = ibis.literal(False)
    for low, high in ranges:
        within = number.notnull()
        within = within if low is None else within & (number >= low)
        met = met | (within if high is None else within & (number <= high))
    return met


def state_of(code: int) -> tuple[State, Why | None]:
    """Returns whether a condition is met, and why that is not known."""
    if code == YES:
        return "yes", None
    return ("no", None) if code == NO else ("unknown", _WHY[code])


def all_of(states: Sequence[tuple[State, Why | None]]) -> tuple[State, Why | None]:
    """Returns whether conditions on different columns are met together; with none, they are."""
    if any(state == "no" for state, _ in states):
        return "no", None
    unknown = [why for state, why in states if state == "unknown"]
    return ("unknown", unknown[-1]) if unknown else ("yes", None)
