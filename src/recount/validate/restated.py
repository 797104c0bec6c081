"""Pairs of prints that cannot both stand as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from recount.link.printed import Print


@dataclass(frozen=True)
class Pair:
    """One figure in two prints of a place: `before` in the earlier, `after` in the later."""

    figure: str
    earlier: Print
    later: Print
    before: int
    after: int


def find_falling_counts(prints: Sequence[Print]) -> Iterator[Pair]:
    """Yields each cumulative count that is lower through a later date than through an earlier one.

    Movement cannot do that: people once counted stay counted. Compares every two prints of a place.
    """
    for first, second in _pairs_of_place(prints):
        earlier, later = sorted((first, second), key=lambda each: each.through_date)
        if earlier.through_date == later.through_date:
            continue
        for figure in sorted(earlier.counts.keys() & later.counts.keys()):
            before, after = earlier.counts[figure].value, later.counts[figure].value
            if after < before:
                yield Pair(figure, earlier, later, before, after)


def find_double_prints(prints: Sequence[Print]) -> Iterator[Pair]:
    """Yields each figure that two releases print differently for one place and date."""
    for first, second in _pairs_of_place(prints):
        if first.through_date != second.through_date or first.release == second.release:
            continue
        for figure in sorted(first.counts.keys() & second.counts.keys()):
            before, after = first.counts[figure].value, second.counts[figure].value
            if before != after:
                yield Pair(figure, first, second, before, after)


def _pairs_of_place(prints: Sequence[Print]) -> Iterator[tuple[Print, Print]]:
    by_place: dict[str, list[Print]] = {}
    for each in prints:
        by_place.setdefault(each.place_code, []).append(each)
    for code in sorted(by_place):
        ordered = sorted(by_place[code], key=lambda each: (each.through_date, each.release, each.is_sum))
        yield from combinations(ordered, 2)
