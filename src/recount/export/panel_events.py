"""Panels of individual records: every unit in every period, counted from one release."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from fractions import Fraction

from recount.declare.event_measures import PERIODS, EventMeasure
from recount.declare.text import Text
from recount.errors import UsageError
from recount.export.answers import dimension_field
from recount.export.panel_cells import (
    NOT_COVERED,
    MeasurePanel,
    PanelCell,
    PanelPeriod,
    PanelQuestion,
    status_of,
)
from recount.export.tables import ExportField
from recount.measure.event_answer import EventAnswer
from recount.measure.event_book import EventBook
from recount.measure.event_bounds import Measured
from recount.measure.event_cells import CellMaker, Part
from recount.measure.event_conditions import Condition
from recount.measure.event_counts import ReadingCount, count_readings
from recount.measure.event_periods import ADMINISTRATION, Period, period_number
from recount.measure.event_spans import Span, covered_spans

_DAY = datetime.timedelta(days=1)


def event_panel(question: PanelQuestion, name: str, book: EventBook) -> MeasurePanel:
    """Returns the panel of one measure of individual records.

    Units are the codes of the unit's list, or, where it has none, those that some row names. Periods go from
    the first to the last that the release covers, or that the conditions name. A period is covered as an
    answer says: from the month of a file's first event to its last, or to the release's own last day.

    Raises:
        UnknownNameError: for an unknown measure, unit, condition, release, fork or option.
        UsageError: where the unit or the period cannot be asked, no release answers, or several do.
    """
    measure = book.measure(name)
    _refuse(question, measure)
    asked = question.of(name)
    answer = book.answer(asked)
    release = _one_release(answer, question)
    (count,) = count_readings(book, answer.asked, book.parts_out(asked))
    parts = [each for each in count.used if each.release == release]
    spans = covered_spans(parts)
    if not spans:
        raise UsageError(
            f"{release} gives no days of {measure.table}, so that nothing is known of a {question.period}.",
            [("fix", "choose another release with --release")],
        )
    limits = _limits(answer.asked.where)
    periods = _periods(question.period, spans, limits)
    field, units = _units(question.unit, answer, book)
    names = {each.code: each.label.en for each in field.codes or ()}
    held = _measured(answer, count, release, units, periods, book)
    cells = []
    outside = 0
    for unit in units:
        for period in periods:
            measured = held.get((unit, period.number))
            days = _covered_days(period, spans, limits)
            if days == 0 or measured is None:
                outside += measured.numerator if measured is not None else 0
                cells.append(PanelCell(unit, period, NOT_COVERED))
                continue
            cells.append(_cell(unit, period, measured, days, release, measure))
    return MeasurePanel(
        measure=measure,
        cells=cells,
        unit_field=field,
        names=names,
        releases=[book.record.releases[release]],
        synthetic=sorted({each.release for each in parts if each.is_synthetic}),
        notes=[*_notes(answer), *_outside(outside, release)],
        receipt=answer.receipt,
    )


def _refuse(question: PanelQuestion, measure: EventMeasure) -> None:
    if question.period not in PERIODS or question.period == ADMINISTRATION:
        spans = [each for each in PERIODS if each != ADMINISTRATION]
        raise UsageError(f"A panel has no periods of {question.period}.", [("choose from", ", ".join(spans))])
    if measure.kind == "duration":
        raise UsageError(
            f"{measure.measure} measures how long something took, which has no period of its own.",
            [("fix", f"recount export --measure {measure.measure}")],
        )
    if question.unit in PERIODS:
        raise UsageError(
            f"{question.unit} is a period, and no unit.", [("choose from", ", ".join(measure.dimensions))]
        )


def _one_release(answer: EventAnswer, question: PanelQuestion) -> str:
    names = sorted({each.release.release for each in answer.rows})
    if len(names) == 1:
        return names[0]
    if names:
        raise UsageError(
            f"{len(names)} releases answer, and rows of two releases are never added.",
            [("choose from", ", ".join(f"--release {each}" for each in names))],
        )
    lacking = [f"{each.release}: {each.because} ({', '.join(each.missing)})" for each in answer.absent]
    raise UsageError(
        f"No release of this record gives {answer.measure.measure} by {question.unit} and {question.period}.",
        [("lacking", "\n".join(lacking) or f"rows of {answer.measure.table}: recount add FILE")],
    )


def _limits(where: Sequence[Condition]) -> list[list[Span]]:
    """Returns the spans that each condition on time leaves, first and last day."""
    return [[(start, end - _DAY) for start, end in each.spans] for each in where if each.spans]


def _periods(kind: str, spans: Sequence[Span], limits: Sequence[Sequence[Span]]) -> list[PanelPeriod]:
    first, last = spans[0][0], spans[-1][1]
    for limit in limits:
        start, end = limit[0][0], limit[-1][1]
        first = start if start != datetime.date.min else first
        last = end if end < datetime.date.max - _DAY else last
    found = []
    for number in range(period_number(kind, first), period_number(kind, last) + 1):
        period = Period(kind, number)
        if all(any(start <= period.last and period.start <= end for start, end in one) for one in limits):
            found.append(PanelPeriod(number, period.label, period.start, period.last))
    return found


def _covered_days(period: PanelPeriod, spans: Sequence[Span], limits: Sequence[Sequence[Span]]) -> int:
    start = period.start or period.last
    inside = [(start, period.last)]
    for one in (spans, *limits):
        inside = [
            (max(first, low), min(last, high))
            for first, last in inside
            for low, high in one
            if first <= high and low <= last
        ]
    return sum((last - first).days + 1 for first, last in inside)


def _units(name: str, answer: EventAnswer, book: EventBook) -> tuple[ExportField, list[str]]:
    dimension = answer.measure.dimensions[name]
    seen = sorted(_parts(name, answer))
    field = dimension_field(name, answer.measure, book.catalog, seen)
    if field is None:
        raise UsageError(f"{name} is no unit.", [("choose from", ", ".join(answer.measure.dimensions))])
    limit = next((each for each in answer.asked.where if each.name == name), None)
    if field.codes is None or (limit is not None and (dimension.grouped or not limit.codes)):
        return field, seen
    codes = [each.code for each in field.codes]
    if limit is not None:
        codes = [each for each in codes if (each in limit.codes) != limit.is_not]
    return field, codes


def _parts(name: str, answer: EventAnswer) -> dict[str, Part]:
    """Returns the parts of a dimension that some row names, by their text."""
    found = [each.cell.parts[name] for each in answer.rows if each.cell.kind == "part"]
    return {str(each): each for each in found if each is not None}


def _measured(
    answer: EventAnswer,
    count: ReadingCount,
    release: str,
    units: Sequence[str],
    periods: Sequence[PanelPeriod],
    book: EventBook,
) -> dict[tuple[str, int], Measured]:
    """Returns the number of every unit and period."""
    if answer.measure.function is None:
        maker = CellMaker(answer.asked, book.catalog.events)
        keys = [(unit, period.number) for unit in units for period in periods]
        parts = _parts(answer.asked.by[1], answer)
        # What splits an answer comes in one order, spans of time before dimensions.
        wanted = ((number, parts.get(unit, unit)) for unit, number in keys)
        found = maker.measured(count.groups[release], wanted)
        return dict(zip(keys, found, strict=True))
    held = {
        (str(each.breakdown[answer.asked.by[1]]), each.period.number): each.cell.measured
        for each in answer.rows
        if each.cell.kind == "part" and each.period is not None and each.release.release == release
    }
    total = next(each for each in answer.rows if each.cell.kind == "total")
    none = Measured(0, None, None, total.cell.measured.undecided)
    return {(unit, each.number): held.get((unit, each.number), none) for unit in units for each in periods}


def _cell(
    unit: str, period: PanelPeriod, measured: Measured, days: int, release: str, measure: EventMeasure
) -> PanelCell:
    numerator, denominator = measured.numerator, measured.denominator
    if measure.kind == "population":
        denominator = days if denominator is None else denominator
    value = None
    if measure.kind == "count":
        value = Fraction(numerator)
    elif denominator:
        value = Fraction(numerator, denominator)
    return PanelCell(
        unit,
        period,
        status_of(measured),
        numerator,
        denominator,
        value,
        measured.bounds,
        measured.undecided,
        days,
        release,
    )


def _notes(answer: EventAnswer) -> list[str]:
    texts: list[Text] = []
    for each in answer.warnings:
        texts += [each.text, each.fix]
    texts += [each.text for each in answer.caveats]
    return [each.en for each in texts]


def _outside(rows: int, release: str) -> list[str]:
    if not rows:
        return []
    return [f"{rows:,} rows of {release} are dated on days that it does not cover, and are left out."]
