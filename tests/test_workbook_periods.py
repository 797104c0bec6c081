"""The span that a number of a workbook speaks of: which days, and whether they had come."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.clean.periods import Reference, Span, read_day, span_of, step_of, two_or_four
from recount.declare.fiscal_years import fiscal_year_end, fiscal_year_of, fiscal_year_start
from small_record import day

THROUGH_7_JANUARY = Reference(day("2026-01-07"), "day")


def span(period: str, reference: Reference = THROUGH_7_JANUARY, **said: str) -> Span:
    return span_of(period, said, 2026, reference)


def days(told: Span) -> tuple[str, str]:
    return told.start.isoformat(), told.through.isoformat()


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)))
def test_a_day_lies_in_its_fiscal_year(one: datetime.date):
    year = fiscal_year_of(one)
    assert fiscal_year_start(year) <= one <= fiscal_year_end(year)


def test_a_fiscal_year_begins_in_october_of_the_year_before():
    assert (fiscal_year_start(2026), fiscal_year_end(2026)) == (day("2025-10-01"), day("2026-09-30"))


@pytest.mark.parametrize("text", ["1/7/2026", "01/07/2026", "1.7.2026", "1/7/26"])
def test_days_are_written_month_first(text: str):
    assert read_day(text) == day("2026-01-07")


@pytest.mark.parametrize("text", ["13/45/2022", "2026", "1/7", "a/b/c"])
def test_what_is_no_day_is_refused(text: str):
    with pytest.raises(ValueError, match=r".+"):
        read_day(text)


@pytest.mark.parametrize("text", ["6", "202", "02026"])
def test_a_year_of_another_length_is_refused(text: str):
    with pytest.raises(ValueError, match="is not a year"):
        two_or_four(text)


@pytest.mark.parametrize(("text", "year"), [("26", 2026), ("2026", 2026), ("19", 2019)])
def test_years_have_two_digits_or_four(text: str, year: int):
    assert two_or_four(text) == year


# Snapshots


def test_a_snapshot_is_of_the_last_day_counted():
    told = span("snapshot")
    assert (told.kind, days(told), told.precision) == ("snapshot", ("2026-01-07", "2026-01-07"), "day")


def test_the_middle_of_a_month_is_near_the_15th_and_its_end_is_its_last_day():
    middle = span("half_month", year="2024", calendar_month="02", half="mid")
    end = span("half_month", year="2024", calendar_month="02", half="end")
    assert (days(middle)[1], middle.precision) == ("2024-02-15", "approximate")
    assert (days(end)[1], end.precision) == ("2024-02-29", "day")


def test_a_half_month_after_the_last_day_counted_is_still_to_come():
    assert span("half_month", year="2026", calendar_month="01", half="mid").to_come
    assert not span("half_month", year="2025", calendar_month="12", half="end").to_come


# Fiscal years and their months


def test_the_year_so_far_ends_on_the_last_day_counted():
    told = span("fiscal_year_to_date", month="total")
    assert (told.kind, days(told)) == ("fiscal_year_to_date", ("2025-10-01", "2026-01-07"))
    assert span("fiscal_year_to_date") == told


def test_a_past_fiscal_year_ends_on_30_september():
    told = span("fiscal_year_to_date", fiscal_year="2024")
    assert (told.fiscal_year, days(told)) == (2024, ("2023-10-01", "2024-09-30"))


def test_the_year_of_a_row_goes_before_the_year_of_its_table():
    assert span("fiscal_year_to_date", fiscal_year="25", month="nov").start == day("2024-11-01")


@pytest.mark.parametrize(
    ("month", "first", "last", "to_come"),
    [
        ("oct", "2025-10-01", "2025-10-31", False),
        ("dec", "2025-12-01", "2025-12-31", False),
        ("jan", "2026-01-01", "2026-01-07", False),
        ("feb", "2026-02-01", "2026-02-28", True),
        ("sep", "2026-09-01", "2026-09-30", True),
    ],
)
def test_a_month_ends_on_its_last_day_or_the_last_day_counted(
    month: str, first: str, last: str, to_come: bool
):
    told = span("fiscal_year_to_date", month=month)
    assert (told.kind, days(told), told.to_come) == ("month", (first, last), to_come)


def test_a_month_that_is_not_over_is_as_well_dated_as_the_reference():
    nearly = Reference(day("2026-01-07"), "approximate")
    assert span("fiscal_year_to_date", nearly, month="jan").precision == "approximate"


def test_a_span_that_ends_within_a_month_of_an_approximate_day_may_not_be_over():
    nearly = Reference(day("2026-01-07"), "approximate")
    assert span("fiscal_year_to_date", nearly, month="dec").precision == "approximate"
    assert span("fiscal_year_to_date", nearly, month="nov").precision == "day"


def test_a_year_is_named_whole_or_with_the_days_it_covers():
    assert days(span("fiscal_year", fiscal_year="2023")) == ("2022-10-01", "2023-09-30")
    told = span("fiscal_year", fiscal_year="2022 (10/1/2021 - 3/31/2022)")
    assert (told.fiscal_year, days(told)) == (2022, ("2021-10-01", "2022-03-31"))


def test_a_fiscal_year_that_has_not_begun_is_still_to_come():
    assert span("fiscal_year", fiscal_year="2027").to_come


# Named months, quarters, hearings


@pytest.mark.parametrize(
    "said", [{"month_date": "2025-11"}, {"month_name": "November 2025"}, {"month_name": "november, 2025"}]
)
def test_a_month_may_be_named(said: dict[str, str]):
    assert days(span_of("month", said, 2026, THROUGH_7_JANUARY)) == ("2025-11-01", "2025-11-30")


@pytest.mark.parametrize(
    ("quarter", "first", "last"),
    [
        ("1", "2023-10-01", "2023-12-31"),
        ("2", "2024-01-01", "2024-03-31"),
        ("3", "2024-04-01", "2024-06-30"),
        ("4", "2024-07-01", "2024-09-30"),
    ],
)
def test_quarters_are_of_the_fiscal_year(quarter: str, first: str, last: str):
    assert days(span("quarter", quarter=f"FY 2024 Quarter {quarter}")) == (first, last)


def test_hearings_count_through_the_month_that_the_title_names():
    assert days(span("court_period", court_period="thru November")) == ("2025-10-01", "2025-11-30")
    assert days(span("court_period", court_period="through March")) == ("2025-10-01", "2026-03-31")
    assert days(span("court_period", court_period="Year End")) == ("2025-10-01", "2026-09-30")


def test_hearings_without_a_month_count_through_about_the_last_day_counted():
    told = span("court_period")
    assert (days(told), told.precision) == (("2025-10-01", "2026-01-07"), "approximate")


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("court_period", {"court_period": "through Octember"}),
        ("fiscal_year", {"fiscal_year": "0000"}),
        ("half_month", {"year": "0000", "calendar_month": "01", "half": "mid"}),
        ("month", {"month_date": "2025-13"}),
    ],
)
def test_what_is_no_time_is_refused(period: str, said: dict[str, str]):
    with pytest.raises(ValueError, match=r".+"):
        span_of(period, said, 2026, THROUGH_7_JANUARY)


# Headings that follow one another


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"month_date": "2025-12"}, {"month_date": "2026-01"}),
        (
            {"year": "2025", "calendar_month": "12", "half": "mid"},
            {"year": "2025", "calendar_month": "12", "half": "end"},
        ),
        (
            {"year": "2025", "calendar_month": "12", "half": "end"},
            {"year": "2026", "calendar_month": "01", "half": "mid"},
        ),
        ({"month_name": "December 2025"}, {"month_name": "January, 2026"}),
        ({"quarter": "FY 2025 Quarter 4"}, {"quarter": "Fiscal Year (FY) 2026 Quarter 1"}),
        ({"fiscal_year": "2025"}, {"fiscal_year": "2026"}),
        ({"fiscal_year": "25"}, {"fiscal_year": "2026 (10/1/2025 - 3/31/2026)"}),
    ],
)
def test_a_heading_of_the_time_that_follows_is_one_step_on(earlier: dict[str, str], later: dict[str, str]):
    first, second = step_of(earlier), step_of(later)
    assert first is not None
    assert second == first + 1


def test_a_heading_without_a_time_has_no_step():
    assert step_of({"arresting_agency": "ice"}) is None
