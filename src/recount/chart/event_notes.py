"""What stands around a chart of individual records: title, subtitle, notes, source and text alternative."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence

from recount.chart.event_figures import UNNAMED_KINDS, EventFigure, EventPoint
from recount.chart.event_gaps import Hole, has_open_spans, say_hole
from recount.chart.event_items import Spans
from recount.chart.event_points import EventPlotted
from recount.chart.event_words import EventWords
from recount.chart.picture import SIDE_BY_SIDE
from recount.chart.points import capital
from recount.chart.rates import counted_by, note_without, notes_on_rates
from recount.claim.rate_words import RatedRow
from recount.declare.event_measures import PERIODS
from recount.measure.event_bounds import WHYS

_MOST_PARTIAL, _MOST_TITLES = 3, 3
_TIMES = (*PERIODS, "date")


def title_of(plotted: EventPlotted, say: EventWords) -> str:
    """Returns the title: what is measured, of whom and where, when, and split by what."""
    answer, words = say.answer, say.words
    title = answer.measure.title.in_language(words.language)
    measured = capital(title) if answer.asked.per is None else words.say("chart_share_of_total", title=title)
    parts = [say.with_rate(measured)]
    for each in answer.asked.where:
        if each.name not in _TIMES:
            part = say.condition(each.name, each.given)
            parts.append(say.say("title_is", dimension=say.dimension(each.name), part=part))
    parts.append(span_of(plotted, say))
    named = {each.name for each in answer.asked.where}
    split = [say.dimension(each) for each in answer.asked.by if each in plotted.splits and each not in named]
    title = ", ".join(each for each in parts if each)
    title = say.say("title_split", title=title, by=words.listing(split)) if split else title
    made_up = {each.figure.is_synthetic for each in plotted.points}
    if True not in made_up:
        return title
    return say.say("synthetic_title" if made_up == {True} else "synthetic_title_part", title=title)


def span_of(plotted: EventPlotted, say: EventWords) -> str:
    """Returns the span that a chart shows: its first and last span, or the days that releases cover."""
    figures = [each.figure for each in plotted.points]
    periods = sorted(
        {each.period for each in figures if each.period is not None}, key=lambda each: each.start
    )
    if periods:
        names = [say.period(periods[0]), say.period(periods[-1])]
        return names[0] if len(periods) == 1 else say.say("span", first=names[0], last=names[1])
    starts = [each.start for each in figures if each.start is not None]
    ends = [each.through_date for each in figures if each.through_date is not None]
    return say.days(min(starts), max(ends)) if starts and ends else ""


def subtitle_of(plotted: EventPlotted, say: EventWords) -> list[str]:
    """Returns what stands under the title: what is made up, the population, its releases, the reading."""
    answer, words = say.answer, say.words
    lines = []
    made_up = {
        each.figure.release.release: each.figure for each in plotted.points if each.figure.is_synthetic
    }
    if len(made_up) == plotted.releases:
        lines.append(say.say("synthetic_line"))
    elif made_up:
        listed = words.listing([say.release(each) for each in made_up.values()])
        lines.append(say.say("synthetic_line_part", releases=listed))
    population = capital(answer.measure.population.in_language(words.language))
    parts = [population]
    if plotted.axis is not None:
        parts.append(say.say(f"by_{plotted.axis}"))
    count = plotted.releases
    parts.append(say.say("one_release") if count == 1 else say.say("releases", count=words.number(count)))
    lines.append(", ".join(parts))
    beside = [_reading(plotted, say)]
    known_on = answer.asked.question.as_known_on
    if known_on is not None:
        beside.append(words.say("chart_known_on", date=words.date(known_on)))
    lines.append(" · ".join(each for each in beside if each))
    return [each for each in lines if each]


def _reading(plotted: EventPlotted, say: EventWords) -> str:
    answer = say.answer
    default = answer.measure.default_reading()
    if answer.asked.by_reading:
        count = max(len(each.readings) for each in plotted.points)
        key = "readings" if count > 1 else "reading_one"
        return say.say(key, count=say.words.number(count), reading=say.reading(default))
    reading = dict(answer.asked.readings[0])
    said = say.reading(reading)
    if not said:
        return ""
    return say.say("reading_default" if reading == default else "reading", reading=said)


def notes_of(
    plotted: EventPlotted,
    holes: Sequence[Hole],
    coverage: Mapping[str, Spans],
    say: EventWords,
) -> Iterator[str]:
    """Yields what a reader must know: how marks are drawn, what is not known, what to beware of."""
    answer, words = say.answer, say.words
    if plotted.kind != "tiles":
        yield from _on_ends(plotted, say)
    yield from _on_partial(plotted, say)
    yield from _on_holes(plotted, holes, coverage, say)
    yield from _on_coverage(plotted, coverage, say)
    if plotted.releases > 1:
        yield say.say("note_releases")
    if len(plotted.panels) > 1:
        yield say.say("note_scales_apart" if plotted.are_scales_apart else "note_one_scale")
    if plotted.kind == "slope":
        yield say.say("note_slope")
    for folded in plotted.folded:
        count = words.number(folded.parts)
        name = say.say("other", count=count)
        yield say.say("note_other", name=name, count=count, dimension=say.dimension(folded.dimension))
    if answer.asked.per is not None:
        yield say.say(f"note_per_{answer.asked.per}")
    yield from _on_rates(plotted, say)
    yield from _on_unnamed(say)
    if answer.measure.kind == "duration":
        yield say.say("note_expected")
    yield from _on_without_value(plotted, say)
    for each in answer.warnings:
        text, fix = (one.in_language(words.language).strip() for one in (each.text, each.fix))
        key = "note_warning_of" if each.releases else "note_warning"
        yield _whole(say.say(key, releases=words.listing(each.releases), text=_whole(text), fix=fix))
    yield from say.absences()
    if answer.perhaps_out:
        yield words.say("sentence_perhaps_out", releases=words.listing(answer.perhaps_out))
    yield from (each.text.in_language(words.language) for each in answer.caveats)


def _on_without_value(plotted: EventPlotted, say: EventWords) -> Iterator[str]:
    """Yields what is not drawn: spans cut short, of which no share over time is shown, and what is not known."""
    cut = [each for each in plotted.without_value if _is_withheld(each, say)]
    if cut:
        spans = dict.fromkeys(f"{say.when(each.figure)}, {each.figure.release.release}" for each in cut)
        yield say.words.say("sentence_share_cut_short", names="; ".join(spans))
    unknown = [each for each in plotted.without_value if not _is_withheld(each, say)]
    if unknown and say.rate_of is None:
        names = "; ".join(dict.fromkeys(say.name(each) for each in unknown))
        yield say.say("note_without_value", names=names)


def _on_rates(plotted: EventPlotted, say: EventWords) -> Iterator[str]:
    """Yields what counts are divided by, and which have no rate and why; the source line says who counted and when."""
    denominator = say.rate_of
    if denominator is None:
        return
    if any(each.is_without for each in plotted.points) and plotted.kind != "tiles":
        yield note_without(plotted.kind, say.words)
    rows = []
    for each in (*plotted.points, *plotted.without_value):
        names = (each.block, each.series.panel, each.series.name or each.name)
        place = ", ".join(dict.fromkeys(name for name in names if name))
        rows += [
            RatedRow(
                figure.rate,
                figure.release.release,
                "" if figure.period is None else say.period(figure.period),
                place,
                figure.through_date,
            )
            for figure in each.readings
            # What does not say where it belongs is told apart, with its number.
            if figure.rate is not None and figure.rate.base.because != "no_place"
        ]
    areas = {each.code: each.label for each in say.words.catalog.codes["areas_of_responsibility"].codes}
    language = say.words.language
    yield from notes_on_rates(denominator, rows, say.words, lambda code: areas[code].in_language(language))


def _is_withheld(point: EventPoint, say: EventWords) -> bool:
    return point.figure.is_partial and say.answer.asked.is_share_over_time


def _on_ends(plotted: EventPlotted, say: EventWords) -> Iterator[str]:
    bounded = [each for each in plotted.points if each.is_bounded and each.value is not None]
    if bounded:
        shapes = {each.in_band for each in bounded}
        shape = say.say("band_or_whisker" if len(shapes) > 1 else "band" if shapes == {True} else "whisker")
        if plotted.is_spread:
            yield say.say("note_spread", shape=shape)
            yield from _on_readings(plotted, say)
        else:
            open_points = [each for each in plotted.points if each.is_bounded]
            whys = [why for why in WHYS if any(each.figure.undecided[why] for each in open_points)]
            named = "; ".join(say.say(f"why_{why}") for why in whys)
            of = "rate" if say.rate_of is not None else "share" if say.is_share else "count"
            yield say.say(f"note_bounds_{of}", shape=shape, whys=named)
    if any(each.value is None and each.low is not None for each in plotted.points):
        yield say.say("note_only_bounds")


def _on_readings(plotted: EventPlotted, say: EventWords) -> Iterator[str]:
    """Yields which readings are the lowest and the highest in the last whole span, where one thing is drawn."""
    whole = [each for each in plotted.points if each.is_complete and each.is_bounded]
    if not whole or len({each.series.key for each in plotted.points}) > 1:
        return
    last = max(whole, key=lambda each: each.at)
    valued = [(each.value, each) for each in last.readings if each.value is not None]
    low = min(valued, key=lambda each: each[0])
    high = max(valued, key=lambda each: each[0])
    yield say.say(
        "note_readings",
        span=say.when(last.figure) or say.words.say("chart_total"),
        lowest=say.say("value_when", value=say.number(low[0]), when=say.reading(low[1].reading)),
        highest=say.say("value_when", value=say.number(high[0]), when=say.reading(high[1].reading)),
    )


def _on_partial(plotted: EventPlotted, say: EventWords) -> Iterator[str]:
    partial = [each for each in plotted.points if not each.is_complete and not each.is_without]
    if not partial:
        return
    in_order = sorted((each.figure for each in partial if each.figure.period is not None), key=_start)
    spans = list(
        dict.fromkeys(
            f"{say.period(each.period)}, {say.far(each)}" for each in in_order if each.period is not None
        )
    )
    if len(spans) <= _MOST_PARTIAL:
        yield say.say("note_partial", spans="; ".join(spans))
    else:
        yield say.say("note_partial_many")


def _start(figure: EventFigure) -> datetime.date:
    return figure.start or datetime.date.min


def _on_holes(
    plotted: EventPlotted, holes: Sequence[Hole], coverage: Mapping[str, Spans], say: EventWords
) -> Iterator[str]:
    by_release: dict[str, list[str]] = {}
    for each in holes:
        if not each.is_covered:
            by_release.setdefault(say.release(each.figure), []).append(say_hole(each, say))
    if by_release:
        said = {name: say.words.listing(gaps) for name, gaps in by_release.items()}
        if plotted.releases > 1:
            said = {name: say.say("gap_of", release=name, gap=gap) for name, gap in said.items()}
        yield say.say("note_gaps", gaps="; ".join(said.values()))
    if any(each.is_covered for each in holes) or has_open_spans(plotted, coverage):
        yield say.say("note_none")


def _on_coverage(plotted: EventPlotted, coverage: Mapping[str, Spans], say: EventWords) -> Iterator[str]:
    """Yields the days that bars cover, where they are not one span for all."""
    if plotted.kind not in SIDE_BY_SIDE:
        return
    said: dict[str, str] = {}
    for each in plotted.points:
        figure = each.figure
        if figure.start is None or figure.through_date is None:
            continue
        spans = [
            say.days(max(first, figure.start), min(last, figure.through_date))
            for first, last in coverage.get(figure.release.release, ())
            if first <= figure.through_date and figure.start <= last
        ]
        said[say.release(figure)] = say.words.listing(spans)
    many = len(set(said.values())) > 1
    if many:
        yield say.say("note_covers", spans="; ".join(f"{name}: {spans}" for name, spans in said.items()))
    elif said and next(iter(said.values())) != span_of(plotted, say):
        yield say.say("note_covers", spans=next(iter(said.values())))


def _on_unnamed(say: EventWords) -> Iterator[str]:
    """Yields how many rows do not say of which part they are, under the default reading."""
    default = say.answer.measure.default_reading()
    readings = {tuple(sorted(each.items())) for each in say.answer.asked.readings}
    rows = [
        each
        for each in say.answer.rows
        if each.cell.kind in UNNAMED_KINDS and (len(readings) == 1 or dict(each.reading) == default)
    ]
    if not rows or say.answer.measure.kind in ("duration", "population"):
        return
    counts = {why: sum(each.cell.measured.undecided[why] for each in rows) for why in WHYS}
    if not sum(counts.values()):
        return
    names = list(
        dict.fromkeys(name for each in rows for name, part in each.cell.parts.items() if part is None)
    )
    words = say.words
    whys = [
        say.say("why_count", why=say.say(f"short_{why}"), count=words.number(count))
        for why, count in counts.items()
        if count
    ]
    dimensions = words.listing([say.dimension(each) for each in names])
    yield say.say("note_unnamed", dimensions=dimensions, whys=", ".join(whys))


def _whole(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def source_of(plotted: EventPlotted, say: EventWords) -> str:
    """Returns the source line: who released it, which releases, when, and the receipt."""
    words = say.words
    figures = {each.figure.release.release: each.figure for each in plotted.points}
    releases = [each.release for each in figures.values()]
    sources = words.catalog.sources
    named = dict.fromkeys(
        sources[each.source].title.in_language(words.language) if each.source in sources else each.source
        for each in releases
    )
    if len(releases) <= _MOST_TITLES:
        of_releases = dict.fromkeys(say.release(each) for each in figures.values())
        titles = "; ".join(of_releases)
        # A release named after its source says both.
        named = {each: None for each in named if not any(each in title for title in of_releases)}
    else:
        titles = say.say("releases_count", count=words.number(len(releases)))
    days = [day for each in releases for day in (each.published_from, each.published_to) if day is not None]
    published = ""
    if days:
        key = "published_on" if min(days) == max(days) else "published"
        published = say.say(key, first=words.date(min(days)), last=words.date(max(days)))
    published += counted_by(say.rate_of, [each.figure.rate for each in plotted.points], words)
    return say.say(
        "source",
        source="; ".join([*([words.listing(list(named))] if named else []), titles]),
        published=published,
        receipt=say.answer.receipt.short,
    )


def alternative_of(
    plotted: EventPlotted, title: str, subtitle: Iterable[str], notes: Iterable[str], say: EventWords
) -> str:
    """Returns the text that stands for the chart: each series' first, last, lowest and highest, and the notes."""
    parts = [say.say(f"kind_{plotted.kind}", title=title), *subtitle]
    for members in _by_series(plotted.points):
        known = [each for each in members if each.value is not None]
        if plotted.kind in SIDE_BY_SIDE or len(known) < len(members) or len(known) <= 1:
            parts += [f"{say.name(each)}: {say.long_value(each)}" for each in members]
            continue
        ends = {
            "first": known[0],
            "last": known[-1],
            "lowest": min(known, key=lambda each: (each.value or 0, each.at)),
            "highest": max(known, key=lambda each: (each.value or 0, each.at)),
        }
        filled = {
            name: say.say("value_when", value=say.long_value(each), when=say.when(each.figure))
            for name, each in ends.items()
        }
        series = members[0].series
        name = ", ".join(each for each in (series.panel, series.name) if each)
        parts.append(say.say("series", name=name or title, count=say.words.number(len(members)), **filled))
    parts += notes
    return " ".join(_whole(each) for each in parts)


def _by_series(points: Iterable[EventPoint]) -> list[list[EventPoint]]:
    groups: dict[tuple[str, str], list[EventPoint]] = {}
    for each in points:
        groups.setdefault((each.series.panel, each.series.key), []).append(each)
    return [sorted(each, key=lambda point: point.at) for each in groups.values()]
