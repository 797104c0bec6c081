"""Quantities: one number against an interval; and what a release printed, read in that release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recount.claim.asked import Asked, Asking, Look, Term, asked_of
from recount.claim.evidence import Spoken, speak
from recount.declare.claim_types import Asserts, Side
from recount.declare.interval import Interval


@dataclass(frozen=True)
class QuantityRule:
    """`met` where every possible value lies in the interval, `not_met` where none does."""

    kind: str
    asserted: Interval

    def weigh(self, terms: Sequence[Term], look: Look) -> Spoken:
        """Returns what the record says of the statement, as it is looked at."""
        return speak(terms[0].value(look), self.asserted)


def ask_quantity(asserts: Asserts, asking: Asking) -> Iterator[Asked]:
    """Yields every measure, place and reading that a quantity asks."""
    if asserts.that is None:
        raise TypeError("a claim that is measured asserts an interval")
    interval = asserts.that.interval(asking.book.catalog.wording)
    side = Side(through=asserts.through)
    for index, declared in enumerate(asserts.measured_by):
        for chosen in asking.readings(declared, [side]):
            term = asking.term("value", declared, side, chosen)
            rule = QuantityRule(term.measure.kind, interval)
            yield asked_of(index, declared, chosen, [term], rule)
