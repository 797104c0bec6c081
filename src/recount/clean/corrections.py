"""Repaired cells: each is data with a reason, and fails once the file has been repaired."""

from __future__ import annotations

from dataclasses import replace

from recount.declare.catalog import Catalog
from recount.declare.sources import Layout
from recount.errors import CatalogError
from recount.extract.text_tables import RawTable


def apply_corrections(raw: RawTable, layout: Layout, catalog: Catalog) -> RawTable:
    """Returns `raw` with the catalog's corrections of this file made.

    Raises:
        CatalogError: where a correction names a row the file lacks, or the cell no longer holds what
            the correction expects.
    """
    declared = catalog.corrections.get(layout.source)
    wanted = [
        each
        for each in (declared.corrections if declared else [])
        if each.layout == layout.layout and each.file == raw.file.name
    ]
    if not wanted:
        return raw
    rows = {number: dict(cells) for number, cells in raw.rows}
    corrected: dict[tuple[int, str], tuple[str, str]] = {}
    for each in wanted:
        found = rows.get(each.row, {}).get(each.column)
        if found != each.expects:
            raise CatalogError(
                f"A correction of {each.file} does not fit the file.",
                [
                    ("cell", f"row {each.row:,}, column {each.column}"),
                    ("expected", repr(each.expects)),
                    ("found", "no such row" if found is None else repr(found)),
                    ("fix", f"{catalog.corrections_file(layout.source)}: remove it if the file was repaired"),
                ],
            )
        rows[each.row][each.column] = each.becomes
        corrected[each.row, each.column] = (each.expects, each.reason)
    return replace(raw, rows=tuple((number, rows[number]) for number, _ in raw.rows), corrected=corrected)
