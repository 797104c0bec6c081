"""Texts on a chart: numbers of the axes, and what stands beside marks, with what a narrow screen leaves out."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from recount.chart.picture import Picture, Scale, Series, TimeScale
from recount.chart.scales import text_width
from recount.chart.theme import LABEL_SIZE

_BETWEEN = 16
_WIDE, _NARROW = 640, 270
_SMALL_TICKS = 4
_FEW_TEXTS = 4
_NEAR_THE_EDGE = 9


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
    time: TimeScale, place: Callable[[datetime.date], float], *, across: int
) -> tuple[PlotTick, ...]:
    """Returns the days of the time axis: as many as fit on a wide screen, and which of them fit on a narrow one."""
    widest = max((text_width(text, LABEL_SIZE) for _, text in time.ticks), default=0.0) + _BETWEEN
    count = len(time.ticks)
    wide = -(-int(widest * count) // (_WIDE // across)) or 1
    narrow = -(-int(widest * count) // _NARROW) or 1
    narrow = -(-narrow // wide) * wide
    return tuple(
        PlotTick(place(day), text, index % narrow != 0)
        for index, (day, text) in enumerate(time.ticks)
        if index % wide == 0
    )


def mark_texts(
    picture: Picture,
    x: Callable[[datetime.date], float],
    y: Callable[[Fraction], float],
    tone: Callable[[Series], str],
) -> tuple[MarkText, ...]:
    """Returns the texts beside marks: above, or below where the line comes from above or goes there."""
    points = picture.points
    many = sum(bool(each) for each in picture.texts) > _FEW_TEXTS
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
        at = x(each.at)
        anchor = "start" if at < _NEAR_THE_EDGE else "end" if at > 100 - _NEAR_THE_EDGE else "middle"
        is_below = each.value is None or any(one > value for one in beside)
        texts.append(MarkText(at, y(value), tuple(lines), tone(each.series), anchor, is_below, many))
    return tuple(texts)
