"""The lines of a verdict's table: each reading or figure in the words of one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from recount.claim.answer_words import Told, label_of_term, say_answer, shown_terms
from recount.claim.asked import Asked, Term
from recount.claim.columns import Mark
from recount.claim.evidence import TermValue
from recount.claim.record_figures import RecordFigure
from recount.claim.rule import Outcome
from recount.claim.verdict import Verdict
from recount.claim.words import Words
from recount.declare.claim_types import Asserts, exact_date_of
from recount.declare.measures import Measure
from recount.measure.figures import MeasuredFigure, standing_by_date

_SHOW_ALL = 8
_BESIDE = 2


@dataclass(frozen=True, eq=False)
class Part:
    """One figure of a line: its own value, and where it stands; of several numbers, which one it is."""

    value: str
    date: str
    release: str
    figure: MeasuredFigure
    label: str = ""


@dataclass(frozen=True, eq=False)
class RowView:
    """One line of the table behind a verdict: a reading, its value, and where the value stands.

    `is_answer` says that the value is worked out of several numbers, which `parts` give.
    """

    reading: str
    value: str
    date: str
    release: str
    authority: str
    fit: str
    role: str
    outcome: Outcome
    outcome_text: str
    said: str
    notes: tuple[str, ...]
    parts: tuple[Part, ...]
    figures: tuple[MeasuredFigure, ...]
    asked: Asked
    is_answer: bool = False


def thresholds(verdict: Verdict) -> list[Fraction]:
    """Returns the ends of what a claim asserts of a figure; a shown value must not be rounded onto them."""
    asserted = verdict.asserted if isinstance(verdict.claim.asserts, Asserts) else None
    return [each for each in (asserted.low, asserted.high) if each is not None] if asserted else []


def reading_label(asked: Asked, verdict: Verdict, words: Words) -> str:
    """Returns what a reading counts, in as few words as tell it from the others."""
    language = words.language
    forks = {each.fork: each for measure in asked.measures for each in measure.forks}
    parts = [
        next(each.label for each in forks[fork].options if each.option == option).in_language(language)
        for fork, option in asked.reading.items()
    ]
    others = [
        each for each in verdict.asked if (each.declared.fit == "proxy") == (asked.declared.fit == "proxy")
    ]
    if not parts or len({each.measure.measure for each in others}) > 1:
        titles = [each.title.in_language(language) for each in asked.measures]
        parts.insert(0, words.listing(titles))
    of_records = asked.terms[0].is_of_records
    elsewhere = (
        asked.declared.fit == "proxy" and isinstance(asked.measure, Measure) and not asked.measure.statistic
    )
    if not of_records and (len({each.place for each in others}) > 1 or elsewhere):
        parts.append(words.place(asked.place))
    if len({each.release for each in others}) > 1 and asked.figures:
        parts.append(asked.figures[0].release.title.in_language(language))
    split = [
        words.condition(asked.measure, dimension, asked.declared.conditions.get(dimension))
        for dimension in sorted({name for each in others for name in _conditions(each)})
        if len({_conditions(each).get(dimension) for each in others}) > 1
    ]
    label = ", ".join(parts)
    return f"{label} ({'; '.join(split)})" if split else label


def _conditions(asked: Asked) -> Mapping[str, str]:
    """What an alternative is limited to; of individual records, places and days are conditions as any other."""
    return asked.declared.where if asked.terms[0].is_of_records else asked.declared.conditions


def view_row(mark: Mark, verdict: Verdict, role: str, words: Words) -> RowView:
    """Returns the line of one reading in one column."""
    figures = mark.spoken.figures
    interval = mark.spoken.interval
    shown = tuple(shown_terms(mark.asked, mark.spoken))
    parts = tuple(_term_part(term, value, words) for term, value in shown)
    single = len(figures) == 1
    if shown:
        figures = tuple(each.figure for each in parts)
        value = say_answer(mark.asked.rule, Told(mark.spoken, verdict, words))
    elif single:
        kind = figures[0].kind
        exact = isinstance(figures[0], RecordFigure) or (interval is not None and interval.is_point)
        value = (
            words.value(figures[0], apart_from=thresholds(verdict))
            if exact or kind == "share" or interval is None
            else words.interval(interval, kind)
        )
    else:
        value = (
            words.say("value_none") if interval is None else words.interval(interval, mark.asked.measure.kind)
        )
    return RowView(
        reading=reading_label(mark.asked, verdict, words),
        value=value,
        date="; ".join(_distinct((words.through(each) for each in figures), always=not shown)),
        release="; ".join(
            _distinct((each.release.title.in_language(words.language) for each in figures), always=not shown)
        ),
        authority="; ".join(
            dict.fromkeys(words.label("authorities", each.release.authority) for each in figures)
        ),
        fit=words.say(f"fit_{mark.fit}"),
        role=words.say(f"role_{'proxy' if mark.fit == 'proxy' else role}"),
        outcome=mark.outcome,
        outcome_text=words.say(
            "outcome_not_answered"
            if mark.outcome == "absent" and mark.asked.terms[0].is_of_records
            else f"outcome_{mark.outcome}"
        ),
        said=_said_when(mark, verdict, words),
        notes=tuple(_row_notes(mark, words)),
        parts=parts or _parts(figures, words),
        figures=figures,
        asked=mark.asked,
        is_answer=bool(shown),
    )


def _distinct(texts: Iterable[str], *, always: bool) -> list[str]:
    """Texts of figures: each of a bound's two, and of several numbers each that differs."""
    found = list(texts)
    return found if always else list(dict.fromkeys(found))


