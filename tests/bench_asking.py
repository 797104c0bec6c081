"""Ratios of asking the embedded record and the spread over readings: `python tests/bench_asking.py`.

Part of `make bench`. Yardstick and measured question take turns in one process, each on an open connection, and the
median of each stands for it, in processor time: other programs of the machine move that less.

SQL by hand and the record are asked for the same table. A table of counts says, beside what is known to meet the
conditions, the rows that may, which bounds rest on; a table of printed figures says of every print of the codes asked
what decides whether it stands (release, days, precision, marks of checks) and the cell it is printed in; the country's
sum comes with whom it leaves out. What either gives is held to the numbers of the answer. Both read what they hold in
memory, for a record that is open holds it: SQL by hand a table made of the files. What a first answer takes, its
engine started and files opened, against SQL on the files, is told beside.

The engine's part of an answer about individual records is the SQL that the answer makes of its question. Printed
figures are frames of the open record: what stands for the engine is the reading of a question's prints from its frame,
which an open record does once; the whole answer, with flags, cells and receipt, is told beside.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

from recount.ask import OpenRecord, open_record
from recount.declare.catalog import load_catalog
from recount.measure.event_book import EventBook
from recount.measure.event_engine import DuckDB, open_engine
from recount.measure.prints import PrintBook
from recount.measure.questions import Question
from recount.record import store
from recount.record.add_events import add_event_files
from recount.synthesize.release import Request, synthesize

TURNS = 31
EMBEDDED = Path(store.__file__).with_name("embedded")
MOST_OF_SQL = 1.3
MOST_OF_ONE_READING = 3.0
SPREAD_ROWS = 300_000
SPREAD_LAYOUT = "ice-2026-03-arrests"
SPREAD_OF = "share_convicted_arrested"

Asked = tuple[str, tuple[str, ...], dict[str, str], str]
"""A measure, what splits it, conditions, and the same in SQL. Of counts the last column but one is what is limited."""
CUBES: tuple[Asked, ...] = (
    ("arrests", ("fiscal_year",), {}, "release, fiscal_year, {rows}"),
    ("arrests", ("fiscal_year", "aor"), {}, "release, fiscal_year, apprehension_aor_code, {rows}"),
    (
        "arrests",
        ("month",),
        {"aor": "Boston"},
        "release, month, fiscal_year, apprehension_aor_code, {rows} WHERE apprehension_aor_code IN ('BOS', 'pooled') "
        "OR apprehension_aor_code IS NULL",
    ),
    (
        "arrests",
        ("gender",),
        {"fiscal_year": "2018"},
        "release, gender_code, fiscal_year, {rows} WHERE fiscal_year = 2018 OR fiscal_year IS NULL",
    ),
    ("removals", ("fiscal_year",), {}, "release, fiscal_year, {rows}"),
    ("removals", ("fiscal_year", "aor"), {}, "release, fiscal_year, removal_aor_code, {rows}"),
    ("encounters", ("fiscal_year", "aor"), {}, "release, fiscal_year, responsible_aor_code, {rows}"),
    ("detainers", ("fiscal_year", "state"), {}, "release, fiscal_year, jail_state_code, {rows}"),
)
LIMITED = {"aor": "BOS", "fiscal_year": 2018}
_PRINT = (
    "release, period_start, through_date, through_precision, fiscal_year, flags, file_original, sheet_original, "
    "cell_original"
)
_TOTALS = " AND ".join(
    f"{name}_code = 'total'"
    for name in ("arresting_agency", "facility_type", "release_reason", "disposition", "custody_band")
)
_FIGURE = "release, through_date, through_precision, value_kind, file_original, row_original, cell_original"
PRINTED: tuple[Asked, ...] = (
    (
        "book_ins",
        ("month",),
        {},
        f"SELECT {_PRINT}, value_count FROM {{table}} WHERE statistic_name = 'book_ins' AND period_kind = 'month' AND "
        f"facility_name IS NULL AND criminality_code = 'total' AND {_TOTALS} ORDER BY 2, 3, 1",
    ),
    (
        "detained_population",
        ("criminality",),
        {},
        f"SELECT {_PRINT}, criminality_code, value_count FROM {{table}} WHERE statistic_name = 'detained' AND "
        f"period_kind = 'snapshot' AND facility_name IS NULL AND {_TOTALS} ORDER BY 2, 3, 1, 10",
    ),
    (
        "people_removed",
        ("release",),
        {"jurisdiction": "Suffolk County, MA"},
        f"SELECT {_FIGURE}, value_count FROM {{table}} WHERE place_code = '25025' AND "
        "figure_name = 'removed_total' ORDER BY 2, 1",
    ),
    (
        "fingerprint_submissions",
        ("release",),
        {"country": "US"},
        "WITH listed AS (SELECT place_code, through_date, value_kind, value_count FROM {table} WHERE release = "
        "'ice-interoperability-2012-08-31' AND place_kind = 'jurisdiction' AND figure_name = 'submissions'), left_out "
        "AS (SELECT list(DISTINCT county_fips) AS codes FROM {activations} WHERE activation_date <= DATE '2012-08-31' "
        f"AND county_fips NOT IN (SELECT place_code FROM listed)) SELECT {_FIGURE}, NULL, value_count FROM {{table}} "
        "WHERE place_kind = 'country' AND figure_name = 'submissions' UNION ALL SELECT "
        "'ice-interoperability-2012-08-31', through_date, NULL, NULL, NULL, NULL, NULL, (FROM left_out), "
        "sum(value_count) FROM listed WHERE value_kind = 'count' GROUP BY through_date ORDER BY 2, 1",
    ),
)
ACTIVATIONS = "secure_communities_activations"


def processor_seconds() -> float:
    """Returns the processor time of this process so far, threads included."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def in_turns(*steps: Callable[[], object], turns: int = TURNS) -> list[float]:
    """Returns the median processor time of each of some steps, which take turns."""
    taken: list[list[float]] = [[] for _ in steps]
    for _ in range(turns + 1):
        for held, step in zip(taken, steps, strict=True):
            begun = processor_seconds()
            step()
            held.append(processor_seconds() - begun)
    # The first turn warms files and code.
    return [statistics.median(each[1:]) for each in taken]


