"""What every verb prints: tables on a terminal, JSON and CSV elsewhere."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from recount.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

_WIDTH_ELSEWHERE = 100


class Format(StrEnum):
    """How an answer is printed."""

    table = "table"
    json = "json"
    csv = "csv"


def console() -> Console:
    """Returns a console on standard output: the terminal's width, or 100 columns elsewhere."""
    from rich.console import Console

    on_terminal = sys.stdout.isatty()
    return Console(width=None if on_terminal else _WIDTH_ELSEWHERE, highlight=False, soft_wrap=False)


def print_json(value: Any) -> None:
    """Prints a value as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Prints rows as CSV with a header."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    typer.echo(buffer.getvalue(), nl=False)


def write_text(path: Path, text: str) -> None:
    """Writes a file beside and swaps it in.

    Raises:
        UsageError: where the place cannot be written.
    """
    beside = path.with_name(f".{path.name}.writing")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as unwritable:
        beside.unlink(missing_ok=True)
        raise UsageError(
            f"{path} cannot be written: {unwritable.strerror}.", [("fix", "choose another place")]
        ) from unwritable


def read_pairs(given: Sequence[str] | None, option: str, example: str) -> dict[str, str]:
    """Returns what an option gives as name=value, by name.

    Raises:
        UsageError: where one is not such a pair, or a name is given twice.
    """
    pairs: dict[str, str] = {}
    for each in given or []:
        name, equals, value = each.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise UsageError(f"{option} {each!r} is not name=value.", [("example", f"{option} {example}")])
        if name.strip() in pairs:
            raise UsageError(f"{option} gives {name.strip()!r} twice.", [("fix", "keep one")])
        pairs[name.strip()] = value.strip().strip('"')
    return pairs
