"""How many claims there are, by who spoke, by type and by verdict, as a terminal and other programs read it."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Table

from recount.claim.counting import HEADLINES, CountRow, count_claims
from recount.claim.verdict import Verdict
from recount.claim.words import Words
from recount.cli.output import Format, console, print_csv, print_json
from recount.report.claims_count import label_of_row


def print_count(verdicts: Sequence[Verdict], words: Words, output: Format) -> None:
    """Prints the count of verdicts: two tables, JSON, or one row a group."""
    count = count_claims(verdicts, words.catalog)
    if output is Format.json:
        print_json(count.as_json())
    elif output is Format.csv:
        rows = [
            [by, each.name, *(each.by_headline[one] for one in HEADLINES), each.total]
            for by, group in (
                ("speaker", count.by_speaker),
                ("type", count.by_type),
                ("all", (count.total,)),
            )
            for each in group
        ]
        print_csv(("by", "name", *HEADLINES, "total"), rows)
    else:
        out = console()
        out.print(_table("speaker", [*count.by_speaker, count.total], words))
        out.print(_table("type", [*count.by_type, count.total], words))


def _table(by: str, rows: Sequence[CountRow], words: Words) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column(words.say(f"count_head_{by}"), no_wrap=True)
    for each in HEADLINES:
        table.add_column(words.say(f"count_word_{each}"), justify="right")
    table.add_column(words.say("count_head_all"), justify="right")
    for row in rows:
        numbers = [str(row.by_headline[each] or "·") for each in HEADLINES]
        table.add_row(label_of_row(row.name, words), *numbers, str(row.total))
    return table
