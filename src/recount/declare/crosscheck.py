"""What no single file can know: whether the declarations fit together."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from recount.declare.crosscheck_claims import find_problems_of_claims
from recount.declare.crosscheck_statistics import find_statistic_problems
from recount.declare.measures import Measure
from recount.declare.naming import no_such_name
from recount.declare.tables import Table

if TYPE_CHECKING:
    from recount.declare.catalog import Catalog

FIGURE_COLUMN = "figure_name"
FIGURE_CODES = "figures"

Problem = tuple[str, str]


def find_problems(catalog: Catalog) -> list[Problem]:
    """Returns every way in which the catalog contradicts itself: (file and line, what is wrong)."""
    return [
        *_source_problems(catalog),
        *_layout_problems(catalog),
        *_table_problems(catalog),
        *_code_problems(catalog),
        *_measure_problems(catalog),
        *find_problems_of_claims(catalog),
        *_problems_of_workbooks(catalog),
        *_message_problems(catalog),
    ]


def _problems_of_workbooks(catalog: Catalog) -> Sequence[Problem]:
    if not catalog.workbooks and not catalog.sheets and not catalog.monthly:
        return ()
    # What answers questions leaves them out, and does without the time to load this.
    from recount.declare.crosscheck_workbooks import find_workbook_problems  # noqa: PLC0415

    return list(find_workbook_problems(catalog))


def _source_problems(catalog: Catalog) -> Iterator[Problem]:
    for name, source in catalog.sources.items():
        where = catalog.files["source", name]
        for layout in source.required_layouts if catalog.layouts else ():
            if layout not in catalog.layouts:
                yield where, f"required_layouts: {no_such_name('layout', layout, catalog.layouts)}"
    authorities = [each.code for each in catalog.codes["authorities"].codes]
    agency_tables = [each.code for each in catalog.codes["agency_tables"].codes]
    figures = [each.code for each in catalog.codes[FIGURE_CODES].codes]
    spelled: dict[str, str] = {}
    for name, release in catalog.releases.items():
        where = catalog.files["release", name]
        if release.source not in catalog.sources:
            yield where, f"source: {no_such_name('source', release.source, catalog.sources)}"
        if release.authority not in authorities:
            yield where, f"authority: {no_such_name('authority', release.authority, authorities)}"
        if release.reports not in agency_tables:
            yield where, f"reports: {no_such_name('agency table', release.reports, agency_tables)}"
        for spelling in release.spellings:
            if spelling in spelled:
                yield where, f"the spelling {spelling!r} belongs to {spelled[spelling]} as well"
            spelled[spelling] = where
        for figure in release.prints_about:
            if figure not in figures:
                yield where, f"prints_about: {no_such_name('figure', figure, figures)}"
    for source_name, corrections in catalog.corrections.items():
        where = f"sources/{source_name}/corrections.yml"
        # What answers questions leaves the layouts out.
        for index, each in enumerate(corrections.corrections if catalog.layouts else (), start=1):
            if each.layout not in catalog.layouts:
                yield where, f"correction {index}: {no_such_name('layout', each.layout, catalog.layouts)}"
            elif not re.fullmatch(catalog.layouts[each.layout].files, each.file):
                pattern = catalog.layouts[each.layout].files
                yield (
                    where,
                    f"correction {index}: no file of {each.layout} is called {each.file!r} ({pattern})",
                )
            elif each.column not in catalog.layouts[each.layout].columns:
                known = catalog.layouts[each.layout].columns
                yield where, f"correction {index}: {no_such_name('column', each.column, known)}"


def _layout_problems(catalog: Catalog) -> Iterator[Problem]:
    core_columns = {each.name for table in catalog.tables.values() for each in table.fields}
    figures = [each.code for each in catalog.codes[FIGURE_CODES].codes]
    agency_tables = [each.code for each in catalog.codes["agency_tables"].codes]
    for name, layout in catalog.layouts.items():
        where = catalog.files["layout", name]
        if layout.source not in catalog.sources:
            yield where, f"source: {no_such_name('source', layout.source, catalog.sources)}"
        if layout.reports not in agency_tables:
            yield where, f"reports: {no_such_name('agency table', layout.reports, agency_tables)}"
        for header, column in layout.columns.items():
            if column.codes is not None and column.codes not in catalog.codes:
                yield where, f"column {header}: {no_such_name('code list', column.codes, catalog.codes)}"
            if column.figure is not None and column.figure not in figures:
                yield where, f"column {header}: {no_such_name('figure', column.figure, figures)}"
            if column.to is not None and column.to not in core_columns:
                yield where, f"column {header}: {no_such_name('core column', column.to, core_columns)}"
        for rule in layout.set_aside:
            for header in rule.blank:
                if header not in layout.columns:
                    yield where, f"set_aside {rule.name}: {no_such_name('column', header, layout.columns)}"


def _table_problems(catalog: Catalog) -> Iterator[Problem]:
    meaning: dict[str, tuple[tuple[str, str | None, str | None], str]] = {}
    warnings = {each.warning for each in catalog.warnings.warnings}
    for name, table in catalog.tables.items():
        where = catalog.files["table", name]
        names = [each.name for each in table.fields]
        yield from ((where, f"the field {each!r} is declared twice") for each in _repeated(names))
        for column in table.unique_key:
            if column not in names:
                yield where, f"unique_key: {no_such_name('field', column, names)}"
        for each in table.fields:
            if each.codes is not None and each.codes not in catalog.codes:
                yield where, f"field {each.name}: {no_such_name('code list', each.codes, catalog.codes)}"
            says = (each.type, each.unit, each.codes)
            known, first = meaning.setdefault(each.name, (says, where))
            if says != known:
                yield where, f"field {each.name}: another type, unit or code list than in {first}"
        known_figures = _figures_of(table, catalog)
        for identity in table.sums:
            for figure in (identity.total, *identity.parts):
                if figure not in known_figures:
                    yield where, f"sums: {no_such_name('figure', figure, known_figures)}"
        for check in table.checks:
            if check.column is not None and check.column not in names:
                yield where, f"check {check.check}: {no_such_name('field', check.column, names)}"
        for warning in table.warnings:
            if warning not in warnings:
                yield where, f"warnings: {no_such_name('warning', warning, warnings)}"


def _figures_of(table: Table, catalog: Catalog) -> list[str]:
    for each in table.fields:
        if each.name == FIGURE_COLUMN and each.codes is not None and each.codes in catalog.codes:
            return [code.code for code in catalog.codes[each.codes].codes]
    return []


def _code_problems(catalog: Catalog) -> Iterator[Problem]:
    for name, codes in catalog.codes.items():
        where = catalog.files["codes", name]
        spellings = [spelling for each in codes.codes for spelling in {each.code, *each.spellings}] + [
            each.spelling for each in codes.ignored
        ]
        yield from ((where, f"{each!r} is spelled out twice") for each in _repeated(spellings))


def _measure_problems(catalog: Catalog) -> Iterator[Problem]:
    for name, measure in catalog.measures.items():
        where = catalog.files["measure", name]
        if measure.table not in catalog.tables:
            yield where, f"table: {no_such_name('table', measure.table, catalog.tables)}"
            continue
        if measure.statistic is not None:
            yield from ((where, text) for text in find_statistic_problems(measure, catalog))
            continue
        figures = _figures_of(catalog.tables[measure.table], catalog)
        named = [measure.numerator, measure.denominator, measure.printed_as]
        named += [option.figure for fork in measure.forks for option in fork.options]
        for figure in named:
            if figure is not None and figure not in figures:
                table_file = catalog.files["table", measure.table]
                hint = no_such_name("figure", figure, figures)
                yield where, f"{hint} (the figures of {measure.table} stand in {table_file})"
        if measure.complement_of is not None:
            yield from _complement_problems(measure, catalog)


def _complement_problems(measure: Measure, catalog: Catalog) -> Iterator[Problem]:
    where = catalog.files["measure", measure.measure]
    declared = measure.complement_of
    if declared is None or declared.measure not in catalog.measures:
        name = "" if declared is None else declared.measure
        yield where, f"complement_of: {no_such_name('measure', name, catalog.measures)}"
        return
    other = catalog.measures[declared.measure]
    if declared.reading not in other.readings():
        yield where, f"complement_of: {other.measure} has no reading {declared.reading}"
        return
    pair = {measure.numerator, other.numerator_under(declared.reading)}
    sums = catalog.tables[measure.table].sums
    if measure.denominator != other.denominator or not any(
        identity.total == measure.denominator and set(identity.parts) == pair for identity in sums
    ):
        table_file = catalog.files["table", measure.table]
        yield where, f"complement_of: no sum in {table_file} makes these two parts of one whole"


def _message_problems(catalog: Catalog) -> Iterator[Problem]:
    languages = sorted(catalog.messages)
    if languages != ["en", "es"]:
        yield "messages", f"en.yml and es.yml are needed; there is: {', '.join(languages) or 'none'}"
        return
    english, spanish = (catalog.messages[each].messages for each in languages)
    for key in sorted({*english, *spanish}):
        if key not in english or key not in spanish:
            lacking = "en" if key not in english else "es"
            yield f"messages/{lacking}.yml", f"lacks {key!r}"
        elif _placeholders(english[key]) != _placeholders(spanish[key]):
            yield "messages/es.yml", f"{key!r} fills in other names than in messages/en.yml"


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def _repeated(names: list[str]) -> list[str]:
    return sorted({each for each in names if names.count(each) > 1})
