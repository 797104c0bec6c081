"""Which rows tell of one event, rule by rule: one hazard a test, a tiny table in, the marks out."""

from __future__ import annotations

from typing import Any

import ibis
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recount.declare.catalog import Catalog
from recount.declare.linking import DuplicateRule, Linking, LinkingFile, MatchWindow, load_linking
from recount.errors import DataError, UnknownNameError, UsageError
from recount.link.duplicates import MARKS, keep_rows, mark_duplicates
from recount.link.duplicates_stints import add_seen_bonds
from small_links import at, core_frame, core_rows, day, kept, told

CHAINED = ("ddp_g2_arrests", "ddp_g3_arrests")
TEXT = {"en": "a", "es": "a"}


@pytest.fixture(scope="module")
def linking(catalog: Catalog) -> Linking:
    return load_linking(catalog)


def arrest(when: str | None, person: str | None = "A", **more: Any) -> dict[str, Any]:
    return {"unique_identifier": person, "apprehension_datetime": at(when), **more}


def detainer(when: str | None, person: str | None = "A", **more: Any) -> dict[str, Any]:
    return {"unique_identifier": person, "detainer_prepare_date": day(when), **more}


def stint(book_in: str | None, person: str | None = "A", **more: Any) -> dict[str, Any]:
    return {
        "unique_identifier": person,
        "stay_book_in_datetime": at("2025-03-01 06:00"),
        "book_in_datetime": at(book_in),
        "detention_facility_code": "BTV",
        **more,
    }


def removal(when: str | None, person: str | None = "A", **more: Any) -> dict[str, Any]:
    return {"unique_identifier": person, "departed_date": day(when), **more}


# As recorded, and exact


def test_as_recorded_keeps_every_row_and_judges_none(catalog: Catalog, linking: Linking):
    arrests = core_rows(catalog, "arrests", [arrest("2025-03-01"), arrest("2025-03-01")])
    assert told(mark_duplicates(arrests, "as_recorded", linking), *MARKS) == [(None, None, None, False)] * 2
    assert kept(keep_rows(arrests, "as_recorded", linking)) == [0, 1]


def test_exact_compares_every_column_but_where_a_row_stands_with_or_without_identifier(
    catalog: Catalog, linking: Linking
):
    rows = [
        arrest("2025-03-01", None, file_original="b.xlsx"),
        arrest("2025-03-01", None, file_original="a.xlsx"),
        arrest("2025-03-01", None, gender_code="male"),
        arrest("2025-03-01", None, release="other"),
        arrest("2025-03-01", None, redacted_fields="gender_code"),
    ]
    marked = mark_duplicates(core_rows(catalog, "arrests", rows), "exact", linking)
    by = ("row_original",)
    assert told(marked, "is_first", by=by) == [False, True, True, True, True]
    assert told(marked, "is_duplicate_likely", by=by) == [True, True, False, False, False]
    assert told(marked, "is_dropped", by=by) == [True, False, False, False, False]


def test_exact_with_identifier_leaves_rows_without_one_alone(catalog: Catalog, linking: Linking):
    rows = [
        arrest("2025-03-01", None),
        arrest("2025-03-01", None),
        arrest("2025-03-01"),
        arrest("2025-03-01"),
    ]
    marked = mark_duplicates(core_rows(catalog, "arrests", rows), "exact_with_identifier", linking)
    assert told(marked, "is_duplicate_likely", "is_dropped") == [
        (None, False),
        (None, False),
        (True, False),
        (True, True),
    ]


# Arrests


@pytest.mark.parametrize("rule", CHAINED)
def test_gaps_are_chained_so_that_0_23_and_46_hours_are_one_episode(
    catalog: Catalog, linking: Linking, rule: str
):
    times = ("2025-03-01 00:00", "2025-03-01 23:00", "2025-03-02 22:00", "2025-03-03 22:01")
    arrests = core_rows(catalog, "arrests", [arrest(each) for each in times])
    assert told(mark_duplicates(arrests, rule, linking), *MARKS) == [
        (1, True, True, False),
        (1, False, True, True),
        (1, False, True, True),
        (2, True, False, False),
    ]
    assert kept(keep_rows(arrests, rule, linking)) == [0, 3]


