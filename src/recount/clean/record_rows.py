"""Rows of released tables that are no records: blank ones, headers repeated, notes."""

from __future__ import annotations

import polars as pl

from recount.declare.record_reading import RecordReading
from recount.extract.event_files import RawEvents
from recount.extract.event_lines import ROW

_BEGINS_AS_DATE = r"^\d{1,4}[-/]\d"

ROW_RULES = {
    "blank_row": "The row holds nothing.",
    "header_repeated": "The row repeats the header.",
    "total": "The row begins with the word for a total, and holds little else.",
    "note": "The row holds one text, which is no date, and nothing else: a note below the table.",
}


def set_rows_aside(raw: RawEvents, reading: RecordReading) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Returns the rows that are records, and (row number, rule) of the others."""
    aside = pl.concat([_rows_with_little(raw), _totals(raw, reading), _repeated_headers(raw)]).sort(ROW)
    if aside.is_empty():
        return raw.frame, aside
    return raw.frame.join(aside, on=ROW, how="anti", maintain_order="left"), aside


def _rows_with_little(raw: RawEvents) -> pl.DataFrame:
    """Returns (row number, rule) of rows that hold nothing, or one text that is no date and nothing else."""
    rows, filled = raw.frame, pl.repeat(0, raw.frame.height, dtype=pl.Int32, eager=True)
    for name in raw.frame.columns:
        if name == ROW:
            continue
        filled += rows.get_column(name).str.strip_chars().fill_null("").ne("").cast(pl.Int32)
        # Nearly every row is settled after two columns; the others are looked at for few.
        few = filled < 2  # noqa: PLR2004  a second value makes it a record
        rows, filled = rows.filter(few), filled.filter(few)
    named = sum(bool(name) for name in raw.header)
    text = pl.coalesce(pl.exclude(ROW).str.strip_chars().replace("", None))
    is_note = ~text.str.contains(_BEGINS_AS_DATE) if named > 2 else pl.lit(value=False)  # noqa: PLR2004
    rule = (
        pl.when(pl.Series(filled) == 0)
        .then(pl.lit("blank_row"))
        .when(is_note)
        .then(pl.lit("note"))
        .otherwise(None)
        .alias("rule")
    )
    return rows.select(ROW, rule).filter(pl.col("rule").is_not_null())


def _totals(raw: RawEvents, reading: RecordReading) -> pl.DataFrame:
    """Returns (row number, rule) of the last rows that begin with the word for a total, and hold one number more."""
    cells = [name for name in raw.frame.columns if name != ROW]
    rows = raw.frame.tail(reading.total_rows)
    if len(cells) > reading.total_cells:
        first = pl.coalesce(pl.col(cells[: reading.total_cells]).str.strip_chars().replace("", None))
        rows = rows.filter(first.str.contains(reading.total))
    else:
        rows = rows.clear()
    filled = pl.sum_horizontal(pl.col(cells).str.strip_chars().replace("", None).is_not_null())
    return rows.filter(filled == reading.total_cells).select(ROW, pl.lit("total").alias("rule"))


def _repeated_headers(raw: RawEvents) -> pl.DataFrame:
    """Returns (row number, rule) of rows that repeat every name of the header."""
    rows = raw.frame
    for index, name in enumerate(raw.header):
        if name:
            rows = rows.filter(pl.col(str(index)) == name)
    return rows.select(ROW, pl.lit("header_repeated").alias("rule"))
