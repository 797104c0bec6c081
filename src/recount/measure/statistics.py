"""Measures of statistics: numbers that one release prints under many breakdowns."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from recount.declare.catalog import Catalog
from recount.declare.interval import Interval
from recount.declare.measures import Conditions, Measure
from recount.declare.sources import KnownRelease
from recount.declare.tables import Table
from recount.link.printed import Cell
from recount.measure.figures import Absent, MeasuredFigure, Reading, authority_ranks
from recount.measure.places import COUNTRY
from recount.measure.statistic_prints import (
    TOTAL,
    Key,
    StatisticPrint,
    code_list_of,
    dimensions_of,
    gather_statistic,
)
from recount.record.store import Record

__all__ = [
    "MONTH",
    "TOTAL",
    "StatisticBook",
    "StatisticPrint",
    "code_list_of",
    "dimensions_of",
    "standing_prints",
]

MONTH = "month"


class StatisticBook:
    """The prints of statistics, gathered once and measured as asked."""

    def __init__(self, record: Record, catalog: Catalog) -> None:
        self.record = record
        self.catalog = catalog
        self._ranks = authority_ranks(catalog)
        self._doubtful = frozenset(catalog.rules.doubtful_flags)
        self._country = catalog.codes["countries"].label(COUNTRY).en
        self._prints: dict[tuple[str, str, str], list[StatisticPrint]] = {}

    def prints(self, measure: Measure, period: str) -> list[StatisticPrint]:
        """Returns the prints of a measure's statistic over spans of one kind, by span and release."""
        key = (measure.table, str(measure.statistic), period)
        if key not in self._prints:
            frame, table = self.record.frames[measure.table], self.catalog.tables[measure.table]
            self._prints[key] = gather_statistic(frame, table, str(measure.statistic), period)
        return self._prints[key]

    def measure(
        self,
        measure: Measure,
        readings: Sequence[Reading],
        where: Mapping[str, str] | None = None,
        by: Sequence[str] = (),
        period: str | None = None,
    ) -> tuple[list[MeasuredFigure], list[Absent]]:
        """Returns what every print says under each reading, split by dimensions, and what prints lack.

        Args:
            measure: a measure of a statistic.
            readings: each with one option at every fork.
            where: a code for some dimensions, or several with commas, which are added; the others are totals.
            by: dimensions to split by; the total comes with the parts.
            period: the kind of span, where it is not the measure's own.
        """
        figures: list[MeasuredFigure] = []
        absent: list[Absent] = []
        table = self.catalog.tables[measure.table]
        names = dimensions_of(table)
        chosen: Conditions = {name: codes.split(",") for name, codes in (where or {}).items()}
        asked: dict[tuple[int, tuple[str, ...]], _Asked] = {}
        wholes = [_ask(measure, reading, names, chosen, {}) for reading in readings]
        for print_ in self.prints(measure, period or measure.period):
            release = self.record.releases[print_.release]
            for number, reading in enumerate(readings):
                found = False
                for breakdown in self._breakdowns(table, by, print_, names):
                    key = (number, tuple(breakdown.values()))
                    if key not in asked:
                        asked[key] = _ask(measure, reading, names, chosen, breakdown)
                    one = self._measure_print(measure, asked[key], print_, release)
                    if one is not None:
                        figures.append(one)
                        found = True
                if not found:
                    whole = wholes[number]
                    lacking = _missing(print_, names, (*whole.numerator, *whole.denominator))
                    absent.append(Absent(print_.release, COUNTRY, print_.through, reading, tuple(lacking)))
        return figures, absent

    def _breakdowns(
        self, table: Table, by: Sequence[str], print_: StatisticPrint, names: Sequence[str]
    ) -> Iterator[dict[str, str]]:
        choices = []
        for name in by:
            position = names.index(name)
            printed = {codes[position] for codes in print_.entries}
            declared = [each.code for each in self.catalog.codes[code_list_of(table, name)].codes]
            parts = [code for code in declared if code in printed and code != TOTAL]
            choices.append([*parts, TOTAL])
        for codes in itertools.product(*choices):
            yield dict(zip(by, codes, strict=True))

    def _measure_print(
        self, measure: Measure, asked: _Asked, print_: StatisticPrint, release: KnownRelease
    ) -> MeasuredFigure | None:
        top = _value(print_, asked.numerator)
        if top is None:
            return None
        cells, flags = top.cells, top.flags
        numerator, denominator, whole = top.count, None, None
        if measure.kind == "share":
            bottom = _value(print_, asked.denominator)
            if bottom is None or numerator is None or not bottom.count:
                return None
            denominator = bottom.count
            cells = (*cells, *(each for each in bottom.cells if each not in cells))
            flags |= bottom.flags
            interval = Interval.point(Fraction(numerator, denominator))
        elif measure.kind == "mean":
            if top.number is None:
                return None
            interval, numerator = Interval.point(top.number), None
        else:
            if numerator is None:
                return None
            interval = Interval.point(numerator)
            if asked.breakdown:
                total = _value(print_, asked.whole)
                whole = total.count if total is not None else None
        counts = [] if numerator is None else [(asked.numerator_name, numerator)]
        if denominator is not None:
            counts.append((asked.denominator_name, denominator))
        return MeasuredFigure(
            measure=measure.measure,
            kind=measure.kind,
            reading=asked.reading,
            place_kind="country",
            place_code=COUNTRY,
            place_name=self._country,
            through_date=print_.through,
            through_precision=print_.precision,
            release=release,
            authority_rank=self._ranks[release.authority],
            numerator=numerator,
            denominator=denominator,
            interval=interval,
            numerator_basis="printed" if len(top.cells) == 1 else "sum",
            denominator_basis="printed" if denominator is not None else None,
            counts=tuple(counts),
            cells=cells,
            is_sum=False,
            jurisdictions=0,
            left_out=(),
            period=print_.period_kind,
            period_start=print_.start,
            fiscal_year=print_.fiscal_year,
            breakdown=asked.breakdown,
            whole=whole,
            flags=tuple(sorted(flags)),
            is_doubtful=bool(flags & self._doubtful),
        )


