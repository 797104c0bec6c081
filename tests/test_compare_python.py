"""`record.compare(a, b)`: the same comparison as the command, from Python and in a notebook."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from typer.testing import CliRunner

import recount
from recount.ask.comparing import ReleaseComparison
from recount.cli.app import app
from recount.errors import UnknownNameError, UsageError

A, B = "fy26-detentionstats02022026", "fy26-detentionstats-02122026"


@pytest.fixture(scope="module")
def comparison() -> ReleaseComparison:
    return recount.open().compare(A, B)


@pytest.fixture(scope="module")
def spanish() -> ReleaseComparison:
    return recount.open().compare(A, B, language="es")


def printed(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["compare", A, B, *arguments], prog_name="recount")
    assert result.exit_code == 0, result.output
    return result.output


def test_python_and_the_command_give_the_same(comparison: ReleaseComparison):
    assert json.loads(printed("--format", "json")) == json.loads(json.dumps(comparison.as_json()))
    assert [line.rstrip() for line in printed().splitlines()] == str(comparison).splitlines()


def test_the_frame_has_the_rows_of_the_csv(comparison: ReleaseComparison):
    rows = list(csv.DictReader(io.StringIO(printed("--format", "csv"))))
    frame = comparison.to_polars().fill_null("")
    assert frame.to_dicts() == rows


def test_one_section_can_be_taken_alone(comparison: ReleaseComparison):
    frame = comparison.to_polars("restated")
    assert frame["section"].unique().to_list() == ["restated"]
    assert frame.height == comparison.differences("restated") == 236
    assert comparison.to_arrow("restated").num_rows == comparison.to_pandas("restated").shape[0] == 236


def test_a_section_that_there_is_not_is_answered_with_those_there_are(comparison: ReleaseComparison):
    with pytest.raises(UnknownNameError, match="restated"):
        comparison.differing(["restate"])


def test_what_differs_is_named_in_words(comparison: ReleaseComparison):
    assert comparison.differing(["schema"]) == ""
    assert "restated" in comparison.differing(["schema", "restated"])


def test_a_notebook_shows_every_section_and_ends_long_tables(comparison: ReleaseComparison):
    html = comparison._repr_html_()
    for each in comparison.sections():
        assert each.title in html
    assert ".to_polars()" in html
    assert "--format" not in html
    assert "<script" not in html


def test_one_table_alone_is_compared_where_it_is_named():
    alone = recount.open().compare(A, B, table="bond_figures")
    assert alone.comparison.tables == ("bond_figures",)
    with pytest.raises(UsageError):
        recount.open().compare(A, "ice-2019-icfo-53623")


RECORDS = ("ice-2018-icfo-36170", "ice-uw-v-dhs-2019-07")
ENGLISH = (
    "Both", "differ", "rows", "value", "field", "month", "cut short", "restated", "claim", "blank", "out ",
    "counts through", "Rows are", "not told", "alone", "The two", "How to read", "Contents", "alike", "more",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["printed", "records"])
def test_spanish_borrows_no_word_of_english(spanish: ReleaseComparison, kind: str):
    shown = spanish if kind == "printed" else recount.open().compare(*RECORDS, language="es")
    for text in (str(shown), *(line for line in shown.page().splitlines() if "<" in line)):
        words = re.sub(r"<[^>]*>|[a-z]+_[a-z_]+|--format csv|--report|recount add", " ", text)
        assert [each for each in ENGLISH if re.search(rf"(?<!\w){each}(?!\w)", words)] == []


def test_the_page_and_the_table_are_in_the_language_asked(
    comparison: ReleaseComparison, spanish: ReleaseComparison
):
    assert '<html lang="es">' in spanish.page()
    assert "Cifras revisadas" in spanish._repr_html_()
    assert '<html lang="en">' in comparison.page()
    told = printed("--language", "es")
    assert "Ambas tienen las mismas tablas y columnas." in told


def test_language_changes_no_number(comparison: ReleaseComparison, spanish: ReleaseComparison):
    assert spanish.as_json()["sections"]["restated"] == comparison.as_json()["sections"]["restated"]
    assert [len(each.tables) for each in spanish.sections()] == [
        len(each.tables) for each in comparison.sections()
    ]
    digits = [[re.sub(r"[^\d]", "", cell) for cell in _numbers(each)] for each in (spanish, comparison)]
    assert digits[0] == digits[1]


def _numbers(shown: ReleaseComparison) -> list[str]:
    (rows,) = [each for each in shown.sections() if each.section == "rows"]
    return [cell for table in rows.tables for row in table.rows for cell in row[1:]]


def test_a_language_that_there_is_not_is_refused():
    result = CliRunner().invoke(app, ["compare", A, B, "--language", "fr"], prog_name="recount")
    assert result.exit_code == 2
    assert "en, es" in result.output
