"""Made-up rows as a workbook.

XlsxWriter makes the workbook with everything but the rows: sheets, styles, properties, lines above the header.
The rows are put into its sheets as they are made, column by column, since cell by cell a million rows would
take minutes. Cells give texts by their number in the part of the texts that all sheets share, as the agency's
workbooks do; only those texts are kept until the end.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from recount.synthesize.columns import Column
from recount.synthesize.hazards import TEXT_OF
from recount.synthesize.shared_texts import SHARED_TEXTS, SharedTexts, as_items

SHEET_ROWS = 1_048_576
_LEVEL = 1
_LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
# A workbook says when it was made; here that is no day at all, so that the same rows are the same bytes.
_MADE = datetime.datetime(2000, 1, 1)  # noqa: DTZ001  workbooks keep naive times
_FORMATS = {"date": "m/d/yyyy", "datetime": "m/d/yyyy h:mm"}
_EXCEL_EPOCH = datetime.datetime(1899, 12, 30)  # noqa: DTZ001
_MILLISECONDS = 86_400_000
_DIGITS_KEPT = 15


class WorkbookFile:
    """Writes rows of a layout into sheets of one name; a sheet that is full goes on in another."""

    def __init__(
        self,
        path: Path,
        columns: Sequence[Column],
        preamble: Sequence[str],
        sheet: str,
        mark: str,
        sheet_rows: int | None,
        total: int,
        *,
        texts_in_cells: bool = False,
    ) -> None:
        self._columns = columns
        self._header = len(preamble) + 1
        most = SHEET_ROWS - self._header
        self._rows_of_sheet = min(sheet_rows or most, most)
        count = max(1, -(-total // self._rows_of_sheet))
        clean = _FORBIDDEN.sub(" ", sheet)
        self._names = [clean[:_LONGEST_NAME]]
        self._names += [f"{clean[: _LONGEST_NAME - 5]} ({number})" for number in range(2, count + 1)]
        self.rows = 0
        shell = _shell(self._names, columns, preamble, mark)
        self._in = zipfile.ZipFile(io.BytesIO(shell))
        # Parts that are opened by name bear no time of day, so that the same rows are the same bytes.
        self._out = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)
        for entry in self._in.infolist():
            if not entry.filename.startswith(("xl/worksheets/sheet", SHARED_TEXTS)):
                with self._out.open(entry.filename, "w") as part:
                    part.write(self._in.read(entry.filename))
        self._texts = SharedTexts(self._in.read(SHARED_TEXTS).decode())
        self._texts_in_cells = texts_in_cells
        self._total, self._sheet = total, -1
        self._open_next()

    def write(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Writes rows, and returns where each stands: `sheet_original` and `row_original`."""
        places = []
        while not rows.is_empty():
            room = self._rows_of_sheet - self._in_sheet
            if room == 0:
                self._close_sheet()
                self._open_next()
                room = self._rows_of_sheet
            now, rows = rows[:room], rows[room:]
            first = self._header + 1 + self._in_sheet
            self._part.write(self._as_xml(now, first).encode())
            self._in_sheet += len(now)
            self.rows += len(now)
            places.append(
                pl.DataFrame(
                    {
                        "sheet_original": [self._names[self._sheet]] * len(now),
                        "row_original": range(first, first + len(now)),
                    },
                    schema={"sheet_original": pl.String, "row_original": pl.Int64},
                )
            )
        return pl.concat(places)

    def close(self) -> None:
        """Ends the workbook."""
        self._close_sheet()
        with self._out.open(SHARED_TEXTS, "w", force_zip64=True) as part:
            for piece in self._texts.as_xml():
                part.write(piece.encode())
        self._out.close()
        self._in.close()

    def abandon(self) -> None:
        """Lets go of a workbook that is not ended; what there is of it is of no use."""
        self._part.close()
        self._out.close()
        self._in.close()

    def _open_next(self) -> None:
        self._sheet += 1
        self._in_sheet = 0
        name = f"xl/worksheets/sheet{self._sheet + 1}.xml"
        text = self._in.read(name).decode()
        # The last row of the shell holds one cell a column: it shows which style each has, and goes.
        sample = re.search(rf'<row r="{self._header + 1}".*?</row>', text, re.DOTALL)
        assert sample is not None  # noqa: S101  written by _shell
        self._styles = dict(re.findall(r'<c r="([A-Z]+)\d+" s="(\d+)"', sample.group()))
        before, after = text.replace(sample.group(), "").split("</sheetData>")
        rows = min(self._rows_of_sheet, self._total - self._sheet * self._rows_of_sheet)
        last = f"{xl_col_to_name(len(self._columns) - 1)}{self._header + rows}"
        before = re.sub(r'<dimension ref="[^"]*"/>', f'<dimension ref="A1:{last}"/>', before)
        self._after = "</sheetData>" + after
        self._part = self._out.open(name, "w", force_zip64=True)
        self._part.write(before.encode())

    def _close_sheet(self) -> None:
        self._part.write(self._after.encode())
        self._part.close()

    def _as_xml(self, rows: pl.DataFrame, first: int) -> str:
        numbers = pl.int_range(first, first + len(rows)).cast(pl.String)
        rows = rows.with_columns(numbers.alias("row number"))
        row = pl.col("row number")
        cells = [self._cell(each, xl_col_to_name(at), rows) for at, each in enumerate(self._columns)]
        spans = f'" spans="1:{len(self._columns)}">'
        whole = pl.concat_str(pl.lit('<row r="'), row, pl.lit(spans), *cells, pl.lit("</row>"))
        return "".join(rows.select(whole.alias("xml")).to_series().to_list())

    def _cell(self, column: Column, letter: str, rows: pl.DataFrame) -> pl.Expr:
        if column.field is None and column.constant is None:
            return pl.lit("")
        at = pl.concat_str(pl.lit(f'<c r="{letter}'), pl.col("row number"), pl.lit('"'))
        if column.field is None:
            return self._text_cell(at, pl.repeat(column.constant, len(rows), dtype=pl.String, eager=True))
        if column.kind == "text":
            return self._text_cell(at, rows.get_column(column.field)).fill_null("")
        style = f' s="{self._styles[letter]}"' if letter in self._styles else ""
        cell = pl.concat_str(at, pl.lit(f"{style}><v>"), _number(column), pl.lit("</v></c>"))
        text = TEXT_OF + column.field
        if text in rows.columns:
            cell = pl.coalesce(self._text_cell(at, rows.get_column(text), style), cell)
        # A cell with a format stands in the sheet though it holds nothing.
        return pl.coalesce(cell, pl.concat_str(at, pl.lit(f"{style}/>"))) if style else cell.fill_null("")

    def _text_cell(self, at: pl.Expr, texts: pl.Series, style: str = "") -> pl.Expr:
        """Returns cells with these texts, missing where there is none."""
        if self._texts_in_cells:
            items = pl.lit(as_items(texts).rename("item"))
            return pl.concat_str(at, pl.lit(f'{style} t="inlineStr"><is>'), items, pl.lit("</is></c>"))
        numbers = pl.lit(self._texts.number(texts).cast(pl.String))
        return pl.concat_str(at, pl.lit(f'{style} t="s"><v>'), numbers, pl.lit("</v></c>"))


