"""A triangle of individual records as a terminal, CSV or JSON shows it: counts first, estimates apart and named so."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from recount.ask.record_lag_rows import percent, say_left_out
from recount.claim.words import Words
from recount.cli.output import Format, console, print_csv, print_json
from recount.cli.triangle_table import begin_estimates
from recount.revise.record_lag import AgeLag
from recount.revise.record_triangle import RecordTriangle, RecordTriangleAnswer
from recount.revise.record_triangle_values import (
    record_triangle_as_json,
    record_triangle_header,
    record_triangle_rows,
)

_AGES = ("days after the end", "counted", "latest count", "still to come", "lowest", "highest")


def show_record_triangle(answer: RecordTriangleAnswer, output: Format, words: Words) -> None:
    """Prints a triangle of records; split by a dimension, a terminal shows the lag of each part and not its counts."""
    if output is Format.json:
        print_json(record_triangle_as_json(answer))
        return
    if output is Format.csv:
        print_csv(record_triangle_header(answer), record_triangle_rows(answer))
        return
    out = console()
    title = answer.measure.title.in_language(words.language)
    out.print(Text(f"{title}: what releases count of the same {answer.kind}s", style="bold"))
    if not answer.triangles:
        out.print("No two releases of this record count the same rows, so that nothing is measured.")
    for series in dict.fromkeys(each.held.series for each in answer.triangles):
        own = [each for each in answer.triangles if each.held.series == series]
        made_up = Text("SYNTHETIC, made up  " if series.is_synthetic else "", style="bold red")
        out.print(made_up + Text(f"{_title(series.series, answer, words)}: {', '.join(series.releases)}"))
        if len(own) == 1 and not own[0].held.breakdown:
            out.print(_counts(own[0], answer, words))
        out.print(_ages(own, answer, words))
        _print_estimates(own, answer, words)
    left_out = [say_left_out(each, answer.rules, words) for each in answer.left_out]
    followed = answer.rules.followed_days.value
    method = [
        "A count is of the rows that a release holds of a whole span, read alike; an earlier one is held to the latest "
        "that counts the span. No row is joined to another.",
        f"Still to come is measured where the latest release ends {followed} days after the span or later; it is of "
        "what that counts.",
    ]
    told = [
        *(method if answer.triangles else []),
        *([f"Not compared: {'; '.join(left_out)}."] if left_out else []),
        *(each.text.in_language(words.language) for each in answer.answer.caveats),
        f"{sum(len(each.held.cells) for each in answer.triangles):,} counts · receipt {answer.receipt.short}",
    ]
    for each in told:
        typer.echo(textwrap.fill(each, out.width, break_long_words=False))


def _title(series: str, answer: RecordTriangleAnswer, words: Words) -> str:
    titles = [each.title for each in answer.rules.series if each.series == series]
    return titles[0].in_language(words.language) if titles else series


def _counts(triangle: RecordTriangle, answer: RecordTriangleAnswer, words: Words) -> Table:
    held = triangle.held
    cut_offs = {each.release: each.cut_off for each in held.cells}
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(answer.kind, no_wrap=True)
    for release in held.series.releases:
        heading = f"{release}\nto {words.date(cut_offs[release])}"
        table.add_column(heading, justify="right", overflow="fold")
    counts = {
        (each.period, each.release): f"{words.number(each.counted)}{'' if each.is_whole else ' so far'}"
        for each in held.cells
    }
    for period in dict.fromkeys(each.period for each in held.cells):
        table.add_row(period.label, *(counts.get((period, each), "") for each in held.series.releases))
    return table


def _ages(triangles: Sequence[RecordTriangle], answer: RecordTriangleAnswer, words: Words) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    names = [name for name, _ in triangles[0].held.breakdown]
    for name in names:
        table.add_column(name)
    for heading in (*_AGES, f"{answer.kind}s"):
        table.add_column(heading, justify="left" if heading == _AGES[0] else "right")
    for triangle in triangles:
        parts = [_part(code) for _, code in triangle.held.breakdown]
        for each in triangle.held.lag.ages:
            table.add_row(*parts, *_age(each, words))
            parts = [""] * len(parts)
    return table


def _part(code: str | None) -> str:
    return "not said" if code is None else code


def _age(each: AgeLag, words: Words) -> list[str]:
    shares = (each.still_to_come, each.lowest, each.highest)
    return [
        f"{each.first_day}–{each.last_day}",
        words.number(each.counted),
        words.number(each.latest),
        *("–" if one is None else percent(one, words) for one in shares),
        words.number(len(each.spans)),
    ]


def _print_estimates(triangles: Sequence[RecordTriangle], answer: RecordTriangleAnswer, words: Words) -> None:
    rows = [(triangle, each) for triangle in triangles for each in triangle.estimates]
    table = begin_estimates(bool(rows))
    if table is None:
        return
    names = [name for name, _ in triangles[0].held.breakdown]
    for heading in (*names, answer.kind, "release"):
        table.add_column(heading)
    for heading in ("counted", "estimate", "factor", f"over {answer.kind}s"):
        table.add_column(heading, justify="right")
    for triangle, each in rows:
        table.add_row(
            *(_part(code) for _, code in triangle.held.breakdown),
            each.period.label,
            each.release,
            words.number(each.counted),
            f"about {round(float(each.value)):,}",
            f"{float(each.factor):.4f}",
            words.number(each.spans),
        )
    console().print(table)
