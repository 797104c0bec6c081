"""Where a release of individual records has no number: not covered, or covered without a row that says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from recount.chart.event_figures import EventFigure
from recount.chart.event_items import Spans, is_covered
from recount.chart.event_points import EventPlotted
from recount.chart.event_words import EventWords
from recount.chart.picture import Gap
from recount.measure.event_periods import Period


@dataclass(frozen=True)
class Hole:
    """Spans that follow each other without a number of one release; `is_covered` where the release covers one."""

    figure: EventFigure
    first: Period
    last: Period
    is_covered: bool


def find_holes(plotted: EventPlotted, coverage: Mapping[str, Spans]) -> list[Hole]:
    """Returns where each release has no number of any part between its first and its last span."""
    by_release: dict[str, list[EventFigure]] = {}
    for each in plotted.points:
        if each.figure.period is not None:
            by_release.setdefault(each.figure.release.release, []).append(each.figure)
    holes: list[Hole] = []
    for release, figures in sorted(by_release.items()):
        periods = {each.period.number: each.period for each in figures if each.period is not None}
        first = periods[min(periods)]
        if getattr(first, "administration", None) is not None:
            continue
        runs: list[list[Period]] = []
        for number in range(min(periods), max(periods) + 1):
            if number in periods:
                continue
            period = replace(first, number=number)
            if runs and runs[-1][-1].number == number - 1:
                runs[-1].append(period)
            else:
                runs.append([period])
        spans = coverage.get(release, ())
        holes += [
            Hole(figures[0], run[0], run[-1], any(is_covered(each, spans) for each in run)) for run in runs
        ]
    return holes


def has_open_spans(plotted: EventPlotted, coverage: Mapping[str, Spans]) -> bool:
    """Returns whether some part lacks a number in a span that its release covers."""
    by_line: dict[tuple[str, str, str], list[EventFigure]] = {}
    covered: dict[str, set[int]] = {}
    for each in plotted.points:
        period = each.figure.period
        if period is None:
            continue
        line = (each.figure.release.release, each.series.panel, each.series.key)
        by_line.setdefault(line, []).append(each.figure)
        if is_covered(period, coverage.get(line[0], ())):
            covered.setdefault(line[0], set()).add(period.number)
    return any(
        covered.get(release, set()) - {each.period.number for each in figures if each.period is not None}
        for (release, _, _), figures in by_line.items()
    )


def shade_holes(holes: Sequence[Hole], plotted: EventPlotted, say: EventWords) -> tuple[Gap, ...]:
    """Returns the holes as shaded stretches, where one release is drawn on one set of axes over time."""
    if plotted.releases > 1 or len(plotted.panels) > 1 or plotted.kind != "lines":
        return ()
    return tuple(_gap(each, say) for each in holes if not each.is_covered)


def _gap(hole: Hole, say: EventWords) -> Gap:
    before = replace(hole.first, number=hole.first.number - 1)
    after = replace(hole.last, number=hole.last.number + 1)
    said = say_hole(hole, say)
    start = before.start + (hole.first.start - before.start) / 2
    end = hole.last.start + (after.start - hole.last.start) / 2
    return Gap(hole.first.start, hole.last.start, start, end, said, said)


def say_hole(hole: Hole, say: EventWords) -> str:
    """Returns a hole in words: no October 2016 to September 2017."""
    if hole.first == hole.last:
        return say.say("gap_one", first=say.period(hole.first))
    return say.say("gap", first=say.period(hole.first), last=say.period(hole.last))
