"""Whether claims name what the catalog holds: measures, codes, readings, wordings, points in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from recount.declare.assertions import PLACE_DIMENSIONS, MeasuredBy
from recount.declare.claim_types import (
    AnyType,
    Asserts,
    CombinationAsserts,
    RankAsserts,
    SeriesAsserts,
    Side,
    sides_of,
    that_of,
    where_of,
)
from recount.declare.claims import Claim
from recount.declare.crosscheck_statistics import find_asked_problems
from recount.declare.measures import Measure
from recount.declare.naming import no_such_name
from recount.declare.yaml_text import Location

if TYPE_CHECKING:
    from recount.declare.catalog import Catalog


def find_problems_of_claims(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yields what the catalog's own claims name that it does not hold: (file and line, what is wrong)."""
    for name, claim in catalog.claims.items():
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
        if side.measure is not None and side.measure not in catalog.measures:
            yield (*here, key, "measure"), no_such_name("measure", side.measure, catalog.measures)
    for index, asked in enumerate(asserts.measured_by):
        place: Location = (*here, "measured_by", index)
        if asked.measure not in catalog.measures:
            yield (*place, "measure"), no_such_name("measure", asked.measure, catalog.measures)
            continue
        named = {side.measure or asked.measure for _, side in sides}
        measures = [catalog.measures[name] for name in sorted(named & set(catalog.measures))]
        kinds = sorted({each.kind for each in measures})
        if len(kinds) > 1:
            yield place, f"what is weighed together is of one kind, and these are {' and '.join(kinds)}"
        for key, side in sides:
            yield from _problems_of_side(asked, side, here, key, place, catalog)
        yield from _problems_of_readings(asked, measures, place)
        yield from _problems_of_span(asserts, catalog.measures[asked.measure], here)
    if isinstance(asserts, Asserts):
        for claim in asserts.parts_that_could_be_tested:
            if claim not in catalog.claims:
                yield (*here, "parts_that_could_be_tested"), no_such_name("claim", claim, catalog.claims)


def _problems_of_side(
    asked: MeasuredBy, side: Side, here: Location, key: str, place: Location, catalog: Catalog
) -> Iterator[tuple[Location, str]]:
    name = side.measure or asked.measure
    if name not in catalog.measures:
        return
    measure = catalog.measures[name]

    def at(dimension: str) -> Location:
        if dimension not in side.where:
            return (*place, "where", dimension)
        return (*here, key, dimension) if key == "rivals" else (*here, key, "where", dimension)

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
    asked: MeasuredBy, measures: list[Measure], place: Location
) -> Iterator[tuple[Location, str]]:
    forks = {fork.fork: fork for measure in measures for fork in measure.forks}
    for fork, options in asked.readings.items():
        if fork not in forks:
            yield (*place, "readings", fork), no_such_name("fork", fork, forks)
            continue
        known = [each.option for each in forks[fork].options]
        for option in options:
            if option not in known:
                yield (*place, "readings", fork), no_such_name("option", option, known)


def _problems_of_span(asserts: AnyType, measure: Measure, here: Location) -> Iterator[tuple[Location, str]]:
    over = asserts.over if isinstance(asserts, RankAsserts | SeriesAsserts) else None
    if over is None:
        return
    if over.by == "month" and not measure.by_month:
        yield (*here, "over", "by"), f"{measure.measure} is not printed by month; write by: print"
    if over.by == "fiscal_year" and measure.period != "fiscal_year_to_date":
        yield (*here, "over", "by"), f"{measure.measure} is not counted by fiscal year; write by: print"
