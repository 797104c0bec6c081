"""Three-valued logic: met, not met, and open for what is not settled. Source: S. C. Kleene's strong logic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from recount.claim.rule import Outcome
from recount.declare.claim_types import Holds


def conjoin(outcomes: Iterable[Outcome]) -> Outcome:
    """Returns the outcome of all together: not met where one is not, met where every one is, else open."""
    found = set(outcomes)
    if "not_met" in found:
        return "not_met"
    return "met" if found <= {"met"} else "open"


def disjoin(outcomes: Iterable[Outcome]) -> Outcome:
    """Returns the outcome of any of them: met where one is, not met where none is, else open."""
    return negate(conjoin(negate(each) for each in outcomes))


def negate(outcome: Outcome) -> Outcome:
    """Returns the outcome of the contrary; what is open or absent stays so."""
    return {"met": "not_met", "not_met": "met", "open": "open", "absent": "absent"}[outcome]  # type: ignore[return-value]


def combine(holds: Holds, outcomes: Mapping[str, Outcome]) -> Outcome:
    """Returns the outcome of a combination from those of its parts.

    A part that nothing speaks of is not settled, and may still leave the whole settled. Where nothing speaks of any
    part, nothing speaks of the whole.
    """
    if all(each == "absent" for each in outcomes.values()):
        return "absent"
    return _combine(holds, {name: "open" if each == "absent" else each for name, each in outcomes.items()})


def _combine(holds: Holds, outcomes: Mapping[str, Outcome]) -> Outcome:
    if holds.part is not None:
        return outcomes[holds.part]
    if holds.all_of:
        return conjoin(_combine(each, outcomes) for each in holds.all_of)
    if holds.any_of:
        return disjoin(_combine(each, outcomes) for each in holds.any_of)
    if holds.not_that is None:
        raise TypeError("a combination is a part, or parts together")
    return negate(_combine(holds.not_that, outcomes))
