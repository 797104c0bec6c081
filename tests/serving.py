"""The server as tests meet it: the application by itself, and a server that listens."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from recount.api.server import QuietServer, listen, make_server
from recount.declare.serving import Serving


class Client:
    """Asks an application, without a network between."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://recount.test",
            headers={"accept-encoding": ""},
        )

    def get(self, path: str, method: str = "GET", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._runner.run(self._client.request(method, path, headers=named))

    def page(self, path: str) -> str:
        """Returns the text of a page, wherever the server sends one on to."""
        response = self._runner.run(self._client.get(path, follow_redirects=True))
        assert response.status_code == 200, response.text
        return response.text

    def together(self, paths: list[str]) -> list[httpx.Response]:
        async def ask() -> list[httpx.Response]:
            return list(await asyncio.gather(*(self._client.get(each) for each in paths)))

        return self._runner.run(ask())

    def problem(self, path: str, status: int, **headers: str) -> dict[str, Any]:
        """Asks what is to fail, and returns the problem."""
        response = self.get(path, **headers)
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "application/problem+json"
        found: dict[str, Any] = response.json()
        assert set(found) == {"type", "title", "status", "detail", "facts", "nearest"}
        assert found["status"] == status
        return found

    def close(self) -> None:
        self.app.state.answers.close()
        self._runner.run(self._client.aclose())
        self._runner.close()


def with_limits(limits: Serving, **changed: int) -> Serving:
    """Returns limits, some of them other than declared."""
    declared = limits.model_dump()
    for name, value in changed.items():
        declared[name] |= {"value": value}
    return Serving.model_validate(declared)


@contextlib.contextmanager
def running(home: Path | None = None, limits: Serving | None = None) -> Iterator[tuple[QuietServer, int]]:
    """Runs a server in a thread, and gives it and its port."""
    listening = listen("127.0.0.1", 0)
    server = make_server(home, limits=limits)
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]))
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield server, listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(timeout=40)
        assert not thread.is_alive()


@contextlib.contextmanager
def serving(home: Path | None = None, limits: Serving | None = None) -> Iterator[int]:
    """Runs a server in a thread, and gives its port."""
    with running(home, limits) as (_, port):
        yield port


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def request_bytes(target: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: recount.test"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def read_response(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Reads one answer: status, headers in small letters, and content; status 0 where the connection was closed."""
    received = b""
    while b"\r\n\r\n" not in received:
        more = connection.recv(65536)
        if not more:
            return 0, {}, received
        received += more
    head, _, content = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in lines)}
    while len(content) < int(headers.get("content-length", "0")):
        more = connection.recv(65536)
        if not more:
            break
        content += more
    return int(first.split()[1]), headers, content


def ask(port: int, target: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    with connect(port) as connection:
        connection.sendall(request_bytes(target, headers))
        return read_response(connection)


def ask_json(port: int, target: str) -> Any:
    status, _, content = ask(port, target)
    assert status == 200, content
    return json.loads(content)
