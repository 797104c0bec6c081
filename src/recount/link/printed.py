"""Printed figures brought together: one print is one release's figures of one place and date."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from recount.declare.tables import Table
from recount.link.identities import Derived, complete_counts

SUMMED = ("release", "through_date", "figure_name", "value_kind", "value_count", "place_code")
"""Columns of figures that a sum over jurisdictions looks at."""


@dataclass(frozen=True)
class Cell:
    """Where a figure stands: file, sheet, row and column head or letter, and what is written there."""

    file: str
    row: int
    column: str
    text: str
    sheet: str | None = None


@dataclass(frozen=True)
class Print:
    """All figures that one release prints of one place through one date.

    `counts` holds exact counts, printed or worked out; `about` rounded ones as (count, unit);
    `above` shares of which the lower bound is printed, as text. `cells` says where each printed figure
    stands. `left_out` is not empty where the print is a sum over jurisdictions: it names those that the
    sum lacks. `jurisdictions` counts those it holds.
    """

    release: str
    place_kind: str
    place_code: str
    place_name: str
    through_date: datetime.date
    through_precision: str
    counts: Mapping[str, Derived]
    about: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    above: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, Cell] = field(default_factory=dict)
    is_sum: bool = False
    jurisdictions: int = 0
    left_out: tuple[str, ...] = ()


def gather_prints(figures: pl.DataFrame, table: Table) -> list[Print]:
    """Returns the prints in `figures`, ordered by place, date and release, their counts completed.

    Args:
        figures: rows of a table of figures.
        table: its declaration, for the sum identities.
    """
    key = ["place_code", "through_date", "release"]
    ordered = figures.sort([*key, "figure_name"])
    grouped: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in ordered.iter_rows(named=True):
        grouped.setdefault(tuple(row[name] for name in key), []).append(row)
    return [_print(rows, table) for rows in grouped.values()]


def _print(rows: list[dict[str, Any]], table: Table) -> Print:
    first = rows[0]
    exact = {row["figure_name"]: row["value_count"] for row in rows if row["value_kind"] == "count"}
    return Print(
        release=first["release"],
        place_kind=first["place_kind"],
        place_code=first["place_code"],
        place_name=first["place_name"],
        through_date=first["through_date"],
        through_precision=_least_precise(row["through_precision"] for row in rows),
        counts=complete_counts(exact, table.sums),
        about={
            row["figure_name"]: (row["value_count"], row["rounded_to"])
            for row in rows
            if row["value_kind"] == "about"
        },
        above={
            row["figure_name"]: row["value_original"] for row in rows if row["value_kind"] == "share_above"
        },
        cells={
            row["figure_name"]: Cell(
                row["file_original"], row["row_original"], row["cell_original"], row["value_original"]
            )
            for row in rows
        },
    )


def _least_precise(precisions: Iterable[str]) -> str:
    return "approximate" if "approximate" in set(precisions) else "day"


def sum_over_jurisdictions(
    figures: pl.DataFrame, table: Table, place: tuple[str, str, str], left_out: tuple[str, ...]
) -> list[Print]:
    """Returns one print, the sum of the figures given over jurisdictions; none where they hold no exact count.

    Args:
        figures: rows of jurisdictions of one release and date, which lists every jurisdiction of the place; at least
            in the columns `SUMMED`.
        table: the declaration of the table.
        place: (kind, code, name) of the place that the sum is said to stand for.
        left_out: jurisdictions of the place that the release does not list, by name.
    """
    kind, code, name = place
    exact = figures.filter(pl.col("value_kind") == "count")
    if exact.is_empty():
        return []
    sums = (
        exact.group_by("figure_name")
        .agg(pl.col("value_count").sum(), pl.col("place_code").n_unique())
        .sort("figure_name")
        .rows()
    )
    return [
        Print(
            release=exact.item(0, "release"),
            place_kind=kind,
            place_code=code,
            place_name=name,
            through_date=exact.item(0, "through_date"),
            through_precision="day",
            counts=complete_counts({figure: count for figure, count, _ in sums}, table.sums),
            is_sum=True,
            jurisdictions=max(jurisdictions for _, _, jurisdictions in sums),
            left_out=left_out,
        )
    ]
