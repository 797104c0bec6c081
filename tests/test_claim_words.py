"""Numbers, dates, lists and verdicts in words, in English and in Spanish."""

from __future__ import annotations

import ast
import datetime
import re
import string
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import assume, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import recount
from recount.claim.answer import verdict_as_json
from recount.claim.columns import COLUMNS
from recount.claim.paragraph import write_paragraph
from recount.claim.rule import Headline, Outcome, Word
from recount.claim.verdict import Verdict, check_claim
from recount.claim.view import view_verdict
from recount.claim.words import Words
from recount.declare.catalog import Catalog
from recount.declare.charting import load_charting, texts_of
from recount.declare.claims import Claim, Fit
from recount.declare.comparing import load_comparing
from recount.declare.drafting import load_drafting
from recount.declare.interval import Interval
from recount.declare.release_lag import load_release_lag
from recount.declare.text import LANGUAGES
from recount.declare.tiles import load_tiles
from recount.errors import CatalogError
from small_record import (
    EVERYONE,
    asked,
    claimed,
    day,
    figures_of,
    outside_claim,
    printed,
    released,
    removed,
    small_book,
    without_conviction,
)

PACKAGE = Path(recount.__file__).parent
NO_BREAK = "\N{NO-BREAK SPACE}"
THRESHOLDS = [
    Fraction(1, 2),
    Fraction(1, 4),
    Fraction(11, 40),
    Fraction(1, 20),
    Fraction(19, 20),
    Fraction(1, 3),
]
HALF = Fraction(1, 2)


@pytest.fixture(scope="module")
def english(catalog: Catalog) -> Words:
    return Words(catalog, "en")


@pytest.fixture(scope="module")
def spanish(catalog: Catalog) -> Words:
    return Words(catalog, "es")


def percent(text: str) -> Fraction:
    """Returns the number that a reader sees."""
    number, unit = text.split(NO_BREAK)
    assert unit == "%"
    return Fraction(number.replace(",", ""))


# Shares


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(183, 352), "52.0"),
        (Fraction(177, 369), "48.0"),
        (Fraction(0), "0.0"),
        (Fraction(1), "100.0"),
        (Fraction(1, 3), "33.3"),
        (Fraction(2, 3), "66.7"),
        (Fraction(1, 2000), "0.1"),
    ],
)
def test_a_share_has_one_decimal(english: Words, spanish: Words, value: Fraction, shown: str):
    assert english.share(value) == spanish.share(value) == f"{shown}{NO_BREAK}%"


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(50_049, 100_000, "50.05"), (50_001, 100_000, "50.001"), (49_999, 100_000, "49.999"), (1, 2, "50.0")],
)
def test_a_share_has_as_many_decimals_as_tell_it_from_the_threshold(
    english: Words, part: int, whole: int, shown: str
):
    assert english.share(Fraction(part, whole), [HALF]) == f"{shown}{NO_BREAK}%"


@given(whole=st.integers(1, 30_000_000), data=st.data(), threshold=st.sampled_from(THRESHOLDS))
@example(whole=29_999_971, data=None, threshold=Fraction(11, 40))
@example(whole=29_999_999, data=None, threshold=Fraction(1, 3))
@hypothesis_settings(max_examples=300)
def test_a_share_is_never_rounded_onto_or_across_the_asserted_threshold(
    english: Words, whole: int, data: st.DataObject | None, threshold: Fraction
):
    nearest = int(threshold * whole)
    part = (
        nearest if data is None else data.draw(st.integers(nearest - 3, nearest + 3) | st.integers(0, whole))
    )
    assume(0 <= part <= whole)
    value = Fraction(part, whole)
    assume(value != threshold)
    shown = percent(english.share(value, [threshold]))
    assert shown != threshold * 100
    assert (shown > threshold * 100) == (value > threshold)


@given(whole=st.integers(1, 10_000), data=st.data())
def test_a_share_is_shown_within_half_of_its_last_digit(english: Words, whole: int, data: st.DataObject):
    value = Fraction(data.draw(st.integers(0, whole)), whole)
    assert abs(percent(english.share(value)) - value * 100) <= Fraction(1, 20)


