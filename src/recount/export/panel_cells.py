"""The cells of a panel: one measure of one unit in one period, and how it stands."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from recount.declare.event_measures import EventMeasure
from recount.declare.interval import Interval
from recount.declare.measures import Measure
from recount.declare.panels import Status
from recount.declare.sources import KnownRelease
from recount.export.tables import ExportField
from recount.measure.event_bounds import WHYS, Measured, Why
from recount.measure.questions import Question
from recount.measure.receipt import Receipt

NOT_COVERED: Status = "not_covered"


@dataclass(frozen=True)
class PanelQuestion:
    """What a panel is asked for: measures of every unit of a kind in every period of a kind.

    The rest is as of a single question.
    """

    measures: tuple[str, ...]
    unit: str
    period: str
    where: Mapping[str, str] = field(default_factory=dict)
    reading: Mapping[str, str] | None = None
    release: str | None = None
    as_known_on: datetime.date | None = None

    def of(self, measure: str) -> Question:
        """Returns the question to one measure that the panel is made of: by period and unit."""
        by = (self.period, self.unit)
        return Question(measure, self.where, by, self.release, self.as_known_on, self.reading)


@dataclass(frozen=True, order=True)
class PanelPeriod:
    """One period: its name, its number among those of its kind, its first and its last day.

    A running total begins on no day; its number is that of its last month.
    """

    number: int
    label: str
    start: datetime.date | None = field(compare=False)
    last: datetime.date = field(compare=False)

    @property
    def days(self) -> int | None:
        """How many days it has."""
        return None if self.start is None else (self.last - self.start).days + 1


@dataclass(frozen=True)
class PanelCell:
    """One cell. `release` is missing where none covers it; `days` are those of the period that are covered."""

    unit: str
    period: PanelPeriod
    status: Status
    numerator: int | None = None
    denominator: int | None = None
    value: Fraction | None = None
    bounds: Interval | None = None
    undecided: Mapping[Why, int] = field(default_factory=dict)
    days: int | None = 0
    release: str | None = None


@dataclass(frozen=True)
class MeasurePanel:
    """The cells of one measure, with the names of its units, and what the whole rests on.

    `unit_field` says what the column of units means; `notes` what to know.
    """

    measure: Measure | EventMeasure
    cells: Sequence[PanelCell]
    unit_field: ExportField
    names: Mapping[str, str]
    releases: Sequence[KnownRelease]
    synthetic: Sequence[str]
    notes: Sequence[str]
    receipt: Receipt


def status_of(measured: Measured) -> Status:
    """Returns how a number stands whose days are covered: exact, zero, or an interval and the last reason for it."""
    if measured.bounds is not None and not measured.bounds.is_point:
        reasons: list[Why] = [each for each in WHYS if measured.undecided.get(each)]
        return reasons[-1] if reasons else "missing"
    return "exact" if measured.numerator else "zero"
