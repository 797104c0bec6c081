"""The record that is served: opened, named by its content, and taken anew when another lies in its place."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import os
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from recount import paths, settings
from recount.ask import OpenRecord, open_record
from recount.declare.catalog import Catalog, default_catalog, load_catalog
from recount.errors import RecordError
from recount.record.manifest import MANIFEST

if TYPE_CHECKING:
    from recount.measure.event_engine import DuckDB

_SECONDS_BETWEEN = 0.5
"""A record that cannot be read is not tried again for each of many requests."""
Stamp = tuple[tuple[int, int, int] | None, ...]
"""What tells a manifest from another at its place: time, size and inode; None where there is none."""


@dataclass(frozen=True, eq=False)
class ServedRecord:
    """One record as served.

    Attributes:
        open: the record as it may be shown to anyone.
        identity: the sha256 of what answers rest on beside the question: its manifests, the catalog, the version.
        stamp: of the manifests that it was read by.
    """

    open: OpenRecord
    identity: str
    stamp: Stamp

    @functools.cached_property
    def engine(self) -> DuckDB:
        """The engine that counts individual records, started by whoever asks first."""
        from recount.measure.event_engine import DuckDB  # noqa: PLC0415  slow to import, and few questions need it

        engine = self.open.events.engine
        if not isinstance(engine, DuckDB):
            raise TypeError(f"the server counts by DuckDB, not by {engine.name}")
        return engine


class Served:
    """The record in a home, opened again whenever its manifest is another.

    Whoever holds a `ServedRecord` goes on with it: its tables are in memory, and the cubes are those of the package.
    """

    def __init__(self, home: Path | None = None) -> None:
        self.user = paths.user_record() if home is None else home / "record"
        self.catalog = (
            default_catalog(to_answer=True)
            if home is None
            else load_catalog(overlay=home / "catalog", to_answer=True)
        )
        self._declared = _digest_of(self.catalog)
        self._had_own = False
        self._failed: tuple[float, RecordError] | None = None
        self._opening: asyncio.Task[ServedRecord] | None = None
        self.current = self.open()

    def stamp(self) -> Stamp:
        """Returns what the manifests look like now."""
        return tuple(_stamp_of(each / MANIFEST) for each in (paths.EMBEDDED_RECORD, self.user))

    def open(self) -> ServedRecord:
        """Returns the record as it lies there now.

        Raises:
            RecordError: where it cannot be read; and where the user's own was there before and is not now, for
                the shipped record would give other answers in its stead.
        """
        stamp = self.stamp()
        if stamp[1] is None and self._had_own:
            raise RecordError(
                f"The record in {self.user} is gone.", [("fix", "put it back, or start the server again")]
            )
        opened = open_record(self.user, public=True, catalog=self.catalog)
        self._had_own = self._had_own or stamp[1] is not None
        manifests = [each.manifest.to_json() for each in opened.record.layers]
        named = "\n".join(
            [version("recount-immigration"), str(settings.PIPELINE_VERSION), self._declared, *manifests]
        )
        return ServedRecord(opened, hashlib.sha256(named.encode()).hexdigest(), stamp)

    async def record(self) -> ServedRecord:
        """Returns the record that a question which arrives now is answered from.

        Raises:
            RecordError: as in `open`.
        """
        while self.current.stamp != self.stamp():
            if self._failed is not None and time.monotonic() < self._failed[0]:
                raise self._failed[1]
            if self._opening is None:
                self._opening = asyncio.create_task(self._open_again())
            opening = self._opening
            try:
                self.current = await asyncio.shield(opening)
            except RecordError as failed:
                self._failed = (time.monotonic() + _SECONDS_BETWEEN, failed)
                raise
            finally:
                if opening.done() and self._opening is opening:
                    self._opening = None
        return self.current

    async def _open_again(self) -> ServedRecord:
        return await asyncio.get_running_loop().run_in_executor(None, self.open)


def _stamp_of(path: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116  asked at every request
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _digest_of(catalog: Catalog) -> str:
    """Returns the sha256 of every file of the catalog, with its place in it."""
    digest = hashlib.sha256()
    for folder in catalog.folders:
        for path in sorted(folder.rglob("*.yml")):
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
