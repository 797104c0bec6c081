"""Large plain sheets by their tags: the same text as the reader of workbooks gives, or left to it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import fastexcel
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from recount.acquire.files import read_file
from recount.errors import ReleaseFileError
from recount.extract import event_workbooks, sheet_pieces, sheet_scan
from recount.extract.sheet_scan import scan_sheet
from recount.extract.sheet_tags import NotPlainError
from recount.extract.workbooks import _sheet_paths

SHEET = "xl/worksheets/sheet1.xml"
TEXTS = (
    "Boston",
    "Warrant & Notice",
    "<none>",
    " led by a space",
    "ended by one ",
    "a\tb",
    "two\nlines",
    "Núñez – ñ",
    "twelve signs",
    "thirteen sign",
    '"quoted"',
)


def written(fill: Callable[[xlsxwriter.Workbook], None], *, inline: bool, **options: object) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": inline, **options})
    fill(book)
    book.close()
    return buffer.getvalue()


def with_rows(rows: str) -> bytes:
    """Returns a workbook with one sheet of these rows, as XML."""
    whole = written(lambda book: book.add_worksheet().write(0, 0, "x"), inline=False)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == SHEET:
                before, rest = text.split(b"<sheetData>")
                text = (
                    before + b"<sheetData>" + rows.encode() + b"</sheetData>" + rest.split(b"</sheetData>")[1]
                )
            new.writestr(name, text)
    return buffer.getvalue()


def with_attributes(whole: bytes, attributes: str) -> bytes:
    """Returns a workbook with these attributes in every second row."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == SHEET:
                text = re.sub(r'(<row r="\d*[02468]")[^>/]*', rf"\1{attributes}", text)
            new.writestr(name, text)
    return buffer.getvalue()


def scanned(content: bytes) -> pl.DataFrame:
    parts = zipfile.ZipFile(io.BytesIO(content))
    return scan_sheet(parts, _sheet_paths(parts), "Sheet1").frame


def by_reader(content: bytes) -> pl.DataFrame:
    sheet = fastexcel.read_excel(content).load_sheet(0, header_row=None, skip_rows=0, dtypes="string")
    frame = sheet.to_polars()
    return frame.rename({each: str(index) for index, each in enumerate(frame.columns)})


def fill_with_everything(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "m/d/yyyy"})
    minute = book.add_format({"num_format": "m/d/yyyy h:mm"})
    as_text = book.add_format({"num_format": "@"})
    sheet.write(0, 0, "SYNTHETIC")
    for index, each in enumerate(TEXTS):
        sheet.write_string(index + 3, 0, each, as_text if index % 2 else None)
        sheet.write_number(index + 3, 1, 45_658 + index + (780 + index) / 1440, minute)
        sheet.write_number(index + 3, 2, 36_161 + 31 * index, day)
        sheet.write_number(index + 3, 3, 1e-7 * 3**index)
        sheet.write_number(index + 3, 4, 1980 + index)
        if index % 3:
            sheet.write_blank(index + 3, 5, None, day)
            sheet.write_string(index + 3, 30, each)
    sheet.write_blank(40, 2, None, day)
    book.add_worksheet().write(0, 0, "another")


@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.parametrize("since_1904", [True, False])
def test_a_plain_sheet_is_read_as_the_reader_reads_it(inline: bool, since_1904: bool) -> None:
    content = written(fill_with_everything, inline=inline, date_1904=since_1904)
    assert scanned(content).equals(by_reader(content))


CELL = '<row r="1"><c r="A1"><v>7</v></c></row>'


@pytest.mark.parametrize(
    "rows",
    [
        CELL
        + '<row r="2" ht="15" /><row r="4"><c r="A4" s="0" /><c r="B4"></c><c r="C4" t="n"><v>1E3</v></c></row>',
        CELL + '<row r="2"><c r="Z2"><v>1</v></c><c r="AA2"><v>2</v></c></row>',
        CELL + '<row r="9"><c r="B9" t="s"><v>0</v></c></row>',
        CELL
        + '<row r="2"><c r="B2" t="inlineStr"><is><t></t></is></c><c r="C2" t="inlineStr"><is><t> </t></is></c></row>',
        CELL + '<row r="2"><c r="B2" t="inlineStr"><is><t>a &gt; b &#65;</t></is></c></row>',
        CELL + '<row r="2"><c r="B2" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c></row>',
        CELL
        + '<row r="2" spans="1:3" x14ac:dyDescent="0.25"><c r="A2" s="0" t="s"><v>0</v></c><c r="B2" s="0"/></row>'
        + '<row r="3" spans="1:3" s="0" customFormat="1" ht="15.75"><c r="C3" s="0" t="s"><v>0</v></c></row>',
        CELL
        + '<row r="2"><c r="A2"><v>007</v></c><c r="B2"><v>0</v></c><c r="C2"><v>0.30000000000000004</v></c></row>',
        CELL
        + '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>0</v></c></row>'
        + '<row r="3"><c r="B3" t="s"><v>0</v></c></row>',
    ],
)
def test_cells_are_placed_and_read_as_the_reader_does(rows: str) -> None:
    content = with_rows(rows)
    assert scanned(content).equals(by_reader(content))


