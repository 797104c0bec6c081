"""Individual records from text to core rows: what a cell means, and what becomes of one that means nothing."""

from __future__ import annotations

import datetime
import re
from typing import Literal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from recount.clean.events import CleanedEvents, clean_events
from recount.clean.inferred_states import infer_states
from recount.clean.record_cells import Cells, read_cells, read_times
from recount.declare.catalog import Catalog
from recount.declare.record_reading import RecordReading, load_record_reading
from recount.declare.tables import Field
from recount.errors import DataError, LayoutError, UnknownCodeError
from recount.extract.event_files import RawEvents
from recount.extract.event_lines import ROW
from recount.extract.headers import KnownHeaders
from recount.record.event_parts import EventReader
from small_event_files import (
    ARREST,
    MARCH,
    MARCH_ARREST,
    NATIONAL,
    arrest,
    cleaned_file,
    march,
    pipes,
    sheet,
    workbook,
)
from tiny_release import source_file

Rows = dict[str, str]


@pytest.fixture(scope="module")
def reading(catalog: Catalog) -> RecordReading:
    return load_record_reading(catalog)


def cleaned(catalog: Catalog, *rows: Rows) -> CleanedEvents:
    """Returns arrests of the national files as core rows."""
    (table,) = cleaned_file(catalog, pipes(*rows)).tables
    return table


def cleaned_march(catalog: Catalog, *rows: Rows) -> CleanedEvents:
    """Returns arrests of March 2026 as core rows."""
    (table,) = cleaned_file(catalog, workbook({"A": sheet(*rows)}), "2026-ICLI-00005_Arrests.xlsx").tables
    return table


def column(table: CleanedEvents, name: str) -> list[object]:
    return table.frame.get_column(name).to_list()


def aside(table: CleanedEvents) -> list[tuple[str, str, list[tuple[int, str]]]]:
    return [(each.column, each.rule, each.rows.rows()) for each in table.values_set_aside]


def cells(
    texts: list[str | None],
    kind: Literal["text", "date", "datetime", "count", "number", "boolean", "code"],
    reading: RecordReading,
    catalog: Catalog,
    codes: str | None = None,
    *,
    blank_is_none: bool = False,
) -> Cells:
    unit = "years" if kind in ("count", "number") else None
    field = Field(name="a_field", type=kind, unit=unit, codes=codes, description="x", may_be_missing=True)
    known = catalog.events.codes[codes] if codes else None
    return read_cells(pl.Series(texts, dtype=pl.String), field, known, reading, blank_is_none=blank_is_none)


# Rows


def test_a_row_says_where_it_stands(catalog: Catalog):
    table = cleaned(catalog, ARREST, {}, ARREST)
    assert table.frame.select("release", "file_original", "sheet_original", "row_original").rows() == [
        ("ice-2019-icfo-53623", "EROArrests_FY2016.csv", "", 7),
        ("ice-2019-icfo-53623", "EROArrests_FY2016.csv", "", 9),
    ]


def test_a_core_row_has_every_field_of_its_table_in_order(catalog: Catalog):
    table = cleaned(catalog, ARREST)
    assert table.frame.columns == [each.name for each in catalog.events.tables["arrests"].fields]


RECORD, BLANK = ARREST, dict.fromkeys(NATIONAL, "")
HEADER = dict(zip(NATIONAL, NATIONAL, strict=True))
NOTE = {**BLANK, "Area of Responsibility": "As of today"}


@given(st.lists(st.sampled_from([RECORD, BLANK, HEADER, NOTE]), min_size=1, max_size=8))
@hypothesis_settings(max_examples=30)
def test_rows_in_are_rows_kept_and_rows_set_aside(catalog: Catalog, rows: list[Rows]):
    table = cleaned(catalog, *rows, ARREST)
    assert table.rows_in == len(rows) + 1 == table.frame.height + table.set_aside.height
    numbers = [*column(table, "row_original"), *table.set_aside.get_column("row_original")]
    assert sorted(numbers) == list(range(7, 8 + len(rows)))


