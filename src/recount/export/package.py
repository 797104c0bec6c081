"""Exports as a Frictionless Data Package, with schema.org's description of a dataset beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from recount.declare.tables import FieldType
from recount.export.account import Account, dictionary_frame, licence_as_json, release_as_json
from recount.export.columnar import write_csv
from recount.export.dataset import Download, describe_dataset
from recount.export.places import SYNTHETIC
from recount.export.tables import ExportField, ExportTable

_TYPES: dict[FieldType, str] = {
    "text": "string",
    "code": "string",
    "count": "integer",
    "number": "number",
    "date": "date",
    "datetime": "datetime",
    "boolean": "boolean",
}
_DATETIME = "%Y-%m-%dT%H:%M:%S"


def write_package(account: Account, folder: Path) -> None:
    """Writes a package to `folder`: tables as CSV, `datapackage.json` (version 1), dictionary, receipt, JSON-LD."""
    (folder / "data").mkdir()
    resources = []
    for table in account.tables:
        mark = f"{SYNTHETIC}-" if table.is_synthetic else ""
        path = folder / "data" / f"{mark}{table.name}.csv"
        sha256 = write_csv(table, path)
        resources.append(_resource(table, path, folder, sha256))
    dictionary_frame(account.tables).write_csv(folder / "dictionary.csv")
    files = [{"name": each["path"], "sha256": each["hash"].removeprefix("sha256:")} for each in resources]
    downloads = [
        Download(each["title"], "text/csv", each["path"], each["bytes"], each["hash"].removeprefix("sha256:"))
        for each in resources
    ]
    _write_json(folder / "receipt.json", {**account.as_json(), "files": files})
    _write_json(folder / "datapackage.json", describe_package(account, resources))
    _write_json(folder / "dataset.jsonld", describe_dataset(account, downloads))


def describe_package(account: Account, resources: list[dict[str, Any]]) -> dict[str, Any]:
    """Returns the descriptor of a package, as version 1 of the standard has it."""
    licence = licence_as_json(account)
    return {
        "profile": "tabular-data-package",
        "name": _name(account),
        "id": f"urn:sha256:{account.receipt.id}",
        "title": account.title,
        "description": account.description,
        "keywords": ["immigration enforcement", "ICE", *([SYNTHETIC] if account.is_synthetic else [])],
        "licenses": [{key: licence[key] for key in ("name", "title", "path")}],
        "rights": licence["rights"],
        "sources": [
            {key: value for key, value in release_as_json(each).items() if value is not None}
            for each in account.releases
        ],
        "synthetic": account.is_synthetic,
        "receipt": account.receipt.as_json(),
        "resources": resources,
    }


def _name(account: Account) -> str:
    mark = "synthetic-" if account.is_synthetic else ""
    what = account.tables[0].name if len(account.tables) == 1 else account.what
    return f"{mark}recount-{what.replace('_', '-')}"


def _resource(table: ExportTable, path: Path, folder: Path, sha256: str) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": path.relative_to(folder).as_posix(),
        "title": table.full_title,
        "description": " ".join([f"One row is {table.one_row_is}.", *table.warnings, *table.notes]),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256}",
        "dialect": {
            "delimiter": ",",
            "quoteChar": '"',
            "doubleQuote": True,
            "lineTerminator": "\n",
            "header": True,
        },
        "schema": {
            "fields": [_field(each) for each in table.fields],
            "missingValues": [""],
            "primaryKey": list(table.key),
        },
    }


def _field(field: ExportField) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": field.name,
        "type": _TYPES[field.type],
        "description": field.description,
    }
    if field.type == "datetime":
        described["format"] = _DATETIME
    if field.unit is not None:
        described["unit"] = field.unit
    constraints: dict[str, Any] = {}
    # A text that is empty and not missing is written as nothing too, so that it cannot be required.
    if not field.may_be_missing and field.type != "text":
        constraints["required"] = True
    if field.codes is not None:
        constraints["enum"] = [each.code for each in field.codes]
        described["codeList"] = field.code_list
        described["codeLabels"] = {each.code: each.label.en for each in field.codes}
    if constraints:
        described["constraints"] = constraints
    return described


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
