"""`recount export`: whatever the format, another program reads the rows that the record holds."""

from __future__ import annotations

import csv
import datetime
import importlib.util
import json
import math
import shutil
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pyreadstat
import pytest

from recount.declare.catalog import Catalog
from recount.declare.exports import load_exports
from recount.errors import RecordError, UsageError
from recount.export.tables import ExportField, ExportTable
from recount.record.store import Record
from small_events import Parts, day
from small_exports import ARRESTS, TIME, rows_of, small_record, table_of, written

SUFFIXES = (".parquet", ".csv", ".xlsx", ".dta", ".sav", ".sqlite", ".duckdb")
TABLES = ("arrests", "removals_cube", "ohss_figures")
OHSS = "ohss_figures"
Plain = list[dict[str, Any]]


@pytest.fixture
def record(tmp_path: Path, catalog: Catalog) -> Record:
    (tmp_path / "parts").mkdir()
    return small_record(tmp_path / "parts", catalog)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def with_numbers(table: ExportTable) -> Plain:
    """Returns the rows as programs without coded texts hold them: codes by number, yes and no as 1 and 0."""
    numbers = {
        field.name: {each.code: at for at, each in enumerate(field.codes, start=1)}
        for field in table.fields
        if field.codes is not None
    }
    texts = {each.name for each in table.fields if each.type == "text"}

    def held(name: str, value: Any) -> Any:
        if name in numbers:
            return None if value is None else numbers[name][value]
        if name in texts:
            return value or ""
        return int(value) if isinstance(value, bool) else value

    return [
        {name: held(name, value) for name, value in row.items()} for row in table.frame.collect().to_dicts()
    ]


@pytest.mark.parametrize("what", TABLES)
def test_polars_reads_parquet_with_types_and_what_is_missing(
    record: Record, catalog: Catalog, out: Path, what: str
):
    written(record, catalog, what, out / "t.parquet")
    assert pl.read_parquet(out / "t.parquet").equals(rows_of(record, catalog, what))


def test_parquet_holds_descriptions_dictionary_warnings_and_receipt(
    record: Record, catalog: Catalog, out: Path
):
    export = written(record, catalog, "arrests", out / "t.parquet")
    held = pl.read_parquet_metadata(out / "t.parquet")
    declared = catalog.events.tables["arrests"]
    assert json.loads(held["recount:columns"]) == {each.name: each.description for each in declared.fields}
    told = json.loads(held["recount:export"])
    assert told["receipt"]["id"] == export.receipt.id
    assert told["warnings"] == list(export.warnings)
    codes = [each for each in json.loads(held["recount:dictionary"]) if each["code"] == "BOS"]
    assert codes[0]["label_en"] == "Boston"


def test_csv_has_iso_days_true_and_false_and_nothing_where_missing(
    record: Record, catalog: Catalog, out: Path
):
    written(record, catalog, "arrests", out / "t.csv")
    text = (out / "t.csv").read_bytes().decode("utf-8")
    first, second, third = csv.DictReader(text.splitlines(keepends=True))
    assert first["apprehension_datetime"] == "2025-02-03T14:05:30"
    assert first["apprehension_date"] == "2025-02-03"
    assert (first["has_final_order"], second["has_final_order"], third["has_final_order"]) == (
        "true",
        "false",
        "",
    )
    assert first["apprehension_city"] == 'He said "Boston", and\nleft; ñ'
    assert third["apprehension_date"] == ""
    assert "\r" not in text


@pytest.mark.parametrize("what", TABLES)
def test_polars_reads_csv_by_the_types_of_the_dictionary(
    record: Record, catalog: Catalog, out: Path, what: str
):
    written(record, catalog, what, out / "t.csv")
    rows = rows_of(record, catalog, what)
    assert pl.read_csv(out / "t.csv", schema=rows.schema).equals(rows)


