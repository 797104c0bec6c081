"""The events of one table among the passages of people, and their copies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from recount.declare.synthetic import Copies, CopyKind, Synthetic
from recount.synthesize.draws import draw_flags, draw_weighted, pick_rows, stream
from recount.synthesize.journeys import PEOPLE_IN_BLOCK, Window, draw_passages, draw_stints

_TO_NEXT_DAY = pl.duration(hours=23, minutes=59)


@dataclass(frozen=True)
class TableTimes:
    """Which passages have an event of a table, and which of their times are which of its fields.

    `main` places the rows in time: copies of a row are moved along it, and the file is sorted by it.
    """

    main: str
    times: dict[str, str]
    among: str | None


TIMES: dict[str, TableTimes] = {
    "arrests": TableTimes("apprehension_datetime", {"apprehension_datetime": "arrest_at"}, "has_arrest"),
    "encounters": TableTimes("event_datetime", {"event_datetime": "encounter_at"}, None),
    "detainers": TableTimes(
        "detainer_prepare_datetime",
        {"detainer_prepare_datetime": "detainer_at", "apprehension_datetime": "arrest_at"},
        "has_detainer",
    ),
    "stints": TableTimes(
        "book_in_datetime",
        {
            "book_in_datetime": "book_in_at",
            "book_out_datetime": "book_out_at",
            "stay_book_in_datetime": "stay_in",
            "stay_book_out_datetime": "stay_out",
        },
        "has_stay",
    ),
    "book_ins": TableTimes("book_in_datetime", {"book_in_datetime": "stay_in"}, "has_stay"),
    "removals": TableTimes(
        "departed_datetime",
        {"departed_datetime": "departed_on", "apprehension_datetime": "arrest_at"},
        "is_departed",
    ),
}
"""By event table. Tables whose releases give days alone have times here too; their `_date` is what is written."""


def draw_rows(synthetic: Synthetic, table: str, window: Window, seed: int, block: int) -> pl.DataFrame:
    """Returns the rows of `table` that one block of people has, copies among them.

    Rows stand in order of person and time. Columns: `person` and `passage`; `event`, a running number that
    the rows of one event share; `copy` (0 for the first row) and `kind` (how the copy came about, else
    null); `same_event`; `draw`, the rows that share the drawn values of an event; the table's times;
    `departed_date`; and of stints `stint` and `is_last_stint`.
    """
    passages = draw_passages(seed, block, window, synthetic.journeys)
    passages = passages.with_columns(is_departed=pl.col("departed_on").is_not_null())
    what = TIMES[table]
    found = draw_stints(passages, seed, block) if table == "stints" else passages
    if what.among is not None:
        found = found.filter(what.among)
    kept = ["person", "passage", *(("stint", "is_last_stint") if table == "stints" else ())]
    rows = found.select(
        *kept,
        *(pl.col(column).cast(pl.Datetime("ms")).alias(name) for name, column in what.times.items()),
        pl.col("arrest_at").dt.date().alias("arrest_day"),
        pl.col("departed_on").alias("departed_date"),
        pl.col("has_stay"),
    )
    rows = rows.filter(pl.col(what.main).dt.date().is_between(window.first, window.last))
    copied = _add_copies(rows, synthetic.copies[table], what.main, stream(seed, block, f"{table} copies"))
    return copied.sort("person", what.main, "event", "copy", maintain_order=True)


def _add_copies(rows: pl.DataFrame, copies: Copies, main: str, rng: np.random.Generator) -> pl.DataFrame:
    size = len(rows)
    # The first events show every kind, so that small files have each.
    shown = np.arange(min(len(copies.kinds), size))
    chosen = pick_rows(rng, np.arange(len(shown), size), copies.share, at_least=0)
    kind = np.concatenate([shown, draw_weighted(rng, [each.weight for each in copies.kinds], len(chosen))])
    of_row = np.concatenate([shown, chosen])
    plain = rows.with_columns(
        pl.int_range(size, dtype=pl.Int64).alias("event"),
        pl.int_range(size, dtype=pl.Int64).alias("draw"),
        pl.lit(0, pl.Int64).alias("copy"),
        pl.lit(None, pl.String).alias("kind"),
        pl.lit(True).alias("same_event"),
    )
    added, numbers = [plain], size
    for position, each in enumerate(copies.kinds):
        base = plain[of_row[kind == position]]
        if not base.is_empty():
            extra = _copies_of(base, each, main, rng, numbers)
            numbers += len(extra)
            added.append(extra)
    return pl.concat(added)


def _copies_of(
    base: pl.DataFrame, kind: CopyKind, main: str, rng: np.random.Generator, numbers: int
) -> pl.DataFrame:
    lowest, highest = kind.gap_minutes
    made, since = [], np.zeros(len(base), dtype=np.int64)
    for copy in range(1, kind.copies + 1):
        since = since + rng.integers(lowest, highest + 1, len(base))
        moved = pl.col(main) + pl.duration(minutes=pl.lit(pl.Series("since", since)))
        if kind.within_day:
            ends = [each for each in ("book_out_datetime",) if each in base.columns]
            moved = pl.min_horizontal(moved, pl.col(main).dt.truncate("1d") + _TO_NEXT_DAY, *ends)
        made.append(
            base.with_columns(
                moved.alias(main),
                pl.lit(copy, pl.Int64).alias("copy"),
                pl.lit(kind.kind).alias("kind"),
                pl.lit(kind.same_event).alias("same_event"),
            )
        )
    copies = pl.concat(made)
    own = pl.int_range(numbers, numbers + len(copies), dtype=pl.Int64)
    return copies if kind.same_event else copies.with_columns(own.alias("event"))


def take_rows(rows: pl.DataFrame, wanted: int) -> pl.DataFrame:
    """Returns `wanted` rows of whole people, in order; all where there are no more.

    Where the next person has more rows than are still wanted, the rest comes from people after, so that no
    stay and no chain of copies is cut.
    """
    if len(rows) <= wanted:
        return rows
    person = rows["person"].to_numpy()
    count = np.bincount(person, minlength=PEOPLE_IN_BLOCK)
    taken = np.cumsum(count) <= wanted
    missing = wanted - int(count[taken].sum())
    for later in np.flatnonzero(~taken & (count > 0)):
        if missing == 0:
            break
        if count[later] <= missing:
            taken[later] = True
            missing -= int(count[later])
    return rows.filter(pl.Series(taken[person]))


def hide_identifiers(synthetic: Synthetic, table: str, seed: int, block: int) -> pl.Series:
    """Returns, for each person of a block, whether a release of `table` gives no identifier."""
    rng = stream(seed, block, "identifiers hidden")
    return pl.Series(draw_flags(rng, synthetic.journeys.without_identifier[table], PEOPLE_IN_BLOCK))
