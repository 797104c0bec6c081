"""What the catalog declares of individual records: codes, releases, and the header of every released table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import fastexcel
import pytest

from recount.acquire.files import read_file
from recount.declare.catalog import Catalog
from recount.declare.event_catalog import EventCatalog
from recount.declare.events import EventLayout
from recount.declare.tables import CodeList
from recount.extract.event_files import read_event_file
from recount.extract.headers import KnownHeaders, normalise_header

GROUPS = {
    "mexico",
    "guatemala",
    "honduras",
    "el_salvador",
    "other_north_america",
    "south_america",
    "europe",
    "africa",
    "asia",
    "oceania",
    "unknown",
}
METHOD_GROUPS = {"at_large", "custodial", "program_287g", "other"}
TABLE_OF_TYPE = {
    "arrests": "arrests",
    "detainers": "detainers",
    "detentions": "stints",
    "encounters": "encounters",
    "removals": "removals",
}
NOT_COVERED = {
    "14-03290": "The list gives the first line of the sheet, For Official Use Only, instead of its header.",
}
REAL_FILES = [
    ("foia/2019-ICFO-53623/EROArrests_FY2016.csv.gz", ["icfo-53623-arrests"]),
    ("foia/2019-ICFO-53623/EROArrests_FY2018.csv.gz", ["icfo-53623-arrests"]),
    ("foia/2019-ICFO-53623/EROArrests_FY2019.csv.gz", ["icfo-53623-arrests"]),
    ("foia/2019-ICFO-53623/EROEncounters_FY2016.csv.gz", ["icfo-53623-encounters"]),
    ("foia/2019-ICFO-53623/EROEncounters_FY2019.csv.gz", ["icfo-53623-encounters"]),
    ("foia/2019-ICFO-53623/ICERemovals_FY2016.csv.gz", ["icfo-53623-removals"]),
    ("foia/2019-ICFO-53623/ICERemovals_FY2018.csv.gz", ["icfo-53623-removals"]),
    ("foia/2019-ICFO-53623/ICERemovals_FY2019.csv.gz", ["icfo-53623-removals"]),
    (
        "foia/uw-v-dhs/redacted UW v. DHS - ICE Productions_LESA-STU_FINAL.xlsx",
        ["uw-v-dhs-arrests", "uw-v-dhs-book-ins", "uw-v-dhs-removals", "uw-v-dhs-removals"],
    ),
    (
        "foia/2018-ICFO-36170/FOIA 2018-ICFO-36170 Seattle Encounters Arrests and Removals"
        "_LESA_STU_Final-redacted.xlsx",
        ["icfo-36170-arrests", "icfo-36170-encounters", "icfo-36170-removals"] * 2,
    ),
    ("detainers/ICE_FOIA_15-87693_detainers_FY15YTD.xlsx", ["icfo-15-87693-detainers"]),
    ("deportation-data-project/arrest.csv", ["ddp-selection-arrests"]),
    ("deportation-data-project/detainer.csv", ["ddp-selection-detainers"]),
    ("deportation-data-project/detention.csv", ["ddp-selection-stints"]),
    ("deportation-data-project/encounter.csv", ["ice-2025-03-encounters"]),
]
RELEASE_OF_FOLDER = {
    "032025": "ice-2025-03",
    "062025": "ice-2025-06-early",
    "072025": "ice-2025-06-late",
    "082025": "ice-2025-07-late",
}


@pytest.fixture(scope="module")
def events(catalog: Catalog) -> EventCatalog:
    return catalog.events


def fold(spelling: str) -> str:
    """Returns a spelling as cleaning compares it."""
    return " ".join(spelling.split()).casefold()


def code_lists(events: EventCatalog) -> list[CodeList]:
    """Returns the lists that some field of an event table takes its codes from."""
    names = {
        each.codes for table in events.tables.values() for each in table.fields if each.codes is not None
    }
    return [events.codes[name] for name in sorted(names)]


def names_of(layout: EventLayout) -> Counter[str]:
    return Counter(normalise_header(each.name) for each in layout.columns)


def marked_releases(catalog: Catalog, path: str) -> list[str]:
    """Returns the releases of whose marks one stands in a path."""
    return [
        each.release
        for each in catalog.releases.values()
        if any(re.search(mark, path, re.IGNORECASE) for mark in each.marks)
    ]


def listed_headers(shared_data: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Yields path, type and header of every file of ICE's individual records that the project's list names."""
    book = fastexcel.read_excel(shared_data / "deportation-data-project" / "data_column_names.xlsx")
    rows = book.load_sheet("Sheet1", dtypes="string").to_polars()
    places = [each for each in rows.columns if each.isdigit()]
    for row in rows.iter_rows(named=True):
        if row["Agency"] == "ICE" and row["Type"] in TABLE_OF_TYPE:
            header = [row[each] for each in places if row[each] is not None]
            yield f"{row['path']}/{row['name']}", row["Type"], header