@pytest.mark.parametrize("suffix", [".csv", ".dta", ".sav"])
def test_what_a_file_cannot_hold_lies_beside_it(record: Record, catalog: Catalog, out: Path, suffix: str):
    export = written(record, catalog, "arrests", out / f"t{suffix}")
    dictionary = pl.read_csv(out / f"t{suffix}.dictionary.csv")
    assert set(dictionary["column"]) == {each.name for each in catalog.events.tables["arrests"].fields}
    receipt = json.loads((out / f"t{suffix}.receipt.json").read_text(encoding="utf-8"))
    assert receipt["receipt"]["id"] == export.receipt.id
    assert receipt["files"][0]["name"] == f"t{suffix}"
    assert [each.name for each in export.beside] == [
        *(f"t{suffix}.dictionary.csv", f"t{suffix}.receipt.json", f"t{suffix}.dataset.jsonld")
    ]


@pytest.mark.parametrize("what", TABLES)
def test_openpyxl_reads_the_workbook(record: Record, catalog: Catalog, out: Path, what: str):
    written(record, catalog, what, out / "t.xlsx")
    book = openpyxl.load_workbook(out / "t.xlsx", read_only=True)
    header, *rows = book[what].iter_rows(values_only=True)
    expected = rows_of(record, catalog, what)

    def held(value: Any) -> Any:
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return datetime.datetime(value.year, value.month, value.day)  # noqa: DTZ001  as a cell has it
        return value

    assert list(header) == expected.columns
    assert rows == [tuple(held(value) for value in row) for row in expected.iter_rows()]


def test_a_workbook_has_a_sheet_of_definitions_and_an_account(record: Record, catalog: Catalog, out: Path):
    export = written(record, catalog, "arrests", out / "t.xlsx")
    book = openpyxl.load_workbook(out / "t.xlsx", read_only=True)
    assert book.sheetnames == ["arrests", "Definitions", "About"]
    header, *rows = book["Definitions"].iter_rows(values_only=True)
    lines = [dict(zip(header, each, strict=True)) for each in rows]
    boston = [each for each in lines if each["code"] == "BOS" and each["column"] == "apprehension_aor_code"]
    assert [(each["label_en"], each["code_list"]) for each in boston] == [
        ("Boston", "areas_of_responsibility")
    ]
    about = list(book["About"].iter_rows(values_only=True))
    assert ("receipt", export.receipt.id) in about
    whole = "".join(str(text) for label, text in about if label == "receipt JSON")
    assert json.loads(whole)["id"] == export.receipt.id
    assert [text for label, text in about if label == "mind"] == list(export.warnings)


def test_a_workbook_holds_a_formula_as_the_text_that_it_is(record: Record, catalog: Catalog, out: Path):
    written(record, catalog, "arrests", out / "t.xlsx")
    cells = openpyxl.load_workbook(out / "t.xlsx")["arrests"]
    column = [each.value for each in cells[1]].index("apprehension_city") + 1
    assert (cells.cell(3, column).value, cells.cell(3, column).data_type) == ("=1+1", "s")


def narrower(monkeypatch: pytest.MonkeyPatch, catalog: Catalog, name: str, **limits: Any) -> None:
    """Makes a format hold less, as if its limit were declared so."""
    exports = load_exports(catalog)
    changed = [each.model_copy(update=limits) if each.format == name else each for each in exports.limits]
    smaller = exports.model_copy(update={"limits": changed})
    monkeypatch.setattr("recount.export.account.load_exports", lambda _: smaller)


def test_a_table_too_long_for_a_sheet_goes_on_in_another(
    record: Record, catalog: Catalog, out: Path, monkeypatch: pytest.MonkeyPatch
):
    narrower(monkeypatch, catalog, "xlsx", sheet_rows=2)
    export = written(record, catalog, "arrests", out / "t.xlsx")
    book = openpyxl.load_workbook(out / "t.xlsx", read_only=True)
    sheets = [list(book[name].iter_rows(values_only=True)) for name in ("arrests", "arrests (2)")]
    assert [len(each) for each in sheets] == [3, 2]
    assert sheets[0][0] == sheets[1][0]
    assert export.notes == ("arrests goes over 2 sheets, 2 rows in each but the last.",)


