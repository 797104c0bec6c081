"""The command `recount`, put together from its verbs."""

from __future__ import annotations

import gc
import os
import sys
from typing import Annotated

import typer

from recount.cli import (
    add,
    chart,
    check,
    claim,
    compare,
    describe,
    export,
    listing,
    measure,
    receipt,
    record,
    revise,
    serve,
    site,
    synthesize,
)
from recount.cli.options import Engine, EngineChoice

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
app.command("revise")(revise.revise)
app.command("compare")(compare.compare)
app.command("chart")(chart.chart)
app.command("export")(export.export)
app.command("serve")(serve.serve)
app.command("list")(listing.list_things)
app.command("describe")(describe.describe)
app.command("receipt")(receipt.receipt)
app.command("add")(add.add)
app.command("synthesize")(synthesize.synthesize)
app.add_typer(claim.app, name="claim")
app.add_typer(record.app, name="record")
app.add_typer(site.app, name="site")


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"recount {version('recount-immigration')}")
        raise typer.Exit


@app.callback()
def _recount(
    context: typer.Context,
    engine: Engine = EngineChoice.duckdb,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and stop.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    del version
    context.obj = engine


def main() -> None:
    """Runs the command line."""
    # A command that answers is over before a collection of garbage would pay; those that build turn it on.
    gc.disable()
    try:
        app()
    except BrokenPipeError:
        # Whoever read the output has enough; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
