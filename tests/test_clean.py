"""From text to figures, activations and releases: what each cell and each row becomes."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_release import (
    ACTIVATIONS,
    ACTIVATIONS_FILE,
    ACTIVATIONS_HEADER,
    BARBOUR,
    JURISDICTIONS,
    JURISDICTIONS_FILE,
    JURISDICTIONS_HEADER,
    MIDDLESEX,
    PRINTED_FILE,
    PRINTED_HEADER,
    SUFFOLK,
    printed_row,
    raw_table,
    replace_once,
)

from recount.clean.corrections import apply_corrections
from recount.clean.places import Place, known_places
from recount.clean.secure_communities import (
    Cleaned,
    clean_activations,
    clean_figures_by_jurisdiction,
    clean_printed_figures,
)
from recount.clean.values import SetAsideRow, parse_count, parse_date
from recount.declare.catalog import Catalog
from recount.declare.sources import Correction, Corrections, KnownRelease
from recount.errors import (
    CatalogError,
    CheckFailedError,
    ReleaseFileError,
    UnknownCodeError,
    ValueInFileError,
)

FIGURES = "secure_communities_figures"
DATES = "secure_communities_activations"
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
def clean_table(catalog: Catalog) -> Callable[..., Cleaned]:
    def clean(content: str, name: str = JURISDICTIONS_FILE) -> Cleaned:
        layout = catalog.layouts["interoperability-by-county"]
        return clean_figures_by_jurisdiction(raw_table(name, content, layout, catalog), layout, catalog)

    return clean


@pytest.fixture
def clean_dates(catalog: Catalog) -> Callable[[str], Cleaned]:
    def clean(content: str) -> Cleaned:
        layout = catalog.layouts["activation-dates-by-county"]
        return clean_activations(raw_table(ACTIVATIONS_FILE, content, layout, catalog), layout, catalog)

    return clean


@pytest.fixture
def clean_printed(catalog: Catalog) -> CleanPrinted:
    def clean(*rows: str) -> Cleaned:
        layout = catalog.layouts["published-figures"]
        raw = raw_table(PRINTED_FILE, PRINTED_HEADER + "".join(rows), layout, catalog)
        return clean_printed_figures(raw, layout, catalog, known_places(catalog, [SUFFOLK_COUNTY]))

    return clean


def releases(cleaned: Cleaned) -> dict[str, KnownRelease]:
    return {each.release: each for each in cleaned.releases}


def only(cleaned: Cleaned, table: str = FIGURES) -> dict[str, Any]:
    (row,) = cleaned.core[table]
    return row


# Rows that are set aside


def test_a_row_of_a_jurisdiction_not_activated_is_set_aside_with_that_reason(clean_table, catalog: Catalog):
    (rule,) = catalog.layouts["interoperability-by-county"].set_aside
    cleaned = clean_table(JURISDICTIONS)
    assert cleaned.set_aside == [SetAsideRow(JURISDICTIONS_FILE, 4, "not_yet_activated", rule.reason)]
    assert (cleaned.rows_in, cleaned.rows_kept) == (3, 2)
    assert "01005" not in {each["county_fips"] for each in cleaned.core[DATES]}


def test_a_row_that_holds_a_county_code_and_nothing_else_is_set_aside(clean_dates):
    cleaned = clean_dates(ACTIVATIONS)
    assert [(each.row, each.rule) for each in cleaned.set_aside] == [(4, "no_dates")]
    assert [each["county_fips"] for each in cleaned.core[DATES]] == ["25017", "25025"]


def test_a_row_that_is_blank_only_in_part_is_not_set_aside_but_refused(clean_table):
    with pytest.raises(ValueInFileError, match="1 cell does not fit") as raised:
        clean_table(replace_once(JURISDICTIONS, "1,1,1,1,1,1,6", "1,1,1,1,1,1,"))
    assert ("column", "removed_total: a whole number, digits only") in raised.value.facts
    assert ("cells", "row 2: ''") in raised.value.facts


def test_an_empty_line_is_set_aside(clean_table):
    cleaned = clean_table(JURISDICTIONS_HEADER + MIDDLESEX + "\n" + SUFFOLK)
    assert [(each.row, each.rule) for each in cleaned.set_aside] == [(3, "empty_line")]
    assert [each["row_original"] for each in cleaned.core[DATES]] == [2, 4]


@given(kinds=st.lists(st.sampled_from(["activated", "blank", "empty"])))
def test_rows_in_are_rows_kept_and_rows_set_aside_each_once(catalog: Catalog, kinds: list[str]):
    lines = [
        {
            "activated": SUFFOLK.replace("25025", f"{10000 + index}").replace("Suffolk", f"S{index}"),
            "blank": BARBOUR,
            "empty": "\n",
        }[kind]
        for index, kind in enumerate(kinds)
    ]
    layout = catalog.layouts["interoperability-by-county"]
    content = JURISDICTIONS_HEADER + "".join(lines) + MIDDLESEX
    cleaned = clean_figures_by_jurisdiction(
        raw_table(JURISDICTIONS_FILE, content, layout, catalog), layout, catalog
    )
    kept = [each["row_original"] for each in cleaned.core[DATES]]
    aside = [each.row for each in cleaned.set_aside]
    assert cleaned.rows_in == len(kinds) + 1 == cleaned.rows_kept + len(cleaned.set_aside)
    assert sorted(kept + aside) == list(range(2, len(kinds) + 3))
    assert len(cleaned.core[FIGURES]) == 11 * cleaned.rows_kept


# The table by jurisdiction


def test_each_count_of_a_row_is_one_figure_with_its_cell(clean_table):
    cleaned = clean_table(JURISDICTIONS_HEADER + SUFFOLK)
    assert {
        (each["figure_name"], each["cell_original"], each["value_count"]) for each in cleaned.core[FIGURES]
    } == {
        ("submissions", "submissions", 2000),
        ("ident_match_level1", "ident_match_level1", 20),
        ("ident_match_level23", "ident_match_level23", 60),
        ("ident_match_total", "ident_match_total", 80),
        ("removed_convicted_level1", "removed_convicted_l1", 8),
        ("removed_convicted_level2", "removed_convicted_l2", 4),
        ("removed_convicted_level3", "removed_convicted_l3", 2),
        ("removed_ice_fugitives", "removed_ice_fugitives", 10),
        ("removed_prior_removals_returns", "removed_prior_removals_returns", 6),
        ("removed_ewi_visa_overstay", "removed_ewi_visa_overstay", 10),
        ("removed_total", "removed_total", 40),
    }


def test_a_figure_says_what_it_is_of_which_place_and_from_where(clean_table):
    (figure,) = [
        each
        for each in clean_table(JURISDICTIONS_HEADER + SUFFOLK).core[FIGURES]
        if each["figure_name"] == "removed_total"
    ]
    assert figure == {
        "release": "ice-interoperability-2012-08-31",
        "place_kind": "jurisdiction",
        "place_code": "25025",
        "place_name": "Suffolk County, MA",
        "state_code": "MA",
        "through_date": datetime.date(2012, 8, 31),
        "through_precision": "day",
        "figure_name": "removed_total",
        "value_kind": "count",
        "value_count": 40,
        "value_original": "40",
        "file_original": JURISDICTIONS_FILE,
        "row_original": 2,
        "cell_original": "removed_total",
    }


def test_a_row_is_also_the_activation_of_its_jurisdiction(clean_table):
    assert only(clean_table(JURISDICTIONS_HEADER + SUFFOLK), DATES) == {
        "release": "ice-interoperability-2012-08-31",
        "county_fips": "25025",
        "activation_date": datetime.date(2008, 11, 5),
        "file_original": JURISDICTIONS_FILE,
        "row_original": 2,
        "place_name": "Suffolk County, MA",
        "state_code": "MA",
        "aor_code": "BOS",
    }


@pytest.mark.parametrize(
    ("fips", "state", "printed", "name"),
    [
        ("25025", "MA", "Suffolk", "Suffolk County, MA"),
        ("22071", "LA", "Orleans Parish", "Orleans Parish, LA"),
        ("24510", "MD", "Baltimore City", "Baltimore City, MD"),
        ("02110", "AK", "Juneau Borough", "Juneau Borough, AK"),
        ("02290", "AK", "Yukon-Koyukuk Census Area", "Yukon-Koyukuk Census Area, AK"),
        ("51036", "VA", "Charles City", "Charles City County, VA"),
        ("51095", "VA", "James City", "James City County, VA"),
        ("08043", "CO", "Velocity", "Velocity County, CO"),
    ],
)
def test_a_jurisdiction_is_named_as_people_write_it(
    catalog: Catalog, fips: str, state: str, printed: str, name: str
):
    names = catalog.layouts["interoperability-by-county"].jurisdiction_names
    assert names is not None
    assert names.write_out(printed, fips, state) == name


def test_charles_city_in_the_table_is_a_county_and_the_other_cities_are_cities(clean_table):
    cleaned = clean_table(
        JURISDICTIONS_HEADER
        + "51036,VA,Virginia,Charles City,WAS,2012-05-15,1,0,0,0,0,0,0,0,0,0,0\n"
        + "51550,VA,Virginia,Chesapeake City,WAS,2012-05-15,1,0,0,0,0,0,0,0,0,0,0\n"
    )
    assert [each.name for each in cleaned.jurisdictions] == ["Charles City County, VA", "Chesapeake City, VA"]


def test_the_table_of_another_month_is_a_release_of_its_own(clean_table):
    cleaned = clean_table(JURISDICTIONS, JURISDICTIONS_FILE.replace("2012-08-31", "2012-09-30"))
    (release,) = cleaned.releases
    assert release.release == "ice-interoperability-2012-09-30"
    assert not release.declared
    assert release.authority == "agency_file"
    assert (release.published_from, release.published_to) == (None, None)
    assert release.covers_through == datetime.date(2012, 9, 30)
    assert release.title.en == "ICE's Secure Communities table by jurisdiction, through 2012-09-30"


def test_a_file_name_that_gives_no_day_is_refused(clean_table):
    with pytest.raises(ReleaseFileError, match="does not give the last day that the table counts"):
        clean_table(JURISDICTIONS, JURISDICTIONS_FILE.replace("2012-08-31", "2012-08-32"))


def test_a_jurisdiction_listed_twice_is_refused_with_both_rows(clean_table):
    with pytest.raises(ValueInFileError, match="lists a jurisdiction more than once") as raised:
        clean_table(JURISDICTIONS + SUFFOLK)
    assert dict(raised.value.facts)["values"] == "'25025': rows 3, 5"


def test_a_row_whose_two_columns_name_two_states_is_refused(clean_table):
    with pytest.raises(ValueInFileError, match="row 3: two columns name two states"):
        clean_table(JURISDICTIONS.replace("25025,MA,", "25025,ME,"))


def test_a_row_that_names_its_state_in_one_column_only_is_refused(clean_table):
    with pytest.raises(ValueInFileError, match="row 3: two columns name two states"):
        clean_table(JURISDICTIONS.replace("25025,MA,", "25025,,"))


def test_an_area_of_responsibility_that_the_row_leaves_out_is_missing(clean_table):
    cleaned = clean_table(JURISDICTIONS_HEADER + replace_once(SUFFOLK, ",BOS,", ",,"))
    assert only(cleaned, DATES)["aor_code"] is None


# Cells


@pytest.mark.parametrize(("cell", "means"), [("0", 0), ("40", 40), ("007", 7)])
def test_a_count_is_digits_alone(cell: str, means: int):
    assert parse_count(cell) == means


@pytest.mark.parametrize("cell", ["", "1,000", "-1", "1.0", " 1", "1 ", "n/a", "٣", "1e3", "9" * 30])
def test_what_is_no_count_is_refused(cell: str):
    with pytest.raises(ValueError):  # noqa: PT011
        parse_count(cell)


def test_a_date_is_written_year_month_day():
    assert parse_date("2011-11-30") == datetime.date(2011, 11, 30)


@pytest.mark.parametrize("cell", ["", "11/30/2011", "2011-11-31", "20111130", "2011-11-30 ", "2011-W48-3"])
def test_what_is_no_date_is_refused(cell: str):
    with pytest.raises(ValueError):  # noqa: PT011
        parse_date(cell)


@pytest.mark.parametrize(
    ("cell", "means"), [("0.0", False), ("0", False), ("1.0", True), ("1", True), ("", None)]
)
def test_a_flag_is_0_or_1_and_unknown_where_it_is_blank(clean_dates, cell: str, means: bool | None):
    cleaned = clean_dates(ACTIVATIONS_HEADER + f"22071,2011-01-01,2012-05-15,0.0,{cell},0.0\n")
    assert only(cleaned, DATES)["is_parish"] is means


def test_a_flag_that_is_neither_is_refused(clean_dates):
    with pytest.raises(ValueInFileError) as raised:
        clean_dates(ACTIVATIONS_HEADER + "22071,2011-01-01,2012-05-15,0.0,yes,0.0\n")
    assert raised.value.facts[:2] == (("column", "parish: 0 or 1"), ("cells", "row 2: 'yes'"))


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


# Printed figures


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
    declared = {"url": NEWS_WIRE, "published_from": "2011-05-02", "published_to": "2011-05-02"}
    later = declared | {"published_from": "2011-06-02", "published_to": "2011-06-02"}
    cleaned = clean_printed(printed_row(**declared), printed_row(**later))
    assert sorted(releases(cleaned)) == [
        "homeland-security-news-wire-2011-05-2011-05-02",
        "homeland-security-news-wire-2011-05-2011-06-02",
    ]


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
    with pytest.raises(ValueInFileError, match="row 2: the grade is not the authority declared") as raised:
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


def test_a_figure_that_a_print_does_not_round_stays_exact(clean_printed):
    _, printed = clean_printed(printed_row(metric="submissions", value="182896", **GAO)).core[FIGURES]
    assert (printed["release"], printed["value_kind"], printed["value_count"]) == (
        "gao-12-708",
        "count",
        182896,
    )


# Corrections


def corrected(catalog: Catalog, **changes: object) -> Catalog:
    correction = Correction(
        **{
            "layout": "interoperability-by-county",
            "file": JURISDICTIONS_FILE,
            "row": 3,
            "column": "removed_total",
            "expects": "41",
            "becomes": "40",
            "reason": "A slip.",
            "evidence": "The six categories.",
        }
        | changes
    )
    return dataclasses.replace(
        catalog, corrections={"secure-communities": Corrections(corrections=[correction])}
    )


def rows_after(catalog: Catalog, content: str, name: str = JURISDICTIONS_FILE) -> tuple:
    layout = catalog.layouts["interoperability-by-county"]
    return apply_corrections(raw_table(name, content, layout, catalog), layout, catalog).rows


def test_a_correction_repairs_its_cell_and_no_other(catalog: Catalog):
    wrong = replace_once(JURISDICTIONS, "10,6,10,40", "10,6,10,41")
    assert rows_after(corrected(catalog), wrong) == rows_after(catalog, JURISDICTIONS)


def test_a_correction_of_another_file_is_not_made(catalog: Catalog):
    other = JURISDICTIONS_FILE.replace("2012-08-31", "2012-09-30")
    assert rows_after(corrected(catalog), JURISDICTIONS, other) == rows_after(catalog, JURISDICTIONS)


@pytest.mark.parametrize(("changes", "found"), [({}, "'40'"), ({"row": 9}, "no such row")])
def test_a_correction_that_no_longer_fits_the_file_fails(catalog: Catalog, changes: dict, found: str):
    with pytest.raises(CatalogError) as raised:
        rows_after(corrected(catalog, **changes), JURISDICTIONS)
    facts = dict(raised.value.facts)
    assert facts["cell"] == f"row {changes.get('row', 3)}, column removed_total"
    assert (facts["expected"], facts["found"]) == ("'41'", found)
    assert facts["fix"].startswith(
        "src/recount/catalog/sources/secure-communities/corrections.yml: remove it"
    )
