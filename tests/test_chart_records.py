"""Charts of individual records: what is joined, what is left open, what is hollow, and what is made up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from recount.chart.asking import ask_events_over_time
from recount.chart.draw import draw_event_question, draw_picture, picture_of_event_question
from recount.chart.event_points import EventPoint
from recount.chart.picture import Picture
from recount.chart.render import json_text, render_picture, svg_text
from recount.chart.scales import text_width
from recount.chart.theme import MARGIN, NOTE_SIZE, THEMES, WIDTH, theme_called
from recount.claim.words import Words
from recount.declare.catalog import Catalog, load_catalog
from recount.declare.charting import Charting, load_charting
from recount.declare.text import LANGUAGES, Language
from recount.errors import CatalogError, UsageError
from recount.measure.event_engine import DuckDB, Engine
from recount.measure.questions import Per, Question
from small_events import Parts, day

Row = dict[str, Any]


@pytest.fixture(scope="module")
def duckdb() -> Engine:
    return DuckDB()


@pytest.fixture
def parts(tmp_path: Path, catalog: Catalog) -> Parts:
    return Parts(tmp_path, catalog)


def removed(date: str, aor: str | None = "BOS", count: int = 1, **more: Any) -> list[Row]:
    row = {"removal_date_inferred": day(date), "departed_date": day(date), "removal_aor_code": aor, **more}
    return [row] * count


def arrested(date: str, criminality: str | None, count: int = 1) -> list[Row]:
    row = {"apprehension_date": day(date), "apprehension_criminality_code": criminality}
    return [row] * count


def rows_of(*members: Sequence[Row]) -> list[Row]:
    return [row for each in members for row in each]


def picture_of(
    parts: Parts,
    engine: Engine,
    measure: str = "removals",
    by: tuple[str, ...] | None = None,
    *,
    language: Language = "en",
    **more: Any,
) -> Picture:
    question = Question(measure, more.pop("where", {}), by, **more)
    return picture_of_event_question(question, parts.book(engine), Words(parts.catalog, language))


def points_of(picture: Picture) -> list[EventPoint]:
    return [each for each in picture.points if isinstance(each, EventPoint)]


def drawn(picture: Picture) -> list[tuple[str, str | None, Fraction | None]]:
    """Returns every mark as (series or panel, span, value)."""
    return [
        (each.series.panel or each.series.name, each.own_row()["period"], each.value)
        for each in points_of(picture)
    ]


def spec_of(picture: Picture) -> Mapping[str, Any]:
    return draw_picture(picture).to_dict()


MONTHS = rows_of(
    removed("2017-10-01", count=3),
    removed("2017-11-10", count=5),
    removed("2017-12-31", count=4),
    removed("2018-01-10", count=2),
)


# Kinds by the shape of the question


@pytest.mark.parametrize(("per", "is_drawn"), [("total", False), ("column", False), ("row", True)])
def test_a_share_over_time_of_a_span_cut_short_is_not_drawn(
    parts: Parts, duckdb: Engine, per: Per, is_drawn: bool
):
    days = ("2016-10-02", "2017-10-02", "2018-10-05")
    rows = rows_of(*(removed(each, gender_code=gender) for each in days for gender in ("male", "female")))
    parts.rows("removals", rows, cut_off="2018-10-05")
    picture = picture_of(parts, duckdb, by=("fiscal_year", "gender"), per=per)
    spans = {span for _, span, _ in drawn(picture)}
    assert spans == {"2017", "2018"} | ({"2019"} if is_drawn else set())
    withheld = [each for each in picture.notes if each.startswith("No share over time of what is cut short")]
    assert bool(withheld) is not is_drawn
    assert all("FY2019 (" in each and "tiny" in each for each in withheld)


def test_without_a_split_it_is_asked_by_fiscal_year(parts: Parts, duckdb: Engine):
    parts.rows(
        "removals", rows_of(removed("2017-01-01", count=2), removed("2018-01-01")), cut_off="2018-09-30"
    )
    picture = picture_of(parts, duckdb)
    assert picture.kind == "columns"
    assert drawn(picture) == [("", "2017", 2), ("", "2018", 1)]
    assert ask_events_over_time(Question("removals", {}, ("reading",))).by == ("reading", "fiscal_year")
    assert ask_events_over_time(Question("removals", {}, ("aor",))).by == ("aor",)


def test_a_dimension_alone_is_bars(parts: Parts, duckdb: Engine):
    parts.rows("removals", rows_of(removed("2018-01-01", "BOS", 2), removed("2018-01-02", "SEA", 5)))
    picture = picture_of(parts, duckdb, by=("aor",))
    assert picture.kind == "bars"
    assert [(each.series.name, each.value) for each in points_of(picture)] == [("Seattle", 5), ("Boston", 2)]


def test_months_are_a_line_and_few_parts_lines_on_one_set_of_axes(parts: Parts, duckdb: Engine):
    parts.rows("removals", rows_of(MONTHS, removed("2017-10-05", "SEA"), removed("2017-12-05", "SEA")))
    picture = picture_of(parts, duckdb, by=("month", "aor"))
    assert (picture.kind, len(picture.panels), len(picture.series)) == ("lines", 1, 2)


def test_more_parts_than_colours_have_panels_of_one_scale(parts: Parts, duckdb: Engine):
    areas = ("ATL", "BAL", "BOS", "BUF", "CHI", "DAL", "DEN")
    parts.rows(
        "removals", rows_of(*(removed(f"2017-{month}-01", each) for each in areas for month in (10, 11, 12)))
    )
    picture = picture_of(parts, duckdb, by=("month", "aor"))
    assert [each.title for each in picture.panels] == [
        "Atlanta", "Baltimore", "Boston", "Buffalo", "Chicago", "Dallas", "Denver"
    ]  # fmt: skip
    assert {each.scale for each in picture.panels} == {None}
    assert "All panels have one scale." in picture.notes


def test_two_whole_spans_that_follow_each_other_are_a_slope(parts: Parts, duckdb: Engine):
    rows = rows_of(
        *(removed(f"{year}-01-01", aor, year - 2015) for year in (2017, 2018) for aor in ("BOS", "SEA"))
    )
    parts.rows("removals", rows_of(rows, removed("2016-10-01"), removed("2018-09-30")), cut_off="2018-09-30")
    picture = picture_of(parts, duckdb, by=("fiscal_year", "aor"))
    assert picture.kind == "slope"
    texts = json.dumps(spec_of(picture), ensure_ascii=False)
    assert "Seattle\N{EN SPACE}2" in texts
    assert "3\N{EN SPACE}Seattle" in texts


@pytest.mark.parametrize(("last", "cut_off"), [("2018-01-01", "2018-01-31"), ("2019-01-01", "2019-09-30")])
def test_a_span_cut_short_or_not_the_next_one_is_no_slope(
    parts: Parts, duckdb: Engine, last: str, cut_off: str
):
    rows = rows_of(*(removed(date, aor) for date in ("2016-10-01", last) for aor in ("BOS", "SEA")))
    parts.rows("removals", rows, cut_off=cut_off)
    assert picture_of(parts, duckdb, by=("fiscal_year", "aor")).kind == "lines"


def test_the_small_parts_are_one_and_said_to_be(parts: Parts, duckdb: Engine, catalog: Catalog):
    codes = [each.code for each in catalog.codes["areas_of_responsibility"].codes][:14]
    rows = [row for index, code in enumerate(codes) for row in removed("2018-01-01", code, 20 - index)]
    picture = picture_of(parts.rows("removals", rows), duckdb, by=("aor",))
    points = points_of(picture)
    assert len(points) == load_charting(catalog).most_parts.value == 12
    assert points[-1].series.name == "Other (3)"
    assert points[-1].value == sum(20 - index for index in (11, 12, 13))
    assert any("the 3 smaller parts" in each for each in picture.notes)


def test_the_rest_is_counted_over_all_spans(parts: Parts, duckdb: Engine, catalog: Catalog):
    codes = [each.code for each in catalog.codes["areas_of_responsibility"].codes][:14]
    rows = [row for index, code in enumerate(codes) for row in removed("2017-10-01", code, 20 - index)]
    some = [row for code in codes[:12] for row in removed("2017-11-01", code)]
    picture = picture_of(parts.rows("removals", rows + some), duckdb, by=("month", "aor"))
    assert picture.panels[-1].title == "Other (3)"


def test_more_bars_than_can_be_read_are_refused(parts: Parts, duckdb: Engine, catalog: Catalog):
    codes = [each.code for each in catalog.codes["areas_of_responsibility"].codes][:9]
    for release in "abcdefg":
        parts.rows(
            "removals", [row for each in codes for row in removed("2018-01-01", each)], release=release
        )
    with pytest.raises(UsageError, match="63 bars cannot be read"):
        picture_of(parts, duckdb, by=("aor",))


# What a line joins, and what is left open


def test_a_line_joins_spans_that_follow_each_other_alone(parts: Parts, duckdb: Engine):
    parts.rows("removals", removed("2017-10-02", count=2) + removed("2017-11-10"), cut_off="2017-11-30")
    parts.rows("removals", removed("2018-02-01"), cut_off="2018-03-31")
    picture = picture_of(parts, duckdb, by=("month",))
    first, second, third = (each.segment for each in picture.points)
    assert first == second != third
    assert [each.said for each in picture.gaps] == ["no December 2017 to January 2018"]
    assert (
        "Left open, lines broken, where a release has nothing: no December 2017 to January 2018."
        in picture.notes
    )


def test_a_covered_span_without_rows_is_zero_where_every_code_is_known(parts: Parts, duckdb: Engine):
    parts.rows("removals", rows_of(MONTHS, removed("2017-10-05", "SEA"), removed("2017-12-05", "SEA")))
    picture = picture_of(parts, duckdb, by=("month", "aor"))
    assert ("Seattle", "2017-11", 0) in drawn(picture)


def test_rows_that_may_be_of_a_span_without_rows_are_its_highest_count(parts: Parts, duckdb: Engine):
    rows = rows_of(
        MONTHS, removed("2017-10-05", "SEA"), removed("2017-12-05", "SEA"), removed("2017-11-05", None)
    )
    picture = picture_of(parts.rows("removals", rows), duckdb, by=("month", "aor"))
    (zero,) = [each for each in points_of(picture) if each.value == 0]
    assert (zero.own_row()["period"], zero.low, zero.high) == ("2017-11", 0, 1)
    assert zero.own_row()["missing"] == 1


def test_a_covered_span_without_rows_is_left_open_where_a_cube_pools_rows(parts: Parts, duckdb: Engine):
    cells = [
        {"fiscal_year": 2018, "month": day(f"2017-{month}-01"), "removal_aor_code": code, "row_count": 7}
        for month in (10, 11, 12)
        for code in ("BOS", "SEA")
        if (month, code) != (11, "SEA")
    ]
    pooled = {"fiscal_year": 2018, "removal_aor_code": "pooled", "row_count": 6}
    parts.cube("removals", [*cells, pooled], cut_off="2017-12-31")
    picture = picture_of(parts, duckdb, by=("month", "aor"))
    assert ("Seattle", "2017-11") not in [each[:2] for each in drawn(picture)]
    assert any(each.startswith("Where a covered span has no mark") for each in picture.notes)


def test_a_span_that_is_not_covered_whole_is_hollow_unjoined_and_said(parts: Parts, duckdb: Engine):
    picture = picture_of(parts.rows("removals", MONTHS, cut_off="2018-01-10"), duckdb, by=("month",))
    last = picture.points[-1]
    assert (last.is_complete, last.segment) == (False, None)
    assert any("Hollow" in each and "January 2018, to 10 January 2018" in each for each in picture.notes)
    (diamond,) = [
        each
        for each in spec_of(picture)["layer"]
        if isinstance(each["mark"], dict) and each["mark"].get("shape") == "diamond"
    ]
    assert (diamond["mark"]["filled"], diamond["mark"]["fill"]) == (False, theme_called("light").paper)


# Releases


def test_releases_of_one_span_are_drawn_apart_and_never_added(parts: Parts, duckdb: Engine):
    parts.rows("removals", MONTHS, release="a").rows("removals", MONTHS[:6], release="b")
    picture = picture_of(parts, duckdb, by=("month",))
    assert [each.name for each in picture.series] == ["a", "b"]
    assert drawn(picture)[0] == ("a", "2017-10", 3)
    assert ("b", "2017-10", 3) in drawn(picture)
    assert len({each.segment for each in picture.points if each.segment is not None}) == 2
    assert any("neither joined nor added" in each for each in picture.notes)


def test_a_release_that_a_common_scale_would_hide_has_a_panel_of_its_own(parts: Parts, duckdb: Engine):
    large = rows_of(*(removed(f"2017-{month}-01", count=90) for month in (10, 11, 12)))
    parts.rows("removals", MONTHS, release="small").rows("removals", large, release="large")
    picture = picture_of(parts, duckdb, by=("month",))
    assert [each.title for each in picture.panels] == ["large", "small"]
    tops = [each.scale.top for each in picture.panels if each.scale is not None]
    assert tops == [100, 5]
    assert "Each panel has a scale of its own." in picture.notes


def test_bars_of_several_releases_stand_in_blocks(parts: Parts, duckdb: Engine):
    for release in ("a", "b"):
        rows = rows_of(removed("2018-01-01", "BOS"), removed("2018-01-01", "SEA", 2))
        parts.rows("removals", rows, release=release)
    picture = picture_of(parts, duckdb, by=("aor",))
    assert picture.blocks == ((0, "a"), (2, "b"))
    places = [each["place"] for each in spec_of(picture)["datasets"]["figures"]]
    assert places == ["001", "002", "004", "005"]


# What is not known


def test_a_count_reaches_to_what_it_could_be_at_most(parts: Parts, duckdb: Engine):
    rows = rows_of(
        removed("2018-01-01", "BOS", 2), removed("2018-01-01", "SEA", 4), removed("2018-01-02", None, 3)
    )
    picture = picture_of(parts.rows("removals", rows), duckdb, by=("aor",))
    by_name = {each.series.name: (each.value, each.low, each.high) for each in points_of(picture)}
    assert by_name["Boston"] == (2, 2, 5)
    assert by_name["Not stated"] == (3, 3, 3)
    assert ("2, at most 5",) in picture.texts
    note = next(each for each in picture.notes if each.startswith("Rows that do not say"))
    assert note.endswith("(area of responsibility), and may be of any: missing 3.")


def test_a_share_is_drawn_with_what_it_could_be(parts: Parts, duckdb: Engine):
    rows = rows_of(
        arrested("2018-01-01", "convicted"), arrested("2018-01-01", "other", 2), arrested("2018-01-02", None)
    )
    parts.rows("arrests", rows_of(rows, arrested("2017-10-01", "other"), arrested("2018-09-30", "other")))
    (point,) = points_of(picture_of(parts, duckdb, "share_convicted_arrested", by=("fiscal_year",)))
    assert (point.value, point.low, point.high) == (Fraction(1, 5), Fraction(1, 6), Fraction(1, 3))


def test_a_share_of_which_no_code_is_known_is_a_bar_from_end_to_end(parts: Parts, duckdb: Engine):
    rows = rows_of(
        arrested("2016-10-01", None, 2), arrested("2017-10-01", "convicted"), arrested("2018-09-30", "other")
    )
    picture = picture_of(parts.rows("arrests", rows), duckdb, "share_convicted_arrested", by=("fiscal_year",))
    first = picture.points[0]
    assert (first.value, first.low, first.high) == (None, 0, 1)
    assert any(each.startswith("A bar from end to end") for each in picture.notes)


def test_what_a_cube_pools_is_said_to_be_suppressed(parts: Parts, duckdb: Engine):
    span = {"fiscal_year": 2018, "month": day("2018-01-01")}
    cells = [{**span, "removal_aor_code": code, "row_count": 7} for code in ("BOS", "SEA")]
    parts.cube(
        "removals", [*cells, {**span, "removal_aor_code": "pooled", "row_count": 6}], cut_off="2018-01-31"
    )
    picture = picture_of(parts, duckdb, by=("aor",))
    assert "Suppressed" in [each.series.name for each in picture.points]
    assert any("suppressed: pooled with others" in each for each in picture.notes)
    assert "suppressed" in picture.table.headings


def test_bounds_that_a_pixel_would_hide_are_drawn_by_no_bar(parts: Parts, duckdb: Engine):
    rows = rows_of(removed("2017-01-01", count=400), removed("2018-01-01", None))
    spec = spec_of(
        picture_of(parts.rows("removals", rows), duckdb, by=("fiscal_year",), where={"aor": "Boston"})
    )
    (test,) = {
        each["filter"]
        for layer in spec["layer"]
        for each in layer.get("transform", [])
        if "has_whisker" in str(each)
    }
    assert test.startswith("datum.has_whisker && datum.high - datum.low > ")


# Readings


def test_readings_are_a_band_around_the_default_line(parts: Parts, duckdb: Engine):
    parts.rows("removals", MONTHS, cut_off="2018-01-31")
    picture = picture_of(parts, duckdb, by=("month", "reading"))
    assert len(picture.series) == 1
    (panel,) = picture.panels
    assert [(each.low, each.high) for each in panel.band] == [(1, 3), (1, 5), (1, 4), (1, 2)]
    assert [each.value for each in picture.points] == [3, 5, 4, 2]
    assert any(
        each.startswith("The band spans the lowest and the highest of the readings") for each in picture.notes
    )
    assert any("lowest 1 (rows equal in every column once" in each for each in picture.notes)


def test_every_reading_stands_in_the_table(parts: Parts, duckdb: Engine):
    picture = picture_of(parts.rows("removals", MONTHS), duckdb, by=("month", "reading"))
    assert "Reading" in picture.table.headings
    assert len(picture.table.rows) == sum(len(each.readings) for each in points_of(picture))


# What it says of itself


def test_the_title_says_measure_place_and_span_and_the_subtitle_the_reading(parts: Parts, duckdb: Engine):
    picture = picture_of(parts.rows("removals", MONTHS), duckdb, by=("month",), where={"aor": "Boston"})
    assert (
        picture.name == "Removals and returns, area of responsibility: Boston, October 2017 to January 2018"
    )
    assert picture.subtitle[-1].startswith("Reading: every row as recorded")
    assert picture.subtitle[-1].endswith("(the default)")


def test_the_source_line_names_the_release_and_the_receipt(parts: Parts, duckdb: Engine):
    picture = picture_of(parts.rows("removals", MONTHS), duckdb)
    assert picture.source.startswith("Source: tiny, published 1 January 2020 to 1 February 2020.")
    assert picture.source.endswith(f"receipt {picture.receipt}.")


def test_warnings_are_notes_with_what_to_do_instead(parts: Parts, duckdb: Engine):
    picture = picture_of(parts.rows("removals", MONTHS), duckdb, where={"aor": "Boston"})
    (note,) = [each for each in picture.notes if each.startswith("Caution")]
    assert "not the city" in note
    assert "Instead: " in note


def test_what_a_release_lacks_is_said(parts: Parts, duckdb: Engine):
    span = {"fiscal_year": 2018, "month": day("2018-01-01")}
    parts.rows("removals", MONTHS, release="rows").cube(
        "removals", [{**span, "row_count": 9}], release="cube"
    )
    picture = picture_of(parts, duckdb, by=("aor",))
    assert any("Not drawn of cube: this record holds counts alone" in each for each in picture.notes)


@pytest.mark.parametrize("by", [("fiscal_year",), ("aor",), ("month", "aor")])
def test_a_made_up_release_is_said_to_be_wherever_one_looks(
    parts: Parts, duckdb: Engine, by: tuple[str, ...]
):
    parts.rows("removals", rows_of(MONTHS, removed("2018-01-01", "SEA")), release="x", is_synthetic=True)
    picture = picture_of(parts, duckdb, by=by)
    assert picture.title[0].startswith("SYNTHETIC, made up: ")
    assert picture.subtitle[0].startswith("SYNTHETIC")
    assert picture.alternative.count("SYNTHETIC") >= 2
    assert {each.mark for each in picture.panels} == {"SYNTHETIC"}
    assert ">SYNTHETIC<" in svg_text(draw_picture(picture))
    assert all(each.own_row()["is_synthetic"] for each in picture.points)


def test_beside_made_up_records_real_ones_bear_no_such_mark(parts: Parts, duckdb: Engine):
    many = rows_of(*(removed(f"2017-{month}-01", count=90) for month in (10, 11, 12)))
    parts.rows("removals", MONTHS, release="made", is_synthetic=True).rows("removals", many, release="real")
    picture = picture_of(parts, duckdb, by=("month",))
    assert picture.name.startswith("SYNTHETIC in part")
    assert {each.title: each.mark for each in picture.panels} == {"SYNTHETIC: made": "SYNTHETIC", "real": ""}


def test_the_alternative_gives_ends_and_notes(parts: Parts, duckdb: Engine):
    picture = picture_of(parts.rows("removals", MONTHS), duckdb, by=("month",))
    assert picture.alternative.startswith("Line chart: Removals and returns")
    assert "highest 5 (November 2017)" in picture.alternative
    for note in (*picture.notes, picture.source):
        assert note in picture.alternative


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_text_is_cut(parts: Parts, duckdb: Engine, language: Language):
    parts.rows("removals", MONTHS, release="a").rows("removals", MONTHS, release="b")
    spec = spec_of(picture_of(parts, duckdb, by=("month", "aor"), language=language, where={"aor": "Boston"}))
    for layer in spec["layer"]:
        text = layer["mark"].get("text") if isinstance(layer["mark"], dict) else None
        for line in text if isinstance(text, list) else ():
            assert text_width(line, NOTE_SIZE) <= WIDTH - MARGIN


# Files


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf", ".html", ".json"])
@pytest.mark.parametrize("theme", THEMES)
def test_the_same_question_gives_the_same_bytes(parts: Parts, duckdb: Engine, suffix: Any, theme: Any):
    parts.rows("removals", MONTHS)
    once, again = (render_picture(picture_of(parts, duckdb, by=("month",)), suffix, theme) for _ in range(2))
    assert once == again


def test_the_page_has_no_script_and_every_number(parts: Parts, duckdb: Engine):
    page = render_picture(picture_of(parts.rows("removals", MONTHS), duckdb, by=("month",)), ".html").decode()
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert "<td>November 2017</td>" in page


def test_the_data_hold_the_integers_the_bounds_and_the_reasons(parts: Parts, duckdb: Engine):
    parts.rows("removals", rows_of(MONTHS, removed("2017-10-05", None, 2)))
    chart = draw_event_question(
        Question("removals", {"aor": "Boston"}, ("month",)), parts.book(duckdb), Words(parts.catalog, "en")
    )
    first = json.loads(json_text(chart))["datasets"]["figures"][0]
    assert (first["numerator"], first["low"], first["high"], first["missing"]) == (3, 3.0, 5.0, 2)
    assert (first["period"], first["period_start"], first["through_date"]) == (
        "2017-10",
        "2017-10-01",
        "2017-10-31",
    )


def test_nothing_to_draw_says_so(parts: Parts, duckdb: Engine):
    with pytest.raises(UsageError, match="nothing to draw"):
        picture_of(parts.rows("arrests", []), duckdb)


# What the catalog says


def test_every_text_fills_in_the_same_names_in_both_languages(catalog: Catalog):
    charting = load_charting(catalog)
    broken = charting.model_dump() | {"texts": {"hover": {"en": "{name}", "es": "{nombre}"}}}
    with pytest.raises(ValueError, match="hover"):
        Charting.model_validate(broken)


def test_a_user_can_draw_fewer_parts(parts: Parts, duckdb: Engine, tmp_path: Path):
    shipped = (parts.catalog.folders[0] / "charting.yml").read_text(encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "charting.yml").write_text(shipped.replace("value: 12", "value: 2"), encoding="utf-8")
    rows = rows_of(
        removed("2018-01-01", "BOS", 3), removed("2018-01-01", "SEA", 2), removed("2018-01-01", "BUF")
    )
    own = Parts(tmp_path, load_catalog(overlay=tmp_path / "own")).rows("removals", rows)
    assert [each.series.name for each in picture_of(own, duckdb, by=("aor",)).points] == [
        "Boston",
        "Other (2)",
    ]


def test_a_file_that_fits_no_model_is_told(tmp_path: Path):
    (tmp_path / "charting.yml").write_text("most_parts: {value: 0, reason: none}\n", encoding="utf-8")
    with pytest.raises(CatalogError, match="charting"):
        load_charting(load_catalog(overlay=tmp_path))
