"""One figure across releases: what restates it, how much and how late, and figures between two dates."""

from __future__ import annotations

import calendar
import datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import recount
from recount.ask import OpenRecord
from recount.declare.catalog import Catalog
from recount.declare.fiscal_years import fiscal_year_of, fiscal_year_start
from recount.declare.sources import KnownRelease
from recount.errors import UnknownNameError, UsageError
from recount.revise.intervals import IntervalFigure, days_of_mean
from recount.revise.lateness import median
from recount.revise.revision import HistoryAnswer, Revision, ask_again
from recount.revise.spans import read_span, span_of
from recount.revise.values import history_as_json, intervals_as_json, lateness_as_json
from small_record import day, days
from small_statistics import figure, held, so_far, statistics_book, workbook

Row = dict[str, Any]
FIRST = workbook("first", "2025-12-10")
SECOND = workbook("second", "2026-01-08")
THIRD = workbook("third", "2026-02-12")


def month(release: str, month_: str, count: int, through: str | None = None, **more: Any) -> Row:
    """A month's book-ins as one release prints them, whole unless it counts through a day of it."""
    year, number = map(int, month_.split("-"))
    last = f"{month_}-{calendar.monthrange(year, number)[1]}"
    cell = more.pop("cell", f"A{year}{number:02}")
    return figure(
        release,
        through or last,
        "book_ins",
        kind="month",
        start=f"{month_}-01",
        count=count,
        cell=cell,
        **more,
    )


def revision(
    catalog: Catalog, releases: list[KnownRelease], *rows: Row, of: str = "book_ins", **asked: Any
) -> Revision:
    return Revision(statistics_book(catalog, releases, *rows), of, **asked)


def november(catalog: Catalog, *rows: Row, releases: list[KnownRelease] | None = None) -> HistoryAnswer:
    return revision(catalog, releases or [FIRST, SECOND, THIRD], *rows).history(month="2025-11")


def told(answer: HistoryAnswer) -> list[tuple[str, str]]:
    return [(each.figure.release.release, each.how) for each in answer.history.rows]


# What each release says


def test_a_month_is_told_in_order_of_publication_with_the_change_from_the_print_before(catalog: Catalog):
    answer = november(
        catalog, month("third", "2025-11", 13), month("first", "2025-11", 10), month("second", "2025-11", 8)
    )
    rows = answer.history.rows
    assert told(answer) == [("first", "first"), ("second", "restated"), ("third", "restated")]
    assert [each.change for each in rows] == [None, -2, 5]


def test_a_history_comes_to_its_first_latest_lowest_and_highest_print(catalog: Catalog):
    history = november(
        catalog, month("first", "2025-11", 10), month("second", "2025-11", 8), month("third", "2025-11", 13)
    ).history
    found = [history.first, history.latest, history.lowest, history.highest]
    assert [each and each.value for each in found] == [10, 13, 8, 13]
    assert (history.change, history.share_of_change, history.restatements) == (3, Fraction(3, 10), 2)


def test_the_same_value_again_is_no_restatement(catalog: Catalog):
    answer = november(catalog, month("first", "2025-11", 10), month("second", "2025-11", 10))
    assert told(answer) == [("first", "first"), ("second", "same")]
    assert (answer.history.change, answer.history.restatements) == (0, 0)


def test_a_month_that_is_not_over_is_movement_and_no_restatement(catalog: Catalog):
    early = workbook("early", "2025-11-20")
    rows = [month("early", "2025-11", 4, "2025-11-15"), month("first", "2025-11", 10)]
    answer = november(catalog, *rows, releases=[early, FIRST])
    assert told(answer) == [("early", "first"), ("first", "counts_on")]
    assert [each.is_whole for each in answer.history.rows] == [False, True]
    assert (answer.history.change, answer.history.restatements) == (0, 0)


