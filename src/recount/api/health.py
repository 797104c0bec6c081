"""Where everything is, and whether the server is there and ready."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from recount.api import documents as said
from recount.api.asking import answers_of, refuse_others, send_json
from recount.api.shapes import Health, Index

router = APIRouter()

_SHOWN = 16
_NEVER = {"cache-control": "no-store"}
_LINKS = {
    "measures": "/api/v1/measures",
    "tables": "/api/v1/tables",
    "claims": "/api/v1/claims",
    "releases": "/api/v1/releases",
    "openapi": "/api/v1/openapi.json",
    "documentation": "/api/v1/docs",
}


@router.get("/healthz", tags=["server"], responses={200: {"model": Health}})
async def say_alive(request: Request) -> Response:
    """Says that the server answers, whatever becomes of the record."""
    del request
    return JSONResponse({"status": "ok"}, headers=_NEVER)


@router.get("/readyz", tags=["server"], responses={200: {"model": Health}, **said.problems_of([503])})
async def say_ready(request: Request) -> Response:
    """Says that the record can be read; 503 where it cannot."""
    await answers_of(request).record()
    return JSONResponse({"status": "ok"}, headers=_NEVER)


@router.get("/api/v1", tags=["server"], responses=said.documented(["json"], [304, 422, 503], Index))
async def give_index(request: Request) -> Response:
    """Says where everything is, and which record answers."""
    refuse_others(request, ())
    served = await answers_of(request).record()
    found = {
        "name": "Recount",
        "version": version("recount-immigration"),
        "record": served.identity[:_SHOWN],
        "links": _LINKS,
    }
    return send_json(request, found, served, "index")
