"""Tables are found by title, headings and labels; every filled cell of a sheet is accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.declare.catalog import Catalog
from recount.declare.workbooks import SheetLayout
from recount.extract.cells import cell_address, is_number, join_rows
from recount.extract.printed_tables import SheetReader
from recount.extract.table_blocks import Block, SheetReading
from recount.extract.vocabulary import Vocabulary
from tiny_workbook import BOOK_INS, BOOK_OUTS, DETAINED, POPULATION, Grid, grid, sheet

NOTES = [{"text": "source: .*", "reason": "A source."}]
SMALL = {
    "table": "small",
    "title": "people held",
    "core": "detention_figures",
    "figure": "detained",
    "period": "snapshot",
    "as_of": "detained",
    "heading": [{"columns": [{"codes": "arresting_agencies", "dimension": "agency"}]}],
    "rows": [{"codes": "criminality", "dimension": "criminality"}],
}
PEOPLE = ("People held", "|ICE|CBP", "Total|3|4", "Convicted|1|2")


@pytest.fixture(scope="module")
def vocabulary(catalog: Catalog) -> Vocabulary:
    return Vocabulary(catalog.codes)


def layout(*tables: Mapping[str, object]) -> SheetLayout:
    return SheetLayout.model_validate(
        {
            "sheet": "small",
            "source": "any",
            "names": ".*",
            "reads": "tables",
            "tables": tables,
            "notes": NOTES,
        }
    )


def read(
    rows: Sequence[Sequence[str | None]],
    vocabulary: Vocabulary,
    known: SheetLayout | None = None,
    errors: Mapping[tuple[int, int], str] | None = None,
) -> SheetReading:
    raw = sheet(rows, "Small", errors=errors)
    missing = frozenset({"null", "-"})
    return SheetReader(raw, join_rows(rows), known or layout(SMALL), vocabulary, missing).read()


def numbers(block: Block) -> dict[str, tuple[str, ...]]:
    """Returns what is said of each number, by its cell: the codes of its labels, then of its headings."""
    return {
        cell_address(row.row, column): (
            *row.said.dimensions.values(),
            *block.columns[column].dimensions.values(),
            text,
        )
        for row in block.rows
        for column, text in zip(row.columns, row.texts, strict=True)
    }


def unknown(reading: SheetReading) -> list[tuple[str, str, str]]:
    return [(each.cell, each.text, each.what) for each in reading.unknown]


def beside(left: Grid, right: Grid) -> Grid:
    height = max(len(left), len(right))
    rows = [[*side[:height], *[[None] * len(side[0])] * (height - len(side))] for side in (left, right)]
    return [[*one, None, *two] for one, two in zip(*rows, strict=True)]


# Where tables stand


def test_a_number_is_all_that_label_and_heading_say_of_it(vocabulary: Vocabulary):
    (block,) = read(grid(*PEOPLE), vocabulary).blocks
    assert numbers(block) == {
        "B3": ("total", "ice", "3"),
        "C3": ("total", "cbp", "4"),
        "B4": ("convicted", "ice", "1"),
        "C4": ("convicted", "cbp", "2"),
    }


@given(down=st.integers(0, 9), right=st.integers(0, 30))
def test_a_table_is_found_by_its_title_wherever_it_stands(vocabulary: Vocabulary, down: int, right: int):
    rows = [*[[None]] * down, *[[*[None] * right, *row] for row in grid(*PEOPLE)]]
    reading = read(rows, vocabulary)
    (block,) = reading.blocks
    assert numbers(block)[cell_address(down + 3, right + 2)] == ("convicted", "cbp", "2")
    assert reading.unknown == []


@pytest.mark.parametrize("gap", [0, 1, 2, 3])
def test_headings_stand_up_to_three_empty_rows_below_the_title(vocabulary: Vocabulary, gap: int):
    title, *rest = PEOPLE
    reading = read(grid(title, *[""] * gap, *rest), vocabulary)
    assert (len(numbers(reading.blocks[0])), reading.unknown) == (4, [])


def test_tables_stand_side_by_side(vocabulary: Vocabulary):
    other = SMALL | {"table": "other", "title": "people booked in", "figure": "book_ins"}
    rows = beside(grid(*PEOPLE), grid("People booked in", "|ICE", "Total|9"))
    reading = read(rows, vocabulary, layout(SMALL, other))
    left, right = reading.blocks
    assert set(numbers(left)) == {"B3", "C3", "B4", "C4"}
    assert numbers(right) == {"F3": ("total", "ice", "9")}
    assert reading.unknown == []


def test_a_table_to_the_right_may_begin_higher_or_lower(vocabulary: Vocabulary):
    other = SMALL | {"table": "other", "title": "people booked in", "figure": "book_ins"}
    right = grid("", "People booked in", "|ICE", "Total|9", "Convicted|8")
    for rows in (beside(grid(*PEOPLE), right), beside(grid("", *PEOPLE), right[1:])):
        reading = read(rows, vocabulary, layout(SMALL, other))
        assert [len(numbers(each)) for each in reading.blocks] in ([4, 2], [2, 4])
        assert reading.unknown == []


def test_a_table_ends_at_the_title_of_the_next(vocabulary: Vocabulary):
    other = SMALL | {"table": "other", "title": "people booked in", "figure": "book_ins"}
    reading = read(grid(*PEOPLE, "People booked in", "|ICE", "Total|9"), vocabulary, layout(SMALL, other))
    assert [each.table.table for each in reading.blocks] == ["small", "other"]
    assert (len(numbers(reading.blocks[0])), reading.unknown) == (4, [])


def test_one_empty_row_inside_does_not_end_a_table(vocabulary: Vocabulary):
    reading = read(grid(*PEOPLE[:3], "", *PEOPLE[3:]), vocabulary)
    assert set(numbers(reading.blocks[0])) == {"B3", "C3", "B5", "C5"}
    assert reading.unknown == []


def test_what_follows_an_empty_row_without_a_label_of_the_table_is_none_of_it(vocabulary: Vocabulary):
    reading = read(grid(*PEOPLE, "", "Something|5|6"), vocabulary)
    assert len(numbers(reading.blocks[0])) == 4
    assert unknown(reading) == [("A6", "Something", "text"), ("B6", "5", "number"), ("C6", "6", "number")]


def test_the_tables_of_the_shipped_sheet_are_found(vocabulary: Vocabulary, catalog: Catalog):
    known = catalog.sheets["detention"]
    reading = read(grid(*DETAINED, "", *BOOK_INS, "", *BOOK_OUTS, "", *POPULATION), vocabulary, known)
    assert [each.table.table for each in reading.blocks] == [
        "detained_by_criminality",
        "book_ins_by_agency",
        "book_outs_by_reason",
        "adp_by_agency",
    ]
    assert reading.unknown == []


# Labels


def test_a_label_that_carries_holds_for_the_labels_below_it(vocabulary: Vocabulary):
    rows = [
        {"codes": "arresting_agency_averages", "dimension": "by", "carries": True},
        SMALL["rows"][0],  # type: ignore[index]
    ]
    lines = ("People held", "|ICE", "CBP Average|3", "Convicted|1", "ICE Average|7", "Convicted|5")
    (block,) = read(grid(*lines), vocabulary, layout(SMALL | {"rows": rows})).blocks
    assert numbers(block) == {
        "B3": ("cbp", "ice", "3"),
        "B4": ("cbp", "convicted", "ice", "1"),
        "B5": ("ice", "ice", "7"),
        "B6": ("ice", "convicted", "ice", "5"),
    }


def test_a_label_that_carries_gives_its_figure_to_the_labels_below_it(vocabulary: Vocabulary):
    rows = [
        {"pattern": "book-ins", "figure": "book_ins", "unit": "events", "carries": True},
        SMALL["rows"][0],  # type: ignore[index]
    ]
    lines = ("People held", "|ICE", "Convicted|1", "Book-ins|3", "Convicted|2")
    (block,) = read(grid(*lines), vocabulary, layout(SMALL | {"rows": rows})).blocks
    assert [each.said.figure for each in block.rows] == [None, "book_ins", "book_ins"]


def test_a_part_none_of_whose_groups_stands_above_it_is_told(vocabulary: Vocabulary):
    rows = [
        {"codes": "arresting_agency_averages", "dimension": "by", "carries": True},
        SMALL["rows"][0],  # type: ignore[index]
    ]
    lines = ("People held", "|ICE", "Convicted|1", "ICE Average|7", "Convicted|5")
    reading = read(grid(*lines), vocabulary, layout(SMALL | {"rows": rows}))
    assert unknown(reading) == [("A3", "Convicted", "label"), ("B3", "1", "number")]
    assert list(numbers(reading.blocks[0])) == ["B4", "B5"]


def test_two_columns_of_labels_name_a_row_and_the_first_carries(vocabulary: Vocabulary):
    two = {
        "label_columns": 2,
        "rows": [{"codes": "release_reasons", "dimension": "reason", "carries": True}],
        "second_labels": [{"codes": "criminality", "dimension": "criminality"}],
    }
    lines = ("People held", "||ICE", "Total||9", "Paroled|Total|4", "|Convicted|3", "Other|Total|5")
    (block,) = read(grid(*lines), vocabulary, layout(SMALL | two)).blocks
    assert numbers(block) == {
        "C3": ("total", "ice", "9"),
        "C4": ("paroled", "total", "ice", "4"),
        "C5": ("paroled", "convicted", "ice", "3"),
        "C6": ("other", "total", "ice", "5"),
    }


def test_spaces_and_letters_of_another_size_do_not_matter(vocabulary: Vocabulary):
    reading = read(grid(" PEOPLE  HELD", "|ICE  ", "ToTal\n|3"), vocabulary)
    assert list(numbers(reading.blocks[0])) == ["B3"]
    assert reading.unknown == []


# Headings


def test_a_heading_that_spreads_stands_over_the_empty_cells_to_its_right(vocabulary: Vocabulary):
    heading = [
        {"spreads": True, "columns": [{"pattern": r"(20\d\d)", "dimension": "year"}]},
        {"columns": [{"codes": "month_halves", "dimension": "half"}]},
    ]
    lines = ("People held", "|2024||2025", "|mid|end|mid", "Total|1|2|3")
    reading = read(grid(*lines), vocabulary, layout(SMALL | {"heading": heading}))
    assert numbers(reading.blocks[0]) == {
        "B4": ("total", "2024", "mid", "1"),
        "C4": ("total", "2024", "end", "2"),
        "D4": ("total", "2025", "mid", "3"),
    }


def test_a_number_that_heads_a_column_is_counted_as_a_heading(vocabulary: Vocabulary):
    heading = [{"columns": [{"pattern": r"(20\d\d)", "dimension": "year"}]}]
    reading = read(grid("People held", "|2024", "Total|1"), vocabulary, layout(SMALL | {"heading": heading}))
    assert (reading.numbers, reading.headings) == (2, [(1, 1)])


def test_a_heading_may_say_what_figure_stands_below_it(vocabulary: Vocabulary):
    share = {"pattern": "percent ice", "sets": {"agency": "ice"}, "figure": "share", "unit": "share"}
    heading = [{"columns": [*SMALL["heading"][0]["columns"], share]}]  # type: ignore[index]
    (block,) = read(
        grid("People held", "|ICE|Percent ICE", "Total|3|0.5"),
        vocabulary,
        layout(SMALL | {"heading": heading}),
    ).blocks
    assert [(each.figure, each.unit) for each in block.columns.values()] == [(None, None), ("share", "share")]


# What nothing knows


def test_an_unknown_heading_is_told_with_the_numbers_below_it(vocabulary: Vocabulary):
    reading = read(grid("People held", "|ICE|Navy", "Total|3|4"), vocabulary)
    assert numbers(reading.blocks[0]) == {"B3": ("total", "ice", "3")}
    assert unknown(reading) == [("C2", "Navy", "heading"), ("C3", "4", "number")]


def test_an_unknown_label_is_told_with_the_numbers_beside_it(vocabulary: Vocabulary):
    reading = read(grid("People held", "|ICE|CBP", "Acquitted|3|4"), vocabulary)
    assert reading.blocks[0].rows == []
    assert unknown(reading) == [("A3", "Acquitted", "label"), ("B3", "3", "number"), ("C3", "4", "number")]


def test_numbers_without_a_label_are_told(vocabulary: Vocabulary):
    reading = read(grid("People held", "|ICE|CBP", "Total|3|4", "|1|2"), vocabulary)
    assert unknown(reading) == [("B4", "1", "number"), ("C4", "2", "number")]


def test_numbers_without_a_label_are_set_aside_where_the_table_is_known_to_have_them(vocabulary: Vocabulary):
    known = layout(SMALL | {"unlabelled": "The workbook repeats its total."})
    reading = read(grid("People held", "|ICE|CBP", "Total|3|4", "|1|2"), vocabulary, known)
    assert (reading.unlabelled, reading.unknown) == ([(3, 1), (3, 2)], [])


def test_numbers_without_a_heading_are_told(vocabulary: Vocabulary):
    reading = read(grid("People held", "|ICE|", "Total|3|4"), vocabulary)
    assert unknown(reading) == [("C3", "4", "number")]


def test_text_in_a_column_of_numbers_is_told(vocabulary: Vocabulary):
    reading = read(grid("People held", "|ICE|CBP", "Total|3|about 4"), vocabulary)
    assert list(numbers(reading.blocks[0])) == ["B3"]
    assert unknown(reading) == [("C3", "about 4", "not_a_number")]


def test_a_known_mark_stands_for_no_number(vocabulary: Vocabulary):
    reading = read(grid("People held", "|ICE|CBP", "Total|3|NULL"), vocabulary)
    assert [(each.row, each.column, each.text) for each in reading.unnumbered] == [(2, 2, "NULL")]
    assert reading.unknown == []


def test_an_error_cell_is_told_wherever_it_stands(vocabulary: Vocabulary):
    errors = {(2, 2): "#N/A", (9, 9): "#REF!"}
    reading = read(grid("People held", "|ICE|CBP", "Total|3|"), vocabulary, errors=errors)
    assert unknown(reading) == [("C3", "#N/A", "formula_error"), ("J10", "#REF!", "formula_error")]


def test_an_empty_cell_beside_numbers_is_named_in_its_row(vocabulary: Vocabulary):
    (block,) = read(grid("People held", "|ICE|CBP", "Total|3|", "Convicted|1|2"), vocabulary).blocks
    assert [each.blank for each in block.rows] == [(2,), ()]


def test_a_title_without_a_table_below_it_is_told(vocabulary: Vocabulary):
    assert unknown(read(grid("People held"), vocabulary)) == [("A1", "People held", "empty_table")]


def test_a_second_table_of_one_title_is_told(vocabulary: Vocabulary):
    reading = read(grid(*PEOPLE, "", *PEOPLE), vocabulary)
    assert unknown(reading) == [("A6", "People held", "repeated_table")]


def test_a_table_that_may_repeat_is_read_each_time(vocabulary: Vocabulary):
    reading = read(grid(*PEOPLE, "", *PEOPLE), vocabulary, layout(SMALL | {"repeats": True}))
    assert (len(reading.blocks), reading.unknown) == (2, [])


def test_a_known_note_is_no_unknown_text(vocabulary: Vocabulary):
    reading = read(grid(*PEOPLE, "", "Source: the agency", "Someone wrote this"), vocabulary)
    assert unknown(reading) == [("A7", "Someone wrote this", "text")]


def test_a_number_where_labels_are_headed_is_told(vocabulary: Vocabulary):
    assert unknown(read(grid("People held", "12|ICE", "Total|3"), vocabulary)) == [("A2", "12", "number")]


@given(data=st.data())
def test_every_number_of_a_sheet_is_accounted_for_once(vocabulary: Vocabulary, data: st.DataObject):
    texts = ("People held", "ICE", "CBP", "Total", "Convicted", "Navy", "3", "0.5", "null", "Source: me")
    cell = st.sampled_from([None, *texts])
    rows = data.draw(st.lists(st.lists(cell, min_size=5, max_size=5), max_size=8))
    reading = read(rows, vocabulary)
    kept = [
        cell_address(row.row, each) for block in reading.blocks for row in block.rows for each in row.columns
    ]
    told = [each.cell for each in reading.unknown if is_number(each.text)]
    filled = [
        cell_address(row, column)
        for row, cells in enumerate(rows)
        for column, text in enumerate(cells)
        if text is not None and is_number(text)
    ]
    assert sorted([*kept, *told]) == sorted(filled)
    assert reading.numbers == len(filled)
