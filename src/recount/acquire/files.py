"""Finding released files in a folder, and knowing each by its content."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from recount.declare.catalog import Catalog
from recount.declare.monthly_tables import MonthlyTables
from recount.declare.sources import Layout, ReleasedFile, Source
from recount.declare.workbooks import Workbook
from recount.errors import ReleaseFileError

_LOCK_FILE = "~$"


@dataclass(frozen=True)
class SourceFile:
    """One released file as found.

    `relative` is its path below the folder searched; it is what records and messages show, so that
    neither tells where on a machine the folder lay.
    """

    path: Path
    relative: str
    sha256: str
    content: bytes

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.name

    def released(self) -> ReleasedFile:
        """Returns the file by name and content."""
        return ReleasedFile(name=self.name, sha256=self.sha256)


@dataclass(frozen=True)
class FoundFiles:
    """What a folder holds of the sources.

    `by_layout` gives files in order of name; `workbooks` those of each source of workbooks, `captures` its
    lists of first captures, and `monthly` those of each source of monthly tables. `events` are those of sources
    of individual records. `not_read` pairs a path with the declared reason, or with none where no layout knows
    the file.
    """

    by_layout: dict[str, list[SourceFile]]
    not_read: list[tuple[str, str | None]]
    workbooks: dict[str, list[SourceFile]] = field(default_factory=dict)
    captures: dict[str, list[SourceFile]] = field(default_factory=dict)
    monthly: dict[str, list[SourceFile]] = field(default_factory=dict)
    events: list[SourceFile] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found that any layout knows."""
        known = (self.by_layout, self.workbooks, self.monthly)
        return not self.events and not any(files for each in known for files in each.values())


def find_files(folder: Path, catalog: Catalog) -> FoundFiles:
    """Returns the files below `folder` that the catalog's layouts know.

    A source's folder may be `folder` itself or lie anywhere below it; it is known by its name
    or by holding a file that a layout knows. Two files of one layout with the same content are one.

    Raises:
        ReleaseFileError: where the folder is missing, a required file is, or two files share a
            name and differ.
    """
    if not folder.is_dir():
        raise ReleaseFileError(
            f"There is no folder {folder}.", [("fix", "give the folder of released files")]
        )
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    by_layout: dict[str, list[SourceFile]] = {name: [] for name in catalog.layouts}
    not_read: list[tuple[str, str | None]] = []
    workbooks: dict[str, list[SourceFile]] = {name: [] for name in catalog.workbooks}
    captures: dict[str, list[SourceFile]] = {name: [] for name in catalog.workbooks}
    monthly: dict[str, list[SourceFile]] = {name: [] for name in catalog.monthly}
    events: list[SourceFile] = []
    of_events = {each.source for each in catalog.events.layouts.values()}
    for path in paths:
        layout = layout_of(path.name, catalog)
        relative = path.relative_to(folder).as_posix()
        if layout is not None:
            _add(by_layout[layout.layout], read_file(path, relative))
            continue
        source = _source_of(path, folder, catalog)
        of_months = monthly_of(path.name, catalog)
        if of_months is not None:
            twin = _add(monthly[of_months.source], read_file(path, relative))
            if twin is not None:
                not_read.append((relative, f"the same bytes as {twin}"))
            continue
        workbook = _workbook_of(path.name, source, catalog)
        if workbook is not None:
            if path.name.startswith(_LOCK_FILE):
                not_read.append((relative, "the lock of a workbook that is open elsewhere"))
                continue
            twin = _add(workbooks[workbook.source], read_file(path, relative))
            if twin is not None:
                not_read.append((relative, f"the same bytes as {twin}"))
            continue
        if source is not None and source.source in of_events and _reason_not_read(path.name, source) is None:
            twin = _add(events, read_file(path, relative))
            if twin is not None:
                not_read.append(
                    (relative, f"the same bytes as {twin}: its rows count once, whatever its name says")
                )
            continue
        if source is not None and _is_captures(path.name, source, catalog):
            _add(captures[source.source], read_file(path, relative))
            continue
        if source is not None:
            not_read.append((relative, _reason_not_read(path.name, source)))
    found = FoundFiles(by_layout, not_read, workbooks, captures, monthly, events)
    _refuse_incomplete(found, folder, catalog)
    return found


