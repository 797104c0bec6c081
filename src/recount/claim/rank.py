"""Ranks: a subject among its rivals, which are other codes of a dimension, other places, or other points in time."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from recount.claim.asked import (
    Asked,
    Asking,
    Chosen,
    Look,
    Term,
    asked_of,
    crosses_break,
    figures_of,
    term_values,
)
from recount.claim.evidence import ABSENT, Spoken, TermValue, Value
from recount.claim.points import Point, figures_of_points, point_values, points_of
from recount.claim.rule import Outcome
from recount.declare.assertions import PLACE_DIMENSIONS, MeasuredBy
from recount.declare.claim_types import OTHERS, RankAsserts, Span
from recount.declare.interval import Interval
from recount.measure.statistics import TOTAL, code_list_of

End = Literal["highest", "lowest"]
_FEW = 2


@dataclass(frozen=True)
class RankFinding:
    """What a rank says, which rivals it turns on, and why it is open."""

    outcome: Outcome
    deciding: tuple[int, ...]
    note: str | None = None


def judge_rank(
    subject: Interval,
    rivals: Sequence[Interval | None],
    top: int = 1,
    end: End = "highest",
    *,
    beyond: bool = False,
    comparable: bool = True,
) -> RankFinding:
    """Returns whether the subject is one of the `top` highest (or lowest).

    Met where its lower bound lies above the upper bound of all rivals but `top` less one; not met where `top` rivals
    certainly lie above it. Open where bounds overlap or are equal, where a rival is missing that could decide, and
    where the words reach beyond what the record covers.

    Args:
        subject: where the subject can lie.
        rivals: where each rival can lie; `None` is one that the record does not give.
        top: how many places count.
        end: from which end they are counted.
        beyond: whether there are rivals that the record cannot hold.
        comparable: whether all are counted by one definition.
    """
    own = subject if end == "highest" else subject.negated()
    others = [None if each is None else each if end == "highest" else each.negated() for each in rivals]
    above = [number for number, each in enumerate(others) if each is not None and _lies_above(each, own)]
    level = [number for number, each in enumerate(others) if each is not None and not _lies_above(own, each)]
    missing = len(others) - sum(1 for each in others if each is not None)
    if not comparable:
        return RankFinding("open", tuple(level), "break_in_definition")
    if len(above) >= top:
        return RankFinding("not_met", tuple(above))
    if len(level) >= top:
        return RankFinding("open", tuple(level), "overlap")
    if len(level) + missing >= top:
        return RankFinding("open", tuple(level), "rival_missing")
    if beyond:
        return RankFinding("open", tuple(level), "beyond_coverage")
    return RankFinding("met", tuple(level))


def _lies_above(first: Interval, second: Interval) -> bool:
    if first.low is None or second.high is None:
        return False
    if first.low == second.high:
        return first.low_open or second.high_open
    return first.low > second.high


def bound_missing(parts: Sequence[Value], whole: Value | None) -> list[Interval | None]:
    """Returns where each part of a whole can lie; one that is not printed, by what the others leave of the whole.

    Only where the whole and every part that is known stand in one print as exact numbers. Parts that come to more than
    the whole are none of a division, and bound nothing.
    """
    known = [each.interval for each in parts]
    prints = {
        (one.release.release, one.through_date)
        for each in (*parts, *([whole] if whole else []))
        for one in each.figures
    }
    if whole is None or whole.interval is None or len(prints) != 1:
        return known
    numbers = [each.low for each in known if each is not None and each.is_point and each.low is not None]
    if whole.interval.low is None or not whole.interval.is_point:
        return known
    if len(numbers) != sum(1 for each in known if each is not None):
        return known
    left = whole.interval.low - sum(numbers)
    if left < 0:
        return known
    return [Interval(Fraction(0), left) if each is None else each for each in known]


def nearest_rivals(rivals: Sequence[Interval | None], end: End) -> tuple[int, ...]:
    """Returns the few rivals that come nearest, to be shown where none decides."""
    sign = 1 if end == "highest" else -1
    known = [
        (-sign * each.low, number)
        for number, each in enumerate(rivals)
        if each is not None and each.low is not None
    ]
    return tuple(number for _, number in sorted(known)[:_FEW])


@dataclass(frozen=True)
class RankRule:
    """The subject's bounds above those of every rival, below those of enough of them, or neither.

    With `has_whole` the last term is what subject and rivals are parts of, which bounds the rivals that lack.
    """

    kind: str
    top: int
    end: End
    has_whole: bool = False

    def weigh(self, terms: Sequence[Term], look: Look) -> Spoken:
        """Returns what the record says of the statement, as it is looked at."""
        values = [each.value(look) for each in terms]
        parts, whole = (values[:-1], values[-1]) if self.has_whole else (values, None)
        subject = parts[0]
        if not subject.figures:
            return ABSENT
        values = parts
        figures = figures_of(values)
        if subject.interval is None:
            return Spoken("open", None, figures, subject.note, term_values(values))
        if whole is not None and any(each.interval is None for each in parts):
            figures = figures_of([*parts, whole])
        found = judge_rank(
            subject.interval,
            bound_missing(parts, whole)[1:],
            self.top,
            self.end,
            comparable=not crosses_break(terms, figures),
        )
        nearest = found.deciding or nearest_rivals([each.interval for each in parts[1:]], self.end)
        deciding = {0, *(each + 1 for each in nearest)}
        shown = tuple(
            TermValue(number, each.interval, each.figures, decides=number in deciding)
            for number, each in enumerate(parts)
        )
        return Spoken(found.outcome, subject.interval, figures, found.note, shown)


@dataclass(frozen=True)
class RankOverTimeRule:
    """The subject's point in time against every other of a span."""

    kind: str
    top: int
    end: End
    over: Span
    gap_days: int

    def weigh(self, terms: Sequence[Term], look: Look) -> Spoken:
        """Returns what the record says of the statement, as it is looked at."""
        (term,) = terms
        day = term.through or term.as_of or look.said
        reach = self.over.through or day
        first = min(self.over.from_date, day - datetime.timedelta(days=look.window_days))
        up_to_day = self.over.model_copy(update={"from_date": first, "through": day})
        printed = [
            each
            for each in points_of(term, up_to_day, look, day, self.gap_days)
            if each.value.figures and term.through in (None, each.day)
        ]
        if not printed:
            return ABSENT
        subject = printed[-1]
        rivals = [
            each
            for each in points_of(term, self.over, look, reach, self.gap_days)
            if not (each.value.figures and each.day == subject.day)
        ]
        return self._weigh(term, subject, rivals)

    def _weigh(self, term: Term, subject: Point, rivals: Sequence[Point]) -> Spoken:
        used = [subject, *rivals]
        figures = figures_of_points(used)
        if subject.interval is None:
            return Spoken("open", None, figures, "rival_missing", point_values(used, [0], 0))
        intervals = [each.interval for each in rivals]
        found = judge_rank(
            subject.interval,
            intervals,
            self.top,
            self.end,
            beyond=self.over.ever,
            comparable=not crosses_break([term], figures),
        )
        deciding = found.deciding or nearest_rivals(intervals, self.end)
        shown = point_values(used, [0, *(each + 1 for each in deciding)], 0)
        return Spoken(found.outcome, subject.interval, figures, found.note, shown)


