"""What `recount export` takes of a question: its options, and the answer or panel that they ask for."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recount.cli.asking import Asking
from recount.cli.measure import Readings
from recount.errors import UsageError

if TYPE_CHECKING:
    from recount.declare.exports import FormatName
    from recount.export import WrittenExport
    from recount.measure.event_engine import EngineName

PANEL = "panel"


class SpanKind(StrEnum):
    """Spans of time that exports split by."""

    fiscal_year = "fiscal_year"
    calendar_year = "calendar_year"
    quarter = "quarter"
    month = "month"
    week = "week"
    administration = "administration"
    through_date = "through_date"


To = Annotated[
    Path | None,
    typer.Option(
        "--to",
        metavar="PATH",
        help="A file (.parquet, .csv, .xlsx, .dta, .sav, .sqlite, .duckdb; of claims .jsonld), or a folder with --as.",
    ),
]
Measures = Annotated[
    list[str] | None,
    typer.Option(
        metavar="MEASURE",
        help="The answer to this measure (`recount list measures`); of a panel, can be repeated.",
    ),
]
Unit = Annotated[
    str | None,
    typer.Option(
        metavar="UNIT",
        help="Of a panel: aor, state, jurisdiction, facility, or another dimension of the measure.",
    ),
]
Span = Annotated[
    SpanKind | None,
    typer.Option(
        metavar="SPAN",
        help="Split by spans of time; of a panel, fiscal_year, calendar_year, quarter, month, week, or through_date of "
        "running totals.",
    ),
]
PartOf = Annotated[
    str | None, typer.Option(metavar="row|column|total", help="Of an answer: parts as shares.")
]
AllReadings = Annotated[Readings | None, typer.Option(help="Of an answer: the spread over every reading.")]
CompareWith = Annotated[
    list[str] | None,
    typer.Option(metavar="CONDITION", help="Of an answer: the difference to another place or period."),
]


@dataclass(frozen=True)
class Destination:
    """Where an export goes, and whether it may replace what is there."""

    to: Path
    as_format: FormatName | None
    force: bool


def export_answer_of(
    measures: Sequence[str], asking: Asking, place: Destination, engine: EngineName, *, public: bool
) -> WrittenExport:
    """Writes the answer to a question, and returns what was written.

    Raises:
        UsageError: where several measures are named, or the question has no answer.
    """
    from recount.ask import open_record
    from recount.ask.exporting import export_question

    if len(measures) != 1:
        raise UsageError(
            "An answer is of one measure.", [("fix", "keep one --measure, or export a panel of several")]
        )
    gc.enable()
    record = open_record(engine=engine, public=public)
    question = asking.of(record, measures[0])
    return export_question(question, place.to, place.as_format, force=place.force)


def export_panel_of(
    measures: Sequence[str],
    unit: str | None,
    asking: Asking,
    place: Destination,
    engine: EngineName,
    *,
    public: bool,
) -> WrittenExport:
    """Writes a panel, and returns what was written.

    Raises:
        UsageError: where no measure, unit or period is named, or they cannot be asked so.
    """
    from recount.ask import open_record
    from recount.ask.panels import export_panel
    from recount.cli.options import read_conditions
    from recount.cli.output import read_pairs
    from recount.export.panel_cells import PanelQuestion
    from recount.measure.questions import read_date

    if unit is None or asking.period is None:
        raise UsageError(
            "A panel is of a unit and a period.",
            [("example", "recount export panel --measure arrests --unit aor --period month --to panel.dta")],
        )
    gc.enable()
    record = open_record(engine=engine, public=public)
    question = PanelQuestion(
        tuple(measures),
        unit,
        asking.period,
        read_conditions(asking.where, "--where"),
        read_pairs(asking.reading, "--reading", "criminal=convicted") or None,
        asking.release,
        None if asking.as_known_on is None else read_date(asking.as_known_on),
    )
    return export_panel(record, question, place.to, place.as_format, force=place.force)
