"""Records on disk: written beside and swapped, read in layers.

A record is a folder with a manifest and the tables that it names. Tables are named after their
content, so that a new record is written beside the old one, and the one rename of the manifest swaps
them: at every moment a reader finds either the old record or the new one, whole.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import hashlib
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from recount import paths, settings
from recount.declare.sources import KnownRelease
from recount.errors import RecordError
from recount.record.manifest import MANIFEST, Manifest, TableEntry, read_manifest

FINDINGS = "findings"
SET_ASIDE = "set_aside"
UNKNOWN = "unknown_cells"
_LOCK = ".lock"
_WAIT_SECONDS = 60


class Frames(Mapping[str, pl.DataFrame]):
    """Tables by name, each made when it is first asked for: a question seldom needs all of them."""

    def __init__(self, makers: Mapping[str, Callable[[], pl.DataFrame]]) -> None:
        self._makers = dict(makers)
        self._made: dict[str, pl.DataFrame] = {}

    def __getitem__(self, name: str) -> pl.DataFrame:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


@dataclass(frozen=True)
class EventPart:
    """One part of individual records, or a cube of them: where it lies, and what it holds.

    `cut_off` is the release's own last day: as it states, or else that of its last event.
    """

    table: str
    release: str
    kind: Literal["rows", "cube"]
    layout: str
    generation: str | None
    is_synthetic: bool
    source_file: str
    path: Path
    rows: int
    sha256: str
    first_date: datetime.date | None
    last_date: datetime.date | None
    cut_off: datetime.date | None


@dataclass(frozen=True)
class Layer:
    """One record on disk, as read."""

    folder: Path
    manifest: Manifest
    frames: Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Record:
    """The record that answers are computed from: layers, a user's over the embedded one.

    `frames` are the core tables of printed figures; a release of an upper layer hides the lower one's of that
    id whole. `parts` are the individual records and cubes of them; a file's rows hide its cube.
    """

    layers: tuple[Layer, ...]
    frames: Mapping[str, pl.DataFrame]
    releases: dict[str, KnownRelease]
    parts: tuple[EventPart, ...] = ()


def encode_table(
    name: str, frame: pl.DataFrame, comments: Mapping[str, str] | None = None
) -> tuple[str, bytes, str]:
    """Returns the file name, Parquet bytes and sha256 of a table. The same rows give the same bytes.

    `comments` describe the columns; they stand in the file's metadata under `recount:columns`, as JSON.
    """
    described = json.dumps(dict(comments or {}), sort_keys=True, ensure_ascii=False)
    buffer = io.BytesIO()
    frame.write_parquet(
        buffer,
        compression="zstd",
        compression_level=9,
        statistics=True,
        row_group_size=1 << 20,
        metadata={"recount:columns": described},
    )
    content = buffer.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    return f"{name}-{digest[:12]}.parquet", content, digest


@contextlib.contextmanager
def lock_record(folder: Path) -> Iterator[None]:
    """Keeps every other writer out of the record in `folder`, which is made where there is none.

    Raises:
        RecordError: where the folder cannot be written or another writer does not finish.
    """
    import filelock  # noqa: PLC0415  only writers need it

    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / _LOCK, timeout=_WAIT_SECONDS):
            try:
                yield
            finally:
                # While the lock is held: once it is let go, the file may be another writer's. Windows keeps it.
                with contextlib.suppress(OSError):
                    (folder / _LOCK).unlink()
    except filelock.Timeout as busy:
        raise RecordError(
            f"Another process is writing the record in {folder}.", [("fix", "wait for it, then try again")]
        ) from busy
    except OSError as unwritable:
        raise RecordError(
            f"The record cannot be written to {folder}: {unwritable.strerror}.",
            [("kept", "the record that was there"), ("fix", "make room or choose another folder")],
        ) from unwritable
    finally:
        if made:
            # A folder that holds nothing after all was made for nothing.
            with contextlib.suppress(OSError):
                folder.rmdir()


def write_record(folder: Path, manifest: Manifest, contents: Mapping[str, bytes]) -> None:
    """Writes a record to `folder`, one writer at a time; the record there stays until the new one is whole.

    Raises:
        RecordError: where the folder cannot be written or another writer does not finish.
    """
    with lock_record(folder):
        swap_record(folder, manifest, contents)


def swap_record(folder: Path, manifest: Manifest, contents: Mapping[str, bytes]) -> None:
    """Writes a record to a folder whose lock is held; the record there stays until the new one is whole."""
    for file, content in contents.items():
        if not _holds(folder / file, content):
            _write_beside(folder / file, content)
    _write_beside(folder / MANIFEST, manifest.to_json().encode())
    _remove_unnamed(folder, manifest)


def _holds(path: Path, content: bytes) -> bool:
    return path.exists() and path.read_bytes() == content


def _write_beside(path: Path, content: bytes) -> None:
    descriptor, beside = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _remove_unnamed(folder: Path, manifest: Manifest) -> None:
    named = {each.file for each in manifest.tables.values()} | {each.file for each in manifest.parts}
    for path in folder.iterdir():
        if (path.suffix == ".parquet" and path.name not in named) or path.name.startswith(".writing-"):
            path.unlink(missing_ok=True)


def open_record(user: Path | None = None, embedded: Path | None = None) -> Record:
    """Returns the record: the user's, where there is one, over the embedded one.

    Raises:
        RecordError: where a layer is missing, damaged, or of another version.
    """
    lower = paths.EMBEDDED_RECORD if embedded is None else embedded
    upper = paths.user_record() if user is None else user
    folders = [lower] + ([upper] if (upper / MANIFEST).exists() and upper != lower else [])
    return lay_over([read_layer(folder) for folder in folders])


def read_layer(folder: Path) -> Layer:
    """Returns the record in `folder`, its tables verified against the manifest."""
    manifest = read_manifest(folder)
    try:
        return _read_tables(folder, manifest)
    except FileNotFoundError:
        # A writer swapped the record between the two reads; the new one is whole.
        again = read_manifest(folder)
        try:
            return _read_tables(folder, again)
        except FileNotFoundError as missing:
            raise RecordError(
                f"The record in {folder} lacks the file {Path(missing.filename).name}.",
                [("fix", "build it again: recount record build --from DIR")],
            ) from missing
    except OSError as unreadable:
        raise RecordError(
            f"The record in {folder} cannot be read: {unreadable.strerror}.",
            [("fix", "build it again: recount record build --from DIR")],
        ) from unreadable


def _read_tables(folder: Path, manifest: Manifest) -> Layer:
    expected = (settings.RECORD_FORMAT, settings.PIPELINE_VERSION)
    if (manifest.record_format, manifest.pipeline_version) != expected:
        raise RecordError(
            f"The record in {folder} was built by another version of the pipeline.",
            [
                ("record", f"format {manifest.record_format}, pipeline {manifest.pipeline_version}"),
                ("this version", f"format {expected[0]}, pipeline {expected[1]}"),
                ("fix", "build it again: recount record build --from DIR"),
            ],
        )
    makers = {name: _table_maker(folder, entry) for name, entry in manifest.tables.items()}
    return Layer(folder, manifest, Frames(makers))


def _table_maker(folder: Path, entry: TableEntry) -> Callable[[], pl.DataFrame]:
    """Reads and verifies a table's bytes now, so that a later swap cannot change them; decodes them later."""
    content = (folder / entry.file).read_bytes()
    if hashlib.sha256(content).hexdigest() != entry.sha256:
        raise RecordError(
            f"{entry.file} is not the table that the manifest names.",
            [("folder", str(folder)), ("fix", "build the record again: recount record build --from DIR")],
        )
    return lambda: pl.read_parquet(io.BytesIO(content))


