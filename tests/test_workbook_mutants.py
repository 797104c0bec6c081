"""Real workbooks with one thing wrong: none gives another number without a flag.

The law: a mutant is refused; or it is told of (an unknown cell, a conflict, a missing table); or the figures that
differ are flagged; or all figures are those of the original, wherever they stand now. A number that was altered may
appear as itself, what was taken out may be missing, a place that was renamed may bear its new name, and nothing else
may differ.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import polars as pl
import pytest
from hypothesis import assume, given, seed, settings
from hypothesis import strategies as st

from recount.acquire.files import read_file
from recount.clean.table_checks import TableChecks
from recount.clean.workbook_dates import know_sheets
from recount.clean.workbooks import CleanedWorkbook, WorkbookCleaner
from recount.declare.catalog import Catalog
from recount.declare.frames import check_frame, refuse_repeated_key
from recount.declare.workbooks import Assigns
from recount.errors import RecountError
from recount.extract.cells import column_index, column_letters, is_number, join_spaces
from recount.extract.printed_tables import SheetReader
from recount.extract.table_blocks import Block
from recount.extract.vocabulary import Said
from recount.extract.workbooks import RawSheet, RawWorkbook, read_workbook
from recount.validate.flags import flag_tables
from tiny_release import source_file
from tiny_workbook import SOURCE

pytestmark = pytest.mark.needs_shared

EACH = 30
FILES = (
    "FY19/FY19-detentionstats.xlsx",
    "FY21/FY21_detentionStats09162021.xlsx",
    "FY22/FY22_detentionStats07212022.xlsx",
    "FY23/FY23_detentionStats10312023.xlsx",
    "FY24/2024-12-20_FY24_detentionStats.xlsx",
    "FY25/FY25_detentionStats01162025.xlsx",
    "FY26/FY26_detentionStats02022026.xlsx",
)
FACILITIES = "detention_facilities"
LISTS_OF_PLACES = {"segregation_by_facility", "stateless_by_facility"}
FACILITY = ("facility_name", "city", "fiscal_year", "through_date")
PLACE = ("sheet_original", "cell_original", "row_original", "columns_original")
ADDRESS = re.compile(r"\b[A-Z]{1,3}[0-9]+\b")
TRIED: dict[str, set[str]] = {}

Cell = tuple[str, int, int]
Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass
class Page:
    """A sheet that can be altered."""

    name: str
    visible: bool
    rows: list[list[str | None]]
    errors: dict[tuple[int, int], str]

    def width(self) -> int:
        return max(map(len, self.rows), default=0)

    def widen(self, height: int, width: int) -> None:
        width = max(width, self.width())
        self.rows += [[] for _ in range(height - len(self.rows))]
        for row in self.rows:
            row.extend([None] * (width - len(row)))


@dataclass(frozen=True)
class Table:
    """Where a table stands on a sheet: its rows and columns, the title in the corner."""

    sheet: str
    name: str
    rows: range
    columns: range


@dataclass(frozen=True)
class Figure:
    """A figure: all that is said of it with its value, where it stands, and whether a place's own name says it."""

    said: tuple[object, ...]
    cell: Cell
    of_place: bool


@dataclass(frozen=True)
class Change:
    """What was done, the figures that may be missing for it, and those that may show something else."""

    what: str
    gone: Callable[[Figure], bool] = lambda _: False
    own: Callable[[Figure], bool] = lambda _: False


@dataclass(frozen=True)
class Original:
    """A real workbook, what it becomes, and where its cells and tables stand."""

    raw: RawWorkbook
    cleaned: CleanedWorkbook
    figures: Mapping[str, pl.DataFrame]
    texts: Sequence[Cell]
    numbers: Sequence[Cell]
    tables: Sequence[Table]

    def pages(self) -> list[Page]:
        return [
            Page(each.name, each.visible, [list(row) for row in each.rows], dict(each.errors))
            for each in self.raw.sheets
        ]


