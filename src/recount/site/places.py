"""Places: which have a page, what each is called, and what it lies in. An area of responsibility is not its city."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from recount.declare.site_pages import PlaceKind
from recount.declare.text import Language
from recount.site.material import Material

INDEX = "places/index.html"
_KINDS: tuple[PlaceKind, ...] = ("country", "state", "aor", "jurisdiction")


@dataclass(frozen=True)
class SitePlace:
    """A place with a page: its kind, its code, and its name in each language."""

    kind: PlaceKind
    code: str
    names: Mapping[Language, str]

    @property
    def key(self) -> str:
        """What a place is called in addresses and in `site.yml`: `state-ma`."""
        return f"{self.kind}-{self.code.lower()}"

    @property
    def path(self) -> str:
        """Where its page lies."""
        return f"places/{self.key}.html"

    @property
    def where(self) -> dict[str, str]:
        """The condition that limits a question to it; the whole country is no condition."""
        return {} if self.kind == "country" else {self.kind: self.code}


class Atlas:
    """The places of a record."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self._book = material.record.book

    @functools.cached_property
    def places(self) -> tuple[SitePlace, ...]:
        """Every place with a page: the first ones as declared, then by kind and name."""
        found = [*self._listed("country", "countries"), *self._listed("state", "states"), *self._areas()]
        found += self._jurisdictions()
        first = list(self.material.plan.first_places)

        def order(each: SitePlace) -> tuple[int, int, str, str]:
            place = first.index(each.key) if each.key in first else len(first)
            return (place, _KINDS.index(each.kind), each.names["en"], each.code)

        return tuple(sorted(found, key=order))

    @functools.cached_property
    def by_key(self) -> dict[str, SitePlace]:
        """Places by what they are called in addresses."""
        return {each.key: each for each in self.places}

    @functools.cached_property
    def jurisdictions(self) -> dict[str, list[tuple[str, str]]]:
        """The jurisdictions of each state, by its postal code: FIPS code and name, in the order of names."""
        states = {str(each.fips): each.code for each in self.material.catalog.codes["states"].codes}
        found: dict[str, list[tuple[str, str]]] = {}
        for each in self._book.places.of_kind("jurisdiction"):
            if each.code[:2] in states:
                found.setdefault(states[each.code[:2]], []).append((each.code, each.name))
        return {state: sorted(held, key=lambda each: (each[1], each[0])) for state, held in found.items()}

    def of_kind(self, kind: PlaceKind) -> list[SitePlace]:
        """Returns the places of a kind, in the order of their names."""
        return sorted((each for each in self.places if each.kind == kind), key=lambda each: each.names["en"])

    def areas_of_state(self, state: str) -> list[SitePlace]:
        """Returns the areas of responsibility in which a state lies, whole or in part."""
        areas = self.material.areas
        return [
            each
            for each in self.of_kind("aor")
            if each.code in set(areas.current.values()) and state in areas.states_of(each.code)
        ]

    def states_of_area(self, area: str) -> list[SitePlace]:
        """Returns the states that lie in an area of responsibility, whole or in part."""
        if area not in set(self.material.areas.current.values()):
            return []
        states = self.material.areas.states_of(area)
        return [each for each in self.of_kind("state") if each.code in states]

    def address_of_jurisdiction(self, code: str, state: str) -> str:
        """Returns where a jurisdiction stands: its own page, or its line in the table of its state."""
        own = self.by_key.get(f"jurisdiction-{code}")
        return own.path if own else f"places/state-{state.lower()}.html#j{code}"

    def state_of(self, code: str) -> str:
        """Returns the postal code of the state in which a jurisdiction lies."""
        return next(
            each.code for each in self.material.catalog.codes["states"].codes if each.fips == code[:2]
        )

    def _listed(self, kind: PlaceKind, codes: str) -> Iterator[SitePlace]:
        for each in self.material.catalog.codes[codes].codes:
            if kind != "country" or each.code == "US":
                yield SitePlace(kind, each.code, {"en": each.label.en, "es": each.label.es})

    def _areas(self) -> Iterator[SitePlace]:
        for each in self.material.catalog.codes["areas_of_responsibility"].codes:
            if each.code not in self.material.plan.areas_without_page:
                names: dict[Language, str] = {
                    "en": f"{each.label.en} AOR",
                    "es": f"AOR de {each.label.es}",
                }
                yield SitePlace("aor", each.code, names)

    def _jurisdictions(self) -> Iterator[SitePlace]:
        for state in self.material.plan.jurisdiction_pages:
            for code, name in self.jurisdictions.get(state, []):
                yield SitePlace("jurisdiction", code, {"en": name, "es": name})
