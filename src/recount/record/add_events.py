"""Files of individual records added to a user's own record: all of those given, or none."""

from __future__ import annotations

import datetime
import importlib.metadata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from recount import paths, settings
from recount.acquire.files import layout_of, monthly_of, read_file
from recount.declare.catalog import Catalog
from recount.declare.sources import KnownRelease
from recount.errors import DataError, ReleaseFileError, UsageError
from recount.extract.event_files import is_event_file
from recount.extract.headers import KnownHeaders
from recount.progress import track
from recount.record.add import GIVEN
from recount.record.event_parts import CleanedEventFile, EventReader, event_entry, write_parts
from recount.record.manifest import MANIFEST, FileEntry, Manifest, PartEntry
from recount.record.store import Layer, lock_record, merge_releases, read_layer, swap_record
from recount.record.workbooks import refuse_faults

ReadFile = tuple[KnownRelease, FileEntry, list[PartEntry]]
"""One file as read: its release, the account of its rows, and the parts written of it."""
_RECORD_SUFFIXES = (".csv", ".tsv", ".txt", ".parquet", ".feather", ".arrow")


@dataclass(frozen=True)
class AddedEvents:
    """One file as added: its release, the account of its rows, and whether its release was there before.

    `took_place_of` names a file of the same name and release with other bytes, whose rows are gone.
    """

    release: KnownRelease
    entry: FileEntry
    joins: bool
    took_place_of: str | None


@dataclass(frozen=True)
class SameBytes:
    """A file whose bytes are those of another one: counted once, whatever its name says."""

    file: str
    twin: str
    release: str


@dataclass(frozen=True)
class EventAddition:
    """What became of the files given."""

    folder: Path
    added: tuple[AddedEvents, ...]
    same: tuple[SameBytes, ...]


def add_event_files(
    files: Sequence[Path],
    catalog: Catalog,
    *,
    published: datetime.date | None = None,
    folder: Path | None = None,
    embedded: Path | None = None,
) -> EventAddition:
    """Adds files of individual records to the user's own record, and returns what was added.

    Each is known by its header, whatever its name. Files of one release stand together: identifiers hold
    within it. A file of the same name and release replaces the one before. Two files of the same bytes are one,
    and the second is named as such, since a release once gave one year's file under two years' names.

    Args:
        files: where the files lie.
        catalog: declares how they are laid out.
        published: the day on which they came out, where that is known.
        folder: the user's own record; without it, the one in `RECOUNT_HOME`.
        embedded: the record that it lies over; without it, the one that the package ships.

    Raises:
        UsageError: where a file counts days after `published`.
        DataError: with every reason of every file in one list, where one cannot be read as declared.
        RecordError: where the record is damaged or cannot be written.
    """
    own = paths.user_record() if folder is None else folder
    lower = read_layer(paths.EMBEDDED_RECORD if embedded is None else embedded)
    found, same, unreadable = _distinct(files)
    reader = EventReader(catalog)
    with lock_record(own):
        upper = read_layer(own) if (own / MANIFEST).exists() else None
        before = _held(upper)
        same += [SameBytes(str(path), *before[sha256]) for sha256, path in found.items() if sha256 in before]
        fresh = [path for sha256, path in found.items() if sha256 not in before]
        read: list[ReadFile] = []
        try:
            faults = [*unreadable, *_read(fresh, reader, own, published, read)]
            faults += _strangers([release for release, _, _ in read], lower, upper)
            faults += _namesakes(read)
            refuse_faults(faults)
        except BaseException:
            _remove_parts(own, [part for _, _, parts in read for part in parts], upper)
            raise
        if not read:
            return EventAddition(own, (), tuple(same))
        manifest, added = _grow(read, upper)
        swap_record(own, manifest, {})
    return EventAddition(own, added, tuple(same))


def _distinct(files: Sequence[Path]) -> tuple[dict[str, Path], list[SameBytes], list[DataError]]:
    """Returns the files by sha256, each content once; the others; and what cannot be read. Keeps no content."""
    found: dict[str, Path] = {}
    same: list[SameBytes] = []
    faults: list[DataError] = []
    for path in files:
        try:
            sha256 = read_file(path, str(path)).sha256
        except ReleaseFileError as fault:
            faults.append(fault)
            continue
        if sha256 in found:
            same.append(SameBytes(str(path), str(found[sha256]), ""))
        else:
            found[sha256] = path
    return found, same, faults


def _read(
    files: Sequence[Path],
    reader: EventReader,
    folder: Path,
    published: datetime.date | None,
    read: list[ReadFile],
) -> list[DataError]:
    """Reads files one after the other into parts, adds each to `read`, and returns what is wrong with others."""
    faults: list[DataError] = []
    for path in track(files, "Reading individual records"):
        try:
            cleaned = reader.read(read_file(path, str(path)))
            release = _published(cleaned, published)
            entry = event_entry(cleaned)
        except DataError as fault:
            faults.append(fault)
            continue
        read.append((release, entry, write_parts(cleaned, folder, reader.catalog)))
    return faults


def _published(cleaned: CleanedEventFile, day: datetime.date | None) -> KnownRelease:
    """Returns the release of a file, as out on `day` where one is given."""
    release = cleaned.release
    if day is None:
        return release
    if day < release.covers_through:
        raise UsageError(
            f"{cleaned.file.relative} cannot have come out on {day}.",
            [("because", f"it counts through {release.covers_through}"), ("fix", "give a later day")],
        )
    dated = {"published_from": day, "published_to": day, "published_basis": GIVEN}
    return release.model_copy(update=dated)


