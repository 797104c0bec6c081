"""Files that cannot be right: each is refused by name, and the record that was there stays as it was."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from recount.declare.catalog import Catalog
from recount.declare.sources import Correction, Corrections
from recount.errors import (
    EXIT_DATA,
    CatalogError,
    CheckFailedError,
    LayoutError,
    RecountError,
    ReleaseFileError,
    UnknownCodeError,
    ValueInFileError,
)
from recount.record.build import build_record
from recount.record.store import read_layer
from tiny_release import (
    ACTIVATIONS,
    ACTIVATIONS_FILE,
    ACTIVATIONS_HEADER,
    JURISDICTIONS,
    JURISDICTIONS_FILE,
    JURISDICTIONS_HEADER,
    PRINTED,
    PRINTED_FILE,
    PRINTED_HEADER,
    SUFFOLK,
    bytes_below,
    printed_row,
    replace_once,
    write_tiny_release,
)

Refuse = Callable[..., str]
TABLE = f"secure-communities/{JURISDICTIONS_FILE}"
PRINTS = f"secure-communities/{PRINTED_FILE}"
DATES = f"secure-communities/{ACTIVATIONS_FILE}"
LAYOUTS = "src/recount/catalog/sources/secure-communities/layouts"
CODES = "src/recount/catalog/codes"
CORRECTIONS = "src/recount/catalog/sources/secure-communities/corrections.yml"


@pytest.fixture
def refuse_folder(tmp_path: Path, catalog: Catalog) -> Callable[..., str]:
    """Builds from a bad folder over a good record, which must stay as it was; returns the error's text."""
    target = tmp_path / "record"
    build_record(write_tiny_release(tmp_path / "good"), target, catalog)
    before = bytes_below(target)

    def refuse(error: type[RecountError], folder: Path, catalog: Catalog = catalog) -> str:
        with pytest.raises(error) as raised:
            build_record(folder, target, catalog)
        assert type(raised.value) is error
        assert raised.value.exit_code == EXIT_DATA
        assert bytes_below(target) == before
        assert read_layer(target).manifest.files
        assert str(tmp_path) not in str(raised.value)
        return str(raised.value)

    return refuse


@pytest.fixture
def refuse(refuse_folder: Callable[..., str], tmp_path: Path) -> Refuse:
    """The same for a tiny release with other contents."""
    return lambda error, **files: refuse_folder(error, write_tiny_release(tmp_path / "bad", **files))


# Columns


def test_a_missing_column_is_refused(refuse: Refuse):
    told = refuse(LayoutError, printed="\n".join(line.rsplit(",", 1)[0] for line in PRINTED.splitlines()))
    assert f"The columns of {PRINTS} are not those of its layout." in told
    assert "missing  'through_precision'" in told
    assert f"{LAYOUTS}/published-figures.yml" in told


def test_an_extra_column_is_refused(refuse: Refuse):
    told = refuse(LayoutError, activations="".join(f"{line},x\n" for line in ACTIVATIONS.splitlines()))
    assert f"The columns of {DATES} are not those of its layout." in told
    assert "extra   'x'" in told
    assert f"{LAYOUTS}/activation-dates-by-county.yml" in told


def test_a_renamed_column_is_refused_with_the_name_it_may_have_had(refuse: Refuse):
    told = refuse(LayoutError, jurisdictions=replace_once(JURISDICTIONS, "removed_total", "removals_total"))
    assert "missing  'removed_total' (renamed to 'removals_total'?)" in told
    assert f"{LAYOUTS}/interoperability-by-county.yml" in told


def test_a_ragged_row_is_refused(refuse: Refuse):
    told = refuse(LayoutError, printed=PRINTED + "Massachusetts,2012-08-31\n")
    assert f"{PRINTS}, row 4 has 2 cells where the header has 11." in told
    assert "Massachusetts | 2012-08-31" in told


# Values


@pytest.mark.parametrize("value", ["many", "-6", "6.0", "1,006", "6*", "99999999999999999999"])
def test_text_where_a_count_belongs_is_refused(refuse: Refuse, value: str):
    cell = f'"{value}"' if "," in value else value
    told = refuse(
        ValueInFileError, jurisdictions=replace_once(JURISDICTIONS, "1,1,1,1,1,1,6", f"1,1,1,1,1,1,{cell}")
    )
    assert f"{TABLE}: 1 cell does not fit the column." in told
    assert "removed_total: a whole number, digits only" in told
    assert f"row 2: '{value}'" in told
    assert CORRECTIONS in told


