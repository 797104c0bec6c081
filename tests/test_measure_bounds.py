"""`--bounds`: the lowest and the highest of every number with what is missing, also where nothing is."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from recount.ask import open_record
from recount.cli.app import app
from recount.declare.catalog import Catalog
from recount.measure.event_bounds import Tally, measure_share
from recount.measure.event_engine import DuckDB, Engine
from small_events import Parts, day

STATES = ("yes", "no", "unknown")


@pytest.fixture(scope="module")
def duckdb() -> Engine:
    return DuckDB()


@given(st.lists(st.tuples(st.sampled_from(STATES), st.sampled_from(STATES)), max_size=6))
@settings(max_examples=150, deadline=None)
def test_bounds_of_a_share_are_those_of_every_way_the_missing_codes_could_fall(
    rows: list[tuple[Any, Any]],
):
    tally = Tally()
    for state, counted in rows:
        tally.add(state, counted, "missing" if "unknown" in (state, counted) else None, 1)
    ways = [[("yes", "no") if each == "unknown" else (each,) for each in itertools.chain.from_iterable(rows)]]
    found: list[Fraction] = []
    for codes in itertools.product(*ways[0]):
        pairs = list(zip(codes[::2], codes[1::2], strict=True))
        whole = [counted for state, counted in pairs if state == "yes"]
        if whole:
            found.append(Fraction(whole.count("yes"), len(whole)))
    bounds = measure_share(tally).bounds
    if bounds is not None:
        assert (bounds.low, bounds.high) == (min(found), max(found))
    else:
        assert not found


def shown(*asked: str) -> str:
    result = CliRunner().invoke(app, ["measure", *asked])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_columns_are_shown_where_something_is_missing_and_where_nothing_is():
    asked = ("arrests", "--by", "fiscal_year", "--release", "ice-2019-icfo-53623")
    assert "lowest" not in shown(*asked)
    heading = shown(*asked, "--bounds").splitlines()[3].split()
    assert heading == ["fiscal", "year", "events", "lowest", "highest", "missing", "redacted", "suppressed"]


def test_a_suppressed_cell_is_in_the_highest_and_not_in_the_lowest():
    asked = ("removals", "--where", "aor=Boston", "--where", "fiscal_year=2018", "--bounds")
    line = next(each for each in shown(*asked).splitlines() if each.startswith("Total"))
    assert line.split() == ["Total", "2,367", "2,367", "2,515", "0", "0", "148"]


def test_printed_figures_say_how_many_are_bounds_and_sums_that_lack_places():
    said = " ".join(shown("people_removed", "--where", "state=MA", "--bounds").split())
    assert "of 2 figures, 0 are printed as bounds alone, and 1 are sums that lack places" in said


def test_a_measure_without_bounds_says_so_and_how_much_is_missing(
    tmp_path: Path, catalog: Catalog, duckdb: Engine
):
    from recount.ask.event_rows import lay_out_events
    from recount.claim.words import Words

    parts = Parts(tmp_path, catalog)
    stay = {
        "unique_identifier": "a",
        "stay_book_in_date": day("2018-01-01"),
        "book_in_date": day("2018-01-01"),
    }
    parts.rows("stints", [stay | {"stay_book_out_date": day("2018-01-05")}], cut_off="2018-03-31")
    answer = parts.ask("average_daily_population_recorded", duckdb)
    laid_out = lay_out_events(answer, Words(catalog, "en"), always_bounded=True)
    assert laid_out.notes[0].text.startswith("No bounds:")
    assert "stints missing" in [each.heading for each in laid_out.blocks[0].columns]


def test_bounds_change_what_is_shown_and_no_receipt():
    asked = open_record().measure("arrests").by("fiscal_year")
    assert asked.bounds().receipt().id == asked.receipt().id


def test_a_span_cut_short_has_no_share_over_time_and_a_share_within_it(
    tmp_path: Path, catalog: Catalog, duckdb: Engine
):
    parts = Parts(tmp_path, catalog)
    rows = [
        {"apprehension_date": day(when), "gender_code": gender}
        for when in ("2017-10-02", "2018-09-29", "2018-10-05")
        for gender in ("male", "female")
    ]
    parts.rows("arrests", rows, cut_off="2018-10-05")

    def shares(**asked: Any) -> dict[str | None, bool]:
        answer = parts.ask("arrests", duckdb, by=("fiscal_year", "gender"), **asked)
        return {
            each.breakdown["fiscal_year"]: each.part_of is not None
            for each in answer.rows
            if each.cell.kind == "part"
        }

    assert shares(per="total") == {"2018": True, "2019": False}
    assert shares(per="column") == {"2018": True, "2019": False}
    assert shares(per="row") == {"2018": True, "2019": True}
