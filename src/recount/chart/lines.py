"""Lines over time: broken at gaps, hollow where a check marks, a band over readings, names at the ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from recount.chart.axes import Axes, quote, series_colour
from recount.chart.picture import Label, Panel, Picture, Point
from recount.chart.scales import Box, first_free, text_width, wrap_text
from recount.chart.texts import rule, write, write_upright
from recount.chart.theme import LABEL_LINE, LABEL_SIZE, NOTE_LINE, NOTE_SIZE

Rows = list[dict[str, Any]]

_GAP_MARGIN, _UPRIGHT_ROOM = 12, 36
_DENSE, _DENSE_PANEL = 30, 8
_DOT, _SMALL_DOT, _HOLLOW, _DIAMOND = 40, 14, 34, 46
_LABEL_AT, _TEXT_AWAY = 10, 9
_CROSS, _CROSS_SIZE = "M-1,-1L1,1M1,-1L-1,1", 60
_UNLIMITED = 1e15
_BAND = 0.16
_WHISKER, _WHISKER_SHADE = 1.4, 0.75


def line_data(picture: Picture) -> dict[str, Rows]:
    """Returns the data sets of a chart of lines, by name; without the empty ones.

    A figure's `run` numbers the solid line that it is on; lines to a flagged figure are `doubtful`.
    """
    figures, doubtful = _figures_and_doubtful(picture)
    bands: Rows = [
        {
            "panel": panel.title,
            "date": each.at.isoformat(),
            "low": float(each.low),
            "high": float(each.high),
            "segment": each.segment,
            **({} if each.series is None else {"series": each.series.key}),
        }
        for panel in picture.panels
        for each in panel.band
    ]
    gaps: Rows = []
    for each in picture.gaps:
        # Neighbours are shaded as one: a seam between them would look like a figure.
        if gaps and gaps[-1]["end"] == each.start.isoformat():
            gaps[-1]["end"] = each.end.isoformat()
        else:
            gaps.append({"start": each.start.isoformat(), "end": each.end.isoformat()})
    sets = {"figures": figures, "doubtful": doubtful, "gaps": gaps, "bands": bands}
    return {name: rows for name, rows in sets.items() if rows}


def _figures_and_doubtful(picture: Picture) -> tuple[Rows, Rows]:
    figures: Rows = []
    doubtful: Rows = []
    before: dict[tuple[str, str], Point] = {}
    flagged: dict[tuple[str, str], int] = {}
    for each, hover in zip(picture.points, picture.hovers, strict=True):
        line = (each.series.panel, each.series.key)
        flagged[line] = flagged.get(line, 0) + bool(each.flags)
        on_line = each.segment is not None and not each.flags
        figures.append(
            figure_row(each, hover) | {"run": f"{each.segment}.{flagged[line]}" if on_line else None}
        )
        earlier = before.get(line)
        if each.segment is None or each.value is None:
            continue
        before[line] = each
        if earlier is None or earlier.value is None or earlier.segment != each.segment:
            continue
        if earlier.flags or each.flags:
            doubtful.append(
                {
                    "panel": each.series.panel,
                    "series": each.series.key,
                    "date": earlier.at.isoformat(),
                    "value": float(earlier.value),
                    "until": each.at.isoformat(),
                    "end": float(each.value),
                }
            )
    return figures, doubtful


def figure_row(point: Point, hover: str) -> dict[str, Any]:
    """Returns one figure as a row: where and how it is drawn, and the integers behind it."""
    figure = point.figure
    return {
        "panel": point.series.panel,
        "series": point.series.key,
        "name": point.series.name,
        "date": point.at.isoformat(),
        "through_date": None if figure.through_date is None else figure.through_date.isoformat(),
        "fiscal_year": figure.fiscal_year,
        "value": None if point.value is None else float(point.value),
        "low": None if point.low is None else float(point.low),
        "high": None if point.high is None else float(point.high),
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "whole": figure.whole,
        "is_open": point.is_open,
        "segment": point.segment,
        "is_flagged": bool(point.flags),
        "is_complete": point.is_complete,
        "flags": ";".join(point.flags),
        "release": figure.release.release,
        "hover": hover,
        **({"is_without": True} if point.is_without else {}),
        **point.own_row(),
    }


def line_layers(panel: Panel, axes: Axes) -> list[alt.Chart]:
    """Returns the layers of one panel, lowest first.

    Args:
        panel: one of the panels of the axes' picture.
        axes: the panel's own.
    """
    picture, theme = axes.picture, axes.theme
    figures = alt.Chart(alt.NamedData(name="figures"))
    if len(picture.panels) > 1:
        figures = figures.transform_filter(f"datum.panel === {quote(panel.title)}")
    layers: list[alt.Chart] = []
    if picture.gaps:
        gaps = alt.Chart(alt.NamedData(name="gaps"))
        layers.append(
            gaps.mark_rect(aria=False, color=theme.shade).encode(x=axes.x("start"), x2=alt.X2("end:T"))
        )
    if panel.band:
        layers.append(_band(panel, axes))
    if any(each.has_whisker for each in panel.points):
        layers += _whiskers(figures, axes)
    layers.append(
        figures.transform_filter("isValid(datum.run)")
        .mark_line(aria=False, strokeJoin="round")
        .encode(
            x=axes.x("date"),
            y=axes.y("value"),
            detail="run:N",
            color=axes.color(),
            strokeWidth=axes.stroke_width(),
        )
    )
    if any(each.flags and each.segment is not None for each in panel.points):
        layers.append(_doubtful(panel, axes))
    if any(each.value is None and not each.is_without for each in panel.points):
        layers += _bounds(figures, axes)
    if any(each.is_without for each in panel.points):
        layers.append(_without(figures, axes))
    layers += _dots(figures, panel, axes)
    for each in panel.labels:
        layers += _label(each, axes)
    if len(picture.panels) == 1:
        texts = _texts(axes)
        layers += _gap_texts(axes, [box for _, box in texts])
        layers += [text for text, _ in texts]
    else:
        layers += _panel_title(panel, axes)
    return layers


def _panel_title(panel: Panel, axes: Axes) -> list[alt.Chart]:
    """Returns the name of a panel and its last value, at one height whatever its axis shows."""
    name = wrap_text(panel.title, LABEL_SIZE, axes.width, bold=True)
    top = -(len(name) + bool(panel.last)) * LABEL_LINE - _TEXT_AWAY
    layers = [write(name, 0, top, axes.theme.ink, is_bold=True)]
    if panel.last:
        layers.append(write([panel.last], 0, top + len(name) * LABEL_LINE, axes.theme.quiet))
    return layers


def panel_title_lines(panel: Panel, width: float) -> int:
    """Returns how many lines stand above a panel."""
    return len(wrap_text(panel.title, LABEL_SIZE, width, bold=True)) + bool(panel.last)


def _gap_texts(axes: Axes, taken: Sequence[Box]) -> list[alt.Chart]:
    """Returns what each gap says of itself, where it has room: level, or upright in a narrow one."""
    layers = []
    for each in axes.picture.gaps:
        left, right = axes.left_of(each.start), axes.left_of(each.end)
        middle, room = (left + right) / 2, right - left - _GAP_MARGIN
        lines = wrap_text(each.text, NOTE_SIZE, room)
        width = max(text_width(line, NOTE_SIZE) for line in lines)
        if width > room:
            length = text_width(each.text, NOTE_SIZE)
            box = Box(middle - NOTE_LINE / 2, (axes.height - length) / 2, NOTE_LINE, length)
            fits = room >= _UPRIGHT_ROOM and length <= axes.height - _GAP_MARGIN
            if fits and not any(box.meets(other) for other in taken):
                upright = write_upright(each.text, middle, axes.height / 2, axes.theme.quiet, size=NOTE_SIZE)
                layers.append(upright)
            continue
        height = len(lines) * NOTE_LINE
        tops = (8, (axes.height - height) / 2, axes.height - height - 8)
        box = first_free([Box(middle - width / 2, top, width, height) for top in tops], taken)
        quiet = axes.theme.quiet
        text = write(lines, middle, box.top, quiet, size=NOTE_SIZE, line=NOTE_LINE - 1, align="center")
        layers.append(text)
    return layers


def _band(panel: Panel, axes: Axes) -> alt.Chart:
    bands = alt.Chart(alt.NamedData(name="bands"))
    if len(axes.picture.panels) > 1:
        bands = bands.transform_filter(f"datum.panel === {quote(panel.title)}")
    band: alt.Chart = bands.mark_area(aria=False, color=axes.theme.quiet, opacity=_BAND).encode(
        x=axes.x("date"), y=axes.y("low"), y2=alt.Y2("high:Q"), detail="segment:N"
    )
    return band if panel.band[0].series is None else band.encode(color=axes.color())


def _whiskers(figures: alt.Chart, axes: Axes) -> list[alt.Chart]:
    """Returns the bounds of values that no band reaches: a thin bar from end to end."""
    bounded = figures.transform_filter(axes.whisker_of())
    bar = bounded.mark_rule(aria=False, strokeWidth=_WHISKER, opacity=_WHISKER_SHADE).encode(
        x=axes.x("date"), y=axes.y("low"), y2=alt.Y2("high:Q"), color=axes.color()
    )
    ends = [
        bounded.mark_tick(
            aria=False, opacity=_WHISKER_SHADE, thickness=_WHISKER, size=7, orient="horizontal"
        ).encode(x=axes.x("date"), y=axes.y(end), color=axes.color())
        for end in ("low", "high")
    ]
    return [bar, *ends]


def _doubtful(panel: Panel, axes: Axes) -> alt.Chart:
    doubtful = alt.Chart(alt.NamedData(name="doubtful"))
    if len(axes.picture.panels) > 1:
        doubtful = doubtful.transform_filter(f"datum.panel === {quote(panel.title)}")
    lines: alt.Chart = doubtful.mark_rule(aria=False, strokeWidth=1.5, strokeDash=[1.5, 2.5]).encode(
        x=axes.x("date"), x2=alt.X2("until:T"), y=axes.y("value"), y2=alt.Y2("end:Q"), color=axes.color()
    )
    return lines


def _texts(axes: Axes) -> list[tuple[alt.Chart, Box]]:
    """Returns the texts beside marks: above, or below where the line comes from above or goes there."""
    layers: list[tuple[alt.Chart, Box]] = []
    points = axes.picture.points
    for index, (each, lines) in enumerate(zip(points, axes.picture.texts, strict=True)):
        value = each.low if each.value is None else each.value
        if not lines or value is None:
            continue
        beside = [
            one.value
            for one in points[max(index - 1, 0) : index + 2]
            if one is not each and one.segment == each.segment is not None and one.value is not None
        ]
        is_below = each.value is None or any(one > value for one in beside)
        width, height = max(text_width(line, LABEL_SIZE) for line in lines), len(lines) * LABEL_LINE
        left, y = axes.left_of(each.at), axes.below_top(value)
        sides = [
            Box(left - width / 2, top, width, height) for top in (y - _TEXT_AWAY - height, y + _TEXT_AWAY)
        ]
        box = first_free(sides[::-1] if is_below else sides, (taken for _, taken in layers))
        colour = series_colour(each.series, axes.theme)
        layers.append((write(lines, left, box.top, colour, align="center"), box))
    return layers


def _bounds(figures: alt.Chart, axes: Axes) -> list[alt.Chart]:
    top = float(axes.scale.top)
    bounds = figures.transform_filter(bounds_alone(axes.picture)).transform_calculate(
        lowest="isValid(datum.low) ? datum.low : 0",
        highest=f"min(isValid(datum.high) ? datum.high : {_UNLIMITED}, {top})",
    )
    between = bounds.mark_rule(strokeWidth=2).encode(
        x=axes.x("date"),
        y=axes.y("lowest"),
        y2=alt.Y2("highest:Q"),
        color=axes.color(),
        description="hover:N",
    )
    ends: list[alt.Chart] = []
    for name, wanted in (("lowest", "isValid(datum.low)"), ("highest", "!datum.is_open")):
        tick = bounds.transform_filter(wanted).mark_tick(
            aria=False, opacity=1, thickness=2, size=9, orient="horizontal"
        )
        ends.append(tick.encode(x=axes.x("date"), y=axes.y(name), color=axes.color()))
    arrow = bounds.transform_filter("datum.is_open").mark_point(
        aria=False, shape="triangle-up", size=60, filled=True, opacity=1
    )
    ends.append(arrow.encode(x=axes.x("date"), y=axes.y("highest"), color=axes.color()))
    return [between, *ends]


def bounds_alone(picture: Picture) -> str:
    """Returns the Vega test for figures of which only bounds are known."""
    without = any(each.is_without for each in picture.points)
    return "!isValid(datum.value)" + (" && !datum.is_without" if without else "")


def _without(figures: alt.Chart, axes: Axes) -> alt.Chart:
    """Returns a cross on the axis of time for each span that has no number."""
    crosses = figures.transform_filter("datum.is_without").mark_point(
        shape=_CROSS, size=_CROSS_SIZE, filled=False, strokeWidth=1.6, color=axes.theme.quiet, opacity=1
    )
    if len(axes.picture.series) > 1:
        # Of several lines each has its own spans without a number.
        crosses = crosses.encode(color=axes.color())
    drawn: alt.Chart = crosses.encode(x=axes.x("date"), y=alt.value(axes.height), description="hover:N")
    return drawn


def _dots(figures: alt.Chart, panel: Panel, axes: Axes) -> list[alt.Chart]:
    counts: dict[tuple[str, str], int] = {}
    for each in axes.picture.points:
        line = (each.series.panel, each.series.key)
        counts[line] = counts.get(line, 0) + 1
    small = max(counts.values(), default=0) > (_DENSE if len(axes.picture.panels) == 1 else _DENSE_PANEL)
    kinds = {(each.is_complete, bool(each.flags)) for each in panel.points if each.value is not None}
    layers = []
    for is_complete, is_flagged in sorted(kinds, reverse=True):
        is_hollow = is_flagged or (axes.picture.partial_is_hollow and not is_complete)
        size = (_HOLLOW if is_flagged else _SMALL_DOT if small else _DOT) if is_complete else _DIAMOND
        dots = figures.transform_filter(
            f"isValid(datum.value) && datum.is_complete === {str(is_complete).lower()}"
            f" && datum.is_flagged === {str(is_flagged).lower()}"
        )
        shape = "circle" if is_complete else "diamond"
        if is_hollow:
            dots = dots.mark_point(
                shape=shape, size=size, filled=False, fill=axes.theme.paper, strokeWidth=1.4, opacity=1
            )
        else:
            dots = dots.mark_point(shape=shape, size=size, filled=True, opacity=1)
        layers.append(
            dots.encode(x=axes.x("date"), y=axes.y("value"), color=axes.color(), description="hover:N")
        )
    return layers


def _label(label: Label, axes: Axes) -> list[alt.Chart]:
    """Returns the name in bold over the value, led to by a thin line where they lie apart from the end."""
    colour = series_colour(label.series, axes.theme)
    left = axes.width + _LABEL_AT
    top = label.middle - (len(label.name) + len(label.last)) * LABEL_LINE / 2
    layers = []
    if label.is_led:
        start = (axes.left_of(label.at) + 4, axes.below_top(label.value))
        layers.append(rule(start, (left - 4, label.middle), colour))
    if label.name:
        layers.append(write(label.name, left, top, colour, is_bold=True))
    if label.last:
        layers.append(write(label.last, left, top + len(label.name) * LABEL_LINE, colour))
    return layers
