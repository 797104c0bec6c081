"""What a question is per: found by name, refused where it divides nothing, and counted place by place."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from recount.declare.catalog import Catalog
from recount.declare.denominators import Denominator, load_denominators
from recount.errors import UnknownNameError, UsageError, Worded
from recount.measure.questions import PERS
from recount.measure.rates import Base

if TYPE_CHECKING:
    from recount.declare.county_areas import CountyAreas

Days = tuple[datetime.date, datetime.date]
"""The first and the last day of a span."""


def find_denominator(per: str | None, catalog: Catalog) -> Denominator | None:
    """Returns the denominator that a question is per, `None` where it is per row, column or total, or per nothing.

    Raises:
        UnknownNameError: where there is neither such a share nor such a denominator.
    """
    if per is None or per in PERS:
        return None
    known = load_denominators(catalog)
    if per not in known:
        names = [*PERS, *known]
        raise UnknownNameError("whole or denominator", per, names, [("choose from", ", ".join(names))])
    return known[per]


def refuse_rate(kind: str, measure: str, denominator: Denominator) -> None:
    """Refuses a rate of anything but a count.

    Raises:
        UsageError: where the measure is a share, a mean or a time.
    """
    if kind != "count":
        raise UsageError(
            Worded(
                "--per %(denominator)s divides counts, and %(measure)s is a %(kind)s.",
                denominator=denominator.denominator,
                measure=measure,
                kind=kind,
            ),
            [("fix", Worded("leave --per out"))],
        )


class PlaceBook:
    """Counts of places: states by themselves, and areas where they are put together from whole states."""

    def __init__(self, denominator: Denominator, areas: CountyAreas) -> None:
        self.denominator = denominator
        self._areas = areas
        self._states = {str(each.fips): each.code for each in areas.states.codes}

    def states_of(self, codes: Iterable[str], by: Literal["own", "county_areas"]) -> frozenset[str] | Base:
        """Returns the states that places of one dimension make up together, or why they make up none.

        Args:
            codes: of states, or of areas.
            by: which of the two.
        """
        if by == "own":
            return frozenset(codes)
        wanted = frozenset(codes)
        held: set[str] = set()
        beyond: set[str] = set()
        shown: set[str] = set()
        for fips, area in self._areas.current.items():
            state = self._states[fips[:2]]
            (held if area in wanted else beyond).add(state)
            shown.add(area)
        without = wanted - shown
        if without:
            return Base(None, because="no_counties", names=tuple(sorted(without)))
        split = held & beyond
        return Base(None, because="splits_state", names=tuple(sorted(split))) if split else frozenset(held)

    def base(self, states: frozenset[str] | None, days: Days, known_on: datetime.date | None) -> Base:
        """Returns the count of states on the day that the denominator's rule takes for a span.

        Args:
            states: their codes; `None` for the whole.
            days: the span.
            known_on: leaves out counts published later.
        """
        counts = self.denominator.nearest(*days, known_on)
        if counts is None:
            return Base(None, because="not_published", names=(self.denominator.denominator,))
        is_other = not days[0] <= counts.as_of <= days[1]
        if states is None:
            return Base(counts.whole, counts.as_of, (), is_of_another_year=is_other)
        lacking = tuple(sorted(each for each in states if each not in counts.counts))
        if lacking or not states:
            return Base(None, because="place_not_counted" if lacking else "no_place", names=lacking)
        total = sum(counts.counts[each] for each in states)
        return Base(total, counts.as_of, tuple(sorted(states)), is_of_another_year=is_other)


def without_count(denominator: Denominator, given: Mapping[str, object]) -> Base | None:
    """Returns why there is no rate where a place is given that the denominator does not count, else `None`."""
    named = [name for name in given if (place := denominator.place(name)) is not None and place.by is None]
    return Base(None, because="dimension_not_counted", names=tuple(named)) if named else None
