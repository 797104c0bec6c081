"""Which figures speak of a claim at a date, and what they say together."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations

from recount.claim.rule import Outcome, judge, settle_over_releases
from recount.declare.fiscal_years import fiscal_year_of
from recount.declare.interval import Interval
from recount.measure.figures import MeasuredFigure, standing_by_date

MAY_BE_OUT_AT_MOST = 8
_RUNNING = ("cumulative", "fiscal_year_to_date")


@dataclass(frozen=True)
class Spoken:
    """What figures say of one reading at one date.

    `interval` is missing where nothing speaks, or where what speaks contradicts itself. `figures` are
    those that it rests on: for a share, the reference; for a count, its lower and its upper bound.
    """

    outcome: Outcome
    interval: Interval | None
    figures: tuple[MeasuredFigure, ...]
    note: str | None = None


ABSENT = Spoken("absent", None, ())


def speak_so_far(
    figures: Iterable[MeasuredFigure], said: datetime.date, window_days: int, asserted: Interval
) -> Spoken:
    """Returns what figures say of "so far" at the day `said`.

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
        return _bound_count(standing, said, asserted)
    first = said - datetime.timedelta(days=window_days)
    near = [date for date in standing if first <= date <= said]
    if not near:
        return ABSENT
    reference = standing[max(near)]
    return _speak_alone(reference, asserted)


def _speak_alone(figure: MeasuredFigure, asserted: Interval) -> Spoken:
    """One figure as the value: a count that leaves places out says only that there are no fewer."""
    interval = figure.interval
    if figure.is_partial and figure.kind == "count":
        interval = Interval(interval.low, None)
    return Spoken(judge(interval, asserted), interval, (figure,))


def _bound_count(
    standing: dict[datetime.date, MeasuredFigure], said: datetime.date, asserted: Interval
) -> Spoken:
    earlier = [standing[date] for date in sorted(standing) if date <= said]
    later = [each for date, each in sorted(standing.items()) if date >= said and not each.is_partial]
    if not earlier and not later:
        return ABSENT
    lower = earlier[-1] if earlier else None
    upper = later[0] if later else None
    low = lower.interval.low if lower else Fraction(0)
    high = upper.interval.high if upper else None
    used = tuple(dict.fromkeys(each for each in (lower, upper) if each is not None))
    if low is not None and high is not None and low > high:
        return Spoken("open", None, used, "count_falls")
    interval = Interval(low, high)
    return Spoken(judge(interval, asserted), interval, used)


def speak_exactly(figures: Iterable[MeasuredFigure], through: datetime.date, asserted: Interval) -> Spoken:
    """Returns what the standing figure of exactly one date says."""
    standing = standing_by_date(figures)
    if through not in standing:
        return ABSENT
    figure = standing[through]
    return _speak_alone(figure, asserted)


def speak_in_release(
    figures: Iterable[MeasuredFigure], release: str, through: datetime.date | None, asserted: Interval
) -> Spoken:
    """Returns what one release says by itself, through its own latest date or exactly `through`."""
    own = [each for each in figures if each.release.release == release]
    standing = standing_by_date(own)
    dates = [date for date in standing if through in (None, date)]
    if not dates:
        return ABSENT
    figure = standing[max(dates)]
    return _speak_alone(figure, asserted)


@dataclass(frozen=True)
class Availability:
    """Releases certainly out, and those that may have been, by id."""

    certain: frozenset[str]
    perhaps: frozenset[str]


def speak_over_releases(figures: Sequence[MeasuredFigure], available: Availability, speak: Speaker) -> Spoken:
    """Returns what the figures say where some releases may or may not have been out.

    Every set of releases that may have been out is tried: where they differ, the reading is open, with the
    interval that covers all of them.
    """
    certain = [each for each in figures if each.release.release in available.certain]
    doubtful = sorted({each.release.release for each in figures} & available.perhaps)
    if not doubtful:
        return speak(certain)
    if len(doubtful) > MAY_BE_OUT_AT_MOST:
        return Spoken("open", None, (), "too_many_undated")
    tried = [
        speak([*certain, *(each for each in figures if each.release.release in chosen)])
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
    return Spoken(outcome, hull, used, note)


def _subsets(names: Sequence[str]) -> Iterator[Collection[str]]:
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))


class Speaker:
    """How figures are asked: at a day, exactly, or in one release. Called with the figures that are out."""

    def __init__(
        self,
        asserted: Interval,
        *,
        said: datetime.date | None = None,
        window_days: int = 0,
        through: datetime.date | None = None,
    ) -> None:
        self.asserted = asserted
        self.said = said
        self.window_days = window_days
        self.through = through

    def __call__(self, figures: Sequence[MeasuredFigure]) -> Spoken:
        """Returns what the figures say, as this speaker asks."""
        if self.through is not None:
            return speak_exactly(figures, self.through, self.asserted)
        if self.said is None:
            raise TypeError("a speaker asks at a day, or exactly through one")
        return speak_so_far(figures, self.said, self.window_days, self.asserted)
