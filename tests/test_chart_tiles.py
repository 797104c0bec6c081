"""Maps of tiles: one tile a state or an area of responsibility, its number, its tone, and what is not known."""

from __future__ import annotations

import functools
import itertools
import json
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import recount
from recount.ask.record import OpenRecord
from recount.chart.draw import draw_picture
from recount.chart.picture import Picture
from recount.chart.render import render_picture
from recount.chart.scales import text_width
from recount.chart.theme import LABEL_SIZE, MARGIN, THEMES, WIDTH, ThemeName, contrast, ink_on, theme_called
from recount.chart.tile_marks import key_rows, tile_data
from recount.chart.tile_plan import NUMBER_SIZE, TilePlan
from recount.chart.tiles import TileMap, class_ends, tone_of
from recount.cli.app import app
from recount.declare.catalog import Catalog
from recount.declare.text import Language
from recount.declare.tiles import TileLayout, Tiles, load_tiles
from recount.errors import UsageError

values = st.lists(st.fractions(min_value=0, max_value=10**6), min_size=1, max_size=60)


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return recount.open()


@pytest.fixture(scope="module")
def tiles(catalog: Catalog) -> Tiles:
    return load_tiles(catalog)


@functools.cache
def states(record: OpenRecord, language: Language = "en") -> Picture:
    return record.measure("people_removed").by("state").picture(language, kind="auto")


@functools.cache
def areas(record: OpenRecord, language: Language = "en") -> Picture:
    arrests = record.measure("arrests").by("aor").where(fiscal_year=2018)
    return arrests.picture(language, kind="auto")


def map_of(picture: Picture) -> TileMap:
    assert picture.tiles is not None
    return picture.tiles


def rows(picture: Picture) -> dict[str, dict[str, Any]]:
    return {each["code"]: each for each in tile_data(picture)["figures"]}


# Where tiles stand


def test_every_code_has_one_tile_or_a_reason_for_none(tiles: Tiles, catalog: Catalog):
    for layout in tiles.maps:
        known = [each.code for each in catalog.codes[layout.codes].codes]
        assert Counter([*layout.places(), *layout.off_map]) == Counter(known)


def test_a_code_on_two_tiles_and_a_row_of_another_length_are_refused():
    with pytest.raises(ValueError, match="two tiles"):
        TileLayout(dimension="state", codes="states", reason="r", rows=["MA MA"])
    with pytest.raises(ValueError, match="as many cells"):
        TileLayout(dimension="state", codes="states", reason="r", rows=["MA RI", "CT"])


@pytest.mark.parametrize(
    ("dimension", "west", "east"),
    [
        ("state", "CA", "MA"),
        ("state", "WA", "MT"),
        ("aor", "LOS", "NYC"),
        ("aor", "SEA", "BOS"),
        ("aor", "PHI", "NYC"),
    ],
)
def test_west_stands_left_of_east(tiles: Tiles, dimension: str, west: str, east: str):
    layout = tiles.layout(dimension)
    assert layout is not None
    assert layout.places()[west][0] < layout.places()[east][0]


@pytest.mark.parametrize(
    ("dimension", "north", "south"), [("state", "ND", "TX"), ("aor", "SPM", "HLG"), ("aor", "BOS", "MIA")]
)
def test_north_stands_above_south(tiles: Tiles, dimension: str, north: str, south: str):
    layout = tiles.layout(dimension)
    assert layout is not None
    assert layout.places()[north][1] < layout.places()[south][1]


def test_no_two_tiles_lie_on_each_other(record: OpenRecord):
    placed = list(rows(states(record)).values())
    for index, one in enumerate(placed):
        for other in placed[:index]:
            apart = one["right"] < other["left"] or other["right"] < one["left"]
            assert apart or one["bottom"] < other["top"] or other["bottom"] < one["top"]


# Tones


@given(values, st.integers(2, 7))
def test_classes_are_in_order_and_every_one_has_a_value(given_values: list[Fraction], count: int):
    ends = class_ends(given_values, count, 2)
    assert ends == sorted(set(ends))
    assert len(ends) < count
    for tone in (0, len(ends)):
        assert any(tone_of(each, ends) == tone for each in given_values)


