"""A question to a measure, as a chart asks it: over time, unless it names one date or a split."""

from __future__ import annotations

from dataclasses import replace

from recount.declare.claims import PLACE_DIMENSIONS
from recount.declare.measures import Measure
from recount.measure.event_question import READING, RELEASE
from recount.measure.questions import PERS, Question
from recount.measure.statistics import MONTH

SPANS = ("release", "through_date", "fiscal_year", MONTH)


def ask_over_time(question: Question, measure: Measure) -> Question:
    """Returns the question with the time axis that it leaves out.

    Without a split it is asked over time. With one that names no span, it is too, unless a release or a day
    is named (the latest figures then stand side by side) or places are compared. Time is months where the
    measure is printed by month, otherwise the dates through which it counts. Rates are of whole spans: of a count
    that begins anew with the fiscal year they are asked by fiscal year.
    """
    by = question.by or ()
    if any(each in SPANS for each in by):
        return question
    one_date = question.release is not None or question.as_known_on is not None
    if by and (one_date or any(each in PLACE_DIMENSIONS for each in by)):
        return question
    if measure.by_month:
        return replace(question, by=(*by, MONTH))
    is_rate = question.per is not None and question.per not in PERS
    is_anew = measure.statistic is not None and measure.period == "fiscal_year_to_date"
    return replace(question, by=(*by, "fiscal_year" if is_rate and is_anew else "through_date"))


def ask_events_over_time(question: Question) -> Question:
    """Returns a question about individual records with the fiscal year that it leaves out.

    It is asked by fiscal year where it is split by nothing but releases and readings. Split by a dimension alone,
    its parts stand side by side.
    """
    by = question.by or ()
    if all(each in (READING, RELEASE) for each in by):
        return replace(question, by=(*by, "fiscal_year"))
    return question
