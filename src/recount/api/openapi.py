"""`/api/v1/openapi.json` and `/api/v1/docs`: what the API offers, for programs and for people."""

from __future__ import annotations

import copy
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from starlette.responses import Response

from recount.api.asking import answers_of, send_json
from recount.api.examples import examples_of, put_examples
from recount.api.shapes import ProblemShape

router = APIRouter(include_in_schema=False)

_ABOUT = """Figures and records of immigration enforcement, each answer with its integers, its bounds and its receipt.

Read-only, for anyone: every address is asked by GET, nothing is counted of who asks. Answers are those of the command
line and of Python, with the same receipts. JSON, CSV, Arrow and Parquet come by `Accept` or `?format=`. Lists are in a
total order; `next` leads on. An ETag names an answer; send it back as `If-None-Match`. What is wrong with a request is
said as a problem of RFC 9457, with what to change.
"""


@router.get("/api/v1/openapi.json")
async def give_openapi(request: Request) -> Response:
    """Gives the OpenAPI document, with examples of whole answers."""
    answers = answers_of(request)
    served = await answers.record()

    async def make() -> dict[str, Any]:
        made = copy.deepcopy(document(request.app))
        put_examples(made, await examples_of(request.app))
        return made

    made = await answers.kept_once(("openapi", served.identity), make)
    return send_json(request, made, served, "openapi")


def document(app: FastAPI) -> dict[str, Any]:
    """Returns the OpenAPI document of the application."""
    if app.openapi_schema is None:
        made = get_openapi(
            title="Recount",
            version=version("recount-immigration"),
            summary="Statements about immigration enforcement, held to the government's own records.",
            description=_ABOUT,
            routes=app.routes,
        )
        schemas = made["components"]["schemas"]
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        problem = ProblemShape.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= problem.pop("$defs")
        schemas[ProblemShape.__name__] = problem
        app.openapi_schema = made
    return app.openapi_schema
