"""Rates on charts: what counts are divided by, values with the integers behind them, and which have none and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from recount.chart.picture import Point
from recount.claim.rate_words import RatedRow, denominator_of, rate_sentences, rate_sources, rate_text
from recount.claim.words import Words
from recount.declare.denominators import Denominator
from recount.errors import UsageError, Worded
from recount.measure.answer import Answer
from recount.measure.questions import PERS
from recount.measure.rates import Rate


def rate_of(answer: Answer, words: Words) -> Denominator | None:
    """Returns what counts are drawn per 100,000 of, where the question asks it."""
    return denominator_of(answer.question.get("per"), words)


def value_of_rate(value: Fraction | None, ends: tuple[Fraction | None, Fraction | None], words: Words) -> str:
    """Returns a rate, what it could be where only bounds are known, or that there is none."""
    if value is not None:
        return rate_text(value, words)
    low, high = ends
    if low is None or high is None:
        return words.say("rate_none")
    return words.say("rate_range", low=rate_text(low, words), high=rate_text(high, words))


def integers_of(rate: Rate, words: Words) -> str:
    """Returns the two numbers behind a rate, 2,367 of 15,116,205; nothing where one of them is not there."""
    if rate.numerator is None or rate.base.count is None:
        return ""
    numerator, denominator = words.number(rate.numerator), words.number(rate.base.count)
    return words.say("chart_of", numerator=numerator, denominator=denominator)


def counted_by(denominator: Denominator | None, rates: Iterable[Rate | None], words: Words) -> str:
    """Returns, to stand in a source line, who counted what rates are divided by, and on which day."""
    if denominator is None:
        return ""
    return rate_sources(denominator, [each for each in rates if each is not None], words)


def notes_on_rates(
    denominator: Denominator,
    rows: Iterable[RatedRow],
    words: Words,
    area: Callable[[str], str],
) -> Iterator[str]:
    """Yields what counts are divided by, and which have no rate and why; the source line says who counted and when."""
    for sentence in rate_sentences(denominator, rows, words, area):
        if sentence.of != "day":
            yield sentence.text


def refuse_none_rated(points: Iterable[Point], measure: str, per: str | None) -> None:
    """Refuses a chart of rates of which no number has one.

    Raises:
        UsageError: naming the table that says why.
    """
    if per is not None and per not in PERS and all(each.is_without for each in points):
        raise UsageError(
            Worded("There is nothing to draw: none of the numbers has a rate."),
            [("see", f"recount measure {measure} --per {per}")],
        )


def note_without(kind: str, words: Words) -> str:
    """Returns how a kind of chart shows what has no rate: by a cross on the axis of time, or in words."""
    if kind == "lines":
        return words.say("rate_marked_cross")
    return words.say("rate_marked_none", none=words.say("rate_none"))
