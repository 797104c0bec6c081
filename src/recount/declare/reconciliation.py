"""Declarations of what individual records are held to: totals that somebody else printed of the same events."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field as PydanticField
from pydantic import model_validator

from recount.declare.catalog import Catalog, Folders, read_folders
from recount.declare.fiscal_years import FIRST_MONTH
from recount.declare.naming import no_such_name
from recount.declare.tables import Table
from recount.declare.text import Declared, Text
from recount.errors import CatalogError

Conditions = dict[str, list[str]]
"""Columns, and the codes of which a row must have one; all of them at once."""


"""Of a federal fiscal year, which is named by the year that it ends in."""


def show_period(label: str, first: datetime.date | None, last: datetime.date | None) -> str:
    """Returns a period for people: a fiscal year as FY2019, a month as 2018-10, any other as it is printed.

    Tables that print fiscal years call October 2018 a month of 2019.
    """
    if first is None or last is None:
        return label
    after = last + datetime.timedelta(1)
    if (first.month, first.day, after.month, after.day, after.year - first.year) == (FIRST_MONTH, 1) * 2 + (
        1,
    ):
        return f"FY{last.year}"
    if first.day == after.day == 1 and (after.year * 12 + after.month) - (first.year * 12 + first.month) == 1:
        return f"{first:%Y-%m}"
    return label


class Span(Declared):
    """The days, first and last, that a printed period covers; `label` is the period as printed."""

    label: str
    from_date: datetime.date = PydanticField(alias="from")
    through: datetime.date
    reason: str | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Span:
        if self.from_date > self.through:
            raise ValueError("the span ends before it begins")
        return self


class PrintedDocument(Declared):
    """The file that prints the totals, by a pattern of its whole name, and how to find them in it.

    `titled_tables`: on a sheet, a title alone in its row, below it a header, below that a row for each period.
    `columns`: a CSV with a header. `numbers_in_text`: texts on a sheet, the period and the number being
    the first and second group of a figure's `text`. `labels` are the headers of the columns that name periods; a
    blank cell there stands for the one above it, and several are one label, with spaces. Numbers are rounded to
    the nearest `rounded_to`.
    """

    file: str
    reader: Literal["titled_tables", "columns", "numbers_in_text"]
    sheet: str | None = None
    labels: list[str] = []
    rounded_to: int = PydanticField(default=1, ge=1)


class PrintedFigure(Declared):
    """One printed series: where it stands, which rows it counts, and its numbers by the periods' labels.

    `sheet` is its own where it is not the document's, `table` a pattern of the title above it, `column` its
    header, `rows` the values that its rows have in other columns. `where` and `unless` say which records it
    counts: all columns of `where`, none of `unless`. `spans` replace the document's where this figure covers
    other days. `first_cell` is the cell of the first number, the others standing below it; `cell` the one that
    holds all.
    """

    figure: str
    title: Text
    sheet: str | None = None
    table: str | None = None
    column: str | None = None
    rows: dict[str, str] = {}
    text: str | None = None
    where: Conditions = {}
    unless: Conditions = {}
    spans: list[Span] = []
    first_cell: str | None = None
    cell: str | None = None
    values: dict[str, int] = PydanticField(min_length=1)


class KnownDifference(Declared):
    """A reason why counts differ from print, and the counts that it explains: by period, or by file."""

    figure: str | None = None
    found: dict[str, int]
    reason: str


class DeclaredCheck(Declared):
    """What every check says of itself.

    `compared` says what is counted against what, `differs` which differences are known and why, `otherwise` what
    to know where one shows that nobody has looked into.
    """

    check: str
    title: Text
    place: str
    compared: str
    differs: list[KnownDifference] = []
    otherwise: str


class PrintedCheck(DeclaredCheck):
    """Records of `releases` held to printed figures.

    A row counts in a period where each of `dates` lies in it. `add_up` also holds the sum of all periods to the
    sum of the printed numbers.
    """

    table: str
    releases: list[str] = PydanticField(min_length=1)
    figures: list[str] = PydanticField(min_length=1)
    dates: list[str] = PydanticField(min_length=1)
    where: Conditions = {}
    add_up: bool = False


class HeadcountCheck(DeclaredCheck):
    """Stints held to a published headcount by facility and day: a CSV, gzipped or not."""

    file: str
    delimiter: str
    facility: str
    date: str
    count: str


class StatedYearCheck(DeclaredCheck):
    """Rows held to the fiscal year, and the release's last day, under which they were released."""


