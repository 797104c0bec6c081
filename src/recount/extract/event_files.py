"""Files of individual records into raw tables: every cell as text, every row with its true number."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import io
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from recount.acquire.files import SourceFile
from recount.declare.record_reading import RecordReading
from recount.declare.synthetic import is_synthetic
from recount.errors import LayoutError, ReleaseFileError, Worded
from recount.extract.event_lines import ROW, Lines, read_lines
from recount.extract.event_workbooks import TextSheet, read_sheets
from recount.extract.headers import KnownHeaders, Recognised
from recount.extract.inflating import inflate

_PARQUET = b"PAR1"
_FRAMES = (_PARQUET, b"ARROW1")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_GZIP = b"\x1f\x8b"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_POINTER = "version https://git-lfs"
_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d|\d{1,2}-[A-Za-z]{3}-\d|[1-9]\d{4}(?:\.\d+)?$")
_PAGE = re.compile(rb"\s*<(?:!doctype|html|\?xml)", re.IGNORECASE)
_SEPARATORS = ("|", "\t", ",", ";")
_HEAD_BYTES = 1 << 18
_LINES_BYTES = 1 << 20
_HEAD_ROWS = 60
_SHOWN = 8
_SHOWN_CHARACTERS = 120
_FIX = "obtain the file again from where it was published"


@dataclass(frozen=True)
class RawEvents:
    """One released table as text.

    `frame` has one text column for each column of the header, named by its place ("0", "1", …), and
    `row_original`, the number of the line or row in the file. `first_lines` stand above the header. `numbers` has,
    row by row, some of the columns as numbers: equal numbers of a column are equal texts.
    """

    sheet: str
    first_lines: tuple[str, ...]
    header: tuple[str | None, ...]
    header_row: int
    recognised: Recognised
    frame: pl.DataFrame
    numbers: pl.DataFrame = field(default_factory=pl.DataFrame)


@dataclass(frozen=True)
class SheetLeft:
    """A sheet that holds no table of individual records: how many rows it has, and why it is left."""

    sheet: str
    rows: int
    reason: str


@dataclass(frozen=True)
class RawEventFile:
    """A file's tables, the sheets left alone, and whether it says that it is synthetic."""

    file: SourceFile
    tables: tuple[RawEvents, ...]
    left: tuple[SheetLeft, ...]
    is_synthetic: bool
    notes: tuple[str, ...] = field(default=())


def is_event_file(file: SourceFile, known: KnownHeaders) -> bool:
    """Returns whether some sheet of a workbook has a header of individual records, or one like it.

    A header with unknown names counts: whoever reads the file then answers with the names nearest to them.

    Raises:
        ReleaseFileError: where the file is no workbook or damaged.
    """
    heads = [sheet.frame.head(_HEAD_ROWS).rows() for sheet in read_sheets(file, head_only=True)]
    return any(_find_row(head, known) is not None for head in heads)


def _find_row(rows: Sequence[Sequence[str | None]], known: KnownHeaders) -> int | None:
    found = known.find_row(rows)
    return known.find_likely_row(rows) if found is None else found


def read_event_file(file: SourceFile, known: KnownHeaders, *, head_only: bool = False) -> RawEventFile:
    """Returns the tables of `file` as text, each with the layout that its header is of. Judges nothing.

    Args:
        file: a text file, perhaps compressed by gzip, a workbook, a Parquet or a Feather file.
        known: the headers of all layouts.
        head_only: reads only as far as headers reach; the tables are then without their rows.

    Raises:
        LayoutError: where no layout has its header.
        ReleaseFileError: where the file is damaged, or a quote is opened and not closed.
    """
    if not file.content:
        raise ReleaseFileError(f"{file.relative} is empty.", [("fix", _FIX)])
    if file.content.startswith(_FRAMES):
        return _read_frame(file, known, head_only)
    # What a file is, its bytes say. The name decides only how a file that is neither is refused.
    if file.content.startswith(_WORKBOOKS) or _is_named_workbook(file.name):
        return _read_workbook(file, known, head_only)
    return _read_text(file, known, head_only)


