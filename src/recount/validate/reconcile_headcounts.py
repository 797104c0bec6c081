"""Stints held to a published headcount: how many were at a facility at the midnight that ends each day."""

from __future__ import annotations

import datetime
import gzip
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

import ibis
import polars as pl

from recount.acquire.files import SourceFile
from recount.declare.fiscal_years import FIRST_MONTH
from recount.declare.reconciliation import HeadcountCheck, Reconciliation
from recount.errors import ReleaseFileError
from recount.link.population import daily_population
from recount.validate.reconcile import Part, Reconciled, explain
from recount.validate.reconcile_parts import Count

_STINTS = "stints"
_FACILITY = "detention_facility_code"
_GZIP = b"\x1f\x8b"


def read_headcounts(file: SourceFile, check: HeadcountCheck) -> pl.DataFrame:
    """Returns the published headcount: `detention_facility_code`, `population_date`, `printed`.

    Raises:
        ReleaseFileError: where the file lacks a declared column, or holds something else in it.
    """
    content = file.content
    try:
        if content.startswith(_GZIP):
            content = gzip.decompress(content)
        read = pl.read_csv(io.BytesIO(content), separator=check.delimiter, infer_schema=False)
        return read.select(
            pl.col(check.facility).alias(_FACILITY),
            pl.col(check.date).str.to_date().alias("population_date"),
            pl.col(check.count).cast(pl.Int64).alias("printed"),
        )
    except (OSError, EOFError, pl.exceptions.PolarsError) as unreadable:
        raise ReleaseFileError(
            f"{file.relative} does not hold headcounts as declared.",
            [
                ("because", str(unreadable).splitlines()[0]),
                ("wanted", f"{check.facility}, {check.date} (2019-07-06), {check.count}"),
            ],
        ) from unreadable


def reconcile_headcounts(
    declared: Reconciliation,
    check: HeadcountCheck,
    parts: Sequence[Part],
    printed: pl.DataFrame,
    file: SourceFile,
) -> list[Reconciled]:
    """Returns a line for each release of stints and each fiscal year that both sides cover.

    `printed` and `counted` of a line are nights: headcounts added up over the facilities and days that both sides
    have. `compared_of` is the number of facilities times days where either side is not zero, `agreeing` of how
    many both say the same; a line is exact where all agree. A release without a common facility and day has one
    line, not comparable.

    Args:
        declared: the reconciliation that the check is of.
        check: the published headcount.
        parts: the record's; made-up ones and other tables are left out.
        printed: the headcount as read.
        file: where it was read.
    """
    own = [each for each in parts if each.table == _STINTS and each.kind == "rows" and not each.is_synthetic]
    found: list[Reconciled] = []
    for release in sorted({each.release for each in own}):
        of_release = [each for each in own if each.release == release]
        lines = list(_lines_of(declared, check, release, of_release, printed, file))
        if not lines:
            lines = [_nothing_overlaps(declared, check, release, of_release, printed, file)]
        found += lines
    return found


def _lines_of(
    declared: Reconciliation,
    check: HeadcountCheck,
    release: str,
    parts: Sequence[Part],
    printed: pl.DataFrame,
    file: SourceFile,
) -> Iterator[Reconciled]:
    days = _common_days(parts, printed)
    if days is None:
        return
    codes = pl.concat([pl.scan_parquet(each.path).select(_FACILITY) for each in parts]).unique().collect()
    shared = codes.join(printed, on=_FACILITY, how="semi").get_column(_FACILITY).drop_nulls().sort().to_list()
    if not shared:
        return
    of_both = printed.filter(pl.col("population_date").is_between(*days), pl.col(_FACILITY).is_in(shared))
    both = (
        _count(parts, shared, *days)
        .join(of_both, on=[_FACILITY, "population_date"], how="full", coalesce=True)
        .with_columns(pl.col("counted", "printed").fill_null(0))
        .filter((pl.col("counted") > 0) | (pl.col("printed") > 0))
        .with_columns(_fiscal_year=_fiscal_year(pl.col("population_date")))
    )
    years = both.group_by("_fiscal_year").agg(
        pl.col("printed").sum(),
        pl.col("counted").sum(),
        pl.len().alias("compared_of"),
        (pl.col("printed") == pl.col("counted")).sum().alias("agreeing"),
        pl.col("population_date").min().alias("first"),
        pl.col("population_date").max().alias("last"),
    )
    for row in years.sort("_fiscal_year").iter_rows(named=True):
        agrees = row["agreeing"] == row["compared_of"]
        period, count = f"FY{row['_fiscal_year']}", Count(int(row["counted"]))
        reason, is_known = "", False
        if not agrees:
            reason, is_known = explain(check.differs, check.otherwise, None, period, count)
        yield replace(
            _line(declared, check, release, file),
            period=period,
            first_day=row["first"],
            last_day=row["last"],
            printed=int(row["printed"]),
            counted=count.counted,
            verdict="exact" if agrees else "differs",
            reason=reason,
            is_known=is_known,
            compared_of=int(row["compared_of"]),
            agreeing=int(row["agreeing"]),
        )


