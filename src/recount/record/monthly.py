"""Files of monthly tables, and what the record keeps of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recount.acquire.files import SourceFile
from recount.clean.monthly_tables import CleanedMonthly, clean_monthly
from recount.declare.catalog import Catalog
from recount.errors import DataError
from recount.extract.workbooks import read_workbook
from recount.progress import track
from recount.record.manifest import FileEntry, FileNotRead
from recount.record.workbooks import refuse_faults


def clean_monthly_files(files: Mapping[str, Sequence[SourceFile]], catalog: Catalog) -> list[CleanedMonthly]:
    """Returns what each file holds, in order of source and file name.

    Raises:
        DataError: with every reason of every file in one list.
    """
    jobs = [(source, file) for source in sorted(files) for file in sorted(files[source], key=_name)]
    cleaned: list[CleanedMonthly] = []
    faults: list[DataError] = []
    for source, file in track(jobs, "Reading monthly tables"):
        try:
            cleaned.append(clean_monthly(read_workbook(file), catalog.monthly[source], catalog))
        except DataError as fault:
            faults.append(fault)
    refuse_faults(faults)
    return cleaned


def monthly_entry(cleaned: CleanedMonthly, catalog: Catalog) -> FileEntry:
    """Returns what the manifest says of a file: the rows that its sheets print of a month or a year."""
    return FileEntry(
        file=cleaned.file.name,
        sha256=cleaned.file.sha256,
        layout=cleaned.source,
        rows_in=cleaned.printed_rows,
        rows_kept=cleaned.printed_rows,
        set_aside=[],
        core_rows={catalog.monthly[cleaned.source].core: len(cleaned.rows)},
        releases=[cleaned.release.release],
    )


def sheets_not_read(cleaned: CleanedMonthly, catalog: Catalog) -> FileNotRead:
    """Returns what the manifest says of the sheets of a file that no table is declared on."""
    return FileNotRead(
        file=f"{cleaned.file.relative}, the other {cleaned.other_sheets} sheets",
        reason=catalog.monthly[cleaned.source].other_sheets,
    )


def _name(file: SourceFile) -> str:
    return file.name
