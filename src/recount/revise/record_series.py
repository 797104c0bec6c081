"""Which releases of individual records count the same rows under one reading, and why others are left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from recount.declare.event_measures import AS_RECORDED
from recount.declare.events import PROVENANCE
from recount.declare.release_lag import RecordLagRules
from recount.measure.event_answer import EventAnswer
from recount.measure.event_batches import Batch, rule_of
from recount.measure.event_counts import IDENTIFIER
from recount.record.store import EventPart

if TYPE_CHECKING:
    from recount.measure.event_book import EventBook

LeftOutWhy = Literal[
    "counts_only", "absent", "alone", "other_rule", "other_columns", "other_rows", "nothing_in_common"
]
"""Why a release is held to no other.

`counts_only`: the record holds counts of it, of which small ones are pooled. `absent`: it cannot answer in this
reading. `alone`: no other release is of its series. `other_rule`: its duplicates are told by another rule.
`other_columns`: it fills other columns of those that the question or the rule reads. `other_rows`: it counts other
numbers of long past spans. `nothing_in_common`: it covers no whole span that another does.
"""


@dataclass(frozen=True)
class LeftOut:
    """A release that is held to no other, and why; `named` are columns, rules, or counts."""

    release: str
    because: LeftOutWhy
    named: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Returns it as JSON values."""
        return {"release": self.release, "because": self.because, "named": list(self.named)}


@dataclass(frozen=True)
class ComparedReleases:
    """Releases of one series that are read alike, in order of their own last days and names.

    `series` is declared, or the one layout that all their files have. Made-up releases are never among released ones.
    """

    series: str
    releases: tuple[str, ...]
    is_synthetic: bool


@dataclass(frozen=True)
class _ReadAs:
    """What two releases have to have in common."""

    series: str
    is_synthetic: bool
    rule: str
    columns: frozenset[str]


def compare_alike(
    answer: EventAnswer, book: EventBook, parts: Sequence[EventPart], rules: RecordLagRules
) -> tuple[list[ComparedReleases], list[LeftOut]]:
    """Returns the groups of two releases or more that are read alike, and what is left out.

    Args:
        answer: to the question that is asked of each release; of one reading.
        book: the individual records.
        parts: those that the question asks.
        rules: which layouts are of one series.
    """
    left_out: list[LeftOut] = []
    by_release: dict[str, list[EventPart]] = {}
    for each in parts:
        by_release.setdefault(each.release, []).append(each)
    absent = {each.release: each.missing for each in answer.absent}
    able: dict[str, list[EventPart]] = {}
    for release, own in sorted(by_release.items()):
        if any(each.kind == "cube" for each in own):
            left_out.append(LeftOut(release, "counts_only"))
        elif release in absent:
            left_out.append(LeftOut(release, "absent", absent[release]))
        else:
            able[release] = own
    in_series: dict[tuple[str, bool], list[str]] = {}
    for release, own in able.items():
        made_up = any(each.is_synthetic for each in own)
        in_series.setdefault((_series_of(own, rules), made_up), []).append(release)
    groups: list[ComparedReleases] = []
    for (series, made_up), releases in sorted(in_series.items()):
        if len(releases) == 1:
            left_out.append(LeftOut(releases[0], "alone"))
            continue
        read = {
            each: _ReadAs(series, made_up, *_rule_and_columns(each, able[each], answer, book))
            for each in releases
        }
        found, others = _divide(series, read, answer, book)
        groups += found
        left_out += others
    return groups, sorted(left_out, key=lambda each: each.release)


def may_compare(parts: Iterable[EventPart], rules: RecordLagRules) -> bool:
    """Returns whether two releases among parts are of one series, so that it is worth asking more."""
    of: dict[str, list[EventPart]] = {}
    for each in parts:
        of.setdefault(each.release, []).append(each)
    found = [
        (_series_of(own, rules), any(each.is_synthetic for each in own))
        for own in of.values()
        if all(each.kind == "rows" for each in own)
    ]
    return len(set(found)) < len(found)


