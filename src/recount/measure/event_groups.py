"""Individual records counted by the engine: grouped by what splits a question, and by what is not known."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recount.declare.event_measures import PERIODS, Dimension
from recount.declare.events import REDACTED, EventTable
from recount.measure.event_bounds import State, Why
from recount.measure.event_engine import Engine
from recount.measure.event_periods import Period, fiscal_year_of
from recount.measure.event_question import Condition, EventAsked

if TYPE_CHECKING:
    import ibis.expr.types as ir

POOLED = "pooled"
_TRUE = "true"
_STATES = "_states"
_REDACTIONS = "_redactions"
_BASE = 5
_NO, _YES, _MISSING, _REDACTED, _SUPPRESSED = range(5)
_WHY: dict[int, Why] = {_MISSING: "missing", _REDACTED: "redacted", _SUPPRESSED: "suppressed"}
_FISCAL_START = 10  # October


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

    def count(self, events: ir.Table, engine: Engine, more: Sequence[str] = ()) -> list[Group]:
        """Returns the groups of `events`; those that differ in columns of `more` are groups of their own.

        Raises:
            LackingError: where a cube lacks what is asked.
        """
        self._refuse_lacking(events)
        limits = self._limits()
        kept = events
        for each in limits:
            kept = kept.filter(self._state(kept, each) != _NO)
        keys = {"release": kept.release}
        states: dict[str, ir.Value] = {}
        for index, name in enumerate(self.asked.by):
            split = self._split(kept, name)
            if self.is_cube:
                states[f"by{index}_known"] = split.pop("known")
            keys |= {f"by{index}_{key}": each for key, each in split.items()}
        for index, each in enumerate(limits):
            states[f"where{index}"] = self._state(kept, each)
        counted = list(self.asked.counted(self.reading).items())
        for index, (name, codes) in enumerate(counted):
            states[f"counted{index}"] = self._state(kept, Condition(name, "", codes=tuple(codes)))
        keys |= {name: kept[name] for name in more}
        if states:
            # All states in one number: an engine groups by fewer columns faster.
            keys[_STATES] = sum(
                each.cast("int64") * _BASE**place for place, each in enumerate(states.values())
            )
        if not self.is_cube and self.asked.by:
            keys[_REDACTIONS] = self._redactions(kept)
        rows = kept.row_count.sum() if self.is_cube else kept.count()
        found = engine.rows(kept.group_by(**keys).aggregate(rows=rows.cast("int64")))
        named = [dict(zip((*keys, "rows"), each, strict=True)) for each in found]
        for row in named:
            row.update({name: row[_STATES] // _BASE**place % _BASE for place, name in enumerate(states)})
            if _REDACTIONS in row:
                row.update(_known_by_value(row, len(self.asked.by)))
        return [self._group(each, len(limits), len(counted), more) for each in named]

    def known(self, events: ir.Table) -> tuple[ir.Table, ir.Table]:
        """Returns the rows known to meet the conditions that name no span, and those that may."""
        met = unknown = events
        for each in self._limits():
            if each.start is None:
                met = met.filter(self._state(met, each) == _YES)
                unknown = unknown.filter(self._state(unknown, each) != _NO)
        if met is events:
            return events, events.limit(0)
        keys = ["release", "file_original", "sheet_original", "row_original"]
        return met, unknown.anti_join(met, keys)

    def presence(self, events: ir.Table, engine: Engine, name: str) -> dict[str, int]:
        """Returns, by release, the rows in which the column of a dimension, or the date, holds something.

        What the agency blacked out counts: the release has the column.
        """
        value = self._date(events) if name in PERIODS else events[self._column(events, name)]
        held = value.notnull()
        if not self.is_cube:
            held = held | _is_redacted(events, self._names(name))
        found = engine.rows(events.group_by(release=events.release).aggregate(held=held.sum().cast("int64")))
        return {release: count or 0 for release, count in found}

    def distinct(self, events: ir.Table, name: str) -> ir.Table:
        """Returns up to two values of the column of a dimension, a missing one among them."""
        return events.select(value=events[self._column(events, name)]).distinct().limit(2)

    def _limits(self) -> list[Condition]:
        own = [Condition(name, "", codes=tuple(codes)) for name, codes in self.asked.measure.where.items()]
        return [*own, *self.asked.where]

    def _group(self, row: Mapping[str, Any], limits: int, counted: int, more: Sequence[str]) -> Group:
        by = tuple(
            Known(
                row[f"by{index}_value"],
                _WHY.get(row[f"by{index}_known"]),
                row.get(f"by{index}_fiscal_year"),
            )
            for index in range(len(self.asked.by))
        )
        where = tuple(_state_of(row[f"where{index}"]) for index in range(limits))
        return Group(
            release=row["release"],
            by=by,
            where=where,
            counted=_all_of([_state_of(row[f"counted{index}"]) for index in range(counted)]),
            rows=row["rows"],
            more=tuple(row[name] for name in more),
        )

    # Columns

    def _dimension(self, name: str) -> Dimension:
        return self.asked.dimension(name, self.reading)

    def _date_name(self) -> str:
        return self.asked.date_column(self.reading, self.table.date)

    def _names(self, name: str) -> list[str]:
        column = self._date_name() if name in PERIODS else self._dimension(name).column
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

    def _refuse_lacking(self, events: ir.Table) -> None:
        if not self.is_cube:
            return
        named = [*self.asked.by, *(each.name for each in self._limits()), *self.asked.counted(self.reading)]
        lacking = [
            each
            for each in dict.fromkeys(named)
            if each not in PERIODS and (self._dimension(each).ages or not self._column(events, each))
        ]
        dated = any(each in PERIODS for each in named)
        if dated and self._date_name() != self.table.date:
            lacking.append(self._date_name())
        if lacking:
            raise LackingError(lacking)

    # Expressions

    def _split(self, events: ir.Table, name: str) -> dict[str, ir.Value]:
        if name in PERIODS:
            return self._split_by_period(events, name)
        dimension = self._dimension(name)
        column = events[self._column(events, name)]
        if dimension.ages:
            return {"value": self._date(events).year().cast("int64") - column}
        if not self.is_cube:
            return {"value": column}
        return {"value": column.nullif(POOLED), "known": self._unknown(events, name, column)}

    def _split_by_period(self, events: ir.Table, kind: str) -> dict[str, ir.Value]:
        import ibis  # noqa: PLC0415  slow to import, and only events need it

        day = events.month if self.is_cube else events[self._date_name()]
        year, month = day.year().cast("int64"), day.month().cast("int64")
        value = {
            "month": year * 12 + month - 1,
            "quarter": (year * 12 + month - 1) // 3,
            "calendar_year": year,
            "fiscal_year": ibis.ifelse(month >= _FISCAL_START, year + 1, year),
        }[kind].cast("int64")
        if not self.is_cube:
            return {"value": value}
        fiscal = events.fiscal_year.cast("int64")
        if kind == "fiscal_year":
            return {"value": fiscal, "known": self._unknown(events, kind, fiscal)}
        held = ibis.cases((value.notnull(), _YES), (fiscal.notnull(), _SUPPRESSED), else_=_MISSING)
        return {"value": value, "known": held, "fiscal_year": fiscal}

    def _unknown(self, events: ir.Table, name: str, value: ir.Value) -> ir.Value:
        """Returns whether a value is known, or else why it is not."""
        import ibis  # noqa: PLC0415  as above

        if self.is_cube:
            suppressed = value == POOLED if value.type().is_string() else ibis.literal(False)
            return ibis.cases((value.isnull(), _MISSING), (suppressed, _SUPPRESSED), else_=_YES)
        redacted = _is_redacted(events, self._names(name))
        return ibis.cases((value.notnull(), _YES), (redacted, _REDACTED), else_=_MISSING)

    def _redactions(self, events: ir.Table) -> ir.Value:
        """Returns which dimensions that split the answer a row has blacked out, a bit for each.

        Most rows have nothing blacked out, and the list of names is looked into only where there is one.
        """
        import ibis  # noqa: PLC0415  as above

        bits = sum(
            ibis.ifelse(_is_redacted(events, self._names(name)), 2**place, 0).cast("int64")
            for place, name in enumerate(self.asked.by)
        )
        return ibis.ifelse(events[REDACTED].notnull(), bits, ibis.literal(0, "int64"))

    def _state(self, events: ir.Table, limit: Condition) -> ir.Value:
        """Returns whether rows meet a condition, or else why it is not known."""
        import ibis  # noqa: PLC0415  as above

        if limit.start is not None and limit.end is not None:
            if self.is_cube:
                return _cube_state(events, limit.start, limit.end)
            day = events[self._date_name()]
            met = (day >= ibis.literal(limit.start)) & (day < ibis.literal(limit.end))
            known = self._unknown(events, limit.name, day)
            return ibis.cases((met, _YES), (day.notnull(), _NO), else_=known)
        column = events[self._column(events, limit.name)]
        if limit.ages is not None:
            low, high = limit.ages
            age = self._date(events).year().cast("int64") - column
            met = age >= low if high is None else (age >= low) & (age <= high)
            return ibis.cases((met, _YES), (age.notnull(), _NO), else_=self._unknown(events, limit.name, age))
        known = self._unknown(events, limit.name, column)
        return ibis.cases((column.isin(self._values(events, limit)), _YES), (known == _YES, _NO), else_=known)

    def _values(self, events: ir.Table, limit: Condition) -> list[str | int | bool]:
        dimension = self._dimension(limit.name)
        if self.is_cube and dimension.grouped and self._column(events, limit.name) != dimension.column:
            return [limit.given]
        kind = events[self._column(events, limit.name)].type()
        if kind.is_boolean():
            return [each == _TRUE for each in limit.codes]
        return [int(each) for each in limit.codes] if kind.is_integer() else list(limit.codes)


def _known_by_value(row: Mapping[str, Any], count: int) -> dict[str, int]:
    """Returns of rows whether each dimension that splits the answer is known, or else why it is not."""
    known = {}
    for place in range(count):
        is_redacted = bool(row[_REDACTIONS] >> place & 1)
        why = _REDACTED if is_redacted else _MISSING
        known[f"by{place}_known"] = _YES if row[f"by{place}_value"] is not None else why
    return known


def _is_redacted(events: ir.Table, names: Sequence[str]) -> ir.Value:
    import ibis  # noqa: PLC0415  as above

    listed = ibis.literal(";") + events[REDACTED] + ";"
    found = listed.contains(f";{names[0]};")
    for each in names[1:]:
        found = found | listed.contains(f";{each};")
    return found.fill_null(False)


def _cube_state(events: ir.Table, start: datetime.date, end: datetime.date) -> ir.Value:
    """Returns whether cells of a cube lie within days; both are the first of a month."""
    import ibis  # noqa: PLC0415  as above

    month, fiscal = events.month, events.fiscal_year
    met = (month >= ibis.literal(start)) & (month < ibis.literal(end))
    years = [Period("fiscal_year", each) for each in range(fiscal_year_of(start), fiscal_year_of(end) + 1)]
    within = [each.number for each in years if start <= each.start and each.end <= end]
    touched = [each.number for each in years if each.start < end and start < each.end]
    return ibis.cases(
        (month.notnull() & met, _YES),
        (month.notnull(), _NO),
        (fiscal.isin(within) if within else ibis.literal(False), _YES),
        (fiscal.isin(touched), _SUPPRESSED),
        (fiscal.notnull(), _NO),
        else_=_MISSING,
    )


def _state_of(code: int) -> tuple[State, Why | None]:
    if code == _YES:
        return "yes", None
    return ("no", None) if code == _NO else ("unknown", _WHY[code])


def _all_of(states: Sequence[tuple[State, Why | None]]) -> tuple[State, Why | None]:
    """Returns whether conditions on different columns are met together; with none, they are."""
    if any(state == "no" for state, _ in states):
        return "no", None
    unknown = [why for state, why in states if state == "unknown"]
    return ("unknown", unknown[-1]) if unknown else ("yes", None)