class Law:
    """Reads workbooks by the way on which a record is built, and holds mutants to the law."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.cleaner = WorkbookCleaner(catalog.workbooks[SOURCE], catalog)

    def clean(self, raw: RawWorkbook) -> CleanedWorkbook:
        cleaned = self.cleaner.clean(raw)
        for name, frame in cleaned.frames.items():
            refuse_repeated_key(frame, self.catalog.tables[name])
            check_frame(frame, self.catalog.tables[name], self.catalog)
        aside = Counter(each.sheet for each in cleaned.set_aside if each.number)
        for each in cleaned.accounts:
            assert each.numbers == each.kept + aside[each.sheet] + each.unknown_numbers
        return cleaned

    def know(self, raw: RawWorkbook) -> Original:
        cleaned = self.clean(raw)
        cells = [
            ((each.name, row, column), is_number(join_spaces(text)))
            for each in raw.sheets
            for row, texts in enumerate(each.rows)
            for column, text in enumerate(texts)
            if text is not None and text.strip()
        ]
        return Original(
            raw,
            cleaned,
            figures_of(cleaned.frames),
            [cell for cell, is_numeric in cells if not is_numeric],
            [cell for cell, is_numeric in cells if is_numeric],
            list(self.find_tables(raw)),
        )

    def find_tables(self, raw: RawWorkbook) -> Iterator[Table]:
        for sheet in know_sheets(raw, self.cleaner.layouts, self.cleaner.workbook):
            if sheet.visible and sheet.layout is not None and sheet.layout.reads == "tables":
                reader = SheetReader(
                    sheet.raw, sheet.rows, sheet.layout, self.cleaner.vocabulary, self.cleaner.missing
                )
                for block in reader.read().blocks:
                    yield from place_of(sheet.name, sheet.rows, block)

    def find_breach(self, original: Original, pages: Sequence[Page], change: Change) -> str | None:
        """Returns which figure of a mutant breaks the law, or `None`."""
        sheets = tuple(RawSheet(each.name, each.visible, each.rows, each.errors) for each in pages)
        try:
            cleaned = self.clean(RawWorkbook(original.raw.file, sheets))
        except RecountError:
            return None
        lost, new = compare(original.figures, figures_of(cleaned.frames))
        lost = [each for each in lost if each.beyond(change.gone)]
        new = [each for each in new if each.beyond(change.own)]
        if not (lost or new) or told_of(cleaned) - told_of(original.cleaned):
            return None
        flagged = self.flagged_cells(cleaned)
        silent = [each for each in new if each.beyond(lambda figure: figure.cell in flagged)]
        if silent:
            return f"{change.what}: {len(silent):,} figures are new and not flagged, such as {silent[0]}"
        if lost and not new and not flagged - self.flagged_cells(original.cleaned):
            return (
                f"{change.what}: {len(lost):,} figures are missing and nothing tells of it, such as {lost[0]}"
            )
        return None

    def flagged_cells(self, cleaned: CleanedWorkbook) -> set[Cell]:
        frames, _ = flag_tables(cleaned.frames, self.catalog)
        flagged = {name: frame.filter(pl.col("flags").is_not_null()) for name, frame in frames.items()}
        return {each.cell for frame in figures_of(flagged).values() for each in rows_of(frame)}


def place_of(sheet: str, rows: Sequence[Sequence[str | None]], block: Block) -> Iterator[Table]:
    """Yields where a table stands; its title is the nearest above its first row."""
    titles = [
        (row, column)
        for row in range(block.rows[0].row if block.rows else 0)
        for column, text in enumerate(rows[row])
        if text == block.title and column < min(block.columns)
    ]
    if titles:
        row, column = titles[-1]
        last = max(block.columns)
        yield Table(sheet, block.table.table, range(row, block.rows[-1].row + 1), range(column, last + 1))


def figures_of(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Returns figures by table, one row each with its place; the numbers of a facility are figures too."""
    found = {}
    for name, frame in frames.items():
        if name == FACILITIES:
            numbers = frame.select(pl.selectors.float()).columns
            index = [*FACILITY, "sheet_original", "row_original", "columns_original"]
            found[name] = frame.unpivot(numbers, index=index).filter(pl.col("value").is_not_null())
        else:
            found[name] = frame.drop("release", "file_original", "flags")
    return found


