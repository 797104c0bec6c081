"""The span that a number of a workbook speaks of."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from recount.declare.fiscal_years import (
    FIRST_MONTH,
    fiscal_year_end,
    fiscal_year_of,
    fiscal_year_start,
    month_end,
)

_FISCAL_MONTHS = ("oct", "nov", "dec", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep")
_MONTH_NAMES = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_RANGE = re.compile(r"(\d{4}) \((\d{1,2}/\d{1,2}/\d{4}) - (\d{1,2}/\d{1,2}/\d{4})\)")
_MIDDLE = 15
_YEAR = 12
_QUARTER = 3
_APPROXIMATELY = datetime.timedelta(days=31)

Precision = Literal["day", "approximate"]


@dataclass(frozen=True)
class Reference:
    """The day through which a family of numbers counts, and how well it is known."""

    day: datetime.date
    precision: Precision


@dataclass(frozen=True)
class Span:
    """A span: its kind, fiscal year, first and last day. `to_come` where it begins after the reference."""

    kind: str
    fiscal_year: int
    start: datetime.date
    through: datetime.date
    precision: str
    to_come: bool = False


@dataclass(frozen=True)
class _Clues:
    """What is known of a number's time: what stands around it, its table's fiscal year, the last day counted."""

    said: Mapping[str, str]
    fiscal_year: int
    reference: Reference


def read_day(text: str) -> datetime.date:
    """Returns a day written as 1/31/2026, 1.31.2026 or 1/31/26.

    Raises:
        ValueError: where it is none.
    """
    month, day, year = re.split(r"[./]", text)
    return datetime.date(two_or_four(year), int(month), int(day))


def two_or_four(text: str) -> int:
    """Returns a year written with two or four digits.

    Raises:
        ValueError: where it has another number of them.
    """
    if len(text) == len("26"):
        return int(text) + 2000
    if len(text) != len("2026"):
        raise ValueError(f"{text!r} is not a year")
    return int(text)


def span_of(period: str, said: Mapping[str, str], fiscal_year: int, reference: Reference) -> Span:
    """Returns the span of a number.

    Args:
        period: how its table counts.
        said: what title, labels and headings say of time.
        fiscal_year: the table's own, where nothing says otherwise.
        reference: the day through which the workbook counts these numbers.

    A month's last day is the reference where the month is not over; a fiscal year's likewise.

    Raises:
        ValueError: where what is said is no time.
    """
    return _SPANS[period](_Clues(said, fiscal_year, reference))


def step_of(said: Mapping[str, str]) -> int | None:
    """Returns a number that is one higher for what tells of the next half month, month, quarter or year.

    `None` where nothing tells of a time, or of the months of one fiscal year.
    """
    if "half" in said:
        return (int(said["year"]) * _YEAR + int(said["calendar_month"])) * 2 + (said["half"] == "end")
    if "quarter" in said:
        year, quarter = _year_and_quarter(said["quarter"])
        return year * (_YEAR // _QUARTER) + quarter
    if "month_date" in said or "month_name" in said:
        year, month = _year_and_month(said)
        return year * _YEAR + month
    return two_or_four(said["fiscal_year"].split()[0]) if "fiscal_year" in said else None


def _year_and_quarter(text: str) -> tuple[int, int]:
    year, quarter = re.findall(r"\d{4}|[1-4]$", text)
    return int(year), int(quarter)


def _year_and_month(said: Mapping[str, str]) -> tuple[int, int]:
    if "month_date" in said:
        year, month = said["month_date"].split("-")
        return int(year), int(month)
    name, year = said["month_name"].replace(",", " ").split()
    return int(year), _MONTH_NAMES[name.casefold()]


def _snapshot(clues: _Clues) -> Span:
    day = clues.reference.day
    return Span("snapshot", fiscal_year_of(day), day, day, clues.reference.precision)


def _to_date(clues: _Clues) -> Span:
    said = clues.said
    year = two_or_four(said["fiscal_year"]) if "fiscal_year" in said else clues.fiscal_year
    month = said.get("month", "total")
    if month == "total":
        return _year_so_far(year, clues.reference)
    return _month(*_month_of_fiscal_year(year, _FISCAL_MONTHS.index(month)), clues.reference)


def _month_of_fiscal_year(fiscal_year: int, number: int) -> tuple[int, int]:
    """Returns year and month of a fiscal year's month, October being 0."""
    month = (number + FIRST_MONTH - 1) % _YEAR + 1
    return fiscal_year - (month >= FIRST_MONTH), month


