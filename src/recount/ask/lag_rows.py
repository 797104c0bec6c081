"""Recent months, of which some is reported late: marked, with how much first prints of earlier months lacked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recount.ask.layout import Note
from recount.ask.record_lag_rows import percent, record_lag_as_json, record_lag_notes
from recount.claim.words import Words
from recount.declare.release_lag import load_release_lag
from recount.measure.answer import Answer
from recount.measure.event_answer import EventAnswer
from recount.measure.figure_rates import is_cut_short
from recount.measure.statistics import MONTH
from recount.revise.late_spans import LateSpans, find_late_spans
from recount.revise.release_lag import MeasuredLag, measure_lag, recent_labels
from recount.revise.revision import Revision

if TYPE_CHECKING:
    from recount.ask.question import MeasureQuestion


def release_lag(question: MeasureQuestion) -> tuple[list[str], MeasuredLag | None]:
    """Returns the printed months of an answer that are recent, and what first prints lacked; `None` where unknown.

    They are measured on earlier months of the same figure, as known on the day asked.
    """
    answer, thresholds = question.result(), load_release_lag(question.book.catalog)
    if not isinstance(answer, Answer) or MONTH not in answer.by:
        return [], None
    months = [
        (f"{each.period_start:%Y-%m}", each.through_date, each.release.covers_through)
        for each in answer.figures
        if each.period_start is not None and not is_cut_short(each)
    ]
    recent = recent_labels(months, thresholds)
    if not recent:
        return [], None
    asked = question.question
    where = {name: code for name, code in asked.where.items() if name in answer.measure.dimensions}
    revision = Revision(question.book, asked.measure, where, dict(asked.reading or {}), asked.as_known_on)
    found = measure_lag(revision.lateness().lateness.changes, thresholds)
    return recent, found if found.middle is not None else None


def lag_notes(question: MeasureQuestion, words: Words) -> list[Note]:
    """Returns the notes that mark recent spans, none where there are none."""
    late = _late_records(question)
    if late is not None:
        thresholds = load_release_lag(question.book.catalog)
        return list(record_lag_notes(late, question.question.measure, thresholds, words))
    recent, lag = release_lag(question)
    if not recent:
        return []
    names = "; ".join(recent)
    if lag is None or lag.middle is None or lag.low is None or lag.high is None:
        return [Note(words.say("sentence_recent_unknown", names=names), mark="!", weight="warning")]
    said = words.say(
        "sentence_recent",
        names=names,
        spans=words.number(lag.spans),
        middle=percent(lag.middle, words),
        low=percent(lag.low, words),
        high=percent(lag.high, words),
    )
    return [Note(said, mark="!", weight="warning")]


def lag_as_json(question: MeasureQuestion) -> dict[str, Any]:
    """Returns recent spans and the lag as JSON values, nothing where there are none."""
    late = _late_records(question)
    if late is not None:
        return record_lag_as_json(late)
    recent, lag = release_lag(question)
    return (
        {"release_lag": {"recent": recent, "measured": None if lag is None else lag.as_json()}}
        if recent
        else {}
    )


def _late_records(question: MeasureQuestion) -> LateSpans | None:
    """Returns the spans of an answer about individual records that may lack something; `None` of printed figures."""
    answer = question.result()
    if question.events is None or not isinstance(answer, EventAnswer):
        return None
    return find_late_spans(answer, question.events, load_release_lag(question.book.catalog))
