"""What is drawn on the axes of a chart, placed by shares of the plot."""

from __future__ import annotations

from dataclasses import dataclass

from recount.site.plot_texts import MarkText, PlotTick


@dataclass(frozen=True)
class Stroke:
    """A line, or the outline of a band, in thousandths of the plot."""

    path: str
    tone: str
    weight: str = ""


@dataclass(frozen=True)
class Dot:
    """A figure where it is drawn, in percent of the plot; `said` is what it says of itself."""

    x: float
    y: float
    tone: str
    shape: str
    day: str
    said: str


@dataclass(frozen=True)
class Whisker:
    """What a figure could be, upright; where it has no upper end it is an arrow."""

    x: float
    low: float
    high: float
    tone: str
    is_open: bool
    is_bare: bool
    day: str
    said: str


@dataclass(frozen=True)
class Shade:
    """A stretch without a figure."""

    x: float
    width: float


@dataclass(frozen=True)
class EndName:
    """What stands beside an end of a line: lines of text, and whether each is strong.

    `led` is where the line ends, in percent, where the text had to move away from it.
    """

    y: float
    lines: tuple[tuple[str, bool], ...]
    tone: str
    led: float | None = None


@dataclass(frozen=True)
class PlotPanel:
    """One set of axes with all that stands on it; `starts` stand before the lines of a slope."""

    title: str
    last: str
    mark: str
    value_ticks: tuple[PlotTick, ...]
    day_ticks: tuple[PlotTick, ...]
    shades: tuple[Shade, ...]
    bands: tuple[Stroke, ...]
    lines: tuple[Stroke, ...]
    whiskers: tuple[Whisker, ...]
    dots: tuple[Dot, ...]
    texts: tuple[MarkText, ...]
    names: tuple[EndName, ...]
    starts: tuple[EndName, ...] = ()