def _term_part(term: Term, value: TermValue, words: Words) -> Part:
    figure = value.figures[-1]
    text = (
        words.value(figure)
        if value.interval is None or value.interval == figure.interval
        else words.interval(value.interval, term.measure.kind)
    )
    where = words.through(figure), figure.release.title.in_language(words.language)
    return Part(text, *where, figure, label_of_term(term, words) if value.is_named else "")


def _parts(figures: Sequence[MeasuredFigure], words: Words) -> tuple[Part, ...]:
    return tuple(
        Part(words.value(each), words.through(each), each.release.title.in_language(words.language), each)
        for each in figures
    )


def _said_when(mark: Mark, verdict: Verdict, words: Words) -> str:
    said = verdict.claim.said
    first = said.from_date or mark.said_from
    if mark.said_from == first and mark.said_to == said.to_date:
        return ""
    return words.say("sentence_said_when", start=words.date(mark.said_from), end=words.date(mark.said_to))


def _row_notes(mark: Mark, words: Words) -> list[str]:
    notes = [words.left_out(each) for each in mark.spoken.figures if each.is_partial]
    notes += [words.flagged(each) for each in mark.spoken.figures if each.flags]
    if mark.asked.terms[0].is_of_records:
        shown = list(shown_terms(mark.asked, mark.spoken))
        labelled = [
            (one, label_of_term(term, words) if value.is_named else "")
            for term, value in shown
            for one in value.figures
        ] or [(each, "") for each in mark.spoken.figures]
        for figure, label in labelled:
            notes += words.records.say_undecided(figure, words, label)
    return notes + [words.say(f"sentence_{each}") for each in mark.spoken.notes]


def view_context(verdict: Verdict, words: Words) -> list[RowView]:
    """Returns a line for each figure that speaks in no column: another date, or another release."""
    used = {
        id(figure)
        for column in verdict.columns.values()
        for mark in (*column.marks, *column.proxies)
        for figure in mark.spoken.figures
    }
    rows = []
    for asked in verdict.asked:
        for figure in shown_figures(asked, verdict):
            if id(figure) in used:
                continue
            rows.append(_context_row(asked, figure, verdict, words))
    return rows


def view_nearest(verdict: Verdict, context: Sequence[RowView]) -> list[RowView]:
    """The figures just before and just after what decides, where one measure of one place is asked.

    Claims that work with several numbers have none beside.
    """
    if not isinstance(verdict.claim.asserts, Asserts):
        return []
    said = exact_date_of(verdict.claim.asserts) or verdict.claim.said.to_date
    own = [each for each in context if each.asked.declared.fit != "proxy" and each.asked.is_default]
    if len({each.asked.index for each in own}) != 1 or not all(
        each.asked.measure.kind == "share" for each in own
    ):
        return []
    before = [each for each in own if each.figures[0].through_date <= said]
    after = [each for each in own if each.figures[0].through_date > said]
    return [*before[-1:], *after[:1]]


