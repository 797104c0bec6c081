"""Rates ask the same everywhere: terminal, Python and the API give one receipt, and Explore the same numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from typer.testing import CliRunner

from recount.api.app import create_app
from recount.ask import open_record
from recount.cli.app import app as command
from serving import Client

BOSTON = [("where", "aor=Boston"), ("where", "fiscal_year=2018"), ("release", "ice-2019-icfo-53623")]
RATE = [*BOSTON, ("per", "residents")]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    found = Client(create_app(tmp_path_factory.mktemp("home")))
    yield found
    found.close()


def address(what: str, *more: tuple[str, str]) -> str:
    return f"/api/v1/measures/removals/{what}?{urlencode([*RATE, *more])}"


def terminal(*more: tuple[str, str]) -> dict[str, object]:
    options = [part for name, given in (*RATE, *more) for part in (f"--{name.replace('_', '-')}", given)]
    result = CliRunner().invoke(command, ["measure", "removals", *options, "--format", "json"])
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("more", [("compare_with", "aor=Phoenix"), ("readings", "all")])
def test_differences_and_spreads_of_rates_are_the_same_from_terminal_and_api(
    client: Client, more: tuple[str, str]
):
    answered = client.get(address("answer", more))
    assert answered.status_code == 200
    assert answered.json() == terminal(more)


def test_python_gives_the_receipt_of_the_terminal():
    asked = open_record().measure("removals").release("ice-2019-icfo-53623").per("residents")
    asked = asked.where(aor="Boston", fiscal_year=2018).compare_with(aor="Phoenix")
    assert asked.as_json() == terminal(("compare_with", "aor=Phoenix"))


@pytest.mark.parametrize(("language", "said"), [("en", "per 100,000 residents"), ("es", "por cada 100,000")])
def test_the_api_draws_rates(client: Client, language: str, said: str):
    drawn = client.get(address("chart", ("format", "svg"), ("language", language)))
    assert drawn.status_code == 200
    assert said in drawn.text


def test_explore_shows_both_sides_of_a_difference_of_rates_with_their_integers(client: Client):
    query = urlencode([("measure", "removals"), *RATE, ("compare_with", "aor=Phoenix")])
    page = client.page(f"/explore?{query}")
    assert "15.7 (2,367 of 15,116,205)" in page
    assert "376.1 (26,899 of 7,151,502)" in page
    assert "−360.5" in page
    assert "per 100,000 residents" in page
