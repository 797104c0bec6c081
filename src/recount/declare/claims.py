"""Declarations of claims and of the rules that judge them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from recount.declare.interval import Interval, exact_number
from recount.declare.text import AnyText, Declared, Language

Number = Annotated[Fraction, BeforeValidator(exact_number, json_schema_input_type=int | float | str)]
Fit = Literal["exact", "near", "proxy"]
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


class FlagRules(Declared):
    """How far numbers of workbooks may lie apart before a check marks them, with the reasons.

    Tolerances are differences in the figures' own unit, a share counting as a part of one; `far_times` and
    `nation_times` are ratios, and the others numbers of figures, of releases, or a count.
    """

    mean_tolerance: Decimal = Field(ge=0)
    mean_reason: str
    share_tolerance: Decimal = Field(ge=0)
    share_reason: str
    print_tolerance: Decimal = Field(ge=0)
    print_reason: str
    far_times: int = Field(gt=1)
    far_at_least: int = Field(gt=0)
    far_releases: int = Field(gt=1)
    far_reason: str
    zeros_at_least: int = Field(gt=0)
    zeros_reason: str
    facility_tolerance: Decimal = Field(ge=0)
    facility_reason: str
    nation_times: Decimal = Field(ge=1)
    nation_reason: str


class Rules(Declared):
    """Thresholds that verdicts, restatements and flags rest on, with their reasons."""

    share_window_days: int = Field(gt=0)
    other_windows_days: list[int]
    window_reason: str
    provisional_authorities: list[str]
    provisional_reason: str
    copy_good_enough: str
    copy_reason: str
    doubtful_flags: list[str]
    doubtful_reason: str
    flagging: FlagRules
    restatement_doubtful_flags: list[str]
    restatement_reason: str


class SaidBetween(Declared):
    """When a statement was said. A missing start is unknown."""

    from_date: datetime.date | None = Field(default=None, alias="from")
    to_date: datetime.date = Field(alias="to")
    basis: str | None = None

    @model_validator(mode="after")
    def _in_order(self) -> SaidBetween:
        if self.from_date and self.from_date > self.to_date:
            raise ValueError("from must not be after to")
        if self.from_date != self.to_date and self.basis is None:
            raise ValueError("dates that are not one day need a basis")
        return self


class Appeared(Declared):
    """Where a statement can be read."""

    title: str
    publisher: str
    date: datetime.date
    url: str | None = None


class RestsOn(Declared):
    """The release that a statement rests on, and how we know."""

    release: str
    basis: AnyText


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

    `where` names the place; of a statistic it may also give codes of dimensions, and may leave the place out.
    """

    measure: str
    where: dict[str, str] = {}
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


class Asserts(Declared):
    """What a claim asserts.

    `so_far` at the day it was said, or `exact`ly through one date. `window_days` replaces the
    declared window for shares, with a reason.
    """

    type: Literal["quantity", "print", "outside"]
    period: Literal["so_far", "exact"] | None = None
    through: datetime.date | None = None
    that: Asserted | None = None
    measured_by: list[MeasuredBy] = []
    window_days: int | None = Field(default=None, gt=0)
    window_reason: str | None = None
    why_outside: AnyText | None = None
    parts_that_could_be_tested: list[str] = []

    @model_validator(mode="after")
    def _fits_type(self) -> Asserts:
        if self.type == "outside":
            if self.why_outside is None:
                raise ValueError("an outside claim says why no record can settle it (why_outside)")
            if self.that or self.measured_by or self.period or self.through:
                raise ValueError("an outside claim asserts nothing that is measured")
            return self
        if self.why_outside is not None:
            raise ValueError("why_outside belongs to claims of type outside")
        if self.that is None or not self.measured_by:
            raise ValueError(f"a {self.type} claim needs 'that' and 'measured_by'")
        if self.type == "quantity" and self.period is None:
            raise ValueError("a quantity claim needs a period: so_far or exact")
        if (self.period == "exact") != (self.through is not None):
            raise ValueError("period exact names its date under 'through', and no other period does")
        if (self.window_days is None) != (self.window_reason is None):
            raise ValueError("window_days and window_reason come together")
        return self


class Claim(Declared):
    """A statement, and what it asserts. Shipped claims of one `group` stand under one heading."""

    claim: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: AnyText
    statement: str
    statement_language: Language
    said_by: AnyText
    reported_by: AnyText | None = None
    said: SaidBetween
    appeared: Appeared
    rests_on: RestsOn | None = None
    asserts: Asserts
    caveats: list[AnyText] = []
    order: int | None = None
    group: str | None = Field(default=None, pattern=r"^[a-z_]+$")

    @model_validator(mode="after")
    def _print_names_release(self) -> Claim:
        if self.asserts.type == "print" and self.rests_on is None:
            raise ValueError("a print claim names the release that it speaks of (rests_on)")
        return self


class Messages(Declared):
    """The sentences of one language; `{names}` are filled in."""

    language: Language
    messages: dict[str, str]


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
