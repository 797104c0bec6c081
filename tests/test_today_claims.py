"""The same questions today: claims about ICE's detention statistics, and the rules they rest on."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

import recount
from recount.ask import OpenRecord
from recount.claim.evidence import speak_so_far
from recount.claim.paragraph import write_paragraph
from recount.claim.rows import left_out_of_series, shown_figures, view_context
from recount.claim.verdict import Verdict, check_claim
from recount.claim.words import Words
from recount.declare.catalog import Catalog
from recount.declare.claims import Claim
from recount.declare.crosscheck_claims import find_claim_problems
from recount.declare.interval import Interval
from recount.measure.figures import MeasuredFigure
from recount.measure.prints import PrintBook
from small_statistics import figure, held, so_far, statistics_book, workbook


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> OpenRecord:
    """The embedded record alone."""
    return recount.open(tmp_path_factory.mktemp("nobody"))


def integers(verdict: Verdict, column: str) -> list[tuple[str, int | None, int | None]]:
    return [
        (mark.outcome, one.numerator, one.denominator)
        for name, each in verdict.columns.items()
        if name == column
        for mark in each.marks
        for one in mark.spoken.figures
    ]


# The shipped claims, on the shipped record


def test_trac_2022_turns_on_what_a_criminal_record_is(record: OpenRecord):
    verdict = record.check("trac-no-criminal-record-2022")
    assert verdict.headline == "depends"
    assert verdict.columns["now"].differ_by == ("record",)
    assert integers(verdict, "now") == [("not_met", 16112, 20733), ("met", 15033, 20733)]


def test_dhs_2026_is_not_checked_by_proxies_and_shows_their_numbers(record: OpenRecord):
    verdict = record.check("dhs-nearly-70-percent-2026")
    assert verdict.headline == "untestable"
    proxies = [
        (mark.asked.measure.measure, one.numerator, one.denominator)
        for mark in verdict.columns["now"].proxies
        for one in mark.spoken.figures
    ]
    assert proxies == [
        ("share_criminal_detained", 35925, 68289),
        ("share_criminal_detained", 33006, 57501),
        ("share_criminal_booked_in", 90659, 169794),
    ]


def test_the_press_summary_of_january_2026_is_supported(record: OpenRecord):
    verdict = record.check("press-52-percent-2026")
    assert verdict.headline == "supported"
    assert integers(verdict, "now") == [("met", 35610, 68990)]


def test_a_later_lower_snapshot_is_movement_and_overtakes_nothing(record: OpenRecord):
    verdict = record.check("over-70000-held-2026")
    assert (verdict.headline, verdict.restatement, verdict.overtaken_by) == ("supported", None, None)
    assert integers(verdict, "now") == [("met", 70766, None)]
    beside = [row.figures[0].numerator for row in view_context(verdict, Words(record.catalog, "en"))]
    assert 68289 in beside


def test_the_articles_sentence_asked_of_today_is_supported_in_both_readings(record: OpenRecord):
    verdict = record.check("more-than-half-held-2026")
    assert verdict.headline == "supported"
    assert integers(verdict, "now") == [("met", 50259, 68289), ("met", 40592, 57501)]


def test_every_claim_of_today_has_a_paragraph_in_both_languages(record: OpenRecord):
    for claim in record.claims():
        if claim.group == "today":
            for language in ("en", "es"):
                text = write_paragraph(record.check(claim), Words(record.catalog, language))
                assert claim.statement.split()[0] in text
                assert "{" not in text


# The rules


JANUARY = workbook("january", "2026-01-27")
FEBRUARY = workbook("february", "2026-02-12")


def asked(measure: str, that: dict[str, Any], said: str, **more: Any) -> Claim:
    return Claim.model_validate(
        {
            "claim": "a-claim",
            "title": "A claim",
            "statement": "a statement",
            "statement_language": "en",
            "said_by": "Someone",
            "said": {"from": said, "to": said},
            "appeared": {"title": "A page", "publisher": "A publisher", "date": said},
            "asserts": {
                "type": "quantity",
                "period": "so_far",
                "that": that,
                "measured_by": [{"measure": measure, "fit": "exact", "why": "Because."}],
                **more,
            },
        }
    )


def figures(book: PrintBook, measure: str) -> list[MeasuredFigure]:
    declared = book.catalog.measure(measure)
    found, _ = book.statistics.measure(declared, declared.readings()[:1])
    return found


def test_a_snapshot_speaks_as_a_reference_and_not_as_a_bound(catalog: Catalog):
    rows = [figure("january", "2026-01-25", count=70766), figure("february", "2026-02-07", count=68289)]
    book = statistics_book(catalog, [JANUARY, FEBRUARY], *rows)
    spoken = speak_so_far(
        figures(book, "detained_population"),
        datetime.date(2026, 2, 5),
        183,
        Interval(70000, None, low_open=True),
    )
    assert (spoken.outcome, spoken.interval) == ("met", Interval.point(70766))


def test_a_snapshot_older_than_the_window_does_not_speak(catalog: Catalog):
    book = statistics_book(catalog, [JANUARY], figure("january", "2025-01-25", count=70766))
    spoken = speak_so_far(
        figures(book, "detained_population"),
        datetime.date(2026, 2, 5),
        183,
        Interval(70000, None, low_open=True),
    )
    assert spoken.outcome == "absent"


def test_a_count_of_the_fiscal_year_so_far_is_a_lower_bound(catalog: Catalog):
    book = statistics_book(catalog, [JANUARY], so_far("january", "2026-01-25", "removals", 140000))
    spoken = speak_so_far(
        figures(book, "removals_printed"), datetime.date(2026, 2, 5), 183, Interval(100000, None)
    )
    assert (spoken.outcome, spoken.interval) == ("met", Interval(140000, None))


def test_a_fiscal_year_that_is_over_does_not_bound_the_next(catalog: Catalog):
    book = statistics_book(catalog, [JANUARY], so_far("january", "2025-09-30", "removals", 300000))
    spoken = speak_so_far(
        figures(book, "removals_printed"), datetime.date(2025, 12, 1), 183, Interval(100000, None)
    )
    assert spoken.outcome == "absent"


def test_a_share_of_last_years_book_ins_does_not_speak_of_this_years(catalog: Catalog):
    rows = [
        so_far("january", "2025-09-30", "book_ins", 100, cell="E1"),
        so_far("january", "2025-09-30", "book_ins", 60, criminality="convicted", cell="E2"),
    ]
    book = statistics_book(catalog, [JANUARY], *rows)
    spoken = speak_so_far(
        figures(book, "share_criminal_booked_in"), datetime.date(2025, 12, 1), 183, Interval(0, 1)
    )
    assert spoken.outcome == "absent"


def test_every_check_that_marks_figures_has_its_words_in_both_languages(catalog: Catalog):
    checks = {
        each.check for table in catalog.tables.values() for each in table.checks if each.severity == "flag"
    }
    for language in ("en", "es"):
        assert {each for each in checks if f"flag_{each}" not in catalog.messages[language].messages} == set()


def test_a_verdict_that_rests_on_a_marked_figure_says_so(catalog: Catalog):
    row = figure("january", "2026-01-25", count=70766, flags="parts_sum_to_total")
    book = statistics_book(catalog, [JANUARY], row)
    verdict = check_claim(asked("detained_population", {"wording": "over", "of": 70000}, "2026-02-05"), book)
    text = write_paragraph(verdict, Words(catalog, "en"))
    assert "The checks mark the figure of 25 January 2026: parts and total do not add up." in text


def test_of_a_long_series_the_nearest_dates_stand_beside_and_the_rest_is_counted(catalog: Catalog):
    rows = [
        figure("january", f"2025-{month:02d}-15", count=1000 + month, cell=f"A{month}")
        for month in range(1, 13)
    ]
    book = statistics_book(catalog, [JANUARY], *rows)
    claim = asked("detained_population", {"wording": "over", "of": 1}, "2025-06-20")
    verdict = check_claim(claim, book)
    (one,) = verdict.asked
    shown = [each.through_date.month for each in shown_figures(one, verdict)]
    assert shown == [4, 5, 6, 7, 8]
    assert left_out_of_series(verdict) == 7


def test_a_claim_may_ask_one_code_of_a_dimension(catalog: Catalog):
    book = statistics_book(catalog, [JANUARY], *held("january", "2026-01-25", convicted=3, other=5))
    claim = asked("detained_population", {"wording": "exactly", "of": 3}, "2026-02-05")
    claim = Claim.model_validate(
        claim.model_dump(by_alias=True, exclude_none=True)
        | {
            "asserts": claim.asserts.model_dump(exclude_none=True, by_alias=True)
            | {
                "measured_by": [
                    {
                        "measure": "detained_population",
                        "where": {"criminality": "convicted"},
                        "fit": "exact",
                        "why": "Because.",
                    }
                ]
            }
        }
    )
    assert check_claim(claim, book).headline == "supported"


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ({"criminalty": "convicted"}, "no dimension is called 'criminalty'"),
        ({"criminality": "convictd"}, "no criminality is called 'convictd'"),
        ({"state": "MA"}, "printed for the country alone"),
    ],
)
def test_a_claim_that_asks_what_the_table_lacks_is_told(catalog: Catalog, where: dict[str, str], says: str):
    claim = asked("detained_population", {"wording": "over", "of": 1}, "2026-02-05")
    (declared,) = claim.asserts.measured_by
    wrong = claim.model_copy(
        update={
            "asserts": claim.asserts.model_copy(
                update={"measured_by": [declared.model_copy(update={"where": where})]}
            )
        }
    )
    ((_, text),) = find_claim_problems(wrong, catalog)
    assert says in text
