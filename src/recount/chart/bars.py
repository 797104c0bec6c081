"""Figures side by side: rows for codes and places on one date, columns for years."""

from __future__ import annotations

from typing import Any

import altair as alt

from recount.chart.axes import quote, seen_whisker, series_colour_channel, value_axis
from recount.chart.lines import Rows, bounds_alone, figure_row
from recount.chart.picture import Picture, Point
from recount.chart.texts import write
from recount.chart.theme import LABEL_LINE, Theme

_PALE = 0.28
_ROW_PADDING, _COLUMN_PADDING = 0.3, 0.25
_OUTLINE = 1.4
_WHISKER = 1.4
_PLOT_WIDTH = 500
_HALO = 5


def bar_data(picture: Picture) -> dict[str, Rows]:
    """Returns the data set of a chart of bars or columns; each row names the place that it takes."""
    rows = []
    for index, (each, hover, text) in enumerate(
        zip(picture.points, picture.hovers, picture.texts, strict=True)
    ):
        place = _year(each) if picture.kind == "columns" else _place(index, picture)
        rows.append(figure_row(each, hover) | {"text": " ".join(text), "place": place})
    return {"figures": rows}


def row_count(picture: Picture) -> int:
    """Returns how many rows a chart of bars has: its bars, and the headings of its blocks."""
    return len(picture.points) + len(picture.blocks)


def _place(index: int, picture: Picture) -> str:
    """Returns the row of a bar, below the headings before it."""
    return f"{index + sum(first <= index for first, _ in picture.blocks):03}"


def _year(point: Point) -> str:
    return str(point.figure.fiscal_year or point.at.year)


def bar_layers(picture: Picture, theme: Theme) -> list[alt.Chart]:
    """Returns the layers of a chart of horizontal bars: bars, bounds, values at their ends."""
    places = [f"{index:03}" for index in range(row_count(picture))]
    scale = alt.Scale(domain=places, padding=_ROW_PADDING)
    y = alt.Y("place:N", sort=places, title=None, scale=scale, axis=None)
    limit = float(picture.scale.top)
    axis = value_axis(picture)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", title=None, axis=axis, scale=alt.Scale(domain=[0.0, limit], nice=False))

    figures = alt.Chart(alt.NamedData(name="figures")).transform_calculate(
        lowest="isValid(datum.low) ? datum.low : 0",
        highest=f"min(isValid(datum.high) ? datum.high : {limit}, {limit})",
    )
    tone = theme.tones[0]
    layers = []
    if picture.partial_is_hollow:
        hollow, unnamed = "!datum.is_complete", "datum.is_unnamed"
    else:
        hollow, unnamed = "datum.is_flagged", "false"
    is_hollow = {
        bool(each.flags) or (picture.partial_is_hollow and not each.is_complete)
        for each in picture.points
        if each.value is not None and not each.is_unnamed
    }
    for each in sorted(is_hollow):
        bars = figures.transform_filter(
            f"isValid(datum.value) && !({unnamed}) && ({hollow}) === {str(each).lower()}"
        )
        marked = (
            bars.mark_bar(fill=theme.paper, stroke=tone, strokeWidth=_OUTLINE)
            if each
            else bars.mark_bar(fill=tone)
        )
        layers.append(marked.encode(y=y, x=x("value"), description="hover:N"))
    if any(each.is_unnamed for each in picture.points):
        bars = figures.transform_filter("datum.is_unnamed").mark_bar(
            fill=theme.shade, stroke=theme.quiet, strokeWidth=_OUTLINE
        )
        layers.append(bars.encode(y=y, x=x("value"), description="hover:N"))
    if any(each.has_whisker for each in picture.points):
        bounded = figures.transform_filter(seen_whisker(picture.scale.top, _PLOT_WIDTH))
        rule = bounded.mark_rule(aria=False, strokeWidth=_WHISKER, color=theme.ink)
        layers.append(rule.encode(y=y, x=x("lowest"), x2=alt.X2("highest:Q")))
        for end in ("lowest", "highest"):
            tick = bounded.mark_tick(
                aria=False, opacity=1, color=theme.ink, thickness=_WHISKER, size=8, orient="vertical"
            )
            layers.append(tick.encode(y=y, x=x(end)))
    if any(each.value is None and not each.is_without for each in picture.points):
        bounds = figures.transform_filter(bounds_alone(picture))
        rule = bounds.mark_rule(strokeWidth=2, color=tone)
        layers.append(rule.encode(y=y, x=x("lowest"), x2=alt.X2("highest:Q"), description="hover:N"))
        for name, wanted in (("lowest", "isValid(datum.low)"), ("highest", "!datum.is_open")):
            tick = bounds.transform_filter(wanted).mark_tick(
                aria=False, opacity=1, color=tone, thickness=2, size=11, orient="vertical"
            )
            layers.append(tick.encode(y=y, x=x(name)))
        arrow = bounds.transform_filter("datum.is_open").mark_point(
            aria=False, shape="triangle-right", size=60, filled=True, opacity=1, color=tone
        )
        layers.append(arrow.encode(y=y, x=x("highest")))
    known = figures
    if any(each.is_without for each in picture.points):
        known = figures.transform_filter("!datum.is_without")
        without = figures.transform_filter("datum.is_without").encode(y=y, x=alt.value(0), text="text:N")
        layers.append(
            without.mark_text(color=theme.quiet, align="left", baseline="middle", dx=7).encode(
                description="hover:N"
            )
        )
    values = known.encode(y=y, x=x("highest"), text="text:N")
    layers += _read_clearly(values, theme, align="left", baseline="middle", dx=7)
    # Named by hand: an axis does not centre a name of two lines on its bar.
    step = picture.plot_height / (len(places) + _ROW_PADDING)
    for index, lines in enumerate(picture.categories):
        middle = step * (int(_place(index, picture)) + (1 + _ROW_PADDING) / 2)
        top = middle - len(lines) * LABEL_LINE / 2 + 2
        layers.append(write(lines, -9, top, theme.ink, align="right"))
    for number, (first, heading) in enumerate(picture.blocks):
        middle = step * (first + number + (1 + _ROW_PADDING) / 2)
        outline = write([heading], 0, middle - LABEL_LINE / 2 + 2, theme.ink, is_bold=True, halo=theme.paper)
        layers.append(outline)
        layers.append(write([heading], 0, middle - LABEL_LINE / 2 + 2, theme.ink, is_bold=True))
    return layers


