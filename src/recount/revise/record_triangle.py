"""Questions about one count of individual records across releases: how late rows come, and, apart, what may come."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from recount.declare.event_measures import PERIODS, EventMeasure
from recount.declare.release_lag import SHORT_SPANS, RecordLagRules, ReleaseLag, load_release_lag
from recount.declare.triangles import load_triangles
from recount.errors import UsageError, Worded
from recount.measure.event_answer import EventAnswer, define_event_measure
from recount.measure.event_periods import Period
from recount.measure.questions import Question, read_date
from recount.measure.receipt import Receipt, make_receipt
from recount.revise.record_counts import HeldCounts, compare_counts, is_late
from recount.revise.record_series import LeftOut

if TYPE_CHECKING:
    from recount.measure.event_book import EventBook

DEFAULT_SPAN = "month"


@dataclass(frozen=True)
class RecordEstimate:
    """What the latest count of a span may become: an estimate, and no figure of any release.

    `factor` is what later releases counted over what earlier ones did, of `spans` spans at its age.
    """

    period: Period
    release: str
    age_days: int
    counted: int
    factor: Fraction
    spans: int

    @property
    def value(self) -> Fraction:
        """The estimated count."""
        return self.counted * self.factor

    @property
    def still_to_come(self) -> Fraction:
        """What would still come; negative where earlier releases counted more than later ones."""
        return self.value - self.counted


@dataclass(frozen=True)
class RecordTriangle:
    """Span by release for one part of the answer, in one series of releases, and estimates, which are no counts."""

    held: HeldCounts
    estimates: tuple[RecordEstimate, ...]


@dataclass(frozen=True)
class RecordTriangleAnswer:
    """The triangles, the releases that were left out and why, and the receipt."""

    question: Mapping[str, Any]
    measure: EventMeasure
    answer: EventAnswer
    kind: str
    triangles: tuple[RecordTriangle, ...]
    left_out: tuple[LeftOut, ...]
    rules: RecordLagRules
    receipt: Receipt


@dataclass(frozen=True)
class RecordRevision:
    """A question about one count of individual records across releases; nothing is counted before it is asked.

    `by` names dimensions, and a month, a quarter or a week where spans are no months.

    Example:
        >>> import recount
        >>> answer = recount.open().revise_records("arrests").triangle()
        >>> answer.triangles, [(each.release, each.because) for each in answer.left_out][-1]
        ((), ('ice-2019-icfo-53623', 'counts_only'))
    """

    events: EventBook
    measure: str
    where: Mapping[str, str] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    reading: Mapping[str, str] = field(default_factory=dict)
    as_known_on: datetime.date | None = None

    def triangle(self) -> RecordTriangleAnswer:
        """Returns what each release counts of each span, how late rows come, and estimates of what may come.

        Releases of one series that are read alike are held to each other, count by count; no row is joined to another.

        Raises:
            UnknownNameError: for an unknown measure, dimension, code, fork or option.
            UsageError: where the measure is no count, or is split by something else than dimensions and short spans.
        """
        measure = self.events.measure(self.measure)
        refuse_no_count(measure)
        thresholds = load_release_lag(self.events.catalog)
        question = self._question()
        found = compare_counts(question, self.events, thresholds)
        least = load_triangles(self.events.catalog).least_periods
        triangles = tuple(
            RecordTriangle(each, tuple(_estimates(each, thresholds, least))) for each in found.parts
        )
        asked = {
            "ask": "revise",
            "measure": measure.measure,
            "where": dict(found.answer.question["where"]),
            "by": list(found.answer.question["by"]),
            "as_known_on": found.answer.question["as_known_on"],
            "readings": found.answer.question["readings"],
            "triangle": list(thresholds.records.ages),
            "followed_days": thresholds.records.followed_days.value,
            "settled_days": thresholds.records.settled_days.value,
            "most_apart_percent": thresholds.records.most_apart.percent,
        }
        receipt = make_receipt(
            asked,
            define_event_measure(measure, self.events.catalog.events, self.events.linking),
            (),
            [*(_result(each) for each in triangles), [each.as_json() for each in found.left_out]],
            self.events.engine_name,
            found.answer.receipt.body["releases"],
        )
        return RecordTriangleAnswer(
            question=asked,
            measure=measure,
            answer=found.answer,
            kind=found.kind,
            triangles=triangles,
            left_out=found.left_out,
            rules=thresholds.records,
            receipt=receipt,
        )

    def _question(self) -> Question:
        spans = [each for each in self.by if each in PERIODS]
        others = [each for each in self.by if each in ("release", "reading")]
        if others or len(spans) > 1 or not SHORT_SPANS.issuperset(spans):
            raise UsageError(
                Worded("A triangle is split by dimensions, and by one of month, quarter and week."),
                [("given", ", ".join(self.by))],
            )
        by = self.by if spans else (DEFAULT_SPAN, *self.by)
        return Question(
            self.measure, self.where, by, as_known_on=self.as_known_on, reading=self.reading or None
        )


def refuse_no_count(measure: EventMeasure) -> None:
    """Refuses a measure that counts no rows.

    Raises:
        UsageError: for a share, a time or a population.
    """
    if measure.kind != "count":
        raise UsageError(
            Worded(
                "A triangle is of counts, and %(measure)s is a %(kind)s.",
                measure=measure.measure,
                kind=measure.kind,
            ),
            [("fix", Worded("ask the count of the same table"))],
        )


def _estimates(held: HeldCounts, thresholds: ReleaseLag, least: int) -> Iterator[RecordEstimate]:
    newest = held.series.releases[-1]
    for each in held.cells:
        found = held.lag.at(each.age_days)
        if each.release != newest or not each.is_whole or found is None:
            continue
        if is_late(held.lag, each.age_days, thresholds) and len(found.spans) >= least and found.counted:
            yield RecordEstimate(
                each.period,
                each.release,
                each.age_days,
                each.counted,
                Fraction(found.latest, found.counted),
                len(found.spans),
            )


def _result(triangle: RecordTriangle) -> list[Any]:
    held = triangle.held
    return [
        held.series.series,
        [list(each) for each in held.breakdown],
        [
            [each.period.label, each.release, each.age_days, each.counted, each.is_whole]
            for each in held.cells
        ],
        [each.as_json() for each in held.lag.ages],
    ]


def ask_records_again(question: Mapping[str, Any], book: EventBook) -> Receipt:
    """Returns the receipt of the triangle of records that another receipt holds, asked of this record.

    Raises:
        KeyError: where the question lacks a part.
        UsageError: where it cannot be asked.
    """
    day = question["as_known_on"]
    revision = RecordRevision(
        book,
        question["measure"],
        dict(question["where"]),
        tuple(each for each in question["by"] if each != "release"),
        dict(question["readings"][0]),
        None if day is None else read_date(day),
    )
    return revision.triangle().receipt
