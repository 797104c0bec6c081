"""Duplicate rules of detention stints, which repeat with every change of a bond."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from recount.declare.linking import DuplicateRule
from recount.link.order import (
    IDENTIFIER,
    NOT_COMPARED,
    PERSON,
    in_order,
    order_of,
    same_names,
    with_same,
)


def mark_lowest_bond(rows: ir.Table, rule: DuplicateRule) -> ir.Table:
    """Marks all but the last row with the lowest bond, of one person's rows that are equal in `same`.

    A row that lacks identifier or any of `same` has no set: it stays and is not judged. The rule as published
    writes the set as one text, of which the parts then are missing as a whole; what it does to them is left open.

    Source: Deportation Data Project, detentions of July 2025 (spec 2.3).
    """
    rows = with_same(rows, rule)
    same = same_names(rule)
    has_set = ~rows[IDENTIFIER].isnull()
    for name in same:
        has_set = has_set & ~rows[name].isnull()
    rows = rows.mutate(_has_set=has_set)
    order = [
        *in_order(rows[rule.bond], "last"),
        *order_of(rows, rule, backwards=True),
    ]
    agree = [rows[each] for each in (*PERSON, *same)]
    ranked = rows.mutate(_is_kept=ibis.row_number().over(ibis.window(group_by=agree, order_by=order)) == 0)
    dropped = ranked._has_set & ~ranked._is_kept
    return ranked.mutate(
        episode_number=ibis.null("int64"),
        is_first=ibis.null("boolean"),
        is_duplicate_likely=ranked._has_set.ifelse(dropped, ibis.null("boolean")),
        is_dropped=dropped,
    )


def mark_two_stages(rows: ir.Table, rule: DuplicateRule, columns: tuple[str, ...]) -> ir.Table:
    """Marks repetitions that differ in bonds only, then all but the last row of one facility, day and stay.

    Args:
        rows: stints, with the columns of `PERSON`.
        rule: what the stages compare, and the order.
        columns: every column of the table, as recorded; the first stage compares all that the rule does
            not overlook, but for those that say where a row stands.

    Source: Deportation Data Project, detentions of March and August 2026 (spec 2.3).
    """
    rows = with_same(rows, rule)
    alike = [each for each in columns if each not in (*NOT_COMPARED, *rule.overlooked)]
    agree = [rows[each] for each in dict.fromkeys((*PERSON, *alike))]
    # Among rows alike in everything else, of the keys only the overlooked columns tell rows apart.
    telling = rule.model_copy(update={"order": [each for each in rule.order if each.by in rule.overlooked]})
    first = ibis.window(group_by=agree, order_by=order_of(rows, telling, backwards=False))
    staged = rows.mutate(_survives=ibis.row_number().over(first) == 0)
    last = ibis.window(
        group_by=[staged[each] for each in (*PERSON, *same_names(rule), "_survives")],
        order_by=order_of(staged, rule, backwards=True),
    )
    ranked = staged.mutate(_is_last=ibis.row_number().over(last) == 0)
    same_day = ranked._survives & ~ranked._is_last
    dropped = ~ranked._survives | ~ranked._is_last
    likely = same_day if rule.flags == "second_stage" else dropped
    return ranked.mutate(
        episode_number=ibis.null("int64"),
        is_first=ibis.null("boolean"),
        is_duplicate_likely=ranked[IDENTIFIER].isnull().ifelse(ibis.null("boolean"), likely),
        is_dropped=dropped,
    )


def add_seen_bonds(stints: ir.Table) -> ir.Table:
    """Returns `stints` with the lowest bonds and earliest dates seen for each stint, over all its rows.

    Adds `initial_bond_lowest_usd`, `initial_bond_earliest_date`, `bond_posted_lowest_usd` and
    `bond_posted_earliest_date`; missing where no row of the stint has one. A stint is release, person, book-in and
    facility; a row that lacks any of them is alone. To be called before rows are dropped.

    Source: Deportation Data Project, detentions of March 2026 (spec 2.3, step 1).
    """
    names = {
        "initial_bond_lowest_usd": "initial_bond_set_amount_usd",
        "initial_bond_earliest_date": "initial_bond_set_date",
        "bond_posted_lowest_usd": "bond_posted_amount_usd",
        "bond_posted_earliest_date": "bond_posted_date",
    }
    stint = ["release", IDENTIFIER, "book_in_datetime", "book_in_date", "detention_facility_code"]
    window = ibis.window(group_by=[stints[each] for each in stint])
    is_stint = ~(
        stints[IDENTIFIER].isnull() | stints.book_in_date.isnull() | stints.detention_facility_code.isnull()
    )
    return stints.mutate(
        **{
            name: is_stint.ifelse(stints[column].min().over(window), stints[column])
            for name, column in names.items()
        }
    )
