"""Series: what each point in time is, what none is, what the last is first, and where the series goes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from recount.claim.asked import Asked, Asking, Look, Term, asked_of, crosses_break
from recount.claim.evidence import ABSENT, Spoken
from recount.claim.points import figures_of_points, point_values, points_of
from recount.claim.rule import Outcome, judge
from recount.declare.claim_types import SeriesAsserts, Side, Span
from recount.declare.interval import Interval

Pattern = Literal["each", "never", "first", "rising", "falling", "never_rising", "never_falling"]
_OF_VALUES = ("each", "never", "first")


@dataclass(frozen=True)
class SeriesFinding:
    """What a series says, which points it turns on, and why it is open."""

    outcome: Outcome
    deciding: tuple[int, ...]
    note: str | None = None


def judge_series(
    points: Sequence[Interval | None],
    pattern: Pattern,
    asserted: Interval | None,
    *,
    beyond: bool = False,
    comparable: bool = True,
) -> SeriesFinding:
    """Returns what a series says: one counterexample contradicts; a gap that could decide leaves it open.

    Args:
        points: where each point can lie, in order of time; `None` is a gap.
        pattern: what the statement says of them.
        asserted: of which values, for `each`, `never` and `first`.
        beyond: whether the words reach back before the first point.
        comparable: whether all points are counted by one definition.
    """
    if not any(each is not None for each in points):
        return SeriesFinding("absent", ())
    if pattern in _OF_VALUES:
        if asserted is None:
            raise TypeError(f"pattern {pattern} says of which values")
        found = _judge_values(points, pattern, asserted, beyond=beyond)
    else:
        found = _judge_trend(points, pattern, comparable=comparable)
    return found


def _judge_values(
    points: Sequence[Interval | None], pattern: Pattern, asserted: Interval, *, beyond: bool
) -> SeriesFinding:
    wanted: list[bool] = [pattern == "each"] * len(points)
    if pattern == "first":
        if points[-1] is None:
            return SeriesFinding("absent", ())
        wanted[-1] = True
    counter: list[int] = []
    doubtful: list[int] = []
    for number, (point, should_fit) in enumerate(zip(points, wanted, strict=True)):
        if point is None:
            continue
        outcome = judge(point, asserted)
        if outcome == "open":
            doubtful.append(number)
        elif (outcome == "met") != should_fit:
            counter.append(number)
    if counter:
        return SeriesFinding("not_met", tuple(counter))
    if doubtful:
        return SeriesFinding("open", tuple(doubtful), "overlap")
    if any(each is None for each in points):
        return SeriesFinding("open", _ends(points), "gap_in_series")
    if beyond:
        return SeriesFinding("open", _ends(points), "beyond_coverage")
    return SeriesFinding("met", _ends(points))


def _judge_trend(points: Sequence[Interval | None], pattern: Pattern, *, comparable: bool) -> SeriesFinding:
    known = [(number, each) for number, each in enumerate(points) if each is not None]
    downward = pattern in ("falling", "never_rising")
    strict = pattern in ("rising", "falling")
    turned = [(number, each.negated() if downward else each) for number, each in known]
    # Neighbours first: they show it best. Any two points can be the counterexample where those between are vague.
    for (first, earlier), (second, later) in (
        *itertools.pairwise(turned),
        *itertools.combinations(turned, 2),
    ):
        if _breaks_rise(earlier, later, strict=strict):
            return SeriesFinding("not_met" if comparable else "open", (first, second), _broken(comparable))
    if len(known) < len(points):
        return SeriesFinding("open", _ends(points), "gap_in_series")
    if len(known) == 1:
        return SeriesFinding("open", _ends(points), "one_point")
    for (first, earlier), (second, later) in itertools.pairwise(turned):
        if not _makes_rise(earlier, later, strict=strict):
            return SeriesFinding("open", (first, second), "overlap")
    return SeriesFinding("met" if comparable else "open", _ends(points), _broken(comparable))


def _broken(comparable: bool) -> str | None:
    return None if comparable else "break_in_definition"


def _breaks_rise(earlier: Interval, later: Interval, *, strict: bool) -> bool:
    """Whether the later is certainly no higher (or, of a series that never falls, certainly lower)."""
    if later.high is None or earlier.low is None:
        return False
    if later.high == earlier.low:
        return strict or later.high_open or earlier.low_open
    return later.high < earlier.low


def _makes_rise(earlier: Interval, later: Interval, *, strict: bool) -> bool:
    """Whether the later is certainly higher (or, of a series that never falls, certainly no lower)."""
    if later.low is None or earlier.high is None:
        return False
    if later.low == earlier.high:
        return not strict or later.low_open or earlier.high_open
    return later.low > earlier.high


def _ends(points: Sequence[Interval | None]) -> tuple[int, ...]:
    known = [number for number, each in enumerate(points) if each is not None]
    return tuple(dict.fromkeys((known[0], known[-1])))


@dataclass(frozen=True)
class SeriesRule:
    """Every point as it is said: one counterexample contradicts, a gap leaves open."""

    kind: str
    pattern: Pattern
    over: Span
    asserted: Interval | None
    gap_days: int

    def weigh(self, terms: Sequence[Term], look: Look) -> Spoken:
        """Returns what the record says of the statement, as it is looked at."""
        (term,) = terms
        points = points_of(term, self.over, look, look.said, self.gap_days)
        figures = figures_of_points(points)
        found = judge_series(
            [each.interval for each in points],
            self.pattern,
            self.asserted,
            beyond=self.over.ever,
            comparable=not crosses_break([term], figures),
        )
        if found.outcome == "absent":
            return ABSENT
        last = next((each.interval for each in reversed(points) if each.interval is not None), None)
        return Spoken(found.outcome, last, figures, found.note, point_values(points, found.deciding))


def ask_series(asserts: SeriesAsserts, asking: Asking) -> Iterator[Asked]:
    """Yields the series under every measure and reading that a claim asks."""
    catalog = asking.book.catalog
    interval = None if asserts.that is None else asserts.that.interval(catalog.wording)
    for index, declared in enumerate(asserts.measured_by):
        for chosen in asking.readings(declared, [Side()], asserts.over):
            term = asking.term("points", declared, Side(), chosen, over=asserts.over)
            rule = SeriesRule(
                term.measure.kind, asserts.pattern, asserts.over, interval, catalog.rules.print_gap_days
            )
            yield asked_of(index, declared, chosen, [term], rule)
