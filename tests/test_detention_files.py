"""The real workbooks: known facts found by name, and every number of every visible sheet accounted for."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from recount.acquire.files import read_file
from recount.clean.workbooks import CleanedWorkbook, WorkbookCleaner
from recount.declare.catalog import Catalog
from recount.extract.workbooks import read_workbook
from tiny_workbook import SOURCE

pytestmark = pytest.mark.needs_shared

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
TO_DATE = {"period_kind": "fiscal_year_to_date"}
DETAINED = {
    "statistic_name": "detained",
    "period_kind": "snapshot",
    "arresting_agency_code": "total",
    "criminality_code": "total",
    "facility_type_code": "total",
    "disposition_code": "total",
}
BOOK_INS = {
    "statistic_name": "book_ins",
    "arresting_agency_code": "total",
    "criminality_code": "total",
    **TO_DATE,
}
REMOVALS = {"statistic_name": "removals", **TO_DATE}
POPULATION = {
    "statistic_name": "average_daily_population",
    "arresting_agency_code": "total",
    "criminality_code": "total",
    "facility_type_code": "total",
    **TO_DATE,
}
STAY = {**POPULATION, "statistic_name": "average_length_of_stay"}
PARTICIPANTS = {
    "statistic_name": "atd_participants",
    "aor_code": None,
    "technology_code": "total",
    "atd_status_code": "total",
}

# What each fact of the list is of, in the words of the core tables.
FACTS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "currently detained in FRC": (
        "detention_figures",
        {**DETAINED, "facility_type_code": "family"},
    ),
    "initial book-ins FY19 total": ("detention_figures", {**BOOK_INS, "fiscal_year": 2019}),
    "ICE removals FY19": ("detention_figures", {**REMOVALS, "fiscal_year": 2019}),
    "ADP FY19 overall": ("detention_figures", {**POPULATION, "fiscal_year": 2019}),
    "ALOS FY19 overall (days)": ("detention_figures", {**STAY, "fiscal_year": 2019}),
    "ATD active total": ("atd_figures", {**PARTICIPANTS, "fiscal_year": 2019}),
    "currently detained, visible sheet": ("detention_figures", {**DETAINED, "fiscal_year": 2026}),
    "currently detained": ("detention_figures", DETAINED),
    "ATD total 2023-09-30": ("atd_figures", {**PARTICIPANTS, "through_date": "2023-09-30"}),
    "removals FY24": ("detention_figures", {**REMOVALS, "fiscal_year": 2024}),
    "ADP FY20 overall (3-way criminality from FY20 on)": (
        "detention_figures",
        {**POPULATION, "fiscal_year": 2020},
    ),
    "currently detained, total": ("detention_figures", DETAINED),
    "removals FY20 (OHSS 185,880)": ("detention_figures", {**REMOVALS, "fiscal_year": 2020}),
    "ADP FY22 overall (data through 2022-09-24)": (
        "detention_figures",
        {**POPULATION, "fiscal_year": 2022, "through_date": "2022-09-24"},
    ),
    "removals FY22 through 2022-09-24 (OHSS full-year 72,180)": (
        "detention_figures",
        {**REMOVALS, "fiscal_year": 2022, "through_date": "2022-09-24"},
    ),
    "ADP FY23 overall": ("detention_figures", {**POPULATION, "fiscal_year": 2023}),
    "removals FY23 (OHSS 142,580)": ("detention_figures", {**REMOVALS, "fiscal_year": 2023}),
    "ADP FY24 overall": ("detention_figures", {**POPULATION, "fiscal_year": 2024}),
}
HIDDEN = "hidden stale sheet (must be ignored)"
ZIP = "Zip is a number in FY19"


@pytest.fixture(scope="module")
def workbooks(shared_data: Path, catalog: Catalog) -> dict[str, CleanedWorkbook]:
    """Every real workbook as cleaned, by its path below the folder."""
    folder = shared_data / "detention-statistics"
    cleaner = WorkbookCleaner(catalog.workbooks[SOURCE], catalog)
    return {
        path.relative_to(folder).as_posix(): cleaner.clean(read_workbook(read_file(path, path.name)))
        for path in sorted(folder.glob("*/*.xlsx"))
    }


@pytest.fixture(scope="module")
def facts(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "detention-statistics" / "cell-facts.csv").open(
        encoding="utf-8", newline=""
    ) as lines:
        return list(csv.DictReader(lines))


def values(cleaned: CleanedWorkbook, table: str, where: Mapping[str, object]) -> set[float]:
    """Returns the values of the figures that are so named; a workbook may print one twice."""
    frame = cleaned.frames[table]
    wanted = [
        pl.col(name).is_null() if value is None else pl.col(name).cast(pl.String) == str(value)
        for name, value in where.items()
    ]
    rows = frame.filter(*wanted)
    return {
        float(count if count is not None else number)
        for count, number in rows.select("value_count", "value_number").iter_rows()
    }


def test_all_77_workbooks_are_read(workbooks: dict[str, CleanedWorkbook]):
    assert len(workbooks) == 77


def test_every_listed_fact_is_known_here(facts: list[dict[str, str]]):
    assert {each["what"] for each in facts} == {*FACTS, HIDDEN, ZIP}


def test_every_listed_fact_is_found_by_name(
    workbooks: dict[str, CleanedWorkbook], facts: list[dict[str, str]]
):
    wrong = []
    for fact in facts:
        if fact["what"] not in FACTS:
            continue
        table, where = FACTS[fact["what"]]
        found = values(workbooks[fact["file"]], table, where)
        if not any(abs(each - float(fact["value"])) <= 0.000005 for each in found):
            wrong.append((fact["what"], fact["value"], found))
    assert wrong == []


def test_a_listed_fact_of_a_hidden_sheet_is_in_no_table(
    workbooks: dict[str, CleanedWorkbook], facts: list[dict[str, str]]
):
    (fact,) = [each for each in facts if each["what"] == HIDDEN]
    cleaned = workbooks[fact["file"]]
    held = values(cleaned, "detention_figures", DETAINED)
    assert float(fact["value"]) not in held
    assert len(held) == 1
    for frame in cleaned.frames.values():
        assert fact["sheet"] not in set(frame.get_column("sheet_original"))
    assert f"the sheet {fact['sheet']!r} is hidden and is not read" in {
        each.text for each in cleaned.conflicts
    }


def test_a_postal_code_that_is_a_number_is_a_text_that_names_the_facility(
    workbooks: dict[str, CleanedWorkbook], facts: list[dict[str, str]]
):
    (fact,) = [each for each in facts if each["what"] == ZIP]
    cleaned = workbooks[fact["file"]]
    row = cleaned.frames["detention_facilities"].filter(pl.col("row_original") == int(fact["cell"][1:]))
    assert row.get_column("zip_code").to_list() == [str(int(float(fact["value"])))]


def test_every_number_cell_of_every_visible_sheet_is_kept_or_set_aside_and_none_is_unknown(
    workbooks: dict[str, CleanedWorkbook], shared_data: Path
):
    wrong = []
    for name, cleaned in workbooks.items():
        reader = fastexcel.read_excel(shared_data / "detention-statistics" / name)
        for each in reader.sheet_names:
            sheet = reader.load_sheet(each, header_row=None, skip_rows=0, dtypes="string")
            counted = 0
            if sheet.visible == "visible" and sheet.width:
                counted = sum(
                    1
                    for row in sheet.to_polars().rows()
                    for cell in row
                    if cell is not None and NUMBER.fullmatch(cell.strip())
                )
            (account,) = [one for one in cleaned.accounts if one.sheet == each]
            if not counted == account.numbers == account.kept + account.set_aside or account.unknown_numbers:
                wrong.append((name, each, counted, account))
    assert wrong == []


def test_as_many_cells_are_kept_and_set_aside_as_the_account_says(workbooks: dict[str, CleanedWorkbook]):
    for name, cleaned in workbooks.items():
        aside = sum(1 for each in cleaned.set_aside if each.number)
        figures = sum(
            frame.height for table, frame in cleaned.frames.items() if table != "detention_facilities"
        )
        facilities = sum(
            int(series.count())
            for frame in [cleaned.frames["detention_facilities"]]
            for series in frame.select(pl.selectors.float())
        )
        assert figures + facilities == sum(each.kept for each in cleaned.accounts), name
        assert aside == sum(each.set_aside for each in cleaned.accounts), name


def test_a_cell_is_in_a_table_once(workbooks: dict[str, CleanedWorkbook]):
    for cleaned in workbooks.values():
        for table, frame in cleaned.frames.items():
            if table != "detention_facilities":
                assert not frame.select("sheet_original", "cell_original").is_duplicated().any()


def test_only_error_cells_of_one_workbook_are_unknown(workbooks: dict[str, CleanedWorkbook]):
    unknown = {
        (name, each.what, each.text) for name, cleaned in workbooks.items() for each in cleaned.unknown
    }
    assert unknown == {("FY19/FY19-detentionstats.xlsx", "formula_error", "#N/A")}


def test_a_quarter_that_one_workbook_leaves_out_is_told(workbooks: dict[str, CleanedWorkbook]):
    broken = {
        (name, each.text)
        for name, cleaned in workbooks.items()
        for each in cleaned.conflicts
        if each.name == "broken_sequence"
    }
    assert broken == {
        (
            "FY26/FY26_detentionStats_02122026.xlsx",
            "'Vulnerable & Special Population', placements_by_reason: "
            "not of the time that follows the one before: B174",
        )
    }
