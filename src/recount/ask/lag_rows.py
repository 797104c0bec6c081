"""Recent months, of which some is reported late: marked, with how much first prints of earlier months lacked."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from recount.ask.layout import Note
from recount.claim.words import Words
from recount.declare.release_lag import SHORT_SPANS, load_release_lag
from recount.measure.answer import Answer
from recount.measure.event_answer import EventAnswer
from recount.measure.figure_rates import is_cut_short
from recount.measure.statistics import MONTH
from recount.revise.release_lag import MeasuredLag, measure_lag, recent_labels
from recount.revise.revision import Revision

if TYPE_CHECKING:
    from recount.ask.question import MeasureQuestion

_PER_CENT = 100


def release_lag(question: MeasureQuestion) -> tuple[list[str], MeasuredLag | None]:
    """Returns the spans of an answer that are recent, and what first prints lacked; `None` where that is unknown.

    Printed months are measured on earlier months of the same figure, as known on the day asked. Of individual
    records no two releases are known to count the same rows, so that what their last weeks lack is not known.
    """
    answer, thresholds = question.result(), load_release_lag(question.book.catalog)
    if isinstance(answer, EventAnswer):
        ends = [
            (f"{each.period.label}, {each.release.release}", each.period.last, each.release.covers_through)
            for each in answer.rows
            if each.period is not None
            and not each.is_partial
            and each.cell.kind == "part"
            and each.period.kind in SHORT_SPANS
        ]
        return recent_labels(ends, thresholds), None
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
    """Returns the note that marks recent spans, none where there are none."""
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
        middle=_percent(lag.middle, words),
        low=_percent(lag.low, words),
        high=_percent(lag.high, words),
    )
    return [Note(said, mark="!", weight="warning")]


def lag_as_json(question: MeasureQuestion) -> dict[str, Any]:
    """Returns recent spans and the lag as JSON values, nothing where there are none."""
    recent, lag = release_lag(question)
    return (
        {"release_lag": {"recent": recent, "measured": None if lag is None else lag.as_json()}}
        if recent
        else {}
    )


def _percent(share: Fraction, words: Words) -> str:
    sign = "−" if share < 0 else ""
    return f"{sign}{words.decimal(abs(share) * _PER_CENT, 2)}\N{NO-BREAK SPACE}%"
