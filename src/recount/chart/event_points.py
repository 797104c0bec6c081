"""An answer about individual records laid out: which kind of chart, its series and panels, what a line may join."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from recount.chart.event_figures import EventPoint, drawn_points
from recount.chart.event_items import (
    OTHER,
    POOLED,
    UNNAMED,
    Folded,
    Item,
    Spans,
    dimensions_of,
    fill_zeros,
    fold_small_parts,
    items_of,
    parts_in_order,
    place_last,
    rates_of_none,
    time_axis,
)
from recount.chart.event_words import YEARS, EventWords
from recount.chart.picture import Kind, Series
from recount.chart.points import capital
from recount.chart.rates import refuse_none_rated
from recount.chart.theme import MOST_TONES
from recount.errors import UsageError, Worded
from recount.measure.event_answer import EventAnswer

RELEASE = "release"
_SLOPE_ENDS = 2
_LARGE_PANELS = 4
_WIDE, _NARROW = 2, 4


@dataclass(frozen=True)
class EventPlotted:
    """An answer laid out.

    `axis` is the kind of span it is drawn along. `are_scales_apart` says that each panel has its own scale,
    `is_spread` that ends are those of readings, `releases` how many are drawn, `splits` names the dimensions of
    more than one part, and `without_value` are numbers of which nothing is known, not even within bounds.
    """

    kind: Kind
    axis: str | None
    series: tuple[Series, ...]
    panels: tuple[tuple[str, tuple[EventPoint, ...]], ...]
    across: int
    are_scales_apart: bool
    is_spread: bool
    folded: tuple[Folded, ...]
    releases: int
    splits: tuple[str, ...]
    without_value: tuple[EventPoint, ...]

    @property
    def points(self) -> list[EventPoint]:
        """Every point, panel by panel."""
        return [each for _, points in self.panels for each in points]


@dataclass(frozen=True)
class _Facet:
    """One thing that tells items apart: its keys in order, with their names."""

    name: str
    labels: Mapping[str, str]

    def key(self, item: Item) -> str:
        return item.release if self.name == RELEASE else item.keys[self.name]


def plot_events(
    answer: EventAnswer, say: EventWords, coverage: Mapping[str, Spans], *, are_folded: bool = True
) -> EventPlotted:
    """Returns an answer laid out.

    Args:
        answer: of one question about individual records.
        say: the language of names.
        coverage: the spans that each release covers.
        are_folded: whether the small parts of a dimension of many are drawn as one; rates never are.

    Raises:
        UsageError: where there is nothing to draw, or too much for one chart.
    """
    items = items_of(answer)
    if not items:
        name = answer.measure.measure
        raise UsageError(
            Worded("There is nothing to draw: no release of this record answers it."),
            [*(("why", each) for each in say.absences()), ("see", f"recount measure {name}")],
        )
    names = dimensions_of(answer)
    # Rates do not add up.
    items, folded = fold_small_parts(items, names, say) if are_folded and say.rate_of is None else (items, [])
    axis = time_axis(answer)
    if axis is not None and len({each.figure.period for each in items}) == 1:
        axis = None
    if axis is not None:
        items = fill_zeros(items, coverage, answer, rates_of_none(say))
    facets = _facets(items, names, say, {each.dimension: each.parts for each in folded})
    is_spread = answer.asked.by_reading and any(len(each.readings) > 1 for each in items)
    points = [_point(each, facets, say, is_spread=is_spread) for each in items]
    known = drawn_points(points, is_over_time=axis is not None, are_rates=say.rate_of is not None)
    refuse_none_rated(known, answer.measure.measure, answer.asked.question.per)
    if all(each.is_unknown for each in known):
        raise UsageError(
            Worded("There is nothing to draw: none of the numbers is known."),
            [("see", f"recount measure {answer.measure.measure}")],
        )
    laid = _Layout(known, facets, axis, say, is_spread=is_spread, is_share=say.is_share)
    kind, series, panels, across, apart = laid.bars() if axis is None else laid.over_time()
    return EventPlotted(
        kind=kind,
        axis=axis,
        series=series,
        panels=panels,
        across=across,
        are_scales_apart=apart,
        is_spread=is_spread,
        folded=tuple(folded),
        releases=len({each.release for each in items}),
        splits=tuple(each.name for each in facets if each.name != RELEASE),
        without_value=tuple(each for each in points if not any(each is one for one in known)),
    )


def _facets(
    items: Sequence[Item], names: Sequence[str], say: EventWords, folded: Mapping[str, int]
) -> list[_Facet]:
    """Returns what tells items apart: releases first, then dimensions of more than one part."""
    found = []
    releases = {each.release: say.release(each.figure) for each in items}
    if len(releases) > 1:
        found.append(_Facet(RELEASE, releases))
    for name in names:
        parts = parts_in_order(items, name, say)
        if len(parts) > 1:
            labels = {part: capital(_label(name, part, say, folded)) for part in parts}
            found.append(_Facet(name, labels))
    return found


def _label(name: str, part: str, say: EventWords, folded: Mapping[str, int]) -> str:
    if part == OTHER:
        return say.say("other", count=say.words.number(folded[name]))
    if part == POOLED:
        return say.say("pooled")
    return say.part(name, None if part == UNNAMED else part)


def _point(item: Item, facets: Sequence[_Facet], say: EventWords, *, is_spread: bool) -> EventPoint:
    figure = item.figure
    keys = [facet.key(item) for facet in facets]
    label = ", ".join(facet.labels[key] for facet, key in zip(facets, keys, strict=True))
    value: Fraction | None = figure.value if item.has_default else None
    low, high = figure.ends
    if is_spread:
        values = [each.value for each in item.readings if each.value is not None]
        low, high = (min(values), max(values)) if values else (None, None)
    series = Series("/".join(keys) or say.answer.measure.measure, label, "", 0, False, True)
    at = datetime.date.min if figure.period is None else figure.period.start
    return EventPoint(
        series=series,
        at=at,
        figure=figure,
        value=value,
        low=low,
        high=high,
        flags=(),
        is_complete=not figure.is_partial,
        readings=item.readings,
        is_spread=is_spread,
        name=label,
        keys=tuple(keys),
    )


_Panels = tuple[tuple[str, tuple[EventPoint, ...]], ...]
_Laid = tuple[Kind, tuple[Series, ...], _Panels, int, bool]


class _Layout:
    """Puts points into series and panels."""

    def __init__(
        self,
        points: Sequence[EventPoint],
        facets: Sequence[_Facet],
        axis: str | None,
        say: EventWords,
        *,
        is_spread: bool,
        is_share: bool,
    ) -> None:
        self.points = list(points)
        self.facets = list(facets)
        self.axis, self.say = axis, say
        self.is_spread, self.is_share = is_spread, is_share

    def bars(self) -> _Laid:
        """Returns bars, in blocks of a release or of the parts of all dimensions but one."""
        most = self.say.charting.most_rows.value
        along = next((each for each in reversed(self.facets) if each.name != RELEASE), None)
        along = along or (self.facets[-1] if self.facets else None)
        across = [each for each in self.facets if each is not along]
        ordered = sorted(self.points, key=lambda each: self._order_of_bars(each, along))
        if len(ordered) > most:
            raise UsageError(
                Worded(
                    "%(number)s bars cannot be read on one chart; it holds %(most)s.",
                    number=f"{len(ordered):,}",
                    most=str(most),
                ),
                [
                    (
                        "fix",
                        Worded("narrow it with --release or --where, or ask recount measure for the table"),
                    )
                ],
            )
        drawn = []
        for each in ordered:
            keys = dict(zip([facet.name for facet in self.facets], each.keys, strict=True))
            name = "" if along is None else along.labels[keys[along.name]]
            block = ", ".join(facet.labels[keys[facet.name]] for facet in across)
            drawn.append(replace(each, series=replace(each.series, name=name), block=block))
        return "bars", tuple(each.series for each in drawn), (("", tuple(drawn)),), 1, False

    def over_time(self) -> _Laid:
        """Returns columns, a slope, lines on one set of axes, or panels of lines."""
        if self._is_columns():
            series = self._toned(self.points)
            return "columns", series[0], (("", tuple(series[1])),), 1, False
        if self._is_slope():
            series = self._toned(self.points)
            return "slope", series[0], (("", tuple(series[1])),), 1, False
        scales_apart = self._scales_apart()
        lines = 1
        for each in self.facets:
            lines *= len(each.labels)
        is_one = len(self.facets) <= 1
        if lines <= MOST_TONES and is_one and not (scales_apart and self._has_releases()):
            toned = self._toned(self.points)
            return "lines", toned[0], (("", self._joined(toned[1])),), 1, False
        return self._in_panels(scales_apart=scales_apart)

    def _has_releases(self) -> bool:
        return bool(self.facets) and self.facets[0].name == RELEASE

    def _is_columns(self) -> bool:
        spans = {each.figure.period.number for each in self.points if each.figure.period is not None}
        few = max(spans) - min(spans) < self.say.charting.most_columns.value
        return self.axis in YEARS and not self.facets and few

    def _is_slope(self) -> bool:
        """Returns whether two whole spans that follow each other are compared, of one release."""
        spans = sorted({each.figure.period.number for each in self.points if each.figure.period is not None})
        if len(spans) != _SLOPE_ENDS or spans[1] - spans[0] != 1 or self.is_spread:
            return False
        is_one = len(self.facets) == 1 and self.facets[0].name != RELEASE
        whole = all(each.is_complete and each.value is not None for each in self.points)
        return is_one and whole and self.say.answer.measure.kind in ("count", "share")

    def _scales_apart(self) -> bool:
        """Returns whether releases are so unlike in size that a common scale would hide one."""
        if self.is_share or not self._has_releases():
            return False
        largest: dict[str, Fraction] = {}
        for each in self.points:
            value = each.value or each.high or Fraction(0)
            release = each.keys[0]
            largest[release] = max(largest.get(release, Fraction(0)), value)
        smallest = min(largest.values())
        return max(largest.values()) > self.say.charting.times_apart.value * smallest

    def _in_panels(self, *, scales_apart: bool) -> _Laid:
        across, along = self._across_and_along()
        names = [each.name for each in self.facets]
        panels: dict[tuple[str, ...], list[EventPoint]] = {
            keys: [] for keys in itertools.product(*(list(each.labels) for each in across))
        }
        tones = {} if along is None else {key: tone for tone, key in enumerate(along.labels)}
        series: dict[str, Series] = {}
        for each in sorted(self.points, key=self._order):
            keys = dict(zip(names, each.keys, strict=True))
            panel = tuple(keys[facet.name] for facet in across)
            title = ", ".join(facet.labels[keys[facet.name]] for facet in across)
            key = "" if along is None else keys[along.name]
            name = "" if along is None else along.labels[key]
            own = Series(key or "all", name, title, tones.get(key, 0), False, True)
            series.setdefault(own.key, replace(own, panel=""))
            panels[panel].append(replace(each, series=own))
        drawn = tuple(
            (members[0].series.panel, self._joined(members)) for members in panels.values() if members
        )
        count = len(drawn)
        most = self.say.charting.most_parts.value
        if count > most:
            raise UsageError(
                Worded(
                    "%(number)s panels cannot be read on one chart; it holds %(most)s.",
                    number=f"{count:,}",
                    most=str(most),
                ),
                [("fix", Worded("name one release with --release, or narrow it with --where"))],
            )
        wide = count <= _LARGE_PANELS
        ordered = tuple(sorted(series.values(), key=lambda each: each.tone))
        apart = scales_apart and across == [self.facets[0]]
        return "lines", ordered, drawn, (_WIDE if wide else _NARROW), apart

    def _across_and_along(self) -> tuple[list[_Facet], _Facet | None]:
        """Returns what makes the panels, and what makes the lines in each: dimensions of few parts."""
        if len(self.facets) == 1:
            return self.facets, None
        few = [each for each in self.facets if len(each.labels) <= MOST_TONES]
        chosen = [each for each in few if each.name != RELEASE] or few
        if not chosen:
            kinds = " × ".join(f"{len(each.labels):,} ({each.name})" for each in self.facets)
            raise UsageError(
                Worded("%(number)s lines cannot be told apart on one chart.", number=str(kinds)),
                [("fix", Worded("narrow it with --where, or leave a dimension out"))],
            )
        along = chosen[-1]
        return [each for each in self.facets if each is not along], along

    def _order(self, point: EventPoint) -> tuple[object, ...]:
        places = [list(facet.labels).index(key) for facet, key in zip(self.facets, point.keys, strict=True)]
        return (*places, point.at)

    def _order_of_bars(self, point: EventPoint, along: _Facet | None) -> tuple[object, ...]:
        """Returns the order of bars: by block, then as declared, or by size where parts have no order."""
        keys = dict(zip([facet.name for facet in self.facets], point.keys, strict=True))
        blocks = [list(each.labels).index(keys[each.name]) for each in self.facets if each is not along]
        if along is None:
            return (*blocks, point.at)
        key = keys[along.name]
        last = place_last(key)
        is_ranked = along.name in self.say.charting.ranked.dimensions or OTHER in along.labels
        size = -(point.value or point.low or Fraction(0)) if is_ranked else Fraction(0)
        return (*blocks, last, size, list(along.labels).index(key))

    def _toned(self, points: Sequence[EventPoint]) -> tuple[tuple[Series, ...], list[EventPoint]]:
        """Returns the series in order with their colours, and the points that bear them."""
        chosen: dict[str, Series] = {}
        drawn = []
        for each in sorted(points, key=self._order):
            own = chosen.setdefault(each.series.key, replace(each.series, tone=len(chosen)))
            drawn.append(replace(each, series=own))
        return tuple(chosen.values()), drawn

    def _joined(self, points: Sequence[EventPoint]) -> tuple[EventPoint, ...]:
        """Returns points with the number of the unbroken run of each, and whether a band shows its ends.

        A line joins spans that follow each other, covered whole and known, of one release and part.
        """
        by_series: dict[str, list[EventPoint]] = {}
        for each in points:
            by_series.setdefault(each.series.key, []).append(each)
        joined: list[EventPoint] = []
        number = 0
        for members in by_series.values():
            in_time = sorted(members, key=lambda point: point.at)
            runs: list[list[EventPoint]] = []
            for each in in_time:
                if each.value is None or not each.is_complete:
                    runs.append([each])
                elif runs and _may_join(runs[-1][-1], each):
                    runs[-1].append(each)
                else:
                    runs.append([each])
            for run in runs:
                number += 1
                is_known = run[0].value is not None and run[0].is_complete
                joined += [
                    replace(each, segment=number if is_known else None, in_band=len(run) > 1) for each in run
                ]
        return tuple(joined)


def _may_join(earlier: EventPoint, later: EventPoint) -> bool:
    """Returns whether a line may run between two: known, covered whole, of spans that follow each other."""
    before, after = earlier.figure.period, later.figure.period
    if before is None or after is None or after.number != before.number + 1:
        return False
    return earlier.value is not None and earlier.is_complete
