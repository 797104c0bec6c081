"""Measures under readings: integers of one print, bounds, what stands, and how a question is split."""

from __future__ import annotations

import datetime
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import assume, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from recount.declare.catalog import Catalog
from recount.declare.interval import Interval
from recount.errors import EXIT_USAGE, UnknownNameError, UsageError
from recount.measure.answer import DIMENSIONS, Answer, Question, answer_question
from recount.measure.figures import Absent, MeasuredFigure, standing_by_date, standing_figure
from recount.measure.prints import PrintBook
from small_record import (
    BOSTON,
    CAMBRIDGE,
    PROVIDENCE,
    day,
    figures_of,
    printed,
    released,
    removed,
    small_book,
    where,
    without_conviction,
)

DEFAULT = {"without_conviction": "all_without_conviction"}
NARROW = {"without_conviction": "entered_or_overstayed_only"}
JULY = released("july", "2011-07-11", authority="quotation")
SEPTEMBER = released("september", "2011-09-04", authority="quotation")
NOVEMBER = released("november", ("2012-11-01", "2012-11-30"))
UNDATED = released("undated", None)


def ask(book: PrintBook, measure: str = "share_without_conviction", place: str = BOSTON, **more) -> Answer:
    return answer_question(Question(measure, where(place), **more), book)


def integers(answer: Answer) -> list[tuple[str, int | None, int | None]]:
    return [(each.release.release, each.numerator, each.denominator) for each in answer.figures]


# Integers


def test_a_share_is_two_integers_of_one_print(catalog: Catalog):
    book = small_book(catalog, [JULY], without_conviction("july", "2011-06-30", 183, 352))
    (figure,) = figures_of(book, "share_without_conviction")
    assert (figure.numerator, figure.denominator) == (183, 352)
    assert figure.interval == Interval.point(Fraction(183, 352))
    assert (figure.numerator_basis, figure.denominator_basis) == ("printed", "printed")


def test_a_share_is_never_put_together_from_two_releases(catalog: Catalog):
    book = small_book(
        catalog,
        [JULY, SEPTEMBER],
        printed("july", "2011-06-30", removed_no_conviction=183),
        printed("september", "2011-06-30", removed_total=352),
    )
    answer = ask(book)
    assert answer.figures == ()
    assert [(each.release, each.missing) for each in answer.absent] == [
        ("july", ("removed_total",)),
        ("september", ("removed_no_conviction",)),
    ]


def test_a_share_is_never_put_together_from_two_dates_of_one_release(catalog: Catalog):
    book = small_book(
        catalog,
        [JULY],
        printed("july", "2011-05-31", removed_no_conviction=183),
        printed("july", "2011-06-30", removed_total=352),
    )
    assert ask(book).figures == ()


def test_a_share_of_nobody_is_absent(catalog: Catalog):
    book = small_book(catalog, [JULY], without_conviction("july", "2011-06-30", 0, 0))
    answer = ask(book)
    assert answer.figures == ()
    assert [each.missing for each in answer.absent] == [("removed_total",)]


def test_nobody_among_some_is_a_share_of_zero(catalog: Catalog):
    book = small_book(catalog, [JULY], without_conviction("july", "2011-06-30", 0, 352))
    assert integers(ask(book)) == [("july", 0, 352)]


def test_a_numerator_that_is_not_printed_is_the_sum_of_its_parts_in_that_print(catalog: Catalog):
    parts = {
        "removed_ice_fugitives": 68,
        "removed_prior_removals_returns": 49,
        "removed_ewi_visa_overstay": 60,
    }
    book = small_book(catalog, [JULY], printed("july", "2011-07-31", removed_total=369, **parts))
    (figure,) = figures_of(book, "share_without_conviction")
    assert (figure.numerator, figure.denominator, figure.numerator_basis) == (177, 369, "sum")
    assert {each.column for each in figure.cells} == {*parts, "removed_total"}


def test_a_numerator_that_is_not_printed_is_what_remains_of_the_total(catalog: Catalog):
    book = small_book(catalog, [JULY], without_conviction("july", "2011-06-30", 183, 352))
    (figure,) = figures_of(book, "share_convicted")
    assert (figure.numerator, figure.denominator, figure.numerator_basis) == (169, 352, "rest")


