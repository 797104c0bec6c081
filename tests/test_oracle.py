"""The project's rules as an R programmer writes them from their description, held to ours on random tables of hazards.

The scripts in `tests/oracle` read what a release says (the agency's words, blanks); ours reads core codes.
"""

from __future__ import annotations

import datetime
import functools
import os
import random
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import ibis
import polars as pl
import pytest

from recount.declare.catalog import Catalog
from recount.declare.linking import Linking, load_linking
from recount.link.duplicates import mark_duplicates
from recount.link.matches import match_events_to_stays
from recount.link.population import daily_population
from recount.link.stays import merge_stints_into_stays
from small_links import at, core_frame

SCRIPTS = Path(__file__).parent / "oracle"
START = at("2025-03-01 06:00")
PROVENANCE = ("file_original", "sheet_original", "row_original")
ROWS = 250

METHODS = {"ero_reprocessed_arrest": "ERO Reprocessed Arrest", "located": "Located"}
CRIMINALITY = {
    "convicted": "1 Convicted Criminal",
    "pending": "2 Pending Criminal Charges",
    "other": "3 Other",
}
COUNTRIES = ("SLV", "DEU", "CHE", "ZAF", None)
"""Codes whose order is not that of the names: El Salvador, Germany, Switzerland, South Africa."""


@functools.cache
def has_r() -> bool:
    if shutil.which("Rscript") is None:
        return False
    asked = subprocess.run(["Rscript", "-e", "library(data.table)"], capture_output=True, check=False)
    return asked.returncode == 0


pytestmark = pytest.mark.skipif(not has_r(), reason="needs R with data.table")


@pytest.fixture(scope="module")
def linking(catalog: Catalog) -> Linking:
    return load_linking(catalog)


