"""Individual records as files of a record: one Parquet part for each table of each source file."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from recount.acquire.files import SourceFile
from recount.clean.events import VALUE_RULES, CleanedEvents, clean_events
from recount.clean.record_rows import ROW_RULES
from recount.declare.catalog import Catalog
from recount.declare.cubes import Cubes
from recount.declare.events import EventLayout
from recount.declare.record_reading import RecordReading, load_record_reading
from recount.declare.sources import KnownRelease, Release
from recount.declare.text import Text
from recount.errors import ReleaseFileError
from recount.extract.event_files import RawEventFile, read_event_file
from recount.extract.headers import KnownHeaders
from recount.record.cubes import count_cells, pool_small_cells
from recount.record.manifest import (
    EventSheetEntry,
    FileEntry,
    PartEntry,
    SetAsideCount,
    SheetLeftEntry,
    ValuesSetAsideCount,
)
from recount.record.store import encode_table
from recount.record.told_release import declared_release, event_dates, name_release

_COMPRESSION = 3
_ROW_GROUP = 1 << 18
_UNDATED = (
    "No file of the catalog says when it came out; it cannot have come out before the last day it counts."
)


@dataclass(frozen=True)
class CleanedEventFile:
    """One file of individual records as core rows, with its release."""

    file: SourceFile
    release: KnownRelease
    tables: tuple[CleanedEvents, ...]
    raw: RawEventFile

    @property
    def is_synthetic(self) -> bool:
        """Whether the file says that it was made up."""
        return self.raw.is_synthetic


class EventReader:
    """Reads files of individual records by the catalog's layouts."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.known = KnownHeaders(catalog.events)
        self.reading: RecordReading = load_record_reading(catalog)

    def read(self, file: SourceFile) -> CleanedEventFile:
        """Returns the core rows of a file, with the release that it is part of.

        Raises:
            DataError: where it cannot be read as declared.
        """
        raw = read_event_file(file, self.known)
        layouts = [each.recognised.layout for each in raw.tables]
        declared = declared_release(raw, self.catalog)
        name = declared.release if declared is not None else name_release(raw)
        cut_off = declared.cut_off if declared is not None else self._copied_cut_off(raw, layouts)
        tables = tuple(
            clean_events(each, file.name, name, cut_off, self.catalog.events, self.reading)
            for each in raw.tables
        )
        # The text is read; holding it longer would double what a file takes.
        told = dataclasses.replace(
            raw,
            tables=tuple(
                dataclasses.replace(each, frame=each.frame.clear(), numbers=pl.DataFrame())
                for each in raw.tables
            ),
        )
        return CleanedEventFile(file, self._release(name, declared, cut_off, told, tables), tables, told)

    def _copied_cut_off(self, raw: RawEventFile, layouts: list[EventLayout]) -> datetime.date | None:
        """Returns the cut-off of the release whose form a made-up file has, where its rows cannot tell one.

        That is where spans are open at a cut-off, and where no column holds the table's date.
        """
        if not raw.is_synthetic or not any(map(self._needs_cut_off, layouts)):
            return None
        told = {each.release for each in layouts if each.release is not None}
        release = self.catalog.releases.get(told.pop()) if len(told) == 1 else None
        return release.cut_off if release is not None else None

    def _needs_cut_off(self, layout: EventLayout) -> bool:
        table = self.catalog.events.tables[layout.table]
        held = {each.to for each in layout.columns}
        return table.kind == "spans" or not event_dates(layout, self.catalog.events) & held

    def _release(
        self,
        name: str,
        declared: Release | None,
        cut_off: datetime.date | None,
        raw: RawEventFile,
        tables: Iterable[CleanedEvents],
    ) -> KnownRelease:
        days = [_last_day(each, self.catalog) for each in tables]
        last = max((each for each in days if each is not None), default=None)
        through = cut_off if cut_off is not None else last
        if through is None:
            raise ReleaseFileError(
                f"{raw.file.relative} has no row with a date.",
                [("fix", "declare its release with a cut_off under sources/<source>/releases")],
            )
        layout = raw.tables[0].recognised.layout
        source = self.catalog.sources[layout.source]
        published = declared.published if declared is not None else None
        title = Text(en=name, es=name) if declared is None else declared.title
        if raw.is_synthetic:
            title = Text(
                en=f"SYNTHETIC release {name}: made up", es=f"Publicación SINTÉTICA {name}: inventada"
            )
        return KnownRelease(
            release=name,
            source=layout.source,
            title=title,
            printed_by=declared.printed_by if declared is not None else source.publisher,
            reports=declared.reports if declared is not None else "individual_records",
            url=declared.url if declared is not None else None,
            published_from=published.from_date if published is not None else None,
            published_to=published.to_date if published is not None else None,
            published_basis=published.basis if published is not None else _UNDATED,
            authority=declared.authority if declared is not None else "agency_file",
            lists=None,
            covers_through=through,
            declared=declared is not None,
            files=[raw.file.released()],
        )


