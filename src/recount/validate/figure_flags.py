"""The checks that mark figures of workbooks: each returns the rows that it touches, with what is wrong.

A check gets a table's figures with their row numbers and gives (row, text) pairs; what it touches carries
the check's name in `flags` from then on.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from recount.declare.catalog import Catalog
from recount.declare.claims import FlagRules
from recount.declare.tables import Table
from recount.errors import Worded

ROW = "row_number"
VALUE = "value"
_DECIMALS = 16
_PERIOD = ("period_kind", "period_start", "through_date")
_PRINT = ("release", "sheet_original", "printed_table")


@dataclass(frozen=True)
class Touched:
    """Rows that one check touches, and what it found there."""

    check: str
    rows: tuple[int, ...]
    release: str
    text: str


@dataclass(frozen=True)
class Figures:
    """One table's figures, numbered, with `value` as one number, and the catalog's words on it."""

    table: Table
    frame: pl.DataFrame
    catalog: Catalog

    @property
    def rules(self) -> FlagRules:
        """How far numbers may lie apart."""
        return self.catalog.rules.flagging

    @property
    def dimensions(self) -> list[str]:
        """The columns that break figures down."""
        return [
            each.name
            for each in self.table.fields
            if (each.codes is not None and each.name.endswith("_code") and each.name != "unit_code")
            or each.name in ("facility_name", "facility_code")
        ]

    def total_of(self, dimension: str) -> pl.Expr:
        """Whether a row is of all parts of a dimension together."""
        field = self.table.field(dimension)
        return pl.col(dimension).is_null() if field.may_be_missing else pl.col(dimension) == "total"

    def has_total(self, dimension: str) -> bool:
        """Whether a dimension knows a total at all."""
        field = self.table.field(dimension)
        if field.may_be_missing:
            return True
        return any(each.code == "total" for each in self.catalog.codes[str(field.codes)].codes)


def number_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """Returns `frame` with its row numbers and its value as one number."""
    return frame.with_row_index(ROW).with_columns(
        pl.col(ROW).cast(pl.Int64),
        pl.coalesce(pl.col("value_count").cast(pl.Float64), pl.col("value_number")).alias(VALUE),
    )


def _adding_statistics(figures: Figures) -> list[str]:
    return [each.code for each in figures.catalog.codes["detention_statistics_figures"].codes if each.adds_up]


def find_broken_sums(figures: Figures) -> Iterator[Touched]:
    """Yields totals that are not the sum of the parts beside them, with those parts.

    Counts add up exactly, averages within `mean_tolerance`. Every breakdown is tried by itself, months among
    them; parts of parts are added to the part that they are of.
    """
    frame = figures.frame.filter(pl.col("statistic_name").is_in(_adding_statistics(figures)))
    what = ["statistic_name", "unit_code"]
    for dimension in figures.dimensions:
        if dimension == "facility_code" or not figures.has_total(dimension):
            continue
        others = [each for each in figures.dimensions if each not in (dimension, "facility_code")]
        key = [*_PRINT, *what, *_PERIOD, *others]
        total = figures.total_of(dimension)
        inner = _parts_of_parts(figures, dimension)
        parts = frame.filter(~total & ~pl.col(dimension).is_in(list(inner)))
        yield from _compare(figures, frame.filter(total), parts, key, dimension.removesuffix("_code"))
        for whole in sorted(set(inner.values())):
            members = [each for each, parent in inner.items() if parent == whole]
            yield from _compare(
                figures,
                frame.filter(pl.col(dimension) == whole),
                frame.filter(pl.col(dimension).is_in(members)),
                key,
                whole,
            )
    counts = frame.filter(pl.col("value_count").is_not_null())
    dimensions = [each for each in figures.dimensions if each != "facility_code"]
    key = [*_PRINT, *what, "fiscal_year", *dimensions]
    yield from _compare(
        figures,
        counts.filter(pl.col("period_kind") == "fiscal_year_to_date"),
        counts.filter(pl.col("period_kind") == "month"),
        key,
        "month",
    )


def _parts_of_parts(figures: Figures, dimension: str) -> dict[str, str]:
    codes = figures.table.field(dimension).codes
    if codes is None:
        return {}
    return {
        each.code: each.part_of for each in figures.catalog.codes[codes].codes if each.part_of is not None
    }


def _compare(
    figures: Figures, totals: pl.DataFrame, parts: pl.DataFrame, key: list[str], what: str
) -> Iterator[Touched]:
    added = parts.group_by(key).agg(
        pl.col(VALUE).sum().alias("added"), pl.col(ROW).alias("part_rows"), pl.col(VALUE).alias("part_values")
    )
    joined = totals.join(added, on=key, how="inner", nulls_equal=True)
    allowed = (
        pl.when(pl.col("value_count").is_null()).then(float(figures.rules.mean_tolerance)).otherwise(0.0)
    )
    broken = joined.filter((pl.col(VALUE) - pl.col("added")).abs() > allowed)
    for row in broken.sort(ROW).iter_rows(named=True):
        yield Touched(
            "parts_sum_to_total",
            (row[ROW], *sorted(row["part_rows"])),
            row["release"],
            Worded(
                "%(cell)s, %(statistic)s by %(dimension)s: the parts add up to %(added)s, the total is %(total)s",
                **_figure_of(row),
                dimension=what,
                added=_show(row["added"]),
                total=_show(row[VALUE]),
            ),
        )


def cell_of(row: Mapping[str, Any]) -> str:
    """Returns where a figure stands: its sheet and cell."""
    return f"{row['sheet_original']}!{row['cell_original']}"


def _figure_of(row: Mapping[str, Any]) -> dict[str, str]:
    return {"cell": cell_of(row), "statistic": row["statistic_name"]}


def _show(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def _show_apart(low: float, high: float) -> tuple[str, str]:
    """Returns two numbers with as many decimals as tell them apart."""
    shown = _show(low), _show(high)
    for decimals in range(3, _DECIMALS):
        if shown[0] != shown[1]:
            break
        shown = f"{low:,.{decimals}f}", f"{high:,.{decimals}f}"
    return shown


def find_falls(figures: Figures) -> Iterator[Touched]:
    """Yields counts of a fiscal year so far that are lower than what an earlier release counted."""
    key = ["statistic_name", "unit_code", "fiscal_year", *figures.dimensions]
    frame = figures.frame.filter(
        (pl.col("period_kind") == "fiscal_year_to_date")
        & pl.col("value_count").is_not_null()
        & ~pl.col("flags").fill_null("").str.contains("date_of_another_year")
    )
    by_day = (
        frame.group_by([*key, "through_date"]).agg(pl.col(VALUE).max().alias("highest")).sort("through_date")
    )
    before = by_day.with_columns(
        pl.col("highest").cum_max().shift(1).over(key, order_by="through_date").alias("before")
    ).drop("highest")
    joined = frame.join(before, on=[*key, "through_date"], how="left", nulls_equal=True)
    for row in joined.filter(pl.col(VALUE) < pl.col("before")).sort(ROW).iter_rows(named=True):
        yield Touched(
            "to_date_never_falls",
            (row[ROW],),
            row["release"],
            Worded(
                "%(cell)s, %(statistic)s of FY%(year)s: %(value)s through %(day)s, an earlier release had %(before)s",
                **_figure_of(row),
                year=str(row["fiscal_year"]),
                value=_show(row[VALUE]),
                day=str(row["through_date"]),
                before=_show(row["before"]),
            ),
        )


def find_double_prints(figures: Figures) -> Iterator[Touched]:
    """Yields figures that one workbook prints twice, differently; averages differ beyond `print_tolerance`."""
    dimensions = [each for each in figures.dimensions if each != "facility_code"]
    key = ["release", "statistic_name", "unit_code", *_PERIOD, *dimensions]
    grouped = figures.frame.group_by(key).agg(
        pl.col(ROW),
        pl.col(VALUE).min().alias("low"),
        pl.col(VALUE).max().alias("high"),
        pl.col("value_count").is_not_null().all().alias("counted"),
        (pl.col("sheet_original") + "!" + pl.col("cell_original")).alias("cells"),
    )
    allowed = pl.when(pl.col("counted")).then(0.0).otherwise(float(figures.rules.print_tolerance))
    differing = grouped.filter((pl.col(ROW).list.len() > 1) & (pl.col("high") - pl.col("low") > allowed))
    for row in differing.sort(pl.col(ROW).list.min()).iter_rows(named=True):
        cells, shown = sorted(row["cells"]), _show_apart(row["low"], row["high"])
        yield Touched(
            "printed_twice_differently",
            tuple(sorted(row[ROW])),
            row["release"],
            Worded(
                "%(cell)s and %(other)s, %(statistic)s: %(low)s and %(high)s",
                cell=cells[0],
                other=cells[1],
                statistic=row["statistic_name"],
                low=shown[0],
                high=shown[1],
            ),
        )


_SHARES = {
    "detained_agency_share": ("detained", "detained", "arresting_agency_code"),
    "atd_hearing_share": ("atd_hearings", "atd_hearings", "hearing_outcome_code"),
    "bonded_share": ("bonded_book_outs", "book_outs", None),
}


def find_wrong_shares(figures: Figures) -> Iterator[Touched]:
    """Yields printed shares that are not the quotient of the counts beside them, within `share_tolerance`.

    The sheets round shares to two or three decimals, or not at all.
    """
    allowed = float(figures.rules.share_tolerance) + 1e-12
    for share, (part, whole, dimension) in _SHARES.items():
        shares = figures.frame.filter(pl.col("statistic_name") == share)
        if shares.is_empty():
            continue
        key = [*_PRINT, *_PERIOD, *figures.dimensions]
        parts = figures.frame.filter(pl.col("statistic_name") == part).select(
            *key, pl.col(VALUE).alias("part")
        )
        wholes = figures.frame.filter(pl.col("statistic_name") == whole)
        whole_key = [each for each in key if each != dimension]
        if dimension is not None:
            wholes = wholes.filter(figures.total_of(dimension))
        wholes = wholes.select(*whole_key, pl.col(VALUE).alias("whole"))
        joined = shares.join(parts, on=key, how="inner", nulls_equal=True).join(
            wholes, on=whole_key, how="inner", nulls_equal=True
        )
        wrong = joined.filter(
            (pl.col("whole") > 0) & ((pl.col(VALUE) - pl.col("part") / pl.col("whole")).abs() > allowed)
        )
        for row in wrong.sort(ROW).iter_rows(named=True):
            yield Touched(
                "share_is_not_the_quotient",
                (row[ROW],),
                row["release"],
                Worded(
                    "%(cell)s: %(printed)s printed, %(part)s of %(total)s is %(share)s",
                    cell=cell_of(row),
                    printed=f"{row[VALUE]:g}",
                    part=_show(row["part"]),
                    total=_show(row["whole"]),
                    share=f"{row['part'] / row['whole']:.4f}",
                ),
            )


def find_far_figures(figures: Figures) -> Iterator[Touched]:
    """Yields counts of a past span `far_times` off what other releases print for it."""
    rules = figures.rules
    key = ["statistic_name", "unit_code", *_PERIOD, "fiscal_year", *figures.dimensions]
    frame = figures.frame.filter(
        pl.col("value_count").is_not_null()
        & pl.col("period_kind").is_in(["month", "quarter", "fiscal_year_to_date"])
    )
    typical = frame.group_by(key).agg(
        pl.col(VALUE).median().alias("typical"), pl.col("release").n_unique().alias("releases")
    )
    joined = frame.join(typical, on=key, how="left", nulls_equal=True).filter(
        (pl.col("releases") >= rules.far_releases)
        & (pl.col("typical") >= rules.far_at_least)
        & (
            (pl.col(VALUE) * rules.far_times < pl.col("typical"))
            | (pl.col(VALUE) > pl.col("typical") * rules.far_times)
        )
    )
    for row in joined.sort(ROW).iter_rows(named=True):
        yield Touched(
            "far_from_other_releases",
            (row[ROW],),
            row["release"],
            Worded(
                "%(cell)s, %(statistic)s through %(day)s: %(value)s; the median over %(number)s releases is %(median)s",
                **_figure_of(row),
                day=str(row["through_date"]),
                value=_show(row[VALUE]),
                number=str(row["releases"]),
                median=_show(row["typical"]),
            ),
        )


def find_empty_spans(figures: Figures) -> Iterator[Touched]:
    """Yields spans for which every number that a table prints is zero."""
    key = [*_PRINT, *_PERIOD]
    frame = figures.frame.filter(pl.col("period_kind") != "quarter")
    grouped = frame.group_by(key).agg(pl.col(ROW), pl.col(VALUE).abs().max().alias("highest"))
    empty = grouped.filter(
        (pl.col("highest") == 0) & (pl.col(ROW).list.len() >= figures.rules.zeros_at_least)
    )
    for row in empty.sort(pl.col(ROW).list.min()).iter_rows(named=True):
        yield Touched(
            "zero_for_a_past_span",
            tuple(sorted(row[ROW])),
            row["release"],
            Worded(
                "%(sheet)s, %(table)s: all %(number)s numbers through %(day)s are zero",
                sheet=row["sheet_original"],
                table=row["printed_table"],
                number=str(len(row[ROW])),
                day=str(row["through_date"]),
            ),
        )


def find_marked(figures: Figures, check: str) -> Iterator[Touched]:
    """Yields the rows that reading itself has marked with `check`, a workbook and table at a time."""
    marked = figures.frame.filter(pl.col("flags").fill_null("").str.contains(check, literal=True))
    for (release, sheet, printed), rows in marked.group_by(list(_PRINT), maintain_order=True):
        said = {"sheet": str(sheet), "table": str(printed), "number": f"{rows.height}"}
        yield Touched(
            check,
            tuple(rows.get_column(ROW).sort().to_list()),
            str(release),
            Worded("%(sheet)s, %(table)s: %(number)s figures", **said),
        )


def find_declared(figures: Figures) -> Iterator[Touched]:
    """Yields the figures that the catalog marks by hand, where they still print what it says."""
    for workbook in figures.catalog.workbooks.values():
        for each in workbook.flags:
            if each.core != figures.table.table:
                continue
            wanted = pl.lit(True)
            for column, value in each.where.items():
                wanted &= pl.col(column) == value
            rows = figures.frame.filter(wanted & (pl.col("value_count") == each.value_count)).sort(ROW)
            said = {"value": f"{each.value_count:,}", "why": f"{each.reason} {each.evidence}"}
            for row in rows.iter_rows(named=True):
                yield Touched(
                    each.flag,
                    (row[ROW],),
                    row["release"],
                    Worded("%(cell)s: %(value)s. %(why)s", cell=cell_of(row), **said),
                )


READER_FLAGS = ("counts_days_to_come", "date_of_another_year", "year_label_missing")
"""Flags that reading a workbook sets by itself; all others are for checks to set."""

FlagCheck = Callable[[Figures], Iterable[Touched]]

FIGURE_CHECKS: Mapping[str, FlagCheck] = {
    "parts_sum_to_total": find_broken_sums,
    "to_date_never_falls": find_falls,
    "printed_twice_differently": find_double_prints,
    "share_is_not_the_quotient": find_wrong_shares,
    "far_from_other_releases": find_far_figures,
    "zero_for_a_past_span": find_empty_spans,
    "implausible": find_declared,
    **{each: functools.partial(find_marked, check=each) for each in READER_FLAGS},
}
