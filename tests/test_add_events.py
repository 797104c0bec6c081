"""`recount add` of individual records: files into the user's own record, all of those given or none."""

from __future__ import annotations

import csv
import datetime
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from recount import paths
from recount.cli.app import app
from recount.declare.catalog import Catalog
from recount.errors import DataError, LayoutError, ReleaseFileError, UsageError
from recount.record.add_events import EventAddition, add_event_files, split_files
from recount.record.build import build_record
from recount.record.manifest import Manifest, read_manifest
from recount.record.store import EventPart, open_record
from small_event_files import ARREST, MARCH_ARREST, arrest, march, packed, pipes, sheet, workbook, write
from tiny_release import bytes_below, write_tiny_release
from written_workbook import write_workbook

ICFO = "ice-2019-icfo-53623"
Add = Callable[..., EventAddition]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Path:
    """The record that lies below: printed figures alone."""
    folder = tmp_path_factory.mktemp("below")
    build_record(write_tiny_release(folder / "released"), folder / "embedded", catalog)
    return folder / "embedded"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def add(embedded: Path, own: Path, catalog: Catalog) -> Add:
    return lambda *files, **more: add_event_files(list(files), catalog, folder=own, embedded=embedded, **more)


@pytest.fixture
def national(tmp_path: Path) -> Path:
    return write(tmp_path / "new", "EROArrests_FY2016.csv.gz", packed(pipes(ARREST, ARREST, {})))


@pytest.fixture
def monthly(tmp_path: Path) -> Path:
    content = workbook({"FY25": sheet(MARCH_ARREST, march(Anonymized_Identifier="a2"))})
    return write(tmp_path / "new", "2026-ICLI-00005_Arrests_FY25.xlsx", content)


def parts(own: Path, embedded: Path) -> list[EventPart]:
    return list(open_record(own, embedded).parts)


def told(own: Path, embedded: Path) -> list[tuple[str, str, str, int]]:
    return [(each.table, each.release, each.source_file, each.rows) for each in parts(own, embedded)]


# What is added


def test_a_file_is_added_as_a_part_of_its_release(add: Add, own: Path, embedded: Path, national: Path):
    (added,) = add(national).added
    assert (added.release.release, added.joins, added.took_place_of) == (ICFO, False, None)
    assert told(own, embedded) == [("arrests", ICFO, national.name, 2)]
    (part,) = parts(own, embedded)
    assert pl.read_parquet(part.path).get_column("row_original").to_list() == [7, 8]
    assert (part.layout, part.generation, part.is_synthetic) == ("icfo-53623-arrests", None, False)
    assert (str(part.first_date), str(part.last_date), str(part.cut_off)) == (
        "2015-10-01",
        "2015-10-01",
        "2019-08-31",
    )


def test_rows_in_are_accounted_for_sheet_by_sheet(add: Add, national: Path):
    (entry,) = [each.entry for each in add(national).added]
    assert (entry.rows_in, entry.rows_kept, [(each.rule, each.rows) for each in entry.set_aside]) == (
        3,
        2,
        [("blank_row", 1)],
    )
    (table,) = entry.event_sheets
    assert (table.table, table.rows_in, table.rows_kept) == ("arrests", 3, 2)


def test_values_set_aside_stand_in_the_record_with_their_cells(add: Add, own: Path, tmp_path: Path):
    add(write(tmp_path, "a.csv", pipes(ARREST, arrest(Apprehension_Date="0999-07-02"), ARREST)))
    (entry,) = [each for each in read_manifest(own).parts if each.kind == "values"]
    assert pl.read_parquet(own / entry.file).drop("release", "file_original", "sheet_original").rows() == [
        (8, "Apprehension Date", "apprehension_date", "impossible_date", "0999-07-02")
    ]


def test_the_embedded_record_is_not_touched(add: Add, embedded: Path, national: Path):
    before = bytes_below(embedded)
    add(national)
    assert bytes_below(embedded) == before


def test_files_of_two_releases_are_added_together(
    add: Add, own: Path, embedded: Path, national: Path, monthly: Path
):
    add(national, monthly)
    assert told(own, embedded) == [
        ("arrests", ICFO, national.name, 2),
        ("arrests", "ice-2026-03", monthly.name, 2),
    ]


