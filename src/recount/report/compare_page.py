"""A comparison of two releases as one self-contained HTML page, without scripts or a request to anywhere."""

from __future__ import annotations

from collections.abc import Sequence

from recount.declare.sources import KnownRelease
from recount.report.rendering import environment, read_template
from recount.revise.compare_findings import Comparison
from recount.revise.compare_view import SectionView, TableView
from recount.revise.phrases import NumberWords, published


def write_comparison(comparison: Comparison, sections: Sequence[SectionView], words: NumberWords) -> str:
    """Returns the page of a comparison as HTML text. The same comparison gives the same bytes."""
    page = (
        environment()
        .get_template("compare.html.j2")
        .render(
            comparison=comparison,
            sections=sections,
            sides=[
                (name, each, describe_release(each, words))
                for name, each in (("a", comparison.a), ("b", comparison.b))
            ],
            number=words.number,
            is_figure=is_figure,
            style=read_template("report.css"),
        )
    )
    return "\n".join(line for line in page.splitlines() if line.strip()) + "\n"


def describe_release(release: KnownRelease, words: NumberWords) -> str:
    """Returns a release's title, when it came out, and through when it counts, in one line."""
    through = words.date(release.covers_through)
    return f"{release.title.en} · out {published(release)} · counts through {through}"


def is_figure(table: TableView, column: int) -> bool:
    """Returns whether a column holds numbers: those after the texts do, but for remarks at the end."""
    return table.texts <= column and table.header[column] not in ("", "where")
