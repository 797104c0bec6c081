"""What a comparison of two releases shows of labels, and from when on a difference counts."""

from __future__ import annotations

import functools
import string
from fractions import Fraction
from pathlib import Path

from pydantic import Field as PydanticField
from pydantic import field_validator, model_validator

from recount.declare.catalog import Catalog
from recount.declare.text import Declared, Language, Text
from recount.declare.yaml_text import build_model, read_yaml

_FILE = "comparing.yml"


class Comparing(Declared):
    """The rules by which two releases are compared.

    `labels_shown` and `restated_shown` are how many of a list are shown. `missing_points` is the least
    difference between two shares of missing or blacked-out values, in percentage points, at which a gate
    closes. A release whose first row lies in the `first_days` of a month covers that month from its first day.
    `text_categories` are the text columns whose values are labels. `blank_says_nothing` are the columns
    in which a blank is no gap. `texts` fill in names in braces, the same ones in both languages.
    """

    labels_shown: int = PydanticField(ge=1)
    labels_reason: str
    restated_shown: int = PydanticField(ge=1)
    restated_reason: str
    missing_points: str
    missing_reason: str
    first_days: int = PydanticField(ge=1)
    first_reason: str
    text_categories: list[str]
    text_reason: str
    blank_says_nothing: list[str]
    blank_reason: str
    texts: dict[str, Text]

    @model_validator(mode="after")
    def _same_names(self) -> Comparing:
        for key, text in self.texts.items():
            if _names(text.en) != _names(text.es):
                raise ValueError(f"{key}: English and Spanish fill in other names")
        return self

    def say(self, text: str, language: Language, /, **filled_in: object) -> str:
        """Returns a text in one language, its names filled in."""
        return self.texts[text].in_language(language).format(**filled_in)

    def in_both(self, text: str, /, **filled_in: object) -> Text:
        """Returns a text in both languages, its names filled in."""
        return Text(en=self.say(text, "en", **filled_in), es=self.say(text, "es", **filled_in))

    @field_validator("missing_points")
    @classmethod
    def _is_number(cls, text: str) -> str:
        if Fraction(text) < 0:
            raise ValueError("is a number of percentage points, zero or more")
        return text

    @property
    def least_points(self) -> Fraction:
        """The least difference at which a gate closes, in percentage points."""
        return Fraction(self.missing_points)


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def load_comparing(catalog: Catalog) -> Comparing:
    """Returns the rules of comparing: the package's, or the user's file of the same name."""
    return _load(*catalog.folders)


@functools.lru_cache(maxsize=4)
def _load(shipped: Path, over: Path) -> Comparing:
    path = over / _FILE if (over / _FILE).is_file() else shipped / _FILE
    return build_model(Comparing, read_yaml(path, _FILE))
