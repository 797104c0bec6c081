"""The shell of every page: one template environment with a language, addresses, numbers and dates.

The pages of the site, Explore and the API's own pages are all rendered by it, so they look and speak alike.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from fractions import Fraction
from importlib import resources

import jinja2
from markupsafe import Markup, escape

from recount.claim.words import Words
from recount.declare.catalog import Catalog, default_catalog
from recount.declare.text import LANGUAGES, Language, Text
from recount.site.addresses import address_of, relative
from recount.site.words import SiteWords

_OTHER: dict[Language, Language] = {"en": "es", "es": "en"}
_REPORT = "report/"


class Shell:
    """Renders templates in one language.

    Templates have `_`, `ngettext` and `{% trans %}`; `href(path)` and `in_other_language` for addresses; `say` for the
    catalog's messages; the filters `number`, `share`, `date` and `said`; and `language`, `path`, `server`.

    Args:
        language: of the pages.
        server: whether a server shows them: its own pages (Explore, the API) are then linked to.
        catalog: whose messages and labels are said; without it, the one that commands use.
        languages: those that the pages are in; only they are linked to.
    """

    def __init__(
        self,
        language: Language,
        *,
        server: bool,
        catalog: Catalog | None = None,
        languages: Sequence[Language] = LANGUAGES,
    ) -> None:
        self.languages = tuple(languages)
        self.language: Language = language
        self.server = server
        self.site_words = SiteWords(language)
        self.words = Words(catalog or default_catalog(to_answer=True), language)
        self._environment = self._make_environment()

    def gettext(self, message: str, **filled_in: object) -> str:
        """Returns a message of the pages."""
        return self.site_words.gettext(message, **filled_in)

    def ngettext(self, one: str, many: str, count: int, **filled_in: object) -> str:
        """Returns the message for so many of something; `%(num)s` is the count as the language writes it."""
        return self.site_words.ngettext(one, many, count, num=self.words.number(count), **filled_in)

    def said(self, text: Text | str) -> Markup:
        """Returns a text of the catalog in the shell's language; what is English alone is marked as English."""
        if isinstance(text, Text):
            return escape(text.in_language(self.language))
        if self.site_words.speaks(text):
            return escape(self.site_words.gettext(text))
        return Markup('<span lang="en">{}</span>').format(text)

    def address(self, to: str, start: str) -> str:
        """Returns the relative address of the path `to` on the page at the path `start`."""
        return relative(address_of(to, self.language), address_of(start, self.language))

    def render(self, template: str, path: str, **context: object) -> bytes:
        """Returns a page.

        Args:
            template: its name below `site/templates`, or `report/…` for one of the report's.
            path: the page's own, the same in both languages (`claims/index.html`): addresses are relative to it.
            context: what the template names beside the shell's own.
        """
        own = address_of(path, self.language)
        other = _OTHER[self.language]

        def href(to: str) -> str:
            return relative(address_of(to, self.language), own)

        text = self._environment.get_template(template).render(
            path=path,
            href=href,
            other_language=other,
            in_other_language=relative(address_of(path, other), own),
            **context,
        )
        return (text.rstrip("\n") + "\n").encode()

    def _make_environment(self) -> jinja2.Environment:
        environment = jinja2.Environment(
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            loader=jinja2.FunctionLoader(_read_template),
            extensions=["jinja2.ext.i18n"],
        )
        environment.install_gettext_callables(  # type: ignore[attr-defined]
            self.site_words.gettext, self.site_words.ngettext, newstyle=True
        )
        environment.globals |= {
            "language": self.language,
            "languages": self.languages,
            "server": self.server,
            "say": self.words.say,
            "ngettext": self._plural,
        }
        environment.filters |= {
            "number": self._number,
            "share": self._share,
            "date": self._date,
            "said": self.said,
            "replace_with_link": _link_within,
        }
        return environment

    def _plural(self, one: str, many: str, count: int, **filled_in: object) -> Markup:
        """As Jinja's own, but the count stands as the language writes it."""
        said = Markup(self.site_words.plural(one, many, count))  # noqa: S704  what is filled in is escaped by `%`
        return said % {**filled_in, "num": self.words.number(count)}

    def _number(self, value: int | Fraction) -> str:
        return self.words.number(value)

    def _share(self, value: Fraction) -> str:
        return self.words.share(value)

    def _date(self, value: datetime.date) -> str:
        return self.words.date(value)


def _link_within(text: str, part: str, address: str) -> Markup:
    """Returns a text with its first `part` as a link."""
    before, found, after = text.partition(part)
    link = Markup('<a href="{}">{}</a>').format(address, found) if found else Markup()
    return escape(before) + link + escape(after)


def _read_template(name: str) -> str:
    package, file = (
        ("recount.report", name.removeprefix(_REPORT)) if name.startswith(_REPORT) else ("recount.site", name)
    )
    return (resources.files(package) / "templates" / file).read_text(encoding="utf-8")
