"""The examples of the OpenAPI document are what their addresses give, and fit what it declares."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from recount.api.app import create_app
from recount.api.examples import ASKED, RECEIPT
from serving import Client

PICTURES = {"/api/v1/measures/{measure}/chart"}
Shown = tuple[str, int, str, str, Any, dict[str, Any]]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    found = Client(create_app(tmp_path_factory.mktemp("home")))
    yield found
    found.close()


@pytest.fixture(scope="module")
def document(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return found


def shown_in(document: dict[str, Any]) -> Iterator[Shown]:
    """Yields (path, status, media type, address, value, schema) of every example."""
    for path, methods in document["paths"].items():
        for status, response in methods["get"]["responses"].items():
            for media_type, content in response.get("content", {}).items():
                for each in content.get("examples", {}).values():
                    address = each["summary"].removeprefix("GET ")
                    yield path, int(status), media_type, address, each["value"], content.get("schema", {})


def test_every_endpoint_but_that_of_pictures_has_an_example_of_a_whole_answer(
    document: dict[str, Any],
) -> None:
    with_one = {path for path, status, *_ in shown_in(document) if status == 200}
    assert with_one == set(document["paths"]) - PICTURES
    assert {*ASKED, RECEIPT} == with_one


def test_an_example_is_what_its_address_gives(client: Client, document: dict[str, Any]) -> None:
    shown = list(shown_in(document))
    assert len(shown) == sum(len(each) for each in ASKED.values()) + 1
    for _path, status, media_type, address, value, _schema in shown:
        given = client.get(address)
        assert given.status_code == status
        assert given.headers["content-type"].partition(";")[0] == media_type
        assert value == (given.json() if media_type.endswith("json") else given.text), address


def test_an_example_fits_the_schema_of_its_answer(document: dict[str, Any]) -> None:
    for _path, _status, media_type, _address, value, schema in shown_in(document):
        if media_type.endswith("json"):
            jsonschema.validate(value, {**schema, "components": document["components"]})


def test_refusals_have_examples_too(document: dict[str, Any]) -> None:
    refused = {
        (status, value["title"]) for _, status, kind, _, value, _ in shown_in(document) if "problem" in kind
    }
    assert refused == {
        (404, "There is nothing at this address."),
        (422, "A name is given that nothing declares."),
    }


def test_the_document_stays_small(client: Client) -> None:
    content = client.get("/api/v1/openapi.json").content
    assert len(content) < 300_000
    assert content == client.get("/api/v1/openapi.json").content
    assert json.loads(content)["openapi"].startswith("3.1")
