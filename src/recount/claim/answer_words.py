"""What each type of claim answers, and what it asserts, in the words of one language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from recount.claim.asked import Asked, Rule, Term
from recount.claim.combination import CombinationRule
from recount.claim.compare import CompareRule
from recount.claim.contribution import ContributionRule
from recount.claim.evidence import Spoken, TermValue
from recount.claim.quantity import QuantityRule
from recount.claim.rank import RankOverTimeRule, RankRule
from recount.claim.series import SeriesRule
from recount.claim.verdict import Verdict
from recount.claim.words import Words
from recount.declare.claim_types import (
    AnyType,
    Asserts,
    CombinationAsserts,
    CompareAsserts,
    ContributionAsserts,
    Holds,
    RankAsserts,
    SeriesAsserts,
    Side,
    Span,
)
from recount.measure.statistics import code_list_of

_MOST_PARTS = 6


def shown_terms(asked: Asked, spoken: Spoken) -> Iterator[tuple[Term, TermValue]]:
    """Yields the numbers that an answer shows: those that decide, each once, the first where they are many."""
    if not spoken.terms and isinstance(asked.rule, CombinationRule):
        yield from _numbers_of_parts(asked, asked.rule, spoken)
        return
    shown: set[tuple[object, ...]] = set()
    for value in spoken.terms:
        figures = tuple(one.identity for one in value.figures)
        if value.decides and figures and figures not in shown and len(shown) < _MOST_PARTS:
            shown.add(figures)
            yield asked.terms[value.term], value


def _numbers_of_parts(
    asked: Asked, rule: CombinationRule, spoken: Spoken
) -> Iterator[tuple[Term, TermValue]]:
    """Yields the one number of each part of a combination that asks for one, under the title of the part."""
    first = 0
    for each, one in zip(rule.parts, spoken.parts, strict=True):
        if one.figures:
            yield replace(asked.terms[first], label=each.title), TermValue(first, one.interval, one.figures)
        first += each.terms


def label_of_term(term: Term, words: Words) -> str:
    """Returns what people call a number of a claim: as the claim says, by the codes it is of, or by its place."""
    if term.label is not None:
        return term.label.in_language(words.language)
    if term.is_of_records:
        own = [words.condition(term.measure, *each) for each in term.differs_in.items()]
        if len(own) == 1 and term.role == "rival":
            # Rivals differ in one dimension, which their heading names.
            own = [own[0].partition(": ")[2] or own[0]]
        return words.listing(own)
    table = words.catalog.tables[term.measure.table]
    labels = [
        words.label(code_list_of(table, dimension), code)
        for dimension, codes in term.differs_in.items()
        for code in codes.split(",")
    ]
    if term.role == "rival" and not labels:
        labels = [words.place(term.place)]
    if term.role.startswith("whole") and not labels:
        return words.say("term_whole")
    return words.listing(labels) if labels else ""


@dataclass(frozen=True, eq=False)
class Told:
    """What was found, the verdict that it belongs to, and the language to say it in."""

    spoken: Spoken
    verdict: Verdict
    words: Words

    def interval(self, kind: str) -> str:
        """Returns what was found, not rounded onto what the statement asserts."""
        asserted = self.verdict.asserted
        ends = [each for each in (asserted.low, asserted.high) if each is not None] if asserted else []
        if self.spoken.interval is None:
            return self.words.say("value_none")
        return self.words.interval(self.spoken.interval, kind, apart_from=ends)


def say_answer(rule: Rule, told: Told) -> str:
    """Returns in a few words what a rule found: a ratio, a place among rivals, how much of a series is printed.

    Raises:
        KeyError: for a rule that no words are known of.
    """
    return _ANSWERS[type(rule)](rule, told)


def _say_quantity(rule: QuantityRule, told: Told) -> str:
    figures = told.spoken.figures
    if len(figures) == 1 and told.spoken.interval == figures[0].interval:
        return told.words.value(figures[0])
    return told.interval(rule.kind)


def _say_comparison(rule: CompareRule, told: Told) -> str:
    value, interval = told.interval(rule.kind), told.spoken.interval
    if interval is None:
        return value
    between = "_between" if rule.kind == "change" and not interval.is_point else ""
    return told.words.say(f"answer_{rule.by}{between}", value=value)


def _say_contribution(rule: ContributionRule, told: Told) -> str:
    value = told.interval(rule.kind)
    return value if told.spoken.interval is None else told.words.say(f"answer_{rule.of}", value=value)


def _say_rank(rule: RankRule | RankOverTimeRule, told: Told) -> str:
    count = sum(1 for each in told.spoken.terms if each.figures)
    value = told.interval(rule.kind)
    ahead = _certainly_ahead(rule, told.spoken)
    if ahead is None:
        return told.words.say("answer_among", value=value, count=count)
    if ahead == 0:
        return told.words.say(f"answer_first_{rule.end}", value=value, count=count)
    return told.words.say(f"answer_{rule.end}", value=value, place=ahead + 1, count=count)


def _certainly_ahead(rule: RankRule | RankOverTimeRule, spoken: Spoken) -> int | None:
    """How many rivals lie ahead of the subject, where that is certain of each that is known."""
    own = spoken.interval
    if own is None or own.low is None or own.high is None:
        return None
    ahead = 0
    for each in (one.interval for one in spoken.terms[1:] if one.interval is not None):
        if each.low is not None and each.low > own.high:
            ahead += rule.end == "highest"
        elif each.high is not None and each.high < own.low:
            ahead += rule.end == "lowest"
        else:
            return None
    return ahead


def _say_series(rule: SeriesRule, told: Told) -> str:
    dates = [each.figures[-1].through_date for each in told.spoken.terms]
    return told.words.say(
        f"answer_series_{rule.over.by}",
        count=len(dates),
        first=told.words.date(min(dates)),
        last=told.words.date(max(dates)),
    )


def _say_combination(rule: CombinationRule, told: Told) -> str:
    titles = part_titles(told.verdict.claim.asserts, told.words)
    said = {name: told.words.say("outcome_absent") for name in rule.silent}
    for each, one in zip(rule.parts, told.spoken.parts, strict=True):
        is_unanswered = one.outcome == "absent" and not each.is_printed
        outcome = told.words.say("outcome_not_answered" if is_unanswered else f"outcome_{one.outcome}")
        answer = say_answer(each.rule, replace(told, spoken=one)) if one.figures else ""
        said[each.part] = f"{outcome} ({answer})" if answer else outcome
    return "; ".join(f"{title}: {said[name]}" for name, title in titles.items() if name in said)


_ANSWERS: dict[type, Callable[[Any, Told], str]] = {
    QuantityRule: _say_quantity,
    CompareRule: _say_comparison,
    ContributionRule: _say_contribution,
    RankRule: _say_rank,
    RankOverTimeRule: _say_rank,
    SeriesRule: _say_series,
    CombinationRule: _say_combination,
}


def part_titles(asserts: AnyType, words: Words) -> dict[str, str]:
    """Returns what the parts of a combination are called."""
    if not isinstance(asserts, CombinationAsserts):
        return {}
    return {each.part: each.title.in_language(words.language) for each in asserts.parts}


def say_asserted(verdict: Verdict, words: Words) -> str | None:
    """Returns the sentence that says what a claim asserts, `None` where nothing is measured.

    Raises:
        KeyError: for a type that no words are known of.
    """
    return _ASSERTED[type(verdict.claim.asserts)](verdict.claim.asserts, verdict, words)


def _asserted(verdict: Verdict, kind: str, words: Words) -> str:
    if verdict.asserted is None:
        return ""
    return words.interval(verdict.asserted, kind, asserted=True)


def _assert_quantity(asserts: Asserts, verdict: Verdict, words: Words) -> str | None:
    if asserts.type == "outside":
        return None
    kind = verdict.asked[0].rule.kind if verdict.asked else "count"
    return words.say("report_asserts", interval=_asserted(verdict, kind, words))


def _assert_comparison(asserts: CompareAsserts, verdict: Verdict, words: Words) -> str:
    a, b = (_say_side(each, verdict, number, words) for number, each in enumerate((asserts.a, asserts.b)))
    kind = verdict.asked[0].rule.kind if verdict.asked else "count"
    return words.say(f"asserts_{asserts.by}", a=a, b=b, interval=_asserted(verdict, kind, words))


def _assert_contribution(asserts: ContributionAsserts, verdict: Verdict, words: Words) -> str:
    part = _say_side(asserts.part, verdict, 0, words)
    return words.say(
        f"asserts_{asserts.of}",
        part=part,
        interval=_asserted(verdict, "change", words),
        start=words.date(asserts.start.through or asserts.start.as_of or verdict.claim.said.to_date),
        end=words.date(asserts.end.through or asserts.end.as_of or verdict.claim.said.to_date),
    )


def _assert_rank(asserts: RankAsserts, verdict: Verdict, words: Words) -> str:
    subject = _say_side(asserts.subject, verdict, 0, words)
    top = "" if asserts.top == 1 else "_of"
    if asserts.over is not None:
        message = f"asserts_{asserts.end}{top}_over"
        return words.say(
            message, subject=subject, top=asserts.top, span=_say_span(asserts.over, verdict, words)
        )
    terms = verdict.asked[0].terms if verdict.asked else ()
    rivals = [label_of_term(each, words) for each in terms if each.role == "rival"]
    named = (
        words.listing(rivals) if len(rivals) <= _MOST_PARTS else words.say("rivals_all", count=len(rivals))
    )
    return words.say(f"asserts_{asserts.end}{top}", subject=subject, top=asserts.top, rivals=named)


def _assert_series(asserts: SeriesAsserts, verdict: Verdict, words: Words) -> str:
    kind = verdict.asked[0].rule.kind if verdict.asked else "count"
    return words.say(
        f"asserts_series_{asserts.pattern}",
        span=_say_span(asserts.over, verdict, words, "course"),
        interval=_asserted(verdict, kind, words),
    )


def _assert_combination(asserts: CombinationAsserts, verdict: Verdict, words: Words) -> str:
    titles = part_titles(verdict.claim.asserts, words)
    return words.say("asserts_combination", parts=_say_holds(asserts.holds, titles, words))


_ASSERTED: dict[type, Callable[[Any, Verdict, Words], str | None]] = {
    Asserts: _assert_quantity,
    CompareAsserts: _assert_comparison,
    ContributionAsserts: _assert_contribution,
    RankAsserts: _assert_rank,
    SeriesAsserts: _assert_series,
    CombinationAsserts: _assert_combination,
}


def _say_holds(holds: Holds, titles: dict[str, str], words: Words) -> str:
    if holds.part is not None:
        return words.say("quoted", text=titles[holds.part])
    if holds.not_that is not None:
        return words.say("combined_not", part=_say_holds(holds.not_that, titles, words))
    message = "combined_and" if holds.all_of else "combined_or"
    first, *others = [_say_holds(each, titles, words) for each in (*holds.all_of, *holds.any_of)]
    for each in others:
        first = words.say(message, first=first, second=each)
    return first


def _say_side(side: Side, verdict: Verdict, number: int, words: Words) -> str:
    term = verdict.asked[0].terms[number] if verdict.asked else None
    name = label_of_term(term, words) if term else ""
    if not name and term is not None:
        name = term.measure.title.in_language(words.language)
    day = side.through or side.as_of
    if day is None or side.label is not None:
        return name
    return words.say("side_through" if side.through else "side_as_of", what=name, date=words.date(day))


def _say_span(span: Span, verdict: Verdict, words: Words, kind: str = "span") -> str:
    last = span.through or verdict.claim.said.to_date
    message = f"{kind}_{span.by}_ever" if span.ever else f"{kind}_{span.by}"
    return words.say(message, start=words.date(span.from_date), end=words.date(last))