def _refuse_incomplete(found: FoundFiles, folder: Path, catalog: Catalog) -> None:
    """Raises `ReleaseFileError` where nothing was found, or a source lacks a file that it must have."""
    if found.is_empty:
        patterns = [each.files for each in catalog.layouts.values()]
        patterns += [each.files for each in catalog.workbooks.values()]
        patterns += [each.files for each in catalog.monthly.values()]
        raise ReleaseFileError(
            f"No file that a layout knows lies in {folder}.",
            [
                ("wanted", "a file named like\n" + "\n".join(patterns)),
                ("fix", "give the folder of released files, under the names they were released by"),
            ],
        )
    for source in catalog.sources.values():
        own = [name for name, each in catalog.layouts.items() if each.source == source.source]
        if not any(found.by_layout[name] for name in own):
            # Nothing of this source is there: a record can be built of others alone.
            continue
        for layout_name in source.required_layouts:
            if not found.by_layout[layout_name]:
                raise ReleaseFileError(
                    f"No file of the layout {layout_name} lies in {folder}.",
                    [
                        ("wanted", f"a file named like {catalog.layouts[layout_name].files}"),
                        ("source", source.source),
                        ("fix", f"put it there, or change {catalog.file_to_edit('layout', layout_name)}"),
                    ],
                )


def _reason_not_read(name: str, source: Source) -> str | None:
    """Returns why a file of a source's folder is left alone, where that is declared."""
    return next((each.reason for each in source.files_not_read if re.fullmatch(each.pattern, name)), None)


def read_file(path: Path, relative: str) -> SourceFile:
    """Returns the file at `path` with its bytes and their sha256.

    Raises:
        ReleaseFileError: where it cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as unreadable:
        raise ReleaseFileError(f"{relative} cannot be read: {unreadable.strerror}.") from unreadable
    return SourceFile(path, relative, hashlib.sha256(content).hexdigest(), content)


def layout_of(name: str, catalog: Catalog) -> Layout | None:
    """Returns the layout of text files that knows a file by its name, if one does."""
    for layout in catalog.layouts.values():
        if re.fullmatch(layout.files, name):
            return layout
    return None


def monthly_of(name: str, catalog: Catalog) -> MonthlyTables | None:
    """Returns the source of monthly tables that knows a file by its name, if one does."""
    for each in catalog.monthly.values():
        if re.fullmatch(each.files, name, re.IGNORECASE) and not name.startswith(_LOCK_FILE):
            return each
    return None


def _add(files: list[SourceFile], found: SourceFile) -> str | None:
    """Adds a file; a second one of the same bytes is left out, and the first one's path returned."""
    for each in files:
        if each.sha256 == found.sha256:
            return each.relative
        if each.name == found.name:
            raise ReleaseFileError(
                f"Two files are called {found.name} and differ.",
                [
                    ("files", f"{each.relative}\n{found.relative}"),
                    ("fix", "keep one, or rename the other edition"),
                ],
            )
    files.append(found)
    return None


def _workbook_of(name: str, source: Source | None, catalog: Catalog) -> Workbook | None:
    for workbook in catalog.workbooks.values():
        in_its_folder = source is not None and source.source == workbook.source
        if re.fullmatch(workbook.files, name, re.IGNORECASE) or (
            in_its_folder and name.casefold().endswith(".xlsx")
        ):
            return workbook
    return None


def _is_captures(name: str, source: Source, catalog: Catalog) -> bool:
    workbook = catalog.workbooks.get(source.source)
    if workbook is None or workbook.captures is None:
        return False
    return re.fullmatch(workbook.captures.files, name, re.IGNORECASE) is not None


def _source_of(path: Path, folder: Path, catalog: Catalog) -> Source | None:
    parents = {folder.name, *path.relative_to(folder).parts[:-1]}
    for source in catalog.sources.values():
        if source.folder in parents:
            return source
    return None
