"""Text and rules that stand at a place of their own, in pixels from the plot's left and top."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import altair as alt

from recount.chart.theme import LABEL_LINE, LABEL_SIZE

_HALO = 5
_ACROSS_ANGLE, _ACROSS_SHADE = 340, 0.2


def here() -> alt.Chart:
    """Returns a chart of one nameless row, for a mark that shows no figure."""
    return alt.Chart(alt.InlineData(values=[{}]))


def write(
    lines: Iterable[str],
    left: float,
    top: float,
    colour: str,
    *,
    size: int = LABEL_SIZE,
    line: int = LABEL_LINE,
    align: Literal["left", "center", "right"] = "left",
    is_bold: bool = False,
    halo: str | None = None,
) -> alt.Chart:
    """Returns lines of text that begin at `top` and stand left of, around or right of `left`.

    With a colour as `halo` it is the outline of the text alone, to lie beneath it.
    """
    around = {} if halo is None else {"stroke": halo, "strokeWidth": _HALO, "strokeJoin": "round"}
    mark = here().mark_text(
        aria=False,
        text=list(lines),
        align=align,
        baseline="top",
        color=colour,
        fontSize=size,
        lineHeight=line,
        fontWeight="bold" if is_bold else "normal",
        **around,  # type: ignore[arg-type]
    )
    chart: alt.Chart = mark.encode(x=alt.value(left), y=alt.value(top))
    return chart


def write_across(text: str, middle: tuple[float, float], colour: str, size: int) -> alt.Chart:
    """Returns a word across a plot, pale, around a place (left, top)."""
    mark = here().mark_text(
        aria=False,
        text=text,
        align="center",
        baseline="middle",
        angle=_ACROSS_ANGLE,
        color=colour,
        opacity=_ACROSS_SHADE,
        fontSize=size,
        fontWeight="bold",
    )
    chart: alt.Chart = mark.encode(x=alt.value(middle[0]), y=alt.value(middle[1]))
    return chart


def write_upright(text: str, left: float, middle: float, colour: str, *, size: int) -> alt.Chart:
    """Returns a line of text that runs upwards, around `middle`."""
    mark = here().mark_text(
        aria=False, text=text, align="center", baseline="middle", angle=270, color=colour, fontSize=size
    )
    chart: alt.Chart = mark.encode(x=alt.value(left), y=alt.value(middle))
    return chart


def rule(start: tuple[float, float], end: tuple[float, float], colour: str) -> alt.Chart:
    """Returns a thin line between two places, each (left, top)."""
    mark = here().mark_rule(aria=False, color=colour, strokeWidth=0.75, opacity=0.7)
    chart: alt.Chart = mark.encode(
        x=alt.value(start[0]), y=alt.value(start[1]), x2=alt.value(end[0]), y2=alt.value(end[1])
    )
    return chart