def test_a_part_of_a_month_printed_again_through_the_same_day_is_restated(catalog: Catalog):
    releases = [workbook("early", "2025-11-20"), workbook("again", "2025-11-21")]
    rows = [month("early", "2025-11", 4, "2025-11-15"), month("again", "2025-11", 5, "2025-11-15")]
    assert told(november(catalog, *rows, releases=releases))[1] == ("again", "restated")


def test_a_part_of_a_month_that_counts_more_days_and_fewer_events_is_restated(catalog: Catalog):
    early = workbook("early", "2025-11-20")
    rows = [month("early", "2025-11", 14, "2025-11-15"), month("first", "2025-11", 10)]
    assert told(november(catalog, *rows, releases=[early, FIRST]))[1] == ("first", "restated")


def test_a_print_from_before_the_months_end_does_not_count_it_whole(catalog: Catalog):
    early = workbook("early", "2025-11-30")
    answer = november(catalog, month("early", "2025-11", 4), releases=[early])
    assert [each.is_whole for each in answer.history.rows] == [False]
    assert answer.history.latest is None


def test_a_number_that_a_check_takes_for_none_of_the_span_is_set_aside(catalog: Catalog):
    answer = november(
        catalog,
        month("first", "2025-11", 10),
        month("second", "2025-11", 0, flags="zero_for_a_past_span"),
        month("third", "2025-11", 11),
    )
    assert told(answer) == [("first", "first"), ("second", "doubtful"), ("third", "restated")]
    assert [each.change for each in answer.history.rows] == [None, -10, 1]
    assert answer.history.lowest is not None and answer.history.lowest.value == 10


def test_a_number_that_merely_disagrees_with_others_stands(catalog: Catalog):
    rows = [month("first", "2025-11", 10), month("second", "2025-11", 12, flags="differs_between_sheets")]
    assert told(november(catalog, *rows))[1] == ("second", "restated")


def test_an_older_edition_posted_late_restates_nothing(catalog: Catalog):
    answer = november(
        catalog,
        month("first", "2025-11", 10),
        month("first", "2025-12", 3, "2025-12-09"),
        month("second", "2025-11", 9),
    )
    assert told(answer) == [("first", "first"), ("second", "older_edition")]
    assert answer.history.latest is not None and answer.history.latest.value == 10


def test_a_number_for_days_to_come_does_not_make_the_next_release_older(catalog: Catalog):
    answer = november(
        catalog,
        month("first", "2025-11", 10),
        month("first", "2025-12", 7, flags="counts_days_to_come"),
        month("second", "2025-11", 9),
        month("second", "2025-12", 20, "2025-12-28"),
    )
    assert told(answer)[1] == ("second", "restated")


def test_a_release_of_lower_authority_restates_nothing(catalog: Catalog):
    quoted = SECOND.model_copy(update={"authority": "quotation"})
    rows = [month("first", "2025-11", 10), month("second", "2025-11", 9), month("third", "2025-11", 10)]
    answer = november(catalog, *rows, releases=[FIRST, quoted, THIRD])
    assert told(answer) == [("first", "first"), ("second", "discrepancy"), ("third", "same")]


def test_a_table_split_into_other_parts_is_redefined_and_its_history_begins_anew(catalog: Catalog):
    def parts(release: str, total: int, *reasons: str) -> list[Row]:
        span = {"kind": "month", "start": "2025-11-01"}
        own = [
            figure(release, "2025-11-30", "book_outs", count=1, release_reason=reason, cell=f"B{at}", **span)
            for at, reason in enumerate(reasons, 1)
        ]
        return [*own, figure(release, "2025-11-30", "book_outs", count=total, cell="C1", **span)]

    rows = [
        *parts("first", 10, "bonded_out", "paroled"),
        *parts("second", 30, "bonded_out", "paroled", "transferred"),
        *parts("third", 31, "bonded_out", "paroled", "transferred"),
    ]
    answer = revision(catalog, [FIRST, SECOND, THIRD], *rows, of="book_outs").history(month="2025-11")
    assert [how for _, how in told(answer)] == ["first", "redefined", "restated"]
    assert (answer.history.change, answer.history.restatements) == (1, 1)
    assert [each.value for each in answer.history.before_redefinition] == [10]


