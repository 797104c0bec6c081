"""The tables of Explore: an answer, its spread over readings or a difference, row by row, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import TypeVar

from recount.api.explore_words import PLACES, ExploreWords
from recount.ask import MeasureQuestion
from recount.ask.layout import Block, BlockMaker, Weight, without_repeats
from recount.measure.answer import Answer
from recount.measure.difference import Difference, DifferenceRow
from recount.measure.event_answer import EventAnswer, EventRow
from recount.measure.event_bounds import WHYS
from recount.measure.event_cells import WITHIN_DAYS
from recount.measure.figures import MeasuredFigure
from recount.measure.spread import Spread, SpreadRow
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
        spread = question.spread()
        return [_spreads(rows, spread, say) for rows in _tables(spread.rows, spread.answer)]
    answer = question.result()
    if isinstance(answer, Answer):
        return [_figures(answer, say)] if answer.figures else []
    drawn = {"duration": _durations, "population": _populations}.get(answer.measure.kind, _events)
    return [
        drawn(list(rows), answer, say)
        for _, rows in groupby(answer.rows, key=lambda each: each.release.release)
    ]


def labels_of(row: AnyRow, answer: AnyAnswer, say: ExploreWords) -> list[str]:
    """Returns what a row is of, a cell for each heading of `headings_of`."""
    if isinstance(row, EventRow) and isinstance(answer, EventAnswer):
        return _event_labels(row, answer, say)
    if not isinstance(row, MeasuredFigure) or not isinstance(answer, Answer):
        return []
    labels = [_place(row, say)] if _has_places(answer) else []
    if _is_dated(answer):
        labels.append(say.span_of_figure(row, answer.by))
    return labels + [say.part(answer.measure, name, code) for name, code in row.breakdown.items()]


def headings_of(answer: AnyAnswer, say: ExploreWords) -> list[str]:
    """Returns the headings of what splits an answer, beside readings and releases."""
    if isinstance(answer, EventAnswer):
        within = [say.heading("within_days")] if answer.measure.kind == "duration" else []
        return [say.heading(each) for each in answer.asked.by] + within
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
    answer, kind = spread.answer, spread.answer.measure.kind
    gettext, words = say.gettext, say.words
    bounded = any(say.bounds(each.bounds, kind) for each in rows)
    few = any(each.answered < answer.readings for each in rows)
    table = BlockMaker()
    table.add_texts(*(headings_of(answer, say) or [""]))
    table.add_numbers(gettext("Lowest"), gettext("Default"), gettext("Highest"))
    table.add_texts(gettext("Moved most by"))
    table.add_numbers(*([gettext("Could be")] if bounded else []), *([gettext("Readings")] if few else []))
    if _lists_releases(answer):
        table.add_texts(say.heading("release"))
    labels = without_repeats([labels_of(each.sample, answer, say) or [gettext("Total")] for each in rows])
    for each, shown in zip(rows, labels, strict=True):
        cells = [
            *shown,
            *(say.reached(one, kind) for one in (each.lowest, each.default, each.highest)),
            "–" if each.moved_most_by is None else say.fork(answer.measure, each.moved_most_by),
        ]
        cells += [say.bounds(each.bounds, kind)] if bounded else []
        cells += [words.number(each.answered)] if few else []
        cells += [each.sample.release.release] if _lists_releases(answer) else []
        table.add_line(cells, is_total=_is_total(each.sample) and len(rows) > 1)
    return table.block(_caption(rows[0].sample, say))


def _differences(rows: Sequence[DifferenceRow], difference: Difference, say: ExploreWords) -> Block:
    answer, kind = difference.first, difference.first.measure.kind
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
    labels = without_repeats(
        [labels_of(each.first_row, answer, say) or [say.gettext("Total")] for each in rows]
    )
    for each, shown in zip(rows, labels, strict=True):
        value = each.difference
        cells = [
            *shown,
            *([say.reading(answer.measure, each.first.reading)] if readings else []),
            say.reached(each.first, kind),
            say.reached(each.second, kind),
            "–" if value is None else say.difference(value, kind),
        ]
        cells += [say.bounds(each.bounds, kind, signed=True)] if bounded else []
        cells += [each.first_row.release.release] if _lists_releases(answer) else []
        table.add_line(cells, is_total=_is_total(each.first_row) and len(rows) > 1)
    return table.block(_caption(rows[0].first_row, say))


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
    measure, words = answer.measure, say.words
    readings = "reading" in answer.by and bool(measure.forks)
    shares = measure.kind == "share" or any(each.whole for each in answer.figures)
    per = answer.question.get("per")
    dated = _is_dated(answer) or measure.statistic is None
    table = BlockMaker()
    table.add_texts(*headings_of(answer, say))
    if dated and not _is_dated(answer):
        table.add_texts(_heading_of_span(answer, say), breaks=False)
    if readings:
        table.add_texts(say.heading("reading"))
    table.add_numbers(_heading_of_count(answer, say))
    if measure.kind == "share":
        table.add_numbers(say.gettext("of"))
    if shares:
        table.add_numbers(per_heading(per, say))
    if dated:
        table.add_texts(say.heading("release"))
    labels = without_repeats([labels_of(each, answer, say) for each in answer.figures])
    for each, shown in zip(answer.figures, labels, strict=True):
        cells = list(shown)
        if dated and not _is_dated(answer):
            cells.append(words.through(each))
        if readings:
            cells.append(say.reading(measure, each.reading))
        cells += _figure_numbers(each, answer, say, shares=shares)
        cells += [each.release.release] if dated else []
        table.add_line(cells or [""], is_total=_is_total(each) and len(answer.figures) > 1)
    return table.block()


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
        whole = each.share_of or (
            each.whole if any(code != TOTAL for code in each.breakdown.values()) else None
        )
        cells.append(words.share(Fraction(each.numerator, whole)) if whole else "")
    return cells


def _events(rows: Sequence[EventRow], answer: EventAnswer, say: ExploreWords) -> Block:
    asked, measure, words = answer.asked, answer.measure, say.words
    is_share = measure.kind == "share"
    bounded = any(
        each.cell.measured.bounds is not None and not each.cell.measured.bounds.is_point for each in rows
    )
    whys = [why for why in WHYS if any(each.cell.measured.undecided[why] for each in rows)]
    shares = is_share or (asked.per is None and any(each.cell.whole for each in rows))
    table = BlockMaker()
    table.add_texts(*(headings_of(answer, say) or [""]))
    if asked.by_reading:
        table.add_texts(say.heading("reading"))
    table.add_numbers(_heading_of_count(answer, say))
    if is_share:
        table.add_numbers(say.gettext("of"))
    if shares:
        table.add_numbers(per_heading(None, say))
    if bounded:
        table.add_numbers(say.gettext("Could be") if is_share else say.gettext("At most"))
    if asked.per is not None:
        table.add_numbers(per_heading(asked.per, say), *([say.gettext("Could be")] if bounded else []))
    table.add_numbers(*(say.why(each)[:1].upper() + say.why(each)[1:] for each in whys))
    labels = without_repeats([labels_of(each, answer, say) or [say.gettext("Total")] for each in rows])
    for each, shown in zip(rows, labels, strict=True):
        measured = each.cell.measured
        cells = [*shown, *([say.reading(measure, each.reading)] if asked.by_reading else [])]
        cells.append(words.number(measured.numerator))
        if is_share:
            cells.append(words.number(measured.denominator or 0))
            cells.append("–" if each.share is None else words.share(each.share))
        elif shares:
            whole = each.cell.whole
            cells.append(words.share(Fraction(measured.numerator, whole)) if whole else "")
        if bounded:
            cells.append(_could_be(each, say, is_share=is_share))
        if asked.per is not None:
            cells += _part_of(each, say, bounded=bounded)
        cells += [words.number(measured.undecided[why]) for why in whys]
        table.add_line(cells, is_total=_is_total(each) and bool(asked.by))
    return table.block(_caption(rows[0], say))


def _could_be(each: EventRow, say: ExploreWords, *, is_share: bool) -> str:
    bounds = each.cell.measured.bounds
    if bounds is None or bounds.low is None or bounds.high is None:
        return ""
    if is_share:
        return say.bounds(bounds, "share") or say.words.share(bounds.high)
    return say.words.number(bounds.high)


def _part_of(each: EventRow, say: ExploreWords, *, bounded: bool) -> list[str]:
    share = each.cell.part_of
    if share is None or not share.denominator:
        return ["", *([""] if bounded else [])]
    own = say.words.share(Fraction(share.numerator, share.denominator))
    return [own, *([say.bounds(share.bounds, "share")] if bounded else [])]


def _durations(rows: Sequence[EventRow], answer: EventAnswer, say: ExploreWords) -> Block:
    """Returns a line for each time: what had happened within it, and the share to which it is expected."""
    words = say.words
    outcomes = list(rows[0].cell.outcomes)
    said = {
        "waiting": say.gettext("Cut off"),
        "removed": say.gettext("Removed"),
        "released": say.gettext("Released"),
        "ended": say.gettext("Ended"),
        "other": say.gettext("Otherwise"),
    }
    table = BlockMaker()
    table.add_texts(*headings_of(answer, say))
    if answer.asked.by_reading:
        table.add_texts(say.heading("reading"))
    for name in outcomes:
        table.add_numbers(said.get(name, name.replace("_", " ")))
    table.add_numbers(say.gettext("of"), say.gettext("Expected"))
    labels = without_repeats([labels_of(each, answer, say) for each in rows])
    for each, shown in zip(rows, labels, strict=True):
        cells = [*shown, *([say.reading(answer.measure, each.reading)] if answer.asked.by_reading else [])]
        cells += [words.number(each.cell.outcomes[name]) for name in outcomes]
        estimate = each.cell.estimate
        cells += [
            words.number(each.cell.measured.denominator or 0),
            "–" if estimate is None else words.share(Fraction(estimate)),
        ]
        table.add_line(cells)
    return table.block(_caption(rows[0], say))


def _populations(rows: Sequence[EventRow], answer: EventAnswer, say: ExploreWords) -> Block:
    """Returns a line for each part: the mean, and the person-days and days that it is of."""
    words = say.words
    table = BlockMaker()
    table.add_texts(*(headings_of(answer, say) or [""]))
    if answer.asked.by_reading:
        table.add_texts(say.heading("reading"))
    table.add_numbers(_heading_of_count(answer, say), say.gettext("Person-days"), say.gettext("Days"))
    labels = without_repeats([labels_of(each, answer, say) or [say.gettext("Total")] for each in rows])
    for each, shown in zip(rows, labels, strict=True):
        measured = each.cell.measured
        cells = [*shown, *([say.reading(answer.measure, each.reading)] if answer.asked.by_reading else [])]
        cells += [
            "–" if each.share is None else words.decimal(each.share, 1),
            words.number(measured.numerator),
            words.number(measured.denominator or 0),
        ]
        table.add_line(cells, is_total=_is_total(each) and bool(answer.asked.by))
    return table.block(_caption(rows[0], say))


def per_heading(per: str | None, say: ExploreWords) -> str:
    """Returns the heading of shares, by what they are shares of."""
    said = {
        "row": say.gettext("Share of row"),
        "column": say.gettext("Share of column"),
        "total": say.gettext("Share of total"),
    }
    return said[per] if per else say.gettext("Share")


def _heading_of_count(answer: AnyAnswer, say: ExploreWords) -> str:
    unit = say.unit(answer.measure)
    return unit[:1].upper() + unit[1:]


def _heading_of_span(answer: Answer, say: ExploreWords) -> str:
    key = "day" if answer.measure.period == "snapshot" else "through_date"
    key = next((each for each in ("month", "fiscal_year") if each in answer.by), key)
    return say.words.say(f"chart_table_{key}")


def _event_labels(row: EventRow, answer: EventAnswer, say: ExploreWords) -> list[str]:
    by = answer.asked.by
    within = [str(row.cell.parts[WITHIN_DAYS])] if answer.measure.kind == "duration" else []
    if row.cell.kind == "total":
        return ([say.gettext("Total"), *[""] * (len(by) - 1)] if by else []) + within
    labels = []
    for name in by:
        label = row.breakdown[name]
        if label is None and row.cell.kind == "suppressed":
            labels.append(say.pooled())
        elif label is not None and row.period is not None and name == row.period.kind:
            span = say.period(row.period)
            labels.append(f"{span} ({say.far(row)})" if row.is_partial else span)
        else:
            labels.append(say.part(answer.measure, name, label))
    return labels + within


def _caption(row: AnyRow, say: ExploreWords) -> tuple[tuple[str, Weight], ...]:
    """Returns what stands above the table of a release of individual records."""
    if not isinstance(row, EventRow):
        return ()
    made_up: list[tuple[str, Weight]] = (
        [(say.gettext("Synthetic, made up"), "alarm")] if row.is_synthetic else []
    )
    title = say.release(row.release)
    named: list[tuple[str, Weight]] = [(title, "")]
    if title != row.release.release:
        named.append((row.release.release, "dim"))
    return (*made_up, *named)


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
