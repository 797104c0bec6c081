"""The federal fiscal year: October to September, named after the year it ends in."""

from __future__ import annotations

import calendar
import datetime

FIRST_MONTH = 10
"""The calendar month in which a fiscal year begins."""


def fiscal_year_of(day: datetime.date) -> int:
    """Returns the federal fiscal year of a day: it begins on 1 October of the year before."""
    return day.year + (day.month >= FIRST_MONTH)


def fiscal_year_start(fiscal_year: int) -> datetime.date:
    """Returns the first day of a fiscal year."""
    return datetime.date(fiscal_year - 1, FIRST_MONTH, 1)


def fiscal_year_end(fiscal_year: int) -> datetime.date:
    """Returns the last day of a fiscal year."""
    return fiscal_year_start(fiscal_year + 1) - datetime.timedelta(days=1)


def month_end(year: int, month: int) -> datetime.date:
    """Returns the last day of a month."""
    return datetime.date(year, month, calendar.monthrange(year, month)[1])
