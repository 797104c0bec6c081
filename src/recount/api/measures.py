"""`/api/v1/measures`: what can be asked, the answers, and their charts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from recount.api import documents as said
from recount.api.answers import Answers, PublicAnswer
from recount.api.asking import answers_of, nothing_called, question_of, refuse_others, send, send_json
from recount.api.formats import CHARTS, MEDIA_TYPES, TABLES, Format, choose_format, csv_bytes, frame_bytes
from recount.api.lists import send_list
from recount.api.questions import PublicQuestion
from recount.api.replies import make_etag, reply
from recount.api.served import ServedRecord
from recount.api.shapes import AnswerShape, MeasurePage, MeasureShape
from recount.chart.files import Suffix
from recount.chart.theme import ThemeName
from recount.declare.catalog import Catalog
from recount.declare.event_measures import PERIODS, EventMeasure
from recount.declare.measures import Measure

router = APIRouter(prefix="/api/v1", tags=["measures"])

_SUFFIXES: dict[Format, Suffix] = {"svg": ".svg", "png": ".png", "vega": ".json"}
_PLACES = ("country", "state", "jurisdiction")


@router.get("/measures", responses=said.documented(["json"], [304, 406, 409, 422, 503], MeasurePage))
async def list_measures(
    request: Request,
    offset: said.Offset = 0,
    limit: said.Limit = None,
    record: said.OfRecord = None,
    format: said.JsonFormat = None,  # noqa: A002  its name in the address
) -> Response:
    """Lists the measures by name."""
    del format
    refuse_others(request, ("offset", "limit", "record", "format"))
    choose_format(request, ["json"])
    served = await answers_of(request).record()
    known = [each for _, each in sorted(measures_of(served.open.catalog).items())]
    return send_list(request, served, "measures", known, _item, (offset, limit, record))


@router.get(
    "/measures/{measure}", responses=said.documented(["json"], [304, 404, 406, 422, 503], MeasureShape)
)
async def describe_measure(
    request: Request,
    measure: said.MeasurePath,
    format: said.JsonFormat = None,  # noqa: A002  as above
) -> Response:
    """Gives the definition of a measure: what it counts, its forks with their defaults, and what to know."""
    del format
    refuse_others(request, ("format",))
    choose_format(request, ["json"])
    served = await answers_of(request).record()
    found = _find(measure, served)
    return send_json(request, _definition(found), served, "measure")


@router.get(
    "/measures/{measure}/answer", responses=said.documented(TABLES, [304, 404, 406, 422, 503], AnswerShape)
)
async def answer_question(
    request: Request,
    measure: said.MeasurePath,
    where: said.Where = [],  # noqa: B006  FastAPI copies it
    by: said.By = None,
    period: said.Period = None,
    per: said.PerWhole = None,
    reading: said.Reading = [],  # noqa: B006  as above
    readings: said.Readings = None,
    release: said.Release = None,
    as_known_on: said.AsKnownOn = None,
    compare_with: said.CompareWith = [],  # noqa: B006  as above
    language: said.InLanguage = None,
    format: said.TableFormat = None,  # noqa: A002  as above
) -> Response:
    """Answers a question: how many, what share, where, when, by which release and reading.

    The same question as `recount measure` asks on the command line, with the same integers and the same receipt. A
    question to individual records is answered from the counts that the package ships, in which no small count stands
    alone.
    """
    del where, by, period, per, reading, readings, release, as_known_on, compare_with, language, format
    answers = answers_of(request)
    format_name = choose_format(request, TABLES)
    question = question_of(request, measure, ("format",))
    _find(measure, await answers.record())
    answer = await answers.answer(question)
    if format_name == "json":
        content = answer.content
    else:
        content = await answers.work(answer.work, lambda: _as_table(answer, format_name), answer.served)
    etag = make_etag("answer", answer.receipt.id, answer.served.identity, format_name, answer.asked.address())
    headers = {"recount-receipt": answer.receipt.id}
    return reply(request, content, MEDIA_TYPES[format_name], etag, answers.limits, headers)


@router.get("/measures/{measure}/chart", responses=said.documented(CHARTS, [304, 404, 406, 422, 503]))
async def draw_answer(
    request: Request,
    measure: said.MeasurePath,
    where: said.Where = [],  # noqa: B006  as above
    by: said.By = None,
    period: said.Period = None,
    per: said.PerWhole = None,
    reading: said.Reading = [],  # noqa: B006  as above
    readings: said.Readings = None,
    release: said.Release = None,
    as_known_on: said.AsKnownOn = None,
    compare_with: said.CompareWith = [],  # noqa: B006  as above
    language: said.InLanguage = None,
    theme: said.Theme = None,
    format: said.ChartFormat = None,  # noqa: A002  as above
) -> Response:
    """Draws the answer to a question, over time unless it names one date."""
    del where, by, period, per, reading, readings, release, as_known_on, compare_with, language, format
    answers = answers_of(request)
    format_name = choose_format(request, CHARTS)
    question = question_of(request, measure, ("format", "theme"))
    served = await answers.record()
    _find(measure, served)
    content = await draw(answers, question, _SUFFIXES[format_name], theme or "light")
    return send(request, content, format_name, served, "chart")


async def draw(answers: Answers, question: PublicQuestion, suffix: Suffix, theme: ThemeName) -> bytes:
    """Returns the chart of a question as the content of a file: asked by one kind of thread, drawn by another.

    Raises:
        UsageError: where there is nothing to draw, or what is asked is not drawn.
        ProblemError: where too much waits, or it takes too long.
    """
    from recount.chart.render import render_picture  # noqa: PLC0415  slow to import, and not always needed

    answer = await answers.answer(question)
    picture = await answers.work(answer.work, lambda: answer.picture(question.language), answer.served)
    return await answers.work("drawing", lambda: render_picture(picture, suffix, theme))


def measures_of(catalog: Catalog) -> dict[str, Measure | EventMeasure]:
    """Returns every measure by name."""
    return {**catalog.measures, **catalog.events.measures}


def _find(name: str, served: ServedRecord) -> Measure | EventMeasure:
    known = measures_of(served.open.catalog)
    if name not in known:
        raise nothing_called("measure", name, sorted(known), "/api/v1/measures")
    return known[name]


def _item(measure: Measure | EventMeasure) -> dict[str, Any]:
    return {
        "name": measure.measure,
        "title": measure.title.model_dump(),
        "unit": measure.unit,
        "kind": measure.kind,
        "asks": "printed figures" if isinstance(measure, Measure) else "individual records",
        "href": f"/api/v1/measures/{measure.measure}",
    }


def _definition(measure: Measure | EventMeasure) -> dict[str, Any]:
    href = f"/api/v1/measures/{measure.measure}"
    return {
        **_item(measure),
        "description": measure.description.model_dump(),
        "population": measure.population.model_dump(),
        "table": measure.table,
        "dimensions": _dimensions(measure),
        "spans": _spans(measure),
        "forks": [
            {
                "fork": each.fork,
                "kind": each.kind,
                "question": each.question.model_dump(),
                "default": each.default,
                "decided": each.decided.isoformat(),
                "reason": each.reason,
                "options": [{"option": one.option, "label": one.label.model_dump()} for one in each.options],
            }
            for each in measure.forks
        ],
        "caveats": [each.text.model_dump() for each in measure.caveats],
        "answer": f"{href}/answer",
        "chart": f"{href}/chart",
    }


def _dimensions(measure: Measure | EventMeasure) -> list[str]:
    if isinstance(measure, EventMeasure) or measure.statistic is not None:
        return list(measure.dimensions)
    return list(_PLACES)


def _spans(measure: Measure | EventMeasure) -> list[str]:
    if isinstance(measure, EventMeasure):
        return list(PERIODS)
    if measure.statistic is None:
        return ["through_date"]
    return ["fiscal_year", *(["month"] if measure.by_month else [])]


def _as_table(answer: PublicAnswer, format_name: Format) -> bytes:
    from recount.ask.csv_rows import csv_of  # noqa: PLC0415  few questions need it

    if format_name == "csv":
        return csv_bytes(*csv_of(answer.question))
    return frame_bytes(answer.frame(), format_name, {"recount:receipt": answer.receipt.id})
