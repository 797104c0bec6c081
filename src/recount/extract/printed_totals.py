"""Totals that a file prints of individual records, found by titles and headers, never by the place of a cell."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from recount.acquire.files import SourceFile
from recount.declare.reconciliation import PrintedDocument, PrintedFigure, Reconciliation
from recount.errors import ReleaseFileError
from recount.extract.cells import cell_address
from recount.extract.event_workbooks import read_sheets

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
Cells = list[list[str | None]]


@dataclass(frozen=True)
class PrintedNumber:
    """One printed number, and where it stands; a CSV's cells are named as a spreadsheet would."""

    label: str
    value: int
    file: str
    sheet: str
    cell: str


Printed = Mapping[str, Mapping[str, PrintedNumber]]
"""Printed numbers by figure, then by the label of the period."""


@dataclass(frozen=True)
class _Page:
    """Cells of a sheet, or of a CSV, from its first row on."""

    file: str
    sheet: str
    cells: Cells


def read_printed_totals(file: SourceFile, declared: Reconciliation) -> Printed:
    """Returns what `file` prints of the figures that `declared` has, with the cell of each number.

    Periods that the declaration has no span for are left out: it does not say which days they cover.

    Raises:
        ReleaseFileError: where the file has not the declared sheet, title, header or text; where a number is
            none; or where it prints a period twice.
    """
    document = declared.document
    if document is None:
        return {}
    wanted = {each.sheet or document.sheet or "" for each in declared.figures}
    pages = _read_pages(file, document, wanted)
    found: dict[str, dict[str, PrintedNumber]] = {}
    for figure in declared.figures:
        page = pages[figure.sheet or document.sheet or ""]
        known = {each.label for each in declared.spans_of(figure)}
        numbers: dict[str, PrintedNumber] = {}
        for label, text, cell in _numbers_of(page, document, figure):
            if label not in known:
                continue
            if label in numbers:
                raise _not_as_declared(page, f"the period {label} stands twice", figure)
            if _NUMBER.fullmatch(text) is None:
                raise _not_as_declared(page, f"{cell} holds {text!r}, which is no count", figure)
            value = int(text.replace(",", ""))
            numbers[label] = PrintedNumber(label, value, page.file, page.sheet, cell)
        if not numbers:
            raise _not_as_declared(page, "no period of it is known", figure)
        found[figure.figure] = numbers
    return found


def _read_pages(file: SourceFile, document: PrintedDocument, wanted: set[str]) -> dict[str, _Page]:
    if document.reader == "columns":
        try:
            text = file.content.decode("utf-8-sig")
        except UnicodeDecodeError as undecodable:
            raise ReleaseFileError(f"{file.relative} is not UTF-8 text.") from undecodable
        rows: Cells = [list(each) for each in csv.reader(io.StringIO(text))]
        return {"": _Page(file.relative, "", rows)}
    pages: dict[str, _Page] = {}
    names = []
    for sheet in read_sheets(file):
        names.append(sheet.name)
        if sheet.name in wanted:
            pages[sheet.name] = _Page(
                file.relative, sheet.name, [list(each) for each in sheet.frame.iter_rows()]
            )
        if len(pages) == len(wanted):
            return pages
    missing = ", ".join(sorted(wanted - set(pages)))
    raise ReleaseFileError(
        f"{file.relative} has no sheet {missing}.", [("sheets", ", ".join(names) or "none")]
    )


def _numbers_of(
    page: _Page, document: PrintedDocument, figure: PrintedFigure
) -> Iterator[tuple[str, str, str]]:
    """Yields label, text and cell of each number."""
    if document.reader == "numbers_in_text":
        yield from _numbers_in_text(page, figure)
        return
    start = 0 if document.reader == "columns" else _row_below_title(page, figure)
    header = _texts(page.cells[start])
    labels = [_column(page, header, name, figure) for name in document.labels]
    column = _column(page, header, figure.column, figure)
    others = {_column(page, header, name, figure): value for name, value in figure.rows.items()}
    named = ["" for _ in labels]
    for index in range(start + 1, len(page.cells)):
        row = _texts(page.cells[index])
        if not any(row):
            if document.reader == "titled_tables":
                return
            continue
        named = [row[each] or above for each, above in zip(labels, named, strict=True)]
        if all(row[other] == value for other, value in others.items()):
            yield " ".join(named), row[column], cell_address(index, column)


def _row_below_title(page: _Page, figure: PrintedFigure) -> int:
    """Returns the row below the title, which stands alone in its row."""
    titles = [
        index
        for index, cells in enumerate(page.cells)
        if [bool(each) for each in _texts(cells)].count(True) == 1
        and re.search(str(figure.table), next(each for each in _texts(cells) if each))
    ]
    if len(titles) != 1 or titles[0] + 1 >= len(page.cells):
        raise _not_as_declared(page, f"{len(titles)} titles match {figure.table!r}", figure)
    return titles[0] + 1


def _numbers_in_text(page: _Page, figure: PrintedFigure) -> Iterator[tuple[str, str, str]]:
    for index, cells in enumerate(page.cells):
        for column, text in enumerate(_texts(cells)):
            for found in re.finditer(str(figure.text), text):
                yield found[1], found[2], cell_address(index, column)


def _column(page: _Page, header: Sequence[str], name: str | None, figure: PrintedFigure) -> int:
    if header.count(str(name)) != 1:
        raise _not_as_declared(page, f"no column is called {name!r}; there are {', '.join(header)}", figure)
    return header.index(str(name))


def _texts(cells: Sequence[str | None]) -> list[str]:
    return [(each or "").strip() for each in cells]


def _not_as_declared(page: _Page, problem: str, figure: PrintedFigure) -> ReleaseFileError:
    where = f"{page.file}, sheet {page.sheet}" if page.sheet else page.file
    return ReleaseFileError(
        f"{where} does not print {figure.title.en} as declared.",
        [
            ("problem", problem),
            ("fix", "change the declaration under reconciliations/, or give the file that it was made from"),
        ],
    )
