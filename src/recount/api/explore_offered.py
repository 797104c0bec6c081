"""What a form offers, as values: choices and whether they are chosen, without how they came about."""

from __future__ import annotations

from dataclasses import dataclass, field

from recount.api.explore_words import AnyMeasure


@dataclass(frozen=True)
class Choice:
    """One thing to choose: what is sent, how it is called, whether it is chosen."""

    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Group:
    """Choices under one name."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Limit:
    """A dimension to limit: boxes, a list of which one is chosen, or a text to write; and what is chosen."""

    name: str
    label: str
    kind: str
    choices: tuple[Choice, ...] = ()
    chosen: str = ""
    text: str = ""


@dataclass(frozen=True)
class ForkChoice:
    """A choice of definition."""

    fork: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Offered:
    """All that can be asked of one measure, and what is asked."""

    measure: AnyMeasure
    spans: tuple[Choice, ...]
    splits: tuple[Choice, ...]
    splits_elsewhere: tuple[Choice, ...]
    limits: tuple[Limit, ...]
    limits_elsewhere: tuple[Limit, ...]
    others: tuple[str, ...]
    times: tuple[Choice, ...]
    first: str
    last: str
    pers: tuple[Choice, ...]
    forks: tuple[ForkChoice, ...]
    all_readings: bool
    releases: tuple[Choice, ...]
    as_known_on: str
    compared: tuple[Group, ...] = field(default=())
