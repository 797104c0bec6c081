"""Laid-out answers on a terminal."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from recount.ask.layout import Block, Note, Shown, Weight

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_WIDTH_ELSEWHERE = 100
_LONGEST_WORD = 18
_GAP = 2
_STYLES: dict[Weight, str] = {"": "", "bold": "bold", "dim": "dim", "warning": "yellow", "alarm": "bold red"}


def print_shown(shown: Shown, console: Console | None = None) -> None:
    """Prints a laid-out answer; without a console on standard output, at the terminal's width or 100 columns."""
    from rich.console import Console  # noqa: PLC0415  slow to import, and JSON does without
    from rich.text import Text  # noqa: PLC0415  as above

    if console is None:
        on_terminal = sys.stdout.isatty()
        console = Console(width=None if on_terminal else _WIDTH_ELSEWHERE, highlight=False, soft_wrap=False)
    console.print(Text(shown.title, style="bold"))
    if shown.nothing is not None:
        console.print(Text(shown.nothing))
    for block in shown.blocks:
        if block.heading:
            console.print(Text.assemble("\n", *((text, _STYLES[weight]) for text, weight in block.heading)))
        console.print(_table(block, console.width))
    for note in shown.notes:
        console.print(_hanging(note) if note.mark else Text(note.text, style=_STYLES[note.weight]))


def as_text(shown: Shown) -> str:
    """Returns a laid-out answer as text of 100 columns, without colours."""
    from rich.console import Console  # noqa: PLC0415  as above

    buffer = io.StringIO()
    print_shown(shown, Console(file=buffer, width=_WIDTH_ELSEWHERE, highlight=False, color_system=None))
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines())


def _table(block: Block, width: int) -> Table:
    from rich import box  # noqa: PLC0415  as above
    from rich.table import Table  # noqa: PLC0415  as above
    from rich.text import Text  # noqa: PLC0415  as above

    natural = [
        max([len(column.heading), *(len(line.cells[place]) for line in block.lines)])
        for place, column in enumerate(block.columns)
    ]
    # Between columns stands one space more than the gap.
    left = width - sum(natural) - len(natural)
    gap = min(_GAP, max(0, left // max(1, len(natural))))
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, gap, 0, 0))
    for place, column in enumerate(block.columns):
        words = [
            *column.heading.split(),
            *(word for line in block.lines for word in line.cells[place].split()),
        ]
        longest = max(map(len, words), default=0)
        table.add_column(
            column.heading,
            justify="right" if column.is_number else "left",
            no_wrap=not column.breaks,
            overflow="fold",
            # A line breaks between words; only names longer than this break within.
            min_width=longest if longest <= _LONGEST_WORD else None,
        )
    for line in block.lines:
        table.add_row(*(Text(each) for each in line.cells), style="bold" if line.is_total else "")
    return table


def _hanging(note: Note) -> Table:
    from rich.table import Table  # noqa: PLC0415  as above
    from rich.text import Text  # noqa: PLC0415  as above

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    style = _STYLES[note.weight]
    grid.add_row(Text(note.mark, style=style), Text(note.text, style=style))
    return grid
