"""The cells of a plain sheet by its tags, column by column, in many rows at once.

A plain sheet is rows of cells that hold a number, a shared text or a text of their own, written as spreadsheet
programs write them: `r`, `s` and `t` in this order, nothing between tags. Most cells of a column are written alike.
Every sign of every row is held to what stands there, from its first tag to its last, so that a sheet with anything
else in it is found out, and left to the reader of workbooks.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from recount.extract.sheet_words import (
    LOW,
    SIGNS,
    Bytes,
    Flags,
    Texts,
    Whole,
    Words,
    count_before,
    eight,
    read_numbers,
    word,
)

PAD = b"\0" * 128
"""What stands after the rows of a piece, so that words can be read at its end."""
ROW_ENDS = b"</row>"
PLAIN, SHARED, AS_IS, TRIMMED = 0, -1, -2, -3
"""Kinds of a cell: its text stands there; it is shared; or the reader is asked, spaces kept or not. A number's kind
is its style and 1."""

_ROW_BEGINS = b'<row r="'
_CELL_BEGINS = b'<c r="'
_HEAD = re.compile(rb'"(?P<more>(?: [A-Za-z][A-Za-z0-9:]*="[^"<>&]*")* ?)(?:(?P<empty>/>)|(?P<open>>))')
_CELL = re.compile(
    rb'"(?: s="(?P<more>\d{1,5})")?(?:'
    rb"(?P<empty> ?/>|></c>)"
    rb'|(?P<shared> t="s"><v>)'
    rb'|(?P<number>(?: t="n")?><v>)'
    rb'|(?P<kept> t="inlineStr"><is><t xml:space="preserve">)'
    rb'|(?P<text> t="inlineStr"><is><t>))'
)
_TEXT_ENDS, _VALUE_ENDS = b"</t></is></c>", b"</v></c>"
_MOST_COLUMNS = 256
_MOST_STYLES = 1 << 14
_MOST_FORMS = 64
_IN_VIEW, _HEAD_OF_VIEW = 12, 4
_LETTERS = 26
_MOST_DIGITS = 7
_AT_ONCE = 1 << 18
_U = np.uint64
_QUOTE, _LESS, _AND = eight(b'"'), eight(b"<"), eight(b"&")
_BYTE, _ZERO, _SPACE = _U(0xFF), _U(ord("0")), _U(ord(" "))
_END = word(ROW_ENDS)


class NotPlainError(Exception):
    """A sheet holds something that is not looked for here."""


def require_plain(condition: object) -> None:
    """Raises `NotPlainError` where `condition` does not hold."""
    if not condition:
        raise NotPlainError


def is_utf8(head: bytes) -> bool:
    """Returns whether a part that begins so is UTF-8, as it is where it says nothing else."""
    declaration = head.split(b"?>")[0].lower()
    return b"encoding" not in declaration or b"utf-8" in declaration


@dataclass(frozen=True)
class Content:
    """Whole rows and `PAD`, as bytes, as signs and as words; and whether a text in them may hold an escaped sign."""

    text: bytes
    signs: Bytes
    words: Words
    has_escapes: bool

    @classmethod
    def of(cls, text: bytes) -> Content:
        """Returns rows ready to be read."""
        words = np.frombuffer(text, "<u8", len(text) // SIGNS)
        return cls(text, np.frombuffer(text, np.uint8), words, b"&" in text)

    def at(self, places: Whole) -> Texts:
        """Returns the texts that begin at some places."""
        return Texts(self.words, places)


@dataclass(frozen=True)
class Found:
    """Cells of one column that are of one kind, with the rows they are in, counted within a block.

    Either the numbers that stand in them (of a shared text, or as a number of few digits), or views of their texts.
    """

    column: int
    kind: int
    rows: Whole
    numbers: Words | None = None
    views: Words | None = None


@dataclass(frozen=True)
class _Form:
    """What stands between a number of a row and the value of a cell, or the cells of the row."""

    text: bytes
    value: Literal["open", "empty", "shared", "number", "kept", "text"]
    style: int


@dataclass(frozen=True)
class Forms:
    """How the heads of rows, and the cells of each column, were written so far: they are tried first."""

    heads: list[_Form] = field(default_factory=list)
    cells: dict[int, list[_Form]] = field(default_factory=dict)


def find_rows(content: Content) -> Whole:
    """Returns where rows seem to begin. Whether they do, and nothing stands between them, `read_rows` finds out."""
    found = []
    for begin in range(0, len(content.signs) - len(PAD), _AT_ONCE):
        # Few signs of a sheet are a w.
        places = np.flatnonzero(content.signs[begin : begin + _AT_ONCE] == ord("w"))
        found.append(places + (begin - _ROW_BEGINS.index(b"w")))
    at = np.concatenate(found) if found else np.zeros(0, np.int64)
    at = at[at >= 0]
    starts: Whole = at[content.at(at).word(0) == word(_ROW_BEGINS)]
    return starts


def count_digits(content: Content, starts: Whole) -> npt.NDArray[np.uint8]:
    """Returns how many signs the numbers of rows have; 8 where they have more."""
    return count_before(content.at(starts).word(1), _QUOTE)


def read_rows(content: Content, starts: Whole, end: int, forms: Forms) -> tuple[Whole, list[Found]]:
    """Returns the numbers of rows, and their cells.

    Args:
        content: what they stand in.
        starts: where they begin; their numbers have equally many digits.
        end: where the last of them ends.
        forms: what was met before, and is added to.

    Raises:
        NotPlainError: where anything else stands between `starts` and `end`.
    """
    written = content.at(starts).word(1)
    digits = int(count_before(written[:1], _QUOTE)[0])
    require_plain(0 < digits <= _MOST_DIGITS)
    numbers, are_numbers = read_numbers(written, np.full(len(starts), digits, np.uint64))
    require_plain(are_numbers)
    rows = written & LOW[digits]
    block = _Block(content, forms, rows, rows << _U(56), rows >> _U(8), digits)
    at, is_bare = block.read_heads(starts + (len(_ROW_BEGINS) + digits))
    found: list[Found] = []
    likely = max(forms.cells, default=-1)
    for column in range(_MOST_COLUMNS + 1):
        here = content.at(at)
        first = here.word(0)
        if column > likely and (is_bare | (first & LOW[len(ROW_ENDS)] == _END)).all():
            break
        require_plain(column < _MOST_COLUMNS)
        found += block.read_column(column, at, here)
    at += np.where(is_bare, 0, len(ROW_ENDS))
    require_plain((at == np.append(starts[1:], end)).all())
    return numbers.astype(np.int64), found


@dataclass(frozen=True)
class _Block:
    """Rows with numbers of equally many digits, and those digits as words: all, the first at the end, the others."""

    content: Content
    forms: Forms
    rows: Words
    first_digits: Words
    other_digits: Words
    digits: int

    def read_heads(self, at: Whole) -> tuple[Whole, Flags]:
        """Returns where the heads of rows end whose numbers end at `at`, and which rows are nothing else."""
        ends, is_bare, left = at.copy(), np.zeros(len(at), np.bool_), np.arange(len(at))
        for tried in range(_MOST_FORMS + 1):
            if not len(left):
                break
            form = self._form(self.forms.heads, tried, _HEAD, int(at[left[0]]))
            here = self.content.at(at[left])
            alike = _stands(here, form.text, range(-(-len(form.text) // SIGNS)))
            chosen = left[alike]
            ends[chosen] = at[chosen] + len(form.text)
            is_bare[chosen] = form.value == "empty"
            left = left[~alike]
        return ends, is_bare

    def _form(self, known: list[_Form], tried: int, pattern: re.Pattern[bytes], place: int) -> _Form:
        """Returns the next form to try: a known one, or the one of what stands at `place`."""
        if tried == len(known):
            require_plain(tried < _MOST_FORMS)
            found = pattern.match(self.content.text, place)
            if found is None:
                raise NotPlainError
            style = int(found["more"] or 0) if pattern is _CELL else 0
            require_plain(style < _MOST_STYLES)
            known.append(_Form(found.group(), found.lastgroup, style))  # type: ignore[arg-type]  # One of the names.
        return known[tried]

    def read_column(self, column: int, at: Whole, here: Texts) -> Iterator[Found]:
        """Yields the cells of a column, which some rows have `here`, and moves `at` behind them."""
        begins = _CELL_BEGINS + _letters(column)
        # The number of the row follows the letters: after a single one, its first digit is still of the first word.
        spare = SIGNS - len(begins)
        is_here = here.word(0) == (self.first_digits | word(begins) if spare else word(begins))
        left = np.flatnonzero(is_here)
        if not len(left):
            return
        rest = self.other_digits if spare else self.rows
        if len(left) < len(at):
            here, rest = self.content.at(at[left]), rest[left]
        known = self.forms.cells.setdefault(column, [])
        before = len(begins) + self.digits
        for tried in range(_MOST_FORMS + 1):
            form = self._form(known, tried, _CELL, int(here.at[0]) + before)
            written = begins + bytes(self.digits) + form.text
            alike = _stands(here, written, range(1, -(-len(written) // SIGNS)), rest)
            if alike.all():
                at[left] = yield from self._read(column, form, left, here, len(written))
                return
            if alike.any():
                chosen, mine = left[alike], self.content.at(here.at[alike])
                at[chosen] = yield from self._read(column, form, chosen, mine, len(written))
                other = ~alike
                left, rest, here = left[other], rest[other], self.content.at(here.at[other])

    def _read(
        self, column: int, form: _Form, rows: Whole, here: Texts, begin: int
    ) -> Generator[Found, None, Whole]:
        """Yields cells whose values begin some signs further than `here`, and returns where the cells end."""
        if form.value == "empty":
            return here.at + begin
        if form.value in ("text", "kept"):
            return (
                yield from self._read_texts(
                    column, rows, here.at + begin, AS_IS if form.value == "kept" else PLAIN
                )
            )
        kind = SHARED if form.value == "shared" else form.style + 1
        value = here.signs(begin)
        length = count_before(value, _LESS)
        if length.max() < SIGNS:
            require_plain(length.min() > 0)
            digits = length.astype(np.uint64)
            numbers, are_numbers = read_numbers(value, digits)
            if kind != SHARED:
                # 007 is another text than 7.
                are_numbers &= not ((value & _BYTE == _ZERO) & (length > 1)).any()
            if are_numbers:
                digits <<= _U(3)
                value = value >> digits
                np.subtract(_U(64), digits, out=digits)
                value |= here.signs(begin + SIGNS) << digits
                require_plain((value == word(_VALUE_ENDS)).all())
                yield Found(column, kind, rows, numbers=numbers)
                ends = here.at + length
                ends += begin + len(_VALUE_ENDS)
                return ends
        require_plain(kind != SHARED)
        start = here.at + begin
        texts = self.content.at(start)
        lengths, _ = self._measure(texts, look_for_escapes=False)
        require_plain((lengths > 0).all())
        require_plain((self.content.at(start + lengths).word(0) == word(_VALUE_ENDS)).all())
        yield Found(column, kind, rows, views=_views(texts, lengths))
        return start + lengths + len(_VALUE_ENDS)

    def _read_texts(self, column: int, rows: Whole, start: Whole, kind: int) -> Generator[Found, None, Whole]:
        texts = self.content.at(start)
        lengths, is_escaped = self._measure(texts, look_for_escapes=self.content.has_escapes)
        stop = start + lengths
        require_plain(_stands(self.content.at(stop), _TEXT_ENDS, range(2)).all())
        views = _views(texts, lengths)
        if kind == PLAIN:
            asked = (
                (texts.word(0) & _BYTE <= _SPACE)
                | (self.content.signs[stop - 1] <= ord(" "))
                | (lengths == 0)
            )
            asked |= is_escaped
            if asked.any():
                yield Found(column, TRIMMED, rows[asked], views=views[asked])
                rows, views = rows[~asked], views[~asked]
        yield Found(column, kind, rows, views=views)
        return stop + len(_TEXT_ENDS)

    def _measure(self, texts: Texts, *, look_for_escapes: bool) -> tuple[Whole, Flags]:
        """Returns how long texts are up to the next tag, and which of them hold an escaped sign."""
        value = texts.word(0)
        count = count_before(value, _LESS)
        lengths, is_escaped = count.astype(np.int64), np.zeros(len(count), np.bool_)
        if look_for_escapes:
            is_escaped |= count_before(value, _AND) < count
        left = np.flatnonzero(count == SIGNS)
        while len(left):
            value = self.content.at(texts.at[left] + lengths[left]).word(0)
            count = count_before(value, _LESS)
            lengths[left] += count
            if look_for_escapes:
                is_escaped[left] |= count_before(value, _AND) < count
            left = left[count == SIGNS]
        return lengths, is_escaped


def _letters(column: int) -> bytes:
    high, low = divmod(column, _LETTERS)
    return bytes([ord("A") + low]) if not high else bytes([ord("@") + high, ord("A") + low])


def _stands(here: Texts, text: bytes, words: range, numbers: Words | None = None) -> Flags:
    """Returns where a text stands, held to it word by word; `numbers` stand in its second word."""
    alike: Flags | None = None
    for number in words:
        part = text[SIGNS * number : SIGNS * (number + 1)]
        wanted = word(part) | numbers if number == 1 and numbers is not None else word(part)
        value = here.word(number)
        same = (value if len(part) == SIGNS else value & LOW[len(part)]) == wanted
        alike = same if alike is None else alike & same
    return np.ones(len(here.at), np.bool_) if alike is None else alike


def _views(texts: Texts, lengths: Whole) -> Words:
    """Returns texts as Arrow's views: short ones within the view, long ones by their place."""
    views = np.empty((len(lengths), 2), np.uint64)
    head = texts.word(0) & LOW.take(np.minimum(lengths, _HEAD_OF_VIEW))
    views[:, 0] = lengths.view(np.uint64) | head << _U(32)
    tail = texts.signs(_HEAD_OF_VIEW) & LOW.take(np.clip(lengths - _HEAD_OF_VIEW, 0, SIGNS))
    views[:, 1] = np.where(lengths <= _IN_VIEW, tail, texts.at.view(np.uint64) << _U(32))
    return views
