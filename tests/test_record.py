"""The record on disk: the same bytes from the same files, swapped whole, read in layers."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import filelock
import polars as pl
import pytest

from recount import settings
from recount.declare.catalog import Catalog
from recount.errors import RecordError
from recount.record import store
from recount.record.build import build_record
from recount.record.manifest import MANIFEST, Manifest, read_manifest
from recount.record.store import open_record, read_layer
from tiny_release import (
    JURISDICTIONS,
    JURISDICTIONS_FILE,
    MIDDLESEX,
    PRINTED,
    PRINTED_FILE,
    PRINTED_HEADER,
    bytes_below,
    printed_row,
    replace_once,
    write_tiny_release,
)

FIGURES = "secure_communities_figures"
ANOTHER_VALUE = PRINTED_HEADER + printed_row(value="45")


@pytest.fixture
def released(tmp_path: Path) -> Path:
    return write_tiny_release(tmp_path / "released")


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """Files that make another record: one print of Massachusetts, of another value."""
    return write_tiny_release(tmp_path / "changed", printed=ANOTHER_VALUE)


@pytest.fixture
def record(released: Path, tmp_path: Path, catalog: Catalog) -> Path:
    build_record(released, tmp_path / "record", catalog)
    return tmp_path / "record"


def printed_values(folder: Path) -> list[int]:
    figures = read_layer(folder).frames[FIGURES]
    return figures.filter(pl.col("place_code") == "MA").get_column("value_count").to_list()


# The same input, the same bytes


def test_the_same_files_make_the_same_bytes(record: Path, tmp_path: Path, catalog: Catalog):
    again = write_tiny_release(tmp_path / "elsewhere" / "deep")
    build_record(again, tmp_path / "other-record", catalog)
    assert bytes_below(tmp_path / "other-record") == bytes_below(record)


def test_building_again_in_place_changes_nothing(record: Path, released: Path, catalog: Catalog):
    before = bytes_below(record)
    build_record(released, record, catalog)
    assert bytes_below(record) == before


def test_the_order_of_rows_in_a_file_does_not_change_the_figures(
    record: Path, tmp_path: Path, catalog: Catalog
):
    moved = replace_once(JURISDICTIONS, MIDDLESEX, "") + MIDDLESEX
    build_record(write_tiny_release(tmp_path / "moved", jurisdictions=moved), tmp_path / "other", catalog)
    one, other = read_layer(record).frames[FIGURES], read_layer(tmp_path / "other").frames[FIGURES]
    assert one.drop("row_original").equals(other.drop("row_original"))


def test_the_record_names_no_folder_of_the_machine(record: Path, tmp_path: Path):
    assert MANIFEST in bytes_below(record)
    for content in bytes_below(record).values():
        assert str(tmp_path).encode() not in content


def test_a_record_is_its_manifest_and_the_tables_that_it_names(record: Path, catalog: Catalog):
    manifest = read_manifest(record)
    assert sorted(manifest.tables) == sorted([*catalog.tables, "findings", "set_aside", "unknown_cells"])
    assert sorted(path.name for path in record.iterdir()) == sorted(
        [MANIFEST, *(each.file for each in manifest.tables.values())]
    )


def test_the_manifest_accounts_for_every_row_of_every_file(record: Path):
    entries = read_manifest(record).files
    assert [(each.file, each.rows_in, each.rows_kept, each.core_rows) for each in entries] == [
        ("activation-dates-by-county.csv", 3, 2, {"secure_communities_activations": 2}),
        (JURISDICTIONS_FILE, 3, 2, {"secure_communities_activations": 2, FIGURES: 22}),
        (PRINTED_FILE, 2, 2, {FIGURES: 2}),
    ]
    for each in entries:
        assert each.rows_in == each.rows_kept + sum(rule.rows for rule in each.set_aside)


def test_rows_set_aside_stand_in_the_record_with_their_reasons(record: Path):
    rows = read_layer(record).frames["set_aside"]
    assert rows.select("file_original", "row_original", "rule").rows() == [
        ("activation-dates-by-county.csv", 4, "no_dates"),
        (JURISDICTIONS_FILE, 4, "not_yet_activated"),
    ]
    assert rows.get_column("reason").str.len_chars().min() > 10


# Writing


def failing_replace(passes: int, failure: BaseException) -> Callable[[Path, Path], Path]:
    """Returns a `Path.replace` that lets so many renames pass, then fails."""
    outcomes = [None] * passes + [failure]
    replace = Path.replace

    def replace_or_fail(path: Path, target: Path) -> Path:
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome
        return replace(path, target)

    return replace_or_fail


# Of a changed print, one table and then the manifest are written.
@pytest.mark.parametrize("passes", [0, 1])
@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), RecordError),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
def test_a_write_that_is_interrupted_leaves_the_old_record_whole(
    *,
    record: Path,
    changed: Path,
    catalog: Catalog,
    monkeypatch: pytest.MonkeyPatch,
    passes: int,
    failure: BaseException,
    told: type[BaseException],
):
    before = bytes_below(record)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", failing_replace(passes, failure))
        with pytest.raises(told):
            build_record(changed, record, catalog)
    after = bytes_below(record)
    assert {name: after[name] for name in before} == before
    assert not [name for name in after if name.startswith(".writing-")]
    assert 46 in printed_values(record)
    build_record(changed, record, catalog)
    assert printed_values(record) == [45]
    assert len(bytes_below(record)) == len(before)


@pytest.mark.parametrize(
    ("failure", "told"),
    [(OSError(errno.EIO, "Input/output error"), RecordError), (KeyboardInterrupt(), KeyboardInterrupt)],
)
def test_a_write_that_never_reaches_the_disk_leaves_no_trace(
    *,
    record: Path,
    changed: Path,
    catalog: Catalog,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException,
    told: type[BaseException],
):
    before = bytes_below(record)

    def fail(_descriptor: int) -> None:
        raise failure

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(told):
            build_record(changed, record, catalog)
    assert bytes_below(record) == before


def test_a_disk_that_is_full_is_told_and_that_the_old_record_stays(
    record: Path, changed: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", failing_replace(0, OSError(errno.ENOSPC, "No space left on device")))
        with pytest.raises(RecordError) as raised:
            build_record(changed, record, catalog)
    assert "No space left on device" in str(raised.value)
    assert dict(raised.value.facts)["kept"] == "the record that was there"


def test_an_interrupted_first_write_leaves_no_record(
    released: Path, tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", failing_replace(2, KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            build_record(released, tmp_path / "record", catalog)
    with pytest.raises(RecordError, match="There is no record in"):
        read_layer(tmp_path / "record")


def test_tables_that_the_manifest_does_not_name_are_removed(record: Path, released: Path, catalog: Catalog):
    before = bytes_below(record)
    (record / "stays-0123456789ab.parquet").write_bytes(b"left over")
    (record / ".writing-abcdef").write_bytes(b"left over")
    build_record(released, record, catalog)
    assert bytes_below(record) == before


def test_files_that_are_not_the_records_are_left_alone(record: Path, released: Path, catalog: Catalog):
    (record / "notes.txt").write_text("mine")
    build_record(released, record, catalog)
    assert (record / "notes.txt").read_text() == "mine"


def test_building_again_repairs_a_damaged_table(record: Path, released: Path, catalog: Catalog):
    before = bytes_below(record)
    (table,) = record.glob(f"{FIGURES}-*.parquet")
    table.write_bytes(b"damaged")
    build_record(released, record, catalog)
    assert bytes_below(record) == before


def test_a_second_writer_waits_and_is_told(
    record: Path, released: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(store, "_WAIT_SECONDS", 0.05)
    with filelock.FileLock(record / ".lock"), pytest.raises(RecordError, match="Another process is writing"):
        build_record(released, record, catalog)


def test_the_lock_is_gone_when_the_writer_is(record: Path):
    assert not (record / ".lock").exists()


def test_the_lock_that_a_waiting_writer_took_over_stays_its_own(
    record: Path, released: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
):
    taken_over = []

    class Handed(filelock.FileLock):
        """A lock that another writer takes the moment that it is let go."""

        def release(self, force: bool = False) -> None:
            super().release(force)
            if not taken_over:
                taken_over.append(filelock.FileLock(self.lock_file, is_singleton=False))
                taken_over[0].acquire(timeout=1)

    with monkeypatch.context() as patched:
        patched.setattr(filelock, "FileLock", Handed)
        build_record(released, record, catalog)
    (waiting,) = taken_over
    try:
        with pytest.raises(filelock.Timeout):
            filelock.FileLock(record / ".lock", timeout=0.05).acquire()
    finally:
        waiting.release()


# Reading


def test_a_folder_without_a_record_is_told(tmp_path: Path):
    with pytest.raises(RecordError, match="There is no record in") as raised:
        read_layer(tmp_path)
    assert raised.value.facts == (("fix", "recount record build --from DIR"),)


@pytest.mark.parametrize("content", [b"", b"damaged"])
def test_a_damaged_table_is_refused(record: Path, content: bytes):
    (table,) = record.glob(f"{FIGURES}-*.parquet")
    table.write_bytes(content)
    with pytest.raises(RecordError, match=f"{table.name} is not the table that the manifest names"):
        read_layer(record)


def test_a_missing_table_is_refused(record: Path):
    (table,) = record.glob(f"{FIGURES}-*.parquet")
    table.unlink()
    with pytest.raises(RecordError, match=f"lacks the file {table.name}"):
        read_layer(record)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"files": []}'])
def test_a_damaged_manifest_is_refused(record: Path, content: str):
    (record / MANIFEST).write_text(content)
    with pytest.raises(RecordError, match="is not a manifest that this version reads"):
        read_layer(record)


@pytest.mark.parametrize("version", ["pipeline_version", "record_format"])
def test_a_record_of_another_version_is_refused(record: Path, version: str):
    manifest = json.loads((record / MANIFEST).read_text())
    manifest[version] += 1
    (record / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(RecordError, match="built by another version of the pipeline") as raised:
        read_layer(record)
    facts = dict(raised.value.facts)
    assert facts["this version"] == f"format {settings.RECORD_FORMAT}, pipeline {settings.PIPELINE_VERSION}"
    assert facts["record"] != facts["this version"]


def test_a_reader_that_meets_a_swap_reads_the_new_record(
    record: Path, changed: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
):
    old = read_manifest(record)
    build_record(changed, record, catalog)
    manifests = [old, read_manifest(record)]
    monkeypatch.setattr(store, "read_manifest", lambda _folder: manifests.pop(0))
    assert printed_values(record) == [45]


# Layers


@pytest.fixture
def layers(record: Path, changed: Path, tmp_path: Path, catalog: Catalog) -> tuple[Path, Path]:
    """The embedded record, and a user's of other figures of the same releases."""
    build_record(changed, tmp_path / "user", catalog)
    return tmp_path / "user", record


