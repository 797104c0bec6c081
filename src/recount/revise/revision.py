"""Questions about one figure across releases, and their answers as values."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from recount.declare.fiscal_years import fiscal_year_of
from recount.declare.measures import Caveat, Measure
from recount.declare.triangles import load_triangles
from recount.errors import UsageError
from recount.measure.answer import answer_question
from recount.measure.figures import MeasuredFigure
from recount.measure.prints import PrintBook
from recount.measure.questions import Answer, Question, read_date, result_of
from recount.measure.receipt import Receipt, define_measures, make_receipt
from recount.measure.statistics import MONTH, dimensions_of
from recount.revise.history import (
    History,
    Parts,
    parts_of,
    reach_of,
    trace_histories,
    trace_history,
)
from recount.revise.intervals import (
    IntervalFigure,
    find_between,
    find_series,
    refuse_measure,
    weigh_restatement,
)
from recount.revise.lateness import Lateness, summarise_changes
from recount.revise.spans import (
    YEAR_TO_DATE,
    Span,
    name_asked,
    nearest_days,
    read_fiscal_year,
    read_span,
)
from recount.revise.triangle import Triangle, make_triangle

if TYPE_CHECKING:
    from recount.measure.event_book import EventBook

_SHOWN = 5


@dataclass(frozen=True)
class Basis:
    """What every answer rests on: the question with its defaults, and what to know beside the answer."""

    measure: Measure
    question: Mapping[str, Any]
    reading: Mapping[str, str]
    where: Mapping[str, str]
    perhaps_out: tuple[str, ...]
    not_printed_by: tuple[str, ...]
    caveats: tuple[Caveat, ...]
    receipt: Receipt


@dataclass(frozen=True)
class HistoryAnswer:
    """What each release printed of one span."""

    basis: Basis
    history: History


@dataclass(frozen=True)
class LatenessAnswer:
    """How much and how late a figure is restated, over all its spans."""

    basis: Basis
    lateness: Lateness


@dataclass(frozen=True)
class IntervalsAnswer:
    """Figures between dates, in order."""

    basis: Basis
    intervals: tuple[IntervalFigure, ...]


@dataclass(frozen=True)
class TriangleAnswer:
    """What each release printed of each span, the delays that this implies, and estimates, kept apart."""

    basis: Basis
    triangle: Triangle


@dataclass(frozen=True)
class Revision:
    """A question about one figure across releases; nothing is computed before it is asked.

    Example:
        >>> import recount
        >>> revision = recount.open().revise("removals_printed")
        >>> revision.between("2026-01-07", "2026-02-07").intervals[0].numerator
        44028
    """

    book: PrintBook
    measure: str
    where: Mapping[str, str] = field(default_factory=dict)
    reading: Mapping[str, str] = field(default_factory=dict)
    as_known_on: datetime.date | None = None

    @property
    def _doubtful(self) -> frozenset[str]:
        return frozenset(self.book.catalog.rules.restatement_doubtful_flags)

    def history(
        self,
        *,
        month: str | None = None,
        quarter: str | None = None,
        fiscal_year: int | str | None = None,
        on: datetime.date | str | None = None,
    ) -> HistoryAnswer:
        """Returns what each release printed of one span.

        Args:
            month: as 2025-11.
            quarter: of a fiscal year, as 2026-Q1.
            fiscal_year: the whole year, as its releases count it so far.
            on: a snapshot's day, or the last day that a figure so far counts.

        Raises:
            UnknownNameError: for an unknown measure, dimension, code, fork or option.
            UsageError: where the span cannot be asked, or no release prints it.
        """
        declared = self.book.catalog.measure(self.measure)
        span = read_span(declared, month=month, quarter=quarter, fiscal_year=fiscal_year, on=on)
        answer = self._ask(by_month=span.kind == "month")
        own = [each for each in answer.figures if _is_of(each, span)]
        if not own:
            self._refuse_span(answer, span)
        history = trace_history(span, own, reach_of(answer.figures), self._doubtful, self._parts(answer))
        results = [[*result_of(each.figure), each.how, each.is_whole] for each in history.rows]
        lacking = {each.release for each in answer.absent if _may_be_of(each.through_date, span)}
        return HistoryAnswer(self._basis(answer, {"span": span.as_json()}, own, results, lacking), history)

    def lateness(self) -> LatenessAnswer:
        """Returns how much and how late the figure is restated: by month, or by day where it has no months.

        Raises:
            UnknownNameError: for an unknown measure, dimension, code, fork or option.
        """
        declared = self.book.catalog.measure(self.measure)
        answer = self._ask(by_month=declared.by_month)
        lateness = summarise_changes(trace_histories(answer.figures, self._doubtful, self._parts(answer)))
        results = [
            [each.span.as_json(), each.prints, str(each.change), each.restatements, each.lag_days]
            for each in lateness.changes
        ]
        lacking = {each.release for each in answer.absent}
        return LatenessAnswer(self._basis(answer, {"span": None}, answer.figures, results, lacking), lateness)

    def triangle(self) -> TriangleAnswer:
        """Returns the figure by span and release, how late it was printed, and estimates of what may still come.

        By month, or by day where it has no months. Estimates are made of counts alone, stand apart from figures,
        and no verdict reads them.

        Example:
            >>> import recount
            >>> answer = recount.open().revise("book_ins").triangle()
            >>> [(each.days, each.periods) for each in answer.triangle.delays][-1]
            (365, 5)

        Raises:
            UnknownNameError: for an unknown measure, dimension, code, fork or option.
        """
        declared = self.book.catalog.measure(self.measure)
        answer = self._ask(by_month=declared.by_month)
        histories = trace_histories(answer.figures, self._doubtful, self._parts(answer))
        triangle = make_triangle(
            histories, load_triangles(self.book.catalog), estimates=declared.kind == "count"
        )
        results = [
            [each.span.as_json(), *result_of(each.row.figure), each.row.how, each.delay_days]
            for each in triangle.cells
        ]
        lacking = {each.release for each in answer.absent}
        asked = {"span": None, "triangle": list(triangle.days)}
        return TriangleAnswer(self._basis(answer, asked, answer.figures, results, lacking), triangle)

    def between(self, first: datetime.date | str, last: datetime.date | str) -> IntervalsAnswer:
        """Returns the figure between two days through which releases count a fiscal year so far.

        Raises:
            UnknownNameError: for an unknown measure, dimension, code, fork or option.
            UsageError: across fiscal years, for a day through which none counts, or a measure without such figures.
        """
        days = read_date(first), read_date(last)
        declared = self.book.catalog.measure(self.measure)
        refuse_measure(declared)
        answer = self._ask(by_month=False)
        found = find_between(answer.figures, declared, *days)
        return self._intervals(answer, {"between": [str(each) for each in days]}, [found])

    def intervals(self, fiscal_year: int | str) -> IntervalsAnswer:
        """Returns the figures between the consecutive days through which releases count a fiscal year.

        The first counts from 1 October, so that counts add up to the year so far.

        Raises:
            UnknownNameError: for an unknown measure, dimension, code, fork or option.
            UsageError: for a year that none prints, or a measure without such figures.
        """
        year = read_fiscal_year(fiscal_year)
        declared = self.book.catalog.measure(self.measure)
        refuse_measure(declared)
        answer = self._ask(by_month=False)
        return self._intervals(answer, {"intervals": year}, find_series(answer.figures, declared, year))

    def _ask(self, *, by_month: bool) -> Answer:
        declared = self.book.catalog.measure(self.measure)
        question = Question(
            measure=self.measure,
            where=self.where,
            by=("release", MONTH) if by_month and declared.by_month else ("release",),
            as_known_on=self.as_known_on,
            reading=self.reading or None,
        )
        return answer_question(question, self.book)

    def _parts(self, answer: Answer) -> Parts:
        measure = answer.measure
        if measure.statistic is None:
            return {}
        period = MONTH if MONTH in answer.by else measure.period
        dimensions = dimensions_of(self.book.catalog.tables[measure.table])
        return parts_of(self.book.statistics.prints(measure, period), dimensions)

    def _intervals(
        self, answer: Answer, asked: Mapping[str, Any], found: Sequence[IntervalFigure]
    ) -> IntervalsAnswer:
        used = [each.later for each in found] + [each.earlier for each in found if each.earlier is not None]
        results = [
            [
                each.first_day.isoformat(),
                each.later.through_date.isoformat(),
                None if each.earlier is None else each.earlier.release.release,
                each.later.release.release,
                each.numerator,
                each.denominator,
                None if each.value is None else str(each.value),
                None if each.error is None else each.error.as_json(),
                each.restated_before,
            ]
            for each in found
        ]
        histories: list[History] = []
        if answer.measure.by_month and answer.measure.kind == "count":
            by_month = self._ask(by_month=True)
            histories = trace_histories(by_month.figures, self._doubtful, self._parts(by_month))
        found = [weigh_restatement(each, histories, self._parts(answer)) for each in found]
        year = fiscal_year_of(found[-1].later.through_date)
        lacking = {each.release for each in answer.absent if fiscal_year_of(each.through_date) == year}
        return IntervalsAnswer(self._basis(answer, asked, used, results, lacking), tuple(found))

    def _basis(
        self,
        answer: Answer,
        asked: Mapping[str, Any],
        used: Sequence[MeasuredFigure],
        results: list[Any],
        lacking: set[str],
    ) -> Basis:
        question = {
            "ask": "revise",
            "measure": answer.measure.measure,
            "where": dict(answer.question["where"]),
            "as_known_on": answer.question["as_known_on"],
            "readings": answer.question["readings"],
            "doubtful": sorted(self._doubtful),
            **asked,
        }
        releases = {each.release.release: each.release for each in used}
        definition = define_measures([answer.measure], self.book.catalog)
        return Basis(
            measure=answer.measure,
            question=question,
            reading=dict(answer.question["readings"][0]),
            where=dict(answer.question["where"]),
            perhaps_out=answer.perhaps_out,
            not_printed_by=tuple(sorted(lacking - set(releases))),
            caveats=tuple(
                caveat
                for caveat in answer.caveats
                if any(caveat.speaks_of(each.through_date) for each in used)
            ),
            receipt=make_receipt(question, definition, releases.values(), results),
        )

    def _refuse_span(self, answer: Answer, span: Span) -> None:
        if span.kind == "fiscal_year":
            year = fiscal_year_of(span.end)
            known = {each.fiscal_year for each in answer.figures if each.fiscal_year is not None}
            near = sorted(sorted(known, key=lambda each: (abs(each - year), each))[:_SHOWN])
            asked, nearest = f"for fiscal year {year}", [str(each) for each in near]
        elif span.can_be_unfinished and span.start is not None:
            starts = {each.period_start for each in answer.figures if each.period_start is not None}
            asked = f"for the {span.kind} from {span.start}"
            nearest = [each.strftime("%Y-%m") for each in nearest_days(span.start, starts)]
            if span.kind == "month":
                asked = f"for {span.start:%Y-%m}"
        else:
            asked = f"{'on' if span.kind == 'day' else 'through'} {span.end}"
            nearest = list(map(str, nearest_days(span.end, {each.through_date for each in answer.figures})))
        known_on = "" if self.as_known_on is None else f" that was out on {self.as_known_on}"
        raise UsageError(
            f"No release{known_on} prints {self.measure} {asked}.",
            [("nearest", ", ".join(nearest) or "nothing: it is not printed at all under these conditions")],
        )


def ask_again(
    question: Mapping[str, Any], book: PrintBook, events: Callable[[], EventBook] | None = None
) -> Receipt:
    """Returns the receipt of the question that another receipt holds, asked of this record.

    Args:
        question: as the receipt holds it.
        book: the printed figures of the record.
        events: opens its individual records; without it none of them can be asked.

    Raises:
        UsageError: where it cannot be asked.
    """
    try:
        if events is not None and question["measure"] not in book.catalog.measures:
            from recount.revise.record_triangle import ask_records_again  # noqa: PLC0415  few receipts are of one

            return ask_records_again(question, events())
        as_known_on = question["as_known_on"]
        revision = Revision(
            book,
            question["measure"],
            question["where"],
            question["readings"][0],
            None if as_known_on is None else read_date(as_known_on),
        )
        if question.get("between") is not None:
            first, last = question["between"]
            return revision.between(first, last).basis.receipt
        if question.get("intervals") is not None:
            return revision.intervals(question["intervals"]).basis.receipt
        span = question["span"]
        if question.get("triangle") is not None:
            return revision.triangle().basis.receipt
        if span is None:
            return revision.lateness().basis.receipt
        name, value = name_asked(span["kind"], read_date(span["to"]))
        return revision.history(**{name: value}).basis.receipt
    except (KeyError, IndexError, TypeError, ValueError) as malformed:
        raise UsageError(
            "The receipt's question cannot be asked.", [("fix", "give the whole answer, as it was written")]
        ) from malformed


def _is_of(figure: MeasuredFigure, span: Span) -> bool:
    if span.kind in ("month", "quarter"):
        return figure.period_start == span.start and figure.period == span.kind
    if span.kind == "fiscal_year":
        return figure.period == YEAR_TO_DATE and figure.fiscal_year == fiscal_year_of(span.end)
    return figure.through_date == span.end


def _may_be_of(through: datetime.date, span: Span) -> bool:
    if span.can_be_unfinished and span.start is not None:
        return span.start <= through <= span.end
    return through == span.end
