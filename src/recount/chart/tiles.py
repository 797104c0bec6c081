"""Parts of a country as a map of tiles: which tile stands where, its tone, and what a reader must know."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from recount.chart.picture import Point
from recount.declare.text import Language
from recount.declare.tiles import TileLayout, Tiles

AskedKind = Literal["auto", "map", "bars"]
"""What is asked for: `map` and `bars` by name, `auto` a map where parts of a country stand side by side."""


@dataclass(frozen=True)
class ToneClass:
    """Values of one tone: from `low` to below `high` (no end is unlimited), and how that reads."""

    low: Fraction | None
    high: Fraction | None
    text: str


@dataclass(frozen=True, eq=False)
class Tile:
    """One tile: its code and name, its place, its point where there is one, and the tone of that.

    Without a tone it is hatched. `reaches` says that its bounds reach into another tone.
    """

    code: str
    name: str
    column: int
    row: int
    point: Point | None
    index: int | None
    value: str
    tone: int | None
    reaches: bool


@dataclass(frozen=True, eq=False)
class TileMap:
    """Maps of one layout, one a release, under one set of tones."""

    columns: int
    rows: int
    maps: tuple[tuple[str, tuple[Tile, ...]], ...]
    classes: tuple[ToneClass, ...]
    key_reaches: str

    @property
    def tiles(self) -> list[Tile]:
        """Every tile, map by map."""
        return [each for _, tiles in self.maps for each in tiles]


@dataclass(frozen=True, eq=False)
class Placed:
    """A point to be put on a map: its code, the map it is of, how its value reads, and its place among all points."""

    code: str | None
    map: str
    point: Point
    index: int
    value: str


def tile_map(
    placed: Sequence[Placed],
    layout: TileLayout,
    names: Mapping[str, str],
    tiles: Tiles,
    language: Language,
    show: Callable[[Fraction], str],
) -> tuple[TileMap, list[Placed]]:
    """Returns the maps, and the points that none of them has a tile for.

    Args:
        placed: the points, in any order; each map has those of its name.
        layout: where codes stand.
        names: how codes read.
        tiles: how values become tones.
        language: of the key.
        show: how the end of a class reads.
    """
    places = layout.places()
    on_map = [each for each in placed if each.code in places and each.map in _large(placed, places, tiles)]
    known = [each.point.value for each in on_map if each.point.value is not None]
    ends = class_ends(known, tiles.classes.value, tiles.digits.value)
    classes = tuple(_classes(ends, tiles, language, show))
    maps = []
    for name in dict.fromkeys(each.map for each in on_map):
        own = {each.code: each for each in on_map if each.map == name}
        made = [
            _tile(code, names[code], place, own.get(code), ends, tiles, language)
            for code, place in places.items()
        ]
        maps.append((name, tuple(made)))
    shown = TileMap(
        columns=layout.columns,
        rows=len(layout.rows),
        maps=tuple(maps),
        classes=classes,
        key_reaches=tiles.say("key_reaches", language),
    )
    drawn = {id(each) for each in on_map}
    return shown, [each for each in placed if id(each) not in drawn]


def _large(placed: Sequence[Placed], places: Mapping[str, object], tiles: Tiles) -> set[str]:
    """The maps with enough parts; all of them where none has."""
    counts: dict[str, int] = {}
    for each in placed:
        if each.code in places:
            counts[each.map] = counts.get(each.map, 0) + 1
    return {name for name, count in counts.items() if count >= tiles.fewest.value} or set(counts)


def is_map(dimensions: Sequence[str], parts: Mapping[str, int], kind: AskedKind | None, tiles: Tiles) -> bool:
    """Returns whether a question is drawn as a map: where it is asked, or where enough parts stand side by side.

    Args:
        dimensions: all that the answer is split by.
        parts: how many parts of it each release has.
        kind: what is asked for.
        tiles: the layouts.
    """
    if kind in (None, "bars") or len(dimensions) != 1 or tiles.layout(dimensions[0]) is None:
        return False
    return kind == "map" or max(parts.values(), default=0) >= tiles.fewest.value


def class_ends(values: Sequence[Fraction], classes: int, digits: int) -> list[Fraction]:
    """Returns the round values between classes that each hold about as many of `values`.

    The first class begins below the smallest and the last ends above the largest. An end is rounded up to so many
    digits; ends that fall together, or on no value's far side, are left out.
    """
    ordered = sorted(values)
    if not ordered:
        return []
    ends: list[Fraction] = []
    for number in range(1, classes):
        end = _round_up(ordered[len(ordered) * number // classes], digits)
        if ordered[0] < end <= ordered[-1] and end not in ends:
            ends.append(end)
    return ends


def _round_up(value: Fraction, digits: int) -> Fraction:
    if value <= 0:
        return Fraction(0)
    step = Fraction(10) ** (math.floor(math.log10(float(value))) - digits + 1)
    return math.ceil(value / step) * step


def tone_of(value: Fraction, ends: Sequence[Fraction]) -> int:
    """Returns the class of a value: how many ends lie at or below it."""
    return sum(end <= value for end in ends)


def _classes(
    ends: Sequence[Fraction], tiles: Tiles, language: Language, show: Callable[[Fraction], str]
) -> Iterator[ToneClass]:
    edges: list[Fraction | None] = [None, *ends, None]
    for low, high in itertools.pairwise(edges):
        filled = {name: show(end) for name, end in (("low", low), ("high", high)) if end is not None}
        key = {(False, True): "class_below", (True, True): "class_between", (True, False): "class_from"}.get(
            (low is not None, high is not None)
        )
        if key is not None:
            yield ToneClass(low, high, tiles.say(key, language, **filled))


def _tile(
    code: str,
    name: str,
    place: tuple[int, int],
    placed: Placed | None,
    ends: Sequence[Fraction],
    tiles: Tiles,
    language: Language,
) -> Tile:
    column, row = place
    if placed is None:
        return Tile(code, name, column, row, None, None, tiles.say("none", language), None, False)
    point = placed.point
    tone = None if point.value is None else tone_of(point.value, ends)
    value = tiles.say("flagged", language, value=placed.value) if point.flags else placed.value
    reaches = tone is not None and any(
        end is not None and tone_of(end, ends) != tone for end in (point.low, point.high)
    )
    return Tile(code, name, column, row, point, placed.index, value, tone, reaches)


def notes_of_map(
    shown: TileMap,
    beside: Sequence[Placed],
    tiles: Tiles,
    language: Language,
    flags: Sequence[str],
    listing: Callable[[Sequence[str]], str],
) -> Iterator[str]:
    """Yields what a reader of a map must know: tones, hatched and outlined tiles, and what has no tile.

    Args:
        shown: the maps.
        beside: the points that have no tile.
        tiles: the words.
        language: of the notes.
        flags: the names of checks that mark a figure on a map.
        listing: how items read in a sentence.
    """
    if len(shown.classes) > 1:
        yield tiles.say("note_classes", language)
    if any(each.reaches for each in shown.tiles):
        yield tiles.say("note_reaches", language)
    without = [each for each in shown.tiles if each.point is not None and each.point.is_without]
    if any(each.point is not None and each.tone is None and each not in without for each in shown.tiles):
        yield tiles.say("note_bounds", language)
    if without:
        yield tiles.say("note_without", language, value=without[0].value)
    empty = list(dict.fromkeys(each.name for each in shown.tiles if each.point is None))
    if empty:
        yield tiles.say("note_none", language, names=listing(empty))
    if flags:
        yield tiles.say("note_flagged", language, flags="; ".join(flags))
    drawn = {name for name, _ in shown.maps}
    several = len({each.map for each in beside} | drawn) > 1
    for key, own in (
        ("note_off", [each for each in beside if each.map in drawn]),
        ("note_elsewhere", [each for each in beside if each.map not in drawn]),
    ):
        said = [
            tiles.say(
                "part_of_release" if several else "part_of",
                language,
                name=each.point.series.name,
                value=each.value,
                **({"release": each.map} if several else {}),
            )
            for each in own
        ]
        if said:
            yield tiles.say(key, language, values="; ".join(said))
