"""Rates per 100,000 of a declared denominator: integers above and below, divided last, or left out with a reason."""

from __future__ import annotations

import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.ask import open_record
from recount.claim.words import Words
from recount.declare.catalog import Catalog
from recount.declare.county_areas import CountyAreas, load_county_areas
from recount.declare.denominators import Denominator, load_denominators
from recount.errors import UnknownNameError, UsageError
from recount.measure.denominators import PlaceBook
from recount.measure.event_answer import EventAnswer, EventRow
from recount.measure.event_engine import DuckDB, Engine
from recount.measure.rates import PER, Base
from small_events import Parts, day

YEAR = (datetime.date(2017, 10, 1), datetime.date(2018, 9, 30))


@pytest.fixture(scope="module")
def duckdb() -> Engine:
    return DuckDB()


@pytest.fixture
def parts(tmp_path: Path, catalog: Catalog) -> Parts:
    return Parts(tmp_path, catalog)


@pytest.fixture(scope="module")
def residents(catalog: Catalog) -> Denominator:
    return load_denominators(catalog)["residents"]


@pytest.fixture(scope="module")
def areas(catalog: Catalog) -> CountyAreas:
    return load_county_areas(catalog)


@pytest.fixture(scope="module")
def places(residents: Denominator, areas: CountyAreas) -> PlaceBook:
    return PlaceBook(residents, areas)


def arrested(when: str, aor: str | None = "BOS", state: str | None = "MA", **more: Any) -> dict[str, Any]:
    return {
        "apprehension_date": day(when),
        "apprehension_aor_code": aor,
        "apprehension_state_code": state,
        **more,
    }


