"""Rates over readings and against each other: exact, with bounds that hold together, and none of what is cut short."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.ask import open_record
from recount.claim.words import Words
from recount.declare.catalog import Catalog
from recount.errors import UsageError
from recount.measure.difference import Difference, compare_answers
from recount.measure.event_engine import DuckDB, Engine
from recount.measure.prints import PrintBook
from recount.measure.questions import Question
from recount.measure.rates import PER
from recount.measure.spread import Spread, spread_answer
from small_events import Parts, day

MASSACHUSETTS, WASHINGTON = 7_029_917, 7_705_281
WHOLE_YEAR = {"cut_off": "2018-09-30"}


@pytest.fixture(scope="module")
def duckdb() -> Engine:
    return DuckDB()


@pytest.fixture
def parts(tmp_path: Path, catalog: Catalog) -> Parts:
    return Parts(tmp_path, catalog)


@pytest.fixture(scope="module")
def record() -> Any:
    return open_record()


def arrested(when: str, state: str | None = "MA", **more: Any) -> dict[str, Any]:
    aor = {"MA": "BOS", "WA": "SEA"}.get(state or "")
    return {
        "apprehension_date": day(when),
        "apprehension_aor_code": aor,
        "apprehension_state_code": state,
        **more,
    }


def a_year(*more: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of two states, whose first and last month make the release cover fiscal year 2018 whole."""
    return [arrested("2017-10-02"), arrested("2018-09-29", "WA"), *more]


def compare(
    parts: Parts, engine: Engine, where: dict[str, str], other: dict[str, str], **more: Any
) -> Difference:
    book = parts.book(engine)
    question = Question("arrests", where, compare_with=other, **{"per": "residents", **more})
    return compare_answers(question, PrintBook(book.record, parts.catalog), book)


def spread_by_state(parts: Parts, engine: Engine) -> Spread:
    answer = parts.ask(
        "arrests", engine, by=("state", "reading"), where={"fiscal_year": "2018"}, per="residents"
    )
    return spread_answer(answer)


# The spread over readings


def test_the_spread_of_a_rate_is_that_of_the_count_over_one_denominator(parts: Parts, duckdb: Engine):
    twice = arrested("2018-01-05", unique_id="one")
    parts.rows("arrests", a_year(twice, twice), **WHOLE_YEAR)
    found = {each.sample.breakdown.get("state"): each for each in spread_by_state(parts, duckdb).rows}
    own = found["MA"]
    assert own.default is not None
    assert [each.value for each in (own.lowest, own.default, own.highest)] == [
        Fraction(number * PER, MASSACHUSETTS) for number in (2, 3, 3)
    ]
    assert own.moved_most_by == "duplicates"
    assert {each.denominator for each in (own.lowest, own.default, own.highest)} == {MASSACHUSETTS}


def test_what_has_no_rate_has_none_in_any_reading_and_says_why(parts: Parts, duckdb: Engine):
    parts.rows("arrests", a_year(arrested("2018-01-05", None)), **WHOLE_YEAR)
    found = {
        (each.sample.cell.kind, each.sample.breakdown.get("state")): each  # type: ignore[union-attr]
        for each in spread_by_state(parts, duckdb).rows
    }
    nowhere = found["missing", None]
    assert (nowhere.lowest.value, nowhere.highest.value, nowhere.answered) == (None, None, 0)
    assert nowhere.lowest.rate is not None
    assert nowhere.lowest.rate.base.because == "no_place"
    assert nowhere.lowest.numerator == 1


def test_the_bounds_of_a_spread_are_those_of_every_reading_per_resident(parts: Parts, duckdb: Engine):
    twice = arrested("2018-01-05", None, unique_id="one")
    parts.rows("arrests", a_year(twice, twice), **WHOLE_YEAR)
    found = {each.sample.breakdown.get("state"): each for each in spread_by_state(parts, duckdb).rows}
    bounds = found["MA"].bounds
    assert bounds is not None
    # One row is known of the state, and one or, under the rule that drops repeats, two more may be of it.
    assert (bounds.low, bounds.high) == (Fraction(PER, MASSACHUSETTS), Fraction(3 * PER, MASSACHUSETTS))


