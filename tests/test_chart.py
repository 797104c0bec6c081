"""Charts: what is drawn, what is left undrawn, and what they say of themselves."""

from __future__ import annotations

import datetime
import itertools
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.chart.asking import ask_over_time
from recount.chart.compose import compose_picture
from recount.chart.draw import draw_answer, draw_picture
from recount.chart.picture import Picture
from recount.chart.points import MOST_BARS, MOST_DAYS_APART, Per
from recount.chart.render import json_text, render_picture, svg_text
from recount.chart.scales import round_scale, spread_out, text_width, time_scale, wrap_text
from recount.chart.theme import MARGIN, NOTE_SIZE, THEMES, WIDTH, ThemeName, theme_called
from recount.claim.words import Words
from recount.declare.catalog import Catalog
from recount.declare.sources import KnownRelease
from recount.declare.text import LANGUAGES, Language
from recount.errors import UsageError
from recount.measure.answer import Answer, Question, answer_question
from recount.measure.prints import PrintBook
from small_record import BOSTON, CAMBRIDGE, day, days, printed, released, small_book, where
from small_statistics import Row, figure, held, so_far, statistics_book, workbook

SVG = "{http://www.w3.org/2000/svg}"
BY_CRIMINALITY = ("criminality", "through_date")


def book_of(catalog: Catalog, releases: Sequence[KnownRelease], *rows: Row) -> PrintBook:
    """Returns the prints of a record of these rows, each with a cell of its own."""
    own = [row | {"cell_original": f"A{index}"} for index, row in enumerate(rows, start=1)]
    return statistics_book(catalog, releases, *own)


def asked(book: PrintBook, measure: str, by: tuple[str, ...] | None = None, **more: Any) -> Answer:
    question = Question(measure, more.pop("where", {}), by, **more)
    return answer_question(ask_over_time(question, book.catalog.measure(measure)), book)


def picture_of(
    book: PrintBook,
    measure: str,
    by: tuple[str, ...] | None = None,
    *,
    language: Language = "en",
    per: Per | None = None,
    **more: Any,
) -> Picture:
    words = Words(book.catalog, language)
    return compose_picture(asked(book, measure, by, **more), words, book.record.releases.values(), per)


def spec_of(picture: Picture, theme: ThemeName = "light") -> dict[str, Any]:
    return draw_picture(picture, theme).to_dict()


def layers_of(spec: Mapping[str, Any], mark: str) -> list[dict[str, Any]]:
    return [each for each in spec["layer"] if each["mark"]["type"] == mark]


def texts_of(svg: str) -> str:
    """Returns every text on an SVG, its lines joined."""
    return " ".join("".join(each.itertext()) for each in ElementTree.fromstring(svg).iter(f"{SVG}text"))


@pytest.fixture
def gapped(catalog: Catalog) -> PrintBook:
    """Snapshots of four days, with a year between the second and the third."""
    dates = ("2024-12-29", "2025-01-12", "2026-01-07", "2026-01-25")
    releases = [workbook(f"r{index}", (day(date) + days(4)).isoformat()) for index, date in enumerate(dates)]
    counts = ((30, 10, 60), (31, 11, 62), (40, 38, 90), (44, 42, 88))
    rows = [
        row
        for index, (date, count) in enumerate(zip(dates, counts, strict=True))
        for row in held(f"r{index}", date, convicted=count[0], pending=count[1], other=count[2])
    ]
    return book_of(catalog, releases, *rows)


@pytest.fixture
def flagged(catalog: Catalog) -> PrintBook:
    """Snapshots of three days; a check marks the one between."""
    dates = ("2025-12-01", "2025-12-15", "2025-12-29")
    rows = [
        figure("r", date, count=count, flags=flags)
        for date, count, flags in zip(dates, (100, 900, 110), (None, "implausible", None), strict=True)
    ]
    return book_of(catalog, [workbook("r", "2026-01-08")], *rows)


