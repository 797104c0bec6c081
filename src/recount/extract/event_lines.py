"""Lines of text into rows: quickly where the text is regular, line by line where it is not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl

from recount.acquire.files import SourceFile
from recount.errors import ReleaseFileError

ROW = "row_original"
_AT_ONCE = 1 << 16
_COUNTED_AT_ONCE = 1 << 18
_SHOWN_CHARACTERS = 120
_FIX = "obtain the file again from where it was published, or mend the line and say so"


@dataclass(frozen=True)
class Lines:
    """A text with a header: UTF-8, its separator, the lines above the header, and the header's width."""

    file: SourceFile
    content: bytes
    separator: str
    header_at: int
    width: int


def read_lines(text: Lines) -> pl.DataFrame:
    """Returns the rows below the header as text, with the number of the line on which each begins.

    Columns are named by their place. A blank line is a row of missing cells, and a line of one value a row
    with that value alone, so that both can be set aside and counted.

    Every separator and every line end stands between two cells, between two rows, or within a value: they
    are counted, so that a row which the parser mends in silence is found.

    Raises:
        ReleaseFileError: naming the line, where a line has more or fewer values than the header, or a quote
            is opened and not closed.
    """
    with ThreadPoolExecutor(1) as beside:
        parsing = beside.submit(_parse, text)
        lines = _count(text.content, "\n") + (not text.content.endswith(b"\n")) - text.header_at - 1
        signs = _count(text.content, text.separator, _start_of_line(text.content, text.header_at + 1))
        try:
            frame = parsing.result()
        except pl.exceptions.PolarsError:
            return _read_one_by_one(text)
    ends, separators = lines - frame.height, signs - frame.height * (text.width - 1)
    if ends < 0 or separators < 0:
        return _read_one_by_one(text)
    if ends == 0 and separators == 0:
        return _number(frame, text.header_at + 2)
    if ends == 0 and _total(frame, text.separator) == separators:
        return _number(frame, text.header_at + 2)
    held = _count_within(frame, text)
    if int(held.get_column("separators").sum()) != separators or int(held.get_column("ends").sum()) != ends:
        return _read_one_by_one(text)
    starts = (held.get_column("ends") + 1).cum_sum().shift(1, fill_value=0) + (text.header_at + 2)
    swallowed = held.get_column("swallowed")
    if swallowed.any():
        raise _quote_not_closed(text, int(starts.filter(swallowed)[0]))
    return frame.with_columns(starts.cast(pl.Int64).alias(ROW))


def _count(content: bytes, sign: str, start: int = 0) -> int:
    """Returns how often a sign stands in a text from `start` on, many places at once."""
    signs, total = np.frombuffer(content, np.uint8, offset=start), 0
    for begin in range(0, len(signs), _COUNTED_AT_ONCE):
        total += int(np.count_nonzero(signs[begin : begin + _COUNTED_AT_ONCE] == ord(sign)))
    return total


def _total(frame: pl.DataFrame, sign: str) -> int:
    """Returns how often a sign stands within the values. Few values hold one, so they are found first."""
    total = 0
    for column in frame.get_columns():
        having = column.filter(column.str.contains(sign, literal=True).fill_null(value=False))
        total += int(having.str.count_matches(sign, literal=True).sum())
    return total


def _parse(text: Lines) -> pl.DataFrame:
    # The header is read as a row: the parser holds the first row's width to the schema, and no other's.
    whole = pl.read_csv(
        text.content,
        separator=text.separator,
        has_header=False,
        skip_lines=text.header_at,
        schema={str(index): pl.String for index in range(text.width)},
        infer_schema=False,
    )
    return whole.slice(1)


def _number(frame: pl.DataFrame, first: int) -> pl.DataFrame:
    return frame.with_columns(pl.int_range(first, first + frame.height, dtype=pl.Int64).alias(ROW))


def _start_of_line(content: bytes, lines_before: int) -> int:
    start = 0
    for _ in range(lines_before):
        end = content.find(b"\n", start)
        if end < 0:
            return len(content)
        start = end + 1
    return start


