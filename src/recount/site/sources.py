"""Sources and releases: what each holds, where it came from, what became of its rows, and what the checks found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from recount.declare.sources import KnownRelease
from recount.site.accounts import Accounts, Found, rows_of
from recount.site.chapters import Chapter, Contents
from recount.site.exhibits import as_csv_file
from recount.site.material import Material
from recount.site.receipts import data_path
from recount.site.shell import Shell
from recount.site.told import Told

INDEX = "sources/index.html"


@dataclass(frozen=True)
class ReleaseLine:
    """A release in the list of its source."""

    release: KnownRelease
    published: str
    authority: str
    findings: int


def path_of_source(source: str) -> str:
    """Returns where the page of a source lies."""
    return f"sources/{source}.html"


def path_of_release(release: str) -> str:
    """Returns where the page of a release lies."""
    return f"releases/{release}.html"


def source_chapters(material: Material) -> Iterator[Chapter]:
    """Yields the list of sources, a chapter for each, and one for each release."""
    accounts = Accounts(material)
    yield Chapter((INDEX,), lambda: Contents({INDEX: lambda shell: _list(accounts, shell)}))
    for source in accounts.releases:
        yield _source_chapter(source, accounts)
    for each in material.record.record.releases.values():
        yield _release_chapter(each, accounts)


def published(release: KnownRelease, shell: Shell) -> str:
    """Returns when a release came out, as far as it is known."""
    first, last = release.published_from, release.published_to
    if first is not None and first == last:
        return shell.words.date(first)
    if first is not None and last is not None:
        return shell.words.say("value_between", low=shell.words.date(first), high=shell.words.date(last))
    if first is not None:
        return shell.words.say("report_not_before", date=shell.words.date(first))
    return shell.words.say("report_unknown")


def _source_chapter(source: str, accounts: Accounts) -> Chapter:
    path = path_of_source(source)
    return Chapter((path,), lambda: Contents({path: lambda shell: _source(source, accounts, shell)}))


def _release_chapter(release: KnownRelease, accounts: Accounts) -> Chapter:
    path = path_of_release(release.release)

    def contents() -> Contents:
        findings = accounts.findings_of(release.release)
        files = {}
        if findings:
            files[data_path(f"findings-{release.release}", "csv")] = lambda: as_csv_file(
                list(rows_of(findings))
            )
        return Contents({path: lambda shell: _release(release, accounts, shell)}, files)

    return Chapter((path, data_path(f"findings-{release.release}", "csv")), contents)


def _list(accounts: Accounts, shell: Shell) -> bytes:
    material = accounts.material
    sources = [
        (material.catalog.sources[source], releases, max(each.covers_through for each in releases))
        for source, releases in accounts.releases.items()
        if source in material.catalog.sources
    ]
    return shell.render("sources.html.j2", INDEX, sources=sources)


def _source(source: str, accounts: Accounts, shell: Shell) -> bytes:
    material = accounts.material
    lines = [
        ReleaseLine(
            each,
            published(each, shell),
            shell.words.label("authorities", each.authority),
            len(accounts.findings_of(each.release)),
        )
        for each in accounts.releases[source]
    ]
    return shell.render(
        "source.html.j2", path_of_source(source), source=material.catalog.sources[source], lines=lines
    )


def _release(release: KnownRelease, accounts: Accounts, shell: Shell) -> bytes:
    material = accounts.material
    beside = accounts.releases[release.source]
    place = beside.index(release)
    tables: dict[str, int] = {}
    for each in accounts.files_of(release):
        for table, rows in each.core_rows.items():
            tables[table] = tables.get(table, 0) + rows
    return shell.render(
        "release.html.j2",
        path_of_release(release.release),
        release=release,
        source=material.catalog.sources[release.source],
        published=published(release, shell),
        authority=shell.words.label("authorities", release.authority),
        files=accounts.files_of(release),
        tables=sorted(tables.items()),
        parts=[each for each in material.record.record.parts if each.release == release.release],
        restated=_named(accounts.found_in(release.release, restating=True), accounts, shell),
        findings=_named(accounts.found_in(release.release, restating=False), accounts, shell),
        told=Told(shell),
        findings_file=data_path(f"findings-{release.release}", "csv"),
        later=beside[place - 1] if place else None,
        earlier=beside[place + 1] if place + 1 < len(beside) else None,
    )


def _named(found: list[Found], accounts: Accounts, shell: Shell) -> list[tuple[str, Found]]:
    of_reading = of_workbooks(shell)
    return [
        (accounts.checks.get(each.check) or of_reading.get(each.check, each.check), each) for each in found
    ]


def of_workbooks(shell: Shell) -> dict[str, str]:
    """Returns what reading a workbook can find besides the declared checks, in words, by its name."""
    _ = shell.gettext
    return {
        "blank_cell": _("Cells are empty beside numbers."),
        "broken_sequence": _("A column or row is not of the time that follows the one before."),
        "date_of_another_year": _("A note or a sheet gives a day of another fiscal year."),
        "fiscal_year_differs_from_name": _("The name of the file says another fiscal year than its content."),
        "hidden_sheet": _("A sheet is hidden, and not read."),
        "missing_heading": _("A column that a table is known to have is not there."),
        "missing_sheet": _("A sheet that workbooks of the year have is not there."),
        "missing_table": _("A table that its sheet is known to have is not there."),
        "no_date": _("No note gives the day through which a table counts."),
        "no_label": _("Numbers stand in rows without a label."),
        "repeated_figure": _("A figure is printed a second time in one table."),
        "repeated_sheet": _("Two sheets are of one kind and fiscal year."),
        "table_without_date": _("A table has no day through which it counts, and is not read."),
        "unknown_cells": _("Cells that no layout knows."),
        "unknown_sheet": _("Sheets that no layout knows."),
    }
