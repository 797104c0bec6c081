"""The application: the site at the root, Explore beside it, the API below `/api/v1/`."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.responses import Response

from recount.api import measures, pages
from recount.api.answers import Answers
from recount.api.guard import Guard, Tell
from recount.api.problems import ProblemError, problem_of
from recount.declare.serving import Serving
from recount.errors import RecountError


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
    app = FastAPI(title="Recount", docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json")
    app.state.answers = Answers(home, limits)
    app.state.contact = contact
    app.include_router(measures.router)
    app.add_middleware(Guard, answers=app.state.answers, tell=tell)
    app.add_exception_handler(RecountError, _tell_fault)
    app.add_exception_handler(ProblemError, _tell_problem)
    if importlib.util.find_spec("recount.api.explore") is not None:
        explore = importlib.import_module("recount.api.explore")
        app.include_router(explore.router)
    app.state.pages = pages.Pages(app.state.answers, contact)
    app.include_router(pages.router)
    return app


async def _tell_fault(request: Request, error: Exception) -> Response:
    if not isinstance(error, RecountError):
        raise error
    answers: Answers = request.app.state.answers
    return problem_of(error, answers.limits.retry_seconds.value).response()


async def _tell_problem(_: Request, error: Exception) -> Response:
    if not isinstance(error, ProblemError):
        raise error
    return error.problem.response()
