"""A delimited file into rows of text: nothing is judged but the shape."""

from __future__ import annotations

import pytest

from recount.declare.catalog import Catalog
from recount.declare.sources import Layout
from recount.errors import LayoutError, ReleaseFileError
from recount.extract.text_tables import RawTable, read_text_table
from tiny_release import ACTIVATIONS_HEADER, raw_table, source_file

ROW = "25025,2008-11-05,2012-05-15,0.0,0.0,0.0\n"
CELLS = {
    "fips": "25025",
    "activation_date": "2008-11-05",
    "statewide_date": "2012-05-15",
    "borough": "0.0",
    "parish": "0.0",
    "city": "0.0",
}


@pytest.fixture
def layout(catalog: Catalog) -> Layout:
    return catalog.layouts["activation-dates-by-county"]


def read(content: str | bytes, layout: Layout) -> RawTable:
    return read_text_table(source_file("dates.csv", content), layout, "layouts/dates.yml")


def test_a_row_is_its_cells_by_header_with_its_number_the_header_being_row_1(
    layout: Layout, catalog: Catalog
):
    raw = raw_table("dates.csv", ACTIVATIONS_HEADER + ROW, layout, catalog)
    assert raw.rows == ((2, CELLS),)
    assert raw.header == tuple(CELLS)


def test_a_line_that_holds_nothing_keeps_its_number(layout: Layout):
    raw = read(ACTIVATIONS_HEADER + ROW + "\n" + ROW, layout)
    assert [number for number, _ in raw.rows] == [2, 4]
    assert raw.empty_lines == (3,)


def test_cells_are_untouched(layout: Layout):
    raw = read(ACTIVATIONS_HEADER + '" 25025",n/a,"a, b",,"say ""no""","two\nlines"\n', layout)
    assert tuple(raw.rows[0][1].values()) == (" 25025", "n/a", "a, b", "", 'say "no"', "two\nlines")


def test_columns_may_stand_in_any_order(layout: Layout):
    raw = read("city,parish,borough,statewide_date,activation_date,fips\n0,0,0,,2008-11-05,25025\n", layout)
    assert raw.rows[0][1]["fips"] == "25025"
    assert raw.rows[0][1]["activation_date"] == "2008-11-05"


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_lines_may_end_as_on_any_machine(layout: Layout, line_end: str):
    assert read((ACTIVATIONS_HEADER + ROW).replace("\n", line_end), layout).rows == ((2, CELLS),)


def test_a_byte_order_mark_is_no_part_of_the_first_header(layout: Layout):
    assert read(b"\xef\xbb\xbf" + (ACTIVATIONS_HEADER + ROW).encode(), layout).rows == ((2, CELLS),)


def test_a_missing_column_is_named_with_the_layout_to_edit(layout: Layout):
    with pytest.raises(LayoutError) as raised:
        read("fips,activation_date,statewide_date,borough,parish\n", layout)
    assert raised.value.facts == (
        ("layout", "activation-dates-by-county"),
        ("row", "1, the header"),
        ("missing", "'city'"),
        ("fix", "layouts/dates.yml: declare the columns as the file now has them, and say what each means"),
    )


def test_a_renamed_column_is_guessed(layout: Layout):
    with pytest.raises(LayoutError) as raised:
        read(ACTIVATIONS_HEADER.replace("statewide_date", "state_wide_date") + ROW, layout)
    assert dict(raised.value.facts)["missing"] == "'statewide_date' (renamed to 'state_wide_date'?)"


def test_an_extra_column_is_named(layout: Layout):
    with pytest.raises(LayoutError) as raised:
        read("territory," + ACTIVATIONS_HEADER + "0," + ROW, layout)
    assert dict(raised.value.facts)["extra"] == "'territory'"


def test_a_repeated_column_is_named(layout: Layout):
    with pytest.raises(LayoutError) as raised:
        read("fips," + ACTIVATIONS_HEADER + "25025," + ROW, layout)
    assert dict(raised.value.facts)["repeated"] == "'fips'"


@pytest.mark.parametrize(("row", "cells"), [("25025,2008-11-05\n", 2), ("a,b,c,d,e,f,g\n", 7)])
def test_a_row_of_another_length_than_the_header_is_named(layout: Layout, row: str, cells: int):
    with pytest.raises(LayoutError, match=rf"dates\.csv, row 3 has {cells} cells where the header has 6"):
        read(ACTIVATIONS_HEADER + ROW + row, layout)


@pytest.mark.parametrize("content", ["", "\n", "\n\n"])
def test_an_empty_file_is_told(layout: Layout, content: str):
    with pytest.raises(ReleaseFileError, match=r"dates\.csv is empty"):
        read(content, layout)


@pytest.mark.parametrize("content", [ACTIVATIONS_HEADER, ACTIVATIONS_HEADER + "\n\n"])
def test_a_header_without_rows_is_told(layout: Layout, content: str):
    with pytest.raises(ReleaseFileError, match=r"dates\.csv has a header and no rows"):
        read(content, layout)


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (ACTIVATIONS_HEADER.encode() + b"25025,\xe9", "line 2 holds the byte 0xE9"),
        (ACTIVATIONS_HEADER.encode("utf-16"), "it begins with the mark of utf-16"),
        (ACTIVATIONS_HEADER.encode("utf-16-le"), "line 1 holds a NUL character"),
    ],
)
def test_another_encoding_is_told_with_the_layout_to_edit(layout: Layout, content: bytes, because: str):
    with pytest.raises(ReleaseFileError) as raised:
        read(content, layout)
    assert raised.value.facts == (
        ("because", because),
        ("fix", "save the file as utf-8, or change encoding in layouts/dates.yml"),
    )


def test_an_encoding_that_the_layout_declares_is_read(layout: Layout):
    latin = layout.model_copy(update={"encoding": "latin-1"})
    raw = read((ACTIVATIONS_HEADER + "Doña Ana,,,,,\n").encode("latin-1"), latin)
    assert raw.rows[0][1]["fips"] == "Doña Ana"


def test_a_quote_that_is_never_closed_is_told(layout: Layout):
    with pytest.raises(ReleaseFileError, match="is not text delimited by ','"):
        read(ACTIVATIONS_HEADER + '"25025,2008-11-05\n', layout)
