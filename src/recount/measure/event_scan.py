"""Individual records counted in one scan for one reading, or for several that take the same rows."""

from __future__ import annotations

import datetime
import functools
import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recount.declare.event_measures import PERIODS
from recount.declare.events import REDACTED
from recount.measure.event_engine import FILE, Engine
from recount.measure.event_groups import (
    NO,
    POOLED,
    Frame,
    Group,
    Known,
    all_of,
    is_redacted,
    state_of,
)
from recount.measure.event_periods import period_number
from recount.measure.event_times import FISCAL, read_number
from recount.record.store import EventPart

if TYPE_CHECKING:
    import ibis.expr.types as ir

_STATES = "_states"
_REDACTIONS = "_redactions"
_BASE = 5
_MOST_STATES = 26
"""So many states of base 5 fit a whole number of 64 bits."""


def count_together(
    frames: Sequence[Frame],
    events: ir.Table,
    engine: Engine,
    more: Sequence[str] = (),
    release: str | None = None,
) -> list[list[Group]]:
    """Returns the groups of `events` for each of several readings, counted in one scan.

    What the readings have in common is worked out once, and rows are grouped by all that any of them asks.

    Args:
        frames: what each reading asks.
        events: the rows.
        engine: what counts them.
        more: further columns that tell groups apart.
        release: the release of every row, where it is one: an engine then need not look at it.
    """
    counting = _Counting(frames, events, more, release)
    found = engine.rows(counting.expression)
    return [counting.groups(index, found) for index in range(len(frames))]


@dataclass(frozen=True)
class CubeAsked:
    """What several readings ask of one cube, and its rows as a table."""

    frames: tuple[Frame, ...]
    part: EventPart
    events: ir.Table

    @property
    def path(self) -> Path:
        """The file of the cube."""
        return self.part.path

    @property
    def release(self) -> str:
        """The release that the cube is of."""
        return self.part.release


def count_cubes(asked: Sequence[CubeAsked], engine: Engine) -> list[list[list[Group]]]:
    """Returns, for each of several cubes, the groups for each reading; cubes that are asked alike in one scan.

    Cubes are small: an engine takes longer to begin a query than to count one.
    """
    alike: list[tuple[tuple[Frame, ...], list[tuple[str, ...]], list[CubeAsked]]] = []
    for each in asked:
        columns = [frame.columns_read(each.events) for frame in each.frames]
        beside = next((held for *same, held in alike if same == [each.frames, columns]), None)
        if beside is None:
            alike.append((each.frames, columns, [each]))
        else:
            beside.append(each)
    found: dict[Path, list[list[Group]]] = {}
    for frames, columns, cubes in alike:
        together = engine.files_together([each.path for each in cubes])
        if together is None or [each.columns_read(together) for each in frames] != columns:
            found |= {each.path: count_together(frames, each.events, engine) for each in cubes}
            continue
        # A release that has one cube says whose a row is.
        release_tells = len({each.release for each in cubes}) == len(cubes)
        counting = _Counting(frames, together, () if release_tells else (FILE,))
        whose = counting.names.index("release" if release_tells else FILE)
        of_cube: dict[str | int, list[tuple[Any, ...]]] = {}
        for row in engine.rows(counting.expression):
            of_cube.setdefault(row[whose], []).append(row)
        for place, each in enumerate(cubes):
            rows = of_cube.get(each.release if release_tells else place, [])
            found[each.path] = [counting.groups(index, rows) for index in range(len(frames))]
    return [found[each.path] for each in asked]


def counting_expression(frame: Frame, events: ir.Table) -> ir.Table:
    """Returns what an engine is asked to count for one reading, of rows of any number of releases."""
    return _Counting([frame], events).expression


