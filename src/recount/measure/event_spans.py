"""What spans of time a release covers, and how far a span that an answer names is covered."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from recount.declare.fiscal_years import month_end
from recount.measure.event_periods import Days, Period
from recount.record.store import EventPart

_DAY = datetime.timedelta(days=1)


Span = tuple[datetime.date, datetime.date]
"""The first and the last day of a span."""


def covered_spans(parts: Sequence[EventPart]) -> list[Span]:
    """Returns the spans that parts cover, first and last day each, in order and apart from each other.

    Releases do not say where they begin, and few where they end. A part covers the months of its first and its
    last event, and the latest one goes to the release's own last day.
    """
    dated = sorted(
        (each.first_date, each.last_date, each.cut_off or each.last_date)
        for each in parts
        if each.first_date is not None and each.last_date is not None
    )
    spans: list[Span] = []
    last_of_all = max((last for _, last, _ in dated), default=None)
    for first, last, cut_off in dated:
        start, end = first.replace(day=1), month_end(last.year, last.month)
        if cut_off is not None and (last == last_of_all or cut_off < end):
            end = max(cut_off, start)
        if spans and start <= spans[-1][1] + _DAY:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return spans


def within_spans(period: Period, spans: Sequence[Span]) -> tuple[datetime.date | None, datetime.date | None]:
    """Returns the first and last day of a period that some span covers, `None` where none does."""
    inside = [
        (max(first, period.start), min(last, period.last))
        for first, last in spans
        if first <= period.last and period.start <= last
    ]
    if not inside:
        return None, None
    return inside[0][0], inside[-1][1]


def before_cut_off(period: Period, parts: Sequence[EventPart]) -> tuple[datetime.date, datetime.date]:
    """Returns the first and last day of a period of a release of which only the last day is known, if that.

    Where the release ends before the period begins, its last day lies before the first: it covers none.
    """
    cut_off = max((each.cut_off for each in parts if each.cut_off is not None), default=period.last)
    return period.start, min(period.last, cut_off)


def known_days(start: datetime.date | None, through: datetime.date | None) -> list[Span]:
    """Returns the span of a row of a release of which only the last day is known."""
    return [] if start is None or through is None else [(start, through)]


def days_within(spans: Sequence[Span], limit: Sequence[Days]) -> list[Span]:
    """Returns the days of spans, first and last day each, that lie within others."""
    found = [
        (max(first, start), min(last, end if end == datetime.date.max else end - _DAY))
        for first, last in spans
        for start, end in limit
    ]
    return [(first, last) for first, last in found if first <= last]


def uncovered_between(
    start: datetime.date | None, through: datetime.date | None, spans: Sequence[Span]
) -> tuple[datetime.date | None, datetime.date | None]:
    """Returns the days of a span; of one that lies between two spans that are covered, as of one before its start.

    Where none of its days is covered, its last day lies before its first: the last that was covered before it.
    """
    if start is None or through is None or not spans or start > through:
        return start, through
    if any(first <= through and start <= last for first, last in spans):
        return start, through
    return start, max((last for _, last in spans if last < start), default=start - _DAY)


def limited(
    start: datetime.date | None, through: datetime.date | None, days: Days
) -> tuple[datetime.date | None, datetime.date | None]:
    """Returns the days of a span that lie within others; an open end limits nothing."""
    first, end = days
    if first != datetime.date.min:
        start = max(start or first, first)
    if end != datetime.date.max:
        through = min(through or end, end - _DAY)
    return start, through
