"""Tiny core tables for the tests of `link`: what a test does not say is missing, and rows stand one below another."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import polars as pl

from recount.declare.catalog import Catalog

FIRST_ROW = 8
WHERE = ("file_original", "sheet_original", "row_original")
_TYPES: dict[str, Any] = {
    "text": pl.String,
    "code": pl.String,
    "count": pl.Int64,
    "number": pl.Float64,
    "date": pl.Date,
    "datetime": pl.Datetime("us"),
    "boolean": pl.Boolean,
}


def at(text: str | None) -> Any:
    """Returns a date and time, as "2025-03-01" or "2025-03-01 14:30", or none."""
    return None if text is None else datetime.datetime.fromisoformat(text)


def day(text: str | None) -> Any:
    """Returns a date, or none."""
    return None if text is None else datetime.date.fromisoformat(text)


def core_frame(catalog: Catalog, table: str, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Returns rows of a core table with all its columns; a time also gives its date, as cleaning does."""
    declared = catalog.events.table(table)
    schema = {each.name: _TYPES[each.type] for each in declared.fields}
    filled = []
    for number, row in enumerate(rows):
        values: dict[str, Any] = {
            "release": "march-2026",
            "file_original": "a.xlsx",
            "sheet_original": "Sheet",
            "row_original": FIRST_ROW + number,
            **row,
        }
        for name, value in list(values.items()):
            twin = name.removesuffix("time")
            if name.endswith("_datetime") and twin not in row and value is not None:
                values[twin] = value.date()
        assert set(values) <= set(schema), sorted(set(values) - set(schema))
        filled.append({name: values.get(name) for name in schema})
    return pl.DataFrame(filled, schema=schema)


def core_rows(catalog: Catalog, table: str, rows: Iterable[Mapping[str, Any]]) -> ir.Table:
    """Returns the same as a table that an engine can be asked of."""
    return ibis.memtable(core_frame(catalog, table, rows))


def told(table: ir.Table, *columns: str, by: Sequence[str] = WHERE) -> list[Any]:
    """Returns the values of `columns` row by row, in the order of `by`: of one column values, of several tuples."""
    frame = table.order_by([table[each].asc() for each in by]).select(*columns).to_polars()
    return frame.to_series().to_list() if len(columns) == 1 else frame.rows()


def kept(table: ir.Table) -> list[int]:
    """Returns the numbers of rows that a table holds, from 0, where they stand one below another."""
    return [each - FIRST_ROW for each in told(table, "row_original")]
