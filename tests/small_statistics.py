"""A record of a few statistics, in memory, as ICE's workbooks print them.

january = workbook("january", "2026-01-08")
book = statistics_book(catalog, [january], *held("january", "2026-01-07", convicted=3, pending=2, other=5))
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from recount.declare.catalog import Catalog
from recount.declare.fiscal_years import fiscal_year_of
from recount.declare.frames import build_frame
from recount.declare.sources import KnownRelease
from recount.measure.prints import PrintBook
from recount.record.store import Record
from small_record import day, released

TABLE = "detention_figures"
STATISTICS = "ice_detention_statistics"
Row = dict[str, Any]


def workbook(name: str, on: str | tuple[str | None, str | None] | None) -> KnownRelease:
    """Returns a workbook's release that came out on a day, between two days, or at no known date."""
    return released(name, on, reports=STATISTICS)


def figure(
    release: str,
    through: str,
    statistic: str = "detained",
    *,
    kind: str = "snapshot",
    start: str | None = None,
    count: int | None = None,
    number: float | None = None,
    precision: str = "day",
    flags: str | None = None,
    cell: str = "A1",
    printed_table: str = "a_table",
    **codes: str,
) -> Row:
    """Returns one row of detention figures; dimensions that are not named are totals."""
    last = day(through)
    dimensions = {
        f"{name}_code": codes.pop(name, "total")
        for name in (
            "arresting_agency",
            "criminality",
            "facility_type",
            "release_reason",
            "disposition",
            "custody_band",
        )
    }
    if codes:
        raise KeyError(f"there is no dimension {sorted(codes)}")
    return {
        "release": release,
        "printed_table": printed_table,
        "statistic_name": statistic,
        "unit_code": "people",
        "period_kind": kind,
        "fiscal_year": fiscal_year_of(last),
        "period_start": last if start is None else day(start),
        "through_date": last,
        "through_precision": precision,
        **dimensions,
        "value_count": count,
        "value_number": number,
        "flags": flags,
        "file_original": f"{release}.xlsx",
        "sheet_original": "Detention",
        "cell_original": cell,
    }


def held(release: str, on: str, *, first_row: int = 1, **counts: int) -> Iterator[Row]:
    """Yields one snapshot by criminality, with its total."""
    for number, (code, count) in enumerate({**counts, "total": sum(counts.values())}.items()):
        yield figure(release, on, count=count, criminality=code, cell=f"F{first_row + number}")


def so_far(release: str, through: str, statistic: str, count: int, **more: Any) -> Row:
    """Returns a count of a fiscal year so far."""
    start = datetime.date(fiscal_year_of(day(through)) - 1, 10, 1).isoformat()
    return figure(release, through, statistic, kind="fiscal_year_to_date", start=start, count=count, **more)


def statistics_book(catalog: Catalog, releases: Sequence[KnownRelease], *rows: Row) -> PrintBook:
    """Returns the prints of a record that holds these rows and nothing else."""
    tables = {TABLE: list(rows)}
    frames = {name: build_frame(tables.get(name, []), table) for name, table in catalog.tables.items()}
    return PrintBook(Record((), frames, {each.release: each for each in releases}), catalog)