@dataclass(frozen=True)
class _Asked:
    """What is asked of every print alike: the keys to add up, and their names."""

    reading: Reading
    breakdown: Mapping[str, str]
    numerator: tuple[Key, ...]
    denominator: tuple[Key, ...]
    whole: tuple[Key, ...]
    numerator_name: str
    denominator_name: str


def _ask(
    measure: Measure,
    reading: Reading,
    names: Sequence[str],
    chosen: Conditions,
    breakdown: Mapping[str, str],
) -> _Asked:
    population = {
        **measure.where,
        **measure.chosen(reading, "column"),
        **chosen,
        **{name: [code] for name, code in breakdown.items()},
    }
    counted = {**population, **measure.counts, **measure.chosen(reading, "numerator")}
    return _Asked(
        reading=dict(reading),
        breakdown=dict(breakdown),
        numerator=_keys(names, counted),
        denominator=_keys(names, population),
        whole=_keys(names, {**population, **{name: [TOTAL] for name in breakdown}}),
        numerator_name=_name(measure, counted),
        denominator_name=_name(measure, population),
    )


def _keys(names: Sequence[str], conditions: Conditions) -> tuple[Key, ...]:
    """Returns the keys under conditions, what they do not name being the total; several codes are added."""
    return tuple(itertools.product(*(conditions.get(name, [TOTAL]) for name in names)))


@dataclass(frozen=True)
class _Value:
    count: int | None
    number: Fraction | None
    cells: tuple[Cell, ...]
    flags: frozenset[str]


def _value(print_: StatisticPrint, keys: tuple[Key, ...]) -> _Value | None:
    """Returns the number under all keys together, `None` where one is not printed."""
    if len(keys) == 1:
        entry = print_.entries.find(keys[0])
        if entry is None:
            return None
        return _Value(entry.count, entry.number, (entry.cell,), frozenset(entry.flags))
    entries = [print_.entries.find(each) for each in keys]
    found = [each for each in entries if each is not None]
    if len(found) != len(keys):
        return None
    counts = [each.count for each in found if each.count is not None]
    return _Value(
        count=sum(counts) if len(counts) == len(found) else None,
        number=None,
        cells=tuple(each.cell for each in found),
        flags=frozenset(flag for each in found for flag in each.flags),
    )


def _missing(print_: StatisticPrint, names: Sequence[str], keys: Iterable[Key]) -> list[str]:
    lacking = [
        ", ".join(f"{name}={code}" for name, code in zip(names, key, strict=True) if code != TOTAL) or TOTAL
        for key in dict.fromkeys(keys)
        if key not in print_.entries
    ]
    return lacking or [TOTAL]


def _name(measure: Measure, conditions: Conditions) -> str:
    parts = [f"{name}={'+'.join(codes)}" for name, codes in sorted(conditions.items()) if codes != [TOTAL]]
    return f"{measure.statistic}[{', '.join(parts)}]" if parts else str(measure.statistic)


def standing_prints(figures: Iterable[MeasuredFigure], span: str) -> list[MeasuredFigure]:
    """Returns the figures of the prints that stand, in order of span.

    Args:
        figures: of one measure, perhaps split by dimensions.
        span: `latest` (one print for each reading), or one for each `through_date`, `fiscal_year` or `month`.

    Parts and total come from one print: of a span's prints the one through the latest day stands, and of
    those the last released; one that a check makes doubtful stands only where no other print of the span does.
    """
    groups: dict[tuple[object, ...], list[MeasuredFigure]] = {}
    for each in figures:
        groups.setdefault((_reading_key(each), *_span_key(each, span)), []).append(each)
    chosen: list[MeasuredFigure] = []
    for key in sorted(groups, key=str):
        members = groups[key]
        doubtful = {(each.release.release, each.through_date) for each in members if each.is_doubtful}
        sound = [each for each in members if (each.release.release, each.through_date) not in doubtful]
        members = sound if sound and span != "latest" else members
        latest = max(each.through_date for each in members)
        newest = max(
            (each for each in members if each.through_date == latest), key=MeasuredFigure.standing_key
        )
        chosen += [
            each
            for each in members
            if each.through_date == latest and each.release.release == newest.release.release
        ]
    return chosen


def _reading_key(figure: MeasuredFigure) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(figure.reading.items()))


def _span_key(figure: MeasuredFigure, span: str) -> tuple[object, ...]:
    if span == "latest":
        return ()
    if span == MONTH:
        return (figure.period_start,)
    return (getattr(figure, span),)
