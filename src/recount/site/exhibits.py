"""Exhibits: a question that a page asks, with its answer, its picture, its files and its receipt."""

from __future__ import annotations

import csv
import functools
import io
import json
import shlex
from collections.abc import Mapping
from typing import Any

from recount.ask.csv_rows import csv_of
from recount.ask.question import MeasureQuestion
from recount.chart.asking import ask_events_over_time, ask_over_time
from recount.chart.compose import compose_picture
from recount.chart.event_compose import compose_events
from recount.chart.picture import Picture
from recount.claim.words import Words
from recount.declare.charting import load_charting
from recount.errors import UsageError
from recount.measure.answer import Answer
from recount.measure.event_answer import EventAnswer
from recount.measure.event_spans import covered_spans
from recount.measure.questions import Question
from recount.measure.receipt import Receipt


class Exhibit:
    """One question, asked once.

    Args:
        asked: the question, whole.
    """

    def __init__(self, asked: MeasureQuestion) -> None:
        self.asked = asked

    @property
    def question(self) -> Question:
        """What is asked."""
        return self.asked.question

    @functools.cached_property
    def answer(self) -> Answer | EventAnswer:
        """The answer."""
        return self.asked.result()

    @property
    def receipt(self) -> Receipt:
        """The receipt of the answer."""
        return self.answer.receipt

    @property
    def is_empty(self) -> bool:
        """Whether no release of the record answers it."""
        return not (self.answer.figures if isinstance(self.answer, Answer) else self.answer.rows)

    def picture(self, words: Words) -> Picture | None:
        """Returns the answer as a picture; `None` where there is nothing to draw, or too much for one chart."""
        try:
            if isinstance(self.answer, Answer):
                releases = self.asked.book.record.releases.values()
                return compose_picture(self.answer, words, releases, _per_total(self.question))
            return self._picture_of_events(self.answer, words)
        except UsageError:
            # The page then says what is absent, and why, from the answer itself.
            return None

    def _picture_of_events(self, answer: EventAnswer, words: Words) -> Picture:
        events = self.asked.events
        if events is None:
            raise TypeError("an answer about individual records comes from them")
        held = [each for each in events.record.parts if each.table == answer.measure.table]
        coverage = {
            name: covered_spans([each for each in held if each.release == name])
            for name in sorted({each.release for each in held})
        }
        return compose_events(answer, words, load_charting(events.catalog), coverage)

    def as_json(self) -> bytes:
        """Returns the answer as a file of the documented JSON, which `recount receipt` takes."""
        return as_json_file(self.answer.as_json())

    def as_csv(self) -> bytes:
        """Returns the answer as a file of CSV, as `recount measure --format csv` writes it."""
        header, rows = csv_of(self.asked)
        return as_csv_file([header, *rows])

    @property
    def command(self) -> str:
        """The command that asks it in a terminal."""
        return command_of(self.question, of_records=self.asked.events is not None)


def over_time(asked: MeasureQuestion) -> MeasureQuestion:
    """Returns a question as a chart asks it: over time, unless it says otherwise."""
    question = asked.question
    if asked.events is None:
        return MeasureQuestion(
            asked.book, ask_over_time(question, asked.book.catalog.measure(question.measure))
        )
    return MeasureQuestion(asked.book, ask_events_over_time(question), asked.events)


def command_of(question: Question, *, of_records: bool) -> str:
    """Returns a question as a command of the terminal; what it is split by without being told is left out.

    Args:
        question: that the command asks.
        of_records: whether it counts individual records, which nothing splits by itself. Printed figures are split
            by release, unless the releases of a day are asked.
    """
    parts = ["recount", "measure", question.measure]
    for name, given in question.where.items():
        parts += ["--where", f"{name}={given}"]
    is_split_by_itself = not of_records and question.as_known_on is None
    if question.by or (question.by is not None and is_split_by_itself):
        parts += ["--by", ",".join(question.by)]
    if question.release is not None:
        parts += ["--release", question.release]
    if question.as_known_on is not None:
        parts += ["--as-known-on", question.as_known_on.isoformat()]
    for fork, option in (question.reading or {}).items():
        parts += ["--reading", f"{fork}={option}"]
    if question.per is not None:
        parts += ["--per", question.per]
    return " ".join(shlex.quote(each) for each in parts)


def as_json_file(values: Mapping[str, Any]) -> bytes:
    """Returns JSON as a file holds it, in one order."""
    return (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode()


def as_csv_file(rows: list[Any]) -> bytes:
    """Returns rows as a file of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _per_total(question: Question) -> Any:
    return "total" if question.per == "total" else None
