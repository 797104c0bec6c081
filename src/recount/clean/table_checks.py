"""Whether a printed table hangs together: nothing said twice, no hole among its numbers, no month left out.

What breaks one of these is told as a conflict of the workbook, since a cell may then stand in the wrong place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from recount.clean.accounts import Conflict
from recount.clean.periods import step_of
from recount.declare.tables import CodeList
from recount.declare.workbooks import HeadingRow
from recount.errors import Worded, listed
from recount.extract.cells import cell_address
from recount.extract.table_blocks import Block, ValueRow
from recount.extract.vocabulary import Said

Meaning = tuple[frozenset[tuple[str, str]], str | None]
_SHOWN = 3
_TWO_STEPS = 3
BLANK = Worded("empty beside numbers")
_BROKEN = Worded("not of the time that follows the one before")


class TableChecks:
    """The checks of one sheet's tables. Remembers what its earlier tables said."""

    def __init__(self, sheet: str, codes: Mapping[str, CodeList]) -> None:
        self.sheet = sheet
        self.codes = codes
        self.seen: dict[tuple[str, Meaning], list[tuple[ValueRow, dict[int, Meaning]]]] = {}
        self.steps: dict[str, list[int]] = {}

    def find(self, block: Block, has_come: Callable[[ValueRow, int], bool]) -> Iterator[Conflict]:
        """Yields what does not hang together in a table.

        Args:
            block: the table.
            has_come: whether the span of a row's number in a column had begun by the last day counted.
        """
        yield from self._told(block, "repeated_figure", Worded("said a second time"), self._repeats(block))
        if block.table.blanks is None:
            yield from self._told(block, "blank_cell", BLANK, _blanks(block, has_come))
        yield from self._told(block, "broken_sequence", _BROKEN, _broken_columns(block))
        yield from self._told(block, "broken_sequence", _BROKEN, _broken_rows(block))
        yield from self._told(block, "broken_sequence", _BROKEN, self._broken_tables(block))
        lacking = [
            each
            for heading in block.table.heading
            if heading.complete
            for each in self._lacking(block, heading)
        ]
        if lacking:
            text = Worded(
                "%(sheet)s, %(table)s: no column is headed %(names)s",
                sheet=repr(self.sheet),
                table=block.table.table,
                names=", ".join(lacking),
            )
            yield Conflict("missing_heading", text)

    def _told(
        self, block: Block, name: str, what: str, cells: Iterable[tuple[int, int]]
    ) -> Iterator[Conflict]:
        where = [cell_address(*each) for each in cells]
        if where:
            yield Conflict(name, told_of_cells(self.sheet, block.table.table, what, where))

    def _lacking(self, block: Block, heading: HeadingRow) -> Iterator[str]:
        """Yields the codes of a heading's lists that head no column."""
        for each in heading.columns:
            if each.codes is not None:
                known = {said.dimensions.get(str(each.dimension)) for said in block.columns.values()}
                yield from (code.code for code in self.codes[each.codes].codes if code.code not in known)

    def _repeats(self, block: Block) -> Iterator[tuple[int, int]]:
        """Yields the numbers of which an earlier number of the table says the same."""
        meanings = {column: _meaning(said) for column, said in block.columns.items()}
        twice = len(set(meanings.values())) < len(meanings)
        for row in block.rows:
            key = (block.table.table, _meaning(row.said))
            earlier = self.seen.setdefault(key, [])
            if (earlier or twice) and not row.said.again:
                said = {meant[column] for each, meant in earlier for column in each.columns}
                for column in row.columns:
                    if meanings[column] in said:
                        yield row.row, column
                    said.add(meanings[column])
            earlier.append((row, meanings))

    def _broken_tables(self, block: Block) -> Iterator[tuple[int, int]]:
        """Yields the first number of a table whose title is not of the time before or after the last one's."""
        if block.table.title_sets is None or not block.rows or not block.rows[0].columns:
            return
        row = block.rows[0]
        step = _step(row.said)
        if step is None:
            return
        steps = self.steps.setdefault(block.table.table, [])
        steps.append(step)
        if not _is_even(steps[-_TWO_STEPS:]):
            yield row.row, row.columns[0]


def show_cells(cells: Sequence[str]) -> str:
    """Returns the first of some cells in words, and how many more there are."""
    return listed(cells, _SHOWN)


def told_of_cells(sheet: str, table: str, what: str, cells: Sequence[str]) -> Worded:
    """Returns what is wrong with some cells of a table, as a sentence."""
    said = {"sheet": repr(sheet), "table": table, "what": what, "cells": show_cells(cells)}
    return Worded("%(sheet)s, %(table)s: %(what)s: %(cells)s", **said)


def _step(said: Said) -> int | None:
    try:
        return step_of(said.dimensions)
    except ValueError:
        # No time at all, so its numbers are told already.
        return None


def _is_even(steps: Sequence[int]) -> bool:
    """Returns whether times follow one another without a gap, forwards or backwards."""
    return {later - earlier for earlier, later in pairwise(steps)} in (set(), {1}, {-1})


def _meaning(said: Said) -> Meaning:
    return frozenset(said.dimensions.items()), said.figure


def _blanks(block: Block, has_come: Callable[[ValueRow, int], bool]) -> Iterator[tuple[int, int]]:
    """Yields the empty cells of rows in columns where other rows have a number."""
    if not any(each.blank for each in block.rows):
        return
    numbered = {column for each in block.rows for column in each.columns}
    for row in block.rows:
        for column in row.blank:
            if column in numbered and has_come(row, column):
                yield row.row, column


def _broken_columns(block: Block) -> Iterator[tuple[int, int]]:
    """Yields, in the first row, the columns whose heading is not of the time that follows the one before."""
    steps = [(column, _step(said)) for column, said in sorted(block.columns.items())]
    for (_, before), (column, step) in pairwise(steps):
        if step is not None and before is not None and step != before + 1:
            yield block.rows[0].row if block.rows else 0, column


def _broken_rows(block: Block) -> Iterator[tuple[int, int]]:
    """Yields the first number of rows whose label is not of the year before or after the last one's."""
    steps: list[int] = []
    for row in block.rows:
        step = _step(row.said)
        if step is None or step in steps[-1:] or not row.columns:
            continue
        steps.append(step)
        if not _is_even(steps[-_TWO_STEPS:]):
            yield row.row, row.columns[0]
