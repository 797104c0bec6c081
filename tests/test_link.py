"""Figures brought together: completed by the declared sums, added over jurisdictions."""

from __future__ import annotations

import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.declare.catalog import Catalog
from recount.declare.tables import SumIdentity, Table
from recount.link.identities import Derived, complete_counts
from recount.link.place_sums import PlaceSums, states_listed
from recount.link.printed import Cell, Print, gather_prints
from recount.record.build import build_in_memory
from tiny_release import (
    ACTIVATIONS,
    JURISDICTIONS,
    PRINTED_HEADER,
    SUFFOLK,
    printed_row,
    read_built,
    replace_once,
    write_tiny_release,
)

FIGURES = "secure_communities_figures"
DATES = "secure_communities_activations"
SUMS = [
    SumIdentity(total="all", parts=["men", "women"], reason="r"),
    SumIdentity(total="women", parts=["young", "middle", "old"], reason="r"),
]


@pytest.fixture
def table(catalog: Catalog) -> Table:
    return catalog.tables[FIGURES]


# Completing counts


def test_a_total_that_is_not_printed_is_the_sum_of_its_parts():
    assert complete_counts({"men": 3, "women": 4}, SUMS)["all"] == Derived(7, "sum", ("men", "women"))


def test_a_part_that_is_not_printed_is_the_rest_of_the_total():
    assert complete_counts({"all": 7, "women": 4}, SUMS)["men"] == Derived(3, "rest", ("all", "women"))


def test_a_count_worked_out_names_the_printed_ones_it_comes_from():
    known = complete_counts({"all": 9, "young": 1, "middle": 2, "old": 3}, SUMS)
    assert known["women"] == Derived(6, "sum", ("middle", "old", "young"))
    assert known["men"] == Derived(3, "rest", ("all", "middle", "old", "young"))


def test_a_printed_count_stands_as_printed_even_where_the_parts_say_otherwise():
    assert complete_counts({"all": 8, "men": 3, "women": 4}, SUMS)["all"] == Derived(8, "printed", ("all",))


def test_nothing_follows_where_two_are_unknown():
    assert complete_counts({"women": 4, "young": 1}, SUMS).keys() == {"women", "young"}


def test_a_rest_below_zero_is_no_count():
    assert "men" not in complete_counts({"all": 3, "women": 4}, SUMS)


def test_a_rest_of_zero_is_a_count():
    assert complete_counts({"all": 4, "women": 4}, SUMS)["men"].value == 0


PARTS = (
    "removed_convicted_level1",
    "removed_convicted_level2",
    "removed_convicted_level3",
    "removed_ice_fugitives",
    "removed_prior_removals_returns",
    "removed_ewi_visa_overstay",
)
TOTALS = ("removed_convicted", "removed_no_conviction", "removed_total")
COMPLETE = st.tuples(*[st.integers(0, 50)] * 6).map(
    lambda six: (
        dict(zip(PARTS, six, strict=True))
        | dict(zip(TOTALS, (sum(six[:3]), sum(six[3:]), sum(six)), strict=True))
    )
)


@given(complete=COMPLETE, dropped=st.sets(st.sampled_from(PARTS + TOTALS)))
def test_what_is_dropped_and_still_follows_is_worked_out_to_the_same_number(
    catalog: Catalog, complete: dict[str, int], dropped: set[str]
):
    printed = {name: value for name, value in complete.items() if name not in dropped}
    known = complete_counts(printed, catalog.tables[FIGURES].sums)
    assert {name: known[name].value for name in known} == {name: complete[name] for name in known}
    assert {name: each.value for name, each in known.items() if each.basis == "printed"} == printed


@given(complete=COMPLETE, wanted=st.sampled_from(PARTS + TOTALS))
def test_any_one_figure_that_is_dropped_is_worked_out(
    catalog: Catalog, complete: dict[str, int], wanted: str
):
    printed = {name: value for name, value in complete.items() if name != wanted}
    known = complete_counts(printed, catalog.tables[FIGURES].sums)[wanted]
    assert known.value == complete[wanted]
    assert known.basis in {"sum", "rest"}
    assert set(known.of) <= printed.keys()


@given(complete=COMPLETE)
def test_all_totals_follow_from_the_parts(catalog: Catalog, complete: dict[str, int]):
    known = complete_counts({name: complete[name] for name in PARTS}, catalog.tables[FIGURES].sums)
    assert {name: known[name].value for name in TOTALS} == {name: complete[name] for name in TOTALS}


# Gathering prints