def rows_of(frame: pl.DataFrame) -> Iterator[Figure]:
    said = [each for each in frame.columns if each not in PLACE]
    for row in frame.iter_rows(named=True):
        if "row_original" in row:
            letters = dict(each.split(":") for each in row["columns_original"].split(","))[row["variable"]]
            number = row["row_original"]
        else:
            letters, number = re.findall("[A-Z]+|[0-9]+", row["cell_original"])
        cell = (row["sheet_original"], int(number) - 1, column_index(letters))
        of_place = "row_original" in row or row["printed_table"] in LISTS_OF_PLACES
        yield Figure(tuple(row[each] for each in said), cell, of_place)


@dataclass(frozen=True)
class Surplus:
    """A figure that stands more often on one side, by how many, and everywhere that it stands there."""

    times: int
    figures: tuple[Figure, ...]

    def beyond(self, excused: Callable[[Figure], bool]) -> bool:
        """Whether fewer of them are excused than there are too many."""
        return sum(map(excused, self.figures)) < self.times


def compare(
    before: Mapping[str, pl.DataFrame], after: Mapping[str, pl.DataFrame]
) -> tuple[list[Surplus], list[Surplus]]:
    """Returns the figures of which there are more before, and those of which there are more after."""
    lost: list[Surplus] = []
    new: list[Surplus] = []
    for name in sorted(before.keys() | after.keys()):
        known = before[name] if name in before else after[name]
        sides = [each.get(name, known.clear()) for each in (before, after)]
        said = [each for each in known.columns if each not in PLACE]
        hashes = [each.select(pl.struct(said).hash()).to_series() for each in sides]
        counts = [Counter(each) for each in hashes]
        for one, two, found in ((0, 1, lost), (1, 0, new)):
            more = counts[one] - counts[two]
            if not more:
                continue
            by_hash: dict[int, list[Figure]] = {}
            wanted = hashes[one].is_in(list(more))
            for key, figure in zip(
                hashes[one].filter(wanted), rows_of(sides[one].filter(wanted)), strict=True
            ):
                by_hash.setdefault(key, []).append(figure)
            found.extend(Surplus(more[key], tuple(figures)) for key, figures in by_hash.items())
    return lost, new


def told_of(cleaned: CleanedWorkbook) -> Counter[tuple[str, ...]]:
    """Returns what is told of a workbook, without the addresses of cells."""
    told: Counter[tuple[str, ...]] = Counter((each.sheet, each.what, each.text) for each in cleaned.unknown)
    told.update((each.name, ADDRESS.sub("", each.text)) for each in cleaned.conflicts)
    return told


@pytest.fixture(scope="session")
def law(catalog: Catalog) -> Law:
    return Law(catalog)


@pytest.fixture(scope="session")
def originals(law: Law, shared_data: Path) -> list[Original]:
    """The real workbooks, each read once."""
    folder = shared_data / "detention-statistics"
    return [law.know(read_workbook(read_file(folder / each, each))) for each in FILES]


# Changes. Each alters one thing.


def draw_cell(draw: Draw, pages: Sequence[Page], cells: Sequence[Cell]) -> tuple[Page, int, int, str]:
    name, row, column = cells[draw(st.integers(0, len(cells) - 1))]
    page = named(pages, name)
    return page, row, column, str(page.rows[row][column])


def draw_page(draw: Draw, pages: Sequence[Page]) -> Page:
    page: Page = draw(st.sampled_from([each for each in pages if each.visible and each.rows]))
    return page


def named(pages: Sequence[Page], name: str) -> Page:
    (page,) = [each for each in pages if each.name == name]
    return page


def at(page: Page, row: int, column: int) -> Callable[[Figure], bool]:
    return lambda figure: figure.cell == (page.name, row, column)


def named_in(page: Page, row: int) -> Callable[[Figure], bool]:
    """A place's name stands for itself, so a new one is the name of what stands in its row."""
    return lambda figure: figure.of_place and figure.cell[:2] == (page.name, row)


