"""Answers about one figure across releases as JSON values."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from recount.measure.figures import MeasuredFigure
from recount.measure.questions import iso
from recount.revise.history import PrintedValue
from recount.revise.intervals import IntervalFigure, day_of_year
from recount.revise.lateness import SpanChange, YearOfChanges
from recount.revise.revision import Basis, HistoryAnswer, IntervalsAnswer, LatenessAnswer

HISTORY_SCHEMA = "recount-history/1"
LATENESS_SCHEMA = "recount-lateness/1"
INTERVALS_SCHEMA = "recount-intervals/1"


def history_as_json(answer: HistoryAnswer) -> dict[str, Any]:
    """Returns a history as JSON values.

    Beside `schema`, `question`, `measure`, `caveats`, `receipt`, `releases_perhaps_out` (those whose dates
    cannot tell whether they were out) and `not_printed_by` (releases of the span without this figure):

    - `span`: `kind` (month, quarter, fiscal_year, so_far, day, since_start), and its first and last day as
      `from` and `to`.
    - `rows`: a print each, in order of publication: `release`, `authority`, `published_from`, `published_to`,
      `through_date`, `through_precision`, `is_whole` (it counts the span's every day), `value` and
      `exact`, `numerator`, `denominator`, `change` and `change_exact` from the last print that stands, `how`
      it stands to those before (first, same, restated, counts_on, redefined, older_edition, doubtful,
      approximate, discrepancy, bound), `order_is_certain`, `flags`, `cells`.
    - `summary`: `releases`, `whole` (how many count the whole span and stand), `restatements`, and of those
      `first`, `latest`, `lowest` and `highest` (each with `release`, `value` and `exact`), `change`,
      `change_exact` and `change_share` (over the first value).

    A value is an integer where it is a count, otherwise a binary number; its exact form is text ("1/4").
    """
    history, kind = answer.history, answer.basis.measure.kind
    return {
        "schema": HISTORY_SCHEMA,
        **start_as_json(answer.basis),
        "span": history.span.as_json(),
        "rows": [_row(each, kind) for each in history.rows],
        "summary": {
            "releases": len({each.figure.release.release for each in history.rows}),
            "whole": len(history.settled),
            "restatements": history.restatements,
            "first": _short(history.first, kind),
            "latest": _short(history.latest, kind),
            "lowest": _short(history.lowest, kind),
            "highest": _short(history.highest, kind),
            **_number("change", history.change, kind),
            "change_share": _float(history.share_of_change),
        },
        **end_as_json(answer.basis),
    }


def lateness_as_json(answer: LatenessAnswer) -> dict[str, Any]:
    """Returns size and lateness as JSON values.

    Beside what every answer has (see `history_as_json`):

    - `spans`: a span each, whose every day at least one release counts: `fiscal_year`, `span`, `prints` (releases that
      print it whole), `first` and `latest` (as in a history), `change`, `change_exact` and `change_share`,
      `restatements`, `lag_days` (from the span's end to the release that last changed it) and
      `followed_days` (to the last release that prints it).
    - `fiscal_years`: a year each, and `all` for all together: how many `spans`, `compared` (printed whole by
      more than one release) and `restated`; over the restated ones, without sign, `median_change`,
      `largest_change` and its `largest_change_span`, `median_share`, `largest_share` and its span,
      `median_lag_days`, `longest_lag_days` and its span; over the compared ones `median_followed_days`.
    - `prints`: how many there are, how many are `unfinished`, how many are from `before_redefinition`, and how many
      are set aside, by reason.
    """
    lateness, kind = answer.lateness, answer.basis.measure.kind
    return {
        "schema": LATENESS_SCHEMA,
        **start_as_json(answer.basis),
        "spans": [_span_change(each, kind) for each in lateness.changes],
        "fiscal_years": [_year(each, kind) for each in lateness.years],
        "all": _year(lateness.whole, kind),
        "prints": {
            "all": lateness.prints,
            "unfinished": lateness.unfinished,
            "before_redefinition": lateness.redefined,
            "set_aside": dict(lateness.set_aside),
        },
        **end_as_json(answer.basis),
    }


def intervals_as_json(answer: IntervalsAnswer) -> dict[str, Any]:
    """Returns figures between dates as JSON values.

    Beside what every answer has (see `history_as_json`), `rows`: a figure each, with `from` and `through`,
    the first and the last day that it counts, `days`, `numerator`, `denominator`, `value` and `exact`,
    `error` (`null`, or `code` fell, part_exceeds_whole or nobody, with `name`, `before` and `after`), `earlier` and
    `later` (the two prints: `release`, `through_date`, `through_precision`, `published_from`, `published_to`, `value`,
    `exact`, `flags`, `cells`; `earlier` is `null` where it counts from 1 October), `is_approximate`, `flags`,
    and of a mean that its prints take over other days than they give: `other_days` and `value_by_own_days`.
    `restated_before` is how much of a count comes from whole months before that the later release prints otherwise;
    `is_redefined` says that the two tables are split into other parts, and may count two things.
    """
    kind = answer.basis.measure.kind
    return {
        "schema": INTERVALS_SCHEMA,
        **start_as_json(answer.basis),
        "rows": [_interval(each, kind) for each in answer.intervals],
        **end_as_json(answer.basis),
    }


def start_as_json(basis: Basis) -> dict[str, Any]:
    """Returns what every answer begins with: question, measure, reading."""
    measure = basis.measure
    return {
        "question": dict(basis.question),
        "measure": {
            "name": measure.measure,
            "title": measure.title.model_dump(),
            "unit": measure.unit,
            "kind": measure.kind,
        },
    }


def end_as_json(basis: Basis) -> dict[str, Any]:
    """Returns what every answer ends with: what is lacking, caveats, the receipt."""
    return {
        "not_printed_by": list(basis.not_printed_by),
        "releases_perhaps_out": list(basis.perhaps_out),
        "caveats": [each.text.model_dump() for each in basis.caveats],
        "receipt": basis.receipt.as_json(),
    }


def _float(value: Fraction | None) -> float | None:
    return None if value is None else value.numerator / value.denominator


def _number(name: str, value: Fraction | None, kind: str) -> dict[str, Any]:
    exact = "exact" if name == "value" else f"{name}_exact"
    if value is None:
        return {name: None, exact: None}
    return {name: int(value) if kind == "count" else _float(value), exact: str(value)}


def _cells(figure: MeasuredFigure) -> list[dict[str, Any]]:
    return [
        {"file": each.file, "sheet": each.sheet, "row": each.row, "column": each.column, "text": each.text}
        for each in figure.cells
    ]


def _printed(figure: MeasuredFigure, value: Fraction | None, kind: str) -> dict[str, Any]:
    return {
        "release": figure.release.release,
        "authority": figure.release.authority,
        "published_from": iso(figure.release.published_from),
        "published_to": iso(figure.release.published_to),
        "through_date": figure.through_date.isoformat(),
        "through_precision": figure.through_precision,
        **_number("value", value, kind),
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "flags": list(figure.flags),
        "cells": _cells(figure),
    }


def _row(row: PrintedValue, kind: str) -> dict[str, Any]:
    return {
        **_printed(row.figure, row.value, kind),
        "is_whole": row.is_whole,
        "how": row.how,
        **_number("change", row.change, kind),
        "order_is_certain": row.order_is_certain,
    }


def _short(row: PrintedValue | None, kind: str) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"release": row.figure.release.release, **_number("value", row.value, kind)}


def _span_change(each: SpanChange, kind: str) -> dict[str, Any]:
    return {
        "fiscal_year": each.fiscal_year,
        "span": each.span.as_json(),
        "prints": each.prints,
        "first": _short(each.history.first, kind),
        "latest": _short(each.history.latest, kind),
        **_number("change", each.change, kind),
        "change_share": _float(each.share),
        "restatements": each.restatements,
        "lag_days": each.lag_days,
        "followed_days": each.followed_days,
    }


def _year(year: YearOfChanges, kind: str) -> dict[str, Any]:
    largest, share, lag = year.largest_change, year.largest_share, year.longest_lag
    return {
        "fiscal_year": year.fiscal_year,
        "spans": len(year.spans),
        "compared": len(year.compared),
        "restated": len(year.restated),
        "median_change": _float(year.median_change),
        **_number("largest_change", None if largest is None else abs(largest.change), kind),
        "largest_change_span": None if largest is None else largest.span.as_json(),
        "median_share": _float(year.median_share),
        "largest_share": None if share is None or share.share is None else _float(abs(share.share)),
        "largest_share_span": None if share is None else share.span.as_json(),
        "median_lag_days": _float(year.median_lag),
        "longest_lag_days": None if lag is None else lag.lag_days,
        "longest_lag_span": None if lag is None else lag.span.as_json(),
        "median_followed_days": _float(year.median_followed),
    }


def _interval(each: IntervalFigure, kind: str) -> dict[str, Any]:
    earlier, later = each.earlier, each.later
    return {
        "from": each.first_day.isoformat(),
        "through": later.through_date.isoformat(),
        "days": each.days,
        "numerator": each.numerator,
        "denominator": each.denominator,
        **_number("value", each.value, kind),
        "error": None if each.error is None else each.error.as_json(),
        "is_approximate": each.is_approximate,
        "flags": list(each.flags),
        "other_days": [
            {"release": figure.release.release, "given": day_of_year(figure), "own": own}
            for figure, own in each.other_days
        ],
        "value_by_own_days": _float(each.value_by_own_days),
        "restated_before": each.restated_before,
        "is_redefined": each.is_redefined,
        "earlier": None if earlier is None else _printed(earlier, earlier.interval.low, kind),
        "later": _printed(later, later.interval.low, kind),
    }
