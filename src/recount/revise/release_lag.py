"""How much a month's first print lacks against its last one, measured on earlier months of the same series."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from recount.declare.release_lag import ReleaseLag
from recount.revise.lateness import SpanChange, median


@dataclass(frozen=True)
class MeasuredLag:
    """What first prints lacked: the last print less the first, over the last, of `spans` months.

    `low` and `high` hold the middle eight tenths. Below zero a first print was too high. All are `None` where too
    few months were followed for long enough.
    """

    spans: int
    middle: Fraction | None
    low: Fraction | None
    high: Fraction | None

    def as_json(self) -> dict[str, Any]:
        """Returns it as JSON values; shares are exact text."""
        shares = {"median": self.middle, "low": self.low, "high": self.high}
        return {"spans": self.spans} | {
            name: None if one is None else str(one) for name, one in shares.items()
        }


def measure_lag(changes: Iterable[SpanChange], thresholds: ReleaseLag) -> MeasuredLag:
    """Returns what first prints of earlier months lacked.

    Args:
        changes: every month of one figure.
        thresholds: which first prints count as recent, and how long a month must have been followed.
    """
    lacked: list[Fraction] = []
    for each in changes:
        first, latest = each.history.first, each.history.latest
        if first is None or latest is None or first.value is None or not latest.value:
            continue
        followed = each.followed_days
        if followed is None or followed < thresholds.followed_days.value or not each.is_compared:
            continue
        if is_recent(each.span.end, first.figure.release.covers_through, thresholds):
            lacked.append((latest.value - first.value) / latest.value)
    if len(lacked) < thresholds.least_spans.value:
        return MeasuredLag(len(lacked), None, None, None)
    lacked.sort()
    cut = len(lacked) // thresholds.left_at_each_end.value
    return MeasuredLag(len(lacked), median(lacked), lacked[cut], lacked[-1 - cut])


def is_recent(end: datetime.date, reaches: datetime.date, thresholds: ReleaseLag) -> bool:
    """Returns whether a release reaches so little beyond a span's end that late reports may be lacking."""
    return 0 <= (reaches - end).days <= thresholds.recent_days.value


def recent_labels(
    ends: Sequence[tuple[str, datetime.date, datetime.date]], thresholds: ReleaseLag
) -> list[str]:
    """Returns the labels of the spans, given with their last day and that of their release, that are recent."""
    return list(dict.fromkeys(label for label, end, reaches in ends if is_recent(end, reaches, thresholds)))
