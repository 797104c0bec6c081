"""Conditions of a question about individual records: codes, lists, comparisons, ranges and spans of days."""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from recount.declare.administrations import Administration
from recount.declare.event_catalog import EventCatalog
from recount.declare.event_measures import PERIODS, Dimension, EventMeasure
from recount.declare.tables import CodeList
from recount.errors import UnknownNameError, UsageError, Worded, nearest_names
from recount.measure.event_periods import DATE, Days, read_period

TextsOf = Callable[[str], Sequence[str]]
"""Returns every text that a column of the measure's table holds, as recorded."""
Range = tuple[int | None, int | None]
"""The lowest and the highest of whole numbers, both included; None where there is no end."""
TIMES = (*PERIODS, DATE)


class ContradictionError(UsageError):
    """Conditions that no row can meet together."""


_CLAUSES = re.compile(r"\s*&\s*(?=!=|>=|<=|>|<|=)")
_OPERATOR = re.compile(r"(!=|>=|<=|>|<|=)?\s*(.*)", flags=re.DOTALL)
_BAND = re.compile(r"(\d+)\s*(?:-|\.\.)\s*(\d+)")
_OPEN_BAND = re.compile(r"(\d+)\+")
_FIRST, _AFTER = datetime.date.min, datetime.date.max
_AND = " & "


@dataclass(frozen=True)
class Condition:
    """One dimension limited: to codes or texts of its column, to ranges of numbers, or to spans of days.

    `given` says it in one way however it was written. `is_not` turns codes around; ranges and spans are turned
    around already. `part` is the one part that the dimension is limited to, where it is one. Spans do not touch
    and are in order.
    """

    name: str
    given: str
    codes: tuple[str, ...] = ()
    is_not: bool = False
    ranges: tuple[Range, ...] = ()
    spans: tuple[Days, ...] = ()
    part: str | None = None

    @property
    def days(self) -> Days | None:
        """The first day and the day after the last one, of a condition on time."""
        return (self.spans[0][0], self.spans[-1][1]) if self.spans else None


def split_condition(text: str, option: str = "--where") -> tuple[str, str]:
    """Returns the dimension and the condition of `aor=Boston`, `aor!=Boston` or `age>=18`.

    An equals sign goes without saying; another operator stays with the condition: `age`, `>=18`.

    Raises:
        UsageError: where it is no condition.
    """
    match = re.fullmatch(r"\s*([^=<>!]+?)\s*(!=|>=|<=|=|>|<)\s*(.*\S)\s*", text, flags=re.DOTALL)
    if match is None:
        raise UsageError(
            Worded("%(text)s is not name=value, nor another condition.", text=f"{option} {text!r}"),
            [("example", f"{option} aor=Boston,Seattle, {option} aor!=Boston, {option} 'age>=18'")],
        )
    name, operator, value = match.groups()
    return name, value if operator == "=" else operator + value


