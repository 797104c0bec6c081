"""How spans, prints and changes read in a table, a summary or a picture."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Protocol

from recount.declare.fiscal_years import fiscal_year_of
from recount.declare.measures import Measure
from recount.declare.sources import KnownRelease
from recount.measure.figures import MeasuredFigure
from recount.revise.history import History, How, PrintedValue, is_day_known
from recount.revise.spans import Span, name_asked

_MOST_DECIMALS = 4
_NO_BREAK = "\N{NO-BREAK SPACE}"

HOW: dict[How, str] = {
    "first": "first",
    "same": "same",
    "restated": "restated",
    "counts_on": "more days",
    "redefined": "other parts",
    "older_edition": "older edition",
    "doubtful": "doubtful",
    "approximate": "day unsure",
    "discrepancy": "disagrees",
    "bound": "a bound",
}


ASIDE: dict[How, str] = {
    "older_edition": "of an older edition",
    "doubtful": "doubtful",
    "approximate": "of an approximate day",
    "discrepancy": "of lower authority or lacking places",
    "bound": "without an exact value",
}


class NumberWords(Protocol):
    """What writes numbers and dates in one language."""

    def number(self, value: Fraction | int) -> str:
        """Returns a whole number with its thousands set apart."""

    def decimal(self, value: Fraction, decimals: int) -> str:
        """Returns a number with so many decimals."""

    def share(self, value: Fraction, apart_from: Sequence[Fraction] = ()) -> str:
        """Returns a share in percent that is not rounded to any of the other values."""

    def date(self, value: datetime.date) -> str:
        """Returns a date in words."""


class Values:
    """Writes the values of one measure, with decimals enough for one answer, four at most.

    Args:
        measure: what is measured.
        values: values that the decimals tell apart.
        words: writes numbers and dates.
        sizes: values that the decimals do not round to nothing.
    """

    def __init__(
        self,
        measure: Measure,
        values: Iterable[Fraction | None],
        words: NumberWords,
        sizes: Iterable[Fraction | None] = (),
    ) -> None:
        self.measure = measure
        self.words = words
        self._decimals = 0
        if measure.kind != "count":
            scale = 100 if measure.kind == "share" else 1
            apart = {each * scale for each in values if each is not None}
            some = {abs(each) * scale for each in sizes if each}
            least = 2 if measure.unit == "usd" else 1
            self._decimals = next(
                (
                    each
                    for each in range(least, _MOST_DECIMALS)
                    if len({round(value, each) for value in apart}) == len(apart)
                    and all(round(size, each) for size in some)
                ),
                _MOST_DECIMALS,
            )

    def value(self, value: Fraction | None) -> str:
        """Returns a value: 38,410, 23.5, 52.0 %."""
        if value is None:
            return "–"
        if self.measure.kind == "count":
            return self.words.number(value)
        if self.measure.kind == "share":
            return f"{self.words.decimal(value * 100, self._decimals)}{_NO_BREAK}%"
        return self.words.decimal(value, self._decimals)

    def change(self, change: Fraction | None) -> str:
        """Returns a change with its sign: +2, −0.4; of a share in percentage points."""
        if change is None:
            return ""
        if not change:
            return "0"
        sign = "+" if change > 0 else "\N{MINUS SIGN}"
        return sign + self.size(change)

    def size(self, change: Fraction) -> str:
        """Returns a change without its sign."""
        size = abs(change)
        if self.measure.kind == "count":
            return self.words.number(size) if size.denominator == 1 else self.words.decimal(size, 1)
        if self.measure.kind == "share":
            return f"{self.words.decimal(size * 100, self._decimals)}{_NO_BREAK}points"
        return self.words.decimal(size, self._decimals)

    def percent(self, share: Fraction) -> str:
        """Returns a change over the first value, without its sign, in percent that are not rounded to none."""
        if not share:
            return f"0{_NO_BREAK}%"
        return self.words.share(abs(share), [Fraction(0)])


def name_span(span: Span, words: NumberWords) -> str:
    """Returns a span's name: November 2025, fiscal year 2026, through 7 February 2026."""
    if span.kind == "month":
        return f"{span.end:%B %Y}"
    if span.kind == "quarter" and span.start is not None:
        return f"{span.start:%B} to {span.end:%B %Y}"
    if span.kind == "fiscal_year":
        return f"fiscal year {fiscal_year_of(span.end)}"
    if span.kind == "so_far":
        return f"fiscal year {fiscal_year_of(span.end)} through {words.date(span.end)}"
    return f"{'on' if span.kind == 'day' else 'through'} {words.date(span.end)}"


