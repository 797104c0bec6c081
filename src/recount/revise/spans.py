"""The spans that a figure speaks of: a month, a quarter, a fiscal year, a day, or so far at a day."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from recount.declare.fiscal_years import fiscal_year_end, fiscal_year_of, fiscal_year_start, month_end
from recount.declare.measures import Measure
from recount.errors import UsageError
from recount.measure.figures import MeasuredFigure
from recount.measure.questions import read_date

SpanKind = Literal["month", "quarter", "fiscal_year", "so_far", "day", "since_start"]

YEAR_TO_DATE = "fiscal_year_to_date"
_DECEMBER = 12
_SHOWN = 5
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"([0-9]{4})-?[qQ]([1-4])")


@dataclass(frozen=True)
class Span:
    """The days that one figure counts, from `start` to `end`, both of them inside.

    A `month`, a `quarter` and a whole `fiscal_year` may be printed before they are over. `so_far` is a fiscal
    year through one day, `day` a snapshot, and `since_start` a running total, which has no start.
    """

    kind: SpanKind
    start: datetime.date | None
    end: datetime.date

    @property
    def can_be_unfinished(self) -> bool:
        """Whether a release can print it before its last day."""
        return self.kind in ("month", "quarter", "fiscal_year")

    def order(self) -> tuple[datetime.date, datetime.date, str]:
        """Returns what spans are ordered by: the last day first."""
        return (self.end, self.start or datetime.date.min, self.kind)

    def as_json(self) -> dict[str, str | None]:
        """Returns the span as JSON values: `kind`, and `from` and `to` as days."""
        return {
            "kind": self.kind,
            "from": None if self.start is None else self.start.isoformat(),
            "to": self.end.isoformat(),
        }


def month_span(start: datetime.date) -> Span:
    """Returns the month that begins on `start`."""
    return Span("month", start, month_end(start.year, start.month))


def quarter_span(start: datetime.date) -> Span:
    """Returns the three months that begin on `start`."""
    return Span("quarter", start, _months_after(start, 3) - datetime.timedelta(days=1))


def _months_after(start: datetime.date, months: int) -> datetime.date:
    ahead = start.month - 1 + months
    return datetime.date(start.year + ahead // _DECEMBER, ahead % _DECEMBER + 1, 1)


def span_of(figure: MeasuredFigure) -> Span:
    """Returns the span that a figure speaks of."""
    if figure.period == "month" and figure.period_start is not None:
        return month_span(figure.period_start)
    if figure.period == "quarter" and figure.period_start is not None:
        return quarter_span(figure.period_start)
    if figure.period == "snapshot":
        return Span("day", figure.through_date, figure.through_date)
    if figure.period == YEAR_TO_DATE:
        return Span("so_far", figure.period_start, figure.through_date)
    return Span("since_start", None, figure.through_date)


def read_fiscal_year(year: int | str) -> int:
    """Returns a fiscal year written as 2024.

    Raises:
        UsageError: where it is not one.
    """
    text = str(year).strip()
    if not re.fullmatch(r"(19|20)[0-9]{2}", text):
        raise UsageError(f"{text!r} is not a fiscal year.", [("fix", "write it as 2024")])
    return int(text)


def read_span(
    measure: Measure,
    *,
    month: str | None = None,
    quarter: str | None = None,
    fiscal_year: int | str | None = None,
    on: datetime.date | str | None = None,
) -> Span:
    """Returns the one span that is asked for.

    Args:
        measure: what is asked; it must be printed over spans of that kind.
        month: as 2025-11.
        quarter: of a fiscal year, as 2026-Q1, which is October to December 2025.
        fiscal_year: the whole year, as its releases count it so far.
        on: a snapshot's day, or the last day that a figure so far counts.

    Raises:
        UsageError: where none or several are given, one is malformed, or the measure has no such spans.
    """
    given = {"month": month, "quarter": quarter, "fiscal_year": fiscal_year, "on": on}
    named = [name for name, value in given.items() if value is not None]
    if len(named) != 1:
        raise UsageError(
            "A history is of one span.", [("given", ", ".join(named) or "none"), ("fix", _fix(measure))]
        )
    if named[0] not in _spans_of(measure):
        raise UsageError(
            f"{measure.measure} is not printed by {_KINDS[named[0]]}.",
            [("fix", _fix(measure))],
        )
    if month is not None:
        found = _MONTH.fullmatch(month.strip())
        if found is None:
            raise UsageError(f"{month!r} is not a month.", [("fix", "write it as 2025-11")])
        return month_span(datetime.date(int(found[1]), int(found[2]), 1))
    if quarter is not None:
        found = _QUARTER.fullmatch(quarter.strip())
        if found is None:
            raise UsageError(f"{quarter!r} is not a quarter.", [("fix", "write it as 2026-Q1")])
        start = fiscal_year_start(int(found[1]))
        return quarter_span(_months_after(start, 3 * (int(found[2]) - 1)))
    if fiscal_year is not None:
        year = read_fiscal_year(fiscal_year)
        return Span("fiscal_year", fiscal_year_start(year), fiscal_year_end(year))
    day = read_date(on if on is not None else "")
    if measure.period == "snapshot":
        return Span("day", day, day)
    if measure.period == YEAR_TO_DATE:
        return Span("so_far", fiscal_year_start(fiscal_year_of(day)), day)
    return Span("since_start", None, day)


def name_asked(kind: str, end: datetime.date) -> tuple[str, str]:
    """Returns the name and the value by which a span is asked, as `read_span` takes them."""
    year = fiscal_year_of(end)
    if kind == "month":
        return "month", f"{end:%Y-%m}"
    if kind == "quarter":
        return "quarter", f"{year}-Q{(end.month % _DECEMBER) // 3 + 1}"
    if kind == "fiscal_year":
        return "fiscal_year", str(year)
    return "on", end.isoformat()


def _spans_of(measure: Measure) -> list[str]:
    spans = ["month"] if measure.by_month or measure.period == "month" else []
    if measure.period == "quarter":
        spans.append("quarter")
    if measure.period == YEAR_TO_DATE:
        spans.append("fiscal_year")
    if measure.period in ("snapshot", YEAR_TO_DATE, "cumulative"):
        spans.append("on")
    return spans


_KINDS = {"month": "month", "quarter": "quarter", "fiscal_year": "fiscal year", "on": "day"}
_WRITTEN = {
    "month": "--month 2025-11",
    "quarter": "--quarter 2026-Q1",
    "fiscal_year": "--fiscal-year 2026",
    "on": "--on 2026-02-07",
}


def _fix(measure: Measure) -> str:
    return f"give {' or '.join(_WRITTEN[each] for each in _spans_of(measure))}"


def nearest_days(day: datetime.date, known: Iterable[datetime.date]) -> list[datetime.date]:
    """Returns up to five known days nearest to `day`, in order of date."""
    near = sorted(set(known), key=lambda each: (abs((each - day).days), each))[:_SHOWN]
    return sorted(near)
