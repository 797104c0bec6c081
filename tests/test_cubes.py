"""Cubes of individual records: counts that can be published, in which no small count stands alone."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.declare.catalog import Catalog
from recount.declare.cubes import COUNT, MONTH, POOLED, YEAR, Cube, CubeDimension, load_cubes
from recount.declare.frames import frame_schema
from recount.record.build import build_record
from recount.record.cubes import count_cells, pool_small_cells

MIDDLING = 4
JANUARY, FEBRUARY = datetime.date(2018, 1, 1), datetime.date(2018, 2, 1)
SCHEMA = {YEAR: pl.Int64, MONTH: pl.Date, "aor": pl.String, "method": pl.String, COUNT: pl.Int64}
Key = tuple[int | None, datetime.date | None, str, str]


def cells(*rows: tuple[Key, int]) -> pl.DataFrame:
    return pl.DataFrame([(*key, count) for key, count in rows if count], schema=SCHEMA, orient="row")


def pooled(frame: pl.DataFrame, threshold: int = 5) -> list[tuple[Key, int]]:
    return [
        (row[:-1], row[-1]) for row in pool_small_cells(frame, ["aor", "method"], threshold, MIDDLING).rows()
    ]


def test_a_count_at_the_threshold_stands():
    frame = cells(((2018, JANUARY, "BOS", "located"), 5), ((2018, JANUARY, "BOS", "other"), 9))
    assert pooled(frame) == [((2018, JANUARY, "BOS", "located"), 5), ((2018, JANUARY, "BOS", "other"), 9)]


def test_small_counts_of_one_month_are_pooled_and_add_up():
    frame = cells(
        ((2018, JANUARY, "BOS", "located"), 40),
        ((2018, JANUARY, "BOS", "other"), 2),
        ((2018, JANUARY, "SEA", "other"), 3),
        ((2018, JANUARY, "SEA", "located"), 4),
    )
    assert pooled(frame) == [
        ((2018, JANUARY, "BOS", "located"), 40),
        ((2018, JANUARY, POOLED, POOLED), 9),
    ]


def test_small_counts_that_stay_small_together_go_on_to_the_year():
    frame = cells(
        ((2018, JANUARY, "BOS", "located"), 40),
        ((2018, JANUARY, "BOS", "other"), 2),
        ((2018, FEBRUARY, "SEA", "other"), 3),
    )
    assert pooled(frame) == [((2018, JANUARY, "BOS", "located"), 40), ((2018, None, POOLED, POOLED), 5)]


def test_one_small_count_takes_middling_ones_along_until_it_can_be_any():
    frame = cells(
        ((2018, JANUARY, "BOS", "located"), 40),
        ((2018, JANUARY, "BOS", "other"), 12),
        ((2018, JANUARY, "SEA", "other"), 1),
    )
    assert pooled(frame) == [((2018, JANUARY, "BOS", "located"), 40), ((2018, None, POOLED, POOLED), 13)]
    # A five and a one would be told by their sum, six: nothing else makes it.
    frame = cells(
        ((2018, JANUARY, "BOS", "located"), 40),
        ((2018, JANUARY, "BOS", "other"), 5),
        ((2018, JANUARY, "SEA", "other"), 1),
    )
    assert pooled(frame) == [((2018, None, POOLED, POOLED), 46)]


def test_a_sum_that_only_the_smallest_counts_give_is_not_shown():
    ones = [((2018, JANUARY, "BOS", method), 1) for method in ("a", "b", "c", "d", "e")]
    assert pooled(cells(*ones)) == [((2018, None, "BOS", POOLED), 5)]


def test_a_dimension_in_which_all_are_alike_is_not_pooled():
    frame = cells(((2018, JANUARY, "SEA", "located"), 2), ((2018, JANUARY, "SEA", "other"), 3))
    assert pooled(frame) == [((2018, None, "SEA", POOLED), 5)]


def test_what_is_left_of_a_place_is_of_its_year_before_it_is_of_a_month_of_all_places():
    frame = cells(
        ((2017, JANUARY, "BOS", "located"), 40),
        ((2017, JANUARY, "SEA", "other"), 40),
        ((2018, JANUARY, "BOS", "located"), 2),
        ((2018, FEBRUARY, "BOS", "located"), 3),
        ((2018, JANUARY, "SEA", "located"), 3),
        ((2018, FEBRUARY, "SEA", "located"), 2),
    )
    sums = [((2018, None, "BOS", POOLED), 5), ((2018, None, "SEA", POOLED), 5)]
    large = [((2017, JANUARY, "BOS", "located"), 40), ((2017, JANUARY, "SEA", "other"), 40)]
    assert pooled(frame) == [*large, *sums]


counts = st.lists(st.integers(0, 12), min_size=8, max_size=8)
GRID: list[Key] = [
    (2018, month, aor, method)
    for month in (JANUARY, FEBRUARY)
    for aor in ("BOS", "SEA")
    for method in ("located", "other")
]


@given(counts, st.integers(3, 6))
def test_every_row_is_counted_once_and_no_small_count_is_shown(numbers: list[int], threshold: int):
    frame = cells(*zip(GRID, numbers, strict=True))
    shown = pooled(frame, threshold)
    assert sum(count for _, count in shown) == sum(numbers)
    if sum(numbers) >= threshold:
        assert all(count >= threshold for _, count in shown)
    for key, count in shown:
        if POOLED not in key:
            assert count == numbers[GRID.index(key)]


@given(st.lists(st.integers(0, 5), min_size=5, max_size=5), st.integers(3, 4))
def test_no_small_count_can_be_told_from_what_is_shown(numbers: list[int], threshold: int):
    grid = GRID[:5]
    shown = pooled(cells(*zip(grid, numbers, strict=True)), threshold)
    hidden = [key for key in grid if key not in [each for each, _ in shown]]
    sums = [(key, count) for key, count in shown if POOLED in key]
    if sum(numbers) < threshold:
        return  # All of a table that small is one sum, which says no more than how many there are.
    worlds = list(worlds_of(hidden, sums))
    for place, key in enumerate(hidden):
        if 0 < numbers[grid.index(key)] < threshold:
            assert len({world[place] for world in worlds}) > 1


def worlds_of(hidden: Sequence[Key], sums: Sequence[tuple[Key, int]]) -> Iterator[tuple[int, ...]]:
    """Yields every way in which the hidden cells can have made the sums that are shown."""
    for world in itertools.product(range(6), repeat=len(hidden)):
        filled = [(key, count) for key, count in zip(hidden, world, strict=True) if count]
        for places in itertools.product(range(len(sums)), repeat=len(filled)):
            if all(covers(sums[at][0], key) for at, (key, _) in zip(places, filled, strict=True)) and all(
                count == sum(n for at, (_, n) in zip(places, filled, strict=True) if at == number)
                for number, (_, count) in enumerate(sums)
            ):
                yield world
                break


def covers(wide: Key, key: Key) -> bool:
    return all(each in (None, POOLED, own) for each, own in zip(wide, key, strict=True))


@pytest.fixture(scope="module")
def arrests(catalog: Catalog) -> pl.DataFrame:
    table = catalog.events.tables["arrests"]
    rows = [
        {"apprehension_date": datetime.date(2017, 10, 3), "citizenship_code": "MEX", "gender_code": "male"},
        {"apprehension_date": datetime.date(2017, 10, 9), "citizenship_code": "MEX", "gender_code": "male"},
        {"apprehension_date": None, "fiscal_year_stated": 2018, "citizenship_code": "FRA"},
    ]
    columns = {name: [row.get(name) for row in rows] for name in frame_schema(table)}
    return pl.DataFrame(columns, schema=frame_schema(table))


def test_cells_count_rows_by_fiscal_year_month_and_group(arrests: pl.DataFrame, catalog: Catalog):
    cube = Cube(
        table="arrests",
        dimensions=[
            CubeDimension(column="gender_code"),
            CubeDimension(column="apprehension_aor_code"),
            CubeDimension(column="citizenship_code", grouped_as="citizenship_group"),
        ],
    )
    found, names = count_cells(arrests, cube, catalog.events)
    assert names == ["gender_code", "citizenship_group"], "no row has an area: the release does not give it"
    assert found.rows() == [
        (2018, datetime.date(2017, 10, 1), "male", "mexico", 2),
        (2018, None, None, "europe", 1),
    ]


def test_the_declared_cubes_name_columns_of_their_tables(catalog: Catalog):
    for cube in load_cubes(catalog).cubes:
        fields = {each.name: each for each in catalog.events.tables[cube.table].fields}
        for each in cube.dimensions:
            assert each.column in fields
            if each.grouped_as is not None:
                codes = catalog.events.codes[str(fields[each.column].codes)].codes
                assert all(code.group for code in codes)


def test_a_selection_of_people_makes_no_cube(catalog: Catalog):
    cubes = load_cubes(catalog)
    assert cubes.of_table("arrests", "ddp-2025-03-selection") is None
    assert cubes.of_table("arrests", "ice-2019-icfo-53623") is not None


def test_rows_that_no_cube_counts_are_told_with_the_reason(tmp_path: Path, catalog: Catalog):
    folder = tmp_path / "deportation-data-project"
    folder.mkdir()
    columns = catalog.events.layouts["ddp-selection-stints"].columns
    cells = {"book_in_date_time": "2025-02-05", "detention_facility_code": "WNTHOLD"}
    lines = [
        ",".join(each.name for each in columns),
        ",".join(cells.get(each.name, "NA") for each in columns),
    ]
    (folder / "detention.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    manifest = build_record(tmp_path, tmp_path / "record", catalog, cubes_only=True)
    (file,) = manifest.files
    assert (file.rows_kept, manifest.parts) == (1, [])
    (note,) = file.notes
    assert note.startswith("stints: 1 rows are read and in no cube. ")