def test_24_hours_are_within_the_window_and_a_second_more_is_not(catalog: Catalog, linking: Linking):
    arrests = core_rows(
        catalog,
        "arrests",
        [arrest("2025-03-01"), arrest("2025-03-02"), arrest("2025-03-03 00:00:01")],
    )
    assert told(mark_duplicates(arrests, "ddp_g2_arrests", linking), "episode_number") == [1, 1, 2]


def test_of_rows_of_one_time_the_reprocessed_comes_last_and_one_of_unknown_method_after_it(
    catalog: Catalog, linking: Linking
):
    methods = (None, "ero_reprocessed_arrest", "located")
    rows = [arrest("2025-03-01 10:00", apprehension_method_code=each) for each in methods]
    assert kept(keep_rows(core_rows(catalog, "arrests", rows), "ddp_g2_arrests", linking)) == [2]
    assert kept(keep_rows(core_rows(catalog, "arrests", rows[:2]), "ddp_g2_arrests", linking)) == [1]


def test_a_tie_in_time_goes_by_file_then_sheet_then_row_in_the_order_of_bytes(
    catalog: Catalog, linking: Linking
):
    rows = [
        arrest("2025-03-01", file_original="b.xlsx", row_original=8),
        arrest("2025-03-01", file_original="a.xlsx", sheet_original="s", row_original=8),
        arrest("2025-03-01", file_original="a.xlsx", sheet_original="Z", row_original=10),
        arrest("2025-03-01", file_original="a.xlsx", sheet_original="Z", row_original=9),
    ]
    found = keep_rows(core_rows(catalog, "arrests", rows), "ddp_g2_arrests", linking)
    assert told(found, "sheet_original", "row_original") == [("Z", 9)]


@pytest.mark.parametrize("rule", CHAINED)
def test_a_row_without_a_time_is_an_episode_of_its_own_at_the_end(
    catalog: Catalog, linking: Linking, rule: str
):
    arrests = core_rows(catalog, "arrests", [arrest(None), arrest(None), arrest("2025-03-01")])
    marked = mark_duplicates(arrests, rule, linking)
    assert told(marked, "episode_number", "is_duplicate_likely", "is_dropped") == [
        (2, False, False),
        (3, False, False),
        (1, False, False),
    ]


@pytest.mark.parametrize("rule", CHAINED)
def test_a_row_without_identifier_is_alone_kept_and_not_judged(catalog: Catalog, linking: Linking, rule: str):
    arrests = core_rows(catalog, "arrests", [arrest("2025-03-01", None), arrest("2025-03-01", None)])
    assert told(mark_duplicates(arrests, rule, linking), *MARKS) == [(1, True, None, False)] * 2


def test_an_identifier_of_another_release_is_another_person(catalog: Catalog, linking: Linking):
    rows = [arrest("2025-03-01", release="july-2025"), arrest("2025-03-01", release="march-2026")]
    for rule in ("exact", *CHAINED, "unflagged_arrests", "ddp_g1_arrests"):
        marked = mark_duplicates(core_rows(catalog, "arrests", rows), rule, linking)
        assert told(marked, "is_duplicate_likely", "is_dropped") == [(False, False)] * 2


def test_a_release_that_gives_days_only_is_chained_by_days(catalog: Catalog, linking: Linking):
    rows = [{"unique_identifier": "A", "apprehension_date": day(f"2025-03-0{each}")} for each in (1, 2, 4)]
    arrests = core_rows(catalog, "arrests", rows)
    assert kept(keep_rows(arrests, "ddp_g3_arrests", linking)) == [0, 2]


