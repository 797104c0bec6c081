"""`recount measure`: one measure, its integers and its receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from recount.cli.faults import tell_faults
from recount.cli.options import AsKnownOn, By, MeasureName, OneRelease, Reading, Where, chosen_engine
from recount.cli.output import Format, console, print_csv, print_json, read_pairs

if TYPE_CHECKING:
    from recount.claim.words import Words
    from recount.measure.answer import Answer
    from recount.measure.figures import MeasuredFigure

_CSV = (
    "measure", "place_kind", "place_code", "place_name", "through_date", "through_precision", "release",
    "authority", "reading", "numerator", "denominator", "low", "high",
    "is_sum_over_jurisdictions", "left_out", "receipt",
    "period", "period_start", "fiscal_year", "breakdown", "whole", "flags",
)  # fmt: skip


@tell_faults
def measure(
    context: typer.Context,
    name: MeasureName,
    where: Where = None,
    by: By = None,
    release: OneRelease = None,
    as_known_on: AsKnownOn = None,
    reading: Reading = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """Measure: how many, what share, where, through when, by which release and reading.

    Without --by, every release that prints it is listed; with --as-known-on, the latest that stood then.
    Individual records are counted release by release, with bounds for what is missing.
    """
    from recount.ask import open_record
    from recount.claim.words import Words
    from recount.measure.answer import Answer

    record = open_record(engine=chosen_engine(context))
    question = record.measure(name)
    question = question.where(**read_pairs(where, "--where", "state=Massachusetts"))
    question = question.reading(**read_pairs(reading, "--reading", "criminal=convicted"))
    if by is not None:
        question = question.by(*(each.strip() for each in by.split(",") if each.strip()))
    if release is not None:
        question = question.release(release)
    if as_known_on is not None:
        question = question.as_known_on(as_known_on)
    answer = question.result()
    if not isinstance(answer, Answer):
        from recount.cli.event_table import print_event_csv, print_events

        if output is Format.json:
            print_json(answer.as_json())
        elif output is Format.csv:
            print_event_csv(answer)
        else:
            print_events(answer, Words(record.catalog, "en"))
    elif output is Format.json:
        print_json(answer.as_json())
    elif output is Format.csv:
        print_csv(_CSV, [_csv_row(each, answer) for each in answer.figures])
    elif answer.measure.statistic is not None:
        from recount.cli.statistic_table import print_statistic

        print_statistic(answer, Words(record.catalog, "en"))
    else:
        _print_table(answer, Words(record.catalog, "en"))


def _csv_row(each: MeasuredFigure, answer: Answer) -> list[object]:
    low, high = each.interval.low, each.interval.high
    return [
        each.measure,
        each.place_kind,
        each.place_code,
        each.place_name,
        each.through_date,
        each.through_precision,
        each.release.release,
        each.release.authority,
        ";".join(f"{fork}={option}" for fork, option in each.reading.items()),
        each.numerator,
        each.denominator,
        None if low is None else str(low),
        None if high is None else str(high),
        str(each.is_sum).lower(),
        "; ".join(each.left_out),
        answer.receipt.id,
        each.period,
        each.period_start,
        each.fiscal_year,
        ";".join(f"{name}={code}" for name, code in each.breakdown.items()),
        each.whole,
        ";".join(each.flags),
    ]


def _print_table(answer: Answer, words: Words) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    out = console()
    out.print(Text(f"{answer.measure.title.en}, {words.place(answer.place)}", style="bold"))
    if not answer.figures:
        out.print(Text("The record does not print it for this place."))
    else:
        places = len({each.place_code for each in answer.figures}) > 1 or bool(
            {"state", "jurisdiction"} & {*answer.by}
        )
        readings = "reading" in answer.by and bool(answer.measure.forks)
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 2, 0, 0))
        for heading, wanted in (("place", places), ("reading", readings)):
            if wanted:
                table.add_column(heading)
        table.add_column("counts through", no_wrap=True)
        table.add_column(answer.measure.unit, justify="right", no_wrap=True)
        if answer.measure.kind == "share":
            table.add_column("of", justify="right", no_wrap=True)
            table.add_column("share", justify="right", no_wrap=True)
        table.add_column("release")
        for each in answer.figures:
            cells = [each.place_name] if places else []
            if readings:
                cells.append(", ".join(_options(each, answer)))
            table.add_row(*cells, *_cells(each, answer, words))
        out.print(table)
    for line in _below(answer, words):
        out.print(Text(line, style="dim"))


def _options(each: MeasuredFigure, answer: Answer) -> list[str]:
    return [
        option.label.en
        for fork in answer.measure.forks
        for option in fork.options
        if each.reading.get(fork.fork) == option.option
    ]


def _cells(each: MeasuredFigure, answer: Answer, words: Words) -> list[str]:
    name = each.release.title.en + (" (sum over jurisdictions)" if each.is_sum else "")
    shown = [words.through(each)]
    if each.numerator is None:
        value = words.value(each)
        shown += ["", "", value] if answer.measure.kind == "share" else [value]
    elif answer.measure.kind == "share" and each.denominator and each.interval.low is not None:
        shown += [
            words.number(each.numerator),
            words.number(each.denominator),
            words.share(each.interval.low),
        ]
    else:
        shown += [words.number(each.numerator)]
    return [*shown, name]


def _below(answer: Answer, words: Words) -> list[str]:
    lines = []
    sums = [each for each in answer.figures if each.left_out]
    for each in {(one.place_code, one.jurisdictions, one.left_out): one for one in sums}.values():
        lines.append(words.left_out(each))
    if answer.absent:
        names = sorted({each.release for each in answer.absent})
        lines.append(f"Not printed in that reading by: {', '.join(names)}.")
    if answer.perhaps_out:
        lines.append(words.say("sentence_perhaps_out", releases=words.listing(answer.perhaps_out)))
    lines += [each.text.en for each in answer.caveats]
    readings = "all" if "reading" in answer.by else "1"
    lines.append(f"{readings} of {answer.readings} readings · receipt {answer.receipt.short}")
    return lines
