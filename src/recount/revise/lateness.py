"""How much a figure is restated and how late, over every month or day that it is printed for."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from recount.declare.fiscal_years import fiscal_year_of
from recount.revise.history import History, How, PrintedValue
from recount.revise.spans import Span


@dataclass(frozen=True)
class SpanChange:
    """How far the first whole print of a span was from the latest, and when it last changed.

    A span that counts a part of its days in every release is not among them.
    """

    history: History

    @property
    def span(self) -> Span:
        """The span."""
        return self.history.span

    @property
    def fiscal_year(self) -> int:
        """The fiscal year that the span lies in."""
        return fiscal_year_of(self.span.end)

    @property
    def prints(self) -> int:
        """How many releases print it whole."""
        return len(self.history.settled)

    @property
    def is_compared(self) -> bool:
        """Whether more than one release prints it whole."""
        return self.prints > 1

    @property
    def restatements(self) -> int:
        """How many whole prints differ from the whole one before."""
        return len(self.history.restated_settled)

    @property
    def change(self) -> Fraction:
        """The latest value less the first, exactly."""
        return self.history.change or Fraction(0)

    @property
    def share(self) -> Fraction | None:
        """The change over the first value; missing where that is zero."""
        return self.history.share_of_change

    @property
    def lag_days(self) -> int | None:
        """Days from the span's end to the release that last changed its value.

        The release is taken to be out on the first day on which it can have been. Missing where nothing
        changed, or where that day is not known.
        """
        changed = self.history.restated_settled
        return self._days_until(changed[-1]) if changed else None

    @property
    def followed_days(self) -> int | None:
        """Days from the span's end to the last release that prints it: what came after is not known."""
        return None if self.history.latest is None else self._days_until(self.history.latest)

    def _days_until(self, row: PrintedValue) -> int | None:
        published: datetime.date | None = row.figure.release.published_from
        return None if published is None else (published - self.span.end).days


@dataclass(frozen=True)
class YearOfChanges:
    """The spans of one fiscal year, or of all, together.

    `spans` are printed whole, `compared` by more than one release, and `restated` changed at least once.
    Medians and largest values are over the restated ones: changes without their sign, shares of the first
    whole print, and lags in days. `followed` is over all that were compared.
    """

    fiscal_year: int | None
    spans: tuple[SpanChange, ...]

    @property
    def compared(self) -> tuple[SpanChange, ...]:
        """The spans that more than one release prints whole."""
        return tuple(each for each in self.spans if each.is_compared)

    @property
    def restated(self) -> tuple[SpanChange, ...]:
        """The spans whose whole prints differ."""
        return tuple(each for each in self.spans if each.restatements)

    @property
    def median_change(self) -> Fraction | None:
        """The median of the changes, without their sign."""
        return median([abs(each.change) for each in self.restated])

    @property
    def largest_change(self) -> SpanChange | None:
        """The span of the largest change, whatever its sign; the earliest of several."""
        return _first_of_largest(self.restated, lambda each: abs(each.change))

    @property
    def median_share(self) -> Fraction | None:
        """The median of the changes over their first values, without their sign."""
        return median([abs(each.share) for each in self.restated if each.share is not None])

    @property
    def largest_share(self) -> SpanChange | None:
        """The span of the largest change over its first value; the earliest of several."""
        return _first_of_largest(
            [each for each in self.restated if each.share is not None],
            lambda each: 0 if each.share is None else abs(each.share),
        )

    @property
    def median_lag(self) -> Fraction | None:
        """The median days from a span's end to its last change."""
        return median([each.lag_days for each in self.restated if each.lag_days is not None])

    @property
    def longest_lag(self) -> SpanChange | None:
        """The span that changed latest after its end; the earliest of several."""
        return _first_of_largest(
            [each for each in self.restated if each.lag_days is not None], lambda each: each.lag_days or 0
        )

    @property
    def median_followed(self) -> Fraction | None:
        """The median days from a span's end to the last release that prints it."""
        return median([each.followed_days for each in self.compared if each.followed_days is not None])


@dataclass(frozen=True)
class Lateness:
    """Size and lateness of restatements: by span, by fiscal year, and over all.

    `set_aside` counts the prints that neither stand nor move, by how they stand to the others; `unfinished` counts
    the prints of a part of their span, and `redefined` those from before a table was split into other parts.
    """

    changes: tuple[SpanChange, ...]
    years: tuple[YearOfChanges, ...]
    whole: YearOfChanges
    prints: int
    unfinished: int
    redefined: int
    set_aside: dict[How, int]


def summarise_changes(histories: Iterable[History]) -> Lateness:
    """Returns how much and how late spans were restated.

    Args:
        histories: every span of one figure, in order.
    """
    traced = list(histories)
    changes = tuple(SpanChange(each) for each in traced if each.settled)
    years = sorted({each.fiscal_year for each in changes})
    rows = [row for each in traced for row in each.rows]
    set_aside = [row.how for row in rows if not row.stands]
    return Lateness(
        changes=changes,
        years=tuple(
            YearOfChanges(year, tuple(each for each in changes if each.fiscal_year == year)) for year in years
        ),
        whole=YearOfChanges(None, changes),
        prints=len(rows),
        unfinished=sum(row.stands and not row.is_whole for row in rows),
        redefined=sum(len(each.before_redefinition) for each in traced),
        set_aside={how: set_aside.count(how) for how in sorted(set(set_aside))},
    )


def median(values: Sequence[Fraction | int]) -> Fraction | None:
    """Returns the middle value, or half the sum of the two in the middle, exactly; `None` of none."""
    if not values:
        return None
    ordered = sorted(Fraction(each) for each in values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _first_of_largest(
    spans: Sequence[SpanChange], size: Callable[[SpanChange], Fraction | int]
) -> SpanChange | None:
    if not spans:
        return None
    largest = max(size(each) for each in spans)
    return min((each for each in spans if size(each) == largest), key=lambda each: each.span.order())
