"""What `recount add` prints of files of individual records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from recount.record.add_events import EventAddition
    from recount.record.manifest import EventSheetEntry

EVENT_CSV = (
    *("file", "status", "release", "sheet", "table", "layout", "rows_in", "rows_kept", "rows_set_aside"),
    *("values_set_aside", "values_redacted", "rows_after_cut_off", "covers_through"),
)


def print_events(addition: EventAddition, out: Console) -> None:
    """Prints each file as added: how it was known, and what became of its rows, sheet by sheet."""
    from rich.padding import Padding
    from rich.text import Text

    from recount.cli.record_table_parts import pairs

    for each in addition.added:
        out.print(
            Text.assemble("Added ", (each.entry.file, "bold"), (f"  {each.release.title.en}", "dim")),
            soft_wrap=True,
        )
        rows = [
            ("release", each.release.release + (", with files added before" if each.joins else "")),
            ("counts through", str(each.release.covers_through)),
        ]
        if each.took_place_of is not None:
            rows.append(("replaces", "the file of that name, which held other bytes"))
        rows += [("note", note) for note in each.entry.notes]
        out.print(Padding(pairs(rows, justify="left"), (0, 0, 0, 2), expand=False))
        for sheet in each.entry.event_sheets:
            _print_sheet(sheet, out)
        for left in each.entry.sheets_left:
            out.print(Text(f"  sheet {left.sheet} is not read: {left.reason}", style="dim"))
        out.print()
    for same in addition.same:
        said = f"{same.file} holds the same bytes as {same.twin}"
        out.print(Text(f"{said}: its rows count once, whatever year its name says.", style="yellow"))
    if addition.added:
        out.print(Text(f"Written to {addition.folder}"), soft_wrap=True)


def _print_sheet(sheet: EventSheetEntry, out: Console) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from recount.cli.record_table_parts import pairs

    name = f"sheet {sheet.sheet}: " if sheet.sheet else ""
    out.print(Text.assemble(f"  {name}", (sheet.table, "bold"), (f", because {sheet.why}", "dim")))
    aside = sum(each.rows for each in sheet.set_aside)
    rows = [("rows", f"{sheet.rows_in:,} in = {sheet.rows_kept:,} kept + {aside:,} set aside")]
    rows += [(f"  {each.rule}", f"{each.rows:,}: {each.reason}") for each in sheet.set_aside]
    rows += [
        (f"  {each.rule}", f"{each.values:,} of {each.column}, their rows kept: {each.reason}")
        for each in sheet.values_set_aside
    ]
    if sheet.redacted:
        rows.append(("blacked out", ", ".join(f"{name} {count:,}" for name, count in sheet.redacted.items())))
    if sheet.after_cut_off:
        rows.append(("after cut-off", f"{sheet.after_cut_off:,} rows are dated after it, and kept"))
    if sheet.unused:
        rows.append(("not used", ", ".join(sheet.unused)))
    out.print(Padding(pairs(rows, justify="left"), (0, 0, 0, 4), expand=False))


def events_as_json(addition: EventAddition) -> dict[str, Any]:
    """Returns what was added as JSON values."""
    return {
        "added": [
            {
                "release": each.release.model_dump(mode="json"),
                "file": each.entry.model_dump(mode="json"),
                "joins_release": each.joins,
                "replaces_sha256": each.took_place_of,
            }
            for each in addition.added
        ],
        "same_bytes": [
            {"file": each.file, "twin": each.twin, "release": each.release or None} for each in addition.same
        ],
    }


def event_csv_rows(addition: EventAddition) -> list[Sequence[object]]:
    """Returns one row for each table added, and one for each file whose bytes were there."""
    rows: list[Sequence[object]] = [
        (
            each.entry.file,
            "added",
            each.release.release,
            sheet.sheet,
            sheet.table,
            sheet.layout,
            sheet.rows_in,
            sheet.rows_kept,
            sum(one.rows for one in sheet.set_aside),
            sum(one.values for one in sheet.values_set_aside),
            sum(sheet.redacted.values()),
            sheet.after_cut_off,
            each.release.covers_through,
        )
        for each in addition.added
        for sheet in each.entry.event_sheets
    ]
    nothing = [None] * (len(EVENT_CSV) - 3)
    return rows + [(each.file, "same bytes", each.release or None, *nothing) for each in addition.same]
