"""Denominators of rates: counted populations by place, and figures that the record itself prints."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from recount.declare.catalog import Catalog, Folders, ReadFolders, read_folders
from recount.declare.naming import no_such_name
from recount.declare.text import Declared, Text
from recount.errors import CatalogError

_STATES = "states"


class PlaceDimension(Declared):
    """A dimension that names places: how they are put together from what was counted, or why they cannot be."""

    dimension: str
    by: Literal["own", "county_areas"] | None = None
    none_because: str | None = None

    @model_validator(mode="after")
    def _one(self) -> PlaceDimension:
        if (self.by is None) == (self.none_because is None):
            raise ValueError("a dimension says by what its places are counted, or why they have no count")
        return self


class PlaceCounts(Declared):
    """What was counted on one day: each place, and the whole that was printed beside them.

    `whole` is the printed sum of every place but those `outside_whole`, and `with_outside` that of all; both must
    come out, so that a misread number cannot stand.
    """

    as_of: datetime.date
    published: datetime.date
    source: str
    whole: int = Field(gt=0)
    with_outside: int = Field(gt=0)
    counts: dict[str, int] = Field(min_length=1)


class YearsBetween(Declared):
    """Which count stands for a span of time between the days of two."""

    rule: Literal["nearest"]
    reason: str


class PrintedDenominator(Declared):
    """A figure of the record that other figures are divided by: that of the same print."""

    measure: str
    rule: Literal["same_print"]
    reason: str


class Denominator(Declared):
    """What a rate is of: counted by place and day, or printed by the record beside the numerator."""

    denominator: str
    title: Text
    description: Text
    unit: str
    source: str
    reason: str
    counts_by: Literal["states"] | None = None
    whole: Text | None = None
    outside_whole: list[str] = []
    dimensions: list[PlaceDimension] = []
    counts: list[PlaceCounts] = []
    years_between: YearsBetween | None = None
    printed: PrintedDenominator | None = None

    @model_validator(mode="after")
    def _whole_or_printed(self) -> Denominator:
        counted = (self.counts_by, self.whole, self.years_between)
        if self.printed is not None:
            if any(each is not None for each in counted) or self.counts or self.dimensions:
                raise ValueError("a printed denominator gives no counts of its own")
            return self
        if None in counted or not self.counts or not self.dimensions:
            raise ValueError(
                "a counted denominator gives counts_by, whole, dimensions, counts and years_between"
            )
        for problem in self._problems():
            raise ValueError(problem)
        return self

    def _problems(self) -> Iterator[str]:
        days = [each.as_of for each in self.counts]
        if days != sorted(set(days)):
            yield "the days of the counts follow each other"
        for each in self.counts:
            if set(each.counts) != set(self.counts[0].counts):
                yield f"{each.as_of} counts other places than {self.counts[0].as_of}"
            inside = sum(number for place, number in each.counts.items() if place not in self.outside_whole)
            if inside != each.whole:
                yield f"the places of {each.as_of} add up to {inside}, and the whole is {each.whole}"
            if sum(each.counts.values()) != each.with_outside:
                yield f"all places of {each.as_of} add up to {sum(each.counts.values())}, not {each.with_outside}"
            if min(each.counts.values()) <= 0:
                yield f"a place of {each.as_of} has nobody"

    def place(self, dimension: str) -> PlaceDimension | None:
        """Returns what is declared of a dimension, `None` where it names no places."""
        return next((each for each in self.dimensions if each.dimension == dimension), None)

    def nearest(
        self, start: datetime.date, through: datetime.date, known_on: datetime.date | None
    ) -> PlaceCounts | None:
        """Returns the count whose day is nearest to the middle of a span, the earlier of two equally near.

        Args:
            start: the first day of the span.
            through: its last day.
            known_on: leaves out counts that were published later.
        """
        middle = start.toordinal() + through.toordinal()
        known = [each for each in self.counts if known_on is None or each.published <= known_on]
        return min(
            known, key=lambda each: (abs(2 * each.as_of.toordinal() - middle), each.as_of), default=None
        )


_FOLDERS: Folders = (("denominator", "denominators/*.yml", Denominator, "denominator"),)


def load_denominators(catalog: Catalog) -> Mapping[str, Denominator]:
    """Returns the denominators by name: the package's files, each replaced by the user's of the same path.

    Raises:
        CatalogError: where a file does not fit its model, or names a state or a measure that is not there.
    """
    shipped, over = catalog.folders
    files = sorted([*shipped.glob("denominators/*.yml"), *over.glob("denominators/*.yml")])
    read = _read(shipped, over, tuple(each.stat().st_mtime_ns for each in files))
    found = {name: each for name, each in read.things["denominator"].items() if isinstance(each, Denominator)}
    problems = [
        (read.files["denominator", name], text)
        for name, each in found.items()
        for text in _unknown_names(each, catalog)
    ]
    if problems:
        raise CatalogError("The denominators do not fit the rest of the catalog.", problems)
    return found


@functools.lru_cache(maxsize=4)
def _read(shipped: Path, over: Path, changed: tuple[int, ...]) -> ReadFolders:
    """`changed` tells files from what they were before."""
    del changed
    return read_folders(_FOLDERS, shipped, over)


def _unknown_names(denominator: Denominator, catalog: Catalog) -> Iterator[str]:
    states = [each.code for each in catalog.codes[_STATES].codes]
    for place in denominator.counts[0].counts if denominator.counts else ():
        if place not in states:
            yield no_such_name("state", place, states)
    for place in denominator.outside_whole:
        if place not in denominator.counts[0].counts:
            yield no_such_name("counted place", place, denominator.counts[0].counts)
    printed = denominator.printed
    if printed is not None and printed.measure not in catalog.measures:
        yield no_such_name("measure", printed.measure, catalog.measures)
