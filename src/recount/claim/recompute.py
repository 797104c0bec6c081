"""Receipts computed again."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field, ValidationError

from recount import settings
from recount.claim.verdict import check_claim
from recount.declare.claims import Claim
from recount.declare.crosscheck_claims import find_claim_problems
from recount.errors import UsageError
from recount.measure.answer import Question, answer_question
from recount.measure.prints import PrintBook
from recount.measure.receipt import Receipt, canonical_json, digest

if TYPE_CHECKING:
    from recount.measure.event_book import EventBook

OpensEvents = Callable[[], "EventBook"]
_PARTS = ("schema", "question", "definition", "releases", "results")
_SHOWN = 80


@dataclass(frozen=True)
class Difference:
    """One place in which two receipts differ."""

    where: str
    saved: str
    computed: str


@dataclass(frozen=True)
class Recomputed:
    """A receipt computed again: the same, or where it differs."""

    saved_id: str
    receipt: Receipt
    differences: tuple[Difference, ...]

    @property
    def is_same(self) -> bool:
        """Whether every part that the id is computed from is the same."""
        return not self.differences


def read_receipts(path: Path) -> list[dict[str, Any]]:
    """Returns the receipts in a JSON file: a receipt, an answer that holds one, or a list of answers.

    Raises:
        UsageError: where the file is not JSON, or holds no receipt that this version reads.
    """
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as unreadable:
        reason = unreadable.strerror if isinstance(unreadable, OSError) else "it is not UTF-8 text"
        raise UsageError(f"{path.name} cannot be read: {reason}.") from unreadable
    except json.JSONDecodeError as malformed:
        raise UsageError(
            f"{path.name} is not JSON.",
            [
                ("line", str(malformed.lineno)),
                ("because", malformed.msg),
                ("fix", "give what recount measure or recount check wrote with --format json"),
            ],
        ) from malformed
    receipts = [_receipt_of(each) for each in (held if isinstance(held, list) else [held])]
    for receipt in receipts:
        if receipt is None or receipt.get("schema") != settings.RECEIPT_SCHEMA or not _is_whole(receipt):
            raise UsageError(
                f"{path.name} holds no receipt that this version reads.",
                [("wanted", settings.RECEIPT_SCHEMA), ("fix", "give an answer written with --format json")],
            )
    return [each for each in receipts if each is not None]


def _receipt_of(held: Any) -> dict[str, Any] | None:
    if not isinstance(held, dict):
        return None
    inner = held.get("receipt", held)
    return inner if isinstance(inner, dict) else None


def _is_whole(receipt: Mapping[str, Any]) -> bool:
    question = receipt.get("question")
    return (
        all(part in receipt for part in (*_PARTS, "id")) and isinstance(question, dict) and "ask" in question
    )


def recompute_receipt(
    saved: Mapping[str, Any], book: PrintBook, events: OpensEvents | None = None
) -> Recomputed:
    """Returns the receipt of the same question asked of this record, and where it differs.

    Args:
        saved: the receipt.
        book: the printed figures of the record.
        events: opens its individual records, which few receipts are of; without it none can be of them.

    Raises:
        UsageError: where the question cannot be asked, or the receipt lacks the claim that it is of.
    """
    if not _is_whole(saved):
        raise UsageError(
            "The receipt is not whole.",
            [("wanted", ", ".join(("id", *_PARTS))), ("fix", "give it as it was written")],
        )
    try:
        computed = _ask_again(saved, book, events)
    except ValidationError as invalid:
        where = ".".join(str(each) for each in invalid.errors()[0]["loc"])
        raise UsageError(
            "The receipt's question cannot be asked.",
            [
                ("because", f"{where}: {invalid.errors()[0]['msg']}"),
                ("fix", "give the whole answer, as it was written"),
            ],
        ) from invalid
    body = {part: saved[part] for part in _PARTS}
    differences = list(_differences(body, computed.body))
    own = digest(body)
    if own != saved["id"]:
        differences.insert(
            0, Difference("id", str(saved["id"]), f"{own}, computed from the receipt's own parts")
        )
    return Recomputed(str(saved["id"]), computed, tuple(differences))


def _ask_again(saved: Mapping[str, Any], book: PrintBook, events: OpensEvents | None) -> Receipt:
    asked = saved["question"]["ask"]
    if asked == "measure":
        return _ask_measure(saved, book, events)
    if asked == "revise":
        from recount.revise.revision import ask_again  # noqa: PLC0415  few receipts are of one

        return ask_again(saved["question"], book, events)
    return _ask_check(saved, book)


class _MeasureAsked(BaseModel):
    ask: Literal["measure"]
    measure: str
    where: dict[str, str]
    by: list[str]
    release: str | None
    as_known_on: datetime.date | None
    readings: list[dict[str, str]] = Field(min_length=1)
    per: str | None = None
    compare_with: dict[str, str] | None = None


class _CheckAsked(BaseModel):
    ask: Literal["check"]
    as_known_on: datetime.date | None


def _ask_measure(saved: Mapping[str, Any], book: PrintBook, events: OpensEvents | None) -> Receipt:
    question = _MeasureAsked.model_validate(saved["question"])
    asked = Question(
        measure=question.measure,
        where=question.where,
        by=tuple(question.by),
        release=question.release,
        as_known_on=question.as_known_on,
        reading=None if "reading" in question.by else question.readings[0],
        per=question.per,
        compare_with=question.compare_with,
    )
    counts_records = events is not None and asked.measure not in book.catalog.measures
    if asked.compare_with is not None:
        from recount.measure.difference import compare_answers  # noqa: PLC0415  few receipts are of one

        return compare_answers(
            asked, book, events() if counts_records and events is not None else None
        ).receipt
    if counts_records and events is not None:
        return events().answer(asked).receipt
    return answer_question(asked, book).receipt


def _ask_check(saved: Mapping[str, Any], book: PrintBook) -> Receipt:
    question = _CheckAsked.model_validate(saved["question"])
    beside = saved.get("beside")
    held = beside.get("claim") if isinstance(beside, dict) else None
    try:
        claim = Claim.model_validate(held)
    except ValidationError as invalid:
        raise UsageError(
            "The receipt does not hold the claim that it is of.",
            [("because", str(invalid.errors()[0]["msg"])), ("fix", "give the whole answer of recount check")],
        ) from invalid
    for location, text in find_claim_problems(claim, book.catalog):
        raise UsageError(
            "The claim of the receipt cannot be checked with this catalog.",
            [(".".join(str(each) for each in location), text)],
        )
    return check_claim(claim, book, question.as_known_on).receipt


def _differences(saved: Any, computed: Any, where: str = "") -> list[Difference]:
    if isinstance(saved, dict) and isinstance(computed, Mapping):
        found: list[Difference] = []
        for key in sorted({*saved, *computed}):
            found += _differences(saved.get(key), computed.get(key), f"{where}.{key}" if where else key)
        return found
    if isinstance(saved, list) and isinstance(computed, list) and len(saved) == len(computed):
        found = []
        for index, (first, second) in enumerate(zip(saved, computed, strict=True)):
            found += _differences(first, second, f"{where}[{index}]")
        return found
    if saved == computed:
        return []
    return [Difference(where, _short(saved), _short(computed))]


def _short(value: Any) -> str:
    text = canonical_json(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
