"""When rows of individual records happened, as expressions: by day, by a stated fiscal year, or by month alone."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recount.declare.administrations import Administration
from recount.declare.fiscal_years import FIRST_MONTH, fiscal_year_of
from recount.measure.event_periods import ADMINISTRATION, Days, Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

FISCAL = "fiscal_year"
_MONTHS, _QUARTER, _WEEK = 12, 3, 7
_EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday
_STATED = -(10**7)
"""No span is numbered so low: from here down, a number says a stated fiscal year instead."""


@dataclass(frozen=True)
class Times:
    """The day of each row, or of a cube its month, and the fiscal year that stands where there is none.

    `fiscal` of rows is the year that a sheet states for all its rows, used where the day is missing; of a cube it is
    the year of every cell. A cell of a cube lies in its month, and no day of it is known.
    """

    day: ir.Value
    fiscal: ir.Value | None
    administrations: Sequence[Administration]
    is_cube: bool

    def split(self, kind: str) -> dict[str, ir.Value]:
        """Returns the span of a kind of each row, and `fiscal_year` where that is all that may be known.

        Of rows one number says both, for an engine groups by fewer columns faster; `read_number` tells them apart.
        Of a month of a cube it is its first day, which no engine need number.
        """
        if kind == FISCAL:
            return {"value": self._fiscal_year()}
        if self.is_cube and kind == "month" and self.fiscal is not None:
            return {"value": self.day, FISCAL: self.fiscal}
        value = self._administration() if kind == ADMINISTRATION else self._number(kind)
        if self.fiscal is None:
            return {"value": value}
        if self.is_cube:
            return {"value": value, FISCAL: self.fiscal}
        if kind != ADMINISTRATION:
            return {"value": value.coalesce(_STATED - self.fiscal.cast("int64"))}
        import ibis  # noqa: PLC0415  slow to import, and only events need it

        stated = ibis.ifelse(self.day.isnull(), self.fiscal.cast("int64"), ibis.null("int64"))
        return {"value": value, FISCAL: stated}

    def within(self, spans: Sequence[Days]) -> tuple[ir.Value, ir.Value]:
        """Returns whether rows surely lie within one of some spans, and whether they surely lie outside of all."""
        import ibis  # noqa: PLC0415  as above

        surely = self._in_fiscal_years(spans)
        if surely is not None and self.fiscal is not None:
            return surely, self.fiscal.notnull() & ~surely
        inside = touched = ibis.literal(False)
        for start, end in spans:
            if self.is_cube:
                first, last = _month_from(start), end.replace(day=1)
                inside = inside | _between(self.day, first, last)
                touched = touched | _between(self.day, start.replace(day=1), end)
            else:
                inside = inside | _between(self.day, start, end)
        day = self.day.notnull()
        if not self.is_cube:
            touched = inside
        within, outside = day & inside, day & ~touched
        if self.fiscal is not None:
            year = self.fiscal.cast("int64")
            surely, perhaps = _fiscal_within(year, spans)
            stated = self.day.isnull() & self.fiscal.notnull()
            within, outside = within | (stated & surely), outside | (stated & ~perhaps)
        return within, outside

    def may_lie(self, spans: Sequence[Days]) -> ir.Value:
        """Returns whether rows lie within one of some spans, or may: all that do not surely lie outside."""
        surely = self._in_fiscal_years(spans)
        if surely is not None and self.fiscal is not None:
            return surely | self.fiscal.isnull()
        return ~self.within(spans)[1]

    def _in_fiscal_years(self, spans: Sequence[Days]) -> ir.Value | None:
        """Returns whether cells lie within spans of whole fiscal years: each says its own, and its month is of it."""
        if not self.is_cube or self.fiscal is None or not all(map(_is_fiscal, spans)):
            return None
        return _fiscal_within(self.fiscal, spans)[0]

    def _fiscal_year(self) -> ir.Value:
        if self.is_cube and self.fiscal is not None:
            return self.fiscal
        year = self._number(FISCAL)
        return year if self.fiscal is None else year.coalesce(self.fiscal.cast("int64"))

    def _number(self, kind: str) -> ir.Value:
        import ibis  # noqa: PLC0415  as above

        if kind == "week":
            days = self.day.epoch_days().cast("int64")
            return ((days + _EPOCH_WEEKDAY) // _WEEK).cast("int64")
        year, month = self.day.year().cast("int64"), self.day.month().cast("int64")
        number = {
            "month": year * _MONTHS + month - 1,
            "quarter": (year * _MONTHS + month - 1) // _QUARTER,
            "calendar_year": year,
            FISCAL: ibis.ifelse(month >= FIRST_MONTH, year + 1, year),
        }[kind]
        return number.cast("int64")

    def _administration(self) -> ir.Value:
        """Returns the name of the administration; none where a cell's month lies in two."""
        import ibis  # noqa: PLC0415  as above

        cases = []
        for each in self.administrations:
            first, last = each.start, each.end
            if self.is_cube:
                first, last = _month_from(first), last.replace(day=1)
            cases.append((_between(self.day, first, last), each.name))
        return ibis.cases(*cases, else_=ibis.null("string"))


def read_number(number: int) -> tuple[int | None, int | None]:
    """Returns the span that a number of `Times.split` says, or else the fiscal year that is stated instead."""
    return (number, None) if number > _STATED else (None, _STATED - number)


def _is_fiscal(days: Days) -> bool:
    """Returns whether a span is of whole fiscal years, or has no end."""
    return all(
        day in (datetime.date.min, datetime.date.max) or (day.month, day.day) == (FIRST_MONTH, 1)
        for day in days
    )


def _between(day: ir.Value, start: datetime.date, end: datetime.date) -> ir.Value:
    import ibis  # noqa: PLC0415  as above

    within = ibis.literal(True) if start == datetime.date.min else day >= ibis.literal(start)
    # No row lies after the last day that a calendar has, and some engines know no such day.
    before = day.notnull() if end.year == datetime.MAXYEAR else day < ibis.literal(end)
    return within & before


def _fiscal_within(year: ir.Value, spans: Sequence[Days]) -> tuple[ir.Value, ir.Value]:
    """Returns whether fiscal years lie within one of some spans, and whether they touch any."""
    import ibis  # noqa: PLC0415  as above

    surely, perhaps = [], []
    for start, end in spans:
        first, last = fiscal_year_of(start), fiscal_year_of(end - datetime.timedelta(days=1))
        perhaps.append(year.between(first, last))
        whole_first = (
            first if start == datetime.date.min or Period(FISCAL, first).start >= start else first + 1
        )
        whole_last = last if end.year == datetime.MAXYEAR or Period(FISCAL, last).end <= end else last - 1
        surely.append(year.between(whole_first, whole_last))
    return ibis.or_(*surely), ibis.or_(*perhaps)


def _month_from(day: datetime.date) -> datetime.date:
    """Returns the first of the first month that begins on or after a day."""
    if day.day == 1:
        return day
    return (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