@pytest.fixture
def monthly(catalog: Catalog) -> PrintBook:
    """Book-ins of four months: December is missing, and February goes to the 7th only."""
    spans = (("2025-10-01", "2025-10-31"), ("2025-11-01", "2025-11-30"), ("2026-01-01", "2026-01-31"))
    rows = [
        figure("r", last, "book_ins", kind="month", start=first, count=900 + index)
        for index, (first, last) in enumerate((*spans, ("2026-02-01", "2026-02-07")))
    ]
    return book_of(catalog, [workbook("r", "2026-02-12")], *rows)


# Lines and gaps


def test_a_gap_breaks_the_line(gapped: PrintBook):
    picture = picture_of(gapped, "detained_population")
    first, second, third, fourth = (each.segment for each in picture.points)
    assert first == second != third == fourth
    assert None not in (first, third)


@pytest.mark.parametrize(("apart", "joined"), [(MOST_DAYS_APART, True), (MOST_DAYS_APART + 1, False)])
def test_figures_up_to_a_quarter_apart_are_joined(catalog: Catalog, apart: int, joined: bool):
    first = day("2025-01-01")
    rows = [figure("r", (first + days(number)).isoformat(), count=number) for number in (0, apart, apart + 1)]
    picture = picture_of(book_of(catalog, [workbook("r", "2026-01-08")], *rows), "detained_population")
    assert (picture.points[0].segment == picture.points[1].segment) is joined
    assert len(picture.gaps) == (0 if joined else 1)


def test_a_gap_is_shaded_and_says_that_no_release_lies_there(gapped: PrintBook):
    picture = picture_of(gapped, "detained_population")
    (gap,) = picture.gaps
    assert (gap.start, gap.end) == (day("2025-01-12"), day("2026-01-07"))
    said = "no release in this record between 16 January 2025 and 11 January 2026"
    assert gap.text == said
    assert picture.notes[0] == f"Shaded, and lines broken: {said}."
    (shade,) = layers_of(spec_of(picture), "rect")
    assert shade["data"]["name"] == "gaps"


def test_a_release_inside_a_gap_is_not_denied(gapped: PrintBook):
    answer = asked(gapped, "detained_population")
    releases = [*gapped.record.releases.values(), workbook("prints-no-snapshot", "2025-07-01")]
    picture = compose_picture(answer, Words(gapped.catalog, "en"), releases)
    assert [each.text for each in picture.gaps] == ["no figure between 12 January 2025 and 7 January 2026"]


def test_a_release_of_no_known_day_may_lie_in_any_gap(gapped: PrintBook):
    answer = asked(gapped, "detained_population")
    releases = [*gapped.record.releases.values(), workbook("undated", None)]
    assert "release" not in compose_picture(answer, Words(gapped.catalog, "en"), releases).gaps[0].text


def test_without_the_releases_a_gap_speaks_of_figures_alone(gapped: PrintBook):
    picture = compose_picture(asked(gapped, "detained_population"), Words(gapped.catalog, "en"))
    assert picture.gaps[0].text == "no figure between 12 January 2025 and 7 January 2026"


def test_a_missing_month_is_a_gap(monthly: PrintBook):
    picture = picture_of(monthly, "book_ins")
    assert [each.text for each in picture.gaps] == ["no figure for December 2025"]
    assert len({each.segment for each in picture.points[:2]}) == 1
    assert picture.points[1].segment != picture.points[2].segment


def test_no_line_runs_to_a_month_that_is_not_complete(monthly: PrintBook):
    picture = picture_of(monthly, "book_ins")
    last = picture.points[-1]
    assert (last.is_complete, last.segment) == (False, None)
    assert any(note.startswith("Diamond: the month is not complete") for note in picture.notes)
    shapes = {each["mark"]["shape"] for each in layers_of(spec_of(picture), "point")}
    assert shapes == {"circle", "diamond"}
    assert "February 2026, through 7 February 2026: 903" in picture.hovers[-1]


def test_a_count_so_far_is_not_joined_across_fiscal_years(catalog: Catalog):
    rows = [
        so_far("r", "2025-09-25", "removals", 90),
        so_far("r", "2025-09-30", "removals", 95),
        so_far("r", "2025-10-20", "removals", 5),
    ]
    picture = picture_of(book_of(catalog, [workbook("r", "2025-11-01")], *rows), "removals_printed")
    first, second, third = (each.segment for each in picture.points)
    assert first == second != third
    assert [each for each in picture.texts if each] == [("FY2025", "95"), ("FY2026", "5")]


