"""Panels for researchers: every unit in every period, true zeros told from what is not known, as one table."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import polars as pl

from recount.declare.catalog import Catalog
from recount.declare.panels import Panels, load_panels
from recount.errors import UsageError
from recount.export.panel_cells import MeasurePanel, PanelCell, PanelPeriod, PanelQuestion
from recount.export.tables import ExportCode, ExportField, ExportTable, Piece, content_of, known_releases
from recount.export.treatments import Treated, read_treatment
from recount.measure.event_bounds import WHYS
from recount.measure.event_conditions import TIMES
from recount.measure.event_periods import period_number
from recount.measure.receipt import Receipt, digest, make_receipt
from recount.record.store import Record

PANEL = "panel"
KEY = ("measure", "unit", "period")
_MONTHS = 12
_TYPES: dict[str, Any] = {
    "text": pl.String,
    "code": pl.String,
    "count": pl.Int64,
    "number": pl.Float64,
    "date": pl.Date,
    "boolean": pl.Boolean,
}


def panel_table(
    question: PanelQuestion, panels: Sequence[MeasurePanel], record: Record, catalog: Catalog
) -> tuple[ExportTable, Receipt]:
    """Returns the panels of several measures as one table, and its receipt.

    Args:
        question: that they answer.
        panels: one a measure, of the same unit and kind of period.
        record: holds the releases and the days of treatments.
        catalog: declares statuses and treatments.

    Raises:
        UsageError: where it would have more rows than the catalog lets it have.
    """
    declared = load_panels(catalog)
    rows_in_all = sum(len(each.cells) for each in panels)
    if rows_in_all > declared.most_rows:
        raise UsageError(
            f"The panel would have {rows_in_all:,} rows, and {declared.most_rows:,} is the most.",
            [("fix", "choose wider periods, or limit units or time with --where")],
        )
    found = [read_treatment(each, question.unit, record) for each in declared.treatments]
    treated = next((each for each in found if each is not None), None)
    fields = _fields(question, panels, declared, treated)
    rows = [_row(each, cell, question.period, treated) for each in panels for cell in each.cells]
    columns = {
        field.name: pl.Series(field.name, [row[at] for row in rows], dtype=_TYPES[field.type])
        for at, field in enumerate(fields)
    }
    frame = pl.DataFrame(columns)
    names = {each.release for one in panels for each in one.releases}
    names |= set(treated.releases) if treated is not None else set()
    first = frame.get_column("period_start").min()
    table = ExportTable(
        name=PANEL,
        kind="panel",
        title=f"{', '.join(each.measure.title.en for each in panels)} by {question.unit} and {question.period}",
        one_row_is=f"one measure of one {question.unit} in one {question.period}".replace("_", " "),
        fields=fields,
        key=KEY,
        warnings=_warnings(panels, treated),
        releases=known_releases(sorted(names), record),
        synthetic=tuple(sorted({each for one in panels for each in one.synthetic})),
        content=(content_of(frame),),
        first_day=first if isinstance(first, datetime.date) else None,
        pieces=(Piece(frame.lazy(), frame.height),),
    )
    return table, _receipt(question, panels, table)


def _receipt(question: PanelQuestion, panels: Sequence[MeasurePanel], table: ExportTable) -> Receipt:
    """Returns a receipt that names the question, what the columns mean, the files, and the rows as a digest."""
    asked = {
        "export": PANEL,
        "measures": list(question.measures),
        "unit": question.unit,
        "period": question.period,
        "where": dict(sorted(question.where.items())),
        "release": question.release,
        "as_known_on": None if question.as_known_on is None else question.as_known_on.isoformat(),
        "reading": dict(sorted((question.reading or {}).items())),
    }
    meaning = {
        "columns": [[each.name, each.type, each.unit] for each in table.fields],
        "measures": [each.receipt.body["definition"] for each in panels],
    }
    results = {
        "rows": table.rows,
        "content": list(table.content),
        "answers": [each.receipt.id for each in panels],
    }
    return make_receipt(asked, digest(meaning), table.releases, results)


def _warnings(panels: Sequence[MeasurePanel], treated: Treated | None) -> tuple[str, ...]:
    notes = [
        "A cell of status suppressed, missing or redacted is an interval from low to high; numerator is its low end.",
        "A cell of status not_covered or not_printed is not known, and is not zero.",
    ]
    notes += [one for each in panels for one in each.notes]
    notes += [treated.note] if treated is not None else []
    return tuple(dict.fromkeys(notes))


def _row(panel: MeasurePanel, cell: PanelCell, kind: str, treated: Treated | None) -> tuple[Any, ...]:
    period, bounds = cell.period, cell.bounds
    is_count = panel.measure.kind == "count"
    low = None if bounds is None or bounds.low is None else float(bounds.low)
    high = None if bounds is None or bounds.high is None else float(bounds.high)
    if bounds is None and cell.value is not None and not is_count:
        low = high = float(cell.value)
    row = (
        panel.measure.measure,
        cell.unit,
        panel.names.get(cell.unit, cell.unit),
        period.label,
        period.number,
        period.start,
        period.last,
        cell.status,
        cell.numerator,
        cell.denominator,
        None if cell.value is None else float(cell.value),
        low,
        high,
        *(cell.undecided.get(each) for each in WHYS),
        period.days,
        cell.days,
        None if not cell.days or period.days is None else cell.days < period.days,
        cell.release,
        cell.release in panel.synthetic,
    )
    if treated is None:
        return row
    day = treated.days.get(cell.unit)
    return (*row, day, None if day is None else periods_since(day, period, kind))


def periods_since(day: datetime.date, period: PanelPeriod, kind: str) -> int:
    """Returns how many periods lie between that of a day and another: 0 in the same, negative before it.

    Running totals have no periods of their own; months are counted instead.
    """
    if kind in TIMES:
        return period.number - period_number(kind, day)
    return period_number("month", period.last) - period_number("month", day)


def _fields(
    question: PanelQuestion, panels: Sequence[MeasurePanel], declared: Panels, treated: Treated | None
) -> tuple[ExportField, ...]:
    unit = panels[0].unit_field
    known = [{each.code for each in one.unit_field.codes or ()} for one in panels]
    units = {cell.unit for one in panels for cell in one.cells}
    is_coded = unit.codes is not None and all(units <= codes for codes in known)
    statuses = tuple(ExportCode(each.code, each.label) for each in declared.statuses)
    means = " ".join(f"{each.code}: {each.means}" for each in declared.statuses)
    span = question.period.replace("_", " ")
    fields = [
        ExportField("measure", "text", "The measure, by name.", may_be_missing=False),
        ExportField(
            "unit",
            "code" if is_coded else "text",
            f"The {question.unit}. {unit.description}",
            may_be_missing=False,
            code_list=unit.code_list if is_coded else None,
            codes=unit.codes if is_coded else None,
        ),
        ExportField("unit_name", "text", "What the unit is called.", may_be_missing=False),
        ExportField("period", "text", f"The {span}, by name.", may_be_missing=False),
        ExportField(
            "period_number",
            "count",
            f"The {span}, numbered so that the next one is one more; running totals by the day.",
            may_be_missing=False,
        ),
        ExportField("period_start", "date", "The first day of the period; empty where a total has run on."),
        ExportField("period_end", "date", "The last day of the period.", may_be_missing=False),
        ExportField(
            "status",
            "code",
            f"How the number stands. {means}",
            may_be_missing=False,
            code_list="panel statuses",
            codes=statuses,
        ),
        ExportField(
            "numerator", "count", "The count, or what is counted of a whole; of intervals the low end."
        ),
        ExportField("denominator", "count", "Of a share its whole; of an average population the days."),
        ExportField("value", "number", "The number: the count, or numerator over denominator."),
        ExportField("low", "number", "The lowest that the number can be."),
        ExportField("high", "number", "The highest that the number can be."),
        ExportField("missing", "count", "Rows that may belong here and whose codes are blank.", "rows"),
        ExportField(
            "redacted", "count", "Rows that may belong here and whose codes are blacked out.", "rows"
        ),
        ExportField("suppressed", "count", "Rows that may belong here and stand in pooled cells.", "rows"),
        ExportField("days_in_period", "count", "How many days the period has.", "days"),
        ExportField(
            "days_covered",
            "count",
            "Exposure: how many of its days the release covers and was asked.",
            "days",
        ),
        ExportField("is_partial", "boolean", "Whether a part of the period only is covered."),
        ExportField("release", "text", "The release that the number is of."),
        ExportField("is_synthetic", "boolean", "Whether the rows counted are made up.", may_be_missing=False),
    ]
    if treated is not None:
        title = treated.treatment.title.en
        own = treated.treatment.unit(question.unit)
        fields += [
            ExportField("treated_date", "date", f"{title}. {own.reason if own is not None else ''}"),
            ExportField(
                "periods_since_treatment",
                "count",
                "Periods from that of treated_date to this one: 0 in the same, negative before; of running totals, "
                "months.",
            ),
        ]
    return tuple(fields)
