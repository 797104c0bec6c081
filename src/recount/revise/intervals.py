"""Figures between two dates, from figures that count a fiscal year so far."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from recount.declare.fiscal_years import fiscal_year_of
from recount.declare.measures import Measure
from recount.errors import UsageError
from recount.measure.figures import MeasuredFigure
from recount.measure.statistics import standing_prints
from recount.revise.history import History, Parts, is_day_known, is_split_otherwise
from recount.revise.spans import YEAR_TO_DATE, nearest_days

_DAYS_LOOKED_AT = 31
_LEAST_DECIMALS = 5


@dataclass(frozen=True)
class IntervalError:
    """Why two figures so far give nothing between them.

    `fell`: the later one is lower, which no movement can do. `part_exceeds_whole`: between the dates a part
    grew by more than its whole, so one of them was restated. `nobody`: a share of no one.
    """

    code: Literal["fell", "part_exceeds_whole", "nobody"]
    name: str
    before: Fraction
    after: Fraction

    def as_json(self) -> dict[str, str]:
        """Returns the error as JSON values; numbers are exact text."""
        return {"code": self.code, "name": self.name, "before": str(self.before), "after": str(self.after)}


@dataclass(frozen=True)
class IntervalFigure:
    """A figure between two dates: what the later print counts less what the earlier one does.

    It counts the days from `first_day` to `later.through_date`. Without an earlier print it begins
    with the fiscal year. What the later release restates of the days before falls into it. A count has its
    `numerator`, a share both integers, and each its exact `value`; where there is an `error`, none of them.

    `value_by_own_days` is another value of a mean: by the days that the two prints are means over, where those
    are not the days that the releases give (see `days_of_mean`). `restated_before` is how much of a count comes
    from whole months before that the later release prints otherwise; missing where months are not printed.
    `is_redefined` says that the two tables are split into other parts, so that they may count two things.
    """

    earlier: MeasuredFigure | None
    later: MeasuredFigure
    numerator: int | None
    denominator: int | None
    value: Fraction | None
    error: IntervalError | None
    value_by_own_days: Fraction | None = None
    restated_before: int | None = None
    is_redefined: bool = False

    @property
    def first_day(self) -> datetime.date:
        """The first day counted."""
        if self.earlier is None:
            return _start(self.later)
        return self.earlier.through_date + datetime.timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days it counts."""
        return (self.later.through_date - self.first_day).days + 1

    @property
    def is_approximate(self) -> bool:
        """Whether one of its dates is."""
        return not all(is_day_known(each) for each in self._prints())

    @property
    def flags(self) -> tuple[str, ...]:
        """The checks that mark either print."""
        return tuple(sorted({flag for each in self._prints() for flag in each.flags}))

    @property
    def other_days(self) -> tuple[tuple[MeasuredFigure, int], ...]:
        """The prints that are means over other days than their release gives, and over how many."""
        found = [(each, days_of_mean(each)) for each in self._prints() if each.kind == "mean"]
        return tuple((each, own) for each, own in found if own is not None and own != day_of_year(each))

    def _prints(self) -> tuple[MeasuredFigure, ...]:
        return (self.later,) if self.earlier is None else (self.earlier, self.later)


def _start(figure: MeasuredFigure) -> datetime.date:
    if figure.period_start is None:
        raise ValueError("a figure of a fiscal year so far has a start")
    return figure.period_start


def day_of_year(figure: MeasuredFigure) -> int:
    """Returns how many days a figure so far counts: 1 October is day 1."""
    return (figure.through_date - _start(figure)).days + 1


def days_of_mean(figure: MeasuredFigure) -> int | None:
    """Returns over how many days a printed average daily population is a mean, `None` where it does not tell.

    The average times its days is a whole number of people at midnight. Only few numbers of days make it
    so within the decimals printed; the one that the release gives is believed where it is among them, and
    otherwise the only one within a month of it.
    """
    value = figure.interval.low
    if value is None:
        return None
    stated = day_of_year(figure)
    text = figure.cells[0].text if len(figure.cells) == 1 else ""
    decimals = max(_LEAST_DECIMALS, len(text.partition(".")[2]))
    fitting = [
        days
        for days in range(max(1, stated - _DAYS_LOOKED_AT), stated + _DAYS_LOOKED_AT + 1)
        if abs(value * days - round(value * days)) <= Fraction(days, 10**decimals)
    ]
    if stated in fitting:
        return stated
    return fitting[0] if len(fitting) == 1 else None


def refuse_measure(measure: Measure) -> None:
    """Raises `UsageError` where figures of a measure do not add up over time.

    Counts of a fiscal year so far do, and so do the integers of a share. A daily mean of people does when
    weighted by its days. A mean over those who left says nothing of how many they were.
    """
    if measure.period != YEAR_TO_DATE:
        raise UsageError(
            f"{measure.measure} does not count a fiscal year so far, so two of its figures have nothing between them.",
            [
                (
                    "fix",
                    "ask a measure such as removals_printed, book_ins, book_outs or average_daily_population",
                )
            ],
        )
    if measure.kind == "mean" and measure.unit != "people":
        raise UsageError(
            f"{measure.measure} is a mean over people who left, and its figures do not say how many.",
            [("fix", "ask a count, or average_daily_population")],
        )


