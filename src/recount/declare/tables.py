"""Declarations of core tables, code lists and usage warnings."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field as PydanticField

from recount.declare.text import AnyText, Declared, Text

PERIOD_DIMENSIONS = frozenset(
    {
        "month",
        "month_name",
        "month_date",
        "fiscal_year",
        "year",
        "calendar_month",
        "half",
        "quarter",
        "court_period",
    }
)
"""What labels and headings of workbooks say of time; together it makes the period of a figure."""

FieldType = Literal["text", "code", "count", "number", "date", "datetime", "boolean"]


class Field(Declared):
    """One column of a core table."""

    name: str = PydanticField(pattern=r"^[a-z][a-z0-9_]{0,31}$")
    type: FieldType
    description: str
    unit: str | None = None
    codes: str | None = None
    may_be_missing: bool = False


class SumIdentity(Declared):
    """`total` is the sum of `parts` wherever all are printed by one release for one place and date."""

    total: str
    parts: list[str] = PydanticField(min_length=2)
    reason: str


class Check(Declared):
    """One declared check.

    `error` refuses the record; `report` writes down a finding; `flag` does so and marks the rows that it
    touches, in the column `flags`. `tolerance` is how far two numbers may lie apart, as a share of the one
    that they are held to.
    """

    check: Literal[
        "parts_sum_to_total",
        "cumulative_count_falls",
        "printed_twice_differently",
        "sum_differs_from_print",
        "dates_differ_between_releases",
        "to_date_never_falls",
        "share_is_not_the_quotient",
        "far_from_other_releases",
        "counts_days_to_come",
        "zero_for_a_past_span",
        "year_label_missing",
        "date_of_another_year",
        "implausible",
        "differs_between_sheets",
        "areas_sum_to_nation",
        "facility_sums_differ",
        "facilities_exceed_nation",
        "facility_listed_twice",
        "differs_from_ohss",
    ]
    severity: Literal["error", "report", "flag"]
    description: str
    column: str | None = None
    tolerance: Decimal | None = None


class Table(Declared):
    """One core table."""

    table: str
    title: Text
    one_row_is: str
    fields: list[Field]
    unique_key: list[str] = PydanticField(min_length=1)
    sums: list[SumIdentity] = []
    checks: list[Check] = []
    warnings: list[str] = []

    def field(self, name: str) -> Field:
        """Returns the field called `name`.

        Raises:
            KeyError: where the table has none of that name.
        """
        for each in self.fields:
            if each.name == name:
                return each
        raise KeyError(name)


class Code(Declared):
    """One canonical code, and the spellings that mean it.

    `fips` is a place's federal code. `kind` says what a figure's values are: a `count`, a `mean` (an
    average, a share or an amount), or a share of which only the lower bound is printed (`share_above`).
    `adds_up` says that parts of the figure add up to the whole. `part_of` is the code that this one is a
    part of. `listed_under` is the code under which tables list a place that has no row of its own.
    `group` gathers codes for tables that cannot show each.
    """

    code: str
    label: AnyText
    spellings: list[str] = []
    reason: str | None = None
    fips: str | None = None
    kind: Literal["count", "mean", "share_above"] | None = None
    adds_up: bool = False
    part_of: str | None = None
    listed_under: str | None = None
    group: str | None = None


class IgnoredSpelling(Declared):
    """A spelling that carries no code, and why."""

    spelling: str
    reason: str


class CodeList(Declared):
    """Canonical codes in their declared order. A spelling is canonical, mapped, ignored, or an error."""

    codes_of: str
    description: str
    source: str
    codes: list[Code]
    ignored: list[IgnoredSpelling] = []

    def by_spelling(self) -> dict[str, str | None]:
        """Returns every understood spelling with its code; ignored ones with `None`."""
        known: dict[str, str | None] = {each.spelling: None for each in self.ignored}
        for each in self.codes:
            for spelling in (each.code, *each.spellings):
                known[spelling] = each.code
        return known

    def label(self, code: str) -> Text:
        """Returns the label of `code`.

        Raises:
            KeyError: where the list has no such code.
        """
        for each in self.codes:
            if each.code == code:
                return each.label
        raise KeyError(code)


class UsageWarning(Declared):
    """One usage warning."""

    warning: str
    text: Text


class Warnings(Declared):
    """The vocabulary of usage warnings."""

    warnings: list[UsageWarning]
