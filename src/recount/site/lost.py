"""Pages of a static site that lie outside its chapters: one for an address without a page, and a way to Spanish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from recount.declare.text import Language
from recount.site.addresses import address_of
from recount.site.words import SiteWords

LOST, FRONT = "404.html", "index.html"
"""Names that hosts of static pages know."""


def _(message: str) -> str:
    """Marks a sentence for the catalogs of messages."""
    return message


_NOTHING = _("There is nothing at this address.")
_HERE, _ABOVE = _("Start of this part"), _("One part up")

_HEAD = Markup(
    '<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n{more}<title>{title} · Recount</title>\n</head>\n<body>\n'
)
_SECTION = Markup(
    '<section lang="{language}">\n<h1>{nothing}</h1>\n'
    '<p><a href="./">{here}</a> · <a href="../">{above}</a></p>\n</section>\n'
)
_FOOT = Markup("</body>\n</html>\n")


def top_pages(languages: Sequence[Language]) -> Mapping[str, bytes]:
    """Returns the pages at the top of the folder that no chapter holds, by name.

    A host gives `404.html` for a missing address at any depth, and below any path: it can load nothing by a relative
    address. The two it leads to hold wherever pages lie, for no folder of the site is deeper than its own index.
    """
    pages = {LOST: _lost(languages)}
    if "en" not in languages:
        pages[FRONT] = _onward(languages[0])
    return pages


def _lost(languages: Sequence[Language]) -> bytes:
    words = [SiteWords(each) for each in languages]
    title = " · ".join(each.gettext(_NOTHING) for each in words)
    head = _HEAD.format(
        language=languages[0], more=Markup('<meta name="robots" content="noindex">\n'), title=title
    )
    sections = [
        _SECTION.format(
            language=each.language,
            nothing=each.gettext(_NOTHING),
            here=each.gettext(_HERE),
            above=each.gettext(_ABOVE),
        )
        for each in words
    ]
    return (head + Markup("<main>\n") + Markup().join(sections) + Markup("</main>\n") + _FOOT).encode()


def _onward(language: Language) -> bytes:
    """Returns the page at the top of a site without English: it leads on at once, also without scripts."""
    to = address_of(FRONT, language)
    front = SiteWords(language).gettext(_("To the front page"))
    refresh = Markup('<meta http-equiv="refresh" content="0; url={}">\n').format(to)
    head = _HEAD.format(language=language, more=refresh, title=front)
    return (head + Markup('<main>\n<p><a href="{}">{}</a></p>\n</main>\n').format(to, front) + _FOOT).encode()
