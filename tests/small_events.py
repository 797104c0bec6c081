"""Tiny parts of individual records, and a book over them."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from recount.declare.catalog import Catalog
from recount.declare.frames import frame_schema
from recount.declare.sources import KnownRelease, ReleasedFile
from recount.declare.text import Text
from recount.measure.event_answer import EventAnswer
from recount.measure.event_book import EventBook
from recount.measure.event_engine import Engine
from recount.measure.questions import Question
from recount.record.store import EventPart, Record


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


class Parts:
    """Writes parts to a folder; each row gives the columns that matter, the others are missing."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self.folder = folder
        self.catalog = catalog
        self.parts: list[EventPart] = []

    def rows(
        self,
        table: str,
        rows: Sequence[Mapping[str, Any]],
        *,
        release: str = "tiny",
        cut_off: str | None = None,
        generation: str | None = None,
        is_synthetic: bool = False,
    ) -> Parts:
        """Adds the rows of a file."""
        declared = self.catalog.events.tables[table]
        file = f"{release}-{len(self.parts)}.csv"
        own = [
            {"release": release, "file_original": file, "sheet_original": "", "row_original": number, **row}
            for number, row in enumerate(rows, start=2)
        ]
        schema = frame_schema(declared)
        frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in own], schema=schema)
        days = frame.get_column(declared.date).drop_nulls()
        self._add(table, release, "rows", frame, file, days, cut_off, generation, is_synthetic)
        return self

    def cube(
        self,
        table: str,
        cells: Sequence[Mapping[str, Any]],
        *,
        release: str = "tiny",
        cut_off: str | None = None,
    ) -> Parts:
        """Adds a cube: each cell gives its month (or fiscal_year), its codes and row_count."""
        names = [
            *dict.fromkeys(name for each in cells for name in each if name not in ("month", "fiscal_year"))
        ]
        schema: dict[str, Any] = {"release": pl.String, "fiscal_year": pl.Int64, "month": pl.Date}
        schema |= {name: pl.Int64 if name == "row_count" else pl.String for name in names}
        frame = pl.DataFrame([{"release": release, **each} for each in cells], schema=schema)
        self._add(
            table, release, "cube", frame, f"{release}.csv", frame["month"].drop_nulls(), cut_off, None, False
        )
        return self

    def _add(
        self,
        table: str,
        release: str,
        kind: Any,
        frame: pl.DataFrame,
        file: str,
        days: pl.Series,
        cut_off: str | None,
        generation: str | None,
        is_synthetic: bool,
    ) -> None:
        path = self.folder / f"{table}-{kind}-{len(self.parts)}.parquet"
        frame.write_parquet(path)
        first: Any = days.min()
        last: Any = days.max()
        self.parts.append(
            EventPart(
                table=table,
                release=release,
                kind=kind,
                layout="tiny",
                generation=generation,
                is_synthetic=is_synthetic,
                source_file=file,
                path=path,
                rows=frame.height,
                sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
                first_date=first,
                last_date=last,
                cut_off=last if cut_off is None else day(cut_off),
            )
        )

    def record(self) -> Record:
        """Returns a record of the parts alone."""
        names = sorted({each.release for each in self.parts})
        releases = {
            name: known_release(name, [each for each in self.parts if each.release == name]) for name in names
        }
        return Record((), {}, releases, tuple(self.parts))

    def book(self, engine: Engine | None = None) -> EventBook:
        """Returns a book over the parts, on an engine that is running already."""
        book = EventBook(self.record(), self.catalog, "duckdb" if engine is None else engine.name)
        book._engine = engine
        return book

    def ask(self, measure: str, engine: Engine | None = None, **question: Any) -> EventAnswer:
        """Returns the answer to a question."""
        return self.book(engine).answer(Question(measure, question.pop("where", {}), **question))


def known_release(name: str, parts: Sequence[EventPart]) -> KnownRelease:
    days = [each.cut_off for each in parts if each.cut_off is not None]
    files = {each.source_file: each.sha256 for each in parts}
    return KnownRelease(
        release=name,
        source="tiny",
        title=Text(en=name, es=name),
        printed_by="ICE",
        reports="individual_records",
        url=None,
        published_from=day("2020-01-01"),
        published_to=day("2020-02-01"),
        published_basis="made up",
        authority="agency_file",
        lists=None,
        covers_through=max(days, default=day("2019-01-01")),
        declared=True,
        files=[ReleasedFile(name=file, sha256=digest) for file, digest in files.items()],
    )


def shown(answer: EventAnswer) -> list[tuple[object, ...]]:
    """Returns rows as (parts …, known, at most); the total is called Total."""
    found: list[tuple[object, ...]] = []
    for each in answer.rows:
        parts = ["Total"] if each.cell.kind == "total" else list(each.breakdown.values())
        bounds = each.cell.measured.bounds
        found.append((*parts, each.cell.measured.numerator, None if bounds is None else bounds.high))
    return found
