"""The shipped claims counted: by who spoke, by type and by verdict; and the rule by which they get in."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import recount
from recount.ask import OpenRecord
from recount.claim.counting import HEADLINES, NOT_SAID, count_claims
from recount.claim.types import TYPES
from recount.claim.verdict import Verdict
from recount.cli.app import app
from recount.declare.catalog import Catalog
from recount.declare.inclusion import load_inclusion
from recount.report.claims_count import write_claims_page

DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> OpenRecord:
    """The embedded record, and nobody's own over it."""
    return recount.open(tmp_path_factory.mktemp("no-record"))


@pytest.fixture(scope="module")
def verdicts(record: OpenRecord) -> list[Verdict]:
    return [record.check(each) for each in record.claims()]


def test_every_shipped_claim_says_what_kind_of_speaker_said_it(catalog: Catalog):
    kinds = [each.speaker for each in load_inclusion(catalog).speakers]
    assert [each.claim for each in catalog.claims_in_order() if each.speaker not in kinds] == []


def test_every_kind_of_speaker_and_every_type_is_counted_be_it_with_none(
    verdicts: list[Verdict], catalog: Catalog
):
    count = count_claims(verdicts, catalog)
    assert [each.name for each in count.by_speaker] == [
        "government",
        "advocate",
        "press",
        "research",
        "politician",
    ]
    assert [each.name for each in count.by_type] == list(TYPES)
    for rows in (count.by_speaker, count.by_type):
        for headline in HEADLINES:
            assert sum(each.by_headline[headline] for each in rows) == count.total.by_headline[headline]
    assert count.total.total == len(verdicts)


def test_a_claim_that_names_no_speaker_is_counted_and_not_lost(verdicts: list[Verdict], catalog: Catalog):
    first = verdicts[0]
    unnamed = first.claim.model_copy(update={"speaker": None})
    mine = Verdict(**{**first.__dict__, "claim": unnamed})
    count = count_claims([mine, *verdicts[1:]], catalog)
    assert count.by_speaker[-1].name == NOT_SAID
    assert count.by_speaker[-1].total == 1
    assert sum(each.total for each in count.by_speaker) == len(verdicts)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_count_is_printed_as_a_table_as_json_and_as_csv(verdicts: list[Verdict], language: str):
    def run(*more: str) -> str:
        result = CliRunner().invoke(app, ["check", "--count", "--language", language, *more])
        assert result.exit_code == 0
        return result.stdout

    told = json.loads(run("--format", "json"))
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv"))))
    assert [each["name"] for each in rows if each["by"] == "speaker"] == [
        each["name"] for each in told["by_speaker"]
    ]
    assert rows[-1]["total"] == str(len(verdicts)) == str(told["in_all"][0]["total"])
    assert str(len(verdicts)) in run()


def test_a_count_of_some_claims_counts_those():
    result = CliRunner().invoke(app, ["check", "boston-no-convictions", "--count", "--format", "json"])
    told = json.loads(result.stdout)
    assert told["in_all"][0]["overtaken"] == told["in_all"][0]["total"] == 1


def test_the_page_of_the_documentation_is_what_the_record_counts(verdicts: list[Verdict], catalog: Catalog):
    assert (DOCS / "claims.md").read_text(encoding="utf-8") == write_claims_page(verdicts, catalog)


def test_the_page_gives_every_condition_and_every_claim(verdicts: list[Verdict], catalog: Catalog):
    page = write_claims_page(verdicts, catalog)
    for condition in load_inclusion(catalog).conditions:
        assert condition.text.en in page
        assert condition.reason in page
    for verdict in verdicts:
        assert verdict.claim.title.en in page
