"""Delimited text files into raw tables: every cell as text, every row with its number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from recount.acquire.files import SourceFile
from recount.declare.sources import Layout
from recount.errors import LayoutError, ReleaseFileError, nearest_names

_BYTE_ORDER_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_SHOWN = 5


@dataclass(frozen=True)
class RawTable:
    """A file's rows as text, untouched.

    `rows` pairs each row's number in the file (the header being row 1) with its cells by header.
    `corrected` gives, by row and header, what the file itself holds where a correction was made, and why.
    `empty_lines` gives the numbers of rows without a single cell.
    """

    file: SourceFile
    header: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    empty_lines: tuple[int, ...]
    corrected: Mapping[tuple[int, str], tuple[str, str]] = field(default_factory=dict)


def read_text_table(file: SourceFile, layout: Layout, edit: str) -> RawTable:
    """Returns the rows of `file` as text. Judges nothing but the shape.

    Args:
        file: the file.
        layout: says encoding, delimiter and the columns to expect, in any order.
        edit: the catalog file to name where the layout is what should change.

    Raises:
        ReleaseFileError: where the file is empty, in another encoding, or not delimited text.
        LayoutError: where columns are missing, extra, renamed or repeated, or a row is too short or long.
    """
    records = enumerate(_records(file, layout, edit), start=1)
    first = next(records, None)
    if first is None or not any(first[1]):
        raise ReleaseFileError(
            f"{file.relative} is empty.", [("fix", "obtain the file again; a header and rows are wanted")]
        )
    header = first[1]
    _check_header(file, header, layout, edit)
    rows: list[tuple[int, dict[str, str]]] = []
    empty: list[int] = []
    for number, cells in records:
        if not any(cells):
            empty.append(number)
            continue
        if len(cells) != len(header):
            raise LayoutError(
                f"{file.relative}, row {number:,} has {len(cells)} cells where the header has {len(header)}.",
                [
                    ("row", " | ".join(cells)[:200]),
                    ("fix", "mend the row in the file, or obtain the file again"),
                ],
            )
        rows.append((number, dict(zip(header, cells, strict=True))))
    if not rows:
        raise ReleaseFileError(
            f"{file.relative} has a header and no rows.", [("fix", "obtain the file again")]
        )
    return RawTable(file, tuple(header), tuple(rows), tuple(empty))


def _records(file: SourceFile, layout: Layout, edit: str) -> Iterator[list[str]]:
    text = _decode(file, layout, edit)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as malformed:
        raise ReleaseFileError(
            f"{file.relative} is not text delimited by {layout.delimiter!r}.",
            [
                ("line", f"{reader.line_num:,}"),
                ("because", str(malformed)),
                ("fix", "mend the file, or obtain it again"),
            ],
        ) from malformed


def _decode(file: SourceFile, layout: Layout, edit: str) -> str:
    content = file.content
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            if encoding == "utf-8-sig" and layout.encoding == "utf-8":
                content = content[len(mark) :]
            elif encoding != layout.encoding:
                raise _wrong_encoding(file, layout, edit, f"it begins with the mark of {encoding}")
    try:
        text = content.decode(layout.encoding)
    except UnicodeDecodeError as undecodable:
        row = content[: undecodable.start].count(b"\n") + 1
        byte = content[undecodable.start]
        raise _wrong_encoding(
            file, layout, edit, f"line {row:,} holds the byte 0x{byte:02X}"
        ) from undecodable
    if "\x00" in text:
        row = text[: text.index("\x00")].count("\n") + 1
        raise _wrong_encoding(file, layout, edit, f"line {row:,} holds a NUL character")
    return text


def _wrong_encoding(file: SourceFile, layout: Layout, edit: str, because: str) -> ReleaseFileError:
    return ReleaseFileError(
        f"{file.relative} is not {layout.encoding} text.",
        [("because", because), ("fix", f"save the file as {layout.encoding}, or change encoding in {edit}")],
    )


def _check_header(file: SourceFile, header: list[str], layout: Layout, edit: str) -> None:
    missing = [each for each in layout.columns if each not in header]
    extra = [each for each in header if each not in layout.columns]
    repeated = sorted({each for each in header if header.count(each) > 1})
    if not (missing or extra or repeated):
        return
    facts = [("layout", layout.layout), ("row", "1, the header")]
    if missing:
        facts.append(("missing", "\n".join(_with_nearest(each, extra) for each in missing)))
    if extra:
        facts.append(("extra", "\n".join(repr(each) for each in extra[:_SHOWN])))
    if repeated:
        facts.append(("repeated", "\n".join(repr(each) for each in repeated)))
    facts.append(("fix", f"{edit}: declare the columns as the file now has them, and say what each means"))
    raise LayoutError(f"The columns of {file.relative} are not those of its layout.", facts)


def _with_nearest(name: str, among: list[str]) -> str:
    near = nearest_names(name, among, limit=1)
    return f"{name!r} (renamed to {near[0]!r}?)" if near else repr(name)
