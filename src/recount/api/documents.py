"""How an endpoint is documented: its formats, its problems, and the parameters that many share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import BaseModel

from recount.api.formats import MEDIA_TYPES, Format
from recount.api.problems import MEDIA_TYPE
from recount.api.questions import Span
from recount.api.shapes import ProblemShape
from recount.declare.text import Language

_NOT_MODIFIED = 304
_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_WHAT: Mapping[int, str] = {
    304: "Nothing has changed since the ETag that the request holds.",
    404: "There is nothing of that name.",
    406: "No format that is offered is accepted.",
    409: "The record has changed since the first page.",
    422: "The question cannot be asked so; the problem says what to change.",
    503: "The record cannot be read, or too much waits; come back after Retry-After.",
}
_ETAG = {"ETag": {"description": "Strong: names these bytes.", "schema": {"type": "string"}}}

TableFormat = Annotated[
    Literal["json", "csv", "arrow", "parquet"] | None,
    Query(description="The format; without it, the request's `Accept` decides, and JSON is the default."),
]
JsonFormat = Annotated[Literal["json"] | None, Query(description="JSON is the only format.")]
ChartFormat = Annotated[
    Literal["svg", "png", "vega"] | None,
    Query(description="The format; without it, the request's `Accept` decides, and SVG is the default."),
]
MeasurePath = Annotated[str, Path(description="A measure, by name.", examples=["detained_population"])]
TablePath = Annotated[str, Path(description="A table, by name.", examples=["secure_communities_figures"])]
ClaimPath = Annotated[str, Path(description="A claim, by name.", examples=["boston-no-convictions"])]
ReleasePath = Annotated[str, Path(description="A release, by name.", examples=["boston-globe-2011-09"])]
ReceiptPath = Annotated[
    str,
    Path(
        description="The id of a receipt, or its first twelve digits at least.",
        pattern="^[0-9a-f]{12,64}$",
        examples=["5a0d050c153f"],
    ),
]
Offset = Annotated[
    int, Query(ge=0, le=1_000_000_000, description="How many of the list come before the page.")
]
Limit = Annotated[int | None, Query(ge=1, description="How many of the list are on the page.")]
OfRecord = Annotated[
    str | None,
    Query(
        pattern="^[0-9a-f]{16}$",
        description="Which record the pages before were of, as `next` gives it; another one answers 409.",
    ),
]
Where = Annotated[
    list[str],
    Query(
        description="A condition on a dimension: `aor=Boston,Seattle`, `aor!=Boston`, `age>=18`, "
        "`fiscal_year=2016..2018`, `jurisdiction=Suffolk County, MA`. May be repeated: all hold together.",
        examples=["aor=Boston"],
    ),
]
By = Annotated[
    str | None,
    Query(
        description="Dimensions to split by, with commas; `release` and `reading` among them.",
        examples=["fiscal_year"],
    ),
]
Period = Annotated[Span | None, Query(description="Split by spans of time too.")]
PerWhole = Annotated[
    str | None,
    Query(
        description="Give the parts of a count as shares of their `row`, `column` or `total`, or a rate per 100,000 of "
        "a denominator (`residents`).",
        examples=["total"],
    ),
]
Reading = Annotated[
    list[str],
    Query(description="An option other than the default: `criminal=convicted`. May be repeated."),
]
Readings = Annotated[Literal["all"] | None, Query(description="The spread over every reading.")]
Release = Annotated[str | None, Query(description="One release alone.")]
AsKnownOn = Annotated[
    str | None,
    Query(
        pattern=_DATE,
        description="Only releases out by this date.",
        examples=["2026-02-13"],
        json_schema_extra={"format": "date"},
    ),
]
CompareWith = Annotated[
    list[str],
    Query(description="The difference to another place or period: `aor=Seattle`. May be repeated."),
]
InLanguage = Annotated[Language | None, Query(description="The language of what is drawn or written.")]
Theme = Annotated[Literal["light", "dark"] | None, Query(description="Colours for light or for dark paper.")]


def documented(
    formats: Sequence[Format],
    problems: Sequence[int],
    model: type[BaseModel] | None = None,
    example: Any = None,
) -> dict[int | str, dict[str, Any]]:
    """Returns the answers of an endpoint as OpenAPI declares them.

    Args:
        formats: of the content.
        problems: statuses other than success.
        model: the shape of its JSON, where it has one.
        example: of that JSON.
    """
    content: dict[str, dict[str, Any]] = {}
    for each in formats:
        name = MEDIA_TYPES[each].partition(";")[0]
        if each == "json":
            content[name] = {} if example is None else {"example": example}
        elif each == "vega":
            content[name] = {"schema": {"type": "object"}}
        else:
            text = each in ("csv", "svg")
            content[name] = {"schema": {"type": "string"} if text else {"type": "string", "format": "binary"}}
    found: dict[int | str, dict[str, Any]] = {
        200: {"description": "The answer.", "content": content, "headers": _ETAG}
    }
    if model is not None:
        found[200]["model"] = model
    return {**found, **problems_of(problems)}


def problems_of(statuses: Sequence[int]) -> dict[int | str, dict[str, Any]]:
    """Returns problems of an endpoint as OpenAPI declares them."""
    schema = {"$ref": f"#/components/schemas/{ProblemShape.__name__}"}
    found: dict[int | str, dict[str, Any]] = {each: {"description": _WHAT[each]} for each in statuses}
    for status, each in found.items():
        if status != _NOT_MODIFIED:
            each["content"] = {MEDIA_TYPE: {"schema": schema}}
    return found
