"""Ratios of reading and counting individual records, on made-up releases: `python tests/bench_records.py`.

Part of `make bench`. Each step runs in a process of its own, which prints its seconds, and the yardstick and the
measured step take turns; the median of each stands for it. Programs are loaded outside of what is measured, and so
are made-up files; loading the catalog is within.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MILLION = 1_000_000
PANDAS_ROWS = 200_000
WORKBOOK = "ice-2026-03-arrests"
TEXT = "icfo-53623-arrests"
RULE = "ddp_g2_arrests"
ORACLE = Path(__file__).with_name("oracle") / "bench_arrests.R"
MOST_MEMORY = 6144
SQL = """
    SELECT release, (year(d) * 12 + month(d) - 1) AS month, apprehension_aor_code AS aor,
           count(*) AS rows
    FROM (SELECT release, apprehension_date AS d, apprehension_aor_code FROM read_parquet({files}))
    GROUP BY ALL
"""


# What is measured, each in a process of its own


def make(layout: str, rows: str, file_format: str, files: str, folder: str) -> dict[str, Any]:
    from recount.declare.catalog import load_catalog
    from recount.synthesize.release import Request, synthesize

    asked = Request(layout, int(rows), 1, file_format, int(files))
    made = synthesize(load_catalog(), asked, Path(folder))
    return {"files": [str(each.path) for each in made]}


def read_to_core(file: str) -> dict[str, Any]:
    from recount.acquire.files import read_file
    from recount.declare.catalog import load_catalog
    from recount.record.event_parts import EventReader, event_entry

    begun = time.perf_counter()
    cleaned = EventReader(load_catalog()).read(read_file(Path(file), Path(file).name))
    entry = event_entry(cleaned)
    return {"seconds": time.perf_counter() - begun, "rows": entry.rows_kept}


def read_and_link(file: str) -> dict[str, Any]:
    """Reads a file, writes its part, and keeps the rows that the duplicate rule keeps."""
    import ibis

    from recount.acquire.files import read_file
    from recount.declare.catalog import load_catalog
    from recount.declare.linking import load_linking
    from recount.link.duplicates import mark_duplicates
    from recount.record.event_parts import EventReader, event_entry, write_parts

    begun = time.perf_counter()
    catalog = load_catalog()
    cleaned = EventReader(catalog).read(read_file(Path(file), Path(file).name))
    entry = event_entry(cleaned)
    with tempfile.TemporaryDirectory() as folder:
        parts = write_parts(cleaned, Path(folder), catalog)
        del cleaned
        files = [str(Path(folder) / each.file) for each in parts if each.kind == "rows"]
        marked = mark_duplicates(ibis.duckdb.connect().read_parquet(files), RULE, load_linking(catalog))
        kept = marked.filter(~marked.is_dropped).count().execute()
    return {"seconds": time.perf_counter() - begun, "rows": entry.rows_kept, "kept": int(kept)}


def read_with_pandas(file: str) -> dict[str, Any]:
    import pandas as pd

    begun = time.perf_counter()
    rows = pd.read_excel(file, skiprows=6, engine="openpyxl")
    return {"seconds": time.perf_counter() - begun, "rows": len(rows)}


def count_with_polars(file: str) -> dict[str, Any]:
    import polars as pl

    begun = time.perf_counter()
    rows = pl.scan_csv(file).select(pl.len()).collect().item()
    return {"seconds": time.perf_counter() - begun, "rows": rows}


def read_with_polars(file: str) -> dict[str, Any]:
    """Every column as text, and nothing done with it: what reading costs before anything is judged."""
    import polars as pl

    begun = time.perf_counter()
    rows = pl.read_csv(file, skip_rows=5, separator="|", infer_schema=False).height
    return {"seconds": time.perf_counter() - begun, "rows": rows}


def add_to_record(record: str, *files: str) -> dict[str, Any]:
    from recount.declare.catalog import load_catalog
    from recount.record.add_events import add_event_files

    begun = time.perf_counter()
    added = add_event_files([Path(each) for each in files], load_catalog(), folder=Path(record))
    rows = sum(each.entry.rows_kept for each in added.added)
    return {"seconds": time.perf_counter() - begun, "rows": rows}


def measure_by_month_and_area(record: str) -> dict[str, Any]:
    """The same question to the same parts, by the measure and by hand, in turns on one machine."""
    import duckdb

    from recount.declare.catalog import load_catalog
    from recount.measure.event_book import EventBook
    from recount.measure.event_engine import open_engine
    from recount.measure.questions import Question
    from recount.record.store import open_record

    catalog, held = load_catalog(), open_record(Path(record))
    parts = [each for each in held.parts if each.is_synthetic]
    sql = SQL.format(files=[str(each.path) for each in parts])
    asked = Question("arrests", {}, by=("month", "aor"), release=parts[0].release)
    book = EventBook(held, catalog)
    book._engine = clock = ClockedEngine(open_engine("duckdb"))
    ours, counting, theirs = [], [], []
    for _ in range(8):
        begun = time.perf_counter()
        by_hand = duckdb.connect().sql(sql).fetchall()
        theirs.append(time.perf_counter() - begun)
        clock.seconds = 0.0
        begun = time.perf_counter()
        answer = book.answer(asked)
        ours.append(time.perf_counter() - begun)
        counting.append(clock.seconds)
    total = next(each.cell.measured for each in answer.rows if each.cell.kind == "total")
    if total.numerator != sum(each[-1] for each in by_hand):
        raise AssertionError(f"{total} is not {sum(each[-1] for each in by_hand)}")
    # The first turn of each warms files and code.
    return {"ours": ours[1:], "counting": counting[1:], "theirs": theirs[1:], "rows": total.numerator}


class ClockedEngine:
    """An engine, and the seconds that it took."""

    def __init__(self, engine: Any) -> None:
        self._engine, self.seconds = engine, 0.0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._engine, name)
        if not callable(found):
            return found

        def clocked(*given: Any) -> Any:
            begun = time.perf_counter()
            try:
                return found(*given)
            finally:
                self.seconds += time.perf_counter() - begun

        return clocked


STEPS: dict[str, Callable[..., dict[str, Any]]] = {
    each.__name__: each
    for each in (
        make,
        read_to_core,
        read_and_link,
        read_with_pandas,
        count_with_polars,
        read_with_polars,
        add_to_record,
        measure_by_month_and_area,
    )
}


# How it is measured


def step(what: Callable[..., dict[str, Any]], *given: str) -> dict[str, Any]:
    """Returns what a step gives, with the most memory that it and its children held at once, in MiB."""
    command = [sys.executable, str(Path(__file__)), what.__name__, *given]
    held = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        stopped = threading.Event()

        def watch() -> None:
            nonlocal held
            while not stopped.wait(0.05):
                held = max(held, memory_of(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        told, _ = process.communicate()
        stopped.set()
        watcher.join()
    if process.returncode:
        raise RuntimeError(f"{what.__name__} failed")
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    found["memory"] = max(held / 1024, found["memory"])
    return found


def memory_of(pid: int) -> int:
    """Returns the memory that a process and all below it hold, in KiB, where the system tells."""
    held = 0
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        held = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
        for task in Path(f"/proc/{pid}/task").iterdir():
            held += sum(memory_of(int(child)) for child in (task / "children").read_text().split())
    except OSError:
        return held
    return held


def oracle(file: str) -> dict[str, Any]:
    run = subprocess.run(["Rscript", str(ORACLE), file], check=True, capture_output=True, text=True)
    seconds, rows, kept = run.stdout.split()
    return {"seconds": float(seconds), "rows": int(rows), "kept": int(kept)}


def has_r() -> bool:
    asked = ["Rscript", "-e", "library(readxl); library(data.table)"]
    return (
        shutil.which("Rscript") is not None
        and not subprocess.run(asked, check=False, capture_output=True).returncode
    )


def middle(runs: list[dict[str, Any]]) -> float:
    return statistics.median(each["seconds"] for each in runs)


def said(what: str, ours: float, theirs: float, runs: str, limit: str, *, is_held: bool) -> int:
    word = "held" if is_held else "MISSED"
    print(f"{what} ({ours:.2f} s against {theirs:.2f} s, medians of {runs}; {limit}: {word})", flush=True)
    return not is_held


def measure_workbook_against_r(folder: Path) -> int:
    if not has_r():
        print("a workbook to core against R: not measured, for R with readxl and data.table is not there")
        return 0
    file = step(make, WORKBOOK, str(MILLION), "xlsx", "1", str(folder))["files"][0]
    ours, theirs = [step(read_and_link, file)], []
    for _ in range(2):
        theirs.append(oracle(file))
        ours.append(step(read_and_link, file))
    ratio = middle(theirs) / middle(ours)
    # R's reader gives dates written as text as missing, and each such row then begins an episode of its own.
    kept = f"{ours[0]['kept']:,} rows kept by the rule, by R {theirs[0]['kept']:,}"
    return said(
        f"a workbook of 1 million arrests, its texts shared as the agency's are, to core, written, duplicates "
        f"marked: {ratio:.1f} x as fast as readxl and data.table; {kept}",
        middle(ours),
        middle(theirs),
        f"{len(ours)} and {len(theirs)} runs",
        "at least 8 x",
        is_held=ratio >= 8,
    )


def measure_workbook_against_pandas(folder: Path) -> int:
    if importlib.util.find_spec("openpyxl") is None:
        print("a workbook to core against pandas: not measured, for openpyxl is not there")
        return 0
    file = step(make, WORKBOOK, str(PANDAS_ROWS), "xlsx", "1", str(folder))["files"][0]
    ours, theirs = [], []
    for number in range(3):
        ours.append(step(read_and_link, file))
        if number < 2:
            theirs.append(step(read_with_pandas, file))
    ratio = middle(theirs) / middle(ours)
    return said(
        f"the same with {PANDAS_ROWS:,} arrests: {ratio:.1f} x as fast as pandas.read_excel with openpyxl",
        middle(ours),
        middle(theirs),
        f"{len(ours)} and {len(theirs)} runs",
        "at least 15 x",
        is_held=ratio >= 15,
    )


def measure_text(files: list[str]) -> int:
    ours, theirs, whole = [], [], []
    for _ in range(5):
        theirs.append(step(count_with_polars, files[0]))
        ours.append(step(read_to_core, files[0]))
        whole.append(step(read_with_polars, files[0]))
    ratio = middle(ours) / middle(theirs)
    return said(
        f"a csv.gz of 1 million arrests to core: {ratio:.1f} x polars.scan_csv counting its lines; "
        f"polars.read_csv of all columns as text takes {middle(whole) / middle(theirs):.1f} x",
        middle(ours),
        middle(theirs),
        f"{len(ours)} runs",
        "at most 3 x",
        is_held=ratio <= 3,
    )


def measure_growth(files: list[str], folder: Path) -> int:
    one, ten = [], []
    for number in range(2):
        one.append(step(add_to_record, str(folder / f"one-{number}"), files[0]))
        ten.append(step(add_to_record, str(folder / f"ten-{number}"), *files))
    slope = middle(ten) / middle(one) / 10
    memory = max(each["memory"] for each in ten)
    print(
        f"adding 10 million arrests: {slope:.2f} x ten times the time of 1 million "
        f"({middle(ten):.2f} s against {middle(one):.2f} s, medians of {len(one)} runs; 1 is linear)"
    )
    print(
        f"memory of it, all processes: {memory:,.0f} MiB (at most {MOST_MEMORY:,}: "
        f"{'held' if memory <= MOST_MEMORY else 'MISSED'})"
    )
    return int(memory > MOST_MEMORY)


def measure_measure(folder: Path) -> int:
    found = step(measure_by_month_and_area, str(folder / "ten-0"))
    ours, counting, theirs = (statistics.median(found[each]) for each in ("ours", "counting", "theirs"))
    return said(
        f"{found['rows']:,} arrests by month and area, with bounds and receipt: {ours / theirs:.2f} x SQL written "
        f"by hand, which only counts; the counting of it {counting / theirs:.2f} x",
        ours,
        theirs,
        f"{len(found['ours'])} runs",
        "at most 1.5 x",
        is_held=ours / theirs <= 1.5,
    )


def measure_records() -> int:
    """Prints every ratio, and returns how many were missed."""
    missed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = step(make, TEXT, str(10 * MILLION), "csv.gz", "10", str(folder / "text"))["files"]
        missed += measure_text(files)
        missed += measure_growth(files, folder)
        missed += measure_measure(folder)
        shutil.rmtree(folder / "ten-0")
        missed += measure_workbook_against_r(folder / "workbook")
        missed += measure_workbook_against_pandas(folder / "workbook")
    return missed


def main() -> int:
    if len(sys.argv) == 1:
        return int(measure_records() > 0)
    # A record of one's own would stand beside the made-up one.
    os.environ["RECOUNT_HOME"] = tempfile.gettempdir() + "/recount-bench-without-record"
    found = STEPS[sys.argv[1]](*sys.argv[2:])
    used = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({**found, "memory": max(used) / 1024}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