def test_files_of_one_release_stand_together(
    add: Add, own: Path, embedded: Path, national: Path, tmp_path: Path
):
    add(national)
    (added,) = add(
        write(tmp_path, "EROArrests_FY2018.csv", pipes(arrest(Apprehension_Date="10/2/2017")))
    ).added
    assert added.joins
    assert [each[2:] for each in told(own, embedded)] == [
        (national.name, 2),
        ("EROArrests_FY2018.csv", 1),
    ]
    (release,) = read_manifest(own).releases
    assert [each.name for each in release.files] == [national.name, "EROArrests_FY2018.csv"]


def test_a_release_that_nothing_declares_takes_the_name_of_its_request(
    add: Add, tmp_path: Path, catalog: Catalog
):
    content = pipes(ARREST).replace("2019-ICFO-53623", "2024-ICFO-00001")
    layout = catalog.events.layouts["icfo-53623-arrests"]
    (added,) = add(write(tmp_path, "2024-ICFO-00001_x.csv", content)).added
    expected = layout.release if layout.release is not None else "2024-icfo-00001"
    assert added.release.release == expected


def test_the_day_given_is_the_day_it_came_out(add: Add, own: Path, monthly: Path):
    add(monthly, published=datetime.date(2026, 3, 20))
    (release,) = read_manifest(own).releases
    assert (str(release.published_from), str(release.published_to)) == ("2026-03-20", "2026-03-20")


def test_no_file_came_out_before_the_last_day_that_it_counts(add: Add, own: Path, monthly: Path):
    with pytest.raises(UsageError, match="cannot have come out on 2020-01-01"):
        add(monthly, published=datetime.date(2020, 1, 1))
    assert not own.exists()


def test_a_made_up_file_is_marked_wherever_it_stands(add: Add, own: Path, embedded: Path, tmp_path: Path):
    content = "SYNTHETIC – made by recount synthesize, seed 1; not a real release\n" + pipes(ARREST)
    (added,) = add(write(tmp_path, "arrests.csv", content)).added
    assert added.release.release == "synthetic-arrests"
    assert "SYNTHETIC" in added.release.title.en
    assert [each.is_synthetic for each in parts(own, embedded)] == [True]


def test_a_made_up_file_never_joins_a_real_release(
    add: Add, own: Path, embedded: Path, national: Path, tmp_path: Path
):
    made_up = write(tmp_path, "synthetic-EROArrests.csv", pipes(ARREST))
    add(national, made_up)
    assert {each.release: each.is_synthetic for each in parts(own, embedded)} == {
        ICFO: False,
        "synthetic-eroarrests": True,
    }


# What was there before


def test_adding_twice_changes_nothing_and_says_so(add: Add, own: Path, national: Path):
    add(national)
    before = bytes_below(own)
    again = add(national)
    assert not again.added
    assert [(each.twin, each.release) for each in again.same] == [(national.name, ICFO)]
    assert bytes_below(own) == before


def test_the_same_bytes_under_another_years_name_count_once(
    add: Add, own: Path, embedded: Path, national: Path, tmp_path: Path
):
    twin = tmp_path / "EROArrests_FY2018.csv.gz"
    shutil.copy(national, twin)
    addition = add(national, twin)
    assert [each.entry.file for each in addition.added] == [national.name]
    assert [(each.file, each.twin) for each in addition.same] == [(str(twin), str(national))]
    assert told(own, embedded) == [("arrests", ICFO, national.name, 2)]


def test_the_same_bytes_added_later_under_another_name_count_once(
    add: Add, own: Path, embedded: Path, national: Path, tmp_path: Path
):
    add(national)
    twin = tmp_path / "EROArrests_FY2018.csv.gz"
    shutil.copy(national, twin)
    assert [(each.file, each.twin, each.release) for each in add(twin).same] == [
        (str(twin), national.name, ICFO)
    ]
    assert told(own, embedded) == [("arrests", ICFO, national.name, 2)]


def test_other_bytes_under_the_same_name_take_the_place_of_the_first(
    add: Add, own: Path, embedded: Path, national: Path
):
    add(national)
    before = read_manifest(own).files[0].sha256
    national.write_bytes(packed(pipes(ARREST)))
    (added,) = add(national).added
    assert (added.took_place_of, added.joins) == (before, False)
    assert told(own, embedded) == [("arrests", ICFO, national.name, 1)]
    assert [each.sha256 for each in read_manifest(own).releases[0].files] == [
        read_manifest(own).files[0].sha256
    ]
    assert len(list(own.glob("arrests-rows-*.parquet"))) == 1


