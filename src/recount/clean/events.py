"""Individual records from text to core rows: every row kept or set aside, every value read or set aside."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import polars as pl

from recount.clean.inferred_states import infer_states
from recount.clean.record_cells import Cells, empty_values, read_cells
from recount.clean.record_faults import refuse_impossible_days, refuse_other_meaning, show_unknown
from recount.clean.record_rows import set_rows_aside
from recount.declare.event_catalog import EventCatalog
from recount.declare.events import FISCAL_YEAR_STATED, REDACTED, EventLayout, EventTable
from recount.declare.frames import frame_schema
from recount.declare.record_reading import RecordReading
from recount.errors import CatalogError, UnknownCodeError
from recount.extract.event_files import RawEvents
from recount.extract.event_lines import ROW

_CODE_IN_BRACKETS = r"^\[([0-9A-Z]+)\]"
_COLUMNS_AT_ONCE = 4
_FISCAL_YEAR = re.compile(r"\bFY ?(\d{4})\b", re.IGNORECASE)

VALUE_RULES = {
    "not_of_its_kind": "The text is no value of its column's kind.",
    "impossible_date": "No such event can have happened on that day.",
    "impossible_birth_year": "Nobody in these records was born in that year.",
    "identifiers_cut": "A spreadsheet cut the identifiers to 15 digits, so that different people share one.",
}


@dataclass(frozen=True)
class ValuesSetAside:
    """Values of one column that are not kept, though their rows are: `rows` has the row number and the text."""

    column: str
    field: str
    rule: str
    rows: pl.DataFrame


@dataclass(frozen=True)
class CleanedEvents:
    """One table of one file as core rows, and the account of it.

    `rows_in` = height of `frame` + height of `set_aside`, which gives row number and rule.
    `redacted` counts blacked-out values by field; `after_cut_off` rows dated after the release's cut-off.
    """

    table: str
    layout: EventLayout
    sheet: str
    why: str
    rows_in: int
    frame: pl.DataFrame
    set_aside: pl.DataFrame
    values_set_aside: tuple[ValuesSetAside, ...]
    redacted: Mapping[str, int]
    after_cut_off: int
    unused: Mapping[str, str] = field(default_factory=dict)


def clean_events(
    raw: RawEvents,
    file_name: str,
    release: str,
    cut_off: datetime.date | None,
    catalog: EventCatalog,
    reading: RecordReading,
) -> CleanedEvents:
    """Returns the core rows of one raw table.

    Args:
        raw: text, with the layout that its header is of.
        file_name: the released file, by name.
        release: the release that it is part of.
        cut_off: the release's own last day, where it states one.
        catalog: tables and code lists.
        reading: what is blacked out, blank or impossible.

    Raises:
        LayoutError: where a column holds another kind of thing than its name says.
        UnknownCodeError: naming column, values, counts, first rows and the file to edit.
    """
    layout = raw.recognised.layout
    table = catalog.tables[layout.table]
    where = f"{file_name}, sheet {raw.sheet}" if raw.sheet else file_name
    rows, aside = set_rows_aside(raw, reading)
    read = _read_columns(raw, rows, layout, table, catalog, reading, where)
    columns = {name: each.value for name, each in read.items()}
    numbers = rows.get_column(ROW)
    values = _misfits(raw, rows, read)
    columns |= _constants(layout, table, catalog, reading, rows.height)
    columns = _fill_dates(columns, table)
    latest = _latest_day(columns, table, cut_off, reading)
    headers = {each.to: each.name for each in raw.recognised.columns if each is not None and each.to}
    values += _set_impossible_aside(columns, rows, raw, table, headers, latest, reading, where)
    columns |= _provenance(release, file_name, raw.sheet, numbers)
    columns[REDACTED] = _name_redacted(read, table, rows.height)
    columns[FISCAL_YEAR_STATED] = pl.repeat(_stated_year(raw), rows.height, dtype=pl.Int64, eager=True)
    frame = pl.DataFrame(
        [
            (columns[each.name] if each.name in columns else empty_values(each, rows.height)).alias(each.name)
            for each in table.fields
        ]
    )
    frame = _derive(frame, layout, table, reading).select(*frame_schema(table))
    after = 0
    if cut_off is not None:
        after = int(frame.get_column(table.date).gt(cut_off).sum())
    return CleanedEvents(
        table=table.table,
        layout=layout,
        sheet=raw.sheet,
        why=raw.recognised.why,
        rows_in=raw.frame.height,
        frame=frame,
        set_aside=aside,
        values_set_aside=tuple(values),
        redacted={name: int(each.is_redacted.sum()) for name, each in read.items() if each.is_redacted.any()},
        after_cut_off=after,
        unused={
            each.name: str(each.unused)
            for each in raw.recognised.columns
            if each is not None and each.unused is not None
        },
    )


def _read_columns(
    raw: RawEvents,
    rows: pl.DataFrame,
    layout: EventLayout,
    table: EventTable,
    catalog: EventCatalog,
    reading: RecordReading,
    where: str,
) -> dict[str, Cells]:
    used, numbers = [], _numbers(raw, rows)
    for index, column in enumerate(raw.recognised.columns):
        if column is not None and column.to is not None:
            declared = table.field(column.to)
            codes = catalog.codes[declared.codes] if declared.codes is not None else None
            used.append((column.name, rows.get_column(str(index)), declared, codes, numbers.get(str(index))))
    with ThreadPoolExecutor(_COLUMNS_AT_ONCE) as beside:
        waiting = [
            beside.submit(
                read_cells,
                text,
                declared,
                codes,
                reading,
                blank_is_none=declared.name in layout.blank_is_none,
                was_saved=layout.form == "processed",
                numbers=known,
            )
            for _, text, declared, codes, known in used
        ]
    read: dict[str, Cells] = {}
    unknown: list[tuple[str, str]] = []
    for (name, text, declared, codes, _), found in zip(used, waiting, strict=True):
        cells = found.result()
        if cells.is_misfit.any():
            refuse_other_meaning(name, declared, text, cells, reading, where)
            if codes is not None:
                known = [spelling for each in codes.codes for spelling in (*each.spellings, each.label.en)]
                unknown.append((name, show_unknown(text, rows.get_column(ROW), cells.is_misfit, known)))
                unknown.append(("fix", catalog.file_to_edit("codes", codes.codes_of)))
        read[declared.name] = cells
    if unknown:
        raise UnknownCodeError(f"{where}: values that no code list knows.", unknown)
    return read


def _numbers(raw: RawEvents, rows: pl.DataFrame) -> dict[str, pl.Series]:
    """Returns the columns whose cells are known as numbers of texts, for the rows that are records."""
    numbers = raw.numbers
    if numbers.width and rows.height < raw.frame.height:
        numbers = numbers.filter(raw.frame.get_column(ROW).is_in(rows.get_column(ROW).implode()))
    return {each.name: each for each in numbers}


def _constants(
    layout: EventLayout, table: EventTable, catalog: EventCatalog, reading: RecordReading, height: int
) -> dict[str, pl.Series]:
    """Returns the columns that have one value in the whole release.

    Raises:
        CatalogError: where a value is none of its field.
    """
    found = {}
    for each in layout.constants:
        declared = table.field(each.field)
        codes = catalog.codes[declared.codes] if declared.codes is not None else None
        cells = read_cells(pl.Series([each.value]), declared, codes, reading, blank_is_none=False)
        if cells.value.is_null().any():
            raise CatalogError(
                f"The layout {layout.layout} gives {each.field} a value that it cannot hold.",
                [("value", repr(each.value)), ("fix", catalog.file_to_edit("layout", layout.layout))],
            )
        found[each.field] = cells.value.new_from_index(0, height)
    return found


def _misfits(raw: RawEvents, rows: pl.DataFrame, read: Mapping[str, Cells]) -> list[ValuesSetAside]:
    found = []
    for index, column in enumerate(raw.recognised.columns):
        if column is None or column.to is None or not read[column.to].is_misfit.any():
            continue
        found.append(
            _aside(column.name, column.to, "not_of_its_kind", rows, str(index), read[column.to].is_misfit)
        )
    return found


def _aside(
    header: str, name: str, rule: str, rows: pl.DataFrame, column: str, which: pl.Series
) -> ValuesSetAside:
    chosen = rows.filter(which).select(pl.col(ROW), pl.col(column).alias("text"))
    return ValuesSetAside(header, name, rule, chosen)


def _fill_dates(columns: Mapping[str, pl.Series], table: EventTable) -> dict[str, pl.Series]:
    """Returns the columns with the day of each time of day, where the release gives no day of its own."""
    filled = dict(columns)
    names = {each.name for each in table.fields}
    for name, values in columns.items():
        day = name.removesuffix("_datetime") + "_date"
        if name.endswith("_datetime") and day in names:
            own = values.dt.date()
            filled[day] = own if day not in columns else columns[day].fill_null(own)
    return filled


def _latest_day(
    columns: Mapping[str, pl.Series], table: EventTable, cut_off: datetime.date | None, reading: RecordReading
) -> datetime.date | None:
    """Returns the last day that a date can be of: some days after the cut-off, or after nearly all events."""
    if cut_off is None:
        main = columns.get(table.date, columns.get("departed_date"))
        if main is None or main.drop_nulls().is_empty():
            return None
        days = main.drop_nulls().sort()
        cut_off = days.gather([int((days.len() - 1) * reading.latest_share_of_events)]).item()
    return cut_off + datetime.timedelta(days=reading.latest_days_after_cut_off)


def _set_impossible_aside(
    columns: dict[str, pl.Series],
    rows: pl.DataFrame,
    raw: RawEvents,
    table: EventTable,
    headers: Mapping[str, str],
    latest: datetime.date | None,
    reading: RecordReading,
    where: str,
) -> list[ValuesSetAside]:
    """Takes impossible days, birth years and cut identifiers out of `columns`, and returns them."""
    places = {each.to: str(index) for index, each in enumerate(raw.recognised.columns) if each is not None}
    found: list[ValuesSetAside] = []
    for each in table.fields:
        if each.name not in columns:
            continue
        values = columns[each.name]
        if each.type in ("date", "datetime"):
            days = values.dt.date() if each.type == "datetime" else values
            wrong = days < reading.earliest_date
            if latest is not None:
                wrong |= days > latest
            rule = "impossible_date"
        elif each.name == "birth_year":
            wrong = values < reading.earliest_birth_year
            if latest is not None:
                wrong |= values > latest.year
            rule = "impossible_birth_year"
        elif each.name == "unique_identifier" and _are_cut(values, reading):
            wrong, rule = values.is_not_null(), "identifiers_cut"
        else:
            continue
        wrong = wrong.fill_null(value=False)
        if not wrong.any():
            continue
        if each.name in (table.date, table.date.replace("_date", "_datetime")) and each.name in headers:
            shown = rows.get_column(places[each.name]).filter(wrong)
            refuse_impossible_days(headers[each.name], shown, values.count(), latest, where, reading)
        columns[each.name] = values.set(wrong, None)
        if each.name in headers:
            found.append(_aside(headers[each.name], each.name, rule, rows, places[each.name], wrong))
    return found


def _are_cut(identifiers: pl.Series, reading: RecordReading) -> bool:
    """Returns whether identifiers are numbers of which a spreadsheet kept the first fifteen digits."""
    digits = reading.identifier_digits
    long = identifiers.filter(
        identifiers.str.contains(rf"^(?:\d{{{digits + 1},}}|\d(?:\.\d+)?[eE]\+?\d+)$").fill_null(value=False)
    )
    if long.len() < reading.identifier_at_least:
        return False
    cut = long.str.contains(rf"^(?:\d{{{digits}}}0+|\d(?:\.\d+)?[eE]\+?\d+)$")
    return int(cut.sum()) >= reading.identifier_share * long.len()


def _provenance(release: str, file_name: str, sheet: str, numbers: pl.Series) -> dict[str, pl.Series]:
    def same(value: str) -> pl.Series:
        return pl.repeat(value, numbers.len(), dtype=pl.String, eager=True)

    return {
        "release": same(release),
        "file_original": same(file_name),
        "sheet_original": same(sheet),
        "row_original": numbers,
    }


def _stated_year(raw: RawEvents) -> int | None:
    """Returns the one fiscal year that the sheet's name, or else the lines above the header, state."""
    for text in (raw.sheet, "\n".join(raw.first_lines)):
        years = set(_FISCAL_YEAR.findall(text))
        if years:
            return int(years.pop()) if len(years) == 1 else None
    return None