def test_of_two_prints_through_an_approximate_day_the_later_may_be_movement(catalog: Catalog):
    rows = [*held("first", "2025-12-07", other=10), *held("second", "2025-12-07", other=12)]
    for each in rows:
        each["through_precision"] = "approximate" if each["release"] == "second" else "day"
    answer = revision(catalog, [FIRST, SECOND], *rows, of="detained_population").history(on="2025-12-07")
    assert told(answer) == [("first", "first"), ("second", "approximate")]


def test_the_order_of_two_releases_is_certain_only_where_their_dates_tell(catalog: Catalog):
    releases = [
        workbook("first", ("2025-12-10", "2025-12-12")),
        workbook("second", ("2025-12-12", "2025-12-14")),
        workbook("third", ("2025-12-15", None)),
    ]
    rows = [month(name, "2025-11", 10 + at) for at, name in enumerate(("first", "second", "third"))]
    history = november(catalog, *rows, releases=releases).history
    assert [each.order_is_certain for each in history.rows] == [True, False, True]
    assert [each.figure.release.release for each in history.uncertain] == ["second"]


def test_a_mean_is_restated_where_its_decimals_differ(catalog: Catalog):
    span = {"kind": "month", "start": "2025-11-01"}
    rows = [
        figure("first", "2025-11-30", "average_daily_population", number=100.25, **span),
        figure("second", "2025-11-30", "average_daily_population", number=100.5, **span),
    ]
    asked = revision(catalog, [FIRST, SECOND], *rows, of="average_daily_population")
    history = asked.history(month="2025-11").history
    assert (history.change, history.restatements) == (Fraction(1, 4), 1)


def test_a_share_is_restated_where_its_integers_differ_though_it_does_not(catalog: Catalog):
    rows = [
        *held("first", "2025-12-07", convicted=1, other=3),
        *held("second", "2025-12-07", convicted=2, other=6),
    ]
    asked = revision(catalog, [FIRST, SECOND], *rows, of="share_criminal_detained")
    history = asked.history(on="2025-12-07").history
    assert (history.change, history.restatements) == (0, 1)


def test_a_fiscal_year_is_told_as_each_release_counted_it_so_far(catalog: Catalog):
    rows = [
        so_far("second", "2026-01-07", "removals", 30),
        so_far("third", "2026-02-07", "removals", 28),
        so_far("first", "2025-09-30", "removals", 99),
    ]
    answer = revision(catalog, [FIRST, SECOND, THIRD], *rows, of="removals_printed").history(fiscal_year=2026)
    assert told(answer) == [("second", "first"), ("third", "restated")]
    assert answer.history.settled == ()


def test_what_was_not_out_by_a_date_is_left_out(catalog: Catalog):
    rows = [month("first", "2025-11", 10), month("second", "2025-11", 9)]
    asked = revision(catalog, [FIRST, SECOND], *rows, as_known_on=day("2026-01-01"))
    assert told(asked.history(month="2025-11")) == [("first", "first")]


