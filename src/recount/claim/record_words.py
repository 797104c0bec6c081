"""What a claim asks of individual records, and what they lack for it, in the words of one language."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from recount.claim.record_figures import RecordFigure
from recount.declare.charting import load_charting, texts_of
from recount.declare.event_measures import PERIODS, EventMeasure
from recount.declare.fiscal_years import fiscal_year_end, fiscal_year_of, month_end
from recount.errors import UnknownNameError
from recount.measure.event_answer import EventAbsent
from recount.measure.event_periods import ADMINISTRATION

if TYPE_CHECKING:
    from recount.claim.asked import Asked
    from recount.claim.words import Words

_OPERATORS = {"!=": "not", ">=": "at_least", "<=": "at_most", ">": "over", "<": "under"}


def say_condition(name: str, given: str, measure: EventMeasure, words: Words) -> str:
    """Returns a condition in words: "area of responsibility: Boston", "age: at least 18", "fiscal year 2018"."""
    said = f"{_dimension(name, words)}: {say_part(name, given, measure, words)}"
    return said.replace(": ", " ", 1) if name in ("fiscal_year", "calendar_year") else said


def say_part(name: str, given: str, measure: EventMeasure, words: Words) -> str:
    """Returns what a dimension is limited to, in words."""
    operator = next((each for each in _OPERATORS if given.startswith(each)), "")
    bare = given.removeprefix(operator)
    if name in (*PERIODS, "date"):
        if name == ADMINISTRATION:
            bare = words.listing([_administration(each, words) for each in bare.split(",")])
        said = _say_days(bare, words) if name == "date" else bare.replace("..", " – ")
    else:
        said = words.listing(
            [_label(name, each, measure, words) for each in next(csv.reader([bare]), [bare])]
        )
    return words.say(f"condition_{_OPERATORS[operator]}", part=said) if operator else said


def _say_days(given: str, words: Words) -> str:
    first, dots, last = given.partition("..")
    days = [words.date(datetime.date.fromisoformat(each)) for each in (first, last) if each]
    return words.say("record_span_days", first=days[0], last=days[1]) if dots else days[0]


def _dimension(name: str, words: Words) -> str:
    key = f"chart_dimension_{name}"
    if key in words.catalog.messages[words.language].messages:
        return words.say(key)
    return _texts(words).get(f"dimension_{name}", name.replace("_", " "))


def _texts(words: Words) -> Mapping[str, str]:
    return texts_of(load_charting(words.catalog), words.language)


def _administration(name: str, words: Words) -> str:
    from recount.declare.administrations import load_administrations  # noqa: PLC0415  few claims name one

    known = {each.name: each.label for each in load_administrations(words.catalog)}
    if name not in known:
        raise UnknownNameError(ADMINISTRATION, name, known)
    return str(known[name].in_language(words.language))


def _label(name: str, given: str, measure: EventMeasure, words: Words) -> str:
    dimension = measure.dimensions[name]
    events = words.catalog.events
    codes = events.tables[measure.table].field(dimension.column).codes
    if dimension.grouped or codes is None:
        return _texts(words).get(f"group_{given}", given.replace("_", " "))
    known = {each.code: each.label for each in events.codes[codes].codes}
    return known[given].in_language(words.language) if given in known else given


def say_span(figure: RecordFigure, words: Words) -> str:
    """Returns the days that a figure counts: a fiscal year, a month, or from one day to another."""
    kind, filled_in = _span(figure, words)
    return words.say(f"record_span_{kind}", **filled_in)


def say_within(figure: RecordFigure, words: Words) -> str:
    """Returns the days that a figure counts as a phrase: "in fiscal year 2018", "from 1 May 2018 to 3 June 2018"."""
    kind, filled_in = _span(figure, words)
    return words.say(f"within_{kind}", **filled_in)


def _span(figure: RecordFigure, words: Words) -> tuple[str, dict[str, object]]:
    first, last = figure.period_start or figure.through_date, figure.through_date
    year = fiscal_year_of(last)
    if last == fiscal_year_end(year) and first == fiscal_year_end(year - 1) + datetime.timedelta(days=1):
        return "fiscal_year", {"year": year}
    if first.day == 1 and last == month_end(first.year, first.month):
        return "month", {"month": words.month(first)}
    return "days", {"first": words.date(first), "last": words.date(last)}


def say_record_value(figure: RecordFigure, words: Words) -> str:
    """Returns the rows that a release counts, and how far what it does not say can move that."""
    interval = figure.interval
    numerator, denominator = figure.numerator or 0, figure.denominator
    low, high = interval.low, interval.high
    if low is None or high is None:
        return words.interval(interval, figure.kind)
    if figure.kind == "count":
        if interval.is_point:
            return words.number(numerator)
        return words.say("value_known_at_most", known=words.number(numerator), high=words.number(high))
    if not denominator:
        return words.interval(interval, figure.kind)
    known = words.share_of(numerator, denominator)
    if interval.is_point:
        return known
    return words.say("value_share_known", known=known, low=words.share(low), high=words.share(high))


def say_range(figure: RecordFigure, words: Words) -> str:
    """Returns a figure in the little room beside its mark: one number, or the lowest and the highest."""
    show = words.share if figure.kind == "share" else words.number
    ends = [each for each in (figure.interval.low, figure.interval.high) if each is not None]
    return " – ".join(dict.fromkeys(show(each) for each in ends))


def say_undecided(figure: RecordFigure, words: Words, label: str = "") -> Iterator[str]:
    """Yields what is not known of the rows under a figure, and whether the release covers all its days.

    Args:
        figure: of individual records.
        words: the language.
        label: what people call it, where it is one of several.
    """
    if figure.undecided:
        reasons = [
            words.say(f"undecided_{why}", rows=words.number(rows)) for why, rows in figure.undecided.items()
        ]
        yield words.say(
            "sentence_undecided",
            days=", ".join(each for each in (label, say_span(figure, words)) if each),
            reasons=words.listing(reasons),
        )
    if not figure.is_whole:
        release = figure.release.title.in_language(words.language)
        yield words.say("sentence_covers_part", release=release, days=say_span(figure, words))


def say_absences(asked: Asked, words: Words) -> Iterator[str]:
    """Yields why releases cannot answer under a reading, one sentence for each release and reason."""
    found: dict[tuple[str, str], EventAbsent] = {}
    for each in asked.absent:
        reading = {fork: option for fork, option in each.reading.items() if fork in asked.reading}
        if not isinstance(each, EventAbsent) or reading != asked.reading:
            continue
        known = found.get((each.release, each.because), each)
        found[each.release, each.because] = replace(
            each,
            missing=tuple(dict.fromkeys((*known.missing, *each.missing))),
            files=tuple(sorted({*known.files, *each.files})),
        )
    yield from (_say_absence(each, asked, words) for each in found.values())


def _say_absence(absent: EventAbsent, asked: Asked, words: Words) -> str:
    measures = [each for each in asked.measures if isinstance(each, EventMeasure)]
    dimensions = {name for each in measures for name in each.dimensions}
    labels = {
        option.option: option.label.in_language(words.language)
        for measure in measures
        for fork in measure.forks
        for option in fork.options
    }
    missing = [
        _dimension(name, words) if name in dimensions else words.say("quoted", text=labels.get(name, name))
        for name in absent.missing
    ]
    return words.say(
        f"record_absent_{absent.because}",
        release=absent.release,
        missing=words.listing(missing),
        files=words.listing(list(absent.files)) if absent.files else "",
        only=absent.only or "",
    )
