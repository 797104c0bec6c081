"""`recount compare`: what one release has and another lacks, and what each says otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recount.cli.faults import tell_faults
from recount.cli.options import chosen_engine
from recount.cli.output import Format, console, print_csv, print_json, write_text
from recount.declare.text import Language
from recount.errors import CheckFailedError, UsageError


@tell_faults
def compare(
    context: typer.Context,
    a: Annotated[str, typer.Argument(metavar="RELEASE", help="A release (`recount list releases`).")],
    b: Annotated[str, typer.Argument(metavar="RELEASE", help="The release to hold against it.")],
    table: Annotated[str | None, typer.Option(metavar="TABLE", help="One table alone.")] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            metavar="SECTIONS",
            help="End with code 3 where any of these differ: schema, labels, rows, periods, missing, restated, "
            "verdicts; with commas.",
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write one self-contained page.")
    ] = None,
    language: Annotated[
        str, typer.Option(metavar="en|es", help="Language of the tables and of the page.")
    ] = "en",
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """Compare: two releases, their tables, labels, rows, blanks, restated figures, and claims under each.

    Two releases of printed figures, or two of individual records. Rows of records are counted and never matched.
    """
    from recount.ask import open_record
    from recount.ask.comparing import read_sections
    from recount.ask.comparison_showing import print_comparison
    from recount.revise.compare_values import CSV_HEADER

    gates = read_sections(each.strip() for each in (fail_on or "").split(",") if each.strip())
    if report is not None and report.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{report} is no HTML file.", [("fix", f"write {report.with_suffix('.html')}")])
    if language not in ("en", "es"):
        raise UsageError(f"There is no language {language!r}.", [("choose from", "en, es")])
    spoken: Language = "es" if language == "es" else "en"
    record = open_record(engine=chosen_engine(context))
    comparison = record.compare(a, b, table=table, language=spoken)
    if report is not None:
        write_text(report, comparison.page())
    if output is Format.json:
        print_json(comparison.as_json())
    elif output is Format.csv:
        print_csv(CSV_HEADER, comparison.rows())
    else:
        print_comparison(comparison, console())
        if report is not None:
            typer.echo(comparison.say("page_file", file=report))
    differing = comparison.differing(gates)
    if differing:
        raise CheckFailedError(f"{a} and {b} differ in {differing}.", [("asked", f"--fail-on {fail_on}")])
