"""Spans of which some is reported late, drawn as what a check marks is: hollow, with dotted lines to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from recount.chart.event_points import EventPlotted
from recount.chart.event_words import EventWords
from recount.declare.release_lag import RecordLagRules
from recount.revise.late_spans import REPORTED_LATE, LateSpans


def mark_late(plotted: EventPlotted, late: LateSpans) -> EventPlotted:
    """Returns an answer laid out with the flags of its late spans."""
    flags = late.flags
    return replace(
        plotted,
        panels=tuple(
            (
                name,
                tuple(
                    each
                    if each.figure.period is None
                    else replace(each, flags=flags.get((each.figure.release.release, each.figure.period), ()))
                    for each in points
                ),
            )
            for name, points in plotted.panels
        ),
    )


def note_on_late(
    plotted: EventPlotted, late: LateSpans, rules: RecordLagRules, say: EventWords
) -> Iterator[str]:
    """Yields how late spans are drawn, with what each lacked, or what others did at its age."""
    drawn = {
        (each.figure.release.release, each.figure.period): say.when(each.figure)
        for each in plotted.points
        if REPORTED_LATE in each.flags
    }
    told = [
        f"{drawn[key]}{'' if plotted.releases == 1 else f', {each.release}'} {say.words.share(each.lacked)}"
        for each in late.spans
        if (key := (each.release, each.period)) in drawn and each.lacked is not None
    ]
    if told:
        yield rules.say("chart_note", say.words.language, spans="; ".join(told))
