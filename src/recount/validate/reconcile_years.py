"""Rows held to the fiscal year that their own sheet states, and to the last day of their release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from recount.declare.events import FISCAL_YEAR_STATED
from recount.declare.fiscal_years import FIRST_MONTH, fiscal_year_end, fiscal_year_start
from recount.declare.reconciliation import Reconciliation, StatedYearCheck
from recount.validate.reconcile import Part, Reconciled, explain, verdict_of
from recount.validate.reconcile_parts import Count

_UNDATED = "The rows give no date."


def reconcile_stated_years(
    declared: Reconciliation, check: StatedYearCheck, parts: Sequence[Part], dates: Mapping[str, str]
) -> list[Reconciled]:
    """Returns a line for each file and fiscal year that one of its sheets states.

    `printed` is the number of rows under the heading; `counted` those of them whose date lies in that year and
    not after the release's last day; a row without a date is `missing`.

    Args:
        declared: the reconciliation that the check is of.
        check: what is said of differences.
        parts: the record's; cubes and made-up parts are left out.
        dates: the date column of each table.
    """
    lines = [
        line
        for part in parts
        if part.kind == "rows" and not part.is_synthetic
        for line in _lines_of(declared, check, part, dates[part.table])
    ]
    return sorted(lines, key=lambda each: (each.table, each.release, each.file, each.sheet, each.period))


def _lines_of(
    declared: Reconciliation, check: StatedYearCheck, part: Part, date: str
) -> Iterator[Reconciled]:
    rows = pl.scan_parquet(part.path).filter(pl.col(FISCAL_YEAR_STATED).is_not_null())
    year = pl.col(FISCAL_YEAR_STATED).cast(pl.Int32)
    starts, ends = pl.date(year - 1, FIRST_MONTH, 1), pl.date(year, FIRST_MONTH, 1).dt.offset_by("-1d")
    last = ends if part.cut_off is None else pl.min_horizontal(ends, pl.lit(part.cut_off))
    counts = rows.group_by(FISCAL_YEAR_STATED, "sheet_original").agg(
        pl.len().alias("rows"),
        pl.col(date).is_between(starts, last).sum().alias("inside"),
        pl.col(date).is_null().sum().alias("undated"),
    )
    for row in counts.sort(FISCAL_YEAR_STATED, "sheet_original").collect().iter_rows(named=True):
        printed, counted, missing = int(row["rows"]), int(row["inside"]), int(row["undated"])
        stated = int(row[FISCAL_YEAR_STATED])
        first, end = fiscal_year_start(stated), fiscal_year_end(stated)
        verdict = verdict_of(printed, counted, missing, 0)
        reason, is_known = "", False
        if missing == printed:
            verdict, reason = "not_comparable", _UNDATED
        if verdict == "differs":
            reason, is_known = explain(check.differs, check.otherwise, None, part.source_file, Count(counted))
        yield Reconciled(
            reconciliation=declared.reconciliation,
            check=check.check,
            table=part.table,
            release=part.release,
            figure=date,
            place=check.place,
            period=f"FY{stated}",
            first_day=first,
            last_day=end if part.cut_off is None else min(end, part.cut_off),
            printed=printed,
            counted=None if missing == printed else counted,
            missing=missing,
            pooled=0,
            verdict=verdict,
            reason=reason,
            is_known=is_known,
            basis="rows",
            file=part.source_file,
            sheet=row["sheet_original"] or "",
            cell="",
        )
