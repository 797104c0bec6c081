"""`recount export`: where it writes, what it replaces, and what is left when it is stopped."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from recount.declare.catalog import Catalog
from recount.errors import UnknownNameError, UsageError
from recount.export import write
from recount.record.store import Record
from small_exports import NOBODY, small_record, written

SUFFIXES = (".parquet", ".csv", ".xlsx", ".dta", ".sav", ".sqlite", ".duckdb")
WRITERS = {
    ".parquet": "recount.export.writing.write_parquet",
    ".csv": "recount.export.writing.write_csv",
    ".xlsx": "recount.export.workbook.WorkbookExport._definitions",
    ".dta": "recount.export.labelled._set_made",
    ".sav": "recount.export.labelled._set_made",
    ".sqlite": "recount.export.databases._add_account",
    ".duckdb": "recount.export.databases._account_rows",
}


@pytest.fixture
def record(tmp_path: Path, catalog: Catalog) -> Record:
    (tmp_path / "parts").mkdir()
    return small_record(tmp_path / "parts", catalog)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def names(folder: Path) -> list[str]:
    return sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*"))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_interrupted_export_leaves_what_was_there_and_nothing_else(
    record: Record, catalog: Catalog, out: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    (out / f"t{suffix}").write_bytes(b"before")
    monkeypatch.setattr(WRITERS[suffix], interrupt)
    with pytest.raises(KeyboardInterrupt):
        written(record, catalog, "arrests", out / f"t{suffix}", force=True)
    assert {each.name: each.read_bytes() for each in out.iterdir()} == {f"t{suffix}": b"before"}


def test_what_duckdb_makes_of_an_interruption_is_one(
    record: Record, catalog: Catalog, out: Path, monkeypatch: pytest.MonkeyPatch
):
    def interrupt(*_: object, **__: object) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr("recount.export.databases._fill_duckdb", interrupt)
    with pytest.raises(KeyboardInterrupt):
        written(record, catalog, "arrests", out / "t.duckdb")
    assert names(out) == []


def test_an_interrupted_package_leaves_no_folder(
    record: Record, catalog: Catalog, out: Path, monkeypatch: pytest.MonkeyPatch
):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("recount.export.package.describe_dataset", interrupt)
    with pytest.raises(KeyboardInterrupt):
        written(record, catalog, "arrests", out / "package", "datapackage")
    assert names(out) == []


INTERACTIVE = """
from recount.measure.event_engine import open_engine

connection = open_engine("duckdb")._connection.con
print(connection.sql("SELECT current_setting('enable_progress_bar')").fetchone()[0])
"""


def test_the_engine_draws_no_bar_between_the_lines_of_an_answer():
    """Without a script, as in `python -c` and notebooks, DuckDB would draw one on what is printed."""
    ran = subprocess.run([sys.executable, "-c", INTERACTIVE], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


FULL = """
import resource, sys
from typer.testing import CliRunner
from recount.cli.app import app

resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
for to in sys.argv[1:]:
    more = [] if "." in to.rsplit("/", 1)[1] else ["--as", "datapackage"]
    told = CliRunner().invoke(app, ["export", "ohss_figures", "--force", "--to", to, *more])
    print(told.exit_code, told.exception.__class__.__name__, " ".join(told.output.split()))
