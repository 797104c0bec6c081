"""What a row of an answer is of, in words, and its numbers, for printed figures and individual records alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction

from recount.ask import event_rows, figure_rows
from recount.ask.layout import Note
from recount.claim.rate_words import denominator_of, per_text, rate_text
from recount.claim.words import Words
from recount.declare.interval import Interval
from recount.measure.answer import Answer
from recount.measure.event_answer import EventAnswer, EventRow
from recount.measure.figures import MeasuredFigure
from recount.measure.spread import Reached

_HUNDRED = 100
RATE = "rate"


def title_of(answer: Answer | EventAnswer, words: Words) -> str:
    """Returns the measure and the conditions in words."""
    if isinstance(answer, Answer):
        return figure_rows.title_of(answer, words)
    return event_rows.title_of(answer, words)


def title_with_rate(answer: Answer | EventAnswer, words: Words) -> str:
    """Returns the measure and the conditions in words, and what rates are per."""
    denominator = denominator_of(answer.question.get("per"), words)
    title = title_of(answer, words)
    return title if denominator is None else f"{title}, {per_text(denominator, words)}"


def kind_of(answer: Answer | EventAnswer, words: Words) -> str:
    """Returns what the values of an answer are: the measure's kind, or rates where the question asks them."""
    asks_rates = denominator_of(answer.question.get("per"), words) is not None
    return RATE if asks_rates else answer.measure.kind


def conditions_of(answer: Answer | EventAnswer, names: Collection[str], words: Words) -> str:
    """Returns the conditions on some dimensions in words."""
    if isinstance(answer, EventAnswer):
        said = [
            event_rows.say_condition(each, answer, words) for each in answer.asked.where if each.name in names
        ]
    else:
        said = figure_rows.conditions_of(answer, words, names)
    return ", ".join(said)


def notes_of(answer: Answer | EventAnswer, words: Words) -> list[Note]:
    """Returns what to know with an answer; the last one names the receipt."""
    if isinstance(answer, Answer):
        return list(figure_rows.notes_of(answer, words))
    return list(event_rows.notes_of(answer, words))


def headings_of(answer: Answer | EventAnswer) -> list[str]:
    """Returns the headings of what splits an answer, beside readings and the releases of records."""
    if isinstance(answer, EventAnswer):
        within = ["within days"] if answer.measure.kind == "duration" else []
        return [each.replace("_", " ") for each in answer.asked.by] + within
    by = answer.by
    places = ["place"] if {"state", "jurisdiction"} & set(by) else []
    spans = [figure_rows.heading_of_span(answer)] if _is_dated(answer) else []
    dimensions = [each.replace("_", " ") for each in answer.measure.dimensions if each in by]
    return [*places, *spans, *dimensions]


def labels_of(row: EventRow | MeasuredFigure, answer: Answer | EventAnswer, words: Words) -> list[str]:
    """Returns what a row is of, a cell for each heading."""
    if isinstance(row, EventRow) and isinstance(answer, EventAnswer):
        labels = event_rows.labels_of(row, answer, words)
        if answer.measure.kind == "duration":
            labels = [*(labels or [""] * len(answer.asked.by)), str(row.breakdown["within_days"])]
        return labels
    if not isinstance(row, MeasuredFigure) or not isinstance(answer, Answer):
        return []
    by = answer.by
    labels = [row.place_name] if {"state", "jurisdiction"} & set(by) else []
    if _is_dated(answer):
        labels.append(figure_rows.span_text(row, answer, words))
    return labels + [
        figure_rows.code_text(name, row.breakdown[name], answer, words) for name in row.breakdown
    ]


def lists_releases(answer: Answer | EventAnswer) -> bool:
    """Returns whether rows of printed figures are told apart by release, in a last column of their own."""
    return isinstance(answer, Answer) and "release" in answer.by


def number_text(reached: Reached | None, kind: str, words: Words) -> str:
    """Returns a value as the measure's kind says: a count, a share in percent, a mean with one decimal."""
    if reached is None:
        return "–"
    if reached.value is None:
        if reached.bounds is None:
            return "–"
        return (
            range_text(reached.bounds, kind, words) if kind == RATE else words.interval(reached.bounds, kind)
        )
    return value_text(reached.value, kind, words)


def value_text(value: Fraction, kind: str, words: Words) -> str:
    """Returns a number as the measure's kind says."""
    if kind == RATE:
        return rate_text(value, words)
    if kind in ("share", "duration"):
        return words.share(value)
    return words.number(value) if kind == "count" else words.decimal(value, 1)


def difference_text(value: Fraction, kind: str, words: Words) -> str:
    """Returns a difference with its sign; of shares in percentage points."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    if kind == "share":
        return f"{sign}{words.decimal(abs(value) * _HUNDRED, 1)}\N{NO-BREAK SPACE}pp"
    return sign + value_text(abs(value), kind, words)


def range_text(bounds: Interval | None, kind: str, words: Words, *, signed: bool = False) -> str:
    """Returns bounds as "low to high"; nothing where they are one number, or none."""
    if bounds is None or bounds.low is None or bounds.high is None or bounds.is_point:
        return ""
    said = difference_text if signed else value_text
    return f"{said(bounds.low, kind, words)} to {said(bounds.high, kind, words)}"


def reading_text(own: Mapping[str, str], answer: Answer | EventAnswer, words: Words) -> str:
    """Returns the options of a reading that differ from the default, or "the default reading"."""
    taken = [
        f"“{option_text(fork.fork, own[fork.fork], answer, words)}”"
        for fork in answer.measure.forks
        if own.get(fork.fork, fork.default) != fork.default
    ]
    return " and ".join(taken) or "the default reading"


def option_text(fork: str, option: str, answer: Answer | EventAnswer, words: Words) -> str:
    """Returns the label of an option."""
    return next(
        one.label.in_language(words.language)
        for each in answer.measure.forks
        for one in each.options
        if (each.fork, one.option) == (fork, option)
    )


def _is_dated(answer: Answer) -> bool:
    return bool({"release", "through_date", "fiscal_year", "month"} & set(answer.by)) or (
        len({each.through_date for each in answer.figures}) > 1
    )


def with_total(labels: Sequence[str]) -> list[str]:
    """Returns labels, "Total" where a row is of nothing in particular."""
    return list(labels) or ["Total"]
