"""A triangle of individual records as JSON values and as lines: counts, the lag, and estimates apart from both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from recount.revise.record_counts import RecordCell
from recount.revise.record_triangle import RecordEstimate, RecordTriangle, RecordTriangleAnswer
from recount.revise.triangle_values import ESTIMATE_NOTE

RECORD_TRIANGLE_SCHEMA = "recount-record-triangle/1"
_HEAD = ("measure", "series")
_TAIL = (
    "period", "from", "to", "release", "cut_off", "age_days", "counted", "is_whole", "held_to", "latest",
    "still_to_come", "is_measured", "is_synthetic", "receipt",
)  # fmt: skip


def record_triangle_as_json(answer: RecordTriangleAnswer) -> dict[str, Any]:
    """Returns a triangle of records as JSON values.

    Beside `question`, `measure`, `warnings`, `caveats` and `receipt`, which every answer has:

    - `triangles`: one for each series of releases and each part (`breakdown`, by dimension), with its `releases` in
      order of their own last days, and whether they are made up (`is_synthetic`).
      - `cells`: a count each: `period`, `from`, `to`, `release`, `cut_off` (the release's own last day), `age_days`
        (from the span's last day to it), `counted`, `is_whole`, and, where a later release counts the span too,
        `held_to` and `latest`, `still_to_come` (the share of the latest count, exact) and `is_measured` (followed for
        long enough).
      - `ages`: what was still to come by age: `days` (first and last), `spans`, sums `counted` and `latest`,
        `still_to_come`, `lowest` and `highest` (of single spans), `releases`, and those they are `held_to`.
      - `estimates`: apart, under `is_estimate`, with a note that says what they are.
    - `left_out`: releases that are held to no other: `because` and `named`.
    """
    measure = answer.measure
    return {
        "schema": RECORD_TRIANGLE_SCHEMA,
        "question": dict(answer.question),
        "measure": {
            "name": measure.measure,
            "title": measure.title.model_dump(),
            "unit": measure.unit,
            "kind": measure.kind,
        },
        "triangles": [_triangle(each, answer) for each in answer.triangles],
        "left_out": [each.as_json() for each in answer.left_out],
        "releases_perhaps_out": list(answer.answer.perhaps_out),
        "warnings": [each.as_json() for each in answer.answer.warnings],
        "caveats": [each.text.model_dump() for each in answer.answer.caveats],
        "receipt": answer.receipt.as_json(),
    }


def record_triangle_header(answer: RecordTriangleAnswer) -> list[str]:
    """Returns the columns of the lines: dimensions stand after the series."""
    return [*_HEAD, *_dimensions(answer), *_TAIL]


def record_triangle_rows(answer: RecordTriangleAnswer) -> Iterator[list[object]]:
    """Yields a line for every count, and none for an estimate."""
    for triangle in answer.triangles:
        held = triangle.held
        for each in held.cells:
            told = _cell(each, answer)
            told["is_whole"] = str(told["is_whole"]).lower()
            told["is_measured"] = str(told["is_measured"]).lower()
            told["is_synthetic"] = str(held.series.is_synthetic).lower()
            head = [answer.measure.measure, held.series.series, *(part for _, part in held.breakdown)]
            yield [*head, *(told[name] for name in _TAIL[:-1]), answer.receipt.id]


def _dimensions(answer: RecordTriangleAnswer) -> list[str]:
    return [each for each in answer.answer.asked.by if each != answer.kind]


def is_measured(cell: RecordCell, answer: RecordTriangleAnswer) -> bool:
    """Returns whether a count is among those that the lag is measured on."""
    again, rules = cell.again, answer.rules
    return (
        again is not None
        and again.latest_days >= rules.followed_days.value
        and rules.age_of(cell.age_days) is not None
    )


def _triangle(triangle: RecordTriangle, answer: RecordTriangleAnswer) -> dict[str, Any]:
    held = triangle.held
    return {
        "series": held.series.series,
        "releases": list(held.series.releases),
        "is_synthetic": held.series.is_synthetic,
        "breakdown": dict(held.breakdown),
        "cells": [_cell(each, answer) for each in held.cells],
        "ages": [each.as_json() for each in held.lag.ages],
        "estimates": {
            "note": ESTIMATE_NOTE,
            "is_estimate": True,
            "rows": [_estimate(each) for each in triangle.estimates],
        },
    }


def _cell(cell: RecordCell, answer: RecordTriangleAnswer) -> dict[str, Any]:
    again = cell.again
    share = None if again is None else again.still_to_come
    return {
        "period": cell.period.label,
        "from": cell.period.start.isoformat(),
        "to": cell.period.last.isoformat(),
        "release": cell.release,
        "cut_off": cell.cut_off.isoformat(),
        "age_days": cell.age_days,
        "counted": cell.counted,
        "is_whole": cell.is_whole,
        "held_to": None if again is None else again.latest_release,
        "latest": None if again is None else again.latest,
        "still_to_come": None if share is None else str(share),
        "is_measured": is_measured(cell, answer),
    }


def _estimate(each: RecordEstimate) -> dict[str, Any]:
    return {
        "is_estimate": True,
        "period": each.period.label,
        "release": each.release,
        "age_days": each.age_days,
        "counted": each.counted,
        "estimated": float(each.value),
        "still_to_come": float(each.still_to_come),
        "factor": str(each.factor),
        "spans": each.spans,
    }
