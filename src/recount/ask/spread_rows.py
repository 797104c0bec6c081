"""The spread of an answer over readings, laid out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from recount.ask import event_rows
from recount.ask.layout import Block, BlockMaker, Note, Shown, without_repeats
from recount.ask.row_labels import (
    headings_of,
    kind_of,
    labels_of,
    lists_releases,
    notes_of,
    number_text,
    range_text,
    reading_text,
    title_with_rate,
    value_text,
    with_total,
)
from recount.claim.words import Words
from recount.measure.answer import Answer
from recount.measure.event_answer import EventRow
from recount.measure.spread import Spread, SpreadRow


def lay_out_spread(spread: Spread, words: Words) -> Shown:
    """Returns a line for each part: lowest, default, highest, what moves it most, and what it could be."""
    if isinstance(spread.answer, Answer):
        blocks = [_table(spread.rows, spread, words)] if spread.rows else []
    else:
        by_release = groupby(spread.rows, key=lambda each: each.sample.release.release)
        blocks = [_table(list(rows), spread, words) for _, rows in by_release]
    *notes, last = notes_of(spread.answer, words)
    return Shown(
        title=f"{title_with_rate(spread.answer, words)}: the spread over readings",
        blocks=tuple(blocks),
        notes=(*_extremes(spread, words), *notes, last),
        nothing=None if spread.rows else "No release of this record can answer it.",
    )


def _table(rows: Sequence[SpreadRow], spread: Spread, words: Words) -> Block:
    answer, kind = spread.answer, kind_of(spread.answer, words)
    bounded = any(range_text(each.bounds, kind, words) for each in rows)
    few = any(each.answered < answer.readings for each in rows)
    table = BlockMaker()
    table.add_texts(*(headings_of(answer) or [""]))
    table.add_numbers("lowest", "default", "highest")
    table.add_texts("moved most by")
    table.add_numbers(*(["could be"] if bounded else []), *(["readings"] if few else []))
    if lists_releases(answer):
        table.add_texts("release")
    labels = without_repeats([with_total(labels_of(each.sample, answer, words)) for each in rows])
    for each, shown in zip(rows, labels, strict=True):
        cells = [
            *shown,
            *(number_text(one, kind, words) for one in (each.lowest, each.default, each.highest)),
            (each.moved_most_by or "–").replace("_", " "),
        ]
        cells += [range_text(each.bounds, kind, words)] if bounded else []
        cells += [words.number(each.answered)] if few else []
        cells += [each.sample.release.release] if lists_releases(answer) else []
        is_total = isinstance(each.sample, EventRow) and each.sample.cell.kind == "total"
        table.add_line(cells, is_total=is_total and len(rows) > 1)
    sample = rows[0].sample
    return table.block(event_rows.heading_of(sample) if isinstance(sample, EventRow) else ())


def _extremes(spread: Spread, words: Words) -> Iterator[Note]:
    """Yields, for each total or only part that readings move, which readings make it lowest and highest."""
    kind = kind_of(spread.answer, words)
    for row in spread.rows:
        whole = not isinstance(row.sample, EventRow) or row.sample.cell.kind == "total"
        if not whole or row.moved_most_by is None:
            continue
        low, high = (reading_text(each.reading, spread.answer, words) for each in (row.lowest, row.highest))
        swings = "; ".join(
            f"{fork.replace('_', ' ')} {value_text(least, kind, words)} to {value_text(most, kind, words)}"
            for fork, (least, most) in row.swings.items()
            if most > least
        )
        of = ", ".join(
            [row.sample.release.release, *filter(None, labels_of(row.sample, spread.answer, words))]
        )
        yield Note(f"{of}: lowest under {low}, highest under {high}. One fork at a time: {swings}.", mark="·")
