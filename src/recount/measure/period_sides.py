"""Periods as sides of a comparison: which conditions a side has, and printed figures of a period as a whole."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from recount.declare.fiscal_years import fiscal_year_of, month_end
from recount.declare.interval import Interval
from recount.declare.measures import Measure
from recount.errors import UsageError, Worded
from recount.measure.answer import Answer, answer_question
from recount.measure.event_conditions import TIMES, ContradictionError, refuse_contradicting_times
from recount.measure.figure_limits import TimeLimits, denominator_of, divide, split_where
from recount.measure.figure_rates import MONTHS, is_cut_short
from recount.measure.figures import Absent, MeasuredFigure
from recount.measure.questions import Question
from recount.measure.statistics import MONTH

if TYPE_CHECKING:
    from recount.measure.prints import PrintBook

_DECEMBER = 12
_OF_SPANS = {"fiscal_year_to_date": ("fiscal_year", "date"), "month": ("date",)}
"""The kinds of printed counts of a span of time, and the periods whose figure is printed as such.

By a date the figure is asked whose last counted day it is. Every other period is one of whole months.
"""


def other_side(where: Mapping[str, str], compared: Mapping[str, str]) -> dict[str, str]:
    """Returns the conditions of the second side: what it is compared with, and those of the first that it leaves.

    A condition takes the place of that on the same dimension, and a period takes the place of every period.
    """
    is_timed = bool(set(compared) & set(TIMES))
    kept = {name: text for name, text in where.items() if not (is_timed and name in TIMES)}
    return {**kept, **compared}


def are_apart(here: Mapping[str, str], there: Mapping[str, str], book: PrintBook) -> bool:
    """Returns whether two sides name periods that have no day in common."""
    sides = [split_where(each, book.catalog)[0].conditions for each in (here, there)]
    if not all(sides):
        return False
    try:
        refuse_contradicting_times([*sides[0], *sides[1]])
    except ContradictionError:
        return True
    return False


def answer_side(question: Question, book: PrintBook) -> Answer:
    """Returns the answer to one side, its figures those of the whole period that it names.

    What is held on a day, or counted from the beginning of a program, is the latest figure within the period. Of a
    count of events the figure is that of the fiscal year, or of the months of the period added: each month by the
    print that stands for it, and none where one is not printed, or another than the last is cut short.

    Raises:
        UsageError: where the measure is printed for no such period, or averages would be added.
    """
    measure = book.catalog.measure(question.measure)
    kinds = [each for each in TIMES if each in question.where]
    printed = _OF_SPANS.get(measure.period) if measure.statistic is not None else None
    if printed is None or not kinds or all(each in printed for each in kinds):
        return answer_question(question, book)
    if not measure.by_month:
        raise UsageError(
            Worded(
                "%(measure)s counts from 1 October on, and no other period of it is printed.",
                measure=measure.measure,
            ),
            [("fix", Worded("name fiscal years, or by date the day through which it counts"))],
        )
    months = _months(split_where(question.where, book.catalog)[0], measure)
    by = question.by or ()
    found = answer_question(replace(question, by=(*by, MONTH), per=None), book)
    figures = list(_added(found.figures, months))
    absent = () if figures else tuple(_lacking(found.figures, months, measure, book))
    denominator = denominator_of(question, book.catalog)
    divided = divide(figures, denominator, measure, question, book)
    plain = answer_question(replace(question, where=_without_times(question.where)), book)
    written_out = {**plain.question, "where": found.question["where"]}
    return replace(
        found,
        question=written_out,
        by=plain.by,
        figures=tuple(divided),
        absent=absent,
        receipt=replace(
            found.receipt, body={**found.receipt.body, "definition": plain.receipt.body["definition"]}
        ),
    )


def _without_times(where: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in where.items() if name not in TIMES}


def _months(limits: TimeLimits, measure: Measure) -> list[datetime.date]:
    """Returns the first days of the months that conditions on time name together."""
    named: set[datetime.date] | None = None
    for condition in limits.conditions:
        own: set[datetime.date] = set()
        for start, end in condition.spans:
            is_open = start == datetime.date.min or end == datetime.date.max
            if is_open or start.day != 1 or end.day != 1:
                raise UsageError(
                    Worded(
                        "%(measure)s is printed by month, and a side is one of whole months.",
                        measure=measure.measure,
                    ),
                    [
                        (
                            "fix",
                            "month=2024-03, month=2024-01..2024-03, quarter=2024-Q1, calendar_year=2024, "
                            "fiscal_year=2024",
                        )
                    ],
                )
            own |= set(_months_between(start, end))
        named = own if named is None else named & own
    months = sorted(named or ())
    if len(months) > 1 and measure.kind != "count":
        raise UsageError(
            Worded(
                "%(measure)s is an average, and averages of months are not added.", measure=measure.measure
            ),
            [("fix", Worded("name one month, or a fiscal year"))],
        )
    return months


def _months_between(start: datetime.date, end: datetime.date) -> Iterator[datetime.date]:
    while start < end:
        yield start
        start = datetime.date(start.year + start.month // _DECEMBER, start.month % _DECEMBER + 1, 1)


def _added(figures: Sequence[MeasuredFigure], months: Sequence[datetime.date]) -> Iterator[MeasuredFigure]:
    """Yields the months added, by reading and part; nothing of what lacks a month."""
    parts: dict[tuple[Any, ...], dict[datetime.date | None, MeasuredFigure]] = {}
    for each in figures:
        key = (tuple(sorted(each.reading.items())), tuple(each.breakdown.items()))
        parts.setdefault(key, {})[each.period_start] = each
    for own in parts.values():
        held = [own[each] for each in months if each in own]
        if len(held) < len(months) or any(is_cut_short(each) for each in held[:-1]):
            continue
        if len(held) == 1:
            yield held[0]
            continue
        numbers = [each.numerator for each in held if each.numerator is not None]
        if len(numbers) < len(held):
            continue
        last, total = held[-1], sum(numbers)
        yield replace(
            last,
            numerator=total,
            interval=Interval.point(total),
            numerator_basis="sum",
            counts=tuple((name, total) for name, _ in last.counts),
            cells=tuple(cell for each in held for cell in each.cells),
            period=MONTHS,
            period_start=held[0].period_start,
            flags=tuple(sorted({flag for each in held for flag in each.flags})),
            is_doubtful=any(each.is_doubtful for each in held),
            whole=None,
        )


def _lacking(
    figures: Sequence[MeasuredFigure], months: Sequence[datetime.date], measure: Measure, book: PrintBook
) -> Iterator[Absent]:
    """Yields the months that no release prints, or another than the last only in part, by the print nearest to them."""
    printed = {each.period_start: each for each in figures}
    prints = book.statistics.prints(measure, measure.period)
    for month in months:
        found = printed.get(month)
        if found is not None and (month == months[-1] or not is_cut_short(found)):
            continue
        year = fiscal_year_of(month)
        own = [each for each in prints if each.fiscal_year == year] or prints
        last = max(own, key=lambda each: (each.through, each.release))
        through = month_end(month.year, month.month)
        name = f"{MONTH}={month:%Y-%m}"
        yield Absent(last.release, "US", through, measure.readings()[0], (name,))
