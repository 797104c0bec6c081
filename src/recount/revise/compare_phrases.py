"""How labels and runs of periods read in a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from recount.declare.tables import CodeList
from recount.declare.text import Language
from recount.revise.compare_findings import PeriodCount
from recount.revise.phrases import NumberWords


class SpokenWords(NumberWords, Protocol):
    """Numbers and dates of one language."""

    @property
    def language(self) -> Language:
        """The language."""


def label_of(codes: CodeList | None, code: str, language: Language = "en") -> str:
    """Returns the label of a code, the code itself where no list gives one."""
    known = {} if codes is None else {each.code: each.label.in_language(language) for each in codes.codes}
    return known.get(code, code)


def runs_of(periods: Sequence[PeriodCount]) -> list[tuple[str, str]]:
    """Returns periods in order as runs of consecutive ones, each with its first and last: 2012 to 2015, 2017."""
    runs: list[list[PeriodCount]] = []
    for each in periods:
        if runs and _place(each) == _place(runs[-1][-1]) + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return [(run[0].label, run[-1].label) for run in runs]


def _place(period: PeriodCount) -> int:
    year, _, month = period.label.partition("-")
    return int(year) * 12 + int(month) if month else int(year)