def _count_within(frame: pl.DataFrame, text: Lines) -> pl.DataFrame:
    """Returns, by row, the separators and line ends within values, and whether a value swallowed rows.

    A quote that is not closed swallows rows up to the next quote. Where the row that results is as wide as the
    header, the value holds as many separators as whole rows do.
    """
    between = text.width - 1

    def count(column: str, sign: str) -> pl.Expr:
        return pl.col(column).str.count_matches(sign, literal=True).fill_null(0).cast(pl.Int64)

    separators = [count(each, text.separator) for each in frame.columns]
    ends = [count(each, "\n") for each in frame.columns]
    swallowed = [
        (line_ends > 0) & (signs > 0) & (signs % between == 0)
        for signs, line_ends in zip(separators, ends, strict=True)
    ]
    return frame.select(
        pl.sum_horizontal(separators).alias("separators"),
        pl.sum_horizontal(ends).alias("ends"),
        pl.any_horizontal(swallowed).alias("swallowed"),
    )


def _read_one_by_one(text: Lines) -> pl.DataFrame:
    """Returns the rows of a text that is not regular, or says which line makes it so."""
    schema = {str(index): pl.String for index in range(text.width)} | {ROW: pl.Int64}
    frames = [pl.DataFrame(rows, schema=schema, orient="row") for rows in _batches(text)]
    return pl.concat(frames) if frames else pl.DataFrame(schema=schema)


def _batches(text: Lines) -> Iterator[list[tuple[str | int | None, ...]]]:
    lines = io.TextIOWrapper(io.BytesIO(text.content), encoding="utf-8", errors="replace", newline="")
    for _ in range(text.header_at + 1):
        lines.readline()
    reader = csv.reader(lines, delimiter=text.separator)
    rows: list[tuple[str | int | None, ...]] = []
    before = 0
    while True:
        number = text.header_at + 2 + before
        try:
            row = next(reader, None)
        except csv.Error as broken:
            raise _quote_not_closed(text, number) from broken
        if row is None:
            break
        before = reader.line_num
        rows.append((*_checked(text, row, number), number))
        if len(rows) == _AT_ONCE:
            yield rows
            rows = []
    if rows:
        _check_end(text, int(str(rows[-1][-1])))
        yield rows


def _check_end(text: Lines, number: int) -> None:
    """Refuses a file that ends within a quote: `number` is the line on which its last row begins."""
    last = text.content[_start_of_line(text.content, number - 1) :].decode("utf-8", errors="replace")
    value = last.rpartition(text.separator)[2].rstrip()
    if value.startswith('"') and value.count('"') % 2:
        raise _quote_not_closed(text, number)


def _checked(text: Lines, row: Sequence[str], number: int) -> list[str | None]:
    """Returns a row at full width: one as wide as the header, or one that holds one value or none."""
    between = text.width - 1
    for value in row:
        signs = value.count(text.separator)
        if "\n" in value and ((signs and signs % between == 0) or len(row) != text.width):
            raise _quote_not_closed(text, number)
    if len(row) != text.width and len(row) > 1:
        raise ReleaseFileError(
            f"{text.file.relative}: a line has {len(row):,} values, and the header has {text.width:,}.",
            [
                ("line", f"{number:,}"),
                ("text", text.separator.join(row)[:_SHOWN_CHARACTERS]),
                (
                    "likely",
                    "a separator or a line end stands in a value without quotes, or a quote is missing",
                ),
                ("fix", _FIX),
            ],
        )
    return [each or None for each in row] + [None] * (text.width - len(row))


def _quote_not_closed(text: Lines, number: int) -> ReleaseFileError:
    start = _start_of_line(text.content, number - 1)
    shown = text.content[start : start + _SHOWN_CHARACTERS].split(b"\n")[0]
    return ReleaseFileError(
        f"{text.file.relative}: a quote is opened and not closed.",
        [
            ("line", f"{number:,}, or a later one of the same row"),
            ("text", shown.decode("utf-8", errors="replace")),
            ("fix", _FIX),
        ],
    )
