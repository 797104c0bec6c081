"""Exports as Parquet and as CSV, in a stream: however many rows, few of them in memory."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from recount.export.account import Account, dictionary_frame
from recount.export.tables import CSV_DATETIME, ExportTable

_COMPRESSION = 3
_ROW_GROUP = 1 << 18


def write_parquet(table: ExportTable, account: Account, path: Path) -> None:
    """Writes a table as Parquet; its metadata hold what goes with it.

    `recount:columns` describes the columns, as in the record; `recount:dictionary` gives types, units and codes;
    `recount:export` title, warnings, licence, sources and receipt.
    """
    columns = {each.name: each.description for each in table.fields}
    table.frame.sink_parquet(
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


def write_csv(table: ExportTable, path: Path) -> None:
    """Writes a table as CSV: UTF-8, days and times as ISO 8601 writes them, true and false, nothing where missing.

    A text that is empty and not missing stands as a pair of quotes.
    """
    table.frame.sink_csv(path, maintain_order=True, datetime_format=CSV_DATETIME, line_terminator="\n")


def write_beside(account: Account, path: Path) -> list[Path]:
    """Writes dictionary and receipt beside a file that cannot hold them, and returns their paths.

    The receipt gives the sha256 of the file.
    """
    dictionary = path.with_name(f"{path.name}.dictionary.csv")
    dictionary_frame(account.tables).write_csv(dictionary)
    receipt = path.with_name(f"{path.name}.receipt.json")
    told = {**account.as_json(), "files": [{"name": path.name, "sha256": sha256_of(path)}]}
    receipt.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return [dictionary, receipt]


def sha256_of(path: Path) -> str:
    """Returns the sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _as_text(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