def test_a_users_release_hides_the_embedded_one_of_that_name_whole(layers: tuple[Path, Path]):
    user, embedded = layers
    both = open_record(user, embedded).frames[FIGURES].filter(pl.col("release") == "example-2012-11-01")
    # The embedded release prints the country too; the user's does not, and nothing shines through.
    assert both.select("place_code", "value_count").rows() == [("MA", 45)]


def test_a_release_that_the_user_lacks_stays(record: Path, tmp_path: Path, catalog: Catalog):
    printed = PRINTED_HEADER + printed_row(value="45", url="https://other.example.net")
    build_record(write_tiny_release(tmp_path / "more", printed=printed), tmp_path / "user", catalog)
    both = open_record(tmp_path / "user", record)
    rows = both.frames[FIGURES].filter(pl.col("place_code") == "MA").select("release", "value_count").rows()
    assert rows == [("example-2012-11-01", 46), ("other-example-2012-11-01", 45)]
    assert {"example-2012-11-01", "other-example-2012-11-01"} <= set(both.releases)


def test_a_release_is_described_as_the_upper_layer_describes_it(layers: tuple[Path, Path]):
    user, embedded = layers
    hashes = {
        folder: {each.name: each.sha256 for each in _release(read_manifest(folder)).files}
        for folder in layers
    }
    assert hashes[user] != hashes[embedded]
    upper = open_record(user, embedded).releases["example-2012-11-01"]
    assert {each.name: each.sha256 for each in upper.files} == hashes[user]


