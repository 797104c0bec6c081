"""An open record, and questions to it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from recount.claim.files import read_claim_file, refuse_unknown_names
from recount.claim.recompute import Recomputed, read_receipts, recompute_receipt
from recount.claim.verdict import Verdict, check_claim
from recount.declare.catalog import Catalog, default_catalog
from recount.declare.claims import Claim
from recount.errors import UsageError
from recount.measure.answer import Answer, Question, answer_question
from recount.measure.prints import PrintBook
from recount.record import store


@dataclass(frozen=True)
class MeasureQuestion:
    """A question to one measure, put together step by step; `result()` answers it.

    Each step returns a new question. Nothing is computed before `result()`.
    """

    book: PrintBook
    question: Question

    def where(self, **place: str) -> MeasureQuestion:
        """Asks of one place: `jurisdiction="Suffolk County, MA"`, `state="MA"` or `country="US"`."""
        return self._with(where=place)

    def by(self, *dimensions: str) -> MeasureQuestion:
        """Splits the answer: release, through_date, reading, state or jurisdiction."""
        return self._with(by=dimensions)

    def release(self, release: str) -> MeasureQuestion:
        """Asks one release alone."""
        return self._with(release=release)

    def as_known_on(self, date: datetime.date | str) -> MeasureQuestion:
        """Leaves out every release that was not out by `date`."""
        return self._with(as_known_on=read_date(date))

    def reading(self, **options: str) -> MeasureQuestion:
        """Takes one option at each fork named; the others keep their default."""
        return self._with(reading=options)

    def result(self) -> Answer:
        """Returns the answer, with its integers and receipt."""
        return answer_question(self.question, self.book)

    def _with(self, **changed: Any) -> MeasureQuestion:
        return replace(self, question=replace(self.question, **changed))


class OpenRecord:
    """A record with the catalog it is read by.

    Example:
        >>> import recount
        >>> record = recount.open()
        >>> boston = record.measure("share_without_conviction").where(jurisdiction="Suffolk County, MA")
        >>> answer = boston.as_known_on("2011-08-01").result()
        >>> [(each.numerator, each.denominator) for each in answer.figures]
        [(183, 352)]
    """

    def __init__(self, record: store.Record, catalog: Catalog) -> None:
        self.record = record
        self.catalog = catalog
        self.book = PrintBook(record, catalog)

    def measure(self, name: str) -> MeasureQuestion:
        """Returns a question to the measure `name`.

        Raises:
            UnknownNameError: with the nearest names.
        """
        return MeasureQuestion(self.book, Question(self.catalog.measure(name).measure, {}))

    def claims(self) -> list[Claim]:
        """Returns the claims that the catalog ships, in their order."""
        return self.catalog.claims_in_order()

    def claim(self, name: str | Path) -> Claim:
        """Returns a claim of the catalog by name, or the one in a YAML file.

        Raises:
            UnknownNameError: where no claim has that name and no file does.
            ClaimFileError: naming the lines at fault.
        """
        path = Path(name)
        if str(name) not in self.catalog.claims and (path.suffix in (".yml", ".yaml") or path.exists()):
            return read_claim_file(path, self.book)
        claim = self.catalog.claim(str(name))
        refuse_unknown_names(claim, self.catalog.documents["claim", claim.claim], self.book)
        return claim

    def check(self, claim: Claim | str | Path, as_known_on: datetime.date | str | None = None) -> Verdict:
        """Returns the verdict on a claim: one of the catalog, one in a file, or one in hand."""
        found = claim if isinstance(claim, Claim) else self.claim(claim)
        return check_claim(found, self.book, None if as_known_on is None else read_date(as_known_on))

    def recompute(self, receipt: Mapping[str, Any] | str | Path) -> list[Recomputed]:
        """Returns receipts computed again: one in hand, or all in a JSON file."""
        saved = [receipt] if isinstance(receipt, Mapping) else read_receipts(Path(receipt))
        return [recompute_receipt(each, self.book) for each in saved]


def open_record(user: Path | None = None) -> OpenRecord:
    """Returns the record: the user's own over the embedded one.

    Args:
        user: the folder of the user's own record; without it, the one in `RECOUNT_HOME`.
    """
    return OpenRecord(store.open_record(user), default_catalog())


def read_date(text: datetime.date | str) -> datetime.date:
    """Returns a date written as YYYY-MM-DD.

    Raises:
        UsageError: where it is not one.
    """
    if isinstance(text, datetime.datetime):
        return text.date()
    if isinstance(text, datetime.date):
        return text
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError(text)
        return datetime.date.fromisoformat(text)
    except ValueError as malformed:
        raise UsageError(f"{text!r} is not a date.", [("fix", "write it as 2011-08-01")]) from malformed
