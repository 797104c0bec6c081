"""The answer to a question: one measure of one or more places."""

from __future__ import annotations

from typing import Any

from recount.declare.claims import PLACE_DIMENSIONS
from recount.errors import UnknownNameError, UsageError, Worded
from recount.measure.figure_limits import (
    denominator_of,
    divide,
    give_shares,
    refuse_operator,
    split_where,
)
from recount.measure.figures import Absent, MeasuredFigure, standing_by_date
from recount.measure.places import Place
from recount.measure.prints import PrintBook
from recount.measure.questions import (
    Answer,
    Asked,
    Question,
    chosen_readings,
    figure_as_json,
    releases_out,
    result_of,
)
from recount.measure.statistic_answer import answer_statistic

__all__ = ["DIMENSIONS", "Answer", "Question", "answer_question", "figure_as_json", "result_of"]

DIMENSIONS = ("release", "through_date", "reading", "country", "state", "jurisdiction")


def answer_question(question: Question, book: PrintBook) -> Answer:
    """Returns the answer to `question`.

    Raises:
        UnknownNameError: for an unknown measure, dimension, place, release, fork or option.
        UsageError: where dimensions contradict each other.
    """
    measure = book.catalog.measure(question.measure)
    if measure.statistic is not None:
        return answer_statistic(question, measure, book)
    by = _dimensions(question)
    readings = chosen_readings(question, measure, by)
    times, where = split_where(question.where, book.catalog)
    for name, text in where.items():
        refuse_operator(name, text)
    place = book.places.find(where)
    denominator = denominator_of(question, book.catalog)
    give_shares((), question.per, (), measure.kind)
    releases = book.record.releases
    if question.release is not None and question.release not in releases:
        raise UnknownNameError("release", question.release, releases, [("list", "recount list sources")])
    out = releases_out(question, book)
    figures: list[MeasuredFigure] = []
    absent: list[Absent] = []
    perhaps: set[str] = set()
    for each in _asked_places(place, by, question, book, measure.table):
        found, lacking = book.measure(measure, each, readings)
        found = times.take(found)
        perhaps |= {one.release.release for one in found if out.get(one.release.release) == "perhaps"}
        figures += _split([one for one in found if out.get(one.release.release) == "out"], by)
        absent += [one for one in lacking if out.get(one.release) == "out"]
    figures = divide(sorted(figures, key=_order), denominator, measure, question, book)
    names_absent = place.kind in ("jurisdiction", *by) or not set(by) & set(PLACE_DIMENSIONS)
    written_out = {place.kind: place.code, **times.written_out}
    asked = Asked(question, measure, place, written_out, by, readings)
    return asked.answer(figures, absent if names_absent else (), perhaps, book, denominator)


def _dimensions(question: Question) -> tuple[str, ...]:
    if question.by is None:
        return ("release",) if question.as_known_on is None else ()
    for each in question.by:
        if each not in DIMENSIONS:
            raise UnknownNameError("dimension", each, DIMENSIONS, [("choose from", ", ".join(DIMENSIONS))])
    if len(set(question.by)) != len(question.by):
        raise UsageError(Worded("A dimension is given twice."), [("given", ", ".join(question.by))])
    places = [each for each in question.by if each in PLACE_DIMENSIONS]
    if len(places) > 1:
        raise UsageError(Worded("Split by one kind of place."), [("given", ", ".join(places))])
    return tuple(sorted(question.by, key=DIMENSIONS.index))


def _asked_places(
    place: Place, by: tuple[str, ...], question: Question, book: PrintBook, table: str
) -> list[Place]:
    split = next((each for each in by if each in PLACE_DIMENSIONS), None)
    if split is None or split == place.kind:
        if split is None or set(question.where) & set(PLACE_DIMENSIONS):
            return [place]
        return book.places.of_kind(split)
    if PLACE_DIMENSIONS.index(split) < PLACE_DIMENSIONS.index(place.kind):
        raise UsageError(
            Worded("A %(kind)s cannot be split by %(split)s.", kind=place.kind, split=split),
            [("fix", Worded("leave out --by %(split)s, or name a larger place", split=split))],
        )
    if split == "jurisdiction":
        book.gather_jurisdictions(table)
    asked = book.places.of_kind(split)
    if place.kind == "state":
        fips = next(str(each.fips) for each in book.catalog.codes["states"].codes if each.code == place.code)
        asked = [each for each in asked if each.code.startswith(fips)]
    return asked


def _split(figures: list[MeasuredFigure], by: tuple[str, ...]) -> list[MeasuredFigure]:
    if "release" in by:
        return figures
    chosen: list[MeasuredFigure] = []
    for reading in {tuple(sorted(each.reading.items())): each.reading for each in figures}.values():
        standing = list(standing_by_date(each for each in figures if each.reading == reading).values())
        chosen += standing if "through_date" in by else standing[-1:]
    return chosen


def _order(each: MeasuredFigure) -> tuple[Any, ...]:
    return (
        PLACE_DIMENSIONS.index(each.place_kind),
        each.place_code,
        each.through_date,
        each.release.release,
        each.is_sum,
        list(each.reading.items()),
    )
