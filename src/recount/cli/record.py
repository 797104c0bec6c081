"""`recount record`: build a record from released files, and show what is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recount.cli.faults import tell_faults
from recount.cli.output import Format, console, print_csv, print_json

if TYPE_CHECKING:
    from recount.record.manifest import Manifest

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
) -> None:
    """Read the released files and write the record. The record that was there stays if anything fails."""
    from recount import paths
    from recount.declare.catalog import default_catalog
    from recount.record.build import build_record

    folder = target or paths.user_record()
    manifest = build_record(source, folder, default_catalog())
    _print_manifest(manifest)
    typer.echo(f"Written to {folder}")


@app.command("show")
@tell_faults
def show(
    findings: Annotated[bool, typer.Option("--findings", help="List what the checks found.")] = False,
    set_aside: Annotated[
        bool, typer.Option("--set-aside", help="List the rows set aside, with the reason.")
    ] = False,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """Show what is loaded: files, rows in, kept and set aside, releases, tables, findings."""
    from recount.record.store import FINDINGS, SET_ASIDE, open_record

    record = open_record()
    if findings or set_aside:
        frame = record.frames[FINDINGS if findings else SET_ASIDE]
        if output is Format.json:
            print_json(frame.to_dicts())
        elif output is Format.csv:
            print_csv(frame.columns, [[_flat(cell) for cell in row] for row in frame.iter_rows()])
        else:
            for row in frame.iter_rows():
                typer.echo(" · ".join(str(cell) for cell in row[1:4] if cell is not None))
        return
    layers = [
        ("embedded" if layer is record.layers[0] else "own", layer.folder, layer.manifest)
        for layer in record.layers
    ]
    if output is Format.json:
        print_json([{"record": name, **each.model_dump(mode="json")} for name, _, each in layers])
    elif output is Format.csv:
        print_csv(
            ("record", "file", "sha256", "layout", "rows_in", "rows_kept", "rows_set_aside"),
            [
                (
                    name,
                    each.file,
                    each.sha256,
                    each.layout,
                    each.rows_in,
                    each.rows_kept,
                    each.rows_in - each.rows_kept,
                )
                for name, _, manifest in layers
                for each in manifest.files
            ],
        )
    else:
        for name, folder, manifest in layers:
            typer.echo("The embedded record" if name == "embedded" else f"Your own record, {folder}")
            _print_manifest(manifest)


def _flat(cell: object) -> object:
    return ";".join(map(str, cell)) if isinstance(cell, list) else cell


def _print_manifest(manifest: Manifest) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    out = console()
    files = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 2, 0, 0))
    files.add_column("file")
    for heading in ("rows in", "kept", "set aside"):
        files.add_column(heading, justify="right")
    files.add_column("sha256")
    for each in manifest.files:
        aside = each.rows_in - each.rows_kept
        files.add_row(each.file, f"{each.rows_in:,}", f"{each.rows_kept:,}", f"{aside:,}", each.sha256[:12])
    out.print(files)
    for each in manifest.files:
        for one in each.set_aside:
            out.print(Text(f"{one.rows:,} rows of {each.file} set aside: {one.reason}", style="dim"))
    for other in manifest.not_read:
        reason = other.reason or "no layout knows it"
        out.print(Text(f"{other.file} not read: {reason}", style="dim"))
    tables = ", ".join(f"{name} {each.rows:,}" for name, each in manifest.tables.items())
    out.print(Text(f"{len(manifest.releases)} releases · rows: {tables}"))
    undeclared = [each.release for each in manifest.releases if not each.declared]
    if undeclared:
        out.print(Text(f"releases without a file in the catalog: {', '.join(undeclared)}", style="yellow"))
    found = ", ".join(f"{name} {count:,}" for name, count in sorted(manifest.findings.items())) or "nothing"
    out.print(Text(f"checks found: {found}"))