def _held(upper: Layer | None) -> dict[str, tuple[str, str]]:
    """Returns, by sha256, the name and release of every file of individual records in the own record."""
    if upper is None:
        return {}
    return {each.sha256: (each.file, each.releases[0]) for each in upper.manifest.files if each.event_sheets}


def _remove_parts(folder: Path, parts: Iterable[PartEntry], upper: Layer | None) -> None:
    held = {each.file for each in upper.manifest.parts} if upper is not None else set()
    for each in parts:
        if each.file not in held:
            (folder / each.file).unlink(missing_ok=True)


def _strangers(read: Sequence[KnownRelease], lower: Layer, upper: Layer | None) -> list[DataError]:
    """Returns what is wrong with releases that take the name of one of another source."""
    layers = [lower] if upper is None else [lower, upper]
    known = {each.release: each.source for layer in layers for each in layer.manifest.releases}
    return [
        ReleaseFileError(
            f"{each.files[0].name} would be the release {each.release}, which is one of {known[each.release]}.",
            [("fix", "rename the file")],
        )
        for each in read
        if known.get(each.release, each.source) != each.source
    ]


def _namesakes(read: Sequence[ReadFile]) -> list[DataError]:
    """Returns what is wrong with files of one name and release that are given together and differ."""
    seen: set[tuple[str, str]] = set()
    faults: list[DataError] = []
    for release, entry, _ in read:
        if (release.release, entry.file) in seen:
            faults.append(
                ReleaseFileError(
                    f"Two files of the release {release.release} are called {entry.file} and differ.",
                    [("fix", "add one, or rename the other edition")],
                )
            )
        seen.add((release.release, entry.file))
    return faults


def _grow(read: Sequence[ReadFile], upper: Layer | None) -> tuple[Manifest, tuple[AddedEvents, ...]]:
    """Returns the manifest with the files just read, and what was added."""
    before = upper.manifest if upper is not None else empty_manifest()
    files = {(each.file, each.releases[0] if each.releases else ""): each for each in before.files}
    parts = list(before.parts)
    releases = {each.release: each for each in before.releases}
    added = []
    for release, entry, own_parts in read:
        name = release.release
        replaced = files.get((entry.file, name))
        if replaced is not None:
            parts = [each for each in parts if (each.source_file, each.release) != (replaced.file, name)]
            _leave_out(releases, name, replaced, parts)
        joins = name in releases
        releases[name] = merge_releases(releases[name], release) if joins else release
        files[entry.file, name] = entry
        parts += [each for each in own_parts if each.file not in {one.file for one in parts}]
        added.append(
            AddedEvents(releases[name], entry, joins, replaced.sha256 if replaced is not None else None)
        )
    manifest = before.model_copy(
        update={
            "files": sorted(files.values(), key=lambda each: (each.layout, each.file)),
            "releases": [releases[name] for name in sorted(releases)],
            "parts": sorted(parts, key=lambda each: (each.table, each.release, each.kind, each.file)),
        }
    )
    return manifest, tuple(added)


def _leave_out(
    releases: dict[str, KnownRelease], name: str, replaced: FileEntry, parts: Sequence[PartEntry]
) -> None:
    """Takes a file out of its release, which then covers what its other files do, or is gone with it."""
    release = releases[name]
    files = [each for each in release.files if each.sha256 != replaced.sha256]
    if not files:
        del releases[name]
        return
    changes: dict[str, object] = {"files": files}
    if not release.declared:
        days = [each.last_date for each in parts if each.release == name and each.last_date is not None]
        changes["covers_through"] = max(days, default=release.covers_through)
    releases[name] = release.model_copy(update=changes)


def empty_manifest() -> Manifest:
    """Returns the manifest of a record that holds nothing yet."""
    return Manifest(
        record_format=settings.RECORD_FORMAT,
        pipeline_version=settings.PIPELINE_VERSION,
        recount_version=importlib.metadata.version("recount-immigration"),
        polars_version=pl.__version__,
        fastexcel_version=importlib.metadata.version("fastexcel"),
        files=[],
        not_read=[],
        releases=[],
        tables={},
        findings={},
    )


def split_files(files: Sequence[Path], catalog: Catalog) -> tuple[list[Path], list[Path]]:
    """Returns which of `files` hold individual records, and which are for another reader.

    A text, Parquet or Feather file is one of records unless its name is that of another layout; a workbook is
    one where a sheet's header is of individual records.

    Raises:
        UsageError: where both kinds are given: each kind is added whole or not at all, so one after the other.
    """
    known = KnownHeaders(catalog.events)
    events: list[Path] = []
    others: list[Path] = []
    damaged: list[Path] = []
    for each in files:
        try:
            (events if _holds_records(each, known, catalog) else others).append(each)
        except ReleaseFileError:
            damaged.append(each)
    # What cannot be opened is of neither kind: the reader of those beside it says what is wrong with it.
    (others if others or not events else events).extend(damaged)
    if events and others:
        raise UsageError(
            "Individual records and other files are added one after the other.",
            [("records", "\n".join(map(str, events))), ("others", "\n".join(map(str, others)))],
        )
    return events, others


def _holds_records(path: Path, known: KnownHeaders, catalog: Catalog) -> bool:
    if layout_of(path.name, catalog) is not None or monthly_of(path.name, catalog) is not None:
        return False
    if path.is_dir():
        return False
    if not path.exists():
        read_file(path, str(path))  # Raises, in its own words.
    suffixes = [each.casefold() for each in path.suffixes]
    if any(each in _RECORD_SUFFIXES for each in suffixes[-2:]):
        return True
    return bool(suffixes) and suffixes[-1] == ".xlsx" and is_event_file(read_file(path, str(path)), known)
