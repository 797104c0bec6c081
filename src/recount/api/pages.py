"""The pages of the site, made when they are first asked for and kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import Response

from recount.api.answers import Answers
from recount.api.caches import BoundedCache
from recount.api.languages import tell
from recount.api.problems import WORDS, Problem
from recount.api.replies import make_etag, reply
from recount.api.served import ServedRecord
from recount.ask import OpenRecord
from recount.declare.text import Language
from recount.errors import Worded
from recount.site.shell import Shell
from recount.site.site import Site, SitePage, UnknownPageError

router = APIRouter(include_in_schema=False)
_INDEX = "index.html"
_SHORT = 12
_PATH = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*")
"""What an address of a page can look like: no site has pages elsewhere, and what it has need not be looked through."""


class Pages:
    """The site of the record that is served."""

    def __init__(self, answers: Answers, contact: str | None) -> None:
        self.answers = answers
        self.contact = contact
        limits = answers.limits
        self._kept: BoundedCache[tuple[str, str], SitePage] = BoundedCache(
            limits.cached_responses.value, limits.cached_bytes.value // 2
        )
        self._site: tuple[ServedRecord, Site] | None = None

    async def page(self, path: str, served: ServedRecord) -> SitePage:
        """Returns a page of the site of a record: its content and media type.

        Raises:
            UnknownPageError: where the site has no such page.
            ProblemError: where too much waits, or the page takes too long.
        """
        key = (served.identity, path)
        kept = self._kept.get(key)
        if kept is None:
            kept = await self.answers.once(
                ("page", *key), lambda: self.answers.work("pages", lambda: self._render(path, served))
            )
            self._kept.put(key, kept, len(kept.content))
        return kept

    async def kept(self, name: str, served: ServedRecord, make: Callable[[], bytes]) -> bytes:
        """Returns what `make` gives, kept with the pages."""
        key = (served.identity, name)
        kept = self._kept.get(key)
        if kept is None:
            kept = SitePage(await self.answers.work("pages", make), "")
            self._kept.put(key, kept, len(kept.content))
        return kept.content

    def _render(self, path: str, served: ServedRecord) -> SitePage:
        if self._site is None or self._site[0] is not served:
            # An engine of its own: it answers one thread at a time.
            own = OpenRecord(served.open.record, served.open.catalog)
            self._site = (served, Site(own, server=True, contact=self.contact))
        return self._site[1].render(path)


@router.get("/{path:path}")
async def get_page(request: Request, path: str) -> Response:
    """Gives a page of the site."""
    pages: Pages = request.app.state.pages
    served = await pages.answers.record()
    asked = path + _INDEX if not path or path.endswith("/") else path
    try:
        if not _PATH.fullmatch(asked):
            return await _say_nothing_here(request, path, served)
        found = await pages.page(asked, served)
    except UnknownPageError:
        return await _say_nothing_here(request, path, served)
    etag = make_etag("page", served.identity, str(pages.contact), asked)
    return reply(request, found.content, found.media_type, etag, pages.answers.limits)


async def _say_nothing_here(request: Request, path: str, served: ServedRecord) -> Response:
    """Says to people, in the language of the address, that it leads nowhere; to programs as a problem."""
    if "text/html" not in request.headers.get("accept", ""):
        return tell(request, nothing_here())
    language: Language = "es" if path.startswith("es/") else "en"
    # Only how deep it lies matters: addresses on the page are relative to it.
    beneath = "x/" * path.removeprefix("es/").count("/") + "x"

    def render() -> bytes:
        shell = Shell(language, server=True, catalog=served.open.catalog)
        words = WORDS["not-found"]
        return shell.render(
            "fault.html.j2", beneath, title=shell.gettext(words), status=int(HTTPStatus.NOT_FOUND)
        )

    pages: Pages = request.app.state.pages
    content = await pages.kept(f"{language} {beneath}", served, render)
    return Response(content, HTTPStatus.NOT_FOUND, {"cache-control": "no-store"}, "text/html; charset=utf-8")


async def receipt_of_pages(request: Request, name: str, served: ServedRecord) -> bytes | None:
    """Returns a receipt that stands on a page, by its id or the first twelve digits or more; None for any other."""
    pages: Pages = request.app.state.pages
    try:
        found = await pages.page(f"receipts/{name[:_SHORT]}.json", served)
    except UnknownPageError:
        return None
    receipt = json.loads(found.content)
    return found.content if str(receipt.get("id", "")).startswith(name) else None


def nothing_here() -> Problem:
    """Returns the problem of an address that leads nowhere."""
    facts = [("pages", "/"), ("API", "/api/v1/docs")]
    return Problem(
        HTTPStatus.NOT_FOUND,
        "not-found",
        Worded("No page and no part of the API lies at this address."),
        facts,
    )
