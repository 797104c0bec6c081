"""A workbook into sheets of text: every cell at its own address, and nothing judged."""

from __future__ import annotations

import datetime
import io
import zipfile

import pytest

from recount.errors import ReleaseFileError
from recount.extract.cells import (
    cell_address,
    column_index,
    column_letters,
    is_number,
    join_rows,
    join_spaces,
)
from recount.extract.workbooks import RawSheet, RawWorkbook, read_workbook
from tiny_release import source_file
from tiny_workbook import xlsx


def read(content: bytes) -> RawWorkbook:
    return read_workbook(source_file("stats.xlsx", content))


def read_sheet(*rows: list[object]) -> RawSheet:
    (only,) = read(xlsx({"Sheet": rows})).sheets
    return only


def cells(sheet: RawSheet) -> dict[str, str]:
    return {
        cell_address(row, column): text
        for row, texts in enumerate(sheet.rows)
        for column, text in enumerate(texts)
        if text is not None
    }


def zip_of(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), part)
    return content.getvalue()


def refused(content: bytes) -> ReleaseFileError:
    with pytest.raises(ReleaseFileError) as raised:
        read(content)
    return raised.value


# Cells


def test_a_cell_keeps_its_address_where_rows_and_columns_before_it_are_empty():
    sheet = read_sheet([], [], [None, None, "title"], [None, None, None, 7])
    assert cells(sheet) == {"C3": "title", "D4": "7"}


def test_a_cell_keeps_its_address_where_the_first_column_is_filled_further_down():
    assert cells(read_sheet([None, "a"], [], ["b"])) == {"B1": "a", "A3": "b"}


def test_an_empty_column_in_the_middle_stays():
    assert cells(read_sheet(["a", None, None, "b"])) == {"A1": "a", "D1": "b"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (68990, "68990"),
        (0.25, "0.25"),
        (12615.935484, "12615.935484"),
        (0.1234567890123, "0.1234567890123"),
        (239.5266203703704, "239.5266203703704"),
        (-1.5e-10, "-1.5e-10"),
        ("  ICE  ", "  ICE  "),
        ("two\nlines", "two\nlines"),
        (datetime.date(2024, 1, 5), "2024-01-05 00:00:00"),
        (datetime.datetime.fromisoformat("2024-01-05T06:30"), "2024-01-05 06:30:00"),
    ],
)
def test_text_is_what_the_cell_holds(value: object, text: str):
    assert cells(read_sheet([value])) == {"A1": text}


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?"])
def test_an_error_is_told_at_its_address_and_its_cell_is_empty(error: str):
    sheet = read_sheet([None, "label", 1], [None, "other", error])
    assert sheet.errors == {(1, 2): error}
    assert cells(sheet) == {"B1": "label", "C1": "1", "B2": "other"}


def test_a_column_that_holds_an_error_alone_keeps_its_place():
    sheet = read_sheet(["#N/A", "a"], [None, "b"])
    assert sheet.errors == {(0, 0): "#N/A"}
    assert cells(sheet) == {"B1": "a", "B2": "b"}


def test_a_number_with_many_decimals_is_exact_wherever_it_stands():
    sheet = read_sheet([], [None, "label", 1 / 3], [None, None, 2 / 3, 1])
    assert cells(sheet) == {"B2": "label", "C2": repr(1 / 3), "C3": repr(2 / 3), "D3": "1"}


def test_an_empty_sheet_has_no_cells():
    sheet = read_sheet()
    assert (cells(sheet), sheet.errors) == ({}, {})


# Sheets


def test_sheets_come_in_their_order_under_their_own_names():
    names = [" ICLOS and Detainees", "Vulnerable & Special Population", "Detention FY26 "]
    assert [each.name for each in read(xlsx({name: [["a"]] for name in names})).sheets] == names


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_named_and_not_read(state: str):
    content = xlsx({"seen": [["a"]], "old": [["stale", "#N/A"]]}, states={"old": state})
    seen, old = read(content).sheets
    assert (seen.visible, cells(seen)) == (True, {"A1": "a"})
    assert (old.visible, old.rows, old.errors) == (False, (), {})


# Files that are no workbook


def test_an_empty_file_is_told():
    assert "stats.xlsx is empty" in str(refused(b""))


def test_a_page_named_xlsx_is_told_with_its_beginning():
    fault = refused(b"<!DOCTYPE html><html><body>Access denied</body></html>")
    assert fault.summary == "stats.xlsx is a web page, not a workbook."
    assert dict(fault.facts)["begins with"].startswith("'<!DOCTYPE html>")


def test_a_text_named_xlsx_is_told():
    assert refused(b"Name,Address\n").summary == "stats.xlsx is not a workbook."


def test_a_password_is_told():
    fault = refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    assert "protected by a password, or is a workbook of the old binary format" in fault.summary
    assert "save it without a password" in dict(fault.facts)["fix"]


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_file_that_was_cut_off_is_told(part: float):
    content = xlsx({"Sheet": [["a", number] for number in range(2000)]})
    assert refused(content[: int(len(content) * part)]).summary == "stats.xlsx is cut off or damaged."


def test_a_zip_that_is_no_workbook_is_told():
    fault = refused(zip_of(readme_txt=b"hello"))
    assert fault.summary == "stats.xlsx is not a workbook."
    assert dict(fault.facts)["because"] == "it holds no xl/workbook.xml"


def test_a_workbook_that_lacks_a_part_is_told():
    content = xlsx({"Sheet": [["a"]]})
    without = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(without, "w") as archive:
        for each in whole.namelist():
            if not each.startswith("xl/worksheets"):
                archive.writestr(each, whole.read(each))
    assert refused(without.getvalue()).summary == "stats.xlsx is a damaged workbook."


def test_bytes_that_changed_inside_are_told():
    content = bytearray(xlsx({"Sheet": [["a", number] for number in range(2000)]}))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        begins = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    for each in range(begins + 200, begins + 400):
        content[each] ^= 0xFF
    assert refused(bytes(content)).summary == "stats.xlsx is a damaged workbook."


# Text and addresses


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_counted_in_letters(index: int, letters: str):
    assert column_letters(index) == letters
    assert column_index(letters) == index


@pytest.mark.parametrize(
    ("text", "joined"),
    [("ICE  ", "ICE"), (" a \n b ", "a b"), ("a\xa0b", "a b"), ("\xa0", ""), ("a b", "a b"), ("", "")],
)
def test_runs_of_spaces_become_one_space(text: str, joined: str):
    assert join_spaces(text) == joined


def test_rows_are_joined_to_one_width_and_cells_of_spaces_are_empty():
    assert join_rows([["a ", " "], ["", None, "1.5"]]) == [["a", None, None], [None, None, "1.5"]]


@pytest.mark.parametrize("text", ["0", "-4", "12.5", "1e-05", "1234567890123"])
def test_a_number_is_a_number_and_nothing_else(text: str):
    assert is_number(text)


@pytest.mark.parametrize(
    "text", ["1,234", "12 people", "~5", "n/a", "1.", ".5", "", "5%", "٣", "1_000", "nan", "inf"]
)
def test_what_needs_interpreting_is_no_number(text: str):
    assert not is_number(text)
