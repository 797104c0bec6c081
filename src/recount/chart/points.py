"""An answer's figures as points of series: where each is drawn, and which of them a line may join."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from recount.chart.picture import Kind, Point, Series, Span
from recount.chart.theme import MOST_TONES
from recount.claim.words import Words
from recount.declare.claims import PLACE_DIMENSIONS
from recount.declare.fiscal_years import fiscal_year_end
from recount.errors import UsageError, Worded
from recount.measure.answer import Answer
from recount.measure.figures import MeasuredFigure
from recount.measure.places import Place
from recount.measure.statistics import MONTH, TOTAL, code_list_of

Per = Literal["total"]

MOST_DAYS_APART = 92
"""A line joins figures up to a quarter apart. The workbooks come about every two weeks; across more than a
quarter without one, a straight line would state values that nobody printed."""

MOST_DAYS_BETWEEN_MONTHS = 31
"""Figures of months are joined when the months follow each other: a missing month is a gap."""

MOST_BARS = 60
"""As many as the states and territories: more rows cannot be read at the size of a page."""

MOST_PANELS = 30
"""As many as ICE has areas of responsibility, and some more: smaller panels show no shape."""


@dataclass(frozen=True, eq=False)
class PrintedPoint(Point):
    """A printed figure where it is drawn."""

    figure: MeasuredFigure

    def own_row(self) -> dict[str, Any]:
        """Returns what its row of the chart's data holds beside what all do: of a rate what it is divided by."""
        rate = self.figure.rate
        return {} if rate is None else {"denominator": rate.base.count, "rate": rate.as_json()}

    @property
    def is_open(self) -> bool:
        """Whether a bound has no upper end: for a share, none below the whole."""
        is_share, high = self.figure.kind == "share", self.high
        return not self.is_without and (high is None or (is_share and self.value is None and high >= 1))


@dataclass(frozen=True)
class Plotted:
    """An answer laid out: what kind of chart, along which span, and the points of each panel."""

    kind: Kind
    span: Span | None
    series: tuple[Series, ...]
    panels: tuple[tuple[str, tuple[PrintedPoint, ...]], ...]
    lacking_whole: int

    @property
    def points(self) -> list[PrintedPoint]:
        """Every point, panel by panel."""
        return [each for _, points in self.panels for each in points]


@dataclass(frozen=True)
class _Facet:
    """One thing that an answer is split by: its values in order, and which one a figure has."""

    name: str
    labels: Mapping[str, str]
    key: Callable[[MeasuredFigure], str]

    @property
    def parts(self) -> list[str]:
        return [each for each in self.labels if each != TOTAL]


def plot_answer(answer: Answer, words: Words, per: Per | None = None) -> Plotted:
    """Returns the answer's figures as points.

    Args:
        answer: split by at most two dimensions, reading and place among them.
        words: the language of names.
        per: `total` draws the parts of a count as shares of their total.

    Raises:
        UsageError: where there is nothing to draw, too much for one chart, or no total to divide by.
    """
    if not answer.figures:
        raise UsageError(
            Worded("There is nothing to draw: the record does not print it."),
            [("see", f"recount measure {answer.measure.measure}")],
        )
    facets = _facets(answer, words)
    span = _span(answer)
    if len({_place_in_time(each, span) for each in answer.figures}) == 1:
        span = None
    if span is None and "release" in answer.by:
        facets.append(_by_release(answer, words))
    points, lacking = _points(answer, facets, span, per)
    points.sort(key=lambda each: each.at)
    if len(facets) > 1 and all(each.series.is_total for each in points):
        raise UsageError(
            Worded(
                "No release splits it by all of these at once: %(dimensions)s.",
                dimensions=", ".join(each.name for each in facets),
            ),
            [("fix", Worded("leave one of them out"))],
        )
    if span is None:
        return _bars(points, facets, lacking)
    if span == "fiscal_year":
        return _columns(points, facets, lacking)
    return _lines(points, facets, span, lacking, answer)