def test_each_code_is_a_line_and_the_total_is_drawn_in_ink(gapped: PrintBook):
    picture = picture_of(gapped, "detained_population", BY_CRIMINALITY)
    assert [each.name for each in picture.series] == [
        "Convicted",
        "Pending charges",
        "Other immigration violator",
        "Total",
    ]
    (line,) = layers_of(spec_of(picture), "line")
    colours = line["encoding"]["color"]["scale"]["range"]
    assert colours[-1] == theme_called("light").ink
    assert len(set(colours)) == len(colours)


def test_lines_are_named_at_their_ends_and_no_legend_is_needed(gapped: PrintBook):
    picture = picture_of(gapped, "detained_population", BY_CRIMINALITY)
    labels = {" ".join(each.name): " ".join(each.last) for each in picture.panels[0].labels}
    assert labels == {
        "Convicted": "44",
        "Pending charges": "42",
        "Other immigration violator": "88",
        "Total": "174",
    }
    coloured = [
        each["encoding"]["color"] for each in spec_of(picture)["layer"] if "color" in each["encoding"]
    ]
    assert [each["legend"] for each in coloured] == [None] * len(coloured)


def test_a_label_gives_the_date_of_a_line_that_ends_earlier(catalog: Catalog):
    dates = ("2025-10-01", "2025-10-15", "2025-11-01", "2025-12-01")
    rows = [row for each in dates for row in held("r", each, convicted=3, pending=2)]
    rows += held("r", "2025-12-15", convicted=4)
    book = book_of(catalog, [workbook("r", "2026-01-08")], *rows)
    labels = picture_of(book, "detained_population", BY_CRIMINALITY).panels[0].labels
    assert {each.series.key: " ".join(each.last) for each in labels}["pending"] == "2 (1 December 2025)"


def test_a_few_marks_bear_their_values_and_their_lines_the_names_alone(catalog: Catalog):
    rows = [row for each in ("2025-12-01", "2025-12-15") for row in held("r", each, convicted=3, pending=2)]
    book = book_of(catalog, [workbook("r", "2026-01-08")], *rows)
    picture = picture_of(book, "detained_population", BY_CRIMINALITY)
    assert picture.texts[0] == ("3", "60.0\N{NO-BREAK SPACE}%")
    assert {(" ".join(each.name), each.last) for each in picture.panels[0].labels} == {
        ("Convicted", ()),
        ("Pending charges", ()),
        ("Total", ()),
    }


def test_a_split_that_no_release_prints_is_refused(catalog: Catalog):
    rows = [
        figure("r", date, count=count, **code)
        for date in ("2025-12-01", "2025-12-15")
        for count, code in ((3, {"criminality": "convicted"}), (3, {"arresting_agency": "ice"}), (3, {}))
    ]
    book = book_of(catalog, [workbook("r", "2026-01-08")], *rows)
    with pytest.raises(UsageError, match="No release splits it by all of these at once"):
        picture_of(book, "detained_population", ("criminality", "arresting_agency"))


# Marks


def test_a_flagged_figure_is_hollow_and_a_note_says_what_hollow_means(flagged: PrintBook):
    picture = picture_of(flagged, "detained_population")
    spec = spec_of(picture)
    hollow = [each for each in layers_of(spec, "point") if not each["mark"]["filled"]]
    assert [each["mark"]["fill"] for each in hollow] == [theme_called("light").paper]
    assert "is_flagged === true" in hollow[0]["transform"][-1]["filter"]
    assert [each["value"] for each in spec["datasets"]["figures"] if each["is_flagged"]] == [900]
    assert "Hollow, and lines to it dotted: a check marks the figure (marked by hand as implausible)." in (
        picture.notes
    )


def test_lines_to_a_flagged_figure_are_dotted(flagged: PrintBook):
    spec = spec_of(picture_of(flagged, "detained_population"))
    assert [(each["value"], each["end"]) for each in spec["datasets"]["doubtful"]] == [(100, 900), (900, 110)]
    assert [each["run"] for each in spec["datasets"]["figures"]] == ["1.0", None, "1.1"]


