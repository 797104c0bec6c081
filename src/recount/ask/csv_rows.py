"""What a question shows as rows of CSV: a header that never moves, then a column for each dimension."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from recount.measure.answer import Answer
from recount.measure.event_bounds import WHYS
from recount.measure.figures import MeasuredFigure
from recount.measure.questions import PERS
from recount.measure.rates import Rate

if TYPE_CHECKING:
    from recount.ask.question import MeasureQuestion
    from recount.measure.event_answer import EventAnswer, EventRow

_FIGURES = (
    "measure", "place_kind", "place_code", "place_name", "through_date", "through_precision", "release",
    "authority", "reading", "numerator", "denominator", "low", "high",
    "is_sum_over_jurisdictions", "left_out", "receipt",
    "period", "period_start", "fiscal_year", "breakdown", "whole", "flags",
)  # fmt: skip
_EVENTS = (
    "measure", "release", "kind", "period", "period_start", "through_date", "is_partial", "reading", "numerator",
    "denominator", "low", "high", "missing", "redacted", "suppressed", "whole", "is_synthetic", "receipt",
    "within_days", "outcomes", "estimate",
)  # fmt: skip
_RATES = (
    "rate_denominator", "rate_count", "rate_as_of", "rate_per_100000", "rate_low", "rate_high",
    "rate_left_out_because",
)  # fmt: skip
_WITHIN = "within_days"
Table = tuple[Sequence[str], list[Sequence[object]]]


def csv_of(question: MeasureQuestion) -> Table:
    """Returns the header and the rows of what a question shows."""
    if question.all_readings or question.question.compare_with:
        from recount.ask.frames import frame_of  # noqa: PLC0415  few questions need it

        frame = frame_of(question)
        receipt = question.receipt().id
        return (*frame.columns, "receipt"), [(*row, receipt) for row in frame.iter_rows()]
    answer = question.result()
    per = question.question.per in PERS
    rated = question.question.per is not None and not per
    if isinstance(answer, Answer):
        header = (*_FIGURES, *(["part_of"] if per else []), *(_RATES if rated else []))
        figures = [_figure(each, answer, per=per) for each in answer.figures]
        return header, [
            [*row, *(_rate(each.rate) if rated else [])]
            for each, row in zip(answer.figures, figures, strict=True)
        ]
    header = (
        *_EVENTS,
        *(["part_of", "part_low", "part_high"] if per else []),
        *(_RATES if rated else []),
        *answer.asked.by,
    )
    return header, [_event(each, answer, per=per, rated=rated) for each in answer.rows]


def _rate(rate: Rate | None) -> Sequence[object]:
    if rate is None:
        return [None] * len(_RATES)
    interval, base = rate.interval, rate.base
    return [
        rate.denominator,
        base.count,
        base.as_of,
        None if rate.value is None else float(rate.value),
        None if interval is None else interval.low,
        None if interval is None else interval.high,
        base.because,
    ]


def _figure(each: MeasuredFigure, answer: Answer, *, per: bool) -> Sequence[object]:
    low, high = each.interval.low, each.interval.high
    return [
        each.measure,
        each.place_kind,
        each.place_code,
        each.place_name,
        each.through_date,
        each.through_precision,
        each.release.release,
        each.release.authority,
        ";".join(f"{fork}={option}" for fork, option in each.reading.items()),
        each.numerator,
        each.denominator,
        None if low is None else str(low),
        None if high is None else str(high),
        str(each.is_sum).lower(),
        "; ".join(each.left_out),
        answer.receipt.id,
        each.period,
        each.period_start,
        each.fiscal_year,
        ";".join(f"{name}={code}" for name, code in each.breakdown.items()),
        each.whole,
        ";".join(each.flags),
        *([each.share_of] if per else []),
    ]


def _event(each: EventRow, answer: EventAnswer, *, per: bool, rated: bool) -> Sequence[object]:
    measured, share = each.cell.measured, each.part_of
    bounds = None if share is None else share.bounds
    shares = [
        None if share is None else share.denominator,
        None if bounds is None else bounds.low,
        None if bounds is None else bounds.high,
    ]
    return [
        answer.measure.measure,
        each.release.release,
        each.cell.kind,
        None if each.period is None else each.period.kind,
        each.start,
        each.through,
        str(each.is_partial).lower(),
        ";".join(f"{fork}={option}" for fork, option in each.reading.items()),
        measured.numerator,
        measured.denominator,
        None if measured.bounds is None else measured.bounds.low,
        None if measured.bounds is None else measured.bounds.high,
        *(measured.undecided[why] for why in WHYS),
        each.cell.whole,
        str(each.is_synthetic).lower(),
        answer.receipt.id,
        each.cell.parts.get(_WITHIN),
        ";".join(f"{name}={rows}" for name, rows in each.cell.outcomes.items()),
        each.cell.estimate,
        *(shares if per else []),
        *(_rate(each.rate) if rated else []),
        *(each.breakdown.get(name) for name in answer.asked.by),
    ]