def run_r(script: str, rows: pl.DataFrame, folder: Path, *more: str) -> pl.DataFrame:
    """Returns what a script writes of `rows`, which it reads in the order of files, sheets and rows."""
    given, answer = folder / "rows.csv", folder / "answer.csv"
    rows.sort(PROVENANCE).write_csv(given, datetime_format="%Y-%m-%d %H:%M:%S")
    command = ["Rscript", str(SCRIPTS / script), str(given), str(answer), *more]
    done = subprocess.run(
        command, env={**os.environ, "ORACLE": str(SCRIPTS)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return pl.read_csv(answer, infer_schema=False)


def maybe(draw: random.Random, *values: Any) -> Any:
    return draw.choice([None, *values])


def random_rows(table: str, make: Callable[[random.Random], Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of few people, many times over, some without identifier, each standing somewhere of its own."""
    draw = random.Random(table)
    places = [
        (each, sheet, row) for each in ("a.xlsx", "B.xlsx") for sheet in ("S", "s") for row in range(8, 90)
    ]
    rows = []
    for number, place in enumerate(draw.sample(places, ROWS)):
        person = maybe(draw, *(f"person {each}" for each in range(14)))
        rows.append({"unique_identifier": person, **dict(zip(PROVENANCE, place, strict=True)), **make(draw)})
        rows[-1]["id"] = str(number)
    return rows


def core_of(catalog: Catalog, table: str, rows: list[dict[str, Any]]) -> ibis.Table:
    return ibis.memtable(
        core_frame(catalog, table, [{name: row[name] for name in row if name != "id"} for row in rows])
    )


def as_released(linking: Linking, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Returns rows in the agency's words, under the names that the project gives columns."""
    spelled = linking.spellings["citizenships"]
    words: dict[str, tuple[str, Callable[[Any], Any]]] = {
        "apprehension_method_code": ("apprehension_method", METHODS.__getitem__),
        "citizenship_code": ("citizenship_country", spelled.__getitem__),
        "departure_country_code": ("departure_country", spelled.__getitem__),
        "gender_code": ("gender", str.title),
        "book_in_criminality_code": ("book_in_criminality", CRIMINALITY.__getitem__),
        "case_threat_level_code": ("case_threat_level", lambda code: None if code == "none" else code),
        "has_final_order": ("final_order_yes_no", lambda value: "YES" if value else "NO"),
        "initial_bond_set_amount_usd": ("initial_bond_set_amount", lambda value: value),
        "bond_posted_amount_usd": ("bond_posted_amount", lambda value: value),
    }
    released = []
    for row in rows:
        said = {}
        for name, value in row.items():
            column, word = words.get(name, (name, lambda given: given))
            said[column] = None if value is None else word(value)
        released.append(said)
    return pl.DataFrame(released, infer_schema_length=None)


def same_marks(
    rule: str, marked: ibis.Table, rows: list[dict[str, Any]], oracle: pl.DataFrame, *, with_episodes: bool
) -> None:
    """Holds our marks to the oracle's, row by row; both have dropped or marked something."""
    ids = pl.DataFrame({each: [row[each] for row in rows] for each in (*PROVENANCE, "id")})
    truth = {None: None, "TRUE": True, "FALSE": False}
    columns = {"likely": "is_duplicate_likely", "drop": "is_dropped"}
    if with_episodes:
        columns |= {"episode": "episode_number", "first": "is_first"}
    ours = marked.to_polars().join(ids, on=PROVENANCE).sort("id")
    theirs = oracle.sort("id")
    assert ours["id"].to_list() == theirs["id"].to_list()
    for name, column in columns.items():
        told = theirs[name].to_list()
        wanted = [int(each) for each in told] if name == "episode" else [truth[each] for each in told]
        assert ours[column].to_list() == wanted, name
    assert ours["is_duplicate_likely"].any()
    if "stints" in rule and "g3" in rule:
        assert (~ours["is_duplicate_likely"] & ours["is_dropped"]).any()


HOURS = (0, 0, 1, 23, 24, 25, 46, 47, 72, 96, 97)


def arrest(draw: random.Random) -> dict[str, Any]:
    hours = draw.choice([None, *HOURS])
    return {
        "apprehension_datetime": None if hours is None else START + datetime.timedelta(hours=hours),
        "apprehension_method_code": maybe(draw, *METHODS),
    }


def detainer(draw: random.Random) -> dict[str, Any]:
    days = maybe(draw, 0, 0, 1, 2, 3, 5, 8)
    return {
        "detainer_prepare_date": None if days is None else START.date() + datetime.timedelta(days=days),
        "detainer_type": maybe(draw, "I247A", "I247G"),
        "jail_name": maybe(draw, "Essex County", "essex county"),
    }


def removal(draw: random.Random) -> dict[str, Any]:
    days = maybe(draw, 0, 1, 2)
    return {
        "departed_date": None if days is None else START.date() + datetime.timedelta(days=days),
        "departure_country_code": draw.choice(COUNTRIES),
    }


def stint(draw: random.Random) -> dict[str, Any]:
    """One of forty stints, so that a person has several rows that differ in bonds only."""
    bonds = {
        "initial_bond_set_amount_usd": maybe(draw, 1500.0, 10000.0),
        "initial_bond_set_date": maybe(draw, START.date()),
        "bond_posted_amount_usd": maybe(draw, 900.0, 1500.0),
        "bond_posted_date": maybe(draw, START.date()),
    }
    draw = random.Random(draw.randrange(40))
    hours = draw.choice([0, 0, 0, 5, 5, 30])
    booked_in = START + datetime.timedelta(hours=hours)
    out = draw.choice(
        [None, booked_in, *(booked_in + datetime.timedelta(hours=each) for each in (3, 40, 400))]
    )
    return {
        "stay_book_in_datetime": draw.choice([START, START + datetime.timedelta(hours=5), None]),
        "book_in_datetime": booked_in,
        "book_out_datetime": out,
        "detention_facility_code": draw.choice(["BTV", "Str"]),
        "gender_code": draw.choice(["male", None]),
        "has_final_order": maybe(draw, True, False),
        "case_threat_level_code": draw.choice(["none", "1", "none", "3"]),
        "book_in_criminality_code": draw.choice(["pending", "other"]),
        "departure_country_code": draw.choice(["SLV", "DEU"]),
        "citizenship_code": draw.choice(["SLV", "DEU"]),
        "birth_year": draw.choice([1990, None]),
        **bonds,
        **dict.fromkeys(STINTS_LEAVE_OUT),
    }


STINTS_LEAVE_OUT = (
    *("detention_release_reason", "stay_book_out_date", "stay_release_reason", "religion", "marital_status"),
    *(
        "ethnicity",
        "entry_status",
        "felon",
        "case_status",
        "case_category",
        "final_order_date",
        "final_charge",
    ),
    *("departed_date", "final_program", "msc_charge_code", "msc_charge"),
)


@pytest.mark.parametrize(
    ("rule", "script", "make", "with_episodes"),
    [
        ("ddp_g0_arrests", "arrests_g0.R", arrest, False),
        ("ddp_g1_arrests", "arrests_g1.R", arrest, False),
        ("ddp_g2_arrests", "arrests_g2.R", arrest, True),
        ("ddp_g3_arrests", "arrests_g2.R", arrest, True),
        ("ddp_g1_detainers", "detainers_g2.R", detainer, False),
        ("ddp_g2_detainers", "detainers_g2.R", detainer, False),
        ("ddp_g3_detainers", "detainers_g3.R", detainer, True),
        ("ddp_g1_removals", "removals_g1.R", removal, False),
        ("ddp_g3_removals", "removals_g3.R", removal, False),
        ("ddp_g1_stints", "stints_g1.R", stint, False),
        ("ddp_g2_stints", "stints_g2.R", stint, False),
        ("ddp_g3_stints", "stints_g2.R", stint, False),
    ],
)
def test_a_rule_marks_and_drops_the_rows_that_the_oracle_does(
    catalog: Catalog,
    linking: Linking,
    tmp_path: Path,
    rule: str,
    script: str,
    make: Callable[[random.Random], Mapping[str, Any]],
    with_episodes: bool,
):
    declared = linking.rule(rule)
    assert declared.table is not None
    rows = random_rows(declared.table, make)
    marked = mark_duplicates(core_of(catalog, declared.table, rows), rule, linking)
    oracle = run_r(script, as_released(linking, rows), tmp_path, *([declared.generation or ""]))
    same_marks(rule, marked, rows, oracle, with_episodes=with_episodes)


def test_stays_are_those_of_the_oracle(catalog: Catalog, linking: Linking, tmp_path: Path):
    rows = random_rows("stays", stint)
    stays = merge_stints_into_stays(core_of(catalog, "stints", rows), at("2025-03-31 23:59:59"))
    oracle = run_r("stays_g2.R", as_released(linking, rows), tmp_path, "2025-03-31 23:59:59")
    keys = ["unique_identifier", "stay_book_in_datetime"]
    ours = stays.to_polars().with_columns(
        pl.col("gender_code").str.to_titlecase().alias("gender"),
        pl.col("stay_book_in_datetime").dt.strftime("%Y-%m-%d %H:%M:%S"),
        pl.col("stint_count", "person_stay_count").cast(pl.String),
    )
    assert len(oracle) > 20
    assert ours.select(oracle.columns).sort(keys).rows() == oracle.sort(keys).rows()


@pytest.mark.parametrize(
    ("match", "table", "event_column", "stay_column"),
    [
        ("arrests_to_stays", "arrests", "apprehension_datetime", "stay_book_in_datetime"),
        ("removals_to_stays", "removals", "departed_date", "stay_book_out_datetime"),
    ],
)
def test_greedy_matches_are_those_of_the_oracle(
    catalog: Catalog,
    linking: Linking,
    tmp_path: Path,
    match: str,
    table: str,
    event_column: str,
    stay_column: str,
):
    def at_some_time(draw: random.Random) -> datetime.datetime:
        return START + datetime.timedelta(seconds=draw.randrange(40 * 86_400))

    def event(draw: random.Random) -> dict[str, Any]:
        moment = at_some_time(draw)
        return {event_column: moment.date() if event_column.endswith("_date") else moment}

    def stay(draw: random.Random) -> dict[str, Any]:
        return {
            "stay_book_in_datetime": at_some_time(draw),
            "stay_book_out_datetime": maybe(draw, at_some_time(draw)),
        }

    events = random_rows(table, event)[:60]
    if table == "removals":  # Two of one day would tie, and the oracle takes the first that it meets.
        events = list({(row["unique_identifier"], row[event_column]): row for row in events}.values())
    stays = random_rows(f"stays of {table}", stay)[:120]
    frame = pl.DataFrame(
        [
            {
                "release": "march-2026",
                **{name: row[name] for name in ("unique_identifier", *stay(random.Random(0)))},
            }
            for row in stays
            if row["unique_identifier"] is not None
        ],
        infer_schema_length=None,
    ).with_columns(
        stay_book_in_date=pl.col("stay_book_in_datetime").dt.date(),
        stay_book_out_date=pl.col("stay_book_out_datetime").dt.date(),
    )
    matched = match_events_to_stays(
        core_of(catalog, table, events), ibis.memtable(frame), match, linking, "ddp_greedy"
    ).to_polars()
    ids = pl.DataFrame({each: [row[each] for row in events] for each in (*PROVENANCE, "id")})
    ours = matched.join(ids, on=PROVENANCE).select(
        "id", pl.col("stay_book_in_datetime").dt.strftime("%Y-%m-%d %H:%M:%S")
    )

    released = as_released(linking, events)
    time = pl.col(event_column).cast(pl.Datetime).dt.strftime("%Y-%m-%d %H:%M:%S").alias("event_time")
    path = tmp_path / "stays.csv"
    frame.select(
        "unique_identifier", "stay_book_in_datetime", pl.col(stay_column).alias("stay_time")
    ).write_csv(path, datetime_format="%Y-%m-%d %H:%M:%S")
    window = linking.match(match)
    oracle = run_r(
        "matches.R",
        released.with_columns(time),
        tmp_path,
        str(path),
        str(window.from_hours),
        str(window.to_hours),
    )
    assert oracle["stay_book_in_datetime"].drop_nulls().len() > 10
    assert ours.sort("id").rows() == oracle.select(ours.columns).sort("id").rows()


def test_daily_population_is_that_of_the_oracle(catalog: Catalog, linking: Linking, tmp_path: Path):
    def span(draw: random.Random) -> dict[str, Any]:
        days = draw.randrange(20)
        start = START.date() + datetime.timedelta(days=days)
        return {
            "book_in_date": start,
            "book_out_date": maybe(
                draw, *(start + datetime.timedelta(days=each) for each in (-1, 0, 1, 5, 30))
            ),
            "detention_facility_code": draw.choice(["BTV", "STR"]),
        }

    rows = random_rows("population", span)
    first, last = datetime.date(2025, 3, 5), datetime.date(2025, 3, 28)
    daily = daily_population(core_of(catalog, "stints", rows), first, last).to_polars()
    oracle = run_r("population.R", as_released(linking, rows), tmp_path, str(first), str(last))
    columns = ["detention_facility_code", "day", "present_count", "midnight_count"]
    held = daily.filter(pl.col("present_count") > 0).rename({"population_date": "day"})
    ours = held.select(columns).with_columns(pl.all().cast(pl.String)).sort(columns[:2])
    assert len(ours) > 40
    assert ours.rows() == oracle.select(columns).sort(columns[:2]).rows()
