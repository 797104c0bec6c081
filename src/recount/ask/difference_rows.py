"""A difference between two places or periods, laid out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from recount.ask import event_rows
from recount.ask.layout import Block, BlockMaker, Note, Shown, without_repeats
from recount.ask.row_labels import (
    RATE,
    conditions_of,
    difference_text,
    headings_of,
    kind_of,
    labels_of,
    lists_releases,
    notes_of,
    number_text,
    range_text,
    reading_text,
    title_with_rate,
    with_total,
)
from recount.claim.words import Words
from recount.measure.answer import Answer
from recount.measure.difference import Difference, DifferenceRow
from recount.measure.event_answer import EventAnswer, EventRow
from recount.measure.event_difference import is_uncovered
from recount.measure.figure_rates import MONTHS, is_cut_short
from recount.measure.figures import MeasuredFigure
from recount.measure.spread import Reached
from recount.measure.statistics import MONTH

_OPEN = {datetime.date.min, datetime.date.max}
_FIRST, _SECOND = "first", "second"
_TWO, _YEAR = 2, 12
_LACKING = f"{MONTH}="
_CALENDARS = 3
"""Months differ by so many days, quarters and years by fewer."""


def lay_out_difference(difference: Difference, words: Words) -> Shown:
    """Returns a line for each part: both sides, the difference, and what it could be."""
    if isinstance(difference.first, Answer):
        blocks = [_table(difference.rows, difference, words)] if difference.rows else []
    else:
        by_release = groupby(difference.rows, key=lambda each: each.first_row.release.release)
        blocks = [_table(list(rows), difference, words) for _, rows in by_release]
    kept = _together(notes_of(difference.first, words)[:-1], notes_of(difference.second, words)[:-1])
    other = conditions_of(difference.second, difference.question["compare_with"], words)
    return Shown(
        title=f"{title_with_rate(difference.first, words)}, less {other}",
        blocks=tuple(blocks),
        notes=(
            *_uncovered(difference, words),
            *_lacking(difference, words),
            *kept,
            Note(f"receipt {difference.receipt.short}"),
        ),
        nothing=None if difference.rows else "No release of this record can answer both sides.",
    )


def _together(first: Sequence[Note], second: Sequence[Note]) -> list[Note]:
    """Returns the notes of both sides, each once; what only the second says stands where it stands there."""
    kept = list(first)
    at = 0
    for each in second:
        if each not in kept:
            kept.insert(at, each)
        at = kept.index(each) + 1
    return kept


def _table(rows: Sequence[DifferenceRow], difference: Difference, words: Words) -> Block:
    answer, kind = difference.first, kind_of(difference.first, words)
    bounded = any(range_text(each.bounds, kind, words) for each in rows)
    readings = "reading" in difference.question["by"]
    table = BlockMaker()
    table.add_texts(*(headings_of(answer) or [""]))
    if readings:
        table.add_texts("reading")
    table.add_numbers(*_headings(answer, kind, words), "difference", *(["could be"] if bounded else []))
    if lists_releases(answer):
        table.add_texts("release")
    labels = without_repeats([with_total(labels_of(each.first_row, answer, words)) for each in rows])
    for each, shown in zip(rows, labels, strict=True):
        value = each.difference
        cells = [
            *shown,
            *([reading_text(each.first.reading, answer, words)] if readings else []),
            *_side(each.first, kind, words),
            *_side(each.second, kind, words),
            "–" if value is None else difference_text(value, kind, words),
        ]
        cells += [range_text(each.bounds, kind, words, signed=True)] if bounded else []
        cells += [each.first_row.release.release] if lists_releases(answer) else []
        is_total = isinstance(each.first_row, EventRow) and each.first_row.cell.kind == "total"
        table.add_line(cells, is_total=is_total and len(rows) > 1)
    sample = rows[0].first_row
    return table.block(event_rows.heading_of(sample) if isinstance(sample, EventRow) else ())


def _headings(answer: Answer | EventAnswer, kind: str, words: Words) -> list[str]:
    """Returns the headings of the two sides; of rates the integers stand beside each."""
    if kind != RATE:
        return ["first", "second"]
    unit, rate = answer.measure.unit, words.say("rate_heading")
    return [f"first, {unit}", rate, f"second, {unit}", rate]


def _side(side: Reached, kind: str, words: Words) -> list[str]:
    shown = number_text(side, kind, words)
    if kind != RATE:
        return [shown]
    return ["–" if side.numerator is None else words.number(side.numerator), shown]


def _uncovered(difference: Difference, words: Words) -> Iterator[Note]:
    """Yields where the two sides speak of other days than they are asked of, or of spans of other lengths."""
    yield from _spans_of_figures(difference, words)
    yield from _lengths_asked(difference, words)
    by_release = {each.first_row.release.release: each for each in difference.rows}
    for answer, side in ((difference.first, _FIRST), (difference.second, _SECOND)):
        if isinstance(answer, EventAnswer):
            yield from _covered(answer, by_release, side, words)


def _covered(
    answer: EventAnswer, rows: Mapping[str, DifferenceRow], side: str, words: Words
) -> Iterator[Note]:
    """Yields, for each release, which days of a side it covers, where it does not cover all of them."""
    asked = ", ".join(
        event_rows.say_condition(each, answer, words) for each in answer.asked.where if each.spans
    )
    for name, row in sorted(rows.items()):
        covered = row.first_covered if side == _FIRST else row.second_covered
        if covered is None:
            continue
        own = row.first_row if side == _FIRST else row.second_row
        if not covered:
            if isinstance(own, EventRow) and is_uncovered(own):
                # The answer to the side says so already.
                continue
            yield Note(f"{name}: no difference, since it covers no day of {asked}.", mark="–")
            continue
        spans = words.listing([f"from {words.date(first)} to {words.date(last)}" for first, last in covered])
        yield Note(
            f"{name} covers {asked} only {spans}: the two sides are not of equal spans.",
            mark="!",
            weight="warning",
        )


def _lacking(difference: Difference, words: Words) -> Iterator[Note]:
    """Yields the months of a period that no release prints, or prints in part only."""
    for answer in (difference.first, difference.second):
        if isinstance(answer, Answer) and not answer.figures:
            names = [
                name.removeprefix(_LACKING)
                for each in answer.absent
                for name in each.missing
                if _LACKING in name
            ]
            if names:
                yield Note(f"Not printed whole: {words.listing(names)}.", mark="–")


def _lengths_asked(difference: Difference, words: Words) -> Iterator[Note]:
    """Yields how many days the two sides are asked of, where they differ by more than calendars do."""
    sides = [
        [each.days for each in answer.asked.where if each.days is not None]
        for answer in (difference.first, difference.second)
        if isinstance(answer, EventAnswer)
    ]
    ends = {day for own in sides for days in own for day in days}
    if not difference.rows or not all(sides) or len(sides) < _TWO or ends & _OPEN:
        return
    first, second = ((min(end for _, end in own) - max(start for start, _ in own)).days for own in sides)
    if abs(first - second) > _CALENDARS:
        text = f"the first side is of {words.number(first)} days and the second of {words.number(second)}."
        yield Note(f"Spans of other lengths: {text}", mark="!", weight="warning")


def _said(figure: MeasuredFigure, words: Words) -> str:
    months = f", {words.number(_months_of(figure))} months added" if figure.period == MONTHS else ""
    return f"{words.counted_through(figure)}{months}"


def _months_of(figure: MeasuredFigure) -> int:
    start, end = figure.period_start or figure.through_date, figure.through_date
    return (end.year - start.year) * _YEAR + end.month - start.month + 1


def _are_unequal(first: MeasuredFigure, second: MeasuredFigure) -> bool:
    """Returns whether two figures count spans of other lengths; whole months count as one as long as another."""
    if "snapshot" in (first.period, second.period) or None in (first.period_start, second.period_start):
        return False
    whole = [each for each in (first, second) if each.period in (MONTH, MONTHS) and not is_cut_short(each)]
    if len(whole) == _TWO:
        return _months_of(first) != _months_of(second)
    lengths = [
        (each.through_date - (each.period_start or each.through_date)).days for each in (first, second)
    ]
    return abs(lengths[0] - lengths[1]) > 1


def _spans_of_figures(difference: Difference, words: Words) -> Iterator[Note]:
    """Yields which print stands on each side, and whether they count through spans of other lengths."""
    pairs = [
        (each.first_row, each.second_row)
        for each in difference.rows
        if isinstance(each.first_row, MeasuredFigure) and isinstance(each.second_row, MeasuredFigure)
    ]
    said: list[Note] = []
    for first, second in pairs:
        if first.through_date == second.through_date and first.release.release == second.release.release:
            continue
        unequal = _are_unequal(first, second)
        text = " · ".join(
            f"{side} {_said(each, words)}, {each.release.release}"
            for side, each in (("first", first), ("second", second))
        )
        note = Note(f"{text}: spans of other lengths.", "!", "warning") if unequal else Note(text)
        if note not in said:
            said.append(note)
    yield from said
