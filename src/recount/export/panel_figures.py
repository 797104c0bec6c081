"""Panels of printed figures: every unit in every period that some release prints."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from recount.declare.claims import PLACE_DIMENSIONS
from recount.declare.measures import Measure
from recount.declare.panels import Status
from recount.errors import UnknownNameError, UsageError
from recount.export.answers import dimension_field
from recount.export.panel_cells import NOT_COVERED, MeasurePanel, PanelCell, PanelPeriod, PanelQuestion
from recount.export.tables import ExportField
from recount.measure.answer import Answer, answer_question
from recount.measure.event_periods import Period, period_number
from recount.measure.figures import MeasuredFigure
from recount.measure.prints import PrintBook
from recount.measure.statistics import MONTH, TOTAL, dimensions_of

FISCAL_YEAR, THROUGH_DATE = "fiscal_year", "through_date"


def figure_panel(question: PanelQuestion, name: str, book: PrintBook) -> MeasurePanel:
    """Returns the panel of one measure of printed figures.

    Of each unit and period the print that stands is given. Periods go from the first to the last that some
    release prints; one that none prints is not covered. Of running totals, periods are the days through which
    they are printed.

    Raises:
        UnknownNameError: for an unknown measure, unit, place, code, release, fork or option.
        UsageError: where the unit or the period cannot be asked, or nothing is printed.
    """
    measure = book.catalog.measure(name)
    _refuse(question, measure, book)
    asked = question.of(name)
    answer = answer_question(asked, book)
    figures = [each for each in answer.figures if _unit_of(each, question.unit) not in (None, TOTAL)]
    if not figures:
        raise UsageError(
            f"No release prints {name} by {question.unit} and {question.period}.",
            [("fix", f"recount describe {name} says by what it is printed")],
        )
    field, names = _units(question.unit, answer, figures, book)
    held = {
        (_unit_of(each, question.unit), _period_of(each, question.period).number): each for each in figures
    }
    periods = _periods(figures, question.period)
    printed = {number for _, number in held}
    cells = [
        _cell(unit, period, held.get((unit, period.number)), is_covered=period.number in printed)
        for unit in names
        for period in periods
    ]
    used = {each.release.release: each.release for each in figures}
    return MeasurePanel(
        measure=measure,
        cells=cells,
        unit_field=field,
        names=names,
        releases=[used[each] for each in sorted(used)],
        synthetic=[],
        notes=[each.text.en for each in answer.caveats],
        receipt=answer.receipt,
    )


def _refuse(question: PanelQuestion, measure: Measure, book: PrintBook) -> None:
    periods = [*([MONTH] if measure.by_month else []), FISCAL_YEAR, THROUGH_DATE]
    if measure.statistic is None:
        periods = [THROUGH_DATE]
    if question.period not in periods:
        raise UsageError(
            f"{measure.measure} is not printed by {question.period}.", [("choose from", ", ".join(periods))]
        )
    units = [*PLACE_DIMENSIONS, *measure.dimensions]
    if measure.statistic is not None:
        units = [each for each in dimensions_of(book.catalog.tables[measure.table]) if each in units]
    if question.unit not in units:
        raise UnknownNameError(
            f"unit of {measure.measure}", question.unit, units, [("choose from", ", ".join(units))]
        )


def _unit_of(figure: MeasuredFigure, unit: str) -> str | None:
    if unit in PLACE_DIMENSIONS:
        return figure.place_code if figure.place_kind == unit else None
    return figure.breakdown.get(unit)


def _period_of(figure: MeasuredFigure, kind: str) -> PanelPeriod:
    if kind == THROUGH_DATE:
        # A day is numbered by itself, so that two of one month stand apart.
        through = figure.through_date
        return PanelPeriod(through.toordinal(), through.isoformat(), figure.period_start, through)
    number = figure.fiscal_year if kind == FISCAL_YEAR else period_number(kind, figure.through_date)
    period = Period(kind, number or period_number(kind, figure.through_date))
    return PanelPeriod(period.number, period.label, period.start, period.last)


def _periods(figures: Sequence[MeasuredFigure], kind: str) -> list[PanelPeriod]:
    found = sorted({_period_of(each, kind) for each in figures})
    if kind == THROUGH_DATE:
        return found
    every = [Period(kind, number) for number in range(found[0].number, found[-1].number + 1)]
    return [PanelPeriod(each.number, each.label, each.start, each.last) for each in every]


def _units(
    unit: str, answer: Answer, figures: Sequence[MeasuredFigure], book: PrintBook
) -> tuple[ExportField, dict[str, str]]:
    if unit in PLACE_DIMENSIONS:
        within = book.places.of_kind(unit)
        printed = {each.place_code for each in figures}
        names = {each.code: each.name for each in within if each.code in printed}
        return ExportField("unit", "text", f"The {unit}, by its code."), names
    seen = sorted({each.breakdown[unit] for each in figures})
    field = dimension_field(unit, answer.measure, book.catalog, seen)
    if field is None or field.codes is None:
        raise UsageError(f"{unit} is no unit.")
    return field, {each.code: each.label.en for each in field.codes if each.code in seen}


def _cell(unit: str, period: PanelPeriod, figure: MeasuredFigure | None, *, is_covered: bool) -> PanelCell:
    if figure is None:
        return PanelCell(unit, period, "not_printed" if is_covered else NOT_COVERED)
    value = figure.interval.low if figure.interval.is_point else None
    status: Status = "bound" if value is None else "exact" if value else "zero"
    first: datetime.date | None = figure.period_start
    start = period.start if period.start is not None else first
    last = min(figure.through_date, period.last)
    days = None if start is None else (last - max(start, first or start)).days + 1
    return PanelCell(
        unit,
        period,
        status,
        figure.numerator,
        figure.denominator,
        value,
        figure.interval,
        {},
        days,
        figure.release.release,
    )
