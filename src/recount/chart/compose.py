"""An answer as a picture: every decision about what a chart shows, before anything is drawn."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from recount.chart import wording
from recount.chart.gaps import find_gaps
from recount.chart.labels import End, place_labels, room_of
from recount.chart.picture import Panel, Picture, Scale, Stretch, Table, TimeScale
from recount.chart.points import Per, Plotted, PrintedPoint, may_follow, plot_answer
from recount.chart.rates import rate_of, refuse_none_rated
from recount.chart.scales import round_scale, say_short_day, text_width, time_scale, wrap_text
from recount.chart.theme import LABEL_SIZE, MARGIN, SUBTITLE_SIZE, TITLE_SIZE, WIDTH
from recount.chart.tile_answers import map_figures, refuse_other_kind
from recount.chart.tile_plan import TilePlan
from recount.chart.tiles import AskedKind
from recount.claim.words import Words
from recount.declare.sources import KnownRelease
from recount.measure.answer import Answer

LABEL_WIDTH = 178
PLOT_HEIGHT, PANEL_HEIGHT = 340, 96
BAR_HEIGHTS = ((12, 34), (30, 25), (10_000, 19))
"""Up to how many bars, and the height of each: a long list is read as a table is."""
MOST_TEXTS = 10
"""So few marks bear their values; among more, texts would overlap and the ends alone are labelled."""

MOST_TALL_LABELS = 4
"""So few labels have their value on a line of its own; more stand on one line each, nearer to their ends."""

_ROOM, _ROOM_FOR_TEXTS, _HEADROOM = Fraction(1, 60), Fraction(1, 16), Fraction(8, 7)
_NAME_WIDTH = 230


def compose_picture(
    answer: Answer,
    words: Words,
    releases: Iterable[KnownRelease] = (),
    per: Per | None = None,
    kind: AskedKind | None = None,
) -> Picture:
    """Returns the picture of an answer.

    Args:
        answer: with at least one figure.
        words: the language of everything on it.
        releases: those of the record, to tell where it has none; without them gaps speak of figures alone.
        per: `total` draws the parts of a count as shares of their total.
        kind: a map or bars by name, or `auto`; without it, never a map.

    Raises:
        UsageError: where there is nothing to draw, or too much for one chart.
    """
    plotted = plot_answer(answer, words, per)
    refuse_none_rated(plotted.points, answer.measure.measure, answer.question.get("per"))
    mapped = map_figures(answer, plotted, words, per, kind)
    if mapped is not None:
        plotted = replace(plotted, kind="tiles")
    refuse_other_kind(plotted.kind, kind)
    gaps = find_gaps(plotted.points, plotted.span, releases, answer, words)
    scale = _scale(plotted, answer, words, per)
    ends = _ends(plotted, answer, words, per)
    height = _height(plotted, ends) if mapped is None else TilePlan(mapped.tiles).height
    labels = place_labels(ends, plotted.points, scale, height)
    bands = [_band(points, answer) for _, points in plotted.panels]
    title = wording.title_of(answer, words, per)
    subtitle = wording.subtitle_of(answer, plotted, words)
    notes = list(wording.notes_of(answer, plotted, gaps, words, has_band=any(bands)))
    notes = [*(() if mapped is None else mapped.notes), *notes]
    source = wording.source_of(answer, words)
    width = WIDTH - 2 * MARGIN
    return Picture(
        kind=plotted.kind,
        language=words.language,
        title=tuple(wrap_text(title, TITLE_SIZE, width, bold=True)),
        subtitle=tuple(line for each in subtitle for line in wrap_text(each, SUBTITLE_SIZE, width)),
        series=plotted.series,
        panels=tuple(
            Panel(
                name, _last(points, answer, plotted, words, per), points, labels if index == 0 else (), band
            )
            for index, ((name, points), band) in enumerate(zip(plotted.panels, bands, strict=True))
        ),
        gaps=gaps,
        scale=scale,
        time=_time(plotted, words),
        plot_height=height,
        hovers=tuple(wording.hover_text(each, answer, plotted.span, words, per) for each in plotted.points),
        texts=tuple(_texts(plotted, answer, words, per)),
        categories=tuple(_category(each, plotted, words) for each in plotted.points),
        notes=tuple(notes),
        source=source,
        alternative=wording.alternative_of(answer, plotted, title, subtitle, [*notes, source], words, per),
        alternative_heading=words.say("chart_page_alternative"),
        table=_table(answer, plotted, words, per),
        receipt=answer.receipt.short,
        tiles=None if mapped is None else mapped.tiles,
    )


def _scale(plotted: Plotted, answer: Answer, words: Words, per: Per | None) -> Scale:
    share = wording.is_share(answer, per)
    limit = Fraction(1) if share else None
    ends = [each.value for each in plotted.points if each.value is not None]
    for each in plotted.points:
        ends += [end for end in (each.low, each.high) if end is not None and (not share or end < 1)]
    highest = max(ends, default=Fraction(1))
    if plotted.kind == "lines" and (_bears_texts(plotted) or _ends_of_years(plotted)):
        highest *= _HEADROOM
    whole = answer.measure.kind == "count" and not share and rate_of(answer, words) is None
    top, ticks = round_scale(highest, limit=limit, whole=whole)
    labelled = tuple((each, wording.tick_text(each, answer, words, per)) for each in ticks)
    return Scale(top, labelled, wording.unit_of(answer, words, per))


def _time(plotted: Plotted, words: Words) -> TimeScale | None:
    if plotted.span not in ("month", "through_date"):
        return None
    room = _ROOM_FOR_TEXTS if _bears_texts(plotted) or _ends_of_years(plotted) else _ROOM
    return time_scale((each.at for each in plotted.points), words.language, room)


def _height(plotted: Plotted, ends: Sequence[End]) -> int:
    if plotted.kind == "bars":
        count = len(plotted.points)
        return count * next(each for most, each in BAR_HEIGHTS if count <= most)
    if len(plotted.panels) > 1:
        return PANEL_HEIGHT
    return max(PLOT_HEIGHT, room_of(ends))


def _texts(plotted: Plotted, answer: Answer, words: Words, per: Per | None) -> Iterable[tuple[str, ...]]:
    """Yields the lines beside each mark: all, none, or those of the last figure of each fiscal year."""
    ends = _ends_of_years(plotted)
    for each in plotted.points:
        if ends:
            year = words.say("chart_fiscal_year", year=each.figure.fiscal_year)
            value = wording.value_text(each, answer, words, per)
            yield (year, value) if id(each) in ends else ()
        elif plotted.kind == "columns":
            single = len({one.series.key for one in plotted.points}) == 1
            yield (wording.value_text(each, answer, words, per),) if single else ()
        elif _bears_texts(plotted):
            lines = wording.beside_text(each, answer, words, per)
            yield (" · ".join(lines),) if plotted.kind == "bars" else tuple(lines)
        else:
            yield ()


def _bears_texts(plotted: Plotted) -> bool:
    few = len(plotted.panels) == 1 and len(plotted.points) <= MOST_TEXTS
    return plotted.kind == "bars" or (plotted.kind == "lines" and few)


def _ends_of_years(plotted: Plotted) -> set[int]:
    """Returns the last figure of each fiscal year, where one line counts each year anew."""
    one = len({each.series.key for each in plotted.points}) == 1 and len(plotted.panels) == 1
    if plotted.span != "through_date" or not one:
        return set()
    last: dict[int, PrintedPoint] = {}
    for each in plotted.points:
        year = each.figure.fiscal_year
        if each.figure.period != "fiscal_year_to_date" or year is None or each.value is None:
            return set()
        if year not in last or each.at > last[year].at:
            last[year] = each
    return {id(each) for each in last.values()}


def _last(
    points: Sequence[PrintedPoint], answer: Answer, plotted: Plotted, words: Words, per: Per | None
) -> str:
    """Returns the last value of a panel's only line."""
    joined = [each for each in points if each.segment is not None]
    if len(plotted.panels) == 1 or not joined or len({each.series.key for each in points}) > 1:
        return ""
    end = max(joined, key=lambda each: each.at)
    value = wording.value_text(end, answer, words, per)
    if end.at == max(each.at for each in plotted.points):
        return value
    return words.say("chart_value_when", value=value, when=wording.when_text(end, plotted.span, words))


