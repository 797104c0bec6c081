"""Releases of individual records are held to each other count by count: what was still to come of a month, by age."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.declare.catalog import Catalog, default_catalog
from recount.declare.release_lag import RecordLagRules, load_release_lag
from recount.measure.event_periods import Period
from recount.measure.questions import Question
from recount.revise.record_counts import compare_counts
from recount.revise.record_lag import ReleaseCounts, measure_record_lag
from recount.revise.record_triangle import RecordRevision
from small_events import Parts

RULES: RecordLagRules = load_release_lag(default_catalog()).records
JANUARY = 2024 * 12
"""The number of January 2024."""


def month(place: int) -> Period:
    """A month, counted from January 2024."""
    return Period("month", JANUARY + place)


def counted(release: str, cut_off: str, *counts: int) -> ReleaseCounts:
    """What a release counts of the months from January 2024 on."""
    return ReleaseCounts(
        release,
        datetime.date.fromisoformat(cut_off),
        {month(place): count for place, count in enumerate(counts)},
    )


def test_of_a_month_counted_soon_after_its_end_the_share_that_came_later_was_still_to_come():
    lag, _ = measure_record_lag(
        [counted("first", "2024-02-10", 80), counted("second", "2024-08-31", 100)], RULES
    )
    (age,) = lag.ages
    assert (age.first_day, age.last_day, age.counted, age.latest) == (0, 15, 80, 100)
    assert (age.still_to_come, age.releases, age.latest_releases) == (Fraction(1, 5), ("first",), ("second",))


def test_a_month_is_held_to_the_latest_release_that_counts_it_and_not_to_the_next():
    releases = [
        counted("a", "2024-01-31", 50),
        counted("b", "2024-02-29", 90),
        counted("c", "2024-07-31", 100),
    ]
    lag, _ = measure_record_lag(releases, RULES)
    assert [(each.first_day, each.still_to_come) for each in lag.ages] == [
        (0, Fraction(1, 2)),
        (16, Fraction(1, 10)),
    ]


def test_a_month_that_the_latest_release_ends_too_soon_after_is_not_measured():
    for cut_off, measured in (("2024-04-29", 0), ("2024-04-30", 1)):
        lag, again = measure_record_lag(
            [counted("a", "2024-01-31", 50), counted("b", cut_off, 90)],
            RULES.model_copy(update={"followed_days": RULES.followed_days.model_copy(update={"value": 90})}),
        )
        assert (len(lag.ages), len(again)) == (measured, 1)


def test_where_the_earlier_release_counts_more_what_was_to_come_is_below_zero():
    lag, _ = measure_record_lag([counted("a", "2024-01-31", 110), counted("b", "2024-12-31", 100)], RULES)
    assert lag.ages[0].still_to_come == Fraction(-1, 10)


def test_ages_are_told_apart_half_a_month_either_side_of_whole_months():
    # From one month's end to the next months' ends: 0, 1, 2, 3 … months.
    ends = [month(place).last for place in range(7)]
    assert [RULES.age_of((each - ends[0]).days) for each in ends] == [0, 1, 2, 3, 4, 5, 6]
    assert [RULES.age_of(each) for each in (-1, 15, 16, 45, 46, 375, 376)] == [None, 0, 1, 1, 2, 7, None]


def cumulated(delays: Sequence[int], age: int) -> int:
    return sum(delays[: age + 1])


@given(
    delays=st.lists(st.integers(0, 40), min_size=1, max_size=4).filter(lambda each: sum(each) > 0),
    sizes=st.lists(st.integers(1, 60), min_size=6, max_size=14),
    cut_offs=st.sets(st.integers(0, 13), min_size=1, max_size=6),
)
def test_the_lag_of_releases_built_with_a_distribution_of_delays_is_that_distribution(
    delays: list[int], sizes: list[int], cut_offs: set[int]
):
    """Of every month so many rows come in its own month, in the next one, and so on; releases end with months."""
    last = len(sizes) + 3
    releases = []
    for cut_off in sorted({each for each in cut_offs if each < last} | {last}):
        counts = {
            month(place): size * cumulated(delays, cut_off - place)
            for place, size in enumerate(sizes)
            if place <= cut_off
        }
        releases.append(ReleaseCounts(f"r{cut_off:02d}", month(cut_off).last, counts))
    lag, _ = measure_record_lag(releases, RULES)
    whole = sum(delays)
    for each in lag.ages:
        for age in range(7):
            if each.first_day <= (month(age).last - month(0).last).days <= each.last_day:
                assert each.still_to_come == 1 - Fraction(cumulated(delays, age), whole)
                assert each.lowest == each.highest == each.still_to_come
    # Every age at which some release but the last ends after a month is among them.
    ages = {
        cut_off - place
        for cut_off in cut_offs
        if cut_off < last
        for place in range(len(sizes))
        if 0 <= cut_off - place <= 6
    }
    assert ages <= {RULES.age_of(each.first_day) for each in lag.ages}


# Records


def arrests(*days: str, **columns: str) -> list[dict[str, Any]]:
    return [{"apprehension_date": datetime.date.fromisoformat(each), **columns} for each in days]


def of_months(counts: Sequence[int], **columns: str) -> list[dict[str, Any]]:
    """So many arrests in each month from January 2024 on, one on the last day, where there are any."""
    days = []
    for place, count in enumerate(counts):
        end = calendar.monthrange(2024, place + 1)[1]
        days += [f"2024-{place + 1:02d}-{max(1, end - each % 28):02d}" for each in range(count)]
    return arrests(*days, **columns)


@pytest.fixture
def parts(tmp_path: Path, catalog: Catalog) -> Parts:
    return Parts(tmp_path, catalog)


def two_releases(parts: Parts, **second: Any) -> Parts:
    parts.rows("arrests", of_months([20, 20, 15]), release="first", cut_off="2024-03-31")
    return parts.rows(
        "arrests",
        of_months([20, 20, 20, 20, 20, 20, 20, 10]),
        **{"release": "second", "cut_off": "2024-08-31", **second},
    )


def revision(parts: Parts, **asked: Any) -> Any:
    return RecordRevision(parts.book(), asked.pop("measure", "arrests"), **asked).triangle()


def shares(lag: Any) -> Mapping[tuple[int, int], Fraction]:
    return {(each.first_day, each.last_day): each.still_to_come for each in lag.ages}


def test_two_releases_of_one_layout_are_held_to_each_other_month_by_month(parts: Parts):
    (triangle,) = revision(two_releases(parts)).triangles
    assert triangle.held.series.releases == ("first", "second")
    cells = [(each.period.label, each.release, each.counted, each.is_whole) for each in triangle.held.cells]
    assert cells[4:6] == [("2024-03", "first", 15, True), ("2024-03", "second", 20, True)]
    assert shares(triangle.held.lag) == {(0, 15): Fraction(1, 4), (16, 45): 0, (46, 75): 0}


def test_a_covered_month_without_rows_counts_zero(parts: Parts):
    parts.rows("arrests", of_months([20, 0, 15]), release="first", cut_off="2024-03-31")
    parts.rows("arrests", of_months([20, 5, 15, 20, 20, 20, 20]), release="second", cut_off="2024-07-31")
    (triangle,) = revision(parts).triangles
    assert shares(triangle.held.lag)[(16, 45)] == 1


def test_a_release_of_which_the_last_file_was_not_added_counts_no_zeros_after_its_last_row(parts: Parts):
    parts.rows("arrests", of_months([20, 20]), release="first", cut_off="2024-06-30")
    parts.rows("arrests", of_months([20] * 12), release="second", cut_off="2024-12-31")
    (triangle,) = revision(parts).triangles
    first = [each for each in triangle.held.cells if each.release == "first"]
    assert [each.period.label for each in first] == ["2024-01", "2024-02"]


def test_a_month_that_a_release_ends_within_is_a_cell_and_measures_nothing(parts: Parts):
    parts.rows("arrests", of_months([20, 20, 4]), release="first", cut_off="2024-03-10")
    parts.rows("arrests", of_months([20] * 9), release="second", cut_off="2024-09-30")
    (triangle,) = revision(parts).triangles
    march = next(each for each in triangle.held.cells if each.period.label == "2024-03")
    assert (march.counted, march.is_whole, march.age_days, march.again) == (4, False, -21, None)
    assert sum(len(each.spans) for each in triangle.held.lag.ages) == 2


def left_out(parts: Parts, **asked: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    found = revision(parts, **asked)
    assert not found.triangles
    return [(each.release, each.because, each.named) for each in found.left_out]


def test_a_made_up_release_is_never_held_to_a_released_one(parts: Parts):
    two_releases(parts, is_synthetic=True)
    assert left_out(parts) == [("first", "alone", ()), ("second", "alone", ())]


def test_a_release_held_as_counts_is_left_out(parts: Parts):
    parts.rows("arrests", of_months([20, 20, 15]), release="first")
    cells = [{"month": datetime.date(2024, each, 1), "row_count": 20} for each in (1, 2, 3, 4)]
    parts.cube("arrests", cells, release="second", cut_off="2024-08-31")
    assert left_out(parts) == [("first", "alone", ()), ("second", "counts_only", ())]


def test_a_release_that_lacks_what_is_asked_is_left_out_by_name(parts: Parts):
    parts.rows("arrests", of_months([20, 20], apprehension_aor_code="BOS"), release="first")
    parts.rows("arrests", of_months([20] * 9), release="second")
    assert ("second", "absent", ("aor",)) in left_out(parts, by=("aor",))


def test_releases_whose_duplicates_are_told_by_other_rules_are_left_out(parts: Parts):
    columns = {"unique_identifier": "a"}
    parts.rows("arrests", of_months([20, 20, 15], **columns), release="first", generation="G0")
    parts.rows("arrests", of_months([20] * 9, **columns), release="second", generation="G2")
    assert left_out(parts, reading={"duplicates": "ddp"}) == [
        ("first", "other_rule", ("ddp_g0_arrests",)),
        ("second", "alone", ()),
    ]
    assert len(revision(parts).triangles) == 1


def test_rules_of_two_generations_that_do_the_same_are_one_reading(parts: Parts):
    columns = {"unique_identifier": "a", "apprehension_method_code": "located"}
    parts.rows("arrests", of_months([20, 20, 15], **columns), release="first", generation="G2")
    parts.rows("arrests", of_months([20] * 9, **columns), release="second", generation="G3")
    assert len(revision(parts, reading={"duplicates": "ddp"}).triangles) == 1


def test_where_equal_rows_are_taken_once_the_same_columns_must_be_filled(parts: Parts):
    two_releases(parts)
    assert len(revision(parts, reading={"duplicates": "exact"}).triangles) == 1
    parts.rows("arrests", of_months([20] * 9, gender_code="female"), release="third", cut_off="2024-12-31")
    found = revision(parts, reading={"duplicates": "exact"})
    assert [(each.release, each.because, each.named) for each in found.left_out] == [
        ("third", "other_columns", ("gender_code",))
    ]


def test_a_release_whose_long_past_months_are_far_apart_counts_other_rows(parts: Parts):
    parts.rows("arrests", of_months([10] * 9), release="boston", cut_off="2024-09-30")
    parts.rows("arrests", of_months([20] * 12), release="country", cut_off="2024-12-31")
    # January to March had ended half a year before either release did.
    assert left_out(parts) == [("boston", "other_rows", ("30", "60")), ("country", "alone", ())]


def test_declared_series_join_layouts_and_others_stand_alone():
    names = {each.series: each for each in RULES.series}
    raw = names["ice_to_deportation_data_project"]
    assert raw.has("ice-2026-03-arrests") and raw.has("ice-2027-01-arrests")
    assert not any(each.has("npr-detainers") for each in RULES.series)
    assert not any(each.has("ice-42034-arrests") for each in RULES.series)
    processed = names["deportation_data_project_processed"]
    assert processed.has("ddp-2026-08-arrests") and not processed.has("ddp-selection-arrests")


def test_by_a_dimension_each_part_has_its_own_lag(parts: Parts):
    for release, last, cut_off in (("first", [20, 20, 15], "2024-03-31"), ("second", [20] * 8, "2024-08-31")):
        rows = of_months(last, apprehension_aor_code="BOS")
        rows += of_months([20] * len(last), apprehension_aor_code="SEA")
        parts.rows("arrests", rows, release=release, cut_off=cut_off)
    found = {each.held.breakdown: shares(each.held.lag) for each in revision(parts, by=("aor",)).triangles}
    assert found[(("aor", "BOS"),)][(0, 15)] == Fraction(1, 4)
    assert found[(("aor", "SEA"),)][(0, 15)] == 0
    (boston,) = revision(parts, where={"aor": "Boston"}).triangles
    assert shares(boston.held.lag) == found[(("aor", "BOS"),)]


def test_releases_not_out_by_the_day_asked_measure_nothing(parts: Parts):
    two_releases(parts)
    book = parts.book()
    early = {"published_from": datetime.date(2024, 4, 1), "published_to": datetime.date(2024, 4, 2)}
    late = {"published_from": datetime.date(2024, 9, 1), "published_to": datetime.date(2024, 9, 2)}
    for name, days in (("first", early), ("second", late)):
        book.record.releases[name] = book.record.releases[name].model_copy(update=days)
    assert len(RecordRevision(book, "arrests").triangle().triangles) == 1
    then = RecordRevision(book, "arrests", as_known_on=datetime.date(2024, 5, 1)).triangle()
    assert (then.triangles, [each.release for each in then.left_out]) == ((), ["first"])


# Estimates


def test_an_estimate_rests_on_as_many_months_as_declared_and_is_of_the_newest_release(parts: Parts):
    for place, cut_off in enumerate(["2024-01-31", "2024-02-29", "2024-03-31"], start=1):
        counts = [20] * (place - 1) + [15]
        parts.rows("arrests", of_months(counts), release=f"r{place}", cut_off=cut_off)
    parts.rows("arrests", of_months([20] * 11 + [15]), release="r4", cut_off="2024-12-31")
    (triangle,) = revision(parts).triangles
    december = triangle.estimates[-1]
    assert (december.period.label, december.counted, december.spans) == ("2024-12", 15, 3)
    assert (december.factor, december.value, december.still_to_come) == (Fraction(4, 3), 20, 5)
    (two,) = revision(two_releases(Parts(parts.folder, parts.catalog))).triangles
    assert two.estimates == ()


def test_the_counts_of_an_answer_are_not_moved_by_the_lag(parts: Parts):
    book = two_releases(parts).book()
    question = Question("arrests", {}, ("month",))
    before = [each.result() for each in book.answer(question).rows]
    compare_counts(question, book, load_release_lag(book.catalog))
    assert [each.result() for each in book.answer(question).rows] == before
