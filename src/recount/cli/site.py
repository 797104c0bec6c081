"""`recount site`: the record as pages that need no server."""

from __future__ import annotations

import gc
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from recount.cli.faults import tell_faults

app = typer.Typer(help="The record as pages that need no server.", no_args_is_help=True)


class SiteLanguage(StrEnum):
    """In which language pages are written."""

    en = "en"
    es = "es"
    both = "both"


@app.callback()
def _site() -> None:
    """The record as pages that need no server."""


@app.command("build")
@tell_faults
def build(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write the site.")],
    contact: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="The address that readers write to about a correction."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a folder that holds something other than a site.")
    ] = False,
    language: Annotated[
        SiteLanguage, typer.Option(help="In which language: both link to each other.")
    ] = SiteLanguage.both,
) -> None:
    """Write the site: static pages that load nothing from anywhere, for any host or a disk.

    Pages speak of the record as anyone may see it: of individual records they show fixed counts alone. A site that
    was in the folder stays until the new one is whole.
    """
    from recount.declare.text import LANGUAGES
    from recount.site.build import build_site

    gc.enable()
    languages = [each for each in LANGUAGES if language in (SiteLanguage.both, each)]
    built = build_site(folder, contact=contact, force=force, languages=languages)
    typer.echo(f"{built.pages:,} pages and {built.files:,} other files written to {folder}")
    typer.echo(f"Open {folder / 'index.html'}")
