"""What every test shares: a home of its own, the shipped catalog, and the real files where they lie."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

from recount.declare.catalog import Catalog, load_catalog
from recount.record.build import build_record
from recount.record.manifest import Manifest

SHARED = Path(os.environ.get("RECOUNT_SHARED") or Path(__file__).parents[1].parent / "shared" / "data")
NEEDS_SHARED = "needs ../shared/data"

# The same examples on every machine; a slow machine is not a failure.
hypothesis.settings.register_profile("recount", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("recount")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if SHARED.is_dir():
        return
    for item in items:
        if item.get_closest_marker("needs_shared"):
            item.add_marker(pytest.mark.skip(reason=NEEDS_SHARED))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [
        each for each in terminalreporter.stats.get("skipped", []) if NEEDS_SHARED in str(each.longrepr)
    ]
    terminalreporter.write_line(f"{len(skipped)} tests skipped: they need ../shared/data")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `RECOUNT_HOME` that is empty and the test's own; nobody's real record is read or written."""
    home = tmp_path / "recount-home"
    monkeypatch.setenv("RECOUNT_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The shipped catalog, without anybody's overlay."""
    return load_catalog(overlay=tmp_path_factory.mktemp("no-overlay"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the real released files; `RECOUNT_SHARED` names another one."""
    return SHARED


@pytest.fixture(scope="session")
def real_record(
    shared_data: Path, catalog: Catalog, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Manifest]:
    """The record of the real files, built once: its folder and its manifest."""
    folder = tmp_path_factory.mktemp("real-record")
    return folder, build_record(shared_data, folder, catalog, cubes_only=True)
