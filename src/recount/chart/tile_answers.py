"""Answers put on a map of tiles: which figure stands for which code, in which release."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from recount.chart import wording
from recount.chart.event_items import POOLED, UNNAMED, dimensions_of, items_of, time_axis
from recount.chart.event_points import EventPlotted
from recount.chart.event_words import EventWords
from recount.chart.picture import Kind
from recount.chart.points import Per, Plotted, PrintedPoint
from recount.chart.tiles import AskedKind, Placed, TileMap, is_map, notes_of_map, tile_map
from recount.claim.words import Words
from recount.declare.claims import PLACE_DIMENSIONS
from recount.declare.tiles import TileLayout, Tiles, load_tiles
from recount.errors import UsageError, Worded
from recount.measure.answer import Answer
from recount.measure.event_answer import EventAnswer


@dataclass(frozen=True, eq=False)
class Mapped:
    """The maps of an answer, and the notes that belong to them."""

    tiles: TileMap
    notes: tuple[str, ...]


def map_figures(
    answer: Answer, plotted: Plotted, words: Words, per: Per | None, kind: AskedKind | None
) -> Mapped | None:
    """Returns printed figures on a map, `None` where they are drawn otherwise."""
    if kind in (None, "bars") or plotted.kind != "bars":
        return None
    tiles = load_tiles(words.catalog)
    points = plotted.points
    if not is_map(answer.by, {"": len(points)}, kind, tiles):
        return None
    (dimension,) = answer.by
    layout = tiles.layout(dimension)
    if layout is None:
        return None
    placed = [
        Placed(_code_of(each, dimension), "", each, index, wording.value_text(each, answer, words, per))
        for index, each in enumerate(points)
    ]

    def show(end: Fraction) -> str:
        return wording.tick_text(end, answer, words, per)

    flags = [
        words.say(f"flag_{each}") for each in dict.fromkeys(one for point in points for one in point.flags)
    ]
    shown, beside = tile_map(placed, layout, _names(layout, words), tiles, words.language, show)
    notes = notes_of_map(shown, beside, tiles, words.language, flags, words.listing)
    return Mapped(shown, tuple(notes))


def _code_of(point: PrintedPoint, dimension: str) -> str | None:
    figure = point.figure
    return figure.place_code if dimension in PLACE_DIMENSIONS else figure.breakdown.get(dimension)


def _names(layout: TileLayout, words: Words) -> dict[str, str]:
    return {
        each.code: each.label.in_language(words.language) for each in words.catalog.codes[layout.codes].codes
    }


def is_map_of_events(answer: EventAnswer, words: Words, kind: AskedKind | None) -> bool:
    """Returns whether an answer about individual records is drawn as a map."""
    if kind in (None, "bars") or time_axis(answer) is not None or answer.asked.by_reading:
        return False
    names = dimensions_of(answer)
    parts = Counter(
        each.release for each in items_of(answer) if not {*each.keys.values()} & {UNNAMED, POOLED}
    )
    return is_map(names, parts, kind, load_tiles(words.catalog))


def map_events(plotted: EventPlotted, say: EventWords) -> Mapped | None:
    """Returns numbers of individual records on a map, `None` where only one part has a number."""
    words = say.words
    tiles: Tiles = load_tiles(words.catalog)
    layout = tiles.layout(plotted.splits[0]) if plotted.splits else None
    if layout is None:
        return None
    placed = [
        Placed(each.keys[-1], say.release(each.figure), each, index, say.short_value(each))
        for index, each in enumerate(plotted.points)
    ]

    shown, beside = tile_map(placed, layout, _names(layout, words), tiles, words.language, say.tick)
    return Mapped(shown, tuple(notes_of_map(shown, beside, tiles, words.language, (), words.listing)))


def refuse_other_kind(drawn: Kind, kind: AskedKind | None) -> None:
    """Refuses a kind that is asked for by name where the question has not its shape.

    Raises:
        UsageError: saying what to ask instead.
    """
    if kind == "map" and drawn != "tiles":
        raise UsageError(
            Worded(
                "This question is no map: one shows the states, or the areas of responsibility, side by side."
            ),
            [
                (
                    "fix",
                    "--by state or --by aor alone, and --where fiscal_year=2018 or --as-known-on for one date",
                )
            ],
        )
    if kind == "bars" and drawn not in ("bars", "columns"):
        raise UsageError(
            Worded("This question runs over time and is not drawn as bars."),
            [
                (
                    "fix",
                    Worded(
                        "name one date (--as-known-on, --release, or --where fiscal_year=2018), or leave --kind out"
                    ),
                )
            ],
        )
