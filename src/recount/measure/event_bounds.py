"""Exact bounds of counts and shares over every way in which missing codes could fall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from recount.declare.interval import Interval

State = Literal["yes", "no", "unknown"]
"""Whether a row meets a condition; unknown where the column is missing, and so may hold any code."""
Why = Literal["missing", "redacted", "suppressed"]
WHYS: tuple[Why, ...] = ("missing", "redacted", "suppressed")
"""Why a code is not known: blank in the file, blacked out by the agency, or pooled into a cell of a cube. Of a row
that is undecided for several of these reasons the last one is given."""
_RANKS = {why: rank for rank, why in enumerate(WHYS)}


@dataclass
class Tally:
    """Rows by whether they are in the population and whether they are counted.

    The population and what is counted rest on different columns, so that a row whose codes are missing in both
    may be anything.
    """

    rows: Counter[tuple[State, State]] = field(default_factory=Counter)
    undecided: Counter[Why] = field(default_factory=Counter)

    def add(self, in_population: State, is_counted: State, why: Why | None, rows: int) -> None:
        """Adds rows; `why` says what is not known of those that are undecided."""
        if in_population == "no":
            return
        self.rows[in_population, is_counted] += rows
        if why is not None:
            self.undecided[why] += rows

    def __getitem__(self, states: tuple[State, State]) -> int:
        return self.rows[states]


@dataclass(frozen=True)
class Measured:
    """What is known, and the lowest and highest that it can be.

    Of a count, `numerator` is the rows known to be in the population. Of a share, `denominator` is the rows of
    the population of which it is known whether they are counted, and `numerator` those that are.
    `undecided` are rows that could fall either way, by the reason. `tally` is what it was worked out from, where the
    bounds are of rows.
    """

    numerator: int
    denominator: int | None
    bounds: Interval | None
    undecided: dict[Why, int]
    tally: Tally | None = field(default=None, compare=False, repr=False)


def measure_count(tally: Tally) -> Measured:
    """Returns the rows known to be in the population, and at most all that may be."""
    known = sum(tally["yes", each] for each in ("yes", "no", "unknown"))
    perhaps = sum(tally["unknown", each] for each in ("yes", "no", "unknown"))
    bounds = Interval(Fraction(known), Fraction(known + perhaps))
    return Measured(known, None, bounds, _reasons(tally), tally)


def measure_share(tally: Tally) -> Measured:
    """Returns the share among the rows of which everything is known, and its exact bounds.

    A row that could be counted raises the share wherever it falls inside, for a counted row adds one to both
    numbers; a row that could only be in the population lowers it. So the highest share puts every row that
    may be counted into it and leaves out those that cannot, and the lowest the other way round. Where no row
    need be in the population, the share of an empty one does not exist and bounds nothing.
    """
    counted, others = tally["yes", "yes"], tally["yes", "no"]
    perhaps_counted = tally["yes", "unknown"]
    counted_or_out = tally["unknown", "yes"]
    other_or_out = tally["unknown", "no"]
    anything = tally["unknown", "unknown"]
    high = _share(
        counted + perhaps_counted + counted_or_out + anything, others, if_empty=other_or_out, empty=0
    )
    low = _share(
        counted, others + perhaps_counted + other_or_out + anything, if_empty=counted_or_out, empty=1
    )
    bounds = None if high is None or low is None else Interval(low, high)
    return Measured(counted, counted + others, bounds, _reasons(tally), tally)


def _share(counted: int, others: int, *, if_empty: int, empty: int) -> Fraction | None:
    if counted + others:
        return Fraction(counted, counted + others)
    return Fraction(empty) if if_empty else None


def _reasons(tally: Tally) -> dict[Why, int]:
    return {each: tally.undecided[each] for each in WHYS}


def worst_reason(reasons: Iterable[Why | None]) -> Why | None:
    """Returns the last of some reasons in their declared order, `None` where there is none."""
    worst: Why | None = None
    for each in reasons:
        if each is not None and (worst is None or _RANKS[each] > _RANKS[worst]):
            worst = each
    return worst