def test_a_condition_takes_one_code_and_names_the_releases_that_lack_it(catalog: Catalog):
    rows = [
        month("first", "2025-11", 10, arresting_agency="ice"),
        month("first", "2025-11", 15, cell="B1"),
        month("second", "2025-11", 16),
    ]
    asked = revision(catalog, [FIRST, SECOND], *rows, where={"arresting_agency": "ICE"})
    answer = asked.history(month="2025-11")
    assert [each.value for each in answer.history.rows] == [10]
    assert answer.basis.not_printed_by == ("second",)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ({"month": "2025-13"}, "is not a month"),
        ({"month": "2025-07"}, "nearest  2025-11"),
        ({"fiscal_year": "26"}, "is not a fiscal year"),
        ({"fiscal_year": 2019}, "No release prints book_ins for fiscal year 2019"),
        ({"on": "2026-02-30"}, "is not a date"),
        ({"quarter": "2026-Q1"}, "not printed by quarter"),
        ({}, "A history is of one span"),
        ({"month": "2025-11", "on": "2026-02-07"}, "given  month, on"),
    ],
)
def test_a_span_that_cannot_be_asked_is_refused(catalog: Catalog, span: dict[str, Any], said: str):
    with pytest.raises(UsageError, match=said):
        revision(catalog, [FIRST], month("first", "2025-11", 10)).history(**span)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("2026-Q1", "2025-10-01", "2025-12-31"), ("2026q4", "2026-07-01", "2026-09-30")],
)
def test_a_quarter_is_one_of_a_fiscal_year(catalog: Catalog, asked: str, first: str, last: str):
    by_quarter = catalog.measure("book_ins").model_copy(update={"period": "quarter", "by_month": False})
    span = read_span(by_quarter, quarter=asked)
    assert (str(span.start), str(span.end)) == (first, last)


def test_an_unknown_measure_or_code_is_answered_with_the_nearest(catalog: Catalog):
    with pytest.raises(UnknownNameError, match="book_ins"):
        revision(catalog, [FIRST], month("first", "2025-11", 10), of="bookins").lateness()
    with pytest.raises(UnknownNameError, match="convicted"):
        revision(catalog, [FIRST], where={"criminality": "convictd"}).lateness()


# Size and lateness


def test_size_and_lag_are_of_the_whole_prints_of_each_month(catalog: Catalog):
    early = workbook("early", "2025-11-20")
    rows = [
        month("early", "2025-11", 2, "2025-11-15"),
        month("first", "2025-11", 10),
        month("second", "2025-11", 12),
        month("third", "2025-11", 12),
    ]
    lateness = revision(catalog, [early, FIRST, SECOND, THIRD], *rows).lateness().lateness
    (change,) = lateness.changes
    assert (change.change, change.share, change.restatements) == (2, Fraction(1, 5), 1)
    assert (change.lag_days, change.followed_days) == (39, 74)
    assert (lateness.prints, lateness.unfinished) == (4, 1)


def test_a_fiscal_year_sums_up_the_months_that_were_restated(catalog: Catalog):
    rows = [
        *(month("first", "2025-10", 100), month("second", "2025-10", 90)),
        *(month("first", "2025-11", 100), month("third", "2025-11", 105)),
        *(month("second", "2025-12", 7), month("third", "2025-12", 7)),
        month("third", "2026-01", 9),
    ]
    (year,) = revision(catalog, [FIRST, SECOND, THIRD], *rows).lateness().lateness.years
    assert (year.fiscal_year, len(year.spans), len(year.compared), len(year.restated)) == (2026, 4, 3, 2)
    assert (year.median_change, year.median_share) == (Fraction(15, 2), Fraction(3, 40))
    assert year.largest_change is not None and year.largest_change.change == -10
    assert (year.median_lag, year.longest_lag and year.longest_lag.lag_days) == (Fraction(69 + 74, 2), 74)


def test_of_two_equal_changes_the_earliest_month_is_named(catalog: Catalog):
    rows = [
        row
        for each in ("2025-11", "2025-10")
        for row in (month("first", each, 100), month("second", each, 101))
    ]
    (year,) = revision(catalog, [FIRST, SECOND], *rows).lateness().lateness.years
    assert year.largest_change is not None and str(year.largest_change.span.start) == "2025-10-01"


