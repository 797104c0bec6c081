"""An attack on cubes: how far everything that is published narrows each count that is not shown.

The attacker is given more than anyone has: which cells there are, which of them are small, and of which sum each is.
What is left unknown is how many rows each cell counts, and linear programming says between which numbers every one
can lie when all sums of all cubes hold together. Sums of margins follow from these, and add nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.optimize import linprog
from scipy.sparse import csr_array

from recount.declare.cubes import COUNT, MONTH, POOLED, YEAR

Key = tuple[Any, ...]
Limits = Mapping[Key, tuple[float, float]]


@dataclass(frozen=True)
class Published:
    """A cube as it is published, with the counts that it was made of. `keys` name the cells in every cube alike."""

    cells: Mapping[Key, int]
    shown: Mapping[Key, int]
    width: int

    @property
    def sums(self) -> dict[Key, int]:
        """What is shown of several cells together."""
        return {key: count for key, count in self.shown.items() if key not in self.cells}

    @property
    def hidden(self) -> dict[Key, Key]:
        """The sum that each cell which is not shown is of: the narrowest that covers it."""
        # Of two as wide, the sum of a place's year was made before the one of a month.
        ordered = sorted(self.sums, key=lambda each: (sum(map(is_wide, each)), each[1] is not None))
        found = {}
        for key, count in self.cells.items():
            if key not in self.shown:
                covering = [each for each in ordered if covers(each, key)]
                # A cell that was large enough to be shown was taken along, which only the widest sum does.
                found[key] = covering[-1] if count > self.width else covering[0]
        return found

    @property
    def is_one_sum(self) -> bool:
        """Whether nothing is shown but how many rows there are."""
        return len(self.shown) == 1


def is_wide(part: object) -> bool:
    return part is None or part == POOLED


def covers(wide: Key, key: Key) -> bool:
    return all(is_wide(each) or each == own for each, own in zip(wide, key, strict=True))


def published(cells: pl.DataFrame, shown: pl.DataFrame, names: Sequence[str], threshold: int) -> Published:
    """Returns a cube by the keys of its cells: fiscal year, month and the dimensions."""
    keys = [YEAR, MONTH, *names]
    return Published(_by_key(cells, keys), _by_key(shown, keys), threshold - 1)


def _by_key(frame: pl.DataFrame, keys: Sequence[str]) -> dict[Key, int]:
    return {tuple(row[:-1]): row[-1] for row in frame.select(*keys, COUNT).iter_rows()}


def attack(cubes: Sequence[Published]) -> Limits:
    """Returns the lowest and highest that each small cell can be, all sums of all cubes of the same rows together.

    Every cube counts the same rows by the same keys; one may count those of fewer cells.
    """
    largest = cubes[0].width
    # A count that any of them shows is known.
    known = {key for each in cubes for key in each.cells if key in each.shown}
    hidden = sorted(
        {key for each in cubes for key in each.hidden if key not in known},
        key=lambda key: tuple(map(str, key)),
    )
    places = {key: place for place, key in enumerate(hidden)}
    truth = {key: count for each in cubes for key, count in each.cells.items()}
    rows, columns, totals = [], [], []
    for cube in cubes:
        members: dict[Key, list[Key]] = {}
        for key, total in cube.hidden.items():
            members.setdefault(total, []).append(key)
        for total, keys in members.items():
            rest = cube.sums[total] - sum(truth[key] for key in keys if key in known)
            for key in keys:
                if key not in known:
                    rows.append(len(totals))
                    columns.append(places[key])
            totals.append(rest)
    sums = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(totals), len(hidden)))
    bounds = [(1, largest) if truth[key] <= largest else (largest + 1, None) for key in hidden]
    limits = {}
    for key, place in places.items():
        if truth[key] <= largest:
            ends = []
            for sign in (1, -1):
                aim = np.zeros(len(hidden))
                aim[place] = sign
                solved = linprog(aim, A_eq=sums, b_eq=totals, bounds=bounds, method="highs")
                assert solved.success, "the counts themselves are a solution"
                ends.append(sign * solved.fun)
            limits[key] = (ends[0], ends[1])
    return limits


def attack_by_codes(cubes: Sequence[Published], every: Sequence[Key]) -> Limits:
    """Returns the lowest and highest that each small cell can be, to someone who knows the codes and no more.

    Args:
        cubes: of the same rows; one may count those of fewer cells.
        every: all cells that the codes allow; any that is not shown may be empty, small, or taken along.
    """
    known = {key for each in cubes for key in each.cells if key in each.shown}
    unknown = [key for key in every if key not in known]
    places = {key: place for place, key in enumerate(unknown)}
    truth = {key: count for each in cubes for key, count in each.cells.items()}
    entries: list[tuple[int, int, float]] = []
    totals: list[float] = []
    columns = len(unknown)
    for cube in cubes:
        rows = {total: len(totals) + at for at, total in enumerate(cube.sums)}
        taken = {
            total: sum(truth[key] for key, of in cube.hidden.items() if of == total and key in known)
            for total in rows
        }
        totals += [count - taken[total] for total, count in cube.sums.items()]
        for key in unknown:
            over = [total for total in cube.sums if covers(total, key)]
            if not over and not any(covers_all(each, key) for each in cube.cells):
                continue
            entries.append((len(totals), places[key], -1))
            for total in over:
                entries += [(rows[total], columns, 1), (len(totals), columns, 1)]
                columns += 1
            totals.append(0)
    at, of, values = zip(*entries, strict=True)
    sums = csr_array((values, (at, of)), shape=(len(totals), columns))
    limits = {}
    for key, place in places.items():
        if 0 < truth.get(key, 0) <= cubes[0].width:
            ends = []
            for sign in (1, -1):
                aim = np.zeros(columns)
                aim[place] = sign
                solved = linprog(aim, A_eq=sums, b_eq=totals, bounds=(0, None), method="highs")
                assert solved.success, "the counts themselves are a solution"
                ends.append(sign * solved.fun)
            limits[key] = (ends[0], ends[1])
    return limits


def covers_all(cell: Key, key: Key) -> bool:
    """Returns whether a key lies within what a cube of fewer cells counts: of the same area as one of its cells."""
    return cell[2] == key[2]
