"""Declarations of exports: what a format cannot hold, the licence, and words that only exports need."""

from __future__ import annotations

import datetime
import functools
from pathlib import Path
from typing import Literal

from recount.declare.catalog import Catalog
from recount.declare.text import Declared, Text
from recount.declare.yaml_text import build_model, read_yaml

_FILE = "exports.yml"

FormatName = Literal["parquet", "csv", "xlsx", "stata", "spss", "sqlite", "duckdb", "datapackage"]


class Licence(Declared):
    """Under which terms exported data can be used; `name` is one of the Open Definition."""

    name: str
    title: str
    path: str
    reason: str


class Pooled(Declared):
    """What the code `pooled` of cubes is called."""

    label: Text
    reason: str


class Booleans(Declared):
    """What yes and no are called in formats that hold numbers alone."""

    false: Text
    true: Text


class Limit(Declared):
    """What one format can hold.

    `longest_text` is counted in `unit`. `longest_label` and `title_length` are characters. `largest_integer` is
    the largest whole number that is kept as one; `most_rows` the most rows that are written at all.
    """

    format: FormatName
    longest_text: int
    unit: Literal["characters", "bytes"]
    reason: str
    sheet_rows: int | None = None
    most_rows: int | None = None
    earliest_date: datetime.date | None = None
    largest_integer: int | None = None
    longest_label: int | None = None
    title_length: int | None = None


class ReservedWords(Declared):
    """Names that a program keeps for itself."""

    words: list[str]
    reason: str


class Speaker(Declared):
    """Whether someone who says things is a person or an organisation, by the English name in claims."""

    speaker: str
    type: Literal["Person", "Organization"]


class Exports(Declared):
    """All that is declared of exports."""

    licence: Licence
    pooled: Pooled
    booleans: Booleans
    limits: list[Limit]
    stata_reserved: ReservedWords
    speakers: list[Speaker]
    speakers_reason: str

    def limit(self, name: FormatName) -> Limit:
        """Returns what the format `name` can hold.

        Raises:
            KeyError: where nothing is declared of it.
        """
        for each in self.limits:
            if each.format == name:
                return each
        raise KeyError(name)


def load_exports(catalog: Catalog) -> Exports:
    """Returns what is declared of exports: the package's file, or the user's of the same name."""
    return _load(*catalog.folders)


@functools.lru_cache(maxsize=4)
def _load(shipped: Path, over: Path) -> Exports:
    path = over / _FILE if (over / _FILE).is_file() else shipped / _FILE
    return build_model(Exports, read_yaml(path, _FILE))
