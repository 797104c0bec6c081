"""`recount check`: claims to verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recount.cli.faults import tell_faults
from recount.cli.options import AsKnownOn
from recount.cli.output import Format, print_csv, print_json, write_text

if TYPE_CHECKING:
    from recount.claim.verdict import Verdict

_CSV = (
    "claim", "headline", "provisional", "column", "word", "measure", "place_code", "reading",
    "fit", "outcome", "through_date", "release", "numerator", "denominator", "low", "high", "receipt",
)  # fmt: skip


@tell_faults
def check(
    claims: Annotated[
        list[str] | None,
        typer.Argument(
            help="Names of claims (`recount list claims`) or YAML files. Without any: all shipped ones."
        ),
    ] = None,
    as_known_on: AsKnownOn = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the report, one self-contained HTML file.")
    ] = None,
    language: Annotated[
        str, typer.Option(metavar="en|es", help="Language of the table, the paragraphs and the report.")
    ] = "en",
    paragraph: Annotated[
        bool, typer.Option("--paragraph", help="Print each verdict as a paragraph to paste.")
    ] = False,
    count: Annotated[
        bool, typer.Option("--count", help="Print how many claims there are, by who spoke and by verdict.")
    ] = False,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """Check statements against the record: what it shows, in three columns, under every reading."""
    from recount.ask import open_record
    from recount.claim.answer import verdict_as_json
    from recount.claim.paragraph import write_paragraph
    from recount.claim.words import Words
    from recount.errors import UsageError

    if language not in ("en", "es"):
        raise UsageError(f"There is no language {language!r}.", [("choose from", "en, es")])
    record = open_record()
    asked = claims or [each.claim for each in record.claims()]
    verdicts = [record.check(each, as_known_on) for each in asked]
    words = Words(record.catalog, "es" if language == "es" else "en")
    if report is not None:
        from recount.report.page import write_page

        write_text(report, write_page(verdicts, words))
    if count:
        from recount.cli.claim_count import print_count

        print_count(verdicts, words, output)
    elif output is Format.json:
        print_json([verdict_as_json(each, record.catalog) for each in verdicts])
    elif output is Format.csv:
        print_csv(_CSV, [row for each in verdicts for row in _csv_rows(each)])
    elif paragraph:
        typer.echo("\n\n".join(write_paragraph(each, words) for each in verdicts))
    else:
        from recount.cli.verdict_table import print_verdicts

        print_verdicts(verdicts, words)
    if report is not None and output is Format.table:
        typer.echo(f"Report: {report}")


def _csv_rows(verdict: Verdict) -> list[list[object]]:
    rows: list[list[object]] = []
    for name, column in verdict.columns.items():
        if not (column.marks or column.proxies):
            # Nothing was asked, as of a claim that no record can settle; its word is still an answer.
            own = [verdict.claim.claim, verdict.headline, ";".join(verdict.provisional), name, column.word]
            rows.append([*own, *[""] * (len(_CSV) - len(own) - 1), verdict.receipt.id])
        for mark in (*column.marks, *column.proxies):
            reading = ";".join(f"{fork}={option}" for fork, option in mark.asked.reading.items())
            interval = mark.spoken.interval
            start: list[object] = [
                verdict.claim.claim,
                verdict.headline,
                ";".join(verdict.provisional),
                name,
                column.word,
                mark.asked.measure.measure,
                mark.asked.place.code,
                reading,
                mark.fit,
                mark.outcome,
            ]
            ends: list[object] = [
                "" if interval is None or interval.low is None else str(interval.low),
                "" if interval is None or interval.high is None else str(interval.high),
                verdict.receipt.id,
            ]
            figures: Sequence[list[object]] = [
                [each.through_date, each.release.release, each.numerator, each.denominator]
                for each in mark.spoken.figures
            ] or [["", "", "", ""]]
            rows += [[*start, *each, *ends] for each in figures]
    return rows
