"""Checks that flag: what they touch is marked in the tables, and told as findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from recount.declare.catalog import Catalog
from recount.declare.claims import FlagRules
from recount.declare.tables import Check, Table
from recount.errors import Worded, listed
from recount.validate.checks import Finding
from recount.validate.figure_flags import (
    FIGURE_CHECKS,
    READER_FLAGS,
    ROW,
    VALUE,
    Figures,
    Touched,
    cell_of,
    number_rows,
)
from recount.validate.outside import find_differences

FACILITIES = "detention_facilities"
_LEVELS = [f"adp_level_{each}" for each in "abcd"]
_SEXES = ["adp_male_criminal", "adp_male_non_criminal", "adp_female_criminal", "adp_female_non_criminal"]
_THREATS = ["adp_threat_level_1", "adp_threat_level_2", "adp_threat_level_3", "adp_no_threat_level"]


def flag_tables(
    frames: dict[str, pl.DataFrame], catalog: Catalog, own: frozenset[str] | None = None
) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    """Returns the tables with their flags, and what was found.

    Args:
        frames: core tables by name; those without flagging checks come back as they are.
        catalog: declares which checks run.
        own: releases whose rows and findings come back; without it, all. The others are looked at, since
            figures are held to those of other releases, and left out.

    The same figure between tables, and facilities against the nation, are held to each other here.
    """
    flagged = dict(frames)
    findings: list[Finding] = []
    for name, table in catalog.tables.items():
        checks = [each for each in table.checks if each.severity == "flag"]
        if not checks or name not in frames:
            continue
        touched = list(_touched(name, table, checks, frames, catalog))
        if own is not None:
            touched = [each for each in touched if each.release in own]
        flagged[name] = _mark(frames[name], touched)
        findings += [Finding(name, each.check, each.release, each.text, (each.release,)) for each in touched]
    return flagged, sorted(findings)


def clear_flags(frame: pl.DataFrame) -> pl.DataFrame:
    """Returns `frame` as reading made it: without what checks have marked since."""
    kept = pl.col("flags").str.split(";").list.filter(pl.element().is_in(READER_FLAGS)).list.join(";")
    return frame.with_columns(flags=pl.when(kept != "").then(kept))


def _touched(
    name: str, table: Table, checks: Iterable[Check], frames: dict[str, pl.DataFrame], catalog: Catalog
) -> Iterator[Touched]:
    frame = frames[name]
    if frame.is_empty():
        return
    if name == FACILITIES:
        for check in checks:
            yield from _FACILITY_CHECKS[check.check](frame, frames, catalog.rules.flagging)
        return
    figures = Figures(table, number_rows(frame), catalog)
    for check in checks:
        if check.check == "differs_between_sheets":
            yield from _differs_between_sheets(name, frames)
        elif check.check == "areas_sum_to_nation":
            yield from _areas_differ(figures)
        elif check.check == "differs_from_ohss":
            yield from find_differences(figures, frames, check)
        else:
            yield from FIGURE_CHECKS[check.check](figures)


def _mark(frame: pl.DataFrame, touched: Iterable[Touched]) -> pl.DataFrame:
    by_row: dict[int, set[str]] = {}
    for each in touched:
        for row in each.rows:
            by_row.setdefault(row, set()).add(each.check)
    if not by_row:
        return frame
    flags = frame.get_column("flags").to_list()
    for row, checks in by_row.items():
        flags[row] = ";".join(sorted({*(flags[row] or "").split(";"), *checks} - {""}))
    return frame.with_columns(pl.Series("flags", flags, dtype=pl.String))


_ROWS_SHOWN = 6
_TWO_SHEETS = ("bond_figures", "detention_figures")


def _differs_between_sheets(name: str, frames: dict[str, pl.DataFrame]) -> Iterator[Touched]:
    """Monthly book-outs on the bond sheet and on the Detention sheet are the same count."""
    if not all(each in frames for each in _TWO_SHEETS):
        return
    key = ["release", "statistic_name", "unit_code", "period_kind", "period_start", "through_date"]
    bond = number_rows(frames["bond_figures"]).filter(pl.col("statistic_name") == "book_outs")
    other = number_rows(frames["detention_figures"]).filter(
        (pl.col("statistic_name") == "book_outs")
        & (pl.col("criminality_code") == "total")
        & (pl.col("release_reason_code") == "total")
        & (pl.col("facility_type_code") == "total")
    )
    where = [ROW, VALUE, "sheet_original", "cell_original"]
    both = bond.select(*key, *where).join(other.select(*key, *where), on=key, how="inner", suffix="_other")
    own_row = ROW if name == "bond_figures" else f"{ROW}_other"
    for row in both.filter(pl.col(VALUE) != pl.col(f"{VALUE}_other")).sort(own_row).iter_rows(named=True):
        yield Touched(
            "differs_between_sheets",
            (row[own_row],),
            row["release"],
            Worded(
                "%(statistic)s through %(day)s: %(value)s at %(cell)s, %(other)s at %(there)s",
                statistic="book_outs",
                day=str(row["through_date"]),
                value=f"{row[VALUE]:,.0f}",
                cell=cell_of(row),
                other=f"{row[f'{VALUE}_other']:,.0f}",
                there=f"{row['sheet_original_other']}!{row['cell_original_other']}",
            ),
        )


def _areas_differ(figures: Figures) -> Iterator[Touched]:
    """Participants with a technology in the areas add up to the nation's on the same sheet and day.

    A technology that only one of the two tables prints differs too. Where they differ, every figure of the
    technology in both is touched, averages among them: its rows may be another technology's.
    """
    key = ["release", "sheet_original", "through_date", "technology_code"]
    own = figures.frame.filter(
        (pl.col("technology_code") != "total")
        & pl.col("hearing_code").is_null()
        & (pl.col("period_kind") == "snapshot")
    )
    count = pl.when(pl.col("statistic_name") == "atd_participants").then(pl.col("value_count"))
    in_areas = pl.col("aor_code").is_not_null() & (pl.col("aor_code") != "total")
    held = own.group_by(key).agg(
        count.filter(in_areas).sum().alias("added"),
        count.filter(~in_areas & (pl.col("printed_table") == "atd_by_technology")).sum().alias("nation"),
        pl.col(ROW),
    )
    # Both tables stand on the sheet and are of one day, or there is nothing to hold to each other.
    sheet = key[:-1]
    both = held.filter((pl.col("added").sum().over(sheet) > 0) & (pl.col("nation").sum().over(sheet) > 0))
    for row in both.filter(pl.col("added") != pl.col("nation")).sort(key).iter_rows(named=True):
        yield Touched(
            "areas_sum_to_nation",
            tuple(sorted(row[ROW])),
            row["release"],
            Worded(
                "%(sheet)s, %(code)s on %(day)s: the areas add up to %(added)s, the nation has %(total)s",
                sheet=row["sheet_original"],
                code=row["technology_code"],
                day=str(row["through_date"]),
                added=f"{row['added']:,}",
                total=f"{row['nation']:,}",
            ),
        )


def _sums_differ(frame: pl.DataFrame, frames: dict[str, pl.DataFrame], rules: FlagRules) -> Iterator[Touched]:
    """Three ways to add up one facility's average daily population give the same."""
    del frames
    sums = frame.with_row_index(ROW).with_columns(
        **{
            name: pl.sum_horizontal(columns)
            for name, columns in (("by_level", _LEVELS), ("by_sex", _SEXES), ("by_threat", _THREATS))
        }
    )
    ways = ["by_level", "by_sex", "by_threat"]
    differing = sums.filter(
        pl.max_horizontal(ways) - pl.min_horizontal(ways) > float(rules.facility_tolerance)
    )
    for row in differing.iter_rows(named=True):
        yield Touched(
            "facility_sums_differ",
            (row[ROW],),
            row["release"],
            Worded(
                "%(facility)s, row %(row)s: %(level)s by level, %(sex)s by sex and criminality, "
                "%(threat)s by threat level",
                facility=str(row["facility_name"]),
                row=str(row["row_original"]),
                level=f"{row['by_level']:,.2f}",
                sex=f"{row['by_sex']:,.2f}",
                threat=f"{row['by_threat']:,.2f}",
            ),
        )


