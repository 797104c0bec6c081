"""The data dictionary: every table with its fields, and every code list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from recount.declare.tables import CodeList, Table
from recount.site.chapters import Chapter, Contents
from recount.site.exhibits import as_csv_file
from recount.site.material import Material
from recount.site.receipts import data_path
from recount.site.shell import Shell

INDEX = "dictionary/index.html"


def dictionary_chapters(material: Material) -> Iterator[Chapter]:
    """Yields the list of tables and codes, and a chapter for each."""
    yield Chapter((INDEX,), lambda: Contents({INDEX: lambda shell: _list(material, shell)}))
    for table in tables_of(material).values():
        yield _table_chapter(table, material)
    for codes in codes_of(material).values():
        yield _codes_chapter(codes, material)


def tables_of(material: Material) -> Mapping[str, Table]:
    """Returns the tables of printed figures, then those of individual records."""
    return {
        **dict(sorted(material.catalog.tables.items())),
        **dict(sorted(material.catalog.events.tables.items())),
    }


def codes_of(material: Material) -> Mapping[str, CodeList]:
    """Returns every code list, by name."""
    return dict(sorted({**material.catalog.codes, **material.catalog.events.codes}.items()))


def path_of_table(table: str) -> str:
    """Returns where the page of a table lies."""
    return f"dictionary/{table}.html"


def path_of_codes(codes: str) -> str:
    """Returns where the page of a code list lies."""
    return f"dictionary/codes-{codes}.html"


def _table_chapter(table: Table, material: Material) -> Chapter:
    path = path_of_table(table.table)
    fields = data_path(f"fields-{table.table}", "csv")
    return Chapter(
        (path, fields),
        lambda: Contents(
            {path: lambda shell: _table(table, material, shell)},
            {fields: lambda: as_csv_file(list(_rows_of_fields(table)))},
        ),
    )


def _codes_chapter(codes: CodeList, material: Material) -> Chapter:
    path = path_of_codes(codes.codes_of)
    file = data_path(f"codes-{codes.codes_of}", "csv")
    return Chapter(
        (path, file),
        lambda: Contents(
            {path: lambda shell: _codes(codes, material, shell)},
            {file: lambda: as_csv_file(list(_rows_of_codes(codes)))},
        ),
    )


def _list(material: Material, shell: Shell) -> bytes:
    events = set(material.catalog.events.tables)
    tables = tables_of(material)
    return shell.render(
        "dictionary.html.j2",
        INDEX,
        printed=[each for name, each in tables.items() if name not in events],
        recorded=[each for name, each in tables.items() if name in events],
        codes=list(codes_of(material).values()),
    )


def _table(table: Table, material: Material, shell: Shell) -> bytes:
    warnings = {each.warning: each.text for each in material.catalog.warnings.warnings}
    return shell.render(
        "table.html.j2",
        path_of_table(table.table),
        table=table,
        is_recorded=table.table in material.catalog.events.tables,
        warnings=[warnings[each] for each in table.warnings if each in warnings],
        known_codes=set(codes_of(material)),
        measures=[
            (name, each.title.in_language(shell.language))
            for name, each in material.measures.items()
            if each.table == table.table
        ],
    )


def _codes(codes: CodeList, material: Material, shell: Shell) -> bytes:
    used = [
        (name, field.name)
        for name, each in tables_of(material).items()
        for field in each.fields
        if field.codes == codes.codes_of
    ]
    return shell.render("codes.html.j2", path_of_codes(codes.codes_of), codes=codes, used=used)


def _rows_of_fields(table: Table) -> Iterator[tuple[Any, ...]]:
    yield ("table", "field", "type", "unit", "codes", "may_be_missing", "description")
    for each in table.fields:
        yield (
            table.table,
            each.name,
            each.type,
            each.unit,
            each.codes,
            str(each.may_be_missing).lower(),
            each.description,
        )


def _rows_of_codes(codes: CodeList) -> Iterator[tuple[Any, ...]]:
    yield ("codes", "code", "label_en", "label_es", "reason", "spellings")
    for each in codes.codes:
        yield (
            codes.codes_of,
            each.code,
            each.label.en,
            each.label.es,
            each.reason,
            ";".join(each.spellings),
        )
