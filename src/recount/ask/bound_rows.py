"""Bounds laid out where they are asked: the lowest and the highest, and what is missing, also where nothing is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recount.ask.layout import Note
from recount.claim.words import Words
from recount.measure.event_answer import EventAnswer, EventRow
from recount.measure.event_bounds import WHYS, Why


def unbounded(answer: EventAnswer, words: Words, always_bounded: bool) -> Iterator[Note]:
    """Yields, where bounds are asked of a measure that has none, that what is missing stands beside."""
    if always_bounded and answer.rows and answer.measure.kind in ("duration", "population"):
        yield Note(words.say("sentence_no_bounds"), mark="–")


def reasons_of(rows: Sequence[EventRow], always_bounded: bool) -> list[Why]:
    """Returns the reasons why rows are undecided that have a column: those that occur, or all."""
    return [why for why in WHYS if always_bounded or any(each.cell.measured.undecided[why] for each in rows)]


def bound_cells(each: EventRow, words: Words, *, is_share: bool) -> list[str]:
    """Returns the lowest and the highest value; what gathers rows that do not say has none of its own."""
    bounds = each.cell.measured.bounds
    ends = (None, None) if bounds is None else (bounds.low, bounds.high)
    said = words.share if is_share else words.number
    return ["–" if end is None else said(end) for end in ends]