def test_days_that_a_workbook_has_no_number_for_stand_as_text(catalog: Catalog, tmp_path: Path):
    parts = Parts(tmp_path, catalog).rows("arrests", [{"final_order_date": day("1899-12-31")}])
    export = written(parts.record(), catalog, "arrests", tmp_path / "t.xlsx")
    header, row = openpyxl.load_workbook(tmp_path / "t.xlsx")["arrests"].iter_rows(values_only=True)
    assert dict(zip(header, row, strict=True))["final_order_date"] == "1899-12-31"
    assert export.notes == ("1 days before 1900 stand as text: a workbook has no number for them.",)


@pytest.mark.parametrize("what", TABLES)
def test_pandas_reads_the_stata_file_with_days_codes_and_what_is_missing(
    record: Record, catalog: Catalog, out: Path, what: str
):
    written(record, catalog, what, out / "t.dta")
    read = pd.read_stata(out / "t.dta", convert_categoricals=False)
    rows = [
        {str(name): plain(value) for name, value in each.items()} for each in read.to_dict(orient="records")
    ]
    assert rows == with_datetimes(with_numbers(table_of(record, catalog, what)))


def plain(value: Any) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def with_datetimes(rows: Plain) -> Plain:
    return [
        {
            name: datetime.datetime(value.year, value.month, value.day)  # noqa: DTZ001  as pandas has it
            if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)
            else value
            for name, value in row.items()
        }
        for row in rows
    ]


def test_a_stata_file_has_labels_of_columns_and_codes(record: Record, catalog: Catalog, out: Path):
    written(record, catalog, "arrests", out / "t.dta")
    with pd.read_stata(out / "t.dta", iterator=True) as reader:
        labels, values = reader.variable_labels(), reader.value_labels()
        assert reader.data_label == "Arrests"
    assert labels["apprehension_date"] == "The day of the arrest."
    assert labels["apprehension_city"].endswith("…")
    assert len(labels["apprehension_city"].encode()) <= 80
    _, meta = pyreadstat.read_dta(out / "t.dta")
    assert "Boston" in meta.variable_value_labels["apprehension_aor_code"].values()
    assert meta.variable_value_labels["has_final_order"] == {0: "no", 1: "yes"}
    assert len(values) > 2
    assert (out / "t.dta").read_bytes()[:40].startswith(b"<stata_dta><header><release>118")


@pytest.mark.parametrize("what", TABLES)
def test_the_spss_file_is_read_back(record: Record, catalog: Catalog, out: Path, what: str):
    written(record, catalog, what, out / "t.sav")
    read, meta = pyreadstat.read_sav(out / "t.sav", output_format="polars")
    assert read.to_dicts() == with_numbers(table_of(record, catalog, what))
    assert meta.column_names_to_labels["release"] is not None
    assert f"Receipt {written(record, catalog, what, out / 'u.sav').receipt.id}" in " ".join(meta.notes)


def test_a_label_is_the_one_of_the_code_that_the_dictionary_gives(
    record: Record, catalog: Catalog, out: Path
):
    written(record, catalog, "arrests", out / "t.dta")
    dictionary = pl.read_csv(out / "t.dta.dictionary.csv").filter(column="citizenship_code", code="GTM")
    read, meta = pyreadstat.read_dta(out / "t.dta", output_format="polars")
    number = read["citizenship_code"][0]
    assert dictionary["number"].to_list() == [number]
    assert meta.variable_value_labels["citizenship_code"][number] == dictionary["label_en"][0] == "Guatemala"


