"""Small files of individual records: invented rows under headers that agencies released."""

from __future__ import annotations

import datetime
import gzip
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl

from recount.declare.catalog import Catalog
from recount.record.event_parts import CleanedEventFile, EventReader
from tiny_release import source_file

PREAMBLE = (
    "ERO-LESA Statistical Tracking Unit",
    "For Official Use Only (FOUO)/Pre-decisional",
    "2019-ICFO-53623",
    "",
    "ERO Administrative Arrests for FY2016",
)
NATIONAL = (
    *("Area of Responsibility", "Apprehension Date", "Apprehension Method", "Apprehension Landmark"),
    *("Operation", "Processing Disposition", "Birth Date", "Citizenship", "Gender"),
)
"""The header of arrests in the pipe-separated files of 2019-ICFO-53623."""
ARREST = {
    "Area of Responsibility": "Boston Area of Responsibility",
    "Apprehension Date": "10/01/2015",
    "Apprehension Method": "Located",
    "Apprehension Landmark": "PLYMOUTH JAIL",
    "Operation": "",
    "Processing Disposition": "Warrant of Arrest/Notice to Appear",
    "Birth Date": "(B)(6);(B)(7)(C) ",
    "Citizenship": "GUATEMALA",
    "Gender": "Male",
}
MARCH = (
    *("Apprehension Date", "Apprehension Type", "State", "County", "TOA Current Duty AOR"),
    *("Apprehension Final Program", "Arresting Agency", "Apprehension Method", "Apprehension Criminality"),
    *("Case Status", "Case Category", "Departure Country", "Final Order Yes No", "Birth Date", "Birth Year"),
    *("Citizenship Country", "Gender", "Departed Date", "Final Order Date", "Apprehension Site Landmark"),
    *("Operation", "TOA Current Duty Site", "Case Criminality", "Case Threat Level", "Anonymized Identifier"),
)
"""The header of arrests in the workbooks of March 2026."""
MARCH_ARREST = {
    "Apprehension Date": "2025-02-03 14:05:00",
    "State": "MASSACHUSETTS",
    "TOA Current Duty AOR": "Boston Area of Responsibility",
    "Apprehension Method": "Located",
    "Apprehension Criminality": "1 Convicted Criminal",
    "Final Order Yes No": "YES",
    "Birth Year": "1985",
    "Citizenship Country": "GUATEMALA",
    "Gender": "Male",
    "Anonymized Identifier": "a1",
}


def arrest(**cells: str) -> dict[str, str]:
    """Returns an arrest of the national files; names of cells are headers with underscores."""
    return {**ARREST, **{name.replace("_", " "): cell for name, cell in cells.items()}}


def march(**cells: str) -> dict[str, str]:
    """Returns an arrest of March 2026."""
    return {**MARCH_ARREST, **{name.replace("_", " "): cell for name, cell in cells.items()}}


def line(cells: Iterable[str], separator: str = "|") -> str:
    return separator.join(cells)


def pipes(*rows: Mapping[str, str], header: Sequence[str] = NATIONAL, ends: str = "\n") -> str:
    """Returns a file as 2019-ICFO-53623 has them: five lines, a header, and rows with pipes."""
    lines = [*PREAMBLE, line(header), *(line(row.get(name, "") for name in header) for row in rows)]
    return ends.join([*lines, ""])


def commas(*rows: Mapping[str, str], header: Sequence[str] = MARCH) -> str:
    """Returns a comma-separated file without anything above its header, every value in quotes."""
    lines = [header, *([row.get(name, "") for name in header] for row in rows)]
    return "".join(",".join(f'"{cell}"' for cell in cells) + "\n" for cells in lines)


Sheet = Sequence[Sequence[object]]


def sheet(*rows: Mapping[str, object], header: Sequence[str] = MARCH, above: int = 0) -> list[list[object]]:
    """Returns the rows of a sheet, the header below `above` empty rows."""
    return [
        *([] for _ in range(above)),
        list(header),
        *([row.get(name) or None for name in header] for row in rows),
    ]


def workbook(sheets: Mapping[str, Sheet], hidden: Sequence[str] = ()) -> bytes:
    """Returns a workbook of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        made = book.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row, start=1):
                if cell is not None:
                    made.cell(number, column, cell)  # type: ignore[arg-type]
        if name in hidden:
            made.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.properties.created = datetime.datetime(2026, 1, 1)  # noqa: DTZ001  the same bytes each time
    book.save(buffer)
    return buffer.getvalue()


def packed(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


def cleaned_file(
    catalog: Catalog, content: str | bytes, name: str = "EROArrests_FY2016.csv"
) -> CleanedEventFile:
    """Returns a file as core rows."""
    return EventReader(catalog).read(source_file(name, content))


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """Writes a file and returns where it lies."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
