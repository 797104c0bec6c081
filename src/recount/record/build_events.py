"""Individual records of a whole folder: as rows for one's own record, or as cubes for one that is published."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from recount.acquire.files import SourceFile
from recount.declare.catalog import Catalog
from recount.declare.cubes import Cubes, load_cubes
from recount.declare.sources import KnownRelease
from recount.errors import Worded
from recount.progress import track
from recount.record.event_parts import CleanedEventFile, EventReader, cube_parts, event_entry, write_parts
from recount.record.manifest import FileEntry, PartEntry
from recount.record.store import merge_releases


@dataclass
class BuiltEvents:
    """What files of individual records make: releases, the account of files, and parts with their bytes."""

    releases: dict[str, KnownRelease] = field(default_factory=dict)
    files: list[FileEntry] = field(default_factory=list)
    parts: list[PartEntry] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)


def build_events(files: Sequence[SourceFile], catalog: Catalog, *, cubes_only: bool) -> BuiltEvents:
    """Returns what `files` of individual records make.

    Args:
        files: each with its bytes.
        catalog: declares how they are laid out, and the cubes.
        cubes_only: counts in place of rows; values set aside are then counted, and not kept one by one.

    Raises:
        DataError: where one cannot be read as declared.
    """
    built = BuiltEvents()
    if not files:
        return built
    reader, cubes = EventReader(catalog), load_cubes(catalog)
    with tempfile.TemporaryDirectory() as name:
        beside = Path(name)
        for file in track(sorted(files, key=lambda each: each.relative), "Reading individual records"):
            cleaned = reader.read(file)
            entry = event_entry(cleaned)
            if cubes_only:
                entry = entry.model_copy(update={"notes": [*entry.notes, *_uncounted(cleaned, cubes)]})
            built.files.append(entry)
            release = cleaned.release
            known = built.releases.get(release.release)
            built.releases[release.release] = merge_releases(known, release) if known else release
            if cubes_only:
                made = cube_parts(cleaned, cubes, catalog)
            else:
                entries = write_parts(cleaned, beside, catalog)
                made = [(each, (beside / each.file).read_bytes()) for each in entries]
            for part, content in made:
                built.parts.append(part)
                built.contents[part.file] = content
    built.parts.sort(key=lambda each: (each.table, each.release, each.kind, each.file))
    return built


def _uncounted(cleaned: CleanedEventFile, cubes: Cubes) -> list[str]:
    """Says which tables of a file a record of cubes does not count, how many rows they have, and why."""
    rows: dict[str, int] = {}
    for each in cleaned.tables:
        rows[each.table] = rows.get(each.table, 0) + each.frame.height
    return [
        Worded(
            "%(table)s: %(number)s rows are read and in no cube. %(why)s",
            table=table,
            number=f"{count:,}",
            why=reason,
        )
        for table, count in sorted(rows.items())
        if (reason := cubes.why_none(table, cleaned.release.release)) is not None
    ]
