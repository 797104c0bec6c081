"""The checks that tables declare: each returns what fails, with the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import polars as pl

from recount.declare.catalog import Catalog
from recount.declare.sources import KnownRelease
from recount.declare.tables import Check, SumIdentity, Table
from recount.errors import CheckFailedError, Worded
from recount.link.place_sums import PlaceSums, states_listed
from recount.link.printed import Cell, Print, gather_prints
from recount.validate.restated import Pair, find_double_prints, find_falling_counts

_SHOWN = 6


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that a check found: what it is about, what was found, and in which releases."""

    table: str
    check: str
    subject: str
    text: str
    releases: tuple[str, ...]


@dataclass(frozen=True)
class Tables:
    """What checks look at: core tables by name, the releases, and the catalog."""

    frames: dict[str, pl.DataFrame]
    releases: dict[str, KnownRelease]
    catalog: Catalog


def run_checks(tables: Tables) -> list[Finding]:
    """Returns the findings of every declared check that reports, in order. Checks that flag run elsewhere.

    Raises:
        CheckFailedError: where a check that refuses fails; it shows the failing rows.
    """
    findings: list[Finding] = []
    for table in tables.catalog.tables.values():
        for check in table.checks:
            if check.severity == "flag":
                continue
            found = sorted(_CHECKS[check.check](table, check, tables))
            if found and check.severity == "error":
                raise _failed(table, check, found, tables.catalog)
            findings += found
    return sorted(findings)


def _failed(table: Table, check: Check, found: list[Finding], catalog: Catalog) -> CheckFailedError:
    lines = [f"{each.subject}: {each.text}" for each in found[:_SHOWN]]
    if len(found) > _SHOWN:
        lines.append(f"and {len(found) - _SHOWN:,} more")
    places = "place" if len(found) == 1 else "places"
    return CheckFailedError(
        f"{table.table}: the check {check.check} fails in {len(found):,} {places}.",
        [
            ("rule", check.description),
            ("rows", "\n".join(lines)),
            (
                "fix",
                "obtain the file again; or, if the agency printed it so, add a correction with its reason to\n"
                + " or ".join(catalog.corrections_file(each) for each in catalog.sources),
            ),
        ],
    )


def _parts_sum_to_total(table: Table, check: Check, tables: Tables) -> Iterable[Finding]:
    for each in gather_prints(tables.frames[table.table], table):
        for identity in table.sums:
            problem = _broken(identity, each)
            if problem is not None:
                yield Finding(
                    table.table, check.check, f"{each.place_name}, {each.release}", problem, (each.release,)
                )


def _broken(identity: SumIdentity, print_: Print) -> str | None:
    parts = [print_.counts[name] for name in identity.parts if name in print_.counts]
    total = print_.counts.get(identity.total)
    added = sum(part.value for part in parts)
    if total is None or not parts:
        return None
    whole = len(parts) == len(identity.parts)
    if (whole and added == total.value) or (not whole and added <= total.value):
        return None
    names = sorted({name for part in parts for name in part.of} | set(total.of))
    cells = [_show_cell(print_.cells[name]) for name in names if name in print_.cells]
    said = {"parts": " + ".join(identity.parts), "added": f"{added:,}", "figure": identity.total}
    said |= {"total": f"{total.value:,}", "cells": "\n".join(dict.fromkeys(cells))}
    if whole:
        return Worded("%(parts)s add up to %(added)s, and %(figure)s is %(total)s\n%(cells)s", **said)
    return Worded("%(parts)s already add up to %(added)s, and %(figure)s is %(total)s\n%(cells)s", **said)


def _show_cell(cell: Cell) -> str:
    return f"  {cell.file}, row {cell.row:,}, {cell.column}: {cell.text}"


def _cumulative_count_falls(table: Table, check: Check, tables: Tables) -> Iterable[Finding]:
    for fall in find_falling_counts(gather_prints(tables.frames[table.table], table)):
        text = Worded(
            "%(figure)s fell from %(before)s through %(earlier)s (%(one)s) to %(after)s through %(later)s (%(other)s)",
            figure=fall.figure,
            before=f"{fall.before:,}",
            earlier=str(fall.earlier.through_date),
            one=fall.earlier.release,
            after=f"{fall.after:,}",
            later=str(fall.later.through_date),
            other=fall.later.release,
        )
        yield Finding(table.table, check.check, fall.later.place_name, text, _releases(fall))


