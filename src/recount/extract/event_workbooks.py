"""Sheets of large workbooks into text frames, by columns rather than by cells."""

from __future__ import annotations

import functools
import io
import itertools
import re
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import fastexcel
import polars as pl

from recount.acquire.files import SourceFile
from recount.errors import ReleaseFileError
from recount.extract.inflating import PartReader
from recount.extract.sheet_scan import ScannedSheet, scan_sheet
from recount.extract.sheet_tags import NotPlainError
from recount.extract.workbooks import _DAMAGES as DAMAGES
from recount.extract.workbooks import _open_zip as open_workbook_zip
from recount.extract.workbooks import _sheet_paths as sheet_paths

_HEAD_ROWS = 60
_HEAD_BYTES = 1 << 16
_CHUNK = 1 << 23
_FIRST_BYTES = 1 << 20
_ROW_END = re.compile(rb"</row>")
_PARTS_FOR_HEADS = (
    "[Content_Types].xml",
    "_rels/",
    "docProps/",
    "xl/_rels/",
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/shared",
)
_DIMENSION = re.compile(rb"<dimension\b[^>]*/>")
_WHOLE_DIMENSION = re.compile(rb'<dimension\b[^>]*ref="[A-Z]+[0-9]+(?::[A-Z]+[0-9]+)?"[^>]*/>')
_ERROR = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+\d+)"[^>]*\bt="e"')
_LONGEST_TAG = 512
_LARGE = 1 << 23
_BOOK = "xl/workbook.xml"
_HIDDEN = re.compile(rb'\bstate="')
_TEXTS = "xl/sharedStrings.xml"
_NO_ROWS = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
)


@dataclass(frozen=True)
class TextSheet:
    """One sheet: its cells as text, from its first row on; or the reason why it is not read.

    `errors` are the addresses of cells that hold the error of a formula: the reader gives them as blank. `codes` has
    columns in which texts repeat, as numbers, where they are known: equal numbers of a column are equal texts.
    """

    name: str
    frame: pl.DataFrame
    reason: str | None = None
    errors: tuple[str, ...] = ()
    codes: pl.DataFrame = field(default_factory=pl.DataFrame)


def read_sheets(file: SourceFile, *, head_only: bool = False) -> Iterator[TextSheet]:
    """Yields the sheets of a workbook as text: every row from the first, empty ones too.

    Raises:
        ReleaseFileError: where the file is no workbook or damaged.
    """
    parts = open_workbook_zip(file)
    try:
        yield from _read_sheets(file, parts, head_only)
    except DAMAGES as damage:
        reason = (str(damage).strip() or type(damage).__name__).splitlines()[0]
        raise ReleaseFileError(
            f"{file.relative} is a damaged workbook.",
            [("because", reason), ("fix", "obtain the workbook again from where it was published")],
        ) from damage


def _read_sheets(file: SourceFile, parts: zipfile.ZipFile, head_only: bool) -> Iterator[TextSheet]:
    paths = sheet_paths(parts)
    heads = {name: _head(parts, path) for name, path in paths.items()}
    content = _first_rows(parts, set(paths.values())) if head_only else file.content
    if not head_only and any(
        _DIMENSION.search(head) and not _WHOLE_DIMENSION.search(head) for head in heads.values()
    ):
        # The reader refuses a sheet whose stated extent names no columns; without one it looks itself.
        content = _without_dimensions(parts, set(paths.values()))
    # The reader takes in all shared texts when it opens a workbook: where it need not read a sheet, it does not.
    reader = functools.cache(lambda: fastexcel.read_excel(content))
    names = reader() if head_only else fastexcel.read_excel(_without_rows(parts, set(paths.values())))
    with ThreadPoolExecutor(1) as beside:
        texts = None if head_only else beside.submit(_check_texts, file)
        for name in names.sheet_names:
            plain = None if head_only else _scan_large(parts, paths, name)
            if plain is not None:
                if texts is not None:
                    texts.result()
                yield TextSheet(name, plain.frame, codes=plain.codes)
                continue
            errors = None if head_only else beside.submit(_find_errors, file, paths[name])
            sheet = reader().load_sheet(
                name,
                header_row=None,
                skip_rows=0,  # Without it the reader begins at the first row that holds something.
                n_rows=_HEAD_ROWS if head_only else None,
                dtypes="string",
            )
            if sheet.visible != "visible":
                yield TextSheet(name, pl.DataFrame(), "it is hidden")
                continue
            frame = sheet.to_polars() if sheet.width else pl.DataFrame()
            found = () if errors is None else errors.result()
            if texts is not None:
                texts.result()
            yield TextSheet(name, frame, errors=found)