def figures(catalog: Catalog, folder: Path, **files: str) -> pl.DataFrame:
    return read_built(build_in_memory(write_tiny_release(folder, **files), catalog), FIGURES)


def test_a_print_is_one_releases_figures_of_one_place_and_date(
    catalog: Catalog, table: Table, tmp_path: Path
):
    prints = gather_prints(figures(catalog, tmp_path), table)
    assert [(each.place_code, str(each.through_date), each.release) for each in prints] == [
        ("25017", "2012-08-31", "ice-interoperability-2012-08-31"),
        ("25025", "2012-08-31", "ice-interoperability-2012-08-31"),
        ("MA", "2012-08-31", "example-2012-11-01"),
        ("US", "2012-03-31", "example-2012-11-01"),
    ]


def test_a_print_says_where_each_printed_figure_stands(catalog: Catalog, table: Table, tmp_path: Path):
    (state,) = [each for each in gather_prints(figures(catalog, tmp_path), table) if each.place_code == "MA"]
    assert state.cells == {"removed_total": Cell("published-figures.csv", 2, "value", "46")}


def test_exact_counts_rounded_counts_and_shares_above_are_kept_apart(
    catalog: Catalog, table: Table, tmp_path: Path
):
    country = {"geography": "United States", "through": "2012-03-31"}
    two = country | {"source": "Example; GAO-12-708 says about 183,000", "confidence": "two sources agree"}
    share = country | {"metric": "removed_level1_share_above", "value": "0.25"}
    printed = PRINTED_HEADER + printed_row(value="182896", **two) + printed_row(**share)
    example, gao = [
        each
        for each in gather_prints(figures(catalog, tmp_path, printed=printed), table)
        if each.place_code == "US"
    ]
    assert (dict(example.counts), example.about, example.above) == (
        {"removed_total": Derived(182896, "printed", ("removed_total",))},
        {},
        {"removed_level1_share_above": "0.25"},
    )
    assert (gao.counts, gao.about, gao.above) == ({}, {"removed_total": (183000, 1000)}, {})


@pytest.mark.parametrize(
    ("precisions", "told"), [(("day", "day"), "day"), (("day", "approximate"), "approximate")]
)
def test_a_print_is_as_precise_as_its_least_precise_figure(
    catalog: Catalog, table: Table, tmp_path: Path, precisions: tuple[str, str], told: str
):
    printed = (
        PRINTED_HEADER
        + printed_row(through_precision=precisions[0])
        + printed_row(metric="submissions", value="2500", through_precision=precisions[1])
    )
    (state,) = [
        each
        for each in gather_prints(figures(catalog, tmp_path, printed=printed), table)
        if each.place_code == "MA"
    ]
    assert state.through_precision == told


# Sums over jurisdictions


def place_sums(catalog: Catalog, folder: Path, **files: str) -> PlaceSums:
    built = build_in_memory(write_tiny_release(folder, **files), catalog)
    releases = {each.release: each for each in built.manifest.releases}
    return PlaceSums(
        read_built(built, FIGURES), read_built(built, DATES), catalog.tables[FIGURES], releases, catalog
    )


def of_massachusetts(sums: PlaceSums) -> Print:
    (total,) = sums.of_place("state", "MA", "Massachusetts")
    return total


def test_a_states_sum_adds_its_jurisdictions_and_completes_the_counts(catalog: Catalog, tmp_path: Path):
    total = of_massachusetts(place_sums(catalog, tmp_path))
    assert {
        name: total.counts[name].value for name in ("removed_total", "removed_convicted", "submissions")
    } == {
        "removed_total": 46,
        "removed_convicted": 17,
        "submissions": 2500,
    }
    assert (total.is_sum, total.jurisdictions, total.left_out) == (True, 2, ())
    assert (total.release, total.through_date) == (
        "ice-interoperability-2012-08-31",
        datetime.date(2012, 8, 31),
    )


def test_a_sum_takes_only_the_states_own_jurisdictions(catalog: Catalog, tmp_path: Path):
    other = SUFFOLK.replace("25025,MA,Massachusetts", "44007,RI,Rhode Island").replace(
        "Suffolk", "Providence"
    )
    total = of_massachusetts(place_sums(catalog, tmp_path, jurisdictions=JURISDICTIONS + other))
    assert total.counts["removed_total"].value == 46


def test_the_countrys_sum_adds_every_state_and_names_what_the_release_lacks(catalog: Catalog, tmp_path: Path):
    other = SUFFOLK.replace("25025,MA,Massachusetts", "44007,RI,Rhode Island").replace(
        "Suffolk", "Providence"
    )
    sums = place_sums(catalog, tmp_path, jurisdictions=JURISDICTIONS + other)
    (total,) = sums.of_place("country", "US", "United States")
    assert (total.counts["removed_total"].value, total.jurisdictions) == (86, 3)
    assert total.left_out == ("the territories",)


