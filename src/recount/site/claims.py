"""Claims: the list of them, and a page for each."""

from __future__ import annotations

from collections.abc import Iterator

from recount.claim.view import VerdictView, view_verdict
from recount.report.page import lay_out_section
from recount.site.chapters import Chapter, Contents
from recount.site.material import Material
from recount.site.shell import Shell

INDEX = "claims/index.html"


def path_of_claim(claim: str) -> str:
    """Returns where the page of a claim lies."""
    return f"claims/{claim}.html"


def claim_chapters(material: Material) -> Iterator[Chapter]:
    """Yields the list of claims, and a chapter for each."""
    yield Chapter((INDEX,), lambda: Contents({INDEX: lambda shell: _list(material, shell)}))
    for each in material.claims:
        yield _chapter(each.claim, material)


def view_claims(material: Material, shell: Shell) -> list[VerdictView]:
    """Returns the verdicts on the catalog's claims, in the shell's language."""
    return [view_verdict(material.verdict(each.claim), shell.words) for each in material.claims]


def _chapter(claim: str, material: Material) -> Chapter:
    path = path_of_claim(claim)
    return Chapter((path,), lambda: Contents({path: lambda shell: _page(claim, material, shell)}))


def _list(material: Material, shell: Shell) -> bytes:
    return shell.render("claims.html.j2", INDEX, views=view_claims(material, shell))


def _page(claim: str, material: Material, shell: Shell) -> bytes:
    section = lay_out_section(1, material.verdict(claim), shell.words)
    return shell.render("claim.html.j2", path_of_claim(claim), section=section, view=section.view)
