"""What statements assert: hedges as intervals, intervals written out, and the measures that speak of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from recount.declare.interval import Interval, exact_number
from recount.declare.text import AnyText, Declared

Number = Annotated[Fraction, BeforeValidator(exact_number, json_schema_input_type=int | float | str)]
Fit = Literal["exact", "near", "proxy"]


def _as_written(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Condition = Annotated[str, BeforeValidator(_as_written, json_schema_input_type=str | int)]
"""A code, a name, or a span of days; of a year its number."""
PLACE_DIMENSIONS = ("country", "state", "jurisdiction")


class Hedge(Declared):
    """A hedge as an interval. With `relative`, its ends are multiples of the number it hedges."""

    hedge: str
    en: str
    es: str
    relative: bool
    above: Number | None = None
    at_least: Number | None = None
    below: Number | None = None
    at_most: Number | None = None
    reason: str

    @model_validator(mode="after")
    def _bounded(self) -> Hedge:
        interval_between(self.above, self.at_least, self.below, self.at_most)
        return self

    def interval(self, of: Fraction | None) -> Interval:
        """Returns the hedge's interval around `of` (`None` where the hedge is not relative)."""
        scale = of if self.relative and of is not None else Fraction(1)

        def scaled(end: Fraction | None) -> Fraction | None:
            return None if end is None else end * scale

        return interval_between(
            scaled(self.above), scaled(self.at_least), scaled(self.below), scaled(self.at_most)
        )


class Wording(Declared):
    """All hedges."""

    hedges: list[Hedge]

    def hedge(self, name: str) -> Hedge | None:
        """Returns the hedge called `name`, or `None`."""
        return next((each for each in self.hedges if each.hedge == name), None)


class Asserted(Declared):
    """The interval that a statement asserts, by a hedge or written out with a reason."""

    wording: str | None = None
    of: Number | None = None
    above: Number | None = None
    at_least: Number | None = None
    below: Number | None = None
    at_most: Number | None = None
    equals: Number | None = None
    reason: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Asserted:
        ends = [self.above, self.at_least, self.below, self.at_most]
        written_out = [each for each in [*ends, self.equals] if each is not None]
        if (self.wording is None) == (not written_out):
            raise ValueError("give either a wording, or ends (above, at_least, below, at_most, equals)")
        if self.wording is None:
            if self.reason is None:
                raise ValueError("ends that are written out need a reason")
            if self.of is not None:
                raise ValueError("'of' belongs to a wording")
            if self.equals is not None and len(written_out) > 1:
                raise ValueError("'equals' stands alone")
            if self.equals is None:
                interval_between(*ends)
        return self

    def interval(self, wording: Wording) -> Interval:
        """Returns the asserted interval.

        Raises:
            ValueError: where the wording is unknown, or lacks or does not take the number it hedges.
        """
        if self.wording is None:
            if self.equals is not None:
                return Interval.point(self.equals)
            return interval_between(self.above, self.at_least, self.below, self.at_most)
        hedge = wording.hedge(self.wording)
        if hedge is None:
            names = ", ".join(each.hedge for each in wording.hedges)
            raise ValueError(f"no wording is called {self.wording!r}; choose from: {names}")
        if hedge.relative and self.of is None:
            raise ValueError(f"the wording {self.wording!r} hedges a number: give it under 'of'")
        if not hedge.relative and self.of is not None:
            raise ValueError(f"the wording {self.wording!r} stands for itself: leave 'of' out")
        return hedge.interval(self.of)


class MeasuredBy(Declared):
    """One measure asked of one place, and how well it speaks of the claim.

    `where` names the place; of a statistic it may also give codes of dimensions, and may leave the place out. Of
    individual records it gives conditions as `recount measure --where` takes them, the days among them, and `release`
    may name one release alone, where others hold other people.
    """

    measure: str
    where: dict[str, Condition] = {}
    release: str | None = None
    readings: dict[str, list[str]] = {}
    fit: Fit
    why: AnyText

    @property
    def place(self) -> dict[str, str]:
        """The part of `where` that names a place."""
        return {name: value for name, value in self.where.items() if name in PLACE_DIMENSIONS}

    @property
    def conditions(self) -> dict[str, str]:
        """The part of `where` that gives codes of dimensions."""
        return {name: value for name, value in self.where.items() if name not in PLACE_DIMENSIONS}


def interval_between(above: Any, at_least: Any, below: Any, at_most: Any) -> Interval:
    """Returns the interval with these ends.

    Raises:
        ValueError: where both kinds of one end are given, none at all, or nothing lies between.
    """
    if above is not None and at_least is not None:
        raise ValueError("give above or at_least, not both")
    if below is not None and at_most is not None:
        raise ValueError("give below or at_most, not both")
    low = at_least if above is None else above
    high = at_most if below is None else below
    if low is None and high is None:
        raise ValueError("give at least one end")
    return Interval(low, high, above is not None, below is not None)
