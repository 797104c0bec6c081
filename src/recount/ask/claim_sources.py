"""The releases that a verdict rests on: described in a method note, cited, and listed with their files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from recount.claim.verdict import Verdict
from recount.claim.words import Words
from recount.declare.drafting import Drafting
from recount.declare.sources import KnownRelease
from recount.measure.questions import iso


class Sources:
    """The releases whose figures speak in a column, each once, by name; many of one title stand together."""

    def __init__(self, verdict: Verdict, words: Words, drafting: Drafting) -> None:
        self.words = words
        self.drafting = drafting
        found = {
            one.release.release: one.release
            for column in verdict.columns.values()
            for mark in column.marks
            for one in mark.spoken.figures
        }
        self.releases = [found[name] for name in sorted(found)]
        self.groups: dict[str, list[KnownRelease]] = {}
        for each in self.releases:
            self.groups.setdefault(each.title.in_language(words.language), []).append(each)

    def say(self, text: str, **filled_in: object) -> str:
        """Returns a text of the catalog in the language, its names filled in."""
        return self.drafting.say(text, self.words.language, **filled_in)

    def described(self) -> Iterator[str]:
        """Yields each release, or many of one title, with printer, dates and authority."""
        for title, group in self.groups.items():
            if len(group) > self.drafting.named_releases:
                yield self._describe_group(title, group)
            else:
                yield from (self._describe(each) for each in group)

    def cited(self) -> Iterator[str]:
        """Yields a citation for each release, or for many of one title."""
        for title, group in self.groups.items():
            if len(group) > self.drafting.named_releases:
                yield self._cite_group(title, group)
            else:
                yield from (self._cite(each) for each in group)

    def as_json(self) -> list[dict[str, Any]]:
        """Returns every release with its files."""
        return [
            {
                "release": each.release,
                "title": each.title.in_language(self.words.language),
                "printed_by": each.printed_by,
                "authority": each.authority,
                "published_from": iso(each.published_from),
                "published_to": iso(each.published_to),
                "covers_through": each.covers_through.isoformat(),
                "url": each.url,
                "files": [{"name": one.name, "sha256": one.sha256} for one in each.files],
            }
            for each in self.releases
        ]

    def _describe(self, release: KnownRelease) -> str:
        return self.say(
            "explain_release_text",
            title=release.title.in_language(self.words.language),
            release=release.release,
            printed_by=release.printed_by,
            published=self.published([release]),
            authority=self._authorities([release]),
            through=self.words.date(release.covers_through),
        )

    def _describe_group(self, title: str, group: Sequence[KnownRelease]) -> str:
        through = [each.covers_through for each in group]
        return self.say(
            "explain_release_group",
            title=title,
            count=self.words.number(len(group)),
            printed_by=self._printers(group),
            published=self.published(group),
            authority=self._authorities(group),
            first=self.words.date(min(through)),
            last=self.words.date(max(through)),
        )

    def _authorities(self, group: Sequence[KnownRelease]) -> str:
        return ", ".join(dict.fromkeys(self.words.label("authorities", each.authority) for each in group))

    def _printers(self, group: Sequence[KnownRelease]) -> str:
        return ", ".join(dict.fromkeys(each.printed_by for each in group))

    def published(self, group: Sequence[KnownRelease]) -> str:
        """Returns when releases came out, as far as their dates tell."""
        starts = [each.published_from for each in group if each.published_from is not None]
        ends = [each.published_to for each in group if each.published_to is not None]
        first = min(starts) if len(starts) == len(group) else None
        last = max(ends) if len(ends) == len(group) else None
        if first is not None and first == last:
            return self.say("published_on", first=self.words.date(first))
        if first is not None and last is not None:
            return self.say("published_between", first=self.words.date(first), last=self.words.date(last))
        if last is not None:
            return self.say("published_by", last=self.words.date(last))
        if first is not None:
            return self.say("published_from", first=self.words.date(first))
        return self.say("published_unknown")

    def _cite(self, release: KnownRelease) -> str:
        files = [
            self.say("cite_file", file=one.name, sha256=one.sha256)
            for one in sorted(release.files, key=lambda one: one.name)
        ]
        parts = self._parts(release.title.in_language(self.words.language), [release])
        return " ".join(
            [
                self.say("cite_release", parts=parts, release=release.release),
                *([release.url] if release.url else []),
                *files,
            ]
        )

    def _cite_group(self, title: str, group: Sequence[KnownRelease]) -> str:
        return self.say(
            "cite_group",
            parts=self._parts(title, group),
            count=self.words.number(len(group)),
            releases=", ".join(each.release for each in group),
        )

    def _parts(self, title: str, group: Sequence[KnownRelease]) -> str:
        """Printer, title and dates; what the title says already is not said again."""
        printers, published = self._printers(group), self.published(group)
        is_named = title.casefold().startswith(printers.split(",")[0].casefold())
        return ", ".join(
            [*([] if is_named else [printers]), title, *([] if title.endswith(published) else [published])]
        )