# Differences


def test_a_difference_of_rates_is_exact_and_names_both_denominators(parts: Parts, duckdb: Engine):
    parts.rows("arrests", a_year(arrested("2018-01-05"), arrested("2018-01-06")), **WHOLE_YEAR)
    found = compare(parts, duckdb, {"fiscal_year": "2018", "state": "MA"}, {"state": "WA"})
    (row,) = found.rows
    assert row.difference == Fraction(3 * PER, MASSACHUSETTS) - Fraction(PER, WASHINGTON)
    assert [(each.numerator, each.denominator) for each in (row.first, row.second)] == [
        (3, MASSACHUSETTS),
        (1, WASHINGTON),
    ]


@given(st.lists(st.sampled_from(("MA", "WA", None)), max_size=5))
def test_the_bounds_of_a_difference_of_rates_are_the_lowest_and_highest_of_all_worlds(
    rows: list[str | None],
):
    from recount.declare.interval import Interval
    from recount.measure.difference import bounds_apart
    from recount.measure.rates import Base, Rate

    unknown = rows.count(None)

    def rate(state: str, residents: int) -> Rate:
        own = rows.count(state)
        return Rate("residents", own, Interval(Fraction(own), Fraction(own + unknown)), Base(residents))

    worlds = [
        Fraction((rows.count("MA") + here) * PER, MASSACHUSETTS)
        - Fraction((rows.count("WA") + there) * PER, WASHINGTON)
        for here in range(unknown + 1)
        for there in range(unknown + 1 - here)
    ]
    bounds = bounds_apart(rate("MA", MASSACHUSETTS).interval, rate("WA", WASHINGTON).interval)
    assert bounds is not None
    assert (bounds.low, bounds.high) == (min(worlds), max(worlds))


def test_a_side_that_is_cut_short_has_no_rate_and_the_two_no_difference(parts: Parts, duckdb: Engine):
    parts.rows("arrests", a_year(arrested("2018-10-05")), cut_off="2018-10-05")
    found = compare(parts, duckdb, {"fiscal_year": "2019", "state": "MA"}, {"fiscal_year": "2018"})
    (row,) = found.rows
    assert (row.first.value, row.difference, row.bounds) == (None, None, None)
    assert row.first.rate is not None
    assert row.first.rate.base.because == "cut_short"
    assert row.second.value == Fraction(PER, MASSACHUSETTS)


def test_months_and_weeks_are_sides_of_a_difference_of_rates(parts: Parts, duckdb: Engine):
    parts.rows("arrests", a_year(arrested("2018-01-05"), arrested("2018-03-06")), **WHOLE_YEAR)
    for first, second in (("month=2018-03", "month=2018-02"), ("week=2018-W10", "week=2018-W08")):
        where, other = (dict([each.split("=")]) for each in (first, second))
        (row,) = compare(parts, duckdb, {**where, "state": "MA"}, other).rows
        assert row.difference == Fraction(PER, MASSACHUSETTS)


def test_a_difference_of_rates_needs_a_span_on_both_sides(parts: Parts, duckdb: Engine):
    parts.rows("arrests", a_year(), **WHOLE_YEAR)
    with pytest.raises(UsageError, match="needs a span of time"):
        compare(parts, duckdb, {"state": "MA"}, {"state": "WA"})


def test_a_difference_of_shares_of_rows_is_still_refused(parts: Parts, duckdb: Engine):
    parts.rows("arrests", a_year(), **WHOLE_YEAR)
    with pytest.raises(UsageError, match="not a share"):
        compare(
            parts,
            duckdb,
            {"fiscal_year": "2018", "state": "MA"},
            {"state": "WA"},
            per="total",
            by=("gender",),
        )


