"""Headers of released tables of individual records: found by their names, and known by them alone."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from recount.declare.event_catalog import EventCatalog
from recount.declare.events import EventColumn, EventLayout
from recount.errors import LayoutError, Worded, nearest_names

_NOT_NAME = re.compile(r"[^a-z0-9]+")
_WHOLE = r"^\d+(?:\.0+)?$"
_SHOWN = 8


def normalise_header(name: str) -> str:
    """Returns a header as it is compared: small letters and digits, and nothing else.

    A workbook's "Apprehension Date", a processed file's "apprehension_date" and the "ApprehensionDate" of a
    program that takes no spaces are one name.
    """
    return _NOT_NAME.sub("", name.casefold())


@dataclass(frozen=True)
class Recognised:
    """A header and the layout that it is of.

    `columns` gives the declared column at each place of the header, none where the whole column is blank.
    `why` says what it was recognised by; `absent` names declared columns that the file lacks.
    `is_exact` says that the header has the layout's names and no others. `release` is the one that the header
    tells: that of every layout of its table that has all its names of core fields, where they agree.
    """

    layout: EventLayout
    columns: tuple[EventColumn | None, ...]
    why: str
    absent: tuple[str, ...]
    is_exact: bool
    release: str | None = None


class KnownHeaders:
    """The headers of all layouts, ready to be compared."""

    def __init__(self, catalog: EventCatalog) -> None:
        self.catalog = catalog
        self.reading = catalog.reading
        self.layouts = dict(sorted(catalog.layouts.items()))
        self.names = {
            name: Counter(normalise_header(each.name) for each in layout.columns)
            for name, layout in self.layouts.items()
        }
        self.known = {name for each in self.names.values() for name in each}
        self.added = {
            normalise_header(each.name): EventColumn(name=each.name, unused=each.reason)
            for each in self.reading.added_names
        }
        self.nameless = re.compile(self.reading.nameless, re.IGNORECASE)

    def find_row(self, rows: Iterable[Sequence[str | None]]) -> int | None:
        """Returns the place of the first row that is a header, or `None`.

        A header is a row with enough names that some layout declares, which are enough of its filled cells; how
        many these are, and among how many rows, stands in the catalog's `reading`.
        """
        for index, row in enumerate(itertools.islice(rows, self.reading.header_rows)):
            filled, known = self._count(row)
            if known >= self.reading.header_names and known >= self.reading.header_share * filled:
                return index
        return None

    def find_likely_row(self, rows: Iterable[Sequence[str | None]]) -> int | None:
        """Returns the place of the row that would be a header if more of its names were known, or `None`.

        Of rows that hold enough names which some layout declares, and in which a smaller share of the filled
        cells are such names, the one with most of them; among equals the first.
        """
        best: tuple[int, int] | None = None
        for index, row in enumerate(itertools.islice(rows, self.reading.header_rows)):
            filled, known = self._count(row)
            likely = known >= self.reading.header_names and known >= self.reading.header_likely_share * filled
            if likely and (best is None or known > best[0]):
                best = known, index
        return None if best is None else best[1]

    def _count(self, row: Sequence[str | None]) -> tuple[int, int]:
        """Returns how many cells of a row are filled, and how many of those are declared names, each once."""
        filled = [normalise_header(cell) for cell in row if cell is not None and cell.strip()]
        return len(filled), len({name for name in filled if name in self.known})

    def recognise(
        self, header: Sequence[str | None], where: str, rows: pl.DataFrame | None = None
    ) -> Recognised:
        """Returns the layout of a header.

        Args:
            header: the names, by place.
            where: file and sheet, for messages.
            rows: the rows below it, a column of text for each place; none where only the head is read.

        Raises:
            LayoutError: naming each unknown header and those nearest to it, where no layout fits; or columns
                that have values and no name.
        """
        nameless = {index for index, name in enumerate(header) if self._is_nameless(name)}
        left = self._leave_nameless(sorted(nameless), where, rows) if rows is not None else {}
        named = {
            index: normalise_header(str(name)) for index, name in enumerate(header) if index not in nameless
        }
        names = Counter(named.values())
        exact = [name for name, wanted in self.names.items() if wanted == names]
        found = self._exactly(exact, header, named) if exact else self._nearly(names, header, named, where)
        if not left:
            return found
        columns = (left.get(index, each) for index, each in enumerate(found.columns))
        return dataclasses.replace(found, columns=tuple(columns))

    def _is_nameless(self, name: str | None) -> bool:
        text = (name or "").strip()
        return self.nameless.match(text) is not None or not normalise_header(text)

    def _leave_nameless(
        self, places: Sequence[int], where: str, rows: pl.DataFrame
    ) -> dict[int, EventColumn]:
        """Returns the columns without a name that go nowhere, and why; blank ones are none.

        Raises:
            LayoutError: where one holds values that do not number the rows, in more than a few of them.
        """
        left: dict[int, EventColumn] = {}
        refused: list[int] = []
        for place in places:
            text = rows.get_column(str(place)).str.strip_chars().replace("", None)
            filled = text.len() - text.null_count()
            if not filled:
                continue
            if filled == text.len() and text.str.contains(_WHOLE).all() and text.n_unique() == filled:
                why = "It has no name, and numbers the rows."
            elif filled <= self.reading.nameless_share * text.len():
                why = f"It has no name, and is filled in {filled:,} of {text.len():,} rows."
            else:
                refused.append(place)
                continue
            left[place] = EventColumn(name=f"column {place + 1}", unused=why)
        if refused:
            raise LayoutError(
                f"{where}: columns hold values and have no name.",
                [
                    ("columns", ", ".join(str(place + 1) for place in refused[:_SHOWN])),
                    ("fix", "give each a name that a layout declares, or take it out of the file"),
                ],
            )
        return left

    def _exactly(
        self, exact: list[str], header: Sequence[str | None], named: Mapping[int, str]
    ) -> Recognised:
        layout = self.layouts[exact[0]]
        said = {"number": str(len(layout.columns)), "layout": layout.layout}
        why = Worded("its header has exactly the %(number)s names of %(layout)s", **said)
        if len(exact) > 1:
            why = Worded(
                "its header has exactly the %(number)s names of %(layout)s (as have %(names)s)",
                **said,
                names=", ".join(exact[1:]),
            )
        return Recognised(layout, _place(layout.columns, header, named), why, (), True, layout.release)

    def _nearly(
        self, names: Counter[str], header: Sequence[str | None], named: Mapping[int, str], where: str
    ) -> Recognised:
        """Returns the nearest layout of one table whose other layouts declare what it lacks."""
        by_table = self._columns_of_tables()
        fitting: list[tuple[int, str]] = []
        for name, wanted in self.names.items():
            layout = self.layouts[name]
            extra = names - wanted
            shared = sum((names & wanted).values())
            fields = {each.to for each in layout.columns if normalise_header(each.name) in names}
            dated = bool({self._date(layout), self._date(layout).replace("_date", "_datetime")} & fields)
            known = all(each in by_table[layout.table] for each in extra)
            if known and dated and shared >= self.reading.layout_share * sum(wanted.values()):
                fitting.append(((extra.total() + (wanted - names).total()), name))
        if not fitting:
            raise self._unknown(names, header, where)
        layout = self.layouts[min(fitting)[1]]
        wanted = self.names[layout.layout]
        extra_columns = [
            self._nearest_meaning(layout, by_table[layout.table][each])
            for each in (names - wanted).elements()
        ]
        absent = _absent(layout.columns, names)
        filled = [each.to for each in (*layout.columns, *extra_columns) if each.to is not None]
        for each in absent:
            if each.to is not None:
                filled.remove(each.to)
        twice = [each.name for each in extra_columns if each.to is not None and filled.count(each.to) > 1]
        if twice:
            raise LayoutError(
                f"{where}: columns that would fill a field which another column fills.",
                [("columns", ", ".join(twice)), ("layout", layout.layout)],
            )
        said = [f"its header is nearest to {layout.layout}"]
        if absent:
            said.append(f"without {', '.join(each.name for each in absent)}")
        if extra_columns:
            said.append(
                f"with {', '.join(each.name for each in extra_columns)} as other layouts of its table"
            )
        columns = _place([*layout.columns, *extra_columns], header, named)
        told = self._told(layout.table, columns)
        return Recognised(layout, columns, "; ".join(said), tuple(each.name for each in absent), False, told)

    def _told(self, table: str, columns: Iterable[EventColumn | None]) -> str | None:
        """Returns the one release of the layouts of a table that have all names which go to core fields.

        Where no layout has them all, layouts of one release may have them together: the project names the columns
        of a release now as released, now as before.
        """
        names = Counter(normalise_header(each.name) for each in columns if each is not None and each.to)
        layouts = [each for each in self.layouts.values() if each.table == table]
        told = {each.release for each in layouts if names <= self.names[each.layout]}
        if not told:
            together: dict[str | None, set[str]] = {}
            for each in layouts:
                together.setdefault(each.release, set()).update(self.names[each.layout])
            told = {release for release, known in together.items() if names.keys() <= known}
        return told.pop() if len(told) == 1 else None

    def _columns_of_tables(self) -> dict[str, dict[str, list[tuple[EventLayout, EventColumn]]]]:
        """Returns, by table and name, every declared column with its layout; and those that any table may gain."""
        found: dict[str, dict[str, list[tuple[EventLayout, EventColumn]]]] = {}
        for layout in self.layouts.values():
            of_table = found.setdefault(layout.table, {})
            for each in layout.columns:
                of_table.setdefault(normalise_header(each.name), []).append((layout, each))
        for layout in self.layouts.values():
            of_table = found[layout.table]
            for name, column in self.added.items():
                of_table.setdefault(name, [(layout, column)])
        return found

    def _nearest_meaning(
        self, layout: EventLayout, known: Sequence[tuple[EventLayout, EventColumn]]
    ) -> EventColumn:
        """Returns what a name means in the layout nearest to `layout`: one name has had several meanings."""

        def distance(other: EventLayout) -> tuple[bool, bool, bool, int, str]:
            shared = sum((self.names[other.layout] & self.names[layout.layout]).values())
            return (
                other.source != layout.source,
                other.generation != layout.generation,
                other.form != layout.form,
                -shared,
                other.layout,
            )

        return min(known, key=lambda each: distance(each[0]))[1]

    def _date(self, layout: EventLayout) -> str:
        date = self.catalog.tables[layout.table].date
        # An inferred date follows from a released one, which no single column holds.
        return "departed_date" if date == "removal_date_inferred" else date

    def _unknown(self, names: Counter[str], header: Sequence[str | None], where: str) -> LayoutError:
        nearest = max(
            self.names, key=lambda name: (sum((names & self.names[name]).values()), name), default=None
        )
        known_names = self.known | self.added.keys()
        unknown = [
            str(each)
            for each in header
            if not self._is_nameless(each) and normalise_header(str(each)) not in known_names
        ]
        facts = []
        if nearest is not None:
            lacking = [
                each.name
                for each in self.layouts[nearest].columns
                if normalise_header(each.name) not in names
            ]
            facts.append(("nearest", f"{nearest} ({self.layouts[nearest].table})"))
            if lacking:
                facts.append(("it has also", ", ".join(lacking[:_SHOWN])))
        known = sorted({each.name for layout in self.layouts.values() for each in layout.columns})
        for each in unknown[:_SHOWN]:
            close = nearest_names(each, known, 3)
            facts.append(("unknown", f"{each!r}, nearest: {', '.join(close) if close else 'none'}"))
        if not unknown:
            facts.append(("because", "each name is known, and no table has enough of them with its date"))
        if len(unknown) > _SHOWN:
            facts.append(("more", f"{len(unknown) - _SHOWN} further unknown names"))
        facts.append(("fix", self._file_to_edit(nearest)))
        return LayoutError(f"{where}: no layout has this header.", facts)

    def _file_to_edit(self, nearest: str | None) -> str:
        if nearest is None:
            return "declare the layout under sources/<source>/event-layouts"
        return f"declare the layout beside {self.catalog.file_to_edit('layout', nearest)}"


def _absent(columns: Sequence[EventColumn], names: Counter[str]) -> list[EventColumn]:
    """Returns the declared columns that a header lacks; of two of one name, the later one."""
    left = Counter(names)
    absent = []
    for each in columns:
        name = normalise_header(each.name)
        if left[name]:
            left[name] -= 1
        else:
            absent.append(each)
    return absent


def _place(
    columns: Iterable[EventColumn], header: Sequence[str | None], named: Mapping[int, str]
) -> tuple[EventColumn | None, ...]:
    """Returns the declared column at each place; of two of one name the first goes to the first."""
    waiting: dict[str, list[EventColumn]] = {}
    for each in columns:
        waiting.setdefault(normalise_header(each.name), []).append(each)
    return tuple(waiting[named[index]].pop(0) if index in named else None for index in range(len(header)))