def _release(manifest: Manifest):
    return next(each for each in manifest.releases if each.release == "example-2012-11-01")


def test_a_release_in_both_layers_is_counted_once(layers: tuple[Path, Path]):
    user, embedded = layers
    both, one = open_record(user, embedded), read_layer(user)
    table = "secure_communities_activations"
    assert both.frames[table].height == one.frames[table].height


def test_without_a_users_record_the_embedded_one_is_read_alone(record: Path, tmp_path: Path):
    opened = open_record(tmp_path / "nothing", record)
    assert [each.folder for each in opened.layers] == [record]
    assert opened.frames[FIGURES].equals(read_layer(record).frames[FIGURES])


def test_the_users_record_lies_in_recount_home(changed: Path, own_home: Path, catalog: Catalog):
    build_record(changed, own_home / "record", catalog)
    opened = open_record()
    assert [each.folder for each in opened.layers][1:] == [own_home / "record"]
    assert "example-2012-11-01" in opened.releases


def test_a_users_record_that_is_damaged_is_an_error_not_a_silent_fall_to_the_embedded_one(
    layers: tuple[Path, Path],
):
    user, embedded = layers
    (table,) = user.glob(f"{FIGURES}-*.parquet")
    table.write_bytes(b"damaged")
    with pytest.raises(RecordError):
        open_record(user, embedded)


def test_the_embedded_record_opens():
    assert "ice-interoperability-2012-08-31" in open_record().releases


def test_the_tiny_release_is_what_these_tests_take_it_for(record: Path):
    assert PRINTED.count("\n") == 3
    assert printed_values(record) == [46]


def test_a_table_carries_the_catalogs_description_of_each_column(catalog: Catalog, tmp_path: Path):
    build_record(write_tiny_release(tmp_path / "released"), tmp_path / "record", catalog)
    manifest = read_manifest(tmp_path / "record")
    for name, table in catalog.tables.items():
        metadata = pl.read_parquet_metadata(tmp_path / "record" / manifest.tables[name].file)
        assert json.loads(metadata["recount:columns"]) == {
            each.name: each.description for each in table.fields
        }
