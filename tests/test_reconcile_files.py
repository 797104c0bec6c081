"""Individual records held to print: the embedded record, the command, and every real file."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recount.cli.app import app
from recount.declare.catalog import Catalog
from recount.declare.reconciliation import load_reconciliations
from recount.errors import ReleaseFileError
from recount.record.build import build_record
from recount.record.reconcile import CATALOG, Reconciliations, carried_numbers, reconcile_record
from recount.record.store import Record, lay_over, open_record, read_layer
from recount.validate.reconcile import to_frame

SUMMARY = "seattle-summary"


# The embedded record, and the terminal


def test_the_cubes_of_the_embedded_record_contradict_no_printed_number_without_a_known_reason(
    catalog: Catalog,
):
    answer = reconcile_record(open_record(), catalog)
    compared = [each for each in answer.lines if each.verdict != "not_comparable"]
    assert compared
    assert [each for each in compared if each.verdict == "differs" and not each.is_known] == []
    assert {each.basis for each in compared} == {"cube"}
    assert answer.without_file == ("midnight_headcount",)


def test_the_command_prints_one_line_a_number_as_csv_and_json(tmp_path: Path):
    as_csv = CliRunner().invoke(app, ["record", "reconcile", "--format", "csv"])
    assert as_csv.exit_code == 0, as_csv.output
    assert as_csv.output.splitlines()[0].startswith("reconciliation,check,table,release,figure,place,period,")
    as_json = json.loads(CliRunner().invoke(app, ["record", "reconcile", "--format", "json"]).output)
    assert len(as_json["lines"]) == len(as_csv.output.splitlines()) - 1
    assert as_json["read_from"][SUMMARY] == CATALOG


def test_the_command_says_what_was_compared_and_what_was_not():
    shown = CliRunner().invoke(app, ["record", "reconcile"])
    assert shown.exit_code == 0, shown.output
    assert "ICE's totals for the Seattle area" in shown.output
    assert "The file that prints the numbers was not given (--from DIR): midnight_headcount." in shown.output
    assert max(len(line.rstrip()) for line in shown.output.splitlines()) <= 100


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, catalog: Catalog):
    with pytest.raises(ReleaseFileError, match="There is no folder"):
        reconcile_record(Record((), {}, {}), catalog, tmp_path / "none")


def test_two_editions_of_one_printed_file_are_refused(tmp_path: Path, catalog: Catalog):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "detainers_by_year_and_month.csv").write_text(
            f"year_month,count\n2014-10,{len(name)}{name}\n"
        )
    with pytest.raises(ReleaseFileError, match="Two different files print the same totals"):
        reconcile_record(Record((), {}, {}), catalog, tmp_path)


def test_a_file_that_prints_another_number_than_the_catalog_carries_is_told(tmp_path: Path, catalog: Catalog):
    months = load_reconciliations(catalog)["detainers-by-month"].figures[0].values
    lines = [f"{label},{number + 1000 * (label == '2014-10')}" for label, number in months.items()]
    (tmp_path / "detainers_by_year_and_month.csv").write_text("year_month,count\n" + "\n".join(lines))
    answer = reconcile_record(open_record(), catalog, tmp_path)
    assert answer.changed == (
        "detainers-by-month, detainers 2014-10: the file prints 12,437, the catalog carries 11,437",
    )
    (line,) = [each for each in answer.lines if each.period == "2014-10"]
    assert (line.printed, line.counted, line.verdict, line.is_known) == (12437, 11333, "differs", False)
    assert (line.file, line.cell) == ("detainers_by_year_and_month.csv", "B86")


# The real files


@pytest.fixture(scope="module")
def answer(catalog: Catalog, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Reconciliations:
    """The rows of every real file of individual records, held to the printed files beside them."""
    source, record = tmp_path_factory.mktemp("released"), tmp_path_factory.mktemp("record")
    for pattern in ("foia/*/*", "detainers/*.xlsx", "deportation-data-project/detention.csv"):
        for path in shared_data.glob(pattern):
            link = source / path.relative_to(shared_data)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)
    build_record(source, record, catalog)
    return reconcile_record(lay_over([read_layer(record)]), catalog, shared_data)


def found(answer: Reconciliations, check: str, figure: str | None = None) -> dict[str, tuple[object, ...]]:
    return {
        each.period: (each.printed, each.counted, each.verdict)
        for each in answer.lines
        if each.check == check and figure in (None, each.figure) and each.verdict != "not_comparable"
    }


@pytest.mark.needs_shared
def test_the_numbers_that_the_catalog_carries_are_those_that_the_files_print(answer: Reconciliations):
    assert answer.changed == ()
    carried = {
        (name, figure, label): each.cell
        for name, one in answer.declared.items()
        for figure, numbers in carried_numbers(one).items()
        for label, each in numbers.items()
        if each.cell
    }
    for each in answer.lines:
        key = (each.reconciliation, each.figure, each.period)
        assert key not in carried or each.file == CATALOG or each.cell == carried[key]
    assert set(answer.read_from) == set(answer.declared) - {"stated-fiscal-years"}


@pytest.mark.needs_shared
@pytest.mark.parametrize("check", ["seattle_arrests", "seattle_book_ins"])
def test_arrests_and_book_ins_of_the_seattle_workbook_are_exact_in_every_fiscal_year(
    answer: Reconciliations, check: str
):
    lines = found(answer, check)
    assert len(lines) == 8
    assert {each[2] for each in lines.values()} == {"exact"}


@pytest.mark.needs_shared
def test_removals_of_the_seattle_workbook_differ_by_year_for_the_footnotes_reason_and_agree_together(
    answer: Reconciliations,
):
    expedited = found(answer, "seattle_removals", "expedited_removals")
    other = found(answer, "seattle_removals", "other_removals")
    assert expedited["FY2012"] == (539, 540, "differs")
    assert expedited["FY2019 YTD"] == (851, 825, "differs")
    assert other["FY2012"] == (4351, 4456, "differs")
    assert expedited["all"] == (6529, 6529, "exact")
    assert other["all"] == (20384, 20384, "exact")
    differing = [
        each for each in answer.lines if each.check == "seattle_removals" and each.verdict == "differs"
    ]
    assert len(differing) == 16
    assert all(each.is_known and "sheet Footnotes" in each.reason for each in differing)


@pytest.mark.needs_shared
def test_seattle_arrests_of_the_national_files_agree_and_2019_through_the_earlier_cut_off(
    answer: Reconciliations,
):
    assert found(answer, "seattle_arrests_national") == {
        "FY2016": (2698, 2698, "exact"),
        "FY2018": (3067, 3067, "exact"),
        "FY2019 YTD": (1931, 1934, "differs"),
    }
    (line,) = [
        each
        for each in answer.lines
        if (each.check, each.period) == ("seattle_arrests_national", "FY2019 YTD")
    ]
    assert (line.last_day, line.is_known) == (datetime.date(2019, 7, 6), True)


@pytest.mark.needs_shared
def test_seattle_removals_of_the_national_files_by_the_counted_day_are_the_printed_totals(
    answer: Reconciliations,
):
    assert found(answer, "seattle_removals_national") == {
        "FY2016": (2124, 2124, "exact"),
        "FY2018": (4089, 4089, "exact"),
        "FY2019 YTD": (3227, 3444, "differs"),
    }


@pytest.mark.needs_shared
def test_national_removals_that_departed_within_the_year_are_those_the_footnotes_print(
    answer: Reconciliations,
):
    assert found(answer, "national_removals_without_lag") == {
        "FY2016": (235524, 235524, "exact"),
        "FY2018": (252405, 252405, "exact"),
    }


@pytest.mark.needs_shared
def test_detainers_agree_with_nprs_counts_in_every_month_and_by_type_and_lift_reason(answer: Reconciliations):
    months = found(answer, "detainers_by_month")
    assert list(months) == [
        *(f"2014-{each}" for each in (10, 11, 12)),
        *(f"2015-0{each}" for each in range(1, 8)),
    ]
    assert sum(int(str(each[1])) for each in months.values()) == 79053
    for check, count in (
        ("detainers_by_month", 10),
        ("detainers_by_type", 8),
        ("detainers_by_lift_reason", 12),
    ):
        compared = [each for each in answer.lines if each.check == check and each.verdict != "not_comparable"]
        assert (len(compared), {each.verdict for each in compared}) == (count, {"exact"})


@pytest.mark.needs_shared
@pytest.mark.parametrize(("check", "differing"), [("arrests_by_month", 9), ("removals_by_month", 11)])
def test_national_rows_of_the_closed_years_agree_with_the_monthly_tables_to_their_rounding(
    answer: Reconciliations, check: str, differing: int
):
    lines = found(answer, check)
    closed = [verdict for period, (_, _, verdict) in lines.items() if not period.startswith("2019")]
    assert len(closed) == 26
    assert set(closed) == {"exact"}
    open_ = [verdict for period, (_, _, verdict) in lines.items() if period.startswith("2019")]
    assert len(open_) == 11
    assert open_.count("differs") == differing


@pytest.mark.needs_shared
def test_stints_of_2025_and_the_published_headcount_do_not_overlap(answer: Reconciliations):
    (line,) = [each for each in answer.lines if each.check == "midnight_headcount"]
    assert line.reason == (
        "Nothing overlaps, no day is the same: headcounts 2005-09-23 to 2024-01-04, stints 2024-01-08 to 2025-02-17."
    )


@pytest.mark.needs_shared
def test_rows_after_the_stated_last_day_are_counted_in_every_national_file(answer: Reconciliations):
    lines = [each for each in answer.lines if each.check == "rows_in_stated_year" and each.difference]
    assert [(each.file, each.printed, each.difference, each.is_known) for each in lines] == [
        ("EROArrests_FY2019.csv.gz", 131904, -4, True),
        ("EROEncounters_FY2019.csv.gz", 396384, -39, True),
    ]


@pytest.mark.needs_shared
def test_every_declared_difference_is_there_and_no_other(answer: Reconciliations):
    differing = [each for each in answer.lines if each.verdict == "differs"]
    assert len(differing) == 40
    assert all(each.is_known for each in differing)
    declared_found = sum(
        len(each.found)
        for one in answer.declared.values()
        for check in (*one.checks, *one.stated_years)
        for each in check.differs
    )
    assert declared_found == len(differing)
    assert to_frame(answer.lines).height == len(answer.lines)
