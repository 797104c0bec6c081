"""Writes the site to a folder: in several processes, beside, and swapped in whole."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from recount.ask.record import open_record
from recount.declare.text import LANGUAGES, Language
from recount.errors import UsageError
from recount.progress import track
from recount.site.lost import top_pages
from recount.site.shipped import ASSETS, STYLE, read_asset
from recount.site.site import Site

_PARTS_A_PROCESS = 12
"""So many shares of the work each process takes in turn: chapters are not equally long."""


@dataclass(frozen=True)
class BuiltSite:
    """What a build wrote: how many pages and other files, and their size together."""

    folder: Path
    pages: int
    files: int
    bytes: int


@dataclass(frozen=True)
class _Job:
    user: Path | None
    contact: str | None
    languages: tuple[Language, ...]

    def open(self) -> Site:
        """Returns the site of the record as the public sees it."""
        record = open_record(self.user, public=True)
        return Site(record, contact=self.contact, languages=self.languages)


def build_site(
    folder: Path,
    *,
    user: Path | None = None,
    contact: str | None = None,
    languages: Sequence[Language] = LANGUAGES,
    force: bool = False,
    processes: int | None = None,
) -> BuiltSite:
    """Writes the site of a record to `folder`; a site that was there stays until the new one is whole.

    The same record gives the same bytes, in any number of processes.

    Args:
        folder: where to write it: none yet, an empty one, or one that holds a site.
        user: the folder of the user's own record; without it, the one in `RECOUNT_HOME`.
        contact: the address that the page of corrections gives.
        languages: those that it is in.
        force: replaces a folder that holds something else.
        processes: how many write it; without it, as many as there are processors.

    Raises:
        UsageError: where the folder holds something else, or cannot be written.
    """
    target = folder.absolute()
    _refuse_others(target, force=force)
    job = _Job(user, contact, tuple(languages))
    site = job.open()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{target.name}.writing-", dir=target.parent))
    except OSError as unwritable:
        raise _cannot_write(target, unwritable) from unwritable
    try:
        for each in ASSETS:
            _write(beside / each, read_asset(each))
        written = _write_chapters(job, site, beside, processes or os.cpu_count() or 1)
        for name, content in top_pages(job.languages).items():
            _write(beside / name, content)
            written[name] = len(content)
        beside.chmod(0o755)
        _swap(beside, target)
    except OSError as unwritable:
        raise _cannot_write(target, unwritable) from unwritable
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    pages = sum(each.endswith(".html") for each in written)
    return BuiltSite(folder, pages, len(written) - pages + len(ASSETS), sum(written.values()))


def _refuse_others(target: Path, *, force: bool) -> None:
    if target.exists() and not target.is_dir():
        raise UsageError(
            f"{target.name} is a file, and a site is a folder.", [("fix", "choose another place")]
        )
    if force or not target.exists() or not any(target.iterdir()) or (target / STYLE).is_file():
        return
    raise UsageError(
        f"{target} holds something that is no site.",
        [("fix", "choose an empty folder, or replace what is there with --force")],
    )


def _write_chapters(job: _Job, site: Site, beside: Path, processes: int) -> dict[str, int]:
    shares = _deal(site, processes * _PARTS_A_PROCESS)
    written: dict[str, int] = {}
    if processes == 1:
        for share in track(shares, "Writing pages"):
            written |= _write_share(site, share, beside)
        return dict(sorted(written.items()))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=_start, initargs=(job, beside)) as pool:
        waiting = [pool.submit(_write_share_here, each) for each in shares]
        for each in track(waiting, "Writing pages"):
            written |= each.result()
    return dict(sorted(written.items()))


def _deal(site: Site, count: int) -> list[list[int]]:
    """Returns the chapters in so many shares, the longest first, each next one to the share with the least work."""
    shares: list[list[int]] = [[] for _ in range(count)]
    weights = [0] * count
    order = sorted(range(len(site.chapters)), key=lambda number: (-site.chapters[number].weight, number))
    for number in order:
        least = weights.index(min(weights))
        shares[least].append(number)
        weights[least] += site.chapters[number].weight
    return [each for each in shares if each]


_here: list[tuple[Site, Path]] = []
"""In a process that writes: its own site, and where it writes."""


def _start(job: _Job, beside: Path) -> None:
    _here.append((job.open(), beside))


def _write_share_here(share: list[int]) -> dict[str, int]:
    site, beside = _here[-1]
    return _write_share(site, share, beside)


def _write_share(site: Site, share: list[int], beside: Path) -> dict[str, int]:
    written: dict[str, int] = {}
    for number in share:
        for address, content in site.files_of(number):
            _write(beside / address, content)
            written[address] = len(content)
        site.forget(number)
    return written


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _swap(beside: Path, target: Path) -> None:
    """Puts the new folder in the old one's place; where that fails the old one comes back."""
    if not target.exists():
        beside.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old-", dir=target.parent)) / "site"
    target.rename(old)
    try:
        beside.rename(target)
    except OSError:
        old.rename(target)
        raise
    finally:
        shutil.rmtree(old.parent, ignore_errors=True)


def _cannot_write(target: Path, because: OSError) -> UsageError:
    return UsageError(
        f"The site cannot be written to {target}: {because.strerror}.",
        [("kept", "the site that was there"), ("fix", "make room, or choose another place")],
    )