def _last_day(cleaned: CleanedEvents, catalog: Catalog) -> datetime.date | None:
    date = catalog.events.tables[cleaned.table].date
    last = cleaned.frame.get_column(date).max()
    return last if isinstance(last, datetime.date) else None


def write_parts(cleaned: CleanedEventFile, folder: Path, catalog: Catalog) -> list[PartEntry]:
    """Writes the core rows of a file, and the values set aside, to `folder`, and returns their entries.

    A part is named after its content: the same rows give the same file.
    """
    entries = []
    for each in cleaned.tables:
        table = catalog.events.tables[each.table]
        days = each.frame.get_column(table.date)
        entries.append(
            _write_part(cleaned, each, each.frame, "rows", folder, (_day(days.min()), _day(days.max())))
        )
        if each.values_set_aside:
            entries.append(
                _write_part(cleaned, each, _values_frame(each, cleaned), "values", folder, (None, None))
            )
    return entries


def cube_parts(cleaned: CleanedEventFile, cubes: Cubes, catalog: Catalog) -> list[tuple[PartEntry, bytes]]:
    """Returns the cube of each table of a file, as an entry and its bytes: what of it can be published.

    Tables of one kind in one file make one cube: a workbook's sheets are counted together.
    """
    found = []
    by_table: dict[str, list[CleanedEvents]] = {}
    for each in cleaned.tables:
        by_table.setdefault(each.table, []).append(each)
    for table, members in sorted(by_table.items()):
        cube = cubes.of_table(table, cleaned.release.release)
        if cube is None:
            continue
        rows = pl.concat([each.frame for each in members])
        cells, names = count_cells(rows, cube, catalog.events)
        frame = pool_small_cells(cells, names, cubes.threshold, cubes.middling_times)
        frame = frame.select(pl.lit(cleaned.release.release).alias("release"), pl.all())
        file, content, digest = encode_table(f"{table}-cube", frame)
        days = rows.get_column(catalog.events.tables[table].date)
        found.append(
            (
                PartEntry(
                    table=table,
                    release=cleaned.release.release,
                    kind="cube",
                    layout=members[0].layout.layout,
                    generation=members[0].layout.generation,
                    is_synthetic=cleaned.is_synthetic,
                    file=file,
                    sha256=digest,
                    bytes=len(content),
                    rows=frame.height,
                    source_file=cleaned.file.name,
                    first_date=_day(days.min()),
                    last_date=_day(days.max()),
                ),
                content,
            )
        )
    return found


