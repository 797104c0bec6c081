"""Figures of workbooks held to what another office counts of the same events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from recount.declare.tables import Check
from recount.errors import Worded
from recount.validate.figure_flags import ROW, VALUE, Figures, Touched, cell_of

OHSS = "ohss_figures"
_SPAN = ("statistic_name", "period_kind", "fiscal_year", "period_start", "through_date")


def find_differences(figures: Figures, frames: Mapping[str, pl.DataFrame], check: Check) -> Iterator[Touched]:
    """Yields counts of completed spans that lie apart from what the OHSS monthly tables print for them.

    Apart is what neither rounding nor the check's tolerance covers. The latest edition that prints a span
    decides. Spans that the workbook itself counts only in part have another last day, and are not compared.
    """
    ohss = frames.get(OHSS)
    if ohss is None or ohss.is_empty():
        return
    shared = [each for each in figures.dimensions if each in ohss.columns]
    key = [*_SPAN, *shared]
    latest = (
        ohss.sort("release")
        .group_by(key, maintain_order=True)
        .agg(
            pl.col("value_count").last().alias("printed"),
            pl.col("rounded_to").last(),
            pl.col("release").last().alias("edition"),
        )
    )
    whole = [
        figures.total_of(each)
        for each in figures.dimensions
        if each not in shared and figures.has_total(each)
    ]
    joined = figures.frame.filter(pl.col("value_count").is_not_null(), *whole).join(
        latest, on=key, how="inner"
    )
    off = (pl.col(VALUE) - pl.col("printed")).abs()
    allowed = float(check.tolerance or 0)
    apart = joined.filter((off * 2 > pl.col("rounded_to")) & (off > pl.col("printed") * allowed))
    for row in apart.sort(ROW).iter_rows(named=True):
        yield Touched(
            check.check,
            (row[ROW],),
            row["release"],
            Worded(
                "%(cell)s, %(statistic)s from %(first)s through %(day)s: %(value)s; %(edition)s prints %(printed)s, "
                "rounded to %(rounded)s",
                cell=cell_of(row),
                statistic=row["statistic_name"],
                first=str(row["period_start"]),
                day=str(row["through_date"]),
                value=f"{row[VALUE]:,.0f}",
                edition=row["edition"],
                printed=f"{row['printed']:,}",
                rounded=f"{row['rounded_to']:,}",
            ),
        )
