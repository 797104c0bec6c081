"""The manifest: what a record holds, and where every row of it came from."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from recount.declare.sources import KnownRelease
from recount.declare.text import Declared
from recount.errors import RecordError

MANIFEST = "manifest.json"


class SetAsideCount(Declared):
    """How many rows one rule set aside, and why."""

    rule: str
    reason: str
    rows: int


class SheetEntry(Declared):
    """One sheet of a workbook: what became of its numbers, and which tables it should have and has.

    `numbers` = `kept` + `set_aside` + `unknown`. `unknown_cells` counts every filled cell that no layout
    knows, texts among them.
    """

    sheet: str
    layout: str | None
    visible: bool
    numbers: int
    kept: int
    set_aside: int
    unknown: int
    unknown_cells: int
    tables_found: list[str]
    tables_missing: list[str]


class ValuesSetAsideCount(Declared):
    """How many values of one column one rule set aside, their rows being kept, and why."""

    column: str
    rule: str
    reason: str
    values: int


class EventSheetEntry(Declared):
    """One table of individual records in a file: how it was known, and what became of its rows and values.

    `rows_in` = `rows_kept` + rows set aside. `redacted` counts blacked-out values by core field;
    `after_cut_off` rows dated after the day at which the release says it was cut off; `unused` gives the
    columns that no core field takes, with the reason.
    """

    sheet: str
    table: str
    layout: str
    why: str
    rows_in: int
    rows_kept: int
    set_aside: list[SetAsideCount]
    values_set_aside: list[ValuesSetAsideCount]
    redacted: dict[str, int]
    after_cut_off: int
    unused: dict[str, str]


class SheetLeftEntry(Declared):
    """A sheet that holds no records, and why."""

    sheet: str
    rows: int
    reason: str


class PartEntry(Declared):
    """A file of the record that holds individual records, or a cube of them, of one release.

    `kind` is `rows`, `cube`, or `values` (those set aside, one row each). `bytes` is its size.
    """

    table: str
    release: str
    kind: Literal["rows", "cube", "values"]
    layout: str
    generation: str | None
    is_synthetic: bool
    file: str
    sha256: str
    bytes: int
    rows: int
    source_file: str
    first_date: datetime.date | None
    last_date: datetime.date | None


class FileEntry(Declared):
    """One source file: its content, and what became of its rows. `rows_in` = `rows_kept` + set aside.

    Of a workbook the cells that hold numbers are counted, not rows; `fiscal_year` is the one that most of
    its detention figures are of. `flagged` counts the core rows that some check marks.
    """

    file: str
    sha256: str
    layout: str
    rows_in: int
    rows_kept: int
    set_aside: list[SetAsideCount]
    core_rows: dict[str, int]
    releases: list[str]
    counted: Literal["rows", "number cells"] = "rows"
    sheets: list[SheetEntry] = []
    event_sheets: list[EventSheetEntry] = []
    sheets_left: list[SheetLeftEntry] = []
    notes: list[str] = []
    flagged: int = 0
    fiscal_year: int | None = None


class FileNotRead(Declared):
    """A file of a source's folder that was not read; without a reason, no layout knows it."""

    file: str
    reason: str | None


class TableEntry(Declared):
    """One table of the record: its file, content, rows, and the columns that order them, a unique key."""

    file: str
    sha256: str
    rows: int
    sorted_by: list[str]


class Manifest(Declared):
    """What a record holds. It names no folder, clock or machine: the same input gives the same bytes."""

    record_format: int
    pipeline_version: int
    recount_version: str
    polars_version: str
    fastexcel_version: str
    files: list[FileEntry]
    not_read: list[FileNotRead]
    releases: list[KnownRelease]
    tables: dict[str, TableEntry]
    parts: list[PartEntry] = []
    findings: dict[str, int]

    def source_of(self, file: FileEntry) -> str:
        """Returns the source that a file is of; of a file without a release, its layout."""
        return next((each.source for each in self.releases if each.release in file.releases), file.layout)

    def to_json(self) -> str:
        """Returns the manifest as JSON text, keys in one order."""
        return json.dumps(self.model_dump(mode="json"), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """Returns the manifest of the record in `folder`.

    Raises:
        RecordError: where there is none, or it is not a manifest.
    """
    path = folder / MANIFEST
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as missing:
        raise RecordError(
            f"There is no record in {folder}.", [("fix", "recount record build --from DIR")]
        ) from missing
    except (OSError, UnicodeDecodeError) as unreadable:
        raise RecordError(f"{path} cannot be read.", [("because", str(unreadable))]) from unreadable
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as invalid:
        first = invalid.errors()[0]
        where = ".".join(str(each) for each in first["loc"])
        raise RecordError(
            f"{path} is not a manifest that this version reads.",
            [
                ("because", f"{where}: {first['msg']}"),
                ("fix", "build it again: recount record build --from DIR"),
            ],
        ) from invalid
