"""Ratios of whole-process times, measured in one run. Not a test: the machine decides the times, the code the ratios.

Run it as `make bench`. Yardstick and measured command take turns, so that noise falls on both; the
fastest run of each stands for it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 9
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


def main() -> int:
    missed = 0
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