def test_rows_dated_after_the_cut_off_are_kept_and_counted(catalog: Catalog):
    table = cleaned(catalog, ARREST, arrest(Apprehension_Date="9/2/2019"))
    assert (table.frame.height, table.after_cut_off) == (2, 1)


# Blacked out and blank

REDACTIONS = (
    *("(B)(6);(B)(7)(C) ", "(B)(7)(E) ", "(b)(6),(b)(7)c)", "(b)(7)e)", "(b)(7)(E )", "(b)(6),(b)(7)(c )"),
    *("(b)(6), (b)(7)(c)", "(b)(6), (b)(7)(c) (b)(7)(e)", "b(6), b(7)c", "b(6), b(7)C", "(b)(6)"),
    *("(b)(6), (b)(7)(C)", "(b)(6), (b)(7)(C), (b)(7)(E)", " (b)(6);  (b)(7)(C);", "(b) (6)", "(b)(7)(F)"),
    *("(b)(6)/(b)(7)(C)", "(b)(6) & (b)(7)(C)", "(B)(6)\t(B)(7)(C)"),
)


@pytest.mark.parametrize("spelling", REDACTIONS)
def test_every_spelling_of_a_redaction_is_one(reading: RecordReading, catalog: Catalog, spelling: str):
    for kind, codes in (("text", None), ("date", None), ("count", None), ("code", "threat_levels")):
        read = cells([spelling], kind, reading, catalog, codes)  # type: ignore[arg-type]
        assert (read.value.to_list(), read.is_redacted.to_list(), read.is_misfit.to_list()) == (
            [None],
            [True],
            [False],
        )


@pytest.mark.parametrize(
    "text",
    [
        "JAIL, UNIT (b)(6)",
        "(b)(6) COUNTY JAIL",
        "6B8 - SAFE CITIES",
        "AB4 REFERRAL",
        "287(g)",
        "B 6",
        "INA 212(a)(6)(A)(i)",
        "b",
    ],
)
def test_a_text_that_goes_on_is_no_redaction(reading: RecordReading, catalog: Catalog, text: str):
    read = cells([text], "text", reading, catalog)
    assert (read.value.to_list(), read.is_redacted.to_list()) == ([text], [False])


def test_fields_blacked_out_are_named_in_their_declared_order(catalog: Catalog):
    table = cleaned(
        catalog,
        arrest(Operation="(B)(7)(E) ", Citizenship="(b)(6)", Apprehension_Landmark="JAIL (b)(6) EAST"),
        arrest(Operation=""),
        arrest(Operation="(b)(7)(E )"),
    )
    assert column(table, "redacted_fields") == ["operation;citizenship_code", None, "operation"]
    assert column(table, "operation") == [None, None, None]
    assert column(table, "apprehension_landmark")[0] == "JAIL (b)(6) EAST"
    assert table.redacted == {"operation": 2, "citizenship_code": 1}


def test_na_as_text_is_blank(reading: RecordReading, catalog: Catalog):
    for kind in ("text", "date", "count", "number", "boolean"):
        read = cells(["NA", "N/A", " NA ", "", None, "NULL"], kind, reading, catalog)  # type: ignore[arg-type]
        assert read.value.null_count() == 6
        assert not read.is_misfit.any()


def test_a_word_that_begins_as_na_is_none(reading: RecordReading, catalog: Catalog):
    assert cells(["NAPA", "na"], "text", reading, catalog).value.to_list() == ["NAPA", "na"]


def test_na_in_a_threat_level_is_no_level_and_a_blank_one_is_missing(
    reading: RecordReading, catalog: Catalog
):
    texts = ["NA", "1", "Level 2", "", None, "(b)(7)(E)"]
    read = cells(list(texts), "code", reading, catalog, "threat_levels")
    assert read.value.to_list() == ["none", "1", "2", None, None, None]
    assert not read.is_misfit.any()