@pytest.mark.parametrize("value", ["about 46", "", "99999999999999999999"])
def test_text_where_a_printed_count_belongs_is_refused(refuse: Refuse, value: str):
    told = refuse(ValueInFileError, printed=PRINTED + printed_row(metric="submissions", value=value))
    assert f"{PRINTS}: 1 cell does not fit the column." in told
    assert f"row 4: '{value}'" in told
    assert CORRECTIONS in told


@pytest.mark.parametrize("date", ["31/08/2012", "2012-02-30", "August 2012"])
def test_a_malformed_date_is_refused(refuse: Refuse, date: str):
    told = refuse(ValueInFileError, printed=PRINTED_HEADER + printed_row(through=date))
    assert f"{PRINTS}: 1 cell does not fit the column." in told
    assert "through: a date as YYYY-MM-DD" in told
    assert f"row 2: '{date}'" in told


def test_a_malformed_date_in_the_table_is_refused(refuse: Refuse):
    told = refuse(ValueInFileError, jurisdictions=replace_once(JURISDICTIONS, "2008-11-05", "11/5/2008"))
    assert "activation_date: a date as YYYY-MM-DD" in told
    assert "row 3: '11/5/2008'" in told


def test_an_unknown_metric_is_refused(refuse: Refuse):
    told = refuse(UnknownCodeError, printed=PRINTED + printed_row(metric="removed_criminal"))
    assert PRINTS in told
    assert "metric, code list figures" in told
    assert "'removed_criminal' (1 row)" in told
    assert "row 4" in told
    assert f"{CODES}/figures.yml" in told


def test_an_unknown_geography_is_refused(refuse: Refuse):
    told = refuse(UnknownCodeError, printed=PRINTED + printed_row(geography="Greater Boston") * 2)
    assert PRINTS in told
    assert "'Greater Boston' (2 rows)" in told
    assert "row 4" in told
    assert f"{CODES}/jurisdictions.yml" in told


def test_an_unknown_state_is_refused(refuse: Refuse):
    told = refuse(
        UnknownCodeError, jurisdictions=replace_once(JURISDICTIONS, "Massachusetts,Suffolk", "Mass.,Suffolk")
    )
    assert TABLE in told
    assert "'Mass.' (1 row)" in told
    assert "row 3" in told
    assert f"{CODES}/states.yml" in told


# Rows


def test_totals_that_do_not_add_up_are_refused(refuse: Refuse):
    told = refuse(CheckFailedError, jurisdictions=replace_once(JURISDICTIONS, "10,6,10,40", "10,6,10,41"))
    assert "the check parts_sum_to_total fails" in told
    assert f"{JURISDICTIONS_FILE}, row 3, removed_total: 41" in told
    assert CORRECTIONS in told


def test_a_duplicate_jurisdiction_is_refused(refuse: Refuse):
    told = refuse(ValueInFileError, jurisdictions=JURISDICTIONS + SUFFOLK)
    assert f"{TABLE} lists a jurisdiction more than once." in told
    assert "'25025': rows 3, 5" in told
    assert CORRECTIONS in told


def test_a_duplicate_row_of_activation_dates_is_refused(refuse: Refuse):
    told = refuse(ValueInFileError, activations=ACTIVATIONS + "25025,2008-11-05,2012-05-15,0.0,0.0,0.0\n")
    assert f"{DATES} lists a jurisdiction more than once." in told
    assert "'25025': rows 3, 5" in told


def test_a_figure_that_one_print_gives_twice_is_refused(refuse: Refuse):
    told = refuse(CheckFailedError, printed=PRINTED + printed_row(value="47"))
    assert "2 rows share their key with another row" in told
    assert f"file_original {PRINTED_FILE}, row_original 2, value_original 46" in told
    assert f"file_original {PRINTED_FILE}, row_original 4, value_original 47" in told


# Files


def test_a_latin_1_byte_is_refused(refuse: Refuse):
    told = refuse(
        ReleaseFileError,
        jurisdictions=JURISDICTIONS.encode() + SUFFOLK.replace("Suffolk", "Doña").encode("latin-1"),
    )
    assert f"{TABLE} is not utf-8 text." in told
    assert "line 5 holds the byte 0xF1" in told
    assert f"{LAYOUTS}/interoperability-by-county.yml" in told


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_refused(refuse: Refuse, encoding: str):
    told = refuse(ReleaseFileError, printed=PRINTED.encode(encoding))
    assert f"{PRINTS} is not utf-8 text." in told
    assert f"{LAYOUTS}/published-figures.yml" in told


