"""What a claim must say to ask individual records: the days it speaks of, once, and no date of a printed figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from recount.declare.assertions import MeasuredBy
from recount.declare.claim_types import (
    AnyType,
    Asserts,
    ContributionAsserts,
    RankAsserts,
    SeriesAsserts,
    Side,
    sides_of,
    where_of,
)
from recount.declare.yaml_text import Location

if TYPE_CHECKING:
    from recount.declare.event_measures import EventMeasure

_EXAMPLE = "where: {fiscal_year: 2018}"


def find_record_problems(
    asserts: AnyType, asked: MeasuredBy, measures: Sequence[EventMeasure], at: tuple[Location, Location]
) -> Iterator[tuple[Location, str]]:
    """Yields what a claim says of individual records that they cannot answer: (location in its YAML, what is wrong).

    Args:
        asserts: what the claim asserts.
        asked: how it is measured.
        measures: those that it names.
        at: where its YAML says what it asserts, and how it is measured.
    """
    here, place = at
    times = times_of_records()
    for each in measures:
        if each.kind not in ("count", "share"):
            yield (*place, "measure"), f"{each.measure} tells a {each.kind}; a claim asks a count or a share"
    yield from _problems_of_dates(asserts, here)
    if isinstance(asserts, RankAsserts | SeriesAsserts) and asserts.over is not None:
        if asserts.over.by == "print":
            yield (*here, "over", "by"), "individual records are counted by month or fiscal_year"
        named = sorted(set(where_of(asked, _subject(asserts), of_records=True)) & set(times))
        if named:
            yield (*place, "where", named[0]), "the days stand under over, and nowhere else"
        return
    if isinstance(asserts, ContributionAsserts):
        for key, when in (("start", asserts.start), ("end", asserts.end)):
            if not when.days:
                yield (*here, key), "individual records want days: {fiscal_year: 2018}"
            for name in sorted(set(when.days) - set(times)):
                yield (*here, key, "days", name), f"days are given by one of: {', '.join(times)}"
        return
    for key, side in sides_of(asserts) or [("", Side())]:
        if key != "rivals" and not set(where_of(asked, side, of_records=True)) & set(times):
            yield (*place, "where") if not key else (*here, key), f"say of which days: {_EXAMPLE}"


def times_of_records() -> tuple[str, ...]:
    """Returns what names the days of individual records: spans of time, and dates."""
    from recount.declare.event_measures import PERIODS  # noqa: PLC0415  slow to import, and few claims need it

    return (*PERIODS, "date")


def _subject(asserts: RankAsserts | SeriesAsserts) -> Side:
    return asserts.subject if isinstance(asserts, RankAsserts) else Side()


def _problems_of_dates(asserts: AnyType, here: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(asserts, Asserts) and asserts.type == "quantity" and asserts.period != "span":
        yield (
            (*here, "period"),
            f"individual records are of a span of days; write period: span, and {_EXAMPLE}",
        )
    for key, side in sides_of(asserts):
        if side.through is not None or side.as_of is not None:
            yield (*here, key), f"individual records are of a span of days; write {_EXAMPLE}"
