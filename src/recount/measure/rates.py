"""Rates per 100,000 of a declared denominator: integers above and below, divided last."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from recount.declare.interval import Interval

PER = 100_000
"""A rate is of so many."""
Because = Literal[
    "cut_short",
    "several_spans",
    "no_place",
    "all_but",
    "splits_state",
    "no_counties",
    "dimension_not_counted",
    "place_not_counted",
    "of_one_area",
    "lacks_places",
    "not_published",
    "not_printed",
]
"""Why a number has no rate.

`cut_short`: its span is not covered whole. `several_spans`: it is of more than one span, or of none. `no_place`: it
gathers what does not say where it belongs. `all_but`: it is of what remains without a place. `splits_state`: its area
takes in a part of a state. `no_counties`: no county is given to its area. `dimension_not_counted`: nothing counts
places of that kind. `place_not_counted`: nothing counts that place. `of_one_area`: the release holds one area alone.
`lacks_places`: it is a sum that lacks places. `not_published`: no count was out on the day asked. `not_printed`: the
release prints no such figure beside it.
"""


@dataclass(frozen=True)
class Base:
    """What a number is divided by: a count, the day it is of, and whose it is; or why there is none.

    `places` are codes of states, none where it is the whole. `names` say what stands in the way.
    """

    count: int | None
    as_of: datetime.date | None = None
    places: tuple[str, ...] = ()
    is_of_another_year: bool = False
    because: Because | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rate:
    """A number per 100,000 of a denominator, in integers; `bounds` are those of the numerator."""

    denominator: str
    numerator: int | None
    bounds: Interval | None
    base: Base

    @property
    def value(self) -> Fraction | None:
        """The rate, exactly; `None` where there is none."""
        if self.base.count is None or self.numerator is None:
            return None
        return Fraction(self.numerator * PER, self.base.count)

    @property
    def interval(self) -> Interval | None:
        """The lowest and the highest rate over all ways in which missing codes could fall."""
        bounds, count = self.bounds, self.base.count
        if bounds is None or count is None or bounds.low is None or bounds.high is None:
            return None
        low, high = bounds.low * PER / count, bounds.high * PER / count
        return Interval(low, high, low_open=bounds.low_open, high_open=bounds.high_open)

    def as_json(self) -> dict[str, Any]:
        """Returns it as JSON values."""
        base, value = self.base, self.value
        return {
            "denominator": self.denominator,
            "per": PER,
            "count": base.count,
            "as_of": None if base.as_of is None else base.as_of.isoformat(),
            "is_of_another_year": base.is_of_another_year,
            "places": list(base.places),
            "value": None if value is None else float(value),
            "bounds": None if self.interval is None else self.interval.as_json(),
            "left_out_because": base.because,
            "names": list(base.names),
        }

    def result(self) -> dict[str, Any]:
        """Returns what a receipt holds of it beside the numerator: the denominator's integer and day, or why none."""
        base = self.base
        return {
            "denominator": self.denominator,
            "count": base.count,
            "as_of": base.as_of,
            "left_out_because": base.because,
        }
