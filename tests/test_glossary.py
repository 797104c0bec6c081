"""The glossary: one meaning a word, in both languages, and GLOSSARY.md is what the catalog says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from recount.declare.catalog import Catalog, load_catalog
from recount.declare.charting import load_charting
from recount.declare.glossary import GLOSSARY, Glossary
from recount.errors import CatalogError
from recount.report.glossary import PAGE, glossary_text

PROJECT = Path(__file__).parents[1]
WORDS = """
source; release; raw table; core table; event; span; figure; measure; fork; reading; bounds; as known on; claim; fit;
verdict; receipt; arrest; encounter; detainer; book-in; book-out; stint; stay; removal; return; AOR; ADP; convicted;
pending charges; other immigration violator; Level 1; Level 2; Level 3; submission; IDENT match; activation;
jurisdiction; restated; record; manifest; set aside; headline; provisional; authority
"""
ONE = {
    "intro": {"en": "Words.", "es": "Palabras."},
    "sections": [
        {
            "section": "one",
            "title": {"en": "One", "es": "Uno"},
            "terms": [
                {
                    "term": {"en": "stint", "es": "estancia por centro"},
                    "meaning": {"en": "a time", "es": "un período"},
                }
            ],
        }
    ],
}


def test_the_page_is_what_the_catalog_says_now(catalog: Catalog):
    assert (PROJECT / PAGE).read_text(encoding="utf-8") == glossary_text(catalog.glossary), "run make docs"


@pytest.mark.parametrize("word", [" ".join(each.split()) for each in WORDS.split(";")])
def test_every_word_of_the_design_has_one_meaning(word: str, catalog: Catalog):
    assert [each.term.en for each in catalog.glossary.terms()].count(word) == 1


def test_every_word_and_meaning_is_in_both_languages(catalog: Catalog):
    for each in catalog.glossary.terms():
        for text in (each.term, each.meaning):
            assert text.en, each
            assert text.es, each
        assert each.meaning.en != each.meaning.es, each.term.en


@pytest.mark.parametrize("word", ["stint", "stay"])
def test_a_chart_calls_what_it_counts_as_the_glossary_does(word: str, catalog: Catalog):
    def roots(said: str) -> list[str]:
        return [each[:4] for each in said.split()]

    drawn = load_charting(catalog).texts[f"unit_{word}s"]
    (term,) = [each.term for each in catalog.glossary.terms() if each.term.en == word]
    assert (roots(drawn.en), roots(drawn.es)) == (roots(term.en), roots(term.es))


def test_what_a_word_refers_to_is_a_page_of_the_project(catalog: Catalog):
    for each in catalog.glossary.terms():
        assert each.see is None or (PROJECT / each.see).is_file(), each.term.en


def test_the_page_has_a_row_for_every_word_in_each_language(catalog: Catalog):
    english, spanish = (PROJECT / PAGE).read_text(encoding="utf-8").split("\n# Glosario\n")
    for each in catalog.glossary.terms():
        assert len(re.findall(rf"^\| {re.escape(each.term.en)} \|", english, flags=re.MULTILINE)) == 1
        assert len(re.findall(rf"^\| {re.escape(each.term.es)} \|", spanish, flags=re.MULTILINE)) == 1


def test_a_page_is_written_from_the_words_declared():
    page = glossary_text(Glossary.model_validate(ONE))
    assert "| stint | estancia por centro | a time | this project |" in page
    assert "| estancia por centro | stint | un período | este proyecto |" in page


@pytest.mark.parametrize("language", ["en", "es"])
def test_one_word_with_two_meanings_is_refused(language: str):
    term = {"term": {"en": "stay", "es": "detención completa"}, "meaning": {"en": "all", "es": "todo"}}
    term["term"][language] = ONE["sections"][0]["terms"][0]["term"][language]
    section = ONE["sections"][0] | {"terms": [*ONE["sections"][0]["terms"], term]}
    with pytest.raises(ValueError, match="two meanings of one"):
        Glossary.model_validate(ONE | {"sections": [section]})


def test_an_address_without_whoever_it_is_of_is_refused():
    term = ONE["sections"][0]["terms"][0] | {"spanish_url": "https://example.org/"}
    with pytest.raises(ValueError, match="whoever spanish_from names"):
        Glossary.model_validate(ONE | {"sections": [ONE["sections"][0] | {"terms": [term]}]})


def test_a_users_own_glossary_replaces_the_shipped_one(tmp_path: Path):
    (tmp_path / GLOSSARY).write_text(
        "intro: {en: Mine, es: Mío}\n"
        "sections:\n"
        "  - section: own\n"
        "    title: {en: Own, es: Propio}\n"
        "    terms: [{term: {en: word, es: palabra}, meaning: {en: said, es: dicha}}]\n",
        encoding="utf-8",
    )
    assert [each.term.es for each in load_catalog(overlay=tmp_path).glossary.terms()] == ["palabra"]


def test_the_glossary_is_read_when_it_is_first_asked_for(tmp_path: Path):
    (tmp_path / GLOSSARY).write_text("intro: nothing else\n", encoding="utf-8")
    mine = load_catalog(overlay=tmp_path)
    with pytest.raises(CatalogError, match=GLOSSARY):
        _ = mine.glossary
