"""Spans of time by which events are counted: months, quarters, calendar and federal fiscal years."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from recount.errors import UsageError

_MONTHS = 12
_QUARTER = 3
_FISCAL_START = 10  # October
_EXAMPLES = {"fiscal_year": "2018", "calendar_year": "2018", "quarter": "2018-Q1", "month": "2018-03"}
_PATTERNS = {
    "fiscal_year": r"(?:FY)?(?P<year>\d{4})",
    "calendar_year": r"(?P<year>\d{4})",
    "quarter": r"(?P<year>\d{4})-?Q(?P<part>[1-4])",
    "month": r"(?P<year>\d{4})-(?P<part>0[1-9]|1[0-2])",
}


@dataclass(frozen=True, order=True)
class Period:
    """One span of time of a kind; `number` counts spans of that kind, so that the next one is one more."""

    kind: str
    number: int

    @property
    def label(self) -> str:
        """The span as text: 2018, 2018-Q1 or 2018-03."""
        if self.kind == "month":
            return f"{self.number // _MONTHS:04d}-{self.number % _MONTHS + 1:02d}"
        if self.kind == "quarter":
            return f"{self.number // 4:04d}-Q{self.number % 4 + 1}"
        return f"{self.number:04d}"

    @property
    def start(self) -> datetime.date:
        """The first day."""
        first = {
            "month": self.number,
            "quarter": self.number * _QUARTER,
            "calendar_year": self.number * _MONTHS,
            "fiscal_year": (self.number - 1) * _MONTHS + _FISCAL_START - 1,
        }[self.kind]
        return datetime.date(first // _MONTHS, first % _MONTHS + 1, 1)

    @property
    def end(self) -> datetime.date:
        """The day after the last one."""
        return Period(self.kind, self.number + 1).start

    @property
    def last(self) -> datetime.date:
        """The last day."""
        return self.end - datetime.timedelta(days=1)


def fiscal_year_of(date: datetime.date) -> int:
    """Returns the federal fiscal year of a day: October to September, named after the year it ends in."""
    return date.year + (date.month >= _FISCAL_START)


def read_period(kind: str, text: str) -> tuple[datetime.date, datetime.date]:
    """Returns the first day of a span, or of a range of spans, and the day after its last one.

    Args:
        kind: the kind of span.
        text: one span ("2018-03"), or the first and the last one ("2018-03..2018-09").

    Raises:
        UsageError: where it is no such span, or a range runs backwards.
    """
    first, dots, last = text.partition("..")
    start = _read_one(kind, first.strip())
    through = _read_one(kind, last.strip()) if dots else start
    if through < start:
        raise UsageError(f"{kind} {text!r} runs backwards.", [("fix", f"{kind}={last}..{first}")])
    return start.start, through.end


def _read_one(kind: str, text: str) -> Period:
    match = re.fullmatch(_PATTERNS[kind], text, flags=re.IGNORECASE)
    if match is None or int(match["year"]) == 0:
        example = _EXAMPLES[kind]
        raise UsageError(
            f"{text!r} is no {kind.replace('_', ' ')}.",
            [("example", f"--where {kind}={example}, or a range: {kind}={example}..{example}")],
        )
    year = int(match["year"])
    if kind == "month":
        return Period(kind, year * _MONTHS + int(match["part"]) - 1)
    if kind == "quarter":
        return Period(kind, year * 4 + int(match["part"]) - 1)
    return Period(kind, year)
