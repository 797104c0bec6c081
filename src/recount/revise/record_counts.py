"""What releases of individual records count of the spans of one question, held to each other, count by count."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from recount.declare.release_lag import SHORT_SPANS, ReleaseLag
from recount.measure.event_answer import EventAnswer, EventRow
from recount.measure.event_periods import Period
from recount.measure.event_spans import covered_spans, within_spans
from recount.measure.questions import Question
from recount.revise.record_lag import (
    CountedAgain,
    MeasuredRecordLag,
    ReleaseCounts,
    count_again,
    differ_long_past,
    measure_record_lag,
)
from recount.revise.record_series import ComparedReleases, LeftOut, compare_alike

if TYPE_CHECKING:
    from recount.measure.event_book import EventBook

Breakdown = tuple[tuple[str, str | None], ...]
"""The part of each dimension that splits the answer, `None` where rows do not say."""


@dataclass(frozen=True)
class RecordCell:
    """What one release counts of one span, a part of it where `is_whole` says no, and what the latest one does.

    `age_days` is from the span's last day to the release's own: below zero where the release ends within it.
    """

    period: Period
    release: str
    cut_off: datetime.date
    counted: int
    is_whole: bool
    again: CountedAgain | None

    @property
    def age_days(self) -> int:
        """The days from the span's last day to the release's own."""
        return (self.cut_off - self.period.last).days


@dataclass(frozen=True)
class HeldCounts:
    """Span by release for one part of the answer, in one series of releases, and the lag that this shows."""

    series: ComparedReleases
    breakdown: Breakdown
    cells: tuple[RecordCell, ...]
    lag: MeasuredRecordLag


@dataclass(frozen=True)
class ComparedCounts:
    """What releases count of the spans of a question, series by series and part by part."""

    answer: EventAnswer
    kind: str
    parts: tuple[HeldCounts, ...]
    left_out: tuple[LeftOut, ...]


def compare_counts(question: Question, book: EventBook, thresholds: ReleaseLag) -> ComparedCounts:
    """Returns what releases count of each span of a question, held to each other where they are read alike.

    Args:
        question: of a count, split by one kind of short span and perhaps by dimensions, in one reading.
        book: the individual records.
        thresholds: which releases are of one series, and which ages are told apart.
    """
    rules = thresholds.records
    answer = book.answer(question)
    kind = next(each for each in answer.asked.by if each in SHORT_SPANS)
    groups, left_out = compare_alike(answer, book, book.parts_out(question), rules)
    parts: list[HeldCounts] = []
    for group in groups:
        held = _Held(answer, book, kind, group)
        kept = []
        for each in held.whole(group.releases):
            again = count_again([each, held.latest])
            apart = differ_long_past(again, rules)
            if each.release == held.latest.release or (again and apart is None):
                kept.append(each.release)
            elif apart is None:
                left_out.append(LeftOut(each.release, "nothing_in_common"))
            else:
                left_out.append(LeftOut(each.release, "other_rows", tuple(f"{one:,}" for one in apart)))
        if len(kept) == 1:
            left_out.append(LeftOut(kept[0], "alone"))
            continue
        compared = replace(group, releases=tuple(kept))
        parts += [
            HeldCounts(compared, part, tuple(held.cells(part, kept, again)), measured)
            for part in held.parts
            for measured, again in [measure_record_lag(held.whole(kept, part), rules)]
        ]
    return ComparedCounts(answer, kind, tuple(parts), tuple(sorted(left_out, key=lambda each: each.release)))


class _Held:
    """What the releases of a group count, by part and span."""

    def __init__(self, answer: EventAnswer, book: EventBook, kind: str, group: ComparedReleases) -> None:
        self._cut_off = {each: book.record.releases[each].covers_through for each in group.releases}
        self._counts: dict[tuple[str, Breakdown, Period], int] = {}
        for row in answer.rows:
            if row.release.release in self._cut_off and row.cell.kind in ("part", "missing") and row.period:
                key = (row.release.release, _part_of(row, kind), row.period)
                self._counts[key] = self._counts.get(key, 0) + row.cell.measured.numerator
        limits = [each.days for each in answer.asked.where if each.days is not None]
        self._periods = sorted(
            {
                period
                for _, _, period in self._counts
                if all(start <= period.start and period.end <= end for start, end in limits)
            }
        )
        self.parts = sorted({part for _, part, _ in self._counts}, key=_order_of_part)
        self._covered: set[tuple[str, Period]] = set()
        for release in group.releases:
            own = [each for each in book.record.parts if each.release == release]
            own = [each for each in own if each.table == answer.measure.table]
            spans = covered_spans(own)
            # Of a release of several files the record may lack the last: after the last row nothing is a true zero.
            last = max((each.last_date for each in own if each.last_date is not None), default=None)
            self._covered |= {
                (release, period)
                for period in self._periods
                if within_spans(period, spans) == (period.start, period.last)
                and last is not None
                and period.start <= last
            }
        self.latest = self.whole(group.releases)[-1]

    def whole(self, releases: Iterable[str], part: Breakdown | None = None) -> list[ReleaseCounts]:
        """Returns what releases count of spans that they cover whole: of one part, or of all together."""
        found = []
        for release in releases:
            counts = {
                period: sum(
                    self._counts.get((release, each, period), 0)
                    for each in (self.parts if part is None else [part])
                )
                for period in self._periods
                if (release, period) in self._covered
            }
            found.append(ReleaseCounts(release, self._cut_off[release], counts))
        return found

    def cells(
        self, part: Breakdown, releases: Sequence[str], again: Iterable[CountedAgain]
    ) -> Iterator[RecordCell]:
        """Yields what each release counts of each span of one part, in order."""
        by_span = {(each.release, each.period): each for each in again}
        for period in self._periods:
            for release in releases:
                is_whole = (release, period) in self._covered
                counted = self._counts.get((release, part, period))
                if counted is None and not is_whole:
                    continue
                yield RecordCell(
                    period,
                    release,
                    self._cut_off[release],
                    counted or 0,
                    is_whole,
                    by_span.get((release, period)),
                )


def _part_of(row: EventRow, kind: str) -> Breakdown:
    return tuple((name, part) for name, part in row.breakdown.items() if name != kind)


def _order_of_part(part: Breakdown) -> tuple[tuple[bool, str], ...]:
    return tuple((code is None, code or "") for _, code in part)


def is_late(lag: MeasuredRecordLag | None, age_days: int, thresholds: ReleaseLag) -> bool:
    """Returns whether a span counted so many days after its end may lack what is reported late.

    It does where a release ends soon after it, or where a hundredth or more was still to come at its age.
    """
    if age_days < 0:
        return False
    if age_days <= thresholds.recent_days.value:
        return True
    found = None if lag is None else lag.at(age_days)
    share = None if found is None else found.still_to_come
    return share is not None and share >= thresholds.records.least_share.share
