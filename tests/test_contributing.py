"""The recipes of CONTRIBUTING.md, followed to the letter: what they promise is what the commands give."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recount.cli.app import app
from tiny_release import write_tiny_release

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(yaml|csv)\n# (\S+)\n(.*?)```", TEXT, flags=re.DOTALL)
SUFFOLK = 'jurisdiction="Suffolk County, MA"'


def recount(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), prog_name="recount")
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def followed(own_home: Path) -> Path:
    """The catalog files of every recipe, laid over the shipped catalog."""
    for kind, name, content in BLOCKS:
        if kind == "yaml":
            path = own_home / "catalog" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    return own_home


def test_every_recipe_has_its_files():
    assert [name.split("/")[0] for _, name, _ in BLOCKS] == [
        "claims",
        "measures",
        "sources",
        "sources",
        "sources",
        "county-reports",
        "sources",
        "county-arrests-2021.csv",
    ]


def test_a_claim_is_added_by_its_file(followed: Path):
    assert "suffolk-fewer-than-a-third" in recount("list", "claims")
    (verdict,) = json.loads(recount("check", "suffolk-fewer-than-a-third", "--format", "json"))
    (mark,) = verdict["columns"]["now"]["marks"]
    (figure,) = mark["figures"]
    assert (verdict["headline"], figure["numerator"], figure["denominator"]) == ("supported", 512, 4595)
    assert "supported, 512 of 4,595" in TEXT


def test_a_claim_is_checked_from_a_file_anywhere(tmp_path: Path):
    path = tmp_path / "my-claim.yml"
    path.write_text(BLOCKS[0][2], encoding="utf-8")
    (verdict,) = json.loads(recount("check", str(path), "--format", "json"))
    assert verdict["headline"] == "supported"


def test_a_measure_is_added_by_its_file(followed: Path):
    assert "share_prior_removals" in recount("list", "measures")
    assert "removed_prior_removals_returns" in recount("describe", "share_prior_removals")
    answer = json.loads(recount("measure", "share_prior_removals", "--where", SUFFOLK, "--format", "json"))
    found = [(each["through_date"], each["numerator"], each["denominator"]) for each in answer["rows"]]
    assert found == [("2011-07-31", 49, 369), ("2012-08-31", 76, 512)]
    assert "49 of 369 through 31 July 2011 and\n76 of 512 through 31 August 2012" in TEXT


def test_a_source_is_added_by_its_files(followed: Path, tmp_path: Path):
    folder = write_tiny_release(tmp_path / "released")
    for kind, name, content in BLOCKS:
        if kind == "csv":
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content, encoding="utf-8")
    assert "county-reports" in recount("list", "sources")
    recount("record", "build", "--from", str(folder))
    place = 'jurisdiction="Middlesex County, MA"'
    asked = ("measure", "people_removed", "--where", place, "--release", "middlesex-2012", "--format", "json")
    answer = json.loads(recount(*asked))
    assert [(each["numerator"], each["authority"]) for each in answer["rows"]] == [(17, "press_table")]
    assert "answers 17." in TEXT


def test_a_layout_of_individual_records_is_added_by_its_file(followed: Path, tmp_path: Path):
    (content,) = [content for kind, name, content in BLOCKS if name == "county-arrests-2021.csv"]
    path = tmp_path / "county-arrests-2021.csv"
    path.write_text(content, encoding="utf-8")
    assert "exactly the 5 names of county-arrests" in " ".join(recount("add", str(path)).split())
    asked = ("measure", "arrests", "--release", "county-arrests-2021", "--where", "aor=Boston")
    answer = json.loads(recount(*asked, "--format", "json"))
    assert [each["numerator"] for each in answer["rows"]] == [2]
    assert "answers 2." in TEXT