def _is_named_workbook(name: str) -> bool:
    return name.casefold().endswith((".xlsx", ".xlsm", ".xls"))


def _read_frame(file: SourceFile, known: KnownHeaders, head_only: bool) -> RawEventFile:
    metadata: Mapping[str, str] = {}
    rows = 0 if head_only else None
    try:
        if file.content.startswith(_PARQUET):
            metadata = pl.read_parquet_metadata(io.BytesIO(file.content))
            frame = pl.read_parquet(io.BytesIO(file.content), n_rows=rows)
        else:
            frame = pl.read_ipc(io.BytesIO(file.content), n_rows=rows)
        header = tuple(frame.columns)
        texts = frame.select(
            _as_text(frame.get_column(name)).alias(str(index)) for index, name in enumerate(header)
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as damage:
        raise ReleaseFileError(
            f"{file.relative} is damaged.",
            [("because", (str(damage) or type(damage).__name__).splitlines()[0]), ("fix", _FIX)],
        ) from damage
    texts = texts.with_columns(pl.int_range(1, frame.height + 1, dtype=pl.Int64).alias(ROW))
    recognised = known.recognise(header, file.relative, None if head_only else texts)
    table = RawEvents("", (), header, 0, recognised, texts)
    return RawEventFile(file, (table,), (), is_synthetic(file.name, [], metadata))


def _as_text(column: pl.Series) -> pl.Series:
    """Returns a column as a text file would write it: a time as its own clock shows it, 3.0 as 3."""
    if isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone is not None:
        column = column.dt.replace_time_zone(None)
    if column.dtype.is_float():
        column = column.fill_nan(None)
        if column.round(0).eq_missing(column).all() and column.abs().lt(1 << 53).all():
            column = column.cast(pl.Int64)
    return column.cast(pl.String)


def _read_text(file: SourceFile, known: KnownHeaders, head_only: bool) -> RawEventFile:
    content, notes = _as_utf8(file, _unpacked(file, head_only), head_only)
    # Lines end as the parser of the rows ends them: a text has other signs that Python takes for an end.
    head = content[:_HEAD_BYTES].decode("utf-8", errors="replace").removeprefix("\ufeff").split("\n")
    head = [line.rstrip("\r").replace("\r", " ") for line in head]
    separator, header_at = _find_header(head, known, file)
    header = tuple(next(csv.reader([head[header_at]], delimiter=separator)))
    first_lines = tuple(line.strip(separator + '" ') for line in head[:header_at])
    synthetic = is_synthetic(file.name, list(first_lines), {})
    if head_only:
        recognised = known.recognise(header, file.relative)
        empty = pl.DataFrame(schema={str(index): pl.String for index in range(len(header))} | {ROW: pl.Int64})
        table = RawEvents("", first_lines, header, header_at + 1, recognised, empty)
        return RawEventFile(file, (table,), (), synthetic)
    text = Lines(file, content, separator, header_at, len(header))
    frame = read_lines(text)
    recognised = known.recognise(header, file.relative, frame)
    table = RawEvents("", first_lines, header, header_at + 1, recognised, frame)
    return RawEventFile(file, (table,), (), synthetic, notes)


def _as_utf8(file: SourceFile, content: bytes, head_only: bool) -> tuple[bytes, tuple[str, ...]]:
    """Returns a text as UTF-8 with lines that end in a line feed, and what was done to make it so."""
    notes: list[str] = []
    if content.startswith(_UTF_16):
        content = content.decode("utf-16", errors="replace" if head_only else "strict").encode()
        notes.append(Worded("it is UTF-16"))
    elif not head_only and not _is_utf8(content):
        content = _from_windows(file, content)
        notes.append(Worded("it is not UTF-8 and was read as Windows-1252"))
    if b"\n" not in content and b"\r" in content:
        content = content.replace(b"\r", b"\n")
        notes.append(Worded("its lines end in carriage returns alone"))
    return content, tuple(notes)


def _is_utf8(content: bytes) -> bool:
    """Returns whether a text is UTF-8, by whole lines: most are plain ASCII, which is told at once."""
    begin = 0
    while begin < len(content):
        end = content.rfind(b"\n", begin, begin + _LINES_BYTES) + 1 or len(content)
        lines = content[begin:end]
        try:
            _ = lines.isascii() or lines.decode("utf-8")
        except UnicodeDecodeError:
            return False
        begin = end
    return True


def _from_windows(file: SourceFile, content: bytes) -> bytes:
    try:
        return content.decode("cp1252").encode()
    except UnicodeDecodeError as neither:
        line = content.count(b"\n", 0, neither.start) + 1
        raise ReleaseFileError(
            f"{file.relative} is neither UTF-8 nor Windows-1252.",
            [("line", f"{line:,}"), ("byte", f"0x{content[neither.start]:02x}"), ("fix", _FIX)],
        ) from neither


def _unpacked(file: SourceFile, head_only: bool) -> bytes:
    if not file.content.startswith(_GZIP):
        return file.content
    try:
        if not head_only:
            return inflate(file.content)
        with gzip.open(io.BytesIO(file.content)) as packed:
            return packed.read(_HEAD_BYTES)
    except (OSError, EOFError, zlib.error) as damage:
        raise ReleaseFileError(
            f"{file.relative} is cut off or damaged.", [("because", str(damage)), ("fix", _FIX)]
        ) from damage


def _find_header(head: Sequence[str], known: KnownHeaders, file: SourceFile) -> tuple[str, int]:
    """Returns the separator and the place of the header line; of a header with unknown names, the likeliest.

    Raises:
        LayoutError: where no line is like a header.
    """
    for find in (known.find_row, known.find_likely_row):
        for separator in _SEPARATORS:
            rows = ([*next(csv.reader([line], delimiter=separator), [])] for line in head)
            found = find(rows)
            if found is not None:
                return separator, found
    start = "\n".join(line[:_SHOWN_CHARACTERS] for line in head[:3])
    if start.startswith(_POINTER):
        raise ReleaseFileError(
            f"{file.relative} is a pointer of Git LFS, not the file that it stands for.",
            [
                ("begins with", start),
                ("fix", "fetch the file itself: git lfs pull, or download it where it is shown"),
            ],
        )
    if _PAGE.match(start.encode()):
        raise ReleaseFileError(
            f"{file.relative} is a web page, not a table.", [("begins with", start), ("fix", _FIX)]
        )
    raise LayoutError(
        f"{file.relative}: no header of individual records among its first lines.",
        [("begins with", start), ("fix", "declare its layout, or leave the file out")],
    )


def _read_workbook(file: SourceFile, known: KnownHeaders, head_only: bool) -> RawEventFile:
    tables: list[RawEvents] = []
    left: list[SheetLeft] = []
    lines: list[str] = []
    for sheet in read_sheets(file, head_only=head_only):
        if sheet.reason is not None:
            left.append(SheetLeft(sheet.name, 0, sheet.reason))
            continue
        frame = sheet.frame
        head = frame.head(_HEAD_ROWS).rows()
        found = _find_row(head, known)
        lines += [str(cell) for row in head[: found or 10] for cell in row if cell]
        if found is None:
            goes_on = _without_header(file, sheet, tables, known.reading, head_only)
            (tables if isinstance(goes_on, RawEvents) else left).append(goes_on)  # type: ignore[arg-type]
            continue
        if sheet.errors:
            raise _formula_errors(file, sheet)
        header = tuple(head[found])
        rows = _number(frame.slice(found + 1), found + 2)
        recognised = known.recognise(
            header, f"{file.relative}, sheet {sheet.name}", None if head_only else rows
        )
        first_lines = tuple(" ".join(str(cell) for cell in row if cell) for row in head[:found])
        numbers = sheet.codes.slice(found + 1)
        tables.append(RawEvents(sheet.name, first_lines, header, found + 1, recognised, rows, numbers))
    if not tables:
        raise LayoutError(
            f"{file.relative}: no sheet has a header of individual records.",
            [
                ("sheets", ", ".join(f"{each.sheet} ({each.rows:,} rows)" for each in left)),
                ("begins with", "\n".join(lines[:4])),
                ("fix", "declare its layout, or leave the file out"),
            ],
        )
    return RawEventFile(file, tuple(tables), tuple(left), is_synthetic(file.name, lines, {}))


def _without_header(
    file: SourceFile,
    sheet: TextSheet,
    tables: Sequence[RawEvents],
    reading: RecordReading,
    head_only: bool,
) -> RawEvents | SheetLeft:
    """Says what a sheet without a header is: notes; or records that go on from the last of `tables`.

    Records go on where the first row of a sheet holds several values, and the sheet is as wide as the header
    before it, or is less wide and has a day where that header has its day: the last columns may be blank. A sheet
    of notes begins with a title.

    Raises:
        LayoutError: where it holds many rows that continue no sheet.
    """
    frame = sheet.frame
    filled = frame.filter(pl.any_horizontal(pl.all().is_not_null())).height if frame.width else 0
    before = tables[-1] if tables else None
    width = 0 if before is None else len(before.header)
    first = next((row for row in frame.head(_HEAD_ROWS).rows() if any(row)), ())
    if (
        before is not None
        and (frame.width == width or (frame.width < width and _has_its_day(first, before)))
        and sum(cell is not None for cell in first) >= reading.continued_cells
    ):
        if sheet.errors:
            raise _formula_errors(file, sheet)
        why = Worded(
            "its rows go on from sheet %(sheet)s: %(what)s", sheet=before.sheet, what=before.recognised.why
        )
        return RawEvents(
            sheet.name,
            before.first_lines,
            before.header,
            0,
            dataclasses.replace(before.recognised, why=why),
            _number(_widen(frame, width), 1),
        )
    if not head_only and filled > reading.notes_rows:
        raise LayoutError(
            f"{file.relative}, sheet {sheet.name}: {filled:,} rows, and no header of individual records.",
            [
                ("begins with", " | ".join(str(cell) for cell in first if cell)),
                ("fix", "declare its layout under sources/<source>/event-layouts"),
            ],
        )
    return SheetLeft(sheet.name, filled, Worded("it has no header of individual records"))


def _has_its_day(row: Sequence[str | None], before: RawEvents) -> bool:
    """Returns whether a row has something like a day in a place where a table before has its days."""
    fields = ((place, column.to or "") for place, column in enumerate(before.recognised.columns) if column)
    places = [place for place, name in fields if name.endswith(("_date", "_datetime"))]
    return any(_DAY.match(row[place] or "") for place in places if place < len(row))


def _widen(frame: pl.DataFrame, width: int) -> pl.DataFrame:
    """Returns a frame of text with blank columns at its end, up to `width` of them."""
    blank = [pl.lit(None, pl.String).alias(f"blank {index}") for index in range(frame.width, width)]
    return frame.with_columns(blank)


def _number(frame: pl.DataFrame, first: int) -> pl.DataFrame:
    """Returns rows with their numbers, the first being `first`, and columns named by their place."""
    return frame.rename({each: str(index) for index, each in enumerate(frame.columns)}).with_columns(
        pl.int_range(first, first + frame.height, dtype=pl.Int64).alias(ROW)
    )


def _formula_errors(file: SourceFile, sheet: TextSheet) -> ReleaseFileError:
    return ReleaseFileError(
        f"{file.relative}, sheet {sheet.name}: cells hold the error of a formula in place of a value.",
        [
            ("cells", ", ".join(sheet.errors[:_SHOWN])),
            ("count", f"{len(sheet.errors):,}"),
            ("fix", "obtain the workbook again, or replace the cells by what they held"),
        ],
    )