def _releases(pair: Pair) -> tuple[str, ...]:
    return tuple(sorted({pair.earlier.release, pair.later.release}))


def _printed_twice_differently(table: Table, check: Check, tables: Tables) -> Iterable[Finding]:
    for pair in find_double_prints(gather_prints(tables.frames[table.table], table)):
        text = Worded(
            "%(figure)s through %(day)s: %(before)s (%(one)s) and %(after)s (%(other)s)",
            figure=pair.figure,
            day=str(pair.later.through_date),
            before=f"{pair.before:,}",
            one=pair.earlier.release,
            after=f"{pair.after:,}",
            other=pair.later.release,
        )
        yield Finding(table.table, check.check, pair.later.place_name, text, _releases(pair))


def _sum_differs_from_print(table: Table, check: Check, tables: Tables) -> Iterable[Finding]:
    figures = tables.frames[table.table]
    sums = PlaceSums(
        figures, tables.frames["secure_communities_activations"], table, tables.releases, tables.catalog
    )
    printed = gather_prints(figures.filter(pl.col("place_kind") != "jurisdiction"), table)
    places = [("state", code, name) for code, name in states_listed(figures, tables.catalog)]
    places += [("country", each.code, each.label.en) for each in tables.catalog.codes["countries"].codes]
    for kind, code, name in places:
        for total in sums.of_place(kind, code, name):
            for each in printed:
                if (each.place_code, each.through_date) != (code, total.through_date):
                    continue
                for figure, count in each.counts.items():
                    added = total.counts.get(figure)
                    if added is not None and added.value != count.value:
                        yield Finding(
                            table.table,
                            check.check,
                            name,
                            _sum_told(figure, total, each, count.value, added.value),
                            tuple(sorted({each.release, total.release})),
                        )


def _sum_told(figure: str, total: Print, printed: Print, value: int, added: int) -> Worded:
    said = {"figure": figure, "day": str(total.through_date), "value": f"{value:,}", "one": printed.release}
    said |= {"added": f"{added:,}", "number": f"{total.jurisdictions:,}", "other": total.release}
    if not total.left_out:
        return Worded(
            "%(figure)s through %(day)s: %(value)s printed (%(one)s), %(added)s as the sum over %(number)s "
            "jurisdictions (%(other)s)",
            **said,
        )
    return Worded(
        "%(figure)s through %(day)s: %(value)s printed (%(one)s), %(added)s as the sum over %(number)s jurisdictions "
        "(%(other)s); left out: %(names)s",
        **said,
        names=", ".join(total.left_out),
    )


def _dates_differ_between_releases(table: Table, check: Check, tables: Tables) -> Iterable[Finding]:
    frame = tables.frames[table.table]
    column = str(check.column)
    differing = (
        frame.filter(pl.col(column).is_not_null())
        .sort(table.unique_key)
        .group_by("county_fips", maintain_order=True)
        .agg("release", column, pl.col("place_name").drop_nulls().first())
        .filter(pl.col(column).list.n_unique() > 1)
    )
    for row in differing.iter_rows(named=True):
        says = ", ".join(f"{date} ({name})" for name, date in zip(row["release"], row[column], strict=True))
        subject = row["place_name"] or f"FIPS {row['county_fips']}"
        yield Finding(
            table.table,
            check.check,
            f"{subject} ({row['county_fips']})",
            Worded("%(column)s: %(dates)s", column=column, dates=says),
            tuple(row["release"]),
        )


_CHECKS: dict[str, Callable[[Table, Check, Tables], Iterable[Finding]]] = {
    "parts_sum_to_total": _parts_sum_to_total,
    "cumulative_count_falls": _cumulative_count_falls,
    "printed_twice_differently": _printed_twice_differently,
    "sum_differs_from_print": _sum_differs_from_print,
    "dates_differ_between_releases": _dates_differ_between_releases,
}
