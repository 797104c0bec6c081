"""Declarations of workbooks: which sheets they have, which tables stand on each, and what dates them."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from recount.declare.sources import ReleaseTemplate
from recount.declare.text import Declared


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern, re.IGNORECASE)
    except re.error as malformed:
        raise ValueError(f"is not a regular expression: {malformed}") from malformed
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]
"""A regular expression over a whole text, its spaces joined; case does not matter."""

Period = Literal[
    "snapshot", "fiscal_year_to_date", "fiscal_year", "month", "quarter", "half_month", "court_period"
]


class Expected(Declared):
    """Something that is looked for in workbooks of some fiscal years, and missed where it is not there.

    It may have begun late in the year `expected_from` and ended early in `expected_through`, so it is
    missed from the year after the one to the year before the other. Without `expected_from` it is never.
    """

    expected_from: int | None = None
    expected_through: int | None = None

    def is_expected(self, fiscal_year: int) -> bool:
        """Returns whether a workbook of `fiscal_year` without it lacks something."""
        if self.expected_from is None or fiscal_year <= self.expected_from:
            return False
        return self.expected_through is None or fiscal_year < self.expected_through


class Assigns(Declared):
    """What a label or a heading says of the numbers beside or below it.

    Either `codes`, a code list whose spellings it may be, or `pattern`, which it must match whole. The
    code, or the pattern's first group, becomes the value of `dimension`. `sets` gives further dimensions.
    `carries` keeps all of it for the labels that follow, until another carries. With `alone`, it is a label
    only of rows that hold no number. `figure`, `unit` and `period` say what the numbers are, where that
    differs from the table's. With `again`, its numbers may be printed a second time there.
    """

    codes: str | None = None
    pattern: Pattern | None = None
    dimension: str | None = None
    sets: dict[str, str] = {}
    carries: bool = False
    alone: bool = False
    figure: str | None = None
    unit: str | None = None
    period: Period | None = None
    again: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Assigns:
        if (self.codes is None) == (self.pattern is None):
            raise ValueError("give either codes or a pattern")
        if self.codes is not None and self.dimension is None:
            raise ValueError("codes need a dimension")
        return self


class HeadingRow(Declared):
    """One row of headings. With `spreads`, a heading also stands over the empty cells to its right.

    With `complete`, every code of its list heads a column.
    """

    columns: list[Assigns] = Field(min_length=1)
    spreads: bool = False
    complete: bool = False


class PrintedTable(Expected):
    """One table of a sheet, found by its title.

    `heading` is how many rows of headings follow the title. `label_columns` is how many columns name a
    row. `as_of` names the family of dates that its numbers count through. With `repeats`, it may stand on
    a sheet more than once. A column whose heading is one of `ignores_columns` is none of its own.
    `unlabelled` says why rows of numbers without a label are set aside; without it they are unknown.
    `blanks` says why cells may be empty beside numbers; without it, such a cell is told.
    """

    table: str
    title: Pattern
    title_sets: str | None = None
    core: str
    figure: str | None = None
    unit: str | None = None
    sets: dict[str, str] = {}
    period: Period
    as_of: str
    label_columns: Literal[1, 2] = 1
    heading: list[HeadingRow] = Field(min_length=1)
    rows: list[Assigns] = Field(min_length=1)
    second_labels: list[Assigns] = []
    ignores_columns: list[Pattern] = []
    repeats: bool = False
    unlabelled: str | None = None
    blanks: str | None = None

    @model_validator(mode="after")
    def _second(self) -> PrintedTable:
        if (self.label_columns > 1) != bool(self.second_labels):
            raise ValueError("second_labels belong to two label_columns")
        return self

    @cached_property
    def labels_of_numbers(self) -> list[Assigns]:
        """What can label a row of numbers."""
        return [each for each in self.rows if not each.alone]

    @cached_property
    def title_pattern(self) -> re.Pattern[str]:
        """The compiled title."""
        return re.compile(self.title, re.IGNORECASE)

    def ignores(self, heading: str) -> bool:
        """Returns whether a column under `heading` is none of the table's."""
        return any(re.fullmatch(each, heading, re.IGNORECASE) for each in self.ignores_columns)


