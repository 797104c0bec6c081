"""One browser, one `recount serve` and one folder of static pages for all tests of this folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser.kinds import STATIC
from browser.visits import NEEDS_CHROMIUM, Visit, find_chromium, launch, plain_server, visiting
from recount.ask import open_record
from recount.site.site import Site

Visiting = Callable[..., AbstractContextManager[Visit]]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [
        each for each in terminalreporter.stats.get("skipped", []) if NEEDS_CHROMIUM in str(each.longrepr)
    ]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} tests skipped: {NEEDS_CHROMIUM}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The browser. Where there is none, the tests are skipped, and say how to get one."""
    with sync_playwright() as playwright:
        executable = find_chromium(playwright)
        if executable is None:
            pytest.skip(NEEDS_CHROMIUM)
        started = launch(playwright, executable)
        yield started
        started.close()


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `recount serve`, as anyone starts it, over the record of the package."""
    home = tmp_path_factory.mktemp("home")
    command = [sys.executable, "-c", "from recount.cli import main; main()", "serve", "--port", "0"]
    environment = {**os.environ, "RECOUNT_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert server.stdout is not None
    said = []
    for line in server.stdout:
        said.append(line)
        if "http://" in line:
            break
    address = next((word for word in " ".join(said).split() if word.startswith("http://")), None)
    assert address is not None, "".join(said)
    yield address.rstrip("/") + "/"
    server.terminate()
    server.wait(20)
    server.stdout.close()


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds, below a path of its own, pages of the site as `recount site build` writes them."""
    top = tmp_path_factory.mktemp("static")
    site = Site(
        open_record(tmp_path_factory.mktemp("no-home"), public=True), contact="corrections@example.org"
    )
    for path in STATIC:
        place = top / "a" / "sub-path" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(site.render(path).content)
    return top


@pytest.fixture(scope="package")
def hosted(folder: Path) -> Iterator[str]:
    """The address of the static pages, on a host that knows nothing of them."""
    with plain_server(folder) as address:
        yield f"{address}a/sub-path/"


@pytest.fixture
def visit(browser: Browser, served: str) -> Visiting:
    """Opens a context on the server; on leaving it, no error was said and no other host was asked."""
    return partial(visiting, browser, served)
