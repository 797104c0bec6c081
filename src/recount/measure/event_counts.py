"""One reading of a question counted: which parts can answer it, under which rule, and what they give."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recount.declare.event_measures import AS_RECORDED, PERIODS
from recount.link.duplicates import keep_rows
from recount.measure.event_answer import Because, EventAbsent, EventRow
from recount.measure.event_cells import Cell, CellMaker
from recount.measure.event_durations import DAYS, DURATIONS, OUTCOME, Duration, duration_cells
from recount.measure.event_groups import Frame, Group, LackingError
from recount.measure.event_periods import Period
from recount.measure.event_population import POPULATIONS, Population, population_cells
from recount.measure.event_question import EventAsked
from recount.measure.event_spans import before_cut_off, covered_spans, within_spans
from recount.record.store import EventPart

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from recount.measure.event_book import EventBook

IDENTIFIER = "unique_identifier"
_DAY = datetime.timedelta(days=1)


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


class ReadingCount:
    """What one reading of a question gives: groups by release, the parts used, and what is absent."""

    def __init__(self, book: EventBook, asked: EventAsked, reading: Mapping[str, str]) -> None:
        self.book = book
        self.asked = asked
        self.reading = reading
        self.absent: list[EventAbsent] = []
        self.used: list[EventPart] = []
        self._groups: dict[str, list[Group]] = {}
        self._events = book.catalog.events
        self._table = self._events.tables[asked.measure.table]
        self._duration = DURATIONS.get(asked.measure.function or "")
        self._population = POPULATIONS.get(asked.measure.function or "")
        self._cells: dict[str, list[Cell]] = {}

    def count(self, parts: Sequence[EventPart]) -> None:
        """Counts parts; those that cannot answer are told as absent."""
        for batch in self._batches(parts):
            frame = Frame(self.asked, self.reading, self._table, batch.is_cube)
            events = self.book.engine.table([each.path for each in batch.parts])
            kept = events if batch.rule == AS_RECORDED else keep_rows(events, batch.rule, self.book.linking)
            if self._population is not None:
                self._count_population(self._population, batch, frame, kept)
                continue
            more: tuple[str, ...] = ()
            if self._duration is not None:
                kept, more = self._timed(kept, batch, self._duration), (DAYS, OUTCOME)
            try:
                groups = frame.count(kept, self.book.engine, more)
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
        found = [self._row(release, each) for release, cells in self._cells.items() for each in cells]
        for release, groups in self._groups.items():
            if self._duration is None:
                cells = maker.cells(groups)
            else:
                cells = duration_cells(maker, self._duration, self.asked.measure.within_days, groups)
            found += [self._row(release, each) for each in cells]
        return found

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
            if self.asked.measure.function is not None and part.kind == "cube":
                self._add_absent([part], "not_in_cube", ["single events"])
            elif rule is None:
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
            kept = self._with_column(members, IDENTIFIER, "no_identifier") if rule in named else members
            if self._duration is not None and kept:
                kept = self._with_column(kept, self._duration.needs, "not_released")
            if kept:
                batches.append(_Batch(tuple(kept), rule))
        return [*batches, *cubes]

    def _with_column(self, parts: list[EventPart], column: str, because: Because) -> list[EventPart]:
        """Returns the parts of releases that fill a column; the others are told as absent."""
        events = self.book.engine.table([each.path for each in parts])
        counts = events.group_by(release=events.release).aggregate(held=events[column].count())
        held = {release for release, count in self.book.engine.rows(counts) if count}
        without = [each for each in parts if each.release not in held]
        if without:
            self._add_absent(without, because, [column])
        return [each for each in parts if each.release in held]

    def _timed(self, events: ir.Table, batch: _Batch, duration: Duration) -> ir.Table:
        """Returns events with the days and the outcome of each."""
        beside = [
            each
            for each in self.book.record.parts
            if each.table == duration.wants and each.kind == "rows" and each.release in batch.releases
        ]
        other = self.book.engine.table([each.path for each in beside]) if beside else None
        cut_offs = {
            name: max(
                each.cut_off for each in batch.parts if each.release == name and each.cut_off is not None
            )
            for name in batch.releases
        }
        return duration.prepare(events, other, cut_offs, self.book.linking)

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
        self, parts: Sequence[EventPart], because: Because, missing: Sequence[str], only: str | None = None
    ) -> None:
        for release in sorted({each.release for each in parts}):
            files = sorted(
                {each.source_file for each in parts if each.release == release and each.kind == "cube"}
            )
            found = EventAbsent(release, self.reading, because, tuple(missing), tuple(files), only)
            if found not in self.absent:
                self.absent.append(found)

    def _count_population(
        self, population: Population, batch: _Batch, frame: Frame, events: ir.Table
    ) -> None:
        """Counts who was held, release by release: each covers other days."""
        maker = CellMaker(self.asked, self._events)
        named = [*self.asked.by, *(each.name for each in self.asked.where)]
        places = [each for each in dict.fromkeys(named) if each not in PERIODS]
        held = {name: frame.presence(events, self.book.engine, name) for name in places}
        for release in batch.releases:
            parts = [each for each in batch.parts if each.release == release]
            lacking = [name for name in places if not held[name].get(release)]
            if lacking:
                self._add_absent(parts, "not_released", lacking)
                continue
            spans = covered_spans(parts)
            limits = [(each.start, each.end - _DAY) for each in self.asked.where if each.start and each.end]
            firsts, lasts = [spans[0][0]] if spans else [], [spans[-1][1]] if spans else []
            first = max([*firsts, *(start for start, _ in limits)], default=None)
            last = min([*lasts, *(end for _, end in limits)], default=None)
            if not spans or first is None or last is None or first > last:
                continue
            own = events.filter(events.release == release)
            self._cells[release] = population_cells(
                maker, population, frame, own, (first, last), self.book.engine
            )
            self.used += parts

    # Spans

    def _row(self, release: str, cell: Cell) -> EventRow:
        parts = [each for each in self.used if each.release == release]
        period = self._period(cell)
        spans = covered_spans(parts)
        start, through = (spans[0][0], spans[-1][1]) if spans else (None, None)
        if period is not None:
            start, through = within_spans(period, spans) if spans else before_cut_off(period, parts)
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