@given(part=st.integers(0, 1000), rest=st.integers(0, 1000))
@hypothesis_settings(max_examples=30)
def test_the_convicted_and_those_without_a_conviction_are_everyone_removed(
    catalog: Catalog, part: int, rest: int
):
    assume(part + rest)
    book = small_book(catalog, [JULY], without_conviction("july", "2011-06-30", part, part + rest))
    shares = [figures_of(book, name)[0] for name in ("share_without_conviction", "share_convicted")]
    assert [each.numerator for each in shares] == [part, rest]
    assert sum(each.interval.low or 0 for each in shares) == 1


def test_a_bound_printed_as_more_than_a_share_is_an_open_lower_end(catalog: Catalog):
    book = small_book(
        catalog, [JULY], printed("july", "2011-09-30", "US", above={"removed_level1_share_above": "0.25"})
    )
    (figure,) = figures_of(book, "share_level_1", "US")
    assert (figure.numerator, figure.denominator) == (None, None)
    assert figure.interval == Interval(Fraction(1, 4), Fraction(1), low_open=True)
    assert [each.text for each in figure.cells] == ["0.25"]


def test_counts_are_preferred_to_a_bound_where_one_print_gives_both(catalog: Catalog):
    book = small_book(
        catalog,
        [JULY],
        printed(
            "july",
            "2011-09-30",
            above={"removed_level1_share_above": "0.25"},
            removed_convicted_level1=3,
            removed_total=10,
        ),
    )
    (figure,) = figures_of(book, "share_level_1")
    assert (figure.numerator, figure.denominator) == (3, 10)


def test_a_rounded_count_lies_within_half_a_unit_of_what_is_printed(catalog: Catalog):
    book = small_book(
        catalog, [JULY], printed("july", "2012-03-31", "US", about={"removed_total": (183_000, 1_000)})
    )
    (figure,) = figures_of(book, "people_removed", "US")
    assert (figure.numerator, figure.interval) == (None, Interval(Fraction(182_500), Fraction(183_500)))


def test_a_share_is_not_taken_of_a_rounded_count(catalog: Catalog):
    book = small_book(
        catalog,
        [JULY],
        printed("july", "2012-03-31", about={"removed_total": (350, 50)}, removed_no_conviction=183),
    )
    assert ask(book).figures == ()


def test_a_reading_that_a_print_does_not_give_is_absent_and_names_the_figure(catalog: Catalog):
    book = small_book(catalog, [JULY], without_conviction("july", "2011-06-30", 183, 352))
    answer = ask(book, by=("release", "reading"))
    assert [each.reading for each in answer.figures] == [DEFAULT]
    assert answer.absent == (
        Absent("july", "25025", day("2011-06-30"), NARROW, ("removed_ewi_visa_overstay",)),
    )


# What stands


def figure(catalog: Catalog, release, *, sum_lacks: str | None = None) -> MeasuredFigure:
    if sum_lacks is not None:
        release = release.model_copy(
            update={
                "lists": "jurisdictions",
                "leaves_out": catalog.measures["people_removed"].title.model_copy(update={"en": sum_lacks}),
            }
        )
        book = small_book(catalog, [release], removed(release.release, "2011-06-30", 5, BOSTON))
    else:
        book = small_book(catalog, [release], removed(release.release, "2011-06-30", 5))
    (found,) = figures_of(book, "people_removed", "US")
    return found


def in_rank(catalog: Catalog) -> list[MeasuredFigure]:
    """Prints of one place and date; each is replaced by the next."""
    return [
        figure(catalog, released("partial", "2013-01-01"), sum_lacks="the territories"),
        figure(catalog, released("retold", "2013-01-01", authority="secondary")),
        figure(catalog, released("quoted", "2013-01-01", authority="quotation")),
        figure(catalog, released("in-the-press", "2013-01-01", authority="press_table")),
        figure(catalog, released("undated", None)),
        figure(catalog, released("early", "2011-07-11")),
        figure(catalog, released("late", "2011-09-04")),
        figure(catalog, released("same-day", "2011-09-04")),
    ]


def test_a_whole_place_stands_before_a_part_then_authority_then_the_latest_an_undated_print_first(
    catalog: Catalog,
):
    rank = in_rank(catalog)
    for lower in range(len(rank)):
        for higher in range(lower + 1, len(rank)):
            assert standing_figure([rank[higher], rank[lower]]) is rank[higher]
            assert standing_figure([rank[lower], rank[higher]]) is rank[higher]


def test_what_stands_does_not_depend_on_the_order_of_prints(catalog: Catalog):
    chosen = in_rank(catalog)[2:7]
    assert {standing_figure(each) for each in permutations(chosen)} == {chosen[-1]}


