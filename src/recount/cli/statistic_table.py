"""An answer about a statistic as a terminal shows it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from fractions import Fraction

from rich import box
from rich.table import Table
from rich.text import Text

from recount.claim.words import Words
from recount.cli.output import console
from recount.measure.answer import Answer
from recount.measure.figures import MeasuredFigure
from recount.measure.statistics import MONTH, TOTAL, code_list_of

_NOT_SPLIT = "–"
_FLAGGED = "*"


def print_statistic(answer: Answer, words: Words) -> None:
    """Prints the answer: a line for each figure, parts before their total, and what to know below.

    A figure that some check marks bears an asterisk, and the checks are named below.
    """
    out = console()
    out.print(Text(_title(answer, words), style="bold"))
    if not answer.figures:
        out.print(Text(words.say("sentence_not_in_record")))
    else:
        out.print(_table(answer, words))
    for line in _below(answer, words):
        out.print(Text(line, style="dim"))


def _title(answer: Answer, words: Words) -> str:
    parts = [answer.measure.title.in_language(words.language)]
    where = answer.question["where"]
    parts += [_code(name, code, answer, words) for name, code in where.items() if name != "country"]
    return ", ".join(parts)


def _table(answer: Answer, words: Words) -> Table:
    measure = answer.measure
    dated = len({(each.through_date, each.release.release) for each in answer.figures}) > 1
    readings = "reading" in answer.by and bool(measure.forks)
    dimensions = [each for each in measure.dimensions if each in answer.by]
    shares = measure.kind == "share" or any(each.whole for each in answer.figures)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 2, 0, 0))
    if dated:
        table.add_column(_heading_of_span(answer), no_wrap=True)
    for name in dimensions:
        table.add_column(name.replace("_", " "))
    if readings:
        table.add_column("reading")
    table.add_column(measure.unit, justify="right", no_wrap=True)
    if measure.kind == "share":
        table.add_column("of", justify="right", no_wrap=True)
    if shares:
        table.add_column("share", justify="right", no_wrap=True)
    if dated:
        table.add_column("release", overflow="fold")
    before: tuple[object, ...] | None = None
    for each in answer.figures:
        span = (each.through_date, each.release.release)
        cells = []
        if dated:
            cells.append(_span(each, answer, words) if span != before else "")
        cells += [_code(name, each.breakdown[name], answer, words) for name in dimensions]
        if readings:
            cells.append(_reading(each, answer, words))
        cells += _numbers(each, answer, words, shares=shares)
        if dated:
            cells.append(each.release.release if span != before else "")
        before = span
        style = "bold" if dimensions and all(code == TOTAL for code in each.breakdown.values()) else ""
        table.add_row(*cells, style=style)
    return table


def _heading_of_span(answer: Answer) -> str:
    if MONTH in answer.by:
        return "month"
    if "fiscal_year" in answer.by:
        return "fiscal year"
    return "held on" if answer.measure.period == "snapshot" else "counts through"


def _span(each: MeasuredFigure, answer: Answer, words: Words) -> str:
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
        whole = each.whole if any(code != TOTAL for code in each.breakdown.values()) else None
        cells.append(words.share(Fraction(each.numerator, whole)) if whole else "")
    return cells


def _code(name: str, code: str, answer: Answer, words: Words) -> str:
    table = words.catalog.tables[answer.measure.table]
    codes = words.catalog.codes[code_list_of(table, name)]
    known = {each.code: each.label.in_language(words.language) for each in codes.codes}
    return known.get(code, "Total")


def _reading(each: MeasuredFigure, answer: Answer, words: Words) -> str:
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
