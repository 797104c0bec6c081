"""Problems as JSON in the language that a request asks for, where the sentence has one."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from recount.api.explore_faults import in_words
from recount.api.explore_words import ExploreWords
from recount.api.problems import WORDS, Problem
from recount.declare.text import Language
from recount.site.shell import Shell


def language_of(request: Request) -> Language:
    """Returns the language a request asks for: `language=` before `Accept-Language`, by its weights; English else."""
    chosen = request.query_params.get("language")
    if chosen is not None:
        return "es" if chosen == "es" else "en"
    weighed: dict[Language, float] = {}
    for each in request.headers.get("accept-language", "").split(","):
        tag, _, weight = each.strip().partition(";")
        for language in _LANGUAGES:
            if tag.lower().split("-")[0] == language:
                weighed[language] = max(weighed.get(language, 0.0), _weight(weight))
    return "es" if weighed.get("es", 0.0) > weighed.get("en", 0.0) else "en"


def tell(request: Request, problem: Problem) -> Response:
    """Returns a problem as an answer: in Spanish where that is asked for and its sentence is written in it.

    One answer is in one language, which `Content-Language` names; what to choose from are names, the same in both.
    """
    said, language = problem, "en"
    if language_of(request) == "es":
        shell = Shell("es", server=True)
        detail = _detail(problem.detail, shell)
        if detail is not None:
            title = shell.gettext(WORDS[problem.kind])
            said, language = replace(problem, detail=detail, title=title), "es"
    response = said.response()
    response.headers["content-language"] = language
    response.headers["vary"] = "Accept-Language"
    return response


def _detail(detail: str, shell: Shell) -> str | None:
    if shell.site_words.speaks(detail):
        return shell.gettext(detail)
    return in_words(detail, ExploreWords(shell))


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0


_LANGUAGES: tuple[Language, ...] = ("es", "en")
