"""`/api/v1/claims`: statements, and what the record says of them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from recount.api import documents as said
from recount.api.answers import json_bytes
from recount.api.asking import answers_of, nothing_called, refuse_others, send, send_json
from recount.api.formats import choose_format
from recount.api.lists import send_list
from recount.api.served import ServedRecord
from recount.api.shapes import ClaimPage, ClaimShape, VerdictShape
from recount.claim.answer import verdict_as_json
from recount.claim.verdict import Verdict
from recount.declare.claims import Claim
from recount.measure.questions import read_date

router = APIRouter(prefix="/api/v1", tags=["claims"])


@router.get("/claims", responses=said.documented(["json"], [304, 406, 409, 422, 503], ClaimPage))
async def list_claims(
    request: Request,
    offset: said.Offset = 0,
    limit: said.Limit = None,
    record: said.OfRecord = None,
    format: said.JsonFormat = None,  # noqa: A002  its name in the address
) -> Response:
    """Lists the claims in their declared order."""
    del format
    refuse_others(request, ("offset", "limit", "record", "format"))
    choose_format(request, ["json"])
    served = await answers_of(request).record()
    return send_list(request, served, "claims", served.open.claims(), _item, (offset, limit, record))


@router.get("/claims/{claim}", responses=said.documented(["json"], [304, 404, 406, 422, 503], ClaimShape))
async def describe_claim(
    request: Request,
    claim: said.ClaimPath,
    format: said.JsonFormat = None,  # noqa: A002  as above
) -> Response:
    """Gives a claim as declared: the statement, who said it and when, and what it asserts."""
    del format
    refuse_others(request, ("format",))
    choose_format(request, ["json"])
    served = await answers_of(request).record()
    found = _find(claim, served)
    return send_json(request, found.model_dump(mode="json", by_alias=True), served, "claim")


@router.get(
    "/claims/{claim}/verdict", responses=said.documented(["json"], [304, 404, 406, 422, 503], VerdictShape)
)
async def check_claim(
    request: Request,
    claim: said.ClaimPath,
    as_known_on: said.AsKnownOn = None,
    format: said.JsonFormat = None,  # noqa: A002  as above
) -> Response:
    """Checks a claim: in the release it rests on, when it was said, and now, under every reading."""
    del format
    refuse_others(request, ("as_known_on", "format"))
    choose_format(request, ["json"])
    answers = answers_of(request)
    served = await answers.record()
    found = _find(claim, served)
    date = None if as_known_on is None else read_date(as_known_on)

    def check() -> tuple[bytes, Verdict]:
        verdict = served.open.check(found, date)
        return json_bytes(verdict_as_json(verdict, served.open.catalog)), verdict

    async def make() -> tuple[bytes, Verdict]:
        # By the threads that count: a claim may ask individual records.
        return await answers.work("records", check, served)

    content, verdict = await answers.once(("verdict", served.identity, claim, date), make)
    answers.keep_receipt(verdict.receipt)
    return send(request, content, "json", served, "verdict", {"recount-receipt": verdict.receipt.id})


def _find(name: str, served: ServedRecord) -> Claim:
    # By name alone: the Python face reads files too, and an address is not to name one.
    known = served.open.catalog.claims
    if name not in known:
        raise nothing_called("claim", name, sorted(known), "/api/v1/claims")
    return known[name]


def _item(claim: Claim) -> dict[str, Any]:
    return {
        "claim": claim.claim,
        "title": claim.title.model_dump(),
        "statement": claim.statement.strip(),
        "said_by": claim.said_by.model_dump(),
        "href": f"/api/v1/claims/{claim.claim}",
    }
