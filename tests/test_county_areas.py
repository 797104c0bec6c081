"""The table of counties and areas of responsibility: whole, dated, and held to the lists it was made from."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from recount.declare.catalog import Catalog, load_catalog
from recount.declare.county_areas import COUNTY_AREAS, CountyAreas, load_county_areas
from recount.errors import CatalogError, UnknownNameError

CONNECTICUT_NOW = [f"091{each}0" for each in range(1, 10)]
CONNECTICUT_ONCE = [f"090{each:02}" for each in range(1, 16, 2)]


@pytest.fixture(scope="module")
def areas(catalog: Catalog) -> CountyAreas:
    return load_county_areas(catalog)


def test_the_boston_area_covers_six_states_whole(areas: CountyAreas):
    assert areas.states_of("BOS") == ["CT", "MA", "ME", "NH", "RI", "VT"]
    assert all(areas.is_whole(state) for state in areas.states_of("BOS"))


def test_the_boston_area_has_68_counties_of_which_connecticut_has_nine_planning_regions(areas: CountyAreas):
    assert len(areas.counties_of("BOS")) == 68
    assert [each for each in areas.counties_of("BOS") if each.startswith("09")] == CONNECTICUT_NOW


def test_the_former_counties_of_connecticut_lie_in_the_boston_area_too(areas: CountyAreas):
    assert {areas.area_of(each) for each in CONNECTICUT_ONCE} == {"BOS"}
    assert not set(CONNECTICUT_ONCE) & set(areas.counties_of("BOS"))


def test_a_county_has_one_area(areas: CountyAreas):
    assert areas.area_of("25025") == "BOS"
    assert areas.area_of("06073") == "SND"
    assert areas.area_of("48141") == "ELP"
    assert areas.area_of("34013") == "NEW"


def test_only_california_new_york_and_texas_are_divided_among_areas(areas: CountyAreas):
    states = {state for area in set(areas.current.values()) for state in areas.states_of(area)}
    assert sorted(each for each in states if not areas.is_whole(each)) == ["CA", "NY", "TX"]
    assert areas.states_of("ELP") == ["NM", "TX"]


def test_an_areas_states_can_be_put_in_words(areas: CountyAreas):
    assert areas.describe_states("BOS") == (
        "Connecticut, Maine, Massachusetts, New Hampshire, Rhode Island and Vermont"
    )
    assert areas.describe_states("ELP") == "New Mexico and part of Texas"
    assert areas.describe_states("ELP", "es") == "Nuevo México y parte de Texas"
    assert areas.describe_states("NEW") == "New Jersey"


def test_every_state_but_the_islands_other_than_puerto_rico_has_counties(
    areas: CountyAreas, catalog: Catalog
):
    having = {state for area in set(areas.current.values()) for state in areas.states_of(area)}
    without = {each.code for each in catalog.codes["states"].codes} - having
    assert without == {"AS", "FM", "GU", "MH", "MP", "PW", "VI"}


def test_every_county_stands_once_and_every_area_has_one_or_says_why_not(
    areas: CountyAreas, catalog: Catalog
):
    assert len(areas.current) == 3222
    assert not set(areas.current) & set(areas.former)
    known = {each.code for each in catalog.codes["areas_of_responsibility"].codes}
    assert known - set(areas.current.values()) == {"HLG", "HQ"}
    assert {each.area for each in areas.declared.not_shown} == {"HLG", "HQ"}


def test_an_unknown_county_or_area_is_an_error(areas: CountyAreas):
    with pytest.raises(UnknownNameError, match="No county is called '25026'"):
        areas.area_of("25026")
    with pytest.raises(UnknownNameError, match="No area with counties is called 'Boston'"):
        areas.counties_of("Boston")
    with pytest.raises(UnknownNameError, match="No state with counties is called 'GU'"):
        areas.is_whole("GU")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('counties: "037 059', 'counties: "037 037 059', "CA: the county 037 is given twice"),
        ('counties: "037 059', 'counties: "37 059', "CA: '37' is not three digits"),
        ("area: LOS", "area: LAX", "no area is called 'LAX'"),
        ("  - state: RI", "  - state: RX", "no state is called 'RX'"),
        ("  - area: HLG", "  - area: BUF", "HLG has no county, and nothing says why"),
    ],
)
def test_a_table_that_does_not_fit_together_is_refused(
    tmp_path: Path, catalog: Catalog, old: str, new: str, problem: str
):
    shipped = (catalog.folders[0] / COUNTY_AREAS).read_text(encoding="utf-8")
    assert old in shipped
    over = tmp_path / COUNTY_AREAS
    over.parent.mkdir()
    over.write_text(shipped.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogError) as raised:
        load_county_areas(load_catalog(overlay=tmp_path))
    assert problem in str(raised.value)


def test_a_users_own_table_replaces_the_packages(tmp_path: Path, catalog: Catalog):
    over = tmp_path / COUNTY_AREAS
    over.parent.mkdir()
    shutil.copy(catalog.folders[0] / COUNTY_AREAS, over)
    over.write_text(over.read_text(encoding="utf-8").replace("as_of: 2012-08-31", "as_of: 2012-09-30"))
    assert str(load_county_areas(load_catalog(overlay=tmp_path)).as_of) == "2012-09-30"


@pytest.mark.needs_shared
def test_the_table_agrees_with_the_hand_made_list_on_every_county(areas: CountyAreas, shared_data: Path):
    listed = pl.read_csv(shared_data / "places" / "county-aor.csv", infer_schema=False)
    assert listed.height == 3223
    assert [
        (fips, area, areas.area_of(fips))
        for fips, area in listed.select("geoid", "aor").iter_rows()
        if areas.area_of(fips) != area
    ] == []
    # The list has Valdez-Cordova and the two areas that it was split into.
    assert set(listed["geoid"]) - set(areas.current) == {"02261"}
    assert set(areas.current) <= set(listed["geoid"])


@pytest.mark.needs_shared
def test_the_table_agrees_with_ices_own_table_of_2012_on_every_county(areas: CountyAreas, shared_data: Path):
    printed = pl.read_csv(
        shared_data / "secure-communities" / "interoperability-by-county-2012-08-31.csv", infer_schema=False
    ).filter(pl.col("aor").is_not_null())
    assert printed.height == 3021
    assert [
        (fips, area, areas.area_of(fips))
        for fips, area in printed.select("fips", "aor").iter_rows()
        if areas.area_of(fips) != area
    ] == []
