"""Places: a country, its states, and jurisdictions by county code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from recount.clean.values import Row, show_counts
from recount.declare.catalog import Catalog
from recount.errors import CheckFailedError, UnknownCodeError, nearest_names

PlaceKind = Literal["country", "state", "jurisdiction"]


@dataclass(frozen=True, order=True)
class Place:
    """One place that figures speak of. `code` is unique over all kinds."""

    kind: PlaceKind
    code: str
    name: str
    state_code: str | None


def known_places(catalog: Catalog, jurisdictions: Iterable[Place]) -> dict[str, Place]:
    """Returns every spelling of a place with the place: country, states, and the jurisdictions given.

    Raises:
        CheckFailedError: where two jurisdictions have one name.
    """
    by_name: dict[str, Place] = {}
    for each in catalog.codes["countries"].codes:
        for spelling in (each.code, *each.spellings):
            by_name[spelling] = Place("country", each.code, each.label.en, None)
    for each in catalog.codes["states"].codes:
        for spelling in (each.code, *each.spellings):
            by_name[spelling] = Place("state", each.code, each.label.en, each.code)
    by_code: dict[str, Place] = {}
    for place in jurisdictions:
        if by_name.get(place.name, place) != place:
            raise CheckFailedError(
                f"Two jurisdictions are called {place.name!r}.",
                [
                    ("codes", f"{by_name[place.name].code} and {place.code}"),
                    (
                        "fix",
                        "name one of them otherwise, by a correction or in jurisdiction_names of the layout",
                    ),
                ],
            )
        by_name[place.name] = by_name[place.code] = by_code[place.code] = place
    for each in catalog.codes["jurisdictions"].codes:
        if each.code in by_code:
            for spelling in each.spellings:
                by_name[spelling] = by_code[each.code]
    return by_name


def resolve_places(
    rows: Iterable[Row], header: str, known: Mapping[str, Place], file: str, catalog: Catalog
) -> dict[int, Place]:
    """Returns the place of each row, by row number.

    Raises:
        UnknownCodeError: naming every spelling that no place has, and the code list to edit.
    """
    found: dict[int, Place] = {}
    unknown: list[tuple[int, str]] = []
    for row in rows:
        spelling = row.text(header)
        if spelling in known:
            found[row.number] = known[spelling]
        else:
            unknown.append((row.number, spelling))
    if unknown:
        near = nearest_names(unknown[0][1], known, limit=3)
        raise UnknownCodeError(
            f"{file}: places are spelled in ways that no list knows ({len({each for _, each in unknown})}).",
            [
                ("file", file),
                ("column", header),
                ("values", show_counts(each for _, each in unknown)),
                ("first", f"row {unknown[0][0]:,}"),
                ("nearest", ", ".join(near) or "nothing comes near it"),
                (
                    "fix",
                    f"{catalog.file_to_edit('codes', 'jurisdictions')}: add it as a spelling, with a reason",
                ),
            ],
        )
    return found
