"""Which rows tell of one event: rules by name, each a reading.

A rule marks rows and keeps or drops them; nothing is deleted from the record. What the rules are, why, and
where they come from, stands in the catalog (`linking.yml`). The Deportation Data Project's rules are written for
columns as released; here they read core columns, and differ where the core has less (decision 0018).
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from recount.declare.linking import DuplicateRule, Linking
from recount.errors import UsageError
from recount.link.duplicates_stints import mark_lowest_bond, mark_two_stages
from recount.link.order import (
    IDENTIFIER,
    NOT_COMPARED,
    PERSON,
    WHERE,
    need_columns,
    order_of,
    same_names,
    with_moment,
    with_person,
    with_same,
    with_spellings,
)

MARKS = ("episode_number", "is_first", "is_duplicate_likely", "is_dropped")
"""Columns that `mark_duplicates` adds."""


def mark_duplicates(events: ir.Table, rule: str, linking: Linking) -> ir.Table:
    """Returns `events`, row for row, with what a duplicate rule says of each.

    Args:
        events: a core table; of several releases, each is judged by itself.
        rule: the rule's name in `linking.yml`.
        linking: what that file declares.

    Returns:
        The columns of `events`, and

        - `episode_number`: the number of the row's episode within its person, from 1; missing where the rule
          knows no episodes.
        - `is_first`: the row is the first of its set; missing where the rule keeps none or another.
        - `is_duplicate_likely`: as the rule's publisher marks it, which differs between rules: see
          `DuplicateRule.flags`. Missing for rows that the rule does not judge.
        - `is_dropped`: the row goes when the rule's own filter keeps one of each set; never missing.

        Rows without identifier are each alone: never dropped, never marked, but where the rule says otherwise.

    Raises:
        UnknownNameError: where no rule is called so.
        UsageError: where `events` has one of the four columns already.
        DataError: where it lacks a column that the rule reads.
    """
    declared = linking.rule(rule)
    there = [each for each in MARKS if each in events.columns]
    if there:
        raise UsageError("The table is marked already.", [("columns", ", ".join(there))])
    need_columns(events, (*PERSON[:2], *WHERE, *declared.columns()), f"The rule {rule}")
    rows = with_spellings(with_person(events), declared.order, linking)
    if declared.method == "as_recorded":
        marked = rows.mutate(
            episode_number=ibis.null("int64"),
            is_first=ibis.null("boolean"),
            is_duplicate_likely=ibis.null("boolean"),
            is_dropped=ibis.literal(False),
        )
    elif declared.method in ("exact", "same"):
        marked = _mark_sets(rows, declared, events.columns)
    elif declared.method == "neighbours":
        marked = _mark_neighbours(rows, declared)
    elif declared.method == "episodes":
        marked = _mark_episodes(rows, declared)
    elif declared.method == "lowest_bond":
        marked = mark_lowest_bond(rows, declared)
    else:
        marked = mark_two_stages(rows, declared, events.columns)
    return marked.select(*events.columns, *MARKS)


def keep_rows(events: ir.Table, rule: str, linking: Linking) -> ir.Table:
    """Returns the rows that a duplicate rule keeps, with the columns of `events`.

    Raises:
        UnknownNameError: where no rule is called so.
        DataError: where `events` lacks a column that the rule reads.
    """
    if linking.rule(rule).method == "as_recorded":
        return events
    marked = mark_duplicates(events, rule, linking)
    return marked.filter(~marked.is_dropped).drop(*MARKS)


def _mark_sets(rows: ir.Table, rule: DuplicateRule, columns: tuple[str, ...]) -> ir.Table:
    """Marks rows equal in columns; columns missing in both are equal."""
    if rule.method == "exact":
        equal = [each for each in columns if each not in NOT_COMPARED]
        person = PERSON if rule.without_identifier == "alone" else ()
        names = list(dict.fromkeys([*person, *equal]))
    else:
        rows = with_same(rows, rule)
        names = [*PERSON, *same_names(rule)]
    return _mark_members(rows, rule, names)


def _mark_members(rows: ir.Table, rule: DuplicateRule, names: list[str]) -> ir.Table:
    """Marks rows that agree in the columns `names`, of which the rule keeps one, all or none."""
    agree = [rows[each] for each in names]
    order = order_of(rows, rule, backwards=rule.keep == "last")
    marked = rows.mutate(
        _is_several=rows.count().over(ibis.window(group_by=agree)) > 1,
        _is_kept=ibis.row_number().over(ibis.window(group_by=agree, order_by=order)) == 0,
    )
    if "episode_number" not in marked.columns:
        marked = marked.mutate(episode_number=ibis.null("int64"))
    return marked.mutate(
        is_first=marked._is_kept if rule.keep == "first" else ibis.null("boolean"),
        is_duplicate_likely=_judged(marked, rule, marked._is_several),
        is_dropped=_dropped(marked, rule, marked._is_several, marked._is_kept),
    )


def _judged(rows: ir.Table, rule: DuplicateRule, likely: ir.Value) -> ir.Value:
    if rule.without_identifier == "compared":
        return likely
    return rows[IDENTIFIER].isnull().ifelse(ibis.null("boolean"), likely)


def _dropped(rows: ir.Table, rule: DuplicateRule, several: ir.Value, kept: ir.Value) -> ir.Value:
    if rule.keep == "all":
        return ibis.literal(False)
    dropped = several if rule.keep == "none" else ~kept
    return rows[IDENTIFIER].isnull() | dropped if rule.without_identifier == "dropped" else dropped


def _mark_neighbours(rows: ir.Table, rule: DuplicateRule) -> ir.Table:
    """Marks rows whose neighbour in time is near; a row without a time has no neighbour."""
    rows = with_moment(rows, rule)
    window = ibis.window(
        group_by=[rows[each] for each in PERSON], order_by=order_of(rows, rule, backwards=False)
    )
    near = rows.mutate(
        _near_before=(rows._seconds - rows._seconds.lag().over(window)) <= rule.window_seconds(),
        _near_after=(rows._seconds.lead().over(window) - rows._seconds) <= rule.window_seconds(),
    )
    likely = near._near_before.fill_null(False) | near._near_after.fill_null(False)
    return near.mutate(
        episode_number=ibis.null("int64"),
        is_first=ibis.null("boolean"),
        is_duplicate_likely=_judged(near, rule, likely),
        is_dropped=ibis.literal(False),
    )


def _mark_episodes(rows: ir.Table, rule: DuplicateRule) -> ir.Table:
    """Marks chains in time; a gap of unknown length begins a new one."""
    rows = with_moment(rows, rule)
    person, order = [rows[each] for each in PERSON], order_of(rows, rule, backwards=False)
    before = rows._seconds.lag().over(ibis.window(group_by=person, order_by=order))
    gapped = rows.mutate(_gap=rows._seconds - before)
    begun = gapped.mutate(_begins=gapped._gap.isnull() | (gapped._gap > rule.window_seconds()))
    person, order = [begun[each] for each in PERSON], order_of(begun, rule, backwards=False)
    chained = begun.mutate(
        episode_number=begun._begins.cast("int64")
        .sum()
        .over(ibis.window(group_by=person, order_by=order, rows=(None, 0)))
        .cast("int64"),
        _is_last=begun._begins.lead().over(ibis.window(group_by=person, order_by=order)).fill_null(True),
    )
    if rule.same:
        chained = with_same(chained, rule)
        return _mark_members(chained, rule, [*PERSON, "episode_number", *same_names(rule)])
    # Without further columns an episode is a set, and its first row is the one that begins it.
    several = ~chained._begins | ~chained._is_last
    return chained.mutate(
        is_first=chained._begins,
        is_duplicate_likely=_judged(chained, rule, several),
        is_dropped=_dropped(chained, rule, several, chained._begins),
    )
