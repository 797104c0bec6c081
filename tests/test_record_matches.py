"""How stints make stays and what matches them is counted: nothing matches, or fails to, in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recount.cli.app import app

LAYOUTS = ("ice-2026-03-arrests", "ice-2026-03-detentions", "ice-2026-03-removals")


def recount(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), prog_name="recount")
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def added(own_home: Path, tmp_path: Path) -> Path:
    """An own record with made-up arrests, stints and removals of the same people."""
    for layout in LAYOUTS:
        recount("synthesize", layout, "--rows", "400", "--seed", "7", "--to", str(tmp_path / "made"))
    recount("add", *(str(path) for path in sorted((tmp_path / "made").glob("*.xlsx"))))
    return own_home


def test_stints_and_events_are_counted_without_rest(added: Path):
    report = json.loads(recount("record", "matches", "--format", "json"))
    (made,) = report["stays"]
    assert made["stints"] == made["merged"] + sum(made["set_aside"].values())
    assert made["is_synthetic"]
    assert {(each["match"], each["way"]) for each in report["matches"]} == {
        (match, way)
        for match in ("arrests_to_stays", "removals_to_stays")
        for way in ("mutual_best", "ddp_greedy")
    }
    for each in report["matches"]:
        assert each["events"] == each["matched"] + each["ambiguous"] + each["unmatched"]
        assert each["stays"] == made["stays"] >= each["stays_matched"] > 0
        assert each["rule"].startswith("ddp_g2_")


def test_a_made_up_release_is_told_as_such(added: Path):
    assert "SYNTHETIC, made up  synthetic-g2-seed-7" in recount("record", "matches")


def test_a_record_without_stints_says_what_to_add():
    assert "recount add" in recount("record", "matches")
