"""Made-up people and how they pass through arrest, detention and removal.

People come in blocks of one size. What is drawn of a block depends on the seed, the block and the window of
time alone, so that releases of one generation and seed tell of the same people in every table.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import polars as pl

from recount.declare.synthetic import Journeys
from recount.synthesize.draws import Flags, Ints, draw_flags, draw_weighted, stream

PEOPLE_IN_BLOCK = 16_384
MINUTES_IN_DAY = 1_440
_EPOCH = datetime.date(1970, 1, 1)
_MOST_MINUTES = MINUTES_IN_DAY - 1


@dataclass(frozen=True)
class Window:
    """The first and the last day of a release; `last` is its cut-off, and nothing after it is known."""

    first: datetime.date
    last: datetime.date

    @property
    def end(self) -> int:
        """The last minute, in minutes since 1970."""
        return ((self.last - _EPOCH).days + 1) * MINUTES_IN_DAY - 1


def to_datetimes(minutes: Ints, known: Flags) -> pl.Series:
    """Returns minutes since 1970 as datetimes, null where not `known`."""
    milliseconds = pl.Series(minutes * 60_000).cast(pl.Datetime("ms"))
    return pl.select(pl.when(pl.Series(known)).then(milliseconds)).to_series()


def draw_passages(seed: int, block: int, window: Window, rates: Journeys) -> pl.DataFrame:
    """Returns the passages of one block of people, in order of person and time.

    Columns: `person` (its place in the block), `passage`, times `arrest_at`, `encounter_at`, `detainer_at`,
    `stay_in`, `stay_out` (null while it lasts) and `departed_on` (null without a departure by the cut-off),
    `stay_end_minute` (of open stays the cut-off), and the flags `has_arrest`, `has_detainer`, `has_stay`.
    """

    def draw(name: str) -> np.random.Generator:
        return stream(seed, block, f"journeys {name}")

    passages = draw_weighted(draw("passages"), rates.passages, PEOPLE_IN_BLOCK) + 1
    person = np.repeat(np.arange(PEOPLE_IN_BLOCK), passages)
    size = len(person)
    number = np.arange(size) - np.repeat(np.cumsum(passages) - passages, passages)
    first_day = (window.first - _EPOCH).days - rates.lead_days
    last_day = (window.last - _EPOCH).days
    day = np.repeat(draw("days").integers(first_day, last_day + 1, PEOPLE_IN_BLOCK), passages)
    # A later passage begins months after the one before has ended, whatever came of it.
    between = np.repeat(draw("between").integers(30, 200, PEOPLE_IN_BLOCK), passages)
    day += number * (rates.longest_stay_days + between)
    minute = np.clip(draw("minutes").normal(660, 210, size), 0, _MOST_MINUTES).astype(np.int64)
    minute[draw_flags(draw("midnight"), rates.midnight, size)] = 0
    arrest = day * MINUTES_IN_DAY + minute
    encounter_only = draw_flags(draw("encounter only"), rates.encounter_only, size)
    has_stay = ~encounter_only & draw_flags(draw("stays"), rates.has_stay, size)
    has_arrest = ~encounter_only & ~(has_stay & draw_flags(draw("others"), rates.stay_without_arrest, size))
    stay_in = arrest + draw("book in").integers(30, 2 * MINUTES_IN_DAY, size)
    days = draw("stay days").lognormal(np.log(float(rates.median_stay_days)), float(rates.stay_spread), size)
    # At least half a day, so that the stints of a stay have room.
    length = (np.clip(days, 0.5, rates.longest_stay_days) * MINUTES_IN_DAY).astype(np.int64)
    stay_out = stay_in + length
    never = draw_flags(draw("never ending"), rates.never_ending, size)
    known = arrest <= window.end
    has_stay &= stay_in < window.end - MINUTES_IN_DAY // 4
    is_open = never | (stay_out > window.end)
    after_stay = has_stay & ~is_open & draw_flags(draw("removed"), rates.removed_after_stay, size)
    without = has_arrest & ~has_stay & draw_flags(draw("departed"), rates.removed_without_stay, size)
    later = draw_weighted(draw("days to departure"), (80, 14, 3, 2, 1), size)
    departed = np.where(after_stay, stay_out // MINUTES_IN_DAY + later, day + 30 + later * 40)
    has_departed = (after_stay | without) & (departed <= last_day)
    passages_of_people = pl.DataFrame(
        {
            "person": person,
            "passage": number,
            "arrest_at": to_datetimes(arrest, known),
            "encounter_at": to_datetimes(
                arrest - draw("encounter").integers(0, 2 * MINUTES_IN_DAY, size), known
            ),
            "detainer_at": to_datetimes(
                arrest - draw("detainer at").integers(0, 40 * MINUTES_IN_DAY, size), known
            ),
            "stay_in": to_datetimes(stay_in, has_stay),
            "stay_out": to_datetimes(stay_out, has_stay & ~is_open),
            "departed_on": to_datetimes(departed * MINUTES_IN_DAY, has_departed).cast(pl.Date),
            "stay_in_minute": stay_in,
            "stay_end_minute": np.where(is_open, window.end, stay_out),
            "has_arrest": has_arrest,
            "has_detainer": draw_flags(draw("detainers"), rates.has_detainer, size),
            "has_stay": has_stay,
            "stints": draw_weighted(draw("stints"), rates.stints, size) + 1,
        }
    )
    return passages_of_people.filter(pl.Series(known))


def draw_stints(passages: pl.DataFrame, seed: int, block: int) -> pl.DataFrame:
    """Returns the stints of the stays among `passages`, in order of stay and time.

    One follows the other: a stint ends before the next begins, by the time of the transport. The last ends with
    the stay, or nowhere while it lasts. Adds `stint`, `is_last_stint`, `book_in_at` and `book_out_at`.
    """
    stays = passages.filter("has_stay")
    count = stays["stints"].to_numpy()
    begin = stays["stay_in_minute"].to_numpy()
    length = stays["stay_end_minute"].to_numpy() - begin
    of_stay = np.repeat(np.arange(len(stays)), count)
    first = np.cumsum(count) - count
    number = np.arange(len(of_stay)) - first[of_stay]
    rng = stream(seed, block, "stints")
    parts = rng.exponential(1.0, len(of_stay)) + 0.3
    until = np.cumsum(parts)
    before = until - parts
    start_of_stay = before[first] if len(first) else before
    total = np.add.reduceat(parts, first) if len(first) else parts
    share_before = (before - start_of_stay[of_stay]) / total[of_stay]
    share_after = (until - start_of_stay[of_stay]) / total[of_stay]
    starts = begin[of_stay] + (share_before * length[of_stay]).astype(np.int64)
    starts[number == 0] = begin
    is_last = number == count[of_stay] - 1
    ends = begin[of_stay] + (share_after * length[of_stay]).astype(np.int64)
    transport = np.minimum(rng.integers(0, 240, len(of_stay)), (ends - starts) // 10)
    ends = ends - transport
    every = np.ones(len(of_stay), dtype=np.bool_)
    return stays[of_stay].with_columns(
        pl.Series("stint", number),
        pl.Series("is_last_stint", is_last),
        to_datetimes(starts, every).alias("book_in_at"),
        pl.when(pl.Series(is_last))
        .then(pl.col("stay_out"))
        .otherwise(to_datetimes(ends, every))
        .alias("book_out_at"),
    )
