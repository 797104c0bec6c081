"""Two spans compared: a line for each part, named and numbered at both ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import altair as alt

from recount.chart.axes import pick_word, seen_whisker, series_colour, series_colour_channel
from recount.chart.labels import pixel_of
from recount.chart.picture import Picture, Point
from recount.chart.scales import spread_out, text_width
from recount.chart.texts import rule, write
from recount.chart.theme import LABEL_LINE, LABEL_SIZE, MOST_TONES, Theme

_AWAY, _LEAD = 12, 16
_DOT = 40
_LED_PIXELS = 4


@dataclass(frozen=True)
class _EndLabel:
    point: Point
    text: str
    top: float
    pixel: float


def slope_sides(picture: Picture) -> tuple[int, int]:
    """Returns the room that the labels need left and right of the plot."""
    widest = [0.0, 0.0]
    for side, labels in enumerate(_labels(picture)):
        widest[side] = max(text_width(each.text, LABEL_SIZE) for each in labels)
    return int(widest[0]) + _AWAY + _LEAD, int(widest[1]) + _AWAY + _LEAD


def slope_layers(picture: Picture, theme: Theme, width: int) -> list[alt.Chart]:
    """Returns the layers of a slope: lines, bounds, dots and the labels at both ends."""
    periods = _periods(picture)
    names = {str(each.own_row()["period"]): _span(each, picture) for each in picture.points}
    x = alt.X(
        "period:N",
        sort=periods,
        title=None,
        scale=alt.Scale(type="point", domain=periods, padding=0),
        axis=alt.Axis(
            orient="top",
            labelExpr=pick_word([names[each] for each in periods], periods),
            labelAngle=0,
            labelLimit=0,
            labelFontWeight="bold",
            labelColor=theme.ink,
            domain=False,
            ticks=False,
            grid=True,
            gridColor=theme.rule,
            aria=False,
        ),
    )

    def y(field: str) -> alt.Y:
        scale = alt.Scale(domain=[0.0, float(picture.scale.top)], nice=False)
        return alt.Y(f"{field}:Q", title=None, axis=None, scale=scale)

    figures = alt.Chart(alt.NamedData(name="figures"))
    coloured = len(picture.series) <= MOST_TONES
    colour = series_colour_channel(picture.series, theme) if coloured else alt.ColorValue(theme.tones[0])
    layers: list[alt.Chart] = [
        figures.mark_line(aria=False, strokeWidth=1.75, strokeJoin="round").encode(
            x=x, y=y("value"), detail="series:N", color=colour
        )
    ]
    if any(each.has_whisker for each in picture.points):
        bounded = figures.transform_filter(seen_whisker(picture.scale.top, picture.plot_height))
        layers.append(
            bounded.mark_rule(aria=False, strokeWidth=1.4, opacity=0.75).encode(
                x=x, y=y("low"), y2=alt.Y2("high:Q"), color=colour
            )
        )
    layers.append(
        figures.mark_point(shape="circle", size=_DOT, filled=True, opacity=1).encode(
            x=x, y=y("value"), color=colour, description="hover:N"
        )
    )
    for side, labels in enumerate(_labels(picture)):
        edge = (0, width)[side]
        away = _AWAY + _LEAD
        left = edge - away if side == 0 else edge + away
        for each in labels:
            own = series_colour(each.point.series, theme) if coloured else theme.ink
            text = write([each.text], left, each.top, own, align="left" if side else "right")
            layers.append(text)
            middle = each.top + LABEL_LINE / 2 - 1
            if abs(middle - each.pixel) > _LED_PIXELS:
                sign = 1 if side else -1
                layers.append(rule((edge + sign * 5, each.pixel), (left - sign * 4, middle), own))
    return layers


def _labels(picture: Picture) -> tuple[list[_EndLabel], list[_EndLabel]]:
    """Returns the labels left and right, moved apart."""
    sides: tuple[list[_EndLabel], list[_EndLabel]] = ([], [])
    for side, period in enumerate(_periods(picture)):
        members = [
            (each, text)
            for each, text in zip(picture.points, picture.texts, strict=True)
            if each.own_row()["period"] == period
        ]
        pixels = [
            pixel_of(each.value or Fraction(0), picture.scale, picture.plot_height) for each, _ in members
        ]
        wanted: Sequence[tuple[float, float]] = [(pixel, LABEL_LINE + 1) for pixel in pixels]
        middles = spread_out(wanted, -LABEL_LINE, picture.plot_height + LABEL_LINE)
        for (each, text), middle, pixel in zip(members, middles, pixels, strict=True):
            sides[side].append(_EndLabel(each, text[side], round(middle - LABEL_LINE / 2 + 1, 1), pixel))
    return sides


def _periods(picture: Picture) -> list[str]:
    days = {str(each.own_row()["period"]): each.at for each in picture.points}
    return sorted(days, key=lambda each: days[each])


def _span(point: Point, picture: Picture) -> str:
    index = next(index for index, each in enumerate(picture.points) if each is point)
    return picture.categories[index][0]
