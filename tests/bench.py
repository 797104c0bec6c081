"""Ratios of whole-process times, measured in one run. Not a test: the machine decides the times, the code the ratios.

Run it as `make bench`. Yardstick and measured command take turns, so that noise falls on both; the
fastest run of each stands for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_asking import measure_asking
from bench_exports import measure_exports
from bench_records import measure_records
from bench_serve import measure_serving
from bench_site import measure_site

ROUNDS = 9
WORKBOOK_ROUNDS = 4
RECOUNT = str(Path(sys.executable).with_name("recount"))
PAIRS = (
    (
        "recount check (embedded record)",
        [RECOUNT, "check"],
        'python -c "import ibis, duckdb, polars"',
        [sys.executable, "-c", "import ibis, duckdb, polars"],
        1.5,
    ),
    (
        "recount --help",
        [RECOUNT, "--help"],
        'python -c "pass"',
        [sys.executable, "-c", "pass"],
        25.0,
    ),
)


def seconds(command: list[str], home: str) -> float:
    environment = {"PATH": "/usr/bin:/bin", "RECOUNT_HOME": home, "LANG": "C.UTF-8"}
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - begun


SHARED = Path(os.environ.get("RECOUNT_SHARED") or Path(__file__).parents[1].parent / "shared" / "data")
WORKBOOKS = SHARED / "detention-statistics"
MOST_MEMORY = 1024


def step(name: str) -> tuple[float, float]:
    """Returns the seconds of one step over the workbooks, and the most memory held, in MiB."""
    script = str(Path(__file__).with_name("bench_workbooks.py"))
    run = subprocess.run(
        [sys.executable, script, name, str(WORKBOOKS)], check=True, capture_output=True, text=True
    )
    seconds_, own, children = map(float, run.stdout.split())
    # At most every processor's process at its peak at once.
    return seconds_, own + children * (os.cpu_count() or 1)


def measure_workbooks() -> int:
    if not WORKBOOKS.is_dir():
        print("reading workbooks: not measured, for it needs ../shared/data")
        return 0
    best: dict[str, float] = {}
    memory = 0.0
    for number in range(WORKBOOK_ROUNDS):
        for name in ("bare", "fastexcel", "recount", "half", *(("openpyxl",) if not number else ())):
            took, held = step(name)
            best[name] = min(best.get(name, took), took)
            memory = max(memory, held) if name == "recount" else memory
    count = len(list(WORKBOOKS.glob("*/*.xlsx")))
    missed = 0
    for name, limit, what in (
        ("fastexcel", 3.0, "fastexcel loading every sheet as text"),
        ("openpyxl", 1.0, "openpyxl iterating every cell, read-only"),
    ):
        ratio = best["recount"] / best[name]
        missed += ratio > limit
        print(
            f"{count} workbooks to core tables: {ratio:.2f} x {what} "
            f"({best['recount']:.2f} s against {best[name]:.2f} s; at most {limit:g} x: "
            f"{'held' if ratio <= limit else 'MISSED'})"
        )
    print(
        f"{count} workbooks to core tables: {best['recount'] / best['bare']:.2f} x fastexcel loading every "
        f"sheet, no text made ({best['recount']:.2f} s against {best['bare']:.2f} s; not a limit)"
    )
    missed += memory > MOST_MEMORY
    print(
        f"memory of it, all processes: {memory:,.0f} MiB (at most {MOST_MEMORY:,}: "
        f"{'held' if memory <= MOST_MEMORY else 'MISSED'})"
    )
    print(f"all workbooks against every second one: {best['recount'] / best['half']:.2f} x (2 is linear)")
    return missed


def main() -> int:
    missed = measure_workbooks() + measure_records() + measure_exports()
    missed += measure_asking() + measure_site() + measure_serving()
    with tempfile.TemporaryDirectory() as home:
        for name, command, yardstick_name, yardstick, limit in PAIRS:
            seconds(command, home)
            seconds(yardstick, home)
            ours, theirs = [], []
            for _ in range(ROUNDS):
                theirs.append(seconds(yardstick, home))
                ours.append(seconds(command, home))
            ratio = min(ours) / min(theirs)
            missed += ratio > limit
            print(
                f"{name}: {ratio:.2f} x {yardstick_name} "
                f"({min(ours):.3f} s against {min(theirs):.3f} s; at most {limit:g} x: "
                f"{'held' if ratio <= limit else 'MISSED'})"
            )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
