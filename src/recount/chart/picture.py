"""What a chart shows, as plain values: series, points, gaps, scales and every word on it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, Protocol

from recount.declare.sources import KnownRelease

if TYPE_CHECKING:
    from recount.chart.tiles import TileMap

Kind = Literal["lines", "columns", "bars", "slope", "tiles"]
SIDE_BY_SIDE: tuple[Kind, ...] = ("bars", "tiles")
"""The kinds in which every part has one mark, and no time runs along."""
Span = Literal["month", "through_date", "fiscal_year"]


class Figure(Protocol):
    """What drawing asks of the figure behind a point: its integers, its release, how far it counts."""

    @property
    def numerator(self) -> int | None:
        """The count, or what a share counts."""

    @property
    def denominator(self) -> int | None:
        """What a share is of."""

    @property
    def whole(self) -> int | None:
        """What a count is a part of."""

    @property
    def through_date(self) -> datetime.date | None:
        """The last day counted, where it is known."""

    @property
    def fiscal_year(self) -> int | None:
        """The fiscal year counted, where it is one."""

    @property
    def release(self) -> KnownRelease:
        """The release that it is of."""


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

    `value` is exact, or missing where the figure is a bound from `low` to `high` (no end is unlimited). A value
    may have bounds too: what it could be at least and at most. `segment` numbers the unbroken run of its series
    that it belongs to, `None` where no line may reach it.
    `is_complete` is false where the span it is drawn for goes on after the last day counted.
    """

    series: Series
    at: datetime.date
    figure: Figure
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    flags: tuple[str, ...]
    is_complete: bool
    segment: int | None = None

    @property
    def is_without(self) -> bool:
        """Whether it has no number at all, and is drawn as such: of a span cut short there is no rate."""
        return self.value is None and self.low is None and self.high is None

    @property
    def is_open(self) -> bool:
        """Whether a bound has no upper end."""
        return self.high is None and not self.is_without

    @property
    def has_whisker(self) -> bool:
        """Whether a value bears its bounds as a bar of its own."""
        return False

    @property
    def is_unnamed(self) -> bool:
        """Whether it counts what does not say of which part it is."""
        return False

    def own_row(self) -> dict[str, Any]:
        """Returns what its row of the chart's data holds beside what all do."""
        return {}


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
    """The lowest and highest value on one date: of all readings, or of one series; `segment` as of a point."""

    at: datetime.date
    low: Fraction
    high: Fraction
    segment: int
    series: Series | None = None


@dataclass(frozen=True)
class Panel:
    """One set of axes: the whole chart, or one of several, with the last value of its line.

    `scale` is its own, where panels differ in it; `mark` is written across it.
    """

    title: str
    last: str
    points: tuple[Point, ...]
    labels: tuple[Label, ...]
    band: tuple[Stretch, ...]
    scale: Scale | None = None
    mark: str = ""


@dataclass(frozen=True)
class Scale:
    """The value axis: from zero to `top`, with labelled ticks. `unit` is written above it."""

    top: Fraction
    ticks: tuple[tuple[Fraction, str], ...]
    unit: str


@dataclass(frozen=True)
class TimeScale:
    """The time axis: first and last day shown, and the days that bear a label, centred on them or kept inside."""

    first: datetime.date
    last: datetime.date
    ticks: tuple[tuple[datetime.date, str], ...]
    are_centred: bool = False


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
    whole, under `alternative_heading` where it is shown. `across` is how many panels stand in a row, `blocks` the
    headings of bars with the index of the first bar beneath each. `tiles` are those of a map.
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
    across: int = 4
    blocks: tuple[tuple[int, str], ...] = ()
    partial_is_hollow: bool = False
    tiles: TileMap | None = None

    @property
    def points(self) -> tuple[Point, ...]:
        """Every point, panel by panel."""
        return tuple(each for panel in self.panels for each in panel.points)

    @property
    def name(self) -> str:
        """The title on one line."""
        return " ".join(self.title)
