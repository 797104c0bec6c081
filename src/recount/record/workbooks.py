"""Workbooks read in parallel processes, and what the record keeps of each."""

from __future__ import annotations

import csv
import ctypes
import datetime
import gc
import io
import multiprocessing
import os
import pickle
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from recount.acquire.files import SourceFile
from recount.clean.values import parse_date
from recount.clean.workbooks import CleanedWorkbook, WorkbookCleaner
from recount.declare.catalog import Catalog
from recount.declare.workbooks import Workbook
from recount.errors import DataError, ReleaseFileError, Worded, listed
from recount.extract.workbooks import RawWorkbook, read_workbook
from recount.progress import track
from recount.record.manifest import FileEntry, SetAsideCount, SheetEntry
from recount.validate.checks import Finding

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

WORKBOOK_FINDINGS = "workbook"
_CELLS_SHOWN = 3
# Tables on other sheets look back over several years.
_OF_ITS_YEAR = "detention_figures"
_WORTH_A_PROCESS = 4
_CATALOG = "catalog"
# The number of the workbook that is to be read next, where this process was started to read a share of them.
_FOLLOWING: list[Synchronized[int]] = []


@dataclass(frozen=True)
class _Job:
    """A workbook to read; without a source, its content tells which source it is of."""

    file: SourceFile
    source: str | None
    first_captured: datetime.date | None


def clean_workbooks(
    files: Mapping[str, Sequence[SourceFile]], captures: Mapping[str, datetime.date], catalog: Catalog
) -> list[CleanedWorkbook]:
    """Returns what each workbook holds, in order of source and file name.

    Files are read in as many processes as there are processors; the result is the same for any number.

    Args:
        files: workbooks by source.
        captures: the day that a copy was first archived, by sha256.
        catalog: declares how workbooks are laid out.

    Raises:
        ReleaseFileError: naming every workbook that cannot be read, with its reasons, in one list.
    """
    jobs = [
        _Job(file, source, captures.get(file.sha256))
        for source, found in sorted(files.items())
        for file in sorted(found, key=lambda each: each.name)
    ]
    results = _read_all(jobs, catalog)
    refuse_faults([each for each in results if isinstance(each, DataError)])
    return [each for each in results if isinstance(each, CleanedWorkbook)]


def clean_found_workbooks(files: Sequence[SourceFile], catalog: Catalog) -> list[CleanedWorkbook | DataError]:
    """Returns, in order, what each workbook holds, or why it cannot be read; its content tells its source."""
    return _read_all([_Job(each, None, None) for each in files], catalog)


