"""How much of a span a release of individual records counts, by how long before its last day the span ended.

Releases are counted and never joined: an identifier holds within one release. What an earlier release counts of a
span is held to what the latest one counts of it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from recount.declare.release_lag import RecordLagRules
from recount.measure.event_periods import Period


@dataclass(frozen=True)
class ReleaseCounts:
    """What one release counts of every span that it covers whole; a covered span without rows counts zero.

    `cut_off` is the release's own last day.
    """

    release: str
    cut_off: datetime.date
    counts: Mapping[Period, int]

    def age_days(self, period: Period) -> int:
        """Returns the days from the last day of a span to the release's own last day."""
        return (self.cut_off - period.last).days


@dataclass(frozen=True)
class CountedAgain:
    """One span as an earlier release counts it, and as the latest one does.

    `age_days` and `latest_days` are how long after the span's end each of the two ends.
    """

    period: Period
    release: str
    age_days: int
    counted: int
    latest_release: str
    latest_days: int
    latest: int

    @property
    def still_to_come(self) -> Fraction | None:
        """The share of the latest count that the earlier release lacked; below zero where it counted more."""
        return Fraction(self.latest - self.counted, self.latest) if self.latest else None

    def as_json(self) -> dict[str, Any]:
        """Returns what the later release counts as JSON values; the share is exact text."""
        return {
            "held_to": self.latest_release,
            "counted": self.counted,
            "latest": self.latest,
            "still_to_come": _text(self.still_to_come),
        }


@dataclass(frozen=True)
class AgeLag:
    """What was still to come of spans counted at one age, from `first_day` to `last_day` after their end.

    `counted` and `latest` are sums over `spans`. `lowest` and `highest` are the shares of single spans.
    """

    first_day: int
    last_day: int
    spans: tuple[CountedAgain, ...]

    @property
    def counted(self) -> int:
        """What the earlier releases counted."""
        return sum(each.counted for each in self.spans)

    @property
    def latest(self) -> int:
        """What the latest release counts of the same spans."""
        return sum(each.latest for each in self.spans)

    @property
    def still_to_come(self) -> Fraction | None:
        """The share of what the latest release counts that was still to come, `None` where it counts nothing."""
        return Fraction(self.latest - self.counted, self.latest) if self.latest else None

    @property
    def lowest(self) -> Fraction | None:
        """The least that was still to come of one span."""
        return min(self._shares, default=None)

    @property
    def highest(self) -> Fraction | None:
        """The most that was still to come of one span."""
        return max(self._shares, default=None)

    @property
    def releases(self) -> tuple[str, ...]:
        """The earlier releases, in order of name."""
        return tuple(sorted({each.release for each in self.spans}))

    @property
    def latest_releases(self) -> tuple[str, ...]:
        """The releases that they are held to, in order of name."""
        return tuple(sorted({each.latest_release for each in self.spans}))

    @property
    def _shares(self) -> list[Fraction]:
        return [each.still_to_come for each in self.spans if each.still_to_come is not None]

    def as_json(self) -> dict[str, Any]:
        """Returns it as JSON values; shares are exact text."""
        return {
            "days": [self.first_day, self.last_day],
            "spans": len(self.spans),
            "counted": self.counted,
            "latest": self.latest,
            "still_to_come": _text(self.still_to_come),
            "lowest": _text(self.lowest),
            "highest": _text(self.highest),
            "releases": list(self.releases),
            "held_to": list(self.latest_releases),
        }


@dataclass(frozen=True)
class MeasuredRecordLag:
    """What was still to come, by age; ages at which nothing was counted twice are not among them."""

    ages: tuple[AgeLag, ...]

    def at(self, days: int) -> AgeLag | None:
        """Returns what was still to come of spans counted so many days after their end, `None` where unknown."""
        return next((each for each in self.ages if each.first_day <= days <= each.last_day), None)


def measure_record_lag(
    releases: Sequence[ReleaseCounts], rules: RecordLagRules
) -> tuple[MeasuredRecordLag, tuple[CountedAgain, ...]]:
    """Returns what was still to come by age, and every span that an earlier release counts too.

    A span is measured against the latest release that covers it whole, where that ends long enough after it to be
    followed. The sum of what the earlier releases lacked is divided by the sum of what the latest counts: where every
    span's rows are entered after the same delays, that is the share entered later than the age, exactly.

    Args:
        releases: that count the same rows under one reading.
        rules: which ages are told apart, and how long a span is followed.
    """
    again = tuple(count_again(releases))
    ages: dict[int, list[CountedAgain]] = {}
    for each in again:
        age = rules.age_of(each.age_days)
        if age is not None and each.latest_days >= rules.followed_days.value:
            ages.setdefault(age, []).append(each)
    found = tuple(
        AgeLag(*rules.days_of(age), tuple(sorted(spans, key=_order))) for age, spans in sorted(ages.items())
    )
    return MeasuredRecordLag(found), again


def count_again(releases: Iterable[ReleaseCounts]) -> list[CountedAgain]:
    """Returns every span that a release and a later one both count, held to the latest that counts it."""
    in_order = sorted(releases, key=lambda each: (each.cut_off, each.release))
    latest = {period: each for each in in_order for period in each.counts}
    found = [
        CountedAgain(
            period=period,
            release=each.release,
            age_days=each.age_days(period),
            counted=counted,
            latest_release=latest[period].release,
            latest_days=latest[period].age_days(period),
            latest=latest[period].counts[period],
        )
        for each in in_order
        for period, counted in each.counts.items()
        if latest[period].cut_off > each.cut_off
    ]
    return sorted(found, key=_order)


def differ_long_past(again: Iterable[CountedAgain], rules: RecordLagRules) -> tuple[int, int] | None:
    """Returns the sums that two releases count of long past spans, where they are too far apart to be of the same rows.

    Args:
        again: the spans of one earlier release that one later release counts too.
        rules: how long past a span must be, and how far apart the sums may lie.
    """
    settled = [each for each in again if each.age_days >= rules.settled_days.value]
    counted, latest = sum(each.counted for each in settled), sum(each.latest for each in settled)
    is_apart = abs(latest - counted) > rules.most_apart.share * max(latest, counted)
    return (counted, latest) if is_apart else None


def _order(each: CountedAgain) -> tuple[datetime.date, str, str]:
    return (each.period.start, each.period.kind, each.release)


def _text(share: Fraction | None) -> str | None:
    return None if share is None else str(share)
