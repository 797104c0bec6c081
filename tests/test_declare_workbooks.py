"""Workbooks and sheets in the catalog: whatever they name is declared, or the file and line are told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from recount import paths
from recount.declare.catalog import Catalog, load_catalog
from recount.declare.crosscheck_workbooks import SET_ASIDE_RULES
from recount.errors import CatalogError
from tiny_release import replace_once

SOURCE = "sources/ice-detention-statistics"
WORKBOOK = f"{SOURCE}/workbook.yml"
DETENTION = f"{SOURCE}/sheets/detention.yml"
ATD = f"{SOURCE}/sheets/atd.yml"
FACILITIES = f"{SOURCE}/sheets/facilities.yml"
SEGREGATION = f"{SOURCE}/sheets/segregation.yml"
TABLES = "tables"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped catalog, to be changed."""
    return Path(shutil.copytree(paths.CATALOG, tmp_path / "catalog"))


def problem_of(catalog: Path, file: str, old: str, new: str) -> str:
    """Returns what the loader says once `old`, which stands once in a file, is `new`."""
    path = catalog / file
    path.write_text(replace_once(path.read_text(encoding="utf-8"), old, new), encoding="utf-8")
    with pytest.raises(CatalogError) as raised:
        load_catalog(catalog, catalog.parent / "no-overlay")
    return str(raised.value)


def line_of(catalog: Path, file: str, text: str) -> int:
    lines = (catalog / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (WORKBOOK, "known_by: [detention,", "known_by: [detentions,", "no sheet is called 'detentions'"),
        (WORKBOOK, "reports: ice_", "reports: iec_", "no agency table is called 'iec_detention_statistics'"),
        (
            WORKBOOK,
            "authority: agency_file",
            "authority: agency_flie",
            "no authority is called 'agency_flie'",
        ),
        (WORKBOOK, "  no_label: A", "  no_lable: A", "lacks the reason of the rule 'no_label'"),
        (WORKBOOK, "  no_label: A", "  no_lable: A", "no rule is called 'no_lable'; nearest: no_label"),
        (WORKBOOK, "  - core: semiannual_figures", "  - core: yearly_figures", "no table is called 'yearly_"),
        (
            ATD,
            "source: ice-detention-statistics",
            "source: ice-detention",
            "no source of workbooks is called",
        ),
        (ATD, "core: atd_figures\ntables:", "core: atd_figure\ntables:", "no table is called 'atd_figure'"),
        (
            ATD,
            "codes: atd_statuses",
            "codes: atd_status",
            "no code list is called 'atd_status'; nearest: atd_statuses",
        ),
        (
            SEGREGATION,
            "    core: segregation_figures",
            "    core: segregations",
            "no table is called 'segregations'",
        ),
        (
            FACILITIES,
            "to: adp_level_a",
            "to: adp_level_aa",
            "no column is called 'adp_level_aa'; nearest: adp_level_a",
        ),
    ],
)
def test_what_nothing_declares_is_told_with_file_and_line(
    copy: Path, file: str, old: str, new: str, told: str
):
    problem = problem_of(copy, file, old, new)
    assert told in problem
    assert f"{file}, line " in problem


@pytest.mark.parametrize(
    ("file", "old", "new", "told", "other"),
    [
        (
            ATD,
            "{codes: atd_technologies, dimension: technology}]",
            "{codes: atd_technologies, dimension: gadget}]",
            "has no column gadget_code or gadget",
            f"{TABLES}/atd_figures.yml",
        ),
        (
            SEGREGATION,
            "title_sets: month_name",
            "title_sets: monthname",
            "has no column monthname_code or monthname",
            f"{TABLES}/segregation_figures.yml",
        ),
        (
            SEGREGATION,
            "sets: {population: everyone}",
            "sets: {population: everybody}",
            "no population is called 'everybody'",
            "codes/detention_populations.yml",
        ),
        (
            SEGREGATION,
            "figure: people_in_segregation",
            "figure: segregated_people",
            "no figure is called 'segregated_people'",
            "codes/detention_statistics_figures.yml",
        ),
        (
            ATD,
            "figure: atd_daily_technology_cost, unit: usd",
            "figure: atd_daily_technology_cost, unit: dollars",
            "no unit is called 'dollars'",
            "codes/figure_units.yml",
        ),
        (
            ATD,
            "rows: [{codes: atd_statuses, dimension: atd_status}]",
            "rows: [{codes: months_of_fiscal_year, dimension: atd_status}]",
            "no atd_status is called 'oct'",
            "codes/atd_statuses.yml",
        ),
        (
            FACILITIES,
            "to: zip_code, type: text",
            "to: zip_code, type: number",
            "number is not what zip_code holds",
            f"{TABLES}/detention_facilities.yml",
        ),
        (
            WORKBOOK,
            "population_code: parents_of_us_citizens,",
            "populace_code: parents_of_us_citizens,",
            "no column is called 'populace_code'; nearest: population_code",
            f"{TABLES}/semiannual_figures.yml",
        ),
        (
            WORKBOOK,
            "    flag: implausible",
            "    flag: unlikely",
            "no check that flags is called 'unlikely'",
            f"{TABLES}/semiannual_figures.yml",
        ),
    ],
)
def test_what_another_file_lacks_is_told_with_both_files(
    copy: Path, file: str, old: str, new: str, told: str, other: str
):
    problem = problem_of(copy, file, old, new)
    line = line_of(copy, file, new)
    said = next(each for each in problem.splitlines() if told in each)
    assert f"{file}, line " in said
    assert other in said
    assert abs(int(said.split("line ")[1].split()[0]) - line) <= 1


def test_a_value_of_a_declared_flag_is_a_code(copy: Path):
    problem = problem_of(copy, WORKBOOK, "statistic_name: removals,", "statistic_name: removal,")
    assert "no detention_statistics_figures is called 'removal'; nearest: removals" in problem


def test_dimensions_of_time_need_no_column(catalog: Catalog):
    months = [
        each
        for table in catalog.sheets["detention"].tables
        for heading in table.heading
        for each in heading.columns
        if each.dimension == "month"
    ]
    assert months
    assert "month_code" not in {each.name for each in catalog.tables["detention_figures"].fields}


def test_a_table_says_which_figure_its_numbers_are(copy: Path):
    problem = problem_of(copy, SEGREGATION, "    figure: people_in_segregation\n", "")
    assert "nothing says which figure the numbers of segregation_by_facility are" in problem


def test_a_table_says_which_unit_its_numbers_have(copy: Path):
    problem = problem_of(copy, SEGREGATION, "    unit: people\n", "")
    assert "nothing says which unit the numbers of segregation_by_facility are" in problem


def test_a_sheet_declares_a_table_once(copy: Path):
    problem = problem_of(copy, ATD, "- table: atd_by_status", "- table: atd_by_technology")
    assert "the table 'atd_by_technology' is declared twice" in problem


def test_every_rule_that_sets_cells_aside_has_its_reason(catalog: Catalog):
    for workbook in catalog.workbooks.values():
        assert sorted(workbook.set_aside) == sorted(SET_ASIDE_RULES)


def test_every_problem_of_workbooks_is_told_at_once(copy: Path):
    path = copy / ATD
    path.write_text(
        path.read_text(encoding="utf-8").replace("unit: people", "unit: persons"), encoding="utf-8"
    )
    problem = problem_of(copy, SEGREGATION, "unit: people", "unit: humans")
    assert "'persons'" in problem
    assert "'humans'" in problem
