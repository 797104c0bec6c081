"""`recount record matches`: how stints make stays, and how arrests and removals match them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from recount.cli.faults import tell_faults
from recount.cli.output import Format, console, print_csv, print_json

_CSV = (
    *("release", "match", "way", "rule", "events", "matched", "ambiguous", "unmatched"),
    *("ambiguous_with_stay", "no_identifier", "stays", "stays_matched"),
)
_NAMES = {"arrests_to_stays": "arrests to stays", "removals_to_stays": "removals to stays"}
_WAYS = {"mutual_best": "each the other's best", "ddp_greedy": "the project's rule"}


@tell_faults
def matches(
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """Count how stints make stays, and how arrests and removals match them: matched, ambiguous, unmatched.

    Of every release in your own record that has stints. Identifiers hold within a release, and nothing is matched
    across releases.
    """
    from recount.declare.catalog import default_catalog
    from recount.measure.event_engine import open_engine
    from recount.measure.event_matches import count_record_matches
    from recount.record.store import open_record

    report = count_record_matches(open_record(), default_catalog(), open_engine("duckdb"))
    if output is Format.json:
        print_json(asdict(report))
        return
    if output is Format.csv:
        print_csv(_CSV, [[asdict(each)[name] for name in _CSV] for each in report.matches])
        return
    from recount.cli.record_table_parts import indented, plain_table, styled

    out = console()
    if not report.stays:
        out.print("No release of this record has detention stints: add the released files with recount add.")
    for made in report.stays:
        made_up = "SYNTHETIC, made up  " if made.is_synthetic else ""
        out.print(styled((made_up, "bold yellow"), (made.release, "bold")))
        aside = "".join(f", {count:,} {reason.replace('_', ' ')}" for reason, count in made.set_aside.items())
        rule = made.rule.replace("_", " ")
        out.print(
            indented(
                styled(
                    (
                        f"{made.stints:,} stints ({rule}) make {made.stays:,} stays{aside or ', none set aside'}",
                        "",
                    )
                )
            )
        )
        table = plain_table(
            ["", "pairs"], ["events", "matched", "ambiguous", "unmatched", "no id", "stays with"]
        )
        for each in report.matches:
            if each.release == made.release:
                table.add_row(
                    f"{_NAMES.get(each.match, each.match)} ({each.rule.replace('_', ' ')})",
                    _WAYS[each.way],
                    f"{each.events:,}",
                    f"{each.matched:,}",
                    f"{each.ambiguous:,}",
                    f"{each.unmatched:,}",
                    f"{each.no_identifier:,}",
                    f"{each.stays_matched:,}",
                )
        out.print(indented(table))
        out.print()
