"""Differences between two groups of individual records, with bounds that hold for both groups at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from recount.declare.interval import Interval
from recount.errors import UsageError, Worded
from recount.measure.event_bounds import WHYS, Measured, Tally
from recount.measure.event_conditions import (
    TIMES,
    ConditionReader,
    ContradictionError,
    join_conditions,
)
from recount.measure.event_counts import count_readings
from recount.measure.event_question import EventAsked
from recount.measure.period_sides import other_side
from recount.measure.questions import Question

if TYPE_CHECKING:
    from recount.measure.event_answer import EventAnswer, EventRow
    from recount.measure.event_book import EventBook

RowKey = tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, str | None], ...]]
"""A release, a reading, and the parts of a row."""


def both_sides(question: Question, book: EventBook) -> tuple[EventAnswer, EventAnswer]:
    """Returns the answers to the two sides of a comparison.

    Raises:
        UsageError: where a row could stand on both sides, or the measure tells times.
    """
    measure = book.measure(question.measure)
    compared = dict(question.compare_with or {})
    if measure.kind == "duration":
        raise UsageError(
            Worded("%(measure)s tells times, which are not subtracted.", measure=measure.measure),
            [("fix", Worded("ask both sides one after the other"))],
        )
    split = set(question.by or ()) & set(compared)
    if set(compared) & set(TIMES):
        split |= set(question.by or ()) & set(TIMES)
    if split:
        raise UsageError(
            Worded(
                "Two sides that differ in %(dimensions)s are not split by %(others)s.",
                dimensions=", ".join(compared),
                others=", ".join(sorted(split)),
            ),
            [("fix", Worded("leave it out of --by"))],
        )
    first = dataclasses.replace(question, compare_with=None)
    second = dataclasses.replace(first, where=other_side(question.where, compared))
    answers = book.answer(first), book.answer(second)
    reader = ConditionReader(measure, book.catalog.events, book.texts_of(question), book.administrations)
    try:
        reader.read(join_conditions([*first.where.items(), *second.where.items()]))
    except ContradictionError:
        return answers
    names = ", ".join(compared)
    raise UsageError(
        Worded("A row could stand on both sides of the comparison."),
        [
            (
                "fix",
                Worded(
                    "give %(names)s in --where and in --compare-with, so that no row is of both", names=names
                ),
            )
        ],
    )


def joint_unknown(
    book: EventBook, question: Question, first: EventAnswer, second: EventAnswer
) -> Mapping[RowKey, int]:
    """Returns, by row, the rows that may be on either side and may be counted or not: each can be on one alone."""
    if first.measure.kind != "share":
        return {}
    compared = set(question.compare_with or {})
    others = tuple(each for each in second.asked.where if each.name in compared)
    asked: EventAsked = dataclasses.replace(first.asked, where=(*first.asked.where, *others))
    found: dict[RowKey, int] = {}
    for counted in count_readings(book, asked, book.parts_out(question)):
        for row in counted.rows(_count_unknown):
            found[key_of(row)] = row.cell.measured.numerator
    return found


def key_of(row: EventRow) -> RowKey:
    """Returns what pairs the rows of two sides."""
    return row.release.release, tuple(sorted(row.reading.items())), tuple(sorted(row.breakdown.items()))


def is_uncovered(row: EventRow) -> bool:
    """Returns whether its release covers no day of the span that a row is asked of: its count says nothing."""
    return row.start is not None and row.through is not None and row.start > row.through


def difference_bounds(first: Measured, second: Measured, joint: int) -> Interval | None:
    """Returns the lowest and the highest difference over all ways in which missing codes could fall.

    No row is on both sides, so that a count is highest on one side while it is lowest on the other. Of shares the
    two sides compete for the rows that may be on either and may be counted or not (`joint`): each is put where it
    moves the difference most. Where a side may be empty the bounds can be wider than need be.
    """
    if first.bounds is None or second.bounds is None:
        return None
    lows, highs = (first.bounds.low, second.bounds.low), (first.bounds.high, second.bounds.high)
    if lows[0] is None or lows[1] is None or highs[0] is None or highs[1] is None:
        return None
    if first.tally is None or second.tally is None or first.denominator is None or not joint:
        return Interval(lows[0] - highs[1], highs[0] - lows[1])
    high = _highest(first.tally, second.tally, joint)
    low = _highest(second.tally, first.tally, joint)
    return Interval(lows[0] - highs[1] if low is None else -low, highs[0] - lows[1] if high is None else high)


def _highest(one: Tally, other: Tally, joint: int) -> Fraction | None:
    """Returns the most by which a share can exceed another, `None` where one of the two may be empty."""
    counted = one["yes", "yes"] + one["yes", "unknown"] + one["unknown", "yes"]
    counted += one["unknown", "unknown"] - joint
    rest = one["yes", "no"]
    low = other["yes", "yes"]
    below = other["yes", "no"] + other["yes", "unknown"] + other["unknown", "no"]
    below += other["unknown", "unknown"]
    if counted + rest == 0 or low + below - joint <= 0:
        return None

    def difference(given: int) -> Fraction:
        return Fraction(counted + given, counted + given + rest) - Fraction(low, low + below - given)

    return difference(_peak(difference, joint))


def _peak(value: Callable[[int], Fraction], last: int) -> int:
    """Returns where a function that rises and then falls is highest, from 0 to `last`."""
    first = 0
    while first < last:
        middle = (first + last) // 2
        if value(middle + 1) > value(middle):
            first = middle + 1
        else:
            last = middle
    return first


def _count_unknown(tally: Tally) -> Measured:
    none: dict[Any, int] = dict.fromkeys(WHYS, 0)
    return Measured(tally["unknown", "unknown"], None, None, none)
