"""`recount compare`: what one release has and another lacks, and what each says otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recount.cli.faults import tell_faults
from recount.cli.options import chosen_engine
from recount.cli.output import Format, console, print_csv, print_json, write_text
from recount.errors import CheckFailedError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from recount.ask import OpenRecord
    from recount.claim.words import Words
    from recount.revise.compare_findings import Comparison, Judged, Section
    from recount.revise.compare_view import SectionView, TableView

_ROOM = 3


@tell_faults
def compare(
    context: typer.Context,
    a: Annotated[str, typer.Argument(metavar="RELEASE", help="A release (`recount list releases`).")],
    b: Annotated[str, typer.Argument(metavar="RELEASE", help="The release to hold against it.")],
    table: Annotated[str | None, typer.Option(metavar="TABLE", help="One table alone.")] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            metavar="SECTIONS",
            help="End with code 3 where any of these differ: schema, labels, rows, periods, missing, restated, "
            "verdicts; with commas.",
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write one self-contained page.")
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.table,
) -> None:
    """Compare: two releases, their tables, labels, rows, blanks, restated figures, and claims under each.

    Two releases of printed figures, or two of individual records. Rows of records are counted and never matched.
    """
    from recount.ask import open_record
    from recount.claim.words import Words
    from recount.measure.event_engine import open_engine
    from recount.revise.compare import compare_releases
    from recount.revise.compare_findings import SECTIONS
    from recount.revise.compare_values import CSV_HEADER, comparison_as_json, comparison_rows
    from recount.revise.compare_view import view_comparison

    gates = _read_sections(fail_on, SECTIONS)
    if report is not None and report.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{report} is no HTML file.", [("fix", f"write {report.with_suffix('.html')}")])
    record = open_record(engine=chosen_engine(context))
    comparison = compare_releases(
        record.record,
        record.catalog,
        (a, b),
        engine=lambda: open_engine(record.engine),
        judge=lambda narrowed: _judge(record, narrowed),
        table=table,
    )
    words = Words(record.catalog, "en")
    sections = view_comparison(comparison, record.catalog, words)
    if report is not None:
        from recount.report.compare_page import write_comparison

        write_text(report, write_comparison(comparison, sections, words))
    if output is Format.json:
        print_json(comparison_as_json(comparison))
    elif output is Format.csv:
        print_csv(CSV_HEADER, comparison_rows(comparison))
    else:
        _show(comparison, sections, words)
        if report is not None:
            typer.echo(f"Page: {report}")
    differing = comparison.name_differing(gates)
    if differing:
        raise CheckFailedError(f"{a} and {b} differ in {differing}.", [("asked", f"--fail-on {fail_on}")])


def _read_sections(given: str | None, known: Sequence[Section]) -> list[Section]:
    found = []
    for each in (given or "").split(","):
        name = each.strip()
        if name:
            if name not in known:
                raise UnknownNameError("section", name, known, [("known", ", ".join(known))])
            found.append(next(one for one in known if one == name))
    return found


def _judge(record: OpenRecord, narrowed: object) -> Mapping[str, tuple[str, Judged]]:
    """Returns how a record judges every shipped claim, and the numbers of `now` under each."""
    from recount.ask.record import OpenRecord
    from recount.claim.rows import reading_label
    from recount.claim.words import Words
    from recount.record.store import Record
    from recount.revise.compare_findings import Judged, JudgedNumber

    if not isinstance(narrowed, Record):
        raise TypeError("a record is judged by")
    words = Words(record.catalog, "en")
    asked = OpenRecord(narrowed, record.catalog, record.engine)
    found = {}
    for claim in asked.claims():
        try:
            verdict = asked.check(claim)
        except UnknownNameError:
            # No release out by then prints a place that the claim speaks of.
            found[claim.claim] = (claim.title.en, Judged("untestable", "untestable", ()))
            continue
        now = verdict.columns["now"]
        numbers: list[JudgedNumber] = []
        for mark in (*now.marks, *now.proxies):
            figure = mark.spoken.figures[0] if mark.spoken.figures else None
            numbers.append(
                JudgedNumber(
                    asked=reading_label(mark.asked, verdict, words),
                    outcome=mark.outcome,
                    value=mark.outcome if figure is None else words.value(figure),
                    release=None if figure is None else figure.release.release,
                    through_date=None if figure is None else figure.through_date,
                    numerator=None if figure is None else figure.numerator,
                    denominator=None if figure is None else figure.denominator,
                )
            )
        found[claim.claim] = (
            claim.title.en,
            Judged(verdict.headline, now.word, tuple(dict.fromkeys(numbers))),
        )
    return found


def _show(comparison: Comparison, sections: Sequence[SectionView], words: Words) -> None:
    from rich.text import Text

    from recount.report.compare_page import describe_release

    out = console()
    for name, release in (("a", comparison.a), ("b", comparison.b)):
        out.print(Text.assemble((f"{name}  ", "bold"), (release.release, "bold")))
        out.print(Text(f"   {describe_release(release, words)}", style="dim"))
    for each in sections:
        out.print()
        mark = "●" if each.differences else "○"
        out.print(Text.assemble((f"{mark} {each.title}", "bold"), f"  {each.summary}"))
        for table in each.tables:
            _show_table(table, out)
    if comparison.notes:
        out.print()
        for note in comparison.notes:
            out.print(Text(note, style="dim"))


def _show_table(table: TableView, out: Console) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from recount.report.compare_page import is_figure

    shown = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for at, name in enumerate(table.header):
        is_text = not is_figure(table, at)
        shown.add_column(name, justify="left" if is_text else "right", no_wrap=not is_text, overflow="fold")
    for row in table.rows[: table.shown]:
        shown.add_row(*map(Text, row))
    if table.caption:
        out.print(Padding(Text(table.caption, style="italic"), (0, 0, 0, _ROOM)))
    out.print(Padding(shown, (0, 0, 0, _ROOM)))
    rest = len(table.rows) - table.shown
    rows = "row" if rest == 1 else "rows"
    notes = [f"{rest:,} more {rows}: --format csv, or --report."] if rest > 0 else []
    notes += [table.note] if table.note else []
    for note in notes:
        out.print(Padding(Text(note, style="dim"), (0, 0, 0, _ROOM)))
