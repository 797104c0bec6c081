"""Messages, numbers and dates in one language."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Sequence
from fractions import Fraction
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from recount.claim.record_figures import PLACE_KIND, RecordFigure
from recount.declare.catalog import Catalog
from recount.declare.interval import Interval
from recount.declare.measures import Measure
from recount.declare.text import Language
from recount.errors import CatalogError
from recount.measure.figures import MeasuredFigure
from recount.measure.places import Place
from recount.measure.statistics import TOTAL, code_list_of

if TYPE_CHECKING:
    from recount.declare.event_measures import EventMeasure

# US readers: Spanish here writes 1,234.5 as English does.
_LOCALES: dict[Language, str] = {"en": "en_US", "es": "es_US"}
_DATES: dict[Language, str] = {"en": "d MMMM y", "es": "d 'de' MMMM 'de' y"}
_MONTHS: dict[Language, str] = {"en": "MMMM y", "es": "MMMM 'de' y"}
_NO_BREAK = "\N{NO-BREAK SPACE}"
_MOST_DECIMALS = 12
_NEVER_BELOW_ZERO = ("count", "share", "mean")
Item = TypeVar("Item")


class Words:
    """Says things in one language, from the catalog's messages."""

    def __init__(self, catalog: Catalog, language: Language) -> None:
        self.catalog = catalog
        self.language: Language = language
        self._messages = catalog.messages[language].messages

    def say(self, message: str, **filled_in: object) -> str:
        """Returns the message, its names filled in.

        Raises:
            CatalogError: where the language has no such message.
        """
        if message not in self._messages:
            raise CatalogError(
                f"There is no message {message!r}.",
                [
                    (
                        "fix",
                        f"add it to messages/{self.language}.yml of the catalog, and to the other language",
                    )
                ],
            )
        return self._messages[message].format(**filled_in)

    def number(self, value: Fraction | int) -> str:
        """Returns a whole number with its thousands set apart; a fraction to the nearest half at most."""
        exact = Fraction(value)
        shown = int(exact) if exact.denominator == 1 else float(exact)
        return _format_number(shown, "#,##0.###", self.language)

    def decimal(self, value: Fraction, decimals: int) -> str:
        """Returns a number with so many decimals, rounded half up."""
        rounded = _round_half_up(value, decimals)
        pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
        return _format_number(rounded.numerator / rounded.denominator, pattern, self.language)

    def share(self, value: Fraction, apart_from: Sequence[Fraction] = ()) -> str:
        """Returns a share in percent, with one decimal, or as many as tell it from other values.

        Args:
            value: between 0 and 1.
            apart_from: values that it must not be rounded to or across, such as an asserted threshold.
        """
        percent = value * 100
        for decimals in range(1, _MOST_DECIMALS + 1):
            rounded = _round_half_up(percent, decimals)
            others = [each * 100 for each in apart_from if each != value]
            if all((rounded > each) == (percent > each) and rounded != each for each in others):
                break
        pattern = "#,##0." + "0" * decimals
        text = _format_number(rounded.numerator / rounded.denominator, pattern, self.language)
        return f"{text}{_NO_BREAK}%"

    def threshold(self, value: Fraction) -> str:
        """Returns an asserted share in percent, exactly and as short as it is: 50 %, 27.5 %.

        A share that no short decimal gives, such as a third, is rounded as any share is.
        """
        percent = value * 100
        for decimals in range(_MOST_DECIMALS + 1):
            if (percent * 10**decimals).denominator == 1:
                pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
                text = _format_number(percent.numerator / percent.denominator, pattern, self.language)
                return f"{text}{_NO_BREAK}%"
        return self.share(value)

    def date(self, value: datetime.date) -> str:
        """Returns a date in words: 30 June 2011, 30 de junio de 2011."""
        return _format_date(value, self.language)

    def month(self, value: datetime.date) -> str:
        """Returns the month of a day in words: March 2018, marzo de 2018."""
        return _format_date(value, self.language, _MONTHS[self.language])

    def through(self, figure: MeasuredFigure) -> str:
        """Returns the last counted day, and whether it is approximate."""
        if isinstance(figure, RecordFigure):
            return str(self.records.say_span(figure, self))
        date = self.date(figure.through_date)
        return self.say("approximately", date=date) if figure.through_precision == "approximate" else date

    def counted_through(self, figure: MeasuredFigure) -> str:
        """Returns the last counted day as a phrase: "through 30 June 2011", or "on" it for a snapshot.

        Of individual records it is the span of days: "in fiscal year 2018".
        """
        if isinstance(figure, RecordFigure):
            return str(self.records.say_within(figure, self))
        message = "on_day" if figure.period == "snapshot" else "through"
        message += "_approximately" if figure.through_precision == "approximate" else ""
        return self.say(message, date=self.date(figure.through_date))

    def value(
        self, figure: MeasuredFigure, *, inline: bool = False, apart_from: Sequence[Fraction] = ()
    ) -> str:
        """Returns a figure's value with its integers: "183 of 352 = 52.0 %"."""
        if isinstance(figure, RecordFigure):
            return str(self.records.say_record_value(figure, self))
        if figure.kind == "share" and figure.numerator is not None and figure.denominator is not None:
            return self.say(
                "value_share_inline" if inline else "value_share",
                numerator=self.number(figure.numerator),
                denominator=self.number(figure.denominator),
                share=self.share(Fraction(figure.numerator, figure.denominator), apart_from),
            )
        if figure.kind == "count" and figure.numerator is None:
            low, high = figure.interval.low, figure.interval.high
            if low is not None and high is not None:
                return self.say("value_about", value=self.number((low + high) / 2))
        return self.interval(figure.interval, figure.kind)

    def interval(
        self,
        interval: Interval,
        kind: str,
        *,
        asserted: bool = False,
        apart_from: Sequence[Fraction] = (),
    ) -> str:
        """Returns an interval in words. A share's end at one, and a count's at zero, go unsaid.

        Args:
            interval: the interval.
            kind: what it is in: `count`, `share`, `mean`, `ratio`, `change` (a share of a base) or `difference`.
            asserted: whether a statement asserts it; it is then written as exactly as it was said.
            apart_from: values that a shown share must not be rounded to or across.
        """
        low, high = interval.low, interval.high

        def show(end: Fraction) -> str:
            if kind == "ratio":
                return self.decimal(end, 2) if (end * 100).denominator != 1 else self.number(end)
            if kind not in ("share", "change"):
                return self.number(end)
            return self.threshold(end) if asserted or not interval.is_point else self.share(end, apart_from)

        if interval.is_point and low is not None:
            return self.say("value_exactly", value=show(low))
        if kind == "change" and low is not None and low <= -1:
            # Nothing that is counted falls by more than all of it.
            if high is None:
                return self.say("value_any")
            return self.say("value_below" if interval.high_open else "value_up_to", high=show(high))
        if high is None or (kind == "share" and high >= 1 and not interval.high_open):
            if low is None:
                return self.say("value_none")
            return self.say("value_above" if interval.low_open else "value_at_least", low=show(low))
        if low is None or (low == 0 and not interval.low_open and kind in _NEVER_BELOW_ZERO):
            return self.say("value_below" if interval.high_open else "value_up_to", high=show(high))
        message = {
            (False, False): "value_between",
            (True, False): "value_above_up_to",
            (True, True): "value_above_below",
            (False, True): "value_from_below",
        }[interval.low_open, interval.high_open]
        return self.say(message, low=show(low), high=show(high))

    def left_out(self, figure: MeasuredFigure) -> str:
        """Returns the sentence that names what a sum over jurisdictions lacks."""
        release = figure.release.leaves_out
        names = [
            release.in_language(self.language) if release is not None and each == release.en else each
            for each in figure.left_out
        ]
        jurisdictions = self.number(figure.jurisdictions)
        return self.say("sentence_left_out", jurisdictions=jurisdictions, names=self.listing(names))

    def flagged(self, figure: MeasuredFigure) -> str:
        """Returns the sentence that names the checks that mark a figure."""
        names = [self.say(f"flag_{each}") for each in figure.flags]
        return self.say("sentence_flagged", date=self.through(figure), flags=self.listing(names))

    def share_of(self, numerator: int, denominator: int) -> str:
        """Returns a share with its integers: "183 of 352 = 52.0 %"."""
        return self.say(
            "value_share",
            numerator=self.number(numerator),
            denominator=self.number(denominator),
            share=self.share(Fraction(numerator, denominator)),
        )

    @property
    def records(self) -> ModuleType:
        """What says things of individual records, which few claims rest on."""
        from recount.claim import record_words  # noqa: PLC0415  takes time to import

        return record_words

    def place(self, place: Place) -> str:
        """Returns a place's name; individual records are limited by conditions, and have none."""
        if place.kind == PLACE_KIND:
            return ""
        if place.kind == "jurisdiction":
            return place.name
        codes = "countries" if place.kind == "country" else "states"
        return self.catalog.codes[codes].label(place.code).in_language(self.language)

    def label(self, codes: str, code: str) -> str:
        """Returns the label of a code."""
        return self.catalog.codes[codes].label(code).in_language(self.language)

    def condition(self, measure: Measure | EventMeasure, dimension: str, code: str | None) -> str:
        """Returns a dimension with the code asked of it, as people say them; without one, all its codes together."""
        if not isinstance(measure, Measure) and code is not None:
            return str(self.records.say_condition(dimension, code, measure, self))
        key = f"chart_dimension_{dimension}"
        # A dimension of a user's own catalog has the name that is written there.
        name = self.say(key) if key in self._messages else dimension.replace("_", " ")
        if code is None or code == TOTAL or not isinstance(measure, Measure):
            return f"{name}: {self.say('chart_total')}"
        return f"{name}: {self.label(code_list_of(self.catalog.tables[measure.table], dimension), code)}"

    def listing(self, items: Sequence[str]) -> str:
        """Returns items as a list in a sentence."""
        from babel.lists import format_list  # noqa: PLC0415

        return str(format_list(list(items), locale=_LOCALES[self.language]))


@functools.lru_cache(maxsize=4096)
def _format_number(value: float, pattern: str, language: Language) -> str:
    from babel.numbers import format_decimal  # noqa: PLC0415  slow to import, and not always needed

    return str(format_decimal(value, pattern, locale=_locale(language)))


@functools.lru_cache(maxsize=4096)
def _format_date(value: datetime.date, language: Language, pattern: str | None = None) -> str:
    from babel.dates import format_date  # noqa: PLC0415

    return str(format_date(value, pattern or _DATES[language], locale=_locale(language)))


@functools.lru_cache(maxsize=4096)
def _locale(language: Language) -> Any:
    """The locale, parsed once: it is asked for with every number."""
    from babel import Locale  # noqa: PLC0415

    return Locale.parse(_LOCALES[language])


def _round_half_up(value: Fraction, decimals: int) -> Fraction:
    scale: int = 10**decimals
    return Fraction((value * scale * 2 + 1) // 2, scale)
