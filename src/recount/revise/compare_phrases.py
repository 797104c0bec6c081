"""How labels, runs of periods and numbers of things read in a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from recount.declare.tables import CodeList
from recount.revise.compare_findings import PeriodCount


def label_of(codes: CodeList | None, code: str) -> str:
    """Returns the English label of a code, the code itself where no list gives one."""
    known = {} if codes is None else {each.code: each.label.en for each in codes.codes}
    return known.get(code, code)


def runs_of(periods: Sequence[PeriodCount]) -> list[str]:
    """Returns periods in order as runs of consecutive ones: 2012 to 2015, 2017."""
    runs: list[list[PeriodCount]] = []
    for each in periods:
        if runs and _place(each) == _place(runs[-1][-1]) + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return [run[0].label if len(run) == 1 else f"{run[0].label} to {run[-1].label}" for run in runs]


def _place(period: PeriodCount) -> int:
    year, _, month = period.label.partition("-")
    return int(year) * 12 + int(month) if month else int(year)


def count_of(number: int, noun: str) -> str:
    """Returns a number with its noun: 1 table, 2 tables."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
