"""The answer to a question about individual records, and what its receipt holds."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from recount import settings
from recount.declare.event_catalog import EventCatalog
from recount.declare.event_measures import PERIODS, EventMeasure
from recount.declare.linking import Linking
from recount.declare.measures import Caveat
from recount.declare.sources import KnownRelease
from recount.measure.event_bounds import Measured
from recount.measure.event_cells import Cell
from recount.measure.event_conditions import written_out as written_conditions
from recount.measure.event_guards import Spoken
from recount.measure.event_periods import Period
from recount.measure.event_question import EventAsked
from recount.measure.event_spans import Span, covered_spans, days_within
from recount.measure.questions import iso
from recount.measure.rates import Rate
from recount.measure.receipt import Receipt, digest, meaning_of_codes
from recount.record.store import EventPart

Because = Literal["not_released", "not_in_cube", "no_rule", "no_identifier", "of_one_part"]


@dataclass(frozen=True)
class EventAbsent:
    """What a release, or some of its files, cannot answer in a reading, and why.

    `missing` names dimensions, columns or the option of a fork. `files` are those to add, where the record
    holds a cube of them only. `only` is what all rows of the release have in the dimension, where it is one thing.
    """

    release: str
    reading: Mapping[str, str]
    because: Because
    missing: tuple[str, ...]
    files: tuple[str, ...] = ()
    only: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Returns it as JSON values."""
        return {
            "release": self.release,
            "reading": dict(self.reading),
            "because": self.because,
            "missing": list(self.missing),
            "files_to_add": list(self.files),
            "only": self.only,
        }


@dataclass(frozen=True)
class EventRow:
    """One number of the answer: of one release, in one reading, of one span of time.

    `start` and `through` are its first and last day, as far as the release goes. `is_partial` says that the
    release ends, or begins, within the span that the row is named after. `rate` is its number per 100,000, where the
    question asks it. `is_small_part` says that its span is cut short and the question asks for shares of several spans.
    """

    release: KnownRelease
    is_synthetic: bool
    reading: Mapping[str, str]
    cell: Cell
    period: Period | None
    start: datetime.date | None
    through: datetime.date | None
    is_partial: bool
    rate: Rate | None = None
    is_small_part: bool = False

    @property
    def breakdown(self) -> dict[str, str | None]:
        """The part of each dimension that splits the answer, as text; None where rows do not say."""
        return {name: _part_text(name, part) for name, part in self.cell.parts.items()}

    @property
    def part_of(self) -> Measured | None:
        """The share that the question asks for; none over time of a span cut short, which would be too small."""
        return None if self.is_small_part else self.cell.part_of

    @property
    def share(self) -> Fraction | None:
        """The quotient of a share's integers, `None` where there is none."""
        measured = self.cell.measured
        return Fraction(measured.numerator, measured.denominator) if measured.denominator else None

    def as_json(self) -> dict[str, Any]:
        """Returns the row as JSON values: integers, exact bounds, and where it stands."""
        measured = self.cell.measured
        fiscal = self.period.number if self.period is not None and self.period.kind == "fiscal_year" else None
        return {
            "kind": self.cell.kind,
            "release": self.release.release,
            "authority": self.release.authority,
            "published_from": iso(self.release.published_from),
            "published_to": iso(self.release.published_to),
            "is_synthetic": self.is_synthetic,
            "reading": dict(self.reading),
            "period": None if self.period is None else self.period.kind,
            "period_start": iso(self.start),
            "through_date": iso(self.through),
            "fiscal_year": fiscal,
            "is_partial": self.is_partial,
            "breakdown": self.breakdown,
            "numerator": measured.numerator,
            "denominator": measured.denominator,
            "share": None if self.share is None else float(self.share),
            "bounds": None if measured.bounds is None else measured.bounds.as_json(),
            **{str(why): rows for why, rows in measured.undecided.items()},
            "whole": self.cell.whole,
            "outcomes": dict(self.cell.outcomes),
            "estimate": self.cell.estimate,
            "part_of": None if self.part_of is None else _share_as_json(self.part_of),
            **({} if self.rate is None else {"rate": self.rate.as_json()}),
        }

    def result(self) -> list[Any]:
        """Returns what a receipt holds of the row: where, when, how read, and the integers."""
        measured = self.cell.measured
        return [
            self.release.release,
            dict(sorted(self.reading.items())),
            self.cell.kind,
            dict(sorted(self.breakdown.items())),
            measured.numerator,
            measured.denominator,
            None if measured.bounds is None else measured.bounds.as_json(),
            dict(sorted(measured.undecided.items())),
            *([dict(sorted(self.cell.outcomes.items()))] if self.cell.outcomes else []),
            *([] if self.cell.part_of is None else [_share_as_json(self.cell.part_of)]),
            *([] if self.rate is None else [self.rate.result()]),
        ]


