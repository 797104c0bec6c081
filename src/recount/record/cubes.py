"""Cubes: counts of individual records over declared dimensions, in which no small count stands alone."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from recount.declare.cubes import COUNT, MONTH, POOLED, YEAR, Cube
from recount.declare.event_catalog import EventCatalog
from recount.declare.events import FISCAL_YEAR_STATED, EventTable
from recount.declare.fiscal_years import FIRST_MONTH

_SUM = "is_sum"


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


def pool_small_cells(
    cells: pl.DataFrame, dimensions: Sequence[str], threshold: int, middling_times: int
) -> pl.DataFrame:
    """Returns the cells with those below `threshold` pooled, so that none of them can be told.

    Small cells are added up under the code `pooled` of the last dimensions, as few of them as it takes: first
    of the cells that share all dimensions but the last two, then all but the last three, …, then of a fiscal
    year of the first dimension (a place), of a month, of a fiscal year, and of the whole. A sum is shown where
    each of its cells could have any small count, even to someone who knows which cells it is of (`is_safe`);
    otherwise it goes on. What is left at the end takes middling shown cells with it, as many as it takes for the
    same to hold. Every row is counted once, so the sum over all cells is exact, and a margin is known to within
    the pooled rows that may belong to it.

    Args:
        cells: `fiscal_year`, `month`, the dimensions, and `row_count`.
        dimensions: their names, the one kept longest first.
        threshold: the least count that may stand alone.
        middling_times: shown cells below so many thresholds are taken along before larger ones.
    """
    # A dimension in which all are alike says nothing of anyone, and is put back at the end.
    alike = {name: cells.get_column(name)[0] for name in dimensions if _is_alike(cells.get_column(name))}
    if alike:
        rest = [name for name in dimensions if name not in alike]
        others = pool_small_cells(cells.drop(list(alike)), rest, threshold, middling_times)
        return others.with_columns(pl.lit(value).alias(name) for name, value in alike.items()).select(
            cells.columns
        )
    keys = [YEAR, MONTH, *dimensions]
    shown = [cells.filter(pl.col(COUNT) >= threshold).with_columns(pl.lit(value=False).alias(_SUM))]
    # `cells_in` tells how many small cells a sum is of, `most` the most that they can count together.
    waiting = cells.filter(pl.col(COUNT) < threshold).with_columns(pl.lit(1, pl.Int64).alias("cells_in"))
    for level in _levels(keys):
        if waiting.is_empty():
            break
        pooled = [name for name in keys if name not in level]
        groups = waiting.group_by(level).agg(pl.col(COUNT).sum(), pl.col("cells_in").sum())
        complete = groups.filter(_is_safe_sum(pl.col(COUNT), pl.col("cells_in"), threshold))
        sums = _with_pooled(complete.drop("cells_in"), pooled, cells).select(cells.columns)
        shown.append(sums.with_columns(pl.lit(value=True).alias(_SUM)))
        waiting = waiting.join(complete.select(level), on=level, how="anti", nulls_equal=True)
    result = pl.concat(shown)
    if not waiting.is_empty():
        result = _take_along(result, waiting, keys, cells, threshold, middling_times * threshold)
    years = cells.get_column(YEAR)
    if years.n_unique() == 1:
        # All rows are of one year, which says nothing of anyone.
        result = result.with_columns(pl.lit(years[0], dtype=years.dtype).alias(YEAR))
    return result.select(cells.columns).sort(keys, nulls_last=True)


def is_safe(total: int, small: int, taken: int, threshold: int, most: int) -> bool:
    """Returns whether each small cell of a sum could have every count from 1 to the threshold less one.

    Args:
        total: the sum.
        small: how many cells below the threshold it is of.
        taken: how many cells at or above the threshold it is of.
        threshold: the least count that may stand alone.
        most: the most that each of those can count.
    """
    largest = threshold - 1
    fewest, greatest = largest + (small - 1) + threshold * taken, 1 + largest * (small - 1) + most * taken
    return fewest <= total <= greatest


def _is_safe_sum(total: pl.Expr, small: pl.Expr, threshold: int) -> pl.Expr:
    """Returns `is_safe` of sums of small cells alone."""
    largest = threshold - 1
    return (total >= largest + small - 1) & (total <= 1 + largest * (small - 1))


def _is_alike(column: pl.Series) -> bool:
    return column.len() > 0 and column.null_count() == 0 and column.n_unique() == 1


def _levels(keys: Sequence[str]) -> list[list[str]]:
    """Returns the keys that cells share at each step, the most first; of dimensions the last two go at once.

    A fiscal year of one place comes before a month of all places: what is left over is little of a month, and would
    be much of a place.
    """
    first = max(len(keys) - 2, 1)
    levels = [list(keys[:length]) for length in range(first, 0, -1)]
    month = [YEAR, MONTH]
    if month in levels and len(keys) > len(month):
        levels.insert(levels.index(month), [YEAR, keys[len(month)]])
    return levels


def _with_pooled(sums: pl.DataFrame, pooled: Sequence[str], cells: pl.DataFrame) -> pl.DataFrame:
    values = [
        pl.lit(None, dtype=cells.schema[name]).alias(name)
        if name in (YEAR, MONTH)
        else pl.lit(POOLED).alias(name)
        for name in pooled
    ]
    return sums.with_columns(values)


def _take_along(
    shown: pl.DataFrame,
    waiting: pl.DataFrame,
    keys: Sequence[str],
    cells: pl.DataFrame,
    threshold: int,
    middling: int,
) -> pl.DataFrame:
    """Returns shown cells with the rest pooled over the whole, together with as many shown cells as it takes."""
    rest, small = int(waiting.get_column(COUNT).sum()), int(waiting.get_column("cells_in").sum())
    sums, alone = shown.filter(_SUM).drop(_SUM), shown.filter(~pl.col(_SUM)).drop(_SUM)
    # Not the smallest ones: a rest of ones among fives would say that all are ones and fives.
    ordered = alone.sort(
        [pl.when(pl.col(COUNT) < middling).then(0).otherwise(pl.col(COUNT)), *keys], nulls_last=True
    )
    counts = ordered.get_column(COUNT).to_list()
    taken = 0
    while taken < len(counts):
        if is_safe(rest, small, taken, threshold, max(middling - 1, counts[taken])):
            break
        rest += counts[taken]
        taken += 1
    else:
        # Nothing is left that stands alone: the sums go into the one of the whole.
        rest += int(sums.get_column(COUNT).sum())
        sums = sums.clear()
    whole = pl.DataFrame({COUNT: [rest]}, schema={COUNT: pl.Int64})
    pooled = _with_pooled(whole, list(keys), cells).select(cells.columns)
    return pl.concat([ordered.slice(taken), sums, pooled])
