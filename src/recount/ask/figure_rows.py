"""An answer about printed figures laid out as a table, and as rows of CSV."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from fractions import Fraction

from recount.ask.layout import Block, BlockMaker, Note, Shown
from recount.ask.rate_rows import RatedRow, denominator_of, rate_cells, rate_headings, rate_notes
from recount.claim.words import Words
from recount.declare.claims import PLACE_DIMENSIONS
from recount.measure.answer import Answer
from recount.measure.event_conditions import TIMES
from recount.measure.figures import MeasuredFigure
from recount.measure.statistics import MONTH, TOTAL, code_list_of

_NOT_SPLIT = "–"
_FLAGGED = "*"
_PER = {"row": "share of row", "column": "share of column", "total": "share of total"}


def lay_out_figures(answer: Answer, words: Words, *, always_bounded: bool = False) -> Shown:
    """Returns a line for each figure, parts before their total, and what to know below.

    A figure of a statistic that some check marks bears an asterisk, and the checks are named below.
    """
    is_statistic = answer.measure.statistic is not None
    nothing = (
        words.say("sentence_not_in_record")
        if is_statistic
        else "The record does not print it for this place."
    )
    return Shown(
        title=title_of(answer, words),
        blocks=((_table if is_statistic else _place_table)(answer, words),) if answer.figures else (),
        notes=(*_bounds(answer, words, always_bounded), *notes_of(answer, words)),
        nothing=None if answer.figures else nothing,
    )


def _bounds(answer: Answer, words: Words, always_bounded: bool) -> Iterator[Note]:
    """Yields, where bounds are asked, how many of the figures a release gives only between bounds."""
    if always_bounded and answer.figures:
        inexact = sum(not each.interval.is_point for each in answer.figures)
        lacking = sum(bool(each.left_out) for each in answer.figures)
        yield Note(
            words.say(
                "sentence_printed_bounds",
                figures=words.number(len(answer.figures)),
                inexact=words.number(inexact),
                lacking=words.number(lacking),
            ),
            mark="–",
        )


def notes_of(answer: Answer, words: Words) -> Iterator[Note]:
    """Yields what to know with an answer: flags, caveats, the receipt."""
    lines = _below(answer, words) if answer.measure.statistic is not None else _below_place(answer, words)
    yield from _rates(answer, words)
    yield from (Note(each) for each in lines)


def _rates(answer: Answer, words: Words) -> Iterator[Note]:
    denominator = denominator_of(answer.question.get("per"), words)
    if denominator is None:
        return
    rows = [
        RatedRow(
            each.rate,
            each.release.release,
            span_text(each, answer, words),
            each.place_name,
            each.through_date,
        )
        for each in answer.figures
        if each.rate is not None
    ]
    yield from rate_notes(denominator, rows, words, lambda code: code)


def title_of(answer: Answer, words: Words) -> str:
    """Returns the measure, its place and conditions in words."""
    title = answer.measure.title.in_language(words.language)
    return ", ".join([title, *conditions_of(answer, words)])


def conditions_of(answer: Answer, words: Words, names: Collection[str] | None = None) -> list[str]:
    """Returns the place and the conditions in words, those of some dimensions where they are named."""
    found = []
    if answer.measure.statistic is None and (names is None or set(names) & set(PLACE_DIMENSIONS)):
        found.append(words.place(answer.place))
    for name, given in answer.question["where"].items():
        if names is not None and name not in names:
            continue
        if name in answer.measure.dimensions:
            found.append(" or ".join(code_text(name, code, answer, words) for code in given.split(",")))
        elif name in TIMES:
            found.append(f"{name.replace('_', ' ')} {given.replace('..', ' to ')}")
    return found


def _table(answer: Answer, words: Words) -> Block:
    measure = answer.measure
    dated = len({(each.through_date, each.release.release) for each in answer.figures}) > 1
    readings = "reading" in answer.by and bool(measure.forks)
    dimensions = [each for each in measure.dimensions if each in answer.by]
    per = answer.question.get("per")
    is_rate = any(each.rate is not None for each in answer.figures)
    shares = measure.kind == "share" or (not is_rate and any(each.whole for each in answer.figures))
    table = BlockMaker()
    if dated:
        table.add_texts(heading_of_span(answer), breaks=False)
    for name in dimensions:
        table.add_texts(name.replace("_", " "))
    if readings:
        table.add_texts("reading")
    table.add_numbers(measure.unit)
    if measure.kind == "share":
        table.add_numbers("of")
    if shares:
        table.add_numbers(_PER.get(str(per), "share"))
    denominator = denominator_of(per, words)
    if denominator is not None:
        table.add_numbers(*rate_headings(denominator, words, bounded=False))
    if dated:
        table.add_texts("release")
    before: tuple[object, ...] | None = None
    for each in answer.figures:
        span = (each.through_date, each.release.release)
        cells = []
        if dated:
            cells.append(span_text(each, answer, words) if span != before else "")
        cells += [code_text(name, each.breakdown[name], answer, words) for name in dimensions]
        if readings:
            cells.append(reading_text(each, answer, words))
        cells += _numbers(each, answer, words, shares=shares)
        if denominator is not None:
            cells += rate_cells(each.rate, words, bounded=False)
        if dated:
            cells.append(each.release.release if span != before else "")
        before = span
        is_total = bool(dimensions) and all(code == TOTAL for code in each.breakdown.values())
        table.add_line(cells, is_total=is_total)
    return table.block()


def heading_of_span(answer: Answer) -> str:
    """Returns the heading of the column of dates."""
    if MONTH in answer.by:
        return "month"
    if "fiscal_year" in answer.by:
        return "fiscal year"
    return "held on" if answer.measure.period == "snapshot" else "counts through"


def span_text(each: MeasuredFigure, answer: Answer, words: Words) -> str:
    """Returns the span of a figure in words."""
    day = words.through(each)
    if MONTH in answer.by and each.period_start is not None:
        month = each.period_start.strftime("%Y-%m")
        return month if _is_month_end(each.through_date) else f"{month} (to {day})"
    if "fiscal_year" in answer.by:
        return f"{each.fiscal_year} (to {day})"
    return day


def _is_month_end(day: datetime.date) -> bool:
    return (day + datetime.timedelta(days=1)).day == 1


def _numbers(each: MeasuredFigure, answer: Answer, words: Words, *, shares: bool) -> list[str]:
    mark = _FLAGGED if each.flags else ""
    if each.kind == "mean" and each.interval.low is not None:
        value = words.decimal(each.interval.low, 2 if answer.measure.unit == "usd" else 1)
        return [value + mark]
    if each.numerator is None:
        return [_NOT_SPLIT]
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


def whole_of(figure: MeasuredFigure) -> int | None:
    """Returns what a figure is shown as a share of: the whole asked for, or the total that a part is printed with."""
    is_part = any(code != TOTAL for code in figure.breakdown.values())
    return figure.share_of or (figure.whole if is_part else None)


def code_text(name: str, code: str, answer: Answer, words: Words) -> str:
    """Returns the label of a code of a dimension."""
    table = words.catalog.tables[answer.measure.table]
    codes = words.catalog.codes[code_list_of(table, name)]
    known = {each.code: each.label.in_language(words.language) for each in codes.codes}
    return known.get(code, "Total")


def reading_text(each: MeasuredFigure, answer: Answer, words: Words) -> str:
    """Returns the options of a reading in words."""
    return ", ".join(
        option.label.in_language(words.language)
        for fork in answer.measure.forks
        for option in fork.options
        if each.reading.get(fork.fork) == option.option
    )


def _below(answer: Answer, words: Words) -> Iterator[str]:
    for flag in dict.fromkeys(flag for each in answer.figures for flag in each.flags):
        yield f"{_FLAGGED} {words.say(f'flag_{flag}')}"
    if answer.perhaps_out:
        yield words.say("sentence_perhaps_out", releases=words.listing(answer.perhaps_out))
    yield from (each.text.in_language(words.language) for each in answer.caveats)
    yield " · ".join(_foot(answer, words))


def _foot(answer: Answer, words: Words) -> Iterator[str]:
    releases = {each.release.release: each.release for each in answer.figures}
    if len(releases) == 1:
        (release,) = releases.values()
        figure = answer.figures[0]
        yield release.title.in_language(words.language)
        yield (
            words.counted_through(figure)
            if figure.period != "snapshot"
            else f"held {words.counted_through(figure)}"
        )
        if release.published_to is not None:
            yield words.say("released_by", date=words.date(release.published_to))
        yield release.release
    elif releases:
        yield f"{len(releases)} releases"
    readings = answer.readings if "reading" in answer.by else 1
    yield f"{readings} of {answer.readings} readings"
    yield f"receipt {answer.receipt.short}"


def _place_table(answer: Answer, words: Words) -> Block:
    places = len({each.place_code for each in answer.figures}) > 1 or bool(
        {"state", "jurisdiction"} & {*answer.by}
    )
    readings = "reading" in answer.by and bool(answer.measure.forks)
    table = BlockMaker()
    if places:
        table.add_texts("place")
    if readings:
        table.add_texts("reading")
    table.add_texts("counts through", breaks=False)
    table.add_numbers(answer.measure.unit)
    if answer.measure.kind == "share":
        table.add_numbers("of", "share")
    denominator = denominator_of(answer.question.get("per"), words)
    if denominator is not None:
        table.add_numbers(*rate_headings(denominator, words, bounded=False))
    table.add_texts("release")
    for each in answer.figures:
        cells = [each.place_name] if places else []
        if readings:
            cells.append(reading_text(each, answer, words))
        *shown, name = _cells(each, answer, words)
        rated = [] if denominator is None else rate_cells(each.rate, words, bounded=False)
        table.add_line([*cells, *shown, *rated, name])
    return table.block()


def _cells(each: MeasuredFigure, answer: Answer, words: Words) -> list[str]:
    name = each.release.title.en + (" (sum over jurisdictions)" if each.is_sum else "")
    shown = [words.through(each)]
    if each.numerator is None:
        value = words.value(each)
        shown += ["", "", value] if answer.measure.kind == "share" else [value]
    elif answer.measure.kind == "share" and each.denominator and each.interval.low is not None:
        shown += [
            words.number(each.numerator),
            words.number(each.denominator),
            words.share(each.interval.low),
        ]
    else:
        shown += [words.number(each.numerator)]
    return [*shown, name]


def _below_place(answer: Answer, words: Words) -> list[str]:
    lines = []
    sums = [each for each in answer.figures if each.left_out]
    for each in {(one.place_code, one.jurisdictions, one.left_out): one for one in sums}.values():
        lines.append(words.left_out(each))
    if answer.absent:
        names = sorted({each.release for each in answer.absent})
        lines.append(f"Not printed in that reading by: {', '.join(names)}.")
    if answer.perhaps_out:
        lines.append(words.say("sentence_perhaps_out", releases=words.listing(answer.perhaps_out)))
    lines += [each.text.en for each in answer.caveats]
    readings = "all" if "reading" in answer.by else "1"
    lines.append(f"{readings} of {answer.readings} readings · receipt {answer.receipt.short}")
    return lines
