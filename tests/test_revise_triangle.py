"""Revision triangles: period by release, how late, and estimates kept apart from figures."""

from __future__ import annotations

import csv
import datetime
import io
import json
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from recount.ask import OpenRecord, open_record
from recount.cli.app import app
from recount.declare.catalog import Catalog
from recount.declare.triangles import Triangles, load_triangles
from recount.revise.history import History, PrintedValue
from recount.revise.spans import month_span
from recount.revise.triangle import Triangle, make_triangle
from recount.revise.triangle_values import ESTIMATE_NOTE
from small_exports import NOBODY

DECLARED = Triangles(
    delays=[15, 60, 180], delays_reason="made up", least_periods=2, least_periods_reason="made up"
)


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), prog_name="recount")
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return open_record(NOBODY)


def printed(month: int, *prints: tuple[int | None, int], how: Any = "same", is_whole: bool = True) -> History:
    """A month of 2024, printed so many days after its end with such a value."""
    span = month_span(datetime.date(2024, month, 1))
    rows = []
    for delay, value in prints:
        out = None if delay is None else span.end + datetime.timedelta(days=delay)
        figure: Any = SimpleNamespace(release=SimpleNamespace(published_from=out))
        rows.append(PrintedValue(figure, Fraction(value), is_whole, how, None, True))
    return History(span, tuple(rows))


def triangle(*histories: History, estimates: bool = True) -> Triangle:
    return make_triangle(histories, DECLARED, estimates=estimates)


def test_after_each_delay_the_last_print_out_by_then_is_known():
    (period,) = triangle(printed(1, (10, 90), (50, 95), (200, 100))).periods
    assert (period.known, period.latest, period.followed_days) == ((90, 95, 95), 100, 200)


def test_the_share_printed_is_of_the_last_known_value_over_the_periods_followed_so_long():
    first, second = printed(1, (10, 90), (200, 100)), printed(2, (40, 50), (190, 100))
    fifteen, sixty, half_year = triangle(first, second, printed(3, (5, 70))).delays
    assert (fifteen.periods, fifteen.unprinted, fifteen.share) == (2, 1, Fraction(90, 200))
    assert (fifteen.lowest, fifteen.highest) == (Fraction(9, 10), Fraction(9, 10))
    assert (sixty.periods, sixty.unprinted, sixty.share) == (2, 0, Fraction(140, 200))
    assert (sixty.lowest, sixty.highest) == (Fraction(1, 2), Fraction(9, 10))
    assert half_year.periods == 2


def test_no_share_where_no_period_was_followed_so_long():
    delays = triangle(printed(1, (10, 90))).delays
    assert [(each.periods, each.share) for each in delays] == [(0, None)] * 3


def test_prints_that_do_not_stand_or_count_a_part_are_cells_and_no_delay():
    for history in (printed(1, (10, 90), how="doubtful"), printed(1, (10, 90), is_whole=False)):
        found = triangle(history)
        assert len(found.cells) == 1
        assert found.periods == ()


def test_a_release_of_unknown_day_is_a_cell_without_a_delay():
    found = triangle(printed(1, (None, 90), (20, 95)))
    assert [each.delay_days for each in found.cells] == [None, 20]
    assert found.periods[0].latest == 95


def test_an_estimate_chains_how_much_other_periods_grew():
    grew = [printed(month, (10, 80), (50, 100), (170, 110), (400, 110)) for month in (1, 2)]
    # The last release comes out on 5 April 2025, and prints February of one year and December of the other.
    (estimate,) = triangle(*grew, printed(12, (10, 40), (95, 50))).estimates
    assert estimate.factor == Fraction(110, 100)
    assert (estimate.printed, estimate.value, estimate.still_to_come) == (50, 55, 5)
    assert (estimate.periods, estimate.from_days, estimate.to_days) == (2, 95, 180)


def test_no_estimate_rests_on_fewer_periods_than_declared():
    grew = printed(2, (10, 80), (50, 100), (400, 110))
    assert triangle(grew, printed(12, (10, 40), (95, 50))).estimates == ()


def test_no_estimate_is_made_of_what_the_newest_release_no_longer_prints():
    grew = [printed(month, (10, 80), (50, 100), (170, 110), (400, 110)) for month in (1, 2)]
    assert triangle(*grew, printed(10, (10, 40))).estimates == ()


