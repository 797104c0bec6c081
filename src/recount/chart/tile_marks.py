"""Maps of tiles drawn: tones, hatching, outlines, names and numbers, and the key above."""

from __future__ import annotations

from typing import Any

import altair as alt

from recount.chart.lines import Rows, figure_row
from recount.chart.picture import Picture
from recount.chart.scales import text_width
from recount.chart.texts import here, write
from recount.chart.theme import LABEL_LINE, LABEL_SIZE, MARGIN, WIDTH, Theme, ink_on, theme_called
from recount.chart.tile_plan import NUMBER_SIZE, TilePlan
from recount.chart.tiles import TileMap

_ROUND = 3
_HATCH, _HATCH_SHADE = 9, 0.35
KEY_ROW = 22
_KEY_SIZE, _KEY_GAP = 12, 5
_OUTLINE = 1.8


def tile_data(picture: Picture) -> dict[str, Rows]:
    """Returns the data sets of a map: a row a tile with its place and the integers behind it, and the hatching."""
    shown = _map_of(picture)
    plan = TilePlan(shown)
    rows: list[dict[str, Any]] = []
    hatches: list[dict[str, Any]] = []
    for number, (heading, tiles) in enumerate(shown.maps):
        for tile in tiles:
            left, top = plan.corner(tile, number)
            right, bottom = round(left + plan.tile_width, 2), top + plan.tile_height
            hover = f"{tile.name}: {tile.value}" if tile.index is None else picture.hovers[tile.index]
            own = {} if tile.point is None else figure_row(tile.point, hover)
            label, value = plan.label(tile), plan.value(tile)
            rows.append(
                own
                | {
                    "hover": hover,
                    "map": heading,
                    "code": tile.code,
                    "tone": tile.tone,
                    "reaches": tile.reaches,
                    "left": left,
                    "top": top,
                    "right": right,
                    "bottom": bottom,
                    "middle": round((left + right) / 2, 2),
                    "label": "\n".join(label),
                    "label_at": top + _first_line(len(label) + len(value), plan),
                    "value_text": "\n".join(value),
                    "value_at": top + _first_line(len(label) + len(value), plan) + len(label) * LABEL_LINE,
                }
            )
            if tile.tone is None:
                hatches += _hatching(left, top, right, bottom)
    return {"figures": rows, "hatches": hatches}


def _map_of(picture: Picture) -> TileMap:
    if picture.tiles is None:
        raise TypeError("a map has tiles")
    return picture.tiles


def _first_line(lines: int, plan: TilePlan) -> float:
    return (plan.tile_height - lines * LABEL_LINE) / 2 + 2


def _hatching(left: float, top: float, right: float, bottom: float) -> list[dict[str, Any]]:
    """Returns diagonal lines across a tile, from lower left to upper right."""
    width, height = right - left, bottom - top
    lines = []
    for step in range(1, int((width + height) / _HATCH) + 1):
        along = step * _HATCH
        start = (left + max(0.0, along - height), top + min(along, height))
        end = (left + min(along, width), top + max(0.0, along - width))
        lines.append(
            {name: round(at, 2) for name, at in zip(("x", "y", "x2", "y2"), (*start, *end), strict=True)}
        )
    return lines