def test_a_replaced_file_no_longer_says_what_its_release_covers(add: Add, own: Path, tmp_path: Path):
    def made_up(day: str) -> Path:
        return write(tmp_path, "synthetic.csv", pipes(arrest(Apprehension_Date=day)))

    add(made_up("10/1/2019"))
    add(made_up("10/1/2015"))
    assert [str(each.covers_through) for each in read_manifest(own).releases] == ["2015-10-01"]


def test_two_files_of_one_name_that_differ_are_refused_together(add: Add, own: Path, tmp_path: Path):
    first = write(tmp_path / "a", "arrests.csv", pipes(ARREST))
    second = write(tmp_path / "b", "arrests.csv", pipes(ARREST, ARREST))
    with pytest.raises(ReleaseFileError, match=r"are called arrests\.csv and differ"):
        add(first, second)
    assert not own.exists()


# All or none


def test_one_bad_file_among_good_ones_keeps_them_all_out(
    add: Add, own: Path, national: Path, monthly: Path, tmp_path: Path
):
    add(national)
    before = bytes_below(own)
    bad = write(tmp_path, "bad.csv", pipes(arrest(Citizenship="NOWHERE")))
    with pytest.raises(DataError, match="NOWHERE"):
        add(monthly, bad)
    assert bytes_below(own) == before


def test_every_bad_file_is_named_with_its_own_reason(add: Add, own: Path, national: Path, tmp_path: Path):
    files = [
        write(tmp_path, "empty.csv", ""),
        write(tmp_path, "unknown.csv", pipes(arrest(Gender="Q"))),
        write(tmp_path, "page.csv", "<html>"),
    ]
    with pytest.raises(ReleaseFileError) as refused:
        add(national, *files)
    text = str(refused.value)
    assert "3 files cannot be read" in text
    assert all(word in text for word in ("empty.csv is empty", "'Q', 1 times", "is a web page"))
    assert not own.exists()


def test_a_release_that_takes_the_name_of_another_sources_is_refused(
    add: Add, own: Path, embedded: Path, monkeypatch: pytest.MonkeyPatch, national: Path
):
    from recount.record import add_events

    lower = add_events.read_layer(embedded)
    taken = lower.manifest.releases[0].model_copy(update={"release": ICFO})
    manifest = lower.manifest.model_copy(update={"releases": [taken]})
    monkeypatch.setattr(add_events, "read_layer", lambda folder: type(lower)(folder, manifest, lower.frames))
    with pytest.raises(
        ReleaseFileError, match=rf"would be the release {ICFO}, which is one of {taken.source}"
    ):
        add(national)
    assert not own.exists()


def test_a_file_without_a_day_is_refused(add: Add, own: Path, tmp_path: Path):
    path = write(tmp_path, "synthetic.csv", pipes(arrest(Apprehension_Date="")))
    with pytest.raises(ReleaseFileError, match="has no row with a date"):
        add(path)
    assert not own.exists()


def test_a_file_with_no_rows_is_refused_or_added_empty_and_said(add: Add, own: Path, tmp_path: Path):
    (added,) = add(write(tmp_path, "a.csv", pipes())).added
    assert (added.entry.rows_in, added.entry.rows_kept) == (0, 0)


# The same input, the same bytes


def test_the_same_files_give_the_same_bytes(
    embedded: Path, tmp_path: Path, catalog: Catalog, national: Path, monthly: Path
):
    def build(name: str, *files: Path) -> dict[str, bytes]:
        add_event_files(list(files), catalog, folder=tmp_path / name, embedded=embedded)
        return bytes_below(tmp_path / name)

    assert build("one", national, monthly) == build("two", monthly, national)


def test_files_added_one_by_one_make_the_record_of_files_added_together(
    embedded: Path, tmp_path: Path, catalog: Catalog, national: Path, monthly: Path
):
    together, alone = tmp_path / "together", tmp_path / "alone"
    add_event_files([national, monthly], catalog, folder=together, embedded=embedded)
    for each in (monthly, national):
        add_event_files([each], catalog, folder=alone, embedded=embedded)
    assert bytes_below(together) == bytes_below(alone)


# Beside detention statistics


def test_records_and_statistics_live_in_one_record(
    add: Add, own: Path, embedded: Path, catalog: Catalog, national: Path, tmp_path: Path
):
    from recount.record.add import add_workbooks

    statistics = write_workbook(tmp_path / "february.xlsx", "2026-02-07")
    add(national)
    add_workbooks([statistics], catalog, folder=own, embedded=embedded)
    assert told(own, embedded) == [("arrests", ICFO, national.name, 2)]
    assert [each.release for each in read_manifest(own).releases] == ["february", ICFO]
    national.write_bytes(packed(pipes(ARREST)))
    add(national)
    assert {each.release for each in read_manifest(own).releases} == {"february", ICFO}
    assert open_record(own, embedded).frames["detention_figures"].height > 0


