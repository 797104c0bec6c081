"""Texts on a chart: numbers of the axes, and what stands beside marks, with what a narrow screen leaves out."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from recount.chart.picture import Picture, Scale, Series, TimeScale
from recount.chart.scales import Box, first_free, text_width
from recount.chart.theme import LABEL_SIZE, SUBTITLE_SIZE

_BETWEEN = 16
_WIDE, _NARROW = 640, 270
_PANELS, _GUTTER, _CLOSE = 576, 28, 8
"""The narrowest screen on which panels stand in rows, what lies between two of them, and between two of their ticks."""
_SMALL_TICKS = 4
_NEAR_THE_EDGE = 9
_WHOLE = 100
_WIDTHS = (760, 220)
"""A plot's width on a wide screen and on a narrow one, in pixels: texts that would meet there give way."""
_HEIGHT, _LINE, _AWAY, _ROOMY = 300, 15, 8, 1.1


@dataclass(frozen=True)
class PlotTick:
    """A number or a day on an axis, in percent; `is_wide` ones are left out where the screen is narrow."""

    at: float
    text: str
    is_wide: bool = False


@dataclass(frozen=True)
class MarkText:
    """The lines beside a mark, in percent of the plot; `is_wide` as of a tick."""

    x: float
    y: float
    lines: tuple[str, ...]
    tone: str
    anchor: str
    is_below: bool
    is_wide: bool


def value_ticks(scale: Scale, *, is_small: bool) -> tuple[PlotTick, ...]:
    """Returns the round values of an axis from zero, from the foot of the plot; every second on a small one."""
    ticks = scale.ticks[:: 2 if is_small and len(scale.ticks) > _SMALL_TICKS else 1]
    return tuple(PlotTick(round(float(value / scale.top * 100), 2), text) for value, text in ticks)


def day_ticks(
    time: TimeScale, place: Callable[[datetime.date], float], *, across: int, beside: int
) -> tuple[PlotTick, ...]:
    """Returns the days of the time axis: as many as fit on a wide screen, and which of them fit on a narrow one.

    Args:
        time: the axis.
        place: gives a day in percent of the plot.
        across: how many panels stand in a row where the screen is wide; on a narrow one each has a row of its own.
        beside: the room left and right of a panel's plot, in pixels.
    """
    widest = max((text_width(text, LABEL_SIZE) for _, text in time.ticks), default=0.0)
    room = _WIDE if across == 1 else (_PANELS - _GUTTER * (across - 1)) // across - beside
    places = [place(day) for day, _ in time.ticks]
    wide = _every(places, widest + (_BETWEEN if across == 1 else _CLOSE), room)
    narrow = _every(places[::wide], widest + _BETWEEN, _NARROW) * wide
    return tuple(
        PlotTick(places[index], text, index % narrow != 0)
        for index, (_, text) in enumerate(time.ticks)
        if index % wide == 0
    )


def _every(places: Sequence[float], apart: float, room: int) -> int:
    """Returns of how many ticks one is kept, so that those kept lie `apart` pixels apart on `room` pixels."""
    for step in range(1, len(places)):
        kept = places[::step]
        if all((after - before) / _WHOLE * room >= apart for before, after in pairwise(kept)):
            return step
    return max(len(places), 1)


def mark_texts(
    picture: Picture,
    x: Callable[[datetime.date], float],
    y: Callable[[Fraction], float],
    tone: Callable[[Series], str],
) -> tuple[MarkText, ...]:
    """Returns the texts beside marks: above, or below where the line comes from above or goes there."""
    points = picture.points
    taken: dict[int, list[Box]] = {width: [] for width in _WIDTHS}
    texts = []
    for index, (each, lines) in enumerate(zip(points, picture.texts, strict=True)):
        value = each.low if each.value is None else each.value
        if not lines or value is None:
            continue
        beside = [
            one.value
            for one in points[max(index - 1, 0) : index + 2]
            if one is not each and one.segment == each.segment is not None and one.value is not None
        ]
        at, height = x(each.at), y(value)
        anchor = "start" if at < _NEAR_THE_EDGE else "end" if at > _WHOLE - _NEAR_THE_EDGE else "middle"
        is_below = each.value is None or any(one > value for one in beside)
        sides = (is_below, not is_below)
        wide = [_box(at, height, lines, anchor, _WIDTHS[0], below=each) for each in sides]
        box = first_free(wide, taken[_WIDTHS[0]])
        is_below = sides[wide.index(box)]
        narrow = _box(at, height, lines, anchor, _WIDTHS[1], below=is_below)
        is_wide = any(narrow.meets(other) for other in taken[_WIDTHS[1]])
        if not is_wide:
            taken[_WIDTHS[1]].append(narrow)
        taken[_WIDTHS[0]].append(box)
        texts.append(MarkText(at, height, tuple(lines), tone(each.series), anchor, is_below, is_wide))
    return tuple(texts)


def _box(x: float, y: float, lines: Sequence[str], anchor: str, width: int, *, below: bool) -> Box:
    """Returns the room that lines take beside a mark, on a plot of some width in pixels."""
    widest = max(text_width(line, LABEL_SIZE) for line in lines) * _ROOMY
    left = x / _WHOLE * width - {"start": 0.0, "middle": widest / 2, "end": widest}[anchor]
    tall = len(lines) * _LINE
    mark = y / _WHOLE * _HEIGHT
    return Box(left, mark + _AWAY if below else mark - _AWAY - tall, widest, tall)


def whole_sentences(lines: Sequence[str], width: float) -> tuple[str, ...]:
    """Returns lines that were broken at `width` pixels as the texts that they were.

    A line goes on where the first word of the next one had no room on it.
    """
    texts: list[str] = []
    for before, line in zip(("", *lines), lines, strict=False):
        word = line.partition(" ")[0]
        goes_on = bool(before) and text_width(f"{before} {word}", SUBTITLE_SIZE) > width
        if goes_on:
            texts[-1] = f"{texts[-1]} {line}"
        else:
            texts.append(line)
    return tuple(texts)
