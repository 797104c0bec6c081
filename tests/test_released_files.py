"""The real released files, and the record that the package ships of them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from recount import paths
from recount.record.manifest import FileEntry, Manifest
from recount.record.store import read_layer
from tiny_release import bytes_below

pytestmark = pytest.mark.needs_shared

RealRecord = tuple[Path, Manifest]


def entry(record: RealRecord, file: str) -> FileEntry:
    return next(each for each in record[1].files if each.file == file)


def findings(record: RealRecord, check: str) -> list[tuple[str, str]]:
    frame = read_layer(record[0]).frames["findings"].filter(pl.col("check") == check)
    return frame.select("subject", "text").rows()


def test_of_3127_jurisdictions_3021_are_kept_and_106_not_yet_activated(real_record: RealRecord):
    table = entry(real_record, "interoperability-by-county-2012-08-31.csv")
    assert (table.rows_in, table.rows_kept) == (3127, 3021)
    assert [(each.rule, each.rows) for each in table.set_aside] == [("not_yet_activated", 106)]
    assert table.core_rows["secure_communities_figures"] == 3021 * 11


def test_43_printed_rows_are_45_figures(real_record: RealRecord):
    table = entry(real_record, "published-figures.csv")
    assert (table.rows_in, table.rows_kept, table.core_rows) == (43, 43, {"secure_communities_figures": 45})


def test_of_3147_activation_dates_3143_are_kept_and_4_are_blank(real_record: RealRecord):
    table = entry(real_record, "activation-dates-by-county.csv")
    assert (table.rows_in, table.rows_kept) == (3147, 3143)
    assert [(each.rule, each.rows) for each in table.set_aside] == [("no_dates", 4)]


def test_every_print_of_secure_communities_is_a_declared_release(real_record: RealRecord):
    prints = [each for each in real_record[1].releases if each.source == "secure-communities"]
    assert [each.release for each in prints if not each.declared] == []
    assert len(prints) == 15


def test_every_workbook_is_a_release_of_its_own(real_record: RealRecord):
    workbooks = [each for each in real_record[1].releases if each.source == "ice-detention-statistics"]
    assert len(workbooks) == 77
    assert {len(each.files) for each in workbooks} == {1}


def test_one_count_falls_suffolk_countys_removed_without_conviction(real_record: RealRecord):
    assert findings(real_record, "cumulative_count_falls") == [
        (
            "Suffolk County, MA",
            "removed_no_conviction fell from 183 through 2011-06-30 (boston-globe-2011-07)"
            " to 177 through 2011-07-31 (boston-globe-2011-09)",
        )
    ]


def test_224_activation_dates_differ(real_record: RealRecord):
    assert len(findings(real_record, "dates_differ_between_releases")) == 224


def test_massachusetts_prints_560_removed_where_the_counties_without_bristol_add_up_to_555(
    real_record: RealRecord,
):
    told = findings(real_record, "sum_differs_from_print")
    assert (
        "Massachusetts",
        "removed_total through 2012-08-31: 560 printed (fox25-2012-11), 555 as the sum over 13 jurisdictions"
        " (ice-interoperability-2012-08-31); left out: Bristol County, MA",
    ) in told
    assert {subject for subject, _ in told} == {"Massachusetts"}


def test_no_figure_of_secure_communities_is_printed_twice_differently(real_record: RealRecord):
    frame = read_layer(real_record[0]).frames["findings"]
    of_prints = frame.filter(pl.col("core_table").str.starts_with("secure_communities"))
    assert "printed_twice_differently" not in of_prints.get_column("check")


def test_the_six_categories_add_up_to_the_total_in_every_row(real_record: RealRecord):
    wide = (
        read_layer(real_record[0])
        .frames["secure_communities_figures"]
        .filter(pl.col("release") == "ice-interoperability-2012-08-31")
        .pivot("figure_name", index="place_code", values="value_count")
    )
    parts = [each for each in wide.columns if each.startswith("removed_") and each != "removed_total"]
    assert (wide.height, len(parts)) == (3021, 6)
    assert wide.select((pl.sum_horizontal(parts) == pl.col("removed_total")).all()).item()


def test_the_record_in_the_package_is_what_the_released_files_make(real_record: RealRecord):
    made, shipped = bytes_below(real_record[0]), bytes_below(paths.EMBEDDED_RECORD)
    assert sorted(made) == sorted(shipped)
    assert [name for name in made if made[name] != shipped[name]] == []