class Reconciliation(Declared):
    """What records are held to, of one printed document; or the years that sheets state for themselves.

    `edge_days` is by how much the first and last rows loaded may lie inside a printed period that they are
    held to: where they lie further inside, the files loaded hold a part of the period only.
    """

    reconciliation: str
    title: Text
    source: str
    document: PrintedDocument | None = None
    edge_days: int = PydanticField(default=0, ge=0)
    edge_reason: str | None = None
    spans: list[Span] = []
    figures: list[PrintedFigure] = []
    checks: list[PrintedCheck] = []
    headcounts: list[HeadcountCheck] = []
    stated_years: list[StatedYearCheck] = []

    @model_validator(mode="after")
    def _holds_together(self) -> Reconciliation:
        if not self.all_checks():
            raise ValueError("it declares no check")
        if self.edge_days and self.edge_reason is None:
            raise ValueError("edge_days needs an edge_reason")
        if (
            self.document is not None
            and self.document.rounded_to > 1
            and any(each.add_up for each in self.checks)
        ):
            raise ValueError("rounded numbers do not add up")
        known = {each.figure: each for each in self.figures}
        for check in self.checks:
            for name in check.figures:
                if name not in known:
                    raise ValueError(no_such_name("figure", name, known))
                both = {*check.where} & {*known[name].where, *known[name].unless}
                if both:
                    raise ValueError(f"{check.check} and {name} both have a condition on {sorted(both)[0]}")
        for figure in self.figures:
            labels = [each.label for each in self.spans_of(figure)]
            for label in figure.values:
                if label not in labels:
                    raise ValueError(f"{figure.figure}: no span has the label {label!r}")
        return self

    def all_checks(self) -> list[DeclaredCheck]:
        """Returns the checks of every kind."""
        return [*self.checks, *self.headcounts, *self.stated_years]

    def figure(self, name: str) -> PrintedFigure:
        """Returns the figure called `name`, one of those that a check names."""
        return next(each for each in self.figures if each.figure == name)

    def spans_of(self, figure: PrintedFigure) -> list[Span]:
        """Returns what the periods of a figure cover, in order: its own spans before the document's."""
        own = {each.label: each for each in figure.spans}
        both = [own.pop(each.label, each) for each in self.spans]
        return sorted([*both, *own.values()], key=lambda each: (each.from_date, each.through, each.label))


_FOLDERS: Folders = (("reconciliation", "reconciliations/*.yml", Reconciliation, "reconciliation"),)


def load_reconciliations(catalog: Catalog) -> Mapping[str, Reconciliation]:
    """Returns every declared reconciliation by name: the package's files under the user's.

    Raises:
        CatalogError: where a file does not fit its model, or names a release, table, column or code that
            nothing declares.
    """
    read = read_folders(_FOLDERS, *catalog.folders)
    found: dict[str, Reconciliation] = read.things["reconciliation"]  # type: ignore[assignment]
    problems = [
        (read.files["reconciliation", name], problem)
        for name, each in found.items()
        for problem in _problems(each, catalog)
    ]
    if problems:
        raise CatalogError("What records are held to does not fit the catalog.", problems)
    return dict(sorted(found.items()))


def _problems(declared: Reconciliation, catalog: Catalog) -> Iterator[str]:
    tables = catalog.events.tables
    for check in declared.checks:
        for name in check.releases:
            if name not in catalog.releases:
                yield no_such_name("release", name, catalog.releases)
        if check.table not in tables:
            yield no_such_name("event table", check.table, tables)
            continue
        table = tables[check.table]
        yield from _unknown_columns(check.dates, table)
        conditions = [check.where]
        conditions += [each for name in check.figures for each in _conditions_of(declared.figure(name))]
        for one in conditions:
            yield from _condition_problems(one, table, catalog)


def _conditions_of(figure: PrintedFigure) -> Sequence[Conditions]:
    return figure.where, figure.unless


def _unknown_columns(names: Sequence[str], table: Table) -> Iterator[str]:
    known = [each.name for each in table.fields]
    for name in names:
        if name not in known:
            yield no_such_name(f"column of {table.table}", name, known)


def _condition_problems(conditions: Conditions, table: Table, catalog: Catalog) -> Iterator[str]:
    known = {each.name: each for each in table.fields}
    for name, values in conditions.items():
        if name not in known:
            yield no_such_name(f"column of {table.table}", name, known)
        elif (codes := known[name].codes) is not None:
            canonical = [each.code for each in catalog.events.codes[codes].codes]
            for value in values:
                if value not in canonical:
                    yield f"{name}: {no_such_name('code', value, canonical)}"
