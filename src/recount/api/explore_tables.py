"""The tables of Explore: an answer, its spread over readings or a difference, row by row, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import TypeVar

from recount.api.explore_address import PLACES
from recount.api.explore_event_tables import (
    caption_of,
    event_headings,
    event_labels,
    event_tables,
    heading_of_count,
    per_heading,
)
from recount.api.explore_rates import asked_denominator, cells_of_rate, headings_of_rate
from recount.api.explore_words import ExploreWords
from recount.ask import MeasureQuestion
from recount.ask.figure_rows import whole_of
from recount.ask.layout import Block, BlockMaker, Weight
from recount.ask.rate_rows import RatedRow
from recount.ask.row_labels import kind_of
from recount.chart.rates import integers_of
from recount.declare.event_measures import PERIODS
from recount.measure.answer import Answer
from recount.measure.difference import Difference, DifferenceRow
from recount.measure.event_answer import EventAnswer, EventRow
from recount.measure.figures import MeasuredFigure
from recount.measure.spread import Reached, Spread, SpreadRow, spread_answer
from recount.measure.statistics import TOTAL

AnyAnswer = Answer | EventAnswer
AnyRow = MeasuredFigure | EventRow
Row = TypeVar("Row", SpreadRow, DifferenceRow)
_FLAGGED = "*"
_SPANS = ("month", "fiscal_year", "through_date", "release")


def tables_of(question: MeasureQuestion, say: ExploreWords) -> list[Block]:
    """Returns the tables of what a question shows: of individual records one for each release."""
    if question.question.compare_with:
        difference = question.difference()
        return [_differences(rows, difference, say) for rows in _tables(difference.rows, difference.first)]
    if question.all_readings:
        spread = spread_of(question)
        return [_spreads(rows, spread, say) for rows in _tables(spread.rows, spread.answer)]
    answer = question.result()
    if isinstance(answer, Answer):
        return [_figures(answer, say)] if answer.figures else []
    return event_tables(answer, say)


def spread_of(question: MeasureQuestion) -> Spread:
    """Returns the spread of a question that asks every reading, from its answer, which is worked out once."""
    return spread_answer(question.result())


def labels_of(row: AnyRow, answer: AnyAnswer, say: ExploreWords) -> list[str]:
    """Returns what a row is of, a cell for each heading of `headings_of`."""
    if isinstance(row, EventRow) and isinstance(answer, EventAnswer):
        return event_labels(row, answer, say)
    if not isinstance(row, MeasuredFigure) or not isinstance(answer, Answer):
        return []
    labels = [_place(row, say)] if _has_places(answer) else []
    if _is_dated(answer):
        labels.append(say.span_of_figure(row, answer.by))
    return labels + [say.part(answer.measure, name, code) for name, code in row.breakdown.items()]


def rated_rows(answer: AnyAnswer, say: ExploreWords) -> list[RatedRow]:
    """Returns the rows that have a rate, or a reason why not, each with its span and its place in words."""
    if isinstance(answer, Answer):
        return [
            RatedRow(
                each.rate,
                each.release.release,
                say.span_of_figure(each, answer.by),
                _place(each, say),
                each.through_date,
            )
            for each in answer.figures
            if each.rate is not None
        ]
    places = [index for index, name in enumerate(answer.asked.by) if name not in PERIODS]
    found = []
    for row in answer.rows:
        if row.rate is None:
            continue
        labels = event_labels(row, answer, say) if row.cell.kind == "part" else []
        span = "" if row.period is None else say.period(row.period)
        place = " ".join(labels[index] for index in places if index < len(labels))
        found.append(RatedRow(row.rate, row.release.release, span, place, row.through))
    return found


def headings_of(answer: AnyAnswer, say: ExploreWords) -> list[str]:
    """Returns the headings of what splits an answer, beside readings and releases."""
    if isinstance(answer, EventAnswer):
        return event_headings(answer, say)
    places = [say.gettext("Place")] if _has_places(answer) else []
    spans = [_heading_of_span(answer, say)] if _is_dated(answer) else []
    return [*places, *spans, *(say.heading(each) for each in answer.measure.dimensions if each in answer.by)]


def _tables(rows: Sequence[Row], answer: AnyAnswer) -> Iterator[list[Row]]:
    if isinstance(answer, Answer):
        yield from [list(rows)] if rows else []
        return
    for _, own in groupby(rows, key=lambda each: _sample(each).release.release):
        yield list(own)


def _sample(row: SpreadRow | DifferenceRow) -> AnyRow:
    return row.sample if isinstance(row, SpreadRow) else row.first_row


def _spreads(rows: Sequence[SpreadRow], spread: Spread, say: ExploreWords) -> Block:
    answer, kind = spread.answer, kind_of(spread.answer, say.words)
    gettext, words = say.gettext, say.words
    bounded = any(say.bounds(each.bounds, kind) and _reaches_further(each) for each in rows)
    moved = any(each.moved_most_by for each in rows)
    few = any(each.answered < answer.readings for each in rows)
    table = BlockMaker()
    table.add_texts(*(headings_of(answer, say) or [""]))
    table.add_numbers(gettext("Lowest"), gettext("Default"), gettext("Highest"))
    table.add_texts(*([gettext("Moved most by")] if moved else []))
    table.add_numbers(*([gettext("Could be")] if bounded else []), *([gettext("Readings")] if few else []))
    if _lists_releases(answer):
        table.add_texts(say.heading("release"))
    labels = [labels_of(each.sample, answer, say) or [gettext("Total")] for each in rows]
    for each, shown in zip(rows, labels, strict=True):
        cells = [
            *shown,
            *(say.reached(one, kind) for one in (each.lowest, each.default, each.highest)),
        ]
        if moved:
            cells.append("–" if each.moved_most_by is None else say.fork(answer.measure, each.moved_most_by))
        cells += [say.bounds(each.bounds, kind)] if bounded else []
        cells += [words.number(each.answered)] if few else []
        cells += [each.sample.release.release] if _lists_releases(answer) else []
        table.add_line(cells, is_total=_is_total(each.sample) and len(rows) > 1)
    return table.block(caption_of(rows[0].sample, say))


def _reaches_further(row: SpreadRow) -> bool:
    """Returns whether bounds say more than the lowest and the highest reading do."""
    bounds = row.bounds
    return bounds is not None and (bounds.low, bounds.high) != (row.lowest.value, row.highest.value)


def _differences(rows: Sequence[DifferenceRow], difference: Difference, say: ExploreWords) -> Block:
    answer, kind = difference.first, kind_of(difference.first, say.words)
    bounded = any(say.bounds(each.bounds, kind) for each in rows)
    readings = "reading" in difference.question["by"]
    table = BlockMaker()
    table.add_texts(*(headings_of(answer, say) or [""]))
    if readings:
        table.add_texts(say.heading("reading"))
    first, second = sides_of(difference, say)
    table.add_numbers(
        first, second, say.gettext("Difference"), *([say.gettext("Could be")] if bounded else [])
    )
    if _lists_releases(answer):
        table.add_texts(say.heading("release"))
    labels = [labels_of(each.first_row, answer, say) or [say.gettext("Total")] for each in rows]
    for each, shown in zip(rows, labels, strict=True):
        value = each.difference
        cells = [
            *shown,
            *([say.reading(answer.measure, each.first.reading)] if readings else []),
            _side(each.first, kind, say),
            _side(each.second, kind, say),
            "–" if value is None else say.difference(value, kind),
        ]
        cells += [say.bounds(each.bounds, kind, signed=True)] if bounded else []
        cells += [each.first_row.release.release] if _lists_releases(answer) else []
        table.add_line(cells, is_total=_is_total(each.first_row) and len(rows) > 1)
    return table.block(caption_of(rows[0].first_row, say))


def _side(side: Reached, kind: str, say: ExploreWords) -> str:
    """Returns what one side comes to; a rate with the two numbers behind it."""
    shown = say.reached(side, kind)
    integers = "" if side.rate is None else integers_of(side.rate, say.words)
    return f"{shown} ({integers})" if integers else shown


def sides_of(difference: Difference, say: ExploreWords) -> tuple[str, str]:
    """Returns what stands on each side of a difference, in words."""
    measure = difference.first.measure
    names = difference.question["compare_with"]
    sides = []
    for answer in (difference.first, difference.second):
        where = answer.question["where"]
        said = [
            say.limit(measure, name, str(where[name]), _items(str(where[name])))
            for name in names
            if name in where
        ]
        if isinstance(answer, Answer) and set(names) & set(PLACES):
            said = [say.words.place(answer.place)]
        sides.append(say.words.listing(said) if said else say.gettext("everything"))
    return sides[0], sides[1]


def _items(text: str) -> tuple[str, ...]:
    return () if text[:1] in ("!", "<", ">") or ".." in text or '"' in text else tuple(text.split(","))


def _figures(answer: Answer, say: ExploreWords) -> Block:
    """Returns a line for each figure. Its day and its release are columns where they differ, and else stand above."""
    measure = answer.measure
    readings = "reading" in answer.by and bool(measure.forks)
    denominator = asked_denominator(answer, say)
    shares = measure.kind == "share" or (not denominator and any(each.whole for each in answer.figures))
    released = {each.release.release for each in answer.figures}
    table = BlockMaker()
    table.add_texts(*(headings_of(answer, say) or ([] if readings else [""])))
    if readings:
        table.add_texts(say.heading("reading"))
    table.add_numbers(heading_of_count(answer, say))
    if measure.kind == "share":
        table.add_numbers(say.gettext("of"))
    if shares:
        table.add_numbers(per_heading(answer.question.get("per"), say))
    if denominator is not None:
        table.add_numbers(*headings_of_rate(denominator, say, bounded=False))
    if len(released) > 1:
        table.add_texts(say.heading("release"))
    for each in answer.figures:
        cells = labels_of(each, answer, say) or ([] if readings else [say.gettext("Total")])
        if readings:
            cells.append(say.reading(measure, each.reading))
        cells += _figure_numbers(each, answer, say, shares=shares)
        cells += [] if denominator is None else cells_of_rate(each.rate, say, bounded=False)
        cells += [each.release.release] if len(released) > 1 else []
        table.add_line(cells, is_total=_is_total(each) and len(answer.figures) > 1)
    return table.block(_above_figures(answer, say))


def _above_figures(answer: Answer, say: ExploreWords) -> list[tuple[str, Weight]]:
    """Returns what all figures have in common: the release, and the day."""
    above: list[tuple[str, Weight]] = []
    first = answer.figures[0]
    if all(each.release.release == first.release.release for each in answer.figures):
        title = say.release(first.release)
        above.append((title, ""))
        if title != first.release.release:
            above.append((first.release.release, "dim"))
    if not _is_dated(answer):
        above.append((say.words.counted_through(first), "dim"))
    return above


def _figure_numbers(each: MeasuredFigure, answer: Answer, say: ExploreWords, *, shares: bool) -> list[str]:
    words, mark = say.words, _FLAGGED if each.flags else ""
    blank = ["", ""] if each.kind == "share" else [""] if shares else []
    if each.kind == "mean" and each.interval.low is not None:
        return [words.decimal(each.interval.low, 2 if answer.measure.unit == "usd" else 1) + mark]
    if each.numerator is None:
        is_known = each.interval.low is not None or each.interval.high is not None
        return [(words.value(each) if is_known else "–") + mark, *blank]
    cells = [words.number(each.numerator) + mark]
    if each.kind == "share" and each.denominator:
        return [
            *cells,
            words.number(each.denominator),
            words.share(Fraction(each.numerator, each.denominator)),
        ]
    if shares:
        whole = whole_of(each)
        cells.append(words.share(Fraction(each.numerator, whole)) if whole else "")
    return cells


def _heading_of_span(answer: Answer, say: ExploreWords) -> str:
    key = "day" if answer.measure.period == "snapshot" else "through_date"
    key = next((each for each in ("month", "fiscal_year") if each in answer.by), key)
    return say.words.say(f"chart_table_{key}")


def _is_total(row: AnyRow) -> bool:
    if isinstance(row, EventRow):
        return row.cell.kind == "total"
    return bool(row.breakdown) and all(code == TOTAL for code in row.breakdown.values())


def _place(figure: MeasuredFigure, say: ExploreWords) -> str:
    if figure.place_kind == "jurisdiction":
        return figure.place_name
    return say.words.label("states" if figure.place_kind == "state" else "countries", figure.place_code)


def _has_places(answer: Answer) -> bool:
    split = bool({"state", "jurisdiction"} & set(answer.by))
    return split or len({each.place_code for each in answer.figures}) > 1


def _is_dated(answer: Answer) -> bool:
    return bool(set(_SPANS) & set(answer.by)) or len({each.through_date for each in answer.figures}) > 1


def _lists_releases(answer: AnyAnswer) -> bool:
    return isinstance(answer, Answer) and "release" in answer.by
