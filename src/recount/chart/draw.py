"""Answers drawn with Altair: `draw_answer` gives a chart whose Vega-Lite holds the answer's integers."""

from __future__ import annotations

from collections.abc import Iterable

import altair as alt

from recount.chart.asking import ask_events_over_time, ask_over_time
from recount.chart.axes import Axes, series_colour
from recount.chart.bars import bar_data, bar_layers, column_layers
from recount.chart.compose import compose_picture
from recount.chart.event_compose import compose_events
from recount.chart.lines import line_data, line_layers, panel_title_lines
from recount.chart.picture import Panel, Picture
from recount.chart.points import Per
from recount.chart.scales import text_width, wrap_text
from recount.chart.slopes import slope_layers, slope_sides
from recount.chart.texts import here, write, write_across
from recount.chart.theme import (
    LABEL_LINE,
    LABEL_SIZE,
    MARGIN,
    NOTE_LINE,
    NOTE_SIZE,
    SUBTITLE_LINE,
    TITLE_LINE,
    WIDTH,
    Theme,
    ThemeName,
    configuration,
    theme_called,
)
from recount.chart.tile_marks import KEY_ROW, key_rows, tile_data, tile_key, tile_layers
from recount.chart.tiles import AskedKind
from recount.claim.words import Words
from recount.declare.charting import load_charting
from recount.declare.release_lag import SHORT_SPANS, load_release_lag
from recount.declare.sources import KnownRelease
from recount.measure.answer import Answer, Question, answer_question
from recount.measure.event_book import EventBook
from recount.measure.event_spans import covered_spans
from recount.measure.prints import PrintBook
from recount.revise.late_spans import find_late_spans

Chart = alt.LayerChart | alt.VConcatChart

_DATA = {"lines": line_data, "tiles": tile_data}

_UNIT_ROW, _UNIT_ABOVE, _KEY_ROW = 42, 24, 22
_TITLE_ABOVE = 14
_AXIS_ROW, _AXIS_SPACE, _BELOW_AXIS = 22, 12, 16
_KEY_SIZE = 10
_BETWEEN_PANELS, _BETWEEN_SCALES = 20, 26
_MARK_SIZE, _ABOVE_TITLES = 92, 8
_MARK_RISE = 3.2


def picture_of_question(
    question: Question,
    book: PrintBook,
    words: Words,
    per: Per | None = None,
    kind: AskedKind | None = None,
) -> Picture:
    """Returns what the chart of a question shows; it is asked over time unless it names one date, or a map or bars.

    Raises:
        UsageError: where there is nothing to draw, or too much for one chart.
    """
    measure = book.catalog.measure(question.measure)
    asked = question if kind in ("map", "bars") and question.by else ask_over_time(question, measure)
    return compose_picture(answer_question(asked, book), words, book.record.releases.values(), per, kind)


def draw_question(
    question: Question, book: PrintBook, words: Words, theme: ThemeName = "light", per: Per | None = None
) -> Chart:
    """Returns the chart of a question, asked over time unless it names one date."""
    return draw_picture(picture_of_question(question, book, words, per), theme)


def picture_of_event_question(
    question: Question, events: EventBook, words: Words, kind: AskedKind | None = None
) -> Picture:
    """Returns what the chart of a question about individual records shows; without a split it is over time.

    Raises:
        UsageError: where there is nothing to draw, or too much for one chart.
    """
    answer = events.answer(ask_events_over_time(question))
    held = [each for each in events.record.parts if each.table == answer.measure.table]
    coverage = {
        name: covered_spans([each for each in held if each.release == name])
        for name in sorted({each.release for each in held})
    }
    late = None
    if SHORT_SPANS & set(answer.asked.by):
        thresholds = load_release_lag(events.catalog)
        late = (find_late_spans(answer, events, thresholds), thresholds.records)
    return compose_events(answer, words, load_charting(events.catalog), coverage, kind, late)


def draw_event_question(
    question: Question, events: EventBook, words: Words, theme: ThemeName = "light"
) -> Chart:
    """Returns the chart of a question about individual records; without a split it is over time.

    The question itself says what parts are shares of (`per`).
    """
    return draw_picture(picture_of_event_question(question, events, words), theme)


