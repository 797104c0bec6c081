"""What a record says of its files and figures, in the language of a page.

A record keeps a finding, and a note on a file, as the English sentence that the terminal and CSV give. It was made of
a message and values (`errors.Worded`); here the message is found again, and with it the values, which another language
fills into its own. What no message made, such as a released file's own words, stays English.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from recount.declare.charting import load_charting, texts_of
from recount.errors import Worded
from recount.site.shell import Shell
from recount.site.words import messages_of

_FILE = "findings.po"
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_LOOKS: dict[str, str] = {
    "cell": r".+![A-Z]+\d+",
    "there": r".+![A-Z]+\d+",
    "day": r"\d{4}-\d\d-\d\d",
    "year": r"\d{4}",
    "value": r"[\d.,]+",
    "number": r"[\d.,]+",
    "dimension": r"\w+",
    "statistic": r"\w+",
    "figure": r"\w+",
    "table": r"\w+",
    "column": r"\w+",
    "code": r"\w+",
}
"""What is filled in under a name looks so; anything else may hold any text."""
_NESTED = ("what", "cells")
"""Names under which a sentence or a list of its own is filled in."""
_SENTENCES = "why"
"""The name under which reasons of the catalog are filled in, one after the other."""


class Told:
    """Says sentences of a record in the language of a shell."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.words = shell.site_words
        self._labels = _labels(shell)

    def said(self, text: str) -> Markup:
        """Returns a sentence; on a page in Spanish, English is marked as such where no message made it."""
        spoken = text if self.shell.language == "en" else self.spoken(text)
        return Markup('<span lang="en">{}</span>').format(text) if spoken is None else escape(spoken)

    def spoken(self, text: str) -> str | None:
        """Returns a sentence in the language of the shell; `None` where no message made it."""
        made = message_of(text)
        if made is None:
            return self.words.gettext(text) if self.words.speaks(text) else None
        filled_in = {}
        for name, value in made.values.items():
            said = self._value(name, value)
            if said is None:
                return None
            filled_in[name] = said
        return self.words.gettext(made.message, **filled_in)

    def _value(self, name: str, value: str) -> str | None:
        if name in _NESTED:
            return self.spoken(value) or value
        if name == _SENTENCES:
            return self._sentences(value)
        return self._labels.get((name, value), value)

    def _sentences(self, text: str) -> str | None:
        """Returns reasons in the language of the shell: the whole, or the parts that catalogs know."""
        if self.words.speaks(text):
            return self.words.gettext(text)
        for end in (each.end() for each in re.finditer(r"[.!?](?= )", text)):
            if self.words.speaks(text[:end]):
                rest = self._sentences(text[end + 1 :])
                return None if rest is None else f"{self.words.gettext(text[:end])} {rest}"
        return None


@functools.lru_cache(maxsize=4096)
def message_of(text: str) -> Worded | None:
    """Returns a sentence with the message and the values that it was made of; `None` where none of ours made it.

    Of several messages that could have, the one with the most words of its own did.
    """
    for message, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            return Worded(message, **found.groupdict())
    return None


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    messages = sorted(messages_of(_FILE), key=lambda each: (-len(_PLACEHOLDER.sub("", each)), each))
    return tuple((each, re.compile("".join(_parts(each)), re.DOTALL)) for each in messages)


def _parts(message: str) -> Iterator[str]:
    seen: set[str] = set()
    end = 0
    for each in _PLACEHOLDER.finditer(message):
        name = each[1]
        yield re.escape(message[end : each.start()])
        yield f"(?P={name})" if name in seen else f"(?P<{name}>{_LOOKS.get(name, '.+?')})"
        seen.add(name)
        end = each.end()
    yield re.escape(message[end:])


def _labels(shell: Shell) -> dict[tuple[str, str], str]:
    """Returns names of figures and dimensions in words, by what they are filled in as."""
    catalog, language = shell.words.catalog, shell.language
    found: dict[tuple[str, str], str] = {}
    for name, codes in (("statistic", "detention_statistics_figures"), ("figure", "figures")):
        for each in catalog.codes[codes].codes:
            found[name, each.code] = f"{each.label.in_language(language)} ({each.code})"
    texts = texts_of(load_charting(catalog), language)
    for prefix, said in (
        ("dimension_", texts),
        ("chart_dimension_", catalog.messages[language].messages),
    ):
        for key, words in said.items():
            if key.startswith(prefix):
                found["dimension", key.removeprefix(prefix)] = words
    return found
