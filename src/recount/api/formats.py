"""In which format an answer is given: as the address says, or else as the request accepts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Literal

import polars as pl
from starlette.requests import Request

from recount.api.problems import Problem, ProblemError
from recount.errors import Worded, nearest_names

Format = Literal["json", "csv", "arrow", "parquet", "svg", "png", "vega"]
TABLES: tuple[Format, ...] = ("json", "csv", "arrow", "parquet")
CHARTS: tuple[Format, ...] = ("svg", "png", "vega")
MEDIA_TYPES: Mapping[Format, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "arrow": "application/vnd.apache.arrow.stream",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml",
    "png": "image/png",
    "vega": "application/vnd.vegalite.v6+json",
}
_ALL = 1.0


def choose_format(request: Request, offered: Sequence[Format]) -> Format:
    """Returns the format of `?format=`; without it, the one that the request likes best.

    Raises:
        ProblemError: 422 for a format that is not offered, 406 where none that is offered is accepted.
    """
    given = request.query_params.get("format")
    if given:
        for each in offered:
            if each == given:
                return each
        facts = [("choose from", ", ".join(offered))]
        raise ProblemError(
            Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "wrong-parameter",
                Worded("format cannot be %(given)s.", given=repr(given[:80])),
                facts,
                nearest_names(given[:80], offered),
            )
        )
    accepted = request.headers.get("accept", "")
    if not accepted.strip():
        return offered[0]
    ranked = [(_liking(MEDIA_TYPES[each], accepted), -index, each) for index, each in enumerate(offered)]
    liking, _, best = max(ranked)
    if liking <= 0:
        types = ", ".join(MEDIA_TYPES[each].partition(";")[0] for each in offered)
        raise ProblemError(
            Problem(
                HTTPStatus.NOT_ACCEPTABLE,
                "not-acceptable",
                Worded("None of the formats of this answer is accepted."),
                [
                    ("choose from", types),
                    ("fix", Worded("accept one of them, or ask ?format=%(format)s", format=offered[0])),
                ],
            )
        )
    return best


def _liking(media_type: str, accepted: str) -> float:
    """Returns how much a request likes a media type: the quality of the most exact range that it falls in."""
    name = media_type.partition(";")[0]
    kind = name.partition("/")[0]
    best = (0, 0.0)
    for each in accepted.split(","):
        wanted, *parameters = (part.strip() for part in each.split(";"))
        exactness = {name: 3, f"{kind}/*": 2, "*/*": 1}.get(wanted.casefold())
        if exactness is not None and exactness > best[0]:
            best = (exactness, _quality(parameters))
    return best[1]


def _quality(parameters: Iterable[str]) -> float:
    for each in parameters:
        name, _, value = each.partition("=")
        if name.strip().casefold() == "q":
            try:
                return min(max(float(value), 0.0), _ALL)
            except ValueError:
                return 0.0
    return _ALL


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Returns rows as CSV with a header, as the command line prints it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return buffer.getvalue().encode()


def frame_bytes(frame: pl.DataFrame, format_name: Format, metadata: Mapping[str, str]) -> bytes:
    """Returns a frame as a stream of Arrow, or as Parquet, with `metadata` where the format has a place for it."""
    buffer = io.BytesIO()
    if format_name == "arrow":
        frame.write_ipc_stream(buffer, compat_level=pl.CompatLevel.oldest())
    else:
        frame.write_parquet(buffer, metadata=dict(metadata))
    return buffer.getvalue()
