"""Eight signs at once: texts at many places of a sheet, as words of 64 bits.

A word holds its first sign lowest. Words are fetched where memory is aligned, and shifted into place: several times
faster than fetching them where they stand.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Whole = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

SIGNS = 8
LOW: Words = np.array([(1 << 8 * count) - 1 for count in range(SIGNS + 1)], np.uint64)
"""Masks of the first signs of a word, by their count."""
_U = np.uint64
_ONES, _HIGH = _U(0x0101_0101_0101_0101), _U(0x8080_8080_8080_8080)
_ZEROS, _TO_HIGH = _U(0x3030_3030_3030_3030), _U(0x7676_7676_7676_7676)
_PAIRS, _TEN = _U(0x0000_00FF_0000_00FF), _U(10)
_UPPER, _LOWER = _U(0x000F_4240_0000_0064), _U(0x0000_2710_0000_0001)


def word(text: bytes) -> np.uint64:
    """Returns the first eight signs of a text; of a shorter one, followed by nothing."""
    return _U(int.from_bytes(text[:SIGNS], "little"))


def eight(sign: bytes) -> np.uint64:
    """Returns a word of one sign."""
    return word(sign * SIGNS)


class Texts:
    """Texts that begin at some places. `texts.word(3)` is, of each, the four signs before and after its 28th."""

    def __init__(self, aligned: Words, at: Whole) -> None:
        """Takes the whole content as words, and the places in it, which count signs."""
        self.at = at
        self._aligned, self._first = aligned, at >> 3
        self._right = (at & 7).view(np.uint64) << _U(3)
        self._left = _U(63) - self._right
        self._fetched: dict[int, Words] = {}
        self._words: dict[int, Words] = {}

    def word(self, number: int) -> Words:
        """Returns of each text the eight signs from 8 x `number` on."""
        if number not in self._words:
            value = self._fetch(number + 1) << _U(1)
            # Shifted left by one and then by the rest: a shift by all 64 bits is none.
            value <<= self._left
            value |= self._fetch(number) >> self._right
            self._words[number] = value
        return self._words[number]

    def signs(self, begin: int) -> Words:
        """Returns of each text the eight signs from `begin` on."""
        number, within = divmod(begin, SIGNS)
        if not within:
            return self.word(number)
        value = self.word(number + 1) << _U(64 - 8 * within)
        value |= self.word(number) >> _U(8 * within)
        return value

    def _fetch(self, number: int) -> Words:
        if number not in self._fetched:
            self._fetched[number] = self._aligned.take(self._first + number)
        return self._fetched[number]


def count_before(words: Words, sign: np.uint64) -> npt.NDArray[np.uint8]:
    """Returns how many signs stand in each word before the first that is `sign`, given eightfold; 8 without one."""
    other = words ^ sign
    marks = other - _ONES
    np.invert(other, out=other)
    marks &= other
    marks &= _HIGH
    # The lowest mark is the first sign. Without any, all 64 bits are counted.
    below = marks - _U(1)
    np.invert(marks, out=marks)
    below &= marks
    counted: npt.NDArray[np.uint8] = np.bitwise_count(below)
    counted >>= np.uint8(3)
    return counted


def read_numbers(words: Words, digits: Words) -> tuple[Words, bool]:
    """Returns the numbers that the first `digits` (1 to 8) signs of words write, and whether all are digits.

    Every second digit joins its neighbour, then pairs, then fours.
    """
    value = words ^ _ZEROS
    value <<= (_U(SIGNS) - digits) << _U(3)
    is_number = not ((value + _TO_HIGH | value) & _HIGH).any()
    pairs = value * _TEN
    value >>= _U(8)
    pairs += value
    lower = pairs >> _U(16)
    lower &= _PAIRS
    lower *= _LOWER
    pairs &= _PAIRS
    pairs *= _UPPER
    pairs += lower
    pairs >>= _U(32)
    return pairs, is_number
