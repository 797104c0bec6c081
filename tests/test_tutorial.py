"""The tutorial, the explanations and the pages of tasks: every command runs, and gives what the page shows."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from console_pages import DOCS, ELIDED, Step, fenced, find_missing, find_refusal, run, steps

PROJECT = DOCS.parent
TUTORIAL = DOCS / "tutorial.md"
INSTALLED = PROJECT / ".venv" / ".installed"
# The questions of the other pages of tasks are run, and held to SQL, by test_how_to.
RUN_ELSEWHERE = {
    "advocates.md",
    "city-hall.md",
    "newsroom.md",
    "panel-in-r.md",
    "README.md",
    "researchers.md",
}
PAGES = [
    *sorted((DOCS / "explanation").glob("*.md")),
    *sorted(each for each in (DOCS / "how-to").glob("*.md") if each.name not in RUN_ELSEWHERE),
]
EVERY_PAGE = sorted({*DOCS.glob("*.md"), *DOCS.glob("how-to/*.md"), *DOCS.glob("explanation/*.md")})


def made_here(step: Step, folder: Path) -> str:
    """Returns what a command of the tutorial that is not Recount's own prints; nothing is installed."""
    if step.command.startswith("source "):
        assert (PROJECT / step.command.split()[1]).is_file()
        return ""
    assert step.command == "make check"
    if not INSTALLED.is_file():
        pytest.skip("needs .venv, as `make check` sets it up")
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy2(PROJECT / name, folder / name)
    (folder / ".venv").symlink_to(PROJECT / ".venv")
    command = ["make", "--no-print-directory", "-o", ".venv/.installed", "check"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_every_step_of_the_tutorial_gives_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    for step in steps(TUTORIAL):
        told = run(step.command) if step.command.startswith("recount ") else made_here(step, tmp_path)
        missing = find_missing(step.shown, told)
        assert missing is None, f"{step.command} does not print {missing!r} there:\n{told}"
    assert {"report.html", "my-claim.yml", "share.svg", "verdict.json"} <= {
        each.name for each in tmp_path.iterdir()
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_every_command_of_a_page_gives_what_it_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    for step in steps(page):
        told = run(step.command)
        missing = find_missing(step.shown, told)
        assert missing is None, f"{step.command} does not print {missing!r} there:\n{told}"


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_every_command_that_a_page_names_is_one_that_recount_takes(page: Path, tmp_path: Path):
    named = [each.command for each in steps(page)]
    for block in (*fenced(page, "sh"), *fenced(page, "bash")):
        named += re.sub(r"\\\n\s*", "", block).splitlines()
    refused = {
        each: why for each in named if each.startswith("recount ") and (why := find_refusal(each)) is not None
    }
    assert not refused


def test_the_tutorial_goes_from_install_to_a_checked_claim_and_its_receipt():
    commands = [each.command for each in steps(TUTORIAL)]
    wanted = [
        "make check",
        "recount measure",
        "recount claim new",
        "recount check my-claim.yml",
        "recount receipt",
    ]
    places = [next(at for at, each in enumerate(commands) if each.startswith(start)) for start in wanted]
    assert places == sorted(places)


# The runner itself: what it lets pass decides what these tests can find.

TOLD = "one\ntwo\nthree\nfour"


@pytest.mark.parametrize(
    ("shown", "missing"),
    [
        (["one", "two"], None),
        (["one", "three"], "three"),
        (["one", ELIDED, "three"], None),
        ([ELIDED, "two", "one"], "one"),
        (["o…e", "two"], None),
        (["o…", "t…", "four"], "four"),
        (["five"], "five"),
    ],
)
def test_a_shown_line_is_given_in_its_place(shown: list[str], missing: str | None):
    assert find_missing(shown, TOLD) == missing


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("recount check my-claim.yml --paragraph", None),
        ("recount check --no-such-option", "No such option: --no-such-option"),
        ("recount claim neu", "No such command 'neu'"),
        ("recount --engine spark measure arrests --by method   # on Spark", None),
    ],
)
def test_a_command_that_recount_does_not_take_is_found(command: str, why: str | None):
    found = find_refusal(command)
    assert found == why if why is None else why in str(found)
