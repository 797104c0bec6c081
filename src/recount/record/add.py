"""Workbooks added to a user's own record, one release each: all of those given, or none."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from recount import paths
from recount.acquire.files import SourceFile, layout_of, monthly_of, read_file
from recount.clean.workbook_release import release_name
from recount.clean.workbooks import CleanedWorkbook
from recount.declare.catalog import Catalog
from recount.declare.frames import check_frame, frame_schema, refuse_repeated_key
from recount.declare.sources import KnownRelease
from recount.declare.tables import Table
from recount.errors import DataError, RecordError, ReleaseFileError, UsageError
from recount.record.build import (
    Built,
    SetAsideCell,
    UnknownCell,
    cells_set_aside,
    count_flags,
    put_together,
    unknown_cells,
)
from recount.record.build_events import BuiltEvents
from recount.record.manifest import MANIFEST, FileEntry
from recount.record.store import FINDINGS, SET_ASIDE, UNKNOWN, Layer, lock_record, read_layer, swap_record
from recount.record.workbooks import clean_found_workbooks, file_entry, find_conflicts, refuse_faults
from recount.validate.checks import Finding
from recount.validate.flags import clear_flags, flag_tables

LayerName = Literal["embedded", "own"]
GIVEN = "Given by whoever added the file."
_TEXT_FILES = (".csv", ".tsv", ".txt")


@dataclass(frozen=True)
class AddedRelease:
    """One workbook as added: its release, its account, what checks say of it, and what it takes the place of.

    `unknown` are its cells that no layout knows; `findings` those of its own release.
    """

    release: KnownRelease
    entry: FileEntry
    replaces: LayerName | None
    unknown: tuple[UnknownCell, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class AlreadyThere:
    """A file whose bytes the record holds: its path as given, and the release that they are."""

    file: str
    release: str
    layer: LayerName


@dataclass(frozen=True)
class Addition:
    """What became of the files given: each is added, or was there before."""

    folder: Path
    added: tuple[AddedRelease, ...]
    already: tuple[AlreadyThere, ...]


def add_workbooks(
    files: Sequence[Path],
    catalog: Catalog,
    *,
    published: datetime.date | None = None,
    folder: Path | None = None,
    embedded: Path | None = None,
) -> Addition:
    """Adds workbooks to the user's own record, and returns what was added.

    Each is known by its content, whatever its name. What checks mark in the user's own releases is marked
    anew, since figures are held to those of other releases. Where one file cannot be added, none is, and the
    record is as it was.

    Args:
        files: where the workbooks lie.
        catalog: declares how workbooks are laid out.
        published: the day on which they came out, where that is known.
        folder: the user's own record; without it, the one in `RECOUNT_HOME`.
        embedded: the record that it lies over; without it, the one that the package ships.

    Raises:
        UsageError: where no file is given, none of those is there, or one counts days after `published`.
        DataError: with every reason of every file in one list, where one cannot be read as declared.
        RecordError: where a record is damaged or cannot be written.
    """
    own = paths.user_record() if folder is None else folder
    lower = read_layer(paths.EMBEDDED_RECORD if embedded is None else embedded)
    found, faults, absent = _read_files(files, catalog)
    upper = _read_own(own)
    known = _known_bytes(lower, upper)
    read = clean_found_workbooks([each for each in found if each.sha256 not in known], catalog)
    cleaned = [_published(each, published) for each in read if isinstance(each, CleanedWorkbook)]
    faults += [each for each in read if isinstance(each, DataError)]
    releases = [each for layer in (lower, upper) if layer is not None for each in layer.manifest.releases]
    sources = {each.release: each.source for each in releases}
    sources |= {each.release: each.source for each in catalog.releases.values()}
    faults += [fault for each in cleaned if (fault := _stranger(each, sources, catalog)) is not None]
    _refuse(faults, absent)
    if not cleaned:
        return Addition(own, (), _already(found, known))
    with lock_record(own):
        # Read again under the lock: another writer may have been here since.
        upper = _read_own(own)
        known = _known_bytes(lower, upper)
        cleaned = [each for each in cleaned if each.sha256 not in known]
        if not cleaned:
            return Addition(own, (), _already(found, known))
        grown = _Grown(lower, upper, cleaned, catalog)
        swap_record(own, grown.built.manifest, grown.built.contents)
    return Addition(own, grown.added(), _already(found, known))


def _read_own(folder: Path) -> Layer | None:
    return read_layer(folder) if (folder / MANIFEST).exists() else None


def _read_files(
    files: Sequence[Path], catalog: Catalog
) -> tuple[list[SourceFile], list[DataError], list[Path]]:
    """Returns the files by content, each content once; what is wrong with others; and paths to nowhere."""
    found: dict[str, SourceFile] = {}
    names: dict[str, SourceFile] = {}
    faults: list[DataError] = []
    absent = [path for path in files if not path.exists()]
    for path in files:
        if path in absent:
            continue
        try:
            each = _read_workbook_file(path, catalog)
        except DataError as fault:
            faults.append(fault)
            continue
        twin = names.setdefault(release_name(each.name), each)
        if twin.sha256 != each.sha256:
            summary = f"{twin.relative} and {path} differ, and would be one release by their names."
            faults.append(ReleaseFileError(summary, [("fix", "add one, or rename the other edition")]))
        found.setdefault(each.sha256, each)
    return list(found.values()), faults, absent


def _read_workbook_file(path: Path, catalog: Catalog) -> SourceFile:
    """Returns the file at `path`, unless it is of a kind that cannot be added."""
    if path.is_dir():
        raise ReleaseFileError(
            f"{path} is a folder.",
            [
                (
                    "fix",
                    f"name its workbooks, or build the record anew from it:\nrecount record build --from {path}",
                )
            ],
        )
    layout, monthly = layout_of(path.name, catalog), monthly_of(path.name, catalog)
    if layout is not None:
        what = f"a file of the layout {layout.layout}"
    elif monthly is not None:
        what = f"a file of {monthly.source}"
    elif path.suffix.casefold() in _TEXT_FILES:
        what = "a text file"
    else:
        return read_file(path, str(path))
    raise ReleaseFileError(
        f"{path} is {what}; only workbooks of detention statistics can be added.",
        [
            (
                "fix",
                "put it beside the other released files, and build the record:\nrecount record build --from DIR",
            )
        ],
    )


def _refuse(faults: list[DataError], absent: list[Path]) -> None:
    """Raises what is wrong with the files, in one list; nothing where nothing is."""
    if absent and not faults:
        raise UsageError(
            "There is no such file.",
            [("files", "\n".join(map(str, absent))), ("fix", "give the paths of workbooks")],
        )
    refuse_faults([*faults, *(ReleaseFileError(f"There is no file {each}.") for each in absent)])


def _stranger(cleaned: CleanedWorkbook, sources: Mapping[str, str], catalog: Catalog) -> DataError | None:
    """Returns why a workbook that could be read cannot stand in a record, if there is a reason.

    `sources` gives the source of every release known so far.
    """
    name = cleaned.release.release
    if sources.get(name, cleaned.release.source) != cleaned.release.source:
        return ReleaseFileError(
            f"{cleaned.file_name} would be the release {name}, which is one of {sources[name]}.",
            [("fix", "rename the file")],
        )
    numbers = sum(each.numbers for each in cleaned.accounts)
    kept = sum(each.kept for each in cleaned.accounts)
    unknown = sum(each.unknown_numbers for each in cleaned.accounts)
    if kept > unknown:
        return None
    return ReleaseFileError(
        f"{cleaned.file_name} is laid out as no workbook before it: of {numbers:,} number cells {kept:,} are "
        f"figures of a known table, and {unknown:,} are of none.",
        [
            ("lacks", ", ".join(sorted({name for each in cleaned.accounts for name in each.tables_missing}))),
            (
                "fix",
                "obtain the workbook again; or, if the agency changed its layout, declare it in\n"
                + catalog.file_to_edit("workbook", cleaned.release.source).rsplit("/", 1)[0]
                + "/sheets",
            ),
        ],
    )


def _published(cleaned: CleanedWorkbook, day: datetime.date | None) -> CleanedWorkbook:
    """Returns a workbook whose release came out on `day`, where one is given."""
    if day is None:
        return cleaned
    if day < cleaned.release.covers_through:
        raise UsageError(
            f"{cleaned.file_name} cannot have come out on {day}.",
            [("because", f"it counts through {cleaned.release.covers_through}"), ("fix", "give a later day")],
        )
    dated = {"published_from": day, "published_to": day, "published_basis": GIVEN}
    return dataclasses.replace(cleaned, release=cleaned.release.model_copy(update=dated))


def _known_bytes(lower: Layer, upper: Layer | None) -> dict[str, tuple[str, LayerName]]:
    """Returns the release and layer of every file that the record shows, by sha256."""
    layers: list[tuple[LayerName, Layer]] = [("embedded", lower)]
    if upper is not None:
        layers.append(("own", upper))
    shown = {each.release: (each, name) for name, layer in layers for each in layer.manifest.releases}
    return {file.sha256: (release, name) for release, (each, name) in shown.items() for file in each.files}


def _already(
    found: Iterable[SourceFile], known: Mapping[str, tuple[str, LayerName]]
) -> tuple[AlreadyThere, ...]:
    return tuple(AlreadyThere(each.relative, *known[each.sha256]) for each in found if each.sha256 in known)


class _Grown:
    """A user's own record with more workbooks in it. Holds to the checks, and writes nothing."""

    def __init__(
        self, lower: Layer, upper: Layer | None, cleaned: Sequence[CleanedWorkbook], catalog: Catalog
    ) -> None:
        self.lower = lower
        self.upper = upper
        self.cleaned = sorted(cleaned, key=lambda each: each.release.release)
        self.catalog = catalog
        self.new = {each.release.release for each in cleaned}
        self.releases = {each.release: each for each in self._before()} | {
            each.release.release: each.release for each in self.cleaned
        }
        frames, flagged = self._flag({name: self._grow(table) for name, table in catalog.tables.items()})
        self.flags = count_flags(frames)
        self.findings = [*self._findings_before(), *flagged, *find_conflicts(self.cleaned)]
        self.built = self._put_together(frames)

    def _before(self) -> list[KnownRelease]:
        """Returns the user's own releases that stay."""
        if self.upper is None:
            return []
        return [each for each in self.upper.manifest.releases if each.release not in self.new]

    def _own(self, name: str) -> pl.DataFrame | None:
        """Returns a table of the user's own record as it was, if there is one."""
        return self.upper.frames[name] if self.upper is not None and name in self.upper.frames else None

    def _grow(self, table: Table) -> pl.DataFrame:
        """Returns a core table with the new rows, without what checks have marked so far."""
        parts = [each.frames[table.table] for each in self.cleaned if table.table in each.frames]
        before = self._own(table.table)
        if before is not None:
            if dict(before.schema) != frame_schema(table):
                raise RecordError(
                    f"Your own record holds {table.table} with other columns than the catalog declares.",
                    [("fix", "build it again: recount record build --from DIR, then add what you added")],
                )
            parts.insert(0, before.filter(~pl.col("release").is_in(self.new)))
        if not parts:
            return pl.DataFrame(schema=frame_schema(table))
        grown = pl.concat(parts).sort(table.unique_key)
        refuse_repeated_key(grown, table)
        check_frame(grown, table, self.catalog)
        return clear_flags(grown) if "flags" in grown.columns else grown

    def _flag(self, frames: dict[str, pl.DataFrame]) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
        """Returns the user's own tables as the checks mark them beside the embedded ones."""
        checked = {name for name, table in self.catalog.tables.items() if _flagging(table)}
        # Checks look at tables that none of them marks, too.
        both = {name: self._over_embedded(name, frames[name]) for name in sorted(self.catalog.tables)}
        marked, found = flag_tables(both, self.catalog, frozenset(self.releases))
        own = pl.col("release").is_in(list(self.releases))
        return {**frames, **{name: marked[name].filter(own) for name in checked}}, found

    def _over_embedded(self, name: str, own: pl.DataFrame) -> pl.DataFrame:
        if name not in self.lower.frames:
            return own
        embedded = self.lower.frames[name].filter(~pl.col("release").is_in(list(self.releases)))
        return pl.concat([embedded, own]).sort(self.catalog.tables[name].unique_key)

    def _findings_before(self) -> list[Finding]:
        """Returns the findings that stay: not of releases that go, nor of checks that run again."""
        found = self._own(FINDINGS)
        again = {(name, each) for name, table in self.catalog.tables.items() for each in _flagging(table)}
        rows = [] if found is None else found.iter_rows()
        findings = [
            Finding(table, check, subject, text, tuple(releases))
            for table, check, subject, text, releases in rows
        ]
        return [
            each
            for each in findings
            if (each.table, each.check) not in again and self.new.isdisjoint(each.releases)
        ]

    def _put_together(self, frames: dict[str, pl.DataFrame]) -> Built:
        before = self.upper.manifest if self.upper is not None else None
        entries = [each for each in (before.files if before else []) if self.new.isdisjoint(each.releases)]
        gone = {each.file for each in (before.files if before else [])} - {each.file for each in entries}
        set_aside: list[SetAsideCell] = [row for row in self._rows(SET_ASIDE) if row[0] not in gone]
        unknown: list[UnknownCell] = [row for row in self._rows(UNKNOWN) if row[0] not in self.new]
        workbooks = self.catalog.workbooks
        return put_together(
            frames=frames,
            findings=self.findings,
            set_aside=[*set_aside, *cells_set_aside(self.cleaned, self.catalog)],
            unknown=[*unknown, *unknown_cells(self.cleaned)],
            files=[
                *(each.model_copy(update={"flagged": self._flagged(each.releases)}) for each in entries),
                *(
                    file_entry(each, workbooks[each.release.source], self.flags.get(each.release.release, 0))
                    for each in self.cleaned
                ),
            ],
            not_read=before.not_read if before else [],
            releases=self.releases,
            catalog=self.catalog,
            events=BuiltEvents(parts=list(before.parts)) if before else None,
        )

    def _rows(self, name: str) -> list[tuple[Any, ...]]:
        before = self._own(name)
        return [] if before is None else before.rows()

    def _flagged(self, releases: Iterable[str]) -> int:
        return sum(self.flags.get(each, 0) for each in releases)

    def added(self) -> tuple[AddedRelease, ...]:
        """Returns what was added, in order of releases."""
        entries = {name: each for each in self.built.manifest.files for name in each.releases}
        embedded = {each.release for each in self.lower.manifest.releases}
        own = {each.release for each in self.upper.manifest.releases} if self.upper is not None else set()
        added = []
        for each in self.cleaned:
            name = each.release.release
            added.append(
                AddedRelease(
                    release=each.release,
                    entry=entries[name],
                    replaces="own" if name in own else "embedded" if name in embedded else None,
                    unknown=tuple(unknown_cells([each])),
                    findings=tuple(one for one in sorted(self.findings) if name in one.releases),
                )
            )
        return tuple(added)


def _flagging(table: Table) -> list[str]:
    return [each.check for each in table.checks if each.severity == "flag"]
