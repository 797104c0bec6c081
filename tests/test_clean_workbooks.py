"""A workbook into core rows: its dates, its sheets, its facilities, and what it says of itself that does not fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from recount.clean.workbook_dates import name_date
from recount.clean.workbook_release import release_name
from recount.clean.workbooks import CleanedWorkbook
from recount.declare.catalog import Catalog
from recount.errors import ReleaseFileError
from small_record import day
from tiny_workbook import (
    BOOK_INS,
    BOOK_OUTS,
    DETAINED,
    DETENTION,
    FACILITIES,
    FACILITIES_SHEET,
    FACILITY_HEADINGS,
    FOOTNOTES,
    FOOTNOTES_SHEET,
    MONTHS,
    NAME,
    NORTH,
    POPULATION,
    SOURCE,
    SOUTH,
    Grid,
    clean,
    detention,
    grid,
    tiny_sheets,
    workbook,
)

FIGURES = "detention_figures"
Clean = Callable[..., CleanedWorkbook]


@pytest.fixture
def clean_sheets(catalog: Catalog) -> Clean:
    """Cleans the small workbook, with some of its sheets replaced, added, or left out (`None`)."""

    def run(
        sheets: dict[str, Grid | None] | None = None,
        name: str = NAME,
        first_captured: str | None = None,
        **how: Any,
    ) -> CleanedWorkbook:
        whole = {**tiny_sheets(), **(sheets or {})}
        kept = {each: rows for each, rows in whole.items() if rows is not None}
        captured = day(first_captured) if first_captured else None
        return clean(workbook(kept, name, **how), catalog, captured)

    return run


def figure(cleaned: CleanedWorkbook, table: str = FIGURES, **where: object) -> dict[str, Any]:
    """Returns the one figure that has these values."""
    wanted = [pl.col(name) == value for name, value in where.items()]
    rows = cleaned.frames[table].filter(*wanted).to_dicts()
    assert len(rows) == 1, rows
    return rows[0]


def told(cleaned: CleanedWorkbook, name: str) -> list[str]:
    return [each.text for each in cleaned.conflicts if each.name == name]


def unknown(cleaned: CleanedWorkbook) -> list[tuple[str, str, str]]:
    return [(each.cell, each.text, each.what) for each in cleaned.unknown]


def set_aside(cleaned: CleanedWorkbook, rule: str) -> list[str]:
    return [each.cell for each in cleaned.set_aside if each.rule == rule]


def footnotes(**days: str) -> Grid:
    """Returns the sheet of notes with the days of some terms changed; an empty one takes the day out."""
    lines = list(FOOTNOTES)
    for term, on in days.items():
        (index,) = [number for number, each in enumerate(lines) if term.replace("_", " ") in each]
        lines[index] = lines[index].replace("01/07/2026", on)
    return grid(*lines)


# Figures


def test_a_figure_says_what_it_is_of_which_days_and_from_which_cell(clean_sheets: Clean):
    assert figure(
        clean_sheets(),
        statistic_name="detained",
        arresting_agency_code="cbp",
        criminality_code="convicted",
    ) == {
        "release": "fy26-detentionstats01082026",
        "printed_table": "detained_by_criminality",
        "statistic_name": "detained",
        "unit_code": "people",
        "period_kind": "snapshot",
        "fiscal_year": 2026,
        "period_start": day("2026-01-07"),
        "through_date": day("2026-01-07"),
        "through_precision": "day",
        "arresting_agency_code": "cbp",
        "criminality_code": "convicted",
        "facility_type_code": "total",
        "release_reason_code": "total",
        "disposition_code": "total",
        "custody_band_code": "total",
        "facility_name": None,
        "facility_code": None,
        "value_count": 10,
        "value_number": None,
        "flags": None,
        "file_original": NAME,
        "sheet_original": DETENTION,
        "cell_original": "D9",
    }


def test_counts_are_whole_and_means_are_numbers(clean_sheets: Clean):
    cleaned = clean_sheets()
    counts = cleaned.frames[FIGURES].filter(pl.col("statistic_name") == "book_ins")
    means = cleaned.frames[FIGURES].filter(pl.col("statistic_name") == "average_daily_population")
    assert counts.get_column("value_number").null_count() == counts.height > 0
    assert means.get_column("value_count").null_count() == means.height > 0


def test_a_count_that_is_not_whole_is_told(clean_sheets: Clean):
    broken = [each.replace("CBP|4|5", "CBP|4.5|5") for each in BOOK_INS]
    cleaned = clean_sheets({DETENTION: detention(broken)})
    assert unknown(cleaned) == [("B9", "4.5", "not_a_number")]
    assert cleaned.frames[FIGURES].height == 14


def test_a_heading_says_before_a_label_does(clean_sheets: Clean):
    total = figure(
        clean_sheets(),
        statistic_name="book_outs",
        release_reason_code="total",
        period_kind="month",
        period_start=day("2025-11-01"),
    )
    assert (total["criminality_code"], total["value_count"]) == ("total", 8)


def test_a_label_carried_down_is_told_apart_from_the_total(clean_sheets: Clean):
    where = {"statistic_name": "average_daily_population", "period_kind": "fiscal_year_to_date"}
    assert figure(clean_sheets(), arresting_agency_code="ice", criminality_code="convicted", **where)[
        "value_number"
    ] == pytest.approx(11.75)
    assert figure(clean_sheets(), arresting_agency_code="total", criminality_code="total", **where)[
        "value_number"
    ] == pytest.approx(33.5)


def test_every_number_of_a_sheet_is_kept_set_aside_or_unknown(clean_sheets: Clean):
    odd = [each.replace("CBP|4|5", "Navy|4|5") for each in BOOK_INS]
    for account in clean_sheets({DETENTION: detention(DETAINED, odd, POPULATION)}).accounts:
        assert account.numbers == account.kept + account.set_aside + account.unknown_numbers


# Months that had not come


def test_a_zero_of_a_month_still_to_come_is_no_count(clean_sheets: Clean):
    cleaned = clean_sheets({DETENTION: detention(BOOK_INS)})
    assert set_aside(cleaned, "month_still_to_come") == [f"{letter}8" for letter in "FGHIJKLM"]
    assert cleaned.frames[FIGURES].filter(pl.col("period_start") > day("2026-01-31")).is_empty()


def test_a_number_of_a_month_still_to_come_is_kept_and_flagged(clean_sheets: Clean):
    early = [each.replace("Total|10|20|30|4|0", "Total|10|20|30|4|9") for each in BOOK_INS]
    february = figure(clean_sheets({DETENTION: detention(early)}), period_start=day("2026-02-01"))
    assert (february["value_count"], february["flags"]) == (9, "counts_days_to_come")


# Dates


def test_each_family_of_numbers_counts_through_its_own_day(clean_sheets: Clean):
    cleaned = clean_sheets({FOOTNOTES_SHEET: footnotes(Currently_Detained="01/04/2026")})
    days = {
        name: set(rows.get_column("through_date"))
        for (name,), rows in cleaned.frames[FIGURES]
        .filter(pl.col("period_kind") != "month")
        .group_by("statistic_name")
    }
    assert days["detained"] == {day("2026-01-04")}
    assert days["book_ins"] == {day("2026-01-07")}


def test_a_family_without_a_day_takes_the_latest_of_the_others_and_is_told(clean_sheets: Clean):
    cleaned = clean_sheets({FOOTNOTES_SHEET: footnotes(**{"Initial Book-Ins": "a day"})})
    ins = figure(
        cleaned, statistic_name="book_ins", period_kind="fiscal_year_to_date", arresting_agency_code="total"
    )
    assert (ins["through_date"], ins["through_precision"]) == (day("2026-01-07"), "approximate")
    assert told(cleaned, "no_date") == [
        "book_ins_by_agency of FY2026: no note gives its day; 2026-01-07 is taken, approximately"
    ]


def test_notes_of_another_fiscal_year_date_nothing_and_are_told(clean_sheets: Clean):
    cleaned = clean_sheets({FOOTNOTES_SHEET: footnotes(**{"Initial Book-Ins": "09/30/2024"})})
    for statistic in ("book_ins", "book_outs"):
        rows = cleaned.frames[FIGURES].filter(
            (pl.col("statistic_name") == statistic) & (pl.col("period_kind") == "fiscal_year_to_date")
        )
        assert set(rows.get_column("through_date")) == {day("2026-01-08")}
        assert set(rows.get_column("through_precision")) == {"approximate"}
        assert set(rows.get_column("flags")) == {"date_of_another_year"}
    assert (
        "book_ins_by_agency of FY2026: the notes say 2024-09-30; 2026-01-08 is taken, approximately"
        in told(cleaned, "date_of_another_year")
    )


def test_a_day_that_cannot_be_dates_nothing(clean_sheets: Clean):
    cleaned = clean_sheets({FOOTNOTES_SHEET: footnotes(**{"Initial Book-Ins": "13/45/2025"})})
    assert len(told(cleaned, "no_date")) == 1


def test_without_notes_the_name_of_the_file_dates_the_numbers(clean_sheets: Clean):
    cleaned = clean_sheets({FOOTNOTES_SHEET: None})
    detained = figure(
        cleaned, statistic_name="detained", arresting_agency_code="total", criminality_code="total"
    )
    assert (detained["through_date"], detained["through_precision"]) == (day("2026-01-08"), "approximate")
    assert "there is no sheet 'footnotes'" in told(cleaned, "missing_sheet")


def test_a_workbook_that_nothing_dates_is_refused(clean_sheets: Clean):
    undated = grid(*[each for each in FACILITIES if "Source" not in each])
    with pytest.raises(ReleaseFileError, match="Nothing dates stats"):
        clean_sheets({FOOTNOTES_SHEET: None, FACILITIES_SHEET: undated}, name="stats.xlsx")


def test_facilities_are_dated_by_their_own_sheet(clean_sheets: Clean):
    assert set(clean_sheets().frames["detention_facilities"].get_column("through_date")) == {
        day("2025-12-26")
    }


# The fiscal year


def test_the_fiscal_year_is_that_of_the_content_and_a_name_that_differs_is_told(clean_sheets: Clean):
    cleaned = clean_sheets(name="FY25_detentionStats01082026.xlsx")
    assert set(cleaned.frames[FIGURES].get_column("fiscal_year")) == {2026}
    assert told(cleaned, "fiscal_year_differs_from_name") == [
        "the file's name says FY2025, its Detention sheet FY2026; the content stands"
    ]


def test_a_title_of_another_year_than_its_sheet_dates_its_own_table(clean_sheets: Clean):
    last_year = [each.replace("FY2026 YTD", "FY2025") for each in BOOK_INS]
    cleaned = clean_sheets({DETENTION: detention(last_year)})
    assert set(cleaned.frames[FIGURES].get_column("fiscal_year")) == {2025}
    assert set(cleaned.frames[FIGURES].get_column("flags")) == {"date_of_another_year"}


def test_the_year_of_the_act_that_a_sheet_names_is_not_its_own(clean_sheets: Clean):
    act = "These statistics are made available under the Appropriations Bill, FY2018"
    rows = [[act], *detention(BOOK_INS)]
    assert set(clean_sheets({DETENTION: rows}).frames[FIGURES].get_column("fiscal_year")) == {2026}


def test_a_workbook_that_names_no_fiscal_year_is_refused(clean_sheets: Clean):
    with pytest.raises(ReleaseFileError, match="Nothing says which fiscal year"):
        clean_sheets({DETENTION: detention(title="ICE DETENTION DATA")})


# Length of custody: a year whose label is missing

ICLOS = "ICLOS and Detainees"


def iclos(years: str, months: str, halves: str, numbers: str) -> Grid:
    return grid(
        "Average In Custody Length of Stay (ICLOS)",
        "",
        f"Population|{years}",
        f"|{months}",
        f"|{halves}",
        f"Total|{numbers}",
    )


def test_a_month_under_the_year_before_is_of_the_next_and_is_flagged(clean_sheets: Clean):
    rows = iclos("2024|||", "December||January|", "mid|end|mid|end", "1|2|3|4")
    cleaned = clean_sheets({ICLOS: rows})
    figures = cleaned.frames["custody_figures"].sort("through_date")
    assert figures.select("through_date", "flags").rows() == [
        (day("2024-12-15"), None),
        (day("2024-12-31"), None),
        (day("2025-01-15"), "year_label_missing"),
        (day("2025-01-31"), "year_label_missing"),
    ]


def test_months_under_a_label_of_their_own_year_are_not_flagged(clean_sheets: Clean):
    cleaned = clean_sheets({ICLOS: iclos("2024||2025|", "December||January|", "mid|end|mid|end", "1|2|3|4")})
    figures = cleaned.frames["custody_figures"].sort("through_date")
    assert figures.get_column("through_date").to_list()[-1] == day("2025-01-31")
    assert figures.get_column("flags").null_count() == 4


# What does not hang together


@pytest.mark.parametrize(
    ("months", "halves", "where"),
    [
        ("October||December|", "mid|end|mid|end", "D6"),
        ("October||November|", "mid|mid|mid|end", "C6, D6"),
        ("October||November|", "end|mid|mid|end", "C6, D6"),
    ],
)
def test_half_months_that_do_not_follow_one_another_are_told(
    clean_sheets: Clean, months: str, halves: str, where: str
):
    cleaned = clean_sheets({ICLOS: iclos("2024|||", months, halves, "1|2|3|4")})
    assert told(cleaned, "broken_sequence") == [
        f"'{ICLOS}', iclos_by_population: not of the time that follows the one before: {where}"
    ]


PAROLE = "Aliens with Positive Credible Fear Determination Parole Requested: FY2024 - FY2026"


@pytest.mark.parametrize(
    ("years", "where"),
    [((2026, 2025, 2024), None), ((2026, 2023, 2024), "B9, B10"), ((2026, 2025, 2026), "B10")],
)
def test_years_of_rows_that_do_not_follow_one_another_are_told(
    clean_sheets: Clean, years: tuple[int, ...], where: str | None
):
    rows = [f"FY{year}|{'|'.join('1' * 12)}|12" for year in years]
    cleaned = clean_sheets({DETENTION: detention([PAROLE, f"Fiscal Year|{MONTHS}|FY Overall", *rows])})
    text = f"'{DETENTION}', parole_requests: not of the time that follows the one before: {where}"
    assert told(cleaned, "broken_sequence") == ([text] if where else [])


VULNERABLE = "Vulnerable & Special Population"


@pytest.mark.parametrize(("second", "broken"), [("2", False), ("3", True)])
def test_quarters_of_tables_that_do_not_follow_one_another_are_told(
    clean_sheets: Clean, second: str, broken: bool
):
    lines = []
    for quarter in ("1", second):
        lines += [
            f"FY 2025 Quarter {quarter} Data",
            "Placement Reason|Number of Placements",
            "Grand Total|3",
            "",
            "",
        ]
    cleaned = clean_sheets({VULNERABLE: grid(*lines)})
    assert bool(told(cleaned, "broken_sequence")) == broken


def test_a_month_that_no_column_is_headed_by_is_told(clean_sheets: Clean):
    rows = [[cell for number, cell in enumerate(row) if number != 3] for row in detention(BOOK_INS)]
    cleaned = clean_sheets({DETENTION: rows})
    assert told(cleaned, "missing_heading") == [f"'{DETENTION}', book_ins_by_agency: no column is headed dec"]


def test_an_empty_cell_beside_numbers_is_told(clean_sheets: Clean):
    lacking = [each.replace("CBP|4|5", "CBP|4|") for each in BOOK_INS]
    cleaned = clean_sheets({DETENTION: detention(lacking)})
    assert told(cleaned, "blank_cell") == [f"'{DETENTION}', book_ins_by_agency: empty beside numbers: C9"]


def test_an_empty_cell_of_a_month_still_to_come_is_not_told(clean_sheets: Clean):
    assert told(clean_sheets(), "blank_cell") == []


def test_a_label_without_any_number_is_told(clean_sheets: Clean):
    lacking = [*BOOK_INS[:3], "CBP", *BOOK_INS[4:]]
    cleaned = clean_sheets({DETENTION: detention(lacking)})
    assert told(cleaned, "blank_cell") == [
        f"'{DETENTION}', book_ins_by_agency: empty beside numbers: B9, C9, D9 and 2 more"
    ]


def test_what_is_said_of_two_numbers_is_told(clean_sheets: Clean):
    lost = [each.replace("Paroled|Total", "|Total") for each in BOOK_OUTS]
    cleaned = clean_sheets({DETENTION: detention(lost)})
    assert told(cleaned, "repeated_figure") == [
        f"'{DETENTION}', book_outs_by_reason: said a second time: C12, D12, E12 and 20 more"
    ]


PARTICIPANTS = (
    "Active ATD Participants and Average Length in Program, FY26, as of 01/05/2026, by AOR and Technology",
    "AOR/Technology|Count|Average Length in Program",
    "Total|9|30.5",
)


def test_numbers_without_a_label_in_a_list_that_has_them_are_set_aside_and_told(clean_sheets: Clean):
    cleaned = clean_sheets({"ATD FY26": grid(*PARTICIPANTS, "Atlanta|9|30.5", "|4|20.5")})
    assert set_aside(cleaned, "no_label") == ["B5", "C5"]
    assert told(cleaned, "no_label") == ["'ATD FY26': numbers without a label: B5, C5"]


def test_a_part_of_an_area_without_an_area_above_it_is_told(clean_sheets: Clean):
    cleaned = clean_sheets(
        {"ATD FY26": grid(*PARTICIPANTS, "SmartLINK|4|20.5", "Boston|5|40.5", "GPS|5|40.5")}
    )
    assert unknown(cleaned) == [("A4", "SmartLINK", "label"), ("B4", "4", "number"), ("C4", "20.5", "number")]
    boston = cleaned.frames["atd_figures"].filter(pl.col("aor_code") == "BOS")
    assert boston.get_column("value_count").drop_nulls().to_list() == [5, 5]


def test_a_number_whose_time_cannot_be_is_told(clean_sheets: Clean):
    rows = [f"FY{year}|{'|'.join('1' * 12)}|12" for year in ("2026", "202")]
    cleaned = clean_sheets({DETENTION: detention([PAROLE, f"Fiscal Year|{MONTHS}|FY Overall", *rows])})
    assert len(unknown(cleaned)) == 13
    assert {what for _, _, what in unknown(cleaned)} == {"not_a_number"}


# Whom a row counts, by the total above it

TRANSGENDER = "FY25 Trans. Detainee Pop"


@pytest.mark.parametrize(
    ("total", "figure_name", "kind"),
    [
        ("Total Book-Ins for FY25", "book_ins", "fiscal_year_to_date"),
        ("Total Current in ICE Custody Location/Area of Responsibility", "detained", "snapshot"),
    ],
)
def test_areas_below_a_total_are_of_that_total(clean_sheets: Clean, total: str, figure_name: str, kind: str):
    lines = (
        "ICE Transgender Detainee Population FY 2025 YTD: as of 01/05/2026",
        "FY 2025 YTD|Count",
        f"{total}|9",
    )
    cleaned = clean_sheets({TRANSGENDER: grid(*lines, "Denver Area of Responsibility|4")})
    row = figure(cleaned, "vulnerable_figures", aor_code="DEN")
    assert (row["statistic_name"], row["period_kind"]) == (figure_name, kind)


# Sheets


def test_a_sheet_is_known_by_its_name_whatever_its_spaces_and_letters(clean_sheets: Clean):
    rows = tiny_sheets()
    sheets = {DETENTION: None, " DETENTION  fy26 ": rows[DETENTION]}
    assert clean_sheets(sheets).frames[FIGURES].height == 115


@pytest.mark.parametrize(
    "name", ["Detention FY27", "FY26 Detention", "Detention EOFY26", "FY 2026 YTD Detention"]
)
def test_a_sheet_is_known_with_its_year_before_or_behind_its_name(clean_sheets: Clean, name: str):
    assert clean_sheets({DETENTION: None, name: tiny_sheets()[DETENTION]}).frames[FIGURES].height == 115


@pytest.mark.parametrize(("lacking", "kind"), [(DETENTION, "detention"), (FACILITIES_SHEET, "facilities")])
def test_a_workbook_without_the_sheets_that_make_it_one_is_refused(
    clean_sheets: Clean, lacking: str, kind: str
):
    with pytest.raises(ReleaseFileError) as raised:
        clean_sheets({lacking: None})
    assert raised.value.summary == f"{NAME} is not a workbook of ice-detention-statistics."
    facts = dict(raised.value.facts)
    assert facts["lacks"] == f"a visible sheet '{kind}'"
    assert f"sheets/{kind}.yml" in facts["fix"]


def test_a_hidden_sheet_does_not_make_a_workbook(clean_sheets: Clean):
    with pytest.raises(ReleaseFileError) as raised:
        clean_sheets(hidden=[DETENTION])
    assert "'Detention FY26' (hidden)" in dict(raised.value.facts)["has"]


def test_a_hidden_sheet_is_told_and_not_read(clean_sheets: Clean):
    stale = [each.replace("Total|60", "Total|59") for each in DETAINED]
    cleaned = clean_sheets({"Detention EOFY2020": detention(stale)}, hidden=["Detention EOFY2020"])
    assert told(cleaned, "hidden_sheet") == ["the sheet 'Detention EOFY2020' is hidden and is not read"]
    assert set(cleaned.frames[FIGURES].get_column("sheet_original")) == {DETENTION}


def test_a_sheet_that_nothing_knows_is_told_with_every_cell(clean_sheets: Clean):
    cleaned = clean_sheets({"New table": grid("Something|12")}, errors={"New table": {(2, 0): "#N/A"}})
    assert told(cleaned, "unknown_sheet") == ["no layout knows the sheet 'New table'"]
    assert unknown(cleaned) == [
        ("A1", "Something", "text"),
        ("B1", "12", "number"),
        ("A3", "#N/A", "formula_error"),
    ]


def test_a_missing_sheet_and_a_missing_table_are_told_in_years_that_had_them(clean_sheets: Clean):
    cleaned = clean_sheets()
    assert "there is no sheet 'bond'" in told(cleaned, "missing_sheet")
    assert f"the sheet '{DETENTION}' lacks the table removals" in told(cleaned, "missing_table")
    assert "transgender" not in str(told(cleaned, "missing_sheet"))


def test_two_sheets_of_one_kind_and_year_are_told(clean_sheets: Clean):
    cleaned = clean_sheets({"Detention FY26 (2)": detention(DETAINED)})
    assert told(cleaned, "repeated_sheet") == [
        "the sheets 'Detention FY26' and 'Detention FY26 (2)' are of one kind and fiscal year"
    ]


def test_two_sheets_of_one_kind_and_two_years_are_not_told(clean_sheets: Clean):
    rows = detention(DETAINED, title="ICE DETENTION DATA, FY2025")
    assert told(clean_sheets({"Detention FY25": rows}), "repeated_sheet") == []


# Facilities


def facility_rows(clean_sheets: Clean, *lines: str, headings: str = FACILITY_HEADINGS) -> CleanedWorkbook:
    return clean_sheets({FACILITIES_SHEET: grid(*FACILITIES[:4], headings, *lines)})


def test_a_facility_is_a_row_with_its_numbers_and_the_letters_of_its_columns(clean_sheets: Clean):
    north = figure(clean_sheets(), "detention_facilities", facility_name="NORTH CENTER")
    assert (north["city"], north["zip_code"], north["row_original"]) == ("AVON", "02322", 6)
    assert (north["adp_level_d"], north["adp_mandatory"]) == (4.0, 6.0)
    assert north["columns_original"].startswith("facility_name:A,address:B")


def test_a_facility_without_an_average_stay_is_a_facility(clean_sheets: Clean):
    assert (
        figure(clean_sheets(), "detention_facilities", facility_name="SOUTH CENTER")["length_of_stay_days"]
        is None
    )


def test_a_number_that_names_a_facility_is_set_aside_and_a_mark_is_no_number(clean_sheets: Clean):
    cleaned = clean_sheets()
    assert set_aside(cleaned, "identifies_the_facility") == ["E6", "E7"]
    assert set_aside(cleaned, "no_number") == ["W6"]


def test_the_header_is_the_row_that_begins_with_name(clean_sheets: Clean):
    rows = grid("", "", *FACILITIES)
    frame = clean_sheets({FACILITIES_SHEET: rows}).frames["detention_facilities"]
    assert frame.get_column("row_original").to_list() == [8, 9]


def test_a_known_footnote_below_the_facilities_is_none_of_them(clean_sheets: Clean):
    cleaned = facility_rows(clean_sheets, NORTH, "", "[1] This facility closed.", "Strange remark")
    assert cleaned.frames["detention_facilities"].height == 1
    assert unknown(cleaned) == [("A9", "Strange remark", "text")]


def test_an_unknown_column_of_facilities_is_told_with_its_cells(clean_sheets: Clean):
    cleaned = facility_rows(clean_sheets, f"{NORTH}|12", headings=f"{FACILITY_HEADINGS}|Juveniles")
    assert unknown(cleaned) == [("Y5", "Juveniles", "heading"), ("Y6", "12", "number")]


def test_a_column_of_facilities_that_is_always_there_is_missed(clean_sheets: Clean):
    cleaned = facility_rows(clean_sheets, NORTH, headings=FACILITY_HEADINGS.replace("Level A", "Level Z"))
    assert told(cleaned, "missing_heading") == [f"'{FACILITIES_SHEET}': no column is headed as adp_level_a"]


def test_text_in_a_number_of_a_facility_is_told(clean_sheets: Clean):
    cleaned = facility_rows(clean_sheets, NORTH.replace("|30.5|", "|about 30|"))
    assert unknown(cleaned) == [("I6", "about 30", "not_a_number")]


def test_a_facility_without_a_population_that_every_facility_has_is_told(clean_sheets: Clean):
    cleaned = facility_rows(clean_sheets, NORTH.replace("|30.5|1|2|", "||1||"))
    assert told(cleaned, "blank_cell") == [f"'{FACILITIES_SHEET}', facilities: empty beside numbers: K6"]


def test_an_error_on_the_sheet_of_facilities_is_told(clean_sheets: Clean):
    cleaned = clean_sheets(errors={FACILITIES_SHEET: {(6, 8): "#N/A"}})
    assert unknown(cleaned) == [("I7", "#N/A", "formula_error")]


def test_a_sheet_of_facilities_without_a_header_is_told_cell_by_cell(clean_sheets: Clean):
    cleaned = clean_sheets({FACILITIES_SHEET: grid(*FACILITIES[:4], SOUTH)})
    assert cleaned.frames["detention_facilities"].is_empty()
    assert f"the sheet '{FACILITIES_SHEET}' lacks the table facilities" in told(cleaned, "missing_table")
    assert len(unknown(cleaned)) == len([each for each in SOUTH.split("|") if each])


# The release


@pytest.mark.parametrize(
    ("file", "release"),
    [
        ("FY26_detentionStats01082026.xlsx", "fy26-detentionstats01082026"),
        ("2024-12-20_FY24_detentionStats.xlsx", "2024-12-20-fy24-detentionstats"),
        ("FY21 Detention Stats (1).xlsx", "fy21-detention-stats-1"),
    ],
)
def test_a_release_is_named_after_its_file(file: str, release: str):
    assert release_name(file) == release


def test_a_workbook_is_out_from_its_last_run_to_its_first_archived_copy(clean_sheets: Clean):
    release = clean_sheets(first_captured="2026-01-12").release
    assert (release.published_from, release.published_to) == (day("2026-01-08"), day("2026-01-12"))
    assert release.covers_through == day("2026-01-07")


def test_without_an_archived_copy_a_workbook_is_out_two_weeks_after_the_day_in_its_name(clean_sheets: Clean):
    assert clean_sheets().release.published_to == day("2026-01-22")


def test_a_workbook_that_was_archived_before_its_last_day_was_out_by_then(clean_sheets: Clean):
    release = clean_sheets(first_captured="2026-01-05").release
    assert release.published_from == release.published_to == release.covers_through == day("2026-01-05")


def test_a_workbook_without_a_day_in_its_name_came_out_at_no_known_last_day(clean_sheets: Clean):
    assert clean_sheets(name="detentionstats.xlsx").release.published_to is None


def test_a_day_in_a_name_before_what_the_workbook_counts_is_misprinted_and_says_nothing(clean_sheets: Clean):
    assert clean_sheets(name="FY26_detentionStats01082025.xlsx").release.published_to is None


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("FY24_detentionStats02292024.xlsx", "2024-02-29"),
        ("FY23_detentionStats04122023b.xlsx", "2023-04-12"),
        ("2024-12-20_FY24_detentionStats.xlsx", "2024-12-20"),
        ("FY21_detentionStats060921.xlsx", "2021-06-09"),
        ("FY23_detentionStats230316.xlsx", "2023-03-16"),
    ],
)
def test_the_day_in_a_name_is_written_in_several_ways(catalog: Catalog, name: str, last: str):
    assert name_date(name, catalog.workbooks[SOURCE]) == day(last)


@pytest.mark.parametrize("name", ["FY19-detentionstats.xlsx", "FY21_detention-stats_0301.xlsx"])
def test_a_name_without_a_whole_day_gives_none(catalog: Catalog, name: str):
    assert name_date(name, catalog.workbooks[SOURCE]) is None
