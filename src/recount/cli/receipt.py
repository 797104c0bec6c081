"""`recount receipt`: an answer computed again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recount.cli.faults import tell_faults
from recount.cli.output import Format, print_csv, print_json
from recount.errors import EXIT_DATA

_SHOWN = 12


@tell_faults
def receipt(
    file: Annotated[
        Path, typer.Argument(help="What `recount check` or `recount measure` wrote with --format json.")
    ],
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """Compute a receipt again: the same, or different, and where. Exit code 3 where any differs.

    Answers about individual records are counted again by DuckDB, whichever engine gave them: both give one id.
    """
    from recount.ask import open_record

    found = open_record().recompute(file)
    if output is Format.json:
        print_json(
            [
                {
                    "id": each.saved_id,
                    "computed": each.receipt.id,
                    "same": each.is_same,
                    "differences": [vars(one) for one in each.differences],
                }
                for each in found
            ]
        )
    elif output is Format.csv:
        print_csv(
            ("id", "computed", "same"), [(each.saved_id, each.receipt.id, each.is_same) for each in found]
        )
    else:
        for each in found:
            asked = each.receipt.body["question"]
            name = asked.get("claim") or asked.get("measure")
            typer.echo(f"{each.saved_id[:12]}  {name}  {'same' if each.is_same else 'different'}")
            for one in each.differences[:_SHOWN]:
                typer.echo(f"  {one.where}\n    receipt  {one.saved}\n    record   {one.computed}")
            if len(each.differences) > _SHOWN:
                typer.echo(f"  and {len(each.differences) - _SHOWN:,} more differences")
    if not all(each.is_same for each in found):
        raise typer.Exit(EXIT_DATA)