def draw_answer(
    answer: Answer,
    words: Words,
    theme: ThemeName = "light",
    *,
    releases: Iterable[KnownRelease] = (),
    per: Per | None = None,
) -> Chart:
    """Returns the chart of an answer.

    Args:
        answer: with at least one figure.
        words: the catalog, and the language of everything on the chart.
        theme: light or dark.
        releases: those of the record, to say where it has none.
        per: `total` draws the parts of a count as shares of their total.

    Raises:
        UsageError: where there is nothing to draw, or too much for one chart.
    """
    return draw_picture(compose_picture(answer, words, releases, per), theme)


def draw_picture(picture: Picture, theme: ThemeName = "light") -> Chart:
    """Returns a picture as a chart of Altair. Its `usermeta` holds title, text alternative and receipt."""
    colours = theme_called(theme)
    chart = _alone(picture, colours) if len(picture.panels) == 1 else _panels(picture, colours)
    data = _DATA.get(picture.kind, bar_data)(picture)
    return chart.properties(
        background=colours.paper,
        config=alt.Config.from_dict(configuration(colours)),
        datasets=data,
        description=picture.alternative,
        usermeta={
            "recount": {
                "title": picture.name,
                "alternative": picture.alternative,
                "language": picture.language,
                "receipt": picture.receipt,
                "source": picture.source,
            }
        },
    )


def _alone(picture: Picture, theme: Theme) -> Chart:
    left, right = _sides(picture)
    width, height = WIDTH - left - right, picture.plot_height
    layers: list[alt.Chart]
    if picture.kind == "tiles":
        layers = tile_layers(picture, theme)
    elif picture.kind == "bars":
        layers = bar_layers(picture, theme)
    elif picture.kind == "columns":
        layers = column_layers(picture, theme)
    elif picture.kind == "slope":
        layers = slope_layers(picture, theme, width)
    elif picture.time is not None:
        layers = line_layers(picture.panels[0], Axes(picture, picture.time, theme, width, height))
    layers += _mark(picture.panels[0], theme, width, height)
    is_map = picture.kind == "tiles"
    keyed = picture.kind == "columns" and len(picture.series) > 1
    row = 1 if picture.kind != "columns" else max(len(each) for each in picture.categories)
    notes = _notes(picture)
    below = height + (0 if is_map else _AXIS_ROW) + (row - 1) * LABEL_LINE + _BELOW_AXIS
    key_height = key_rows(picture) * KEY_ROW if is_map else _KEY_ROW if keyed else 0
    head = _head_height(picture) + key_height
    if picture.kind == "slope":
        head, below = head + _AXIS_ROW, below - _AXIS_ROW + LABEL_LINE
    unit_above = _UNIT_ABOVE + (_AXIS_ROW if picture.kind == "slope" else 0)
    unit_above += key_height if is_map else 0
    layers.append(write([picture.scale.unit], MARGIN - left, -unit_above, theme.quiet))
    layers.append(write(notes, MARGIN - left, below, theme.quiet, size=NOTE_SIZE))
    if is_map:
        layers += tile_key(picture, theme, -key_height)
    elif keyed:
        layers += _key(picture, theme, MARGIN - left, -_UNIT_ABOVE - _KEY_ROW)[0]
    chart = alt.LayerChart(layer=layers)
    return chart.properties(
        width=width,
        height=height,
        autosize=alt.AutoSizeParams(type="none"),
        padding={
            "left": left,
            "right": right,
            "top": MARGIN + head,
            "bottom": below - height + len(notes) * NOTE_LINE + MARGIN,
        },
        title=_title(picture, MARGIN - left, _TITLE_ABOVE),
    )


