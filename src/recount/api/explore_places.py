"""Places by name: what is called so, what it is not, and which questions can be asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recount.api.explore_address import MEASURE, PLACE, ExploreAddress
from recount.api.explore_choices import Choices
from recount.api.explore_words import AnyMeasure, ExploreWords
from recount.declare.county_areas import CountyAreas, load_county_areas
from recount.declare.tables import Code
from recount.errors import UnknownNameError, nearest_names

_MOST = 8
"""So many places of a name are listed; a county's name is found in thirty states."""
_KINDS = ("aor", "state", "jurisdiction")


@dataclass(frozen=True)
class Ask:
    """A question that can be asked of a place."""

    label: str
    address: ExploreAddress


@dataclass(frozen=True)
class FoundPlace:
    """A place of the name that was looked for: its name, what it is, and what can be asked of it."""

    name: str
    what: str
    asks: tuple[Ask, ...]
    note: str = ""


@dataclass(frozen=True)
class PlaceSearch:
    """What was found of a name; where nothing was, the nearest names."""

    text: str
    found: tuple[FoundPlace, ...]
    more: int
    nearest: tuple[str, ...]


class PlaceIndex:
    """The areas of responsibility, states and jurisdictions that a record speaks of."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.say: ExploreWords = choices.say
        self.catalog = choices.catalog
        self.areas: CountyAreas = load_county_areas(self.catalog)

    def search(self, text: str, address: ExploreAddress, measure: AnyMeasure | None) -> PlaceSearch:
        """Returns the places whose name is, begins with, or holds a text; cities and areas of one name are told apart.

        Args:
            text: as written.
            address: of the question at hand.
            measure: that it asks, whose own dimensions come first.
        """
        wanted = " ".join(text.split()).casefold()
        areas = [each for each in self.catalog.codes["areas_of_responsibility"].codes if _holds(each, wanted)]
        states = [
            each for each in self.catalog.codes["states"].codes if _holds(each, wanted, exact_code=True)
        ]
        jurisdictions = self._jurisdictions(wanted)
        found = [
            *(self._area(each, address, measure) for each in areas),
            *(self._state(each, address, measure) for each in states),
            *(self._jurisdiction(code, name, address, measure) for code, name in jurisdictions),
        ]
        nearest = [] if found else nearest_names(text, self._names())
        return PlaceSearch(text, tuple(found[:_MOST]), max(0, len(found) - _MOST), tuple(nearest))

    def _names(self) -> set[str]:
        places = self.choices.record.book.places
        areas = {each.label.en for each in self.catalog.codes["areas_of_responsibility"].codes}
        return areas | set(places.spelled["state"]) | set(places.spelled["jurisdiction"])

    def _jurisdictions(self, wanted: str) -> list[tuple[str, str]]:
        """Returns jurisdictions by name, those that begin with the text first; a city may lead to its county."""
        known = self.choices.record.book.places.by_kind["jurisdiction"]
        codes = {place.code: place.name for spelling, place in known.items() if wanted in spelling}
        return sorted(codes.items(), key=lambda each: (not each[1].casefold().startswith(wanted), each[1]))

    def _area(self, area: Code, address: ExploreAddress, measure: AnyMeasure | None) -> FoundPlace:
        label = area.label.in_language(self.say.words.language)
        try:
            covers = self.areas.describe_states(area.code, self.say.words.language)
        except UnknownNameError:
            what = self.say.gettext(
                "Not an area: what ICE writes where its headquarters made the arrest or keeps the case."
            )
        else:
            what = self.say.gettext(
                "An area of responsibility of ICE: %(covers)s. It is not the city of that name.",
                covers=covers,
            )
        name = self.say.gettext("%(name)s area of responsibility", name=label)
        return FoundPlace(name, what, tuple(self._asks("aor", area.label.en, label, address, measure)))

    def _state(self, state: Code, address: ExploreAddress, measure: AnyMeasure | None) -> FoundPlace:
        label = state.label.in_language(self.say.words.language)
        areas = sorted(
            self.catalog.codes["areas_of_responsibility"].label(code).in_language(self.say.words.language)
            for code in {
                area
                for fips, area in self.areas.current.items()
                if state.fips is not None and fips.startswith(state.fips)
            }
        )
        what = self.say.gettext("A state or territory.")
        if areas:
            what = self.say.ngettext(
                "A state, in the %(areas)s area of responsibility.",
                "A state, divided among the areas of responsibility %(areas)s.",
                len(areas),
                areas=self.say.words.listing(areas),
            )
        return FoundPlace(label, what, tuple(self._asks("state", state.code, label, address, measure)))

    def _jurisdiction(
        self, code: str, name: str, address: ExploreAddress, measure: AnyMeasure | None
    ) -> FoundPlace:
        declared = next(
            (each for each in self.catalog.codes["jurisdictions"].codes if each.code == code), None
        )
        cities = [] if declared is None else [each for each in declared.spellings if each != name]
        what = self.say.gettext("A county, or what counts as one, in the Secure Communities figures.")
        if cities:
            what += " " + self.say.gettext(
                "Printed as “%(names)s” too.", names=self.say.words.listing(cities)
            )
        area = self.areas.current.get(code)
        if area is not None:
            label = (
                self.catalog.codes["areas_of_responsibility"].label(area).in_language(self.say.words.language)
            )
            what += " " + self.say.gettext("It lies in the %(area)s area of responsibility.", area=label)
        return FoundPlace(name, what, tuple(self._asks("jurisdiction", name, name, address, measure)))

    def _asks(
        self, dimension: str, value: str, label: str, address: ExploreAddress, measure: AnyMeasure | None
    ) -> Iterator[Ask]:
        """Yields the question at hand limited to the place, where its measure can be; otherwise a few that can."""
        bare = address.without(PLACE)
        if measure is not None and dimension in self.choices.dimensions(measure)[0]:
            for each in _KINDS:
                bare = bare.without_limit(each)
            if dimension in bare.by:
                bare = bare.without_part(dimension)
            asked = bare.with_limit(dimension, value)
            yield Ask(self.say.gettext("Limit the question to %(place)s", place=label), asked)
            return
        for name in self._able(dimension):
            other = self.choices.find(name)
            if other is not None:
                title = other.title.in_language(self.say.words.language)
                asked = ExploreAddress(((MEASURE, name),)).with_limit(dimension, value)
                yield Ask(title[:1].upper() + title[1:], asked)

    def _able(self, dimension: str) -> Sequence[str]:
        """Returns the first few measures that can be limited by a dimension, counts before shares."""
        able = [
            each
            for each in self.choices.every
            if self.choices.holds(each) and dimension in self.choices.dimensions(each)[0]
        ]
        able.sort(key=lambda each: each.kind != "count")
        return [each.measure for each in able[:3]]


def _holds(code: Code, wanted: str, *, exact_code: bool = False) -> bool:
    """Returns whether a code is called by a text: its label or a spelling begins with it, or it is the code."""
    names = [code.label.en, code.label.es, *([] if exact_code else code.spellings)]
    return bool(wanted) and (
        wanted == code.code.casefold() or any(each.casefold().startswith(wanted) for each in names)
    )
