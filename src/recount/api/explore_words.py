"""What Explore says: names of dimensions, codes, spans, readings and values, in the language of its page."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction

from recount.api.explore_address import PLACES
from recount.ask.row_labels import RATE
from recount.chart.scales import say_month
from recount.claim.rate_words import rate_text
from recount.claim.words import Words
from recount.declare.charting import load_charting, texts_of
from recount.declare.event_measures import EventMeasure
from recount.declare.interval import Interval
from recount.declare.measures import Measure
from recount.declare.sources import KnownRelease
from recount.measure.event_answer import EventRow
from recount.measure.event_conditions import TIMES
from recount.measure.event_periods import ADMINISTRATION, Period
from recount.measure.figures import MeasuredFigure
from recount.measure.spread import Reached
from recount.measure.statistics import MONTH, TOTAL, code_list_of
from recount.site.shell import Shell

AnyMeasure = Measure | EventMeasure
_HUNDRED = 100


class ExploreWords:
    """Says things in the language of a shell."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.gettext = shell.gettext
        self.ngettext = shell.ngettext
        self.words: Words = shell.words
        self._texts = texts_of(load_charting(shell.words.catalog), shell.language)
        self._own = self._own_names()

    def _own_names(self) -> dict[str, str]:
        gettext = self.gettext
        return {
            "departure_country": gettext("country of departure"),
            "detainer_type": gettext("type of detainer"),
            "event_type": gettext("type of encounter"),
            "jail": gettext("jail"),
            "lift_reason": gettext("why it was lifted"),
            "port": gettext("port of departure"),
            "release": gettext("release"),
            "through_date": gettext("day it counts through"),
            "date": gettext("date"),
            "departed_date": gettext("day of departure"),
            "single_events": gettext("single events"),
            "within_days": gettext("within days"),
        }

    # Names

    def sentence(self, text: str) -> str | None:
        """Returns a sentence of an error with dimensions in words; `None` where it is not written in this language."""
        return self.shell.site_words.worded(text, self.dimension)

    def dimension(self, name: str) -> str:
        """Returns a dimension in words; one of a user's own catalog as it is written there."""
        if name in self._own:
            return self._own[name]
        if f"dimension_{name}" in self._texts:
            return self._texts[f"dimension_{name}"]
        key = f"chart_dimension_{name}"
        known = self.words.catalog.messages[self.words.language].messages
        return self.words.say(key) if key in known else name.replace("_", " ")

    def heading(self, name: str) -> str:
        """Returns a dimension in words, as a heading begins."""
        said = self.dimension(name)
        return said[:1].upper() + said[1:]

    def part(self, measure: AnyMeasure, name: str, code: str | None) -> str:
        """Returns one part of a dimension in words: a code, a group, a span or a text."""
        if code is None:
            return self._texts["missing"]
        if code == TOTAL:
            return self.gettext("Total")
        if name in TIMES:
            return self.span(name, code)
        if isinstance(measure, Measure):
            return self._printed_part(measure, name, code)
        dimension = measure.dimensions.get(name)
        if dimension is None or dimension.grouped:
            return self._texts.get(f"group_{code}", code.replace("_", " "))
        table = self.words.catalog.events.tables[measure.table]
        codes = table.field(dimension.column).codes
        if codes is not None:
            known = {
                each.code: each.label.in_language(self.words.language)
                for each in self.words.catalog.events.codes[codes].codes
            }
            return known.get(code, code)
        said = {"true": self.gettext("yes"), "false": self.gettext("no")}
        return said.get(code, code)

    def _printed_part(self, measure: Measure, name: str, code: str) -> str:
        catalog = self.words.catalog
        if name in ("state", "country"):
            codes = "states" if name == "state" else "countries"
        elif name in measure.dimensions:
            codes = code_list_of(catalog.tables[measure.table], name)
        else:
            return code
        known = {
            each.code: each.label.in_language(self.words.language) for each in catalog.codes[codes].codes
        }
        return known.get(code, code)

    def span(self, kind: str, text: str) -> str:
        """Returns a span of time in words, whatever it is: FY2018, October 2015, Trump (second)."""
        if kind == "fiscal_year" and text.isdecimal():
            return self.words.say("chart_fiscal_year", year=text)
        if kind == MONTH:
            try:
                return say_month(datetime.date.fromisoformat(f"{text}-01"), self.words.language)
            except ValueError:
                return text
        return text

    def period(self, period: Period) -> str:
        """Returns a span that a row is of."""
        if period.kind == ADMINISTRATION and period.administration is not None:
            return str(period.administration.label.in_language(self.words.language))
        return self.span(period.kind, period.label)

    def far(self, row: EventRow) -> str:
        """Returns how far a span is covered that a release does not cover whole."""
        period = row.period
        if period is None or row.start is None or row.through is None:
            return self._texts["not_covered"]
        said = []
        if row.start != period.start:
            said.append(self._texts["from"].format(date=self.words.date(row.start)))
        if row.through != period.last:
            said.append(self._texts["to"].format(date=self.words.date(row.through)))
        return " ".join(said)

    def limit(self, measure: AnyMeasure, name: str, text: str, items: tuple[str, ...]) -> str:
        """Returns what a dimension is limited to, in words."""
        if items and name not in TIMES:
            return self.words.listing([self.part(measure, name, each) for each in items])
        operators = {
            "!=": self.gettext("not %(what)s"),
            ">=": self.gettext("from %(what)s on"),
            "<=": self.gettext("up to %(what)s"),
            ">": self.gettext("after %(what)s"),
            "<": self.gettext("before %(what)s"),
        }
        for operator, said in operators.items():
            if text.startswith(operator):
                return said % {"what": self._span_or_list(measure, name, text.removeprefix(operator))}
        return self._span_or_list(measure, name, text)

    def _span_or_list(self, measure: AnyMeasure, name: str, text: str) -> str:
        first, dots, last = text.partition("..")
        if dots:
            return self.gettext(
                "%(first)s to %(last)s",
                first=self.part(measure, name, first.strip()),
                last=self.part(measure, name, last.strip()),
            )
        items = [text] if name in PLACES else text.split(",")
        return self.words.listing([self.part(measure, name, each.strip().strip('"')) for each in items])

    def unit(self, measure: AnyMeasure) -> str:
        """Returns what a measure counts, in one word."""
        if isinstance(measure, EventMeasure) and measure.kind != "population":
            return self._texts[f"unit_{measure.unit}"]
        return self.words.say(f"chart_unit_{measure.unit}")

    def release(self, release: KnownRelease) -> str:
        """Returns a release's title, and its name where that is another."""
        return release.title.in_language(self.words.language)

    def why(self, why: str) -> str:
        """Returns why rows are not known to count: missing, redacted, suppressed."""
        return self._texts[f"short_{why}"]

    def pooled(self) -> str:
        """Returns what stands for parts too small to show."""
        return self._texts["pooled"]

    def fork(self, measure: AnyMeasure, name: str) -> str:
        """Returns the choice that a fork is, in words."""
        return next(
            (each.question.in_language(self.words.language) for each in measure.forks if each.fork == name),
            name,
        )

    def option(self, measure: AnyMeasure, fork: str, option: str) -> str:
        """Returns an option of a fork in words."""
        return next(
            (
                one.label.in_language(self.words.language)
                for each in measure.forks
                if each.fork == fork
                for one in each.options
                if one.option == option
            ),
            option,
        )

    def reading(self, measure: AnyMeasure, reading: Mapping[str, str]) -> str:
        """Returns the options of a reading that differ from the default, or that it is the default."""
        taken = [
            self._texts["option"].format(label=self.option(measure, each.fork, reading[each.fork]))
            for each in measure.forks
            if reading.get(each.fork, each.default) != each.default
        ]
        return self.words.listing(taken) if taken else self.gettext("the default reading")

    # Values

    def value(self, value: Fraction, kind: str) -> str:
        """Returns a number as the measure's kind says: a count, a share in percent, a mean with one decimal."""
        if kind == RATE:
            return rate_text(value, self.words)
        if kind in ("share", "duration"):
            return self.words.share(value)
        return self.words.number(value) if kind == "count" else self.words.decimal(value, 1)

    def reached(self, reached: Reached | None, kind: str) -> str:
        """Returns what one side or one reading comes to."""
        if reached is None:
            return "–"
        if reached.value is None:
            if reached.bounds is None:
                return "–"
            return (
                self.bounds(reached.bounds, kind)
                if kind == RATE
                else self.words.interval(reached.bounds, kind)
            )
        return self.value(reached.value, kind)

    def difference(self, value: Fraction, kind: str) -> str:
        """Returns a difference with its sign; of shares in percentage points."""
        sign = "+" if value > 0 else "−" if value < 0 else ""
        if kind == "share":
            points = self.words.decimal(abs(value) * _HUNDRED, 1)
            return sign + self.gettext("%(number)s pp", number=points)
        return sign + self.value(abs(value), kind)

    def bounds(self, bounds: Interval | None, kind: str, *, signed: bool = False) -> str:
        """Returns bounds as "low to high"; nothing where they are one number, or none."""
        if bounds is None or bounds.low is None or bounds.high is None or bounds.is_point:
            return ""
        said = self.difference if signed else self.value
        return self.gettext(
            "%(first)s to %(last)s", first=said(bounds.low, kind), last=said(bounds.high, kind)
        )

    def span_of_figure(self, figure: MeasuredFigure, by: tuple[str, ...]) -> str:
        """Returns the span of a printed figure in words."""
        day = self.words.through(figure)
        if MONTH in by and figure.period_start is not None:
            month = say_month(figure.period_start, self.words.language)
            is_whole = (figure.through_date + datetime.timedelta(days=1)).day == 1
            return month if is_whole else f"{month} ({self._texts['to'].format(date=day)})"
        if "fiscal_year" in by and figure.fiscal_year is not None:
            year = self.words.say("chart_fiscal_year", year=figure.fiscal_year)
            if figure.period == "snapshot":
                return f"{year} ({self.words.counted_through(figure)})"
            return f"{year} ({self._texts['to'].format(date=day)})"
        return day
