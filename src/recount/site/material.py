"""What pages are made of: the record, and verdicts, each worked out once."""

from __future__ import annotations

import functools

from recount.ask.record import OpenRecord
from recount.claim.verdict import Verdict
from recount.declare.claims import Claim


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

    @functools.cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of the catalog, in their order."""
        return tuple(self.record.claims())

    def verdict(self, claim: str) -> Verdict:
        """Returns the verdict on a claim of the catalog."""
        if claim not in self._verdicts:
            self._verdicts[claim] = self.record.check(claim)
        return self._verdicts[claim]
