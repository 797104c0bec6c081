"""A verdict as schema.org's ClaimReview, in the verdict's own words."""

from __future__ import annotations

import json
from typing import Any

from recount.claim.paragraph import write_paragraph
from recount.claim.verdict import Verdict
from recount.claim.view import view_verdict
from recount.claim.words import Words
from recount.declare.exports import load_exports

AUTHOR = "Recount"


def describe_review(
    verdict: Verdict, words: Words, *, url: str | None = None, author: str = AUTHOR
) -> dict[str, Any]:
    """Returns a verdict as a ClaimReview.

    The rating is the verdict's words under `alternateName`. It has no number: a number would say how true the
    statement is, and a verdict says what a record shows.

    Args:
        verdict: on one claim.
        words: the language of the review.
        url: where the review is published; without it, the receipt stands in its place.
        author: who publishes the review.
    """
    claim, language = verdict.claim, words.language
    view = view_verdict(verdict, words)
    receipt = f"urn:sha256:{verdict.receipt.id}"
    rating = view.headline_text
    if verdict.is_provisional:
        rating = f"{rating} · {words.say('provisional_word')}"
    speakers = {each.speaker: each.type for each in load_exports(words.catalog).speakers}
    speaker: dict[str, Any] = {"name": claim.said_by.in_language(language)}
    if claim.said_by.en in speakers:
        speaker = {"@type": speakers[claim.said_by.en], **speaker}
    appeared: dict[str, Any] = {
        "@type": "CreativeWork",
        "headline": claim.appeared.title,
        "publisher": {"@type": "Organization", "name": claim.appeared.publisher},
        "datePublished": claim.appeared.date.isoformat(),
    }
    if claim.appeared.url is not None:
        appeared["url"] = claim.appeared.url
    said: dict[str, Any] = {"@type": "Claim", "author": speaker, "appearance": appeared}
    if claim.said.from_date == claim.said.to_date:
        said["datePublished"] = claim.said.to_date.isoformat()
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": url if url is not None else receipt,
        "identifier": receipt,
        "inLanguage": language,
        "name": view.title,
        "claimReviewed": view.statement,
        "itemReviewed": said,
        "author": {"@type": "Organization", "name": author},
        "reviewRating": {"@type": "Rating", "alternateName": rating},
        "reviewBody": write_paragraph(verdict, words),
    }


def as_json_lines(reviews: list[dict[str, Any]]) -> str:
    """Returns reviews as JSON-LD: one alone, or several as a list."""
    return json.dumps(reviews[0] if len(reviews) == 1 else reviews, indent=1, ensure_ascii=False) + "\n"
