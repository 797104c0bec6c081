"""`/api/v1/measures`: what can be asked, and the answers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from recount.api.answers import Answers, PublicAnswer
from recount.api.formats import MEDIA_TYPES, TABLES, Format, choose_format, csv_bytes, frame_bytes
from recount.api.questions import PublicQuestion
from recount.api.replies import make_etag, reply

router = APIRouter(prefix="/api/v1", tags=["measures"])

Measure = Annotated[str, Path(description="A measure, by name.")]


def answers_of(request: Request) -> Answers:
    """Returns the answers of the server that a request reached."""
    answers: Answers = request.app.state.answers
    return answers


@router.get("/measures/{measure}/answer")
async def get_answer(request: Request, measure: Measure) -> Response:
    """Answers a question to a measure."""
    answers = answers_of(request)
    format_name = choose_format(request, TABLES)
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "format"]
    answer = await answers.answer(PublicQuestion.read(measure, pairs))
    etag = make_etag("answer", answer.receipt.id, answer.served.identity, format_name, answer.asked.address())
    content = (
        answer.content
        if format_name == "json"
        else await answers.work(answer.work, lambda: _as_table(answer, format_name))
    )
    return reply(request, content, MEDIA_TYPES[format_name], etag, answers.limits)


def _as_table(answer: PublicAnswer, format_name: Format) -> bytes:
    from recount.ask.csv_rows import csv_of  # noqa: PLC0415  few questions need it

    if format_name == "csv":
        return csv_bytes(*csv_of(answer.question))
    return frame_bytes(answer.frame(), format_name, {})
