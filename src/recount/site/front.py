"""The front page: what the record says now."""

from __future__ import annotations

from collections.abc import Iterator

from recount.site.chapters import Chapter, Contents
from recount.site.claims import view_claims
from recount.site.material import Material
from recount.site.shell import Shell

FRONT = "index.html"


def front_chapters(material: Material) -> Iterator[Chapter]:
    """Yields the front page."""
    yield Chapter((FRONT,), lambda: Contents({FRONT: lambda shell: _page(material, shell)}))


def _page(material: Material, shell: Shell) -> bytes:
    return shell.render("front.html.j2", FRONT, views=view_claims(material, shell))
