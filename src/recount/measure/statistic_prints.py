"""Statistics as printed: all numbers that one release prints of one span, by the codes that split them."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from recount.declare.tables import Table
from recount.link.printed import Cell

TOTAL = "total"
_CELL = re.compile(r"([A-Z]+)(\d+)")
_ENTRY = ("value_count", "value_number", "flags", "file_original", "sheet_original", "cell_original")
_SPAN = ("period_start", "through_date", "release")

Key = tuple[str, ...]
"""The codes of a table's dimensions, in their declared order."""


@dataclass(frozen=True)
class Entry:
    """One printed number: a count, or another number as text that gives it exactly."""

    count: int | None
    number: Fraction | None
    cell: Cell
    flags: tuple[str, ...]


@dataclass(frozen=True)
class StatisticPrint:
    """All numbers of one statistic that one release prints of one span.

    `entries` are by the codes of the table's dimensions, in their declared order.
    """

    release: str
    period_kind: str
    start: datetime.date
    through: datetime.date
    precision: str
    fiscal_year: int
    entries: Entries


class _Columns:
    """The columns of numbers, each made a list where the first number is asked for."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame
        self._made: dict[int, Entry] = {}

    @functools.cached_property
    def flags(self) -> list[str | None]:
        return self._frame.get_column("flags").to_list()

    @functools.cached_property
    def _lists(self) -> list[list[Any]]:
        return [self._frame.get_column(each).to_list() for each in _ENTRY]

    def entry(self, row: int) -> Entry:
        made = self._made.get(row)
        if made is None:
            made = self._made[row] = _entry(*(each[row] for each in self._lists))
        return made


class Entries(Mapping[Key, Entry]):
    """Numbers by the codes of a table's dimensions; each is made when it is asked for."""

    __slots__ = ("_columns", "_rows")

    def __init__(self, columns: _Columns, rows: Mapping[Key, int]) -> None:
        self._columns = columns
        self._rows = rows

    def __getitem__(self, key: Key) -> Entry:
        return self._columns.entry(self._rows[key])

    def find(self, key: Key) -> Entry | None:
        """Returns the number under a key, `None` where it is not printed, which is often."""
        row = self._rows.get(key)
        return None if row is None else self._columns.entry(row)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def dimensions_of(table: Table) -> list[str]:
    """Returns the names by which figures of a table can be split: its code columns, without the suffix."""
    return [
        each.name.removesuffix("_code")
        for each in table.fields
        if each.codes is not None and each.name.endswith("_code") and each.name != "unit_code"
    ]


def code_list_of(table: Table, dimension: str) -> str:
    """Returns the code list of a dimension."""
    return str(table.field(f"{dimension}_code").codes)


def gather_statistic(frame: pl.DataFrame, table: Table, statistic: str, period: str) -> list[StatisticPrint]:
    """Returns the prints of a statistic over spans of one kind, by span and release.

    Args:
        frame: rows of the table.
        table: its declaration.
        statistic: its name.
        period: the kind of span.
    """
    is_own = (pl.col("statistic_name") == statistic) & (pl.col("period_kind") == period)
    if "facility_name" in frame.columns:
        is_own &= pl.col("facility_name").is_null()
    dimensions = [f"{each}_code" for each in dimensions_of(table)]
    order = [*_SPAN, *(each for each in table.unique_key if each not in _SPAN)]
    read = list(dict.fromkeys([*order, *dimensions, *_ENTRY, "fiscal_year", "through_precision"]))
    rows = frame.filter(is_own).select(read).sort(order)
    columns = _Columns(rows)
    codes = [_codes(rows.get_column(each)) for each in dimensions]
    keys: list[Key] = list(zip(*codes, strict=True)) if codes else [()] * rows.height
    years = rows.get_column("fiscal_year").to_list()
    precisions = rows.get_column("through_precision").to_list()
    runs = rows.select(pl.struct(_SPAN).rle().alias("run")).unnest("run").unnest("value").get_columns()
    prints = []
    end = 0
    for count, start, through, release in zip(*(each.to_list() for each in runs), strict=True):
        first, end = end, end + count
        own = dict(zip(keys[first:end], range(first, end), strict=True))
        if len(own) < count:
            own = _standing_rows(keys, columns.flags, range(first, end))
        inexact = [each for each in precisions[first:end] if each not in (None, "day")]
        precision = inexact[-1] if inexact else "day"
        entries = Entries(columns, own)
        prints.append(StatisticPrint(release, period, start, through, precision, years[end - 1], entries))
    return prints


def _codes(column: pl.Series) -> list[str]:
    """Returns the codes of a column, what it does not name being the total."""
    if column.min() in (None, TOTAL) and column.max() in (None, TOTAL):
        return [TOTAL] * len(column)
    return column.fill_null(TOTAL).to_list()


def _standing_rows(keys: Sequence[Key], flags: Sequence[str | None], rows: Iterable[int]) -> dict[Key, int]:
    """Returns the row of each number; of two prints the one that no check marks, then the first on its sheet."""
    standing: dict[Key, int] = {}
    for row in rows:
        key = keys[row]
        if key not in standing or (flags[standing[key]] and not flags[row]):
            standing[key] = row
    return standing


def _entry(
    count: int | None, number: float | None, flags: str | None, file: str, sheet: str | None, cell: str
) -> Entry:
    address = _CELL.fullmatch(cell)
    if address is None:
        raise ValueError(f"{cell} is not a cell")
    return Entry(
        count=count,
        number=None if number is None else Fraction(repr(number)),
        cell=Cell(
            file, int(address[2]), address[1], str(count) if count is not None else repr(number), sheet
        ),
        flags=() if flags is None else tuple(flags.split(";")),
    )
