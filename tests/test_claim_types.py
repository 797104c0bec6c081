"""The rules of the types of claims, as pure functions: intervals in, an outcome out; and the laws that hold of them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.claim.compare import By, compare, judge_comparison
from recount.claim.contribution import judge_contribution
from recount.claim.kleene import combine, conjoin, disjoin, negate
from recount.claim.rank import judge_rank
from recount.claim.rule import Outcome
from recount.claim.series import Pattern, judge_series
from recount.declare.claim_types import Holds
from recount.declare.interval import Interval

ORDER: list[Outcome] = ["not_met", "open", "met"]


def at(value: int | str) -> Interval:
    return Interval.point(Fraction(value))


def between(low: int | None, high: int | None) -> Interval:
    return Interval(
        None if low is None else Fraction(low),
        None if high is None else Fraction(high),
    )


def above(value: int | str) -> Interval:
    return Interval(Fraction(value), None, low_open=True)


numbers = st.integers(0, 30)
intervals = st.tuples(numbers, numbers).map(lambda pair: between(min(pair), max(pair)))
positive = st.tuples(st.integers(1, 30), st.integers(1, 30)).map(lambda pair: between(min(pair), max(pair)))
asserted = st.tuples(st.integers(-20, 20), st.integers(0, 20), st.booleans(), st.booleans()).map(
    lambda each: Interval(Fraction(each[0]), Fraction(each[0] + each[1] + 1), each[2], each[3])
)


def widened(interval: Interval, by: int) -> Interval:
    low, high = interval.low, interval.high
    return Interval(None if low is None else low - by, None if high is None else high + by)


def decided_only_if_it_was(narrow: Outcome, wide: Outcome) -> bool:
    """What wider bounds decide, narrower ones decide alike: widening can only open."""
    return wide in ("open", narrow)


# Arithmetic of bounds


@given(a=intervals, b=intervals, data=st.data())
def test_a_difference_holds_every_difference_of_values(a: Interval, b: Interval, data: st.DataObject):
    x, y = _inside(a, data), _inside(b, data)
    assert Interval.point(x - y).lies_within(a.minus(b))


@given(a=intervals, b=positive, data=st.data())
def test_a_quotient_holds_every_quotient_of_values(a: Interval, b: Interval, data: st.DataObject):
    found = a.divided_by(b)
    assert found is not None
    x, y = _inside(a, data), _inside(b, data)
    assert Interval.point(x / y).lies_within(found)


@given(a=intervals, b=positive)
def test_a_quotient_by_what_is_below_zero_is_that_of_both_turned(a: Interval, b: Interval):
    assert a.divided_by(b.negated()) == a.negated().divided_by(b)


@pytest.mark.parametrize("base", [at(0), between(0, 5), between(-3, 3), between(None, 1)])
def test_nothing_is_a_quotient_by_what_may_be_zero(base: Interval):
    assert at(10).divided_by(base) is None


def test_divided_by_what_has_no_upper_bound_it_comes_near_zero():
    assert at(10).divided_by(between(5, None)) == Interval(Fraction(0), Fraction(2), low_open=True)


def _inside(interval: Interval, data: st.DataObject) -> Fraction:
    assert interval.low is not None
    assert interval.high is not None
    return Fraction(data.draw(st.integers(int(interval.low), int(interval.high))))


# Comparisons


@pytest.mark.parametrize(
    ("a", "b", "by", "value"),
    [
        (168, 100, "difference", 68),
        (168, 100, "ratio", "42/25"),
        (168, 100, "rise", "17/25"),
        (80, 100, "fall", "1/5"),
        (100, 168, "rise", "-17/42"),
    ],
)
def test_a_is_held_against_b(a: int, b: int, by: By, value: int | str):
    assert compare(at(a), at(b), by) == at(value)


@pytest.mark.parametrize(
    ("a", "outcome"),
    [(200, "not_met"), (201, "met"), (150, "not_met")],
)
def test_more_than_doubled_is_above_twice_as_many(a: int, outcome: Outcome):
    assert judge_comparison(at(a), at(100), "ratio", above(2))[0] == outcome


def test_bounds_that_reach_across_what_is_asserted_leave_a_comparison_open():
    assert judge_comparison(between(190, 210), at(100), "ratio", above(2)) == (
        "open",
        Interval(Fraction(19, 10), Fraction(21, 10)),
        None,
    )


def test_a_base_that_may_be_zero_leaves_a_ratio_open_and_a_difference_judged():
    assert judge_comparison(at(5), between(0, 1), "ratio", above(2)) == ("open", None, "zero_base")
    assert judge_comparison(at(5), between(0, 1), "difference", above(2))[0] == "met"


def test_a_break_in_definition_leaves_a_comparison_open_whatever_the_numbers():
    found = judge_comparison(at(500), at(100), "ratio", above(2), comparable=False)
    assert found == ("open", at(5), "break_in_definition")


@given(a=intervals, b=intervals, target=asserted)
def test_turned_round_a_difference_mirrors_the_verdict(a: Interval, b: Interval, target: Interval):
    one = judge_comparison(a, b, "difference", target)[0]
    assert judge_comparison(b, a, "difference", target.negated())[0] == one


@given(a=positive, b=positive, factor=st.integers(1, 9))
def test_turned_round_a_ratio_mirrors_the_verdict(a: Interval, b: Interval, factor: int):
    below = Interval(None, Fraction(1, factor), high_open=True)
    one = judge_comparison(a, b, "ratio", above(factor))[0]
    assert judge_comparison(b, a, "ratio", below)[0] == one


@given(a=positive, b=positive, target=asserted, by=st.sampled_from(["difference", "ratio", "rise", "fall"]))
def test_a_fall_is_a_rise_turned_and_a_rise_a_ratio_less_one(
    a: Interval, b: Interval, target: Interval, by: By
):
    shifted = target.minus(at(-1))
    assert judge_comparison(a, b, "ratio", shifted)[0] == judge_comparison(a, b, "rise", target)[0]
    assert judge_comparison(a, b, "fall", target.negated())[0] == judge_comparison(a, b, "rise", target)[0]


@given(
    a=positive,
    b=positive,
    target=asserted,
    by=st.sampled_from(["difference", "ratio", "rise", "fall"]),
    more=st.integers(0, 5),
    less=st.integers(0, 5),
)
def test_wider_bounds_never_decide_a_comparison_otherwise(
    a: Interval, b: Interval, target: Interval, by: By, more: int, less: int
):
    narrow = judge_comparison(a, b, by, target)[0]
    wide = judge_comparison(widened(a, more), widened(b, less), by, target)[0]
    assert decided_only_if_it_was(narrow, wide)


# Ranks


@pytest.mark.parametrize(
    ("rivals", "outcome", "note"),
    [
        ([], "met", None),
        ([at(9), at(3)], "met", None),
        ([at(11), at(3)], "not_met", None),
        ([at(10)], "open", "overlap"),
        ([between(9, 11)], "open", "overlap"),
        ([None, at(3)], "open", "rival_missing"),
        ([None, at(11)], "not_met", None),
    ],
)
def test_the_highest_lies_above_every_rival(
    rivals: list[Interval | None], outcome: Outcome, note: str | None
):
    found = judge_rank(at(10), rivals)
    assert (found.outcome, found.note) == (outcome, note)


def test_beyond_what_is_covered_a_rank_can_only_be_contradicted():
    assert judge_rank(at(10), [at(9)], beyond=True).note == "beyond_coverage"
    assert judge_rank(at(10), [at(9)], beyond=True).outcome == "open"
    assert judge_rank(at(10), [at(11)], beyond=True).outcome == "not_met"


@pytest.mark.parametrize(("top", "outcome"), [(1, "not_met"), (2, "not_met"), (3, "open"), (4, "met")])
def test_of_the_top_so_many_as_many_rivals_must_lie_above_to_contradict(top: int, outcome: Outcome):
    rivals = [at(12), at(11), between(8, 12), at(1)]
    assert judge_rank(at(10), rivals, top).outcome == outcome


def test_rivals_that_decide_are_named():
    assert judge_rank(at(10), [at(1), at(12), at(3)]).deciding == (1,)


rivals = st.lists(st.one_of(st.none(), intervals), max_size=5)


@given(subject=intervals, others=rivals, one_more=st.one_of(st.none(), intervals), top=st.integers(1, 4))
def test_one_more_rival_never_makes_a_rank_more_supported(
    subject: Interval, others: list[Interval | None], one_more: Interval | None, top: int
):
    without = judge_rank(subject, others, top).outcome
    with_it = judge_rank(subject, [*others, one_more], top).outcome
    assert ORDER.index(with_it) <= ORDER.index(without)


@given(subject=intervals, others=rivals, top=st.integers(1, 4))
def test_a_place_further_down_never_makes_a_rank_less_supported(
    subject: Interval, others: list[Interval | None], top: int
):
    near = judge_rank(subject, others, top).outcome
    assert ORDER.index(judge_rank(subject, others, top + 1).outcome) >= ORDER.index(near)


@given(subject=intervals, others=rivals, top=st.integers(1, 4))
def test_the_lowest_is_the_highest_of_what_is_turned(
    subject: Interval, others: list[Interval | None], top: int
):
    turned = [None if each is None else each.negated() for each in others]
    assert (
        judge_rank(subject, others, top, "lowest").outcome
        == judge_rank(subject.negated(), turned, top, "highest").outcome
    )


@given(subject=intervals, others=rivals, top=st.integers(1, 3), more=st.integers(0, 5), data=st.data())
def test_wider_bounds_never_decide_a_rank_otherwise(
    subject: Interval, others: list[Interval | None], top: int, more: int, data: st.DataObject
):
    wide = [None if each is None or data.draw(st.booleans()) else widened(each, more) for each in others]
    narrow = judge_rank(subject, others, top).outcome
    assert decided_only_if_it_was(narrow, judge_rank(widened(subject, more), wide, top).outcome)


@given(subject=intervals, others=st.permutations([at(3), at(7), between(2, 9), None]))
def test_the_order_of_rivals_does_not_matter(subject: Interval, others: list[Interval | None]):
    assert (
        judge_rank(subject, others, 2).outcome
        == judge_rank(subject, [at(3), at(7), between(2, 9), None], 2).outcome
    )


# Series

ABOVE_5 = above(5)


@pytest.mark.parametrize(
    ("points", "pattern", "outcome", "note"),
    [
        ([at(6), at(7)], "each", "met", None),
        ([at(6), at(5)], "each", "not_met", None),
        ([at(6), between(4, 7)], "each", "open", "overlap"),
        ([at(6), None, at(7)], "each", "open", "gap_in_series"),
        ([at(6), None, at(4)], "each", "not_met", None),
        ([at(1), at(5)], "never", "met", None),
        ([at(1), at(6)], "never", "not_met", None),
        ([at(1), None], "never", "open", "gap_in_series"),
        ([at(1), at(2), at(6)], "first", "met", None),
        ([at(1), at(6), at(7)], "first", "not_met", None),
        ([at(1), at(2), at(5)], "first", "not_met", None),
        ([at(1), None, at(6)], "first", "open", "gap_in_series"),
        ([at(1), None], "first", "absent", None),
    ],
)
def test_every_point_is_as_it_is_said(
    points: list[Interval | None], pattern: Pattern, outcome: Outcome, note: str | None
):
    found = judge_series(points, pattern, ABOVE_5)
    assert (found.outcome, found.note) == (outcome, note)


@pytest.mark.parametrize(
    ("points", "rising", "never_falling", "falling", "never_rising"),
    [
        ([1, 2, 3], "met", "met", "not_met", "not_met"),
        ([3, 2, 1], "not_met", "not_met", "met", "met"),
        ([1, 1, 2], "not_met", "met", "not_met", "not_met"),
        ([2, 2], "not_met", "met", "not_met", "met"),
        ([1, 3, 2], "not_met", "not_met", "not_met", "not_met"),
    ],
)
def test_a_trend_has_no_step_the_other_way(
    points: list[int], rising: Outcome, never_falling: Outcome, falling: Outcome, never_rising: Outcome
):
    series = [at(each) for each in points]
    found: dict[Pattern, Outcome] = {
        "rising": rising,
        "never_falling": never_falling,
        "falling": falling,
        "never_rising": never_rising,
    }
    assert {each: judge_series(series, each, None).outcome for each in found} == found


def test_a_counterexample_across_a_gap_or_across_a_vague_point_contradicts():
    assert judge_series([at(5), None, at(4)], "rising", None).outcome == "not_met"
    found = judge_series([at(5), between(0, 10), at(4)], "rising", None)
    assert (found.outcome, found.deciding) == ("not_met", (0, 2))


def test_a_trend_with_a_gap_is_open_and_so_is_one_point():
    assert judge_series([at(1), None, at(3)], "rising", None).note == "gap_in_series"
    assert judge_series([at(1)], "rising", None).note == "one_point"


def test_a_trend_over_a_break_in_definition_is_open():
    assert judge_series([at(1), at(2)], "rising", None, comparable=False).note == "break_in_definition"
    assert judge_series([at(2), at(1)], "rising", None, comparable=False).outcome == "open"


def test_beyond_what_is_covered_a_series_can_only_be_contradicted():
    assert judge_series([at(1), at(6)], "first", ABOVE_5, beyond=True).note == "beyond_coverage"
    assert judge_series([at(6), at(6)], "first", ABOVE_5, beyond=True).outcome == "not_met"


series = st.lists(st.one_of(st.none(), intervals), min_size=1, max_size=5)
patterns: st.SearchStrategy[Pattern] = st.sampled_from(
    ["each", "never", "first", "rising", "falling", "never_rising", "never_falling"]
)


def _judge(points: list[Interval | None], pattern: Pattern) -> Outcome:
    of_values = pattern in ("each", "never", "first")
    return judge_series(points, pattern, ABOVE_5 if of_values else None).outcome


@given(points=series, pattern=patterns, place=st.integers(0, 4))
def test_a_point_that_is_lost_never_supports_or_contradicts(
    points: list[Interval | None], pattern: Pattern, place: int
):
    lost = [None if number == place else each for number, each in enumerate(points)]
    after = _judge(lost, pattern)
    assert after == "absent" or decided_only_if_it_was(_judge(points, pattern), after)


@given(points=series, pattern=patterns, more=st.integers(0, 4))
def test_wider_bounds_never_decide_a_series_otherwise(
    points: list[Interval | None], pattern: Pattern, more: int
):
    wide = [None if each is None else widened(each, more) for each in points]
    assert decided_only_if_it_was(_judge(points, pattern), _judge(wide, pattern))


@given(points=series)
def test_falling_is_rising_backwards(points: list[Interval | None]):
    backwards = list(reversed(points))
    assert _judge(points, "falling") == _judge(backwards, "rising")
    assert _judge(points, "never_rising") == _judge(backwards, "never_falling")


# Contributions


@pytest.mark.parametrize(
    ("part", "whole", "outcome", "share"),
    [
        ((10, 20), (100, 112), "met", "5/6"),
        ((10, 14), (100, 112), "not_met", "1/3"),
        ((10, 30), (100, 112), "met", "5/3"),
        ((20, 10), (100, 112), "not_met", "-5/6"),
    ],
)
def test_a_part_makes_its_change_over_that_of_the_whole(
    part: tuple[int, int], whole: tuple[int, int], outcome: Outcome, share: str
):
    found = judge_contribution(
        (at(part[0]), at(part[1])), (at(whole[0]), at(whole[1])), "growth", above("1/2")
    )
    assert found == (outcome, at(share), None)


@pytest.mark.parametrize(
    ("end", "outcome", "note"),
    [
        (between(99, 120), "open", "whole_may_not_have_changed"),
        (at(100), "not_met", "no_growth"),
        (at(90), "not_met", "no_growth"),
        (between(100, 120), "open", "whole_may_not_have_changed"),
    ],
)
def test_no_part_makes_growth_that_may_not_have_been(end: Interval, outcome: Outcome, note: str):
    found = judge_contribution((at(10), at(20)), (at(100), end), "growth", above("1/2"))
    assert (found[0], found[2]) == (outcome, note)


def test_a_break_in_definition_leaves_a_contribution_open():
    found = judge_contribution((at(1), at(9)), (at(10), at(20)), "growth", above("1/2"), comparable=False)
    assert (found[0], found[2]) == ("open", "break_in_definition")


@given(part=st.tuples(intervals, intervals), whole=st.tuples(intervals, intervals), target=asserted)
def test_a_decline_is_growth_backwards(
    part: tuple[Interval, Interval], whole: tuple[Interval, Interval], target: Interval
):
    one = judge_contribution(part, whole, "growth", target)[0]
    assert judge_contribution(part[::-1], whole[::-1], "decline", target)[0] == one


@given(
    part=st.tuples(intervals, intervals),
    whole=st.tuples(intervals, intervals),
    target=asserted,
    more=st.integers(0, 4),
)
def test_wider_bounds_never_decide_a_contribution_otherwise(
    part: tuple[Interval, Interval], whole: tuple[Interval, Interval], target: Interval, more: int
):
    narrow = judge_contribution(part, whole, "growth", target)[0]
    wide = judge_contribution(
        (widened(part[0], more), widened(part[1], more)),
        (widened(whole[0], more), widened(whole[1], more)),
        "growth",
        target,
    )[0]
    assert decided_only_if_it_was(narrow, wide)


@given(whole=st.tuples(intervals, intervals))
def test_the_whole_makes_all_of_its_own_growth_where_it_grew(whole: tuple[Interval, Interval]):
    exact = (at(int(whole[0].low or 0)), at(int(whole[1].low or 0)))
    found = judge_contribution(exact, exact, "growth", at(1))
    grew = exact[1].low is not None and exact[0].low is not None and exact[1].low > exact[0].low
    assert found[0] == ("met" if grew else "not_met")


# Three-valued logic

outcomes: st.SearchStrategy[Outcome] = st.sampled_from(ORDER)


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        ("met", "met", "met", "met"),
        ("met", "open", "open", "met"),
        ("met", "not_met", "not_met", "met"),
        ("open", "open", "open", "open"),
        ("open", "not_met", "not_met", "open"),
        ("not_met", "not_met", "not_met", "not_met"),
    ],
)
def test_the_tables_of_kleene(a: Outcome, b: Outcome, both: Outcome, either: Outcome):
    assert (conjoin([a, b]), disjoin([a, b])) == (both, either)


@given(a=outcomes, b=outcomes, c=outcomes)
def test_the_laws_of_kleene(a: Outcome, b: Outcome, c: Outcome):
    assert negate(negate(a)) == a
    assert conjoin([a, b]) == conjoin([b, a])
    assert conjoin([a, conjoin([b, c])]) == conjoin([conjoin([a, b]), c])
    assert negate(conjoin([a, b])) == disjoin([negate(a), negate(b)])
    assert conjoin([a, disjoin([b, c])]) == disjoin([conjoin([a, b]), conjoin([a, c])])
    assert disjoin([a, conjoin([a, b])]) == a


FORMULA = Holds.model_validate({"and": ["a", {"or": ["b", {"not": "c"}]}]})


@given(values=st.tuples(outcomes, outcomes, outcomes), settled=outcomes, place=st.integers(0, 2))
def test_to_settle_an_open_part_never_turns_what_is_settled(
    values: tuple[Outcome, Outcome, Outcome], settled: Outcome, place: int
):
    named = dict(zip("abc", values, strict=True))
    before = combine(FORMULA, named | {"abc"[place]: "open"})
    after = combine(FORMULA, named | {"abc"[place]: settled})
    assert before in ("open", after)


def test_a_part_of_which_nothing_speaks_may_leave_the_whole_settled():
    assert combine(FORMULA, {"a": "not_met", "b": "absent", "c": "absent"}) == "not_met"
    assert combine(FORMULA, {"a": "met", "b": "met", "c": "absent"}) == "met"
    assert combine(FORMULA, {"a": "met", "b": "absent", "c": "absent"}) == "open"
    assert combine(FORMULA, {"a": "absent", "b": "absent", "c": "absent"}) == "absent"
