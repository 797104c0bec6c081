"""The checks that flag: what each of them touches, and what it leaves alone."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from recount.declare.catalog import Catalog
from recount.declare.frames import build_frame
from recount.record.manifest import Manifest
from recount.record.store import read_layer
from recount.validate.figure_flags import READER_FLAGS
from recount.validate.flags import clear_flags, flag_tables
from small_statistics import TABLE, Row, figure, so_far

BOND = "bond_figures"
SEMIANNUAL = "semiannual_figures"
FACILITIES = "detention_facilities"


class Flagged:
    """Tables after the checks: flags by cell, and findings as (check, text)."""

    def __init__(self, frames: dict[str, pl.DataFrame], findings: Iterable[Any]) -> None:
        self.frames = frames
        self.findings = list(findings)

    def cells(self, table: str = TABLE, cell: str = "cell_original") -> dict[Any, str]:
        """Returns the flags of flagged rows, by cell."""
        marked = self.frames[table].filter(pl.col("flags").is_not_null())
        return dict(marked.select(cell, "flags").iter_rows())

    def texts(self, check: str) -> list[str]:
        """Returns what one check found."""
        return [each.text for each in self.findings if each.check == check]


Check = Callable[..., Flagged]


@pytest.fixture
def check(catalog: Catalog) -> Check:
    """Runs every check that flags on tables of a few rows; tables that are not named are empty."""

    def check(*rows: Row, own: Iterable[str] | None = None, **tables: list[Row]) -> Flagged:
        given = {TABLE: list(rows), **tables}
        frames = {name: build_frame(given.get(name, []), table) for name, table in catalog.tables.items()}
        return Flagged(*flag_tables(frames, catalog, frozenset(own) if own is not None else None))

    return check


def by_agency(ice: float, cbp: float, total: float, *, release: str = "one", **more: Any) -> list[Row]:
    """Returns people held, or another figure, by arresting agency, at B2, C2 and D2."""
    value = "number" if more.get("statistic", "detained") != "detained" else "count"
    return [
        figure(release, "2026-02-07", **{value: number}, arresting_agency=code, cell=cell, **more)
        for code, number, cell in (("ice", ice, "B2"), ("cbp", cbp, "C2"), ("total", total, "D2"))
    ]


# Parts and totals


def test_parts_that_add_up_to_their_total_are_not_flagged(check: Check):
    assert check(*by_agency(6, 4, 10)).cells() == {}


def test_a_total_that_is_not_the_sum_of_its_parts_is_flagged_with_them(check: Check):
    flagged = check(*by_agency(6, 4, 11))
    assert flagged.cells() == dict.fromkeys(("B2", "C2", "D2"), "parts_sum_to_total")
    assert flagged.texts("parts_sum_to_total") == [
        "Detention!D2, detained by arresting_agency: the parts add up to 10, the total is 11"
    ]


def test_averages_add_up_within_a_hundredth(check: Check):
    averages: dict[str, Any] = {"statistic": "average_daily_population"}
    assert check(*by_agency(1.004, 2.004, 3.0, **averages)).cells() == {}
    assert check(*by_agency(1.01, 2.01, 3.0, **averages)).cells() != {}


def test_what_does_not_add_up_by_nature_is_not_added_up(check: Check):
    assert check(*by_agency(30.5, 20.5, 25.0, statistic="average_length_of_stay")).cells() == {}


def test_parts_of_parts_add_up_to_the_part_that_they_are_of(check: Check):
    reasons = {"bond_set_by_ice": 2, "bond_set_by_judge": 1, "bonded_out": 4, "paroled": 6, "total": 10}
    rows = [
        so_far("one", "2026-02-07", "book_outs", count, release_reason=code, cell=f"B{number}")
        for number, (code, count) in enumerate(reasons.items())
    ]
    flagged = check(*rows)
    assert flagged.cells() == dict.fromkeys(("B0", "B1", "B2"), "parts_sum_to_total")
    assert flagged.texts("parts_sum_to_total") == [
        "Detention!B2, book_outs by bonded_out: the parts add up to 3, the total is 4"
    ]


def months(*counts: int, total: int) -> list[Row]:
    """Returns removals in October, November … and in the fiscal year so far, at B1, B2 … and Z1."""
    spans = (("2025-10-01", "2025-10-31"), ("2025-11-01", "2025-11-30"), ("2025-12-01", "2025-12-31"))
    rows = [
        figure("one", last, "removals", kind="month", start=first, count=count, cell=f"B{number}")
        for number, ((first, last), count) in enumerate(zip(spans, counts, strict=False), start=1)
    ]
    return [*rows, so_far("one", "2025-12-31", "removals", total, cell="Z1")]


def test_months_add_up_to_the_year_so_far(check: Check):
    assert check(*months(3, 2, 1, total=6)).cells() == {}
    flagged = check(*months(3, 2, 1, total=7))
    assert set(flagged.cells()) == {"B1", "B2", "B3", "Z1"}
    assert flagged.texts("parts_sum_to_total") == [
        "Detention!Z1, removals by month: the parts add up to 6, the total is 7"
    ]


def test_a_total_without_parts_is_not_compared(check: Check):
    assert check(so_far("one", "2026-02-07", "removals", 7)).cells() == {}


# Releases against each other


def test_a_count_so_far_that_is_lower_than_an_earlier_release_had_is_flagged(check: Check):
    flagged = check(
        so_far("january", "2026-01-07", "removals", 30),
        so_far("february", "2026-02-07", "removals", 29, cell="B2"),
    )
    assert flagged.cells() == {"B2": "to_date_never_falls"}
    assert flagged.texts("to_date_never_falls") == [
        "Detention!B2, removals of FY2026: 29 through 2026-02-07, an earlier release had 30"
    ]


def test_a_count_so_far_may_stay_or_rise(check: Check):
    for later in (30, 31):
        rows = (
            so_far("january", "2026-01-07", "removals", 30),
            so_far("february", "2026-02-07", "removals", later),
        )
        assert check(*rows).cells() == {}


def test_a_new_fiscal_year_begins_again(check: Check):
    assert (
        check(so_far("old", "2025-09-30", "removals", 30), so_far("new", "2025-10-15", "removals", 2)).cells()
        == {}
    )


def test_a_snapshot_may_fall(check: Check):
    rows = figure("january", "2026-01-07", count=30), figure("february", "2026-02-07", count=29)
    assert check(*rows).cells() == {}


def test_a_count_whose_day_is_of_another_year_is_held_to_nothing(check: Check):
    rows = (
        so_far("january", "2026-01-07", "removals", 30, flags="date_of_another_year"),
        so_far("february", "2026-02-07", "removals", 29, cell="B2"),
    )
    assert "B2" not in check(*rows).cells()


def past_month(release: str, count: int, **more: Any) -> Row:
    return figure(release, "2025-10-31", "book_ins", kind="month", start="2025-10-01", count=count, **more)


def test_a_count_ten_times_off_what_other_releases_print_is_flagged(check: Check):
    others = [past_month(release, 200) for release in ("a", "b", "c")]
    for strange in (19, 2001):
        flagged = check(*others, past_month("d", strange, cell="B2"))
        assert flagged.cells() == {"B2": "far_from_other_releases"}
        assert flagged.texts("far_from_other_releases") == [
            f"Detention!B2, book_ins through 2025-10-31: {strange:,}; the median over 4 releases is 200"
        ]


def test_a_count_less_than_ten_times_off_is_a_restatement(check: Check):
    assert (
        check(
            *(past_month(release, count) for release, count in zip("abcd", (200, 200, 20, 2000), strict=True))
        ).cells()
        == {}
    )


def test_two_releases_cannot_tell_which_of_them_is_off(check: Check):
    assert check(past_month("a", 200), past_month("b", 2)).cells() == {}


def test_small_counts_may_differ_tenfold(check: Check):
    assert (
        check(
            *(past_month(release, count) for release, count in zip("abcd", (19, 19, 19, 1), strict=True))
        ).cells()
        == {}
    )


def test_a_snapshot_is_held_to_no_other_release(check: Check):
    rows = [figure(release, "2026-02-07", count=200) for release in ("a", "b", "c")]
    assert check(*rows, figure("d", "2026-02-07", count=1)).cells() == {}


# Within one workbook


def test_a_figure_that_a_workbook_prints_twice_differently_is_flagged_in_both_places(check: Check):
    flagged = check(
        figure("one", "2026-02-07", count=10, cell="B2", printed_table="by_agency"),
        figure("one", "2026-02-07", count=11, cell="H9", printed_table="by_disposition"),
    )
    assert flagged.cells() == dict.fromkeys(("B2", "H9"), "printed_twice_differently")
    assert flagged.texts("printed_twice_differently") == [
        "Detention!B2 and Detention!H9, detained: 10 and 11"
    ]


def test_averages_printed_twice_agree_within_a_thousandth_and_differ_with_all_their_decimals(check: Check):
    def twice(first: float, second: float) -> Flagged:
        more: dict[str, Any] = {"statistic": "average_length_of_stay"}
        return check(
            figure("one", "2026-02-07", number=first, cell="B2", **more),
            figure("one", "2026-02-07", number=second, cell="H9", **more),
        )

    assert twice(47.5, 47.501).cells() == {}
    assert twice(47.5151, 47.5182).texts("printed_twice_differently") == [
        "Detention!B2 and Detention!H9, average_length_of_stay: 47.515 and 47.518"
    ]


def test_two_releases_that_print_a_figure_differently_restate_it(check: Check):
    assert check(figure("one", "2026-02-07", count=10), figure("two", "2026-02-07", count=11)).cells() == {}


def test_a_share_that_is_not_the_quotient_is_flagged(check: Check):
    def with_share(share: float) -> Flagged:
        row = figure(
            "one", "2026-02-07", "detained_agency_share", number=share, arresting_agency="ice", cell="E2"
        )
        return check(*by_agency(6, 3, 9), row)

    assert with_share(0.667).cells() == {}
    assert with_share(0.67).cells() == {}
    flagged = with_share(0.6)
    assert flagged.cells() == {"E2": "share_is_not_the_quotient"}
    assert flagged.texts("share_is_not_the_quotient") == ["Detention!E2: 0.6 printed, 6 of 9 is 0.6667"]


def test_a_share_of_nobody_is_not_compared(check: Check):
    row = figure("one", "2026-02-07", "detained_agency_share", number=0.5, arresting_agency="ice", cell="E2")
    assert "share_is_not_the_quotient" not in check(*by_agency(0, 0, 0), row).cells().values()


def bond(
    statistic: str, cell: str, *, count: int | None = None, number: float | None = None, **more: Any
) -> Row:
    """Returns a figure of January 2026 on the bond sheet."""
    whole = figure(
        "one",
        "2026-01-31",
        statistic,
        kind="month",
        start="2026-01-01",
        count=count,
        number=number,
        cell=cell,
    )
    columns = {name: value for name, value in whole.items() if not name.endswith("_code")}
    return columns | {"unit_code": "events", "sheet_original": "Monthly Bond Statistics"} | more


def test_a_share_printed_as_percent_is_flagged(check: Check):
    rows = [
        bond("book_outs", "B4", count=1000),
        bond("bonded_book_outs", "B5", count=334),
        bond("bonded_share", "B6", number=33.4, unit_code="share"),
    ]
    flagged = check(**{BOND: rows})
    assert flagged.cells(BOND) == {"B6": "share_is_not_the_quotient"}
    assert flagged.texts("share_is_not_the_quotient") == [
        "Monthly Bond Statistics!B6: 33.4 printed, 334 of 1,000 is 0.3340"
    ]


def test_a_past_span_of_zeros_alone_is_flagged(check: Check):
    rows = [bond("book_outs", "B4", count=0), bond("bonded_book_outs", "B5", count=0)]
    rows.append(bond("average_bond", "B7", number=0.0, unit_code="usd"))
    flagged = check(**{BOND: rows})
    assert flagged.cells(BOND) == dict.fromkeys(("B4", "B5", "B7"), "zero_for_a_past_span")
    assert flagged.texts("zero_for_a_past_span") == [
        "Monthly Bond Statistics, a_table: all 3 numbers through 2026-01-31 are zero"
    ]


def test_a_zero_beside_other_numbers_is_a_count(check: Check):
    rows = [bond("book_outs", "B4", count=5), bond("bonded_book_outs", "B5", count=0)]
    rows.append(bond("average_bond", "B7", number=0.0, unit_code="usd"))
    assert check(**{BOND: rows}).cells(BOND) == {}


def test_two_zeros_are_too_few_to_tell(check: Check):
    rows = [bond("book_outs", "B4", count=0), bond("bonded_book_outs", "B5", count=0)]
    assert check(**{BOND: rows}).cells(BOND) == {}


def test_a_figure_that_two_sheets_print_differently_is_flagged_on_both(check: Check):
    def on_both(count: int) -> Flagged:
        detention = figure(
            "one", "2026-01-31", "book_outs", kind="month", start="2026-01-01", count=100, cell="F40"
        ) | {"unit_code": "events"}
        return check(detention, **{BOND: [bond("book_outs", "B4", count=count)]})

    assert on_both(100).cells(BOND) == {}
    flagged = on_both(90)
    assert flagged.cells(BOND) == {"B4": "differs_between_sheets"}
    assert flagged.cells(TABLE) == {"F40": "differs_between_sheets"}
    assert set(flagged.texts("differs_between_sheets")) == {
        "book_outs through 2026-01-31: 90 at Monthly Bond Statistics!B4, 100 at Detention!F40"
    }


def watched(printed: str, technology: str, count: float, cell: str, area: str | None = None) -> list[Row]:
    """Returns participants with a technology, and their average length, in an area or the nation."""
    row = figure("one", "2026-02-07", "atd_participants", count=count, cell=cell)
    kept = {name: value for name, value in row.items() if not name.endswith("_code")}
    kept |= {"unit_code": "people", "printed_table": printed, "sheet_original": "ATD", "aor_code": area}
    kept |= {"technology_code": technology, "atd_status_code": "total", "hearing_outcome_code": "total"}
    mean = {"statistic_name": "atd_length_in_program", "unit_code": "days", "cell_original": f"{cell}0"}
    return [kept, kept | mean | {"value_count": None, "value_number": 100.5}]


def test_areas_that_do_not_add_up_to_the_nation_are_flagged_with_the_averages_beside_them(check: Check):
    def on_one_sheet(second: str) -> Flagged:
        rows = [
            *watched("atd_by_area", "gps", 4, "B8", "ATL"),
            *watched("atd_by_area", second, 5, "B9", "BOS"),
            watched("atd_by_technology", "gps", 9, "B2")[0],
        ]
        return check(atd_figures=rows)

    assert on_one_sheet("gps").cells("atd_figures") == {}
    flagged = on_one_sheet("voice_id")
    assert flagged.cells("atd_figures") == dict.fromkeys(
        ("B2", "B8", "B80", "B9", "B90"), "areas_sum_to_nation"
    )
    assert flagged.texts("areas_sum_to_nation") == [
        "ATD, gps on 2026-02-07: the areas add up to 4, the nation has 9",
        "ATD, voice_id on 2026-02-07: the areas add up to 5, the nation has 0",
    ]


def test_areas_are_held_to_the_nation_only_where_a_sheet_prints_both(check: Check):
    assert check(atd_figures=watched("atd_by_area", "gps", 4, "B8", "ATL")).findings == []


def test_a_figure_that_the_catalog_marks_by_hand_is_flagged_where_it_prints_that_value(check: Check):
    def removed(count: int, fiscal_year: int = 2021) -> Flagged:
        row = so_far("one", f"{fiscal_year}-09-30", "removals", count, cell="B96")
        parents = {name: value for name, value in row.items() if not name.endswith("_code")}
        parents |= {
            "unit_code": "events",
            "population_code": "parents_of_us_citizens",
            "sheet_original": "Semiannual",
        }
        return check(**{SEMIANNUAL: [parents]})

    flagged = removed(64)
    assert flagged.cells(SEMIANNUAL) == {"B96": "implausible"}
    assert flagged.texts("implausible")[0].startswith(
        "Semiannual!B96: 64. Removals of parents of U.S. citizens"
    )
    assert removed(5_523).cells(SEMIANNUAL) == {}
    assert removed(64, 2022).cells(SEMIANNUAL) == {}


@pytest.mark.parametrize("flag", READER_FLAGS)
def test_what_reading_has_marked_is_told_a_table_at_a_time(check: Check, flag: str):
    rows = [
        figure("one", "2026-02-07", count=5, flags=flag, cell=cell, precision="approximate")
        for cell in ("B2",)
    ]
    rows.append(figure("one", "2026-02-07", "removals", count=5, flags=flag, cell="B3"))
    flagged = check(*rows)
    assert flagged.cells() == {"B2": flag, "B3": flag}
    assert flagged.texts(flag) == ["Detention, a_table: 2 figures"]


# Facilities


def facility(
    name: str = "SMALL JAIL", *, row: int = 8, release: str = "one", level_a: float = 10.0, **more: Any
) -> Row:
    """Returns a facility that holds ten people a day, whichever way they are added up."""
    return {
        "release": release,
        "fiscal_year": 2026,
        "through_date": figure(release, "2026-02-07")["through_date"],
        "through_precision": "day",
        "facility_name": name,
        "city": "Lowell",
        "adp_level_a": level_a,
        "adp_male_criminal": 4.0,
        "adp_female_non_criminal": 6.0,
        "adp_threat_level_1": 1.0,
        "adp_no_threat_level": 9.0,
        "file_original": f"{release}.xlsx",
        "sheet_original": "Facilities",
        "row_original": row,
        "columns_original": "facility_name:A",
    } | more


def rows_flagged(flagged: Flagged) -> dict[int, str]:
    return flagged.cells(FACILITIES, "row_original")


def test_a_facility_whose_three_sums_differ_is_flagged(check: Check):
    flagged = check(**{FACILITIES: [facility(), facility("OTHER JAIL", row=9, level_a=0.5)]})
    assert rows_flagged(flagged) == {9: "facility_sums_differ"}
    assert flagged.texts("facility_sums_differ") == [
        "OTHER JAIL, row 9: 0.50 by level, 10.00 by sex and criminality, 10.00 by threat level"
    ]


def test_the_three_sums_of_a_facility_may_differ_by_a_tenth(check: Check):
    assert rows_flagged(check(**{FACILITIES: [facility(level_a=10.1)]})) == {}


def nation(held: float, **more: Any) -> Row:
    return figure(
        "one",
        "2026-02-07",
        "average_daily_population",
        kind="fiscal_year_to_date",
        start="2025-10-01",
        number=held,
        **more,
    )


def test_facilities_that_hold_more_than_the_nation_are_all_flagged(check: Check):
    jails = [facility(), facility("OTHER JAIL", row=9)]
    assert rows_flagged(check(nation(19.7), **{FACILITIES: jails})) == {}
    flagged = check(nation(19.5), **{FACILITIES: jails})
    assert rows_flagged(flagged) == dict.fromkeys((8, 9), "facilities_exceed_nation")
    assert flagged.texts("facilities_exceed_nation") == [
        "Facilities: 2 facilities hold 20.0 a day, the nation 19.5"
    ]


def test_a_facility_listed_twice_is_flagged_in_both_rows(check: Check):
    flagged = check(**{FACILITIES: [facility(), facility(row=30), facility(row=31, city="Boston")]})
    assert rows_flagged(flagged) == dict.fromkeys((8, 30), "facility_listed_twice")
    assert flagged.texts("facility_listed_twice") == ["SMALL JAIL, Lowell: rows 8, 30"]


# Flags together


def test_a_row_that_two_checks_touch_carries_both_names_in_order(check: Check):
    flagged = check(
        *by_agency(6, 4, 11), figure("one", "2026-02-07", count=12, cell="H9", printed_table="other")
    )
    assert flagged.cells()["D2"] == "parts_sum_to_total;printed_twice_differently"


def test_checks_change_nothing_but_flags(check: Check, catalog: Catalog):
    rows = by_agency(6, 4, 11)
    before = build_frame(rows, catalog.tables[TABLE])
    after = check(*rows).frames[TABLE]
    assert after.drop("flags").equals(before.drop("flags"))


def test_only_own_releases_are_marked_and_told_of_while_all_are_looked_at(check: Check):
    rows = [
        so_far("december", "2025-12-31", "removals", 40),
        so_far("january", "2026-01-07", "removals", 30),
        so_far("february", "2026-02-07", "removals", 29),
    ]
    flagged = check(*rows, own=["february"])
    marked = flagged.frames[TABLE].filter(pl.col("flags").is_not_null())
    assert marked.get_column("release").to_list() == ["february"]
    assert [each.releases for each in flagged.findings] == [("february",)]


def test_clearing_flags_keeps_what_reading_has_marked(catalog: Catalog):
    rows = [
        figure("one", "2026-02-07", count=1, cell="A1", flags="parts_sum_to_total"),
        figure("one", "2026-02-07", count=1, cell="A2", flags="date_of_another_year;far_from_other_releases"),
        figure("one", "2026-02-07", count=1, cell="A3"),
    ]
    cleared = clear_flags(build_frame(rows, catalog.tables[TABLE]))
    assert cleared.get_column("flags").to_list() == [None, "date_of_another_year", None]


# The traps that the real files hold


class RealRecord:
    """The record of the real files."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.layer = read_layer(folder)
        self.manifest = manifest

    def rows(self, table: str, release: str, **equal: Any) -> pl.DataFrame:
        """Returns the rows of a release in a table, where columns equal what is given."""
        rows = self.layer.frames[table].filter(pl.col("release") == release)
        return rows.filter(*(pl.col(name) == value for name, value in equal.items()))

    def flags(self, table: str, release: str, **equal: Any) -> set[str | None]:
        """Returns the flags of such rows."""
        return set(self.rows(table, release, **equal).get_column("flags"))

    def findings(self, check: str, release: str) -> list[str]:
        """Returns what a check found in a release."""
        found = self.layer.frames["findings"].filter(
            (pl.col("check") == check) & pl.col("releases").list.contains(release)
        )
        return found.get_column("text").to_list()


