"""Answers as tables to export: their rows, each column described, with what to mind and the answer's receipt."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from recount.declare.answer_columns import BOUND, FILE, load_answer_columns
from recount.declare.catalog import Catalog
from recount.declare.event_measures import PERIODS, EventMeasure
from recount.declare.exports import load_exports
from recount.declare.measures import Measure
from recount.declare.tables import CodeList, FieldType
from recount.declare.text import Text
from recount.errors import CatalogError, UsageError
from recount.export.tables import (
    ExportCode,
    ExportField,
    ExportTable,
    Piece,
    codes_of,
    content_of,
    day_of,
    group_label,
    known_releases,
)
from recount.measure.receipt import Receipt
from recount.measure.statistics import TOTAL, code_list_of, dimensions_of
from recount.record.store import Record

ROW = "row"
_EXACT = "_exact"
_TYPES: dict[FieldType, pl.DataType] = {
    "text": pl.String(),
    "code": pl.String(),
    "count": pl.Int64(),
    "number": pl.Float64(),
    "date": pl.Date(),
    "boolean": pl.Boolean(),
}


@dataclass(frozen=True)
class AnswerRows:
    """What an answer shows: its rows as a frame, its title, and what to know with it."""

    measure: Measure | EventMeasure
    frame: pl.DataFrame
    title: str
    notes: tuple[str, ...]
    receipt: Receipt


def answer_table(rows: AnswerRows, record: Record, catalog: Catalog) -> ExportTable:
    """Returns an answer as a table to export: the rows that it shows, in its order, numbered.

    A bound of a count is a count; any other is a number, with the exact quotient in a column beside.

    Raises:
        UsageError: where the answer has no rows.
        CatalogError: where nothing is declared of a column.
    """
    if rows.frame.is_empty():
        raise UsageError(
            "The answer has no rows to export.",
            [("why", f"recount measure {rows.measure.measure} says what is lacking")],
        )
    numbered = rows.frame.select(pl.int_range(1, pl.len() + 1).alias(ROW), pl.all())
    fields: list[ExportField] = []
    columns: list[pl.Series] = []
    # Of several numbers in a row that are rates no bound is one of a count, whatever it happens to come to.
    counts = rows.measure.kind == "count" and not any(
        each.endswith("_rate_denominator") for each in numbered.columns
    )
    for values in numbered.iter_columns():
        is_count = counts and not values.name.startswith("rate_")
        for field, series in _described(values, rows.measure, catalog, is_count=is_count):
            fields.append(field)
            columns.append(series)
    frame = pl.DataFrame(columns)
    named = [str(each["release"]) for each in rows.receipt.body["releases"]]
    made_up = _made_up(frame)
    return ExportTable(
        name=rows.measure.measure,
        kind="answer",
        title=rows.title,
        one_row_is=f"one number of the answer to a question of {rows.measure.title.en}",
        fields=tuple(fields),
        key=(ROW,),
        warnings=rows.notes,
        releases=known_releases(named, record),
        synthetic=made_up,
        content=(content_of(frame),),
        first_day=_first_day(frame),
        pieces=(Piece(frame.lazy(), frame.height),),
    )


def _made_up(frame: pl.DataFrame) -> tuple[str, ...]:
    if "is_synthetic" not in frame.columns:
        return ()
    return tuple(sorted(frame.filter("is_synthetic").get_column("release").unique().to_list()))


def _first_day(frame: pl.DataFrame) -> datetime.date | None:
    for name in ("period_start", "through_date"):
        if name in frame.columns and (found := day_of(frame.get_column(name).min())) is not None:
            return found
    return None


def _described(
    values: pl.Series, measure: Measure | EventMeasure, catalog: Catalog, *, is_count: bool
) -> list[tuple[ExportField, pl.Series]]:
    """Returns a column with what it means; of bounds, also the column that gives them exactly."""
    columns = load_answer_columns(catalog)
    name = values.name
    declared = columns.find(name)
    if declared is None:
        dimension = dimension_field(name, measure, catalog, values.drop_nulls().unique().sort().to_list())
        if dimension is not None:
            return [(dimension, values.cast(pl.String))]
        if not values.dtype.is_integer():
            raise CatalogError(
                f"Nothing says what the column {name} of an answer means.",
                [("fix", f"describe it in the catalog's {FILE}")],
            )
        outcomes = columns.outcomes
        described = f"{outcomes.description} {name}."
        return [(ExportField(name, "count", described, outcomes.unit), values.cast(pl.Int64))]
    if declared.type == BOUND:
        return _bounds(values, declared.description, is_count=is_count)
    kind: FieldType = declared.type
    cast = _dates(values) if kind == "date" else values.cast(_TYPES[kind])
    return [(ExportField(name, kind, declared.description, declared.unit), cast)]


def _dates(values: pl.Series) -> pl.Series:
    return values.cast(pl.String).str.to_date("%Y-%m-%d") if values.dtype != pl.Date else values


def _bounds(values: pl.Series, description: str, *, is_count: bool) -> list[tuple[ExportField, pl.Series]]:
    exact = [None if each is None else Fraction(each) for each in values]
    if is_count and all(each is None or each.denominator == 1 for each in exact):
        whole = [None if each is None else each.numerator for each in exact]
        return [(ExportField(values.name, "count", description), pl.Series(values.name, whole, pl.Int64))]
    beside = ExportField(f"{values.name}{_EXACT}", "text", f"{description} As the exact quotient.")
    numbers = pl.Series(values.name, [None if each is None else float(each) for each in exact], pl.Float64)
    return [
        (ExportField(values.name, "number", description), numbers),
        (beside, values.cast(pl.String).alias(beside.name)),
    ]


def dimension_field(
    name: str, measure: Measure | EventMeasure, catalog: Catalog, held: Sequence[object]
) -> ExportField | None:
    """Returns a dimension of a measure as a column, `None` where it is none.

    Args:
        name: of the dimension.
        measure: that has it.
        catalog: declares the column and its codes.
        held: the values that occur; where one is no code of the column's list, the column is one of texts.
    """
    if isinstance(measure, EventMeasure):
        if name in PERIODS or name not in measure.dimensions:
            return None
        dimension = measure.dimensions[name]
        field = catalog.events.tables[measure.table].field(dimension.column)
        codes = None if field.codes is None else catalog.events.codes[field.codes]
        known = codes_of_groups(codes) if dimension.grouped and codes is not None else known_codes(codes)
        if field.type == "boolean":
            words = load_exports(catalog).booleans
            known = (ExportCode("false", words.false), ExportCode("true", words.true))
        described = f"{field.description}{' In bands of age.' if dimension.ages else ''}"
    else:
        table = catalog.tables[measure.table]
        if name not in dimensions_of(table):
            return None
        codes = catalog.codes[code_list_of(table, name)]
        known = (*codes_of(codes), ExportCode(TOTAL, Text(en="all together", es="en total")))
        described = table.field(f"{name}_code").description
    if known is None or not {str(each) for each in held} <= {each.code for each in known}:
        return ExportField(name, "text", described)
    return ExportField(
        name, "code", described, code_list=name if codes is None else codes.codes_of, codes=known
    )


def known_codes(codes: CodeList | None) -> tuple[ExportCode, ...] | None:
    """Returns the codes of a list, `None` where there is no list."""
    return None if codes is None else codes_of(codes)


def codes_of_groups(codes: CodeList) -> tuple[ExportCode, ...]:
    """Returns the groups of the codes of a list, in declared order; a code without one is a group by itself."""
    found: dict[str, Text] = {}
    for each in codes.codes:
        if each.group is None:
            found.setdefault(each.code, each.label)
        else:
            found.setdefault(each.group, group_label(each.group))
    return tuple(ExportCode(code, label) for code, label in found.items())