"""


def test_a_full_disk_is_told_and_leaves_what_was_there(out: Path):
    """A file that may not grow fails as a full disk does."""
    pytest.importorskip("resource")
    before = {f"t{suffix}": b"before" for suffix in SUFFIXES}
    for name, content in before.items():
        (out / name).write_bytes(content)
    places = [*(str(out / name) for name in before), str(out / "package")]
    ran = subprocess.run([sys.executable, "-c", FULL, *places], capture_output=True, text=True, check=True)
    told = ran.stdout.splitlines()
    assert len(told) == len(places)
    for place, line in zip(places, told, strict=True):
        assert line.startswith(f"2 SystemExit recount: {place} cannot be written: "), line
        assert line.endswith("kept whatever was there before fix make room or choose another place")
    assert {each.name: each.read_bytes() for each in out.iterdir()} == before


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_is_there_is_replaced_only_with_force(
    record: Record, catalog: Catalog, out: Path, suffix: str
):
    written(record, catalog, "arrests", out / f"t{suffix}")
    first = names(out)
    with pytest.raises(UsageError, match=r"is there already[\s\S]*--force"):
        written(record, catalog, "arrests", out / f"t{suffix}")
    written(record, catalog, "arrests", out / f"t{suffix}", force=True)
    assert names(out) == first


def test_what_lies_beside_is_not_replaced_without_force_either(record: Record, catalog: Catalog, out: Path):
    (out / "t.csv.receipt.json").write_text("another")
    with pytest.raises(UsageError, match=r"t.csv.receipt.json is there already"):
        written(record, catalog, "arrests", out / "t.csv")
    assert names(out) == ["t.csv.receipt.json"]


def test_a_package_is_written_over_with_force(record: Record, catalog: Catalog, out: Path):
    written(record, catalog, "arrests", out / "package", "datapackage")
    with pytest.raises(UsageError, match=r"and 2 more are there already"):
        written(record, catalog, "arrests", out / "package", "datapackage")
    written(record, catalog, "arrests", out / "package", "datapackage", force=True)
    assert names(out / "package") == [
        *("data", "data/arrests.csv", "datapackage.json", "dataset.jsonld", "dictionary.csv", "receipt.json")
    ]


def test_a_folder_gets_a_file_for_each_table(record: Record, catalog: Catalog, out: Path):
    exports = write(record, catalog, "all", out / "all", as_format="parquet", releases=["tiny", "cubed"])
    assert [each for each in names(out / "all") if each.endswith(".parquet")] == [
        *("arrests.parquet", "removals_cube.parquet")
    ]
    assert [each.tables[0].table for each in exports] == ["arrests", "removals_cube"]


@pytest.mark.parametrize(
    ("as_format", "file"), [("xlsx", "recount-all.xlsx"), ("sqlite", "recount-all.sqlite")]
)
def test_a_folder_gets_one_file_where_the_format_holds_several_tables(
    record: Record, catalog: Catalog, out: Path, as_format: Any, file: str
):
    releases = ["tiny", "cubed"]
    export = written(record, catalog, "all", out / "all", as_format, releases=releases)
    assert export.path == out / "all" / file
    assert [each.table for each in export.tables] == ["arrests", "removals_cube"]


def test_a_file_of_one_table_takes_no_second_one(record: Record, catalog: Catalog, out: Path):
    with pytest.raises(UsageError, match=r"would hold \d+ tables, and a file of csv holds one"):
        write(record, catalog, "all", out / "all.csv")


@pytest.mark.parametrize(
    ("name", "as_format", "told"),
    [
        ("t.txt", None, "names no format of exports"),
        ("t", None, "names no format of exports"),
        ("t.csv", "parquet", "is the name of a file for csv, and --as says parquet"),
        ("t.csv", "datapackage", "is the name of a file for csv"),
        ("nowhere/t.csv", None, "there is no folder"),
        ("nowhere/t", "csv", "there is no folder"),
        ("nowhere/t", "datapackage", "there is no folder"),
        ("folder.csv", None, "is a folder, and a file should be written there"),
        ("file", "datapackage", "is a file, and a folder is needed"),
        ("file", "csv", "is a file, and a folder is needed"),
        ("file/t.csv", None, "there is no folder"),
    ],
)
def test_a_place_that_does_not_do_is_told(
    record: Record, catalog: Catalog, out: Path, name: str, as_format: Any, told: str
):
    (out / "folder.csv").mkdir()
    (out / "file").write_text("")
    with pytest.raises(UsageError, match=told):
        write(record, catalog, "arrests", out / name, as_format=as_format)
    assert names(out) == ["file", "folder.csv"]


def test_a_place_without_leave_to_write_is_told(record: Record, catalog: Catalog):
    if not Path("/proc/self").is_dir():
        pytest.skip("needs a folder that nobody can write to")
    with pytest.raises(UsageError, match=r"/proc/self/t.csv cannot be written: "):
        write(record, catalog, "arrests", Path("/proc/self/t.csv"))


def test_an_unknown_table_is_answered_with_the_nearest(record: Record, catalog: Catalog, out: Path):
    with pytest.raises(UnknownNameError, match=r"No table is called 'arests'[\s\S]*nearest\s+arrests"):
        write(record, catalog, "arests", out / "t.csv")


def test_an_unknown_release_is_answered_with_the_nearest(record: Record, catalog: Catalog, out: Path):
    with pytest.raises(UnknownNameError, match=r"No release is called 'tinny'[\s\S]*nearest\s+tiny"):
        write(record, catalog, "arrests", out / "t.csv", releases=["tinny"])


def test_an_empty_selection_is_told(record: Record, catalog: Catalog, out: Path):
    with pytest.raises(UsageError, match="The record holds no rows of arrests of cubed"):
        write(record, catalog, "arrests", out / "t.csv", releases=["cubed"])
    with pytest.raises(UsageError, match="The record holds no rows of stints"):
        write(record, catalog, "stints", out / "t.csv")
    assert names(out) == []


def test_releases_alone_are_exported(record: Record, catalog: Catalog, out: Path):
    release = sorted(record.frames["ohss_figures"]["release"].unique())[0]
    export = written(record, catalog, "ohss_figures", out / "t.csv", releases=[release])
    assert export.tables[0].releases == (release,)
    assert export.receipt.body["question"]["releases"] == [release]
    whole = written(record, catalog, "ohss_figures", out / "whole.csv")
    assert whole.tables[0].rows > export.tables[0].rows


def test_nobody_has_a_record_here():
    assert not NOBODY.exists()