def shown_figures(asked: Asked, verdict: Verdict) -> list[MeasuredFigure]:
    """Returns the figures of one reading that a verdict shows: all that it may look at, or the nearest.

    A series of many dates would bury what decides. Of such a series, those that speak in a column are shown,
    and beside them the standing figures of the dates just before and just after.
    """
    known = [each for each in asked.figures if is_known(each, verdict)]
    if not isinstance(verdict.claim.asserts, Asserts):
        return _shown_of_terms(asked, verdict)
    if len(known) <= _SHOW_ALL:
        return known
    spoken = {
        id(figure)
        for column in verdict.columns.values()
        for mark in (*column.marks, *column.proxies)
        if mark.asked is asked
        for figure in mark.spoken.figures
    }
    speaking = [each for each in known if id(each) in spoken]
    standing = list(standing_by_date(known).values())
    said = exact_date_of(verdict.claim.asserts) or verdict.claim.said.to_date
    first = min((each.through_date for each in speaking), default=said)
    last = max((each.through_date for each in speaking), default=said)
    before = [each for each in standing if each.through_date < first][-_BESIDE:]
    after = [each for each in standing if each.through_date > last][:_BESIDE]
    chosen = {id(each) for each in (*before, *speaking, *after)}
    return [each for each in known if id(each) in chosen]


def _shown_of_terms(asked: Asked, verdict: Verdict) -> list[MeasuredFigure]:
    """The figures that the outcome turns on, in whichever column; proxies have none that decide, and show theirs."""
    marks = [
        mark
        for column in verdict.columns.values()
        for mark in (*column.marks, *column.proxies)
        if mark.asked is asked
    ]
    return list(
        dict.fromkeys(
            one for mark in marks for _, value in shown_terms(asked, mark.spoken) for one in value.figures
        )
    )


def left_out_of_series(verdict: Verdict) -> int:
    """Returns how many figures that the verdict may look at are not shown, over all readings.

    Of a claim that works with several numbers none stands beside what it asks.
    """
    if not isinstance(verdict.claim.asserts, Asserts):
        return 0
    return sum(
        sum(1 for figure in each.figures if is_known(figure, verdict)) - len(shown_figures(each, verdict))
        for each in verdict.asked
    )


def is_known(figure: MeasuredFigure, verdict: Verdict) -> bool:
    """Returns whether the verdict may look at a figure: all, or those certainly out as known on its date."""
    return verdict.as_known_on is None or figure.release.out_by(verdict.as_known_on) == "out"


def _context_row(asked: Asked, figure: MeasuredFigure, verdict: Verdict, words: Words) -> RowView:
    notes: tuple[str, ...] = ()
    if figure.is_sum:
        notes = (
            (words.left_out(figure),)
            if figure.is_partial
            else (words.say("report_sum", jurisdictions=words.number(figure.jurisdictions)),)
        )
    if figure.flags:
        notes = (*notes, words.flagged(figure))
    fit = asked.declared.fit
    return RowView(
        reading=reading_label(asked, verdict, words),
        value=words.value(figure, apart_from=thresholds(verdict)),
        date=words.through(figure),
        release=figure.release.title.in_language(words.language),
        authority=words.label("authorities", figure.release.authority),
        fit=words.say(f"fit_{fit}"),
        role=words.say("role_proxy" if fit == "proxy" else "role_context"),
        outcome="absent",
        outcome_text="",
        said="",
        notes=notes,
        parts=_parts((figure,), words),
        figures=(figure,),
        asked=asked,
    )


def view_proxies(verdict: Verdict, words: Words) -> list[RowView]:
    """Returns the lines of proxies that speak now. They give no verdict."""
    now = verdict.columns.get("now")
    if now is None:
        return []
    return [view_row(each, verdict, "reference", words) for each in now.proxies if each.outcome != "absent"]
