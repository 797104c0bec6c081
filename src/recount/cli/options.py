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
        metavar="CONDITION",
        help='A place (jurisdiction="Suffolk County, MA", state=MA, country=US), codes of a dimension '
        "(criminality=convicted, aor=Boston,Seattle, aor!=Boston), numbers ('age>=18', age=18..24) or a span of "
        "time (fiscal_year=2016..2018, month=2018-03, date=2018-01-01..2018-06-30, administration=obama). May be "
        "repeated: all hold together.",
    ),
]
By = Annotated[
    str | None,
    typer.Option(
        metavar="DIMENSIONS",
        help="release, through_date, reading; state or jurisdiction; fiscal_year, calendar_year, quarter, month, week, "
        "administration, or a dimension of the measure (criminality, aor); with commas.",
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


def read_conditions(given: list[str] | None, option: str) -> dict[str, str]:
    """Returns conditions by dimension; several on one dimension hold together.

    Raises:
        UsageError: where one is no condition.
    """
    from recount.measure.event_conditions import join_conditions, split_condition

    pairs = [split_condition(each, option) for each in given or []]
    return join_conditions([(name, _unquoted(text)) for name, text in pairs])


def _unquoted(text: str) -> str:
    """Returns a text without the quotes around the whole of it, which a shell may have left."""
    whole = text[1:-1]
    return whole if len(text) > 1 and text[0] == text[-1] == '"' and '"' not in whole else text


def chosen_engine(context: typer.Context) -> EngineName:
    """Returns the engine that was chosen before the verb; DuckDB where none was."""
    chosen = context.find_root().obj
    return chosen.value if isinstance(chosen, EngineChoice) else "duckdb"
