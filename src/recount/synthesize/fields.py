"""The fields of made-up rows: what a person, a passage or an event has, as releases write it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from recount.declare.event_catalog import EventCatalog
from recount.declare.synthetic import FILE, Copies, Numbers, Pool, Synthetic
from recount.errors import CatalogError
from recount.synthesize.dates import DATES, date_column
from recount.synthesize.draws import Ints, draw_flags, draw_weighted, stream
from recount.synthesize.journeys import PEOPLE_IN_BLOCK
from recount.synthesize.spellings import Spelled, spell

_AREA_FIELDS = {"apprehension_county": "county", "apprehension_city": "city"}
_LANDMARKS = ("apprehension_landmark", "event_landmark")
_OF_CONVICTED = ("msc_",)
_OF_DEPARTED = ("departure_country_code", "port_of_departure")
_OF_STINTS = ("detention_release_reason", "stay_release_reason")
_ELSEWHERE, _ANOTHER = 0.03, 0.04


@dataclass
class Filler:
    """Fills fields of the rows of one table, in one block of people.

    `rows` are all rows of the block (`events.draw_rows`), so that what is drawn does not depend on how many
    of them a file takes. Draws are by name: a person's once, an event's once for all its copies.
    """

    events: EventCatalog
    synthetic: Synthetic
    table: str
    seed: int
    block: int
    rows: pl.DataFrame
    _spelled: dict[str, Spelled] = field(default_factory=dict)

    def fill(self, name: str) -> pl.Series:
        """Returns the field `name` (or the column of that header, where it has a pool of its own).

        Raises:
            CatalogError: where nothing says what it holds.
        """
        values = self._without_blanks(name, self._drawn(name, ""))
        # Copies after blanks: what a copy writes anew is there, also where the first row has nothing.
        return self._with_copies(name, values).alias(name)

    def has_pool(self, name: str) -> bool:
        """Whether a pool is declared for a field or a header."""
        return any(name in each.fields for each in self.synthetic.pools)

    @functools.cached_property
    def is_convicted(self) -> pl.Series:
        """Whether the person of each row has a conviction on the case."""
        spelled = self._codes("criminality")
        convicted = spelled.spellings["convicted"]
        return self._by_person("criminality", spelled.draw) == convicted

    def _drawn(self, name: str, again: str) -> pl.Series:  # noqa: PLR0911  one rule a kind of field
        if name in DATES or name.removesuffix("_date") + "_datetime" in self.rows.columns:
            return self._date(name, again)
        if name in self.rows.columns:
            return self.rows[name]
        if name in _OF_STINTS:
            return self._release_reason(name)
        if name in _LANDMARKS:
            return self._landmark(name, again)
        if name in _AREA_FIELDS:
            places = [getattr(each, _AREA_FIELDS[name]) for each in self.synthetic.areas.rows]
            return pl.Series(places).gather(pl.Series(self._areas))
        if self.has_pool(name):
            return self._from_pool(name, again)
        for each in self.synthetic.numbers:
            if each.field == name:
                return self._number(each, again)
        if name in self.synthetic.yes.shares:
            return self._yes(name)
        fields = {each.name: each for each in self.events.table(self.table).fields}
        if name in fields and fields[name].codes is not None:
            return self._code(name, str(fields[name].codes), again)
        raise CatalogError(
            f"Nothing says what the field {name!r} of {self.table} holds in a made-up release.",
            [("fix", f"add a pool to {FILE}")],
        )

    # ── where a value comes from ──

    def _rng(self, name: str) -> np.random.Generator:
        return stream(self.seed, self.block, name)

    def _by_person(self, name: str, draw: Callable[[np.random.Generator, int], pl.Series]) -> pl.Series:
        return draw(self._rng(f"person {name}"), PEOPLE_IN_BLOCK).gather(self.rows["person"])

    def _by_event(
        self, name: str, again: str, draw: Callable[[np.random.Generator, int], pl.Series]
    ) -> pl.Series:
        values = draw(self._rng(f"{self.table} {name}{again}"), len(self.rows))
        return values if again else values.gather(self.rows["draw"])

    def _from_pool(self, name: str, again: str) -> pl.Series:
        pool = self._pool(name)
        departed = f"{name} of departed"
        values = self._pool_values(pool, name, again)
        if not self.has_pool(departed):
            return values
        gone = self.rows["departed_date"].is_not_null()
        other = self._pool_values(self._pool(departed), departed, again)
        return pl.select(pl.when(gone).then(other).otherwise(values)).to_series()

    def _pool(self, name: str) -> Pool:
        return next(each for each in self.synthetic.pools if name in each.fields)

    def _pool_values(self, pool: Pool, name: str, again: str) -> pl.Series:
        texts = pl.Series([values[pool.fields.index(name)] for values, _ in pool.rows])
        weights = [weight for _, weight in pool.rows]

        def draw(rng: np.random.Generator, size: int) -> pl.Series:
            return pl.Series(draw_weighted(rng, weights, size))

        key = f"pool {pool.fields[0]}"
        chosen = self._by_person(key, draw) if pool.level == "person" else self._by_event(key, "", draw)
        if again and len(weights) > 1:
            # What is drawn anew is another row of the pool: a request to another jail is not to the same.
            step = self._by_event(
                key, again, lambda rng, size: pl.Series(rng.integers(1, len(weights), size))
            )
            chosen = (chosen + step) % len(weights)
        return self._where_known(name, texts.gather(chosen))

    def _number(self, numbers: Numbers, again: str) -> pl.Series:
        steps = (numbers.highest - numbers.lowest) // numbers.step

        def draw(rng: np.random.Generator, size: int) -> pl.Series:
            return pl.Series(numbers.lowest + numbers.step * rng.integers(0, steps + 1, size))

        key = numbers.field
        by_person = numbers.level == "person" and not again
        values = self._by_person(key, draw) if by_person else self._by_event(key, again, draw)
        return self._where_known(key, values)

    def _yes(self, name: str) -> pl.Series:
        share = self.synthetic.yes.shares[name]
        yes = self._by_person(name, lambda rng, size: pl.Series(draw_flags(rng, share, size)))
        if name == "has_final_order":
            yes |= self.rows["departed_date"].is_not_null()
        return pl.select(pl.when(yes).then(pl.lit("YES")).otherwise(pl.lit("NO"))).to_series()

    def _codes(self, codes: str) -> Spelled:
        if codes not in self._spelled:
            weights = [each for each in self.synthetic.codes if each.codes == codes]
            if not weights:
                raise CatalogError(
                    f"Nothing says how often the codes of {codes} are drawn.",
                    [("fix", f"add them to {FILE}")],
                )
            self._spelled[codes] = spell(self.events.codes[codes], weights[0])
        return self._spelled[codes]

    def _code(self, name: str, codes: str, again: str) -> pl.Series:
        spelled = self._codes(codes)
        if codes in ("areas_of_responsibility", "states"):
            which = "area" if codes == "areas_of_responsibility" else "state"
            texts = pl.Series([spelled.spellings[getattr(each, which)] for each in self.synthetic.areas.rows])
            return texts.gather(pl.Series(self._areas))
        if codes in ("citizenships", "criminality"):
            share = _ELSEWHERE if codes == "citizenships" else _ANOTHER
            return self._where_known(name, self._mostly(name, codes, spelled, share))
        if codes == "apprehension_methods":
            return self._by_event(name, again, spelled.draw)
        return self._where_known(name, self._by_person(codes, spelled.draw))

    def _mostly(self, name: str, codes: str, spelled: Spelled, share: float) -> pl.Series:
        # A person has one nationality and one record; what each step writes down of them differs at times.
        usual = self._by_person(codes, spelled.draw)
        if name == "citizenship_code":
            return usual
        other = self._by_event(f"{name} other", "", spelled.draw)
        differs = self._by_event(f"{name} differs", "", lambda rng, size: pl.Series(rng.random(size) < share))
        return pl.select(pl.when(differs).then(other).otherwise(usual)).to_series()

    def _landmark(self, name: str, again: str) -> pl.Series:
        areas = self.synthetic.areas.rows
        first = np.cumsum([0, *(len(each.landmarks) for each in areas)])
        texts = pl.Series([text for each in areas for text in each.landmarks])
        chosen = self._by_event(
            name, again, lambda rng, size: pl.Series(rng.integers(0, 1_000_000, size))
        ).to_numpy()
        count = np.array([len(each.landmarks) for each in areas])[self._areas]
        return texts.gather(pl.Series(first[self._areas] + chosen % count))

    @functools.cached_property
    def _areas(self) -> Ints:
        weights = [each.weight for each in self.synthetic.areas.rows]
        most = len(self.synthetic.journeys.passages)
        drawn = draw_weighted(self._rng("areas"), weights, PEOPLE_IN_BLOCK * most)
        places: Ints = self.rows["person"].to_numpy() * most + self.rows["passage"].to_numpy()
        return drawn[places].astype(np.int64)

    def _release_reason(self, name: str) -> pl.Series:
        pool = "detention_release_reason of last stint"
        rows = self.rows.with_columns(self._pool_values(self._pool(pool), pool, "").alias("reason"))
        of_stay = (
            pl.when(pl.col("stay_book_out_datetime").is_null())
            .then(None)
            .when(pl.col("departed_date").is_not_null())
            .then(pl.lit("Removed"))
            .otherwise(pl.col("reason"))
        )
        rows = rows.with_columns(of_stay.alias("reason"))
        if name == "stay_release_reason":
            # Every stint of a stay says the same of the stay.
            return rows.select(pl.col("reason").last().over("person", "passage")).to_series()
        transferred = pl.when("is_last_stint").then(pl.col("reason")).otherwise(pl.lit("Transferred"))
        return rows.select(transferred.alias(name)).to_series()

    def _date(self, name: str, again: str) -> pl.Series:
        def days(lowest: int, highest: int, by_person: bool) -> pl.Expr:
            def draw(rng: np.random.Generator, size: int) -> pl.Series:
                return pl.Series(rng.integers(lowest, highest + 1, size))

            key = f"days {name}"
            once = by_person and not again
            return pl.lit(self._by_person(key, draw) if once else self._by_event(key, again, draw))

        return self._where_known(name, date_column(name, self.rows, days))

    # ── what is missing, and what copies write anew ──

    def _where_known(self, name: str, values: pl.Series) -> pl.Series:
        known: pl.Series | None = None
        if name.startswith(_OF_CONVICTED) or name.endswith("threat_level_code"):
            known = self.is_convicted
        elif name in _OF_DEPARTED:
            known = self.rows["departed_date"].is_not_null()
        elif name == "final_order_date":
            known = self._yes("has_final_order") == "YES"
        if known is None:
            return values
        return pl.select(pl.when(known).then(values)).to_series()

    def _with_copies(self, name: str, values: pl.Series) -> pl.Series:
        copies: Copies = self.synthetic.copies[self.table]
        is_copy = self.rows["copy"] > 0
        for each in copies.kinds:
            here = is_copy & (self.rows["kind"] == each.kind).fill_null(False)
            if name in each.sets:
                values = pl.select(pl.when(here).then(pl.lit(each.sets[name])).otherwise(values)).to_series()
            if name in each.redraws:
                anew = self._drawn(name, " again")
                values = pl.select(pl.when(here).then(anew).otherwise(values)).to_series()
        return values

    def _without_blanks(self, name: str, values: pl.Series) -> pl.Series:
        blanks = self.synthetic.blanks.get(self.table)
        if blanks is None or name not in blanks.shares:
            return values
        kept = self.missing_draw(name) >= float(blanks.shares[name])
        return pl.select(pl.when(kept).then(values)).to_series()

    def missing_draw(self, name: str) -> pl.Series:
        """Returns a number from 0 to 1 an event, by which its cell of `name` is blank or blacked out.

        Fields that are filled together share it, so that they are blank together.
        """
        key = self._pool(name).fields[0] if self.has_pool(name) else name
        key = "bond" if "bond" in name else key
        return self._by_event(f"missing {key}", "", lambda rng, size: pl.Series(rng.random(size)))


def fill_fields(filler: Filler, names: Sequence[str]) -> pl.DataFrame:
    """Returns the rows of `filler` with the fields `names`."""
    return filler.rows.with_columns(filler.fill(name) for name in names)
