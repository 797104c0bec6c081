"""Administrations are catalog data: in order, with a first day each, and a user's own file over the package's."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path

import pytest

from recount.declare.administrations import ADMINISTRATIONS, load_administrations
from recount.declare.catalog import Catalog, load_catalog
from recount.errors import CatalogError

OWN = """source: An example.
administrations:
  - {administration: before, label: {en: before, es: antes}}
  - {administration: after, label: {en: after, es: después}, from: 2020-01-20}
"""


def test_administrations_follow_each_other_without_a_gap(catalog: Catalog):
    found = load_administrations(catalog)
    assert all(one.end == other.start for one, other in itertools.pairwise(found))
    assert (found[0].start, found[-1].end) == (datetime.date.min, datetime.date.max)


def test_the_day_of_taking_office_is_the_incoming_presidents(catalog: Catalog):
    day = datetime.date(2017, 1, 20)
    (name,) = [each.name for each in load_administrations(catalog) if each.start <= day < each.end]
    assert name == "trump_first"


def test_a_users_own_file_stands_in_the_packages_place(tmp_path: Path):
    (tmp_path / ADMINISTRATIONS).write_text(OWN, encoding="utf-8")
    found = load_administrations(load_catalog(overlay=tmp_path))
    assert [each.name for each in found] == ["before", "after"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", from: 2020-01-20", "", "every other one has"),
        ("en: before, es: antes}", "en: before, es: antes}, from: 1900-01-01", "has no first day"),
        ("administration: after", "administration: before", "the same name"),
    ],
)
def test_a_list_that_is_not_in_order_is_refused(tmp_path: Path, old: str, new: str, said: str):
    assert old in OWN
    (tmp_path / ADMINISTRATIONS).write_text(OWN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogError, match=said):
        load_administrations(load_catalog(overlay=tmp_path))
