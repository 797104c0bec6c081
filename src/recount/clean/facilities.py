"""The facilities sheet into rows, one for each facility."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import not_

import polars as pl

from recount.declare.frames import frame_schema
from recount.declare.tables import Table
from recount.declare.workbooks import FacilityColumn, SheetLayout
from recount.extract.cells import Row, cell_address, column_letters, is_number
from recount.extract.table_blocks import Unknown, What
from recount.extract.workbooks import RawSheet

_FIRST_HEADING = "name"
_MIDNIGHT = " 00:00:00"
_SCAN = 30
_FEW = 4


@dataclass
class CleanedFacilities:
    """The rows, and every cell's account.

    `numbers` counts cells that are numbers; `kept` those in number columns; `identifying` gives those in
    columns of text, such as postal codes; `marks` cells that stand for no number; `blank` empty cells where
    every facility has a number. `lacking` names columns that should be there.
    """

    frame: pl.DataFrame
    numbers: int = 0
    kept: int = 0
    identifying: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)


def clean_facilities(
    sheet: RawSheet, rows: Sequence[Row], layout: SheetLayout, table: Table, constant: Mapping[str, object]
) -> CleanedFacilities:
    """Returns one row for each facility of a sheet.

    The header is the row whose first cell is "Name". A row with a name and few other cells is a footnote,
    as is one without a name. Columns are known by their headings; a column that is not is reported with
    every filled cell in it.

    Args:
        sheet: the sheet.
        rows: its rows with the spaces of every cell joined, all of one width.
        layout: its columns and notes.
        table: the core table.
        constant: what holds of every facility of the sheet, by column.
    """
    return _Facilities(sheet, rows, layout, table).clean(constant)


class _Facilities:
    def __init__(self, sheet: RawSheet, rows: Sequence[Row], layout: SheetLayout, table: Table) -> None:
        self.sheet = sheet
        self.rows = rows
        self.layout = layout
        self.blank = {each.casefold() for each in layout.blank_marks}
        self.schema = frame_schema(table)
        self.cleaned = CleanedFacilities(pl.DataFrame(schema=self.schema))

    def clean(self, constant: Mapping[str, object]) -> CleanedFacilities:
        for (number, index), text in sorted(self.sheet.errors.items()):
            self._report(number, index, text, "formula_error")
        header = self._header_row()
        if header is None:
            self._leave(range(len(self.rows)), range(self._width()))
            return self.cleaned
        fields = self._fields(header)
        listed = [number for number in range(header + 1, len(self.rows)) if self._is_facility(number)]
        notes = sorted(set(range(len(self.rows))) - set(listed) - {header})
        self._leave(notes, range(self._width()))
        columns: dict[str, list[object]] = {
            each.to: self._column(index, each, listed) for index, each in fields.items()
        }
        self._leave(listed, [each for each in range(self._width()) if each not in fields])
        letters = ",".join(f"{each.to}:{column_letters(index)}" for index, each in fields.items())
        columns |= {
            "row_original": [each + 1 for each in listed],
            "columns_original": [letters] * len(listed),
        }
        columns |= {name: [constant.get(name)] * len(listed) for name in self.schema if name not in columns}
        self.cleaned.frame = pl.DataFrame(
            [pl.Series(name, columns[name], kind) for name, kind in self.schema.items()]
        )
        return self.cleaned

    def _width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def _header_row(self) -> int | None:
        for number, row in enumerate(self.rows[:_SCAN]):
            if row and row[0] is not None and row[0].casefold() == _FIRST_HEADING:
                return number
        return None

    def _is_facility(self, number: int) -> bool:
        row = self.rows[number]
        return row[0] is not None and len(row) - row.count(None) >= _FEW

    def _fields(self, header: int) -> dict[int, FacilityColumn]:
        fields: dict[int, FacilityColumn] = {}
        for index, heading in enumerate(self.rows[header]):
            if heading is None:
                continue
            taken = {each.to for each in fields.values()}
            named = [each for each in self.layout.columns_headed(heading) if each.to not in taken]
            if named:
                fields[index] = named[0]
            else:
                self._report(header, index, heading, "heading")
        named_columns = {each.to for each in fields.values()}
        self.cleaned.lacking = [
            each.to for each in self.layout.facility_columns if each.always and each.to not in named_columns
        ]
        return fields

    def _column(self, index: int, column: FacilityColumn, listed: Sequence[int]) -> list[object]:
        texts = [self.rows[number][index] for number in listed]
        numeric = [text is not None and is_number(text) for text in texts]
        self.cleaned.numbers += sum(numeric)
        if column.type != "number":
            self.cleaned.identifying += [cell_address(each, index) for each in compress(listed, numeric)]
            return (
                [text and text.removesuffix(_MIDNIGHT) for text in texts]
                if column.type == "day"
                else [*texts]
            )
        self.cleaned.kept += sum(numeric)
        if column.filled:
            empty = [number for number, text in zip(listed, texts, strict=True) if text is None]
            self.cleaned.blank += [
                cell_address(each, index) for each in empty if (each, index) not in self.sheet.errors
            ]
        for number, text in compress(zip(listed, texts, strict=True), map(not_, numeric)):
            self._leave_mark(number, index, text)
        return [
            float(text) if text and is_numeric else None
            for text, is_numeric in zip(texts, numeric, strict=True)
        ]

    def _leave_mark(self, number: int, index: int, text: str | None) -> None:
        if text is not None and text.casefold() in self.blank:
            self.cleaned.marks.append(cell_address(number, index))
        elif text is not None:
            self._report(number, index, text, "not_a_number")

    def _leave(self, numbers: Iterable[int], indices: Sequence[int]) -> None:
        """Reports the filled cells of what is no facility, or no known column, except known notes."""
        for number in numbers:
            row = self.rows[number]
            for index in indices:
                if (text := row[index]) is None:
                    continue
                if is_number(text):
                    self.cleaned.numbers += 1
                    self._report(number, index, text, "number")
                elif not self.layout.is_note(text):
                    self._report(number, index, text, "text")

    def _report(self, number: int, index: int, text: str, what: What) -> None:
        where = cell_address(number, index)
        self.cleaned.unknown.append(Unknown(self.sheet.name, where, text, what))
