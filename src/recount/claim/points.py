"""Points in time: which months, fiscal years or printed dates a claim speaks of, and what each one is."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from recount.claim.asked import Look, Term
from recount.claim.evidence import TermValue, Value, value_of_figure
from recount.claim.record_figures import RecordFigure, value_of_record
from recount.declare.claim_types import Span
from recount.declare.fiscal_years import fiscal_year_end, fiscal_year_of, month_end
from recount.declare.interval import Interval
from recount.measure.figures import MeasuredFigure, standing_by_date
from recount.measure.statistics import MONTH, standing_prints

_ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Point:
    """One point in time, by its last day, and what figures give for it; nothing where it is a gap."""

    day: datetime.date
    value: Value

    @property
    def interval(self) -> Interval | None:
        """Where its number can lie; `None` where nothing is printed of it."""
        return self.value.interval


def points_of(term: Term, span: Span, look: Look, last: datetime.date, gap_days: int) -> list[Point]:
    """Returns the points of a span through `last`, in order; what is not printed is a point without a number.

    A month or a fiscal year is one point once it has ended. A count that is printed through an earlier day is a lower
    bound of the whole, and a mean is none of it. Between two printed dates more than `gap_days` apart, and before the
    first or after the last by as much, stands a gap.
    """
    out = look.out if look.alone is None else {look.alone}
    figures = [each for each in term.figures if each.release.release in out]
    end = last if span.through is None else min(last, span.through)
    if span.by == "month":
        standing = figures if term.is_of_records else standing_prints(figures, MONTH)
        return list(_months({_month_of(each): each for each in standing}, span.from_date, end))
    if span.by == "fiscal_year":
        standing = figures if term.is_of_records else standing_prints(figures, "fiscal_year")
        return list(_fiscal_years({_year_of(each): each for each in standing}, span.from_date, end))
    return list(_prints(figures, span.from_date, end, gap_days))


def _month_of(figure: MeasuredFigure) -> datetime.date | None:
    if isinstance(figure, RecordFigure) and figure.period_start is not None:
        return figure.period_start.replace(day=1)
    return figure.period_start


def _year_of(figure: MeasuredFigure) -> int | None:
    return fiscal_year_of(figure.through_date) if isinstance(figure, RecordFigure) else figure.fiscal_year


def _months(
    by_month: Mapping[datetime.date | None, MeasuredFigure], first: datetime.date, last: datetime.date
) -> Iterator[Point]:
    start = first.replace(day=1)
    while True:
        end = month_end(start.year, start.month)
        if end > last:
            return
        yield Point(end, _whole(by_month.get(start), end))
        start = end + _ONE_DAY


def _fiscal_years(
    by_year: Mapping[int | None, MeasuredFigure], first: datetime.date, last: datetime.date
) -> Iterator[Point]:
    year = fiscal_year_of(first)
    while True:
        end = fiscal_year_end(year)
        if end > last:
            return
        yield Point(end, _whole(by_year.get(year), end))
        year += 1


def _whole(figure: MeasuredFigure | None, end: datetime.date) -> Value:
    """What a figure says of the whole of its span: all, no less than that, or nothing."""
    if figure is None:
        return Value(None, ())
    if isinstance(figure, RecordFigure):
        return value_of_record(figure)
    if figure.through_date >= end:
        return value_of_figure(figure)
    if figure.kind == "count":
        return Value(Interval(figure.interval.low, None), (figure,))
    return Value(None, ())


def _prints(
    figures: Sequence[MeasuredFigure], first: datetime.date, last: datetime.date, gap_days: int
) -> Iterator[Point]:
    longest = datetime.timedelta(days=gap_days)
    before = first
    for date, figure in standing_by_date(figures).items():
        if not first <= date <= last:
            continue
        if date - before > longest:
            yield Point(date - _ONE_DAY, Value(None, ()))
        yield Point(date, value_of_figure(figure))
        before = date
    if last - before > longest:
        yield Point(last, Value(None, ()))


def figures_of_points(points: Iterable[Point]) -> tuple[MeasuredFigure, ...]:
    """Returns the figures under points, each once."""
    return tuple(dict.fromkeys(one for each in points for one in each.value.figures))


def point_values(
    points: Sequence[Point], deciding: Iterable[int], subject: int | None = None
) -> tuple[TermValue, ...]:
    """Returns points as an answer shows them.

    Args:
        points: the points.
        deciding: the places of those that the outcome turns on.
        subject: the place of the one that the claim names, if it names one.
    """
    chosen = set(deciding)
    return tuple(
        TermValue(0, each.interval, each.value.figures, decides=number in chosen, is_named=number == subject)
        for number, each in enumerate(points)
        if each.value.figures
    )