def test_g1_arrests_marks_all_members_of_a_chain_and_keeps_every_row(catalog: Catalog, linking: Linking):
    times = ("2025-03-01 00:00", "2025-03-01 23:00", "2025-03-02 22:00", "2025-03-03 22:01", None)
    arrests = core_rows(catalog, "arrests", [*(arrest(each) for each in times), arrest("2025-03-01", None)])
    marked = mark_duplicates(arrests, "ddp_g1_arrests", linking)
    assert told(marked, "is_duplicate_likely") == [True, True, True, False, False, None]
    assert kept(keep_rows(arrests, "ddp_g1_arrests", linking)) == [0, 1, 2, 3, 4, 5]


def test_g0_arrests_marks_rows_of_one_date_and_time(catalog: Catalog, linking: Linking):
    times = ("2020-03-01 10:00", "2020-03-01 10:00", "2020-03-01 10:01")
    arrests = core_rows(
        catalog, "arrests", [*(arrest(each) for each in times), arrest("2020-03-01 10:00", None)]
    )
    marked = mark_duplicates(arrests, "ddp_g0_arrests", linking)
    assert told(marked, "is_duplicate_likely", "is_dropped") == [
        (True, False),
        (True, False),
        (False, False),
        (None, False),
    ]


def test_the_filter_that_most_scripts_use_loses_every_member_and_every_row_without_identifier(
    catalog: Catalog, linking: Linking
):
    rows = [
        arrest("2025-03-01"),
        arrest("2025-03-01 12:00"),
        arrest("2025-05-01"),
        arrest("2025-05-01", None),
    ]
    arrests = core_rows(catalog, "arrests", rows)
    assert kept(keep_rows(arrests, "unflagged_arrests", linking)) == [2]
    assert kept(keep_rows(arrests, "ddp_g2_arrests", linking)) == [0, 2, 3]


# Detainers, removals, encounters


@pytest.mark.parametrize("rule", ["ddp_g1_detainers", "ddp_g2_detainers"])
def test_detainers_before_g3_are_marked_by_day_and_all_kept(catalog: Catalog, linking: Linking, rule: str):
    rows = [
        detainer("2025-03-01"),
        detainer("2025-03-01"),
        detainer("2025-03-02"),
        detainer("2025-03-01", None),
    ]
    marked = mark_duplicates(core_rows(catalog, "detainers", rows), rule, linking)
    assert told(marked, "is_duplicate_likely", "is_dropped") == [
        (True, False),
        (True, False),
        (False, False),
        (None, False),
    ]


def test_g3_detainers_keep_the_first_of_each_type_and_jail_in_an_episode(catalog: Catalog, linking: Linking):
    rows = [
        detainer("2025-03-01", detainer_type="I247A", jail_name="Essex"),
        detainer("2025-03-02", detainer_type="I247A", jail_name="Essex"),
        detainer("2025-03-02", detainer_type="I247G", jail_name="Essex"),
        detainer("2025-03-02", detainer_type="I247A", jail_name="Bristol"),
        detainer("2025-03-03", detainer_type="I247A", jail_name=None),
        detainer("2025-03-03", detainer_type="I247A", jail_name=None),
        detainer("2025-03-05", detainer_type="I247A", jail_name="Essex"),
        detainer("2025-03-05", None, detainer_type="I247A", jail_name="Essex"),
    ]
    detainers = core_rows(catalog, "detainers", rows)
    assert told(mark_duplicates(detainers, "ddp_g3_detainers", linking), *MARKS) == [
        (1, True, True, False),
        (1, False, True, True),
        (1, True, False, False),
        (1, True, False, False),
        (1, True, True, False),
        (1, False, True, True),
        (2, True, False, False),
        (1, True, None, False),
    ]


