"""The account of a workbook: what became of every cell of every sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class CellSetAside(NamedTuple):
    """One cell that is not kept as a figure, and why."""

    sheet: str
    cell: str
    rule: str
    number: bool


@dataclass(frozen=True)
class SheetAccount:
    """What became of one sheet's cells. `numbers` = `kept` + `set_aside` + `unknown_numbers`."""

    sheet: str
    layout: str | None
    visible: bool
    numbers: int
    kept: int
    set_aside: int
    unknown_numbers: int
    unknown_cells: int
    tables_found: tuple[str, ...]
    tables_missing: tuple[str, ...]


@dataclass(frozen=True)
class Conflict:
    """Two places of a workbook that cannot both be right: what they say, in words."""

    name: str
    text: str