@pytest.fixture(scope="module")
def real(real_record: tuple[Path, Manifest]) -> RealRecord:
    return RealRecord(*real_record)


@pytest.mark.needs_shared
class TestTraps:
    def test_1882_facility_rows_of_january_2021_are_flagged_all(self, real: RealRecord):
        rows = real.rows(FACILITIES, "2021-01-07-fy21-detentionstats")
        assert rows.height == 1_882
        assert rows.get_column("flags").str.contains("facilities_exceed_nation").all()

    def test_the_broken_level_a_of_july_2022_is_flagged(self, real: RealRecord):
        rows = real.rows(FACILITIES, "fy22-detentionstats07082022")
        broken = rows.get_column("flags").fill_null("").str.contains("facility_sums_differ")
        assert broken.sum() > rows.height // 2
        assert len(real.findings("facility_sums_differ", "fy22-detentionstats07082022")) == broken.sum()

    def test_64_removals_of_parents_of_us_citizens_are_flagged_wherever_they_are_printed(
        self, real: RealRecord
    ):
        rows = real.layer.frames[SEMIANNUAL].filter(
            (pl.col("population_code") == "parents_of_us_citizens")
            & (pl.col("statistic_name") == "removals")
            & (pl.col("fiscal_year") == 2021)
        )
        of_64 = rows.filter(pl.col("value_count") == 64)
        assert of_64.height > 20
        assert of_64.get_column("flags").str.contains("implausible").all()
        others = rows.filter(pl.col("value_count") != 64).get_column("flags").fill_null("")
        assert not others.str.contains("implausible").any()

    def test_the_workbook_named_fy21_that_holds_fy2020_is_read_as_fy2020_and_reported(self, real: RealRecord):
        release = "fy21-detentionstats060921"
        assert real.findings("fiscal_year_differs_from_name", release) != []
        removals = real.rows(TABLE, release, statistic_name="removals", period_kind="fiscal_year_to_date")
        assert set(removals.get_column("fiscal_year")) == {2020}

    @pytest.mark.parametrize("release", ["fy21-detentionstats061121", "fy21-detentionstats10072021"])
    def test_what_stale_notes_would_date_is_dated_approximately_and_flagged(
        self, real: RealRecord, release: str
    ):
        """Both workbooks are of fiscal year 2021 and carry the notes of fiscal year 2020."""
        assert real.findings("date_of_another_year", release) != []
        for statistic in ("book_ins", "book_outs", "removals"):
            rows = real.rows(TABLE, release, statistic_name=statistic, period_kind="fiscal_year_to_date")
            assert not rows.is_empty()
            assert rows.get_column("flags").str.contains("date_of_another_year").all()

    @pytest.mark.parametrize("release", ["fy21-detentionstats061121", "fy21-detentionstats10072021"])
    def test_people_held_are_not_dated_by_a_stale_note(self, real: RealRecord, release: str):
        held = real.rows(TABLE, release, statistic_name="detained", period_kind="snapshot")
        assert held.get_column("flags").str.contains("date_of_another_year").all()
        assert (held.get_column("through_date") > datetime.date(2021, 5, 1)).all()

    def test_the_technologies_that_july_2023_counts_otherwise_by_area_are_flagged(self, real: RealRecord):
        release = "fy23-detentionstats07102023"
        assert sorted(real.findings("areas_sum_to_nation", release)) == [
            "ATD FY23 YTD, none on 2023-07-01: the areas add up to 1,099, the nation has 771",
            "ATD FY23 YTD, voice_id on 2023-07-01: the areas add up to 8,724, the nation has 9,052",
        ]

    def test_a_hidden_sheet_is_not_read_and_is_reported(self, real: RealRecord):
        release = "fy26-detentionstats01082026"
        assert "the sheet 'Detention EOFY2020' is hidden and is not read" in real.findings(
            "hidden_sheet", release
        )
        held = real.rows(TABLE, release, statistic_name="detained", period_kind="snapshot")
        assert 68_990 in held.get_column("value_count")
        assert 19_068 not in held.get_column("value_count")

    def test_the_year_that_no_label_gives_is_mended_and_flagged(self, real: RealRecord):
        custody = real.layer.frames["custody_figures"]
        mended = custody.filter(pl.col("flags").fill_null("").str.contains("year_label_missing"))
        assert not mended.is_empty()
        for release in set(mended.get_column("release")):
            days = real.rows("custody_figures", release).get_column("through_date")
            through = next(each for each in real.manifest.releases if each.release == release).published_from
            assert through is not None
            assert days.max() <= through

    def test_zeros_for_past_months_of_bond_are_flagged(self, real: RealRecord):
        release = "fy26-detentionstats-02122026"
        zeros = real.rows(BOND, release).filter(
            (pl.col("value_count") == 0) & (pl.col("statistic_name") == "book_outs")
        )
        assert not zeros.is_empty()
        assert zeros.get_column("flags").str.contains("zero_for_a_past_span").all()
        texts = real.findings("zero_for_a_past_span", release)
        assert any(each.startswith("Monthly Bond Statistics") for each in texts)
