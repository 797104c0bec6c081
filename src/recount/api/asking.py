"""What every endpoint does with a request: refuse parameters that it has not, find the answers, send content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from recount.api.answers import Answers, json_bytes
from recount.api.formats import MEDIA_TYPES, Format
from recount.api.problems import Problem, ProblemError
from recount.api.questions import PARAMETERS, PublicQuestion
from recount.api.replies import make_etag, reply
from recount.api.served import ServedRecord
from recount.errors import Worded, nearest_names

FORMAT = "format"


def answers_of(request: Request) -> Answers:
    """Returns the answers of the server that a request reached."""
    answers: Answers = request.app.state.answers
    return answers


def refuse_others(request: Request, known: Sequence[str]) -> None:
    """Refuses a parameter that the endpoint has not, or that is given twice.

    Raises:
        ProblemError: with the nearest names.
    """
    given = [name for name, _ in request.query_params.multi_items()]
    for each in given:
        if each not in known:
            raise _wrong(
                Worded("There is no parameter %(name)s here.", name=repr(each[:80])),
                [("choose from", ", ".join(known) or Worded("none"))],
                nearest_names(each[:80], known),
            )
        if given.count(each) > 1:
            raise _wrong(
                Worded("%(name)s is given twice.", name=each),
                [("fix", Worded("give %(name)s once", name=each))],
                [],
            )


def question_of(request: Request, measure: str, others: Sequence[str]) -> PublicQuestion:
    """Returns the question that a request asks; `others` are parameters that are no part of it."""
    pairs = [each for each in request.query_params.multi_items() if each[0] not in others]
    for name in others:
        if len(request.query_params.getlist(name)) > 1:
            raise _wrong(
                Worded("%(name)s is given twice.", name=name),
                [("fix", Worded("give %(name)s once", name=name))],
                [],
            )
    for name, _ in pairs:
        if name not in PARAMETERS:
            known = (*PARAMETERS, *others)
            raise _wrong(
                Worded("There is no parameter %(name)s here.", name=repr(name[:80])),
                [("choose from", ", ".join(known))],
                nearest_names(name[:80], known),
            )
    return PublicQuestion.read(measure, pairs)


def nothing_called(kind: str, name: str, known: Sequence[str], where: str) -> ProblemError:
    """Returns the problem of an address that names something that is not there."""
    near = nearest_names(name[:200], known)
    facts = [("list", where), ("nearest", ", ".join(near) or Worded("nothing comes near it"))]
    return ProblemError(
        Problem(
            HTTPStatus.NOT_FOUND,
            "not-found",
            Worded("No %(kind)s is called %(name)s.", kind=kind, name=repr(name[:200])),
            facts,
            near,
        )
    )


def send_json(
    request: Request, value: Any, served: ServedRecord, kind: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Returns JSON that the address and the record determine."""
    return send(request, json_bytes(value), "json", served, kind, headers)


def send(
    request: Request,
    content: bytes,
    format_name: Format,
    served: ServedRecord,
    kind: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Returns content that the address and the record determine, with its ETag."""
    address = f"{request.url.path}?{request.url.query}"
    etag = make_etag(kind, served.identity, format_name, address)
    return reply(request, content, MEDIA_TYPES[format_name], etag, answers_of(request).limits, headers)


def _wrong(detail: str, facts: Sequence[tuple[str, str]], near: Sequence[str]) -> ProblemError:
    return ProblemError(Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "wrong-parameter", detail, facts, near))
