"""Rates per 100,000 laid out: what each is of, and why others have none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from recount.ask.layout import Note
from recount.claim.words import Words
from recount.declare.denominators import Denominator, load_denominators
from recount.measure.rates import Because, Rate

_NONE = "–"
_LIMIT, _MOST_DECIMALS = 10, 6
_SHOWN_SPANS = 3
_WHERE_OF: tuple[Because, ...] = ("splits_state", "no_counties")
_STATES = ("splits_state", "place_not_counted")


@dataclass(frozen=True)
class RatedRow:
    """One row of an answer with its rate: which release, span and place it is of, in words."""

    rate: Rate
    release: str
    span: str
    place: str


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


def rate_text(value: Fraction, words: Words) -> str:
    """Returns a rate with one decimal; small ones with two significant digits."""
    decimals = 1
    while 0 < value * 10**decimals < _LIMIT and decimals < _MOST_DECIMALS:
        decimals += 1
    return words.decimal(value, decimals)


def denominator_of(per: str | None, words: Words) -> Denominator | None:
    """Returns the denominator that a question is per, `None` where it is per none."""
    return None if per is None else load_denominators(words.catalog).get(per)


def rate_notes(
    denominator: Denominator,
    rows: Iterable[RatedRow],
    words: Words,
    area: Callable[[str], str],
) -> Iterator[Note]:
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
    yield Note(
        words.say(
            "rate_of",
            denominator=title.capitalize(),
            description=denominator.description.in_language(language),
        )
    )
    yield from _days(denominator, title, given, words)
    without: dict[tuple[Because, tuple[str, ...], str], list[RatedRow]] = {}
    for each in given:
        because = each.rate.base.because
        if because is not None:
            names = each.rate.base.names if because != "cut_short" else ()
            release = each.release if because == "of_one_area" else ""
            without.setdefault((because, names, release), []).append(each)
    for (because, names, _), held in without.items():
        yield Note(_why(because, names, held, denominator, words, area), mark=_NONE)


def _days(denominator: Denominator, title: str, rows: Sequence[RatedRow], words: Words) -> Iterator[Note]:
    if any(each.rate.base.count is not None and not each.rate.base.places for each in rows):
        whole = denominator.whole
        if whole is not None:
            yield Note(words.say("rate_whole", whole=whole.in_language(words.language)))
    for counts in denominator.counts:
        held = [each for each in rows if each.rate.base.as_of == counts.as_of]
        if not held:
            continue
        date = words.date(counts.as_of)
        yield Note(words.say("rate_as_of", denominator=title.capitalize(), date=date, source=counts.source))
        spans = sorted({each.span for each in held if each.rate.base.is_of_another_year})
        if spans:
            shown = spans if len(spans) <= _SHOWN_SPANS else [spans[0], "…", spans[-1]]
            # A span that only a condition gives has no name of its own.
            message = "rate_other_year" if all(spans) else "rate_other_span"
            said = words.say(message, date=date, denominator=title, spans=", ".join(shown))
            yield Note(said, mark="!", weight="warning")


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
