"""Whatever a question asks, laid out: an answer, its spread over readings, a difference, an explanation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recount.ask.figure_rows import lay_out_figures
from recount.ask.layout import Shown
from recount.claim.words import Words
from recount.declare.release_lag import SHORT_SPANS
from recount.measure.answer import Answer

if TYPE_CHECKING:
    from recount.ask.question import MeasureQuestion


def lay_out(question: MeasureQuestion, words: Words) -> Shown:
    """Returns what a question shows as tables and notes."""
    if question.question.compare_with:
        from recount.ask.difference_rows import lay_out_difference  # noqa: PLC0415  few questions need it

        return lay_out_difference(question.difference(), words)
    if question.all_readings:
        from recount.ask.spread_rows import lay_out_spread  # noqa: PLC0415  as above

        return lay_out_spread(question.spread(), words)
    shown = _lay_out_answer(question, words)
    if not SHORT_SPANS & set(question.question.by or ()):
        return shown
    from recount.ask.lag_rows import lag_notes  # noqa: PLC0415  as above

    return replace(shown, notes=(*lag_notes(question, words), *shown.notes))


def _lay_out_answer(question: MeasureQuestion, words: Words) -> Shown:
    answer = question.result()
    if isinstance(answer, Answer):
        return lay_out_figures(answer, words, always_bounded=question.with_bounds)
    from recount.ask.event_rows import lay_out_events  # noqa: PLC0415  as above

    return lay_out_events(answer, words, always_bounded=question.with_bounds)