def test_where_a_layout_says_so_a_blank_is_none_and_a_redaction_is_missing(
    reading: RecordReading, catalog: Catalog
):
    texts = ["3", "", None, "NA", "(b)(7)(E)"]
    read = cells(list(texts), "code", reading, catalog, "threat_levels", blank_is_none=True)
    assert read.value.to_list() == ["3", "none", "none", "none", None]
    assert read.is_redacted.to_list() == [False, False, False, False, True]


def test_spaces_are_joined_and_trimmed(reading: RecordReading, catalog: Catalog):
    assert cells([" A\t B\n\nC "], "text", reading, catalog).value.to_list() == ["A B C"]


def test_a_column_is_read_alike_whether_its_values_repeat_or_not(reading: RecordReading, catalog: Catalog):
    once: list[str | None] = ["10/01/2015", None, "x", "(b)(6)", "1/2/2016", ""]
    one, many = cells(once, "date", reading, catalog), cells(once * 9, "date", reading, catalog)
    for few, repeated in zip(
        (one.value, one.is_redacted, one.is_misfit),
        (many.value, many.is_redacted, many.is_misfit),
        strict=True,
    ):
        assert few.to_list() * 9 == repeated.to_list()


# Dates

AFTERNOON = datetime.datetime(2024, 1, 5, 13, 45)  # noqa: DTZ001  naive, as released
MIDNIGHT = datetime.datetime(2024, 1, 5)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2024-01-05", MIDNIGHT),
        ("1/5/2024", MIDNIGHT),
        ("01/05/2024", MIDNIGHT),
        ("5-JAN-2024", MIDNIGHT),
        ("2024-01-05 00:00:00", MIDNIGHT),
        ("45296", MIDNIGHT),
        ("2024-01-05 13:45:00", AFTERNOON),
        ("2024-01-05 13:45", AFTERNOON),
        ("2024-01-05 13:45:00.000000", AFTERNOON),
        ("2024-01-05T13:45:00", AFTERNOON),
        ("2024-01-05T13:45:00Z", AFTERNOON),
        ("2024-01-05 13:45:00+00:00", AFTERNOON),
        ("2024-01-05 13:45:00 UTC", AFTERNOON),
        ("1/5/2024 13:45", AFTERNOON),
        ("01/05/2024 13:45:00", AFTERNOON),
        ("1/5/2024 1:45 PM", AFTERNOON),
        ("01/05/2024 01:45:00 PM", AFTERNOON),
        ("45296.57291666667", AFTERNOON),
    ],
)
def test_a_time_is_read_as_agencies_spreadsheets_and_programs_write_it(text: str, time: datetime.datetime):
    assert read_times(pl.Series([text, None])).to_list() == [time, None]


def test_noon_and_midnight_of_a_clock_of_twelve_hours():
    read = read_times(pl.Series(["01/05/2024 12:00 AM", "01/05/2024 12:30 PM"])).to_list()
    assert read == [MIDNIGHT, MIDNIGHT.replace(hour=12, minute=30)]


@pytest.mark.parametrize("text", ["2024-02-30", "13/13/2024", "5", "2024", "1116", "tomorrow", "45296 days"])
def test_what_is_no_day_is_none(text: str):
    assert read_times(pl.Series([text])).to_list() == [None]


def test_formats_may_be_mixed_in_one_column():
    texts = ["2024-01-05", "1/5/2024 1:45 PM", None, "x", "45296", "2024-01-05 13:45:00"]
    assert read_times(pl.Series(texts)).to_list() == [MIDNIGHT, AFTERNOON, None, None, MIDNIGHT, AFTERNOON]


@given(
    st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2100, 1, 1)).map(  # noqa: DTZ001
        lambda when: when.replace(second=0, microsecond=0)
    )
)
@hypothesis_settings(max_examples=60)
def test_a_time_written_in_any_way_is_read_back(when: datetime.datetime):
    ways = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M")
    assert read_times(pl.Series([when.strftime(way) for way in ways])).to_list() == [when] * len(ways)


def test_a_time_of_day_fills_its_day(catalog: Catalog):
    table = cleaned_march(catalog, MARCH_ARREST)
    assert column(table, "apprehension_datetime") == [datetime.datetime(2025, 2, 3, 14, 5)]  # noqa: DTZ001
    assert column(table, "apprehension_date") == [datetime.date(2025, 2, 3)]


