"""One figure across releases: what each printed, and which of them restates the one before."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from recount.measure.figures import MeasuredFigure
from recount.measure.statistics import TOTAL, StatisticPrint
from recount.revise.restatements import find_restatement
from recount.revise.spans import Span, span_of

How = Literal[
    "first",
    "same",
    "restated",
    "counts_on",
    "redefined",
    "older_edition",
    "doubtful",
    "approximate",
    "discrepancy",
    "bound",
]
"""How a print stands to the ones before it.

`first`: nothing stands before it. `same`: the same value through the same day. `restated`: another value through
the same day, or a count that falls. `counts_on`: it counts more days, or is first to say surely through which;
that is movement. `redefined`: another value, and the table is split into other parts, so that it may be the
count of something else.

The others change nothing. `older_edition`: the release counts fewer days than one that came out before it.
`doubtful`: a check says that the number is none of this span. `approximate`: another value, and its day is
approximate, so that it may be movement. `discrepancy`: a release of lower authority prints otherwise, or the
print lacks places. `bound`: it gives no exact value.
"""

STANDING: tuple[How, ...] = ("first", "same", "restated", "counts_on", "redefined")

UNDATED_FLAGS = frozenset({"date_of_another_year"})
"""Checks that say the day taken is approximate, whatever precision stands beside it."""

Reach = Mapping[tuple[str, int | None], datetime.date]
"""The last day that each release counts of each fiscal year."""

Parts = Mapping[tuple[str, datetime.date | None, datetime.date], Mapping[str, frozenset[str]]]
"""The codes that a print is split into, by dimension; a print is a release's of a span through a day."""


@dataclass(frozen=True)
class PrintedValue:
    """What one release prints of a span.

    `value` is exact, missing where the print gives a bound. `is_whole` says whether it counts the span's
    every day. `change` is from the last print that stands. `order_is_certain` says whether the
    print before it was surely out first: releases are dated between two days.
    """

    figure: MeasuredFigure
    value: Fraction | None
    is_whole: bool
    how: How
    change: Fraction | None
    order_is_certain: bool

    @property
    def stands(self) -> bool:
        """Whether it says what its time knew of the figure."""
        return self.how in STANDING

    @property
    def is_settled(self) -> bool:
        """Whether it stands and counts the span's every day."""
        return self.stands and self.is_whole


@dataclass(frozen=True)
class History:
    """Every print of one span, in order of publication as far as that is known.

    `first`, `latest`, `lowest` and `highest` are of the settled prints: those that count the whole span, less
    those set aside, and less those before the table was split into other parts. A print that counts a part of a
    month is on its way, and says nothing of restatement.
    """

    span: Span
    rows: tuple[PrintedValue, ...]

    @property
    def settled(self) -> tuple[PrintedValue, ...]:
        """The prints that stand and count the whole span, under its last definition."""
        return tuple(each for each in self.rows[self._redefined_at :] if each.is_settled)

    @property
    def before_redefinition(self) -> tuple[PrintedValue, ...]:
        """The prints that stood and counted the whole span before it was redefined."""
        return tuple(each for each in self.rows[: self._redefined_at] if each.is_settled)

    @property
    def redefined_by(self) -> PrintedValue | None:
        """The print since which the table is split as it is now, where it was split otherwise before."""
        return next((each for each in reversed(self.rows) if each.how == "redefined"), None)

    @property
    def _redefined_at(self) -> int:
        return max((at for at, each in enumerate(self.rows) if each.how == "redefined"), default=0)

    @property
    def first(self) -> PrintedValue | None:
        """The first settled print."""
        return next(iter(self.settled), None)

    @property
    def latest(self) -> PrintedValue | None:
        """The last settled print."""
        return next(reversed(self.settled), None)

    @property
    def lowest(self) -> PrintedValue | None:
        """The settled print of the lowest value; the earliest of several."""
        return min(self.settled, key=_value_of_row, default=None)

    @property
    def highest(self) -> PrintedValue | None:
        """The settled print of the highest value; the earliest of several."""
        return max(self.settled, key=_value_of_row, default=None)

    @property
    def change(self) -> Fraction | None:
        """The latest value less the first, exactly."""
        if self.first is None or self.latest is None:
            return None
        return _value_of_row(self.latest) - _value_of_row(self.first)

    @property
    def share_of_change(self) -> Fraction | None:
        """The change over the first value; missing where that is zero."""
        if self.change is None or self.first is None or not self.first.value:
            return None
        return self.change / self.first.value

    @property
    def restatements(self) -> int:
        """How many prints restate the one that stood before them."""
        return sum(each.how == "restated" for each in self.rows)

    @property
    def restated_settled(self) -> tuple[PrintedValue, ...]:
        """The settled prints that differ from the settled one before them."""
        return tuple(
            after
            for before, after in pairwise(self.settled)
            if (before.value, before.figure.counts) != (after.value, after.figure.counts)
        )

    @property
    def uncertain(self) -> tuple[PrintedValue, ...]:
        """The prints whose value is another than that of the one before, and which may have come first."""
        return tuple(
            after
            for before, after in pairwise(self.rows)
            if not after.order_is_certain and before.value != after.value
        )