def _name_redacted(read: Mapping[str, Cells], table: EventTable, height: int) -> pl.Series:
    """Returns, for each row, the names of its blacked-out fields in their declared order."""
    order = [each.name for each in table.fields]
    flags = {name: read[name].is_redacted for name in order if name in read and read[name].is_redacted.any()}
    if not flags:
        return pl.repeat(None, height, dtype=pl.String, eager=True)
    whole = pl.DataFrame(flags).select(
        pl.concat_str(
            [pl.when(pl.col(name)).then(pl.lit(name)) for name in flags], separator=";", ignore_nulls=True
        ).alias(REDACTED)
    )
    names = whole.to_series()
    return names.set(names == "", None)


def _derive(
    frame: pl.DataFrame, layout: EventLayout, table: EventTable, reading: RecordReading
) -> pl.DataFrame:
    """Returns the frame with the columns that follow from others of the same row or file."""
    if "case_category_code" in frame.columns:
        frame = frame.with_columns(
            pl.col("case_category").str.extract(_CODE_IN_BRACKETS).alias("case_category_code")
        )
    if "removal_date_inferred" in frame.columns:
        counted, departed = pl.col("removal_date"), pl.col("departed_date")
        frame = frame.with_columns(
            pl.coalesce(counted, departed).alias("removal_date_inferred"),
            pl.when(counted.is_not_null())
            .then(pl.lit("removal_date"))
            .when(departed.is_not_null())
            .then(pl.lit("departed_date"))
            .otherwise(None)
            .alias("removal_date_basis"),
        )
    if layout.convictions_recorded is not None and "has_conviction_inferred" in frame.columns:
        frame = _infer_conviction(frame, layout.convictions_recorded.from_date, table)
    if "apprehension_state_inferred" in frame.columns:
        frame = infer_states(frame, reading)
    return frame


def _infer_conviction(frame: pl.DataFrame, recorded_from: datetime.date, table: EventTable) -> pl.DataFrame:
    """Returns the frame with whether a conviction is on record, from the day on which all are recorded.

    A name says so, and a blank says that there is none. Before that day a blank says nothing; a name does, and
    yet stays out: a share of the rows known would otherwise be a share of convictions alone.
    """
    named = pl.col("msc_charge").is_not_null()
    blacked_out = pl.col(REDACTED).fill_null("").str.split(";").list.contains("msc_charge")
    is_known = ~blacked_out & (pl.col(table.date) >= recorded_from)
    return frame.with_columns(
        pl.when(is_known).then(named).otherwise(None).alias("has_conviction_inferred"),
        pl.when(is_known & named)
        .then(pl.lit("conviction_named"))
        .when(is_known)
        .then(pl.lit("none_named"))
        .otherwise(None)
        .alias("has_conviction_basis"),
    )
