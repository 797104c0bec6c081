"""Individual records of a record as tables on a terminal: what was read of each file, and what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from recount.cli.record_table_parts import indented, plain_table, styled

if TYPE_CHECKING:
    from rich.console import Console

    from recount.record.manifest import EventSheetEntry, FileEntry, Manifest


_HEADINGS = ["rows", "kept", "aside", "values aside", "blacked out"]


def print_event_files(files: Sequence[FileEntry], out: Console) -> None:
    """Prints a line for each table of each file: rows in, kept and set aside, and values set aside.

    A workbook stands above its sheets: its name is often long.
    """
    texts = [each for each in files if not any(sheet.sheet for sheet in each.event_sheets)]
    if texts:
        table = plain_table(["file", "table"], _HEADINGS)
        for file in texts:
            for sheet in file.event_sheets:
                table.add_row(file.file, sheet.table, *_counts(sheet))
        out.print(table)
    for file in files:
        if file in texts:
            continue
        out.print(styled((file.file, "")), soft_wrap=True)
        table = plain_table(["sheet", "table"], _HEADINGS)
        for sheet in file.event_sheets:
            table.add_row(sheet.sheet, sheet.table, *_counts(sheet))
        out.print(table)
    for file in files:
        for note in file.notes:
            out.print(indented(styled((f"{file.file}: {note}", "yellow"))))


def _counts(sheet: EventSheetEntry) -> list[str]:
    return [
        f"{sheet.rows_in:,}",
        f"{sheet.rows_kept:,}",
        f"{sum(each.rows for each in sheet.set_aside):,}",
        f"{sum(each.values for each in sheet.values_set_aside):,}",
        f"{sum(sheet.redacted.values()):,}",
    ]


def print_parts(manifest: Manifest, out: Console) -> None:
    """Prints how many individual records are kept by table and release: rows, or counts in a cube."""
    kept = [each for each in manifest.parts if each.kind in ("rows", "cube")]
    if not kept:
        return
    sums: dict[tuple[str, str, str], tuple[int, int]] = {}
    for each in kept:
        key = (each.table, each.release, each.kind)
        files, rows = sums.get(key, (0, 0))
        sums[key] = files + 1, rows + each.rows
    table = plain_table(["table", "release", "kept as"], ["files", "rows or cells"])
    synthetic = {each.release for each in kept if each.is_synthetic}
    for (name, release, kind), (files, rows) in sorted(sums.items()):
        made_up = "  SYNTHETIC" if release in synthetic else ""
        how = "rows" if kind == "rows" else "counts, small ones pooled"
        table.add_row(name, styled((release, ""), (made_up, "bold yellow")), how, f"{files:,}", f"{rows:,}")
    out.print()
    out.print(styled(("Individual records", "bold")))
    out.print(indented(table))
