"""A workbook of detention statistics on disk, as a user drops it in: two tables and one facility, invented.

path = write_workbook(folder / "any name.xlsx", "2026-02-07", held=(3, 2, 5), removals=40)
"""

from __future__ import annotations

import datetime
from pathlib import Path

from openpyxl import Workbook

_FACILITY_TEXTS = ("Name", "Address", "City", "State", "Zip", "AOR", "Type Detailed", "Male/Female")
_FACILITY_NUMBERS = (
    *("FY26 ALOS", "Level A", "Level B", "Level C", "Level D"),
    *("Male Crim", "Male Non-Crim", "Female Crim", "Female Non-Crim"),
    *("ICE Threat Level 1", "ICE Threat Level 2", "ICE Threat Level 3", "No ICE Threat Level"),
    *("Mandatory", "Guaranteed Minimum"),
)


def write_workbook(
    path: Path,
    day: str = "2026-02-07",
    *,
    held: tuple[int, int, int] = (3, 2, 5),
    removals: int = 40,
    stray: str | None = None,
    hidden: bool = False,
    leave_out: str | None = None,
) -> Path:
    """Writes a workbook that counts through `day`, and returns `path`.

    Args:
        path: where it goes.
        day: the last day that it counts.
        held: people held, convicted, with pending charges, and neither.
        removals: removals in the fiscal year so far.
        stray: a text that stands below the tables, where no layout knows it.
        hidden: whether it has a hidden sheet besides.
        leave_out: a sheet that it lacks.
    """
    last = datetime.date.fromisoformat(day)
    year = last.year + (last.month >= 10)
    printed = f"{last.month}/{last.day}/{last.year}"
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    detention = workbook.create_sheet(f"Detention FY{year % 100}")
    for row in _detention(year, held, removals):
        detention.append(row)
    if stray is not None:
        detention.cell(30, 2, stray)
    facilities = workbook.create_sheet(f"Facilities FY{year % 100}")
    facilities.append([f"ICE Facilities Data, FY{year % 100}"])
    facilities.append([f"Source: ICE Integrated Decision Support (IIDS), {printed}"])
    facilities.append([*_FACILITY_TEXTS, *_FACILITY_NUMBERS, "Last Inspection Type"])
    half = sum(held) / 2
    facilities.append(
        ["SMALL JAIL", "1 Road", "Lowell", "MA", 1850, "BOS", "IGSA", "Female/Male", 30.5]
        + [half, half, 0, 0] * 3
        + [half, 1, "ODO"]
    )
    footnotes = workbook.create_sheet("Footnotes")
    footnotes.append(["Currently Detained Population", f"Snapshot as of {printed}"])
    footnotes.append(["ICE Removals", f"ICE removals data updated through {printed}"])
    if hidden:
        workbook.create_sheet("Old").sheet_state = "hidden"
    if leave_out is not None:
        workbook.remove(next(each for each in workbook.worksheets if each.title.startswith(leave_out)))
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)
    return path


def _detention(year: int, held: tuple[int, int, int], removals: int) -> list[list[object]]:
    labels = ("Convicted Criminal", "Pending Criminal Charges", "Other Immigration Violator")
    return [
        ["U.S. Immigration and Customs Enforcement"],
        [f"ICE DETENTION DATA, FY{year % 100} YTD"],
        [],
        [f"ICE Currently Detained by Criminality and Arresting Agency: FY{year}"],
        ["Criminality", "ICE", "CBP", "Total"],
        *([label, count, 0, count] for label, count in zip(labels, held, strict=True)),
        ["Total", sum(held), 0, sum(held)],
        [],
        [f"ICE Removals: FY{year} YTD"],
        ["Removals", "Total"],
        ["Total", removals],
    ]
