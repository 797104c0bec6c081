"""What is exported: tables of the record with their definitions, read part by part and never all at once."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from recount.declare.catalog import Catalog
from recount.declare.frames import column_type
from recount.declare.sources import KnownRelease
from recount.declare.tables import CodeList, Field, FieldType, Table
from recount.declare.text import Text
from recount.errors import RecordError, UnknownNameError, UsageError
from recount.record.store import EventPart, Record

ALL = "all"
CUBE = "_cube"
BATCH_ROWS = 1 << 18
"""Rows in memory at a time: those of a row group of the record's parts, which is read whole in any case."""
CSV_DATETIME = "%Y-%m-%dT%H:%M:%S%.f"
_DAYS = ("period_start", "through_date", "activation_date")
"""Which day of a printed figure comes first, where a table has several."""

Kind = Literal["figures", "rows", "cube", "answer", "panel"]


@dataclass(frozen=True)
class ExportCode:
    """One code that a column holds, and what it is called."""

    code: str
    label: Text


@dataclass(frozen=True)
class ExportField:
    """One column as exported. `codes` are those of the code list, in declared order; `None` where it holds none."""

    name: str
    type: FieldType
    description: str
    unit: str | None = None
    may_be_missing: bool = True
    code_list: str | None = None
    codes: tuple[ExportCode, ...] | None = None


@dataclass(frozen=True, eq=False)
class Piece:
    """Rows that are read together: those of one Parquet file, or those of a frame in memory, without a path."""

    frame: pl.LazyFrame
    rows: int
    path: Path | None = None


@dataclass(frozen=True, eq=False)
class ExportTable:
    """One table to export: its definition, and its rows in pieces, in a total order.

    `content` gives the sha256 of what the rows were read from: of the parts of the record, or of the rows
    themselves as CSV. `synthetic` names the releases that are made up. `first_day` is the first that the rows
    speak of.
    """

    name: str
    kind: Kind
    title: str
    one_row_is: str
    fields: tuple[ExportField, ...]
    key: tuple[str, ...]
    warnings: tuple[str, ...]
    releases: tuple[KnownRelease, ...]
    synthetic: tuple[str, ...]
    content: tuple[str, ...]
    first_day: datetime.date | None
    pieces: tuple[Piece, ...]
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(each.rows for each in self.pieces)

    @property
    def frame(self) -> pl.LazyFrame:
        """All rows, to read at once."""
        return pl.concat([each.frame for each in self.pieces])

    @property
    def is_synthetic(self) -> bool:
        """Whether any row is made up."""
        return bool(self.synthetic)

    @property
    def full_title(self) -> str:
        """The title, which begins with SYNTHETIC where rows are made up."""
        if not self.synthetic:
            return self.title
        return f"SYNTHETIC · {self.title} (made up: {', '.join(self.synthetic)})"

    def batches(self, rows: int = BATCH_ROWS) -> Iterator[pl.DataFrame]:
        """Yields the rows in order, at most `rows` at a time; one batch is read ahead.

        A streaming engine would read further ahead, the further the more cores there are.
        """
        slices = (
            piece.frame.slice(first, rows) for piece in self.pieces for first in range(0, piece.rows, rows)
        )
        with ThreadPoolExecutor(max_workers=1) as reading:
            ahead: Future[pl.DataFrame] | None = None
            for each in slices:
                batch, ahead = ahead, reading.submit(each.collect)
                if batch is not None:
                    yield batch.result()
            if ahead is not None:
                yield ahead.result()


def choose_tables(
    record: Record,
    catalog: Catalog,
    what: str,
    releases: Sequence[str] = (),
    *,
    public: bool = False,
) -> list[ExportTable]:
    """Returns the tables that `what` names, with the rows of `releases` alone where any are given.

    Args:
        record: what is exported.
        catalog: declares the tables.
        what: a core table of printed figures, a table of individual records (`arrests`; its counts where the
            record holds no rows of it), the counts by name (`arrests_cube`), or `all`.
        releases: names; none for all of them.
        public: gives the fixed counts that the package ships in place of individual records.

    Raises:
        UnknownNameError: with the nearest names, for a table or release that is not there.
        UsageError: where nothing is left to export.
    """
    from recount.export.cubes import cube_table, public_cubes  # noqa: PLC0415  it builds on this module

    for each in releases:
        if each not in record.releases:
            raise UnknownNameError("release", each, record.releases, [("list", "recount list releases")])
    events = list(catalog.events.tables)
    known = [*catalog.tables, *events, *(f"{each}{CUBE}" for each in events), ALL]
    if what not in known:
        raise UnknownNameError("table", what, known, [("list", "recount list tables")])
    parts = public_cubes(record, catalog) if public else record.parts
    parts = tuple(each for each in parts if not releases or each.release in releases)
    chosen: list[ExportTable] = []
    for name, table in catalog.tables.items():
        if what in (ALL, name) and name in record.frames:
            chosen.append(_figures_table(table, record, catalog, releases))
    for name in events:
        rows = tuple(each for each in parts if each.table == name and each.kind == "rows")
        cubes = tuple(each for each in parts if each.table == name and each.kind == "cube")
        wants_rows, wants_cube = what in (ALL, name), what in (ALL, f"{name}{CUBE}") or not rows
        if rows and wants_rows:
            left = cubes if what == name else ()
            chosen.append(_rows_table(name, rows, left, record, catalog))
        if cubes and wants_cube and what in (ALL, name, f"{name}{CUBE}"):
            stands_in = what == name and not public
            chosen.append(cube_table(name, cubes, record, catalog, stands_in=stands_in))
    chosen = [each for each in chosen if each.rows] if what == ALL else chosen
    if not any(each.rows for each in chosen):
        raise UsageError(*_nothing(what, releases, public=public, of_events=what not in catalog.tables))
    return chosen


