"""What a comparison of two releases finds, section by section.

The two releases are called `a` and `b`, in the order in which they were asked for; differences are b less a.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from recount.declare.sources import KnownRelease
from recount.declare.text import Text
from recount.revise.history import How
from recount.revise.spans import Span

Section = Literal["schema", "labels", "rows", "periods", "missing", "restated", "verdicts"]
SECTIONS: tuple[Section, ...] = ("schema", "labels", "rows", "periods", "missing", "restated", "verdicts")
Kind = Literal["printed", "records"]
SchemaKind = Literal[
    "table", "printed_table", "sheet", "column", "layout", "header", "header_of_field", "field"
]


@dataclass(frozen=True)
class SchemaDifference:
    """Something that one release has and the other lacks, or has otherwise.

    `a` and `b` say what each has; `None` that it has none. A `header` is a column as released, a `field` a column
    of the core table that one of them fills, `header_of_field` a field whose header as released changed.
    """

    table: str
    kind: SchemaKind
    name: str
    a: str | int | None
    b: str | int | None


@dataclass(frozen=True)
class LabelCount:
    """A value of a column, its label where a code list gives one, and the rows that hold it."""

    code: str
    label: str
    rows: int


@dataclass(frozen=True)
class OnlyIn:
    """The values that one release has and the other lacks: the most frequent, how many, and their rows."""

    shown: tuple[LabelCount, ...]
    values: int
    rows: int


@dataclass(frozen=True)
class ColumnLabels:
    """The values of one column: how many both have, and what only one has.

    A `check` is the column of checks that mark rows: what they find is no label, and closes no gate.
    `suppressed_a` and `suppressed_b` are rows of cubes whose value is not told; they may hold any.
    """

    table: str
    column: str
    kind: Literal["code", "text", "check"]
    shared: int
    only_a: OnlyIn
    only_b: OnlyIn
    suppressed_a: int = 0
    suppressed_b: int = 0

    @property
    def differs(self) -> bool:
        """Whether one has a value that the other surely lacks: a row that is not told may hold any value."""
        if self.kind == "check":
            return False
        return (self.only_a.values > 0 and not self.suppressed_b) or (
            self.only_b.values > 0 and not self.suppressed_a
        )


@dataclass(frozen=True)
class RowCount:
    """The rows of a table; where `name` is given, of one printed table in it."""

    table: str
    name: str | None
    a: int
    b: int


@dataclass(frozen=True)
class PeriodCount:
    """The rows of one month or fiscal year; `None` where a release does not cover it.

    `cut_short` names the releases that cover a part of it only. `more_a` and `more_b` are rows whose period a
    cube does not tell and which may be of this one.
    """

    table: str
    kind: Literal["fiscal_year", "month"]
    label: str
    a: int | None
    b: int | None
    cut_short: tuple[Literal["a", "b"], ...] = ()
    more_a: int = 0
    more_b: int = 0

    @property
    def is_compared(self) -> bool:
        """Whether both cover it, wholly or in part."""
        return self.a is not None and self.b is not None

    @property
    def difference(self) -> int | None:
        """The rows of b less those of a."""
        return None if self.a is None or self.b is None else self.b - self.a

    @property
    def share(self) -> Fraction | None:
        """The difference over the rows of a; missing where those are none."""
        return Fraction(self.difference, self.a) if self.a and self.difference is not None else None

    @property
    def changed(self) -> bool:
        """Whether both cover the whole of it and their counts surely differ."""
        if self.a is None or self.b is None or self.cut_short:
            return False
        return self.a > self.b + self.more_b or self.b > self.a + self.more_a


@dataclass(frozen=True)
class MissingCount:
    """How many values of a field a release lacks: blank, blacked out, and not told by a cube.

    `blank` is `None` where only cubes are there, and they do not count by this field.
    """

    rows: int
    blank: int | None
    redacted: int
    suppressed: int = 0

    @property
    def blank_share(self) -> Fraction | None:
        """The blanks over the rows."""
        return None if self.blank is None or not self.rows else Fraction(self.blank, self.rows)

    @property
    def redacted_share(self) -> Fraction | None:
        """The blacked-out values over the rows."""
        return Fraction(self.redacted, self.rows) if self.rows else None

    @property
    def is_filled(self) -> bool | None:
        """Whether any row holds a value, blacked out or not; `None` where that is not told."""
        if self.redacted or self.suppressed:
            return True
        return None if self.blank is None else self.blank < self.rows


@dataclass(frozen=True)
class FieldMissing:
    """The missing values of one field in both releases."""

    table: str
    field: str
    a: MissingCount
    b: MissingCount

    @property
    def blank_points(self) -> Fraction | None:
        """The share of blanks in b less that in a, in percentage points."""
        return _points(self.a.blank_share, self.b.blank_share)

    @property
    def redacted_points(self) -> Fraction | None:
        """The share of blacked-out values in b less that in a, in percentage points."""
        return _points(self.a.redacted_share, self.b.redacted_share)

    @property
    def most_points(self) -> Fraction:
        """The larger of the two differences, without sign."""
        return max(abs(self.blank_points or Fraction()), abs(self.redacted_points or Fraction()))


def _points(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    return None if a is None or b is None else 100 * (b - a)


@dataclass(frozen=True)
class FigurePair:
    """One figure that both releases print with another value, and what the later one does to the earlier.

    `breakdown` gives the codes that it is split by, totals left out, and the place it is of. `later` says which
    release came out later. `through_a` and `through_b` are the last days that each counts.
    """

    table: str
    statistic: str
    unit: str | None
    breakdown: Mapping[str, str]
    span: Span
    a: Fraction
    b: Fraction
    through_a: datetime.date
    through_b: datetime.date
    how: How
    later: Literal["a", "b"]
    cell_a: str
    cell_b: str

    @property
    def change(self) -> Fraction:
        """The value of b less that of a."""
        return self.b - self.a

    @property
    def share(self) -> Fraction | None:
        """The change over the value of a; missing where that is zero."""
        return self.change / self.a if self.a else None


@dataclass(frozen=True)
class StatisticRestated:
    """One statistic of a table: the figures that both print of the same span and place, by what became of them.

    `restated` are printed differently though nothing more is counted; `largest` has the largest change.
    """

    table: str
    statistic: str
    compared: int
    by_how: Mapping[How, int]
    restated: tuple[FigurePair, ...]

    @property
    def largest(self) -> FigurePair | None:
        """The restated figure of the largest change, without sign; the first of several."""
        return max(self.restated, key=lambda each: abs(each.change), default=None)


@dataclass(frozen=True)
class JudgedNumber:
    """What a claim rests on under one reading of `now`: the outcome and the number, as text and as integers."""

    asked: str
    outcome: str
    value: str
    release: str | None
    through_date: datetime.date | None
    numerator: int | None
    denominator: int | None


@dataclass(frozen=True)
class Judged:
    """A claim as one record judges it: the headline, the word of `now`, and the numbers under it."""

    headline: str
    word: str
    numbers: tuple[JudgedNumber, ...]

    def by_reading(self) -> dict[str, str]:
        """Returns the values of each reading, with semicolons where it has several.

        A statement that may have been said on several days rests on another number on each.
        """
        found: dict[str, list[str]] = {}
        for each in self.numbers:
            values = found.setdefault(each.asked, [])
            if each.value not in values:
                values.append(each.value)
        return {asked: "; ".join(values) for asked, values in found.items()}


@dataclass(frozen=True)
class VerdictChange:
    """A claim whose verdict or numbers differ between the record as of `a` and as of `b`."""

    claim: str
    title: str
    a: Judged
    b: Judged

    @property
    def turned(self) -> bool:
        """Whether the verdict itself is another, and not the numbers alone."""
        return (self.a.headline, self.a.word) != (self.b.headline, self.b.word)


@dataclass(frozen=True)
class Comparison:
    """Two releases compared.

    `tables` are those compared, which both have. `claims_checked` counts the claims asked of both.
    `least_points` is the difference in missing values from which on they differ.
    """

    a: KnownRelease
    b: KnownRelease
    kind: Kind
    asked_table: str | None
    tables: tuple[str, ...]
    schema: tuple[SchemaDifference, ...]
    labels: tuple[ColumnLabels, ...]
    rows: tuple[RowCount, ...]
    periods: tuple[PeriodCount, ...]
    missing: tuple[FieldMissing, ...]
    restated: tuple[StatisticRestated, ...]
    verdicts: tuple[VerdictChange, ...]
    claims_checked: int
    least_points: Fraction
    notes: tuple[Text, ...]

    def count(self, section: Section) -> int:
        """Returns how many differences a section holds that close a gate."""
        if section == "schema":
            return len(self.schema)
        if section == "labels":
            return sum(each.differs for each in self.labels)
        if section == "rows":
            return sum(each.name is None and each.a != each.b for each in self.rows)
        if section == "periods":
            return sum(each.changed for each in self.periods)
        if section == "missing":
            return sum(self.is_gap(each) for each in self.missing)
        if section == "restated":
            if self.kind == "records":
                return sum(each.changed for each in self.periods if each.kind == "month")
            return sum(len(each.restated) for each in self.restated)
        return len(self.verdicts)

    def name_differing(self, sections: Iterable[Section]) -> str:
        """Returns those of the sections that differ, each with how many differences: "schema (3), rows (1)"."""
        return ", ".join(f"{each} ({self.count(each):,})" for each in sections if self.count(each))

    def is_gap(self, field: FieldMissing) -> bool:
        """Returns whether a field's missing values differ by as much as closes a gate."""
        return field.most_points > 0 and field.most_points >= self.least_points
