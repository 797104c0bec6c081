"""Recent spans are marked, with how much first prints of earlier months of the same figure lacked."""

from __future__ import annotations

import datetime
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from recount.ask import open_record
from recount.declare.catalog import Catalog
from recount.declare.release_lag import ReleaseLag, load_release_lag
from recount.revise.release_lag import is_recent, measure_lag

END = datetime.date(2024, 1, 31)


@pytest.fixture(scope="module")
def thresholds(catalog: Catalog) -> ReleaseLag:
    return load_release_lag(catalog)


@pytest.fixture(scope="module")
def record() -> Any:
    return open_record()


def month(first: int, last: int, *, reaches: int = 10, followed: int = 100) -> Any:
    """A month whose first print reaches so many days beyond its end, and whose last came so many days after it."""
    release = SimpleNamespace(covers_through=END + datetime.timedelta(days=reaches))
    prints = [
        SimpleNamespace(value=Fraction(each), figure=SimpleNamespace(release=release))
        for each in (first, last)
    ]
    history = SimpleNamespace(first=prints[0], latest=prints[1])
    return SimpleNamespace(
        history=history, span=SimpleNamespace(end=END), followed_days=followed, is_compared=True
    )


def test_a_whole_span_is_recent_up_to_45_days_after_its_end(thresholds: ReleaseLag):
    days = (-1, 0, 45, 46)
    found = [is_recent(END, END + datetime.timedelta(days=each), thresholds) for each in days]
    assert found == [False, True, True, False]


def test_the_lag_is_the_last_print_less_the_first_over_the_last(thresholds: ReleaseLag):
    # First prints of 88 to 99 of 100 lack 1 to 12 hundredths; one in ten is cut at each end.
    found = measure_lag([month(88 + each, 100) for each in range(12)], thresholds)
    assert found.as_json() == {"spans": 12, "median": "13/200", "low": "1/50", "high": "11/100"}


@pytest.mark.parametrize(
    "one",
    [month(90, 100, reaches=46), month(90, 100, followed=89), month(90, 0)],
    ids=["late", "short", "zero"],
)
def test_months_first_printed_late_or_not_followed_tell_no_lag(thresholds: ReleaseLag, one: Any):
    assert measure_lag([one] * 20, thresholds).spans == 0


def test_of_fewer_than_twelve_months_the_lag_is_unknown(thresholds: ReleaseLag):
    assert measure_lag([month(90, 100)] * 11, thresholds).middle is None
    assert measure_lag([month(90, 100)] * 12, thresholds).middle is not None


def test_recent_printed_months_are_named_with_the_measured_lag_and_partial_ones_are_not(record: Any):
    found = record.measure("book_ins").by("month").as_json()["release_lag"]
    assert "2026-01" in found["recent"]
    assert "2026-02" not in found["recent"]
    assert found["measured"]["spans"] >= 12
    said = " ".join(each.text for each in record.measure("book_ins").by("month").shown().notes)
    assert "is reported late" in said


def test_the_lag_is_measured_as_known_on_the_day_asked(record: Any):
    asked = record.measure("book_ins").by("month")
    now, then = (
        each.as_json()["release_lag"]["measured"] for each in (asked, asked.as_known_on("2024-06-30"))
    )
    assert then["spans"] < now["spans"]


@pytest.mark.parametrize(("language", "words"), [("en", "is not known"), ("es", "No se sabe")])
def test_the_lag_of_individual_records_is_called_unknown(record: Any, language: Any, words: str):
    asked = record.measure("arrests").by("month").release("ice-2019-icfo-53623")
    assert words in " ".join(each.text for each in asked.shown(language).notes)
    found = asked.as_json()["release_lag"]
    assert found["measured"] is None
    assert [each.split(",")[0] for each in found["recent"]] == ["2019-07", "2019-08"]


def test_an_answer_without_spans_says_nothing_of_lag(record: Any):
    assert "release_lag" not in record.measure("arrests").by("aor").as_json()
