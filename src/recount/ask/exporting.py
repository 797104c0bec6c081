"""What a question shows, exported: the same rows and receipt, in every format that people use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from recount.declare.exports import FormatName
from recount.export.account import Account, account_for
from recount.export.answers import AnswerRows, answer_table
from recount.export.tables import ExportTable
from recount.export.writing import WrittenExport, write_tables

if TYPE_CHECKING:
    from recount.ask.question import MeasureQuestion


def export_question(
    question: MeasureQuestion, to: Path, as_format: FormatName | None = None, *, force: bool = False
) -> WrittenExport:
    """Writes what a question shows to a file or a folder, and returns what was written.

    The receipt is the answer's own, so that it is the same in the terminal, in Python and in every format.

    Args:
        question: as it was put together.
        to: a file whose suffix says the format, or a folder.
        as_format: the format, where the path does not say it.
        force: replaces files that are there.

    Raises:
        UsageError: where the question has no answer, the format cannot hold it, or the place cannot be written.
    """
    shown, receipt = question.shown(), question.receipt()
    notes = [each.text for each in shown.notes if receipt.short not in each.text]
    measure = question.result().measure
    record, catalog = question.book.record, question.book.catalog
    rows = AnswerRows(measure, question.to_polars(), shown.title, tuple(dict.fromkeys(notes)), receipt)
    table = answer_table(rows, record, catalog)

    def account_of(name: str, tables: Sequence[ExportTable]) -> Account:
        return account_for(name, tables, catalog, receipt)

    (written,) = write_tables([table], table.name, to, account_of, as_format=as_format, force=force)
    return written
