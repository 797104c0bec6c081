"""Visits to pages in a browser that listens: to every request, every message on the console, every error."""

from __future__ import annotations

import dataclasses
import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

NEEDS_CHROMIUM = (
    "needs a browser: apt-get install chromium (Debian), or .venv/bin/python -m playwright install chromium"
)
DESKTOP, PHONE, NARROW = (1280, 900), (390, 844), (320, 640)
_SECONDS = 60
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


def find_chromium(playwright: Playwright | None = None) -> str | None:
    """Returns where a chromium lies: the machine's, or the one that Playwright installed."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None and playwright is not None and Path(playwright.chromium.executable_path).is_file():
        return str(playwright.chromium.executable_path)
    return found


def launch(playwright: Playwright, executable: str) -> Browser:
    """Returns a browser that asks nothing of the network by itself."""
    return playwright.chromium.launch(executable_path=executable, args=list(_ARGUMENTS))


@dataclasses.dataclass
class Visit:
    """A page that is listened to, and that may ask the host of `base` alone."""

    context: BrowserContext
    page: Page
    base: str
    errors: list[str] = dataclasses.field(default_factory=list)
    requests: list[str] = dataclasses.field(default_factory=list)

    def go(self, path: str) -> Page:
        """Opens a page of the base, and waits until all that it asks for is there."""
        self.page.goto(self.base + path)
        return self.page

    @property
    def strangers(self) -> list[str]:
        """Requests to anything but the base."""
        home = urlsplit(self.base)
        return [
            each
            for each in self.requests
            if not each.startswith("data:")
            and (urlsplit(each).scheme, urlsplit(each).netloc) != (home.scheme, home.netloc)
        ]

    def check(self) -> None:
        """Fails where the console complained, or another host was asked."""
        assert self.errors == []
        assert self.strangers == []


@contextmanager
def visiting(browser: Browser, base: str, size: tuple[int, int] = DESKTOP, **options: Any) -> Iterator[Visit]:
    """Gives a new context with one page; what is wrong with it is told at the end."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    context.set_default_timeout(_SECONDS * 1000)
    page = context.new_page()
    visit = Visit(context, page, base)
    page.on(
        "console", lambda said: visit.errors.append(said.text) if said.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    context.on("request", lambda asked: visit.requests.append(asked.url))
    try:
        yield visit
        visit.check()
    finally:
        context.close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's own name
        pass


@contextmanager
def plain_server(folder: Path) -> Iterator[str]:
    """Serves a folder as any web host does, and gives its address."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
