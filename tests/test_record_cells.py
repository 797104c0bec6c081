"""Columns of individual records: a cell is read as it would be read alone, whatever stands beside it."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recount.clean.record_cells import Cells, number_texts, read_cells
from recount.declare.catalog import Catalog
from recount.declare.record_reading import load_record_reading
from recount.declare.tables import Field

TEXTS = {
    "apprehension_datetime": [
        "2025-01-31 10:30:00",
        "2024-02-29 23:59:00",
        " 2025-01-31 10:30:00 ",
        "2025-01-31  10:30",
        "1/31/2025 10:30",
        "45688.4375",
        "2025-01-31T10:30:00Z",
        "2025-02-30 10:30:00",
    ],
    "departed_date": ["2025-01-31", "1/31/2025", "31-Jan-2025", "2025-01-31 10:30:00", "45688", "1/31/25"],
    "birth_year": ["1980", "1980.0", " 1980", "1980.5", "MCMLXXX"],
    "gender_code": ["Male", "male ", "FEMALE", "Unknown", "Centaur"],
    "has_final_order": ["YES", "no", "1", "perhaps"],
    "apprehension_landmark": ["Boston  Common", "Boston\tCommon", "b", "b(6) Street"],
}
ANYWHERE = [None, "", " ", "NA", "b(6), b(7)c", "(b)(6); (b)(7)(C)"]


def read(catalog: Catalog, name: str, text: pl.Series, numbers: pl.Series | None = None) -> Cells:
    field: Field = catalog.events.tables["arrests"].field(name)
    codes = catalog.events.codes[field.codes] if field.codes is not None else None
    return read_cells(text, field, codes, load_record_reading(catalog), blank_is_none=False, numbers=numbers)


@pytest.mark.parametrize("name", sorted(TEXTS))
@pytest.mark.parametrize("are_numbered", [True, False])
@settings(deadline=None, max_examples=12)
@given(st.data())
def test_a_cell_is_read_as_if_it_stood_alone(
    catalog: Catalog, name: str, are_numbered: bool, data: st.DataObject
) -> None:
    cell = st.sampled_from([*TEXTS[name], *ANYWHERE])
    cells = data.draw(st.lists(cell, min_size=1, max_size=16))
    text = pl.Series(cells, dtype=pl.String)
    numbers = pl.Series([None if each is None else 3 * cells.index(each) for each in cells], dtype=pl.UInt32)
    whole = read(catalog, name, text, numbers if are_numbered else None)
    for place, each in enumerate(cells):
        alone = read(catalog, name, pl.Series([each], dtype=pl.String))
        assert whole.value[place] == alone.value[0]
        assert whole.is_redacted[place] == alone.is_redacted[0]
        assert whole.is_misfit[place] == alone.is_misfit[0]


def test_texts_that_repeat_are_numbered_and_texts_that_differ_are_not() -> None:
    repeated = pl.Series(["Male", "Female", None, "Male"] * 50)
    numbers = number_texts(repeated)
    assert numbers is not None
    pairs = pl.DataFrame({"text": repeated, "number": numbers}).unique()
    assert pairs.height == 3 and pairs["number"].null_count() == 1
    assert number_texts(pl.Series([f"name {each}" for each in range(200)])) is None
