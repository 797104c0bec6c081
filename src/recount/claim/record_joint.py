"""Several counts of one release at once: bounds that hold for all of them together.

A row of which something is not known may be in one count, in several or in none; but wherever it falls, it falls there
for all of them. Bounds of a difference or a quotient that took each count's own lowest and highest apart would let one
row be a woman in one number and a man in the other. So rows are told apart by what each condition says of them, each
kind of row is put where it moves the answer most, and all of a kind go together, for nothing tells them apart.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from recount.declare.interval import Interval
from recount.measure.cube_groups import CellReader
from recount.measure.event_conditions import TIMES, Condition
from recount.measure.event_counts import ReadingCount
from recount.measure.event_groups import NO, YES, Frame
from recount.measure.questions import Question

if TYPE_CHECKING:
    from recount.measure.cube_book import CubeBook
    from recount.measure.event_batches import Batch

By = Literal["difference", "ratio", "rise", "fall"]
Weights = Sequence[int]
Option = tuple[int, ...]
"""Of each count, 1 where a row is in it and 0 where it is not."""
Kinds = Mapping[frozenset[Option], int]
"""How many rows may be in which counts: by all the ways in which each can fall."""
_MOST_STEPS = 64


@dataclass(frozen=True, eq=False)
class JointRows:
    """The rows of one release under one reading, by which of several counts each may be in."""

    book: CubeBook
    measure: str
    wheres: tuple[Mapping[str, str], ...]
    reading: Mapping[str, str]
    release: str

    @functools.cached_property
    def kinds(self) -> Kinds:
        """How many rows there are of each kind."""
        asked = [
            self.book.understand(Question(self.measure, dict(where), release=self.release))
            for where in self.wheres
        ]
        measure = asked[0].measure
        own = [Condition(name, "", codes=tuple(codes)) for name, codes in measure.where.items()]
        limits = list(dict.fromkeys(condition for each in asked for condition in each.where))
        # What the measure itself is limited to comes first, as in every frame.
        every = [*own, *limits]
        together = replace(asked[0], where=tuple(limits), by=())
        whole = measure.default_reading() | dict(self.reading)
        wanted = [
            [number for number, each in enumerate(every) if each in (*own, *one.where)] for one in asked
        ]
        kinds: dict[frozenset[Option], int] = {}
        count = ReadingCount(self.book, together, whole)
        question = Question(measure.measure, {}, release=self.release)
        for batch in count.batches(self.book.parts_out(question)):
            frame = count.frame(batch)
            if frame is None:
                continue
            for states, rows in self._states(frame, batch, every):
                options = frozenset(
                    tuple(int(all(met[number] for number in numbers)) for numbers in wanted)
                    for met in ways_to_fall(every, states)
                )
                kinds[options] = kinds.get(options, 0) + rows
        return kinds

    def _states(
        self, frame: Frame, batch: Batch, limits: Sequence[Condition]
    ) -> Iterator[tuple[tuple[int, ...], int]]:
        """Yields what rows say of each condition, and how many say so."""
        if batch.is_cube:
            reader = CellReader(frame, self.book.cells(batch.parts[0].path))
            says = [reader.state(each) for each in limits]
            for row in reader.rows():
                yield tuple(each(row) for each in says), row[-1]
            return
        events = self.book.kept(batch)
        columns = {f"state{number}": frame.state(events, each) for number, each in enumerate(limits)}
        counted = events.group_by(**columns).aggregate(rows=events.count().cast("int64"))
        for *states, rows in self.book.engine.rows(counted):
            yield tuple(states), rows

    def compare(self, by: By) -> Interval | None:
        """Returns where the first count compared with the second can lie, `None` where the second may be zero."""
        if by == "difference":
            return bounds_of_sum(self.kinds, (1, -1))
        ratio = bounds_of_ratio(self.kinds, (1, 0), (0, 1))
        if ratio is None or by == "ratio":
            return ratio
        one = Interval.point(1)
        return ratio.minus(one) if by == "rise" else one.minus(ratio)

    def contribution(self, sign: int) -> tuple[Interval, Interval | None]:
        """Returns by how much the whole changed, and which part of that the part's change is.

        Args:
            sign: 1 for growth, -1 for decline. The counts are the part at the start and at the end, then the whole.
        """
        moved, changed = (-sign, sign, 0, 0), (0, 0, -sign, sign)
        return bounds_of_sum(self.kinds, changed), bounds_of_ratio(self.kinds, moved, changed)


def bounds_of_sum(kinds: Kinds, weights: Weights) -> Interval:
    """Returns where a weighted sum of counts can lie."""
    turned = [-each for each in weights]
    return Interval(Fraction(-_highest_sum(kinds, turned)), Fraction(_highest_sum(kinds, weights)))


def _highest_sum(kinds: Kinds, weights: Weights) -> int:
    return sum(rows * max(_weigh(each, weights) for each in options) for options, rows in kinds.items())


def bounds_of_ratio(kinds: Kinds, above: Weights, below: Weights) -> Interval | None:
    """Returns where one weighted sum over another can lie, `None` where the lower one may be zero or less."""
    if -_highest_sum(kinds, [-each for each in below]) <= 0:
        return None
    low = -_highest_ratio(kinds, [-each for each in above], below)
    return Interval(low, _highest_ratio(kinds, above, below))


def _highest_ratio(kinds: Kinds, above: Weights, below: Weights) -> Fraction:
    """Returns the highest quotient, by Dinkelbach's steps: each puts every kind where it most exceeds the last one.

    Source: W. Dinkelbach, On Nonlinear Fractional Programming, Management Science 13 (1967). The steps rise and
    there are finitely many places, so that they end, and where they end nothing is higher.
    """
    quotient = _quotient(kinds, above, below, Fraction(0))
    for _ in range(_MOST_STEPS):
        higher = _quotient(kinds, above, below, quotient)
        if higher == quotient:
            return quotient
        quotient = higher
    raise ArithmeticError("the steps to the highest quotient do not end")


def _quotient(kinds: Kinds, above: Weights, below: Weights, than: Fraction) -> Fraction:
    top = bottom = 0
    for options, rows in kinds.items():
        best = max(sorted(options), key=lambda each: _weigh(each, above) - than * _weigh(each, below))
        top += rows * _weigh(best, above)
        bottom += rows * _weigh(best, below)
    return Fraction(top, bottom)


def _weigh(option: Option, weights: Weights) -> int:
    return sum(each * weight for each, weight in zip(option, weights, strict=True))


def ways_to_fall(limits: Sequence[Condition], states: Sequence[int]) -> list[tuple[bool, ...]]:
    """Returns every way in which a row can meet conditions, given what it says of each.

    Conditions on one dimension hold of one value: what is not known is one code, or one day, for all of them.
    """
    dimensions: dict[str, list[int]] = {}
    for number, each in enumerate(limits):
        dimensions.setdefault("time" if each.name in TIMES else each.name, []).append(number)
    met = [state == YES for state in states]
    choices: list[list[dict[int, bool]]] = []
    for numbers in dimensions.values():
        if all(states[number] in (YES, NO) for number in numbers):
            continue
        choices.append(
            [
                dict(zip(numbers, pattern, strict=True))
                for pattern in _patterns([limits[number] for number in numbers])
                if all(
                    states[number] not in (YES, NO) or (states[number] == YES) == is_met
                    for number, is_met in zip(numbers, pattern, strict=True)
                )
            ]
        )
    ways = []
    for chosen in itertools.product(*choices):
        settled = {number: is_met for each in chosen for number, is_met in each.items()}
        ways.append(tuple(settled.get(number, each) for number, each in enumerate(met)))
    return ways


def _patterns(limits: Sequence[Condition]) -> list[tuple[bool, ...]]:
    """Returns in which ways one value can meet conditions on its dimension; a value that none names is among them."""
    if limits[0].spans or limits[0].ranges:
        return _patterns_of_numbers(limits)
    values: list[str | None] = [*sorted({code for each in limits for code in each.codes}), None]
    found = [tuple((value in each.codes) != each.is_not for each in limits) for value in values]
    return list(dict.fromkeys(found))


def _patterns_of_numbers(limits: Sequence[Condition]) -> list[tuple[bool, ...]]:
    """Returns the same of days and of numbers: whatever lies between two ends meets the same conditions."""
    spans = [
        [(start.toordinal(), end.toordinal()) for start, end in each.spans]
        if each.spans
        else [(low or 0, 1 << 30 if high is None else high + 1) for low, high in each.ranges]
        for each in limits
    ]
    ends = sorted({end for each in spans for span in each for end in span})
    tried = [ends[0] - 1, *ends]
    found = [tuple(any(low <= value < high for low, high in each) for each in spans) for value in tried]
    return list(dict.fromkeys(found))
