"""An answer about individual records as a picture: every decision on what is shown, before anything is drawn."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from recount.chart import event_notes
from recount.chart.event_figures import EventPoint
from recount.chart.event_gaps import find_holes, shade_holes
from recount.chart.event_items import Spans
from recount.chart.event_late import mark_late, note_on_late
from recount.chart.event_points import EventPlotted, plot_events
from recount.chart.event_table import table_of
from recount.chart.event_words import YEARS, EventWords
from recount.chart.labels import End, place_labels, room_of
from recount.chart.picture import Panel, Picture, Scale, Stretch, TimeScale
from recount.chart.scales import round_scale, text_width, time_scale, wrap_text
from recount.chart.theme import LABEL_SIZE, MARGIN, SUBTITLE_SIZE, TITLE_SIZE, WIDTH
from recount.chart.tile_answers import is_map_of_events, map_events, refuse_other_kind
from recount.chart.tile_plan import TilePlan
from recount.chart.tiles import AskedKind
from recount.claim.words import Words
from recount.declare.charting import Charting
from recount.declare.release_lag import RecordLagRules
from recount.measure.event_answer import EventAnswer
from recount.revise.late_spans import LateSpans

PLOT_HEIGHT, LARGE_PANEL, PANEL_HEIGHT = 340, 190, 96
LABEL_WIDTH, NAME_WIDTH = 205, 230
BAR_HEIGHTS = ((12, 34), (30, 25), (10_000, 19))
"""Up to how many rows, and the height of each."""
SLOPE_ROW = 17
MOST_TALL_LABELS = 4
_APART = "\N{EN SPACE}"
SHORT_ACROSS = 2

_ROOM, _ROOM_FOR_NAMES, _HEADROOM = Fraction(1, 40), Fraction(1, 4), Fraction(8, 7)
_YEAR = datetime.timedelta(days=365)


def compose_events(
    answer: EventAnswer,
    words: Words,
    charting: Charting,
    coverage: Mapping[str, Spans] | None = None,
    kind: AskedKind | None = None,
    late: tuple[LateSpans, RecordLagRules] | None = None,
) -> Picture:
    """Returns the picture of an answer about individual records.

    Args:
        answer: with at least one row.
        words: the language of everything on it.
        charting: how such charts are drawn.
        coverage: the spans that each release covers, to tell a span without rows from one not covered.
        kind: a map or bars by name, or `auto`; without it, never a map.
        late: the spans of which some is reported late, and the rules that tell so.

    Raises:
        UsageError: where there is nothing to draw, or too much for one chart.
    """
    say = EventWords(answer, words, charting)
    spans = coverage or {}
    as_map = is_map_of_events(answer, words, kind)
    plotted = plot_events(answer, say, spans, are_folded=not as_map)
    mapped = map_events(plotted, say) if as_map else None
    if mapped is not None:
        plotted = replace(plotted, kind="tiles")
    elif late is not None:
        plotted = mark_late(plotted, late[0])
    refuse_other_kind(plotted.kind, kind)
    holes = find_holes(plotted, spans)
    scale = _scale(plotted.points, plotted, say)
    ends = _ends(plotted, say)
    height = _height(plotted, ends) if mapped is None else TilePlan(mapped.tiles).height
    labels = place_labels(ends, plotted.points, scale, height) if ends else ()
    title = event_notes.title_of(plotted, say)
    subtitle = event_notes.subtitle_of(plotted, say)
    own_notes = () if mapped is None else mapped.notes
    on_late = [] if late is None else note_on_late(plotted, *late, say)
    notes = [*own_notes, *on_late, *event_notes.notes_of(plotted, holes, spans, say)]
    source = event_notes.source_of(plotted, say)
    width = WIDTH - 2 * MARGIN
    return Picture(
        kind=plotted.kind,
        language=words.language,
        title=tuple(wrap_text(title, TITLE_SIZE, width, bold=True)),
        subtitle=tuple(line for each in subtitle for line in wrap_text(each, SUBTITLE_SIZE, width)),
        series=plotted.series,
        panels=tuple(
            Panel(
                name,
                "",
                points,
                labels,
                _bands(points, plotted),
                _scale(points, plotted, say) if plotted.are_scales_apart else None,
                say.say("synthetic") if any(each.figure.is_synthetic for each in points) else "",
            )
            for name, points in plotted.panels
        ),
        gaps=shade_holes(holes, plotted, say),
        scale=scale,
        time=_time(plotted, say),
        plot_height=height,
        hovers=tuple(say.hover(each) for each in plotted.points),
        texts=tuple(_texts(plotted, say)),
        categories=tuple(_category(each, plotted, say) for each in plotted.points),
        notes=tuple(notes),
        source=source,
        alternative=event_notes.alternative_of(plotted, title, subtitle, [*notes, source], say),
        alternative_heading=words.say("chart_page_alternative"),
        table=table_of(plotted, say),
        receipt=answer.receipt.short,
        across=plotted.across,
        blocks=_blocks(plotted),
        partial_is_hollow=True,
        tiles=None if mapped is None else mapped.tiles,
    )


def _scale(points: Sequence[EventPoint], plotted: EventPlotted, say: EventWords) -> Scale:
    ends = [end for each in points for end in (each.value, each.high) if end is not None]
    highest = max(ends, default=Fraction(1))
    if plotted.kind == "columns":
        highest *= _HEADROOM
    limit = Fraction(1) if say.is_share else None
    whole = say.answer.measure.kind == "count" and not say.is_share and say.rate_of is None
    top, ticks = round_scale(highest, limit=limit, whole=whole)
    return Scale(top, tuple((each, say.tick(each)) for each in ticks), _unit(say))


def _unit(say: EventWords) -> str:
    measure = say.answer.measure
    if measure.kind == "duration":
        return say.say("unit_within")
    if say.is_share:
        return say.say("unit_share", population=measure.population.in_language(say.words.language))
    return say.with_rate(say.say(f"unit_{measure.unit}"))


def _time(plotted: EventPlotted, say: EventWords) -> TimeScale | None:
    if plotted.kind != "lines":
        return None
    periods = {each.figure.period for each in plotted.points if each.figure.period is not None}
    if plotted.axis in YEARS or plotted.axis == "administration":
        ordered = sorted(periods, key=lambda each: each.start)
        if plotted.axis in YEARS:
            numbers = range(ordered[0].number, ordered[-1].number + 1)
            ordered = [replace(ordered[0], number=each) for each in numbers]
        first, last = ordered[0].start, ordered[-1].start
        room = _ROOM if plotted.axis in YEARS else _ROOM_FOR_NAMES
        free = max(_YEAR / 3, (last - first) * float(room))
        is_short = len(plotted.panels) > 1 and plotted.across > SHORT_ACROSS
        ticks = tuple((each.start, say.period(each, is_short=is_short)) for each in ordered)
        return TimeScale(first - free, last + free, ticks, are_centred=True)
    return time_scale((each.at for each in plotted.points), say.words.language, _ROOM)


def _height(plotted: EventPlotted, ends: Sequence[End]) -> int:
    if plotted.kind == "bars":
        count = len(plotted.points) + len(_blocks(plotted))
        return count * next(each for most, each in BAR_HEIGHTS if count <= most)
    if len(plotted.panels) > 1:
        return PANEL_HEIGHT if plotted.across > SHORT_ACROSS else LARGE_PANEL
    if plotted.kind == "slope":
        return max(PLOT_HEIGHT, len(plotted.series) * SLOPE_ROW * 2)
    return max(PLOT_HEIGHT, room_of(ends))


def _bands(points: Sequence[EventPoint], plotted: EventPlotted) -> tuple[Stretch, ...]:
    """Returns the ends of each series where a band shows them, run by run."""
    if plotted.kind != "lines":
        return ()
    runs = {each.segment for each in points if each.in_band and each.is_bounded}
    return tuple(
        Stretch(each.at, each.low, each.high, each.segment, each.series)
        for each in points
        if each.segment in runs
        and each.segment is not None
        and each.low is not None
        and each.high is not None
    )


def _texts(plotted: EventPlotted, say: EventWords) -> Iterable[tuple[str, ...]]:
    """Yields the line beside each mark of bars and columns; lines and slopes are labelled at their ends."""
    for each in plotted.points:
        if plotted.kind == "columns":
            yield (say.short_value(each) if each.value is not None or each.is_without else "",)
        elif plotted.kind == "bars":
            value, of = say.short_value(each), say.of(each.figure)
            whole = each.figure.whole
            if not of and whole and not each.is_bounded and say.rate_of is None:
                of = say.words.share(Fraction(each.figure.numerator, whole))
            if each.value is None:
                yield (value,)
            elif each.is_bounded:
                yield (say.long_value(each),)
            else:
                yield (" · ".join(one for one in (value, of) if one),)
        elif plotted.kind == "slope":
            value = say.short_value(each)
            yield (f"{each.series.name}{_APART}{value}", f"{value}{_APART}{each.series.name}")
        else:
            yield ()


def _category(point: EventPoint, plotted: EventPlotted, say: EventWords) -> tuple[str, ...]:
    """Returns the lines that name a bar or a column."""
    if plotted.kind == "columns" and point.figure.period is not None:
        far = say.far(point.figure, is_short=True) if point.figure.is_partial else ""
        return (say.period(point.figure.period), *([far] if far else []))
    if plotted.kind == "slope":
        return (say.when(point.figure),)
    if plotted.kind == "bars":
        name = (
            point.series.name
            or say.when(point.figure)
            or say.answer.measure.title.in_language(say.words.language)
        )
        return tuple(wrap_text(name, LABEL_SIZE, NAME_WIDTH))
    return ()


def _blocks(plotted: EventPlotted) -> tuple[tuple[int, str], ...]:
    """Returns the headings of blocks of bars, each with its first bar."""
    found: list[tuple[int, str]] = []
    if plotted.kind == "bars":
        for index, each in enumerate(plotted.points):
            if each.block and (not found or found[-1][1] != each.block):
                found.append((index, each.block))
    return tuple(found)


def _ends(plotted: EventPlotted, say: EventWords) -> list[End]:
    """Returns the ends of the lines of a single panel, with their name and last value."""
    if plotted.kind != "lines" or len(plotted.panels) > 1:
        return []
    latest = max(each.at for each in plotted.points)
    ends = []
    for series in plotted.series:
        known = [each for each in plotted.points if each.series.key == series.key and each.value is not None]
        if not known:
            continue
        whole = [each for each in known if each.segment is not None]
        end = max(whole or known, key=lambda each: each.at)
        last = say.short_value(end)
        if end.at != latest or not whole:
            last = say.say("value_when", value=last, when=say.when(end.figure))
        one_line = f"{series.name} {last}"
        if (
            len(plotted.series) > MOST_TALL_LABELS
            and text_width(one_line, LABEL_SIZE, bold=True) <= LABEL_WIDTH
        ):
            ends.append(End(end, (one_line,), ()))
            continue
        name = wrap_text(series.name, LABEL_SIZE, LABEL_WIDTH, bold=True) if series.name else []
        ends.append(End(end, tuple(name), tuple(wrap_text(last, LABEL_SIZE, LABEL_WIDTH))))
    return ends
