"""Revision triangles: what each release printed of each period, how late, and, kept apart, what may still come."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from recount.declare.triangles import Triangles
from recount.revise.history import History, PrintedValue
from recount.revise.spans import Span


@dataclass(frozen=True)
class TriangleCell:
    """What one release prints of one period, and how many days after the period's end it came out.

    `delay_days` is missing where the day on which the release came out is not known.
    """

    span: Span
    row: PrintedValue
    delay_days: int | None


@dataclass(frozen=True)
class PeriodDelay:
    """One period: the value that stood after each delay, and the last known.

    `known` is by delay; missing where no whole print was out by then. `followed_days` is how long after its end
    the last release that prints it came out: later than that, nothing is known of it.
    """

    span: Span
    known: tuple[Fraction | None, ...]
    latest: Fraction
    followed_days: int

    @property
    def last_printed(self) -> datetime.date:
        """The first day on which the last release that prints it can have come out."""
        return self.span.end + datetime.timedelta(days=self.followed_days)


@dataclass(frozen=True)
class DelayShare:
    """How much of the last known values had been printed after some days, over the periods followed so long.

    `printed` and `latest` are sums over those periods; a period of which nothing was out by then counts with
    zero printed. `unprinted` are those. `lowest` and `highest` are over the periods of which something was.
    """

    days: int
    periods: int
    unprinted: int
    printed: Fraction
    latest: Fraction
    lowest: Fraction | None
    highest: Fraction | None

    @property
    def share(self) -> Fraction | None:
        """The share of the last known values that was printed, `None` where no period was followed so long."""
        return self.printed / self.latest if self.latest else None


@dataclass(frozen=True)
class Estimate:
    """What the last known value of a period may become, an estimate and no figure.

    It is made of periods that the newest release still prints.

    `factor` is the product of how much other periods grew from each delay to the next; `periods` is the least
    number of periods that one of those rests on; `from_days` and `to_days` are the delays between which it speaks.
    """

    span: Span
    printed: Fraction
    factor: Fraction
    periods: int
    from_days: int
    to_days: int

    @property
    def value(self) -> Fraction:
        """The estimated value."""
        return self.printed * self.factor

    @property
    def still_to_come(self) -> Fraction:
        """What would still come; negative where periods were restated downward."""
        return self.value - self.printed


@dataclass(frozen=True)
class Triangle:
    """Reference period by release, the delays that it implies, and estimates, which are none of its figures."""

    cells: tuple[TriangleCell, ...]
    periods: tuple[PeriodDelay, ...]
    delays: tuple[DelayShare, ...]
    estimates: tuple[Estimate, ...]
    days: tuple[int, ...]


def make_triangle(histories: Iterable[History], declared: Triangles, *, estimates: bool) -> Triangle:
    """Returns the triangle of one figure.

    Delays and estimates rest on settled prints alone: those that stand, count the whole period, and come after
    its last change of definition.

    Args:
        histories: every period of the figure, in order.
        declared: delays, and how many periods an estimate rests on.
        estimates: whether to make any: of counts, which grow as what is late comes in.
    """
    traced = list(histories)
    cells = tuple(
        TriangleCell(each.span, row, delay_of(each.span, row)) for each in traced for row in each.rows
    )
    days = tuple(declared.delays)
    periods = tuple(found for each in traced if (found := _period(each, days)) is not None)
    return Triangle(
        cells=cells,
        periods=periods,
        delays=tuple(_share(place, each, periods) for place, each in enumerate(days)),
        estimates=tuple(_estimates(periods, days, declared.least_periods)) if estimates else (),
        days=days,
    )


def delay_of(span: Span, row: PrintedValue) -> int | None:
    """Returns the days from a period's end to the first on which a release can have come out."""
    published = row.figure.release.published_from
    return None if published is None else int((published - span.end).days)


def _period(history: History, days: Sequence[int]) -> PeriodDelay | None:
    dated = [
        (delay, row.value)
        for row in history.settled
        if (delay := delay_of(history.span, row)) is not None and row.value is not None
    ]
    if not dated:
        return None
    known = []
    for limit in days:
        by_then = [value for delay, value in dated if delay <= limit]
        known.append(by_then[-1] if by_then else None)
    return PeriodDelay(history.span, tuple(known), dated[-1][1], max(delay for delay, _ in dated))


def _share(place: int, days: int, periods: Sequence[PeriodDelay]) -> DelayShare:
    followed = [each for each in periods if each.followed_days >= days and each.latest > 0]
    values = [(each.known[place], each.latest) for each in followed]
    shares = [known / latest for known, latest in values if known is not None]
    return DelayShare(
        days=days,
        periods=len(followed),
        unprinted=sum(known is None for known, _ in values),
        printed=sum((known for known, _ in values if known is not None), Fraction(0)),
        latest=sum((latest for _, latest in values), Fraction(0)),
        lowest=min(shares, default=None),
        highest=max(shares, default=None),
    )


def _factors(periods: Sequence[PeriodDelay], days: Sequence[int]) -> list[tuple[Fraction | None, int]]:
    """Returns how much periods grew from each delay to the next, and over how many of them.

    Over the periods that were followed to the later one and of which something was known at the earlier: the sum
    of the later values over that of the earlier ones, as the chain ladder of insurers has it.
    """
    found: list[tuple[Fraction | None, int]] = []
    for place, (_, later) in enumerate(pairwise(days)):
        pairs = [
            (first, second)
            for each in periods
            if each.followed_days >= later
            and (first := each.known[place]) is not None
            and (second := each.known[place + 1]) is not None
        ]
        before = sum((first for first, _ in pairs), Fraction(0))
        after = sum((second for _, second in pairs), Fraction(0))
        found.append((after / before if before else None, len(pairs)))
    return found


def _estimates(periods: Sequence[PeriodDelay], days: Sequence[int], least: int) -> Iterable[Estimate]:
    factors = _factors(periods, days)
    # A delay that too few periods were followed to is left out, with all after it.
    reach = next(
        (at for at, (factor, count) in enumerate(factors) if factor is None or count < least), len(factors)
    )
    # A release that no longer prints a period will not restate it.
    newest = max((each.last_printed for each in periods), default=None)
    for each in periods:
        if each.last_printed != newest:
            continue
        reached = [at for at, limit in enumerate(days) if limit <= each.followed_days]
        start = reached[-1] if reached else 0
        if each.followed_days >= days[reach] or start >= reach:
            continue
        product, behind = Fraction(1), len(periods)
        for factor, count in factors[start:reach]:
            product *= factor if factor is not None else 1
            behind = min(behind, count)
        yield Estimate(each.span, each.latest, product, behind, max(each.followed_days, 0), days[reach])
