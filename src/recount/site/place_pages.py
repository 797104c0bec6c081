"""Pages of places: what the record prints and counts of each, and what it is not."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from recount.declare.site_pages import PageQuestion, PlaceKind
from recount.declare.text import Language
from recount.measure.answer import Answer
from recount.measure.figures import MeasuredFigure
from recount.site.chapters import Chapter, Contents, joined
from recount.site.exhibits import Exhibit
from recount.site.material import Material
from recount.site.measures import draw, files_of
from recount.site.places import INDEX, Atlas, SitePlace
from recount.site.receipts import data_path, receipt_path, receipts_of
from recount.site.shell import Shell

_SEARCH_INDEXES: dict[Language, str] = {"en": "assets/places-en.js", "es": "assets/places-es.js"}
_FACILITIES = "detention_facilities"
_MOST_LISTED = 120


@dataclass(frozen=True)
class JurisdictionLine:
    """A jurisdiction in the table of its state: its numbers in the order of the table's measures."""

    code: str
    name: str
    address: str
    area: str
    area_address: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Facility:
    """A place of detention as the latest workbook lists it, and in which row."""

    name: str
    city: str
    state: str
    kind: str
    row: int


def place_chapters(material: Material) -> Iterator[Chapter]:
    """Yields the list of places with its index for the search, and a chapter for each place."""
    atlas = Atlas(material)
    yield Chapter((INDEX, *_SEARCH_INDEXES.values()), lambda: _index(atlas), weight=3)
    for each in atlas.places:
        yield _chapter(each, atlas)


def _chapter(place: SitePlace, atlas: Atlas) -> Chapter:
    material = atlas.material

    def contents() -> Contents:
        exhibits = _exhibits(place, material)
        asked = [*exhibits.values()]
        if place.kind == "state" and place.code in atlas.jurisdictions:
            asked += _of_jurisdictions(material)
        return joined(
            Contents({place.path: lambda shell: _page(place, atlas, shell)}),
            *(files_of(each, name) for name, each in exhibits.items()),
            receipts_of(material, asked),
        )

    names = [_file_name(place, each) for each in material.plan.places[place.kind]]
    files = [data_path(each, suffix) for each in names for suffix in ("csv", "json")]
    return Chapter((place.path, *files), contents, weight=3 if place.kind == "aor" else 2)


def _exhibits(place: SitePlace, material: Material) -> dict[str, Exhibit]:
    """Returns the answers of a place's page that the record can give, by the name of their files."""
    found = {}
    for each in material.plan.places[place.kind]:
        exhibit = material.exhibit(each.measure, each.by, place.where, each.release)
        if not exhibit.is_empty:
            found[_file_name(place, each)] = exhibit
    return found


def _file_name(place: SitePlace, asked: PageQuestion) -> str:
    return f"{place.key}-{asked.measure}-by-{'-'.join(asked.by)}"


def _of_jurisdictions(material: Material) -> list[Exhibit]:
    """Returns the answers of all jurisdictions: one question for the whole country, and one receipt."""
    return [material.exhibit(each, ("jurisdiction",)) for each in material.plan.jurisdiction_columns]


def _page(place: SitePlace, atlas: Atlas, shell: Shell) -> bytes:
    material = atlas.material
    exhibits = _exhibits(place, material)
    lines = list(_lines(place, atlas, shell)) if place.kind == "state" else []
    facilities, listed_by = _facilities(place, atlas)
    return shell.render(
        "place.html.j2",
        place.path,
        place=place,
        name=place.names[shell.language],
        covers=_covers(place, material, shell),
        areas=atlas.areas_of_state(place.code) if place.kind == "state" else [],
        states=atlas.states_of_area(place.code) if place.kind == "aor" else [],
        county=_county(place, atlas),
        cities=_cities(place, atlas),
        drawn=[(each.answer.measure, draw(each, name, shell)) for name, each in exhibits.items()],
        jurisdictions=lines,
        columns=[
            (material.measures[each].title.in_language(shell.language), receipt_path(exhibit.receipt))
            for each, exhibit in zip(
                material.plan.jurisdiction_columns, _of_jurisdictions(material) if lines else [], strict=False
            )
        ],
        facilities=facilities[:_MOST_LISTED],
        listed_by=listed_by,
        claims=_claims(place, material, shell),
    )


def _covers(place: SitePlace, material: Material, shell: Shell) -> str:
    if place.kind != "aor" or place.code not in set(material.areas.current.values()):
        return ""
    return material.areas.describe_states(place.code, shell.language)


def _county(place: SitePlace, atlas: Atlas) -> list[SitePlace]:
    """Returns the state and the area of a jurisdiction."""
    if place.kind != "jurisdiction":
        return []
    area = atlas.material.areas.area_of(place.code).lower()
    return [atlas.by_key[f"state-{atlas.state_of(place.code).lower()}"], atlas.by_key[f"aor-{area}"]]


