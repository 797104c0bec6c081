"""Which spans of an answer about individual records may lack what is reported late, and how much they did before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from recount.declare.release_lag import SHORT_SPANS, ReleaseLag
from recount.measure.event_answer import EventAnswer
from recount.measure.event_conditions import TIMES
from recount.measure.event_periods import Period
from recount.revise.record_counts import ComparedCounts, compare_counts, is_late
from recount.revise.record_lag import AgeLag, CountedAgain, MeasuredRecordLag
from recount.revise.record_series import may_compare

if TYPE_CHECKING:
    from recount.measure.event_book import EventBook

REPORTED_LATE = "reported_late"
"""The flag of a span that may lack what is reported late."""


@dataclass(frozen=True)
class LateSpan:
    """A whole span that ended so few days before its release does.

    `again` is the same span as a later release counts it, where one does. `lag` is what was to come of spans counted at
    that age, if known.
    """

    period: Period
    release: str
    age_days: int
    lag: AgeLag | None
    again: CountedAgain | None

    @property
    def label(self) -> str:
        """The span with its release."""
        return f"{self.period.label}, {self.release}"

    @property
    def lacked(self) -> Fraction | None:
        """What it lacked of what a later release counts, else what others lacked at its age; `None` where unknown."""
        found = self.again if self.again is not None else self.lag
        return None if found is None else found.still_to_come

    def as_json(self) -> dict[str, Any]:
        """Returns it as JSON values."""
        return {
            "period": self.period.label,
            "release": self.release,
            "age_days": self.age_days,
            "lag": None if self.lag is None else self.lag.as_json(),
            "counted_again": None if self.again is None else self.again.as_json(),
        }


@dataclass(frozen=True)
class LateSpans:
    """The spans of an answer that may lack something, and what they were held to.

    `compared` is `None` where nothing was: no two releases are of one series (`no_releases`), or the answer is of no
    count in one reading (`not_one_count`).
    """

    spans: tuple[LateSpan, ...]
    compared: ComparedCounts | None
    because: Literal["no_releases", "not_one_count"] | None

    @property
    def flags(self) -> Mapping[tuple[str, Period], tuple[str, ...]]:
        """The flags of the spans of which it is known how much such spans lacked, by release and span."""
        return {
            (each.release, each.period): (REPORTED_LATE,) for each in self.spans if each.lacked is not None
        }


def find_late_spans(answer: EventAnswer, book: EventBook, thresholds: ReleaseLag) -> LateSpans:
    """Returns the spans of an answer that may lack what is reported late.

    The lag is measured on what is asked as a whole, before it is split by dimensions, over every span that releases
    count and not only those asked. No count of the answer is changed by it.

    Args:
        answer: split by a month, a quarter or a week, or by none of them.
        book: the individual records.
        thresholds: which spans are recent, and which releases are held to each other.
    """
    whole = {
        (each.period, each.release.release): (each.release.covers_through - each.period.last).days
        for each in answer.rows
        if each.period is not None
        and each.period.kind in SHORT_SPANS
        and not each.is_partial
        and each.cell.kind == "part"
    }
    compared: ComparedCounts | None = None
    because: Literal["no_releases", "not_one_count"] | None = None
    if not whole:
        because = "no_releases"
    elif answer.measure.kind != "count" or answer.asked.by_reading:
        because = "not_one_count"
    else:
        asked = answer.asked.question
        (kind,) = {period.kind for period, _ in whole}
        question = replace(
            asked,
            where={name: text for name, text in asked.where.items() if name not in TIMES},
            by=(kind,),
            release=None,
            per=None,
            compare_with=None,
        )
        if may_compare(book.parts_out(question), thresholds.records):
            compared = compare_counts(question, book, thresholds)
        else:
            because = "no_releases"
    lags: dict[str, MeasuredRecordLag] = {}
    again: dict[tuple[str, Period], CountedAgain] = {}
    for part in () if compared is None else compared.parts:
        lags |= dict.fromkeys(part.series.releases, part.lag)
        again |= {(each.release, each.period): each.again for each in part.cells if each.again is not None}
    spans = tuple(
        LateSpan(
            period,
            release,
            age,
            None if release not in lags else lags[release].at(age),
            again.get((release, period)),
        )
        for (period, release), age in whole.items()
        if is_late(lags.get(release), age, thresholds)
    )
    return LateSpans(spans, compared, because)
