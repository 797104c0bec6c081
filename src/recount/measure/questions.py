"""A question to the record, its answer, and both as values."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from recount import settings
from recount.declare.measures import Caveat, Measure
from recount.errors import UnknownNameError, UsageError, Worded
from recount.measure.figures import Absent, MeasuredFigure
from recount.measure.places import Place
from recount.measure.receipt import Receipt, define_measures, define_rate, make_receipt

if TYPE_CHECKING:
    from recount.declare.denominators import Denominator
    from recount.measure.prints import PrintBook

Per = Literal["row", "column", "total"]
"""What parts of a count are shares of: all parts beside them, all under the same last part, or everything."""
PERS: tuple[Per, ...] = ("row", "column", "total")


@dataclass(frozen=True)
class Question:
    """What is asked.

    `by` splits the answer: by release every print is given; by through_date the print that stands for
    each date; without either, the latest one that stands. By a kind of place, every place of that kind
    (within the state of `where`). By reading, every reading; otherwise the default, or `reading`.
    `by` left out means by release, or, with `as_known_on`, no split. Of a statistic, `where` and `by` take its
    dimensions too; by fiscal_year or month, the print that stands for each is given. `per` gives parts as
    shares of a row, a column or the total, or numbers per 100,000 of a declared denominator.
    `compare_with` names conditions that take the place of those of the same dimensions in `where`: what
    is asked is then the difference.
    """

    measure: str
    where: Mapping[str, str]
    by: tuple[str, ...] | None = None
    release: str | None = None
    as_known_on: datetime.date | None = None
    reading: Mapping[str, str] | None = None
    per: str | None = None
    compare_with: Mapping[str, str] | None = None


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
        "published_from": iso(each.release.published_from),
        "published_to": iso(each.release.published_to),
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
        "period": each.period,
        "period_start": iso(each.period_start),
        "fiscal_year": each.fiscal_year,
        "breakdown": dict(each.breakdown),
        "whole": each.whole,
        "part_of": None
        if each.share_of is None
        else {"numerator": each.numerator, "denominator": each.share_of},
        "flags": list(each.flags),
        **({} if each.rate is None else {"rate": each.rate.as_json()}),
        "cells": [
            {
                "file": cell.file,
                "sheet": cell.sheet,
                "row": cell.row,
                "column": cell.column,
                "text": cell.text,
            }
            for cell in each.cells
        ],
    }


def iso(date: datetime.date | None) -> str | None:
    """Returns a date as YYYY-MM-DD, `None` where there is none."""
    return None if date is None else date.isoformat()


def result_of(each: MeasuredFigure) -> list[Any]:
    """Returns what a receipt holds of a figure: where, when, who, how read, and the integers.

    Of a statistic, also the first day of its span, the codes that it is split by, and the flags on it.
    """
    result: list[Any] = [
        each.place_code,
        each.through_date.isoformat(),
        each.release.release,
        dict(sorted(each.reading.items())),
        each.numerator,
        each.denominator,
        each.interval.as_json() if each.numerator is None else None,
    ]
    if each.period != "cumulative":
        result += [iso(each.period_start), dict(sorted(each.breakdown.items())), list(each.flags)]
    if each.share_of is not None:
        result.append({"share_of": each.share_of})
    if each.rate is not None:
        result.append(each.rate.result())
    return result


def releases_out(question: Question, book: PrintBook) -> dict[str, str]:
    """Returns whether each release that a question asks was out on its day: `out`, `perhaps`, or `not_out`."""
    return {
        name: "out" if question.as_known_on is None else each.out_by(question.as_known_on)
        for name, each in book.record.releases.items()
        if question.release in (None, name)
    }


@dataclass(frozen=True)
class Asked:
    """A question as it was understood: of which measure and place, split by what, in which readings."""

    question: Question
    measure: Measure
    place: Place
    where: Mapping[str, str]
    by: tuple[str, ...]
    readings: Sequence[Mapping[str, str]]

    def answer(
        self,
        figures: Sequence[MeasuredFigure],
        absent: Sequence[Absent],
        perhaps: Collection[str],
        book: PrintBook,
        denominator: Denominator | None = None,
    ) -> Answer:
        """Returns the answer with its receipt, and the caveats that speak of its figures' days."""
        written_out = {
            "ask": "measure",
            "measure": self.measure.measure,
            "where": dict(self.where),
            "by": list(self.by),
            "release": self.question.release,
            "as_known_on": iso(self.question.as_known_on),
            "readings": [dict(sorted(each.items())) for each in self.readings],
            **({} if self.question.per is None else {"per": self.question.per}),
        }
        used = [book.record.releases[name] for name in sorted({each.release.release for each in figures})]
        definition = define_measures([self.measure], book.catalog)
        if denominator is not None:
            definition = define_rate(definition, denominator)
        return Answer(
            question=written_out,
            measure=self.measure,
            place=self.place,
            by=self.by,
            figures=tuple(figures),
            absent=tuple(absent),
            perhaps_out=tuple(sorted(perhaps)),
            caveats=tuple(
                caveat
                for caveat in self.measure.caveats
                if not figures or any(caveat.speaks_of(each.through_date) for each in figures)
            ),
            readings=len(self.measure.readings()),
            receipt=make_receipt(written_out, definition, used, [result_of(each) for each in figures]),
        )


def chosen_readings(question: Question, measure: Measure, by: tuple[str, ...]) -> list[dict[str, str]]:
    """Returns the readings that a question asks: all when split by reading, else the default or the given.

    Raises:
        UnknownNameError: for a fork or an option that the measure does not have.
        UsageError: where it is split by reading and gives one.
    """
    if "reading" in by:
        if question.reading:
            raise UsageError(
                Worded("Either split by reading, or choose one."), [("fix", Worded("leave one of them out"))]
            )
        return measure.readings()
    chosen = dict(measure.readings()[0])
    forks = {each.fork: each for each in measure.forks}
    for fork, option in (question.reading or {}).items():
        if fork not in forks:
            raise UnknownNameError(Worded("fork of %(measure)s", measure=measure.measure), fork, forks)
        options = [each.option for each in forks[fork].options]
        if option not in options:
            raise UnknownNameError(
                Worded("option of %(fork)s", fork=fork),
                option,
                options,
                [("choose from", ", ".join(options))],
            )
        chosen[fork] = option
    return [chosen]


def read_date(text: datetime.date | str) -> datetime.date:
    """Returns a date written as YYYY-MM-DD.

    Raises:
        UsageError: where it is not one.
    """
    if isinstance(text, datetime.datetime):
        return text.date()
    if isinstance(text, datetime.date):
        return text
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError(text)
        return datetime.date.fromisoformat(text)
    except ValueError as malformed:
        raise UsageError(
            Worded("%(text)s is not a date.", text=repr(text)), [("fix", Worded("write it as 2011-08-01"))]
        ) from malformed
