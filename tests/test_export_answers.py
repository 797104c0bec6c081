"""`recount export --measure`: the answer's rows and receipt, in every format."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars as pl
import pyreadstat
import pytest
from typer.testing import CliRunner

from recount.ask import MeasureQuestion, OpenRecord, open_record
from recount.cli.app import app
from recount.declare.answer_columns import FILE, load_answer_columns
from recount.declare.catalog import Catalog
from recount.errors import CatalogError, UsageError
from recount.export.answers import AnswerRows, answer_table
from small_exports import NOBODY

HELD = ("detained_population", "--by", "criminality", "--as-known-on", "2026-02-13")
ICE = "ice-2019-icfo-53623"


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), prog_name="recount")
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return open_record(NOBODY)


def read(path: Path) -> list[tuple[str, int]]:
    """Returns criminality and numerator as other programs read them."""
    suffix = path.suffix
    if suffix == ".parquet":
        frame = pl.read_parquet(path)
    elif suffix == ".csv":
        frame = pl.read_csv(path)
    elif suffix == ".xlsx":
        header, *rows = openpyxl.load_workbook(path)["detained_population"].iter_rows(values_only=True)
        frame = pl.DataFrame(rows, schema=[str(each) for each in header], orient="row")
    elif suffix in (".dta", ".sav"):
        reader = pyreadstat.read_dta if suffix == ".dta" else pyreadstat.read_sav
        frame = pl.from_pandas(reader(str(path), apply_value_formats=True)[0].astype({"criminality": str}))
    elif suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as database:
            return database.execute("SELECT criminality, numerator FROM detained_population").fetchall()
    else:
        with duckdb.connect(str(path), read_only=True) as database:
            return database.execute("SELECT criminality, numerator FROM detained_population").fetchall()
    return [(str(code), int(number)) for code, number in frame.select("criminality", "numerator").rows()]


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".xlsx", ".dta", ".sav", ".sqlite", ".duckdb"])
def test_every_format_holds_the_integers_of_the_terminal(tmp_path: Path, suffix: str):
    told = json.loads(run("measure", *HELD, "--format", "json"))
    (written,) = json.loads(
        run("export", "--measure", *HELD, "--to", str(tmp_path / f"held{suffix}"), "--format", "json")
    )
    numbers = [each["numerator"] for each in told["rows"]]
    found = read(tmp_path / f"held{suffix}")
    assert [number for _, number in found] == numbers == [18030, 17895, 32364, 68289]
    assert written["receipt"]["id"] == told["receipt"]["id"]
    codes = [each["breakdown"]["criminality"] for each in told["rows"]]
    labels = ["Convicted", "Pending charges", "Other immigration violator", "all together"]
    assert [code for code, _ in found] == (labels if suffix in (".dta", ".sav") else codes)


def test_a_package_of_an_answer_is_valid(tmp_path: Path):
    frictionless = pytest.importorskip("frictionless")
    run("export", "--measure", *HELD, "--to", str(tmp_path / "held"), "--as", "datapackage")
    package = frictionless.Package(str(tmp_path / "held" / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.to_summary()


def test_dictionary_caveats_and_receipt_go_with_it(tmp_path: Path, record: OpenRecord):
    question = record.measure("detained_population").as_known_on("2026-02-13").by("criminality")
    written = question.export(tmp_path / "held.csv")
    dictionary = pl.read_csv(tmp_path / "held.csv.dictionary.csv")
    columns = pl.read_csv(tmp_path / "held.csv").columns
    assert dictionary["column"].unique(maintain_order=True).to_list() == columns
    assert dictionary.filter(pl.col("code") == "convicted")["label_es"].to_list() == ["Con condena"]
    told = json.loads((tmp_path / "held.csv.receipt.json").read_text(encoding="utf-8"))
    assert told["receipt"] == question.receipt().as_json()
    assert told["warnings"] == list(written.warnings)
    assert any(each.startswith("A snapshot counts those held on one day") for each in written.warnings)
    assert [each["release"] for each in told["sources"]] == ["fy26-detentionstats-02122026"]


def test_bounds_of_counts_are_counts(tmp_path: Path, record: OpenRecord):
    question = record.measure("arrests").release(ICE).by("fiscal_year").where(aor="Boston")
    question.export(tmp_path / "a.parquet")
    frame = pl.read_parquet(tmp_path / "a.parquet")
    assert frame.select("low", "high").dtypes == [pl.Int64, pl.Int64]
    shown = [each["bounds"] for each in question.as_json()["rows"]]
    assert frame.select("low", "high").rows() == [(int(each["low"]), int(each["high"])) for each in shown]


def test_bounds_of_shares_are_numbers_with_the_exact_quotient_beside(tmp_path: Path, record: OpenRecord):
    question = record.measure("share_level_1").by("release")
    question.export(tmp_path / "s.parquet")
    for row in pl.read_parquet(tmp_path / "s.parquet").iter_rows(named=True):
        assert row["low"] == float(Fraction(row["low_exact"]))
        assert row["high"] == float(Fraction(row["high_exact"]))


@pytest.mark.parametrize(
    "arguments",
    [
        ("arrests", "--by", "aor", "--per", "total", "--release", ICE),
        ("share_level_1", "--readings", "all"),
        ("arrests", "--where", "aor=Boston", "--compare-with", "aor=Seattle", "--release", ICE),
        ("book_ins", "--period", "month"),
        ("arrests", "--by", "citizenship_group,gender", "--where", "fiscal_year=2018", "--release", ICE),
        ("people_removed", "--where", "state=MA", "--by", "jurisdiction"),
    ],
)
def test_each_shape_of_answer_is_exported_whole(tmp_path: Path, arguments: tuple[str, ...]):
    told = json.loads(run("measure", *arguments, "--format", "json"))
    rows = told.get("differences", told.get("spread", told.get("rows", [])))
    (written,) = json.loads(
        run("export", "--measure", *arguments, "--to", str(tmp_path / "a.dta"), "--format", "json")
    )
    assert written["tables"][0]["rows"] == len(rows) > 0
    assert written["receipt"]["id"] == told["receipt"]["id"]


def questions(record: OpenRecord) -> list[MeasureQuestion]:
    figures = [record.measure(each) for each in record.catalog.measures]
    events = [
        record.measure(each).by(*list(record.catalog.events.measures[each].dimensions)[:1])
        for each in record.catalog.events.measures
    ]
    return [*figures, *(each.readings() for each in figures), *events]


def test_every_column_of_every_measure_is_described(record: OpenRecord):
    """An answer with a column that nothing describes is an error; here is none."""
    answered = 0
    for question in questions(record):
        frame = question.to_polars()
        if frame.is_empty():
            continue
        answered += 1
        rows = AnswerRows(question.result().measure, frame, "title", (), question.receipt())
        fields = answer_table(rows, record.record, record.catalog).fields
        assert all(each.description.strip() for each in fields)
        assert max(len(each.name) for each in fields) <= 32
    assert answered > 40


def test_a_column_that_nothing_describes_is_an_error(record: OpenRecord):
    question = record.measure("detained_population").as_known_on("2026-02-13")
    frame = question.to_polars().with_columns(pl.lit("x").alias("odd"))
    rows = AnswerRows(question.result().measure, frame, "title", (), question.receipt())
    with pytest.raises(CatalogError, match=rf"column odd[\s\S]*{FILE}"):
        answer_table(rows, record.record, record.catalog)


def test_a_side_is_described_by_its_column(catalog: Catalog):
    found = load_answer_columns(catalog).find("lowest_numerator")
    assert found is not None
    assert found.description.startswith("Of the reading that gives the lowest number: the count")
    assert load_answer_columns(catalog).find("lowest_odd") is None


def test_an_answer_without_rows_is_told(record: OpenRecord, tmp_path: Path):
    with pytest.raises(UsageError, match=r"The answer has no rows[\s\S]*recount measure stints"):
        record.measure("stints").export(tmp_path / "a.csv")
    assert [each for each in tmp_path.iterdir() if each.name != "recount-home"] == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--to", "a.csv"), "Nothing is named to export"),
        (("--measure", "arrests"), "--to must be given"),
        (("--measure", "arests", "--to", "a.csv"), "No measure is called 'arests'"),
        (("--measure", "arrests", "--measure", "removals", "--to", "a.csv"), "An answer is of one measure"),
        (("--measure", "arrests", "--unit", "aor", "--to", "a.csv"), "An answer is exported without --unit"),
        (("--measure", "arrests", "--url", "u", "--to", "a.csv"), "An answer is exported without --url"),
        (("arrests", "--by", "aor", "--to", "a.csv"), "A table is exported without --by"),
        (("claim", "--where", "aor=BOS", "--to", "a.jsonld"), "A claim is exported without --where"),
        (("--measure", "arrests", "--where", "aor", "--to", "a.csv"), "is not name=value"),
        (("--measure", "arrests", "--to", "nowhere/a.csv"), "there is no folder"),
        (("--measure", "arrests", "--to", "a.txt"), "names no format of exports"),
    ],
)
def test_what_cannot_be_exported_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
):
    monkeypatch.chdir(tmp_path)
    assert told in run("export", *arguments, code=2)
    assert [each for each in tmp_path.iterdir() if each.name != "recount-home"] == []


def test_an_interrupted_answer_ends_with_130_and_leaves_nothing(tmp_path: Path, monkeypatch: Any):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("recount.export.writing.write_csv", interrupt)
    run("export", "--measure", *HELD, "--to", str(tmp_path / "a.csv"), code=130)
    assert [each for each in tmp_path.iterdir() if each.name != "recount-home"] == []


def test_in_public_answers_are_of_the_cubes_alone(tmp_path: Path, record: OpenRecord):
    to = tmp_path / "a.csv"
    run("export", "--measure", "arrests", "--by", "aor", "--release", ICE, "--public", "--to", str(to))
    (total,) = pl.read_csv(to).filter(pl.col("kind") == "total")["numerator"].to_list()
    cubes = [
        pl.read_parquet(each.path)["row_count"].sum()
        for each in record.record.parts
        if (each.table, each.release, each.kind) == ("arrests", ICE, "cube")
    ]
    assert total == sum(cubes)


def test_every_export_has_a_dataset_beside_it(tmp_path: Path):
    for suffix in (".parquet", ".csv", ".xlsx", ".dta", ".sav", ".sqlite", ".duckdb"):
        run("export", "--measure", *HELD, "--to", str(tmp_path / f"held{suffix}"))
        told = json.loads((tmp_path / f"held{suffix}.dataset.jsonld").read_text(encoding="utf-8"))
        assert (told["@context"], told["@type"]) == ("https://schema.org/", "Dataset")
        assert {"name", "description", "license", "creator", "temporalCoverage", "identifier"} <= set(told)
        (download,) = told["distribution"]
        assert download["contentUrl"] == f"held{suffix}"
        assert download["contentSize"] == f"{(tmp_path / f'held{suffix}').stat().st_size} B"
        assert ("sha256" in download) == (suffix != ".duckdb")
        assert 50 <= len(told["description"]) <= 5000