def test_shares_and_means_have_no_estimates():
    grew = [printed(month, (10, 80), (50, 100), (170, 110), (400, 110)) for month in (1, 2)]
    assert triangle(*grew, printed(12, (95, 50)), estimates=False).estimates == ()


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(1, 300)), min_size=1, max_size=8))
def test_where_nothing_is_restated_everything_was_printed_and_nothing_is_to_come(
    pairs: list[tuple[int, int]],
):
    histories = [
        printed(month, (min(pair), 50), (max(pair), 50)) for month, pair in enumerate(pairs, start=1)
    ]
    found = triangle(*histories)
    for each in found.delays:
        assert each.printed == each.latest - 50 * each.unprinted
        assert each.lowest in (None, 1)
    assert all(each.factor == 1 and not each.still_to_come for each in found.estimates)


def test_the_declared_delays_rise(catalog: Catalog):
    assert load_triangles(catalog).delays == [15, 30, 60, 90, 180, 365]
    with pytest.raises(ValueError, match="delays rise"):
        Triangles(delays=[30, 15], delays_reason="", least_periods=2, least_periods_reason="")


# The record's own


def test_every_print_of_a_figure_is_a_cell(record: OpenRecord):
    answer = record.revise("book_ins").triangle()
    lateness = record.revise("book_ins").lateness().lateness
    assert len(answer.triangle.cells) == lateness.prints
    november = [each for each in answer.triangle.cells if each.span.end == datetime.date(2025, 11, 30)]
    history = record.revise("book_ins").history(month="2025-11").history
    assert [(each.row.value, each.row.how) for each in november] == [
        (each.value, each.how) for each in history.rows
    ]


def test_json_keeps_estimates_apart_and_names_them_so(record: OpenRecord):
    told = json.loads(run("revise", "book_ins", "--triangle", "--format", "json"))
    assert told["schema"] == "recount-triangle/1"
    assert "estimate" not in json.dumps([told["triangle"], told["delays"], told["receipt"]])
    assert told["estimates"]["note"] == ESTIMATE_NOTE
    assert all(each["is_estimate"] for each in told["estimates"]["rows"])
    newest = max(each["published_from"] for each in told["triangle"] if each["published_from"])
    for each in told["estimates"]["rows"]:
        own = [cell for cell in told["triangle"] if cell["span"] == each["span"]]
        assert newest in {cell["published_from"] for cell in own}
        assert each["periods"] >= load_triangles(record.catalog).least_periods


def test_csv_has_a_line_for_every_print_and_no_estimate():
    rows = list(csv.DictReader(io.StringIO(run("revise", "book_ins", "--triangle", "--format", "csv"))))
    told = json.loads(run("revise", "book_ins", "--triangle", "--format", "json"))
    assert len(rows) == len(told["triangle"])
    assert {each["receipt"] for each in rows} == {told["receipt"]["id"]}
    assert [int(each["delay_days"]) for each in rows if each["delay_days"]] == [
        each["delay_days"] for each in told["triangle"] if each["delay_days"] is not None
    ]


def test_the_terminal_names_estimates_so():
    told = run("revise", "book_ins", "--triangle")
    above, below = told.split("ESTIMATES, not figures")
    assert "printed by then" in above
    assert "about" not in above
    assert "no verdict rests on them" in " ".join(below.split())
    assert "No estimate is made" in run("revise", "detained_population", "--triangle")


def test_the_receipt_is_computed_again(tmp_path: Path, record: OpenRecord):
    told = run("revise", "book_ins", "--triangle", "--format", "json")
    (tmp_path / "t.json").write_text(told, encoding="utf-8")
    (again,) = record.recompute(tmp_path / "t.json")
    assert again.is_same


def test_a_triangle_is_of_all_periods():
    assert "One span at a time" in run("revise", "book_ins", "--triangle", "--month", "2025-11", code=2)
    assert "A picture is of one span" in run("revise", "book_ins", "--triangle", "-o", "t.svg", code=2)


def test_no_verdict_reads_a_triangle():
    """Estimates never enter a verdict: nothing of the room of claims imports them."""
    claims = Path(__file__).parents[1] / "src" / "recount" / "claim"
    assert not [each.name for each in claims.glob("*.py") if "triangle" in each.read_text(encoding="utf-8")]
