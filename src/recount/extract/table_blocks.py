"""What a sheet of printed tables becomes: tables with their numbers, and cells that are none of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from recount.declare.workbooks import PrintedTable
from recount.extract.vocabulary import Said

What = Literal[
    "text", "number", "label", "heading", "not_a_number", "formula_error", "repeated_table", "empty_table"
]


class ValueRow(NamedTuple):
    """The numbers of one row: what its labels say, and their columns, from zero, with their texts.

    `blank` are the columns in which the row is empty.
    """

    row: int
    said: Said
    columns: tuple[int, ...]
    texts: tuple[str, ...]
    blank: tuple[int, ...] = ()


@dataclass
class Block:
    """One table as found: its title, what is said of each column of numbers, and its rows.

    What a heading says of a dimension goes before what a label says.
    """

    table: PrintedTable
    title: str
    columns: dict[int, Said]
    rows: list[ValueRow] = field(default_factory=list)


class Unnumbered(NamedTuple):
    """A cell of a table where the agency prints a mark in place of a number."""

    row: int
    column: int
    text: str


class Unknown(NamedTuple):
    """A filled cell that no layout knows, or that cannot be what its place wants."""

    sheet: str
    cell: str
    text: str
    what: What


@dataclass
class SheetReading:
    """What one sheet became.

    `numbers` counts all of its cells that are numbers; `headings` are those that head a column, such as
    years; `unlabelled` those in rows that lack a label where the layout knows that this happens.
    """

    sheet: str
    blocks: list[Block] = field(default_factory=list)
    unnumbered: list[Unnumbered] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    headings: list[tuple[int, int]] = field(default_factory=list)
    unlabelled: list[tuple[int, int]] = field(default_factory=list)
    numbers: int = 0
