"""Examples of whole answers for the OpenAPI document: what this server gives, asked of itself.

An example that is written down ages with the record, and one that is made up may fit no schema. These are asked of the
application when the document is, so each is what the address beside it gives.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Scope

ANSWER = "/api/v1/measures/{measure}/answer"
RECEIPT = "/api/v1/receipts/{receipt}"
_SUFFOLK = "share_without_conviction/answer?where=jurisdiction%3DSuffolk%20County%2C%20MA&release=boston-globe-2011-09"
ASKED: Mapping[str, tuple[str, ...]] = {
    "/healthz": ("/healthz",),
    "/readyz": ("/readyz",),
    "/api/v1": ("/api/v1",),
    "/api/v1/measures": ("/api/v1/measures?limit=2",),
    "/api/v1/measures/{measure}": ("/api/v1/measures/share_without_conviction",),
    ANSWER: (
        f"/api/v1/measures/{_SUFFOLK}",
        f"/api/v1/measures/{_SUFFOLK}&readings=all",
        "/api/v1/measures/removals/answer?where=aor%3DBoston&where=fiscal_year%3D2018",
        f"/api/v1/measures/{_SUFFOLK}&format=csv",
        "/api/v1/measures/removals/answer?by=colour",
        "/api/v1/measures/remvals/answer",
    ),
    "/api/v1/tables": ("/api/v1/tables?limit=2",),
    "/api/v1/tables/{table}": ("/api/v1/tables/secure_communities_activations",),
    "/api/v1/tables/{table}/rows": (
        "/api/v1/tables/secure_communities_figures/rows?limit=2",
        "/api/v1/tables/secure_communities_figures/rows?limit=2&format=csv",
    ),
    "/api/v1/claims": ("/api/v1/claims?limit=1",),
    "/api/v1/claims/{claim}": ("/api/v1/claims/boston-no-convictions",),
    "/api/v1/claims/{claim}/verdict": ("/api/v1/claims/over-140000-deported/verdict",),
    "/api/v1/releases": ("/api/v1/releases?limit=2",),
    "/api/v1/releases/{release}": ("/api/v1/releases/boston-globe-2011-09",),
}
"""What is asked for an example of each endpoint's answers and refusals; a chart is a picture and has none."""


@dataclass(frozen=True)
class Example:
    """One answer: its address, its status and media type, and its content."""

    address: str
    status: int
    media_type: str
    value: Any


async def examples_of(app: ASGIApp) -> dict[str, list[Example]]:
    """Returns examples of answers by endpoint; one that the record of this server cannot give is left out."""
    found: dict[str, list[Example]] = {}
    for path, addresses in ASKED.items():
        asked = [await ask(app, each) for each in addresses]
        found[path] = [each for each in asked if each.status < HTTPStatus.INTERNAL_SERVER_ERROR]
    receipts = [each.value["receipt"]["id"] for each in found[ANSWER] if _has_receipt(each)]
    found[RECEIPT] = [await ask(app, f"/api/v1/receipts/{each[:12]}") for each in receipts[:1]]
    return found


def _has_receipt(example: Example) -> bool:
    return isinstance(example.value, dict) and "receipt" in example.value


async def ask(app: ASGIApp, address: str) -> Example:
    """Returns what an application answers to a request from within."""
    path, _, query = address.partition("?")
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [],
        "client": None,
        "server": None,
    }
    status, media_type, content = 0, "", b""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, media_type, content
        if message["type"] == "http.response.start":
            status = int(message["status"])
            headers = dict(message["headers"])
            media_type = headers[b"content-type"].decode().partition(";")[0]
        else:
            content += message.get("body", b"")

    await app(scope, receive, send)
    text = content.decode()
    return Example(address, status, media_type, json.loads(text) if media_type.endswith("json") else text)


def put_examples(document: dict[str, Any], examples: Mapping[str, list[Example]]) -> None:
    """Writes examples into the answers of an OpenAPI document, each named by the address that gives it."""
    for path, given in examples.items():
        responses = document["paths"][path]["get"]["responses"]
        for each in given:
            content = responses[str(each.status)]["content"][each.media_type]
            named = content.setdefault("examples", {})
            named[f"example-{len(named) + 1}"] = {"summary": f"GET {each.address}", "value": each.value}
