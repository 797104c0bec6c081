"""Declarations of the columns of exported answers: what each means, and its type."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Literal

from recount.declare.catalog import Catalog
from recount.declare.text import Declared
from recount.declare.yaml_text import build_model, read_yaml

FILE = "answer_columns.yml"

BOUND: Literal["bound"] = "bound"
AnswerType = Literal["text", "count", "number", "date", "boolean", "bound"]
"""A bound is an exact number as text, "183/352", exported as a number, and unless it is one of a count as text too."""


class AnswerColumn(Declared):
    """One column that rows of answers can have."""

    column: str
    type: AnswerType
    description: str
    unit: str | None = None


class Side(Declared):
    """One number of several in a row; its columns have its name before theirs."""

    side: str
    description: str


class Outcomes(Declared):
    """The columns of what had happened within a time, which a measure names itself."""

    type: Literal["count"]
    unit: str
    description: str


class AnswerColumns(Declared):
    """All columns that rows of answers can have, the dimensions of measures left out."""

    reason: str
    columns: list[AnswerColumn]
    sides: list[Side]
    outcomes: Outcomes

    def find(self, name: str) -> AnswerColumn | None:
        """Returns what is declared of a column, of a side too; `None` where nothing is."""
        known = {each.column: each for each in self.columns}
        if name in known:
            return known[name]
        for each in self.sides:
            own = known.get(name.removeprefix(f"{each.side}_"))
            if own is not None and name.startswith(f"{each.side}_"):
                described = f"{each.description} {own.description[0].lower()}{own.description[1:]}"
                return own.model_copy(update={"column": name, "description": described})
        return None


def load_answer_columns(catalog: Catalog) -> AnswerColumns:
    """Returns the declared columns of answers: the package's file, or the user's of the same name."""
    return _load(*catalog.folders)


@functools.lru_cache(maxsize=4)
def _load(shipped: Path, over: Path) -> AnswerColumns:
    path = over / FILE if (over / FILE).is_file() else shipped / FILE
    return build_model(AnswerColumns, read_yaml(path, FILE))
