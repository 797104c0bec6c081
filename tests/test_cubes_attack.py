"""What cubes publish does not tell the counts that they hide: singly, together, and in what is asked of them."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cube_attack import Key, Limits, Published, attack, attack_by_codes, published
from recount.declare.catalog import Catalog
from recount.declare.cubes import COUNT, MONTH, POOLED, YEAR, load_cubes
from recount.measure.questions import Question
from recount.record.cubes import is_safe, pool_small_cells
from recount.record.manifest import Manifest
from small_events import Parts

MONTHS = (datetime.date(2018, 1, 1), datetime.date(2018, 2, 1))
NAMES = ("aor", "method", "gender")
SCHEMA = {YEAR: pl.Int64, MONTH: pl.Date, **dict.fromkeys(NAMES, pl.String), COUNT: pl.Int64}
EVERY: list[Key] = [
    (2018, *key) for key in itertools.product(MONTHS, ("BOS", "SEA", "HOU"), ("l", "o"), ("f", "m"))
]
counts = st.lists(st.sampled_from([0, 0, 1, 1, 1, 2, 3, 4, 5, 6, 8, 13, 30]), min_size=24, max_size=24)
THRESHOLD = 5
ENOUGH = 30
"""So many cells of two releases are compared before they are taken to hold other rows."""


def cube(numbers: Mapping[Key, int], threshold: int = THRESHOLD) -> Published:
    rows = [(*key, count) for key, count in numbers.items() if count]
    cells = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return published(cells, pool_small_cells(cells, NAMES, threshold, 4), NAMES, threshold)


def assert_any(limits: Limits, threshold: int) -> None:
    """Every count from 1 to the threshold less one is possible."""
    for key, (low, high) in limits.items():
        assert low <= 1 + 1e-6, key
        assert high >= threshold - 1 - 1e-6, key


@settings(max_examples=40)
@given(counts, st.integers(3, 6))
def test_a_small_count_can_be_anything_to_someone_who_knows_which_cells_each_sum_is_of(
    numbers: list[int], threshold: int
):
    found = cube(dict(zip(EVERY, numbers, strict=True)), threshold)
    if found.cells and not found.is_one_sum:
        assert_any(attack([found]), threshold)


def narrowed(found: Published, threshold: int) -> Limits:
    """Returns how far each sum narrows its small cells: exact where a cell is of one sum."""
    limits = {}
    for key, total in found.hidden.items():
        if found.cells[key] >= threshold:
            continue
        others = [each for each, of in found.hidden.items() if of == total and each != key]
        taken = sum(found.cells[each] >= threshold for each in others)
        small = len(others) - taken
        rest = found.sums[total]
        low = 1 if taken else max(1, rest - small * (threshold - 1))
        high = min(threshold - 1, rest - small - taken * threshold)
        limits[key] = (low, high)
    return limits


@pytest.mark.parametrize(
    "grid", [EVERY[:4], [EVERY[0], EVERY[1], EVERY[4], EVERY[12]]], ids=["month", "year"]
)
def test_no_table_of_four_cells_tells_a_small_count(grid: Sequence[Key]):
    told = 0
    for numbers in itertools.product((0, 1, 2, 3, 4, 9), repeat=len(grid)):
        found = cube(dict(zip(grid, numbers, strict=True)), 4)
        if found.cells and not found.is_one_sum:
            told += 1
            assert_any(narrowed(found, 4), 4)
    assert told > 100


@pytest.mark.parametrize(
    ("total", "small", "taken", "safe"),
    [
        (5, 2, 0, True),
        (6, 2, 0, False),
        (8, 2, 0, False),
        (5, 5, 0, False),
        (9, 3, 0, True),
        (10, 3, 0, False),
        (6, 1, 1, False),
        (9, 1, 1, True),
        (21, 1, 1, False),
    ],
)
def test_a_sum_is_safe_where_each_small_cell_can_be_one_and_four(
    total: int, small: int, taken: int, safe: bool
):
    worlds = itertools.product(
        itertools.product(range(1, 5), repeat=small), itertools.product(range(5, 20), repeat=taken)
    )
    possible = [low for low, large in worlds if sum(low) + sum(large) == total]
    assert is_safe(total, small, taken, 5, 19) is safe
    assert safe is ({1, 4} <= {each[0] for each in possible})


@settings(max_examples=12)
@given(counts)
def test_two_cubes_of_the_same_rows_do_not_tell_a_small_count_together(numbers: list[int]):
    """One release holds the rows of one area that another holds among all; both are counted by the same codes."""
    whole = dict(zip(EVERY, numbers, strict=True))
    part = {key: count for key, count in whole.items() if key[2] == "SEA"}
    if not any(part.values()):
        return
    for key, (low, high) in attack_by_codes([cube(whole), cube(part)], EVERY).items():
        assert high - low >= 1 - 1e-6, key
        assert low <= whole[key] + 1e-6
        assert high >= whole[key] - 1e-6


def test_a_split_that_only_one_of_two_releases_has_would_tell(catalog: Catalog):
    """Why a release's dimension is left out: sixteen in one release, fifteen of them convicted in the other."""
    cell = (2018, MONTHS[1], "SEA")
    split = {(*cell, "convicted", "f"): 15, (*cell, "not", "f"): 1, (2018, MONTHS[0], "SEA", "not", "f"): 13}
    assert 16 - cube(split).shown[*cell, "convicted", "f"] == 1
    cubes = load_cubes(catalog)
    names = {each.name for each in cubes.of_table("arrests", "ice-2019-icfo-53623").dimensions}
    own = {each.name for each in cubes.of_table("arrests", "ice-uw-v-dhs-2019-07").dimensions}
    assert names - own == {"has_conviction_inferred"}
    assert "has_conviction_inferred" in {
        each.name for each in cubes.of_table("removals", "ice-uw-v-dhs-2019-07").dimensions
    }


