"""The types of claims: what each asserts, as its YAML says it. One type, one declaration."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from recount.declare.assertions import PLACE_DIMENSIONS, Asserted, Condition, MeasuredBy
from recount.declare.text import AnyText, Declared, Text

OTHERS = "others"


class Windowed(Declared):
    """What every measured type has: the measures that speak of it, and perhaps a window of its own."""

    measured_by: list[MeasuredBy] = Field(min_length=1)
    window_days: int | None = Field(default=None, gt=0)
    window_reason: str | None = None

    @model_validator(mode="after")
    def _window_has_reason(self) -> Windowed:
        if (self.window_days is None) != (self.window_reason is None):
            raise ValueError("window_days and window_reason come together")
        return self


class Asserts(Declared):
    """What a claim asserts.

    `so_far` at the day it was said, `exact`ly through one date, or, of individual records, of a `span` of days, which
    stands under `where`. `window_days` replaces the declared window for shares, with a reason.
    """

    type: Literal["quantity", "print", "outside"]
    period: Literal["so_far", "exact", "span"] | None = None
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
            raise ValueError("a quantity claim needs a period: so_far, exact or span")
        if (self.period == "exact") != (self.through is not None):
            raise ValueError("period exact names its date under 'through', and no other period does")
        if (self.window_days is None) != (self.window_reason is None):
            raise ValueError("window_days and window_reason come together")
        return self


class Side(Declared):
    """One of the numbers that a claim works with: what differs from `measured_by`, and when it was.

    `through` is exactly one date; `as_of` a day, at which the latest figure within the window speaks; with neither,
    the day on which the claim was said. `where` is added to that of `measured_by`; a place replaces its place. A side
    of individual records gives its days under `where`, and no date.
    """

    label: AnyText | None = None
    measure: str | None = None
    where: dict[str, Condition] = {}
    through: datetime.date | None = None
    as_of: datetime.date | None = None

    @model_validator(mode="after")
    def _one_day(self) -> Side:
        if self.through is not None and self.as_of is not None:
            raise ValueError(
                "give through (exactly that date) or as_of (the latest figure by then), not both"
            )
        return self


class When(Declared):
    """A date exactly (`through`), or the latest figure by a day (`as_of`); of individual records a span of `days`."""

    through: datetime.date | None = None
    as_of: datetime.date | None = None
    days: dict[str, Condition] = {}

    @model_validator(mode="after")
    def _one_day(self) -> When:
        if [self.through is None, self.as_of is None, not self.days].count(False) != 1:
            raise ValueError(
                "give through (exactly that date) or as_of (the latest figure by then); of individual records, "
                "days: {fiscal_year: 2018}"
            )
        return self


class Span(Declared):
    """The points in time that a claim speaks of.

    `by` says what one point is: a month, a fiscal year, or every date that a release prints. Without `through` it
    ends on the day on which the claim was said. `ever` says that the words reach back beyond `from`, where the record
    can only contradict them.
    """

    by: Literal["month", "fiscal_year", "print"]
    from_date: datetime.date = Field(alias="from")
    through: datetime.date | None = None
    ever: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Span:
        if self.through is not None and self.through < self.from_date:
            raise ValueError("from must not be after through")
        return self


class CompareAsserts(Windowed):
    """A against B: their difference, their ratio, or by which part A is above (`rise`) or below (`fall`) B."""

    type: Literal["compare"]
    a: Side
    b: Side
    by: Literal["difference", "ratio", "rise", "fall"]
    that: Asserted


class RankAsserts(Windowed):
    """A subject among rivals: one of the `top` highest or lowest.

    Rivals are other codes of one dimension, other places of one kind, or other points in time (`over`).
    """

    type: Literal["rank"]
    end: Literal["highest", "lowest"] = "highest"
    top: int = Field(default=1, gt=0)
    subject: Side
    rivals: dict[str, list[str] | Literal["others"]] | None = None
    over: Span | None = None

    @model_validator(mode="after")
    def _one_kind_of_rival(self) -> RankAsserts:
        if (self.rivals is None) == (self.over is None):
            raise ValueError("give rivals (other codes or places) or over (other points in time)")
        if self.rivals is not None:
            if len(self.rivals) != 1:
                raise ValueError("rivals differ in one dimension: write rivals: {dimension: [codes]}")
            (dimension,) = self.rivals
            if dimension not in self.subject.where:
                raise ValueError(f"the subject names its own {dimension} under where")
        return self


class SeriesAsserts(Windowed):
    """A series over time: what each point, none, or only the last is; or where it goes."""

    type: Literal["series"]
    pattern: Literal["each", "never", "first", "rising", "falling", "never_rising", "never_falling"]
    over: Span
    that: Asserted | None = None

    @model_validator(mode="after")
    def _that_belongs(self) -> SeriesAsserts:
        takes = self.pattern in ("each", "never", "first")
        if takes != (self.that is not None):
            raise ValueError(
                f"pattern {self.pattern} says of which values, under 'that'"
                if takes
                else f"pattern {self.pattern} takes no 'that': it says where the series goes"
            )
        return self


class ContributionAsserts(Windowed):
    """How much of the change of a whole the change of a part makes."""

    type: Literal["contribution"]
    of: Literal["growth", "decline"] = "growth"
    part: Side
    whole: Side = Side()
    start: When
    end: When
    that: Asserted

    @model_validator(mode="after")
    def _dated_by_start_and_end(self) -> ContributionAsserts:
        if any(each.through or each.as_of for each in (self.part, self.whole)):
            raise ValueError("start and end give the dates; part and whole give none")
        return self


Measured = Annotated[
    Asserts | CompareAsserts | RankAsserts | SeriesAsserts | ContributionAsserts,
    Field(discriminator="type"),
]


class PartOfClaim(Declared):
    """One of the statements that a combination is made of."""

    part: str = Field(pattern=r"^[a-z0-9_]+$")
    title: AnyText
    asserts: Measured

    @model_validator(mode="after")
    def _prints_alone(self) -> PartOfClaim:
        if self.asserts.type == "print":
            raise ValueError("what a release printed is a claim of its own, and no part of another")
        return self


def _read_holds(value: Any) -> Any:
    return {"part": value} if isinstance(value, str) else value


class Holds(Declared):
    """A part by its name, or parts together: `{and: [a, b]}`, `{or: [a, {not: b}]}`."""

    part: str | None = None
    all_of: list[HoldsOr] = Field(default=[], alias="and")
    any_of: list[HoldsOr] = Field(default=[], alias="or")
    not_that: HoldsOr | None = Field(default=None, alias="not")

    @model_validator(mode="after")
    def _one_way(self) -> Holds:
        given = [self.part is not None, bool(self.all_of), bool(self.any_of), self.not_that is not None]
        if given.count(True) != 1:
            raise ValueError("write the name of a part, or one of and: [..], or: [..], not: ..")
        return self

    def parts(self) -> Iterator[str]:
        """Yields the names of all parts, as they come."""
        if self.part is not None:
            yield self.part
        for each in (*self.all_of, *self.any_of, *([self.not_that] if self.not_that else [])):
            yield from each.parts()


HoldsOr = Annotated[Holds, BeforeValidator(_read_holds, json_schema_input_type=str | Holds)]


class CombinationAsserts(Declared):
    """Several statements in one, joined by and, or and not."""

    type: Literal["combination"]
    holds: HoldsOr
    parts: list[PartOfClaim] = Field(min_length=2)

    @model_validator(mode="after")
    def _names_its_parts(self) -> CombinationAsserts:
        names = [each.part for each in self.parts]
        if len(set(names)) != len(names):
            raise ValueError("two parts have the same name")
        used = list(self.holds.parts())
        for name in used:
            if name not in names:
                raise ValueError(f"holds: no part is called {name!r}; choose from: {', '.join(names)}")
        for name in names:
            if name not in used:
                raise ValueError(f"holds leaves out the part {name!r}")
        return self


Holds.model_rebuild()
CombinationAsserts.model_rebuild()

AnyType = Asserts | CompareAsserts | RankAsserts | SeriesAsserts | ContributionAsserts | CombinationAsserts
OneOfMeasured = Asserts | CompareAsserts | RankAsserts | SeriesAsserts | ContributionAsserts


def parts_of(asserts: AnyType) -> list[tuple[tuple[str | int, ...], OneOfMeasured]]:
    """Returns what a claim asserts, or each part of a combination, with where its YAML says it."""
    if isinstance(asserts, CombinationAsserts):
        return [
            (("asserts", "parts", number, "asserts"), each.asserts)
            for number, each in enumerate(asserts.parts)
        ]
    return [(("asserts",), asserts)]


def measures_of(asserts: AnyType) -> list[MeasuredBy]:
    """Returns every measure that a claim asks, in order; those of a combination are those of its parts."""
    return [each for _, part in parts_of(asserts) for each in part.measured_by]


def names_of_measures(asserts: AnyType) -> set[str]:
    """Returns the names of all measures that a claim asks, those of its sides among them."""
    sides = [side for _, part in parts_of(asserts) for _, side in sides_of(part)]
    return {each.measure for each in measures_of(asserts)} | {each.measure for each in sides if each.measure}


def that_of(asserts: AnyType) -> Asserted | None:
    """Returns the interval that a claim asserts, where its type asserts one."""
    return None if isinstance(asserts, RankAsserts | CombinationAsserts) else asserts.that


def window_days_of(asserts: AnyType) -> int | None:
    """Returns the window that a claim declares for itself."""
    return None if isinstance(asserts, CombinationAsserts) else asserts.window_days


def reasons_outside(asserts: AnyType) -> list[Text]:
    """Returns why no record can settle what a claim asserts, or parts of it."""
    if isinstance(asserts, CombinationAsserts):
        return [each for part in asserts.parts for each in reasons_outside(part.asserts)]
    own = asserts.why_outside if isinstance(asserts, Asserts) else None
    return [] if own is None else [own]


def exact_date_of(asserts: AnyType) -> datetime.date | None:
    """Returns the one date that a claim speaks of exactly, where it is one number at one date."""
    return asserts.through if isinstance(asserts, Asserts) else None


def sides_of(asserts: AnyType) -> list[tuple[str, Side]]:
    """Returns the sides of a claim by the key that names each; codes that rivals differ in come as sides too."""
    if isinstance(asserts, CompareAsserts):
        return [("a", asserts.a), ("b", asserts.b)]
    if isinstance(asserts, RankAsserts):
        named = asserts.rivals or {}
        return [
            ("subject", asserts.subject),
            *(
                ("rivals", Side(where={dimension: code}))
                for dimension, codes in named.items()
                if codes != OTHERS
                for code in codes
            ),
        ]
    if isinstance(asserts, ContributionAsserts):
        return [("part", asserts.part), ("whole", asserts.whole)]
    return []


def where_of(declared: MeasuredBy, side: Side, *, of_records: bool = False) -> dict[str, str]:
    """Returns what a side asks of a measure: its own conditions over those of the measure, its place for theirs.

    Individual records have no one place: every condition of a side stands over that of its own name alone.
    """
    where = dict(declared.where)
    if not of_records and any(name in PLACE_DIMENSIONS for name in side.where):
        where = {name: value for name, value in where.items() if name not in PLACE_DIMENSIONS}
    return where | side.where
