"""Which figures speak of a claim at a date, and what they say together."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations

from recount.claim.rule import Outcome, judge, settle_over_releases
from recount.declare.fiscal_years import fiscal_year_of
from recount.declare.interval import Interval
from recount.measure.figures import MeasuredFigure, standing_by_date

MAY_BE_OUT_AT_MOST = 8
SPAN = "span"
"""How individual records count: within a span of days."""
_RUNNING = ("cumulative", "fiscal_year_to_date")


@dataclass(frozen=True)
class Value:
    """What figures give as one number at one date.

    `interval` is missing where nothing speaks, or where what speaks contradicts itself, which `note` then says.
    """

    interval: Interval | None
    figures: tuple[MeasuredFigure, ...]
    note: str | None = None


NOTHING = Value(None, ())


@dataclass(frozen=True)
class TermValue:
    """One of the numbers that a claim of several works with, as it was read.

    `term` is its place among the terms of what is asked. A figure that is missing has no interval. `decides` says that
    it is among those that the outcome turns on, and `is_named` that the name of its term is its own, for a point in
    time is told by its date.
    """

    term: int
    interval: Interval | None
    figures: tuple[MeasuredFigure, ...]
    decides: bool = True
    is_named: bool = True


@dataclass(frozen=True)
class Spoken:
    """What figures say of one reading at one date.

    `interval` is missing where nothing speaks, or where what speaks contradicts itself. `figures` are
    those that it rests on: for a share, the reference; for a count, its lower and its upper bound. A claim that
    works with several numbers gives each under `terms`, and a combination what each part says under `parts`.
    """

    outcome: Outcome
    interval: Interval | None
    figures: tuple[MeasuredFigure, ...]
    note: str | None = None
    terms: tuple[TermValue, ...] = ()
    parts: tuple[Spoken, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Why it, or a part of it that is not settled, is open."""
        own = () if self.note is None else (self.note,)
        return (*own, *(note for each in self.parts if each.outcome == "open" for note in each.notes))


ABSENT = Spoken("absent", None, ())


def value_so_far(figures: Iterable[MeasuredFigure], said: datetime.date, window_days: int) -> Value:
    """Returns the number that figures give "so far" at the day `said`.

    A cumulative count through an earlier date is a lower bound, through a later one an upper bound,
    unless it is a sum that leaves places out. A share, a mean or a snapshot speaks when its date lies at
    most `window_days` before; the latest such date is the reference. Later ones decide nothing. A figure of
    a fiscal year so far speaks of the fiscal year of the day alone.
    """
    of_year = [
        each
        for each in figures
        if each.period != "fiscal_year_to_date" or each.fiscal_year == fiscal_year_of(said)
    ]
    standing = standing_by_date(of_year)
    adds_up = {each.kind == "count" and each.period in _RUNNING for each in standing.values()}
    if adds_up == {True}:
        return _bound_count(standing, said)
    first = said - datetime.timedelta(days=window_days)
    near = [date for date in standing if first <= date <= said]
    return value_of_figure(standing[max(near)]) if near else NOTHING


def value_of_figure(figure: MeasuredFigure) -> Value:
    """Returns one figure as the number: a count that leaves places out says only that there are no fewer."""
    interval = figure.interval
    if figure.is_partial and figure.kind == "count":
        interval = Interval(interval.low, None)
    return Value(interval, (figure,))


def _bound_count(standing: dict[datetime.date, MeasuredFigure], said: datetime.date) -> Value:
    earlier = [standing[date] for date in sorted(standing) if date <= said]
    later = [each for date, each in sorted(standing.items()) if date >= said and not each.is_partial]
    if not earlier and not later:
        return NOTHING
    lower = earlier[-1] if earlier else None
    upper = later[0] if later else None
    low = lower.interval.low if lower else Fraction(0)
    high = upper.interval.high if upper else None
    used = tuple(dict.fromkeys(each for each in (lower, upper) if each is not None))
    if low is not None and high is not None and low > high:
        return Value(None, used, "count_falls")
    return Value(Interval(low, high), used)


