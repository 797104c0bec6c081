"""HTTP as it is spoken with clients that send too much, too slowly, or nothing: each has a time, and is told."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from recount.api.headers import headers_for
from recount.api.languages import in_language, language_of_bytes
from recount.api.problems import MEDIA_TYPE, Problem, too_busy
from recount.declare.serving import Serving
from recount.errors import Worded

_LINGER_SECONDS = 2.0
_LATIN = "latin-1"


class BoundedProtocol(H11Protocol):
    """One connection, with the times and sizes that the catalog declares."""

    limits: Serving
    _late: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None
    _discarding = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Takes a new connection, or tells it that there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections.value:
            self._refuse(too_busy(self.limits.retry_seconds.value))
            return
        idle = self.limits.idle_seconds.value
        self.timeout_keep_alive_task = self.loop.call_later(idle, self.timeout_keep_alive_handler)

    def data_received(self, data: bytes) -> None:
        """Takes what has arrived. A request must be whole within its time, however many pieces it comes in."""
        if self._discarding:
            return
        super().data_received(data)
        arriving = self.conn.their_state is h11.SEND_BODY or (
            self.conn.their_state is h11.IDLE and bool(self.conn.trailing_data[0])
        )
        if not arriving:
            self._end_late()
        elif self._late is None and not self._discarding:
            self._late = self.loop.call_later(self.limits.head_seconds.value, self._tell_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Lets go of a connection."""
        self._end_late()
        self._end_stuck()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def eof_received(self) -> None:
        """Closes a connection that was refused once the client has read why."""
        if self._discarding:
            self.transport.close()

    def pause_writing(self) -> None:
        """Gives a client that does not read a time to go on."""
        super().pause_writing()
        if self._stuck is None:
            self._stuck = self.loop.call_later(self.limits.write_seconds.value, self.transport.abort)

    def resume_writing(self) -> None:
        """Goes on with a client that reads again."""
        self._end_stuck()
        super().resume_writing()

    def shutdown(self) -> None:
        """Ends a connection once its request, if it has one, is answered."""
        if self.transport.is_closing():
            return
        if self._discarding:
            self.transport.abort()
        elif self.conn.our_state is h11.ERROR:
            self.transport.close()
        else:
            super().shutdown()

    def send_400_response(self, msg: str) -> None:
        """Tells what is wrong with something that is no request, or one too long."""
        del msg
        arrived = self.conn.trailing_data[0]
        longest = self.limits.head_bytes.value
        if len(arrived) < longest:
            fix = [("fix", Worded("send a request of HTTP/1.1"))]
            self._refuse(
                Problem(
                    HTTPStatus.BAD_REQUEST, "malformed", Worded("What arrived is no request of HTTP."), fix
                )
            )
        elif len(arrived.partition(b"\r\n")[0]) > self.limits.target_bytes.value:
            longest = self.limits.target_bytes.value
            self._refuse(_too_long(HTTPStatus.REQUEST_URI_TOO_LONG, "address", longest))
        else:
            self._refuse(
                _too_long(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "head of the request", longest)
            )

    def _end_late(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _end_stuck(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    def _tell_late(self) -> None:
        self._late = None
        if self.transport.is_closing():
            return
        if self.cycle is not None and self.conn.their_state is h11.SEND_BODY:
            # Its answer is under way or sent: nothing waits for the rest.
            self.transport.close()
            return
        seconds = self.limits.head_seconds.value
        self._refuse(
            Problem(
                HTTPStatus.REQUEST_TIMEOUT,
                "too-slow",
                Worded("The request did not arrive within %(seconds)s seconds.", seconds=str(seconds)),
                [("fix", Worded("send it again"))],
            )
        )

    def _refuse(self, problem: Problem) -> None:
        """Sends a problem past HTTP's own order, and reads on for a moment: a reset would swallow the answer."""
        self._discarding = True
        self._end_late()
        self._unset_keepalive_if_required()
        # Of a request that cannot be read, what has arrived of it says the language.
        told = in_language(
            problem, language_of_bytes(self.conn.trailing_data[0][: self.limits.head_bytes.value])
        )
        content = told.content()
        headers = [
            *told.response().raw_headers,
            *headers_for("/api/", MEDIA_TYPE.encode()),
            (b"connection", b"close"),
        ]
        head = f"HTTP/1.1 {int(problem.status)} {HTTPStatus(problem.status).phrase}\r\n".encode(_LATIN)
        self.transport.write(
            head + b"".join(name + b": " + value + b"\r\n" for name, value in headers) + b"\r\n" + content
        )
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self.transport.close)


def bounded_protocol(limits: Serving) -> type[BoundedProtocol]:
    """Returns the protocol with `limits`."""
    return type("LimitedProtocol", (BoundedProtocol,), {"limits": limits})


def _too_long(status: HTTPStatus, what: str, longest: int) -> Problem:
    return Problem(
        status,
        "too-long",
        Worded("The %(what)s is longer than %(longest)s bytes.", what=what, longest=f"{longest:,}"),
        [("fix", Worded("ask for less"))],
    )