def test_g3_removals_keep_the_last_row_of_a_day_by_country_as_released_then_sheet_and_row(
    catalog: Catalog, linking: Linking
):
    rows = [
        removal("2025-03-01", departure_country_code="DEU"),  # GERMANY, after EL SALVADOR
        removal("2025-03-01", departure_country_code="SLV"),
        removal("2025-03-02", departure_country_code="SLV"),
        removal("2025-03-02", departure_country_code=None),
        removal("2025-03-03", sheet_original="B", file_original="a.xlsx"),
        removal("2025-03-03", sheet_original="A", file_original="b.xlsx"),
        removal("2025-03-04", sheet_original="A", file_original="b.xlsx", row_original=30),
        removal("2025-03-04", sheet_original="A", file_original="a.xlsx", row_original=30),
        removal("2025-03-05", None),
    ]
    removals = core_rows(catalog, "removals", rows)
    marked = mark_duplicates(removals, "ddp_g3_removals", linking)
    by = ("departed_date", "file_original", "row_original")
    assert told(marked, "is_duplicate_likely", "is_dropped", by=by) == [
        (True, False),
        (True, True),
        (True, True),
        (True, False),
        (True, False),
        (True, True),
        (True, True),
        (True, False),
        (None, False),
    ]


@pytest.mark.parametrize("rule", ["ddp_g1_removals", "ddp_g2_removals"])
def test_removals_before_g3_are_marked_by_day_of_departure_and_all_kept(
    catalog: Catalog, linking: Linking, rule: str
):
    rows = [removal("2025-03-01"), removal("2025-03-01"), removal(None), removal(None), removal("2025-03-02")]
    marked = mark_duplicates(core_rows(catalog, "removals", rows), rule, linking)
    assert told(marked, "is_duplicate_likely") == [True, True, True, True, False]
    assert told(marked, "is_dropped") == [False] * 5


def test_encounters_are_marked_by_date_and_all_kept(catalog: Catalog, linking: Linking):
    rows = [{"unique_identifier": each, "event_date": day("2025-03-01")} for each in ("A", "A", "B", None)]
    marked = mark_duplicates(core_rows(catalog, "encounters", rows), "ddp_g1_encounters", linking)
    assert told(marked, "is_duplicate_likely") == [True, True, False, None]
    assert told(marked, "is_dropped") == [False] * 4


@pytest.mark.parametrize(
    ("rule", "row"), [("unflagged_removals", removal), ("unflagged_detainers", detainer)]
)
def test_the_filter_that_most_scripts_use_on_other_tables(
    catalog: Catalog, linking: Linking, rule: str, row: Any
):
    table = linking.rule(rule).table
    assert table is not None
    rows = [row("2025-03-01"), row("2025-03-01"), row("2025-03-02"), row("2025-03-03", None)]
    assert kept(keep_rows(core_rows(catalog, table, rows), rule, linking)) == [2]


# Stints


def test_g1_stints_keep_the_last_row_with_the_lowest_bond(catalog: Catalog, linking: Linking):
    rows = [
        stint("2025-03-01 06:00", initial_bond_set_amount_usd=5000.0),
        stint("2025-03-01 06:00", initial_bond_set_amount_usd=1500.0),
        stint("2025-03-01 06:00", initial_bond_set_amount_usd=1500.0),
        stint("2025-03-01 06:00"),
        stint("2025-03-05 06:00"),
        stint("2025-03-05 06:00"),
    ]
    stints = core_rows(catalog, "stints", rows)
    assert kept(keep_rows(stints, "ddp_g1_stints", linking)) == [2, 5]
    marked = mark_duplicates(stints, "ddp_g1_stints", linking)
    assert told(marked, "is_duplicate_likely") == [True, True, False, True, True, False]


def test_g1_stints_leave_rows_that_lack_a_part_of_the_stint_alone(catalog: Catalog, linking: Linking):
    rows = [
        *[stint("2025-03-01 06:00", None)] * 2,
        *[stint("2025-03-01 06:00", detention_facility_code=None)] * 2,
        *[stint(None)] * 2,
    ]
    marked = mark_duplicates(core_rows(catalog, "stints", rows), "ddp_g1_stints", linking)
    assert told(marked, "is_duplicate_likely", "is_dropped") == [(None, False)] * 6


