"""How long it takes from arrest to removal, and in detention: people still waiting are counted as waiting."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from recount.declare.catalog import Catalog
from recount.measure.event_answer import EventAnswer
from recount.measure.event_durations import incidence
from recount.measure.event_engine import DuckDB, Engine
from small_events import Parts, day

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
START = day("2025-01-01")


@pytest.fixture(scope="module")
def duckdb() -> Engine:
    pytest.importorskip("statsmodels")
    return DuckDB()


@pytest.fixture
def parts(tmp_path: Path, catalog: Catalog) -> Parts:
    return Parts(tmp_path, catalog)


def arrested(after: int | None = None, person: str | None = None, **more: Any) -> dict[str, Any]:
    """An arrest on the first of January, with a departure so many days after."""
    departed = None if after is None else START + datetime.timedelta(days=after)
    return {"apprehension_date": START, "departed_date": departed, "unique_identifier": person, **more}


def held(person: str, days: int | None) -> dict[str, Any]:
    """A stint that makes a stay from the first of January, open or for so many days."""
    end = None if days is None else START + datetime.timedelta(days=days)
    return {
        "unique_identifier": person, "stay_book_in_date": START, "book_in_date": START,
        "book_out_date": end, "stay_book_out_date": end, "detention_facility_code": "A",
    }  # fmt: skip


def outcomes(answer: EventAnswer) -> dict[int, dict[str, int]]:
    return {int(each.breakdown["within_days"] or 0): dict(each.cell.outcomes) for each in answer.rows}


def test_an_arrest_leads_to_removal_to_release_or_to_waiting(parts: Parts, duckdb: Engine):
    parts.rows("arrests", [arrested(20, "a"), arrested(None, "b"), arrested(None, "c")], cut_off="2025-03-01")
    parts.rows("stints", [held("a", 20), held("b", 5), held("c", None)], cut_off="2025-03-01")
    answer = parts.ask("time_from_arrest_to_removal", duckdb)
    assert outcomes(answer)[7] == {"removed": 0, "released": 1, "waiting": 0}
    assert outcomes(answer)[60] == {"removed": 1, "released": 1, "waiting": 1}
    assert answer.rows[0].cell.measured.denominator == 3


def test_a_departure_before_the_arrest_tells_nothing_of_it(parts: Parts, duckdb: Engine):
    parts.rows("arrests", [arrested(-30), arrested(3)], cut_off="2025-03-01")
    assert outcomes(parts.ask("time_from_arrest_to_removal", duckdb))[7]["removed"] == 1


def test_a_release_without_departures_is_absent(parts: Parts, duckdb: Engine):
    parts.rows("arrests", [arrested()], cut_off="2025-03-01")
    answer = parts.ask("time_from_arrest_to_removal", duckdb)
    assert (answer.rows, answer.absent[0].missing) == ((), ("departed_date",))


def test_a_stay_still_open_is_waiting_and_stints_without_identifier_are_missing(parts: Parts, duckdb: Engine):
    nobody = held("x", 3) | {"unique_identifier": None}
    parts.rows("stints", [held("a", 5), held("b", 40), held("c", None), nobody], cut_off="2025-03-01")
    answer = parts.ask("length_of_stay_recorded", duckdb)
    assert outcomes(answer)[7] == {"ended": 1, "waiting": 0}
    assert outcomes(answer)[60] == {"ended": 2, "waiting": 1}
    assert answer.rows[0].cell.measured.undecided["missing"] == 1
    assert answer.rows[0].cell.measured.denominator == 3


def test_a_duration_can_be_limited_and_split(parts: Parts, duckdb: Engine):
    rows = [arrested(3, apprehension_aor_code="BOS"), arrested(9, apprehension_aor_code="SEA")]
    parts.rows("arrests", rows, cut_off="2025-03-01")
    answer = parts.ask("time_from_arrest_to_removal", duckdb, by=("aor",), where={"fiscal_year": "2025"})
    week = {
        each.breakdown.get("aor"): each.cell.outcomes["removed"]
        for each in answer.rows
        if each.breakdown["within_days"] == "7"
    }
    assert week == {"BOS": 1, "SEA": 0, None: 1}


def test_those_who_wait_count_until_they_are_lost_from_sight(duckdb: Engine):
    # Of ten, two are removed on day 1 and one is released; one is lost on day 2. Six are then followed, one removed.
    rows = {(1, "removed"): 2, (1, "released"): 1, (2, "waiting"): 1, (3, "removed"): 1, (3, "waiting"): 5}
    names = ("removed", "released", "waiting")
    found = incidence(rows, names, (0, 1, 2, 3))
    assert found == pytest.approx([0, 2 / 10, 2 / 10, 2 / 10 + 7 / 10 * 1 / 6])


def test_without_anyone_lost_from_sight_the_estimate_is_the_plain_share(duckdb: Engine):
    rows = {(1, "removed"): 3, (2, "released"): 1}
    assert incidence(rows, ("removed", "released", "waiting"), (1, 2)) == pytest.approx([3 / 4, 3 / 4])


def test_beyond_the_last_day_that_anyone_is_followed_nothing_is_told(duckdb: Engine):
    rows = {(1, "removed"): 1, (9, "waiting"): 1}
    assert incidence(rows, ("removed", "released", "waiting"), (9, 10))[1] is None
