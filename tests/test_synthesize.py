"""Made-up releases: the form of real ones, the mark in every file, and a truth that the file bears out."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from recount.acquire.files import SourceFile
from recount.cli.app import app
from recount.declare.catalog import Catalog, load_catalog
from recount.declare.synthetic import SYNTHETIC_KEY, SYNTHETIC_MARK, is_synthetic, load_synthetic
from recount.errors import CatalogError, UnknownNameError, UsageError
from recount.record.event_parts import EventReader
from recount.synthesize.events import TIMES
from recount.synthesize.hazards import Spoiler
from recount.synthesize.release import MadeFile, Request, synthesize

CSV, WORKBOOK, PROCESSED = "icfo-53623-arrests", "ice-2026-03-arrests", "ddp-2026-03-stints"
STINTS, REMOVALS = "ice-2026-03-detentions", "icfo-53623-removals"


def make(
    catalog: Catalog, folder: Path, layout: str, rows: int = 400, seed: int = 7, **more: Any
) -> MadeFile:
    [made] = synthesize(catalog, Request(layout, rows, seed, **more), folder)
    return made


def text_rows(made: MadeFile) -> tuple[list[str], list[list[str]]]:
    """The lines of a text file above its rows, and its rows."""
    content = made.path.read_bytes()
    text = (gzip.decompress(content) if made.path.name.endswith(".gz") else content).decode()
    lines = text.splitlines()
    return lines[:6], list(csv.reader(io.StringIO("\n".join(lines[6:])), delimiter="|"))


def sheet(made: MadeFile, header_row: int = 6, number: int = 0) -> pl.DataFrame:
    loaded = fastexcel.read_excel(made.path).load_sheet(number, header_row=header_row, dtypes="string")
    return loaded.to_polars()


def truth(made: MadeFile) -> pl.DataFrame:
    return pl.read_parquet(made.rows_truth)


def with_truth(made: MadeFile) -> pl.DataFrame:
    """The rows of a Parquet file beside what is true of them."""
    rows = pl.read_parquet(made.path)
    return pl.concat([rows.drop(set(rows.columns) & set(truth(made).columns)), truth(made)], how="horizontal")


@pytest.fixture(scope="module")
def arrests(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> MadeFile:
    return make(catalog, tmp_path_factory.mktemp("arrests"), WORKBOOK, rows=6_000)


@pytest.fixture(scope="module")
def stints(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> MadeFile:
    return make(catalog, tmp_path_factory.mktemp("stints"), PROCESSED, rows=6_000)


# ── the same request, the same bytes ──


@pytest.mark.parametrize("layout", [CSV, WORKBOOK, PROCESSED])
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    catalog: Catalog, tmp_path: Path, layout: str
):
    one = make(catalog, tmp_path / "one", layout)
    again = make(catalog, tmp_path / "again", layout)
    other = make(catalog, tmp_path / "other", layout, seed=8)
    for name in ("path", "rows_truth", "counts_truth"):
        assert getattr(one, name).read_bytes() == getattr(again, name).read_bytes()
        assert getattr(one, name).read_bytes() != getattr(other, name).read_bytes()


def test_tables_of_one_generation_and_seed_tell_of_the_same_people(catalog: Catalog, tmp_path: Path):
    arrested = sheet(make(catalog, tmp_path, WORKBOOK, rows=3_000))
    held = sheet(make(catalog, tmp_path, STINTS, rows=6_000))
    person = ["Anonymized Identifier", "Birth Year", "Gender", "Citizenship Country"]
    both = arrested.select(person).unique().join(held.select(person).unique(), on=person[0])
    assert both.height > 500
    assert both.filter(
        (pl.col("Birth Year") != pl.col("Birth Year_right")) | (pl.col("Gender") != pl.col("Gender_right"))
    ).is_empty()


# ── never presented as real ──


@pytest.mark.parametrize(
    ("name", "lines", "metadata", "is_made_up"),
    [
        ("EROArrests_FY2018.csv.gz", ["ERO-LESA Statistical Tracking Unit"], {}, False),
        ("SYNTHETIC_arrests.csv", [], {}, True),
        ("arrests_synthetic.parquet", [], {}, True),
        ("arrests.csv", [f'"{SYNTHETIC_MARK}, seed 3; not a real release"||||'], {}, True),
        ("arrests.parquet", [], {SYNTHETIC_KEY: "anything"}, True),
        ("arrests.xlsx", [], {"title": f"{SYNTHETIC_MARK}, seed 3; not a real release"}, True),
    ],
)
def test_a_file_is_synthetic_where_any_of_its_marks_says_so(
    name: str, lines: list[str], metadata: dict[str, str], is_made_up: bool
):
    assert is_synthetic(name, lines, metadata) is is_made_up


def test_a_text_file_bears_the_mark_in_its_name_and_its_first_line(catalog: Catalog, tmp_path: Path):
    made = make(catalog, tmp_path, CSV)
    above, _ = text_rows(made)
    assert made.path.name == "SYNTHETIC_icfo-53623-arrests_400-rows_seed-7.csv.gz"
    assert above[0] == f'"{SYNTHETIC_MARK}, seed 7; not a real release"||||||||'
    assert above[4] == '"ERO Administrative Arrests for FY2019 (10/1/2018 - 8/31/2019)"||||||||'


def test_a_workbook_bears_the_mark_in_its_name_its_first_row_and_its_properties(arrests: MadeFile):
    first = fastexcel.read_excel(arrests.path).load_sheet(0, header_row=None, n_rows=1, dtypes="string")
    assert first.to_polars().item(0, 0).startswith(SYNTHETIC_MARK)
    with zipfile.ZipFile(arrests.path) as inside:
        assert SYNTHETIC_MARK in inside.read("docProps/core.xml").decode()
        assert SYNTHETIC_MARK in inside.read("docProps/custom.xml").decode()
    assert "SYNTHETIC" in arrests.path.name


def test_parquet_and_the_truth_bear_the_mark_in_the_files_own_words(stints: MadeFile):
    for path in (stints.path, stints.rows_truth):
        assert pl.read_parquet_metadata(path)[SYNTHETIC_KEY].startswith(SYNTHETIC_MARK)
        assert is_synthetic("anything.parquet", [], pl.read_parquet_metadata(path))
    assert json.loads(stints.counts_truth.read_text())["synthetic"].startswith(SYNTHETIC_MARK)


def test_a_processed_text_file_has_no_line_above_its_header_and_says_so_in_its_name(
    catalog: Catalog, tmp_path: Path
):
    made = make(catalog, tmp_path, PROCESSED, format="csv")
    header = made.path.read_text().splitlines()[0].split(",")
    assert header == [each.name for each in catalog.events.layouts[PROCESSED].columns]
    assert is_synthetic(made.path.name, [], {})


# ── the form of real files ──


def test_every_layout_can_be_made_up_with_its_names_in_order(catalog: Catalog, tmp_path: Path):
    synthetic = load_synthetic(catalog)
    for name, layout in catalog.events.layouts.items():
        form = synthetic.form_of(layout)
        made = make(catalog, tmp_path, name, rows=20)
        names = [each.name for each in layout.columns]
        if made.path.name.endswith(".parquet"):
            header = pl.read_parquet(made.path).columns
        elif made.path.name.endswith(".xlsx"):
            rows = fastexcel.read_excel(made.path).load_sheet(0, header_row=None, dtypes="string")
            header = list(rows.to_polars().row(len(form.preamble)))
        else:
            header = text_rows(made)[0][5].replace('"', "").split("|")
        assert header == names, name
        assert made.counts["rows"] == 20


def test_every_column_said_to_be_blacked_out_is(catalog: Catalog):
    known = load_synthetic(catalog).unused.blacked_out
    said = {
        each.name
        for layout in catalog.events.layouts.values()
        for each in layout.columns
        if each.unused == "Blacked out."
    }
    assert said <= set(known)


def test_every_field_of_a_layout_has_values(catalog: Catalog, tmp_path: Path):
    made = make(catalog, tmp_path, WORKBOOK, rows=4_000)
    filled = sheet(made)
    used = [each.name for each in catalog.events.layouts[WORKBOOK].columns if each.to is not None]
    assert [name for name in used if filled[name].null_count() == filled.height] == []


def test_text_files_quote_texts_and_write_days_as_month_day_year(catalog: Catalog, tmp_path: Path):
    made = make(catalog, tmp_path, REMOVALS)
    row = gzip.decompress(made.path.read_bytes()).decode().splitlines()[6]
    assert re.fullmatch(
        r'("[^"]*"\|)(\d+/\d+/\d{4})?\|("[^"]*"\|)*("[^"]*")?\|\d+/\d+/\d{4}\|\d+/\d+/\d{4}', row
    )
    assert '"(B)(6);(B)(7)(C) "' in row


def test_spellings_are_those_that_the_code_lists_know(catalog: Catalog, arrests: MadeFile):
    known = {
        "Apprehension Method": "apprehension_methods",
        "Citizenship Country": "citizenships",
        "TOA Current Duty AOR": "areas_of_responsibility",
        "Apprehension Criminality": "criminality",
    }
    written = sheet(arrests)
    for column, codes in known.items():
        listed = catalog.events.codes[codes]
        spellings = {text.casefold() for each in listed.codes for text in (*each.spellings, each.label.en)}
        assert {each.casefold() for each in written[column].drop_nulls().unique()} <= spellings


def test_a_header_that_stands_twice_in_the_layout_stands_twice_in_the_file(catalog: Catalog, tmp_path: Path):
    twice = [
        name
        for name, layout in catalog.events.layouts.items()
        if layout.form == "raw" and max(Counter(each.name for each in layout.columns).values()) > 1
    ]
    assert twice
    made = make(catalog, tmp_path, twice[0], rows=30)
    preamble = len(load_synthetic(catalog).form_of(catalog.events.layouts[twice[0]]).preamble)
    rows = fastexcel.read_excel(made.path).load_sheet(0, header_row=None, dtypes="string").to_polars()
    assert max(Counter(rows.row(preamble)).values()) == 2


def test_files_of_one_release_share_the_name_of_their_sheet_and_no_person(catalog: Catalog, tmp_path: Path):
    one, two = synthesize(catalog, Request(WORKBOOK, 301, 7, files=2), tmp_path)
    assert [one.counts["rows"], two.counts["rows"]] == [151, 150]
    names = [fastexcel.read_excel(each.path).sheet_names for each in (one, two)]
    assert names == [["ERO Administrative Arrests"]] * 2
    assert truth(one)["row_original"].to_list() == list(range(8, 159))
    assert truth(two)["row_original"].to_list() == list(range(8, 158))
    assert not set(truth(one)["person_number"]) & set(truth(two)["person_number"])


def test_rows_go_on_in_a_second_sheet_with_its_own_header(catalog: Catalog, tmp_path: Path):
    made = make(catalog, tmp_path, WORKBOOK, rows=250, sheet_rows=200)
    assert fastexcel.read_excel(made.path).sheet_names == [
        "ERO Administrative Arrests",
        "ERO Administrative Arrests (2)",
    ]
    assert [sheet(made, number=number).height for number in (0, 1)] == [200, 50]
    assert made.counts["rows_by_sheet"] == {
        "ERO Administrative Arrests": 200,
        "ERO Administrative Arrests (2)": 50,
    }


def test_texts_of_a_workbook_stand_once_in_the_part_that_its_cells_share(catalog: Catalog, tmp_path: Path):
    made = make(catalog, tmp_path, WORKBOOK, rows=250, sheet_rows=200)
    with zipfile.ZipFile(made.path) as parts:
        shared = parts.read("xl/sharedStrings.xml").decode()
        sheets = [parts.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2)]
    uses, distinct = map(int, re.findall(r'ount="(\d+)"', shared))
    items = re.findall("<si>(.*?)</si>", shared)
    assert len(items) == len(set(items)) == distinct
    used = [int(number) for each in sheets for number in re.findall(r't="s"><v>(\d+)</v>', each)]
    assert len(used) == uses and set(used) == set(range(distinct))
    assert not any("inlineStr" in each for each in sheets)


def test_texts_that_stand_in_the_cells_are_the_same_texts(catalog: Catalog, tmp_path: Path):
    shared = make(catalog, tmp_path / "shared", WORKBOOK)
    own = make(catalog, tmp_path / "own", WORKBOOK, texts_in_cells=True)
    assert b"inlineStr" in zipfile.ZipFile(own.path).read("xl/worksheets/sheet1.xml")
    assert sheet(own).equals(sheet(shared)) and truth(own).equals(truth(shared))


def test_identifiers_of_19_digits_cut_to_15_make_people_collide(catalog: Catalog, tmp_path: Path):
    whole = sheet(make(catalog, tmp_path / "long", WORKBOOK, rows=3_000, identifiers="long"))
    cut = sheet(make(catalog, tmp_path / "cut", WORKBOOK, rows=3_000, identifiers="cut"))
    identifier = "Anonymized Identifier"
    assert whole[identifier].drop_nulls().str.len_chars().unique().to_list() == [19]
    assert cut[identifier].n_unique() < whole[identifier].n_unique()


# ── the truth beside ──


def test_the_truth_points_at_the_rows_of_the_file(arrests: MadeFile):
    rows, true = sheet(arrests), truth(arrests)
    assert true["row_original"].to_list() == list(range(8, 8 + rows.height))
    at = rows.select(
        pl.col("Apprehension Date").str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
    ).to_series()
    plain = ~true["is_date_missing"] & ~true["is_text_date"]
    assert at.filter(plain).to_list() == true["true_datetime"].filter(plain).to_list()
    assert at.filter(~plain).null_count() == (~plain).sum()
    assert rows["Anonymized Identifier"].is_null().to_list() == (~true["has_identifier"]).to_list()


def test_counts_are_what_the_file_holds(arrests: MadeFile):
    rows, counts = sheet(arrests), arrests.counts
    landmarks = rows["Apprehension Site Landmark"].drop_nulls()
    assert counts["rows"] == rows.height == 6_000
    assert counts["rows_without_identifier"] == rows["Anonymized Identifier"].null_count()
    assert counts["rows_without_date"] == rows["Apprehension Date"].null_count()
    assert counts["cells_with_tabs"] == landmarks.str.contains("\t").sum()
    assert counts["dates_as_text"] == rows["Apprehension Date"].drop_nulls().str.contains("/").sum()
    for column, field in (
        ("Operation", "operation"),
        ("Apprehension Site Landmark", "apprehension_landmark"),
    ):
        redacted = rows[column].drop_nulls().str.contains(r"(?i)\(b\)|b\(").sum()
        assert counts["redacted_cells_by_field"][field] == redacted
    texts = Counter(each for each in rows["Final Order Date"].drop_nulls() if "/" in each)
    assert counts["bad_dates_by_text"] == dict(texts)


def test_every_hazard_is_in_the_file(arrests: MadeFile, stints: MadeFile, catalog: Catalog):
    synthetic, counts = load_synthetic(catalog), arrests.counts
    kinds = {each.kind for each in synthetic.copies["arrests"].kinds}
    assert set(counts["duplicates_by_kind"]) | set(counts["further_events_by_kind"]) == kinds
    assert set(counts["bad_dates_by_text"]) == {each.text for each in synthetic.hazards.bad_dates}
    for each in (
        "rows_without_identifier",
        "rows_without_date",
        "dates_as_text",
        "cells_with_tabs",
        "cells_reading_na",
    ):
        assert counts[each] > 0, each
    text = "".join(sheet(arrests).select(pl.concat_str(pl.all(), ignore_nulls=True)).to_series())
    assert [each for each in synthetic.hazards.redactions if each not in text] == []
    assert stints.counts["open_stays"] > 0
    assert set(stints.counts["duplicates_by_kind"]) == {
        each.kind for each in synthetic.copies["stints"].kinds
    }


def test_duplicates_are_the_rows_after_the_first_of_a_chain_of_24_hours(arrests: MadeFile):
    true = truth(arrests).sort("person_number", "true_datetime", "row_original")
    gap = pl.col("true_datetime").diff().over("person_number")
    starts = gap.is_null() | (gap > pl.duration(hours=24))
    assert (~true.select(starts).to_series()).to_list() == true["is_duplicate"].to_list()


def test_a_reprocessed_arrest_repeats_another_at_the_same_minute(arrests: MadeFile):
    rows = pl.concat([sheet(arrests), truth(arrests)], how="horizontal")
    again = rows.filter(pl.col("copy_kind") == "reprocessed")
    assert set(again["Apprehension Method"]) == {"ERO Reprocessed Arrest"}
    first = rows.filter(~pl.col("is_duplicate"))
    ties = again.join(first, on=["event_number", "true_datetime"], how="inner")
    assert ties.height == again.height


def test_people_without_a_conviction_have_no_threat_level(
    arrests: MadeFile, catalog: Catalog, tmp_path: Path
):
    rows = sheet(arrests)
    with_level = rows.filter(pl.col("Case Threat Level").is_in(["1", "2", "3"]))
    assert 0 < with_level.height < rows.height / 2
    levels = Counter(row[6] for row in text_rows(make(catalog, tmp_path, REMOVALS))[1])
    assert set(levels) == {"NA", "(B)(7)(E) "}


def test_stints_follow_one_another_and_the_last_ends_with_the_stay(stints: MadeFile):
    rows = with_truth(stints)
    one = rows.filter(~pl.col("is_duplicate"), ~pl.col("is_date_missing")).sort(
        "stay_number", "true_datetime"
    )
    after = pl.col("true_datetime").shift(-1).over("stay_number")
    assert one.filter(pl.col("true_end_datetime") > after).is_empty()
    last = one.group_by("stay_number", maintain_order=True).last()
    assert last.filter(pl.col("book_out_date_time").ne_missing(pl.col("stay_book_out_date_time"))).is_empty()
    assert one.filter(pl.col("true_datetime") >= pl.col("true_end_datetime")).is_empty()
    transferred = one.filter(pl.col("true_end_datetime").is_not_null() & after.is_not_null())
    assert set(transferred["detention_release_reason"]) - {"Transferred"} <= _redactions(stints)


def _redactions(made: MadeFile) -> set[str]:
    return {
        each for each in pl.read_parquet(made.path)["detention_release_reason"].drop_nulls() if "b)" in each
    }


def test_an_open_stay_has_neither_an_end_nor_a_departure(stints: MadeFile):
    rows = with_truth(stints).filter("is_open")
    assert rows.height == stints.counts["open_stints"]
    assert (
        rows["book_out_date_time"].null_count() == rows["stay_book_out_date_time"].null_count() == rows.height
    )
    assert rows["true_departed_date"].null_count() == rows.height


def test_a_bond_is_the_only_difference_between_copies_of_a_stint(stints: MadeFile):
    rows = with_truth(stints)
    bonds = ["bond_posted_amount", "initial_bond_set_amount", "bond_posted_date", "initial_bond_set_date"]
    numbers = rows.filter(pl.col("copy_kind") == "bond_only")["event_number"]
    pairs = rows.filter(pl.col("event_number").is_in(numbers.implode()))
    same = [
        "detention_facility_code",
        "book_out_date_time",
        "stay_release_reason",
        "birth_year",
        "true_datetime",
    ]
    assert pairs.group_by("event_number").agg(pl.col(same).n_unique()).select(same).max().row(0) == (1,) * 5
    assert pairs.unique(["event_number", *bonds]).height > numbers.len()


def test_a_request_to_another_jail_on_the_same_day_is_no_duplicate(catalog: Catalog, tmp_path: Path):
    made = make(catalog, tmp_path, "ice-2026-08-detainers", rows=2_000)
    rows = pl.concat([sheet(made), truth(made)], how="horizontal").sort("row_original")
    other = rows.filter(pl.col("copy_kind") == "other_jail")
    assert other.height > 5
    assert not other["is_duplicate"].any()
    place = ["person_number", "true_datetime", "Detention Facility"]
    plain = other.filter(~pl.col("redacted_fields").fill_null("").str.contains("jail_name"))
    assert plain.join(rows.filter(pl.col("copy_kind").is_null()), on=place, how="inner").is_empty()


@pytest.mark.parametrize("layout", [CSV, REMOVALS, WORKBOOK, "ice-2026-08-detainers", PROCESSED])
def test_read_as_a_release_a_file_says_what_its_truth_says(catalog: Catalog, tmp_path: Path, layout: str):
    made = make(catalog, tmp_path, layout, rows=2_000)
    content = made.path.read_bytes()
    file = SourceFile(made.path, made.path.name, hashlib.sha256(content).hexdigest(), content)
    read = EventReader(catalog).read(file)
    assert read.is_synthetic
    core = pl.concat([each.frame for each in read.tables])
    main = TIMES[catalog.events.layouts[layout].table].main
    main = (
        main
        if core.schema.get(main) and core[main].null_count() < 1_000
        else main[: -len("_datetime")] + "_date"
    )
    true = truth(made)
    assert core["row_original"].to_list() == true["row_original"].to_list()
    moments = true.select(
        pl.when(~pl.col("is_date_missing")).then(pl.col("true_datetime").cast(core.schema[main]))
    ).to_series()
    assert core[main].to_list() == moments.to_list()
    assert core["redacted_fields"].to_list() == true["redacted_fields"].to_list()
    aside = sum(each.rows.height for table in read.tables for each in table.values_set_aside)
    assert aside == sum(made.counts["bad_dates_by_text"].values())


# ── what is refused ──


def test_an_unknown_layout_is_answered_with_the_nearest(catalog: Catalog, tmp_path: Path):
    with pytest.raises(UnknownNameError) as refused:
        make(catalog, tmp_path, "icfo-53623-arrest")
    assert "icfo-53623-arrests" in refused.value.nearest


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"rows": 0}, "--rows 0 is less than one."),
        ({"seed": -1}, "--seed -1 is negative."),
        ({"files": 0}, "--files 0 is less than one."),
        ({"rows": 2, "files": 3}, "2 rows cannot fill 3 files."),
        ({"format": "parquet"}, "are no parquet"),
    ],
)
def test_a_request_that_cannot_be_met_is_refused(
    catalog: Catalog, tmp_path: Path, more: dict[str, Any], said: str
):
    with pytest.raises(UsageError, match=re.escape(said)):
        make(catalog, tmp_path, CSV, **more)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_replaced_only_when_asked(catalog: Catalog, tmp_path: Path):
    made = make(catalog, tmp_path, CSV, rows=5)
    made.path.write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        make(catalog, tmp_path, CSV, rows=5)
    assert made.path.read_text() == "mine"
    synthesize(catalog, Request(CSV, 5, 7), tmp_path, overwrite=True)
    assert made.path.read_bytes().startswith(b"\x1f\x8b")


@pytest.fixture
def own_layouts(tmp_path: Path) -> Catalog:
    """The catalog with two layouts of one's own: one that can be made up, and one with a field that nothing fills."""
    folder = tmp_path / "overlay" / "sources" / "foia-2019-icfo-53623" / "event-layouts"
    folder.mkdir(parents=True)
    for name, field in (("mine", "gender_code"), ("unfilled", "apprehension_state_basis")):
        layout = {
            "layout": name,
            "source": "foia-2019-icfo-53623",
            "table": "arrests",
            "known_from": "a test",
            "columns": [{"name": "Day", "to": "apprehension_date"}, {"name": "Other", "to": field}],
        }
        (folder / f"{name}.yml").write_text(json.dumps(layout))
    return load_catalog(overlay=tmp_path / "overlay")


