"""What pages are made of: the record, verdicts and answers, each worked out once."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from recount.ask.record import OpenRecord
from recount.claim.verdict import Verdict
from recount.declare.claims import Claim
from recount.declare.county_areas import CountyAreas, load_county_areas
from recount.declare.event_measures import EventMeasure
from recount.declare.measures import Measure
from recount.declare.site_pages import SitePages, load_site_pages
from recount.site.exhibits import Exhibit


class Material:
    """A record as the pages read it.

    Args:
        record: opened as the public sees it.
        contact: the address to write to about a correction, where there is one.
    """

    def __init__(self, record: OpenRecord, contact: str | None = None) -> None:
        self.record = record
        self.catalog = record.catalog
        self.contact = contact
        self._verdicts: dict[str, Verdict] = {}
        self._exhibits: dict[tuple[Any, ...], Exhibit] = {}

    @functools.cached_property
    def plan(self) -> SitePages:
        """What is declared of the pages."""
        return load_site_pages(self.catalog)

    @functools.cached_property
    def areas(self) -> CountyAreas:
        """Which county lies in which area of responsibility."""
        return load_county_areas(self.catalog)

    @functools.cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of the catalog, in their order."""
        return tuple(self.record.claims())

    @functools.cached_property
    def measures(self) -> Mapping[str, Measure | EventMeasure]:
        """The measures of printed figures, then those of individual records, each kind in the order of its names."""
        return {
            **dict(sorted(self.catalog.measures.items())),
            **dict(sorted(self.catalog.events.measures.items())),
        }

    def verdict(self, claim: str) -> Verdict:
        """Returns the verdict on a claim of the catalog."""
        if claim not in self._verdicts:
            self._verdicts[claim] = self.record.check(claim)
        return self._verdicts[claim]

    def exhibit(
        self,
        measure: str,
        by: Sequence[str] = (),
        where: Mapping[str, str] | None = None,
        release: str | None = None,
    ) -> Exhibit:
        """Returns a question to a measure, asked once."""
        limits = dict(where or {})
        key = (measure, tuple(by), tuple(sorted(limits.items())), release)
        if key not in self._exhibits:
            asked = self.record.measure(measure)
            question = replace(asked.question, where=limits, by=tuple(by), release=release)
            self._exhibits[key] = Exhibit(replace(asked, question=question))
        return self._exhibits[key]
