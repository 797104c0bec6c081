"""`recount chart`: a measure as a chart, written to a file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from recount.cli.faults import tell_faults
from recount.cli.options import AsKnownOn, By, MeasureName, OneRelease, Reading, Where, chosen_engine
from recount.cli.output import read_pairs


class Theme(StrEnum):
    """Light or dark."""

    light = "light"
    dark = "dark"


class Kind(StrEnum):
    """How parts side by side are drawn."""

    auto = "auto"
    map = "map"
    bars = "bars"


@tell_faults
def chart(
    context: typer.Context,
    name: MeasureName,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to write it: .svg, .png, .html, .pdf or .json (Vega-Lite).",
        ),
    ],
    where: Where = None,
    by: By = None,
    release: OneRelease = None,
    as_known_on: AsKnownOn = None,
    reading: Reading = None,
    per: Annotated[
        str | None,
        typer.Option(
            metavar="WHOLE",
            help="Draw the parts of a count as shares of their total or, of individual records, of their row or "
            "column; or counts per 100,000 of a denominator: residents, and of Secure Communities submissions or "
            "matches.",
        ),
    ] = None,
    kind: Annotated[
        Kind, typer.Option(help="Draw states or areas of responsibility side by side as a map, or as bars.")
    ] = Kind.auto,
    language: Annotated[
        str, typer.Option(metavar="en|es", help="Language of everything on the chart.")
    ] = "en",
    theme: Annotated[Theme, typer.Option(help="Colours for light or for dark paper.")] = Theme.light,
) -> None:
    """Chart: the same question as `recount measure` asks, drawn and written to a file.

    Without a span in --by the figures are drawn over time; with --as-known-on or --release and a dimension, as bars;
    with --by state or --by aor alone, as a map of tiles (--kind bars draws bars).
    Individual records are drawn release by release, with what is missing as bands and bars; a dimension alone as bars.

    With --per residents counts are drawn per 100,000, and spans without a rate as such.

    Gaps are drawn as gaps, and figures that a check marks, and spans not covered whole, as hollow marks.
    """
    from recount.ask import open_record
    from recount.chart.files import suffix_of, write_file
    from recount.errors import UsageError
    from recount.measure.event_conditions import join_conditions, split_condition

    suffix = suffix_of(output)
    if language not in ("en", "es"):
        raise UsageError(f"There is no language {language!r}.", [("choose from", "en, es")])
    record = open_record(engine=chosen_engine(context))
    question = record.measure(name)
    if question.events is None:
        question = question.where(**read_pairs(where, "--where", "state=Massachusetts"))
    else:
        question = question.where(**join_conditions([split_condition(each) for each in where or ()]))
    question = question.reading(**read_pairs(reading, "--reading", "criminal=convicted"))
    if by is not None:
        question = question.by(*(each.strip() for each in by.split(",") if each.strip()))
    if release is not None:
        question = question.release(release)
    if as_known_on is not None:
        question = question.as_known_on(as_known_on)

    from recount.chart.render import render_picture

    if per is not None:
        question = question.per(per)
    picture = question.picture("es" if language == "es" else "en", kind=kind.value)
    write_file(output, render_picture(picture, suffix, "dark" if theme is Theme.dark else "light"))
    typer.echo(f"Chart: {output} · {len(picture.points):,} figures · receipt {picture.receipt}")
