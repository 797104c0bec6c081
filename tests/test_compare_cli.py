"""`recount compare`: what it prints, its page, its gate, and how it refuses."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recount.cli.app import app
from small_event_files import arrest, pipes, write

A, B = "fy26-detentionstats02022026", "fy26-detentionstats-02122026"
QUOTED, LATER = "boston-globe-2011-07", "boston-globe-2011-09"
WIDTH = 100


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["compare", *arguments], prog_name="recount")
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


# What is printed


def test_the_terminal_says_section_by_section_what_differs():
    told = run(A, B)
    assert "○ Tables and columns  Both have the same tables and columns." in told
    assert "● Rows  5 tables of 7" in told
    assert "● Restated figures  236 of " in told
    assert "35,925 of 68,289 = 52.6" in told
    assert all(len(line.rstrip()) <= WIDTH for line in told.splitlines())


def test_a_restated_quotation_turns_the_claim_that_rests_on_it():
    changed = json.loads(run(QUOTED, LATER, "--format", "json"))["sections"]["verdicts"]["changed"]
    (turned,) = [each for each in changed if each["turned"]]
    assert (turned["claim"], turned["a"]["headline"], turned["b"]["headline"]) == (
        "boston-no-convictions",
        "supported",
        "overtaken",
    )
    assert [(each["numerator"], each["denominator"]) for each in turned["b"]["numbers"]][:1] == [(177, 369)]


def test_a_claim_on_a_place_that_no_release_printed_yet_cannot_be_tested():
    changed = json.loads(run("security-magazine-2010-08", QUOTED, "--format", "json"))["sections"]["verdicts"]
    (boston,) = [each for each in changed["changed"] if each["claim"] == "boston-no-convictions"]
    assert (boston["a"], boston["b"]["headline"]) == (
        {"headline": "untestable", "now": "untestable", "numbers": []},
        "supported",
    )


def test_json_gives_every_section_in_the_documented_schema():
    answer = json.loads(run(A, B, "--format", "json"))
    assert answer["schema"] == "recount-compare/1"
    assert list(answer["sections"]) == list(answer["differs"])
    (november,) = [
        each
        for statistic in answer["sections"]["restated"]
        for each in statistic["restated"]
        if statistic["statistic"] == "book_ins"
        and not each["breakdown"]
        and each["span"]["to"] == "2025-11-30"
    ]
    assert (november["a"], november["b"], november["change_exact"]) == (38_395, 38_412, "17")
    assert answer["differs"]["restated"] == 236


def test_csv_is_long_with_a_row_for_each_difference():
    rows = list(csv.DictReader(io.StringIO(run(A, B, "--format", "csv"))))
    assert list(rows[0]) == ["section", "table", "what", "a", "b", "difference"]
    assert {
        "section": "rows",
        "table": "detention_figures",
        "what": "all",
        "a": "627",
        "b": "710",
    }.items() <= next(
        each.items() for each in rows if each["section"] == "rows" and each["table"] == "detention_figures"
    )
    assert sum(each["section"] == "restated" for each in rows) == 236


def test_one_table_can_be_asked_alone():
    answer = json.loads(run(A, B, "--table", "bond_figures", "--format", "json"))
    assert answer["tables"] == ["bond_figures"]
    assert {each["table"] for each in answer["sections"]["rows"]} == {"bond_figures"}


def test_the_same_question_gives_the_same_bytes(tmp_path: Path):
    pages = []
    for name in ("one.html", "two.html"):
        run(A, B, "--report", str(tmp_path / name))
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]
    assert run(A, B, "--format", "json") == run(A, B, "--format", "json")


# The page


class Page(HTMLParser):
    """What a page would load, and the tags it leaves open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br", "link"):
            self.open.append(tag)
        if tag in ("script", "link", "img", "iframe"):
            self.loads.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone(tmp_path: Path):
    path = tmp_path / "page.html"
    assert f"Page: {path}" in run(A, B, "--report", str(path))
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    assert (page.loads, page.open) == ([], [])
    assert "http" not in text and "url(" not in text
    assert "prefers-color-scheme: dark" in text and "@media print" in text
    assert all(f'id="{each}"' in text for each in ("schema", "labels", "restated", "verdicts"))


