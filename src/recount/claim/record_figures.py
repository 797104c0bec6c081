"""Counts of individual records as the figures that a claim works with: one release, one reading, one span of days."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from recount.claim.evidence import SPAN, Value
from recount.declare.interval import Interval
from recount.measure.answer import figure_as_json
from recount.measure.figures import MeasuredFigure

if TYPE_CHECKING:
    from recount.declare.sources import KnownRelease
    from recount.measure.event_answer import EventAnswer, EventRow
    from recount.measure.event_bounds import Measured
    from recount.measure.event_spans import Span

PLACE_KIND = "records"
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, eq=False)
class RecordFigure(MeasuredFigure):
    """What one release's individual records say under one reading of one span of days.

    `period_start` and `through_date` are the first and the last day that it counts. `is_whole` says that the release
    covers every day asked. `conditions` are those of the question without its days, `undecided` the rows that could
    fall either way, by the reason; the interval holds every way in which they could.
    """

    conditions: Mapping[str, str] = field(default_factory=dict)
    undecided: Mapping[str, int] = field(default_factory=dict)
    is_whole: bool = True

    @property
    def identity(self) -> tuple[object, ...]:
        """What tells it from every other figure: its release, its days, and what it is limited to."""
        days = (self.period_start, self.through_date)
        return (self.measure, self.release.release, *days, *sorted(self.conditions.items()))

    def as_json(self) -> dict[str, Any]:
        """Returns the figure as JSON values, with what is not known of its rows."""
        own = {"undecided": dict(self.undecided), "covers_whole_span": self.is_whole}
        return figure_as_json(self) | {"where": dict(self.conditions)} | own


def json_of(figure: MeasuredFigure) -> dict[str, Any]:
    """Returns a figure of either kind as JSON values."""
    return figure.as_json() if isinstance(figure, RecordFigure) else figure_as_json(figure)


def value_of_record(figure: RecordFigure) -> Value:
    """Returns a figure as a number: a count of a part of the days says that there are no fewer, a share nothing."""
    if figure.is_whole:
        return Value(figure.interval, (figure,))
    if figure.kind == "count":
        return Value(Interval(figure.interval.low, None), (figure,), "part_of_span")
    return Value(None, (figure,), "part_of_span")


@dataclass(frozen=True)
class Covered:
    """The days that a release covers of those asked: the first and the last of them, and whether it is all of them."""

    start: datetime.date
    through: datetime.date
    is_whole: bool


def days_covered(asked: Sequence[Span], covered: Sequence[Span]) -> Covered | None:
    """Returns how much of the days asked a release covers, `None` where none of them.

    Args:
        asked: spans of days, first and last, in order and apart.
        covered: what the release covers, as `covered_spans` gives it.
    """
    found = [
        (max(first, start), min(last, through))
        for first, last in asked
        for start, through in covered
        if first <= through and start <= last
    ]
    if not found:
        return None
    length = sum((last - first).days + 1 for first, last in found)
    wanted = sum((last - first).days + 1 for first, last in asked)
    return Covered(found[0][0], found[-1][1], length == wanted)


def spans_asked(answer: EventAnswer) -> list[Span]:
    """Returns the spans of days that a question is limited to, first and last, in order and apart."""
    left = [(datetime.date.min, datetime.date.max)]
    for condition in answer.asked.where:
        if condition.spans:
            left = [
                (max(first, start), min(last, end))
                for first, last in left
                for start, end in condition.spans
                if max(first, start) < min(last, end)
            ]
    return [(first, last - _DAY) for first, last in left]


def figure_of_row(
    row: EventRow,
    measured: Measured,
    covered: Covered,
    release: KnownRelease,
    reading: Mapping[str, str],
    answer: EventAnswer,
    conditions: Mapping[str, str],
    rank: int,
) -> RecordFigure | None:
    """Returns a row of an answer as a figure, `None` where it gives no number: the share of nobody.

    Args:
        row: of one release in one reading.
        measured: its number.
        covered: the days of it.
        release: with the files that were counted.
        reading: the options that bear on the question.
        answer: that it is of.
        conditions: what it is limited to, without days.
        rank: of the release's authority.
    """
    if measured.bounds is None:
        return None
    limited = ";".join(f"{name}={given}" for name, given in conditions.items())
    return RecordFigure(
        measure=answer.measure.measure,
        kind=answer.measure.kind,
        reading=dict(reading),
        place_kind=PLACE_KIND,
        place_code=limited,
        place_name=limited,
        through_date=covered.through,
        through_precision="day",
        release=release,
        authority_rank=rank,
        numerator=measured.numerator,
        denominator=measured.denominator,
        interval=measured.bounds,
        numerator_basis="counted",
        denominator_basis=None if measured.denominator is None else "counted",
        counts=(),
        cells=(),
        is_sum=False,
        jurisdictions=0,
        left_out=(),
        period=SPAN,
        period_start=covered.start,
        breakdown=dict(conditions),
        conditions=dict(conditions),
        undecided={str(why): rows for why, rows in measured.undecided.items() if rows},
        is_whole=covered.is_whole and not row.is_partial,
    )
