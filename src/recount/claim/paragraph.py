"""A verdict as one paragraph, ready to paste."""

from __future__ import annotations

from collections.abc import Sequence

from recount.claim.rows import Part, RowView
from recount.claim.verdict import Verdict
from recount.claim.view import ColumnView, VerdictView, view_verdict
from recount.claim.words import Words
from recount.declare.claim_types import measures_of
from recount.measure.figures import MeasuredFigure

_FEW = 3


def write_paragraph(verdict: Verdict, words: Words) -> str:
    """Returns the verdict as one paragraph of plain language.

    It gives the statement, the verdict, the numbers with release and date, what the answer turns on,
    what was restated, why it is provisional, how far the words and the record part, and the receipt.
    """
    view = view_verdict(verdict, words)
    sentences = [_opening(view, words), words.say("sentence_headline", headline=view.headline_text)]
    if verdict.asked:
        for column in view.columns:
            sentences += _column_sentences(column, view, words)
    if view.turns_on:
        sentences.append(view.turns_on)
    sentences += view.changed
    sentences.append(view.columns[-1].tested)
    if view.beside:
        sentences.append(words.say("sentence_context", values=_values(view.beside, words)))
    if view.proxies and verdict.headline == "untestable":
        sentences.append(words.say("sentence_proxy", values=_values(view.proxies, words)))
    sentences += view.flagged
    sentences += [each for each in (view.provisional, view.left_out) if each]
    declared = [each for each in measures_of(verdict.claim.asserts) if each.fit != "proxy"]
    sentences += dict.fromkeys(each.why.in_language(words.language) for each in declared)
    sentences += view.own_caveats
    sentences.append(words.say("sentence_receipt", receipt=verdict.receipt.short))
    return " ".join(each.strip() for each in sentences if each.strip())


def _opening(view: VerdictView, words: Words) -> str:
    said = view.verdict.claim.said
    filled_in = {"speaker": view.speaker, "statement": view.statement.rstrip(".")}
    if said.from_date == said.to_date:
        return words.say("sentence_said_on", date=words.date(said.to_date), **filled_in)
    if said.from_date is None:
        return words.say("sentence_said_undated", date=words.date(said.to_date), **filled_in)
    start, end = words.date(said.from_date), words.date(said.to_date)
    return words.say("sentence_said_between", start=start, end=end, **filled_in)


def _column_sentences(column: ColumnView, view: VerdictView, words: Words) -> list[str]:
    speaking = [each for each in column.rows if each.figures]
    last = view.columns[-1]
    if not speaking:
        values = words.say("value_none")
    elif column is not last and len(speaking) > _FEW and column.word == last.word:
        return [words.say("sentence_word", column=column.label, word=column.word_text), *column.notes]
    else:
        values = _values(speaking, words)
    return [words.say("sentence_column", column=column.label, values=values), *column.notes]


def _values(rows: Sequence[RowView], words: Words) -> str:
    groups: dict[str, list[RowView]] = {}
    for each in rows:
        groups.setdefault(each.reading, []).append(each)
    brief = len(rows) > _FEW
    parts = []
    for reading, members in groups.items():
        values = words.listing([_value(each, words, brief=brief) for each in members])
        parts.append(
            words.say("sentence_group", reading=reading, values=values) if len(groups) > 1 else values
        )
    return "; ".join(parts)


def _value(row: RowView, words: Words, *, brief: bool) -> str:
    if len(row.parts) > 1 or row.is_answer:
        where = "; ".join(
            f"{_label(each)}{each.value}, {_printed(each.figure, words, brief=brief)}" for each in row.parts
        )
        return f"{row.value} ({where})" if where else row.value
    (figure,) = row.figures
    value = row.value.replace(" = ", ", ")
    return words.say("sentence_dated", value=value, date=f"({_printed(figure, words, brief=brief)})")


def _label(part: Part) -> str:
    return f"{part.label}: " if part.label else ""


def _printed(figure: MeasuredFigure, words: Words, *, brief: bool) -> str:
    date = words.counted_through(figure)
    return date if brief else f"{figure.release.title.in_language(words.language)}, {date}"
