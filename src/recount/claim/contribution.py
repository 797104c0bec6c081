"""Contributions: how much of the change of a whole the change of a part makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from recount.claim.asked import (
    Asked,
    Asking,
    Look,
    Term,
    asked_of,
    crosses_break,
    figures_of,
    term_values,
)
from recount.claim.evidence import ABSENT, Spoken
from recount.claim.rule import Outcome, judge
from recount.declare.claim_types import ContributionAsserts
from recount.declare.interval import Interval

Way = Literal["growth", "decline"]
ROLES = ("part_start", "part_end", "whole_start", "whole_end")


def judge_contribution(
    part: tuple[Interval, Interval],
    whole: tuple[Interval, Interval],
    of: Way,
    asserted: Interval,
    *,
    comparable: bool = True,
) -> tuple[Outcome, Interval | None, str | None]:
    """Returns the outcome, where part's change over whole's change can lie, and why it is open.

    `open` where the whole may not have changed at all; `not_met` where it certainly did not grow (or decline) as the
    statement says, since no part can make a change that was not.

    Args:
        part: where the part can lie at the start, and at the end.
        whole: the same of the whole.
        of: whether the statement speaks of growth or of decline.
        asserted: what the statement says of the part's share of the change.
        comparable: whether both dates are counted by one definition.
    """
    changed = whole[1].minus(whole[0])
    moved = part[1].minus(part[0])
    if of == "decline":
        changed, moved = changed.negated(), moved.negated()
    if not comparable:
        return "open", moved.divided_by(changed), "break_in_definition"
    if changed.high is not None and changed.high <= 0:
        return "not_met", moved.divided_by(changed), f"no_{of}"
    if changed.low is None or changed.low <= 0:
        return "open", None, "whole_may_not_have_changed"
    found = moved.divided_by(changed)
    if found is None:
        return "open", None, "whole_may_not_have_changed"
    return judge(found, asserted), found, None


@dataclass(frozen=True)
class ContributionRule:
    """The part's change over the whole's within the asserted interval, apart from it, or neither."""

    of: Way
    asserted: Interval
    kind: str = "change"

    def weigh(self, terms: Sequence[Term], look: Look) -> Spoken:
        """Returns what the record says of the statement, as it is looked at."""
        values = [each.value(look) for each in terms]
        figures = figures_of(values)
        if not all(each.figures for each in values):
            return ABSENT
        known = [each.interval for each in values if each.interval is not None]
        if len(known) < len(values):
            notes = [each.note for each in values if each.note is not None]
            return Spoken("open", None, figures, notes[0], term_values(values))
        part_start, part_end, whole_start, whole_end = known
        outcome, found, note = judge_contribution(
            (part_start, part_end),
            (whole_start, whole_end),
            self.of,
            self.asserted,
            comparable=not crosses_break(terms, figures),
        )
        return Spoken(outcome, found, figures, note, term_values(values))


def ask_contribution(asserts: ContributionAsserts, asking: Asking) -> Iterator[Asked]:
    """Yields part and whole at start and end, under every measure and reading that a contribution asks."""
    rule = ContributionRule(asserts.of, asserts.that.interval(asking.book.catalog.wording))
    for index, declared in enumerate(asserts.measured_by):
        for reading, is_default in asking.readings(declared, [asserts.part, asserts.whole]):
            terms = []
            for role in ROLES:
                name, end = role.split("_")
                when = asserts.start if end == "start" else asserts.end
                side = asserts.part if name == "part" else asserts.whole
                dated = side.model_copy(update={"through": when.through, "as_of": when.as_of})
                terms.append(asking.term(role, declared, dated, reading))
            yield asked_of(index, declared, reading, terms, rule, is_default=is_default)