def test_a_month_that_came_back_to_its_first_value_was_restated_all_the_same(catalog: Catalog):
    rows = [month(name, "2025-11", count) for name, count in (("first", 10), ("second", 11), ("third", 10))]
    (change,) = revision(catalog, [FIRST, SECOND, THIRD], *rows).lateness().lateness.changes
    assert (change.change, change.restatements, change.lag_days) == (0, 2, 74)


def test_a_share_of_nothing_is_no_share(catalog: Catalog):
    rows = [month("first", "2025-11", 0), month("second", "2025-11", 3)]
    (change,) = revision(catalog, [FIRST, SECOND], *rows).lateness().lateness.changes
    assert (change.change, change.share) == (3, None)


def test_a_measure_without_months_is_summed_up_by_the_day_counted_through(catalog: Catalog):
    rows = [so_far(name, "2025-12-07", "removals", count) for name, count in (("first", 10), ("second", 9))]
    (change,) = revision(catalog, [FIRST, SECOND], *rows, of="removals_printed").lateness().lateness.changes
    assert (change.span.kind, str(change.span.end), change.change) == ("so_far", "2025-12-07", -1)


@given(values=st.lists(st.integers(-50, 50), min_size=1))
def test_half_of_the_values_lie_on_either_side_of_the_median(values: list[int]):
    middle = median(values)
    assert middle is not None
    assert sum(each <= middle for each in values) * 2 >= len(values)
    assert sum(each >= middle for each in values) * 2 >= len(values)


@given(counts=st.lists(st.integers(0, 20), min_size=2, max_size=6))
def test_the_changes_between_whole_prints_add_up_to_the_change(catalog: Catalog, counts: list[int]):
    releases = [workbook(f"release-{at}", str(day("2025-12-10") + days(at))) for at in range(len(counts))]
    rows = [month(each.release, "2025-11", count) for each, count in zip(releases, counts, strict=True)]
    history = november(catalog, *rows, releases=releases).history
    assert sum(each.change or 0 for each in history.rows) == history.change == counts[-1] - counts[0]


# Between two dates


def counted(
    catalog: Catalog, *counts: tuple[str, int], of: str = "removals_printed", statistic: str = "removals"
) -> Revision:
    """Counts of fiscal year 2026 so far, each printed two days after the day that it counts through."""
    releases = [workbook(f"release-{through}", str(day(through) + days(2))) for through, _ in counts]
    rows = [so_far(f"release-{through}", through, statistic, count) for through, count in counts]
    return revision(catalog, releases, *rows, of=of)


def averaged(catalog: Catalog, *means: tuple[str, float]) -> Revision:
    releases = [workbook(f"release-{through}", str(day(through) + days(2))) for through, _ in means]
    rows = [
        figure(
            f"release-{through}",
            through,
            "average_daily_population",
            kind="fiscal_year_to_date",
            start=str(fiscal_year_start(fiscal_year_of(day(through)))),
            number=mean,
        )
        for through, mean in means
    ]
    return revision(catalog, releases, *rows, of="average_daily_population")


def test_a_count_between_two_days_is_the_later_less_the_earlier(catalog: Catalog):
    asked = counted(catalog, ("2026-01-07", 118), ("2026-02-07", 162))
    (found,) = asked.between("2026-01-07", "2026-02-07").intervals
    assert (str(found.first_day), found.days, found.numerator) == ("2026-01-08", 31, 44)
    assert found.earlier is not None
    assert (found.earlier.release.release, found.later.release.release) == (
        "release-2026-01-07",
        "release-2026-02-07",
    )


def test_a_count_that_falls_is_an_error_and_no_negative_number(catalog: Catalog):
    asked = counted(catalog, ("2026-01-07", 50), ("2026-02-07", 40))
    (found,) = asked.between("2026-01-07", "2026-02-07").intervals
    assert (found.numerator, found.value) == (None, None)
    assert found.error is not None
    assert (found.error.code, found.error.before, found.error.after) == ("fell", 50, 40)


