"""The release that a workbook is."""

from __future__ import annotations

import datetime
import re

from recount.acquire.files import SourceFile
from recount.clean.workbook_dates import WorkbookDates, date_family
from recount.declare.catalog import Catalog
from recount.declare.sources import KnownRelease
from recount.declare.text import Text
from recount.declare.workbooks import Workbook


def release_name(file_name: str) -> str:
    """Returns the id of a workbook's release: its file's name in small letters, joined by hyphens."""
    stem = file_name.rsplit(".", 1)[0]
    return re.sub(r"[^a-z0-9]+", "-", stem.casefold()).strip("-")


def release_of(
    file: SourceFile,
    fiscal_year: int,
    dates: WorkbookDates,
    last_day: datetime.date,
    first_captured: datetime.date | None,
    catalog: Catalog,
) -> KnownRelease:
    """Returns what is known of a workbook's release.

    It came out no earlier than the last day that it names or was run on, and no later than its first
    archived copy, or some days after the date in its name; a release that the catalog dates is dated so.

    Args:
        file: the workbook's file.
        fiscal_year: the year that its content is of.
        dates: the days that it gives.
        last_day: the last of them.
        first_captured: the day on which a copy was first archived, where that is known.
        catalog: declares releases, and the template of those it does not.
    """
    workbook = dates.workbook
    release = release_name(file.name)
    declared = catalog.releases.get(release)
    published = declared.published if declared is not None else None
    run = dates.last_run if not dates.stale else None
    earliest = max([last_day, *([run] if run is not None else [])])
    latest = _latest(dates, earliest, first_captured)
    if latest is not None:
        earliest = min(earliest, latest)
    detained = date_family("detained", fiscal_year, dates.trusted, dates.fallbacks)
    covers = detained.reference.day if detained is not None else last_day
    template = workbook.release
    return KnownRelease(
        release=release,
        source=workbook.source,
        title=declared.title if declared is not None else _title(workbook, file.name, fiscal_year),
        printed_by=declared.printed_by if declared is not None else template.printed_by,
        reports=workbook.reports,
        url=declared.url if declared is not None else None,
        published_from=published.from_date if published else earliest,
        published_to=published.to_date if published else latest,
        published_basis=published.basis if published else template.basis,
        authority=declared.authority if declared is not None else str(template.authority),
        lists=None,
        covers_through=min(covers, earliest),
        declared=declared is not None,
        files=[file.released()],
    )


def _latest(
    dates: WorkbookDates, earliest: datetime.date, first_captured: datetime.date | None
) -> datetime.date | None:
    if first_captured is not None or dates.named is None:
        return first_captured
    latest = dates.named + datetime.timedelta(days=dates.workbook.out_within_days)
    # A name dated before what the workbook counts is misprinted, and says nothing.
    return latest if latest >= earliest else None


def _title(workbook: Workbook, file_name: str, fiscal_year: int) -> Text:
    template, filled = workbook.release.title, {"fiscal_year": fiscal_year, "name": file_name}
    return Text(en=template.en.format(**filled), es=template.es.format(**filled))
