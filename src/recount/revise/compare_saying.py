"""The words and numbers of a comparison in one language, from the texts of `comparing.yml`."""

from __future__ import annotations

from fractions import Fraction

from recount.declare.catalog import Catalog
from recount.declare.comparing import load_comparing
from recount.declare.tables import CodeList
from recount.revise.compare_findings import Comparison
from recount.revise.compare_phrases import SpokenWords, label_of
from recount.revise.phrases import short_span
from recount.revise.spans import Span, name_asked

NOTHING = "–"
_MINUS = "\N{MINUS SIGN}"
MOST_DECIMALS = 4
_WORDS = ("rows", "filled")


class Saying:
    """Says what a comparison finds in the language of its words."""

    def __init__(self, comparison: Comparison, catalog: Catalog, words: SpokenWords) -> None:
        self.comparison = comparison
        self.catalog = catalog
        self.words = words
        comparing = load_comparing(catalog)
        self.comparing = comparing
        self.labels_shown = comparing.labels_shown
        self.restated_shown = comparing.restated_shown

    def say(self, text: str, **filled_in: object) -> str:
        """Returns a text of the catalog, its names filled in."""
        return self.comparing.say(text, self.words.language, **filled_in)

    def count(self, number: int, noun: str) -> str:
        """Returns a number with its noun: 1 table, 2 tables."""
        return self.say(f"{'one' if number == 1 else 'many'}_{noun}", count=self.words.number(number))

    def label(self, codes: CodeList | None, code: str) -> str:
        """Returns the label of a code."""
        return label_of(codes, code, self.words.language)

    def span(self, span: Span) -> str:
        """Returns a span as one cell."""
        if self.words.language != "en" and name_asked(span.kind, span.end)[0] == "on":
            return self.words.date(span.end)
        return short_span(span)

    def heads(self, *names: str) -> tuple[str, ...]:
        """Returns the headings of a table."""
        return tuple(each if each in ("", "a", "b") else self.say(f"head_{each}") for each in names)

    def number(self, value: int | str | None) -> str:
        """Returns a number, a text as it is, or a dash for nothing."""
        if isinstance(value, int):
            return self.words.number(value)
        return NOTHING if value is None else value

    def signed(self, value: Fraction | int | None, decimals: int | None = None) -> str:
        """Returns a difference with its sign."""
        if value is None:
            return NOTHING
        exact = Fraction(value)
        size = abs(exact)
        text = self.words.number(size) if decimals is None else self.words.decimal(size, decimals)
        if not exact:
            return text
        if decimals is not None:
            # A small difference is not rounded to none.
            enough = (each for each in range(decimals, MOST_DECIMALS) if round(size, each))
            text = self.words.decimal(size, next(enough, MOST_DECIMALS))
        return ("+" if exact > 0 else _MINUS) + text

    def percent(self, share: Fraction | None) -> str:
        """Returns a share in percent, or a dash for none."""
        return NOTHING if share is None else self.words.share(share)

    def change_share(self, share: Fraction | None) -> str:
        """Returns a change as a signed share, nothing where there is none."""
        if share is None:
            return ""
        if not share:
            return self.words.share(share)
        return ("+" if share > 0 else _MINUS) + self.words.share(abs(share))

    def held(self, value: int | str | None) -> str:
        """What a release has: a number, a word of this comparison, or a text as recorded."""
        return self.say(f"schema_{value}") if value in _WORDS else self.number(value)