def test_among_no_prints_none_stands():
    assert standing_figure([]) is None


def test_one_print_stands_for_each_date_in_order_of_date(catalog: Catalog):
    book = small_book(
        catalog,
        [JULY, SEPTEMBER, NOVEMBER],
        without_conviction("september", "2011-07-31", 177, 369),
        without_conviction("july", "2011-06-30", 183, 352),
        without_conviction("november", "2011-06-30", 180, 352),
    )
    standing = standing_by_date(figures_of(book, "share_without_conviction"))
    assert [(date, each.release.release) for date, each in standing.items()] == [
        (day("2011-06-30"), "november"),
        (day("2011-07-31"), "september"),
    ]


# Questions


@pytest.fixture(scope="module")
def boston(catalog: Catalog) -> PrintBook:
    """Boston in three releases; the last prints June again, and the narrower reading."""
    return small_book(
        catalog,
        [JULY, SEPTEMBER, NOVEMBER, UNDATED],
        without_conviction("july", "2011-06-30", 183, 352),
        without_conviction("september", "2011-07-31", 177, 369, removed_ewi_visa_overstay=60),
        without_conviction("november", "2011-06-30", 180, 352),
        without_conviction("november", "2012-08-31", 247, 512, removed_ewi_visa_overstay=77),
        without_conviction("undated", "2011-06-30", 181, 352),
    )


def test_without_a_split_every_release_that_prints_it_is_listed(boston: PrintBook):
    answer = ask(boston)
    assert answer.by == ("release",)
    assert integers(answer) == [
        ("july", 183, 352),
        ("november", 180, 352),
        ("undated", 181, 352),
        ("september", 177, 369),
        ("november", 247, 512),
    ]


def test_as_known_on_a_day_it_is_the_latest_that_stood_then(boston: PrintBook):
    answer = ask(boston, as_known_on=day("2011-08-01"))
    assert answer.by == ()
    assert integers(answer) == [("july", 183, 352)]


@pytest.mark.parametrize(
    ("date", "release"),
    [("2011-07-10", None), ("2011-07-11", "july"), ("2011-09-03", "july"), ("2011-09-04", "september")],
)
def test_a_release_is_known_from_the_day_it_came_out(boston: PrintBook, date: str, release: str | None):
    assert [name for name, _, _ in integers(ask(boston, as_known_on=day(date)))] == (
        [release] if release else []
    )


def test_a_release_that_may_have_been_out_is_left_out_and_named(boston: PrintBook):
    assert ask(boston, as_known_on=day("2012-11-15")).perhaps_out == ("november", "undated")
    assert ask(boston, as_known_on=day("2012-11-30")).perhaps_out == ("undated",)
    assert ask(boston, as_known_on=day("2011-06-29")).perhaps_out == ()
    assert ask(boston).perhaps_out == ()


def test_a_release_that_may_have_been_out_is_named_where_places_are_split(catalog: Catalog):
    book = small_book(
        catalog,
        [JULY, NOVEMBER],
        removed("july", "2011-06-30", 120),
        removed("november", "2011-06-30", 5, "MA"),
        removed("november", "2011-06-30", 3, PROVIDENCE),
    )
    for split in ("state", "jurisdiction"):
        answer = ask(book, "people_removed", "US", by=(split,), as_known_on=day("2012-11-15"))
        assert answer.perhaps_out == ("november",)


def test_by_through_date_the_print_that_stands_for_each_date(boston: PrintBook):
    assert integers(ask(boston, by=("through_date",))) == [
        ("november", 180, 352),
        ("september", 177, 369),
        ("november", 247, 512),
    ]


def test_without_any_split_the_latest_that_stands(boston: PrintBook):
    assert integers(ask(boston, by=())) == [("november", 247, 512)]


def test_by_reading_every_reading_and_the_default_first(boston: PrintBook):
    answer = ask(boston, by=("reading",), as_known_on=day("2011-10-01"))
    assert [(each.reading, each.numerator) for each in answer.figures] == [(DEFAULT, 177), (NARROW, 60)]
    assert answer.readings == 2


def test_without_by_reading_the_default_alone(boston: PrintBook):
    assert {each.reading["without_conviction"] for each in ask(boston).figures} == {"all_without_conviction"}


def test_a_chosen_reading_replaces_the_default(boston: PrintBook):
    answer = ask(boston, reading=NARROW, by=("through_date",))
    assert integers(answer) == [("september", 60, 369), ("november", 77, 512)]


