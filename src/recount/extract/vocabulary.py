"""What the texts of a workbook mean: titles of tables, labels of rows and headings of columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from recount.declare.tables import CodeList
from recount.declare.workbooks import Assigns, Period, PrintedTable, SheetLayout
from recount.extract.cells import join_spaces

Dimensions = Mapping[str, str]


class Said(NamedTuple):
    """What a label, or all headings of a column, say of numbers.

    Dimensions, and figure, unit and period where those differ from the table's. What `carries` holds for
    the labels below too; what is said `again` may have been said of other numbers before; what stands
    `alone` is said of no numbers beside it.
    """

    dimensions: Dimensions
    carries: bool = False
    figure: str | None = None
    unit: str | None = None
    period: Period | None = None
    again: bool = False
    alone: bool = False


NOTHING = Said({})


class Vocabulary:
    """Which texts mean what. Remembers what it was asked: workbooks repeat themselves."""

    def __init__(self, codes: Mapping[str, CodeList]) -> None:
        self._spellings = {
            name: {
                join_spaces(spelling).casefold(): code
                for spelling, code in each.by_spelling().items()
                if code is not None
            }
            for name, each in codes.items()
        }
        self._said: dict[tuple[int, str], Said | None] = {}
        self._titles: dict[tuple[int, str], tuple[tuple[PrintedTable, str | None], ...]] = {}
        self._by_title: dict[tuple[int, str | None], Said] = {}
        self._together: dict[tuple[int, ...], tuple[Said, tuple[Said, ...]]] = {}
        # What is kept keeps its identity to itself.
        self._asked: dict[int, object] = {}

    def titles(self, layout: SheetLayout, text: str) -> tuple[tuple[PrintedTable, str | None], ...]:
        """Returns the tables of a sheet that `text` is the title of, with what the title sets."""
        key = (id(layout), text)
        if key not in self._titles:
            self._asked[id(layout)] = layout
            matches = [(table, table.title_pattern.fullmatch(text)) for table in layout.tables]
            self._titles[key] = tuple(
                (table, match[1] if table.title_sets and match.re.groups else None)
                for table, match in matches
                if match is not None
            )
        return self._titles[key]

    def say(self, assigns: Sequence[Assigns], text: str) -> Said | None:
        """Returns what `text` says by the first of `assigns` that knows it, or `None`."""
        key = (id(assigns), text)
        if key not in self._said:
            self._asked[id(assigns)] = assigns
            self._said[key] = next(
                (said for each in assigns if (said := self._said_by(each, text)) is not None), None
            )
        return self._said[key]

    def say_by_title(self, table: PrintedTable, says: str | None) -> Said:
        """Returns what is said of all numbers of a table by itself, and by what its title names."""
        key = (id(table), says)
        if key not in self._by_title:
            self._asked[id(table)] = table
            by_title = {table.title_sets: says} if table.title_sets is not None and says is not None else {}
            self._by_title[key] = Said({**table.sets, **by_title})
        return self._by_title[key]

    def say_together(self, said: tuple[Said, ...]) -> Said:
        """Returns what several labels, or headings, say together: later ones go before earlier ones."""
        if len(said) == 1:
            return said[0]
        key = tuple(map(id, said))
        if key not in self._together:
            self._together[key] = _join(said), said
        return self._together[key][0]

    def _said_by(self, assigns: Assigns, text: str) -> Said | None:
        dimensions = dict(assigns.sets)
        if assigns.codes is not None:
            code = self._spellings[assigns.codes].get(text.casefold())
            if code is None:
                return None
            dimensions[str(assigns.dimension)] = code
        else:
            match = re.fullmatch(str(assigns.pattern), text, re.IGNORECASE)
            if match is None:
                return None
            if assigns.dimension is not None:
                dimensions[assigns.dimension] = match[1] if match.re.groups else text
        own = (assigns.carries, assigns.figure, assigns.unit, assigns.period, assigns.again, assigns.alone)
        return Said(dimensions, *own)


def _join(all_said: Sequence[Said]) -> Said:
    dimensions: dict[str, str] = {}
    figure, unit, period, again = None, None, None, False
    for each in all_said:
        dimensions.update(each.dimensions)
        figure = each.figure or figure
        unit = each.unit or unit
        period = each.period or period
        again = each.again
    return Said(dimensions, False, figure, unit, period, again)
