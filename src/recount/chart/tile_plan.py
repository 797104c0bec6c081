"""Where every tile of a map lies, and what fits into it."""

from __future__ import annotations

from recount.chart.scales import text_width, wrap_text
from recount.chart.theme import LABEL_SIZE, MARGIN, WIDTH
from recount.chart.tiles import Tile, TileMap

NUMBER_SIZE = 12
_GAP = 5
_TALL, _LOW = 62, 50
_WIDE_TILE = 90
_HEADING, _BETWEEN = 26, 22
_INSIDE = 10
_LINES = 2


class TilePlan:
    """Where every tile of a picture lies, in pixels from the left and top of the plot."""

    def __init__(self, shown: TileMap) -> None:
        self.shown = shown
        self.width = WIDTH - 2 * MARGIN
        self.tile_width = (self.width + _GAP) / shown.columns - _GAP
        self.are_named = self.tile_width >= _WIDE_TILE
        self.tile_height = _TALL if self.are_named else _LOW
        self.has_headings = len(shown.maps) > 1

    @property
    def height(self) -> int:
        """How high all maps are together."""
        count = len(self.shown.maps)
        return count * self._map_height() + (count - 1) * _BETWEEN

    def _map_height(self) -> int:
        own = self.shown.rows * (self.tile_height + _GAP) - _GAP
        return own + (_HEADING if self.has_headings else 0)

    def top_of(self, number: int) -> int:
        """Returns where a map begins, its heading included."""
        return number * (self._map_height() + _BETWEEN)

    def corner(self, tile: Tile, number: int) -> tuple[float, float]:
        """Returns the left and top of a tile of one map."""
        top = self.top_of(number) + (_HEADING if self.has_headings else 0)
        return (
            round(tile.column * (self.tile_width + _GAP), 2),
            float(top + tile.row * (self.tile_height + _GAP)),
        )

    def label(self, tile: Tile) -> list[str]:
        """Returns the lines that name a tile: its name where that fits, its code otherwise."""
        room = self.tile_width - _INSIDE
        lines = wrap_text(tile.name, LABEL_SIZE, room, bold=True) if self.are_named else []
        fits = (
            lines
            and len(lines) <= _LINES
            and all(text_width(each, LABEL_SIZE, bold=True) <= room for each in lines)
        )
        return lines if fits else [tile.code]

    def value(self, tile: Tile) -> list[str]:
        """Returns the lines of a tile's number; nothing where it does not fit."""
        room = self.tile_width - _INSIDE / 2
        lines = wrap_text(tile.value, NUMBER_SIZE, room)
        fits = len(lines) <= _LINES and all(text_width(each, NUMBER_SIZE) <= room for each in lines)
        return lines if fits and len(lines) + len(self.label(tile)) <= _LINES + 1 else []
