"""Where pages lie: flat files in a folder, English ones at its top, Spanish ones below `es/`.

A page is named by one path for both languages (`claims/index.html`). Addresses are relative, so that the folder
can be opened from disk, served at the root of a host, or below any path of it.
"""

from __future__ import annotations

import posixpath

from recount.declare.text import Language

_SPANISH = "es/"
_SHARED = ("assets/", "data/", "api/")
_DOCUMENTATION = "api/v1/docs"


def is_shared(path: str) -> bool:
    """Returns whether a path is one for both languages: assets, data, the API but its page, and receipts as JSON."""
    return (path.startswith(_SHARED) and path != _DOCUMENTATION) or path.endswith((".json", ".csv"))


def address_of(path: str, language: Language) -> str:
    """Returns where `path` lies in a language, from the folder's top."""
    return path if language == "en" or is_shared(path) else _SPANISH + path


def path_and_language(address: str) -> tuple[str, Language]:
    """Returns the path of an address, and the language that it is in."""
    if address.startswith(_SPANISH):
        return address.removeprefix(_SPANISH), "es"
    return address, "en"


def relative(to: str, start: str) -> str:
    """Returns the address `to` as a page at the address `start` links to it. What follows `#` or `?` stays."""
    path = to
    for mark in ("#", "?"):
        path = path.partition(mark)[0]
    rest = to[len(path) :]
    if not path:
        return rest
    return posixpath.relpath(path, posixpath.dirname(start) or ".") + rest
