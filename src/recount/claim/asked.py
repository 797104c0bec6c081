"""What a claim asks of the record: its numbers under one reading, and the rule that weighs them."""

from __future__ import annotations

import datetime
import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from recount.claim.evidence import (
    Spoken,
    TermValue,
    Value,
    value_exactly,
    value_in_release,
    value_so_far,
)
from recount.declare.assertions import PLACE_DIMENSIONS, Fit, MeasuredBy
from recount.declare.claim_types import Side, Span, where_of
from recount.declare.measures import Measure
from recount.declare.text import Text
from recount.measure.figures import Absent, MeasuredFigure
from recount.measure.places import Place
from recount.measure.prints import PrintBook
from recount.measure.statistics import MONTH

if TYPE_CHECKING:
    from recount.claim.record_joint import JointRows
    from recount.claim.record_terms import RecordTerms
    from recount.declare.event_measures import EventMeasure
    from recount.measure.event_answer import EventAbsent

PERIODS: dict[str, str | None] = {"month": MONTH, "fiscal_year": None, "print": None}
"""The kind of span whose figures are asked for, where it is not the measure's own."""
_FITS: tuple[Fit, ...] = ("exact", "near", "proxy")


@dataclass(frozen=True)
class Look:
    """From where the record is looked at: which releases are `out`, and the day on which the claim was said.

    A share or a snapshot speaks for `window_days`. With `alone`, one release is read by itself, whatever its date.
    """

    out: frozenset[str]
    said: datetime.date
    window_days: int
    alone: str | None = None


@dataclass(frozen=True, eq=False)
class Term:
    """One of the numbers that a claim works with, and every figure the record holds of it.

    `role` says which one it is to the rule. `through` is exactly one date, `as_of` a day at which the latest figure
    speaks; with neither it is the day on which the claim was said. `where` gives codes of dimensions;
    `differs_in` are those in which it differs from the other terms.
    """

    role: str
    label: Text | None
    measure: Measure | EventMeasure
    place: Place
    where: Mapping[str, str]
    differs_in: Mapping[str, str]
    reading: Mapping[str, str]
    through: datetime.date | None
    as_of: datetime.date | None
    figures: tuple[MeasuredFigure, ...]
    absent: tuple[Absent | EventAbsent, ...]

    @property
    def is_of_records(self) -> bool:
        """Whether individual records give it, and not printed figures."""
        return not isinstance(self.measure, Measure)

    def value(self, look: Look) -> Value:
        """Returns its number as the record is looked at."""
        if look.alone is not None:
            return value_in_release(self.figures, look.alone, self.through, self.as_of)
        own = [each for each in self.figures if each.release.release in look.out]
        if self.through is not None:
            return value_exactly(own, self.through)
        return value_so_far(own, self.as_of or look.said, look.window_days)


class Rule(Protocol):
    """How a type of claim weighs the numbers that one reading gives.

    `kind` says what the interval of its answer is in: `count`, `share`, `mean`, `ratio`, `change` or `difference`.
    """

    @property
    def kind(self) -> str:
        """What the interval of its answer is in."""

    def weigh(self, terms: Sequence[Term], look: Look) -> Spoken:
        """Returns what the record says of the statement, as it is looked at."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What a claim asks under one reading: its terms, the rule that weighs them, and all figures of the record.

    `measure` and `place` are those of the first term. `index` counts the alternatives that the claim declares, and
    `declared` says how well this one speaks of it. Of individual records each `release` is one more way to ask.
    """

    index: int
    measure: Measure | EventMeasure
    place: Place
    reading: dict[str, str]
    is_default: bool
    declared: MeasuredBy
    figures: tuple[MeasuredFigure, ...]
    absent: tuple[Absent | EventAbsent, ...]
    terms: tuple[Term, ...]
    rule: Rule
    release: str | None = None

    @property
    def measures(self) -> tuple[Measure | EventMeasure, ...]:
        """The measures of its terms, each once."""
        return tuple({each.measure.measure: each.measure for each in self.terms}.values())

    @property
    def axes(self) -> dict[str, object]:
        """What it may differ in from others: place, measure, and the option at every fork."""
        places = tuple(dict.fromkeys(each.place for each in self.terms))
        measures = tuple(each.measure for each in self.measures)
        return {
            "place": places[0] if len(places) == 1 else places,
            "measure": measures[0] if len(measures) == 1 else measures,
            **({} if self.release is None else {"release": self.release}),
            **self.reading,
        }


@dataclass(frozen=True)
class Chosen:
    """One way to read what a claim asks: an option at every fork, and of individual records one release."""

    reading: Mapping[str, str]
    is_default: bool
    release: str | None = None


def asked_of(index: int, declared: MeasuredBy, chosen: Chosen, terms: Sequence[Term], rule: Rule) -> Asked:
    """Returns what is asked with these terms."""
    figures = dict.fromkeys(one for each in terms for one in each.figures)
    return Asked(
        index=index,
        measure=terms[0].measure,
        place=terms[0].place,
        reading=dict(chosen.reading),
        is_default=chosen.is_default,
        declared=declared,
        figures=tuple(figures),
        absent=tuple(one for each in terms for one in each.absent),
        terms=tuple(terms),
        rule=rule,
        release=chosen.release,
    )


