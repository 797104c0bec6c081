"""Places by name, as questions give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from recount.declare.catalog import Catalog
from recount.declare.claims import PLACE_DIMENSIONS
from recount.errors import UnknownNameError, UsageError, Worded
from recount.record.store import Record

COUNTRY = "US"


@dataclass(frozen=True, order=True)
class Place:
    """One place that figures speak of: its kind, its code, and its name in English."""

    kind: str
    code: str
    name: str


@dataclass(frozen=True)
class Places:
    """Every place that a record and its catalog know."""

    by_kind: Mapping[str, Mapping[str, Place]]
    spelled: Mapping[str, frozenset[str]]

    def find(self, where: Mapping[str, str]) -> Place:
        """Returns the place that `where` names, the country where it names none.

        Args:
            where: at most one of country, state and jurisdiction, with a name or a code.

        Raises:
            UnknownNameError: for an unknown dimension or place, with the nearest names.
            UsageError: where more than one place is named.
        """
        for dimension in where:
            if dimension not in PLACE_DIMENSIONS:
                raise UnknownNameError("dimension of place", dimension, PLACE_DIMENSIONS)
        if len(where) > 1:
            raise UsageError(
                Worded("A question speaks of one place."),
                [
                    ("given", ", ".join(f"{name}={value}" for name, value in where.items())),
                    ("fix", Worded("keep one")),
                ],
            )
        for dimension, name in where.items():
            known = self.by_kind[dimension]
            if name.casefold() not in known:
                raise UnknownNameError(
                    dimension,
                    name,
                    self.spelled[dimension],
                    [
                        (
                            "example",
                            'jurisdiction="Suffolk County, MA", state=Massachusetts, country="United States"',
                        )
                    ],
                )
            return known[name.casefold()]
        return self.by_kind["country"][COUNTRY.casefold()]

    def of_kind(self, kind: str) -> list[Place]:
        """Returns every place of a kind, ordered by code."""
        return sorted(set(self.by_kind[kind].values()), key=lambda each: each.code)


def read_places(record: Record, catalog: Catalog) -> Places:
    """Returns the places: countries and states of the catalog, jurisdictions of the record's figures."""
    by_kind: dict[str, dict[str, Place]] = {kind: {} for kind in PLACE_DIMENSIONS}
    for kind, codes in (("country", "countries"), ("state", "states")):
        for each in catalog.codes[codes].codes:
            for spelling in (each.code, *each.spellings):
                by_kind[kind][spelling.casefold()] = Place(kind, each.code, each.label.en)
    figures = record.frames["secure_communities_figures"]
    listed = (
        figures.filter(pl.col("place_kind") == "jurisdiction")
        .select("place_code", "place_name")
        .unique()
        .sort("place_code", "place_name")
    )
    jurisdictions = by_kind["jurisdiction"]
    for code, name in listed.iter_rows():
        place = jurisdictions.setdefault(code, Place("jurisdiction", code, name))
        jurisdictions.setdefault(str(name).casefold(), place)
    for each in catalog.codes["jurisdictions"].codes:
        if each.code in jurisdictions:
            for spelling in each.spellings:
                jurisdictions.setdefault(spelling.casefold(), jurisdictions[each.code])
    spelled = {kind: frozenset(each.name for each in known.values()) for kind, known in by_kind.items()}
    by_hand = {spelling for each in catalog.codes["jurisdictions"].codes for spelling in each.spellings}
    spelled["jurisdiction"] |= {each for each in by_hand if each.casefold() in jurisdictions}
    return Places(by_kind, spelled)
