"""Declarations of tables that give months by fiscal year, one a sheet, all rounded alike."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from recount.declare.sources import ReleaseTemplate
from recount.declare.text import Declared
from recount.declare.workbooks import MissingMark, Note, Pattern


class MonthlyColumn(Declared):
    """One column of numbers: its heading, with the group above it before a slash, and its dimensions."""

    heading: str
    sets: dict[str, str]


class MonthlyTable(Declared):
    """One sheet: a fiscal year in the first column, months below it in the second, then the numbers.

    It is the sheet of that name, or else the one with that title: names are cut short, and differ by edition.
    `title` gives, in its groups `year` and `month`, the last month counted; of a year alone it is September.
    Columns that are not kept stand in `leaves_out`, with the reason; any other column is an error.
    """

    table: str
    sheet: str
    title: Pattern
    figure: str
    unit: str
    heading_rows: Literal[1, 2] = 1
    columns: list[MonthlyColumn] = Field(min_length=1)
    leaves_out: list[Note] = []


class MonthlyTables(Declared):
    """The workbooks of one source that hold such tables.

    `files` matches their names, and `name_date` finds there the day on which one came out. `other_sheets`
    says why their other sheets are not read. The release is named after the last month counted.
    """

    source: str
    files: Pattern
    reports: str
    core: str
    rounded_to: int = Field(gt=0)
    rounded_reason: str
    marks: list[MissingMark]
    name_date: Pattern
    tables: list[MonthlyTable] = Field(min_length=1)
    other_sheets: str
    release: ReleaseTemplate
