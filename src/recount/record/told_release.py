"""Which release a file of individual records is part of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from recount.clean.record_cells import read_times
from recount.declare.catalog import Catalog
from recount.declare.event_catalog import EventCatalog
from recount.declare.events import EventLayout
from recount.declare.sources import Release
from recount.errors import ReleaseFileError
from recount.extract.event_files import RawEventFile

SYNTHETIC = "synthetic"
_REQUEST = re.compile(r"(?<![0-9])(\d{4})[-_ ]?(IC[A-Z]{2})[-_ ](\d{5})(?![0-9])", re.IGNORECASE)
_SEED = re.compile(r"seed-(\d+)")
_COPY = re.compile(r" ?\(\d+\)(?=\.\w+$)")
_SPACE = re.compile(r"%20|\+")
_NOT_NAME = re.compile(r"[^a-z0-9]+")


def declared_release(raw: RawEventFile, catalog: Catalog) -> Release | None:
    """Returns the release whose mark stands in the file's name or first lines, or else that its header tells.

    A header tells none where the rows below it go on after the release's cut-off: a later release has it too.

    Raises:
        ReleaseFileError: where the file bears the marks of several.
    """
    if raw.is_synthetic:
        return None
    sources = {each.recognised.layout.source for each in raw.tables}
    own = [_plain(raw.file.name), *(line for each in raw.tables for line in each.first_lines)]
    # A folder may be named after one release and hold another's file.
    found = _marked(own, catalog) or _marked([raw.file.relative], catalog)
    of_source = [each for each in found if each.source in sources] or found
    if len(of_source) > 1:
        names = ", ".join(sorted(each.release for each in of_source))
        raise ReleaseFileError(
            f"{raw.file.relative} bears the marks of several releases: {names}.",
            [("fix", "make the marks in sources/<source>/releases narrower")],
        )
    if of_source:
        return of_source[0]
    told = {each.recognised.release for each in raw.tables} - {None}
    release = catalog.releases.get(str(told.pop())) if len(told) == 1 else None
    return None if release is not None and _goes_on(raw, release, catalog.events) else release


def _plain(name: str) -> str:
    """Returns a file's name as it was given out: browsers number copies, and write spaces as signs."""
    return _COPY.sub("", _SPACE.sub(" ", name))


def _marked(texts: Sequence[str], catalog: Catalog) -> list[Release]:
    return [
        each
        for each in catalog.releases.values()
        if any(re.search(mark, text, re.IGNORECASE) for mark in each.marks for text in texts)
    ]


def _goes_on(raw: RawEventFile, release: Release, events: EventCatalog) -> bool:
    if release.cut_off is None:
        return False
    rows = after = 0
    for each in raw.tables:
        dates = event_dates(each.recognised.layout, events)
        places = [
            place for place, column in enumerate(each.recognised.columns) if column and column.to in dates
        ]
        for place in places:
            days = read_times(each.frame.get_column(str(place)).str.strip_chars()).dt.date()
            if days.count():
                rows += days.count()
                after += int(days.gt(release.cut_off).sum())
                break
    return after > events.reading.told_share_after_cut_off * rows


def event_dates(layout: EventLayout, events: EventCatalog) -> set[str]:
    """Returns the fields that place a row of a layout's table in time, as releases give them."""
    date = events.tables[layout.table].date
    if date == "removal_date_inferred":
        return {"removal_date", "departed_date"}
    return {date, date.replace("_date", "_datetime")}


def name_release(raw: RawEventFile) -> str:
    """Returns a name for a release that nothing declares: by its request number, else by its file.

    Made-up files of one seed and one generation of releases tell of the same people, so they are one release.
    """
    stem = _NOT_NAME.sub("-", raw.file.name.split(".")[0].casefold()).strip("-")
    if raw.is_synthetic:
        layout = raw.tables[0].recognised.layout
        seed = _SEED.search(stem)
        name = f"{layout.generation or layout.source}-seed-{seed[1]}".casefold() if seed else stem
        return name if name.startswith(SYNTHETIC) else f"{SYNTHETIC}-{name}"
    texts = [raw.file.relative, *(line for each in raw.tables for line in each.first_lines)]
    for text in texts:
        request = _REQUEST.search(text)
        if request is not None:
            return "-".join(request.groups()).casefold()
    return stem