def test_a_flag_on_the_total_marks_the_shares_of_its_parts(catalog: Catalog):
    rows = [
        figure("r", "2025-12-01", count=3, criminality="convicted"),
        figure("r", "2025-12-01", count=9, flags="implausible"),
        *held("r", "2025-12-15", convicted=4, other=5),
    ]
    book = book_of(catalog, [workbook("r", "2026-01-08")], *rows)
    points = picture_of(book, "detained_population", BY_CRIMINALITY, per="total").points
    assert [each.flags for each in points] == [("implausible",), (), ()]


def test_a_bound_is_drawn_from_end_to_end_and_joined_by_no_line(catalog: Catalog):
    releases = [
        released("june", "2011-07-11"),
        released("july", "2011-08-11"),
        released("august", "2011-09-11"),
    ]
    book = small_book(
        catalog,
        releases,
        printed("june", "2011-06-30", "US", removed_convicted_level1=20, removed_total=100),
        printed("july", "2011-07-31", "US", above={"removed_level1_share_above": "0.25"}),
        printed("august", "2011-08-31", "US", removed_convicted_level1=28, removed_total=100),
    )
    picture = picture_of(book, "share_level_1")
    assert [each.segment is None for each in picture.points] == [False, True, False]
    assert picture.points[0].segment != picture.points[2].segment
    (row,) = [each for each in spec_of(picture)["datasets"]["figures"] if each["value"] is None]
    assert (row["low"], row["is_open"]) == (0.25, True)
    assert "31 July 2011: more than 25\N{NO-BREAK SPACE}%" in picture.alternative


def test_prints_of_several_releases_are_marks_without_a_line(catalog: Catalog):
    rows = [figure(name, "2025-12-01", count=count) for name, count in (("first", 10), ("second", 12))]
    rows.append(figure("second", "2025-12-15", count=14))
    releases = [workbook("first", "2025-12-08"), workbook("second", "2025-12-22")]
    picture = picture_of(book_of(catalog, releases, *rows), "detained_population", ("release",))
    assert [each.value for each in picture.points] == [10, 12, 14]
    assert {each.segment for each in picture.points} == {None}
    assert "Each mark is what one release prints; no line joins the marks." in picture.notes


def test_readings_are_lines_with_a_band_between_lowest_and_highest(gapped: PrintBook):
    picture = picture_of(gapped, "share_criminal_detained", ("reading",))
    assert [each.is_default for each in picture.series] == [True, False]
    assert {each.name for each in picture.series} == {
        "Convicted of a crime, arrested by any agency",
        "Convicted of a crime or with charges pending, arrested by any agency",
    }
    band = picture.panels[0].band
    assert [(each.low, each.high) for each in band[:1]] == [(Fraction(30, 100), Fraction(40, 100))]
    assert band[1].segment != band[2].segment
    assert layers_of(spec_of(picture), "area")


# Shapes


@pytest.mark.parametrize(
    ("measure", "question", "by"),
    [
        ("detained_population", {}, ("through_date",)),
        ("book_ins", {}, ("month",)),
        ("detained_population", {"by": ("criminality",)}, ("criminality", "through_date")),
        ("book_ins", {"by": ("arresting_agency",)}, ("arresting_agency", "month")),
        ("share_criminal_detained", {"by": ("reading",)}, ("reading", "through_date")),
        ("removals_printed", {"by": ("fiscal_year",)}, ("fiscal_year",)),
        ("detained_population", {"by": ("criminality",), "as_known_on": day("2026-02-13")}, ("criminality",)),
        ("detained_population", {"by": ("criminality",), "release": "r"}, ("criminality",)),
        ("detained_population", {"as_known_on": day("2026-02-13")}, ("through_date",)),
        ("people_removed", {"by": ("state",)}, ("state",)),
    ],
)
def test_a_chart_is_over_time_unless_it_names_one_date(
    catalog: Catalog, measure: str, question: dict[str, Any], by: tuple[str, ...]
):
    asked_of = Question(measure, {}, **question)
    assert ask_over_time(asked_of, catalog.measure(measure)).by == by