def _span(answer: Answer) -> Span | None:
    if MONTH in answer.by:
        return "month"
    if "through_date" in answer.by:
        return "through_date"
    if "fiscal_year" in answer.by:
        return "fiscal_year"
    return "through_date" if "release" in answer.by else None


def _place_in_time(figure: MeasuredFigure, span: Span | None) -> datetime.date:
    if span == "month" and figure.period_start is not None:
        return figure.period_start
    if span == "fiscal_year" and figure.fiscal_year is not None:
        return fiscal_year_end(figure.fiscal_year)
    return figure.through_date


def _facets(answer: Answer, words: Words) -> list[_Facet]:
    measure = answer.measure
    found = []
    for name in (each for each in measure.dimensions if each in answer.by):
        codes = words.catalog.codes[code_list_of(words.catalog.tables[measure.table], name)]
        declared = [*(each.code for each in codes.codes if each.code != TOTAL), TOTAL]
        printed = {each.breakdown[name] for each in answer.figures}
        labels = {each.code: each.label.in_language(words.language) for each in codes.codes}
        labels.setdefault(TOTAL, words.say("chart_total"))
        in_order = {code: labels[code] for code in declared if code in printed}
        found.append(_Facet(name, in_order, lambda each, name=name: each.breakdown[name]))  # type: ignore[misc]
    if set(PLACE_DIMENSIONS) & set(answer.by):
        places = {each.place_code: _place_name(each, words) for each in answer.figures}
        found.append(_Facet("place", dict(sorted(places.items())), lambda each: each.place_code))
    if "reading" in answer.by and measure.forks:
        readings = {_reading_key(each): say_reading(each, answer, words) for each in measure.readings()}
        printed = {_reading_key(each.reading) for each in answer.figures}
        in_order = {key: label for key, label in readings.items() if key in printed}
        found.append(_Facet("reading", in_order, lambda each: _reading_key(each.reading)))
    return found


def _by_release(answer: Answer, words: Words) -> _Facet:
    titles = {each.release.release: each.release.title for each in answer.figures}
    labels = {name: title.in_language(words.language) for name, title in titles.items()}
    return _Facet("release", labels, lambda each: each.release.release)


def _place_name(figure: MeasuredFigure, words: Words) -> str:
    return words.place(Place(figure.place_kind, figure.place_code, figure.place_name))


def _reading_key(reading: Mapping[str, str]) -> str:
    return "/".join(option for _, option in sorted(reading.items()))


def say_reading(reading: Mapping[str, str], answer: Answer, words: Words) -> str:
    """Returns the options that a reading takes, in words."""
    return ", ".join(
        option.label.in_language(words.language)
        for fork in answer.measure.forks
        for option in fork.options
        if reading.get(fork.fork) == option.option
    )


def _points(
    answer: Answer, facets: Sequence[_Facet], span: Span | None, per: Per | None
) -> tuple[list[PrintedPoint], int]:
    totals: dict[tuple[object, ...], tuple[str, ...]] = {}
    for each in answer.figures:
        if all(code == TOTAL for code in each.breakdown.values()):
            totals[_print_of(each)] = each.flags
    default = _reading_key(answer.measure.readings()[0])
    points: list[PrintedPoint] = []
    lacking = 0
    for figure in answer.figures:
        keys = [facet.key(figure) for facet in facets]
        is_total = TOTAL in keys
        value, low, high = _value(figure)
        flags = figure.flags
        if per is not None:
            if is_total or not figure.breakdown:
                continue
            if figure.numerator is None or not figure.whole:
                lacking += 1
                continue
            value = Fraction(figure.numerator, figure.whole)
            low = high = value
            flags = tuple(sorted({*flags, *totals.get(_print_of(figure), ())}))
        series = Series(
            key="/".join(keys) or answer.measure.measure,
            name=capital(", ".join(facet.labels[key] for facet, key in zip(facets, keys, strict=True))),
            panel="",
            tone=0,
            is_total=is_total,
            is_default=_reading_key(figure.reading) == default,
        )
        at = _place_in_time(figure, span)
        points.append(PrintedPoint(series, at, figure, value, low, high, flags, _is_complete(figure, span)))
    if per is not None and not points:
        raise UsageError(
            Worded("A share of the total needs a count that is split by a dimension, with its total."),
            [
                (
                    "fix",
                    Worded(
                        "add --by, with a dimension of %(measure)s, or leave --per out",
                        measure=answer.measure.measure,
                    ),
                )
            ],
        )
    return points, lacking


