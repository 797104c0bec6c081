"""`recount export --public`: the counts that the package ships, and never a person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from recount.declare.catalog import Catalog
from recount.declare.cubes import load_cubes
from recount.errors import RecordError, UsageError
from recount.export import write
from recount.export.tables import ALL, CUBE, choose_tables
from recount.record.add_events import add_event_files
from recount.record.manifest import MANIFEST, Manifest, PartEntry, read_manifest
from recount.record.store import Layer, Record, encode_table, open_record, read_layer
from small_event_files import ARREST, packed, pipes
from small_event_files import write as write_file
from small_events import Parts, day
from small_exports import NOBODY, small_record

EVENTS = ("arrests", "book_ins", "detainers", "encounters", "removals", "stints")
PRINTED = (
    *("atd_figures", "bond_figures", "custody_figures", "detention_facilities", "detention_figures"),
    *("ohss_figures", "secure_communities_activations", "secure_communities_figures"),
    *("segregation_figures", "semiannual_figures", "vulnerable_figures"),
)
OF_A_PERSON = {"unique_identifier", "birth_year", "row_original", "redacted_fields", "apprehension_date"}


@pytest.fixture
def full(tmp_path: Path, catalog: Catalog) -> Record:
    """A record that holds rows of every table of individual records, over the one that the package ships."""
    parts = Parts(tmp_path, catalog)
    for table in EVENTS:
        row: dict[str, Any] = {"unique_identifier": "somebody"}
        row[catalog.events.tables[table].date] = day("2020-05-01")
        parts.rows(table, [row], release="own")
    shipped, own = open_record(NOBODY), parts.record()
    return Record(
        shipped.layers, shipped.frames, {**shipped.releases, **own.releases}, (*own.parts, *shipped.parts)
    )


def test_these_are_all_tables(catalog: Catalog):
    assert set(EVENTS) == set(catalog.events.tables)
    assert set(PRINTED) == set(catalog.tables)


@pytest.mark.parametrize("what", [*EVENTS, *(f"{each}{CUBE}" for each in EVENTS), *PRINTED, ALL])
def test_no_row_of_a_person_and_no_identifier_leaves_in_public(full: Record, catalog: Catalog, what: str):
    try:
        tables = choose_tables(full, catalog, what, public=True)
    except UsageError as nothing:
        assert what.startswith("stints")
        assert "ships no counts of stints" in str(nothing)
        return
    for each in tables:
        assert each.kind in ("figures", "cube")
        assert "own" not in {one.release for one in each.releases}
        columns = set(each.frame.collect_schema().names())
        assert columns == {one.name for one in each.fields}
        assert "unique_identifier" not in columns
        if each.kind == "cube":
            assert not OF_A_PERSON & columns
            assert (
                each.frame.select(pl.col("row_count").min()).collect().item() >= load_cubes(catalog).threshold
            )


@pytest.mark.parametrize("what", EVENTS)
def test_without_public_the_rows_themselves_are_exported(full: Record, catalog: Catalog, what: str):
    (table,) = choose_tables(full, catalog, what)
    assert (table.kind, table.rows) == ("rows", 1)
    assert table.frame.collect()["unique_identifier"].to_list() == ["somebody"]


def test_a_release_of_ones_own_gives_nothing_in_public(full: Record, catalog: Catalog):
    with pytest.raises(UsageError, match="The package ships no counts of arrests of own"):
        choose_tables(full, catalog, "arrests", ["own"], public=True)


def test_what_leaves_in_public_is_the_same_whatever_a_user_has_added(
    tmp_path: Path, catalog: Catalog, full: Record
):
    """Rows of a file hide its counts; if they did in public, the difference would tell of them."""
    before, after = tmp_path / "before", tmp_path / "after"
    for record, folder in ((open_record(NOBODY), before), (full, after)):
        write(record, catalog, "all", folder, as_format="parquet", public=True)
    held = [{each.name: each.read_bytes() for each in folder.iterdir()} for folder in (before, after)]
    assert held[0] == held[1]


def test_the_counts_of_a_file_whose_rows_were_added_still_leave_in_public(
    tmp_path: Path, catalog: Catalog, own_home: Path
):
    released = write_file(tmp_path / "new", "EROArrests_FY2016.csv.gz", packed(pipes(ARREST, ARREST)))
    add_event_files([released], catalog)
    record = open_record()
    (rows,) = choose_tables(record, catalog, "arrests")
    (counts,) = choose_tables(record, catalog, "arrests", public=True)
    assert (rows.kind, rows.rows) == ("rows", 2)
    shipped = choose_tables(open_record(NOBODY), catalog, "arrests", public=True)[0]
    assert counts.frame.collect().equals(shipped.frame.collect())


def test_rows_stand_alone_and_the_counts_of_other_files_are_named(full: Record, catalog: Catalog):
    (table,) = choose_tables(full, catalog, "arrests")
    assert "EROArrests_FY2016.csv.gz" in table.notes[0]
    assert "by the name arrests_cube" in table.notes[0]
    (counts,) = choose_tables(full, catalog, "arrests_cube")
    assert counts.kind == "cube"


def test_where_no_rows_are_held_the_counts_stand_in_and_say_so(catalog: Catalog):
    (table,) = choose_tables(open_record(NOBODY), catalog, "arrests")
    assert table.name == "arrests_cube"
    assert table.notes == (
        "The record holds no rows of arrests; these are counts of them. recount add FILE gives rows.",
    )


Altered = Callable[[pl.DataFrame], Record]


@pytest.fixture
def altered(tmp_path: Path, catalog: Catalog) -> Altered:
    """Gives a lowest layer with one cube of arrests, of these cells."""

    def made(cells: pl.DataFrame) -> Record:
        shipped = open_record(NOBODY).layers[0]
        part = next(each for each in shipped.manifest.parts if each.table == "arrests")
        file, content, digest = encode_table("arrests-cube", cells)
        entry: PartEntry = part.model_copy(update={"file": file, "sha256": digest, "bytes": len(content)})
        manifest: Manifest = shipped.manifest.model_copy(update={"parts": [entry], "tables": {}, "files": []})
        (tmp_path / "altered").mkdir()
        (tmp_path / "altered" / file).write_bytes(content)
        (tmp_path / "altered" / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
        assert read_manifest(tmp_path / "altered") == manifest
        return open_record(NOBODY, tmp_path / "altered")

    return made


def cells(**columns: Any) -> pl.DataFrame:
    schema = {"release": pl.String, "fiscal_year": pl.Int64, "month": pl.Date, "row_count": pl.Int64}
    values = {"release": ["a"], "fiscal_year": [2016], "month": [None], "row_count": [5]}
    extra = {name: pl.String for name in columns if name not in schema}
    return pl.DataFrame({**values, **columns}, schema={**schema, **extra})


def test_a_count_below_the_threshold_is_not_made_public(altered: Altered, catalog: Catalog):
    with pytest.raises(RecordError, match="holds a count below 5, and cannot be made public"):
        choose_tables(altered(cells(row_count=[4])), catalog, "arrests", public=True)


def test_a_column_that_no_cube_declares_is_not_exported(altered: Altered, catalog: Catalog):
    record = altered(cells(unique_identifier=["somebody"]))
    for public in (True, False):
        with pytest.raises(RecordError, match="is no cube of arrests: it holds unique_identifier"):
            choose_tables(record, catalog, "arrests", public=public)


def test_rows_in_the_lowest_layer_do_not_leave_in_public_either(tmp_path: Path, catalog: Catalog):
    record = small_record(tmp_path, catalog)
    lowest = record.layers[0]
    rows = [each.model_copy(update={"kind": "rows"}) for each in lowest.manifest.parts]
    changed = Layer(lowest.folder, lowest.manifest.model_copy(update={"parts": rows}), lowest.frames)
    with pytest.raises(UsageError, match="ships no counts of arrests"):
        choose_tables(Record((changed,), {}, record.releases), catalog, "arrests", public=True)


def test_a_record_without_layers_has_nothing_to_make_public(tmp_path: Path, catalog: Catalog):
    parts = Parts(tmp_path, catalog).cube("removals", [{"fiscal_year": 2020, "row_count": 9}])
    with pytest.raises(UsageError, match="ships no counts of removals"):
        choose_tables(parts.record(), catalog, "removals", public=True)


def test_the_shipped_layer_is_the_lowest_one():
    assert read_layer(open_record(NOBODY).layers[0].folder).manifest.parts
