"""The spread over readings: lowest, default, highest, and which fork moves an answer most."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from recount.declare.catalog import Catalog
from recount.measure.event_engine import DuckDB, Engine
from recount.measure.spread import Spread, spread_answer
from small_events import Parts, day


@pytest.fixture(scope="module")
def duckdb() -> Engine:
    return DuckDB()


@pytest.fixture
def parts(tmp_path: Path, catalog: Catalog) -> Parts:
    return Parts(tmp_path, catalog)


def arrested(at_arrest: str | None, on_case: str | None, **more: Any) -> dict[str, Any]:
    return {
        "apprehension_date": day("2018-01-01"),
        "apprehension_criminality_code": at_arrest,
        "case_criminality_code": on_case,
        **more,
    }


def spread(parts: Parts, engine: Engine, measure: str, *by: str) -> Spread:
    return spread_answer(parts.ask(measure, engine, by=(*by, "reading")))


PEOPLE = [
    arrested("convicted", "convicted", apprehension_county="A"),
    arrested("convicted", "convicted", apprehension_county="A"),
    arrested("other", "convicted", apprehension_county="B"),
    arrested("pending", "pending", apprehension_county="C"),
]


def test_the_spread_is_the_lowest_the_default_and_the_highest_of_all_readings(parts: Parts, duckdb: Engine):
    parts.rows("arrests", PEOPLE)
    found = spread(parts, duckdb, "share_convicted_arrested")
    (row,) = found.rows
    values = [each.share for each in found.answer.rows]  # type: ignore[union-attr]
    assert row.default is not None
    assert (row.lowest.value, row.default.value, row.highest.value) == (
        min(values),
        Fraction(1, 2),
        max(values),
    )


def test_the_fork_that_moves_most_is_found_by_changing_one_at_a_time(parts: Parts, duckdb: Engine):
    parts.rows("arrests", PEOPLE)
    (row,) = spread(parts, duckdb, "share_convicted_arrested").rows
    assert row.swings["duplicates"] == (Fraction(1, 3), Fraction(1, 2))
    assert row.swings["criminality"] == (Fraction(1, 2), Fraction(3, 4))
    assert row.swings["criminal"] == (Fraction(1, 2), Fraction(3, 4))
    # Of equal swings the fork declared first is named.
    assert row.moved_most_by == "criminality"


def test_what_no_reading_moves_is_moved_by_nothing(parts: Parts, duckdb: Engine):
    parts.rows("arrests", [arrested("convicted", "convicted")])
    (row,) = spread(parts, duckdb, "arrests").rows
    assert (row.moved_most_by, row.lowest.value, row.highest.value) == (None, 1, 1)


def test_every_part_has_a_spread_of_its_own(parts: Parts, duckdb: Engine):
    parts.rows("arrests", PEOPLE)
    rows = {
        each.sample.breakdown.get("county"): each for each in spread(parts, duckdb, "arrests", "county").rows
    }
    assert (rows["A"].lowest.value, rows["A"].highest.value) == (1, 2)
    assert rows["B"].moved_most_by is None


def test_the_spread_says_how_many_readings_answer(parts: Parts, duckdb: Engine):
    parts.rows("arrests", PEOPLE)
    found = spread(parts, duckdb, "arrests")
    # No rule of the Deportation Data Project is written for this release.
    assert (found.rows[0].answered, found.answer.readings) == (2, 3)


def test_the_spread_has_the_receipt_of_the_answer_by_reading(parts: Parts, duckdb: Engine):
    parts.rows("arrests", PEOPLE)
    answer = parts.ask("arrests", duckdb, by=("reading",))
    assert spread_answer(answer).answer.receipt.id == answer.receipt.id


@pytest.mark.parametrize("measure", ["arrests", "share_convicted_arrested"])
def test_readings_counted_together_are_those_counted_one_by_one(parts: Parts, duckdb: Engine, measure: str):
    parts.rows(
        "arrests", [*PEOPLE, arrested(None, "pending", redacted_fields="apprehension_criminality_code")]
    )
    dimension = "county" if measure == "arrests" else "method"
    together = parts.ask(measure, duckdb, by=(dimension, "reading"))
    alone = [
        row
        for reading in together.asked.readings
        for row in parts.ask(measure, duckdb, by=(dimension,), reading=reading).rows
    ]

    def in_order(rows: Any) -> list[str]:
        return sorted(str(each.result()) for each in rows)

    assert in_order(together.rows) == in_order(alone)
