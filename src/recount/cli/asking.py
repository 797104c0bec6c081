"""A question put together from the options of a command, which mean the same in every command that takes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recount.cli.options import read_conditions
from recount.cli.output import read_pairs

if TYPE_CHECKING:
    from recount.ask import MeasureQuestion, OpenRecord


@dataclass(frozen=True)
class Asking:
    """What the options of a command ask of a measure."""

    where: list[str] | None = None
    by: str | None = None
    period: str | None = None
    per: str | None = None
    release: str | None = None
    as_known_on: str | None = None
    reading: list[str] | None = None
    all_readings: bool = False
    compare_with: list[str] | None = None

    def of(self, record: OpenRecord, measure: str) -> MeasureQuestion:
        """Returns the question to a measure of a record.

        Raises:
            UnknownNameError: where the measure is not known.
            UsageError: where an option cannot be read.
        """
        question = record.measure(measure).where(**read_conditions(self.where, "--where"))
        question = question.reading(**read_pairs(self.reading, "--reading", "criminal=convicted"))
        if self.by is not None:
            question = question.by(*(each.strip() for each in self.by.split(",") if each.strip()))
        if self.period is not None:
            question = question.period(self.period)
        if self.per is not None:
            question = question.per(self.per)
        if self.release is not None:
            question = question.release(self.release)
        if self.as_known_on is not None:
            question = question.as_known_on(self.as_known_on)
        if self.all_readings:
            question = question.readings()
        if self.compare_with:
            question = question.compare_with(**read_conditions(self.compare_with, "--compare-with"))
        return question