def test_an_empty_file_is_refused(refuse: Refuse):
    assert f"{DATES} is empty." in refuse(ReleaseFileError, activations="")


@pytest.mark.parametrize(
    ("which", "header", "file"),
    [
        ("jurisdictions", JURISDICTIONS_HEADER, TABLE),
        ("printed", PRINTED_HEADER, PRINTS),
        ("activations", ACTIVATIONS_HEADER, DATES),
    ],
)
def test_a_header_without_rows_is_refused(refuse: Refuse, which: str, header: str, file: str):
    assert f"{file} has a header and no rows." in refuse(ReleaseFileError, **{which: header})


def test_a_list_of_activations_without_a_date_is_refused(refuse: Refuse):
    told = refuse(ReleaseFileError, activations=ACTIVATIONS_HEADER + "41006,,,,,\n")
    assert f"{DATES} gives no activation date." in told


def test_a_file_that_is_no_text_table_is_refused(refuse: Refuse):
    assert f"{PRINTS} is not text delimited by ','." in refuse(
        ReleaseFileError, printed=PRINTED + '"never closed\n'
    )


def test_two_files_of_one_name_that_differ_are_refused(refuse_folder: Callable[..., str], tmp_path: Path):
    folder = write_tiny_release(tmp_path / "bad")
    (folder / "again").mkdir()
    (folder / "again" / PRINTED_FILE).write_text(PRINTED + printed_row(metric="submissions"))
    told = refuse_folder(ReleaseFileError, folder)
    assert f"Two files are called {PRINTED_FILE} and differ." in told
    assert f"again/{PRINTED_FILE}" in told
    assert PRINTS in told


def test_two_files_that_hold_one_release_are_refused(refuse_folder: Callable[..., str], tmp_path: Path):
    folder = write_tiny_release(tmp_path / "bad")
    other = "activation-dates-by-county-2.csv"
    (folder / "secure-communities" / other).write_text(ACTIVATIONS + "25005,2012-05-15,,,,\n")
    told = refuse_folder(ReleaseFileError, folder)
    assert "Two files hold the release activation-dates-by-county." in told
    assert other in told
    assert ACTIVATIONS_FILE in told


# What is not there


@pytest.mark.parametrize(
    ("which", "layout"),
    [
        ("jurisdictions", "interoperability-by-county"),
        ("printed", "published-figures"),
        ("activations", "activation-dates-by-county"),
    ],
)
def test_a_required_file_that_is_missing_is_refused(
    tmp_path: Path, catalog: Catalog, which: str, layout: str
):
    target = tmp_path / "record"
    build_record(write_tiny_release(tmp_path / "good"), target, catalog)
    before = bytes_below(target)
    with pytest.raises(ReleaseFileError, match=f"No file of the layout {layout} lies in") as raised:
        build_record(write_tiny_release(tmp_path / "bad", **{which: None}), target, catalog)
    assert f"{LAYOUTS}/{layout}.yml" in str(raised.value)
    assert bytes_below(target) == before
    assert read_layer(target).manifest.files


@pytest.fixture
def corrected(catalog: Catalog) -> Catalog:
    """The catalog with one correction: Suffolk County's 41 removed are 40."""
    correction = Correction(
        layout="interoperability-by-county",
        file=JURISDICTIONS_FILE,
        row=3,
        column="removed_total",
        expects="41",
        becomes="40",
        reason="A slip.",
        evidence="The six categories.",
    )
    return dataclasses.replace(
        catalog, corrections={"secure-communities": Corrections(corrections=[correction])}
    )


def test_a_correction_whose_expected_value_is_gone_is_refused(
    refuse_folder: Callable[..., str], tmp_path: Path, corrected: Catalog
):
    told = refuse_folder(CatalogError, write_tiny_release(tmp_path / "bad"), corrected)
    assert f"A correction of {JURISDICTIONS_FILE} does not fit the file." in told
    assert "row 3, column removed_total" in told
    assert "'41'" in told
    assert "'40'" in told
    assert CORRECTIONS in told


def test_a_correction_that_fits_makes_the_file_good(tmp_path: Path, corrected: Catalog):
    wrong = replace_once(JURISDICTIONS, "10,6,10,40", "10,6,10,41")
    folder = write_tiny_release(tmp_path / "released", jurisdictions=wrong)
    manifest = build_record(folder, tmp_path / "record", corrected)
    assert manifest.findings == {}
