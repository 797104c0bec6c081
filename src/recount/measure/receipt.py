"""Receipts: what an answer rests on, with an id that anyone can compute again."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from recount import settings
from recount.declare.catalog import Catalog
from recount.declare.measures import Measure
from recount.declare.sources import KnownRelease
from recount.declare.tables import CodeList

if TYPE_CHECKING:
    from recount.declare.denominators import Denominator

_PLACE_CODES = ("countries", "states", "jurisdictions")


@dataclass(frozen=True)
class Receipt:
    """What an answer rests on.

    `id` is the sha256 of the canonical JSON of `body`: schema, question, definition digest, releases
    with the sha256 of their files, and integer results. `beside` is recorded and not hashed.
    """

    id: str
    body: Mapping[str, Any]
    beside: Mapping[str, Any]

    @property
    def short(self) -> str:
        """The first twelve digits of the id, to show."""
        return self.id[:12]

    def as_json(self) -> dict[str, Any]:
        """Returns the receipt as JSON values."""
        return {"id": self.id, **self.body, "beside": dict(self.beside)}


def make_receipt(
    question: Mapping[str, Any],
    definition: str,
    releases: Iterable[KnownRelease],
    results: Any,
    engine: str = "polars",
    used: Sequence[Mapping[str, Any]] | None = None,
) -> Receipt:
    """Returns the receipt of an answer.

    Args:
        question: what was asked, every default written out.
        definition: the digest of what the words of the question mean.
        releases: those that the answer looked at, used or not.
        results: integers, in a total order.
        engine: what worked them out; recorded beside, and not hashed.
        used: instead of `releases`, what other receipts hold of them.
    """
    body = {
        "schema": settings.RECEIPT_SCHEMA,
        "question": dict(question),
        "definition": definition,
        "releases": [
            {"release": each.release, "files": sorted(file.sha256 for file in each.files)}
            for each in sorted(releases, key=lambda each: each.release)
        ]
        if used is None
        else list(used),
        "results": results,
    }
    body = json.loads(canonical_json(body))
    beside = {"engine": engine, "pipeline_version": settings.PIPELINE_VERSION}
    return Receipt(digest(body), body, beside)


def canonical_json(value: Any) -> str:
    """Returns JSON with sorted keys and no spaces; dates and fractions as text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_as_text)


def _as_text(value: Any) -> str:
    if isinstance(value, datetime.date | Fraction):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def digest(value: Any) -> str:
    """Returns the sha256 of a value's canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def define_measures(measures: Iterable[Measure], catalog: Catalog) -> str:
    """Returns the digest of what measures mean: definitions, codes, sums, corrections, pipeline version.

    Labels, descriptions and caveats are left out: mending a sentence changes no number.
    """
    chosen = sorted(measures, key=lambda each: each.measure)
    lists = {"figures", "authorities", *_PLACE_CODES}
    for each in chosen:
        if each.statistic is not None:
            fields = catalog.tables[each.table].fields
            lists |= {field.codes for field in fields if field.codes is not None}
    tables = sorted({each.table for each in chosen})
    meaning = {
        "measures": [_meaning_of(each) for each in chosen],
        "sums": {
            name: [each.model_dump(mode="json", exclude={"reason"}) for each in catalog.tables[name].sums]
            for name in tables
        },
        "codes": {name: meaning_of_codes(catalog.codes[name]) for name in sorted(lists)},
        "corrections": {
            name: each.model_dump(mode="json") for name, each in sorted(catalog.corrections.items())
        },
        "pipeline_version": settings.PIPELINE_VERSION,
    }
    return digest(meaning)


def define_rate(definition: str, denominator: Denominator) -> str:
    """Returns the digest of a definition together with that of what its numbers are divided by, without texts."""
    without = {"title", "description", "reason", "whole", "source", "dimensions"}
    return digest(
        {"definition": definition, "denominator": denominator.model_dump(mode="json", exclude=without)}
    )


def meaning_of_codes(codes: CodeList) -> dict[str, Any]:
    """Returns what a code list means, without labels and reasons."""
    return {
        "codes": [each.model_dump(mode="json", exclude={"label", "reason"}) for each in codes.codes],
        "ignored": sorted(each.spelling for each in codes.ignored),
    }


def _meaning_of(measure: Measure) -> dict[str, Any]:
    kept = {
        "measure",
        "table",
        "unit",
        "kind",
        "period",
        "numerator",
        "denominator",
        "printed_as",
        "complement_of",
    }
    of_statistic = {"statistic", "where", "counts", "by_month"} if measure.statistic is not None else set()
    return measure.model_dump(mode="json", include=kept | of_statistic) | {
        "forks": [
            {
                "fork": fork.fork,
                "kind": fork.kind,
                "default": fork.default,
                "options": {
                    each.option: each.where if measure.statistic is not None else each.figure
                    for each in fork.options
                },
            }
            for fork in measure.forks
        ]
    }
