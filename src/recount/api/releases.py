"""`/api/v1/releases` and `/api/v1/receipts`: what answers rest on."""

from __future__ import annotations

from typing import Any

import polars as pl
from fastapi import APIRouter, Request
from starlette.responses import Response

from recount.api import documents as said
from recount.api.asking import answers_of, nothing_called, refuse_others, send, send_json
from recount.api.formats import choose_format
from recount.api.lists import send_list
from recount.api.pages import receipt_of_pages
from recount.api.served import ServedRecord
from recount.api.shapes import ReceiptShape, ReleasePage, ReleaseShape
from recount.api.tables import tables_of
from recount.declare.sources import KnownRelease
from recount.measure.questions import iso

router = APIRouter(prefix="/api/v1", tags=["releases"])


@router.get("/releases", responses=said.documented(["json"], [304, 406, 409, 422, 503], ReleasePage))
async def list_releases(
    request: Request,
    offset: said.Offset = 0,
    limit: said.Limit = None,
    record: said.OfRecord = None,
    format: said.JsonFormat = None,  # noqa: A002  its name in the address
) -> Response:
    """Lists the releases by name."""
    del format
    refuse_others(request, ("offset", "limit", "record", "format"))
    choose_format(request, ["json"])
    served = await answers_of(request).record()
    known = list(served.open.record.releases.values())
    return send_list(request, served, "releases", known, _item, (offset, limit, record))


@router.get(
    "/releases/{release}", responses=said.documented(["json"], [304, 404, 406, 422, 503], ReleaseShape)
)
async def describe_release(
    request: Request,
    release: said.ReleasePath,
    format: said.JsonFormat = None,  # noqa: A002  as above
) -> Response:
    """Gives a release: who printed it, when it came out and how that is known, its files, and its rows by table."""
    del format
    refuse_others(request, ("format",))
    choose_format(request, ["json"])
    answers = answers_of(request)
    served = await answers.record()
    known = served.open.record.releases
    if release not in known:
        raise nothing_called("release", release, sorted(known), "/api/v1/releases")
    tables = await tables_of(answers, served)
    counts = {
        name: each.frame.filter(pl.col("release") == release).height for name, each in sorted(tables.items())
    }
    found = {
        **_definition(known[release], served),
        "tables": {name: rows for name, rows in counts.items() if rows},
    }
    return send_json(request, found, served, "release")


@router.get(
    "/receipts/{receipt}",
    tags=["receipts"],
    responses=said.documented(["json"], [304, 404, 406, 422, 503], ReceiptShape),
)
async def give_receipt(
    request: Request,
    receipt: said.ReceiptPath,
    format: said.JsonFormat = None,  # noqa: A002  as above
) -> Response:
    """Gives a receipt: of an answer that was given lately, or of one that stands on a page.

    An id cannot be turned back into its question. The receipt of any other answer comes with the answer.
    """
    del format
    refuse_others(request, ("format",))
    choose_format(request, ["json"])
    answers = answers_of(request)
    served = await answers.record()
    content = answers.receipt(receipt)
    if content is None:
        content = await receipt_of_pages(request, receipt, served)
    if content is None:
        for each in (await tables_of(answers, served)).values():
            if each.receipt.id.startswith(receipt):
                content = answers.keep_receipt(each.receipt)
    if content is None:
        raise nothing_called("receipt of a page or of a late answer", receipt, [], "ask the question again")
    return send(request, content, "json", served, "receipt")


def _item(release: KnownRelease) -> dict[str, Any]:
    return {
        "release": release.release,
        "source": release.source,
        "title": release.title.model_dump(),
        "printed_by": release.printed_by,
        "authority": release.authority,
        "published_from": iso(release.published_from),
        "published_to": iso(release.published_to),
        "covers_through": release.covers_through.isoformat(),
        "href": f"/api/v1/releases/{release.release}",
    }


def _definition(release: KnownRelease, served: ServedRecord) -> dict[str, Any]:
    source = served.open.catalog.sources.get(release.source)
    return {
        **_item(release),
        "published_basis": release.published_basis,
        "path": release.url,
        "rights": None if source is None else source.rights,
        "files": [{"name": each.name, "sha256": each.sha256} for each in release.files],
    }
