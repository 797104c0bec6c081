"""Verdicts on small records: three columns, a headline, and what they rest on. Said on 30 November 2011."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from recount.claim.columns import COLUMNS, Column
from recount.claim.verdict import Verdict, check_claim
from recount.declare.catalog import Catalog
from recount.declare.claims import Claim
from recount.declare.interval import Interval
from recount.declare.sources import KnownRelease
from recount.measure.prints import PrintBook
from recount.record.store import Record
from small_record import (
    BOSTON,
    CAMBRIDGE,
    EVERYONE,
    FIGURES,
    SAID,
    Row,
    asked,
    claimed,
    day,
    days,
    outside_claim,
    printed,
    released,
    removed,
    small_book,
    small_record,
    without_conviction,
)

MORE_THAN_HALF = {"wording": "more_than", "of": "1/2"}
OVER_140 = {"wording": "over", "of": 140}
SHARE = "share_without_conviction"
ONE_READING = asked(SHARE, readings=EVERYONE)
HALF_OF_BOSTON = claimed(MORE_THAN_HALF, ONE_READING)

JULY = released("july", "2011-07-11")
SEPTEMBER = released("september", "2011-09-04")
LATER = released("later", "2012-11-01")
UNDATED = released("undated", None)
MORE_IN_JUNE = without_conviction("july", "2011-06-30", 183, 352)
FEWER_IN_JULY = without_conviction("september", "2011-07-31", 177, 369)


def check(
    catalog: Catalog,
    claim: Claim,
    releases: list[KnownRelease],
    *prints: list[Row],
    as_known_on: str | None = None,
) -> Verdict:
    book = small_book(catalog, releases, *prints)
    return check_claim(claim, book, day(as_known_on) if as_known_on else None)


def words(verdict: Verdict) -> dict[str, str]:
    return {name: column.word for name, column in verdict.columns.items()}


def integers(column: Column) -> list[tuple[int | None, int | None]]:
    return [(one.numerator, one.denominator) for mark in column.marks for one in mark.spoken.figures]


# Three columns


def test_a_claim_that_rests_on_no_release_has_two_columns(catalog: Catalog):
    verdict = check(catalog, HALF_OF_BOSTON, [JULY], MORE_IN_JUNE)
    assert words(verdict) == {"then": "supported", "now": "supported"}
    assert verdict.headline == "supported"


def test_the_cited_release_is_read_alone(catalog: Catalog):
    claim = claimed(MORE_THAN_HALF, ONE_READING, rests_on="july")
    verdict = check(catalog, claim, [JULY, SEPTEMBER], MORE_IN_JUNE, FEWER_IN_JULY)
    assert integers(verdict.columns["cited"]) == [(183, 352)]
    assert integers(verdict.columns["then"]) == integers(verdict.columns["now"]) == [(177, 369)]
    assert words(verdict) == {"cited": "supported", "then": "contradicted", "now": "contradicted"}


def test_the_cited_release_speaks_however_old_it_is(catalog: Catalog):
    claim = claimed(MORE_THAN_HALF, ONE_READING, rests_on="july", said="2013-11-30")
    verdict = check(catalog, claim, [JULY], MORE_IN_JUNE)
    assert words(verdict) == {"cited": "supported", "then": "untestable", "now": "untestable"}


def test_a_cited_release_that_the_record_lacks_is_told(catalog: Catalog):
    claim = claimed(MORE_THAN_HALF, ONE_READING, rests_on="lost")
    verdict = check(catalog, claim, [JULY], MORE_IN_JUNE)
    assert verdict.columns["cited"].word == "untestable"
    assert verdict.columns["cited"].notes == ("cited_not_in_record",)
    assert verdict.headline == "supported"


def test_then_knows_only_releases_that_were_out_when_it_was_said(catalog: Catalog):
    verdict = check(
        catalog,
        HALF_OF_BOSTON,
        [JULY, LATER],
        MORE_IN_JUNE,
        without_conviction("later", "2011-07-31", 177, 369),
    )
    assert words(verdict) == {"then": "supported", "now": "contradicted"}
    assert integers(verdict.columns["then"]) == [(183, 352)]


def test_a_release_of_the_very_day_was_out(catalog: Catalog):
    verdict = check(catalog, HALF_OF_BOSTON, [released("july", SAID)], MORE_IN_JUNE)
    assert words(verdict)["then"] == "supported"
    verdict = check(catalog, HALF_OF_BOSTON, [released("july", "2011-12-01")], MORE_IN_JUNE)
    assert words(verdict) == {"then": "untestable", "now": "supported"}


def test_now_speaks_of_the_day_it_was_said_and_not_of_today(catalog: Catalog):
    verdict = check(
        catalog,
        HALF_OF_BOSTON,
        [JULY, LATER],
        MORE_IN_JUNE,
        without_conviction("later", "2012-08-31", 247, 512),
    )
    assert words(verdict)["now"] == "supported"
    assert integers(verdict.columns["now"]) == [(183, 352)]


def test_now_takes_the_print_that_stands_for_a_date(catalog: Catalog):
    verdict = check(
        catalog,
        HALF_OF_BOSTON,
        [JULY, LATER],
        MORE_IN_JUNE,
        without_conviction("later", "2011-06-30", 170, 352),
    )
    assert integers(verdict.columns["now"]) == [(170, 352)]


def test_nothing_that_speaks_is_untestable(catalog: Catalog):
    verdict = check(catalog, HALF_OF_BOSTON, [JULY], removed("july", "2011-06-30", 10, BOSTON))
    assert words(verdict) == {"then": "untestable", "now": "untestable"}
    assert verdict.headline == "untestable"
    assert verdict.columns["now"].tested == 0


def test_a_bound_that_reaches_across_is_open(catalog: Catalog):
    verdict = check(
        catalog,
        claimed(MORE_THAN_HALF, asked("share_level_1")),
        [JULY],
        printed("july", "2011-06-30", above={"removed_level1_share_above": "0.25"}),
    )
    assert verdict.headline == "open"


@given(
    later=st.lists(
        st.tuples(st.integers(1, 900), st.integers(0, 10)), max_size=3, unique_by=lambda each: each[0]
    ),
    out=st.sampled_from(["2011-12-01", "2013-01-01", None]),
)
@hypothesis_settings(max_examples=30)
def test_no_print_of_a_later_date_changes_what_then_or_now_say_of_a_share(
    catalog: Catalog, later: list[tuple[int, int]], out: str | None
):
    names = ["x", "y", "z"][: len(later)]
    prints = [
        without_conviction(name, day(SAID) + days(far), part, 10)
        for name, (far, part) in zip(names, later, strict=True)
    ]
    alone = check(catalog, HALF_OF_BOSTON, [JULY, SEPTEMBER], MORE_IN_JUNE, FEWER_IN_JULY)
    together = check(
        catalog,
        HALF_OF_BOSTON,
        [JULY, SEPTEMBER, *(released(each, out) for each in names)],
        MORE_IN_JUNE,
        FEWER_IN_JULY,
        *prints,
    )
    assert words(together) == words(alone)
    assert together.headline == alone.headline
    assert together.receipt.id == alone.receipt.id


# Counts


def count_claim(**more) -> Claim:
    return claimed(OVER_140, asked("people_removed", "US"), **more)


def test_a_count_then_below_and_later_above_was_open_and_is_supported(catalog: Catalog):
    verdict = check(
        catalog,
        count_claim(),
        [JULY, LATER],
        removed("july", "2011-06-30", 120),
        removed("later", "2011-09-30", 142),
        removed("later", "2012-03-31", 182),
    )
    assert words(verdict) == {"then": "open", "now": "supported"}
    (mark,) = verdict.columns["now"].marks
    assert mark.spoken.interval == Interval(Fraction(142), Fraction(182))
    (mark,) = verdict.columns["then"].marks
    assert mark.spoken.interval == Interval(Fraction(120), None)


def test_a_later_count_below_the_threshold_contradicts(catalog: Catalog):
    verdict = check(catalog, count_claim(), [LATER], removed("later", "2012-03-31", 139))
    assert words(verdict) == {"then": "untestable", "now": "contradicted"}


def test_a_later_count_lower_than_the_earlier_leaves_it_open(catalog: Catalog):
    verdict = check(
        catalog,
        count_claim(),
        [JULY, LATER],
        removed("july", "2011-06-30", 150),
        removed("later", "2012-03-31", 130),
    )
    assert words(verdict) == {"then": "supported", "now": "open"}
    assert verdict.columns["now"].notes == ("count_falls",)


def test_a_sum_that_lacks_places_contradicts_nothing(catalog: Catalog):
    partial = released("sum", "2012-12-31", lists="jurisdictions", leaves_out="the territories")
    verdict = check(catalog, count_claim(), [partial], removed("sum", "2012-03-31", 130, BOSTON))
    assert verdict.headline == "untestable"
    whole = released("sum", "2012-12-31", lists="jurisdictions")
    verdict = check(catalog, count_claim(), [whole], removed("sum", "2012-03-31", 130, BOSTON))
    assert verdict.headline == "contradicted"


def test_a_sum_that_lacks_places_fits_nearly_at_best(catalog: Catalog):
    claim = claimed(OVER_140, asked("people_removed", "US", fit="exact"))
    for leaves_out, fit in ((None, "exact"), ("the territories", "near")):
        release = released("sum", "2011-10-01", lists="jurisdictions", leaves_out=leaves_out)
        verdict = check(catalog, claim, [release], removed("sum", "2011-09-30", 150, BOSTON))
        assert [each.fit for each in verdict.columns["now"].marks] == [fit]


# Exact periods


def test_an_exact_period_is_answered_by_that_date_alone(catalog: Catalog):
    rows = [MORE_IN_JUNE, FEWER_IN_JULY]
    for through, word in (
        ("2011-06-30", "supported"),
        ("2011-07-31", "contradicted"),
        ("2011-07-30", "untestable"),
    ):
        claim = claimed(MORE_THAN_HALF, ONE_READING, period="exact", through=day(through))
        assert words(check(catalog, claim, [JULY, SEPTEMBER], *rows)) == {"then": word, "now": word}


def test_an_exact_period_has_no_window(catalog: Catalog):
    claim = claimed(MORE_THAN_HALF, ONE_READING, period="exact", through=day("2011-06-30"), said="2014-01-01")
    verdict = check(catalog, claim, [JULY], MORE_IN_JUNE)
    assert (verdict.headline, verdict.other_windows) == ("supported", {})


def test_a_count_through_an_exact_date_is_no_bound(catalog: Catalog):
    claim = claimed(
        {"equals": 120, "reason": "stated outright"},
        asked("people_removed", "US"),
        period="exact",
        through=day("2011-06-30"),
    )
    verdict = check(
        catalog, claim, [JULY, LATER], removed("july", "2011-06-30", 120), removed("later", "2012-03-31", 182)
    )
    assert verdict.headline == "supported"


# Releases perhaps out


def test_an_undated_release_leaves_then_open_and_now_decided(catalog: Catalog):
    verdict = check(catalog, HALF_OF_BOSTON, [UNDATED], without_conviction("undated", "2011-06-30", 183, 352))
    assert words(verdict) == {"then": "open", "now": "supported"}
    assert verdict.columns["then"].notes == ("publication_dates",)


def test_an_undated_release_was_not_out_before_what_it_counts(catalog: Catalog):
    claim = claimed(MORE_THAN_HALF, ONE_READING, said="2011-06-29", rests_on=None)
    verdict = check(catalog, claim, [UNDATED], without_conviction("undated", "2011-06-30", 183, 352))
    assert words(verdict)["then"] == "untestable"


def test_a_release_perhaps_out_that_says_the_same_leaves_then_decided(catalog: Catalog):
    verdict = check(
        catalog,
        HALF_OF_BOSTON,
        [JULY, UNDATED],
        MORE_IN_JUNE,
        without_conviction("undated", "2011-07-31", 190, 369),
    )
    assert words(verdict) == {"then": "supported", "now": "supported"}


def test_a_release_between_two_days_is_perhaps_out_between_them(catalog: Catalog):
    between = released("between", ("2011-11-01", "2011-12-31"))
    rows = without_conviction("between", "2011-10-31", 183, 352)
    for said, word in (("2011-10-31", "untestable"), ("2011-11-01", "open"), ("2011-12-31", "supported")):
        claim = claimed(MORE_THAN_HALF, ONE_READING, said=said)
        assert words(check(catalog, claim, [between], rows))["then"] == word


# As known on a day


def test_as_known_on_leaves_out_later_releases_in_every_column(catalog: Catalog):
    claim = claimed(MORE_THAN_HALF, ONE_READING, rests_on="september")
    arguments = (catalog, claim, [JULY, SEPTEMBER], MORE_IN_JUNE, FEWER_IN_JULY)
    assert words(check(*arguments)) == {
        "cited": "contradicted",
        "then": "contradicted",
        "now": "contradicted",
    }
    verdict = check(*arguments, as_known_on="2011-08-01")
    assert words(verdict) == {"cited": "untestable", "then": "supported", "now": "supported"}
    assert verdict.columns["cited"].notes == ("cited_not_out",)


def test_as_known_on_names_the_releases_that_may_have_been_out(catalog: Catalog):
    rows = [MORE_IN_JUNE, without_conviction("undated", "2011-07-31", 177, 369)]
    verdict = check(catalog, HALF_OF_BOSTON, [JULY, UNDATED], *rows, as_known_on="2011-12-31")
    assert (verdict.headline, verdict.perhaps_out) == ("open", ("undated",))
    assert check(catalog, HALF_OF_BOSTON, [JULY, UNDATED], *rows).perhaps_out == ()


prints_of_any_day = st.lists(
    st.tuples(st.integers(-400, 400), st.integers(0, 300)),
    min_size=1,
    max_size=3,
    unique_by=lambda each: each[0],
)


@given(
    known=prints_of_any_day,
    unknown=prints_of_any_day,
    said=st.sampled_from([SAID, (None, SAID), ("2011-01-01", SAID)]),
    share=st.booleans(),
)
@hypothesis_settings(max_examples=80)
def test_as_known_on_no_later_release_changes_anything(
    catalog: Catalog, known: list[tuple[int, int]], unknown: list[tuple[int, int]], said, share: bool
):
    def rows(name: str, far: int, value: int) -> list[Row]:
        through = day(SAID) + days(far)
        return without_conviction(name, through, value, 300) if share else removed(name, through, value)

    releases = [released(f"known-{index}", "2013-01-01") for index, _ in enumerate(known)]
    prints = [rows(each.release, *one) for each, one in zip(releases, known, strict=True)]
    later = [released(f"later-{index}", "2013-06-01") for index, _ in enumerate(unknown)]
    more = [rows(each.release, *one) for each, one in zip(later, unknown, strict=True)]
    claim = claimed(MORE_THAN_HALF, ONE_READING, said=said) if share else count_claim(said=said)
    alone = check(catalog, claim, releases, *prints, as_known_on="2013-03-01")
    together = check(catalog, claim, [*releases, *later], *prints, *more, as_known_on="2013-03-01")
    assert words(together) == words(alone)
    assert together.headline == alone.headline
    assert together.receipt.id == alone.receipt.id


# Readings


def test_a_reading_that_nothing_prints_is_absent_and_counted(catalog: Catalog):
    verdict = check(catalog, claimed(MORE_THAN_HALF, asked(SHARE)), [JULY], MORE_IN_JUNE)
    now = verdict.columns["now"]
    assert (now.word, now.tested, now.readings) == ("supported", 1, 2)
    assert [each.outcome for each in now.marks] == ["met", "absent"]


def test_depends_names_the_fork(catalog: Catalog):
    verdict = check(
        catalog,
        claimed(MORE_THAN_HALF, asked(SHARE)),
        [JULY],
        without_conviction("july", "2011-06-30", 183, 352, removed_ewi_visa_overstay=60),
    )
    now = verdict.columns["now"]
    assert (now.word, now.tested, now.readings) == ("depends", 2, 2)
    assert now.differ_by == ("without_conviction",)
    assert verdict.headline == "depends"


def test_a_claim_may_take_one_option_of_a_fork(catalog: Catalog):
    narrow = asked(SHARE, readings={"without_conviction": ["entered_or_overstayed_only"]})
    verdict = check(
        catalog,
        claimed(MORE_THAN_HALF, narrow),
        [JULY],
        without_conviction("july", "2011-06-30", 183, 352, removed_ewi_visa_overstay=60),
    )
    assert (verdict.headline, verdict.columns["now"].readings) == ("contradicted", 1)


def test_depends_names_the_place(catalog: Catalog):
    verdict = check(
        catalog,
        claimed(MORE_THAN_HALF, asked("share_convicted"), asked("share_convicted", CAMBRIDGE)),
        [JULY],
        printed("july", "2011-06-30", removed_convicted=4, removed_total=10),
        printed("july", "2011-06-30", CAMBRIDGE, removed_convicted=6, removed_total=10),
    )
    assert (verdict.headline, verdict.columns["now"].differ_by) == ("depends", ("place",))


def test_depends_names_the_measure(catalog: Catalog):
    verdict = check(
        catalog,
        claimed(MORE_THAN_HALF, asked("share_convicted"), asked("share_level_1")),
        [JULY],
        printed("july", "2011-06-30", removed_convicted=6, removed_convicted_level1=2, removed_total=10),
    )
    assert (verdict.headline, verdict.columns["now"].differ_by) == ("depends", ("measure",))


def test_depends_names_when_it_was_said(catalog: Catalog):
    claim = claimed(MORE_THAN_HALF, ONE_READING, said=("2011-07-15", SAID))
    verdict = check(catalog, claim, [JULY, SEPTEMBER], MORE_IN_JUNE, FEWER_IN_JULY)
    now = verdict.columns["now"]
    assert (now.word, now.differ_by) == ("depends", ("said",))
    assert [(str(each.said_from), str(each.said_to), each.outcome) for each in now.marks] == [
        ("2011-07-15", "2011-07-30", "met"),
        ("2011-07-31", SAID, "not_met"),
    ]


def test_days_on_which_the_same_is_said_are_joined(catalog: Catalog):
    claim = claimed(MORE_THAN_HALF, ONE_READING, said=("2011-07-15", SAID))
    verdict = check(catalog, claim, [JULY, SEPTEMBER], MORE_IN_JUNE)
    assert [(str(each.said_from), str(each.said_to)) for each in verdict.columns["now"].marks] == [
        ("2011-07-15", SAID)
    ]


def test_a_statement_without_a_first_day_is_asked_from_the_first_figure_on(catalog: Catalog):
    claim = claimed(MORE_THAN_HALF, ONE_READING, said=(None, SAID))
    verdict = check(catalog, claim, [JULY, SEPTEMBER], MORE_IN_JUNE, FEWER_IN_JULY)
    assert verdict.columns["now"].word == "depends"
    assert str(verdict.columns["now"].marks[0].said_from) == "2011-06-30"


# Fit


def test_a_proxy_is_shown_and_gives_no_verdict(catalog: Catalog):
    proxy = asked(SHARE, CAMBRIDGE, fit="proxy", readings=EVERYONE)
    rows = without_conviction("july", "2011-06-30", 9, 10, CAMBRIDGE)
    alone = check(catalog, claimed(MORE_THAN_HALF, proxy), [JULY], rows)
    assert (alone.headline, alone.columns["now"].readings, alone.columns["now"].marks) == (
        "untestable",
        0,
        (),
    )
    assert [each.outcome for each in alone.columns["now"].proxies] == ["met"]


@given(part=st.integers(0, 10))
@hypothesis_settings(max_examples=11)
def test_whatever_a_proxy_says_the_words_stay(catalog: Catalog, part: int):
    proxy = asked(SHARE, CAMBRIDGE, fit="proxy", readings=EVERYONE)
    rows = without_conviction("july", "2011-06-30", part, 10, CAMBRIDGE)
    verdict = check(catalog, claimed(MORE_THAN_HALF, ONE_READING, proxy), [JULY], MORE_IN_JUNE, rows)
    assert words(verdict) == {"then": "supported", "now": "supported"}
    assert (verdict.columns["now"].tested, verdict.columns["now"].readings) == (1, 1)


# The headline


def test_overtaken_by_a_count_that_fell(catalog: Catalog):
    """The later release reports another table, so that only the restatement is left to overtake it."""
    other = released("september", "2011-09-04", reports="secure_communities_activations")
    claim = claimed(MORE_THAN_HALF, ONE_READING, rests_on="july")
    verdict = check(catalog, claim, [JULY, other], MORE_IN_JUNE, FEWER_IN_JULY)
    assert verdict.headline == "overtaken"
    assert verdict.overtaken_by is None
    assert verdict.restatement is not None
    assert (verdict.restatement.how, verdict.restatement.before, verdict.restatement.after) == (
        "fell",
        183,
        177,
    )


def test_overtaken_by_a_release_of_the_same_table_that_was_out_when_it_was_said(catalog: Catalog):
    grown = without_conviction("september", "2011-07-31", 190, 400)
    claim = claimed(MORE_THAN_HALF, ONE_READING, rests_on="july")
    verdict = check(catalog, claim, [JULY, SEPTEMBER], MORE_IN_JUNE, grown)
    assert (verdict.headline, verdict.restatement) == ("overtaken", None)
    assert verdict.overtaken_by is not None
    assert verdict.overtaken_by.release.release == "september"


@pytest.mark.parametrize(
    "release",
    [
        released("september", "2011-12-01"),
        released("september", ("2011-09-04", "2011-12-01")),
        released("september", None),
        released("september", "2011-09-04", reports="secure_communities_activations"),
    ],
    ids=["out later", "perhaps out", "undated", "another table"],
)
def test_movement_alone_does_not_overtake(catalog: Catalog, release: KnownRelease):
    grown = without_conviction("september", "2011-07-31", 190, 400)
    claim = claimed(MORE_THAN_HALF, ONE_READING, rests_on="july")
    verdict = check(catalog, claim, [JULY, release], MORE_IN_JUNE, grown)
    assert verdict.columns["cited"].word == "supported"
    assert verdict.headline == "contradicted"


def test_a_statement_that_rests_on_nothing_is_overtaken_by_what_was_restated_since(catalog: Catalog):
    verdict = check(
        catalog,
        HALF_OF_BOSTON,
        [JULY, LATER],
        MORE_IN_JUNE,
        without_conviction("later", "2011-06-30", 170, 352),
    )
    assert words(verdict) == {"then": "supported", "now": "contradicted"}
    assert verdict.headline == "overtaken"


def test_borne_out_by_a_reprint_of_the_same_date(catalog: Catalog):
    verdict = check(
        catalog,
        HALF_OF_BOSTON,
        [JULY, LATER],
        without_conviction("july", "2011-06-30", 170, 352),
        without_conviction("later", "2011-06-30", 183, 352),
    )
    assert words(verdict) == {"then": "contradicted", "now": "supported"}
    assert verdict.headline == "borne_out"
    assert verdict.restatement is not None
    assert verdict.restatement.how == "reprinted"


def test_not_borne_out_by_movement(catalog: Catalog):
    verdict = check(
        catalog,
        HALF_OF_BOSTON,
        [JULY, LATER],
        without_conviction("july", "2011-06-30", 170, 352),
        without_conviction("later", "2011-07-31", 190, 369),
    )
    assert words(verdict) == {"then": "contradicted", "now": "supported"}
    assert verdict.headline == "supported"


def test_a_reprint_of_lower_authority_restates_nothing(catalog: Catalog):
    retold = released("later", "2012-11-01", authority="secondary")
    verdict = check(
        catalog,
        HALF_OF_BOSTON,
        [JULY, retold],
        without_conviction("july", "2011-06-30", 170, 352),
        without_conviction("later", "2011-06-30", 183, 352),
    )
    assert words(verdict) == {"then": "contradicted", "now": "contradicted"}
    assert integers(verdict.columns["now"]) == [(170, 352)]
    assert (verdict.headline, verdict.restatement) == ("contradicted", None)


# Provisional


@pytest.mark.parametrize(
    ("authority", "precision", "reasons"),
    [
        ("agency_file", "day", ()),
        ("press_table", "day", ()),
        ("quotation", "day", ("quotation",)),
        ("secondary", "day", ("secondary",)),
        ("agency_file", "approximate", ("approximate",)),
        ("quotation", "approximate", ("approximate", "quotation")),
    ],
)
def test_a_quotation_a_retelling_or_an_approximate_date_make_it_provisional(
    catalog: Catalog, authority: str, precision: str, reasons: tuple[str, ...]
):
    release = released("july", "2011-07-11", authority=authority)
    rows = without_conviction("july", "2011-06-30", 183, 352, precision=precision)
    verdict = check(catalog, HALF_OF_BOSTON, [release], rows)
    assert (verdict.provisional, verdict.is_provisional) == (reasons, bool(reasons))


def test_a_figure_that_decides_nothing_makes_nothing_provisional(catalog: Catalog):
    quoted = released("later", "2012-11-01", authority="quotation")
    rows = without_conviction("later", "2012-08-31", 247, 512)
    assert check(catalog, HALF_OF_BOSTON, [JULY, quoted], MORE_IN_JUNE, rows).provisional == ()


def test_overtaken_is_provisional_where_what_was_overtaken_is(catalog: Catalog):
    quoted = released("july", "2011-07-11", authority="quotation")
    claim = claimed(MORE_THAN_HALF, ONE_READING, rests_on="july")
    verdict = check(catalog, claim, [quoted, SEPTEMBER], MORE_IN_JUNE, FEWER_IN_JULY)
    assert (verdict.headline, verdict.provisional) == ("overtaken", ("quotation",))


# Windows


def test_other_windows_are_tried_and_told(catalog: Catalog):
    verdict = check(catalog, HALF_OF_BOSTON, [JULY], MORE_IN_JUNE)
    assert (verdict.window_days, verdict.other_windows) == (183, {92: "untestable", 365: "supported"})


def test_a_declared_window_replaces_the_rule_and_the_others_stay_beside(catalog: Catalog):
    claim = claimed(
        MORE_THAN_HALF, ONE_READING, window_days=92, window_reason="the statement says this autumn"
    )
    verdict = check(catalog, claim, [JULY], MORE_IN_JUNE)
    assert (verdict.headline, verdict.window_days) == ("untestable", 92)
    assert verdict.other_windows == {365: "supported"}


def test_a_count_has_no_window(catalog: Catalog):
    verdict = check(catalog, count_claim(), [JULY], removed("july", "2010-06-30", 150))
    assert (verdict.headline, verdict.other_windows) == ("supported", {})


# What a release printed


def print_claim(**more) -> Claim:
    return claimed(MORE_THAN_HALF, ONE_READING, type="print", **({"rests_on": "july"} | more))


def test_a_release_that_prints_it_supports_that_it_did_whatever_came_later(catalog: Catalog):
    verdict = check(catalog, print_claim(), [JULY, SEPTEMBER], MORE_IN_JUNE, FEWER_IN_JULY)
    assert words(verdict) == dict.fromkeys(COLUMNS, "supported")
    assert verdict.headline == "supported"


def test_a_release_that_prints_otherwise_contradicts_that_it_did(catalog: Catalog):
    verdict = check(
        catalog, print_claim(rests_on="september"), [JULY, SEPTEMBER], MORE_IN_JUNE, FEWER_IN_JULY
    )
    assert verdict.headline == "contradicted"


def test_a_release_that_does_not_print_it_is_untestable(catalog: Catalog):
    assert (
        check(catalog, print_claim(), [JULY], removed("july", "2011-06-30", 9, BOSTON)).headline
        == "untestable"
    )


@pytest.mark.parametrize(
    ("authority", "word"),
    [
        ("agency_file", "supported"),
        ("press_table", "supported"),
        ("quotation", "supported"),
        ("secondary", "open"),
    ],
)
def test_what_a_release_printed_is_open_without_a_copy_good_enough(
    catalog: Catalog, authority: str, word: str
):
    release = released("july", "2011-07-11", authority=authority)
    assert check(catalog, print_claim(), [release], MORE_IN_JUNE).headline == word


@pytest.mark.parametrize(
    ("on", "word", "notes"),
    [
        ("2011-12-01", "untestable", ("cited_not_out",)),
        (None, "open", ("publication_dates",)),
        (("2011-11-01", "2011-12-31"), "open", ("publication_dates",)),
        (SAID, "supported", ()),
    ],
)
def test_what_a_release_printed_could_be_seen_once_it_was_out(
    catalog: Catalog, on: str | tuple[str, str] | None, word: str, notes: tuple[str, ...]
):
    verdict = check(catalog, print_claim(), [released("july", on)], MORE_IN_JUNE)
    assert (verdict.columns["then"].word, verdict.columns["then"].notes) == (word, notes)
    assert verdict.columns["now"].word == "supported"


# Outside


def test_what_no_record_can_settle_is_untestable(catalog: Catalog):
    verdict = check(catalog, outside_claim(), [JULY], MORE_IN_JUNE)
    assert verdict.headline == "untestable"
    assert words(verdict) == {"then": "untestable", "now": "untestable"}
    assert (verdict.asserted, verdict.asked) == (None, ())


# Order


def _shuffled(record: Record, seed: int) -> Record:
    names = list(record.releases)
    random.Random(seed).shuffle(names)
    frames = {**record.frames, FIGURES: record.frames[FIGURES].sample(fraction=1, shuffle=True, seed=seed)}
    return replace(record, frames=frames, releases={name: record.releases[name] for name in names})


CLAIMS = [
    claimed(MORE_THAN_HALF, asked(SHARE), rests_on="july"),
    claimed(MORE_THAN_HALF, asked(SHARE), said=(None, SAID)),
    count_claim(),
]


@given(seed=st.integers(0, 1000), claim=st.sampled_from(CLAIMS))
@hypothesis_settings(max_examples=40)
def test_the_order_of_rows_and_releases_in_the_record_does_not_matter(
    catalog: Catalog, seed: int, claim: Claim
):
    record = small_record(
        catalog,
        [JULY, SEPTEMBER, LATER, UNDATED],
        MORE_IN_JUNE,
        FEWER_IN_JULY,
        without_conviction("later", "2011-07-31", 178, 369),
        without_conviction("undated", "2011-08-31", 200, 400, removed_ewi_visa_overstay=60),
        removed("undated", "2011-06-30", 120),
        removed("later", "2011-09-30", 142),
        removed("later", "2012-03-31", 182),
    )
    first, second = (
        check_claim(claim, PrintBook(each, catalog)) for each in (record, _shuffled(record, seed))
    )
    assert first.receipt.id == second.receipt.id
    assert [each.figures for each in first.asked] != []


def test_the_order_in_which_readings_are_asked_does_not_change_the_words(catalog: Catalog):
    both = [asked("share_convicted"), asked("share_level_1")]
    rows = printed("july", "2011-06-30", removed_convicted=6, removed_convicted_level1=2, removed_total=10)
    verdicts = [check(catalog, claimed(MORE_THAN_HALF, *order), [JULY], rows) for order in (both, both[::-1])]
    assert words(verdicts[0]) == words(verdicts[1])
    assert verdicts[0].columns["now"].differ_by == verdicts[1].columns["now"].differ_by


# A statement of uncertain date


@given(
    prints=st.lists(
        st.tuples(st.integers(-10, 16), st.integers(-10, 20), st.integers(0, 10), st.booleans()),
        min_size=1,
        max_size=3,
        unique_by=lambda each: each[0],
    ),
    share=st.booleans(),
)
@hypothesis_settings(max_examples=20)
def test_a_statement_said_between_two_days_says_on_each_what_it_would_if_said_then(
    catalog: Catalog, prints: list[tuple[int, int, int, bool]], share: bool
):
    first = day("2011-06-01")
    releases, rows = [], []
    for index, (far, out, value, dated) in enumerate(prints):
        on = (first + days(out)).isoformat()
        releases.append(released(f"r{index}", on if dated else (on, None)))
        through = first + days(far)
        rows.append(
            without_conviction(f"r{index}", through, value, 10)
            if share
            else removed(f"r{index}", through, value)
        )
    that = {"wording": "more_than", "of": "1/2" if share else 5}
    more = {"window_days": 5, "window_reason": "short, for the test"} if share else {}
    one = ONE_READING if share else asked("people_removed", "US")
    said = ("2011-06-01", "2011-06-08")
    whole = check(catalog, claimed(that, one, said=said, **more), releases, *rows)
    for index in range(8):
        today = first + days(index)
        alone = check(catalog, claimed(that, one, said=today.isoformat(), **more), releases, *rows)
        for name in ("then", "now"):
            (own,) = alone.columns[name].marks
            (covering,) = [
                each for each in whole.columns[name].marks if each.said_from <= today <= each.said_to
            ]
            assert (covering.outcome, covering.spoken.interval) == (own.outcome, own.spoken.interval)
