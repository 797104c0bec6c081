"""The pipeline, from a folder of released files to a record."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from recount import settings
from recount.acquire.files import FoundFiles, SourceFile, find_files
from recount.clean.corrections import apply_corrections
from recount.clean.places import Place, known_places
from recount.clean.secure_communities import (
    Cleaned,
    clean_activations,
    clean_figures_by_jurisdiction,
    clean_printed_figures,
)
from recount.declare.catalog import Catalog
from recount.declare.frames import build_frame, check_frame
from recount.declare.sources import KnownRelease, Layout
from recount.errors import ReleaseFileError
from recount.extract.text_tables import RawTable, read_text_table
from recount.progress import track
from recount.record.manifest import FileEntry, FileNotRead, Manifest, SetAsideCount, TableEntry
from recount.record.store import FINDINGS, SET_ASIDE, encode_table, write_record
from recount.validate.checks import Finding, Tables, run_checks

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


def build_record(folder: Path, target: Path, catalog: Catalog) -> Manifest:
    """Reads the released files below `folder` and writes the record to `target`.

    The record that was there stays whole until the new one is, and stays if anything fails.

    Raises:
        DataError: naming file, row and value, where a file cannot be read as declared or a check fails.
    """
    built = build_in_memory(folder, catalog)
    write_record(target, built.manifest, built.contents)
    return built.manifest


def build_in_memory(folder: Path, catalog: Catalog) -> Built:
    """Returns the record that the released files below `folder` make."""
    found = find_files(folder, catalog)
    cleaned = _clean_all(found, catalog)
    releases = _releases(cleaned)
    frames = {
        name: build_frame([row for each in cleaned for row in each.core.get(name, [])], table)
        for name, table in catalog.tables.items()
    }
    for name, frame in frames.items():
        check_frame(frame, catalog.tables[name], catalog)
    findings = run_checks(Tables(frames, releases, catalog))
    frames[FINDINGS] = _findings_frame(findings)
    frames[SET_ASIDE] = _set_aside_frame(cleaned)
    tables: dict[str, TableEntry] = {}
    contents: dict[str, bytes] = {}
    for name in sorted(frames):
        file, content, digest = encode_table(name, frames[name], _comments(name, catalog))
        tables[name] = TableEntry(
            file=file, sha256=digest, rows=frames[name].height, sorted_by=_sorted_by(name, catalog)
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
        files=[_file_entry(each) for each in cleaned],
        not_read=[FileNotRead(file=file, reason=reason) for file, reason in found.not_read],
        releases=[releases[name] for name in sorted(releases)],
        tables=tables,
        findings=counts,
    )
    return Built(manifest, contents)


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


def _releases(cleaned: list[Cleaned]) -> dict[str, KnownRelease]:
    releases: dict[str, KnownRelease] = {}
    for each in cleaned:
        for release in each.releases:
            if release.release in releases:
                first = releases[release.release]
                raise ReleaseFileError(
                    f"Two files hold the release {release.release}.",
                    [
                        ("files", f"{first.files[0].name}\n{each.file.relative}"),
                        ("fix", "keep one edition of the file"),
                    ],
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
    return (
        ["core_table", "check", "subject", "text"] if name == FINDINGS else ["file_original", "row_original"]
    )


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


def _set_aside_frame(cleaned: list[Cleaned]) -> pl.DataFrame:
    schema = {"file_original": pl.String, "row_original": pl.Int64, "rule": pl.String, "reason": pl.String}
    rows = [(row.file, row.row, row.rule, row.reason) for each in cleaned for row in each.set_aside]
    return pl.DataFrame(sorted(rows), schema=schema, orient="row")
