"""Where a series has no figure, and whether the record has no release there either."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recount.chart.picture import Gap, Span
from recount.chart.points import MOST_DAYS_APART, PrintedPoint, most_days_apart
from recount.chart.scales import say_month
from recount.claim.words import Words
from recount.declare.sources import KnownRelease
from recount.measure.answer import Answer

_NEAR = datetime.timedelta(days=31)
"""A release comes out at most a month after the day that it counts to, or another reason made the gap."""

_HALF_A_MONTH = datetime.timedelta(days=15)
_DECEMBER = 12


@dataclass(frozen=True)
class _Pause:
    """Days of two releases between which the record has none."""

    first: datetime.date
    last: datetime.date

    def overlap(self, first: datetime.date, last: datetime.date) -> datetime.timedelta:
        return min(self.last, last) - max(self.first, first)


def find_gaps(
    points: Iterable[PrintedPoint],
    span: Span | None,
    releases: Iterable[KnownRelease],
    answer: Answer,
    words: Words,
) -> tuple[Gap, ...]:
    """Returns the stretches in which no series has a figure, in order.

    Args:
        points: of every series.
        span: what the time axis shows.
        releases: those of the record; of the answer's sources and known on its day, their dates tell where
            the record has no release. Without any, a gap speaks of figures alone.
        answer: whose figures they are.
        words: the language.
    """
    if span not in ("month", "through_date"):
        return ()
    pauses = _pauses(releases, answer)
    by_day = {each.at: each for each in sorted(points, key=lambda each: each.at)}
    return tuple(
        _gap(earlier, later, pauses, words)
        for earlier, later in itertools.pairwise(by_day.values())
        if (later.at - earlier.at).days > most_days_apart(later.figure)
    )


def _pauses(releases: Iterable[KnownRelease], answer: Answer) -> list[_Pause]:
    sources = {each.release.source for each in answer.figures}
    known_on = answer.question["as_known_on"]
    own = [
        each
        for each in releases
        if each.source in sources
        and (known_on is None or each.out_by(datetime.date.fromisoformat(known_on)) != "not_out")
    ]
    days = sorted({each.published_from for each in own if each.published_from is not None})
    if any(each.published_from is None for each in own):
        # A release of no known day may lie anywhere.
        return []
    return [
        _Pause(first, last)
        for first, last in itertools.pairwise(days)
        if (last - first).days > MOST_DAYS_APART
    ]


def _gap(earlier: PrintedPoint, later: PrintedPoint, pauses: Sequence[_Pause], words: Words) -> Gap:
    monthly = earlier.figure.period == "month" and earlier.at.day == 1
    if monthly:
        first, last = _next_month(earlier.at), _month_before(later.at)
        start, end = first - _HALF_A_MONTH, last + _HALF_A_MONTH
        names = (say_month(first, words.language), say_month(last, words.language))
        said = words.say(
            "chart_gap_month" if first == last else "chart_gap_months", first=names[0], last=names[1]
        )
    else:
        first, last = start, end = earlier.at, later.at
        said = words.say("chart_gap_days", first=words.date(first), last=words.date(last))
    half = (last - first) / 2
    pause = next((each for each in pauses if each.overlap(first, last) > half), None)
    if pause is None:
        return Gap(first, last, start, end, said, said)
    paused = words.say("chart_gap_releases", first=words.date(pause.first), last=words.date(pause.last))
    if abs(pause.first - first) <= _NEAR and abs(pause.last - last) <= _NEAR:
        return Gap(first, last, start, end, paused, paused)
    if not monthly:
        return Gap(first, last, start, end, said, said)
    return Gap(first, last, start, end, words.say("chart_gap_both", gap=said, releases=paused), said)


def _next_month(day: datetime.date) -> datetime.date:
    return datetime.date(day.year + day.month // _DECEMBER, day.month % _DECEMBER + 1, 1)


def _month_before(day: datetime.date) -> datetime.date:
    return (day - datetime.timedelta(days=1)).replace(day=1)