def test_files_of_records_are_told_from_workbooks_of_statistics(
    catalog: Catalog, national: Path, monthly: Path, tmp_path: Path
):
    statistics = write_workbook(tmp_path / "february.xlsx", "2026-02-07")
    assert split_files([national, monthly], catalog) == ([national, monthly], [])
    assert split_files([statistics], catalog) == ([], [statistics])


def test_both_kinds_in_one_go_are_refused_with_what_is_what(catalog: Catalog, national: Path, tmp_path: Path):
    statistics = write_workbook(tmp_path / "february.xlsx", "2026-02-07")
    with pytest.raises(UsageError, match="added one after the other") as refused:
        split_files([national, statistics], catalog)
    assert str(statistics) in str(refused.value)


def test_a_file_that_is_not_there_is_said_to_be_missing(
    add: Add, own: Path, catalog: Catalog, national: Path, tmp_path: Path
):
    files = [national, tmp_path / "gone.csv", tmp_path / "away.xlsx"]
    assert split_files(files, catalog) == (files, [])
    with pytest.raises(ReleaseFileError) as refused:
        add(*files)
    assert "gone.csv cannot be read: No such file" in str(refused.value)
    assert "away.xlsx cannot be read: No such file" in str(refused.value)
    assert not own.exists()


def test_what_cannot_be_opened_is_refused_in_the_words_of_those_beside_it(
    catalog: Catalog, national: Path, tmp_path: Path
):
    page = write(tmp_path, "page.xlsx", "<html>")
    statistics = write_workbook(tmp_path / "february.xlsx", "2026-02-07")
    assert split_files([page, national], catalog) == ([national, page], [])
    assert split_files([page, statistics], catalog) == ([], [statistics, page])
    assert split_files([page], catalog) == ([], [page])


def test_a_workbook_of_records_with_an_unknown_name_is_answered_as_records(
    add: Add, catalog: Catalog, tmp_path: Path
):
    content = workbook({"A": sheet(MARCH_ARREST, header=[*MARCH_ARREST, "Nation of Birth"])})
    path = write(tmp_path, "arrests.xlsx", content)
    assert split_files([path], catalog) == ([path], [])
    with pytest.raises(LayoutError, match="'Nation of Birth', nearest:"):
        add(path)


# At the terminal


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["add", *arguments])
    return done.exit_code, done.output


def test_the_terminal_says_how_a_file_was_known_and_what_became_of_its_rows(national: Path):
    code, output = run(str(national))
    said = " ".join(output.split())
    assert code == 0
    assert "Added EROArrests_FY2016.csv.gz" in said
    assert "its header has exactly the 9 names of icfo-53623-arrests" in said
    assert "3 in = 2 kept + 1 set aside" in said
    assert "blank_row 1: The row holds nothing." in said
    assert (paths.user_record() / "manifest.json").exists()


def test_the_terminal_says_that_two_files_are_one(national: Path, tmp_path: Path):
    twin = tmp_path / "EROArrests_FY2018.csv.gz"
    shutil.copy(national, twin)
    code, output = run(str(national), str(twin))
    assert code == 0
    assert "its rows count once, whatever year its name says" in " ".join(output.split())


def test_json_gives_the_account_whole(national: Path):
    code, output = run(str(national), "--format", "json")
    (added,) = json.loads(output)["added"]
    assert (code, added["release"]["release"], added["file"]["rows_in"]) == (0, ICFO, 3)
    assert added["file"]["event_sheets"][0]["set_aside"][0]["rule"] == "blank_row"


def test_csv_gives_a_row_for_each_table(monthly: Path):
    code, output = run(str(monthly), "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(output))
    assert code == 0
    assert (row["status"], row["sheet"], row["table"], row["rows_in"], row["rows_kept"]) == (
        "added",
        "FY25",
        "arrests",
        "2",
        "2",
    )


def test_a_bad_file_ends_with_the_code_of_bad_data(tmp_path: Path):
    code, output = run(str(write(tmp_path, "bad.csv", pipes(arrest(Gender="Q")))))
    assert code == 3
    assert "values that no code list knows" in output


def test_a_manifest_with_records_is_read_back(add: Add, own: Path, national: Path):
    add(national)
    assert Manifest.model_validate_json(read_manifest(own).to_json()) == read_manifest(own)
