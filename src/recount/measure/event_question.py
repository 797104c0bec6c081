"""A question about individual records as it is understood: limited to what, split by what, in which readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recount.declare.administrations import Administration
from recount.declare.event_catalog import EventCatalog
from recount.declare.event_measures import PERIODS, Dimension, EventFork, EventMeasure
from recount.errors import UnknownNameError, UsageError, Worded
from recount.measure.event_conditions import TIMES, Condition, ConditionReader, TextsOf
from recount.measure.event_periods import ADMINISTRATION, Period
from recount.measure.questions import PERS, Per, Question

RELEASE = "release"
READING = "reading"


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
    administrations: tuple[Administration, ...] = ()

    @property
    def per(self) -> Per | None:
        """What the parts of a count are shares of, where the question says."""
        return next((each for each in PERS if each == self.question.per), None)

    @property
    def is_share_over_time(self) -> bool:
        """Whether parts are shares of a whole of several spans: of one cut short the share would be too small."""
        kept = {"total": (), "row": self.by[:-1], "column": self.by[-1:], None: self.by}[self.per]
        return any(each not in kept for each in self.periods)

    def period(self, kind: str, part: str | int | None) -> Period | None:
        """Returns the span of time that a part names, `None` where it names none."""
        if kind == ADMINISTRATION:
            names = [each.name for each in self.administrations]
            if part not in names:
                return None
            number = names.index(str(part))
            return Period(kind, number, self.administrations[number])
        return Period(kind, part) if isinstance(part, int) else None

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
    question: Question,
    measure: EventMeasure,
    events: EventCatalog,
    texts_of: TextsOf,
    administrations: Sequence[Administration] = (),
) -> EventAsked:
    """Returns a question as it is understood.

    Args:
        question: as asked.
        measure: the measure that it names.
        events: the catalog of individual records.
        texts_of: what text columns hold, asked only where a condition names one.
        administrations: those of the catalog.

    Raises:
        UnknownNameError: for an unknown dimension, code, text, fork or option.
        UsageError: where a dimension is given twice, or is what the measure itself counts, or conditions
            contradict each other.
    """
    by = _read_by(question, measure)
    where = tuple(ConditionReader(measure, events, texts_of, administrations).read(question.where))
    named = {*by, *(each.name for each in where), *measure.where}
    _refuse_counted(measure, named)
    forks = {
        each.fork: each for each in measure.forks if _touches(each, named | set(measure.counts), measure)
    }
    readings = _read_readings(question, measure, forks)
    splits = [each for each in by if each not in (RELEASE, READING)]
    order = [*PERIODS, *measure.dimensions]
    _refuse_per(question, measure, splits)
    return EventAsked(
        question=question,
        measure=measure,
        where=where,
        by=tuple(sorted(splits, key=order.index)),
        by_release=RELEASE in by,
        by_reading=READING in by,
        readings=tuple(readings),
        possible=len(measure.readings(forks)),
        administrations=tuple(administrations),
    )


def _read_by(question: Question, measure: EventMeasure) -> tuple[str, ...]:
    known = (RELEASE, READING, *PERIODS, *measure.dimensions)
    by = question.by or ()
    for each in by:
        if each not in known:
            facts = [("choose from", ", ".join(known))]
            raise UnknownNameError(
                Worded("dimension of %(measure)s", measure=measure.measure), each, known, facts
            )
    if len(set(by)) != len(by):
        raise UsageError(Worded("A dimension is given twice."), [("given", ", ".join(by))])
    return by


def _refuse_per(question: Question, measure: EventMeasure, splits: Sequence[str]) -> None:
    if question.per not in PERS:
        return
    if measure.kind != "count":
        raise UsageError(
            Worded(
                "--per takes the parts of a count, and %(measure)s is a %(kind)s.",
                measure=measure.measure,
                kind=measure.kind,
            ),
            [("fix", Worded("leave --per out"))],
        )
    needed = 1 if question.per == "total" else 2
    if len(splits) < needed:
        raise UsageError(
            Worded("--per %(whole)s needs 2 dimensions in --by.", whole=question.per)
            if needed > 1
            else Worded("--per %(whole)s needs 1 dimension in --by.", whole=question.per),
            [("fix", "--per total" if splits else f"--by {next(iter(measure.dimensions))}")],
        )


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
                Worded(
                    "%(measure)s itself says which %(dimension)s it counts.",
                    measure=measure.measure,
                    dimension=each,
                ),
                [
                    (
                        "fix",
                        Worded(
                            "leave %(dimension)s out, or ask a measure that counts every row of %(table)s",
                            dimension=each,
                            table=measure.table,
                        ),
                    )
                ],
            )


def _touches(fork: EventFork, named: set[str], measure: EventMeasure) -> bool:
    """Returns whether the options of a fork could give different answers to a question that names these."""
    if fork.kind != "column":
        return True
    counted = {name for each in measure.forks for option in each.options for name in option.where}
    dated = any(option.date is not None for option in fork.options)
    aged = any(measure.dimensions[each].ages for each in named & set(measure.dimensions))
    if dated and (named & set(TIMES) or aged):
        return True
    return any(name in named | counted for option in fork.options for name in option.columns)


def _read_readings(
    question: Question, measure: EventMeasure, forks: Mapping[str, EventFork]
) -> list[dict[str, str]]:
    if question.by is not None and READING in question.by:
        if question.reading:
            raise UsageError(
                Worded("Either split by reading, or choose one."), [("fix", Worded("leave one of them out"))]
            )
        return measure.readings(forks)
    chosen = measure.default_reading()
    declared = {each.fork: each for each in measure.forks}
    for fork, option in (question.reading or {}).items():
        if fork not in declared:
            raise UnknownNameError(Worded("fork of %(measure)s", measure=measure.measure), fork, declared)
        options = [each.option for each in declared[fork].options]
        if option not in options:
            raise UnknownNameError(
                Worded("option of %(fork)s", fork=fork),
                option,
                options,
                [("choose from", ", ".join(options))],
            )
        chosen[fork] = option
    return [chosen]
