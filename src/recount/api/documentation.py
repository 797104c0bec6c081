"""`/api/v1/docs`: the API explained to people, with what it offers, its limits and its problems."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Request
from starlette.responses import Response

from recount.api.asking import answers_of
from recount.api.formats import MEDIA_TYPES
from recount.api.problems import WORDS
from recount.api.replies import make_etag, reply
from recount.declare.serving import Serving
from recount.declare.text import Language
from recount.site.shell import Shell

router = APIRouter(include_in_schema=False)

_PATH = "api/v1/docs"
_HTML = "text/html; charset=utf-8"


@router.get("/api/v1/docs")
async def give_documentation(request: Request) -> Response:
    """Gives the page in English."""
    return await _page(request, "en")


@router.get("/es/api/v1/docs")
async def give_documentation_in_spanish(request: Request) -> Response:
    """Gives the page in Spanish."""
    return await _page(request, "es")


async def _page(request: Request, language: Language) -> Response:
    answers = answers_of(request)
    served = await answers.record()
    base = str(request.base_url).rstrip("/")

    def render() -> bytes:
        shell = Shell(language, server=True, catalog=served.open.catalog)
        return shell.render(
            "api.html.j2",
            _PATH,
            base=base,
            examples=list(_examples(shell)),
            endpoints=list(_endpoints(shell)),
            formats=[(name, each.partition(";")[0]) for name, each in MEDIA_TYPES.items()],
            limits=list(_limits(shell, answers.limits)),
            problems=[(kind, shell.gettext(words)) for kind, words in WORDS.items()],
        )

    content = await answers.work("pages", render)
    return reply(request, content, _HTML, make_etag("docs", served.identity, language, base), answers.limits)


def _examples(shell: Shell) -> Iterator[tuple[str, str]]:
    _ = shell.gettext
    answer = "/api/v1/measures/{}/answer?{}"
    yield (
        _("People in ICE detention by criminality, as known on a day:"),
        answer.format("detained_population", "by=criminality&as_known_on=2026-02-13"),
    )
    yield (
        _("Removals from the Boston area of responsibility by fiscal year, as CSV:"),
        answer.format("removals", "by=fiscal_year&where=aor%3DBoston&format=csv"),
    )
    yield (
        _("The share without a conviction in Suffolk County, under every reading:"),
        answer.format(
            "share_without_conviction", "where=jurisdiction%3DSuffolk%20County%2C%20MA&readings=all"
        ),
    )
    yield (
        _("What the record says of a statement:"),
        "/api/v1/claims/boston-no-convictions/verdict",
    )


def _endpoints(shell: Shell) -> Iterator[tuple[str, str]]:
    _ = shell.gettext
    yield "/api/v1/measures", _("The measures by name.")
    yield "/api/v1/measures/{measure}", _("What a measure counts, its choices, and what to know.")
    yield "/api/v1/measures/{measure}/answer", _("The answer to a question, with its receipt.")
    yield "/api/v1/measures/{measure}/chart", _("The answer as a chart: SVG, PNG or Vega-Lite.")
    yield "/api/v1/tables", _("The tables by name.")
    yield "/api/v1/tables/{table}", _("The columns of a table with their codes.")
    yield "/api/v1/tables/{table}/rows", _("The rows of a table, page by page.")
    yield "/api/v1/claims", _("The statements that are checked.")
    yield "/api/v1/claims/{claim}", _("A statement as declared.")
    yield "/api/v1/claims/{claim}/verdict", _("What the record says of a statement.")
    yield "/api/v1/releases", _("The releases by name.")
    yield "/api/v1/releases/{release}", _("A release with its files and rows.")
    yield "/api/v1/receipts/{receipt}", _("A receipt that stands on a page, or of a late answer.")
    yield "/healthz, /readyz", _("Whether the server is there, and ready.")


def _limits(shell: Shell, limits: Serving) -> Iterator[tuple[str, int]]:
    _ = shell.gettext
    yield _("Bytes of the address"), limits.target_bytes.value
    yield _("Conditions and readings"), limits.conditions.value
    yield _("Dimensions to split by"), limits.dimensions.value
    yield _("Rows of an answer"), limits.answer_rows.value
    yield _("Rows of a page"), limits.most_page_rows.value
    yield _("Seconds of work"), limits.seconds.value
    yield _("Megabytes of memory to count in"), limits.engine_bytes.value // (1 << 20)