def refuse_faults(faults: Sequence[DataError]) -> None:
    """Raises what is wrong with files, all of it in one list; nothing where nothing is."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise ReleaseFileError(
            f"{len(faults)} files cannot be read.",
            [(str(number), str(each)) for number, each in enumerate(faults, start=1)],
        )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keeps Python from looking for cycles: reading makes none, and looking through all it makes takes time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_uncollected()
def _read_all(jobs: Sequence[_Job], catalog: Catalog) -> list[CleanedWorkbook | DataError]:
    processes = min(os.cpu_count() or 1, len(jobs))
    if len(jobs) < _WORTH_A_PROCESS or processes < 2:  # noqa: PLR2004
        cleaners = _cleaners(catalog)
        return [_read(each, cleaners) for each in track(jobs, "Reading workbooks")]
    with tempfile.TemporaryDirectory() as folder:
        return _read_together(jobs, catalog, processes - 1, Path(folder))


def _read_together(
    jobs: Sequence[_Job], catalog: Catalog, others: int, folder: Path
) -> list[CleanedWorkbook | DataError]:
    """Reads workbooks in this process and in `others`; each takes the next one as soon as it is free.

    Files in `folder` carry what goes to and fro. A new process takes its arguments only when it is up, and
    this one would wait for it; what was read is more than a queue carries quickly.
    """
    _put(folder / _CATALOG, catalog)
    for number, job in enumerate(jobs):
        _put(folder / f"{number}", job)
    # Forking a process that holds an engine's threads can hang; new ones are started instead.
    context = multiprocessing.get_context("spawn")
    following = context.Value(ctypes.c_int64, 0)
    with ProcessPoolExecutor(others, context, initializer=_start, initargs=(following,)) as pool:
        shares = [pool.submit(_read_share, folder, len(jobs)) for _ in range(others)]
        cleaners = _cleaners(catalog)
        results: dict[int, CleanedWorkbook | DataError] = {}
        own = _take(following)
        for number in track(range(len(jobs)), "Reading workbooks"):
            if number == own:
                results[number] = _read(jobs[number], cleaners)
                own = _take(following)
        for number in (each for share in shares for each in share.result()):
            results[number] = _get(folder / f"{number}")
    return [results[number] for number in range(len(jobs))]


def _start(following: Synchronized[int]) -> None:
    _FOLLOWING.append(following)


def _read_share(folder: Path, count: int) -> list[int]:
    """Reads the next workbook until none is left, leaves each in its file, and returns their numbers."""
    # This process ends with its share: nothing need be collected, not even at its end.
    gc.disable()
    cleaners = _cleaners(_get(folder / _CATALOG))
    following = _FOLLOWING[0]
    share = []
    while (number := _take(following)) < count:
        path = folder / f"{number}"
        _put(path, _read(_get(path), cleaners))
        share.append(number)
    gc.freeze()
    return share


def _take(following: Synchronized[int]) -> int:
    """Returns the number of the first workbook that nobody has taken, and takes it."""
    with following.get_lock():
        number = following.value
        following.value += 1
    return number


def _put(path: Path, what: object) -> None:
    with path.open("wb") as file:
        pickle.dump(what, file, pickle.HIGHEST_PROTOCOL)


def _get(path: Path) -> Any:
    with path.open("rb") as file:
        return pickle.load(file)  # noqa: S301  another process of this run wrote it


def _cleaners(catalog: Catalog) -> dict[str, WorkbookCleaner]:
    return {name: WorkbookCleaner(each, catalog) for name, each in catalog.workbooks.items()}


def _read(job: _Job, cleaners: Mapping[str, WorkbookCleaner]) -> CleanedWorkbook | DataError:
    """Reads one workbook; a fault comes back as a value, so that all of them can be told together."""
    try:
        raw = read_workbook(job.file)
        if job.source is not None:
            return cleaners[job.source].clean(raw, job.first_captured)
        return _clean_stranger(raw, cleaners)
    except DataError as fault:
        return fault


def _clean_stranger(raw: RawWorkbook, cleaners: Mapping[str, WorkbookCleaner]) -> CleanedWorkbook:
    """Returns a workbook as the source reads it that knows it by its content."""
    faults: list[DataError] = []
    for cleaner in cleaners.values():
        try:
            return cleaner.clean(raw)
        except DataError as fault:
            faults.append(fault)
    if len(faults) == 1:
        raise faults[0]
    raise ReleaseFileError(
        f"{raw.file.relative} is a workbook of no known source.",
        [(name, str(fault)) for name, fault in zip(cleaners, faults, strict=True)],
    )


def read_captures(files: Iterable[SourceFile], workbook: Workbook) -> dict[str, datetime.date]:
    """Returns the day that a copy of each workbook was first archived, by sha256, from lists of them.

    Raises:
        ReleaseFileError: where a list lacks a column, or holds a day that is none.
    """
    declared = workbook.captures
    days: dict[str, datetime.date] = {}
    if declared is None:
        return days
    for file in files:
        reader = csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))
        missing = {declared.sha256, declared.first_captured} - set(reader.fieldnames or ())
        if missing:
            raise ReleaseFileError(
                f"{file.relative} lacks the column {', '.join(sorted(missing))}.",
                [("has", ", ".join(reader.fieldnames or ())), ("fix", "obtain the file again")],
            )
        for number, row in enumerate(reader, start=2):
            text = row[declared.first_captured]
            if not text:
                continue
            try:
                days[row[declared.sha256]] = parse_date(text)
            except ValueError as none:
                raise ReleaseFileError(
                    f"{file.relative}, row {number:,}: {text!r} is not a day.",
                    [("column", declared.first_captured), ("fix", "write it as 2026-02-13")],
                ) from none
    return days


def file_entry(cleaned: CleanedWorkbook, workbook: Workbook, flagged: int) -> FileEntry:
    """Returns what the manifest says of a workbook.

    Raises:
        ReleaseFileError: where numbers were lost, which would be a defect of the reader.
    """
    sheets = [
        SheetEntry(
            sheet=each.sheet,
            layout=each.layout,
            visible=each.visible,
            numbers=each.numbers,
            kept=each.kept,
            set_aside=each.set_aside,
            unknown=each.unknown_numbers,
            unknown_cells=each.unknown_cells,
            tables_found=list(each.tables_found),
            tables_missing=list(each.tables_missing),
        )
        for each in cleaned.accounts
    ]
    numbers = sum(each.numbers for each in sheets)
    kept = sum(each.kept for each in sheets)
    by_rule: dict[str, int] = {}
    for cell in cleaned.set_aside:
        if cell.number:
            by_rule[cell.rule] = by_rule.get(cell.rule, 0) + 1
    unknown = sum(each.unknown for each in sheets)
    if unknown:
        by_rule["unknown"] = unknown
    if numbers != kept + sum(by_rule.values()):
        raise ReleaseFileError(
            f"{cleaned.file_name}: numbers were lost.",
            [("in", f"{numbers:,}"), ("kept", f"{kept:,}"), ("set aside", f"{sum(by_rule.values()):,}")],
        )
    return FileEntry(
        file=cleaned.file_name,
        sha256=cleaned.sha256,
        layout=workbook.source,
        rows_in=numbers,
        rows_kept=kept,
        set_aside=[
            SetAsideCount(rule=rule, reason=workbook.set_aside[rule], rows=count)
            for rule, count in sorted(by_rule.items())
        ],
        core_rows={name: frame.height for name, frame in sorted(cleaned.frames.items())},
        releases=[cleaned.release.release],
        counted="number cells",
        sheets=sheets,
        flagged=flagged,
        fiscal_year=_main_fiscal_year(cleaned.frames),
    )


def _main_fiscal_year(frames: Mapping[str, pl.DataFrame]) -> int | None:
    """Returns the fiscal year that most detention figures over a span are of; the later of two as frequent."""
    figures = frames.get(_OF_ITS_YEAR)
    if figures is None:
        return None
    counted = figures.filter(pl.col("period_kind") != "snapshot").get_column("fiscal_year").value_counts()
    years = counted.sort("count", "fiscal_year").get_column("fiscal_year").to_list()
    return int(years[-1]) if years else None


def find_conflicts(cleaned: Iterable[CleanedWorkbook]) -> list[Finding]:
    """Returns what workbooks hold that does not fit together, and what no layout knows, as findings."""
    found = []
    for each in cleaned:
        release = each.release.release
        found += [
            Finding(WORKBOOK_FINDINGS, one.name, release, one.text, (release,)) for one in each.conflicts
        ]
        by_sheet: dict[tuple[str, str], list[str]] = {}
        for one in each.unknown:
            by_sheet.setdefault((one.sheet, one.what), []).append(f"{one.cell} {one.text[:60]!r}")
        for (sheet, what), cells in by_sheet.items():
            text = Worded(
                "%(sheet)s, %(what)s: %(cells)s", sheet=sheet, what=what, cells=listed(cells, _CELLS_SHOWN)
            )
            found.append(Finding(WORKBOOK_FINDINGS, "unknown_cells", release, text, (release,)))
    return sorted(found)