def test_one_release_alone(boston: PrintBook):
    assert integers(ask(boston, release="july")) == [("july", 183, 352)]
    assert [each.release for each in ask(boston, release="july", reading=NARROW).absent] == ["july"]


@pytest.fixture(scope="module")
def places(catalog: Catalog) -> PrintBook:
    """Two jurisdictions of Massachusetts and one of Rhode Island, listed whole; one state printed as well."""
    listing = released("listing", "2012-12-31", lists="jurisdictions")
    return small_book(
        catalog,
        [listing, released("press", "2012-12-01", authority="press_table")],
        removed("listing", "2012-08-31", 512, BOSTON),
        removed("listing", "2012-08-31", 43, CAMBRIDGE),
        removed("listing", "2012-08-31", 20, PROVIDENCE),
        removed("press", "2012-08-31", 560, "MA"),
    )


def test_by_jurisdiction_every_jurisdiction_of_the_country(places: PrintBook):
    answer = ask(places, "people_removed", "US", by=("jurisdiction",))
    assert [(each.place_name, each.numerator) for each in answer.figures] == [
        (CAMBRIDGE, 43),
        (BOSTON, 512),
        (PROVIDENCE, 20),
    ]


def test_by_jurisdiction_of_a_state_only_its_own(places: PrintBook):
    answer = ask(places, "people_removed", "MA", by=("jurisdiction",))
    assert [each.place_name for each in answer.figures] == [CAMBRIDGE, BOSTON]


def test_asking_twice_gives_the_same_figures_once_each(places: PrintBook):
    one = ask(places, "people_removed", BOSTON)
    first, second = (
        ask(places, "people_removed", "US", by=("jurisdiction", "release")).figures for _ in range(2)
    )
    assert [each.numerator for each in first] == [each.numerator for each in second] == [43, 512, 20]
    assert [each.numerator for each in ask(places, "people_removed", BOSTON).figures] == [
        each.numerator for each in one.figures
    ]


def test_by_state_each_state_sums_its_jurisdictions(places: PrintBook):
    answer = ask(places, "people_removed", "US", by=("state", "release"))
    assert [
        (each.place_code, each.release.release, each.numerator, each.is_sum) for each in answer.figures
    ] == [
        ("MA", "listing", 555, True),
        ("MA", "press", 560, False),
        ("RI", "listing", 20, True),
    ]


def test_by_state_the_print_that_stands_for_each(places: PrintBook):
    answer = ask(places, "people_removed", "US", by=("state",))
    assert [(each.place_code, each.release.release) for each in answer.figures] == [
        ("MA", "listing"),
        ("RI", "listing"),
    ]


def test_the_country_is_the_sum_of_every_jurisdiction_where_nobody_prints_it(places: PrintBook):
    (figure,) = ask(places, "people_removed", "US").figures
    assert (figure.numerator, figure.is_sum, figure.jurisdictions, figure.left_out) == (575, True, 3, ())


def test_a_sum_names_the_jurisdictions_that_were_active_and_are_not_listed(catalog: Catalog):
    listing = released("listing", "2012-12-31", lists="jurisdictions")
    book = small_book(
        catalog,
        [listing],
        removed("listing", "2012-08-31", 512, BOSTON),
        activated={CAMBRIDGE: "2012-08-31", PROVIDENCE: "2012-09-01"},
    )
    (state,) = ask(book, "people_removed", "MA").figures
    assert (state.is_partial, len(state.left_out)) == (True, 1)
    (country,) = ask(book, "people_removed", "US").figures
    assert country.left_out == state.left_out


def test_a_place_that_no_release_prints_has_no_figures(places: PrintBook):
    assert ask(places, "people_removed", "MA", release="press").figures != ()
    assert answer_question(Question("people_removed", {"state": "Texas"}), places).figures == ()


# What cannot be asked


