"""What a chart shows, as plain values: series, points, gaps, scales and every word on it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from recount.measure.figures import MeasuredFigure

Kind = Literal["lines", "columns", "bars"]
Span = Literal["month", "through_date", "fiscal_year"]


@dataclass(frozen=True)
class Series:
    """Figures of one code, reading or place. `tone` is its place among the colours; a total has none."""

    key: str
    name: str
    panel: str
    tone: int
    is_total: bool
    is_default: bool


@dataclass(frozen=True, eq=False)
class Point:
    """One figure where it is drawn.

    `value` is exact, or missing where the figure is a bound from `low` to `high` (no end is unlimited).
    `segment` numbers the unbroken run of its series that it belongs to, `None` where no line may reach it.
    `is_complete` is false where the span it is drawn for goes on after the last day counted.
    """

    series: Series
    at: datetime.date
    figure: MeasuredFigure
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    flags: tuple[str, ...]
    is_complete: bool
    segment: int | None = None


@dataclass(frozen=True)
class Gap:
    """A stretch without any figure.

    `first` and `last` are the days of its neighbours (for months, the missing months' first days); `start`
    and `end` are where it is shaded. `text` is written into it where it is wide enough.
    """

    first: datetime.date
    last: datetime.date
    start: datetime.date
    end: datetime.date
    said: str
    text: str


@dataclass(frozen=True)
class Label:
    """The name and last value of a series, beside its end.

    `at` and `value` are where the line ends, `middle` the label's own place in pixels below the plot's top.
    `is_led` says that a thin line leads from the end to the label, since they lie apart.
    """

    series: Series
    name: tuple[str, ...]
    last: tuple[str, ...]
    at: datetime.date
    value: Fraction
    middle: float
    is_led: bool


@dataclass(frozen=True)
class Stretch:
    """The lowest and highest value of all readings on one date; `segment` as of a point."""

    at: datetime.date
    low: Fraction
    high: Fraction
    segment: int


@dataclass(frozen=True)
class Panel:
    """One set of axes: the whole chart, or one of several alike, with the last value of its line."""

    title: str
    last: str
    points: tuple[Point, ...]
    labels: tuple[Label, ...]
    band: tuple[Stretch, ...]


@dataclass(frozen=True)
class Scale:
    """The value axis: from zero to `top`, with labelled ticks. `unit` is written above it."""

    top: Fraction
    ticks: tuple[tuple[Fraction, str], ...]
    unit: str


@dataclass(frozen=True)
class TimeScale:
    """The time axis: first and last day shown, and the days that bear a label."""

    first: datetime.date
    last: datetime.date
    ticks: tuple[tuple[datetime.date, str], ...]


@dataclass(frozen=True)
class Table:
    """The figures of a chart as a table: headings (and which hold numbers), and rows as people read them."""

    caption: str
    headings: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A chart, ready to be drawn.

    `hovers`, `texts` and `categories` say of each point, in the order of `points`: what it says of itself,
    the lines beside it (or none), and the lines that name its bar or column. `alternative` stands for the
    whole, under `alternative_heading` where it is shown.
    """

    kind: Kind
    language: str
    title: tuple[str, ...]
    subtitle: tuple[str, ...]
    series: tuple[Series, ...]
    panels: tuple[Panel, ...]
    gaps: tuple[Gap, ...]
    scale: Scale
    time: TimeScale | None
    plot_height: int
    hovers: tuple[str, ...]
    texts: tuple[tuple[str, ...], ...]
    categories: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    source: str
    alternative: str
    alternative_heading: str
    table: Table
    receipt: str

    @property
    def points(self) -> tuple[Point, ...]:
        """Every point, panel by panel."""
        return tuple(each for panel in self.panels for each in panel.points)

    @property
    def name(self) -> str:
        """The title on one line."""
        return " ".join(self.title)