_NEEDED = (
    "release",
    "file_original",
    "sheet_original",
    "row_original",
    "unique_identifier",
    _FACILITY,
    "book_in_date",
    "book_out_date",
)


def _common_days(parts: Sequence[Part], printed: pl.DataFrame) -> tuple[datetime.date, datetime.date] | None:
    """Returns the first and last day that both sides cover: stints from their first book-in to the cut-off."""
    firsts = [each.first_date for each in parts if each.first_date is not None]
    cut_offs = [each.cut_off for each in parts if each.cut_off is not None]
    (edges,) = printed.select(
        pl.col("population_date").min().alias("first"), pl.col("population_date").max().alias("last")
    ).iter_rows(named=True)
    if not firsts or not cut_offs or edges["first"] is None:
        return None
    first, last = max(min(firsts), edges["first"]), min(max(cut_offs), edges["last"])
    return (first, last) if first <= last else None


def _count(
    parts: Sequence[Part], facilities: Sequence[str], first: datetime.date, last: datetime.date
) -> pl.DataFrame:
    """Returns the midnight headcount of each of the facilities on each day, of rows."""
    connection = ibis.duckdb.connect()
    connection.con.execute("SET enable_progress_bar = false")
    try:
        stints = connection.read_parquet([str(each.path) for each in parts]).select(*_NEEDED)
        stints = stints.filter(stints[_FACILITY].isin(facilities))
        population = daily_population(stints, first, last, counting="rows")
        nights = population.filter(population.midnight_count > 0).select(
            _FACILITY, "population_date", counted=population.midnight_count
        )
        counted: pl.DataFrame = nights.to_polars()
        return counted.with_columns(pl.col("counted").cast(pl.Int64))
    finally:
        connection.disconnect()


def _fiscal_year(date: pl.Expr) -> pl.Expr:
    return date.dt.year() + (date.dt.month() >= FIRST_MONTH).cast(pl.Int32)


def _nothing_overlaps(
    declared: Reconciliation,
    check: HeadcountCheck,
    release: str,
    parts: Sequence[Part],
    printed: pl.DataFrame,
    file: SourceFile,
) -> Reconciled:
    firsts = [each.first_date for each in parts if each.first_date is not None]
    cut_offs = [each.cut_off for each in parts if each.cut_off is not None]
    stints = f"{min(firsts)} to {max(cut_offs)}" if firsts and cut_offs else "without a date"
    (edges,) = printed.select(
        pl.format("{} to {}", pl.col("population_date").min(), pl.col("population_date").max())
    ).to_series()
    why = "no facility has the same code" if _common_days(parts, printed) else "no day is the same"
    return replace(
        _line(declared, check, release, file),
        reason=f"Nothing overlaps, {why}: headcounts {edges}, stints {stints}.",
    )


def _line(declared: Reconciliation, check: HeadcountCheck, release: str, file: SourceFile) -> Reconciled:
    return Reconciled(
        reconciliation=declared.reconciliation,
        check=check.check,
        table=_STINTS,
        release=release,
        figure="midnight_headcount",
        place=check.place,
        period="",
        first_day=None,
        last_day=None,
        printed=None,
        counted=None,
        missing=0,
        pooled=0,
        verdict="not_comparable",
        reason="",
        is_known=False,
        basis="rows",
        file=file.relative,
        sheet="",
        cell="",
    )
