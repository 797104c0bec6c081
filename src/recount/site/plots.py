"""Charts of pages: a picture's marks placed by shares of the plot, so that marks move and text keeps its size.

What a chart shows is composed by the chart room, as for every other face. Here it is only placed: as SVG within the
page, whose colours are the page's own (light, dark, paper) and whose text is as large on a phone as elsewhere.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from recount.chart.picture import Panel, Picture, Point, Scale, Series, TimeScale
from recount.chart.scales import text_width
from recount.chart.theme import LABEL_SIZE, MARGIN, MOST_TONES, WIDTH
from recount.site.plot_marks import Dot, EndName, PlotPanel, Shade, Stroke, Whisker
from recount.site.plot_rows import PlotRow, place_rows
from recount.site.plot_slopes import place_slope
from recount.site.plot_texts import (
    PlotTick,
    day_ticks,
    mark_texts,
    value_ticks,
    whole_sentences,
)

_UNITS = 1000
_DENSE, _DENSE_PANEL = 30, 8
_SHORTEST_WHISKER = Fraction(1, 80)
_ROOM_STEP = 24
_UNIT_WIDTH = 7
_MARGIN_RIGHT = 14
_ROOMY = 1.15
"""A reader's own type may run wider than the one that charts are measured in."""


@dataclass(frozen=True)
class Key:
    """A series in the key: its name, its colour, and its last value where lines are named at their ends."""

    name: str
    tone: str
    last: str


@dataclass(frozen=True)
class Plot:
    """A picture, placed.

    Args:
        picture: what it shows, with every word on it and its table.
        subtitle: what stands below its title, each text whole: a page breaks lines where its reader's screen ends.
        panels: axes with lines; none for a chart of rows.
        rows: bars, one a row; none for a chart of lines.
        key: its series, where there is more than one.
        left: room for the numbers of the value axis, in digits.
        right: room for the names at the ends of lines or rows, in steps of a style class.
        height: of each plot, as a style class names it.
    """

    picture: Picture
    subtitle: tuple[str, ...]
    panels: tuple[PlotPanel, ...]
    rows: tuple[PlotRow, ...]
    row_ticks: tuple[PlotTick, ...]
    key: tuple[Key, ...]
    left: int
    right: int
    height: str


