"""Columns of a large sheet, put together from its pieces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from recount.extract.sheet_pieces import NOTHING, Codes, NumberedTexts, Numbering, Piece, mostly_differ
from recount.extract.sheet_reader import SheetReader
from recount.extract.sheet_tags import PLAIN


@dataclass(frozen=True)
class Column:
    """The texts of a column from the sheet's first row on; and their numbers, where texts repeat."""

    texts: pl.Series
    codes: pl.Series | None


def whole_column(pieces: list[Piece], column: int, reader: SheetReader, numbering: Numbering) -> Column:
    """Returns a column of a sheet, with every text as the reader of workbooks gives it.

    Raises:
        NotPlainError: where the reader cannot say what a cell holds.
    """
    height = pieces[-1].last
    codes = np.full(height, NOTHING, np.uint32)
    known = [pl.Series([], dtype=pl.String)]
    count = 0
    for kind in sorted({kind for each in pieces for kind in each.codes.get(column, {})}):
        of_kind = [
            (each.first - 1, each.codes[column][kind])
            for each in pieces
            if kind in each.codes.get(column, {})
        ]
        distinct = _number_anew(codes, of_kind, count)
        if kind == PLAIN:
            known.append(numbering.column(column).texts().gather(distinct))
        else:
            known.append(reader.read_numbers(distinct, kind))
        count += len(distinct)
    for kind in sorted({one.kind for each in pieces for one in each.texts.get(column, [])}):
        members = [(each, one) for each in pieces for one in each.texts.get(column, []) if one.kind == kind]
        rows = np.concatenate([one.rows + (each.first - 1) for each, one in members])
        texts = pl.concat([one.texts for _, one in members])
        if mostly_differ(texts):
            numbers = np.arange(len(texts), dtype=np.uint32)
        else:
            own = NumberedTexts()
            numbers = own.number(texts)
            texts = own.texts()
        codes[rows] = numbers + np.uint32(count)
        known.append(texts if kind == PLAIN else reader.read_texts(texts, kind))
        count += len(texts)
    whole = pl.Series(codes)
    whole = whole.set(whole == int(NOTHING), None)
    read = pl.concat(known, rechunk=True).gather(whole)
    return Column(read, whole if 2 * count <= height else None)


def _number_anew(codes: Codes, pieces: list[tuple[int, Codes]], begin: int) -> pl.Series:
    """Writes into `codes` the cells of pieces, their distinct numbers counted from `begin` on; returns those."""
    most = max(int(each.max(where=each != NOTHING, initial=0)) for _, each in pieces) + 1
    clipped = [(first, np.minimum(each, np.uint32(most))) for first, each in pieces]
    is_used = np.zeros(most + 1, np.bool_)
    for _, each in clipped:
        is_used[each] = True
    is_used[most] = False
    distinct = np.flatnonzero(is_used)
    anew = np.full(most + 1, NOTHING, np.uint32)
    anew[distinct] = np.arange(begin, begin + len(distinct), dtype=np.uint32)
    for first, each in clipped:
        own = codes[first : first + len(each)]
        np.minimum(own, anew.take(each), out=own)
    return pl.Series(distinct.astype(np.uint32))
