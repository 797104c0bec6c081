"""The columns of a verdict: what each reading says in the cited release, then, and now."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from recount.claim.asked import Asked, Asking, Look
from recount.claim.evidence import ABSENT, Availability, Spoken, speak_over_releases
from recount.claim.rule import Outcome, Word, judge_print, word_of
from recount.claim.types import ask
from recount.declare.assertions import Fit
from recount.declare.claim_types import that_of
from recount.declare.claims import Claim
from recount.declare.interval import Interval
from recount.measure.figures import MeasuredFigure, authority_ranks
from recount.measure.prints import PrintBook

ColumnName = Literal["cited", "then", "now"]
COLUMNS: tuple[ColumnName, ...] = ("cited", "then", "now")


@dataclass(frozen=True, eq=False)
class Mark:
    """What one reading says in one column, for a statement said between two days.

    `fit` is `near` at best where a sum leaves places out.
    """

    asked: Asked
    said_from: datetime.date
    said_to: datetime.date
    spoken: Spoken
    fit: Fit

    @property
    def outcome(self) -> Outcome:
        """Met, not met, open or absent."""
        return self.spoken.outcome


@dataclass(frozen=True, eq=False)
class Column:
    """One column: its word, what each reading says, and the proxies beside.

    `tested` of `readings` readings speak. `differ_by` names what the word depends on: a fork, `measure`,
    `place`, or `said` (the day the statement was said).
    """

    name: ColumnName
    word: Word
    marks: tuple[Mark, ...]
    proxies: tuple[Mark, ...]
    tested: int
    readings: int
    differ_by: tuple[str, ...]
    notes: tuple[str, ...]


def ask_all(claim: Claim, book: PrintBook) -> Iterable[Asked]:
    """Returns everything that a claim asks under every reading, with all figures the record holds of it."""
    return ask(claim.asserts, Asking(book))


def read_cited_column(
    claim: Claim,
    asked: Sequence[Asked],
    book: PrintBook,
    as_known_on: datetime.date | None,
) -> Column:
    """Returns what the release that the claim rests on says by itself."""
    if claim.rests_on is None:
        raise TypeError("the claim rests on no release")
    name = claim.rests_on.release
    release = book.record.releases.get(name)
    hidden = release is None or (as_known_on is not None and release.out_by(as_known_on) == "not_out")
    notes = ["cited_not_in_record"] if release is None else ["cited_not_out"] if hidden else []
    marks = []
    look = Look(frozenset({name}), claim.said.to_date, 0, alone=name)
    for each in asked:
        spoken = ABSENT if hidden else each.rule.weigh(each.terms, look)
        marks.append(_mark(each, claim.said.from_date or claim.said.to_date, claim.said.to_date, spoken))
    asserted = that_of(claim.asserts)
    if claim.asserts.type == "print" and asserted is not None:
        interval = asserted.interval(book.catalog.wording)
        marks = [
            _as_print(each, interval, release is not None and _is_good_copy(release.authority, book))
            for each in marks
        ]
    return _as_column("cited", marks, notes)


def _is_good_copy(authority: str, book: PrintBook) -> bool:
    ranks = authority_ranks(book.catalog)
    return ranks[authority] <= ranks[book.catalog.rules.copy_good_enough]


def _as_print(mark: Mark, asserted: Interval, good: bool) -> Mark:
    printed = [] if mark.spoken.interval is None else [mark.spoken.interval]
    outcome = judge_print(printed, asserted, copy_good_enough=good)
    return replace(mark, spoken=replace(mark.spoken, outcome=outcome))


def read_print_columns(
    claim: Claim, cited: Column, book: PrintBook, as_known_on: datetime.date | None
) -> dict[ColumnName, Column]:
    """What a release printed does not change; it could be seen once it was out."""
    release = book.record.releases.get(claim.rests_on.release) if claim.rests_on else None
    said = claim.said.from_date or claim.said.to_date
    day = said if as_known_on is None else min(said, as_known_on)
    state = "not_out" if release is None else release.out_by(day)
    then: Column = replace(cited, name="then")
    if state == "not_out":
        then = replace(then, word="untestable", tested=0, marks=(), notes=("cited_not_out",))
    elif state == "perhaps":
        then = replace(
            then, word="open" if cited.word != "untestable" else "untestable", notes=("publication_dates",)
        )
    return {"then": then, "now": replace(cited, name="now")}


def read_column(
    name: ColumnName,
    claim: Claim,
    asked: Sequence[Asked],
    window: int,
    book: PrintBook,
    as_known_on: datetime.date | None,
) -> Column:
    """Returns what the releases out `then`, or the record `now`, say under every reading."""
    marks: list[Mark] = []
    for start, end in _segments(claim, asked, window, as_known_on):
        day = start if name == "then" else None
        if as_known_on is not None:
            day = as_known_on if day is None else min(day, as_known_on)
        for each in asked:
            available = _available({one.release.release for one in each.figures}, book, day)
            marks.append(_mark(each, start, end, _speak(each, start, window, available)))
    notes = [note for each in marks for note in each.spoken.notes]
    return _as_column(name, marks, notes)


def _speak(asked: Asked, said: datetime.date, window: int, available: Availability) -> Spoken:
    def speaks(figures: Sequence[MeasuredFigure]) -> Spoken:
        out = frozenset(each.release.release for each in figures)
        return asked.rule.weigh(asked.terms, Look(out, said, window))

    return speak_over_releases(asked.figures, available, speaks)


def _available(names: set[str], book: PrintBook, day: datetime.date | None) -> Availability:
    if day is None:
        return Availability(frozenset(names), frozenset())
    states = {name: book.record.releases[name].out_by(day) for name in names}
    return Availability(
        frozenset(name for name, state in states.items() if state == "out"),
        frozenset(name for name, state in states.items() if state == "perhaps"),
    )


def _segments(
    claim: Claim, asked: Sequence[Asked], window: int, as_known_on: datetime.date | None
) -> list[tuple[datetime.date, datetime.date]]:
    """The days on which it may have been said, cut wherever what speaks can change."""
    last = claim.said.to_date
    figures = [
        one
        for each in asked
        for one in each.figures
        if as_known_on is None or one.release.out_by(as_known_on) != "not_out"
    ]
    dates = {each.through_date for each in figures}
    first = claim.said.from_date or min([*dates, last])
    if first == last:
        return [(last, last)]
    day = datetime.timedelta(days=1)
    cuts = {first}
    for date in dates:
        cuts |= {date, date + day, date + datetime.timedelta(days=window) + day}
    for known in {each.release.release: each.release for each in figures}.values():
        cuts |= {known.earliest, known.published_to or known.earliest}
    starts = sorted(each for each in cuts if first <= each <= last)
    return [
        (start, starts[index + 1] - day if index + 1 < len(starts) else last)
        for index, start in enumerate(starts)
    ]


def _mark(asked: Asked, start: datetime.date, end: datetime.date, spoken: Spoken) -> Mark:
    fit = asked.declared.fit
    if fit == "exact" and any(each.is_partial for each in spoken.figures):
        fit = "near"
    return Mark(asked, start, end, spoken, fit)


def _as_column(name: ColumnName, marks: Sequence[Mark], notes: Iterable[str]) -> Column:
    speaking = _merge([each for each in marks if each.fit != "proxy"])
    proxies = _merge([each for each in marks if each.fit == "proxy"])
    readings = {_reading_key(each.asked) for each in speaking}
    tested = {_reading_key(each.asked) for each in speaking if each.outcome != "absent"}
    word = word_of(each.outcome for each in speaking)
    differ = _differ_by(speaking) if word == "depends" else ()
    return Column(
        name, word, speaking, proxies, len(tested), len(readings), differ, tuple(dict.fromkeys(notes))
    )


def _reading_key(asked: Asked) -> tuple[Any, ...]:
    return (asked.index, asked.release or "", *sorted(asked.reading.items()))


def _merge(marks: list[Mark]) -> tuple[Mark, ...]:
    """Joins neighbouring days on which a reading says the same from the same figures."""
    merged: dict[tuple[Any, ...], list[Mark]] = {}
    for each in marks:
        run = merged.setdefault(_reading_key(each.asked), [])
        last = run[-1] if run else None
        if last and _says(last.spoken) == _says(each.spoken):
            run[-1] = replace(last, said_to=each.said_to)
        else:
            run.append(each)
    return tuple(each for run in merged.values() for each in run)


def _says(spoken: Spoken) -> tuple[Any, ...]:
    parts = tuple(_says(each) for each in spoken.parts)
    return (spoken.outcome, spoken.figures, spoken.interval, spoken.note, parts)


def _differ_by(marks: Sequence[Mark]) -> tuple[str, ...]:
    """Names what alone turns a met reading into one that is not, or all that the nearest pairs differ in."""
    pairs = []
    for met in (each for each in marks if each.outcome == "met"):
        for unmet in (each for each in marks if each.outcome == "not_met"):
            first, second = met.asked.axes, unmet.asked.axes
            names = {name for name in first.keys() | second.keys() if first.get(name) != second.get(name)}
            if met.said_to < unmet.said_from or unmet.said_to < met.said_from:
                names.add("said")
            pairs.append(frozenset(names))
    smallest = min((len(each) for each in pairs), default=0)
    return tuple(sorted({name for each in pairs if len(each) == smallest for name in each}))


def speaking_figures(column: Column | None) -> list[MeasuredFigure]:
    """Returns the figures that readings of a column rest on, each once; proxies have none."""
    if column is None:
        return []
    found = [one for each in column.marks if each.outcome != "absent" for one in each.spoken.figures]
    return list(dict.fromkeys(found))
