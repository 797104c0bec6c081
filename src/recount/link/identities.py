"""Figures that follow from printed ones by the sums their table declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from recount.declare.tables import SumIdentity

Basis = Literal["printed", "sum", "rest"]


@dataclass(frozen=True)
class Derived:
    """A count, and where it comes from.

    `printed`: a release prints it. `sum`: its parts, added. `rest`: what remains of a total after its
    other parts. `of` names the printed figures that it was worked out from.
    """

    value: int
    basis: Basis
    of: tuple[str, ...]


def complete_counts(printed: Mapping[str, int], sums: Sequence[SumIdentity]) -> dict[str, Derived]:
    """Returns the printed counts and all that follow from them.

    Args:
        printed: exact counts by figure, all of one release, place and date.
        sums: the table's identities.

    A printed count always stands as printed. Identities are applied in declared order until nothing new
    follows; each gives its one unknown member. A rest below zero is no count and is not given.
    """
    known = {name: Derived(value, "printed", (name,)) for name, value in printed.items()}
    while True:
        before = len(known)
        for identity in sums:
            _solve(identity, known)
        if len(known) == before:
            return known


def _solve(identity: SumIdentity, known: dict[str, Derived]) -> None:
    unknown = [name for name in (identity.total, *identity.parts) if name not in known]
    if len(unknown) != 1:
        return
    (wanted,) = unknown
    parts = [known[name] for name in identity.parts if name != wanted]
    of = tuple(sorted({name for part in parts for name in part.of}))
    total = sum(part.value for part in parts)
    if wanted == identity.total:
        known[wanted] = Derived(total, "sum", of)
        return
    whole = known[identity.total]
    if whole.value >= total:
        known[wanted] = Derived(whole.value - total, "rest", tuple(sorted({*of, *whole.of})))