def value_exactly(figures: Iterable[MeasuredFigure], through: datetime.date) -> Value:
    """Returns the number that the standing figure of exactly one date gives."""
    standing = standing_by_date(figures)
    return value_of_figure(standing[through]) if through in standing else NOTHING


def value_in_release(
    figures: Iterable[MeasuredFigure],
    release: str,
    through: datetime.date | None,
    by: datetime.date | None = None,
) -> Value:
    """Returns the number that one release gives by itself: through its own latest date, or exactly `through`.

    With `by`, dates after that day are left out.
    """
    own = [each for each in figures if each.release.release == release]
    standing = standing_by_date(own)
    dates = [date for date in standing if through in (None, date) and (by is None or date <= by)]
    return value_of_figure(standing[max(dates)]) if dates else NOTHING


def speak(value: Value, asserted: Interval) -> Spoken:
    """Returns what one number says of an asserted interval."""
    if not value.figures:
        return ABSENT
    if value.interval is None:
        return Spoken("open", None, value.figures, value.note)
    return Spoken(judge(value.interval, asserted), value.interval, value.figures)


def speak_so_far(
    figures: Iterable[MeasuredFigure], said: datetime.date, window_days: int, asserted: Interval
) -> Spoken:
    """Returns what figures say of "so far" at the day `said`."""
    return speak(value_so_far(figures, said, window_days), asserted)


def speak_exactly(figures: Iterable[MeasuredFigure], through: datetime.date, asserted: Interval) -> Spoken:
    """Returns what the standing figure of exactly one date says."""
    return speak(value_exactly(figures, through), asserted)


def speak_in_release(
    figures: Iterable[MeasuredFigure], release: str, through: datetime.date | None, asserted: Interval
) -> Spoken:
    """Returns what one release says by itself, through its own latest date or exactly `through`."""
    return speak(value_in_release(figures, release, through), asserted)


@dataclass(frozen=True)
class Availability:
    """Releases certainly out, and those that may have been, by id."""

    certain: frozenset[str]
    perhaps: frozenset[str]


Speaks = Callable[[Sequence[MeasuredFigure]], Spoken]
"""Says what figures that are out say together."""


def speak_over_releases(figures: Sequence[MeasuredFigure], available: Availability, speaks: Speaks) -> Spoken:
    """Returns what the figures say where some releases may or may not have been out.

    Every set of releases that may have been out is tried: where they differ, the reading is open, with the
    interval that covers all of them.
    """
    certain = [each for each in figures if each.release.release in available.certain]
    doubtful = sorted({each.release.release for each in figures} & available.perhaps)
    if not doubtful:
        return speaks(certain)
    if len(doubtful) > MAY_BE_OUT_AT_MOST:
        return Spoken("open", None, (), "too_many_undated")
    tried = [
        speaks([*certain, *(each for each in figures if each.release.release in chosen)])
        for chosen in _subsets(doubtful)
    ]
    outcome = settle_over_releases(each.outcome for each in tried)
    without = tried[0]
    if all(each.interval == without.interval and each.outcome == without.outcome for each in tried):
        return without
    intervals = [each.interval for each in tried if each.interval is not None]
    hull = intervals[0] if intervals else None
    for each in intervals[1:]:
        hull = each if hull is None else hull.hull(each)
    used = tuple(dict.fromkeys(chain.from_iterable(each.figures for each in tried)))
    note = None if len({each.outcome for each in tried}) == 1 else "publication_dates"
    # Individual records of a release are all there or all not, so that its numbers are shown as they stand together.
    shown = tried[-1] if all(each.period == SPAN for each in used) else without
    return Spoken(outcome, hull, used, note, shown.terms, shown.parts)


def _subsets(names: Sequence[str]) -> Iterator[Collection[str]]:
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))