@pytest.mark.parametrize(("suffix", "longest"), [(".dta", "2,044"), (".sav", "32,767"), (".xlsx", "32,767")])
def test_a_text_that_a_format_cannot_hold_is_refused_and_not_cut(
    catalog: Catalog, tmp_path: Path, suffix: str, longest: str
):
    parts = Parts(tmp_path, catalog).rows("arrests", [{"apprehension_city": "x" * 40_000}])
    with pytest.raises(UsageError, match=rf"arrests.apprehension_city has 40,000 .* holds\s+{longest}"):
        written(parts.record(), catalog, "arrests", tmp_path / f"t{suffix}")
    assert not list(tmp_path.glob("t.*"))


def test_a_text_of_exactly_what_stata_holds_is_kept(catalog: Catalog, tmp_path: Path):
    parts = Parts(tmp_path, catalog).rows("arrests", [{"apprehension_city": "x" * 2044}])
    written(parts.record(), catalog, "arrests", tmp_path / "t.dta")
    assert pd.read_stata(tmp_path / "t.dta")["apprehension_city"][0] == "x" * 2044


@pytest.mark.parametrize("suffix", [".dta", ".sav"])
def test_more_rows_than_fit_into_memory_are_refused(
    record: Record, catalog: Catalog, out: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
):
    narrower(monkeypatch, catalog, "stata" if suffix == ".dta" else "spss", most_rows=2)
    with pytest.raises(UsageError, match=r"arrests has 3 rows, .* made in memory: 2 rows at most"):
        written(record, catalog, "arrests", out / f"t{suffix}")


@pytest.mark.parametrize("suffix", [".dta", ".sav"])
def test_a_code_that_its_list_lacks_is_refused(catalog: Catalog, tmp_path: Path, suffix: str):
    parts = Parts(tmp_path, catalog).rows("arrests", [{"citizenship_code": "NOWHERE"}])
    with pytest.raises(RecordError, match="holds codes that its list lacks: NOWHERE"):
        written(parts.record(), catalog, "arrests", tmp_path / f"t{suffix}")


def test_no_column_has_a_name_that_stata_keeps_for_itself(catalog: Catalog):
    taken = set(load_exports(catalog).stata_reserved.words)
    for table in (*catalog.tables.values(), *catalog.events.tables.values()):
        assert not taken & {each.name for each in table.fields}


@pytest.mark.parametrize("what", TABLES)
def test_sqlite_has_strict_tables_and_the_rows(record: Record, catalog: Catalog, out: Path, what: str):
    written(record, catalog, what, out / "t.sqlite")
    with closing(sqlite3.connect(out / "t.sqlite")) as database:
        read = database.execute(f"SELECT * FROM {what}").fetchall()
        (made,) = database.execute("SELECT sql FROM sqlite_master WHERE name = ?", (what,)).fetchone()
        strict = dict(database.execute("SELECT name, strict FROM pragma_table_list").fetchall())

    def held(value: Any) -> Any:
        if isinstance(value, datetime.date):
            return value.isoformat()
        return int(value) if isinstance(value, bool) else value

    assert read == [tuple(map(held, row)) for row in rows_of(record, catalog, what).iter_rows()]
    assert strict[what] == 1
    assert "NOT NULL" in made


def test_sqlite_finds_rows_by_their_key(record: Record, catalog: Catalog, out: Path):
    written(record, catalog, "arrests", out / "t.sqlite")
    with closing(sqlite3.connect(out / "t.sqlite")) as database:
        plan = database.execute(
            "EXPLAIN QUERY PLAN SELECT * FROM arrests WHERE release = 'tiny' AND file_original = 'tiny-0.csv'"
        ).fetchall()
        unique = database.execute("SELECT name, \"unique\" FROM pragma_index_list('arrests')").fetchall()
    assert "USING INDEX arrests_key" in plan[0][3]
    assert unique == [("arrests_key", 1)]


