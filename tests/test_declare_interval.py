"""Exact numbers and intervals. The laws are held against sets of numbers, counted one by one."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.declare.interval import Interval, exact_number

ENDS = [Fraction(each) for each in range(-2, 3)]
# Every end, a number between each two ends, and numbers beyond: two intervals that agree here are the same.
NUMBERS = [Fraction(each, 2) for each in range(-6, 7)]


def numbers_in(interval: Interval | None) -> set[Fraction]:
    """Returns the `NUMBERS` inside, by the definition of an interval."""
    if interval is None:
        return set()
    low, high = interval.low, interval.high
    return {
        each
        for each in NUMBERS
        if (low is None or each > low or (each == low and not interval.low_open))
        and (high is None or each < high or (each == high and not interval.high_open))
    }


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = draw(st.sampled_from([None, *ENDS])), draw(st.sampled_from([None, *ENDS]))
    if low is not None and high is not None and low > high:
        low, high = high, low
    point = low is not None and low == high
    low_open, high_open = (False, False) if point else (draw(st.booleans()), draw(st.booleans()))
    return Interval(low, high, low_open, high_open)


@pytest.mark.parametrize(
    ("written", "means"),
    [
        (183, Fraction(183)),
        (Decimal("0.1"), Fraction(1, 10)),
        ("0.25", Fraction(1, 4)),
        ("25 %", Fraction(1, 4)),
        ("25%", Fraction(1, 4)),
        ("0.5 %", Fraction(1, 200)),
        ("1/4", Fraction(1, 4)),
        (" 2 / 3 ", Fraction(2, 3)),
        ("140,000", Fraction(140000)),
    ],
)
def test_a_number_is_read_exactly_as_written(written: object, means: Fraction):
    assert exact_number(written) == means


@pytest.mark.parametrize(
    "written", [0.25, True, "a quarter", "1/0", "14,00", "1,400.5", "", "25 percent", None]
)
def test_what_is_no_exact_number_is_refused(written: object):
    with pytest.raises(ValueError, match="number"):
        exact_number(written)


@pytest.mark.parametrize(("low", "high", "low_open"), [(2, 1, False), (1, 1, True)])
def test_an_interval_that_holds_no_number_is_refused(low: int, high: int, low_open: bool):
    with pytest.raises(ValueError, match="holds no number"):
        Interval(Fraction(low), Fraction(high), low_open)


def test_more_than_a_half_is_apart_from_exactly_a_half():
    half = Fraction(1, 2)
    assert Interval(half, None, low_open=True).lies_apart_from(Interval.point(half))


def test_at_least_a_half_holds_exactly_a_half():
    half = Fraction(1, 2)
    assert Interval.point(half).lies_within(Interval(half, None))


def test_json_gives_numbers_as_exact_text():
    assert Interval(Fraction(1, 4), None, low_open=True).as_json() == {
        "low": "1/4",
        "high": None,
        "low_open": True,
        "high_open": False,
    }


@given(intervals())
def test_an_interval_is_a_point_where_exactly_one_number_lies_inside(each: Interval):
    assert each.is_point == (len(numbers_in(each)) == 1 and each.low == each.high)


@given(intervals(), intervals())
def test_an_interval_lies_within_another_where_each_of_its_numbers_does(one: Interval, other: Interval):
    assert one.lies_within(other) == (numbers_in(one) <= numbers_in(other))


@given(intervals(), intervals())
def test_intervals_lie_apart_where_they_share_no_number(one: Interval, other: Interval):
    assert one.lies_apart_from(other) == numbers_in(one).isdisjoint(numbers_in(other))


@given(intervals(), intervals())
def test_the_intersection_holds_the_numbers_of_both(one: Interval, other: Interval):
    assert numbers_in(one.intersect(other)) == numbers_in(one) & numbers_in(other)


@given(intervals(), intervals())
def test_the_hull_is_the_smallest_interval_that_holds_both(one: Interval, other: Interval):
    hull = one.hull(other)
    assert one.lies_within(hull)
    assert other.lies_within(hull)
    both = sorted(numbers_in(one) | numbers_in(other))
    assert numbers_in(hull) == {each for each in NUMBERS if both[0] <= each <= both[-1]}


@given(intervals(), intervals(), intervals())
def test_within_is_handed_on(one: Interval, other: Interval, third: Interval):
    if one.lies_within(other) and other.lies_within(third):
        assert one.lies_within(third)


@given(intervals(), intervals())
def test_no_interval_lies_both_within_another_and_apart_from_it(one: Interval, other: Interval):
    assert not (one.lies_within(other) and one.lies_apart_from(other))
