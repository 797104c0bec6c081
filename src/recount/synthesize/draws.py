"""Draws that depend on the seed and on names alone, so that one more column changes no other."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]


def stream(seed: int, block: int, name: str) -> np.random.Generator:
    """Returns the generator of one thing drawn in one block of people."""
    key = np.random.SeedSequence([seed, block, zlib.crc32(name.encode())])
    return np.random.Generator(np.random.PCG64(key))


def draw_weighted(rng: np.random.Generator, weights: Sequence[int], size: int) -> Ints:
    """Returns `size` positions in `weights`, each drawn as often as its weight says."""
    bounds = np.cumsum(np.asarray(weights, dtype=np.int64))
    return np.searchsorted(bounds, rng.integers(0, bounds[-1], size), side="right").astype(np.int64)


def draw_flags(rng: np.random.Generator, share: Decimal, size: int) -> Flags:
    """Returns `size` flags, each set with the probability `share`."""
    return rng.random(size) < float(share)


def pick_rows(
    rng: np.random.Generator, eligible: Ints, share: Decimal, *, at_least: int, most: int | None = None
) -> Ints:
    """Returns `share` of the eligible rows, in rising order, and `at_least` so many where there are as many."""
    wanted = max(math.floor(float(share) * len(eligible) + rng.random()), at_least)
    if most is not None:
        wanted = min(wanted, most)
    return np.sort(rng.permutation(eligible)[:wanted])
