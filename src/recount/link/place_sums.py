"""Sums over jurisdictions for a state or the country, and what each sum leaves out."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from recount.declare.catalog import Catalog
from recount.declare.sources import KnownRelease
from recount.declare.tables import Code, Table
from recount.link.printed import SUMMED, Print, sum_over_jurisdictions


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
        for release, listed in self._listed.items():
            rows = listed if kind == "country" else listed.filter(pl.col("state_code") == code)
            days = rows.get_column("through_date").unique().to_list()
            for through in days:
                of_date = rows if len(days) == 1 else rows.filter(pl.col("through_date") == through)
                left_out = self._left_out(kind, code, of_date, through, self.releases[release])
                found += sum_over_jurisdictions(of_date, self.table, (kind, code, name), left_out)
        return sorted(found, key=lambda each: (each.through_date, each.release))

    @functools.cached_property
    def _listed(self) -> dict[str, pl.DataFrame]:
        """The figures of jurisdictions of each release that lists every one, in the columns that a sum looks at."""
        is_jurisdiction = pl.col("place_kind") == "jurisdiction"
        return {
            each.release: self.figures.filter(is_jurisdiction & (pl.col("release") == each.release)).select(
                *SUMMED, "state_code"
            )
            for each in self.releases.values()
            if each.lists == "jurisdictions"
        }

    @functools.cached_property
    def _named(self) -> dict[str, Code]:
        return {each.code: each for each in self.catalog.codes["jurisdictions"].codes}

    def _left_out(
        self, kind: str, code: str, rows: pl.DataFrame, through: datetime.date, release: KnownRelease
    ) -> tuple[str, ...]:
        listed = rows.get_column("place_code").unique()
        is_active = pl.col("activation_date") <= through
        lacking = self.activations.filter(is_active & ~pl.col("county_fips").is_in(listed.implode()))
        within, codes = self._state_fips(code) if kind == "state" else "", frozenset(listed)
        missing = []
        for fips in lacking.get_column("county_fips").unique().sort():
            declared = self._named.get(fips)
            if not fips.startswith(within) or (declared is not None and declared.listed_under in codes):
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