def test_a_mean_between_two_days_is_weighted_by_its_days_from_1_october(catalog: Catalog):
    asked = averaged(catalog, ("2025-10-10", 100.0), ("2025-10-20", 110.0))
    (found,) = asked.between("2025-10-10", "2025-10-20").intervals
    assert found.value == Fraction(110 * 20 - 100 * 10, 10) == 120


def test_people_at_midnight_that_fall_are_an_error(catalog: Catalog):
    asked = averaged(catalog, ("2025-10-10", 100.0), ("2025-10-11", 50.0))
    (found,) = asked.between("2025-10-10", "2025-10-11").intervals
    assert found.value is None
    assert found.error is not None and found.error.code == "fell"


def test_a_share_between_two_days_is_of_the_counts_between(catalog: Catalog):
    releases = [SECOND, THIRD]
    rows = [
        so_far("second", "2026-01-07", "book_ins", 100, cell="A1"),
        so_far("second", "2026-01-07", "book_ins", 20, cell="A2", criminality="convicted"),
        so_far("third", "2026-02-07", "book_ins", 140, cell="A1"),
        so_far("third", "2026-02-07", "book_ins", 50, cell="A2", criminality="convicted"),
    ]
    asked = revision(catalog, releases, *rows, of="share_criminal_booked_in")
    (found,) = asked.between("2026-01-07", "2026-02-07").intervals
    assert (found.numerator, found.denominator, found.value) == (30, 40, Fraction(3, 4))


def test_a_part_that_grew_more_than_its_whole_gives_no_share(catalog: Catalog):
    rows = [
        so_far(name, through, "book_ins", count, cell=cell, criminality=code)
        for name, through, total, part in (
            ("second", "2026-01-07", 100, 20),
            ("third", "2026-02-07", 105, 30),
        )
        for count, cell, code in ((total, "A1", "total"), (part, "A2", "convicted"))
    ]
    asked = revision(catalog, [SECOND, THIRD], *rows, of="share_criminal_booked_in")
    (found,) = asked.between("2026-01-07", "2026-02-07").intervals
    assert found.value is None
    assert found.error is not None and found.error.code == "part_exceeds_whole"


def test_what_the_later_release_restates_of_months_before_is_told_apart(catalog: Catalog):
    rows = [
        so_far("second", "2026-01-07", "book_ins", 105),
        month("second", "2025-12", 100),
        month("second", "2026-01", 5, "2026-01-07"),
        so_far("third", "2026-02-07", "book_ins", 140),
        month("third", "2025-12", 90),
        month("third", "2026-01", 45),
        month("third", "2026-02", 5, "2026-02-07"),
    ]
    (found,) = revision(catalog, [SECOND, THIRD], *rows).between("2026-01-07", "2026-02-07").intervals
    assert (found.numerator, found.restated_before) == (35, -10)


def test_the_figures_between_consecutive_releases_begin_on_1_october(catalog: Catalog):
    series = counted(catalog, ("2025-12-07", 10), ("2026-01-07", 30), ("2026-02-07", 25)).intervals(2026)
    assert [(str(each.first_day), each.numerator) for each in series.intervals] == [
        ("2025-10-01", 10),
        ("2025-12-08", 20),
        ("2026-01-08", None),
    ]


@given(grown=st.lists(st.tuples(st.integers(1, 9), st.integers(0, 1000)), min_size=1, max_size=6))
def test_counts_between_add_up_to_the_count_so_far(catalog: Catalog, grown: list[tuple[int, int]]):
    through, total, counts = day("2025-09-30"), 0, []
    for gap, more in grown:
        through, total = through + days(gap), total + more
        counts.append((str(through), total))
    found = counted(catalog, *counts).intervals(2026).intervals
    assert sum(each.numerator or 0 for each in found) == total
    assert sum(each.days for each in found) == (through - day("2025-09-30")).days


