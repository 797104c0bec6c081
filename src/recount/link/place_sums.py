"""Sums over jurisdictions for a state or the country, and what each sum leaves out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from recount.declare.catalog import Catalog
from recount.declare.sources import KnownRelease
from recount.declare.tables import Table
from recount.link.printed import Print, sum_over_jurisdictions


@dataclass(frozen=True)
class PlaceSums:
    """Sums by state or country, over the releases that list every jurisdiction.

    A sum leaves out jurisdictions that were activated by its date, as another list of activations
    says, and that its release does not list. Those activated later had nothing to count.
    """

    figures: pl.DataFrame
    activations: pl.DataFrame
    table: Table
    releases: dict[str, KnownRelease]
    catalog: Catalog

    def of_place(self, kind: str, code: str, name: str) -> list[Print]:
        """Returns one print for each listing release and date: the place's sum. None for a jurisdiction."""
        if kind == "jurisdiction":
            return []
        found: list[Print] = []
        for release in self.releases.values():
            if release.lists != "jurisdictions":
                continue
            rows = self.figures.filter(
                (pl.col("release") == release.release) & (pl.col("place_kind") == "jurisdiction")
            )
            if kind == "state":
                rows = rows.filter(pl.col("state_code") == code)
            for (through,), of_date in rows.group_by(["through_date"], maintain_order=True):
                left_out = self._left_out(kind, code, of_date, through, release)
                found += sum_over_jurisdictions(of_date, self.table, (kind, code, name), left_out)
        return sorted(found, key=lambda each: (each.through_date, each.release))

    def _left_out(
        self, kind: str, code: str, rows: pl.DataFrame, through: object, release: KnownRelease
    ) -> tuple[str, ...]:
        if not isinstance(through, datetime.date):
            raise TypeError("through_date is not a date")
        listed = set(rows.get_column("place_code").unique())
        named = {each.code: each for each in self.catalog.codes["jurisdictions"].codes}
        active = self.activations.filter(pl.col("activation_date") <= through)
        missing = []
        for fips in sorted(set(active.get_column("county_fips").unique()) - listed):
            declared = named.get(fips)
            if declared is not None and declared.listed_under in listed:
                continue
            if kind == "state" and not fips.startswith(self._state_fips(code)):
                continue
            missing.append(declared.label.en if declared else f"FIPS {fips}")
        if kind == "country" and release.leaves_out is not None:
            missing.append(release.leaves_out.en)
        return tuple(missing)

    def _state_fips(self, state_code: str) -> str:
        return next(str(each.fips) for each in self.catalog.codes["states"].codes if each.code == state_code)


def states_listed(figures: pl.DataFrame, catalog: Catalog) -> Iterable[tuple[str, str]]:
    """Yields (code, name) of each state that has figures of jurisdictions, in order of code."""
    codes = figures.filter(pl.col("place_kind") == "jurisdiction").get_column("state_code").unique()
    for code in sorted(codes.drop_nulls()):
        yield code, catalog.codes["states"].label(code).en