def test_every_table_of_individual_records_is_declared(events: EventCatalog):
    assert sorted(events.tables) == ["arrests", "book_ins", "detainers", "encounters", "removals", "stints"]


def test_every_table_has_a_layout(events: EventCatalog):
    assert {each.table for each in events.layouts.values()} == set(events.tables)


def test_a_spelling_means_one_code_however_it_is_spaced_and_cased(events: EventCatalog):
    for codes in code_lists(events):
        meant: dict[str, str | None] = {}
        for spelling, code in codes.by_spelling().items():
            assert meant.setdefault(fold(spelling), code) == code, (codes.codes_of, spelling)
        for each in codes.codes:
            # Processed files write labels, which are read as spellings.
            label = fold(each.label.en)
            assert meant.setdefault(label, each.code) == each.code, (codes.codes_of, each.label.en)


@pytest.mark.parametrize("name", ["genders", "threat_levels", "apprehension_methods", "citizenships"])
def test_a_spelling_is_listed_once(events: EventCatalog, name: str):
    listed = Counter(
        fold(spelling) for each in events.codes[name].codes for spelling in {each.code, *each.spellings}
    )
    assert [spelling for spelling, count in listed.items() if count > 1] == []


def test_every_citizenship_has_a_group(events: EventCatalog):
    assert {each.group for each in events.codes["citizenships"].codes} == GROUPS


@pytest.mark.parametrize(
    ("spelling", "code", "group"),
    [
        ("MEXICO", "MEX", "mexico"),
        ("CHINA, PEOPLES REPUBLIC OF", "CHN", "asia"),
        ("ST. KITTS-NEVIS", "KNA", "other_north_america"),
        ("BURMA", "MMR", "asia"),
        ("SWAZILAND", "SWZ", "africa"),
        ("MACEDONIA", "MKD", "europe"),
        ("USSR", "SUN", "europe"),
        ("YUGOSLAVIA", "YUG", "europe"),
        ("KOREA", "XKO", "asia"),
        ("SOUTH KOREA", "KOR", "asia"),
        ("DEM REP OF THE CONGO", "COD", "africa"),
        ("CONGO", "COG", "africa"),
        ("UNKNOWN", "XUN", "unknown"),
    ],
)
def test_a_country_is_known_as_ice_writes_it(events: EventCatalog, spelling: str, code: str, group: str):
    countries = events.codes["citizenships"]
    assert countries.by_spelling()[spelling] == code
    assert next(each.group for each in countries.codes if each.code == code) == group


def test_a_country_code_that_iso_does_not_assign_has_a_reason(events: EventCatalog):
    assigned_by_users = [each for each in events.codes["citizenships"].codes if each.code.startswith("X")]
    assert [each.code for each in assigned_by_users] == ["XKO", "XKX", "XUN", "XXA"]
    assert all(each.reason for each in assigned_by_users)


def test_methods_are_grouped_as_the_project_groups_them_from_august_2026_on(events: EventCatalog):
    methods = events.codes["apprehension_methods"]
    assert {each.group for each in methods.codes} == METHOD_GROUPS
    groups = {name: {each.code for each in methods.codes if each.group == name} for name in METHOD_GROUPS}
    assert groups["at_large"] == {
        "non_custodial_arrest",
        "located",
        "probation_and_parole",
        "worksite_enforcement",
    }
    assert groups["custodial"] == {
        "custodial_arrest",
        "cap_local_incarceration",
        "cap_state_incarceration",
        "cap_federal_incarceration",
        "criminal_alien_program",
    }
    assert groups["program_287g"] == {"program_287g"}


def test_boston_is_an_area_of_six_states(events: EventCatalog):
    areas = events.codes["areas_of_responsibility"]
    assert areas.by_spelling()["Boston Area of Responsibility"] == "BOS"
    assert areas.label("BOS").en == areas.label("BOS").es == "Boston"
    reason = next(str(each.reason) for each in areas.codes if each.code == "BOS")
    for state in ("Connecticut", "Maine", "Massachusetts", "New Hampshire", "Rhode Island", "Vermont"):
        assert state in reason