@pytest.mark.parametrize(
    "text", ["0999-07-02", "01/01/0001", "06/14/0002 03:10 PM", "2202-01-01", "8/1/8017", "10/1/15"]
)
def test_an_impossible_day_is_set_aside_and_its_row_kept(catalog: Catalog, text: str):
    table = cleaned(catalog, ARREST, arrest(Apprehension_Date=text), ARREST)
    assert table.frame.height == 3
    assert column(table, "apprehension_date") == [
        datetime.date(2015, 10, 1),
        None,
        datetime.date(2015, 10, 1),
    ]
    assert aside(table) == [("Apprehension Date", "impossible_date", [(8, text)])]


def test_an_impossible_time_of_day_leaves_no_day_behind_and_is_named_once(catalog: Catalog):
    table = cleaned_march(catalog, MARCH_ARREST, march(Apprehension_Date="06/14/0002 03:10 PM"), MARCH_ARREST)
    assert column(table, "apprehension_date")[1] is None
    assert aside(table) == [("Apprehension Date", "impossible_date", [(3, "06/14/0002 03:10 PM")])]


def test_what_is_no_day_is_set_aside_and_its_row_kept(catalog: Catalog):
    table = cleaned(catalog, ARREST, arrest(Apprehension_Date="soon"), ARREST)
    assert aside(table) == [("Apprehension Date", "not_of_its_kind", [(8, "soon")])]
    assert table.frame.height == 3


def test_a_column_whose_days_are_mostly_impossible_is_refused(catalog: Catalog):
    with pytest.raises(
        LayoutError, match="most days of the column Apprehension Date are impossible"
    ) as refused:
        cleaned(catalog, ARREST, *[arrest(Apprehension_Date="10/1/15")] * 3)
    assert "3 of 4 filled cells" in str(refused.value)


def test_a_column_of_another_meaning_under_an_old_name_is_refused(catalog: Catalog):
    codes = [march(Departed_Date=code) for code in ("1116", "2404", "5404", "9999")]
    with pytest.raises(
        LayoutError, match="the column Departed Date holds something else than its name says"
    ) as refused:
        cleaned_march(catalog, march(Departed_Date="2025-03-01"), *codes)
    assert "'1116'" in str(refused.value)
    assert "4 of 5 filled cells" in str(refused.value)


def test_two_odd_values_of_a_column_that_is_nearly_blank_are_set_aside(catalog: Catalog):
    table = cleaned_march(catalog, MARCH_ARREST, march(Departed_Date="TBD"), march(Departed_Date="soon"))
    assert aside(table) == [("Departed Date", "not_of_its_kind", [(3, "TBD"), (4, "soon")])]


# Codes


def test_a_code_is_known_by_its_spellings_whatever_their_case_and_spaces(catalog: Catalog):
    table = cleaned(
        catalog,
        arrest(Citizenship="Guatemala"),
        arrest(Citizenship=" GUATEMALA "),
        arrest(Area_of_Responsibility="BOSTON  Area of Responsibility"),
    )
    assert column(table, "citizenship_code") == ["GTM"] * 3
    assert column(table, "apprehension_aor_code") == ["BOS"] * 3
    assert column(table, "apprehension_method_code") == ["located"] * 3


def test_an_unknown_code_is_refused_with_all_that_mends_it(catalog: Catalog):
    rows = [ARREST, arrest(Citizenship="GUATAMALA"), arrest(Citizenship="GUATAMALA"), arrest(Gender="Mael")]
    with pytest.raises(UnknownCodeError) as refused:
        cleaned(catalog, *rows)
    text = str(refused.value)
    assert "EROArrests_FY2016.csv: values that no code list knows" in text
    assert re.search(r"Citizenship +'GUATAMALA', 2 times, first in row 8; nearest: GUATEMALA", text)
    assert re.search(r"Gender +'Mael', 1 times, first in row 10; nearest: Male", text)
    assert "codes/events/citizenships.yml" in text
    assert "codes/events/genders.yml" in text


def test_many_unknown_codes_are_counted(catalog: Catalog):
    with pytest.raises(UnknownCodeError, match="and 3 further values"):
        cleaned(catalog, *(arrest(Citizenship=f"LAND {number}") for number in range(11)))


def test_the_one_value_of_a_whole_release_is_a_code_too(catalog: Catalog):
    header = ["Event Number", "Area of Responsibility", "Apprehension Landmark", "Operation"]
    header += ["Processing Disposition", "Date of Birth", "Country of Citizenship", "Gender", "Arrest Method"]
    row = {"Arrest Date": "2017-01-05", "Area of Responsibility": "Seattle", "Gender": "M"}
    content = workbook({"FY2017 Arrests": sheet(row, header=[*header, "Arrest Date"])})
    (table,) = cleaned_file(catalog, content, "a.xlsx").tables
    assert column(table, "final_program") == ["Criminal Alien Program"]


# Numbers


def test_a_birth_year_is_a_year_in_which_people_were_born(catalog: Catalog):
    years = ("1985", "1985.0", "1899", "2031", "")
    table = cleaned_march(catalog, *(march(Birth_Year=year) for year in years))
    assert column(table, "birth_year") == [1985, 1985, None, None, None]
    assert aside(table) == [("Birth Year", "impossible_birth_year", [(4, "1899"), (5, "2031")])]


def test_a_count_is_whole(reading: RecordReading, catalog: Catalog):
    read = cells(["3", "3.0", "3.5", "many"], "count", reading, catalog)
    assert read.value.to_list() == [3, 3, None, None]
    assert read.is_misfit.to_list() == [False, False, True, True]


def test_an_amount_may_have_signs_of_money(reading: RecordReading, catalog: Catalog):
    read = cells(["$1,500.50", "1500", "none"], "number", reading, catalog)
    assert read.value.to_list() == [1500.5, 1500.0, None]
    assert read.is_misfit.to_list() == [False, False, True]


def test_yes_and_no_have_several_spellings(reading: RecordReading, catalog: Catalog):
    texts = ["YES", "Yes", "Y", "TRUE", "1", "NO", "no", "N", "false", "0", "maybe", ""]
    read = cells(list(texts), "boolean", reading, catalog)
    assert read.value.to_list() == [True] * 5 + [False] * 5 + [None] * 2
    assert read.is_misfit.to_list() == [False] * 10 + [True, False]


# Identifiers


def identified(catalog: Catalog, identifiers: list[str]) -> CleanedEvents:
    return cleaned_march(catalog, *(march(Anonymized_Identifier=each) for each in identifiers))


@pytest.mark.parametrize(
    "cut",
    [
        lambda number: f"{123456789012345 + number}000",
        lambda number: f"1.{23 + number % 7}E+18",
        lambda number: f"{123456789012345 + number}0000",
    ],
)
def test_identifiers_cut_to_fifteen_digits_are_set_aside_whole(catalog: Catalog, cut: object):
    table = identified(catalog, [cut(number) for number in range(25)])  # type: ignore[operator]
    assert column(table, "unique_identifier") == [None] * 25
    ((name, rule, rows),) = aside(table)
    assert (name, rule, len(rows)) == ("Anonymized Identifier", "identifiers_cut", 25)
    assert table.frame.height == 25


def test_whole_identifiers_are_kept(catalog: Catalog):
    for identifiers in (
        [f"{1234567890123456789 + 7 * number}" for number in range(25)],
        [f"{number:040x}" for number in range(25)],
        [f"{number}000" for number in range(25)],
        ["123456789012345000"] * 5,
    ):
        assert column(identified(catalog, identifiers), "unique_identifier") == identifiers


# States


def inferred(
    reading: RecordReading, *rows: tuple[str | None, str | None, str | None]
) -> list[tuple[str | None, str | None]]:
    """Returns state and basis of arrests, each given by landmark, recorded state and area."""
    frame = pl.DataFrame(
        rows,
        schema={
            "apprehension_landmark": pl.String,
            "apprehension_state_code": pl.String,
            "apprehension_aor_code": pl.String,
        },
        orient="row",
    )
    return (
        infer_states(frame, reading).select("apprehension_state_inferred", "apprehension_state_basis").rows()
    )


def test_a_recorded_state_is_the_state(reading: RecordReading):
    assert inferred(reading, ("SUFFOLK JAIL, NH", "MA", "BOS")) == [("MA", "recorded")]


@pytest.mark.parametrize(
    ("landmark", "state"),
    [
        ("BOSTON, MA", "MA"),
        ("BOSTON,MA", "MA"),
        ("Boston, ma", "MA"),
        ("ERO - TX", "TX"),
        ("MCI STATE PRISON", None),
        ("OH STATE PENITENTIARY", "OH"),
        ("SAN JUAN, PR", "PR"),
        ("WASHINGTON, DC", "DC"),
        ("EL PASO,  TX", "TX"),
    ],
)
def test_an_abbreviation_after_a_comma_or_a_hyphen_or_before_state_is_one(
    reading: RecordReading, landmark: str, state: str | None
):
    assert inferred(reading, (landmark, None, None)) == [(state, state and "abbreviation")]


@pytest.mark.parametrize(
    "landmark",
    [
        "Held in or near Boston",
        "In Transit",
        "Washington Field Office",
        "Kansas City",
        "Co-located Denver",
        "ERO as needed",
        "Mt Pleasant MI",
        "OK Sub Office TX",
        "La Palma",
        "Hi-Desert",
        "BOSTON, MASS",
        "",
        None,
    ],
)
def test_words_that_look_like_abbreviations_are_none(reading: RecordReading, landmark: str | None):
    assert inferred(reading, (landmark, None, None)) == [(None, None)]


def test_of_several_abbreviations_the_last_is_the_state(reading: RecordReading):
    assert inferred(
        reading,
        ("La Palma, AZ", None, None),
        ("Hi-Desert, CA", None, None),
        ("Portland, OR, now Salem, MA", None, None),
        ("ERO - LA SUB OFFICE, TX", None, None),
    ) == [(state, "abbreviation") for state in ("AZ", "CA", "MA", "TX")]


def test_a_landmark_with_nearly_one_recorded_state_is_in_that_state(reading: RecordReading):
    for others, state in ((0, "MA"), (1, "MA"), (2, None)):
        rows = [("JAIL", "MA", None)] * (100 - others) + [("JAIL", "NH", None)] * others
        expected = (state, state and "landmark")
        assert inferred(reading, *rows, ("JAIL", None, None))[-1] == expected  # type: ignore[arg-type]


def test_a_landmark_with_few_recorded_states_tells_nothing(reading: RecordReading):
    few = [("JAIL", "MA", None)] * 19
    assert inferred(reading, *few, ("JAIL", None, None))[-1] == (None, None)
    assert inferred(reading, *few, few[0], ("JAIL", None, None))[-1] == ("MA", "landmark")


def test_an_area_with_nearly_one_recorded_state_is_in_that_state(reading: RecordReading):
    rows = [(f"PLACE {number}", "NJ", "NEW") for number in range(20)]
    assert inferred(reading, *rows, ("ELSEWHERE", None, "NEW"))[-1] == ("NJ", "area")
    assert inferred(reading, *rows, ("ELSEWHERE", None, "BOS"))[-1] == (None, None)


def test_an_abbreviation_that_recorded_states_contradict_is_not_believed(reading: RecordReading):
    name = "DEPT, OK"
    for agreeing, expected in ((18, ("OK", "abbreviation")), (17, (None, None)), (0, ("TX", "landmark"))):
        rows = [(name, "OK", None)] * agreeing + [(name, "TX", None)] * (20 - agreeing)
        assert inferred(reading, *rows, (name, None, None))[-1] == expected  # type: ignore[arg-type]


