"""What tables of a record on a terminal are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

_INDENT = 2


def plain_table(texts: Sequence[str], numbers: Sequence[str]) -> Table:
    """Returns an empty table with columns of texts, then of numbers to the right."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in texts:
        table.add_column(heading, overflow="fold")
    for heading in numbers:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def pairs(rows: Iterable[tuple[str, str]], justify: Literal["left", "right"] = "right") -> Table:
    """Returns short texts, each with a long one beside it that wraps beside it."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify=justify, no_wrap=True)
    table.add_column()
    for short, long in rows:
        table.add_row(short, Text(long))
    return table


def marked(count: int, style: str) -> Text:
    """Returns a count in `style`, a zero dimmed."""
    return styled((f"{count:,}", style if count else "dim"))


def styled(*parts: tuple[str, str]) -> Text:
    """Returns texts, each in its style."""
    from rich.text import Text

    return Text.assemble(*parts)


def indented(shown: RenderableType) -> RenderableType:
    """Returns something shown two places to the right."""
    from rich.padding import Padding

    return Padding(shown, (0, 0, 0, _INDENT), expand=False)
