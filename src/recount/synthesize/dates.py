"""The dates of a made-up row that follow from its passage."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

Days = Callable[[int, int, bool], pl.Expr]
"""Draws whole days from lowest to highest, a person's once (`True`) or an event's once."""


def _before_arrest(lowest: int, highest: int) -> Callable[[pl.DataFrame, Days], pl.Expr]:
    return lambda _, days: pl.col("arrest_day") - pl.duration(days=days(lowest, highest, True))


def _after_book_in(rows: pl.DataFrame, days: Days) -> pl.Expr:
    del rows
    return pl.col("book_in_datetime").dt.date() + pl.duration(days=days(1, 20, False))


def _final_order(rows: pl.DataFrame, days: Days) -> pl.Expr:
    del rows
    before = pl.duration(days=days(0, 90, True))
    return (
        pl.when(pl.col("departed_date").is_not_null())
        .then(pl.col("departed_date") - before)
        .otherwise(pl.col("arrest_day") - 20 * before)
    )


def _arrest(rows: pl.DataFrame, days: Days) -> pl.Expr:
    del rows, days
    return pl.col("arrest_day")


def _removal(rows: pl.DataFrame, days: Days) -> pl.Expr:
    del rows
    # Nearly every removal counts under the day of departure, the others soon after it.
    late = days(-40, 2, False).clip(lower_bound=0)
    return pl.col("departed_date") + pl.duration(days=late)


DATES: dict[str, Callable[[pl.DataFrame, Days], pl.Expr]] = {
    "entry_date": _before_arrest(1, 7_300),
    "msc_conviction_date": _before_arrest(1, 3_000),
    "msc_charge_date": _before_arrest(3_020, 3_400),
    "bond_posted_date": _after_book_in,
    "initial_bond_set_date": _after_book_in,
    "final_order_date": _final_order,
    "removal_date": _removal,
    "latest_apprehension_date": _arrest,
}
"""Dates that no time of the passage gives, by field."""


def date_column(name: str, rows: pl.DataFrame, days: Days) -> pl.Series:
    """Returns the dates of the field `name`: those declared here, or the day of the time of that name."""
    if name in DATES:
        return rows.select(DATES[name](rows, days).cast(pl.Date).alias(name)).to_series()
    return rows[name.removesuffix("_date") + "_datetime"].dt.date().alias(name)
