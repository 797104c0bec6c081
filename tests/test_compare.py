"""Two releases held against each other: one rule a test, on small tables."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import recount
from recount.claim.words import Words
from recount.declare.catalog import Catalog
from recount.declare.comparing import load_comparing
from recount.declare.frames import build_frame
from recount.declare.sources import KnownRelease
from recount.errors import UnknownNameError, UsageError
from recount.measure.event_engine import Engine, open_engine
from recount.record.add_events import add_event_files
from recount.record.build import build_record
from recount.record.store import Record, open_record
from recount.revise.compare import compare_releases
from recount.revise.compare_counts import (
    PeriodRows,
    compare_labels,
    compare_periods,
    late_months,
    long_past,
    months_between,
)
from recount.revise.compare_findings import SECTIONS, Comparison, Judged, JudgedNumber, MissingCount
from recount.revise.compare_restated import Restatements
from recount.revise.compare_verdicts import compare_verdicts, record_as_of
from recount.revise.compare_view import view_comparison
from small_event_files import NATIONAL, arrest, pipes, write
from small_record import BOSTON, day, printed, released, small_book
from small_statistics import TABLE, figure, so_far, statistics_book, workbook
from tiny_release import write_tiny_release

JULY = workbook("july", "2026-07-10").model_copy(update={"covers_through": day("2026-06-30")})
AUGUST = workbook("august", "2026-08-10").model_copy(update={"covers_through": day("2026-07-31")})
OTHER = "synthetic-b"
ICFO = "ice-2019-icfo-53623"


def no_engine() -> Engine:
    raise AssertionError("printed figures need no engine")


def compare(record: Record, catalog: Catalog, a: str = "july", b: str = "august", **more: Any) -> Comparison:
    return compare_releases(record, catalog, (a, b), engine=no_engine, **more)


def book_ins(release: str, start: str, through: str, count: int, **more: Any) -> dict[str, Any]:
    return figure(release, through, "book_ins", kind="month", start=start, count=count, **more)


def statistics(catalog: Catalog, *rows: dict[str, Any]) -> Record:
    return statistics_book(catalog, [JULY, AUGUST], *rows).record


# Schema


def test_a_printed_table_that_one_release_lacks_is_named_with_its_numbers(catalog: Catalog):
    record = statistics(
        catalog,
        figure("july", "2026-06-30", count=3, cell="A1", printed_table="held"),
        figure("july", "2026-06-30", count=2, cell="A2", printed_table="old", criminality="convicted"),
        figure("august", "2026-07-31", count=3, cell="A1", printed_table="held"),
    )
    (found,) = compare(record, catalog).schema
    assert (found.kind, found.name, found.a, found.b) == ("printed_table", "old", 1, None)


def test_a_column_that_one_release_alone_fills_is_a_difference_of_schema(catalog: Catalog):
    record = statistics(
        catalog,
        figure("july", "2026-06-30", count=3, cell="A1"),
        figure("july", "2026-06-30", "average_daily_population", number=1.5, cell="A2"),
        figure("august", "2026-07-31", count=3, cell="A1"),
    )
    (found,) = compare(record, catalog).schema
    assert (found.kind, found.name, found.a, found.b) == ("column", "value_number", 1, None)


# Labels


def test_values_of_one_alone_are_counted_the_most_frequent_shown_first():
    counts = {"x": 1, "y": 5, "z": 5, "both": 9}, {"both": 2}
    found = compare_labels("t", "c", "text", counts, None, 2)
    assert [(each.code, each.rows) for each in found.only_a.shown] == [("y", 5), ("z", 5)]
    assert (found.only_a.values, found.only_a.rows, found.only_b.values, found.shared) == (3, 11, 0, 1)
    assert found.differs


def test_a_value_that_pooled_rows_may_hold_is_no_sure_difference():
    found = compare_labels("t", "c", "code", ({"x": 1}, {"y": 1}), None, 5, (3, 0))
    assert found.differs
    assert not compare_labels("t", "c", "code", ({"x": 1}, {}), None, 5, (0, 3)).differs
    assert not compare_labels("t", "c", "code", ({}, {"x": 1}), None, 5, (3, 0)).differs


def test_a_check_that_marks_rows_of_one_alone_is_shown_and_closes_no_gate(catalog: Catalog):
    record = statistics(
        catalog,
        figure("july", "2026-06-30", count=3, flags="to_date_never_falls;implausible"),
        figure("august", "2026-07-31", count=3),
    )
    comparison = compare(record, catalog)
    (checks,) = [each for each in comparison.labels if each.kind == "check"]
    assert [each.code for each in checks.only_a.shown] == ["implausible", "to_date_never_falls"]
    assert comparison.count("labels") == 0


# Rows and periods


def rows_of(months: dict[tuple[int, int], int], first: str, last: str, **more: Any) -> PeriodRows:
    covered = months_between(day(first), day(last))
    years = {2026: sum(months.values())}
    return PeriodRows(months, years, covered, {2026: False}, day(first), day(last), {}, **more)


def test_a_month_that_one_release_cuts_short_is_marked_and_does_not_differ():
    a = rows_of({(2026, 1): 5, (2026, 2): 1}, "2026-01-01", "2026-02-07")
    b = rows_of({(2026, 1): 5, (2026, 2): 9, (2026, 3): 4}, "2026-01-01", "2026-03-31")
    months = [each for each in compare_periods("t", a, b) if each.kind == "month"]
    assert [(each.label, each.a, each.b, each.cut_short, each.changed) for each in months] == [
        ("2026-01", 5, 5, (), False),
        ("2026-02", 1, 9, ("a",), False),
        ("2026-03", None, 4, (), False),
    ]


def test_a_covered_month_without_rows_is_a_true_zero():
    a = rows_of({(2026, 1): 5}, "2026-01-01", "2026-02-28")
    b = rows_of({(2026, 1): 5, (2026, 2): 2}, "2026-01-01", "2026-02-28")
    (february,) = [each for each in compare_periods("t", a, b) if each.label == "2026-02"]
    assert (february.a, february.difference, february.share, february.changed) == (0, 2, None, True)


def test_a_month_that_pooled_rows_may_be_of_differs_only_beyond_them():
    a = rows_of({(2026, 1): 5}, "2026-01-01", "2026-01-31", more=2)
    for count, changed in ((7, False), (8, True), (4, True)):
        b = rows_of({(2026, 1): count}, "2026-01-01", "2026-01-31")
        (month,) = [each for each in compare_periods("t", a, b) if each.kind == "month"]
        assert (month.more_a, month.changed) == (2, changed)


def test_a_change_over_its_base_is_an_exact_share():
    a = rows_of({(2026, 1): 3}, "2026-01-01", "2026-01-31")
    b = rows_of({(2026, 1): 4}, "2026-01-01", "2026-01-31")
    assert next(iter(compare_periods("t", a, b))).share == Fraction(1, 3)


def test_months_run_over_the_end_of_a_year():
    assert months_between(day("2025-12-31"), day("2026-01-01")) == {(2025, 12), (2026, 1)}
    assert not months_between(day("2026-02-01"), day("2026-01-31"))


def test_a_month_that_ends_soon_before_the_first_of_two_last_days_may_lack_what_is_late():
    months = {(2026, 1): 5, (2026, 2): 5, (2026, 3): 4, (2026, 4): 1}
    a = rows_of(months, "2026-01-01", "2026-04-10")
    b = rows_of(dict.fromkeys(months, 6), "2026-01-01", "2026-09-30")
    # January ended 69 days before, February 41; April is cut short.
    assert late_months(a, b, 45) == ([(2026, 2), (2026, 3)], [])
    assert late_months(b, a, 45) == ([], [(2026, 2), (2026, 3)])
    assert late_months(a, a, 45) == ([], [])
    assert late_months(a, rows_of(months, "2026-01-01", "2026-09-30"), 45) == ([], [])


def test_months_long_past_are_added_up_with_what_may_be_of_them_besides():
    months = {(2026, 1): 5, (2026, 2): 7, (2026, 3): 9}
    a = rows_of(months, "2026-01-01", "2026-08-30", more=2)
    b = rows_of(dict.fromkeys(months, 10), "2026-01-01", "2026-12-31", more=1)
    assert long_past(a, b, 180) == (12, 20, 3)
    assert long_past(a, b, 300) == (0, 0, 3)


# Missing values


def test_missing_shares_are_exact_and_differ_in_points():
    a, b = MissingCount(3, 1, 0), MissingCount(8, 1, 2)
    assert (a.blank_share, b.blank_share, b.redacted_share) == (
        Fraction(1, 3),
        Fraction(1, 8),
        Fraction(1, 4),
    )


def test_a_field_of_cubes_that_do_not_count_by_it_is_neither_filled_nor_blank():
    assert MissingCount(9, None, 0).is_filled is None
    assert MissingCount(9, None, 2).is_filled
    assert not MissingCount(9, 9, 0).is_filled


# Restated figures


def restated(comparison: Comparison) -> list[tuple[str, Fraction, Fraction, str]]:
    return [
        (each.statistic, one.a, one.b, one.later) for each in comparison.restated for one in each.restated
    ]


def how(comparison: Comparison) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in comparison.restated:
        for name, count in each.by_how.items():
            found[name] = found.get(name, 0) + count
    return found


def test_a_whole_month_printed_differently_is_restated(catalog: Catalog):
    record = statistics(
        catalog,
        book_ins("july", "2026-05-01", "2026-05-31", 10),
        book_ins("august", "2026-05-01", "2026-05-31", 12),
    )
    comparison = compare(record, catalog)
    assert restated(comparison) == [("book_ins", Fraction(10), Fraction(12), "b")]
    assert comparison.restated[0].restated[0].share == Fraction(1, 5)


def test_the_later_release_restates_whichever_is_named_first(catalog: Catalog):
    record = statistics(
        catalog,
        book_ins("july", "2026-05-01", "2026-05-31", 10),
        book_ins("august", "2026-05-01", "2026-05-31", 12),
    )
    comparison = compare(record, catalog, "august", "july")
    assert restated(comparison) == [("book_ins", Fraction(12), Fraction(10), "a")]
    assert "came out before" in comparison.notes[0].en


def test_more_days_of_a_year_so_far_are_movement_and_a_fall_is_not(catalog: Catalog):
    record = statistics(
        catalog,
        so_far("july", "2026-06-30", "book_ins", count=10, cell="A1"),
        so_far("august", "2026-07-31", "book_ins", count=12, cell="A1"),
        so_far("july", "2026-06-30", "book_ins", count=9, cell="A2", criminality="convicted"),
        so_far("august", "2026-07-31", "book_ins", count=8, cell="A2", criminality="convicted"),
    )
    comparison = compare(record, catalog)
    assert how(comparison) == {"counts_on": 1, "restated": 1}
    assert comparison.restated[0].restated[0].breakdown == {"criminality": "convicted"}


def test_snapshots_of_other_days_are_not_the_same_figure(catalog: Catalog):
    record = statistics(
        catalog, figure("july", "2026-06-30", count=3), figure("august", "2026-07-31", count=9)
    )
    assert [each.compared for each in compare(record, catalog).restated] == [0]


def test_a_doubtful_number_restates_nothing(catalog: Catalog):
    record = statistics(
        catalog,
        book_ins("july", "2026-05-01", "2026-05-31", 10),
        book_ins("august", "2026-05-01", "2026-05-31", 0, flags="zero_for_a_past_span"),
    )
    assert how(compare(record, catalog)) == {"doubtful": 1}


def test_a_place_not_printed_as_a_total_but_in_its_parts_is_restated_too(catalog: Catalog):
    july, september = released("july", "2011-07-11"), released("september", "2011-09-04")
    record = small_book(
        catalog,
        [july, september],
        printed("july", "2011-06-30", place=BOSTON, removed_no_conviction=183, removed_total=352),
        printed(
            "september",
            "2011-07-31",
            place=BOSTON,
            removed_ewi_visa_overstay=60,
            removed_ice_fugitives=48,
            removed_prior_removals_returns=69,
            removed_total=369,
        ),
    ).record
    comparison = compare(record, catalog, "july", "september")
    assert restated(comparison) == [("removed_no_conviction", Fraction(183), Fraction(177), "b")]
    assert how(comparison)["counts_on"] == 2


def test_a_table_that_prints_no_figures_restates_none(catalog: Catalog):
    empty = pl.DataFrame()
    table = catalog.tables["secure_communities_activations"]
    assert list(Restatements(catalog, (JULY, AUGUST)).compare(table, (empty, empty))) == []


def facility(release: str, through: str, **more: Any) -> dict[str, Any]:
    row = {"release": release, "fiscal_year": 2026, "through_date": day(through), "through_precision": "day"}
    named = {"facility_name": "A JAIL", "city": "BOSTON", "state_original": "MA", "columns_original": ""}
    return {**row, **named, "file_original": "f", "sheet_original": "s", "row_original": 2, **more}


def test_a_facilitys_average_is_restated_through_one_day_and_moves_through_another(catalog: Catalog):
    table = catalog.tables["detention_facilities"]
    earlier = build_frame([facility("july", "2026-06-30", adp_level_a=1.5, adp_level_b=2.0)], table)
    for through, expected in (("2026-06-30", {"restated": 1}), ("2026-07-20", {"counts_on": 1})):
        later = build_frame([facility("august", through, adp_level_a=1.25)], table)
        (found,) = Restatements(catalog, (JULY, AUGUST)).compare(table, (earlier, later))
        assert (found.statistic, found.by_how) == ("adp_level_a", expected)


def test_facilities_of_one_name_are_told_apart_by_city_and_state(catalog: Catalog):
    table = catalog.tables["detention_facilities"]
    earlier = build_frame([facility("july", "2026-06-30", adp_level_a=1.5)], table)
    later = build_frame([facility("august", "2026-06-30", adp_level_a=9.0, state_original="TX")], table)
    (found,) = Restatements(catalog, (JULY, AUGUST)).compare(table, (earlier, later))
    assert found.compared == 0


# Verdicts


def test_the_record_as_of_a_release_lacks_later_ones_of_its_table_alone():
    elsewhere = released("elsewhere", "2026-12-01", reports="another_table")
    record = Record(
        (),
        {
            TABLE: pl.DataFrame({"release": ["july", "august", "elsewhere"]}),
            "aside": pl.DataFrame({"x": [1]}),
        },
        {each.release: each for each in (JULY, AUGUST, elsewhere)},
    )
    narrowed = record_as_of(record, JULY)
    assert set(narrowed.releases) == {"july", "elsewhere"}
    assert narrowed.frames[TABLE].get_column("release").to_list() == ["july", "elsewhere"]
    assert narrowed.frames["aside"].height == 1
    assert record_as_of(record, AUGUST) is record


def judged(word: str, value: str) -> Judged:
    return Judged(word, word, (JudgedNumber("a share", "met", value, "july", None, 1, 2),))  # type: ignore[arg-type]


def test_a_claim_is_named_where_its_verdict_or_its_numbers_are_others():
    releases: dict[str, KnownRelease] = {"july": JULY, "august": AUGUST}
    record = Record((), {}, releases)

    def judge(narrowed: Record) -> dict[str, tuple[str, Judged]]:
        is_later = "august" in narrowed.releases
        return {
            "turns": ("It turns", judged("supported" if is_later else "open", "1")),
            "moves": ("It moves", judged("open", "2" if is_later else "1")),
            "stays": ("It stays", judged("open", "1")),
        }

    changes, checked = compare_verdicts(record, (JULY, AUGUST), judge)
    assert [(each.claim, each.turned) for each in changes] == [("turns", True), ("moves", False)]
    assert checked == 3
    assert compare_verdicts(record, (JULY, JULY), judge) == ((), 3)


# What can be compared


def test_a_release_is_like_itself(catalog: Catalog):
    record = statistics(
        catalog, book_ins("july", "2026-05-01", "2026-05-31", 10), figure("august", "2026-07-31", count=1)
    )
    comparison = compare(record, catalog, "july", "july")
    assert not any(comparison.count(each) for each in SECTIONS)


def test_an_unknown_release_is_answered_with_the_nearest(catalog: Catalog):
    record = statistics(catalog, figure("july", "2026-06-30", count=1))
    with pytest.raises(UnknownNameError) as unknown:
        compare(record, catalog, "july", "agust")
    assert unknown.value.nearest == ["august"]


def test_releases_of_different_tables_are_not_compared(catalog: Catalog):
    record = Record((), {}, {"july": JULY, "old": released("old", "2011-07-11")})
    with pytest.raises(UsageError, match="they report different things"):
        compare(record, catalog, "july", "old")


def test_a_release_without_rows_is_said_to_have_none(catalog: Catalog):
    record = statistics(catalog, figure("july", "2026-06-30", count=1))
    with pytest.raises(UsageError, match="holds no rows of august"):
        compare(record, catalog)


def test_a_table_of_neither_is_answered_with_those_they_have(catalog: Catalog):
    record = statistics(
        catalog, figure("july", "2026-06-30", count=1), figure("august", "2026-07-31", count=1)
    )
    with pytest.raises(UnknownNameError) as unknown:
        compare(record, catalog, table="detention_figure")
    assert unknown.value.nearest == [TABLE]


# Individual records


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Path:
    """The record that lies below: printed figures alone."""
    folder = tmp_path_factory.mktemp("below")
    build_record(write_tiny_release(folder / "released"), folder / "embedded", catalog)
    return folder / "embedded"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return open_engine("duckdb")


Hold = Callable[..., Comparison]


@pytest.fixture
def hold(embedded: Path, catalog: Catalog, tmp_path: Path, engine: Engine) -> Hold:
    """Adds the rows of two releases to a record, and compares them."""

    def compared(
        a: Sequence[dict[str, str]],
        b: Sequence[dict[str, str]],
        *,
        header_of_b: Sequence[str] = NATIONAL,
        **more: Any,
    ) -> Comparison:
        files = [
            write(tmp_path, "a.csv", pipes(*a)),
            write(tmp_path, "synthetic-b.csv", pipes(*b, header=header_of_b)),
        ]
        own = tmp_path / "own"
        add_event_files(files, catalog, folder=own, embedded=embedded)
        record = open_record(own, embedded)
        return compare_releases(record, catalog, (ICFO, OTHER), engine=lambda: engine, **more)

    return compared


def on(date: str, **cells: str) -> dict[str, str]:
    return arrest(Apprehension_Date=date, **cells)


def test_records_are_compared_by_rows_and_by_month(hold: Hold):
    comparison = hold(
        [on("10/01/2018"), on("10/05/2018"), on("11/30/2018")], [on("10/01/2018"), on("11/30/2018")]
    )
    assert [(each.table, each.a, each.b) for each in comparison.rows] == [("arrests", 3, 2)]
    months = {each.label: (each.a, each.b) for each in comparison.periods if each.kind == "month"}
    assert (months["2018-10"], months["2018-11"]) == ((2, 1), (1, 1))
    (october,) = [each for each in comparison.periods if each.kind == "month" and each.changed]
    assert (october.label, comparison.count("restated")) == ("2018-10", 1)


def test_a_month_after_a_releases_cut_off_is_the_other_ones_alone(hold: Hold):
    comparison = hold([on("10/01/2018")], [on("10/01/2018"), on("10/20/2018")])
    alone = [each.label for each in comparison.periods if each.kind == "month" and each.b is None]
    # The national release is cut off on 31 August 2019, and a month without rows in it says nothing.
    assert alone == []
    (october,) = [each for each in comparison.periods if each.label == "2018-10"]
    assert (october.a, october.b, october.cut_short) == (1, 2, ("b",))


def test_rows_that_are_of_no_period_are_said(hold: Hold):
    # The lines above the header state fiscal year 2016 for every row.
    comparison = hold([on("10/01/2018"), on("")], [on("10/01/2018")], table="arrests")
    said = (
        "arrests: 1 rows of a and 0 rows of b lie outside of the months that their release is known to cover"
    )
    assert any(each.en.startswith(said) for each in comparison.notes)
    after = rows_of({(2026, 1): 5, (2026, 4): 2}, "2026-01-01", "2026-02-28")
    assert (after.beyond, after.rows_of_month((2026, 4))) == (2, None)


def test_releases_that_count_other_rows_of_months_long_past_are_said_to(hold: Hold):
    def said(a: int, b: int) -> list[str]:
        late = [on("06/01/2017")]
        comparison = hold([on("10/05/2016")] * a + late, [on("10/05/2016")] * b + late, table="arrests")
        return [each.en for each in comparison.notes if "months long past" in each.en]

    assert said(20, 21) == []
    (note,) = said(20, 23)
    assert note.startswith("arrests: of months long past a counts 20 rows and b 23, more than 10 % apart.")


def test_codes_and_texts_of_one_alone_are_labels_and_landmarks_are_not(hold: Hold):
    comparison = hold(
        [on("10/01/2018", Citizenship="MEXICO", Apprehension_Landmark="A JAIL")],
        [on("10/01/2018", Processing_Disposition="Reinstatement", Apprehension_Landmark="ANOTHER")],
    )
    lone = {
        each.column: ([one.label for one in each.only_a.shown], [one.code for one in each.only_b.shown])
        for each in comparison.labels
        if each.differs
    }
    assert lone == {
        "citizenship_code": (["Mexico"], ["GTM"]),
        "processing_disposition": (["Warrant of Arrest/Notice to Appear"], ["Reinstatement"]),
    }


def test_blank_and_blacked_out_values_are_counted_apart(hold: Hold):
    comparison = hold(
        [on("10/01/2018", Gender="(b)(6)"), on("10/01/2018", Gender="")], [on("10/01/2018"), on("10/02/2018")]
    )
    (gender,) = [each for each in comparison.missing if each.field == "gender_code"]
    assert (gender.a.blank, gender.a.redacted, gender.b.blank, gender.b.redacted) == (1, 1, 0, 0)
    assert (gender.blank_points, gender.redacted_points) == (-50, -50)
    assert comparison.is_gap(gender)


def test_a_field_that_one_release_alone_fills_is_a_difference_of_schema(hold: Hold):
    comparison = hold([on("10/01/2018", Operation="SAFE")], [on("10/01/2018", Operation="")])
    (found,) = comparison.schema
    assert (found.kind, found.name, found.a, found.b) == ("field", "operation", "filled", None)


def test_no_text_of_a_person_is_shown(hold: Hold, catalog: Catalog):
    shown = {*load_comparing(catalog).text_categories}
    assert not shown & {"unique_identifier", "birth_year", "apprehension_landmark", "msc_charge", "operation"}
    columns = {each.column for each in hold([on("10/01/2018")], [on("10/02/2018")]).labels}
    assert "unique_identifier" not in columns


def test_a_cube_tells_counts_and_what_it_does_not_tell_is_left_out(catalog: Catalog, engine: Engine):
    record = recount.open().record
    comparison = compare_releases(
        record, catalog, ("ice-2018-icfo-36170", "ice-uw-v-dhs-2019-07"), engine=lambda: engine
    )
    rows = {each.table: (each.a, each.b) for each in comparison.rows}
    assert rows["arrests"] == (4_066, 32_549)
    blank = {each.field: each.a.blank for each in comparison.missing if each.table == "arrests"}
    # The Seattle release has no convictions at all, and its cube says nothing of counties.
    assert (blank["has_conviction_inferred"], blank["apprehension_county"]) == (4_066, None)
    headers = {each.name for each in comparison.schema if each.kind == "header" and each.table == "arrests"}
    assert headers == {
        "Area of Responsibility",
        "Most Serious Conviction",
        "Operation",
        "Processing Disposition",
    }
    assert any("small counts are pooled" in each.en for each in comparison.notes)
    assert {each.name for each in comparison.schema if each.kind == "table"} == {"book_ins", "encounters"}


def test_a_code_keeps_its_column_where_rows_meet_a_cube(catalog: Catalog, engine: Engine, tmp_path: Path):
    rows = [on("10/01/2018", Citizenship="MEXICO"), on("10/01/2018", Citizenship="GUATEMALA")]
    own = tmp_path / "own"
    add_event_files([write(tmp_path, "synthetic-b.csv", pipes(*rows))], catalog, folder=own)
    comparison = compare_releases(
        open_record(own), catalog, (ICFO, OTHER), engine=lambda: engine, table="arrests"
    )
    labels = {each.column: each for each in comparison.labels}
    assert "citizenship_code" not in labels
    assert (labels["citizenship_group"].shared, labels["citizenship_group"].only_b.values) == (2, 0)


# The real record


def test_two_consecutive_workbooks_differ_as_their_sheets_say(catalog: Catalog):
    comparison = compare(
        recount.open().record, catalog, "fy26-detentionstats02022026", "fy26-detentionstats-02122026"
    )
    assert comparison.schema == ()
    rows = {each.table: (each.a, each.b) for each in comparison.rows if each.name is None}
    assert rows["detention_figures"] == (627, 710)
    by_statistic = {(each.table, each.statistic): each for each in comparison.restated}
    book_ins = by_statistic["detention_figures", "book_ins"]
    november = next(each for each in book_ins.restated if not each.breakdown and each.span.end.month == 11)
    # The figures that `recount revise book_ins --month 2025-11` gives.
    assert (november.a, november.b, november.later) == (38_395, 38_412, "b")


def test_differences_the_other_way_round_are_the_same_with_the_other_sign(catalog: Catalog):
    names = ("fy24-detentionstats04122024", "fy24-detentionstats05132024")
    record = recount.open().record
    there, back = compare(record, catalog, *names), compare(record, catalog, *reversed(names))
    assert [there.count(each) for each in SECTIONS] == [back.count(each) for each in SECTIONS]
    assert [(each.name, each.a, each.b) for each in there.schema] == [
        (each.name, each.b, each.a) for each in back.schema
    ]
    assert [each.difference for each in there.periods if each.is_compared] == [
        -(each.difference or 0) for each in back.periods if each.is_compared
    ]
    assert [each.blank_points for each in there.missing] == [
        -(each.blank_points or 0) for each in back.missing
    ]
    changes = [one.change for each in there.restated for one in each.restated]
    assert changes == [-one.change for each in back.restated for one in each.restated]


def test_every_difference_of_the_view_is_in_its_tables(catalog: Catalog):
    comparison = compare(
        recount.open().record, catalog, "fy26-detentionstats02022026", "fy26-detentionstats-02122026"
    )
    views = {each.section: each for each in view_comparison(comparison, catalog, Words(catalog, "en"))}
    statistic = next(row for row in views["restated"].tables[0].rows if row[0] == "initial book-ins")
    assert statistic[1:] == ("9", "25", "38,395", "38,412", "+17", "2025-11")
    assert views["rows"].summary == "5 tables of 7 with another number of rows."
    assert all(
        len(row) == len(table.header)
        for each in views.values()
        for table in each.tables
        for row in table.rows
    )
    assert comparison.a.covers_through == datetime.date(2026, 1, 25)
