"""Whether measures of statistics, and claims that ask them, name what their table holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from recount.declare.assertions import PLACE_DIMENSIONS
from recount.declare.measures import Measure
from recount.declare.naming import no_such_name
from recount.declare.tables import Table

if TYPE_CHECKING:
    from recount.declare.catalog import Catalog

STATISTIC_COLUMN = "statistic_name"


def find_statistic_problems(measure: Measure, catalog: Catalog) -> Iterator[str]:
    """Yields what a measure of a statistic names that its table or its code lists lack."""
    table = catalog.tables[measure.table]
    table_file = catalog.files["table", measure.table]
    statistics = _statistics_of(table, catalog)
    if measure.statistic not in statistics:
        yield f"{no_such_name('statistic', str(measure.statistic), statistics)} (the statistics of {table_file})"
    for dimension in measure.dimensions:
        if _codes_of(table, dimension, catalog) is None:
            yield f"dimensions: {table_file} has no column {dimension}_code"
    conditions = [("where", measure.where), ("counts", measure.counts)]
    conditions += [
        (f"fork {fork.fork}, option {option.option}", option.where)
        for fork in measure.forks
        for option in fork.options
    ]
    for place, each in conditions:
        for dimension, codes in each.items():
            known = _codes_of(table, dimension, catalog)
            if known is None:
                yield f"{place}: {table_file} has no column {dimension}_code"
                continue
            for code in codes:
                if code not in known:
                    yield f"{place}: {no_such_name(dimension, code, known)}"


def find_asked_problems(
    where: Mapping[str, str], measure: Measure, catalog: Catalog
) -> Iterator[tuple[str, str]]:
    """Yields what a claim asks of a statistic that cannot be asked: (dimension, what is wrong)."""
    table = catalog.tables[measure.table]
    for dimension, asked in where.items():
        if dimension == "country":
            continue
        if dimension in PLACE_DIMENSIONS:
            yield dimension, f"{measure.measure} is printed for the country alone"
            continue
        if dimension not in measure.dimensions:
            yield dimension, no_such_name("dimension", dimension, ["country", *measure.dimensions])
            continue
        known = _codes_of(table, dimension, catalog) or []
        # Several codes with commas are added.
        for code in asked.split(","):
            if code not in known:
                yield dimension, no_such_name(dimension, code, known)


def _statistics_of(table: Table, catalog: Catalog) -> list[str]:
    for each in table.fields:
        if each.name == STATISTIC_COLUMN and each.codes is not None and each.codes in catalog.codes:
            return [code.code for code in catalog.codes[each.codes].codes]
    return []


def _codes_of(table: Table, dimension: str, catalog: Catalog) -> list[str] | None:
    column: Mapping[str, str | None] = {each.name: each.codes for each in table.fields}
    codes = column.get(f"{dimension}_code")
    if codes is None or codes not in catalog.codes:
        return None
    return [each.code for each in catalog.codes[codes].codes]
