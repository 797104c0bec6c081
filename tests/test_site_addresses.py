"""Addresses of pages are relative, and lead from any page to any other."""

from __future__ import annotations

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.declare.text import LANGUAGES, Language
from recount.site.addresses import address_of, is_shared, path_and_language, relative

parts = st.text("abcdefgh-0123456789_", min_size=1, max_size=8)
pages = st.lists(parts, min_size=1, max_size=4).map(lambda each: "/".join(each) + ".html")


@given(to=pages, start=pages, language=st.sampled_from(LANGUAGES), other=st.sampled_from(LANGUAGES))
def test_a_relative_address_leads_to_the_page_from_wherever_it_stands(
    to: str, start: str, language: Language, other: Language
) -> None:
    here, there = address_of(start, language), address_of(to, other)
    followed = posixpath.normpath(posixpath.join(posixpath.dirname(here), relative(there, here)))
    assert followed == there


@given(path=pages, language=st.sampled_from(LANGUAGES))
def test_an_address_gives_its_path_and_language_back(path: str, language: Language) -> None:
    assert path_and_language(address_of(path, language)) == (path, language)


def test_what_follows_a_hash_or_a_question_mark_stays() -> None:
    assert relative("places/state-ma.html#j25025", "claims/a.html") == "../places/state-ma.html#j25025"
    assert relative("explore?measure=arrests", "measures/arrests.html") == "../explore?measure=arrests"
    assert relative("#main", "claims/a.html") == "#main"


@pytest.mark.parametrize("path", ["assets/site.css", "data/x.csv", "receipts/0123.json", "api/v1/measures"])
def test_assets_data_receipts_as_files_and_the_api_are_one_for_both_languages(path: str) -> None:
    assert is_shared(path)
    assert address_of(path, "es") == path


def test_pages_in_spanish_lie_below_es() -> None:
    assert address_of("claims/index.html", "es") == "es/claims/index.html"
    assert address_of("explore", "es") == "es/explore"