def figure_between(earlier: MeasuredFigure | None, later: MeasuredFigure) -> IntervalFigure:
    """Returns the figure between two prints of one fiscal year so far.

    Args:
        earlier: the print through the day before it begins; without one it begins on 1 October.
        later: the print through its last day.

    Counts subtract. An average daily population is `(later * day2 - earlier * day1) / (day2 - day1)`, days
    counted from 1 October. Source of the rule: the detention statistics' description, "Two sums a careful
    reader does".
    """
    if later.kind == "mean":
        return _mean_between(earlier, later)
    before = dict(earlier.counts) if earlier is not None else {}
    grown: list[int] = []
    for name, after in later.counts:
        stood = before.get(name, 0)
        if after < stood:
            error = IntervalError("fell", name, Fraction(stood), Fraction(after))
            return IntervalFigure(earlier, later, None, None, None, error)
        grown.append(after - stood)
    if later.kind != "share":
        return IntervalFigure(earlier, later, grown[0], None, Fraction(grown[0]), None)
    part, whole = grown
    if part > whole or not whole:
        code: Literal["part_exceeds_whole", "nobody"] = "part_exceeds_whole" if part > whole else "nobody"
        error = IntervalError(code, later.counts[0][0], Fraction(part), Fraction(whole))
        return IntervalFigure(earlier, later, None, None, None, error)
    return IntervalFigure(earlier, later, part, whole, Fraction(part, whole), None)


def _mean_between(earlier: MeasuredFigure | None, later: MeasuredFigure) -> IntervalFigure:
    first_day = 0 if earlier is None else day_of_year(earlier)
    value, error = _weighted(earlier, first_day, later, day_of_year(later))
    own_first = 0 if earlier is None else days_of_mean(earlier)
    own_last = days_of_mean(later)
    by_own = None
    if own_first is not None and own_last is not None and own_first < own_last:
        other, _ = _weighted(earlier, own_first, later, own_last)
        by_own = None if (own_first, own_last) == (first_day, day_of_year(later)) else other
    return IntervalFigure(earlier, later, None, None, value, error, by_own)


def _weighted(
    earlier: MeasuredFigure | None, first_day: int, later: MeasuredFigure, last_day: int
) -> tuple[Fraction | None, IntervalError | None]:
    before = Fraction(0) if earlier is None else (earlier.interval.low or Fraction(0)) * first_day
    after = (later.interval.low or Fraction(0)) * last_day
    if after < before:
        return None, IntervalError("fell", "people at midnight, summed over days", before, after)
    return (after - before) / (last_day - first_day), None


def find_between(
    figures: Iterable[MeasuredFigure], measure: Measure, first: datetime.date, last: datetime.date
) -> IntervalFigure:
    """Returns the figure between two dates through which releases count.

    Args:
        figures: every print of the measure so far, under one reading.
        measure: what is counted.
        first: the last day before it begins.
        last: its last day.

    Raises:
        UsageError: across fiscal years, for dates in the wrong order, or where no release counts through one.
    """
    refuse_measure(measure)
    if first >= last:
        raise UsageError(
            f"{first} does not come before {last}.", [("fix", "give the earlier date first, and two of them")]
        )
    years = fiscal_year_of(first), fiscal_year_of(last)
    if years[0] != years[1]:
        raise UsageError(
            f"{first} lies in fiscal year {years[0]} and {last} in {years[1]}.",
            [
                ("because", "every count starts again on 1 October"),
                ("fix", "give two dates of one fiscal year, or ask for each year by itself"),
            ],
        )
    standing = {each.through_date: each for each in standing_in_year(figures, years[0])}
    for day in (first, last):
        if day not in standing:
            near = ", ".join(str(each) for each in nearest_days(day, standing)) or "none in that fiscal year"
            raise UsageError(f"No release counts {measure.measure} through {day}.", [("nearest", near)])
    return figure_between(standing[first], standing[last])


def weigh_restatement(
    found: IntervalFigure, histories: Iterable[History], parts: Parts | None = None
) -> IntervalFigure:
    """Returns a figure between two prints with what of it is restatement, and no movement.

    Args:
        found: the figure.
        histories: the months of the same measure, none where it is not printed by month.
        parts: the codes that the prints so far are split into.
    """
    if found.earlier is None:
        return found
    earlier, later = found.earlier.release.release, found.later.release.release
    restated, months = 0, 0
    for history in histories:
        whole = {
            each.figure.release.release: each.figure.numerator
            for each in history.rows
            if each.is_whole and each.how != "doubtful"
        }
        before, after = whole.get(earlier), whole.get(later)
        if before is not None and after is not None:
            restated += after - before
            months += 1
    return replace(
        found,
        restated_before=restated if months and found.later.kind == "count" else None,
        is_redefined=is_split_otherwise(found.earlier, found.later, parts or {}),
    )


def standing_in_year(figures: Iterable[MeasuredFigure], year: int) -> list[MeasuredFigure]:
    """Returns the print that stands for each day of a fiscal year, in order of that day."""
    own = [each for each in figures if each.fiscal_year == year]
    return sorted(standing_prints(own, "through_date"), key=lambda each: each.through_date)


def find_series(figures: Iterable[MeasuredFigure], measure: Measure, year: int) -> list[IntervalFigure]:
    """Returns the figures between the consecutive prints of a fiscal year, the first from 1 October.

    Raises:
        UsageError: where the measure has none, or no release prints that year.
    """
    refuse_measure(measure)
    known = list(figures)
    standing = standing_in_year(known, year)
    if not standing:
        years = sorted({each.fiscal_year for each in known if each.fiscal_year is not None})
        near = sorted(sorted(years, key=lambda each: (abs(each - year), each))[:5])
        raise UsageError(
            f"No release prints {measure.measure} for fiscal year {year}.",
            [("nearest", ", ".join(map(str, near)) or "nothing comes near it")],
        )
    return [
        figure_between(None, standing[0]),
        *(figure_between(before, after) for before, after in pairwise(standing)),
    ]