def _panels(picture: Picture, theme: Theme) -> Chart:
    """Returns small multiples: in rows, with one key and one set of notes, and one scale unless each has its own."""
    if picture.time is None:
        raise TypeError("panels are of lines over time")
    whole = WIDTH - 2 * MARGIN
    left = _tick_width(picture) + _AXIS_SPACE
    across = picture.across
    apart = any(each.scale is not None for each in picture.panels)
    between = left + _BETWEEN_SCALES if apart else _BETWEEN_PANELS
    width = (whole - left - (across - 1) * between) // across
    charts = []
    for index, each in enumerate(picture.panels):
        axes = Axes(
            picture,
            picture.time,
            theme,
            width,
            picture.plot_height,
            names_values=apart or index % across == 0,
            scale=each.scale,
        )
        marked = _mark(each, theme, width, picture.plot_height)
        panel = alt.LayerChart(layer=[*line_layers(each, axes), *marked])
        charts.append(panel.properties(width=width, height=picture.plot_height))
    tallest = max(panel_title_lines(each, width) for each in picture.panels)
    head = [write([picture.scale.unit], -left, 0, theme.quiet)]
    rows = 1
    if len(picture.series) > 1:
        start = text_width(picture.scale.unit, LABEL_SIZE) + 2 * MARGIN - left
        key, rows = _key(picture, theme, start, 0, whole - left)
        head += key
    notes = _notes(picture)
    grid = alt.concat(
        *charts,
        columns=across,
        bounds="flush",
        spacing=alt.RowColnumber(
            row=_AXIS_ROW + tallest * LABEL_LINE + _BETWEEN_PANELS + _ABOVE_TITLES, column=between
        ),
    )
    above = alt.LayerChart(layer=head).properties(width=whole - left, height=rows * _KEY_ROW)
    written = write(notes, -left, 0, theme.quiet, size=NOTE_SIZE)
    below = alt.LayerChart(layer=[written]).properties(width=whole - left, height=len(notes) * NOTE_LINE)
    return alt.vconcat(above, grid, below, spacing=_BELOW_AXIS).properties(
        padding=MARGIN, title=_title(picture, -left, _BELOW_AXIS)
    )


def _title(picture: Picture, left: int, offset: int) -> alt.TitleParams:
    return alt.TitleParams(
        list(picture.title), subtitle=list(picture.subtitle), anchor="start", dx=left, offset=offset
    )


def _head_height(picture: Picture) -> int:
    return len(picture.title) * TITLE_LINE + len(picture.subtitle) * SUBTITLE_LINE + _UNIT_ROW


def _tick_width(picture: Picture) -> int:
    scales = [picture.scale, *(each.scale for each in picture.panels if each.scale is not None)]
    return int(max(text_width(text, LABEL_SIZE) for each in scales for _, text in each.ticks)) + 1


def _mark(panel: Panel, theme: Theme, width: int, height: int) -> list[alt.Chart]:
    """Returns the word across a plot, as large as it fits."""
    if not panel.mark:
        return []
    size = min(_MARK_SIZE, int(height / _MARK_RISE), int(width / len(panel.mark) * 1.1))
    return [write_across(panel.mark, (width / 2, height / 2), theme.quiet, size)]


def _sides(picture: Picture) -> tuple[int, int]:
    """Returns the room left and right of the plot, for what stands beside it."""
    texts = max((text_width(line, LABEL_SIZE) for each in picture.texts for line in each), default=0.0)
    if picture.kind == "tiles":
        return MARGIN, MARGIN
    if picture.kind == "slope":
        left, right = slope_sides(picture)
        return left + MARGIN, right + MARGIN
    if picture.kind == "bars":
        names = max(text_width(line, LABEL_SIZE) for each in picture.categories for line in each)
        return int(names) + MARGIN + _AXIS_SPACE, int(texts) + MARGIN + _AXIS_SPACE
    labels = picture.panels[0].labels
    widest = [text_width(line, LABEL_SIZE, bold=True) for each in labels for line in each.name]
    widest += [text_width(line, LABEL_SIZE) for each in labels for line in each.last]
    right = int(max(widest)) + MARGIN + _AXIS_SPACE if widest else MARGIN + int(texts / 2)
    return _tick_width(picture) + MARGIN + _AXIS_SPACE, right


def _notes(picture: Picture) -> list[str]:
    width = WIDTH - 2 * MARGIN
    return [line for each in (*picture.notes, picture.source) for line in wrap_text(each, NOTE_SIZE, width)]


def _key(
    picture: Picture, theme: Theme, left: float, top: float, width: float = WIDTH
) -> tuple[list[alt.Chart], int]:
    """Returns the key, a square and a name for each series, and how many rows it takes."""
    layers: list[alt.Chart] = []
    start, rows = left, 1
    for each in picture.series:
        colour = series_colour(each, theme)
        if left > start and left + 16 + text_width(each.name, LABEL_SIZE) > width:
            left, top, rows = start, top + _KEY_ROW, rows + 1
        square = here().mark_square(aria=False, color=colour, size=_KEY_SIZE**2, opacity=1, filled=True)
        layers.append(square.encode(x=alt.value(left + 5), y=alt.value(top + 6)))
        layers.append(write([each.name], left + 16, top, theme.ink))
        left += 16 + text_width(each.name, LABEL_SIZE) + MARGIN
    return layers, rows
