"""Claims counted: by who spoke, by type and by verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

from recount.claim.rule import Headline
from recount.claim.types import TYPES
from recount.claim.verdict import Verdict
from recount.declare.catalog import Catalog
from recount.declare.inclusion import load_inclusion

HEADLINES: tuple[Headline, ...] = get_args(Headline)
NOT_SAID = "not_said"


@dataclass(frozen=True)
class CountRow:
    """How many claims of one speaker, or of one type, have each verdict; those without any are counted as none."""

    name: str
    by_headline: dict[Headline, int]

    @property
    def total(self) -> int:
        """How many claims there are in all."""
        return sum(self.by_headline.values())


@dataclass(frozen=True)
class ClaimCount:
    """Claims by who spoke and by type, each by verdict, in a fixed order."""

    by_speaker: tuple[CountRow, ...]
    by_type: tuple[CountRow, ...]
    total: CountRow

    def as_json(self) -> dict[str, Any]:
        """Returns the counts as JSON values."""
        return {
            name: [{"name": each.name, **each.by_headline, "total": each.total} for each in rows]
            for name, rows in (
                ("by_speaker", self.by_speaker),
                ("by_type", self.by_type),
                ("in_all", (self.total,)),
            )
        }


def count_claims(verdicts: Iterable[Verdict], catalog: Catalog) -> ClaimCount:
    """Returns how many claims there are of each kind of speaker and of each type, by verdict.

    Every kind of speaker and every type is there, be it with none; claims that name no kind of speaker, as those in
    files of one's own may, are counted under `not_said`, where there are any.
    """
    counted = list(verdicts)
    speakers: list[str] = [each.speaker for each in load_inclusion(catalog).speakers]
    if any(each.claim.speaker is None for each in counted):
        speakers.append(NOT_SAID)
    return ClaimCount(
        by_speaker=tuple(
            _row(name, (each for each in counted if (each.claim.speaker or NOT_SAID) == name))
            for name in speakers
        ),
        by_type=tuple(
            _row(name, (each for each in counted if each.claim.asserts.type == name)) for name in TYPES
        ),
        total=_row("total", counted),
    )


def _row(name: str, verdicts: Iterable[Verdict]) -> CountRow:
    counts: dict[Headline, int] = dict.fromkeys(HEADLINES, 0)
    for each in verdicts:
        counts[each.headline] += 1
    return CountRow(name, counts)
