"""Counting one part of a record for a printed figure: rows as they are, cubes as far as they tell."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import polars as pl

from recount.declare.cubes import COUNT, MONTH, POOLED, YEAR
from recount.declare.fiscal_years import FIRST_MONTH
from recount.declare.reconciliation import Conditions, PrintedCheck, PrintedFigure, Span


@dataclass(frozen=True)
class Count:
    """Rows that belong, rows that name no code or date and may belong, and pooled rows that may."""

    counted: int = 0
    missing: int = 0
    pooled: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.counted + other.counted, self.missing + other.missing, self.pooled + other.pooled)


class CubePart(Protocol):
    """What counting a cube needs to know of it."""

    @property
    def path(self) -> Path:
        """Where it lies."""

    @property
    def first_date(self) -> datetime.date | None:
        """The first day that its rows had."""

    @property
    def last_date(self) -> datetime.date | None:
        """The last one."""


def count_rows(
    path: Path, check: PrintedCheck, figure: PrintedFigure, spans: Sequence[Span]
) -> dict[str, Count]:
    """Returns how many rows of a part belong to the figure in each span, by its label."""
    conditions = _conditions(check, figure)
    meets, may = _meets(conditions, figure.unless)
    # Days and codes are few where rows are millions: rows are read once, whatever the number of spans.
    told_apart = sorted({*check.dates, *conditions, *figure.unless})
    cells = pl.scan_parquet(path).group_by(told_apart).agg(pl.len().cast(pl.Int64).alias(COUNT))
    wanted = []
    for number, span in enumerate(spans):
        inside = [pl.col(each).is_between(span.from_date, span.through) for each in check.dates]
        belongs = pl.all_horizontal(each.fill_null(False) for each in inside) & meets
        possible = pl.all_horizontal(each.fill_null(True) for each in inside) & may & ~belongs
        wanted += [
            pl.col(COUNT).filter(belongs).sum().alias(f"{number}"),
            pl.col(COUNT).filter(possible).sum().alias(f"{number} missing"),
        ]
    (row,) = cells.select(wanted).collect().iter_rows(named=True)
    return {
        span.label: Count(int(row[f"{number}"]), int(row[f"{number} missing"]))
        for number, span in enumerate(spans)
    }


def count_cube(
    part: CubePart, check: PrintedCheck, figure: PrintedFigure, spans: Sequence[Span], table_date: str
) -> tuple[dict[str, Count], str | None]:
    """Returns how many rows behind a cube belong to the figure in each span, and what the cube lacks, if anything.

    A cube keeps months of the table's own date: a span that cuts through one leaves that month open.
    """
    conditions = _conditions(check, figure)
    cells = pl.read_parquet(part.path)
    needed = [*conditions, *figure.unless]
    lacking = [each for each in needed if each not in cells.columns]
    lacking += [each for each in check.dates if each != table_date]
    if lacking or part.first_date is None or part.last_date is None:
        return {each.label: Count() for each in spans}, f"no {', '.join(lacking) or 'dates'}"
    meets, may = _meets(conditions, figure.unless)
    cells = _with_days(cells, part.first_date, part.last_date).with_columns(
        _meets=meets,
        _may=may,
        _pooled=pl.any_horizontal(
            pl.col(MONTH).is_null(), *(pl.col(each).cast(pl.String).eq_missing(POOLED) for each in needed)
        ),
    )
    found = {}
    for span in spans:
        inside = (pl.col("_first") >= span.from_date) & (pl.col("_last") <= span.through)
        touches = (pl.col("_last") >= span.from_date) & (pl.col("_first") <= span.through)
        belongs = inside & pl.col("_meets")
        open_ = touches & pl.col("_may") & ~belongs
        # A month that the span cuts through is as little told as one that is pooled.
        pooled = pl.col("_pooled") | (touches & ~inside)
        (row,) = cells.select(
            pl.col(COUNT).filter(belongs).sum().alias("counted"),
            pl.col(COUNT).filter(open_ & ~pooled).sum().alias("missing"),
            pl.col(COUNT).filter(open_ & pooled).sum().alias("pooled"),
        ).iter_rows()
        found[span.label] = Count(*(int(each) for each in row))
    return found, None


def _conditions(check: PrintedCheck, figure: PrintedFigure) -> Conditions:
    return {**check.where, **figure.where}


def _meets(
    where: Mapping[str, Sequence[str]], unless: Mapping[str, Sequence[str]]
) -> tuple[pl.Expr, pl.Expr]:
    """Returns whether a row meets all conditions, and whether it does or may: a missing code could be any."""
    sure, may = [pl.lit(True)], [pl.lit(True)]
    for name, codes in where.items():
        value = pl.col(name).cast(pl.String)
        is_one = value.is_in(list(codes))
        sure.append(is_one.fill_null(False))
        may.append(is_one.fill_null(True) | (value == POOLED).fill_null(False))
    for name, codes in unless.items():
        value = pl.col(name).cast(pl.String)
        is_none = ~value.is_in(list(codes))
        sure.append(is_none.fill_null(False) & (value != POOLED).fill_null(False))
        may.append(is_none.fill_null(True))
    return pl.all_horizontal(sure), pl.all_horizontal(may)


def _with_days(cells: pl.DataFrame, first: datetime.date, last: datetime.date) -> pl.DataFrame:
    """Adds the first and last day that each cell's rows can have: of its month, else its year, else the part's."""
    year = pl.col(YEAR).cast(pl.Int32)
    starts = pl.coalesce(pl.col(MONTH), pl.date(year - 1, FIRST_MONTH, 1), pl.lit(first))
    ends = pl.coalesce(
        pl.col(MONTH).dt.month_end(), pl.date(year, FIRST_MONTH, 1).dt.offset_by("-1d"), pl.lit(last)
    )
    return cells.with_columns(
        _first=pl.max_horizontal(starts, pl.lit(first)), _last=pl.min_horizontal(ends, pl.lit(last))
    )