def test_databases_hold_dictionary_and_account(record: Record, catalog: Catalog, out: Path):
    receipts = set()
    export = written(record, catalog, "arrests", out / "t.sqlite")
    with closing(sqlite3.connect(out / "t.sqlite")) as database:
        account = dict(database.execute("SELECT name, value FROM recount_account").fetchall())
        receipts.add(json.loads(account["receipt"])["id"])
        query = "SELECT label_en FROM recount_dictionary WHERE code = 'BOS'"
        assert ("Boston",) in database.execute(query).fetchall()
    written(record, catalog, "arrests", out / "t.duckdb")
    with duckdb.connect(str(out / "t.duckdb"), read_only=True) as other:
        account = dict(other.execute("SELECT name, value FROM recount_account").fetchall())
        receipts.add(json.loads(account["receipt"])["id"])
        assert ("Boston",) in other.execute(query).fetchall()
    assert receipts == {export.receipt.id}


def test_the_metadata_for_datasette_describe_every_column_with_source_and_licence(
    record: Record, catalog: Catalog, out: Path
):
    export = written(record, catalog, "arrests", out / "t.sqlite")
    metadata = json.loads((out / "t.sqlite.metadata.json").read_text(encoding="utf-8"))
    # The keys that Datasette documents, and no others.
    top = {"title", "description", "license", "license_url", "source", "source_url", "databases"}
    assert set(metadata) <= top
    assert export.receipt.id in metadata["description"]
    assert metadata["license_url"].startswith("https://")
    table = metadata["databases"]["t"]["tables"]["arrests"]
    assert set(table["columns"]) == {each.name for each in catalog.events.tables["arrests"].fields}
    assert metadata["databases"]["t"]["source"] == "ICE"


DATASETTE = Path(sys.executable).with_name("datasette")


@pytest.mark.skipif(not DATASETTE.exists(), reason="needs datasette: pip install datasette")
def test_datasette_opens_the_database_with_its_metadata(record: Record, catalog: Catalog, out: Path):
    written(record, catalog, "arrests", out / "t.sqlite")
    asked = [str(DATASETTE), "t.sqlite", "--metadata", "t.sqlite.metadata.json", "--get"]
    rows = subprocess.run(
        [*asked, "/t/arrests.json?_shape=objects"], cwd=out, capture_output=True, check=True
    )
    assert [each["row_original"] for each in json.loads(rows.stdout)["rows"]] == [2, 3, 4]
    page = subprocess.run([*asked, "/t/arrests"], cwd=out, capture_output=True, check=True, text=True)
    assert "The day of the arrest." in page.stdout
    table = catalog.events.tables["arrests"]
    front = subprocess.run([*asked, "/"], cwd=out, capture_output=True, check=True, text=True)
    assert table.title.en in front.stdout
    described = subprocess.run([*asked, "/t.json"], cwd=out, capture_output=True, check=True)
    tables = {each["name"]: each["count"] for each in json.loads(described.stdout)["tables"]}
    assert tables["arrests"] == len(ARRESTS)
    facets = subprocess.run(
        [*asked, "/t/arrests.json?apprehension_aor_code=BOS&_shape=array"],
        cwd=out,
        capture_output=True,
        check=True,
    )
    assert [each["unique_identifier"] for each in json.loads(facets.stdout)] == ["a1"]


@pytest.mark.parametrize("what", TABLES)
def test_duckdb_has_the_rows_with_types(record: Record, catalog: Catalog, out: Path, what: str):
    written(record, catalog, what, out / "t.duckdb")
    with duckdb.connect(str(out / "t.duckdb"), read_only=True) as database:
        read = database.execute(f"SELECT * FROM {what} ORDER BY rowid").pl()
    assert read.equals(rows_of(record, catalog, what))


def test_duckdb_comments_on_tables_and_columns(record: Record, catalog: Catalog, out: Path):
    written(record, catalog, "arrests", out / "t.duckdb")
    with duckdb.connect(str(out / "t.duckdb"), read_only=True) as database:
        comments = dict(
            database.execute(
                "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'arrests'"
            ).fetchall()
        )
        (told,) = database.execute(
            "SELECT comment FROM duckdb_tables() WHERE table_name = 'arrests'"
        ).fetchone() or ("",)
    assert comments["apprehension_date"] == "The day of the arrest."
    assert "An area of responsibility spans several states" in told


