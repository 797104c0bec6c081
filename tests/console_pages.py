"""Documentation that is run: commands of a page, what the page shows of their answers, and both held together."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from recount.cli.app import app

DOCS = Path(__file__).parents[1] / "docs"
ELIDED = "…"


@dataclass(frozen=True)
class Step:
    """A command as the page writes it, and the lines that the page shows of its answer."""

    command: str
    shown: tuple[str, ...]


def fenced(page: Path, language: str) -> Iterator[str]:
    """Yields the blocks of a page that are of one language."""
    yield from re.findall(
        rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )


def steps(page: Path) -> list[Step]:
    """Returns what a reader of a page types, in order; a line that ends in a backslash goes on in the next."""
    found: list[Step] = []
    for block in fenced(page, "console"):
        command, shown = "", []
        for line in re.sub(r"\\\n\s*", "", block).splitlines():
            if line.startswith("$ "):
                if command:
                    found.append(Step(command, tuple(shown)))
                command, shown = line[2:], []
            else:
                shown.append(line)
        found.append(Step(command, tuple(shown)))
    return found


def run(command: str) -> str:
    """Returns what a command of Recount prints, and writes it to a file where the command says so (`> file`)."""
    words = shlex.split(command)
    to = words[words.index(">") + 1] if ">" in words else None
    asked = words[1 : words.index(">")] if to else words[1:]
    told = CliRunner().invoke(app, asked, env={"COLUMNS": "100"})
    assert told.exit_code == 0, told.output
    if to:
        Path(to).write_text(told.stdout, encoding="utf-8")
        return ""
    return told.stdout


def find_missing(shown: Sequence[str], told: str) -> str | None:
    """Returns the first line that a page shows and the answer does not give there, `None` where all is given.

    Lines are given one after another; after a line that only elides, later ones may follow. An ellipsis within a
    line stands for any text, and a space for one that does not break.
    """
    lines = [line.rstrip() for line in _plain(told).splitlines()]
    at, may_skip = 0, False
    for line in map(_plain, shown):
        if line == ELIDED:
            may_skip = True
            continue
        wanted = re.compile(".*".join(re.escape(each) for each in line.rstrip().split(ELIDED)))
        ends = range(at, len(lines)) if may_skip else range(at, min(at + 1, len(lines)))
        found = next((each for each in ends if wanted.fullmatch(lines[each])), None)
        if found is None:
            return line
        at, may_skip = found + 1, False
    return None


def _plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def find_refusal(command: str) -> str | None:
    """Returns why Recount would not take the command's words, `None` where it would. Nothing but help is run."""
    words = shlex.split(command, comments=True)[1:]
    ends = [words.index(each) for each in (">", "|", "&") if each in words]
    told = CliRunner().invoke(app, [*words[: min(ends, default=len(words))], "--help"])
    return None if told.exit_code == 0 else told.output
