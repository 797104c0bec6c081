"""A verdict as JSON values, in the documented schema."""

from __future__ import annotations

from typing import Any

from recount import settings
from recount.claim.columns import Column, Mark
from recount.claim.combination import CombinationRule
from recount.claim.paragraph import write_paragraph
from recount.claim.record_figures import json_of
from recount.claim.rows import left_out_of_series, shown_figures
from recount.claim.verdict import Verdict
from recount.claim.words import Words
from recount.declare.catalog import Catalog
from recount.declare.text import LANGUAGES


def verdict_as_json(verdict: Verdict, catalog: Catalog) -> dict[str, Any]:
    """Returns the verdict: statement, headline, columns with every reading, context, paragraphs, receipt."""
    claim = verdict.claim
    spoken = {
        id(one)
        for column in verdict.columns.values()
        for mark in (*column.marks, *column.proxies)
        for one in mark.spoken.figures
    }
    return {
        "schema": settings.ANSWER_SCHEMA,
        "claim": claim.model_dump(mode="json", by_alias=True),
        "as_known_on": verdict.as_known_on and verdict.as_known_on.isoformat(),
        "asserted": verdict.asserted.as_json() if verdict.asserted else None,
        "headline": verdict.headline,
        "provisional": list(verdict.provisional),
        "columns": {name: _column(column) for name, column in verdict.columns.items()},
        "context": [
            {"asked": each.index, **json_of(one)}
            for each in verdict.asked
            for one in shown_figures(each, verdict)
            if id(one) not in spoken
        ],
        "context_not_shown": left_out_of_series(verdict),
        "restated": verdict.restatement
        and {
            "how": verdict.restatement.how,
            "figure": verdict.restatement.count_name,
            "before": verdict.restatement.before,
            "after": verdict.restatement.after,
            "earlier_release": verdict.restatement.earlier.release.release,
            "later_release": verdict.restatement.later.release.release,
        },
        "window_days": verdict.window_days,
        "word_under_other_windows": {str(days): word for days, word in verdict.other_windows.items()},
        "releases_perhaps_out": list(verdict.perhaps_out),
        "caveats": [each.text.model_dump() for each in verdict.caveats],
        "paragraph": {each: write_paragraph(verdict, Words(catalog, each)) for each in LANGUAGES},
        "receipt": verdict.receipt.as_json(),
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "word": column.word,
        "tested": column.tested,
        "readings": column.readings,
        "differ_by": list(column.differ_by),
        "notes": list(column.notes),
        "marks": [_mark(each) for each in column.marks],
        "proxies": [_mark(each) for each in column.proxies],
    }


def _mark(mark: Mark) -> dict[str, Any]:
    return {
        "asked": mark.asked.index,
        "measure": mark.asked.measure.measure,
        "place_code": mark.asked.place.code,
        "place_name": mark.asked.place.name,
        "reading": mark.asked.reading,
        **({} if mark.asked.release is None else {"release": mark.asked.release}),
        "said_from": mark.said_from.isoformat(),
        "said_to": mark.said_to.isoformat(),
        "fit": mark.fit,
        "outcome": mark.outcome,
        "bounds": mark.spoken.interval.as_json() if mark.spoken.interval else None,
        "note": mark.spoken.note,
        "figures": [json_of(each) for each in mark.spoken.figures],
        **_terms(mark),
    }


def _terms(mark: Mark) -> dict[str, Any]:
    """The numbers of a claim that works with several, and what each part of a combination says."""
    said: dict[str, Any] = {}
    if mark.spoken.terms:
        said["terms"] = [
            {
                "role": mark.asked.terms[each.term].role,
                "where": dict(mark.asked.terms[each.term].where),
                "measure": mark.asked.terms[each.term].measure.measure,
                "place_code": mark.asked.terms[each.term].place.code,
                "bounds": each.interval.as_json() if each.interval else None,
                "through_dates": [one.through_date.isoformat() for one in each.figures],
                "releases": [one.release.release for one in each.figures],
                "decides": each.decides,
            }
            for each in mark.spoken.terms
        ]
        said["answer_in"] = mark.asked.rule.kind
    if isinstance(mark.asked.rule, CombinationRule):
        said["parts"] = [
            {"part": each.part, "outcome": one.outcome, "notes": list(one.notes)}
            for each, one in zip(mark.asked.rule.parts, mark.spoken.parts, strict=False)
        ]
    return said
