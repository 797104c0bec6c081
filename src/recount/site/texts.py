"""Pages of text: method, glossary, corrections and about."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from recount.declare.glossary import OWN, load_glossary
from recount.site.chapters import Chapter, Contents
from recount.site.material import Material
from recount.site.shell import Shell

METHOD, GLOSSARY, CORRECTIONS, ABOUT = "method.html", "glossary.html", "corrections.html", "about.html"
_HEADLINES = ("supported", "contradicted", "depends", "overtaken", "borne_out", "open", "untestable")


def text_chapters(material: Material) -> Iterator[Chapter]:
    """Yields the pages of text."""
    makers = {METHOD: _method, GLOSSARY: _glossary, CORRECTIONS: _corrections, ABOUT: _about}
    for path, make in makers.items():
        page = functools.partial(make, material)
        yield Chapter((path,), functools.partial(Contents, {path: page}))


def _method(material: Material, shell: Shell) -> bytes:
    rules = material.catalog.rules
    headlines = [(each, shell.words.say(f"headline_{each}")) for each in _HEADLINES]
    authorities = [
        (each.code, each.label.in_language(shell.language), each.reason)
        for each in material.catalog.codes["authorities"].codes
    ]
    hedges = [
        (each.en if shell.language == "en" else each.es, each.reason)
        for each in material.catalog.wording.hedges
    ]
    return shell.render(
        "method.html.j2", METHOD, rules=rules, headlines=headlines, authorities=authorities, hedges=hedges
    )


def _glossary(material: Material, shell: Shell) -> bytes:
    return shell.render("glossary.html.j2", GLOSSARY, glossary=load_glossary(material.catalog), own=OWN)


def _corrections(material: Material, shell: Shell) -> bytes:
    repaired = [
        (source, each)
        for source, held in sorted(material.catalog.corrections.items())
        for each in held.corrections
    ]
    return shell.render(
        "corrections.html.j2",
        CORRECTIONS,
        contact=material.contact,
        log=sorted(material.plan.corrections, key=lambda each: (each.date, each.page), reverse=True),
        repaired=repaired,
    )


def _about(material: Material, shell: Shell) -> bytes:
    releases = material.record.record.releases
    return shell.render(
        "about.html.j2",
        ABOUT,
        contact=material.contact,
        releases=len(releases),
        sources=len({each.source for each in releases.values()}),
        claims=len(material.claims),
        measures=len(material.measures),
    )
