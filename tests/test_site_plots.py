"""Charts of pages: marks are placed by shares of the plot, lines break at gaps, what is doubtful is dotted."""

from __future__ import annotations

import datetime
from dataclasses import replace
from itertools import pairwise

import pytest

from recount.ask.record import OpenRecord, open_record
from recount.chart.draw import picture_of_event_question, picture_of_question
from recount.chart.picture import Picture, TimeScale
from recount.chart.scales import text_width, wrap_text
from recount.chart.theme import LABEL_SIZE, SUBTITLE_SIZE
from recount.claim.words import Words
from recount.measure.answer import Question
from recount.site.plot_texts import day_ticks, whole_sentences
from recount.site.plots import place_picture


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return open_record()


def picture(record: OpenRecord, question: Question) -> Picture:
    words = Words(record.catalog, "en")
    if question.measure in record.catalog.measures:
        return picture_of_question(question, record.book, words)
    return picture_of_event_question(question, record.events, words)


HELD = Question("detained_population", {}, ("through_date",))
BY_CRIMINALITY = Question("detained_population", {}, ("criminality", "through_date"))
SIDE_BY_SIDE = Question("arrests", {}, ("aor",), release="ice-2019-icfo-53623")
IN_PANELS = Question("removals", {}, ("fiscal_year",))


TWO_YEARS = Question(
    "removals", {"fiscal_year": "2016..2017"}, ("fiscal_year", "gender"), release="ice-uw-v-dhs-2019-07"
)


@pytest.mark.parametrize("question", [HELD, BY_CRIMINALITY, SIDE_BY_SIDE, IN_PANELS, TWO_YEARS])
def test_every_figure_is_drawn_once_and_within_the_plot(record: OpenRecord, question: Question) -> None:
    shown = picture(record, question)
    plot = place_picture(shown)
    dots = [each for panel in plot.panels for each in panel.dots]
    bare = [each for panel in plot.panels for each in panel.whiskers if each.is_bare]
    assert len(dots) + len(bare) + len(plot.rows) == len(shown.points)
    places = [(each.x, each.y) for each in dots] + [(each.width or 0, 0.0) for each in plot.rows]
    assert all(0 <= x <= 100 and 0 <= y <= 100 for x, y in places)


def test_a_higher_value_stands_higher(record: OpenRecord) -> None:
    shown = picture(record, HELD)
    dots = place_picture(shown).panels[0].dots
    by_value = sorted(range(len(dots)), key=lambda index: shown.points[index].value or 0)
    heights = [dots[index].y for index in by_value]
    assert heights == sorted(heights, reverse=True)


def test_lines_break_where_the_picture_breaks_them(record: OpenRecord) -> None:
    shown = picture(record, HELD)
    lines = place_picture(shown).panels[0].lines
    segments = {each.segment for each in shown.points if each.segment is not None}
    solid = [each for each in lines if each.weight != "dotted"]
    assert len(solid) >= len(segments) - 1
    assert sum(each.path.count("L") for each in lines) < len(shown.points) - 1


def test_lines_to_a_marked_figure_are_dotted_and_the_figure_is_hollow(record: OpenRecord) -> None:
    shown = picture(record, HELD)
    panel = place_picture(shown).panels[0]
    marked = [each for each in shown.points if each.flags]
    assert marked
    assert sum("hollow" in each.shape for each in panel.dots) == len(marked)
    assert any(each.weight == "dotted" for each in panel.lines)


def test_several_series_have_a_key_and_one_has_none(record: OpenRecord) -> None:
    assert [each.name for each in place_picture(picture(record, BY_CRIMINALITY)).key] == [
        "Convicted",
        "Pending charges",
        "Other immigration violator",
        "Total",
    ]
    assert place_picture(picture(record, HELD)).key == ()


def test_bars_are_as_long_as_their_values(record: OpenRecord) -> None:
    shown = picture(record, SIDE_BY_SIDE)
    rows = place_picture(shown).rows
    pairs = sorted((each.value or 0, row.width or 0) for each, row in zip(shown.points, rows, strict=True))
    assert [width for _, width in pairs] == sorted(width for _, width in pairs)


def test_a_narrow_screen_keeps_some_days_of_the_axis(record: OpenRecord) -> None:
    ticks = place_picture(picture(record, HELD)).panels[0].day_ticks
    assert any(not each.is_wide for each in ticks)


def test_days_below_small_panels_lie_apart_where_panels_first_stand_in_rows() -> None:
    years = tuple((datetime.date(year, 9, 30), f"FY{year % 100}") for year in range(2012, 2020))
    time = TimeScale(years[0][0], years[-1][0], years)
    days = (time.last - time.first).days
    ticks = day_ticks(time, lambda day: (day - time.first).days / days * 100, across=4, beside=75)
    plot = (576 - 3 * 28) // 4 - 75
    widest = max(text_width(each.text, LABEL_SIZE) for each in ticks)
    assert len(ticks) > 1
    assert all((after.at - before.at) / 100 * plot >= widest + 8 for before, after in pairwise(ticks))


SUFFOLK = Question("share_without_conviction", {"jurisdiction": "25025"}, ("release", "reading"))


def test_texts_beside_marks_that_lie_close_stand_on_both_sides(record: OpenRecord) -> None:
    texts = place_picture(picture(record, SUFFOLK)).panels[0].texts
    first, second = (each for each in texts if each.lines[0] in ("52.0\xa0%", "48.0\xa0%"))
    assert (first.is_below, second.is_below) == (False, True)


def test_a_text_broken_into_lines_is_whole_again_and_stays_apart_from_the_next() -> None:
    texts = ["Removals and returns by ICE, by fiscal year, as one release records it", "Reading: every row"]
    lines = [line for each in texts for line in wrap_text(each, SUBTITLE_SIZE, 200)]
    assert len(lines) > len(texts)
    assert whole_sentences(lines, 200) == tuple(texts)


def test_two_years_side_by_side_are_lines_named_at_their_second_end(record: OpenRecord) -> None:
    plot = place_picture(picture(record, TWO_YEARS))
    (panel,) = plot.panels
    assert (plot.rows, plot.key) == ((), ())
    assert [(each.at, each.text) for each in panel.day_ticks] == [(0.0, "FY2016"), (100.0, "FY2017")]
    assert sorted(each.lines for each in panel.starts) == [(("1,656", False),), (("87", False),)]
    assert sorted(each.lines for each in panel.names) == [(("178 Female", True),), (("3,434 Male", True),)]
    assert len(panel.lines) == 2


def test_names_at_the_end_of_a_slope_move_apart_and_what_moved_leads_back_to_its_line(
    record: OpenRecord,
) -> None:
    shown = picture(record, TWO_YEARS)
    one = shown.points[0].value
    (panel,) = shown.panels
    level = replace(panel, points=tuple(replace(each, value=one) for each in panel.points))
    first, second = place_picture(replace(shown, panels=(level,))).panels[0].names
    assert abs(first.y - second.y) * 246 / 100 >= 15
    assert (first.led, second.led) == (None, first.y)
