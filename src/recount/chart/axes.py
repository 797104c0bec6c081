"""The channels that the layers of one panel share: time, value and colour, their ticks worded beforehand."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from fractions import Fraction

import altair as alt

from recount.chart.picture import Picture, Scale, Series, TimeScale
from recount.chart.scales import text_width
from recount.chart.theme import LABEL_SIZE, Theme

_SMALL_TICKS, _SMALL_HEIGHT = 4, 140
_BETWEEN_TICKS, _NEAR_THE_EDGE = 14, 24
_LEAST_WHISKER, _NARROW = 4, 30
_EPOCH = datetime.date(1970, 1, 1)
_MILLISECONDS_A_DAY = 24 * 60 * 60 * 1000
_THIN, _PLAIN, _STRONG = 1.25, 1.5, 2.25


class Axes:
    """Time, value and colour of one panel of a picture, and their places in pixels."""

    def __init__(
        self,
        picture: Picture,
        time: TimeScale,
        theme: Theme,
        width: int,
        height: int,
        *,
        names_values: bool = True,
        scale: Scale | None = None,
    ) -> None:
        self.picture, self.time, self.theme = picture, time, theme
        self.width, self.height = width, height
        self.scale = picture.scale if scale is None else scale
        small = height < _SMALL_HEIGHT and len(self.scale.ticks) > _SMALL_TICKS
        ticks = self.scale.ticks[:: 2 if small else 1]
        days = _thinned(time.ticks, width)
        widest = max((text_width(text, LABEL_SIZE) for _, text in days), default=0.0)
        is_narrow = time.are_centred or widest <= _NARROW
        self._x_axis = alt.Axis(
            values=[moment(day) for day, _ in days],
            labelExpr=pick_text([text for _, text in days], [milliseconds(day) for day, _ in days]),
            title=None,
            grid=False,
            aria=False,
            labelOverlap=False,
            labelFlush=_NEAR_THE_EDGE if len(picture.panels) > 1 and not is_narrow else False,
        )
        self._y_axis = alt.Axis(
            values=[float(value) for value, _ in ticks],
            labelExpr=pick_text([text for _, text in ticks], [float(value) for value, _ in ticks]),
            title=None,
            grid=True,
            labels=names_values,
            domain=False,
            ticks=False,
            aria=False,
            labelOverlap=False,
        )

    def x(self, field: str) -> alt.X:
        """Returns the time channel over a field of dates, in universal time on every machine."""
        domain = [moment(self.time.first), moment(self.time.last)]
        return alt.X(f"{field}:T", axis=self._x_axis, scale=alt.Scale(type="utc", domain=domain), title=None)

    def y(self, field: str) -> alt.Y:
        """Returns the value channel over a field, from zero."""
        domain = [0.0, float(self.scale.top)]
        return alt.Y(f"{field}:Q", axis=self._y_axis, scale=alt.Scale(domain=domain, nice=False), title=None)

    def color(self) -> alt.Color:
        """Returns the colour channel over series."""
        return series_colour_channel(self.picture.series, self.theme)

    def stroke_width(self) -> alt.StrokeWidth | alt.StrokeWidthValue:
        """Returns the width of lines: the default reading stronger than others, a total thin."""
        series = self.picture.series
        widths = [_THIN if each.is_total else _STRONG if each.is_default else _PLAIN for each in series]
        if len(set(widths)) == 1:
            return alt.StrokeWidthValue(widths[0])
        scale = alt.Scale(domain=[each.key for each in series], range=widths)
        return alt.StrokeWidth("series:N", scale=scale, legend=None)

    def whisker_of(self) -> str:
        """Returns the test for bounds that are worth a bar of their own: not shorter than a dot."""
        return seen_whisker(self.scale.top, self.height)

    def left_of(self, day: datetime.date) -> float:
        """Returns the place of a day in pixels from the plot's left."""
        days = (self.time.last - self.time.first).days
        return round((day - self.time.first).days / days * self.width, 1)

    def below_top(self, value: Fraction) -> float:
        """Returns the place of a value in pixels below the plot's top."""
        return round(float(self.height * (1 - value / self.scale.top)), 1)


def seen_whisker(top: Fraction, pixels: int) -> str:
    """Returns the Vega test for bounds that are long enough to be seen, on an axis up to `top`."""
    return f"datum.has_whisker && datum.high - datum.low > {float(top * _LEAST_WHISKER / pixels)}"


def series_colour(series: Series, theme: Theme) -> str:
    """Returns the colour of a series: its tone, or ink for a total."""
    return theme.ink if series.is_total else theme.tones[series.tone % len(theme.tones)]


def series_colour_channel(series: Sequence[Series], theme: Theme) -> alt.Color:
    """Returns the colour channel over series, without a legend."""
    scale = alt.Scale(
        domain=[each.key for each in series], range=[series_colour(each, theme) for each in series]
    )
    return alt.Color("series:N", scale=scale, legend=None)


def value_axis(picture: Picture) -> alt.Axis:
    """Returns the axis of values: a line at each round tick, no other."""
    ticks = picture.scale.ticks
    return alt.Axis(
        values=[float(value) for value, _ in ticks],
        labelExpr=pick_text([text for _, text in ticks], [float(value) for value, _ in ticks]),
        title=None,
        grid=True,
        domain=False,
        ticks=False,
        aria=False,
        labelOverlap=False,
        labelFlush=False,
    )


def moment(day: datetime.date) -> alt.DateTime:
    """Returns a day as Vega-Lite writes it, at midnight in universal time."""
    return alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True)


def milliseconds(day: datetime.date) -> int:
    """Returns a day in milliseconds since 1970, as Vega counts."""
    return (day - _EPOCH).days * _MILLISECONDS_A_DAY


def pick_text(texts: Sequence[str], values: Sequence[float]) -> str:
    """Returns a Vega expression that picks a tick's text by its value, so that Vega itself words nothing."""
    quoted = ", ".join(quote(each) for each in texts)
    return f"[{quoted}][indexof([{', '.join(map(repr, values))}], toNumber(datum.value))]"


def pick_word(texts: Sequence[str], values: Sequence[str]) -> str:
    """Returns a Vega expression that picks a tick's text by its value, of values that are words."""
    quoted = ", ".join(quote(each) for each in texts)
    return f"[{quoted}][indexof([{', '.join(quote(each) for each in values)}], datum.value)]"


def quote(text: str) -> str:
    """Returns a text as a literal of a Vega expression."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _thinned(ticks: Sequence[tuple[datetime.date, str]], width: int) -> list[tuple[datetime.date, str]]:
    """Returns every tick, or every second, third … where their texts would touch."""
    widest = max((text_width(text, LABEL_SIZE) for _, text in ticks), default=0.0) + _BETWEEN_TICKS
    every = -(-int(widest * len(ticks)) // width) or 1
    return list(ticks[::every])