@pytest.mark.needs_shared
def test_no_two_cubes_of_the_same_rows_tell_a_small_count(
    real_record: tuple[Path, Manifest], catalog: Catalog
):
    """Where one release splits the rows of another further, what it does not show of a cell would be told."""
    folder, manifest = real_record
    cubes = {
        (each.table, each.release, each.file): pl.read_parquet(folder / each.file)
        for each in manifest.parts
        if each.kind == "cube"
    }
    for first, second in itertools.permutations(cubes, 2):
        if first[0] != second[0] or first[1] == second[1]:
            continue
        left, right = cubes[first], cubes[second]
        dimensions = [each for each in left.columns if each not in ("release", YEAR, MONTH, COUNT)]
        if not set(dimensions) < set(right.columns):
            continue
        extra = set(right.columns) - {"release", YEAR, MONTH, COUNT, *dimensions}
        keys = [YEAR, MONTH, *dimensions]
        whole, split = _whole(left, dimensions), _whole(right, [*dimensions, *extra])
        joined = whole.join(
            split.group_by(keys).agg(pl.col(COUNT).sum().alias("of")), on=keys, nulls_equal=True
        )
        rest = joined.with_columns((pl.col(COUNT) - pl.col("of")).alias("rest"))
        if extra and rest.height >= ENOUGH:
            # Of the same rows, parts are never more than the whole.
            assert rest.filter(pl.col("rest") < 0).height, f"{first[1]} and {second[1]} hold the same rows"


def _whole(cells: pl.DataFrame, dimensions: Sequence[str]) -> pl.DataFrame:
    """Returns the cells that stand alone."""
    pooled = pl.any_horizontal((pl.col(each) == POOLED).fill_null(value=False) for each in dimensions)
    return cells.filter(~pooled & pl.col(MONTH).is_not_null())


@settings(max_examples=6)
@given(counts)
def test_what_is_asked_of_a_cube_contains_the_truth_and_no_small_count(
    tmp_path_factory: pytest.TempPathFactory, catalog: Catalog, numbers: list[int]
):
    truth = {key: count for key, count in zip(EVERY, numbers, strict=True) if count}
    if not truth:
        return
    shown = cube(truth).shown
    columns = ("apprehension_aor_code", "apprehension_method_code", "gender_code")
    codes = {"l": "located", "o": "other", "f": "female", "m": "male"}
    cells = [
        {
            "fiscal_year": year,
            "month": month,
            **dict(zip(columns, (codes.get(each, each) for each in parts), strict=True)),
            "row_count": count,
        }
        for (year, month, *parts), count in shown.items()
    ]
    parts = Parts(tmp_path_factory.mktemp("cube"), catalog).cube("arrests", cells)
    book = parts.book()
    for by in (("month",), ("aor",), ("month", "aor"), ("month", "aor", "method", "gender")):
        answer = book.answer(Question("arrests", {}, by))
        for row in answer.rows:
            if row.cell.kind != "part":
                continue
            wanted = row.breakdown
            true = sum(
                count
                for (_, month, aor, method, gender), count in truth.items()
                if wanted.get("month") in (None, f"{month:%Y-%m}")
                and wanted.get("aor") in (None, aor)
                and wanted.get("method") in (None, codes[method])
                and wanted.get("gender") in (None, codes[gender])
            )
            bounds = row.cell.measured.bounds
            assert bounds is not None
            assert bounds.low <= true <= bounds.high
            assert row.cell.measured.numerator == 0 or row.cell.measured.numerator >= min(
                THRESHOLD, sum(truth.values())
            )
