"""What an answer means and rests on, laid out below it."""

from __future__ import annotations

from collections.abc import Iterator

from recount.ask.layout import Block, BlockMaker, Note, Shown
from recount.claim.words import Words
from recount.measure.explain import Explanation

_ENGINES = {"duckdb": "DuckDB", "pyspark": "Spark"}


def lay_out_explanation(explanation: Explanation, words: Words) -> Shown:
    """Returns the definition and the choices made, what was left out by release, and the SQL."""
    measure = explanation.answer.measure
    blocks = [_choices(explanation, words)] if measure.forks else []
    blocks += [_left_out(explanation, words)] if explanation.left_out else []
    return Shown(
        title=f"What {measure.measure} means",
        blocks=tuple(blocks),
        notes=tuple(_notes(explanation, words)),
        nothing=measure.description.in_language(words.language),
    )


def _choices(explanation: Explanation, words: Words) -> Block:
    table = BlockMaker()
    table.add_texts("choice", "taken", "why")
    reading = explanation.answer.question["readings"][0]
    for fork in explanation.answer.measure.forks:
        taken = next(each for each in fork.options if each.option == reading[fork.fork])
        label = taken.label.in_language(words.language)
        chosen = reading[fork.fork] != fork.default
        why = "asked" if chosen else f"{fork.reason} (default since {words.date(fork.decided)})"
        table.add_line([fork.question.in_language(words.language), label, why])
    return table.block([("Choices", "")])


def _left_out(explanation: Explanation, words: Words) -> Block:
    table = BlockMaker()
    reasons = [
        name
        for name in explanation.left_out[0].undecided
        if any(each.undecided[name] for each in explanation.left_out)
    ]
    table.add_texts("release")
    table.add_numbers("rows", "repeated", "outside", *reasons, "counted")
    for each in explanation.left_out:
        numbers = [
            each.rows,
            each.repeated,
            each.outside,
            *(each.undecided[name] for name in reasons),
            each.counted,
        ]
        table.add_line([each.release, *map(words.number, numbers)])
    return table.block([("Rows", "")])


def _notes(explanation: Explanation, words: Words) -> Iterator[Note]:
    measure = explanation.answer.measure
    yield Note(
        f"Of {measure.population.in_language(words.language)}; one row of {measure.table} each, in {measure.unit}."
    )
    if explanation.left_out:
        yield Note(
            "repeated: dropped by the rule of duplicates. outside: the conditions do not hold. missing, redacted, "
            "suppressed: not known, and within the bounds. counted: the conditions hold."
        )
    if not explanation.sql:
        yield Note(
            "Printed figures are read from their cells; --format json names each, with file, sheet and row."
        )
    for dialect, statements in explanation.sql.items():
        for statement in statements:
            yield Note(f"\n{_ENGINES[dialect]}:\n{statement}", weight="")
