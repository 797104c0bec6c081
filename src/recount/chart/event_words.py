"""Words on charts of individual records: parts, spans, readings and values, from the catalog."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator, Mapping
from fractions import Fraction

from recount.chart.event_figures import EventFigure, EventPoint
from recount.chart.points import capital
from recount.chart.scales import say_month, say_short_day
from recount.claim.rate_words import denominator_of, per_text, rate_text, rate_tick
from recount.claim.words import Words
from recount.declare.charting import Charting, texts_of
from recount.declare.denominators import Denominator
from recount.declare.event_measures import PERIODS
from recount.errors import CatalogError
from recount.measure.event_answer import EventAnswer
from recount.measure.event_cells import WITHIN_DAYS
from recount.measure.event_periods import Period

_CENTURY = 100
_WORD_STEM = 8
YEARS = ("fiscal_year", "calendar_year")


class EventWords:
    """Says things about one answer, in one language."""

    def __init__(self, answer: EventAnswer, words: Words, charting: Charting) -> None:
        self.answer = answer
        self.words = words
        self.charting = charting
        self._texts = texts_of(charting, words.language)

    def say(self, key: str, **filled_in: object) -> str:
        """Returns a text of `charting.yml`, its names filled in."""
        if key not in self._texts:
            raise CatalogError(f"There is no text {key!r}.", [("fix", "add it to charting.yml")])
        return self._texts[key].format(**filled_in)

    def dimension(self, name: str) -> str:
        """Returns a dimension's name in words; one of a user's own catalog as it is written there."""
        key = f"chart_dimension_{name}"
        known = self.words.catalog.messages[self.words.language].messages
        own = f"dimension_{name}"
        if own in self._texts:
            return self.say(own)
        return self.words.say(key) if key in known else name.replace("_", " ")

    def part(self, name: str, given: str | None) -> str:
        """Returns the label of a part: a code, a group, a band of ages or a text."""
        if given is None:
            return self.say("missing")
        if name == WITHIN_DAYS:
            return self.say("within_days", days=given)
        dimension = self.answer.measure.dimensions.get(name)
        if dimension is None or dimension.grouped:
            key = f"group_{given}"
            return self.say(key) if key in self._texts else given.replace("_", " ")
        events = self.words.catalog.events
        codes = events.tables[self.answer.measure.table].field(dimension.column).codes
        if codes is None:
            return given
        known = {each.code: each.label.in_language(self.words.language) for each in events.codes[codes].codes}
        return known.get(given, given)

    def condition(self, name: str, given: str) -> str:
        """Returns what a dimension is limited to: a part, a list of parts, all but some, or a range as given."""
        is_not = given.startswith("!=")
        bare = given.removeprefix("!=")
        names = [self.part(name, each) for each in next(csv.reader([bare]), [bare])]
        said = self.words.listing(names) if names else bare
        return self.say("not", parts=said) if is_not else said

    def release(self, figure: EventFigure) -> str:
        """Returns a release's title, marked where it is made up."""
        title = figure.release.title.in_language(self.words.language)
        is_said = self.say("synthetic")[:_WORD_STEM] in title
        return self.say("synthetic_name", name=title) if figure.is_synthetic and not is_said else title

    def period(self, period: Period, *, is_short: bool = False) -> str:
        """Returns a span of time in words: FY2018 (in little room FY18), October 2015, Q1 2016."""
        if period.kind == "fiscal_year":
            year = f"{period.number % _CENTURY:02d}" if is_short else period.number
            return self.words.say("chart_fiscal_year", year=year)
        if period.kind == "month":
            return say_month(period.start, self.words.language)
        if period.kind == "quarter":
            year, _, part = period.label.partition("-Q")
            return self.say("quarter", part=part, year=year)
        administration = getattr(period, "administration", None)
        if administration is not None:
            return str(administration.label.in_language(self.words.language))
        return period.label

    def far(self, figure: EventFigure, *, is_short: bool = False) -> str:
        """Returns how far a span is covered that a release does not cover whole; short, without the year."""
        period = figure.period
        if period is None or figure.start is None or figure.through_date is None:
            return self.say("not_covered")
        said = []
        date = (lambda day: say_short_day(day, self.words.language)) if is_short else self.words.date
        if figure.start != period.start:
            said.append(self.say("from", date=date(figure.start)))
        if figure.through_date != period.last:
            said.append(self.say("to", date=date(figure.through_date)))
        return " ".join(said)

    def when(self, figure: EventFigure) -> str:
        """Returns the span that a figure counts, and how far it is covered."""
        if figure.period is None:
            return ""
        span = self.period(figure.period)
        far = self.far(figure) if figure.is_partial else ""
        return self.say("partial", span=span, far=far) if far else span

    def days(self, first: datetime.date, last: datetime.date) -> str:
        """Returns a span of days."""
        return self.say("span", first=self.words.date(first), last=self.words.date(last))

    def reading(self, reading: Mapping[str, str]) -> str:
        """Returns the options of a reading that bear on the question, in words."""
        return ", ".join(
            fork.option(reading[fork.fork]).label.in_language(self.words.language)
            for fork in self.answer.measure.forks
            if self._bears(fork.fork)
        )

    def _bears(self, name: str) -> bool:
        """Returns whether a fork bears on the question: columns only where it names what they stand for."""
        asked, measure = self.answer.asked, self.answer.measure
        fork = next(each for each in measure.forks if each.fork == name)
        if fork.kind != "column":
            return True
        named = {*asked.by, *(each.name for each in asked.where), *measure.where, *measure.counts}
        named |= {each for other in measure.forks for option in other.options for each in option.where}
        if any(option.date is not None for option in fork.options) and named & {*PERIODS, "date"}:
            return True
        return any(each in named for option in fork.options for each in option.columns)

    def option(self, name: str) -> str:
        """Returns the label of an option of a fork, in quotes; other names as dimensions."""
        for fork in self.answer.measure.forks:
            for each in fork.options:
                if each.option == name:
                    label = each.label.in_language(self.words.language)
                    return self.say("option", label=label)
        return self.dimension(name)

    def absences(self) -> Iterator[str]:
        """Yields what releases cannot answer, one sentence for what is alike in several of them."""
        missing: dict[tuple[str, str], dict[str, None]] = {}
        for each in self.answer.absent:
            names = dict.fromkeys(self.option(one) for one in each.missing)
            missing.setdefault((each.release, each.because), {}).update(names)
        alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for (release, because), named in missing.items():
            alike.setdefault((because, tuple(named)), []).append(release)
        for (because, named_alike), releases in alike.items():
            listed = self.words.listing(releases)
            yield self.say(f"absent_{because}", release=listed, missing=self.words.listing(named_alike))

    @property
    def is_share(self) -> bool:
        """Whether values are shares between 0 and 1."""
        return self.answer.measure.kind in ("share", "duration") or self.answer.asked.per is not None

    @property
    def rate_of(self) -> Denominator | None:
        """What counts are drawn per 100,000 of, where the question asks it."""
        return denominator_of(self.answer.asked.question.per, self.words)

    def with_rate(self, text: str) -> str:
        """Returns a text with what rates are per behind it, where rates are drawn."""
        return text if self.rate_of is None else f"{text} {per_text(self.rate_of, self.words)}"

    def tick(self, value: Fraction) -> str:
        """Returns a round value of a scale, or the end of a class."""
        if self.rate_of is not None:
            return rate_tick(value, self.words)
        return self.words.threshold(value) if self.is_share else self.words.number(value)

    def number(self, value: Fraction) -> str:
        """Returns a value of the answer: a count, a share in percent, a mean, a rate."""
        if self.rate_of is not None:
            return rate_text(value, self.words)
        if self.is_share:
            return self.words.share(value)
        if self.answer.measure.kind == "population":
            return self.words.decimal(value, 1)
        return self.words.number(value)

    def short_value(self, point: EventPoint) -> str:
        """Returns a value as it stands beside its mark, or what it could be where there is none."""
        if point.value is not None:
            return self.number(point.value)
        if point.low is None or point.high is None:
            return self.say("no_value") if self.rate_of is None else self.words.say("rate_none")
        return self.say("only_could_be", low=self.number(point.low), high=self.number(point.high))

    def of(self, figure: EventFigure) -> str:
        """Returns the integers behind a share: 2,352 of 2,745."""
        if figure.kind in ("share", "part", "rate") and figure.denominator:
            return self.say(
                "of",
                numerator=self.words.number(figure.numerator),
                denominator=self.words.number(figure.denominator),
            )
        if figure.kind == "duration" and figure.outcomes and figure.denominator:
            return self.say(
                "of",
                numerator=self.words.number(next(iter(figure.outcomes.values()))),
                denominator=self.words.number(figure.denominator),
            )
        return ""

    def long_value(self, point: EventPoint) -> str:
        """Returns a value with the integers behind it, and its bounds or the spread over readings."""
        value = self.short_value(point)
        of = self.of(point.figure)
        if point.value is None or point.low is None or point.high is None:
            return value
        if of:
            value = self.say("with_of", value=value, of=of)
        if not point.is_bounded:
            return value
        key = "spread" if point.is_spread else "could_be" if self.is_share else "at_most"
        return self.say(key, value=value, low=self.number(point.low), high=self.number(point.high))

    def name(self, point: EventPoint) -> str:
        """Returns what a mark is of: its part and its span."""
        parts = [point.block, point.series.panel, point.series.name or point.name, self.when(point.figure)]
        return ", ".join(dict.fromkeys(each for each in parts if each)) or capital(
            self.answer.measure.title.in_language(self.words.language)
        )

    def hover(self, point: EventPoint) -> str:
        """Returns what a mark says of itself."""
        return self.say(
            "hover",
            name=self.name(point),
            value=self.long_value(point),
            release=point.figure.release.release,
        )
