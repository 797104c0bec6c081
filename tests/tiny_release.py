"""A release of three tiny files, invented and consistent: every sum adds up, nothing was restated."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import polars as pl

from recount.acquire.files import SourceFile
from recount.declare.catalog import Catalog
from recount.declare.sources import Layout
from recount.extract.text_tables import RawTable, read_text_table
from recount.record.build import Built

JURISDICTIONS_FILE = "interoperability-by-county-2012-08-31.csv"
PRINTED_FILE = "published-figures.csv"
ACTIVATIONS_FILE = "activation-dates-by-county.csv"

JURISDICTIONS_HEADER = (
    "fips,abbrev,state,county,aor,activation_date,submissions,ident_match_level1,ident_match_level23,"
    "ident_match_total,removed_convicted_l1,removed_convicted_l2,removed_convicted_l3,removed_ice_fugitives,"
    "removed_prior_removals_returns,removed_ewi_visa_overstay,removed_total\n"
)
MIDDLESEX = "25017,MA,Massachusetts,Middlesex,BOS,2012-05-15,500,4,6,10,1,1,1,1,1,1,6\n"
SUFFOLK = "25025,MA,Massachusetts,Suffolk,BOS,2008-11-05,2000,20,60,80,8,4,2,10,6,10,40\n"
BARBOUR = "01005,,Alabama,Barbour,,,,,,,,,,,,,\n"
JURISDICTIONS = JURISDICTIONS_HEADER + MIDDLESEX + SUFFOLK + BARBOUR

PRINTED_HEADER = (
    "geography,through,metric,value,source,url,confidence,published_from,published_to,"
    "grade,through_precision\n"
)


def printed_row(**cells: str) -> str:
    """Returns a line of the file of published figures: Massachusetts, as the table by county adds it up."""
    row = {
        "geography": "Massachusetts",
        "through": "2012-08-31",
        "metric": "removed_total",
        "value": "46",
        "source": "Example News, November 2012",
        "url": "https://www.example.org/2012/figures",
        "confidence": "press report of ICE table",
        "published_from": "2012-11-01",
        "published_to": "2012-11-30",
        "grade": "press-of-table",
        "through_precision": "day",
    }
    unknown = cells.keys() - row.keys()
    if unknown:
        raise KeyError(f"the file has no column {unknown}")
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow((row | cells).values())
    return text.getvalue()


PRINTED = (
    PRINTED_HEADER
    + printed_row()
    + printed_row(geography="United States", through="2012-03-31", metric="submissions", value="9000")
)

ACTIVATIONS_HEADER = "fips,activation_date,statewide_date,borough,parish,city\n"
ACTIVATIONS = (
    ACTIVATIONS_HEADER
    + "25017,2012-05-15,2012-05-15,0.0,0.0,0.0\n"
    + "25025,2008-11-05,2012-05-15,0.0,0.0,0.0\n"
    + "41006,,,,,\n"
)


def write_tiny_release(
    folder: Path,
    *,
    jurisdictions: str | bytes | None = JURISDICTIONS,
    printed: str | bytes | None = PRINTED,
    activations: str | bytes | None = ACTIVATIONS,
) -> Path:
    """Writes the three files below `folder`, and returns `folder`. `None` leaves a file out."""
    place = folder / "secure-communities"
    place.mkdir(parents=True)
    for name, content in (
        (JURISDICTIONS_FILE, jurisdictions),
        (PRINTED_FILE, printed),
        (ACTIVATIONS_FILE, activations),
    ):
        if content is not None:
            (place / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def replace_once(text: str, old: str, new: str) -> str:
    """Returns `text` with `old` replaced, which must stand in it exactly once."""
    if text.count(old) != 1:
        raise ValueError(f"{old!r} stands {text.count(old)} times in the text")
    return text.replace(old, new)


def source_file(name: str, content: str | bytes) -> SourceFile:
    """Returns a released file that lies nowhere."""
    written = content.encode() if isinstance(content, str) else content
    return SourceFile(Path(name), name, hashlib.sha256(written).hexdigest(), written)


def raw_table(name: str, content: str, layout: Layout, catalog: Catalog) -> RawTable:
    """Returns a file's rows as text."""
    return read_text_table(source_file(name, content), layout, catalog.file_to_edit("layout", layout.layout))


def read_built(built: Built, table: str) -> pl.DataFrame:
    """Returns a table of a record in memory."""
    return pl.read_parquet(io.BytesIO(built.contents[built.manifest.tables[table].file]))


def bytes_below(folder: Path) -> dict[str, bytes]:
    """Returns every file of a record with its bytes; the lock that writers share is not part of it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }
