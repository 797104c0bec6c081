"""What was read of each workbook: a page of the documentation, made from the record's manifest."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from recount.record.manifest import FileEntry, Manifest
from recount.record.store import open_record

PAGE = "detention-coverage.md"
_CELLS = "number cells"
_HEAD = """# What was read of ICE's detention statistics

Made from the record by `make docs`. One line a workbook: the number cells on its visible sheets, those kept as
figures, those set aside with a reason, those that no layout knows; core rows that some check marks; tables found of
those that the catalog expects of its fiscal year; and filled cells, texts among them, that no layout knows.
Number cells = kept + set aside + unknown.
"""


def write_coverage(manifest: Manifest) -> str:
    """Returns the page as Markdown: totals, why cells were set aside, and a line for each workbook."""
    files = [each for each in manifest.files if each.counted == _CELLS]
    through = {release.release: release.covers_through for release in manifest.releases}
    ordered = sorted(files, key=lambda each: (through[each.releases[0]], each.file))
    return "\n".join([_HEAD, *_totals(ordered), *_reasons(ordered), *_lines(ordered, through)]) + "\n"


def _totals(files: list[FileEntry]) -> Iterator[str]:
    numbers, kept = sum(each.rows_in for each in files), sum(each.rows_kept for each in files)
    unknown = sum(_unknown(each) for each in files)
    yield (
        f"{len(files)} workbooks hold {numbers:,} number cells on visible sheets: {kept:,} kept, "
        f"{numbers - kept - unknown:,} set aside with a reason, {unknown:,} unknown. "
        f"Accounted for: {_percent(numbers - unknown, numbers)}.\n"
    )


def _percent(part: int, whole: int) -> str:
    # Never rounded up to all of it.
    tenths = part * 1000 // whole if whole else 1000
    return f"{tenths // 10}.{tenths % 10} %"


def _reasons(files: list[FileEntry]) -> Iterator[str]:
    by_rule: dict[tuple[str, str], int] = {}
    for each in files:
        for one in each.set_aside:
            key = (one.rule, one.reason)
            by_rule[key] = by_rule.get(key, 0) + one.rows
    yield "| set aside | number cells | why |"
    yield "| --- | ---: | --- |"
    for (rule, reason), cells in sorted(by_rule.items()):
        yield f"| {rule} | {cells:,} | {reason} |"
    yield ""


def _lines(files: Iterable[FileEntry], through: dict[str, datetime.date]) -> Iterator[str]:
    yield "| workbook | counts through | number cells | kept | set aside | unknown | flagged | tables | unknown cells |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for each in files:
        found = sum(len(sheet.tables_found) for sheet in each.sheets)
        missing = sum(len(sheet.tables_missing) for sheet in each.sheets)
        unknown = _unknown(each)
        yield (
            f"| {each.file} | {through[each.releases[0]]} | {each.rows_in:,} | {each.rows_kept:,} | "
            f"{each.rows_in - each.rows_kept - unknown:,} | {unknown:,} | {each.flagged:,} | "
            f"{found} of {found + missing} | {sum(sheet.unknown_cells for sheet in each.sheets):,} |"
        )


def _unknown(file: FileEntry) -> int:
    return sum(each.unknown for each in file.sheets)


def main() -> None:
    """Writes the page into the folder given, from the embedded record."""
    manifest = open_record().layers[0].manifest
    (Path(sys.argv[1]) / PAGE).write_text(write_coverage(manifest), encoding="utf-8")


if __name__ == "__main__":
    main()
