"""`recount serve`: the site, Explore and the API, from one process."""

from __future__ import annotations

from typing import Annotated

import typer

from recount.cli.faults import tell_faults
from recount.errors import EXIT_INTERRUPTED


@tell_faults
def serve(
    host: Annotated[
        str, typer.Option(help="The address to listen on; 0.0.0.0 for every address of this machine.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 for any that is free.")] = 8000,
    contact: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Where corrections are to be sent; shown on every page."),
    ] = None,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", help="Print a line for every request: method, path, status, size, time."),
    ] = False,
) -> None:
    """Serve: the site, Explore and the API of the record, read-only, until it is told to stop.

    Nothing is written to the disk. A record that is built or added to is taken up while the server runs. It speaks
    plain HTTP: put a server that speaks HTTPS before it.
    """
    import gc
    import signal

    from recount.api.server import listen, make_server

    # Turned off for commands that are soon over.
    gc.enable()
    _raise_open_files()
    socket = listen(host, port)
    server = make_server(contact=contact, tell=_tell if verbose else None)
    # From now on it ends in order, even if it is told to before it answers.
    signal.signal(signal.SIGTERM, server.handle_exit)
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"Recount: http://{shown}:{socket.getsockname()[1]}/ · stop with Ctrl-C")
    server.run(sockets=[socket])
    if server.stopped_by == signal.SIGINT:
        raise typer.Exit(EXIT_INTERRUPTED)


def _tell(line: str) -> None:
    typer.echo(line, err=True)


def _raise_open_files() -> None:
    """Allows as many open connections as the system does."""
    try:
        import resource
    except ImportError:
        # Windows has no such limit.
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
