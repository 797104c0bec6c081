"""Panels of measures: every unit in every period, exported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from recount.declare.catalog import Catalog
from recount.declare.exports import FormatName
from recount.errors import UsageError
from recount.export.account import Account, account_for
from recount.export.panel import PANEL, panel_table
from recount.export.panel_cells import PanelQuestion
from recount.export.panel_events import event_panel
from recount.export.panel_figures import figure_panel
from recount.export.tables import ExportTable
from recount.export.writing import WrittenExport, write_tables
from recount.measure.receipt import Receipt

if TYPE_CHECKING:
    from recount.ask.record import OpenRecord


def make_panel(record: OpenRecord, question: PanelQuestion) -> tuple[ExportTable, Receipt]:
    """Returns a panel as a table, and its receipt.

    Raises:
        UnknownNameError: for an unknown measure, unit, condition, release, fork or option.
        UsageError: where no measure is named, one cannot be asked so, or no release answers.
    """
    if not question.measures:
        raise UsageError(
            "A panel is of a measure, and none is named.", [("example", "--measure arrests --unit aor")]
        )
    if len(set(question.measures)) != len(question.measures):
        raise UsageError("A measure is given twice.", [("given", ", ".join(question.measures))])
    panels = [
        figure_panel(question, each, record.book)
        if each in record.catalog.measures
        else event_panel(question, each, record.events)
        for each in question.measures
    ]
    return panel_table(question, panels, record.record, record.catalog)


def export_panel(
    record: OpenRecord,
    question: PanelQuestion,
    to: Path,
    as_format: FormatName | None = None,
    *,
    force: bool = False,
) -> WrittenExport:
    """Writes a panel to a file or a folder, and returns what was written.

    Raises:
        UsageError: as for `make_panel`, and where the format cannot hold it or the place cannot be written.
    """
    table, receipt = make_panel(record, question)
    catalog: Catalog = record.catalog

    def account_of(name: str, tables: Sequence[ExportTable]) -> Account:
        return account_for(name, tables, catalog, receipt)

    (written,) = write_tables([table], PANEL, to, account_of, as_format=as_format, force=force)
    return written