@given(ten_thousandths=st.integers(0, 10_000))
@example(ten_thousandths=2725)
@example(ten_thousandths=5000)
def test_an_asserted_share_is_shown_exactly_and_as_short_as_it_is(english: Words, ten_thousandths: int):
    text = english.threshold(Fraction(ten_thousandths, 10_000))
    assert percent(text) == Fraction(ten_thousandths, 100)
    number = text.split(NO_BREAK)[0]
    assert "." not in number or not number.endswith("0")


# Numbers, dates, lists


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (352, "352"),
        (142_090, "142,090"),
        (Fraction(15_382_805), "15,382,805"),
        (Fraction(365_001, 2), "182,500.5"),
        (Fraction(57, 4), "14.25"),
    ],
)
def test_a_number_has_its_thousands_set_apart(
    english: Words, spanish: Words, value: int | Fraction, shown: str
):
    assert english.number(value) == spanish.number(value) == shown


def test_a_date_is_written_in_words(english: Words, spanish: Words):
    date = datetime.date(2011, 6, 30)
    assert (english.date(date), spanish.date(date)) == ("30 June 2011", "30 de junio de 2011")


def test_a_list_is_written_as_in_a_sentence(english: Words, spanish: Words):
    assert english.listing(["one"]) == "one"
    assert english.listing(["one", "two"]) == "one and two"
    assert english.listing(["one", "two", "three"]) == "one, two, and three"
    assert spanish.listing(["uno", "dos", "tres"]) == "uno, dos y tres"


SHARES = [
    (Interval.point(HALF), "50.0 %", "50.0 %"),
    (Interval(HALF, None, low_open=True), "more than 50 %", "más de 50 %"),
    (Interval(HALF, Fraction(1), low_open=True), "more than 50 %", "más de 50 %"),
    (Interval(HALF, None), "at least 50 %", "al menos 50 %"),
    (Interval(None, HALF), "at most 50 %", "como máximo 50 %"),
    (Interval(None, HALF, high_open=True), "less than 50 %", "menos de 50 %"),
    (Interval(Fraction(1, 4), HALF), "between 25 % and 50 %", "entre 25 % y 50 %"),
    (
        Interval(Fraction(1, 4), Fraction(11, 40), low_open=True),
        "more than 25 % and at most 27.5 %",
        "más de 25 % y como máximo 27.5 %",
    ),
    (
        Interval(Fraction(1, 4), HALF, low_open=True, high_open=True),
        "more than 25 % and less than 50 %",
        "más de 25 % y menos de 50 %",
    ),
    (
        Interval(Fraction(1, 4), HALF, high_open=True),
        "at least 25 % and less than 50 %",
        "al menos 25 % y menos de 50 %",
    ),
]


@pytest.mark.parametrize(("interval", "in_english", "in_spanish"), SHARES)
def test_an_interval_says_which_of_its_ends_belong_to_it(
    english: Words, spanish: Words, interval: Interval, in_english: str, in_spanish: str
):
    assert english.interval(interval, "share").replace(NO_BREAK, " ") == in_english
    assert spanish.interval(interval, "share").replace(NO_BREAK, " ") == in_spanish


def test_a_counts_end_at_zero_goes_unsaid(english: Words):
    assert english.interval(Interval(Fraction(0), Fraction(130)), "count") == "at most 130"
    assert english.interval(Interval(Fraction(120), Fraction(130)), "count") == "between 120 and 130"
    assert english.interval(Interval(Fraction(120), None), "count") == "at least 120"
    assert english.interval(Interval.point(120), "count") == "120"


def test_a_rounded_count_is_about_what_was_printed(english: Words, catalog: Catalog):
    book = small_book(
        catalog,
        [released("july", "2011-07-11")],
        printed("july", "2011-06-30", "US", about={"removed_total": (183_000, 1_000)}),
    )
    (figure,) = figures_of(book, "people_removed", "US")
    assert english.value(figure) == "about 183,000"


def test_an_approximate_date_says_so(english: Words, spanish: Words, catalog: Catalog):
    rows = without_conviction("july", "2011-06-30", 183, 352, precision="approximate")
    (figure,) = figures_of(
        small_book(catalog, [released("july", "2011-07-11")], rows), "share_without_conviction"
    )
    assert english.counted_through(figure) == "through about 30 June 2011"
    assert spanish.counted_through(figure) == "hasta el 30 de junio de 2011, aproximadamente"
    assert english.value(figure) == f"183 of 352 = 52.0{NO_BREAK}%"


