"""Columns of individual records that cannot be read as declared, and what to say of them."""

from __future__ import annotations

import datetime

import polars as pl

from recount.clean.record_cells import Cells
from recount.declare.record_reading import RecordReading
from recount.declare.tables import Field
from recount.errors import LayoutError, nearest_names

_SHOWN = 8
_NEAREST = 3
_FIX = "declare a layout in which this header goes to another field, or is unused"


def refuse_other_meaning(
    name: str, declared: Field, text: pl.Series, cells: Cells, reading: RecordReading, where: str
) -> None:
    """Raises `LayoutError` where most filled cells of a column are no values of its kind.

    Args:
        name: the column, as the file calls it.
        declared: the field that it goes to.
        text: its cells.
        cells: as they were read.
        reading: which share of a column must be of its kind.
        where: file and sheet.
    """
    filled = int((text.is_not_null() & ~cells.is_redacted).sum())
    misfits = int(cells.is_misfit.sum())
    if declared.codes is not None or not _are_too_many(misfits, filled, reading):
        return
    shown = text.filter(cells.is_misfit).head(_SHOWN).to_list()
    raise LayoutError(
        f"{where}: the column {name} holds something else than its name says.",
        [
            ("wanted", f"{declared.type} ({declared.name})"),
            ("holds", ", ".join(map(repr, shown))),
            ("count", f"{misfits:,} of {filled:,} filled cells"),
            ("fix", _FIX),
        ],
    )


def _are_too_many(wrong: int, filled: int, reading: RecordReading) -> bool:
    """Returns whether so many of a column's values are wrong that the column is."""
    return wrong >= reading.values_at_least and wrong > filled * (1 - reading.share_of_values)


def show_unknown(text: pl.Series, numbers: pl.Series, misfit: pl.Series, known: list[str]) -> str:
    """Returns the values that no code list knows, the most frequent first.

    Args:
        text: the cells of a column.
        numbers: their rows.
        misfit: which of them are unknown.
        known: every spelling that is not.
    """
    found = (
        pl.DataFrame({"text": text, "row": numbers})
        .filter(misfit)
        .group_by("text")
        .agg(pl.len().alias("count"), pl.col("row").min().alias("row"))
        .sort(["count", "text"], descending=[True, False])
    )
    lines = []
    for value, count, row in found.head(_SHOWN).iter_rows():
        near = nearest_names(value, known, _NEAREST)
        lines.append(
            f"{value!r}, {count:,} times, first in row {row:,}"
            + (f"; nearest: {', '.join(near)}" if near else "")
        )
    if found.height > _SHOWN:
        lines.append(f"and {found.height - _SHOWN:,} further values")
    return "\n".join(lines)


def refuse_impossible_days(
    name: str,
    wrong: pl.Series,
    filled: int,
    latest: datetime.date | None,
    where: str,
    reading: RecordReading,
) -> None:
    """Raises `LayoutError` where most days that place rows in time are impossible: they are written otherwise.

    Args:
        name: the column, as the file calls it.
        wrong: the cells whose days are impossible.
        filled: how many cells hold a day.
        latest: the last day that is possible, where one is known: it follows from the release's cut-off.
        where: file and sheet.
        reading: which share of a column must be of its kind.
    """
    if not _are_too_many(wrong.len(), filled, reading):
        return
    raise LayoutError(
        f"{where}: most days of the column {name} are impossible.",
        [
            ("holds", ", ".join(map(repr, wrong.head(_SHOWN).to_list()))),
            ("count", f"{wrong.len():,} of {filled:,} filled cells"),
            ("possible", f"from {reading.earliest_date} on" + (f", through {latest}" if latest else "")),
            (
                "fix",
                "write years with four digits, months before days; or, where the release goes on for longer,\n"
                "state its cut_off in its file under sources/<source>/releases",
            ),
        ],
    )