def test_a_layout_of_ones_own_is_made_up_in_the_form_of_its_source(own_layouts: Catalog, tmp_path: Path):
    made = make(own_layouts, tmp_path, "mine", rows=3)
    above, rows = text_rows(made)
    assert above[5] == '"Day"|"Other"'
    assert all(re.fullmatch(r"\d+/\d+/201[89]", day) and other in ("Male", "Female") for day, other in rows)


@pytest.mark.parametrize("file_format", ["csv.gz", "csv"])
def test_a_field_that_nothing_fills_is_an_error_and_leaves_no_file(
    own_layouts: Catalog, tmp_path: Path, file_format: str
):
    with pytest.raises(CatalogError, match="apprehension_state_basis"):
        make(own_layouts, tmp_path / "out", "unfilled", rows=3, format=file_format)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("layout", [CSV, WORKBOOK, PROCESSED])
def test_an_interruption_leaves_no_file_half_written(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: str
):
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Spoiler, "spoil", interrupt)
    with pytest.raises(KeyboardInterrupt):
        make(catalog, tmp_path, layout, rows=3)
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=15)
@given(rows=st.integers(1, 90), seed=st.integers(0, 2**40))
def test_any_number_of_rows_and_any_seed_give_that_many_rows_of_whole_people(
    catalog: Catalog, tmp_path_factory: pytest.TempPathFactory, rows: int, seed: int
):
    made = make(catalog, tmp_path_factory.mktemp("any"), CSV, rows=rows, seed=seed)
    true = truth(made)
    assert len(text_rows(made)[1]) == true.height == made.counts["rows"] == rows
    assert true["row_original"].to_list() == list(range(7, 7 + rows))
    firsts = true.filter(~pl.col("is_duplicate"))
    assert set(true["event_number"]) == set(firsts["event_number"])
    assert firsts["event_number"].n_unique() == firsts.height


# ── on the command line ──


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["synthesize", *arguments], prog_name="recount")
    assert result.exit_code == code, result.output
    return result.output


def test_the_command_lists_layouts_and_writes_a_file_with_its_truth(tmp_path: Path):
    assert CSV in {each["layout"] for each in json.loads(run("--list", "--format", "json"))}
    said = run(CSV, "--rows", "10", "--seed", "1", "--to", str(tmp_path), "--format", "json")
    [made] = json.loads(said)
    assert made["counts"]["rows"] == 10
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "SYNTHETIC_icfo-53623-arrests_10-rows_seed-1.csv.gz",
        "SYNTHETIC_icfo-53623-arrests_10-rows_seed-1.csv.gz.truth.json",
        "SYNTHETIC_icfo-53623-arrests_10-rows_seed-1.csv.gz.truth.parquet",
    ]


def test_the_command_says_what_is_missing(tmp_path: Path):
    assert "--rows and --seed must be given" in run(CSV, "--to", str(tmp_path), code=2)
    assert "icfo-53623-arrests" in run("icfo-53623", "--rows", "1", "--seed", "1", code=2)