def short_day(day: datetime.date) -> str:
    """Returns a day as 7 Feb 2026."""
    return f"{day.day} {day:%b %Y}"


def counted_through(figure: MeasuredFigure) -> str:
    """Returns the last day that a figure counts as one cell: 7 Feb 2026, about 11 Jun 2021."""
    return ("" if is_day_known(figure) else "about ") + short_day(figure.through_date)


def short_span(span: Span) -> str:
    """Returns a span as one cell: 2025-11, 2026-Q1, 2026, 7 Feb 2026."""
    name, value = name_asked(span.kind, span.end)
    return short_day(span.end) if name == "on" else value


def published(release: KnownRelease) -> str:
    """Returns the days between which a release came out: 8–9 Jan 2026."""
    first, last = release.published_from, release.published_to
    if first is None or last is None:
        if first is not None:
            return f"from {short_day(first)}"
        return "undated" if last is None else f"by {short_day(last)}"
    if first == last:
        return short_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}\N{EN DASH}{short_day(last)}"
    start = f"{first.day} {first:%b}" if first.year == last.year else short_day(first)
    return f"{start} \N{EN DASH} {short_day(last)}"


def summarise_history(history: History, values: Values) -> list[str]:
    """Returns what a history comes to, in sentences: how many releases, how far apart, how often restated."""
    releases = len({each.figure.release.release for each in history.rows})
    settled = history.settled
    said = [_releases(history, releases)]
    first, latest = history.first, history.latest
    if first is None or latest is None:
        standing = [each for each in history.rows if each.stands]
        if standing:
            last = standing[-1]
            about = "" if is_day_known(last.figure) else "about "
            day = about + values.words.date(last.figure.through_date)
            said.append(f"The latest counts {values.value(last.value)} through {day}.")
    elif len(settled) == 1:
        said.append(f"It says {values.value(first.value)}; there is nothing to hold it to.")
    else:
        said.append(_range(history, first, latest, values))
    restated = history.restatements
    if restated or len(settled) > 1:
        said.append("Never restated." if not restated else f"Restated {_times(restated)}.")
    redefined = history.redefined_by
    if redefined is not None:
        said.append(
            f"Since {redefined.figure.release.release} the table is split into other parts, and may count something "
            "else; what came before is left out of this."
        )
    aside = [each for each in history.rows if not each.stands]
    if aside:
        named = [f"{each.figure.release.release} ({HOW[each.how]})" for each in aside]
        said.append(f"Set aside: {', '.join(named)}.")
    return said


def _releases(history: History, releases: int) -> str:
    one = f"{releases} release{'s' if releases > 1 else ''}"
    if not history.span.can_be_unfinished:
        return f"{one}."
    whole = len({each.figure.release.release for each in history.settled})
    counting = {0: "none", releases: "all" if releases > 1 else "which does"}.get(whole, str(whole))
    kind = history.span.kind.replace("_", " ")
    if counting == "which does":
        return f"{one}, counting the whole {kind}."
    return f"{one}, {counting} counting the whole {kind}."


def _range(history: History, first: PrintedValue, latest: PrintedValue, values: Values) -> str:
    change, share = history.change, history.share_of_change
    moved = values.change(change)
    if change and share:
        moved += f", {values.percent(share)}"
    text = f"First {values.value(first.value)}, latest {values.value(latest.value)} ({moved})"
    if (
        history.lowest is not None
        and history.highest is not None
        and history.lowest.value != history.highest.value
    ):
        low, high = values.value(history.lowest.value), values.value(history.highest.value)
        text += f", between {low} and {high}"
    return f"{text}."


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