def capital(text: str) -> str:
    """Returns a text with its first letter large, as titles and names begin."""
    return text[:1].upper() + text[1:]


def _print_of(figure: MeasuredFigure) -> tuple[object, ...]:
    return (figure.release.release, figure.period_start, figure.through_date, _reading_key(figure.reading))


def _value(figure: MeasuredFigure) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    interval = figure.interval if figure.rate is None else figure.rate.interval
    if interval is None:
        return None, None, None
    return (interval.low if interval.is_point else None), interval.low, interval.high


def _is_complete(figure: MeasuredFigure, span: Span | None) -> bool:
    if figure.period == "month":
        return (figure.through_date + datetime.timedelta(days=1)).day == 1
    if span == "fiscal_year" and figure.period == "fiscal_year_to_date":
        return figure.through_date >= _place_in_time(figure, span)
    return True


def _bars(points: list[PrintedPoint], facets: Sequence[_Facet], lacking: int) -> Plotted:
    parts = [each for each in points if not each.series.is_total] or points
    if len(parts) > MOST_BARS:
        raise UsageError(
            Worded(
                "%(number)s bars cannot be read on one chart; it holds %(most)s.",
                number=f"{len(parts):,}",
                most=str(MOST_BARS),
            ),
            [("fix", Worded("narrow it with --where, or ask recount measure for the table"))],
        )
    if any(each.name == "place" for each in facets):
        # Places have no order of their own.
        parts = sorted(parts, key=lambda each: (-(each.value or each.low or 0), each.series.key))
    series = tuple(each.series for each in parts)
    return Plotted("bars", None, series, (("", tuple(parts)),), lacking)


def _columns(points: list[PrintedPoint], facets: Sequence[_Facet], lacking: int) -> Plotted:
    parts = [each for each in points if not each.series.is_total] or points
    chosen = _in_order(parts, facets)
    if len(chosen) > MOST_TONES:
        raise UsageError(
            Worded(
                "Columns of %(number)s kinds cannot be told apart; a chart holds %(most)s.",
                number=str(len(chosen)),
                most=str(MOST_TONES),
            ),
            [("fix", Worded("split by through_date instead, or narrow it with --where"))],
        )
    drawn = tuple(replace(each, series=chosen[each.series.key]) for each in parts)
    return Plotted("columns", "fiscal_year", tuple(chosen.values()), (("", drawn),), lacking)


def _in_order(points: Iterable[PrintedPoint], facets: Sequence[_Facet]) -> dict[str, Series]:
    """Returns the series by key, in the order that their facets declare, with their colours; a total last."""
    present = {each.series.key: each.series for each in points}
    ordered = ["/".join(keys) for keys in itertools.product(*(list(each.labels) for each in facets))]
    series = [present[key] for key in ordered if key in present] if facets else list(present.values())
    series.sort(key=lambda each: each.is_total)
    return {each.key: replace(each, tone=index) for index, each in enumerate(series)}


