"""Stays: what the stints of one time in custody make together.

A stay is a span from its first book-in to its release, over all facilities in between. It is the Deportation Data
Project's construction rather than the agency's table (spec 2.4); an open stay lasts until the cut-off of its own
release, which the caller says, and never until a day written here.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Literal

import ibis
import ibis.expr.types as ir

from recount.link.order import (
    IDENTIFIER,
    WHERE,
    first_filled,
    in_order,
    need_columns,
    seconds_of,
    where_a_row_stands,
)

STAY = ("release", IDENTIFIER, "stay_book_in_datetime")
"""The unique key of a stay."""
CutOff = datetime.date | datetime.datetime
CutOffs = CutOff | Mapping[str, CutOff]
"""Through when a release tells, one for all releases or by release; a day counts to its last second."""
SetAside = Literal["no_identifier", "no_stay_start", "no_cut_off"]
OF_A_STINT = ("facility", "facility_code", "book_in_datetime", "book_out_datetime")
_OF_STINTS_ONLY = (
    "book_in_datetime",
    "book_in_date",
    "book_out_datetime",
    "book_out_date",
    "detention_facility",
    "detention_facility_code",
    "detention_release_reason",
    "book_in_site",
    "book_in_aor_code",
    "bond_posted_date",
    "bond_posted_amount_usd",
    "initial_bond_set_amount_usd",
    "initial_bond_set_date",
)
_LOWEST = (
    "initial_bond_lowest_usd",
    "initial_bond_earliest_date",
    "bond_posted_lowest_usd",
    "bond_posted_earliest_date",
)
_PLACES = 9
_NEEDED = (
    *STAY,
    "stay_book_in_date",
    "stay_book_out_datetime",
    "stay_book_out_date",
    "book_in_datetime",
    "book_in_date",
    "book_out_datetime",
    "book_out_date",
    "detention_facility",
    "detention_facility_code",
    *WHERE,
)


def merge_stints_into_stays(stints: ir.Table, cut_off: CutOffs) -> ir.Table:
    """Returns one row for each stay: stints of one release, person and start of stay.

    Args:
        stints: the core table, after `keep_rows`: a stint that stands twice is counted twice. With
            `add_seen_bonds` its lowest bonds go along.
        cut_off: until when the release tells, for each release or one for all. An open stint lasts until then.

    Returns:
        A table with the unique key `STAY` and

        - `stay_book_in_datetime`, `stay_book_in_date`: the start as recorded; from midnight where the release
          gives the day only.
        - `stay_book_out_datetime`, `stay_book_out_date`, `stay_release_reason`: of the last stint, as recorded.
        - `is_open`: the last stint has no end of the stay.
        - `stay_end_inferred` and `stay_end_basis`: the end as recorded (`reported`), else the cut-off (`cut_off`).
        - `stay_length_seconds`: from start to that end.
        - `is_start_after_first_book_in`: a stint of the stay began before it did, so that the start is none. A
          release has been seen that holds the end of the stay in its place.
        - `stint_count`, and `facility_codes_in_order`: codes with "; " between them, an unknown one empty.
        - `first_…`, `longest_…` and `last_…` with `facility`, `facility_code`, `book_in_datetime` and
          `book_out_datetime`, these two from midnight where only the day is recorded. Stints are in order of
          book-in, then book-out, an open one before a closed one of the same book-in, as the project sorts
          them; then file, sheet and row. An open stint lasts until the cut-off. Of stints equally long the
          last in that order is the longest; one without book-in is shorter than all.
        - `stay_number` and `person_stay_count`: which of the person's stays in the release it is, and of how many.
        - the lowest bonds and earliest dates of its stints, where `stints` has them.
        - every other column of stints, of the last stint, `file_original`, `sheet_original` and
          `row_original` among them, so that the row can be found.

    Stints without identifier, without start of the stay, or of a release without cut-off make no stay:
    `stints_set_aside` gives them, and `count_stints_in_stays` counts them.

    Raises:
        DataError: where `stints` lacks a column.
    """
    need_columns(stints, _NEEDED, "A stay")
    usable = _with_reason(stints, cut_off)
    usable = usable.filter(usable.set_aside_because.isnull()).drop("set_aside_because")
    ranked = _rank(usable)
    by_stay = ranked.group_by(*STAY)
    summary = by_stay.aggregate(
        stint_count=ranked.count(),
        facility_codes_in_order=_codes_in_order(ranked),
        **{
            f"{which}_{name}": _of_one(ranked, which, name)
            for which in ("first", "longest", "last")
            for name in OF_A_STINT
        },
        **{name: ranked[name].min() for name in _LOWEST if name in stints.columns},
    )
    last = ranked.filter(ranked._from_last == 0)
    carried = [each for each in stints.columns if each not in (*_OF_STINTS_ONLY, *_LOWEST)]
    last = last.select(*carried, "_cut_off")
    stays = last.inner_join(summary, list(STAY))
    number = ibis.window(group_by=[stays[each] for each in STAY[:2]], order_by=stays.stay_book_in_datetime)
    people = ibis.window(group_by=[stays[each] for each in STAY[:2]])
    end = first_filled(stays, ["stay_book_out_datetime", "stay_book_out_date"])
    stays = stays.mutate(
        stay_number=(ibis.row_number().over(number) + 1).cast("int64"),
        person_stay_count=stays.count().over(people),
        is_open=end.isnull(),
        stay_end_inferred=ibis.coalesce(end, stays._cut_off),
        stay_end_basis=end.isnull().ifelse("cut_off", "reported"),
    )
    return stays.mutate(
        stay_length_seconds=seconds_of(stays.stay_end_inferred) - seconds_of(stays.stay_book_in_datetime),
        is_start_after_first_book_in=stays.first_book_in_datetime < stays.stay_book_in_datetime,
    ).drop("_cut_off")


def stints_set_aside(stints: ir.Table, cut_off: CutOffs) -> ir.Table:
    """Returns the stints that make no stay, with `set_aside_because`.

    `no_identifier`: the release gives the person none. `no_stay_start`: no start of the stay is recorded.
    `no_cut_off`: the release is none of those whose cut-off is given. The first that applies is named.
    """
    need_columns(stints, _NEEDED, "A stay")
    told = _with_reason(stints, cut_off)
    return told.filter(told.set_aside_because.notnull()).select(*stints.columns, "set_aside_because")


def count_stints_in_stays(stints: ir.Table, cut_off: CutOffs) -> ir.Table:
    """Returns one row: `stint_count` stints in, `merged_count` of them in stays, and those set aside by reason."""
    need_columns(stints, _NEEDED, "A stay")
    told = _with_reason(stints, cut_off)
    reason = told.set_aside_because
    return told.aggregate(
        stint_count=told.count(),
        merged_count=_count(reason.isnull()),
        no_identifier_count=_count(reason == "no_identifier"),
        no_stay_start_count=_count(reason == "no_stay_start"),
        no_cut_off_count=_count(reason == "no_cut_off"),
    )


def _count(condition: ir.Value) -> ir.Value:
    return condition.fill_null(False).cast("int64").sum().fill_null(0).cast("int64")


def _with_reason(stints: ir.Table, cut_off: CutOffs) -> ir.Table:
    if isinstance(cut_off, datetime.date):
        until = _moment(cut_off)
    elif cut_off:
        until = ibis.cases(
            *((stints.release == name, _moment(each)) for name, each in sorted(cut_off.items()))
        )
    else:
        until = ibis.null("timestamp(6)")
    start = first_filled(stints, ["stay_book_in_datetime", "stay_book_in_date"])
    stints = stints.mutate(stay_book_in_datetime=start, _cut_off=until)
    return stints.mutate(
        set_aside_because=ibis.cases(
            (stints[IDENTIFIER].isnull(), "no_identifier"),
            (stints.stay_book_in_datetime.isnull(), "no_stay_start"),
            (stints._cut_off.isnull(), "no_cut_off"),
        )
    )


def _moment(cut_off: CutOff) -> ir.Value:
    if not isinstance(cut_off, datetime.datetime):
        cut_off = datetime.datetime.combine(cut_off, datetime.time(23, 59, 59))
    return ibis.literal(cut_off, "timestamp(6)")


def _rank(stints: ir.Table) -> ir.Table:
    """Adds the place of each stint in its stay, from the first, from the longest and from the last."""
    stints = stints.mutate(
        _book_in=first_filled(stints, ["book_in_datetime", "book_in_date"]),
        _book_out=first_filled(stints, ["book_out_datetime", "book_out_date"]),
    )
    until = ibis.coalesce(stints._book_out, stints._cut_off)
    stints = stints.mutate(_length=seconds_of(until) - seconds_of(stints._book_in))
    stay = [stints[each] for each in STAY]
    upwards = [
        *in_order(stints._book_in, "first"),
        *in_order(stints._book_out, "first"),
        *where_a_row_stands(stints),
    ]
    downwards = [
        *in_order(stints._book_in, "first", backwards=True),
        *in_order(stints._book_out, "first", backwards=True),
        *where_a_row_stands(stints, backwards=True),
    ]
    longest = [*in_order(stints._length, "first", backwards=True), *downwards]

    def place(order: list[ir.Value]) -> ir.Value:
        return ibis.row_number().over(ibis.window(group_by=stay, order_by=order))

    return stints.mutate(
        _from_first=place(upwards), _from_longest=place(longest), _from_last=place(downwards)
    )


def _of_one(stints: ir.Table, which: str, name: str) -> ir.Value:
    column = {
        "facility": "detention_facility",
        "facility_code": "detention_facility_code",
        "book_in_datetime": "_book_in",
        "book_out_datetime": "_book_out",
    }[name]
    return stints[column].max(where=stints[f"_from_{which}"] == 0)


def _codes_in_order(stints: ir.Table) -> ir.Value:
    """Joins codes in order of stints; engines sort texts alike, so each goes behind its place in digits."""
    place = stints._from_first.cast("string").lpad(_PLACES, "0")
    numbered = place.concat(stints.detention_facility_code.fill_null(""))
    return numbered.collect().sort().map(lambda each: each.substr(_PLACES)).join("; ")