def _value_of_row(row: PrintedValue) -> Fraction:
    if row.value is None:
        raise ValueError("a print that stands has an exact value")
    return row.value


def is_day_known(figure: MeasuredFigure) -> bool:
    """Returns whether the last day that a figure counts is known, and not approximate."""
    return figure.through_precision == "day" and not UNDATED_FLAGS & set(figure.flags)


def value_of(figure: MeasuredFigure) -> Fraction | None:
    """Returns a figure's exact value: a count, a mean as printed, a share; missing where it is a bound."""
    return figure.interval.low if figure.interval.is_point else None


def reach_of(figures: Iterable[MeasuredFigure]) -> dict[tuple[str, int | None], datetime.date]:
    """Returns the last day that each release counts of each fiscal year.

    A number for days after a release came out counts nothing, and says nothing of how far it reaches.

    Args:
        figures: every figure of a measure, over all spans: the last month tells how far a release reaches.
    """
    reach: dict[tuple[str, int | None], datetime.date] = {}
    for each in figures:
        release = each.release
        if release.published_to is not None and each.through_date > release.published_to:
            continue
        key = (release.release, each.fiscal_year)
        reach[key] = max(each.through_date, reach.get(key, each.through_date))
    return reach


def parts_of(prints: Iterable[StatisticPrint], dimensions: Sequence[str]) -> Parts:
    """Returns the codes that prints are split into, the total left out.

    Args:
        prints: of one statistic, over spans of one kind.
        dimensions: of its table, in declared order.
    """
    return {
        (each.release, each.start, each.through): {
            name: frozenset(codes[at] for codes in each.entries) - {TOTAL}
            for at, name in enumerate(dimensions)
        }
        for each in prints
    }


def trace_history(
    span: Span,
    figures: Iterable[MeasuredFigure],
    reach: Reach,
    doubtful: frozenset[str],
    parts: Parts | None = None,
) -> History:
    """Returns what each release printed of a span, and how each print stands to those before.

    Args:
        span: the days asked.
        figures: the figures of that span, under one reading, of one place.
        reach: the last day that each release counts, as `reach_of` gives it.
        doubtful: flags that say a number is none of its span; the catalog's rules name them.
        parts: the codes that prints are split into, as `parts_of` gives them; without them, none was redefined.

    A restatement is the same reference date printed differently by a release of equal or higher authority, or a
    count that falls; more days are movement. A release that counts fewer days than one already out is an
    older edition posted late, and restates nothing. Source of the rule: the project's design, section 4.
    """
    ordered = sorted(figures, key=lambda each: _order(each, _reach(each, reach)))
    rows: list[PrintedValue] = []
    standing: PrintedValue | None = None
    furthest = datetime.date.min
    for each in ordered:
        own = _reach(each, reach)
        row = PrintedValue(
            figure=each,
            value=value_of(each),
            is_whole=_is_whole(each, span, own),
            how="first",
            change=None,
            order_is_certain=not rows or _is_surely_later(rows[-1].figure, each),
        )
        if doubtful & set(each.flags):
            how: How = "doubtful"
        else:
            how = _how(row, standing, span, is_older=own < furthest)
        if standing is not None:
            if how in ("restated", "counts_on") and is_split_otherwise(standing.figure, each, parts or {}):
                how = "redefined"
            if row.value is not None and standing.value is not None:
                row = replace(row, change=row.value - standing.value)
        row = replace(row, how=how)
        rows.append(row)
        furthest = max(furthest, own)
        standing = row if row.stands else standing
    return History(span, tuple(rows))


