"""The difference between two places or two periods: both answers, and what lies between them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from recount import settings
from recount.declare.interval import Interval
from recount.errors import UsageError, Worded
from recount.measure.answer import Answer, answer_question
from recount.measure.event_conditions import TIMES
from recount.measure.figures import MeasuredFigure
from recount.measure.period_sides import answer_side, are_apart, other_side
from recount.measure.prints import PrintBook
from recount.measure.questions import PERS, Question
from recount.measure.receipt import Receipt, make_receipt
from recount.measure.spread import Reached, reached

if TYPE_CHECKING:
    from recount.measure.event_answer import EventAnswer, EventRow
    from recount.measure.event_book import EventBook
    from recount.measure.event_spans import Span


NoDifference = Literal["not_covered"]


@dataclass(frozen=True)
class DifferenceRow:
    """What one part comes to on both sides. `difference` is first less second; `bounds` hold for both at once.

    `left_out_because` says why there is no difference although both sides have a number: the release covers no day
    of one of them. `first_covered` and `second_covered` are the days of a side that the release covers, first and last
    day each, where it does not cover all of them.
    """

    first_row: EventRow | MeasuredFigure
    second_row: EventRow | MeasuredFigure
    first: Reached
    second: Reached
    bounds: Interval | None
    left_out_because: NoDifference | None = None
    first_covered: tuple[Span, ...] | None = None
    second_covered: tuple[Span, ...] | None = None

    @property
    def difference(self) -> Fraction | None:
        """The value of the first side less that of the second."""
        if self.left_out_because is not None:
            return None
        if self.first.value is None or self.second.value is None:
            return None
        return self.first.value - self.second.value

    def as_json(self) -> dict[str, Any]:
        """Returns it as JSON values."""
        difference = self.difference
        return {
            "release": self.first_row.release.release,
            "other_release": self.second_row.release.release,
            "breakdown": dict(self.first_row.breakdown),
            "first": self.first.as_json(),
            "second": self.second.as_json(),
            "difference": None if difference is None else float(difference),
            "bounds": None if self.bounds is None else self.bounds.as_json(),
            **({} if self.left_out_because is None else {"left_out_because": self.left_out_because}),
        }

    def result(self) -> list[Any]:
        """Returns what a receipt holds of it."""
        return [
            [self.first_row.release.release, self.second_row.release.release],
            dict(sorted(self.first.reading.items())),
            dict(sorted(self.first_row.breakdown.items())),
            *([each.numerator, each.denominator] for each in (self.first, self.second)),
            None if self.bounds is None else self.bounds.as_json(),
            *(each.rate.result() for each in (self.first, self.second) if each.rate is not None),
        ]


@dataclass(frozen=True)
class Difference:
    """Two answers and their differences, row by row."""

    question: Mapping[str, Any]
    first: Answer | EventAnswer
    second: Answer | EventAnswer
    rows: tuple[DifferenceRow, ...]
    receipt: Receipt

    def as_json(self) -> dict[str, Any]:
        """Returns the difference in the documented JSON schema."""
        first = self.first.as_json()
        second = self.second.as_json()
        return {
            "schema": settings.ANSWER_SCHEMA,
            "question": dict(self.question),
            "measure": first["measure"],
            "differences": [each.as_json() for each in self.rows],
            "first": {"rows": first["rows"], "absent": first["absent"]},
            "second": {"rows": second["rows"], "absent": second["absent"]},
            "releases_perhaps_out": sorted({*self.first.perhaps_out, *self.second.perhaps_out}),
            "warnings": _without_repeats([*first.get("warnings", []), *second.get("warnings", [])]),
            "caveats": _without_repeats([*first["caveats"], *second["caveats"]]),
            "receipt": self.receipt.as_json(),
        }


def compare_answers(question: Question, book: PrintBook, events: EventBook | None = None) -> Difference:
    """Returns the difference between what a question asks and what it is compared with.

    Args:
        question: with `compare_with`.
        book: printed figures.
        events: individual records, where the measure counts those.

    Raises:
        UnknownNameError: as both questions by themselves.
        UsageError: where one row could stand on both sides, and where shares of rows are asked.
    """
    if question.per in PERS:
        raise UsageError(
            Worded("A difference is not a share of anything."), [("fix", Worded("leave --per out"))]
        )
    return _of_figures(question, book) if events is None else _of_records(question, events)


def _of_records(question: Question, events: EventBook) -> Difference:
    from recount.measure.event_difference import (  # noqa: PLC0415  it imports what only events need
        both_sides,
        difference_bounds,
        is_uncovered,
        joint_unknown,
        key_of,
    )

    first, second = both_sides(question, events)
    joint = joint_unknown(events, question, first, second)
    others = {key_of(each): each for each in second.rows if each.cell.kind in ("part", "total")}
    rows = []
    for row in first.rows:
        other = others.get(key_of(row)) if row.cell.kind in ("part", "total") else None
        if other is not None:
            here, there = reached(row), reached(other)
            bounds = (
                difference_bounds(row.cell.measured, other.cell.measured, joint.get(key_of(row), 0))
                if here.rate is None
                else bounds_apart(here.bounds, there.bounds)
            )
            days = [each.covered.get(row.release.release) for each in (first, second)]
            because: NoDifference | None = None
            if () in days or is_uncovered(row) or is_uncovered(other):
                bounds, because = None, "not_covered"
            rows.append(DifferenceRow(row, other, here, there, bounds, because, *days))
    return _put_together(question, first, second, rows)


def _of_figures(question: Question, book: PrintBook) -> Difference:
    compared = dict(question.compare_with or {})
    timed = bool(set(compared) & set(TIMES))
    by = () if question.by is None and timed else question.by
    split = set(by or ()) & set(compared)
    if timed:
        split |= {"fiscal_year", "month", "through_date", "release"} & set(by or ())
    if split:
        raise UsageError(
            Worded(
                "Two sides that differ in %(dimensions)s are not split by %(others)s.",
                dimensions=", ".join(compared),
                others=", ".join(sorted(split)),
            ),
            [("fix", Worded("leave it out of --by"))],
        )
    one = dataclasses.replace(question, compare_with=None, by=by)
    other = dataclasses.replace(one, where=other_side(question.where, compared))
    answer = answer_side if timed else answer_question
    first, second = answer(one, book), answer(other, book)
    _refuse_overlap(first, second, compared, book)
    others = {_figure_key(each, second): each for each in second.figures}
    rows = []
    for figure in first.figures:
        beside = others.get(_figure_key(figure, first))
        if beside is not None:
            here, there = reached(figure), reached(beside)
            rows.append(DifferenceRow(figure, beside, here, there, bounds_apart(here.bounds, there.bounds)))
    return _put_together(question, first, second, rows)


def _refuse_overlap(first: Answer, second: Answer, compared: Mapping[str, str], book: PrintBook) -> None:
    """Refuses two sides that have a code, a place or a span in common."""
    here, there = first.question["where"], second.question["where"]
    apart = [
        name
        for name in {*here, *there}
        if name not in TIMES
        and name in here
        and name in there
        and not set(str(here[name]).split(",")) & set(str(there[name]).split(","))
    ]
    is_timed = bool(set(compared) & set(TIMES))
    if is_timed and are_apart(here, there, book):
        return
    places = {first.place.code} != {second.place.code}
    in_common = [each for each in first.figures if any(each is one for one in second.figures)]
    if (not apart and not places) or in_common:
        names = ", ".join(compared)
        raise UsageError(
            Worded("The two sides of the comparison have something in common."),
            [("fix", Worded("give %(names)s in --where and in --compare-with, each another", names=names))],
        )


def _figure_key(figure: MeasuredFigure, answer: Answer) -> tuple[Any, ...]:
    by = answer.by
    return (
        tuple(sorted(figure.reading.items())),
        tuple(sorted(figure.breakdown.items())),
        (figure.release.release, figure.is_sum) if "release" in by else None,
        figure.through_date if {"release", "through_date"} & set(by) else None,
        figure.fiscal_year if "fiscal_year" in by else None,
        figure.period_start if "month" in by else None,
        figure.place_code if {"state", "jurisdiction"} & set(by) else None,
    )


def bounds_apart(first: Interval | None, second: Interval | None) -> Interval | None:
    """Returns the bounds of first less second: no row is on both sides, so one may be high while the other is low."""
    if first is None or second is None:
        return None
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return None
    return Interval(
        first.low - second.high,
        first.high - second.low,
        low_open=first.low_open or second.high_open,
        high_open=first.high_open or second.low_open,
    )


def _put_together(
    question: Question,
    first: Answer | EventAnswer,
    second: Answer | EventAnswer,
    rows: Sequence[DifferenceRow],
) -> Difference:
    names = question.compare_with or {}
    written_out = {
        **first.question,
        "compare_with": {name: text for name, text in second.question["where"].items() if name in names},
    }
    releases = {
        each["release"]: each for each in (*first.receipt.body["releases"], *second.receipt.body["releases"])
    }
    for each in second.receipt.body["releases"]:
        files = {*each["files"], *releases[each["release"]]["files"]}
        releases[each["release"]] = {"release": each["release"], "files": sorted(files)}
    receipt = make_receipt(
        written_out,
        first.receipt.body["definition"],
        [],
        [each.result() for each in rows],
        str(first.receipt.beside["engine"]),
        used=[releases[name] for name in sorted(releases)],
    )
    return Difference(written_out, first, second, tuple(rows), receipt)


def _without_repeats(values: Sequence[Any]) -> list[Any]:
    return [each for place, each in enumerate(values) if each not in values[:place]]
