"""`recount list`: what there is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from recount.cli.faults import tell_faults
from recount.cli.output import Format, console, print_csv, print_json

if TYPE_CHECKING:
    from recount.declare.workbooks import SheetLayout


class Kind(StrEnum):
    """What can be listed."""

    sources = "sources"
    releases = "releases"
    tables = "tables"
    measures = "measures"
    claims = "claims"
    codes = "codes"
    sheets = "sheets"


@tell_faults
def list_things(
    kind: Annotated[Kind, typer.Argument(help="What to list.")],
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """List sources, releases, tables, measures, claims, code lists or sheets of workbooks by name."""
    from recount.declare.catalog import default_catalog

    catalog = default_catalog()
    if kind is Kind.releases:
        from recount.record.store import open_record

        rows = [
            (name, f"{each.title.en}; counts through {each.covers_through}")
            for name, each in open_record().releases.items()
        ]
    elif kind is Kind.claims:
        rows = [(each.claim, each.title.en) for each in catalog.claims_in_order()]
    elif kind is Kind.measures:
        rows = [
            *((name, each.title.en) for name, each in catalog.measures.items()),
            *(
                (name, f"{each.title.en}; individual records")
                for name, each in catalog.events.measures.items()
            ),
        ]
    elif kind is Kind.tables:
        rows = [
            (name, each.one_row_is)
            for name, each in (*catalog.tables.items(), *catalog.events.tables.items())
        ]
    elif kind is Kind.codes:
        rows = [(name, each.description) for name, each in sorted(catalog.events.codes.items())]
    elif kind is Kind.sheets:
        rows = [(name, _sheet(each)) for name, each in catalog.sheets.items()]
    else:
        rows = [(name, each.title.en) for name, each in catalog.sources.items()]
    if output is Format.json:
        print_json([{"name": name, "title": title} for name, title in rows])
    elif output is Format.csv:
        print_csv(("name", "title"), rows)
    else:
        from rich.table import Table

        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True, style="bold")
        table.add_column()
        for name, title in rows:
            table.add_row(name, title)
        console().print(table)


def _sheet(sheet: SheetLayout) -> str:
    if sheet.tables:
        return f"{sheet.source}; {', '.join(each.table for each in sheet.tables)}"
    what = {"facilities": "one row a facility", "dates": "dates among notes"}.get(sheet.reads, "text alone")
    return f"{sheet.source}; {what}"
