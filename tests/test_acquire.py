"""Finding released files: known by name, kept by content."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from recount.acquire.files import find_files, read_file
from recount.declare.catalog import Catalog
from recount.errors import ReleaseFileError
from tiny_release import ACTIVATIONS_FILE, JURISDICTIONS_FILE, PRINTED, PRINTED_FILE, write_tiny_release


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_tiny_release(tmp_path / "released")


def names(folder: Path, catalog: Catalog) -> dict[str, list[str]]:
    found = find_files(folder, catalog)
    return {layout: [each.relative for each in files] for layout, files in found.by_layout.items()}


def test_a_file_is_known_by_its_name_wherever_it_lies_below_the_folder(folder: Path, catalog: Catalog):
    (folder / "elsewhere" / "deep").mkdir(parents=True)
    (folder / "secure-communities" / PRINTED_FILE).rename(folder / "elsewhere" / "deep" / PRINTED_FILE)
    assert names(folder, catalog) == {
        "activation-dates-by-county": [f"secure-communities/{ACTIVATIONS_FILE}"],
        "interoperability-by-county": [f"secure-communities/{JURISDICTIONS_FILE}"],
        "published-figures": [f"elsewhere/deep/{PRINTED_FILE}"],
    }


def test_the_folder_may_be_the_sources_own(folder: Path, catalog: Catalog):
    assert names(folder / "secure-communities", catalog)["published-figures"] == [PRINTED_FILE]


def test_a_file_is_kept_by_its_content(folder: Path, catalog: Catalog):
    (found,) = find_files(folder, catalog).by_layout["published-figures"]
    assert found.content == PRINTED.encode()
    assert found.sha256 == hashlib.sha256(PRINTED.encode()).hexdigest()


def test_two_files_of_one_content_are_one(folder: Path, catalog: Catalog):
    (folder / "again").mkdir()
    shutil.copy(folder / "secure-communities" / PRINTED_FILE, folder / "again" / PRINTED_FILE)
    assert names(folder, catalog)["published-figures"] == [f"again/{PRINTED_FILE}"]


def test_two_files_of_one_name_that_differ_are_refused_and_both_are_named(folder: Path, catalog: Catalog):
    (folder / "again").mkdir()
    (folder / "again" / PRINTED_FILE).write_text(PRINTED + "\n")
    with pytest.raises(ReleaseFileError) as raised:
        find_files(folder, catalog)
    assert f"Two files are called {PRINTED_FILE} and differ." in str(raised.value)
    assert dict(raised.value.facts)["files"] == f"again/{PRINTED_FILE}\nsecure-communities/{PRINTED_FILE}"


def test_two_editions_of_a_table_are_two_files(folder: Path, catalog: Catalog):
    table = folder / "secure-communities" / JURISDICTIONS_FILE
    later = table.with_name(JURISDICTIONS_FILE.replace("2012-08-31", "2012-09-30"))
    later.write_text(table.read_text() + "\n")
    assert len(names(folder, catalog)["interoperability-by-county"]) == 2


@pytest.mark.parametrize(
    ("left_out", "layout"),
    [
        ("jurisdictions", "interoperability-by-county"),
        ("printed", "published-figures"),
        ("activations", "activation-dates-by-county"),
    ],
)
def test_a_required_file_that_is_missing_is_told_with_the_name_wanted(
    tmp_path: Path, catalog: Catalog, left_out: str, layout: str
):
    folder = write_tiny_release(tmp_path / "released", **{left_out: None})
    with pytest.raises(ReleaseFileError) as raised:
        find_files(folder, catalog)
    facts = dict(raised.value.facts)
    assert facts["wanted"] == f"a file named like {catalog.layouts[layout].files}"
    assert f"layouts/{layout}.yml" in facts["fix"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, catalog: Catalog):
    with pytest.raises(ReleaseFileError, match="There is no folder"):
        find_files(tmp_path / "nowhere", catalog)


def test_a_file_that_is_left_alone_is_told_with_the_declared_reason(folder: Path, catalog: Catalog):
    (declared,) = catalog.sources["secure-communities"].files_not_read
    name = declared.pattern.replace("\\", "")
    (folder / "secure-communities" / name).write_text("x")
    assert find_files(folder, catalog).not_read == [(f"secure-communities/{name}", declared.reason)]


def test_a_file_in_a_sources_folder_that_no_layout_knows_is_told_without_a_reason(
    folder: Path, catalog: Catalog
):
    (folder / "secure-communities" / "new-table.csv").write_text("x")
    assert find_files(folder, catalog).not_read == [("secure-communities/new-table.csv", None)]


def test_a_file_that_lies_in_no_sources_folder_is_none_of_ours(folder: Path, catalog: Catalog):
    (folder / "holiday.jpg").write_text("x")
    assert find_files(folder, catalog).not_read == []


def test_a_file_that_cannot_be_read_is_told_by_its_path_below_the_folder(tmp_path: Path):
    with pytest.raises(ReleaseFileError, match=r"^below/gone\.csv cannot be read"):
        read_file(tmp_path / "gone.csv", "below/gone.csv")


WORKBOOK = "FY26_detentionStats01082026.xlsx"
MONTHLY = "2024_1206_ohss_immigration-enforcement-and-legal-processes-tables-august-2024.xlsx"


def put(folder: Path, name: str, content: bytes = b"a workbook") -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def test_a_workbook_is_known_by_its_name_or_by_its_folder(folder: Path, catalog: Catalog):
    put(folder, f"elsewhere/{WORKBOOK}", b"one")
    put(folder, "detention-statistics/FY26/any name.xlsx", b"two")
    found = find_files(folder, catalog).workbooks["ice-detention-statistics"]
    assert [each.name for each in found] == ["any name.xlsx", WORKBOOK]


def test_workbooks_alone_are_enough(tmp_path: Path, catalog: Catalog):
    put(tmp_path, WORKBOOK)
    assert not find_files(tmp_path, catalog).is_empty


def test_a_workbook_of_the_same_bytes_is_left_out_and_told(folder: Path, catalog: Catalog):
    put(folder, f"detention-statistics/{WORKBOOK}")
    put(folder, "detention-statistics/copy.xlsx")
    found = find_files(folder, catalog)
    assert [each.name for each in found.workbooks["ice-detention-statistics"]] == [WORKBOOK]
    assert found.not_read == [
        ("detention-statistics/copy.xlsx", f"the same bytes as detention-statistics/{WORKBOOK}")
    ]


def test_the_lock_of_an_open_workbook_is_left_out_and_told(folder: Path, catalog: Catalog):
    put(folder, f"detention-statistics/~${WORKBOOK}")
    ((path, reason),) = find_files(folder, catalog).not_read
    assert path == f"detention-statistics/~${WORKBOOK}"
    assert reason == "the lock of a workbook that is open elsewhere"


def test_a_list_of_first_captures_is_found_beside_the_workbooks(folder: Path, catalog: Catalog):
    put(folder, "detention-statistics/workbooks.csv")
    found = find_files(folder, catalog).captures["ice-detention-statistics"]
    assert [each.name for each in found] == ["workbooks.csv"]


def test_monthly_tables_are_known_by_their_name(folder: Path, catalog: Catalog):
    put(folder, f"anywhere/{MONTHLY}")
    found = find_files(folder, catalog)
    assert [each.name for each in found.monthly["ohss"]] == [MONTHLY]
    assert found.workbooks["ice-detention-statistics"] == []
