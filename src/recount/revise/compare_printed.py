"""Two releases of printed figures: their tables, labels, rows, periods and blanks."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import polars as pl

from recount.declare.catalog import Catalog
from recount.declare.comparing import Comparing
from recount.declare.sources import KnownRelease
from recount.declare.tables import Table
from recount.record.manifest import FileEntry
from recount.record.store import Record
from recount.revise.compare_counts import Month, PeriodRows, compare_labels, compare_periods, missing_here
from recount.revise.compare_findings import (
    ColumnLabels,
    FieldMissing,
    MissingCount,
    PeriodCount,
    RowCount,
    SchemaDifference,
)

Pair = tuple[pl.DataFrame, pl.DataFrame]
_PROVENANCE = (
    "release",
    "file_original",
    "sheet_original",
    "row_original",
    "cell_original",
    "columns_original",
)
_STATISTIC, _PRINTED, _FLAGS = "statistic_name", "printed_table", "flags"
_VALUES = ("value_count", "value_number")


class PrintedPair:
    """The rows of two releases in every table of printed figures."""

    def __init__(
        self,
        record: Record,
        catalog: Catalog,
        comparing: Comparing,
        releases: tuple[KnownRelease, KnownRelease],
    ) -> None:
        self.record = record
        self.catalog = catalog
        self.comparing = comparing
        self.releases = releases
        self.held: tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]] = (
            _frames(record, catalog, releases[0]),
            _frames(record, catalog, releases[1]),
        )

    @property
    def tables(self) -> tuple[set[str], set[str]]:
        """The tables in which each release has rows."""
        return set(self.held[0]), set(self.held[1])

    def pair(self, table: str) -> Pair:
        """Returns the rows of both releases in a table."""
        return self.held[0][table], self.held[1][table]

    def schema(self, table: str) -> Iterator[SchemaDifference]:
        """Yields printed tables, and columns with any value, that only one release has."""
        a, b = self.pair(table)
        if _PRINTED in a.columns:
            yield from missing_here(table, "printed_table", _counts(a, _PRINTED), _counts(b, _PRINTED))
        yield from missing_here(table, "column", self._filled(a, table), self._filled(b, table))

    def sheets(self) -> Iterator[SchemaDifference]:
        """Yields the sheets of workbooks, as their layouts are called, that only one release has."""
        a, b = (_sheets(self.record, each) for each in self.releases)
        yield from missing_here("", "sheet", a, b)

    def labels(self, table: str) -> Iterator[ColumnLabels]:
        """Yields the codes and texts of the columns that both releases fill, and the checks that mark rows."""
        a, b = self.pair(table)
        shown = self.comparing.labels_shown
        for each in self.catalog.tables[table].fields:
            if each.name in (*_PROVENANCE, _PRINTED):
                continue
            kind: Literal["code", "text", "check"] = "code" if each.codes is not None else "text"
            if kind == "text" and each.name not in (*self.comparing.text_categories, _FLAGS):
                continue
            counts = _counts(a, each.name), _counts(b, each.name)
            # What only one release fills is a difference of schema; a check may mark rows of one alone.
            if each.name == _FLAGS or all(counts):
                codes = self.catalog.codes.get(each.codes) if each.codes is not None else None
                kind = "check" if each.name == _FLAGS else kind
                yield compare_labels(table, each.name, kind, counts, codes, shown)

    def rows(self, table: str) -> Iterator[RowCount]:
        """Yields the rows of a table, and of each table printed in it."""
        a, b = self.pair(table)
        yield RowCount(table, None, a.height, b.height)
        if _PRINTED in a.columns:
            counts = _counts(a, _PRINTED), _counts(b, _PRINTED)
            for name in sorted(counts[0].keys() | counts[1].keys()):
                yield RowCount(table, name, counts[0].get(name, 0), counts[1].get(name, 0))

    def periods(self, table: str) -> Iterator[PeriodCount]:
        """Yields the numbers by fiscal year and by month."""
        if "fiscal_year" in self.catalog_columns(table):
            a, b = self.pair(table)
            last = (self.releases[0].covers_through, self.releases[1].covers_through)
            yield from compare_periods(table, _period_rows(a, last[0]), _period_rows(b, last[1]))

    def missing(self, table: str) -> Iterator[FieldMissing]:
        """Yields the blanks of every column in which a blank is a gap; a number stands in one of two columns."""
        a, b = self.pair(table)
        declared = self.catalog.tables[table]
        if all(each in a.columns for each in _VALUES):
            yield FieldMissing(table, "value", _blank_in_all(a, _VALUES), _blank_in_all(b, _VALUES))
        for each in declared.fields:
            if each.may_be_missing and self._is_gap(each.name, declared):
                yield FieldMissing(
                    table, each.name, _blank_in_all(a, [each.name]), _blank_in_all(b, [each.name])
                )

    def catalog_columns(self, table: str) -> list[str]:
        """Returns the names of a table's columns."""
        return [each.name for each in self.catalog.tables[table].fields]

    def _is_gap(self, name: str, table: Table) -> bool:
        if name in (*self.comparing.blank_says_nothing, *_PROVENANCE):
            return False
        # A figure that is not split by a dimension, or is of no one place, is blank in it.
        return not any(each.name == _STATISTIC for each in table.fields)

    def _filled(self, rows: pl.DataFrame, table: str) -> dict[str, int]:
        names = [
            each
            for each in self.catalog_columns(table)
            if each not in (*_PROVENANCE, *self.comparing.blank_says_nothing)
        ]
        filled = rows.select(pl.col(names).is_not_null().sum()).row(0, named=True)
        return {name: count for name, count in filled.items() if count}


