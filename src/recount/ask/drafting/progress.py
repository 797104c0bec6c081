"""The answer so far, in a sentence: the figure that a measure gives, then the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recount.ask.drafting.records import describe_records
from recount.claim.view import view_verdict
from recount.claim.words import Words
from recount.declare.event_measures import EventMeasure
from recount.measure.answer import Answer

if TYPE_CHECKING:
    from recount.ask.drafting.draft import ClaimDraft
    from recount.ask.drafting.proposals import Proposal


def describe_so_far(draft: ClaimDraft) -> str | None:
    """Returns what the record says to the answers so far, `None` before they name a measure and a place."""
    words = Words(draft.record.catalog, draft.language)
    verdict = draft.so_far()
    if verdict is not None:
        view = view_verdict(verdict, words)
        values = [
            " · ".join([each.value, each.reading, "; ".join(dict.fromkeys(each.date.split("; ")))])
            for column in view.columns[-1:]
            for each in column.rows
            if each.figures
        ]
        if not values:
            return draft.drafting.say("so_far_word", draft.language, headline=view.headline_text)
        shown = "; ".join(dict.fromkeys(values))
        return draft.drafting.say("so_far_verdict", draft.language, headline=view.headline_text, values=shown)
    if "measure" in draft.answers and "where" in draft.answers:
        return _describe_figure(draft, words)
    return None


def _describe_figure(draft: ClaimDraft, words: Words) -> str:
    from recount.ask.drafting.parts import read_pairs_of  # noqa: PLC0415

    where = read_pairs_of(draft.answers["where"], "where")
    if draft.asks_records:
        return describe_records(draft, where, words)
    answer = draft.record.measure(draft.answers["measure"]).by("through_date").where(**where).result()
    if not isinstance(answer, Answer) or not answer.figures:
        return draft.drafting.say("so_far_nothing", draft.language)
    figure = max(answer.figures, key=lambda each: (each.through_date, each.release.release))
    return draft.drafting.say(
        "so_far_figure",
        draft.language,
        value=words.value(figure),
        when=words.counted_through(figure),
        release=figure.release.title.in_language(draft.language),
    )


def describe_reading(draft: ClaimDraft) -> list[tuple[str, str]]:
    """Returns what was read in the sentence: (what it is, as it stands there)."""
    sentence, say = draft.sentence, draft.drafting
    found = [("read_number", each.text) for each in sentence.numbers]
    found += [("read_hedge", each) for each in sentence.hedges]
    found += [("read_place", f"{kind}={name}") for kind, name in sentence.places]
    found += [("read_date", each.text) for each in sentence.dates]
    found += [("read_fiscal_year", str(each)) for each in sentence.fiscal_years]
    return [(say.say(name, draft.language), text) for name, text in found]


def describe_proposal(proposal: Proposal, draft: ClaimDraft) -> tuple[str, str, str]:
    """Returns a proposal as it is offered: name, title with description, and why it is proposed."""
    measure, language, drafting = proposal.measure, draft.language, draft.drafting
    why = []
    if proposal.words:
        words = ", ".join(f"“{each}”" for each in proposal.words)
        why.append(drafting.say("propose_because", language, words=words))
    if proposal.fits_kind:
        kind = drafting.say(f"kind_{measure.kind}", language)
        why.append(drafting.say("propose_kind", language, kind=kind))
    if isinstance(measure, EventMeasure):
        why.append(drafting.say("propose_records", language))
    if proposal.fits_place:
        why.append(drafting.say("propose_place", language))
    text = f"{measure.title.in_language(language)}. {measure.description.in_language(language).strip()}"
    return measure.measure, text, "; ".join(why)
