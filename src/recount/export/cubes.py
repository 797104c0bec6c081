"""Counts of individual records as tables to export, and which of them may leave in public."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from recount.declare.catalog import Catalog
from recount.declare.cubes import COUNT, MONTH, POOLED, YEAR, CubeDimension, load_cubes
from recount.declare.events import EventTable
from recount.declare.exports import load_exports
from recount.errors import RecordError
from recount.export.tables import (
    CUBE,
    ExportCode,
    ExportField,
    ExportTable,
    Piece,
    codes_of,
    day_of,
    group_label,
    known_releases,
    made_up,
    warning_texts,
)
from recount.record.store import EventPart, Record, parts_of

GIVEN = "dimensions_given"
_FILE = "file_original"


def public_cubes(record: Record, catalog: Catalog) -> tuple[EventPart, ...]:
    """Returns the counts that the lowest layer of the record ships: the only ones that leave in public.

    They are the same whatever a user has added above them, so that nothing can be had by subtraction.

    Raises:
        RecordError: where one holds a column that no cube declares, or a count below the threshold.
    """
    if not record.layers:
        return ()
    lowest = record.layers[0]
    cubes = load_cubes(catalog)
    found = []
    for each in parts_of(lowest, {one.release: one for one in lowest.manifest.releases}):
        if each.kind != "cube":
            continue
        cells = pl.read_parquet(each.path)
        _refuse_undeclared(each, cells, catalog)
        least = cells.get_column(COUNT).min()
        if isinstance(least, int) and least < cubes.threshold:
            raise RecordError(
                f"{each.path.name} holds a count below {cubes.threshold}, and cannot be made public.",
                [("fix", "build the record again: recount record build --from DIR --cubes")],
            )
        found.append(each)
    return tuple(found)


def cube_table(
    name: str, parts: Sequence[EventPart], record: Record, catalog: Catalog, *, stands_in: bool = False
) -> ExportTable:
    """Returns the counts of one event table over several files, one below the other.

    A dimension that a file does not give is empty in its rows, and is not among their `dimensions_given`; a
    code that is missing in the file is empty too, and is. `stands_in` says that rows were asked for and are not held.
    """
    table = catalog.events.tables[name]
    cells = [pl.read_parquet(each.path) for each in parts]
    for part, each in zip(parts, cells, strict=True):
        _refuse_undeclared(part, each, catalog)
    dimensions = [each for each in _declared(name, catalog) if any(each.name in one.columns for one in cells)]
    names = [each.name for each in dimensions]
    frame = pl.concat(
        [_with_all(part, each, names) for part, each in zip(parts, cells, strict=True)], how="vertical"
    )
    return ExportTable(
        name=f"{name}{CUBE}",
        kind="cube",
        title=f"{table.title.en}: counts",
        one_row_is=f"a count of rows of one released file by month and code; each of them is {table.one_row_is}",
        fields=_fields(table, dimensions, catalog),
        key=("release", _FILE, YEAR, MONTH, *names),
        warnings=(*warning_texts(table, catalog), _pooling(catalog)),
        releases=known_releases([each.release for each in parts], record),
        synthetic=made_up(parts),
        content=tuple(each.sha256 for each in parts),
        first_day=day_of(frame.get_column(MONTH).min()),
        pieces=(Piece(frame.lazy(), frame.height),),
        notes=(f"The record holds no rows of {name}; these are counts of them. recount add FILE gives rows.",)
        if stands_in
        else (),
    )


def _declared(table: str, catalog: Catalog) -> list[CubeDimension]:
    return [one for each in load_cubes(catalog).cubes if each.table == table for one in each.dimensions]


def _refuse_undeclared(part: EventPart, cells: pl.DataFrame, catalog: Catalog) -> None:
    declared = {"release", YEAR, MONTH, COUNT, *(each.name for each in _declared(part.table, catalog))}
    strange = [each for each in cells.columns if each not in declared]
    if strange or COUNT not in cells.columns:
        raise RecordError(
            f"{part.path.name} is no cube of {part.table}: it holds {', '.join(strange) or 'no counts'}.",
            [("fix", "build the record again: recount record build --from DIR --cubes")],
        )


def _with_all(part: EventPart, cells: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    given = ";".join(each for each in names if each in cells.columns)
    return cells.select(
        pl.lit(part.release).alias("release"),
        pl.lit(part.source_file).alias(_FILE),
        pl.lit(given).alias(GIVEN),
        pl.col(YEAR).cast(pl.Int64),
        pl.col(MONTH).cast(pl.Date),
        *(
            (pl.col(each) if each in cells.columns else pl.lit(None)).cast(pl.String).alias(each)
            for each in names
        ),
        pl.col(COUNT).cast(pl.Int64),
    )


def _pooling(catalog: Catalog) -> str:
    threshold = load_cubes(catalog).threshold
    return (
        f"No count below {threshold} stands alone: small ones are added up under the code {POOLED}, which may stand "
        "for any code, and under no month where they are of several. Every row is counted once."
    )


def _fields(
    table: EventTable, dimensions: Sequence[CubeDimension], catalog: Catalog
) -> tuple[ExportField, ...]:
    before = [
        ExportField("release", "text", "The release that holds the rows.", may_be_missing=False),
        ExportField(_FILE, "text", "The released file, by name.", may_be_missing=False),
        ExportField(
            GIVEN,
            "text",
            "The columns that the file's rows are counted by, with semicolons. Any other is empty because the "
            "release does not give it; one that is named and empty is missing in the file.",
            may_be_missing=False,
        ),
        ExportField(
            YEAR, "count", "The federal fiscal year (October to September); empty where pooled.", "years"
        ),
        ExportField(
            MONTH, "date", "The first day of the month; empty where counts of several months are pooled."
        ),
    ]
    after = ExportField(COUNT, "count", "How many rows.", "rows", may_be_missing=False)
    return (*before, *(_dimension(each, table, catalog) for each in dimensions), after)


def _dimension(dimension: CubeDimension, table: EventTable, catalog: Catalog) -> ExportField:
    exports = load_exports(catalog)
    field = table.field(dimension.column)
    description = f"{field.description} {POOLED} for {exports.pooled.label.en}."
    if field.type == "text":
        return ExportField(dimension.name, "text", description)
    pooled = ExportCode(POOLED, exports.pooled.label)
    if field.type == "boolean":
        codes = (ExportCode("false", exports.booleans.false), ExportCode("true", exports.booleans.true))
        return ExportField(dimension.name, "code", description, code_list="booleans", codes=(*codes, pooled))
    declared = catalog.events.codes[str(field.codes)]
    if dimension.grouped_as is None:
        codes_all = (*codes_of(declared), pooled)
        return ExportField(dimension.name, "code", description, code_list=declared.codes_of, codes=codes_all)
    groups = dict.fromkeys(each.group for each in declared.codes if each.group is not None)
    grouped = tuple(ExportCode(each, group_label(each)) for each in groups)
    description = f"{description} Countries are gathered in groups."
    return ExportField(
        dimension.name, "code", description, code_list=dimension.grouped_as, codes=(*grouped, pooled)
    )
