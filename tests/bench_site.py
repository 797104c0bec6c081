"""How long the site of the embedded record takes to write: `python tests/bench_site.py`. Part of `make bench`.

The whole build is held to a minute. Whether it grows with its pages is measured in one process: pages a second of
all chapters beside those of every second one.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

MOST_SECONDS = 60.0
LINEAR = 1.35
"""All chapters may take at most so many times what their pages would take at the pace of every second one."""


def measure_site() -> int:
    """Prints how long a build takes and how it grows; returns how many limits were missed."""
    built, pages, _ = step("build")
    whole, all_pages, _ = step("whole")
    half, half_pages, _ = step("half")
    growth = (whole / all_pages) / (half / half_pages)
    for held, what in (
        (
            built <= MOST_SECONDS,
            f"site build of the embedded record, both languages: {built:.1f} s, {pages:,.0f} pages "
            f"(at most {MOST_SECONDS:g} s",
        ),
        (
            growth <= LINEAR,
            f"site build, time a page of all against half of the chapters: {growth:.2f} x "
            f"({whole:.1f} s for {all_pages:,.0f}, {half:.1f} s for {half_pages:,.0f} pages; at most {LINEAR:g} x",
        ),
    ):
        print(f"{what}: {'held' if held else 'MISSED'})")
    return (built > MOST_SECONDS) + (growth > LINEAR)


def step(name: str) -> tuple[float, float, float]:
    """Returns seconds, pages and bytes of a step, which runs in a process of its own."""
    found = subprocess.run([sys.executable, __file__, name], check=True, capture_output=True, text=True)
    seconds, pages, size = map(float, found.stdout.split())
    return seconds, pages, size


def run(name: str) -> tuple[float, int, int]:
    """Writes a site, all of it as people do, or some of its chapters in this process."""
    from recount.ask.record import open_record
    from recount.site.build import build_site
    from recount.site.site import Site

    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        if name == "build":
            built = build_site(Path(folder) / "site", user=Path(folder) / "nobody")
            return time.perf_counter() - start, built.pages, built.bytes
        site = Site(open_record(Path(folder) / "nobody", public=True))
        site.render("index.html")
        start = time.perf_counter()
        pages = size = 0
        for number in range(0, len(site.chapters), 1 if name == "whole" else 2):
            for address, content in site.files_of(number):
                pages += address.endswith(".html")
                size += len(content)
            site.forget(number)
        return time.perf_counter() - start, pages, size


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(*run(sys.argv[1]))
        sys.exit(0)
    sys.exit(1 if measure_site() else 0)
