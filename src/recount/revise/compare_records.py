"""Two releases of individual records: their headers, labels, rows, periods and blanks; rows are never matched.

Identifiers hold within a release, so that nothing says whether a row of one is a row of the other. What can be
compared are counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from recount.declare.catalog import Catalog
from recount.declare.comparing import Comparing
from recount.declare.cubes import POOLED, load_cubes
from recount.declare.events import PROVENANCE, REDACTED
from recount.declare.release_lag import load_release_lag
from recount.declare.sources import KnownRelease
from recount.declare.text import Text
from recount.measure.event_engine import Engine
from recount.record.store import Record
from recount.revise.compare_counts import compare_labels, compare_periods, late_months, long_past
from recount.revise.compare_findings import (
    ColumnLabels,
    FieldMissing,
    MissingCount,
    PeriodCount,
    RowCount,
    SchemaDifference,
)
from recount.revise.compare_parts import PartsOfTable
from recount.revise.compare_printed import files_of


class RecordsPair:
    """The individual records of two releases, table by table."""

    def __init__(
        self,
        record: Record,
        catalog: Catalog,
        comparing: Comparing,
        releases: tuple[KnownRelease, KnownRelease],
        engine: Engine,
    ) -> None:
        self.record = record
        self.catalog = catalog
        self.comparing = comparing
        self.releases = releases
        self.engine = engine
        self._sides: dict[tuple[str, int], PartsOfTable] = {}

    @property
    def tables(self) -> tuple[set[str], set[str]]:
        """The tables of which each release has rows, or counts of them."""
        a, b = (
            {each.table for each in self.record.parts if each.release == release.release}
            for release in self.releases
        )
        return a, b

    def sides(self, table: str) -> tuple[PartsOfTable, PartsOfTable]:
        """Returns a table of both releases."""
        return self._side(table, 0), self._side(table, 1)

    def _side(self, table: str, side: int) -> PartsOfTable:
        if (table, side) not in self._sides:
            self._sides[table, side] = self._open(table, side)
        return self._sides[table, side]

    def _open(self, table: str, side: int) -> PartsOfTable:
        release = self.releases[side].release
        events = self.catalog.events
        declared = events.tables[table]
        cube = load_cubes(self.catalog).of_table(table, release)
        dimensions = () if cube is None else tuple(cube.dimensions)
        groups = {
            each.name: (
                each.column,
                {one.code: one.group for one in events.codes[str(declared.field(each.column).codes)].codes},
            )
            for each in dimensions
            if each.grouped_as
        }
        parts = [each for each in self.record.parts if (each.release, each.table) == (release, table)]
        return PartsOfTable(
            declared,
            parts,
            self.engine,
            groups,
            frozenset(each.name for each in dimensions),
            self.comparing.first_days,
        )

    def schema(self, table: str, missing: Sequence[FieldMissing]) -> Iterator[SchemaDifference]:
        """Yields layouts, headers and fields that only one release has, and headers that changed.

        Args:
            table: of both.
            missing: the missing values of its fields, which tell the fields that a release fills.
        """
        a, b = (self._layouts(table, each) for each in self.releases)
        if a != b:
            yield SchemaDifference(table, "layout", "", " / ".join(a), " / ".join(b))
            headers = self._headers(a), self._headers(b)
            for name in sorted(headers[0].keys() | headers[1].keys()):
                goes = headers[0].get(name), headers[1].get(name)
                if goes[0] != goes[1]:
                    yield SchemaDifference(table, "header", name, *goes)
            fields = self._headers_by_field(a), self._headers_by_field(b)
            for name in sorted(fields[0].keys() & fields[1].keys()):
                if fields[0][name] != fields[1][name]:
                    yield SchemaDifference(
                        table,
                        "header_of_field",
                        name,
                        " / ".join(fields[0][name]),
                        " / ".join(fields[1][name]),
                    )
        for each in missing:
            filled = each.a.is_filled, each.b.is_filled
            if None not in filled and filled[0] != filled[1]:
                yield SchemaDifference(
                    table, "field", each.field, *("filled" if one else None for one in filled)
                )

    def _layouts(self, table: str, release: KnownRelease) -> list[str]:
        return sorted(
            {
                each.layout
                for each in self.record.parts
                if (each.release, each.table) == (release.release, table)
            }
        )

    def _headers(self, layouts: Sequence[str]) -> dict[str, str]:
        return {
            each.name: each.to if each.to is not None else "unused"
            for layout in layouts
            for each in self.catalog.events.layouts[layout].columns
        }

    def _headers_by_field(self, layouts: Sequence[str]) -> dict[str, list[str]]:
        found: dict[str, set[str]] = {}
        for layout in layouts:
            for each in self.catalog.events.layouts[layout].columns:
                if each.to is not None:
                    found.setdefault(each.to, set()).add(each.name)
        return {name: sorted(headers) for name, headers in found.items()}

    def labels(self, table: str) -> Iterator[ColumnLabels]:
        """Yields the codes and categories of the columns that both releases tell and fill."""
        a, b = self.sides(table)
        events = self.catalog.events
        columns = dict(self._label_columns(a, b))
        found = a.values([*columns]), b.values([*columns])
        for column, codes in columns.items():
            counts = []
            suppressed = []
            for each, by_column in zip((a, b), found, strict=True):
                values = dict(by_column[column])
                values.pop(None, None)
                suppressed.append(values.pop(POOLED, 0) if each.cubes else 0)
                counts.append({str(name): values[name] for name in sorted(values, key=str)})
            if all(counts):
                is_code = codes is not None or column in a.groups or column in b.groups
                yield compare_labels(
                    table,
                    column,
                    "code" if is_code else "text",
                    (counts[0], counts[1]),
                    events.codes.get(codes) if codes is not None else None,
                    self.comparing.labels_shown,
                    (suppressed[0], suppressed[1]),
                )

    def _label_columns(self, a: PartsOfTable, b: PartsOfTable) -> Iterator[tuple[str, str | None]]:
        names = {each.name: each.codes for each in a.table.fields}
        if a.cubes or b.cubes:
            # Where either tells only counts, the groups that it counts by are compared.
            names |= dict.fromkeys(sorted({**a.groups, **b.groups}))
        for name, codes in names.items():
            is_group = name in a.groups or name in b.groups
            is_label = codes is not None or is_group or name in self.comparing.text_categories
            if is_label and a.tells(name) and b.tells(name):
                yield name, codes

    def rows(self, table: str) -> RowCount:
        """Returns the rows of a table."""
        a, b = self.sides(table)
        return RowCount(table, None, a.total, b.total)

    def periods(self, table: str) -> Iterator[PeriodCount]:
        """Yields the rows by fiscal year and by month of the table's date."""
        a, b = self.sides(table)
        yield from compare_periods(table, a.periods, b.periods)

    def remarks(self, table: str) -> Iterator[Text]:
        """Yields sentences on rows of no period, on months that end soon before a release does, and on other rows."""
        periods = [each.periods for each in self.sides(table)]
        for what, (a, b) in (
            ("note_undated", [each.undated for each in periods]),
            ("note_beyond", [each.beyond for each in periods]),
        ):
            if a or b:
                yield self.comparing.in_both(what, table=table, a=f"{a:,}", b=f"{b:,}")
        lag = load_release_lag(self.catalog)
        apart = lag.records.most_apart
        counted_a, counted_b, pooled = long_past(periods[0], periods[1], lag.records.settled_days.value)
        if abs(counted_b - counted_a) > apart.share * max(counted_a, counted_b) + pooled:
            yield self.comparing.in_both(
                "note_other_rows",
                table=table,
                a=f"{counted_a:,}",
                b=f"{counted_b:,}",
                percent=apart.percent,
            )
            return
        late = late_months(periods[0], periods[1], lag.recent_days.value)
        for side, other, months in (("a", "b", late[0]), ("b", "a", late[1])):
            if months:
                named = ", ".join(f"{year}-{number:02d}" for year, number in months)
                yield self.comparing.in_both("note_late", table=table, side=side, other=other, months=named)

    def missing(self, table: str) -> Iterator[FieldMissing]:
        """Yields the blank and blacked-out values of every field in which a blank is a gap."""
        a, b = self.sides(table)
        counted = self._missing(a, 0), self._missing(b, 1)
        for each in counted[0]:
            if each in counted[1]:
                yield FieldMissing(table, each, counted[0][each], counted[1][each])

    def _missing(self, side: PartsOfTable, number: int) -> dict[str, MissingCount]:
        rows = side.total
        redacted = self._redactions(side, number)
        names = [
            each.name
            for each in side.table.fields
            if each.name not in (*PROVENANCE, REDACTED, *self.comparing.blank_says_nothing)
        ]
        blanks = side.blanks(names)
        cubes = replace(side, parts=side.cubes)
        told = cubes.values([each for each in names if each in side.dimensions])
        found = {}
        for name in names:
            blank: int | None = blanks.get(name, 0)
            suppressed = 0
            if side.cubes:
                if name in side.dimensions:
                    blank = (blank or 0) + told[name].get(None, 0)
                    suppressed = told[name].get(POOLED, 0)
                else:
                    blank = None
            # A value that is blacked out is blank in the row, and is counted apart.
            left = None if blank is None else max(blank - redacted[name], 0)
            found[name] = MissingCount(rows, left, redacted[name], suppressed)
        return found

    def _redactions(self, side: PartsOfTable, number: int) -> Counter[str]:
        """Returns the values blacked out, by field: as the rows say, or as the accounts of files with cubes do."""
        found = side.redactions()
        of_cubes = {each.source_file for each in side.cubes}
        for file in files_of(self.record, self.releases[number]):
            for sheet in file.event_sheets if file.file in of_cubes else ():
                if sheet.table == side.table.table:
                    found.update(sheet.redacted)
        return found
