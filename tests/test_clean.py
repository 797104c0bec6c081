"""From text to figures, activations and releases: what each cell and each row becomes."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.clean.corrections import apply_corrections
from recount.clean.secure_communities import (
    Cleaned,
    clean_activations,
    clean_figures_by_jurisdiction,
)
from recount.clean.values import SetAsideRow, parse_count, parse_date
from recount.declare.catalog import Catalog
from recount.declare.sources import Correction, Corrections
from recount.errors import (
    CatalogError,
    ReleaseFileError,
    ValueInFileError,
)
from tiny_release import (
    ACTIVATIONS,
    ACTIVATIONS_FILE,
    ACTIVATIONS_HEADER,
    BARBOUR,
    JURISDICTIONS,
    JURISDICTIONS_FILE,
    JURISDICTIONS_HEADER,
    MIDDLESEX,
    SUFFOLK,
    raw_table,
    replace_once,
)

FIGURES = "secure_communities_figures"
DATES = "secure_communities_activations"


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


def only(cleaned: Cleaned, table: str) -> dict[str, Any]:
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
            "activated": SUFFOLK.replace("25025", f"{25100 + index}").replace("Suffolk", f"S{index}"),
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
        "print_note": None,
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
    assert release.printed_by == "U.S. Immigration and Customs Enforcement"


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
    with pytest.raises(ValueError):
        parse_count(cell)


def test_a_date_is_written_year_month_day():
    assert parse_date("2011-11-30") == datetime.date(2011, 11, 30)


@pytest.mark.parametrize("cell", ["", "11/30/2011", "2011-11-31", "20111130", "2011-11-30 ", "2011-W48-3"])
def test_what_is_no_date_is_refused(cell: str):
    with pytest.raises(ValueError):
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


def test_a_corrected_figure_keeps_the_files_own_text_and_says_why_it_was_corrected(catalog: Catalog):
    layout = catalog.layouts["interoperability-by-county"]
    wrong = replace_once(JURISDICTIONS, "10,6,10,40", "10,6,10,41")
    raw = apply_corrections(raw_table(JURISDICTIONS_FILE, wrong, layout, catalog), layout, corrected(catalog))
    totals = [
        (each["value_count"], each["value_original"], each["print_note"])
        for each in clean_figures_by_jurisdiction(raw, layout, catalog).core[FIGURES]
        if each["figure_name"] == "removed_total"
    ]
    assert totals == [(6, "6", None), (40, "41", "corrected: A slip.")]


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


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("1025", "text like [0-9]{5}"),
        ("250025", "text like [0-9]{5}"),
        ("36025", "the county code is not one of its state"),
    ],
)
def test_a_county_code_has_five_digits_and_begins_with_its_states(clean_table, wrong: str, said: str):
    with pytest.raises(ValueInFileError) as raised:
        clean_table(replace_once(JURISDICTIONS, "25025", wrong))
    assert said in str(raised.value)
    assert wrong in str(raised.value)
