"""Core tables as Polars frames: columns, types and order as declared, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from recount.declare.catalog import Catalog
from recount.declare.tables import Field, FieldType, Table
from recount.errors import CheckFailedError, UnknownCodeError

_TYPES: dict[FieldType, type[pl.DataType] | pl.DataType] = {
    "text": pl.String,
    "code": pl.String,
    "count": pl.Int64,
    "number": pl.Float64,
    "date": pl.Date,
    "datetime": pl.Datetime("us"),
    "boolean": pl.Boolean,
}
_SHOWN = 8


def column_type(field: Field) -> type[pl.DataType] | pl.DataType:
    """Returns the Polars type of a field."""
    return _TYPES[field.type]


def frame_schema(table: Table) -> dict[str, type[pl.DataType] | pl.DataType]:
    """Returns the Polars type of each column, in declared order."""
    return {each.name: _TYPES[each.type] for each in table.fields}


def build_frame(rows: Iterable[Mapping[str, Any]], table: Table) -> pl.DataFrame:
    """Returns `rows` as the core table, sorted by its unique key.

    Args:
        rows: values by column; a column that a row leaves out is missing in it.
        table: the declaration.

    Raises:
        CheckFailedError: where the key is not unique.
    """
    schema = frame_schema(table)
    columns = {name: [row.get(name) for row in rows] for name in schema}
    frame = pl.DataFrame(columns, schema=schema, strict=True)
    refuse_repeated_key(frame, table)
    return frame.sort(table.unique_key)


def refuse_repeated_key(frame: pl.DataFrame, table: Table) -> None:
    """Raises `CheckFailedError`, showing the rows, where the table's key is not unique."""
    repeated = frame.filter(frame.select(table.unique_key).is_duplicated()).sort(table.unique_key)
    if repeated.is_empty():
        return
    where = [each for each in ("file_original", "row_original", "value_original") if each in frame.columns]
    lines = [
        ", ".join(f"{name} {value}" for name, value in row.items())
        for row in repeated.select(*table.unique_key, *where).head(_SHOWN).iter_rows(named=True)
    ]
    raise CheckFailedError(
        f"{table.table}: {repeated.height:,} rows share their key with another row.",
        [
            ("one row is", table.one_row_is),
            ("rows", "\n".join(lines)),
            ("fix", "remove the repeated row from the file, or give the second print its own release"),
        ],
    )


def check_frame(frame: pl.DataFrame, table: Table, catalog: Catalog) -> None:
    """Checks codes and missing values of a core table against its declaration.

    Raises:
        CheckFailedError: where a column that may not be missing is.
        UnknownCodeError: where a code column holds something else than a canonical code.
    """
    for each in table.fields:
        column = frame.get_column(each.name)
        if not each.may_be_missing and column.null_count():
            where = [name for name in ("file_original", "row_original") if name in frame.columns]
            missing = (
                frame.filter(column.is_null()).sort(where or table.unique_key).select(where).head(_SHOWN)
            )
            raise CheckFailedError(
                f"{table.table}.{each.name} is missing, and may not be.",
                [
                    ("count", f"{column.null_count():,}"),
                    ("rows", "\n".join(", row ".join(map(str, row)) for row in missing.iter_rows())),
                    ("fix", f"{catalog.file_to_edit('table', table.table)}: say may_be_missing, if it may"),
                ],
            )
        if each.codes is not None:
            known = {code.code for code in catalog.codes[each.codes].codes}
            strange = sorted(set(column.drop_nulls().unique()) - known)
            if strange:
                raise UnknownCodeError(
                    f"{table.table}.{each.name} holds codes that its list lacks.",
                    [
                        ("values", ", ".join(map(repr, strange[:_SHOWN]))),
                        ("fix", catalog.file_to_edit("codes", each.codes)),
                    ],
                )
