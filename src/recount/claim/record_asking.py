"""Individual records asked for the numbers of a claim: release by release, in every reading that bears on them.

Releases overlap and hold no common identifier. So each answers by itself, as one more way to read the record, and a
claim that works with several numbers takes all of them from one release.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recount.claim.record_figures import Covered, RecordFigure, days_covered, figure_of_row, spans_asked
from recount.declare.event_measures import EventMeasure
from recount.measure.event_answer import EventAbsent
from recount.measure.event_conditions import TIMES
from recount.measure.event_conditions import written_out as written_conditions
from recount.measure.event_spans import covered_spans
from recount.measure.figures import authority_ranks
from recount.measure.questions import Question

if TYPE_CHECKING:
    from recount.measure.cube_book import CubeBook
    from recount.measure.event_answer import EventAnswer, EventRow

Reading = Mapping[str, str]
_PLACES = ("aor", "state", "county", "facility")
"""Dimensions that say where something was, the widest first."""


@dataclass(frozen=True, eq=False)
class Answered:
    """What the releases say to one question under every reading that bears on it.

    `forks` are those that bear on it; `figures` are by release and by their options, in order of the forks' names, and
    by the part of a dimension where the question was split by one. `absent` says what releases cannot answer, and why.
    """

    answer: EventAnswer
    forks: tuple[str, ...]
    figures: Mapping[tuple[str, tuple[str, ...], str | None], RecordFigure]
    absent: tuple[EventAbsent, ...]

    @property
    def releases(self) -> tuple[str, ...]:
        """The releases that give a number in some reading, in order."""
        return tuple(sorted({release for release, _, _ in self.figures}))

    def figure(self, release: str | None, reading: Reading, part: str | None = None) -> RecordFigure | None:
        """Returns the figure of a release under a reading, `None` where it gives none."""
        if release is None:
            return None
        return self.figures.get((release, tuple(reading[fork] for fork in self.forks), part))

    def parts(self, release: str | None) -> list[str]:
        """Returns the parts that a release gives in some reading, in order."""
        return sorted({part for name, _, part in self.figures if name == release and part is not None})


class RecordAsking:
    """The individual records of a record, asked for the numbers of claims; the same question is counted once."""

    def __init__(self, book: CubeBook) -> None:
        self.book = book
        self._ranks = authority_ranks(book.catalog)
        self._answered: dict[tuple[object, ...], Answered] = {}

    def measure(self, name: str) -> EventMeasure:
        """Returns a measure by name, or answers with the nearest."""
        return self.book.measure(name)

    def ask(
        self,
        measure: str,
        where: Mapping[str, str],
        by: str | None = None,
        release: str | None = None,
    ) -> Answered:
        """Returns what the releases say of one measure.

        Args:
            measure: its name.
            where: conditions, the days among them.
            by: a dimension that splits the answer.
            release: one release alone.

        Raises:
            UnknownNameError: for a dimension, code or release that is not known.
            UsageError: where conditions contradict each other.
        """
        key = (measure, tuple(sorted(where.items())), by, release)
        if key not in self._answered:
            split = ("release", *((by,) if by else ()), "reading")
            question = Question(measure, dict(where), split, release=release)
            found = self._read(self.book.answer(question), by)
            self._answered[key] = found if by in _PLACES else self._without_local(found, where, release)
        return self._answered[key]

    def _without_local(self, found: Answered, where: Mapping[str, str], release: str | None) -> Answered:
        """Leaves out releases of one area where no place is asked: they say nothing of the rest of the country.

        A release that a claim names stays.
        """
        measure = found.answer.measure
        places = [each for each in _PLACES if each in measure.dimensions]
        if release is not None or not places or set(where) & set(_PLACES):
            return found
        split = self.ask(measure.measure, where, places[0])
        local = {name: split.parts(name) for name in found.releases if len(split.parts(name)) == 1}
        if not local:
            return found
        absent = [
            EventAbsent(name, reading, "of_one_part", (places[0],), (), only)
            for name, (only,) in local.items()
            for reading in found.answer.asked.readings
        ]
        return Answered(
            found.answer,
            found.forks,
            {key: each for key, each in found.figures.items() if key[0] not in local},
            (*found.absent, *absent),
        )

    def _read(self, answer: EventAnswer, by: str | None) -> Answered:
        options = {
            fork.fork: {each[fork.fork] for each in answer.asked.readings} for fork in answer.measure.forks
        }
        forks = tuple(sorted(fork for fork, found in options.items() if len(found) > 1))
        conditions = written_conditions([each for each in answer.asked.where if each.name not in TIMES])
        figures: dict[tuple[str, tuple[str, ...], str | None], RecordFigure] = {}
        for row in answer.rows:
            if row.cell.kind != ("part" if by else "total"):
                continue
            part = row.breakdown[by] if by else None
            figure = self._figure(
                row, answer, forks, conditions if by is None else {**conditions, by: str(part)}
            )
            if figure is not None:
                figures[row.release.release, tuple(row.reading[fork] for fork in forks), part] = figure
        return Answered(answer, forks, figures, answer.absent)

    def _figure(
        self, row: EventRow, answer: EventAnswer, forks: tuple[str, ...], conditions: Mapping[str, str]
    ) -> RecordFigure | None:
        name = row.release.release
        parts = [
            each
            for each in self.book.record.parts
            if each.table == answer.measure.table and each.release == name
        ]
        spans = covered_spans(parts)
        asked = spans_asked(answer)
        if row.period is not None:
            asked = [
                (max(first, row.period.start), min(last, row.period.last))
                for first, last in asked
                if first <= row.period.last and row.period.start <= last
            ]
        covered = days_covered(asked, spans)
        if not spans and asked:
            # Nothing says which days the release covers: it may lack some.
            covered = Covered(asked[0][0], min(asked[-1][1], row.release.covers_through), is_whole=False)
        if covered is None or covered.through < covered.start:
            return None
        files = {each.source_file for each in parts}
        return figure_of_row(
            row,
            row.cell.measured,
            covered,
            row.release.model_copy(
                update={"files": [each for each in row.release.files if each.name in files]}
            ),
            {fork: row.reading[fork] for fork in forks},
            answer,
            conditions,
            self._ranks[row.release.authority],
        )