def said(what: str, ours: float, theirs: float, most: float) -> int:
    word = "held" if ours / theirs <= most else "MISSED"
    times = f"{ours * 1e3:.1f} ms against {theirs * 1e3:.1f} ms"
    print(f"{what}: {ours / theirs:.2f} x ({times}; at most {most:g} x: {word})", flush=True)
    return ours / theirs > most


def statements_of(record: OpenRecord, asked: Asked) -> list[str]:
    """Returns the SQL that an answer has its engine run, once what holds for every question is known."""
    measure, by, where, _ = asked
    record.measure(measure).by(*by).where(**where).result()
    statements: list[str] = []
    rows = DuckDB.rows

    def kept(self: DuckDB, expression: Any) -> Any:
        statements.append(str(self._connection.compile(expression)))
        return rows(self, expression)

    with patch.object(DuckDB, "rows", kept):
        record.measure(measure).by(*by).where(**where).result()
    return statements


def measure_cube_question(record: OpenRecord, asked: Asked) -> int:
    measure, by, where, by_hand = asked
    engine = record.events.engine
    assert isinstance(engine, DuckDB)
    own, connection = engine._connection.con, duckdb.connect()
    statements = statements_of(record, asked)
    table = record.events.measure(measure).table
    files = [str(each.path) for each in record.record.parts if each.table == table]
    read = f"read_parquet({files}, union_by_name = true)"
    connection.execute(f"CREATE TEMP TABLE held AS SELECT * FROM {read}")
    sql = f"SELECT {by_hand} GROUP BY ALL"

    def ours() -> list[Any]:
        return [own.execute(each).fetchall() for each in statements]

    def ours_at_first() -> int:
        book = EventBook(record.record, record.catalog)
        book._engine = DuckDB()
        return len(book.answer(Question(measure, where, by=by)).rows)

    def by_hand_of(source: str) -> list[Any]:
        return connection.execute(
            sql.format(rows=f"sum(row_count) AS rows FROM {source}", source=source)
        ).fetchall()

    rows = record.measure(measure).by(*by).where(**where).result().rows  # type: ignore[union-attr]
    shown = sum(each.cell.measured.numerator for each in rows if each.cell.kind == "total")
    limits = {LIMITED[each] for each in where}
    counted = sum(each[-1] for each in by_hand_of("held") if not limits or each[-2] in limits)
    if shown != counted:
        raise AssertionError(f"{measure} by {by}: {shown} shown, {counted} by hand")
    taken = in_turns(ours, lambda: by_hand_of("held"))
    whole, first = in_turns(ours_at_first, lambda: by_hand_of(read))
    limited = "".join(f" where {name} is {code}" for name, code in where.items())
    what = f"{measure} by {' and '.join(by)}{limited}, the engine's part; a first answer whole {whole / first:.1f} x"
    return said(what, *taken, MOST_OF_SQL)


