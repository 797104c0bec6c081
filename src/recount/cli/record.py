"""`recount record`: build a record from released files, and show what is loaded."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recount.cli.faults import tell_faults
from recount.cli.matches import matches
from recount.cli.output import Format, print_csv, print_json
from recount.cli.reconcile import reconcile

if TYPE_CHECKING:
    import polars as pl

    from recount.record.manifest import Manifest
    from recount.record.store import Record

app = typer.Typer(help="Build a record from released files, and show what is loaded.", no_args_is_help=True)


@app.command("build")
@tell_faults
def build(
    source: Annotated[Path, typer.Option("--from", metavar="DIR", help="The folder of released files.")],
    target: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="DIR", help="Where to write it. Without it: your own record, in RECOUNT_HOME."
        ),
    ] = None,
    cubes: Annotated[
        bool,
        typer.Option("--cubes", help="Keep counts of individual records in place of their rows, to publish."),
    ] = False,
) -> None:
    """Read the released files and write the record. The record that was there stays if anything fails.

    The record is built anew: it holds what lies in the folder, and nothing that was added to it before.
    """
    from recount import paths
    from recount.cli.record_table import print_layer
    from recount.declare.catalog import default_catalog
    from recount.record.build import build_record
    from recount.record.store import read_layer

    gc.enable()
    folder = target or paths.user_record()
    catalog = default_catalog()
    build_record(source, folder, catalog, cubes_only=cubes)
    print_layer(read_layer(folder), catalog)
    typer.echo(f"\nWritten to {folder}")


@app.command("show")
@tell_faults
def show(
    findings: Annotated[bool, typer.Option("--findings", help="List what the checks found.")] = False,
    set_aside: Annotated[
        bool, typer.Option("--set-aside", help="List the rows and cells set aside, with the reason.")
    ] = False,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="List the cells of workbooks that no layout knows.")
    ] = False,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """Show what is loaded: for each file rows or cells in, kept, set aside, unknown and flagged."""
    from recount.errors import UsageError
    from recount.record.store import FINDINGS, SET_ASIDE, UNKNOWN, open_record

    lists = [
        name for name, asked in ((FINDINGS, findings), (SET_ASIDE, set_aside), (UNKNOWN, unknown)) if asked
    ]
    if len(lists) > 1:
        raise UsageError("Several lists cannot be shown at once.", [("fix", "ask for one of them")])
    record = open_record()
    if lists:
        _show_list(lists[0], record.frames[lists[0]], output)
    else:
        _show_layers(record, output)


def _show_list(name: str, rows: pl.DataFrame, output: Format) -> None:
    from recount.cli import record_table
    from recount.record.store import FINDINGS, SET_ASIDE

    if output is Format.json:
        print_json(rows.to_dicts())
    elif output is Format.csv:
        print_csv(rows.columns, [[_flat(cell) for cell in row] for row in rows.iter_rows()])
    elif name == FINDINGS:
        record_table.print_findings(rows)
    elif name == SET_ASIDE:
        record_table.print_set_aside(rows)
    else:
        record_table.print_unknown(rows)


def _show_layers(record: Record, output: Format) -> None:
    from recount.cli.record_table import print_layer
    from recount.declare.catalog import default_catalog

    layers = [("own" if number else "embedded", layer) for number, layer in enumerate(record.layers)]
    if output is Format.json:
        print_json([{"record": name, **layer.manifest.model_dump(mode="json")} for name, layer in layers])
    elif output is Format.csv:
        print_csv(_CSV_HEADER, [row for name, layer in layers for row in _csv_rows(name, layer.manifest)])
    else:
        for name, layer in layers:
            own = name == "own"
            typer.echo(f"\nYour own record, {layer.folder}" if own else "The embedded record")
            print_layer(layer, default_catalog())


app.command("reconcile")(reconcile)
app.command("matches")(matches)

_CSV_HEADER = (
    *("record", "source", "file", "sha256", "layout", "counted", "rows_in", "rows_kept", "rows_set_aside"),
    *(
        "rows_unknown",
        "unknown_cells",
        "flagged",
        "tables_found",
        "tables_missing",
        "fiscal_year",
        "covers_through",
    ),
)


def _csv_rows(name: str, manifest: Manifest) -> Iterator[list[object]]:
    from recount.cli.record_table import set_aside_of, unknown_of

    through = {each.release: each.covers_through for each in manifest.releases}
    for each in manifest.files:
        yield [
            name,
            manifest.source_of(each),
            each.file,
            each.sha256,
            each.layout,
            each.counted,
            each.rows_in,
            each.rows_kept,
            set_aside_of(each),
            sum(sheet.unknown for sheet in each.sheets),
            unknown_of(each),
            each.flagged,
            sum(len(sheet.tables_found) for sheet in each.sheets),
            sum(len(sheet.tables_missing) for sheet in each.sheets),
            each.fiscal_year,
            max((through[release] for release in each.releases), default=None),
        ]


def _flat(cell: object) -> object:
    return ";".join(map(str, cell)) if isinstance(cell, list) else cell
