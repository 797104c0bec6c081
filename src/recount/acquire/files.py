"""Finding released files in a folder, and knowing each by its content."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from recount.declare.catalog import Catalog
from recount.declare.sources import Layout, ReleasedFile, Source
from recount.errors import ReleaseFileError


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

    `by_layout` gives files in order of name; `not_read` pairs a path with the declared reason, or with
    none where no layout knows the file.
    """

    by_layout: dict[str, list[SourceFile]]
    not_read: list[tuple[str, str | None]]


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
    for path in paths:
        layout = _layout_of(path.name, catalog)
        relative = path.relative_to(folder).as_posix()
        if layout is not None:
            _add(by_layout[layout.layout], read_file(path, relative))
            continue
        source = _source_of(path, folder, catalog)
        if source is not None:
            reasons = [each.reason for each in source.files_not_read if re.fullmatch(each.pattern, path.name)]
            not_read.append((relative, reasons[0] if reasons else None))
    for source in catalog.sources.values():
        for layout_name in source.required_layouts:
            if not by_layout[layout_name]:
                raise ReleaseFileError(
                    f"No file of the layout {layout_name} lies in {folder}.",
                    [
                        ("wanted", f"a file named like {catalog.layouts[layout_name].files}"),
                        ("source", source.source),
                        ("fix", f"put it there, or change {catalog.file_to_edit('layout', layout_name)}"),
                    ],
                )
    return FoundFiles(by_layout, not_read)


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


def _add(files: list[SourceFile], found: SourceFile) -> None:
    for each in files:
        if each.sha256 == found.sha256:
            return
        if each.name == found.name:
            raise ReleaseFileError(
                f"Two files are called {found.name} and differ.",
                [
                    ("files", f"{each.relative}\n{found.relative}"),
                    ("fix", "keep one, or rename the other edition"),
                ],
            )
    files.append(found)


def _layout_of(name: str, catalog: Catalog) -> Layout | None:
    for layout in catalog.layouts.values():
        if re.fullmatch(layout.files, name):
            return layout
    return None


def _source_of(path: Path, folder: Path, catalog: Catalog) -> Source | None:
    parents = {folder.name, *path.relative_to(folder).parts[:-1]}
    for source in catalog.sources.values():
        if source.folder in parents:
            return source
    return None
