"""How a sentence is read into the draft of a claim, and the words of drafting and explaining, as declared."""

from __future__ import annotations

import string
from collections.abc import Mapping

from pydantic import Field as PydanticField
from pydantic import model_validator

from recount.declare.catalog import Catalog
from recount.declare.claims import Number
from recount.declare.text import Declared, Language, Text
from recount.declare.yaml_text import build_model, read_yaml

DRAFTING = "drafting.yml"


class Spelled(Declared):
    """Ways to write one thing, in both languages."""

    en: list[str] = []
    es: list[str] = []

    def all(self) -> list[str]:
        """Returns every spelling, longest first: a longer one says more than a shorter one within it."""
        return sorted({*self.en, *self.es}, key=lambda each: (-len(each), each))


class SpelledHedge(Spelled):
    """Further spellings of a hedge of `wording.yml`, beside the one it has there."""

    hedge: str


class SpelledNumber(Spelled):
    """A number in words: a share (`half`), or what a number before it is multiplied by (`million`)."""

    number: Number


class SpelledType(Spelled):
    """Words that point to one type of claim."""

    type: str


class Weight(Declared):
    """How much a word counts that stands in one text of a measure."""

    title: int = PydanticField(gt=0)
    population: int = PydanticField(gt=0)
    description: int = PydanticField(gt=0)
    labels: int = PydanticField(gt=0)
    kind: int = PydanticField(gt=0)
    place: int = PydanticField(gt=0)
    reason: str


class Years(Declared):
    """The whole numbers that are read as years, both ends among them."""

    first: int
    last: int


class Group(Declared):
    """Words that speakers use for one thing that measures name otherwise."""

    words: Spelled
    reason: str


class Drafting(Declared):
    """How a sentence is read, how measures are ranked for it, and the words of drafting and explaining.

    `passed_over` are the words that say nothing of what is counted; `proposed` measures of printed figures are
    offered, and `proposed_records` of individual records. More than
    `named_releases` of one title, and than `named_parts` of a measure, stand together in an explanation. `texts` fill
    in names in braces, the same ones in both languages.
    """

    hedges: list[SpelledHedge]
    shares: list[SpelledNumber]
    multipliers: list[SpelledNumber]
    types: list[SpelledType]
    articles: Spelled
    years: Years
    years_reason: str
    fiscal_year: Spelled
    exactly_on: Spelled
    language_words: Spelled
    passed_over: Spelled
    same: list[Group]
    weights: Weight
    shortest_stem: int = PydanticField(gt=1)
    stem_reason: str
    proposed: int = PydanticField(gt=0)
    proposed_reason: str
    proposed_records: int = PydanticField(gt=0)
    proposed_records_reason: str
    named_releases: int = PydanticField(gt=0)
    named_releases_reason: str
    named_parts: int = PydanticField(gt=1)
    named_parts_reason: str
    rounded_reason: str
    texts: dict[str, Text]

    @model_validator(mode="after")
    def _same_names(self) -> Drafting:
        for key, text in self.texts.items():
            if _names(text.en) != _names(text.es):
                raise ValueError(f"{key}: English and Spanish fill in other names")
        return self

    def say(self, text: str, language: Language, /, **filled_in: object) -> str:
        """Returns a text in one language, its names filled in."""
        return self.texts[text].in_language(language).format(**filled_in)

    def texts_in(self, language: Language) -> Mapping[str, str]:
        """Returns every text in one language."""
        return {key: text.in_language(language) for key, text in self.texts.items()}


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def load_drafting(catalog: Catalog) -> Drafting:
    """Returns what `drafting.yml` declares, from the overlay where it has the file.

    Raises:
        CatalogError: where the file does not fit its model.
    """
    shipped, over = catalog.folders
    path = over / DRAFTING if (over / DRAFTING).is_file() else shipped / DRAFTING
    return build_model(Drafting, read_yaml(path, DRAFTING))