@given(values, st.integers(2, 7))
def test_a_larger_value_never_has_a_paler_tone(given_values: list[Fraction], count: int):
    ends = class_ends(given_values, count, 2)
    tones = [tone_of(each, ends) for each in sorted(given_values)]
    assert tones == sorted(tones)


def test_ends_of_classes_are_round_and_classes_hold_about_as_many():
    ends = class_ends([Fraction(each) for each in range(101, 201)], 4, 2)
    assert ends == [130, 160, 180]


def test_values_that_are_all_the_same_have_one_tone():
    assert class_ends([Fraction(3)] * 9, 5, 2) == []


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_on_every_tone(theme: ThemeName):
    colours = theme_called(theme)
    for tone in colours.ramp:
        assert contrast(ink_on(tone, colours), tone) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_tones_run_from_the_paper_away_told_apart_by_lightness_alone(theme: ThemeName):
    colours = theme_called(theme)
    steps = [contrast(each, colours.paper) for each in colours.ramp]
    assert steps == sorted(steps)
    assert all(later / earlier >= 1.25 for earlier, later in itertools.pairwise(steps))


# What a map shows


def test_every_figure_stands_on_the_tile_of_its_code_with_its_integers(record: OpenRecord):
    answer = record.measure("people_removed").by("state").result()
    drawn = rows(states(record))
    printed = {each["place_code"]: each["numerator"] for each in answer.as_json()["rows"]}
    assert len(printed) == 50
    for code, numerator in printed.items():
        assert drawn[code]["numerator"] == numerator
        assert drawn[code]["value_text"].replace(",", "") == str(numerator)


def test_a_state_without_a_figure_is_hatched_and_named(record: OpenRecord):
    picture = states(record)
    assert rows(picture)["PR"]["tone"] is None
    assert any("Puerto Rico" in each for each in picture.notes)
    assert tile_data(picture)["hatches"]
    assert "MA" not in {each.code for each in map_of(picture).tiles if each.tone is None}


def test_a_tile_that_missing_rows_could_lift_into_another_tone_is_outlined(record: OpenRecord):
    picture = areas(record)
    shown = map_of(picture)
    ends = [each.high for each in shown.classes if each.high is not None]
    for tile in shown.tiles:
        if tile.point is not None and tile.point.value is not None and tile.point.high is not None:
            assert tile.reaches == (tone_of(tile.point.value, ends) != tone_of(tile.point.high, ends))
    assert any(each.reaches for each in shown.tiles)
    assert any("Broken outline" in each for each in picture.notes)


def test_what_has_no_tile_and_releases_of_too_few_parts_are_said_with_their_numbers(record: OpenRecord):
    notes = " ".join(areas(record).notes)
    assert "Not on the map: ERO records of 2019-ICFO-53623, Not stated: 873" in notes
    assert "Seattle records of 2018-ICFO-36170, Seattle: 1,410" in notes


def test_no_small_part_is_drawn_together_with_others(record: OpenRecord):
    assert rows(areas(record))["BAL"]["numerator"] == 1703
    assert not any("Other" in each for each in areas(record).notes)


def test_a_map_of_each_release_that_has_enough_parts(record: OpenRecord):
    picture = record.measure("arrests").by("aor").where(fiscal_year=2018).picture(kind="map")
    assert [name for name, _ in map_of(picture).maps] == ["ERO records of 2019-ICFO-53623"]


def test_several_maps_stand_beneath_each_other_under_their_names(record: OpenRecord):
    one = map_of(states(record))
    both = TileMap(
        one.columns, one.rows, (("a", one.maps[0][1]), ("b", one.maps[0][1])), one.classes, one.key_reaches
    )
    plan = TilePlan(both)
    first, second = (max(plan.corner(each, number)[1] for each in one.tiles) for number in (0, 1))
    assert second > first + plan.tile_height
    assert plan.height > 2 * TilePlan(one).height


@pytest.mark.parametrize("language", ["en", "es"])
def test_names_and_numbers_lie_within_their_tiles(record: OpenRecord, language: Language):
    for picture in (states(record, language), areas(record, language)):
        plan = TilePlan(map_of(picture))
        for each in rows(picture).values():
            for line in each["label"].split("\n"):
                assert text_width(line, LABEL_SIZE, bold=True) <= plan.tile_width
            for line in each["value_text"].split("\n"):
                assert text_width(line, NUMBER_SIZE) <= plan.tile_width


