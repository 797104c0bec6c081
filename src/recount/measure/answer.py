"""A question to the record, and its answer."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recount import settings
from recount.declare.measures import Caveat, Measure
from recount.errors import UnknownNameError, UsageError
from recount.measure.figures import Absent, MeasuredFigure, standing_by_date
from recount.measure.places import Place
from recount.measure.prints import PrintBook
from recount.measure.receipt import Receipt, define_measures, make_receipt

DIMENSIONS = ("release", "through_date", "reading", "country", "state", "jurisdiction")
_PLACES = ("country", "state", "jurisdiction")


@dataclass(frozen=True)
class Question:
    """What is asked.

    `by` splits the answer: by release every print is given; by through_date the print that stands for
    each date; without either, the latest one that stands. By a kind of place, every place of that kind
    (within the state of `where`). By reading, every reading; otherwise the default, or `reading`.
    `by` left out means by release, or, with `as_known_on`, no split.
    """

    measure: str
    where: Mapping[str, str]
    by: tuple[str, ...] | None = None
    release: str | None = None
    as_known_on: datetime.date | None = None
    reading: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Answer:
    """The figures that answer a question, what was absent, what to know, and the receipt."""

    question: Mapping[str, Any]
    measure: Measure
    place: Place
    by: tuple[str, ...]
    figures: tuple[MeasuredFigure, ...]
    absent: tuple[Absent, ...]
    perhaps_out: tuple[str, ...]
    caveats: tuple[Caveat, ...]
    readings: int
    receipt: Receipt

    def as_json(self) -> dict[str, Any]:
        """Returns the answer in the documented JSON schema."""
        return {
            "schema": settings.ANSWER_SCHEMA,
            "question": dict(self.question),
            "measure": {
                "name": self.measure.measure,
                "title": self.measure.title.model_dump(),
                "unit": self.measure.unit,
                "kind": self.measure.kind,
            },
            "rows": [figure_as_json(each) for each in self.figures],
            "absent": [
                {
                    "release": each.release,
                    "place_code": each.place_code,
                    "through_date": each.through_date.isoformat(),
                    "reading": dict(each.reading),
                    "missing_figures": list(each.missing),
                }
                for each in self.absent
            ],
            "releases_perhaps_out": list(self.perhaps_out),
            "caveats": [each.text.model_dump() for each in self.caveats],
            "receipt": self.receipt.as_json(),
        }


def figure_as_json(each: MeasuredFigure) -> dict[str, Any]:
    """Returns one figure as JSON values: integers, exact bounds, and where it stands."""
    share = None
    if each.kind == "share" and each.numerator is not None and each.denominator:
        share = each.numerator / each.denominator
    return {
        "place_kind": each.place_kind,
        "place_code": each.place_code,
        "place_name": each.place_name,
        "through_date": each.through_date.isoformat(),
        "through_precision": each.through_precision,
        "release": each.release.release,
        "authority": each.release.authority,
        "published_from": _iso(each.release.published_from),
        "published_to": _iso(each.release.published_to),
        "reading": dict(each.reading),
        "numerator": each.numerator,
        "denominator": each.denominator,
        "share": share,
        "bounds": each.interval.as_json(),
        "numerator_basis": each.numerator_basis,
        "denominator_basis": each.denominator_basis,
        "is_sum_over_jurisdictions": each.is_sum,
        "jurisdictions": each.jurisdictions,
        "left_out": list(each.left_out),
        "cells": [
            {"file": cell.file, "row": cell.row, "column": cell.column, "text": cell.text}
            for cell in each.cells
        ],
    }


def _iso(date: datetime.date | None) -> str | None:
    return None if date is None else date.isoformat()


def answer_question(question: Question, book: PrintBook) -> Answer:
    """Returns the answer to `question`.

    Raises:
        UnknownNameError: for an unknown measure, dimension, place, release, fork or option.
        UsageError: where dimensions contradict each other.
    """
    measure = book.catalog.measure(question.measure)
    by = _dimensions(question)
    readings = _readings(question, measure, by)
    place = book.places.find(question.where)
    releases = book.record.releases
    if question.release is not None and question.release not in releases:
        raise UnknownNameError("release", question.release, releases, [("list", "recount list sources")])
    out = {
        name: "out" if question.as_known_on is None else each.out_by(question.as_known_on)
        for name, each in releases.items()
        if question.release in (None, name)
    }
    figures: list[MeasuredFigure] = []
    absent: list[Absent] = []
    perhaps: set[str] = set()
    for each in _asked_places(place, by, question, book, measure.table):
        found, lacking = book.measure(measure, each, readings)
        perhaps |= {one.release.release for one in found if out.get(one.release.release) == "perhaps"}
        figures += _split([one for one in found if out.get(one.release.release) == "out"], by)
        absent += [one for one in lacking if out.get(one.release) == "out"]
    figures.sort(key=_order)
    written_out = {
        "ask": "measure",
        "measure": measure.measure,
        "where": {place.kind: place.code},
        "by": list(by),
        "release": question.release,
        "as_known_on": _iso(question.as_known_on),
        "readings": [dict(sorted(each.items())) for each in readings],
    }
    used = [releases[name] for name in sorted({each.release.release for each in figures})]
    receipt = make_receipt(
        written_out, define_measures([measure], book.catalog), used, [result_of(each) for each in figures]
    )
    shown = tuple(
        caveat
        for caveat in measure.caveats
        if not figures or any(caveat.speaks_of(each.through_date) for each in figures)
    )
    return Answer(
        question=written_out,
        measure=measure,
        place=place,
        by=by,
        figures=tuple(figures),
        absent=tuple(absent) if place.kind in ("jurisdiction", *by) or not set(by) & set(_PLACES) else (),
        perhaps_out=tuple(sorted(perhaps)),
        caveats=shown,
        readings=len(measure.readings()),
        receipt=receipt,
    )


def result_of(each: MeasuredFigure) -> list[Any]:
    """Returns what a receipt holds of a figure: where, when, who, how read, and the integers."""
    return [
        each.place_code,
        each.through_date.isoformat(),
        each.release.release,
        dict(sorted(each.reading.items())),
        each.numerator,
        each.denominator,
        each.interval.as_json() if each.numerator is None else None,
    ]


def _dimensions(question: Question) -> tuple[str, ...]:
    if question.by is None:
        return ("release",) if question.as_known_on is None else ()
    for each in question.by:
        if each not in DIMENSIONS:
            raise UnknownNameError("dimension", each, DIMENSIONS, [("choose from", ", ".join(DIMENSIONS))])
    if len(set(question.by)) != len(question.by):
        raise UsageError("A dimension is given twice.", [("given", ", ".join(question.by))])
    places = [each for each in question.by if each in _PLACES]
    if len(places) > 1:
        raise UsageError("Split by one kind of place.", [("given", ", ".join(places))])
    return tuple(sorted(question.by, key=DIMENSIONS.index))


def _readings(question: Question, measure: Measure, by: tuple[str, ...]) -> list[dict[str, str]]:
    if "reading" in by:
        if question.reading:
            raise UsageError("Either split by reading, or choose one.", [("fix", "leave one of them out")])
        return measure.readings()
    chosen = dict(measure.readings()[0])
    forks = {each.fork: each for each in measure.forks}
    for fork, option in (question.reading or {}).items():
        if fork not in forks:
            raise UnknownNameError(f"fork of {measure.measure}", fork, forks)
        options = [each.option for each in forks[fork].options]
        if option not in options:
            raise UnknownNameError(
                f"option of {fork}", option, options, [("choose from", ", ".join(options))]
            )
        chosen[fork] = option
    return [chosen]


def _asked_places(
    place: Place, by: tuple[str, ...], question: Question, book: PrintBook, table: str
) -> list[Place]:
    split = next((each for each in by if each in _PLACES), None)
    if split is None or split == place.kind:
        if split is None or question.where:
            return [place]
        return book.places.of_kind(split)
    if _PLACES.index(split) < _PLACES.index(place.kind):
        raise UsageError(
            f"A {place.kind} cannot be split by {split}.",
            [("fix", f"leave out --by {split}, or name a larger place")],
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
        _PLACES.index(each.place_kind),
        each.place_code,
        each.through_date,
        each.release.release,
        each.is_sum,
        list(each.reading.items()),
    )
