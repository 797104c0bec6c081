"""A comparison of two releases on a terminal, and as HTML in a notebook."""

from __future__ import annotations

import io
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from recount.ask.comparing import ReleaseComparison
from recount.ask.layout import BlockMaker
from recount.ask.notebook import table_as_html
from recount.report.compare_page import describe_release, is_figure
from recount.revise.compare_view import TableView

if TYPE_CHECKING:
    from rich.console import Console

_WIDTH_ELSEWHERE = 100
_ROOM = 3


def print_comparison(shown: ReleaseComparison, out: Console) -> None:
    """Prints both releases, and every section with its tables; long ones end with how many rows there are more."""
    from rich.text import Text  # noqa: PLC0415  slow to import, and JSON does without

    comparison = shown.comparison
    for name, release in (("a", comparison.a), ("b", comparison.b)):
        out.print(Text.assemble((f"{name}  ", "bold"), (release.release, "bold")))
        out.print(Text(f"   {describe_release(release, shown.words, shown.comparing)}", style="dim"))
    for each in shown.sections():
        out.print()
        mark = "●" if each.differences else "○"
        out.print(Text.assemble((f"{mark} {each.title}", "bold"), f"  {each.summary}"))
        for table in each.tables:
            _print_table(table, shown, out)
    if comparison.notes:
        out.print()
        for note in comparison.notes:
            out.print(Text(note.in_language(shown.language), style="dim"))


def _print_table(table: TableView, comparison: ReleaseComparison, out: Console) -> None:
    from rich.padding import Padding  # noqa: PLC0415  as above
    from rich.table import Table  # noqa: PLC0415  as above
    from rich.text import Text  # noqa: PLC0415  as above

    shown = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for at, name in enumerate(table.header):
        is_text = not is_figure(table, at)
        shown.add_column(name, justify="left" if is_text else "right", no_wrap=not is_text, overflow="fold")
    for row in table.rows[: table.shown]:
        shown.add_row(*map(Text, row))
    if table.caption:
        out.print(Padding(Text(table.caption, style="italic"), (0, 0, 0, _ROOM)))
    out.print(Padding(shown, (0, 0, 0, _ROOM)))
    for note in _notes(table, comparison, "more_where"):
        out.print(Padding(Text(note, style="dim"), (0, 0, 0, _ROOM)))


def _notes(table: TableView, shown: ReleaseComparison, where: str) -> list[str]:
    rest = len(table.rows) - table.shown
    notes = [table.note] if table.note else []
    if rest > 0:
        key = "one_more_row" if rest == 1 else "many_more_row"
        rows = shown.say(key, count=shown.words.number(rest))
        notes.insert(0, shown.say("more", rows=rows, where=shown.say(where)))
    return notes


def as_text(shown: ReleaseComparison) -> str:
    """Returns a comparison as text of 100 columns, without colours."""
    from rich.console import Console  # noqa: PLC0415  as above

    buffer = io.StringIO()
    print_comparison(shown, Console(file=buffer, width=_WIDTH_ELSEWHERE, highlight=False, color_system=None))
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines())


def as_html(shown: ReleaseComparison) -> str:
    """Returns a comparison as one element of HTML."""
    return "\n".join(_lines(shown))


def _lines(shown: ReleaseComparison) -> Iterator[str]:
    comparison = shown.comparison
    yield '<div class="recount" style="max-width:60em">'
    for name, release in (("a", comparison.a), ("b", comparison.b)):
        said = escape(describe_release(release, shown.words, shown.comparing))
        yield f"<p><strong>{name} {escape(release.release)}</strong><br>{said}</p>"
    for each in shown.sections():
        mark = "●" if each.differences else "○"
        yield f"<p><strong>{mark} {escape(each.title)}</strong> {escape(each.summary)}</p>"
        for table in each.tables:
            maker = BlockMaker()
            for at, name in enumerate(table.header):
                (maker.add_numbers if is_figure(table, at) else maker.add_texts)(name)
            for row in table.rows[: table.shown]:
                maker.add_line(row)
            yield from table_as_html(maker.block([(table.caption, "")] if table.caption else []))
            for note in _notes(table, shown, "more_where_python"):
                yield f'<p style="margin:.2em 0;opacity:.75">{escape(note)}</p>'
    for remark in comparison.notes:
        yield f'<p style="margin:.2em 0;opacity:.75">{escape(remark.in_language(shown.language))}</p>'
    yield "</div>"
