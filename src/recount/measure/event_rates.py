"""Rates of individual records: of one place and one span that a release covers whole, or none."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from recount.declare.denominators import Denominator
from recount.declare.event_measures import PERIODS
from recount.declare.interval import Interval
from recount.errors import UsageError, Worded
from recount.measure.denominators import PlaceBook, refuse_rate, without_count
from recount.measure.event_cells import Cell, Part
from recount.measure.event_conditions import Condition
from recount.measure.event_periods import Period
from recount.measure.event_question import EventAsked
from recount.measure.event_spans import Span
from recount.measure.rates import Base, Rate

AreasOf = Callable[[str, str], Sequence[str]]
"""Up to two codes that rows of a release have in a dimension, by (release, dimension)."""


def refuse_event_rate(asked: EventAsked, denominator: Denominator) -> None:
    """Refuses what no rate can be of.

    Raises:
        UsageError: for anything but a count, for a figure that individual records do not print, and where neither
            a split nor a condition names a span of time.
    """
    refuse_rate(asked.measure.kind, asked.measure.measure, denominator)
    name = denominator.denominator
    if denominator.printed is not None:
        raise UsageError(
            Worded(
                "%(denominator)s are printed beside figures, and %(measure)s counts individual records.",
                denominator=name,
                measure=asked.measure.measure,
            ),
            [("fix", "--per residents")],
        )
    if not asked.periods and not any(each.spans for each in asked.where):
        raise NoSpanError(
            Worded(
                "--per %(denominator)s needs a span of time: a rate over years is none of a year.",
                denominator=name,
            ),
            [("fix", "--by fiscal_year, or --where fiscal_year=2018")],
        )


class NoSpanError(UsageError):
    """A rate is asked of no span of time."""


class EventRates:
    """Divides the counts of a question."""

    def __init__(
        self,
        asked: EventAsked,
        places: PlaceBook,
        areas_of: AreasOf,
    ) -> None:
        self._asked = asked
        self._places = places
        self._denominator = places.denominator
        self._areas_of = areas_of
        self._of_release: dict[tuple[str, str], Sequence[str]] = {}

    def rate(self, release: str, cell: Cell, covered: Sequence[Span]) -> Rate:
        """Returns the rate of a cell, or why it has none.

        Args:
            release: whose rows the cell counts.
            cell: the cell.
            covered: the spans that the release covers.
        """
        measured = cell.measured
        base = self._base(release, cell, covered)
        return Rate(self._denominator.denominator, measured.numerator, measured.bounds, base)

    def _base(self, release: str, cell: Cell, covered: Sequence[Span]) -> Base:
        if cell.kind in ("missing", "suppressed"):
            return Base(None, because="no_place")
        days = self._days(cell.parts)
        if days is None:
            return Base(None, because="several_spans")
        if not any(first <= days[0] and days[1] <= last for first, last in covered):
            return Base(None, because="cut_short")
        states = self._states(cell.parts)
        if isinstance(states, Base):
            return states
        apart = self._of_one_area(release, states)
        if apart is not None:
            return apart
        return self._places.base(states, days, self._asked.question.as_known_on)

    def _days(self, parts: Mapping[str, Part | None]) -> Span | None:
        """Returns the one span that a cell is of, `None` where it is of several, or of no span in particular."""
        first, last = datetime.date.min, datetime.date.max
        named = False
        for kind in PERIODS:
            period = self._asked.period(kind, parts.get(kind))
            if period is not None:
                first, last, named = max(first, period.start), min(last, period.last), True
        for each in self._asked.where:
            if len(each.spans) > 1:
                return None
            for start, end in each.spans:
                last_day = end if end == datetime.date.max else end - datetime.timedelta(days=1)
                first, last, named = max(first, start), min(last, last_day), True
        return (first, last) if named and first <= last else None

    def _states(self, parts: Mapping[str, Part | None]) -> frozenset[str] | Base | None:
        """Returns the states that a cell is of, `None` for the whole, or why it is of no places that are counted."""
        limits: list[Condition] = [each for each in self._asked.where if self._denominator.place(each.name)]
        given: dict[str, list[frozenset[str]]] = {}
        for each in limits:
            if each.is_not:
                return Base(None, because="all_but", names=(each.given,))
            given.setdefault(each.name, []).append(frozenset(each.codes))
        for name, part in parts.items():
            if self._denominator.place(name) is not None and part is not None:
                given.setdefault(name, []).append(frozenset([str(part)]))
        lacking = without_count(self._denominator, given)
        if lacking is not None:
            return lacking
        states: frozenset[str] | None = None
        for name, codes in given.items():
            declared = self._denominator.place(name)
            if declared is None or declared.by is None:
                continue
            found = self._places.states_of(frozenset.intersection(*codes), declared.by)
            if isinstance(found, Base):
                return found
            states = found if states is None else states & found
        return states

    def _of_one_area(self, release: str, states: frozenset[str] | None) -> Base | None:
        """Returns why a release of one area alone cannot tell of what lies beyond it, else `None`."""
        for each in self._denominator.dimensions:
            if each.by != "county_areas" or each.dimension not in self._asked.measure.dimensions:
                continue
            key = (release, each.dimension)
            if key not in self._of_release:
                self._of_release[key] = self._areas_of(*key)
            areas = self._of_release[key]
            if len(areas) != 1:
                continue
            own = self._places.states_of(areas, "county_areas")
            if isinstance(own, Base) or states is None or not states <= own:
                return Base(None, because="of_one_area", names=tuple(areas))
        return None


class RatesOfNone:
    """Rates of spans that a release covers whole and has no row of, from those of other spans of the same part."""

    def __init__(self, places: PlaceBook, known_on: datetime.date | None) -> None:
        self._places = places
        self._known_on = known_on

    def rate(self, beside: Iterable[Rate], period: Period, perhaps: int) -> Rate | None:
        """Returns the rate of no row, `None` where no rate beside says which places the part is of.

        Args:
            beside: those of other spans of the part.
            period: the span, covered whole.
            perhaps: how many rows may be of it, since they do not say.
        """
        given = [each.base for each in beside if each.base.because != "cut_short"]
        if not given:
            return None
        base = next((each for each in given if each.count is not None), given[0])
        if base.count is not None:
            states = frozenset(base.places) or None
            base = self._places.base(states, (period.start, period.last), self._known_on)
        bounds = Interval(Fraction(0), Fraction(perhaps))
        return Rate(self._places.denominator.denominator, 0, bounds, base)
