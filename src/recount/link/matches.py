"""Which event belongs to which stay: arrests to stays that follow, removals to stays that end.

A match joins one release and one identifier, never identifiers of two releases, within a window that the catalog
declares. An event has at most one stay and a stay at most one event; what could not be decided is counted.
"""

from __future__ import annotations

from typing import Literal

import ibis
import ibis.expr.types as ir

from recount.declare.linking import Linking, MatchWindow
from recount.errors import DataError, UnknownNameError
from recount.link.order import IDENTIFIER, WHERE, first_filled, need_columns, seconds_of
from recount.link.stays import STAY

Way = Literal["mutual_best", "ddp_greedy"]
WAYS: tuple[Way, ...] = ("mutual_best", "ddp_greedy")
ADDED = ("match_status", "stay_book_in_datetime", "stay_gap_seconds")
"""Columns that `match_events_to_stays` adds."""
_EVENT = ("release", "_event_file", "_event_sheet", "_event_row")
_STAY = ("release", "_stay_person", "_stay_start")


def match_events_to_stays(
    events: ir.Table, stays: ir.Table, match: str, linking: Linking, way: Way = "mutual_best"
) -> ir.Table:
    """Returns `events`, row for row, each with its stay if it has one.

    Args:
        events: arrests or removals, after `keep_rows`: of rows that repeat an event, one at most gets the stay.
        stays: what `merge_stints_into_stays` returns.
        match: the name of a window in `linking.yml`.
        linking: what that file declares.
        way: how a pair is chosen from the candidates, which are all events and stays of one release and one
            identifier within the window. The distance is that in seconds, before or after.

            `mutual_best`: the stay is the event's best and the event is the stay's best.
            `ddp_greedy`: each stay takes its best event; each event then keeps the best of the stays that took
            it. A stay that loses its event takes no other (Deportation Data Project, spec 2.5 and 2.7).

            Best is the nearest; of two at one distance that in which the stay's time is not before the event's;
            then the earlier event, then file, sheet and row; and the stay that begins first.

    Returns:
        The columns of `events`, and

        - `match_status`: `matched` where the distances alone decide; `ambiguous` where a tie at the best distance
          leaves the choice to the order above, whether or not the event then got a stay; `unmatched`.
        - `stay_book_in_datetime`: with `release` and `unique_identifier` the key of the stay; missing without.
        - `stay_gap_seconds`: the stay's time less the event's.

    Raises:
        UnknownNameError: where no window or way is called so.
        DataError: where a table lacks a column.
    """
    window = linking.match(match)
    if way not in WAYS:
        raise UnknownNameError("way of matching", way, WAYS)
    need_columns(events, ("release", IDENTIFIER, *WHERE, *window.event_time), f"The match {match}")
    need_columns(stays, (*STAY, *window.stay_time), f"The match {match}")
    there = [each for each in ADDED if each in events.columns]
    if there:
        raise DataError("The events are matched already.", [("columns", ", ".join(there))])
    chosen = _choose(_candidates(events, stays, window), way)
    by_event = chosen.group_by(*_EVENT).aggregate(
        _start=chosen._stay_start.min(where=chosen._is_pair),
        _gap_of_pair=chosen._gap.min(where=chosen._is_pair),
        _has_pair=chosen._is_pair.cast("int8").max(),
        _is_tied=chosen._is_tied.cast("int8").max(),
    )
    by_event = by_event.rename(_event_release="release")
    joined = events.left_join(
        by_event,
        [
            events.release == by_event._event_release,
            events.file_original == by_event._event_file,
            events.sheet_original.fill_null("") == by_event._event_sheet,
            events.row_original == by_event._event_row,
        ],
    )
    return joined.mutate(
        match_status=ibis.cases(
            (joined._is_tied == 1, "ambiguous"), (joined._has_pair == 1, "matched"), else_="unmatched"
        ),
        stay_book_in_datetime=joined._start,
        stay_gap_seconds=joined._gap_of_pair,
    ).select(*events.columns, *ADDED)


def follow_arrests(
    arrests: ir.Table, stays: ir.Table, removals: ir.Table, linking: Linking, way: Way = "mutual_best"
) -> ir.Table:
    """Returns `arrests`, row for row, each with its stay and with the removal that ended that stay.

    Args:
        arrests: after `keep_rows`.
        stays: what `merge_stints_into_stays` returns.
        removals: after `keep_rows`.
        linking: what `linking.yml` declares; its windows `arrests_to_stays` and `removals_to_stays` are used.
        way: as in `match_events_to_stays`.

    Returns:
        What `match_events_to_stays` adds, and `removal_match_status`, `removal_departed_date` and
        `removal_row_original`, `removal_file_original`, `removal_sheet_original`, which say where the removal stands;
        missing where the stay has none. An arrest without a removal is one that nothing in the release follows to
        a departure: the person may be held still, be released, or have left unseen.

    Raises:
        DataError: where a table lacks a column.
    """
    led = match_events_to_stays(arrests, stays, "arrests_to_stays", linking, way)
    ended = match_events_to_stays(removals, stays, "removals_to_stays", linking, way)
    ended = ended.filter(ended.stay_book_in_datetime.notnull())
    ended = ended.select(
        _release=ended.release,
        _person=ended[IDENTIFIER],
        _stay=ended.stay_book_in_datetime,
        removal_match_status=ended.match_status,
        removal_departed_date=ended.departed_date,
        **{f"removal_{name}": ended[name] for name in WHERE},
    )
    followed = led.left_join(
        ended,
        [
            led.release == ended._release,
            led[IDENTIFIER] == ended._person,
            led.stay_book_in_datetime == ended._stay,
        ],
    )
    return followed.drop("_release", "_person", "_stay")


