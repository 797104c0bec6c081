"""Parts of individual records that are counted in one go, and the rule under which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from recount.declare.event_measures import AS_RECORDED, EventOption
from recount.record.store import EventPart


@dataclass(frozen=True)
class Batch:
    """Parts that the engine counts in one go: rows under one rule, or one cube."""

    parts: tuple[EventPart, ...]
    rule: str

    @property
    def is_cube(self) -> bool:
        """Whether it is one cube."""
        return self.parts[0].kind == "cube"

    @property
    def releases(self) -> list[str]:
        """The releases of its parts, in order."""
        return sorted({each.release for each in self.parts})

    @property
    def only_release(self) -> str | None:
        """The release of all its parts, where it is one."""
        releases = self.releases
        return releases[0] if len(releases) == 1 else None


def rule_of(part: EventPart, options: Iterable[EventOption]) -> str | None:
    """Returns the rule by which options of a fork of rows take rows of a part to repeat another; `None` without one.

    Without options every row stands.
    """
    rule: str | None = AS_RECORDED
    for option in options:
        generation: Any = part.generation
        rule = option.rule or option.rule_by_generation.get(generation)
    return rule
