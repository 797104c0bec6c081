"""Measures of statistics: codes of dimensions, spans, what stands, and how a question is split."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.declare.catalog import Catalog
from recount.declare.interval import Interval
from recount.errors import UnknownNameError, UsageError
from recount.measure.answer import Answer, Question, answer_question
from recount.measure.prints import PrintBook
from recount.revise.restatements import find_restatement
from small_statistics import figure, held, so_far, statistics_book, workbook

JANUARY = workbook("january", "2026-01-08")
FEBRUARY = workbook("february", "2026-02-12")
UNDATED = workbook("undated", None)
HELD_IN_JANUARY = list(held("january", "2026-01-07", convicted=3, pending=2, other=5))
HELD_IN_FEBRUARY = list(held("february", "2026-02-07", convicted=4, pending=4, other=4))


@pytest.fixture
def book(catalog: Catalog) -> PrintBook:
    return statistics_book(catalog, [JANUARY, FEBRUARY], *HELD_IN_JANUARY, *HELD_IN_FEBRUARY)


def ask(
    book: PrintBook, measure: str = "detained_population", where: dict[str, str] | None = None, **more: Any
) -> Answer:
    return answer_question(Question(measure, where or {}, **more), book)


def counts(answer: Answer) -> list[tuple[str, int | None]]:
    return [(str(each.through_date), each.numerator) for each in answer.figures]


# What is counted


def test_what_no_condition_names_is_the_total(book: PrintBook):
    assert counts(ask(book)) == [("2026-01-07", 10), ("2026-02-07", 12)]


def test_a_condition_takes_one_code_of_a_dimension(book: PrintBook):
    assert counts(ask(book, where={"criminality": "convicted"})) == [("2026-01-07", 3), ("2026-02-07", 4)]


def test_a_code_is_understood_as_it_is_spelled_or_labelled(book: PrintBook):
    spelled = [
        ask(book, where={"criminality": each}) for each in ("Convicted Criminal", "CONVICTED", "Convicted")
    ]
    assert {each.receipt.id for each in spelled} == {ask(book, where={"criminality": "convicted"}).receipt.id}


def test_a_share_is_a_part_of_its_population_in_one_print(book: PrintBook):
    (figure_,) = ask(book, "share_criminal_detained", by=()).figures
    assert (figure_.numerator, figure_.denominator) == (4, 12)
    assert figure_.interval == Interval.point(Fraction(1, 3))


def test_several_codes_at_a_fork_are_added(book: PrintBook):
    (figure_,) = ask(
        book, "share_criminal_detained", by=(), reading={"criminal": "convicted_or_charged"}
    ).figures
    assert (figure_.numerator, figure_.denominator, figure_.numerator_basis) == (8, 12, "sum")


def test_a_column_fork_changes_numerator_and_denominator_alike(catalog: Catalog):
    rows = [
        figure("january", "2026-01-07", count=6, arresting_agency="ice", cell="B1"),
        figure("january", "2026-01-07", count=2, arresting_agency="ice", criminality="convicted", cell="B2"),
    ]
    own = statistics_book(catalog, [JANUARY], *HELD_IN_JANUARY, *rows)
    (figure_,) = ask(own, "share_criminal_detained", by=(), reading={"arrested_by": "ice_arrests"}).figures
    assert (figure_.numerator, figure_.denominator) == (2, 6)


def test_a_print_that_lacks_a_code_is_absent_and_names_it(catalog: Catalog):
    own = statistics_book(catalog, [JANUARY], figure("january", "2026-01-07", count=10))
    answer = ask(own, "share_criminal_detained")
    assert answer.figures == ()
    assert [each.missing for each in answer.absent] == [("criminality=convicted",)]


def test_a_share_of_nobody_is_absent(catalog: Catalog):
    own = statistics_book(catalog, [JANUARY], *held("january", "2026-01-07", convicted=0))
    assert ask(own, "share_criminal_detained").figures == ()


def test_a_mean_is_the_printed_number_exactly(catalog: Catalog):
    row = figure(
        "january",
        "2026-01-07",
        "average_daily_population",
        kind="fiscal_year_to_date",
        start="2025-10-01",
        number=66568.905263,
    )
    (figure_,) = ask(statistics_book(catalog, [JANUARY], row), "average_daily_population").figures
    assert figure_.interval == Interval.point(Fraction("66568.905263"))
    assert (figure_.numerator, figure_.denominator) == (None, None)


def test_a_figure_carries_its_cell_sheet_and_flags(catalog: Catalog):
    row = figure("january", "2026-01-07", count=10, cell="F20", flags="parts_sum_to_total")
    (figure_,) = ask(statistics_book(catalog, [JANUARY], row)).figures
    (cell,) = figure_.cells
    assert (cell.file, cell.sheet, cell.column, cell.row) == ("january.xlsx", "Detention", "F", 20)
    assert figure_.flags == ("parts_sum_to_total",)


def test_of_two_prints_of_one_number_the_unmarked_one_stands(catalog: Catalog):
    rows = [
        figure("january", "2026-01-07", count=11, cell="D10", flags="parts_sum_to_total"),
        figure("january", "2026-01-07", count=10, cell="F20"),
    ]
    assert counts(ask(statistics_book(catalog, [JANUARY], *rows))) == [("2026-01-07", 10)]


# How an answer is split


def test_split_by_a_dimension_the_parts_come_before_their_total(book: PrintBook):
    answer = ask(book, by=("criminality",))
    assert [(each.breakdown["criminality"], each.numerator, each.whole) for each in answer.figures] == [
        ("convicted", 4, 12),
        ("pending", 4, 12),
        ("other", 4, 12),
        ("total", 12, 12),
    ]


def test_parts_and_total_come_from_one_print(catalog: Catalog):
    rows = [*held("january", "2026-01-07", convicted=3, non_criminal=7), *HELD_IN_FEBRUARY]
    answer = ask(statistics_book(catalog, [JANUARY, FEBRUARY], *rows), by=("criminality",))
    assert {each.release.release for each in answer.figures} == {"february"}
    assert "non_criminal" not in {each.breakdown["criminality"] for each in answer.figures}


def test_as_known_on_a_day_later_workbooks_are_left_out(book: PrintBook):
    import datetime

    answer = ask(book, as_known_on=datetime.date(2026, 2, 1))
    assert counts(answer) == [("2026-01-07", 10)]


def test_a_workbook_that_may_not_have_been_out_is_left_out_and_named(catalog: Catalog):
    import datetime

    rows = [*HELD_IN_JANUARY, *held("undated", "2026-01-20", convicted=1)]
    own = statistics_book(catalog, [JANUARY, UNDATED], *rows)
    answer = ask(own, as_known_on=datetime.date(2026, 2, 1))
    assert counts(answer) == [("2026-01-07", 10)]
    assert answer.perhaps_out == ("undated",)


def test_by_month_the_latest_print_of_each_month_stands(catalog: Catalog):
    def november(release: str, count: int, cell: str) -> dict[str, Any]:
        return figure(
            release, "2025-11-30", "book_ins", kind="month", start="2025-11-01", count=count, cell=cell
        )

    rows = [
        november("january", 38410, "K20"),
        november("february", 38411, "K20"),
        figure("january", "2026-01-07", "book_ins", kind="month", start="2026-01-01", count=5, cell="M20"),
        figure("february", "2026-01-31", "book_ins", kind="month", start="2026-01-01", count=50, cell="M20"),
    ]
    answer = ask(statistics_book(catalog, [JANUARY, FEBRUARY], *rows), "book_ins", by=("month",))
    assert counts(answer) == [("2025-11-30", 38411), ("2026-01-31", 50)]


def test_by_fiscal_year_the_print_through_the_latest_day_stands(catalog: Catalog):
    rows = [
        so_far("january", "2026-01-07", "removals", 100),
        so_far("february", "2026-02-07", "removals", 140),
        so_far("january", "2025-09-30", "removals", 900, cell="B1"),
    ]
    answer = ask(
        statistics_book(catalog, [JANUARY, FEBRUARY], *rows), "removals_printed", by=("fiscal_year",)
    )
    assert [(each.fiscal_year, each.numerator) for each in answer.figures] == [(2025, 900), (2026, 140)]


def test_of_two_prints_of_one_day_the_later_release_stands(catalog: Catalog):
    rows = [
        so_far("january", "2025-12-31", "removals", 100),
        so_far("february", "2025-12-31", "removals", 103),
    ]
    answer = ask(
        statistics_book(catalog, [JANUARY, FEBRUARY], *rows), "removals_printed", by=("through_date",)
    )
    assert counts(answer) == [("2025-12-31", 103)]


def test_a_later_print_that_was_not_filled_in_does_not_take_the_place_of_a_sound_one(catalog: Catalog):
    rows = [
        so_far("january", "2025-09-30", "removals", 100),
        so_far("february", "2025-09-30", "removals", 0, flags="zero_for_a_past_span"),
    ]
    answer = ask(
        statistics_book(catalog, [JANUARY, FEBRUARY], *rows), "removals_printed", by=("fiscal_year",)
    )
    assert counts(answer) == [("2025-09-30", 100)]


def test_a_mark_that_says_only_that_figures_disagree_changes_nothing_in_what_stands(catalog: Catalog):
    rows = [
        so_far("january", "2025-09-30", "removals", 100),
        so_far("february", "2025-09-30", "removals", 101, flags="parts_sum_to_total"),
    ]
    answer = ask(
        statistics_book(catalog, [JANUARY, FEBRUARY], *rows), "removals_printed", by=("fiscal_year",)
    )
    assert counts(answer) == [("2025-09-30", 101)]


def test_of_one_day_the_release_that_counts_further_stands_before_an_older_edition_posted_later(
    catalog: Catalog,
):
    import datetime

    whole = JANUARY.model_copy(update={"covers_through": datetime.date(2025, 9, 30)})
    older = FEBRUARY.model_copy(update={"covers_through": datetime.date(2025, 6, 20)})
    rows = [
        figure("january", "2025-05-31", "book_ins", kind="month", start="2025-05-01", count=22369),
        figure("february", "2025-05-31", "book_ins", kind="month", start="2025-05-01", count=22368),
    ]
    answer = ask(statistics_book(catalog, [whole, older], *rows), "book_ins", by=("month",))
    assert counts(answer) == [("2025-05-31", 22369)]


# What cannot be asked


def test_an_unknown_dimension_is_answered_with_the_known_ones(book: PrintBook):
    with pytest.raises(UnknownNameError, match="criminalty") as raised:
        ask(book, where={"criminalty": "convicted"})
    assert raised.value.nearest == ["criminality"]


def test_an_unknown_code_is_answered_with_the_nearest(book: PrintBook):
    with pytest.raises(UnknownNameError) as raised:
        ask(book, where={"criminality": "convictd"})
    assert "convicted" in [each.casefold() for each in raised.value.nearest]


def test_a_dimension_is_not_both_given_and_split_by(book: PrintBook):
    with pytest.raises(UsageError, match="both limited to criminality and split by it"):
        ask(book, where={"criminality": "convicted"}, by=("criminality",))


def test_a_share_is_not_split_by_what_it_counts_itself(catalog: Catalog, book: PrintBook):
    measure = catalog.measures["share_criminal_detained"].model_copy(update={"dimensions": ["criminality"]})
    own = PrintBook(book.record, replace_measure(catalog, measure))
    with pytest.raises(UsageError, match="itself says which criminality"):
        ask(own, "share_criminal_detained", by=("criminality",))


def replace_measure(catalog: Catalog, measure: Any) -> Catalog:
    from dataclasses import replace

    return replace(catalog, measures={**catalog.measures, measure.measure: measure})


def test_a_measure_without_months_is_not_split_by_month(book: PrintBook):
    with pytest.raises(UnknownNameError, match="month"):
        ask(book, by=("month",))


# Laws


@given(
    parts=st.dictionaries(
        st.sampled_from(["convicted", "pending", "other"]), st.integers(0, 10**6), min_size=3, max_size=3
    )
)
def test_the_two_readings_of_a_record_and_their_complements_add_up_to_one(
    catalog: Catalog, parts: dict[str, int]
):
    if not sum(parts.values()):
        return
    own = statistics_book(catalog, [JANUARY], *held("january", "2026-01-07", **parts))
    pairs = [
        ({"criminal": "convicted"}, {"record": "no_conviction"}),
        ({"criminal": "convicted_or_charged"}, {"record": "no_conviction_or_charge"}),
    ]
    for criminal, record in pairs:
        (first,) = ask(own, "share_criminal_detained", by=(), reading=criminal).figures
        (second,) = ask(own, "share_no_record_detained", by=(), reading=record).figures
        assert first.numerator is not None and second.numerator is not None
        assert first.numerator + second.numerator == first.denominator == second.denominator


@given(order=st.permutations(range(8)))
def test_the_order_of_rows_changes_no_answer(catalog: Catalog, order: list[int]):
    rows = [*HELD_IN_JANUARY, *HELD_IN_FEBRUARY]
    shuffled = statistics_book(catalog, [FEBRUARY, JANUARY], *(rows[index] for index in order))
    straight = statistics_book(catalog, [JANUARY, FEBRUARY], *rows)
    assert ask(shuffled, by=("criminality",)).receipt.id == ask(straight, by=("criminality",)).receipt.id


# Restatement and movement


def restated(book: PrintBook, measure: str) -> bool:
    first, second = ask(book, measure).figures
    return find_restatement(first, second) is not None


def test_a_snapshot_of_another_day_that_is_lower_is_movement(catalog: Catalog):
    rows = [figure("january", "2026-01-25", count=70766), figure("february", "2026-02-07", count=68289)]
    assert not restated(statistics_book(catalog, [JANUARY, FEBRUARY], *rows), "detained_population")


def test_a_snapshot_of_one_day_printed_differently_later_is_restated(catalog: Catalog):
    rows = [figure("january", "2026-01-25", count=70766), figure("february", "2026-01-25", count=70800)]
    assert restated(statistics_book(catalog, [JANUARY, FEBRUARY], *rows), "detained_population")


def test_a_count_of_a_fiscal_year_so_far_that_falls_is_restated(catalog: Catalog):
    rows = [
        so_far("january", "2026-01-07", "removals", 100),
        so_far("february", "2026-02-07", "removals", 90),
    ]
    assert restated(statistics_book(catalog, [JANUARY, FEBRUARY], *rows), "removals_printed")


def test_counts_of_two_fiscal_years_so_far_never_stand_for_each_other(catalog: Catalog):
    rows = [
        so_far("january", "2025-09-30", "removals", 100),
        so_far("february", "2026-02-07", "removals", 90),
    ]
    assert not restated(statistics_book(catalog, [JANUARY, FEBRUARY], *rows), "removals_printed")
