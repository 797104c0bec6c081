"""`recount describe`: one declared thing, whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from recount.cli.faults import tell_faults
from recount.cli.output import Format, console, print_csv, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import BaseModel
    from rich.table import Table as RichTable

    from recount.declare.tables import CodeList, Table
    from recount.declare.workbooks import SheetLayout


@tell_faults
def describe(
    name: Annotated[
        str,
        typer.Argument(
            help="A source, release, table, measure, claim, code list or sheet of workbooks; a table that shares "
            "its name with a measure as table/NAME."
        ),
    ],
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """Describe a source, release, table, measure, claim, code list or sheet, as the catalog declares it."""
    from recount.declare.catalog import default_catalog
    from recount.declare.event_measures import EventMeasure
    from recount.declare.tables import CodeList
    from recount.declare.tables import Table as DeclaredTable
    from recount.declare.workbooks import SheetLayout
    from recount.errors import UnknownNameError

    catalog = default_catalog()
    events = catalog.events
    files = {**catalog.files, **events.files}
    things: dict[str, tuple[str, BaseModel]] = {}
    for kind, known in (
        ("layout", events.layouts),
        ("sheet", catalog.sheets),
        ("codes", events.codes),
        ("release", catalog.releases),
        ("source", catalog.sources),
        ("claim", catalog.claims),
        ("table", {**catalog.tables, **events.tables}),
        ("measure", {**catalog.measures, **events.measures}),
    ):
        things |= {each: (kind, thing) for each, thing in known.items()}
        # A table and a measure can share a name: the kind before it tells them apart.
        things |= {f"{kind}/{each}": (kind, thing) for each, thing in known.items()}
    if name not in things:
        known_names = [each for each in things if "/" not in each]
        raise UnknownNameError(
            "source, release, table, measure, claim, code list or sheet", name, known_names
        )
    kind, thing = things[name]
    name = name.removeprefix(f"{kind}/")
    if output is Format.json:
        print_json(thing.model_dump(mode="json", by_alias=True))
        return
    if isinstance(thing, DeclaredTable):
        _print_table(thing, output)
        return
    if output is Format.csv:
        print_csv(("key", "value"), _flat(thing.model_dump(mode="json", by_alias=True)))
        return
    from rich.table import Table
    from rich.text import Text

    out = console()
    out.print(Text.assemble((name, "bold"), (f"  {kind}, declared in {files[kind, name]}", "dim")))
    if isinstance(thing, CodeList):
        _print_codes(thing)
        return
    if isinstance(thing, SheetLayout) and thing.tables:
        _print_sheet(thing)
        return
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column()
    # Of individual records what is left at its default goes without saying: most dimensions are a column.
    brief = isinstance(thing, EventMeasure)
    for key, value in _flat(
        thing.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=brief)
    ):
        table.add_row(key, Text(value))
    out.print(table)


def _print_table(declared: Table, output: Format) -> None:
    rows = [
        (
            each.name,
            each.type,
            each.unit or "",
            each.codes or "",
            "yes" if each.may_be_missing else "",
            each.description,
        )
        for each in declared.fields
    ]
    header = ("column", "type", "unit", "codes", "may be missing", "description")
    if output is Format.csv:
        print_csv(header, rows)
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    out = console()
    out.print(Text.assemble((declared.table, "bold"), (f"  one row is {declared.one_row_is}", "dim")))
    out.print(Text(f"unique key: {', '.join(declared.unique_key)}", style="dim"))
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 2, 0, 0))
    for heading in ("column", "type", "description"):
        shown.add_column(heading, no_wrap=heading != "description")
    for name, kind, _, codes, missing, description in rows:
        more = f" Codes: {codes}." if codes else ""
        shown.add_row(name, kind, description + more + (" May be missing." if missing else ""))
    out.print(shown)
    for identity in declared.sums:
        out.print(Text(f"{identity.total} = {' + '.join(identity.parts)}", style="dim"))


def _print_codes(codes: CodeList) -> None:
    from rich.text import Text

    out = console()
    out.print(Text(f"{codes.description} Source: {codes.source}.", style="dim"))
    out.print(
        _rows(
            ("code", "label", "spellings", "reason"),
            [
                (each.code, each.label.en, "; ".join(each.spellings), each.reason or "")
                for each in codes.codes
            ],
        )
    )
    for ignored in codes.ignored:
        out.print(Text(f"{ignored.spelling!r} carries no code: {ignored.reason}", style="dim"))


def _print_sheet(sheet: SheetLayout) -> None:
    from rich.text import Text

    out = console()
    out.print(Text(f"a sheet of {sheet.source}, called {sheet.names}", style="dim"))
    out.print(
        _rows(
            ("table", "goes to", "figure", "period", "title"),
            [
                (each.table, each.core, each.figure or "as its labels say", each.period, each.title)
                for each in sheet.tables
            ],
        )
    )
    for note in sheet.notes:
        out.print(Text(f"{note.text}: {note.reason}", style="dim"))


def _rows(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> RichTable:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for heading in headings:
        shown.add_column(heading, overflow="fold")
    for row in rows:
        shown.add_row(*map(Text, row))
    return shown


def _flat(value: Any, prefix: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict):
        if set(value) == {"en", "es"}:
            return [(prefix, str(value["en"]))]
        return [
            pair
            for key, inner in value.items()
            for pair in _flat(inner, f"{prefix}.{key}" if prefix else key)
        ]
    if isinstance(value, list):
        if all(not isinstance(each, dict | list) for each in value):
            return [(prefix, ", ".join(map(str, value)))] if value else []
        return [
            pair for index, inner in enumerate(value, start=1) for pair in _flat(inner, f"{prefix}.{index}")
        ]
    return [(prefix, str(value))]