def count_matches(matched: ir.Table, stays: ir.Table) -> ir.Table:
    """Returns one row of counts over what `match_events_to_stays` returned and the stays it was given.

    `event_count` is `matched_count`, `ambiguous_count` and `unmatched_count` together;
    `ambiguous_with_stay_count` are those of the ambiguous that got a stay by order, and
    `no_identifier_count` those of the unmatched that could not match. `stay_count` stays, of which
    `stay_matched_count` have an event.
    """
    status = matched.match_status
    has_stay = matched.stay_book_in_datetime.notnull()
    events = matched.aggregate(
        event_count=matched.count(),
        matched_count=_count(status == "matched"),
        ambiguous_count=_count(status == "ambiguous"),
        unmatched_count=_count(status == "unmatched"),
        ambiguous_with_stay_count=_count((status == "ambiguous") & has_stay),
        no_identifier_count=_count(matched[IDENTIFIER].isnull()),
        stay_matched_count=_count(has_stay),
    )
    return events.cross_join(stays.aggregate(stay_count=stays.count()))


def _count(condition: ir.Value) -> ir.Value:
    return condition.cast("int64").sum().fill_null(0).cast("int64")


def _candidates(events: ir.Table, stays: ir.Table, window: MatchWindow) -> ir.Table:
    """Returns every pair of one release, one identifier and a gap within the window.

    `release` is always one of the columns joined on: a pseudonym means another person in another release.
    """
    left = events.filter(events[IDENTIFIER].notnull())
    left = left.select(
        release=left.release,
        _event_person=left[IDENTIFIER],
        _event_file=left.file_original,
        _event_sheet=left.sheet_original.fill_null(""),
        _event_row=left.row_original,
        _event_seconds=seconds_of(first_filled(left, window.event_time)),
    )
    right = stays.select(
        _stay_release=stays.release,
        _stay_person=stays[IDENTIFIER],
        _stay_start=stays.stay_book_in_datetime,
        _stay_seconds=seconds_of(first_filled(stays, window.stay_time)),
    )
    pairs = left.inner_join(
        right, [left.release == right._stay_release, left._event_person == right._stay_person]
    )
    pairs = pairs.mutate(_gap=pairs._stay_seconds - pairs._event_seconds)
    pairs = pairs.filter(
        pairs._gap >= window.from_seconds(), pairs._gap <= window.to_seconds()
    )  # a gap to an unknown time is unknown and falls out here
    return pairs.mutate(_distance=pairs._gap.abs(), _before=(pairs._gap < 0).cast("int8"))


def _choose(pairs: ir.Table, way: Way) -> ir.Table:
    """Adds to each candidate whether it is chosen, and whether a tie stood at the best distance."""
    best_of_stay = pairs._distance.min().over(ibis.window(group_by=[pairs[each] for each in _STAY]))
    best_of_event = pairs._distance.min().over(ibis.window(group_by=[pairs[each] for each in _EVENT]))
    pairs = pairs.mutate(
        _is_near_stay=pairs._distance == best_of_stay, _is_near_event=pairs._distance == best_of_event
    )
    first_of_stay = _first(pairs, _STAY)
    if way == "mutual_best":
        pairs = pairs.mutate(_is_pair=first_of_stay & _first(pairs, _EVENT))
        return _with_ties(pairs, pairs._is_near_stay & pairs._is_near_event)
    taken = pairs.mutate(_is_taken=first_of_stay)
    return _keep_best_taken(taken)


def _keep_best_taken(pairs: ir.Table) -> ir.Table:
    # Candidates that the stay did not take are no choice of the event; they only say where a tie stood.
    group = [pairs[each] for each in _EVENT]
    nearest = pairs._distance.min(where=pairs._is_near_stay).over(ibis.window(group_by=group))
    order = [pairs._is_taken.cast("int8").desc(), *_order(pairs)]
    pairs = pairs.mutate(
        _is_pair=pairs._is_taken & (ibis.row_number().over(ibis.window(group_by=group, order_by=order)) == 0),
        _is_nearest=pairs._is_near_stay & (pairs._distance == nearest),
    )
    return _with_ties(pairs, pairs._is_nearest)


def _with_ties(pairs: ir.Table, best: ir.Value) -> ir.Table:
    """Adds `_is_tied` to the pairs best by distance, where the event or its stay has several of them."""
    pairs = pairs.mutate(_is_best=best)
    several = [
        pairs._is_best.cast("int64").sum().over(ibis.window(group_by=[pairs[each] for each in names])) > 1
        for names in (_EVENT, _STAY)
    ]
    return pairs.mutate(_is_tied=pairs._is_best & (several[0] | several[1]))


def _first(pairs: ir.Table, names: tuple[str, ...]) -> ir.Value:
    window = ibis.window(group_by=[pairs[each] for each in names], order_by=_order(pairs))
    return ibis.row_number().over(window) == 0


def _order(pairs: ir.Table) -> list[ir.Value]:
    """Returns the one order of candidates: by distance, after before before, event, stay."""
    return [
        pairs._distance.asc(),
        pairs._before.asc(),
        pairs._event_seconds.asc(),
        pairs._event_file.asc(),
        pairs._event_sheet.asc(),
        pairs._event_row.asc(),
        pairs._stay_start.asc(),
    ]
