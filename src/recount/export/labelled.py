"""Exports for Stata and SPSS: variable labels from descriptions, value labels from code lists."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import polars as pl

from recount.declare.exports import Limit
from recount.errors import RecordError, UsageError
from recount.export.account import Account
from recount.export.places import NotWrittenError
from recount.export.tables import ExportField, ExportTable

Program = Literal["stata", "spss"]

_STATA_118 = 14
# Both formats say when they were made, at a fixed place; here that is no day at all.
_STATA_STAMP = b"<timestamp>\x11"
_STATA_MADE = b"01 Jan 2000 00:00"
_SPSS_STAMP = 92
_SPSS_MADE = b"01 Jan 0000:00:00"
_LARGEST_DOUBLE = 9_007_199_254_740_992
_HEADER = 4096
_LONGEST_VALUE_LABEL = 120
_NOTE_LINE = 80
_SHOWN = 5


def write_labelled(table: ExportTable, account: Account, path: Path, program: Program) -> list[str]:
    """Writes a table for Stata (format 118) or SPSS, and returns what there is to tell of it.

    Codes become whole numbers with their labels, numbered as the dictionary says; yes and no become 1 and 0.

    Raises:
        UsageError: where the format cannot hold a name, a text, a number or so many rows.
        RecordError: where a column holds a code that its list lacks.
    """
    import pyreadstat  # noqa: PLC0415  slow to import, and only these two formats need it

    limit = account.exports.limit(program)
    _refuse_too_many(table, limit)
    _refuse_reserved(table, account, program)
    frame = table.frame.collect(engine="streaming")
    frame = frame.select(_column(frame.get_column(each.name), each, table, limit) for each in table.fields)
    title = _cut(table.full_title, limit.title_length)
    labels: dict[str, str | None] = {
        each.name: _cut(each.description, limit.longest_label) for each in table.fields
    }
    values = _value_labels(table, account)
    try:
        if program == "stata":
            pyreadstat.write_dta(
                frame,
                str(path),
                version=_STATA_118,
                file_label=title,
                column_labels=labels,
                variable_value_labels=values,
            )
        else:
            pyreadstat.write_sav(
                frame,
                str(path),
                row_compress=True,
                file_label=title,
                column_labels=labels,
                variable_value_labels=values,
                variable_measure={each.name: _measure(each) for each in table.fields},
                note=_lines([table.full_title, *account.warnings, f"Receipt {account.receipt.id}"]),
            )
    except pyreadstat.ReadstatError as failed:
        raise NotWrittenError(str(failed)) from failed
    _set_made(path, program)
    return _notes(table, program)


def _refuse_too_many(table: ExportTable, limit: Limit) -> None:
    if limit.most_rows is not None and table.rows > limit.most_rows:
        raise UsageError(
            f"{table.name} has {table.rows:,} rows, and a file for {limit.format} is made in memory: "
            f"{limit.most_rows:,} rows at most.",
            [("fix", "choose releases with --release, or export Parquet, CSV, SQLite or DuckDB")],
        )


def _refuse_reserved(table: ExportTable, account: Account, program: Program) -> None:
    taken = set(account.exports.stata_reserved.words) if program == "stata" else set()
    found = [each.name for each in table.fields if each.name in taken]
    if found:
        raise UsageError(
            f"Stata keeps the names {', '.join(found)} for itself, and columns of {table.name} are called so.",
            [("fix", "rename them in the catalog, or export another format")],
        )


def _column(values: pl.Series, field: ExportField, table: ExportTable, limit: Limit) -> pl.Series:
    if field.codes is not None:
        return _numbered(values, field, table)
    if field.type == "boolean":
        return values.cast(pl.Int8)
    if field.type == "count":
        return _counted(values, field, table, limit)
    if values.dtype == pl.String:
        _refuse_long(values, field, table, limit)
    return values


def _numbered(values: pl.Series, field: ExportField, table: ExportTable) -> pl.Series:
    numbers = {each.code: number for number, each in enumerate(field.codes or (), start=1)}
    strange = sorted(set(values.unique().drop_nulls()) - set(numbers))
    if strange:
        raise RecordError(
            f"{table.name}.{field.name} holds codes that its list lacks: {', '.join(strange[:_SHOWN])}.",
            [("list", str(field.code_list)), ("fix", "add them to the list, or export another format")],
        )
    return values.replace_strict(numbers, default=None, return_dtype=pl.Int32)


def _counted(values: pl.Series, field: ExportField, table: ExportTable, limit: Limit) -> pl.Series:
    largest = max(
        (abs(int(each)) for each in (values.min(), values.max()) if isinstance(each, int)), default=0
    )
    if largest > _LARGEST_DOUBLE:
        raise UsageError(
            f"{table.name}.{field.name} holds {largest:,}, and numbers of {limit.format} are exact "
            f"to {_LARGEST_DOUBLE:,}.",
            [("fix", "export another format")],
        )
    fits = limit.format == "stata" and largest <= (limit.largest_integer or 0)
    return values.cast(pl.Int32 if fits else pl.Float64 if limit.format == "stata" else pl.Int64)


def _refuse_long(values: pl.Series, field: ExportField, table: ExportTable, limit: Limit) -> None:
    longest = values.str.len_bytes().max()
    if isinstance(longest, int) and longest > limit.longest_text:
        raise UsageError(
            f"A text of {table.name}.{field.name} has {longest:,} bytes, and a file for {limit.format} holds "
            f"{limit.longest_text:,}.",
            [("fix", "export Parquet, CSV or a database instead")],
        )


def _measure(field: ExportField) -> str:
    return "scale" if field.type in ("count", "number", "date", "datetime") else "nominal"


def _value_labels(table: ExportTable, account: Account) -> dict[str, dict[int | float, str]]:
    booleans = account.exports.booleans
    labels: dict[str, dict[int | float, str]] = {}
    for each in table.fields:
        if each.codes is not None:
            labels[each.name] = {
                number: _cut(one.label.en, _LONGEST_VALUE_LABEL)
                for number, one in enumerate(each.codes, start=1)
            }
        elif each.type == "boolean":
            labels[each.name] = {0: booleans.false.en, 1: booleans.true.en}
    return labels


def _cut(text: str, most: int | None) -> str:
    """Returns a label as long as the format lets it be; both count bytes. The dictionary has it whole."""
    if most is None or len(text.encode()) <= most:
        return text
    kept = text.encode()[: most - len("…".encode())].decode(errors="ignore")
    return kept.rstrip() + "…"


def _lines(texts: list[str]) -> list[str]:
    """Returns texts as lines of at most 80 bytes, which is what a document record of SPSS holds."""
    lines: list[str] = []
    for text in texts:
        line = ""
        for word in text.split():
            if len(f"{line} {word}".encode()) > _NOTE_LINE:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        lines.append(line)
    return lines


def _set_made(path: Path, program: Program) -> None:
    with path.open("r+b") as file:
        if program == "spss":
            file.seek(_SPSS_STAMP)
            file.write(_SPSS_MADE)
            return
        at = file.read(_HEADER).index(_STATA_STAMP) + len(_STATA_STAMP)
        file.seek(at)
        file.write(_STATA_MADE)


def _notes(table: ExportTable, program: Program) -> list[str]:
    notes = ["Codes are numbers with labels; the dictionary beside gives the code of each number."]
    if any(each.type == "boolean" for each in table.fields):
        notes.append("Yes and no are 1 and 0.")
    if program == "stata" or any(
        each.codes is None and each.type in ("text", "code") for each in table.fields
    ):
        notes.append("A text that is missing and one that is empty are the same in this format.")
    return notes