def test_rows_that_differ_in_bonds_only_are_dropped_but_the_first(catalog: Catalog, linking: Linking):
    rows = [
        stint(
            "2025-03-01 06:00", initial_bond_set_amount_usd=5000.0, initial_bond_set_date=day("2025-03-05")
        ),
        stint(
            "2025-03-01 06:00", initial_bond_set_amount_usd=1500.0, initial_bond_set_date=day("2025-03-09")
        ),
        stint("2025-03-01 06:00", bond_posted_amount_usd=1500.0, bond_posted_date=day("2025-03-10")),
        stint("2025-03-01 06:00", "B"),
    ]
    marked = mark_duplicates(core_rows(catalog, "stints", rows), "ddp_g2_stints", linking)
    # Without a posted bond comes first, and of those the first row.
    assert told(marked, "is_dropped") == [False, True, True, False]
    assert told(marked, "is_duplicate_likely") == [False, True, True, False]


def test_of_one_facility_day_and_stay_the_last_row_stays(catalog: Catalog, linking: Linking):
    rows = [
        stint("2025-03-01 06:00"),
        stint("2025-03-01 18:00"),
        stint("2025-03-01 18:00", detention_facility_code="STR"),
        stint("2025-03-01 18:00", stay_book_in_datetime=at("2025-03-01 18:00")),
        stint("2025-03-02 06:00"),
        stint("2025-03-02 06:00", None),
        stint("2025-03-02 06:00", None),
    ]
    marked = mark_duplicates(core_rows(catalog, "stints", rows), "ddp_g2_stints", linking)
    assert told(marked, "is_dropped") == [True, False, False, False, False, False, False]
    assert told(marked, "is_duplicate_likely")[5:] == [None, None]


def test_g3_drops_repetitions_in_all_but_bonds_without_marking_them(catalog: Catalog, linking: Linking):
    rows = [
        stint("2025-03-01 06:00", initial_bond_set_amount_usd=5000.0),
        stint("2025-03-01 06:00", initial_bond_set_amount_usd=1500.0),
        stint("2025-03-01 18:00"),
    ]
    marked = mark_duplicates(core_rows(catalog, "stints", rows), "ddp_g3_stints", linking)
    assert told(marked, "is_duplicate_likely", "is_dropped") == [(True, True), (False, True), (False, False)]


LATER_IN_THE_ORDER_OF_STINTS = [
    ("book_in_criminality_code", "pending", "other"),
    ("book_in_criminality_code", "convicted", "pending"),
    ("case_threat_level_code", "none", "1"),
    ("case_threat_level_code", "1", "3"),
    ("citizenship_code", "SLV", "DEU"),  # EL SALVADOR, GERMANY
    ("has_final_order", False, True),
    ("stay_release_reason", None, "Bonded Out"),
    ("stay_release_reason", "B", "a"),
]


@pytest.mark.parametrize("rule", ["ddp_g2_stints", "ddp_g3_stints"])
def test_the_order_of_stints_is_that_of_the_text_as_released_with_blanks_first(
    catalog: Catalog, linking: Linking, rule: str
):
    rows = []
    for number, (column, earlier, later) in enumerate(LATER_IN_THE_ORDER_OF_STINTS):
        for turn, values in enumerate(((earlier, later), (later, earlier))):
            rows += [stint("2025-03-01 06:00", f"{number}-{turn}", **{column: each}) for each in values]
    # Of each two rows the later stays: the second, then the first.
    found = kept(keep_rows(core_rows(catalog, "stints", rows), rule, linking))
    assert found == [each for four in range(0, len(rows), 4) for each in (four + 1, four + 2)]


