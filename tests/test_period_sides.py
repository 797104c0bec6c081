"""Every kind of period as a side of a comparison: months of printed counts added, and none where one is lacking."""

from __future__ import annotations

import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from recount.ask import open_record
from recount.declare.catalog import Catalog
from recount.errors import UsageError
from recount.measure.difference import DifferenceRow, compare_answers
from recount.measure.event_engine import DuckDB, Engine
from recount.measure.period_sides import other_side
from recount.measure.prints import PrintBook
from recount.measure.questions import Question
from recount.measure.rates import PER
from small_events import Parts, day

ROWS = [
    {"apprehension_date": day(each), "apprehension_aor_code": "BOS"}
    for each in (
        "2016-02-03",
        "2016-02-29",
        "2017-11-06",
        "2018-01-31",
        "2018-03-01",
        "2018-03-05",
        "2018-03-09",
    )
]


@pytest.fixture(scope="module")
def duckdb() -> Engine:
    return DuckDB()


@pytest.fixture
def parts(tmp_path: Path, catalog: Catalog) -> Parts:
    found = Parts(tmp_path, catalog)
    found.rows("arrests", ROWS[:2], cut_off="2016-02-29")
    return found.rows("arrests", ROWS[2:], cut_off="2018-03-31")


@pytest.fixture(scope="module")
def record() -> Any:
    return open_record()


def compare(parts: Parts, engine: Engine, where: dict[str, str], other: dict[str, str]) -> DifferenceRow:
    book = parts.book(engine)
    question = Question("arrests", where, compare_with=other)
    (row,) = compare_answers(question, PrintBook(book.record, parts.catalog), book).rows
    return row


def printed(record: Any, measure: str, first: dict[str, str], second: dict[str, str]) -> list[DifferenceRow]:
    rows: list[DifferenceRow] = (
        record.measure(measure).where(**first).compare_with(**second).difference().rows
    )
    return rows


# Individual records


@pytest.mark.parametrize(
    ("first", "second", "numbers"),
    [
        ({"week": "2018-W10"}, {"week": "2018-W05"}, (2, 1)),
        ({"month": "2018-03"}, {"month": "2016-02"}, (3, 2)),
        ({"month": "2018-01..2018-03"}, {"month": "2016-02"}, (4, 2)),
        ({"quarter": "2018-Q1"}, {"quarter": "2016-Q1"}, (4, 2)),
        ({"calendar_year": "2018"}, {"calendar_year": "2017"}, (4, 1)),
        ({"fiscal_year": "2018"}, {"fiscal_year": "2016"}, (5, 2)),
        ({"date": "2018-03-05"}, {"date": "2016-02-03"}, (1, 1)),
        ({"administration": "trump_first"}, {"administration": "obama"}, (5, 2)),
        ({"month": "2018-03"}, {"quarter": "2016-Q1"}, (3, 2)),
        ({"fiscal_year": "2018"}, {"month": "2016-02"}, (5, 2)),
        ({"fiscal_year": "2018", "month": "2018-03"}, {"fiscal_year": "2016"}, (3, 2)),
    ],
)
def test_a_period_of_every_kind_is_a_side_and_takes_the_place_of_every_period(
    parts: Parts,
    duckdb: Engine,
    first: dict[str, str],
    second: dict[str, str],
    numbers: tuple[int, int],
):
    row = compare(parts, duckdb, first, second)
    assert (row.first.numerator, row.second.numerator) == numbers
    assert row.difference == numbers[0] - numbers[1]


def test_conditions_on_other_dimensions_hold_on_both_sides():
    assert other_side(
        {"aor": "Boston", "month": "2018-03", "date": ">=2018-03-05"}, {"week": "2016-W05"}
    ) == {
        "aor": "Boston",
        "week": "2016-W05",
    }
    assert other_side({"aor": "Boston", "month": "2018-03"}, {"aor": "Seattle"}) == {
        "aor": "Seattle",
        "month": "2018-03",
    }


def test_a_side_of_which_a_release_covers_no_day_has_no_difference(parts: Parts, duckdb: Engine):
    row = compare(parts, duckdb, {"month": "2018-03"}, {"month": "2017-01"})
    assert (row.first.numerator, row.second.numerator) == (3, 0)
    assert (row.difference, row.bounds, row.left_out_because) == (None, None, "not_covered")
    assert row.as_json()["left_out_because"] == "not_covered"


def test_periods_that_overlap_are_refused(parts: Parts, duckdb: Engine):
    with pytest.raises(UsageError, match="both sides"):
        compare(parts, duckdb, {"month": "2018-03"}, {"week": "2018-W10"})


# Printed figures


def months_of(record: Any, *starts: str) -> int:
    """Returns the printed book-ins of months, by the print that came out last, straight from the record's rows."""
    frame = record.record.frames["detention_figures"]
    days = [datetime.date.fromisoformat(f"{each}-01") for each in starts]
    codes = [each for each in frame.columns if each.endswith("_code") and each != "unit_code"]
    own = frame.filter(
        (pl.col("statistic_name") == "book_ins") & (pl.col("period_kind") == "month"),
        pl.col("period_start").is_in(days),
        *(pl.col(each) == "total" for each in codes if each in ("arresting_agency_code", "criminality_code")),
    )
    order = {name: each.covers_through for name, each in record.record.releases.items()}
    own = own.with_columns(pl.col("release").replace_strict(order, default=None).alias("covers"))
    latest = own.sort("covers", "release").group_by("period_start").last()
    assert latest.height == len(starts)
    return int(latest.get_column("value_count").sum())


