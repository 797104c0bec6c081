"""Comparisons: one number against another, by their difference, their ratio, or the rise or fall between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from recount.claim.asked import (
    Asked,
    Asking,
    Look,
    Term,
    asked_of,
    crosses_break,
    figures_of,
    term_values,
)
from recount.claim.evidence import ABSENT, Spoken
from recount.claim.rule import Outcome, judge
from recount.declare.claim_types import CompareAsserts
from recount.declare.interval import Interval

if TYPE_CHECKING:
    from recount.claim.record_joint import JointRows

By = Literal["difference", "ratio", "rise", "fall"]
KINDS: dict[By, str] = {"difference": "difference", "ratio": "ratio", "rise": "change", "fall": "change"}


def compare(a: Interval, b: Interval, by: By) -> Interval | None:
    """Returns where A compared with B can lie, over every value that either may have.

    The difference A minus B; the ratio A over B; the rise, A over B less one; the fall, one less A over B.
    `None` where B may be zero, which nothing can be a multiple of.
    """
    if by == "difference":
        return a.minus(b)
    ratio = a.divided_by(b)
    if ratio is None or by == "ratio":
        return ratio
    one = Interval.point(1)
    return ratio.minus(one) if by == "rise" else one.minus(ratio)


def judge_comparison(
    a: Interval,
    b: Interval,
    by: By,
    asserted: Interval,
    *,
    comparable: bool = True,
    together: Interval | None = None,
) -> tuple[Outcome, Interval | None, str | None]:
    """Returns the outcome, where the comparison can lie, and why it is open where neither number says so.

    Args:
        a: where A can lie.
        b: where B can lie.
        by: how they are compared.
        asserted: what the statement says of the comparison.
        comparable: whether both are counted by one definition.
        together: where the comparison can lie, where that is known of both at once.
    """
    found = compare(a, b, by) if together is None else together
    if found is None:
        return "open", None, "zero_base"
    if not comparable:
        return "open", found, "break_in_definition"
    return judge(found, asserted), found, None


@dataclass(frozen=True)
class CompareRule:
    """Joint bounds of A and B within the asserted interval, apart from it, or neither."""

    by: By
    asserted: Interval
    joint: JointRows | None = None

    @property
    def kind(self) -> str:
        """What the interval of its answer is in."""
        return KINDS[self.by]

    def weigh(self, terms: Sequence[Term], look: Look) -> Spoken:
        """Returns what the record says of the statement, as it is looked at."""
        values = [each.value(look) for each in terms]
        figures = figures_of(values)
        if not all(each.figures for each in values):
            return ABSENT
        a, b = (each.interval for each in values)
        if a is None or b is None:
            notes = [each.note for each in values if each.note is not None]
            return Spoken("open", None, figures, notes[0], term_values(values))
        whole = self.joint is not None and all(each.note is None for each in values)
        outcome, found, note = judge_comparison(
            a,
            b,
            self.by,
            self.asserted,
            comparable=not crosses_break(terms, figures),
            together=self.joint.compare(self.by) if self.joint is not None and whole else None,
        )
        return Spoken(outcome, found, figures, note, term_values(values))


def ask_comparison(asserts: CompareAsserts, asking: Asking) -> Iterator[Asked]:
    """Yields A and B under every measure and reading that a comparison asks."""
    interval = asserts.that.interval(asking.book.catalog.wording)
    for index, declared in enumerate(asserts.measured_by):
        for chosen in asking.readings(declared, [asserts.a, asserts.b]):
            terms = [
                asking.term(role, declared, side, chosen)
                for role, side in (("a", asserts.a), ("b", asserts.b))
            ]
            rule = CompareRule(asserts.by, interval, asking.joint(terms, chosen))
            yield asked_of(index, declared, chosen, terms, rule)
