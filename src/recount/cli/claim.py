"""`recount claim`: a claim written step by step, and a verdict explained."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from recount.cli.faults import tell_faults
from recount.cli.options import AsKnownOn
from recount.cli.output import Format, print_json
from recount.declare.text import Language

app = typer.Typer(
    help="Claims: write one from a sentence, or explain a verdict in words to publish.", no_args_is_help=True
)

Lang = Annotated[
    str, typer.Option("--language", metavar="en|es", help="Language of what is asked and written.")
]


def _part(help_text: str, metavar: str = "TEXT") -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(metavar=metavar, help=help_text)
    return option


@app.command("new")
@tell_faults
def new(
    sentence: Annotated[str | None, typer.Argument(help="The statement, word for word.")] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE.yml", help="Where to write the claim.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that stands there.")] = False,
    no_input: Annotated[
        bool,
        typer.Option("--no-input", help="Ask nothing: what no option answers is an error that names it."),
    ] = False,
    language: Lang = "en",
    statement_language: Annotated[str | None, _part("Language of the statement.", "en|es")] = None,
    said_by: Annotated[str | None, _part("Who said it.")] = None,
    said: Annotated[str | None, _part("When: a day, or from..to.", "DATE")] = None,
    said_basis: Annotated[str | None, _part("How a span of days is known.")] = None,
    appeared_title: Annotated[str | None, _part("Title of what it appeared in.")] = None,
    publisher: Annotated[str | None, _part("Who published that.")] = None,
    appeared: Annotated[str | None, _part("Day of publication.", "DATE")] = None,
    url: Annotated[str | None, _part("Its address.")] = None,
    type: Annotated[  # noqa: A002  the option's name
        str | None,
        _part("quantity, print, compare, rank, series, contribution, combination or outside.", "TYPE"),
    ] = None,
    why_outside: Annotated[str | None, _part("Of type outside: why no record can settle it.")] = None,
    parts: Annotated[
        str | None, _part("Of type combination: each part, a claim by name or file.", "NAME=CLAIM; ...")
    ] = None,
    holds: Annotated[
        str | None, _part("Of type combination: how its parts hold together: 'a and not b'.")
    ] = None,
    measure: Annotated[str | None, _part("The measure that speaks of it.", "MEASURE")] = None,
    where: Annotated[
        str | None,
        _part(
            "Its place, parts and days: 'jurisdiction=Suffolk County, MA'.",
            "NAME=VALUE; ...",
        ),
    ] = None,
    a: Annotated[
        str | None, _part("Of type compare: the first, by parts and day.", "NAME=VALUE; ...")
    ] = None,
    b: Annotated[str | None, _part("Of type compare: the second.", "NAME=VALUE; ...")] = None,
    compared_by: Annotated[
        str | None, _part("Of type compare: difference, ratio, rise or fall.", "HOW")
    ] = None,
    subject: Annotated[
        str | None, _part("Of type rank: which one, by parts and day.", "NAME=VALUE; ...")
    ] = None,
    end: Annotated[str | None, _part("Of type rank: highest or lowest.", "END")] = None,
    top: Annotated[str | None, _part("Of type rank: among how many.", "COUNT")] = None,
    rivals: Annotated[
        str | None,
        _part("Of type rank: against which others; empty where against other times.", "NAME=others"),
    ] = None,
    pattern: Annotated[
        str | None, _part("Of type series: each, never, first, rising, falling ...", "PATTERN")
    ] = None,
    over: Annotated[
        str | None, _part("Of type series or rank: 'by=month; from=2024-10-01'.", "NAME=VALUE; ...")
    ] = None,
    of: Annotated[str | None, _part("Of type contribution: growth or decline.", "CHANGE")] = None,
    part: Annotated[str | None, _part("Of type contribution: which part.", "NAME=VALUE; ...")] = None,
    start: Annotated[
        str | None,
        _part("Of type contribution: since through=DATE, as_of=DATE or fiscal_year=2016.", "WHEN"),
    ] = None,
    until: Annotated[
        str | None,
        _part("Of type contribution: until through=DATE, as_of=DATE or fiscal_year=2018.", "WHEN"),
    ] = None,
    asserts: Annotated[
        str | None, _part("A wording and its number ('over 140,000'), or ends ('at_least=50 %; below=60 %').")
    ] = None,
    asserts_reason: Annotated[str | None, _part("Why those ends.")] = None,
    period: Annotated[
        str | None, _part("so_far, exactly one day, or a span of days.", "so_far|DATE|span")
    ] = None,
    rests_on: Annotated[str | None, _part("The release that it rests on.", "RELEASE")] = None,
    rests_on_basis: Annotated[str | None, _part("How that is known.")] = None,
    fit: Annotated[str | None, _part("exact, near or proxy.", "FIT")] = None,
    why: Annotated[str | None, _part("How the statement's words and the measure part.")] = None,
    reading: Annotated[
        str | None, _part("Readings that the words allow; empty: all.", "FORK=OPTION,...")
    ] = None,
    caveat: Annotated[str | None, _part("What a reader must know besides.")] = None,
    title: Annotated[str | None, _part("A short title.")] = None,
    name: Annotated[str | None, _part("A name of small letters, digits and hyphens.")] = None,
) -> None:
    """Write a claim from a sentence: what it asserts is asked step by step, with the answer so far after each.

    Numbers, wordings, places and dates that can be read in the sentence are offered, and nothing is taken before it
    is confirmed. Every step can be given as an option instead.
    """
    given = {
        "statement": sentence, "statement_language": statement_language, "said_by": said_by, "said": said,
        "said_basis": said_basis, "appeared_title": appeared_title, "publisher": publisher, "appeared": appeared,
        "url": url, "type": type, "why_outside": why_outside, "parts": parts, "holds": holds, "measure": measure,
        "where": where, "a": a, "b": b,
        "compared_by": compared_by, "subject": subject, "end": end, "top": top, "rivals": rivals,
        "pattern": pattern, "over": over, "of": of, "part": part, "start": start, "until": until,
        "asserts": asserts, "asserts_reason": asserts_reason, "period": period, "rests_on": rests_on,
        "rests_on_basis": rests_on_basis, "fit": fit, "why": why, "reading": reading, "caveat": caveat,
        "title": title, "name": name,
    }  # fmt: skip
    from recount.ask import open_record
    from recount.ask.drafting.draft import refuse_to_overwrite
    from recount.claim.words import Words
    from recount.cli.claim_dialogue import ask_all, say_written
    from recount.cli.verdict_table import print_verdicts

    spoken = _language(language)
    if to is not None:
        refuse_to_overwrite(to, force=force)
    record = open_record()
    draft = record.draft_claim(
        language=spoken, **{key: text for key, text in given.items() if text is not None}
    )
    if not no_input:
        draft = ask_all(draft)
    draft = draft.whole()
    target = draft.write(Path(f"{draft.answers['name']}.yml") if to is None else to, force=force)
    print_verdicts([record.check(target)], Words(record.catalog, spoken))
    say_written(target, draft)


@app.command("explain")
@tell_faults
def explain(
    claim: Annotated[str, typer.Argument(help="A claim's name (`recount list claims`) or YAML file.")],
    as_known_on: AsKnownOn = None,
    language: Annotated[str, typer.Option(metavar="en|es", help="Language of the text.")] = "en",
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """Explain a verdict in words to publish: the paragraph, the reporter's method note, and what to cite."""
    from recount.ask import open_record
    from recount.errors import UsageError

    spoken = _language(language)
    if output is Format.csv:
        raise UsageError("An explanation is no table.", [("fix", "--format json, or leave --format out")])
    explanation = open_record().explain_claim(claim, as_known_on, spoken)
    if output is Format.json:
        print_json(explanation.as_json())
    else:
        typer.echo(str(explanation))


@app.command("schema")
@tell_faults
def schema() -> None:
    """Print the JSON Schema of a claim's file, by which an editor completes keys and marks mistakes."""
    from recount.declare.claims import Claim
    from recount.declare.schemas import schema_text

    typer.echo(schema_text(Claim), nl=False)


def _language(text: str) -> Language:
    from recount.errors import UsageError

    if text not in ("en", "es"):
        raise UsageError(f"There is no language {text!r}.", [("choose from", "en, es")])
    return "es" if text == "es" else "en"
