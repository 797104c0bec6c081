"""The one table that says in which area of responsibility each county lies.

An area spans states, and three states are divided among areas: neither an area nor a state tells the other.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field as PydanticField

from recount.declare.catalog import Catalog
from recount.declare.naming import no_such_name
from recount.declare.tables import CodeList
from recount.declare.text import Declared, Language
from recount.declare.yaml_text import build_model, read_yaml
from recount.errors import CatalogError, UnknownNameError

COUNTY_AREAS = "places/county_areas.yml"
_COUNTY = re.compile(r"\d{3}")
_JOINED: dict[Language, tuple[str, str]] = {"en": ("part of ", " and "), "es": ("parte de ", " y ")}


class CountiesOfArea(Declared):
    """Counties of one state that lie in one area: the last three digits of their FIPS codes, with spaces."""

    state: str
    area: str
    counties: str


class FormerCounties(CountiesOfArea):
    """Counties that older records name and newer lists do not, and why."""

    reason: str


class AreaNotShown(Declared):
    """An area that no county is given to, and why."""

    area: str
    reason: str


class CountyAreasFile(Declared):
    """The declared table: in force on `as_of`, where from, and what it does not show."""

    description: str
    source: str
    as_of: datetime.date
    as_of_reason: str
    not_shown: list[AreaNotShown] = []
    former: list[FormerCounties] = []
    counties: list[CountiesOfArea] = PydanticField(min_length=1)


@dataclass(frozen=True)
class CountyAreas:
    """In which area of responsibility each county lay on `as_of`.

    `current` and `former` give the code of the area by the county's FIPS code, five digits. `former` counties
    stand in older records only.
    """

    declared: CountyAreasFile
    current: Mapping[str, str]
    former: Mapping[str, str]
    states: CodeList

    @property
    def as_of(self) -> datetime.date:
        """The day on which the areas were these."""
        return self.declared.as_of

    def area_of(self, county_fips: str) -> str:
        """Returns the code of the area in which a county lies, former counties among them.

        Raises:
            UnknownNameError: where no county has that FIPS code.
        """
        found = self.current.get(county_fips, self.former.get(county_fips))
        if found is None:
            raise UnknownNameError(
                "county", county_fips, {**self.current, **self.former}, [("wanted", "five digits: 25025")]
            )
        return found

    def counties_of(self, area: str) -> list[str]:
        """Returns the FIPS codes of an area's counties, former ones left out, in order.

        Raises:
            UnknownNameError: where no county lies in an area of that code.
        """
        found = sorted(fips for fips, code in self.current.items() if code == area)
        if not found:
            raise UnknownNameError("area with counties", area, set(self.current.values()))
        return found

    def states_of(self, area: str) -> list[str]:
        """Returns the postal codes of the states that lie in an area, whole or in part, in order.

        Raises:
            UnknownNameError: where no county lies in an area of that code.
        """
        names = self._postal_codes()
        return sorted({names[fips[:2]] for fips in self.counties_of(area)})

    def is_whole(self, state: str) -> bool:
        """Whether all counties of a state, by its postal code, lie in one area.

        Raises:
            UnknownNameError: where no county lies in a state of that code.
        """
        names = self._postal_codes()
        areas = {code for fips, code in self.current.items() if names[fips[:2]] == state}
        if not areas:
            raise UnknownNameError("state with counties", state, names.values())
        return len(areas) == 1

    def describe_states(self, area: str, language: Language = "en") -> str:
        """Returns the states of an area as words: "Connecticut, Maine … and Vermont", or "part of Texas"."""
        part, last = _JOINED[language]
        labels = {each.code: each.label.in_language(language) for each in self.states.codes}
        states = self.states_of(area)
        shown = sorted(labels[each] for each in states if self.is_whole(each))
        shown += sorted(part + labels[each] for each in states if not self.is_whole(each))
        return last.join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]

    def _postal_codes(self) -> dict[str, str]:
        return {str(each.fips): each.code for each in self.states.codes}


def load_county_areas(catalog: Catalog) -> CountyAreas:
    """Returns the table of counties and areas: the package's, or the user's file of the same name.

    Raises:
        CatalogError: where the file does not fit its model, names a state or an area that no code list has, or
            gives a county twice.
    """
    shipped, over = catalog.folders
    path = over / COUNTY_AREAS if (over / COUNTY_AREAS).is_file() else shipped / COUNTY_AREAS
    return _load(path, catalog.codes["states"], catalog.codes["areas_of_responsibility"])


def _load(path: Path, states: CodeList, areas: CodeList) -> CountyAreas:
    declared = _read(path, path.stat().st_mtime_ns)
    problems = [(COUNTY_AREAS, each) for each in _problems(declared, states, areas)]
    if problems:
        raise CatalogError("The table of counties and areas does not fit together.", problems)
    fips = {each.code: str(each.fips) for each in states.codes}
    current, former = (
        {fips[each.state] + code: each.area for each in entries for code in each.counties.split()}
        for entries in (declared.counties, declared.former)
    )
    return CountyAreas(declared, dict(sorted(current.items())), dict(sorted(former.items())), states)


@functools.lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> CountyAreasFile:
    """`changed` tells a file from what it was before."""
    del changed
    return build_model(CountyAreasFile, read_yaml(path, COUNTY_AREAS))


def _problems(declared: CountyAreasFile, states: CodeList, areas: CodeList) -> Iterator[str]:
    known_states = [each.code for each in states.codes]
    known_areas = [each.code for each in areas.codes]
    seen: set[tuple[str, str]] = set()
    shown = {each.area for each in declared.counties}
    for each in (*declared.counties, *declared.former):
        if each.state not in known_states:
            yield no_such_name("state", each.state, known_states)
        if each.area not in known_areas:
            yield no_such_name("area", each.area, known_areas)
        for code in each.counties.split():
            if not _COUNTY.fullmatch(code):
                yield f"{each.state}: {code!r} is not three digits"
            if (each.state, code) in seen:
                yield f"{each.state}: the county {code} is given twice"
            seen.add((each.state, code))
    for one in declared.not_shown:
        if one.area in shown:
            yield f"{one.area} has counties, and is among the areas not shown"
    for name in known_areas:
        if name not in shown and all(one.area != name for one in declared.not_shown):
            yield f"{name} has no county, and nothing says why"
