"""Declarations of measures: what is counted, over what, and with which honest choices."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Literal

from pydantic import Field as PydanticField
from pydantic import model_validator

from recount.declare.text import Declared, Text


class Caveat(Declared):
    """Something a reader must know. `before` and `from` limit it to figures of those dates."""

    caveat: str
    text: Text
    source: str
    from_date: datetime.date | None = PydanticField(default=None, alias="from")
    before: datetime.date | None = None

    def speaks_of(self, through_date: datetime.date) -> bool:
        """Returns whether it concerns a figure through `through_date`."""
        if self.from_date is not None and through_date < self.from_date:
            return False
        return self.before is None or through_date < self.before


class Break(Declared):
    """A day from which a measure counts otherwise, so that figures before and from it are not compared."""

    on: datetime.date
    text: Text
    source: str


Conditions = dict[str, list[str]]
"""Codes by dimension, all of them true at once; several codes of one dimension are added."""


class Option(Declared):
    """One way to decide a fork: another figure, or other codes of a statistic."""

    option: str
    label: Text
    figure: str | None = None
    where: Conditions = {}


class Fork(Declared):
    """A named choice of one kind, with its default declared before results were looked at."""

    fork: str
    kind: Literal["rows", "column", "numerator"]
    question: Text
    options: list[Option] = PydanticField(min_length=2)
    default: str
    decided: datetime.date
    reason: str

    @model_validator(mode="after")
    def _default_is_an_option(self) -> Fork:
        names = [each.option for each in self.options]
        if len(set(names)) != len(names):
            raise ValueError("two options have the same name")
        if self.default not in names:
            raise ValueError(f"the default {self.default!r} is none of its options: {', '.join(names)}")
        return self


class ComplementOf(Declared):
    """The measure, under one reading, to which a share adds up to one."""

    measure: str
    reading: dict[str, str]


class Measure(Declared):
    """A named definition over printed figures.

    Of a table of figures: `numerator` and `denominator` are figure names of `table`; the numerator may be
    left to a fork instead. A figure that a release does not print is worked out from the table's sum
    identities where exactly one unknown remains. `printed_as` is a figure that states the share itself, for
    releases that print a bound and no counts.

    Of a table of statistics: `statistic` is what is counted, `where` limits the population, and `counts`
    what of it is counted (a share's numerator; its denominator is the population). What no condition names
    is the total. `dimensions` are those by which it can be split; `by_month` says that months are printed
    beside the year so far. `breaks` are days from which it counts otherwise.
    """

    measure: str
    title: Text
    description: Text
    table: str
    population: Text
    unit: Literal["people", "submissions", "matches", "events", "days", "usd"]
    kind: Literal["count", "share", "mean"]
    period: Literal["cumulative", "snapshot", "fiscal_year_to_date", "month", "quarter"]
    statistic: str | None = None
    where: Conditions = {}
    counts: Conditions = {}
    dimensions: list[str] = []
    by_month: bool = False
    numerator: str | None = None
    denominator: str | None = None
    printed_as: str | None = None
    complement_of: ComplementOf | None = None
    forks: list[Fork] = []
    caveats: list[Caveat] = []
    breaks: list[Break] = []

    @model_validator(mode="after")
    def _whole(self) -> Measure:
        deciding = [each for each in self.forks if each.kind == "numerator"]
        if self.statistic is not None:
            return self._whole_of_statistic(deciding)
        if any(option.figure is None for fork in self.forks for option in fork.options):
            raise ValueError("an option names its figure")
        if (self.kind == "share") != (self.denominator is not None):
            raise ValueError("a share has a denominator, and a count has none")
        if (self.numerator is None) == (not deciding):
            raise ValueError("the numerator stands either in the measure or in one numerator fork")
        if len(deciding) > 1:
            raise ValueError("only one fork can decide the numerator")
        return self

    def _whole_of_statistic(self, deciding: list[Fork]) -> Measure:
        if self.numerator or self.denominator or self.printed_as or self.complement_of:
            raise ValueError("a measure of a statistic names no figures")
        if any(option.figure is not None for fork in self.forks for option in fork.options):
            raise ValueError("an option of a statistic gives codes under where, and no figure")
        if (self.kind == "share") != bool(self.counts or deciding):
            raise ValueError("a share says what of the population it counts, and nothing else does")
        if len(deciding) > 1:
            raise ValueError("only one fork can decide the numerator")
        return self

    def chosen(self, reading: Mapping[str, str], kind: str) -> Conditions:
        """Returns the codes that `reading` takes at forks of one kind."""
        taken: Conditions = {}
        for fork in self.forks:
            if fork.kind == kind:
                taken |= next(each.where for each in fork.options if each.option == reading[fork.fork])
        return taken

    def readings(self) -> list[dict[str, str]]:
        """Returns every reading, the default one first: one option at each fork."""
        found: list[dict[str, str]] = [{}]
        for fork in self.forks:
            options = sorted(fork.options, key=lambda each: each.option != fork.default)
            found = [{**reading, fork.fork: each.option} for reading in found for each in options]
        return found

    def numerator_under(self, reading: dict[str, str]) -> str:
        """Returns the figure counted under `reading`."""
        if self.numerator is not None:
            return self.numerator
        fork = next(each for each in self.forks if each.kind == "numerator")
        return next(str(each.figure) for each in fork.options if each.option == reading[fork.fork])