def test_figures_of_one_date_are_bars_with_value_and_share(gapped: PrintBook):
    picture = picture_of(gapped, "detained_population", ("criminality",), as_known_on=day("2026-02-13"))
    assert picture.kind == "bars"
    assert picture.texts == (
        ("44 · 25.3\N{NO-BREAK SPACE}%",),
        ("42 · 24.1\N{NO-BREAK SPACE}%",),
        ("88 · 50.6\N{NO-BREAK SPACE}%",),
    )
    assert "174 in all" in picture.subtitle[-1]
    (bars,) = layers_of(spec_of(picture), "bar")
    assert "color" not in bars["encoding"]


def test_bars_of_places_are_ordered_by_value(catalog: Catalog):
    book = small_book(
        catalog,
        [released("july", "2011-07-11")],
        printed("july", "2011-06-30", BOSTON, removed_total=352),
        printed("july", "2011-06-30", CAMBRIDGE, removed_total=900),
    )
    picture = picture_of(book, "people_removed", ("jurisdiction",))
    assert [each.name for each in picture.series] == [CAMBRIDGE, BOSTON]


def test_a_flagged_bar_is_hollow(catalog: Catalog):
    rows = [
        figure("r", "2025-12-01", count=3, criminality="convicted", flags="implausible"),
        figure("r", "2025-12-01", count=6, criminality="other"),
    ]
    book = book_of(catalog, [workbook("r", "2026-01-08")], *rows)
    picture = picture_of(book, "detained_population", ("criminality",), release="r")
    assert [each["mark"]["fill"] for each in layers_of(spec_of(picture), "bar")] == [
        theme_called("light").tones[0],
        theme_called("light").paper,
    ]
    assert "Hollow: a check marks the figure (marked by hand as implausible)." in picture.notes


def test_fiscal_years_are_columns_and_one_that_is_not_complete_is_pale(catalog: Catalog):
    rows = [
        so_far("r", "2023-09-30", "removals", 90),
        so_far("r", "2025-09-24", "removals", 95),
        so_far("r", "2026-02-07", "removals", 40, flags="implausible"),
    ]
    book = book_of(catalog, [workbook("r", "2026-02-12")], *rows)
    picture = picture_of(book, "removals_printed", ("fiscal_year",))
    assert picture.kind == "columns"
    assert picture.categories == (("FY2023",), ("FY2025", "to 24 Sep"), ("FY2026", "to 7 Feb"))
    spec = spec_of(picture)
    drawn = [(each["mark"]["fillOpacity"], each["mark"]["strokeDash"]) for each in layers_of(spec, "bar")]
    assert drawn == [(1, [1, 0]), (0, [4, 3]), (0.28, [4, 3])]
    places = layers_of(spec, "bar")[0]["encoding"]["x"]["scale"]["domain"]
    assert places == ["2023", "2024", "2025", "2026"], "a year without a figure keeps its place"


def test_more_lines_than_colours_become_panels_of_one_scale(catalog: Catalog):
    reasons = (
        "bonded_out",
        "own_recognizance",
        "supervision",
        "paroled",
        "transferred",
        "other",
        "court_ordered",
    )
    rows = [
        figure(
            "r", last, "book_outs", kind="month", start=first, count=10 * index, release_reason=reason,
        )
        for index, reason in enumerate(reasons, start=1)
        for first, last in (("2025-10-01", "2025-10-31"), ("2025-11-01", "2025-11-30"))
    ]  # fmt: skip
    picture = picture_of(
        book_of(catalog, [workbook("r", "2026-01-08")], *rows), "book_outs", ("release_reason",)
    )
    assert [each.title for each in picture.panels][:2] == ["Bonded out", "Order of recognizance"]
    assert len(picture.panels) == len(reasons)
    assert picture.scale.top == 80
    assert "All panels have one scale" in " ".join(picture.notes)
    assert svg_text(draw_picture(picture)).startswith("<svg ")