def cut(page: Page, table: Table) -> list[list[str | None]]:
    page.widen(table.rows.stop, table.columns.stop)
    across = slice(table.columns.start, table.columns.stop)
    block = [page.rows[row][across] for row in table.rows]
    for row in table.rows:
        page.rows[row][across] = [None] * len(table.columns)
    return block


def paste(page: Page, row: int, column: int, block: Sequence[Sequence[str | None]]) -> None:
    """Puts cells where none stand; a mutant for which there is no room is none."""
    assume(row >= 0)
    page.widen(row + len(block), column + len(block[0]))
    across = slice(column, column + len(block[0]))
    assume(not any(any(each[across]) for each in page.rows[row : row + len(block)]))
    for offset, cells in enumerate(block):
        page.rows[row + offset][across] = cells


def move_table(draw: Draw, original: Original, pages: list[Page]) -> Change:
    table = draw(st.sampled_from(original.tables))
    page = named(pages, table.sheet)
    below = len(page.rows) + 2 - table.rows.start
    down, right = draw(
        st.sampled_from([(1, 0), (2, 0), (-1, 0), (0, 1), (0, 3), (1, 1), (below, 0), (below, 5)])
    )
    block = cut(page, table)
    paste(page, table.rows.start + down, table.columns.start + right, block)
    return Change(f"{table}, {down} rows down, {right} columns right")


def swap_tables(draw: Draw, original: Original, pages: list[Page]) -> Change:
    first = draw(st.sampled_from(original.tables))
    second = draw(st.sampled_from([each for each in original.tables if each.sheet == first.sheet]))
    assume(first != second)
    page = named(pages, first.sheet)
    one, two = cut(page, first), cut(page, second)
    paste(page, second.rows.start, second.columns.start, one)
    paste(page, first.rows.start, first.columns.start, two)
    return Change(f"{first} and {second}")


def insert_row(draw: Draw, original: Original, pages: list[Page]) -> Change:
    page = draw_page(draw, pages)
    where = draw(st.integers(0, len(page.rows) - 1))
    page.rows.insert(where, [None] * page.width())
    page.errors = {(row + (row >= where), column): text for (row, column), text in page.errors.items()}
    return Change(f"{page.name}, before row {where + 1}")


def delete_row(draw: Draw, original: Original, pages: list[Page]) -> Change:
    page = draw_page(draw, pages)
    where = draw(st.sampled_from([number for number, row in enumerate(page.rows) if any(row)]))
    del page.rows[where]
    page.errors = {
        (row - (row > where), column): text for (row, column), text in page.errors.items() if row != where
    }
    return Change(f"{page.name}, row {where + 1}", gone=lambda each: each.cell[:2] == (page.name, where))


def insert_column(draw: Draw, original: Original, pages: list[Page]) -> Change:
    page = draw_page(draw, pages)
    where = draw(st.integers(0, page.width() - 1))
    for row in page.rows:
        row.insert(where, None)
    page.errors = {(row, column + (column >= where)): text for (row, column), text in page.errors.items()}
    return Change(f"{page.name}, before column {column_letters(where)}")


def delete_column(draw: Draw, original: Original, pages: list[Page]) -> Change:
    page = draw_page(draw, pages)
    where = draw(st.integers(0, page.width() - 1))
    for row in page.rows:
        del row[where]
    page.errors = {
        (row, column - (column > where)): text
        for (row, column), text in page.errors.items()
        if column != where
    }
    return Change(
        f"{page.name}, column {column_letters(where)}",
        gone=lambda each: (each.cell[0], each.cell[2]) == (page.name, where),
    )


def rename_text(draw: Draw, original: Original, pages: list[Page]) -> Change:
    page, row, column, text = draw_cell(draw, pages, original.texts)
    new = draw(
        st.sampled_from([f"{text} (revised)", "Something else", text[1:], text[:-1], f"New {text}", "ICE"])
    )
    page.rows[row][column] = new or None
    return Change(f"{page.name}, {text!r} to {new!r}", gone=named_in(page, row), own=named_in(page, row))


