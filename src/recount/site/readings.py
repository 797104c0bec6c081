"""What a measure comes to under each of its readings: as a table, from which a script lets one be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from recount.declare.event_measures import EventMeasure
from recount.declare.measures import Measure
from recount.measure.answer import Answer
from recount.measure.event_answer import EventRow
from recount.measure.figures import MeasuredFigure
from recount.site.exhibits import Exhibit
from recount.site.shell import Shell


@dataclass(frozen=True)
class ReadingLine:
    """One reading of one release: the options it takes, its number, and where that stands."""

    options: tuple[str, ...]
    is_default: bool
    value: str
    could_be: str
    where: str
    release: str


@dataclass(frozen=True)
class Readings:
    """Every reading of an answer, under the questions that they decide."""

    questions: tuple[str, ...]
    lines: tuple[ReadingLine, ...]


def lay_out_readings(exhibit: Exhibit, shell: Shell) -> Readings:
    """Returns the readings of an answer that is split by them."""
    measure = exhibit.answer.measure
    questions = tuple(each.question.in_language(shell.language) for each in measure.forks)
    if isinstance(exhibit.answer, Answer):
        lines = [_of_figure(each, exhibit.answer.measure, shell) for each in exhibit.answer.figures]
    else:
        lines = [_of_row(each, exhibit.answer.measure, shell) for each in exhibit.answer.rows]
    return Readings(questions, tuple(lines))


def event_value(row: EventRow, kind: str, shell: Shell) -> str:
    """Returns the number of a row of individual records: with its whole where it is a share."""
    words, measured = shell.words, row.cell.measured
    if row.cell.estimate is not None:
        estimate = Fraction(str(row.cell.estimate))
        return words.share(estimate) if kind == "duration" else words.decimal(estimate, 1)
    if measured.denominator is None:
        return words.number(measured.numerator)
    if not measured.denominator or row.share is None:
        return "–"
    return words.say(
        "value_share",
        numerator=words.number(measured.numerator),
        denominator=words.number(measured.denominator),
        share=words.share(row.share),
    )


def event_bounds(row: EventRow, kind: str, shell: Shell) -> str:
    """Returns what a row could be, where that is more than one number."""
    bounds = row.cell.measured.bounds
    if bounds is None or bounds.is_point:
        return ""
    return shell.words.interval(bounds, "share" if kind == "share" else "count")


def _of_figure(figure: MeasuredFigure, measure: Measure, shell: Shell) -> ReadingLine:
    words = shell.words
    return ReadingLine(
        options=_options(figure.reading, measure, shell),
        is_default=all(figure.reading[each.fork] == each.default for each in measure.forks),
        value=words.value(figure),
        could_be="",
        where=words.through(figure),
        release=figure.release.release,
    )


def _of_row(row: EventRow, measure: EventMeasure, shell: Shell) -> ReadingLine:
    through = "" if row.through is None else shell.words.date(row.through)
    return ReadingLine(
        options=_options(row.reading, measure, shell),
        is_default=all(row.reading.get(each.fork, each.default) == each.default for each in measure.forks),
        value=event_value(row, measure.kind, shell),
        could_be=event_bounds(row, measure.kind, shell),
        where=through,
        release=row.release.release,
    )


def _options(reading: Mapping[str, str], measure: Measure | EventMeasure, shell: Shell) -> tuple[str, ...]:
    return tuple(
        next(
            option.label.in_language(shell.language)
            for option in fork.options
            if option.option == reading.get(fork.fork, fork.default)
        )
        for fork in measure.forks
    )
