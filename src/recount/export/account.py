"""What goes with every export: title, definitions, warnings, sources, licence and receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from recount import settings
from recount.declare.catalog import Catalog
from recount.declare.exports import Exports, load_exports
from recount.declare.sources import KnownRelease, Source
from recount.export.tables import ExportField, ExportTable
from recount.measure.receipt import Receipt, digest, make_receipt

SCHEMA = "recount-export/1"
"""The shape of what describes an export, in its metadata and beside it."""
_DICTIONARY = {
    "table": pl.String,
    "column": pl.String,
    "description": pl.String,
    "type": pl.String,
    "unit": pl.String,
    "may_be_missing": pl.Boolean,
    "code_list": pl.String,
    "code": pl.String,
    "number": pl.Int64,
    "label_en": pl.String,
    "label_es": pl.String,
}


@dataclass(frozen=True, eq=False)
class Account:
    """What goes with an export of `tables`; `what` is what was asked for."""

    what: str
    tables: tuple[ExportTable, ...]
    sources: tuple[Source, ...]
    receipt: Receipt
    exports: Exports

    @property
    def is_synthetic(self) -> bool:
        """Whether any row is made up."""
        return any(each.is_synthetic for each in self.tables)

    @property
    def title(self) -> str:
        """The title of the one table, or of all."""
        if len(self.tables) == 1:
            return self.tables[0].full_title
        return f"{'SYNTHETIC · ' * self.is_synthetic}Recount: {len(self.tables)} tables"

    @property
    def description(self) -> str:
        """What a row is, for each table, and what to mind."""
        rows = [f"{each.name}: one row is {each.one_row_is}." for each in self.tables]
        return " ".join([*rows, *self.warnings])

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to mind, each sentence once; that rows are made up comes first."""
        made_up = sorted({one for each in self.tables for one in each.synthetic})
        first = [f"SYNTHETIC: made-up rows, of nobody, in {', '.join(made_up)}."] if made_up else []
        texts = [one for each in self.tables for one in (*each.warnings, *each.notes)]
        return tuple(dict.fromkeys([*first, *texts]))

    @property
    def releases(self) -> tuple[KnownRelease, ...]:
        """The releases of all tables, by name."""
        known = {one.release: one for each in self.tables for one in each.releases}
        return tuple(known[name] for name in sorted(known))

    def as_json(self) -> dict[str, Any]:
        """Returns everything but the dictionary as JSON values."""
        return {
            "schema": SCHEMA,
            "title": self.title,
            "synthetic": self.is_synthetic,
            "tables": [
                {
                    "table": each.name,
                    "title": each.full_title,
                    "one_row_is": each.one_row_is,
                    "rows": each.rows,
                    "unique_key": list(each.key),
                }
                for each in self.tables
            ],
            "warnings": list(self.warnings),
            "licence": licence_as_json(self),
            "sources": [release_as_json(each) for each in self.releases],
            "receipt": self.receipt.as_json(),
        }


def make_account(
    what: str, tables: Sequence[ExportTable], catalog: Catalog, releases: Sequence[str], *, public: bool
) -> Account:
    """Returns what goes with an export.

    The receipt is the same in every format: it names the question, what the columns mean, the releases with
    their files, and the rows and content of each table.
    """
    known = {one.release: one for each in tables for one in each.releases}
    receipt = make_receipt(
        {"export": what, "releases": sorted(set(releases)), "public": public},
        digest(
            {
                "tables": {each.name: [_meaning(one) for one in each.fields] for each in tables},
                "pipeline_version": settings.PIPELINE_VERSION,
            }
        ),
        known.values(),
        [
            {"table": each.name, "kind": each.kind, "rows": each.rows, "content": list(each.content)}
            for each in tables
        ],
    )
    return account_for(what, tables, catalog, receipt)


def account_for(what: str, tables: Sequence[ExportTable], catalog: Catalog, receipt: Receipt) -> Account:
    """Returns what goes with an export whose receipt is there already."""
    sources = sorted({one.source for each in tables for one in each.releases})
    found = tuple(catalog.sources[each] for each in sources if each in catalog.sources)
    return Account(what, tuple(tables), found, receipt, load_exports(catalog))


def _meaning(field: ExportField) -> dict[str, Any]:
    codes = None if field.codes is None else [each.code for each in field.codes]
    return {"name": field.name, "type": field.type, "unit": field.unit, "codes": codes}


def licence_as_json(account: Account) -> dict[str, Any]:
    """Returns the licence, with what each source says of its rights."""
    licence = account.exports.licence
    return {
        "name": licence.name,
        "title": licence.title,
        "path": licence.path,
        "rights": {each.source: each.rights for each in account.sources},
    }


def release_as_json(release: KnownRelease) -> dict[str, Any]:
    """Returns a release as the source of an export: who printed it, when it came out, and its files."""
    return {
        "title": release.title.en,
        "release": release.release,
        "printed_by": release.printed_by,
        "path": release.url,
        "published_from": release.published_from and release.published_from.isoformat(),
        "published_to": release.published_to and release.published_to.isoformat(),
        "covers_through": release.covers_through.isoformat(),
        "authority": release.authority,
        "files": [{"name": each.name, "sha256": each.sha256} for each in release.files],
    }


def dictionary_frame(tables: Sequence[ExportTable]) -> pl.DataFrame:
    """Returns the definitions: one row a column, followed by one row for each code that it can hold.

    `number` is the code's place in its list, which formats without coded texts hold in its stead.
    """
    rows: list[dict[str, Any]] = []
    for table in tables:
        for field in table.fields:
            about = {"table": table.name, "column": field.name, "type": field.type}
            rows.append(
                {
                    **about,
                    "unit": field.unit,
                    "may_be_missing": field.may_be_missing,
                    "code_list": field.code_list,
                    "description": field.description,
                }
            )
            rows += [
                {
                    **about,
                    "code_list": field.code_list,
                    "code": each.code,
                    "number": number,
                    "label_en": each.label.en,
                    "label_es": each.label.es,
                }
                for number, each in enumerate(field.codes or (), start=1)
            ]
    return pl.DataFrame([{name: row.get(name) for name in _DICTIONARY} for row in rows], schema=_DICTIONARY)
