"""Files that a chart is written to: the format by suffix, written beside and swapped in."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from recount.errors import UsageError

Suffix = Literal[".svg", ".png", ".html", ".json", ".pdf"]
SUFFIXES: tuple[Suffix, ...] = get_args(Suffix)


def suffix_of(path: Path) -> Suffix:
    """Returns the suffix that says in which format a file is written.

    Raises:
        UsageError: for one that no format has.
    """
    for each in SUFFIXES:
        if path.suffix.casefold() == each:
            return each
    raise UsageError(
        f"{path} names no format of charts.",
        [("choose from", ", ".join(SUFFIXES)), ("example", f"-o {path.stem or 'chart'}.svg")],
    )


def write_file(path: Path, content: bytes) -> None:
    """Writes a file beside and swaps it in; whatever interrupts it leaves nothing behind.

    Raises:
        UsageError: where the place cannot be written.
    """
    beside = path.with_name(f".{path.name}.writing")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except BaseException as stopped:
        if beside.is_file():
            beside.unlink()
        if isinstance(stopped, OSError):
            raise UsageError(
                f"{path} cannot be written: {stopped.strerror}.", [("fix", "choose another place")]
            ) from stopped
        raise
