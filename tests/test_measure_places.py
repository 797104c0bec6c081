"""Places by name or by code, as questions give them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recount.declare.catalog import Catalog
from recount.errors import UnknownNameError, UsageError
from recount.measure.places import Place, Places
from small_record import BOSTON, CAMBRIDGE, PROVIDENCE, released, removed, small_book

SUFFOLK = Place("jurisdiction", "25025", BOSTON)
MASSACHUSETTS = Place("state", "MA", "Massachusetts")
COUNTRY = Place("country", "US", "United States")


@pytest.fixture(scope="module")
def places(catalog: Catalog) -> Places:
    rows = [row for each in (BOSTON, CAMBRIDGE, PROVIDENCE) for row in removed("july", "2011-06-30", 1, each)]
    return small_book(catalog, [released("july", "2011-07-11")], rows).places


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ({"jurisdiction": "Suffolk County, MA"}, SUFFOLK),
        ({"jurisdiction": "suffolk county, ma"}, SUFFOLK),
        ({"jurisdiction": "25025"}, SUFFOLK),
        ({"jurisdiction": "Boston / Suffolk County, MA"}, SUFFOLK),
        ({"state": "Massachusetts"}, MASSACHUSETTS),
        ({"state": "MASSACHUSETTS"}, MASSACHUSETTS),
        ({"state": "MA"}, MASSACHUSETTS),
        ({"state": "ma"}, MASSACHUSETTS),
        ({"country": "US"}, COUNTRY),
        ({"country": "united states"}, COUNTRY),
        ({}, COUNTRY),
    ],
)
def test_a_place_is_found_by_code_or_name_in_any_case(places: Places, where: dict[str, str], place: Place):
    assert places.find(where) == place


@given(data=st.data())
def test_every_place_is_found_by_every_spelling_however_capitalised(places: Places, data: st.DataObject):
    kind = data.draw(st.sampled_from(sorted(places.by_kind)))
    spelling = data.draw(st.sampled_from(sorted(places.by_kind[kind])))
    capitalised = "".join(
        each.upper() if data.draw(st.booleans()) and each.upper().casefold() == each else each
        for each in spelling
    )
    assert places.find({kind: capitalised}) == places.by_kind[kind][spelling]


def test_a_jurisdiction_without_figures_is_no_place_of_the_record(places: Places):
    with pytest.raises(UnknownNameError) as raised:
        places.find({"jurisdiction": "Bristol County, MA"})
    assert raised.value.exit_code == 2


def test_a_place_that_is_misspelt_is_answered_with_the_nearest(places: Places):
    with pytest.raises(UnknownNameError) as raised:
        places.find({"jurisdiction": "Sufolk County, MA"})
    assert raised.value.nearest[0] == BOSTON


def test_a_city_is_answered_with_the_jurisdiction_that_holds_it(places: Places):
    with pytest.raises(UnknownNameError) as raised:
        places.find({"jurisdiction": "Boston"})
    assert any("boston" in each.casefold() for each in raised.value.nearest)


@given(name=st.text(max_size=20))
@example(name="Massachusetts ")
def test_an_unknown_state_always_is_wrong_usage(places: Places, name: str):
    known = places.by_kind["state"]
    if name.casefold() in known:
        assert places.find({"state": name}) in known.values()
        return
    with pytest.raises(UnknownNameError) as raised:
        places.find({"state": name})
    assert raised.value.exit_code == 2


def test_a_question_speaks_of_one_place(places: Places):
    with pytest.raises(UsageError, match="one place"):
        places.find({"state": "MA", "jurisdiction": BOSTON})


def test_the_places_of_a_kind_come_once_each_in_order_of_code(places: Places):
    assert [each.code for each in places.of_kind("jurisdiction")] == ["25017", "25025", "44007"]
    codes = [each.code for each in places.of_kind("state")]
    assert codes == sorted(set(codes))
    assert "MA" in codes