# Messages


def _said(node: ast.expr) -> Iterator[str | re.Pattern[str]]:
    """Yields the message keys that an argument can be: text, or a pattern where a part is filled in."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from _said(node.body)
        yield from _said(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        parts = [
            re.escape(str(each.value)) if isinstance(each, ast.Constant) else "[a-z0-9_]+"
            for each in node.values
        ]
        yield re.compile("".join(parts))


def _calls() -> Iterator[tuple[str, str | re.Pattern[str], set[str] | None]]:
    """Yields (where, key, names filled in) of every call of `say`; names are `None` where they are unpacked."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "say"
            ):
                names = {each.arg for each in node.keywords}
                unpacked = None if None in names else {str(each) for each in names}
                for key in _said(node.args[0]):
                    yield f"{path.relative_to(PACKAGE).as_posix()}, line {node.lineno}", key, unpacked
    for path in sorted(PACKAGE.rglob("*.j2")):
        for found in re.finditer(r'say\("([a-z0-9_]+)"\s*[,)]', path.read_text(encoding="utf-8")):
            yield path.name, found[1], None


def _names(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


# Some faces have their words in a file of their own, which few commands need to read.
_OWN_WORDS = {
    "chart/event_late": "record_lag",
    "ask/record_lag_rows": "record_lag",
    "chart/event_": "charting",
    "chart/tiles": "tiles",
    "ask/drafting/": "drafting",
    "ask/claim_": "drafting",
    "cli/claim": "drafting",
    "ask/comparison_showing": "comparing",
    "cli/compare": "comparing",
    "compare.html": "comparing",
    "report/compare_page": "comparing",
    "revise/compare": "comparing",
}


def test_every_message_that_the_code_says_exists_and_gets_its_names(catalog: Catalog):
    ours = catalog.messages["en"].messages
    own = {
        name: {key: text.en for key, text in texts.items()}
        for name, texts in {
            "drafting": load_drafting(catalog).texts,
            "tiles": load_tiles(catalog).texts,
            "comparing": load_comparing(catalog).texts,
            "record_lag": load_release_lag(catalog).records.texts,
        }.items()
    } | {"charting": dict(texts_of(load_charting(catalog), "en"))}
    calls = []
    for where, key, names in _calls():
        told = next((file for start, file in _OWN_WORDS.items() if where.startswith(start)), None)
        calls.append((where, key, names, ours if told is None else {**ours, **own[told]}))
    lacking = [
        f"{where}: {key}"
        for where, key, _, messages in calls
        if not (key in messages if isinstance(key, str) else any(key.fullmatch(each) for each in messages))
    ]
    assert lacking == []
    unfilled = [
        f"{where}: {key}"
        for where, key, names, messages in calls
        if isinstance(key, str) and names is not None and not _names(messages[key]) <= names
    ]
    assert unfilled == []
    assert len(calls) > 50


def test_every_word_of_a_verdict_has_a_message(catalog: Catalog):
    wanted = {
        "headline": get_args(Headline),
        "word": get_args(Word),
        "outcome": get_args(Outcome),
        "fit": get_args(Fit),
        "axis": ("measure", "place", "said", "reading"),
        "role": ("cited", "reference", "context", "proxy"),
        "provisional": ("approximate", *catalog.rules.provisional_authorities),
        "sentence_restated": ("fell", "reprinted"),
        "sentence": (
            "publication_dates",
            "count_falls",
            "too_many_undated",
            "cited_not_in_record",
            "cited_not_out",
        ),
        "column": (*COLUMNS, "then_now", "known", "then_known"),
        "short": (*COLUMNS, "then_now", "known", "then_known", "beside"),
    }
    for language in LANGUAGES:
        known = catalog.messages[language].messages
        assert [
            f"{key}_{each}" for key, words in wanted.items() for each in words if f"{key}_{each}" not in known
        ] == []


def test_both_languages_have_the_same_messages_and_fill_the_same_names(catalog: Catalog):
    english, spanish = (catalog.messages[each].messages for each in LANGUAGES)
    assert english.keys() == spanish.keys()
    assert [key for key in english if _names(english[key]) != _names(spanish[key])] == []


def test_the_headlines_are_those_of_the_design(catalog: Catalog):
    said = {word: Words(catalog, "en").say(f"headline_{word}") for word in get_args(Headline)}
    assert said == {
        "supported": "The record supports it",
        "contradicted": "The record contradicts it",
        "depends": "It depends on the definition",
        "overtaken": "The release it rests on showed it; a later one does not",
        "borne_out": "Later figures support it",
        "open": "The record cannot settle it",
        "untestable": "This record cannot check it",
    }


def test_a_message_that_does_not_exist_is_an_error_of_the_catalog(english: Words):
    with pytest.raises(CatalogError, match="There is no message 'headline_maybe'"):
        english.say("headline_maybe")


# Verdicts

MORE_THAN_HALF = {"wording": "more_than", "of": "1/2"}
ONE_READING = asked("share_without_conviction", readings=EVERYONE)
JULY = released("july", "2011-07-11", authority="quotation")
LATER = released("later", "2012-11-01")


def verdict_of(catalog: Catalog, headline: str) -> Verdict:
    """Returns a small verdict with that headline."""
    claim = claimed(MORE_THAN_HALF, ONE_READING)
    june = without_conviction("july", "2011-06-30", 183, 352)
    fewer = without_conviction("july", "2011-06-30", 170, 352)
    cases: dict[str, tuple[Claim, list]] = {
        "supported": (claim, [june]),
        "contradicted": (claim, [fewer]),
        "depends": (
            claimed(MORE_THAN_HALF, asked("share_without_conviction")),
            [without_conviction("july", "2011-06-30", 183, 352, removed_ewi_visa_overstay=60)],
        ),
        "overtaken": (claim, [june, without_conviction("later", "2011-06-30", 170, 352)]),
        "borne_out": (claim, [fewer, without_conviction("later", "2011-06-30", 183, 352)]),
        "open": (
            claimed(MORE_THAN_HALF, asked("share_level_1")),
            [printed("july", "2011-06-30", above={"removed_level1_share_above": "0.25"})],
        ),
        "untestable": (outside_claim(), [june]),
    }
    claim, rows = cases[headline]
    verdict = check_claim(claim, small_book(catalog, [JULY, LATER], *rows))
    assert verdict.headline == headline
    return verdict


NUMBERS = {
    "supported": ["183", "352", "52.0"],
    "contradicted": ["170", "352", "48.3"],
    "depends": ["183", "60", "352"],
    "overtaken": ["183", "170", "352"],
    "borne_out": ["170", "183", "352"],
    "open": ["25"],
    "untestable": [],
}
OTHER_WORDS = re.compile(
    r"\b(true|truth|false|falsehood|lie|lies|lied|liar|verdad|verdader[oa]s?|fals[oa]s?|mentir\w*|miente\w*)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("headline", get_args(Headline))
def test_a_paragraph_gives_statement_headline_numbers_and_receipt_and_calls_nobody_a_liar(
    catalog: Catalog, headline: str, language
):
    verdict = verdict_of(catalog, headline)
    words = Words(catalog, language)
    paragraph = write_paragraph(verdict, words)
    assert "\n" not in paragraph
    assert verdict.claim.statement in paragraph
    assert "A speaker" in paragraph
    assert words.say(f"headline_{headline}") in paragraph
    assert verdict.receipt.short in paragraph
    assert [each for each in NUMBERS[headline] if not re.search(rf"\b{re.escape(each)}\b", paragraph)] == []
    assert OTHER_WORDS.findall(paragraph) == []


def test_no_message_calls_anything_true_or_a_lie(catalog: Catalog):
    """One sentence says that Recount does not do so."""
    for language in LANGUAGES:
        messages = catalog.messages[language].messages
        assert [key for key, text in messages.items() if OTHER_WORDS.search(text)] in (
            [],
            ["report_method_text"],
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paragraph_says_why_it_is_provisional_and_what_was_restated(catalog: Catalog, language):
    words = Words(catalog, language)
    paragraph = write_paragraph(verdict_of(catalog, "overtaken"), words)
    assert words.say("provisional_quotation") in paragraph
    what = catalog.codes["figures"].label("removed_no_conviction").in_language(language)
    assert words.say("sentence_restated_reprinted", what=what, before="183", after="170") in paragraph


def test_what_an_answer_turns_on_is_said(catalog: Catalog, english: Words):
    view = view_verdict(verdict_of(catalog, "depends"), english)
    assert view.turns_on == "The answer turns on how “who counts as having no conviction” is read."
    assert view_verdict(verdict_of(catalog, "supported"), english).turns_on is None


def test_another_window_is_told_where_it_changes_the_word(catalog: Catalog, english: Words):
    view = view_verdict(verdict_of(catalog, "supported"), english)
    assert view.window == "A share speaks for 183 days; with 92 days the word now would be “not testable”."
    recent = check_claim(
        claimed(MORE_THAN_HALF, ONE_READING),
        small_book(catalog, [LATER], without_conviction("later", "2011-10-31", 183, 352)),
    )
    said = view_verdict(recent, english).window
    assert said == "A share speaks for 183 days; 92 and 365 days give the same word."


def test_then_and_now_that_say_the_same_are_told_once(catalog: Catalog, english: Words):
    assert [each.names for each in view_verdict(verdict_of(catalog, "supported"), english).columns] == [
        ("then", "now")
    ]
    assert [each.names for each in view_verdict(verdict_of(catalog, "overtaken"), english).columns] == [
        ("then",),
        ("now",),
    ]


def test_figures_of_other_dates_are_shown_as_context(catalog: Catalog, english: Words):
    rows = [
        without_conviction("july", "2011-06-30", 183, 352),
        without_conviction("later", "2012-08-31", 247, 512),
    ]
    verdict = check_claim(claimed(MORE_THAN_HALF, ONE_READING), small_book(catalog, [JULY, LATER], *rows))
    (row,) = view_verdict(verdict, english).context
    assert (row.value, row.role) == (f"247 of 512 = 48.2{NO_BREAK}%", "other date")
    (context,) = verdict_as_json(verdict, catalog)["context"]
    assert (context["numerator"], context["denominator"]) == (247, 512)


def test_as_known_on_hides_figures_of_releases_that_were_not_out_from_the_context(
    catalog: Catalog, english: Words
):
    rows = [
        without_conviction("july", "2011-06-30", 183, 352),
        without_conviction("later", "2012-08-31", 247, 512),
    ]
    book = small_book(catalog, [JULY, LATER], *rows)
    verdict = check_claim(claimed(MORE_THAN_HALF, ONE_READING), book, day("2012-01-01"))
    assert view_verdict(verdict, english).context == ()
    assert verdict_as_json(verdict, catalog)["context"] == []


def test_a_gap_in_the_record_around_the_day_is_told(catalog: Catalog, english: Words):
    claim = claimed({"wording": "over", "of": 140}, asked("people_removed", "US"))
    rows = [removed("july", "2011-06-30", 120), removed("later", "2012-03-31", 182)]
    view = view_verdict(check_claim(claim, small_book(catalog, [JULY, LATER], *rows)), english)
    assert view.gaps == (
        "For people removed, United States, the record has nothing between 30 June 2011 and 31 March 2012.",
    )
    there = [removed("july", "2011-11-30", 120)]
    assert view_verdict(check_claim(claim, small_book(catalog, [JULY], *there)), english).gaps == ()


@pytest.mark.parametrize(
    ("said", "opening"),
    [
        ("2011-11-30", "On 30 November 2011, A speaker said: “so many were removed.”"),
        ((None, "2011-11-30"), "By 30 November 2011, A speaker had said:"),
        (("2011-11-01", "2011-11-30"), "Between 1 November 2011 and 30 November 2011, A speaker said:"),
    ],
)
def test_a_paragraph_opens_with_who_said_it_and_when(catalog: Catalog, english: Words, said, opening: str):
    rows = without_conviction("july", "2011-06-30", 183, 352)
    verdict = check_claim(claimed(MORE_THAN_HALF, ONE_READING, said=said), small_book(catalog, [JULY], rows))
    assert write_paragraph(verdict, english).startswith(opening)
