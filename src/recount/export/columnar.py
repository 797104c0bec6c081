"""Exports as Parquet and as CSV, in a stream: however many rows, few of them in memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from io import FileIO
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from recount.export.account import Account, dictionary_frame
from recount.export.tables import CSV_DATETIME, ExportTable

_COMPRESSION = 3
_ROW_GROUP = 1 << 18
_CHUNK = 1 << 18
_CSV_ROWS = 1 << 16


def write_parquet(table: ExportTable, account: Account, path: Path) -> None:
    """Writes a table as Parquet; its metadata hold what goes with it.

    `recount:columns` describes the columns, as in the record; `recount:dictionary` gives types, units and codes;
    `recount:export` title, warnings, licence, sources and receipt.
    """
    columns = {each.name: each.description for each in table.fields}
    _in_batches(table).sink_parquet(
        path,
        compression="zstd",
        compression_level=_COMPRESSION,
        statistics=True,
        row_group_size=_ROW_GROUP,
        maintain_order=True,
        metadata={
            "recount:title": table.full_title,
            "recount:columns": _as_text(columns),
            "recount:dictionary": _as_text(dictionary_frame([table]).to_dicts()),
            "recount:export": _as_text(account.as_json()),
        },
    )


def write_csv(table: ExportTable, path: Path) -> str:
    """Writes a table as CSV, and returns the sha256 of the file.

    UTF-8, days and times as ISO 8601 writes them, true and false, nothing where missing. A text that is empty and
    not missing stands as a pair of quotes.
    """
    digest = hashlib.sha256()
    with (
        path.open("wb") as file,
        path.open("rb", buffering=0) as written,
        ThreadPoolExecutor(max_workers=1) as hashing,
    ):
        hashed: Future[None] | None = None
        chunk = memoryview(bytearray(_CHUNK))
        for number, rows in enumerate(
            each for batch in table.batches() for each in batch.iter_slices(_CSV_ROWS)
        ):
            rows.write_csv(file, include_header=number == 0, datetime_format=CSV_DATETIME)
            file.flush()
            if hashed is not None:
                hashed.result()
            # Another core hashes what is written while the next rows are.
            hashed = hashing.submit(_read_on, written, chunk, digest.update)
    return digest.hexdigest()


def _read_on(file: FileIO, chunk: memoryview, update: Callable[[memoryview], None]) -> None:
    """Reads a file to its end, piece by piece into one place: what is new in memory takes longer than to hash it."""
    while count := file.readinto(chunk):
        update(chunk[:count])


def _in_batches(table: ExportTable) -> pl.LazyFrame:
    """Returns the rows as a lazy frame that reads one batch after the other."""
    schema = table.frame.collect_schema()

    def read(
        columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, _: int | None
    ) -> Iterator[pl.DataFrame]:
        if predicate is not None or rows is not None:
            raise TypeError("an export takes every row")
        for batch in table.batches():
            yield batch if columns is None else batch.select(columns)

    return register_io_source(read, schema=schema)


def write_beside(account: Account, path: Path, sha256: str) -> list[Path]:
    """Writes dictionary and receipt beside a file that cannot hold them, and returns their paths."""
    dictionary = path.with_name(f"{path.name}.dictionary.csv")
    dictionary_frame(account.tables).write_csv(dictionary)
    receipt = path.with_name(f"{path.name}.receipt.json")
    told = {**account.as_json(), "files": [{"name": path.name, "sha256": sha256}]}
    receipt.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return [dictionary, receipt]


def sha256_of(path: Path) -> str:
    """Returns the sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _as_text(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
