"""Whether declarations of workbooks and their sheets name what tables and code lists hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from recount.declare.monthly_tables import MonthlyTables
from recount.declare.naming import no_such_name
from recount.declare.tables import PERIOD_DIMENSIONS, Table
from recount.declare.workbooks import Assigns, FacilityColumn, PrintedTable, SheetLayout, Workbook
from recount.declare.yaml_text import Location

if TYPE_CHECKING:
    from recount.declare.catalog import Catalog

STATISTICS = "detention_statistics_figures"
UNITS = "figure_units"
SET_ASIDE_RULES = ("heading", "identifies_the_facility", "month_still_to_come", "no_label", "unknown")
_TOTAL = "total"
_FACILITY_TYPES = {"text": "text", "day": "text", "number": "number"}

Found = tuple[Location, str]


def find_workbook_problems(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yields what workbooks and sheets name that nothing declares: (file and line, what is wrong)."""
    for name, workbook in catalog.workbooks.items():
        document = catalog.documents["workbook", name]
        for location, text in _workbook(workbook, catalog):
            yield f"{document.name}, line {document.line_of(location)}", text
    for name, sheet in catalog.sheets.items():
        document = catalog.documents["sheet", name]
        for location, text in _sheet(sheet, catalog):
            yield f"{document.name}, line {document.line_of(location)}", text
    for name, monthly in catalog.monthly.items():
        document = catalog.documents["monthly", name]
        for location, text in _monthly(monthly, catalog):
            yield f"{document.name}, line {document.line_of(location)}", text


def _workbook(workbook: Workbook, catalog: Catalog) -> Iterator[Found]:
    yield from _name(("source",), "source", workbook.source, catalog.sources)
    kinds = [each.sheet for each in catalog.sheets.values() if each.source == workbook.source]
    for index, kind in enumerate(workbook.known_by):
        yield from _name(("known_by", index), "sheet", kind, kinds)
    yield from _name(("reports",), "agency table", workbook.reports, _codes("agency_tables", catalog))
    authority = workbook.release.authority
    if authority is not None:
        yield from _name(("release", "authority"), "authority", authority, _codes("authorities", catalog))
    for rule in SET_ASIDE_RULES:
        if rule not in workbook.set_aside:
            yield ("set_aside",), f"lacks the reason of the rule {rule!r}"
    for rule in workbook.set_aside:
        yield from _name(("set_aside", rule), "rule", rule, SET_ASIDE_RULES)
    for index, flag in enumerate(workbook.flags):
        here: Location = ("flags", index)
        if flag.core not in catalog.tables:
            yield (*here, "core"), no_such_name("table", flag.core, catalog.tables)
            continue
        table, file = catalog.tables[flag.core], catalog.files["table", flag.core]
        checks = [each.check for each in table.checks if each.severity == "flag"]
        if flag.flag not in checks:
            hint = no_such_name("check that flags", flag.flag, checks)
            yield (*here, "flag"), f"{hint} (the checks of {file})"
        columns = {each.name: each for each in table.fields}
        for column, value in flag.where.items():
            if column not in columns:
                yield (
                    (*here, "where", column),
                    f"{no_such_name('column', column, columns)} (the columns of {file})",
                )
            elif (codes := columns[column].codes) is not None:
                known = _codes(codes, catalog)
                yield from _name((*here, "where", column), codes, str(value), known)


def _sheet(sheet: SheetLayout, catalog: Catalog) -> Iterator[Found]:
    yield from _name(("source",), "source of workbooks", sheet.source, catalog.workbooks)
    if sheet.core is not None:
        yield from _name(("core",), "table", sheet.core, catalog.tables)
    names = [each.table for each in sheet.tables]
    for index, printed in enumerate(sheet.tables):
        here: Location = ("tables", index)
        if printed.table in names[:index]:
            yield (*here, "table"), f"the table {printed.table!r} is declared twice"
        for location, text in _printed_table(printed, catalog):
            yield (*here, *location), text
    if sheet.core in catalog.tables:
        for index, column in enumerate(sheet.facility_columns):
            yield from _facility_column(("facility_columns", index), column, str(sheet.core), catalog)


def _monthly(monthly: MonthlyTables, catalog: Catalog) -> Iterator[Found]:
    yield from _name(("source",), "source", monthly.source, catalog.sources)
    yield from _name(("reports",), "agency table", monthly.reports, _codes("agency_tables", catalog))
    if monthly.core not in catalog.tables:
        yield ("core",), no_such_name("table", monthly.core, catalog.tables)
        return
    named = _Names(catalog.tables[monthly.core], catalog)
    for index, table in enumerate(monthly.tables):
        yield from named.figure(("tables", index), table.figure, table.unit)
        for number, column in enumerate(table.columns):
            yield from named.sets(("tables", index, "columns", number, "sets"), column.sets)


