"""The part of the catalog that declares individual records."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from recount import paths
from recount.declare.catalog import Catalog, Folders, read_folders
from recount.declare.event_measures import GUARDS_FILE, EventMeasure, Guards, find_event_measure_problems
from recount.declare.events import FISCAL_YEAR_STATED, PROVENANCE, REDACTED, EventLayout, EventTable
from recount.declare.naming import no_such_name
from recount.declare.record_reading import RecordReading, load_record_reading
from recount.declare.tables import CodeList
from recount.declare.yaml_text import YamlDocument, build_model, read_yaml
from recount.errors import CatalogError, UnknownNameError

_FOLDERS: Folders = (
    ("table", "tables/events/*.yml", EventTable, "table"),
    ("codes", "codes/events/*.yml", CodeList, "codes_of"),
    ("layout", "sources/*/event-layouts/*.yml", EventLayout, "layout"),
    ("measure", "measures/events/*.yml", EventMeasure, "measure"),
)


@dataclass(frozen=True)
class EventCatalog:
    """Tables, code lists, layouts and measures of individual records, each by name, and what answers guard against.

    `codes` holds the lists that only individual records use and those that they share with printed tables.
    """

    tables: Mapping[str, EventTable]
    codes: Mapping[str, CodeList]
    layouts: Mapping[str, EventLayout]
    measures: Mapping[str, EventMeasure]
    guards: Guards
    reading: RecordReading
    files: Mapping[tuple[str, str], str] = field(repr=False)
    documents: Mapping[tuple[str, str], YamlDocument] = field(repr=False)

    def table(self, name: str) -> EventTable:
        """Returns the event table called `name`, or answers with the nearest."""
        if name not in self.tables:
            raise UnknownNameError("event table", name, self.tables)
        return self.tables[name]

    def file_to_edit(self, kind: str, name: str) -> str:
        """Returns the writable file that declares, or would declare, a thing."""
        return paths.writable_catalog_file(self.files[kind, name])


class _LaterLayouts(Mapping[str, EventLayout]):
    """Layouts by name, read when one is first asked for: they are many, and few answers need one."""

    def __init__(self, load: Callable[[], Mapping[str, EventLayout]]) -> None:
        self._load = load

    @functools.cached_property
    def _layouts(self) -> Mapping[str, EventLayout]:
        return self._load()

    def __getitem__(self, name: str) -> EventLayout:
        return self._layouts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._layouts)

    def __len__(self) -> int:
        return len(self._layouts)


def load_event_catalog(catalog: Catalog) -> EventCatalog:
    """Returns what the folders of `catalog` declare of individual records.

    Of a catalog that is read to answer, layouts of released files are read and checked when one is asked for.

    Raises:
        CatalogError: where a file does not fit its model, or two files do not fit together.
    """
    if not catalog.workbooks:
        return _load(catalog, _LaterLayouts(lambda: _load(catalog, None).layouts))
    return _load(catalog, None)


def _load(catalog: Catalog, later: Mapping[str, EventLayout] | None) -> EventCatalog:
    shipped, over = catalog.folders
    guards = next(each for each in (over / GUARDS_FILE, shipped / GUARDS_FILE) if each.is_file())
    read = read_folders(_FOLDERS, shipped, over, () if later is None else ("layout",))
    shared = {name: each for name, each in catalog.codes.items() if name not in read.things["codes"]}
    files = {**{("codes", name): catalog.files["codes", name] for name in shared}, **read.files}
    events = EventCatalog(
        tables=read.things["table"],  # type: ignore[arg-type]
        codes={**shared, **read.things["codes"]},  # type: ignore[dict-item]
        layouts=read.things["layout"] if later is None else later,  # type: ignore[arg-type]
        measures=read.things["measure"],  # type: ignore[arg-type]
        guards=build_model(Guards, read_yaml(guards, GUARDS_FILE)),
        reading=load_record_reading(catalog),
        files=files,
        documents=read.documents,
    )
    problems = [
        *_table_problems(events),
        *(_layout_problems(events, catalog) if later is None else ()),
        *find_event_measure_problems(events, catalog.warnings),
    ]
    if problems:
        raise CatalogError("The catalog of individual records does not fit together.", problems)
    return events


def _table_problems(events: EventCatalog) -> Iterator[tuple[str, str]]:
    meaning: dict[str, tuple[tuple[str, str | None, str | None], str]] = {}
    for name, table in events.tables.items():
        where = events.files["table", name]
        names = [each.name for each in table.fields]
        yield from (
            (where, f"{each}: every event table has it")
            for each in (*PROVENANCE, FISCAL_YEAR_STATED, REDACTED)
            if each not in names
        )
        if table.date not in names:
            yield where, f"date: {no_such_name('field', table.date, names)}"
        for each in table.fields:
            if each.codes is not None and each.codes not in events.codes:
                yield where, f"field {each.name}: {no_such_name('code list', each.codes, events.codes)}"
            says = (each.type, each.unit, each.codes)
            known, first = meaning.setdefault(each.name, (says, where))
            if says != known:
                yield where, f"field {each.name}: another type, unit or code list than in {first}"


def _layout_problems(events: EventCatalog, catalog: Catalog) -> Iterator[tuple[str, str]]:
    for name, layout in events.layouts.items():
        where = events.files["layout", name]
        if layout.source not in catalog.sources:
            yield where, f"source: {no_such_name('source', layout.source, catalog.sources)}"
        if layout.table not in events.tables:
            yield where, f"table: {no_such_name('table', layout.table, events.tables)}"
            continue
        fields = [each.name for each in events.tables[layout.table].fields]
        wanted = [each.to for each in layout.columns if each.to is not None]
        wanted += [each.field for each in layout.constants] + layout.blank_is_none
        for each in wanted:
            if each not in fields:
                yield where, no_such_name(f"field of {layout.table}", each, fields)
