"""`recount export`: tables of the record, and verdicts, in the formats that people use."""

from __future__ import annotations

import gc
import textwrap
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recount.cli.asking import Asking
from recount.cli.export_question import (
    PANEL,
    AllReadings,
    CompareWith,
    Destination,
    Measures,
    PartOf,
    Span,
    To,
    Unit,
    export_answer_of,
    export_panel_of,
)
from recount.cli.faults import tell_faults
from recount.cli.options import AsKnownOn, By, Reading, Where, chosen_engine
from recount.cli.output import Format, console, print_csv, print_json
from recount.errors import UsageError

if TYPE_CHECKING:
    from recount.export import WrittenExport

_CLAIM = "claim"


class FormatChoice(StrEnum):
    """A format of exports."""

    parquet = "parquet"
    csv = "csv"
    xlsx = "xlsx"
    stata = "stata"
    spss = "spss"
    sqlite = "sqlite"
    duckdb = "duckdb"
    datapackage = "datapackage"


@tell_faults
def export(
    context: typer.Context,
    what: Annotated[
        str | None,
        typer.Argument(
            help="A table (`recount list tables`), counts of individual records by name (arrests_cube), all, panel or "
            "claim. None for the answer to a question (--measure)."
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Argument(
            help="After claim: a claim (`recount list claims`) or a file; without it, every claim."
        ),
    ] = None,
    to: To = None,
    as_format: Annotated[
        FormatChoice | None, typer.Option("--as", help="The format, where the path does not say it.")
    ] = None,
    measure: Measures = None,
    unit: Unit = None,
    period: Span = None,
    by: By = None,
    where: Where = None,
    reading: Reading = None,
    readings: AllReadings = None,
    per: PartOf = None,
    compare_with: CompareWith = None,
    as_known_on: AsKnownOn = None,
    release: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RELEASE",
            help="These releases alone (`recount list releases`); can be repeated, of tables.",
        ),
    ] = None,
    public: Annotated[
        bool,
        typer.Option(
            "--public",
            help="In place of individual records, only the counts that the package ships: to pass on.",
        ),
    ] = False,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Of a claim: the page that shows the review.")
    ] = None,
    author: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of a claim: who publishes the review, if not Recount.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="en|es", help="Of a claim: the language of the review.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    output: Annotated[Format, typer.Option("--format", help="How to print what was written.")] = Format.table,
) -> None:
    """Export tables, answers and panels, in the format that the path names; claims as JSON-LD.

    Formats: Parquet, CSV, XLSX, Stata, SPSS, SQLite, DuckDB, or a data package.

    Every export carries the definitions of its columns and codes, what to mind, its sources and a receipt.

    Individual records are exported from your own record; where it holds none, their counts are.

    With --measure and the options of `recount measure`, the answer's rows are exported, with its own receipt.

    panel gives every unit in every period: zeros, what is missing and what no release covers told apart.
    """
    thing = what if what is not None else ", ".join(measure or [])
    if not thing:
        raise UsageError(
            "Nothing is named to export.",
            [
                (
                    "example",
                    "recount export ohss_figures --to ohss.csv, recount export --measure arrests --to a.csv",
                )
            ],
        )
    if to is None:
        example = f"{what} --to {what}.csv" if what is not None else f"--measure {thing} --to {thing}.csv"
        raise UsageError("--to must be given.", [("example", f"recount export {example}")])
    of_claims = {"--url": url, "--author": author, "--language": language}
    of_answers = {
        "--by": by,
        "--readings": readings,
        "--per": per,
        "--compare-with": compare_with,
    }
    of_questions = {"--where": where, "--reading": reading, "--as-known-on": as_known_on, "--period": period}
    place = Destination(to, None if as_format is None else as_format.value, force=force)
    if what == _CLAIM:
        refused = {"--as": as_format, "--release": release, "--public": public, "--measure": measure}
        _refuse({**refused, "--unit": unit, **of_answers, **of_questions}, "A claim is exported without")
        _export_claims(name, to, url, author, language, force=force, output=output)
        return
    if name is not None:
        raise UsageError(
            f"Only claims are exported by name, and {name!r} stands after {what}.",
            [("example", f"recount export claim {name} --to {name}.jsonld")],
        )
    if what is not None and what != PANEL:
        _refuse(
            {**of_claims, "--measure": measure, "--unit": unit, **of_answers, **of_questions},
            "A table is exported without",
        )
        _tell(_export_table(what, place, release or (), public=public), output)
        return
    _refuse(of_claims, "An answer is exported without")
    if release and len(release) > 1:
        raise UsageError("A question asks one release, or all.", [("fix", "keep one --release")])
    asking = Asking(
        where, by, None if period is None else period.value, per, release[0] if release else None,
        as_known_on, reading, readings is not None, compare_with,
    )  # fmt: skip
    engine = chosen_engine(context)
    if what == PANEL:
        _refuse(of_answers, "A panel is exported without")
        _tell([export_panel_of(measure or [], unit, asking, place, engine, public=public)], output)
        return
    _refuse({"--unit": unit}, "An answer is exported without")
    _tell([export_answer_of(measure or [], asking, place, engine, public=public)], output)


