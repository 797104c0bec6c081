"""Problems as JSON in the language that a request asks for, where its sentence has one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response

from recount.api.problems import WORDS, Problem
from recount.declare.text import Language
from recount.site.words import SiteWords


def _(message: str) -> str:
    """Marks words for the catalogs of messages."""
    return message


KINDS = (
    *(
        _("measure"),
        _("claim"),
        _("table"),
        _("release"),
        _("parameter"),
        _("dimension"),
        _("dimension of place"),
    ),
    *(_("whole or denominator"), _("receipt of a page or of a late answer")),
    *(_("count"), _("share"), _("mean"), _("duration"), _("population")),
    *(_("date"), _("week"), _("month"), _("quarter"), _("fiscal year"), _("calendar year")),
    *(_("address"), _("head of the request")),
)
"""What a problem can be about, and kinds of measures and spans, as sentences name them."""

_LANGUAGES: tuple[Language, ...] = ("es", "en")
_HEADER = re.compile(rb"^accept-language:[ \t]*([^\r\n]*)\r?$", re.IGNORECASE | re.MULTILINE)
_TARGET = re.compile(rb"^[A-Z]+ [^ ?]*\?([^ \r\n]*)")
_LATIN = "latin-1"


def language_of(request: Request) -> Language:
    """Returns the language a request asks for: `language=` before `Accept-Language`, by its weights; English else."""
    return _chosen(request.query_params.get("language"), request.headers.get("accept-language", ""))


def language_of_bytes(arrived: bytes) -> Language:
    """Returns the language that a request asks for of which a part has arrived, or none can be read; else English."""
    target, header = _TARGET.match(arrived), _HEADER.search(arrived)
    query = "" if target is None else target[1].decode(_LATIN)
    chosen = [] if target is None else parse_qs(query).get("language", [])
    return _chosen(next(iter(chosen), None), "" if header is None else header[1].decode(_LATIN))


def tell(request: Request, problem: Problem) -> Response:
    """Returns a problem as an answer: in Spanish where that is asked for and its sentence is written in it.

    One answer is in one language, which `Content-Language` names; what to choose from are names, the same in both.
    """
    return in_language(problem, language_of(request)).response()


def in_language(problem: Problem, language: Language) -> Problem:
    """Returns a problem in a language, or in English throughout where its sentence is not written in that one."""
    words = SiteWords(language)
    detail = words.worded(problem.detail)
    if detail is None:
        return in_language(problem, "en")
    return replace(
        problem,
        detail=detail,
        title=words.gettext(WORDS[problem.kind]),
        facts=list(_told(problem.facts, words)),
        headers={**problem.headers, "content-language": language, "vary": "Accept-Language"},
    )


def _told(facts: Iterable[tuple[str, str]], words: SiteWords) -> Iterable[tuple[str, str]]:
    for label, text in facts:
        yield label, words.worded(text) or text


def _chosen(chosen: str | None, accepted: str) -> Language:
    if chosen is not None:
        return "es" if chosen == "es" else "en"
    weighed: dict[Language, float] = {}
    for each in accepted.split(","):
        tag, _mark, weight = each.strip().partition(";")
        for language in _LANGUAGES:
            if tag.lower().split("-")[0] == language:
                weighed[language] = max(weighed.get(language, 0.0), _weight(weight))
    return "es" if weighed.get("es", 0.0) > weighed.get("en", 0.0) else "en"


def _weight(text: str) -> float:
    name, _mark, value = text.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0