def _cities(place: SitePlace, atlas: Atlas) -> list[tuple[str, list[tuple[str, str]], SitePlace]]:
    """Returns the cities that a place is named after or holds: each with its counties, and the area of its name."""
    found = []
    for each in atlas.material.plan.cities:
        if place.code == each.area or place.code in each.counties:
            names = {code: name for held in atlas.jurisdictions.values() for code, name in held}
            counties = [
                (names[code], atlas.address_of_jurisdiction(code, atlas.state_of(code)))
                for code in each.counties
                if code in names
            ]
            found.append((each.city, counties, atlas.by_key[f"aor-{each.area.lower()}"]))
    return found


def _lines(place: SitePlace, atlas: Atlas, shell: Shell) -> Iterator[JurisdictionLine]:
    held = atlas.jurisdictions.get(place.code, [])
    if not held:
        return
    material = atlas.material
    columns: list[dict[str, MeasuredFigure]] = []
    for each in _of_jurisdictions(material):
        figures = each.answer.figures if isinstance(each.answer, Answer) else ()
        columns.append({one.place_code: one for one in figures})
    for code, name in held:
        area = material.areas.current.get(code, material.areas.former.get(code, ""))
        yield JurisdictionLine(
            code=code,
            name=name,
            address=atlas.address_of_jurisdiction(code, place.code),
            area=area,
            area_address=f"places/aor-{area.lower()}.html" if area else "",
            numbers=tuple(shell.words.value(one[code]) if code in one else "–" for one in columns),
        )


def _facilities(place: SitePlace, atlas: Atlas) -> tuple[list[Facility], str]:
    """Returns the places of detention that the latest workbook lists in a state or an area, and its release."""
    frames = atlas.material.record.record.frames
    column = {"state": "state_original", "aor": "aor_original"}.get(place.kind)
    if column is None or _FACILITIES not in frames:
        return [], ""
    listed = frames[_FACILITIES]
    latest = listed.filter(pl.col("through_date") == pl.col("through_date").max())
    release = str(latest["release"].max())
    known = {place.code}
    if place.kind == "aor":
        codes = atlas.material.catalog.codes["areas_of_responsibility"].codes
        known |= {text for each in codes if each.code == place.code for text in each.spellings}
    rows = latest.filter((pl.col("release") == release) & pl.col(column).is_in(sorted(known)))
    rows = rows.sort("facility_name", "row_original")
    return [
        Facility(name, city or "", state or "", kind or "", row)
        for name, city, state, kind, row in rows.select(
            "facility_name", "city", "state_original", "facility_kind", "row_original"
        ).iter_rows()
    ], release


def _claims(place: SitePlace, material: Material, shell: Shell) -> list[tuple[str, str]]:
    return [
        (each.claim, each.title.in_language(shell.language))
        for each in material.claims
        if any(
            (one.place.kind, one.place.code) == (place.kind, place.code)
            for one in material.verdict(each.claim).asked
        )
    ]


def _index(atlas: Atlas) -> Contents:
    return Contents(
        {INDEX: lambda shell: _list(atlas, shell)},
        {
            file: functools.partial(_search_index, atlas, language)
            for language, file in _SEARCH_INDEXES.items()
        },
    )


def _list(atlas: Atlas, shell: Shell) -> bytes:
    kinds: tuple[PlaceKind, ...] = ("country", "aor", "state", "jurisdiction")
    return shell.render(
        "places.html.j2",
        INDEX,
        by_kind={kind: atlas.of_kind(kind) for kind in kinds},
        first=[atlas.by_key[each] for each in atlas.material.plan.first_places if each in atlas.by_key],
        covers={each.key: _covers(each, atlas.material, shell) for each in atlas.of_kind("aor")},
        cities=[
            (city, counties, area)
            for each in atlas.of_kind("aor")
            for city, counties, area in _cities(each, atlas)
        ],
    )


def _search_index(atlas: Atlas, language: Language) -> bytes:
    """Returns the places as a script that the search box loads: names, kinds, addresses, cities, jurisdictions."""
    places = [[each.names[language], each.kind, each.path] for each in atlas.places]
    covers = {
        each.code: atlas.material.areas.describe_states(each.code, language)
        for each in atlas.of_kind("aor")
        if each.code in set(atlas.material.areas.current.values())
    }
    held = {
        state: [
            [code, name, atlas.material.areas.current.get(code, atlas.material.areas.former.get(code, ""))]
            for code, name in lines
        ]
        for state, lines in sorted(atlas.jurisdictions.items())
    }
    cities = [[each.city, each.area, each.counties] for each in atlas.material.plan.cities]
    values = {"places": places, "covers": covers, "jurisdictions": held, "cities": cities}
    return (
        f"window.recountPlaces = {json.dumps(values, ensure_ascii=False, separators=(',', ':'))};\n".encode()
    )