def test_the_receipt_of_a_difference_of_rates_holds_both_denominators(parts: Parts, duckdb: Engine):
    parts.rows("arrests", a_year(), **WHOLE_YEAR)
    found = compare(parts, duckdb, {"fiscal_year": "2018", "state": "MA"}, {"state": "WA"})
    plain = compare(parts, duckdb, {"fiscal_year": "2018", "state": "MA"}, {"state": "WA"}, per=None)
    assert found.receipt.body["question"]["per"] == "residents"
    assert [each["count"] for each in found.receipt.body["results"][0][-2:]] == [MASSACHUSETTS, WASHINGTON]
    assert "per" not in plain.receipt.body["question"]
    assert found.receipt.body["definition"] != plain.receipt.body["definition"]


# The record as it is


def test_rates_of_places_are_subtracted_of_the_real_records(record: Any):
    asked = record.measure("removals").release("ice-2019-icfo-53623").where(fiscal_year=2018, aor="Boston")
    difference = asked.per("residents").compare_with(aor="Phoenix")
    (row,) = difference.difference().rows
    assert row.difference == Fraction(2367 * PER, 15_116_205) - Fraction(26_899 * PER, 7_151_502)
    shown = difference.shown()
    assert "per 100,000 residents" in shown.title
    (block,) = shown.blocks
    assert block.lines[0].cells[:6] == ("Total", "2,367", "15.7", "26,899", "376.1", "−360.5")
    (again,) = record.recompute(difference.receipt().as_json())
    assert again.is_same


def test_rates_of_printed_figures_are_subtracted_where_both_are_whole(record: Any):
    asked = record.measure("book_ins").where(fiscal_year=2024).per("residents")
    (row,) = asked.compare_with(fiscal_year=2023).difference().rows
    assert row.difference == Fraction((277_913 - 273_220) * PER, 331_449_281)
    (row,) = asked.compare_with(fiscal_year=2026).difference().rows
    assert (row.difference, row.second.rate.base.because) == (None, "cut_short")


def test_rates_per_what_the_same_release_prints_are_subtracted(record: Any):
    removed = record.measure("people_removed").release("ice-interoperability-2012-08-31")
    asked = removed.where(jurisdiction="Suffolk County, MA").per("submissions")
    (row,) = asked.compare_with(jurisdiction="Maricopa County, AZ").difference().rows
    assert row.first.numerator == 512
    assert row.first.denominator is not None
    assert row.second.denominator is not None
    assert row.difference == Fraction(512 * PER, row.first.denominator) - Fraction(
        row.second.numerator * PER, row.second.denominator
    )


@pytest.mark.parametrize("compared", [True, False])
def test_every_column_of_exported_rates_is_described(record: Any, tmp_path: Path, compared: bool):
    asked = record.measure("removals").release("ice-2019-icfo-53623").where(fiscal_year=2018, aor="Boston")
    asked = asked.per("residents")
    asked = asked.compare_with(aor="Phoenix") if compared else asked.readings("all")
    written = asked.export(tmp_path / "rates.csv")
    assert written.receipt.id == asked.receipt().id
    header = (tmp_path / "rates.csv").read_text().splitlines()[0].split(",")
    side = "first" if compared else "default"
    assert {f"{side}_numerator", f"{side}_denominator", f"{side}_value", f"{side}_rate_as_of"} <= {*header}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_denominator_is_named_as_it_is_spelled(record: Any, language: Any):
    removed = record.measure("people_removed").release("ice-interoperability-2012-08-31").by("state")
    said = " ".join(each.text for each in removed.per("matches").shown(language).notes)
    title = {"en": "Matches in IDENT:", "es": "Coincidencias en IDENT:"}[language]
    assert title in said
    assert Words(record.catalog, language).say("rate_per", count="1", denominator="x")
