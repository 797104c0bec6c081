"""One reading of a question counted: which parts can answer it, under which rule, and what they give."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from recount.declare.county_areas import load_county_areas
from recount.declare.denominators import Denominator
from recount.declare.event_measures import AS_RECORDED
from recount.errors import UsageError, Worded
from recount.measure.denominators import PlaceBook
from recount.measure.event_answer import Because, EventAbsent, EventRow
from recount.measure.event_batches import Batch, rule_of
from recount.measure.event_bounds import Measured, Tally
from recount.measure.event_cells import Cell, CellMaker
from recount.measure.event_conditions import TIMES
from recount.measure.event_groups import Frame, Group, LackingError
from recount.measure.event_periods import Period
from recount.measure.event_question import EventAsked
from recount.measure.event_rates import EventRates
from recount.measure.event_scan import CubeAsked, count_together
from recount.measure.event_spans import (
    Span,
    before_cut_off,
    covered_spans,
    known_days,
    limited,
    uncovered_between,
    within_spans,
)
from recount.record.store import EventPart

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from recount.measure.event_book import EventBook
    from recount.measure.event_durations import Duration
    from recount.measure.event_population import Population

IDENTIFIER = "unique_identifier"
_DAY = datetime.timedelta(days=1)
Held = dict[tuple[str, ...], dict[str, int]]
"""How many rows of each release hold something in a dimension, by its columns; worked out once for a batch."""


class ReadingCount:
    """What one reading of a question gives: groups by release, the parts used, and what is absent."""

    def __init__(
        self,
        book: EventBook,
        asked: EventAsked,
        reading: Mapping[str, str],
        denominator: Denominator | None = None,
    ) -> None:
        self.book = book
        self.asked = asked
        self.reading = reading
        self.absent: list[EventAbsent] = []
        self.used: list[EventPart] = []
        self._groups: dict[str, list[Group]] = {}
        self._events = book.catalog.events
        self._table = self._events.tables[asked.measure.table]
        self._duration, self._population = _functions(asked.measure.function)
        self._cells: dict[str, list[Cell]] = {}
        self._rates = None if denominator is None else self._make_rates(denominator)

    def _make_rates(self, denominator: Denominator) -> EventRates:
        places = PlaceBook(denominator, load_county_areas(self.book.catalog))
        return EventRates(self.asked, places, self._areas_of)

    def _areas_of(self, release: str, dimension: str) -> list[str]:
        """Returns up to two codes that rows of a release have in a dimension; a cube may lack it."""
        found: set[str] = set()
        for part in self.used:
            if part.release == release:
                batch = Batch((part,), AS_RECORDED)
                events = self.book.table(batch)
                frame = Frame(self.asked, self.reading, self._table, batch.is_cube)
                found |= {str(value) for (value,) in self.book.engine.rows(frame.codes(events, dimension))}
        return sorted(found)[:2]

    def count_alone(self, batch: Batch) -> None:
        """Counts a batch for a measure that a function works out."""
        frame = Frame(self.asked, self.reading, self._table, batch.is_cube)
        kept = self.book.kept(batch)
        if self._population is not None:
            self._count_population(self._population, batch, frame, kept)
        elif self._duration is not None:
            from recount.measure.event_durations import DAYS, OUTCOME  # noqa: PLC0415  as in `_functions`

            timed = self._timed(kept, batch, self._duration)
            (groups,) = count_together(
                [frame], timed, self.book.engine, (DAYS, OUTCOME), release=batch.only_release
            )
            self.take(batch, frame, groups, {})

    def frame(self, batch: Batch) -> Frame | None:
        """Returns what is asked of a batch, `None` where it is a cube that lacks something, which is told."""
        frame = Frame(self.asked, self.reading, self._table, batch.is_cube)
        try:
            frame.refuse_lacking(self.book.table(batch))
        except LackingError as lacking:
            self._add_absent(batch.parts, "not_in_cube", lacking.names)
            return None
        return frame

    def take(self, batch: Batch, frame: Frame, groups: Sequence[Group], held: Held) -> None:
        """Takes what was counted of a batch; releases that cannot answer are told as absent."""
        by_release: dict[str, list[Group]] = {each: [] for each in batch.releases}
        for group in groups:
            by_release[group.release].append(group)
        for release in self._able(batch, frame, by_release, held):
            self._groups.setdefault(release, []).extend(by_release[release])
            self.used += [each for each in batch.parts if each.release == release]

    def rows(self, measure: Callable[[Tally], Measured] | None = None) -> list[EventRow]:
        """Returns the rows of every release counted, each with its span; `measure` makes a number of each cell."""
        maker = CellMaker(self.asked, self._events, measure)
        found = [
            row for release, cells in self._cells.items() for row in self._rows_of_release(release, cells)
        ]
        for release, groups in self._groups.items():
            if self._duration is None:
                cells = maker.cells(groups)
            else:
                from recount.measure.event_durations import duration_cells  # noqa: PLC0415  as in `_functions`

                cells = duration_cells(maker, self._duration, self.asked.measure.within_days, groups)
            found += self._rows_of_release(release, cells)
        return found

    @property
    def groups(self) -> Mapping[str, Sequence[Group]]:
        """What the engine counted of each release that can answer."""
        return self._groups

    def batches(self, parts: Sequence[EventPart]) -> list[Batch]:
        """Returns what the engine counts in one go; parts that cannot answer in this reading are told as absent."""
        rows_options = self.asked.measure.options(self.reading, "rows")
        found: dict[str, list[EventPart]] = {}
        cubes: list[Batch] = []
        for part in parts:
            rule = rule_of(part, rows_options)
            if self.asked.measure.function is not None and part.kind == "cube":
                self._add_absent([part], "not_in_cube", ["single events"])
            elif rule is None:
                self._add_absent([part], "no_rule", [f"{each.option}" for each in rows_options])
            elif part.kind == "rows":
                found.setdefault(rule, []).append(part)
            elif rule == AS_RECORDED:
                cubes.append(Batch((part,), rule))
            else:
                self._add_absent([part], "not_in_cube", [each.option for each in rows_options])
        named = {rule for option in rows_options for rule in option.rule_by_generation.values()}
        batches = []
        for rule, members in found.items():
            kept = self._with_column(members, IDENTIFIER, "no_identifier") if rule in named else members
            if self._duration is not None and kept:
                kept = self._with_column(kept, self._duration.needs, "not_released")
            if kept:
                batches.append(Batch(tuple(kept), rule))
        return [*batches, *cubes]

    def _with_column(self, parts: list[EventPart], column: str, because: Because) -> list[EventPart]:
        """Returns the parts of releases that fill a column; the others are told as absent."""
        held = self.book.releases_with(Batch(tuple(parts), AS_RECORDED), column)
        without = [each for each in parts if each.release not in held]
        if without:
            self._add_absent(without, because, [column])
        return [each for each in parts if each.release in held]

    def _timed(self, events: ir.Table, batch: Batch, duration: Duration) -> ir.Table:
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
        self,
        batch: Batch,
        frame: Frame,
        groups: Mapping[str, Sequence[Group]],
        held: Held,
    ) -> Iterator[str]:
        """Yields the releases that hold every dimension asked; others are told as absent."""
        conditions = [*self.asked.measure.where, *(each.name for each in self.asked.where)]
        counted = list(self.asked.counted(self.reading))
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
                column = frame.redacted_names(name)
                if column not in held:
                    held[column] = self.book.presence(batch, frame, name)
                if not held[column].get(release):
                    missing.append(name)
            parts = [each for each in batch.parts if each.release == release]
            if missing:
                self._add_absent(parts, "not_in_cube" if batch.is_cube else "not_released", missing)
                continue
            only = None if found else self._of_one_part(batch, frame, release)
            if only is None:
                yield release
            else:
                self._add_absent(parts, "of_one_part", [only[0]], only[1])

    def _of_one_part(self, batch: Batch, frame: Frame, release: str) -> tuple[str, str] | None:
        """Returns the dimension in which all rows of a release are of one part, and not the one asked."""
        for each in self.asked.where:
            if each.name not in TIMES:
                values = self.book.two_values(batch, frame, release, each.name)
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

    def _count_population(self, population: Population, batch: Batch, frame: Frame, events: ir.Table) -> None:
        """Counts who was held, release by release: each covers other days."""
        from recount.measure.event_population import population_cells  # noqa: PLC0415  as in `_functions`

        maker = CellMaker(self.asked, self._events)
        named = [*self.asked.by, *(each.name for each in self.asked.where)]
        places = [each for each in dict.fromkeys(named) if each not in TIMES]
        held = {name: frame.presence(events, self.book.engine, name) for name in places}
        for release in batch.releases:
            parts = [each for each in batch.parts if each.release == release]
            lacking = [name for name in places if not held[name].get(release)]
            if lacking:
                self._add_absent(parts, "not_released", lacking)
                continue
            spans = covered_spans(parts)
            limits = [
                (each.days[0], each.days[1] - _DAY) for each in self.asked.where if each.days is not None
            ]
            if any(len(each.spans) > 1 for each in self.asked.where):
                raise UsageError(
                    Worded("A population is asked of one span of days."),
                    [("fix", Worded("name a range: fiscal_year=2016..2018"))],
                )
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

    def _rows_of_release(self, release: str, cells: Iterable[Cell]) -> list[EventRow]:
        # Every cell of a release has its parts and the spans that they cover.
        parts = [each for each in self.used if each.release == release]
        spans = covered_spans(parts)
        return [self._row(release, each, parts, spans) for each in cells]

    def _row(self, release: str, cell: Cell, parts: Sequence[EventPart], spans: Sequence[Span]) -> EventRow:
        period = self._period(cell)
        start, through = (spans[0][0], spans[-1][1]) if spans else (None, None)
        if period is not None:
            start, through = within_spans(period, spans) if spans else before_cut_off(period, parts)
        for limit in self.asked.where:
            if limit.days is not None:
                start, through = limited(start, through, limit.days)
        start, through = uncovered_between(start, through, spans)
        if not spans and start is not None and through is not None:
            cut_off = max((each.cut_off for each in parts if each.cut_off is not None), default=through)
            through = min(through, cut_off)
        is_partial = period is not None and (start, through) != (period.start, period.last)
        return EventRow(
            release=self.book.record.releases[release],
            is_synthetic=any(each.is_synthetic for each in parts),
            reading=self.reading,
            cell=cell,
            period=period,
            start=start,
            through=through,
            is_partial=is_partial,
            is_small_part=is_partial and self.asked.is_share_over_time,
            rate=None
            if self._rates is None
            else self._rates.rate(release, cell, spans or known_days(start, through)),
        )

    def _period(self, cell: Cell) -> Period | None:
        """Returns the narrowest span that a cell is of."""
        for kind in reversed(self.asked.periods):
            period = self.asked.period(kind, cell.parts.get(kind))
            if period is not None:
                return period
        return None


def count_readings(
    book: EventBook, asked: EventAsked, parts: Sequence[EventPart], denominator: Denominator | None = None
) -> list[ReadingCount]:
    """Returns every reading of a question counted; those that take the same rows share one scan of them."""
    counts = [ReadingCount(book, asked, reading, denominator) for reading in asked.readings]
    shared: dict[Batch, list[ReadingCount]] = {}
    for count in counts:
        for batch in count.batches(parts):
            if asked.measure.function is not None:
                count.count_alone(batch)
            else:
                shared.setdefault(batch, []).append(count)
    ready: list[tuple[Batch, list[tuple[ReadingCount, Frame]]]] = []
    for batch, together in shared.items():
        able = [(each, frame) for each in together if (frame := each.frame(batch)) is not None]
        if able:
            ready.append((batch, able))
    cubes = [(batch, able) for batch, able in ready if batch.is_cube]
    counted = iter(
        book.count_cubes(
            [
                CubeAsked(tuple(frame for _, frame in able), batch.parts[0], book.table(batch))
                for batch, able in cubes
            ]
        )
    )
    for batch, able in ready:
        found = (
            next(counted)
            if batch.is_cube
            else count_together(
                [frame for _, frame in able], book.kept(batch), book.engine, release=batch.only_release
            )
        )
        held: Held = {}
        for (count, frame), groups in zip(able, found, strict=True):
            count.take(batch, frame, groups, held)
    return counts


def _functions(name: str | None) -> tuple[Duration | None, Population | None]:
    """Returns what works a measure out, where it names a function: how long something took, or who was held."""
    if name is None:
        return None, None
    from recount.measure.event_durations import DURATIONS  # noqa: PLC0415  slow to import, and counts do without
    from recount.measure.event_population import POPULATIONS  # noqa: PLC0415  as above

    return DURATIONS.get(name), POPULATIONS.get(name)
