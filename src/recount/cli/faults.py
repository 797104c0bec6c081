"""Errors as one clear paragraph and an exit code, never a traceback."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import typer

from recount.errors import EXIT_INTERRUPTED, RecountError

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def tell_faults(command: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Returns `command` so that it ends with a message and the documented exit code where it fails."""

    @functools.wraps(command)
    def told(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            return command(*args, **kwargs)
        except RecountError as fault:
            typer.echo(f"recount: {fault}", err=True)
            raise typer.Exit(fault.exit_code) from fault
        except KeyboardInterrupt as interrupted:
            sys.stderr.write("recount: interrupted; nothing was left half-written.\n")
            raise typer.Exit(EXIT_INTERRUPTED) from interrupted

    return told