def _frames(record: Record, catalog: Catalog, release: KnownRelease) -> dict[str, pl.DataFrame]:
    found = {}
    for name in catalog.tables:
        if name in record.frames:
            rows = record.frames[name].filter(pl.col("release") == release.release)
            if rows.height:
                found[name] = rows
    return found


def files_of(record: Record, release: KnownRelease) -> list[FileEntry]:
    """Returns the accounts of a release's files, of the uppermost layer that has each."""
    found: dict[str, FileEntry] = {}
    for layer in record.layers:
        for each in layer.manifest.files:
            if release.release in each.releases:
                found[each.file] = each
    held = {each.sha256 for each in release.files}
    return [found[name] for name in sorted(found) if found[name].sha256 in held]


def _sheets(record: Record, release: KnownRelease) -> dict[str, str]:
    return {
        sheet.layout: sheet.sheet
        for each in files_of(record, release)
        for sheet in each.sheets
        if sheet.layout is not None
    }


def _counts(rows: pl.DataFrame, column: str) -> dict[str, int]:
    values = rows.get_column(column).drop_nulls().cast(pl.String)
    if column == _FLAGS:
        values = values.str.split(";").explode()
    return dict(sorted(Counter(values.to_list()).items()))


def _blank_in_all(rows: pl.DataFrame, columns: list[str] | tuple[str, ...]) -> MissingCount:
    blank = rows.select(pl.all_horizontal(pl.col(columns).is_null()).sum()).item()
    return MissingCount(rows.height, int(blank), 0)


def _period_rows(rows: pl.DataFrame, last: datetime.date) -> PeriodRows:
    """Returns numbers by span: a release covers the months and years that it prints, through its last day."""
    years: Mapping[int, int] = _by(rows, pl.col("fiscal_year"))
    months: dict[Month, int] = {}
    if "period_kind" in rows.columns:
        printed = rows.filter(pl.col("period_kind") == "month")
        starts: Mapping[datetime.date, int] = _by(printed, pl.col("period_start"))
        for start, count in starts.items():
            month = (start.year, start.month)
            months[month] = months.get(month, 0) + count
    return PeriodRows(months, years, frozenset(months), dict.fromkeys(years, True), None, last, {})


def _by(rows: pl.DataFrame, key: pl.Expr) -> dict[Any, int]:
    return dict(rows.group_by(key.alias("key")).len().drop_nulls().sort("key").iter_rows())