def test_every_warning_of_an_event_table_is_in_the_vocabulary(catalog: Catalog, events: EventCatalog):
    known = {each.warning for each in catalog.warnings.warnings}
    assert {"area_is_no_city", "methods_change_2025_07"} <= set(events.tables["arrests"].warnings)
    assert "removals_known_wrong" in events.tables["removals"].warnings
    assert "stints_are_not_people" in events.tables["stints"].warnings
    assert {each for table in events.tables.values() for each in table.warnings} <= known


def test_no_two_layouts_have_one_header(events: EventCatalog):
    headers = Counter(tuple(sorted(names_of(each).elements())) for each in events.layouts.values())
    assert [header for header, count in headers.items() if count > 1] == []


def test_a_release_that_a_header_tells_is_one_of_its_source(catalog: Catalog, events: EventCatalog):
    for each in events.layouts.values():
        if each.release is not None:
            assert catalog.releases[each.release].source == each.source, each.layout


def test_a_constant_is_a_code_of_its_field(events: EventCatalog):
    for layout in events.layouts.values():
        for each in layout.constants:
            declared = events.tables[layout.table].field(each.field)
            if declared.codes is not None:
                assert each.value in {code.code for code in events.codes[declared.codes].codes}


def test_a_blank_says_none_only_of_threat_levels(events: EventCatalog):
    for layout in events.layouts.values():
        for each in layout.blank_is_none:
            assert events.tables[layout.table].field(each).codes == "threat_levels"
            assert layout.generation in ("G1", "G2", "G3")
            assert layout.table in ("detainers", "removals", "stints")


def test_every_layout_with_rows_in_time_has_the_date_of_its_table(events: EventCatalog):
    undated = []
    for layout in events.layouts.values():
        date = events.tables[layout.table].date
        fields = {each.to for each in layout.columns}
        # The inferred day of a removal follows from either of two released ones.
        wanted = {date, date.replace("_date", "_datetime"), "removal_date", "departed_date"}
        if layout.table != "removals":
            wanted -= {"removal_date", "departed_date"}
        if not wanted & fields:
            undated.append(layout.layout)
    assert undated == ["icfo-36170-encounters", "icfo-36170-removals"]


@pytest.mark.parametrize(
    ("layout", "columns"),
    [
        ("ice-42034-arrests", 7),
        ("ice-42034-detentions", 33),
        ("ice-42034-removals", 29),
        ("ice-2025-06-arrests", 23),
        ("ice-2025-06-encounters", 25),
        ("ice-2025-07-detainers", 65),
        ("ice-2025-07-removals", 41),
        ("ice-2026-03-arrests", 25),
        ("ice-2026-03-detainers", 65),
        ("ice-2026-03-detainers-fy23-fy24", 64),
        ("ice-2026-03-detentions", 53),
        ("ice-2026-03-encounters", 23),
        ("ice-2026-03-removals", 39),
        ("ice-2026-08-arrests", 22),
        ("ice-2026-08-arrests-fy24", 21),
        ("ice-2026-08-detainers", 44),
        ("ice-2026-08-detentions", 34),
        ("ice-2026-08-encounters", 22),
        ("ice-2026-08-removals", 35),
    ],
)
def test_a_raw_table_has_as_many_columns_as_its_release(events: EventCatalog, layout: str, columns: int):
    assert len(events.layouts[layout].columns) == columns


def test_of_two_columns_of_one_name_the_second_is_the_one_of_the_form(events: EventCatalog):
    twice = [
        each.to
        for each in events.layouts["ice-2025-06-detainers-twice"].columns
        if each.name == "Final Order Yes No"
    ]
    assert twice == ["has_final_order", "has_final_order_on_form"]


def test_a_day_that_holds_codes_in_one_release_is_not_read_there(events: EventCatalog):
    def columns(layout: str) -> dict[str, str | None]:
        return {normalise_header(each.name): each.to for each in events.layouts[layout].columns}

    assert columns("ddp-selection-detainers")[normalise_header("msc_charge_date")] is None
    assert columns("ice-2025-06-detainers")[normalise_header("msc_charge_date")] == "msc_charge_date"


@pytest.mark.needs_shared
@pytest.mark.parametrize(("name", "layouts"), REAL_FILES)
def test_the_header_of_every_real_file_is_known_exactly(
    shared_data: Path, events: EventCatalog, name: str, layouts: list[str]
):
    raw = read_event_file(read_file(shared_data / name, name), KnownHeaders(events), head_only=True)
    assert [each.recognised.layout.layout for each in raw.tables] == layouts
    assert all(each.recognised.why.startswith("its header has exactly") for each in raw.tables)


