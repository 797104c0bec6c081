"""Bounds of counts and shares: every way in which missing codes could fall, and no other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recount.declare.catalog import Catalog
from recount.measure.event_bounds import State, Tally, measure_count, measure_share
from recount.measure.event_cells import CellMaker
from recount.measure.event_groups import Group, Known
from recount.measure.event_question import understand
from recount.measure.questions import Question

STATES = st.sampled_from(("yes", "no", "unknown"))
ROWS = st.lists(st.tuples(STATES, STATES), max_size=6)
BOTH: tuple[State, ...] = ("yes", "no")


def tally_of(rows: list[tuple[State, State]]) -> Tally:
    tally = Tally()
    for in_population, is_counted in rows:
        why = "missing" if "unknown" in (in_population, is_counted) else None
        tally.add(in_population, is_counted, why, 1)
    return tally


def worlds(rows: list[tuple[State, State]]) -> Iterator[tuple[int, int]]:
    """Yields (counted, population) in every way in which what is not known could be."""
    choices = [
        itertools.product(*(BOTH if state == "unknown" else (state,) for state in row)) for row in rows
    ]
    for world in itertools.product(*choices):
        population = [row for row in world if row[0] == "yes"]
        yield sum(row[1] == "yes" for row in population), len(population)


@given(ROWS)
def test_a_count_lies_between_the_rows_known_and_the_rows_possible(rows: list[tuple[State, State]]):
    sizes = [population for _, population in worlds(rows)]
    bounds = measure_count(tally_of(rows)).bounds
    assert bounds is not None
    assert (bounds.low, bounds.high) == (min(sizes), max(sizes))


@given(ROWS)
def test_a_share_lies_between_the_lowest_and_the_highest_of_all_worlds(rows: list[tuple[State, State]]):
    shares = [Fraction(counted, population) for counted, population in worlds(rows) if population]
    bounds = measure_share(tally_of(rows)).bounds
    assert (bounds is None) == (not shares)
    if bounds is not None:
        assert (bounds.low, bounds.high) == (min(shares), max(shares))


@given(ROWS)
def test_what_is_known_lies_within_the_bounds(rows: list[tuple[State, State]]):
    measured = measure_share(tally_of(rows))
    if measured.denominator and measured.bounds is not None:
        share = Fraction(measured.numerator, measured.denominator)
        assert measured.bounds.low is not None
        assert measured.bounds.high is not None
        assert measured.bounds.low <= share <= measured.bounds.high


@pytest.mark.parametrize(
    ("rows", "low", "high"),
    [
        ([("yes", "yes"), ("yes", "no")], Fraction(1, 2), Fraction(1, 2)),
        # A missing conviction is one or is none.
        ([("yes", "yes"), ("yes", "unknown")], Fraction(1, 2), Fraction(1)),
        # A convicted person of unknown place can only raise the share.
        ([("yes", "no"), ("unknown", "yes")], Fraction(0), Fraction(1, 2)),
        # One without a conviction can only lower it.
        ([("yes", "yes"), ("unknown", "no")], Fraction(1, 2), Fraction(1)),
        # Nobody need be there at all: only worlds with somebody have a share.
        ([("unknown", "yes")], Fraction(1), Fraction(1)),
        ([("unknown", "no")], Fraction(0), Fraction(0)),
    ],
)
def test_each_kind_of_missing_code_moves_a_share_its_own_way(
    rows: list[tuple[State, State]], low: Fraction, high: Fraction
):
    bounds = measure_share(tally_of(rows)).bounds
    assert bounds is not None
    assert (bounds.low, bounds.high) == (low, high)


def test_the_share_of_nobody_does_not_exist():
    assert measure_share(tally_of([])).bounds is None


# Cells of an answer, held to every way in which the codes themselves could be filled in

AORS, GENDERS, CRIMES = ("BOS", "SEA"), ("male", "female"), ("convicted", "other")
PEOPLE = st.lists(
    st.tuples(
        st.sampled_from((*AORS, None)), st.sampled_from((*GENDERS, None)), st.sampled_from((*CRIMES, None))
    ),
    max_size=5,
)
Person = tuple[str | None, str | None, str | None]


def groups_of(people: list[Person]) -> list[Group]:
    """Returns people in groups, as the engine gives them, asked for Boston by gender, convicted counted."""
    return [
        Group(
            release="tiny",
            by=(Known(gender, None if gender else "missing"),),
            where=((("unknown", "missing") if aor is None else ("yes" if aor == "BOS" else "no", None)),),
            counted=("unknown", "missing")
            if crime is None
            else ("yes" if crime == "convicted" else "no", None),
            rows=1,
        )
        for aor, gender, crime in people
        if aor != "SEA"
    ]


def filled_in(people: list[Person]) -> Iterator[list[tuple[str, ...]]]:
    choices = [
        itertools.product(
            *(
                (value,) if value else codes
                for value, codes in zip(person, (AORS, GENDERS, CRIMES), strict=True)
            )
        )
        for person in people
    ]
    for world in itertools.product(*choices):
        yield list(world)


@settings(max_examples=60)
@given(PEOPLE, st.sampled_from(("arrests", "share_convicted_arrested")))
def test_every_cell_is_bounded_by_all_ways_to_fill_in_the_codes(
    catalog: Catalog, people: list[Person], name: str
):
    measure = catalog.events.measures[name]
    question = Question(name, {"aor": "Boston"}, ("gender",))
    maker = CellMaker(understand(question, measure, catalog.events, lambda _: []), catalog.events)
    for cell in maker.cells(groups_of(people)):
        if cell.kind == "missing":
            assert cell.measured.bounds is None
            continue
        found = set()
        for world in filled_in(people):
            inside = [
                each for each in world if each[0] == "BOS" and cell.parts.get("gender", each[1]) == each[1]
            ]
            convicted = sum(each[2] == "convicted" for each in inside)
            if measure.kind == "count":
                found.add(Fraction(len(inside)))
            elif inside:
                found.add(Fraction(convicted, len(inside)))
        bounds = cell.measured.bounds
        assert (bounds is None) == (not found)
        if bounds is not None:
            assert (bounds.low, bounds.high) == (min(found), max(found))
