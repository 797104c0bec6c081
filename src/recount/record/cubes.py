"""Cubes: counts of individual records over declared dimensions, in which no small count stands alone."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from recount.declare.cubes import COUNT, MONTH, POOLED, YEAR, Cube
from recount.declare.event_catalog import EventCatalog
from recount.declare.events import FISCAL_YEAR_STATED, EventTable
from recount.declare.fiscal_years import FIRST_MONTH

_TWO = 2


def count_cells(rows: pl.DataFrame, cube: Cube, catalog: EventCatalog) -> tuple[pl.DataFrame, list[str]]:
    """Returns the counts of core rows by fiscal year, month and dimension, and the dimensions that they have.

    A dimension that is missing in every row is left out: the release does not give it. A row without a date
    is counted under no month, and under the year that its sheet states.

    Args:
        rows: of one event table.
        cube: its declaration.
        catalog: tables and code lists.
    """
    table = catalog.tables[cube.table]
    date = pl.col(table.date)
    given = [each for each in cube.dimensions if rows.get_column(each.column).null_count() < rows.height]
    columns = [
        _groups(each.column, table, catalog).alias(each.name)
        if each.grouped_as
        else pl.col(each.column).cast(pl.String)
        for each in given
    ]
    names = [each.name for each in given]
    cells = (
        rows.select(
            pl.coalesce(
                (date.dt.year() + (date.dt.month() >= FIRST_MONTH).cast(pl.Int32)).cast(pl.Int64),
                pl.col(FISCAL_YEAR_STATED),
            ).alias(YEAR),
            date.dt.truncate("1mo").alias(MONTH),
            *columns,
        )
        .group_by(YEAR, MONTH, *names)
        .len(name=COUNT)
        .with_columns(pl.col(COUNT).cast(pl.Int64))
    )
    return cells.sort(YEAR, MONTH, *names, nulls_last=True), names


def _groups(column: str, table: EventTable, catalog: EventCatalog) -> pl.Expr:
    codes = catalog.codes[str(table.field(column).codes)].codes
    known = {each.code: each.group for each in codes}
    return pl.col(column).replace_strict(known, default=None, return_dtype=pl.String)


def pool_small_cells(cells: pl.DataFrame, dimensions: Sequence[str], threshold: int) -> pl.DataFrame:
    """Returns the cells with those below `threshold` pooled, so that none of them can be told.

    Small cells are added up under the code `pooled` of the last dimensions, as few of them as it takes: first
    of the cells that share all dimensions but the last two, then all but the last three, …, then of a month,
    of a fiscal year, and of the whole. A sum is shown where it reaches the threshold and where each of two
    cells or more could have had another count; otherwise it goes on. What is left at the end takes the
    smallest shown cells with it. Every row is counted once, so the sum over all cells is exact, and a margin
    is known to within the pooled rows that may belong to it.

    Args:
        cells: `fiscal_year`, `month`, the dimensions, and `row_count`.
        dimensions: their names, the one kept longest first.
        threshold: the least count that may stand alone.
    """
    # A dimension in which all are alike says nothing of anyone, and is put back at the end.
    alike = {name: cells.get_column(name)[0] for name in dimensions if _is_alike(cells.get_column(name))}
    if alike:
        rest = [name for name in dimensions if name not in alike]
        others = pool_small_cells(cells.drop(list(alike)), rest, threshold)
        return others.with_columns(pl.lit(value).alias(name) for name, value in alike.items()).select(
            cells.columns
        )
    keys = [YEAR, MONTH, *dimensions]
    shown = [cells.filter(pl.col(COUNT) >= threshold)]
    # `cells_in` tells how many small cells a sum is of, `most` the most that they can count together.
    waiting = cells.filter(pl.col(COUNT) < threshold).with_columns(pl.lit(1, pl.Int64).alias("cells_in"))
    for level in _levels(keys):
        if waiting.is_empty():
            break
        pooled = [name for name in keys if name not in level]
        sums = waiting.group_by(level).agg(pl.col(COUNT).sum(), pl.col("cells_in").sum())
        stands = (
            (pl.col(COUNT) >= threshold)
            & (pl.col("cells_in") > 1)
            # Were each as large as a small cell can be, all would be told.
            & (pl.col(COUNT) < pl.col("cells_in") * (threshold - 1))
        )
        complete = sums.filter(stands)
        shown.append(_with_pooled(complete.drop("cells_in"), pooled, cells).select(cells.columns))
        waiting = waiting.join(complete.select(level), on=level, how="anti", nulls_equal=True)
    result = pl.concat(shown)
    if not waiting.is_empty():
        result = _take_along(result, waiting, keys, cells, threshold)
    return result.sort(keys, nulls_last=True)


def _is_alike(column: pl.Series) -> bool:
    return column.len() > 0 and column.null_count() == 0 and column.n_unique() == 1


def _levels(keys: Sequence[str]) -> list[list[str]]:
    """Returns the keys that cells share at each step, the most first; of dimensions the last two go at once."""
    first = max(len(keys) - 2, 1)
    return [list(keys[:length]) for length in range(first, 0, -1)]


def _with_pooled(sums: pl.DataFrame, pooled: Sequence[str], cells: pl.DataFrame) -> pl.DataFrame:
    values = [
        pl.lit(None, dtype=cells.schema[name]).alias(name)
        if name in (YEAR, MONTH)
        else pl.lit(POOLED).alias(name)
        for name in pooled
    ]
    return sums.with_columns(values)


def _take_along(
    shown: pl.DataFrame, waiting: pl.DataFrame, keys: Sequence[str], cells: pl.DataFrame, threshold: int
) -> pl.DataFrame:
    """Returns shown cells with the rest pooled over the whole, together with as many shown cells as it takes."""
    rest, count = int(waiting.get_column(COUNT).sum()), int(waiting.get_column("cells_in").sum())
    ordered = shown.sort([COUNT, *keys], nulls_last=True)
    taken = 0
    # Two cells at least, one of them shown before: a rest of small ones alone could be told from its size.
    while taken < ordered.height and (rest < threshold or count < _TWO or taken == 0):
        rest += int(ordered.get_column(COUNT)[taken])
        count += 1
        taken += 1
    whole = pl.DataFrame({COUNT: [rest]}, schema={COUNT: pl.Int64})
    pooled = _with_pooled(whole, list(keys), cells).select(cells.columns)
    return pl.concat([ordered.slice(taken), pooled])
