"""Charts of rows: a bar for each figure, named before it and numbered at its end."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from recount.chart.picture import Picture, Point
from recount.chart.theme import MOST_TONES

_SHORTEST_WHISKER = Fraction(1, 120)


@dataclass(frozen=True)
class PlotRow:
    """One bar.

    Args:
        heading: what stands above it, where a new block of rows begins.
        name: what it is of.
        text: its value, at its end.
        said: all it says of itself.
        width: of the bar, in percent; none where the figure is a bound alone.
        low, high: what the figure could be, in percent, where that is worth a mark of its own.
        tone: the style class of its colour.
        shape: whether it is hollow, pale or unnamed, as a style class.
    """

    heading: str
    name: str
    text: str
    said: str
    width: float | None
    low: float | None
    high: float | None
    is_open: bool
    tone: str
    shape: str


def place_rows(picture: Picture) -> tuple[PlotRow, ...]:
    """Returns bars or columns as rows, in the order of the picture's points."""
    headings = dict(picture.blocks)
    rows = []
    before = ""
    panels = {id(point): panel for panel in picture.panels for point in panel.points}
    several = len({each.series.key for each in picture.points}) > 1
    for index, each in enumerate(picture.points):
        category = " ".join(picture.categories[index]) if picture.categories[index] else each.series.name
        top = (panels[id(each)].scale or picture.scale).top
        heading = headings.get(index, "")
        if picture.kind == "columns" and several:
            heading = each.series.name if each.series.name != before else ""
            before = each.series.name
        low = Fraction(0) if each.low is None else each.low
        high = top if each.high is None else each.high
        is_bare = each.value is None
        bounded = is_bare or (each.has_whisker and high - low > top * _SHORTEST_WHISKER)
        rows.append(
            PlotRow(
                heading=heading,
                name=category,
                text=" ".join(picture.texts[index]),
                said=picture.hovers[index],
                width=None if each.value is None else _percent(each.value, top),
                low=_percent(low, top) if bounded else None,
                high=_percent(high, top) if bounded else None,
                is_open=is_bare and each.is_open,
                tone="ink" if each.series.is_total else f"t{_tone(each, picture)}",
                shape=_shape(each, picture),
            )
        )
    return tuple(rows)


def _tone(point: Point, picture: Picture) -> int:
    return 0 if picture.kind == "bars" else point.series.tone % MOST_TONES


def _shape(point: Point, picture: Picture) -> str:
    if point.is_unnamed:
        return "unnamed"
    if point.flags or (picture.partial_is_hollow and not point.is_complete):
        return "hollow"
    return "" if point.is_complete else "pale"


def _percent(value: Fraction, top: Fraction) -> float:
    return round(float(min(value, top) / top * 100), 2)
