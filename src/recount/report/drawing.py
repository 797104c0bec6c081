"""The picture of a verdict as a file of its own: SVG, light and dark, with its text alternative."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from recount.claim.verdict import Verdict, check_claim
from recount.claim.view import view_verdict
from recount.claim.words import Words
from recount.declare.catalog import default_catalog
from recount.measure.prints import PrintBook
from recount.record.store import open_record
from recount.report.picture import Mark, draw_verdict
from recount.report.rendering import environment

_WIDTH = 840
_LEFT, _RIGHT = 250, 190
_CHARACTER = 7
_TOP, _ROW, _GAP = 72, 28, 10


@dataclass(frozen=True)
class Line:
    """One line of the drawing: a heading, or a mark."""

    y: int
    heading: str = ""
    mark: Mark | None = None


def draw_svg(verdict: Verdict, words: Words) -> str | None:
    """Returns the picture of `verdict` as SVG text, `None` where there is nothing to draw."""
    picture = draw_verdict(verdict, words)
    if picture is None:
        return None
    view = view_verdict(verdict, words)
    lines: list[Line] = []
    y = _TOP + _ROW // 2
    for group in picture.groups:
        if len(picture.groups) > 1:
            lines.append(Line(y, heading=group.label))
            y += _ROW
        for mark in group.marks:
            lines.append(Line(y, mark=mark))
            y += _ROW
        y += _GAP
    bottom = y - _ROW // 2 - _GAP + 4
    # A span of days is longer than a date, and must not run into the marks.
    labels = [len(f"{line.mark.date} · {line.mark.authority}") for line in lines if line.mark is not None]
    left = max(_LEFT, _CHARACTER * max(labels, default=0))
    inner = _WIDTH - left - _RIGHT
    text = (
        environment()
        .get_template("picture.svg.j2")
        .render(
            width=_WIDTH,
            height=bottom + 34,
            top=_TOP,
            bottom=bottom,
            title=view.title,
            subtitle=view.asserts,
            picture=picture,
            lines=lines,
            place=lambda percent: round(left + inner * percent / 100, 2),
        )
    )
    return "\n".join(line for line in text.splitlines() if line.strip()) + "\n"


def main() -> None:
    """Writes the pictures that the documentation shows into the folder given."""
    catalog = default_catalog()
    book = PrintBook(open_record(), catalog)
    drawn = draw_svg(check_claim(catalog.claim("boston-no-convictions"), book), Words(catalog, "en"))
    if drawn is None:
        raise TypeError("the claim has no figures to draw")
    (Path(sys.argv[1]) / "boston.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
