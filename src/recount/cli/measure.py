"""`recount measure`: one measure, its integers and its receipt."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from recount.cli.faults import tell_faults
from recount.cli.options import (
    AsKnownOn,
    By,
    MeasureName,
    OneRelease,
    Where,
    chosen_engine,
    read_conditions,
)
from recount.cli.output import Format, print_csv, print_json, read_pairs
from recount.errors import UsageError

if TYPE_CHECKING:
    from recount.ask import MeasureQuestion


class PeriodKind(StrEnum):
    """Spans of time."""

    fiscal_year = "fiscal_year"
    calendar_year = "calendar_year"
    quarter = "quarter"
    month = "month"
    week = "week"
    administration = "administration"


class Readings(StrEnum):
    """Which readings are asked."""

    all = "all"


@tell_faults
def measure(
    context: typer.Context,
    name: MeasureName,
    where: Where = None,
    by: By = None,
    period: Annotated[
        PeriodKind | None,
        typer.Option(
            metavar="SPAN",
            help="Split by spans of time too: fiscal_year, calendar_year, quarter, month, week or administration. A "
            "span that a release cuts short is marked.",
        ),
    ] = None,
    per: Annotated[
        str | None,
        typer.Option(
            metavar="WHOLE",
            help="Give the parts of a count as shares: of all that shares every dimension but the last (row), of "
            "all with the same last part (column), or of everything (total); or as rates per 100,000 of a "
            "denominator: residents, and of Secure Communities submissions or matches.",
        ),
    ] = None,
    release: OneRelease = None,
    as_known_on: AsKnownOn = None,
    reading: Annotated[
        list[str] | None,
        typer.Option(metavar="FORK=OPTION", help="Take an option other than the default; may be repeated."),
    ] = None,
    readings: Annotated[
        Readings | None,
        typer.Option(help="The spread over every reading: lowest, default, highest, and what moves it most."),
    ] = None,
    compare_with: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CONDITION",
            help="The difference to another place or period (aor=Seattle, month=2017-03), with its bounds; a period "
            "takes the place of any other.",
        ),
    ] = None,
    bounds: Annotated[
        bool,
        typer.Option(
            "--bounds",
            help="Show the lowest and the highest of every number, missing values pushed both ways, with what is "
            "missing, also where nothing is. Without it they are shown where something is missing.",
        ),
    ] = False,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="Add definition, choices with reasons, rows left out by reason, and the SQL."
        ),
    ] = False,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """Measure: how many, what share, where, through when, by which release and reading.

    Without --by, every release that prints it is listed; with --as-known-on, the latest that stood then.
    Individual records are counted release by release, with bounds for what is missing.
    """
    from recount.ask import open_record

    record = open_record(engine=chosen_engine(context))
    question = record.measure(name)
    question = question.where(**read_conditions(where, "--where"))
    question = question.reading(**read_pairs(reading, "--reading", "criminal=convicted"))
    if by is not None:
        question = question.by(*(each.strip() for each in by.split(",") if each.strip()))
    if period is not None:
        question = question.period(period.value)
    if per is not None:
        question = question.per(per)
    if release is not None:
        question = question.release(release)
    if as_known_on is not None:
        question = question.as_known_on(as_known_on)
    if readings is not None:
        question = question.readings()
    if bounds:
        question = question.bounds()
    if compare_with:
        question = question.compare_with(**read_conditions(compare_with, "--compare-with"))
    _print(question, output, explain=explain)


def _print(question: MeasureQuestion, output: Format, *, explain: bool) -> None:
    if output is Format.json:
        found = question.as_json()
        if explain:
            found["explanation"] = question.explain().as_json()["explanation"]
        print_json(found)
    elif output is Format.csv:
        if explain:
            raise UsageError(
                "An explanation is no table of rows.", [("fix", "--format json, or leave --explain out")]
            )
        from recount.ask.csv_rows import csv_of

        print_csv(*csv_of(question))
    else:
        from recount.ask.terminal import print_shown

        print_shown(question.shown())
        if explain:
            print_shown(question.explained())
