"""The spread of an answer over readings: lowest, default and highest, and which fork moves it most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from recount.declare.interval import Interval
from recount.measure.answer import Answer
from recount.measure.figures import MeasuredFigure
from recount.measure.rates import Rate
from recount.measure.statistics import MONTH

if TYPE_CHECKING:
    from recount.measure.event_answer import EventAnswer, EventRow

Reading = Mapping[str, str]


@dataclass(frozen=True)
class Reached:
    """What an answer comes to in one reading: its integers, its value, and its bounds.

    The value is a share, a mean, a count or a rate as an exact number. Of a number that the record gives only as
    bounds it is `None`, and so it is of one without a rate where rates are asked: `rate` says why.
    """

    reading: Reading
    numerator: int | None
    denominator: int | None
    value: Fraction | None
    bounds: Interval | None
    rate: Rate | None = None

    @property
    def gives_a_number(self) -> bool:
        """Whether it comes to a number, or to bounds of one."""
        return self.value is not None or self.bounds is not None

    def as_json(self) -> dict[str, Any]:
        """Returns it as JSON values."""
        return {
            "reading": dict(self.reading),
            "numerator": self.numerator,
            "denominator": self.denominator,
            "value": None if self.value is None else float(self.value),
            "bounds": None if self.bounds is None else self.bounds.as_json(),
            **({} if self.rate is None else {"rate": self.rate.as_json()}),
        }


@dataclass(frozen=True)
class SpreadRow:
    """One part of an answer over all readings.

    `sample` is its row in the default reading, or in the first that gives it. `swings` are by fork: the lowest and
    the highest value where that fork alone is changed from the default; the one with the widest is `moved_most_by`,
    the first declared of equals, and none where none moves it. `bounds` take in the bounds of every reading.
    """

    sample: EventRow | MeasuredFigure
    default: Reached | None
    lowest: Reached
    highest: Reached
    bounds: Interval | None
    swings: Mapping[str, tuple[Fraction, Fraction]]
    answered: int

    @property
    def moved_most_by(self) -> str | None:
        """The fork that moves it most."""
        widths = {fork: high - low for fork, (low, high) in self.swings.items()}
        widest = max(widths.values(), default=Fraction(0))
        return next((fork for fork, width in widths.items() if width == widest and width > 0), None)

    def as_json(self) -> dict[str, Any]:
        """Returns it as JSON values."""
        sample = self.sample
        return {
            "release": sample.release.release,
            "kind": "part" if isinstance(sample, MeasuredFigure) else sample.cell.kind,
            "breakdown": dict(sample.breakdown),
            "place_code": sample.place_code if isinstance(sample, MeasuredFigure) else None,
            "through_date": None if _through(sample) is None else str(_through(sample)),
            "lowest": self.lowest.as_json(),
            "default": None if self.default is None else self.default.as_json(),
            "highest": self.highest.as_json(),
            "bounds": None if self.bounds is None else self.bounds.as_json(),
            "moved_most_by": self.moved_most_by,
            "swings": {fork: [float(low), float(high)] for fork, (low, high) in self.swings.items()},
            "readings_that_answer": self.answered,
        }


@dataclass(frozen=True)
class Spread:
    """An answer in every reading, and its spread row by row."""

    answer: Answer | EventAnswer
    rows: tuple[SpreadRow, ...]

    def as_json(self) -> dict[str, Any]:
        """Returns the answer in the documented JSON schema, and its spread beside."""
        return {**self.answer.as_json(), "spread": [each.as_json() for each in self.rows]}


def spread_answer(answer: Answer | EventAnswer) -> Spread:
    """Returns the spread of an answer that was split by reading."""
    forks = [each.fork for each in answer.measure.forks]
    default = {each.fork: each.default for each in answer.measure.forks}
    grouped: dict[tuple[Any, ...], list[EventRow | MeasuredFigure]] = {}
    if isinstance(answer, Answer):
        for figure in answer.figures:
            grouped.setdefault(_figure_key(figure, answer.by), []).append(figure)
    else:
        for row in answer.rows:
            key = (row.release.release, row.cell.kind, tuple(row.breakdown.items()))
            grouped.setdefault(key, []).append(row)
    return Spread(answer, tuple(_spread(each, forks, default) for each in grouped.values()))


def _figure_key(figure: MeasuredFigure, by: Sequence[str]) -> tuple[Any, ...]:
    return (
        figure.place_code,
        tuple(sorted(figure.breakdown.items())),
        figure.through_date if {"through_date", "release"} & set(by) else None,
        figure.fiscal_year if "fiscal_year" in by else None,
        figure.period_start if MONTH in by else None,
        (figure.release.release, figure.is_sum) if "release" in by else None,
    )


def _spread(rows: Sequence[EventRow | MeasuredFigure], forks: Sequence[str], default: Reading) -> SpreadRow:
    found = [(each, reached(each)) for each in rows]
    in_order = sorted(found, key=lambda pair: (_low(pair[1]), _off_default(pair[1].reading, default)))
    highest = max(found, key=lambda pair: (_high(pair[1]), -_off_default(pair[1].reading, default)))[1]
    own = next((pair for pair in found if dict(pair[1].reading) == default), None)
    swings: dict[str, tuple[Fraction, Fraction]] = {}
    for fork in forks:
        values = [
            each.value
            for _, each in found
            if each.value is not None
            and all(option == default[name] for name, option in each.reading.items() if name != fork)
        ]
        if len(values) > 1 and own is not None:
            swings[fork] = (min(values), max(values))
    return SpreadRow(
        sample=found[0][0] if own is None else own[0],
        default=None if own is None else own[1],
        lowest=in_order[0][1],
        highest=highest,
        bounds=_hull([each.bounds for _, each in found]),
        swings=swings,
        answered=len(
            {
                tuple(sorted(each.reading.items()))
                for _, each in found
                if each.rate is None or each.gives_a_number
            }
        ),
    )


def reached(row: EventRow | MeasuredFigure) -> Reached:
    """Returns what one row of an answer comes to."""
    rate = row.rate
    if rate is not None:
        # A rate has the count above, the count below, and their quotient; without the one below it has neither.
        return Reached(dict(row.reading), rate.numerator, rate.base.count, rate.value, rate.interval, rate)
    if isinstance(row, MeasuredFigure):
        value = row.interval.low if row.interval.is_point else None
        return Reached(dict(row.reading), row.numerator, row.denominator, value, row.interval)
    measured, estimate = row.cell.measured, row.cell.estimate
    if row.cell.outcomes:
        shown = None if estimate is None else Fraction(estimate)
    else:
        shown = Fraction(measured.numerator) if measured.denominator is None else row.share
    return Reached(dict(row.reading), measured.numerator, measured.denominator, shown, measured.bounds)


def _low(reached: Reached) -> tuple[bool, Fraction]:
    """Orders by value; what has none comes last."""
    return reached.value is None, Fraction(0) if reached.value is None else reached.value


def _high(reached: Reached) -> tuple[bool, Fraction]:
    return reached.value is not None, Fraction(0) if reached.value is None else reached.value


def _off_default(reading: Reading, default: Reading) -> int:
    """Returns at how many forks a reading leaves the default: of equal values the nearest reading is named."""
    return sum(default[fork] != option for fork, option in reading.items())


def _hull(bounds: Iterable[Interval | None]) -> Interval | None:
    known = [each for each in bounds if each is not None]
    lows, highs = [each.low for each in known], [each.high for each in known]
    if not known or None in lows or None in highs:
        return None
    return Interval(
        min(each for each in lows if each is not None), max(each for each in highs if each is not None)
    )


def _through(row: EventRow | MeasuredFigure) -> Any:
    return row.through_date if isinstance(row, MeasuredFigure) else row.through
