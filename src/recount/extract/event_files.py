"""Files of individual records into raw tables: every cell as text, every row with its true number."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from recount.acquire.files import SourceFile
from recount.declare.synthetic import is_synthetic
from recount.errors import LayoutError, ReleaseFileError
from recount.extract.event_workbooks import read_sheets
from recount.extract.headers import KnownHeaders, Recognised

ROW = "row_original"
_TEXTS = (".csv", ".tsv", ".txt")
_FRAMES = (".parquet", ".feather", ".arrow")
_SEPARATORS = ("|", "\t", ",", ";")
_HEAD_BYTES = 1 << 18
_FIX = "obtain the file again from where it was published"


@dataclass(frozen=True)
class RawEvents:
    """One released table as text.

    `frame` has one text column for each column of the header, named by its place ("0", "1", …), and
    `row_original`, the number of the line or row in the file. `first_lines` stand above the header.
    """

    sheet: str
    first_lines: tuple[str, ...]
    header: tuple[str | None, ...]
    header_row: int
    recognised: Recognised
    frame: pl.DataFrame


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
    """Returns whether some table of `file` has a header of individual records."""
    try:
        return bool(read_event_file(file, known, head_only=True).tables)
    except ReleaseFileError:
        return False


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
    name = file.name.casefold()
    if name.endswith(".gz"):
        name = name.removesuffix(".gz")
    if not file.content:
        raise ReleaseFileError(f"{file.relative} is empty.", [("fix", _FIX)])
    if name.endswith(_FRAMES):
        return _read_frame(file, known, head_only)
    if name.endswith(_TEXTS):
        return _read_text(file, known, head_only)
    return _read_workbook(file, known, head_only)


def _read_frame(file: SourceFile, known: KnownHeaders, head_only: bool) -> RawEventFile:
    reading = pl.read_parquet if file.name.casefold().endswith(".parquet") else pl.read_ipc
    metadata: Mapping[str, str] = {}
    try:
        if reading is pl.read_parquet:
            metadata = pl.read_parquet_metadata(io.BytesIO(file.content))
        frame = reading(io.BytesIO(file.content), n_rows=0 if head_only else None)
    except (pl.exceptions.PolarsError, OSError) as damage:
        raise ReleaseFileError(
            f"{file.relative} is damaged.", [("because", str(damage).splitlines()[0]), ("fix", _FIX)]
        ) from damage
    header = tuple(frame.columns)
    texts = frame.select(
        _as_text(frame.get_column(name)).alias(str(index)) for index, name in enumerate(header)
    ).with_columns(pl.int_range(1, frame.height + 1, dtype=pl.Int64).alias(ROW))
    blank = [
        index for index in range(len(header)) if texts.get_column(str(index)).null_count() == texts.height
    ]
    recognised = known.recognise(header, () if head_only else blank, file.relative)
    table = RawEvents("", (), header, 0, recognised, texts)
    return RawEventFile(file, (table,), (), is_synthetic(file.name, [], metadata))


def _as_text(column: pl.Series) -> pl.Series:
    if isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone is not None:
        column = column.dt.replace_time_zone(None)
    return column.cast(pl.String)


def _read_text(file: SourceFile, known: KnownHeaders, head_only: bool) -> RawEventFile:
    content = _unpacked(file, head_only)
    encoding = "utf-8"
    notes: tuple[str, ...] = ()
    if not head_only:
        try:
            content.decode("utf-8") if len(content) < _HEAD_BYTES else _check_utf8(content)
        except UnicodeDecodeError:
            encoding = "cp1252"
            notes = ("it is not UTF-8 and was read as Windows-1252",)
            content = content.decode(encoding, errors="strict").encode()
    head = content[:_HEAD_BYTES].decode("utf-8", errors="replace").removeprefix("\ufeff").splitlines()
    separator, header_at = _find_header(head, known, file)
    header = tuple(next(csv.reader([head[header_at]], delimiter=separator)))
    first_lines = tuple(line.strip(separator + '" ') for line in head[:header_at])
    synthetic = is_synthetic(file.name, list(first_lines), {})
    if head_only:
        recognised = known.recognise(header, (), file.relative)
        empty = pl.DataFrame(schema={str(index): pl.String for index in range(len(header))} | {ROW: pl.Int64})
        table = RawEvents("", first_lines, header, header_at + 1, recognised, empty)
        return RawEventFile(file, (table,), (), synthetic)
    frame = _parse(file, content, separator, header_at, len(header))
    blank = [
        index for index in range(len(header)) if frame.get_column(str(index)).null_count() == frame.height
    ]
    recognised = known.recognise(header, blank, file.relative)
    table = RawEvents("", first_lines, header, header_at + 1, recognised, frame)
    return RawEventFile(file, (table,), (), synthetic, notes)


def _check_utf8(content: bytes) -> None:
    """Raises `UnicodeDecodeError` where the bytes are not UTF-8, without keeping the decoded text."""
    if not content.isascii():
        content.decode("utf-8")


def _unpacked(file: SourceFile, head_only: bool) -> bytes:
    if not file.name.casefold().endswith(".gz"):
        return file.content
    try:
        with gzip.open(io.BytesIO(file.content)) as packed:
            return packed.read(_HEAD_BYTES if head_only else -1)
    except (OSError, EOFError) as damage:
        raise ReleaseFileError(
            f"{file.relative} is cut off or damaged.", [("because", str(damage)), ("fix", _FIX)]
        ) from damage


def _find_header(head: Sequence[str], known: KnownHeaders, file: SourceFile) -> tuple[str, int]:
    """Returns the separator and the place of the header line."""
    for separator in _SEPARATORS:
        rows = ([*next(csv.reader([line], delimiter=separator), [])] for line in head)
        found = known.find_row(rows)
        if found is not None:
            return separator, found
    raise LayoutError(
        f"{file.relative}: no header of individual records among its first lines.",
        [("begins with", "\n".join(head[:3])), ("fix", "declare its layout, or leave the file out")],
    )


def _parse(file: SourceFile, content: bytes, separator: str, header_at: int, width: int) -> pl.DataFrame:
    schema = {str(index): pl.String for index in range(width)}
    try:
        frame = pl.read_csv(
            content,
            separator=separator,
            has_header=False,
            skip_lines=header_at + 1,
            schema=schema,
            infer_schema=False,
        )
    except pl.exceptions.PolarsError as malformed:
        raise _malformed(file, content, separator, header_at, width, str(malformed)) from malformed
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    first = header_at + 2
    if frame.height == lines - header_at - 1:
        return frame.with_columns(pl.int_range(first, first + frame.height, dtype=pl.Int64).alias(ROW))
    return _number_rows(file, frame, first, lines, separator, content, header_at)


def _number_rows(
    file: SourceFile,
    frame: pl.DataFrame,
    first: int,
    lines: int,
    separator: str,
    content: bytes,
    header_at: int,
) -> pl.DataFrame:
    """Numbers rows by their first line where quoted values hold line ends; refuses a quote never closed."""
    columns = frame.columns
    within = frame.select(
        pl.sum_horizontal(pl.col(each).str.count_matches("\n", literal=True).fill_null(0) for each in columns)
    ).to_series()
    swallowed = frame.select(
        pl.any_horizontal(
            pl.col(each).str.contains(f'\n[^\n]*(?:"?[{separator}]"?[^\n]*){{2}}').fill_null(value=False)
            for each in columns
        )
    ).to_series()
    starts = first + (within + 1).cum_sum().shift(1, fill_value=0)
    if swallowed.any():
        line = int(starts.filter(swallowed)[0])
        raise ReleaseFileError(
            f"{file.relative}: a quote is opened and not closed.",
            [
                ("line", f"{line:,}, or within the {int(within.filter(swallowed)[0]):,} lines after it"),
                ("text", content.splitlines()[line - 1][:120].decode("utf-8", errors="replace")),
                ("fix", "obtain the file again, or mend the line and say so"),
            ],
        )
    counted = int(within.sum()) + frame.height
    blank = lines - (first - 1) - counted
    if blank:
        # The parser leaves out lines that hold nothing; each row's own line is found again.
        filled = [
            number
            for number, line in enumerate(content.split(b"\n"), start=1)
            if number > header_at + 1 and line.strip()
        ]
        if int(within.sum()) or len(filled) != frame.height:
            raise ReleaseFileError(
                f"{file.relative}: {abs(blank):,} lines are neither rows nor part of one.", [("fix", _FIX)]
            )
        return frame.with_columns(pl.Series(ROW, filled, dtype=pl.Int64))
    return frame.with_columns(starts.cast(pl.Int64).alias(ROW))


def _malformed(
    file: SourceFile, content: bytes, separator: str, header_at: int, width: int, message: str
) -> ReleaseFileError:
    """Returns an error that names the first line with another number of values than the header."""
    text = io.StringIO(content.decode("utf-8", errors="replace"), newline="")
    reader = csv.reader(text, delimiter=separator)
    try:
        for row in reader:
            if reader.line_num > header_at + 1 and row and len(row) != width:
                return ReleaseFileError(
                    f"{file.relative}: a line has {len(row):,} values, and the header has {width:,}.",
                    [
                        ("line", f"{reader.line_num:,}"),
                        ("text", separator.join(row)[:120]),
                        ("likely", "a quote is opened and not closed, or a separator stands in a value"),
                        ("fix", _FIX),
                    ],
                )
    except csv.Error as broken:
        message = f"line {reader.line_num:,}: {broken}; a quote is opened and not closed"
    return ReleaseFileError(
        f"{file.relative} cannot be read as a table.", [("because", message.splitlines()[0]), ("fix", _FIX)]
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
        head = frame.head(60).rows()
        found = known.find_row(head)
        lines += [str(cell) for row in head[: found or 10] for cell in row if cell]
        if found is None:
            left.append(_without_header(file, sheet.name, frame, tables, head_only))
            continue
        header = tuple(head[found])
        rows = frame.slice(found + 1)
        rows = rows.with_columns(
            pl.int_range(sheet.first_row + found + 1, sheet.first_row + frame.height, dtype=pl.Int64).alias(
                ROW
            )
        )
        rows = rows.rename({each: str(index) for index, each in enumerate(frame.columns)})
        blank = [i for i in range(len(header)) if rows.get_column(str(i)).null_count() == rows.height]
        recognised = known.recognise(header, blank, f"{file.relative}, sheet {sheet.name}")
        first_lines = tuple(" ".join(str(cell) for cell in row if cell) for row in head[:found])
        tables.append(RawEvents(sheet.name, first_lines, header, sheet.first_row + found, recognised, rows))
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


_NO_TABLE_ROWS = 200
"""A sheet without a header and with no more filled rows than this holds notes or totals, not records."""


def _without_header(
    file: SourceFile, sheet: str, frame: pl.DataFrame, tables: list[RawEvents], head_only: bool
) -> SheetLeft:
    """Says what a sheet without a header is: notes; or records that go on from the sheet before.

    Rows that go on are added to the last of `tables`, whose sheet they continue.

    Raises:
        LayoutError: where it holds many rows that continue no sheet.
    """
    filled = frame.filter(pl.any_horizontal(pl.all().is_not_null())).height if frame.width else 0
    if head_only or filled <= _NO_TABLE_ROWS:
        return SheetLeft(sheet, filled, "it has no header of individual records")
    before = tables[-1] if tables else None
    if before is None or frame.width != len(before.header):
        raise LayoutError(
            f"{file.relative}, sheet {sheet}: {filled:,} rows, and no header of individual records.",
            [
                ("begins with", " | ".join(str(cell) for cell in frame.row(0) if cell)),
                ("fix", "declare its layout under sources/<source>/event-layouts"),
            ],
        )
    rows = frame.with_columns(pl.int_range(1, frame.height + 1, dtype=pl.Int64).alias(ROW))
    rows = rows.rename({each: str(index) for index, each in enumerate(frame.columns)})
    tables.append(
        RawEvents(
            sheet, before.first_lines, before.header, 0, before.recognised, rows.select(before.frame.columns)
        )
    )
    return SheetLeft(sheet, 0, f"its {filled:,} rows go on from sheet {before.sheet}, and are read as such")
