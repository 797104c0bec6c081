"""Every word on a chart: title, values, notes, source and text alternative, from the catalog's messages."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from fractions import Fraction

from recount.chart.asking import SPANS
from recount.chart.picture import SIDE_BY_SIDE, Gap, Series, Span
from recount.chart.points import Per, Plotted, PrintedPoint, capital, say_reading
from recount.chart.rates import counted_by, integers_of, note_without, notes_on_rates, rate_of, value_of_rate
from recount.chart.scales import say_month
from recount.claim.rate_words import RatedRow, per_text, rate_tick
from recount.claim.words import Words
from recount.measure.answer import Answer
from recount.measure.statistics import TOTAL, code_list_of

_MOST_TITLES = 3


def title_of(answer: Answer, words: Words, per: Per | None) -> str:
    """Returns the title: what is measured, of what, split by what, and where."""
    measure = answer.measure
    parts = [capital(measure.title.in_language(words.language))]
    if per is not None:
        parts[0] = words.say("chart_share_of_total", title=measure.title.in_language(words.language))
    denominator = rate_of(answer, words)
    if denominator is not None:
        parts[0] = f"{parts[0]} {per_text(denominator, words)}"
    where = answer.question["where"]
    for name, code in where.items():
        if name in measure.dimensions:
            parts.append(f"{_dimension(name, words)}: {_code(name, code, answer, words)}")
        elif name != "country":
            parts.append(words.place(answer.place))
    split = [_dimension(each, words) for each in answer.by if each not in SPANS]
    title = ", ".join(parts)
    return words.say("chart_title_by", title=title, by=words.listing(split)) if split else title


def _dimension(name: str, words: Words) -> str:
    """Returns a dimension's name in words; one of a user's own catalog as it is written there."""
    key = f"chart_dimension_{name}"
    known = words.catalog.messages[words.language].messages
    return words.say(key) if key in known else name.replace("_", " ")


def _code(name: str, code: str, answer: Answer, words: Words) -> str:
    codes = words.catalog.codes[code_list_of(words.catalog.tables[answer.measure.table], name)]
    known = {each.code: each.label.in_language(words.language) for each in codes.codes}
    return words.say("chart_total") if code == TOTAL else known[code]


def subtitle_of(answer: Answer, plotted: Plotted, words: Words) -> list[str]:
    """Returns what stands under the title: population and span; reading and day of knowledge."""
    population = capital(answer.measure.population.in_language(words.language))
    lines = [words.say("chart_subtitle", population=population, span=_span_text(plotted, words))]
    beside = []
    if answer.measure.forks and "reading" not in answer.by:
        reading = say_reading(answer.figures[0].reading, answer, words)
        is_default = dict(answer.figures[0].reading) == answer.measure.readings()[0]
        beside.append(words.say("chart_reading_default" if is_default else "chart_reading", reading=reading))
    known_on = answer.question["as_known_on"]
    if known_on is not None:
        beside.append(words.say("chart_known_on", date=words.date(datetime.date.fromisoformat(known_on))))
    whole = _whole_text(plotted, words)
    if whole:
        beside.append(whole)
    return [*lines, capital(" · ".join(beside))] if beside else lines


def _span_text(plotted: Plotted, words: Words) -> str:
    points = sorted(plotted.points, key=lambda each: each.figure.through_date)
    first, last = points[0].figure, points[-1].figure
    if plotted.kind in SIDE_BY_SIDE:
        days = {each.figure.through_date for each in points}
        if len(days) == 1:
            phrase = words.counted_through(last)
            start = last.period_start
            if last.period in ("snapshot", "cumulative") or start is None:
                return phrase
            return words.say("chart_from_through", start=words.date(start), through=phrase)
        return words.say(
            "chart_span", first=words.date(first.through_date), last=words.date(last.through_date)
        )
    if plotted.span == "month":
        days_at = [each.at for each in plotted.points]
        names = [say_month(each, words.language) for each in (min(days_at), max(days_at))]
        return words.say("chart_span_months", first=names[0], last=names[1])
    if plotted.span == "fiscal_year":
        years = [each.figure.fiscal_year or each.at.year for each in points]
        key = "chart_span_years_snapshots" if last.period == "snapshot" else "chart_span_years"
        return words.say(key, first=min(years), last=max(years))
    key = "chart_span_to_date" if last.period == "fiscal_year_to_date" else "chart_span"
    if last.period == "snapshot":
        key = "chart_span_snapshots"
    days_of = len({each.at for each in points})
    return words.say(
        key,
        count=words.number(days_of),
        first=words.date(first.through_date),
        last=words.date(last.through_date),
    )


def _whole_text(plotted: Plotted, words: Words) -> str:
    """Returns the total of a chart of bars, where all are parts of one."""
    if plotted.kind not in SIDE_BY_SIDE or any(each.figure.rate is not None for each in plotted.points):
        return ""
    wholes = {each.figure.whole for each in plotted.points}
    (whole,) = wholes if len(wholes) == 1 else (None,)
    parts = any(not each.series.is_total for each in plotted.points)
    return words.say("chart_whole", whole=words.number(whole)) if whole is not None and parts else ""


def is_share(answer: Answer, per: Per | None) -> bool:
    """Returns whether values are shares between 0 and 1."""
    return per is not None or answer.measure.kind == "share"


def tick_text(value: Fraction, answer: Answer, words: Words, per: Per | None) -> str:
    """Returns a round value of a scale, or the end of a class."""
    if rate_of(answer, words) is not None:
        return rate_tick(value, words)
    return words.threshold(value) if is_share(answer, per) else words.number(value)


def unit_of(answer: Answer, words: Words, per: Per | None) -> str:
    """Returns what the value axis counts."""
    if is_share(answer, per):
        return words.say("chart_unit_share", population=answer.measure.population.in_language(words.language))
    unit = words.say(f"chart_unit_{answer.measure.unit}")
    denominator = rate_of(answer, words)
    return unit if denominator is None else f"{unit} {per_text(denominator, words)}"


def value_text(point: PrintedPoint, answer: Answer, words: Words, per: Per | None) -> str:
    """Returns a value as it stands beside its mark: 26.4 %, 68,289, or its bounds in words."""
    if point.figure.rate is not None:
        return value_of_rate(point.value, (point.low, point.high), words)
    if point.value is None:
        return words.value(point.figure)
    if is_share(answer, per):
        return words.share(point.value)
    if answer.measure.kind == "mean":
        return words.decimal(point.value, 2 if answer.measure.unit == "usd" else 1)
    return words.number(point.value)


def beside_text(point: PrintedPoint, answer: Answer, words: Words, per: Per | None) -> list[str]:
    """Returns what stands beside a mark that has room: its value, and what it is of."""
    figure = point.figure
    value = value_text(point, answer, words, per)
    if figure.rate is not None:
        return [each for each in (value, integers_of(figure.rate, words)) if each]
    whole = figure.denominator if figure.kind == "share" else figure.whole
    if figure.numerator is None or not whole or point.series.is_total or point.value is None:
        return [value]
    if figure.kind != "share" and per is None:
        return [value, words.share(Fraction(figure.numerator, whole))] if figure.breakdown else [value]
    of = words.say("chart_of", numerator=words.number(figure.numerator), denominator=words.number(whole))
    return [value, of]


def long_value_text(point: PrintedPoint, answer: Answer, words: Words, per: Per | None) -> str:
    """Returns a value with the integers behind it: 18,030 of 68,289 = 26.4 %."""
    figure = point.figure
    if figure.rate is not None:
        integers, value = integers_of(figure.rate, words), value_text(point, answer, words, per)
        return f"{value} ({integers})" if integers else value
    whole = figure.whole if not point.series.is_total and figure.breakdown else None
    if figure.kind == "count" and figure.numerator is not None and whole:
        return words.say(
            "value_share",
            numerator=words.number(figure.numerator),
            denominator=words.number(whole),
            share=words.share(Fraction(figure.numerator, whole)),
        )
    if figure.kind == "share":
        return words.value(figure)
    return value_text(point, answer, words, per)


def when_text(point: PrintedPoint, span: Span | None, words: Words) -> str:
    """Returns the date of a figure as its axis gives it, and the last day counted where that is earlier."""
    figure = point.figure
    if span == "month":
        month = say_month(point.at, words.language)
        return (
            month if point.is_complete else words.say("chart_until", span=month, date=words.through(figure))
        )
    if span == "fiscal_year" or (span is None and figure.period == "fiscal_year_to_date"):
        year = words.say("chart_fiscal_year", year=figure.fiscal_year)
        return words.say("chart_until", span=year, date=words.through(figure))
    return words.through(figure)


def hover_text(point: PrintedPoint, answer: Answer, span: Span | None, words: Words, per: Per | None) -> str:
    """Returns what a mark says of itself: whose figure, when, how much, by which release, and its flags."""
    parts = [each for each in (point.series.panel, point.series.name) if each]
    text = ", ".join(dict.fromkeys([*parts, when_text(point, span, words)]))
    text = f"{text}: {long_value_text(point, answer, words, per)} ({point.figure.release.release})"
    flags = [words.say(f"flag_{each}") for each in point.flags]
    return words.say("chart_hover_flagged", text=text, flags=words.listing(flags)) if flags else text


def notes_of(
    answer: Answer, plotted: Plotted, gaps: Iterable[Gap], words: Words, *, has_band: bool
) -> Iterator[str]:
    """Yields what a reader must know: how marks and gaps are drawn, what is left out, and the caveats."""
    points = plotted.points
    said = [each.said for each in gaps]
    if said:
        yield words.say("chart_note_gaps", gaps="; ".join(said))
    if "release" in answer.by and plotted.kind == "lines":
        yield words.say("chart_note_releases")
    if has_band:
        has_default = any(each.is_default for each in plotted.series)
        yield words.say("chart_note_band_default" if has_default else "chart_note_band")
    if len(plotted.panels) > 1:
        one_line = len(plotted.series) == 1
        yield words.say("chart_note_panels_last" if one_line else "chart_note_panels")
    flags = dict.fromkeys(flag for each in points for flag in each.flags)
    if flags and plotted.kind != "tiles":
        names = [words.say(f"flag_{each}") for each in flags]
        on_line = any(each.flags and each.segment is not None for each in points)
        key = "chart_note_hollow" if on_line else "chart_note_hollow_bar"
        yield words.say(key, flags="; ".join(names))
    if any(not each.is_complete and not each.is_without for each in points):
        yield words.say("chart_note_year" if plotted.kind == "columns" else "chart_note_month")
    if any(each.value is None and not each.is_without for each in points) and plotted.kind != "tiles":
        yield words.say("chart_note_bound")
    yield from _on_rates(answer, plotted, words)
    reasons = list(_provisional(points, words))
    if reasons:
        yield words.say("sentence_provisional", reasons=words.listing(reasons))
    if any(each.figure.is_sum for each in points):
        yield words.say("chart_note_sum")
    if plotted.lacking_whole:
        yield words.say("chart_note_no_whole", count=words.number(plotted.lacking_whole))
    absent = sorted({each.release for each in answer.absent})
    if absent:
        few = len(absent) <= _MOST_TITLES
        releases = (
            words.listing(absent) if few else words.say("chart_releases", count=words.number(len(absent)))
        )
        yield words.say("chart_note_absent", releases=releases)
    if answer.perhaps_out:
        yield words.say("sentence_perhaps_out", releases=words.listing(answer.perhaps_out))
    yield from (each.text.in_language(words.language) for each in answer.caveats)


def _on_rates(answer: Answer, plotted: Plotted, words: Words) -> Iterator[str]:
    """Yields what counts are divided by, and which have no rate and why; the source line says who counted and when."""
    denominator = rate_of(answer, words)
    if denominator is None:
        return
    if any(each.is_without for each in plotted.points) and plotted.kind != "tiles":
        yield note_without(plotted.kind, words)
    rows = [
        RatedRow(
            each.figure.rate,
            each.figure.release.release,
            when_text(each, plotted.span, words),
            _series_name(each.series) or words.place(answer.place),
            each.figure.through_date,
        )
        for each in plotted.points
        if each.figure.rate is not None
    ]
    yield from notes_on_rates(denominator, rows, words, lambda code: code)


def _provisional(points: Iterable[PrintedPoint], words: Words) -> Iterator[str]:
    figures = [each.figure for each in points]
    for each in words.catalog.rules.provisional_authorities:
        if any(figure.release.authority == each for figure in figures):
            yield words.say(f"provisional_{each}")
    if any(each.through_precision == "approximate" for each in figures):
        yield words.say("provisional_approximate")


def source_of(answer: Answer, words: Words) -> str:
    """Returns the source line: who printed it, in which releases, published when, and the receipt."""
    releases = {each.release.release: each.release for each in answer.figures}
    by_title = {each.title.in_language(words.language): each for each in releases.values()}
    sources = dict.fromkeys(each.source for each in releases.values())
    named = [words.catalog.sources[each] for each in sources if each in words.catalog.sources]
    titles = [each.title.in_language(words.language) for each in named] or list(sources)
    if len(releases) <= _MOST_TITLES:
        releases_text = "; ".join(by_title)
        # A release named after its source says both.
        titles = [each for each in titles if not any(title.startswith(each) for title in by_title)]
    else:
        releases_text = words.say("chart_releases", count=words.number(len(releases)))
    days = [
        day
        for each in releases.values()
        for day in (each.published_from, each.published_to)
        if day is not None
    ]
    key = "chart_source_undated"
    if days:
        key = "chart_source_on" if min(days) == max(days) else "chart_source"
    return words.say(
        key,
        source="; ".join([*([words.listing(titles)] if titles else []), releases_text]),
        beside=counted_by(rate_of(answer, words), [each.rate for each in answer.figures], words),
        first=words.date(min(days)) if days else "",
        last=words.date(max(days)) if days else "",
        receipt=answer.receipt.short,
    )


def alternative_of(
    answer: Answer, plotted: Plotted, title: str, subtitle: Iterable[str], notes: Iterable[str], words: Words,
    per: Per | None,
) -> str:  # fmt: skip
    """Returns the text that stands for the chart: each series' first, last, lowest and highest, and the notes."""
    parts = [words.say(f"chart_kind_{plotted.kind}", title=title), *subtitle]
    for members in _by_series(plotted.points):
        exact = [each for each in members if each.value is not None]
        if plotted.kind in SIDE_BY_SIDE or not exact:
            parts += [_said(each, answer, plotted, words, per) for each in members]
            continue
        ends = {
            "first": exact[0],
            "last": exact[-1],
            "lowest": min(exact, key=lambda each: (each.value or 0, each.at)),
            "highest": max(exact, key=lambda each: (each.value or 0, each.at)),
        }
        filled = {
            name: words.say(
                "chart_value_when",
                value=value_text(each, answer, words, per),
                when=when_text(each, plotted.span, words),
            )
            for name, each in ends.items()
        }
        name = _series_name(members[0].series) or title
        parts.append(words.say("chart_series", name=name, count=words.number(len(members)), **filled))
        parts += [_said(each, answer, plotted, words, per) for each in members if each.value is None]
    parts += notes
    return " ".join(each if each.endswith(".") else f"{each}." for each in parts)


def _said(point: PrintedPoint, answer: Answer, plotted: Plotted, words: Words, per: Per | None) -> str:
    when = when_text(point, plotted.span, words)
    name = _series_name(point.series)
    named = (
        name if plotted.kind in SIDE_BY_SIDE and name else ", ".join(each for each in (name, when) if each)
    )
    return f"{named}: {long_value_text(point, answer, words, per)}"


def _series_name(series: Series) -> str:
    return ", ".join(dict.fromkeys(each for each in (series.panel, series.name) if each))


def _by_series(points: Iterable[PrintedPoint]) -> list[list[PrintedPoint]]:
    groups: dict[tuple[str, str], list[PrintedPoint]] = {}
    for each in points:
        groups.setdefault((each.series.panel, each.series.key), []).append(each)
    return [sorted(each, key=lambda point: point.at) for each in groups.values()]
