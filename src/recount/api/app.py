"""The application: the site at the root, Explore beside it, the API below `/api/v1/`."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from recount.api import claims, documentation, explore, health, measures, pages, releases, tables
from recount.api.answers import Answers
from recount.api.guard import Guard, Tell
from recount.api.languages import tell as tell_problem
from recount.api.openapi import document
from recount.api.openapi import router as openapi_router
from recount.api.problems import Problem, ProblemError, problem_of
from recount.declare.serving import Serving
from recount.errors import RecountError, Worded, nearest_names

_CHOICES = re.compile(r"'([^']+)'")


def create_app(
    home: Path | None = None,
    *,
    contact: str | None = None,
    limits: Serving | None = None,
    tell: Tell | None = None,
) -> FastAPI:
    """Returns the application that serves the record of a home.

    Args:
        home: as `RECOUNT_HOME`; without it, the one in the environment.
        contact: where corrections are to be sent, shown on pages.
        limits: other limits than the catalog declares.
        tell: takes a line for every request.

    Raises:
        RecountError: where the record or the catalog cannot be read.
    """
    answers = Answers(home, limits)

    @contextlib.asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        answers.warm_up()
        yield
        answers.close()

    app = FastAPI(
        title="Recount",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=running,
    )
    app.state.answers = answers
    app.state.contact = contact
    app.state.pages = pages.Pages(answers, contact)
    app.add_middleware(Guard, answers=answers, tell=tell)
    app.add_exception_handler(RecountError, _tell_fault)
    app.add_exception_handler(ProblemError, _tell_problem)
    app.add_exception_handler(RequestValidationError, _tell_invalid)
    app.add_exception_handler(HTTPException, _tell_status)
    for each in (health, measures, tables, claims, releases):
        app.include_router(each.router)
    app.include_router(openapi_router)
    app.include_router(documentation.router)
    app.include_router(explore.router)
    app.include_router(pages.router)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    return app


async def _tell_fault(request: Request, error: Exception) -> Response:
    if not isinstance(error, RecountError):
        raise error
    answers: Answers = request.app.state.answers
    return tell_problem(request, problem_of(error, answers.limits.retry_seconds.value))


async def _tell_problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, ProblemError):
        raise error
    return tell_problem(request, error.problem)


async def _tell_invalid(request: Request, error: Exception) -> Response:
    """Tells of parameters that do not fit what the OpenAPI document declares, each in a fact."""
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    name, given = str(first["loc"][-1])[:80], str(first["input"])[:80]
    facts: list[tuple[str, str]] = [("because", _why(each)) for each in error.errors()]
    known = _CHOICES.findall(str(first.get("ctx", {}).get("expected", "")))
    if known:
        facts = [("choose from", ", ".join(known))]
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    detail = Worded("%(name)s cannot be %(given)s.", name=name, given=repr(given))
    problem = Problem(status, "wrong-parameter", detail, facts, nearest_names(given, known))
    return tell_problem(request, problem)


def _why(wrong: Mapping[str, Any]) -> Worded:
    """Returns what a parameter has to be, of what is wrong with it."""
    name, bounds = str(wrong["loc"][-1])[:80], wrong.get("ctx", {})
    if wrong["type"] == "greater_than_equal":
        return Worded("%(name)s is %(least)s at least", name=name, least=str(bounds["ge"]))
    if wrong["type"] == "less_than_equal":
        return Worded("%(name)s is %(most)s at most", name=name, most=f"{bounds['le']:,}")
    if wrong["type"] == "string_pattern_mismatch":
        return Worded("%(name)s is written as %(pattern)s", name=name, pattern=bounds["pattern"])
    if wrong["type"] in ("int_parsing", "int_parsing_size", "int_from_float"):
        return Worded("%(name)s is a whole number", name=name)
    if wrong["type"] == "literal_error":
        return Worded("%(name)s is one of %(known)s", name=name, known=str(bounds["expected"]))
    return Worded("%(name)s: %(said)s", name=name, said=str(wrong["msg"])[:200])


async def _tell_status(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == HTTPStatus.NOT_FOUND:
        return tell_problem(request, pages.nothing_here())
    kind = "wrong-method" if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED else "malformed"
    problem = Problem(error.status_code, kind, str(error.detail), headers=dict(error.headers or {}))
    return tell_problem(request, problem)
