"""What a record says of its own making: files with what became of their rows, and findings, by release."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from recount.declare.sources import KnownRelease
from recount.record.manifest import FileEntry
from recount.record.store import FINDINGS
from recount.site.material import Material

MOST_SHOWN = 60
"""Of one check a page shows so many findings; the file of them holds all."""


@dataclass(frozen=True)
class Finding:
    """What a check found."""

    table: str
    check: str
    subject: str
    text: str
    releases: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """The findings of one check: those shown, and how many there are."""

    check: str
    shown: tuple[Finding, ...]
    count: int


class Accounts:
    """The account that a record gives of its releases."""

    def __init__(self, material: Material) -> None:
        self.material = material

    @functools.cached_property
    def releases(self) -> dict[str, list[KnownRelease]]:
        """The releases of each source, the latest first."""
        found: dict[str, list[KnownRelease]] = {}
        for each in self.material.record.record.releases.values():
            found.setdefault(each.source, []).append(each)
        return {
            source: sorted(held, key=lambda each: (each.covers_through, each.release), reverse=True)
            for source, held in sorted(found.items())
        }

    @functools.cached_property
    def _files(self) -> dict[str, FileEntry]:
        layers = self.material.record.record.layers
        return {each.sha256: each for layer in layers for each in layer.manifest.files}

    def files_of(self, release: KnownRelease) -> list[FileEntry]:
        """Returns what became of the rows of each file of a release."""
        return [self._files[each.sha256] for each in release.files if each.sha256 in self._files]

    @functools.cached_property
    def _findings(self) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = {}
        frame = self.material.record.record.frames.get(FINDINGS)
        if frame is None:
            return found
        rows = frame.sort("check", "subject", "text", "core_table")
        for table, check, subject, text, releases in rows.select(
            "core_table", "check", "subject", "text", "releases"
        ).iter_rows():
            finding = Finding(table, check, subject, text, tuple(releases))
            for release in releases:
                found.setdefault(release, []).append(finding)
        return found

    def findings_of(self, release: str) -> list[Finding]:
        """Returns what the checks found in a release."""
        return self._findings.get(release, [])

    def found_in(self, release: str, *, restating: bool) -> list[Found]:
        """Returns the findings of a release by check: those that say a figure became another, or the others."""
        named = self.material.plan.restating_checks
        by_check: dict[str, list[Finding]] = {}
        for each in self.findings_of(release):
            if (each.check in named) == restating:
                by_check.setdefault(each.check, []).append(each)
        return [Found(check, tuple(held[:MOST_SHOWN]), len(held)) for check, held in sorted(by_check.items())]

    @functools.cached_property
    def checks(self) -> dict[str, str]:
        """What each declared check says, in English, by its name."""
        return {
            each.check: each.description
            for _, table in sorted(self.material.catalog.tables.items())
            for each in table.checks
        }


def rows_of(findings: Sequence[Finding]) -> list[tuple[str, ...]]:
    """Returns findings as rows of CSV, with a header."""
    header = ("check", "core_table", "subject", "text", "releases")
    return [
        header,
        *((each.check, each.table, each.subject, each.text, ";".join(each.releases)) for each in findings),
    ]