class _Counting:
    """One scan for several readings: which column holds what of which reading."""

    def __init__(
        self,
        frames: Sequence[Frame],
        events: ir.Table,
        more: Sequence[str] = (),
        release: str | None = None,
    ) -> None:
        self.frames = frames
        self.more = more
        self._keys: dict[Any, str] = {}
        self._states: dict[Any, int] = {}
        self._redacted: dict[tuple[str, ...], int] = {}
        self._missing: dict[tuple[str, ...], dict[Any, ir.Value]] = {}
        self._release = release
        limits = [frame.limits() for frame in frames]
        kept = events
        for place in range(len(limits[0])):
            asked = [frame.may_meet(kept, own[place]) for frame, own in zip(frames, limits, strict=True)]
            if len({each.op() for each in asked}) == 1:
                kept = kept.filter(asked[0])
        columns: dict[str, ir.Value] = {} if release is not None else {"release": kept.release}
        states: list[ir.Value] = []
        self._where: list[list[int]] = []
        self._counted: list[list[int]] = []
        self._by: list[list[dict[str, Any]]] = []
        for frame, own in zip(frames, limits, strict=True):
            self._by.append([self._split(frame, kept, name, columns) for name in frame.asked.by])
            self._where.append([self._state(frame.state(kept, each), states) for each in own])
            self._counted.append([self._state(frame.state(kept, each), states) for each in frame.counted()])
        columns |= {name: kept[name] for name in more}
        # All states in few numbers: an engine groups by fewer columns faster.
        for start in range(0, len(states), _MOST_STATES):
            digits = [
                each.cast("int64") * _BASE**place if place else each.cast("int64")
                for place, each in enumerate(states[start : start + _MOST_STATES])
            ]
            columns[f"{_STATES}{start // _MOST_STATES}"] = functools.reduce(operator.add, digits)
        if self._redacted:
            columns[_REDACTIONS] = self._redactions(kept)
        if not columns:
            # An engine that groups by nothing gives a row also where there is none.
            self._release, columns["release"] = None, kept.release
        rows = kept.row_count.sum() if frames[0].is_cube else kept.count()
        self.names = (*columns, "rows")
        self.expression = kept.group_by(**columns).aggregate(rows=rows.cast("int64"))

    def _redactions(self, kept: ir.Table) -> ir.Value:
        """Returns which of the columns that are missing are blacked out, one bit for each.

        Most rows lack nothing, and the list of names is looked into only where one does.
        """
        import ibis  # noqa: PLC0415  as above

        missing = {names: ibis.or_(*held.values()) for names, held in self._missing.items()}
        bits = [
            ibis.ifelse(missing[names] & is_redacted(kept, names), 2**place, 0).cast("int64")
            for names, place in self._redacted.items()
        ]
        looked_into = kept[REDACTED].notnull() & ibis.or_(*missing.values())
        return ibis.ifelse(looked_into, functools.reduce(operator.add, bits), ibis.literal(0, "int64"))

    def groups(self, index: int, rows: Sequence[tuple[Any, ...]]) -> list[Group]:
        """Returns the groups of one reading; those that do not meet its conditions are left out."""
        found = []
        for row, number in self._apart(index, rows):
            where = tuple(state_of(self._read(row, place)) for place in self._where[index])
            counted = all_of([state_of(self._read(row, place)) for place in self._counted[index]])
            found.append(
                Group(
                    release=row["release"] if self._release is None else self._release,
                    by=tuple(self._known(row, each) for each in self._by[index]),
                    where=where,
                    counted=counted,
                    rows=number,
                    more=tuple(row[name] for name in self.more),
                )
            )
        return found

    def _apart(self, index: int, rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Mapping[str, Any], int]]:
        """Yields rows that one reading tells apart, with their number; those that meet its conditions or may.

        Together the readings tell more rows apart than any of them.
        """
        at = {name: place for place, name in enumerate(self.names)}
        where = [self._digit(at, place) for place in self._where[index]]
        others = [self._digit(at, place) for place in self._counted[index]]
        columns = [at[name] for name in (*(["release"] if self._release is None else []), *self.more)]
        columns += [at[held[part]] for held in self._by[index] for part in ("value", FISCAL) if part in held]
        masks = [1 << held["redacted"] for held in self._by[index] if "redacted" in held]
        mask, redactions, last = sum(set(masks)), at.get(_REDACTIONS, 0), at["rows"]
        added: dict[tuple[Any, ...], int] = {}
        samples: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for row in rows:
            digits = [row[column] // divisor % _BASE for column, divisor in where]
            if NO in digits:
                continue
            digits += [row[column] // divisor % _BASE for column, divisor in others]
            key = (*digits, *[row[column] for column in columns], row[redactions] & mask if mask else 0)
            added[key] = added.get(key, 0) + row[last]
            samples.setdefault(key, row)
        for key, number in added.items():
            yield dict(zip(self.names, samples[key], strict=True)), number

    @staticmethod
    def _digit(at: Mapping[str, int], place: int) -> tuple[int, int]:
        """Returns the column in which a state stands, and what it is divided by."""
        return at[f"{_STATES}{place // _MOST_STATES}"], _BASE ** (place % _MOST_STATES)

    def _split(self, frame: Frame, kept: ir.Table, name: str, columns: dict[str, ir.Value]) -> dict[str, Any]:
        held: dict[str, Any] = {"name": name}
        for part, value in frame.split(kept, name).items():
            operation = value.op()
            if operation not in self._keys:
                self._keys[operation] = f"by{len(self._keys)}"
                columns[self._keys[operation]] = value
            held[part] = self._keys[operation]
        if not frame.is_cube:
            names = frame.redacted_names(name)
            held["redacted"] = self._redacted.setdefault(names, len(self._redacted))
            missing = frame.may_lack(kept, name)
            self._missing.setdefault(names, {})[missing.op()] = missing
        return held

    def _state(self, value: ir.Value, states: list[ir.Value]) -> int:
        operation = value.op()
        if operation not in self._states:
            self._states[operation] = len(states)
            states.append(value)
        return self._states[operation]

    def _read(self, row: Mapping[str, Any], place: int) -> int:
        number: int = row[f"{_STATES}{place // _MOST_STATES}"]
        divisor: int = _BASE ** (place % _MOST_STATES)
        return number // divisor % _BASE

    def _known(self, row: Mapping[str, Any], held: Mapping[str, Any]) -> Known:
        value = row[held["value"]]
        fiscal = row[held[FISCAL]] if FISCAL in held else None
        if self.frames[0].is_cube:
            if value == POOLED:
                return Known(None, "suppressed")
            if isinstance(value, datetime.date):
                value = period_number("month", value)
            if value is not None:
                return Known(value, None, fiscal)
            return Known(None, "missing" if fiscal is None else "suppressed", fiscal)
        if isinstance(value, int) and held["name"] in PERIODS:
            value, fiscal = read_number(value)
        if value is not None:
            return Known(value, None)
        is_redacted = bool(row[_REDACTIONS] >> held["redacted"] & 1)
        return Known(None, "redacted" if is_redacted else "missing", fiscal)
