"""Rates on charts: per what, with the integers behind them, and what has none drawn as such."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from recount.ask import open_record
from recount.chart.draw import picture_of_event_question
from recount.chart.picture import Picture
from recount.chart.render import render_picture
from recount.claim.words import Words
from recount.declare.catalog import Catalog
from recount.declare.text import LANGUAGES, Language
from recount.errors import UsageError
from recount.measure.event_engine import DuckDB, Engine
from recount.measure.questions import Question
from recount.measure.rates import PER
from small_events import Parts, day

MASSACHUSETTS, WASHINGTON = 7_029_917, 7_705_281


@pytest.fixture(scope="module")
def duckdb() -> Engine:
    return DuckDB()


@pytest.fixture
def parts(tmp_path: Path, catalog: Catalog) -> Parts:
    return Parts(tmp_path, catalog)


@pytest.fixture(scope="module")
def record() -> Any:
    return open_record()


def arrested(when: str, state: str | None = "MA", aor: str | None = "BOS") -> dict[str, Any]:
    return {
        "apprehension_date": day(when),
        "apprehension_aor_code": aor,
        "apprehension_state_code": state,
    }


FAR = [arrested("2017-10-02"), arrested("2018-09-29", "WA", "SEA")]
"""Rows of two states, whose first and last month make the release cover fiscal year 2018 whole."""


def picture_of(
    parts: Parts, engine: Engine, by: tuple[str, ...], *, language: Language = "en", **more: Any
) -> Picture:
    question = Question("arrests", more.pop("where", {}), by, per="residents")
    words = Words(parts.catalog, language)
    return picture_of_event_question(question, parts.book(engine), words, more.pop("kind", None))


def values(picture: Picture) -> dict[str, Fraction | None]:
    return {each.series.name or str(each.figure.fiscal_year): each.value for each in picture.points}


def test_a_rate_is_drawn_exactly_with_both_its_integers(parts: Parts, duckdb: Engine):
    parts.rows("arrests", [*FAR, arrested("2018-01-05")], cut_off="2018-09-30")
    picture = picture_of(parts, duckdb, ("state",), where={"fiscal_year": "2018"})
    assert values(picture) == {
        "Massachusetts": Fraction(2 * PER, MASSACHUSETTS),
        "Washington": Fraction(PER, WASHINGTON),
    }
    (row, _) = (each.own_row()["rate"] for each in picture.points)
    assert (row["count"], row["as_of"], row["denominator"]) == (MASSACHUSETTS, "2020-04-01", "residents")
    assert [each.figure.numerator for each in picture.points] == [2, 1]
    assert "2 of 7,029,917" in picture.texts[0][0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_title_axis_source_and_words_say_per_what_and_as_counted_when(
    parts: Parts, duckdb: Engine, language: Language
):
    parts.rows("arrests", FAR, cut_off="2018-09-30")
    picture = picture_of(parts, duckdb, ("state",), where={"fiscal_year": "2018"}, language=language)
    per = {"en": "per 100,000 residents", "es": "por cada 100,000 residentes"}[language]
    counted = {"en": "as counted on 1 April 2020", "es": "según el recuento del 1 de abril de 2020"}[language]
    assert per in picture.name
    assert picture.scale.unit.endswith(per)
    assert counted in picture.source
    assert "Census Bureau, 2020 Census" in picture.source
    assert per in picture.alternative
    assert counted in picture.alternative
    assert per.split(" residen")[0].replace("por cada", "por") in picture.table.headings


def test_a_span_cut_short_is_drawn_as_one_without_a_rate(parts: Parts, duckdb: Engine):
    parts.rows("arrests", [*FAR, arrested("2018-10-05")], cut_off="2018-10-05")
    picture = picture_of(parts, duckdb, ("fiscal_year",), where={"state": "MA"})
    assert picture.kind == "columns"
    assert values(picture) == {"2018": Fraction(PER, MASSACHUSETTS), "2019": None}
    assert picture.texts[1] == ("no rate",)
    assert any("No rate of what is cut short: FY2019" in each for each in picture.notes)
    assert "FY2019 (to 5 October 2018): no rate" in picture.alternative
    assert not any(each.startswith("Hollow") for each in picture.notes)


def test_over_time_a_cross_marks_a_span_without_a_rate_and_no_line_runs_to_it(parts: Parts, duckdb: Engine):
    parts.rows("arrests", [*FAR, arrested("2018-10-05"), arrested("2018-08-01")], cut_off="2018-10-05")
    picture = picture_of(parts, duckdb, ("month",), where={"state": "MA"})
    last = picture.points[-1]
    assert (picture.kind, last.value, last.segment) == ("lines", None, None)
    spec = json.loads(render_picture(picture, ".json"))
    (cross,) = [each for each in spec["datasets"]["figures"] if each.get("is_without")]
    assert (cross["date"], cross["numerator"], cross["denominator"]) == ("2018-10-01", 1, None)
    assert "A × on the axis: no rate of that span, for a reason given here." in picture.notes


def test_a_covered_span_without_a_row_has_a_rate_of_zero(parts: Parts, duckdb: Engine):
    parts.rows("arrests", [*FAR, arrested("2018-03-05"), arrested("2018-08-01")], cut_off="2018-09-30")
    picture = picture_of(parts, duckdb, ("month",), where={"state": "MA"})
    found = {each.at.isoformat(): each for each in picture.points}
    assert found["2018-03-01"].value == Fraction(PER, MASSACHUSETTS)
    assert found["2018-04-01"].value == 0
    assert found["2018-04-01"].own_row()["rate"]["count"] == MASSACHUSETTS


def test_places_without_a_count_stand_on_bars_and_what_says_no_place_does_not(parts: Parts, duckdb: Engine):
    more = [arrested("2018-01-05", "CA", "LOS"), arrested("2018-01-05", None, None)]
    parts.rows("arrests", [*FAR, *more], cut_off="2018-09-30")
    picture = picture_of(parts, duckdb, ("aor",), where={"fiscal_year": "2018"})
    assert values(picture)["Los Angeles"] is None
    assert set(values(picture)) == {"Boston", "Los Angeles", "Seattle"}
    assert picture.points[-1].series.name == "Los Angeles"
    assert picture.texts[-1] == ("no rate",)
    said = " ".join(picture.notes)
    assert "No rate of Los Angeles" in said
    assert "Rows that do not say of which part they are (area of responsibility)" in said


def test_over_time_a_part_that_has_no_rate_in_any_span_is_named_and_not_drawn(parts: Parts, duckdb: Engine):
    more = [arrested("2018-01-05", "CA", "LOS"), arrested("2018-01-05")]
    parts.rows("arrests", [*FAR, *more], cut_off="2018-09-30")
    picture = picture_of(parts, duckdb, ("aor", "month"))
    assert {each.series.name for each in picture.points} == {"Boston", "Seattle"}
    assert "No rate of Los Angeles" in " ".join(picture.notes)


def test_the_bounds_of_a_rate_are_drawn_over_the_same_denominator(parts: Parts, duckdb: Engine):
    parts.rows("arrests", [*FAR, arrested("2018-01-05", None, None)], cut_off="2018-09-30")
    picture = picture_of(parts, duckdb, ("state",), where={"fiscal_year": "2018"})
    (own,) = [each for each in picture.points if each.series.name == "Massachusetts"]
    assert (own.low, own.high) == (Fraction(PER, MASSACHUSETTS), Fraction(2 * PER, MASSACHUSETTS))
    assert picture.scale.top >= own.high  # type: ignore[operator]
    assert any("what the rate could be at most" in each for each in picture.notes)


def test_nothing_is_drawn_where_no_place_has_a_rate(parts: Parts, duckdb: Engine):
    parts.rows("arrests", [*FAR, arrested("2018-01-05", "CA", "LOS")], cut_off="2018-09-30")
    with pytest.raises(UsageError, match=r"none of the numbers has a rate\.\n.*--per residents"):
        picture_of(parts, duckdb, ("fiscal_year",), where={"aor": "Los Angeles"})


def test_the_ticks_of_small_rates_are_round_and_none_of_them_is_rounded_off(parts: Parts, duckdb: Engine):
    parts.rows("arrests", FAR, cut_off="2018-09-30")
    picture = picture_of(parts, duckdb, ("state",), where={"fiscal_year": "2018"})
    assert [text for _, text in picture.scale.ticks] == ["0", "0.005", "0.01", "0.015"]


# The record as it is


def test_python_terminal_and_chart_have_one_receipt(record: Any):
    asked = record.measure("removals").release("ice-2019-icfo-53623").by("aor").where(fiscal_year=2018)
    picture = asked.per("residents").picture(kind="auto")
    assert picture.receipt == asked.per("residents").receipt().short
    assert picture.kind == "tiles"
    found = {each.code: (each.value, each.tone) for each in picture.tiles.tiles}
    assert found["BOS"] == ("15.7", 0)
    assert found["BUF"] == ("no rate", None)


def test_printed_figures_of_which_none_has_a_rate_are_refused(record: Any):
    suffolk = record.measure("people_removed").where(jurisdiction="Suffolk County, MA")
    with pytest.raises(UsageError, match="none of the numbers has a rate"):
        suffolk.per("residents").picture()


def test_of_several_lines_each_has_its_own_crosses(record: Any):
    asked = record.measure("book_ins").by("arresting_agency").per("residents")
    spec = json.loads(render_picture(asked.picture(), ".json"))
    (crosses,) = [each for each in spec["layer"] if each["mark"].get("shape", "").startswith("M-1")]
    assert crosses["encoding"]["color"]["field"] == "series"


def test_states_are_a_map_of_rates_and_sums_that_lack_places_are_hatched(record: Any):
    asked = record.measure("people_removed").by("state").release("ice-interoperability-2012-08-31")
    picture = asked.per("residents").picture(kind="auto")
    found = {each.code: (each.value, each.tone is None) for each in picture.tiles.tiles}
    assert found["CA"] == ("221.5", False)
    assert found["MA"] == ("no rate", True)
    assert found["PR"] == ("–", True)
    (lacking,) = [each for each in picture.notes if each.startswith("No rate of a sum")]
    assert "Bristol County, MA" in lacking
    assert "Doddridge County, WV" in lacking


def test_printed_counts_that_begin_anew_each_year_are_drawn_by_fiscal_year(record: Any):
    picture = record.measure("removals_printed").per("residents").picture()
    assert picture.kind == "columns"
    texts = dict(zip((each[0] for each in picture.categories), picture.texts, strict=True))
    assert texts["FY2024"] == ("81.9",)
    assert texts["FY2026"] == ("no rate",)


def test_months_of_printed_counts_are_a_line_and_a_month_so_far_a_cross(record: Any):
    picture = record.measure("book_ins").per("residents").picture()
    whole = {each.at.isoformat(): each for each in picture.points}
    assert whole["2018-10-01"].value == Fraction(40_551 * PER, 331_449_281)
    assert whole["2021-09-01"].is_without
    assert whole["2021-09-01"].segment is None
    assert whole["2021-08-01"].segment != whole["2021-10-01"].segment


def test_rates_per_what_the_release_prints_name_no_other_source(record: Any):
    asked = record.measure("people_removed").by("state").release("ice-interoperability-2012-08-31")
    picture = asked.per("matches").picture(kind="auto")
    assert picture.name == "People removed per 100,000 matches in IDENT, by state"
    assert "Census" not in picture.source


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("es", "dark")])
def test_charts_of_rates_render(record: Any, language: Language, theme: Any):
    picture = record.measure("removals_printed").per("residents").picture(language)
    without = Words(record.catalog, language).say("rate_none")
    assert without in render_picture(picture, ".svg", theme).decode()