def _scan_large(parts: zipfile.ZipFile, paths: Mapping[str, str], name: str) -> ScannedSheet | None:
    """Returns a large sheet that is plain and visible; a small one is not worth the setting up."""
    if parts.getinfo(paths[name]).file_size < _LARGE or _HIDDEN.search(parts.read(_BOOK)):
        return None
    try:
        return scan_sheet(parts, paths, name)
    except NotPlainError:
        return None


def _head(parts: zipfile.ZipFile, path: str) -> bytes:
    with parts.open(path) as part:
        return part.read(_HEAD_BYTES)


def _first_rows(parts: zipfile.ZipFile, sheets: set[str]) -> bytes:
    """Returns a workbook whose sheets end after the rows that headers stand in: the reader reads sheets whole."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as copy:
        for name in parts.namelist():
            if name in sheets:
                copy.writestr(name, _DIMENSION.sub(b"", _cut_sheet(parts, name), count=1))
            elif name.startswith(_PARTS_FOR_HEADS):
                copy.writestr(name, parts.read(name))
    return buffer.getvalue()


def _without_rows(parts: zipfile.ZipFile, sheets: set[str]) -> bytes:
    """Returns a workbook with the names of its sheets, and nothing in them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as copy:
        for name in parts.namelist():
            if name in sheets:
                copy.writestr(name, _NO_ROWS)
            elif name.startswith(_PARTS_FOR_HEADS) and name != _TEXTS:
                copy.writestr(name, parts.read(name))
    return buffer.getvalue()


def _cut_sheet(parts: zipfile.ZipFile, path: str) -> bytes:
    with parts.open(path) as part:
        head = part.read(_FIRST_BYTES)
        ends = [each.end() for each in itertools.islice(_ROW_END.finditer(head), _HEAD_ROWS)]
        if len(ends) == _HEAD_ROWS:
            return head[: ends[-1]] + b"</sheetData></worksheet>"
        # Few rows, or long ones, or tags of another form: all of the sheet is the head.
        return head + part.read()


def _without_dimensions(parts: zipfile.ZipFile, sheets: set[str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as copy:
        for name in parts.namelist():
            content = parts.read(name)
            copy.writestr(name, _DIMENSION.sub(b"", content, count=1) if name in sheets else content)
    return buffer.getvalue()


def _check_texts(file: SourceFile) -> None:
    """Reads the texts that all sheets share to their end, where the checksum tells of damage."""
    with zipfile.ZipFile(io.BytesIO(file.content)) as parts:
        if _TEXTS not in parts.namelist():
            return
        with PartReader(parts, _TEXTS) as part:
            while part.read(_CHUNK):
                pass


def _find_errors(file: SourceFile, path: str) -> tuple[str, ...]:
    """Returns the addresses of cells with an error, reading the sheet piece by piece.

    Reading it to the end also checks its checksum, which the reader of cells does not.
    """
    found: dict[str, None] = {}
    with zipfile.ZipFile(io.BytesIO(file.content)) as parts, parts.open(path) as part:
        rest = b""
        while chunk := part.read(_CHUNK):
            text = rest + chunk
            if b't="e"' in text:
                found |= {each[1].decode(): None for each in _ERROR.finditer(text)}
            # A cell may begin in one piece and end in the next; one found twice is one.
            rest = text[-_LONGEST_TAG:]
    return tuple(found)
