"""Which texts of the catalog pages show that are declared in English alone, and the file that gives their Spanish.

Most of what people read is declared in both languages where it stands. Descriptions of columns, reasons, bases of
dates and the like are declared once, in English; their Spanish stands in `locales/es/catalog.po`, a text being its
own key. `python -m recount.site.catalog_texts` renews that file: a new text is added without Spanish, which a test
then asks for, and one that nothing declares any more goes.
"""

from __future__ import annotations

import functools
import io
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog as Messages
from babel.messages.pofile import read_po, write_po
from pydantic import BaseModel

from recount.declare import (
    assertions,
    claim_types,
    claims,
    county_areas,
    cubes,
    denominators,
    event_measures,
    events,
    inclusion,
    linking,
    measures,
    monthly_tables,
    reconciliation,
    record_reading,
    sources,
    tables,
    workbooks,
)
from recount.declare.catalog import Catalog, load_catalog
from recount.declare.county_areas import load_county_areas
from recount.declare.cubes import load_cubes
from recount.declare.denominators import load_denominators
from recount.declare.inclusion import load_inclusion
from recount.declare.linking import load_linking
from recount.declare.reconciliation import load_reconciliations

SHOWN: Mapping[type[BaseModel], tuple[str, ...]] = {
    tables.Table: ("one_row_is",),
    tables.Field: ("description", "unit"),
    tables.SumIdentity: ("reason",),
    tables.Check: ("description",),
    tables.CodeList: ("description", "source"),
    tables.Code: ("reason",),
    measures.Fork: ("reason",),
    measures.Caveat: ("source",),
    measures.Break: ("source",),
    event_measures.EventFork: ("reason",),
    event_measures.Guard: ("source",),
    sources.Source: ("publisher", "description", "rights"),
    sources.FileNotRead: ("reason",),
    sources.Release: ("printed_by", "notes"),
    sources.PublishedBetween: ("basis",),
    sources.ReleaseTemplate: ("printed_by", "basis"),
    sources.Column: ("reason",),
    sources.SetAside: ("reason",),
    sources.JurisdictionNames: ("reason",),
    sources.Correction: ("reason", "evidence"),
    workbooks.Workbook: ("out_within_reason", "set_aside"),
    workbooks.MissingMark: ("reason",),
    workbooks.Captures: ("reason",),
    workbooks.DeclaredFlag: ("reason", "evidence"),
    monthly_tables.MonthlyTables: ("rounded_reason", "other_sheets"),
    workbooks.Note: ("reason",),
    events.EventLayout: ("known_from",),
    events.EventColumn: ("unused",),
    events.Constant: ("reason",),
    events.ConvictionsRecorded: ("reason",),
    assertions.Hedge: ("reason",),
    claims.Rules: ("_reason",),
    claims.FlagRules: ("_reason",),
    claims.SaidBetween: ("basis",),
    claims.Appeared: ("publisher",),
    assertions.Asserted: ("reason",),
    claim_types.Asserts: ("window_reason", "parts_that_could_be_tested"),
    claim_types.Windowed: ("window_reason",),
    linking.DuplicateRule: ("source", "reason"),
    linking.MatchWindow: ("source", "reason"),
    cubes.Cubes: ("threshold_reason", "middling_reason", "reading_reason"),
    cubes.LeftOut: ("reason",),
    cubes.DimensionsLeftOut: ("reason",),
    inclusion.Condition: ("reason",),
    inclusion.Inclusion: ("speakers_reason",),
    denominators.Denominator: ("source", "reason"),
    denominators.PlaceCounts: ("source",),
    denominators.PlaceDimension: ("none_because",),
    denominators.PrintedDenominator: ("reason",),
    denominators.YearsBetween: ("reason",),
    reconciliation.Reconciliation: ("edge_reason",),
    reconciliation.Span: ("reason",),
    reconciliation.DeclaredCheck: ("place", "compared", "otherwise"),
    reconciliation.KnownDifference: ("reason",),
    record_reading.RecordReading: ("_reason",),
    record_reading.AddedName: ("reason",),
    county_areas.CountyAreasFile: ("description", "source", "as_of_reason"),
    county_areas.AreaNotShown: ("reason",),
    county_areas.FormerCounties: ("reason",),
}
"""By model, the values that pages show and that are declared in English alone.

`_reason` stands for every value whose name ends so.
"""


def catalog_texts(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Returns each text of `catalog` that pages show in English alone, with the kinds of things that say it.

    Sheets of workbooks are left out: why a cell holds no figure is shown nowhere. So are spellings.

    Args:
        catalog: a whole one, loaded with what only the reading of released files needs.
    """
    said: dict[str, set[str]] = {}
    for text, kind in _walk(_roots(catalog)):
        said.setdefault(text, set()).add(kind)
    return {text: tuple(sorted(kinds)) for text, kinds in sorted(said.items())}


def _roots(catalog: Catalog) -> Iterator[BaseModel]:
    by_name: tuple[Mapping[str, BaseModel], ...] = (
        catalog.tables,
        catalog.measures,
        catalog.codes,
        catalog.sources,
        catalog.releases,
        catalog.layouts,
        catalog.workbooks,
        catalog.monthly,
        catalog.corrections,
        catalog.claims,
        catalog.events.tables,
        catalog.events.measures,
        catalog.events.codes,
        catalog.events.layouts,
        load_reconciliations(catalog),
        load_denominators(catalog),
    )
    for things in by_name:
        yield from things.values()
    linked = load_linking(catalog)
    yield from (*linked.duplicates.values(), *linked.matches.values())
    yield from (catalog.wording, catalog.rules, catalog.events.guards, catalog.events.reading)
    yield from (load_cubes(catalog), load_county_areas(catalog).declared, load_inclusion(catalog))


def _walk(things: Iterable[object]) -> Iterator[tuple[str, str]]:
    for thing in things:
        if isinstance(thing, BaseModel):
            for name in _shown_of(type(thing)):
                kind = f"{_in_words(type(thing).__name__)}: {_in_words(name)}"
                yield from ((text, kind) for text in _texts(getattr(thing, name)))
            yield from _walk(value for _, value in thing)
        elif isinstance(thing, Mapping):
            yield from _walk(thing.values())
        elif isinstance(thing, list | tuple):
            yield from _walk(thing)


@functools.cache
def _shown_of(model: type[BaseModel]) -> tuple[str, ...]:
    declared = [name for each in model.__mro__ for name in SHOWN.get(each, ())]
    ending = tuple(name for name in declared if name.startswith("_"))
    return tuple(
        name for name in model.model_fields if name in declared or (ending and name.endswith(ending))
    )


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from [value] if value else []
    elif isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _in_words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).lower()


def renewed(po: bytes, catalog: Catalog) -> bytes:
    """Returns the file of Spanish texts, brought up to what `catalog` declares.

    In the order of the English texts, without a head: it holds no date and names no tool.
    """
    before = read_po(io.BytesIO(po), locale="es")
    after = Messages(locale="es")
    for text, kinds in catalog_texts(catalog).items():
        known = before.get(text)
        after.add(text, known.string if known is not None else "", auto_comments=kinds)
    written = io.BytesIO()
    write_po(written, after, width=110, omit_header=True, sort_output=True)
    return written.getvalue()


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_bytes(renewed(path.read_bytes() if path.is_file() else b"", load_catalog()))
