"""A piece of a large sheet: its cells by column, as numbers of texts, or as the texts themselves."""

from __future__ import annotations

import itertools
import re
import threading
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from recount.extract.sheet_tags import (
    PAD,
    PLAIN,
    Content,
    Forms,
    Found,
    NotPlainError,
    count_digits,
    find_rows,
    read_rows,
    require_plain,
)
from recount.extract.sheet_words import Whole

Codes = npt.NDArray[np.uint32]

NOTHING = np.uint32(0xFFFF_FFFF)
"""Stands for a cell that holds nothing, where its column is given as numbers."""
_ROWS_AT_ONCE = 6_000
_MOST_GAPS, _MOST_ROWS_LEFT_OUT = 4, 64
_LOOKED_AT = 1_000
_ESCAPE = re.compile(rb"_x[0-9A-Fa-f]{4}_")


@dataclass(frozen=True)
class Texts:
    """Texts of one kind in a column of a piece, with the rows they are in, counted from the piece's first."""

    kind: int
    rows: Whole
    texts: pl.Series


@dataclass(frozen=True)
class Piece:
    """Whole rows: the first and last row's number, and the cells of each column.

    `codes` are, by column and kind, one number for each row, or `NOTHING`; `texts` are those not given as numbers.
    """

    first: int
    last: int
    codes: dict[int, dict[int, Codes]]
    texts: dict[int, list[Texts]]

    @property
    def columns(self) -> set[int]:
        """Which columns hold something."""
        return self.codes.keys() | self.texts.keys()


class NumberedTexts:
    """Distinct texts, numbered as they are met."""

    def __init__(self) -> None:
        categories = pl.Categories.random()
        self._type = pl.Categorical(categories)
        # Polars keeps the numbers of categories only as long as there is a series of them.
        self._kept = pl.Series([], dtype=self._type)
        self._categories = categories

    def number(self, texts: pl.Series) -> Codes:
        """Returns the numbers of texts, none of which is missing."""
        numbers: Codes = texts.cast(self._type).to_physical().to_numpy()
        return numbers

    def texts(self) -> pl.Series:
        """Returns the texts by their number."""
        return self._categories.to_series()


class Numbering:
    """The texts that stand in the cells of each column, numbered the same for all pieces."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._columns: dict[int, NumberedTexts] = {}

    def column(self, column: int) -> NumberedTexts:
        """Returns the texts of a column."""
        with self._one_at_a_time:
            if column not in self._columns:
                self._columns[column] = NumberedTexts()
            return self._columns[column]


def mostly_differ(texts: pl.Series) -> bool:
    """Returns whether texts seem to repeat little, so that finding the distinct ones saves nothing."""
    some = texts.gather_every(max(1, len(texts) // _LOOKED_AT))
    return 2 * some.n_unique() > len(some)


def scan_piece(text: bytes, numbering: Numbering) -> Piece:
    """Returns the cells of whole rows, which `PAD` follows.

    Raises:
        NotPlainError: where there is anything else.
    """
    require_plain(b"\r" not in text and not (b"_" in text and _ESCAPE.search(text)))
    try:
        _ = text.isascii() or text.decode()
    except UnicodeDecodeError as damage:
        raise NotPlainError from damage
    content, forms = Content.of(text), Forms()
    starts = find_rows(content)
    require_plain(len(starts) and starts[0] == 0)
    ends = np.append(starts[1:], len(text) - len(PAD))
    blocks = [
        read_rows(content, starts[begin:end], int(ends[end - 1]), forms)
        for begin, end in _cuts(content, starts)
    ]
    numbers = np.concatenate([each for each, _ in blocks])
    first, last = int(numbers[0]), int(numbers[-1])
    require_plain((np.diff(numbers) > 0).all())
    require_plain(last - first < _MOST_GAPS * len(numbers) + _MOST_ROWS_LEFT_OUT)
    return _by_column(content, blocks, first, last, numbering)


def _cuts(content: Content, starts: Whole) -> list[tuple[int, int]]:
    """Returns where to cut rows so that the numbers of some at once have equally many digits."""
    places = np.flatnonzero(np.diff(count_digits(content, starts))) + 1
    return [
        (begin, min(begin + _ROWS_AT_ONCE, end))
        for start, end in itertools.pairwise([0, *places.tolist(), len(starts)])
        for begin in range(start, end, _ROWS_AT_ONCE)
    ]


def _by_column(
    content: Content, blocks: list[tuple[Whole, list[Found]]], first: int, last: int, numbering: Numbering
) -> Piece:
    height = last - first + 1
    codes: dict[int, dict[int, Codes]] = {}
    held: dict[tuple[int, int], list[tuple[Whole, npt.NDArray[np.uint64]]]] = {}
    for numbers, cells in blocks:
        begin, is_dense = int(numbers[0]) - first, numbers[-1] - numbers[0] + 1 == len(numbers)
        for each in cells:
            rows = each.rows + begin if is_dense else numbers[each.rows] - first
            if each.numbers is not None:
                _place(codes, each.column, each.kind, height)[rows] = each.numbers
            elif each.views is not None and len(rows):
                held.setdefault((each.column, each.kind), []).append((rows, each.views))
    texts: dict[int, list[Texts]] = {}
    buffer = pa.py_buffer(content.text)
    for (column, kind), members in held.items():
        rows = np.concatenate([each for each, _ in members])
        views = np.concatenate([each for _, each in members])
        array = pa.Array.from_buffers(pa.string_view(), len(rows), [None, pa.py_buffer(views), buffer])
        read = pl.Series(array)
        if kind == PLAIN and not mostly_differ(read):
            _place(codes, column, kind, height)[rows] = numbering.column(column).number(read)
        else:
            # As texts of their own, so that the piece can go.
            texts.setdefault(column, []).append(Texts(kind, rows, pl.Series(array.cast(pa.large_string()))))
    return Piece(first, last, codes, texts)


def _place(codes: dict[int, dict[int, Codes]], column: int, kind: int, height: int) -> Codes:
    kinds = codes.setdefault(column, {})
    if kind not in kinds:
        kinds[kind] = np.full(height, NOTHING, np.uint32)
    return kinds[kind]
