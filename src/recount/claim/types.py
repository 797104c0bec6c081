"""The types of claims: which module asks and judges each. A type that stands nowhere here is no type."""

from __future__ import annotations

from collections.abc import Iterable

from recount.claim.asked import Asked, Asking
from recount.claim.combination import ask_combination
from recount.claim.compare import ask_comparison
from recount.claim.contribution import ask_contribution
from recount.claim.quantity import ask_quantity
from recount.claim.rank import ask_rank
from recount.claim.series import ask_series
from recount.declare.claim_types import (
    AnyType,
    Asserts,
    CombinationAsserts,
    CompareAsserts,
    ContributionAsserts,
    RankAsserts,
    SeriesAsserts,
)

TYPES = ("quantity", "print", "compare", "rank", "series", "contribution", "combination", "outside")
"""Every type of claim, as its YAML names it."""


def ask(asserts: AnyType, asking: Asking) -> Iterable[Asked]:
    """Yields everything that a claim asks: its terms under every reading, with the rule of its type.

    Raises:
        TypeError: for a type that no module judges.
    """
    if isinstance(asserts, CompareAsserts):
        return ask_comparison(asserts, asking)
    if isinstance(asserts, RankAsserts):
        return ask_rank(asserts, asking)
    if isinstance(asserts, SeriesAsserts):
        return ask_series(asserts, asking)
    if isinstance(asserts, ContributionAsserts):
        return ask_contribution(asserts, asking)
    if isinstance(asserts, CombinationAsserts):
        return ask_combination(asserts, asking, ask)
    if isinstance(asserts, Asserts):
        return () if asserts.type == "outside" else ask_quantity(asserts, asking)
    raise TypeError(f"no module judges claims of type {type(asserts).__name__}")
