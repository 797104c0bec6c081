"""`recount revise`: one figure across releases, what was restated, and figures between two dates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recount.cli.faults import tell_faults
from recount.cli.options import AsKnownOn, Reading, Where, chosen_engine, read_conditions
from recount.cli.output import Format, read_pairs, write_text
from recount.errors import UsageError


@tell_faults
def revise(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="MEASURE", help="A measure (`recount list measures`).")],
    month: Annotated[
        str | None, typer.Option(metavar="MONTH", help="What each release said of a month (2025-11).")
    ] = None,
    fiscal_year: Annotated[
        str | None, typer.Option(metavar="YEAR", help="Of a fiscal year, as each counted it so far (2024).")
    ] = None,
    quarter: Annotated[
        str | None, typer.Option(metavar="QUARTER", help="Of a quarter of a fiscal year (2026-Q1).")
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Of a snapshot's day, or of a fiscal year so far through a day."),
    ] = None,
    between: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="DATE DATE", help="The figure between two days that releases count through."),
    ] = None,
    from_date: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The same: the earlier of the two days.")
    ] = None,
    to_date: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="The same: the later of the two days.")
    ] = None,
    intervals: Annotated[
        str | None,
        typer.Option(metavar="YEAR", help="The figures between all consecutive releases of a fiscal year."),
    ] = None,
    each: Annotated[
        bool, typer.Option("--each", help="Without a span: a line for every month, not every fiscal year.")
    ] = False,
    triangle: Annotated[
        bool,
        typer.Option(
            "--triangle",
            help="Every period by every release: how late it was printed, or its rows came; apart, estimates of what "
            "may come.",
        ),
    ] = False,
    by: Annotated[
        str | None,
        typer.Option(
            metavar="DIMENSIONS",
            help="Split the triangle of individual records by dimensions of the measure; by quarter or week where "
            "spans are no months.",
        ),
    ] = None,
    where: Where = None,
    as_known_on: AsKnownOn = None,
    reading: Reading = None,
    picture: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE.svg", help="Draw the history of a span as a picture."),
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """Revise: what each release said of one figure, how much it was restated, and how late.

    Without a span, the size and lateness of restatements are summed up by fiscal year.

    With --between or --intervals, figures of a fiscal year so far give those between their dates.

    Of individual records --triangle holds releases that are read alike to each other, count by count.
    """
    from recount.ask import open_record
    from recount.claim.words import Words
    from recount.cli.revision_table import show_history, show_intervals, show_lateness
    from recount.cli.triangle_table import show_triangle

    ends = _ends(between, from_date, to_date)
    spans = {"--month": month, "--fiscal-year": fiscal_year, "--quarter": quarter, "--on": on}
    asked = [option for option, value in spans.items() if value is not None]
    asked += ["--between"] if ends else []
    asked += ["--intervals"] if intervals is not None else []
    asked += ["--triangle"] if triangle else []
    if len(asked) > 1:
        raise UsageError("One span at a time.", [("given", ", ".join(asked)), ("fix", "keep one")])
    if picture is not None and (not asked or asked[0] not in spans):
        raise UsageError(
            "A picture is of one span's history.", [("fix", "give --month, --fiscal-year, --quarter or --on")]
        )
    if picture is not None and picture.suffix.lower() != ".svg":
        raise UsageError(f"{picture} is no SVG file.", [("fix", f"write {picture.with_suffix('.svg')}")])
    if each and asked:
        raise UsageError("--each is for the summary of all spans.", [("fix", f"leave out {asked[0]}")])
    record = open_record(engine=chosen_engine(context))
    if name not in record.catalog.measures:
        record.events.measure(name)
        if asked != ["--triangle"] or each:
            raise UsageError(
                f"{name} counts individual records, which no release prints.",
                [("fix", f"recount revise {name} --triangle")],
            )
        from recount.cli.record_triangle_table import show_record_triangle

        question = record.revise_records(
            name,
            by=[one.strip() for one in by.split(",")] if by else (),
            where=read_conditions(where, "--where"),
            reading=read_pairs(reading, "--reading", "duplicates=exact"),
            as_known_on=as_known_on,
        )
        show_record_triangle(question.triangle(), output, Words(record.catalog, "en"))
        return
    if by is not None:
        raise UsageError(
            "--by splits the triangle of individual records.", [("fix", "limit printed figures with --where")]
        )
    revision = record.revise(
        name,
        where=read_pairs(where, "--where", "criminality=convicted"),
        reading=read_pairs(reading, "--reading", "criminal=convicted"),
        as_known_on=as_known_on,
    )
    words = Words(record.catalog, "en")
    if ends:
        show_intervals(revision.between(*ends), output, words, is_one=True)
    elif intervals is not None:
        show_intervals(revision.intervals(intervals), output, words, is_one=False)
    elif triangle:
        show_triangle(revision.triangle(), output, words)
    elif asked:
        history = revision.history(month=month, fiscal_year=fiscal_year, quarter=quarter, on=on)
        if picture is not None:
            from recount.revise.drawing import draw_history

            write_text(picture, draw_history(history, words))
        show_history(history, output, words)
        if picture is not None and output is Format.table:
            typer.echo(f"Picture: {picture}")
    else:
        show_lateness(revision.lateness(), output, words, by_span=each)


def _ends(
    between: tuple[str, str] | None, from_date: str | None, to_date: str | None
) -> tuple[str, str] | None:
    if from_date is None and to_date is None:
        return between
    if between is not None or from_date is None or to_date is None:
        raise UsageError(
            "Two days are wanted, once.", [("fix", "give --between DATE DATE, or --from DATE --to DATE")]
        )
    return from_date, to_date
