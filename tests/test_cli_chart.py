"""`recount chart`: the same question and the same integers as `recount measure`, in a file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import recount
from recount.chart.files import write_file
from recount.chart.render import json_text
from recount.cli.app import app
from recount.errors import UsageError

SUFFOLK = ("--where", 'jurisdiction="Suffolk County, MA"')


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), prog_name="recount")
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


def chart(folder: Path, *arguments: str) -> dict[str, Any]:
    run("chart", *arguments, "-o", str(folder / "chart.json"))
    read: dict[str, Any] = json.loads((folder / "chart.json").read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("suffix", ["svg", "png", "html", "json", "pdf"])
def test_the_suffix_says_the_format(tmp_path: Path, suffix: str):
    path = tmp_path / f"chart.{suffix}"
    told = run("chart", "share_without_conviction", *SUFFOLK, "-o", str(path))
    assert "3 figures · receipt" in told
    beginning = {
        "svg": b"<svg ",
        "png": b"\x89PNG",
        "html": b"<!doctype html>",
        "json": b"{",
        "pdf": b"%PDF-",
    }
    assert path.read_bytes().startswith(beginning[suffix])
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == [path.name]


@pytest.mark.parametrize("name", ["chart.gif", "chart", "chart.svgz", "svg"])
def test_an_unknown_suffix_is_refused_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
):
    monkeypatch.setattr("recount.ask.open_record", lambda: pytest.fail("the record was opened"))
    told = run("chart", "people_removed", "-o", str(tmp_path / name), code=2)
    assert "names no format of charts" in told
    assert ".svg, .png, .html, .json" in told
    assert not (tmp_path / name).exists()


def test_a_place_that_cannot_be_written_is_told_and_left_as_it_was(tmp_path: Path):
    told = run("chart", "people_removed", "-o", str(tmp_path / "nowhere" / "chart.svg"), code=2)
    assert "cannot be written: No such file or directory" in told
    (tmp_path / "folder.svg").mkdir()
    told = run("chart", "people_removed", "-o", str(tmp_path / "folder.svg"), code=2)
    assert "cannot be written" in told
    assert [each.name for each in tmp_path.iterdir() if each.name != "recount-home"] == ["folder.svg"]
    assert list((tmp_path / "folder.svg").iterdir()) == []


def test_an_interrupted_write_leaves_the_old_file_and_nothing_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "chart.svg"
    write_file(path, b"before")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_file(path, b"after")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"chart.svg": b"before"}


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fill(self: Path, content: bytes) -> int:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fill)
    with pytest.raises(UsageError, match="No space left on device"):
        write_file(tmp_path / "chart.svg", b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("people_remved",), "nearest  people_removed"),
        (("people_removed", "--where", "state"), "is not name=value"),
        (("people_removed", "--by", "jurisdiction"), "bars cannot be read on one chart"),
        (("people_removed", "--language", "fr"), "en, es"),
        (("people_removed", "--per", "total"), "needs a count that is split"),
        (("people_removed", "--as-known-on", "2001-01-01"), "nothing to draw"),
        (("detained_population", "--by", "month"), "choose from"),
    ],
)
def test_a_chart_that_cannot_be_drawn_exits_2_with_one_paragraph(
    tmp_path: Path, arguments: tuple[str, ...], said: str
):
    told = run("chart", *arguments, "-o", str(tmp_path / "chart.svg"), code=2)
    assert told.startswith("recount: ")
    assert said in told
    assert not (tmp_path / "chart.svg").exists()


@pytest.mark.parametrize("arguments", [("people_removed",), ("-o", "chart.svg")])
def test_a_chart_needs_a_measure_and_a_file(arguments: tuple[str, ...]):
    assert "Usage: recount chart" in run("chart", *arguments, code=2)


def test_the_chart_has_the_integers_and_the_receipt_of_the_measure(tmp_path: Path):
    by = ("detained_population", "--by", "criminality,through_date")
    answer = json.loads(run("measure", *by, "--format", "json"))
    drawn = chart(tmp_path, *by)
    assert sorted(
        (each["through_date"], each["breakdown"]["criminality"], each["numerator"]) for each in answer["rows"]
    ) == sorted(
        (each["through_date"], each["series"], each["numerator"]) for each in drawn["datasets"]["figures"]
    )
    assert answer["receipt"]["id"].startswith(drawn["usermeta"]["recount"]["receipt"])


def test_the_same_question_on_one_date_is_bars(tmp_path: Path):
    drawn = chart(tmp_path, "detained_population", "--by", "criminality", "--as-known-on", "2026-02-13")
    rows = drawn["datasets"]["figures"]
    assert [(each["name"], each["numerator"], each["whole"]) for each in rows] == [
        ("Convicted", 18030, 68289),
        ("Pending charges", 17895, 68289),
        ("Other immigration violator", 32364, 68289),
    ]


def test_the_series_of_the_held_says_where_no_workbook_lies(tmp_path: Path):
    said = "no release in this record between 16 January 2025 and 8 January 2026"
    for asked in (
        ("detained_population", "--by", "criminality"),
        ("share_criminal_detained",),
        ("book_ins",),
    ):
        assert said in chart(tmp_path, *asked)["usermeta"]["recount"]["alternative"]


def test_the_terminal_and_python_draw_the_same(tmp_path: Path):
    run("chart", "share_without_conviction", *SUFFOLK, "--theme", "dark", "-o", str(tmp_path / "chart.json"))
    question = recount.open().measure("share_without_conviction").where(jurisdiction="Suffolk County, MA")
    assert json_text(question.chart(theme="dark")) == (tmp_path / "chart.json").read_text(encoding="utf-8")


def test_another_process_in_another_time_zone_gives_the_same_bytes(tmp_path: Path, own_home: Path):
    run("chart", "share_without_conviction", *SUFFOLK, "-o", str(tmp_path / "here.svg"))
    command = [str(Path(sys.executable).with_name("recount")), "chart", "share_without_conviction", *SUFFOLK]
    environment = os.environ | {
        "TZ": "Pacific/Auckland",
        "LANG": "es_ES.UTF-8",
        "RECOUNT_HOME": str(own_home),
    }
    subprocess.run([*command, "-o", str(tmp_path / "there.svg")], check=True, env=environment)
    assert (tmp_path / "here.svg").read_bytes() == (tmp_path / "there.svg").read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [
        ("removals", "--by", "fiscal_year,aor", "--where", "aor=Boston"),
        ("arrests", "--by", "month", "--where", "aor=SEA"),
        ("share_conviction_named_removed", "--by", "fiscal_year"),
    ],
)
def test_measures_of_individual_records_are_drawn_with_the_receipt_of_the_measure(
    tmp_path: Path, arguments: tuple[str, ...]
):
    answer = json.loads(run("measure", *arguments, "--format", "json"))
    drawn = chart(tmp_path, *arguments)
    assert answer["receipt"]["id"].startswith(drawn["usermeta"]["recount"]["receipt"])
    assert sorted(
        (each["release"], each["period_start"], each["numerator"])
        for each in answer["rows"]
        if each["kind"] == "part"
    ) == sorted(
        (each["release"], each["period_start"], each["numerator"]) for each in drawn["datasets"]["figures"]
    )


def test_areas_of_two_releases_are_marked_apart(tmp_path: Path):
    rows = chart(tmp_path, "removals", "--by", "fiscal_year,aor")["datasets"]["figures"]
    seattle = [(each["panel"], each["series"]) for each in rows if each["panel"] == "Seattle"]
    assert len({series for _, series in seattle}) == 3
    assert len({each["panel"] for each in rows}) == 12


def test_printed_figures_have_no_share_of_a_row(tmp_path: Path):
    told = run(
        "chart",
        "detained_population",
        "--by",
        "criminality",
        "--per",
        "row",
        "-o",
        str(tmp_path / "x.svg"),
        code=2,
    )
    assert "shares of their total" in told


def test_only_a_chart_that_is_drawn_loads_the_drawing():
    source = (
        "import sys; from recount.cli.app import app; import recount.ask; "
        "sys.exit(bool({'altair', 'vl_convert'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", source], check=False).returncode == 0
