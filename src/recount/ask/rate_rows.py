"""Rates per 100,000 laid out: their columns, what each is of, and why others have none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from recount.ask.layout import Note
from recount.claim.rate_words import RatedRow, denominator_of, rate_sentences, rate_text
from recount.claim.words import Words
from recount.declare.denominators import Denominator
from recount.measure.rates import Rate

__all__ = [
    "RatedRow",
    "denominator_of",
    "rate_cells",
    "rate_headings",
    "rate_notes",
    "rate_text",
    "shares_left_out",
]

_NONE = "–"


def shares_left_out(is_share_over_time: bool, spans: Sequence[str], words: Words) -> Iterator[Note]:
    """Yields which spans are cut short, and so have no share of a whole that takes in several."""
    if is_share_over_time and spans:
        yield Note(words.say("sentence_share_cut_short", names="; ".join(dict.fromkeys(spans))), mark=_NONE)


def rate_headings(denominator: Denominator, words: Words, *, bounded: bool) -> list[str]:
    """Returns the headings of a rate: the denominator, the rate, and what it could be."""
    title = denominator.title.in_language(words.language)
    return [title, words.say("rate_heading"), *(["could be"] if bounded else [])]


def rate_cells(rate: Rate | None, words: Words, *, bounded: bool) -> list[str]:
    """Returns the cells under `rate_headings`."""
    if rate is None or rate.base.count is None:
        return ["", _NONE, *([""] if bounded else [])]
    interval = rate.interval
    cells = [words.number(rate.base.count), _NONE if rate.value is None else rate_text(rate.value, words)]
    if bounded:
        is_range = interval is not None and not interval.is_point
        cells.append(
            f"{rate_text(interval.low, words)} to {rate_text(interval.high, words)}"
            if is_range and interval is not None and interval.low is not None and interval.high is not None
            else ""
        )
    return cells


def rate_notes(
    denominator: Denominator,
    rows: Iterable[RatedRow],
    words: Words,
    area: Callable[[str], str],
) -> Iterator[Note]:
    """Yields what is divided by, of which day, and why rows have no rate, as `rate_sentences` says it."""
    for each in rate_sentences(denominator, rows, words, area):
        if each.of == "warning":
            yield Note(each.text, mark="!", weight="warning")
        elif each.of == "without":
            yield Note(each.text, mark=_NONE)
        else:
            yield Note(each.text)
