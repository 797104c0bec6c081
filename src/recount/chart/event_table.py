"""The numbers of a chart of individual records as a table, every reading of them."""

from __future__ import annotations

from recount.chart.event_figures import EventFigure, EventPoint
from recount.chart.event_points import EventPlotted
from recount.chart.event_words import EventWords
from recount.chart.picture import Table
from recount.measure.event_bounds import WHYS


def table_of(plotted: EventPlotted, say: EventWords) -> Table:
    """Returns every number that is drawn, with its bounds and what is not known of it."""
    figures = [
        (point, figure) for point in (*plotted.points, *plotted.without_value) for figure in point.readings
    ]
    kind: str = say.answer.measure.kind if say.answer.asked.per is None else "part"
    kind = kind if say.rate_of is None else "rate"
    columns = [(say.say("table_span"), False), (say.say("table_part"), False)]
    columns += [(say.say("table_reading"), False)] if plotted.is_spread else []
    columns.append((say.say(f"unit_{say.answer.measure.unit}"), True))
    columns += [(say.say("table_of"), True)] if kind != "count" else []
    value = {"share": "table_share", "part": "table_share", "duration": "table_expected"}.get(kind)
    columns += [(say.say(value), True)] if value is not None else []
    columns += [(say.words.say("rate_heading"), True)] if kind == "rate" else []
    bounded = any(not figure.bounds.is_point for _, figure in figures if figure.bounds is not None)
    columns += [(say.say("table_low"), True), (say.say("table_high"), True)] if bounded else []
    whys = [why for why in WHYS if any(figure.undecided[why] for _, figure in figures)]
    columns += [(say.say(f"short_{why}"), True) for why in whys]
    columns.append((say.say("table_release"), False))
    rows = []
    for point, figure in figures:
        row = [say.when(figure), _part(point)]
        row += [say.reading(figure.reading)] if plotted.is_spread else []
        row += _numbers(figure, say, kind)
        row += _ends(figure, say) if bounded else []
        row += [say.words.number(figure.undecided[why]) for why in whys]
        rows.append((*row, figure.release.release))
    used = [index for index in range(len(columns)) if any(row[index] for row in rows)]
    return Table(
        say.words.say("chart_page_table"),
        tuple(columns[index][0] for index in used),
        tuple(columns[index][1] for index in used),
        tuple(tuple(row[index] for index in used) for row in rows),
    )


def _part(point: EventPoint) -> str:
    return ", ".join(
        dict.fromkeys(each for each in (point.block, point.series.panel, point.series.name) if each)
    )


def _numbers(figure: EventFigure, say: EventWords, kind: str) -> list[str]:
    number = say.words.number
    if kind == "count":
        return [number(figure.numerator)]
    of = "" if figure.denominator is None else number(figure.denominator)
    if kind == "rate":
        return [number(figure.numerator), of, "" if figure.value is None else say.number(figure.value)]
    value = "" if figure.value is None else say.words.share(figure.value)
    if kind in ("share", "part"):
        return [number(figure.numerator), of, value]
    if kind == "duration":
        happened = next(iter(figure.outcomes.values()), 0)
        return [number(happened), of, value]
    mean = "" if figure.value is None else say.words.decimal(figure.value, 1)
    return [mean, of]


def _ends(figure: EventFigure, say: EventWords) -> list[str]:
    bounds = figure.bounds
    if bounds is None or bounds.low is None or bounds.high is None:
        return ["", ""]
    shown = say.number if figure.kind in ("share", "part", "rate") else say.words.number
    return [shown(bounds.low), shown(bounds.high)]
