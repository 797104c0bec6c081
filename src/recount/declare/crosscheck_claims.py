"""Whether claims name what the catalog holds: measures, codes, readings, wordings, points in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from recount.declare.assertions import PLACE_DIMENSIONS, MeasuredBy
from recount.declare.claim_types import (
    AnyType,
    Asserts,
    CombinationAsserts,
    ContributionAsserts,
    OneOfMeasured,
    RankAsserts,
    SeriesAsserts,
    Side,
    names_of_measures,
    sides_of,
    that_of,
    where_of,
)
from recount.declare.claims import Claim
from recount.declare.crosscheck_record_claims import find_record_problems, times_of_records
from recount.declare.crosscheck_statistics import find_asked_problems
from recount.declare.measures import Fork, Measure
from recount.declare.naming import no_such_name
from recount.declare.yaml_text import Location

if TYPE_CHECKING:
    from recount.declare.catalog import Catalog
    from recount.declare.event_measures import EventFork, EventMeasure


def find_problems_of_claims(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yields what the catalog's own claims name that it does not hold: (file and line, what is wrong).

    Claims that ask more than printed figures are held to the catalog of individual records where they are checked:
    most questions do without that catalog, and it takes time to load.
    """
    of_records = {
        path.stem for folder in catalog.folders for path in folder.glob("measures/events/*.yml")
    } - set(catalog.measures)
    for name, claim in catalog.claims.items():
        named = names_of_measures(claim.asserts)
        if named & of_records and named <= of_records | set(catalog.measures):
            continue
        document = catalog.documents["claim", name]
        for location, text in find_claim_problems(claim, catalog):
            yield f"{document.name}, line {document.line_of(location)}", text


def find_claim_problems(claim: Claim, catalog: Catalog) -> Iterator[tuple[Location, str]]:
    """Yields what a claim names that the catalog does not hold: (location in its YAML, what is wrong).

    Places are not among it: only a record knows which places it has.
    """
    yield from _problems(claim.asserts, ("asserts",), catalog)


def _problems(asserts: AnyType, here: Location, catalog: Catalog) -> Iterator[tuple[Location, str]]:
    if isinstance(asserts, CombinationAsserts):
        for index, part in enumerate(asserts.parts):
            yield from _problems(part.asserts, (*here, "parts", index, "asserts"), catalog)
        return
    that = that_of(asserts)
    if that is not None:
        try:
            that.interval(catalog.wording)
        except ValueError as invalid:
            yield (*here, "that", "wording"), str(invalid)
    sides = sides_of(asserts) or [("", Side())]
    for key, side in sides:
        if side.measure is not None and find_measure(side.measure, catalog) is None:
            yield (*here, key, "measure"), _no_such_measure(side.measure, catalog)
    for index, asked in enumerate(asserts.measured_by):
        place: Location = (*here, "measured_by", index)
        if find_measure(asked.measure, catalog) is None:
            yield (*place, "measure"), _no_such_measure(asked.measure, catalog)
        else:
            yield from _problems_of_asked(asked, asserts, sides, (here, place), catalog)
    if isinstance(asserts, Asserts):
        for claim in asserts.parts_that_could_be_tested:
            if claim not in catalog.claims:
                yield (*here, "parts_that_could_be_tested"), no_such_name("claim", claim, catalog.claims)


def _problems_of_asked(
    asked: MeasuredBy,
    asserts: OneOfMeasured,
    sides: Sequence[tuple[str, Side]],
    at: tuple[Location, Location],
    catalog: Catalog,
) -> Iterator[tuple[Location, str]]:
    here, place = at
    named = sorted({side.measure or asked.measure for _, side in sides})
    measures = [each for each in (find_measure(name, catalog) for name in named) if each is not None]
    kinds = sorted({each.kind for each in measures})
    if len(kinds) > 1:
        yield place, f"what is weighed together is of one kind, and these are {' and '.join(kinds)}"
    of_records = [each for each in measures if not isinstance(each, Measure)]
    if of_records and len(of_records) < len(measures):
        yield place, "individual records and printed figures are not weighed together"
        return
    if asked.release is not None and not of_records:
        yield (*place, "release"), "one release alone is asked of individual records; see rests_on"
    for key, side in sides:
        yield from _problems_of_side(asked, side, here, key, place, catalog)
    yield from _problems_of_readings(asked, measures, place)
    if of_records:
        yield from find_record_problems(asserts, asked, of_records, (here, place))
    else:
        yield from _problems_of_span(asserts, catalog.measures[asked.measure], here)


def _problems_of_side(
    asked: MeasuredBy, side: Side, here: Location, key: str, place: Location, catalog: Catalog
) -> Iterator[tuple[Location, str]]:
    measure = find_measure(side.measure or asked.measure, catalog)
    if measure is None:
        return

    def at(dimension: str) -> Location:
        if dimension not in side.where:
            return (*place, "where", dimension)
        return (*here, key, dimension) if key == "rivals" else (*here, key, "where", dimension)

    if not isinstance(measure, Measure):
        for dimension in where_of(asked, side, of_records=True):
            known = (*times_of_records(), *measure.dimensions)
            if dimension not in known:
                yield at(dimension), no_such_name(f"dimension of {measure.measure}", dimension, known)
        return
    where = where_of(asked, side)
    if measure.statistic is not None:
        for dimension, text in find_asked_problems(where, measure, catalog):
            yield at(dimension), text
        return
    for dimension in where:
        if dimension not in PLACE_DIMENSIONS:
            yield at(dimension), no_such_name("dimension", dimension, PLACE_DIMENSIONS)
    if len(where) != 1:
        yield (*place, "where"), f"name one place: {', '.join(PLACE_DIMENSIONS)}"


def _problems_of_readings(
    asked: MeasuredBy, measures: Sequence[Measure | EventMeasure], place: Location
) -> Iterator[tuple[Location, str]]:
    forks: dict[str, Fork | EventFork] = {fork.fork: fork for measure in measures for fork in measure.forks}
    for fork, options in asked.readings.items():
        if fork not in forks:
            yield (*place, "readings", fork), no_such_name("fork", fork, forks)
            continue
        known = [each.option for each in forks[fork].options]
        for option in options:
            if option not in known:
                yield (*place, "readings", fork), no_such_name("option", option, known)


def find_measure(name: str, catalog: Catalog) -> Measure | EventMeasure | None:
    """Returns a measure of printed figures or of individual records by name, `None` where there is none."""
    if name in catalog.measures:
        return catalog.measures[name]
    return catalog.events.measures.get(name)


def _no_such_measure(name: str, catalog: Catalog) -> str:
    return no_such_name("measure", name, [*catalog.measures, *catalog.events.measures])


def _problems_of_span(asserts: AnyType, measure: Measure, here: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(asserts, Asserts) and asserts.period == "span":
        yield (*here, "period"), f"{measure.measure} is printed at dates; write period: so_far or exact"
    if isinstance(asserts, ContributionAsserts) and (asserts.start.days or asserts.end.days):
        yield (*here, "start"), f"{measure.measure} is printed at dates; write through or as_of"
    over = asserts.over if isinstance(asserts, RankAsserts | SeriesAsserts) else None
    if over is None:
        return
    if over.by == "month" and not measure.by_month:
        yield (*here, "over", "by"), f"{measure.measure} is not printed by month; write by: print"
    if over.by == "fiscal_year" and measure.period != "fiscal_year_to_date":
        yield (*here, "over", "by"), f"{measure.measure} is not counted by fiscal year; write by: print"