def lay_over(layers: list[Layer]) -> Record:
    """Returns the record of `layers`, later ones over earlier ones, by release id.

    Findings about a hidden release are hidden with it, and so are the rows set aside from its files.
    """
    releases: dict[str, KnownRelease] = {}
    for layer in layers:
        of_parts = {each.release for each in layer.manifest.parts}
        for each in layer.manifest.releases:
            lower = releases.get(each.release)
            # Of individual records a file hides its own cube, not the cubes of the release's other files.
            joins = lower is not None and each.release in of_parts
            releases[each.release] = merge_releases(lower, each) if lower and joins else each
    names = dict.fromkeys(name for layer in layers for name in layer.frames)
    parts = [each for layer in layers for each in parts_of(layer, releases)]
    with_rows = {(each.table, each.release, each.source_file) for each in parts if each.kind == "rows"}
    shown = [
        each
        for each in parts
        if each.kind == "rows" or (each.table, each.release, each.source_file) not in with_rows
    ]
    shown.sort(key=lambda each: (each.table, each.release, each.source_file, each.kind, each.sha256))
    makers = {name: functools.partial(_lay_table_over, name, layers) for name in names}
    return Record(tuple(layers), Frames(makers), dict(sorted(releases.items())), tuple(shown))


def merge_releases(first: KnownRelease, second: KnownRelease) -> KnownRelease:
    """Returns one release of files that were read apart: all of them, and what they cover together."""
    files = {each.sha256: each for each in (*first.files, *second.files)}
    return second.model_copy(
        update={
            "files": sorted(files.values(), key=lambda each: (each.name, each.sha256)),
            "covers_through": max(first.covers_through, second.covers_through),
        }
    )


def parts_of(layer: Layer, releases: Mapping[str, KnownRelease]) -> list[EventPart]:
    """Returns the individual records and cubes of a layer.

    Raises:
        RecordError: where a part is missing or of another size than the manifest says. Its content is not
            hashed again: parts can be gigabytes, and are named after their hash.
    """
    found = []
    for each in layer.manifest.parts:
        if each.kind == "values":
            continue
        path = layer.folder / each.file
        if not path.is_file() or path.stat().st_size != each.bytes:
            raise RecordError(
                f"{each.file} is missing, or not the part that the manifest names.",
                [("folder", str(layer.folder)), ("fix", "add the released file again")],
            )
        found.append(
            EventPart(
                table=each.table,
                release=each.release,
                kind=each.kind,
                layout=each.layout,
                generation=each.generation,
                is_synthetic=each.is_synthetic,
                source_file=each.source_file,
                path=path,
                rows=each.rows,
                sha256=each.sha256,
                first_date=each.first_date,
                last_date=each.last_date,
                cut_off=releases[each.release].covers_through,
            )
        )
    return found


def _lay_table_over(name: str, layers: list[Layer]) -> pl.DataFrame:
    whole: pl.DataFrame | None = None
    for layer in layers:
        if whole is not None:
            hidden = [each.release for each in layer.manifest.releases]
            files = [each.file for each in layer.manifest.files]
            whole = whole.filter(~_is_hidden(name, hidden, files))
        if name in layer.frames:
            frame = layer.frames[name]
            order = layer.manifest.tables[name].sorted_by
            whole = frame if whole is None else pl.concat([whole, frame]).sort(order)
    if whole is None:
        raise KeyError(name)
    return whole


def _is_hidden(table: str, releases: list[str], files: list[str]) -> pl.Expr:
    if table == FINDINGS:
        return pl.col("releases").list.eval(pl.element().is_in(releases)).list.any()
    if table == SET_ASIDE:
        return pl.col("file_original").is_in(files)
    return pl.col("release").is_in(releases)
