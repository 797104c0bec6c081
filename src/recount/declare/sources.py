"""Declarations of what is released: sources, releases, layouts, corrections."""

from __future__ import annotations

import datetime
import re
from typing import Literal

from pydantic import Field, field_validator, model_validator

from recount.declare.text import Declared, Text


class PublishedBetween(Declared):
    """When a release came out, as far as that is known.

    A missing end is unknown. A release is certainly out on a day when `to` is on or before
    it, and may be out when only `from` is.
    """

    from_date: datetime.date | None = Field(default=None, alias="from")
    to_date: datetime.date | None = Field(default=None, alias="to")
    basis: str

    @model_validator(mode="after")
    def _in_order(self) -> PublishedBetween:
        if self.from_date and self.to_date and self.from_date > self.to_date:
            raise ValueError("from must not be after to")
        return self


class FileNotRead(Declared):
    """A file in a source's folder that is left alone, and why."""

    pattern: str
    reason: str


class Source(Declared):
    """One publisher's series of releases."""

    source: str
    title: Text
    publisher: str
    description: str
    folder: str
    required_layouts: list[str]
    files_not_read: list[FileNotRead] = []
    rights: str


class Release(Declared):
    """One publication event.

    `spellings` are the ways in which a file that gathers prints names this one. `reports` is
    the agency table whose numbers it prints: two releases that report the same table can
    restate each other. `lists` says that it has one row for every place of a kind, so that its rows may
    be summed; `leaves_out` then names what it lacks that no other file lists. `published` is left out
    where the file that gathers prints gives the dates. `prints_about` names figures that it prints
    rounded, with the unit rounded to. `marks` are regular expressions: a file of individual records whose name
    or first lines hold one is of this release. `cut_off` is its own last day, where it states one.
    """

    release: str
    source: str
    title: Text
    printed_by: str
    reports: str
    url: str | None = None
    published: PublishedBetween | None = None
    authority: str
    lists: Literal["jurisdictions"] | None = None
    leaves_out: Text | None = None
    spellings: list[str] = []
    prints_about: dict[str, int] = {}
    marks: list[str] = []
    cut_off: datetime.date | None = None
    notes: str | None = None


class ReleaseTemplate(Declared):
    """What is known of a release that no file declares: the next edition of a table, or one more print."""

    release: str
    title: Text
    printed_by: str
    authority: str | None = None
    lists: Literal["jurisdictions"] | None = None
    leaves_out: Text | None = None
    basis: str


class Column(Declared):
    """One column of a file: its type, and what becomes of it.

    `figure` makes each cell a figure of that name. `to` names the core column instead.
    `blank` says whether an empty cell is a value that is not known, or an error. `pattern` is a regular
    expression that a text must be.
    """

    type: Literal["text", "count", "date", "flag", "code"]
    to: str | None = None
    figure: str | None = None
    codes: str | None = None
    pattern: str | None = None
    blank: Literal["unknown", "refused"] = "refused"
    reason: str | None = None

    @model_validator(mode="after")
    def _code_has_list(self) -> Column:
        if (self.type == "code") != (self.codes is not None):
            raise ValueError("a code column names its code list, and no other column does")
        if self.pattern is not None and self.type != "text":
            raise ValueError("only a text column has a pattern")
        return self


class SetAside(Declared):
    """Rows that are not kept: those where every one of `blank` is an empty cell."""

    name: str
    blank: list[str] = Field(min_length=1)
    reason: str


class JurisdictionNames(Declared):
    """How a table's jurisdiction names become names as people write them."""

    whole_when_ending: list[str]
    otherwise_append: str
    counties_named_like_a_city: list[str]
    reason: str

    def write_out(self, name: str, county_fips: str, state_code: str) -> str:
        """Returns "Suffolk County, MA" for Suffolk, 25025, MA."""
        whole = any(name == each or name.endswith(f" {each}") for each in self.whole_when_ending)
        if not whole or county_fips in self.counties_named_like_a_city:
            name = f"{name} {self.otherwise_append}"
        return f"{name}, {state_code}"


class Layout(Declared):
    """How one kind of file is laid out.

    `files` is a regular expression over file names; its group `through` (a date), where there
    is one, gives the date through which the file counts.
    """

    layout: str
    source: str
    files: str
    encoding: str
    delimiter: str = Field(min_length=1, max_length=1)
    reader: Literal["figures_by_jurisdiction", "printed_figures", "activations"]
    reports: str
    columns: dict[str, Column]
    jurisdiction_names: JurisdictionNames | None = None
    set_aside: list[SetAside] = []
    undeclared_release: ReleaseTemplate

    @field_validator("files")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as malformed:
            raise ValueError(f"is not a regular expression: {malformed}") from malformed
        return pattern


class ReleasedFile(Declared):
    """A file of a release, by name and content."""

    name: str
    sha256: str


class KnownRelease(Declared):
    """A release as a record holds it: what the catalog and the files say of it, together."""

    release: str
    source: str
    title: Text
    printed_by: str
    reports: str
    url: str | None
    published_from: datetime.date | None
    published_to: datetime.date | None
    published_basis: str
    authority: str
    lists: Literal["jurisdictions"] | None
    leaves_out: Text | None = None
    covers_through: datetime.date
    declared: bool
    files: list[ReleasedFile]

    @property
    def earliest(self) -> datetime.date:
        """The first day on which it can have been out: no print precedes what it counts."""
        return self.covers_through if self.published_from is None else self.published_from

    def out_by(self, date: datetime.date) -> Literal["out", "perhaps", "not_out"]:
        """Returns whether it was out on `date`, as far as its dates tell."""
        if self.published_to is not None and self.published_to <= date:
            return "out"
        return "not_out" if self.earliest > date else "perhaps"


class Correction(Declared):
    """One repaired cell. It fails when the file no longer holds what it expects."""

    layout: str
    file: str
    row: int = Field(ge=2)
    column: str
    expects: str
    becomes: str
    reason: str
    evidence: str


class Corrections(Declared):
    """All repaired cells of one source."""

    corrections: list[Correction]