def test_the_frictionless_validator_accepts_a_package(record: Record, catalog: Catalog, out: Path):
    written(record, catalog, "all", out / "package", "datapackage", releases=["tiny", "cubed"])
    assert validated(out / "package") == {"arrests": [], "removals_cube": []}


def test_the_frictionless_validator_accepts_printed_figures(record: Record, catalog: Catalog, out: Path):
    written(record, catalog, OHSS, out / "package", "datapackage")
    assert validated(out / "package") == {OHSS: []}


def test_the_frictionless_validator_finds_what_is_changed(record: Record, catalog: Catalog, out: Path):
    written(record, catalog, "arrests", out / "package", "datapackage")
    path = out / "package" / "data" / "arrests.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("GTM", "XXX"), encoding="utf-8")
    assert {"hash-count", "constraint-error"} & set(validated(out / "package")["arrests"])


def validated(folder: Path) -> dict[str, list[str]]:
    """Returns the errors that the validator finds, by table."""
    if importlib.util.find_spec("frictionless") is None:
        pytest.skip("needs frictionless")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import frictionless

        report = frictionless.validate(str(folder / "datapackage.json"))
    assert not report.errors
    return {each.name: [one.type for one in each.errors] for each in report.tasks}


def test_a_package_names_key_units_codes_licence_and_sources(record: Record, catalog: Catalog, out: Path):
    export = written(record, catalog, "arrests", out / "package", "datapackage")
    package = json.loads((out / "package" / "datapackage.json").read_text(encoding="utf-8"))
    (resource,) = package["resources"]
    schema = resource["schema"]
    fields = {each["name"]: each for each in schema["fields"]}
    assert schema["primaryKey"] == ["release", "file_original", "sheet_original", "row_original"]
    assert fields["birth_year"]["unit"] == "years"
    assert "BOS" in fields["apprehension_aor_code"]["constraints"]["enum"]
    assert package["licenses"] == [
        {"name": "other-pd", "title": "Public domain", "path": "https://www.usa.gov/government-works"}
    ]
    assert [each["release"] for each in package["sources"]] == ["tiny"]
    assert len(package["sources"][0]["files"][0]["sha256"]) == 64
    assert package["receipt"]["id"] == export.receipt.id


def test_a_package_is_described_as_a_dataset_for_search_engines(record: Record, catalog: Catalog, out: Path):
    export = written(record, catalog, OHSS, out / "package", "datapackage")
    dataset = json.loads((out / "package" / "dataset.jsonld").read_text(encoding="utf-8"))
    assert (dataset["@context"], dataset["@type"]) == ("https://schema.org/", "Dataset")
    # Google asks for a name and a description of 50 to 5000 characters.
    assert dataset["name"]
    assert 50 <= len(dataset["description"]) <= 5000
    assert dataset["identifier"] == f"urn:sha256:{export.receipt.id}"
    (download,) = dataset["distribution"]
    assert download["contentUrl"] == f"data/{OHSS}.csv"
    start, end = dataset["temporalCoverage"].split("/")
    assert start < end
    names = {each["name"] for each in dataset["variableMeasured"]}
    assert names == {each.name for each in catalog.tables[OHSS].fields}


def read_with_r(program: str, package: str | None = None, how_to_get: str = "") -> str:
    """Runs a program of R, and skips where R or what it needs is not there."""
    if shutil.which("Rscript") is None:
        pytest.skip("needs R: apt-get install r-base-core")
    if package is not None:
        there = f"quit(status = !requireNamespace('{package}', quietly = TRUE))"
        if subprocess.run(["Rscript", "-e", there], capture_output=True, check=False).returncode:
            pytest.skip(f"needs the R package {package}: {how_to_get}")
    return subprocess.run(
        ["Rscript", "-e", program], capture_output=True, check=True, text=True, timeout=60
    ).stdout