@dataclass(frozen=True)
class EventAnswer:
    """The rows that answer a question about individual records, what was absent, what to know, the receipt.

    Rows of different releases stand beside each other and are never added: releases overlap, and no
    identifier holds from one to another. `covered` has, by release, the days that it covers of those asked, where
    it does not cover all of them.
    """

    question: Mapping[str, Any]
    measure: EventMeasure
    asked: EventAsked
    rows: tuple[EventRow, ...]
    absent: tuple[EventAbsent, ...]
    covered: Mapping[str, tuple[Span, ...]]
    perhaps_out: tuple[str, ...]
    warnings: tuple[Spoken, ...]
    caveats: tuple[Caveat, ...]
    readings: int
    receipt: Receipt

    def as_json(self) -> dict[str, Any]:
        """Returns the answer in the documented JSON schema."""
        return {
            "schema": settings.ANSWER_SCHEMA,
            "question": dict(self.question),
            "measure": {
                "name": self.measure.measure,
                "title": self.measure.title.model_dump(),
                "unit": self.measure.unit,
                "kind": self.measure.kind,
            },
            "rows": [each.as_json() for each in self.rows],
            "absent": [each.as_json() for each in self.absent],
            "covered_only": {
                release: [{"first": iso(first), "last": iso(last)} for first, last in spans]
                for release, spans in self.covered.items()
            },
            "releases_perhaps_out": list(self.perhaps_out),
            "warnings": [each.as_json() for each in self.warnings],
            "caveats": [each.text.model_dump() for each in self.caveats],
            "receipt": self.receipt.as_json(),
        }


def write_out(asked: EventAsked) -> dict[str, Any]:
    """Returns a question with every default written out."""
    question = asked.question
    by = [
        *(["release"] if asked.by_release else []),
        *asked.by,
        *(["reading"] if asked.by_reading else []),
    ]
    return {
        "ask": "measure",
        "measure": asked.measure.measure,
        "where": written_conditions(asked.where),
        "by": by,
        "release": question.release,
        "as_known_on": iso(question.as_known_on),
        "readings": [dict(sorted(each.items())) for each in asked.readings],
        **({} if question.per is None else {"per": question.per}),
    }


def _share_as_json(measured: Measured) -> dict[str, Any]:
    return {
        "numerator": measured.numerator,
        "denominator": measured.denominator,
        "bounds": None if measured.bounds is None else measured.bounds.as_json(),
    }


def define_event_measure(measure: EventMeasure, events: EventCatalog, linking: Linking) -> str:
    """Returns the digest of what a measure means: itself, the codes of its table, rules of rows, the pipeline.

    Texts are left out: mending a sentence changes no number.
    """
    table = events.tables[measure.table]
    rules = {
        name
        for fork in measure.forks
        for option in fork.options
        for name in (option.rule, *option.rule_by_generation.values())
        if name is not None
    }
    lists = sorted({each.codes for each in table.fields if each.codes is not None})
    meaning = {
        "measure": _meaning_of(measure),
        "table_date": table.date,
        "codes": {name: meaning_of_codes(events.codes[name]) for name in lists},
        "rules": {
            name: linking.rule(name).model_dump(mode="json", exclude={"text", "source", "reason"})
            for name in sorted(rules)
        },
        "pipeline_version": settings.PIPELINE_VERSION,
    }
    return digest(meaning)


def _meaning_of(measure: EventMeasure) -> dict[str, Any]:
    without = {"title", "description", "population", "caveats", "forks"}
    forks = [
        each.model_dump(mode="json", exclude={"question", "reason", "decided", "options"})
        | {"options": [one.model_dump(mode="json", exclude={"label"}) for one in each.options]}
        for each in measure.forks
    ]
    return measure.model_dump(mode="json", exclude=without) | {"forks": forks}


def _part_text(name: str, part: str | int | None) -> str | None:
    if part is None:
        return None
    return Period(name, part).label if name in PERIODS and isinstance(part, int) else str(part)


def covered_days(
    asked: EventAsked, rows: Sequence[EventRow], used: Sequence[EventPart]
) -> dict[str, tuple[Span, ...]]:
    """Returns, by release, the days that it covers of those asked, where it does not cover all of them.

    Of a release of which only the last day is known, the days up to it are. Where a condition has no end, neither has
    what is asked. Without a condition on time a release is told whose files leave days between them, unless each
    number is of a span of its own, which says so.
    """
    limits = [each.spans for each in asked.where if each.spans]
    if not limits and asked.periods:
        return {}
    found: dict[str, tuple[Span, ...]] = {}
    for release in sorted({each.release.release for each in rows}):
        own = [each for each in rows if each.release.release == release]
        covered = covered_spans([each for each in used if each.release == release]) or _to_cut_off(own)
        if not covered:
            continue
        whole = (covered[0][0], covered[-1][1])
        wanted, held = [(datetime.date.min, datetime.date.max)], covered
        for limit in limits:
            wanted, held = days_within(wanted, limit), days_within(held, limit)
        ends = [
            (whole[0] if start == datetime.date.min else start, whole[1] if end == datetime.date.max else end)
            for start, end in wanted
        ]
        if held != ends:
            found[release] = tuple(held)
    return found


def _to_cut_off(rows: Sequence[EventRow]) -> list[Span]:
    """Returns the days from the first that is asked to the last of a release, as its rows say them."""
    return [
        (each.start, each.through) for each in rows[:1] if each.start is not None and each.through is not None
    ]


def releases_used(rows: Iterable[EventRow], files: Mapping[str, set[str]]) -> list[KnownRelease]:
    """Returns the releases of rows with those of their files that were counted."""
    found = {each.release.release: each.release for each in rows}
    return [
        release.model_copy(update={"files": [each for each in release.files if each.name in files[name]]})
        for name, release in sorted(found.items())
    ]
