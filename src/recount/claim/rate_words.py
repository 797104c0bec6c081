"""Rates per 100,000 in words: what each is of, of which day, and why others have none."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from recount.claim.words import Words
from recount.declare.denominators import Denominator, PlaceCounts, load_denominators
from recount.measure.rates import PER, Because, Rate

_LIMIT, _MOST_DECIMALS = 10, 6
_SHORT = 1000
_SHOWN_SPANS = 3
_TOGETHER: tuple[Because, ...] = ("cut_short", "lacks_places")
_STATES: tuple[Because, ...] = ("splits_state", "place_not_counted")


@dataclass(frozen=True)
class RatedRow:
    """One row of an answer with its rate: which release, span and place it is of, in words, and its last day."""

    rate: Rate
    release: str
    span: str
    place: str
    through: datetime.date | None = None


@dataclass(frozen=True)
class RateSentence:
    """What to know of rates: what they are of and as counted on which day, what to beware of, or which have none."""

    text: str
    of: Literal["base", "day", "warning", "without"] = "base"


def rate_text(value: Fraction, words: Words) -> str:
    """Returns a rate with one decimal; small ones with two significant digits."""
    decimals = 1
    while 0 < value * 10**decimals < _LIMIT and decimals < _MOST_DECIMALS:
        decimals += 1
    return words.decimal(value, decimals)


def rate_tick(value: Fraction, words: Words) -> str:
    """Returns a round rate as short as it is, as an axis and the ends of classes give it: 50, 0.25."""
    return words.number(value) if (value * _SHORT).denominator == 1 else rate_text(value, words)


def denominator_of(per: str | None, words: Words) -> Denominator | None:
    """Returns the denominator that a question is per, `None` where it is per none."""
    return None if per is None else load_denominators(words.catalog).get(per)


def per_text(denominator: Denominator, words: Words) -> str:
    """Returns what rates are per: per 100,000 residents."""
    title = denominator.title.in_language(words.language)
    return words.say("rate_per", count=words.number(PER), denominator=title)


def counts_used(denominator: Denominator, rates: Iterable[Rate]) -> list[PlaceCounts]:
    """Returns the counts of a denominator that rates are divided by, in order of their day."""
    days = {each.base.as_of for each in rates}
    return [each for each in denominator.counts if each.as_of in days]


def rate_sources(denominator: Denominator, rates: Iterable[Rate], words: Words) -> str:
    """Returns, to stand in a source line, who counted what rates are divided by, and on which day."""
    title = denominator.title.in_language(words.language)
    return "".join(
        words.say("rate_source", denominator=title, date=words.date(each.as_of), source=each.source)
        for each in counts_used(denominator, rates)
    )


def rate_sentences(
    denominator: Denominator,
    rows: Iterable[RatedRow],
    words: Words,
    area: Callable[[str], str],
) -> Iterator[RateSentence]:
    """Yields what is divided by, of which day, and why rows have no rate; alike reasons once.

    Args:
        denominator: what is divided by.
        rows: those of the answer.
        words: the language.
        area: says the label of an area.
    """
    language = words.language
    title = denominator.title.in_language(language)
    given = list(rows)
    if not given:
        return
    description = denominator.description.in_language(language)
    yield RateSentence(words.say("rate_of", denominator=_capital(title), description=description))
    yield from _days(denominator, title, given, words)
    without: dict[tuple[Because, tuple[str, ...], str], list[RatedRow]] = {}
    for each in given:
        because = each.rate.base.because
        if because is not None:
            names = () if because in _TOGETHER else each.rate.base.names
            release = each.release if because == "of_one_area" else ""
            without.setdefault((because, names, release), []).append(each)
    for (because, names, _), held in without.items():
        yield RateSentence(_why(because, names, held, denominator, words, area), "without")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _days(
    denominator: Denominator, title: str, rows: Sequence[RatedRow], words: Words
) -> Iterator[RateSentence]:
    if any(each.rate.base.count is not None and not each.rate.base.places for each in rows):
        whole = denominator.whole
        if whole is not None:
            yield RateSentence(words.say("rate_whole", whole=whole.in_language(words.language)))
    for counts in counts_used(denominator, (each.rate for each in rows)):
        held = [each for each in rows if each.rate.base.as_of == counts.as_of]
        date = words.date(counts.as_of)
        yield RateSentence(
            words.say("rate_as_of", denominator=_capital(title), date=date, source=counts.source), "day"
        )
        beyond = [each for each in held if each.rate.base.is_of_another_year]
        beyond.sort(key=lambda each: (each.through or datetime.date.min, each.span))
        spans = list(dict.fromkeys(each.span for each in beyond))
        if spans:
            shown = spans if len(spans) <= _SHOWN_SPANS else [spans[0], "…", spans[-1]]
            # A span that only a condition gives has no name of its own.
            message = "rate_other_year" if all(spans) else "rate_other_span"
            said = words.say(
                message,
                date=date,
                denominator=title,
                spans=("; " if any("," in each for each in shown) else ", ").join(shown),
            )
            yield RateSentence(said, "warning")


def _why(
    because: Because,
    names: Sequence[str],
    rows: Sequence[RatedRow],
    denominator: Denominator,
    words: Words,
    area: Callable[[str], str],
) -> str:
    labels: Mapping[str, str] = {}
    if because in _STATES:
        labels = {
            each.code: each.label.in_language(words.language) for each in words.catalog.codes["states"].codes
        }
    elif because == "of_one_area":
        labels = {each: area(each) for each in names}
    if because == "lacks_places":
        names = list(dict.fromkeys(name for each in rows for name in each.rate.base.names))
    said = [labels.get(each, each.replace("_", " ")) for each in names]
    if because == "cut_short":
        said = list(
            dict.fromkeys(f"{each.span}, {each.release}" if each.span else each.release for each in rows)
        )
    places = list(dict.fromkeys(each.place for each in rows if each.place)) or said
    declared = denominator.place(names[0]) if names else None
    return words.say(
        f"rate_without_{because}",
        names=words.listing(said) if because != "cut_short" else "; ".join(said),
        places=words.listing(places),
        release=rows[0].release,
        denominator=denominator.title.in_language(words.language),
        why="" if declared is None or declared.none_because is None else declared.none_because,
    )
