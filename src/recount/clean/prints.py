"""Prints gathered in one file: each a release of its own."""

from __future__ import annotations

import datetime
import re
from urllib.parse import urlsplit

from recount.acquire.files import SourceFile
from recount.clean.values import Row, show_cells
from recount.declare.catalog import Catalog
from recount.declare.sources import KnownRelease, Layout, Release
from recount.declare.text import Text
from recount.errors import ValueInFileError

Edition = tuple[datetime.date | None, datetime.date | None]
TWO_SOURCES = "two sources agree"


class Prints:
    """The prints that rows of one file name, each a release.

    A print is known by its address and its dates: the first edition at a declared address has the
    declared name, later ones add their date, and others are named after host and first date. A second
    source in a row is a print of its own, of which the row gives neither address nor dates.

    Raises:
        ValueInFileError: where rows of one print contradict each other, or dates are out of order.
    """

    def __init__(self, file: SourceFile, layout: Layout, catalog: Catalog, rows: list[Row]) -> None:
        self.file = file
        self.layout = layout
        self.catalog = catalog
        self._by_url = {each.url: each for each in catalog.releases.values() if each.url}
        self._by_spelling = {
            spelling: each for each in catalog.releases.values() for spelling in each.spellings
        }
        self._rows_of: dict[str, list[Row]] = {}
        self._declared: dict[str, Release | None] = {}
        self._first: dict[str, tuple[Row, str]] = {}
        self._names: dict[int, list[str]] = {}
        editions: dict[str, set[Edition]] = {}
        for row in rows:
            editions.setdefault(_address(row), set()).add(
                (row.date("published_from"), row.date("published_to"))
            )
        for row in rows:
            self._refuse_impossible_dates(row)
            first_edition = min(editions[_address(row)], key=_in_order)
            later = (row.date("published_from"), row.date("published_to")) != first_edition
            self._names[row.number] = [
                self._name(row, source, first=index == 0, later=later)
                for index, source in enumerate(_sources_of(row))
            ]

    def of_row(self, row: Row) -> list[KnownRelease]:
        """Returns the prints that a row names, the first one first."""
        return [self._release(name) for name in self._names[row.number]]

    def declared_as(self, name: str) -> Release | None:
        """Returns what the catalog declares of a print, `None` where nothing."""
        return self._declared[name]

    def all(self) -> list[KnownRelease]:
        """Returns every print, by name."""
        return [self._release(name) for name in sorted(self._rows_of)]

    def _name(self, row: Row, source: str, *, first: bool, later: bool) -> str:
        url = row.values["url"]
        declared = self._by_url.get(str(url)) if first and url else self._by_spelling.get(source)
        if declared is not None:
            name = declared.release
        else:
            stem = _slug(_host(str(url)) if first and url else source)
            name = f"{stem}-{_when(row) if first else 'undated'}"
        if later and first and declared is not None:
            name = f"{name}-{_when(row)}"
        self._rows_of.setdefault(name, []).append(row)
        self._declared.setdefault(name, declared)
        known, known_source = self._first.setdefault(name, (row, source if first else ""))
        if first and known_source and known.text("grade") != row.text("grade"):
            raise ValueInFileError(
                f"{self.file.relative}: two rows of one print give it two grades.",
                [
                    ("print", name),
                    ("cells", show_cells([(each.number, each.text("grade")) for each in (known, row)])),
                    ("fix", "a print has one grade: mend the file"),
                ],
            )
        if first and known_source and _edition(known) != _edition(row):
            raise ValueInFileError(
                f"{self.file.relative}: two prints would have one name.",
                [
                    ("print", name),
                    ("cells", "\n".join(f"row {each.number:,}: {_edition(each)}" for each in (known, row))),
                    (
                        "fix",
                        "mend the file; or, if they are two prints, declare them by their addresses beside\n"
                        + self.catalog.file_to_edit("source", self.layout.source),
                    ),
                ],
            )
        if first and not known_source:
            self._first[name] = (row, source)
        return name

    def _refuse_impossible_dates(self, row: Row) -> None:
        first, last, through = (row.date(each) for each in ("published_from", "published_to", "through"))
        if first is not None and last is not None and first > last:
            problem = "published_from is after published_to"
        elif last is not None and through is not None and last < through and _is_to_the_day(row):
            problem = "it was published before the last day that it counts"
        else:
            return
        shown = ", ".join(
            f"{each} {row.original[each]}" for each in ("through", "published_from", "published_to")
        )
        raise ValueInFileError(
            f"{self.file.relative}, row {row.number:,}: {problem}.",
            [
                ("cells", shown),
                (
                    "fix",
                    "mend the file, or add a correction with its reason to\n"
                    + self.catalog.corrections_file(self.layout.source),
                ),
            ],
        )

    def _release(self, name: str) -> KnownRelease:
        row, source = self._first[name]
        declared, template = self._declared[name], self.layout.undeclared_release
        through = [date for each in self._rows_of[name] if (date := each.date("through")) is not None]
        own_row = bool(source)
        authority = row.text("grade") if own_row else str(template.authority)
        if declared is not None and own_row and declared.authority != authority:
            raise ValueInFileError(
                f"{self.file.relative}, row {row.number:,}: the grade is not this print's declared authority.",
                [
                    ("print", name),
                    ("file", f"{row.original['grade']} ({authority})"),
                    (
                        "catalog",
                        f"{declared.authority}, in {self.catalog.file_to_edit('release', declared.release)}",
                    ),
                    ("fix", "make one of them right, with the reason"),
                ],
            )
        published = None if declared is None else declared.published
        title = source or _second_source(row, name, self._names[row.number])
        return KnownRelease(
            release=name,
            source=self.layout.source,
            title=declared.title if declared else Text(en=title, es=title),
            printed_by=declared.printed_by if declared else title,
            reports=declared.reports if declared else self.layout.reports,
            url=(declared.url if declared else None)
            or (str(row.values["url"] or "") or None if own_row else None),
            published_from=row.date("published_from") if own_row else (published and published.from_date),
            published_to=row.date("published_to") if own_row else (published and published.to_date),
            published_basis=published.basis if published else template.basis,
            authority=declared.authority if declared else authority,
            lists=None,
            covers_through=max(through),
            declared=declared is not None,
            files=[self.file.released()],
        )


def _in_order(edition: Edition) -> tuple[datetime.date, datetime.date]:
    """An edition without dates comes last: its name must not change when a dated one is added."""
    first, last = edition
    return first or datetime.date.max, last or datetime.date.max


def _is_to_the_day(row: Row) -> bool:
    return row.values["through_precision"] == "day"


def _sources_of(row: Row) -> list[str]:
    source = row.text("source")
    if row.values["confidence"] != TWO_SOURCES:
        return [source]
    return [each.strip() for each in source.split(";") if each.strip()] or [source]


def _second_source(row: Row, name: str, names: list[str]) -> str:
    return _sources_of(row)[names.index(name)]


def _address(row: Row) -> str:
    return str(row.values["url"] or row.text("source"))


def _edition(row: Row) -> str:
    headers = ("url", "published_from", "published_to")
    return " | ".join(row.original[header] or "unknown" for header in headers)


def _when(row: Row) -> str:
    date = row.date("published_from")
    return "undated" if date is None else date.isoformat()


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or url
    except ValueError:
        host = url
    return host.removeprefix("www.").rsplit(".", 1)[0]


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