def take_text_of_another(draw: Draw, original: Original, pages: list[Page]) -> Change:
    page, row, column, text = draw_cell(draw, pages, original.texts)
    known = sorted({each[column] or "" for each in page.rows} | {each or "" for each in page.rows[row]})
    new = draw(st.sampled_from([each for each in known if each.strip() and not is_number(join_spaces(each))]))
    page.rows[row][column] = new
    return Change(f"{page.name}, {text!r} to {new!r}", gone=named_in(page, row), own=named_in(page, row))


def drop_text(draw: Draw, original: Original, pages: list[Page]) -> Change:
    page, row, column, text = draw_cell(draw, pages, original.texts)
    page.rows[row][column] = None
    return Change(f"{page.name}, {text!r}", gone=named_in(page, row), own=named_in(page, row))


def alter_number(draw: Draw, original: Original, pages: list[Page]) -> Change:
    page, row, column, text = draw_cell(draw, pages, original.numbers)
    number = int(float(text))
    new = draw(
        st.sampled_from([f"{text}0", f"-{text}", str(number + 1), str(number // 10), "0", "7.5", "2019"])
    )
    page.rows[row][column] = new
    here = at(page, row, column)
    return Change(f"{page.name}, {column_letters(column)}{row + 1}, {text} to {new}", gone=here, own=here)


def put_text_in_number(draw: Draw, original: Original, pages: list[Page]) -> Change:
    page, row, column, text = draw_cell(draw, pages, original.numbers)
    new = draw(st.sampled_from(["see note", "12 people", "1,234", "?", "n/a", "-", "null", "*", f"{text}*"]))
    page.rows[row][column] = new
    return Change(f"{page.name}, {column_letters(column)}{row + 1}, {new}", gone=at(page, row, column))


def blank_number(draw: Draw, original: Original, pages: list[Page]) -> Change:
    page, row, column, text = draw_cell(draw, pages, original.numbers)
    page.rows[row][column] = None
    return Change(f"{page.name}, {column_letters(column)}{row + 1}, {text}", gone=at(page, row, column))


def put_error(draw: Draw, original: Original, pages: list[Page]) -> Change:
    page, row, column, text = draw_cell(draw, pages, [*original.numbers, *original.texts])
    page.rows[row][column] = None
    page.errors[row, column] = draw(st.sampled_from(["#N/A", "#REF!", "#DIV/0!"]))
    return Change(f"{page.name}, {column_letters(column)}{row + 1}, {text}", gone=at(page, row, column))


def drop_sheet(draw: Draw, original: Original, pages: list[Page]) -> Change:
    page = draw_page(draw, pages)
    pages.remove(page)
    return Change(page.name, gone=lambda each: each.cell[0] == page.name)


def hide_sheet(draw: Draw, original: Original, pages: list[Page]) -> Change:
    page = draw_page(draw, pages)
    page.visible, page.rows, page.errors = False, [], {}
    return Change(page.name)


def duplicate_sheet(draw: Draw, original: Original, pages: list[Page]) -> Change:
    page = draw_page(draw, pages)
    name = draw(st.sampled_from([f"{page.name} (2)", f"Copy of {page.name}", f" {page.name.upper()} "]))
    pages.append(Page(name, True, [list(row) for row in page.rows], dict(page.errors)))
    return Change(f"{page.name} as {name}")


def rename_sheet(draw: Draw, original: Original, pages: list[Page]) -> Change:
    page = draw_page(draw, pages)
    before = page.name
    page.name = draw(
        st.sampled_from(["Sheet1", f"{before} old", f"{before}X", f"x{before}", f" {before.upper()} "])
    )
    return Change(f"{before} to {page.name}")


def shift_row_right(draw: Draw, original: Original, pages: list[Page]) -> Change:
    page, row, column, text = draw_cell(draw, pages, original.numbers)
    page.rows[row].insert(column, None)
    page.widen(0, page.width())
    return Change(f"{page.name}, from {column_letters(column)}{row + 1}, {text}")


CHANGES = (
    move_table,
    swap_tables,
    insert_row,
    delete_row,
    insert_column,
    delete_column,
    rename_text,
    take_text_of_another,
    drop_text,
    alter_number,
    put_text_in_number,
    blank_number,
    put_error,
    drop_sheet,
    hide_sheet,
    duplicate_sheet,
    rename_sheet,
    shift_row_right,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.__name__)
def test_a_workbook_with_one_thing_wrong_gives_no_other_number_without_a_flag(
    law: Law, originals: list[Original], change: Callable[[Draw, Original, list[Page]], Change]
):
    @seed(crc32(change.__name__.encode()))
    @settings(max_examples=EACH)
    @given(data=st.data())
    def hold(data: st.DataObject) -> None:
        original = originals[data.draw(st.integers(0, len(originals) - 1))]
        pages = original.pages()
        changed = change(data.draw, original, pages)
        TRIED.setdefault(change.__name__, set()).add(f"{original.raw.file.name}: {changed.what}")
        breach = law.find_breach(original, pages, changed)
        assert breach is None, f"{original.raw.file.name}: {breach}"

    hold()


@given(data=st.data())
@settings(max_examples=EACH)
def test_a_file_with_bytes_lost_or_altered_is_refused_or_reads_the_same(
    law: Law, originals: list[Original], shared_data: Path, data: st.DataObject
):
    original = originals[data.draw(st.integers(0, len(originals) - 1))]
    content = bytearray(original.raw.file.content)
    where = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        del content[where:]
    else:
        content[where] ^= data.draw(st.integers(1, 255))
    TRIED.setdefault("file", set()).add(f"{original.raw.file.name}: {where}, {len(content)}")
    try:
        raw = read_workbook(source_file(original.raw.file.name, bytes(content)))
    except RecountError:
        return
    assert raw.sheets == original.raw.sheets


def test_at_least_300_mutants_were_tried(originals: list[Original]):
    if len(TRIED) <= len(CHANGES):
        pytest.skip("only some of the changes were asked for")
    assert sum(map(len, TRIED.values())) >= 300


# The law can be broken


def rewritten(original: Original, cell: Cell, text: str | None) -> list[Page]:
    pages = original.pages()
    named(pages, cell[0]).rows[cell[1]][cell[2]] = text
    return pages


def find_cell(original: Original, sheet: str, pattern: str) -> Cell:
    return next(
        (each.name, row, column)
        for each in original.raw.sheets
        if each.name == sheet
        for row, cells in enumerate(each.rows)
        for column, cell in enumerate(cells)
        if cell is not None and re.fullmatch(pattern, join_spaces(cell))
    )


def test_a_reader_that_takes_an_unknown_agency_for_the_one_above_breaks_the_law(
    law: Law, originals: list[Original], monkeypatch: pytest.MonkeyPatch
):
    original = originals[-1]
    cell = find_cell(original, "Detention FY26", "ICE Average")
    pages = rewritten(original, cell, "HSI Average")
    assert law.find_breach(original, pages, Change("an agency renamed")) is None
    monkeypatch.setattr(TableChecks, "find", lambda *_: iter(()))
    monkeypatch.setattr(Law, "flagged_cells", lambda *_: set())
    say = law.cleaner.vocabulary.say

    def guess(assigns: Sequence[Assigns], text: str) -> Said | None:
        return say(assigns, "CBP Average" if text == "HSI Average" else text)

    monkeypatch.setattr(law.cleaner.vocabulary, "say", guess)
    breach = law.find_breach(original, pages, Change("an agency renamed"))
    assert breach is not None
    assert "figures are new and not flagged" in breach


def test_a_reader_that_passes_over_what_it_does_not_know_breaks_the_law(
    law: Law, originals: list[Original], monkeypatch: pytest.MonkeyPatch
):
    original = originals[-1]
    cell = find_cell(original, "Detention FY26", "ICE Average Length of Stay by Arresting Agency, Month.*")
    pages = rewritten(original, cell, "How long people stay")
    assert law.find_breach(original, pages, Change("a title renamed")) is None
    monkeypatch.setattr(SheetReader, "_report_rest", lambda _: None)
    monkeypatch.setattr("recount.declare.workbooks.Expected.is_expected", lambda *_: False)
    breach = law.find_breach(original, pages, Change("a title renamed"))
    assert breach is not None
    assert "figures are missing and nothing tells of it" in breach
