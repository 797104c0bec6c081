"""Lists in a total order, given page by page: each page names the next, and the record that it is of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from recount.api.asking import answers_of, send_json
from recount.api.problems import Problem, ProblemError, too_much
from recount.api.served import ServedRecord
from recount.declare.serving import Serving
from recount.errors import Worded

Item = TypeVar("Item")
_SHOWN = 16


@dataclass(frozen=True)
class PageOf:
    """Where a page lies in its list, and the address of the next."""

    total: int
    offset: int
    limit: int
    next: str | None
    record: str

    def as_json(self) -> dict[str, Any]:
        """Returns it as JSON values."""
        return {
            "total": self.total,
            "offset": self.offset,
            "limit": self.limit,
            "next": self.next,
            "record": self.record,
        }

    def headers(self) -> dict[str, str]:
        """Returns what a table, which has no place for it, is given beside: the total and the next page."""
        found = {"x-total-count": str(self.total)}
        return found if self.next is None else {**found, "link": f'<{self.next}>; rel="next"'}

    def of(self, items: Sequence[Item]) -> Sequence[Item]:
        """Returns the items of this page."""
        return items[self.offset : self.offset + self.limit]


def page_of(
    request: Request,
    total: int,
    served: ServedRecord,
    limits: Serving,
    offset: int,
    limit: int | None,
    record: str | None,
) -> PageOf:
    """Returns the page that a request asks for.

    Raises:
        ProblemError: 422 for a page larger than pages may be; 409 where the pages before were of another record.
    """
    wanted = limits.page_rows.value if limit is None else limit
    if wanted > limits.most_page_rows.value:
        raise too_much(
            Worded(
                "A page of %(wanted)s rows is asked for, and one may have %(most)s.",
                wanted=f"{wanted:,}",
                most=f"{limits.most_page_rows.value:,}",
            ),
            Worded("ask for less, and follow `next`"),
        )
    own = served.identity[:_SHOWN]
    if record is not None and record != own:
        raise ProblemError(
            Problem(
                HTTPStatus.CONFLICT,
                "record-changed",
                Worded("The record has changed since the first page."),
                [("fix", Worded("begin again without `record` and `offset`"))],
            )
        )
    following = offset + wanted
    if following >= total:
        return PageOf(total, offset, wanted, None, own)
    kept = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in ("offset", "limit", "record")
    ]
    query = urlencode([*kept, ("offset", following), ("limit", wanted), ("record", own)])
    return PageOf(total, offset, wanted, f"{request.url.path}?{query}", own)


def send_list(
    request: Request,
    served: ServedRecord,
    kind: str,
    items: Sequence[Item],
    as_json: Callable[[Item], dict[str, Any]],
    asked: tuple[int, int | None, str | None],
) -> Response:
    """Returns a page of a list as JSON.

    Args:
        request: what is answered.
        served: the record that the list is of.
        kind: what is listed.
        items: all of the list, in their total order.
        as_json: an item's JSON values.
        asked: the offset, the limit and the record, as the request gives them.

    Raises:
        ProblemError: as `page_of`.
    """
    page = page_of(request, len(items), served, answers_of(request).limits, *asked)
    listed = [as_json(each) for each in page.of(items)]
    return send_json(request, {**page.as_json(), "items": listed}, served, kind, page.headers())
