"""A comparison of two releases as JSON values, and as the rows of a CSV."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from recount.declare.sources import KnownRelease
from recount.measure.questions import iso
from recount.revise.compare_findings import (
    SECTIONS,
    ColumnLabels,
    Comparison,
    FieldMissing,
    FigurePair,
    Judged,
    MissingCount,
    OnlyIn,
    PeriodCount,
    StatisticRestated,
)

COMPARE_SCHEMA = "recount-compare/1"
CSV_HEADER = ("section", "table", "what", "a", "b", "difference")
Line = tuple[str, str, str, object, object, object]


def comparison_as_json(comparison: Comparison) -> dict[str, Any]:
    """Returns a comparison as JSON values; decision 0025 says what each is.

    Counts are integers, shares and points binary numbers with their exact form beside them as text ("1/4"),
    and `null` is what is not there, or not told.
    """
    return {
        "schema": COMPARE_SCHEMA,
        "a": _release(comparison.a),
        "b": _release(comparison.b),
        "kind": comparison.kind,
        "table": comparison.asked_table,
        "tables": list(comparison.tables),
        "differs": {each: comparison.count(each) for each in SECTIONS},
        "missing_points_at_least": str(comparison.least_points),
        "sections": {
            "schema": [
                {"table": each.table or None, "kind": each.kind, "name": each.name, "a": each.a, "b": each.b}
                for each in comparison.schema
            ],
            "labels": [_labels(each) for each in comparison.labels],
            "rows": [
                {
                    "table": each.table,
                    "printed_table": each.name,
                    "a": each.a,
                    "b": each.b,
                    "difference": each.b - each.a,
                }
                for each in comparison.rows
            ],
            "periods": [_period(each) for each in comparison.periods],
            "missing": [_missing(each) for each in comparison.missing],
            "restated": [_statistic(each) for each in comparison.restated],
            "verdicts": {
                "claims": comparison.claims_checked,
                "changed": [
                    {
                        "claim": each.claim,
                        "title": each.title,
                        "turned": each.turned,
                        "a": _judged(each.a),
                        "b": _judged(each.b),
                    }
                    for each in comparison.verdicts
                ],
            },
        },
        "notes": [each.en for each in comparison.notes],
    }


def _release(release: KnownRelease) -> dict[str, Any]:
    return {
        "release": release.release,
        "source": release.source,
        "title": release.title.model_dump(),
        "authority": release.authority,
        "published_from": iso(release.published_from),
        "published_to": iso(release.published_to),
        "covers_through": release.covers_through.isoformat(),
        "files": [{"name": each.name, "sha256": each.sha256} for each in release.files],
    }


def _exact(name: str, value: Fraction | None) -> dict[str, Any]:
    if value is None:
        return {name: None, f"{name}_exact": None}
    return {name: value.numerator / value.denominator, f"{name}_exact": str(value)}


def _labels(each: ColumnLabels) -> dict[str, Any]:
    return {
        "table": each.table,
        "column": each.column,
        "kind": each.kind,
        "in_both": each.shared,
        "only_a": _only(each.only_a),
        "only_b": _only(each.only_b),
        "suppressed_a": each.suppressed_a,
        "suppressed_b": each.suppressed_b,
        "differs": each.differs,
    }


def _only(only: OnlyIn) -> dict[str, Any]:
    return {
        "values": only.values,
        "rows": only.rows,
        "most_frequent": [{"code": each.code, "label": each.label, "rows": each.rows} for each in only.shown],
    }


def _period(each: PeriodCount) -> dict[str, Any]:
    return {
        "table": each.table,
        "kind": each.kind,
        "period": each.label,
        "a": each.a,
        "b": each.b,
        "difference": each.difference,
        **_exact("share", each.share),
        "cut_short": list(each.cut_short),
        "may_be_more_a": each.more_a,
        "may_be_more_b": each.more_b,
        "changed": each.changed,
    }


def _missing(each: FieldMissing) -> dict[str, Any]:
    return {
        "table": each.table,
        "field": each.field,
        "a": _missing_count(each.a),
        "b": _missing_count(each.b),
        **_exact("blank_points", each.blank_points),
        **_exact("redacted_points", each.redacted_points),
    }


def _missing_count(count: MissingCount) -> dict[str, Any]:
    return {
        "rows": count.rows,
        "blank": count.blank,
        **_exact("blank_share", count.blank_share),
        "redacted": count.redacted,
        **_exact("redacted_share", count.redacted_share),
        "suppressed": count.suppressed,
    }


def _statistic(each: StatisticRestated) -> dict[str, Any]:
    return {
        "table": each.table,
        "statistic": each.statistic,
        "compared": each.compared,
        "how": dict(each.by_how),
        "restated": [_pair(one) for one in each.restated],
    }


def _pair(each: FigurePair) -> dict[str, Any]:
    return {
        "unit": each.unit,
        "breakdown": dict(each.breakdown),
        "span": each.span.as_json(),
        "through_a": each.through_a.isoformat(),
        "through_b": each.through_b.isoformat(),
        **_exact("a", each.a),
        **_exact("b", each.b),
        **_exact("change", each.change),
        **_exact("change_share", each.share),
        "later": each.later,
        "cell_a": each.cell_a,
        "cell_b": each.cell_b,
    }


def _judged(judged: Judged) -> dict[str, Any]:
    return {
        "headline": judged.headline,
        "now": judged.word,
        "numbers": [
            {
                "asked": each.asked,
                "outcome": each.outcome,
                "value": each.value,
                "release": each.release,
                "through_date": iso(each.through_date),
                "numerator": each.numerator,
                "denominator": each.denominator,
            }
            for each in judged.numbers
        ],
    }


def comparison_rows(comparison: Comparison) -> Iterator[Line]:
    """Yields a comparison as rows of `CSV_HEADER`: what differs, and every count that both have.

    Missing values are shares in percent with four decimals, their difference is in points.
    """
    for schema in comparison.schema:
        yield "schema", schema.table, f"{schema.kind} {schema.name}", schema.a, schema.b, None
    for labels in comparison.labels:
        for code in labels.only_a.shown:
            yield "labels", labels.table, f"{labels.column} {code.code}", code.rows, 0, -code.rows
        for code in labels.only_b.shown:
            yield "labels", labels.table, f"{labels.column} {code.code}", 0, code.rows, code.rows
    for rows in comparison.rows:
        yield "rows", rows.table, rows.name or "all", rows.a, rows.b, rows.b - rows.a
    for period in comparison.periods:
        what = f"{period.kind} {period.label}" + (" (cut short)" if period.cut_short else "")
        yield "periods", period.table, what, period.a, period.b, period.difference
    for field in comparison.missing:
        blank = field.a.blank_share, field.b.blank_share
        if any(blank):
            yield "missing", field.table, f"{field.field} blank", *_percents(*blank)
        redacted = field.a.redacted_share, field.b.redacted_share
        if any(redacted):
            yield "missing", field.table, f"{field.field} redacted", *_percents(*redacted)
    for statistic in comparison.restated:
        for pair in statistic.restated:
            codes = " ".join(f"{name}={code}" for name, code in pair.breakdown.items())
            span = pair.span.as_json()
            what = " ".join(filter(None, [statistic.statistic, codes, f"{span['kind']} to {span['to']}"]))
            values = _number(pair.a), _number(pair.b), _number(pair.change)
            yield "restated", statistic.table, what, *values
    for verdict in comparison.verdicts:
        yield "verdicts", "", f"{verdict.claim} headline", verdict.a.headline, verdict.b.headline, None
        was, now = verdict.a.by_reading(), verdict.b.by_reading()
        for asked in dict.fromkeys((*was, *now)):
            if was.get(asked) != now.get(asked):
                yield "verdicts", "", f"{verdict.claim}: {asked}", was.get(asked), now.get(asked), None


def _percents(a: Fraction | None, b: Fraction | None) -> tuple[object, object, object]:
    def percent(share: Fraction | None) -> str | None:
        return None if share is None else f"{float(share * 100):.4f}"

    return percent(a), percent(b), percent(None if a is None or b is None else b - a)


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else value.numerator / value.denominator
