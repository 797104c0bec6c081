"""The prints of each place, gathered once and measured as asked."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import polars as pl

from recount.declare.catalog import Catalog
from recount.declare.measures import Measure
from recount.link.place_sums import PlaceSums
from recount.link.printed import Print, gather_prints
from recount.measure.figures import Absent, MeasuredFigure, Reading, authority_ranks, measure_print
from recount.measure.places import Place, Places, read_places
from recount.measure.receipt import define_measures
from recount.measure.statistics import StatisticBook
from recount.record.store import Record

if TYPE_CHECKING:
    from recount.measure.cube_book import CubeBook
    from recount.measure.event_engine import EngineName


class PrintBook:
    """Every print of a record by place: printed ones, and sums over jurisdictions."""

    def __init__(self, record: Record, catalog: Catalog, engine: EngineName = "duckdb") -> None:
        self.record = record
        self.catalog = catalog
        self.engine = engine
        self._places: Places | None = None
        self._prints: dict[tuple[str, str], list[Print]] = {}
        self._definitions: dict[tuple[str, ...], str] = {}
        self._sums: dict[str, PlaceSums] = {}
        self._ranks = authority_ranks(catalog)
        self.statistics = StatisticBook(record, catalog)

    def definition(self, measures: Iterable[Measure]) -> str:
        """Returns the digest of what measures mean, worked out once: many claims ask the same ones."""
        chosen = {each.measure: each for each in measures}
        key = tuple(sorted(chosen))
        if key not in self._definitions:
            self._definitions[key] = define_measures(chosen.values(), self.catalog)
        return self._definitions[key]

    @functools.cached_property
    def events(self) -> CubeBook:
        """The individual records of the same record, opened when a claim first asks them."""
        from recount.measure.cube_book import CubeBook  # noqa: PLC0415  most claims rest on printed figures

        return CubeBook(self.record, self.catalog, self.engine)

    @property
    def places(self) -> Places:
        """Every place that the record knows."""
        if self._places is None:
            self._places = read_places(self.record, self.catalog)
        return self._places

    def of_place(self, place: Place, table: str) -> list[Print]:
        """Returns the prints of a place, ordered by date and release, sums last."""
        key = (table, place.code)
        if key not in self._prints:
            frame = self.record.frames[table]
            declared = self.catalog.tables[table]
            own = frame.filter((pl.col("place_code") == place.code) & (pl.col("place_kind") == place.kind))
            prints = gather_prints(own, declared) + self._sums_of(table).of_place(
                place.kind, place.code, place.name
            )
            self._prints[key] = sorted(
                prints, key=lambda each: (each.through_date, each.release, each.is_sum)
            )
        return self._prints[key]

    def _sums_of(self, table: str) -> PlaceSums:
        """Returns the sums over the jurisdictions of a table, which are looked through once."""
        if table not in self._sums:
            self._sums[table] = PlaceSums(
                self.record.frames[table],
                self.record.frames["secure_communities_activations"],
                self.catalog.tables[table],
                self.record.releases,
                self.catalog,
            )
        return self._sums[table]

    def gather_jurisdictions(self, table: str) -> None:
        """Gathers the prints of every jurisdiction at once, where many will be asked for."""
        frame = self.record.frames[table].filter(pl.col("place_kind") == "jurisdiction")
        gathered: dict[tuple[str, str], list[Print]] = {
            (table, each.code): [] for each in self.places.of_kind("jurisdiction")
        }
        for print_ in gather_prints(frame, self.catalog.tables[table]):
            gathered[table, print_.place_code].append(print_)
        self._prints |= gathered

    def measure(
        self,
        measure: Measure,
        place: Place,
        readings: Iterable[Reading],
        where: Mapping[str, str] | None = None,
    ) -> tuple[list[MeasuredFigure], list[Absent]]:
        """Returns what every print of `place` says under each reading, and what those that do not lack.

        Args:
            measure: the measure.
            place: the country, for a measure of a statistic.
            readings: each with one option at every fork.
            where: codes of a statistic's dimensions; others are totals.
        """
        if measure.statistic is not None:
            return self.statistics.measure(measure, list(readings), where)
        figures: list[MeasuredFigure] = []
        absent: list[Absent] = []
        for print_ in self.of_place(place, measure.table):
            release = self.record.releases[print_.release]
            for reading in readings:
                found = measure_print(measure, reading, print_, release, self._ranks[release.authority])
                if isinstance(found, MeasuredFigure):
                    figures.append(found)
                else:
                    absent.append(found)
        return figures, absent
