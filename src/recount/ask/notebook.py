"""Laid-out answers as HTML, for notebooks: nothing is fetched, and light and dark pages both read well."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from recount.ask.layout import Block, Shown

_CELL = "padding:2px 12px 2px 0;border:0;background:none;white-space:{space};text-align:{side};font-weight:{weight}"
_RULE = "border-bottom:1px solid currentColor"
_DIM = "opacity:.75"


def as_html(shown: Shown) -> str:
    """Returns a laid-out answer as one element of HTML, caveats included."""
    return "\n".join(_lines(shown))


def _lines(shown: Shown) -> Iterator[str]:
    yield '<div class="recount" style="max-width:60em">'
    yield f"<p><strong>{escape(shown.title)}</strong></p>"
    if shown.nothing is not None:
        yield f"<p>{escape(shown.nothing)}</p>"
    for block in shown.blocks:
        yield from table_as_html(block)
    for note in shown.notes:
        mark = f"{escape(note.mark)} " if note.mark.strip() else ""
        weight = "font-weight:bold" if note.weight == "warning" else _DIM
        yield f'<p style="margin:.2em 0;{weight}">{mark}{escape(note.text)}</p>'
    yield "</div>"


def table_as_html(block: Block) -> Iterator[str]:
    """Yields one table of a laid-out answer as HTML."""
    yield '<table style="border-collapse:collapse">'
    if block.heading:
        said = "".join(
            f"<strong>{escape(text)}</strong>" if weight in ("", "alarm") else escape(text)
            for text, weight in block.heading
        )
        yield f'<caption style="text-align:left;color:inherit">{said}</caption>'
    yield "<thead><tr>"
    for column in block.columns:
        style = _CELL.format(space="normal", side="right" if column.is_number else "left", weight="bold")
        yield f'<th scope="col" style="{style};{_RULE}">{escape(column.heading)}</th>'
    yield "</tr></thead><tbody>"
    for line in block.lines:
        cells = []
        for column, cell in zip(block.columns, line.cells, strict=True):
            style = _CELL.format(
                space="normal" if column.breaks else "nowrap",
                side="right" if column.is_number else "left",
                weight="bold" if line.is_total else "normal",
            )
            cells.append(f'<td style="{style}">{escape(cell)}</td>')
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody></table>"
