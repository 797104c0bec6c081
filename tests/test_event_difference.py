"""Differences between two groups of records: their bounds hold for both groups at once, and are reached."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.declare.catalog import Catalog
from recount.errors import UsageError
from recount.measure.difference import Difference, compare_answers
from recount.measure.event_bounds import State, Tally, measure_count, measure_share
from recount.measure.event_difference import difference_bounds
from recount.measure.event_engine import DuckDB, Engine
from recount.measure.prints import PrintBook
from recount.measure.questions import Question
from small_events import Parts, day

Row = tuple[str | None, bool | None]
"""The side of a row, None where it is not known, and whether it is counted, None where that is not."""
ROWS = st.lists(
    st.tuples(st.sampled_from(("A", "B", None)), st.sampled_from((True, False, None))), max_size=6
)
KNOWN: list[Row] = [("A", True), ("A", False), ("B", True), ("B", False)]


def tally_of(rows: list[Row], side: str) -> Tally:
    tally = Tally()
    for own, counted in rows:
        state: State = "unknown" if own is None else ("yes" if own == side else "no")
        is_counted: State = "unknown" if counted is None else ("yes" if counted else "no")
        tally.add(state, is_counted, None, 1)
    return tally


def worlds(rows: list[Row]) -> Iterator[list[tuple[str, bool]]]:
    """Yields every way in which what is not known could be; a row may also be on neither side."""
    choices = [
        itertools.product(
            ("A", "B", "neither") if side is None else (side,),
            (True, False) if counted is None else (counted,),
        )
        for side, counted in rows
    ]
    yield from (list(each) for each in itertools.product(*choices))


def share(world: list[tuple[str, bool]], side: str) -> Fraction:
    own = [counted for where, counted in world if where == side]
    return Fraction(sum(own), len(own))


@given(ROWS)
def test_the_bounds_of_a_difference_of_counts_are_the_lowest_and_highest_of_all_worlds(rows: list[Row]):
    counts = [
        sum(side == "A" for side, _ in world) - sum(side == "B" for side, _ in world)
        for world in worlds(rows)
    ]
    bounds = difference_bounds(measure_count(tally_of(rows, "A")), measure_count(tally_of(rows, "B")), 0)
    assert bounds is not None
    assert (bounds.low, bounds.high) == (min(counts), max(counts))


@given(ROWS)
def test_the_bounds_of_a_difference_of_shares_are_the_lowest_and_highest_of_all_worlds(rows: list[Row]):
    # Both sides hold somebody whatever is missing.
    rows = [*KNOWN, *rows]
    shares = [share(world, "A") - share(world, "B") for world in worlds(rows)]
    joint = sum(row == (None, None) for row in rows)
    bounds = difference_bounds(measure_share(tally_of(rows, "A")), measure_share(tally_of(rows, "B")), joint)
    assert bounds is not None
    assert (bounds.low, bounds.high) == (min(shares), max(shares))


@pytest.fixture(scope="module")
def duckdb() -> Engine:
    return DuckDB()


@pytest.fixture
def parts(tmp_path: Path, catalog: Catalog) -> Parts:
    return Parts(tmp_path, catalog)


def removed(date: str, aor: str | None, crime: str | None = "convicted") -> dict[str, Any]:
    return {"removal_date_inferred": day(date), "removal_aor_code": aor, "case_criminality_code": crime}


def compare(parts: Parts, engine: Engine, measure: str, **question: Any) -> Difference:
    book = parts.book(engine)
    asked = Question(measure, question.pop("where", {}), **question)
    return compare_answers(asked, PrintBook(book.record, parts.catalog), book)


def test_a_row_that_may_be_of_either_place_widens_the_difference_both_ways(parts: Parts, duckdb: Engine):
    parts.rows("removals", [removed("2018-01-01", each) for each in ("BOS", "BOS", "SEA", None)])
    (row,) = compare(parts, duckdb, "removals", where={"aor": "Boston"}, compare_with={"aor": "Seattle"}).rows
    assert (row.difference, row.bounds and (row.bounds.low, row.bounds.high)) == (1, (0, 2))


def test_shares_of_two_places_compete_for_a_row_of_which_nothing_is_known(parts: Parts, duckdb: Engine):
    rows = [("BOS", "convicted"), ("BOS", "other"), ("SEA", "convicted"), ("SEA", "other"), (None, None)]
    parts.rows("removals", [removed("2018-01-01", *each) for each in rows])
    (row,) = compare(
        parts, duckdb, "share_convicted_removed", where={"aor": "Boston"}, compare_with={"aor": "Seattle"}
    ).rows
    # It raises Boston's to 2/3, or lowers Seattle's to 1/3, and not both.
    assert row.bounds is not None
    assert (row.bounds.low, row.bounds.high) == (Fraction(-1, 6), Fraction(1, 6))


def test_two_periods_are_compared_part_by_part(parts: Parts, duckdb: Engine):
    parts.rows(
        "removals", [removed("2017-01-01", "BOS"), removed("2018-01-01", "BOS"), removed("2018-01-02", "BOS")]
    )
    found = compare(
        parts,
        duckdb,
        "removals",
        where={"fiscal_year": "2018"},
        compare_with={"fiscal_year": "2017"},
        by=("aor",),
    )
    assert [(each.first.numerator, each.second.numerator) for each in found.rows] == [(2, 1), (2, 1)]
    assert found.question["compare_with"] == {"fiscal_year": "2017"}


@pytest.mark.parametrize(
    ("measure", "question", "said"),
    [
        ("removals", {"compare_with": {"aor": "Seattle"}}, "could stand on both sides"),
        (
            "removals",
            {"where": {"aor": "BOS,SEA"}, "compare_with": {"aor": "Seattle"}},
            "could stand on both",
        ),
        (
            "removals",
            {"where": {"aor": "BOS"}, "compare_with": {"aor": "SEA"}, "by": ("aor",)},
            "not split by aor",
        ),
        (
            "removals",
            {"where": {"fiscal_year": "2018"}, "compare_with": {"fiscal_year": "2017"}, "by": ("month",)},
            "not split by month",
        ),
        (
            "removals",
            {"where": {"aor": "BOS"}, "compare_with": {"aor": "SEA"}, "per": "total"},
            "not a share",
        ),
        ("length_of_stay_recorded", {"compare_with": {"fiscal_year": "2017"}}, "tells times"),
    ],
)
def test_sides_that_cannot_be_compared_are_refused_with_what_to_do(
    parts: Parts, duckdb: Engine, measure: str, question: dict[str, Any], said: str
):
    parts.rows("removals", [removed("2018-01-01", "BOS")])
    with pytest.raises(UsageError, match=said):
        compare(parts, duckdb, measure, **question)
