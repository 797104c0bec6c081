"""schema.org's description of a dataset, written with every export, as search engines for data read it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recount.declare.exports import FormatName
from recount.export.account import Account
from recount.export.places import SYNTHETIC

DOMAIN, AGENCY = "immigration enforcement", "ICE"
"""What datasets are found by."""
_SHORTEST, _LONGEST = 50, 5000
"""How many characters a description of a dataset has, as Google reads them."""
_MEDIA: dict[FormatName, str] = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "stata": "application/x-stata-dta",
    "spss": "application/x-spss-sav",
    "sqlite": "application/vnd.sqlite3",
    "duckdb": "application/vnd.duckdb",
    "datapackage": "application/vnd.datapackage+json",
}


@dataclass(frozen=True)
class Download:
    """One file of a dataset; `sha256` is left out where the same rows are not the same bytes."""

    title: str
    media_type: str
    path: str
    size: int
    sha256: str | None

    def as_json(self) -> dict[str, Any]:
        """Returns it as schema.org has it."""
        told = {
            "@type": "DataDownload",
            "name": self.title,
            "encodingFormat": self.media_type,
            "contentUrl": self.path,
            "contentSize": f"{self.size} B",
        }
        return told if self.sha256 is None else {**told, "sha256": self.sha256}


def write_dataset(account: Account, path: Path, format_name: FormatName, sha256: str | None) -> Path:
    """Writes the description of a file's dataset beside it, and returns its path."""
    download = Download(account.title, _MEDIA[format_name], path.name, path.stat().st_size, sha256)
    beside = path.with_name(f"{path.name}.dataset.jsonld")
    told = json.dumps(describe_dataset(account, [download]), indent=1, ensure_ascii=False)
    beside.write_text(told + "\n", encoding="utf-8")
    return beside


def describe_dataset(account: Account, downloads: Sequence[Download]) -> dict[str, Any]:
    """Returns schema.org's description of a dataset, as search engines for data read it."""
    licence = account.exports.licence
    description = account.description
    if len(description) < _SHORTEST:
        description = f"{description} Exported from the agencies' own releases by Recount."
    publishers = dict.fromkeys(each.printed_by for each in account.releases)
    words = [DOMAIN, AGENCY, *([SYNTHETIC] if account.is_synthetic else [])]
    first = min((each.first_day for each in account.tables if each.first_day is not None), default=None)
    through = max(each.covers_through for each in account.releases)
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": account.title,
        "description": description[:_LONGEST],
        "identifier": f"urn:sha256:{account.receipt.id}",
        "license": licence.path,
        "isAccessibleForFree": True,
        "creator": [{"@type": "Organization", "name": each} for each in publishers],
        "keywords": words,
        "spatialCoverage": "United States",
        "temporalCoverage": f"{first or through}/{through}",
        "isBasedOn": [
            {"@type": "CreativeWork", "name": each.title.en, **({"url": each.url} if each.url else {})}
            for each in account.releases
        ],
        "variableMeasured": [
            {
                "@type": "PropertyValue",
                "name": each.name,
                "description": each.description,
                **({"unitText": each.unit} if each.unit else {}),
            }
            for each in {one.name: one for table in account.tables for one in table.fields}.values()
        ],
        "distribution": [each.as_json() for each in downloads],
    }
