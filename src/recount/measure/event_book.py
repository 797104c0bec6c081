"""Answers about individual records: counted by an engine, release by release, never added across releases."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recount.declare.catalog import Catalog
from recount.declare.event_measures import AS_RECORDED, PERIODS, EventMeasure
from recount.declare.linking import Linking, load_linking
from recount.errors import UnknownNameError
from recount.link.duplicates import keep_rows
from recount.measure.event_answer import (
    EventAbsent,
    EventAnswer,
    EventRow,
    define_event_measure,
    releases_used,
    write_out,
)
from recount.measure.event_cells import Cell, CellMaker, order_of
from recount.measure.event_engine import Engine, EngineName, open_engine
from recount.measure.event_groups import Frame, Group, LackingError
from recount.measure.event_guards import speak
from recount.measure.event_periods import Period
from recount.measure.event_question import EventAsked, understand
from recount.measure.questions import Question
from recount.measure.receipt import make_receipt
from recount.record.store import EventPart, Record

if TYPE_CHECKING:
    import ibis.expr.types as ir

IDENTIFIER = "unique_identifier"
_DAY = datetime.timedelta(days=1)
Reading = Mapping[str, str]


@dataclass(frozen=True)
class _Batch:
    """Parts that the engine counts in one go: rows under one rule, or one cube."""

    parts: tuple[EventPart, ...]
    rule: str

    @property
    def is_cube(self) -> bool:
        return self.parts[0].kind == "cube"

    @property
    def releases(self) -> list[str]:
        return sorted({each.release for each in self.parts})


class EventBook:
    """The individual records of a record, and the engine that counts them."""

    def __init__(self, record: Record, catalog: Catalog, engine: EngineName = "duckdb") -> None:
        self.record = record
        self.catalog = catalog
        self.engine_name = engine
        self._engine: Engine | None = None
        self._linking: Linking | None = None

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
        asked = understand(question, measure, self.catalog.events, lambda column: self._texts(parts, column))
        rows: list[EventRow] = []
        absent: list[EventAbsent] = []
        used: list[EventPart] = []
        for reading in asked.readings:
            counted = _Counted(self, asked, reading)
            counted.count(parts)
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
        receipt = make_receipt(
            written_out,
            define_event_measure(measure, self.catalog.events, self.linking),
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
            perhaps_out=tuple(sorted(perhaps)),
            warnings=tuple(speak(asked, used, self.catalog)),
            caveats=tuple(
                caveat
                for caveat in measure.caveats
                if not rows or any(each.through is None or caveat.speaks_of(each.through) for each in rows)
            ),
            readings=asked.possible,
            receipt=receipt,
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
                found |= {text for (text,) in self.engine.rows(values) if text is not None}
        return sorted(found)


def _batches_of_kind(parts: Iterable[EventPart]) -> list[list[EventPart]]:
    """Returns parts that can be read together: all rows, and each cube by itself, for cubes differ in columns."""
    rows = [each for each in parts if each.kind == "rows"]
    cubes = [[each] for each in parts if each.kind == "cube"]
    return [rows, *cubes] if rows else cubes


class _Counted:
    """What one reading of a question gives: groups by release, the parts used, and what is absent."""

    def __init__(self, book: EventBook, asked: EventAsked, reading: Reading) -> None:
        self.book = book
        self.asked = asked
        self.reading = reading
        self.absent: list[EventAbsent] = []
        self.used: list[EventPart] = []
        self._groups: dict[str, list[Group]] = {}
        self._events = book.catalog.events
        self._table = self._events.tables[asked.measure.table]

    def count(self, parts: Sequence[EventPart]) -> None:
        """Counts parts; those that cannot answer are told as absent."""
        for batch in self._batches(parts):
            frame = Frame(self.asked, self.reading, self._table, batch.is_cube)
            events = self.book.engine.table([each.path for each in batch.parts])
            kept = events if batch.rule == AS_RECORDED else keep_rows(events, batch.rule, self.book.linking)
            try:
                groups = frame.count(kept, self.book.engine)
            except LackingError as lacking:
                self._add_absent(batch.parts, "not_in_cube", lacking.names)
                continue
            by_release: dict[str, list[Group]] = {each: [] for each in batch.releases}
            for group in groups:
                by_release[group.release].append(group)
            for release in self._able(batch, frame, events, by_release):
                self._groups.setdefault(release, []).extend(by_release[release])
                self.used += [each for each in batch.parts if each.release == release]

    def rows(self) -> list[EventRow]:
        """Returns the rows of every release counted, each with its span."""
        maker = CellMaker(self.asked, self._events)
        return [
            self._row(release, cell)
            for release, groups in self._groups.items()
            for cell in maker.cells(groups)
        ]

    # Which parts are counted, and how

    def _batches(self, parts: Sequence[EventPart]) -> list[_Batch]:
        rows_options = self.asked.measure.options(self.reading, "rows")
        found: dict[str, list[EventPart]] = {}
        cubes: list[_Batch] = []
        for part in parts:
            rule: str | None = AS_RECORDED
            for option in rows_options:
                generation: Any = part.generation
                rule = option.rule or option.rule_by_generation.get(generation)
            if rule is None:
                self._add_absent([part], "no_rule", [f"{each.option}" for each in rows_options])
            elif part.kind == "rows":
                found.setdefault(rule, []).append(part)
            elif rule == AS_RECORDED:
                cubes.append(_Batch((part,), rule))
            else:
                self._add_absent([part], "not_in_cube", [each.option for each in rows_options])
        named = {rule for option in rows_options for rule in option.rule_by_generation.values()}
        batches = []
        for rule, members in found.items():
            kept = self._with_identifier(members) if rule in named else members
            if kept:
                batches.append(_Batch(tuple(kept), rule))
        return [*batches, *cubes]

    def _with_identifier(self, parts: list[EventPart]) -> list[EventPart]:
        """Returns the parts of releases that give identifiers; rules by generation rest on them."""
        events = self.book.engine.table([each.path for each in parts])
        counts = events.group_by(release=events.release).aggregate(held=events[IDENTIFIER].count())
        held = {release for release, count in self.book.engine.rows(counts) if count}
        without = [each for each in parts if each.release not in held]
        if without:
            self._add_absent(without, "no_identifier", [IDENTIFIER])
        return [each for each in parts if each.release in held]

    def _able(
        self, batch: _Batch, frame: Frame, events: ir.Table, groups: Mapping[str, Sequence[Group]]
    ) -> Iterator[str]:
        """Yields the releases that hold every dimension asked; others are told as absent."""
        conditions = [*self.asked.measure.where, *(each.name for each in self.asked.where)]
        counted = list(self.asked.counted(self.reading))
        presence: dict[str, dict[str, int]] = {}
        for release, found in groups.items():
            unsure = {
                name
                for index, name in enumerate(self.asked.by)
                if not any(group.by[index].why is None for group in found)
            }
            unsure |= {
                name
                for index, name in enumerate(conditions)
                if not any(group.where[index][0] == "yes" for group in found)
            }
            if not any(group.counted[0] != "unknown" for group in found):
                unsure |= set(counted)
            missing = []
            for name in sorted(unsure):
                if name not in presence:
                    presence[name] = frame.presence(events, self.book.engine, name)
                if not presence[name].get(release):
                    missing.append(name)
            parts = [each for each in batch.parts if each.release == release]
            if missing:
                self._add_absent(parts, "not_in_cube" if batch.is_cube else "not_released", missing)
                continue
            only = None if found else self._of_one_part(frame, events, release)
            if only is None:
                yield release
            else:
                self._add_absent(parts, "of_one_part", [only[0]], only[1])

    def _of_one_part(self, frame: Frame, events: ir.Table, release: str) -> tuple[str, str] | None:
        """Returns the dimension in which all rows of a release are of one part, and not the one asked."""
        for each in self.asked.where:
            if each.name not in PERIODS:
                own = events.filter(events.release == release)
                values = self.book.engine.rows(frame.distinct(own, each.name))
                if len(values) == 1 and values[0][0] is not None:
                    return each.name, str(values[0][0])
        return None

    def _add_absent(
        self, parts: Sequence[EventPart], because: Any, missing: Sequence[str], only: str | None = None
    ) -> None:
        for release in sorted({each.release for each in parts}):
            files = sorted(
                {each.source_file for each in parts if each.release == release and each.kind == "cube"}
            )
            found = EventAbsent(release, self.reading, because, tuple(missing), tuple(files), only)
            if found not in self.absent:
                self.absent.append(found)

    # Spans

    def _row(self, release: str, cell: Cell) -> EventRow:
        parts = [each for each in self.used if each.release == release]
        period = self._period(cell)
        spans = covered_spans(parts)
        start, through = (spans[0][0], spans[-1][1]) if spans else (None, None)
        if period is not None:
            start, through = _within(period, spans) if spans else _before(period, parts)
        for limit in self.asked.where:
            if limit.start is not None and limit.end is not None:
                start = max(start or limit.start, limit.start)
                through = min(through or limit.end, limit.end - _DAY)
        return EventRow(
            release=self.book.record.releases[release],
            is_synthetic=any(each.is_synthetic for each in parts),
            reading=self.reading,
            cell=cell,
            period=period,
            start=start,
            through=through,
            is_partial=period is not None and (start, through) != (period.start, period.last),
        )

    def _period(self, cell: Cell) -> Period | None:
        """Returns the narrowest span that a cell is of."""
        for kind in reversed(self.asked.periods):
            number = cell.parts.get(kind)
            if isinstance(number, int):
                return Period(kind, number)
        return None


def covered_spans(parts: Sequence[EventPart]) -> list[tuple[datetime.date, datetime.date]]:
    """Returns the spans that parts cover, first and last day each, in order and apart from each other.

    Releases do not say where they begin, and few where they end. A part covers the months of its first and its
    last event, and the latest one goes to the release's own last day.
    """
    dated = sorted(
        (each.first_date, each.last_date, each.cut_off or each.last_date)
        for each in parts
        if each.first_date is not None and each.last_date is not None
    )
    spans: list[tuple[datetime.date, datetime.date]] = []
    last_of_all = max((last for _, last, _ in dated), default=None)
    for first, last, cut_off in dated:
        start, end = first.replace(day=1), _month_end(last)
        if cut_off is not None and (last == last_of_all or cut_off < end):
            end = max(cut_off, start)
        if spans and start <= spans[-1][1] + _DAY:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return spans


def _within(
    period: Period, spans: Sequence[tuple[datetime.date, datetime.date]]
) -> tuple[datetime.date | None, datetime.date | None]:
    """Returns the first and last day of a period that some span covers, `None` where none does."""
    inside = [
        (max(first, period.start), min(last, period.last))
        for first, last in spans
        if first <= period.last and period.start <= last
    ]
    if not inside:
        return None, None
    return inside[0][0], inside[-1][1]


def _before(period: Period, parts: Sequence[EventPart]) -> tuple[datetime.date, datetime.date]:
    """Returns the first and last day of a period of a release of which only the last day is known, if that."""
    cut_off = max((each.cut_off for each in parts if each.cut_off is not None), default=period.last)
    return period.start, max(period.start, min(period.last, cut_off))


def _month_end(day: datetime.date) -> datetime.date:
    return (day.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY
