"""Files of individual records into text: headers known by their names, rows by their true numbers."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import re
import zipfile

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from recount.clean.record_rows import set_rows_aside
from recount.declare.catalog import Catalog
from recount.errors import ReleaseFileError
from recount.extract.event_files import RawEventFile, is_event_file, read_event_file
from recount.extract.event_lines import ROW
from recount.extract.headers import KnownHeaders, normalise_header
from small_event_files import (
    ARREST,
    MARCH,
    MARCH_ARREST,
    NATIONAL,
    PREAMBLE,
    arrest,
    line,
    march,
    packed,
    pipes,
    sheet,
    workbook,
)
from tiny_release import source_file

NAME = "EROArrests_FY2016.csv"
LANDMARK = NATIONAL.index("Apprehension Landmark")


@pytest.fixture(scope="module")
def known(catalog: Catalog) -> KnownHeaders:
    return KnownHeaders(catalog.events)


def read(known: KnownHeaders, content: str | bytes, name: str = NAME) -> RawEventFile:
    return read_event_file(source_file(name, content), known)


def refusal(known: KnownHeaders, content: str | bytes, name: str = NAME) -> str:
    with pytest.raises(ReleaseFileError) as refused:
        read(known, content, name)
    return str(refused.value)


def rows_of(raw: RawEventFile, table: int = 0) -> list[int]:
    return raw.tables[table].frame.get_column(ROW).to_list()


def landmarks(raw: RawEventFile) -> list[str | None]:
    return raw.tables[0].frame.get_column(str(LANDMARK)).to_list()


# Headers


def test_a_header_is_found_by_its_names_wherever_it_stands(known: KnownHeaders):
    for above in (0, 1, 5, 30):
        rows = ["Title"] * above + [line(NATIONAL), line(ARREST.values())]
        (table,) = read(known, "\n".join(rows)).tables
        assert (table.header_row, table.recognised.layout.layout) == (above + 1, "icfo-53623-arrests")


def test_a_layout_is_known_whatever_the_file_is_called_and_whatever_separates_its_values(known: KnownHeaders):
    for separator in "|,;\t":
        content = "\n".join([line(NATIONAL, separator), line(ARREST.values(), separator)])
        (table,) = read(known, content.replace("(B)(6);", "(B)(6)"), "any name.txt").tables
        assert table.recognised.layout.layout == "icfo-53623-arrests"


def test_a_header_is_known_in_any_order_of_its_columns(known: KnownHeaders):
    (table,) = read(known, pipes(ARREST, header=NATIONAL[::-1])).tables
    assert [each and each.name for each in table.recognised.columns] == list(NATIONAL[::-1])
    assert "has exactly the 9 names of icfo-53623-arrests" in table.recognised.why


def test_a_processed_name_is_the_released_one_in_small_letters(known: KnownHeaders):
    assert normalise_header(" Final Order\nYes/No ") == normalise_header("final_order_yes_no")
    snake = [normalise_header(name) for name in NATIONAL]
    content = "\n".join([",".join(snake), ",".join(ARREST.values())])
    assert read(known, content).tables[0].recognised.layout.layout == "icfo-53623-arrests"


def test_of_two_columns_of_one_name_the_first_is_the_first_declared(known: KnownHeaders):
    layout = next(
        each
        for name, each in known.layouts.items()
        if max(known.names[name].values()) == 2 and each.form == "raw"
    )
    (name,) = [each for each, count in known.names[layout.layout].items() if count == 2]
    header = [each.name for each in layout.columns]
    content = "\n".join([line(header), line(["x"] * len(header))])
    columns = read(known, content).tables[0].recognised.columns
    twice = [each.to for each in columns if each is not None and normalise_header(each.name) == name]
    assert twice == [each.to for each in layout.columns if normalise_header(each.name) == name]
    assert len(set(twice)) == 2


def test_an_unknown_header_is_refused_with_the_names_nearest_to_it(known: KnownHeaders):
    header = [name.replace("Citizenship", "Citizenshp Nation") for name in NATIONAL]
    text = refusal(known, pipes(ARREST, header=header))
    assert "no layout has this header" in text
    assert re.search(r"unknown +'Citizenshp Nation', nearest: .*Citizenship", text)
    assert "nearest      icfo-53623-arrests (arrests)" in text
    assert "sources/foia-2019-icfo-53623/event-layouts/icfo-53623-arrests.yml" in text


def test_a_header_of_mostly_unknown_names_is_still_answered_with_the_nearest(known: KnownHeaders):
    header = [*NATIONAL[:4], *(f"New Column {number}" for number in range(6))]
    assert "no layout has this header" in refusal(known, pipes(ARREST, header=header))
    assert "no layout has this header" in refusal(known, workbook({"A": sheet(ARREST, header=header)}))


def test_a_header_that_lacks_a_column_is_of_its_layout_and_the_lack_is_said(known: KnownHeaders):
    header = [name for name in NATIONAL if name != "Operation"]
    (table,) = read(known, pipes(ARREST, header=header)).tables
    assert table.recognised.layout.layout == "icfo-53623-arrests"
    assert table.recognised.absent == ("Operation",)
    assert "without Operation" in table.recognised.why


def test_a_column_that_another_layout_of_the_table_declares_is_taken_and_said(known: KnownHeaders):
    header = (
        [*NATIONAL, "Apprehension County"] if "apprehension_county" in known.known else [*NATIONAL, "County"]
    )
    (table,) = read(known, pipes({**ARREST, header[-1]: "Suffolk"}, header=header)).tables
    assert f"with {header[-1]} as other layouts of its table" in table.recognised.why
    last = table.recognised.columns[-1]
    assert last is not None
    assert last.to == "apprehension_county"


def test_a_header_without_the_day_of_its_events_is_refused(known: KnownHeaders):
    header = [name for name in NATIONAL if name != "Apprehension Date"]
    assert "no layout has this header" in refusal(known, pipes(ARREST, header=header))


def test_a_second_column_of_a_name_declared_once_is_refused(known: KnownHeaders):
    text = refusal(known, pipes(ARREST, header=[*NATIONAL, "Gender"]))
    assert "would fill a field which another column fills" in text
    assert "Gender" in text


def test_a_column_with_values_and_no_name_is_refused(known: KnownHeaders):
    text = refusal(known, pipes({**ARREST, "": "x"}, header=[*NATIONAL, ""]))
    assert "columns hold values and have no name" in text
    assert re.search(r"columns +10", text)


def test_a_column_without_name_and_values_is_nothing(known: KnownHeaders):
    (table,) = read(known, pipes(ARREST, header=[*NATIONAL, ""])).tables
    assert table.recognised.columns[-1] is None
    assert table.recognised.layout.layout == "icfo-53623-arrests"


def test_two_names_of_a_glossary_are_no_header(known: KnownHeaders):
    assert known.find_row([("AOR", "Area of Responsibility")]) is None
    notes = workbook({"Footnotes": [["AOR", "Area of Responsibility"], ["ICE", "an agency"]]})
    assert not is_event_file(source_file("notes.xlsx", notes), known)


def test_a_workbook_with_an_unknown_header_counts_as_one_of_records(known: KnownHeaders):
    strange = workbook({"A": sheet(MARCH_ARREST, header=[*MARCH, "New"])})
    assert is_event_file(source_file("strange.xlsx", strange), known)


# True numbers of rows


def test_rows_of_text_are_numbered_by_their_lines(known: KnownHeaders):
    raw = read(known, pipes(ARREST, ARREST, ARREST))
    assert rows_of(raw) == [7, 8, 9]
    assert raw.tables[0].first_lines == PREAMBLE


def test_the_last_line_counts_with_and_without_an_end(known: KnownHeaders):
    assert rows_of(read(known, pipes(ARREST, ARREST).removesuffix("\n"))) == [7, 8]


def test_lines_may_end_as_windows_or_as_the_old_macintosh_ends_them(known: KnownHeaders):
    for ends in ("\r\n", "\r"):
        raw = read(known, pipes(ARREST, arrest(Gender="Female"), ends=ends))
        assert rows_of(raw) == [7, 8]
        assert raw.tables[0].frame.get_column("8").to_list() == ["Male", "Female"]


def test_a_row_with_line_ends_in_quotes_has_the_number_of_its_first_line(known: KnownHeaders):
    broken = arrest(Apprehension_Landmark='"PLYMOUTH\nJAIL,\r\nEAST"')
    raw = read(known, pipes(ARREST, broken, ARREST))
    assert rows_of(raw) == [7, 8, 11]
    assert landmarks(raw)[1] == "PLYMOUTH\nJAIL,\r\nEAST"


def test_blank_lines_are_rows_of_their_own_number(known: KnownHeaders):
    content = pipes(ARREST, ARREST).replace("\n" + line(ARREST.values()), "\n\n" + line(ARREST.values()))
    raw = read(known, content + "\n")
    assert rows_of(raw) == [7, 8, 9, 10, 11]
    _, aside = set_rows_aside(raw.tables[0], known.reading)
    assert aside.rows() == [(7, "blank_row"), (9, "blank_row"), (11, "blank_row")]


def test_blank_lines_and_line_ends_in_quotes_together_keep_every_number_true(known: KnownHeaders):
    broken = line(arrest(Apprehension_Landmark='"A\n\nB"').values())
    lines = [*PREAMBLE, line(NATIONAL), line(ARREST.values()), "", broken, line(ARREST.values())]
    assert rows_of(read(known, "\n".join(lines))) == [7, 8, 9, 12]


def test_signs_that_only_some_programs_take_for_a_line_end_do_not_shift_rows(known: KnownHeaders):
    lines = ["a\x0cb\u2028c\x85d", *PREAMBLE[1:], line(NATIONAL), line(ARREST.values())]
    assert rows_of(read(known, "\n".join(lines))) == [7]


def test_rows_of_a_sheet_are_numbered_from_its_first_row_though_it_is_empty(known: KnownHeaders):
    for above in (0, 1, 6):
        raw = read(known, workbook({"A": sheet(MARCH_ARREST, MARCH_ARREST, above=above)}), "a.xlsx")
        assert raw.tables[0].header_row == above + 1
        assert rows_of(raw) == [above + 2, above + 3]


def test_rows_with_a_format_and_no_value_do_not_shift_numbers(known: KnownHeaders):
    content = in_sheet(
        workbook({"A": sheet(MARCH_ARREST, above=2)}), b"<sheetData>", b'<sheetData><row r="1" spans="1:9"/>'
    )
    assert rows_of(read(known, content, "a.xlsx")) == [4]


def test_every_sheet_counts_its_own_rows(known: KnownHeaders):
    raw = read(known, workbook({"FY23": sheet(MARCH_ARREST), "FY24": sheet(MARCH_ARREST, above=3)}), "a.xlsx")
    assert [each.sheet for each in raw.tables] == ["FY23", "FY24"]
    assert (rows_of(raw), rows_of(raw, 1)) == ([2], [5])


def test_an_empty_row_in_a_sheet_is_a_row(known: KnownHeaders):
    raw = read(known, workbook({"A": sheet(MARCH_ARREST, {}, MARCH_ARREST)}), "a.xlsx")
    assert rows_of(raw) == [2, 3, 4]
    assert set_rows_aside(raw.tables[0], known.reading)[1].rows() == [(3, "blank_row")]


def test_rows_of_a_columnar_file_are_numbered_from_one(known: KnownHeaders):
    frame = pl.DataFrame([MARCH_ARREST, MARCH_ARREST])
    header = {name: normalise_header(name) for name in MARCH}
    whole = frame.select(
        pl.col(name) if name in frame.columns else pl.lit(None, pl.String).alias(name) for name in MARCH
    ).rename(header)
    for write in (whole.write_parquet, whole.write_ipc):
        buffer = io.BytesIO()
        write(buffer)
        assert rows_of(read(known, buffer.getvalue(), "arrests")) == [1, 2]


def test_columns_with_types_are_read_as_text_would_write_them(known: KnownHeaders):
    frame = pl.DataFrame(
        {
            **{name: [None, None] for name in MARCH},
            "Apprehension Date": ["2025-02-03 14:05:00", None],
            "Birth Year": [1985.0, float("nan")],
            "Departed Date": ["2025-03-01", None],
            "State": ["MASSACHUSETTS", "MAINE"],
        }
    ).with_columns(
        pl.col("Apprehension Date").str.to_datetime(time_zone="UTC"),
        pl.col("Departed Date").str.to_date(),
        pl.col("State").cast(pl.Categorical),
    )
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    (table,) = read(known, buffer.getvalue(), "a.parquet").tables
    shown = {name: table.frame.get_column(str(index)).to_list() for index, name in enumerate(MARCH)}
    assert shown["Apprehension Date"] == ["2025-02-03 14:05:00.000000", None]
    assert (shown["Birth Year"], shown["State"]) == (["1985", None], ["MASSACHUSETTS", "MAINE"])
    assert shown["Departed Date"] == ["2025-03-01", None]


@pytest.mark.parametrize("minute", range(0, 1440, 97))
def test_a_time_of_day_in_a_workbook_is_the_minute_that_it_shows(known: KnownHeaders, minute: int):
    import datetime

    when = datetime.datetime(2025, 2, 3) + datetime.timedelta(minutes=minute)  # noqa: DTZ001
    row = {**MARCH_ARREST, "Apprehension Date": when}
    raw = read(known, workbook({"A": sheet(row)}), "a.xlsx")  # type: ignore[arg-type]
    assert raw.tables[0].frame.get_column("0").to_list() == [str(when)]


# Rows that are no records


def test_a_header_repeated_among_the_rows_is_set_aside(known: KnownHeaders):
    raw = read(known, pipes(ARREST, dict(zip(NATIONAL, NATIONAL, strict=True)), ARREST))
    kept, aside = set_rows_aside(raw.tables[0], known.reading)
    assert (kept.get_column(ROW).to_list(), aside.rows()) == ([7, 9], [(8, "header_repeated")])


def test_a_note_below_the_table_is_set_aside_and_a_lone_date_is_not(known: KnownHeaders):
    lines = pipes(ARREST) + "Data as of 10/1/2016, see the last tab\n" + "|10/02/2015|||||||\n"
    kept, aside = set_rows_aside(read(known, lines).tables[0], known.reading)
    assert (kept.get_column(ROW).to_list(), aside.rows()) == ([7, 9], [(8, "note")])


def test_a_row_of_spaces_holds_nothing(known: KnownHeaders):
    _, aside = set_rows_aside(read(known, pipes(ARREST, {"Gender": "  "}, ARREST)).tables[0], known.reading)
    assert aside.rows() == [(8, "blank_row")]


KINDS = {
    "record": line(ARREST.values()),
    "in quotes": line(arrest(Apprehension_Landmark='"A\nB ""C"", | D"').values()),
    "blank": "",
    "empty cells": "|" * (len(NATIONAL) - 1),
    "header": line(NATIONAL),
    "note": "Source: the agency",
}


@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=12), st.sampled_from(["\n", "\r\n"]))
@hypothesis_settings(max_examples=60)
def test_every_line_below_the_header_is_kept_or_set_aside(
    known_session: KnownHeaders, kinds: list[str], ends: str
):
    lines = [*PREAMBLE, line(NATIONAL), *(KINDS[each] for each in kinds)]
    raw = read(known_session, ends.join([*lines, ""]))
    (table,) = raw.tables
    kept, aside = set_rows_aside(table, known_session.reading)
    numbers, now = [], 7
    for each in kinds:
        numbers.append(now)
        now += 1 + KINDS[each].count("\n")
    assert rows_of(raw) == numbers
    records = [number for number, each in zip(numbers, kinds, strict=True) if each in ("record", "in quotes")]
    assert kept.get_column(ROW).to_list() == records
    assert kept.height + aside.height == table.frame.height == len(kinds)


@pytest.fixture(scope="session")
def known_session(catalog: Catalog) -> KnownHeaders:
    return KnownHeaders(catalog.events)


# Sheets


def test_rows_that_go_on_in_a_sheet_without_header_are_read_as_such(known: KnownHeaders):
    first = sheet(MARCH_ARREST, MARCH_ARREST)
    more = [[march(Anonymized_Identifier="a2").get(name) for name in MARCH] for _ in range(2)]
    raw = read(known, workbook({"Arrests": first, "Arrests (2)": [[], *more]}), "a.xlsx")
    assert [(each.sheet, each.header_row) for each in raw.tables] == [("Arrests", 1), ("Arrests (2)", 0)]
    assert rows_of(raw, 1) == [1, 2, 3]
    assert raw.tables[1].recognised.why.startswith("its rows go on from sheet Arrests: its header has")
    assert not raw.left


def test_a_sheet_of_notes_is_left_with_its_reason(known: KnownHeaders):
    raw = read(
        known, workbook({"A": sheet(MARCH_ARREST), "Notes": [["1. Counts change"], ["2. So"]]}), "a.xlsx"
    )
    assert [(each.sheet, each.rows, each.reason) for each in raw.left] == [
        ("Notes", 2, "it has no header of individual records")
    ]


def test_a_hidden_sheet_is_left_and_said(known: KnownHeaders):
    content = workbook({"A": sheet(MARCH_ARREST), "B": sheet(MARCH_ARREST)}, hidden=["B"])
    raw = read(known, content, "a.xlsx")
    assert [each.sheet for each in raw.tables] == ["A"]
    assert [(each.sheet, each.reason) for each in raw.left] == [("B", "it is hidden")]


def test_a_sheet_of_many_rows_without_a_header_is_refused(known: KnownHeaders):
    many = [[f"x{number}", "y"] for number in range(201)]
    text = refusal(known, workbook({"A": sheet(MARCH_ARREST), "Totals": many}), "a.xlsx")
    assert "sheet Totals: 201 rows, and no header of individual records" in text


def test_a_sheet_with_an_unknown_header_is_refused_by_name(known: KnownHeaders):
    content = workbook(
        {"A": sheet(MARCH_ARREST), "B": sheet(MARCH_ARREST, header=[*MARCH, "Nation of Birth"])}
    )
    text = refusal(known, content, "a.xlsx")
    assert "a.xlsx, sheet B: no layout has this header" in text
    assert "'Nation of Birth', nearest: " in text


def test_a_workbook_without_any_header_is_refused_with_its_sheets(known: KnownHeaders):
    text = refusal(known, workbook({"A": [["x"], ["y"]], "B": []}), "a.xlsx")
    assert "no sheet has a header of individual records" in text
    assert "A (2 rows), B (0 rows)" in text


# Damage


def many_rows(count: int = 400, quotes: bool = True) -> list[str]:
    """Lines of a national file, so many that the parser would read them in pieces."""
    rows = (arrest(Apprehension_Landmark=f"PLACE {number}") for number in range(count))
    sign = '"' if quotes else ""
    return [line(f"{sign}{cell}{sign}" for cell in row.values()) for row in rows]


@pytest.mark.parametrize("at", [3, 200, 398, 399])
@pytest.mark.parametrize("quotes", [True, False])
def test_a_quote_that_is_opened_and_not_closed_is_named_by_its_line(
    known: KnownHeaders, at: int, quotes: bool
):
    lines = many_rows(quotes=quotes)
    whole, open_ = (f'"PLACE {at}"', f'"PLACE {at}') if quotes else (f"PLACE {at}", f'"PLACE {at}')
    lines[at] = lines[at].replace(whole, open_)
    text = refusal(known, "\n".join([*PREAMBLE, line(NATIONAL), *lines, ""]))
    assert "quote" in text
    assert re.search(rf"line +{at + 7:,}", text)


@pytest.mark.parametrize("at", [3, 200, 399])
def test_a_quote_that_is_closed_and_never_opened_is_part_of_its_value(known: KnownHeaders, at: int):
    lines = many_rows()
    lines[at] = lines[at].replace(f'"PLACE {at}"', f'PLACE {at}"')
    raw = read(known, "\n".join([*PREAMBLE, line(NATIONAL), *lines, ""]))
    assert rows_of(raw) == list(range(7, 407))
    assert landmarks(raw)[at] == f'PLACE {at}"'


@pytest.mark.parametrize("taken", range(0, 60, 7))
def test_no_missing_quote_loses_a_row_in_silence(known: KnownHeaders, taken: int):
    lines = many_rows(40)
    text = "\n".join(lines)
    places = [found.start() for found in re.finditer('"', text)]
    for place in places[taken :: len(places) // 6]:
        content = "\n".join([*PREAMBLE, line(NATIONAL), text[:place] + text[place + 1 :], ""])
        try:
            assert rows_of(read(known, content)) == list(range(7, 47))
        except ReleaseFileError as refused:
            assert re.search(r"line +\d", str(refused))


def test_a_quote_within_a_value_is_part_of_it(known: KnownHeaders):
    raw = read(known, pipes(ARREST, arrest(Apprehension_Landmark='6" PIPE ROAD'), ARREST))
    assert (rows_of(raw), landmarks(raw)[1]) == ([7, 8, 9], '6" PIPE ROAD')


def test_a_file_that_ends_within_a_quote_is_refused(known: KnownHeaders):
    content = pipes(ARREST, ARREST).removesuffix("Male\n") + '"Ma'
    text = refusal(known, content)
    assert "a quote is opened and not closed" in text
    assert re.search(r"line +8", text)


def test_values_with_separators_and_line_ends_in_quotes_are_whole(known: KnownHeaders):
    raw = read(known, pipes(arrest(Apprehension_Landmark='"A | B\nC | D"'), ARREST))
    assert landmarks(raw) == ["A | B\nC | D", "PLYMOUTH JAIL"]


@pytest.mark.parametrize("cells", [2, 8, 10, 25])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_line_with_more_or_fewer_values_than_the_header_is_named(known: KnownHeaders, cells: int, at: int):
    lines = [line(ARREST.values())] * 3
    lines[at] = line(["x"] * cells)
    text = refusal(known, "\n".join([*PREAMBLE, line(NATIONAL), *lines]))
    assert f"a line has {cells} values, and the header has 9" in text
    assert re.search(rf"line +{at + 7}\b", text)


def test_a_line_end_in_a_value_without_quotes_is_named(known: KnownHeaders):
    text = refusal(known, pipes(ARREST, arrest(Apprehension_Landmark="A\nB")))
    assert re.search(r"line +8", text)


def test_a_text_of_windows_is_read_and_that_is_said(known: KnownHeaders):
    raw = read(known, pipes(arrest(Apprehension_Landmark="CAÑON – CITY")).encode("cp1252"))
    assert landmarks(raw) == ["CAÑON – CITY"]
    assert raw.notes == ("it is not UTF-8 and was read as Windows-1252",)


def test_a_text_of_two_bytes_a_sign_is_read_and_that_is_said(known: KnownHeaders):
    raw = read(known, pipes(arrest(Apprehension_Landmark="CAÑON")).encode("utf-16"))
    assert (landmarks(raw), raw.notes) == (["CAÑON"], ("it is UTF-16",))


def test_a_mark_of_byte_order_is_no_part_of_the_first_name(known: KnownHeaders):
    quoted = [line(f'"{cell}"' for cell in cells) for cells in (NATIONAL, ARREST.values())]
    for lines in ([line(NATIONAL), line(ARREST.values())], quoted):
        (table,) = read(known, "\ufeff" + "\n".join(lines)).tables
        assert table.header[0] == "Area of Responsibility"
        assert table.frame.get_column("0").to_list() == ["Boston Area of Responsibility"]


def test_bytes_of_no_encoding_are_named_by_their_line(known: KnownHeaders):
    content = pipes(ARREST, ARREST).encode() + b"\x81\xff\n"
    text = refusal(known, content)
    assert "neither UTF-8 nor Windows-1252" in text
    assert re.search(r"line +9", text)


def test_a_compressed_text_is_read_by_its_bytes_whatever_its_name(known: KnownHeaders):
    for name in ("a.csv.gz", "a.csv"):
        assert rows_of(read(known, packed(pipes(ARREST)), name)) == [7]


def test_a_text_that_a_browser_unpacked_and_left_its_name_is_read(known: KnownHeaders):
    assert rows_of(read(known, pipes(ARREST), "a.csv.gz")) == [7]


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_compressed_text_that_is_cut_off_is_refused(known: KnownHeaders, share: float):
    whole = gzip.compress("\n".join([line(NATIONAL), *many_rows()]).encode(), mtime=0)
    assert "cut off or damaged" in refusal(known, whole[: int(len(whole) * share)], "a.csv.gz")
    bad = bytearray(whole)
    bad[len(bad) // 2] ^= 0xFF
    assert "cut off or damaged" in refusal(known, bytes(bad), "a.csv.gz")


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.xlsx", "a.parquet"])
def test_an_empty_file_is_refused(known: KnownHeaders, name: str):
    assert "is empty" in refusal(known, b"", name)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_web_page_under_the_name_of_a_table_is_refused(known: KnownHeaders, name: str):
    assert "is a web page" in refusal(known, "<!DOCTYPE html>\n<html><body>Sign in</body></html>", name)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_workbook_with_a_password_is_refused(known: KnownHeaders, name: str):
    assert "protected by a password" in refusal(known, b"\xd0\xcf\x11\xe0" + b"\0" * 600, name)


def test_a_workbook_under_the_name_of_a_text_is_read(known: KnownHeaders):
    assert rows_of(read(known, workbook({"A": sheet(MARCH_ARREST)}), "a.csv")) == [2]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
def test_a_workbook_that_is_cut_off_is_refused(known: KnownHeaders, share: float):
    whole = workbook({"A": sheet(*[MARCH_ARREST] * 50)})
    assert "damaged" in refusal(known, whole[: int(len(whole) * share)], "a.xlsx")


def test_a_workbook_with_one_bit_turned_is_refused(known: KnownHeaders):
    whole = workbook({"A": sheet(*[march(State=f"STATE {number}") for number in range(50)])})
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as parts, zipfile.ZipFile(buffer, "w") as stored:
        for name in parts.namelist():
            stored.writestr(name, parts.read(name))
    content = bytearray(buffer.getvalue())
    content[content.index(b"STATE 7")] ^= 1
    assert "is a damaged workbook" in refusal(known, bytes(content), "a.xlsx")


def test_a_columnar_file_that_is_cut_off_is_refused(known: KnownHeaders):
    buffer = io.BytesIO()
    pl.DataFrame([MARCH_ARREST] * 50).write_parquet(buffer)
    assert "is damaged" in refusal(known, buffer.getvalue()[:400], "a.parquet")


def test_cells_with_the_error_of_a_formula_are_refused_by_address(known: KnownHeaders):
    content = workbook({"A": sheet(MARCH_ARREST, march(State="#N/A", Gender="#REF!"))})
    text = refusal(known, content, "a.xlsx")
    assert "sheet A: cells hold the error of a formula" in text
    assert "C3, Q3" in text


def test_errors_of_formulas_on_a_sheet_of_notes_do_no_harm(known: KnownHeaders):
    raw = read(known, workbook({"A": sheet(MARCH_ARREST), "Pivot": [["Total"], ["#DIV/0!"]]}), "a.xlsx")
    assert [each.sheet for each in raw.left] == ["Pivot"]


def test_a_sheet_whose_stated_extent_names_no_columns_is_read(known: KnownHeaders):
    whole = workbook({"A": sheet(MARCH_ARREST, MARCH_ARREST)})
    content = in_sheet(whole, re.compile(rb'<dimension ref="[^"]*"'), b'<dimension ref="1:1416"')
    assert rows_of(read(known, content, "a.xlsx")) == [2, 3]


def in_sheet(content: bytes, old: bytes | re.Pattern[bytes], new: bytes) -> bytes:
    """Returns a workbook with a change in the text of its first sheet."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(buffer, "w") as copy:
        for name in parts.namelist():
            text = parts.read(name)
            if name == "xl/worksheets/sheet1.xml":
                pattern = old if isinstance(old, re.Pattern) else re.compile(re.escape(old))
                text, changes = pattern.subn(new, text, count=1)
                assert changes == 1
            copy.writestr(name, text)
    return buffer.getvalue()


# Marks


def test_a_file_that_says_it_is_made_up_is_known_as_such(known: KnownHeaders):
    assert not read(known, pipes(ARREST)).is_synthetic
    assert read(known, pipes(ARREST), "synthetic-arrests.csv").is_synthetic
    marked = "SYNTHETIC – made by recount synthesize, seed 1; not a real release\n" + pipes(ARREST)
    assert read(known, marked).is_synthetic


def test_what_python_reads_of_a_text_is_what_is_read(known: KnownHeaders):
    rows = [
        arrest(Apprehension_Landmark=f'"{place}"') for place in ('A ""B"" C', "D|E", "F,G", "", " H ", "I\nJ")
    ]
    content = pipes(*rows)
    expected = list(csv.reader(io.StringIO(content, newline=""), delimiter="|"))[6:]
    frame = read(known, content).tables[0].frame.drop(ROW)
    assert [[cell or "" for cell in row] for row in frame.rows()] == expected
    assert len(list(itertools.chain(*expected))) == 9 * len(rows)
