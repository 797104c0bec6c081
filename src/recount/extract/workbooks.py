"""Workbooks into raw sheets: every cell as text, at its own address."""

from __future__ import annotations

import functools
import html
import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import fastexcel

from recount.acquire.files import SourceFile
from recount.errors import ReleaseFileError
from recount.extract.cells import Row, column_index

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_ERROR = b't="e"'
_ERROR_CELL = re.compile(
    rb'<(?:\w+:)?c\s[^>]*\bt="e"[^>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<', re.DOTALL
)
_ADDRESS = re.compile(rb"([A-Z]+)(\d+)")
_ADDRESS_BEGINS = b' r="'
_FILLED_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+)\d+"[^>]*(?<!/)><(?:\w+:)?(?:v|is|f)\b')
_FILLED_FIRST = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="A\d+"[^>]*(?<!/)><(?:\w+:)?(?:v|is|f)\b')
_DAMAGES = (
    fastexcel.FastExcelError,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
_ROUNDED = re.compile(rb"v>(-?[0-9]++(?:\.(?:[0-9]{10}[^<]*|[0-9]*+[eE]-[0-9]+)|[eE]-[0-9]+))<")
_PARTS_OF_ALL_SHEETS = {"xl/sharedStrings.xml", "xl/styles.xml"}
_SHOWN = 8
_FIX = "obtain the workbook again from where it was published"


@dataclass(frozen=True)
class RawSheet:
    """One sheet as text. `rows[r][c]` is the cell at row r + 1, column c + 1; `None` is an empty one.

    `errors` gives, by (row, column) from zero, the error that a formula left in place of a value; the cell
    itself is empty.
    """

    name: str
    visible: bool
    rows: Sequence[Row]
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True)
class RawWorkbook:
    """A workbook's sheets in their order. Rows of hidden sheets are not loaded."""

    file: SourceFile
    sheets: tuple[RawSheet, ...]


def read_workbook(file: SourceFile) -> RawWorkbook:
    """Returns the sheets of `file` as text, each cell at its own address. Judges nothing.

    Text is what the cell holds: a whole number without a point, a date as "2024-01-05 00:00:00". A cell
    with an error is empty, and the error stands in `errors`, since the reader would lose it. A number that
    the reader would round is as the workbook writes it.

    Raises:
        ReleaseFileError: where the file is empty, no workbook, protected by a password, or damaged.
    """
    parts = _open_zip(file)
    try:
        sheets = _read_sheets(file, parts)
    except _DAMAGES as damage:
        reason = (str(damage).strip() or type(damage).__name__).splitlines()[0]
        raise ReleaseFileError(
            f"{file.relative} is a damaged workbook.", [("because", reason), ("fix", _FIX)]
        ) from damage
    return RawWorkbook(file, sheets)


def _read_sheets(file: SourceFile, parts: zipfile.ZipFile) -> tuple[RawSheet, ...]:
    reader = fastexcel.read_excel(file.content)
    paths = _sheet_paths(parts)
    # The reader stops before the end of a part, where its checksum would tell of damage.
    for each in _PARTS_OF_ALL_SHEETS & set(parts.namelist()):
        parts.read(each)
    sheets = []
    for name in reader.sheet_names:
        sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        if sheet.visible != "visible":
            sheets.append(RawSheet(name, False, ()))
            continue
        content = parts.read(paths[name])
        rows = _place(sheet.to_polars().rows() if sheet.width else [], content)
        sheets.append(RawSheet(name, True, _make_exact(rows, content), _read_errors(content)))
    return tuple(sheets)


def _open_zip(file: SourceFile) -> zipfile.ZipFile:
    content = file.content
    if not content:
        raise ReleaseFileError(f"{file.relative} is empty.", [("fix", _FIX)])
    if content.startswith(_OLE):
        raise ReleaseFileError(
            f"{file.relative} is protected by a password, or is a workbook of the old binary format.",
            [("fix", "save it without a password as .xlsx, or obtain it again")],
        )
    if not content.startswith(_ZIP):
        start = content[:60].decode("latin-1").strip()
        is_page = start.lower().startswith(("<!doctype", "<html", "<?xml"))
        what = "a web page, not a workbook" if is_page else "not a workbook"
        raise ReleaseFileError(f"{file.relative} is {what}.", [("begins with", repr(start)), ("fix", _FIX)])
    try:
        parts = zipfile.ZipFile(io.BytesIO(content))
        broken = None if "xl/workbook.xml" in parts.namelist() else "it holds no xl/workbook.xml"
    except (zipfile.BadZipFile, NotImplementedError) as truncated:
        raise ReleaseFileError(
            f"{file.relative} is cut off or damaged.", [("because", str(truncated)), ("fix", _FIX)]
        ) from truncated
    if broken:
        held = [name for name in parts.namelist() if not name.endswith("/")]
        raise ReleaseFileError(
            f"{file.relative} is not a workbook.",
            [
                ("because", broken),
                ("holds", ", ".join(held[:_SHOWN])),
                ("fix", "if it is an archive, unpack it and give the files in it; else obtain it again"),
            ],
        )
    return parts


def _sheet_paths(parts: zipfile.ZipFile) -> dict[str, str]:
    """Returns the part that holds each sheet, by the sheet's name."""
    targets = {}
    for element in _RELATION.findall(parts.read("xl/_rels/workbook.xml.rels")):
        relation = dict(_ATTRIBUTE.findall(element))
        target = relation[b"Target"].decode()
        targets[relation[b"Id"]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    found = {}
    for element in _SHEET.findall(parts.read("xl/workbook.xml")):
        sheet = dict(_ATTRIBUTE.findall(element))
        found[html.unescape(sheet[b"name"].decode("utf-8"))] = targets[sheet[b"r:id"]]
    return found


def _place(rows: Sequence[Row], content: bytes) -> Sequence[Row]:
    """Puts rows at their own columns: the reader leaves out empty columns before the first filled one."""
    if not rows or _FILLED_FIRST.search(content) is not None:
        return rows
    first = min((column_index(each) for each in set(_FILLED_CELL.findall(content))), default=0)
    return [(*[None] * first, *row) for row in rows]


def _make_exact(rows: Sequence[Row], content: bytes) -> Sequence[Row]:
    """Returns the cells with every number as the workbook holds it: the reader rounds text to nine decimals."""
    exact = list(rows)
    changed: dict[int, list[str | None]] = {}
    for each in _ROUNDED.finditer(content):
        row, column = _address_before(content, each.start())
        if row not in changed:
            exact[row] = changed[row] = list(rows[row])
        cells = changed[row]
        # A time of day has decimals too, and is text by now.
        if ":" not in (cells[column] or ":"):
            cells[column] = each[1].decode()
    return exact


def _read_errors(content: bytes) -> dict[tuple[int, int], str]:
    """Returns the errors of a sheet by (row, column) from zero; the reader gives an empty cell for each."""
    if _ERROR not in content:
        return {}
    return {
        _address_before(content, each.start(1)): each[1].decode("utf-8")
        for each in _ERROR_CELL.finditer(content)
    }


def _address_before(content: bytes, where: int) -> tuple[int, int]:
    """Returns row and column, from zero, of the cell whose value begins at `where`."""
    begins = content.rindex(_ADDRESS_BEGINS, 0, where) + len(_ADDRESS_BEGINS)
    return _row_and_column(content[begins : content.index(b'"', begins)])


@functools.cache
def _row_and_column(address: bytes) -> tuple[int, int]:
    """Returns row and column, from zero, of an address such as B12; sheets share most of theirs."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(f"{address!r} is no address of a cell")
    return int(match[2]) - 1, column_index(match[1])
