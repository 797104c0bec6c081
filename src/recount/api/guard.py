"""What every request passes first: its length, its method, what is kept, how many are under way, and faults."""

from __future__ import annotations

import asyncio
import gzip
import sys
import time
import traceback
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recount.api.answers import Answers
from recount.api.caches import BoundedCache
from recount.api.headers import API, PREFLIGHT, Header, headers_for, value_of
from recount.api.languages import tell
from recount.api.problems import MEDIA_TYPE, Problem, too_busy
from recount.errors import Worded

Tell = Callable[[str], None]
_METHODS = ("GET", "HEAD", "OPTIONS")
_PACKED = (
    b"text/",
    b"application/json",
    b"application/problem+json",
    b"image/svg+xml",
    b"application/vnd.vegalite",
)
_WORTH_PACKING = 1400
"""Less fits in one packet of the network in any case."""
_PACKED_ELSEWHERE = 1 << 16
_OVERHEAD = 1024


@dataclass(frozen=True)
class Kept:
    """An answer as it was sent: headers, ETag and content."""

    headers: tuple[Header, ...]
    etag: bytes
    content: bytes

    @property
    def size(self) -> int:
        """Its bytes, with what Python takes for it."""
        return len(self.content) + sum(len(name) + len(value) for name, value in self.headers) + _OVERHEAD


class Guard:
    """The application behind all that protects it.

    Args:
        app: the application.
        answers: whose record the kept answers are of.
        tell: takes a line for every request, where anybody reads them.
        complain: takes what went wrong within the server.
    """

    def __init__(
        self, app: ASGIApp, answers: Answers, tell: Tell | None = None, complain: Tell | None = None
    ) -> None:
        self.app = app
        self.answers = answers
        self.tell = tell
        self.complain = complain or _complain
        self.under_way = 0
        limits = answers.limits
        self.kept: BoundedCache[tuple[Any, ...], Kept] = BoundedCache(
            limits.cached_responses.value, limits.cached_bytes.value
        )
        self._kept_of = answers.served.current.identity

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        elif scope["type"] != "http":
            await self.app(scope, receive, send)
        elif self.tell is None:
            await self._answer(scope, receive, send)
        else:
            await self._answer_and_tell(scope, receive, send, self.tell)

    async def _answer_and_tell(self, scope: Scope, receive: Receive, send: Send, tell: Tell) -> None:
        began = time.monotonic()
        status, size = 0, 0

        async def counted(message: Message) -> None:
            nonlocal status, size
            status = message.get("status", status)
            size += len(message.get("body", b""))
            await send(message)

        await self._answer(scope, receive, counted)
        # No address of a client, and no question: a log is nobody's business.
        took = round((time.monotonic() - began) * 1000)
        tell(f"{scope['method']} {scope['path'][:200]!r} {status} {size} bytes {took} ms")

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        limits = self.answers.limits
        refused = self._refused(scope)
        if refused is not None:
            await _send_problem(refused, scope, send)
            return
        if scope["method"] == "OPTIONS":
            await _send_preflight(scope, send)
            return
        key = self._key(scope)
        kept = self.kept.get(key) if key is not None else None
        if kept is not None:
            await _send_kept(kept, scope, send)
            return
        if self.under_way >= limits.requests.value:
            await _send_problem(too_busy(limits.retry_seconds.value), scope, send)
            return
        self.under_way += 1
        try:
            await self._answer_anew(key, scope, receive, send)
        finally:
            self.under_way -= 1

    async def _answer_anew(
        self, key: tuple[Any, ...] | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        start: MutableMapping[str, Any] = {}
        parts: list[bytes] = []

        async def gathered(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))

        try:
            await self.app({**scope, "method": "GET"}, receive, gathered)
        except Exception:  # noqa: BLE001  whatever it is, the client is told and the server goes on
            self.complain(traceback.format_exc())
            await _send_problem(_fault(), scope, send)
            return
        content = b"".join(parts)
        headers = list(start["headers"])
        media_type = value_of(headers, b"content-type")
        headers += headers_for(scope["path"], media_type)
        if key is not None and key[-1] and media_type.startswith(_PACKED) and len(content) > _WORTH_PACKING:
            content = await _packed(content)
            headers = [
                (name, _etag_of_packed(value) if name == b"etag" else value)
                for name, value in headers
                if name != b"content-length"
            ]
            headers += [
                (b"content-encoding", b"gzip"),
                (b"content-length", str(len(content)).encode()),
            ]
        etag = value_of(headers, b"etag")
        if key is not None and start["status"] == HTTPStatus.OK and etag and key == self._key(scope):
            kept = Kept(tuple(headers), etag, content)
            if kept.size < self.kept.most_bytes // 8:
                self.kept.put(key, kept, kept.size)
            await _send_kept(kept, scope, send)
            return
        await _send(start["status"], headers, content, scope, send)

    def _refused(self, scope: Scope) -> Problem | None:
        longest = self.answers.limits.target_bytes.value
        length = len(scope.get("raw_path") or b"") + len(scope["query_string"])
        if length > longest:
            return Problem(
                HTTPStatus.REQUEST_URI_TOO_LONG,
                "too-long",
                Worded(
                    "The address has %(length)s bytes, and one may have %(longest)s.",
                    length=f"{length:,}",
                    longest=f"{longest:,}",
                ),
                [("fix", Worded("ask for less, or name codes and not every text"))],
            )
        if scope["method"] not in _METHODS:
            return Problem(
                HTTPStatus.METHOD_NOT_ALLOWED,
                "wrong-method",
                Worded("%(method)s is not answered.", method=scope["method"][:20]),
                [("fix", Worded("ask by GET or HEAD"))],
                headers={"allow": ", ".join(_METHODS)},
            )
        return None

    def _key(self, scope: Scope) -> tuple[Any, ...] | None:
        """Returns by what an answer is kept; None where the record is another one than the kept ones are of."""
        served = self.answers.served
        if served.current.stamp != served.stamp():
            return None
        if served.current.identity != self._kept_of:
            self.kept.clear()
            self._kept_of = served.current.identity
        accept, encoding = b"", b""
        for name, value in scope["headers"]:
            if name == b"accept":
                accept = value
            elif name == b"accept-encoding":
                encoding = value
        return self._kept_of, scope["path"], scope["query_string"], accept, _takes_gzip(encoding)


