"""Options that several commands take, in the same words."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from recount.measure.event_engine import EngineName

MeasureName = Annotated[str, typer.Argument(help="A measure (`recount list measures`).")]
Where = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        help='A place (jurisdiction="Suffolk County, MA", state=MA, country=US), a code of a dimension '
        "(criminality=convicted, aor=Boston) or, of individual records, a span of time (fiscal_year=2018, "
        "month=2018-03..2018-09).",
    ),
]
By = Annotated[
    str | None,
    typer.Option(
        metavar="DIMENSIONS",
        help="release, through_date, reading; state or jurisdiction; fiscal_year, calendar_year, quarter, month, or a "
        "dimension of the measure (criminality, aor); with commas.",
    ),
]
OneRelease = Annotated[str | None, typer.Option(help="One release alone (`recount list releases`).")]
AsKnownOn = Annotated[
    str | None, typer.Option(metavar="DATE", help="Use only releases out by this date (2011-08-01).")
]
Reading = Annotated[
    list[str] | None, typer.Option(metavar="FORK=OPTION", help="Take an option other than the default.")
]


class EngineChoice(StrEnum):
    """What counts individual records."""

    duckdb = "duckdb"
    spark = "spark"


Engine = Annotated[
    EngineChoice,
    typer.Option("--engine", help="What counts individual records: DuckDB in this process, or Spark."),
]


def chosen_engine(context: typer.Context) -> EngineName:
    """Returns the engine that was chosen before the verb; DuckDB where none was."""
    chosen = context.find_root().obj
    return chosen.value if isinstance(chosen, EngineChoice) else "duckdb"
