"""Large plain sheets into text frames: a million rows in seconds, and the same text as the reader gives.

The reader of workbooks takes a sheet cell by cell. Here the cells are found by the places of their tags, many at
once, and texts stay where they are. What a number or a shared text says, with its style, is still the reader's to
say: it is asked once for each distinct one, in a small workbook with the same styles and texts.
"""

from __future__ import annotations

import io
import itertools
import re
import threading
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import fastexcel
import numpy as np
import polars as pl
import pyarrow as pa

from recount.extract.inflating import PartReader
from recount.extract.sheet_tags import (
    AS_IS,
    PAD,
    PLAIN,
    ROW_ENDS,
    SHARED,
    TRIMMED,
    Block,
    NotPlainError,
    read_block,
    require_plain,
)

_READ = 1 << 20
_PIECE = 1 << 24
_BLOCK = 1 << 22
_WORKERS = 2
_LOOKED_AT = 1000
_MOST_GAPS, _MOST_ROWS_LEFT_OUT = 4, 64
_SHARED_TEXTS = "xl/sharedStrings.xml"
_PARTS_NEEDED = {
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
}
_BEGINS, _ENDS = b"<sheetData>", b"</sheetData>"
_ESCAPE = re.compile(rb"_x[0-9A-Fa-f]{4}_")
_VIEW = 16
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
_TAIL = "</sheetData></worksheet>"


@dataclass(frozen=True)
class _Piece:
    """Whole rows: the first and last row's number, and by column the texts and kinds of its cells."""

    first: int
    last: int
    columns: dict[int, tuple[pl.Series, pl.Series | None]]


def scan_sheet(parts: zipfile.ZipFile, sheets: Mapping[str, str], name: str) -> pl.DataFrame:
    """Returns a sheet as the reader of workbooks gives it: every row from the first, as text.

    Reading it to the end checks its checksum.

    Args:
        parts: the workbook.
        sheets: the part that holds each sheet, by the sheet's name.
        name: the sheet.

    Raises:
        NotPlainError: where the sheet is not plain.
    """
    with ThreadPoolExecutor(_WORKERS) as beside:
        waiting = [beside.submit(_scan, each) for each in _pieces(parts, sheets[name])]
        pieces = [each.result() for each in waiting]
    return _assemble(pieces, _Reader(parts, sheets, name))


def _pieces(parts: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """Yields the sheet's rows piece by piece, each followed by `PAD`."""
    with PartReader(parts, path) as part:
        head = part.read(_READ)
        begins = head.find(_BEGINS)
        require_plain(begins >= 0)
        declaration = head[:begins].split(b"?>")[0].lower()
        require_plain(b"encoding" not in declaration or b"utf-8" in declaration)
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


def _scan(content: bytes) -> _Piece:
    require_plain(b"\r" not in content and not (b"_" in content and _ESCAPE.search(content)))
    try:
        _ = content.isascii() or content.decode()
    except UnicodeDecodeError as damage:
        raise NotPlainError from damage
    data = np.frombuffer(content, np.uint8)
    size = len(content) - len(PAD)
    blocks, begin = [], 0
    while begin < size:
        cut = content.rfind(ROW_ENDS, begin, begin + _BLOCK) if begin + _BLOCK < size else -1
        end = size if cut < 0 else cut + len(ROW_ENDS)
        blocks.append(read_block(data[begin : end + len(PAD)], begin))
        begin = end
    return _by_column(content, blocks)


def _by_column(content: bytes, blocks: list[Block]) -> _Piece:
    first, last = int(blocks[0].rows[0]), int(blocks[-1].rows[-1])
    height = last - first + 1
    require_plain(height <= _MOST_GAPS * sum(len(each.rows) for each in blocks) + _MOST_ROWS_LEFT_OUT)
    width = 1 + max((int(each.column.max()) for each in blocks if len(each.column)), default=-1)
    views = np.zeros((width * height, 2), np.uint64)
    valid = np.zeros((width, height), np.bool_)
    kinds = np.zeros((width, height), np.int16)
    before = 0
    for each in blocks:
        require_plain(each.rows[0] > before)
        before = int(each.rows[-1])
        place = each.column * height + (each.row - first)
        views[place] = each.views
        valid.reshape(-1)[place] = True
        kinds.reshape(-1)[place] = each.kind
    require_plain(np.count_nonzero(valid) == sum(len(each.column) for each in blocks))
    buffer, whole = pa.py_buffer(content), pa.py_buffer(views)
    found: dict[int, tuple[pl.Series, pl.Series | None]] = {}
    for number in range(width):
        if not valid[number].any():
            continue
        bits = pa.py_buffer(np.packbits(valid[number], bitorder="little"))
        own = whole.slice(number * height * _VIEW, height * _VIEW)
        text = pl.from_arrow(pa.Array.from_buffers(pa.string_view(), height, [bits, own, buffer]))
        assert isinstance(text, pl.Series)  # noqa: S101  an array gives a series
        found[number] = text, pl.Series(kinds[number]) if kinds[number].any() else None
    return _Piece(first, last, found)


def _assemble(pieces: list[_Piece], reader: _Reader) -> pl.DataFrame:
    """Returns pieces as one frame, with every text as the reader gives it."""
    held = [each for each in pieces if each.columns]
    require_plain(bool(held) and any(0 in each.columns for each in held))
    width = 1 + max(max(each.columns) for each in held)
    with ThreadPoolExecutor(_WORKERS) as beside:
        columns = beside.map(lambda number: _whole_column(held, number, reader), range(width))
        return _without_empty_end(pl.DataFrame(list(columns)))


def _whole_column(pieces: list[_Piece], number: int, reader: _Reader) -> pl.Series:
    texts: list[pl.Series] = []
    asked: list[tuple[int, pl.Series]] = []
    next_row = 1
    for each in pieces:
        require_plain(each.first >= next_row)
        if each.first > next_row:
            texts.append(_nothing(each.first - next_row))
        text, kinds = each.columns.get(number, (None, None))
        if kinds is not None:
            asked.append((len(texts), kinds))
        texts.append(_nothing(each.last - each.first + 1) if text is None else text)
        next_row = each.last + 1
    read = reader.read([texts[place] for place, _ in asked], [kinds for _, kinds in asked])
    for (place, _), series in zip(asked, read, strict=True):
        texts[place] = series
    return pl.concat(texts, rechunk=True).alias(str(number))


def _nothing(height: int) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, height)


