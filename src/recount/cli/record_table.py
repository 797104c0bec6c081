"""A record as tables on a terminal: by source what became of every file, and lists of its details."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from recount.cli.output import console
from recount.cli.record_events_table import print_event_files, print_parts
from recount.cli.record_table_parts import indented, marked, pairs, plain_table, styled

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

    from recount.declare.catalog import Catalog
    from recount.record.build import UnknownCell
    from recount.record.manifest import FileEntry, Manifest
    from recount.record.store import Layer

_CELLS = "number cells"
_UNKNOWN_RULE = "unknown"
_UNKNOWN_SHOWN = 40


def print_layer(layer: Layer, catalog: Catalog) -> None:
    """Prints what one record holds: its sources and files, its tables, what its checks found."""
    out = console()
    manifest = layer.manifest
    for source, files in _by_source(manifest).items():
        title = catalog.sources[source].title.en if source in catalog.sources else source
        out.print()
        out.print(styled((title, "bold"), (f"  {source}", "dim")))
        out.print()
        if files[0].event_sheets:
            print_event_files(files, out)
        else:
            out.print(_workbooks(files, manifest) if _are_workbooks(files) else _text_files(files))
        _print_set_aside_sums(files, out)
        _print_undeclared(files, manifest, out)
    if "unknown_cells" in layer.frames:
        _print_unknown(layer.frames["unknown_cells"], out)
    _print_not_read(manifest, out)
    print_parts(manifest, out)
    _print_tables(manifest, out)


def _by_source(manifest: Manifest) -> dict[str, list[FileEntry]]:
    by_source: dict[str, list[FileEntry]] = {}
    for each in manifest.files:
        by_source.setdefault(manifest.source_of(each), []).append(each)
    return dict(sorted(by_source.items()))


def _are_workbooks(files: Sequence[FileEntry]) -> bool:
    return files[0].counted == _CELLS


def _workbooks(files: Sequence[FileEntry], manifest: Manifest) -> Table:
    """Returns a line for each workbook, by fiscal year and the day that it counts through."""
    through = {each.release: each.covers_through for each in manifest.releases}
    table = plain_table(["workbook", "as of"], ["cells", "kept", "aside", "unknown", "flagged", "tables"])
    by_year: dict[int | None, list[FileEntry]] = {}
    for each in files:
        by_year.setdefault(each.fiscal_year, []).append(each)
    for year in sorted(by_year, key=lambda each: each or 0):
        if len(by_year) > 1 or len(files) > 1:
            table.add_row(styled((f"FY{year}" if year else "of no fiscal year", "bold")))
        for each in sorted(by_year[year], key=lambda each: (through[each.releases[0]], each.file)):
            found, missing = _tables_of([each])
            of_expected = styled((f"{found}/{found + missing}", "bold red" if missing else ""))
            table.add_row(each.file, str(through[each.releases[0]]), *_workbook_cells([each]), of_expected)
    if len(files) > 1:
        table.add_section()
        missing = _tables_of(files)[1]
        whole = styled((f"−{missing:,}" if missing else "all", "bold red" if missing else "bold"))
        table.add_row(f"{len(files)} workbooks", "", *_workbook_cells(files), whole, style="bold")
    return table


def _workbook_cells(files: Sequence[FileEntry]) -> list[Text]:
    """Returns the sums of some workbooks: cells that hold numbers, kept, set aside, unknown, flagged."""
    return [
        styled((f"{sum(each.rows_in for each in files):,}", "")),
        styled((f"{sum(each.rows_kept for each in files):,}", "")),
        styled((f"{sum(map(set_aside_of, files)):,}", "")),
        marked(sum(map(unknown_of, files)), "bold red"),
        marked(sum(each.flagged for each in files), "yellow"),
    ]


def _tables_of(files: Sequence[FileEntry]) -> tuple[int, int]:
    """Returns how many tables were found, and how many were looked for and were not."""
    sheets = [sheet for each in files for sheet in each.sheets]
    return sum(len(each.tables_found) for each in sheets), sum(len(each.tables_missing) for each in sheets)


def _text_files(files: Sequence[FileEntry]) -> Table:
    table = plain_table(["file"], ["releases", "rows", "kept", "set aside", "core rows"])
    for each in files:
        table.add_row(
            each.file,
            f"{len(each.releases):,}",
            f"{each.rows_in:,}",
            f"{each.rows_kept:,}",
            f"{set_aside_of(each):,}",
            f"{sum(each.core_rows.values()):,}",
        )
    return table


def unknown_of(file: FileEntry) -> int:
    """Returns how many filled cells of a workbook no layout knows, texts among them."""
    return sum(each.unknown_cells for each in file.sheets)


def set_aside_of(file: FileEntry) -> int:
    """Returns how many rows, or number cells, are set aside with a reason."""
    return file.rows_in - file.rows_kept - sum(each.unknown for each in file.sheets)


def _print_set_aside_sums(files: Sequence[FileEntry], out: Console) -> None:
    """Prints for each rule of a source how much it set aside, and why."""
    by_reason: dict[str, int] = {}
    for each in files:
        for one in each.set_aside:
            if one.rule == _UNKNOWN_RULE:
                continue
            by_reason[one.reason] = by_reason.get(one.reason, 0) + one.rows
    if not by_reason:
        return
    what = "number cells" if _are_workbooks(files) else "rows"
    ordered = sorted(by_reason.items(), key=lambda each: (-each[1], each[0]))
    out.print()
    out.print(
        indented(styled((f"{what.capitalize()} set aside", ""), ("  recount record show --set-aside", "dim")))
    )
    out.print(indented(pairs([(f"{count:,}", reason) for reason, count in ordered])))


def _print_undeclared(files: Sequence[FileEntry], manifest: Manifest, out: Console) -> None:
    """Prints releases of text files that the catalog does not name. Files of a source as a whole name their own."""
    named = {name for each in files if each.layout != manifest.source_of(each) for name in each.releases}
    names = [each.release for each in manifest.releases if not each.declared and each.release in named]
    if names:
        out.print()
        text = f"Releases without a file in the catalog: {', '.join(names)}"
        out.print(indented(styled((text, "yellow"))))


def _print_unknown(unknown: pl.DataFrame, out: Console) -> None:
    if unknown.is_empty():
        return
    out.print()
    cells = "cell" if unknown.height == 1 else "cells"
    out.print(styled((f"{unknown.height:,} {cells} that no layout knows", "bold red")))
    out.print(unknown_table(unknown.head(_UNKNOWN_SHOWN).rows()))
    if unknown.height > _UNKNOWN_SHOWN:
        more = unknown.height - _UNKNOWN_SHOWN
        out.print(indented(styled((f"and {more:,} more: recount record show --unknown", "red"))))


def unknown_table(unknown: Iterable[UnknownCell]) -> Table:
    """Returns unknown cells as a table; those of a sheet that hold the same text stand together."""
    together: dict[tuple[str, str, str, str], list[str]] = {}
    for _, file, sheet, cell, what, text in unknown:
        together.setdefault((file, sheet, what, text), []).append(cell)
    table = plain_table(["workbook", "sheet", "cells", "text", "what it is"], [])
    for (file, sheet, what, text), cells in together.items():
        table.add_row(file, sheet, " ".join(cover_cells(cells)), styled((text, "")), what.replace("_", " "))
    return table


def _print_not_read(manifest: Manifest, out: Console) -> None:
    if not manifest.not_read:
        return
    out.print()
    out.print(styled(("Files not read", "bold")))
    by_reason: dict[str | None, list[str]] = {}
    for each in manifest.not_read:
        by_reason.setdefault(each.reason, []).append(each.file)
    for reason, files in by_reason.items():
        for file in files:
            out.print(indented(styled((file, ""))))
        told = (reason, "dim") if reason else ("no layout knows it", "bold red")
        out.print(indented(indented(styled(told))))


def _print_tables(manifest: Manifest, out: Console) -> None:
    if not manifest.tables:
        return
    releases = "release" if len(manifest.releases) == 1 else "releases"
    out.print()
    out.print(styled((f"Rows, from {len(manifest.releases):,} {releases}", "bold")))
    out.print(_counts({name: each.rows for name, each in manifest.tables.items() if each.rows}))
    found = sum(manifest.findings.values())
    out.print()
    if not found:
        out.print(styled(("The checks found nothing", "bold")))
        return
    out.print(styled((f"The checks found {found:,}", "bold"), ("  recount record show --findings", "dim")))
    out.print(_counts(manifest.findings))


def _counts(counts: dict[str, int]) -> RenderableType:
    """Returns names with their counts, in as many columns as fit."""
    from rich.columns import Columns

    width = max((len(f"{count:,}") for count in counts.values()), default=0)
    shown = [f"{count:>{width},} {name}" for name, count in sorted(counts.items())]
    return indented(Columns(shown, padding=(0, 3), equal=True, column_first=True))


def print_findings(findings: pl.DataFrame) -> None:
    """Prints findings by table and check, each under what it is about."""
    from rich.table import Table
    from rich.text import Text

    out = console()
    if findings.is_empty():
        out.print("The checks found nothing.")
    for (core_table, check), found in findings.group_by("core_table", "check", maintain_order=True):
        out.print(styled((f"{check}", "bold"), (f"  {core_table}, {found.height:,}", "dim")))
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(overflow="fold", ratio=1)
        table.add_column(overflow="fold", ratio=2)
        for subject, text in found.select("subject", "text").iter_rows():
            table.add_row(Text(subject), Text(text))
        out.print(indented(table))
        out.print()


def print_set_aside(set_aside: pl.DataFrame) -> None:
    """Prints rows and cells that were set aside: a line for each file, sheet and rule."""
    out = console()
    if set_aside.is_empty():
        out.print("Nothing is set aside.")
    for (rule, reason), rows in set_aside.group_by("rule", "reason", maintain_order=True):
        out.print(styled((str(rule), "bold"), (f"  {rows.height:,}: {reason}", "dim")))
        table = plain_table(["file", "sheet", "which"], ["count"])
        keys = ["file_original", "sheet_original"]
        for (file, sheet), some in rows.group_by(keys, maintain_order=True):
            cells = some.get_column("cell_original").drop_nulls()
            numbers = some.get_column("row_original").drop_nulls().to_list()
            which = " ".join([*cover_cells(cells), *(f"row {each}" for each in _runs(numbers))])
            table.add_row(str(file), sheet or "", which, f"{some.height:,}")
        out.print(table)
        out.print()


def print_unknown(unknown: pl.DataFrame) -> None:
    """Prints every cell that no layout knows: workbook, sheet, cells, what it holds."""
    out = console()
    if unknown.is_empty():
        out.print("Every filled cell is known.")
        return
    out.print(unknown_table(unknown.rows()))


def cover_cells(addresses: Iterable[str]) -> list[str]:
    """Returns rectangles, such as B4:F12, that together hold these cells and no other."""
    from recount.extract.cells import cell_address, column_index

    by_column: dict[int, list[int]] = {}
    for each in addresses:
        letters = each.rstrip("0123456789")
        by_column.setdefault(column_index(letters), []).append(int(each[len(letters) :]) - 1)
    whole: list[tuple[int, int, int, int]] = []
    growing: dict[tuple[int, int], int] = {}
    last = -1
    for column in sorted(by_column):
        runs = _contiguous(by_column[column])
        go_on = {run: growing[run] for run in runs if run in growing and column == last + 1}
        whole += [(*run, start, last) for run, start in growing.items() if run not in go_on]
        growing = {run: go_on.get(run, column) for run in runs}
        last = column
    whole += [(*run, start, last) for run, start in growing.items()]
    shown = []
    for first, end, left, right in sorted(whole, key=lambda each: (each[0], each[2])):
        corners = cell_address(first, left), cell_address(end, right)
        shown.append(corners[0] if corners[0] == corners[1] else ":".join(corners))
    return shown


def _contiguous(numbers: Iterable[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for each in sorted(numbers):
        if runs and each == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], each)
        else:
            runs.append((each, each))
    return runs


def _runs(numbers: Iterable[int]) -> list[str]:
    return [f"{first:,}" if first == last else f"{first:,}–{last:,}" for first, last in _contiguous(numbers)]
