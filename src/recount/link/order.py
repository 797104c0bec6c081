"""What one row is among others: whose it is, when it was, and what comes before it.

Two engines order missing values and ties each in its own way, so nothing here is left to an engine: missing
values have a key of their own, and every order ends in the columns that say where a row stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import ibis
import ibis.expr.types as ir
import polars as pl

from recount.declare.events import PROVENANCE
from recount.declare.linking import DuplicateRule, Linking, SortKey
from recount.errors import DataError

IDENTIFIER = "unique_identifier"
PERSON = ("release", IDENTIFIER, "_alone_file", "_alone_sheet", "_alone_row")
"""Columns that two rows of one person agree in, once `with_person` has added the last three."""
WHERE = PROVENANCE[1:]
"""Columns that say where in its release a row stands."""
NOT_COMPARED = (*WHERE, "fiscal_year_stated")
"""Columns in which two rows may differ and say the same: where they stand, and what is written above them."""


def need_columns(events: ir.Table, names: Sequence[str], what_needs: str) -> None:
    """Refuses a table that lacks columns.

    Raises:
        DataError: naming them.
    """
    missing = [each for each in names if each not in events.columns]
    if missing:
        raise DataError(
            f"{what_needs} needs columns that the table lacks.", [("missing", ", ".join(missing))]
        )


def with_person(events: ir.Table) -> ir.Table:
    """Returns `events` with the columns of `PERSON`: rows without identifier are each a person alone.

    An identifier is a release's own: `release` is part of the person, so that no two releases ever join.
    """
    alone = events[IDENTIFIER].isnull()
    return events.mutate(
        _alone_file=alone.ifelse(events.file_original, ibis.null("string")),
        _alone_sheet=alone.ifelse(events.sheet_original, ibis.null("string")),
        _alone_row=alone.ifelse(events.row_original.cast("int64"), ibis.null("int64")),
    )


def first_filled(table: ir.Table, names: str | Sequence[str]) -> ir.Value:
    """Returns the first of the columns `names` that is filled; of several, days count from midnight."""
    if isinstance(names, str):
        return table[names]
    if len(names) == 1:
        return table[names[0]]
    return ibis.coalesce(*(table[each].cast("timestamp(6)") for each in names))


def seconds_of(moment: ir.Value) -> ir.Value:
    """Returns whole seconds since 1970 of a date or a date and time, read as it stands, without a zone."""
    return moment.cast("timestamp(6)").epoch_seconds().cast("int64")


def in_order(value: ir.Value, nulls: Literal["first", "last"], *, backwards: bool = False) -> list[ir.Value]:
    """Returns the sort keys of one column: where its missing values go, then its values, upwards.

    `backwards` turns both around.
    """
    missing = value.isnull().cast("int8")
    nulls_first = (nulls == "first") != backwards
    return [
        missing.desc() if nulls_first else missing.asc(),
        value.desc() if backwards else value.asc(),
    ]


def where_a_row_stands(
    table: ir.Table, *, backwards: bool = False, besides: Sequence[str] = ()
) -> list[ir.Value]:
    """Returns the sort keys file, sheet and row, without the columns `besides`; they end every order."""
    return [
        key
        for name in WHERE
        if name not in besides
        for key in (
            in_order(table[name], "first", backwards=backwards)
            if name == "sheet_original"
            else [table[name].desc() if backwards else table[name].asc()]
        )
    ]


def order_of(rows: ir.Table, rule: DuplicateRule, *, backwards: bool) -> list[ir.Value]:
    """Returns the total order of a rule: its time, its own keys, then where a row stands.

    `rows` has been through `with_moment` where the rule has a time, and through `with_spellings`.
    """
    keys = [rows._moment] if rule.time else []
    keys += [_sort_value(rows, key) for key in rule.order]
    return [
        *(each for key in keys for each in in_order(key, rule.nulls, backwards=backwards)),
        *where_a_row_stands(rows, backwards=backwards, besides=[key.by for key in rule.order]),
    ]


def with_moment(rows: ir.Table, rule: DuplicateRule) -> ir.Table:
    """Returns `rows` with the time of the rule, as `_moment` and in whole `_seconds`."""
    moment = first_filled(rows, rule.time).cast("timestamp(6)")
    return rows.mutate(_moment=moment, _seconds=seconds_of(moment))


def with_same(rows: ir.Table, rule: DuplicateRule) -> ir.Table:
    """Returns `rows` with the columns of `same_names`: what rows of one set agree in."""
    filled = zip(same_names(rule), rule.same, strict=True)
    return rows.mutate(**{name: first_filled(rows, each) for name, each in filled})


def same_names(rule: DuplicateRule) -> list[str]:
    """Returns the names of the columns that `with_same` adds."""
    return [f"_same_{place}" for place in range(len(rule.same))]


def _sort_value(table: ir.Table, key: SortKey) -> ir.Value:
    column = table[key.by]
    if key.late:
        return column.isnull().ifelse(ibis.null("int8"), column.isin(key.late).cast("int8"))
    if key.values:
        ranks = ibis.cases(
            *((column == value, ibis.literal(rank, "int8")) for rank, value in enumerate(key.values)),
            else_=ibis.literal(len(key.values), "int8"),
        )
        return column.isnull().ifelse(ibis.null("int8"), ranks)
    return table[_spelling_of(key)] if key.spelled is not None else column


def with_spellings(events: ir.Table, keys: Sequence[SortKey], linking: Linking) -> ir.Table:
    """Returns `events` with, for every key by spelling, a column of the spelling of its code.

    A code that the list lacks keeps itself.
    """
    for key in keys:
        if key.spelled is None:
            continue
        spellings = linking.spellings[key.spelled]
        code, spelling = f"{_spelling_of(key)}_code", f"{_spelling_of(key)}_known"
        known = ibis.memtable(pl.DataFrame({code: list(spellings), spelling: list(spellings.values())}))
        events = events.left_join(known, events[key.by] == known[code])
        events = events.mutate(**{_spelling_of(key): ibis.coalesce(events[spelling], events[key.by])})
        events = events.drop(code, spelling)
    return events


def _spelling_of(key: SortKey) -> str:
    return f"_{key.by}_spelled"
