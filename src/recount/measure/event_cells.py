"""The cells of an answer about individual records: every part, what is missing, and the total."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from recount.declare.event_catalog import EventCatalog
from recount.declare.event_measures import PERIODS
from recount.declare.fiscal_years import fiscal_year_of
from recount.measure.event_bounds import (
    WHYS,
    Measured,
    State,
    Tally,
    Why,
    measure_count,
    measure_share,
    worst_reason,
)
from recount.measure.event_conditions import band_labels
from recount.measure.event_groups import Group, Known
from recount.measure.event_periods import ADMINISTRATION
from recount.measure.event_question import EventAsked

Part = str | int
Element = tuple[Literal["known", "unknown", "fiscal_year"], Part | None]
Key = tuple[Element, ...]
"""What rows say of each dimension that splits the answer: a part, nothing, or, of a month, its fiscal year."""

WITHIN_DAYS = "within_days"
"""What splits the answer of a duration beside its dimensions: the time within which something happened."""
_UNKNOWN: Element = ("unknown", None)


@dataclass(frozen=True)
class Cell:
    """One number of an answer, of one release in one reading.

    `parts` are by dimension; None where the cell gathers rows that do not say, or, `suppressed`, cells of a cube
    too small to show. `whole` is what a count is a part of: the rows known to meet the conditions in the same span
    of time. `part_of` is the share that the question asks for, with its own whole and bounds. Of a duration,
    `outcomes` are the rows by what had happened to them within the time, and `estimate` is the share to which the
    measure's outcome happens within it, those still waiting counted as such.
    """

    kind: Literal["part", "missing", "suppressed", "total"]
    parts: Mapping[str, Part | None]
    measured: Measured
    whole: int | None
    outcomes: Mapping[str, int] = field(default_factory=dict)
    estimate: float | None = None
    part_of: Measured | None = None


@dataclass(frozen=True)
class _Rows:
    """Rows that say the same: whether they meet the conditions, are counted, and why something is not known."""

    state: State
    counted: State
    why: Why | None
    why_no_part: Why | None
    rows: int


_Tallies = Mapping[Key, list[_Rows]]


class CellMaker:
    """Puts cells together from groups that the engine counted."""

    def __init__(
        self,
        asked: EventAsked,
        events: EventCatalog,
        measure: Callable[[Tally], Measured] | None = None,
    ) -> None:
        self.asked = asked
        self._part_of = [_reader(name, asked, events) for name in asked.by]
        self._limited = self._find_limited()
        self._measure = measure or (measure_share if asked.measure.kind == "share" else measure_count)

    def cells(self, groups: Iterable[Group]) -> list[Cell]:
        """Returns the cells of one release in one reading: parts, then what does not say, and the total.

        A part is given where some row says so and may meet the conditions. What is missing counts the rows
        known to meet the conditions that do not say of which part they are; each of them may be of any part,
        and stands in the highest count of each. A cell has no highest count of its own where it gathers them.
        """
        tallies = self._tallied(groups)
        total = Tally()
        for each in itertools.chain.from_iterable(tallies.values()):
            total.add(each.state, each.counted, each.why, each.rows)
        wholes = self._wholes(tallies)
        share = _Shares(self, tallies) if self.asked.per is not None else None
        cells = [
            Cell(
                "part",
                self._named(key),
                self._of_part(key, tallies),
                wholes.get(self._span(key)),
                part_of=None if share is None else share.of(key),
            )
            for key in tallies
            if all(kind == "known" for kind, _ in key) and key
        ]
        cells += self._missing(tallies, wholes)
        return [*cells, Cell("total", {}, self._measure(total), None)]

    def measured(self, groups: Iterable[Group], parts: Iterable[tuple[Part, ...]]) -> list[Measured]:
        """Returns what there is of each part of one release in one reading, also of those that no row names.

        Args:
            groups: as the engine counted them.
            parts: one for each dimension that splits the answer, in its order.
        """
        tallies = self._tallied(groups)
        return [self._of_part(tuple(("known", each) for each in one), tallies) for one in parts]

    def _tallied(self, groups: Iterable[Group]) -> dict[Key, list[_Rows]]:
        # Rows that say the same are added up first: every part looks through all that may be of it.
        added: dict[Key, Counter[tuple[State, State, Why | None, Why | None]]] = {}
        for group in groups:
            state, why = together(group.where)
            counted, why_counted = group.counted
            says = (
                state,
                counted,
                worst_reason((why, why_counted)),
                worst_reason([each.why for each in group.by]),
            )
            added.setdefault(self.key(group), Counter())[says] += group.rows
        return {key: [_Rows(*says, rows) for says, rows in counts.items()] for key, counts in added.items()}

    def key(self, group: Group) -> Key:
        """Returns what rows say of each dimension that splits the answer."""
        return tuple(
            self._element(index, name, known)
            for index, (name, known) in enumerate(zip(self.asked.by, group.by, strict=True))
        )

    def part_of(self, name: str, known: Known) -> Part | None:
        """Returns the part that a value of a dimension is in."""
        return self._element(self.asked.by.index(name), name, known)[1]

    def _element(self, index: int, name: str, known: Known) -> Element:
        if name in self._limited:
            return ("known", self._limited[name])
        if known.value is not None and known.why is None:
            return ("known", self._part_of[index](known.value))
        return _UNKNOWN if known.fiscal_year is None else ("fiscal_year", known.fiscal_year)

    def _find_limited(self) -> dict[str, Part]:
        """Returns the dimensions that a condition limits to the one part that they are split by."""
        named = [each for each in self.asked.where if each.name in self.asked.by and each.name not in PERIODS]
        return {each.name: each.part for each in named if each.part is not None}

    def _of_part(self, key: Key, tallies: _Tallies) -> Measured:
        tally = Tally()
        for candidate in itertools.product(*map(self.may_say, self.asked.by, key)):
            for each in tallies.get(candidate, ()):
                if candidate == key:
                    tally.add(each.state, each.counted, each.why, each.rows)
                else:
                    why = worst_reason((each.why, each.why_no_part))
                    tally.add("no" if each.state == "no" else "unknown", each.counted, why, each.rows)
        return self._measure(tally)

    def may_say(self, name: str, element: Element) -> Iterator[Element]:
        """Yields what rows of a part may say of a dimension."""
        yield element
        if name in self._limited:
            return
        yield _UNKNOWN
        span = self.asked.period(name, element[1]) if name in PERIODS and name != "fiscal_year" else None
        if span is not None:
            for year in range(fiscal_year_of(span.start), fiscal_year_of(span.last) + 1):
                yield ("fiscal_year", year)

    def _missing(
        self,
        tallies: _Tallies,
        wholes: Mapping[Key, int],
    ) -> list[Cell]:
        found: dict[tuple[Key, Literal["missing", "suppressed"]], Tally] = {}
        for key, rows in tallies.items():
            if all(kind == "known" for kind, _ in key):
                continue
            shown = tuple(each if each[0] == "known" else _UNKNOWN for each in key)
            for each in rows:
                if each.state == "yes":
                    kind: Literal["missing", "suppressed"] = (
                        "suppressed" if each.why_no_part == "suppressed" else "missing"
                    )
                    tally = found.setdefault((shown, kind), Tally())
                    tally.add(each.state, each.counted, each.why_no_part, each.rows)
        cells = []
        for (key, kind), tally in found.items():
            measured = self._measure(tally)
            unbounded = Measured(measured.numerator, measured.denominator, None, measured.undecided)
            cells.append(Cell(kind, self._named(key), unbounded, wholes.get(self._span(key))))
        return cells

    def _named(self, key: Key) -> dict[str, Part | None]:
        return {name: part for name, (_, part) in zip(self.asked.by, key, strict=True)}

    def _span(self, key: Key) -> Key:
        return tuple(each for name, each in zip(self.asked.by, key, strict=True) if name in PERIODS)

    def _wholes(self, tallies: _Tallies) -> dict[Key, int]:
        """Returns what counts are parts of, by span; none where only spans split, or one part is asked."""
        splits = [each for each in self.asked.by if each not in PERIODS]
        if self.asked.measure.kind != "count" or not splits or any(each in self._limited for each in splits):
            return {}
        wholes: dict[Key, int] = {}
        for key, rows in tallies.items():
            span = self._span(key)
            wholes[span] = wholes.get(span, 0) + sum(each.rows for each in rows if each.state == "yes")
        return wholes


class _Shares:
    """Parts of a count as shares of a whole: of those beside them, of those under the same last part, or of all."""

    def __init__(self, maker: CellMaker, tallies: _Tallies) -> None:
        self._maker = maker
        self._tallies = tallies
        places = range(len(maker.asked.by))
        self._fixed = {"total": places[:0], "row": places[:-1], "column": places[-1:]}[
            maker.asked.per or "total"
        ]
        self._wholes: dict[Key, Counter[State]] = {}
        for key, rows in tallies.items():
            states = self._wholes.setdefault(self._whole_of(key), Counter())
            for each in rows:
                states[each.state] += each.rows

    def of(self, key: Key) -> Measured:
        """Returns a part and its whole, and the lowest and highest that the share can be.

        What does not say of which part it is stands in the whole, and may be in the part.
        """
        own = self._whole_of(key)
        names = [self._maker.asked.by[place] for place in self._fixed]
        left: Counter[State] = Counter()
        for candidate in itertools.product(*map(self._maker.may_say, names, own)):
            for state, rows in self._wholes.get(candidate, {}).items():
                left[self._within(state, is_own=candidate == own)] += rows
        tally = Tally()
        for candidate in itertools.product(*map(self._maker.may_say, self._maker.asked.by, key)):
            is_own = self._whole_of(candidate) == own
            is_part = all(
                candidate[place] == key[place] for place in range(len(key)) if place not in self._fixed
            )
            for each in self._tallies.get(candidate, ()):
                state = self._within(each.state, is_own=is_own)
                why = worst_reason([each.why, each.why_no_part])
                tally.add(state, "yes" if is_part else "unknown", why, each.rows)
                left[state] -= each.rows
        for state, rows in left.items():
            tally.add(state, "no", None, rows)
        numerator = tally["yes", "yes"]
        denominator = numerator + tally["yes", "unknown"] + tally["yes", "no"]
        bounds = measure_share(tally).bounds
        return Measured(numerator, denominator, bounds, {each: tally.undecided[each] for each in WHYS})

    def _whole_of(self, key: Key) -> Key:
        return tuple(key[place] for place in self._fixed)

    @staticmethod
    def _within(state: State, *, is_own: bool) -> State:
        return state if is_own or state == "no" else "unknown"


def order_of(asked: EventAsked, events: EventCatalog) -> Callable[[Cell], tuple[object, ...]]:
    """Returns the order of cells: by spans and by parts as declared, what does not say last, then the total."""
    positions = [_positions(name, asked, events) for name in asked.by]

    def order(cell: Cell) -> tuple[object, ...]:
        within = cell.parts.get(WITHIN_DAYS)
        if cell.kind == "total":
            return (1, within or 0, False)
        keys: list[tuple[int, int, str]] = []
        for name, position in zip(asked.by, positions, strict=True):
            part = cell.parts.get(name)
            if part is None:
                keys.append((2, 0, ""))
            elif isinstance(part, int):
                keys.append((0, part, ""))
            else:
                keys.append((0, position.get(part, len(position)), part))
        return (0, *keys, within or 0, cell.kind == "suppressed")

    return order


def _positions(name: str, asked: EventAsked, events: EventCatalog) -> dict[str, int]:
    if name == ADMINISTRATION:
        return {each.name: index for index, each in enumerate(asked.administrations)}
    if name in PERIODS:
        return {}
    dimension = asked.measure.dimensions[name]
    if dimension.ages:
        return {label: index for index, (label, _, _) in enumerate(band_labels(dimension.ages))}
    codes = events.tables[asked.measure.table].field(dimension.column).codes
    if codes is None:
        return {}
    declared = events.codes[codes].codes
    names = [(each.group or each.code) if dimension.grouped else each.code for each in declared]
    return {each: index for index, each in enumerate(dict.fromkeys(names))}


def _reader(name: str, asked: EventAsked, events: EventCatalog) -> Callable[[Part], Part]:
    """Returns what makes a part of a value of the column."""
    if name in PERIODS:
        return lambda value: value
    dimension = asked.measure.dimensions[name]
    if dimension.ages:
        bands = band_labels(dimension.ages)
        return lambda value: next(
            (
                label
                for label, low, high in bands
                if low <= int(value) and (high is None or int(value) <= high)
            ),
            f"under {bands[0][1]}",
        )
    if dimension.grouped:
        codes = events.tables[asked.measure.table].field(dimension.column).codes
        groups = (
            {}
            if codes is None
            else {each.code: each.group or each.code for each in events.codes[codes].codes}
        )
        return lambda value: groups.get(str(value), value)
    return lambda value: str(value).lower() if isinstance(value, bool) else value


def together(states: Iterable[tuple[State, Why | None]]) -> tuple[State, Why | None]:
    """Returns whether all conditions are met, and why not where it is not known."""
    held = list(states)
    if any(state == "no" for state, _ in held):
        return "no", None
    why = worst_reason(each for state, each in held if state == "unknown")
    return ("yes", None) if why is None else ("unknown", why)
