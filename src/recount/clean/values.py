"""Text cells into typed values, with every cell that does not fit gathered into one error."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from recount.acquire.files import SourceFile
from recount.declare.catalog import Catalog
from recount.declare.sources import Layout
from recount.errors import UnknownCodeError, ValueInFileError, nearest_names
from recount.extract.text_tables import RawTable

Value = str | int | bool | datetime.date | None
_SHOWN = 8
_FLAGS = {"0": False, "0.0": False, "1": True, "1.0": True}
_WANTED = {
    "count": "a whole number, digits only",
    "date": "a date as YYYY-MM-DD",
    "flag": "0 or 1",
    "text": "text without spaces at its ends",
}


@dataclass(frozen=True)
class Row:
    """One kept row: its number in the file, its values by header, and the text that the file holds.

    `corrected` gives the reason of each correction made, by header: the value is the corrected one, the
    text stays the file's own.
    """

    number: int
    values: dict[str, Value]
    original: dict[str, str]
    corrected: dict[str, str]

    def text(self, header: str) -> str:
        """Returns a value that is text, and not missing."""
        value = self.values[header]
        if not isinstance(value, str):
            raise TypeError(f"{header} is not text")
        return value

    def date(self, header: str) -> datetime.date | None:
        """Returns a value that is a date, or missing."""
        value = self.values[header]
        if value is not None and not isinstance(value, datetime.date):
            raise TypeError(f"{header} is not a date")
        return value


@dataclass(frozen=True)
class SetAsideRow:
    """One row that is not kept, and why."""

    file: str
    row: int
    rule: str
    reason: str


def read_rows(raw: RawTable, layout: Layout, catalog: Catalog) -> tuple[list[Row], list[SetAsideRow]]:
    """Returns the rows kept, typed as the layout says, and the rows set aside.

    Rows in = rows kept + rows set aside, always: a cell that does not fit is an error, never a loss.

    Raises:
        ValueInFileError: naming file, rows, column and values, where cells do not fit their type.
        UnknownCodeError: naming the spellings and the code list to edit.
    """
    kept: list[Row] = []
    aside = [
        SetAsideRow(raw.file.name, number, "empty_line", "The line holds nothing.")
        for number in raw.empty_lines
    ]
    misfits: dict[str, list[tuple[int, str]]] = {}
    unknown: dict[str, list[tuple[int, str]]] = {}
    parsers = {header: _parser(layout, header, catalog) for header in layout.columns}
    for number, cells in raw.rows:
        rule = next(
            (each for each in layout.set_aside if all(cells[header] == "" for header in each.blank)), None
        )
        if rule is not None:
            aside.append(SetAsideRow(raw.file.name, number, rule.name, rule.reason))
            continue
        values: dict[str, Value] = {}
        for header, column in layout.columns.items():
            cell = cells[header]
            if cell == "" and column.blank == "unknown":
                values[header] = None
                continue
            try:
                values[header] = parsers[header](cell)
            except KeyError:
                unknown.setdefault(header, []).append((number, cell))
            except ValueError:
                misfits.setdefault(header, []).append((number, cell))
        kept.append(_row(number, values, cells, raw))
    if unknown:
        raise _unknown_codes(raw.file, layout, catalog, unknown)
    if misfits:
        raise _misfits(raw.file, layout, catalog, misfits)
    return kept, sorted(aside, key=lambda each: each.row)


def _row(number: int, values: dict[str, Value], cells: dict[str, str], raw: RawTable) -> Row:
    made = {header: raw.corrected[number, header] for header in cells if (number, header) in raw.corrected}
    original = cells | {header: text for header, (text, _) in made.items()}
    return Row(number, values, original, {header: reason for header, (_, reason) in made.items()})


def _parser(layout: Layout, header: str, catalog: Catalog) -> Callable[[str], Value]:
    column = layout.columns[header]
    if column.codes is not None:
        spellings = catalog.codes[column.codes].by_spelling()
        return lambda cell: spellings[cell]
    if column.pattern is not None:
        wanted = re.compile(column.pattern)
        return lambda cell: _parse_pattern(cell, wanted)
    parsers: dict[str, Callable[[str], Value]] = {
        "count": parse_count,
        "date": parse_date,
        "flag": _parse_flag,
        "text": _parse_text,
    }
    return parsers[column.type]


def parse_count(cell: str) -> int:
    """Returns a whole number written in at most 18 digits and nothing else; `ValueError` otherwise."""
    if not re.fullmatch(r"[0-9]{1,18}", cell):
        raise ValueError(cell)
    return int(cell)


def parse_date(cell: str) -> datetime.date:
    """Returns a date written as YYYY-MM-DD; `ValueError` otherwise."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", cell):
        raise ValueError(cell)
    return datetime.date.fromisoformat(cell)


