"""Made-up rows as delimited text."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Literal

import polars as pl

from recount.declare.synthetic import FileForm
from recount.synthesize.columns import Column
from recount.synthesize.hazards import TEXT_OF

_LEVEL = 4


class TextFile:
    """Writes rows of a layout as delimited text, gzipped where the name says so.

    The lines above the header are padded with delimiters to its width, as spreadsheets export them.
    """

    def __init__(
        self, path: Path, form: FileForm, columns: Sequence[Column], preamble: Sequence[str]
    ) -> None:
        self._form, self._columns = form, columns
        self.first_row = len(preamble) + 2
        self.rows = 0
        self._raw = path.open("wb")
        # No name and no time in the gzip header: the same rows are the same bytes.
        self._zip = (
            gzip.GzipFile(filename="", mode="wb", fileobj=self._raw, compresslevel=_LEVEL, mtime=0)
            if path.name.endswith(".gz")
            else None
        )
        self._out: IO[bytes] | gzip.GzipFile = self._raw if self._zip is None else self._zip
        padding = form.delimiter * (len(columns) - 1)
        for line in preamble:
            self._write_line((self._quoted(line) if line else "") + padding)
        self._write_line(form.delimiter.join(self._quoted(each.header) for each in columns))

    def write(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Writes rows, and returns where each stands: `sheet_original` and `row_original`."""
        first = self.first_row + self.rows
        named = [self._cell(column, rows).alias(f"c{at}") for at, column in enumerate(self._columns)]
        cells = rows.with_columns(named).select(each.meta.output_name() for each in named)
        separator = self._form.delimiter
        style: Literal["never", "necessary"] = "never" if self._form.quote_text else "necessary"
        text = cells.write_csv(
            include_header=False,
            separator=separator,
            quote_style=style,
            null_value=self._form.blank,
        )
        self._out.write(text.encode())
        self.rows += len(rows)
        return pl.DataFrame(
            {"sheet_original": [""] * len(rows), "row_original": range(first, first + len(rows))},
            schema={"sheet_original": pl.String, "row_original": pl.Int64},
        )

    def close(self) -> None:
        """Ends the file."""
        if self._zip is not None:
            self._zip.close()
        self._raw.close()

    def abandon(self) -> None:
        """Lets go of a file that is not ended; what there is of it is of no use."""
        self.close()

    def _write_line(self, line: str) -> None:
        self._out.write(line.encode() + b"\n")

    def _quoted(self, text: str) -> str:
        if self._form.quote_text or any(each in text for each in (self._form.delimiter, '"')):
            return '"' + text.replace('"', '""') + '"'
        return text

    def _cell(self, column: Column, rows: pl.DataFrame) -> pl.Expr:
        if column.field is None:
            cell = pl.lit(column.constant, pl.String)
        elif column.kind == "datetime":
            cell = pl.col(column.field).dt.strftime(self._form.datetimes)
        elif column.kind == "date":
            cell = pl.col(column.field).dt.strftime(self._form.dates)
        else:
            cell = pl.col(column.field).cast(pl.String)
        if column.field is not None and TEXT_OF + column.field in rows.columns:
            cell = pl.coalesce(pl.col(TEXT_OF + column.field), cell)
        if self._form.quote_text and column.kind == "text":
            cell = pl.lit('"') + cell.str.replace_all('"', '""', literal=True) + pl.lit('"')
        return cell
