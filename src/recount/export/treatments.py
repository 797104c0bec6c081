"""The days on which units of a panel were treated, such as a county's Secure Communities activation."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from recount.declare.panels import Treatment
from recount.record.store import Record

_UNIT, _DAY, _RANK = "unit", "day", "rank"


@dataclass(frozen=True)
class Treated:
    """When units were treated. `differ` are those that two releases date differently; `releases` give the days."""

    treatment: Treatment
    days: Mapping[str, datetime.date]
    differ: int
    releases: tuple[str, ...]

    @property
    def note(self) -> str:
        """What to know of the days."""
        told = f"treated_date is the unit's {self.treatment.title.en}, after {', '.join(self.releases)}."
        if not self.differ:
            return told
        return f"{told} {self.differ:,} units are dated differently by another release of lower authority."


def read_treatment(treatment: Treatment, unit: str, record: Record) -> Treated | None:
    """Returns the day of each unit of a kind, `None` where the treatment has none for it.

    The release of highest authority stands for a unit; of several days that it gives, the first.
    """
    column = treatment.unit(unit)
    if column is None or treatment.table not in record.frames:
        return None
    ranks = {
        name: treatment.authorities.index(release.authority) for name, release in record.releases.items()
    }
    days = (
        record.frames[treatment.table]
        .select(
            "release",
            pl.col(column.column).alias(_UNIT),
            pl.col(treatment.date).alias(_DAY),
        )
        .drop_nulls()
        .group_by("release", _UNIT)
        .agg(pl.col(_DAY).min())
        .with_columns(pl.col("release").replace_strict(ranks, return_dtype=pl.Int64).alias(_RANK))
        .sort(_UNIT, _RANK, "release")
    )
    standing = days.unique(_UNIT, keep="first", maintain_order=True)
    differ = days.group_by(_UNIT).agg(pl.col(_DAY).n_unique()).filter(pl.col(_DAY) > 1).height
    return Treated(
        treatment,
        dict(standing.select(_UNIT, _DAY).iter_rows()),
        differ,
        tuple(sorted(standing.get_column("release").unique().to_list())),
    )
