"""The address of Explore: what a form sends, read, and written in the one way that asks the same question.

An address of Explore has the parameters of the API, `measure` first. A form without scripts cannot write lists
and conditions, so it sends fields of its own, which are turned into parameters: `f.aor` (codes, one a field),
`r.duplicates` (an option), `t`, `t.from` and `t.to` (a span of time).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from recount.api.questions import PARAMETERS, PublicQuestion
from recount.errors import UsageError
from recount.measure.event_conditions import TIMES, split_condition

MEASURE, PLACE = "measure", "place"
LIMIT, READ, TIME = "f.", "r.", "t"
_ORDER = (MEASURE, *PARAMETERS, PLACE)
_MANY = ("where", "reading", "compare_with")
PLACES = ("country", "state", "jurisdiction")
"""Of these one is named, and a county's name has a comma."""
_SIMPLE = re.compile(r"[^!<>=&]+", flags=re.DOTALL)

Parameters = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Limit:
    """A condition on one dimension: its items where it is a plain list of codes, otherwise its text alone."""

    name: str
    text: str
    items: tuple[str, ...] = ()

    @property
    def parameter(self) -> str:
        """The condition as an address gives it."""
        return self.name + ("" if self.text[0] in "!<>" else "=") + self.text


@dataclass(frozen=True)
class ExploreAddress:
    """An address of Explore: its parameters in their one order, and whether it was given in it."""

    parameters: Parameters
    is_plain: bool = True

    @classmethod
    def read(cls, given: Iterable[tuple[str, str]]) -> ExploreAddress:
        """Returns the address that asks what the parameters of another ask; unknown names stay, to be told of."""
        sent = [(name, value) for name, value in given]
        kept = [
            (name, value.strip())
            for name, value in sent
            if value.strip()
            and not name.startswith((LIMIT, READ))
            and name not in _TIME_FIELDS
            and name != "language"
        ]
        by = [
            each.strip() for name, value in kept if name == "by" for each in value.split(",") if each.strip()
        ]
        kept = [(name, value) for name, value in kept if name != "by"]
        if by:
            kept.append(("by", ",".join(dict.fromkeys(by))))
        kept += [("where", each.parameter) for each in _limits_sent(sent)]
        kept += [("where", each) for each in _time_sent(sent)]
        kept += [
            ("reading", f"{name.removeprefix(READ)}={value.strip()}")
            for name, value in sent
            if name.startswith(READ) and value.strip()
        ]
        in_order = sorted(dict.fromkeys(kept), key=_place_of)
        return cls(tuple(in_order), is_plain=in_order == sent)

    @property
    def measure(self) -> str:
        """The measure that is asked; nothing where none is chosen."""
        return self.first(MEASURE) or ""

    def first(self, name: str) -> str | None:
        """Returns the value of a parameter, None where it is not given."""
        return next((value for key, value in self.parameters if key == name), None)

    def every(self, name: str) -> list[str]:
        """Returns all values of a parameter that may be repeated."""
        return [value for key, value in self.parameters if key == name]

    @property
    def by(self) -> tuple[str, ...]:
        """What the answer is split by."""
        return tuple((self.first("by") or "").split(",")) if self.first("by") else ()

    def limits(self, parameter: str = "where") -> list[Limit]:
        """Returns the conditions; what is no condition is left to be told of when the question is read."""
        found = []
        for text in self.every(parameter):
            try:
                name, value = split_condition(text, parameter)
            except UsageError:
                continue
            found.append(
                Limit(
                    name,
                    value,
                    (value.strip('"'),) if name in PLACES and value[0] not in "!<>" else _items(value),
                )
            )
        return found

    def readings(self) -> dict[str, str]:
        """Returns the options that are asked by their fork."""
        pairs = [each.partition("=") for each in self.every("reading")]
        return {fork.strip(): option.strip() for fork, _, option in pairs}

    def question(self) -> PublicQuestion:
        """Returns the question that the address asks.

        Raises:
            UnknownNameError: for a parameter that no question has.
            UsageError: for one that cannot be read.
        """
        rest = [(name, value) for name, value in self.parameters if name not in (MEASURE, PLACE)]
        return PublicQuestion.read(self.measure, rest)

    def query(self) -> str:
        """Returns the address's query, with its question mark where it has one."""
        return f"?{urlencode(self.parameters)}" if self.parameters else ""

    def without(self, *names: str, value: str | None = None) -> ExploreAddress:
        """Returns the address without parameters of those names, or without one of their values."""
        kept = [
            (name, given)
            for name, given in self.parameters
            if name not in names or (value is not None and given != value)
        ]
        return ExploreAddress(tuple(kept))

    def with_(self, name: str, value: str) -> ExploreAddress:
        """Returns the address with one parameter more, in the place of those that can be given once."""
        kept = [*(self if name in _MANY else self.without(name)).parameters, (name, value)]
        return ExploreAddress(tuple(sorted(dict.fromkeys(kept), key=_place_of)))

    def without_part(self, name: str) -> ExploreAddress:
        """Returns the address without one of the parts that split the answer."""
        left = [each for each in self.by if each != name]
        return self.with_("by", ",".join(left)) if left else self.without("by")

    def without_limit(self, name: str) -> ExploreAddress:
        """Returns the address without conditions on a dimension."""
        found = self
        for each in self.every("where"):
            try:
                given, _ = split_condition(each, "where")
            except UsageError:
                continue
            if given == name:
                found = found.without("where", value=each)
        return found

    def with_limit(self, name: str, text: str) -> ExploreAddress:
        """Returns the address with a dimension limited otherwise."""
        quoted = Limit(name, text).parameter
        return self.without_limit(name).with_("where", quoted)


_TIME_FIELDS = (TIME, f"{TIME}.from", f"{TIME}.to")


def _place_of(pair: tuple[str, str]) -> int:
    return _ORDER.index(pair[0]) if pair[0] in _ORDER else len(_ORDER)


def _limits_sent(sent: Sequence[tuple[str, str]]) -> list[Limit]:
    """Returns the conditions that fields of a form make: codes of one dimension are a list."""
    by_name: dict[str, list[str]] = {}
    for name, value in sent:
        if name.startswith(LIMIT) and value.strip():
            by_name.setdefault(name.removeprefix(LIMIT), []).append(value.strip())
    found = []
    for name, values in by_name.items():
        each = list(dict.fromkeys(values))
        text = each[0] if len(each) == 1 else ",".join(f'"{one}"' if "," in one else one for one in each)
        found.append(Limit(name, text))
    return found


def _time_sent(sent: Sequence[tuple[str, str]]) -> list[str]:
    """Returns the condition that the three fields of time make: one span, or from one to another."""
    fields = {name: value.strip() for name, value in sent if name in _TIME_FIELDS}
    kind, first, last = (fields.get(each, "") for each in _TIME_FIELDS)
    if not first and not last:
        return []
    kind = kind or TIMES[-1]
    if first and last and first != last:
        return [f"{kind}={first}..{last}"]
    if first and last:
        return [f"{kind}={first}"]
    return [f"{kind}>={first}"] if first else [f"{kind}<={last}"]


def _items(text: str) -> tuple[str, ...]:
    if not _SIMPLE.fullmatch(text):
        return ()
    if '"' not in text:
        return tuple(each.strip() for each in text.split(",") if each.strip())
    return tuple(each.strip() for each in next(csv.reader([text], skipinitialspace=True), []) if each.strip())
