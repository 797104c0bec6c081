"""`recount add`: new releases into your own record, over the embedded one."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recount.cli.faults import tell_faults
from recount.cli.output import Format, console, print_csv, print_json

if TYPE_CHECKING:
    from rich.console import Console

    from recount.record.add import AddedRelease, Addition
    from recount.record.add_events import EventAddition
    from recount.validate.checks import Finding

_CSV_HEADER = (
    *("file", "status", "release", "replaces", "covers_through", "published_from", "published_to"),
    *("cells_in", "cells_kept", "cells_set_aside", "unknown_cells", "flagged", "findings"),
)
_SHOWN = 3
_UNKNOWN_SHOWN = 20


@tell_faults
def add(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Released files, under any name.")],
    published: Annotated[
        str | None, typer.Option("--published", metavar="DATE", help="The day on which they came out.")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """Add releases to your own record: each file is recognised, read and checked, and answers change.

    Workbooks of detention statistics, and files of individual records: workbooks, text, Parquet or Feather,
    as released or as the Deportation Data Project publishes them. If one of them cannot be read, none is
    added, and the record stays as it is.
    """
    from recount.declare.catalog import default_catalog
    from recount.measure.questions import read_date
    from recount.record.add import add_workbooks
    from recount.record.add_events import add_event_files, split_files

    gc.enable()
    day = None if published is None else read_date(published)
    events, others = split_files(files, default_catalog())
    if events:
        _print_event_addition(add_event_files(events, default_catalog(), published=day), output)
    if not others:
        return
    addition = add_workbooks(others, default_catalog(), published=day)
    if output is Format.json:
        print_json(_as_json(addition))
    elif output is Format.csv:
        print_csv(_CSV_HEADER, _csv_rows(addition))
    else:
        _print(addition)


def _print_event_addition(addition: EventAddition, output: Format) -> None:
    from recount.cli.event_add_table import EVENT_CSV, event_csv_rows, events_as_json, print_events

    if output is Format.json:
        print_json(events_as_json(addition))
    elif output is Format.csv:
        print_csv(EVENT_CSV, event_csv_rows(addition))
    else:
        print_events(addition, console())


def _print(addition: Addition) -> None:
    from rich.text import Text

    out = console()
    for added in addition.added:
        _print_added(added, out)
    for each in addition.already:
        where = "the embedded record" if each.layer == "embedded" else "your own record"
        out.print(Text(f"{each.file} is in {where} already, as {each.release}: nothing is changed."))
    if addition.added:
        out.print(Text(f"Written to {addition.folder}"), soft_wrap=True)


def _print_added(added: AddedRelease, out: Console) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from recount.cli.record_table import set_aside_of, unknown_of, unknown_table
    from recount.cli.record_table_parts import pairs

    release, entry = added.release, added.entry
    out.print(Text.assemble("Added ", (release.release, "bold"), (f"  {release.title.en}", "dim")))
    rows = []
    if added.replaces is not None:
        whose = "the embedded record" if added.replaces == "embedded" else "your own record"
        rows.append(("replaces", f"the release of that name in {whose}, which holds other bytes"))
    found = sum(len(each.tables_found) for each in entry.sheets)
    expected = found + sum(len(each.tables_missing) for each in entry.sheets)
    rows += [
        ("counts through", str(release.covers_through)),
        ("published", _published(added)),
        (
            "number cells",
            f"{entry.rows_in:,}: {entry.rows_kept:,} kept, {set_aside_of(entry):,} set aside with a reason",
        ),
        ("unknown cells", f"{unknown_of(entry):,}"),
        ("tables", f"{found:,} of {expected:,}"),
        ("rows flagged", f"{entry.flagged:,} of {sum(entry.core_rows.values()):,}"),
    ]
    out.print(Padding(pairs(rows, justify="left"), (0, 0, 0, 2), expand=False))
    if added.unknown:
        out.print(Padding(unknown_table(added.unknown[:_UNKNOWN_SHOWN]), (0, 0, 0, 2), expand=False))
        _print_more(len(added.unknown) - _UNKNOWN_SHOWN, "--unknown", out)
    by_check: dict[tuple[str, str], list[Finding]] = {}
    for each in added.findings:
        if each.check == "unknown_cells":
            continue  # They stand above.
        by_check.setdefault((each.check, each.table), []).append(each)
    for (check, table), some in by_check.items():
        out.print(Text.assemble((f"  {check}", "yellow"), (f"  {table}, {len(some):,}", "dim")))
        for one in some[:_SHOWN]:
            out.print(Padding(Text(one.text), (0, 0, 0, 4), expand=False))
        _print_more(len(some) - _SHOWN, "--findings", out)
    out.print()


def _print_more(more: int, option: str, out: Console) -> None:
    from rich.text import Text

    if more > 0:
        out.print(Text(f"    and {more:,} more: recount record show {option}", style="dim"))


def _published(added: AddedRelease) -> str:
    first, last = added.release.published_from, added.release.published_to
    if first is not None and first == last:
        return f"on {first}"
    return f"not before {first or 'an unknown day'}, out by {last or 'an unknown day'}"


def _as_json(addition: Addition) -> dict[str, Any]:
    return {
        "added": [
            {
                "release": each.release.model_dump(mode="json"),
                "file": each.entry.model_dump(mode="json"),
                "replaces": each.replaces,
                "unknown": [
                    {"sheet": sheet, "cell": cell, "what": what, "text": text}
                    for _, _, sheet, cell, what, text in each.unknown
                ],
                "findings": [
                    {"table": one.table, "check": one.check, "subject": one.subject, "text": one.text}
                    for one in each.findings
                ],
            }
            for each in addition.added
        ],
        "already": [
            {"file": each.file, "release": each.release, "record": each.layer} for each in addition.already
        ],
    }


def _csv_rows(addition: Addition) -> list[Sequence[object]]:
    from recount.cli.record_table import set_aside_of, unknown_of

    rows: list[Sequence[object]] = [
        (
            each.entry.file,
            "added",
            each.release.release,
            each.replaces,
            each.release.covers_through,
            each.release.published_from,
            each.release.published_to,
            each.entry.rows_in,
            each.entry.rows_kept,
            set_aside_of(each.entry),
            unknown_of(each.entry),
            each.entry.flagged,
            len(each.findings),
        )
        for each in addition.added
    ]
    nothing = [None] * (len(_CSV_HEADER) - 3)
    return rows + [(each.file, "already there", each.release, *nothing) for each in addition.already]
