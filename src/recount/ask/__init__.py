"""The Python face: one record, questions to it, answers from it. Composition, no logic."""

from recount.ask.question import MeasureQuestion
from recount.ask.record import OpenRecord, open_record

__all__ = ["MeasureQuestion", "OpenRecord", "open_record"]