def test_more_bars_than_a_page_holds_are_refused(catalog: Catalog):
    months = [datetime.date(2000 + index // 12, index % 12 + 1, 1) for index in range(MOST_BARS + 1)]
    releases = [workbook(f"r{index}", each.isoformat()) for index, each in enumerate(months)]
    rows = [figure(each.release, "1999-12-31", count=1) for each in releases]
    with pytest.raises(UsageError, match="61 bars cannot be read on one chart; it holds 60"):
        picture_of(book_of(catalog, releases, *rows), "detained_population", ("release",))


def test_nothing_to_draw_is_said_and_not_drawn(catalog: Catalog):
    with pytest.raises(UsageError, match="nothing to draw"):
        picture_of(book_of(catalog, []), "detained_population")


def test_parts_per_total_are_shares_of_the_printed_total(gapped: PrintBook):
    picture = picture_of(gapped, "detained_population", BY_CRIMINALITY, per="total")
    first = [each.value for each in picture.points if each.at == day("2024-12-29")]
    assert first == [Fraction(30, 100), Fraction(10, 100), Fraction(60, 100)]
    assert picture.name == "Share of people held, by criminality"
    assert picture.scale.ticks[0] == (0, "0\N{NO-BREAK SPACE}%")


def test_a_share_of_the_total_needs_parts(gapped: PrintBook):
    with pytest.raises(UsageError, match="needs a count that is split"):
        picture_of(gapped, "detained_population", per="total")


# What it says


def test_the_title_states_the_terms_and_the_subtitle_population_and_span(gapped: PrintBook):
    picture = picture_of(gapped, "detained_population", BY_CRIMINALITY)
    assert picture.name == "People held, by criminality"
    assert picture.subtitle == ("People held by ICE, on 4 days from 29 December 2024 to 25 January 2026",)
    assert picture.scale.unit == "people"


def test_the_title_names_place_and_condition_and_the_subtitle_reading_and_day(catalog: Catalog):
    rows = [
        *held("r", "2025-12-01", convicted=3, other=2),
        *held("r", "2025-12-15", convicted=4),
    ]
    book = book_of(catalog, [workbook("r", "2026-01-08")], *rows)
    one = picture_of(book, "detained_population", where={"criminality": "convicted"})
    assert one.name == "People held, criminality: Convicted"
    july = released("july", "2011-07-11")
    rows = [
        printed("july", date, removed_no_conviction=183, removed_total=352)
        for date in ("2011-06-30", "2011-06-01")
    ]
    other = picture_of(
        small_book(catalog, [july], *rows),
        "share_without_conviction",
        where=where(BOSTON),
        as_known_on=day("2011-08-01"),
    )
    assert other.name == "Share of the removed without a criminal conviction, Suffolk County, MA"
    assert (
        other.subtitle[1]
        == "Reading: everyone without a conviction (the default) · as known on 1 August 2011"
    )


def test_the_source_line_has_source_releases_and_receipt(gapped: PrintBook):
    answer = asked(gapped, "detained_population")
    svg = svg_text(draw_answer(answer, Words(gapped.catalog, "en")))
    said = (
        f"4 releases, published 2 January 2025 to 29 January 2026. Recount, receipt {answer.receipt.short}."
    )
    assert said in texts_of(svg)


def test_caveats_stand_on_the_chart(gapped: PrintBook):
    answer = asked(gapped, "detained_population")
    picture = compose_picture(answer, Words(gapped.catalog, "en"))
    assert answer.caveats
    assert [each.text.en for each in answer.caveats] == list(picture.notes[-len(answer.caveats) :])


def test_the_specification_has_the_answers_integers(gapped: PrintBook):
    answer = asked(gapped, "share_criminal_detained", ("reading",))
    spec = json.loads(json_text(draw_answer(answer, Words(gapped.catalog, "en"))))
    rows = [
        (each["through_date"], each["numerator"], each["denominator"]) for each in spec["datasets"]["figures"]
    ]
    assert sorted(rows) == sorted(
        (each.through_date.isoformat(), each.numerator, each.denominator) for each in answer.figures
    )
    assert spec["usermeta"]["recount"]["receipt"] == answer.receipt.short


def test_the_text_alternative_names_first_last_lowest_highest_and_gaps(gapped: PrintBook):
    picture = picture_of(gapped, "detained_population")
    assert (
        "4 figures; first 100 (29 December 2024), last 174 (25 January 2026), "
        "lowest 100 (29 December 2024), highest 174 (25 January 2026)." in picture.alternative
    )
    assert "no release in this record between 16 January 2025 and 11 January 2026" in picture.alternative


def test_an_svg_is_an_image_with_title_and_description(gapped: PrintBook):
    picture = picture_of(gapped, "detained_population")
    root = ElementTree.fromstring(svg_text(draw_picture(picture)))
    title, description = root[0], root[1]
    assert (root.get("role"), root.get("lang")) == ("img", "en")
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert (title.text, description.text) == (picture.name, picture.alternative)


def test_every_mark_of_a_figure_says_what_it_is(flagged: PrintBook):
    picture = picture_of(flagged, "detained_population")
    root = ElementTree.fromstring(svg_text(draw_picture(picture)))
    said = {each.text for each in root.iter(f"{SVG}title")}
    assert said == {picture.name, *picture.hovers}
    assert "15 December 2025: 900 (r). A check marks it: marked by hand as implausible" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_speaks_one_language(gapped: PrintBook, language: Language):
    other = {"en": ("enero", "cifra", "Personas"), "es": ("January", "figure", "People")}
    svg = svg_text(draw_picture(picture_of(gapped, "detained_population", BY_CRIMINALITY, language=language)))
    assert [each for each in other[language] if re.search(rf"\b{each}\b", svg)] == []


def test_every_dimension_and_unit_of_the_shipped_measures_has_a_name(catalog: Catalog):
    wanted = {f"chart_dimension_{name}" for each in catalog.measures.values() for name in each.dimensions}
    wanted |= {f"chart_unit_{each.unit}" for each in catalog.measures.values()}
    assert {*wanted} - catalog.messages["en"].messages.keys() == set()


# Files


@pytest.mark.parametrize("suffix", [".svg", ".json", ".html", ".png"])
def test_the_same_answer_gives_the_same_bytes(gapped: PrintBook, suffix: Any):
    first, second = (
        render_picture(picture_of(gapped, "detained_population", BY_CRIMINALITY), suffix) for _ in range(2)
    )
    assert first == second


def test_a_page_asks_nothing_of_the_network_and_runs_nothing(gapped: PrintBook):
    page = render_picture(picture_of(gapped, "detained_population", BY_CRIMINALITY), ".html").decode()
    addresses = set(re.findall(r"https?://[^\s\"'<>)]+", page))
    assert {each for each in addresses if not each.startswith("http://www.w3.org/")} == set()
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|\ssrc=|\shref=", page)
    assert "default-src 'none'" in page


def test_a_page_has_every_figure_in_a_table(gapped: PrintBook):
    picture = picture_of(gapped, "detained_population", BY_CRIMINALITY)
    page = render_picture(picture, ".html").decode()
    assert page.count("<tr>") == len(picture.points) + 1
    row = "<td>25 January 2026</td><td>Convicted</td>"
    assert f'{row}<td class="number">44</td><td class="number">174</td>' in page


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_colours_the_paper(gapped: PrintBook, theme: ThemeName):
    picture = picture_of(gapped, "detained_population")
    assert spec_of(picture, theme)["background"] == theme_called(theme).paper


def test_axes_begin_at_zero_and_end_above_the_highest_value(gapped: PrintBook):
    for measure in ("detained_population", "share_criminal_detained"):
        picture = picture_of(gapped, measure)
        (line,) = layers_of(spec_of(picture), "line")
        low, high = line["encoding"]["y"]["scale"]["domain"]
        assert low == 0
        assert high >= max(each.value for each in picture.points if each.value is not None)


def test_nothing_is_written_wider_than_the_chart(gapped: PrintBook):
    for language in LANGUAGES:
        picture = picture_of(gapped, "share_criminal_detained", ("reading",), language=language)
        for note in (*picture.notes, picture.source):
            for line in wrap_text(note, NOTE_SIZE, WIDTH - 2 * MARGIN):
                assert text_width(line, NOTE_SIZE) <= WIDTH - 2 * MARGIN


# Scales and colours


@given(st.fractions(min_value=0, max_value=10**7))
def test_an_axis_holds_the_highest_value_with_few_round_ticks(highest: Fraction):
    top, ticks = round_scale(highest)
    assert highest <= top
    assert ticks[0] == 0
    assert ticks[-1] == top
    assert 2 <= len(ticks) <= 7


@given(st.integers(min_value=0, max_value=1000))
def test_ticks_of_counts_are_whole_numbers(highest: int):
    assert all(each.denominator == 1 for each in round_scale(Fraction(highest), whole=True)[1])


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(10, 40)), max_size=7))
def test_labels_do_not_overlap_and_keep_their_order(wanted: list[tuple[float, float]]):
    middles = spread_out(wanted, 0, 300)
    boxes = sorted(zip(middles, (height for _, height in wanted), strict=True))
    for (upper, its), (lower, other) in itertools.pairwise(boxes):
        assert upper + its / 2 <= lower - other / 2 + 1e-6
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index][0], index))
    assert [middles[index] for index in order] == sorted(middles)


