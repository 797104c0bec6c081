"""Exact intervals: what a statement asserts, and where a measured value can lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Exact = Fraction
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_QUOTIENT = re.compile(r"(\d+)\s*/\s*(\d+)")


def exact_number(value: object) -> Fraction:
    """Returns a number as written, exactly: `183`, `0.25`, `"25 %"`, `"1/4"`, `"140,000"`.

    Raises:
        ValueError: for anything else, binary floating point included (it is not what was written).
    """
    if isinstance(value, bool):
        raise ValueError("a number is wanted, not true or false")
    if isinstance(value, int | Decimal | Fraction):
        return Fraction(value)
    if isinstance(value, str):
        text = value.strip()
        if match := _SHARE.fullmatch(text):
            return Fraction(match[1]) / 100
        if (match := _QUOTIENT.fullmatch(text)) and int(match[2]):
            return Fraction(int(match[1]), int(match[2]))
        if re.fullmatch(r"\d{1,3}(,\d{3})+|\d+(\.\d+)?", text):
            return Fraction(text.replace(",", ""))
    raise ValueError("write a number as 0.25, 25 %, 1/4 or 140,000")


@dataclass(frozen=True)
class Interval:
    """All numbers between two ends. An end of `None` is unbounded; an open end is not itself inside.

    A closed interval with equal ends is one exact number.
    """

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        if self.low is None or self.high is None:
            return
        if self.low is self.high and not (self.low_open or self.high_open):
            return
        if self.low > self.high or (self.low == self.high and (self.low_open or self.high_open)):
            raise ValueError(f"an interval from {self.low} to {self.high} holds no number")

    @classmethod
    def point(cls, value: Fraction | int) -> Interval:
        """Returns the interval that holds `value` alone."""
        exact = Fraction(value)
        return cls(exact, exact)

    @property
    def is_point(self) -> bool:
        """Whether exactly one number lies inside."""
        return self.low is not None and self.low == self.high

    def lies_within(self, other: Interval) -> bool:
        """Returns whether every number of this interval is in `other`."""
        return _starts_at_or_after(self, other) and _ends_at_or_before(self, other)

    def lies_apart_from(self, other: Interval) -> bool:
        """Returns whether no number is in both."""
        return _ends_before(self, other) or _ends_before(other, self)

    def intersect(self, other: Interval) -> Interval | None:
        """Returns the numbers in both, or `None` where there are none."""
        if self.lies_apart_from(other):
            return None
        lower = self if _starts_at_or_after(self, other) else other
        upper = self if _ends_at_or_before(self, other) else other
        return Interval(lower.low, upper.high, lower.low_open, upper.high_open)

    def hull(self, other: Interval) -> Interval:
        """Returns the smallest interval that holds both."""
        lower = other if _starts_at_or_after(self, other) else self
        upper = other if _ends_at_or_before(self, other) else self
        return Interval(lower.low, upper.high, lower.low_open, upper.high_open)

    def negated(self) -> Interval:
        """Returns the interval of the numbers with their signs turned."""
        low = None if self.high is None else -self.high
        high = None if self.low is None else -self.low
        return Interval(low, high, self.high_open, self.low_open)

    def minus(self, other: Interval) -> Interval:
        """Returns where the difference of a number of this interval and one of `other` can lie."""
        low = None if self.low is None or other.high is None else self.low - other.high
        high = None if self.high is None or other.low is None else self.high - other.low
        return Interval(
            low,
            high,
            low is not None and (self.low_open or other.high_open),
            high is not None and (self.high_open or other.low_open),
        )

    def divided_by(self, other: Interval) -> Interval | None:
        """Returns where the quotient of a number of this interval and one of `other` can lie.

        `None` where `other` may be zero: then the quotient can be anything, or nothing at all.
        """
        zero = Interval.point(0)
        if not other.lies_apart_from(zero):
            return None
        if other.high is not None and other.high <= 0:
            return self.negated().divided_by(other.negated())
        low, low_open = _quotient(self.low, self.low_open, other, lowest=True)
        high, high_open = _quotient(self.high, self.high_open, other, lowest=False)
        return Interval(low, high, low_open, high_open)

    def as_json(self) -> dict[str, str | bool | None]:
        """Returns the interval as JSON values; numbers are exact text (`"1/4"`)."""
        return {
            "low": None if self.low is None else str(self.low),
            "high": None if self.high is None else str(self.high),
            "low_open": self.low_open,
            "high_open": self.high_open,
        }


def _quotient(
    end: Fraction | None, is_open: bool, divisor: Interval, *, lowest: bool
) -> tuple[Fraction | None, bool]:
    """One end of a quotient by a divisor above zero: which end of the divisor makes it turns on the sign."""
    if end is None:
        return None, False
    far = (end >= 0) == lowest
    by, by_open = (divisor.high, divisor.high_open) if far else (divisor.low, divisor.low_open)
    if by is None:
        # Divided by ever more, it comes as near to zero as one likes.
        return Fraction(0), end != 0
    if by == 0:
        return (Fraction(0), False) if end == 0 else (None, False)
    return end / by, is_open or by_open


def _starts_at_or_after(inner: Interval, outer: Interval) -> bool:
    if outer.low is None:
        return True
    if inner.low is None:
        return False
    if inner.low == outer.low:
        return inner.low_open or not outer.low_open
    return inner.low > outer.low


def _ends_at_or_before(inner: Interval, outer: Interval) -> bool:
    if outer.high is None:
        return True
    if inner.high is None:
        return False
    if inner.high == outer.high:
        return inner.high_open or not outer.high_open
    return inner.high < outer.high


def _ends_before(first: Interval, second: Interval) -> bool:
    if first.high is None or second.low is None:
        return False
    if first.high == second.low:
        return first.high_open or second.low_open
    return first.high < second.low
