"""The pages of the site, made when they are first asked for and kept."""

from __future__ import annotations

import json
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import Response

from recount.api.answers import Answers
from recount.api.caches import BoundedCache
from recount.api.problems import Problem
from recount.api.replies import make_etag, reply
from recount.api.served import ServedRecord
from recount.ask import OpenRecord
from recount.site.site import Site, SitePage, UnknownPageError

router = APIRouter(include_in_schema=False)
_INDEX = "index.html"
_SHORT = 12


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
        found = await pages.page(asked, served)
    except UnknownPageError:
        return nothing_here().response()
    etag = make_etag("page", served.identity, str(pages.contact), asked)
    return reply(request, found.content, found.media_type, etag, pages.answers.limits)


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
        HTTPStatus.NOT_FOUND, "not-found", "No page and no part of the API lies at this address.", facts
    )
