"""The documentation as a site: it builds strictly, loads nothing from anywhere, and has a place for everything."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from recount.cli.event_reference import records_text
from recount.cli.reference import command_paths, command_text, dictionary_text
from recount.declare.catalog import Catalog
from recount.declare.denominators import load_denominators

PROJECT = Path(__file__).parents[1]
NEEDED = ("mkdocs", "material")
WHY_NOT = "needs mkdocs-material: make .venv/.installed-dev, or pip install mkdocs-material"
_LOADED = re.compile(
    r"""<(?:script|img|iframe|source|video|audio)\b[^>]*\bsrc=["']?(?:https?:)?//|"""
    r"""<link\b[^>]*\brel=["']?(?:stylesheet|preconnect|preload|icon)\b[^>]*\bhref=["']?(?:https?:)?//|"""
    r"""@import\s+(?:url\()?["']?(?:https?:)?//|url\(["']?(?:https?:)?//"""
)


def build(project: Path, to: Path) -> subprocess.CompletedProcess[str]:
    if any(importlib.util.find_spec(each) is None for each in NEEDED):
        pytest.skip(WHY_NOT)
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(to)],
        cwd=project,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation, built."""
    folder = tmp_path_factory.mktemp("docs") / "site"
    built = build(PROJECT, folder)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def headings(page: str) -> list[str]:
    return [each.strip() for each in re.findall(r"^#+ (.*)$", page, flags=re.MULTILINE)]


def test_it_builds_strictly_with_every_page_and_link_in_its_place(site: Path):
    pages = {each.relative_to(site).as_posix() for each in site.rglob("*.html")}
    assert {"index.html", "tutorial.html", "how-to/index.html", "GLOSSARY.html", "command-line.html"} <= pages
    assert {f"decisions/{each.stem}.html" for each in (PROJECT / "docs/decisions").glob("*.md")} <= pages


def test_a_link_that_leads_nowhere_stops_the_build(tmp_path: Path):
    for name in ("mkdocs.yml", "GLOSSARY.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        shutil.copy(PROJECT / name, tmp_path / name)
    shutil.copytree(PROJECT / "docs", tmp_path / "docs")
    page = tmp_path / "docs" / "index.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n[nowhere](nowhere.md)\n", encoding="utf-8")
    built = build(tmp_path, tmp_path / "site")
    assert built.returncode != 0
    assert "nowhere.md" in built.stdout + built.stderr


def test_nothing_is_loaded_from_another_host(site: Path):
    for page in sorted([*site.rglob("*.html"), *site.rglob("*.css")]):
        found = _LOADED.search(page.read_text(encoding="utf-8"))
        assert found is None, (page.relative_to(site), found)


@pytest.mark.parametrize(
    "loaded",
    [
        '<script src="https://cdn.example.org/x.js">',
        "<link rel=stylesheet href=//fonts.example.org/css>",
        "@import url(https://fonts.example.org/a.css)",
        '<img alt="" src="//example.org/pixel.gif">',
    ],
)
def test_what_is_loaded_from_another_host_is_found(loaded: str):
    assert _LOADED.search(loaded)
    assert not _LOADED.search('<a href="https://example.org/">')


def test_every_command_has_a_heading():
    found = headings(command_text())
    assert len(command_paths()) > 20
    for path in command_paths():
        assert " ".join(("recount", *path)) in found


def test_every_table_measure_code_list_denominator_and_warning_has_a_heading(catalog: Catalog):
    dictionary = headings(dictionary_text(catalog))
    records = headings(records_text(catalog))
    warnings = [each.warning for each in catalog.warnings.warnings]
    for name in (*catalog.tables, *catalog.measures, *catalog.codes, *load_denominators(catalog), *warnings):
        assert name in dictionary, name
    for name in (*catalog.events.tables, *catalog.events.measures):
        assert name in records, name


def test_every_warning_that_a_table_or_a_guard_names_has_a_heading(catalog: Catalog):
    dictionary = headings(dictionary_text(catalog))
    tables = [*catalog.tables.values(), *catalog.events.tables.values()]
    named = [name for each in tables for name in each.warnings]
    named += [each.warning for each in catalog.events.guards.guards]
    assert named
    assert set(named) <= set(dictionary)
