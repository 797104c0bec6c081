"""Rates per 100,000 in Explore: their columns, and what to know with them."""

from __future__ import annotations

from collections.abc import Iterator

from recount.api.explore_words import ExploreWords
from recount.ask.rate_rows import RatedRow, denominator_of, rate_cells, rate_headings, rate_notes, rate_text
from recount.declare.denominators import Denominator, load_denominators
from recount.declare.event_measures import EventMeasure
from recount.declare.measures import Measure
from recount.measure.answer import Answer
from recount.measure.event_answer import EventAnswer
from recount.measure.rates import Rate


def denominators_of(measure: Measure | EventMeasure, say: ExploreWords) -> list[Denominator]:
    """Returns what counts of a measure can be divided by: residents, or what the same release prints beside them."""
    if measure.kind != "count":
        return []
    printed = isinstance(measure, Measure) and measure.statistic is None
    return [
        each
        for each in load_denominators(say.words.catalog).values()
        if each.printed is None or (printed and each.printed.measure != measure.measure)
    ]


def asked_denominator(answer: Answer | EventAnswer, say: ExploreWords) -> Denominator | None:
    """Returns what an answer is divided by, None where it is by nothing."""
    return denominator_of(answer.question.get("per"), say.words)


def headings_of_rate(denominator: Denominator, say: ExploreWords, *, bounded: bool) -> list[str]:
    """Returns the headings of a rate: what it is of, the rate, and what it could be."""
    found = rate_headings(denominator, say.words, bounded=False)
    return [*(each[:1].upper() + each[1:] for each in found), *([say.gettext("Could be")] if bounded else [])]


def cells_of_rate(rate: Rate | None, say: ExploreWords, *, bounded: bool) -> list[str]:
    """Returns the cells of a rate."""
    cells = rate_cells(rate, say.words, bounded=False)
    interval = None if rate is None else rate.interval
    if not bounded:
        return cells
    if interval is None or interval.low is None or interval.high is None or interval.is_point:
        return [*cells, ""]
    low, high = (rate_text(each, say.words) for each in (interval.low, interval.high))
    return [*cells, say.gettext("%(first)s to %(last)s", first=low, last=high)]


def notes_of_rates(answer: Answer | EventAnswer, rows: list[RatedRow], say: ExploreWords) -> Iterator[str]:
    """Yields what is divided by, of which day, and why rows have no rate."""
    denominator = asked_denominator(answer, say)
    if denominator is None:
        return
    codes = {each.code: each.label for each in say.words.catalog.codes["areas_of_responsibility"].codes}
    language = say.words.language
    for note in rate_notes(denominator, rows, say.words, lambda code: codes[code].in_language(language)):
        yield note.text
