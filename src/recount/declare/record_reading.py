"""The rules by which cells of individual records are read, as the catalog declares them."""

from __future__ import annotations

import datetime
import functools
from pathlib import Path

from pydantic import Field as PydanticField

from recount.declare.catalog import Catalog
from recount.declare.text import Declared
from recount.declare.yaml_text import build_model, read_yaml

_FILE = "record_reading.yml"


class AddedName(Declared):
    """A column that those who republish a table add to any of them, and why it goes nowhere."""

    name: str
    reason: str


class RecordReading(Declared):
    """What a header is, what is blacked out, blank or impossible in a cell, and when a state is inferred.

    A header stands in the first `header_rows` rows, and holds `header_names` names that layouts declare, which are
    `header_share` of its filled cells; with `header_likely_share` it is likely one. It is of a layout of which it
    has `layout_share` of the names. A column whose header is `nameless` numbers the rows, or is filled in no more
    than `nameless_share` of them. A release that the header alone tells is not the file's where more than
    `told_share_after_cut_off` of its rows lie after the release's cut-off. A sheet without header and with no more
    than `notes_rows` filled rows holds notes; one whose first row has `continued_cells` values may go on from the
    sheet before. Of the last `total_rows` rows one whose first text matches `total`, among its first `total_cells`
    cells, and which has just so many filled, is a total of the others.

    `redaction` is a regular expression over trimmed text. Dates before `earliest_date`, or more than
    `latest_days_after_cut_off` days after a release's cut-off, are set aside by value. `share_of_values` is
    the share of a column's filled cells that must be of its kind, once `values_at_least` are not. Shares lie
    between 0 and 1.
    """

    header_rows: int = PydanticField(ge=1, le=60)
    header_names: int
    header_share: float
    header_likely_share: float
    header_reason: str
    layout_share: float
    layout_reason: str
    nameless: str
    nameless_share: float
    nameless_reason: str
    added_names: list[AddedName]
    added_reason: str
    told_share_after_cut_off: float
    told_reason: str
    notes_rows: int
    continued_cells: int
    notes_reason: str
    total: str
    total_cells: int
    total_rows: int
    total_reason: str
    redaction: str
    redaction_reason: str
    blank_texts: list[str]
    blank_reason: str
    earliest_date: datetime.date
    earliest_reason: str
    latest_days_after_cut_off: int
    latest_share_of_events: float
    latest_reason: str
    earliest_birth_year: int
    birth_reason: str
    share_of_values: float
    values_at_least: int
    share_reason: str
    identifier_digits: int
    identifier_share: float
    identifier_at_least: int
    identifier_reason: str
    state_abbreviations: str = PydanticField(pattern=r"^[A-Z]{2}( [A-Z]{2})*$")
    state_landmark_rows: int
    state_landmark_share: float
    state_distrust_share: float
    state_reason: str


def load_record_reading(catalog: Catalog) -> RecordReading:
    """Returns the rules of reading: the package's, or the user's file of the same name."""
    return _load(*catalog.folders)


@functools.lru_cache(maxsize=4)
def _load(shipped: Path, over: Path) -> RecordReading:
    path = over / _FILE if (over / _FILE).is_file() else shipped / _FILE
    return build_model(RecordReading, read_yaml(path, _FILE))
