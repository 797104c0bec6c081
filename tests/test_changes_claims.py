"""The shipped statements of several numbers, held to the embedded record, with their integers."""

from __future__ import annotations

from fractions import Fraction

import pytest

import recount
from recount.ask import OpenRecord
from recount.claim.verdict import Verdict
from recount.claim.words import Words
from recount.declare.interval import Interval
from recount.declare.text import LANGUAGES


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> OpenRecord:
    """The embedded record, and nobody's own over it."""
    return recount.open(tmp_path_factory.mktemp("no-record"))


@pytest.fixture(scope="module")
def verdicts(record: OpenRecord) -> dict[str, Verdict]:
    return {each.claim: record.check(each) for each in record.claims() if each.group == "changes"}


def words(verdict: Verdict) -> dict[str, str]:
    return {name: column.word for name, column in verdict.columns.items()}


def numbers(verdict: Verdict, mark: int = 0) -> list[int | None]:
    """The integers of the terms that decide now."""
    found = verdict.columns["now"].marks[mark].spoken
    return [one.numerator for value in found.terms if value.decides for one in value.figures]


def answer(verdict: Verdict, mark: int = 0) -> Interval | None:
    return verdict.columns["now"].marks[mark].spoken.interval


def test_of_each_type_of_several_numbers_two_statements_are_shipped(verdicts: dict[str, Verdict]):
    types = [each.claim.asserts.type for each in verdicts.values()]
    assert {name: types.count(name) for name in dict.fromkeys(types)} == {
        "compare": 3,
        "rank": 3,
        "series": 2,
        "contribution": 2,
        "combination": 2,
    }


def test_twice_as_many_are_monitored_in_february_2022_as_in_january_2021(verdicts: dict[str, Verdict]):
    verdict = verdicts["trac-atd-more-than-doubled-2022"]
    assert numbers(verdict) == [182_607, 87_439]
    assert answer(verdict) == Interval.point(Fraction(182_607, 87_439))
    assert (verdict.headline, words(verdict)) == ("supported", {"then": "supported", "now": "supported"})


def test_72_percent_is_about_75(verdicts: dict[str, Verdict]):
    verdict = verdicts["press-75-percent-up-2026"]
    assert numbers(verdict) == [68_289, 39_703]
    assert answer(verdict) == Interval.point(Fraction(68_289 - 39_703, 39_703))
    assert verdict.headline == "supported"


def test_2450_percent_is_neither_of_those_whom_ice_arrested_nor_of_all(verdicts: dict[str, Verdict]):
    verdict = verdicts["council-2450-percent-2026"]
    assert [numbers(verdict, 0), numbers(verdict, 1)] == [[24_644, 858], [33_380, 23_849]]
    assert verdict.headline == "contradicted"


def test_fiscal_years_that_the_record_lacks_or_has_in_part_leave_a_rank_since_2015_open(
    verdicts: dict[str, Verdict],
):
    verdict = verdicts["ice-more-removals-since-2015"]
    (mark,) = verdict.columns["now"].marks
    assert mark.spoken.interval == Interval.point(271_484)
    printed = {
        value.figures[0].fiscal_year: value.interval for value in mark.spoken.terms[1:] if value.figures
    }
    assert printed == {
        2019: Interval.point(267_258),
        2020: Interval.point(185_884),
        2021: Interval(Fraction(57_627), None),
        2022: Interval(Fraction(69_019), None),
        2023: Interval.point(142_580),
    }
    assert verdict.headline == "open"


def test_san_antonio_leads_and_what_is_not_printed_is_bounded_by_the_total(verdicts: dict[str, Verdict]):
    verdict = verdicts["trac-san-antonio-leads-2021"]
    (mark,) = verdict.columns["now"].marks
    assert mark.spoken.terms[0].figures[0].numerator == 13_948
    assert sum(1 for each in mark.spoken.terms if each.interval is None) == 1
    assert words(verdict) == {"then": "open", "now": "supported"}


def test_two_months_after_march_2020_stand_above_june_2021(verdicts: dict[str, Verdict]):
    verdict = verdicts["press-highest-since-march-2020"]
    (mark,) = verdict.columns["now"].marks
    above = [value.figures[0].period_start for value in mark.spoken.terms[1:] if value.decides]
    assert [str(each) for each in above] == ["2020-04-01", "2020-05-01"]
    assert verdict.headline == "contradicted"


def test_five_months_rise_one_after_the_other(verdicts: dict[str, Verdict]):
    verdict = verdicts["cis-increasing-since-february-2021"]
    (mark,) = verdict.columns["now"].marks
    ends = [value.interval.low for value in mark.spoken.terms if value.interval and value.interval.low]
    assert len(ends) == 5
    assert ends == sorted(ends)
    assert verdict.headline == "supported"


def test_below_6000_on_every_day_printed_is_open_where_no_day_is_printed_for_months(
    verdicts: dict[str, Verdict],
):
    verdict = verdicts["trac-under-6000-arrested-by-ice"]
    (mark,) = verdict.columns["now"].marks
    highest = max(one.numerator or 0 for one in mark.spoken.figures)
    assert (highest, mark.spoken.note, verdict.headline) == (5_979, "gap_in_series", "open")


def test_those_arrested_by_cbp_make_more_than_all_of_the_growth_of_2021(verdicts: dict[str, Verdict]):
    verdict = verdicts["kocher-entirely-border-arrests-2021"]
    assert numbers(verdict) == [5_837, 22_613, 13_529, 27_217]
    assert answer(verdict) == Interval.point(Fraction(22_613 - 5_837, 27_217 - 13_529))
    assert verdict.headline == "supported"


def test_and_more_than_half_of_that_to_2023(verdicts: dict[str, Verdict]):
    verdict = verdicts["trac-largely-border-arrests-2023"]
    part_start, part_end, start, end = (each or 0 for each in numbers(verdict))
    assert answer(verdict) == Interval.point(Fraction(part_end - part_start, end - start))
    assert verdict.headline == "supported"


def test_a_year_without_its_last_day_leaves_one_of_two_parts_open_and_so_the_whole(
    verdicts: dict[str, Verdict],
):
    verdict = verdicts["press-removals-rose-2024"]
    (mark,) = verdict.columns["now"].marks
    one_year, two_years = mark.spoken.parts
    assert (one_year.outcome, one_year.interval) == (
        "met",
        Interval.point(Fraction(271_484 - 142_580, 142_580)),
    )
    assert two_years.outcome == "open"
    assert verdict.headline == "open"


def test_a_series_without_most_of_its_months_and_a_rank_with_gaps_settle_nothing(
    verdicts: dict[str, Verdict],
):
    verdict = verdicts["press-steadily-up-and-largest-2026"]
    (mark,) = verdict.columns["now"].marks
    assert [(each.outcome, each.note) for each in mark.spoken.parts] == [
        ("open", "gap_in_series"),
        ("open", "rival_missing"),
    ]
    assert verdict.columns["now"].notes == ("gap_in_series", "rival_missing")


def test_every_text_of_theirs_is_in_both_languages(record: OpenRecord):
    for claim in record.claims():
        if claim.group != "changes":
            continue
        assert claim.title.en != claim.title.es
        for language in LANGUAGES:
            assert claim.title.in_language(language)
            assert Words(record.catalog, language).say(f"group_{claim.group}")
