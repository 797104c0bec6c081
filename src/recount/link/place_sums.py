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
        rows = self._listed if kind == "country" else self._listed.filter(pl.col("state_code") == code)
        codes = rows.group_by("release", "through_date").agg(pl.col("place_code").unique())
        left_out = {
            (release, through): self._left_out(kind, code, set(listed), through, self.releases[release])
            for release, through, listed in codes.iter_rows()
        }
        found = sum_over_jurisdictions(rows, self.table, (kind, code, name), left_out)
        return sorted(found, key=lambda each: (each.through_date, each.release))

    @functools.cached_property
    def _listed(self) -> pl.DataFrame:
        """The figures of jurisdictions of the releases that list every one, in the columns that a sum looks at."""
        listing = [each.release for each in self.releases.values() if each.lists == "jurisdictions"]
        is_listed = (pl.col("place_kind") == "jurisdiction") & pl.col("release").is_in(listing)
        return self.figures.lazy().filter(is_listed).select(*SUMMED, "state_code").collect()

    @functools.cached_property
    def _activated(self) -> list[tuple[str, datetime.date]]:
        """Each jurisdiction that was activated, by code, with its first day."""
        first = self.activations.group_by("county_fips").agg(pl.col("activation_date").min())
        return sorted((fips, day) for fips, day in first.iter_rows() if day is not None)

    @functools.cached_property
    def _named(self) -> dict[str, Code]:
        return {each.code: each for each in self.catalog.codes["jurisdictions"].codes}

    def _left_out(
        self, kind: str, code: str, listed: set[str], through: datetime.date, release: KnownRelease
    ) -> tuple[str, ...]:
        within = self._state_fips(code) if kind == "state" else ""
        missing = []
        for fips, day in self._activated:
            if day > through or fips in listed or not fips.startswith(within):
                continue
            declared = self._named.get(fips)
            if declared is not None and declared.listed_under in listed:
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
