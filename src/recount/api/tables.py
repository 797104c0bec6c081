"""`/api/v1/tables`: the tables of the record, their columns, and their rows page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from fastapi import APIRouter, Request
from starlette.responses import Response

from recount.api import documents as said
from recount.api.answers import Answers, json_bytes
from recount.api.asking import answers_of, nothing_called, refuse_others, send, send_json
from recount.api.formats import TABLES, Format, choose_format, frame_bytes
from recount.api.lists import PageOf, page_of, send_list
from recount.api.served import ServedRecord
from recount.api.shapes import RowsPage, TablePage, TableShape
from recount.declare.catalog import Catalog
from recount.export.account import make_account
from recount.export.tables import ALL, CSV_DATETIME, ExportField, ExportTable, choose_tables
from recount.measure.receipt import Receipt
from recount.record.store import Record

router = APIRouter(prefix="/api/v1", tags=["tables"])


@dataclass(frozen=True, eq=False)
class ServedTable:
    """A table as it is served: what it means, its rows in the order of its unique key, and its receipt."""

    table: ExportTable
    frame: pl.DataFrame
    receipt: Receipt


@router.get("/tables", responses=said.documented(["json"], [304, 406, 409, 422, 503], TablePage))
async def list_tables(
    request: Request,
    offset: said.Offset = 0,
    limit: said.Limit = None,
    record: said.OfRecord = None,
    format: said.JsonFormat = None,  # noqa: A002  its name in the address
) -> Response:
    """Lists the tables by name: printed figures whole, individual records as counts."""
    del format
    refuse_others(request, ("offset", "limit", "record", "format"))
    choose_format(request, ["json"])
    answers = answers_of(request)
    served = await answers.record()
    known = [each.table for _, each in sorted((await tables_of(answers, served)).items())]
    return send_list(request, served, "tables", known, _item, (offset, limit, record))


@router.get("/tables/{table}", responses=said.documented(["json"], [304, 404, 406, 422, 503], TableShape))
async def describe_table(
    request: Request,
    table: said.TablePath,
    format: said.JsonFormat = None,  # noqa: A002  as above
) -> Response:
    """Gives the columns of a table with their codes, its unique key, and what to mind."""
    del format
    refuse_others(request, ("format",))
    choose_format(request, ["json"])
    answers = answers_of(request)
    served = await answers.record()
    found = await _find(table, answers, served)
    return send_json(request, _definition(found), served, "table", _receipt_of(found))


@router.get(
    "/tables/{table}/rows", responses=said.documented(TABLES, [304, 404, 406, 409, 422, 503], RowsPage)
)
async def page_rows(
    request: Request,
    table: said.TablePath,
    offset: said.Offset = 0,
    limit: said.Limit = None,
    record: said.OfRecord = None,
    format: said.TableFormat = None,  # noqa: A002  as above
) -> Response:
    """Gives the rows of a table, page by page, in the order of its unique key.

    Other formats than JSON give the total in `X-Total-Count` and the next page in `Link`.
    """
    del format
    refuse_others(request, ("offset", "limit", "record", "format"))
    format_name = choose_format(request, TABLES)
    answers = answers_of(request)
    served = await answers.record()
    found = await _find(table, answers, served)
    page = page_of(request, found.frame.height, served, answers.limits, offset, limit, record)
    content = await answers.work("figures", lambda: _rows(found, page, format_name))
    return send(request, content, format_name, served, "rows", {**page.headers(), **_receipt_of(found)})


async def tables_of(answers: Answers, served: ServedRecord) -> Mapping[str, ServedTable]:
    """Returns the tables of the record that is served, by name."""

    async def make() -> Mapping[str, ServedTable]:
        opened = served.open
        return await answers.work("figures", lambda: _served_tables(opened.record, opened.catalog))

    return await answers.kept_once(("tables", served.identity), make)


def _served_tables(record: Record, catalog: Catalog) -> dict[str, ServedTable]:
    found = {}
    for each in choose_tables(record, catalog, ALL, public=True):
        frame = each.frame.collect()
        receipt = make_account(each.name, [each], catalog, (), public=True).receipt
        found[each.name] = ServedTable(
            each, frame.sort([name for name in each.key if name in frame.columns], nulls_last=True), receipt
        )
    return found


async def _find(name: str, answers: Answers, served: ServedRecord) -> ServedTable:
    known = await tables_of(answers, served)
    if name not in known:
        raise nothing_called("table", name, sorted(known), "/api/v1/tables")
    return known[name]


def _receipt_of(found: ServedTable) -> dict[str, str]:
    return {"recount-receipt": found.receipt.id}


def _item(table: ExportTable) -> dict[str, Any]:
    return {
        "name": table.name,
        "kind": table.kind,
        "title": table.title,
        "one_row_is": table.one_row_is,
        "rows_count": table.rows,
        "href": f"/api/v1/tables/{table.name}",
    }


def _definition(found: ServedTable) -> dict[str, Any]:
    table = found.table
    return {
        **_item(table),
        "unique_key": list(table.key),
        "columns": [_column(each) for each in table.fields],
        "warnings": [*table.warnings, *table.notes],
        "releases": [each.release for each in table.releases],
        "receipt": found.receipt.as_json(),
        "rows": f"/api/v1/tables/{table.name}/rows",
    }


def _column(field: ExportField) -> dict[str, Any]:
    codes = None
    if field.codes is not None:
        codes = [{"code": each.code, "label": each.label.model_dump()} for each in field.codes]
    return {
        "name": field.name,
        "type": field.type,
        "description": field.description,
        "unit": field.unit,
        "may_be_missing": field.may_be_missing,
        "code_list": field.code_list,
        "codes": codes,
    }


def _rows(found: ServedTable, page: PageOf, format_name: Format) -> bytes:
    rows = found.frame.slice(page.offset, page.limit)
    if format_name == "csv":
        return rows.write_csv(datetime_format=CSV_DATETIME).encode()
    if format_name != "json":
        return frame_bytes(rows, format_name, {"recount:receipt": found.receipt.id})
    texts = rows.with_columns(pl.col(pl.Date).cast(pl.String), pl.col(pl.Datetime).dt.strftime(CSV_DATETIME))
    return json_bytes({**page.as_json(), "table": found.table.name, "items": texts.to_dicts()})
