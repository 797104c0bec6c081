"""A record held to what is printed elsewhere: every declared check, on the rows and cubes that it has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from recount.acquire.files import SourceFile, read_file
from recount.declare.catalog import Catalog
from recount.declare.reconciliation import PrintedFigure, Reconciliation, load_reconciliations
from recount.errors import ReleaseFileError
from recount.extract.cells import cell_address, column_index
from recount.extract.printed_totals import Printed, PrintedNumber, read_printed_totals
from recount.record.store import Record
from recount.validate.reconcile import Reconciled, reconcile_printed
from recount.validate.reconcile_years import reconcile_stated_years

CATALOG = "catalog"
_CELL = re.compile(r"([A-Z]+)(\d+)")


@dataclass(frozen=True)
class Reconciliations:
    """What a record was held to: a line for each printed number, and what could not be looked at.

    `read_from` names the file that each reconciliation's numbers were read in, or says that the catalog carries
    them. `changed` are numbers that a file prints otherwise than the catalog carries them. `without_rows` are
    checks of whose releases the record has nothing, `without_file` those whose print is not carried and was
    not found.
    """

    declared: Mapping[str, Reconciliation]
    lines: tuple[Reconciled, ...]
    read_from: Mapping[str, str]
    changed: tuple[str, ...]
    without_rows: tuple[str, ...]
    without_file: tuple[str, ...]


def reconcile_record(record: Record, catalog: Catalog, folder: Path | None = None) -> Reconciliations:
    """Returns the record held to everything that the catalog declares.

    Args:
        record: its parts are counted; made-up ones are left out.
        catalog: the declared prints, with their numbers.
        folder: where printed files lie; those found there are read in place of the numbers carried.

    Raises:
        ReleaseFileError: where there is no such folder, or a printed file is not as declared.
    """
    declared = load_reconciliations(catalog)
    files = _find_files(folder, declared)
    dates = {name: each.date for name, each in catalog.events.tables.items()}
    lines: list[Reconciled] = []
    read_from: dict[str, str] = {}
    changed: list[str] = []
    without_rows: list[str] = []
    without_file: list[str] = []
    for name, each in declared.items():
        found: list[tuple[str, list[Reconciled]]] = []
        if each.checks:
            printed = carried_numbers(each)
            read_from[name] = CATALOG
            if each.document is not None and (file := files.get(each.document.file)) is not None:
                carried, printed = printed, read_printed_totals(file, each)
                read_from[name] = file.relative
                changed += _changed(each, carried, printed)
            found += [
                (check.check, reconcile_printed(each, check, record.parts, printed, dates[check.table]))
                for check in each.checks
            ]
        for headcount in each.headcounts:
            file = files.get(headcount.file)
            if file is None:
                without_file.append(headcount.check)
                continue
            read_from[name] = file.relative
            found.append((headcount.check, _headcounts(each, headcount.check, record, file)))
        found += [
            (check.check, reconcile_stated_years(each, check, record.parts, dates))
            for check in each.stated_years
        ]
        for check_name, of_check in found:
            lines += of_check
            if not of_check:
                without_rows.append(check_name)
    return Reconciliations(
        declared, tuple(lines), read_from, tuple(changed), tuple(without_rows), tuple(without_file)
    )


def _headcounts(declared: Reconciliation, name: str, record: Record, file: SourceFile) -> list[Reconciled]:
    # Only this check needs an engine.
    from recount.validate.reconcile_headcounts import read_headcounts, reconcile_headcounts  # noqa: PLC0415

    check = next(each for each in declared.headcounts if each.check == name)
    return reconcile_headcounts(declared, check, record.parts, read_headcounts(file, check), file)


def carried_numbers(declared: Reconciliation) -> Printed:
    """Returns the printed numbers that the catalog carries, with their cells where it knows them."""
    file, sheet = CATALOG, (declared.document.sheet or "") if declared.document is not None else ""
    return {
        figure.figure: {
            label: PrintedNumber(label, value, file, sheet, _cell_of(figure, number))
            for number, (label, value) in enumerate(figure.values.items())
        }
        for figure in declared.figures
    }


def _cell_of(figure: PrintedFigure, number: int) -> str:
    if figure.first_cell is None:
        return figure.cell or ""
    found = _CELL.fullmatch(figure.first_cell)
    if found is None:
        return ""
    return cell_address(int(found[2]) - 1 + number, column_index(found[1]))


def _changed(declared: Reconciliation, carried: Printed, printed: Printed) -> list[str]:
    """Returns in words where a file prints another number than the catalog carries, or one more or less."""
    found = []
    for figure, numbers in printed.items():
        for label in sorted({*numbers, *carried.get(figure, {})}):
            now, before = numbers.get(label), carried.get(figure, {}).get(label)
            if (now and now.value) != (before and before.value):
                shown = [f"{each.value:,}" if each else "nothing" for each in (now, before)]
                found.append(
                    f"{declared.reconciliation}, {figure} {label}: the file prints {shown[0]}, the catalog "
                    f"carries {shown[1]}"
                )
    return found


def _find_files(folder: Path | None, declared: Mapping[str, Reconciliation]) -> dict[str, SourceFile]:
    """Returns the printed files below `folder`, by the pattern of their names.

    Raises:
        ReleaseFileError: where there is no such folder, or two different files fit one pattern.
    """
    if folder is None:
        return {}
    if not folder.is_dir():
        raise ReleaseFileError(
            f"There is no folder {folder}.", [("fix", "give the folder of released files")]
        )
    patterns = {each.document.file for each in declared.values() if each.document is not None}
    patterns |= {check.file for each in declared.values() for check in each.headcounts}
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    found: dict[str, SourceFile] = {}
    for pattern in sorted(patterns):
        fitting = [
            read_file(path, path.relative_to(folder).as_posix())
            for path in paths
            if re.fullmatch(pattern, path.name) and not path.name.startswith("~$")
        ]
        if len({each.sha256 for each in fitting}) > 1:
            raise _two_editions(fitting)
        if fitting:
            found[pattern] = fitting[0]
    return found


def _two_editions(files: Sequence[SourceFile]) -> ReleaseFileError:
    return ReleaseFileError(
        "Two different files print the same totals.",
        [("files", "\n".join(each.relative for each in files)), ("fix", "keep one below the folder given")],
    )
