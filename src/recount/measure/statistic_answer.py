"""The answer to a question about a statistic: split by its dimensions, by span, or by release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recount.declare.catalog import Catalog
from recount.declare.measures import Measure
from recount.errors import UnknownNameError, UsageError, Worded, nearest_names
from recount.measure.figure_limits import (
    denominator_of,
    divide,
    give_shares,
    refuse_operator,
    split_where,
)
from recount.measure.figures import MeasuredFigure
from recount.measure.places import COUNTRY
from recount.measure.questions import Answer, Asked, Question, chosen_readings, releases_out
from recount.measure.statistics import MONTH, TOTAL, code_list_of, standing_prints

if TYPE_CHECKING:
    from recount.measure.prints import PrintBook

SPANS = ("release", "through_date", "fiscal_year", MONTH, "reading")


@dataclass(frozen=True)
class _Split:
    """What an answer is split by: spans and dimensions, each in one order."""

    spans: tuple[str, ...]
    dimensions: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.spans, *self.dimensions)


def answer_statistic(question: Question, measure: Measure, book: PrintBook) -> Answer:
    """Returns the answer to `question`, whose measure is of a statistic.

    Raises:
        UnknownNameError: for an unknown dimension, code, release, fork or option.
        UsageError: where dimensions contradict each other or the measure.
    """
    split = _read_split(question, measure)
    times, given = split_where(question.where, book.catalog)
    where = _read_where(given, measure, book)
    _refuse_contradiction(measure, split, where)
    readings = chosen_readings(question, measure, split.all)
    denominator = denominator_of(question, book.catalog)
    releases = book.record.releases
    own = {each.release for each in book.statistics.prints(measure, measure.period)}
    if question.release is not None and question.release not in releases:
        raise UnknownNameError("release", question.release, sorted(own), [("list", "recount list releases")])
    period = MONTH if MONTH in split.spans else None
    figures, absent = book.statistics.measure(measure, readings, where, split.dimensions, period)
    figures = times.take(figures)
    out = releases_out(question, book)
    perhaps = {each.release.release for each in figures if out.get(each.release.release) == "perhaps"}
    known = [each for each in figures if out.get(each.release.release) == "out"]
    shown = sorted(_stand(known, split), key=lambda each: _order(each, measure, book.catalog))
    shown = give_shares(shown, question.per, split.dimensions, measure.kind)
    shown = divide(shown, denominator, measure, question, book)
    written_out = {"country": COUNTRY, **where, **times.written_out}
    asked = Asked(question, measure, book.places.find({}), written_out, split.all, readings)
    lacking = [each for each in absent if out.get(each.release) == "out"]
    return asked.answer(shown, lacking, perhaps, book, denominator)


def _read_split(question: Question, measure: Measure) -> _Split:
    spans = tuple(each for each in SPANS if each != MONTH or measure.by_month)
    if question.by is None:
        return _Split(("release",) if question.as_known_on is None else (), ())
    known = (*spans, *measure.dimensions)
    for each in question.by:
        if each not in known:
            facts = [("choose from", ", ".join(known))]
            raise UnknownNameError(
                Worded("dimension of %(measure)s", measure=measure.measure), each, known, facts
            )
    if len(set(question.by)) != len(question.by):
        raise UsageError(Worded("A dimension is given twice."), [("given", ", ".join(question.by))])
    return _Split(
        tuple(each for each in SPANS if each in question.by),
        tuple(each for each in measure.dimensions if each in question.by),
    )


def _read_where(given: Mapping[str, str], measure: Measure, book: PrintBook) -> dict[str, str]:
    where: dict[str, str] = {}
    for name, value in given.items():
        if name == "country":
            book.places.find({name: value})
            continue
        if name not in measure.dimensions:
            from recount.measure.event_conditions import TIMES  # noqa: PLC0415  slow to import, and seldom needed

            known = ("country", *measure.dimensions, *TIMES)
            facts = [("choose from", ", ".join(known))]
            raise UnknownNameError(
                Worded("dimension of %(measure)s", measure=measure.measure), name, known, facts
            )
        where[name] = _read_codes(name, value, measure, book.catalog)
    return where


def _read_codes(name: str, value: str, measure: Measure, catalog: Catalog) -> str:
    """Returns one code, or several with commas in their declared order: their numbers are added."""
    refuse_operator(name, value)
    found = {_read_code(name, each.strip(), measure, catalog) for each in value.split(",")}
    if TOTAL in found and len(found) > 1:
        raise UsageError(
            Worded("%(dimension)s takes the total or parts of it, not both.", dimension=name),
            [("fix", Worded("leave %(part)s out", part=TOTAL))],
        )
    declared = [each.code for each in catalog.codes[code_list_of(catalog.tables[measure.table], name)].codes]
    return ",".join(sorted(found, key=lambda code: declared.index(code) if code in declared else -1))


def _read_code(dimension: str, value: str, measure: Measure, catalog: Catalog) -> str:
    codes = catalog.codes[code_list_of(catalog.tables[measure.table], dimension)]
    spelled = {
        spelling.casefold(): code for spelling, code in codes.by_spelling().items() if code is not None
    }
    spelled |= {each.label.en.casefold(): each.code for each in codes.codes}
    spelled[TOTAL] = TOTAL
    found = spelled.get(value.casefold())
    if found is None:
        names = [each.code for each in codes.codes]
        facts = [("choose from", ", ".join(nearest_names(value, names) or names))]
        raise UnknownNameError(dimension, value, [*names, *(each.label.en for each in codes.codes)], facts)
    return found


def _refuse_contradiction(measure: Measure, split: _Split, where: Mapping[str, str]) -> None:
    twice = [each for each in split.dimensions if each in where]
    if twice:
        raise UsageError(
            Worded("The question is both limited to %(dimension)s and split by it.", dimension=twice[0]),
            [("fix", Worded("leave one of them out"))],
        )
    counted = {name for reading in measure.readings() for name in measure.chosen(reading, "numerator")}
    counted |= set(measure.counts)
    forked = {name for reading in measure.readings() for name in measure.chosen(reading, "column")}
    for name in (*split.dimensions, *where):
        if name in counted:
            raise UsageError(
                Worded(
                    "%(measure)s itself says which %(dimension)s it counts.",
                    measure=measure.measure,
                    dimension=name,
                ),
                [
                    (
                        "fix",
                        Worded(
                            "leave %(dimension)s out, or ask a measure that counts everyone", dimension=name
                        ),
                    )
                ],
            )
        if name in forked:
            raise UsageError(
                Worded(
                    "%(measure)s chooses %(dimension)s by a fork.", measure=measure.measure, dimension=name
                ),
                [("fix", Worded("give --reading instead of %(dimension)s", dimension=name))],
            )


def _stand(figures: Sequence[MeasuredFigure], split: _Split) -> list[MeasuredFigure]:
    if "release" in split.spans:
        return list(figures)
    span = next((each for each in (MONTH, "through_date", "fiscal_year") if each in split.spans), "latest")
    return standing_prints(figures, span)


def _order(each: MeasuredFigure, measure: Measure, catalog: Catalog) -> tuple[Any, ...]:
    table = catalog.tables[measure.table]
    positions = []
    for name, code in each.breakdown.items():
        declared = [one.code for one in catalog.codes[code_list_of(table, name)].codes]
        positions.append(declared.index(code) if code in declared else len(declared))
    return (
        each.through_date,
        each.period_start,
        each.release.published_from or each.through_date,
        each.release.release,
        sorted(each.reading.items()),
        positions,
    )
