"""The picture of a verdict: every figure as a mark on one axis, the asserted interval as a band.

Positions are percentages of the axis' width, so that marks move and text keeps its size on any screen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from recount.claim.answer_words import label_of_term, shown_terms
from recount.claim.asked import Asked
from recount.claim.record_figures import RecordFigure
from recount.claim.rows import reading_label, shown_figures, thresholds
from recount.claim.rule import Outcome
from recount.claim.verdict import Verdict
from recount.claim.words import Words
from recount.declare.claim_types import Asserts
from recount.measure.figures import MeasuredFigure

Role = Literal["cited", "decides", "context", "proxy"]
_PADDING = Fraction(12, 100)
_TICKS = 5


@dataclass(frozen=True)
class Mark:
    """One figure on the axis.

    `start` and `end` are percentages of its width: equal for an exact value. `runs_off` says that the
    value may lie beyond the axis' right end.
    """

    date: str
    release: str
    authority: str
    value: str
    role: Role
    role_text: str
    outcome: Outcome
    start: float
    end: float
    is_point: bool
    runs_off: bool
    note: str


@dataclass(frozen=True)
class Group:
    """The marks of one reading of one place."""

    label: str
    fit: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Picture:
    """Groups of marks on one axis, its ticks, and the band of what is asserted."""

    groups: tuple[Group, ...]
    ticks: tuple[tuple[float, str], ...]
    band_start: float
    band_end: float
    thresholds: tuple[tuple[float, str], ...]
    alternative: str


def draw_verdict(verdict: Verdict, words: Words) -> Picture | None:
    """Returns the picture of a verdict, `None` where the record holds no figure to draw."""
    roles = _roles(verdict)
    figures = [one for each in verdict.asked for one in shown_figures(each, verdict)]
    if not isinstance(verdict.claim.asserts, Asserts):
        return draw_terms(verdict, words)
    if not figures or verdict.asserted is None:
        return None
    kind = figures[0].kind
    axis = _Axis(_ends(figures, verdict), kind)
    groups = tuple(
        Group(
            label=reading_label(each, verdict, words),
            fit=words.say(f"fit_{each.declared.fit}"),
            marks=tuple(_mark(one, each, roles, axis, verdict, words) for one in _by_date(each, verdict)),
        )
        for each in sorted(verdict.asked, key=lambda each: each.declared.fit == "proxy")
        if _by_date(each, verdict)
    )
    low, high = verdict.asserted.low, verdict.asserted.high
    marked = tuple(
        (axis.place(end), words.threshold(end) if kind == "share" else words.number(end))
        for end in dict.fromkeys((low, high))
        if end is not None and axis.holds(end)
    )
    return Picture(
        groups=groups,
        ticks=tuple((axis.place(each), _tick(each, kind, words)) for each in axis.ticks),
        band_start=0.0 if low is None else axis.place(low),
        band_end=100.0 if high is None else axis.place(high),
        thresholds=marked,
        alternative=_alternative(verdict, groups, words),
    )


def draw_terms(verdict: Verdict, words: Words) -> Picture | None:
    """Returns the numbers that a claim of several works with, each under its name, on one axis.

    What is asserted of them together, such as a ratio, is no stretch of that axis, so there is no band. `None` where
    shares stand beside counts, which no axis holds.
    """
    roles = _roles(verdict)
    groups: dict[tuple[str, str], dict[tuple[object, ...], MeasuredFigure]] = {}
    askers: dict[tuple[str, str], Asked] = {}
    for column in verdict.columns.values():
        for mark in (*column.marks, *column.proxies):
            asked = mark.asked
            reading = reading_label(asked, verdict, words) if len(verdict.asked) > 1 else ""
            for term, value in shown_terms(asked, mark.spoken):
                name = label_of_term(term, words) if value.is_named else ""
                key = (name or term.measure.title.in_language(words.language), reading)
                askers.setdefault(key, asked)
                for figure in value.figures:
                    groups.setdefault(key, {})[figure.identity] = figure
    figures = [one for found in groups.values() for one in found.values()]
    if not figures or {each.kind == "share" for each in figures} == {True, False}:
        return None
    axis = _Axis(_ends(figures, verdict), figures[0].kind)
    drawn = tuple(
        Group(
            label=" · ".join(each for each in key if each),
            fit=words.say(f"fit_{askers[key].declared.fit}"),
            marks=tuple(
                _mark(one, askers[key], roles, axis, verdict, words)
                for one in sorted(found.values(), key=lambda each: (each.through_date, each.release.release))
            ),
        )
        for key, found in groups.items()
    )
    return Picture(
        groups=drawn,
        ticks=tuple((axis.place(each), _tick(each, figures[0].kind, words)) for each in axis.ticks),
        band_start=0.0,
        band_end=0.0,
        thresholds=(),
        alternative=_alternative(verdict, drawn, words),
    )


def _roles(verdict: Verdict) -> dict[int, tuple[Role, Outcome]]:
    """What each figure does, and what its reading says: a lower bound alone says nothing."""
    roles: dict[int, tuple[Role, Outcome]] = {}
    for name, role in (("then", "decides"), ("now", "decides"), ("cited", "cited")):
        column = next((each for key, each in verdict.columns.items() if key == name), None)
        for mark in column.marks if column else ():
            for figure in mark.spoken.figures:
                roles[id(figure)] = ("cited" if role == "cited" else "decides", mark.outcome)
    return roles


def _by_date(asked: Asked, verdict: Verdict) -> list[MeasuredFigure]:
    return shown_figures(asked, verdict)


def _mark(
    figure: MeasuredFigure,
    asked: Asked,
    roles: dict[int, tuple[Role, Outcome]],
    axis: _Axis,
    verdict: Verdict,
    words: Words,
) -> Mark:
    role, outcome = roles.get(id(figure), ("context", "absent"))
    if asked.declared.fit == "proxy":
        role, outcome = "proxy", "absent"
    low, high = figure.interval.low, figure.interval.high
    start = 0.0 if low is None else axis.place(low)
    runs_off = high is None or not axis.holds(high)
    return Mark(
        date=words.through(figure),
        release=figure.release.title.in_language(words.language),
        authority=words.label("authorities", figure.release.authority),
        value=words.records.say_range(figure, words)
        if isinstance(figure, RecordFigure)
        else words.value(figure, apart_from=thresholds(verdict)),
        role=role,
        role_text=words.say(f"report_legend_{'reference' if role == 'decides' else role}"),
        outcome=outcome,
        start=start,
        end=100.0 if runs_off or high is None else axis.place(high),
        is_point=figure.interval.is_point,
        runs_off=runs_off,
        note=words.say("report_sum", jurisdictions=words.number(figure.jurisdictions))
        if figure.is_sum
        else "",
    )


def _ends(figures: Iterable[MeasuredFigure], verdict: Verdict) -> list[Fraction]:
    ends = thresholds(verdict)
    for each in figures:
        ends += [end for end in (each.interval.low,) if end is not None]
        if each.interval.high is not None and (each.kind != "share" or each.interval.high < 1):
            ends.append(each.interval.high)
    return ends


class _Axis:
    """An axis over all ends, with round ticks. Shares stay within 0 and 1, counts at or above 0."""

    def __init__(self, ends: Sequence[Fraction], kind: str) -> None:
        low, high = min(ends), max(ends)
        room = (high - low) * _PADDING or Fraction(1, 10)
        low, high = max(low - room, Fraction(0)), high + room
        if kind != "share":
            low = Fraction(0)
        else:
            high = min(high, Fraction(1))
        self.step = _round_step((high - low) / _TICKS)
        self.low = self.step * math.floor(low / self.step)
        self.high = self.step * math.ceil(high / self.step)
        if kind == "share":
            self.high = min(self.high, Fraction(1))

    @property
    def ticks(self) -> list[Fraction]:
        count = int((self.high - self.low) / self.step)
        return [self.low + self.step * index for index in range(count + 1)]

    def holds(self, value: Fraction) -> bool:
        return self.low <= value <= self.high

    def place(self, value: Fraction) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(float(share * 100), 3)


def _round_step(wanted: Fraction) -> Fraction:
    power = Fraction(10) ** math.floor(math.log10(float(wanted)))
    for factor in (Fraction(1), Fraction(2), Fraction(5), Fraction(10)):
        if power * factor >= wanted:
            return power * factor
    return power * 10


def _tick(value: Fraction, kind: str, words: Words) -> str:
    return words.threshold(value) if kind == "share" else words.number(value)


def _alternative(verdict: Verdict, groups: Iterable[Group], words: Words) -> str:
    parts = []
    for group in groups:
        values = "; ".join(f"{each.date}: {each.value} ({each.role_text})" for each in group.marks)
        parts.append(f"{group.label}: {values}.")
    return words.say(
        "report_alt", title=verdict.claim.title.in_language(words.language).rstrip("."), marks=" ".join(parts)
    )
