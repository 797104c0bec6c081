"""An answer laid out: tables, and what to know with them; a terminal and a notebook show the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Weight = Literal["", "bold", "dim", "warning", "alarm"]


@dataclass(frozen=True)
class Column:
    """A column: its heading, whether it holds numbers, and whether a line may break within a cell."""

    heading: str
    is_number: bool = False
    breaks: bool = True


@dataclass(frozen=True)
class Line:
    """A line of a table; a total stands out."""

    cells: tuple[str, ...]
    is_total: bool = False


@dataclass(frozen=True)
class Block:
    """One table, and what stands above it."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    heading: tuple[tuple[str, Weight], ...] = ()


@dataclass(frozen=True)
class Note:
    """What to know with an answer; `mark` stands before it."""

    text: str
    mark: str = ""
    weight: Weight = "dim"


@dataclass(frozen=True)
class Shown:
    """An answer as it is shown: title, tables, and notes in order."""

    title: str
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...]
    nothing: str | None = None


@dataclass
class BlockMaker:
    """Gathers the columns and lines of a table."""

    columns: list[Column] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def add_texts(self, *headings: str, breaks: bool = True) -> None:
        """Adds columns of texts."""
        self.columns += [Column(each, breaks=breaks) for each in headings]

    def add_numbers(self, *headings: str) -> None:
        """Adds columns of numbers, which stand to the right and never break."""
        self.columns += [Column(each, is_number=True, breaks=False) for each in headings]

    def add_line(self, cells: Sequence[str], *, is_total: bool = False) -> None:
        """Adds a line."""
        self.lines.append(Line(tuple(cells), is_total))

    def block(self, heading: Sequence[tuple[str, Weight]] = ()) -> Block:
        """Returns the table."""
        return Block(tuple(self.columns), tuple(self.lines), tuple(heading))


def without_repeats(lines: Sequence[Sequence[str]]) -> list[list[str]]:
    """Returns leading cells, those left blank that repeat the line above up to there."""
    shown: list[list[str]] = []
    before: Sequence[str] = ()
    for cells in lines:
        shown.append(
            ["" if before[: place + 1] == cells[: place + 1] else cell for place, cell in enumerate(cells)]
        )
        before = cells
    return shown