def _takes_gzip(accepted: bytes) -> bool:
    if b"gzip" not in accepted:
        return False
    parts = [each.replace(b" ", b"").partition(b";q=") for each in accepted.split(b",")]
    return any(
        name == b"gzip" and quality.strip(b"0.") != b"" for name, mark, quality in parts if mark
    ) or any(name == b"gzip" for name, mark, _ in parts if not mark)


async def _send_kept(kept: Kept, scope: Scope, send: Send) -> None:
    known = value_of(scope["headers"], b"if-none-match")
    if known == b"*" or kept.etag in [each.strip().removeprefix(b"W/") for each in known.split(b",")]:
        headers = [each for each in kept.headers if each[0] not in (b"content-length", b"content-type")]
        await _send(HTTPStatus.NOT_MODIFIED, headers, b"", scope, send)
        return
    await _send(HTTPStatus.OK, kept.headers, kept.content, scope, send)


async def _send(
    status: int, headers: list[Header] | tuple[Header, ...], content: bytes, scope: Scope, send: Send
) -> None:
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    body = b"" if scope["method"] == "HEAD" else content
    await send({"type": "http.response.body", "body": body})


async def _send_problem(problem: Problem, scope: Scope, send: Send) -> None:
    response = tell(Request(scope), problem)
    headers = [*response.raw_headers, *headers_for(scope["path"], MEDIA_TYPE.encode())]
    await _send(problem.status, headers, bytes(response.body), scope, send)


async def _send_preflight(scope: Scope, send: Send) -> None:
    allowed = [(b"allow", b"GET, HEAD, OPTIONS"), *headers_for(scope["path"], b"")]
    if scope["path"].startswith(API):
        allowed += [(name.encode(), value.encode()) for name, value in PREFLIGHT.items()]
    await _send(HTTPStatus.NO_CONTENT, allowed, b"", scope, send)


async def _packed(content: bytes) -> bytes:
    if len(content) < _PACKED_ELSEWHERE:
        return gzip.compress(content, 6, mtime=0)
    return await asyncio.get_running_loop().run_in_executor(None, lambda: gzip.compress(content, 6, mtime=0))


def _etag_of_packed(etag: bytes) -> bytes:
    """Returns another ETag: a strong one names bytes, and these are others."""
    return etag[:-1] + b'-gzip"'


def _fault() -> Problem:
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "fault",
        Worded("The server made a mistake; whoever runs it finds it in its log."),
        [("fix", Worded("ask otherwise, or tell whoever runs the server"))],
    )


def _complain(text: str) -> None:
    sys.stderr.write(text)