def _write_part(
    cleaned: CleanedEventFile,
    each: CleanedEvents,
    frame: pl.DataFrame,
    kind: Literal["rows", "cube", "values"],
    folder: Path,
    days: tuple[datetime.date | None, datetime.date | None],
) -> PartEntry:
    sheet = hashlib.sha256(each.sheet.encode()).hexdigest()[:8]
    beside = folder / f".writing-{cleaned.file.sha256[:16]}-{kind}-{each.table}-{sheet}.parquet"
    frame.write_parquet(
        beside,
        compression="zstd",
        compression_level=_COMPRESSION,
        row_group_size=_ROW_GROUP,
        statistics=True,
        metadata={"recount:table": each.table, "recount:kind": kind},
    )
    digest = hashlib.sha256()
    with beside.open("rb") as file:
        while chunk := file.read(1 << 22):
            digest.update(chunk)
    name = f"{each.table}-{kind}-{digest.hexdigest()[:16]}.parquet"
    size = beside.stat().st_size
    beside.replace(folder / name)
    return PartEntry(
        table=each.table,
        release=cleaned.release.release,
        kind=kind,
        layout=each.layout.layout,
        generation=each.layout.generation,
        is_synthetic=cleaned.is_synthetic,
        file=name,
        sha256=digest.hexdigest(),
        bytes=size,
        rows=frame.height,
        source_file=cleaned.file.name,
        first_date=days[0],
        last_date=days[1],
    )


def _day(value: object) -> datetime.date | None:
    return value if isinstance(value, datetime.date) else None


def _values_frame(each: CleanedEvents, cleaned: CleanedEventFile) -> pl.DataFrame:
    return pl.concat(
        one.rows.select(
            pl.lit(cleaned.release.release).alias("release"),
            pl.lit(cleaned.file.name).alias("file_original"),
            pl.lit(each.sheet).alias("sheet_original"),
            "row_original",
            pl.lit(one.column).alias("column_original"),
            pl.lit(one.field).alias("field_name"),
            pl.lit(one.rule).alias("rule"),
            pl.col("text").alias("value_original"),
        )
        for one in each.values_set_aside
    ).sort("row_original", "field_name", "rule")


def event_entry(cleaned: CleanedEventFile) -> FileEntry:
    """Returns the account of a file: rows in, kept and set aside, and values set aside, sheet by sheet.

    Raises:
        ReleaseFileError: where rows were lost.
    """
    sheets = [_sheet_entry(each) for each in cleaned.tables]
    lost = [
        each for each in sheets if each.rows_in != each.rows_kept + sum(one.rows for one in each.set_aside)
    ]
    if lost:
        raise ReleaseFileError(
            f"{cleaned.file.relative}: rows were lost.",
            [("sheets", ", ".join(f"{each.sheet}: {each.rows_in:,} in" for each in lost))],
        )
    rules: dict[tuple[str, str], int] = {}
    core: dict[str, int] = {}
    for each in sheets:
        core[each.table] = core.get(each.table, 0) + each.rows_kept
        for one in each.set_aside:
            rules[one.rule, one.reason] = rules.get((one.rule, one.reason), 0) + one.rows
    return FileEntry(
        file=cleaned.file.name,
        sha256=cleaned.file.sha256,
        layout=sheets[0].layout,
        rows_in=sum(each.rows_in for each in sheets),
        rows_kept=sum(each.rows_kept for each in sheets),
        set_aside=[SetAsideCount(rule=a, reason=b, rows=n) for (a, b), n in sorted(rules.items())],
        core_rows=dict(sorted(core.items())),
        releases=[cleaned.release.release],
        event_sheets=sheets,
        sheets_left=[
            SheetLeftEntry(sheet=each.sheet, rows=each.rows, reason=each.reason) for each in cleaned.raw.left
        ],
        notes=list(cleaned.raw.notes),
    )


def _sheet_entry(each: CleanedEvents) -> EventSheetEntry:
    by_rule = each.set_aside.group_by("rule").len().sort("rule").rows()
    return EventSheetEntry(
        sheet=each.sheet,
        table=each.table,
        layout=each.layout.layout,
        why=each.why,
        rows_in=each.rows_in,
        rows_kept=each.frame.height,
        set_aside=[SetAsideCount(rule=rule, reason=ROW_RULES[rule], rows=rows) for rule, rows in by_rule],
        values_set_aside=[
            ValuesSetAsideCount(
                column=one.column, rule=one.rule, reason=VALUE_RULES[one.rule], values=one.rows.height
            )
            for one in each.values_set_aside
        ],
        redacted=dict(sorted(each.redacted.items())),
        after_cut_off=each.after_cut_off,
        unused=dict(each.unused),
    )
