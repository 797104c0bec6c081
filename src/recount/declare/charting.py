"""What charts of individual records hold, and the words on them, as the catalog declares them."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field as PydanticField
from pydantic import model_validator

from recount.declare.catalog import Catalog
from recount.declare.text import Declared, Text
from recount.declare.yaml_text import build_model, read_yaml

CHARTING = "charting.yml"


class Limit(Declared):
    """One number that decides how a chart is drawn, and why it is that one."""

    value: Annotated[int, PydanticField(ge=1)]
    reason: str


class Ranked(Declared):
    """Dimensions whose parts have no order of their own, and are drawn by size."""

    dimensions: list[str]
    reason: str


class Charting(Declared):
    """How charts of individual records are drawn.

    `most_parts` are the parts of a dimension on one chart, the rest taken together. Releases of which the largest
    number is more than `times_apart` that of another have panels with scales of their own. `most_columns` and
    `most_rows` are the years drawn as columns and the bars drawn as rows. `texts` fill in names in braces, the
    same ones in both languages.
    """

    most_parts: Limit
    times_apart: Limit
    most_columns: Limit
    most_rows: Limit
    ranked: Ranked
    texts: dict[str, Text]

    @model_validator(mode="after")
    def _same_names(self) -> Charting:
        for key, text in self.texts.items():
            if _names(text.en) != _names(text.es):
                raise ValueError(f"{key}: English and Spanish fill in other names")
        return self


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def load_charting(catalog: Catalog) -> Charting:
    """Returns what `charting.yml` declares, from the overlay where it has the file.

    Raises:
        CatalogError: where the file does not fit its model.
    """
    shipped, over = catalog.folders
    path = over / CHARTING if (over / CHARTING).is_file() else shipped / CHARTING
    return build_model(Charting, read_yaml(path, CHARTING))


def texts_of(charting: Charting, language: str) -> Mapping[str, str]:
    """Returns the texts in one language."""
    return {key: text.en if language == "en" else text.es for key, text in charting.texts.items()}
