"""How many were held on each day, by facility, worked out from stints.

Two counts, which are not the same and are often taken for each other:

- **24-hour**: held at any time of the day, from the day of book-in through the day of book-out. Whoever is moved
  within a day counts at both facilities, so that facilities do not add up to a nation.
- **midnight**: held at the midnight that ends the day: booked in on that day or before, and booked out on a later
  day or not at all. Each night of a stint counts once, and facilities add up.

Source: the Deportation Data Project's daily population, and the headcounts of the University of Washington Center
for Human Rights (spec 2.9).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Literal

import ibis
import ibis.expr.types as ir
import polars as pl

from recount.errors import UnknownNameError, UsageError
from recount.link.order import IDENTIFIER, need_columns, seconds_of

Counting = Literal["people", "rows"]
COUNTINGS: tuple[Counting, ...] = ("people", "rows")
BY_FACILITY = ("detention_facility_code",)
_SECONDS_OF_DAY = 86_400
_EPOCH = datetime.date(1970, 1, 1)


def daily_population(
    stints: ir.Table,
    first: datetime.date,
    last: datetime.date,
    *,
    counting: Counting = "people",
    by: Sequence[str] = BY_FACILITY,
) -> ir.Table:
    """Returns how many were held on each day from `first` through `last`.

    Args:
        stints: the core table, as recorded or after `keep_rows`.
        first: the first day.
        last: the last day. An open stint is counted through it, so it must not lie after the release's cut-off.
        counting: `people` counts a person once for each day and place, however many rows overlap; a row without
            identifier is a person of its own. `rows` counts rows: its midnight count is the headcount of the
            University of Washington Center for Human Rights, for whom a row stands at a facility from its
            book-in until the day before its book-out.
        by: columns that tell places apart; none for all facilities together, where a person moved within the
            day counts once.

    Returns:
        `release`, the columns of `by`, `population_date`, `present_count` (24-hour) and `midnight_count`: one row
        for every day and every combination of release and places that any stint has, zeros included. A stint
        without book-in, or that ends on a day before it begins, is not counted; `count_stints_in_population`
        says how many these are.

    Raises:
        UsageError: where `first` lies after `last`.
        UnknownNameError: where no way of counting is called so.
        DataError: where `stints` lacks a column.
    """
    if first > last:
        raise UsageError("The first day lies after the last.", [("days", f"{first} to {last}")])
    if counting not in COUNTINGS:
        raise UnknownNameError("way of counting", counting, COUNTINGS)
    need_columns(stints, ("release", IDENTIFIER, "book_in_date", "book_out_date", *by), "A population")
    places = ("release", *by)
    days = _with_days(stints, last)
    present = _spans(days, places, "_day_in", "_day_out", counting)
    at_midnight = days.mutate(_last_midnight=days._day_out - days._is_closed.cast("int64"))
    midnight = _spans(at_midnight, places, "_day_in", "_last_midnight", counting)
    steps = ibis.union(
        _steps(present, places, "_present", _number(first), _number(last)),
        _steps(midnight, places, "_midnight", _number(first), _number(last)),
        _zeros(stints, places, first, last),
    )
    daily = steps.group_by(*places, "_day").aggregate(
        _present=steps._present.sum(),
        _midnight=steps._midnight.sum(),
        population_date=steps.population_date.max(),
    )
    until = ibis.window(group_by=[daily[each] for each in places], order_by=daily._day.asc(), rows=(None, 0))
    return daily.select(
        *places,
        "population_date",
        present_count=daily._present.sum().over(until).cast("int64"),
        midnight_count=daily._midnight.sum().over(until).cast("int64"),
    )


def count_stints_in_population(stints: ir.Table) -> ir.Table:
    """Returns one row: `stint_count` stints in, and how many of them a population counts and does not count.

    `counted_count`, `no_book_in_count`, and `ends_before_it_begins_count` for a book-out on a day before the
    book-in.
    """
    no_start = stints.book_in_date.isnull()
    reversed_span = (stints.book_out_date < stints.book_in_date).fill_null(False)
    return stints.aggregate(
        stint_count=stints.count(),
        counted_count=(~no_start & ~reversed_span).cast("int64").sum().fill_null(0).cast("int64"),
        no_book_in_count=no_start.cast("int64").sum().fill_null(0).cast("int64"),
        ends_before_it_begins_count=reversed_span.cast("int64").sum().fill_null(0).cast("int64"),
    )


def _number(day: datetime.date) -> int:
    return (day - _EPOCH).days


def _with_days(stints: ir.Table, last: datetime.date) -> ir.Table:
    """Returns the stints that count, with the numbers of their first and last day; an open one ends at `last`."""
    stints = stints.mutate(
        _day_in=seconds_of(stints.book_in_date) // _SECONDS_OF_DAY,
        _day_out=ibis.coalesce(
            seconds_of(stints.book_out_date) // _SECONDS_OF_DAY, ibis.literal(_number(last), "int64")
        ),
        _is_closed=stints.book_out_date.notnull(),
    )
    stints = stints.filter(stints._day_in.notnull())
    return stints.filter((stints._day_out >= stints._day_in) | ~stints._is_closed)


def _spans(stints: ir.Table, places: tuple[str, ...], start: str, end: str, counting: Counting) -> ir.Table:
    """Returns spans of days, both ends in it; of one person at one place, those that overlap or touch are one."""
    stints = stints.filter(stints[end] >= stints[start])
    spans = stints.select(*places, IDENTIFIER, _start=stints[start], _end=stints[end])
    if counting == "rows":
        return spans.select(*places, "_start", "_end")
    # A row without identifier is a person of its own, with one span.
    alone = spans.filter(spans[IDENTIFIER].isnull()).select(*places, "_start", "_end")
    spans = spans.filter(spans[IDENTIFIER].notnull())
    before = spans._end.max().over(_of_person(spans, places, rows=(None, -1)))
    spans = spans.mutate(_reached=before)
    spans = spans.mutate(
        _begins=(spans._reached.isnull() | (spans._start > spans._reached + 1)).cast("int64")
    )
    spans = spans.mutate(_number=spans._begins.sum().over(_of_person(spans, places, rows=(None, 0))))
    merged = spans.group_by(*places, IDENTIFIER, "_number").aggregate(
        _start=spans._start.min(), _end=spans._end.max()
    )
    return ibis.union(merged.select(*places, "_start", "_end"), alone)


def _of_person(spans: ir.Table, places: tuple[str, ...], rows: tuple[int | None, int]) -> Any:
    """Returns a window over a person's spans in order; spans equal in it are equal in all that is asked of them."""
    return ibis.window(
        group_by=[spans[each] for each in (*places, IDENTIFIER)],
        order_by=[spans._start.asc(), spans._end.asc()],
        rows=rows,
    )


