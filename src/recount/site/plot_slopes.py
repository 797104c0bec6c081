"""Slopes: two spans side by side, a line for each part, its value at both ends and its name after the second."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence

from recount.chart.picture import Picture, Point
from recount.chart.scales import spread_out, text_width, wrap_text
from recount.chart.theme import LABEL_SIZE, MOST_TONES
from recount.site.plot_marks import Dot, EndName, PlotPanel, Stroke, Whisker
from recount.site.plot_texts import PlotTick

_HEIGHT = 246
"""Of the plot on a phone, in pixels: texts that have room there have room everywhere."""
_LINE, _APART = 15, 3
_NAME_WIDTH = 128
_MOVED = 1.5
_SHORTEST_WHISKER = 1 / 80
_ENDS = (0.0, 100.0)


def place_slope(picture: Picture) -> PlotPanel:
    """Returns a slope as one set of axes, both spans at its edges."""
    days = sorted({each.at for each in picture.points})
    ends = dict(zip(days, _ENDS, strict=True))
    spans = {each.at: " ".join(words) for each, words in zip(picture.points, picture.categories, strict=True)}
    before = [index for index, each in enumerate(picture.points) if each.at == days[0]]
    after = [index for index, each in enumerate(picture.points) if each.at == days[-1]]
    return PlotPanel(
        title="",
        last="",
        mark="",
        value_ticks=(PlotTick(0.0, ""),),
        day_ticks=tuple(PlotTick(ends[each], spans[each]) for each in days),
        shades=(),
        bands=(),
        lines=tuple(_lines(picture)),
        whiskers=tuple(_whiskers(picture, ends)),
        dots=tuple(
            Dot(ends[each.at], _y(each, picture), _tone(each, picture), "dot", each.at.isoformat(), said)
            for each, said in zip(picture.points, picture.hovers, strict=True)
        ),
        texts=(),
        names=_beside(after, picture, is_named=True),
        starts=_beside(before, picture, is_named=False),
    )


def _lines(picture: Picture) -> Iterator[Stroke]:
    by_series: dict[str, list[Point]] = {}
    for each in sorted(picture.points, key=lambda point: point.at):
        by_series.setdefault(each.series.key, []).append(each)
    for held in by_series.values():
        if len(held) == len(_ENDS):
            first, last = (round(_y(each, picture) * 10) for each in held)
            yield Stroke(f"M0 {first}L1000 {last}", _tone(held[0], picture))


def _whiskers(picture: Picture, ends: Mapping[datetime.date, float]) -> Iterator[Whisker]:
    for each, said in zip(picture.points, picture.hovers, strict=True):
        if not each.has_whisker or each.low is None or each.high is None:
            continue
        low, high = (_share(float(value / picture.scale.top)) for value in (each.low, each.high))
        if low - high > _SHORTEST_WHISKER * 100:
            day = each.at.isoformat()
            yield Whisker(ends[each.at], low, high, _tone(each, picture), False, False, day, said)


def _beside(indices: Sequence[int], picture: Picture, *, is_named: bool) -> tuple[EndName, ...]:
    """Returns the texts beside one end, moved apart as little as they must be."""
    lines = [_text(index, picture, is_named=is_named) for index in indices]
    if sum(len(each) * _LINE + _APART for each in lines) > _HEIGHT:
        lines = [(" ".join(each),) for each in lines]
    heights = [_y(picture.points[index], picture) for index in indices]
    wanted = [
        (height / 100 * _HEIGHT, len(each) * _LINE + _APART)
        for height, each in zip(heights, lines, strict=True)
    ]
    middles = spread_out(wanted, -_LINE, _HEIGHT + _LINE / 2)
    return tuple(
        EndName(
            round(middle / _HEIGHT * 100, 2),
            tuple((line, is_named) for line in said),
            _tone(picture.points[index], picture),
            height if abs(middle / _HEIGHT * 100 - height) > _MOVED else None,
        )
        for index, said, height, middle in zip(indices, lines, heights, middles, strict=True)
    )


def _text(index: int, picture: Picture, *, is_named: bool) -> tuple[str, ...]:
    """Returns the value of a figure, with its name where it stands at the second end."""
    name, text = picture.points[index].series.name, picture.texts[index][-1]
    value = text.removesuffix(name).rstrip(" \N{NO-BREAK SPACE}\N{EN SPACE}")
    if not is_named:
        return (value,)
    if text_width(f"{value} {name}", LABEL_SIZE, bold=True) <= _NAME_WIDTH:
        return (f"{value} {name}",)
    return tuple(wrap_text(f"{value} {name}", LABEL_SIZE, _NAME_WIDTH))


def _y(point: Point, picture: Picture) -> float:
    if point.value is None:
        raise TypeError("a slope is of known values")
    return _share(float(point.value / picture.scale.top))


def _share(value: float) -> float:
    return round((1 - min(max(value, 0.0), 1.0)) * 100, 2)


def _tone(point: Point, picture: Picture) -> str:
    """Returns the colour of a part; more parts than there are colours are told apart by their names alone."""
    return f"t{point.series.tone}" if len(picture.series) <= MOST_TONES else "ink"