def test_the_lowest_bond_and_earliest_date_of_a_stint_are_seen_over_all_its_rows(catalog: Catalog):
    rows = [
        stint("2025-03-01 06:00", initial_bond_set_amount_usd=5000.0, bond_posted_date=day("2025-03-09")),
        stint("2025-03-01 06:00", initial_bond_set_amount_usd=1500.0),
        stint("2025-03-01 06:00", "B"),
        stint("2025-03-01 06:00", None, initial_bond_set_amount_usd=10.0),
        stint("2025-03-01 06:00", None),
    ]
    seen = add_seen_bonds(core_rows(catalog, "stints", rows))
    assert told(seen, "initial_bond_lowest_usd") == [1500.0, 1500.0, None, 10.0, None]
    assert told(seen, "bond_posted_earliest_date") == [day("2025-03-09")] * 2 + [None] * 3


# Laws


HOURS = st.one_of(st.none(), st.sampled_from([0, 1, 23, 24, 25, 46, 47, 48, 72]))
PEOPLE = st.sampled_from(["A", "B", None])


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    table = draw(st.sampled_from(["arrests", "detainers", "stints", "removals", "encounters"]))
    rows = []
    for number in range(draw(st.integers(1, 9))):
        hours = draw(HOURS)
        start = at("2025-03-01")
        moment = None if hours is None else pl.select(pl.lit(start) + pl.duration(hours=hours)).item()
        row: dict[str, Any] = {
            "unique_identifier": draw(PEOPLE),
            "release": draw(st.sampled_from(["one", "two"])),
            "file_original": draw(st.sampled_from(["a.xlsx", "b.xlsx"])),
            "row_original": number + 8,
            "citizenship_code": draw(st.sampled_from(["MEX", None])),
        }
        if table == "arrests":
            row["apprehension_datetime"] = moment
            row["apprehension_method_code"] = draw(
                st.sampled_from(["ero_reprocessed_arrest", "located", None])
            )
        elif table == "stints":
            row["book_in_datetime"] = moment
            row["detention_facility_code"] = draw(st.sampled_from(["BTV", None]))
            row["initial_bond_set_amount_usd"] = draw(st.sampled_from([1500.0, 5000.0, None]))
        else:
            twin = {"detainers": "detainer_prepare_date", "encounters": "event_date"}.get(
                table, "departed_date"
            )
            row[twin] = None if moment is None else moment.date()
        rows.append(row)
    return table, rows


@settings(max_examples=10)
@given(drawn=tables(), data=st.data())
def test_laws_of_every_rule(
    catalog: Catalog, linking: Linking, drawn: tuple[str, list[dict[str, Any]]], data: st.DataObject
):
    table, rows = drawn
    rule = data.draw(st.sampled_from(linking.rules_of(table)))
    frame = core_frame(catalog, table, rows)
    marked = mark_duplicates(ibis.memtable(frame), rule.rule, linking).to_polars()
    kept_rows = keep_rows(ibis.memtable(frame), rule.rule, linking).to_polars()
    where = ["release", "file_original", "row_original"]

    # Rows kept and dropped are the rows in, unchanged, and each has its answer.
    assert marked.select(frame.columns).sort(where).equals(frame.sort(where))
    assert kept_rows.sort(where).equals(
        marked.filter(~pl.col("is_dropped")).select(frame.columns).sort(where)
    )
    # The order of the rows in does not matter.
    turned = mark_duplicates(ibis.memtable(frame.reverse()), rule.rule, linking).to_polars()
    assert turned.sort(where).equals(marked.sort(where))
    # Keeping twice is keeping once, but where no row of a set is kept.
    if rule.keep != "none":
        again = keep_rows(ibis.memtable(kept_rows), rule.rule, linking).to_polars()
        assert again.sort(where).equals(kept_rows.sort(where))
    # Rows without identifier are alone, but where the rule says otherwise.
    if rule.without_identifier == "alone":
        alone = marked.filter(pl.col("unique_identifier").is_null())
        assert alone["is_dropped"].sum() == 0
        assert alone["is_duplicate_likely"].null_count() == len(alone)


