"""The catalog as a whole: loaded from its files, overlaid file by file, cross-checked."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from recount import paths
from recount.declare.claims import Claim, Messages, Rules, Wording
from recount.declare.crosscheck import find_problems
from recount.declare.measures import Measure
from recount.declare.sources import Corrections, Layout, Release, Source
from recount.declare.tables import CodeList, Table, Warnings
from recount.declare.yaml_text import YamlDocument, build_model, read_yaml
from recount.errors import CatalogError, UnknownNameError, UsageError, Worded

if TYPE_CHECKING:
    from recount.declare.event_catalog import EventCatalog
    from recount.declare.glossary import Glossary
    from recount.declare.monthly_tables import MonthlyTables
    from recount.declare.workbooks import SheetLayout, Workbook

Thing = TypeVar("Thing", bound=BaseModel)


@dataclass(frozen=True)
class Catalog:
    """Everything declared. Each mapping is by name, in sorted order of file paths.

    `files` gives the catalog file of each thing, by (kind, name); `documents` its YAML with lines.
    """

    sources: Mapping[str, Source]
    releases: Mapping[str, Release]
    layouts: Mapping[str, Layout]
    workbooks: Mapping[str, Workbook]
    sheets: Mapping[str, SheetLayout]
    monthly: Mapping[str, MonthlyTables]
    corrections: Mapping[str, Corrections]
    tables: Mapping[str, Table]
    codes: Mapping[str, CodeList]
    measures: Mapping[str, Measure]
    claims: Mapping[str, Claim]
    messages: Mapping[str, Messages]
    wording: Wording
    rules: Rules
    warnings: Warnings
    files: Mapping[tuple[str, str], str] = field(repr=False)
    documents: Mapping[tuple[str, str], YamlDocument] = field(repr=False)
    folders: tuple[Path, Path] = field(repr=False, compare=False)

    @functools.cached_property
    def events(self) -> EventCatalog:
        """What is declared of individual records, read when it is first asked for."""
        from recount.declare.event_catalog import load_event_catalog  # noqa: PLC0415  few questions need it

        return load_event_catalog(self)

    @property
    def glossary(self) -> Glossary:
        """Every word that pages use and its meaning, read when it is first asked for."""
        from recount.declare.glossary import load_glossary  # noqa: PLC0415  few questions need it

        return load_glossary(self)

    def measure(self, name: str) -> Measure:
        """Returns the measure of printed figures called `name`.

        Raises:
            UnknownNameError: with the nearest names, where none is called so.
            UsageError: where the measure is one of individual records, which only `recount measure` asks.
        """
        if name not in self.measures and name in self.events.measures:
            raise UsageError(
                Worded("%(name)s asks individual records, and this asks printed figures.", name=name),
                [("fix", f"recount measure {name}")],
            )
        return _find("measure", name, self.measures)

    def claim(self, name: str) -> Claim:
        """Returns the claim called `name`, or answers with the nearest."""
        return _find("claim", name, self.claims)

    def file_to_edit(self, kind: str, name: str) -> str:
        """Returns the writable file that declares, or would declare, a thing."""
        return paths.writable_catalog_file(self.files[kind, name])

    def corrections_file(self, source: str) -> str:
        """Returns the writable file of a source's corrections."""
        return paths.writable_catalog_file(f"sources/{source}/corrections.yml")

    def claims_in_order(self) -> list[Claim]:
        """Returns the claims by their declared order, then those without one, by name."""
        return sorted(
            self.claims.values(), key=lambda each: (each.order is None, each.order or 0, each.claim)
        )


def _find(kind: str, name: str, known: Mapping[str, Thing]) -> Thing:
    if name not in known:
        raise UnknownNameError(kind, name, known, [("list", f"recount list {kind}s")])
    return known[name]


_TO_READ_FILES = ("release", "layout", "workbook", "sheet", "monthly")
_OF_SOURCES = ("source", "workbook", "monthly")
_FOLDERS: tuple[tuple[str, str, type[BaseModel], str], ...] = (
    ("source", "sources/*/source.yml", Source, "source"),
    ("release", "sources/*/releases/*.yml", Release, "release"),
    ("layout", "sources/*/layouts/*.yml", Layout, "layout"),
    ("table", "tables/*.yml", Table, "table"),
    ("codes", "codes/*.yml", CodeList, "codes_of"),
    ("measure", "measures/*.yml", Measure, "measure"),
    ("claim", "claims/*.yml", Claim, "claim"),
    ("messages", "messages/*.yml", Messages, "language"),
)


def load_catalog(
    package: Path | None = None, overlay: Path | None = None, *, to_answer: bool = False
) -> Catalog:
    """Returns the catalog: the package's files, each replaced by the overlay's file of the same path.

    Args:
        package: the folder of the shipped catalog.
        overlay: the user's folder; it may be absent.
        to_answer: leaves out what only the reading of released files needs, which takes time to load.

    Raises:
        CatalogError: naming files and lines, where a file does not fit its schema or two files do
            not fit together.
    """
    shipped = paths.CATALOG if package is None else package
    over = paths.user_catalog() if overlay is None else overlay
    catalog = _read_all(shipped, over, _TO_READ_FILES if to_answer else ())
    problems = find_problems(catalog)
    if problems:
        raise CatalogError("The catalog does not fit together.", problems)
    return catalog