def join_conditions(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Returns conditions by dimension; those on one dimension hold together."""
    joined: dict[str, str] = {}
    for name, condition in pairs:
        if name in joined:
            more = condition if condition[0] in "!<>=" else f"={condition}"
            joined[name] += _AND + more
        else:
            joined[name] = condition
    return joined


class ConditionReader:
    """Reads conditions on the dimensions of one measure."""

    def __init__(
        self,
        measure: EventMeasure,
        events: EventCatalog,
        texts_of: TextsOf,
        administrations: Sequence[Administration],
    ) -> None:
        self.measure = measure
        self.events = events
        self.texts_of = texts_of
        self.administrations = administrations

    def read(self, given: Mapping[str, str]) -> list[Condition]:
        """Returns the conditions in the order of the measure's dimensions.

        Raises:
            UnknownNameError: for an unknown dimension, code or text, with the nearest.
            UsageError: for a comparison that the dimension does not have, an impossible value, and conditions
                that no row can meet together.
        """
        known = (*TIMES, *self.measure.dimensions)
        found: list[Condition] = []
        for name, text in given.items():
            if name not in known:
                facts = [("choose from", ", ".join(known))]
                raise UnknownNameError(
                    Worded("dimension of %(measure)s", measure=self.measure.measure), name, known, facts
                )
            if name in TIMES:
                found += read_times(name, text, self.administrations)
            else:
                found += [self._clause(name, each) for each in _CLAUSES.split(text.strip())]
        found.sort(key=lambda each: known.index(each.name))
        self._refuse_contradictions(found)
        return found

    def _clause(self, name: str, text: str) -> Condition:
        operator, value = _operator(name, text)
        dimension = self.measure.dimensions[name]
        field = self.events.tables[self.measure.table].field(dimension.column)
        if dimension.ages or (field.codes is None and field.type == "count"):
            return _number(name, operator, value, dimension)
        if operator not in ("=", "!="):
            raise UsageError(
                Worded(
                    "%(dimension)s has no order: %(operator)s cannot compare it.",
                    dimension=name,
                    operator=operator,
                ),
                [("fix", Worded("name codes: %(conditions)s", conditions=f"{name}=…, {name}!=…"))],
            )
        codes, labels = self._codes(name, value, dimension, field.codes)
        prefix = "!=" if operator == "!=" else ""
        part = labels[0] if len(labels) == 1 and not prefix else None
        return Condition(name, prefix + _listed(labels), codes, is_not=bool(prefix), part=part)

    def _codes(
        self, name: str, value: str, dimension: Dimension, codes: str | None
    ) -> tuple[tuple[str, ...], list[str]]:
        """Returns the values of the column that a list names, and how each of its items is called."""
        declared = None if codes is None else self.events.codes[codes]
        try:
            items = [self._code(name, value, dimension, declared)]
        except UnknownNameError:
            items = [self._code(name, each, dimension, declared) for each in _items(value)]
        labels = sorted({label for label, _ in items})
        return tuple(sorted({code for _, members in items for code in members})), labels

    def _code(
        self, name: str, value: str, dimension: Dimension, codes: CodeList | None
    ) -> tuple[str, tuple[str, ...]]:
        if codes is None:
            texts = _matching_texts(name, value, dimension.column, self.texts_of)
            return texts[0] if len(texts) == 1 else value, texts
        if not dimension.grouped:
            code = _read_code(name, value, codes)
            return code, (code,)
        groups = {(each.group or each.code): None for each in codes.codes}
        spelled = {each.casefold(): each for each in groups}
        group = spelled.get(value.strip().casefold().replace(" ", "_"))
        if group is None:
            raise UnknownNameError(name, value, groups, [("choose from", ", ".join(groups))])
        return group, tuple(each.code for each in codes.codes if (each.group or each.code) == group)

    def _refuse_contradictions(self, conditions: Sequence[Condition]) -> None:
        refuse_contradicting_times([each for each in conditions if each.name in TIMES])
        for name in dict.fromkeys(each.name for each in conditions if each.name not in TIMES):
            own = [each for each in conditions if each.name == name]
            if any(each.ranges for each in own):
                _refuse_empty(own, _common([_as_spans(each.ranges) for each in own]))
                continue
            wanted = [set(each.codes) for each in own if not each.is_not]
            if name in self.measure.where:
                wanted.append(set(self.measure.where[name]))
            if wanted:
                out = {code for each in own if each.is_not for code in each.codes}
                _refuse_empty(own, set.intersection(*wanted) - out)


def read_times(name: str, text: str, administrations: Sequence[Administration]) -> list[Condition]:
    """Returns the conditions that a text puts on time, by a kind of span or by `date`.

    Raises:
        UsageError: where it names no span of that kind, or compares with several.
        UnknownNameError: for an administration that nothing declares.
    """
    return [_time(name, each, administrations) for each in _CLAUSES.split(text.strip())]


def refuse_contradicting_times(conditions: Sequence[Condition]) -> None:
    """Refuses conditions on time that no day meets.

    Raises:
        UsageError: where there is no such day.
    """
    _refuse_empty(conditions, _common([_in_numbers(each.spans) for each in conditions]))


def _operator(name: str, text: str) -> tuple[str, str]:
    match = _OPERATOR.fullmatch(text.strip())
    operator, value = ("=", text) if match is None else (match[1] or "=", match[2].strip())
    if not value:
        raise UsageError(
            Worded("%(dimension)s is compared with nothing.", dimension=name), [("example", f"{name}=…")]
        )
    return operator, value


def _time(name: str, text: str, administrations: Sequence[Administration]) -> Condition:
    operator, value = _operator(name, text)
    spans = [read_period(name, each.strip(), administrations) for each in value.split(",")]
    if operator in ("=", "!="):
        merged = merge_spans(spans)
        spans = merged if operator == "=" else _outside(merged)
    elif len(spans) > 1 or ".." in value:
        raise UsageError(
            Worded(
                "%(condition)s compares with more than one.",
                condition=f"{name}{operator}{value}",
            ),
            [("fix", Worded("name one"))],
        )
    else:
        start, end = spans[0]
        compared = {">=": (start, _AFTER), ">": (end, _AFTER), "<": (_FIRST, start), "<=": (_FIRST, end)}
        spans = [compared[operator]]
    return Condition(name, value if operator == "=" else operator + value, spans=tuple(spans))


def _refuse_empty(conditions: Sequence[Condition], left: Collection[object]) -> None:
    if conditions and not left:
        given = ", ".join(_said(each) for each in conditions)
        fix = Worded("leave one of them out")
        if len(conditions) > 1 and all(each.part for each in conditions):
            both = f"{conditions[0].name}={','.join(each.given for each in conditions)}"
            fix = Worded("to ask for both: %(condition)s", condition=both)
        raise ContradictionError(
            Worded("No row can meet these conditions together."), [("given", given), ("fix", fix)]
        )


def band_labels(ages: Sequence[int]) -> list[tuple[str, int, int | None]]:
    """Returns bands of ages as (label, lowest, highest): 0-17, 18-24 … 65+; the last has no highest."""
    ends = [*(each - 1 for each in ages[1:]), None]
    return [
        (f"{low}+" if high is None else f"{low}-{high}", low, high)
        for low, high in zip(ages, ends, strict=True)
    ]


def merge_spans(spans: Sequence[Days]) -> list[Days]:
    """Returns spans in order, those that touch as one."""
    merged: list[Days] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def written_out(conditions: Sequence[Condition]) -> dict[str, str]:
    """Returns conditions as a question gives them: one text a dimension."""
    return join_conditions([(each.name, each.given) for each in conditions])


def _outside(spans: Sequence[Days]) -> list[Days]:
    edges = [_FIRST, *(edge for span in spans for edge in span), _AFTER]
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]


def _common(lists: Sequence[Sequence[tuple[float, float]]]) -> list[tuple[float, float]]:
    """Returns what every list of spans, each before its end, has in common."""
    left = list(lists[0]) if lists else []
    for each in lists[1:]:
        left = [(max(a, c), min(b, d)) for a, b in left for c, d in each if max(a, c) < min(b, d)]
    return left


def _in_numbers(spans: Sequence[Days]) -> list[tuple[float, float]]:
    return [(start.toordinal(), end.toordinal()) for start, end in spans]


def _as_spans(ranges: Sequence[Range]) -> list[tuple[float, float]]:
    return [
        (float("-inf") if low is None else low, float("inf") if high is None else high + 1)
        for low, high in ranges
    ]


def _number(name: str, operator: str, value: str, dimension: Dimension) -> Condition:
    bands = {label: (low, high) for label, low, high in band_labels(dimension.ages)} if dimension.ages else {}
    if operator not in ("=", "!="):
        if not value.isdecimal():
            raise _no_number(name, value, f"{name}>=18")
        number = int(value)
        compared: dict[str, Range] = {
            ">=": (number, None),
            ">": (number + 1, None),
            "<": (None, number - 1),
            "<=": (None, number),
        }
        return Condition(name, f"{operator}{number}", ranges=(compared[operator],))
    items = [each.strip() for each in value.split(",")]
    ranges = [_range(name, each) for each in items]
    given = ",".join(items)
    if operator == "!=":
        return Condition(name, f"!={given}", ranges=tuple(_other_numbers(ranges)))
    part = given if given in bands else None
    return Condition(name, given, ranges=tuple(ranges), part=part)


def _range(name: str, text: str) -> Range:
    if text.isdecimal():
        return int(text), int(text)
    if match := _OPEN_BAND.fullmatch(text):
        return int(match[1]), None
    match = _BAND.fullmatch(text)
    if match is None:
        raise _no_number(name, text, f"{name}=18..24, or {name}>=18")
    low, high = int(match[1]), int(match[2])
    if high < low:
        raise UsageError(
            Worded("%(dimension)s %(text)s runs backwards.", dimension=name, text=repr(text)),
            [("fix", f"{name}={high}..{low}")],
        )
    return low, high


def _no_number(name: str, value: str, example: str) -> UsageError:
    said = Worded("%(value)s is no number for %(dimension)s.", value=repr(value), dimension=name)
    return UsageError(said, [("example", example)])


def _other_numbers(ranges: Sequence[Range]) -> Iterator[Range]:
    low: int | None = None
    for start, end in sorted(ranges, key=lambda each: -1 if each[0] is None else each[0]):
        if start is not None and (low is None or start > low):
            yield low, start - 1
        if end is None:
            return
        low = max(low or 0, end + 1)
    yield low, None


def _items(value: str) -> list[str]:
    """Returns the items of a list with commas; one that holds a comma stands in quotes."""
    (items,) = csv.reader([value], skipinitialspace=True)
    return [each.strip() for each in items if each.strip()]


def _listed(labels: Sequence[str]) -> str:
    if len(labels) == 1:
        return labels[0]
    return ",".join(f'"{each}"' if "," in each else each for each in labels)


def _said(condition: Condition) -> str:
    return f"{condition.name}{'' if condition.given[0] in '!<>' else '='}{condition.given}"


def _read_code(name: str, value: str, codes: CodeList) -> str:
    spelled = {
        spelling.casefold(): code for spelling, code in codes.by_spelling().items() if code is not None
    }
    spelled |= {
        label.casefold(): each.code for each in codes.codes for label in (each.label.en, each.label.es)
    }
    found = spelled.get(value.strip().casefold())
    if found is None:
        names = [each.label.en for each in codes.codes]
        shown = nearest_names(value, names) or names
        raise UnknownNameError(name, value, names, [("choose from", ", ".join(shown))])
    return found


def _matching_texts(name: str, value: str, column: str, texts_of: TextsOf) -> tuple[str, ...]:
    known = texts_of(column)
    wanted = " ".join(value.split()).casefold()
    found = tuple(sorted(each for each in known if " ".join(each.split()).casefold() == wanted))
    if not found:
        raise UnknownNameError(
            name, value, known, [("known", Worded("as the releases of this record write it"))]
        )
    return found
