"""The command `recount`, put together from its verbs."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from recount.cli import check, describe, listing, measure, receipt, record

_HELP = """Hold statements about immigration enforcement to the government's own records.

Start with `recount check`: it checks the shipped statements and prints what the record shows.
"""
_EPILOG = "Exit codes: 0 answered · 2 wrong usage · 3 the data or the catalog is at fault · 130 interrupted."

app = typer.Typer(
    name="recount",
    help=_HELP,
    epilog=_EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("check")(check.check)
app.command("measure")(measure.measure)
app.command("list")(listing.list_things)
app.command("describe")(describe.describe)
app.command("receipt")(receipt.receipt)
app.add_typer(record.app, name="record")


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"recount {version('recount-immigration')}")
        raise typer.Exit


@app.callback()
def _recount(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and stop.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    del version


def main() -> None:
    """Runs the command line."""
    try:
        app()
    except BrokenPipeError:
        # Whoever read the output has enough; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