# What is refused


def test_an_unknown_rule_is_answered_with_the_nearest(catalog: Catalog, linking: Linking):
    with pytest.raises(UnknownNameError, match="ddp_g2_arrests"):
        mark_duplicates(core_rows(catalog, "arrests", [arrest("2025-03-01")]), "ddp_g2_arrest", linking)


def test_a_table_that_lacks_what_the_rule_reads_is_refused_with_the_names(catalog: Catalog, linking: Linking):
    arrests = core_rows(catalog, "arrests", [arrest("2025-03-01")]).drop("apprehension_method_code")
    with pytest.raises(DataError, match="apprehension_method_code"):
        mark_duplicates(arrests, "ddp_g2_arrests", linking)


def test_a_table_that_is_marked_is_not_marked_again(catalog: Catalog, linking: Linking):
    marked = mark_duplicates(core_rows(catalog, "arrests", [arrest("2025-03-01")]), "exact", linking)
    with pytest.raises(UsageError, match="marked already"):
        mark_duplicates(marked, "exact", linking)


# The declarations


def test_every_rule_says_what_it_does_in_both_languages_whence_and_why(linking: Linking):
    for each in (*linking.duplicates.values(), *linking.matches.values()):
        assert each.text.en != each.text.es
        assert each.source
        assert each.reason


def test_the_windows_of_matches_are_those_of_the_project(linking: Linking):
    windows = {name: (each.from_hours, each.to_hours) for name, each in linking.matches.items()}
    assert windows == {"arrests_to_stays": (-120, 240), "removals_to_stays": (-240, 24)}


def test_the_overlay_replaces_the_rules_and_a_mistake_in_it_is_named(catalog: Catalog, tmp_path: Any):
    shipped, _ = catalog.folders
    text = (shipped / "linking.yml").read_text(encoding="utf-8")
    overlay = tmp_path / "catalog"
    overlay.mkdir()
    (overlay / "linking.yml").write_text(
        text.replace("late: [ero_reprocessed_arrest]", "late: [reprocessed]")
    )
    from recount.declare.catalog import load_catalog
    from recount.errors import CatalogError

    with pytest.raises(
        CatalogError, match=r"ddp_g2_arrests, apprehension_method_code: no code .* 'reprocessed'"
    ):
        load_linking(load_catalog(overlay=overlay))
    (overlay / "linking.yml").write_text(text.replace("window_hours: 24", "window_hours: 12"))
    assert load_linking(load_catalog(overlay=overlay)).rule("ddp_g2_arrests").window_hours == 12


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"method": "episodes"}, "episodes needs time, window_hours"),
        ({"method": "same"}, "same needs same"),
        ({"keep": "last", "method": "as_recorded"}, "as_recorded keeps all"),
        ({"order": [{"by": "a", "late": ["x"], "spelled": "y"}]}, "not by two of them"),
    ],
)
def test_a_rule_that_lacks_a_part_is_refused(changed: dict[str, Any], message: str):
    rule = {
        "rule": "a",
        "method": "exact",
        "keep": "first",
        "without_identifier": "alone",
        "text": TEXT,
        "source": "a",
        "reason": "a",
    }
    with pytest.raises(ValueError, match=message):
        DuplicateRule.model_validate({**rule, **changed})


def test_a_name_declared_twice_and_a_window_that_ends_before_it_begins_are_refused():
    match = {
        "match": "a",
        "events": "arrests",
        "event_time": ["b"],
        "stay_time": ["c"],
        "from_hours": 0,
        "to_hours": 1,
        "text": TEXT,
        "source": "a",
        "reason": "a",
    }
    with pytest.raises(ValueError, match="declared twice: a"):
        LinkingFile.model_validate({"duplicates": [], "matches": [match, match]})
    with pytest.raises(ValueError, match="from_hours lies after to_hours"):
        MatchWindow.model_validate({**match, "from_hours": 2})
