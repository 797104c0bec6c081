"""A small record to export: rows and counts of individual records that nobody is behind, and printed figures."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import polars as pl

from recount.declare.catalog import Catalog
from recount.declare.exports import FormatName
from recount.export import WrittenExport, write
from recount.export.tables import ExportTable, choose_tables
from recount.record.store import Record, open_record
from small_events import Parts, day

TIME = datetime.datetime(2025, 2, 3, 14, 5, 30)  # noqa: DTZ001  as released
ARRESTS: list[dict[str, Any]] = [
    {
        "unique_identifier": "a1",
        "apprehension_datetime": TIME,
        "apprehension_date": day("2025-02-03"),
        "apprehension_aor_code": "BOS",
        "has_final_order": True,
        "birth_year": 1985,
        "citizenship_code": "GTM",
        "apprehension_city": 'He said "Boston", and\nleft; ñ',
    },
    {
        "unique_identifier": None,
        "apprehension_date": day("2025-02-04"),
        "has_final_order": False,
        "apprehension_city": "=1+1",
        "redacted_fields": "unique_identifier",
    },
    {"apprehension_aor_code": "SEA", "final_order_date": day("1987-05-06")},
]
"""Arrests with what a format can trip over: a time, a quote, a line break, a formula, and what is missing."""
CELLS: list[dict[str, Any]] = [
    {"fiscal_year": 2020, "month": day("2019-10-01"), "removal_aor_code": "BOS", "row_count": 12},
    {"fiscal_year": 2020, "month": day("2019-10-01"), "removal_aor_code": None, "row_count": 7},
    {"fiscal_year": 2020, "month": None, "removal_aor_code": "pooled", "row_count": 6},
]
NOBODY = Path("no-record-of-a-user")


def small_record(folder: Path, catalog: Catalog, *, is_synthetic: bool = False) -> Record:
    """Returns the printed figures that the package ships, with three arrests and a cube of removals."""
    parts = Parts(folder, catalog)
    release = "synthetic-seed-1" if is_synthetic else "tiny"
    parts.rows("arrests", ARRESTS, release=release, is_synthetic=is_synthetic)
    parts.cube("removals", CELLS, release="cubed")
    of_parts, shipped = parts.record(), open_record(NOBODY)
    return Record(shipped.layers, shipped.frames, {**shipped.releases, **of_parts.releases}, of_parts.parts)


def table_of(record: Record, catalog: Catalog, what: str, **more: Any) -> ExportTable:
    (table,) = choose_tables(record, catalog, what, **more)
    return table


def rows_of(record: Record, catalog: Catalog, what: str) -> pl.DataFrame:
    return table_of(record, catalog, what).frame.collect()


def written(
    record: Record, catalog: Catalog, what: str, to: Path, as_format: FormatName | None = None, **more: Any
) -> WrittenExport:
    (export,) = write(record, catalog, what, to, as_format=as_format, **more)
    return export
