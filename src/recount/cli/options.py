"""Options that several commands take, in the same words."""

from __future__ import annotations

from typing import Annotated

import typer

MeasureName = Annotated[str, typer.Argument(help="A measure (`recount list measures`).")]
Where = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        help='A place (jurisdiction="Suffolk County, MA", state=MA, country=US) or a code of a dimension '
        "(criminality=convicted).",
    ),
]
By = Annotated[
    str | None,
    typer.Option(
        metavar="DIMENSIONS",
        help="release, through_date, reading; state or jurisdiction; fiscal_year, month, or a dimension of the "
        "measure (criminality); with commas.",
    ),
]
OneRelease = Annotated[str | None, typer.Option(help="One release alone (`recount list releases`).")]
AsKnownOn = Annotated[
    str | None, typer.Option(metavar="DATE", help="Use only releases out by this date (2011-08-01).")
]
Reading = Annotated[
    list[str] | None, typer.Option(metavar="FORK=OPTION", help="Take an option other than the default.")
]