def _export_table(
    what: str, place: Destination, releases: Sequence[str], *, public: bool
) -> Sequence[WrittenExport]:
    from recount.ask import open_record
    from recount.export import write

    gc.enable()
    record = open_record()
    return write(
        record.record,
        record.catalog,
        what,
        place.to,
        as_format=place.as_format,
        releases=releases,
        public=public,
        force=place.force,
    )


def _tell(written: Sequence[WrittenExport], output: Format) -> None:
    if output is Format.json:
        print_json([_as_json(each) for each in written])
    elif output is Format.csv:
        header = ("path", "table", "rows", "synthetic", "receipt")
        print_csv(
            header,
            [
                (each.path, one.table, one.rows, bool(one.synthetic), each.receipt.id)
                for each in written
                for one in each.tables
            ],
        )
    else:
        _print(written)


def _refuse(given: Mapping[str, object], sentence: str) -> None:
    found = [name for name, value in given.items() if value]
    if found:
        raise UsageError(f"{sentence} {', '.join(found)}.", [("fix", f"leave {', '.join(found)} out")])


def _export_claims(
    name: str | None,
    to: Path,
    url: str | None,
    author: str | None,
    language: str | None,
    *,
    force: bool,
    output: Format,
) -> None:
    from recount.ask import open_record
    from recount.claim.words import Words
    from recount.export import write_claim
    from recount.export.claim_review import AUTHOR

    if language not in (None, "en", "es"):
        raise UsageError(f"There is no language {language!r}.", [("choose from", "en, es")])
    record = open_record()
    claims = record.claims() if name is None else [record.claim(name)]
    verdicts = [record.check(each) for each in claims]
    words = Words(record.catalog, "es" if language == "es" else "en")
    path = write_claim(verdicts, words, to, url=url, author=author or AUTHOR, force=force)
    if output is Format.json:
        print_json(
            [
                {
                    "path": str(path),
                    "claim": each.claim.claim,
                    "headline": each.headline,
                    "receipt": each.receipt.id,
                }
                for each in verdicts
            ]
        )
    elif output is Format.csv:
        header = ("path", "claim", "headline", "receipt")
        print_csv(header, [(path, each.claim.claim, each.headline, each.receipt.id) for each in verdicts])
    else:
        for each in verdicts:
            typer.echo(
                f"Exported  {path} · {each.claim.claim} · {each.headline} · receipt {each.receipt.short}"
            )
        if url is None:
            typer.echo(
                "No --url was given: the receipt stands in place of the page, which search engines ask for."
            )


def _as_json(written: WrittenExport) -> dict[str, Any]:
    return {
        "path": str(written.path),
        "beside": [str(each) for each in written.beside],
        "tables": [
            {
                "table": each.table,
                "rows": each.rows,
                "releases": list(each.releases),
                "synthetic": list(each.synthetic),
            }
            for each in written.tables
        ],
        "warnings": list(written.warnings),
        "notes": list(written.notes),
        "receipt": written.receipt.as_json(),
    }


def _print(written: Sequence[WrittenExport]) -> None:
    from rich.text import Text

    out = console()
    for each in written:
        out.print(Text.assemble("Exported  ", (str(each.path), "bold")), soft_wrap=True)
        for one in each.tables:
            count = len(one.releases)
            releases = f"{count} release{'s' * (count != 1)}"
            out.print(Text(f"  {one.rows:,} rows of {one.table} · {releases}"))
        out.print(Text(f"  receipt {each.receipt.short}"))
        if each.beside:
            beside = ", ".join(one.relative_to(each.path.parent).as_posix() for one in each.beside)
            typer.echo(_indented(f"beside it: {beside}", out.width))
        for note in each.notes:
            typer.echo(_indented(note, out.width))
    for warning in dict.fromkeys(one for each in written for one in each.warnings):
        typer.echo(_indented(f"Mind: {warning}", out.width))


def _indented(text: str, width: int) -> str:
    return textwrap.fill(text, width, initial_indent="  ", subsequent_indent="  ", break_long_words=False)
