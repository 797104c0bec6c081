"""Tables found on a sheet by their titles and headings, never by a fixed cell.

What a sheet holds becomes values (a number with all that title, labels and headings say of it), places
where no number stands, and what no layout knows. Every filled cell is one of these, or a title, heading,
label or known note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import not_

from recount.declare.workbooks import HeadingRow, PrintedTable, SheetLayout
from recount.extract.cells import Row, are_numbers, cell_address, is_number
from recount.extract.table_blocks import Block, SheetReading, Unknown, Unnumbered, ValueRow, What
from recount.extract.vocabulary import NOTHING, Said, Vocabulary
from recount.extract.workbooks import RawSheet

_LOOK_AHEAD = 4
_ONE_EMPTY = 1


@dataclass(frozen=True, eq=False)
class _Hit:
    """A title as found: where, of which table, and what it says besides."""

    row: int
    column: int
    table: PrintedTable
    says: str | None


class _Ledger:
    """The cells of a sheet, and which of them are accounted for."""

    def __init__(self, sheet: RawSheet, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.errors = sheet.errors
        self.left = [list(row) for row in rows]
        self.errors_left = set(sheet.errors)
        self.reading = SheetReading(sheet.name)

    def take(self, row: int, column: int) -> None:
        """Accounts for a text that is known."""
        self.left[row][column] = None

    def take_numbers(self, row: int, columns: Sequence[int]) -> None:
        """Accounts for the numbers of a row."""
        left = self.left[row]
        for each in columns:
            left[each] = None
        self.reading.numbers += len(columns)

    def report(self, row: int, column: int, what: What) -> None:
        """Accounts for a cell as one that nothing knows."""
        text = self.errors.get((row, column), "")
        if row < len(self.rows) and column < len(self.rows[row]):
            text = text or self.rows[row][column] or ""
            self.left[row][column] = None
        self.errors_left.discard((row, column))
        self.reading.numbers += is_number(text)
        self.reading.unknown.append(Unknown(self.reading.sheet, cell_address(row, column), text, what))


class SheetReader:
    """Reads the tables of one sheet.

    Args:
        sheet: the sheet.
        rows: its rows with the spaces of every cell joined, all of one width.
        layout: the tables that may stand on it.
        vocabulary: what texts mean.
        missing: texts, in small letters, that stand where the agency prints no number.
    """

    def __init__(
        self,
        sheet: RawSheet,
        rows: Sequence[Row],
        layout: SheetLayout,
        vocabulary: Vocabulary,
        missing: frozenset[str],
    ) -> None:
        self.ledger = _Ledger(sheet, rows)
        self.rows = rows
        self.layout = layout
        self.vocabulary = vocabulary
        self.missing = missing
        self.last_rows: dict[_Hit, int] = {}

    def read(self) -> SheetReading:
        """Returns what the sheet's tables hold, and what is left over."""
        hits = list(self._find_titles())
        seen: set[str] = set()
        for hit in hits:
            self.ledger.take(hit.row, hit.column)
            if hit.table.table in seen and not hit.table.repeats:
                self.ledger.report(hit.row, hit.column, "repeated_table")
            seen.add(hit.table.table)
            self._read_table(hit, hits)
        self._report_rest()
        return self.ledger.reading

    def _find_titles(self) -> Iterator[_Hit]:
        for number, row in enumerate(self.rows):
            for column, text in enumerate(row):
                if text is None or (text[0].isdigit() and text[-1].isdigit()):
                    continue
                for table, says in self.vocabulary.titles(self.layout, text):
                    yield _Hit(number, column, table, says)

    def _read_table(self, hit: _Hit, hits: Sequence[_Hit]) -> None:
        first, right = hit.column, self._right_edge(hit, hits, hit.row + 1)
        top = next(
            (
                row
                for row in range(hit.row + 1, min(hit.row + 1 + _LOOK_AHEAD, len(self.rows)))
                if any(self.rows[row][first:right])
            ),
            None,
        )
        if top is None:
            self.ledger.report(hit.row, hit.column, "empty_table")
            return
        below = top + len(hit.table.heading)
        right = self._right_edge(hit, hits, below - 1)
        columns = self._read_headings(hit.table, top, first, right)
        if not columns:
            self.ledger.report(hit.row, hit.column, "empty_table")
            return
        block = Block(hit.table, self.rows[hit.row][hit.column] or "", columns)
        self.ledger.reading.blocks.append(block)
        base = self.vocabulary.say_by_title(hit.table, hit.says)
        across = range(first, max(columns) + 1)
        titles = {each.row: each.column for each in reversed(hits) if each.column in across}
        _BlockReader(self, block, base, across, titles).read(below)

    def _right_edge(self, hit: _Hit, hits: Sequence[_Hit], last_row: int) -> int:
        """Returns the column where a table to the right begins: one that reaches into rows up to `last_row`."""
        beside = [
            each.column
            for each in hits
            if each.column > hit.column and each.row <= last_row and hit.row <= self._last_row(each)
        ]
        return min(beside, default=len(self.rows[hit.row]))

    def _last_row(self, hit: _Hit) -> int:
        """Returns the row before the empty rows that end what stands below a title."""
        if hit not in self.last_rows:
            across = slice(hit.column, hit.column + hit.table.label_columns + 1)
            last = hit.row
            for row in range(hit.row + 1, len(self.rows)):
                if any(self.rows[row][across]):
                    last = row
                elif row - last > (_ONE_EMPTY if last > hit.row else _LOOK_AHEAD):
                    break
            self.last_rows[hit] = last
        return self.last_rows[hit]

    def _read_headings(self, table: PrintedTable, top: int, first: int, right: int) -> dict[int, Said]:
        """Returns what is said of each column of numbers, in order of columns."""
        start = first + table.label_columns
        if top + len(table.heading) > len(self.rows):
            return {}
        said: dict[int, list[Said]] = {column: [] for column in range(start, right)}
        for row, heading in enumerate(table.heading, top):
            for column in range(first, min(start, right)):
                # What heads the labels says nothing of the numbers.
                if (text := self.rows[row][column]) is not None and not is_number(text):
                    self.ledger.take(row, column)
            self._read_heading_row(table, heading, row, said)
        whole = len(table.heading)
        return {
            column: self.vocabulary.say_together(tuple(each))
            for column, each in said.items()
            if len(each) == whole
        }

    def _read_heading_row(
        self, table: PrintedTable, heading: HeadingRow, row: int, said: dict[int, list[Said]]
    ) -> None:
        above: Said | None = None
        for column, each in said.items():
            text = self.rows[row][column]
            if text is None:
                if heading.spreads and above is not None:
                    each.append(above)
                continue
            if table.ignores(text):
                self.ledger.take(row, column)
                above = None
                continue
            above = self.vocabulary.say(heading.columns, text)
            if above is None:
                self.ledger.report(row, column, "heading")
                continue
            each.append(above)
            if is_number(text):
                self.ledger.take_numbers(row, [column])
                self.ledger.reading.headings.append((row, column))
            else:
                self.ledger.take(row, column)

    def _report_rest(self) -> None:
        """Reports every filled cell that nothing has accounted for."""
        for number, row in enumerate(self.ledger.left):
            if not any(row):
                continue
            for column, text in enumerate(row):
                if text is None:
                    continue
                if is_number(text):
                    self.ledger.report(number, column, "number")
                elif not self.layout.is_note(text):
                    self.ledger.report(number, column, "text")
        for number, column in sorted(self.ledger.errors_left):
            self.ledger.report(number, column, "formula_error")


