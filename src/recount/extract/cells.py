"""Cells of a sheet: their addresses and their text."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")

Row = Sequence[str | None]


@functools.cache
def column_letters(index: int) -> str:
    """Returns the letters of a column counted from zero: A, B, …, Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@functools.cache
def column_index(letters: str | bytes) -> int:
    """Returns the number of a column, from zero, given its letters."""
    index = 0
    for letter in letters.encode() if isinstance(letters, str) else letters:
        index = index * 26 + letter - 64
    return index - 1


def cell_address(row: int, column: int) -> str:
    """Returns the address of a cell whose row and column are counted from zero."""
    return f"{column_letters(column)}{row + 1}"


def join_spaces(text: str) -> str:
    """Returns `text` with every run of spaces, line ends and non-breaking spaces as one space."""
    # Of all spaces only the plain one is printable; most cells are such text already.
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    return " ".join(text.split())


def join_rows(rows: Iterable[Row]) -> list[list[str | None]]:
    """Returns rows of one width with the spaces of every cell joined; a cell that held only spaces is `None`."""
    joined = [
        [
            # Most cells are numbers, which a call each would slow down.
            cell
            if cell and " " not in cell and cell.isprintable()
            else (None if cell is None else join_spaces(cell) or None)
            for cell in row
        ]
        for row in rows
    ]
    width = max(map(len, joined), default=0)
    for row in joined:
        row.extend([None] * (width - len(row)))
    return joined


@functools.lru_cache(maxsize=1 << 16)
def is_number(text: str) -> bool:
    """Returns whether a cell's text is a number and nothing else; most texts stand in many cells."""
    return _NUMBER.fullmatch(text) is not None


def are_numbers(texts: Sequence[str]) -> bool:
    """Returns whether each of the texts is a number and nothing else."""
    return are_digits(texts) or all(map(_NUMBER.fullmatch, texts))


def are_digits(texts: Sequence[str]) -> bool:
    """Returns whether texts, none of them empty, hold digits and nothing else."""
    together = "".join(texts)
    return together.isdecimal() and together.isascii()
