"""`/explore`: ask the record in a browser. The address is the question, and nothing needs a script."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from recount.api.answers import Answers, PublicAnswer
from recount.api.asking import answers_of
from recount.api.caches import BoundedCache
from recount.api.explore_address import ExploreAddress
from recount.api.problems import ProblemError, problem_of
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


class _Kept:
    """Explore in each language over the record that is served, and pages of it that were asked for."""

    def __init__(self, answers: Answers) -> None:
        limits = answers.limits
        self.answers = answers
        self.pages: BoundedCache[tuple[str, ...], bytes] = BoundedCache(
            limits.cached_responses.value, limits.cached_bytes.value // 4
        )
        self._explorers: dict[Language, Explorer] = {}

    async def explorer(self, served: ServedRecord, language: Language) -> Explorer:
        """Returns Explore over a record, made anew where another was served before."""
        from recount.api.explore_page import Explorer  # noqa: PLC0415  slow to import, and needed once

        found = self._explorers.get(language)
        if found is None or found.served is not served:
            found = await self.answers.work("pages", lambda: Explorer(served, language))
            self._explorers[language] = found
        return found

    async def page(self, explorer: Explorer, address: ExploreAddress, base: str) -> tuple[bytes, int]:
        """Returns a page and its status; one that answers is kept."""
        key = ("explore", explorer.served.identity, explorer.shell.language, base, address.query())
        kept = self.pages.get(key)
        if kept is not None:
            return kept, _OK
        content, status = await self.answers.once(key, lambda: _page(self.answers, explorer, address, base))
        if status == _OK:
            self.pages.put(key, content, len(content))
        return content, status


async def _explore(request: Request, language: Language) -> Response:
    answers = answers_of(request)
    kept: _Kept | None = getattr(request.app.state, "explore", None)
    if kept is None:
        kept = request.app.state.explore = _Kept(answers)
    served = await answers.record()
    explorer = await kept.explorer(served, language)
    sent = request.query_params.multi_items()
    address = ExploreAddress.read([each for each in sent if each[0] != KEPT])
    before = request.query_params.get(KEPT)
    if before is not None:
        last = ExploreAddress.read(parse_qsl(before))
        address = last if last.measure == address.measure else explorer.carried_over(address, last)
    if before is not None or not address.is_plain:
        return RedirectResponse(request.url.path + address.query(), _SEE_OTHER)
    base = str(request.base_url)
    content, status = await kept.page(explorer, address, base)
    if status != _OK:
        return Response(content, status, {"cache-control": "no-store"}, _HTML)
    etag = make_etag("explore", served.identity, language, base, address.query())
    return reply(request, content, _HTML, etag, answers.limits)


async def _page(
    answers: Answers, explorer: Explorer, address: ExploreAddress, base: str
) -> tuple[bytes, int]:
    if not address.measure:
        return await answers.work("pages", lambda: explorer.page(address)), _OK
    if not explorer.choices.is_learned(address.measure):
        await answers.work("records", lambda: explorer.choices.learn(address.measure), explorer.served)
    try:
        answer = await answers.answer(address.question().in_language("en"))
        view = await answers.work(answer.work, lambda: explorer.view(answer, address, base), answer.served)
    except RecountError as error:
        fault = await _fault(answers, explorer, address, error)
        return await answers.work("pages", lambda: explorer.page(address, fault=fault)), fault.status
    except ProblemError as problem:
        told = explorer.refused(problem.problem)
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
    return explorer.refused(problem_of(error, answers.limits.retry_seconds.value))