def test_a_page_that_cannot_be_written_is_said(tmp_path: Path):
    assert "cannot be written" in run(A, B, "--report", str(tmp_path / "no" / "page.html"), code=2)


def test_a_page_is_html(tmp_path: Path):
    assert "page.pdf is no HTML file" in " ".join(
        run(A, B, "--report", str(tmp_path / "page.pdf"), code=2).split()
    )


# The gate


def test_a_gate_names_the_sections_that_differ_and_ends_with_the_code_of_data():
    told = run(A, B, "--fail-on", "schema,rows,restated", code=3)
    assert f"{A} and {B} differ in rows (5), restated (236)." in told
    assert "● Rows" in told


def test_a_gate_lets_pass_what_it_was_not_asked_for():
    run(A, B, "--fail-on", "schema")


def test_a_release_passes_every_gate_with_itself():
    told = run(A, A, "--fail-on", "schema,labels,rows,periods,missing,restated,verdicts")
    assert "●" not in told


def test_an_unknown_section_is_answered_with_those_there_are():
    told = run(A, B, "--fail-on", "row", code=2)
    assert "No section is called 'row'" in told
    assert "schema, labels, rows, periods, missing, restated, verdicts" in told


# Refusals


def test_an_unknown_release_is_answered_with_the_nearest():
    told = run("fy26-detentionstats0212026", B, code=2)
    assert B in told


def test_releases_of_different_things_are_refused_in_a_sentence():
    assert "they report different things" in run(A, QUOTED, code=2)


def test_releases_without_a_table_in_common_are_refused_in_a_sentence():
    told = run("ice-15-87693", "ice-2019-icfo-53623", code=2)
    assert "no table in common" in told
    assert "detainers" in told


def test_a_table_of_one_alone_is_refused_in_a_sentence():
    told = run("ice-2018-icfo-36170", "ice-uw-v-dhs-2019-07", "--table", "book_ins", code=2)
    assert "Only one of the releases has book_ins." in told


# Individual records


@pytest.fixture
def made_up(tmp_path: Path) -> tuple[str, str]:
    """Two made-up releases of arrests in the record of one's own."""
    runner = CliRunner()
    names = []
    for seed in ("1", "2"):
        made = runner.invoke(
            app,
            [
                "synthesize",
                "icfo-53623-arrests",
                "--rows",
                "300",
                "--seed",
                seed,
                "--to",
                str(tmp_path / seed),
            ],
        )
        assert made.exit_code == 0, made.output
        (path,) = (each for each in (tmp_path / seed).iterdir() if each.name.endswith(".csv.gz"))
        if "truth" in path.name:
            raise AssertionError(path)
        added = runner.invoke(app, ["add", str(path), "--format", "json"])
        assert added.exit_code == 0, added.output
        names.append(json.loads(added.output)["added"][0]["release"]["release"])
    return names[0], names[1]


def test_made_up_releases_of_one_form_have_one_schema_and_other_counts(made_up: tuple[str, str]):
    answer = json.loads(run(*made_up, "--format", "json"))
    assert answer["kind"] == "records"
    assert answer["sections"]["schema"] == []
    (rows,) = answer["sections"]["rows"]
    assert (rows["a"], rows["b"]) == (300, 300)
    assert answer["differs"]["restated"] > 0
    assert answer["sections"]["restated"] == []
    assert "Rows are never matched." in " ".join(run(*made_up).split())


def test_a_release_with_another_header_names_what_changed(tmp_path: Path):
    header = ("Area of Responsibility", "Apprehension Date", "Apprehension Method", "Citizenship", "Gender")
    own = write(tmp_path, "synthetic-a.csv", pipes(arrest()))
    other = write(tmp_path, "synthetic-b.csv", pipes(arrest(), header=header))
    added = CliRunner().invoke(app, ["add", str(own), str(other)])
    assert added.exit_code == 0, added.output
    told = run("synthetic-a", "synthetic-b", "--fail-on", "schema", code=3)
    assert "field processing_disposition" in " ".join(told.split())