def place_picture(picture: Picture) -> Plot:
    """Returns a picture placed on a page."""
    hovers = {id(each): said for each, said in zip(picture.points, picture.hovers, strict=True)}
    is_lines = picture.kind == "lines" and picture.time is not None
    if picture.kind == "slope":
        return _slope(picture)
    panels = tuple(_panel(each, picture, hovers) for each in picture.panels) if is_lines else ()
    rows = () if is_lines else place_rows(picture)
    beside = _widest([each for panel in panels for each in panel.names])
    widest = max([beside, *(text_width(each.text, LABEL_SIZE, bold=True) for each in rows)])
    return Plot(
        picture=picture,
        subtitle=whole_sentences(picture.subtitle, WIDTH - 2 * MARGIN),
        panels=panels,
        rows=rows,
        row_ticks=() if is_lines else value_ticks(picture.scale, is_small=False),
        key=tuple(_key(picture)),
        left=_left(picture),
        right=-(-int(widest * _ROOMY) // _ROOM_STEP) + 1 if widest else 0,
        height="small" if len(picture.panels) > 1 else "large",
    )


def _slope(picture: Picture) -> Plot:
    panel = place_slope(picture)
    return Plot(
        picture=picture,
        subtitle=whole_sentences(picture.subtitle, WIDTH - 2 * MARGIN),
        panels=(panel,),
        rows=(),
        row_ticks=(),
        key=(),
        left=-(-int(_widest(panel.starts)) // _UNIT_WIDTH) + 2,
        right=-(-int(_widest(panel.names) * _ROOMY) // _ROOM_STEP) + 1,
        height="large slope",
    )


def _left(picture: Picture) -> int:
    """Returns the room for the numbers of the value axis, in digits."""
    scales = [picture.scale, *(each.scale for each in picture.panels if each.scale is not None)]
    widest = max(text_width(text, LABEL_SIZE) for each in scales for _, text in each.ticks)
    return -(-int(widest) // _UNIT_WIDTH) + 1


def _widest(names: Sequence[EndName]) -> float:
    return max(
        (text_width(line, LABEL_SIZE, bold=True) for each in names for line, _ in each.lines), default=0.0
    )


def tone_of(series: Series) -> str:
    """Returns the style class of a series' colour: ink for a total."""
    return "ink" if series.is_total else f"t{series.tone % MOST_TONES}"


def _key(picture: Picture) -> Iterator[Key]:
    if len(picture.series) < 2 or picture.kind == "bars":  # noqa: PLR2004  one series needs no key
        return
    last = {label.series.key: " ".join(label.last) for panel in picture.panels for label in panel.labels}
    for each in picture.series:
        if each.name:
            yield Key(each.name, tone_of(each), last.get(each.key, ""))


class _Frame:
    """The axes of one panel: days and values as shares of the plot."""

    def __init__(self, time: TimeScale, scale: Scale) -> None:
        self._first, self._days = time.first, (time.last - time.first).days
        self.top = scale.top

    def x(self, day: datetime.date) -> float:
        return round((day - self._first).days / self._days * 100, 2)

    def y(self, value: Fraction) -> float:
        return round(float((1 - min(max(value, Fraction(0)), self.top) / self.top) * 100), 2)

    def step(self, day: datetime.date, value: Fraction) -> str:
        return f"{self.x(day) * _UNITS / 100:.0f} {self.y(value) * _UNITS / 100:.0f}"


def _panel(panel: Panel, picture: Picture, hovers: dict[int, str]) -> PlotPanel:
    if picture.time is None:
        raise TypeError("a chart of lines is over time")
    scale = panel.scale or picture.scale
    frame = _Frame(picture.time, scale)
    several = len(picture.panels) > 1
    return PlotPanel(
        title=panel.title if several else "",
        last=panel.last,
        mark=panel.mark,
        value_ticks=value_ticks(scale, is_small=several),
        day_ticks=day_ticks(
            picture.time,
            frame.x,
            across=min(picture.across, len(picture.panels)),
            beside=(_left(picture) + 1) * _UNIT_WIDTH + _MARGIN_RIGHT,
        ),
        shades=tuple(_shades(picture, frame)),
        bands=tuple(_bands(panel, frame)),
        lines=tuple(_lines(panel, frame)),
        whiskers=tuple(_whiskers(panel, frame, hovers)),
        dots=tuple(_dots(panel, picture, frame, hovers)),
        texts=() if several else mark_texts(picture, frame.x, frame.y, tone_of),
        names=tuple(
            EndName(
                round(each.middle / picture.plot_height * 100, 2),
                (*((line, True) for line in each.name), *((line, False) for line in each.last)),
                tone_of(each.series),
            )
            for each in panel.labels
        ),
    )


def _shades(picture: Picture, frame: _Frame) -> Iterator[Shade]:
    """Yields the gaps; neighbours are shaded as one, since a seam between them would look like a figure."""
    stretches: list[tuple[datetime.date, datetime.date]] = []
    for each in picture.gaps:
        if stretches and stretches[-1][1] == each.start:
            stretches[-1] = (stretches[-1][0], each.end)
        else:
            stretches.append((each.start, each.end))
    for start, end in stretches:
        yield Shade(frame.x(start), round(frame.x(end) - frame.x(start), 2))


def _bands(panel: Panel, frame: _Frame) -> Iterator[Stroke]:
    runs: dict[tuple[str, int], list[tuple[str, str]]] = {}
    tones: dict[tuple[str, int], str] = {}
    for each in panel.band:
        run = ("" if each.series is None else each.series.key, each.segment)
        tones[run] = "quiet" if each.series is None else tone_of(each.series)
        runs.setdefault(run, []).append((frame.step(each.at, each.low), frame.step(each.at, each.high)))
    for run, ends in runs.items():
        there, back = [low for low, _ in ends], [high for _, high in reversed(ends)]
        yield Stroke(f"M{'L'.join((*there, *back))}Z", tones[run])


def _lines(panel: Panel, frame: _Frame) -> Iterator[Stroke]:
    """Yields the unbroken runs of each series; what leads to a marked figure is dotted."""
    by_series: dict[str, list[Point]] = {}
    for each in panel.points:
        if each.segment is not None and each.value is not None:
            by_series.setdefault(each.series.key, []).append(each)
    for points in by_series.values():
        weight = "thin" if points[0].series.is_total else "strong" if points[0].series.is_default else ""
        tone = tone_of(points[0].series)
        run = points[:1]
        for before, each in pairwise(points):
            joins = before.segment == each.segment
            if joins and not before.flags and not each.flags:
                run.append(each)
                continue
            yield from _run(run, frame, tone, weight)
            if joins:
                yield from _run([before, each], frame, tone, "dotted")
            run = [each]
        yield from _run(run, frame, tone, weight)


def _run(points: Sequence[Point], frame: _Frame, tone: str, weight: str) -> Iterator[Stroke]:
    steps = [frame.step(each.at, each.value) for each in points if each.value is not None]
    if len(steps) > 1:
        yield Stroke(f"M{'L'.join(steps)}", tone, weight)


def _whiskers(panel: Panel, frame: _Frame, hovers: dict[int, str]) -> Iterator[Whisker]:
    for each in panel.points:
        low = Fraction(0) if each.low is None else each.low
        high = frame.top if each.high is None else each.high
        is_bare = each.value is None
        if is_bare or (each.has_whisker and high - low > frame.top * _SHORTEST_WHISKER):
            yield Whisker(
                frame.x(each.at),
                frame.y(low),
                frame.y(high),
                tone_of(each.series),
                each.is_open and is_bare,
                is_bare,
                each.at.isoformat(),
                hovers[id(each)],
            )


def _dots(panel: Panel, picture: Picture, frame: _Frame, hovers: dict[int, str]) -> Iterator[Dot]:
    counts: dict[str, int] = {}
    for each in panel.points:
        counts[each.series.key] = counts.get(each.series.key, 0) + 1
    is_dense = max(counts.values(), default=0) > (_DENSE if len(picture.panels) == 1 else _DENSE_PANEL)
    for each in panel.points:
        if each.value is None:
            continue
        hollow = bool(each.flags) or (picture.partial_is_hollow and not each.is_complete)
        shape = "diamond" if not each.is_complete else "small" if is_dense and not each.flags else "dot"
        yield Dot(
            frame.x(each.at),
            frame.y(each.value),
            tone_of(each.series),
            f"{shape} hollow" if hollow else shape,
            each.at.isoformat(),
            hovers[id(each)],
        )
