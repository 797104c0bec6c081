"""Verdicts as a terminal shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from recount.claim.rows import RowView
from recount.claim.verdict import Verdict
from recount.claim.view import VerdictView, view_verdict
from recount.claim.words import Words
from recount.cli.output import console

_COLOURS = {
    "supported": "green",
    "contradicted": "red",
    "depends": "yellow",
    "overtaken": "magenta",
    "borne_out": "green",
    "open": "cyan",
    "untestable": "bright_black",
}
_LABEL_WIDTH = 20
_VALUE_WIDTH = 40


def print_verdicts(verdicts: list[Verdict], words: Words) -> None:
    """Prints each verdict: the statement, the headline, the three columns, what to know, the receipt."""
    out = console()
    group: str | None = None
    for number, verdict in enumerate(verdicts, start=1):
        view = view_verdict(verdict, words)
        if view.group is not None and view.group != group:
            out.print(Padding(Rule(Text(view.group, style="bold"), align="left", style="dim"), (0, 0, 1, 0)))
        group = view.group
        out.print(_block(number, view, words))


def _block(number: int, view: VerdictView, words: Words) -> Group:
    colour = _COLOURS[view.headline]
    headline = Text.assemble(("▌ ", colour), (view.headline_text, f"bold {colour}"))
    if view.provisional:
        headline.append(f" · {words.say('provisional_word')}", style="dim")
    return Group(
        Text.assemble((f"{number}  ", "bold"), (view.title, "bold")),
        _indent(Text(view.who, style="dim")),
        _indent(headline, above=1, below=1),
        _indent(_table(view, words), below=1),
        *(_indent(Text(each, style="dim")) for each in _below(view)),
        _indent(Text(f"{words.say('report_receipt')} {view.verdict.receipt.short}", style="dim"), below=2),
    )


def _indent(what: RenderableType, above: int = 0, below: int = 0) -> Padding:
    return Padding(what, (above, 0, below, 3))


def _below(view: VerdictView) -> Iterator[str]:
    notes = [note for column in view.columns for note in column.notes]
    for each in (
        view.asserts,
        view.turns_on,
        *view.changed,
        view.columns[-1].tested,
        *dict.fromkeys(notes),
        view.window,
        *view.flagged,
        view.provisional,
        view.left_out,
        view.series,
        *view.fits[:1],
        *view.own_caveats,
    ):
        if each:
            yield each


def _table(view: VerdictView, words: Words) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_header=False, show_edge=False, padding=(0, 2, 0, 0))
    table.add_column(width=_LABEL_WIDTH)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for column in view.columns:
        labels = [Text(column.short), Text(column.word_text, style=f"bold {_COLOURS[column.word]}")]
        _add_rows(table, labels, column.rows)
    beside = [*view.proxies, *view.context]
    if beside:
        _add_rows(table, [Text(words.say("short_beside"), style="dim")], beside, style="dim")
    return table


def _add_rows(table: Table, labels: list[Text], rows: Sequence[RowView], style: str = "") -> None:
    several = len({each.reading for each in rows}) > 1
    lines = [line for each in rows for line in _lines(each, named=several)]
    for index in range(max(len(labels), len(lines))):
        label = labels[index] if index < len(labels) else Text()
        value, source = lines[index] if index < len(lines) else ("", "")
        table.add_row(label, Text(value, style=style), Text(source, style=style))
    table.add_section()


def _lines(row: RowView, *, named: bool) -> Iterator[tuple[str, str]]:
    if not row.parts:
        yield row.outcome_text, row.reading
    elif len(row.parts) == 1 and not row.is_answer:
        yield (
            row.value,
            " · ".join(part for part in (row.reading if named else "", row.date, row.release) if part),
        )
    else:
        reading = row.reading if named else ""
        if len(row.value) > _VALUE_WIDTH:
            # What does not fit beside the figures stands over their sources, where text wraps.
            yield "", " · ".join(each for each in (row.value, reading) if each)
        else:
            yield row.value, reading
        for part in row.parts:
            yield f"  {part.value}", " · ".join(one for one in (part.label, part.date, part.release) if one)
