"""Declarations of measures over individual records, and of the mistakes that their answers guard against."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator
from pydantic import Field as PydanticField

from recount.declare.events import Generation
from recount.declare.measures import Caveat, Conditions
from recount.declare.naming import no_such_name
from recount.declare.tables import Warnings
from recount.declare.text import Declared, Text

if TYPE_CHECKING:
    from recount.declare.event_catalog import EventCatalog

PERIODS = ("administration", "calendar_year", "fiscal_year", "quarter", "month", "week")
"""Spans of time by which every measure of events can be split, the widest first. A fiscal year is the federal
one, October to September, named after the year it ends in; a quarter is one of the calendar year; a week begins
on Monday and is numbered as ISO 8601 numbers it."""
AS_RECORDED = "as_recorded"


class Dimension(Declared):
    """What events can be limited to and split by: a column, or something that follows from it.

    `grouped` takes the groups of the column's codes. `ages` are the lowest ages of bands: the column is then
    a year of birth, and the age the year of the event less that year, which is right to within a year.
    """

    column: str
    grouped: bool = False
    ages: list[int] = []

    @model_validator(mode="after")
    def _one_kind(self) -> Dimension:
        if self.grouped and self.ages:
            raise ValueError("a dimension is grouped or has ages, not both")
        if self.ages != sorted(set(self.ages)) or (self.ages and self.ages[0] != 0):
            raise ValueError("ages rise from 0")
        return self


def _as_column(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


AnyDimension = Annotated[Dimension, BeforeValidator(_as_column, json_schema_input_type=str | Dimension)]


class EventOption(Declared):
    """One way to decide a fork.

    Of a fork of rows: `rule`, a rule of `linking.yml` for every release, or `rule_by_generation`, for releases
    of those generations alone. Of columns: another `date`, or other `columns` of dimensions. Of a
    numerator: `where`, what counts.
    """

    option: str
    label: Text
    rule: str | None = None
    rule_by_generation: dict[Generation, str] = {}
    date: str | None = None
    columns: dict[str, str] = {}
    where: Conditions = {}


class EventFork(Declared):
    """A named choice of one kind, with its default declared before results were looked at."""

    fork: str
    kind: Literal["rows", "column", "numerator"]
    question: Text
    options: list[EventOption] = PydanticField(min_length=2)
    default: str
    decided: datetime.date
    reason: str

    @model_validator(mode="after")
    def _whole(self) -> EventFork:
        names = [each.option for each in self.options]
        if len(set(names)) != len(names):
            raise ValueError("two options have the same name")
        if self.default not in names:
            raise ValueError(f"the default {self.default!r} is none of its options: {', '.join(names)}")
        for each in self.options:
            given = {
                "rows": bool(each.rule) + bool(each.rule_by_generation),
                "column": bool(each.date) + bool(each.columns),
                "numerator": int(bool(each.where)),
            }
            if given.pop(self.kind) != 1 or any(given.values()):
                raise ValueError(f"the option {each.option!r} does not say one thing about {self.kind}")
        return self

    def option(self, name: str) -> EventOption:
        """Returns the option called `name`; a reading names no other than those declared."""
        return next(each for each in self.options if each.option == name)


class EventMeasure(Declared):
    """A named definition over one table of individual records.

    `date` places a row in time, where it is not the table's own date. `dimensions` are what it can be limited
    to and split by, beside spans of time. `where` limits the population; `counts`, or a fork of the
    numerator, says what of it a share counts. A duration or a population names the `function` that works it out;
    a duration says within how many days it asks (`within_days`).
    """

    measure: str
    title: Text
    description: Text
    table: str
    population: Text
    unit: Literal["events", "people", "stints", "stays", "days"]
    kind: Literal["count", "share", "duration", "population"]
    date: str | None = None
    dimensions: dict[str, AnyDimension] = {}
    where: Conditions = {}
    counts: Conditions = {}
    forks: list[EventFork] = []
    function: str | None = None
    within_days: list[int] = []
    caveats: list[Caveat] = []

    @model_validator(mode="after")
    def _whole(self) -> EventMeasure:
        for kind in ("rows", "numerator"):
            if sum(each.kind == kind for each in self.forks) > 1:
                raise ValueError(f"only one fork can decide the {kind}")
        if (self.kind == "share") != (
            bool(self.counts) or any(each.kind == "numerator" for each in self.forks)
        ):
            raise ValueError("a share says what of the population it counts, and nothing else does")
        if (self.kind in ("duration", "population")) != (self.function is not None):
            raise ValueError("a duration or a population names its function, and nothing else does")
        if (self.kind == "duration") != bool(self.within_days):
            raise ValueError("a duration says within how many days it asks, and nothing else does")
        taken = sorted({*PERIODS, "date", "release", "reading", "within_days"} & set(self.dimensions))
        if taken:
            raise ValueError(f"a dimension may not be called {', '.join(taken)}: every measure has it")
        return self

    def default_reading(self) -> dict[str, str]:
        """Returns the reading that takes the default at every fork."""
        return {each.fork: each.default for each in self.forks}

    def readings(self, forks: Mapping[str, EventFork] | None = None) -> list[dict[str, str]]:
        """Returns every reading, the default one first; at forks left out of `forks` all take the default."""
        found = [self.default_reading()]
        for fork in self.forks if forks is None else forks.values():
            options = sorted(fork.options, key=lambda each: each.option != fork.default)
            found = [reading | {fork.fork: each.option} for reading in found for each in options]
        return found

    def options(self, reading: Mapping[str, str], kind: str) -> list[EventOption]:
        """Returns the options that `reading` takes at forks of one kind."""
        return [each.option(reading[each.fork]) for each in self.forks if each.kind == kind]


class CutOffs(Declared):
    """Releases by the day on which they end, both ends included."""

    from_date: datetime.date = PydanticField(alias="from")
    to_date: datetime.date = PydanticField(alias="to")


class Guard(Declared):
    """A mistake that a question invites, told with the answer, and what to do instead.

    It speaks where every condition that it gives is met: the measure's table is among `tables` and its unit
    among `units`; the question names one of `dimensions`; the answer has events on both sides of `spans`; a
    release that it uses has its cut-off within one of `cut_offs`. Where a question is limited to areas of
    responsibility, `covers_text` says which states each covers, with {label} and {covers}.
    """

    warning: str
    tables: list[str] = []
    units: list[str] = []
    dimensions: list[str] = []
    spans: datetime.date | None = None
    cut_offs: list[CutOffs] = []
    covers_text: Text | None = None
    fix: Text
    source: str


class Guards(Declared):
    """All mistakes that answers about individual records guard against."""

    guards: list[Guard]


def find_event_measure_problems(events: EventCatalog, warnings: Warnings) -> Iterator[tuple[str, str]]:
    """Yields where measures and guards do not fit tables, code lists or the vocabulary of warnings.

    Returns pairs of the catalog file and what is wrong there.
    """
    for name, measure in events.measures.items():
        where = events.files["measure", name]
        if measure.table not in events.tables:
            yield where, f"table: {no_such_name('table', measure.table, events.tables)}"
            continue
        yield from ((where, each) for each in _field_problems(measure, events))
        yield from ((where, each) for each in _condition_problems(measure, events))
    known = [each.warning for each in warnings.warnings]
    for guard in events.guards.guards:
        if guard.warning not in known:
            yield GUARDS_FILE, f"warning: {no_such_name('warning', guard.warning, known)}"
        for table in guard.tables:
            if table not in events.tables:
                yield GUARDS_FILE, f"{guard.warning}: {no_such_name('table', table, events.tables)}"


GUARDS_FILE = "guards.yml"


def _field_problems(measure: EventMeasure, events: EventCatalog) -> Iterator[str]:
    fields = {each.name: each for each in events.tables[measure.table].fields}
    dates = [("date", measure.date)]
    columns = [(f"dimension {name}", each.column) for name, each in measure.dimensions.items()]
    for fork in measure.forks:
        for option in fork.options:
            at = f"fork {fork.fork}, option {option.option}"
            dates.append((at, option.date))
            columns += [(at, each) for each in option.columns.values()]
            for name in option.columns:
                if name not in measure.dimensions:
                    yield f"{at}: {no_such_name('dimension', name, measure.dimensions)}"
    for at, column in [*dates, *columns]:
        if column is not None and column not in fields:
            yield f"{at}: {no_such_name(f'field of {measure.table}', column, fields)}"
    for at, column in dates:
        if column in fields and fields[column].type != "date":
            yield f"{at}: {column} is no date"
    for name, each in measure.dimensions.items():
        if each.column in fields and each.grouped and fields[each.column].codes is None:
            yield f"dimension {name}: {each.column} has no codes, and so no groups"


def _condition_problems(measure: EventMeasure, events: EventCatalog) -> Iterator[str]:
    conditions = [("where", measure.where), ("counts", measure.counts)]
    conditions += [
        (f"fork {fork.fork}, option {option.option}", option.where)
        for fork in measure.forks
        for option in fork.options
    ]
    fields = {each.name: each for each in events.tables[measure.table].fields}
    for at, given in conditions:
        for name, codes in given.items():
            if name not in measure.dimensions:
                yield f"{at}: {no_such_name('dimension', name, measure.dimensions)}"
                continue
            field = fields.get(measure.dimensions[name].column)
            if field is None or field.codes is None or field.codes not in events.codes:
                continue
            known = [each.code for each in events.codes[field.codes].codes]
            for code in codes:
                if code not in known:
                    yield f"{at}: {no_such_name(f'code of {field.codes}', code, known)}"