def measure_cubes() -> int:
    """Holds the engine's time of eight questions to SQL written by hand."""
    record = open_record()
    return sum(measure_cube_question(record, each) for each in CUBES)


def measure_printed_question(record: OpenRecord, asked: Asked) -> int:
    measure, by, where, by_hand = asked
    connection = duckdb.connect()
    table = record.catalog.measure(measure).table
    for name in {table, ACTIVATIONS}:
        (file,) = EMBEDDED.glob(f"{name}-*.parquet")
        connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM read_parquet('{file}')")
    sql = by_hand.format(table=table, activations=ACTIVATIONS)

    def read() -> object:
        book = PrintBook(record.record, record.catalog)
        own = record.catalog.measure(measure)
        if own.statistic is not None:
            return book.statistics.prints(own, "month" if "month" in by else own.period)
        return book.of_place(record.book.places.find(where), table)

    def answer() -> object:
        return record.measure(measure).by(*by).where(**where).result()

    numbers = {each[-1] for each in connection.execute(sql).fetchall()}
    figures = record.measure(measure).by(*by).where(**where).result().figures  # type: ignore[union-attr]
    lacking = [each.numerator for each in figures if each.numerator not in numbers]
    if lacking or not figures:
        raise AssertionError(f"{measure} by {by}: {lacking or 'nothing'} shown, and not by hand")
    reading, whole, theirs = in_turns(read, answer, lambda: connection.execute(sql).fetchall())
    what = f"{measure} by {' and '.join(by)}, read from its frame; the whole answer {whole / theirs:.1f} x"
    return said(what, reading, theirs, MOST_OF_SQL)


def measure_printed() -> int:
    """Holds the reading of printed figures to SQL written by hand."""
    record = open_record()
    return sum(measure_printed_question(record, each) for each in PRINTED)


def measure_spread() -> int:
    """Holds all readings of a share to one of them, on a made-up release."""
    catalog = load_catalog()
    measure = catalog.events.measures[SPREAD_OF]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = synthesize(catalog, Request(SPREAD_LAYOUT, SPREAD_ROWS, 1, "csv", 1), folder / "files")
        add_event_files([each.path for each in made], catalog, folder=folder / "record")
        held = store.open_record(folder / "record")
        release = next(each.release for each in held.parts if each.is_synthetic)
        by = ("fiscal_year", "state")

        def ask(*more: str, **question: Any) -> int:
            book = EventBook(held, catalog)
            book._engine = open_engine("duckdb")
            answer = book.answer(Question(SPREAD_OF, {}, by=(*by, *more), release=release, **question))
            return len(answer.asked.readings)

        default = measure.readings()[0]
        options = next(each.options for each in measure.forks if each.kind == "rows")
        readings = [{**default, "duplicates": each.option} for each in options]
        steps: list[Callable[[], object]] = [lambda reading=each: ask(reading=reading) for each in readings]  # type: ignore[misc]
        number = ask("reading")
        *alone, together = in_turns(*steps, lambda: ask("reading"), turns=3)
        what = f"{number} readings of {SPREAD_OF} over {SPREAD_ROWS:,} arrests"
        missed = said(f"{what}, against the dearest reading", together, max(alone), MOST_OF_ONE_READING)
        print(
            f"the same against the cheapest reading: {together / min(alone):.1f} x ({min(alone) * 1e3:.1f} ms)"
        )
    return missed


def measure_asking() -> int:
    """Prints every ratio, and returns how many were missed."""
    return measure_cubes() + measure_printed() + measure_spread()


if __name__ == "__main__":
    sys.exit(int(measure_asking() > 0))
