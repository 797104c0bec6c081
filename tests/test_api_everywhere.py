"""One question, asked on the terminal, of a page, in Explore and over HTTP: one receipt, the same integers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from typer.testing import CliRunner

from recount.api.app import create_app
from recount.cli.app import app as command
from serving import Client


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    found = Client(create_app(tmp_path_factory.mktemp("home")))
    yield found
    found.close()


def receipts_of_page(client: Client, measure: str) -> list[dict[str, Any]]:
    """Returns the receipts that a measure's page links to, of answers that are split by something."""
    page = client.get(f"/measures/{measure}.html").text
    names = dict.fromkeys(re.findall(r"receipts/([0-9a-f]{12})\.html", page))
    receipts = [client.get(f"/receipts/{each}.json").json() for each in names]
    return [each for each in receipts if each["question"].get("ask") == "measure" and each["question"]["by"]]


@pytest.mark.parametrize("measure", ["detained_population", "share_without_conviction", "removals"])
def test_terminal_site_explore_and_api_give_one_receipt_and_the_same_integers(client: Client, measure: str):
    receipts = receipts_of_page(client, measure)
    assert receipts
    for on_the_site in receipts:
        question = on_the_site["question"]
        where = [f"{name}={text}" for name, text in question["where"].items()]
        asked = {"by": ",".join(question["by"])}
        asked |= {name: question[name] for name in ("release", "as_known_on") if question[name]}
        arguments = [f"--{name.replace('_', '-')}={text}" for name, text in asked.items()]
        arguments += [f"--where={each}" for each in where]
        result = CliRunner().invoke(command, ["measure", measure, *arguments, "--format", "json"])
        assert result.exit_code == 0, result.output
        on_the_terminal = json.loads(result.stdout)
        query = urlencode([*asked.items(), *(("where", each) for each in where)])
        over_http = client.get(f"/api/v1/measures/{measure}/answer?{query}").json()
        explored = client.page(f"/explore?measure={measure}&{query}")

        assert over_http["receipt"]["id"] == on_the_terminal["receipt"]["id"] == on_the_site["id"]
        assert over_http["receipt"]["results"] == on_the_site["results"]
        assert on_the_terminal == over_http
        assert on_the_site["id"][:12] in explored
        counts = [each["numerator"] for each in over_http["rows"] if each["numerator"]]
        assert counts
        if over_http["measure"]["kind"] == "count":
            assert all(f"{each:,}" in explored for each in counts[:20])


def test_a_page_gives_the_receipt_that_the_api_gives(client: Client):
    (first, *_) = receipts_of_page(client, "detained_population")
    assert client.get(f"/api/v1/receipts/{first['id']}").json() == first
