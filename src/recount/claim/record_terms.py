"""The numbers of a claim that rests on individual records: which ways there are to read them, and each as a term."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from recount.claim.asked import Chosen, Look, Term, join_readings
from recount.claim.evidence import NOTHING, Value
from recount.claim.record_asking import Answered, RecordAsking
from recount.claim.record_figures import PLACE_KIND, RecordFigure, value_of_record
from recount.claim.record_joint import JointRows
from recount.declare.assertions import MeasuredBy
from recount.declare.claim_types import Side, Span, where_of
from recount.declare.text import Text
from recount.measure.cube_book import CubeBook
from recount.measure.event_conditions import TIMES
from recount.measure.event_conditions import written_out as written_conditions
from recount.measure.event_periods import Period, period_number
from recount.measure.places import Place


@dataclass(frozen=True, eq=False)
class RecordTerm(Term):
    """One number of individual records: what one release gives under one reading, or at each point in time."""

    def value(self, look: Look) -> Value:
        """Returns its number as the record is looked at."""
        found = self.seen(look)
        return value_of_record(found[0]) if found else NOTHING

    def seen(self, look: Look) -> list[RecordFigure]:
        """Returns its figures as the record is looked at, in order of their days."""
        names = look.out if look.alone is None else {look.alone}
        own = [each for each in self.figures if isinstance(each, RecordFigure)]
        return [each for each in own if each.release.release in names]


class RecordTerms:
    """The individual records of a record, asked for the terms of claims."""

    def __init__(self, book: CubeBook) -> None:
        self.book = book
        self._asking = RecordAsking(book)

    def readings(self, declared: MeasuredBy, sides: Sequence[Side], over: Span | None) -> Iterator[Chosen]:
        """Yields every joint reading of every release that gives all sides, the default first.

        Only forks that bear on what is asked are read both ways. Where no release gives all sides, each reading is
        there once, and says nothing.
        """
        answered = [self._ask(declared, side, over) for side in sides]
        bears = {fork for each in answered for fork in each.forks}
        measures = {each.answer.measure.measure: each.answer.measure for each in answered}
        readings = [
            each.readings({fork.fork: fork for fork in each.forks if fork.fork in bears})
            for each in measures.values()
        ]
        releases = [set(each.releases) for each in answered]
        names: list[str | None] = [*sorted(set.intersection(*releases))]
        names = names or [None]
        joined = list(join_readings(readings, declared))
        for name in names:
            for joint, is_default in joined:
                reading = {fork: option for fork, option in joint.items() if fork in bears}
                yield Chosen(reading, is_default, name)

    def term(
        self,
        role: str,
        declared: MeasuredBy,
        side: Side,
        chosen: Chosen,
        *,
        label: Text | None,
        over: Span | None,
    ) -> RecordTerm:
        """Returns one term: the figure of a side, or those of its points in time, in one release and reading."""
        answered = self._ask(declared, side, over)
        if over is None:
            figure = answered.figure(chosen.release, chosen.reading)
            figures: tuple[RecordFigure, ...] = () if figure is None else (figure,)
        else:
            figures = tuple(self._points(declared, side, chosen, answered, over))
        where = written_conditions(answered.answer.asked.where)
        limited = ";".join(f"{name}={given}" for name, given in where.items() if name not in TIMES)
        return RecordTerm(
            role=role,
            label=label,
            measure=answered.answer.measure,
            place=Place(PLACE_KIND, limited, limited),
            where=where,
            differs_in={name: value for name, value in where.items() if name in side.where},
            reading=dict(chosen.reading),
            through=None,
            as_of=None,
            figures=figures,
            absent=answered.absent,
        )

    def others(
        self, declared: MeasuredBy, side: Side, chosen: Chosen, dimension: str
    ) -> Iterator[RecordTerm]:
        """Yields a term for every part of a dimension that a release gives, but the side's own."""
        where = where_of(declared, side, of_records=True)
        own = self._ask(declared, side, None).answer.asked
        named = {part for each in own.where if each.name == dimension for part in each.given.split(",")}
        del where[dimension]
        split = self._asking.ask(self._name(declared, side), where, dimension, declared.release)
        model = self.term("rival", declared, side, chosen, label=None, over=None)
        for part in split.parts(chosen.release):
            figure = split.figure(chosen.release, chosen.reading, part)
            if part not in named and figure is not None:
                yield replace(
                    model,
                    where={**model.where, dimension: part},
                    differs_in={dimension: part},
                    figures=(figure,),
                )

    def joint(self, terms: Sequence[Term], chosen: Chosen) -> JointRows | None:
        """Returns the rows behind several counts of one measure, `None` where they are of several, or shares."""
        measures = {each.measure.measure for each in terms}
        if chosen.release is None or len(measures) > 1 or terms[0].measure.kind != "count":
            return None
        return JointRows(
            self.book,
            terms[0].measure.measure,
            tuple(each.where for each in terms),
            chosen.reading,
            chosen.release,
        )

    def _name(self, declared: MeasuredBy, side: Side) -> str:
        return side.measure or declared.measure

    def _ask(self, declared: MeasuredBy, side: Side, over: Span | None) -> Answered:
        where = where_of(declared, side, of_records=True)
        by = None
        if over is not None:
            by = over.by
            where = where | {"date": f">={over.from_date.isoformat()}"}
            if over.through is not None:
                where = where | {"date": f"{over.from_date.isoformat()}..{over.through.isoformat()}"}
        return self._asking.ask(self._name(declared, side), where, by, declared.release)

    def _points(
        self, declared: MeasuredBy, side: Side, chosen: Chosen, answered: Answered, over: Span
    ) -> Iterator[RecordFigure]:
        """Yields a figure for each point in time that a release covers, also where it has no row of it."""
        given = answered.parts(chosen.release)
        if not given or chosen.release is None:
            return
        known = self.book.record.releases[chosen.release]
        last = min(over.through or known.covers_through, known.covers_through)
        where = where_of(declared, side, of_records=True)
        for label in _labels(over.by, over.from_date, last):
            asked = {**where, over.by: label}
            one = self._asking.ask(self._name(declared, side), asked, None, declared.release)
            figure = one.figure(chosen.release, chosen.reading)
            if figure is not None:
                yield figure


def _labels(kind: str, first: datetime.date, last: datetime.date) -> Iterator[str]:
    for number in range(period_number(kind, first), period_number(kind, last) + 1):
        yield Period(kind, number).label
