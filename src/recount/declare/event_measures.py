"""Declarations of measures over individual records."""

from __future__ import annotations

from recount.declare.text import Declared, Text


class EventMeasure(Declared):
    """A named definition over one table of individual records."""

    measure: str
    title: Text
    description: Text
    table: str
