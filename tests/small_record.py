"""A record of a few figures, in memory: enough to show one rule on one small table.

july = released("july", "2011-07-11")
book = small_book(catalog, [july], printed("july", "2011-06-30", removed_no_conviction=183, removed_total=352))
verdict = check_claim(claimed({"wording": "most"}, asked("share_without_conviction")), book)
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from recount.declare.catalog import Catalog
from recount.declare.claims import Claim
from recount.declare.frames import build_frame
from recount.declare.sources import KnownRelease, ReleasedFile
from recount.declare.text import Text
from recount.measure.figures import MeasuredFigure
from recount.measure.prints import PrintBook
from recount.record.store import Record

FIGURES = "secure_communities_figures"
ACTIVATIONS = "secure_communities_activations"
INTEROPERABILITY = "secure_communities_interoperability"
BOSTON = "Suffolk County, MA"
CAMBRIDGE = "Middlesex County, MA"
PROVIDENCE = "Providence County, RI"
SAID = "2011-11-30"

Row = dict[str, Any]
_PLACES = {
    "US": ("country", "US", "United States", None),
    "MA": ("state", "MA", "Massachusetts", "MA"),
    "RI": ("state", "RI", "Rhode Island", "RI"),
    BOSTON: ("jurisdiction", "25025", BOSTON, "MA"),
    CAMBRIDGE: ("jurisdiction", "25017", CAMBRIDGE, "MA"),
    PROVIDENCE: ("jurisdiction", "44007", PROVIDENCE, "RI"),
}
_DIMENSION = {"US": "country", "MA": "state", "RI": "state"}


def day(text: str) -> datetime.date:
    """Returns a date written as 2011-08-01."""
    return datetime.date.fromisoformat(text)


def days(number: int) -> datetime.timedelta:
    """Returns a number of days."""
    return datetime.timedelta(days=number)


def released(
    name: str,
    on: str | tuple[str | None, str | None] | None,
    *,
    authority: str = "agency_file",
    reports: str = INTEROPERABILITY,
    lists: str | None = None,
    leaves_out: str | None = None,
) -> KnownRelease:
    """Returns a release that came out on a day, between two days (`None` is unknown), or at no known date."""
    first, last = on if isinstance(on, tuple) else (on, on)
    return KnownRelease(
        release=name,
        source="secure-communities",
        title=Text(en=f"The {name} release", es=f"El informe {name}"),
        printed_by="A printer",
        reports=reports,
        url=None,
        published_from=day(first) if first else None,
        published_to=day(last) if last else None,
        published_basis="invented",
        authority=authority,
        lists=lists,  # type: ignore[arg-type]
        leaves_out=Text(en=leaves_out, es=leaves_out) if leaves_out else None,
        covers_through=datetime.date.min,
        declared=True,
        files=[ReleasedFile(name=f"{name}.csv", sha256=f"{name:0<64}")],
    )


def printed(
    release: str,
    through: str | datetime.date,
    place: str = BOSTON,
    *,
    precision: str = "day",
    about: Mapping[str, tuple[int, int]] | None = None,
    above: Mapping[str, str] | None = None,
    **counts: int,
) -> list[Row]:
    """Returns the rows of one print: exact counts, counts about (count, unit), shares above a bound."""
    kind, code, name, state = _PLACES[place]
    start: Row = {
        "release": release,
        "place_kind": kind,
        "place_code": code,
        "place_name": name,
        "state_code": state,
        "through_date": day(through) if isinstance(through, str) else through,
        "through_precision": precision,
        "file_original": f"{release}.csv",
        "row_original": 2,
    }
    exact = {figure: ("count", value, None, str(value)) for figure, value in counts.items()}
    rounded = {
        figure: ("about", value, unit, f"about {value:,}") for figure, (value, unit) in (about or {}).items()
    }
    bounds = {figure: ("share_above", None, None, text) for figure, text in (above or {}).items()}
    return [
        {
            **start,
            "figure_name": figure,
            "value_kind": value_kind,
            "value_count": value,
            "rounded_to": unit,
            "value_original": text,
            "cell_original": figure,
        }
        for figure, (value_kind, value, unit, text) in (exact | rounded | bounds).items()
    ]


def removed(release: str, through: str | datetime.date, total: int, place: str = "US") -> list[Row]:
    """Returns a print of how many were removed, in the country unless said otherwise."""
    return printed(release, through, place, removed_total=total)


def without_conviction(
    release: str, through: str | datetime.date, part: int, whole: int, place: str = BOSTON, **more: Any
) -> list[Row]:
    """Returns a print of how many of the removed had no conviction, in Boston unless said otherwise."""
    return printed(release, through, place, removed_no_conviction=part, removed_total=whole, **more)


def small_record(
    catalog: Catalog,
    releases: Sequence[KnownRelease],
    *prints: Iterable[Row],
    activated: Mapping[str, str] | None = None,
) -> Record:
    """Returns the record of `releases` with these prints.

    Args:
        catalog: the catalog, for the columns of the tables.
        releases: what each print's release is.
        prints: rows, as `printed` gives them.
        activated: days of activation by jurisdiction, as another list gives them.
    """
    rows = [row for rows in prints for row in rows]
    through = {each.release: datetime.date.min for each in releases}
    for row in rows:
        through[row["release"]] = max(through[row["release"]], row["through_date"])
    activations = [
        {
            "release": "activations",
            "state_code": _PLACES[place][3],
            "county_fips": _PLACES[place][1],
            "place_name": place,
            "activation_date": day(date),
            "file_original": "activations.csv",
            "row_original": 2,
        }
        for place, date in (activated or {}).items()
    ]
    return Record(
        layers=(),
        frames={
            FIGURES: build_frame(rows, catalog.tables[FIGURES]),
            ACTIVATIONS: build_frame(activations, catalog.tables[ACTIVATIONS]),
        },
        releases={
            each.release: each.model_copy(update={"covers_through": through[each.release]})
            for each in releases
        },
    )


def small_book(
    catalog: Catalog,
    releases: Sequence[KnownRelease],
    *prints: Iterable[Row],
    activated: Mapping[str, str] | None = None,
) -> PrintBook:
    """Returns the prints of a small record."""
    return PrintBook(small_record(catalog, releases, *prints, activated=activated), catalog)


def figures_of(
    book: PrintBook, measure: str, place: str = BOSTON, reading: Mapping[str, str] | None = None
) -> list[MeasuredFigure]:
    """Returns every figure of a measure, under its default reading unless another is given."""
    declared = book.catalog.measure(measure)
    found, _ = book.measure(declared, book.places.find(where(place)), [reading or declared.readings()[0]])
    return found


def where(place: str) -> dict[str, str]:
    """Returns a place as questions name it."""
    return {_DIMENSION.get(place, "jurisdiction"): place}


def asked(
    measure: str, place: str = BOSTON, *, fit: str = "near", readings: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """Returns one measure asked of one place, as a claim declares it."""
    return {
        "measure": measure,
        "where": where(place),
        "readings": dict(readings or {}),
        "fit": fit,
        "why": f"The statement and {measure} speak of nearly the same.",
    }


EVERYONE = {"without_conviction": ["all_without_conviction"]}


def claimed(
    that: Mapping[str, Any],
    *measured_by: Mapping[str, Any],
    said: str | tuple[str | None, str] = SAID,
    rests_on: str | None = None,
    **asserts: Any,
) -> Claim:
    """Returns a claim that asserts `that`, so far at the day it was said unless `asserts` says otherwise."""
    first, last = said if isinstance(said, tuple) else (said, said)
    kind = {"type": "quantity"} | ({} if "type" in asserts else {"period": "so_far"})
    return Claim.model_validate(
        {
            "claim": "a-small-claim",
            "title": "A small claim",
            "statement": "so many were removed",
            "statement_language": "en",
            "said_by": "A speaker",
            "said": {"from": first, "to": last, "basis": "invented"},
            "appeared": {"title": "A text", "publisher": "A publisher", "date": last},
            "rests_on": {"release": rests_on, "basis": "invented"} if rests_on else None,
            "asserts": {**kind, "that": dict(that), "measured_by": list(measured_by), **asserts},
        }
    )


def outside_claim() -> Claim:
    """Returns a claim that no record can settle."""
    claim = claimed({"wording": "most"}, asked("people_removed"))
    whole = claim.model_dump(by_alias=True)
    whole["asserts"] = {"type": "outside", "why_outside": "It speaks of a motive, which no table holds."}
    return Claim.model_validate(whole)