@dataclass(frozen=True)
class Asking:
    """A record, asked for the terms of claims."""

    book: PrintBook

    @functools.cached_property
    def records(self) -> RecordTerms:
        """What asks individual records, opened when a claim first names a measure of them."""
        from recount.claim.record_terms import RecordTerms  # noqa: PLC0415  most claims rest on printed figures

        return RecordTerms(self.book.events)

    def is_of_records(self, name: str) -> bool:
        """Returns whether a measure counts individual records."""
        return name not in self.book.catalog.measures

    def joint(self, terms: Sequence[Term], chosen: Chosen) -> JointRows | None:
        """Returns the rows behind several counts at once, `None` where they are printed or not of one kind."""
        return self.records.joint(terms, chosen) if terms[0].is_of_records else None

    def readings(
        self, declared: MeasuredBy, sides: Sequence[Side], over: Span | None = None
    ) -> Iterator[Chosen]:
        """Yields every joint reading of the measures of the sides, the default first; of records, release by release.

        A fork that two measures share takes one option in both.
        """
        names = list(dict.fromkeys(each.measure or declared.measure for each in sides))
        if any(self.is_of_records(name) for name in names):
            yield from self.records.readings(declared, sides, over)
            return
        measures = [self.book.catalog.measure(name) for name in names]
        for joint, is_default in join_readings([each.readings() for each in measures], declared):
            yield Chosen(joint, is_default)

    def term(
        self,
        role: str,
        declared: MeasuredBy,
        side: Side,
        chosen: Chosen,
        *,
        label: Text | None = None,
        over: Span | None = None,
    ) -> Term:
        """Returns one term: every figure of a side under a joint reading.

        Args:
            role: what it is to the rule.
            declared: the measure and the place that the claim names.
            side: what differs from them.
            chosen: one option at every fork of every measure of the claim.
            label: what people call it, where the side does not say.
            over: the points in time, where it is several.
        """
        name = side.measure or declared.measure
        if self.is_of_records(name):
            return self.records.term(role, declared, side, chosen, label=side.label or label, over=over)
        measure = self.book.catalog.measure(name)
        where = where_of(declared, side)
        place = self.book.places.find(
            {name: value for name, value in where.items() if name in PLACE_DIMENSIONS}
        )
        conditions = {name: value for name, value in where.items() if name not in PLACE_DIMENSIONS}
        own = {fork.fork: chosen.reading[fork.fork] for fork in measure.forks}
        period = None if over is None else PERIODS[over.by]
        if period is None:
            figures, absent = self.book.measure(measure, place, [own], conditions)
        else:
            figures, absent = self.book.statistics.measure(measure, [own], conditions, period=period)
        return Term(
            role=role,
            label=side.label or label,
            measure=measure,
            place=place,
            where=conditions,
            differs_in={name: value for name, value in conditions.items() if name in side.where},
            reading=own,
            through=side.through,
            as_of=side.as_of,
            figures=tuple(figures),
            absent=tuple(absent),
        )


def join_readings(
    of_measures: Sequence[Sequence[Mapping[str, str]]], declared: MeasuredBy
) -> Iterator[tuple[dict[str, str], bool]]:
    """Yields the joint readings of measures that the claim allows, and whether each is the default of all.

    Args:
        of_measures: the readings of each measure, its default first.
        declared: which options the claim allows.
    """
    for number, readings in enumerate(itertools.product(*of_measures)):
        joint: dict[str, str] = {}
        agree = True
        for reading in readings:
            agree = agree and all(joint.get(fork, option) == option for fork, option in reading.items())
            joint |= reading
        chosen = all(joint[fork] in options for fork, options in declared.readings.items() if fork in joint)
        if agree and chosen:
            yield joint, number == 0


def term_values(values: Iterable[Value]) -> tuple[TermValue, ...]:
    """Returns the numbers of all terms, as an answer shows them."""
    return tuple(TermValue(number, each.interval, each.figures) for number, each in enumerate(values))


def figures_of(values: Iterable[Value]) -> tuple[MeasuredFigure, ...]:
    """Returns the figures under several numbers, each once."""
    return tuple(dict.fromkeys(one for each in values for one in each.figures))


def crosses_break(terms: Iterable[Term], figures: Iterable[MeasuredFigure]) -> bool:
    """Returns whether figures stand on both sides of a day from which a measure counts otherwise."""
    used = list(figures)
    for measure in {each.measure.measure: each.measure for each in terms}.values():
        if not isinstance(measure, Measure):
            continue
        dates = [each.through_date for each in used if each.measure == measure.measure]
        for each in measure.breaks:
            if any(date < each.on for date in dates) and any(date >= each.on for date in dates):
                return True
    return False


def worst_fit(fits: Iterable[Fit]) -> Fit:
    """Returns the loosest of several fits."""
    return max(fits, key=_FITS.index)
