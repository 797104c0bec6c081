"""The page that tells what was read of each workbook, held to the record."""

from __future__ import annotations

from pathlib import Path

import pytest

from recount.record.manifest import Manifest
from recount.record.store import open_record
from recount.report.coverage import PAGE, write_coverage

DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return open_record(tmp_path_factory.mktemp("nobody")).layers[0].manifest


def test_the_page_is_what_the_shipped_record_says_now(manifest: Manifest):
    assert (DOCS / PAGE).read_text(encoding="utf-8") == write_coverage(manifest), "run make docs"


def test_every_workbook_has_a_line(manifest: Manifest):
    page = write_coverage(manifest)
    workbooks = [each.file for each in manifest.files if each.counted == "number cells"]
    assert len(workbooks) == 77
    assert all(f"| {name} |" in page for name in workbooks)


def test_number_cells_are_kept_set_aside_or_unknown(manifest: Manifest):
    for file in manifest.files:
        for sheet in file.sheets:
            assert sheet.numbers == sheet.kept + sheet.set_aside + sheet.unknown, (file.file, sheet.sheet)


def test_every_number_cell_of_the_shipped_workbooks_is_accounted_for(manifest: Manifest):
    assert sum(sheet.unknown for file in manifest.files for sheet in file.sheets) == 0


def test_a_share_that_is_not_whole_is_not_rounded_to_whole(manifest: Manifest):
    (first, *_) = [each for each in manifest.files if each.counted == "number cells"]
    sheet = first.sheets[-1].model_copy(update={"unknown": 1})
    partly = first.model_copy(update={"sheets": [*first.sheets[:-1], sheet]})
    others = [each for each in manifest.files if each.file != first.file]
    assert "100.0 %" not in write_coverage(manifest.model_copy(update={"files": [partly, *others]}))
