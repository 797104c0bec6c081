"""By what rule statements are taken among the shipped claims, and what kinds of speaker there are."""

from __future__ import annotations

import datetime
import functools
from pathlib import Path

from pydantic import model_validator

from recount.declare.catalog import Catalog
from recount.declare.claims import Speaker
from recount.declare.text import Declared, Text
from recount.declare.yaml_text import build_model, read_yaml

_FILE = "inclusion.yml"


class Condition(Declared):
    """One condition that a shipped claim meets, and why."""

    condition: str
    text: Text
    reason: str


class KindOfSpeaker(Declared):
    """One kind of speaker, as people call it."""

    speaker: Speaker
    label: Text


class Inclusion(Declared):
    """The rule of inclusion, decided before the claims that it lets in were checked."""

    decided: datetime.date
    conditions: list[Condition]
    speakers: list[KindOfSpeaker]
    speakers_reason: str

    @model_validator(mode="after")
    def _each_kind_once(self) -> Inclusion:
        named = [each.speaker for each in self.speakers]
        if len(set(named)) != len(named):
            raise ValueError("a kind of speaker is named twice")
        return self


def load_inclusion(catalog: Catalog) -> Inclusion:
    """Returns the rule of inclusion: the package's file, or the user's of the same name."""
    return _load(*catalog.folders)


@functools.lru_cache(maxsize=4)
def _load(shipped: Path, over: Path) -> Inclusion:
    path = over / _FILE if (over / _FILE).is_file() else shipped / _FILE
    return build_model(Inclusion, read_yaml(path, _FILE))