def _ends(plotted: Plotted, answer: Answer, words: Words, per: Per | None) -> list[End]:
    """Returns the ends of the lines of a single panel, with the labels that stand there."""
    if plotted.kind != "lines" or len(plotted.panels) > 1:
        return []
    named = len(plotted.series) > 1
    valued = not (_bears_texts(plotted) or _ends_of_years(plotted) or "release" in answer.by)
    if not named and not valued:
        return []
    latest = max(each.at for each in plotted.points)
    ends = []
    for series in plotted.series:
        exact = [each for each in plotted.points if each.series.key == series.key and each.value is not None]
        if not exact:
            continue
        joined = [each for each in exact if each.segment is not None]
        end = max(joined or exact, key=lambda each: each.at)
        last = wording.value_text(end, answer, words, per) if valued else ""
        if valued and end.at != latest:
            when = wording.when_text(end, plotted.span, words)
            last = words.say("chart_value_when", value=last, when=when)
        one_line = f"{series.name} {last}"
        crowded = len(plotted.series) > MOST_TALL_LABELS
        if crowded and text_width(one_line, LABEL_SIZE, bold=True) <= LABEL_WIDTH:
            ends.append(End(end, (one_line,), ()))
            continue
        name = wrap_text(series.name, LABEL_SIZE, LABEL_WIDTH, bold=True) if named else []
        ends.append(End(end, tuple(name), tuple(wrap_text(last, LABEL_SIZE, LABEL_WIDTH)) if valued else ()))
    return ends


