"""The texts that all sheets of a made-up workbook share, in the order in which they are first met."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

SHARED_TEXTS = "xl/sharedStrings.xml"
_ITEM = re.compile(r"<si>(<t[^>]*>.*?</t>)</si>", re.DOTALL)
_AT_ONCE = 1 << 16


class SharedTexts:
    """Numbers texts from 0 on, after those that a workbook has already."""

    def __init__(self, part: str) -> None:
        """Takes the part of a workbook that holds its shared texts."""
        items = _ITEM.findall(part)
        self._head = part[: part.index("<sst")]
        self._namespace = re.findall(r'xmlns="[^"]*"', part)[0]
        self._number = {item: number for number, item in enumerate(items)}
        self._uses = int(re.findall(r'\bcount="(\d+)"', part)[0])

    def number(self, texts: pl.Series) -> pl.Series:
        """Returns the numbers of texts, missing where there is none. A text not met before gets the next."""
        distinct = texts.drop_nulls().unique(maintain_order=True)
        numbers = [self._number.setdefault(item, len(self._number)) for item in as_items(distinct)]
        self._uses += texts.count()
        return texts.replace_strict(distinct, pl.Series(numbers, dtype=pl.UInt32), default=None)

    def as_xml(self) -> Iterator[str]:
        """Yields the part, piece by piece."""
        yield f'{self._head}<sst {self._namespace} count="{self._uses}" uniqueCount="{len(self._number)}">'
        items = list(self._number)
        for begin in range(0, len(items), _AT_ONCE):
            yield "".join(f"<si>{item}</si>" for item in items[begin : begin + _AT_ONCE])
        yield "</sst>"


def as_items(texts: pl.Series) -> pl.Series:
    """Returns texts as workbooks write them. A space at an end is kept only where the text says so."""
    escaped = (
        texts.str.replace_all("&", "&amp;", literal=True)
        .str.replace_all("<", "&lt;", literal=True)
        .str.replace_all(">", "&gt;", literal=True)
    )
    spaced = texts.str.contains(r"^\s|\s$")
    return (
        pl.DataFrame({"text": escaped, "spaced": spaced})
        .select(
            pl.when("spaced")
            .then(pl.format('<t xml:space="preserve">{}</t>', "text"))
            .otherwise(pl.format("<t>{}</t>", "text"))
        )
        .to_series()
    )
