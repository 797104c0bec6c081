"""GLOSSARY.md, written from the catalog: every word in English, then every word in Spanish."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from recount.declare.catalog import load_catalog
from recount.declare.glossary import OWN, Glossary, Section, Term
from recount.declare.text import Language

PAGE = "GLOSSARY.md"
_DECISIONS = "docs/decisions/"
_HEADS: dict[Language, tuple[str, str, str, str]] = {
    "en": ("term", "in Spanish", "meaning", "source"),
    "es": ("término", "en inglés", "significado", "fuente"),
}
_TITLES: dict[Language, str] = {"en": "Glossary", "es": "Glosario"}
_DECISION: dict[Language, str] = {"en": "decision", "es": "decisión"}
_CALLED: dict[Language, str] = {"en": "in Spanish so", "es": "en español así"}
_NOTES: dict[Language, str] = {
    "en": "This page is written by `make docs` from `src/recount/catalog/glossary.yml`; edit that instead.",
    "es": "El mismo glosario, en español.",
}


def glossary_text(glossary: Glossary) -> str:
    """Returns the page: a table a section, in English with the Spanish words, then the other way round."""
    english, spanish = _half(glossary, "en"), _half(glossary, "es")
    return "\n".join([*english, "", *spanish]) + "\n"


def _half(glossary: Glossary, language: Language) -> Iterator[str]:
    yield from (f"# {_TITLES[language]}", "", _NOTES[language])
    yield from ("", glossary.intro.in_language(language))
    for section in glossary.sections:
        yield from ("", f"## {section.title.in_language(language)}", "")
        yield from _table(section, language)


def _table(section: Section, language: Language) -> Iterator[str]:
    yield f"| {' | '.join(_HEADS[language])} |"
    yield f"| {' | '.join(['---'] * len(_HEADS[language]))} |"
    for each in section.terms:
        word, other = (each.term.en, each.term.es) if language == "en" else (each.term.es, each.term.en)
        yield f"| {word} | {other} | {each.meaning.in_language(language)} | {_source(each, language)} |"
    if section.note is not None:
        yield from ("", section.note.in_language(language))


def _source(term: Term, language: Language) -> str:
    said = (OWN if term.source is None else term.source).in_language(language)
    if term.see is not None:
        name = term.see
        if name.startswith(_DECISIONS):
            name = f"{_DECISION[language]} {name.removeprefix(_DECISIONS)[:4]}"
        said += f", [{name}]({term.see})"
    if term.spanish_from is not None:
        where = f"[{term.spanish_from}]({term.spanish_url})" if term.spanish_url else term.spanish_from
        said += f"; {_CALLED[language]}: {where}"
    return said


def main() -> None:
    """Writes the page into the folder given, from the shipped catalog."""
    glossary = load_catalog(overlay=Path("no-overlay")).glossary
    (Path(sys.argv[1]) / PAGE).write_text(glossary_text(glossary), encoding="utf-8")


if __name__ == "__main__":
    main()
