"""`recount measure` of individual records: what the terminal shows, CSV, JSON, and receipts computed again."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import recount
from recount.cli.app import app
from recount.declare.catalog import Catalog
from small_events import Parts, day


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), prog_name="recount")
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


def lines(text: str) -> list[str]:
    """Returns what is shown line by line, without rules and what pads the ends."""
    return [line.rstrip() for line in text.splitlines() if not line.startswith("──")]


def removed(date: str, aor: str | None = "BOS", **more: Any) -> dict[str, Any]:
    return {"removal_date_inferred": day(date), "departed_date": day(date), "removal_aor_code": aor, **more}


@pytest.fixture
def record(tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> Parts:
    """A record of three small releases: national rows, rows of Seattle alone, and a cube."""
    parts = Parts(tmp_path, catalog)
    national = [
        removed("2017-10-05", gender_code="male"),
        removed("2017-10-05", gender_code="male"),
        removed("2018-09-30", gender_code="female"),
        removed("2018-12-31", gender_code="male"),
        removed("2018-12-31", None, gender_code="male"),
        removed("2018-12-31", None, redacted_fields="removal_aor_code"),
    ]
    parts.rows("removals", national, release="national", cut_off="2019-05-31")
    parts.rows("removals", [removed("2018-01-01", "SEA")], release="seattle")
    cells = [
        {"month": day("2019-10-01"), "fiscal_year": 2020, "removal_aor_code": "BOS", "row_count": 12},
        {"month": day("2019-10-01"), "fiscal_year": 2020, "removal_aor_code": "pooled", "row_count": 3},
    ]
    parts.cube("removals", cells, release="cubed", cut_off="2020-09-30")
    monkeypatch.setattr("recount.record.store.open_record", lambda user=None: parts.record())
    return parts


def test_the_question_of_the_readme_is_a_narrow_table_for_each_release(record: Parts):
    told = run("measure", "removals", "--by", "fiscal_year,aor", "--where", "aor=Boston")
    assert max(map(len, told.splitlines())) <= 100
    assert lines(told)[:18] == [
        "removals and returns, aor Boston",
        "",
        "cubed",
        "fiscal year   aor      events   at most   suppressed",
        "2020          Boston       12        15            3",
        "Total                      12        15            3",
        "",
        "national",
        "fiscal year             aor      events   at most   missing   redacted",
        "2018                    Boston        3         3         0          0",
        "2019 (to 31 May 2019)   Boston        1         3         1          1",
        "Total                                 4         6         1          1",
        "– seattle: every row has aor Seattle; it says nothing of others.",
        "! An area of responsibility spans several states or a large part of one; it is not the city that it",
        "  is named after. The Boston area of responsibility covers Connecticut, Maine, Massachusetts, New",
        "  Hampshire, Rhode Island and Vermont.",
        "  Instead: Say area of responsibility, not city; ask by state or county where the release gives one.",
        "Returns are counted with removals where the release holds them; a return is not a deportation order.",
    ]


def test_every_reading_stands_beside_the_others_with_its_forks_explained(record: Parts):
    told = lines(
        run(
            "measure",
            "removals",
            "--by",
            "fiscal_year,reading",
            "--where",
            "aor=Boston",
            "--release",
            "national",
        )
    )
    assert told[3:8] == [
        "fiscal year             duplicates    date       events   at most   missing   redacted",
        "2018                    as recorded   counted         3         3         0          0",
        "                        as recorded   departed        3         3         0          0",
        "                        exact         counted         2         2         0          0",
        "                        exact         departed        2         2         0          0",
    ]
    assert "  exact: rows equal in every column once" in told
    assert "– national: no such rule is written for this release (ddp)." in told
    assert told[-1].startswith("6 of 6 readings · receipt ")


def test_one_reading_can_be_chosen(record: Parts):
    answer = json.loads(run("measure", "removals", "--reading", "duplicates=exact", "--format", "json"))
    national = next(each for each in answer["rows"] if each["release"] == "national")
    assert (national["numerator"], national["reading"]["duplicates"]) == (5, "exact")


def test_csv_has_a_column_for_every_dimension(record: Parts):
    told = run(
        "measure", "removals", "--by", "fiscal_year,gender", "--release", "national", "--format", "csv"
    )
    rows = list(csv.DictReader(io.StringIO(told)))
    first, last = rows[0], rows[-1]
    assert (first["fiscal_year"], first["gender"], first["numerator"], first["high"]) == (
        "2018",
        "male",
        "2",
        "2",
    )
    assert (first["period"], first["period_start"], first["through_date"]) == (
        "fiscal_year",
        "2017-10-01",
        "2018-09-30",
    )
    missing = next(each for each in rows if each["kind"] == "missing")
    assert (missing["fiscal_year"], missing["gender"], missing["numerator"], missing["low"]) == (
        "2019",
        "",
        "1",
        "",
    )
    assert (last["kind"], last["numerator"], last["fiscal_year"]) == ("total", "6", "")


def test_json_says_what_is_known_what_could_be_and_what_to_mind(record: Parts):
    answer = json.loads(run("measure", "removals", "--where", "aor=Boston", "--format", "json"))
    assert answer["schema"] == "recount-answer/1"
    national = next(each for each in answer["rows"] if each["release"] == "national")
    assert national["numerator"] == 4
    assert national["bounds"] == {"low": "4", "high": "6", "low_open": False, "high_open": False}
    assert (national["missing"], national["redacted"], national["suppressed"]) == (1, 1, 0)
    assert [each["warning"] for each in answer["warnings"]] == ["area_is_no_city"]
    assert answer["absent"][0]["release"] == "seattle"


def test_the_terminal_and_python_give_the_same_integers_and_the_same_receipt(record: Parts):
    told = json.loads(run("measure", "removals", "--by", "fiscal_year", "--format", "json"))
    answer = recount.open().measure("removals").by("fiscal_year").result()
    assert told == json.loads(json.dumps(answer.as_json()))


def test_a_receipt_is_computed_again_from_the_record(record: Parts, tmp_path: Path):
    asked = ("measure", "removals", "--by", "fiscal_year,aor", "--where", "aor=Boston", "--format", "json")
    saved = tmp_path / "answer.json"
    saved.write_text(run(*asked), encoding="utf-8")
    assert "removals  same" in run("receipt", str(saved))
    record.rows("removals", [removed("2018-09-30")], release="national", cut_off="2019-05-31")
    assert "results" in run("receipt", str(saved), code=3)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("measure", "removls"), "removals"),
        (("measure", "removals", "--where", "aor=Bostn"), "Boston"),
        (("measure", "removals", "--by", "fiscal_yeer"), "fiscal_year"),
        (("measure", "removals", "--where", "month=2018-3"), "month=2018-03"),
        (("measure", "removals", "--reading", "duplicates=none"), "as_recorded, exact, ddp"),
        (("measure", "removals", "--release", "natonal"), "nearest  national"),
    ],
)
def test_a_question_that_cannot_be_asked_exits_2_with_one_paragraph(
    record: Parts, arguments: tuple[str, ...], said: str
):
    assert said in run(*arguments, code=2)


def test_a_record_without_the_table_says_what_to_do(record: Parts):
    assert "recount add FILE" in run("measure", "detainers")


def test_made_up_rows_are_told_as_such(record: Parts):
    record.rows(
        "arrests", [{"apprehension_date": day("2018-01-01")}], release="synthetic-x", is_synthetic=True
    )
    assert "SYNTHETIC, made up" in run("measure", "arrests")


def test_an_engine_is_chosen_before_the_verb_and_only_from_those_there_are(record: Parts):
    asked = ("measure", "removals", "--format", "json")
    plain, chosen = (json.loads(run(*each, *asked)) for each in ((), ("--engine", "duckdb")))
    assert plain == chosen
    assert "spark" in run("--engine", "presto", *asked, code=2)


def test_measures_of_individual_records_are_listed_and_described():
    assert "removals_printed" in run("list", "measures")
    assert "individual records" in run("list", "measures")
    assert "as_recorded" in run("describe", "removals")
    assert "one removal or return" in run("describe", "table/removals")


def test_neither_help_nor_a_check_loads_an_engine():
    code = (
        "import sys; from typer.testing import CliRunner; from recount.cli.app import app\n"
        "for asked in (['--help'], ['measure', '--help'], ['check', 'boston-no-convictions'], "
        "['measure', 'people_removed']):\n"
        "    assert CliRunner().invoke(app, asked).exit_code == 0\n"
        "print(sorted({'ibis', 'duckdb', 'pyspark', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