def ask_rank(asserts: RankAsserts, asking: Asking) -> Iterator[Asked]:
    """Yields the subject and its rivals under every measure and reading that a rank asks."""
    gap_days = asking.book.catalog.rules.print_gap_days
    for index, declared in enumerate(asserts.measured_by):
        for chosen in asking.readings(declared, [asserts.subject], asserts.over):
            if asserts.over is not None:
                term = asking.term("subject", declared, asserts.subject, chosen, over=asserts.over)
                over = RankOverTimeRule(term.measure.kind, asserts.top, asserts.end, asserts.over, gap_days)
                yield asked_of(index, declared, chosen, [term], over)
                continue
            subject = asking.term("subject", declared, asserts.subject, chosen)
            rivals = list(_rivals(asserts, declared, subject, chosen, asking))
            if subject.is_of_records and not any(each.figures for each in rivals):
                # A release of one part of the dimension, such as one area, says nothing of its rank among them.
                subject = dataclasses.replace(subject, figures=())
            whole = list(_whole(asserts, declared, subject, chosen, asking))
            rule = RankRule(subject.measure.kind, asserts.top, asserts.end, has_whole=bool(whole))
            yield asked_of(index, declared, chosen, [subject, *rivals, *whole], rule)


def _whole(
    asserts: RankAsserts, declared: MeasuredBy, subject: Term, chosen: Chosen, asking: Asking
) -> Iterator[Term]:
    """What all codes of a dimension are parts of, where every other one is a rival and the numbers are counts.

    Individual records lack no part of theirs: every row is counted, and what it does not say is in the bounds.
    """
    ((dimension, named),) = (asserts.rivals or {}).items()
    if subject.is_of_records:
        return
    if named == OTHERS and dimension not in PLACE_DIMENSIONS and subject.measure.kind == "count":
        where = {name: code for name, code in asserts.subject.where.items() if name != dimension}
        side = asserts.subject.model_copy(update={"where": where, "label": None})
        yield asking.term("whole", declared, side, chosen)


def _rivals(
    asserts: RankAsserts, declared: MeasuredBy, subject: Term, chosen: Chosen, asking: Asking
) -> Iterator[Term]:
    """The rivals: those named, or every other code or place that the record has of the kind."""
    ((dimension, named),) = (asserts.rivals or {}).items()
    own = asserts.subject.where[dimension]
    if named == OTHERS and subject.is_of_records:
        yield from asking.records.others(declared, asserts.subject, chosen, dimension)
        return
    if named != OTHERS:
        codes = [each for each in named if each != own]
    elif dimension in PLACE_DIMENSIONS:
        codes = [
            each.code for each in asking.book.places.of_kind(dimension) if each.code != subject.place.code
        ]
    else:
        table = asking.book.catalog.tables[subject.measure.table]
        known = asking.book.catalog.codes[code_list_of(table, dimension)].codes
        codes = [each.code for each in known if each.code not in (own, TOTAL)]
    for code in codes:
        update = {"where": asserts.subject.where | {dimension: code}, "label": None}
        rival = asking.term("rival", declared, asserts.subject.model_copy(update=update), chosen)
        if named != OTHERS or rival.figures:
            # A code that no release prints is none of the table's, and no rival that is missing.
            yield rival
