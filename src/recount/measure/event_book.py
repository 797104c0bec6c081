"""Answers about individual records: counted by an engine, release by release, never added across releases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recount.declare.administrations import Administration, load_administrations
from recount.declare.catalog import Catalog
from recount.declare.event_measures import AS_RECORDED, EventMeasure
from recount.declare.linking import Linking, load_linking
from recount.errors import UnknownNameError
from recount.measure.denominators import find_denominator
from recount.measure.event_answer import (
    EventAbsent,
    EventAnswer,
    EventRow,
    covered_days,
    define_event_measure,
    releases_used,
    write_out,
)
from recount.measure.event_batches import Batch
from recount.measure.event_cells import order_of
from recount.measure.event_conditions import TextsOf
from recount.measure.event_counts import count_readings
from recount.measure.event_engine import Engine, EngineName, open_engine
from recount.measure.event_groups import POOLED, Frame, Group
from recount.measure.event_guards import Spoken, speak
from recount.measure.event_question import EventAsked, understand
from recount.measure.event_rates import refuse_event_rate
from recount.measure.event_scan import CubeAsked, count_cubes
from recount.measure.questions import Question
from recount.measure.receipt import define_rate, make_receipt
from recount.record.store import EventPart, Record

if TYPE_CHECKING:
    import ibis.expr.types as ir


class EventBook:
    """The individual records of a record, and the engine that counts them."""

    def __init__(self, record: Record, catalog: Catalog, engine: EngineName = "duckdb") -> None:
        self.record = record
        self.catalog = catalog
        self.engine_name = engine
        self._engine: Engine | None = None
        self._linking: Linking | None = None
        self._definitions: dict[str, str] = {}
        self._tables: dict[tuple[Path, ...], ir.Table] = {}
        self._present: dict[tuple[tuple[Path, ...], str, tuple[str, ...]], dict[str, int]] = {}
        self._values: dict[tuple[tuple[Path, ...], str, str, tuple[str, ...]], list[tuple[Any, ...]]] = {}
        self._filled: dict[tuple[tuple[Path, ...], str], frozenset[str]] = {}

    @property
    def engine(self) -> Engine:
        """The engine, started when it is first needed."""
        if self._engine is None:
            self._engine = open_engine(self.engine_name)
        return self._engine

    @property
    def linking(self) -> Linking:
        """The rules that say which rows repeat another."""
        if self._linking is None:
            self._linking = load_linking(self.catalog)
        return self._linking

    def measure(self, name: str) -> EventMeasure:
        """Returns the measure of individual records called `name`, or answers with the nearest."""
        known = self.catalog.events.measures
        if name not in known:
            raise UnknownNameError(
                "measure", name, [*known, *self.catalog.measures], [("list", "recount list measures")]
            )
        return known[name]

    def answer(self, question: Question) -> EventAnswer:
        """Returns the answer to `question`.

        Rows of several releases stand beside each other, even where they cover the same time: releases
        overlap and hold no common identifier, so their rows are never added, and none stands for another.

        Raises:
            UnknownNameError: for an unknown measure, dimension, code, release, fork or option.
            UsageError: where the question contradicts itself, or the engine is not there.
        """
        measure = self.measure(question.measure)
        every = [each for each in self.record.parts if each.table == measure.table]
        if question.release is not None and question.release not in self.record.releases:
            known = sorted({each.release for each in every})
            raise UnknownNameError("release", question.release, known, [("list", "recount list releases")])
        parts, perhaps = self._parts_out(question, every)
        asked = self._understand(question, measure, parts)
        denominator = find_denominator(question.per, self.catalog)
        if denominator is not None:
            refuse_event_rate(asked, denominator)
        rows: list[EventRow] = []
        absent: list[EventAbsent] = []
        used: list[EventPart] = []
        for counted in count_readings(self, asked, parts, denominator):
            absent += counted.absent
            used += counted.used
            rows += counted.rows()
        order = order_of(asked, self.catalog.events)
        places = {id(each): index for index, each in enumerate(asked.readings)}
        rows.sort(key=lambda each: (each.release.release, order(each.cell), places[id(each.reading)]))
        written_out = write_out(asked)
        files: dict[str, set[str]] = {}
        for each in used:
            files.setdefault(each.release, set()).add(each.source_file)
        definition = self.definition(measure)
        receipt = make_receipt(
            written_out,
            definition if denominator is None else define_rate(definition, denominator),
            releases_used(rows, files),
            [each.result() for each in rows],
            self.engine_name,
        )
        return EventAnswer(
            question=written_out,
            measure=measure,
            asked=asked,
            rows=tuple(rows),
            absent=tuple(absent),
            covered=covered_days(asked, rows, used),
            perhaps_out=tuple(sorted(perhaps)),
            warnings=tuple(self.warn(asked, used)),
            caveats=tuple(
                caveat
                for caveat in measure.caveats
                if not rows or any(each.through is None or caveat.speaks_of(each.through) for each in rows)
            ),
            readings=asked.possible,
            receipt=receipt,
        )

    def definition(self, measure: EventMeasure) -> str:
        """Returns the digest of what a measure means, worked out once."""
        if measure.measure not in self._definitions:
            self._definitions[measure.measure] = define_event_measure(
                measure, self.catalog.events, self.linking
            )
        return self._definitions[measure.measure]

    def warn(self, asked: EventAsked, used: Sequence[EventPart]) -> Iterable[Spoken]:
        """Returns the mistakes that an answer guards against."""
        return speak(asked, used, self.catalog)

    @property
    def administrations(self) -> tuple[Administration, ...]:
        """Who headed the government when."""
        return load_administrations(self.catalog)

    def parts_out(self, question: Question) -> list[EventPart]:
        """Returns the parts that a question asks."""
        table = self.measure(question.measure).table
        return self._parts_out(question, [each for each in self.record.parts if each.table == table])[0]

    def texts_of(self, question: Question) -> TextsOf:
        """Returns what gives the texts of a column in the parts that a question asks."""
        return lambda column: self._texts(self.parts_out(question), column)

    def table(self, batch: Batch) -> ir.Table:
        """Returns the rows of a batch as one table, read once."""
        paths = tuple(each.path for each in batch.parts)
        if paths not in self._tables:
            self._tables[paths] = self.engine.table(paths)
        return self._tables[paths]

    def releases_with(self, batch: Batch, column: str) -> frozenset[str]:
        """Returns the releases of a batch that fill a column, looked into once."""
        key = (tuple(each.path for each in batch.parts), column)
        if key not in self._filled:
            events = self.table(batch)
            counts = events.group_by(release=events.release).aggregate(held=events[column].count())
            self._filled[key] = frozenset(release for release, count in self.engine.rows(counts) if count)
        return self._filled[key]

    def presence(self, batch: Batch, frame: Frame, name: str) -> dict[str, int]:
        """Returns, by release, the rows of a batch that hold something in a dimension, looked into once."""
        key = (tuple(each.path for each in batch.parts), name, frame.redacted_names(name))
        if key not in self._present:
            self._present[key] = frame.presence(self.table(batch), self.engine, name)
        return self._present[key]

    def two_values(self, batch: Batch, frame: Frame, release: str, name: str) -> list[tuple[Any, ...]]:
        """Returns up to two values of a dimension that rows of a release in a batch have, looked into once."""
        key = (tuple(each.path for each in batch.parts), release, name, frame.redacted_names(name))
        if key not in self._values:
            events = self.table(batch)
            self._values[key] = self.engine.rows(
                frame.distinct(events.filter(events.release == release), name)
            )
        return self._values[key]

    def kept(self, batch: Batch) -> ir.Table:
        """Returns the rows of a batch without those that its rule takes to repeat another."""
        events = self.table(batch)
        if batch.rule == AS_RECORDED:
            return events
        from recount.link.duplicates import keep_rows  # noqa: PLC0415  slow to import, and cubes do without

        return keep_rows(events, batch.rule, self.linking)

    def count_cubes(self, asked: Sequence[CubeAsked]) -> list[list[list[Group]]]:
        """Returns, for each of several cubes, the groups for each reading that is asked of it."""
        return count_cubes(asked, self.engine)

    def _understand(
        self, question: Question, measure: EventMeasure, parts: Sequence[EventPart]
    ) -> EventAsked:
        return understand(
            question,
            measure,
            self.catalog.events,
            lambda column: self._texts(parts, column),
            self.administrations,
        )

    def _parts_out(self, question: Question, parts: Iterable[EventPart]) -> tuple[list[EventPart], set[str]]:
        out: list[EventPart] = []
        perhaps: set[str] = set()
        for each in parts:
            if question.release not in (None, each.release):
                continue
            known = self.record.releases[each.release]
            state = "out" if question.as_known_on is None else known.out_by(question.as_known_on)
            if state == "out":
                out.append(each)
            elif state == "perhaps":
                perhaps.add(each.release)
        return out, perhaps

    def _texts(self, parts: Sequence[EventPart], column: str) -> list[str]:
        found: set[str] = set()
        for batch in _batches_of_kind(parts):
            events = self.engine.table([each.path for each in batch])
            if column in events.columns:
                values = events.select(text=events[column].cast("string")).distinct()
                found |= {text for (text,) in self.engine.rows(values) if text not in (None, POOLED)}
        return sorted(found)


def _batches_of_kind(parts: Iterable[EventPart]) -> list[list[EventPart]]:
    """Returns parts that can be read together: all rows, and each cube by itself, for cubes differ in columns."""
    rows = [each for each in parts if each.kind == "rows"]
    cubes = [[each] for each in parts if each.kind == "cube"]
    return [rows, *cubes] if rows else cubes
