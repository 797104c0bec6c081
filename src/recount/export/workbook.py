"""Exports as workbooks: a sheet a table, then definitions and an account of the whole."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter

from recount.declare.exports import Limit
from recount.errors import UsageError
from recount.export.account import Account, dictionary_frame
from recount.export.tables import ExportField, ExportTable

# A workbook says when it was made; here that is no day at all, so that the same rows are the same bytes.
_MADE = datetime.datetime(2000, 1, 1)  # noqa: DTZ001  workbooks keep naive times
_LONGEST_NAME = 31
_DEFINITIONS, _ABOUT = "Definitions", "About"
_WIDTHS = {"date": 11, "datetime": 19, "count": 12, "number": 12, "boolean": 9, "code": 16, "text": 22}
_CHUNK = 32_000
_FAILED = -1

Put = Callable[[Any, int, int, Any], int]


class WorkbookExport:
    """Writes tables into one workbook, row by row, keeping few of them in memory."""

    def __init__(self, account: Account, path: Path, work: Path) -> None:
        self._account = account
        self._limit: Limit = account.exports.limit("xlsx")
        self._book = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "tmpdir": str(work), "nan_inf_to_errors": True}
        )
        self._bold = self._book.add_format({"bold": True})
        self._wrap = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._as_text = 0
        self._names: set[str] = {_DEFINITIONS.casefold(), _ABOUT.casefold()}
        self.notes: list[str] = []

    def write(self) -> list[str]:
        """Writes everything, and returns what there is to tell of it.

        Raises:
            UsageError: where a text is longer than a cell holds.
        """
        try:
            self._write()
        except BaseException:
            for sheet in self._book.worksheets():
                # XlsxWriter keeps the rows of a sheet in a file of its own, and closes it only with the workbook.
                sheet.row_data_fh.close()
            raise
        return self.notes

    def _write(self) -> None:
        book, account = self._book, self._account
        mark = "SYNTHETIC" if account.is_synthetic else ""
        book.set_properties(
            {
                "title": account.title,
                "subject": mark or "Recount",
                "comments": " ".join(account.warnings),
                "keywords": f"{mark} receipt {account.receipt.id}".strip(),
                "created": _MADE,
            }
        )
        book.set_custom_property("recount:receipt", account.receipt.id)
        if mark:
            book.set_custom_property("recount:synthetic", mark)
        for table in account.tables:
            self._table(table)
        if self._as_text:
            year = self._limit.earliest_date.year if self._limit.earliest_date else 0
            self.notes.append(
                f"{self._as_text:,} days before {year} stand as text: a workbook has no number for them."
            )
        self._definitions()
        self._about()
        book.close()

    def _table(self, table: ExportTable) -> None:
        most = self._limit.sheet_rows or table.rows
        puts = [self._put(each, table) for each in table.fields]
        sheet, at, sheets = self._sheet(table, 1), 0, 1
        for batch in table.batches():
            for row in batch.iter_rows():
                if at == most:
                    sheets, at = sheets + 1, 0
                    sheet = self._sheet(table, sheets)
                at += 1
                for column, value in enumerate(row):
                    if value is not None:
                        puts[column](sheet, at, column, value)
        if sheets > 1:
            self.notes.append(f"{table.name} goes over {sheets} sheets, {most:,} rows in each but the last.")

    def _sheet(self, table: ExportTable, number: int) -> Any:
        sheet = self._book.add_worksheet(self._name(table, number))
        for column, field in enumerate(table.fields):
            sheet.set_column(column, column, _WIDTHS[field.type])
            sheet.write_string(0, column, field.name, self._bold)
        sheet.freeze_panes(1, 0)
        return sheet

    def _name(self, table: ExportTable, number: int) -> str:
        whole = f"SYNTHETIC {table.name}" if table.is_synthetic else table.name
        for ending in (f" ({number})" if number > 1 else "", *(f" [{each}]" for each in range(2, 1000))):
            name = whole[: _LONGEST_NAME - len(ending)].rstrip() + ending.replace("[", "(").replace("]", ")")
            if name.casefold() not in self._names:
                self._names.add(name.casefold())
                return name
        raise UsageError(f"No sheet is left for {table.name}.", [("fix", "export fewer tables at once")])

    def _put(self, field: ExportField, table: ExportTable) -> Put:
        def text(sheet: Any, row: int, column: int, value: str) -> int:
            told = int(sheet.write_string(row, column, value))
            if told < 0 and len(value) > self._limit.longest_text:
                raise UsageError(
                    f"A text of {table.name}.{field.name} has {len(value):,} characters, and a cell holds "
                    f"{self._limit.longest_text:,}.",
                    [("fix", "export Parquet, CSV or a database instead")],
                )
            return told

        def day(sheet: Any, row: int, column: int, value: datetime.date) -> int:
            earliest = self._limit.earliest_date
            first = value.date() if isinstance(value, datetime.datetime) else value
            if earliest is not None and first < earliest:
                self._as_text += 1
                return int(sheet.write_string(row, column, value.isoformat()))
            style = self._time if field.type == "datetime" else self._day
            return int(sheet.write_datetime(row, column, value, style))

        def number(sheet: Any, row: int, column: int, value: float) -> int:
            return int(sheet.write_number(row, column, value))

        def boolean(sheet: Any, row: int, column: int, value: bool) -> int:
            return int(sheet.write_boolean(row, column, value))

        if field.type in ("date", "datetime"):
            return day
        if field.type in ("count", "number"):
            return number
        return boolean if field.type == "boolean" else text

    def _definitions(self) -> None:
        sheet = self._book.add_worksheet(_DEFINITIONS)
        frame = dictionary_frame(self._account.tables)
        for column, name in enumerate(frame.columns):
            sheet.set_column(column, column, 80 if name == "description" else 18)
            sheet.write_string(0, column, name, self._bold)
        sheet.freeze_panes(1, 0)
        for at, row in enumerate(frame.iter_rows(), start=1):
            for column, value in enumerate(row):
                if isinstance(value, bool):
                    sheet.write_boolean(at, column, value)
                elif isinstance(value, int):
                    sheet.write_number(at, column, value)
                elif value is not None:
                    sheet.write_string(at, column, value)

    def _about(self) -> None:
        account = self._account
        sheet = self._book.add_worksheet(_ABOUT)
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 110)
        lines: list[tuple[str, str]] = [("title", account.title)]
        lines += [
            ("one row", f"{each.name}: {each.one_row_is} ({each.rows:,} rows)") for each in account.tables
        ]
        lines += [("mind", each) for each in account.warnings]
        lines += [("written", each) for each in self.notes]
        licence = account.exports.licence
        lines.append(("licence", f"{licence.title} ({licence.name}), {licence.path}"))
        lines += [("rights", f"{each.title.en}: {each.rights}") for each in account.sources]
        for each in account.releases:
            lines.append(
                ("release", f"{each.release}: {each.title.en}. {each.printed_by}. {each.url or ''}".strip())
            )
            lines += [("file", f"{one.name} · sha256 {one.sha256}") for one in each.files]
        lines.append(("receipt", account.receipt.id))
        # A cell holds 32,767 characters; put together, these give the receipt's JSON.
        whole = json.dumps(account.receipt.as_json(), sort_keys=True, ensure_ascii=False)
        lines += [("receipt JSON", whole[at : at + _CHUNK]) for at in range(0, len(whole), _CHUNK)]
        for at, (label, text) in enumerate(lines):
            sheet.write_string(at, 0, label, self._bold)
            sheet.write_string(at, 1, text, None if label == "receipt JSON" else self._wrap)
