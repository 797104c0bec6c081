"""Numbers of individual records as a chart draws them: one row of an answer, or several added up."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from recount.chart.picture import Point
from recount.declare.interval import Interval
from recount.declare.sources import KnownRelease
from recount.measure.event_answer import EventRow
from recount.measure.event_bounds import WHYS
from recount.measure.event_periods import Period
from recount.measure.rates import Rate

UNNAMED_KINDS = ("missing", "suppressed")
"""The cells that gather rows that do not say of which part they are, or that a cube pools."""

_ESTIMATE_DIGITS = 1_000_000
"""An estimate is drawn to a millionth, so that the last bits of a processor change no byte."""


@dataclass(frozen=True, eq=False)
class EventFigure:
    """One number of individual records, of one release and reading.

    `kind` is that of the measure, `part` for the part of a count as a share of what the question names, or `rate` for
    a count per 100,000 of its denominator; `rate` then says of what, or why there is none.
    `gathers` is how many parts it adds up; of more than one the bounds are not known. `is_unnamed` says that it
    counts rows that do not say of which part they are.
    """

    kind: str
    release: KnownRelease
    is_synthetic: bool
    reading: Mapping[str, str]
    period: Period | None
    start: datetime.date | None
    through_date: datetime.date | None
    is_partial: bool
    is_unnamed: bool
    numerator: int
    denominator: int | None
    whole: int | None
    bounds: Interval | None
    undecided: Mapping[str, int]
    outcomes: Mapping[str, int] = field(default_factory=dict)
    estimate: float | None = None
    gathers: int = 1
    rate: Rate | None = None

    @property
    def fiscal_year(self) -> int | None:
        """The fiscal year counted, where it is one."""
        is_fiscal = self.period is not None and self.period.kind == "fiscal_year"
        return self.period.number if self.period is not None and is_fiscal else None

    @property
    def value(self) -> Fraction | None:
        """The count, share, mean or estimate; `None` where there is none."""
        if self.kind == "count":
            return Fraction(self.numerator)
        if self.rate is not None:
            return self.rate.value
        if self.kind == "duration":
            if self.estimate is None:
                return None
            return Fraction(round(self.estimate * _ESTIMATE_DIGITS), _ESTIMATE_DIGITS)
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def ends(self) -> tuple[Fraction | None, Fraction | None]:
        """The lowest and highest that it can be."""
        if self.bounds is None:
            return self.value, self.value
        return self.bounds.low, self.bounds.high


def figure_of(row: EventRow, kind: str) -> EventFigure:
    """Returns a row of an answer as a figure; `kind` is that of the measure.

    Where a share is asked and the row has none to show, its count is kept and it has no value.
    """
    part = row.part_of
    is_part = row.cell.part_of is not None
    measured = row.cell.measured if part is None else part
    rate = row.rate
    return EventFigure(
        kind="part" if is_part else kind if rate is None else "rate",
        release=row.release,
        is_synthetic=row.is_synthetic,
        reading=row.reading,
        period=row.period,
        start=row.start,
        through_date=row.through,
        is_partial=row.is_partial,
        is_unnamed=row.cell.kind in UNNAMED_KINDS,
        numerator=measured.numerator,
        denominator=measured.denominator if rate is None else rate.base.count,
        whole=row.cell.whole,
        bounds=None if is_part and part is None else measured.bounds if rate is None else rate.interval,
        undecided={str(why): measured.undecided[why] for why in WHYS},
        outcomes=row.cell.outcomes,
        estimate=row.cell.estimate,
        rate=rate,
    )


def add_up(figures: Sequence[EventFigure]) -> EventFigure:
    """Returns figures of several parts of one release, reading and span together.

    Parts do not share rows, so that they add up. What is undecided may be of several parts, and does not.
    """
    first = figures[0]
    if len(figures) == 1:
        return first
    denominators = [each.denominator for each in figures if each.denominator is not None]
    # Parts of one whole share it, and so do parts of one span of days; a share's populations add up.
    is_shared = first.kind in ("part", "population")
    shared = denominators[0] if len(set(denominators)) == 1 else None
    return EventFigure(
        kind=first.kind,
        release=first.release,
        is_synthetic=first.is_synthetic,
        reading=first.reading,
        period=first.period,
        start=first.start,
        through_date=first.through_date,
        is_partial=first.is_partial,
        is_unnamed=False,
        numerator=sum(each.numerator for each in figures),
        denominator=shared if is_shared else sum(denominators) or None,
        whole=first.whole,
        bounds=None,
        undecided=dict.fromkeys(first.undecided, 0),
        gathers=sum(each.gathers for each in figures),
    )


def zero_of(
    figure: EventFigure, period: Period, perhaps: Mapping[str, int], rate: Rate | None = None
) -> EventFigure:
    """Returns the figure of a covered span of which a release has no row; `perhaps` are rows that may be of it.

    Where rates are drawn, `rate` is that of the span.
    """
    return EventFigure(
        kind=figure.kind,
        release=figure.release,
        is_synthetic=figure.is_synthetic,
        reading=figure.reading,
        period=period,
        start=period.start,
        through_date=period.last,
        is_partial=False,
        is_unnamed=False,
        numerator=0,
        denominator=None if rate is None else rate.base.count,
        whole=None,
        bounds=Interval(Fraction(0), Fraction(sum(perhaps.values()))) if rate is None else rate.interval,
        undecided=dict(perhaps),
        rate=rate,
    )


@dataclass(frozen=True, eq=False)
class EventPoint(Point):
    """A number of individual records where it is drawn.

    `keys` are what tells it apart, `readings` the figures of every reading, its own among them; `is_spread` says
    that the ends are those of the readings. `name` says of what it is, `block` the heading that a bar stands
    beneath, and `in_band` that a band shows its ends.
    """

    figure: EventFigure
    readings: tuple[EventFigure, ...] = ()
    is_spread: bool = False
    name: str = ""
    block: str = ""
    in_band: bool = False
    keys: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a bound has no upper end: those of individual records all have one."""
        return False

    @property
    def is_bounded(self) -> bool:
        """Whether the value could be another."""
        return self.low is not None and self.high is not None and self.low != self.high

    @property
    def has_whisker(self) -> bool:
        """Whether a value bears its bounds as a bar of its own."""
        return self.is_bounded and self.value is not None and not self.in_band

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known of it, neither its value nor its bounds."""
        return self.value is None and (self.low is None or self.high is None)

    @property
    def is_unnamed(self) -> bool:
        """Whether it counts what does not say of which part it is."""
        return self.figure.is_unnamed

    def own_row(self) -> dict[str, Any]:
        """Returns what its row of the chart's data holds beside what all do."""
        figure = self.figure
        return {
            "part": self.name,
            "period": None if figure.period is None else figure.period.label,
            "period_start": None if figure.start is None else figure.start.isoformat(),
            "has_whisker": self.has_whisker,
            "is_unnamed": self.is_unnamed,
            "is_synthetic": figure.is_synthetic,
            "gathers": figure.gathers,
            "bounds": None if figure.bounds is None else figure.bounds.as_json(),
            **figure.undecided,
            "outcomes": dict(figure.outcomes),
            "reading": dict(figure.reading),
            "readings": [
                [dict(each.reading), each.numerator, each.denominator]
                for each in self.readings
                if len(self.readings) > 1
            ],
            **({} if figure.rate is None else {"rate": figure.rate.as_json()}),
        }


def drawn_points(points: Sequence[EventPoint], *, is_over_time: bool, are_rates: bool) -> list[EventPoint]:
    """Returns the points that are drawn: those with a number, and where rates are asked those that have none too.

    What does not say where it belongs is no place without a rate. Over time a part that has no rate in any span
    would be a line of nothing, and the notes name it.
    """
    told = {each.series.key for each in points if not each.is_unknown}
    return [
        each
        for each in points
        if not each.is_unknown
        or (
            are_rates
            and each.is_without
            and not each.is_unnamed
            and (not is_over_time or each.series.key in told)
        )
    ]
