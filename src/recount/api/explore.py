"""`/explore`: ask the record in a browser. The address is the question, and nothing needs a script."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from recount.api.answers import Answers, PublicAnswer
from recount.api.asking import answers_of
from recount.api.explore_address import ExploreAddress
from recount.api.problems import Problem, ProblemError, problem_of
from recount.api.replies import make_etag, reply
from recount.declare.text import Language
from recount.errors import RecountError, UsageError

if TYPE_CHECKING:
    from recount.api.explore_answer import AnswerView
    from recount.api.explore_faults import Fault
    from recount.api.explore_page import ChartView, Explorer
    from recount.api.served import ServedRecord

router = APIRouter(include_in_schema=False)
_HTML = "text/html; charset=utf-8"
_SEE_OTHER = 303
_OK = 200
KEPT = "keep"
"""What the choice of another measure sends along: the question so far."""


@router.get("/explore")
async def get_explore(request: Request) -> Response:
    """Gives Explore in English."""
    return await _explore(request, "en")


@router.get("/es/explore")
async def get_explore_in_spanish(request: Request) -> Response:
    """Gives Explore in Spanish."""
    return await _explore(request, "es")


async def _explore(request: Request, language: Language) -> Response:
    answers = answers_of(request)
    served = await answers.record()
    explorer = await _explorer(request, answers, served, language)
    sent = request.query_params.multi_items()
    address = ExploreAddress.read([each for each in sent if each[0] != KEPT])
    kept = request.query_params.get(KEPT)
    if kept is not None:
        last = ExploreAddress.read(parse_qsl(kept))
        address = (
            explorer.carried_over(address.without("period"), last)
            if last.measure != address.measure
            else last
        )
    if kept is not None or not address.is_plain:
        return RedirectResponse(request.url.path + address.query(), _SEE_OTHER)
    content, status = await _page(answers, explorer, address, str(request.base_url))
    etag = make_etag("explore", served.identity, language, str(request.base_url), address.query())
    if status != _OK:
        return Response(content, status, {"cache-control": "no-store"}, _HTML)
    return reply(request, content, _HTML, etag, answers.limits)


async def _explorer(request: Request, answers: Answers, served: ServedRecord, language: Language) -> Explorer:
    """Returns Explore over the record that is served now, made anew when another is."""
    kept: dict[str, tuple[str, Explorer]] = request.app.state._state.setdefault("explorers", {})
    if language not in kept or kept[language][0] != served.identity:
        from recount.api.explore_page import Explorer  # noqa: PLC0415  slow to import, and needed once

        made = await answers.work("pages", lambda: Explorer(served, language))
        kept[language] = (served.identity, made)
    return kept[language][1]


async def _page(
    answers: Answers, explorer: Explorer, address: ExploreAddress, base: str
) -> tuple[bytes, int]:
    if not address.measure:
        return await answers.work("pages", lambda: explorer.page(address)), _OK
    try:
        answer = await answers.answer(address.question().in_language("en"))
        view = await answers.work(answer.work, lambda: explorer.view(answer, address, base), answer.served)
    except RecountError as error:
        fault = await _fault(answers, explorer, address, error)
        return await answers.work("pages", lambda: explorer.page(address, fault=fault)), fault.status
    except ProblemError as problem:
        told = _told(problem.problem)
        return await answers.work("pages", lambda: explorer.page(address, fault=told)), told.status
    chart = None if view.fault is not None else await _chart(answers, explorer, answer, view)
    return await answers.work("pages", lambda: explorer.page(address, view, chart)), _OK


async def _chart(answers: Answers, explorer: Explorer, answer: PublicAnswer, view: AnswerView) -> ChartView:
    """Returns the chart of an answer: the text that stands for it; the picture is drawn when it is asked for."""
    language = explorer.shell.language
    try:
        picture = await answers.work(answer.work, lambda: answer.picture(language), answer.served)
    except UsageError as error:
        return explorer.no_chart(error)
    return await answers.work("pages", lambda: explorer.chart(answer, view, picture))


async def _fault(answers: Answers, explorer: Explorer, address: ExploreAddress, error: RecountError) -> Fault:
    if isinstance(error, UsageError):
        return await answers.work("pages", lambda: explorer.fault(error, address))
    return _told(problem_of(error, answers.limits.retry_seconds.value))


def _told(problem: Problem) -> Fault:
    from recount.api.explore_faults import Fault  # noqa: PLC0415  as above

    return Fault(problem.detail, english=True, facts=tuple(problem.facts), status=int(problem.status))
