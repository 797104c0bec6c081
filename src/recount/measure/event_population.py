"""Average daily population, from detention stints."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from recount.declare.event_measures import PERIODS
from recount.errors import UsageError, Worded
from recount.link.population import count_stints_in_population, daily_population
from recount.measure.event_bounds import WHYS, Measured, Why
from recount.measure.event_cells import Cell, CellMaker, Part
from recount.measure.event_conditions import TIMES
from recount.measure.event_engine import Engine
from recount.measure.event_groups import Frame, Known
from recount.measure.event_periods import ADMINISTRATION, period_number
from recount.measure.event_question import EventAsked

if TYPE_CHECKING:
    import ibis.expr.types as ir

Days = tuple[datetime.date, datetime.date]


@dataclass(frozen=True)
class Population:
    """One way to count who is held on a day: those there at its end, or those there at any time of it."""

    count: Literal["midnight_count", "present_count"]


POPULATIONS: dict[str, Population] = {
    "midnight_population": Population("midnight_count"),
    "present_population": Population("present_count"),
}
"""The functions that a measure of a population can name."""


def population_cells(
    maker: CellMaker,
    population: Population,
    frame: Frame,
    stints: ir.Table,
    days: Days,
    engine: Engine,
) -> list[Cell]:
    """Returns a cell for every part and span, and for the whole: person-days, and the days that they are of.

    A person counts once a day in each part, and once in the whole, however often moved. Stints that do not say
    whether they meet the conditions, or begin on no day, are missing.

    Args:
        maker: reads parts.
        population: who is held on a day.
        frame: names the columns of the stints.
        stints: of one release.
        days: the first and the last day that the release covers and the question asks.
        engine: what counts.

    Raises:
        UsageError: where the question is split by age, which changes while a person is held.
    """
    asked = maker.asked
    aged = [each for each in asked.by if each not in PERIODS and asked.measure.dimensions[each].ages]
    if aged or any(
        asked.measure.dimensions[each.name].ages for each in asked.where if each.name not in TIMES
    ):
        raise UsageError(
            Worded("A population is not split by age."), [("fix", Worded("ask birth_year instead"))]
        )
    met, unknown = frame.known(stints)
    (counts,) = engine.rows(count_stints_in_population(met))
    (perhaps,) = engine.rows(count_stints_in_population(unknown))
    missing: dict[Why, int] = dict.fromkeys(WHYS, 0)
    missing["missing"] = counts[0] - counts[1] + perhaps[0]
    places = [each for each in asked.by if each not in PERIODS]
    columns = list(dict.fromkeys(frame.asked.dimension(each, frame.reading).column for each in places))
    cells: list[Cell] = []
    if asked.by:
        totals: Counter[tuple[Part | None, ...]] = Counter()
        for date, values, people in _daily(met, columns, days, population, engine):
            held = dict(zip(columns, values, strict=True))
            key: list[Part | None] = []
            for name in asked.by:
                if name in PERIODS:
                    key.append(_span(maker, name, date))
                else:
                    value = held[frame.asked.dimension(name, frame.reading).column]
                    key.append(maker.part_of(name, Known(value, None)) if value is not None else None)
            totals[tuple(key)] += people
        for parts, person_days in totals.items():
            if person_days:
                named = dict(zip(asked.by, parts, strict=True))
                kind: Literal["missing", "part"] = "missing" if None in parts else "part"
                measured = Measured(person_days, _days_of(asked, named, days), None, dict.fromkeys(WHYS, 0))
                cells.append(Cell(kind, named, measured, None))
    person_days = sum(people for _, _, people in _daily(met, [], days, population, engine))
    whole = Measured(person_days, (days[1] - days[0]).days + 1, None, missing)
    return [*cells, Cell("total", {}, whole, None)]


def _daily(
    stints: ir.Table, columns: Sequence[str], days: Days, population: Population, engine: Engine
) -> list[tuple[datetime.date, tuple[Any, ...], int]]:
    daily = daily_population(stints, *days, by=columns)
    found = engine.rows(daily.select("population_date", daily[population.count].cast("int64"), *columns))
    return [(date, tuple(values), people) for date, people, *values in found]


def _span(maker: CellMaker, kind: str, date: datetime.date) -> Part | None:
    if kind == ADMINISTRATION:
        return next(each.name for each in maker.asked.administrations if each.start <= date < each.end)
    return period_number(kind, date)


def _days_of(asked: EventAsked, parts: Mapping[str, Part | None], days: Days) -> int:
    """Returns how many of the days lie in every span that a part names."""
    first, last = days
    for kind in PERIODS:
        span = asked.period(kind, parts.get(kind))
        if span is not None:
            first, last = max(first, span.start), min(last, span.last)
    return (last - first).days + 1