def test_labels_that_have_room_are_not_moved():
    assert spread_out([(100, 30), (200, 30)], 0, 300) == [100, 200]


@given(st.text(st.characters(codec="latin-1", categories=("L", "N")), max_size=8), st.integers(1, 30))
def test_wrapping_loses_no_word(word: str, count: int):
    text = " ".join([word] * count)
    assert " ".join(wrap_text(text, 11, 120)) == text


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ("2019-10-04", "2026-02-07", ["2020", "2021", "2022", "2023", "2024", "2025", "2026"]),
        ("2011-06-30", "2012-08-31", ["Jul 2011", "Oct", "2012", "Apr", "Jul"]),
        ("2026-01-07", "2026-01-25", ["7 Jan 2026", "25 Jan 2026"]),
    ],
)
def test_a_time_axis_names_years_quarters_or_days(first: str, last: str, labels: list[str]):
    scale = time_scale([day(first), day(last)], "en", Fraction(1, 60))
    assert [text for _, text in scale.ticks] == labels


def _linear(colour: str) -> list[float]:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    return [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]


def _times(matrix: tuple[tuple[float, ...], ...], vector: list[float]) -> list[float]:
    return [sum(each * value for each, value in zip(row, vector, strict=True)) for row in matrix]


# Machado, Oliveira and Fernandes 2009, severity 1: full vision, protanopia, deuteranopia, tritanopia.
VISIONS = (
    ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
)