class Note(Declared):
    """A text that stands on a sheet and holds no figure; `reason` says what it is."""

    text: Pattern
    reason: str


class DateFamily(Declared):
    """One family of dates: where a workbook says through which day these numbers count.

    `label` matches the note's term, carried down; `text` the note, its group `date` being the day.
    """

    family: str
    label: Pattern
    text: Pattern


class FacilityColumn(Declared):
    """One column of the facilities sheet: the headings that name it, and its core column.

    One that is `always` there is missed where it is not. Every facility has a number in one that is `filled`.
    """

    heading: Pattern
    to: str
    type: Literal["text", "number", "day"]
    always: bool = False
    filled: bool = False

    @cached_property
    def heading_pattern(self) -> re.Pattern[str]:
        """The compiled heading."""
        return re.compile(self.heading, re.IGNORECASE)


class SheetLayout(Expected):
    """How one kind of sheet is laid out.

    `names` matches the sheet's name, spaces joined. `reads` says what is on it: titled `tables`, one row a
    facility, dates among notes, or text alone.
    """

    sheet: str
    source: str
    names: Pattern
    reads: Literal["tables", "facilities", "dates", "text"]
    tables: list[PrintedTable] = []
    dates: list[DateFamily] = []
    notes: list[Note] = []
    facility_columns: list[FacilityColumn] = []
    blank_marks: list[str] = []
    core: str | None = None

    def knows(self, name: str) -> bool:
        """Returns whether a sheet called `name` is laid out so."""
        return re.fullmatch(self.names, " ".join(name.split()), re.IGNORECASE) is not None

    def columns_headed(self, heading: str) -> list[FacilityColumn]:
        """Returns the columns of facilities that `heading` can name."""
        return [each for each in self.facility_columns if each.heading_pattern.fullmatch(heading)]

    @cached_property
    def note_patterns(self) -> list[re.Pattern[str]]:
        """The compiled notes."""
        return [re.compile(each.text, re.IGNORECASE | re.DOTALL) for each in self.notes]

    def is_note(self, text: str) -> bool:
        """Returns whether `text` is known to stand on the sheet and to hold no figure."""
        return any(each.fullmatch(text) for each in self.note_patterns)


class MissingMark(Declared):
    """A text that the agency writes where it prints no number."""

    mark: str
    reason: str


class Captures(Declared):
    """A list of when copies of workbooks were first archived: its file, and its columns."""

    files: Pattern
    sha256: str
    first_captured: str
    reason: str


class DeclaredFlag(Declared):
    """A figure marked by hand: which ones, what they print, and why that is not to be taken as it stands."""

    core: str
    where: dict[str, str | int]
    value_count: int
    flag: str
    reason: str
    evidence: str


class Workbook(Declared):
    """How a source's workbooks are known and dated.

    `files` matches their names; a workbook is one where it has a sheet of each kind in `known_by`. The
    release is named after the file. `name_date` finds a date in the file's name; a workbook is taken to be
    out `out_within_days` after it, unless a list of first captures (`captures`) gives a day. `set_aside`
    gives the reason of each rule by which a number is not kept; `flags` marks figures by hand.
    """

    source: str
    files: Pattern
    known_by: list[str] = Field(min_length=1)
    reports: str
    fiscal_year: Pattern
    name_fiscal_year: Pattern
    name_dates: list[Pattern]
    out_within_days: int = Field(gt=0)
    out_within_reason: str
    families: list[DateFamily]
    run_dates: Pattern
    missing: list[MissingMark]
    captures: Captures | None = None
    set_aside: dict[str, str]
    flags: list[DeclaredFlag] = []
    release: ReleaseTemplate
