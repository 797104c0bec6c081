"""Contributions: how much of the change of a whole the change of a part makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

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
from recount.declare.claim_types import ContributionAsserts, Side
from recount.declare.interval import Interval

if TYPE_CHECKING:
    from recount.claim.record_joint import JointRows

Way = Literal["growth", "decline"]
ROLES = ("part_start", "part_end", "whole_start", "whole_end")


def judge_contribution(
    part: tuple[Interval, Interval],
    whole: tuple[Interval, Interval],
    of: Way,
    asserted: Interval,
    *,
    comparable: bool = True,
    together: tuple[Interval, Interval | None] | None = None,
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
        together: where the whole's change and the part's share of it can lie, where that is known of all at once.
    """
    changed = whole[1].minus(whole[0])
    moved = part[1].minus(part[0])
    if of == "decline":
        changed, moved = changed.negated(), moved.negated()
    found = moved.divided_by(changed)
    if together is not None:
        changed, found = together
    if not comparable:
        return "open", found, "break_in_definition"
    if changed.high is not None and changed.high <= 0:
        return "not_met", found, f"no_{of}"
    if changed.low is None or changed.low <= 0:
        return "open", None, "whole_may_not_have_changed"
    if found is None:
        return "open", None, "whole_may_not_have_changed"
    return judge(found, asserted), found, None


@dataclass(frozen=True)
class ContributionRule:
    """The part's change over the whole's within the asserted interval, apart from it, or neither."""

    of: Way
    asserted: Interval
    joint: JointRows | None = None
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
            together=self.joint.contribution(1 if self.of == "growth" else -1)
            if self.joint is not None and all(each.note is None for each in values)
            else None,
        )
        return Spoken(outcome, found, figures, note, term_values(values))


def ask_contribution(asserts: ContributionAsserts, asking: Asking) -> Iterator[Asked]:
    """Yields part and whole at start and end, under every measure and reading that a contribution asks."""
    interval = asserts.that.interval(asking.book.catalog.wording)
    for index, declared in enumerate(asserts.measured_by):
        dated = [_dated(asserts, role) for role in ROLES]
        for chosen in asking.readings(declared, dated):
            terms = [
                asking.term(role, declared, side, chosen) for role, side in zip(ROLES, dated, strict=True)
            ]
            rule = ContributionRule(asserts.of, interval, asking.joint(terms, chosen))
            yield asked_of(index, declared, chosen, terms, rule)


def _dated(asserts: ContributionAsserts, role: str) -> Side:
    name, end = role.split("_")
    when = asserts.start if end == "start" else asserts.end
    side = asserts.part if name == "part" else asserts.whole
    update = {"through": when.through, "as_of": when.as_of, "where": side.where | when.days}
    return side.model_copy(update=update)
