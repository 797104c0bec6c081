"""Which made-up field goes to which column of a layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np
import polars as pl

from recount.declare.events import EventLayout, EventTable
from recount.declare.synthetic import FileForm, Synthetic
from recount.synthesize.draws import draw_flags, stream
from recount.synthesize.events import TIMES
from recount.synthesize.fields import Filler
from recount.synthesize.journeys import PEOPLE_IN_BLOCK

Kind = Literal["text", "date", "datetime", "number"]
Identifiers = Literal["hash", "long", "cut"]
IDENTIFIER = "unique_identifier"
_SHARED_PREFIX = Decimal("0.01")


@dataclass(frozen=True)
class Column:
    """One column of the file: its header, and the field, the constant or (both `None`) the nothing it holds.

    `core` is the field of the core table that it goes to, where it goes to one.
    """

    header: str
    kind: Kind
    field: str | None = None
    constant: str | None = None
    core: str | None = None


def plan_columns(
    layout: EventLayout, table: EventTable, form: FileForm, synthetic: Synthetic, identifiers: Identifiers
) -> list[Column]:
    """Returns the columns of a file of `layout`, in its order."""
    types = {each.name: each.type for each in table.fields}
    headers_with_pools = {name for pool in synthetic.pools for name in pool.fields}
    columns = []
    for each in layout.columns:
        if each.to is not None:
            kind = _kind(types[each.to])
            if each.to == IDENTIFIER and identifiers == "cut":
                kind = "number"
            field = each.name if each.name in headers_with_pools and each.name not in types else each.to
            columns.append(Column(each.name, kind, field=field, core=each.to))
        elif each.name in synthetic.unused.blacked_out:
            columns.append(Column(each.name, "text", constant=form.redaction))
        elif each.name in synthetic.unused.same_as:
            field = synthetic.unused.same_as[each.name]
            kind = "date" if field.endswith("_date") else "text"
            columns.append(Column(each.name, kind, field=field))
        else:
            columns.append(Column(each.name, "text"))
    return columns


def _kind(field_type: str) -> Kind:
    if field_type in ("date", "datetime"):
        return "date" if field_type == "date" else "datetime"
    return "number" if field_type in ("count", "number") else "text"


def main_field(table: str, columns: Sequence[Column]) -> str | None:
    """Returns the field that places the rows of a file in time: with the time of day, or the day alone."""
    fields = [each.core for each in columns]
    timed = TIMES[table].main
    for name in (timed, timed.removesuffix("_datetime") + "_date"):
        if name in fields:
            return name
    return None


def fill_columns(filler: Filler, columns: Sequence[Column], identifiers: Identifiers) -> pl.DataFrame:
    """Returns every field that `columns` need, for all rows of a block, each under its own name.

    Dates and times are typed, numbers are integers, everything else is text as released.
    """
    wanted = {each.field: each.kind for each in columns if each.field is not None}
    filled = []
    for name, kind in wanted.items():
        if name == IDENTIFIER:
            filled.append(_identifiers(filler, identifiers))
            continue
        values = filler.fill(name)
        filled.append(values.cast(pl.Datetime("ms")) if kind == "datetime" else values)
    return pl.DataFrame(filled)


def identifiers_of(seed: int, block: int, style: Identifiers) -> pl.Series:
    """Returns the identifier of every person of a block, as text.

    `hash` is 40 hexadecimal digits; `long` 19 decimal digits; `cut` the same cut to 15 significant digits, as a
    spreadsheet cuts them, so that some people share one.
    """
    if style == "hash":
        digits = stream(seed, block, "identifiers").bytes(20 * PEOPLE_IN_BLOCK).hex()
        return pl.Series([digits[at : at + 40] for at in range(0, len(digits), 40)])
    number = np.arange(PEOPLE_IN_BLOCK, dtype=np.int64) + block * PEOPLE_IN_BLOCK
    shares = draw_flags(stream(seed, block, "identifiers alike"), _SHARED_PREFIX, PEOPLE_IN_BLOCK)
    first_of_two = np.where(shares & (number % 2 == 1), number - 1, number)
    prefix = 100_000_000_000_000 + (first_of_two * 7_919 + seed % 10_000 * 104_729) % 800_000_000_000_000
    suffix = np.zeros_like(number) if style == "cut" else 1_000 + number % 9_000
    return pl.Series(prefix * 10_000 + suffix).cast(pl.String)


def _identifiers(filler: Filler, style: Identifiers) -> pl.Series:
    values = identifiers_of(filler.seed, filler.block, style).gather(filler.rows["person"])
    return pl.select(pl.when(~filler.rows["is_hidden"]).then(values).alias(IDENTIFIER)).to_series()
