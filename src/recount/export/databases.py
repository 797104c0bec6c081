"""Exports as databases: SQLite, with metadata for Datasette, and DuckDB."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from recount.declare.tables import FieldType
from recount.export.account import Account, dictionary_frame
from recount.export.places import NotWrittenError
from recount.export.tables import CSV_DATETIME, ExportTable

_DICTIONARY, _ACCOUNT = "recount_dictionary", "recount_account"
_SQLITE_TYPES: dict[FieldType, str] = {
    "text": "TEXT",
    "code": "TEXT",
    "count": "INTEGER",
    "number": "REAL",
    "date": "TEXT",
    "datetime": "TEXT",
    "boolean": "INTEGER",
}
_DUCKDB_TYPES: dict[FieldType, str] = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "count": "BIGINT",
    "number": "DOUBLE",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "boolean": "BOOLEAN",
}
_MEMORY = "1GB"
_INTERRUPTED = "Query interrupted"


def write_sqlite(account: Account, path: Path) -> list[Path]:
    """Writes tables into a SQLite file, and beside it the metadata that Datasette reads; returns what is beside.

    Tables are strict. Days and times are texts as ISO 8601 writes them, yes and no are 1 and 0.
    """
    try:
        # Every change is its own: the file is written beside, and is of no use before it is whole.
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536"):
                database.execute(f"PRAGMA {setting}")
            for table in account.tables:
                _fill_sqlite(database, table)
            _add_account(database, account)
    except sqlite3.Error as failed:
        raise NotWrittenError(str(failed)) from failed
    metadata = path.with_name(f"{path.name}.metadata.json")
    text = json.dumps(datasette_metadata(account, path.stem), indent=1, ensure_ascii=False)
    metadata.write_text(text + "\n", encoding="utf-8")
    return [metadata]


def _fill_sqlite(database: sqlite3.Connection, table: ExportTable) -> None:
    columns = []
    for each in table.fields:
        rule = "" if each.may_be_missing else " NOT NULL"
        if each.type == "boolean":
            rule += f" CHECK ({_quoted(each.name)} IN (0, 1))"
        columns.append(f"{_quoted(each.name)} {_SQLITE_TYPES[each.type]}{rule}")
    database.execute(f"CREATE TABLE {_quoted(table.name)} ({', '.join(columns)}) STRICT")
    marks = ", ".join("?" * len(table.fields))
    database.execute("BEGIN")
    database.executemany(f"INSERT INTO {_quoted(table.name)} VALUES ({marks})", _plain_rows(table))  # noqa: S608
    database.execute("COMMIT")
    may_be_missing = {each.name for each in table.fields if each.may_be_missing}
    unique = "" if may_be_missing & set(table.key) else "UNIQUE "
    key = ", ".join(_quoted(each) for each in table.key)
    database.execute(f"CREATE {unique}INDEX {_quoted(f'{table.name}_key')} ON {_quoted(table.name)} ({key})")


def _plain_rows(table: ExportTable) -> Iterator[tuple[Any, ...]]:
    plain = [
        pl.col(each.name).dt.to_string("%Y-%m-%d" if each.type == "date" else CSV_DATETIME)
        if each.type in ("date", "datetime")
        else pl.col(each.name).cast(pl.Int8)
        if each.type == "boolean"
        else pl.col(each.name)
        for each in table.fields
    ]
    for batch in table.batches():
        yield from batch.select(plain).iter_rows()


def _add_account(database: sqlite3.Connection, account: Account) -> None:
    frame = dictionary_frame(account.tables).with_columns(pl.col("may_be_missing").cast(pl.Int8))
    kinds = {name: "TEXT" if frame.schema[name] == pl.String else "INTEGER" for name in frame.columns}
    columns = ", ".join(f"{_quoted(name)} {kind}" for name, kind in kinds.items())
    database.execute("BEGIN")
    database.execute(f"CREATE TABLE {_DICTIONARY} ({columns}) STRICT")
    marks = ", ".join("?" * len(kinds))
    database.executemany(f"INSERT INTO {_DICTIONARY} VALUES ({marks})", frame.iter_rows())  # noqa: S608
    database.execute(f"CREATE TABLE {_ACCOUNT} (name TEXT NOT NULL, value TEXT NOT NULL) STRICT")
    database.executemany(f"INSERT INTO {_ACCOUNT} VALUES (?, ?)", _account_rows(account))  # noqa: S608
    database.execute("COMMIT")


def _account_rows(account: Account) -> list[tuple[str, str]]:
    return [
        (name, value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False))
        for name, value in account.as_json().items()
    ]


def datasette_metadata(account: Account, database: str) -> dict[str, Any]:
    """Returns what Datasette shows of a database: titles, descriptions of tables and columns, source, licence.

    Its keys are those of Datasette's documentation, "Metadata".
    """
    licence = account.exports.licence
    publishers = list(dict.fromkeys(each.printed_by for each in account.releases))
    urls = [each.url for each in account.releases if each.url]
    source: dict[str, Any] = {"source": ", ".join(publishers)}
    if len(set(urls)) == 1:
        source["source_url"] = urls[0]
    about = {"license": licence.title, "license_url": licence.path, **source}
    tables = {
        each.name: {
            "title": each.full_title,
            "description": " ".join([f"One row is {each.one_row_is}.", *each.warnings, *each.notes]),
            "columns": {one.name: _described(one.description, one.unit) for one in each.fields},
        }
        for each in account.tables
    }
    return {
        "title": account.title,
        "description": f"{' '.join(account.warnings)} Receipt {account.receipt.id}".strip(),
        **about,
        "databases": {database: {**about, "tables": tables}},
    }


def _described(description: str, unit: str | None) -> str:
    return f"{description} Unit: {unit}." if unit else description


def write_duckdb(account: Account, path: Path, work: Path) -> None:
    """Writes tables into a DuckDB file, with comments on tables and columns."""
    try:
        with duckdb.connect(str(path)) as database:
            database.execute("SET enable_progress_bar = false")
            database.execute(f"SET memory_limit = '{_MEMORY}'")
            database.execute(f"SET temp_directory = {_literal(str(work))}")
            for table in account.tables:
                _fill_duckdb(database, table)
            dictionary = dictionary_frame(account.tables)
            database.register("dictionary", dictionary)
            database.execute(f"CREATE TABLE {_DICTIONARY} AS SELECT * FROM dictionary")  # noqa: S608
            database.unregister("dictionary")
            database.execute(f"CREATE TABLE {_ACCOUNT} (name VARCHAR NOT NULL, value VARCHAR NOT NULL)")
            database.executemany(f"INSERT INTO {_ACCOUNT} VALUES (?, ?)", _account_rows(account))  # noqa: S608
    except (RuntimeError, duckdb.Error) as failed:
        # DuckDB tells Ctrl-C as a fault of the query.
        if isinstance(failed, duckdb.InterruptException) or str(failed) == _INTERRUPTED:
            raise KeyboardInterrupt from failed
        if isinstance(failed, duckdb.Error):
            raise NotWrittenError(str(failed)) from failed
        raise


def _fill_duckdb(database: duckdb.DuckDBPyConnection, table: ExportTable) -> None:
    name = _quoted(table.name)
    columns = ", ".join(
        f"{_quoted(each.name)} {_DUCKDB_TYPES[each.type]}{'' if each.may_be_missing else ' NOT NULL'}"
        for each in table.fields
    )
    database.execute(f"CREATE TABLE {name} ({columns})")
    parts = [str(each.path) for each in table.pieces if each.path is not None]
    if parts:
        # Parquet is what DuckDB reads best, and it keeps the order of files and rows.
        names = ", ".join(_quoted(each.name) for each in table.fields)
        database.execute(f"INSERT INTO {name} SELECT {names} FROM read_parquet(?)", [parts])  # noqa: S608
    else:
        for batch in table.batches():
            database.register("batch", batch)
            database.execute(f"INSERT INTO {name} SELECT * FROM batch")  # noqa: S608
            database.unregister("batch")
    told = " ".join([f"{table.full_title}. One row is {table.one_row_is}.", *table.warnings, *table.notes])
    database.execute(f"COMMENT ON TABLE {name} IS {_literal(told)}")
    for each in table.fields:
        comment = _literal(_described(each.description, each.unit))
        database.execute(f"COMMENT ON COLUMN {name}.{_quoted(each.name)} IS {comment}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