class _BlockReader:
    """Reads the rows of one table, from below its headings to its end."""

    def __init__(
        self, reader: SheetReader, block: Block, base: Said, across: range, titles: Mapping[int, int]
    ) -> None:
        self.ledger = reader.ledger
        self.rows = reader.rows
        self.vocabulary = reader.vocabulary
        self.missing = reader.missing
        self.block = block
        self.table = block.table
        self.columns = tuple(block.columns)
        self.are_headings_named = all(each.figure for each in block.columns.values())
        self.base = base
        self.across = across
        self.first = across.start
        self.label_columns = across[: block.table.label_columns]
        self.titles = titles
        carrying = [each for each in (*self.table.rows, *self.table.second_labels) if each.carries]
        self.of_groups = {name for each in carrying for name in (*each.sets, each.dimension) if name}
        self.outer = NOTHING
        self.carried = NOTHING

    def read(self, below: int) -> None:
        """Reads rows from `below` on: to the next title in the first column, or to an empty row that ends it."""
        for row in range(below, len(self.rows)):
            if row in self.titles and self._ends_at(self.titles[row]):
                return
            if any(self.rows[row][self.first : self.across.stop]):
                self._read_row(row)
            elif self.ledger.errors and any((row, column) in self.ledger.errors for column in self.across):
                for column in self.columns:
                    if (row, column) in self.ledger.errors:
                        self.ledger.report(row, column, "formula_error")
            elif not self._goes_on(row + 1):
                return

    def _ends_at(self, column: int) -> bool:
        """Returns whether a title in `column` ends the table; one further right ends the columns above it."""
        self.across = range(self.first, column)
        self.columns = tuple(each for each in self.columns if each < column)
        return not self.columns

    def _goes_on(self, row: int) -> bool:
        """Whether the table continues after one empty row: with a label of its own, and numbers."""
        if row >= len(self.rows) or self.titles.get(row) == self.first:
            return False
        cells = self.rows[row]
        label = cells[self.first]
        if label is None or self.vocabulary.say(self.table.rows, label) is None:
            return False
        return any((text := cells[each]) is not None and is_number(text) for each in self.columns)

    def _read_row(self, row: int) -> None:
        table, cells = self.table, self.rows[row]
        texts = [cells[each] for each in self.columns]
        said: list[Said] = []
        filled = any(texts)
        labels = table.labels_of_numbers if filled else table.rows
        for column, assigns in zip(self.label_columns, (labels, table.second_labels), strict=False):
            text = cells[column]
            if text is None:
                continue
            found = self.vocabulary.say(assigns, text)
            if found is None or self._lacks_group(found):
                if filled:
                    self.ledger.report(row, column, "label")
                    self._report_numbers(row)
                return
            self.ledger.take(row, column)
            if found.carries and column != self.label_columns[-1]:
                self.outer = found
            elif found.carries:
                self.carried = found
            said.append(found)
        if not said:
            self._leave_unlabelled(row)
            return
        own = self.vocabulary.say_together((self.base, self.outer, self.carried, *said))
        numbers = self._numbers(row, own, texts)
        self.ledger.take_numbers(row, numbers.columns)
        if not said[-1].alone:
            self.block.rows.append(numbers)

    def _lacks_group(self, said: Said) -> bool:
        """Returns whether a label is a part of what labels above it name, and none of them stands above it."""
        if not self.of_groups or said.carries or self.of_groups & said.dimensions.keys():
            return False
        return self.outer is NOTHING and self.carried is NOTHING

    def _numbers(self, row: int, own: Said, texts: Sequence[str | None]) -> ValueRow:
        """Returns the numbers of a row that have a meaning, and accounts for its other cells."""
        named = own.figure or self.table.figure
        if (named or self.are_headings_named) and not self.ledger.errors_left:
            filled = tuple(filter(None, texts))
            if len(filled) == len(texts) and are_numbers(filled):
                return ValueRow(row, own, self.columns, filled)
            if are_numbers(filled):
                empty = tuple(compress(self.columns, map(not_, texts)))
                return ValueRow(row, own, tuple(compress(self.columns, texts)), filled, empty)
        pairs: list[tuple[int, str]] = []
        blank: list[int] = []
        for column, text in zip(self.columns, texts, strict=True):
            if text is None:
                if (row, column) in self.ledger.errors_left:
                    self.ledger.report(row, column, "formula_error")
                else:
                    blank.append(column)
            elif not is_number(text):
                self._leave_mark(row, column, text)
            elif named or self.block.columns[column].figure:
                pairs.append((column, text))
            else:
                self.ledger.report(row, column, "number")
        columns, numbers = tuple(each for each, _ in pairs), tuple(each for _, each in pairs)
        return ValueRow(row, own, columns, numbers, tuple(blank))

    def _leave_mark(self, row: int, column: int, text: str) -> None:
        if text.casefold() in self.missing:
            self.ledger.take(row, column)
            self.ledger.reading.unnumbered.append(Unnumbered(row, column, text))
        else:
            self.ledger.report(row, column, "not_a_number")

    def _leave_unlabelled(self, row: int) -> None:
        if self.table.unlabelled is None:
            self._report_numbers(row)
            return
        for column in self.columns:
            text = self.rows[row][column]
            if text is None:
                continue
            if is_number(text):
                self.ledger.take_numbers(row, [column])
                self.ledger.reading.unlabelled.append((row, column))
            else:
                self.ledger.report(row, column, "text")

    def _report_numbers(self, row: int) -> None:
        for column in self.columns:
            if self.ledger.left[row][column] is not None:
                self.ledger.report(row, column, "number")
