"""What was read of each file of individual records: a page of the documentation, made from the manifest."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from recount.record.manifest import EventSheetEntry, FileEntry, Manifest
from recount.record.store import open_record

PAGE = "records-coverage.md"
_HEAD = """# What was read of the files of individual records

Made from the record by `make docs`. One line a table of a file: the layout that its header is of, and rows in = kept +
set aside. The package holds counts of these rows, and no row: [individual records](individual-records.md) says how they
are counted.
"""


def write_records_coverage(manifest: Manifest) -> str:
    """Returns the page as Markdown: a line for each table of each file, and what was set aside or not used."""
    files = [each for each in manifest.files if each.event_sheets]
    rows_in = sum(each.rows_in for each in files)
    kept = sum(each.rows_kept for each in files)
    lines = [
        _HEAD,
        f"{len(files)} files hold {rows_in:,} rows: {kept:,} kept, {rows_in - kept:,} set aside.",
        "",
        "| file | sheet | table | layout | rows | kept | set aside |",
        "| --- | --- | --- | --- | ---: | ---: | ---: |",
    ]
    for file in files:
        for sheet in file.event_sheets:
            lines.append(
                f"| {file.file} | {sheet.sheet} | {sheet.table} | `{sheet.layout}` | {sheet.rows_in:,} | "
                f"{sheet.rows_kept:,} | {sheet.rows_in - sheet.rows_kept:,} |"
            )
    lines += ["", "## Values set aside, their rows kept", "", *_values(files)]
    lines += ["", "## Values blacked out", "", *_redacted(files)]
    lines += ["", "## Sheets and columns not used", "", *_unused(files)]
    return "\n".join(lines) + "\n"


def _sheets(files: list[FileEntry]) -> Iterator[tuple[str, EventSheetEntry]]:
    for file in files:
        for sheet in file.event_sheets:
            yield f"{file.file}{', ' + sheet.sheet if sheet.sheet else ''}", sheet


def _values(files: list[FileEntry]) -> Iterator[str]:
    for where, sheet in _sheets(files):
        for each in sheet.values_set_aside:
            yield f"- {where}: {each.values:,} of {each.column} ({each.rule}). {each.reason}"
        if sheet.after_cut_off:
            yield f"- {where}: {sheet.after_cut_off:,} rows are dated after the release's cut-off, and kept."


def _redacted(files: list[FileEntry]) -> Iterator[str]:
    for where, sheet in _sheets(files):
        if sheet.redacted:
            shown = ", ".join(f"`{name}` {count:,}" for name, count in sheet.redacted.items())
            yield f"- {where}: {shown}"


def _unused(files: list[FileEntry]) -> Iterator[str]:
    for file in files:
        for note in file.notes:
            yield f"- {file.file}: {note}"
        for left in file.sheets_left:
            yield f"- {file.file}, sheet {left.sheet}: {left.reason} ({left.rows:,} rows)."
    for where, sheet in _sheets(files):
        if sheet.unused:
            shown = "; ".join(f"{name} ({reason.rstrip('.')})" for name, reason in sheet.unused.items())
            yield f"- {where}: {shown}"


def main() -> None:
    """Writes the page into the folder given, from the embedded record."""
    manifest = open_record().layers[0].manifest
    (Path(sys.argv[1]) / PAGE).write_text(write_records_coverage(manifest), encoding="utf-8")


if __name__ == "__main__":
    main()