def _nothing(
    what: str, releases: Sequence[str], *, public: bool, of_events: bool
) -> tuple[str, list[tuple[str, str]]]:
    of = f" of {', '.join(releases)}" if releases else ""
    if public:
        fix = "leave --public out, or choose another table (recount list tables)"
        return (
            f"The package ships no counts of {what}{of}, and --public gives nothing else of individual records.",
            [("fix", fix)],
        )
    fix = "recount list releases" if releases or not of_events else "recount add FILE"
    return f"The record holds no rows of {what}{of}.", [("fix", fix)]


def _figures_table(table: Table, record: Record, catalog: Catalog, releases: Sequence[str]) -> ExportTable:
    frame = record.frames[table.table]
    if releases:
        frame = frame.filter(pl.col("release").is_in(list(releases)))
    fields = tuple(export_field(each, catalog.codes) for each in table.fields)
    frame = frame.select(each.name for each in fields)
    names = frame.get_column("release").unique().to_list()
    return ExportTable(
        name=table.table,
        kind="figures",
        title=table.title.en,
        one_row_is=table.one_row_is,
        fields=fields,
        key=tuple(table.unique_key),
        warnings=warning_texts(table, catalog),
        releases=known_releases(names, record),
        synthetic=(),
        content=(content_of(frame),),
        first_day=_first_day(frame),
        pieces=(Piece(frame.lazy(), frame.height),),
    )


def _first_day(frame: pl.DataFrame) -> datetime.date | None:
    column = next((each for each in _DAYS if each in frame.columns), None)
    return None if column is None else day_of(frame.get_column(column).min())


def _rows_table(
    name: str,
    parts: Sequence[EventPart],
    left_out: Sequence[EventPart],
    record: Record,
    catalog: Catalog,
) -> ExportTable:
    table = catalog.events.tables[name]
    notes: tuple[str, ...] = ()
    if left_out:
        files = ", ".join(sorted({each.source_file for each in left_out}))
        notes = (
            f"Of {len(left_out)} more files the record holds counts alone, which are not among these rows: {files}. "
            f"They are exported by the name {name}{CUBE}.",
        )
    return ExportTable(
        name=name,
        kind="rows",
        title=table.title.en,
        one_row_is=table.one_row_is,
        fields=tuple(export_field(each, catalog.events.codes) for each in table.fields),
        key=tuple(table.unique_key),
        warnings=warning_texts(table, catalog),
        releases=known_releases([each.release for each in parts], record),
        synthetic=made_up(parts),
        content=tuple(each.sha256 for each in parts),
        first_day=min((each.first_date for each in parts if each.first_date is not None), default=None),
        pieces=tuple(Piece(_scan_rows(each, table), each.rows, each.path) for each in parts),
        notes=notes,
    )


def _scan_rows(part: EventPart, table: Table) -> pl.LazyFrame:
    scanned = pl.scan_parquet(part.path)
    held = scanned.collect_schema().names()
    lacks = [each.name for each in table.fields if each.name not in held]
    if lacks:
        raise RecordError(
            f"{part.path.name} lacks columns of {table.table}: {', '.join(lacks)}.",
            [("file", part.source_file), ("fix", "add the released file again")],
        )
    return scanned.select(pl.col(each.name).cast(column_type(each)) for each in table.fields)


def export_field(field: Field, lists: Mapping[str, CodeList]) -> ExportField:
    """Returns a declared column with the codes of its list, by name in `lists`."""
    codes = lists[field.codes] if field.codes is not None else None
    return ExportField(
        name=field.name,
        type=field.type,
        description=field.description,
        unit=field.unit,
        may_be_missing=field.may_be_missing,
        code_list=field.codes,
        codes=None if codes is None else codes_of(codes),
    )


def codes_of(codes: CodeList) -> tuple[ExportCode, ...]:
    """Returns the codes of a list, in declared order."""
    return tuple(ExportCode(each.code, each.label) for each in codes.codes)


def group_label(group: str) -> Text:
    """Returns what a group of codes is called: its name in words."""
    words = group.replace("_", " ")
    return Text(en=words, es=words)


def content_of(frame: pl.DataFrame) -> str:
    """Returns the sha256 of rows as CSV, which is that of the exported file."""
    return hashlib.sha256(frame.write_csv(datetime_format=CSV_DATETIME).encode()).hexdigest()


def warning_texts(table: Table, catalog: Catalog) -> tuple[str, ...]:
    """Returns the usage warnings of a table, in English."""
    known = {each.warning: each.text.en for each in catalog.warnings.warnings}
    return tuple(known[each] for each in table.warnings)


def known_releases(names: Sequence[str], record: Record) -> tuple[KnownRelease, ...]:
    """Returns releases by name, in the order of their names."""
    return tuple(record.releases[each] for each in sorted(set(names)))


def made_up(parts: Sequence[EventPart]) -> tuple[str, ...]:
    """Returns the names of the releases of parts that are made up."""
    return tuple(sorted({each.release for each in parts if each.is_synthetic}))


def day_of(value: object) -> datetime.date | None:
    """Returns a day, `None` for anything else."""
    return value if isinstance(value, datetime.date) else None