def _series_of(parts: Sequence[EventPart], rules: RecordLagRules) -> str:
    names = {
        next((each.series for each in rules.series if each.has(part.layout)), part.layout) for part in parts
    }
    return " + ".join(sorted(names))


def _rule_and_columns(
    release: str, parts: Sequence[EventPart], answer: EventAnswer, book: EventBook
) -> tuple[str, frozenset[str]]:
    asked, (reading,) = answer.asked, answer.asked.readings
    options = asked.measure.options(reading, "rows")
    names = {rule_of(each, options) or "" for each in parts}
    table = book.catalog.events.tables[asked.measure.table]
    wanted = {asked.date_column(reading, table.date)}
    for name in {
        *asked.by,
        *(each.name for each in asked.where),
        *asked.measure.where,
        *asked.counted(reading),
    }:
        if name in asked.measure.dimensions:
            column = asked.dimension(name, reading).column
            wanted |= {column} if column is not None else set()
    for rule in (book.linking.rule(each) for each in names):
        if rule.method in ("exact", "two_stages"):
            wanted |= {each.name for each in table.fields} - set(PROVENANCE)
        elif rule.method != AS_RECORDED:
            wanted |= {IDENTIFIER, *rule.columns()}
    return _meaning(names, book), _filled(release, parts, sorted(wanted), book)


def _meaning(rules: Iterable[str], book: EventBook) -> str:
    """Returns what rules do, as text: those of two generations may do the same."""
    without = {"rule", "generation", "text", "source", "reason"}
    return json.dumps(
        sorted(
            json.dumps(book.linking.rule(each).model_dump(mode="json", exclude=without), sort_keys=True)
            for each in rules
        )
    )


def _filled(
    release: str, parts: Sequence[EventPart], wanted: Sequence[str], book: EventBook
) -> frozenset[str]:
    """Returns which columns a release fills, looked into in one scan."""
    events = book.table(Batch(tuple(parts), AS_RECORDED))
    there = [each for each in wanted if each in events.columns]
    if not there:
        return frozenset()
    own = events.filter(events.release == release)
    counts = own.aggregate(**{each: own[each].count() for each in there})
    (row,) = book.engine.rows(counts)
    return frozenset(name for name, count in zip(there, row, strict=True) if count)


def _divide(
    series: str, read: Mapping[str, _ReadAs], answer: EventAnswer, book: EventBook
) -> tuple[list[ComparedReleases], list[LeftOut]]:
    """Returns releases of one series by how they are read; the one that most are read by tells what others lack."""
    cut_off = {each: book.record.releases[each].covers_through for each in read}
    groups: dict[_ReadAs, list[str]] = {}
    for release in sorted(read, key=lambda each: (cut_off[each], each)):
        groups.setdefault(read[release], []).append(release)
    main = max(groups, key=lambda each: (len(groups[each]), cut_off[groups[each][-1]], groups[each][-1]))
    found, left_out = [], []
    for way, releases in groups.items():
        if len(releases) > 1:
            found.append(ComparedReleases(series, tuple(releases), way.is_synthetic))
            continue
        (release,) = releases
        if len(groups[main]) == 1:
            # No two are alike: each is told against the latest.
            main = read[max(read, key=lambda each: (cut_off[each], each))]
        if way == main:
            left_out.append(LeftOut(release, "alone"))
        elif way.rule != main.rule:
            left_out.append(LeftOut(release, "other_rule", _rules_of(release, answer, book)))
        else:
            left_out.append(LeftOut(release, "other_columns", tuple(sorted(way.columns ^ main.columns))))
    return found, left_out


def _rules_of(release: str, answer: EventAnswer, book: EventBook) -> tuple[str, ...]:
    (reading,) = answer.asked.readings
    options = answer.asked.measure.options(reading, "rows")
    own = [each for each in book.record.parts if each.release == release]
    names = {rule_of(each, options) for each in own if each.table == answer.asked.measure.table}
    return tuple(sorted(each for each in names if each is not None))
