"""Individual records held to what is printed elsewhere: what counts, what cannot be compared, and why it differs."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.acquire.files import SourceFile
from recount.declare.catalog import Catalog, load_catalog
from recount.declare.cubes import COUNT, MONTH, POOLED, YEAR
from recount.declare.reconciliation import Reconciliation, load_reconciliations, show_period
from recount.errors import CatalogError, ReleaseFileError
from recount.extract.printed_totals import PrintedNumber, read_printed_totals
from recount.record.cubes import pool_small_cells
from recount.record.reconcile import CATALOG, carried_numbers
from recount.report.reconciliation import PAGE, write_page
from recount.validate.reconcile import Reconciled, reconcile_printed, verdict_of
from recount.validate.reconcile_headcounts import read_headcounts, reconcile_headcounts
from recount.validate.reconcile_years import reconcile_stated_years

Rows = Sequence[tuple[str | None, str | None]]
SUMMARY = "seattle-summary"


@dataclass(frozen=True)
class TinyPart:
    """A part of a record, as much of it as a reconciliation looks at."""

    path: Path
    table: str = "arrests"
    release: str = "ice-2019-icfo-53623"
    kind: Literal["rows", "cube"] = "rows"
    is_synthetic: bool = False
    source_file: str = "tiny.csv"
    first_date: datetime.date | None = None
    last_date: datetime.date | None = None
    cut_off: datetime.date | None = None


def day(text: str | None) -> datetime.date | None:
    return None if text is None else datetime.date.fromisoformat(text)


def arrests(path: Path, rows: Rows, **more: object) -> TinyPart:
    """Returns a part of arrests: (day, area) a row."""
    days = [each for each in (day(one) for one, _ in rows) if each is not None]
    pl.DataFrame(
        {
            "apprehension_date": [day(one) for one, _ in rows],
            "apprehension_aor_code": [one for _, one in rows],
        },
        schema={"apprehension_date": pl.Date, "apprehension_aor_code": pl.String},
    ).write_parquet(path)
    return TinyPart(path, first_date=min(days, default=None), last_date=max(days, default=None), **more)  # type: ignore[arg-type]


def declared(**more: object) -> Reconciliation:
    """Returns a tiny reconciliation: arrests of the Seattle area in two years."""
    check = {
        "check": "tiny_arrests",
        "title": {"en": "Arrests", "es": "Detenciones"},
        "table": "arrests",
        "place": "SEA",
        "releases": ["ice-2019-icfo-53623"],
        "figures": ["arrests"],
        "dates": ["apprehension_date"],
        "where": {"apprehension_aor_code": ["SEA"]},
        "compared": "Rows by the day of arrest.",
        "otherwise": "Look again.",
    }
    figure = {"figure": "arrests", "title": {"en": "arrests", "es": "detenciones"}, "values": {"FY2016": 2}}
    own = {each: more.pop(each) for each in list(more) if each in ("add_up", "differs", "dates", "where")}
    for each in [each for each in more if each in ("values", "unless", "spans_of_figure")]:
        figure["spans" if each == "spans_of_figure" else each] = more.pop(each)
    return Reconciliation.model_validate(
        {
            "reconciliation": "tiny",
            "title": {"en": "Tiny", "es": "Pequeño"},
            "source": "A tiny print.",
            "spans": [
                {"label": "FY2016", "from": "2015-10-01", "through": "2016-09-30"},
                {"label": "FY2017", "from": "2016-10-01", "through": "2017-09-30"},
            ],
            "edge_days": 366,
            "edge_reason": "Tiny tables have few days.",
            "figures": [figure],
            "checks": [{**check, **own}],
            **more,
        }
    )


def reconcile(tiny: Reconciliation, *parts: TinyPart) -> list[Reconciled]:
    return reconcile_printed(tiny, tiny.checks[0], parts, carried_numbers(tiny), "apprehension_date")


def brief(lines: Sequence[Reconciled]) -> list[tuple[object, ...]]:
    return [
        (each.period, each.printed, each.counted, each.missing, each.pooled, each.verdict) for each in lines
    ]


# What counts


def test_rows_that_say_so_are_held_to_the_printed_number(tmp_path: Path):
    part = arrests(
        tmp_path / "a.parquet",
        [("2015-10-01", "SEA"), ("2016-09-30", "SEA"), ("2016-10-01", "SEA"), ("2016-01-01", "BOS")],
    )
    assert brief(reconcile(declared(), part)) == [("FY2016", 2, 2, 0, 0, "exact")]


def test_a_row_without_code_or_date_is_counted_apart_as_missing(tmp_path: Path):
    part = arrests(
        tmp_path / "a.parquet", [("2016-01-01", "SEA"), ("2016-01-02", None), (None, "SEA"), (None, "BOS")]
    )
    assert brief(reconcile(declared(), part)) == [("FY2016", 2, 1, 2, 0, "consistent")]


def test_unless_counts_what_has_none_of_the_codes(tmp_path: Path):
    part = arrests(
        tmp_path / "a.parquet", [("2016-01-01", "SEA"), ("2016-01-02", "BOS"), ("2016-01-03", None)]
    )
    tiny = declared(where={}, unless={"apprehension_aor_code": ["SEA"]})
    assert brief(reconcile(tiny, part)) == [("FY2016", 2, 1, 1, 0, "consistent")]


def test_parts_of_one_release_are_added_up(tmp_path: Path):
    one = arrests(tmp_path / "a.parquet", [("2016-01-01", "SEA")])
    other = arrests(tmp_path / "b.parquet", [("2016-02-01", "SEA")])
    assert brief(reconcile(declared(), one, other)) == [("FY2016", 2, 2, 0, 0, "exact")]


def test_made_up_parts_other_tables_and_other_releases_do_not_count(tmp_path: Path):
    rows = [("2016-01-01", "SEA")]
    parts = [
        arrests(tmp_path / "a.parquet", rows, is_synthetic=True),
        arrests(tmp_path / "b.parquet", rows, table="removals"),
        arrests(tmp_path / "c.parquet", rows, release="ice-uw-v-dhs-2019-07"),
    ]
    assert reconcile(declared(), *parts) == []


def test_a_row_counts_where_all_the_named_dates_lie_in_the_period(tmp_path: Path):
    path = tmp_path / "r.parquet"
    pl.DataFrame(
        {
            "removal_date": [day("2015-10-02"), day("2015-10-02")],
            "departed_date": [day("2015-10-02"), day("2015-09-29")],
        }
    ).write_parquet(path)
    tiny = declared(dates=["removal_date", "departed_date"], where={}, values={"FY2016": 1})
    part = TinyPart(path, first_date=day("2015-10-02"), last_date=day("2015-10-02"))
    assert brief(reconcile(tiny, part)) == [("FY2016", 1, 1, 0, 0, "exact")]


@pytest.mark.parametrize(
    ("printed", "counted", "missing", "pooled", "verdict"),
    [
        (5, 5, 0, 0, "exact"),
        (5, 5, 3, 0, "exact"),
        (5, 5, 0, 3, "consistent"),
        (5, 4, 1, 0, "consistent"),
        (5, 4, 0, 1, "consistent"),
        (5, 4, 0, 0, "differs"),
        (5, 6, 9, 9, "differs"),
        (5, 2, 1, 1, "differs"),
    ],
)
def test_the_verdict_is_exact_consistent_or_differs(
    printed: int, counted: int, missing: int, pooled: int, verdict: str
):
    assert verdict_of(printed, counted, missing, pooled) == verdict


@pytest.mark.parametrize(
    ("printed", "counted", "missing", "pooled", "verdict"),
    [
        (240260, 240255, 0, 0, "exact"),
        (240250, 240255, 0, 0, "exact"),
        (240260, 240254, 0, 0, "differs"),
        (240260, 240266, 0, 0, "differs"),
        (240260, 240250, 5, 0, "consistent"),
        (240260, 240250, 4, 0, "differs"),
        (240260, 240255, 0, 1, "consistent"),
    ],
)
def test_a_number_rounded_to_ten_stands_for_all_that_round_to_it(
    printed: int, counted: int, missing: int, pooled: int, verdict: str
):
    assert verdict_of(printed, counted, missing, pooled, rounded_to=10) == verdict


@given(st.integers(0, 999), st.sampled_from([1, 2, 5, 10]))
def test_a_count_is_exact_to_its_own_rounding(counted: int, rounded_to: int):
    printed = (2 * counted + rounded_to) // (2 * rounded_to) * rounded_to
    assert verdict_of(printed, counted, 0, 0, rounded_to) == "exact"


# What cannot be compared


def test_a_period_of_which_no_rows_are_loaded_is_not_compared(tmp_path: Path):
    part = arrests(tmp_path / "a.parquet", [("2016-01-01", "SEA"), ("2016-02-01", "SEA")])
    lines = reconcile(declared(values={"FY2016": 2, "FY2017": 9}), part)
    assert brief(lines) == [("FY2016", 2, 2, 0, 0, "exact"), ("FY2017", 9, None, 0, 0, "not_comparable")]
    assert lines[1].reason == "No rows of these days are loaded."


def test_a_release_that_ends_before_the_period_does_is_not_compared(tmp_path: Path):
    part = arrests(tmp_path / "a.parquet", [("2016-01-01", "SEA")], cut_off=day("2016-05-01"))
    (line,) = reconcile(declared(), part)
    assert (line.verdict, line.reason) == (
        "not_comparable",
        "The release ends on 2016-05-01, before the printed period does.",
    )


def test_files_that_hold_a_part_of_the_period_are_not_compared(tmp_path: Path):
    part = arrests(tmp_path / "a.parquet", [("2016-01-01", "SEA"), ("2016-09-30", "SEA")])
    (line,) = reconcile(declared(edge_days=7), part)
    assert (line.verdict, line.reason) == (
        "not_comparable",
        "The rows loaded hold a part of the period only: 2016-01-01 to 2016-09-30.",
    )


def test_a_printed_span_can_end_before_the_release_does(tmp_path: Path):
    part = arrests(
        tmp_path / "a.parquet", [("2016-01-01", "SEA"), ("2016-07-06", "SEA"), ("2016-07-07", "SEA")]
    )
    own = [{"label": "FY2016", "from": "2015-10-01", "through": "2016-07-06", "reason": "As its title says."}]
    (line,) = reconcile(declared(spans_of_figure=own), part)
    assert (line.counted, line.last_day, line.verdict) == (2, day("2016-07-06"), "exact")


# Why it differs


def test_a_declared_reason_explains_the_very_count_that_it_names(tmp_path: Path):
    known = [{"found": {"FY2016": 1}, "reason": "One was struck."}]
    one = arrests(tmp_path / "a.parquet", [("2016-01-01", "SEA")])
    three = arrests(tmp_path / "b.parquet", [("2016-01-01", "SEA")] * 3)
    (line,) = reconcile(declared(differs=known), one)
    assert (line.verdict, line.difference, line.reason, line.is_known) == (
        "differs",
        -1,
        "One was struck.",
        True,
    )
    (line,) = reconcile(declared(differs=known), three)
    assert (line.difference, line.reason, line.is_known) == (
        1,
        "Nobody has looked into this difference. Look again.",
        False,
    )


def test_all_periods_together_are_held_to_the_sum_of_the_printed_numbers(tmp_path: Path):
    part = arrests(
        tmp_path / "a.parquet", [("2016-09-30", "SEA"), ("2016-10-01", "SEA"), ("2016-10-02", "SEA")]
    )
    lines = reconcile(declared(values={"FY2016": 2, "FY2017": 1}, add_up=True), part)
    assert brief(lines) == [
        ("FY2016", 2, 1, 0, 0, "differs"),
        ("FY2017", 1, 2, 0, 0, "differs"),
        ("all", 3, 3, 0, 0, "exact"),
    ]


# Cubes


CUBE = {YEAR: pl.Int64, MONTH: pl.Date, "apprehension_aor_code": pl.String, COUNT: pl.Int64}


def cube(path: Path, *rows: tuple[int | None, str | None, str | None, int]) -> TinyPart:
    frame = pl.DataFrame([(a, day(b), c, n) for a, b, c, n in rows], schema=CUBE, orient="row")
    frame.write_parquet(path)
    return TinyPart(path, kind="cube", first_date=day("2015-10-01"), last_date=day("2017-09-30"))


def test_a_cube_that_pools_nothing_of_it_is_exact(tmp_path: Path):
    part = cube(tmp_path / "c.parquet", (2016, "2016-01-01", "SEA", 2), (2016, "2016-01-01", "BOS", 5))
    assert brief(reconcile(declared(), part)) == [("FY2016", 2, 2, 0, 0, "exact")]


def test_pooled_cells_and_missing_codes_are_counted_apart(tmp_path: Path):
    part = cube(
        tmp_path / "c.parquet",
        (2016, "2016-01-01", "SEA", 1),
        (2016, "2016-01-01", POOLED, 6),
        (2016, None, "SEA", 1),
        (None, None, POOLED, 4),
        (2016, "2016-01-01", None, 3),
    )
    assert brief(reconcile(declared(), part)) == [("FY2016", 2, 2, 3, 10, "consistent")]


def test_a_month_that_the_span_cuts_through_is_left_open(tmp_path: Path):
    part = cube(tmp_path / "c.parquet", (2016, "2016-06-01", "SEA", 1), (2016, "2016-07-01", "SEA", 5))
    own = [{"label": "FY2016", "from": "2015-10-01", "through": "2016-07-06", "reason": "As its title says."}]
    assert brief(reconcile(declared(spans_of_figure=own), part)) == [("FY2016", 2, 1, 0, 5, "consistent")]


def test_a_cube_that_lacks_a_column_or_a_date_names_the_file_to_add(tmp_path: Path):
    part = cube(tmp_path / "c.parquet", (2016, "2016-06-01", "SEA", 1))
    (line,) = reconcile(declared(where={"gender_code": ["female"]}), part)
    assert line.reason == "The cube does not tell; add the released file: tiny.csv (no gender_code)."
    (line,) = reconcile(declared(dates=["apprehension_date", "departed_date"]), part)
    assert line.reason == "The cube does not tell; add the released file: tiny.csv (no departed_date)."
    assert line.verdict == "not_comparable"


CELLS = st.lists(
    st.tuples(st.integers(0, 23), st.sampled_from(["SEA", "BOS", "NYC"]), st.integers(1, 9)),
    min_size=1,
    max_size=12,
    unique_by=lambda each: each[:2],
)


@given(CELLS)
def test_what_the_rows_count_lies_within_what_their_cube_counts(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[int, str, int]]
):
    folder = tmp_path_factory.mktemp("cells")
    months = [datetime.date(2015 + (9 + month) // 12, (9 + month) % 12 + 1, 1) for month, _, _ in cells]
    rows = [
        (month.isoformat(), area)
        for month, (_, area, count) in zip(months, cells, strict=True)
        for _ in range(count)
    ]
    frame = pl.DataFrame(
        [
            (2016 + number // 12, month, area, count)
            for month, (number, area, count) in zip(months, cells, strict=True)
        ],
        schema=CUBE,
        orient="row",
    )
    pool_small_cells(frame, ["apprehension_aor_code"], 5, 4).write_parquet(folder / "c.parquet")
    part = arrests(folder / "r.parquet", rows)
    of_cube = TinyPart(
        folder / "c.parquet", kind="cube", first_date=part.first_date, last_date=part.last_date
    )
    (exact,) = reconcile(declared(), part) or [None]
    (open_,) = reconcile(declared(), of_cube) or [None]
    assert exact is not None
    assert open_ is not None
    if exact.counted is None:
        assert open_.counted is None
        return
    assert open_.counted is not None
    assert open_.counted <= exact.counted <= open_.counted + open_.missing + open_.pooled


# Headcounts and stated years


def headcount() -> Reconciliation:
    return Reconciliation.model_validate(
        {
            "reconciliation": "tiny",
            "title": {"en": "Tiny", "es": "Pequeño"},
            "source": "A tiny headcount.",
            "headcounts": [
                {
                    "check": "tiny_headcount",
                    "title": {"en": "Headcount", "es": "Recuento"},
                    "place": "facilities",
                    "file": "tiny.csv",
                    "delimiter": "|",
                    "facility": "facility",
                    "date": "date",
                    "count": "n",
                    "compared": "Nights.",
                    "otherwise": "Look again.",
                }
            ],
        }
    )


def stints(path: Path, rows: Sequence[tuple[str, str, str | None]], cut_off: str) -> TinyPart:
    """Returns a part of stints: (facility, book-in, book-out) a row."""
    pl.DataFrame(
        {
            "release": "tiny",
            "file_original": "tiny.xlsx",
            "sheet_original": "",
            "row_original": range(8, 8 + len(rows)),
            "unique_identifier": [f"p{number}" for number in range(len(rows))],
            "detention_facility_code": [each[0] for each in rows],
            "book_in_date": [day(each[1]) for each in rows],
            "book_out_date": [day(each[2]) for each in rows],
        },
        schema_overrides={"row_original": pl.Int64, "book_out_date": pl.Date},
    ).write_parquet(path)
    first = min(day(each[1]) for each in rows)  # type: ignore[type-var]
    return TinyPart(path, table="stints", first_date=first, cut_off=day(cut_off))


def held_to(text: str, *parts: TinyPart) -> list[Reconciled]:
    file = SourceFile(Path("tiny.csv"), "tiny.csv", "0", text.encode())
    tiny = headcount()
    printed = read_headcounts(file, tiny.headcounts[0])
    return reconcile_headcounts(tiny, tiny.headcounts[0], parts, printed, file)


STINTS = [
    ("AAA", "2019-09-29", "2019-10-02"),
    ("AAA", "2019-09-30", None),
    ("BBB", "2019-09-30", "2019-09-30"),
]


def test_a_headcount_counts_rows_whose_book_in_is_past_and_whose_book_out_is_not(tmp_path: Path):
    text = "facility|n|date\nAAA|1|2019-09-29\nAAA|2|2019-09-30\nAAA|2|2019-10-01\nAAA|1|2019-10-02\n"
    lines = held_to(text, stints(tmp_path / "s.parquet", STINTS, "2019-10-02"))
    assert [(each.period, each.printed, each.counted, each.compared_of, each.verdict) for each in lines] == [
        ("FY2019", 3, 3, 2, "exact"),
        ("FY2020", 3, 3, 2, "exact"),
    ]


def test_headcounts_that_add_up_alike_but_differ_by_day_differ(tmp_path: Path):
    text = "facility|n|date\nAAA|2|2019-09-29\nAAA|1|2019-09-30\nAAA|2|2019-10-01\nAAA|1|2019-10-02\n"
    first, second = held_to(text, stints(tmp_path / "s.parquet", STINTS, "2019-10-02"))
    assert (first.difference, first.agreeing, first.compared_of, first.verdict) == (0, 0, 2, "differs")
    assert first.reason == "Nobody has looked into this difference. Look again."
    assert second.verdict == "exact"


def test_only_facilities_and_days_on_both_sides_are_compared(tmp_path: Path):
    text = "facility|n|date\nAAA|7|2019-09-01\nAAA|2|2019-09-30\nCCC|9|2019-09-30\n"
    (line,) = held_to(text, stints(tmp_path / "s.parquet", STINTS, "2019-10-02"))
    # The 29th is within both, and the headcount has nobody there on that day.
    assert (line.first_day, line.last_day, line.printed, line.counted) == (
        day("2019-09-29"),
        day("2019-09-30"),
        2,
        3,
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("facility|n|date\nAAA|1|2018-01-01\n", "no day is the same"),
        ("facility|n|date\nCCC|1|2019-09-30\n", "no facility has the same code"),
    ],
)
def test_where_nothing_overlaps_it_says_so(tmp_path: Path, text: str, why: str):
    (line,) = held_to(text, stints(tmp_path / "s.parquet", STINTS, "2019-10-02"))
    assert line.verdict == "not_comparable"
    assert line.reason.startswith(f"Nothing overlaps, {why}: headcounts ")
    assert line.reason.endswith("stints 2019-09-29 to 2019-10-02.")


def test_a_headcount_of_another_form_is_refused(tmp_path: Path):
    with pytest.raises(ReleaseFileError, match=r"tiny\.csv does not hold headcounts as declared"):
        held_to("place|n|date\nAAA|1|2018-01-01\n")


def test_rows_outside_the_year_their_sheet_states_or_after_the_last_day_are_counted(
    tmp_path: Path, catalog: Catalog
):
    path = tmp_path / "y.parquet"
    days = ["2018-09-30", "2018-10-01", "2019-08-31", "2019-09-01", None]
    pl.DataFrame(
        {"fiscal_year_stated": 2019, "sheet_original": "", "apprehension_date": [day(each) for each in days]},
        schema_overrides={"apprehension_date": pl.Date},
    ).write_parquet(path)
    part = TinyPart(path, cut_off=day("2019-08-31"))
    years = load_reconciliations(catalog)["stated-fiscal-years"]
    (line,) = reconcile_stated_years(years, years.stated_years[0], [part], {"arrests": "apprehension_date"})
    assert brief([line]) == [("FY2019", 5, 2, 1, 0, "differs")]


# What is printed


def sheet(tmp_path: Path, rows: Sequence[Sequence[object]]) -> SourceFile:
    import openpyxl

    workbook = openpyxl.Workbook()
    page = workbook.active
    assert page is not None
    page.title = "Summary"
    for row in rows:
        page.append(list(row))
    path = tmp_path / "UW v. DHS.xlsx"
    workbook.save(path)
    return SourceFile(path, path.name, "0", path.read_bytes())


def titled(**more: object) -> Reconciliation:
    document = {"file": "x", "reader": "titled_tables", "sheet": "Summary", "labels": ["Fiscal Year"]}
    figure = {
        "figure": "arrests",
        "title": {"en": "arrests", "es": "detenciones"},
        "table": "Arrests for",
        "column": "Total",
        "values": {"FY2016": 2},
    }
    return declared(document=document, figures=[{**figure, **more}])


TITLED = [
    [],
    ["Note"],
    ["FY2016: Arrests for Seattle"],
    ["Area", "Total", "Fiscal Year"],
    ["x", "2,698", "FY2016"],
    ["x", 7, "FY2099"],
    [],
    ["x", 9, "FY2017"],
]


def test_totals_are_found_by_title_and_header_wherever_they_stand(tmp_path: Path):
    printed = read_printed_totals(sheet(tmp_path, TITLED), titled())
    assert printed == {
        "arrests": {"FY2016": PrintedNumber("FY2016", 2698, "UW v. DHS.xlsx", "Summary", "B5")}
    }


@pytest.mark.parametrize(
    ("row", "cells", "problem"),
    [
        (2, ["Removals"], "0 titles match 'Arrests for'"),
        (3, ["Area", "Sum", "Fiscal Year"], "no column is called 'Total'; there are Area, Sum, Fiscal Year"),
        (4, ["x", "many", "FY2016"], "B5 holds 'many', which is no count"),
        (5, ["x", 3, "FY2016"], "the period FY2016 stands twice"),
        (4, ["x", 3, "FY2098"], "no period of it is known"),
    ],
)
def test_a_sheet_that_prints_otherwise_is_refused(
    tmp_path: Path, row: int, cells: list[object], problem: str
):
    rows = [*TITLED[:row], cells, *TITLED[row + 1 :]]
    with pytest.raises(ReleaseFileError) as raised:
        read_printed_totals(sheet(tmp_path, rows), titled())
    assert problem in str(raised.value)


def test_periods_named_in_two_columns_take_the_year_from_the_row_above(tmp_path: Path):
    rows = [
        ["Arrests for"],
        ["Year", "Month", "Total"],
        ["2016", "Total", 9],
        [None, "October", 4],
        [None, "May", 5],
    ]
    tiny = titled().model_dump(by_alias=True)
    tiny["document"]["labels"] = ["Year", "Month"]
    tiny["figures"][0]["values"] = {"2016 October": 4}
    tiny["spans"] = [{"label": "2016 October", "from": "2015-10-01", "through": "2015-10-31"}]
    printed = read_printed_totals(sheet(tmp_path, rows), Reconciliation.model_validate(tiny))
    assert [(each.label, each.value, each.cell) for each in printed["arrests"].values()] == [
        ("2016 October", 4, "C4")
    ]


def test_a_sheet_that_is_not_there_is_named(tmp_path: Path):
    tiny = titled()
    assert tiny.document is not None
    other = tiny.model_copy(update={"document": tiny.document.model_copy(update={"sheet": "Totals"})})
    with pytest.raises(ReleaseFileError, match="has no sheet Totals"):
        read_printed_totals(sheet(tmp_path, TITLED), other)


def test_a_csv_gives_the_rows_that_have_the_named_values(catalog: Catalog):
    by_type = load_reconciliations(catalog)["detainers-by-type"]
    text = "year,detainer_type,count\n"
    text += "".join(
        f"{year},{value},{number}\n"
        for number, (year, value) in enumerate(
            (year, value) for year in (2014, 2015) for each in by_type.figures for value in each.rows.values()
        )
    )
    printed = read_printed_totals(SourceFile(Path("t.csv"), "t.csv", "0", text.encode()), by_type)
    assert [(label, each.value, each.cell) for label, each in printed["i247d"].items()] == [
        ("2014", 1, "C3"),
        ("2015", 5, "C7"),
    ]


@pytest.mark.parametrize(
    ("label", "first", "last", "shown"),
    [
        ("2019 October", "2018-10-01", "2018-10-31", "2018-10"),
        ("2019 Total", "2018-10-01", "2019-09-30", "FY2019"),
        ("2016 February", "2016-02-01", "2016-02-29", "2016-02"),
        ("FY2019 YTD", "2018-10-01", "2019-07-06", "FY2019 YTD"),
        ("2015", "2015-01-01", "2015-07-19", "2015"),
        ("", None, None, ""),
    ],
)
def test_a_month_is_shown_by_its_own_year_and_not_the_fiscal_year_that_prints_it(
    label: str, first: str | None, last: str | None, shown: str
):
    assert show_period(label, day(first), day(last)) == shown


# The catalog


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "where: {apprehension_aor_code: [SEA]}",
            "where: {apprehension_aor_code: [SEX]}",
            "no code is called 'SEX'",
        ),
        ("table: book_ins", "table: bookings", "no event table is called 'bookings'"),
        ("dates: [book_in_date]", "dates: [booked]", "no column of book_ins is called 'booked'"),
        ("releases: [ice-2019-icfo-53623]", "releases: [ice-1999]", "no release is called 'ice-1999'"),
        ("figures: [book_ins]", "figures: [book_outs]", "no figure is called 'book_outs'"),
        ("{FY2012: 7101", "{FY2011: 7101", "no span has the label 'FY2011'"),
        ("edge_reason: ", "# ", "edge_days needs an edge_reason"),
        ("through: 2013-09-30", "through: 2011-09-30", "the span ends before it begins"),
    ],
)
def test_a_declaration_that_does_not_fit_is_refused(
    tmp_path: Path, catalog: Catalog, old: str, new: str, problem: str
):
    shipped = (catalog.folders[0] / "reconciliations" / f"{SUMMARY}.yml").read_text(encoding="utf-8")
    assert old in shipped
    (tmp_path / "reconciliations").mkdir()
    (tmp_path / "reconciliations" / f"{SUMMARY}.yml").write_text(
        shipped.replace(old, new, 1), encoding="utf-8"
    )
    with pytest.raises(CatalogError) as raised:
        load_reconciliations(load_catalog(overlay=tmp_path))
    assert problem in str(raised.value)


def test_the_catalog_carries_each_printed_number_with_its_cell(catalog: Catalog):
    carried = carried_numbers(load_reconciliations(catalog)[SUMMARY])
    assert carried["arrests"]["FY2016"] == PrintedNumber("FY2016", 2698, CATALOG, "Summary", "B12")
    assert carried["removals"]["FY2019 YTD"] == PrintedNumber("FY2019 YTD", 3227, CATALOG, "Summary", "D37")


def test_the_parts_of_the_removals_add_up_to_their_total(catalog: Catalog):
    carried = carried_numbers(load_reconciliations(catalog)[SUMMARY])
    for label, total in carried["removals"].items():
        parts = carried["expedited_removals"][label].value + carried["other_removals"][label].value
        assert parts == total.value


def test_the_page_of_the_documentation_is_what_the_catalog_says(catalog: Catalog):
    page = Path(__file__).parents[1] / "docs" / PAGE
    assert page.read_text(encoding="utf-8") == write_page(load_reconciliations(catalog))
