"""`recount synthesize`: made-up releases in the form of real ones, each marked as made up."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recount.cli.faults import tell_faults
from recount.cli.output import Format, console, print_csv, print_json
from recount.errors import UsageError

if TYPE_CHECKING:
    from recount.synthesize.release import MadeFile


class FileChoice(StrEnum):
    """The form of a made-up file."""

    csv_gz = "csv.gz"
    csv = "csv"
    xlsx = "xlsx"
    parquet = "parquet"


class IdentifierChoice(StrEnum):
    """How people are identified: 40 hexadecimal digits, 19 decimal digits, or those cut to 15 by a spreadsheet."""

    hash = "hash"
    long = "long"
    cut = "cut"


_LISTED = ("layout", "table", "form", "generation", "columns", "files")


@tell_faults
def synthesize(
    layout: Annotated[str | None, typer.Argument(help="A layout of individual records (`--list`).")] = None,
    rows: Annotated[int | None, typer.Option(help="How many rows.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same bytes.")] = None,
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="The folder to write into.")] = Path(),
    as_file: Annotated[
        FileChoice | None, typer.Option("--as", help="The kind of file, if not the layout's own.")
    ] = None,
    files: Annotated[
        int | None, typer.Option(help="Split the rows into this many files, whose sheets share a name.")
    ] = None,
    sheet_rows: Annotated[
        int | None, typer.Option(help="Go on in another sheet after this many rows.")
    ] = None,
    identifiers: Annotated[
        IdentifierChoice, typer.Option(help="How people are identified.")
    ] = IdentifierChoice.hash,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    list_layouts: Annotated[bool, typer.Option("--list", help="List the layouts, and stop.")] = False,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """Make a release up: a file in the form of a layout, with what is true of each row beside it.

    For tests, benchmarks and teaching. Every file says that it is made up, and so does every answer from it.
    """
    from recount.declare.catalog import default_catalog
    from recount.synthesize.release import Request
    from recount.synthesize.release import synthesize as make_up

    catalog = default_catalog()
    if list_layouts:
        _print_layouts(output)
        return
    missing = [
        name for name, given in (("LAYOUT", layout), ("--rows", rows), ("--seed", seed)) if given is None
    ]
    if layout is None or rows is None or seed is None:
        raise UsageError(
            f"{' and '.join(missing)} must be given.",
            [("example", "recount synthesize icfo-53623-arrests --rows 1000 --seed 1")],
        )
    gc.enable()
    asked = Request(
        layout=layout,
        rows=rows,
        seed=seed,
        format=None if as_file is None else as_file.value,
        files=files,
        sheet_rows=sheet_rows,
        identifiers=identifiers.value,
    )
    made = make_up(catalog, asked, to, overwrite=force)
    if output is Format.json:
        print_json([_as_json(each) for each in made])
    elif output is Format.csv:
        header, lines = _as_csv(made)
        print_csv(header, lines)
    else:
        _print(made)


def _print_layouts(output: Format) -> None:
    from recount.declare.catalog import default_catalog
    from recount.declare.synthetic import load_synthetic

    catalog = default_catalog()
    synthetic = load_synthetic(catalog)
    lines: list[tuple[Any, ...]] = []
    for name, layout in catalog.events.layouts.items():
        formats = ", ".join(synthetic.form_of(layout).formats)
        columns = len(layout.columns)
        lines.append((name, layout.table, layout.form, layout.generation, columns, formats))
    if output is Format.json:
        print_json([dict(zip(_LISTED, line, strict=True)) for line in lines])
    elif output is Format.csv:
        print_csv(_LISTED, lines)
    else:
        from rich.table import Table

        table = Table(box=None, pad_edge=False, header_style="dim")
        for name in _LISTED:
            table.add_column(name, no_wrap=name in ("layout", "files"), overflow="fold")
        for line in lines:
            table.add_row(*("" if each is None else str(each) for each in line))
        console().print(table)


def _print(made: Sequence[MadeFile]) -> None:
    from rich.text import Text

    out = console()
    for each in made:
        counts = each.counts
        out.print(Text.assemble("Made up  ", (str(each.path), "bold")), soft_wrap=True)
        out.print(Text(f"  {counts['synthetic']}", style="dim"))
        said = [
            f"{counts['rows']:,} rows of {counts['people']:,} people",
            f"{counts['events']:,} events",
            f"{counts['duplicate_rows']:,} duplicates",
            f"{counts['rows_without_identifier']:,} rows without identifier",
        ]
        if counts["stays"]:
            said.append(f"{counts['stays']:,} stays, {counts['open_stays']:,} of them open")
        out.print(Text("  " + " · ".join(said)))
        out.print(Text(f"  the truth: {each.rows_truth.name}, {each.counts_truth.name}", style="dim"))


def _as_json(made: MadeFile) -> dict[str, Any]:
    return {
        "file": str(made.path),
        "truth_of_rows": str(made.rows_truth),
        "truth_in_counts": str(made.counts_truth),
        "counts": made.counts,
    }


def _as_csv(made: Sequence[MadeFile]) -> tuple[Sequence[str], list[Sequence[object]]]:
    whole = [name for name, value in made[0].counts.items() if not isinstance(value, dict)]
    return ("path", *whole), [(str(each.path), *(each.counts[name] for name in whole)) for each in made]