def test_a_state_is_inferred_in_its_own_column_and_the_recorded_one_stays(catalog: Catalog):
    table = cleaned_march(catalog, march(State="", Apprehension_Site_Landmark="HARTFORD, CT"), MARCH_ARREST)
    assert column(table, "apprehension_state_code") == [None, "MA"]
    assert column(table, "apprehension_state_inferred") == ["CT", "MA"]
    assert column(table, "apprehension_state_basis") == ["abbreviation", "recorded"]


# What follows from other columns


def test_the_category_of_a_case_begins_with_its_code(catalog: Catalog):
    table = cleaned_march(
        catalog, march(Case_Category="[8C] Excludable / Inadmissible"), march(Case_Category="Other")
    )
    assert column(table, "case_category_code") == ["8C", None]


def text_of(field: Field, catalog: Catalog) -> str:
    """Returns a text that a field can hold, as a release writes it."""
    if field.codes is not None:
        code = catalog.events.codes[field.codes].codes[0]
        return next(iter(code.spellings), code.label.en)
    texts = {"date": "2014-01-05", "datetime": "2014-01-05 13:45:00", "count": "1985", "number": "2.5"}
    return {**texts, "boolean": "YES", "text": "a1"}[field.type]


def test_every_declared_header_is_read_into_the_fields_that_it_names(catalog: Catalog):
    reader = EventReader(catalog)
    for name, layout in catalog.events.layouts.items():
        table = catalog.events.tables[layout.table]
        fields = [None if each.to is None else table.field(each.to) for each in layout.columns]
        row = ["x" if field is None else text_of(field, catalog) for field in fields]
        lines = [[each.name for each in layout.columns], row, [""] * len(row)]
        content = "".join("|".join(f'"{cell}"' for cell in cells) + "\n" for cells in lines)
        file = reader.read(source_file("records.txt", content))
        (read,) = file.tables
        assert (read.layout.layout, read.rows_in, read.frame.height) == (name, 2, 1)
        missing = [
            each.name for each in fields if each is not None and read.frame.get_column(each.name)[0] is None
        ]
        assert (name, missing, read.values_set_aside) == (name, [], ())
        if layout.release is not None:
            assert file.release.release == layout.release


def test_reading_the_same_file_twice_gives_the_same_rows(catalog: Catalog):
    rows = [arrest(Apprehension_Landmark=f"PLACE {number % 7}, MA") for number in range(50)]
    assert cleaned(catalog, *rows).frame.equals(cleaned(catalog, *rows).frame)


def test_every_error_of_reading_is_one_of_the_data():
    assert issubclass(LayoutError, DataError)
    assert issubclass(UnknownCodeError, DataError)
    assert len(MARCH) == 25


@pytest.mark.parametrize(
    ("day", "charge", "expected"),
    [
        ("2014-10-01", "Assault", (True, "conviction_named")),
        ("2014-10-01", "", (False, "none_named")),
        ("2014-09-30", "Assault", (None, None)),
        ("2014-09-30", "", (None, None)),
        ("2014-10-01", "(b)(6)", (None, None)),
    ],
)
def test_a_blank_conviction_says_none_only_from_the_day_on_which_all_are_recorded(
    catalog: Catalog, day: str, charge: str, expected: tuple[bool | None, str | None]
):
    layout = catalog.events.layouts["uw-v-dhs-arrests"]
    header = tuple(each.name for each in layout.columns)
    cells = {"Arrest Date": day, "Most Serious Conviction": charge}
    frame = pl.DataFrame(
        {str(place): [cells.get(name, "")] for place, name in enumerate(header)},
        schema=dict.fromkeys(map(str, range(len(header))), pl.String),
    ).with_columns(pl.lit(8, pl.Int64).alias(ROW))
    recognised = KnownHeaders(catalog.events).recognise(header, "made up")
    raw = RawEvents("Arrests", (), header, 7, recognised, frame)
    cleaned = clean_events(raw, "made-up.xlsx", "made-up", None, catalog.events, load_record_reading(catalog))
    (row,) = cleaned.frame.rows(named=True)
    assert (row["has_conviction_inferred"], row["has_conviction_basis"]) == expected
