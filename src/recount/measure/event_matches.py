"""How arrests, stays and removals of a record match: counted, and nothing matched in silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recount.declare.catalog import Catalog
from recount.declare.linking import Linking, load_linking
from recount.link.duplicates import keep_rows
from recount.link.matches import WAYS, Way, count_matches, match_events_to_stays
from recount.link.stays import count_stints_in_stays, merge_stints_into_stays
from recount.measure.event_engine import Engine
from recount.record.store import EventPart, Record

AS_RECORDED = "as_recorded"


@dataclass(frozen=True)
class StaysMade:
    """The stints of one release, and what became of them: `stints` = `merged` + those set aside, by reason.

    `is_synthetic` says that the release was made up.
    """

    release: str
    rule: str
    stints: int
    merged: int
    set_aside: Mapping[str, int]
    stays: int
    is_synthetic: bool


@dataclass(frozen=True)
class MatchCounts:
    """Events of one release against its stays, matched in one way under one duplicate rule.

    `events` = `matched` + `ambiguous` + `unmatched`; `no_identifier` counts those of the unmatched that could not
    match, and `ambiguous_with_stay` those of the ambiguous that a fixed order gave a stay. `stays_matched` of
    `stays` have an event.
    """

    release: str
    match: str
    way: Way
    rule: str
    events: int
    matched: int
    ambiguous: int
    unmatched: int
    ambiguous_with_stay: int
    no_identifier: int
    stays: int
    stays_matched: int


@dataclass(frozen=True)
class MatchReport:
    """The stays and matches of every release that has stints, in order of releases."""

    stays: tuple[StaysMade, ...]
    matches: tuple[MatchCounts, ...]


def count_record_matches(record: Record, catalog: Catalog, engine: Engine) -> MatchReport:
    """Returns how stints make stays, and how arrests and removals match them, release by release.

    Rows are taken under the rule of the release's own generation, where it has one, and as recorded. Identifiers
    hold within a release alone, so nothing is matched across releases.

    Args:
        record: its parts; releases without stints match nothing and are left out.
        catalog: declares rules and windows.
        engine: where the counting is done.
    """
    linking = load_linking(catalog)
    stays_made: list[StaysMade] = []
    matches: list[MatchCounts] = []
    for release in sorted({each.release for each in _rows(record.parts, "stints")}):
        stints = [each for each in _rows(record.parts, "stints") if each.release == release]
        # A part takes its cut-off from its release, which always covers through some day.
        cut_offs = {release: max(each.cut_off for each in stints if each.cut_off is not None)}
        table = engine.table([each.path for each in stints])
        rule = _rule("stints", stints, linking)
        kept = keep_rows(table, rule, linking)
        stays = merge_stints_into_stays(kept, cut_offs)
        (counted,) = _named(engine, count_stints_in_stays(kept, cut_offs))
        (made,) = engine.rows(stays.aggregate(stays=stays.count()))
        reasons = {
            name.removesuffix("_count"): count
            for name, count in counted.items()
            if name not in ("stint_count", "merged_count") and count
        }
        stays_made.append(
            StaysMade(
                release,
                rule,
                counted["stint_count"],
                counted["merged_count"],
                reasons,
                made[0],
                any(each.is_synthetic for each in stints),
            )
        )
        for match, window in sorted(linking.matches.items()):
            events = [each for each in _rows(record.parts, window.events) if each.release == release]
            if not events:
                continue
            own = _rule(window.events, events, linking)
            chosen = keep_rows(engine.table([each.path for each in events]), own, linking)
            for way in WAYS:
                matched = match_events_to_stays(chosen, stays, match, linking, way)
                (found,) = _named(engine, count_matches(matched, stays))
                matches.append(
                    MatchCounts(
                        release,
                        match,
                        way,
                        own,
                        found["event_count"],
                        found["matched_count"],
                        found["ambiguous_count"],
                        found["unmatched_count"],
                        found["ambiguous_with_stay_count"],
                        found["no_identifier_count"],
                        found["stay_count"],
                        found["stay_matched_count"],
                    )
                )
    return MatchReport(tuple(stays_made), tuple(matches))


def _rows(parts: Iterable[EventPart], table: str) -> list[EventPart]:
    return [each for each in parts if each.table == table and each.kind == "rows"]


def _rule(table: str, parts: Sequence[EventPart], linking: Linking) -> str:
    """Returns the duplicate rule of the parts' generation for a table, or that every row stands."""
    generations = {each.generation for each in parts}
    own = [
        name
        for name, rule in sorted(linking.duplicates.items())
        if rule.table == table
        and len(generations) == 1
        and rule.generation in generations
        and rule.keep != "none"
    ]
    ddp = [name for name in own if name.startswith("ddp_")]
    return ddp[0] if ddp else AS_RECORDED


def _named(engine: Engine, expression: Any) -> list[dict[str, int]]:
    names = expression.columns
    return [
        {name: int(value or 0) for name, value in zip(names, row, strict=True)}
        for row in engine.rows(expression)
    ]