def _band(points: Sequence[PrintedPoint], answer: Answer) -> tuple[Stretch, ...]:
    """Returns the spread over readings, where an answer is split by them."""
    if "reading" not in answer.by or "release" in answer.by:
        return ()
    by_day: dict[datetime.date, list[PrintedPoint]] = {}
    for each in points:
        if each.segment is not None:
            by_day.setdefault(each.at, []).append(each)
    band: list[Stretch] = []
    before: PrintedPoint | None = None
    segment = 0
    for day in sorted(by_day):
        values = [each.value for each in by_day[day] if each.value is not None]
        if len(values) > 1:
            here = by_day[day][0]
            segment += before is None or not may_follow(before, here)
            band.append(Stretch(day, min(values), max(values), segment))
            before = here
    lengths = Counter(each.segment for each in band)
    return tuple(each for each in band if lengths[each.segment] > 1)


def _category(point: PrintedPoint, plotted: Plotted, words: Words) -> tuple[str, ...]:
    """Returns the lines that name a bar or a column."""
    if plotted.kind == "columns":
        figure = point.figure
        year = words.say("chart_fiscal_year", year=figure.fiscal_year)
        if point.is_complete and figure.period != "snapshot":
            return (year,)
        key = "chart_short_on" if figure.period == "snapshot" else "chart_short_to"
        return (year, words.say(key, date=say_short_day(figure.through_date, words.language)))
    if plotted.kind == "bars":
        name = point.series.name or wording.when_text(point, None, words)
        return tuple(wrap_text(name, LABEL_SIZE, _NAME_WIDTH))
    return ()


def _table(answer: Answer, plotted: Plotted, words: Words, per: Per | None) -> Table:
    names = any(each.series.name for each in plotted.points)
    rate = rate_of(answer, words)
    share = rate is None and (
        wording.is_share(answer, per) or any(each.figure.whole for each in plotted.points)
    )
    days = "day" if answer.measure.period == "snapshot" else "through_date"
    dated = plotted.span if plotted.span in ("month", "fiscal_year") else days
    headings = [(words.say(f"chart_table_{dated}"), False)]
    if names:
        headings.append((words.say("chart_table_series"), False))
    headings.append((words.say(f"chart_unit_{answer.measure.unit}"), True))
    if share:
        headings += [(words.say("chart_table_of"), True), (words.say("chart_table_share"), True)]
    if rate is not None:
        headings += [(rate.title.in_language(words.language), True), (words.say("rate_heading"), True)]
    flagged = any(each.flags for each in plotted.points)
    headings.append((words.say("report_where"), False))
    if flagged:
        headings.append((words.say("chart_table_flags"), False))
    rows = []
    for each in sorted(plotted.points, key=lambda each: each.at):
        row = [wording.when_text(each, plotted.span, words)]
        if names:
            row.append(", ".join(dict.fromkeys(one for one in (each.series.panel, each.series.name) if one)))
        row += _numbers(each, answer, words, share=share)
        row.append(each.figure.release.release)
        if flagged:
            row.append("; ".join(words.say(f"flag_{flag}") for flag in each.flags))
        rows.append(tuple(row))
    caption = words.say("chart_page_table")
    return Table(
        caption,
        tuple(text for text, _ in headings),
        tuple(is_number for _, is_number in headings),
        tuple(rows),
    )


def _numbers(each: PrintedPoint, answer: Answer, words: Words, *, share: bool) -> list[str]:
    figure = each.figure
    if figure.rate is not None:
        own = "" if figure.numerator is None else words.number(figure.numerator)
        base = "" if figure.rate.base.count is None else words.number(figure.rate.base.count)
        return [own, base, wording.value_text(each, answer, words, None)]
    whole = figure.denominator if figure.kind == "share" else figure.whole
    if figure.numerator is None:
        only = wording.value_text(each, answer, words, None)
        return [only, "", ""] if share else [only]
    counted = [words.number(figure.numerator)]
    if not share:
        return counted
    if not whole or each.series.is_total:
        return [*counted, "", ""]
    return [*counted, words.number(whole), words.share(Fraction(figure.numerator, whole))]
