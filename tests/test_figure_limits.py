"""Printed figures limited to codes and spans, as shares, and compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

import recount
from recount.ask import MeasureQuestion, OpenRecord
from recount.errors import UnknownNameError, UsageError

BOSTON = "Suffolk County, MA"
SHARE = "share_without_conviction"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> OpenRecord:
    return recount.open(tmp_path_factory.mktemp("no-record"))


def numerators(question: MeasureQuestion) -> list[int | None]:
    return [each.numerator for each in question.result().figures]  # type: ignore[union-attr]


def test_codes_in_a_list_are_added(record: OpenRecord):
    held = record.measure("detained_population").as_known_on("2026-02-13")
    assert numerators(held.where(criminality=["pending", "convicted"])) == [18_030 + 17_895]
    assert (
        held.where(criminality="pending,convicted").result().question["where"]["criminality"]
        == "convicted,pending"
    )


@pytest.mark.parametrize(
    ("span", "found"),
    [
        ({"date": "2011-01-01..2011-12-31"}, [183, 177]),
        ({"calendar_year": "2012"}, [247]),
        ({"fiscal_year": ">2011"}, [247]),
        ({"month": "2011-07"}, [177]),
        ({"date": "2013-01-01"}, []),
    ],
)
def test_a_figure_lies_in_the_span_of_its_last_counted_day(
    record: OpenRecord, span: dict[str, str], found: list[int]
):
    assert numerators(record.measure(SHARE).where(jurisdiction=BOSTON, **span)) == found


def test_months_are_limited_by_days(record: OpenRecord):
    months = record.measure("book_ins").by("month").as_known_on("2026-02-13")
    figures = months.where(date="2024-10-01..2024-12-31").result().figures  # type: ignore[union-attr]
    assert [str(each.period_start) for each in figures] == ["2024-10-01", "2024-11-01", "2024-12-01"]


@pytest.mark.parametrize(("per", "place"), [("row", 2), ("column", 2), ("total", 2)])
def test_parts_are_shares_of_printed_totals(record: OpenRecord, per: str, place: int):
    question = record.measure("book_ins").by("criminality", "arresting_agency").where(fiscal_year=2024)
    figures = {tuple(each.breakdown.values()): each for each in question.per(per).result().figures}  # type: ignore[union-attr]
    whole = {"row": ("convicted", "total"), "column": ("total", "total"), "total": ("total", "total")}[per]
    assert figures["convicted", "total"].share_of == figures[whole].numerator


@pytest.mark.parametrize(
    ("steps", "error", "said"),
    [
        ({"where": {"criminality": "!=convicted"}}, UsageError, "cannot be asked of printed figures"),
        ({"where": {"criminality": "convicted,total"}}, UsageError, "not both"),
        ({"where": {"criminality": "convicted,pendign"}}, UnknownNameError, "pending"),
        ({"where": {"fiscal_yaer": "2024"}}, UnknownNameError, "fiscal_year"),
        ({"where": {"fiscal_year": "2024", "date": "2019-01-01"}}, UsageError, "No row can meet"),
        ({"per": "row", "by": ("criminality",)}, UsageError, "needs 2 dimensions"),
        (
            {"where": {"fiscal_year": "2024"}, "compare_with": {"fiscal_year": "2024"}},
            UsageError,
            "in common",
        ),
        (
            {
                "where": {"criminality": "convicted"},
                "compare_with": {"criminality": "pending"},
                "by": ("criminality",),
            },
            UsageError,
            "not split by criminality",
        ),
    ],
)
def test_what_cannot_be_asked_of_printed_figures_is_answered_with_what_to_do(
    record: OpenRecord, steps: Mapping[str, Any], error: type[Exception], said: str
):
    question = record.measure("book_ins").where(**steps.get("where", {}))
    question = question.by(*steps["by"]) if "by" in steps else question
    question = question.per(steps["per"]) if "per" in steps else question
    question = question.compare_with(**steps.get("compare_with", {}))
    with pytest.raises(error, match=said):
        question.as_json()


def test_a_rate_of_a_denominator_that_is_not_declared_is_refused_with_those_that_are(record: OpenRecord):
    with pytest.raises(UsageError, match=r"No whole or denominator is called .*\n.*residents, submissions"):
        record.measure("book_ins").per("100000:population")


def test_two_places_are_compared_print_by_print(record: OpenRecord):
    question = record.measure("people_removed").where(state="MA").compare_with(state="RI")
    (row, *_) = question.difference().rows
    assert row.difference == (row.first.numerator or 0) - (row.second.numerator or 0)
    assert row.first_row.release.release == row.second_row.release.release
