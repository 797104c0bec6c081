"""Made-up rows as Parquet, with the types that the published files have."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from recount.declare.synthetic import SYNTHETIC_KEY
from recount.synthesize.columns import Column

_ROW_GROUP = 250_000


class ParquetFile:
    """Writes rows of a layout as one Parquet file; they are kept in memory until it is closed."""

    def __init__(self, path: Path, columns: Sequence[Column], mark: str) -> None:
        self._path, self._columns, self._mark = path, columns, mark
        self._parts: list[pl.DataFrame] = []
        self.rows = 0

    def write(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Takes rows, and returns where each stands: rows of Parquet are counted from one."""
        first = self.rows + 1
        named = [
            (pl.lit(each.constant, pl.String) if each.field is None else pl.col(each.field)).alias(f"c{at}")
            for at, each in enumerate(self._columns)
        ]
        self._parts.append(rows.with_columns(named).select(f"c{at}" for at in range(len(named))))
        self.rows += len(rows)
        return pl.DataFrame(
            {"sheet_original": [""] * len(rows), "row_original": range(first, first + len(rows))},
            schema={"sheet_original": pl.String, "row_original": pl.Int64},
        )

    def close(self) -> None:
        """Writes the file."""
        whole = pl.concat(self._parts)
        whole.columns = [each.header for each in self._columns]
        write_parquet(whole, self._path, self._mark)

    def abandon(self) -> None:
        """Lets go of the rows; nothing is written."""
        self._parts.clear()


def write_parquet(rows: pl.DataFrame, path: Path, mark: str) -> None:
    """Writes a frame with the mark of what is made up in the file's own words."""
    rows.write_parquet(
        path, compression="zstd", row_group_size=_ROW_GROUP, metadata={SYNTHETIC_KEY: mark}, statistics=True
    )