@pytest.mark.parametrize(
    "rows",
    [
        "",
        '<row r="1"><c r="B1"><v>7</v></c></row>',
        CELL + '<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>',
        CELL + '<row r="2"><c r="A2" t="b"><v>1</v></c></row>',
        CELL + '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>',
        CELL + '<row r="2"><c r="A2" t="str"><v>x</v></c></row>',
        CELL + '<row r="2"><c r="A2" t="inlineStr"><is><r><t>x</t></r></is></c></row>',
        CELL + '<row r="2"><c r="A2" t="inlineStr"><is><t>_x0041_</t></is></c></row>',
        CELL + '<row r="2"><c r="A3"><v>1</v></c></row>',
        CELL + '<row r="1"><c r="A1"><v>1</v></c></row>',
        CELL + '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
        CELL + '<row r="2"><c r="AAA2"><v>1</v></c></row>',
        CELL + "\n" + '<row r="2"><c r="A2"><v>1</v></c></row>',
        CELL + '<row r="2"><!-- no --><c r="A2"><v>1</v></c></row>',
        CELL + '<row r="2"><c r="A2" t="s" s="0"><v>0</v></c></row>',
        CELL + '<row r="2"><c t="n"><v>0</v></c></row>',
        CELL + '<row><c r="A2"><v>0</v></c></row>',
        CELL + '<row r="2"><c r="A2"><v></v></c></row>',
    ],
)
def test_a_sheet_with_anything_else_is_left_to_the_reader(rows: str) -> None:
    with pytest.raises(NotPlainError):
        scanned(with_rows(rows))


def with_shared(items: str) -> bytes:
    """Returns a workbook with these shared texts, one in each row."""
    count = items.count("<si")
    rows = (f'<row r="{n + 2}"><c r="A{n + 2}" t="s"><v>{n}</v></c></row>' for n in range(count))
    whole = with_rows(CELL + "".join(rows))
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/sharedStrings.xml":
                head, _ = text.split(b"<si>", 1)
                text = head + items.encode() + b"</sst>"
            new.writestr(name, text)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "item",
    [
        "<si><t>Boston</t></si>",
        "<si><t>Núñez – ñ</t></si>",
        "<si><t></t></si>",
        "<si><t> a </t></si>",
        '<si><t xml:space="preserve"> a\tb </t></si>',
        "<si><t>Warrant &amp; Notice</t></si>",
        "<si><t>a_x0041_b</t></si>",
        "<si><t>a\r\nb</t></si>",
        "<si><r><t>rich </t></r><r><rPr><b/></rPr><t>text</t></r></si>",
        "<si><t>東京</t><rPh sb='0' eb='2'><t>phonetic</t></rPh></si>",
        "<si><t/></si>",
    ],
)
def test_a_shared_text_is_what_the_reader_says_it_is(item: str) -> None:
    content = with_shared(f"<si><t>first</t></si>{item}<si><t>last</t></si>")
    assert scanned(content).equals(by_reader(content))


@pytest.mark.parametrize("between", ["<si/>", "\n", "<!-- no -->"])
def test_shared_texts_that_are_not_told_apart_for_certain_are_left_to_the_reader(between: str) -> None:
    with pytest.raises(NotPlainError):
        scanned(with_shared(f"<si><t>first</t></si>{between}<si><t>last</t></si>"))


def test_the_number_of_a_shared_text_that_is_not_there_is_left_to_the_reader() -> None:
    with pytest.raises(NotPlainError):
        scanned(with_rows(CELL + '<row r="2"><c r="A2" t="s"><v>9</v></c></row>'))


