"""One measure, under one reading, on one print."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from recount.declare.catalog import Catalog
from recount.declare.interval import Interval
from recount.declare.measures import Measure
from recount.declare.sources import KnownRelease
from recount.link.identities import Derived
from recount.link.printed import Cell, Print
from recount.measure.rates import Rate

Reading = Mapping[str, str]


@dataclass(frozen=True, eq=False)
class MeasuredFigure:
    """What one release's print says under one reading.

    `numerator` and `denominator` are integers, or missing where the print gives a bound and no counts;
    `interval` is the value, a share between 0 and 1 or a count, as an exact number or as bounds.
    `numerator_basis` and `denominator_basis` say whether each was printed, summed, or what remained.
    `cells` are the printed figures that it rests on. `left_out` names what a sum lacks.

    `period` is how the measure counts; `period_start` and `fiscal_year` say which span, where it is not
    cumulative from the beginning. `breakdown` gives the code of each dimension that the answer is split by,
    `whole` the total that a part of a count is of, and `flags` the checks that mark a cell it rests on.
    `is_doubtful` says that one of them keeps it from standing where another print of the span does not
    bear it. `share_of` is the whole that a question asks it to be a share of, and `rate` its number per 100,000 of a
    denominator.
    """

    measure: str
    kind: str
    reading: Reading
    place_kind: str
    place_code: str
    place_name: str
    through_date: datetime.date
    through_precision: str
    release: KnownRelease
    authority_rank: int
    numerator: int | None
    denominator: int | None
    interval: Interval
    numerator_basis: str
    denominator_basis: str | None
    counts: tuple[tuple[str, int], ...]
    cells: tuple[Cell, ...]
    is_sum: bool
    jurisdictions: int
    left_out: tuple[str, ...]
    period: str = "cumulative"
    period_start: datetime.date | None = None
    fiscal_year: int | None = None
    breakdown: Mapping[str, str] = field(default_factory=dict)
    whole: int | None = None
    flags: tuple[str, ...] = ()
    is_doubtful: bool = False
    share_of: int | None = None
    rate: Rate | None = None

    @property
    def is_partial(self) -> bool:
        """Whether it is a sum that lacks jurisdictions of its place."""
        return bool(self.left_out)

    @property
    def identity(self) -> tuple[object, ...]:
        """What tells it from every other figure: the measure, the cells it rests on, the day and the release."""
        return (self.measure, self.cells, self.place_code, self.through_date, self.release.release)

    def standing_key(self) -> tuple[bool, bool, bool, int, datetime.date, datetime.date, str]:
        """What orders prints of one place and date.

        Whole places go first, then prints without doubt, days that are known before approximate ones, then
        authority, then the latest print. An undated print counts as the earliest: nothing shows that it came
        later. Of a statistic, a release that counts further goes before the day it was printed: an older
        edition is sometimes posted again.
        """
        return (
            not self.is_partial,
            not self.is_doubtful,
            self.period == "cumulative" or self.through_precision == "day",
            -self.authority_rank,
            datetime.date.min if self.period == "cumulative" else self.release.covers_through,
            self.release.published_from or datetime.date.min,
            self.release.release,
        )


@dataclass(frozen=True)
class Absent:
    """A print that does not give what a reading needs: the figures that are missing."""

    release: str
    place_code: str
    through_date: datetime.date
    reading: Reading
    missing: tuple[str, ...]


def authority_ranks(catalog: Catalog) -> dict[str, int]:
    """Returns the rank of each authority, 0 being the highest."""
    return {each.code: rank for rank, each in enumerate(catalog.codes["authorities"].codes)}


def measure_print(
    measure: Measure, reading: Reading, print_: Print, release: KnownRelease, rank: int
) -> MeasuredFigure | Absent:
    """Returns the measure's value on one print, or what the print lacks for it.

    Numerator and denominator come from one print: a count of one release is never divided by a count
    of another. A share of nobody is absent.
    """
    wanted = measure.numerator_under(dict(reading))
    numerator = print_.counts.get(wanted)
    denominator = print_.counts.get(measure.denominator) if measure.denominator else None
    found: tuple[int | None, int | None, Interval, Derived | None] | None = None
    if measure.kind == "count":
        if numerator is not None:
            found = (numerator.value, None, Interval.point(numerator.value), numerator)
        elif wanted in print_.about:
            count, unit = print_.about[wanted]
            half = Fraction(unit, 2)
            found = (None, None, Interval(count - half, count + half), None)
    elif numerator is not None and denominator is not None and denominator.value > 0:
        share = Fraction(numerator.value, denominator.value)
        found = (numerator.value, denominator.value, Interval.point(share), numerator)
    elif measure.printed_as in print_.above:
        low = Fraction(print_.above[str(measure.printed_as)])
        found = (None, None, Interval(low, Fraction(1), low_open=True), None)
    if found is None:
        missing = [wanted] if numerator is None else []
        if measure.denominator and (denominator is None or denominator.value == 0):
            missing.append(measure.denominator)
        return Absent(print_.release, print_.place_code, print_.through_date, reading, tuple(missing))
    return _measured(measure, reading, print_, release, rank, found, denominator)


def _measured(
    measure: Measure,
    reading: Reading,
    print_: Print,
    release: KnownRelease,
    rank: int,
    found: tuple[int | None, int | None, Interval, Derived | None],
    denominator: Derived | None,
) -> MeasuredFigure:
    top, bottom, interval, numerator = found
    wanted = measure.numerator_under(dict(reading))
    bound = {wanted} & set(print_.about) or {str(measure.printed_as)}
    used = bound if numerator is None else set(numerator.of)
    if bottom is not None and denominator is not None:
        used |= set(denominator.of)
    counts = [(wanted, top)] if top is not None else []
    if bottom is not None and measure.denominator:
        counts.append((measure.denominator, bottom))
    return MeasuredFigure(
        measure=measure.measure,
        kind=measure.kind,
        reading=dict(reading),
        place_kind=print_.place_kind,
        place_code=print_.place_code,
        place_name=print_.place_name,
        through_date=print_.through_date,
        through_precision=print_.through_precision,
        release=release,
        authority_rank=rank,
        numerator=top,
        denominator=bottom,
        interval=interval,
        numerator_basis=numerator.basis if numerator else "bound",
        denominator_basis=denominator.basis if bottom is not None and denominator else None,
        counts=tuple((name, value) for name, value in counts if value is not None),
        cells=tuple(print_.cells[name] for name in sorted(used) if name in print_.cells),
        is_sum=print_.is_sum,
        jurisdictions=print_.jurisdictions,
        left_out=print_.left_out,
    )


def standing_figure(figures: Iterable[MeasuredFigure]) -> MeasuredFigure | None:
    """Returns the figure that stands among prints of one place and date, or `None` among none.

    A print replaces an earlier one of equal or lower authority; a later one of lower authority does not.
    """
    return max(figures, key=MeasuredFigure.standing_key, default=None)


def standing_by_date(figures: Iterable[MeasuredFigure]) -> dict[datetime.date, MeasuredFigure]:
    """Returns the standing figure of each date, in order of date."""
    by_date: dict[datetime.date, list[MeasuredFigure]] = {}
    for each in figures:
        by_date.setdefault(each.through_date, []).append(each)
    return {date: max(by_date[date], key=MeasuredFigure.standing_key) for date in sorted(by_date)}
