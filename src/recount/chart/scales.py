"""Axes and room for text: round ticks from zero, days that bear a label, labels that do not overlap."""

from __future__ import annotations

import datetime
import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from babel.dates import format_date

from recount.chart.picture import TimeScale
from recount.declare.text import Language

_TICKS = 5
_LOCALES: dict[Language, str] = {"en": "en_US", "es": "es_US"}
_YEARS_ALONE = 3 * 366
_QUARTERS = 366
_LEAST_FREE_DAYS, _FEWEST_TICKS = 6, 2
_JANUARY, _MOST_MONTHS = 1, 12
# Advance widths of Liberation Sans, which are Arial's, in thousandths of the type size.
_WIDTHS = {
    letter: width
    for width, letters in (
        (191, "'"),
        (222, "ijl"),
        (278, "ft .,:;/!|I[]·\N{NO-BREAK SPACE}"),
        (333, "r()-“”"),
        (500, "ckvsxyzJ"),
        (611, "FTZ"),
        (667, "ABEKPSVXY&"),
        (722, "wCDHNRU"),
        (778, "GOQ"),
        (833, "mM"),
        (889, "%"),
        (944, "W"),
    )
    for letter in letters
}
_OTHER = 556
_BOLD = Fraction(107, 100)


def round_scale(
    highest: Fraction, *, limit: Fraction | None = None, whole: bool = False
) -> tuple[Fraction, list[Fraction]]:
    """Returns the top of an axis from zero that holds `highest`, and its round ticks.

    Args:
        highest: the largest value on it.
        limit: what it cannot pass, such as 1 for a share.
        whole: whether ticks are whole numbers.
    """
    wanted = highest if highest > 0 else Fraction(1)
    step = _round_step(wanted / _TICKS)
    if whole:
        step = max(step, Fraction(1))
    top = step * math.ceil(wanted / step)
    if limit is not None:
        top = min(top, limit)
    return top, [step * index for index in range(int(top / step) + 1)]


def _round_step(wanted: Fraction) -> Fraction:
    power = Fraction(10) ** math.floor(math.log10(float(wanted)))
    for factor in (Fraction(1), Fraction(2), Fraction(5), Fraction(10)):
        if power * factor >= wanted:
            return power * factor
    return power * 10


def time_scale(days: Iterable[datetime.date], language: Language, room: Fraction) -> TimeScale:
    """Returns a time axis over `days`: years where it is long, otherwise quarters or months too.

    Args:
        days: those on which something is drawn.
        language: of the months.
        room: what is left free on either side, as a share of the span.
    """
    ordered = sorted(days)
    span = (ordered[-1] - ordered[0]).days
    free = datetime.timedelta(days=max(_LEAST_FREE_DAYS, int(span * room)))
    first, last = ordered[0] - free, ordered[-1] + free
    every = 12 if span > _YEARS_ALONE else 3 if span > _QUARTERS else 1
    ticks: list[tuple[datetime.date, str]] = []
    for year in range(first.year, last.year + 1):
        for month in range(1, _MOST_MONTHS + 1, every):
            day = datetime.date(year, month, 1)
            if first <= day <= last:
                ticks.append((day, _tick(day, language, with_year=not ticks)))
    if len(ticks) < _FEWEST_TICKS:
        ticks = [(day, _say_day(day, language)) for day in (ordered[0], ordered[-1])]
    return TimeScale(first, last, tuple(ticks))


def _tick(day: datetime.date, language: Language, *, with_year: bool) -> str:
    if day.month == _JANUARY:
        return str(day.year)
    return str(format_date(day, "MMM y" if with_year else "MMM", locale=_LOCALES[language]))


def _say_day(day: datetime.date, language: Language) -> str:
    return str(format_date(day, "d MMM y", locale=_LOCALES[language]))


def say_month(day: datetime.date, language: Language) -> str:
    """Returns a month in words: October 2025, octubre de 2025."""
    pattern = "MMMM y" if language == "en" else "MMMM 'de' y"
    return str(format_date(day, pattern, locale=_LOCALES[language]))


def say_short_day(day: datetime.date, language: Language) -> str:
    """Returns a day of a year that is named elsewhere: 24 Sep, 24 sept."""
    return str(format_date(day, "d MMM", locale=_LOCALES[language]))


def text_width(text: str, size: int, *, bold: bool = False) -> float:
    """Returns about how many pixels a line of text is wide."""
    letters = (each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    total = Fraction(sum(_WIDTHS.get(each, _OTHER) for each in letters) * size, 1000)
    return float(total * _BOLD if bold else total)


def wrap_text(text: str, size: int, width: float, *, bold: bool = False) -> list[str]:
    """Returns text in lines of about `width` pixels at most, broken at plain spaces.

    A word wider than that stands on a line of its own; a no-break space holds its words together.
    """
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@dataclass(frozen=True)
class Box:
    """A rectangle on the plot, in pixels from its left and top."""

    left: float
    top: float
    width: float
    height: float

    def meets(self, other: Box) -> bool:
        """Returns whether the two overlap."""
        return (
            self.left < other.left + other.width
            and other.left < self.left + self.width
            and self.top < other.top + other.height
            and other.top < self.top + self.height
        )


def first_free(wanted: Sequence[Box], taken: Iterable[Box]) -> Box:
    """Returns the first box that meets none of those taken, or the first of all."""
    others = list(taken)
    return next((each for each in wanted if not any(each.meets(other) for other in others)), wanted[0])


def spread_out(wanted: Sequence[tuple[float, float]], lowest: float, highest: float) -> list[float]:
    """Returns the middles of boxes moved apart as little as their order allows.

    Args:
        wanted: (middle, height) of each box, in pixels.
        lowest: where the boxes' region begins.
        highest: where it ends; boxes that need more room run past `lowest`.
    """
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index][0], index))
    middles = [middle for middle, _ in wanted]
    edge = lowest
    for index in order:
        middle, height = middles[index], wanted[index][1]
        middles[index] = max(middle, edge + height / 2)
        edge = middles[index] + height / 2
    edge = highest
    for index in reversed(order):
        height = wanted[index][1]
        middles[index] = min(middles[index], edge - height / 2)
        edge = middles[index] - height / 2
    return middles