@functools.lru_cache(maxsize=4)
def _cached(package: Path, overlay: Path, to_answer: bool) -> Catalog:
    return load_catalog(package, overlay, to_answer=to_answer)


def default_catalog(*, to_answer: bool = False) -> Catalog:
    """Returns the catalog that commands use, read once; `to_answer` as in `load_catalog`."""
    return _cached(paths.CATALOG, paths.user_catalog(), to_answer)


Folders = tuple[tuple[str, str, type[BaseModel], str], ...]
"""Kinds of things: (kind, pattern of paths, model, the key that holds the name)."""


@dataclass(frozen=True)
class ReadFolders:
    """What folders declare: things by kind and name, their files and documents by (kind, name)."""

    things: dict[str, dict[str, BaseModel]]
    files: dict[tuple[str, str], str]
    documents: dict[tuple[str, str], YamlDocument]


def read_folders(folders: Folders, shipped: Path, over: Path, left_out: Collection[str] = ()) -> ReadFolders:
    """Returns what the files of `folders` declare, one thing a file, named after it.

    Raises:
        CatalogError: where a file does not fit its model, or two declare one thing.
    """
    files: dict[tuple[str, str], str] = {}
    documents: dict[tuple[str, str], YamlDocument] = {}
    things: dict[str, dict[str, BaseModel]] = {}
    for kind, pattern, model, name_key in folders:
        things[kind] = {}
        if kind in left_out:
            continue
        for relative, path in _overlaid(shipped, over, pattern):
            document = read_yaml(path, relative)
            thing = build_model(model, document)
            name = str(getattr(thing, name_key))
            expected = path.parent.name if kind in _OF_SOURCES else path.stem
            if name != expected:
                raise CatalogError(
                    f"{relative} declares {name!r}.",
                    [("expected", f"{name_key}: {expected}"), ("fix", "one file per thing, named after it")],
                )
            if name in things[kind]:
                raise CatalogError(
                    f"Two files declare the {kind} {name!r}.",
                    [("files", f"{files[kind, name]}\n{relative}"), ("fix", "rename one")],
                )
            things[kind][name] = thing
            files[kind, name] = relative
            documents[kind, name] = document
    return ReadFolders(things, files, documents)


def _to_read_workbooks() -> Folders:
    """Returns the kinds of things that only the reading of workbooks needs: their models take time to load."""
    from recount.declare.monthly_tables import MonthlyTables  # noqa: PLC0415
    from recount.declare.workbooks import SheetLayout, Workbook  # noqa: PLC0415

    return (
        ("workbook", "sources/*/workbook.yml", Workbook, "source"),
        ("sheet", "sources/*/sheets/*.yml", SheetLayout, "sheet"),
        ("monthly", "sources/*/monthly-tables.yml", MonthlyTables, "source"),
    )


def _read_all(shipped: Path, over: Path, left_out: Collection[str]) -> Catalog:
    read = read_folders((*_FOLDERS, *([] if left_out else _to_read_workbooks())), shipped, over, left_out)
    for kind in left_out:
        read.things.setdefault(kind, {})
    things = read.things
    corrections = {
        relative.split("/")[1]: build_model(Corrections, read_yaml(path, relative))
        for relative, path in _overlaid(shipped, over, "sources/*/corrections.yml")
    }

    def alone(relative: str, model: type[Thing]) -> Thing:
        path = over / relative if (over / relative).is_file() else shipped / relative
        return build_model(model, read_yaml(path, relative))

    return Catalog(
        sources=things["source"],  # type: ignore[arg-type]
        releases=things["release"],  # type: ignore[arg-type]
        layouts=things["layout"],  # type: ignore[arg-type]
        workbooks=things["workbook"],  # type: ignore[arg-type]
        sheets=things["sheet"],  # type: ignore[arg-type]
        monthly=things["monthly"],  # type: ignore[arg-type]
        corrections=corrections,
        tables=things["table"],  # type: ignore[arg-type]
        codes=things["codes"],  # type: ignore[arg-type]
        measures=things["measure"],  # type: ignore[arg-type]
        claims=things["claim"],  # type: ignore[arg-type]
        messages=things["messages"],  # type: ignore[arg-type]
        wording=alone("wording.yml", Wording),
        rules=alone("rules.yml", Rules),
        warnings=alone("warnings.yml", Warnings),
        files=read.files,
        documents=read.documents,
        folders=(shipped, over),
    )


def _overlaid(shipped: Path, over: Path, pattern: str) -> list[tuple[str, Path]]:
    found = {path.relative_to(shipped).as_posix(): path for path in shipped.glob(pattern)}
    if over.is_dir():
        found |= {path.relative_to(over).as_posix(): path for path in over.glob(pattern)}
    return sorted(found.items())