def column_layers(picture: Picture, theme: Theme) -> list[alt.Chart]:
    """Returns the layers of a chart of columns: one, or one for each series, in every fiscal year."""
    years = _years(picture)
    x = alt.X(
        "place:N",
        sort=years,
        title=None,
        scale=alt.Scale(domain=years, padding=_COLUMN_PADDING),
        axis=alt.Axis(
            labelExpr=_names(years, picture),
            labelAngle=0,
            labelLimit=0,
            ticks=False,
            aria=False,
            labelPadding=7,
            labelLineHeight=15,
        ),
    )
    axis = value_axis(picture)
    scale = alt.Scale(domain=[0.0, float(picture.scale.top)], nice=False)

    def value(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", title=None, axis=axis, scale=scale)

    y = value("value")
    figures = alt.Chart(alt.NamedData(name="figures")).transform_calculate(
        highest="isValid(datum.high) ? datum.high : datum.value"
    )
    colour = series_colour_channel(picture.series, theme)
    layers: list[alt.Chart] = []
    pale = 0 if picture.partial_is_hollow else _PALE
    for is_complete, is_flagged in sorted(
        {(each.is_complete, bool(each.flags)) for each in picture.points}, reverse=True
    ):
        columns = figures.transform_filter(
            f"isValid(datum.value) && datum.is_complete === {str(is_complete).lower()}"
            f" && datum.is_flagged === {str(is_flagged).lower()}"
        )
        columns = columns.mark_bar(
            fillOpacity=0 if is_flagged else 1 if is_complete else pale,
            strokeWidth=_OUTLINE,
            strokeDash=[1, 0] if is_complete else [4, 3],
        )
        columns = columns.encode(
            x=x,
            y=y,
            color=colour,
            stroke=alt.Stroke("series:N", scale=colour["scale"], legend=None),
            description="hover:N",
        )
        if len(picture.series) > 1:
            order = [each.key for each in picture.series]
            columns = columns.encode(
                xOffset=alt.XOffset("series:N", sort=order, scale=alt.Scale(domain=order, paddingInner=0.08))
            )
        layers.append(columns)
    if any(each.has_whisker for each in picture.points):
        bounded = figures.transform_filter(seen_whisker(picture.scale.top, picture.plot_height))
        low, high = value("low"), value("high")
        rule = bounded.mark_rule(aria=False, strokeWidth=_WHISKER, color=theme.ink)
        layers.append(rule.encode(x=x, y=low, y2=alt.Y2("high:Q")))
        for field in (low, high):
            tick = bounded.mark_tick(
                aria=False, opacity=1, color=theme.ink, thickness=_WHISKER, size=14, orient="horizontal"
            )
            layers.append(tick.encode(x=x, y=field))
    if any(each.value is None for each in picture.points):
        bounds = figures.transform_filter(
            "!isValid(datum.value) && isValid(datum.low) && isValid(datum.high)"
        )
        rule = bounds.mark_rule(strokeWidth=2)
        layers.append(
            rule.encode(x=x, y=value("low"), y2=alt.Y2("high:Q"), color=colour, description="hover:N")
        )
        for end in ("low", "high"):
            tick = bounds.mark_tick(aria=False, opacity=1, thickness=2, size=14, orient="horizontal")
            layers.append(tick.encode(x=x, y=value(end), color=colour))
    known = figures
    if any(each.is_without for each in picture.points):
        known = figures.transform_filter("!datum.is_without")
        without = figures.transform_filter("datum.is_without").encode(
            x=x, y=alt.value(picture.plot_height), text="text:N"
        )
        layers.append(
            without.mark_text(color=theme.quiet, baseline="bottom", dy=-5).encode(description="hover:N")
        )
    if any(picture.texts):
        values = known.encode(x=x, y=value("highest"), text="text:N")
        layers += _read_clearly(values, theme, baseline="bottom", dy=-5)
    return layers


def _read_clearly(text: alt.Chart, theme: Theme, **mark: Any) -> list[alt.Chart]:
    """Returns a text over its own outline in the paper's colour, so that no line strikes it through."""
    outline = text.mark_text(
        aria=False, color=theme.paper, stroke=theme.paper, strokeWidth=_HALO, strokeJoin="round", **mark
    )
    return [outline, text.mark_text(aria=False, color=theme.ink, **mark)]


def _years(picture: Picture) -> list[str]:
    """Returns every fiscal year from the first to the last; one without a figure keeps its place."""
    years = [int(_year(each)) for each in picture.points]
    return [str(each) for each in range(min(years), max(years) + 1)]


def _names(years: list[str], picture: Picture) -> str:
    named = {_year(each): name for each, name in zip(picture.points, picture.categories, strict=True)}
    one, (like, *_) = next(iter(named.items()))
    # A year without a figure is named as its neighbours are.
    texts = [
        f"[{', '.join(quote(line) for line in named.get(each, (like.replace(one, each),)))}]"
        for each in years
    ]
    return f"[{', '.join(texts)}][indexof([{', '.join(quote(each) for each in years)}], datum.value)]"