def _lines(
    points: list[PrintedPoint], facets: Sequence[_Facet], span: Span, lacking: int, answer: Answer
) -> Plotted:
    if len(facets) != 1:
        points = [each for each in points if not each.series.is_total] or points
    kinds = len({each.series.key for each in points if not each.series.is_total})
    joined = "release" not in answer.by
    if kinds <= MOST_TONES:
        series = _in_order(points, facets)
        drawn = [replace(each, series=series[each.series.key]) for each in points]
        panels: tuple[tuple[str, tuple[PrintedPoint, ...]], ...] = (
            ("", _with_segments(drawn, joined=joined)),
        )
        return Plotted("lines", span, tuple(series.values()), panels, lacking)
    across, along = _across_and_along(facets)
    parts = [each for each in points if not each.series.is_total]
    tones = {key: tone for tone, key in enumerate(along.parts)} if along is not None else {}
    lines: dict[str, Series] = {}
    by_panel: dict[str, list[PrintedPoint]] = {key: [] for key in across.parts}
    for each in parts:
        panel = across.key(each.figure)
        key = along.key(each.figure) if along is not None else answer.measure.measure
        name = capital(along.labels[key]) if along is not None else ""
        title = capital(across.labels[panel])
        own = replace(each.series, key=key, name=name, panel=title, tone=tones.get(key, 0))
        lines.setdefault(key, replace(own, panel=""))
        by_panel[panel].append(replace(each, series=own))
    drawn_panels = tuple(
        (capital(across.labels[key]), _with_segments(members, joined=joined))
        for key, members in by_panel.items()
        if members
    )
    ordered = sorted(lines.values(), key=lambda each: each.tone)
    return Plotted("lines", span, tuple(ordered), drawn_panels, lacking)


def _across_and_along(facets: Sequence[_Facet]) -> tuple[_Facet, _Facet | None]:
    """Returns what makes the panels, and what makes the lines in each."""
    along = next((each for each in reversed(facets) if len(each.parts) <= MOST_TONES), None)
    if len(facets) == 1:
        along = None
    across = [each for each in facets if each is not along]
    if len(across) != 1 or len(across[0].parts) > MOST_PANELS:
        kinds = " × ".join(f"{len(each.parts):,} ({each.name})" for each in facets)
        raise UsageError(
            Worded("%(number)s lines cannot be told apart on one chart.", number=str(kinds)),
            [
                (
                    "holds",
                    Worded(
                        "%(most)s lines, or %(panels)s panels of up to %(most)s",
                        most=str(MOST_TONES),
                        panels=str(MOST_PANELS),
                    ),
                ),
                ("fix", Worded("narrow it with --where, or leave a dimension out")),
            ],
        )
    return across[0], along


def most_days_apart(figure: MeasuredFigure) -> int:
    """Returns how far from its neighbour a figure may lie and be joined to it."""
    return MOST_DAYS_BETWEEN_MONTHS if figure.period == "month" else MOST_DAYS_APART


def may_follow(earlier: PrintedPoint, later: PrintedPoint) -> bool:
    """Returns whether a line may run between neighbours: exact, near, and of one count.

    A count so far starts anew with the fiscal year.
    """
    figure = later.figure
    if (later.at - earlier.at).days > most_days_apart(figure):
        return False
    starts_anew = figure.period == "fiscal_year_to_date" and figure.fiscal_year != earlier.figure.fiscal_year
    return not starts_anew


def _with_segments(points: Sequence[PrintedPoint], *, joined: bool) -> tuple[PrintedPoint, ...]:
    """Returns the points with the number of the unbroken run that each belongs to."""
    numbered: dict[int, int | None] = {}
    by_series: dict[str, list[PrintedPoint]] = {}
    for each in points:
        by_series.setdefault(each.series.key, []).append(each)
    number = 0
    for members in by_series.values():
        before: PrintedPoint | None = None
        for each in sorted(members, key=lambda each: each.at):
            if not joined or each.value is None or not each.is_complete:
                numbered[id(each)], before = None, None
                continue
            if before is None or not may_follow(before, each):
                number += 1
            numbered[id(each)], before = number, each
    return tuple(replace(each, segment=numbered[id(each)]) for each in points)