@given(
    nights=st.lists(
        st.tuples(st.integers(1, 9), st.integers(10**3, 10**6).map(lambda each: each / 1000)),
        min_size=1,
        max_size=6,
    )
)
def test_means_between_weighted_by_their_days_give_the_mean_so_far(
    catalog: Catalog, nights: list[tuple[int, float]]
):
    through, people, means = day("2025-09-30"), Fraction(0), []
    for gap, mean in nights:
        through += datetime.timedelta(gap)
        people += gap * Fraction(repr(mean))
        means.append((str(through), float(people / (through - day("2025-09-30")).days)))
    found = averaged(catalog, *means).intervals(2026).intervals
    assert [each.error for each in found] == [None] * len(found)
    whole = sum((each.value or Fraction(0)) * each.days for each in found)
    assert whole / sum(each.days for each in found) == Fraction(repr(means[-1][1]))


def test_a_mean_tells_over_how_many_days_it_is(catalog: Catalog):
    # 6,324,046 people at midnight over 95 days; the release says 7 January, the 99th day.
    asked = averaged(catalog, ("2026-01-07", 66568.905263), ("2026-02-07", 67972.915385))
    (found,) = asked.between("2026-01-07", "2026-02-07").intervals
    assert [(str(each.through_date), own) for each, own in found.other_days] == [("2026-01-07", 95)]
    assert found.earlier is not None and days_of_mean(found.earlier) == 95
    by_given = (Fraction("67972.915385") * 130 - Fraction("66568.905263") * 99) / 31
    by_own = (Fraction("67972.915385") * 130 - Fraction("66568.905263") * 95) / 35
    assert (found.value, found.value_by_own_days) == (by_given, by_own)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2025-09-30", "2026-01-07", "lies in fiscal year 2025 and 2026-01-07 in 2026"),
        ("2026-02-07", "2026-01-07", "does not come before"),
        ("2026-01-07", "2026-01-07", "does not come before"),
        ("2026-01-08", "2026-02-07", "nearest  2026-01-07, 2026-02-07"),
        ("soon", "2026-02-07", "is not a date"),
    ],
)
def test_two_days_that_have_nothing_between_them_are_refused(
    catalog: Catalog, first: str, last: str, said: str
):
    asked = counted(catalog, ("2025-09-30", 400), ("2026-01-07", 118), ("2026-02-07", 162))
    with pytest.raises(UsageError, match=said):
        asked.between(first, last)


@pytest.mark.parametrize("of", ["average_length_of_stay", "detained_population", "people_removed"])
def test_figures_that_do_not_add_up_over_time_have_nothing_between_them(catalog: Catalog, of: str):
    with pytest.raises(UsageError, match="average_daily_population"):
        revision(catalog, [FIRST], of=of).intervals(2026)


# Answers as values


def test_a_history_has_the_documented_values(catalog: Catalog):
    answer = history_as_json(november(catalog, month("first", "2025-11", 10), month("second", "2025-11", 8)))
    assert answer["schema"] == "recount-history/1"
    assert answer["span"] == {"kind": "month", "from": "2025-11-01", "to": "2025-11-30"}
    row = answer["rows"][1]
    assert (row["value"], row["change"], row["how"], row["is_whole"]) == (8, -2, "restated", True)
    assert row["cells"][0]["text"] == "8"
    summary = answer["summary"]
    assert (summary["change"], summary["change_share"], summary["restatements"]) == (-2, -0.2, 1)
    assert summary["lowest"] == {"release": "second", "value": 8, "exact": "8"}


