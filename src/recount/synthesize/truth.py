"""The truth about a made-up file: a row of it each, and counts by hazard."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from recount.synthesize.columns import Column
from recount.synthesize.journeys import PEOPLE_IN_BLOCK
from recount.synthesize.parquet_file import write_parquet

_EVENTS_IN_BLOCK = 1_000_000
_PASSAGES = 100
SCHEMA_VERSION = 1


def true_rows(rows: pl.DataFrame, main: str, block: int) -> pl.DataFrame:
    """Returns what is true of the rows of one block, before anything was spoiled.

    Columns: `person_number`; `has_identifier`; `event_number`, which the rows of one event share; `stay_number`
    and `is_open` (stints); `copy_kind` (null for a first row) and `is_duplicate` (a further row of an event
    that has one already); `true_datetime`, `true_end_datetime` (stints), `true_departed_date`.
    """
    person = pl.col("person") + block * PEOPLE_IN_BLOCK
    is_stint = "is_last_stint" in rows.columns
    ends = pl.col("book_out_datetime") if is_stint else pl.lit(None, pl.Datetime("ms"))
    stay = person * _PASSAGES + pl.col("passage") if is_stint else pl.lit(None, pl.Int64)
    is_open = pl.col("book_out_datetime").is_null() if is_stint else pl.lit(None, pl.Boolean)
    is_copy = pl.col("copy") > 0
    return rows.select(
        person.alias("person_number"),
        (~pl.col("is_hidden")).alias("has_identifier"),
        (pl.col("event") + block * _EVENTS_IN_BLOCK).alias("event_number"),
        stay.alias("stay_number"),
        pl.when(is_copy).then(pl.col("kind")).alias("copy_kind"),
        (is_copy & pl.col("same_event")).alias("is_duplicate"),
        pl.col(main).alias("true_datetime"),
        ends.alias("true_end_datetime"),
        is_open.alias("is_open"),
        pl.col("departed_date").alias("true_departed_date"),
    )


def count_truth(truth: pl.DataFrame, cut_off: datetime.date, *, identifiers_shown: bool) -> dict[str, Any]:
    """Returns the counts by hazard of one file, whose release ends on `cut_off`."""

    def by(column: str, rows: pl.DataFrame = truth) -> dict[str, int]:
        counts = rows.drop_nulls(column).group_by(column).len().sort(column)
        return {str(name): count for name, count in counts.iter_rows()}

    redacted = truth.select(pl.col("redacted_fields").str.split(";").list.explode().alias("field"))
    stays = truth.filter(pl.col("stay_number").is_not_null())
    has_identifier = truth["has_identifier"] & identifiers_shown
    return {
        "rows": len(truth),
        "people": truth["person_number"].n_unique(),
        "events": truth["event_number"].n_unique(),
        "rows_without_identifier": int((~has_identifier).sum()),
        "people_without_identifier": truth.filter(~has_identifier)["person_number"].n_unique(),
        "duplicate_rows": int(truth["is_duplicate"].sum()),
        "duplicates_by_kind": by("copy_kind", truth.filter("is_duplicate")),
        "further_events_by_kind": by("copy_kind", truth.filter(~pl.col("is_duplicate"))),
        "redacted_cells_by_field": by("field", redacted),
        "bad_dates_by_text": by("bad_date_text"),
        "rows_without_date": int(truth["is_date_missing"].sum()),
        "rows_after_cut_off": truth.filter(pl.col("true_datetime").dt.date() > cut_off).height,
        "dates_as_text": int(truth["is_text_date"].sum()),
        "cells_with_tabs": len(truth.drop_nulls("tab_field")),
        "cells_reading_na": len(truth.drop_nulls("na_text_field")),
        "stays": stays["stay_number"].n_unique(),
        "open_stays": stays.filter("is_open")["stay_number"].n_unique(),
        "open_stints": int(truth["is_open"].fill_null(False).sum()),
        "first_date": _day(truth["true_datetime"].min()),
        "last_date": _day(truth["true_datetime"].max()),
        "rows_by_sheet": by("sheet_original"),
    }


def write_truth(rows: pl.DataFrame, counts: dict[str, Any], data: Path, mark: str) -> tuple[Path, Path]:
    """Writes the truth beside a file: `<name>.truth.parquet`, a row each, and `<name>.truth.json`, the counts."""
    by_row, by_hazard = truth_files(data)
    write_parquet(rows, by_row, mark)
    by_hazard.write_text(json.dumps(counts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return by_row, by_hazard


def truth_files(data: Path) -> tuple[Path, Path]:
    """Returns where the truth about a file lies, a row each and by hazard."""
    return data.with_name(f"{data.name}.truth.parquet"), data.with_name(f"{data.name}.truth.json")


def shows_identifiers(columns: Sequence[Column]) -> bool:
    """Whether a file has a column of identifiers."""
    return any(each.core == "unique_identifier" for each in columns)


def _day(moment: Any) -> str | None:
    return None if moment is None else str(moment.date())
