"""The declared checks: what each finds, and that none of them changes a row."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from recount.declare.catalog import Catalog
from recount.errors import CheckFailedError
from recount.record.build import Built, build_in_memory
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
IN_JULY = datetime.date(2011, 7, 31)
SUFFOLK_IN_JULY = {
    "geography": "Boston / Suffolk County, MA",
    "through": "2011-07-31",
    "url": "https://www.example.org/2011/09",
    "published_from": "2011-09-04",
    "published_to": "2011-09-04",
}
SUFFOLK_IN_JUNE = SUFFOLK_IN_JULY | {
    "through": "2011-06-30",
    "url": "https://www.example.org/2011/07",
    "published_from": "2011-07-11",
    "published_to": "2011-07-11",
}


@pytest.fixture
def build(catalog: Catalog, tmp_path: Path) -> Callable[..., Built]:
    return lambda **files: build_in_memory(write_tiny_release(tmp_path / "released", **files), catalog)


def findings(built: Built) -> list[tuple[str, str, str]]:
    frame = read_built(built, "findings")
    return [(row["check"], row["subject"], row["text"]) for row in frame.iter_rows(named=True)]


def test_a_record_that_fits_together_has_no_findings(build):
    built = build()
    assert findings(built) == []
    assert built.manifest.findings == {}


def test_a_cumulative_count_that_falls_is_reported(build):
    built = build(
        printed=PRINTED_HEADER
        + printed_row(value="35", **SUFFOLK_IN_JUNE)
        + printed_row(value="34", **SUFFOLK_IN_JULY)
    )
    assert findings(built) == [
        (
            "cumulative_count_falls",
            "Suffolk County, MA",
            "removed_total fell from 35 through 2011-06-30 (example-2011-07-11)"
            " to 34 through 2011-07-31 (example-2011-09-04)",
        )
    ]
    assert built.manifest.findings == {"cumulative_count_falls": 1}


@pytest.mark.parametrize("later", ["35", "36"])
def test_a_cumulative_count_that_stands_or_grows_is_not_reported(build, later: str):
    built = build(
        printed=PRINTED_HEADER
        + printed_row(value="35", **SUFFOLK_IN_JUNE)
        + printed_row(value=later, **SUFFOLK_IN_JULY)
    )
    assert findings(built) == []


def test_a_count_that_only_its_parts_give_can_fall_too(build):
    parts = ("removed_ice_fugitives", "removed_prior_removals_returns", "removed_ewi_visa_overstay")
    built = build(
        printed=PRINTED_HEADER
        + printed_row(metric="removed_non_criminal", value="20", **SUFFOLK_IN_JUNE)
        + "".join(printed_row(metric=each, value="6", **SUFFOLK_IN_JULY) for each in parts)
    )
    assert [text for _, _, text in findings(built)] == [
        "removed_no_conviction fell from 20 through 2011-06-30 (example-2011-07-11)"
        " to 18 through 2011-07-31 (example-2011-09-04)"
    ]


def test_a_fall_is_found_between_any_two_prints_not_only_neighbours(build):
    built = build(
        printed=PRINTED_HEADER
        + printed_row(value="38", **SUFFOLK_IN_JUNE | {"through": "2011-05-31"})
        + printed_row(value="35", **SUFFOLK_IN_JULY)
        + printed_row(value="37", **SUFFOLK_IN_JULY | {"through": "2011-08-31"})
    )
    assert sorted(text[:30] for _, _, text in findings(built)) == [
        "removed_total fell from 38 thr",
        "removed_total fell from 38 thr",
    ]


def test_a_lower_count_of_another_place_is_no_fall(build):
    built = build(
        printed=PRINTED_HEADER
        + printed_row(value="35", **SUFFOLK_IN_JUNE)
        + printed_row(value="34", **SUFFOLK_IN_JULY | {"geography": "Texas"})
    )
    assert findings(built) == []


def test_a_figure_printed_twice_differently_is_reported_and_both_are_kept(build):
    built = build(
        printed=PRINTED_HEADER
        + printed_row(value="34", **SUFFOLK_IN_JULY)
        + printed_row(value="35", **SUFFOLK_IN_JULY | {"url": "https://other.example.net"})
    )
    assert findings(built) == [
        (
            "printed_twice_differently",
            "Suffolk County, MA",
            "removed_total through 2011-07-31: 34 (example-2011-09-04) and 35 (other-example-2011-09-04)",
        )
    ]
    kept = read_built(built, FIGURES).filter(through_date=IN_JULY)
    assert kept.get_column("value_count").to_list() == [34, 35]


def test_a_figure_printed_twice_alike_is_not_reported_and_both_are_kept(build):
    built = build(
        printed=PRINTED_HEADER
        + printed_row(value="34", **SUFFOLK_IN_JULY)
        + printed_row(value="34", **SUFFOLK_IN_JULY | {"url": "https://other.example.net"})
    )
    assert findings(built) == []
    kept = read_built(built, FIGURES).filter(through_date=IN_JULY)
    assert kept.get_column("release").to_list() == ["example-2011-09-04", "other-example-2011-09-04"]


def test_a_sum_over_jurisdictions_that_is_not_what_was_printed_is_reported(build):
    assert findings(build(printed=PRINTED_HEADER + printed_row(value="47"))) == [
        (
            "sum_differs_from_print",
            "Massachusetts",
            "removed_total through 2012-08-31: 47 printed (example-2012-11-01), 46 as the sum over 2"
            " jurisdictions (ice-interoperability-2012-08-31)",
        )
    ]


def test_a_sum_that_is_not_what_was_printed_is_reported_with_what_it_leaves_out(build):
    built = build(
        printed=PRINTED_HEADER + printed_row(value="47"),
        activations=ACTIVATIONS + "25005,2012-05-15,2012-05-15,0.0,0.0,0.0\n",
    )
    assert [text for _, _, text in findings(built)] == [
        "removed_total through 2012-08-31: 47 printed (example-2012-11-01), 46 as the sum over 2"
        " jurisdictions (ice-interoperability-2012-08-31); left out: Bristol County, MA"
    ]


def test_a_sum_is_compared_with_a_print_of_the_same_day_only(build):
    assert findings(build(printed=PRINTED_HEADER + printed_row(value="47", through="2012-08-30"))) == []


def test_a_sum_is_never_a_row_of_the_record(build):
    built = build(printed=PRINTED_HEADER + printed_row(value="47"))
    state = read_built(built, FIGURES).filter(place_kind="state")
    assert state.get_column("value_count").to_list() == [47]


def test_activation_dates_that_differ_are_reported_and_both_are_kept(build):
    built = build(activations=replace_once(ACTIVATIONS, "25017,2012-05-15", "25017,2012-05-16"))
    assert findings(built) == [
        (
            "dates_differ_between_releases",
            "Middlesex County, MA (25017)",
            "activation_date: 2012-05-16 (activation-dates-by-county),"
            " 2012-05-15 (ice-interoperability-2012-08-31)",
        )
    ]
    kept = read_built(built, DATES).filter(county_fips="25017").sort("release")
    assert [str(each) for each in kept.get_column("activation_date")] == ["2012-05-16", "2012-05-15"]


def test_parts_that_do_not_add_up_to_their_total_are_refused_with_the_cells(build):
    with pytest.raises(CheckFailedError) as raised:
        build(jurisdictions=replace_once(JURISDICTIONS, "10,6,10,40", "10,6,10,41"))
    rows = dict(raised.value.facts)["rows"]
    assert rows.startswith(
        "Suffolk County, MA, ice-interoperability-2012-08-31:"
        " removed_convicted + removed_no_conviction add up to 40, and removed_total is 41\n"
    )
    assert "interoperability-by-county-2012-08-31.csv, row 3, removed_total: 41" in rows
    assert "interoperability-by-county-2012-08-31.csv, row 3, removed_convicted_l1: 8" in rows


def test_parts_that_already_pass_their_total_are_refused_though_one_is_not_printed(build):
    with pytest.raises(CheckFailedError, match="already add up to 50, and removed_total is 46"):
        build(printed=PRINTED_HEADER + printed_row() + printed_row(metric="removed_convicted", value="50"))


def test_every_place_where_parts_do_not_add_up_is_counted(build):
    broken = "".join(
        SUFFOLK.replace("25025", f"2510{index}").replace("Suffolk", f"S{index}").replace(",80,", ",81,")
        for index in range(7)
    )
    with pytest.raises(CheckFailedError, match=r"the check parts_sum_to_total fails .*\b7\b") as raised:
        build(jurisdictions=JURISDICTIONS + broken)
    assert dict(raised.value.facts)["rows"].endswith("and 1 more")
