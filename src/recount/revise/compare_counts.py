"""Rows counted by value and by period on either side of a comparison: what differs, and what both cover."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from recount.declare.fiscal_years import fiscal_year_end, fiscal_year_of, fiscal_year_start, month_end
from recount.declare.tables import CodeList
from recount.revise.compare_findings import (
    ColumnLabels,
    LabelCount,
    OnlyIn,
    PeriodCount,
    SchemaDifference,
    SchemaKind,
)

Month = tuple[int, int]
"""A month: its year and number."""


def missing_here(
    table: str, kind: SchemaKind, a: Mapping[str, int | str], b: Mapping[str, int | str]
) -> Iterator[SchemaDifference]:
    """Yields, by name, what one of two releases has and the other lacks."""
    for name in sorted(a.keys() ^ b.keys()):
        yield SchemaDifference(table, kind, name, a.get(name), b.get(name))


def compare_labels(
    table: str,
    column: str,
    kind: Literal["code", "text", "check"],
    counts: tuple[Mapping[str, int], Mapping[str, int]],
    codes: CodeList | None,
    shown: int,
    suppressed: tuple[int, int] = (0, 0),
) -> ColumnLabels:
    """Returns what the values of a column have in common, and which only one release has.

    Args:
        table: of both.
        column: of the table.
        kind: whether its values are codes of a list, texts as recorded, or checks.
        counts: the rows of each value, in a and in b.
        codes: the list, where the catalog has one by that name.
        shown: how many values are shown of a side, the most frequent first.
        suppressed: rows in a and in b whose value is not told.
    """
    known = {} if codes is None else {each.code: each.label.en for each in codes.codes if each.label}

    def only(own: Mapping[str, int], other: Mapping[str, int]) -> OnlyIn:
        lone = sorted(
            (
                LabelCount(code, known.get(code, code), rows)
                for code, rows in own.items()
                if code not in other
            ),
            key=lambda each: (-each.rows, each.code),
        )
        return OnlyIn(tuple(lone[:shown]), len(lone), sum(each.rows for each in lone))

    a, b = counts
    return ColumnLabels(table, column, kind, len(a.keys() & b.keys()), only(a, b), only(b, a), *suppressed)


@dataclass(frozen=True)
class PeriodRows:
    """The rows of one release by month and by fiscal year, and which of them it covers.

    `months` and `years` count rows. `covered` are the months that it covers, wholly or in part, and
    `covered_years` the fiscal years, with whether it covers each of their months. `first` is its first day and
    `last` its cut-off: a period that goes on before or after is cut short. `more_of_year` are rows whose month
    is not told, by fiscal year; `more` those whose year is not told either. `undated` rows have no date.
    """

    months: Mapping[Month, int]
    years: Mapping[int, int]
    covered: frozenset[Month]
    covered_years: Mapping[int, bool]
    first: datetime.date | None
    last: datetime.date | None
    more_of_year: Mapping[int, int]
    more: int = 0
    undated: int = 0

    @property
    def beyond(self) -> int:
        """The rows of periods that it does not cover: after its own last day, or of a year stated alone."""
        months = sum(rows for month, rows in self.months.items() if month not in self.covered)
        years = sum(rows for year, rows in self.more_of_year.items() if year not in self.covered_years)
        return months + years

    def rows_of_month(self, month: Month) -> int | None:
        """Returns the rows of a month, `None` where it is not covered."""
        return self.months.get(month, 0) if month in self.covered else None

    def rows_of_year(self, year: int) -> int | None:
        """Returns the rows of a fiscal year, `None` where no month of it is covered."""
        return self.years.get(year, 0) if year in self.covered_years else None

    def cuts_month(self, month: Month) -> bool:
        """Returns whether a part of a month lies before the first day or after the last."""
        return self._cuts(datetime.date(*month, 1), month_end(*month))

    def cuts_year(self, year: int) -> bool:
        """Returns whether a part of a fiscal year is not covered."""
        return not self.covered_years[year] or self._cuts(fiscal_year_start(year), fiscal_year_end(year))

    def _cuts(self, start: datetime.date, end: datetime.date) -> bool:
        return (self.first is not None and start < self.first <= end) or (
            self.last is not None and start <= self.last < end
        )


def months_of(year: int) -> list[Month]:
    """Returns the twelve months of a federal fiscal year, October first."""
    return [(year - 1, number) for number in (10, 11, 12)] + [(year, number) for number in range(1, 10)]


def months_between(first: datetime.date, last: datetime.date) -> frozenset[Month]:
    """Returns the months from that of one day to that of another; none where they are in the other order."""
    found = []
    year, number = first.year, first.month
    while (year, number) <= (last.year, last.month):
        found.append((year, number))
        year, number = (year + 1, 1) if number == 12 else (year, number + 1)  # noqa: PLR2004  December
    return frozenset(found)


def compare_periods(table: str, a: PeriodRows, b: PeriodRows) -> Iterator[PeriodCount]:
    """Yields the fiscal years and then the months of a table, in order, where either release has rows.

    A period that neither has rows of says nothing and is left out.
    """
    covered = a.covered | b.covered
    for year in sorted({*a.years, *b.years}):
        rows = a.rows_of_year(year), b.rows_of_year(year)
        if any(rows):
            cut = _named(rows[0] is not None and a.cuts_year(year), rows[1] is not None and b.cuts_year(year))
            yield PeriodCount(table, "fiscal_year", str(year), *rows, cut, a.more, b.more)
    for month in sorted(covered):
        found = a.rows_of_month(month), b.rows_of_month(month)
        if any(found):
            cut = _named(
                found[0] is not None and a.cuts_month(month), found[1] is not None and b.cuts_month(month)
            )
            year = fiscal_year_of(datetime.date(*month, 1))
            more = (each.more + each.more_of_year.get(year, 0) for each in (a, b))
            yield PeriodCount(table, "month", f"{month[0]}-{month[1]:02d}", *found, cut, *more)


def _named(in_a: bool, in_b: bool) -> tuple[Literal["a", "b"], ...]:
    names: list[Literal["a", "b"]] = []
    if in_a:
        names.append("a")
    if in_b:
        names.append("b")
    return tuple(names)


def late_months(a: PeriodRows, b: PeriodRows, recent_days: int) -> tuple[list[Month], list[Month]]:
    """Returns the whole months of which a, or b, counts other rows than the release that ends later.

    They ended at most `recent_days` before the release that ends first, so that some may be reported late.
    """
    found: tuple[list[Month], list[Month]] = ([], [])
    if a.last is None or b.last is None or a.last == b.last:
        return found
    side = 0 if a.last < b.last else 1
    first = min(a.last, b.last)
    found[side].extend(
        month
        for month in _both_whole(a, b)
        if (first - month_end(*month)).days <= recent_days
        and a.rows_of_month(month) != b.rows_of_month(month)
    )
    return found


def long_past(a: PeriodRows, b: PeriodRows, settled_days: int) -> tuple[int, int, int]:
    """Returns the rows of a and of b in whole months long past for both, and how many may be of them besides.

    Args:
        a: the rows of one release.
        b: those of the other.
        settled_days: how long before the last day of either release a month must have ended.
    """
    if a.last is None or b.last is None:
        return (0, 0, 0)
    first = min(a.last, b.last)
    months = [each for each in _both_whole(a, b) if (first - month_end(*each)).days >= settled_days]
    years = {fiscal_year_of(datetime.date(*each, 1)) for each in months}
    pooled = sum(each.more + sum(each.more_of_year.get(year, 0) for year in years) for each in (a, b))
    return (_rows(a, months), _rows(b, months), pooled)


def _rows(side: PeriodRows, months: Iterable[Month]) -> int:
    return sum(side.rows_of_month(each) or 0 for each in months)


def _both_whole(a: PeriodRows, b: PeriodRows) -> list[Month]:
    return sorted(each for each in a.covered & b.covered if not a.cuts_month(each) and not b.cuts_month(each))
