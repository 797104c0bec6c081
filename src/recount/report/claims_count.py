"""The shipped claims, counted by who spoke and by verdict: a page of the documentation."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from recount.claim.counting import HEADLINES, ClaimCount, CountRow, count_claims
from recount.claim.verdict import Verdict, check_claim
from recount.claim.words import Words
from recount.declare.catalog import Catalog, default_catalog
from recount.declare.inclusion import load_inclusion
from recount.measure.prints import PrintBook
from recount.record.store import open_record

PAGE = "claims.md"
_HEAD = """# The shipped claims, counted

Made from the catalog and the embedded record by `make docs`. `recount check --count` prints the same counts, and
`recount check` the verdicts. A verdict says what the record shows, and not whether anyone told the truth.
"""


def write_claims_page(verdicts: Sequence[Verdict], catalog: Catalog) -> str:
    """Returns the page as Markdown: counts by speaker and by type, the rule of inclusion, and every claim."""
    words = Words(catalog, "en")
    count = count_claims(verdicts, catalog)
    return (
        "\n".join(
            [
                _HEAD,
                *_table("who spoke", count.by_speaker, count, words),
                *_table("type", count.by_type, count, words),
                *_rule(catalog),
                *_claims(verdicts, words),
            ]
        )
        + "\n"
    )


def label_of_row(name: str, words: Words) -> str:
    """Returns what people call a row of the count: a kind of speaker, or a type of claim."""
    for each in load_inclusion(words.catalog).speakers:
        if each.speaker == name:
            return each.label.in_language(words.language)
    return words.say(f"count_{name}")


def _table(head: str, rows: Sequence[CountRow], count: ClaimCount, words: Words) -> Iterator[str]:
    titles = [words.say(f"headline_{each}") for each in HEADLINES]
    yield f"| {head} | {' | '.join(titles)} | claims |"
    yield f"| --- |{' ---: |' * (len(HEADLINES) + 1)}"
    for row in (*rows, count.total):
        numbers = [*(row.by_headline[each] for each in HEADLINES), row.total]
        yield f"| {label_of_row(row.name, words)} | {' | '.join(str(each) for each in numbers)} |"
    yield ""


def _rule(catalog: Catalog) -> Iterator[str]:
    inclusion = load_inclusion(catalog)
    yield f"## What gets in\n\nDecided on {inclusion.decided}.\n"
    for each in inclusion.conditions:
        yield f"- **{each.condition.replace('_', ' ').capitalize()}.** {each.text.en} {each.reason}"
    yield f"\nKinds of speaker: {inclusion.speakers_reason}\n"


def _claims(verdicts: Sequence[Verdict], words: Words) -> Iterator[str]:
    yield "## The claims\n"
    yield "| claim | who spoke | type | said | verdict |"
    yield "| --- | --- | --- | --- | --- |"
    for each in verdicts:
        claim = each.claim
        title = claim.title.en
        where = f"[{title}]({claim.appeared.url})" if claim.appeared.url else title
        speaker = label_of_row(claim.speaker or "not_said", words)
        yield (
            f"| {where} | {speaker}: {claim.said_by.en} | {words.say(f'count_{claim.asserts.type}')} | "
            f"{claim.said.to_date} | {words.say(f'headline_{each.headline}')} |"
        )


def main() -> None:
    """Writes the page into the folder given, from the embedded record."""
    catalog = default_catalog()
    book = PrintBook(open_record(), catalog)
    verdicts = [check_claim(each, book) for each in catalog.claims_in_order()]
    (Path(sys.argv[1]) / PAGE).write_text(write_claims_page(verdicts, catalog), encoding="utf-8")


if __name__ == "__main__":
    main()
