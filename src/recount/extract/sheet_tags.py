"""The cells of a plain sheet by the places of their tags, a block of rows at once.

A plain sheet is rows of cells that hold a number, a shared text or a text of their own, written as spreadsheet
programs write them: `r`, `s` and `t` in this order, nothing between tags. Every tag of a block is accounted for, so
that a sheet with anything else in it is found out, and left to the reader of workbooks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

PAD = b"\0" * 64
"""What stands after the rows of a piece, so that words can be read at its end."""
ROW_ENDS = b"</row>"
PLAIN, SHARED, AS_IS, TRIMMED = 0, -1, -2, -3
"""Kinds of a cell: its text stands there; it is shared; or the reader is asked, spaces kept or not. A number's kind
is its style and 1."""

_PRESERVED = b't xml:space="preserve">'
_INLINE = b' t="inlineStr"><is><t>'
_TEXT_ENDS, _VALUE_ENDS = b"</t></is></c>", b"</v></c>"
_MOST_COLUMNS = 256
_MOST_STYLES = 1 << 14
_IN_VIEW, _HEAD_OF_VIEW = 12, 4
_LETTERS = 26

Bytes = npt.NDArray[np.uint8]
Whole = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

_LOW_BYTES: Words = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)
_BYTE = np.uint64(0xFF)


class NotPlainError(Exception):
    """A sheet holds something that is not looked for here."""


def require_plain(condition: object) -> None:
    """Raises `NotPlainError` where `condition` does not hold."""
    if not condition:
        raise NotPlainError


def _word(text: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(text[:8], "little"))


@dataclass(frozen=True)
class Block:
    """Some rows: their numbers, and the cells with their column, row, kind and view."""

    rows: Whole
    column: Whole
    row: Whole
    kind: npt.NDArray[np.int16]
    views: npt.NDArray[np.uint64]


def read_block(data: Bytes, offset: int) -> Block:
    """Returns the cells of whole rows; every tag in them is accounted for, or the sheet is not plain."""
    size = len(data) - len(PAD)
    words = np.ndarray((len(data) - 8,), "<u8", data, strides=(1,))
    opens = data[:size] == ord("<")
    second = data[1 : size + 1]
    at = np.flatnonzero(opens & ((second == ord("c")) | (second == ord("r"))))
    is_row = data[at + 1] == ord("r")
    require_plain(len(at) and at[0] == 0 and is_row[0])
    following, row_follows = np.append(at[1:], size), np.append(is_row[1:], True)
    number, digits, row_words, tags = _read_rows(data, words, at, is_row, following, row_follows)
    cells = np.flatnonzero(~is_row)
    begin, end = at[cells], following[cells] - len(ROW_ENDS) * row_follows[cells]
    last = end[row_follows[cells]]
    require_plain((words[last] & _LOW_BYTES[6] == _word(ROW_ENDS)).all())
    row = np.cumsum(is_row)[cells] - 1
    column, place = _read_references(words, begin, row, digits, row_words)
    kind, start, stop, has_value, tags_of_empty = _read_values(data, words, place, end)
    held = np.flatnonzero(has_value)
    texts = (kind == PLAIN) | (kind <= AS_IS)
    tags += tags_of_empty + 6 * int(texts[held].sum()) + 4 * int((~texts[held]).sum())
    require_plain(tags == np.count_nonzero(opens))
    if len(held) < len(cells):
        column, row, kind, start, stop = column[held], row[held], kind[held], start[held], stop[held]
    if (data == ord("&")).any():
        _ask_for_escaped(data, start, stop, kind)
    return Block(number, column, number[row], kind, _views(words, start, stop - start, offset))


def _read_rows(
    data: Bytes, words: Words, at: Whole, is_row: Flags, following: Whole, row_follows: Flags
) -> tuple[Whole, Whole, Words, int]:
    """Returns of rows the numbers, their digits, what they are written as, and how many tags rows have."""
    begin = at[is_row]
    require_plain((words[begin] == _word(b'<row r="')).all())
    written = words[begin + 8]
    number, digits = _read_numbers(written)
    require_plain((np.diff(number) > 0).all())
    end, is_bare = following[is_row], row_follows[is_row]
    require_plain((data[end - 1] == ord(">")).all())
    require_plain(((data[end - 2] == ord("/")) == is_bare).all())
    return number, digits, written, 2 * len(begin) - int(is_bare.sum())


def _read_references(
    words: Words, begin: Whole, row: Whole, digits: Whole, row_words: Words
) -> tuple[Whole, Whole]:
    """Returns the columns of cells, and where their references end."""
    opening = words[begin]
    require_plain((opening & _LOW_BYTES[6] == _word(b'<c r="')).all())
    one, two = (
        (opening >> np.uint64(48) & _BYTE).astype(np.int64),
        (opening >> np.uint64(56)).astype(np.int64),
    )
    is_two = two >= ord("A")
    column = np.where(is_two, (one - ord("@")) * _LETTERS + two - ord("A"), one - ord("A"))
    require_plain(((column >= 0) & (column < _MOST_COLUMNS)).all())
    place = begin + 7 + is_two
    of_row = digits[0] if digits[0] == digits[-1] else digits[row]
    require_plain(((words[place] ^ row_words[row]) & _LOW_BYTES[of_row + 1] == 0).all())
    return column, place + of_row + 1


def _read_numbers(words: Words) -> tuple[Whole, Whole]:
    """Returns the numbers that begin words of eight characters and end in a quote, and their digits."""
    numbers, digits = np.zeros(len(words), np.int64), np.zeros(len(words), np.int64)
    open_ = np.ones(len(words), np.bool_)
    for place in range(8):
        sign = (words >> np.uint64(8 * place) & _BYTE).astype(np.int64)
        digits[open_ & (sign == ord('"'))] = place
        open_ &= sign != ord('"')
        if not open_.any():
            break
        require_plain(((sign >= ord("0")) & (sign <= ord("9")) | ~open_).all())
        numbers = np.where(open_, numbers * 10 + sign - ord("0"), numbers)
    require_plain(not open_.any() and (digits > 0).all())
    return numbers, digits


def _read_values(
    data: Bytes, words: Words, place: Whole, end: Whole
) -> tuple[npt.NDArray[np.int16], Whole, Whole, Flags, int]:
    """Returns the kinds of cells, where their texts begin and end, which hold something, and the others' tags.

    `place` is where the reference ends, and is moved behind the style.
    """
    kind = np.zeros(len(place), np.int16)
    word = words[place]
    styled = np.flatnonzero(word & _LOW_BYTES[4] == _word(b' s="'))
    if len(styled):
        style, digits = _read_numbers(words[place[styled] + 4])
        require_plain((style < _MOST_STYLES).all())
        kind[styled] = style
        place[styled] += digits + 5
        word[styled] = words[place[styled]]
    kind += 1
    start, stop = place + 4, end - len(_VALUE_ENDS)
    bare = word & _LOW_BYTES[4] == _word(b"><v>")
    empty = (word & _LOW_BYTES[2] == _word(b"/>")) & (place + 2 == end)
    empty |= (word & _LOW_BYTES[3] == _word(b" />")) & (place + 3 == end)
    closed = (word & _LOW_BYTES[5] == _word(b"></c>")) & (place + 5 == end)
    tags = int(empty.sum()) + 2 * int(closed.sum())
    held = ~(empty | closed)
    typed = np.flatnonzero(word & _LOW_BYTES[4] == _word(b' t="'))
    require_plain(len(typed) + np.count_nonzero(bare) + np.count_nonzero(~held) == len(place))
    is_inline = word[typed] == _word(_INLINE)
    text, other = typed[is_inline], typed[~is_inline]
    kind[text], start[text], stop[text] = _read_inline(data, words, place[text], end[text])
    what = words[place[other] + 4]
    shared = what & _LOW_BYTES[6] == _word(b's"><v>')
    require_plain((shared | (what & _LOW_BYTES[6] == _word(b'n"><v>'))).all())
    kind[other[shared]] = SHARED
    start[other] += 6
    valued = held.copy()
    valued[text] = False
    require_plain((words[stop[valued]] == _word(_VALUE_ENDS)).all())
    require_plain((stop[valued] > start[valued]).all())
    return kind, start, stop, held, tags


def _read_inline(
    data: Bytes, words: Words, place: Whole, end: Whole
) -> tuple[npt.NDArray[np.int16], Whole, Whole]:
    """Returns the kinds of cells with a text of their own, and where the texts begin and end."""
    require_plain((words[place + 8] == _word(_INLINE[8:])).all())
    opening = words[place + 14]
    spaced = opening == _word(b"><is><t ")
    require_plain((spaced | (opening == _word(_INLINE[14:]))).all())
    start, stop = place + len(_INLINE), end - len(_TEXT_ENDS)
    if spaced.any():
        begin = place[spaced] + 20
        require_plain(all((words[begin + part] == _word(_PRESERVED[part:])).all() for part in (0, 8, 15)))
        start[spaced] = begin + len(_PRESERVED)
    closing = words[stop - 1]
    require_plain((closing >> np.uint64(8) == _word(_TEXT_ENDS[:7])).all())
    require_plain((words[stop + 5] == _word(_TEXT_ENDS[5:])).all())
    require_plain((stop >= start).all())
    bounds = (data[start] <= ord(" ")) | (closing & _BYTE <= ord(" ")) | (start == stop)
    kind = np.where(bounds, TRIMMED, PLAIN).astype(np.int16)
    kind[spaced] = AS_IS
    return kind, start, stop


def _ask_for_escaped(data: Bytes, start: Whole, stop: Whole, kind: npt.NDArray[np.int16]) -> None:
    """Marks texts with an escaped sign to be read by the reader of workbooks."""
    signs = np.flatnonzero(data == ord("&"))
    cell = np.searchsorted(start, signs, side="right") - 1
    inside = cell[(cell >= 0) & (signs < stop[cell])]
    require_plain((kind[inside] <= 0).all() and (kind[inside] != SHARED).all())
    kind[inside] = np.where(kind[inside] == PLAIN, TRIMMED, kind[inside])


def _views(words: Words, start: Whole, length: Whole, offset: int) -> npt.NDArray[np.uint64]:
    """Returns texts as Arrow's views: short ones within the view, long ones by their place."""
    views = np.empty((len(start), 2), np.uint64)
    head = words[start] & _LOW_BYTES[np.minimum(length, _HEAD_OF_VIEW)]
    views[:, 0] = length.astype(np.uint64) | head << np.uint64(32)
    tail = words[start + _HEAD_OF_VIEW] & _LOW_BYTES[np.clip(length - _HEAD_OF_VIEW, 0, 8)]
    views[:, 1] = np.where(length <= _IN_VIEW, tail, (start + offset).astype(np.uint64) << np.uint64(32))
    return views