def _steps(spans: ir.Table, places: tuple[str, ...], name: str, first: int, last: int) -> ir.Table:
    """Returns one more on the day a span begins and one less on the day after it ends, as far as days go."""
    spans = spans.filter(spans._end >= first, spans._start <= last)
    begins = spans.select(
        *places, _day=ibis.greatest(spans._start, first).cast("int64"), _step=ibis.literal(1, "int64")
    )
    ended = spans.filter(spans._end < last)
    ends = ended.select(*places, _day=(ended._end + 1).cast("int64"), _step=ibis.literal(-1, "int64"))
    steps = ibis.union(begins, ends)
    other = "_midnight" if name == "_present" else "_present"
    steps = steps.mutate(
        population_date=ibis.null("date"), **{name: steps._step, other: ibis.literal(0, "int64")}
    )
    return steps.select(*places, "_day", "population_date", "_present", "_midnight")


def _zeros(stints: ir.Table, places: tuple[str, ...], first: datetime.date, last: datetime.date) -> ir.Table:
    """Returns a zero for every day and place, so that each has its row."""
    days = pl.DataFrame({"population_date": pl.date_range(first, last, "1d", eager=True)})
    days = days.with_columns(_day=pl.int_range(_number(first), _number(last) + 1, dtype=pl.Int64, eager=True))
    everywhere = stints.select(*places).distinct().cross_join(ibis.memtable(days))
    zero = ibis.literal(0, "int64")
    return everywhere.select(*places, "_day", "population_date", _present=zero, _midnight=zero)
