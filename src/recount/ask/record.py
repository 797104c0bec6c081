"""An open record, and questions to it."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recount.ask.question import MeasureQuestion
from recount.claim.files import read_claim_file, refuse_unknown_names
from recount.claim.recompute import Recomputed, read_receipts, recompute_receipt
from recount.claim.verdict import Verdict, check_claim
from recount.declare.catalog import Catalog, default_catalog
from recount.declare.claims import Claim
from recount.measure.answer import Question
from recount.measure.prints import PrintBook
from recount.measure.questions import read_date
from recount.record import store

if TYPE_CHECKING:
    from recount.ask.claim_explanation import ClaimExplanation
    from recount.ask.comparing import ReleaseComparison
    from recount.ask.drafting.draft import ClaimDraft
    from recount.declare.text import Language
    from recount.measure.event_book import EventBook
    from recount.measure.event_engine import EngineName
    from recount.revise.record_triangle import RecordRevision
    from recount.revise.revision import Revision


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

    def __init__(self, record: store.Record, catalog: Catalog, engine: EngineName = "duckdb") -> None:
        self.record = record
        self.catalog = catalog
        self.engine = engine
        self.book = PrintBook(record, catalog, engine)

    @functools.cached_property
    def events(self) -> EventBook:
        """The individual records and the engine that counts them, opened when they are first asked for."""
        from recount.measure.event_book import EventBook  # noqa: PLC0415  slow to import, and few questions need it

        return EventBook(self.record, self.catalog, self.engine)

    def measure(self, name: str) -> MeasureQuestion:
        """Returns a question to the measure `name`.

        Raises:
            UnknownNameError: with the nearest names.
        """
        if name in self.catalog.measures:
            return MeasureQuestion(self.book, Question(name, {}))
        return MeasureQuestion(self.book, Question(self.events.measure(name).measure, {}), self.events)

    def revise(
        self,
        measure: str,
        *,
        where: Mapping[str, str] | None = None,
        reading: Mapping[str, str] | None = None,
        as_known_on: datetime.date | str | None = None,
    ) -> Revision:
        """Returns a question to one figure across releases: its history, its restatements, or between dates.

        Raises:
            UnknownNameError: with the nearest names.
        """
        from recount.revise.revision import Revision  # noqa: PLC0415  checking claims does without

        name = self.catalog.measure(measure).measure
        date = None if as_known_on is None else read_date(as_known_on)
        return Revision(self.book, name, dict(where or {}), dict(reading or {}), date)

    def revise_records(
        self,
        measure: str,
        *,
        by: Sequence[str] = (),
        where: Mapping[str, str] | None = None,
        reading: Mapping[str, str] | None = None,
        as_known_on: datetime.date | str | None = None,
    ) -> RecordRevision:
        """Returns a question to one count of individual records across releases: its `triangle()`.

        Args:
            measure: a count of individual records.
            by: dimensions, and `quarter` or `week` where spans are no months.
            where: conditions by dimension, as the command takes them.
            reading: one option at each fork named.
            as_known_on: leaves out every release that was not out by then.

        Raises:
            UnknownNameError: with the nearest names.
            UsageError: where the measure is no count.
        """
        from recount.revise.record_triangle import RecordRevision, refuse_no_count  # noqa: PLC0415  as above

        declared = self.events.measure(measure)
        refuse_no_count(declared)
        date = None if as_known_on is None else read_date(as_known_on)
        return RecordRevision(
            self.events, declared.measure, dict(where or {}), tuple(by), dict(reading or {}), date
        )

    def compare(
        self, a: str, b: str, *, table: str | None = None, language: Language = "en"
    ) -> ReleaseComparison:
        """Returns two releases held against each other: their tables, labels, rows, blanks, restated figures, verdicts.

        Args:
            a: a release.
            b: the release to hold against it.
            table: one table alone.
            language: of what is shown; names and values of claims in the JSON are in it too.

        Raises:
            UnknownNameError: for an unknown release or table, with the nearest names.
            UsageError: where they report different things, or have no table in common.
        """
        from recount.ask.comparing import compare_in  # noqa: PLC0415  checking claims does without

        return compare_in(self, a, b, table, language)

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

    def draft_claim(self, sentence: str = "", language: Language = "en", **answers: str) -> ClaimDraft:
        """Returns the draft of a claim from a sentence: what it says, which measures may speak of it, what is missing.

        Args:
            sentence: the statement, word for word; it may be given later.
            language: of questions and comments.
            answers: by step, as the options of `recount claim new` give them.

        Raises:
            UsageError: where something is no answer to its step.
        """
        from recount.ask.drafting.draft import ClaimDraft  # noqa: PLC0415  checking claims does without
        from recount.ask.drafting.steps import KEYS  # noqa: PLC0415

        draft = ClaimDraft(self, {}, language)
        given = {**({"statement": sentence} if sentence else {}), **answers}
        for key in sorted(given, key=lambda each: KEYS.index(each) if each in KEYS else len(KEYS)):
            draft = draft.answer(key, given[key])
        return draft

    def explain_claim(
        self,
        claim: Claim | str | Path,
        as_known_on: datetime.date | str | None = None,
        language: Language = "en",
    ) -> ClaimExplanation:
        """Returns a verdict in words to publish: the paragraph, the method note, and what to cite."""
        from recount.ask.claim_explanation import explain_verdict  # noqa: PLC0415  few questions need it
        from recount.claim.words import Words  # noqa: PLC0415
        from recount.declare.drafting import load_drafting  # noqa: PLC0415

        verdict = self.check(claim, as_known_on)
        asked = claim.claim if isinstance(claim, Claim) else str(claim)
        return explain_verdict(verdict, Words(self.catalog, language), load_drafting(self.catalog), asked)

    def recompute(self, receipt: Mapping[str, Any] | str | Path) -> list[Recomputed]:
        """Returns receipts computed again: one in hand, or all in a JSON file."""
        saved = [receipt] if isinstance(receipt, Mapping) else read_receipts(Path(receipt))
        return [recompute_receipt(each, self.book, lambda: self.events) for each in saved]


def open_record(
    user: Path | None = None,
    engine: EngineName = "duckdb",
    *,
    public: bool = False,
    catalog: Catalog | None = None,
) -> OpenRecord:
    """Returns the record: the user's own over the embedded one.

    Args:
        user: the folder of the user's own record; without it, the one in `RECOUNT_HOME`.
        engine: what counts individual records: `duckdb`, or `spark` for more than one machine holds.
        public: leaves out whatever may not be shown to anyone: of individual records the fixed cubes that the
            package ships answer, whatever the user has added.
        catalog: what is declared; without it, the package's catalog under the user's.
    """
    declared = default_catalog(to_answer=True) if catalog is None else catalog
    record = store.open_record(user)
    if public:
        from recount.export.public_record import public_record  # noqa: PLC0415  only public faces need it

        record = public_record(record, declared)
    return OpenRecord(record, declared, engine)
