"""A revision triangle as a terminal, CSV or JSON shows it: figures first, estimates apart and named so."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from recount.claim.words import Words
from recount.cli.output import Format, console, print_csv, print_json
from recount.revise.phrases import Values, short_span
from recount.revise.revision import TriangleAnswer
from recount.revise.triangle import DelayShare, Estimate, PeriodDelay
from recount.revise.triangle_values import ESTIMATE_NOTE, cell_as_json, triangle_as_json

_CSV = (
    "measure", "from", "to", "release", "published_from", "published_to", "delay_days", "through_date", "numerator",
    "denominator", "value", "exact", "how", "is_whole", "stands", "receipt",
)  # fmt: skip


def show_triangle(answer: TriangleAnswer, output: Format, words: Words) -> None:
    """Prints a triangle: in a terminal the value that stood after each delay; CSV has a line for every print."""
    if output is Format.json:
        print_json(triangle_as_json(answer))
        return
    if output is Format.csv:
        print_csv(_CSV, _rows(answer))
        return
    triangle, measure = answer.triangle, answer.basis.measure
    out = console()
    out.print(Text(f"{measure.title.in_language(words.language)}: what was printed how late", style="bold"))
    if not triangle.periods:
        out.print("No release prints a whole period on a known day.")
    else:
        values = Values(measure, [each.latest for each in triangle.periods], words, [])
        out.print(_periods(triangle.periods, triangle.days, values))
        out.print(_shares(triangle.delays))
        _print_estimates(triangle.estimates, values)
    told = [
        "Whole prints that stand, by the first day on which their release can have come out. A period followed for "
        "fewer days shows nothing there; the share is of the last known value, over the periods followed so long. "
        "Not yet printed is what no release of this record shows by then: others may have come out between.",
        *(each.text.in_language(words.language) for each in answer.basis.caveats),
        f"{len(triangle.cells):,} prints of {len({each.span for each in triangle.cells}):,} periods · receipt "
        f"{answer.basis.receipt.short}",
    ]
    for each in told:
        typer.echo(textwrap.fill(each, out.width, break_long_words=False))


def _rows(answer: TriangleAnswer) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = []
    for cell in answer.triangle.cells:
        told = cell_as_json(cell)
        span = told["span"]
        held = {
            **told,
            "measure": answer.basis.measure.measure,
            "from": span["from"],
            "to": span["to"],
            "is_whole": str(told["is_whole"]).lower(),
            "stands": str(told["stands"]).lower(),
            "receipt": answer.basis.receipt.id,
        }
        rows.append([held[name] for name in _CSV])
    return rows


def _periods(periods: Sequence[PeriodDelay], days: Sequence[int], values: Values) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("period")
    for each in days:
        table.add_column(f"{each} days", justify="right")
    table.add_column("last known", justify="right")
    table.add_column("followed", justify="right")
    for period in periods:
        shown = [
            "" if period.followed_days < limit else values.value(value)
            for limit, value in zip(days, period.known, strict=True)
        ]
        followed = f"{period.followed_days:,} days"
        table.add_row(short_span(period.span), *shown, values.value(period.latest), followed)
    return table


def _shares(delays: Sequence[DelayShare]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("after", "printed by then", "lowest", "highest", "periods", "not yet printed"):
        table.add_column(heading, justify="left" if heading == "after" else "right")
    for each in delays:
        shares = [each.share, each.lowest, each.highest]
        table.add_row(
            f"{each.days} days",
            *("–" if one is None else f"{float(one) * 100:.1f} %" for one in shares),
            f"{each.periods:,}",
            f"{each.unprinted:,}",
        )
    return table


def begin_estimates(has_some: bool) -> Table | None:
    """Says that estimates follow, apart from figures, and returns an empty table; none where there are none."""
    if not has_some:
        typer.echo("No estimate is made of what may still come.")
        return None
    out = console()
    out.print(Text("ESTIMATES, not figures", style="bold yellow"))
    typer.echo(textwrap.fill(ESTIMATE_NOTE, out.width))
    return Table(box=box.SIMPLE_HEAD, pad_edge=False)


def _print_estimates(estimates: Sequence[Estimate], values: Values) -> None:
    table = begin_estimates(bool(estimates))
    if table is None:
        return
    for heading in ("period", "printed", "estimate", "factor", "over periods", "for days"):
        table.add_column(heading, justify="left" if heading == "period" else "right")
    for each in estimates:
        table.add_row(
            short_span(each.span),
            values.value(each.printed),
            f"about {round(float(each.value)):,}",
            f"{float(each.factor):.4f}",
            f"{each.periods:,}",
            f"{each.from_days}–{each.to_days}",
        )
    console().print(table)
