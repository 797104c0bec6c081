"""Rates of printed figures: of counted places, or of what the same release prints beside them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from recount.declare.county_areas import load_county_areas
from recount.declare.denominators import Denominator
from recount.declare.fiscal_years import fiscal_year_end, month_end
from recount.declare.measures import Measure
from recount.errors import UsageError, Worded
from recount.measure.denominators import PlaceBook, refuse_rate
from recount.measure.figures import MeasuredFigure
from recount.measure.places import Place
from recount.measure.rates import Base, Rate

if TYPE_CHECKING:
    from recount.measure.prints import PrintBook

_COUNTRY, _STATE = "country", "state"
_QUARTER, _YEAR = 3, 12
MONTHS = "months"
"""The period of a figure that adds up months."""


def give_rates(
    figures: Sequence[MeasuredFigure],
    denominator: Denominator,
    measure: Measure,
    book: PrintBook,
    known_on: datetime.date | None,
) -> list[MeasuredFigure]:
    """Returns figures with their rates per 100,000, or why they have none.

    Raises:
        UsageError: where the measure is no count, or the denominator is printed in another table.
    """
    refuse_rate(measure.kind, measure.measure, denominator)
    name = denominator.denominator
    if denominator.printed is not None:
        bases = _Printed(denominator, measure, book)
        return [replace(each, rate=_rate(each, name, bases.base(each))) for each in figures]
    places = PlaceBook(denominator, load_county_areas(book.catalog))
    return [replace(each, rate=_rate(each, name, _counted(each, places, known_on))) for each in figures]


def _rate(figure: MeasuredFigure, denominator: str, base: Base) -> Rate:
    return Rate(denominator, figure.numerator, figure.interval, base)


def is_cut_short(figure: MeasuredFigure) -> bool:
    """Returns whether a figure counts a span that had not ended: a fiscal year so far, or a part of a month.

    Months that are added are whole but for the last.
    """
    if figure.period == "fiscal_year_to_date" and figure.fiscal_year is not None:
        return figure.through_date < fiscal_year_end(figure.fiscal_year)
    if figure.period_start is None or figure.period in ("cumulative", "snapshot"):
        return False
    if figure.period == MONTHS:
        return figure.through_date < month_end(figure.through_date.year, figure.through_date.month)
    months = _QUARTER if figure.period == "quarter" else 1
    ahead = figure.period_start.month + months - 2
    last = month_end(figure.period_start.year + ahead // _YEAR, ahead % _YEAR + 1)
    return figure.through_date < last


def _counted(figure: MeasuredFigure, places: PlaceBook, known_on: datetime.date | None) -> Base:
    if is_cut_short(figure):
        return Base(None, because="cut_short")
    if figure.is_partial:
        return Base(None, because="lacks_places", names=figure.left_out)
    if figure.place_kind == _COUNTRY:
        states = None
    elif figure.place_kind == _STATE:
        states = frozenset([figure.place_code])
    else:
        return Base(None, because="dimension_not_counted", names=(figure.place_kind,))
    # What counts from the beginning of a program is of the people who are there at its last day.
    start = figure.period_start if figure.period not in ("cumulative", "snapshot") else None
    return places.base(states, (start or figure.through_date, figure.through_date), known_on)


class _Printed:
    """A figure that stands beside others in the same print."""

    def __init__(self, denominator: Denominator, measure: Measure, book: PrintBook) -> None:
        printed = denominator.printed
        own = book.catalog.measure("" if printed is None else printed.measure)
        if own.table != measure.table or own.statistic is not None:
            raise UsageError(
                Worded(
                    "%(denominator)s are printed in %(printed_in)s, and %(measure)s is of %(table)s.",
                    denominator=denominator.denominator,
                    printed_in=own.table,
                    measure=measure.measure,
                    table=measure.table,
                ),
                [("fix", "--per residents, or a measure of that table (recount list measures)")],
            )
        self._measure = own
        self._book = book
        self._reading = own.readings()[0]
        self._of_place: dict[tuple[str, str], Mapping[tuple[str, datetime.date, bool], MeasuredFigure]] = {}

    def base(self, figure: MeasuredFigure) -> Base:
        """Returns what the figure's own print gives."""
        key = (figure.place_kind, figure.place_code)
        if key not in self._of_place:
            place = Place(figure.place_kind, figure.place_code, figure.place_name)
            found, _ = self._book.measure(self._measure, place, [self._reading])
            self._of_place[key] = {
                (each.release.release, each.through_date, each.is_sum): each for each in found
            }
        beside = self._of_place[key].get((figure.release.release, figure.through_date, figure.is_sum))
        if beside is None or not beside.numerator:
            return Base(None, because="not_printed", names=(figure.release.release,))
        if beside.left_out != figure.left_out:
            return Base(None, because="lacks_places", names=beside.left_out or figure.left_out)
        return Base(beside.numerator, figure.through_date)