def _facility_column(here: Location, column: FacilityColumn, core: str, catalog: Catalog) -> Iterator[Found]:
    fields = {each.name: each for each in catalog.tables[core].fields}
    file = catalog.files["table", core]
    if column.to not in fields:
        yield (*here, "to"), f"{no_such_name('column', column.to, fields)} (the columns of {file})"
    elif fields[column.to].type != _FACILITY_TYPES[column.type]:
        kind = fields[column.to].type
        yield (*here, "type"), f"{column.type} is not what {column.to} holds: {file} says {kind}"


def _printed_table(printed: PrintedTable, catalog: Catalog) -> Iterator[Found]:
    if printed.core not in catalog.tables:
        yield ("core",), no_such_name("table", printed.core, catalog.tables)
        return
    named = _Names(catalog.tables[printed.core], catalog)
    yield from named.figure((), printed.figure, printed.unit)
    yield from named.sets(("sets",), printed.sets)
    if printed.title_sets is not None:
        yield from named.dimension(("title_sets",), printed.title_sets)
    labels: list[tuple[Location, Assigns]] = [
        (("heading", row, "columns", index), each)
        for row, heading in enumerate(printed.heading)
        for index, each in enumerate(heading.columns)
    ]
    labels += [(("rows", index), each) for index, each in enumerate(printed.rows)]
    labels += [(("second_labels", index), each) for index, each in enumerate(printed.second_labels)]
    for here, label in labels:
        yield from named.label(here, label)
    for key, of_table in (("figure", printed.figure), ("unit", printed.unit)):
        if of_table is None and not any(getattr(each, key) for _, each in labels):
            yield ("table",), f"nothing says which {key} the numbers of {printed.table} are"


class _Names:
    """What labels of a printed table may name: figures, units, and dimensions of its core table."""

    def __init__(self, table: Table, catalog: Catalog) -> None:
        self.catalog = catalog
        self.file = catalog.files["table", table.table]
        self.columns = {each.name: each for each in table.fields}

    def label(self, here: Location, label: Assigns) -> Iterator[Found]:
        """Yields what a label or heading names that nothing declares."""
        yield from self.figure(here, label.figure, label.unit)
        yield from self.sets((*here, "sets"), label.sets)
        if label.dimension is not None:
            yield from self.dimension((*here, "dimension"), label.dimension)
        if label.codes is None:
            return
        if label.codes not in self.catalog.codes:
            yield (*here, "codes"), no_such_name("code list", label.codes, self.catalog.codes)
        elif label.dimension is not None:
            yield from self.values((*here, "codes"), label.dimension, _codes(label.codes, self.catalog))

    def figure(self, here: Location, figure: str | None, unit: str | None) -> Iterator[Found]:
        """Yields a figure or unit that its code list lacks."""
        for key, code, codes in (("figure", figure, STATISTICS), ("unit", unit, UNITS)):
            if code is not None:
                known = _codes(codes, self.catalog)
                if code not in known:
                    file = self.catalog.files["codes", codes]
                    yield (*here, key), f"{no_such_name(key, code, known)} (the codes of {file})"

    def sets(self, here: Location, sets: Mapping[str, str]) -> Iterator[Found]:
        """Yields dimensions, and values of them, that the core table lacks."""
        for dimension, code in sets.items():
            found = list(self.dimension((*here, dimension), dimension))
            yield from found or self.values((*here, dimension), dimension, [code])

    def dimension(self, here: Location, dimension: str) -> Iterator[Found]:
        """Yields a dimension that the core table has no column for; those of time make the period."""
        if dimension in PERIOD_DIMENSIONS or self._column(dimension) is not None:
            return
        known = [each.removesuffix("_code") for each in self.columns if each.endswith(("_code", "_name"))]
        yield (
            here,
            f"{self.file} has no column {dimension}_code or {dimension}; "
            + no_such_name("dimension", dimension, [*known, *PERIOD_DIMENSIONS]),
        )

    def values(self, here: Location, dimension: str, values: Iterable[str]) -> Iterator[Found]:
        """Yields values of a dimension that the code list of its column lacks."""
        name = self._column(dimension)
        column = self.columns.get(name or "")
        if dimension in PERIOD_DIMENSIONS or column is None or column.codes is None:
            return
        known = set(_codes(column.codes, self.catalog))
        if column.may_be_missing:
            known.add(_TOTAL)
        for value in values:
            if value not in known:
                file = self.catalog.files["codes", column.codes]
                yield here, f"{no_such_name(dimension, value, known)} (the codes of {file})"

    def _column(self, dimension: str) -> str | None:
        return next((each for each in (f"{dimension}_code", dimension) if each in self.columns), None)


def _codes(name: str, catalog: Catalog) -> list[str]:
    return [each.code for each in catalog.codes[name].codes] if name in catalog.codes else []


def _name(here: Location, kind: str, name: str, known: Iterable[str]) -> Iterator[Found]:
    names = list(known)
    if name not in names:
        yield here, no_such_name(kind, name, names)
