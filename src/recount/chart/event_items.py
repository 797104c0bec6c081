"""The rows of an answer about individual records brought together: readings of one number, small parts as one."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from recount.chart.event_figures import UNNAMED_KINDS, EventFigure, add_up, figure_of, zero_of
from recount.chart.event_words import EventWords
from recount.declare.county_areas import load_county_areas
from recount.declare.event_measures import PERIODS
from recount.measure.denominators import PlaceBook
from recount.measure.event_answer import EventAnswer, EventRow
from recount.measure.event_bounds import WHYS
from recount.measure.event_cells import WITHIN_DAYS
from recount.measure.event_periods import Period
from recount.measure.event_rates import RatesOfNone

OTHER = "\N{HORIZONTAL ELLIPSIS}"
"""The key of the small parts of a dimension together: no code is spelled like it."""

UNNAMED, POOLED = "", "\N{MIDDLE DOT}"
"""The keys of rows that do not say of which part they are, and of those that a cube pools: fewer than five."""

Spans = Sequence[tuple[datetime.date, datetime.date]]


@dataclass(frozen=True, eq=False)
class Item:
    """One number to draw: of a release, a span and a part of each dimension, with every reading of it."""

    keys: Mapping[str, str]
    figure: EventFigure
    readings: tuple[EventFigure, ...]
    has_default: bool

    @property
    def release(self) -> str:
        """The release that it is of."""
        return self.figure.release.release


@dataclass(frozen=True)
class Folded:
    """How many parts of a dimension are drawn as one."""

    dimension: str
    parts: int


def time_axis(answer: EventAnswer) -> str | None:
    """Returns the kind of span that the answer is drawn along: the narrowest that splits it."""
    spans = [each for each in answer.asked.by if each in PERIODS]
    return spans[-1] if spans else None


def dimensions_of(answer: EventAnswer) -> list[str]:
    """Returns what splits the answer beside spans of time."""
    names = [each for each in answer.asked.by if each not in PERIODS]
    return [*names, WITHIN_DAYS] if answer.measure.kind == "duration" else names


def items_of(answer: EventAnswer) -> list[Item]:
    """Returns the parts of an answer (its totals, where nothing splits it), in its order.

    Rows of no known span are left out where the answer is split by spans; rows of no known part are kept.
    """
    axis = time_axis(answer)
    names = dimensions_of(answer)
    default = answer.measure.default_reading()
    groups: dict[tuple[object, ...], list[tuple[Mapping[str, str], EventFigure]]] = {}
    for row in answer.rows:
        if (row.cell.kind == "total") != (not answer.asked.by) or _is_of_no_span(row, axis):
            continue
        if row.cell.kind in UNNAMED_KINDS and axis is not None:
            continue
        unnamed = POOLED if row.cell.kind == "suppressed" else UNNAMED
        breakdown = row.breakdown
        keys = {name: unnamed if breakdown[name] is None else str(breakdown[name]) for name in names}
        figure = figure_of(row, answer.measure.kind)
        group = (row.release.release, figure.period, *keys.values())
        groups.setdefault(group, []).append((keys, figure))
    items = []
    for members in groups.values():
        figures = tuple(figure for _, figure in members)
        chosen = [each for each in figures if dict(each.reading) == default]
        has_default = bool(chosen) or not answer.asked.by_reading
        items.append(Item(members[0][0], (chosen or list(figures))[0], figures, has_default))
    return items


def _is_of_no_span(row: EventRow, axis: str | None) -> bool:
    return axis is not None and (row.period is None or row.period.kind != axis)


def fold_small_parts(
    items: Sequence[Item], names: Iterable[str], say: EventWords
) -> tuple[list[Item], list[Folded]]:
    """Returns items with the small parts of each dimension as one, where it has more parts than a chart holds.

    Parts are ranked by the largest number that a release has of them, over all spans.
    """
    most = say.charting.most_parts.value
    folded = []
    held = list(items)
    for name in names:
        parts = {each.keys[name] for each in held} - {UNNAMED, POOLED}
        if name == WITHIN_DAYS or len(parts) <= most:
            continue
        ranked = rank_parts(held, name)
        small = {each for each in parts if ranked.index(each) >= most - 1}
        folded.append(Folded(name, len(small)))
        held = _together(held, name, small)
    return held, folded


def _together(items: Sequence[Item], name: str, small: set[str]) -> list[Item]:
    kept: list[Item] = []
    others: dict[tuple[object, ...], list[Item]] = {}
    for each in items:
        if each.keys[name] not in small:
            kept.append(each)
            continue
        beside = tuple(key for own, key in each.keys.items() if own != name)
        others.setdefault((each.release, each.figure.period, *beside), []).append(each)
    for members in others.values():
        keys: Mapping[str, str] = {**members[0].keys, name: OTHER}
        by_reading: dict[tuple[tuple[str, str], ...], list[EventFigure]] = {}
        for member in members:
            for figure in member.readings:
                by_reading.setdefault(tuple(sorted(figure.reading.items())), []).append(figure)
        readings = tuple(add_up(each) for each in by_reading.values())
        default = dict(members[0].figure.reading)
        figure = next((each for each in readings if dict(each.reading) == default), readings[0])
        kept.append(Item(keys, figure, readings, members[0].has_default))
    return kept


def rank_parts(items: Iterable[Item], name: str) -> list[str]:
    """Returns the parts of a dimension, the largest first."""
    sums: dict[str, dict[str, Fraction | int]] = {}
    for each in items:
        figure = each.figure
        size: Fraction | int
        if figure.kind == "rate":
            size = figure.value or 0
        else:
            is_counted = figure.kind in ("count", "part", "population")
            size = figure.numerator if is_counted else figure.denominator or 0
        of_release = sums.setdefault(each.keys[name], {})
        of_release[each.release] = of_release.get(each.release, 0) + size
    return sorted(sums, key=lambda part: (-max(sums[part].values()), part))


def parts_in_order(items: Sequence[Item], name: str, say: EventWords) -> list[str]:
    """Returns the parts of a dimension as they are drawn: as declared or by size, the rest and the unnamed last."""
    declared = list(dict.fromkeys(each.keys[name] for each in items))
    is_ranked = name in say.charting.ranked.dimensions or OTHER in declared
    ordered = rank_parts(items, name) if is_ranked else declared
    return sorted(ordered, key=place_last)


def place_last(part: str) -> int:
    """Returns where a part stands after the named ones: the rest, then what is not said, then what is pooled."""
    last = (OTHER, UNNAMED, POOLED)
    return last.index(part) + 1 if part in last else 0


def rates_of_none(say: EventWords) -> RatesOfNone | None:
    """Returns what gives the rates of spans without a row, `None` where no rates are drawn."""
    if say.rate_of is None:
        return None
    places = PlaceBook(say.rate_of, load_county_areas(say.words.catalog))
    return RatesOfNone(places, say.answer.asked.question.as_known_on)


def fill_zeros(
    items: Sequence[Item],
    coverage: Mapping[str, Spans],
    answer: EventAnswer,
    rates: RatesOfNone | None = None,
) -> list[Item]:
    """Returns items with a zero for each covered span of which a release has no row.

    Rows that may be of the span, since they do not say, are its highest count. Where a row may meet the conditions
    or not, or a cube pools rows, that count is not known, and the span is left open. Where rates are drawn, `rates`
    gives that of no row.
    """
    if answer.measure.kind != "count" or answer.asked.by_reading or answer.asked.per is not None:
        return list(items)
    filled = list(items)
    for release, spans in coverage.items():
        of_release = [each for each in items if each.release == release]
        rows = [each for each in answer.rows if each.release.release == release]
        is_decided = not any(sum(each.cell.measured.undecided.values()) for each in rows)
        is_limited = bool(answer.asked.where or answer.measure.where or len(answer.asked.periods) > 1)
        is_pooled = any(each.cell.measured.undecided["suppressed"] for each in rows)
        if of_release and (is_decided or not (is_limited or is_pooled)):
            unnamed = [each for each in rows if each.cell.kind in UNNAMED_KINDS]
            filled += _zeros(of_release, spans, unnamed, rates)
    return filled


def _zeros(
    items: Sequence[Item], spans: Spans, unnamed: Sequence[EventRow], rates: RatesOfNone | None
) -> list[Item]:
    numbers = {each.figure.period.number for each in items if each.figure.period is not None}
    zeros = []
    by_part: dict[tuple[str, ...], list[Item]] = {}
    for each in items:
        by_part.setdefault(tuple(each.keys.values()), []).append(each)
    for members in by_part.values():
        own = {each.figure.period.number for each in members if each.figure.period is not None}
        first = members[0]
        if first.figure.period is None or getattr(first.figure.period, "administration", None) is not None:
            continue
        for number in range(min(numbers), max(numbers) + 1):
            period = replace(first.figure.period, number=number)
            if number not in own and is_covered(period, spans):
                perhaps = _perhaps(first.keys, period, unnamed)
                beside = [each.figure.rate for each in members if each.figure.rate is not None]
                rate = None if rates is None else rates.rate(beside, period, sum(perhaps.values()))
                if rates is None or rate is not None:
                    zero = zero_of(first.figure, period, perhaps, rate)
                    zeros.append(replace(first, figure=zero, readings=(zero,)))
    return zeros


def _perhaps(keys: Mapping[str, str], period: Period, unnamed: Iterable[EventRow]) -> dict[str, int]:
    """Returns the rows that do not say of which span or part they are, and may be of these, by the reason."""
    found = dict.fromkeys(map(str, WHYS), 0)
    for each in unnamed:
        wanted = {**keys, period.kind: period.label}
        if all(part in (None, wanted[name]) for name, part in each.breakdown.items()):
            for why, rows in each.cell.measured.undecided.items():
                found[why] += rows
    return found


def is_covered(period: Period, spans: Spans) -> bool:
    """Returns whether spans cover a period whole."""
    return any(first <= period.start and period.last <= last for first, last in spans)