def _year_so_far(year: int, reference: Reference) -> Span:
    start, end = fiscal_year_start(year), fiscal_year_end(year)
    if reference.day >= end:
        return Span("fiscal_year_to_date", year, start, end, _precision_of_end(end, reference))
    to_come = reference.day < start
    return Span("fiscal_year_to_date", year, start, max(reference.day, start), reference.precision, to_come)


def _precision_of_end(end: datetime.date, reference: Reference) -> Precision:
    """An approximate reference may lie before the end of a span, unless it is well past it."""
    if reference.day > end + _APPROXIMATELY:
        return "day"
    return reference.precision


def _month(year: int, month: int, reference: Reference) -> Span:
    start, end = datetime.date(year, month, 1), month_end(year, month)
    fiscal_year = fiscal_year_of(start)
    if start > reference.day:
        return Span("month", fiscal_year, start, end, "day", to_come=True)
    if end <= reference.day:
        return Span("month", fiscal_year, start, end, _precision_of_end(end, reference))
    return Span("month", fiscal_year, start, reference.day, reference.precision)


def _whole_year(clues: _Clues) -> Span:
    text = clues.said["fiscal_year"]
    if match := _RANGE.fullmatch(text):
        start, through = read_day(match[2]), read_day(match[3])
        return Span("fiscal_year_to_date", int(match[1]), start, through, "day")
    return _year_so_far(two_or_four(text), clues.reference)


def _named_month(clues: _Clues) -> Span:
    return _month(*_year_and_month(clues.said), clues.reference)


def _quarter(clues: _Clues) -> Span:
    year, quarter = _year_and_quarter(clues.said["quarter"])
    first, last = (quarter - 1) * _QUARTER, quarter * _QUARTER - 1
    start = datetime.date(*_month_of_fiscal_year(year, first), 1)
    return Span("quarter", year, start, month_end(*_month_of_fiscal_year(year, last)), "day")


def _half_month(clues: _Clues) -> Span:
    year, month = int(clues.said["year"]), int(clues.said["calendar_month"])
    middle = clues.said["half"] == "mid"
    day = datetime.date(year, month, _MIDDLE) if middle else month_end(year, month)
    to_come = day > clues.reference.day
    return Span("snapshot", fiscal_year_of(day), day, day, "approximate" if middle else "day", to_come)


def _court(clues: _Clues) -> Span:
    fiscal_year = clues.fiscal_year
    words = clues.said.get("court_period", "").casefold().split()
    start, end = fiscal_year_start(fiscal_year), fiscal_year_end(fiscal_year)
    if words == ["year", "end"]:
        return Span("fiscal_year_to_date", fiscal_year, start, end, "day")
    if words and words[-1] in _MONTH_NAMES:
        month = _MONTH_NAMES[words[-1]]
        through = month_end(fiscal_year - (month >= FIRST_MONTH), month)
        return Span("fiscal_year_to_date", fiscal_year, start, through, "day")
    if words:
        raise ValueError(clues.said["court_period"])
    through = min(max(clues.reference.day, start), end)
    return Span("fiscal_year_to_date", fiscal_year, start, through, "approximate")


_SPANS: Mapping[str, Callable[[_Clues], Span]] = {
    "snapshot": _snapshot,
    "fiscal_year_to_date": _to_date,
    "fiscal_year": _whole_year,
    "month": _named_month,
    "quarter": _quarter,
    "half_month": _half_month,
    "court_period": _court,
}
