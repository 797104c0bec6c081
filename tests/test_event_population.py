"""Average daily population from stints: people at the end of a day, or at any time of it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from recount.declare.catalog import Catalog
from recount.errors import UsageError
from recount.measure.event_answer import EventAnswer
from recount.measure.event_engine import DuckDB, Engine
from small_events import Parts, day


@pytest.fixture(scope="module")
def duckdb() -> Engine:
    return DuckDB()


@pytest.fixture
def parts(tmp_path: Path, catalog: Catalog) -> Parts:
    return Parts(tmp_path, catalog)


def stint(
    person: str | None, book_in: str | None, book_out: str | None, facility: str = "A", **more: Any
) -> dict[str, Any]:
    return {
        "unique_identifier": person,
        "book_in_date": None if book_in is None else day(book_in),
        "book_out_date": None if book_out is None else day(book_out),
        "detention_facility_code": facility,
        **more,
    }


def means(answer: EventAnswer) -> dict[tuple[str | None, ...], Fraction | None]:
    return {tuple(each.breakdown.values()): each.share for each in answer.rows}


def test_a_mean_is_person_days_over_the_days_that_the_release_covers(parts: Parts, duckdb: Engine):
    parts.rows(
        "stints",
        [stint("a", "2025-01-01", "2025-01-03"), stint("b", "2025-01-02", None)],
        cut_off="2025-01-04",
    )
    (total,) = parts.ask("average_daily_population_recorded", duckdb).rows
    # At the end of the four days: a, a and b, b, b.
    assert (total.cell.measured.numerator, total.cell.measured.denominator) == (5, 4)


def test_whoever_leaves_within_a_day_is_present_and_not_there_at_midnight(parts: Parts, duckdb: Engine):
    parts.rows(
        "stints",
        [stint("a", "2025-01-01", "2025-01-01"), stint("b", "2025-01-01", None)],
        cut_off="2025-01-01",
    )
    assert means(parts.ask("average_daily_population_recorded", duckdb)) == {(): 1}
    assert means(parts.ask("average_population_present", duckdb)) == {(): 2}


def test_a_person_moved_counts_in_each_facility_and_once_in_the_whole(parts: Parts, duckdb: Engine):
    rows = [stint("a", "2025-01-01", "2025-01-02", "A"), stint("a", "2025-01-02", None, "B")]
    parts.rows("stints", rows, cut_off="2025-01-02")
    answer = parts.ask("average_population_present", duckdb, by=("facility",))
    assert means(answer) == {("A",): 1, ("B",): Fraction(1, 2), (): 1}


def test_a_population_is_given_by_span_and_the_last_one_is_partial(parts: Parts, duckdb: Engine):
    parts.rows("stints", [stint("a", "2025-01-01", None)], cut_off="2025-02-10")
    answer = parts.ask("average_daily_population_recorded", duckdb, by=("month",))
    assert means(answer) == {("2025-01",): 1, ("2025-02",): 1, (): 1}
    february = answer.rows[1]
    assert (february.cell.measured.denominator, february.is_partial) == (10, True)
    asked = parts.ask("average_daily_population_recorded", duckdb, where={"month": "2025-02"})
    assert asked.rows[0].cell.measured.denominator == 10


def test_stints_that_do_not_say_are_missing(parts: Parts, duckdb: Engine):
    rows = [
        stint("a", "2025-01-01", None, gender_code="male"),
        stint("b", "2025-01-01", None),
        stint("c", None, None, gender_code="male"),
    ]
    parts.rows("stints", rows, cut_off="2025-01-01")
    (total,) = parts.ask("average_daily_population_recorded", duckdb, where={"gender": "male"}).rows
    assert (total.share, total.cell.measured.undecided["missing"]) == (1, 2)


def test_a_column_that_the_release_lacks_is_absent(parts: Parts, duckdb: Engine):
    parts.rows("stints", [stint("a", "2025-01-01", None)], cut_off="2025-01-01")
    answer = parts.ask("average_daily_population_recorded", duckdb, by=("gender",))
    assert (answer.rows, answer.absent[0].missing) == ((), ("gender",))


def test_a_population_is_not_split_by_age(parts: Parts, duckdb: Engine):
    parts.rows("stints", [stint("a", "2025-01-01", None, birth_year=1990)], cut_off="2025-01-01")
    with pytest.raises(UsageError, match="age"):
        parts.ask("average_daily_population_recorded", duckdb, by=("age",))