@pytest.mark.needs_shared
def test_every_listed_header_is_known_by_exactly_one_layout(shared_data: Path, events: EventCatalog):
    left = set()
    for path, kind, header in listed_headers(shared_data):
        names = Counter(normalise_header(each) for each in header)
        fitting = [each for each in events.layouts.values() if names_of(each) == names]
        reason = next((each for each in NOT_COVERED if each in path), None)
        if reason is not None:
            left.add(reason)
            assert fitting == [], path
            continue
        assert [each.table for each in fitting] == [TABLE_OF_TYPE[kind]], path
    assert left == set(NOT_COVERED)


@pytest.mark.needs_shared
def test_every_listed_file_is_of_one_release(shared_data: Path, catalog: Catalog, events: EventCatalog):
    for path, _, header in listed_headers(shared_data):
        if any(each in path for each in NOT_COVERED):
            continue
        names = Counter(normalise_header(each) for each in header)
        told = {each.release for each in events.layouts.values() if names_of(each) == names}
        marked = marked_releases(catalog, path.rsplit("/", 1)[1])
        assert len(marked) <= 1, path
        release = marked[0] if marked else told.pop()
        folder = path.split("/")[2]
        assert release == RELEASE_OF_FOLDER.get(folder, release), path
        assert release is not None, path


@pytest.mark.needs_shared
def test_every_name_in_the_list_of_labels_is_declared_for_its_table(shared_data: Path, events: EventCatalog):
    declared: dict[str, set[str]] = {}
    for layout in events.layouts.values():
        declared.setdefault(layout.table, set()).update(names_of(layout))
    book = fastexcel.read_excel(shared_data / "deportation-data-project" / "labels.xlsx")
    rows = book.load_sheet("data", dtypes="string").to_polars().iter_rows(named=True)
    for row in rows:
        kind = str(row["Type"]).split("_")[0]
        if row["Agency"] != "ICE" or kind not in TABLE_OF_TYPE or row["Columns"] is None:
            continue
        # "sheet" is the list's own, and "...14" a column without a name.
        names = {each.strip() for each in row["Columns"].split(";")} - {"sheet"}
        named = {normalise_header(each) for each in names if not each.startswith("...")}
        assert named <= declared[TABLE_OF_TYPE[kind]], row["Filename"]


@pytest.mark.needs_shared
def test_every_header_in_the_list_of_labels_is_read_as_the_project_publishes_it(
    shared_data: Path, events: EventCatalog
):
    known, read = KnownHeaders(events), set()
    book = fastexcel.read_excel(shared_data / "deportation-data-project" / "labels.xlsx")
    for row in book.load_sheet("data", dtypes="string").to_polars().iter_rows(named=True):
        kind = str(row["Type"]).split("_")[0]
        if row["Agency"] != "ICE" or kind not in TABLE_OF_TYPE or row["Columns"] is None:
            continue
        header = [each.strip() for each in row["Columns"].split(";")]
        assert known.find_row([header]) == 0, row["Filename"]
        assert known.recognise(header, row["Filename"]).layout.table == TABLE_OF_TYPE[kind], row["Filename"]
        read.add(row["Filename"])
    assert len(read) == 57


@pytest.mark.needs_shared
def test_a_real_file_is_of_the_release_that_its_path_marks(shared_data: Path, catalog: Catalog):
    expected = {
        "2019-ICFO-53623": "ice-2019-icfo-53623",
        "uw-v-dhs": "ice-uw-v-dhs-2019-07",
        "2018-ICFO-36170": "ice-2018-icfo-36170",
        "detainers": "ice-15-87693",
    }
    for name, _ in REAL_FILES:
        folder = name.split("/")[-2]
        if folder in expected:
            assert marked_releases(catalog, name) == [expected[folder]]
    assert marked_releases(catalog, "deportation-data-project/encounter.csv") == ["ddp-2025-03-selection"]


@pytest.mark.needs_shared
def test_every_other_file_beside_them_is_left_with_a_reason(shared_data: Path, catalog: Catalog):
    real = {name for name, _ in REAL_FILES}
    for source in ("foia-15-87693", "deportation-data-project"):
        declared = catalog.sources[source]
        for path in (shared_data / declared.folder).iterdir():
            if path.relative_to(shared_data).as_posix() in real:
                continue
            assert any(re.fullmatch(each.pattern, path.name) for each in declared.files_not_read), path.name
