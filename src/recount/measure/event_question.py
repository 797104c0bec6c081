"""A question about individual records as it is understood: limited to what, split by what, in which readings."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from recount.declare.event_catalog import EventCatalog
from recount.declare.event_measures import PERIODS, Dimension, EventFork, EventMeasure
from recount.declare.tables import CodeList
from recount.errors import UnknownNameError, UsageError, nearest_names
from recount.measure.event_periods import read_period
from recount.measure.questions import Question

RELEASE = "release"
READING = "reading"
TextsOf = Callable[[str], Sequence[str]]
"""Returns every text that a column of the measure's table holds, as recorded."""


@dataclass(frozen=True)
class Condition:
    """One dimension limited: to codes or texts of its column, to ages, or to days from `start` to before `end`."""

    name: str
    given: str
    codes: tuple[str, ...] = ()
    ages: tuple[int, int | None] | None = None
    start: datetime.date | None = None
    end: datetime.date | None = None


@dataclass(frozen=True)
class EventAsked:
    """What is asked of a measure: conditions, what splits the answer in its order, and the readings."""

    question: Question
    measure: EventMeasure
    where: tuple[Condition, ...]
    by: tuple[str, ...]
    by_release: bool
    by_reading: bool
    readings: tuple[Mapping[str, str], ...]
    possible: int

    @property
    def periods(self) -> tuple[str, ...]:
        """The spans of time that split the answer, the widest first."""
        return tuple(each for each in self.by if each in PERIODS)

    def date_column(self, reading: Mapping[str, str], table_date: str) -> str:
        """Returns the column that places a row in time."""
        chosen = [each.date for each in self.measure.options(reading, "column") if each.date is not None]
        return chosen[-1] if chosen else self.measure.date or table_date

    def dimension(self, name: str, reading: Mapping[str, str]) -> Dimension:
        """Returns a dimension with the column that a reading takes for it."""
        declared = self.measure.dimensions[name]
        for option in self.measure.options(reading, "column"):
            if name in option.columns:
                return declared.model_copy(update={"column": option.columns[name]})
        return declared

    def counted(self, reading: Mapping[str, str]) -> dict[str, list[str]]:
        """Returns what a share counts: codes by dimension."""
        found = dict(self.measure.counts)
        for option in self.measure.options(reading, "numerator"):
            found |= option.where
        return found


def understand(
    question: Question, measure: EventMeasure, events: EventCatalog, texts_of: TextsOf
) -> EventAsked:
    """Returns a question as it is understood.

    Args:
        question: as asked.
        measure: the measure that it names.
        events: the catalog of individual records.
        texts_of: what text columns hold, asked only where a condition names one.

    Raises:
        UnknownNameError: for an unknown dimension, code, text, fork or option.
        UsageError: where a dimension is given twice, or is what the measure itself counts.
    """
    by = _read_by(question, measure)
    where = tuple(_read_where(question, measure, events, texts_of))
    named = {*by, *(each.name for each in where), *measure.where}
    _refuse_counted(measure, named)
    forks = {
        each.fork: each for each in measure.forks if _touches(each, named | set(measure.counts), measure)
    }
    readings = _read_readings(question, measure, forks)
    splits = [each for each in by if each not in (RELEASE, READING)]
    order = [*PERIODS, *measure.dimensions]
    return EventAsked(
        question=question,
        measure=measure,
        where=tuple(sorted(where, key=lambda each: order.index(each.name))),
        by=tuple(sorted(splits, key=order.index)),
        by_release=RELEASE in by,
        by_reading=READING in by,
        readings=tuple(readings),
        possible=len(measure.readings(forks)),
    )


def band_labels(ages: Sequence[int]) -> list[tuple[str, int, int | None]]:
    """Returns bands of ages as (label, lowest, highest): 0-17, 18-24 … 65+; the last has no highest."""
    ends = [*(each - 1 for each in ages[1:]), None]
    return [
        (f"{low}+" if high is None else f"{low}-{high}", low, high)
        for low, high in zip(ages, ends, strict=True)
    ]


def _read_by(question: Question, measure: EventMeasure) -> tuple[str, ...]:
    known = (RELEASE, READING, *PERIODS, *measure.dimensions)
    by = question.by or ()
    for each in by:
        if each not in known:
            facts = [("choose from", ", ".join(known))]
            raise UnknownNameError(f"dimension of {measure.measure}", each, known, facts)
    if len(set(by)) != len(by):
        raise UsageError("A dimension is given twice.", [("given", ", ".join(by))])
    return by


