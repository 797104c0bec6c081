"""Ratios of exports to what Polars writes of the same frame, and memory of ten million rows.

Part of `make bench`; alone, `python tests/bench_exports.py`. Each step runs in a process of its own, which prints its
seconds and the most memory it held; yardstick and export take turns, and the fastest run of each stands for it.
Programs and the catalog are loaded outside of what is measured. The rows are made up: those of a thousand arrests
again and again, with days that go on.
"""

from __future__ import annotations

import datetime
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

MILLION = 1_000_000
SHEET_ROWS = 20_000
PARTS = 10
ROUNDS = 4
LIMIT = 1.5
MOST_MEMORY = 2048
_SUFFIXES = {"parquet": ".parquet", "csv": ".csv", "xlsx": ".xlsx"}


def make(folder: str, rows: str) -> dict[str, Any]:
    """Writes a part of made-up arrests as the record keeps it."""
    import polars as pl

    from recount.declare.catalog import load_catalog
    from recount.declare.frames import frame_schema
    from recount.record.event_parts import EventReader  # noqa: F401  what reads parts is loaded outside of the time

    catalog = load_catalog()
    table = catalog.events.tables["arrests"]
    schema = frame_schema(table)
    count = int(rows)
    number = pl.int_range(count, eager=True)
    day = pl.select(pl.lit(datetime.date(2020, 1, 1)) + pl.duration(days=number % 1461)).to_series()
    columns = []
    for name, dtype in schema.items():
        field = table.field(name)
        if dtype == pl.Date:
            values = day
        elif isinstance(dtype, pl.Datetime) or dtype == pl.Datetime:
            values = day.cast(dtype)
        elif dtype == pl.Boolean:
            values = number % 3 == 0
        elif field.codes is not None and field.codes in catalog.events.codes:
            codes = [each.code for each in catalog.events.codes[field.codes].codes]
            values = pl.Series(codes).gather(number % len(codes))
        elif dtype == pl.String:
            values = pl.select(pl.format("{} {}", pl.lit(name), number % 1000)).to_series()
        else:
            values = number % 100_000
        columns.append(pl.Series(name, values).cast(dtype))
    frame = pl.DataFrame(columns)
    frame = frame.with_columns(pl.lit("tiny").alias("release"), pl.Series("row_original", number))
    frame.select(list(schema)).write_parquet(Path(folder) / "part.parquet", row_group_size=1 << 18)
    return {}


def _record(folder: str, parts: int) -> tuple[Any, Any]:
    from recount.declare.catalog import load_catalog

    sys.path.insert(0, str(Path(__file__).parent))
    import polars as pl

    from recount.record.store import EventPart, Record
    from small_events import known_release

    path = Path(folder) / "part.parquet"
    rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    days = datetime.date(2020, 1, 1), datetime.date(2023, 12, 31)
    held = tuple(
        EventPart(
            "arrests",
            "tiny",
            "rows",
            "tiny",
            None,
            False,
            f"tiny-{number}.csv",
            path,
            rows,
            "0" * 64,
            *days,
            days[1],
        )
        for number in range(parts)
    )
    return Record((), {}, {"tiny": known_release("tiny", held)}, held), load_catalog()


def export(folder: str, file_format: str, parts: str = "1") -> dict[str, Any]:
    """Exports as `recount export` does."""
    import recount.export.workbook  # noqa: F401  loaded outside of the time
    from recount.export import write

    record, catalog = _record(folder, int(parts))
    to = Path(folder) / f"ours{_SUFFIXES[file_format]}"
    begun = time.perf_counter()
    write(record, catalog, "arrests", to, force=True)
    return {"seconds": time.perf_counter() - begun, "memory": _memory(), "bytes": to.stat().st_size}


def yardstick(folder: str, file_format: str) -> dict[str, Any]:
    """Writes the same frame as Polars does, from memory."""
    import polars as pl
    import xlsxwriter  # noqa: F401  loaded outside of the time

    frame = pl.read_parquet(Path(folder) / "part.parquet")
    to = Path(folder) / f"theirs{_SUFFIXES[file_format]}"
    begun = time.perf_counter()
    if file_format == "parquet":
        frame.write_parquet(
            to, compression="zstd", compression_level=3, statistics=True, row_group_size=1 << 18
        )
    elif file_format == "csv":
        frame.write_csv(to)
    else:
        frame.write_excel(to)
    return {"seconds": time.perf_counter() - begun}


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _step(name: str, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, __file__, name, *arguments]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def measure_exports() -> int:
    """Prints ratios and memory, and returns how many limits are missed."""
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        for file_format, rows in (("parquet", MILLION), ("csv", MILLION), ("xlsx", SHEET_ROWS)):
            _step("make", folder, str(rows))
            ours, theirs = [], []
            for _ in range(ROUNDS):
                theirs.append(_step("yardstick", folder, file_format)["seconds"])
                ours.append(_step("export", folder, file_format)["seconds"])
            ratio = min(ours) / min(theirs)
            missed += ratio > LIMIT
            print(
                f"export of {rows:,} arrests as {file_format}: {ratio:.2f} x Polars writing the same frame from memory "
                f"({min(ours):.2f} s against {min(theirs):.2f} s; at most {LIMIT:g} x: "
                f"{'held' if ratio <= LIMIT else 'MISSED'})"
            )
        _step("make", folder, str(MILLION))
        for file_format in ("parquet", "csv"):
            found = _step("export", folder, file_format, str(PARTS))
            missed += found["memory"] > MOST_MEMORY
            print(
                f"export of {PARTS * MILLION:,} arrests as {file_format}: {found['memory']:,.0f} MiB of memory, "
                f"{found['seconds']:.0f} s, {found['bytes'] / 1e9:.1f} GB (at most {MOST_MEMORY:,} MiB: "
                f"{'held' if found['memory'] <= MOST_MEMORY else 'MISSED'})"
            )
    return missed


if __name__ == "__main__":
    if len(sys.argv) > 1:
        steps = {"make": make, "export": export, "yardstick": yardstick}
        print(json.dumps(steps[sys.argv[1]](*sys.argv[2:])))
    else:
        sys.exit(1 if measure_exports() else 0)
