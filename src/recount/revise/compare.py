"""Two releases held against each other: what one has and the other lacks, and what each says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from recount.declare.catalog import Catalog
from recount.declare.comparing import Comparing, load_comparing
from recount.declare.sources import KnownRelease
from recount.declare.text import Text
from recount.errors import UnknownNameError, UsageError
from recount.record.store import Record
from recount.revise.compare_findings import (
    ColumnLabels,
    Comparison,
    FieldMissing,
    Kind,
    PeriodCount,
    RowCount,
    SchemaDifference,
    StatisticRestated,
)
from recount.revise.compare_printed import PrintedPair
from recount.revise.compare_records import RecordsPair
from recount.revise.compare_restated import Restatements
from recount.revise.compare_verdicts import Judge, compare_verdicts, order_of_release

if TYPE_CHECKING:
    from recount.measure.event_engine import Engine

_RECORDS = "individual_records"


def compare_releases(
    record: Record,
    catalog: Catalog,
    names: tuple[str, str],
    *,
    engine: Callable[[], Engine],
    judge: Judge | None = None,
    table: str | None = None,
) -> Comparison:
    """Returns what two releases have in common, and in what they differ.

    Printed figures are held to those of the same agency table, individual records to individual records of any
    source: their core tables mean the same. Rows are never matched, since identifiers hold within a release.

    Args:
        record: that holds both.
        catalog: that it is read by.
        names: of the two releases, a and b.
        engine: opens what counts individual records, where there are any.
        judge: judges the claims by a record; without it, no verdict is compared.
        table: the one core table to compare; without it, every one that both have.

    Raises:
        UnknownNameError: for a release or table that is not there, with the nearest names.
        UsageError: where the two cannot be compared, and why.
    """
    a, b = find_release(record, names[0]), find_release(record, names[1])
    releases = a, b
    _refuse_sources(a, b)
    comparing = load_comparing(catalog)
    kind: Kind = "records" if a.reports == _RECORDS else "printed"
    if kind == "records":
        pair: PrintedPair | RecordsPair = RecordsPair(record, catalog, comparing, releases, engine())
    else:
        pair = PrintedPair(record, catalog, comparing, releases)
    tables = _tables(pair.tables, releases, table)
    found = _Found()
    if table is None:
        for name in sorted(pair.tables[0] ^ pair.tables[1]):
            held = ["rows" if name in each else None for each in pair.tables]
            found.schema.append(SchemaDifference(name, "table", name, held[0], held[1]))
    if isinstance(pair, RecordsPair):
        _compare_records(pair, tables, found, comparing)
    else:
        _compare_printed(pair, tables, found, catalog, whole=table is None)
    verdicts, checked = ((), 0) if judge is None else compare_verdicts(record, releases, judge)
    return Comparison(
        a=a,
        b=b,
        kind=kind,
        asked_table=table,
        tables=tuple(tables),
        schema=tuple(found.schema),
        labels=tuple(found.labels),
        rows=tuple(found.rows),
        periods=tuple(found.periods),
        missing=tuple(found.missing),
        restated=tuple(found.restated),
        verdicts=verdicts,
        claims_checked=checked,
        least_points=comparing.least_points,
        notes=(*_notes(a, b, comparing), *found.notes),
    )


class _Found:
    """What is found, section by section."""

    def __init__(self) -> None:
        self.schema: list[SchemaDifference] = []
        self.labels: list[ColumnLabels] = []
        self.rows: list[RowCount] = []
        self.periods: list[PeriodCount] = []
        self.missing: list[FieldMissing] = []
        self.restated: list[StatisticRestated] = []
        self.notes: list[Text] = []


def _compare_printed(
    pair: PrintedPair, tables: list[str], found: _Found, catalog: Catalog, *, whole: bool
) -> None:
    restatements = Restatements(catalog, pair.releases)
    if whole:
        found.schema += pair.sheets()
    for name in tables:
        found.schema += pair.schema(name)
        found.labels += pair.labels(name)
        found.rows += pair.rows(name)
        found.periods += pair.periods(name)
        found.missing += pair.missing(name)
        found.restated += restatements.compare(catalog.tables[name], pair.pair(name))


def _compare_records(pair: RecordsPair, tables: list[str], found: _Found, comparing: Comparing) -> None:
    for name in tables:
        missing = list(pair.missing(name))
        found.schema += pair.schema(name, missing)
        found.labels += pair.labels(name)
        found.rows.append(pair.rows(name))
        found.periods += pair.periods(name)
        found.missing += missing
        found.notes += pair.remarks(name)
    counted = [
        release.release
        for number, release in enumerate(pair.releases)
        if any(pair.sides(name)[number].cubes for name in tables)
    ]
    if counted:
        names = list(dict.fromkeys(counted))
        listed = (
            comparing.in_both("note_releases", a=names[0], b=names[1])
            if len(names) > 1
            else Text(en=names[0], es=names[0])
        )
        found.notes.append(
            Text(
                en=comparing.say("note_counts", "en", releases=listed.en),
                es=comparing.say("note_counts", "es", releases=listed.es),
            )
        )


def find_release(record: Record, name: str) -> KnownRelease:
    """Returns a release by name, or answers with the nearest."""
    if name not in record.releases:
        raise UnknownNameError("release", name, record.releases, [("list", "recount list releases")])
    return record.releases[name]


def _refuse_sources(a: KnownRelease, b: KnownRelease) -> None:
    if a.reports != b.reports:
        raise UsageError(
            "These two releases cannot be compared: they report different things.",
            [(each.release, f"{each.reports}, of {each.source}") for each in (a, b)]
            + [("fix", "compare two releases of one of them (recount list releases)")],
        )


def _tables(
    held: tuple[set[str], set[str]], releases: tuple[KnownRelease, KnownRelease], asked: str | None
) -> list[str]:
    for tables, release in zip(held, releases, strict=True):
        if not tables:
            raise UsageError(
                f"The record holds no rows of {release.release}.",
                [("fix", "add its released files: recount add FILE")],
            )
    common = held[0] & held[1]
    facts = [
        (release.release, ", ".join(sorted(tables))) for tables, release in zip(held, releases, strict=True)
    ]
    if asked is not None:
        if asked not in held[0] | held[1]:
            raise UnknownNameError("table of these releases", asked, held[0] | held[1])
        if asked not in common:
            raise UsageError(f"Only one of the releases has {asked}.", facts)
        return [asked]
    if not common:
        raise UsageError("These two releases have no table in common.", facts)
    return sorted(common)


def _notes(a: KnownRelease, b: KnownRelease, comparing: Comparing) -> list[Text]:
    notes = []
    if order_of_release(b) < order_of_release(a):
        notes.append(comparing.in_both("note_back", a=a.release, b=b.release))
    if a.source != b.source:
        notes.append(comparing.in_both("note_sources"))
    return notes