def _parse_flag(cell: str) -> bool:
    if cell not in _FLAGS:
        raise ValueError(cell)
    return _FLAGS[cell]


def _parse_text(cell: str) -> str:
    if cell == "" or cell != cell.strip():
        raise ValueError(cell)
    return cell


def _parse_pattern(cell: str, wanted: re.Pattern[str]) -> str:
    if not wanted.fullmatch(cell):
        raise ValueError(cell)
    return cell


def _misfits(
    file: SourceFile, layout: Layout, catalog: Catalog, misfits: dict[str, list[tuple[int, str]]]
) -> ValueInFileError:
    count = sum(len(cells) for cells in misfits.values())
    facts: list[tuple[str, str]] = []
    for header, cells in misfits.items():
        column = layout.columns[header]
        wanted = f"text like {column.pattern}" if column.pattern else _WANTED[column.type]
        facts.append(("column", f"{header}: {wanted}"))
        facts.append(("cells", show_cells(cells)))
    facts.append(
        (
            "fix",
            "obtain the file again; or, if the agency printed it so, add a correction with its reason to\n"
            + catalog.corrections_file(layout.source),
        )
    )
    cells_do = "cell does" if count == 1 else "cells do"
    return ValueInFileError(f"{file.relative}: {count:,} {cells_do} not fit the column.", facts)


def _unknown_codes(
    file: SourceFile, layout: Layout, catalog: Catalog, unknown: dict[str, list[tuple[int, str]]]
) -> UnknownCodeError:
    facts: list[tuple[str, str]] = [("file", file.relative)]
    for header, cells in unknown.items():
        codes = str(layout.columns[header].codes)
        near = nearest_names(cells[0][1], [str(each) for each in catalog.codes[codes].by_spelling()], limit=3)
        facts.append(("column", f"{header}, code list {codes}"))
        facts.append(("values", show_counts(cell for _, cell in cells)))
        facts.append(("first", f"row {cells[0][0]:,}"))
        if near:
            facts.append(("nearest", ", ".join(near)))
        facts.append(
            (
                "fix",
                f"{catalog.file_to_edit('codes', codes)}: add to codes, spellings or ignored, with a reason",
            )
        )
    spellings = len({(header, cell) for header, cells in unknown.items() for _, cell in cells})
    are = "spelling is" if spellings == 1 else "spellings are"
    return UnknownCodeError(f"{spellings} {are} not in the code list.", facts)


def show_cells(cells: list[tuple[int, str]]) -> str:
    """Returns the first cells as "row 12: 'x'", one a line, and how many more there are."""
    lines = [f"row {number:,}: {cell!r}" for number, cell in cells[:_SHOWN]]
    if len(cells) > _SHOWN:
        lines.append(f"and {len(cells) - _SHOWN:,} more")
    return "\n".join(lines)


def show_counts(values: Iterable[str]) -> str:
    """Returns each distinct value with its number of rows, most frequent first."""
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    shown = [f"{value!r} ({count:,} {'row' if count == 1 else 'rows'})" for value, count in ordered[:_SHOWN]]
    if len(ordered) > _SHOWN:
        shown.append(f"and {len(ordered) - _SHOWN:,} more")
    return "  ".join(shown)
