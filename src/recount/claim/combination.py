"""Combinations: several statements in one, each judged by its own type's rule and joined by and, or and not."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from recount.claim.asked import Asked, Asking, Look, Rule, Term, worst_fit
from recount.claim.evidence import Spoken
from recount.claim.kleene import combine
from recount.declare.assertions import MeasuredBy
from recount.declare.claim_types import CombinationAsserts, Holds, Measured
from recount.declare.text import Text

AsksPart = Callable[[Measured, Asking], Iterable[Asked]]


@dataclass(frozen=True, eq=False)
class PartRule:
    """One part of a combination: its name, its rule, and how many of the terms are its own."""

    part: str
    rule: Rule
    terms: int
    is_printed: bool = True
    title: Text | None = None


@dataclass(frozen=True, eq=False)
class CombinationRule:
    """The outcomes of the parts, joined in three-valued logic. A part without a rule is one that nothing speaks of."""

    holds: Holds
    parts: tuple[PartRule, ...]
    silent: tuple[str, ...]
    kind: str = "parts"

    def weigh(self, terms: Sequence[Term], look: Look) -> Spoken:
        """Returns what the record says of the statement, as it is looked at."""
        return self._join(each.rule.weigh(own, look) for each, own in self._with_terms(terms))

    def _with_terms(self, terms: Sequence[Term]) -> Iterator[tuple[PartRule, Sequence[Term]]]:
        first = 0
        for each in self.parts:
            yield each, terms[first : first + each.terms]
            first += each.terms

    def _join(self, spoken: Iterable[Spoken]) -> Spoken:
        parts = tuple(spoken)
        outcomes = {each.part: one.outcome for each, one in zip(self.parts, parts, strict=True)}
        outcome = combine(self.holds, outcomes | dict.fromkeys(self.silent, "absent"))
        first = 0
        terms = []
        for each, one in zip(self.parts, parts, strict=True):
            terms += [replace(value, term=value.term + first) for value in one.terms]
            first += each.terms
        figures = tuple(dict.fromkeys(figure for one in parts for figure in one.figures))
        return Spoken(outcome, None, figures, None, tuple(terms), parts)


def ask_combination(asserts: CombinationAsserts, asking: Asking, ask_part: AsksPart) -> Iterator[Asked]:
    """Yields every joint way to ask the parts: an alternative and a reading of each, forks that they share agreeing.

    A proxy settles no part; the parts that have proxies only are asked beside, each by itself. Parts that individual
    records answer take one release where there is one that answers all of them.
    """
    asked = {each.part: list(ask_part(each.asserts, asking)) for each in asserts.parts}
    speaking = {
        part: [each for each in found if each.declared.fit != "proxy"] for part, found in asked.items()
    }
    names = [part for part, found in speaking.items() if found]
    silent = tuple(part for part, found in speaking.items() if not found)
    named = [{each.release for each in speaking[name]} - {None} for name in names]
    shared = set[str | None].intersection(*[each for each in named if each]) if any(named) else set()
    numbers: dict[tuple[int, ...], int] = {}
    for chosen in itertools.product(*(speaking[name] for name in names)) if names else ():
        reading = _joint_reading(chosen)
        releases = {each.release for each in chosen if each.release is not None}
        if reading is None or (len(releases) > 1 and shared):
            continue
        alternative = tuple(each.index for each in chosen)
        index = numbers.setdefault(alternative, len(numbers))
        yield _join(asserts, names, chosen, silent, reading, index, ", ".join(sorted(releases)) or None)
    for part, found in asked.items():
        for each in found:
            if each.declared.fit == "proxy":
                rule = CombinationRule(Holds(part=part), (PartRule(part, each.rule, len(each.terms)),), ())
                yield replace(each, index=len(numbers) + each.index, rule=rule)


def _joint_reading(chosen: Sequence[Asked]) -> dict[str, str] | None:
    joint: dict[str, str] = {}
    for each in chosen:
        if any(joint.get(fork, option) != option for fork, option in each.reading.items()):
            return None
        joint |= each.reading
    return joint


def _join(
    asserts: CombinationAsserts,
    names: Sequence[str],
    chosen: Sequence[Asked],
    silent: tuple[str, ...],
    reading: dict[str, str],
    index: int,
    release: str | None,
) -> Asked:
    declared = chosen[0].declared
    fit = worst_fit(each.declared.fit for each in chosen)
    joined = MeasuredBy.model_validate(
        declared.model_dump() | {"fit": fit, "measure": declared.measure, "why": declared.why.model_dump()}
    )
    titles = {each.part: each.title for each in asserts.parts}
    rules = tuple(
        PartRule(name, each.rule, len(each.terms), not each.terms[0].is_of_records, titles[name])
        for name, each in zip(names, chosen, strict=True)
    )
    return Asked(
        index=index,
        measure=chosen[0].measure,
        place=chosen[0].place,
        reading=reading,
        is_default=all(each.is_default for each in chosen),
        declared=joined,
        figures=tuple(dict.fromkeys(one for each in chosen for one in each.figures)),
        absent=tuple(one for each in chosen for one in each.absent),
        terms=tuple(term for each in chosen for term in each.terms),
        rule=CombinationRule(asserts.holds, rules, silent),
        release=release,
    )
