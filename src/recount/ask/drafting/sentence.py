"""A sentence as far as it can be read: numbers, hedges, places, dates. What is read is offered, never decided."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from recount.ask.drafting.dates import DateFound, find_dates
from recount.declare.claims import Wording
from recount.declare.drafting import Drafting, Spelled
from recount.declare.interval import exact_number
from recount.declare.text import LANGUAGES, Language

NumberKind = Literal["share", "count"]
_SEPARATED = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
_NUMBER = re.compile(
    rf"(?<![\w.,/-])(?P<number>{_SEPARATED})(?P<percent>\s*(?:%|percent\b|per cent\b|por ciento\b))?"
)
_JOINS = " \N{NO-BREAK SPACE}-$"
_MOST_DECIMALS = 6


@dataclass(frozen=True)
class NumberFound:
    """A number of the sentence: as written, its exact value, and whether it is a share or a count."""

    text: str
    value: Fraction
    kind: NumberKind
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """What was read in a sentence, in the order in which it stands there.

    `asserts` is the assertion as `--asserts` writes it, and `asserts_reason` why, where its ends are written out.
    `exact_date` is a day on which the sentence says that it was so; `dates` are all days.
    """

    text: str
    language: Language
    numbers: tuple[NumberFound, ...]
    hedges: tuple[str, ...]
    asserts: str | None
    asserts_reason: str | None
    places: tuple[tuple[str, str], ...]
    dates: tuple[DateFound, ...]
    exact_date: datetime.date | None
    fiscal_years: tuple[int, ...]
    type: str


def read_sentence(
    text: str,
    drafting: Drafting,
    wording: Wording,
    places: Mapping[str, Iterable[str]],
    labels: Mapping[str, str],
) -> Sentence:
    """Returns what can be read in a sentence, in English or in Spanish.

    Args:
        text: the sentence.
        drafting: the spellings to read it by.
        wording: the hedges, with a spelling each in either language.
        places: names by kind of place: state, jurisdiction.
        labels: further spellings of states, to the name that places give them.
    """
    language = _language_of(text, drafting)
    dates = find_dates(text)
    fiscal_years, year_marks = _fiscal_years(text, drafting)
    taken = [(each.start, each.end) for each in dates] + year_marks
    numbers = tuple(_numbers(text, drafting, taken))
    hedges = _hedges(text, drafting, wording)
    asserts, reason = _assertion(text, numbers, hedges, drafting, wording, language)
    return Sentence(
        text=text,
        language=language,
        numbers=numbers,
        hedges=tuple(name for name, _, _ in hedges),
        asserts=asserts,
        asserts_reason=reason,
        places=tuple(_places(text, places, labels)),
        dates=dates,
        exact_date=_exact_date(text, dates, drafting),
        fiscal_years=fiscal_years,
        type=_type_of(text, numbers, hedges, drafting),
    )


def spans_of(text: str, spellings: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """Yields each spelling that stands in a text as whole words, with its place; none within another."""
    taken: list[tuple[int, int]] = []
    for each in sorted(set(spellings), key=lambda one: (-len(one), one)):
        pattern = rf"(?<!\w){re.escape(each)}(?!\w)"
        for match in re.finditer(pattern, text, re.IGNORECASE):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
                yield each, match.start(), match.end()


def _language_of(text: str, drafting: Drafting) -> Language:
    words = set(re.findall(r"\w+", text.casefold()))
    found: dict[Language, int] = {
        language: len(words & set(getattr(drafting.language_words, language))) for language in LANGUAGES
    }
    return "es" if found["es"] > found["en"] else "en"


def _numbers(text: str, drafting: Drafting, taken: list[tuple[int, int]]) -> list[NumberFound]:
    found: list[NumberFound] = []
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if any(first < end and start < last for first, last in taken):
            continue
        value = exact_number(match["number"])
        if match["percent"]:
            found.append(NumberFound(match[0], value / 100, "share", start, end))
            continue
        years = drafting.years
        if "," not in match["number"] and value.denominator == 1 and years.first <= value <= years.last:
            continue
        times, reach = _multiplier(text[end:], drafting)
        end += reach
        found.append(NumberFound(text[start:end], value * times, "count", start, end))
    for each in drafting.shares:
        for _, start, end in spans_of(text, each.all()):
            inside = any(one.start < end and start < one.end for one in found)
            if not inside and not _of_time(text, start, end):
                found.append(NumberFound(text[start:end], each.number, "share", start, end))
    longest = [
        each
        for each in found
        if not any(one is not each and one.start <= each.start and each.end <= one.end for one in found)
    ]
    return sorted(longest, key=lambda each: each.start)


def _of_time(text: str, start: int, end: int) -> bool:
    """Whether a quarter is one of a year: "the third quarter", "a quarter of 2024"."""
    return bool(
        re.search(r"(first|second|third|fourth|last|primer|segundo|tercer|último)\s+$", text[:start], re.I)
        or re.match(r"\s+(of|de)\s+(fiscal|19|20)", text[end:], re.I)
        or re.match(r"\s+quarter", text[end:], re.I)
    )


def _multiplier(after: str, drafting: Drafting) -> tuple[Fraction, int]:
    for each in drafting.multipliers:
        for spelling in each.all():
            match = re.match(rf"\s+{re.escape(spelling)}\b", after, re.IGNORECASE)
            if match:
                further, reach = _multiplier(after[match.end() :], drafting)
                return each.number * further, match.end() + reach
    return Fraction(1), 0


def _hedges(text: str, drafting: Drafting, wording: Wording) -> list[tuple[str, int, int]]:
    names: dict[str, str] = {}
    for hedge in wording.hedges:
        for spelling in (hedge.en, hedge.es):
            names.setdefault(spelling.casefold(), hedge.hedge)
    for each in drafting.hedges:
        for spelling in each.all():
            # Its own spelling decides over one that two hedges have, such as "más de".
            names.setdefault(spelling.casefold(), each.hedge)
    found = [(names[spelling.casefold()], start, end) for spelling, start, end in spans_of(text, names)]
    return sorted(found, key=lambda each: each[1])


def _assertion(
    text: str,
    numbers: tuple[NumberFound, ...],
    hedges: list[tuple[str, int, int]],
    drafting: Drafting,
    wording: Wording,
    language: Language,
) -> tuple[str | None, str | None]:
    for name, _, end in hedges:
        hedge = wording.hedge(name)
        if hedge is None or not hedge.relative:
            continue
        for number in numbers:
            between = text[end : number.start].casefold().strip(_JOINS) if number.start >= end else None
            if between is not None and between in ("", *drafting.articles.all()):
                return f"{name} {_written(number)}", None
    for name, _, _ in hedges:
        hedge = wording.hedge(name)
        if hedge is not None and not hedge.relative:
            return name, None
    if not numbers:
        return None, None
    first = numbers[0]
    step = rounding_step(first)
    if step is None:
        return f"exactly {_written(first)}", None
    low, high = first.value - step / 2, first.value + step / 2
    ends = f"at_least={written_number(low, first.kind)}; below={written_number(high, first.kind)}"
    return ends, drafting.say("rounds_to", language, text=first.text)


def rounding_step(number: NumberFound) -> Fraction | None:
    """Returns the unit that a number is rounded to as it is written, `None` for a count to the last digit.

    52 % is rounded to one percent and 52.4 % to a tenth of one; 140,000 to ten thousand; a third in words is taken
    as exact, and so is 68,289.
    """
    digits = re.match(_SEPARATED, number.text)
    if digits is None:
        return None
    _, _, decimals = digits[0].partition(".")
    if number.kind == "share":
        return Fraction(1, 100 * 10 ** len(decimals))
    if decimals or re.search(r"[^\W\d]", number.text):
        step: Fraction = number.value / exact_number(digits[0]) / 10 ** len(decimals)
        return step
    plain = digits[0].replace(",", "")
    zeros = len(plain) - len(plain.rstrip("0"))
    return Fraction(10**zeros) if zeros else None


def written_number(value: Fraction, kind: NumberKind) -> str:
    """Returns a number as a claim file may write it: 140,000, 47.5, 52 %; else as a quotient."""
    scaled = value * 100 if kind == "share" else value
    decimals = next((each for each in range(_MOST_DECIMALS) if (scaled * 10**each).denominator == 1), None)
    if decimals is None:
        return f"{value.numerator}/{value.denominator}"
    whole, rest = divmod(int(scaled * 10**decimals), 10**decimals)
    text = f"{whole:,}" + (f".{rest:0{decimals}}" if decimals else "")
    return f"{text} %" if kind == "share" else text


def _written(number: NumberFound) -> str:
    in_words = number.kind == "share" and not re.search(r"\d", number.text)
    value = number.value
    return f"{value.numerator}/{value.denominator}" if in_words else written_number(value, number.kind)


def _places(
    text: str, places: Mapping[str, Iterable[str]], labels: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    seen: dict[tuple[str, str], None] = {}
    plain: dict[str, list[str]] = {}
    for name in places.get("jurisdiction", ()):
        city, _, rest = name.partition(" / ")
        written = {name, name.rpartition(",")[0]} | ({city} if rest else set())
        for each in written - {""}:
            plain.setdefault(each.casefold(), []).append(rest or name)
    spellings = [each for each in plain if each in text.casefold()]
    for spelling, start, _ in sorted(spans_of(text, spellings), key=lambda each: each[1]):
        if text[start : start + 1].isupper():
            for name in sorted(set(plain[spelling.casefold()])):
                seen.setdefault(("jurisdiction", name))
    states = {each.casefold(): each for each in places.get("state", ())} | {
        spelling.casefold(): name for spelling, name in labels.items()
    }
    for spelling, start, _ in sorted(spans_of(text, states), key=lambda each: each[1]):
        if text[start : start + 1].isupper():
            seen.setdefault(("state", states[spelling.casefold()]))
    yield from seen


def _fiscal_years(text: str, drafting: Drafting) -> tuple[tuple[int, ...], list[tuple[int, int]]]:
    years: dict[int, None] = {}
    marks = []
    for spelling in drafting.fiscal_year.all():
        for match in re.finditer(
            rf"(?<!\w){re.escape(spelling)}\s*'?(\d{{4}}|\d{{2}})(?!\d)", text, re.IGNORECASE
        ):
            years.setdefault(int(match[1]) if len(match[1]) == len("2024") else 2000 + int(match[1]))
            marks.append(match.span())
    return tuple(years), marks


def _exact_date(text: str, dates: tuple[DateFound, ...], drafting: Drafting) -> datetime.date | None:
    for each in dates:
        before = f" {text[: each.start]}".rstrip().casefold()
        if each.day is not None and any(
            before.endswith(f" {one.casefold()}") for one in drafting.exactly_on.all()
        ):
            return each.day
    return None


def _type_of(
    text: str, numbers: tuple[NumberFound, ...], hedges: list[tuple[str, int, int]], drafting: Drafting
) -> str:
    for each in drafting.types:
        if any(True for _ in spans_of(text, Spelled(en=each.en, es=each.es).all())):
            # A number or a hedge makes a print or a ground of one out of words that could be either.
            if each.type == "outside" and (numbers or hedges):
                continue
            return each.type
    return "quantity"
