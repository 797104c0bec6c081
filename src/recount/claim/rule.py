"""The rules of verdicts, as pure functions: intervals and words in, a word out.

Source of every rule here: the project's design, section 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from recount.declare.interval import Interval

Outcome = Literal["met", "not_met", "open", "absent"]
Word = Literal["supported", "contradicted", "depends", "open", "untestable"]
Headline = Literal["supported", "contradicted", "depends", "open", "untestable", "overtaken", "borne_out"]


def judge(value: Interval, asserted: Interval) -> Outcome:
    """Returns `met` where every possible value is asserted, `not_met` where none is, else `open`."""
    if value.lies_within(asserted):
        return "met"
    if value.lies_apart_from(asserted):
        return "not_met"
    return "open"


def settle_over_releases(outcomes: Iterable[Outcome]) -> Outcome:
    """Returns one outcome for a reading where it is not known which releases were out.

    The one that all possible sets of releases give; `open` where they differ.
    """
    distinct = set(outcomes)
    if len(distinct) == 1:
        return distinct.pop()
    return "open"


def word_of(outcomes: Iterable[Outcome]) -> Word:
    """Returns the word of a column from the outcomes of its readings.

    An absent reading does not speak. Where some are met and some are not, it depends; where an open one
    stands beside others that agree, nothing is settled, since it could fall either way.
    """
    speaking = {each for each in outcomes if each != "absent"}
    if not speaking:
        return "untestable"
    if {"met", "not_met"} <= speaking:
        return "depends"
    if speaking == {"met"}:
        return "supported"
    if speaking == {"not_met"}:
        return "contradicted"
    return "open"


def headline_of(
    cited: Word | None, then: Word, now: Word, *, restated: bool, same_table_was_out: bool
) -> Headline:
    """Returns the headline: the word of `now`, unless what a statement rested on said otherwise.

    Args:
        cited: the word of the release that the statement rests on; `None` where it rests on none.
        then: the word of the releases out when it was said.
        now: the word of the record now.
        restated: whether a restated figure is what decides `now`.
        same_table_was_out: whether what decides `now` is a release of the same agency table that was out
            when the statement was said.
    """
    rested_on = then if cited is None else cited
    if rested_on == "supported" and now == "contradicted" and (restated or same_table_was_out):
        return "overtaken"
    if then == "contradicted" and now == "supported" and restated:
        return "borne_out"
    return now


def judge_print(printed: Iterable[Interval], asserted: Interval, *, copy_good_enough: bool) -> Outcome:
    """Returns whether a release prints what a statement says that it shows.

    Args:
        printed: what the release prints, one interval for each reading it allows.
        asserted: what the statement says.
        copy_good_enough: whether our copy of the release can show what was printed.

    `met` where one of its figures does, `not_met` where it prints the thing otherwise, and `open`
    without a copy good enough. `absent` where it does not print the thing at all.
    """
    outcomes = {judge(each, asserted) for each in printed}
    if not outcomes:
        return "absent"
    if not copy_good_enough:
        return "open"
    if "met" in outcomes:
        return "met"
    return "open" if "open" in outcomes else "not_met"
