"""Drafts of claims that rest on individual records: what is suggested, refused, and counted so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from recount.ask.drafting.sentence import Sentence, spans_of
from recount.ask.drafting.steps import Answers
from recount.declare.catalog import Catalog
from recount.errors import UsageError
from recount.measure.questions import Question

if TYPE_CHECKING:
    from recount.ask.drafting.draft import ClaimDraft
    from recount.ask.record import OpenRecord
    from recount.claim.words import Words

_AREA = "aor"


def is_of_records(measure: str | None, catalog: Catalog) -> bool:
    """Returns whether a measure counts individual records."""
    return measure is not None and measure not in catalog.measures and measure in catalog.events.measures


def suggest_where(answers: Answers, sentence: Sentence, catalog: Catalog) -> str | None:
    """Returns the area and the fiscal year that a statement names, where it names one of each.

    Of a claim that works with several numbers nothing is suggested: its days may stand on its sides.
    """
    if answers.get("type") not in ("quantity", "print"):
        return None
    measure = catalog.events.measures[answers["measure"]]
    areas = [each.label.en for each in catalog.codes["areas_of_responsibility"].codes]
    named = sorted({name for name, _, _ in spans_of(sentence.text, areas)})
    pairs = [f"{_AREA}={name}" for name in named if len(named) == 1 and _AREA in measure.dimensions]
    pairs += [f"fiscal_year={year}" for year in sentence.fiscal_years if len(sentence.fiscal_years) == 1]
    return "; ".join(pairs) or None


def refuse_days(record: OpenRecord, measure: str, where: Mapping[str, str]) -> None:
    """Refuses conditions that individual records do not know, and those that name no days.

    Raises:
        UnknownNameError: for a dimension or code that is not known.
        UsageError: where they contradict each other, or no days are named.
    """
    if not any(each.spans for each in record.book.events.understand(Question(measure, where)).where):
        raise UsageError(
            "Individual records are counted over days: name them.",
            [("example", "aor=Seattle; fiscal_year=2017, or date=2018-10-01..2019-08-31")],
        )


def refuse_reading(record: OpenRecord, measure: str, reading: Mapping[str, str]) -> None:
    """Refuses an option that a measure does not have.

    Raises:
        UnknownNameError: with the nearest names.
    """
    if is_of_records(measure, record.catalog):
        record.book.events.understand(Question(measure, {}, reading=reading))
    else:
        record.measure(measure).reading(**reading).result()


def describe_records(draft: ClaimDraft, where: Mapping[str, str], words: Words) -> str:
    """Returns what each release counts in the default reading, before the draft asserts anything."""
    from recount.claim.record_asking import RecordAsking  # noqa: PLC0415  few claims rest on individual records

    answered = RecordAsking(draft.record.book.events).ask(draft.answers["measure"], where)
    default = answered.answer.measure.default_reading()
    found = [figure for name in answered.releases if (figure := answered.figure(name, default)) is not None]
    if not found:
        return draft.drafting.say("so_far_nothing", draft.language)
    values = [
        draft.drafting.say(
            "so_far_record",
            draft.language,
            value=words.value(each),
            when=words.counted_through(each),
            release=each.release.title.in_language(draft.language),
        )
        for each in found
    ]
    return draft.drafting.say("so_far_records", draft.language, values="; ".join(values))