def _read_where(
    question: Question, measure: EventMeasure, events: EventCatalog, texts_of: TextsOf
) -> list[Condition]:
    known = (*PERIODS, *measure.dimensions)
    found = []
    for name, value in question.where.items():
        if name in PERIODS:
            start, end = read_period(name, value)
            found.append(Condition(name, value, start=start, end=end))
        elif name in measure.dimensions:
            found.append(_read_condition(name, value, measure, events, texts_of))
        else:
            facts = [("choose from", ", ".join(known))]
            raise UnknownNameError(f"dimension of {measure.measure}", name, known, facts)
    return found


def _read_condition(
    name: str, value: str, measure: EventMeasure, events: EventCatalog, texts_of: TextsOf
) -> Condition:
    dimension = measure.dimensions[name]
    field = events.tables[measure.table].field(dimension.column)
    if dimension.ages:
        bands = {label: (low, high) for label, low, high in band_labels(dimension.ages)}
        if value not in bands:
            raise UnknownNameError(name, value, bands, [("choose from", ", ".join(bands))])
        return Condition(name, value, ages=bands[value])
    if field.codes is None:
        return Condition(name, value, codes=_matching_texts(name, value, dimension.column, texts_of))
    codes = events.codes[field.codes]
    if dimension.grouped:
        groups = {(each.group or each.code): None for each in codes.codes}
        spelled = {each.casefold(): each for each in groups}
        group = spelled.get(value.strip().casefold().replace(" ", "_"))
        if group is None:
            raise UnknownNameError(name, value, groups, [("choose from", ", ".join(groups))])
        members = tuple(each.code for each in codes.codes if (each.group or each.code) == group)
        return Condition(name, group, codes=members)
    code = _read_code(name, value, codes)
    return Condition(name, code, codes=(code,))


def _read_code(name: str, value: str, codes: CodeList) -> str:
    spelled = {
        spelling.casefold(): code for spelling, code in codes.by_spelling().items() if code is not None
    }
    spelled |= {
        label.casefold(): each.code for each in codes.codes for label in (each.label.en, each.label.es)
    }
    found = spelled.get(value.strip().casefold())
    if found is None:
        names = [each.label.en for each in codes.codes]
        shown = nearest_names(value, names) or names
        raise UnknownNameError(name, value, names, [("choose from", ", ".join(shown))])
    return found


def _matching_texts(name: str, value: str, column: str, texts_of: TextsOf) -> tuple[str, ...]:
    known = texts_of(column)
    wanted = " ".join(value.split()).casefold()
    found = tuple(sorted(each for each in known if " ".join(each.split()).casefold() == wanted))
    if not found:
        raise UnknownNameError(name, value, known, [("known", "as the releases of this record write it")])
    return found


def _refuse_counted(measure: EventMeasure, named: set[str]) -> None:
    counted = {name for fork in measure.forks for option in fork.options for name in option.where}
    counted |= set(measure.counts)
    columns = {measure.dimensions[each].column for each in counted}
    for fork in measure.forks:
        columns |= {
            column for option in fork.options for name, column in option.columns.items() if name in counted
        }
    for each in sorted(named & set(measure.dimensions)):
        if measure.dimensions[each].column in columns:
            raise UsageError(
                f"{measure.measure} itself says which {each} it counts.",
                [("fix", f"leave {each} out, or ask a measure that counts every row of {measure.table}")],
            )


def _touches(fork: EventFork, named: set[str], measure: EventMeasure) -> bool:
    """Returns whether the options of a fork could give different answers to a question that names these."""
    if fork.kind != "column":
        return True
    counted = {name for each in measure.forks for option in each.options for name in option.where}
    dated = any(option.date is not None for option in fork.options)
    aged = any(measure.dimensions[each].ages for each in named & set(measure.dimensions))
    if dated and (named & set(PERIODS) or aged):
        return True
    return any(name in named | counted for option in fork.options for name in option.columns)


def _read_readings(
    question: Question, measure: EventMeasure, forks: Mapping[str, EventFork]
) -> list[dict[str, str]]:
    if question.by is not None and READING in question.by:
        if question.reading:
            raise UsageError("Either split by reading, or choose one.", [("fix", "leave one of them out")])
        return measure.readings(forks)
    chosen = measure.default_reading()
    declared = {each.fork: each for each in measure.forks}
    for fork, option in (question.reading or {}).items():
        if fork not in declared:
            raise UnknownNameError(f"fork of {measure.measure}", fork, declared)
        options = [each.option for each in declared[fork].options]
        if option not in options:
            raise UnknownNameError(
                f"option of {fork}", option, options, [("choose from", ", ".join(options))]
            )
        chosen[fork] = option
    return [chosen]
