"""Spans of time by which events are counted: weeks, months, quarters, years, fiscal years, administrations."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from recount.declare.administrations import Administration
from recount.declare.fiscal_years import FIRST_MONTH, fiscal_year_of
from recount.errors import UnknownNameError, UsageError, Worded

_MONTHS = 12
_QUARTER = 3
_WEEK = 7
_MONDAY = datetime.date(1969, 12, 29).toordinal()
"""The Monday of week 0, which holds 1 January 1970."""
_EXAMPLES = {
    "fiscal_year": "2018",
    "calendar_year": "2018",
    "quarter": "2018-Q1",
    "month": "2018-03",
    "week": "2018-W09",
    "date": "2018-03-01",
}
_PATTERNS = {
    "fiscal_year": r"(?:FY)?(?P<year>\d{4})",
    "calendar_year": r"(?P<year>\d{4})",
    "quarter": r"(?P<year>\d{4})-?Q(?P<part>[1-4])",
    "month": r"(?P<year>\d{4})-(?P<part>0[1-9]|1[0-2])",
    "week": r"(?P<year>\d{4})-?W(?P<part>0[1-9]|[1-4]\d|5[0-3])",
    "date": r"(?P<year>\d{4})-(?P<part>0[1-9]|1[0-2])-(?:\d\d)",
}

ADMINISTRATION = "administration"
DATE = "date"
Days = tuple[datetime.date, datetime.date]
"""A span of days: the first, and the one after the last."""


@dataclass(frozen=True, order=True)
class Period:
    """One span of time of a kind; `number` counts spans of that kind, so that the next one is one more.

    An administration is numbered in its catalog's order, and says its own days.
    """

    kind: str
    number: int
    administration: Administration | None = field(default=None, compare=False)

    @property
    def label(self) -> str:
        """The span as text: 2018, 2018-Q1, 2018-03 or 2018-W09; the name of an administration."""
        if self.administration is not None:
            return self.administration.name
        if self.kind == "month":
            return f"{self.number // _MONTHS:04d}-{self.number % _MONTHS + 1:02d}"
        if self.kind == "quarter":
            return f"{self.number // 4:04d}-Q{self.number % 4 + 1}"
        if self.kind == "week":
            year, week, _ = self.start.isocalendar()
            return f"{year:04d}-W{week:02d}"
        return f"{self.number:04d}"

    @functools.cached_property
    def start(self) -> datetime.date:
        """The first day."""
        if self.administration is not None:
            return self.administration.start
        if self.kind == "week":
            return datetime.date.fromordinal(_MONDAY + _WEEK * self.number)
        first = {
            "month": self.number,
            "quarter": self.number * _QUARTER,
            "calendar_year": self.number * _MONTHS,
            "fiscal_year": (self.number - 1) * _MONTHS + FIRST_MONTH - 1,
        }[self.kind]
        return datetime.date(first // _MONTHS, first % _MONTHS + 1, 1)

    @functools.cached_property
    def end(self) -> datetime.date:
        """The day after the last one."""
        if self.administration is not None:
            return self.administration.end
        return Period(self.kind, self.number + 1).start

    @functools.cached_property
    def last(self) -> datetime.date:
        """The last day."""
        return self.end - datetime.timedelta(days=1)


def period_number(kind: str, date: datetime.date) -> int:
    """Returns the number of the span of a kind in which a day lies; no administration."""
    month = date.year * _MONTHS + date.month - 1
    return {
        "week": (date.toordinal() - _MONDAY) // _WEEK,
        "month": month,
        "quarter": month // _QUARTER,
        "calendar_year": date.year,
        "fiscal_year": fiscal_year_of(date),
    }[kind]


def read_period(kind: str, text: str, administrations: Sequence[Administration] = ()) -> Days:
    """Returns the first day of a span, or of a range of spans, and the day after its last one.

    Args:
        kind: the kind of span, or `date`.
        text: one span ("2018-03"), or the first and the last one ("2018-03..2018-09").
        administrations: those that can be named.

    Raises:
        UsageError: where it is no such span, or a range runs backwards.
        UnknownNameError: for an administration that nothing declares.
    """
    first, dots, last = text.partition("..")
    start = _read_one(kind, first.strip(), administrations)
    through = _read_one(kind, last.strip(), administrations) if dots else start
    if through[0] < start[0]:
        raise UsageError(
            Worded("%(dimension)s %(text)s runs backwards.", dimension=kind, text=repr(text)),
            [("fix", f"{kind}={last}..{first}")],
        )
    return start[0], through[1]


def _read_one(kind: str, text: str, administrations: Sequence[Administration]) -> Days:
    if kind == ADMINISTRATION:
        wanted = text.casefold().replace(" ", "_")
        for each in administrations:
            if wanted in (each.name, each.label.en.casefold().replace(" ", "_")):
                return each.start, each.end
        names = [each.name for each in administrations]
        raise UnknownNameError(kind, text, names, [("choose from", ", ".join(names))])
    match = re.fullmatch(_PATTERNS[kind], text, flags=re.IGNORECASE)
    example = _EXAMPLES[kind]
    facts = [("example", f"--where {kind}={example}, or a range: {kind}={example}..{example}")]
    if match is None or not 0 < int(match["year"]) < datetime.MAXYEAR:
        raise UsageError(
            Worded("%(text)s is no %(kind)s.", text=repr(text), kind=kind.replace("_", " ")), facts
        )
    year = int(match["year"])
    if kind in ("date", "week"):
        try:
            day = (
                datetime.date.fromisoformat(text)
                if kind == "date"
                else datetime.date.fromisocalendar(year, int(match["part"]), 1)
            )
        except ValueError as impossible:
            raise UsageError(
                Worded("There is no %(kind)s %(text)s.", kind=kind, text=text), facts
            ) from impossible
        return day, day + datetime.timedelta(days=_WEEK if kind == "week" else 1)
    if kind == "month":
        period = Period(kind, year * _MONTHS + int(match["part"]) - 1)
    elif kind == "quarter":
        period = Period(kind, year * 4 + int(match["part"]) - 1)
    else:
        period = Period(kind, year)
    return period.start, period.end
