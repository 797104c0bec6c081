"""A revision triangle as JSON values: figures, delays, and estimates apart from both."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from recount.revise.triangle import DelayShare, Estimate, TriangleCell
from recount.revise.values import end_as_json, start_as_json

if TYPE_CHECKING:
    from recount.revise.revision import TriangleAnswer

TRIANGLE_SCHEMA = "recount-triangle/1"
ESTIMATE_NOTE = (
    "Estimates of what may still come, from how much earlier periods grew. They are no figures of any release, and no "
    "verdict rests on them."
)


def triangle_as_json(answer: TriangleAnswer) -> dict[str, Any]:
    """Returns a triangle as JSON values, beside what every answer has.

    - `triangle`: a print each: `span`, `release`, `published_from`, `published_to`, `delay_days` (from the span's end
      to the first day on which the release can have come out), `value`, `exact`, `how` (as in a history), `is_whole`.
    - `delays`: for some `days` after the end of the span, over the `periods` followed so long, how much of the last
      known values (`latest`) had been `printed`; `unprinted` periods of which nothing was; `lowest` and `highest`.
    - `estimates`: apart, under `is_estimate`, with a note that says what they are.
    """
    triangle = answer.triangle
    return {
        "schema": TRIANGLE_SCHEMA,
        **start_as_json(answer.basis),
        "triangle": [cell_as_json(each) for each in triangle.cells],
        "delays": [delay_as_json(each) for each in triangle.delays],
        "estimates": {
            "note": ESTIMATE_NOTE,
            "is_estimate": True,
            "rows": [estimate_as_json(each) for each in triangle.estimates],
        },
        **end_as_json(answer.basis),
    }


def cell_as_json(cell: TriangleCell) -> dict[str, Any]:
    """Returns what one release prints of one period."""
    figure, release = cell.row.figure, cell.row.figure.release
    return {
        "span": cell.span.as_json(),
        "release": release.release,
        "authority": release.authority,
        "published_from": _iso(release.published_from),
        "published_to": _iso(release.published_to),
        "delay_days": cell.delay_days,
        "through_date": figure.through_date.isoformat(),
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "value": None if cell.row.value is None else float(cell.row.value),
        "exact": None if cell.row.value is None else str(cell.row.value),
        "how": cell.row.how,
        "is_whole": cell.row.is_whole,
        "stands": cell.row.stands,
    }


def delay_as_json(each: DelayShare) -> dict[str, Any]:
    """Returns how much had been printed after some days, with the periods that it rests on."""
    return {
        "days": each.days,
        "periods": each.periods,
        "unprinted": each.unprinted,
        "printed": str(each.printed),
        "latest": str(each.latest),
        "share": _number(each.share),
        "lowest": _number(each.lowest),
        "highest": _number(each.highest),
    }


def estimate_as_json(each: Estimate) -> dict[str, Any]:
    """Returns an estimate, and what it rests on."""
    return {
        "is_estimate": True,
        "span": each.span.as_json(),
        "printed": str(each.printed),
        "estimated": float(each.value),
        "still_to_come": float(each.still_to_come),
        "factor": str(each.factor),
        "periods": each.periods,
        "from_days": each.from_days,
        "to_days": each.to_days,
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _iso(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())
