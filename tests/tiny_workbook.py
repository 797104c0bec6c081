"""A workbook of a few cells: grids of text, or a real .xlsx file. Invented, and consistent: every sum adds up.

A line of a grid is a row, and `|` stands between its cells:

    raw = workbook({**tiny_sheets(), "Detention FY26": detention(BOOK_INS)})
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Collection, Iterable, Mapping, Sequence

import openpyxl

from recount.clean.workbooks import CleanedWorkbook, WorkbookCleaner
from recount.declare.catalog import Catalog
from recount.extract.workbooks import RawSheet, RawWorkbook
from tiny_release import source_file

SOURCE = "ice-detention-statistics"
NAME = "FY26_detentionStats01082026.xlsx"
DETENTION, FACILITIES_SHEET, FOOTNOTES_SHEET = "Detention FY26", "Facilities FY26", "Footnotes"
MONTHS = "Oct|Nov|Dec|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep"

Grid = list[list[str | None]]


def grid(*lines: str) -> Grid:
    """Returns rows of cells; a row that is shorter than another ends with empty cells."""
    rows = [[cell or None for cell in line.split("|")] for line in lines]
    width = max(map(len, rows), default=0)
    return [[*row, *[None] * (width - len(row))] for row in rows]


DETAINED = (
    "ICE Currently Detained by Criminality and Arresting Agency: FY2026",
    "Criminality|ICE|Percent ICE|CBP|Percent CBP|Total",
    "Total|60|0.75|20|0.25|80",
    "Convicted Criminal|30|0.75|10|0.25|40",
    "Pending Criminal Charges|15|0.75|5|0.25|20",
    "Other Immigration Violator|15|0.75|5|0.25|20",
)
BOOK_INS = (
    "ICE Initial Book-Ins by Arresting Agency and Month: FY2026 YTD",
    f"Agency|{MONTHS}|Total",
    "Total|10|20|30|4|0|0|0|0|0|0|0|0|64",
    "CBP|4|5|6|1|||||||||16",
    "ICE  |6|15|24|3|||||||||48",
)
BOOK_OUTS = (
    "ICE Final Book Outs by Release Reason, Month and Criminality: FY2026 YTD",
    f"Release Reason|Criminality|{MONTHS}|Total",
    "Total||9|8|7|2|0|0|0|0|0|0|0|0|26",
    "Bonded out|Total|4|3|2|1|0|0|0|0|0|0|0|0|10",
    "|Convicted Criminal|1|1|1|0|||||||||3",
    "|Other Immigration Violator|3|2|1|1|||||||||7",
    "Paroled|Total|5|5|5|1|0|0|0|0|0|0|0|0|16",
    "|Convicted Criminal|2|2|2|0|||||||||6",
    "|Other Immigration Violator|3|3|3|1|||||||||10",
)
POPULATION = (
    "ICE Average Daily Population by Arresting Agency, Month and Criminality: FY2026 YTD",
    f"Agency|{MONTHS}|FY Overall",
    "CBP Average|10.5|11.5|12.5|13.5|0|0|0|0|0|0|0|0|11.75",
    "Convicted Criminal|4.5|5.5|6.5|7.5|0|0|0|0|0|0|0|0|5.75",
    "Other Immigration Violator|6|6|6|6|0|0|0|0|0|0|0|0|6",
    "ICE Average|20.5|21.5|22.5|23.5|0|0|0|0|0|0|0|0|21.75",
    "Convicted Criminal|10.5|11.5|12.5|13.5|0|0|0|0|0|0|0|0|11.75",
    "Other Immigration Violator|10|10|10|10|0|0|0|0|0|0|0|0|10",
    "Average|31|33|35|37|0|0|0|0|0|0|0|0|33.5",
    "Convicted Criminal|15|17|19|21|0|0|0|0|0|0|0|0|17.5",
    "Other Immigration Violator|16|16|16|16|0|0|0|0|0|0|0|0|16",
)
FACILITY_HEADINGS = (
    "Name|Address|City|State|Zip|AOR|Type Detailed|Male/Female|FY26 ALOS|Level A|Level B|Level C|Level D|"
    "Male Crim|Male Non-Crim|Female Crim|Female Non-Crim|ICE Threat Level 1|ICE Threat Level 2|"
    "ICE Threat Level 3|No ICE Threat Level|Mandatory|Guaranteed Minimum|Last Inspection Type"
)
NORTH = "NORTH CENTER|1 A ST|AVON|MA|02322|BOS|CDF|Male|30.5|1|2|3|4|5|4|1|0|1|2|3|4|6|*|ODO"
SOUTH = "SOUTH CENTER|2 B ST|BATH|ME|04530|BOS|IGSA|Female||2|0|0|0|0|0|1|1|0|0|1|1|1|50|ODO"
FACILITIES = (
    "ICE Facilities Data, FY26 YTD",
    "Data Source: ICE Integrated Decision Support (IIDS), 12/26/2025",
    "",
    "Facility Information",
    FACILITY_HEADINGS,
    NORTH,
    SOUTH,
)
FOOTNOTES = (
    "Term|Definition",
    "FY2026 ICE Average Daily Population|FY2026 YTD data are updated through 01/07/2026 (IIDS Run Date 01/08/2026)",
    "FY2026 and FY2025 ICE Final Book Outs|FY2026 YTD data are updated through 01/07/2026",
    "FY2026 ICE Removals|FY2026 YTD ICE Removals data are updated through 01/07/2026",
    "ICE Currently Detained Population Breakdown|ICE National Docket data are a snapshot as of 01/07/2026",
    "FY2026 ICE Initial Book-Ins|FY2026 YTD ICE Book-ins data is updated through 01/07/2026",
)


def detention(*tables: Iterable[str], title: str = "ICE DETENTION DATA, FY2026 YTD") -> Grid:
    """Returns a Detention sheet: its title, and the tables below each other with empty rows between."""
    lines = ["U.S. Immigration and Customs Enforcement", "", title]
    for table in tables:
        lines += ["", "", *table]
    return grid(*lines)


def tiny_sheets() -> dict[str, Grid]:
    """Returns the sheets of a small workbook of fiscal year 2026, counted through 7 January 2026."""
    return {
        DETENTION: detention(DETAINED, BOOK_INS, BOOK_OUTS, POPULATION),
        FACILITIES_SHEET: grid(*FACILITIES),
        FOOTNOTES_SHEET: grid(*FOOTNOTES),
    }


def sheet(
    rows: Sequence[Sequence[str | None]],
    name: str = DETENTION,
    *,
    visible: bool = True,
    errors: Mapping[tuple[int, int], str] | None = None,
) -> RawSheet:
    """Returns a sheet as read."""
    return RawSheet(name, visible, rows if visible else (), errors or {})


def workbook(
    sheets: Mapping[str, Sequence[Sequence[str | None]]],
    name: str = NAME,
    *,
    hidden: Collection[str] = (),
    errors: Mapping[str, Mapping[tuple[int, int], str]] | None = None,
) -> RawWorkbook:
    """Returns a workbook as read."""
    told = errors or {}
    return RawWorkbook(
        source_file(name, b""),
        tuple(
            sheet(rows, each, visible=each not in hidden, errors=told.get(each))
            for each, rows in sheets.items()
        ),
    )


def clean(raw: RawWorkbook, catalog: Catalog, first_captured: datetime.date | None = None) -> CleanedWorkbook:
    """Returns what a workbook becomes under the shipped declarations."""
    return WorkbookCleaner(catalog.workbooks[SOURCE], catalog).clean(raw, first_captured)


def xlsx(
    sheets: Mapping[str, Sequence[Sequence[object]]], *, states: Mapping[str, str] | None = None
) -> bytes:
    """Returns a real .xlsx file. A value keeps its type: a number, a date, a text, an error such as #N/A."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                if value is not None:
                    page.cell(number, column, value)
        page.sheet_state = (states or {}).get(name, "visible")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
