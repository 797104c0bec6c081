"""Declarations of claims and of the rules that judge them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from recount.declare.assertions import (
    PLACE_DIMENSIONS,
    Asserted,
    Fit,
    Hedge,
    MeasuredBy,
    Number,
    Wording,
    interval_between,
)
from recount.declare.claim_types import (
    Asserts,
    CombinationAsserts,
    CompareAsserts,
    ContributionAsserts,
    RankAsserts,
    SeriesAsserts,
)
from recount.declare.text import AnyText, Declared, Language

__all__ = [
    "PLACE_DIMENSIONS",
    "AnyAsserts",
    "Appeared",
    "Asserted",
    "Asserts",
    "Claim",
    "Fit",
    "FlagRules",
    "Hedge",
    "MeasuredBy",
    "Messages",
    "Number",
    "RestsOn",
    "Rules",
    "SaidBetween",
    "Speaker",
    "Wording",
    "interval_between",
]

Speaker = Literal["government", "advocate", "press", "research", "politician"]
AnyAsserts = Annotated[
    Asserts | CompareAsserts | RankAsserts | SeriesAsserts | ContributionAsserts | CombinationAsserts,
    Field(discriminator="type"),
]


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
    print_gap_days: int = Field(gt=0)
    print_gap_reason: str


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


class Claim(Declared):
    """A statement, and what it asserts. Shipped claims of one `group` stand under one heading.

    `speaker` says what kind of speaker said it; shipped claims name one, so that they can be counted.
    """

    claim: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: AnyText
    statement: str
    statement_language: Language
    said_by: AnyText
    speaker: Speaker | None = None
    reported_by: AnyText | None = None
    said: SaidBetween
    appeared: Appeared
    rests_on: RestsOn | None = None
    asserts: AnyAsserts
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
