"""Declarations of cubes: counts of individual records that can be published, small ones pooled."""

from __future__ import annotations

import functools
from pathlib import Path

from pydantic import Field as PydanticField

from recount.declare.catalog import Catalog
from recount.declare.text import Declared
from recount.declare.yaml_text import build_model, read_yaml

_FILE = "cubes.yml"
POOLED = "pooled"
"""What stands in a dimension of a cube for codes whose counts are too small to show."""
YEAR, MONTH, COUNT = "fiscal_year", "month", "row_count"


class CubeDimension(Declared):
    """A column of an event table that a cube counts by; `grouped_as` names the groups of its codes instead."""

    column: str
    grouped_as: str | None = None

    @property
    def name(self) -> str:
        """The column's name in the cube."""
        return self.grouped_as or self.column


class Cube(Declared):
    """The dimensions of one table's cube, the one that is kept longest first.

    What a release does not give is left out of its cube. Months, of the table's own date, come before the
    dimensions, and fiscal years before months.
    """

    table: str
    dimensions: list[CubeDimension] = PydanticField(min_length=1)


class LeftOut(Declared):
    """A release of which no cube is made, and why."""

    release: str
    reason: str


class DimensionsLeftOut(Declared):
    """Dimensions by which one release is not counted, and why.

    Where two releases hold the same rows and only one of them is split by a dimension, the difference between
    the two tells small counts of it.
    """

    release: str
    table: str
    dimensions: list[str] = PydanticField(min_length=1)
    reason: str


class Cubes(Declared):
    """All cubes, the count from which a cell is shown, and the reading under which rows are counted.

    Counts below `middling_times` the threshold are pooled with what is left of small ones before larger ones are.
    """

    threshold: int = PydanticField(ge=3)
    threshold_reason: str
    middling_times: int = PydanticField(ge=2)
    middling_reason: str
    reading: dict[str, str]
    reading_reason: str
    left_out: list[LeftOut] = []
    dimensions_left_out: list[DimensionsLeftOut] = []
    cubes: list[Cube]

    def of_table(self, table: str, release: str) -> Cube | None:
        """Returns the cube of a release's event table, `None` where none is made."""
        if any(each.release == release for each in self.left_out):
            return None
        cube = next((each for each in self.cubes if each.table == table), None)
        without = {
            name
            for each in self.dimensions_left_out
            if (each.release, each.table) == (release, table)
            for name in each.dimensions
        }
        if cube is None or not without:
            return cube
        kept = [each for each in cube.dimensions if each.name not in without]
        return cube.model_copy(update={"dimensions": kept})

    def why_none(self, table: str, release: str) -> str | None:
        """Returns why no cube is made of a release's event table, `None` where one is."""
        if self.of_table(table, release) is not None:
            return None
        reasons = [each.reason for each in self.left_out if each.release == release]
        return reasons[0] if reasons else "No cube is declared for the table."


def load_cubes(catalog: Catalog) -> Cubes:
    """Returns the declared cubes: the package's, or the user's file of the same name."""
    return _load(*catalog.folders)


@functools.lru_cache(maxsize=4)
def _load(shipped: Path, over: Path) -> Cubes:
    path = over / _FILE if (over / _FILE).is_file() else shipped / _FILE
    return build_model(Cubes, read_yaml(path, _FILE))