def tile_layers(picture: Picture, theme: Theme) -> list[alt.Chart]:
    """Returns the layers of a map, lowest first: hatching, tones, outlines, names and numbers, headings."""
    shown = _map_of(picture)
    plan = TilePlan(shown)

    def x(field: str) -> alt.X:
        return alt.X(
            f"{field}:Q",
            title=None,
            axis=None,
            scale=alt.Scale(domain=[0, plan.width], nice=False, zero=False),
        )

    def y(field: str) -> alt.Y:
        return alt.Y(
            f"{field}:Q",
            title=None,
            axis=None,
            scale=alt.Scale(domain=[plan.height, 0], nice=False, zero=False),
        )

    figures = alt.Chart(alt.NamedData(name="figures"))
    box = {"x": x("left"), "x2": alt.X2("right:Q"), "y": y("top"), "y2": alt.Y2("bottom:Q")}
    layers: list[alt.Chart] = []
    if any(each.tone is None for each in shown.tiles):
        empty = figures.transform_filter("!isValid(datum.tone)")
        layers.append(
            empty.mark_rect(fill=theme.shade, cornerRadius=_ROUND).encode(description="hover:N", **box)
        )
        hatches = alt.Chart(alt.NamedData(name="hatches")).mark_rule(
            aria=False, color=theme.rule, strokeWidth=1.2
        )
        layers.append(hatches.encode(x=x("x"), y=y("y"), x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q")))
    tones = _tones(shown, theme)
    for tone in sorted({each.tone for each in shown.tiles if each.tone is not None}):
        own = figures.transform_filter(f"datum.tone === {tone}")
        layers.append(
            own.mark_rect(fill=tones[tone], cornerRadius=_ROUND).encode(description="hover:N", **box)
        )
    if any(each.reaches for each in shown.tiles):
        reaching = figures.transform_filter("datum.reaches")
        outline = reaching.mark_rect(
            aria=False,
            fill=None,
            stroke=theme.quiet,
            strokeWidth=_OUTLINE,
            strokeDash=[4, 3],
            cornerRadius=_ROUND,
        )
        layers.append(outline.encode(**box))
    for tone in (None, *range(len(tones))):
        if not any(each.tone == tone for each in shown.tiles):
            continue
        wanted = "!isValid(datum.tone)" if tone is None else f"datum.tone === {tone}"
        colour = theme.ink if tone is None else ink_on(tones[tone], theme)
        own = figures.transform_filter(wanted)
        for field, at, size in (("label", "label_at", LABEL_SIZE), ("value_text", "value_at", NUMBER_SIZE)):
            texts = own.mark_text(
                aria=False,
                align="center",
                baseline="top",
                color=colour,
                fontSize=size,
                fontWeight="bold" if field == "label" else "normal",
                lineBreak="\n",
                lineHeight=LABEL_LINE,
            )
            layers.append(texts.encode(x=x("middle"), y=y(at), text=f"{field}:N"))
    if plan.has_headings:
        layers += [
            write([heading], 0, plan.top_of(number), theme.ink, is_bold=True)
            for number, (heading, _) in enumerate(shown.maps)
        ]
    return layers


def _tones(shown: TileMap, theme: Theme) -> list[str]:
    """The tones of the classes, as far apart as the ramp allows."""
    count = max(len(shown.classes), 1)
    last = len(theme.ramp) - 1
    return [
        theme.ramp[round(number * last / (count - 1)) if count > 1 else last // 2] for number in range(count)
    ]


def key_rows(picture: Picture) -> int:
    """Returns how many rows the key of a map takes."""
    return 1 + max((row for row, *_ in _key_places(_map_of(picture), theme_called("light"))), default=-1)


def tile_key(picture: Picture, theme: Theme, top: float) -> list[alt.Chart]:
    """Returns the key of a map, in rows from `top` down: each tone with its values, and what an outline means."""
    layers: list[alt.Chart] = []
    for row, left, colour, text in _key_places(_map_of(picture), theme):
        square = (
            here().mark_rect(aria=False, fill=None, stroke=theme.quiet, strokeWidth=1.4, strokeDash=[3, 2])
            if colour is None
            else here().mark_rect(aria=False, fill=colour, cornerRadius=2)
        )
        above = top + row * KEY_ROW
        layers.append(
            square.encode(
                x=alt.value(left),
                x2=alt.value(left + _KEY_SIZE),
                y=alt.value(above),
                y2=alt.value(above + _KEY_SIZE),
            )
        )
        layers.append(write([text], left + _KEY_SIZE + _KEY_GAP, above, theme.ink))
    return layers


def _key_places(shown: TileMap, theme: Theme) -> list[tuple[int, float, str | None, str]]:
    """Returns row, left, colour and text of every entry; one that would pass the edge begins a row."""
    places: list[tuple[int, float, str | None, str]] = []
    row, left = 0, 0.0
    for colour, text in _key_entries(shown, theme):
        width = _KEY_SIZE + _KEY_GAP + text_width(text, LABEL_SIZE)
        if left and left + width > WIDTH - 2 * MARGIN:
            row, left = row + 1, 0.0
        places.append((row, left, colour, text))
        left += width + MARGIN
    return places


def _key_entries(shown: TileMap, theme: Theme) -> list[tuple[str | None, str]]:
    """Returns the colours of the key, `None` for the outline, and what each means."""
    entries: list[tuple[str | None, str]] = [
        (colour, each.text) for colour, each in zip(_tones(shown, theme), shown.classes, strict=False)
    ]
    if any(each.reaches for each in shown.tiles):
        entries.append((None, shown.key_reaches))
    return entries
