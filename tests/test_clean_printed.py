"""The file of published figures: places, prints as releases, values as printed."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from typing import Any

import pytest

from recount.clean.places import Place, known_places
from recount.clean.secure_communities import Cleaned, clean_printed_figures
from recount.declare.catalog import Catalog
from recount.declare.sources import KnownRelease
from recount.errors import CheckFailedError, UnknownCodeError, ValueInFileError
from tiny_release import PRINTED_FILE, PRINTED_HEADER, printed_row, raw_table

FIGURES = "secure_communities_figures"
SUFFOLK_COUNTY = Place("jurisdiction", "25025", "Suffolk County, MA", "MA")
NEWS_WIRE = "http://www.homelandsecuritynewswire.com/secure-communities-facts-and-figures"
GAO = {
    "geography": "United States",
    "through": "2012-03-31",
    "source": "Example News; GAO-12-708 says about 183,000",
    "confidence": "two sources agree",
}

CleanPrinted = Callable[..., Cleaned]


@pytest.fixture
def clean_printed(catalog: Catalog) -> CleanPrinted:
    def clean(*rows: str) -> Cleaned:
        layout = catalog.layouts["published-figures"]
        raw = raw_table(PRINTED_FILE, PRINTED_HEADER + "".join(rows), layout, catalog)
        return clean_printed_figures(raw, layout, catalog, known_places(catalog, [SUFFOLK_COUNTY]))

    return clean


def releases(cleaned: Cleaned) -> dict[str, KnownRelease]:
    return {each.release: each for each in cleaned.releases}


def only(cleaned: Cleaned) -> dict[str, Any]:
    (row,) = cleaned.core[FIGURES]
    return row


@pytest.mark.parametrize(
    ("geography", "place"),
    [
        ("United States", ("country", "US", "United States", None)),
        ("Massachusetts", ("state", "MA", "Massachusetts", "MA")),
        ("Suffolk County, MA", ("jurisdiction", "25025", "Suffolk County, MA", "MA")),
        ("Boston / Suffolk County, MA", ("jurisdiction", "25025", "Suffolk County, MA", "MA")),
    ],
)
def test_a_place_is_found_by_any_spelling(clean_printed, geography: str, place: tuple):
    row = only(clean_printed(printed_row(geography=geography)))
    assert (row["place_kind"], row["place_code"], row["place_name"], row["state_code"]) == place


def test_a_place_that_nothing_spells_so_is_told_with_the_list_to_edit(clean_printed):
    with pytest.raises(UnknownCodeError) as raised:
        clean_printed(printed_row(), printed_row(geography="Sufolk County, MA"))
    facts = dict(raised.value.facts)
    assert facts["values"] == "'Sufolk County, MA' (1 row)"
    assert facts["first"] == "row 3"
    assert facts["nearest"].startswith("Suffolk County, MA")
    assert "codes/jurisdictions.yml" in facts["fix"]


def test_two_jurisdictions_of_one_name_are_refused(catalog: Catalog):
    other = dataclasses.replace(SUFFOLK_COUNTY, code="25099")
    with pytest.raises(CheckFailedError, match=r"Two jurisdictions are called 'Suffolk County, MA'"):
        known_places(catalog, [SUFFOLK_COUNTY, other])


def test_a_metric_is_read_by_the_spellings_of_its_code_list(clean_printed):
    assert (
        only(clean_printed(printed_row(metric="removed_non_criminal")))["figure_name"]
        == "removed_no_conviction"
    )


def test_two_sources_that_agree_are_two_prints(clean_printed):
    cleaned = clean_printed(
        printed_row(
            geography="United States",
            through="2011-03-31",
            metric="removed_convicted",
            value="72445",
            source="Homeland Security News Wire, 2 May 2011; LegalMatch",
            url=NEWS_WIRE,
            confidence="two sources agree",
            published_from="2011-05-02",
            published_to="2011-05-02",
        )
    )
    assert [(each["release"], each["value_count"]) for each in cleaned.core[FIGURES]] == [
        ("homeland-security-news-wire-2011-05", 72445),
        ("legalmatch", 72445),
    ]
    assert (cleaned.rows_in, cleaned.rows_kept) == (1, 1)


def test_of_two_sources_the_first_has_the_rows_dates_grade_and_address(clean_printed):
    cleaned = clean_printed(printed_row(source="Example News; Example Blog", confidence="two sources agree"))
    first = releases(cleaned)["example-2012-11-01"]
    assert (first.published_from, first.published_to) == (
        datetime.date(2012, 11, 1),
        datetime.date(2012, 11, 30),
    )
    assert first.authority == "press_table"
    assert first.url == "https://www.example.org/2012/figures"
    assert first.title.en == "Example News"


def test_of_two_sources_the_second_is_undated_of_lowest_authority_and_without_an_address(clean_printed):
    cleaned = clean_printed(printed_row(source="Example News; Example Blog", confidence="two sources agree"))
    second = releases(cleaned)["example-blog-undated"]
    assert (second.published_from, second.published_to) == (None, None)
    assert second.authority == "secondary"
    assert second.url is None
    assert second.title.en == "Example Blog"


def test_a_semicolon_alone_does_not_make_two_sources(clean_printed):
    (release,) = clean_printed(printed_row(source="Example News; page 2")).releases
    assert release.title.en == "Example News; page 2"


def test_a_row_of_two_sources_that_names_none_is_still_a_figure(clean_printed):
    cleaned = clean_printed(printed_row(source=";", confidence="two sources agree"))
    assert len(cleaned.core[FIGURES]) == cleaned.rows_kept == 1


def test_blank_dates_are_unknown_dates(clean_printed):
    (release,) = clean_printed(printed_row(published_from="", published_to="")).releases
    assert release.release == "example-undated"
    assert (release.published_from, release.published_to) == (None, None)


def test_a_print_of_known_first_day_may_have_no_known_last_day(clean_printed):
    (release,) = clean_printed(printed_row(published_to="")).releases
    assert (release.published_from, release.published_to) == (datetime.date(2012, 11, 1), None)


def test_rows_of_one_address_and_date_are_one_release(clean_printed):
    cleaned = clean_printed(printed_row(), printed_row(through="2012-07-31", value="40"))
    (release,) = cleaned.releases
    assert release.covers_through == datetime.date(2012, 8, 31)


def test_rows_of_one_address_and_other_dates_are_two_releases(clean_printed):
    cleaned = clean_printed(
        printed_row(), printed_row(published_from="2012-12-01", published_to="2012-12-31", value="47")
    )
    assert [(each["release"], each["value_count"]) for each in cleaned.core[FIGURES]] == [
        ("example-2012-11-01", 46),
        ("example-2012-12-01", 47),
    ]
    assert releases(cleaned)["example-2012-12-01"].published_to == datetime.date(2012, 12, 31)


def test_rows_of_a_declared_address_and_other_dates_are_two_releases(clean_printed):
    declared = {
        "url": NEWS_WIRE,
        "through": "2011-03-31",
        "published_from": "2011-05-02",
        "published_to": "2011-05-02",
    }
    later = declared | {"published_from": "2011-06-02", "published_to": "2011-06-02"}
    for rows in ((declared, later), (later, declared)):
        cleaned = clean_printed(*(printed_row(**each) for each in rows))
        assert sorted(releases(cleaned)) == [
            "homeland-security-news-wire-2011-05",
            "homeland-security-news-wire-2011-05-2011-06-02",
        ]


@pytest.mark.parametrize(
    ("dates", "problem"),
    [
        (
            {"published_from": "2012-11-02", "published_to": "2012-11-01"},
            "published_from is after published_to",
        ),
        ({"through": "2012-11-02", "published_to": "2012-11-01"}, "before the last day that it counts"),
    ],
)
def test_dates_that_cannot_be_are_refused(clean_printed, dates: dict[str, str], problem: str):
    with pytest.raises(ValueInFileError, match=problem) as raised:
        clean_printed(printed_row(), printed_row(**dates))
    assert "row 3" in str(raised.value)
    assert "corrections.yml" in str(raised.value)


@pytest.mark.parametrize(
    "differing",
    [{"published_to": "2012-12-31"}, {"url": "https://www.example.org/2012/other-figures"}],
)
def test_two_prints_that_would_have_one_name_are_refused_not_merged(clean_printed, differing: dict[str, str]):
    with pytest.raises(ValueInFileError, match="two prints would have one name") as raised:
        clean_printed(printed_row(), printed_row(through="2012-07-31", **differing))
    facts = dict(raised.value.facts)
    assert facts["print"] == "example-2012-11-01"
    assert "row 2" in facts["cells"]
    assert "row 3" in facts["cells"]


def test_an_address_that_no_release_declares_makes_a_release_named_from_its_host_and_date(clean_printed):
    (release,) = clean_printed(printed_row(url="https://blogs.example.com/a?b=c")).releases
    assert release.release == "blogs-example-2012-11-01"
    assert not release.declared
    assert release.title.en == release.printed_by == "Example News, November 2012"


def test_an_address_that_is_none_still_names_the_release(clean_printed):
    (release,) = clean_printed(printed_row(url="http://[see page 3")).releases
    assert release.release == "http-see-page-3-2012-11-01"


def test_a_declared_address_is_the_declared_release(clean_printed, catalog: Catalog):
    (release,) = clean_printed(printed_row(url=NEWS_WIRE)).releases
    declared = catalog.releases["homeland-security-news-wire-2011-05"]
    assert release.declared
    assert (release.release, release.title, release.printed_by) == (
        declared.release,
        declared.title,
        declared.printed_by,
    )


@pytest.mark.parametrize(
    ("grade", "authority"),
    [
        ("press-of-table", "press_table"),
        ("press-of-agency-words", "quotation"),
        ("quoted-press", "quotation"),
        ("advocacy", "secondary"),
        ("secondary", "secondary"),
    ],
)
def test_the_grade_is_the_authority(clean_printed, grade: str, authority: str):
    (release,) = clean_printed(printed_row(grade=grade)).releases
    assert release.authority == authority


def test_a_print_has_one_grade(clean_printed):
    with pytest.raises(ValueInFileError, match="two rows of one print give it two grades") as raised:
        clean_printed(printed_row(), printed_row(through="2012-07-31", grade="advocacy"))
    assert dict(raised.value.facts)["cells"] == "row 2: 'press_table'\nrow 3: 'secondary'"


def test_the_grade_of_a_declared_print_is_the_declared_authority(clean_printed):
    with pytest.raises(ValueInFileError, match=r"row 2: the grade is not .* declared") as raised:
        clean_printed(printed_row(url=NEWS_WIRE, grade="advocacy"))
    facts = dict(raised.value.facts)
    assert facts["file"] == "advocacy (secondary)"
    assert "releases/homeland-security-news-wire-2011-05.yml" in facts["catalog"]


def test_a_share_above_is_kept_as_written_and_has_no_count(clean_printed):
    row = only(clean_printed(printed_row(metric="removed_level1_share_above", value="0.25")))
    assert (row["value_kind"], row["value_original"], row.get("value_count")) == ("share_above", "0.25", None)


@pytest.mark.parametrize("value", ["25", "1.5", "25 %", "-0.25", ".25"])
def test_a_share_above_that_is_no_share_is_refused(clean_printed, value: str):
    with pytest.raises(ValueInFileError) as raised:
        clean_printed(printed_row(metric="removed_level1_share_above", value=value))
    assert raised.value.facts[0] == (
        "column",
        "value, for removed_level1_share_above: a share between 0 and 1",
    )


@pytest.mark.parametrize(
    ("value", "rounded"), [("182896", 183000), ("182499", 182000), ("182500", 183000), ("183000", 183000)]
)
def test_a_print_that_says_about_is_rounded_to_the_declared_unit(clean_printed, value: str, rounded: int):
    exact, about = clean_printed(printed_row(value=value, **GAO)).core[FIGURES]
    assert (exact["value_kind"], exact["value_count"]) == ("count", int(value))
    assert (about["release"], about["value_kind"], about["value_count"], about["rounded_to"]) == (
        "gao-12-708",
        "about",
        rounded,
        1000,
    )
    assert about["value_original"] == f"about {rounded:,}"


def test_a_print_of_two_editions_is_rounded_in_each(clean_printed):
    gao = GAO | {
        "source": "GAO-12-708 says about 183,000",
        "url": "",
        "grade": "secondary",
        "value": "182896",
    }
    cleaned = clean_printed(printed_row(**gao), printed_row(**gao | {"published_from": "2012-11-15"}))
    assert [(each["release"], each["value_count"]) for each in cleaned.core[FIGURES]] == [
        ("gao-12-708", 183000),
        ("gao-12-708-2012-11-15", 183000),
    ]


def test_a_figure_that_a_print_does_not_round_stays_exact(clean_printed):
    _, printed = clean_printed(printed_row(metric="submissions", value="182896", **GAO)).core[FIGURES]
    assert (printed["release"], printed["value_kind"], printed["value_count"]) == (
        "gao-12-708",
        "count",
        182896,
    )


def test_every_cell_that_does_not_fit_is_told_at_once(clean_printed):
    with pytest.raises(ValueInFileError, match="3 cells do not fit the column") as raised:
        clean_printed(
            printed_row(through="soon"), printed_row(published_from="2012"), printed_row(through="later")
        )
    assert raised.value.facts[:4] == (
        ("column", "through: a date as YYYY-MM-DD"),
        ("cells", "row 2: 'soon'\nrow 4: 'later'"),
        ("column", "published_from: a date as YYYY-MM-DD"),
        ("cells", "row 3: '2012'"),
    )
