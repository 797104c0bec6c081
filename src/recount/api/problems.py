"""What is wrong with a request, as a problem of RFC 9457: a sentence, what to change, and a status."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from recount.errors import RecountError, UnknownNameError, UsageError, Worded

MEDIA_TYPE = "application/problem+json"
TYPES = "/api/v1/docs#problem-"
_HINTS = {
    "recount list measures": "/api/v1/measures",
    "recount list claims": "/api/v1/claims",
    "recount list releases": "/api/v1/releases",
    "recount list sources": "/api/v1/releases",
    "recount list tables": "/api/v1/tables",
}
"""Where a command line lists what there is, and where the API does."""


def _(message: str) -> str:
    """Marks a sentence for the catalogs of messages; it is said in the language that is asked for."""
    return message


WORDS = {
    "not-found": _("There is nothing at this address."),
    "wrong-method": _("Nothing is written here: only GET and HEAD are answered."),
    "unknown-name": _("A name is given that nothing declares."),
    "wrong-question": _("The question cannot be asked so."),
    "wrong-parameter": _("A parameter is missing, unknown, given twice or cannot be read."),
    "malformed": _("The request is not HTTP that can be read."),
    "not-acceptable": _("The answer cannot be given in a format that is accepted."),
    "too-long": _("The address or the head of the request is too long."),
    "too-slow": _("The request did not arrive in time."),
    "too-much": _("The question asks for more than one request may take."),
    "too-busy": _("The server has too much to do at the moment."),
    "record-changed": _("The record has changed between two pages."),
    "record-unavailable": _("The record cannot be read at the moment."),
    "fault": _("The server made a mistake."),
}
"""Every type of problem, in the words that stand as its title."""


@dataclass(frozen=True)
class Problem:
    """What is wrong, in the shape of RFC 9457.

    Attributes:
        status: the status of the answer.
        kind: the last part of the type, a key of `WORDS`.
        detail: one sentence that says what is wrong with this request.
        facts: (label, text) pairs: what to change, what to choose from.
        nearest: known names nearest to the one that was given.
        retry_seconds: after how long to come back, where it is worth it.
        headers: further ones, such as `allow`.
        title: the words of the kind in another language than English.
    """

    status: int
    kind: str
    detail: str
    facts: Sequence[tuple[str, str]] = ()
    nearest: Sequence[str] = ()
    retry_seconds: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    title: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Returns the problem as JSON values."""
        return {
            "type": f"{TYPES}{self.kind}",
            "title": WORDS[self.kind] if self.title is None else self.title,
            "status": self.status,
            "detail": self.detail,
            "facts": [{"label": label, "text": text} for label, text in self.facts],
            "nearest": list(self.nearest),
        }

    def content(self) -> bytes:
        """Returns the problem as bytes of JSON."""
        return json.dumps(self.as_json(), ensure_ascii=False).encode("utf-8", "replace")

    def response(self) -> Response:
        """Returns the problem as an answer, which no cache keeps."""
        headers = {"cache-control": "no-store", **self.headers}
        if self.retry_seconds is not None:
            headers["retry-after"] = str(self.retry_seconds)
        return Response(self.content(), self.status, headers, MEDIA_TYPE)


class ProblemError(Exception):
    """A problem on its way out."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.detail)


def problem_of(error: RecountError, retry_seconds: int, status: int | None = None) -> Problem:
    """Returns an error as a problem.

    What is wrong with the question is said in the words of the command line. What is wrong with the data or the
    record is the operator's to mend: where files lie is told to nobody else.

    Args:
        error: raised while a request was answered.
        retry_seconds: after how long it is worth coming back to a record that cannot be read.
        status: of a wrong question, where it is another than 422.
    """
    if isinstance(error, UnknownNameError):
        kind, found = "unknown-name", status or HTTPStatus.UNPROCESSABLE_ENTITY
        return Problem(found, kind, error.summary, _public(error.facts), error.nearest)
    if isinstance(error, UsageError):
        found = status or HTTPStatus.UNPROCESSABLE_ENTITY
        return Problem(found, "wrong-question", error.summary, _public(error.facts))
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "record-unavailable",
        Worded("The record is missing, damaged or being replaced."),
        [("fix", Worded("try again later; whoever runs the server finds the reason in its log"))],
        retry_seconds=retry_seconds,
    )


def too_much(detail: str, fix: str) -> ProblemError:
    """Returns the problem of a question that asks for more than one request may take."""
    return ProblemError(Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "too-much", detail, [("fix", fix)]))


def too_busy(retry_seconds: int) -> Problem:
    """Returns the problem of a server that has more to do than it takes on."""
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "too-busy",
        Worded("Too many questions wait for an answer."),
        [("fix", Worded("try again in %(seconds)s seconds", seconds=str(retry_seconds)))],
        retry_seconds=retry_seconds,
    )


def _public(facts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(label, _HINTS.get(text, text)) for label, text in facts]