def is_split_otherwise(before: MeasuredFigure, after: MeasuredFigure, parts: Parts) -> bool:
    """Returns whether both prints are split by a dimension, each into two parts or more, and not into the same."""
    first = parts.get((before.release.release, before.period_start, before.through_date), {})
    second = parts.get((after.release.release, after.period_start, after.through_date), {})
    return any(
        min(len(first[name]), len(second[name])) > 1 for name in first if first[name] != second.get(name)
    )


def _reach(figure: MeasuredFigure, reach: Reach) -> datetime.date:
    return reach.get((figure.release.release, figure.fiscal_year), figure.through_date)


def _order(figure: MeasuredFigure, reach: datetime.date) -> tuple[datetime.date | str, ...]:
    release = figure.release
    return (
        release.earliest,
        release.published_to or datetime.date.max,
        reach,
        figure.through_date,
        release.release,
    )


def _is_surely_later(before: MeasuredFigure, after: MeasuredFigure) -> bool:
    first, second = before.release.published_to, after.release.published_from
    return first is not None and second is not None and first < second


def _is_whole(figure: MeasuredFigure, span: Span, reach: datetime.date) -> bool:
    if not span.can_be_unfinished:
        return True
    published = figure.release.published_to
    is_over = published is None or published > span.end
    # An approximate day may fall short of the span's end, unless the release counts days after it.
    is_dated = is_day_known(figure) or reach > span.end
    return figure.through_date >= span.end and is_over and is_dated


def _how(row: PrintedValue, standing: PrintedValue | None, span: Span, *, is_older: bool) -> How:
    figure = row.figure
    if row.value is None:
        return "bound"
    if standing is None:
        return "first"
    before = standing.figure
    if is_older or figure.through_date < before.through_date:
        return "older_edition"
    if (row.value, figure.counts) == (standing.value, before.counts):
        return "same" if figure.through_date == before.through_date else "counts_on"
    if figure.through_date == before.through_date and not (
        _is_dated(row, span) and _is_dated(standing, span)
    ):
        return "counts_on" if _is_dated(row, span) else "approximate"
    return _how_it_differs(before, figure, span)


def _how_it_differs(before: MeasuredFigure, figure: MeasuredFigure, span: Span) -> How:
    if find_restatement(_counted_up(before, span), _counted_up(figure, span)) is not None:
        return "restated"
    if figure.through_date > before.through_date:
        return "counts_on"
    is_lower = figure.authority_rank > before.authority_rank
    return "discrepancy" if is_lower or figure.is_partial or before.is_partial else "restated"


def _is_dated(row: PrintedValue, span: Span) -> bool:
    """Returns whether it is known through which day a print counts: that of a whole month is its last."""
    return is_day_known(row.figure) or (span.can_be_unfinished and row.is_whole)


def _counted_up(figure: MeasuredFigure, span: Span) -> MeasuredFigure:
    """Within its span a month counts up from its first day, as a running total does."""
    return replace(figure, period="cumulative") if span.can_be_unfinished else figure


def trace_histories(
    figures: Sequence[MeasuredFigure], doubtful: frozenset[str], parts: Parts | None = None
) -> list[History]:
    """Returns the history of every span that figures speak of, in order of span.

    Args:
        figures: of one measure, under one reading, of one place.
        doubtful: flags that say a number is none of its span.
        parts: the codes that prints are split into.
    """
    reach = reach_of(figures)
    spans: dict[Span, list[MeasuredFigure]] = {}
    for each in figures:
        spans.setdefault(span_of(each), []).append(each)
    return [
        trace_history(span, spans[span], reach, doubtful, parts) for span in sorted(spans, key=Span.order)
    ]
