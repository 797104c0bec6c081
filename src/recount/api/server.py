"""The server itself: one process that listens, answers, and stops when it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn

from recount.api.app import create_app
from recount.api.guard import Tell
from recount.api.protocol import bounded_protocol
from recount.declare.serving import Serving
from recount.errors import UsageError

_BACKLOG = 1024
_SECONDS_BETWEEN = 0.2


class QuietServer(uvicorn.Server):
    """A server that ends by itself when a signal tells it to: what has begun is finished, and nothing raised."""

    stopped_by: int | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Takes SIGINT and SIGTERM while the server runs, where it runs in the main thread."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before: dict[int, Any] = {
            each: signal.signal(each, self.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Notes the first signal; a second SIGINT does not wait for requests."""
        self.stopped_by = self.stopped_by or sig
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stops: every connection is told so, also those that are only now being accepted."""
        telling = asyncio.create_task(self._tell_connections())
        try:
            await super().shutdown(sockets)
        finally:
            telling.cancel()

    async def _tell_connections(self) -> None:
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN)
            for each in list(self.server_state.connections):
                each.shutdown()


def make_server(
    home: Path | None = None,
    *,
    contact: str | None = None,
    limits: Serving | None = None,
    tell: Tell | None = None,
) -> QuietServer:
    """Returns a server of the record of a home, ready to run on a socket.

    Args:
        home: as `RECOUNT_HOME`; without it, the one in the environment.
        contact: where corrections are to be sent, shown on pages.
        limits: other limits than the catalog declares.
        tell: takes a line for every request.

    Raises:
        RecountError: where the record or the catalog cannot be read.
    """
    app = create_app(home, contact=contact, limits=limits, tell=tell)
    declared = app.state.answers.limits
    # What goes wrong is told by the guard and the protocol, in their own words.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    return QuietServer(
        uvicorn.Config(
            app,
            http=bounded_protocol(declared),
            ws="none",
            loop="asyncio",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            backlog=_BACKLOG,
            h11_max_incomplete_event_size=declared.head_bytes.value,
            timeout_keep_alive=declared.idle_seconds.value,
            timeout_graceful_shutdown=declared.finish_seconds.value,
        )
    )


def listen(host: str, port: int) -> socket.socket:
    """Returns a socket that listens.

    Raises:
        UsageError: where the address is none of this machine, or taken.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as unavailable:
        raise UsageError(
            f"The server cannot listen on {host}, port {port}: {unavailable.strerror or unavailable}.",
            [("fix", "choose another with --host and --port")],
        ) from unavailable
    except OverflowError as no_port:
        raise UsageError(f"There is no port {port}.", [("choose from", "0 to 65535")]) from no_port