@pytest.mark.parametrize(
    "ask",
    [
        lambda asked: asked.history(month="2025-11"),
        lambda asked: asked.history(on="2025-12-07"),
        lambda asked: asked.history(fiscal_year=2026),
        lambda asked: asked.lateness(),
        lambda asked: asked.between("2025-12-07", "2026-01-07"),
        lambda asked: asked.intervals(2026),
    ],
)
def test_a_receipts_question_asked_again_gives_the_same_receipt(catalog: Catalog, ask: Any):
    rows = [
        month("first", "2025-11", 10),
        month("second", "2025-11", 8),
        so_far("first", "2025-12-07", "book_ins", 12),
        so_far("second", "2026-01-07", "book_ins", 40),
    ]
    asked = revision(catalog, [FIRST, SECOND], *rows)
    receipt = ask(asked).basis.receipt
    assert ask_again(receipt.body["question"], asked.book).id == receipt.id


def test_a_receipt_without_its_question_cannot_be_asked_again(catalog: Catalog):
    asked = revision(catalog, [FIRST], month("first", "2025-11", 10))
    with pytest.raises(UsageError, match="cannot be asked"):
        ask_again({"ask": "revise", "measure": "book_ins"}, asked.book)


# The real workbooks


@pytest.fixture(scope="module")
def real() -> OpenRecord:
    return recount.open()


def test_removals_between_7_january_and_7_february_2026_are_44_028(real: OpenRecord):
    (found,) = real.revise("removals_printed").between("2026-01-07", "2026-02-07").intervals
    assert found.earlier is not None
    assert (found.later.numerator, found.earlier.numerator, found.numerator) == (162_192, 118_164, 44_028)


def test_book_ins_of_november_2025_were_restated_twice(real: OpenRecord):
    history = real.revise("book_ins").history(month="2025-11").history
    assert [each.value for each in history.rows] == [38_410, 38_395, 38_412]
    assert (history.restatements, history.change) == (2, 2)


def test_what_releases_for_book_outs_counted_before_february_2024_is_no_restatement(real: OpenRecord):
    history = real.revise("book_outs").history(month="2023-10").history
    assert [each.value for each in history.before_redefinition] == [10_028, 10_028]
    assert history.redefined_by is not None
    assert history.redefined_by.figure.release.release == "fy24-detentionstats02012024"
    assert (history.change, history.share_of_change) == (13, Fraction(13, 20_375))


def test_counts_between_the_real_workbooks_add_up_in_every_year(real: OpenRecord):
    for year in range(2019, 2027):
        found = real.revise("removals_printed").intervals(year).intervals
        assert all(each.error is None for each in found)
        assert sum(each.numerator or 0 for each in found) == found[-1].later.numerator


def test_a_month_printed_whole_is_summed_up_once(real: OpenRecord):
    answer = real.revise("book_ins").lateness()
    ends = [each.span.end for each in answer.lateness.changes]
    assert ends == sorted(set(ends))
    assert sum(len(each.spans) for each in answer.lateness.years) == len(ends)
    assert lateness_as_json(answer)["all"]["spans"] == len(ends)


def test_every_print_of_a_month_is_in_its_history(real: OpenRecord):
    measured = real.measure("book_ins").by("release", "month").result()
    answer = real.revise("book_ins").lateness()
    spans = {span_of(each) for each in measured.figures}
    assert answer.lateness.prints == len(measured.figures)
    assert {each.span for each in answer.lateness.changes} <= spans


def test_the_interval_of_real_means_has_its_dates_and_both_releases(real: OpenRecord):
    answer = intervals_as_json(real.revise("average_daily_population").between("2026-01-25", "2026-02-07"))
    (row,) = answer["rows"]
    assert (row["from"], row["through"], row["days"]) == ("2026-01-26", "2026-02-07", 13)
    assert row["earlier"]["release"] == "fy26-detentionstats02022026"
    assert row["exact"] == str((Fraction("67972.915385") * 130 - Fraction("67456.094017") * 117) / 13)


def test_an_interval_of_no_earlier_print_is_the_figure_so_far(real: OpenRecord):
    first: IntervalFigure = real.revise("average_daily_population").intervals(2026).intervals[0]
    assert first.earlier is None
    assert first.value == first.later.interval.low
