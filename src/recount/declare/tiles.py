"""Maps of tiles: where each part of a dimension stands, and how values become tones."""

from __future__ import annotations

import functools
import string
from pathlib import Path

from pydantic import model_validator

from recount.declare.catalog import Catalog
from recount.declare.charting import Limit
from recount.declare.text import Declared, Language, Text
from recount.declare.yaml_text import build_model, read_yaml
from recount.errors import CatalogError

TILES = "tiles.yml"
_EMPTY = "."


class TileLayout(Declared):
    """Where the codes of one dimension stand: rows of codes, `.` for none; `off_map` says why one has no tile."""

    dimension: str
    codes: str
    reason: str
    off_map: dict[str, str] = {}
    rows: list[str]

    @model_validator(mode="after")
    def _one_place_each(self) -> TileLayout:
        cells = [each.split() for each in self.rows]
        if len({len(each) for each in cells}) != 1:
            raise ValueError(f"{self.dimension}: every row has as many cells as the others")
        placed = [code for row in cells for code in row if code != _EMPTY]
        if len(set(placed)) != len(placed):
            raise ValueError(f"{self.dimension}: a code stands on two tiles")
        return self

    @property
    def columns(self) -> int:
        """How many tiles stand in a row."""
        return len(self.rows[0].split())

    def places(self) -> dict[str, tuple[int, int]]:
        """Returns (column, row) of each code, row by row."""
        return {
            code: (column, row)
            for row, text in enumerate(self.rows)
            for column, code in enumerate(text.split())
            if code != _EMPTY
        }


class Tiles(Declared):
    """How maps of tiles are drawn.

    A map needs the `fewest` parts with a number; values fall in `classes`, whose ends have so many significant
    `digits`. `texts` fill in names in braces, the same ones in both languages.
    """

    fewest: Limit
    classes: Limit
    digits: Limit
    maps: list[TileLayout]
    texts: dict[str, Text]

    @model_validator(mode="after")
    def _same_names(self) -> Tiles:
        for key, text in self.texts.items():
            names = [
                {name for _, name, _, _ in string.Formatter().parse(each) if name}
                for each in (text.en, text.es)
            ]
            if names[0] != names[1]:
                raise ValueError(f"{key}: English and Spanish fill in other names")
        return self

    def layout(self, dimension: str) -> TileLayout | None:
        """Returns the layout of a dimension, `None` where it has none."""
        return next((each for each in self.maps if each.dimension == dimension), None)

    def say(self, text: str, language: Language, /, **filled_in: object) -> str:
        """Returns a text in one language, its names filled in."""
        return self.texts[text].in_language(language).format(**filled_in)


def load_tiles(catalog: Catalog) -> Tiles:
    """Returns what `tiles.yml` declares, from the overlay where it has the file.

    Raises:
        CatalogError: where the file does not fit its model, or a layout and its code list differ.
    """
    tiles = _load(*catalog.folders)
    for layout in tiles.maps:
        known = {each.code for each in catalog.codes[layout.codes].codes}
        placed = {*layout.places(), *layout.off_map}
        if placed != known:
            differing = ", ".join(sorted(placed ^ known))
            raise CatalogError(
                f"The map of {layout.dimension} and the codes {layout.codes} differ: {differing}.",
                [("fix", f"give each code one tile in {TILES}, or a reason under off_map")],
            )
    return tiles


@functools.lru_cache(maxsize=4)
def _load(shipped: Path, over: Path) -> Tiles:
    path = over / TILES if (over / TILES).is_file() else shipped / TILES
    return build_model(Tiles, read_yaml(path, TILES))
