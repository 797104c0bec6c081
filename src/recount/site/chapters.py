"""Chapters: what is made together, since it rests on the same answers, as a claim and its receipt do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from recount.site.shell import Shell

Page = Callable[[Shell], bytes]
"""Makes a page in the language of a shell."""

File = Callable[[], bytes]
"""Makes a file that both languages share."""


@dataclass(frozen=True)
class Contents:
    """What a chapter holds: pages by path, and files by path."""

    pages: Mapping[str, Page] = field(default_factory=dict)
    files: Mapping[str, File] = field(default_factory=dict)


def joined(*parts: Contents) -> Contents:
    """Returns contents together."""
    pages: dict[str, Page] = {}
    files: dict[str, File] = {}
    for each in parts:
        pages |= each.pages
        files |= each.files
    return Contents(pages, files)


@dataclass(frozen=True)
class Chapter:
    """A part of the site.

    Args:
        paths: pages and files that it holds, or may hold: known before anything is worked out.
        contents: gives all it holds, receipts among them, whose paths are known only from the answers.
        weight: how much work it is, beside the others; a build deals chapters out by it.
    """

    paths: tuple[str, ...]
    contents: Callable[[], Contents]
    weight: int = 1
