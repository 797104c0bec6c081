"""Large plain sheets into text frames: a million rows in seconds, and the same text as the reader gives.

The reader of workbooks takes a sheet cell by cell. Here a sheet is taken in pieces while it is inflated, and cells
are found by their tags, many at once. Cells are kept as numbers of texts: most texts repeat, and what is asked of a
text, here and by whoever cleans it, need be asked once.
"""

from __future__ import annotations

import dataclasses
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from recount.extract.inflating import PartReader
from recount.extract.sheet_columns import whole_column
from recount.extract.sheet_pieces import Numbering, Piece, Texts, mostly_differ, scan_piece
from recount.extract.sheet_reader import SheetReader
from recount.extract.sheet_tags import PAD, PLAIN, ROW_ENDS, SHARED, NotPlainError, is_utf8, require_plain

_READ = 1 << 20
_PIECE = 1 << 24
_COLUMNS_AT_ONCE = 2
_MOST_WAITING = 4
_BEGINS, _ENDS = b"<sheetData>", b"</sheetData>"


@dataclass(frozen=True)
class ScannedSheet:
    """A sheet as the reader of workbooks gives it: every row from the first, as text.

    `codes` has the columns in which texts repeat, as numbers: equal numbers of a column are equal texts.
    """

    frame: pl.DataFrame
    codes: pl.DataFrame


def scan_sheet(parts: zipfile.ZipFile, sheets: Mapping[str, str], name: str) -> ScannedSheet:
    """Returns a sheet. Reading it to the end checks its checksum.

    Args:
        parts: the workbook.
        sheets: the part that holds each sheet, by the sheet's name.
        name: the sheet.

    Raises:
        NotPlainError: where the sheet is not plain.
    """
    numbering, reader = Numbering(), SheetReader(parts, sheets, name)
    # One thread reads what another inflates: two that read would wait for each other more than they read.
    with ThreadPoolExecutor(1) as beside, ThreadPoolExecutor(1) as behind:
        waiting: list[Future[Piece]] = []
        for content in _pieces(parts, sheets[name]):
            scanned = beside.submit(scan_piece, content, numbering)
            waiting.append(behind.submit(_ask_ahead, scanned, reader))
            if len(waiting) > _MOST_WAITING:
                # Inflating is quicker than reading: what is inflated must not pile up.
                waiting[-_MOST_WAITING - 1].result()
        pieces = [each.result() for each in waiting]
    return _assemble([each for each in pieces if each.columns], reader, numbering)


def _ask_ahead(scanned: Future[Piece], reader: SheetReader) -> Piece:
    """Returns a piece of which the reader has been asked, while others are read, what would be asked in any case."""
    piece = scanned.result()
    if any(SHARED in each for each in piece.codes.values()):
        reader.read_shared()
    return dataclasses.replace(
        piece,
        texts={column: [_asked(each, reader) for each in members] for column, members in piece.texts.items()},
    )


def _asked(cells: Texts, reader: SheetReader) -> Texts:
    """Returns cells whose texts mostly differ as what the reader says; others are better asked for together."""
    if cells.kind == PLAIN or not mostly_differ(cells.texts):
        return cells
    read = reader.read_texts(cells.texts, cells.kind)
    return cells if read.has_nulls() else Texts(PLAIN, cells.rows, read)


def _pieces(parts: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """Yields the sheet's rows piece by piece, each followed by `PAD`."""
    with PartReader(parts, path) as part:
        head = part.read(_READ)
        begins = head.find(_BEGINS)
        require_plain(begins >= 0 and is_utf8(head[:begins]))
        held, size, rest = [head[begins + len(_BEGINS) :]], 0, b""
        while more := part.read(_READ):
            held.append(more)
            size += len(more)
            if size > _PIECE:
                whole, rest = _cut(held)
                yield whole
                held, size = [rest], 0
                if rest.startswith(_ENDS):
                    break
        whole, rest = _cut(held)
        if len(whole) > len(PAD):
            yield whole
        require_plain(rest.startswith(_ENDS))
        while part.read(_READ):
            pass


def _cut(held: list[bytes]) -> tuple[bytes, bytes]:
    """Returns the whole rows of a text, and what comes after the last of them."""
    last = b"".join(held[-2:])
    del held[-2:]
    if _ENDS in last:
        cut = last.find(_ENDS)
    else:
        cut = last.rfind(ROW_ENDS) + len(ROW_ENDS)
        require_plain(cut >= len(ROW_ENDS))
    return b"".join((*held, memoryview(last)[:cut], PAD)), last[cut:]


def _assemble(pieces: list[Piece], reader: SheetReader, numbering: Numbering) -> ScannedSheet:
    """Returns pieces as one frame, with every text as the reader gives it."""
    require_plain(any(0 in each.columns for each in pieces))
    before = 0
    for each in pieces:
        require_plain(each.first > before)
        before = each.last
    width = 1 + max(max(each.columns) for each in pieces)
    with ThreadPoolExecutor(_COLUMNS_AT_ONCE) as beside:
        columns = list(
            beside.map(lambda number: whole_column(pieces, number, reader, numbering), range(width))
        )
    frame = pl.DataFrame([each.texts.alias(str(number)) for number, each in enumerate(columns)])
    height = _height(frame)
    codes = [
        each.codes.head(height).alias(str(number))
        for number, each in enumerate(columns)
        if each.codes is not None
    ]
    return ScannedSheet(frame.head(height), pl.DataFrame(codes))


def _height(frame: pl.DataFrame) -> int:
    """Returns how many rows there are up to the last that holds something."""
    for last in range(frame.height, 0, -1):
        if any(cell is not None for cell in frame.row(last - 1)):
            return last
    raise NotPlainError