def test_r_reads_the_csv_file(record: Record, catalog: Catalog, out: Path):
    written(record, catalog, "arrests", out / "t.csv")
    program = f"""
    d <- read.csv("{out / "t.csv"}", na.strings = "", colClasses = c(has_final_order = "character"))
    cat(nrow(d), ncol(d), d$birth_year[1], is.na(d$birth_year[2]), d$has_final_order[2], nchar(d$apprehension_city[1]))
    """
    rows = rows_of(record, catalog, "arrests")
    city = len(ARRESTS[0]["apprehension_city"])
    assert read_with_r(program) == f"3 {rows.width} 1985 TRUE false {city}"


def test_r_reads_the_stata_file(record: Record, catalog: Catalog, out: Path):
    written(record, catalog, "arrests", out / "t.dta")
    program = f"""
    d <- haven::read_dta("{out / "t.dta"}")
    cat(nrow(d), as.character(haven::as_factor(d$apprehension_aor_code)[1]), format(d$apprehension_date[1]))
    """
    assert read_with_r(program, "haven", "apt-get install r-cran-haven") == "3 Boston 2025-02-03"


def test_r_reads_the_parquet_file(record: Record, catalog: Catalog, out: Path):
    written(record, catalog, "arrests", out / "t.parquet")
    program = f"""
    d <- nanoparquet::read_parquet("{out / "t.parquet"}")
    cat(nrow(d), d$apprehension_aor_code[1], format(d$apprehension_date[1]))
    """
    how_to_get = "install.packages('nanoparquet'); Debian has no R package that reads Parquet"
    assert read_with_r(program, "nanoparquet", how_to_get) == "3 BOS 2025-02-03"


@pytest.mark.parametrize("suffix", [each for each in SUFFIXES if each != ".duckdb"])
def test_the_same_rows_give_the_same_bytes(record: Record, catalog: Catalog, out: Path, suffix: str):
    content = []
    for name in ("first", "second"):
        (out / name).mkdir()
        written(record, catalog, "arrests", out / name / f"t{suffix}")
        content.append({each.name: each.read_bytes() for each in (out / name).iterdir()})
    assert content[0] == content[1]


def test_the_same_rows_give_the_same_package(record: Record, catalog: Catalog, out: Path):
    content = []
    for name in ("first", "second"):
        written(record, catalog, "arrests", out / name, "datapackage")
        content.append({each.name: each.read_bytes() for each in (out / name).rglob("*") if each.is_file()})
    assert content[0] == content[1]


def test_every_format_gives_the_same_receipt(record: Record, catalog: Catalog, out: Path):
    receipts = {written(record, catalog, "arrests", out / f"t{each}").receipt.id for each in SUFFIXES}
    receipts.add(written(record, catalog, "arrests", out / "package", "datapackage").receipt.id)
    assert len(receipts) == 1


def test_the_content_that_a_receipt_of_figures_gives_is_that_of_the_csv_file(
    record: Record, catalog: Catalog, out: Path
):
    export = written(record, catalog, OHSS, out / "t.csv")
    beside = json.loads((out / "t.csv.receipt.json").read_text(encoding="utf-8"))
    assert export.receipt.body["results"][0]["content"] == [beside["files"][0]["sha256"]]


@pytest.fixture
def made_up(tmp_path: Path, catalog: Catalog) -> Record:
    (tmp_path / "made-up").mkdir()
    return small_record(tmp_path / "made-up", catalog, is_synthetic=True)


Titles = dict[str, Callable[[Path], str]]


def _duckdb_title(path: Path) -> str:
    with duckdb.connect(str(path), read_only=True) as database:
        return str(
            database.execute("SELECT value FROM recount_account WHERE name = 'title'").fetchall()[0][0]
        )


