"""What pages say, in English and in Spanish: messages of the gettext catalogs, read when they are first needed.

A message is its English sentence. The Spanish ones stand in `locales/es/*.po`, one file for each part of the
faces: the pages' own, Explore's, the API's, and those texts of the catalog that are declared in English alone.
"""

from __future__ import annotations

import functools
import gettext
import io
from collections.abc import Callable
from importlib import resources

from babel.messages.catalog import Catalog as Messages
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from recount.declare.text import Language
from recount.errors import CatalogError, Worded

_DIMENSIONS = ("dimension", "dimensions", "others")
_SAID = ("kind", "what")
"""What is filled in under these names is a dimension, or words of a catalog of messages."""


class SiteWords:
    """Messages in one language.

    A message without a Spanish one stays English: a user's own catalog may be in English alone. That no message
    of the package lacks one is held by a test.
    """

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._translated = gettext.NullTranslations() if language == "en" else _spanish()
        self._known = frozenset[str]() if language == "en" else _known_messages()

    def gettext(self, message: str, **filled_in: object) -> str:
        """Returns a message, its `%(name)s` filled in where any is given."""
        said = self._translated.gettext(message)
        return said % filled_in if filled_in else said

    def ngettext(self, one: str, many: str, count: int, **filled_in: object) -> str:
        """Returns the message for so many of something; `%(num)s` is the count, unless another is given."""
        return self.plural(one, many, count) % {"num": count, **filled_in}

    def plural(self, one: str, many: str, count: int) -> str:
        """Returns the form of a message for so many, nothing filled in."""
        return self._translated.ngettext(one, many, count)

    def worded(self, text: str, named: Callable[[str], str] = str) -> str | None:
        """Returns a sentence of an error in this language; `None` where it is not written in it.

        Args:
            text: the sentence, `Worded` or whole.
            named: gives a dimension as the face calls it; without it, as addresses and commands do.
        """
        if not self.speaks(text.message if isinstance(text, Worded) else text):
            return None
        if not isinstance(text, Worded) or not text.values:
            return self.gettext(str(text))
        filled_in = {name: self._filled_in(name, value, named) for name, value in text.values.items()}
        return self.gettext(text.message, **filled_in)

    def _filled_in(self, name: str, value: str, named: Callable[[str], str]) -> str:
        if name in _DIMENSIONS:
            return ", ".join(named(each) for each in value.split(", "))
        if name not in _SAID:
            return value
        said = self.worded(value, named)
        # A kind that no message names is a dimension: what a place or a code is looked for as.
        return named(value) if said is None or said == value else said

    def speaks(self, message: str) -> bool:
        """Returns whether a message is in this language: English always is."""
        return self.language == "en" or message in self._known


@functools.cache
def messages_of(file: str) -> tuple[str, ...]:
    """Returns the messages of one file of `locales/es`, in its order."""
    content = (resources.files("recount.site") / "locales" / "es" / file).read_bytes()
    return tuple(str(each.id) for each in read_po(io.BytesIO(content), locale="es") if each.id)


@functools.cache
def _messages() -> Messages:
    """Every Spanish message, of all files together.

    Raises:
        CatalogError: where two files say the same message otherwise.
    """
    folder = resources.files("recount.site") / "locales" / "es"
    together = Messages(locale="es")
    said_in: dict[object, str] = {}
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if not file.name.endswith(".po"):
            continue
        for each in read_po(io.BytesIO(file.read_bytes()), locale="es"):
            if not each.id or not each.string:
                continue
            before = together.get(each.id)
            if before is not None and before.string != each.string:
                raise CatalogError(
                    f"Two files say the same message otherwise: {each.id!r}.",
                    [("in", f"{said_in[each.id]} and {file.name}"), ("fix", "give both the same Spanish")],
                )
            said_in[each.id] = file.name
            together.add(each.id, each.string, flags=each.flags)
    return together


@functools.cache
def _spanish() -> gettext.GNUTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, _messages())
    return gettext.GNUTranslations(io.BytesIO(compiled.getvalue()))


@functools.cache
def _known_messages() -> frozenset[str]:
    ids = [each.id for each in _messages() if each.id and not each.fuzzy]
    return frozenset(each if isinstance(each, str) else each[0] for each in ids)
