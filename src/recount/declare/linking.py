"""Declarations of how core rows are brought together: duplicate rules, and windows of matches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator
from pydantic import Field as PydanticField

from recount.declare.catalog import Catalog
from recount.declare.event_catalog import EventCatalog
from recount.declare.events import Generation
from recount.declare.naming import no_such_name
from recount.declare.text import Declared, Text
from recount.declare.yaml_text import build_model, read_yaml
from recount.errors import CatalogError, UnknownNameError

LINKING = "linking.yml"
SECONDS_OF_HOUR = 3600
Method = Literal["as_recorded", "exact", "same", "neighbours", "episodes", "lowest_bond", "two_stages"]
Nulls = Literal["first", "last"]


class SortKey(Declared):
    """One column that rows are ordered by, as text is: byte by byte.

    `values` gives the order of codes where the released text has another one than the codes; values that it
    does not name follow. `late` names values that come after all others, which it does not tell apart.
    `spelled` names the code list whose first spellings the codes are ordered by.
    """

    by: str
    values: list[str] = []
    late: list[str] = []
    spelled: str | None = None

    @model_validator(mode="after")
    def _one_order(self) -> SortKey:
        if sum(map(bool, (self.values, self.late, self.spelled))) > 1:
            raise ValueError("a column is ordered by values, by late or by spelled, not by two of them")
        return self


def _by_name(value: Any) -> Any:
    return {"by": value} if isinstance(value, str) else value


class DuplicateRule(Declared):
    """One way of saying which rows tell of one and the same event.

    Rows are compared within one release and, but for `without_identifier: compared`, within one person.

    - `as_recorded`: every row stands.
    - `exact`: a set is rows equal in every column but those that say where a row stands.
    - `same`: a set is rows equal in the columns `same`.
    - `neighbours`: a set is rows whose neighbour in time is at most `window_hours` away.
    - `episodes`: rows in order of `time`; a row more than `window_hours` after the row before it, or of
      unknown distance, begins an episode. With `same`, rows of an episode equal in them are a set.
    - `lowest_bond`: of rows equal in `same`, the last with the lowest `bond` stays.
    - `two_stages`: of rows equal in every column but `overlooked`, the first stays; of those that are then
      equal in `same`, the last.

    `time` names columns of which the first that is filled counts; so does each inner list of `same`.
    `keep` is the row of a set that stays: `all` where the rule publishes no filter, `none` where every row
    of a set of several goes. `flags` says which rows count as likely duplicates: the `members` of a set of
    several, the rows `dropped`, or those that the `second_stage` drops.
    """

    rule: str
    table: str | None = None
    generation: Generation | None = None
    method: Method
    time: list[str] = []
    window_hours: int | None = PydanticField(default=None, gt=0)
    same: list[str | list[str]] = []
    overlooked: list[str] = []
    bond: str | None = None
    nulls: Nulls = "last"
    order: list[Annotated[SortKey, BeforeValidator(_by_name, json_schema_input_type=str | SortKey)]] = []
    keep: Literal["all", "first", "last", "none"]
    flags: Literal["members", "dropped", "second_stage"] = "members"
    without_identifier: Literal["alone", "compared", "dropped"]
    text: Text
    source: str
    reason: str

    @model_validator(mode="after")
    def _parts_of_the_method(self) -> DuplicateRule:
        needs = {
            "same": {"same"},
            "neighbours": {"time", "window_hours"},
            "episodes": {"time", "window_hours"},
            "lowest_bond": {"same", "bond"},
            "two_stages": {"same", "order", "overlooked"},
        }.get(self.method, set())
        missing = sorted(each for each in needs if not getattr(self, each))
        if missing:
            raise ValueError(f"{self.method} needs {', '.join(missing)}")
        kept = {
            "as_recorded": {"all"},
            "neighbours": {"all"},
            "episodes": {"first", "none", "all"},
            "lowest_bond": {"last"},
            "two_stages": {"last"},
        }.get(self.method, {"all", "first", "last", "none"})
        if self.keep not in kept:
            raise ValueError(f"{self.method} keeps {' or '.join(sorted(kept))}")
        return self

    def window_seconds(self) -> int:
        """Returns the window in seconds; 0 where the rule has none."""
        return (self.window_hours or 0) * SECONDS_OF_HOUR

    def columns(self) -> list[str]:
        """Returns the columns that the rule reads, but for those that every event table has."""
        same = [name for each in self.same for name in ([each] if isinstance(each, str) else each)]
        bond = [] if self.bond is None else [self.bond]
        named = [*self.time, *same, *self.overlooked, *bond, *(key.by for key in self.order)]
        return list(dict.fromkeys(named))


class MatchWindow(Declared):
    """When an event and a stay can belong together, besides having one release and one identifier.

    The gap is the stay's time less the event's, in hours; both ends of the window belong to it. Of
    `event_time` and `stay_time` the first column that is filled counts.
    """

    match: str
    events: str
    event_time: list[str] = PydanticField(min_length=1)
    stay_time: list[str] = PydanticField(min_length=1)
    from_hours: int
    to_hours: int
    text: Text
    source: str
    reason: str

    @model_validator(mode="after")
    def _in_order(self) -> MatchWindow:
        if self.from_hours > self.to_hours:
            raise ValueError("from_hours lies after to_hours")
        return self

    def from_seconds(self) -> int:
        """Returns the lowest gap in seconds."""
        return self.from_hours * SECONDS_OF_HOUR

    def to_seconds(self) -> int:
        """Returns the highest gap in seconds."""
        return self.to_hours * SECONDS_OF_HOUR


class LinkingFile(Declared):
    """The catalog file `linking.yml`."""

    duplicates: list[DuplicateRule]
    matches: list[MatchWindow]

    @model_validator(mode="after")
    def _names_once(self) -> LinkingFile:
        names = [each.rule for each in self.duplicates] + [each.match for each in self.matches]
        twice = sorted({each for each in names if names.count(each) > 1})
        if twice:
            raise ValueError(f"declared twice: {', '.join(twice)}")
        return self


@dataclass(frozen=True)
class Linking:
    """Duplicate rules and match windows by name.

    `spellings` gives, for each code list that an order asks for, the first spelling of every code.
    """

    duplicates: Mapping[str, DuplicateRule]
    matches: Mapping[str, MatchWindow]
    spellings: Mapping[str, Mapping[str, str]]

    def rule(self, name: str) -> DuplicateRule:
        """Returns the duplicate rule called `name`, or answers with the nearest."""
        if name not in self.duplicates:
            raise UnknownNameError("duplicate rule", name, self.duplicates)
        return self.duplicates[name]

    def match(self, name: str) -> MatchWindow:
        """Returns the match window called `name`, or answers with the nearest."""
        if name not in self.matches:
            raise UnknownNameError("match", name, self.matches)
        return self.matches[name]

    def rules_of(self, table: str) -> list[DuplicateRule]:
        """Returns the rules that speak of `table`, in their declared order."""
        return [each for each in self.duplicates.values() if each.table in (None, table)]


def load_linking(catalog: Catalog) -> Linking:
    """Returns what `linking.yml` declares, from the overlay where it has the file.

    Raises:
        CatalogError: where the file does not fit its model, or names a table, column or code that the event
            tables do not have.
    """
    shipped, over = catalog.folders
    path = over / LINKING if (over / LINKING).is_file() else shipped / LINKING
    declared = build_model(LinkingFile, read_yaml(path, LINKING))
    problems = [(LINKING, each) for each in _problems(declared, catalog.events)]
    if problems:
        raise CatalogError("The rules of linking do not fit the event tables.", problems)
    lists = {key.spelled for rule in declared.duplicates for key in rule.order if key.spelled is not None}
    return Linking(
        duplicates={each.rule: each for each in declared.duplicates},
        matches={each.match: each for each in declared.matches},
        spellings={
            name: {each.code: (each.spellings or [each.code])[0] for each in catalog.events.codes[name].codes}
            for name in sorted(lists)
        },
    )


def _problems(declared: LinkingFile, events: EventCatalog) -> Iterator[str]:
    for rule in declared.duplicates:
        if rule.table is not None and rule.table not in events.tables:
            yield f"rule {rule.rule}: {no_such_name('table', rule.table, events.tables)}"
            continue
        if rule.table is None:
            if rule.columns():
                yield f"rule {rule.rule}: a rule of every table names no columns"
            continue
        codes = {each.name: each.codes for each in events.tables[rule.table].fields}
        for name in rule.columns():
            if name not in codes:
                yield f"rule {rule.rule}: {no_such_name(f'field of {rule.table}', name, codes)}"
        for key in rule.order:
            code_list = codes.get(key.by)
            known = [each.code for each in events.codes[code_list].codes] if code_list is not None else []
            if key.spelled is not None and key.spelled != codes.get(key.by):
                yield f"rule {rule.rule}: {key.by} has no codes of {key.spelled}"
            for value in (*key.values, *key.late):
                if value not in known:
                    yield f"rule {rule.rule}, {key.by}: {no_such_name('code', value, known)}"
    for match in declared.matches:
        if match.events not in events.tables:
            yield f"match {match.match}: {no_such_name('table', match.events, events.tables)}"
            continue
        fields = [each.name for each in events.tables[match.events].fields]
        stints = [each.name for each in events.tables["stints"].fields]
        for name, known in (
            *((each, fields) for each in match.event_time),
            *((each, stints) for each in match.stay_time),
        ):
            if name not in known:
                yield f"match {match.match}: {no_such_name('field', name, known)}"