def test_a_month_of_a_count_printed_by_month_is_that_month_and_not_the_year_so_far(record: Any):
    (row,) = printed(record, "book_ins", {"month": "2025-12"}, {"month": "2024-12"})
    assert (row.first.numerator, row.second.numerator) == (
        months_of(record, "2025-12"),
        months_of(record, "2024-12"),
    )
    assert row.difference == 42_130 - 22_139


@pytest.mark.parametrize(
    ("period", "months"),
    [
        ({"quarter": "2024-Q1"}, ("2024-01", "2024-02", "2024-03")),
        ({"month": "2023-12..2024-01"}, ("2023-12", "2024-01")),
        ({"calendar_year": "2024"}, tuple(f"2024-{each:02d}" for each in range(1, 13))),
    ],
)
def test_a_longer_period_of_it_is_its_months_added(
    record: Any, period: dict[str, str], months: tuple[str, ...]
):
    (row,) = printed(record, "book_ins", period, {"month": "2022-03"})
    assert row.first.numerator == months_of(record, *months)
    figure: Any = row.first_row
    assert (figure.period, len(figure.cells)) == ("months", len(months))


def test_a_fiscal_year_is_still_the_count_printed_of_it(record: Any):
    (row,) = printed(record, "book_ins", {"fiscal_year": "2024"}, {"fiscal_year": "2023"})
    assert (row.first.numerator, row.second.numerator) == (277_913, 273_220)


def test_a_period_that_lacks_a_month_has_no_figure_and_the_months_are_named(record: Any):
    asked = record.measure("book_ins").where(quarter="2024-Q1").compare_with(quarter="2025-Q1")
    assert asked.difference().rows == ()
    said = " ".join(each.text for each in asked.shown().notes)
    assert "Not printed whole: 2025-01, 2025-02, and 2025-03." in said


def test_a_month_in_the_middle_that_is_cut_short_leaves_the_period_without_a_figure(record: Any):
    asked = record.measure("book_ins").where(calendar_year=2024).compare_with(calendar_year=2021)
    assert asked.difference().rows == ()
    assert "Not printed whole: 2021-09." in " ".join(each.text for each in asked.shown().notes)


def test_a_last_month_that_is_cut_short_is_marked_and_has_no_rate(record: Any):
    asked = record.measure("book_ins").where(quarter="2021-Q3").compare_with(quarter="2020-Q3")
    (row,) = asked.difference().rows
    assert row.first_row.through_date == datetime.date(2021, 9, 25)
    assert any("spans of other lengths" in each.text for each in asked.shown().notes)
    (rated,) = asked.per("residents").difference().rows
    assert (rated.first.value, rated.difference) == (None, None)
    assert rated.first.rate is not None
    assert rated.first.rate.base.because == "cut_short"
    assert rated.second.value == Fraction(row.second.numerator * PER, 331_449_281)


def test_months_of_other_lengths_are_not_said_to_be_other_spans(record: Any):
    asked = record.measure("book_ins").where(month="2024-03").compare_with(month="2024-02")
    assert not any("other lengths" in each.text for each in asked.shown().notes)


def test_what_is_held_on_a_day_is_the_latest_within_the_period(record: Any):
    (row,) = printed(record, "detained_population", {"month": "2026-01"}, {"week": "2025-W02"})
    assert (row.first.numerator, row.second.numerator) == (70_766, 39_703)


@pytest.mark.parametrize(
    ("measure", "first", "second", "said"),
    [
        ("book_ins", {"week": "2024-W10"}, {"week": "2023-W10"}, "side is one of whole months"),
        ("book_ins", {"month": ">=2024-03"}, {"month": "2023-03"}, "side is one of whole months"),
        ("average_daily_population", {"quarter": "2024-Q1"}, {"quarter": "2023-Q1"}, "not added"),
        ("removals_printed", {"month": "2025-12"}, {"month": "2024-12"}, "counts from 1 October"),
        ("book_ins", {"quarter": "2024-Q1"}, {"month": "2024-03"}, "in common"),
    ],
)
def test_a_period_that_is_not_printed_is_refused_with_those_that_are(
    record: Any, measure: str, first: dict[str, str], second: dict[str, str], said: str
):
    with pytest.raises(UsageError, match=said):
        printed(record, measure, first, second)


def test_a_receipt_of_two_quarters_is_computed_again(record: Any):
    asked = record.measure("book_ins").where(quarter="2024-Q1").compare_with(quarter="2023-Q1")
    for each in (asked, asked.by("arresting_agency")):
        (again,) = record.recompute(each.receipt().as_json())
        assert again.is_same
    assert len(asked.receipt().body["releases"]) == 2


def test_what_a_release_covers_of_a_side_is_said_where_it_is_not_all(record: Any):
    asked = record.measure("removals").release("ice-2019-icfo-53623")
    said = " ".join(
        each.text for each in asked.where(fiscal_year=2019).compare_with(calendar_year=2017).shown().notes
    )
    assert "covers fiscal year 2019 only from 1 October 2018 to 31 August 2019" in said
    assert "covers calendar year 2017 only from 1 October 2017 to 31 December 2017" in said
    between_files = asked.where(fiscal_year=2018).compare_with(fiscal_year=2017)
    (row,) = between_files.difference().rows
    assert (row.second.numerator, row.difference) == (0, None)
    assert "covers no day of fiscal year 2017" in " ".join(each.text for each in between_files.shown().notes)
