"""The pipeline, from a folder of released files to a record."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from recount import settings
from recount.acquire.files import FoundFiles, SourceFile, find_files
from recount.clean.corrections import apply_corrections
from recount.clean.monthly_tables import CleanedMonthly
from recount.clean.places import Place, known_places
from recount.clean.secure_communities import (
    Cleaned,
    clean_activations,
    clean_figures_by_jurisdiction,
    clean_printed_figures,
)
from recount.clean.workbooks import CleanedWorkbook
from recount.declare.catalog import Catalog
from recount.declare.frames import build_frame, check_frame, refuse_repeated_key
from recount.declare.sources import KnownRelease, Layout
from recount.declare.tables import Table
from recount.errors import ReleaseFileError
from recount.extract.text_tables import RawTable, read_text_table
from recount.progress import track
from recount.record.build_events import BuiltEvents, build_events
from recount.record.manifest import FileEntry, FileNotRead, Manifest, SetAsideCount, TableEntry
from recount.record.monthly import clean_monthly_files, monthly_entry, sheets_not_read
from recount.record.store import FINDINGS, SET_ASIDE, UNKNOWN, encode_table, write_record
from recount.record.workbooks import clean_workbooks, file_entry, find_conflicts, read_captures
from recount.validate.checks import Finding, Tables, run_checks
from recount.validate.flags import flag_tables

Reader = Callable[[RawTable, Layout, Catalog, list[Place]], Cleaned]

_READERS: dict[str, tuple[int, Reader]] = {
    "figures_by_jurisdiction": (
        1,
        lambda raw, layout, catalog, _: clean_figures_by_jurisdiction(raw, layout, catalog),
    ),
    "activations": (1, lambda raw, layout, catalog, _: clean_activations(raw, layout, catalog)),
    # Prints name places that only the tables by jurisdiction list.
    "printed_figures": (
        2,
        lambda raw, layout, catalog, listed: clean_printed_figures(
            raw, layout, catalog, known_places(catalog, listed)
        ),
    ),
}


@dataclass(frozen=True)
class Built:
    """A record in memory: its tables as bytes, and the manifest that names them."""

    manifest: Manifest
    contents: dict[str, bytes]


def build_record(folder: Path, target: Path, catalog: Catalog, *, cubes_only: bool = False) -> Manifest:
    """Reads the released files below `folder` and writes the record to `target`.

    The record that was there stays whole until the new one is, and stays if anything fails.

    Args:
        folder: where the released files lie.
        target: where the record goes.
        catalog: declares how files are laid out.
        cubes_only: keeps counts of individual records in place of their rows, for a record that is published.

    Raises:
        DataError: naming file, row and value, where a file cannot be read as declared or a check fails.
    """
    built = build_in_memory(folder, catalog, cubes_only=cubes_only)
    write_record(target, built.manifest, built.contents)
    return built.manifest


def build_in_memory(folder: Path, catalog: Catalog, *, cubes_only: bool = False) -> Built:
    """Returns the record that the released files below `folder` make; arguments as of `build_record`."""
    found = find_files(folder, catalog)
    cleaned = _clean_all(found, catalog)
    captures = {
        sha256: day
        for source, files in found.captures.items()
        for sha256, day in read_captures(files, catalog.workbooks[source]).items()
    }
    workbooks = clean_workbooks(found.workbooks, captures, catalog)
    monthly = clean_monthly_files(found.monthly, catalog)
    events = build_events(found.events, catalog, cubes_only=cubes_only)
    releases = _releases(cleaned, workbooks, monthly)
    _refuse_taken(events, releases)
    printed = dict(releases)
    releases |= events.releases
    rows = _gather_rows(cleaned, monthly, catalog)
    frames = {name: _sorted_frame(table, rows[name], workbooks) for name, table in catalog.tables.items()}
    for name, frame in frames.items():
        check_frame(frame, catalog.tables[name], catalog)
    findings = run_checks(Tables(frames, printed, catalog))
    frames, flagged = flag_tables(frames, catalog)
    findings += flagged + find_conflicts(workbooks)
    flags = count_flags(frames)
    not_read = [FileNotRead(file=file, reason=reason) for file, reason in found.not_read]
    not_read += [
        FileNotRead(file=each.relative, reason=_captures_reason(source, catalog))
        for source, files in sorted(found.captures.items())
        for each in files
    ]
    not_read += [sheets_not_read(each, catalog) for each in monthly if each.other_sheets]
    return put_together(
        frames=frames,
        findings=findings,
        set_aside=[*_rows_set_aside(cleaned), *cells_set_aside(workbooks, catalog)],
        unknown=unknown_cells(workbooks),
        files=[
            *(_file_entry(each) for each in cleaned),
            *(
                file_entry(each, catalog.workbooks[each.release.source], flags.get(each.release.release, 0))
                for each in workbooks
            ),
            *(monthly_entry(each, catalog) for each in monthly),
            *events.files,
        ],
        not_read=not_read,
        releases=releases,
        catalog=catalog,
        events=events,
    )


def _refuse_taken(events: BuiltEvents, releases: Mapping[str, KnownRelease]) -> None:
    taken = sorted(set(events.releases) & set(releases))
    if taken:
        raise ReleaseFileError(
            f"Files of individual records and others hold the release {taken[0]}.",
            [("fix", "make the marks in sources/<source>/releases narrower")],
        )


def put_together(
    *,
    frames: Mapping[str, pl.DataFrame],
    findings: list[Finding],
    set_aside: list[SetAsideCell],
    unknown: list[UnknownCell],
    files: list[FileEntry],
    not_read: list[FileNotRead],
    releases: Mapping[str, KnownRelease],
    catalog: Catalog,
    events: BuiltEvents | None = None,
) -> Built:
    """Returns the record that core tables and their account make, every part in one order."""
    whole = dict(frames)
    whole[FINDINGS] = _findings_frame(sorted(findings))
    whole[SET_ASIDE] = pl.DataFrame(sorted(set_aside, key=_cell_order), schema=_SET_ASIDE, orient="row")
    whole[UNKNOWN] = pl.DataFrame(sorted(unknown), schema=_UNKNOWN, orient="row")
    tables: dict[str, TableEntry] = {}
    contents: dict[str, bytes] = {}
    for name in sorted(whole):
        file, content, digest = encode_table(name, whole[name], _comments(name, catalog))
        tables[name] = TableEntry(
            file=file, sha256=digest, rows=whole[name].height, sorted_by=_sorted_by(name, catalog)
        )
        contents[file] = content
    counts: dict[str, int] = {}
    for each in findings:
        counts[each.check] = counts.get(each.check, 0) + 1
    manifest = Manifest(
        record_format=settings.RECORD_FORMAT,
        pipeline_version=settings.PIPELINE_VERSION,
        recount_version=importlib.metadata.version("recount-immigration"),
        polars_version=pl.__version__,
        fastexcel_version=importlib.metadata.version("fastexcel"),
        files=sorted(files, key=lambda each: (each.layout, each.file)),
        not_read=sorted(not_read, key=lambda each: each.file),
        releases=[releases[name] for name in sorted(releases)],
        tables=tables,
        parts=events.parts if events is not None else [],
        findings=dict(sorted(counts.items())),
    )
    return Built(manifest, contents | (events.contents if events is not None else {}))


def _gather_rows(
    cleaned: list[Cleaned], monthly: list[CleanedMonthly], catalog: Catalog
) -> dict[str, list[dict[str, Any]]]:
    """Returns the rows of every core table that are read one by one."""
    rows = {name: [row for each in cleaned for row in each.core.get(name, [])] for name in catalog.tables}
    for each in monthly:
        rows[catalog.monthly[each.source].core] += each.rows
    return rows


def _sorted_frame(table: Table, rows: list[dict[str, Any]], workbooks: list[CleanedWorkbook]) -> pl.DataFrame:
    own = [each.frames[table.table] for each in workbooks if table.table in each.frames]
    if not own:
        return build_frame(rows, table)
    frame = pl.concat([*own, *([build_frame(rows, table)] if rows else [])])
    refuse_repeated_key(frame, table)
    return frame.sort(table.unique_key)


def count_flags(frames: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    """Returns how many core rows of each release some check marks."""
    flags: dict[str, int] = {}
    for frame in frames.values():
        if "flags" not in frame.columns:
            continue
        marked = frame.filter(pl.col("flags").is_not_null()).group_by("release").len()
        for release, count in marked.iter_rows():
            flags[release] = flags.get(release, 0) + count
    return flags


def _captures_reason(source: str, catalog: Catalog) -> str:
    captures = catalog.workbooks[source].captures
    return captures.reason if captures is not None else ""


def _clean_all(found: FoundFiles, catalog: Catalog) -> list[Cleaned]:
    jobs: list[tuple[int, SourceFile, Layout]] = [
        (_READERS[catalog.layouts[name].reader][0], file, catalog.layouts[name])
        for name, files in found.by_layout.items()
        for file in files
    ]
    jobs.sort(key=lambda each: (each[0], each[1].name))
    cleaned: list[Cleaned] = []
    for _, file, layout in track(jobs, "Reading releases"):
        raw = read_text_table(file, layout, catalog.file_to_edit("layout", layout.layout))
        raw = apply_corrections(raw, layout, catalog)
        listed = [place for each in cleaned for place in each.jurisdictions]
        cleaned.append(_READERS[layout.reader][1](raw, layout, catalog, listed))
    return sorted(cleaned, key=lambda each: each.file.name)


def _releases(
    cleaned: list[Cleaned], workbooks: list[CleanedWorkbook], monthly: list[CleanedMonthly]
) -> dict[str, KnownRelease]:
    releases: dict[str, KnownRelease] = {}
    known = [(each.file.relative, release) for each in cleaned for release in each.releases]
    known += [(each.file_name, each.release) for each in workbooks]
    known += [(each.file.relative, each.release) for each in monthly]
    for file, release in known:
        if release.release in releases:
            first = releases[release.release]
            raise ReleaseFileError(
                f"Two files hold the release {release.release}.",
                [("files", f"{first.files[0].name}\n{file}"), ("fix", "keep one edition of the file")],
            )
        releases[release.release] = release
    return releases


def _file_entry(cleaned: Cleaned) -> FileEntry:
    by_rule: dict[tuple[str, str], int] = {}
    for row in cleaned.set_aside:
        by_rule[row.rule, row.reason] = by_rule.get((row.rule, row.reason), 0) + 1
    if cleaned.rows_in != cleaned.rows_kept + len(cleaned.set_aside):
        raise ReleaseFileError(
            f"{cleaned.file.relative}: rows were lost.",
            [
                ("in", f"{cleaned.rows_in:,}"),
                ("kept", f"{cleaned.rows_kept:,}"),
                ("set aside", f"{len(cleaned.set_aside):,}"),
            ],
        )
    return FileEntry(
        file=cleaned.file.name,
        sha256=cleaned.file.sha256,
        layout=cleaned.layout,
        rows_in=cleaned.rows_in,
        rows_kept=cleaned.rows_kept,
        set_aside=[
            SetAsideCount(rule=rule, reason=reason, rows=rows)
            for (rule, reason), rows in sorted(by_rule.items())
        ],
        core_rows={name: len(rows) for name, rows in sorted(cleaned.core.items())},
        releases=sorted(each.release for each in cleaned.releases),
    )


def _comments(name: str, catalog: Catalog) -> dict[str, str]:
    table = catalog.tables.get(name)
    return {each.name: each.description for each in table.fields} if table is not None else {}


def _sorted_by(name: str, catalog: Catalog) -> list[str]:
    if name in catalog.tables:
        return catalog.tables[name].unique_key
    return _AUXILIARY_ORDER[name]


def _findings_frame(findings: list[Finding]) -> pl.DataFrame:
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "core_table": pl.String,
        "check": pl.String,
        "subject": pl.String,
        "text": pl.String,
        "releases": pl.List(pl.String),
    }
    return pl.DataFrame(
        [(each.table, each.check, each.subject, each.text, list(each.releases)) for each in findings],
        schema=schema,
        orient="row",
    )


SetAsideCell = tuple[str, str | None, int | None, str | None, str, str]
UnknownCell = tuple[str, str, str, str, str, str]

_SET_ASIDE = {
    "file_original": pl.String,
    "sheet_original": pl.String,
    "row_original": pl.Int64,
    "cell_original": pl.String,
    "rule": pl.String,
    "reason": pl.String,
}
_UNKNOWN = {
    "release": pl.String,
    "file_original": pl.String,
    "sheet_original": pl.String,
    "cell_original": pl.String,
    "what": pl.String,
    "text": pl.String,
}
_AUXILIARY_ORDER = {
    FINDINGS: ["core_table", "check", "subject", "text"],
    SET_ASIDE: ["file_original", "sheet_original", "row_original", "cell_original"],
    UNKNOWN: ["release", "sheet_original", "cell_original"],
}


def _cell_order(cell: SetAsideCell) -> tuple[str, str, int, str]:
    file, sheet, row, where, *_ = cell
    return file, sheet or "", row or 0, where or ""


def _rows_set_aside(cleaned: list[Cleaned]) -> list[SetAsideCell]:
    return [
        (row.file, None, row.row, None, row.rule, row.reason) for each in cleaned for row in each.set_aside
    ]


def cells_set_aside(workbooks: Iterable[CleanedWorkbook], catalog: Catalog) -> list[SetAsideCell]:
    """Returns the cells of workbooks that are not kept, each with its reason."""
    found: list[SetAsideCell] = []
    for each in workbooks:
        declared = catalog.workbooks[each.release.source]
        reasons = {
            **declared.set_aside,
            "no_number": "A mark that the agency writes where it prints no number.",
        }
        found += [
            (each.file_name, cell.sheet, None, cell.cell, cell.rule, reasons[cell.rule])
            for cell in each.set_aside
        ]
    return found


def unknown_cells(workbooks: Iterable[CleanedWorkbook]) -> list[UnknownCell]:
    """Returns the filled cells of workbooks that no layout knows."""
    return [
        (each.release.release, each.file_name, cell.sheet, cell.cell, cell.what, cell.text)
        for each in workbooks
        for cell in each.unknown
    ]
