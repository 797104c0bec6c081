"""`recount export` in a terminal, and verdicts as ClaimReview."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from recount.ask import OpenRecord, open_record
from recount.claim.words import Words
from recount.cli.app import app
from recount.export.claim_review import describe_review

BOSTON = "boston-no-convictions"


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), prog_name="recount")
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.fixture(scope="module")
def record() -> OpenRecord:
    return open_record(Path("no-record-of-a-user"))


def test_the_terminal_says_what_was_written_and_what_to_mind(tmp_path: Path):
    told = run("export", "ohss_figures", "--to", str(tmp_path / "t.csv")).splitlines()
    assert told[0] == f"Exported  {tmp_path / 't.csv'}"
    assert told[1] == "  1,669 rows of ohss_figures · 2 releases"
    assert told[2].startswith("  receipt ")
    assert told[3] == "  beside it: t.csv.dictionary.csv, t.csv.receipt.json, t.csv.dataset.jsonld"
    assert any(each.startswith("  Mind: ") for each in told[4:])
    assert max(map(len, told[1:])) <= 100


def test_json_and_csv_give_the_same_as_the_terminal(tmp_path: Path):
    (told,) = json.loads(run("export", "ohss_figures", "--to", str(tmp_path / "t.csv"), "--format", "json"))
    assert told["tables"][0]["rows"] == 1669
    assert told["beside"] == [
        str(tmp_path / f"t.csv.{each}") for each in ("dictionary.csv", "receipt.json", "dataset.jsonld")
    ]
    text = run("export", "ohss_figures", "--to", str(tmp_path / "u.csv"), "--format", "csv")
    (line,) = csv.DictReader(io.StringIO(text))
    assert (line["table"], line["rows"], line["synthetic"]) == ("ohss_figures", "1669", "False")
    assert line["receipt"] == told["receipt"]["id"]


def test_a_place_must_be_given():
    assert "--to must be given" in run("export", "arrests", code=2)


def test_options_of_claims_and_of_tables_are_told_apart(tmp_path: Path):
    to = ("--to", str(tmp_path / "t.csv"))
    assert "A table is exported without --url" in run(
        "export", "arrests", *to, "--url", "https://example.org", code=2
    )
    assert "A claim is exported without --as, --public" in run(
        "export", "claim", BOSTON, *to, "--as", "csv", "--public", code=2
    )
    assert "Only claims are exported by name" in run("export", "arrests", BOSTON, *to, code=2)


def test_an_interrupted_export_ends_with_130(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("recount.export.writing.write_csv", interrupt)
    run("export", "ohss_figures", "--to", str(tmp_path / "t.csv"), code=130)
    assert [each.name for each in tmp_path.iterdir() if each.name != "recount-home"] == []


def review(folder: Path, *arguments: str) -> dict[str, Any]:
    run("export", "claim", *arguments, "--to", str(folder / "c.jsonld"))
    read: dict[str, Any] = json.loads((folder / "c.jsonld").read_text(encoding="utf-8"))
    return read


def test_a_claim_review_has_the_fields_that_google_asks_for(tmp_path: Path, record: OpenRecord):
    read = review(tmp_path, BOSTON, "--url", "https://example.org/checks/boston", "--author", "The Paper")
    assert (read["@context"], read["@type"]) == ("https://schema.org", "ClaimReview")
    assert read["url"] == "https://example.org/checks/boston"
    assert read["claimReviewed"] == record.claim(BOSTON).statement.strip()
    assert read["reviewRating"]["@type"] == "Rating"
    assert read["reviewRating"]["alternateName"]
    assert read["author"] == {"@type": "Organization", "name": "The Paper"}
    said = read["itemReviewed"]
    assert said["@type"] == "Claim"
    assert said["author"] == {"@type": "Person", "name": "Laura Rotolo (ACLU of Massachusetts)"}
    assert said["datePublished"] == "2011-11-30"
    assert said["appearance"]["headline"] == "ICE's Mess in Massachusetts"


def test_a_rating_is_the_words_of_the_verdict_and_no_number(record: OpenRecord):
    read = describe_review(record.check(BOSTON), Words(record.catalog, "en"))
    assert read["reviewRating"] == {
        "@type": "Rating",
        "alternateName": "The release it rests on showed it; a later one does not · provisional",
    }


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_review_calls_a_statement_true_or_false(record: OpenRecord, language: Any):
    words = Words(record.catalog, language)
    for claim in record.claims():
        rating = describe_review(record.check(claim), words)["reviewRating"]["alternateName"].casefold()
        assert not {"true", "false", "lie", "verdadero", "falso"} & set(rating.split())


def test_a_review_without_a_page_has_its_receipt_for_an_address_and_says_so(
    tmp_path: Path, record: OpenRecord
):
    told = run("export", "claim", BOSTON, "--to", str(tmp_path / "c.jsonld"))
    assert "No --url was given" in told
    read = json.loads((tmp_path / "c.jsonld").read_text(encoding="utf-8"))
    assert read["url"] == read["identifier"] == f"urn:sha256:{record.check(BOSTON).receipt.id}"


def test_a_review_speaks_spanish(tmp_path: Path):
    read = review(tmp_path, BOSTON, "--language", "es")
    assert read["inLanguage"] == "es"
    assert read["reviewRating"]["alternateName"].startswith("El informe en que se basa lo mostraba")


def test_every_claim_is_exported_where_none_is_named(tmp_path: Path, record: OpenRecord):
    run("export", "claim", "--to", str(tmp_path / "all.jsonld"))
    read = json.loads((tmp_path / "all.jsonld").read_text(encoding="utf-8"))
    assert [each["name"] for each in read] == [each.title.en for each in record.claims()]


def test_a_speaker_whom_the_catalog_does_not_list_is_given_by_name_alone(record: OpenRecord):
    reviews = [describe_review(record.check(each), Words(record.catalog, "en")) for each in record.claims()]
    unlisted = [
        each["itemReviewed"]["author"] for each in reviews if "@type" not in each["itemReviewed"]["author"]
    ]
    assert {"name": "Press summaries of ICE's snapshot"} in unlisted


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((BOSTON, "--to", "c.csv"), "names no format of claims"),
        ((BOSTON, "--to", "c.jsonld", "--url", "example.org"), "is no address of a page"),
        ((BOSTON, "--to", "c.jsonld", "--language", "fr"), "There is no language 'fr'"),
        (("no-such-claim", "--to", "c.jsonld"), "No claim is called 'no-such-claim'"),
        ((BOSTON, "--to", "nowhere/c.jsonld"), "cannot be written"),
    ],
)
def test_a_claim_that_cannot_be_exported_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
):
    monkeypatch.chdir(tmp_path)
    assert told in run("export", "claim", *arguments, code=2)
    assert [each.name for each in tmp_path.iterdir() if each.name != "recount-home"] == []


def test_a_review_is_replaced_only_with_force(tmp_path: Path):
    first = review(tmp_path, BOSTON)
    assert "is there already" in run("export", "claim", BOSTON, "--to", str(tmp_path / "c.jsonld"), code=2)
    assert review(tmp_path, BOSTON, "--force") == first