def _without_empty_end(frame: pl.DataFrame) -> pl.DataFrame:
    """Returns a frame up to its last row that holds something."""
    for last in range(frame.height, 0, -1):
        if any(cell is not None for cell in frame.row(last - 1)):
            return frame.head(last)
    raise NotPlainError


class _Reader:
    """Asks the reader of workbooks what distinct cells of a sheet say."""

    def __init__(self, parts: zipfile.ZipFile, sheets: Mapping[str, str], name: str) -> None:
        self._parts, self._sheets, self._name = parts, sheets, name
        self._path = sheets[name]
        self._one_at_a_time = threading.Lock()
        self._shared: pl.Series | None = None

    def read(self, texts: list[pl.Series], kinds: list[pl.Series]) -> list[pl.Series]:
        """Returns texts of cells, given with their kinds piece by piece, as the reader gives them."""
        if not texts:
            return []
        whole, kind = pl.concat(texts), pl.concat(kinds)
        read = self._read(whole, kind)
        ends = itertools.accumulate((len(each) for each in texts), initial=0)
        return [read.slice(begin, end - begin) for begin, end in itertools.pairwise(ends)]

    def _read(self, texts: pl.Series, kinds: pl.Series) -> pl.Series:
        shared, plain = kinds == SHARED, kinds == PLAIN
        if shared.any():
            numbers = texts.set(~shared, None).cast(pl.UInt32, strict=False)
            require_plain(numbers.null_count() == len(texts) - shared.sum())
            read = self._shared_texts(int(str(numbers.max()))).gather(numbers)
            texts = read if shared.all() else texts.zip_with(~shared, read)
        asked = ~(shared | plain)
        if not asked.any():
            return texts
        cells = pl.DataFrame({"text": texts, "kind": kinds})
        if asked.all() and _mostly_differ(texts):
            return self._ask(cells)
        distinct = cells.filter(asked).unique()
        distinct = distinct.with_columns(self._ask(distinct).alias("read"))
        read = cells.join(distinct, on=["text", "kind"], how="left", maintain_order="left").get_column("read")
        return read if asked.all() else texts.zip_with(~asked, read)

    def _shared_texts(self, last: int) -> pl.Series:
        with self._one_at_a_time:
            if self._shared is None or len(self._shared) <= last:
                cells = pl.DataFrame({"text": pl.int_range(last + 1, eager=True).cast(pl.String)})
                self._shared = self._ask(cells.with_columns(pl.lit(SHARED, pl.Int16).alias("kind")))
            return self._shared

    def _ask(self, cells: pl.DataFrame) -> pl.Series:
        """Returns what the reader makes of cells, put one below the other into a workbook otherwise the same."""
        number, text, kind = pl.int_range(1, pl.len() + 1).cast(pl.String), pl.col("text"), pl.col("kind")
        kinds = cells.get_column("kind")
        cell = pl.format('" s="{}"><v>{}</v></c></row>', kind - 1, text)
        if (kinds <= PLAIN).any():
            cell = (
                pl.when(kind == SHARED)
                .then(pl.format('" t="s"><v>{}</v></c></row>', text))
                .when(kind == AS_IS)
                .then(pl.format('" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c></row>', text))
                .when(kind == TRIMMED)
                .then(pl.format('" t="inlineStr"><is><t>{}</t></is></c></row>', text))
                .otherwise(cell)
            )
        row = pl.concat_str(pl.format('<row r="{}"><c r="A{}', number, number), cell)
        rows = "".join(cells.select(row.alias("xml")).to_series().to_list())
        # The reader leaves out what is empty at the end and on the left: the last row is filled.
        last = cells.height + 1
        rows += f'<row r="{last}"><c r="A{last}"><v>1</v></c></row>'
        asks_for_shared = bool((kinds == SHARED).any())
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as copy:
            for name in self._parts.namelist():
                if name == self._path:
                    copy.writestr(name, f"{_HEAD}{rows}{_TAIL}")
                elif name in self._sheets.values():
                    copy.writestr(name, f"{_HEAD}{_TAIL}")
                elif name in _PARTS_NEEDED or (asks_for_shared and name == _SHARED_TEXTS):
                    copy.writestr(name, self._parts.read(name))
        book = fastexcel.read_excel(buffer.getvalue())
        sheet = book.load_sheet(self._name, header_row=None, skip_rows=0, dtypes="string")
        read = sheet.to_polars()
        require_plain(read.shape == (last, 1))
        return read.to_series(0).head(cells.height).cast(pl.String)


def _mostly_differ(texts: pl.Series) -> bool:
    """Returns whether texts seem to repeat little, so that finding the distinct ones saves nothing."""
    some = texts.gather_every(max(1, len(texts) // _LOOKED_AT))
    return some.null_count() == 0 and 2 * some.n_unique() > len(some)
