"""Declarations of individual records: event tables, and the layouts in which they are released."""

from __future__ import annotations

import datetime
from typing import Literal

from pydantic import Field as PydanticField
from pydantic import model_validator

from recount.declare.tables import Table
from recount.declare.text import Declared

Generation = Literal["G0", "G1", "G2", "G3"]
PROVENANCE = ("release", "file_original", "sheet_original", "row_original")
"""Columns of every event table that say where a row stands; together they are its unique key."""
REDACTED = "redacted_fields"
FISCAL_YEAR_STATED = "fiscal_year_stated"
"""The year that a sheet states for all its rows: some give no other time."""


class EventTable(Table):
    """One core table of individual records: dated events, or spans with a start and an end.

    `date` is the column that places a row in time where a measure names no other.
    """

    kind: Literal["events", "spans"]
    date: str


class EventColumn(Declared):
    """One column of a released table, by the header as released.

    `to` is the core field that takes its values; `unused` says why none does. A field with a time of day
    also fills the field of the same name that ends in `_date`.
    """

    name: str
    to: str | None = None
    unused: str | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> EventColumn:
        if (self.to is None) == (self.unused is None):
            raise ValueError("a column goes to a core field, or says why it is unused")
        return self


class Constant(Declared):
    """A value that the whole release has and no column holds, and why."""

    field: str
    value: str
    reason: str


class ConvictionsRecorded(Declared):
    """From which day on a release names the most serious conviction of everyone who has one.

    From then on a blank says that no conviction is on record; before, it says nothing.
    """

    from_date: datetime.date = PydanticField(alias="from")
    reason: str


class EventLayout(Declared):
    """The header of one released table of individual records.

    A table is known by the names in its header, never by the place of a column or the name of its file.
    The same header may stand twice in `columns`, for two columns of one name: the first goes to the first.
    `generation` names the rules by which the Deportation Data Project cleans the release; `form` is `raw`
    as the agency released it, or `processed` as the project publishes it. `blank_is_none` names fields whose
    blank says that there is none: they take the code `none`. `release` is the release that the header alone
    tells, where neither the file's name nor its first lines do.
    """

    layout: str
    source: str
    table: str
    generation: Generation | None = None
    form: Literal["raw", "processed"] = "raw"
    known_from: str
    release: str | None = None
    columns: list[EventColumn] = PydanticField(min_length=2)
    constants: list[Constant] = []
    blank_is_none: list[str] = []
    convictions_recorded: ConvictionsRecorded | None = None

    @model_validator(mode="after")
    def _fields_once(self) -> EventLayout:
        fields = [each.to for each in self.columns if each.to is not None]
        fields += [each.field for each in self.constants]
        twice = sorted({each for each in fields if fields.count(each) > 1})
        if twice:
            raise ValueError(f"two columns go to one field: {', '.join(twice)}")
        return self