def test_areas_bear_names_and_states_their_abbreviations(record: OpenRecord):
    assert rows(areas(record))["SLC"]["label"] == "Salt Lake City"
    assert rows(states(record))["MA"]["label"] == "MA"


def test_a_share_has_a_key_in_percent(record: OpenRecord):
    picture = record.measure("share_without_conviction").by("state").picture(kind="auto")
    assert all("%" in each.text for each in map_of(picture).classes)


@pytest.mark.parametrize(("language", "kind"), [("en", "Map of tiles"), ("es", "Mapa de casillas")])
def test_the_text_alternative_gives_every_part(record: OpenRecord, language: Language, kind: str):
    picture = states(record, language)
    assert picture.alternative.startswith(f"{kind}: ")
    assert "Massachusetts: 560" in picture.alternative
    assert "Bar" not in picture.alternative.split(".")[0]


# When a map is drawn


def test_the_shape_of_the_question_chooses_a_map_and_a_name_overrules_it(record: OpenRecord):
    question = record.measure("people_removed").by("state")
    assert question.picture(kind="auto").kind == "tiles"
    assert question.picture(kind="bars").kind == "bars"
    assert question.picture().kind == "bars"
    assert record.measure("people_removed").picture(kind="auto").kind == "lines"


def test_few_parts_are_bars_unless_a_map_is_asked(record: OpenRecord):
    few = record.measure("arrests").by("aor").where(aor=["Boston", "Seattle", "Chicago"], fiscal_year=2018)
    few = few.release("ice-2019-icfo-53623")
    assert few.picture(kind="auto").kind == "bars"
    assert few.picture(kind="map").kind == "tiles"


def test_a_map_takes_the_latest_figures_where_no_date_is_named(record: OpenRecord):
    picture = record.measure("atd_participants").by("aor").picture(kind="map")
    assert picture.kind == "tiles"
    assert len({each.figure.through_date for each in picture.points}) == 1


@pytest.mark.parametrize("by", [["criminality"], ["technology"], []])
def test_what_is_no_map_is_refused_with_what_would_be(record: OpenRecord, by: list[str]):
    name = "detained_population" if by == ["criminality"] else "atd_participants"
    with pytest.raises(UsageError, match="--by state or --by aor"):
        record.measure(name).by(*by).as_known_on("2026-02-13").picture(kind="map")


def test_what_runs_over_time_is_not_drawn_as_bars(record: OpenRecord):
    with pytest.raises(UsageError, match="runs over time"):
        record.measure("book_ins").picture(kind="bars")


def test_the_command_and_python_draw_the_same(record: OpenRecord, tmp_path: Any):
    path = tmp_path / "map.json"
    result = CliRunner().invoke(app, ["chart", "people_removed", "--by", "state", "-o", str(path)])
    assert result.exit_code == 0, result.output
    drawn = record.measure("people_removed").by("state").chart()
    assert json.loads(path.read_text(encoding="utf-8"))["datasets"] == drawn.to_dict()["datasets"]
    refused = CliRunner().invoke(app, ["chart", "book_ins", "--kind", "map", "-o", str(path)])
    assert refused.exit_code == 2
    assert "This question is no map" in refused.output


@pytest.mark.parametrize("theme", THEMES)
def test_the_same_answer_gives_the_same_bytes(record: OpenRecord, theme: ThemeName):
    assert render_picture(areas(record), ".svg", theme) == render_picture(areas(record), ".svg", theme)
    assert draw_picture(areas(record), theme).to_dict()["background"] == theme_called(theme).paper


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_key_that_is_too_long_goes_on_in_a_second_row(record: OpenRecord, language: Language):
    picture = areas(record, language)
    written = [
        (layer["mark"]["text"][0], layer["encoding"]["x"]["value"])
        for layer in draw_picture(picture).to_dict()["layer"]
        if layer["mark"].get("text") and layer["mark"]["text"][0] in _key_texts(picture)
    ]
    assert len(written) == len(_key_texts(picture))
    assert all(left + text_width(text, LABEL_SIZE) <= WIDTH - 2 * MARGIN for text, left in written)
    assert key_rows(picture) == {"en": 1, "es": 2}[language]


def _key_texts(picture: Picture) -> list[str]:
    shown = map_of(picture)
    return [*(each.text for each in shown.classes), shown.key_reaches]