@pytest.mark.parametrize(
    ("question", "nearest"),
    [
        ({"measure": "share_without_convictions"}, "share_without_conviction"),
        ({"by": ("realease",)}, "release"),
        ({"release": "septembr"}, "september"),
        ({"reading": {"without_convicton": "x"}}, "without_conviction"),
        ({"reading": {"without_conviction": "everyone_without_conviction"}}, "all_without_conviction"),
        ({"where": {"jurisdiction": "Suffolk County"}}, BOSTON),
        ({"where": {"juristiction": BOSTON}}, "jurisdiction"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(boston: PrintBook, question: dict, nearest: str):
    asked = {"measure": "share_without_conviction", "where": where(BOSTON)} | question
    with pytest.raises(UnknownNameError) as raised:
        answer_question(Question(**asked), boston)
    assert nearest in raised.value.nearest
    assert raised.value.exit_code == EXIT_USAGE


@given(
    name=st.text(max_size=30),
    part=st.sampled_from(
        ["measure", "by", "release", "fork", "option", "state", "jurisdiction", "dimension"]
    ),
)
@example(name="", part="state")
@example(name="İ", part="jurisdiction")
@hypothesis_settings(max_examples=200)
def test_no_unknown_name_is_anything_but_wrong_usage(boston: PrintBook, name: str, part: str):
    places = boston.places.by_kind
    known = {
        "measure": boston.catalog.measures,
        "by": DIMENSIONS,
        "release": boston.record.releases,
        "fork": DEFAULT,
        "option": {*DEFAULT.values(), *NARROW.values()},
        "state": places["state"],
        "jurisdiction": places["jurisdiction"],
        "dimension": places,
    }
    assume(name not in known[part] and name.casefold() not in known[part])
    # A condition that begins with an operator is refused as such.
    assume(not name.startswith(("!=", ">=", "<=")))
    question = {"measure": "share_without_conviction", "where": where(BOSTON)} | {
        "measure": {"measure": name},
        "by": {"by": (name,)},
        "release": {"release": name},
        "fork": {"reading": {name: "all_without_conviction"}},
        "option": {"reading": {"without_conviction": name}},
        "state": {"where": {"state": name}},
        "jurisdiction": {"where": {"jurisdiction": name}},
        "dimension": {"where": {name: BOSTON}},
    }[part]
    with pytest.raises(UnknownNameError) as raised:
        answer_question(Question(**question), boston)
    assert raised.value.exit_code == EXIT_USAGE
    assert raised.value.name == name


@pytest.mark.parametrize(
    "question",
    [
        {"by": ("release", "release")},
        {"by": ("state", "jurisdiction")},
        {"by": ("reading",), "reading": NARROW},
        {"by": ("state",)},
        {"by": ("country",)},
        {"where": {"state": "MA", "country": "US"}},
    ],
)
def test_a_question_that_contradicts_itself_is_wrong_usage(boston: PrintBook, question: dict):
    asked = {"measure": "share_without_conviction", "where": where(BOSTON)} | question
    with pytest.raises(UsageError) as raised:
        answer_question(Question(**asked), boston)
    assert raised.value.exit_code == EXIT_USAGE


# As JSON


def test_an_answer_as_json_holds_integers_exact_bounds_and_where_each_figure_stands(boston: PrintBook):
    (row,) = ask(boston, release="july").as_json()["rows"]
    assert (row["numerator"], row["denominator"], row["share"]) == (183, 352, 183 / 352)
    assert row["bounds"] == {"low": "183/352", "high": "183/352", "low_open": False, "high_open": False}
    assert (row["published_from"], row["published_to"]) == ("2011-07-11", "2011-07-11")
    assert {(each["file"], each["row"], each["text"]) for each in row["cells"]} == {
        ("july.csv", 2, "183"),
        ("july.csv", 2, "352"),
    }


def test_an_answer_writes_out_every_default_of_its_question(boston: PrintBook):
    answer = answer_question(Question("share_without_conviction", {}), boston)
    assert answer.question == {
        "ask": "measure",
        "measure": "share_without_conviction",
        "where": {"country": "US"},
        "by": ["release"],
        "release": None,
        "as_known_on": None,
        "readings": [DEFAULT],
    }


def test_a_caveat_is_given_where_it_speaks_of_a_figure_shown(catalog: Catalog):
    caveat = (
        catalog.measures["share_level_1"].caveats[0].model_copy(update={"before": datetime.date(2010, 7, 1)})
    )
    measure = catalog.measures["share_level_1"].model_copy(update={"caveats": [caveat]})
    book = small_book(
        catalog,
        [JULY, SEPTEMBER],
        printed("july", "2010-06-30", removed_convicted_level1=1, removed_total=4),
        printed("september", "2011-06-30", removed_convicted_level1=1, removed_total=4),
    )
    book = PrintBook(book.record, replace(catalog, measures={**catalog.measures, "share_level_1": measure}))
    assert len(ask(book, "share_level_1", release="july").caveats) == 1
    assert ask(book, "share_level_1", release="september").caveats == ()
