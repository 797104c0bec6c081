"""What cells of a large sheet say with their styles, asked of the reader of workbooks."""

from __future__ import annotations

import functools
import io
import threading
import zipfile
from collections.abc import Mapping

import fastexcel
import polars as pl

from recount.extract.inflating import PartReader
from recount.extract.sheet_tags import AS_IS, SHARED, TRIMMED, is_utf8, require_plain

_SHARED_TEXTS = "xl/sharedStrings.xml"
_PARTS_NEEDED = {
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
}
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
_TAIL = "</sheetData></worksheet>"
_LAST_ROW = "<row><c><v>1</v></c></row>"
_CELLS = {
    SHARED: '<c t="s"><v>{}</v></c>',
    AS_IS: '<c t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>',
    TRIMMED: '<c t="inlineStr"><is><t>{}</t></is></c>',
}
_READ = 1 << 22
_BETWEEN_TEXTS = b"</si><si>"
_ODD = (b"<", b"&", b"\r", b"_x")
"""Signs of texts that may say something else than what stands there."""
_TAGS = {b"<": len(("<si>", "<t>", "</t>", "</si>"))}


class SheetReader:
    """Asks the reader of workbooks what distinct cells of a sheet say."""

    def __init__(self, parts: zipfile.ZipFile, sheets: Mapping[str, str], name: str) -> None:
        self._parts, self._sheets, self._name = parts, sheets, name
        self._shared = functools.cache(self._read_shared)
        self._one_at_a_time = threading.Lock()

    def read_numbers(self, numbers: pl.Series, kind: int) -> pl.Series:
        """Returns what cells of a kind say that hold these numbers; of shared texts, the texts."""
        if kind != SHARED:
            return self.read_texts(numbers.cast(pl.String), kind)
        texts = self.read_shared()
        require_plain(len(numbers) == 0 or int(numbers[-1]) < len(texts))
        return texts.gather(numbers)

    def read_texts(self, texts: pl.Series, kind: int) -> pl.Series:
        """Returns what cells of a kind say that hold these texts, as they stand in the sheet."""
        return self._ask(texts, _CELLS.get(kind, f'<c s="{kind - 1}"><v>{{}}</v></c>'), None)

    def read_shared(self) -> pl.Series:
        """Returns the texts that all sheets share. They are read once."""
        with self._one_at_a_time:
            return self._shared()

    def _read_shared(self) -> pl.Series:
        # Only those texts are asked for that may not stand there as they are.
        require_plain(_SHARED_TEXTS in self._parts.namelist())
        with PartReader(self._parts, _SHARED_TEXTS) as part:
            content = b"".join(iter(lambda: part.read(_READ), b""))
        begin, end = content.find(b"<si>"), content.rfind(b"</si>")
        require_plain(0 <= begin < end and b"<!" not in content and is_utf8(content[:begin]))
        # Taken apart as bytes: as text, all of it would be copied several times before.
        between = content[begin + len(b"<si>") : end].split(_BETWEEN_TEXTS)
        items = pl.Series(between, dtype=pl.Binary).cast(pl.String, strict=False)
        require_plain(content.count(b"<si") == content.count(b"</si") == len(items) and not items.has_nulls())
        bare = items.str.strip_prefix("<t>").str.strip_suffix("</t>")
        length = bare.str.len_bytes()
        is_odd = items.str.len_bytes() != length + len("<t></t>")
        is_odd |= (length == 0) | (bare.str.strip_chars().str.len_bytes() != length)
        for sign in _ODD:
            # Few texts have one of them; that none has is soon told.
            if content.count(sign, begin, end) > _TAGS.get(sign, 0) * len(items):
                is_odd |= bare.str.contains(sign.decode(), literal=True)
        if not is_odd.any():
            return bare
        odd = _BETWEEN_TEXTS.join(between[place] for place in is_odd.arg_true())
        shared = content[:begin] + b"<si>" + odd + b"</si></sst>"
        read = self._ask(pl.int_range(int(is_odd.sum()), eager=True).cast(pl.String), _CELLS[SHARED], shared)
        return bare.scatter(is_odd.arg_true(), read)

    def _ask(self, texts: pl.Series, cell: str, shared: bytes | None) -> pl.Series:
        """Returns what the reader makes of cells, put one below the other into a workbook otherwise the same."""
        rows = texts.alias("text").to_frame().select(pl.format(f"<row>{cell}</row>", "text").str.join(""))
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as copy:
            for name in self._parts.namelist():
                if name == self._sheets[self._name]:
                    # The reader leaves out what is empty at the end and on the left: the last row is filled.
                    copy.writestr(name, f"{_HEAD}{rows.item() or ''}{_LAST_ROW}{_TAIL}")
                elif name in self._sheets.values():
                    copy.writestr(name, f"{_HEAD}{_TAIL}")
                elif name in _PARTS_NEEDED:
                    copy.writestr(name, self._parts.read(name))
            if shared is not None:
                copy.writestr(_SHARED_TEXTS, shared)
        book = fastexcel.read_excel(buffer.getvalue())
        sheet = book.load_sheet(self._name, header_row=None, skip_rows=0, dtypes="string")
        read = sheet.to_polars()
        require_plain(read.shape == (len(texts) + 1, 1))
        return read.to_series(0).head(len(texts)).cast(pl.String)