def _number(column: Column) -> pl.Expr:
    field = pl.col(str(column.field))
    if column.kind == "number":
        # A spreadsheet keeps 15 digits of a number; identifiers cut to those end in zeros.
        return field.cast(pl.String)
    since = field.cast(pl.Datetime("ms")) - pl.lit(_EXCEL_EPOCH).cast(pl.Datetime("ms"))
    milliseconds = since.dt.total_milliseconds()
    if column.kind == "date":
        return (milliseconds // _MILLISECONDS).cast(pl.String)
    return (milliseconds / _MILLISECONDS).cast(pl.String)


def _shell(names: Sequence[str], columns: Sequence[Column], preamble: Sequence[str], mark: str) -> bytes:
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"title": mark, "subject": mark, "comments": mark, "created": _MADE})
    workbook.set_custom_property("recount:synthetic", mark)
    formats = {kind: workbook.add_format({"num_format": text}) for kind, text in _FORMATS.items()}
    for name in names:
        sheet = workbook.add_worksheet(name)
        for at, line in enumerate(preamble):
            if line:
                sheet.write_string(at, 0, line)
        for at, column in enumerate(columns):
            sheet.write_string(len(preamble), at, column.header)
            if column.kind in formats:
                sheet.write_number(len(preamble) + 1, at, 0, formats[column.kind])
            else:
                sheet.write_number(len(preamble) + 1, at, 0)
    workbook.close()
    return buffer.getvalue()