def test_a_jurisdiction_activated_and_not_listed_is_left_out_by_name(catalog: Catalog, tmp_path: Path):
    activations = ACTIVATIONS + "25005,2012-05-15,2012-05-15,0.0,0.0,0.0\n"
    assert of_massachusetts(place_sums(catalog, tmp_path, activations=activations)).left_out == (
        "Bristol County, MA",
    )


def test_a_jurisdiction_activated_on_the_last_day_counted_is_left_out(catalog: Catalog, tmp_path: Path):
    activations = ACTIVATIONS + "25005,2012-08-31,2012-08-31,0.0,0.0,0.0\n"
    left_out = of_massachusetts(place_sums(catalog, tmp_path, activations=activations)).left_out
    assert left_out == ("Bristol County, MA",)


def test_a_jurisdiction_without_a_name_is_left_out_by_its_code(catalog: Catalog, tmp_path: Path):
    activations = ACTIVATIONS + "25007,2012-05-15,2012-05-15,0.0,0.0,0.0\n"
    assert of_massachusetts(place_sums(catalog, tmp_path, activations=activations)).left_out == (
        "FIPS 25007",
    )


def test_a_jurisdiction_activated_after_the_table_had_nothing_to_count(catalog: Catalog, tmp_path: Path):
    activations = ACTIVATIONS + "25005,2012-09-01,2012-05-15,0.0,0.0,0.0\n"
    assert of_massachusetts(place_sums(catalog, tmp_path, activations=activations)).left_out == ()


def test_a_jurisdiction_of_another_state_is_not_left_out(catalog: Catalog, tmp_path: Path):
    activations = ACTIVATIONS + "44001,2012-05-15,2012-05-15,0.0,0.0,0.0\n"
    assert of_massachusetts(place_sums(catalog, tmp_path, activations=activations)).left_out == ()


@pytest.mark.parametrize(("listed", "left_out"), [("36085", ()), ("36001", ("Bronx County, NY",))])
def test_a_jurisdiction_listed_under_another_is_not_left_out(
    catalog: Catalog, tmp_path: Path, listed: str, left_out: tuple[str, ...]
):
    row = f"{listed},NY,New York,Somewhere,NYC,2012-05-15,1,0,0,0,0,0,0,0,0,0,0\n"
    activations = ACTIVATIONS + "36005,2012-05-15,2012-05-15,0.0,0.0,0.0\n"
    sums = place_sums(catalog, tmp_path, jurisdictions=JURISDICTIONS + row, activations=activations)
    (total,) = sums.of_place("state", "NY", "New York")
    assert total.left_out == left_out


def test_a_jurisdiction_is_no_sum(catalog: Catalog, tmp_path: Path):
    assert place_sums(catalog, tmp_path).of_place("jurisdiction", "25025", "Suffolk County, MA") == []


def test_only_a_release_that_lists_every_jurisdiction_is_added_up(catalog: Catalog, tmp_path: Path):
    printed = PRINTED_HEADER + printed_row(geography="Suffolk County, MA", through="2012-03-31", value="30")
    (total,) = place_sums(catalog, tmp_path, printed=printed).of_place("state", "MA", "Massachusetts")
    assert total.release == "ice-interoperability-2012-08-31"


def test_each_edition_of_the_table_is_a_sum_of_its_own(catalog: Catalog, tmp_path: Path):
    folder = write_tiny_release(tmp_path)
    later = folder / "secure-communities" / "interoperability-by-county-2012-09-30.csv"
    later.write_text(replace_once(JURISDICTIONS, "10,6,10,40", "12,6,10,42"))
    built = build_in_memory(folder, catalog)
    sums = PlaceSums(
        read_built(built, FIGURES),
        read_built(built, DATES),
        catalog.tables[FIGURES],
        {each.release: each for each in built.manifest.releases},
        catalog,
    )
    assert [
        (str(each.through_date), each.counts["removed_total"].value)
        for each in sums.of_place("state", "MA", "Massachusetts")
    ] == [("2012-08-31", 46), ("2012-09-30", 48)]


def test_the_states_listed_are_those_with_figures_of_jurisdictions(catalog: Catalog, tmp_path: Path):
    assert list(states_listed(figures(catalog, tmp_path), catalog)) == [("MA", "Massachusetts")]