def test_columns_in_which_texts_repeat_are_given_as_numbers_too() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for row in range(120):
            sheet.write_row(row, 0, [f"name {row}", ("Male", "Female")[row % 2], 1980 + row % 3])

    for inline in (True, False):
        parts = zipfile.ZipFile(io.BytesIO(written(fill, inline=inline)))
        sheet = scan_sheet(parts, _sheet_paths(parts), "Sheet1")
        assert sheet.codes.columns == ["1", "2"]
        for each in sheet.codes:
            texts = pl.DataFrame({"code": each, "text": sheet.frame[each.name]}).unique()
            assert texts.height == texts["code"].n_unique() == texts["text"].n_unique()


@pytest.mark.parametrize("inline", [True, False])
def test_pieces_and_blocks_of_rows_are_cut_between_rows(
    monkeypatch: pytest.MonkeyPatch, inline: bool
) -> None:
    content = written(fill_with_everything, inline=inline)
    for read, piece, rows in ((700, 900, 2), (2000, 1, 1), (100_000, 3000, 4)):
        monkeypatch.setattr(sheet_scan, "_READ", read)
        monkeypatch.setattr(sheet_scan, "_PIECE", piece)
        monkeypatch.setattr(sheet_pieces, "_ROWS_AT_ONCE", rows)
        assert scanned(content).equals(by_reader(content))


values = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=20),
    st.floats(-1e9, 1e9).map(lambda number: round(number, 6)),
    st.integers(0, 99_999),
)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(values, min_size=1, max_size=5), min_size=1, max_size=12),
    st.booleans(),
    st.sampled_from(["", ' spans="1:5"', ' spans="1:5" ht="15.75" customHeight="1"']),
)
def test_whatever_a_sheet_holds_it_is_read_as_the_reader_reads_it_or_not_at_all(
    rows: list[list[str | float | None]], inline: bool, attributes: str
) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "first")
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, place, value)
                elif value is not None:
                    sheet.write_number(number, place, value)

    content = with_attributes(written(fill, inline=inline), attributes)
    try:
        found = scanned(content)
    except NotPlainError:
        assert re.search(rb"_x[0-9A-Fa-f]{4}_", zipfile.ZipFile(io.BytesIO(content)).read(SHEET))
    else:
        assert found.equals(by_reader(content))


def test_a_large_workbook_is_scanned_and_a_damaged_one_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_workbooks, "_LARGE", 1)
    content = written(fill_with_everything, inline=True)
    path = tmp_path / "large.xlsx"
    path.write_bytes(content)
    first, second = event_workbooks.read_sheets(read_file(path, path.name))
    assert first.frame.equals(by_reader(content)) and second.frame.height == 1
    place = zipfile.ZipFile(path).getinfo(SHEET).CRC.to_bytes(4, "little")
    path.write_bytes(content.replace(place, bytes(4)))
    with pytest.raises(ReleaseFileError, match="damaged workbook"):
        list(event_workbooks.read_sheets(read_file(path, path.name)))


def test_for_its_header_a_sheet_is_read_no_further_than_headers_stand(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for row in range(200):
            sheet.write_row(row, 0, [f"name {row}", row])

    path = tmp_path / "long.xlsx"
    path.write_bytes(written(fill, inline=False))
    (sheet,) = event_workbooks.read_sheets(read_file(path, path.name), head_only=True)
    assert sheet.frame.shape == (60, 2) and sheet.frame.row(59) == ("name 59", "59")


@pytest.mark.needs_shared
@pytest.mark.parametrize(
    ("folder", "names"),
    [("detainers", ["FOIA 15-06333 Detail"]), ("foia/uw-v-dhs", ["Arrests", "Book Ins"])],
)
def test_the_large_sheets_of_the_agency_are_scanned(
    shared_data: Path, folder: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned_names = []

    def scan(parts: zipfile.ZipFile, paths: dict[str, str], name: str) -> sheet_scan.ScannedSheet:
        scanned_names.append(name)
        return scan_sheet(parts, paths, name)

    monkeypatch.setattr(event_workbooks, "scan_sheet", scan)
    [path] = (shared_data / folder).glob("*.xlsx")
    by_name = {each.name: each.frame for each in event_workbooks.read_sheets(read_file(path, path.name))}
    assert scanned_names == names
    book = fastexcel.read_excel(path)
    for name in names:
        sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
        assert by_name[name].rows() == sheet.rows()
