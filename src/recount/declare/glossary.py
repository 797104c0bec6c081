"""The glossary: each word that pages use, in both languages, with one meaning and where the meaning comes from."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field as PydanticField
from pydantic import model_validator

from recount.declare.text import AnyText, Declared, Text
from recount.declare.yaml_text import build_model, read_yaml

if TYPE_CHECKING:
    from recount.declare.catalog import Catalog

GLOSSARY = "glossary.yml"
OWN = Text(en="this project", es="este proyecto")
"""The source of our own words."""


class Term(Declared):
    """One word and its meaning.

    Without a `source` it is this project's own. `see` is a page of the project, by its path, that says more.
    `spanish_from` says who calls it so in Spanish, where that is not whoever gives the meaning; `spanish_url` is
    where they do.
    """

    term: Text
    meaning: Text
    source: AnyText | None = None
    see: str | None = None
    spanish_from: str | None = None
    spanish_url: str | None = None

    @model_validator(mode="after")
    def _address_of_someone(self) -> Term:
        if self.spanish_url is not None and self.spanish_from is None:
            raise ValueError("spanish_url is the address of whoever spanish_from names")
        return self


class Section(Declared):
    """Words of one matter, and a remark on them."""

    section: str
    title: Text
    terms: list[Term] = PydanticField(min_length=1)
    note: Text | None = None


class Glossary(Declared):
    """All words, by section."""

    intro: Text
    sections: list[Section] = PydanticField(min_length=1)

    @model_validator(mode="after")
    def _one_meaning_each(self) -> Glossary:
        for language, words in (
            ("English", [each.term.en for each in self.terms()]),
            ("Spanish", [each.term.es for each in self.terms()]),
        ):
            twice = sorted({each for each in words if words.count(each) > 1})
            if twice:
                raise ValueError(f"two meanings of one {language} word: {', '.join(twice)}")
        return self

    def terms(self) -> Iterator[Term]:
        """Yields every term, in the order declared."""
        for section in self.sections:
            yield from section.terms


def load_glossary(catalog: Catalog) -> Glossary:
    """Returns the declared glossary: the package's, or the user's file of the same name.

    Raises:
        CatalogError: where the file does not fit its model, or gives one word two meanings.
    """
    shipped, over = catalog.folders
    path = next(each for each in (over / GLOSSARY, shipped / GLOSSARY) if each.is_file())
    return _load(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=4)
def _load(path: Path, changed: int) -> Glossary:
    """`changed` tells a file from what it was before."""
    del changed
    return build_model(Glossary, read_yaml(path, GLOSSARY))
