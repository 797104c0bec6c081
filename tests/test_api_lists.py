"""Lists, tables, claims, releases and receipts over HTTP: in order, page by page, and without anything private."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

import recount
from recount.api.app import create_app
from recount.cli.app import app as command
from recount.export.tables import choose_tables
from serving import Client
from small_event_files import ARREST, MARCH_ARREST, commas, packed, pipes
from small_event_files import write as write_file

ROWS = "/api/v1/tables/secure_communities_activations/rows"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    found = Client(create_app(tmp_path_factory.mktemp("home")))
    yield found
    found.close()


def pages(client: Client, address: str | None) -> Iterator[dict]:
    while address is not None:
        page = client.get(address).json()
        yield page
        address = page["next"]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("measures", "name"), ("tables", "name"), ("claims", "claim"), ("releases", "release")],
)
def test_a_list_read_page_by_page_is_whole_and_nothing_stands_twice(client: Client, kind: str, name: str):
    whole = client.get(f"/api/v1/{kind}?limit=1000").json()
    found = [each[name] for page in pages(client, f"/api/v1/{kind}?limit=4") for each in page["items"]]
    assert found == [each[name] for each in whole["items"]]
    assert len(set(found)) == len(found) == whole["total"]


@pytest.mark.parametrize("kind", ["measures", "tables", "claims", "releases"])
def test_every_item_of_a_list_can_be_opened(client: Client, kind: str):
    for each in client.get(f"/api/v1/{kind}?limit=5").json()["items"]:
        assert client.get(each["href"]).status_code == 200


def test_rows_read_page_by_page_are_the_table_in_the_order_of_its_key(client: Client):
    read = [each for page in pages(client, f"{ROWS}?limit=700") for each in page["items"]]
    record = recount.open()
    (table,) = choose_tables(record.record, record.catalog, "secure_communities_activations", public=True)
    key = client.get("/api/v1/tables/secure_communities_activations").json()["unique_key"]
    frame = table.frame.collect().sort(key)
    assert [tuple(each[name] for name in key) for each in read] == [
        tuple(str(one) if hasattr(one, "isoformat") else one for one in row)
        for row in frame.select(key).iter_rows()
    ]
    assert len(read) == frame.height


@pytest.mark.parametrize("format_name", ["csv", "arrow", "parquet"])
def test_every_format_gives_the_same_page_and_names_the_next(client: Client, format_name: str):
    page = client.get(f"{ROWS}?limit=3&offset=5").json()
    other = client.get(f"{ROWS}?limit=3&offset=5&format={format_name}")
    read = {"csv": pl.read_csv, "arrow": pl.read_ipc_stream, "parquet": pl.read_parquet}[format_name]
    frame = read(io.BytesIO(other.content))
    assert frame.columns == list(page["items"][0])
    for name in ("place_name", "activation_date"):
        assert frame.get_column(name).cast(pl.String).to_list() == [each[name] for each in page["items"]]
    assert other.headers["x-total-count"] == str(page["total"])
    link = other.headers["link"].removesuffix('>; rel="next"').removeprefix("<")
    assert client.get(link).status_code == 200
    assert "offset=8" in link


def test_the_last_page_names_no_next(client: Client):
    total = client.get(f"{ROWS}?limit=1").json()["total"]
    last = client.get(f"{ROWS}?limit=10&offset={total - 1}")
    assert (last.json()["next"], len(last.json()["items"]), "link" in last.headers) == (None, 1, False)
    assert client.get(f"{ROWS}?offset={total + 5}").json()["items"] == []


def test_a_page_of_another_record_is_refused(client: Client):
    told = client.problem(f"{ROWS}?offset=5&record=0123456789abcdef", 409)
    assert told["type"].endswith("#problem-record-changed")


def test_a_page_larger_than_pages_may_be_is_refused(client: Client):
    assert "10,000" in client.problem(f"{ROWS}?limit=10001", 422)["detail"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", "offset=-1", "offset=1e9", "record=x", "limit=1&limit=2"]
)
def test_a_page_that_cannot_be_read_is_refused(client: Client, query: str):
    assert client.problem(f"{ROWS}?{query}", 422)["type"].endswith("#problem-wrong-parameter")


def test_individual_records_are_served_as_counts_alone(client: Client):
    names = [each["name"] for each in client.get("/api/v1/tables?limit=1000").json()["items"]]
    assert "arrests_cube" in names
    assert "arrests" not in names
    told = client.problem("/api/v1/tables/arrests/rows", 404)
    assert told["nearest"][0] == "arrests_cube"
    counts = pl.read_parquet(
        io.BytesIO(client.get("/api/v1/tables/arrests_cube/rows?limit=10000&format=parquet").content)
    )
    least = counts.get_column("row_count").min()
    assert isinstance(least, int)
    assert least >= 5


def test_a_verdict_is_that_of_the_command_line(client: Client):
    result = CliRunner().invoke(command, ["check", "boston-no-convictions", "--format", "json"])
    (verdict,) = json.loads(result.stdout)
    assert client.get("/api/v1/claims/boston-no-convictions/verdict").json() == verdict
    early = client.get("/api/v1/claims/boston-no-convictions/verdict?as_known_on=2011-08-01").json()
    assert early["as_known_on"] == "2011-08-01"


@pytest.mark.parametrize("name", ["claim.yml", "..%2Fclaim.yml", "%2Fetc%2Fpasswd", "..", "claim%00.yml"])
def test_a_claim_is_named_and_never_a_file(client: Client, name: str, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "claim.yml").write_text("claim: anything\n")
    response = client.get(f"/api/v1/claims/{name}/verdict")
    assert response.status_code == 404
    assert str(tmp_path) not in response.text


def test_a_release_has_its_files_and_rows(client: Client):
    found = client.get("/api/v1/releases/ice-2019-icfo-53623").json()
    assert found["tables"]["removals_cube"] > 0
    assert all(len(each["sha256"]) == 64 for each in found["files"])


def test_the_receipt_of_an_answer_that_was_given_is_found_by_its_id_and_its_first_digits(client: Client):
    answer = client.get("/api/v1/measures/removals/answer?by=aor").json()["receipt"]
    assert client.get(f"/api/v1/receipts/{answer['id']}").json() == answer
    assert client.get(f"/api/v1/receipts/{answer['id'][:12]}").json() == answer
    other = answer["id"][:12] + "0" * 52
    assert client.problem(f"/api/v1/receipts/{other}", 404)["detail"].startswith("No receipt")


def test_the_receipt_of_a_verdict_and_of_a_table_is_found(client: Client):
    verdict = client.get("/api/v1/claims/boston-no-convictions/verdict").json()["receipt"]
    assert client.get(f"/api/v1/receipts/{verdict['id']}").json() == verdict
    table = client.get("/api/v1/tables/bond_figures").json()["receipt"]
    assert client.get(f"/api/v1/receipts/{table['id']}").json() == table


def test_what_a_user_adds_of_individual_records_reaches_nobody(
    client: Client, own_home: Path, tmp_path: Path
):
    released = write_file(tmp_path / "new", "EROArrests_FY2016.csv.gz", packed(pipes(ARREST, ARREST)))
    own = write_file(tmp_path / "new", "secret-arrests.csv", commas(MARCH_ARREST))
    added = CliRunner().invoke(command, ["add", str(released), str(own)])
    assert added.exit_code == 0, added.output
    with_rows = Client(create_app(own_home))
    for address in (
        "/api/v1/measures/arrests/answer?by=release",
        "/api/v1/releases?limit=1000",
        "/api/v1/tables?limit=1000",
        "/api/v1/tables/arrests_cube/rows",
    ):
        mine, shipped = with_rows.get(address), client.get(address)
        assert mine.content == shipped.content, address
        assert mine.headers["etag"] == shipped.headers["etag"]
        assert "secret" not in mine.text
    terminal = CliRunner().invoke(command, ["measure", "arrests", "--by", "release", "--format", "json"])
    own_answer, public = (
        json.loads(terminal.stdout),
        with_rows.get("/api/v1/measures/arrests/answer?by=release"),
    )
    assert own_answer["receipt"]["id"] != public.json()["receipt"]["id"]
    with_rows.close()
