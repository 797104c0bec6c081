"""The site: every page and file of it by its address, each made when it is asked for."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from recount.ask.record import OpenRecord
from recount.declare.text import LANGUAGES, Language
from recount.errors import UsageError
from recount.site.addresses import address_of, path_and_language
from recount.site.chapters import Chapter, Contents
from recount.site.claims import claim_chapters
from recount.site.dictionary import dictionary_chapters
from recount.site.front import front_chapters
from recount.site.material import Material
from recount.site.measures import measure_chapters
from recount.site.place_pages import place_chapters
from recount.site.shell import Shell
from recount.site.shipped import ASSETS, read_asset
from recount.site.sources import source_chapters
from recount.site.texts import text_chapters

_MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}
_RECEIPT = re.compile(r"receipts/[0-9a-f]{12}\.(html|json)")
_MAKERS: tuple[Callable[[Material], Iterator[Chapter]], ...] = (
    front_chapters,
    claim_chapters,
    measure_chapters,
    place_chapters,
    source_chapters,
    dictionary_chapters,
    text_chapters,
)


class UnknownPageError(UsageError):
    """An address that no page of the site has."""


@dataclass(frozen=True)
class SitePage:
    """A page or a file of the site, as it is served."""

    content: bytes
    media_type: str


class Site:
    """The site of a record.

    Args:
        record: what the pages speak of, opened as the public sees it.
        server: whether a server shows it: its own pages are then linked to.
        contact: the address to write to about a correction.
        languages: those that it is in.
    """

    def __init__(
        self,
        record: OpenRecord,
        *,
        server: bool = False,
        contact: str | None = None,
        languages: Sequence[Language] = LANGUAGES,
    ) -> None:
        self.material = Material(record, contact)
        self.languages = tuple(languages)
        self._shells = {
            each: Shell(each, server=server, catalog=record.catalog, languages=self.languages)
            for each in self.languages
        }
        self._contents: dict[int, Contents] = {}

    @functools.cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters of the site, in their order."""
        return tuple(chapter for make in _MAKERS for chapter in make(self.material))

    def paths(self) -> tuple[str, ...]:
        """Returns the address of every page and file, in order. Answers are worked out for it: a receipt is one."""
        return tuple(sorted({*ASSETS, *self._addresses(range(len(self.chapters)))}))

    def render(self, path: str) -> SitePage:
        """Returns the page or file at an address.

        Raises:
            UnknownPageError: where there is none.
        """
        media_type = _MEDIA_TYPES.get(path.rpartition(".")[2])
        if media_type is None:
            raise _no_page(path)
        if path in ASSETS:
            return SitePage(read_asset(path), media_type)
        return SitePage(self._make(path), media_type)

    def contents(self, chapter: int) -> Contents:
        """Returns what a chapter holds, worked out once."""
        if chapter not in self._contents:
            self._contents[chapter] = self.chapters[chapter].contents()
        return self._contents[chapter]

    def files_of(self, chapter: int) -> Iterator[tuple[str, bytes]]:
        """Yields every page and file of a chapter, with its address, in order."""
        for each in sorted(self._addresses([chapter])):
            yield each, self._make_in(chapter, each)

    def forget(self, chapter: int) -> None:
        """Lets go of what a chapter holds, to be worked out again if it is asked for."""
        self._contents.pop(chapter, None)

    def _addresses(self, chapters: Iterable[int]) -> Iterator[str]:
        for number in chapters:
            held = self.contents(number)
            yield from held.files
            for path in held.pages:
                for language in self.languages:
                    yield address_of(path, language)

    def _make(self, address: str) -> bytes:
        path, language = path_and_language(address)
        if address != address_of(path, language):
            raise _no_page(address)
        known = [number for number, each in enumerate(self.chapters) if path in each.paths]
        # Which receipts there are is known from the answers alone; chapters that are worked out come first.
        if not known and _RECEIPT.fullmatch(path):
            known = sorted(range(len(self.chapters)), key=lambda number: number not in self._contents)
        for number in known:
            held = self.contents(number)
            if address in held.files or path in held.pages:
                return self._make_in(number, address)
        raise _no_page(address)

    def _make_in(self, chapter: int, address: str) -> bytes:
        held = self.contents(chapter)
        if address in held.files:
            return held.files[address]()
        path, language = path_and_language(address)
        if path not in held.pages or language not in self._shells:
            raise _no_page(address)
        return held.pages[path](self._shells[language])


def _no_page(path: str) -> UnknownPageError:
    return UnknownPageError(f"The site has no page at {path!r}.", [("start", "index.html")])
