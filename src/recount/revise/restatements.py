"""Whether one figure restates another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from recount.measure.figures import MeasuredFigure


@dataclass(frozen=True)
class Restatement:
    """A figure that was restated: `count_name` was `before` and became `after`.

    `reprinted`: the same place and date, printed differently by a release of equal or higher authority.
    `fell`: a cumulative count that is lower through a later date, which movement cannot do.
    """

    how: Literal["reprinted", "fell"]
    count_name: str
    before: int
    after: int
    earlier: MeasuredFigure
    later: MeasuredFigure


def find_restatement(earlier: MeasuredFigure, later: MeasuredFigure) -> Restatement | None:
    """Returns how `later` restates `earlier`, or `None` where it does not.

    Anything else that disagrees is movement (another date) or a discrepancy. A sum that leaves places
    out restates nothing. A snapshot of another day is movement, and figures of two fiscal years so far never
    stand for each other. Source of the rule: the project's design, section 4.
    """
    if earlier.place_code != later.place_code or earlier.release.release == later.release.release:
        return None
    if earlier.is_partial or later.is_partial:
        return None
    before, after = dict(earlier.counts), dict(later.counts)
    shared = [name for name, _ in earlier.counts if name in after]
    if earlier.through_date == later.through_date:
        if later.authority_rank > earlier.authority_rank:
            return None
        for name in shared:
            if before[name] != after[name]:
                return Restatement("reprinted", name, before[name], after[name], earlier, later)
        return None
    runs_on = earlier.period == "cumulative" or (
        earlier.period == "fiscal_year_to_date" and earlier.fiscal_year == later.fiscal_year
    )
    if runs_on and later.through_date > earlier.through_date:
        for name in shared:
            if after[name] < before[name]:
                return Restatement("fell", name, before[name], after[name], earlier, later)
    return None