def _exceed_nation(
    frame: pl.DataFrame, frames: dict[str, pl.DataFrame], rules: FlagRules
) -> Iterator[Touched]:
    """All facilities together hold no more than the nation."""
    nation = (
        frames["detention_figures"]
        .filter(
            (pl.col("statistic_name") == "average_daily_population")
            & (pl.col("period_kind") == "fiscal_year_to_date")
            & (pl.col("arresting_agency_code") == "total")
            & (pl.col("criminality_code") == "total")
            & (pl.col("facility_type_code") == "total")
        )
        .group_by("release", "fiscal_year")
        .agg(pl.col("value_number").max().alias("nation"))
    )
    numbered = frame.with_row_index(ROW)
    together = (
        numbered.group_by("release", "fiscal_year", "sheet_original")
        .agg(pl.sum_horizontal(*[pl.col(each).sum() for each in _LEVELS]).alias("together"), pl.col(ROW))
        .join(nation, on=["release", "fiscal_year"], how="inner")
        .filter(pl.col("together") > pl.col("nation") * float(rules.nation_times))
        .sort("release")
    )
    for row in together.iter_rows(named=True):
        yield Touched(
            "facilities_exceed_nation",
            tuple(sorted(row[ROW])),
            row["release"],
            Worded(
                "%(sheet)s: %(number)s facilities hold %(together)s a day, the nation %(total)s",
                sheet=row["sheet_original"],
                number=f"{len(row[ROW]):,}",
                together=f"{row['together']:,.1f}",
                total=f"{row['nation']:,.1f}",
            ),
        )


def _listed_twice(
    frame: pl.DataFrame, frames: dict[str, pl.DataFrame], rules: FlagRules
) -> Iterator[Touched]:
    """A workbook lists a facility once."""
    del frames, rules
    key = ["release", "sheet_original", "facility_name", "city"]
    repeated = (
        frame.with_row_index(ROW)
        .group_by(key)
        .agg(pl.col(ROW), pl.col("row_original"))
        .filter(pl.col(ROW).list.len() > 1)
    )
    for row in repeated.sort(key).iter_rows(named=True):
        lines = sorted(row["row_original"])
        yield Touched(
            "facility_listed_twice",
            tuple(sorted(row[ROW])),
            row["release"],
            Worded(
                "%(facility)s, %(city)s: rows %(cells)s",
                facility=str(row["facility_name"]),
                city=str(row["city"]),
                cells=listed([f"{each:,}" for each in lines], _ROWS_SHOWN),
            ),
        )


_FACILITY_CHECKS = {
    "facility_sums_differ": _sums_differ,
    "facilities_exceed_nation": _exceed_nation,
    "facility_listed_twice": _listed_twice,
}
