"""A comparison of two releases as one self-contained HTML page, without scripts or a request to anywhere."""

from __future__ import annotations

from collections.abc import Sequence

from recount.declare.comparing import Comparing
from recount.declare.sources import KnownRelease
from recount.report.rendering import environment, read_template
from recount.revise.compare_findings import Comparison
from recount.revise.compare_phrases import SpokenWords
from recount.revise.compare_view import SectionView, TableView
from recount.revise.phrases import published

EN_DASH = "\N{EN DASH}"


def write_comparison(
    comparison: Comparison, sections: Sequence[SectionView], words: SpokenWords, comparing: Comparing
) -> str:
    """Returns the page of a comparison as HTML text. The same comparison gives the same bytes."""

    def say(text: str, **filled_in: object) -> str:
        return comparing.say(text, words.language, **filled_in)

    page = (
        environment()
        .get_template("compare.html.j2")
        .render(
            comparison=comparison,
            sections=sections,
            sides=[
                (name, each, describe_release(each, words, comparing))
                for name, each in (("a", comparison.a), ("b", comparison.b))
            ],
            say=say,
            language=words.language,
            notes=[each.in_language(words.language) for each in comparison.notes],
            number=words.number,
            is_figure=is_figure,
            style=read_template("report.css"),
        )
    )
    return "\n".join(line for line in page.splitlines() if line.strip()) + "\n"


def describe_release(release: KnownRelease, words: SpokenWords, comparing: Comparing) -> str:
    """Returns a release's title, when it came out, and through when it counts, in one line."""
    return comparing.say(
        "release_line",
        words.language,
        title=release.title.in_language(words.language),
        published=_published(release, words, comparing),
        through=words.date(release.covers_through),
    )


def _published(release: KnownRelease, words: SpokenWords, comparing: Comparing) -> str:
    if words.language == "en":
        return published(release)
    first, last = release.published_from, release.published_to
    if first is not None and last is not None:
        ends = [words.date(each) for each in dict.fromkeys((first, last))]
        return f" {EN_DASH} ".join(ends)
    if first is not None:
        return comparing.say("out_from", words.language, first=words.date(first))
    if last is not None:
        return comparing.say("out_by", words.language, last=words.date(last))
    return comparing.say("out_undated", words.language)


def is_figure(table: TableView, column: int) -> bool:
    """Returns whether a column holds numbers: those after the texts do, but for remarks at the end."""
    return table.texts <= column < len(table.header) - table.remarks
