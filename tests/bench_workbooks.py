"""What `make bench` measures of workbooks, each in a process of its own: `python bench_workbooks.py STEP FOLDER`.

Steps: `recount` reads every workbook to core tables, as `recount record build` does; `fastexcel` loads every
sheet as text and does nothing with it; `bare` is `fastexcel` without the text, which it makes of a sheet only
when that is handed over; `openpyxl` iterates every cell read-only; `half` is `recount` over every second
workbook. Each prints its seconds and the most memory that it and its children held, in MiB.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path


def read_with_recount(files: list[Path]) -> None:
    from recount.acquire.files import read_file
    from recount.declare.catalog import load_catalog
    from recount.record.workbooks import clean_workbooks

    found = [read_file(path, path.name) for path in files]
    cleaned = clean_workbooks({"ice-detention-statistics": found}, {}, load_catalog())
    if len(cleaned) != len(files):
        raise AssertionError("a workbook was not read")


def load_with_fastexcel(files: list[Path], *, as_text: bool = True) -> None:
    import fastexcel

    for path in files:
        reader = fastexcel.read_excel(path)
        for name in reader.sheet_names:
            sheet = reader.load_sheet(name, header_row=None, dtypes="string")
            if as_text:
                sheet.to_polars()


def iterate_with_openpyxl(files: list[Path]) -> None:
    import openpyxl

    for path in files:
        workbook = openpyxl.load_workbook(path, read_only=True)
        for sheet in workbook.worksheets:
            for row in sheet.iter_rows(values_only=True):
                for _ in row:
                    pass


STEPS = {
    "recount": read_with_recount,
    "half": lambda files: read_with_recount(files[::2]),
    "fastexcel": load_with_fastexcel,
    "bare": lambda files: load_with_fastexcel(files, as_text=False),
    "openpyxl": iterate_with_openpyxl,
}


def main() -> None:
    step, folder = sys.argv[1], Path(sys.argv[2])
    files = sorted(folder.glob("*/*.xlsx"))
    begun = time.perf_counter()
    STEPS[step](files)
    seconds = time.perf_counter() - begun
    held = [
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    print(f"{seconds:.4f} {held[0]:.0f} {held[1]:.0f}")


if __name__ == "__main__":
    main()
