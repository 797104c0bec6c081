"""Verdicts of every type on small records: terms, readings, columns, notes. Said on 14 February 2026 unless told."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from recount.claim.answer import verdict_as_json
from recount.claim.paragraph import write_paragraph
from recount.claim.recompute import recompute_receipt
from recount.claim.verdict import Verdict, check_claim
from recount.claim.view import view_verdict
from recount.claim.words import Words
from recount.declare.catalog import Catalog
from recount.declare.claims import Claim
from recount.declare.interval import Interval
from recount.declare.measures import Break
from recount.declare.text import Text
from recount.measure.prints import PrintBook
from recount.report.page import write_page
from small_record import BOSTON, CAMBRIDGE, PROVIDENCE, day, released, removed, small_book
from small_statistics import Row, figure, held, so_far, statistics_book, workbook

SAID = "2026-02-14"
LAST_YEAR = workbook("last-year", "2025-01-16")
JANUARY = workbook("january", "2026-01-08")
FEBRUARY = workbook("february", "2026-02-12")
RELEASES = [LAST_YEAR, JANUARY, FEBRUARY]
TWO_YEARS = [
    *held("last-year", "2025-01-12", convicted=30, pending=5, other=15),
    *held("february", "2026-02-07", convicted=30, pending=20, other=50),
]
HELD = {"measure": "detained_population", "fit": "exact", "why": "It counts those held."}


def claimed(asserts: Mapping[str, Any], said: str = SAID, rests_on: str | None = None) -> Claim:
    return Claim.model_validate(
        {
            "claim": "a-small-claim",
            "title": "A small claim",
            "statement": "so many are held",
            "statement_language": "en",
            "said_by": "A speaker",
            "said": {"from": said, "to": said},
            "appeared": {"title": "A text", "publisher": "A publisher", "date": said},
            "rests_on": {"release": rests_on, "basis": "invented"} if rests_on else None,
            "asserts": dict(asserts),
        }
    )


def compared(
    a: Mapping[str, Any] | None = None,
    b: Mapping[str, Any] | None = None,
    *,
    by: str = "ratio",
    that: Mapping[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    return {
        "type": "compare",
        "a": dict(a or {}),
        "b": dict(b or {"as_of": "2025-01-20"}),
        "by": by,
        "that": dict(that or {"wording": "more_than", "of": "1.5"}),
        "measured_by": [HELD],
        **more,
    }


def check(book: PrintBook, asserts: Mapping[str, Any], **more: Any) -> Verdict:
    return check_claim(claimed(asserts, **more), book)


def spoken(verdict: Verdict, column: str = "now") -> tuple[str, Interval | None, str | None]:
    (mark,) = verdict.columns[column].marks  # type: ignore[index]
    return mark.outcome, mark.spoken.interval, mark.spoken.note


def integers(verdict: Verdict) -> list[list[int | None]]:
    return [
        [one.numerator for one in value.figures]
        for mark in verdict.columns["now"].marks
        for value in mark.spoken.terms
    ]


@pytest.fixture
def book(catalog: Catalog) -> PrintBook:
    return statistics_book(catalog, RELEASES, *TWO_YEARS)


# Comparisons


def test_a_speaks_on_the_day_it_was_said_and_b_as_of_its_own_day(book: PrintBook):
    verdict = check(book, compared())
    assert spoken(verdict) == ("met", Interval.point(2), None)
    assert integers(verdict) == [[100], [50]]
    assert verdict.headline == "supported"


def test_a_side_adds_its_codes_to_those_of_the_measure(book: PrintBook):
    other = {"where": {"criminality": "other"}}
    verdict = check(book, compared(other, {"where": {"criminality": "convicted"}}))
    assert integers(verdict) == [[50], [30]]
    assert spoken(verdict)[1] == Interval.point(Fraction(5, 3))


def test_a_side_may_be_measured_otherwise(catalog: Catalog):
    rows = [
        so_far("february", "2026-02-07", "book_ins", 300),
        so_far("february", "2026-02-07", "book_outs", 100, cell="A2"),
    ]
    asserts = compared(
        {"measure": "book_ins", "through": "2026-02-07"},
        {"measure": "book_outs", "through": "2026-02-07"},
    )
    assert spoken(check(statistics_book(catalog, RELEASES, *rows), asserts))[1] == Interval.point(3)


def test_several_codes_with_commas_are_added(book: PrintBook):
    verdict = check(book, compared({"where": {"criminality": "pending,other"}}, {"through": "2025-01-12"}))
    assert integers(verdict) == [[70], [50]]


def test_a_side_that_nothing_prints_at_its_day_leaves_the_comparison_absent(book: PrintBook):
    verdict = check(book, compared(b={"through": "2024-12-29"}))
    assert (spoken(verdict)[0], verdict.headline) == ("absent", "untestable")


def test_a_side_speaks_no_longer_than_the_window_and_other_windows_are_tried(book: PrintBook):
    far = compared(b={"as_of": "2025-06-30"})
    verdict = check(book, far)
    assert (verdict.headline, verdict.other_windows) == (
        "supported",
        {92: "untestable", 365: "supported"},
    )
    shorter = check(book, far | {"window_days": 60, "window_reason": "It says this spring."})
    assert shorter.headline == "untestable"


def test_then_knows_only_releases_that_were_out(book: PrintBook):
    verdict = check(book, compared({"through": "2026-02-07"}), said="2026-02-11")
    assert {name: column.word for name, column in verdict.columns.items()} == {
        "then": "untestable",
        "now": "supported",
    }


def test_a_count_of_a_year_so_far_is_bounded_by_its_neighbours_and_so_is_what_it_is_compared_with(
    catalog: Catalog,
):
    rows = [
        so_far("last-year", "2025-01-11", "removals", 100),
        so_far("january", "2026-01-07", "removals", 150),
        so_far("february", "2026-02-07", "removals", 180),
    ]
    asserts = compared(
        {"as_of": "2026-01-31"},
        {"through": "2025-01-11"},
        measured_by=[{"measure": "removals_printed", "fit": "exact", "why": "So it says."}],
    )
    verdict = check(statistics_book(catalog, RELEASES, *rows), asserts)
    assert spoken(verdict)[:2] == ("open", Interval(Fraction(3, 2), Fraction(9, 5)))


def test_of_every_alternative_and_reading_a_comparison_is_asked(book: PrintBook):
    asserts = compared(
        that={"wording": "more_than", "of": 1},
        measured_by=[
            {"measure": "share_criminal_detained", "fit": "near", "why": "By who is criminal."},
            HELD,
        ],
    )
    verdict = check(book, asserts)
    now = verdict.columns["now"]
    assert (now.word, now.tested, now.readings) == ("depends", 3, 5)
    assert [
        (each.asked.index, each.asked.reading.get("criminal"), each.outcome)
        for each in now.marks
        if each.outcome != "absent"
    ] == [
        (0, "convicted", "not_met"),
        (0, "convicted_or_charged", "not_met"),
        (1, None, "met"),
    ]


def test_a_fork_that_both_sides_share_takes_one_option_in_both(book: PrintBook):
    asserts = compared(measured_by=[{"measure": "share_criminal_detained", "fit": "near", "why": "So."}])
    verdict = check(book, asserts)
    for mark in verdict.columns["now"].marks:
        assert {term.reading["criminal"] for term in mark.asked.terms} == {mark.asked.reading["criminal"]}


def test_the_cited_release_speaks_by_itself_and_is_absent_where_it_prints_one_side_alone(book: PrintBook):
    asserts = compared()
    verdict = check(book, asserts, rests_on="february")
    assert verdict.columns["cited"].word == "untestable"
    assert verdict.headline == "supported"
    both = compared({"where": {"criminality": "other"}}, {"where": {"criminality": "pending"}})
    assert spoken(check(book, both, rests_on="february"), "cited")[0] == "met"


def test_figures_on_both_sides_of_a_break_in_definition_do_not_compare(book: PrintBook):
    measure = book.catalog.measures["detained_population"]
    broken = measure.model_copy(
        update={"breaks": [Break(on=day("2025-10-01"), text=Text(en="x", es="x"), source="invented")]}
    )
    catalog = book.catalog.__class__(
        **{
            **{name: getattr(book.catalog, name) for name in book.catalog.__dataclass_fields__},
            "measures": {**book.catalog.measures, "detained_population": broken},
        }
    )
    apart = PrintBook(book.record, catalog)
    assert spoken(check(apart, compared())) == ("open", Interval.point(2), "break_in_definition")
    same_side = compared({"where": {"criminality": "other"}}, {"where": {"criminality": "pending"}})
    assert spoken(check(apart, same_side))[0] == "met"
    assert (
        check(apart, same_side).receipt.body["definition"]
        != (check(book, same_side).receipt.body["definition"])
    )


def test_a_proxy_is_compared_and_gives_no_verdict(book: PrintBook):
    verdict = check(book, compared(measured_by=[HELD | {"fit": "proxy"}]))
    assert verdict.headline == "untestable"
    assert [each.outcome for each in verdict.columns["now"].proxies] == ["met"]


# Ranks


def ranked(**more: Any) -> dict[str, Any]:
    return {
        "type": "rank",
        "subject": {"where": {"criminality": "other"}},
        "rivals": {"criminality": "others"},
        "measured_by": [HELD],
    } | more


def test_the_largest_group_is_above_every_other_code_that_is_printed(book: PrintBook):
    verdict = check(book, ranked())
    assert spoken(verdict)[0] == "met"
    assert integers(verdict) == [[50], [30], [20]]
    assert check(book, ranked(), said="2025-01-20").headline == "contradicted"


def test_rivals_may_be_named_and_the_lowest_asked(book: PrintBook):
    low = ranked(
        subject={"where": {"criminality": "pending"}},
        rivals={"criminality": ["convicted", "other"]},
        end="lowest",
    )
    assert check(book, low).headline == "supported"
    second = ranked(subject={"where": {"criminality": "convicted"}}, top=2)
    assert check(book, second).headline == "supported"


def _areas(release: str, on: str, total: int | None = None, **counts: int) -> list[Row]:
    rows = [
        figure(release, on, count=count, criminality=code, cell=f"B{number + 1}")
        for number, (code, count) in enumerate(counts.items())
    ]
    if total is not None:
        rows.append(figure(release, on, count=total, cell="B9"))
    return rows


@pytest.mark.parametrize(
    ("total", "outcome"),
    [(90, "met"), (130, "open"), (None, "open"), (70, "open")],
    ids=["the rest is less", "the rest may be more", "no whole", "parts come to more than the whole"],
)
def test_a_rival_that_is_not_printed_is_bounded_by_what_the_others_leave_of_the_whole(
    catalog: Catalog, total: int | None, outcome: str
):
    rows = [
        *held("last-year", "2025-01-12", convicted=30, pending=5, other=15),
        *_areas("february", "2026-02-07", total, other=50, convicted=30),
    ]
    assert spoken(check(statistics_book(catalog, RELEASES, *rows), ranked()))[0] == outcome


def test_a_code_that_nothing_ever_prints_is_no_rival(catalog: Catalog):
    rows = _areas("february", "2026-02-07", other=50, convicted=30)
    assert check(statistics_book(catalog, RELEASES, *rows), ranked()).headline == "supported"


def test_a_named_rival_that_is_not_printed_leaves_the_rank_open(catalog: Catalog):
    rows = _areas("february", "2026-02-07", other=50, convicted=30)
    named = ranked(rivals={"criminality": ["convicted", "pending"]})
    verdict = check(statistics_book(catalog, RELEASES, *rows), named)
    assert spoken(verdict)[::2] == ("open", "rival_missing")


def month(release: str, start: str, through: str, value: float, **more: Any) -> Row:
    return figure(
        release, through, "average_daily_population", kind="month", start=start, number=value, **more
    )


def test_rivals_may_be_places_of_which_the_record_has_something(catalog: Catalog):
    rows = [
        removed("july", "2011-06-30", 9, BOSTON),
        removed("july", "2011-06-30", 4, CAMBRIDGE),
        removed("july", "2011-06-30", 7, PROVIDENCE),
    ]
    counted = {
        "measure": "people_removed",
        "where": {"country": "United States"},
        "fit": "near",
        "why": "It counts removals.",
    }
    asserts = {
        "type": "rank",
        "subject": {"where": {"jurisdiction": BOSTON}, "through": "2011-06-30"},
        "rivals": {"jurisdiction": "others"},
        "measured_by": [counted],
    }
    places = small_book(catalog, [released("july", "2011-07-11")], *rows)
    verdict = check(places, asserts, said="2011-11-30")
    assert (spoken(verdict)[0], integers(verdict)) == ("met", [[9], [4], [7]])
    assert "Middlesex County" in write_paragraph(verdict, Words(catalog, "en"))


MONTHS = [
    month("last-year", "2024-11-01", "2024-11-30", 10.0),
    month("last-year", "2024-12-01", "2024-12-31", 20.0, cell="A2"),
    month("last-year", "2025-01-01", "2025-01-11", 90.0, cell="A3"),
]
BY_MONTH = [{"measure": "average_daily_population", "fit": "exact", "why": "It says so."}]


def over_time(start: str = "2024-11-01", by: str = "month", **more: Any) -> dict[str, Any]:
    span = {"by": by, "from": start} | {name: more.pop(name) for name in ("ever", "through") if name in more}
    return {"type": "rank", "subject": {}, "over": span, "measured_by": BY_MONTH} | more


def test_a_month_that_has_not_ended_is_no_point_and_no_rival(catalog: Catalog):
    verdict = check(statistics_book(catalog, RELEASES, *MONTHS), over_time(), said="2025-01-20")
    assert spoken(verdict)[:2] == ("met", Interval.point(20))


def test_ever_reaches_beyond_what_the_record_covers(catalog: Catalog):
    book = statistics_book(catalog, RELEASES, *MONTHS)
    assert spoken(check(book, over_time(ever=True), said="2025-01-20"))[2] == "beyond_coverage"
    lowest = over_time(ever=True, end="lowest")
    assert check(book, lowest, said="2025-01-20").headline == "contradicted"


def test_a_month_that_is_not_printed_could_stand_ahead(catalog: Catalog):
    book = statistics_book(catalog, RELEASES, *MONTHS)
    assert spoken(check(book, over_time("2024-10-01"), said="2025-01-20"))[2] == "rival_missing"


def test_between_printed_days_far_apart_stands_a_gap(catalog: Catalog):
    rows = [
        *held("last-year", "2025-01-12", convicted=1, other=1),
        *held("january", "2026-01-07", convicted=3, other=3),
        *held("february", "2026-02-07", convicted=4, other=4),
    ]
    book = statistics_book(catalog, RELEASES, *rows)
    near = over_time("2026-01-01", "print", measured_by=[HELD])
    assert spoken(check(book, near))[0] == "met"
    far = over_time("2025-01-01", "print", measured_by=[HELD])
    assert spoken(check(book, far))[::2] == ("open", "rival_missing")


def test_a_subject_on_one_day_is_held_against_a_span_that_it_is_no_part_of(catalog: Catalog):
    rows = [
        *held("last-year", "2025-01-12", other=5),
        *held("january", "2026-01-07", other=9),
        *held("february", "2026-02-07", other=7),
    ]
    asserts = over_time(
        "2026-01-01", "print", through="2026-01-31", subject={"through": "2026-02-07"}, measured_by=[HELD]
    )
    verdict = check(statistics_book(catalog, RELEASES, *rows), asserts)
    assert spoken(verdict)[:2] == ("not_met", Interval.point(7))


def year(release: str, through: str, count: int) -> Row:
    return so_far(release, through, "removals", count)


def test_a_fiscal_year_printed_through_an_earlier_day_is_a_lower_bound(catalog: Catalog):
    books = [workbook(name, "2024-12-31") for name in ("fy23", "fy24")]
    removals = [{"measure": "removals_printed", "fit": "exact", "why": "It says so."}]
    subject = {"through": "2024-09-30"}
    asserts = over_time("2022-10-01", "fiscal_year", subject=subject, measured_by=removals)
    whole = [year("fy23", "2023-09-30", 100), year("fy24", "2024-09-30", 200)]
    assert spoken(check(statistics_book(catalog, books, *whole), asserts))[0] == "met"
    part = [year("fy23", "2023-09-24", 100), year("fy24", "2024-09-30", 200)]
    assert spoken(check(statistics_book(catalog, books, *part), asserts))[::2] == ("open", "overlap")
    above = [year("fy23", "2023-09-24", 300), year("fy24", "2024-09-30", 200)]
    assert spoken(check(statistics_book(catalog, books, *above), asserts))[0] == "not_met"


# Series


def followed(pattern: str = "rising", **more: Any) -> dict[str, Any]:
    return {
        "type": "series",
        "pattern": pattern,
        "over": {"by": "month", "from": "2024-11-01"},
        "measured_by": BY_MONTH,
    } | more


def test_every_month_that_has_ended_is_a_point(catalog: Catalog):
    book = statistics_book(catalog, RELEASES, *MONTHS)
    assert spoken(check(book, followed(), said="2025-01-20"))[0] == "met"
    assert spoken(check(book, followed("falling"), said="2025-01-20"))[0] == "not_met"


def test_a_month_without_a_print_is_a_gap(catalog: Catalog):
    book = statistics_book(catalog, RELEASES, *MONTHS)
    assert spoken(check(book, followed()))[::2] == ("open", "gap_in_series")


def test_of_a_month_the_last_print_stands(catalog: Catalog):
    rows = [*MONTHS, month("february", "2024-11-01", "2024-11-30", 30.0, cell="A2")]
    verdict = check(statistics_book(catalog, RELEASES, *rows), followed(), said="2025-01-20")
    assert {name: column.word for name, column in verdict.columns.items()} == {
        "then": "supported",
        "now": "contradicted",
    }


def test_a_point_asserted_of_every_day_printed(catalog: Catalog):
    rows = [*held("january", "2026-01-07", other=5), *held("february", "2026-02-07", other=7)]
    asserts = followed(
        "each",
        over={"by": "print", "from": "2026-01-01"},
        that={"wording": "less_than", "of": 6},
        measured_by=[HELD],
    )
    verdict = check(statistics_book(catalog, RELEASES, *rows), asserts)
    assert spoken(verdict)[0] == "not_met"
    (mark,) = verdict.columns["now"].marks
    assert [each.decides for each in mark.spoken.terms] == [False, True]


# Contributions


def contributed(**more: Any) -> dict[str, Any]:
    return {
        "type": "contribution",
        "part": {"where": {"criminality": "other"}},
        "start": {"as_of": "2025-01-20"},
        "end": {"through": "2026-02-07"},
        "that": {"wording": "most"},
        "measured_by": [HELD],
    } | more


def test_a_part_is_asked_at_both_ends_and_so_is_the_whole(book: PrintBook):
    verdict = check(book, contributed())
    assert integers(verdict) == [[15], [50], [50], [100]]
    assert spoken(verdict) == ("met", Interval.point(Fraction(7, 10)), None)


def test_the_whole_may_itself_be_a_part(book: PrintBook):
    asserts = contributed(
        part={"where": {"criminality": "pending"}}, whole={"where": {"criminality": "pending,other"}}
    )
    verdict = check(book, asserts)
    assert spoken(verdict)[1] == Interval.point(Fraction(15, 50))


def test_growth_that_was_a_decline_contradicts_and_says_why(book: PrintBook):
    back = contributed(start={"as_of": "2026-02-14"}, end={"through": "2025-01-12"})
    assert spoken(check(book, back))[::2] == ("not_met", "no_growth")
    assert spoken(check(book, back | {"of": "decline"}))[0] == "met"


# Combinations


def combined(holds: Any, **parts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "combination",
        "holds": holds,
        "parts": [
            {"part": name, "title": f"part {name}", "asserts": dict(each)} for name, each in parts.items()
        ],
    }


OUTSIDE = {"type": "outside", "why_outside": "No table holds a motive."}


@pytest.mark.parametrize(
    ("holds", "headline"),
    [
        ({"and": ["doubled", "largest"]}, "supported"),
        ({"and": ["doubled", {"not": "largest"}]}, "contradicted"),
        ({"or": [{"not": "doubled"}, "largest"]}, "supported"),
        ({"not": {"and": ["doubled", "largest"]}}, "contradicted"),
    ],
)
def test_parts_are_joined_in_each_reading(book: PrintBook, holds: Any, headline: str):
    verdict = check(book, combined(holds, doubled=compared(), largest=ranked()))
    assert verdict.headline == headline
    (mark,) = verdict.columns["now"].marks
    assert [each.outcome for each in mark.spoken.parts] == ["met", "met"]


@pytest.mark.parametrize(
    ("holds", "headline"), [({"and": ["held", "why"]}, "open"), ({"or": ["held", "why"]}, "supported")]
)
def test_a_part_that_no_record_settles_is_not_settled(book: PrintBook, holds: Any, headline: str):
    assert check(book, combined(holds, held=compared(), why=OUTSIDE)).headline == headline


def test_a_proxy_settles_no_part_and_stands_beside(book: PrintBook):
    proxy = ranked(measured_by=[HELD | {"fit": "proxy"}])
    verdict = check(book, combined({"and": ["doubled", "largest"]}, doubled=compared(), largest=proxy))
    assert verdict.headline == "open"
    assert [each.outcome for each in verdict.columns["now"].proxies] == ["met"]
    against = check(
        book,
        combined(
            {"and": ["doubled", "largest"]},
            doubled=compared(that={"wording": "more_than", "of": 9}),
            largest=proxy,
        ),
    )
    assert against.headline == "contradicted"


def test_every_alternative_of_every_part_is_joined_with_every_other(book: PrintBook):
    two = ranked(measured_by=[HELD, HELD | {"where": {"arresting_agency": "ice"}, "fit": "near"}])
    verdict = check(book, combined({"and": ["doubled", "largest"]}, doubled=compared(), largest=two))
    now = verdict.columns["now"]
    assert (now.readings, now.tested) == (2, 2)
    assert [(each.fit, each.outcome) for each in now.marks] == [("exact", "met"), ("near", "open")]


def test_a_fork_that_two_parts_share_takes_one_option_in_both(book: PrintBook):
    criminal = [{"measure": "share_criminal_detained", "fit": "near", "why": "So."}]
    share = {"type": "quantity", "period": "so_far", "that": {"wording": "most"}, "measured_by": criminal}
    less = compared(by="fall", that={"above": 0, "reason": "less"}, measured_by=criminal)
    verdict = check(book, combined({"or": ["most", "fell"]}, most=share, fell=less))
    assert verdict.columns["now"].readings == 4
    assert {each.asked.reading["criminal"] for each in verdict.columns["now"].marks} == {
        "convicted",
        "convicted_or_charged",
    }


# Faces

EVERY_TYPE = {
    "compare": compared(),
    "rank": ranked(),
    "rank over time": over_time("2025-01-01", "print", measured_by=[HELD]),
    "series": followed("never_falling", over={"by": "print", "from": "2025-01-01"}, measured_by=[HELD]),
    "contribution": contributed(),
    "combination": combined({"and": ["doubled", "largest"]}, doubled=compared(), largest=ranked()),
}


@pytest.mark.parametrize("asserts", EVERY_TYPE.values(), ids=EVERY_TYPE)
def test_every_type_is_said_in_both_languages_by_every_face(book: PrintBook, asserts: dict[str, Any]):
    verdict = check(book, asserts)
    for language in ("en", "es"):
        words = Words(book.catalog, language)  # type: ignore[arg-type]
        view = view_verdict(verdict, words)
        assert view.asserts
        assert all(row.value for column in view.columns for row in column.rows)
        paragraph = write_paragraph(verdict, words)
        assert verdict.receipt.short in paragraph
        page = write_page([verdict], words)
        for column in view.columns:
            for row in column.rows:
                for part in row.parts:
                    assert part.value in paragraph
                    assert part.value in page


@pytest.mark.parametrize("asserts", EVERY_TYPE.values(), ids=EVERY_TYPE)
def test_every_type_has_a_receipt_that_is_computed_again(book: PrintBook, asserts: dict[str, Any]):
    verdict = check(book, asserts)
    told = verdict_as_json(verdict, book.catalog)
    assert recompute_receipt(told["receipt"], book).is_same
    (mark,) = told["columns"]["now"]["marks"]
    assert mark["terms"]
    assert all(each["role"] for each in mark["terms"])


def test_a_number_that_a_verdict_rests_on_changes_its_receipt(catalog: Catalog):
    changed = [
        *held("last-year", "2025-01-12", convicted=30, pending=5, other=15),
        *held("february", "2026-02-07", convicted=31, pending=19, other=50),
    ]
    one, two = (check(statistics_book(catalog, RELEASES, *rows), ranked()) for rows in (TWO_YEARS, changed))
    assert one.headline == two.headline
    assert one.receipt.id != two.receipt.id


def test_words_that_explain_change_no_receipt(book: PrintBook):
    plain = check(book, compared())
    said = check(book, compared({"label": "those held"}, {"label": "those before", "as_of": "2025-01-20"}))
    assert said.receipt.id == plain.receipt.id
    assert "those before" in (view_verdict(said, Words(book.catalog, "en")).asserts or "")