def a_year(*more: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows in two areas, whose first and last month make the release cover fiscal year 2018 whole."""
    return [arrested("2017-10-02"), arrested("2018-09-29", "SEA", "WA"), *more]


def rates(answer: EventAnswer) -> dict[tuple[str | None, ...], EventRow]:
    return {tuple(each.breakdown.values()) or (each.cell.kind,): each for each in answer.rows}


def base(row: EventRow) -> Base:
    assert row.rate is not None
    return row.rate.base


# The counts


def test_states_add_up_to_the_printed_totals_of_2010_and_2020(residents: Denominator):
    totals = {each.as_of.year: each for each in residents.counts}
    assert (totals[2010].whole, totals[2020].whole) == (308_745_538, 331_449_281)
    for each in totals.values():
        assert sum(count for state, count in each.counts.items() if state != "PR") == each.whole
        assert len(each.counts) == 52


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"whole": 308_745_539}, "add up to 308745538"),
        ({"with_outside": 1}, "not 1"),
        ({"counts": {"AL": 1}}, "counts other places"),
    ],
)
def test_counts_that_do_not_add_up_are_refused(residents: Denominator, change: dict[str, Any], problem: str):
    given = residents.model_dump()
    given["counts"][1 if "counts" in change else 0] |= change
    with pytest.raises(ValueError, match=problem):
        Denominator.model_validate(given)


def test_the_nearest_count_stands_for_a_span_and_of_two_equally_near_the_earlier(residents: Denominator):
    def year(number: int) -> int:
        found = residents.nearest(datetime.date(number, 1, 1), datetime.date(number, 12, 31), None)
        assert found is not None
        return found.as_of.year

    assert [year(each) for each in (2008, 2014, 2016, 2025)] == [2010, 2010, 2020, 2020]
    middle = residents.nearest(datetime.date(2010, 4, 1), datetime.date(2020, 4, 1), None)
    assert middle is residents.counts[0]


def test_a_count_published_later_than_the_day_asked_is_not_used(residents: Denominator):
    before = residents.nearest(*YEAR, datetime.date(2021, 4, 25))
    on_the_day = residents.nearest(*YEAR, datetime.date(2021, 4, 26))
    assert before is residents.counts[0]
    assert on_the_day is residents.counts[1]
    assert residents.nearest(*YEAR, datetime.date(2010, 12, 20)) is None


def test_every_dimension_that_names_places_is_declared(catalog: Catalog, residents: Denominator):
    named = {"aor", "state", "county", "facility", "jail", "port"}
    asked = {name for each in catalog.events.measures.values() for name in each.dimensions}
    assert named <= asked
    assert all(residents.place(name) is not None for name in named)


# Places


def test_an_area_of_whole_states_has_the_sum_of_them(places: PlaceBook):
    states = places.states_of(["SEA"], "county_areas")
    assert states == {"AK", "OR", "WA"}
    found = places.base(frozenset(states), YEAR, None)  # type: ignore[arg-type]
    assert (found.count, found.as_of) == (733_391 + 4_237_256 + 7_705_281, datetime.date(2020, 4, 1))


def test_an_area_that_splits_a_state_has_none_and_all_areas_of_the_state_together_have_one(places: PlaceBook):
    split = places.states_of(["BUF"], "county_areas")
    assert split == Base(None, because="splits_state", names=("NY",))
    assert places.states_of(["BUF", "NYC"], "county_areas") == {"NY"}


def test_an_area_without_counties_has_none(places: PlaceBook):
    found = places.states_of(["HQ"], "county_areas")
    assert found == Base(None, because="no_counties", names=("HQ",))


def test_a_place_that_nobody_counted_has_none(places: PlaceBook):
    found = places.base(frozenset(["GU", "MA"]), YEAR, None)
    assert (found.count, found.because, found.names) == (None, "place_not_counted", ("GU",))


# Individual records


def test_a_rate_is_the_count_times_100000_over_the_residents(parts: Parts, duckdb: Engine):
    parts.rows("arrests", a_year(arrested("2018-01-05")), cut_off="2018-09-30")
    answer = parts.ask("arrests", duckdb, by=("fiscal_year", "state"), per="residents")
    row = rates(answer)["2018", "MA"]
    assert row.rate is not None
    assert (row.cell.measured.numerator, base(row).count) == (2, 7_029_917)
    assert row.rate.value == Fraction(2 * PER, 7_029_917)


def test_bounds_of_the_numerator_carry_over(parts: Parts, duckdb: Engine):
    parts.rows("arrests", a_year(arrested("2018-01-05", state=None)), cut_off="2018-09-30")
    answer = parts.ask("arrests", duckdb, by=("fiscal_year", "state"), per="residents")
    found = rates(answer)["2018", "MA"].rate
    assert found is not None
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == (
        Fraction(PER, 7_029_917),
        Fraction(2 * PER, 7_029_917),
    )


def test_a_span_cut_short_has_no_rate(parts: Parts, duckdb: Engine):
    parts.rows("arrests", a_year(arrested("2018-10-05")), cut_off="2018-10-05")
    found = rates(parts.ask("arrests", duckdb, by=("fiscal_year", "state"), per="residents"))
    assert found["2019", "MA"].is_partial
    assert base(found["2019", "MA"]).because == "cut_short"
    assert base(found["2018", "MA"]).because is None


def test_a_span_with_a_gap_in_it_has_no_rate(parts: Parts, duckdb: Engine):
    parts.rows("arrests", [arrested("2015-10-02"), arrested("2016-09-30", "SEA", "WA")], cut_off="2016-09-30")
    parts.rows("arrests", a_year(), cut_off="2018-09-30")
    answer = parts.ask("arrests", duckdb, where={"fiscal_year": "2016..2018"}, per="residents")
    assert [base(each).because for each in answer.rows] == ["cut_short"]


def test_a_total_over_several_spans_and_what_says_no_place_have_no_rate(parts: Parts, duckdb: Engine):
    parts.rows("arrests", a_year(arrested("2018-01-05", state=None)), cut_off="2018-09-30")
    found = rates(parts.ask("arrests", duckdb, by=("fiscal_year", "state"), per="residents"))
    assert base(found["total",]).because == "several_spans"
    assert base(found["2018", None]).because == "no_place"


def test_a_total_of_one_span_is_per_all_residents(parts: Parts, duckdb: Engine):
    parts.rows("arrests", a_year(), cut_off="2018-09-30")
    answer = parts.ask("arrests", duckdb, by=("state",), where={"fiscal_year": "2018"}, per="residents")
    total = base(rates(answer)["total",])
    assert (total.count, total.places, total.is_of_another_year) == (331_449_281, (), True)


def test_conditions_on_places_limit_the_denominator(parts: Parts, duckdb: Engine):
    parts.rows("arrests", a_year(), cut_off="2018-09-30")

    def places_of(**where: str) -> tuple[str, ...]:
        answer = parts.ask("arrests", duckdb, where={"fiscal_year": "2018", **where}, per="residents")
        return base(answer.rows[-1]).places

    assert places_of(aor="Boston,Seattle") == ("AK", "CT", "MA", "ME", "NH", "OR", "RI", "VT", "WA")
    assert places_of(aor="Boston", state="MA,NH") == ("MA", "NH")


@pytest.mark.parametrize(
    ("where", "because"),
    [
        ({"state": "!=MA"}, "all_but"),
        ({"aor": "Los Angeles"}, "splits_state"),
        ({"aor": "Headquarters"}, "no_counties"),
        ({"county": "Suffolk"}, "dimension_not_counted"),
    ],
)
def test_what_is_of_no_counted_place_has_no_rate_and_says_why(
    parts: Parts, duckdb: Engine, where: dict[str, str], because: str
):
    more = [
        arrested("2018-01-05", "LOS", "CA"),
        arrested("2018-01-05", "HQ", None),
        arrested("2018-01-05", apprehension_county="Suffolk"),
    ]
    parts.rows("arrests", a_year(*more), cut_off="2018-09-30")
    answer = parts.ask("arrests", duckdb, where={"fiscal_year": "2018", **where}, per="residents")
    assert base(answer.rows[-1]).because == because


def test_a_release_of_one_area_tells_nothing_of_the_country(parts: Parts, duckdb: Engine):
    rows = [arrested("2017-10-02", "SEA", "WA"), arrested("2018-09-29", "SEA", "OR")]
    parts.rows("arrests", rows, cut_off="2018-09-30")
    alone = parts.ask("arrests", duckdb, by=("fiscal_year",), per="residents").rows[0]
    assert (base(alone).because, base(alone).names) == ("of_one_area", ("SEA",))
    of_state = parts.ask("arrests", duckdb, by=("fiscal_year", "state"), per="residents").rows[0]
    assert base(of_state).count is not None


def test_a_rate_needs_a_span_a_count_and_a_denominator_of_its_kind(parts: Parts, duckdb: Engine):
    parts.rows("arrests", a_year(), cut_off="2018-09-30")
    with pytest.raises(UsageError, match="needs a span of time"):
        parts.ask("arrests", duckdb, by=("state",), per="residents")
    with pytest.raises(UsageError, match="divides counts"):
        parts.ask("share_convicted_arrested", duckdb, by=("fiscal_year",), per="residents")
    with pytest.raises(UsageError, match="counts individual records"):
        parts.ask("arrests", duckdb, by=("fiscal_year",), per="submissions")
    with pytest.raises(UnknownNameError, match="residents"):
        parts.ask("arrests", duckdb, by=("fiscal_year",), per="resident")


def test_the_receipt_holds_the_denominator_and_its_day(parts: Parts, duckdb: Engine):
    parts.rows("arrests", a_year(), cut_off="2018-09-30")
    plain = parts.ask("arrests", duckdb, by=("fiscal_year",)).receipt
    rated = parts.ask("arrests", duckdb, by=("fiscal_year",), per="residents").receipt
    assert rated.body["question"]["per"] == "residents"
    assert rated.body["definition"] != plain.body["definition"]
    assert rated.body["results"][0][-1] == {
        "denominator": "residents",
        "count": 331_449_281,
        "as_of": "2020-04-01",
        "left_out_because": None,
    }
    assert plain.body["results"][0] == rated.body["results"][0][:-1]


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_no_rate_is_divided_before_the_end(few: int, more: int):
    from recount.declare.interval import Interval
    from recount.measure.rates import Rate

    bounds = Interval(Fraction(few), Fraction(few + more))
    rate = Rate("residents", few, bounds, Base(7_029_917))
    assert rate.value is not None
    assert rate.interval is not None
    assert rate.value * 7_029_917 == few * PER
    assert rate.interval.high == Fraction((few + more) * PER, 7_029_917)


# Printed figures


@pytest.fixture(scope="module")
def record() -> Any:
    return open_record()


def test_printed_figures_are_divided_by_what_the_same_release_prints(record: Any):
    suffolk = record.measure("people_removed").where(jurisdiction="Suffolk County, MA").per("submissions")
    sent = record.measure("fingerprint_submissions").where(jurisdiction="Suffolk County, MA").result().figures
    printed = {(each.release.release, each.through_date): each.numerator for each in sent}
    answer = suffolk.result()
    assert any(each.rate.base.count is None for each in answer.figures)
    for each in answer.figures:
        beside = printed.get((each.release.release, each.through_date))
        assert each.rate.base.count == beside
        assert (each.rate.base.because == "not_printed") == (beside is None)


def test_a_fiscal_year_so_far_has_no_rate_and_a_whole_one_has(record: Any):
    figures = record.measure("book_ins").by("fiscal_year").per("residents").result().figures
    found = {each.fiscal_year: each.rate.base for each in figures}
    assert (found[2024].count, found[2024].because) == (331_449_281, None)
    assert (found[2026].count, found[2026].because) == (None, "cut_short")


def test_a_sum_that_lacks_places_and_a_county_have_no_rate_per_resident(record: Any):
    removed = record.measure("people_removed")
    state = removed.where(state="MA").per("residents").result().figures
    assert {each.rate.base.because for each in state if each.is_partial} == {"lacks_places"}
    county = removed.where(jurisdiction="Suffolk County, MA").per("residents").result().figures
    assert {each.rate.base.because for each in county} == {"dimension_not_counted"}


def test_a_denominator_of_another_table_is_refused(record: Any):
    with pytest.raises(UsageError, match="printed in secure_communities_figures"):
        record.measure("book_ins").per("submissions").result()


def test_a_year_that_a_release_of_unknown_beginning_ends_within_has_no_rate(record: Any):
    asked = record.measure("removals").where(fiscal_year=2018).release("ice-2018-icfo-36170")
    (row,) = [
        each
        for each in asked.by("aor").per("residents").result().rows
        if each.breakdown.get("aor") is not None and each.cell.kind == "part"
    ]
    assert row.through.isoformat() == "2018-04-27"
    assert (row.rate.value, row.rate.base.because) == (None, "cut_short")


# What is shown


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_shown_names_the_count_its_day_and_every_reason(record: Any, language: Any):
    asked = record.measure("removals").release("ice-2019-icfo-53623").by("fiscal_year", "aor")
    shown = asked.where(aor="Boston,Los Angeles,HQ").per("residents").shown(language)
    said = " ".join(each.text for each in shown.notes)
    words = Words(record.catalog, language)
    assert words.date(datetime.date(2020, 4, 1)) in said
    assert "California" in said
    assert ("No rate of what is cut short" if language == "en" else "Sin tasa lo que está incompleto") in said
    (block,) = shown.blocks
    assert words.say("rate_heading") in [each.heading for each in block.columns]
    assert "15,116,205" in block.lines[0].cells


def test_rates_come_with_frames_csv_and_json(record: Any):
    asked = record.measure("removals").release("ice-2019-icfo-53623").where(aor="Boston", fiscal_year=2018)
    frame = asked.per("residents").to_polars()
    assert frame["rate_count"].to_list() == [15_116_205]
    assert frame["rate_value"].to_list() == [pytest.approx(2367 * PER / 15_116_205)]
    (row,) = asked.per("residents").as_json()["rows"]
    assert row["rate"]["as_of"] == "2020-04-01"
    assert row["rate"]["places"] == ["CT", "MA", "ME", "NH", "RI", "VT"]


def test_a_receipt_of_a_rate_is_computed_again(record: Any):
    asked = record.measure("removals").by("fiscal_year").where(aor="Boston").per("residents")
    (again,) = record.recompute(asked.receipt().as_json())
    assert again.is_same


def test_a_denominator_of_another_year_is_named_with_the_spans_or_without_where_they_have_no_name(
    record: Any,
):
    removals = record.measure("removals").release("ice-2019-icfo-53623").where(aor="Boston").per("residents")
    assert "1 April 2020 is outside of the spans that are divided by it (2016, 2018);" in one_line(
        removals.by("fiscal_year")
    )
    said = one_line(removals.where(fiscal_year=2018))
    assert "1 April 2020 is outside of the span that is divided by it;" in said


def one_line(shown: object) -> str:
    return " ".join(str(shown).split())