def _sqlite_title(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        return str(database.execute("SELECT value FROM recount_account WHERE name = 'title'").fetchone()[0])


TITLES: Titles = {
    ".parquet": lambda path: pl.read_parquet_metadata(path)["recount:title"],
    ".csv": lambda path: json.loads(path.with_name(f"{path.name}.receipt.json").read_text(encoding="utf-8"))[
        "title"
    ],
    ".xlsx": lambda path: str(openpyxl.load_workbook(path).properties.title),
    ".dta": lambda path: pyreadstat.read_dta(path)[1].file_label,
    ".sav": lambda path: pyreadstat.read_sav(path)[1].file_label,
    ".sqlite": _sqlite_title,
    ".duckdb": _duckdb_title,
}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_made_up_rows_say_so_in_the_name_of_the_file_the_title_and_the_warnings(
    made_up: Record, catalog: Catalog, out: Path, suffix: str
):
    export = written(made_up, catalog, "arrests", out / f"t{suffix}")
    assert export.path.name == f"SYNTHETIC-t{suffix}"
    assert all(each.name.startswith("SYNTHETIC-") for each in out.iterdir())
    assert TITLES[suffix](export.path).startswith("SYNTHETIC · ")
    assert export.warnings[0] == "SYNTHETIC: made-up rows, of nobody, in synthetic-seed-1."
    assert export.tables[0].synthetic == ("synthetic-seed-1",)


def test_a_package_of_made_up_rows_says_so(made_up: Record, catalog: Catalog, out: Path):
    export = written(made_up, catalog, "arrests", out / "package", "datapackage")
    assert export.path == out / "SYNTHETIC-package" / "datapackage.json"
    package = json.loads(export.path.read_text(encoding="utf-8"))
    assert package["title"].startswith("SYNTHETIC")
    assert package["synthetic"] is True
    assert package["resources"][0]["path"] == "data/SYNTHETIC-arrests.csv"
    assert validated(out / "SYNTHETIC-package") == {"arrests": []}


def test_a_code_of_a_cube_that_a_release_does_not_give_is_told_from_one_that_is_missing(
    catalog: Catalog, tmp_path: Path
):
    parts = Parts(tmp_path, catalog)
    parts.cube("removals", [{"fiscal_year": 2020, "removal_aor_code": None, "row_count": 9}], release="a")
    parts.cube("removals", [{"fiscal_year": 2020, "gender_code": "male", "row_count": 9}], release="b")
    rows = rows_of(parts.record(), catalog, "removals")
    assert rows.select("release", "dimensions_given", "removal_aor_code").rows() == [
        ("a", "removal_aor_code", None),
        ("b", "gender_code", None),
    ]


def test_fields_of_a_cube_have_the_codes_of_their_lists_and_pooled(record: Record, catalog: Catalog):
    fields: dict[str, ExportField] = {
        each.name: each for each in table_of(record, catalog, "removals").fields
    }
    codes = fields["removal_aor_code"].codes
    assert codes is not None
    assert [each.code for each in codes][-1] == "pooled"
    assert "BOS" in [each.code for each in codes]


def test_times_of_day_are_kept_to_the_second(record: Record, catalog: Catalog, out: Path):
    assert rows_of(record, catalog, "arrests")["apprehension_datetime"][0] == TIME


def test_rows_come_in_batches_of_no_more_than_asked_for_and_in_order(catalog: Catalog, tmp_path: Path):
    parts = Parts(tmp_path, catalog)
    for release, rows in (("a", 3), ("b", 2)):
        parts.rows("arrests", [{"birth_year": 1950 + number} for number in range(rows)], release=release)
    table = table_of(parts.record(), catalog, "arrests")
    batches = [each.select("release", "birth_year").rows() for each in table.batches(2)]
    assert batches == [[("a", 1950), ("a", 1951)], [("a", 1952)], [("b", 1950), ("b", 1951)]]
    assert table.rows == 5