def _lab(linear: list[float]) -> tuple[float, float, float]:
    to_xyz = (
        (0.4124564, 0.3575761, 0.1804375),
        (0.2126729, 0.7151522, 0.0721750),
        (0.0193339, 0.1191920, 0.9503041),
    )
    white = (0.95047, 1.0, 1.08883)
    scaled = [each / one for each, one in zip(_times(to_xyz, linear), white, strict=True)]
    x, y, z = (each ** (1 / 3) if each > 0.008856 else 7.787 * each + 16 / 116 for each in scaled)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _distances(colours: tuple[str, ...]) -> Iterator[float]:
    for vision in VISIONS:
        seen = [
            _lab([min(max(each, 0.0), 1.0) for each in _times(vision, _linear(colour))]) for colour in colours
        ]
        for one, other in itertools.combinations(seen, 2):
            yield sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5


@pytest.mark.parametrize("theme", THEMES)
def test_colours_stay_apart_for_the_colour_blind(theme: ThemeName):
    colours = theme_called(theme)
    assert min(_distances((*colours.tones, colours.ink))) >= 15


@pytest.mark.parametrize("theme", THEMES)
def test_text_has_the_contrast_that_reading_needs(theme: ThemeName):
    colours = theme_called(theme)

    def luminance(colour: str) -> float:
        return sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), _linear(colour), strict=True))

    for colour in (*colours.tones, colours.ink, colours.quiet):
        for paper in (colours.paper, colours.shade) if colour == colours.quiet else (colours.paper,):
            lighter, darker = sorted((luminance(colour), luminance(paper)), reverse=True)
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_the_width_of_accented_letters_is_that_of_their_base():
    assert (
        text_width("año", 12) == text_width(unicodedata.normalize("NFD", "año"), 12) == text_width("ano", 12)
    )
