"""The command line: exit codes, one clear paragraph for each error, and the same answers as Python."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import recount
from recount.cli.app import app
from small_record import outside_claim
from tiny_release import write_tiny_release

SUFFOLK = 'jurisdiction="Suffolk County, MA"'
COMMANDS = ("check", "measure", "revise", "chart", "list", "describe", "receipt", "add", "record")


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), prog_name="recount")
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


def test_help_lists_every_command_and_every_command_has_help():
    listed = run("--help")
    for command in COMMANDS:
        assert command in listed
        assert "Usage: recount" in run(command, "--help")


def test_the_terminal_and_python_give_the_same_integers_and_the_same_receipt():
    asked = ("measure", "share_without_conviction", "--where", SUFFOLK, "--format", "json")
    answer = json.loads(run(*asked))
    python = (
        recount.open().measure("share_without_conviction").where(jurisdiction="Suffolk County, MA").result()
    )
    assert [(each["numerator"], each["denominator"]) for each in answer["rows"]] == [
        (each.numerator, each.denominator) for each in python.figures
    ]
    assert answer["receipt"]["id"] == python.receipt.id


def test_the_installed_command_answers_and_exits_0(own_home: Path):
    command = [str(Path(sys.executable).with_name("recount")), "measure", "people_removed", "--format", "csv"]
    environment = os.environ | {"RECOUNT_HOME": str(own_home)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "142090" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("measure", "people_remved"), "nearest  people_removed"),
        (("measure", "people_removed", "--where", "state"), "is not name=value"),
        (("measure", "people_removed", "--where", "state=Masachusetts"), "Massachusetts"),
        (("measure", "people_removed", "--where", "county=Suffolk"), "dimension of place"),
        (("measure", "people_removed", "--by", "month"), "choose from"),
        (("measure", "people_removed", "--as-known-on", "2011-13-01"), "is not a date"),
        (("measure", "people_removed", "--release", "nobody"), "No release is called 'nobody'"),
        (("measure", "people_removed", "--reading", "a=b"), "No fork of people_removed"),
        (("check", "nothing"), "No claim is called 'nothing'"),
        (("check", "--language", "fr"), "en, es"),
        (("check", "missing.yml"), "does not exist"),
        (("describe", "share_level"), "share_level_1"),
        (("receipt", "missing.json"), "cannot be read"),
        (("record", "show", "--findings", "--unknown"), "Several lists cannot be shown at once"),
    ],
)
def test_a_question_that_cannot_be_asked_exits_2_with_one_paragraph(arguments: tuple[str, ...], said: str):
    told = run(*arguments, code=2)
    assert said in told
    assert told.startswith("recount: ")


@pytest.mark.parametrize("arguments", [("--nonsense",), ("list", "everything"), ("record", "build")])
def test_wrong_usage_exits_2(arguments: tuple[str, ...]):
    assert "Usage: recount" in run(*arguments, code=2)


def test_a_damaged_record_exits_3_and_says_how_to_mend_it(own_home: Path):
    (own_home / "record").mkdir(parents=True)
    (own_home / "record" / "manifest.json").write_text("{}", encoding="utf-8")
    assert "recount record build --from DIR" in run("check", code=3)


def test_a_broken_catalog_exits_3_and_names_the_file(own_home: Path):
    (own_home / "catalog" / "measures").mkdir(parents=True)
    (own_home / "catalog" / "measures" / "broken.yml").write_text("measure: broken\n", encoding="utf-8")
    assert "measures/broken.yml" in run("list", "measures", code=3)


def test_an_interrupted_command_exits_130(monkeypatch: pytest.MonkeyPatch):
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("recount.ask.open_record", interrupt)
    assert "interrupted" in run("check", code=130)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("measure", "share_level_1"),
        ("list", "sources"),
        ("list", "releases"),
        ("list", "tables"),
        ("list", "measures"),
        ("list", "claims"),
        ("list", "codes"),
        ("list", "sheets"),
        ("describe", "people_removed"),
        ("describe", "secure_communities_figures"),
        ("describe", "detention_facilities"),
        ("describe", "ice-detention-statistics"),
        ("describe", "criminality"),
        ("describe", "detention"),
        ("describe", "facilities"),
        ("record", "show"),
        ("record", "show", "--findings"),
        ("record", "show", "--set-aside"),
        ("record", "show", "--unknown"),
    ],
)
def test_every_answer_comes_as_a_table_as_json_and_as_csv(arguments: tuple[str, ...]):
    assert run(*arguments).strip()
    assert json.loads(run(*arguments, "--format", "json"))
    header, *rows = csv.reader(io.StringIO(run(*arguments, "--format", "csv")))
    assert rows
    assert {len(each) for each in rows} == {len(header)}


def test_check_prints_the_three_columns_of_every_shipped_claim():
    told = " ".join(run("check").replace("\N{NO-BREAK SPACE}", " ").split())
    for text in (
        "183 of 352 = 52.0 %",
        "177 of 369 = 48.0 %",
        "247 of 512 = 48.2 %",
        "between 142,090 and 182,896",
        "9,831 of 46,929 = 20.9 %",
        "61,345 of 220,301 = 27.8 %",
        "Release it rests on",
        "The release it rests on showed it; a later one does not",
        "The record supports it",
        "The record cannot settle it",
        "It depends on the definition",
    ):
        assert text in told


def test_as_known_on_gives_boston_as_it_stood_before_the_later_release():
    told = run("check", "boston-no-convictions", "--as-known-on", "2011-08-01")
    assert "183 of 352" in told
    assert "177 of 369" not in told


def test_a_verdict_comes_as_a_paragraph_in_spanish():
    told = run("check", "over-140000-deported", "--paragraph", "--language", "es")
    assert "Los registros lo respaldan." in told
    assert "142,090" in told


def test_a_report_is_written_whole_and_its_place_is_printed(tmp_path: Path):
    path = tmp_path / "report.html"
    assert f"Report: {path}" in run("check", "--report", str(path))
    assert path.read_text(encoding="utf-8").endswith("</html>\n")
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["report.html"]


def test_a_report_that_cannot_be_written_exits_2(tmp_path: Path):
    assert "cannot be written" in run("check", "--report", str(tmp_path / "missing" / "report.html"), code=2)


def test_a_receipt_computed_again_is_the_same(tmp_path: Path):
    path = tmp_path / "answer.json"
    path.write_text(run("check", "--format", "json"), encoding="utf-8")
    shipped = json.loads(run("list", "claims", "--format", "json"))
    told = run("receipt", str(path)).splitlines()
    assert [line.split()[-1] for line in told] == ["same"] * len(shipped)


def test_a_receipt_with_another_integer_differs_and_says_where(tmp_path: Path):
    answer = json.loads(run("measure", "people_removed", "--format", "json"))
    answer["receipt"]["results"][0][4] += 1
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(answer), encoding="utf-8")
    told = run("receipt", str(path), code=3)
    assert "different" in told
    assert "results[0][4]" in told


def test_a_file_without_a_receipt_is_refused(tmp_path: Path):
    path = tmp_path / "answer.json"
    path.write_text('{"receipt": 1}', encoding="utf-8")
    assert "holds no receipt" in run("receipt", str(path), code=2)


def test_a_record_of_ones_own_is_built_shown_and_lies_over_the_embedded_one(own_home: Path, tmp_path: Path):
    folder = write_tiny_release(tmp_path / "released")
    assert str(own_home / "record") in run("record", "build", "--from", str(folder))
    assert "Your own record" in run("record", "show")
    answer = json.loads(run("measure", "people_removed", "--where", SUFFOLK, "--format", "json"))
    table = [each for each in answer["rows"] if each["release"] == "ice-interoperability-2012-08-31"]
    assert [each["numerator"] for each in table] == [40]


def test_two_records_are_shown_as_one_json_value_and_one_csv_table(tmp_path: Path):
    run("record", "build", "--from", str(write_tiny_release(tmp_path / "released")))
    embedded, own = json.loads(run("record", "show", "--format", "json"))
    assert (embedded["record"], own["record"]) == ("embedded", "own")
    rows = list(csv.DictReader(io.StringIO(run("record", "show", "--format", "csv"))))
    assert [each["record"] for each in rows] == ["embedded"] * len(embedded["files"]) + ["own"] * 3
    assert [int(each["rows_in"]) for each in rows[-3:]] == [3, 3, 2]


def test_a_record_is_built_where_it_is_asked_for(own_home: Path, tmp_path: Path):
    folder = write_tiny_release(tmp_path / "released")
    assert str(tmp_path / "there") in run(
        "record", "build", "--from", str(folder), "--to", str(tmp_path / "there")
    )
    assert (tmp_path / "there" / "manifest.json").is_file()
    assert not (own_home / "record").exists()
    assert "Your own record" not in run("record", "show")


def test_a_claim_that_no_record_can_settle_still_has_its_lines_in_csv(own_home: Path):
    outside = outside_claim().model_dump(mode="json", by_alias=True, exclude_none=True)
    path = own_home.with_name("outside.yml")
    path.write_text(json.dumps(outside), encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(run("check", str(path), "--format", "csv"))))
    assert [(each["column"], each["word"]) for each in rows] == [
        ("then", "untestable"),
        ("now", "untestable"),
    ]
    assert {len(each["receipt"]) for each in rows} == {64}


def test_the_commands_of_record_have_help():
    for command in ("build", "show"):
        assert command in run("record", "--help")
        assert "Usage: recount record" in run("record", command, "--help")


def test_every_command_that_an_interrupt_can_meet_exits_130(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for name in (
        "recount.ask.open_record",
        "recount.record.store.open_record",
        "recount.record.build.build_record",
        "recount.declare.catalog.default_catalog",
    ):
        monkeypatch.setattr(name, interrupt)
    for arguments in (
        ("measure", "people_removed"),
        ("list", "claims"),
        ("describe", "people_removed"),
        ("receipt", "answer.json"),
        ("record", "show"),
        ("record", "build", "--from", str(tmp_path)),
        ("add", "workbook.xlsx"),
    ):
        assert "interrupted" in run(*arguments, code=130)


@pytest.mark.parametrize("output", ["json", "csv"])
def test_a_receipt_that_differs_is_told_in_every_format_and_exits_3(tmp_path: Path, output: str):
    answer = json.loads(run("measure", "people_removed", "--format", "json"))
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(answer), encoding="utf-8")
    assert "true" in run("receipt", str(path), "--format", output).casefold()
    answer["receipt"]["id"] = "0" * 64
    path.write_text(json.dumps(answer), encoding="utf-8")
    assert "false" in run("receipt", str(path), "--format", output, code=3).casefold()


@pytest.mark.parametrize("claim", ["said: {to: 2011-13-45}", "claim: [", ""])
def test_a_claim_file_at_fault_exits_2_with_one_paragraph(tmp_path: Path, claim: str):
    path = tmp_path / "mine.yml"
    path.write_text(claim, encoding="utf-8")
    assert run("check", str(path), code=2).startswith("recount: mine.yml")


def test_a_folder_without_releases_exits_3_and_leaves_no_record(own_home: Path, tmp_path: Path):
    assert "No file that a layout knows lies in" in run("record", "build", "--from", str(tmp_path), code=3)
    assert not (own_home / "record").exists()
