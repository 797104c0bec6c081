"""The same tables on DuckDB and on Spark: the same rows and the same integers."""

from __future__ import annotations

import datetime
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ibis
import polars as pl
import pytest

from recount.declare.catalog import Catalog
from recount.declare.linking import Linking, load_linking
from recount.link.duplicates import keep_rows, mark_duplicates
from recount.link.matches import count_matches, match_events_to_stays
from recount.link.population import COUNTINGS, Counting, daily_population
from recount.link.stays import merge_stints_into_stays
from small_links import at, core_frame

pytest.importorskip("pyspark", reason="needs the extra spark")
pytestmark = [
    pytest.mark.skipif(
        shutil.which("java") is None and "JAVA_HOME" not in os.environ, reason="Spark needs Java"
    ),
    # PySpark talks to pandas in ways that pandas deprecates, and leaves its sockets to the collector.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

START = at("2025-03-01 06:00")
ROWS = 60
CUT_OFF = datetime.date(2025, 3, 20)
TABLES = ("arrests", "detainers", "removals", "stints")


def hazards(catalog: Catalog, table: str) -> pl.DataFrame:
    """Rows that tie, chain, repeat, lack a time or an identifier, and differ in the order of bytes and of codes."""
    draw = random.Random(table)
    times = {
        "arrests": "apprehension_datetime",
        "detainers": "detainer_prepare_datetime",
        "stints": "book_in_datetime",
    }
    rows = []
    for number in range(ROWS):
        moment = draw.choice(
            [None, *(START + datetime.timedelta(hours=each) for each in (0, 0, 1, 23, 24, 46, 49))]
        )
        row: dict[str, Any] = {
            "release": draw.choice(["july-2025", "march-2026", "march-2026"]),
            "file_original": draw.choice(["a.xlsx", "B.xlsx"]),
            "sheet_original": draw.choice([None, "Sheet"]),
            "row_original": number // 2 + 8,
            "unique_identifier": draw.choice(["A", "B", "C", None]),
            "citizenship_code": draw.choice(["SLV", "DEU", None]),
        }
        if table == "removals":
            row["departed_date"] = None if moment is None else moment.date()
            row["departure_country_code"] = draw.choice(["SLV", "DEU", "XXX", None])
        else:
            row[times[table]] = moment
        if table == "arrests":
            row["apprehension_method_code"] = draw.choice(["ero_reprocessed_arrest", "located", None])
        if table == "detainers":
            row["detainer_type"] = draw.choice(["I247A", "I247G"])
            row["jail_name"] = draw.choice(["Essex", "essex", None])
        if table == "stints":
            hours = draw.choice([None, 0, 5, 30, 400])
            out = None if hours is None or moment is None else moment + datetime.timedelta(hours=hours)
            row["stay_book_in_datetime"] = draw.choice([START, START, None])
            row["book_out_datetime"] = out
            row["stay_book_out_datetime"] = draw.choice([out, None])
            row["detention_facility_code"] = draw.choice(["BTV", "Str", "ÉCO", None])
            row["book_in_criminality_code"] = draw.choice(["convicted", "pending", "other", None])
            row["has_final_order"] = draw.choice([True, False, None])
            row["initial_bond_set_amount_usd"] = draw.choice([1500.0, 5000.0, None])
        rows.append(row)
    frame = core_frame(catalog, table, rows)
    # Every row stands somewhere of its own.
    return frame.unique(["release", "file_original", "sheet_original", "row_original"], maintain_order=True)


@pytest.fixture(scope="module")
def linking(catalog: Catalog) -> Linking:
    return load_linking(catalog)


@pytest.fixture(scope="module")
def engines(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Both engines, each with the same tables, read from the same files."""
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("engines")
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    both = {"duckdb": ibis.duckdb.connect(), "spark": ibis.pyspark.connect(spark)}
    for table in TABLES:
        path = folder / f"{table}.parquet"
        hazards(catalog, table).write_parquet(path)
        for engine in both.values():
            engine.read_parquet(str(Path(path)), table_name=table)
    yield both
    spark.stop()


def same_on_both(engines: dict[str, Any], ask: Callable[[Any], Any]) -> list[dict[str, Any]]:
    """Returns the rows that `ask` gives, which are the same on both engines."""
    told = {}
    for name, engine in engines.items():
        rows = engine.to_pyarrow(ask(engine)).to_pylist()
        told[name] = sorted(rows, key=lambda row: [str(each) for each in row.values()])
    assert told["spark"] == told["duckdb"]
    return told["duckdb"]


@pytest.mark.parametrize(
    "rule",
    [
        "exact",
        "ddp_g1_arrests",
        "ddp_g2_arrests",
        "ddp_g3_detainers",
        "ddp_g1_stints",
        "ddp_g2_stints",
        "ddp_g3_removals",
    ],
)
def test_duplicate_rules(engines: dict[str, Any], linking: Linking, rule: str):
    table = linking.rule(rule).table or "arrests"
    marked = same_on_both(engines, lambda engine: mark_duplicates(engine.table(table), rule, linking))
    assert any(each["is_dropped"] for each in marked) == (linking.rule(rule).keep != "all")


def test_kept_rows_made_into_stays(engines: dict[str, Any], linking: Linking):
    stays = same_on_both(
        engines,
        lambda engine: merge_stints_into_stays(
            keep_rows(engine.table("stints"), "ddp_g2_stints", linking), CUT_OFF
        ),
    )
    assert any(each["stint_count"] > 2 for each in stays)


def test_matches(engines: dict[str, Any], linking: Linking):
    def ask(engine: Any) -> Any:
        stays = merge_stints_into_stays(engine.table("stints"), CUT_OFF)
        return match_events_to_stays(
            engine.table("arrests"), stays, "arrests_to_stays", linking, "ddp_greedy"
        )

    statuses = {each["match_status"] for each in same_on_both(engines, ask)}
    assert {"ambiguous", "unmatched"} <= statuses


def test_counts_of_matches(engines: dict[str, Any], linking: Linking):
    def ask(engine: Any) -> Any:
        stays = merge_stints_into_stays(engine.table("stints"), CUT_OFF)
        removals = engine.table("removals")
        return count_matches(match_events_to_stays(removals, stays, "removals_to_stays", linking), stays)

    (counted,) = same_on_both(engines, ask)
    parts = (counted[each] for each in ("matched_count", "ambiguous_count", "unmatched_count"))
    assert counted["event_count"] == sum(parts)


@pytest.mark.parametrize("counting", COUNTINGS)
def test_daily_population(engines: dict[str, Any], counting: Counting):
    first = datetime.date(2025, 2, 28)
    daily = same_on_both(
        engines,
        lambda engine: daily_population(engine.table("stints"), first, CUT_OFF, counting=counting),
    )
    assert sum(each["midnight_count"] for each in daily) > 0
