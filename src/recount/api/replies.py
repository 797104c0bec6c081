"""What is sent: content with a strong ETag, or word that nothing has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from recount.declare.serving import Serving

_NOT_MODIFIED = 304
VARY = "Accept, Accept-Encoding"


def make_etag(*parts: str) -> str:
    """Returns the strong ETag of what is wholly determined by `parts`: receipt, record, format, language."""
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f'"{digest[:32]}"'


def is_known(request: Request, etag: str) -> bool:
    """Returns whether the request says that it holds what `etag` names."""
    given = request.headers.get("if-none-match", "")
    return given.strip() == "*" or etag in [each.strip().removeprefix("W/") for each in given.split(",")]


def reply(
    request: Request,
    content: bytes,
    media_type: str,
    etag: str,
    limits: Serving,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Returns the answer to a request: the content, or 304 where the request holds it already."""
    said = {
        "etag": etag,
        "cache-control": f"public, max-age={limits.fresh_seconds.value}, must-revalidate",
        "vary": VARY,
        **(headers or {}),
    }
    if is_known(request, etag):
        return Response(status_code=_NOT_MODIFIED, headers=said)
    return Response(content, headers=said, media_type=media_type)
